/* test_syntax.c - lines, separators, quoting, and bytes that no config should hold. */
#include "front.h"

/* Statements as "key=value|key=value", values decoded. */
static const char *
list_statements(struct front *front)
{
    const char *text = "";

    for (size_t i = 0; i < front->statements.count; i++) {
        const struct statement *statement = &front->statements.items[i];
        struct text key = syntax_text(front->source, statement->key);
        struct text value = syntax_decode(&front->arena, syntax_text(front->source, statement->value));

        text = arena_printf(&front->arena, "%s%s%.*s=%.*s", text, *text ? "|" : "", (int)key.len, key.bytes, (int)value.len,
                            value.bytes);
    }
    return text;
}

static const struct {
    const char *text;
    const char *statements;
    const char *findings;
} cases[] = {
    /* the four spellings of the separator, and blanks around the line */
    {"a.b : c",                     "a.b=c",                ""},
    {"a.b: c\n",                    "a.b=c",                ""},
    {"a.b:c\n",                     "a.b=c",                ""},
    {"a.b :c\n",                    "a.b=c",                ""},
    {" \ta.b\t \t:\t c \t\n",       "a.b=c",                ""},
    /* line ends */
    {"a:1\r\nb:2\r\n",              "a=1|b=2",              ""},
    {"a:1\n\n \t\n\r\nb:2",         "a=1|b=2",              ""},
    {"a:1\rb:2\n",                  "",                     "1:4 bad-byte"},
    {"a:1\r\r\n",                   "",                     "1:4 bad-byte"},
    {"\ra:1\nb:2",                  "b=2",                  "1:1 bad-byte"},
    /* the leftmost colon */
    {"a:b:c",                       "a=b:c",                ""},
    {"a: ::1",                      "a=::1",                ""},
    {"a:::",                        "a=::",                 ""},
    {"a: http://u:p@h/x",           "a=http://u:p@h/x",     ""},
    /* bare values are literal */
    {"a: x y  z ",                  "a=x y  z",             ""},
    {"a: x\"y\\n'",                 "a=x\"y\\n'",           ""},
    {"a: $2a$07$x/m",               "a=$2a$07$x/m",         ""},
    /* quoting */
    {"a: \"\"",                     "a=",                   ""},
    {"a: \"x y\"  ",                "a=x y",                ""},
    {"a:\"<'\\\" \\\\>\"",          "a=<'\" \\>",           ""},
    {"a: \"x\\\\n\"\r\nb:1",        "a=x\\n|b=1",           ""},
    {"a: \"x\\n\"",                 "a=xn",                 ""},
    {"a: \" : \"",                  "a= : ",                ""},
    {"a: \"ge0\"",                  "a=ge0",                ""},
    {"a: \"",                       "",                     "1:4 bad-quoting"},
    {"a: \"x\nb:1",                 "b=1",                  "1:4 bad-quoting"},
    {"a: \"x\\\"\r\nb:1",           "b=1",                  "1:4 bad-quoting"},
    {"a: \"x\\\nb:1",               "b=1",                  "1:4 bad-quoting"},
    {"a: \"x\" y\nb:1",             "b=1",                  "1:8 bad-quoting"},
    {"a: \"x\"y",                   "",                     "1:7 bad-quoting"},
    {"a: \"x\"\"\"",                "",                     "1:7 bad-quoting"},
    /* no value, no key, no colon */
    {"a:\nb: \nc :\t\r\nd:",        "",                     "1:3 value-missing; 2:3 value-missing; 3:4 value-missing; 4:3 value-missing"},
    {": x\nb:1",                    "b=1",                  "1:1 bad-line"},
    {"::\n:",                       "",                     "1:1 bad-line; 2:1 bad-line"},
    {"a\nb:1\nc",                   "b=1",                  "1:2 bad-line; 3:2 bad-line"},
    {"a b : c\nb:1",                "b=1",                  "1:3 bad-line"},
    {"a b\n",                       "",                     "1:3 bad-line"},
    {"# comment\nb:1",              "b=1",                  "1:3 bad-line"},
    {"#a: b",                       "#a=b",                 ""},
    /* every line is found in one run */
    {"a\n:\nb c\nd: \"\ne:1\nf",    "e=1",                  "1:2 bad-line; 2:1 bad-line; 3:3 bad-line; 4:4 bad-quoting; 6:2 bad-line"},
    /* nothing */
    {"",                            "",                     "1:1 empty-config"},
    {"\n \n",                       "",                     "1:1 empty-config"},
    /* bytes */
    {"a: \xe3\x81\x82\nb:1",        "b=1",                  "1:4 bad-byte"},
    {"a: x\xa0y z\nb:1",            "b=1",                  "1:5 bad-byte"},
    {"\xef\xbb\xbf""a:1\nb:1",      "b=1",                  "1:1 bad-byte"},
    {"a\x01: b",                    "",                     "1:2 bad-byte"},
    {"a: b\x7f",                    "",                     "1:5 bad-byte"},
    {"a: \"b\x1b[31m\"",            "",                     "1:6 bad-byte"},
    {"a: \"b\" \x02",               "",                     "1:8 bad-byte"},
    {"a: \"b\x01\x02\x03",          "",                     "1:6 bad-byte"},
};

