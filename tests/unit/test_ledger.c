/* test_ledger.c - fates of statements, and the lines that they are booked under. */
#include "front.h"

#include "ledger.h"

static const char config[] = "hostname: a\nntp.service: enable\nntp.server: enable\n";

static void
set_up(struct front *front, struct ledger *ledger)
{
    front_bind(front, config, NULL, 0, BIND_TOGETHER);
    assert_int_equal(front->tree.count, 3);
    ledger_init(ledger, &front->arena, &front->tree);
}

static void
test_origins(void **state)
{
    struct front front;
    struct ledger ledger;
    const struct origin *a, *b, *joined;
    size_t count = 0;

    (void)state;
    set_up(&front, &ledger);
    a = origin_of(&front.arena, &front.tree.nodes[0]);
    b = origin_of(&front.arena, &front.tree.nodes[1]);
    assert_null(origin_of(&front.arena, NULL));
    assert_null(origin_join(&front.arena, NULL, NULL));
    assert_ptr_equal(origin_join(&front.arena, NULL, b), b);
    for (joined = origin_join(&front.arena, origin_join(&front.arena, a, b), b); joined;
         joined = joined->next)
        count++;
    assert_int_equal(count, 2);
    front_free(&front);
}

static void
test_emissions(void **state)
{
    struct front front;
    struct ledger ledger;
    const struct emission *emission;
    const struct origin *from;

    (void)state;
    set_up(&front, &ledger);
    from = origin_of(&front.arena, &front.tree.nodes[0]);
    ledger_emit(&ledger, from, "a", 3);
    ledger_emit(&ledger, from, "a", 4);
    ledger_emit(&ledger, from, "a", 4);
    ledger_emit(&ledger, from, "a", 6);
    ledger_emit(&ledger, from, "b", 7);
    emission = ledger.entries[0].emissions;
    assert_string_equal(emission->path, "a");
    assert_int_equal(emission->first, 3);
    assert_int_equal(emission->last, 4);
    emission = emission->next;
    assert_int_equal(emission->first, 6);
    emission = emission->next;
    assert_string_equal(emission->path, "b");
    assert_null(emission->next);
    assert_int_equal(ledger.entries[0].fate, FATE_REALISED);
    front_free(&front);
}

/* The first claim stays, a refusal is a finding once, and what nobody claimed is told. */
static void
test_claims(void **state)
{
    struct front front;
    struct ledger ledger;
    const struct node *nodes;

    (void)state;
    set_up(&front, &ledger);
    nodes = front.tree.nodes;
    ledger_no_effect(&ledger, &nodes[0], "because of %s", "this");
    ledger_refuse(&ledger, &front.diag, FINDING_NOT_TRANSLATED, &nodes[0], "no");
    ledger_emit(&ledger, origin_of(&front.arena, &nodes[0]), "a", 1);
    assert_int_equal(ledger.entries[0].fate, FATE_NO_EFFECT);
    assert_string_equal(ledger.entries[0].reason, "because of this");
    assert_null(ledger.entries[0].emissions);
    ledger_refuse(&ledger, &front.diag, FINDING_CANNOT_EXPRESS, &nodes[1], "no");
    ledger_refuse(&ledger, &front.diag, FINDING_CANNOT_EXPRESS, &nodes[1], "no");
    ledger_remark(&ledger, &nodes[2], "nearly");
    ledger_check(&ledger, &front.diag);
    assert_string_equal(front_findings(&front), "2:1 cannot-express; 3:1 unclaimed");
    assert_string_equal(ledger.entries[2].reason, "nearly");
    front_free(&front);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_origins),
        cmocka_unit_test(test_emissions),
        cmocka_unit_test(test_claims),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
