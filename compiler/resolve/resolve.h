/* resolve.h - what the features of the resolution share. */
#ifndef SEILC_RESOLVE_H
#define SEILC_RESOLVE_H

#include "model.h"

struct resolving {
    struct arena *arena;
    const struct tree *tree;
    struct diag *diag;
    struct model *model;
    size_t told; /* findings that were there before */
};

/* Quadratic comparisons stop here: more entries are too-many-entries anyway. */
enum { RESOLVE_COMPARE_MAX = 512 };

/* The features, in the order in which model.c calls them. */
void resolve_interface(struct resolving *r); /* interfaces and their settings */
void resolve_dhcp6(struct resolving *r);
void resolve_tunnel(struct resolving *r); /* what tunnels refer to */
void resolve_route(struct resolving *r);
void resolve_vrrp(struct resolving *r);
void resolve_ra(struct resolving *r);
void resolve_dhcp(struct resolving *r);
void resolve_nat(struct resolving *r);
void resolve_system(struct resolving *r);
void resolve_option(struct resolving *r);

/* One setting of an entry: its key, and where in the entry's struct it goes. */
struct resolve_field {
    enum key_id key;
    size_t offset;
};

#define RESOLVE_FIELD(type, member, key) {KEY_##key, offsetof(struct type, member)}

/* Gets `count` settings of the entry with these indexes into `object`. */
void resolve_fields(struct resolving *r, const struct resolve_field *fields, size_t count,
                    const uint32_t *index, void *object);

#define RESOLVE_FIELDS(r, fields, index, object) \
    resolve_fields(r, fields, sizeof(fields) / sizeof((fields)[0]), index, object)

/* The setting `key` of each entry of a list under `parent` that has one.  Returns their count. */
size_t resolve_list(struct resolving *r, enum key_id group, enum key_id key, const uint32_t *parent,
                    struct setting **out);

/* What a reference needs of an interface, or-ed. */
enum need {
    NEED_LINK = 0,   /* the link alone: Ethernet ports are there without any configuration */
    NEED_CONFIG = 1, /* settings of its own */
    NEED_IPV4 = 2,   /* an IPv4 address, fixed or learned */
    NEED_IPV6 = 4,   /* an IPv6 address, fixed, learned or delegated */
};

/*
 * The interface that a setting names; NULL when the setting has no value.  Findings when it does
 * not exist or lacks what is needed; the interface is returned all the same.
 */
const struct interface *resolve_reference(struct resolving *r, struct setting setting,
                                          unsigned needs);

/*
 * Was there a finding before the resolution on a line that begins with `prefix`?  Then a finding
 * that something is missing there would only be its echo.  True also when there were very many
 * findings.
 */
bool resolve_was_told(const struct resolving *r, const char *prefix);

/* Adds conflicting-keys at the later of two settings, with a note at the earlier one. */
void resolve_conflict(struct resolving *r, struct setting first, struct setting second,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The low 64 bits alone may be set: adds bad-value otherwise. */
void resolve_interface_id(struct resolving *r, struct setting setting);

#endif
