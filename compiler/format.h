/* format.h - the canonical order and layout of a config; docs/format.md describes it. */
#ifndef SEILC_FORMAT_H
#define SEILC_FORMAT_H

#include "arena.h"
#include "catalogue.h"
#include "diag.h"
#include "source.h"

/*
 * Lays out a config.  What it sets stays the same, which is looked at before it returns.  False when a line has no place
 * in the order, or could not be read: its findings (bad-line, bad-byte, bad-quoting, unknown-key, bad-index; cannot-write
 * if there is too much wrong, or if the result would not say the same) go to `diag`, and there is no result.
 */
bool format_config(struct arena *arena, const struct source *source, struct diag *diag, struct text *out);

/* Do two configs say the same: the same typed tree, and line by line the same texts for the same keys, in whatever order? */
bool format_same(struct arena *arena, const struct source *before, const struct source *after);

/* Where keys stand: the place of their section, from 0; and the number of sections for one that belongs to none. */
size_t format_section(const struct key_def *def);
extern const size_t format_section_count;

#endif
