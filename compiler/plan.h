/* plan.h - what Linux must do, in Linux's words. */
#ifndef SEILC_PLAN_H
#define SEILC_PLAN_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "diag.h"
#include "ledger.h"
#include "model.h"
#include "site.h"

/*
 * The plan is all that a backend sees.  Every decision on which two backends must agree is taken in lower/, once: names of
 * links, units and checks, which link carries what, times in the units given here.  Strings that come from a config are
 * marked `hostile`; a backend quotes them for its format.  Link names are checked (1 to 15 of [A-Za-z0-9_.-]) and addresses
 * are binary, so those can be printed as they are.  Arrays are in the order of output.
 * Each item carries the statements that caused it (`from`; see ledger.h), a number its own where it has its own line.
 */

struct plan_number {
    unsigned value;
    bool set;                       /* false: leave it to the daemon */
    const struct origin *from;      /* NULL: chosen by us or a default of the SEIL */
};

struct plan_flag {
    bool on;
    const struct origin *from;
};

struct plan_text {
    struct text text;               /* hostile */
    const struct origin *from;
};

struct plan_ipv4 { struct in_addr address; const struct origin *from; };
struct plan_ipv6 { struct in6_addr address; const struct origin *from; };
struct plan_ipv4_prefix { struct in_addr address; uint8_t len; const struct origin *from; };
struct plan_ipv6_prefix { struct in6_addr address; uint8_t len; const struct origin *from; };

/* An address of either family. */
struct plan_address {
    enum family family;
    union { struct in_addr ipv4; struct in6_addr ipv6; };
    uint8_t len;
    bool nodad;                     /* IPv6: no duplicate address detection */
    const struct origin *from;
};

/* ---- links: ports and the loopback; tunnels are below (links/NAME.batch, *.link, sysctl) ---- */

struct plan_link {
    const char *name;
    bool loopback;
    bool rename_by_mac;
    uint8_t mac[6];
    struct plan_number mtu;
    struct plan_address *addresses; /* static ones, the static link-local included */
    size_t address_count;
    bool static_link_local;         /* addrgenmode none: the link-local is among the addresses */
    bool client;                    /* dhcpcd runs here */
    const struct origin *from;      /* any statement that makes the link be there */
};

/* ---- tunnels: made by the run-time reconciler when the carrier's address is known, else by it at boot ---- */

/* What a tunnel carries inside what, in the words of runtime.conf (docs/runtime.md). */
enum plan_tunnel_mode {
    TUNNEL_IPIP6, TUNNEL_IP6IP6, TUNNEL_ANY6,   /* IPv4, IPv6, both inside IPv6: ip6tnl */
    TUNNEL_IPIP, TUNNEL_IP6IP, TUNNEL_ANY4,     /* IPv4 inside IPv4: ipip; IPv6, both inside IPv4: sit */
    TUNNEL_MODE_COUNT
};

extern const char *const plan_tunnel_modes[TUNNEL_MODE_COUNT];  /* "ipip6", ... */

struct plan_tunnel {
    const char *name;
    bool over_ipv6;
    enum plan_tunnel_mode mode;
    unsigned ttl;                   /* outer hop limit, 1 to 255 */
    const char *source_link;        /* local address follows this link; NULL: `source` */
    struct plan_address source;     /* when source_link is NULL */
    struct plan_address destination;
    const struct origin *source_from;
    struct plan_number mtu;         /* always set */
    struct plan_number tos;         /* set: this value; not set: 0 */
    bool tos_copy;                  /* copy the inner one */
    struct plan_address *addresses; /* inner ones; an unnumbered tunnel has none (see plan_route.prefsrc) unless nobody lends */
    size_t address_count;
    struct plan_ipv4 peer;          /* from NULL and 0.0.0.0: none */
    const struct origin *from;
};

/* ---- routes ---- */

enum plan_via { VIA_ADDRESS, VIA_LINK, VIA_BLACKHOLE, VIA_DHCP, VIA_RA };

