/* workers.c - do many pieces of work in processes of their own, and take the results in order. */
#define _GNU_SOURCE     /* sched_getaffinity(), MAP_ANONYMOUS */
#include "workers.h"

#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JOBS_MAX = 256 };

struct worker {
    pid_t pid;          /* 0: none runs */
    int fd;             /* its results: a uint64_t with the length, then the bytes */
};

static _Noreturn void
die(const char *what)
{
    perror(what);
    exit(2);
}

static char *
run_piece(const struct work *work, size_t piece, size_t *len)
{
    char *bytes = NULL;
    FILE *out = open_memstream(&bytes, len);

    if (!out)
        die("seilc: memory");
    work->run(piece, out, work->context);
    if (fclose(out) != 0)
        die("seilc: memory");
    return bytes;
}

/* --- in a worker --- */

static void
write_all(int fd, const void *bytes, size_t len)
{
    const char *from = bytes;

    while (len) {
        ssize_t count = write(fd, from, len);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            exit(2);    /* whoever wanted it is gone */
        from += count;
        len -= (size_t)count;
    }
}

static _Noreturn void
work_through(const struct work *work, size_t first, int fd)
{
    for (size_t piece = first; piece < work->count; piece += work->jobs) {
        size_t len;
        char *bytes = run_piece(work, piece, &len);
        uint64_t head = len;

        write_all(fd, &head, sizeof(head));
        write_all(fd, bytes, len);
        free(bytes);
    }
    close(fd);
    exit(0);
}

/* --- around the workers --- */

/* Each worker holds its own pipe alone, so that the others' ends are seen. */
static void
start(const struct work *work, struct worker *workers, struct worker *worker, size_t first)
{
    int ends[2];

    fflush(NULL);
    if (pipe(ends) != 0)
        die("seilc: pipe");
    worker->pid = fork();
    if (worker->pid < 0)
        die("seilc: fork");
    if (worker->pid == 0) {
        close(ends[0]);
        for (unsigned i = 0; i < work->jobs; i++)
            if (&workers[i] != worker && workers[i].pid)
                close(workers[i].fd);
        work_through(work, first, ends[1]);
    }
    close(ends[1]);
    worker->fd = ends[0];
}

/* Waits for the end of a worker; why it was one, in words. */
static const char *
stop(struct worker *worker, char *why, size_t size)
{
    int status = 0;

    close(worker->fd);
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
        ;
    worker->pid = 0;
    if (WIFSIGNALED(status))
        snprintf(why, size, "killed by signal %d, %s", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        snprintf(why, size, "ended with status %d", WEXITSTATUS(status));
    return why;
}

static bool
read_all(int fd, void *bytes, size_t len)
{
    char *to = bytes;

    while (len) {
        ssize_t count = read(fd, to, len);

        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        to += count;
        len -= (size_t)count;
    }
    return true;
}

/* The result of a piece; NULL when the worker died at it. */
static char *
read_result(const struct worker *worker, size_t *len)
{
    uint64_t head;
    char *bytes;

    if (!read_all(worker->fd, &head, sizeof(head)))
        return NULL;
    bytes = malloc((size_t)head + 1);
    if (!bytes)
        die("seilc: memory");
    *len = (size_t)head;
    if (read_all(worker->fd, bytes, *len))
        return bytes;
    free(bytes);
    return NULL;
}

static void
take_piece(const struct work *work, struct worker *workers, size_t piece)
{
    struct worker *worker = &workers[piece % work->jobs];
    char why[96];
    size_t len;
    char *bytes = read_result(worker, &len);

    if (bytes) {
        work->take(piece, bytes, len, NULL, work->context);
        free(bytes);
        return;
    }
    work->take(piece, NULL, 0, stop(worker, why, sizeof(why)), work->context);
    if (piece + work->jobs < work->count)
        start(work, workers, worker, piece + work->jobs);
}

static void
run_here(const struct work *work)
{
    for (size_t piece = 0; piece < work->count; piece++) {
        size_t len;
        char *bytes = run_piece(work, piece, &len);

        work->take(piece, bytes, len, NULL, work->context);
        free(bytes);
    }
}

void
workers_run(const struct work *work)
{
    struct worker workers[JOBS_MAX] = {0};
    struct work bounded = *work;
    char why[96];

    if (bounded.jobs > work->count)
        bounded.jobs = (unsigned)work->count;
    if (bounded.jobs > JOBS_MAX)
        bounded.jobs = JOBS_MAX;
    if (!bounded.jobs) {
        run_here(work);
        return;
    }
    for (unsigned i = 0; i < bounded.jobs; i++)
        start(&bounded, workers, &workers[i], i);
    for (size_t piece = 0; piece < bounded.count; piece++)
        take_piece(&bounded, workers, piece);
    for (unsigned i = 0; i < bounded.jobs; i++)
        if (workers[i].pid)
            stop(&workers[i], why, sizeof(why));
}

unsigned
workers_processors(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

    return count > 0 ? (unsigned)count : 1;
}

void *
workers_share(size_t size)
{
    void *memory = mmap(NULL, size ? size : 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        die("seilc: memory");
    return memory;
}
