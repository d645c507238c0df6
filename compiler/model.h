/* model.h - what a router is: interfaces, virtual routers, servers, NAT; names resolved to objects. */
#ifndef SEILC_MODEL_H
#define SEILC_MODEL_H

#include "arena.h"
#include "diag.h"
#include "tree.h"

/*
 * The model speaks SEIL's words and knows nothing of Linux.  Every field is a setting (its node, its value or default), or a
 * resolved pointer beside the setting that named it.  Arrays are in ascending order of their index in the config.
 * resolve/ has one file for each feature; model.c calls them in order, interfaces first.
 */

struct interface;
struct delegated_subnet;

/* One address of an interface: the main one or an alias. */
struct interface_address {
    struct setting address;         /* IPV4_PREFIX / IPV6_PREFIX, or KEYWORD dhcp, router-advertisement, dhcp6 */
};

struct interface {
    struct interface_name name;
    const char *text;               /* "ge0" */
    const struct node *first;       /* its first statement; NULL: only referenced */
    struct interface_address *ipv4; /* main address first */
    size_t ipv4_count;
    struct interface_address *ipv6;
    size_t ipv6_count;
    struct setting dhcp;            /* the address that says dhcp; no value: no DHCPv4 client here */
    struct setting ra;              /* the address that says router-advertisement */
    struct setting dhcp6;           /* the address that says dhcp6 */
    struct setting ra_interface_id;
    struct setting mtu;
    struct setting mss4, mss6;      /* SIZE, or KEYWORD auto, none */
    struct setting description;
    struct setting media;
    /* tunnel */
    struct setting source4, destination4, source6, destination6, aftr;
    struct setting inner4;          /* prefix, address, or interface to borrow from; none: ge1 lends */
    struct setting remote4;
    struct setting tos;
    const struct interface *source_interface;   /* of source4 or source6, if it names one */
    const struct delegated_subnet *delegated;   /* the first subnet that a running DHCPv6 client gives it; NULL: none */
    const struct interface *lender;             /* unnumbered: whose IPv4 address is borrowed; NULL: numbered, or no lender */
};

enum family { FAMILY_IPV4, FAMILY_IPV6 };

struct route {
    enum family family;
    uint32_t index;
    struct setting destination;     /* network or KEYWORD default */
    struct setting gateway;         /* address, interface, or KEYWORD dhcp, router-advertisement, discard */
    struct setting distance;
    struct setting ra_interface;
    const struct interface *interface;  /* gateway interface; for router-advertisement and dhcp: the learning one; else NULL */
};

struct delegated_subnet {
    uint32_t index;
    struct setting subnet, sla_id, interface_id;
    const struct interface *interface;
};

struct dhcp6_client {
    uint32_t index;
    struct setting interface_name;
    const struct interface *interface;
    struct setting force;
    struct delegated_subnet *subnets;
    size_t subnet_count;
};

struct static_lease {
    uint32_t index;
    struct setting mac, address;
};

struct dhcp_server {
    uint32_t index;
    struct setting interface_name;
    const struct interface *interface;
    struct setting pool_address, pool_count, expire, expire_detail, gateway, domain, ignore_unknown_request;
    struct setting *dns, *ntp, *wins;
    size_t dns_count, ntp_count, wins_count;
    struct setting wins_node, wpad;
    struct setting external_url, external_interval;
    struct static_lease *leases;
    size_t lease_count;
};

struct advertised_prefix {
    uint32_t index;
    struct setting prefix;          /* IPV6_NETWORK or KEYWORD auto */
    struct setting valid_lifetime, preferred_lifetime, autonomous, onlink;
};

struct advertised_item { struct setting value, lifetime; };     /* an RDNSS address or a DNSSL domain */

struct vrouter;

struct advertiser {
    uint32_t index;
    struct setting interface_name;
    const struct interface *interface;
    const struct vrouter *tied_to;  /* sends only while this one is MASTER (smallest vrid, v3, IPv6); NULL: always */
    struct setting curhoplimit, managed, other, max_interval, min_interval, mtu, reachable_time, retrans_timer, router_lifetime;
    struct advertised_prefix *prefixes;
    size_t prefix_count;
    struct advertised_item *dns, *domains;
    size_t dns_count, domain_count;
};

struct vrouter {
    uint32_t index;
    enum family family;
    struct setting version, interface_name, vrid, address, priority, preempt, virtual_mac, delay, interval;
    const struct interface *interface;
    struct setting watch_interface_name, watch_keepalive, watch_dead, watch_alive, watch_route;
    const struct interface *watch_interface;
};

struct napt {
    uint32_t index;
    struct setting private, interface_name, global;     /* global: own, else nat.ipv4.napt.global, else none */
    const struct interface *interface;
};

/* nat.ipv6.[]: prefix translation. */
struct nat6 {
    uint32_t index;
    struct setting type, interface_name, internal, external, ndproxy;
    const struct interface *interface;
};

struct nat_timeouts { struct setting any, tcp_synonly, tcp_established, udp, icmp; };

struct host_entry { struct setting hostname, address; };

/* option.ipv4.* and option.ipv6.*; [0] IPv4, [1] IPv6. */
struct options {
    struct setting requeue[2], linkstate[2], redirect[2], connected[2];
    struct setting directed_broadcast, multipath, fast_switch;
};

struct model {
    const char *router;             /* its name in the site, or the stem of the config's file name */
    const struct tree *tree;
    struct interface *interfaces;   /* configured or referenced; in order of kind, then unit */
    size_t interface_count;
    struct route *routes;
    size_t route_count;
    struct setting dhcp6_service, rapid_commit, reconf_accept;
    struct dhcp6_client *dhcp6_clients;
    size_t dhcp6_client_count;
    struct setting dhcp_service;
    struct dhcp_server *dhcp_servers;
    size_t dhcp_server_count;
    struct setting ra_service;
    struct advertiser *advertisers;
    size_t advertiser_count;
    struct vrouter *vrouters;
    size_t vrouter_count;
    struct napt *napts;
    size_t napt_count;
    struct nat6 *nat6s;
    size_t nat6_count;
    struct nat_timeouts timeouts;
    struct setting napt_all_global; /* nat.ipv4.napt.global */
    struct setting port_assignment;
    struct setting hostname, timezone;
    struct setting resolver_service, resolver_domain, resolver_priority;
    struct setting *resolvers;
    size_t resolver_count;
    struct host_entry *hosts;
    size_t host_count;
    struct setting ntp_service, ntp_server;
    struct setting *ntp_clients;
    size_t ntp_client_count;
    struct options options;
};

/*
 * Resolves a tree.  Findings: unknown-interface (with the interfaces that exist), conflicting-keys, and what else makes a
 * reference meaningless.  The model is complete as far as the tree allows, even when there were findings.
 */
void model_resolve(struct arena *arena, const char *router, const struct tree *tree, struct diag *diag, struct model *out);

/* The interface of that name, or NULL. */
const struct interface *model_interface(const struct model *model, struct interface_name name);

/* The first fixed IPv4 address, the last fixed IPv6 address that is not link-local (SEIL's choice of a source); or NULL. */
const struct setting *interface_fixed4(const struct interface *interface);
const struct setting *interface_fixed6(const struct interface *interface);

/* Does it have addresses of that family, fixed or learned by itself?  (Not counting delegated ones.) */
bool interface_has(const struct interface *interface, enum family family);

/* Are the first `len` bits of two addresses equal? */
bool prefix_equal4(struct in_addr a, struct in_addr b, unsigned len);
bool prefix_equal6(const struct in6_addr *a, const struct in6_addr *b, unsigned len);

#endif