struct plan_route {
    enum family family;
    struct plan_address destination;    /* len 0: the default route */
    enum plan_via via;
    struct plan_address gateway;    /* VIA_ADDRESS */
    const char *link;               /* VIA_LINK: the tunnel; VIA_DHCP, VIA_RA: the learning link; VIA_ADDRESS with a link-local gateway: the link or NULL */
    struct in_addr prefsrc;         /* VIA_LINK: the source of the router's own packets (unnumbered); 0: none */
    const char *prefsrc_link;       /* the same, when the lender learns its address: that of this link; else NULL */
    unsigned metric;                /* the SEIL distance, 1 to 254 */
    const struct origin *metric_from;
    const struct origin *from;
};

/* ---- client: dhcpcd ---- */

struct plan_client {
    const char *link;
    struct plan_flag dhcp4;
    struct plan_flag ra;            /* accept router advertisements */
    struct plan_flag ra_autoconf;   /* form addresses from them */
    struct plan_flag dhcp6;         /* run DHCPv6 */
    struct plan_flag dhcp6_address; /* ask for an address too (IA_NA) */
    struct plan_flag delegation;    /* ask for a prefix (IA_PD) */
    unsigned iaid;                  /* of the IA_PD */
    struct plan_flag rapid_commit;
    struct plan_flag reconf_accept;
    /*
     * dhcpcd itself installs the default routes that it learns.  When it may install only one of two, or the metrics
     * differ, both flags are off (`nogateway`) and plan.routes has VIA_DHCP or VIA_RA defaults for the reconciler.
     */
    struct plan_flag default4;      /* install the default route learned by DHCPv4 */
    struct plan_flag default6;      /* install the default route learned by RA */
    struct plan_number metric;      /* of both default routes; set when there is one */
    struct plan_ipv6 interface_id;  /* ra: low 64 bits; from NULL: none */
    struct plan_flag learn_dns;     /* resolv.conf uses servers learned here */
    const struct origin *from;
};

/* A subnet of the delegated prefix of `client`, given to `link` (which may be the same). */
struct plan_subnet {
    const char *client;
    unsigned iaid;
    const char *link;
    unsigned sla_id;
    const struct origin *sla_from;
    struct in6_addr interface_id;   /* low 64 bits */
    const struct origin *id_from;
    const struct origin *from;
};

/* ---- VRRP: keepalived ---- */

enum plan_check_kind { CHECK_ROUTE, CHECK_ECHO };

/* A condition that a script checks: `/usr/lib/seilc/check NAME`; its data is in runtime.conf. */
struct plan_check {
    const char *name;               /* ours: "route4-0", "echo-1", "upstream4" */
    enum plan_check_kind kind;
    struct plan_address target;     /* the route, or the host */
    const char *link;               /* ECHO of a link-local host: the link; else NULL */
    bool upstream;                  /* the readiness check of the deviation wait-for-upstream */
    unsigned interval;              /* s */
    unsigned timeout;               /* s */
    struct plan_number fall, rise;
    const struct origin *from;
};

struct plan_vrrp {
    const char *name;               /* ours: "vrouter-0": index in the config */
    enum family family;
    struct plan_number version;
    const char *link;
    const struct origin *link_from;
    struct plan_number vrid;
    struct plan_address address;    /* the virtual address */
    struct plan_number priority;
    struct plan_number interval;    /* s */
    struct plan_number delay;       /* s; preempt_delay and vrrp_startup_delay's share */
    struct plan_flag preempt;
    struct plan_flag virtual_mac;
    const char *vmac_link;          /* "vrrp4.1"; NULL without virtual MAC */
    const char *track_link;         /* NULL: none */
    const struct origin *track_from;
    const struct plan_check **checks;
    size_t check_count;
    bool decides_ra;                /* RA on `link` follows this instance */
    bool deprecates;                /* on leaving MASTER the prefixes of `link` are deprecated (ra-deprecate) */
    const struct origin *from;
};

/* ---- RA: radvd ---- */

