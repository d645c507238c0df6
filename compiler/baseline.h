/* baseline.h - the findings of an old network that are known and put up with, so that only new ones count. */
#ifndef SEILC_BASELINE_H
#define SEILC_BASELINE_H

#include "diag.h"
#include "fingerprint.h"

/*
 * The file is JSON, one finding a line, sorted by file, finding, key and number, so that its changes read well:
 *
 *     {"version": 1, "findings": [
 *     {"file": "tokyo.seil", "finding": "telnetd-on", "key": "telnetd.service", "number": 1, "fingerprint": "6f..."}
 *     ]}
 *
 * A finding is known by its fingerprint; the rest is for people.
 */
struct baseline_entry {
    struct fingerprint print;
    struct place place;         /* in the baseline's file */
    size_t number;              /* of its mark */
};

enum { BASELINE_USED = 1, BASELINE_SEEN = 2 };  /* it matched; its file was looked at, and without what hides findings */

struct baseline {
    const struct source *source;
    struct baseline_entry *entries;         /* by fingerprint */
    const struct baseline_entry **by_file;
    size_t count;
    unsigned char *marks;                   /* BASELINE_*; may be shared between processes: they only grow */
};

/* Reads a file; false with a finding (cannot-read) if it is no baseline. */
bool baseline_read(struct arena *arena, const char *name, struct diag *diag, struct baseline *out);

/* Is the finding known?  Marks its entry.  What no rule turns off is never known. */
bool baseline_knows(const struct baseline *baseline, const struct finding *finding);

/* Marks the entries of a file as looked at; `file` as fingerprint_file() spells it. */
void baseline_see(const struct baseline *baseline, const char *file);

/* unused-baseline for the entries that did not match and whose file was seen or is gone. */
void baseline_report_unused(const struct baseline *baseline, struct diag *diag);

/* One line of the file, without its end. */
char *baseline_line(const struct fingerprint *print);

/* Writes lines, in any order and some of them twice, as a file; false, with errno set, if it cannot be written. */
bool baseline_write(const char *name, char **lines, size_t count);

#endif
