/* source.h - the bytes of one input and the places in them. */
#ifndef SEILC_SOURCE_H
#define SEILC_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"

/* A run of bytes that need not end in NUL. */
struct text {
    const char *bytes;
    size_t len;
};

/*
 * One input: a config, a site file, standard input, or the text of one --set option.  A source is not
 * changed once it is read.  Line numbers are not kept: they are worked out when someone is told about a
 * place.
 */
struct source {
    const char *name;   /* as the user wrote it; "-" for standard input, "--set" for an option */
    const char *bytes;  /* of the arena; two NUL bytes follow them, as flex wants it */
    size_t len;
    uint32_t *blocks;   /* how many lines end before each block of 64 KiB; [0] counts the blocks that are known */
};

/* A place: `len` bytes of `source` from `start`.  No source: the place is not in any input (a default). */
struct place {
    const struct source *source;
    uint32_t start;
    uint32_t len;
};

enum { SOURCE_MAX = 1 << 30 };  /* bytes; more is refused rather than worked on for ever */

/*
 * Reads the file, or standard input for "-", whole.  Returns NULL and sets `*why` to the reason in words
 * ("No such file or directory", "larger than 1 GiB", "is a directory") when it cannot be read.
 */
struct source *source_read(struct arena *arena, const char *name, const char **why);

/* A source made of text that is in memory already; it keeps a copy. */
struct source *source_of(struct arena *arena, const char *name, const char *bytes, size_t len);

/* Line and column of a place, both from 1; the column counts bytes.  Cheap even for many places of a long source. */
void source_locate(const struct place *place, unsigned *line, unsigned *column);

/* The line on which a place begins, without its line end. */
struct text source_line(const struct place *place);

/* The bytes of a place. */
struct text source_text(const struct place *place);

#endif
