/* option.c - how the router as a whole treats packets: kernel settings. */
#include <string.h>

#include "lower.h"

const enum key_id lower_option_keys[] = {
    KEY_OPTION_IPV4_DIRECTED_BROADCAST_SERVICE,
    KEY_OPTION_IPV4_FRAGMENT_REQUEUEING_SERVICE,
    KEY_OPTION_IPV4_MONITOR_LINKSTATE_SERVICE,
    KEY_OPTION_IPV4_MULTIPATH_SELECTION_SERVICE,
    KEY_OPTION_IPV4_SEND_ICMP_REDIRECT_SERVICE,
    KEY_OPTION_IPV4_UPDATE_CONNECTED_ROUTE_SERVICE,
    KEY_OPTION_IPV6_FRAGMENT_REQUEUEING_SERVICE,
    KEY_OPTION_IPV6_MONITOR_LINKSTATE_SERVICE,
    KEY_OPTION_IPV6_SEND_ICMP_REDIRECT_SERVICE,
    KEY_OPTION_IPV6_UPDATE_CONNECTED_ROUTE_SERVICE,
    KEY_OPTION_IPV6_ROUTER_ADVERTISEMENT_FAST_SWITCH_SERVICE,
    KEY_NONE,
};

/* Kernel settings of every router.  S1, R10: vmac links come and go, and start from `default`. */
static const struct {
    const char *key, *value, *why;
} fixed[] = {
    {"net.ipv4.conf.all.forwarding", "1", "A router."},
    {"net.ipv4.conf.default.forwarding", "1", "A router."},
    {"net.ipv6.conf.all.forwarding", "1", "A router."},
    {"net.ipv6.conf.default.forwarding", "1", "A router."},
    /* K3. */
    {"net.ipv4.conf.all.arp_ignore", "1",
     "A link answers ARP for its own addresses alone; the IPv6 vmac link would for all."},
    {"net.ipv4.conf.all.rp_filter", "0",
     "What comes in by a vmac link is answered by the port; a SEIL has no such filter."},
    {"net.ipv4.conf.default.rp_filter", "0",
     "What comes in by a vmac link is answered by the port; a SEIL has no such filter."},
    {"net.ipv6.conf.default.accept_ra", "0",
     "Router advertisements are for the clients alone, and dhcpcd reads those itself."},
};

/* Settings that follow a switch. */
static const struct {
    size_t offset;
    const char *family;
    const char *name;
    const char *off, *on;
    const char *kernel; /* what it is without us */
    const char *why;
} switched[] = {
    {offsetof(struct options, redirect[0]), "ipv4", "send_redirects", "0", "1", "1",
     "ICMP redirects."},
    {offsetof(struct options, connected[0]), "ipv4", "ignore_routes_with_linkdown", "0", "1", "0",
     "Without carrier the connected routes of a port do not count."},
    {offsetof(struct options, connected[1]), "ipv6", "ignore_routes_with_linkdown", "0", "1", "0",
     "Without carrier the connected routes of a port do not count."},
    {offsetof(struct options, directed_broadcast), "ipv4", "bc_forwarding", "0", "1", "0",
     "Packets to the broadcast address of a connected network."},
};

static void
add_sysctl(struct lowering *l, const char *key, const char *value, const char *why,
           const struct origin *from)
{
    *LOWER_ADD(l, l->plan->sysctls, l->plan->sysctl_count) =
        (struct plan_sysctl){key, value, why, from};
}

/* Dots in a link's name would part it; sysctl.d(5) takes slashes in place of all dots. */
static const char *
link_key(struct lowering *l, const char *family, const char *link, const char *name)
{
    if (strchr(link, '.'))
        return arena_printf(l->arena, "net/%s/conf/%s/%s", family, link, name);
    return arena_printf(l->arena, "net.%s.conf.%s.%s", family, link, name);
}

static void
lower_switched(struct lowering *l)
{
    size_t i;

    for (i = 0; i < sizeof(switched) / sizeof(switched[0]); i++) {
        const struct setting *setting =
            (const void *)((const char *)&l->model->options + switched[i].offset);
        const char *value = setting_on(*setting) ? switched[i].on : switched[i].off;
        const struct origin *from = FROM(l, *setting);

        if (!setting->node && strcmp(value, switched[i].kernel) == 0)
            continue;
        /* The kernel ORs or ANDs `all` with the link's own value, which follows `default`. */
        add_sysctl(l, link_key(l, switched[i].family, "all", switched[i].name), value,
                   switched[i].why, from);
        add_sysctl(l, link_key(l, switched[i].family, "default", switched[i].name), value,
                   switched[i].why, from);
    }
}

/* D8: dhcpcd itself keeps the kernel from listening on its ports. */
static void
lower_accept_ra(struct lowering *l)
{
    size_t i;

    for (i = 0; i < l->plan->link_count; i++) {
        const struct plan_link *link = &l->plan->links[i];

        if (!link->client && !link->loopback)
            add_sysctl(
                l, link_key(l, "ipv6", link->name, "accept_ra"), "0",
                "Router advertisements are for the clients alone, and dhcpcd reads those itself.",
                link->from);
    }
}

/* ---- switches without a kernel setting ---- */

static void
lower_requeue(struct lowering *l, struct setting requeue)
{
    if (setting_on(requeue))
        lower_skip(l, requeue,
                   "connection tracking has all fragments together before it lets one pass");
    else
        lower_refuse(l, FINDING_CANNOT_EXPRESS, requeue,
                     "connection tracking has all fragments together before it lets one pass");
}

static void
lower_linkstate(struct lowering *l, struct setting linkstate)
{
    if (setting_on(linkstate))
        lower_refuse(l, FINDING_CANNOT_EXPRESS, linkstate,
                     "Linux takes packets for the address of a port whose link is down");
    else
        lower_skip(l, linkstate,
                   "Linux takes packets for the address of a port whose link is down");
}

/* The kernel has no setting for ICMPv6 redirects: a rule keeps them in where hosts may be. */
static void
lower_redirect6(struct lowering *l)
{
    struct setting redirect = l->model->options.redirect[FAMILY_IPV6];
    bool has_hosts = l->plan->ra_count > 0;
    size_t i;

    for (i = 0; i < l->plan->vrrp_count; i++)
        has_hosts |= l->plan->vrrps[i].family == FAMILY_IPV6;
    if (setting_on(redirect))
        lower_skip(l, redirect, "Linux sends ICMPv6 redirects by itself");
    else if (redirect.node || has_hosts)
        l->plan->drop_redirects6 = (struct plan_flag){true, FROM(l, redirect)};
}

static void
lower_fast_switch(struct lowering *l, struct setting fast_switch)
{
    if (setting_on(fast_switch))
        lower_refuse(l, FINDING_CANNOT_EXPRESS, fast_switch,
                     "dhcpcd follows RFC 4861: the older router stays");
    else
        lower_skip(l, fast_switch, "dhcpcd follows RFC 4861: the older router stays");
}

void
lower_option(struct lowering *l)
{
    const struct options *options = &l->model->options;
    size_t i;

    for (i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
        add_sysctl(l, fixed[i].key, fixed[i].value, fixed[i].why, NULL);
    lower_accept_ra(l);
    lower_switched(l);
    for (i = 0; i < 2; i++) {
        lower_requeue(l, options->requeue[i]);
        lower_linkstate(l, options->linkstate[i]);
    }
    lower_redirect6(l);
    lower_fast_switch(l, options->fast_switch);
    lower_refuse(l, FINDING_NOT_TRANSLATED, options->multipath,
                 "the choice between equal routes is not translated yet");
}
