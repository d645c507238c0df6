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

/* Are they the same bytes? */
bool text_equal(struct text a, struct text b);

/* Does a name end so, and is there more of it? */
bool name_ends_with(const char *name, const char *ending);

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

/* Is it the text of an option like --set rather than an input? */
bool source_is_option(const struct source *source);

/* Line and column of a place, both from 1; the column counts bytes.  Cheap even for many places of a long source. */
void source_locate(const struct place *place, unsigned *line, unsigned *column);

/*
 * A place as other programs count: lines from 1, columns from 1 in Unicode code points (a byte that is no UTF-8 counts as one),
 * the end exclusive.
 */
struct region {
    unsigned line, column;
    unsigned end_line, end_column;
};

void source_region(const struct place *place, struct region *out);

/* The first word of the line of a place when a colon follows it: a key; else empty.  Never a value. */
struct text source_key(const struct place *place);

/* The line on which a place begins, without its line end. */
struct text source_line(const struct place *place);

/* The bytes of a place. */
struct text source_text(const struct place *place);

#endif
