/* check.c - run the checks over the routers of a site. */
#include "checks.h"

#define IGNORED(id, feature, function)
#define LISTED(id, feature, function) {FINDING_##id, feature, function},

const struct check router_checks[] = {
#define ROUTER LISTED
#define SITE IGNORED
#include "list.h"
#undef SITE
#undef ROUTER
    {FINDING_COUNT, NULL, NULL},
};

const struct check site_checks[] = {
#define ROUTER IGNORED
#define SITE LISTED
#include "list.h"
#undef SITE
#undef ROUTER
    {FINDING_COUNT, NULL, NULL},
};

static const char *
find_feature(const struct check *check, enum finding_id id)
{
    while (check->run && check->id != id)
        check++;
    return check->run ? check->feature : NULL;
}

const char *
check_feature(enum finding_id id)
{
    const char *feature = find_feature(router_checks, id);

    return feature ? feature : find_feature(site_checks, id);
}

static void
run_all(const struct check *check, const struct checking *checking)
{
    for (; check->run; check++)
        check->run(checking);
}

/* Which of the routers were read without what is an error, whatever severity the user gave it? */
static const bool *
find_whole(struct arena *arena, const struct model *const *models, size_t count, const struct diag *diag)
{
    bool *whole = arena_array(arena, count, sizeof(*whole));
    size_t i, j;

    for (i = 0; i < count; i++) {
        whole[i] = true;
        for (j = 0; j < diag->count && whole[i]; j++)
            whole[i] = finding_defs[diag->findings[j]->id].severity != SEV_ERROR ||
                       diag->findings[j]->place.source != models[i]->tree->source;
    }
    return whole;
}

void
check_site(struct arena *arena, const struct site *site, const struct model *const *models, size_t count,
           struct diag *diag)
{
    struct checking checking = {
        .arena = arena,
        .diag = diag,
        .site = site,
        .models = models,
        .model_count = count,
        .whole = find_whole(arena, models, count, diag),
        .told = diag->count,
    };
    size_t i;

    for (i = 0; i < count; i++) {
        checking.model = models[i];
        run_all(router_checks, &checking);
    }
    checking.model = NULL;
    if (count > 1)
        run_all(site_checks, &checking);
}