struct plan_ra_prefix {
    struct plan_ipv6_prefix prefix;
    const char *base_link;          /* not NULL: ::/64 and Base6Interface, looked up for each RA */
    struct plan_number valid, preferred;    /* s; 0xffffffff: infinity */
    struct plan_flag autonomous, onlink;
};

struct plan_ra_item {
    struct plan_ipv6 address;       /* RDNSS */
    struct plan_text domain;        /* DNSSL */
    struct plan_number lifetime;    /* s */
};

struct plan_ra {
    const char *link;               /* the port of the LAN */
    const char *send_link;          /* where radvd sits: the vmac link or the port */
    const struct origin *link_from;
    bool from_virtual;              /* AdvRASrcAddress { virtual }: sends only while it is there */
    struct in6_addr source;         /* the virtual address, or own_source */
    const struct origin *source_from;
    struct in6_addr own_source;     /* the port's own static link-local */
    const char *instance;           /* plan_vrrp.name of the instance that decides; NULL: none */
    bool deprecates;                /* deviation ra-deprecate: an old prefix is said to be old, from own_source */
    struct plan_flag managed, other;
    struct plan_number max_interval, min_interval, hop_limit, mtu, reachable_time, retrans_timer, lifetime;
    struct plan_ra_prefix *prefixes;
    size_t prefix_count;
    struct plan_ra_item *dns;       /* each its own RDNSS, lifetimes may differ */
    size_t dns_count;
    struct plan_ra_item *domains;
    size_t domain_count;
    const struct origin *from;
};

/* ---- DHCPv4 server: Kea ---- */

struct plan_lease {
    uint8_t mac[6];
    const struct origin *mac_from;
    struct plan_ipv4 address;
};

/* A run of addresses to hand out. */
struct plan_pool { struct in_addr first, last; };

struct plan_dhcp4 {
    unsigned id;                    /* Kea's subnet id, from 1 */
    const char *link;
    const struct origin *link_from;
    struct in_addr listen;          /* the port's main address: "ge1/192.168.1.2" when it has several; 0: all */
    struct plan_ipv4_prefix subnet; /* network address */
    struct in_addr first, last;     /* the pool as configured */
    struct plan_pool *pools;        /* the same without the router's own and virtual addresses: what Kea may hand out */
    size_t pool_count;
    const struct origin *pool_from;
    struct plan_number valid_lifetime;      /* s */
    unsigned renew, rebind;         /* s; renew < rebind < valid */
    struct plan_ipv4 router;        /* always: the configured gateway, else the port's own address */
    struct plan_ipv4 *dns, *ntp, *wins;
    size_t dns_count, ntp_count, wins_count;
    struct plan_number wins_node;   /* NetBIOS node type: 1 b, 2 p, 4 m, 8 h (RFC 2132 8.7) */
    struct plan_text domain, wpad;  /* from NULL: none */
    struct plan_flag authoritative;
    struct plan_lease *leases;
    size_t lease_count;
    const struct origin *from;
};

/* ---- NAT: nftables ---- */

struct plan_napt {
    struct in_addr first, last;     /* private range */
    const struct origin *private_from;
    const char *link;               /* outside */
    const struct origin *link_from;
    struct plan_ipv4 global;        /* from NULL and 0: masquerade; else snat to it */
    struct plan_flag random_ports;
};

/* A prefix translation.  A learned external prefix is filled into the named map by the reconciler. */
struct plan_npt {
    unsigned index;                 /* from 0, in order: its position */
    const char *map;                /* ours: "npt0"; the maps are npt0_out and npt0_in */
    const char *link;               /* outside */
    const struct origin *link_from;
    struct plan_ipv6_prefix internal;
    struct plan_ipv6_prefix external;       /* when not learned */
    bool learned;                   /* internal is a /64; external is the /64 that DHCPv6 delegates to the outside link */
    bool masquerade;                /* on-link prefix (ndproxy): many-to-one instead (docs/pitfalls.md P1) */
    const struct origin *masquerade_from;
    const struct origin *from;
};

