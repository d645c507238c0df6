/* findings.c - seilc lint --list: all findings that there are. */
#include <jansson.h>

#include "../check/check.h"
#include "command.h"

/* The part of the compiler that a finding comes from, as docs/hacking.md calls it. */
static const char *
feature_of(enum finding_id id)
{
    const char *feature = check_feature(id);

    if (feature)
        return feature;
    if (id < FINDING_UNKNOWN_KEY)
        return "syntax";
    if (id < FINDING_NOT_TRANSLATED)
        return "keys";
    return id <= FINDING_UNCLAIMED ? "translation" : "input";
}

static int
list_as_json(void)
{
    json_t *array = json_array();

    for (int id = 0; id < FINDING_COUNT; id++) {
        const struct finding_def *def = &finding_defs[id];

        json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s}", "name", def->name, "severity",
                                               severity_names[def->severity], "feature",
                                               feature_of((enum finding_id)id), "summary", def->summary));
    }
    json_dumpf(array, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(array);
    return 0;
}

int
list_findings(enum format format)
{
    if (format == FORMAT_JSON)
        return list_as_json();
    for (int id = 0; id < FINDING_COUNT; id++)
        printf("%-26s %-8s %-14s %s\n", finding_defs[id].name, severity_names[finding_defs[id].severity],
               feature_of((enum finding_id)id), finding_defs[id].summary);
    return 0;
}
