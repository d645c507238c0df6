/* facts.h - what checks ask about routers, and how they report. */
#ifndef SEILC_CHECK_FACTS_H
#define SEILC_CHECK_FACTS_H

#include "check.h"
#include "net.h"

/* Quadratic comparisons stop here. */
enum { CHECK_COMPARE_MAX = 512 };

/* ---- reporting ---- */

/* Where a setting stands; a default stands where `otherwise` does. */
struct place place_of(struct setting setting, struct setting otherwise);

/* Adds a finding; check_add_as() one that is no graver than `most`. */
struct finding *check_add(const struct checking *c, enum finding_id id, struct place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
struct finding *check_add_as(const struct checking *c, enum finding_id id, enum severity most, struct place place,
                             const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Did reading and resolving the router find no error?  Only then does a check know that something is not there. */
bool check_whole(const struct checking *c, const struct model *model);

/* Addresses in words, into the arena. */
const char *words4(const struct checking *c, uint32_t address);               /* 192.0.2.1 */
const char *words_range4(const struct checking *c, struct range4 range);      /* 192.0.2.1-192.0.2.9 */
const char *words_net4(const struct checking *c, const struct value *prefix); /* 192.0.2.0/24 */
const char *words6(const struct checking *c, const struct in6_addr *address);
const char *words_net6(const struct checking *c, const struct in6_addr *address, unsigned len);
/* "10 min", "1200 s": a time as people say it. */
const char *words_time(const struct checking *c, uint64_t seconds);
/* The value of a setting as a config spells it. */
const char *words(const struct checking *c, struct setting setting);

/* ---- interfaces ---- */

bool is_interface(struct setting setting); /* does it name one? */

/* The fixed address of the interface in whose subnet `address` lies; NULL: none. */
const struct setting *subnet4(const struct interface *interface, struct in_addr address);
const struct setting *subnet6(const struct interface *interface, const struct in6_addr *address);

/* Is `address` one of its own fixed ones?  The setting, or NULL. */
const struct setting *own4(const struct interface *interface, struct in_addr address);
const struct setting *own6(const struct interface *interface, const struct in6_addr *address);

/* Whatever carries its packets: of a tunnel the interface whose address it starts from, of a PPPoE link its Ethernet
 * port, else itself.  NULL: not known. */
const struct interface *carrier_of(const struct model *model, const struct interface *interface);

/* ---- routes ---- */

bool is_default(const struct route *route);
bool is_discard(const struct route *route);
/* May it ever be used: not discard, distance below 255? */
bool is_live(const struct route *route);
/* By which interface it leaves; NULL: not known. */
const struct interface *leaves_by(const struct model *model, const struct route *route);
/* The live default route of the smallest distance; NULL: none. */
const struct route *default_route(const struct model *model, enum family family);
/* Does the router run a routing protocol, which may bring any route? */
bool has_dynamic_routes(const struct model *model);

/* ---- lines and LANs ---- */

/* Does it learn its address from a provider, or does a default route leave by it or by what it carries?  (Not where it
 * serves hosts: a default route through the LAN's other router is a last resort.) */
bool is_line(const struct model *model, const struct interface *interface);
/* Does it learn from a provider, by itself or in a PPPoE session over it? */
bool learns_from_provider(const struct model *model, const struct interface *interface);
/* An Ethernet, VLAN or bridge interface with fixed or delegated addresses that is no line, or has a virtual router. */
bool is_lan(const struct model *model, const struct interface *interface);

/* The running server, advertiser of an interface; NULL: none. */
const struct dhcp_server *server_of(const struct model *model, const struct interface *interface);
const struct advertiser *advertiser_of(const struct model *model, const struct interface *interface);
/* The first virtual router of that family there; NULL: none. */
const struct vrouter *vrouter_of(const struct model *model, const struct interface *interface, enum family family);
/* The one with that virtual address there; NULL: none. */
const struct vrouter *vrouter_with(const struct model *model, const struct interface *interface,
                                   struct in_addr address);

/* The prefixes that an advertiser announces: one for each address of an `auto`, or the prefix as written. */
struct announced {
    const struct advertised_prefix *entry;
    struct setting from;     /* the address, delegation or prefix setting that gives it */
    bool delegated;          /* or learned: not known before the provider says it */
    struct in6_addr address; /* when known */
    unsigned len;
};
size_t announced_by(const struct checking *c, const struct model *model, const struct advertiser *advertiser,
                    struct announced **out);

/* Seconds; INFINITE for infinity. */
static const uint64_t INFINITE = 0xffffffff;
uint64_t lifetime(struct setting setting, uint64_t otherwise);
uint64_t max_interval(const struct advertiser *advertiser);

/* ---- the routers of a site ---- */

/* Two routers and their interfaces on one LAN; `b` stands later in the site file. */
struct lan {
    const struct model *a, *b;
    const struct interface *on_a, *on_b;
};

/* Calls `run` for each LAN that two routers share; `with` is handed through. */
void each_lan(const struct checking *c, void (*run)(const struct checking *c, const struct lan *lan, const void *with),
              const void *with);

/* The interface of `other` on the LAN of `interface`; NULL: none. */
const struct interface *same_lan(const struct model *model, const struct interface *interface,
                                 const struct model *other);

/* Is there another router in the site that shares this LAN? */
bool has_peer(const struct checking *c, const struct interface *interface);

/* Is this virtual router the last of the site: does every other router have a higher priority for the same address, and
 * would it take over again (preempt)?  False when there is no other. */
bool is_last(const struct checking *c, const struct vrouter *vrouter);

#endif
