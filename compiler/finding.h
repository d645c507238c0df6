/* finding.h - the stable names, severities and meanings of all findings, from finding_list.h. */
#ifndef SEILC_FINDING_H
#define SEILC_FINDING_H

#include <stdbool.h>

#include "source.h"

enum severity { SEV_NOTE, SEV_WARNING, SEV_ERROR };

extern const char *const severity_names[];  /* by severity: "note", "warning", "error" */

enum finding_id {
#define FINDING(id, name, severity, summary) FINDING_##id,
#include "finding_list.h"
#undef FINDING
    FINDING_COUNT
};

struct finding_def {
    const char *name;       /* kebab-case, named after what is wrong */
    enum severity severity;
    const char *summary;    /* one line */
};

extern const struct finding_def finding_defs[FINDING_COUNT];

/* The finding of that name; FINDING_COUNT if there is none. */
enum finding_id finding_find(struct text name);

/* The name that was probably meant, or NULL. */
const char *finding_suggest(struct text name);

/*
 * Does it say that an input, an option or the compiler itself is such that nothing can be said about what a config means?  Then
 * no severity, allowance or baseline takes it away.
 */
bool finding_is_hard(enum finding_id id);

#endif
