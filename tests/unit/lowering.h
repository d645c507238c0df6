/* lowering.h - what the unit tests of resolve and lower share: a text compiled to a plan, and questions about it. */
#ifndef TESTS_LOWERING_H
#define TESTS_LOWERING_H

#include "front.h"

#include <jansson.h>

#include "plan.h"

struct lowered {
    struct front front;
    struct site site;
    struct site_router router;
    struct model model;
    struct ledger ledger;
    struct plan plan;
    json_t *json;
};

static inline void
lowered_make(struct lowered *l, const char *text)
{
    struct arena *arena = &l->front.arena;
    char *dump = NULL;
    size_t size = 0;
    FILE *out;

    front_bind(&l->front, text, NULL, 0, BIND_TOGETHER);
    l->site = (struct site){.name = "test", .deviations = {true, true}};
    l->router = (struct site_router){.name = "router"};
    model_resolve(arena, l->router.name, &l->front.tree, &l->front.diag, &l->model);
    ledger_init(&l->ledger, arena, &l->front.tree);
    plan_lower(arena, &l->site, &l->router, &l->model, &l->ledger, &l->front.diag, &l->plan);
    diag_sort(&l->front.diag);
    out = open_memstream(&dump, &size);
    plan_dump(&l->plan, out);
    fclose(out);
    l->json = json_loads(dump, 0, NULL);
    free(dump);
    assert_non_null(l->json);
}

static inline void
lowered_free(struct lowered *l)
{
    json_decref(l->json);
    front_free(&l->front);
}

/* What stands at a path of the plan ("vrrps.0.vmac_link"): a string as it is, the rest as compact JSON; "-": nothing. */
static inline const char *
lowered_at(struct lowered *l, const char *path)
{
    const json_t *value = l->json;
    char *copy = arena_copy(&l->front.arena, path, strlen(path));
    const char *text;
    char *word, *rest = NULL;
    char *dump;

    for (word = strtok_r(copy, ".", &rest); word && value; word = strtok_r(NULL, ".", &rest)) {
        if (strcmp(word, "#") == 0)
            return arena_printf(&l->front.arena, "%zu", json_array_size(value));
        value = json_is_array(value) ? json_array_get(value, (size_t)atoi(word)) : json_object_get(value, word);
    }
    if (!value)
        return "-";
    if (json_is_string(value))
        return json_string_value(value);
    dump = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    text = arena_copy(&l->front.arena, dump, strlen(dump));
    free(dump);
    return text;
}

/* "realised" when the plan has the statement as an origin, else its fate in the ledger; "lost" when it has neither. */
static inline const char *
lowered_fate(struct lowered *l, const struct node *node)
{
    static const char *const names[] = {"lost", "realised", "no effect", "refused"};
    const struct ledger_entry *entry = &l->ledger.entries[node->number];
    const char *key, *quoted;
    char *dump;
    bool found;

    if (entry->fate != FATE_UNCLAIMED)
        return names[entry->fate];
    key = catalogue_format(&l->front.arena, node->def, node->index);
    quoted = arena_printf(&l->front.arena, "\"%s\"", key);
    dump = json_dumps(l->json, JSON_COMPACT);
    found = strstr(dump, quoted) != NULL;
    free(dump);
    return names[found ? FATE_REALISED : FATE_UNCLAIMED];
}

#endif
