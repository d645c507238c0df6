/* check.h - the findings about what a config means: one function and one table row each. */
#ifndef SEILC_CHECK_H
#define SEILC_CHECK_H

#include "../model.h"
#include "../site.h"

/* What a check sees: one router, or all routers of a site. */
struct checking {
    struct arena *arena;
    struct diag *diag;
    const struct site *site;
    const struct model *model;          /* the router under check; NULL for a check of the site */
    const struct model *const *models;  /* all routers of the site that could be read */
    size_t model_count;
    const bool *whole;                  /* for each of models: reading it found no error, so nothing only seems missing */
    size_t told;                        /* findings before the checks */
};

/*
 * One check adds findings of one name.  Its name, severity and one-line summary are its row in finding_list.h; its page is
 * docs/findings/NAME.md.
 */
struct check {
    enum finding_id id;
    const char *feature;                        /* "vrrp": the file in check/ that holds it */
    void (*run)(const struct checking *checking);
};

extern const struct check router_checks[];      /* run for each router; ends with a NULL run */
extern const struct check site_checks[];        /* run once for a site of two or more routers */

/* The feature of the check that adds a finding; NULL if it does not come from a check. */
const char *check_feature(enum finding_id id);

/* Runs all checks over the routers of one site. */
void check_site(struct arena *arena, const struct site *site, const struct model *const *models, size_t count,
                struct diag *diag);

#endif
