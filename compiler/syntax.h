/* syntax.h - from text to statements: lines, separators and quoting, and nothing about what a key means. */
#ifndef SEILC_SYNTAX_H
#define SEILC_SYNTAX_H

#include "arena.h"
#include "diag.h"
#include "source.h"

/* One line `key : value`.  Keys are spans of the source; a value is decoded, that is without its quoting. */
struct statement {
    struct place key;
    struct place value;     /* as written, quotes included; empty right behind the colon if there is no value */
    struct text text;       /* the decoded value */
};

struct statements {
    struct statement *items;
    size_t count;
    size_t capacity;
};

/*
 * Scans and parses a source (flex, bison; grammar/lexer.l, grammar/parser.y).  Recovers at every newline, so one run finds
 * every bad line; a bad line yields a finding and no statement.  A key without a value yields a finding and no statement.
 * Findings: bad-line, bad-byte, bad-quoting, value-missing, empty-config.  Safe for any bytes.
 */
void syntax_parse(struct arena *arena, const struct source *source, struct diag *diag, struct statements *out);

#endif
