/* nat.c - NAPT for IPv4, prefix translation for IPv6, and how long their sessions last. */
#include "lower.h"

const enum key_id lower_nat_keys[] = {
    KEY_NAT_IPV4_NAPT_PRIVATE,
    KEY_NAT_IPV4_NAPT_INTERFACE,
    KEY_NAT_IPV4_NAPT_GLOBAL,
    KEY_NAT_IPV4_NAPT_ALL_GLOBAL,
    KEY_NAT_IPV4_TIMEOUT,
    KEY_NAT_IPV4_TIMEOUT_TCP_SYNONLY,
    KEY_NAT_IPV4_TIMEOUT_TCP_ESTABLISHED,
    KEY_NAT_IPV4_TIMEOUT_UDP,
    KEY_NAT_IPV4_TIMEOUT_ICMP,
    KEY_NAT_IPV4_OPTION_PORT_ASSIGNMENT,
    KEY_NAT_IPV6_TYPE,
    KEY_NAT_IPV6_INTERFACE,
    KEY_NAT_IPV6_INTERNAL,
    KEY_NAT_IPV6_EXTERNAL,
    KEY_NAT_IPV6_NDPROXY,
    KEY_NONE,
};

/* ---- NAPT ---- */

static void
set_private(struct lowering *l, const struct napt *source, struct plan_napt *out)
{
    const struct value *value = source->private.value;

    out->private_from = FROM(l, source->private);
    if (value->type == TYPE_IPV4_RANGE) {
        out->first = value->ipv4_range.first;
        out->last = value->ipv4_range.last;
    } else {
        out->first = out->last = value->ipv4.address;
    }
}

/*
 * The address to translate to: the configured one, else that of the interface.  N10: a fixed one by
 * snat, so that sessions live on while the address is away; a learned one by masquerade.  False
 * when Linux could not tell which it is.
 */
static bool
set_global(struct lowering *l, const struct napt *source, struct plan_napt *out)
{
    const struct interface *interface = source->interface;
    const struct setting *fixed;

    if (source->global.value) {
        out->global = lower_ipv4(l, source->global);
        ledger_remark(
            l->ledger, source->global.node,
            "packets to it that belong to no session are not swallowed, as they are on a SEIL");
        return true;
    }
    if (interface->name.kind == KIND_TUNNEL) {
        if (lower_learning_lender(interface))
            return false;
        out->global = lower_tunnel_source(l, interface);
        return true;
    }
    fixed = interface_fixed4(interface);
    if (fixed && fixed == &interface->ipv4[0].address)
        out->global = lower_ipv4(l, *fixed);
    return true;
}

static void
set_ports(struct lowering *l, struct plan_napt *out)
{
    struct setting choice = l->model->port_assignment;

    if (setting_is(choice, "random"))
        out->random_ports = (struct plan_flag){true, FROM(l, choice)};
    else if (setting_is(choice, "auto"))
        lower_skip(l, choice, "Linux keeps the source port when it is free, too");
    else
        lower_refuse(l, FINDING_CANNOT_EXPRESS, choice,
                     "nftables chooses ports near the old one, or at random");
}

static void
add_napt(struct lowering *l, const struct napt *source, const char *link)
{
    struct plan_napt out = {.link = link, .link_from = FROM(l, source->interface_name)};

    if (!set_global(l, source, &out)) {
        lower_refuse_entry(l, FINDING_CANNOT_EXPRESS, KEY_NAT_IPV4_NAPT, source->index,
                           "%s borrows an address that %s learns by DHCP, and nftables could not "
                           "know it: expected "
                           "global here",
                           source->interface->text, source->interface->lender->text);
        return;
    }
    set_private(l, source, &out);
    set_ports(l, &out);
    *LOWER_ADD(l, l->plan->napts, l->plan->napt_count) = out;
}

/* The address for all entries that have none of their own. */
static void
skip_unused_global(struct lowering *l)
{
    struct setting global = l->model->napt_all_global;
    size_t i;

    for (i = 0; i < l->plan->napt_count; i++)
        if (l->plan->napts[i].global.from && l->plan->napts[i].global.from->node == global.node)
            return;
    lower_skip(l, global, "no NAPT entry uses it");
}

static void
lower_napt(struct lowering *l)
{
    size_t i;

    for (i = 0; i < l->model->napt_count; i++) {
        const struct napt *napt = &l->model->napts[i];
        const char *link = lower_link(l, napt->interface);

        if (!napt->private.value || !napt->interface)
            lower_skip_entry(l, KEY_NAT_IPV4_NAPT, napt->index, "the entry is not complete");
        else if (!link)
            lower_refuse_entry(l, FINDING_NOT_TRANSLATED, KEY_NAT_IPV4_NAPT, napt->index, "%s",
                               lower_no_link(l, napt->interface));
        else
            add_napt(l, napt, link);
    }
    skip_unused_global(l);
}

/* ---- sessions ---- */

/* The timeout of a kind of session: its own, else the common one when that is written. */
static struct plan_number
pick_timeout(struct lowering *l, struct setting own)
{
    return own.node ? lower_number(l, own) : lower_written(l, l->model->timeouts.any);
}

/*
 * Written timeouts alone: what a SEIL does without them is known of old models only.  The common
 * one is not that of half-open TCP sessions, which would be far too long.
 */
static void
lower_timeouts(struct lowering *l)
{
    const struct nat_timeouts *source = &l->model->timeouts;
    struct plan_timeouts *out = &l->plan->timeouts;

    out->tcp_syn_sent = lower_written(l, source->tcp_synonly);
    out->tcp_established = pick_timeout(l, source->tcp_established);
    out->udp = pick_timeout(l, source->udp);
    out->icmp = lower_written(l, source->icmp);
    out->generic = lower_written(l, source->any);
}

