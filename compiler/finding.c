/* finding.c - the stable names, severities and meanings of all findings. */
#include "finding.h"

#include <string.h>

#include "catalogue.h"

const struct finding_def finding_defs[FINDING_COUNT] = {
#define FINDING(id, name, severity, summary) [FINDING_##id] = {name, SEV_##severity, summary},
#include "finding_list.h"
#undef FINDING
};

const char *const severity_names[] = {"note", "warning", "error"};

enum finding_id
finding_find(struct text name)
{
    int id;

    for (id = 0; id < FINDING_COUNT; id++)
        if (strlen(finding_defs[id].name) == name.len && memcmp(finding_defs[id].name, name.bytes, name.len) == 0)
            break;
    return (enum finding_id)id;
}

const char *
finding_suggest(struct text name)
{
    const char *nearest = NULL;
    int best = 2 + (int)(name.len < 64 ? name.len / 5 : 0);

    for (int id = 0; id < FINDING_COUNT; id++) {
        const char *candidate = finding_defs[id].name;
        int distance = word_distance(name, (struct text){candidate, strlen(candidate)});

        if (distance < best) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

bool
finding_is_hard(enum finding_id id)
{
    static const enum finding_id hard[] = {
        FINDING_CANNOT_READ, FINDING_CANNOT_WRITE, FINDING_BAD_LINE,  FINDING_BAD_BYTE,
        FINDING_BAD_QUOTING, FINDING_BAD_SITE,     FINDING_BAD_OPTION, FINDING_BAD_SETTINGS,
        FINDING_UNCLAIMED,   FINDING_CRASHED,
    };

    for (size_t i = 0; i < sizeof(hard) / sizeof(hard[0]); i++)
        if (hard[i] == id)
            return true;
    return false;
}
