/* test_udiff.c - unified diffs: known ones, and that applying any of them gives the other text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "udiff.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The diff of two texts; to be freed. */
static char *
diff_of(const char *before, size_t before_len, const char *after, size_t after_len)
{
    struct arena arena;
    char *buffer = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&buffer, &size);
    bool differ;

    assert_non_null(out);
    arena_init(&arena);
    differ = udiff_print(&arena, (struct text){before, before_len}, (struct text){after, after_len}, "a", "b", out);
    fclose(out);
    arena_free(&arena);
    assert_int_equal(differ, size > 0);
    assert_int_equal(differ, before_len != after_len || memcmp(before, after, before_len));
    return buffer;
}

static const struct {
    const char *before, *after, *diff;
} cases[] = {
    {"", "", ""},
    {"a\n", "a\n", ""},
    {"", "a\n", "--- a\n+++ b\n@@ -0,0 +1 @@\n+a\n"},
    {"a\n", "", "--- a\n+++ b\n@@ -1 +0,0 @@\n-a\n"},
    {"a\nb\n", "a\nc\n", "--- a\n+++ b\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"},
    {"a", "a\n", "--- a\n+++ b\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"},
    {"a\r\n", "a\n", "--- a\n+++ b\n@@ -1 +1 @@\n-a\r\n+a\n"},
    {"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
     "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n"},
    /* six equal lines join two changes, seven part them */
    {"a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
     "--- a\n+++ b\n@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n"},
    {"a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
     "--- a\n+++ b\n@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n"},
    /* the line that moved is the only one to change */
    {"1\n2\n3\n4\n5\n", "5\n1\n2\n3\n4\n", "--- a\n+++ b\n@@ -1,5 +1,5 @@\n+5\n 1\n 2\n 3\n 4\n-5\n"},
    {"\n\na\n\n\n", "\n\nb\n\n\n", "--- a\n+++ b\n@@ -1,5 +1,5 @@\n \n \n-a\n+b\n \n \n"},
};

static void
test_known(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *diff = diff_of(cases[i].before, strlen(cases[i].before), cases[i].after, strlen(cases[i].after));

        assert_string_equal(diff, cases[i].diff);
        free(diff);
    }
}

/* --- applying --- */

/* What is left of a text, and its line number. */
struct reader {
    const char *at;
    size_t line;
};

/* The length of the line at `text`, with its end. */
static size_t
line_length(const char *text)
{
    size_t len = strcspn(text, "\n");

    return len + (text[len] == '\n');
}

static char *
copy_lines(struct reader *reader, size_t until, char *to)
{
    while (reader->line < until) {
        size_t len = line_length(reader->at);

        assert_true(len > 0);
        memcpy(to, reader->at, len);
        to += len;
        reader->at += len;
        reader->line++;
    }
    return to;
}

/* Applies one line of a hunk; the bytes must be those that the text has. */
static char *
apply_line(const char *line, struct reader *reader, char *to)
{
    size_t len = line_length(line);
    const char *next = line + len;
    size_t text_len = len - 1 - (next[0] == '\\');

    if (*line != '+') {
        assert_memory_equal(line + 1, reader->at, text_len);
        reader->at += text_len;
        reader->line++;
    }
    if (*line != '-') {
        memcpy(to, line + 1, text_len);
        to += text_len;
    }
    return to;
}

static void
apply(const char *before, const char *diff, char *to)
{
    struct reader reader = {before, 0};

    for (const char *line = diff; *line; line += line_length(line)) {
        size_t start, count = 1;

        if (!strncmp(line, "---", 3) || !strncmp(line, "+++", 3) || *line == '\\')
            continue;
        if (*line != '@') {
            to = apply_line(line, &reader, to);
            continue;
        }
        assert_true(sscanf(line, "@@ -%zu,%zu", &start, &count) >= 1);
        to = copy_lines(&reader, count ? start - 1 : start, to);
    }
    strcpy(to, reader.at);
}

static uint32_t
next_random(uint32_t *random)
{
    *random = *random * 1103515245u + 12345u;
    return *random >> 8;
}

/* A text of up to 40 lines of few kinds, perhaps without its last newline. */
static void
make_text(uint32_t *random, char *to)
{
    unsigned lines = next_random(random) % 40, kinds = 1 + next_random(random) % 60;

    for (unsigned i = 0; i < lines; i++)
        to += sprintf(to, "%s%u\n", next_random(random) % 9 ? "k" : "", next_random(random) % kinds);
    if (lines && next_random(random) % 4 == 0)
        to[-1] = '\0';
    *to = '\0';
}

/* A text made of another one by moving, dropping and adding some of its lines. */
static void
change_text(uint32_t *random, const char *from, char *to)
{
    while (*from) {
        size_t len = line_length(from);
        unsigned what = next_random(random) % 8;

        if (what == 1)
            to += sprintf(to, "new %u\n", next_random(random) % 5);
        if (what != 2) {
            memcpy(to, from, len);
            to += len;
        }
        from += len;
    }
    *to = '\0';
}

static void
test_random(void **state)
{
    uint32_t random = 7;
    char before[1024], after[2048], result[4096];

    (void)state;
    for (int i = 0; i < 20000; i++) {
        char *diff;

        make_text(&random, before);
        if (next_random(&random) % 2)
            make_text(&random, after);
        else
            change_text(&random, before, after);
        diff = diff_of(before, strlen(before), after, strlen(after));
        apply(before, diff, result);
        assert_string_equal(result, after);
        free(diff);
    }
}

/* Many lines that have nothing in common, or stand the other way round, in seconds. */
static void
test_large(void **state)
{
    enum { LINES = 200000, WIDTH = 8 };
    char *before = malloc(LINES * WIDTH + 1), *after = malloc(LINES * WIDTH + 1);

    (void)state;
    assert_non_null(before);
    assert_non_null(after);
    for (unsigned i = 0; i < LINES; i++) {
        snprintf(before + i * WIDTH, WIDTH + 1, "%07u\n", i);
        snprintf(after + i * WIDTH, WIDTH + 1, "%07u\n", LINES - 1 - i);
    }
    free(diff_of(before, LINES * WIDTH, after, LINES * WIDTH));
    for (unsigned i = 0; i < LINES; i++)
        after[i * WIDTH] = 'x';
    free(diff_of(before, LINES * WIDTH, after, LINES * WIDTH));
    free(before);
    free(after);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known), cmocka_unit_test(test_random), cmocka_unit_test(test_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
