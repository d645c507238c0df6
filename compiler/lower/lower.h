/* lower.h - what the features of the lowering share. */
#ifndef SEILC_LOWER_H
#define SEILC_LOWER_H

#include "plan.h"

struct lowering {
    struct arena *arena;
    const struct site *site;
    const struct site_router *router;
    const struct model *model;
    struct ledger *ledger;
    struct diag *diag;
    struct plan *plan;
};

/*
 * One feature: the keys that it takes care of, and the function that lowers them.  Keys that no feature names are refused as
 * not translated yet; the table in the README is made from this, so it cannot go stale.
 */
struct lower_feature {
    const char *name;
    void (*lower)(struct lowering *lowering);
    const char *doc;                /* how it is done on Linux, one line for `explain` */
    const enum key_id *keys;        /* ends with KEY_NONE */
};

/* In order of lowering: a feature sees the plan as those before it left it. */
extern const struct lower_feature lower_features[];     /* ends with a NULL name */

/* The feature that takes care of a key, or NULL. */
const struct lower_feature *lower_feature_of(enum key_id key);

#endif
