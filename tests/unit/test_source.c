/* test_source.c - inputs and places in them. */
#include "front.h"

#include <stdio.h>
#include <unistd.h>

static void
test_locate(void **state)
{
    static const struct {
        const char *text;
        uint32_t start;
        unsigned line, column;
        const char *shown;
    } cases[] = {
        {"",              0, 1, 1, ""},
        {"a",             0, 1, 1, "a"},
        {"a",             1, 1, 2, "a"},
        {"a\nbc\n",       2, 2, 1, "bc"},
        {"a\nbc\n",       3, 2, 2, "bc"},
        {"a\nbc\n",       4, 2, 3, "bc"},
        {"a\nbc\n",       5, 3, 1, ""},
        {"a\r\nbc\r\n",   3, 2, 1, "bc"},
        {"\n\n\n",        2, 3, 1, ""},
        {"one\rtwo",      4, 1, 5, "one\rtwo"},
    };
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct source *source = source_of(&arena, "x", cases[i].text, strlen(cases[i].text));
        struct place place = {source, cases[i].start, 0};
        struct text line = source_line(&place);
        unsigned row, column;

        source_locate(&place, &row, &column);
        assert_int_equal(row, cases[i].line);
        assert_int_equal(column, cases[i].column);
        assert_int_equal(line.len, strlen(cases[i].shown));
        assert_memory_equal(line.bytes, cases[i].shown, line.len);
    }
    arena_free(&arena);
}

/* Places far into a long source, in any order. */
static void
test_locate_long(void **state)
{
    enum { LINES = 200000, WIDTH = 7 };
    char *text = malloc(LINES * WIDTH + 1);
    static const uint32_t lines[] = {150000, 3, 199999, 0, 65536 / WIDTH, 65536 / WIDTH + 1, 150001, 99999};
    struct arena arena;
    struct source *source;

    (void)state;
    for (size_t i = 0; i < LINES; i++)
        memcpy(text + i * WIDTH, "abc: d\n", WIDTH);
    arena_init(&arena);
    source = source_of(&arena, "x", text, LINES * WIDTH);
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct place place = {source, lines[i] * WIDTH + 2, 1};
        unsigned row, column;

        source_locate(&place, &row, &column);
        assert_int_equal(row, lines[i] + 1);
        assert_int_equal(column, 3);
    }
    arena_free(&arena);
    free(text);
}

static void
test_read(void **state)
{
    char name[] = "/tmp/seilc-test-XXXXXX";
    int fd = mkstemp(name);
    struct source *source;
    struct arena arena;
    const char *why = NULL;

    (void)state;
    arena_init(&arena);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "a : b\0c\n", 8), 8);
    close(fd);
    source = source_read(&arena, name, &why);
    assert_non_null(source);
    assert_string_equal(source->name, name);
    assert_int_equal(source->len, 8);
    assert_memory_equal(source->bytes, "a : b\0c\n\0\0", 10);
    unlink(name);
    assert_null(source_read(&arena, name, &why));
    assert_string_equal(why, "No such file or directory");
    assert_null(source_read(&arena, "/tmp", &why));
    assert_string_equal(why, "is a directory");
    arena_free(&arena);
}

/* Regions count code points; a place may begin or end within one. */
static void
test_region(void **state)
{
    static const struct {
        const char *text;
        uint32_t start, len;
        struct region region;
    } cases[] = {
        {"",                             0, 0, {1, 1, 1, 1}},
        {"abc\n",                        1, 1, {1, 2, 1, 3}},
        {"abc\nd",                       0, 4, {1, 1, 2, 1}},
        {"a\nb\r\nc",                   2, 4, {2, 1, 3, 2}},
        {"\xc3\xa9x",                    2, 1, {1, 2, 1, 3}},
        {"\xe3\x81\x82x",                3, 1, {1, 2, 1, 3}},
        {"\xf0\x9f\x98\x80x",            4, 1, {1, 2, 1, 3}},
        {"\xff\xfex",                    2, 1, {1, 3, 1, 4}},
        {"\xe3\x81x",                    2, 1, {1, 3, 1, 4}},
        {"\xe3\x81\x82x",                2, 2, {1, 3, 1, 3}},     /* up to its middle each byte is one */
        {"\xe3\x81\x82",                 0, 2, {1, 1, 1, 3}},
        {"\xc0\xafx",                    2, 1, {1, 3, 1, 4}},
    };
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct place place = {source_of(&arena, "x", cases[i].text, strlen(cases[i].text)), cases[i].start, cases[i].len};
        struct region region;

        source_region(&place, &region);
        if (memcmp(&region, &cases[i].region, sizeof(region)) != 0)
            fail_msg("row %zu: %u:%u-%u:%u", i, region.line, region.column, region.end_line, region.end_column);
    }
    arena_free(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_locate),
        cmocka_unit_test(test_locate_long),
        cmocka_unit_test(test_region),
        cmocka_unit_test(test_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