/* Conntrack timeouts of NAT sessions, in s; not set: the kernel's. */
struct plan_timeouts {
    struct plan_number tcp_syn_sent, tcp_established, udp, icmp, generic;
};

/* ---- TCP MSS: nftables clamps, iptables adds a missing option ---- */

struct plan_mss {
    enum family family;
    const char *link;
    unsigned mss;                   /* octets */
    const struct origin *from;
};

/* The links whose packets a rule on `link` must match: the port and its vmac links. */
struct plan_alias {
    const char *link;
    const char *vmac;
};

/* ---- system ---- */

struct plan_sysctl {
    const char *key;                /* "net.ipv4.ip_forward" */
    const char *value;
    const char *why;                /* a comment for the file */
    const struct origin *from;
};

struct plan_host {
    struct plan_text name;
    struct plan_address address;
};

struct plan_nameserver {
    struct plan_address address;
    bool learned4, learned6;        /* by DHCPv4 or DHCPv6 on `link`, in place of the address */
    const char *link;               /* a client; one item for each client that learns */
};

struct plan_ntp_server {
    struct plan_address address;
    struct plan_text name;          /* from NULL: the address */
    bool learned6;                  /* by DHCPv6 on `link` */
    const char *link;
    const struct origin *from;
};

struct plan_system {
    struct plan_text hostname;      /* from NULL: leave */
    const char *timezone;           /* "Asia/Tokyo"; NULL: leave */
    const struct origin *timezone_from;
    bool resolver;                  /* we own resolv.conf */
    struct plan_nameserver *nameservers;
    size_t nameserver_count;
    struct plan_text domain;
    struct plan_host *hosts;
    size_t host_count;
    bool chrony;
    struct plan_flag ntp_server;
    struct plan_ntp_server *ntp_servers;
    size_t ntp_server_count;
    const struct origin *resolver_from, *ntp_from;
};

/* ---- packages and daemons, from what the plan uses ---- */

enum plan_daemon {
    DAEMON_KEEPALIVED, DAEMON_RADVD, DAEMON_KEA, DAEMON_DHCPCD, DAEMON_CHRONY, DAEMON_NFTABLES, DAEMON_MSS, DAEMON_COUNT
};

struct plan {
    const char *router;
    enum target target;
    struct deviations deviations;
    struct plan_link *links;            size_t link_count;
    struct plan_tunnel *tunnels;        size_t tunnel_count;
    struct plan_route *routes;          size_t route_count;
    struct plan_client *clients;        size_t client_count;
    struct plan_subnet *subnets;        size_t subnet_count;
    struct plan_check *checks;          size_t check_count;
    struct plan_vrrp *vrrps;            size_t vrrp_count;
    struct plan_ra *ras;                size_t ra_count;
    struct plan_dhcp4 *dhcp4s;          size_t dhcp4_count;
    struct plan_napt *napts;            size_t napt_count;
    struct plan_npt *npts;              size_t npt_count;
    struct plan_timeouts timeouts;
    struct plan_mss *msss;              size_t mss_count;
    struct plan_alias *aliases;         size_t alias_count;
    struct plan_flag drop_redirects6;   /* send no ICMPv6 redirects: a rule, since the kernel has no setting for it */
    struct plan_sysctl *sysctls;        size_t sysctl_count;
    const char **modules;               size_t module_count;
    struct plan_system system;
    bool daemons[DAEMON_COUNT];         /* which ones this router runs */
};

/*
 * Lowers a model: fills the plan, and the ledger with what has no effect or is refused (findings not-translated,
 * cannot-express, approximated).  lower/ has one file for each feature; lower.c calls them by the table in lower/lower.h.
 */
void plan_lower(struct arena *arena, const struct site *site, const struct site_router *router, const struct model *model,
                struct ledger *ledger, struct diag *diag, struct plan *out);

/* Prints the plan as JSON, for tests (--dump=plan). */
void plan_dump(const struct plan *plan, FILE *out);

#endif
