/* diag.h - collect findings and print them. */
#ifndef SEILC_DIAG_H
#define SEILC_DIAG_H

#include <stdbool.h>
#include <stdio.h>

#include "arena.h"
#include "finding.h"
#include "source.h"

/* "See also" of a finding: the other place where two disagree, or a word of help when it has no place. */
struct finding_note {
    struct place place;
    const char *message;
    struct finding_note *next;
};

/*
 * One replacement of a cure: the bytes at `place` (none: an insertion before place.start) become `replacement` (empty: they go).
 * The fixes of a finding are one cure together: all are applied or none.  They do not overlap.
 */
struct fix {
    struct place place;             /* of a config, never of an option or a site file */
    const char *replacement;        /* as it is to be written, with its newline if a line is meant; no secrets */
    const char *description;        /* what the cure does, as an order: "give the pool 50 addresses" */
    struct fix *next;
};

struct finding {
    enum finding_id id;
    enum severity severity;
    struct place place;
    const char *message;            /* what was expected, in the user's words; no secrets */
    struct finding_note *notes;
    struct finding_note **notes_end;
    struct fix *fixes;              /* a cure that is certain; NULL: none is known */
    struct fix **fixes_end;
    const struct fingerprint *fingerprint;  /* NULL before fingerprint_add() */
    uint32_t order;                 /* in which it was added; the last sort key */
};

enum { DIAG_MAX = 10000 };  /* findings kept; the rest is only counted */

struct diag {
    struct arena *arena;
    struct finding **findings;
    size_t count;
    size_t capacity;
    size_t dropped;             /* found, counted, but over DIAG_MAX */
    unsigned counts[SEV_ERROR + 1]; /* by severity, dropped ones included */
    struct finding scratch;     /* stands for what is dropped */
    /* Of findings yet to come, by name: */
    enum severity severity[FINDING_COUNT];  /* diag_init() takes it from finding_defs[] */
    bool chosen[FINDING_COUNT];             /* the user chose it: no check lowers it on its own */
    bool off[FINDING_COUNT];                /* neither counted nor shown; diag_filter() drops it in the end */
};

void diag_init(struct diag *diag, struct arena *arena);

/*
 * Adds a finding at a place (a place without source is a finding about the whole run).  Never NULL: over
 * DIAG_MAX it returns a scratch record that is not kept.
 */
struct finding *diag_add(struct diag *diag, enum finding_id id, struct place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Adds a note to a finding: at a place, or as help when the place has no source. */
void diag_note(struct diag *diag, struct finding *finding, struct place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Adds one replacement to the cure of a finding; both texts are copied. */
void diag_fix(struct diag *diag, struct finding *finding, struct place place, const char *replacement,
              const char *description);

bool diag_failed(const struct diag *diag);  /* any error so far? */

/* Sorts by source name, place, then order of addition. */
void diag_sort(struct diag *diag);

/* Takes away the findings that are off or that `keep` (if any) does not want, and no longer counts them. */
void diag_filter(struct diag *diag, bool (*keep)(const struct finding *finding, void *context), void *context);

/* Changes the severity of a finding that was added. */
void diag_set_severity(struct diag *diag, struct finding *finding, enum severity severity);

/* Is there room for one more?  What only a kept finding needs (a suggestion) is not worth working out otherwise. */
bool diag_keeps(const struct diag *diag);

/*
 * Prints all findings as a good C compiler does, with the line and a caret; colour if asked for; and no
 * last line.  Of a line whose key is secret, or may be, only the key is shown.
 */
void diag_print_text(const struct diag *diag, FILE *out, bool colour);

/* Prints all findings as one JSON array of objects; docs/findings.schema.json describes it. */
void diag_print_json(const struct diag *diag, FILE *out);

/* The objects of that array alone, with what stands between them; nothing when there are no findings. */
void diag_print_json_objects(const struct diag *diag, FILE *out);

/*
 * A message and its notes that have no place, on lines of their own, for formats that have no other room for them; without
 * control bytes.
 */
const char *diag_full_message(const struct diag *diag, const struct finding *finding);

/* "2 errors, 1 warning, 3 known" into the arena from counts by severity and of known findings; "no findings" if all are 0. */
const char *diag_words(struct arena *arena, const unsigned counts[SEV_ERROR + 1], unsigned known);

/* The same of all findings. */
const char *diag_summary(const struct diag *diag);

#endif
