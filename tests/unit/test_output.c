/* test_output.c - files in memory and their lines; writing them, all or nothing. */
#define _GNU_SOURCE
#include "emitted.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- in memory ---- */

static void
lines_are_booked(void **state)
{
    struct output_file *file = output_file(&output, "etc/%s", "x");
    unsigned first;

    (void)state;
    output_line(file, from(1), "one %d", 1);
    output_part(file, from(2), "two");
    output_part(file, NULL, " and");
    output_part(file, from(3), " three");
    output_end(file);
    first = file->line;
    output_text(file, "a\nb\n");
    output_line(file, NULL, "c");
    output_book(file, from(4), first);
    assert_string_equal(emitted("etc/x"), "1| one 1\n2,3| two and three\n4| a\n4| b\n4| c\n");
    assert_int_equal(file->line, 6);
    assert_int_equal(file->mode, 0644);
}

static void
unfinished_line_is_booked(void **state)
{
    struct output_file *file = output_file(&output, "x");

    (void)state;
    output_line(file, NULL, "a");
    output_part(file, NULL, "b");
    output_book(file, from(1), 1);
    output_end(file);
    assert_string_equal(emitted("x"), "1| a\n1| b\n");
}

static void
joined_origins(void **state)
{
    const struct origin *both = origin_join(&arena, from(1), from(2));

    (void)state;
    output_line(output_file(&output, "x"), both, "a");
    assert_string_equal(emitted("x"), "1,2| a\n");
}

static void
long_files(void **state)
{
    struct output_file *file = output_script(&output, "x");
    unsigned i;

    (void)state;
    for (i = 0; i < 10000; i++)
        output_line(file, NULL, "%u", i);
    assert_int_equal(file->len, 48890);
    assert_int_equal(file->line, 10001);
    assert_int_equal(file->mode, 0755);
    assert_string_equal(file->bytes + file->len - 5, "9999\n");
}

static void
empty_file_and_symlink(void **state)
{
    const struct output_file *file = output_file(&output, "x");

    (void)state;
    assert_string_equal(file->bytes, "");
    output_symlink(&output, from(1), "l", "../t");
    assert_int_equal(output.files[1]->kind, FILE_SYMLINK);
    assert_string_equal(emitted("l"), "1| ../t\n");
}

/*
 * What cannot be said in a format is an error at its statement, once, also when another line was
 * emitted for it.
 */
static void
refusal(void **state)
{
    (void)state;
    output_refuse(&output, from(1), "no %s", "way");
    output_refuse(&output, from(1), "no way");
    assert_int_equal(diag.count, 1);
    assert_int_equal(diag.findings[0]->id, FINDING_CANNOT_EXPRESS);
    assert_string_equal(diag.findings[0]->message, "no way");
    assert_int_equal(ledger.entries[1].fate, FATE_REFUSED);
    output_line(output_file(&output, "x"), from(2), "a");
    output_refuse(&output, from(2), "no way");
    assert_int_equal(diag.count, 2);
    output_refuse(&output, NULL, "no way");
    assert_int_equal(diag.count, 3);
}

/* ---- on disk ---- */

static char scratch[] = "/tmp/test-output-XXXXXX";

static int
setup_disk(void **state)
{
    struct output_file *file;

    strcpy(scratch, "/tmp/test-output-XXXXXX");
    assert_non_null(mkdtemp(scratch));
    setup(state);
    file = output_file(&output, "etc/a/b.conf");
    output_line(file, NULL, "hello");
    output_line(output_script(&output, "usr/lib/s"), NULL, "#!/bin/sh");
    output_file(&output, "secret")->mode = 0600;
    output_symlink(&output, NULL, "etc/l", "../usr/lib/s");
    return 0;
}

static int
teardown_disk(void **state)
{
    char *command = arena_printf(&arena, "rm -rf '%s'", scratch);

    assert_int_equal(system(command), 0);
    return teardown(state);
}

static const char *
below(const char *name)
{
    return arena_printf(&arena, "%s/%s", scratch, name);
}

static bool
write_to(const char *directory, const char *name, bool replace)
{
    const struct output *outputs[] = {&output};

    return output_write(outputs, &name, 1, directory, replace, &diag);
}

