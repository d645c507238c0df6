/*
 * rules.h - which findings, at what severity: the `lint:` section of a site file, or a .seilc.yaml beside or above a config.
 *
 *     severity: {NAME: error|warning|note|off, ...}
 *     allow: {NAME: REASON, ...}
 *     allow: [{finding: NAME, file: PATTERN, key: PATTERN, reason: REASON}, ...]
 *
 * The two meet by name: of a finding that the site file's section speaks of, what the .seilc.yaml says does not count.
 */
#ifndef SEILC_RULES_H
#define SEILC_RULES_H

#include "diag.h"

struct document;
struct item;

#define RULES_FILE ".seilc.yaml"

enum choice { CHOICE_NONE, CHOICE_OFF, CHOICE_NOTE, CHOICE_WARNING, CHOICE_ERROR };

/* A finding that is put up with, and why. */
struct allowance {
    enum finding_id finding;
    const char *file;       /* as for fnmatch(3), relative to the file that says so, * within a directory; NULL: any */
    const char *key;        /* as for fnmatch(3), of a config's key; NULL: any */
    const char *reason;     /* one line of text */
    struct place place;
};

/* What became of an allowance.  The flags may be set by several processes, so they only ever grow. */
enum {
    ALLOWANCE_USED = 1,     /* it matched */
    ALLOWANCE_SEEN = 2,     /* its file: was among the inputs */
    ALLOWANCE_UNSURE = 4,   /* in the mark behind the last: an input had errors, so that an allowance may only seem unused */
};

struct lint_rules {
    const struct source *source;        /* NULL: none were given */
    unsigned char choices[FINDING_COUNT];
    bool mentions[FINDING_COUNT];       /* the finding has a severity or an allowance here */
    struct allowance *allows;
    size_t allow_count;
    unsigned char *marks;               /* for each allowance, and one more: ALLOWANCE_* */
};

/* Reads a section.  What cannot be used so gets the document's own finding; a name that is none, unknown-finding. */
void rules_read(struct document *document, const struct item *mapping, struct lint_rules *out);

/* Reads a whole .seilc.yaml: a section at its top (bad-settings, unknown-finding). */
void rules_parse(struct arena *arena, const struct source *source, struct diag *diag, struct lint_rules *out);

/* The nearest .seilc.yaml beside or above an input ("-": the working directory), as to be opened; NULL if there is none. */
const char *rules_find(struct arena *arena, const char *input);

/* Is it named as a .seilc.yaml is? */
bool rules_is_file(const char *name);

/* Does a .seilc.yaml lie in or below a directory? */
bool rules_below(const char *rules, const char *directory);

/* Sets the severities of findings to come; `checks_only`: of what the checks say alone.  Both may be NULL. */
void rules_choose(const struct lint_rules *site, const struct lint_rules *folder, bool checks_only, struct diag *diag);

/*
 * Takes away the findings that are allowed or off, and marks the allowances that matched.  `sources` are the configs that were
 * read.  `checks_only` as above.
 */
void rules_apply(const struct lint_rules *site, const struct lint_rules *folder, bool checks_only,
                 const struct source *const *sources, size_t source_count, struct diag *diag);

/*
 * Is there an error that keeps checks from saying what they otherwise would?  Then nobody knows whether a finding is gone or only
 * not seen.
 */
bool rules_unsure(const struct diag *diag);

/* unused-allowance for those of a section that did not match; `all`: also those without a file: that was among the inputs. */
void rules_report_unused(const struct lint_rules *rules, bool all, struct diag *diag);

#endif
