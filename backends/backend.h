/* backend.h - what a backend is: a name, and a function from the plan to files. */
#ifndef SEILC_BACKEND_H
#define SEILC_BACKEND_H

#include "output.h"
#include "plan.h"

/*
 * A backend spells the plan for one daemon or tool.  It is one file with one row in list.h, sees
 * the plan alone, decides nothing that another backend must know, and quotes hostile strings with
 * its own function.  It makes no file when the plan has nothing for it.
 */
struct backend {
    const char *name; /* "keepalived"; translate -t NAME */
    const char *doc;  /* one line for --help */
    void (*emit)(const struct plan *plan, struct output *output);
};

extern const struct backend backends[]; /* from list.h; ends with a NULL name */

const struct backend *backend_find(const char *name);

/* Runs one backend, or all of them (NULL). */
void backend_emit(const struct backend *backend, const struct plan *plan, struct output *output);
void backend_emit_all(const struct plan *plan, struct output *output);

/* Address spellings that every format shares, into the output's arena. */
const char *spell_ipv4(struct arena *arena, struct in_addr address);
const char *spell_ipv6(struct arena *arena, const struct in6_addr *address);
const char *spell_address(struct arena *arena,
                          const struct plan_address *address); /* without length */
const char *spell_prefix(struct arena *arena,
                         const struct plan_address *address); /* with /length */
const char *spell_ipv4_prefix(struct arena *arena, const struct plan_ipv4_prefix *prefix);
const char *spell_ipv6_prefix(struct arena *arena, const struct plan_ipv6_prefix *prefix);
const char *spell_mac(struct arena *arena, const uint8_t mac[6]);

/*
 * The first line of a file with # comments: what it is, and that it is not the place for changes.
 */
void spell_header(struct output_file *file, const char *what);

/*
 * A hostile text as a domain name: labels of letters, digits, - and _ (RFC 1123 2.1 and what DNS-SD
 * adds), 63 octets each, 253 in all, a dot at the end allowed.  NULL when it is something else.
 */
const char *spell_domain(struct arena *arena, struct text text);

/*
 * The links whose packets a rule on `link` must match, itself first: forwarded packets of a LAN
 * arrive on its vmac links.
 */
size_t spell_links(const struct plan *plan, const char *link, struct arena *arena,
                   const char *const **out);

#define BACKEND(name, doc) void name##_emit(const struct plan *plan, struct output *output);
#include "list.h"
#undef BACKEND

#endif
