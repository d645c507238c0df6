/* test_page.c - the pages of the findings as plain text. */
#include "front.h"

#include "page.h"

static const struct {
    const char *page;
    const char *text;
} cases[] = {
    {"# x\n\n## What\n\nOne `two`\nthree.\n", "What\n  One 'two' three.\n"},
    {"# x\n\n- a b\n- c\n\nd\n", "  - a b\n  - c\n\n  d\n"},
    {"a\n\n```seil\nk: `v`\n\n  w: 1\n```\n\nb\n", "  a\n\n    k: `v`\n\n      w: 1\n\n  b\n"},
    {"| a | b |\n|---|---|\n", "    | a | b |\n    |---|---|\n"},
    {"```\nno end", "    no end\n"},
    {"", ""},
    {"12345678901234567890123456789012345678901234567890123456789012345678901234567 x\n",
     "  12345678901234567890123456789012345678901234567890123456789012345678901234567\n  x\n"},
};

static void
test_plain_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);

        page_print(cases[i].page, out);
        fclose(out);
        assert_string_equal(text, cases[i].text);
        free(text);
    }
}

static void
test_find(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena);
    assert_non_null(page_find("bad-line"));
    assert_null(page_find("bad"));
    assert_null(page_find(""));
    for (size_t i = 0; i < FINDING_COUNT; i++) {
        const char *page = page_find(finding_defs[i].name);

        if (!page)
            fail_msg("no page for %s", finding_defs[i].name);
        assert_true(strlen(page_first_paragraph(&arena, page)) > 10);
    }
    assert_string_equal(page_first_paragraph(&arena, "# x\n\n## y\n\na\nb\n\nc\n"), "a b");
    arena_free(&arena);
}

/* The name that was meant, if any is near. */
static void
test_suggest(void **state)
{
    (void)state;
    assert_string_equal(finding_suggest(text_of("bad-lin")), "bad-line");
    assert_string_equal(finding_suggest(text_of("vrrp-equal-prority")), "vrrp-equal-priority");
    assert_null(finding_suggest(text_of("nothing-like-it")));
    assert_null(finding_suggest(text_of("")));
    assert_int_equal(finding_find(text_of("bad-line")), FINDING_BAD_LINE);
    assert_int_equal(finding_find(text_of("bad-lin")), FINDING_COUNT);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_text),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_suggest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
