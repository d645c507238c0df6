/* rewrite.h - put other bytes in place of those of a file. */
#ifndef SEILC_REWRITE_H
#define SEILC_REWRITE_H

#include <stdbool.h>

#include "arena.h"
#include "source.h"

/*
 * Replaces the contents of the file that `before` was read from: a fresh file beside it, then one rename, so that there is
 * always the old file or the new one, whole.  Mode and owner stay; a symbolic link stays one, and what it points to is
 * replaced.  False, with the reason in words, and nothing done: when it is no regular file, when it holds other bytes by now,
 * or when the fresh one cannot be made like it.
 */
bool rewrite_file(struct arena *arena, const struct source *before, struct text after, const char **why);

#endif
