/*
 * document.h - a strict reader of small YAML files (site files, .seilc.yaml), and tables to read them by.
 *
 * Strict: a repeated key, an alias, an anchor, a tag, a second document, a nesting deeper than 8 or more than 100,000 events are
 * findings with their place.  What has an error is left out; everything is of the arena.
 */
#ifndef SEILC_DOCUMENT_H
#define SEILC_DOCUMENT_H

#include "arena.h"
#include "diag.h"
#include "source.h"

enum { DOCUMENT_MAX = 4 << 20 };    /* bytes; more is a finding */
enum { TEXT_NAME_MAX = 63 };

enum item_kind { ITEM_BROKEN, ITEM_SCALAR, ITEM_SEQUENCE, ITEM_MAPPING };

struct item {
    enum item_kind kind; /* BROKEN: has its finding already */
    bool null;           /* a plain scalar that YAML reads as nothing */
    struct text text;    /* of a scalar */
    struct place place;  /* of a mapping or list: its first character */
    struct pair *pairs;  /* of a mapping, without repeated keys, in order of the file */
    size_t pair_count;
    struct item *items;  /* of a list */
    size_t item_count;
};

struct pair {
    struct text key;
    struct place place; /* of the key */
    struct item value;
};

struct document {
    struct arena *arena;
    const struct source *source;
    struct diag *diag;
    enum finding_id finding;    /* what each complaint is called */
    const char *what;           /* "a site file" */
};

/* Reads the whole text; false when it is no YAML that such a file may be. */
bool document_read(struct document *document, struct item *root);

struct finding *document_complain(struct document *document, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Is the item what is wanted?  Otherwise a finding, unless it has one. */
bool document_expect(struct document *document, const struct item *item, enum item_kind kind);

/* A key that a mapping may have, and who reads its value. */
struct field {
    const char *name;
    bool required;
    void (*read)(void *context, const struct pair *pair);
};

/* Reads a mapping by its table. */
void document_fields(struct document *document, const struct item *mapping, const struct field *fields, size_t count,
                     void *context);

#define DOCUMENT_FIELDS(table) table, sizeof(table) / sizeof((table)[0])

/* ---- words ---- */

bool text_is(struct text text, const char *word);

/* Below 0, 0 or above 0, in order of bytes. */
int text_compare(const struct text *a, const struct text *b);

/* Is each byte a letter, digit or one of `more`, and the length from 1 to `max`? */
bool text_is_word(struct text text, size_t max, const char *more);

/* Text of one line: at least one byte, none a control character. */
bool text_is_line(struct text text);

/* Lower-case letters, digits and hyphens, none first or last: a name that may be that of a directory or a finding. */
bool text_is_name(struct text text);

#endif
