/* test_baseline.c - known findings: what is written is read again, what is read must be sound. */
#include "front.h"

#include <stdio.h>
#include <unistd.h>

#include "baseline.h"

static const char *const bad[] = {
    "", "[]", "{}", "nothing", "{\"version\": 1}", "{\"version\": 1, \"findings\": {}}", "{\"version\": 9, \"findings\": []}",
    "{\"version\": \"1\", \"findings\": []}", "{\"version\": 1, \"findings\": [1]}", "{\"version\": 1, \"findings\": [{\"file\": \"a\"}]}",
    "{\"version\": 1, \"findings\": [{\"file\": \"a\", \"finding\": \"b\", \"key\": \"\", \"number\": 1, \"fingerprint\": \"12\"}]}",
    "{\"version\": 1, \"findings\": [{\"file\": \"a\", \"finding\": \"b\", \"key\": \"\", \"number\": 1, "
    "\"fingerprint\": \"g1234567890123456789012345678901\"}]}",
    "{\"version\": 1, \"version\": 1, \"findings\": []}", "{\"version\": 1, \"findings\": []} x",
};

static char path[] = "/tmp/test_baseline.XXXXXX";

static void
put(const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void
test_bad(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct baseline baseline;
        struct front front;

        front_scan(&front, "a: b\n", 5);
        put(bad[i]);
        if (baseline_read(&front.arena, path, &front.diag, &baseline))
            fail_msg("row %zu", i);
        assert_int_equal(front.diag.count, 1);
        assert_int_equal(front.diag.findings[0]->id, FINDING_CANNOT_READ);
        assert_int_equal(baseline.count, 0);
        front_free(&front);
    }
}

/* Writes the findings of a text, reversed and twice. */
static void
write_findings(struct front *front, const char *text)
{
    char **lines;
    size_t count;

    front_bind(front, text, NULL, 0, BIND_TOGETHER);
    fingerprint_add(&front->diag, "x");
    count = front->diag.count;
    lines = calloc(2 * count + 1, sizeof(*lines));
    for (size_t i = 0; i < count; i++) {
        lines[i] = baseline_line(front->diag.findings[count - 1 - i]->fingerprint);
        lines[count + i] = baseline_line(front->diag.findings[i]->fingerprint);
    }
    assert_true(baseline_write(path, lines, 2 * count));
    for (size_t i = 0; i < 2 * count; i++)
        free(lines[i]);
    free((void *)lines);
}

static void
test_round(void **state)
{
    struct front front;
    struct baseline baseline;

    (void)state;
    write_findings(&front, "hostname: a\nhostname: b\n\x01\nntp.server: x\n");
    assert_true(front.diag.count >= 4);
    assert_true(baseline_read(&front.arena, path, &front.diag, &baseline));
    assert_int_equal(baseline.count, front.diag.count);
    for (size_t i = 0; i < front.diag.count; i++)
        assert_int_equal(baseline_knows(&baseline, front.diag.findings[i]),
                         !finding_is_hard(front.diag.findings[i]->id));
    for (size_t i = 1; i < baseline.count; i++) {
        const struct fingerprint *a = &baseline.by_file[i - 1]->print;

        assert_true(strcmp(a->file, baseline.by_file[i]->print.file) <= 0);
    }
    front_free(&front);
}

/* An entry is told of when its file was seen or is gone; at its line. */
static void
test_unused(void **state)
{
    struct front front;
    struct baseline baseline;
    unsigned line, column;

    (void)state;
    write_findings(&front, "hostname: a\nhostname: b\n");
    assert_true(baseline_read(&front.arena, path, &front.diag, &baseline));
    assert_int_equal(baseline.count, 2);
    assert_true(baseline_knows(&baseline, front.diag.findings[1]));
    diag_init(&front.diag, &front.arena);
    baseline_report_unused(&baseline, &front.diag);     /* test.seil is not there */
    assert_int_equal(front.diag.count, 1);
    source_locate(&front.diag.findings[0]->place, &line, &column);
    assert_int_equal(line, 2);
    diag_init(&front.diag, &front.arena);
    for (size_t i = 0; i < baseline.count; i++)
        baseline.entries[i].print.file = path;
    baseline_report_unused(&baseline, &front.diag);
    assert_int_equal(front.diag.count, 0);
    baseline_see(&baseline, "other");
    baseline_report_unused(&baseline, &front.diag);
    assert_int_equal(front.diag.count, 0);
    baseline_see(&baseline, path);
    baseline_report_unused(&baseline, &front.diag);
    assert_int_equal(front.diag.count, 1);
    front_free(&front);
}

static void
test_empty(void **state)
{
    struct front front;
    struct baseline baseline;

    (void)state;
    front_scan(&front, "a: b\n", 5);
    assert_true(baseline_write(path, NULL, 0));
    assert_true(baseline_read(&front.arena, path, &front.diag, &baseline));
    assert_int_equal(baseline.count, 0);
    assert_false(baseline_write("/nowhere/at/all", NULL, 0));
    front_free(&front);
}

static int
begin(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int
end(void **state)
{
    (void)state;
    return unlink(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_round),
        cmocka_unit_test(test_unused),
        cmocka_unit_test(test_empty),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
