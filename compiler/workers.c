/* workers.c - do many pieces of work in processes of their own, and take the results in order. */
#define _GNU_SOURCE     /* sched_getaffinity(), MAP_ANONYMOUS */
#include "workers.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JOBS_MAX = 256, PIPE_BYTES = 1 << 16, PIPE_SIZE = 1 << 20 };

struct worker {
    pid_t pid;          /* 0: none runs */
    FILE *results;      /* of each a uint64_t with the length, then the bytes */
    bool careful;       /* it sends each result at once */
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

static _Noreturn void
work_through(const struct work *work, size_t first, bool careful, int fd)
{
    FILE *pipe = fdopen(fd, "w");

    if (!pipe || setvbuf(pipe, NULL, _IOFBF, PIPE_BYTES) != 0)
        die("seilc: memory");
    for (size_t piece = first; piece < work->count; piece += work->jobs) {
        size_t len;
        char *bytes = run_piece(work, piece, &len);
        uint64_t head = len;

        fwrite(&head, sizeof(head), 1, pipe);
        fwrite(bytes, 1, len, pipe);
        free(bytes);
        if ((careful && fflush(pipe) != 0) || ferror(pipe))
            exit(2);    /* whoever wanted it is gone */
    }
    exit(fclose(pipe) == 0 ? 0 : 2);
}

/* --- around the workers --- */

/* Each worker holds its own pipe alone, so that the others' ends are seen. */
static void
start(const struct work *work, struct worker *workers, struct worker *worker, size_t first, bool careful)
{
    int ends[2];

    fflush(NULL);
    if (pipe(ends) != 0)
        die("seilc: pipe");
    fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE);    /* as much as is allowed; fewer waits */
    worker->pid = fork();
    if (worker->pid < 0)
        die("seilc: fork");
    if (worker->pid == 0) {
        close(ends[0]);
        for (unsigned i = 0; i < work->jobs; i++)
            if (&workers[i] != worker && workers[i].pid)
                close(fileno(workers[i].results));
        work_through(work, first, careful, ends[1]);
    }
    close(ends[1]);
    worker->careful = careful;
    worker->results = fdopen(ends[0], "r");
    if (!worker->results || setvbuf(worker->results, NULL, _IOFBF, PIPE_BYTES) != 0)
        die("seilc: memory");
}

/* Waits for the end of a worker; why it was one, in words. */
static const char *
stop(struct worker *worker, char *why, size_t size)
{
    int status = 0;

    fclose(worker->results);
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
        ;
    worker->pid = 0;
    if (WIFSIGNALED(status))
        snprintf(why, size, "killed by signal %d, %s", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        snprintf(why, size, "ended with status %d", WEXITSTATUS(status));
    return why;
}

/* The result of a piece; NULL when the worker died at it. */
static char *
read_result(const struct worker *worker, size_t *len)
{
    uint64_t head;
    char *bytes;

    if (fread(&head, sizeof(head), 1, worker->results) != 1)
        return NULL;
    bytes = malloc((size_t)head + 1);
    if (!bytes)
        die("seilc: memory");
    *len = (size_t)head;
    if (fread(bytes, 1, *len, worker->results) == *len)
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

    if (!bytes && !worker->careful) {
        stop(worker, why, sizeof(why));
        start(work, workers, worker, piece, true);
        bytes = read_result(worker, &len);
    }
    if (bytes) {
        work->take(piece, bytes, len, NULL, work->context);
        free(bytes);
        return;
    }
    work->take(piece, NULL, 0, stop(worker, why, sizeof(why)), work->context);
    if (piece + work->jobs < work->count)
        start(work, workers, worker, piece + work->jobs, false);
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
        start(&bounded, workers, &workers[i], i, false);
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
