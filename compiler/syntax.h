/* syntax.h - from text to statements: lines, separators and quoting, and nothing about what a key means. */
#ifndef SEILC_SYNTAX_H
#define SEILC_SYNTAX_H

#include "arena.h"
#include "diag.h"
#include "source.h"

/* A run of bytes of a source, where the source itself is known. */
struct span {
    uint32_t start;
    uint32_t len;
};

/* One line `key : value`.  There may be millions of them, so they are kept small. */
struct statement {
    struct span key;
    struct span value;      /* as written, quotes included; never empty */
};

struct statements {
    struct statement *items;
    size_t count;
    size_t capacity;
};

/*
 * Scans and parses a source (flex, bison; grammar/lexer.l, grammar/parser.y).  Recovers at every newline,
 * so one run finds every bad line; a bad line yields a finding and no statement.  A key without a value
 * yields a finding and no statement. Findings: bad-line, bad-byte, bad-quoting, value-missing,
 * empty-config.  Safe for any bytes.
 */
void syntax_parse(struct arena *arena, const struct source *source, struct diag *diag, struct statements *out);

/* The bytes of a span. */
struct text syntax_text(const struct source *source, struct span span);

/* A value as it is meant, without its quotes and backslashes. */
struct text syntax_decode(struct arena *arena, struct text written);

#endif