static void
test_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct front front;

        front_scan(&front, cases[i].text, strlen(cases[i].text));
        diag_sort(&front.diag);
        if (strcmp(list_statements(&front), cases[i].statements) || strcmp(front_findings(&front), cases[i].findings))
            print_error("case %zu: %s\n", i, cases[i].text);
        assert_string_equal(list_statements(&front), cases[i].statements);
        assert_string_equal(front_findings(&front), cases[i].findings);
        front_free(&front);
    }
}

static void
test_nul(void **state)
{
    static const char text[] = "a: b\0c\n\0\nd: e\0";
    struct front front;

    (void)state;
    front_scan(&front, text, sizeof(text) - 1);
    assert_string_equal(front_findings(&front), "1:5 bad-byte; 2:1 bad-byte; 3:5 bad-byte");
    assert_int_equal(front.statements.count, 0);
    front_free(&front);
}

static void
test_places(void **state)
{
    struct front front;
    struct text key, value;

    (void)state;
    front_scan(&front, "\n  a.b : \"c d\"  \n", 17);
    key = syntax_text(front.source, front.statements.items[0].key);
    value = syntax_text(front.source, front.statements.items[0].value);
    assert_int_equal(key.len, 3);
    assert_memory_equal(key.bytes, "a.b", 3);
    assert_int_equal(value.len, 5);
    assert_memory_equal(value.bytes, "\"c d\"", 5);
    front_free(&front);
}

/* The scanner works in the source itself and leaves it as it was. */
static void
test_source_unchanged(void **state)
{
    static const char text[] = "a : b\nc \"\nd: \"e\\\"\" \nf\x01\n g:h";
    struct front front;

    (void)state;
    front_scan(&front, text, sizeof(text) - 1);
    assert_memory_equal(front.source->bytes, text, sizeof(text) - 1);
    front_free(&front);
}

/* What would take minutes if a single step were more than linear. */
static void
test_large(void **state)
{
    enum { SIZE = 10 * 1000 * 1000 };
    static const struct {
        const char *unit;
        unsigned errors;
        size_t statements;
    } large[] = {
        {"x",        1,        0},          /* one key of 10 MB */
        {" ",        0,        0},
        {"\"",       1,        0},
        {"\\",       1,        0},
        {":",        1,        0},
        {"\n",       0,        0},
        {"\r",       1,        0},
        {"\xff",     1,        0},
        {"x\n",      SIZE / 2, 0},
        {"x:\"\n",   SIZE / 4, 0},
        {"x:y\n",    0,        SIZE / 4},
        {"\x80\n",   SIZE / 2, 0},
    };
    char *text = malloc(SIZE);

    (void)state;
    for (size_t i = 0; i < COUNT(large); i++) {
        size_t len = strlen(large[i].unit);
        struct front front;

        for (size_t at = 0; at < SIZE; at += len)
            memcpy(text + at, large[i].unit, len);
        front_scan(&front, text, SIZE);
        assert_int_equal(front.diag.counts[SEV_ERROR], large[i].errors);
        assert_int_equal(front.statements.count, large[i].statements);
        assert_true(front.diag.count <= DIAG_MAX);
        front_free(&front);
    }
    memcpy(text, "a: \"", 4);           /* one quoted value of 10 MB */
    memset(text + 4, '\\', SIZE - 6);
    text[SIZE - 2] = '"';
    text[SIZE - 1] = '\n';
    {
        struct front front;

        front_scan(&front, text, SIZE);
        assert_int_equal(front.statements.count, 1);
        assert_int_equal(syntax_decode(&front.arena, syntax_text(front.source, front.statements.items[0].value)).len,
                         (SIZE - 6) / 2);
        front_free(&front);
    }
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_source_unchanged),
        cmocka_unit_test(test_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
