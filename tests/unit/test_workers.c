/* test_workers.c - results in order whatever the number of workers, also when some of them die. */
#include "front.h"

#include <signal.h>
#include <unistd.h>

#include "workers.h"

struct told {
    char text[4096];
    size_t len;
    size_t deadly;      /* pieces that are a multiple of it kill their worker; 0: none */
    size_t large;       /* bytes of each result, beyond its number */
};

static void
run(size_t piece, FILE *out, void *context)
{
    const struct told *told = context;

    if (told->deadly && piece % told->deadly == 0) {
        if (piece % 2)
            _exit(7);
        raise(SIGKILL);
    }
    fprintf(out, "%zu", piece);
    for (size_t i = 0; i < told->large; i++)
        putc('x', out);
}

static void
take(size_t piece, const char *bytes, size_t len, const char *why, void *context)
{
    struct told *told = context;

    if (bytes)
        assert_int_equal(len, (size_t)snprintf(NULL, 0, "%zu", piece) + told->large);
    told->len += (size_t)snprintf(told->text + told->len, sizeof(told->text) - told->len, "%.*s;",
                                  bytes ? (int)(len - told->large) : (int)strlen(why), bytes ? bytes : why);
}

static void
do_work(struct told *told, size_t count, unsigned jobs)
{
    struct work work = {.count = count, .jobs = jobs, .run = run, .take = take, .context = told};

    told->len = 0;
    told->text[0] = '\0';
    workers_run(&work);
}

static void
test_order(void **state)
{
    static const unsigned jobs[] = {0, 1, 2, 3, 10, 100};

    (void)state;
    for (size_t i = 0; i < COUNT(jobs); i++) {
        struct told told = {.len = 0};

        do_work(&told, 12, jobs[i]);
        assert_string_equal(told.text, "0;1;2;3;4;5;6;7;8;9;10;11;");
        do_work(&told, 0, jobs[i]);
        assert_string_equal(told.text, "");
    }
}

/* Results that no pipe holds. */
static void
test_large(void **state)
{
    struct told told = {.large = 300000};

    (void)state;
    do_work(&told, 7, 3);
    assert_string_equal(told.text, "0;1;2;3;4;5;6;");
}

static void
test_death(void **state)
{
    struct told told = {.deadly = 3};

    (void)state;
    for (unsigned jobs = 1; jobs < 6; jobs++) {
        do_work(&told, 8, jobs);
        assert_string_equal(told.text, "killed by signal 9, Killed;1;2;ended with status 7;4;5;killed by signal 9, Killed;7;");
    }
    told.deadly = 1;
    do_work(&told, 2, 2);
    assert_string_equal(told.text, "killed by signal 9, Killed;ended with status 7;");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_large),
        cmocka_unit_test(test_death),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
