/* test_rules.c - which findings, at what severity: what a section says, what is wrong with it, and what becomes of findings. */
#include "front.h"

#include "rules.h"

static struct arena arena;
static struct diag diag;
static struct lint_rules rules;

static void
parse(const char *name, const char *text, struct lint_rules *out)
{
    rules_parse(&arena, source_of(&arena, name, text, strlen(text)), &diag, out);
}

static int
begin(void **state)
{
    (void)state;
    arena_init(&arena);
    diag_init(&diag, &arena);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

/* --- what is wrong --- */

static const struct {
    const char *text;
    const char *finding;    /* "line:column name: beginning of its message"; "" for none */
} mistakes[] = {
    {"", ""},
    {"# nothing\n", ""},
    {"severity: {vrrp-slow: off, telnetd-on: error}\n", ""},
    {"allow: {telnetd-on: why}\n", ""},
    {"allow: []\n", ""},
    {"allow:\n- {finding: telnetd-on, file: 'a/*.seil', key: 'telnetd.*', reason: why}\n", ""},
    {"severty: {}\n", "1:1 bad-settings: a .seilc.yaml has no such key here"},
    {"- a\n", "1:1 bad-settings: expected a mapping"},
    {"severity: off\n", "1:11 bad-settings: expected a mapping"},
    {"severity: {vrrp-slow: of}\n", "1:23 bad-settings: expected error, warning, note or off"},
    {"severity: {vrrp-slow: [off]}\n", "1:23 bad-settings: expected one word or text"},
    {"severity: {vrrp-slow: off, vrrp-slow: on}\n", "1:28 bad-settings: the same key twice"},
    {"severity: {vrrp-slo: off}\n", "1:12 unknown-finding: no finding is called so; did you mean vrrp-slow?"},
    {"severity: {Nothing Like It: off}\n", "1:12 unknown-finding: no finding is called so"},
    {"severity: {bad-line: off}\n", "1:12 bad-settings: bad-line cannot be turned off"},
    {"severity: {cannot-read: note}\n", "1:12 bad-settings: cannot-read cannot be turned off"},
    {"allow: {bad-settings: x}\n", "1:9 bad-settings: bad-settings cannot be turned off"},
    {"allow: {telnetd-on: }\n", "1:21 bad-settings: expected one word or text, not nothing"},
    {"allow: {telnetd-on: ''}\n", "1:21 bad-settings: expected the reason"},
    {"allow: {telnetd-on: \"a\\nb\"}\n", "1:21 bad-settings: expected the reason"},
    {"allow: telnetd-on\n", "1:8 bad-settings: expected a mapping"},
    {"allow: [telnetd-on]\n", "1:9 bad-settings: expected a mapping"},
    {"allow: [{finding: telnetd-on}]\n", "1:9 bad-settings: expected a key 'reason' here"},
    {"allow: [{reason: why}]\n", "1:9 bad-settings: expected a key 'finding' here"},
    {"allow: [{finding: telnetd-on, reason: why, path: x}]\n", "1:44 bad-settings: a .seilc.yaml has no such key here"},
    {"allow: [{finding: telnetd-on, reason: why, file: '*********'}]\n", "1:50 bad-settings: expected a pattern"},
    {"allow: [{finding: telnetd-on, reason: why, key: }]\n", "1:49 bad-settings: expected one word or text"},
    {"allow: &a {telnetd-on: x}\n", "1:8 bad-settings: a .seilc.yaml has no anchors"},
    {"allow: *a\n", "1:8 bad-settings: a .seilc.yaml has no aliases"},
    {"a: [[[[[[[[[[[[]]]]]]]]]]]]\n", "1:11 bad-settings: a .seilc.yaml nested deeper than 8 levels"},
    {"allow: {telnetd-on: !!str x}\n", "1:21 bad-settings: a .seilc.yaml has no tags"},
    {"---\nallow: {}\n---\nallow: {}\n", "3:1 bad-settings: a .seilc.yaml is one document"},
    {"allow: {\n", "2:1 bad-settings: not YAML"},
};

static void
test_mistakes(void **state)
{
    for (size_t i = 0; i < COUNT(mistakes); i++) {
        const char *got = "";
        unsigned line, column;

        begin(state);
        parse(".seilc.yaml", mistakes[i].text, &rules);
        if (diag.count) {
            source_locate(&diag.findings[0]->place, &line, &column);
            got = arena_printf(&arena, "%u:%u %s: %s", line, column, finding_defs[diag.findings[0]->id].name,
                               diag.findings[0]->message);
        }
        if (strncmp(got, mistakes[i].finding, strlen(mistakes[i].finding)) != 0 || !*got != !*mistakes[i].finding)
            fail_msg("row %zu: %s", i, got);
        end(state);
    }
}

/* A pattern that is wrong must not turn into one that fits everything. */
static void
test_broken_allowance(void **state)
{
    (void)state;
    parse("x", "allow: [{finding: telnetd-on, file: '', reason: why}, {finding: vrrp-slow, reason: ok}]\n", &rules);
    assert_int_equal(diag.count, 1);
    assert_int_equal(rules.allow_count, 1);
    assert_int_equal(rules.allows[0].finding, FINDING_VRRP_SLOW);
}

/* A bomb of aliases costs nothing. */
static void
test_bomb(void **state)
{
    (void)state;
    parse("x", "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\n"
               "allow: [*c,*c,*c,*c,*c,*c,*c]\n", &rules);
    assert_true(diag.count > 10);
    assert_true(diag.count < 100);
    assert_int_equal(rules.allow_count, 0);
}

/* --- severities --- */

static void
test_choices(void **state)
{
    struct lint_rules site, folder;

    (void)state;
    parse("f", "severity: {vrrp-slow: error, telnetd-on: off, snmp-public: note, bad-value: warning}\n", &folder);
    parse("s", "severity: {vrrp-slow: note}\nallow: {telnetd-on: why}\n", &site);
    rules_choose(&site, &folder, false, &diag);
    assert_int_equal(diag.severity[FINDING_VRRP_SLOW], SEV_NOTE);
    assert_false(diag.off[FINDING_TELNETD_ON]);     /* the site speaks of it */
    assert_int_equal(diag.severity[FINDING_SNMP_PUBLIC], SEV_NOTE);
    assert_int_equal(diag.severity[FINDING_BAD_VALUE], SEV_WARNING);
    diag_init(&diag, &arena);
    rules_choose(NULL, &folder, true, &diag);
    assert_true(diag.off[FINDING_TELNETD_ON]);
    assert_int_equal(diag.severity[FINDING_BAD_VALUE], SEV_ERROR);  /* no check says it */
}

/* What is off is neither counted nor kept, even when there is too much of it. */
static void
test_off(void **state)
{
    struct place nowhere = {0};

    (void)state;
    parse("f", "severity: {telnetd-on: off}\n", &rules);
    rules_choose(NULL, &rules, false, &diag);
    for (int i = 0; i < DIAG_MAX + 10; i++)
        diag_add(&diag, FINDING_TELNETD_ON, nowhere, "x");
    diag_add(&diag, FINDING_VRRP_SLOW, nowhere, "y");
    rules_apply(NULL, &rules, false, NULL, 0, &diag);
    assert_int_equal(diag.count, 0);
    assert_int_equal(diag.dropped, 1);
    assert_string_equal(diag_summary(&diag), "1 warning");
}

/* --- allowances --- */

static const struct {
    const char *allow;
    const char *file;       /* that the finding vrrp-slow is in, at vrrp.vrouter.3.interval */
    bool allowed;
} allowances[] = {
    {"{vrrp-slow: why}",                                                            "/d/sub/a.seil", true },
    {"{vrrp-no-watch: why}",                                                        "/d/sub/a.seil", false},
    {"[{finding: vrrp-slow, reason: why}]",                                         "/d/sub/a.seil", true },
    {"[{finding: vrrp-slow, file: sub/a.seil, reason: why}]",                       "/d/sub/a.seil", true },
    {"[{finding: vrrp-slow, file: 'sub/*.seil', reason: why}]",                     "/d/sub/a.seil", true },
    {"[{finding: vrrp-slow, file: '*.seil', reason: why}]",                         "/d/sub/a.seil", false},
    {"[{finding: vrrp-slow, file: '*.seil', reason: why}]",                         "/d/a.seil",     true },
    {"[{finding: vrrp-slow, file: a.seil, reason: why}]",                           "/a.seil",       false},
    {"[{finding: vrrp-slow, file: 'd/a.seil', reason: why}]",                       "/d/a.seil",     false},
    {"[{finding: vrrp-slow, key: 'vrrp.vrouter.3.interval', reason: why}]",         "/d/a.seil",     true },
    {"[{finding: vrrp-slow, key: 'vrrp.vrouter.*.interval', reason: why}]",         "/d/a.seil",     true },
    {"[{finding: vrrp-slow, key: 'vrrp.vrouter.[12].interval', reason: why}]",      "/d/a.seil",     false},
    {"[{finding: vrrp-slow, key: 'vrrp.vrouter.4.interval', reason: why}]",         "/d/a.seil",     false},
    {"[{finding: vrrp-slow, file: a.seil, key: 'x', reason: why}, {finding: vrrp-slow, reason: y}]", "/d/a.seil", true},
};

static void
test_allowances(void **state)
{
    char top[] = "/tmp/test_rules.XXXXXX", *command;

    (void)state;
    assert_non_null(mkdtemp(top));
    command = arena_printf(&arena, "mkdir -p %s/d/sub", top);
    assert_int_equal(system(command), 0);
    for (size_t i = 0; i < COUNT(allowances); i++) {
        const char *text = arena_printf(&arena, "allow: %s\n", allowances[i].allow);
        const char *name = arena_printf(&arena, "%s%s", top, allowances[i].file);
        struct source *config = source_of(&arena, name, "vrrp.vrouter.3.interval : 9\n", 28);

        diag_init(&diag, &arena);
        parse(arena_printf(&arena, "%s/d/.seilc.yaml", top), text, &rules);
        assert_int_equal(diag.count, 0);
        diag_add(&diag, FINDING_VRRP_SLOW, (struct place){config, 26, 1}, "slow");
        rules_apply(NULL, &rules, false, (const struct source *const *)&config, 1, &diag);
        if ((diag.count == 0) != allowances[i].allowed)
            fail_msg("row %zu", i);
        rules_report_unused(&rules, true, &diag);
        assert_int_equal(diag.count, allowances[i].allowed ? (size_t)(rules.allow_count - 1) : 2);
    }
    command = arena_printf(&arena, "rm -r %s", top);
    assert_int_equal(system(command), 0);
}

/* With an error nobody knows what an allowance would have matched. */
static void
test_unsure(void **state)
{
    (void)state;
    parse("x", "allow: {vrrp-slow: why}\n", &rules);
    diag_add(&diag, FINDING_BAD_VALUE, (struct place){0}, "x");
    rules_apply(&rules, NULL, false, NULL, 0, &diag);
    rules_report_unused(&rules, true, &diag);
    assert_int_equal(diag.count, 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test_setup_teardown(test_broken_allowance, begin, end),
        cmocka_unit_test_setup_teardown(test_bomb, begin, end),
        cmocka_unit_test_setup_teardown(test_choices, begin, end),
        cmocka_unit_test_setup_teardown(test_off, begin, end),
        cmocka_unit_test_setup_teardown(test_allowances, begin, end),
        cmocka_unit_test_setup_teardown(test_unsure, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
