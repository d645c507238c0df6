/* test_rewrite.c - putting other bytes in place of a file's: what stays, and when it is left alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "rewrite.h"

static char directory[] = "/tmp/test_rewrite.XXXXXX";

static void
put(const char *name, const char *text)
{
    FILE *out = fopen(name, "w");

    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static void
assert_holds(const char *name, const char *text)
{
    char buffer[64] = "";
    FILE *in = fopen(name, "r");

    assert_non_null(in);
    buffer[fread(buffer, 1, sizeof(buffer) - 1, in)] = '\0';
    fclose(in);
    assert_string_equal(buffer, text);
}

/* Reads a file, lets `meanwhile` happen, and writes "new"; why it failed, or NULL. */
static const char *
rewrite(const char *name, void (*meanwhile)(const char *name))
{
    static char reason[128];
    struct arena arena;
    const char *why = NULL;
    const struct source *source;

    arena_init(&arena);
    source = source_read(&arena, name, &why);
    assert_non_null(source);
    if (meanwhile)
        meanwhile(name);
    if (rewrite_file(&arena, source, (struct text){"new", 3}, &why))
        why = NULL;
    snprintf(reason, sizeof(reason), "%s", why ? why : "");
    arena_free(&arena);
    return why ? reason : NULL;
}

static int
enter(void **state)
{
    (void)state;
    return mkdtemp(directory) && chdir(directory) == 0 ? 0 : -1;
}

static int
leave(void **state)
{
    (void)state;
    return chdir("/") == 0 && rmdir(directory) == 0 ? 0 : -1;    /* no fresh file is left over */
}

static void
test_contents(void **state)
{
    struct stat st;

    (void)state;
    put("a", "old");
    assert_int_equal(chmod("a", 0604), 0);
    assert_null(rewrite("a", NULL));
    assert_holds("a", "new");
    assert_int_equal(stat("a", &st), 0);
    assert_int_equal(st.st_mode & 07777, 0604);
    assert_int_equal(unlink("a"), 0);
}

static void
test_owner(void **state)
{
    struct stat st;

    (void)state;
    if (geteuid() != 0)
        skip();
    put("a", "old");
    assert_int_equal(chown("a", 12345, 54321), 0);
    assert_int_equal(chmod("a", 06755), 0);
    assert_null(rewrite("a", NULL));
    assert_int_equal(stat("a", &st), 0);
    assert_int_equal(st.st_uid, 12345);
    assert_int_equal(st.st_gid, 54321);
    assert_int_equal(st.st_mode & 07777, 06755);
    assert_int_equal(unlink("a"), 0);
}

static void
test_link(void **state)
{
    struct stat st;

    (void)state;
    put("a", "old");
    assert_int_equal(symlink("a", "link"), 0);
    assert_null(rewrite("link", NULL));
    assert_int_equal(lstat("link", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_holds("a", "new");
    assert_int_equal(unlink("a") | unlink("link"), 0);
}

static void
change(const char *name)
{
    put(name, "changed");
}

/* As long as before. */
static void
change_slightly(const char *name)
{
    put(name, "odd");
}

static void
take_away(const char *name)
{
    assert_int_equal(unlink(name), 0);
}

static void
make_fifo(const char *name)
{
    take_away(name);
    assert_int_equal(mkfifo(name, 0600), 0);
}

static void
test_changed(void **state)
{
    (void)state;
    put("a", "old");
    assert_string_equal(rewrite("a", change), "has changed since it was read");
    assert_holds("a", "changed");
    put("a", "old");
    assert_string_equal(rewrite("a", change_slightly), "has changed since it was read");
    assert_holds("a", "odd");
    assert_non_null(rewrite("a", take_away));
    assert_int_equal(access("a", F_OK), -1);
    put("a", "old");
    assert_string_equal(rewrite("a", make_fifo), "is no regular file");
    assert_int_equal(unlink("a"), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contents), cmocka_unit_test(test_owner), cmocka_unit_test(test_link),
        cmocka_unit_test(test_changed),
    };

    return cmocka_run_group_tests(tests, enter, leave);
}
