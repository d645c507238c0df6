/* scan.h - what the scanner, the parser and syntax.c share. */
#ifndef SEILC_SCAN_H
#define SEILC_SCAN_H

#include "syntax.h"

struct scan {
    struct arena *arena;
    const struct source *source;
    struct diag *diag;
    struct statements *out;
    struct span last;       /* the token that the parser looks at */
    bool open;              /* tokens stand on the line that no NEWLINE has ended yet */
};

/* What the scanner finds wrong itself. */
void scan_bad_bytes(struct scan *scan, struct span span);
void scan_unclosed_quote(struct scan *scan, struct span span);

/* What the parser recognises. */
void scan_statement(struct scan *scan, struct span key, struct span value);
void scan_no_value(struct scan *scan, struct span key, struct span colon);

/* What the parser cannot take: a word, a colon or a line end in the wrong place, or text behind a closing quote. */
void scan_bad_word(struct scan *scan, struct span span);
void scan_bad_colon(struct scan *scan, struct span span);
void scan_bad_end(struct scan *scan, struct span span);
void scan_bad_rest(struct scan *scan, struct span span);

#endif
