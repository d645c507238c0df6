/* udiff.h - the difference of two texts as a unified diff. */
#ifndef SEILC_UDIFF_H
#define SEILC_UDIFF_H

#include <stdbool.h>
#include <stdio.h>

#include "arena.h"
#include "source.h"

/*
 * Prints what patch(1) makes `after` of `before` with, with three lines of context; nothing when they are the same.  Returns
 * whether they differ.  The names stand behind "--- " and "+++ ".  Lines are compared with their ends, so LF and CRLF differ.
 * Memory is linear in the number of lines, and time nearly so; the diff is right, but not always the shortest.
 */
bool udiff_print(struct arena *arena, struct text before, struct text after, const char *before_name,
                 const char *after_name, FILE *out);

#endif
