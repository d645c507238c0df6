/* lower.h - what the features of the lowering share. */
#ifndef SEILC_LOWER_H
#define SEILC_LOWER_H

#include "plan.h"

struct lower_feature;

struct lowering {
    struct arena *arena;
    const struct site *site;
    const struct site_router *router;
    const struct model *model;
    struct ledger *ledger;
    struct diag *diag;
    struct plan *plan;
    const struct lower_feature *feature;    /* the one at work */
    /* By key: its feature; the switch of the service that it is part of, once looked up. */
    const struct lower_feature **by_key;
    const struct key_def **services;
    /*
     * By place in model->interfaces: place in plan->links or plan->clients + 1
     * (0: none); does anything lead into that tunnel; the default route that it learns, by
     * family.
     */
    size_t *link_of, *client_of;
    bool *carries4, *carries6;
    const struct route **learned[2];
    size_t first_tunnel;                    /* place, since interfaces are in order of kind */
    bool has_default[2];                    /* by family: a default route that leads somewhere */
    const struct node **by_entry;           /* all nodes, entry by entry; NULL: not yet sorted */
};

/*
 * One feature: the keys that it takes care of, and the function that lowers them.  Keys that no
 * feature names are refused as not translated yet; the table in the README is made from this, so it
 * cannot go stale.
 */
struct lower_feature {
    const char *name;
    void (*lower)(struct lowering *lowering);
    const char *doc;         /* how it is done on Linux, one line for `explain` */
    const enum key_id *keys; /* ends with KEY_NONE */
};

/* In order of lowering: a feature sees the plan as those before it left it. */
extern const struct lower_feature lower_features[]; /* from feature_list.h; ends with a NULL name */

/* The feature that takes care of a key, or NULL. */
const struct lower_feature *lower_feature_of(enum key_id key);

#define FEATURE(name, doc) \
    void lower_##name(struct lowering *l); \
    extern const enum key_id lower_##name##_keys[];
#include "lower/feature_list.h"
#undef FEATURE

/* ---- origins and plain fields ---- */

/* The statements behind some settings; defaults have none. */
const struct origin *lower_from(struct lowering *l, const struct setting *settings, size_t count);

#define FROM(l, ...) \
    lower_from(l, (const struct setting[]){__VA_ARGS__}, \
               sizeof((const struct setting[]){__VA_ARGS__}) / sizeof(struct setting))

const struct origin *lower_join(struct lowering *l, const struct origin *a, const struct origin *b);

/* A number that is set when the config sets it; the same, and its default counts too. */
struct plan_number lower_written(struct lowering *l, struct setting setting);
struct plan_number lower_number(struct lowering *l, struct setting setting);
struct plan_flag lower_flag(struct lowering *l, struct setting setting);
/* An IPv4 or IPv6 address, prefix or network; its length is the full one for an address. */
struct plan_address lower_address(struct lowering *l, struct setting setting);
struct plan_ipv4 lower_ipv4(struct lowering *l, struct setting setting);
struct plan_text lower_text(struct lowering *l, struct setting setting);

/* The network of a prefix: host bits zero. */
struct in_addr lower_mask4(struct in_addr address, unsigned len);
struct in6_addr lower_mask6(const struct in6_addr *address, unsigned len);

/* One more item at the end of an array of the plan, zeroed. */
void *lower_grow(struct arena *arena, void *items, size_t count, size_t size);

#define LOWER_ADD(l, array, count) \
    ((array) = lower_grow((l)->arena, (array), (count), sizeof(*(array))), &(array)[(count)++])

/* Quadratic comparisons look at no more than this: a SEIL takes fewer entries. */
enum { LOWER_COMPARE_MAX = 512 };

/* ---- links ---- */

/* The Linux link that plays an interface; NULL without one, or of an untranslated kind. */
const char *lower_link(struct lowering *l, const struct interface *interface);

/* Why an interface has no link: "vlan interfaces are not translated yet". */
const char *lower_no_link(struct lowering *l, const struct interface *interface);

/* An interface in the plan, or NULL. */
struct plan_link *lower_find_link(struct lowering *l, const struct interface *interface);

/* The dhcpcd client on an interface, made when it is not there yet. */
struct plan_client *lower_client(struct lowering *l, const struct interface *interface);

/* The same, or NULL. */
struct plan_client *lower_find_client(struct lowering *l, const struct interface *interface);

/* MSS rules of an interface. */
void lower_mss(struct lowering *l, const struct interface *interface);

/* Gives a port a link-local address of its own that needs no carrier (K1), and returns it. */
struct in6_addr lower_link_local(struct lowering *l, const struct interface *interface,
                                 const struct origin *from);

/* The lender of an unnumbered tunnel, when it learns its IPv4 address by DHCP; else NULL. */
const struct interface *lower_learning_lender(const struct interface *tunnel);

/* The source of what leaves by a tunnel: its own or a borrowed address, else 169.254.0.1. */
struct plan_ipv4 lower_tunnel_source(struct lowering *l, const struct interface *tunnel);

/* ---- fates ---- */

/* Every statement of the outermost entry `group`.`index` that has no fate yet gets one. */
void lower_skip_entry(struct lowering *l, enum key_id group, uint32_t index, const char *format,
                      ...) __attribute__((format(printf, 4, 5)));
void lower_refuse_entry(struct lowering *l, enum finding_id id, enum key_id group, uint32_t index,
                        const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Every statement of the feature at work that has no fate yet has no effect. */
void lower_skip_feature(struct lowering *l, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* For a setting that the config makes; nothing for a default. */
void lower_skip(struct lowering *l, struct setting setting, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void lower_refuse(struct lowering *l, enum finding_id id, struct setting setting,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The finding `approximated`, and the same words as a remark in the ledger. */
void lower_approximate(struct lowering *l, struct setting setting, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
