/*
 * site.h - the site file: which routers there are, their Linux names, and the choices that no SEIL
 * config can hold.
 */
#ifndef SEILC_SITE_H
#define SEILC_SITE_H

#include "arena.h"
#include "diag.h"
#include "rules.h"
#include "source.h"
#include "tree.h"

enum target { TARGET_DEBIAN12, TARGET_DEBIAN13 };

/* A SEIL interface and the Linux link that plays it. */
struct interface_mapping {
    struct interface_name seil;
    const char *linux_name;         /* 1 to 15 characters of [A-Za-z0-9_.-] */
    bool by_mac;                    /* rename the port with this MAC to linux_name */
    uint8_t mac[6];
    struct place place;
};

/* Where the output goes beyond what a SEIL does (docs/deviations.md); all on by default. */
struct deviations {
    bool ra_deprecate;
    bool wait_for_upstream;
};

struct site_router {
    const char *name;               /* 1 to 63 of [a-z0-9-]; names its output directory */
    const char *config;             /* path of its config, as to be opened */
    const char *label;              /* its config as the site file names it */
    struct place config_place;
    struct interface_mapping *mappings;
    size_t mapping_count;
    struct override *overrides;
    size_t override_count;
};

struct site {
    const char *name;
    enum target target;
    struct deviations deviations;
    struct lint_rules lint;              /* its `lint:` section */
    struct site_router *routers;    /* in order of the file */
    size_t router_count;
};

/*
 * Reads a site file (YAML, libyaml).  Strict: an unknown or repeated key, an alias, an anchor, a
 * tag, a second document, a nesting deeper than 8 or more than 100,000 events are findings with
 * their place (bad-site).  A `config:` path is relative to the site file and must stay below its
 * directory, also after symbolic links are followed; one that is not there is cannot-read.  What
 * has an error is left out; `out` is safe to use whatever was found.
 */
void site_parse(struct arena *arena, const struct source *source, struct diag *diag,
                struct site *out);

/* A site of the one router whose config that is; the router is named after the file. */
void site_of_config(struct arena *arena, const char *path, struct site *out);

/*
 * Is this input a site file rather than a config?  By its name's ending (.yaml, .yml), or the first
 * key of its text.
 */
bool site_looks_like(const struct source *source);

/*
 * Adds `--set KEY=VALUE` and `--interface SEIL=LINUX` to a router, or to all when router is NULL.
 * LINUX may be a name, mac:02:... or both with a comma between them.  What the site file says about
 * the same key or interface gives way.
 */
void site_add_override(struct arena *arena, const struct source *option, const char *router,
                       struct diag *diag, struct site *site);
void site_add_mapping(struct arena *arena, const struct source *option, const char *router,
                      struct diag *diag, struct site *site);

/*
 * The last look, after all options were added: two interfaces of a router with the same Linux name
 * or MAC (bad-site at the later place with a note at the other one; bad-option when the later is
 * an option).
 */
void site_check(const struct site *site, struct diag *diag);

/* The Linux name of a SEIL interface on a router: its mapping, else its own name. */
const char *site_linux_name(struct arena *arena, const struct site_router *router,
                            struct interface_name name);

#endif
