/* compile.h - the way of the data: from the names of inputs to the files of each router, as far as a command wants. */
#ifndef SEILC_COMPILE_H
#define SEILC_COMPILE_H

#include "arena.h"
#include "diag.h"
#include "ledger.h"
#include "model.h"
#include "output.h"
#include "plan.h"
#include "site.h"
#include "tree.h"

/* How far to go.  Each stage needs all before it. */
enum stage {
    STAGE_TYPES,        /* each statement alone: syntax, keys, values */
    STAGE_MODEL,        /* references between statements */
    STAGE_PLAN,
    STAGE_FILES,
};

/* What the stages made of one router.  What a stage did not reach is empty. */
struct router {
    const struct site *site;
    const struct site_router *options;
    const struct source *source;    /* NULL: could not be read */
    struct tree tree;
    struct model model;
    struct ledger ledger;
    struct plan plan;
    struct output output;
};

/* What the checks of compiler/check/ may say. */
enum check_scope {
    CHECK_NOT,          /* they do not run */
    CHECK_WARN,         /* what they find does not stop the output */
    CHECK_FULLY,
};

/* The text of a file, to be taken in place of what is on the disk. */
struct overlay {
    const char *name;
    struct text text;
};

struct compile_options {
    enum stage stage;
    enum check_scope checks;
    bool partial;                   /* refused statements are warnings */
    const struct lint_rules *rules;      /* of the .seilc.yaml above the inputs; with rules_known unset it is looked for */
    bool rules_known;
    const char *const *sets;        /* --set [ROUTER:]KEY=VALUE */
    size_t set_count;
    const char *const *interfaces;  /* --interface [ROUTER:]SEIL=LINUX */
    size_t interface_count;
    const struct backend *backend;  /* NULL: all */
    enum target target;             /* for inputs that are no site file */
    bool target_given;              /* it overrides that of site files too */
    const struct overlay *overlays;
    size_t overlay_count;
};

struct compilation {
    struct arena arena;
    struct diag diag;
    struct site *sites;
    size_t site_count;
    struct router *routers;         /* of all sites, in order */
    size_t router_count;
    bool unsure;                    /* an error was found that keeps checks from finding more */
};

/*
 * Compiles configs and site files ("-": standard input, a config).  Never stops at a finding: every input goes through as
 * many stages as make sense for it.  Free with compile_free().
 */
void compile(const struct compile_options *options, const char *const *inputs, size_t count, struct compilation *out);
void compile_free(struct compilation *compilation);

/* 0: no finding of severity error, 1: some, 2: an input or output could not be used at all (cannot-read and its like). */
int compile_status(const struct compilation *compilation);
int compile_diag_status(const struct diag *diag);

#endif
