/*
 * workers.h - do many pieces of work in processes of their own, and take the results in order.
 *
 * Worker W of N does the pieces W, W + N, W + 2N, ... one after the other and writes each result into a pipe; the results are
 * taken from the pipes in turn.  So they come in order whatever N is, a worker that is ahead waits on its full pipe, and no more
 * than one result is held.
 *
 * Workers send many small results at once, since waking each other costs more than a small piece.  When one dies, what it had
 * done but not sent is done again by a worker that sends each result at once: when that one dies too, the piece that it was at is
 * lost, and another worker goes on behind it.
 */
#ifndef SEILC_WORKERS_H
#define SEILC_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct work {
    size_t count;
    unsigned jobs;      /* processes; 0: none, all is done here */
    void (*run)(size_t piece, FILE *out, void *context);
    /* `bytes` is what run() wrote; NULL: the worker died, for `why` ("killed by signal 11"). */
    void (*take)(size_t piece, const char *bytes, size_t len, const char *why, void *context);
    void *context;
};

void workers_run(const struct work *work);

/* How many processors this process may use; at least 1. */
unsigned workers_processors(void);

/* Zeroed memory that workers share with who starts them; never freed. */
void *workers_share(size_t size);

#endif