static void
skip_sessions(struct lowering *l)
{
    const struct nat_timeouts *timeouts = &l->model->timeouts;
    const struct setting settings[] = {
        timeouts->any, timeouts->tcp_synonly, timeouts->tcp_established,
        timeouts->udp, timeouts->icmp,        l->model->port_assignment};
    size_t i;

    for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
        lower_skip(l, settings[i], "no NAPT is configured");
}

/* ---- prefix translation ---- */

/* Is a prefix one that is on the link of the interface, for all that the config says? */
static bool
is_on_link(const struct interface *interface, const struct value *prefix)
{
    size_t i;

    for (i = 0; i < interface->ipv6_count; i++) {
        const struct value *own = interface->ipv6[i].address.value;

        if (own->type == TYPE_IPV6_PREFIX && own->ipv6.len <= prefix->ipv6.len &&
            prefix_equal6(&own->ipv6.address, &prefix->ipv6.address, own->ipv6.len))
            return true;
    }
    return false;
}

/*
 * The prefix of the outside interface when none is given: a delegated one, else that of its fixed
 * address, else a learned one.
 */
static void
set_external(struct lowering *l, const struct nat6 *source, struct plan_npt *out)
{
    const struct interface *interface = source->interface;
    const struct setting *fixed = interface_fixed6(interface);

    if (source->external.value) {
        out->external.address =
            lower_mask6(&source->external.value->ipv6.address, source->external.value->ipv6.len);
        out->external.len = source->external.value->ipv6.len;
        out->external.from = FROM(l, source->external);
        out->masquerade =
            setting_on(source->ndproxy) || is_on_link(interface, source->external.value);
    } else if (interface->delegated) {
        out->learned = true;
        out->external.len = 64;
    } else {
        out->masquerade = true;
        out->external.len = out->internal.len;
        if (fixed && !interface->ra.value) {
            out->external.len = fixed->value->ipv6.len;
            out->external.address =
                lower_mask6(&fixed->value->ipv6.address, fixed->value->ipv6.len);
            out->external.from = FROM(l, *fixed);
        }
    }
}

/* N3: nftables would take unequal lengths, and fold many subnets into one. */
static bool
lengths_fit(struct lowering *l, const struct nat6 *source, const struct plan_npt *out)
{
    if (out->masquerade || out->internal.len == out->external.len)
        return true;
    if (out->learned)
        lower_refuse_entry(l, FINDING_CANNOT_EXPRESS, KEY_NAT_IPV6, source->index,
                           "the learned prefix is a /64, and the internal one a /%u",
                           out->internal.len);
    else
        lower_refuse_entry(l, FINDING_CANNOT_EXPRESS, KEY_NAT_IPV6, source->index,
                           "the internal prefix is a /%u, and the external one a /%u",
                           out->internal.len, out->external.len);
    return false;
}

static void
add_npt(struct lowering *l, const struct nat6 *source, const char *link)
{
    struct plan_npt out = {
        .index = (unsigned)l->plan->npt_count,
        .map = arena_printf(l->arena, "npt%zu", l->plan->npt_count),
        .link = link,
        .link_from = FROM(l, source->interface_name),
        .from = FROM(l, source->type, source->interface_name, source->internal, source->external),
    };

    out.internal.address =
        lower_mask6(&source->internal.value->ipv6.address, source->internal.value->ipv6.len);
    out.internal.len = source->internal.value->ipv6.len;
    out.internal.from = FROM(l, source->internal);
    set_external(l, source, &out);
    if (!lengths_fit(l, source, &out))
        return;
    if (out.masquerade) {
        /* P1, P2: nobody would answer for translated addresses, and a proxy would answer for other
         * hosts, too. */
        out.from = out.masquerade_from = lower_join(l, out.from, FROM(l, source->ndproxy));
        lower_approximate(l, source->type,
                          "the external prefix is on the link of %s: many-to-one translation takes "
                          "the place of a "
                          "proxy, so hosts cannot be reached from outside",
                          source->interface->text);
    } else if (setting_on(source->ndproxy)) {
        lower_skip(l, source->ndproxy,
                   "the external prefix is delegated, so nobody asks for neighbours in it");
    } else {
        lower_skip(l, source->ndproxy, "no neighbour is answered for, as without this line");
    }
    *LOWER_ADD(l, l->plan->npts, l->plan->npt_count) = out;
}

static void
lower_nat6(struct lowering *l)
{
    size_t i;

    for (i = 0; i < l->model->nat6_count; i++) {
        const struct nat6 *nat6 = &l->model->nat6s[i];
        const char *link = lower_link(l, nat6->interface);

        if (!nat6->type.value || !nat6->internal.value || !nat6->interface)
            lower_skip_entry(l, KEY_NAT_IPV6, nat6->index, "the entry is not complete");
        else if (!setting_is(nat6->type, "transparent"))
            lower_refuse_entry(l, FINDING_CANNOT_EXPRESS, KEY_NAT_IPV6, nat6->index,
                               "what type ngn translates is not documented");
        else if (!link)
            lower_refuse_entry(l, FINDING_NOT_TRANSLATED, KEY_NAT_IPV6, nat6->index, "%s",
                               lower_no_link(l, nat6->interface));
        else
            add_npt(l, nat6, link);
    }
}

void
lower_nat(struct lowering *l)
{
    lower_napt(l);
    lower_nat6(l);
    if (l->plan->napt_count)
        lower_timeouts(l);
    else
        skip_sessions(l);
}