static unsigned
count_entries(const char *path)
{
    DIR *dir = opendir(path);
    unsigned count = 0;

    assert_non_null(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count - 2;
}

static unsigned
mode_of(const char *path)
{
    struct stat status;

    assert_int_equal(lstat(path, &status), 0);
    return status.st_mode & 07777;
}

static const char *
content(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = arena_alloc(&arena, 4096);

    assert_non_null(file);
    assert_true(fread(text, 1, 4095, file) < 4095);
    fclose(file);
    return text;
}

static void
assert_written(const char *directory)
{
    const char *link = arena_printf(&arena, "%s/etc/l", directory);
    char target[64] = {0};

    assert_string_equal(content(arena_printf(&arena, "%s/etc/a/b.conf", directory)), "hello\n");
    assert_int_equal(mode_of(directory), 0755);
    assert_int_equal(mode_of(arena_printf(&arena, "%s/etc/a", directory)), 0755);
    assert_int_equal(mode_of(arena_printf(&arena, "%s/etc/a/b.conf", directory)), 0644);
    assert_int_equal(mode_of(arena_printf(&arena, "%s/usr/lib/s", directory)), 0755);
    assert_int_equal(mode_of(arena_printf(&arena, "%s/secret", directory)), 0600);
    assert_int_equal(readlink(link, target, sizeof(target) - 1), 12);
    assert_string_equal(target, "../usr/lib/s");
}

/* The one finding, and nothing beside what was there before. */
static void
assert_refused(const char *words, unsigned entries)
{
    assert_int_equal(diag.count, 1);
    assert_int_equal(diag.findings[0]->id, FINDING_CANNOT_WRITE);
    if (!strstr(diag.findings[0]->message, words))
        assert_string_equal(diag.findings[0]->message, words);
    assert_int_equal(count_entries(scratch), entries);
}

static void
fresh_directory(void **state)
{
    (void)state;
    assert_true(write_to(below("out"), "r1", false));
    assert_written(below("out/r1"));
    assert_int_equal(count_entries(scratch), 1);
    assert_int_equal(diag.count, 0);
}

static void
modes_do_not_follow_umask(void **state)
{
    static const mode_t masks[] = {0, 077, 0777};
    size_t i;

    (void)state;
    for (i = 0; i < 3; i++) {
        const char *directory = below(arena_printf(&arena, "out%zu", i));
        mode_t before = umask(masks[i]);
        bool done = write_to(directory, NULL, false);

        umask(before);
        assert_true(done);
        assert_written(directory);
    }
}

static void
names_may_be_paths(void **state)
{
    (void)state;
    assert_true(write_to(below("out//"), "r1/rootfs", false));
    assert_written(below("out/r1/rootfs"));
}

static void
empty_directory_is_taken(void **state)
{
    (void)state;
    assert_int_equal(mkdir(below("out"), 0700), 0);
    assert_true(write_to(below("out"), "", false));
    assert_written(below("out"));
}

static void
full_directory(void **state)
{
    (void)state;
    assert_true(write_to(below("out"), NULL, false));
    assert_int_equal(symlink("/etc", below("out/etc/trap")), 0);
    assert_false(write_to(below("out"), "r1", false));
    assert_refused("it exists and is not empty", 1);
    assert_written(below("out"));
    diag.count = 0;
    assert_true(write_to(below("out"), NULL, true));
    assert_written(below("out"));
    assert_int_equal(access(below("out/etc/trap"), F_OK), -1);
    assert_int_equal(count_entries(scratch), 1);
    assert_int_equal(access("/etc/passwd", F_OK), 0);
}

/* A file system that cannot exchange two names, when this is set. */
static bool no_exchange;

int
renameat2(int old_dir, const char *old_path, int new_dir, const char *new_path, unsigned flags)
{
    if (no_exchange) {
        errno = EINVAL;
        return -1;
    }
    return (int)syscall(SYS_renameat2, old_dir, old_path, new_dir, new_path, flags);
}

static void
full_directory_without_exchange(void **state)
{
    (void)state;
    assert_true(write_to(below("out"), NULL, false));
    assert_int_equal(mkdir(below("out/etc/old"), 0755), 0);
    no_exchange = true;
    assert_true(write_to(below("out"), NULL, true));
    no_exchange = false;
    assert_written(below("out"));
    assert_int_equal(access(below("out/etc/old"), F_OK), -1);
    assert_int_equal(count_entries(scratch), 1);
}

/* Somebody's home directory is no earlier output. */
static void
strangers_are_kept(void **state)
{
    (void)state;
    assert_true(write_to(below("out"), "r1", false));
    assert_int_equal(mkdir(below("out/photos"), 0755), 0);
    assert_false(write_to(below("out"), "r1", true));
    assert_refused("it holds photos, which is not replaced by this", 1);
    assert_int_equal(count_entries(below("out")), 2);
    assert_written(below("out/r1"));
}

static void
links_are_not_followed(void **state)
{
    (void)state;
    assert_int_equal(mkdir(below("real"), 0755), 0);
    assert_int_equal(symlink("real", below("out")), 0);
    assert_false(write_to(below("out"), NULL, true));
    assert_refused("it is a symbolic link", 2);
    assert_int_equal(count_entries(below("real")), 0);
}

static void
a_file_stands_there(void **state)
{
    int fd = open(below("out"), O_CREAT | O_WRONLY | O_CLOEXEC, 0644);

    (void)state;
    close(fd);
    assert_false(write_to(below("out"), NULL, true));
    assert_refused("it exists and is not a directory", 1);
}

static void
no_name_of_its_own(void **state)
{
    static const char *const names[] = {".", "..", "/", "a/..", "", "x/./"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
        diag.count = 0;
        assert_false(write_to(names[i], NULL, true));
        assert_refused("a directory with a name of its own is needed", 0);
    }
}

static void
no_parent(void **state)
{
    (void)state;
    assert_false(write_to(below("missing/out"), NULL, false));
    assert_refused("No such file or directory", 0);
}

/* Two files with one path, or one below another: caught before anything is in place. */
static void
clashing_paths(void **state)
{
    (void)state;
    output_file(&output, "etc/a/b.conf/c");
    assert_false(write_to(below("out"), NULL, false));
    assert_refused("etc/a/b.conf/c: Not a directory", 0);
    output.files[output.count - 1]->path = "etc/l/c";
    diag.count = 0;
    assert_false(write_to(below("out"), NULL, false));
    assert_refused("etc/l/c: ", 0);
    output.files[output.count - 1]->path = "secret";
    diag.count = 0;
    assert_false(write_to(below("out"), NULL, false));
    assert_refused("secret: File exists", 0);
}

static void
file_size_limit(void **state)
{
    struct rlimit before, low;
    bool done;

    (void)state;
    getrlimit(RLIMIT_FSIZE, &before);
    low = before;
    low.rlim_cur = 5;
    setrlimit(RLIMIT_FSIZE, &low);
    done = write_to(below("out"), NULL, false);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_false(done);
    assert_refused("etc/a/b.conf: File too large", 0);
}

/* In a child with mounts of its own: a small or read-only file system.  Skipped without root. */
static int
try_on_mount(const char *options, unsigned long flags, const char *words)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        unsigned i;

        if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
            mount("tmpfs", scratch, "tmpfs", 0, options) != 0 || mount(NULL, scratch, NULL, MS_REMOUNT | flags, options) != 0)
            _exit(77);
        for (i = 0; i < 5000; i++)
            output_line(output.files[0], NULL, "%080u", i);
        if (write_to(below("out"), NULL, false) || diag.count != 1 ||
            !strstr(diag.findings[0]->message, words) || count_entries(scratch) != 0)
            _exit(1);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
full_disk(void **state)
{
    int status = try_on_mount("size=64k", 0, "etc/a/b.conf: No space left on device");

    (void)state;
    if (status == 77)
        skip();
    assert_int_equal(status, 0);
}

static void
read_only_disk(void **state)
{
    int status = try_on_mount("size=4m", MS_RDONLY, "Read-only file system");

    (void)state;
    if (status == 77)
        skip();
    assert_int_equal(status, 0);
}

#define DISK(function) cmocka_unit_test_setup_teardown(function, setup_disk, teardown_disk)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lines_are_booked),
        TEST(unfinished_line_is_booked),
        TEST(joined_origins),
        TEST(long_files),
        TEST(empty_file_and_symlink),
        TEST(refusal),
        DISK(fresh_directory),
        DISK(modes_do_not_follow_umask),
        DISK(names_may_be_paths),
        DISK(empty_directory_is_taken),
        DISK(full_directory),
        DISK(full_directory_without_exchange),
        DISK(strangers_are_kept),
        DISK(links_are_not_followed),
        DISK(a_file_stands_there),
        DISK(no_name_of_its_own),
        DISK(no_parent),
        DISK(clashing_paths),
        DISK(file_size_limit),
        DISK(full_disk),
        DISK(read_only_disk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
