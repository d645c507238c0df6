/* fix.h - apply the cures of findings to the configs of one input. */
#ifndef SEILC_FIX_H
#define SEILC_FIX_H

#include "compile.h"

/* A config that was read. */
struct fixed {
    const struct source *before;
    struct text after;              /* the bytes of `before` if nothing was cured */
};

struct fixing {
    struct arena *arena;            /* of the caller; it outlives what is made here */
    const struct compile_options *options;
    const char *input;
    void (*judge)(struct diag *diag, void *context);    /* takes the findings away that are not to be cured; may be NULL */
    void *context;

    /* The result. */
    struct fixed *files;
    size_t count;
    struct overlay *overlays;       /* the same texts, for compile_options.overlays */
    size_t cured;                   /* findings */
};

/*
 * Compiles an input, applies the cures of its findings, and does so again until none is left, since cures may exclude each
 * other or show up only after others.  Each step is proved by the compile that follows: the findings cured are gone, and no
 * line was made wrong; a cure that does not hold is left out.  Nothing is written.  Every other byte stays.
 */
void fix_run(struct fixing *fixing);

#endif
