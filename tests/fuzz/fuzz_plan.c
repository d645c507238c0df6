/* fuzz_plan.c - any bytes as a config, through every stage up to the files. */
#include <stdint.h>
#include <stdio.h>

#include "backend.h"
#include "compile.h"
#include "syntax.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The way of compile_router(), without files to read. */
static void
run(struct compilation *c, const char *bytes, size_t size)
{
    const struct source *source = source_of(&c->arena, "fuzz.seil", bytes, size);
    struct statements statements = {0};
    struct router router = {0};
    struct site site = {0};

    site_of_config(&c->arena, "fuzz.seil", &site);
    syntax_parse(&c->arena, source, &c->diag, &statements);
    tree_bind(&c->arena, source, &statements, NULL, 0, BIND_TOGETHER, &c->diag, &router.tree);
    model_resolve(&c->arena, "fuzz", &router.tree, &c->diag, &router.model);
    ledger_init(&router.ledger, &c->arena, &router.tree);
    plan_lower(&c->arena, &site, site.routers, &router.model, &router.ledger, &c->diag, &router.plan);
    output_init(&router.output, &c->arena, &router.ledger, &c->diag);
    backend_emit_all(&router.plan, &router.output);
    ledger_check(&router.ledger, &c->diag);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct compilation c = {0};
    size_t i;

    arena_init(&c.arena);
    diag_init(&c.diag, &c.arena);
    run(&c, (const char *)data, size);
    for (i = 0; i < c.diag.count; i++)
        if (c.diag.findings[i]->id == FINDING_UNCLAIMED)
            __builtin_trap();
    diag_sort(&c.diag);
    arena_free(&c.arena);
    return 0;
}
