/* tunnel.c - tunnels: what carries what, and the addresses at both ends. */
#include "lower.h"

const enum key_id lower_tunnel_keys[] = {
    KEY_INTERFACE_TUNNEL_IPV4_SOURCE,
    KEY_INTERFACE_TUNNEL_IPV4_DESTINATION,
    KEY_INTERFACE_TUNNEL_IPV6_SOURCE,
    KEY_INTERFACE_TUNNEL_IPV6_DESTINATION,
    KEY_INTERFACE_TUNNEL_IPV4_ADDRESS,
    KEY_INTERFACE_TUNNEL_IPV4_REMOTE,
    KEY_INTERFACE_TUNNEL_IPV6_ADDRESS,
    KEY_INTERFACE_TUNNEL_MTU,
    KEY_INTERFACE_TUNNEL_TX_TOS_SET,
    KEY_INTERFACE_TUNNEL_IPV4_TCP_MSS,
    KEY_INTERFACE_TUNNEL_IPV6_TCP_MSS,
    KEY_INTERFACE_TUNNEL_DESCRIPTION,
    KEY_NONE,
};

const char *const plan_tunnel_modes[TUNNEL_MODE_COUNT] = {
    [TUNNEL_IPIP6] = "ipip6", [TUNNEL_IP6IP6] = "ip6ip6", [TUNNEL_ANY6] = "any6",
    [TUNNEL_IPIP] = "ipip",   [TUNNEL_IP6IP] = "ip6ip",   [TUNNEL_ANY4] = "any4",
};

enum { OUTER_HOP_LIMIT = 64, TOS_MAX = 255 };

/* ---- unnumbered tunnels (sx4/doc/sa/tunnel/tunnel) ---- */

static bool
is_unnumbered(const struct interface *tunnel)
{
    return !tunnel->inner4.value || tunnel->inner4.value->type == TYPE_INTERFACE;
}

const struct interface *
lower_learning_lender(const struct interface *tunnel)
{
    const struct interface *lender = is_unnumbered(tunnel) ? tunnel->lender : NULL;

    if (!lender || !lender->dhcp.value || interface_fixed4(lender) == &lender->ipv4[0].address)
        return NULL;
    return lender;
}

struct plan_ipv4
lower_tunnel_source(struct lowering *l, const struct interface *tunnel)
{
    const struct setting *lent = tunnel->lender ? interface_fixed4(tunnel->lender) : NULL;

    if (!is_unnumbered(tunnel))
        return (struct plan_ipv4){tunnel->inner4.value->ipv4.address, FROM(l, tunnel->inner4)};
    if (lent)
        return (struct plan_ipv4){lent->value->ipv4.address, FROM(l, tunnel->inner4, *lent)};
    /* 169.254.0.1 when the lender has none. */
    return (struct plan_ipv4){{htonl(0xa9fe0001)}, FROM(l, tunnel->inner4)};
}

/* ---- payload ---- */

/*
 * What the config has no use for stays outside: a tunnel that carries less accepts less from the
 * other end.
 */
static enum plan_tunnel_mode
find_mode(const struct lowering *l, const struct interface *tunnel, bool over_ipv6)
{
    size_t place = (size_t)(tunnel - l->model->interfaces);
    bool ipv6 = tunnel->ipv6_count || l->carries6[place];
    bool ipv4 = tunnel->inner4.value || l->carries4[place];

    if (ipv4 && ipv6)
        return over_ipv6 ? TUNNEL_ANY6 : TUNNEL_ANY4;
    if (ipv6)
        return over_ipv6 ? TUNNEL_IP6IP6 : TUNNEL_IP6IP;
    return over_ipv6 ? TUNNEL_IPIP6 : TUNNEL_IPIP;
}

static bool
carries_ipv4(enum plan_tunnel_mode mode)
{
    return mode != TUNNEL_IP6IP6 && mode != TUNNEL_IP6IP;
}

/* ---- ends ---- */

/*
 * The fixed address that a source interface lends to the outer header, or NULL when it is learned
 * (T2).
 */
static const struct setting *
fixed_source(const struct interface *source, bool over_ipv6)
{
    const struct setting *fixed;

    if (!over_ipv6) {
        fixed = interface_fixed4(source);
        return fixed && fixed == &source->ipv4[0].address ? fixed : NULL;
    }
    if (source->ra.value || source->dhcp6.value || source->delegated)
        return NULL;
    return interface_fixed6(source);
}

static void
set_source(struct lowering *l, const struct interface *tunnel, struct plan_tunnel *out)
{
    struct setting source = out->over_ipv6 ? tunnel->source6 : tunnel->source4;
    const struct setting *fixed;

    out->source_from = FROM(l, source);
    if (source.value->type != TYPE_INTERFACE) {
        out->source = lower_address(l, source);
        return;
    }
    fixed = fixed_source(tunnel->source_interface, out->over_ipv6);
    if (fixed) {
        out->source = lower_address(l, *fixed);
        out->source.len = out->over_ipv6 ? 128 : 32;
        out->source_from = FROM(l, source, *fixed);
        return;
    }
    out->source_link = lower_link(l, tunnel->source_interface);
    /* T4. */
    ledger_remark(l->ledger, source.node,
                  "the tunnel follows this address; a provider that wants to be told of a new one "
                  "needs a call that neither a SEIL nor seilc makes");
}

static void
add_address(struct lowering *l, struct plan_tunnel *out, struct plan_address address)
{
    *LOWER_ADD(l, out->addresses, out->address_count) = address;
}

static void
set_inner_addresses(struct lowering *l, const struct interface *tunnel, struct plan_tunnel *out)
{
    bool lent = tunnel->lender && interface_has(tunnel->lender, FAMILY_IPV4);
    size_t i;

    if (!is_unnumbered(tunnel)) {
        add_address(l, out, lower_address(l, tunnel->inner4));
        if (tunnel->remote4.value)
            out->peer = lower_ipv4(l, tunnel->remote4);
    } else if (carries_ipv4(out->mode) && !lent) {
        struct plan_ipv4 none = lower_tunnel_source(l, tunnel);

        add_address(l, out,
                    (struct plan_address){.ipv4 = none.address, .len = 32, .from = none.from});
    }
    for (i = 0; i < tunnel->ipv6_count; i++)
        add_address(l, out, lower_address(l, tunnel->ipv6[i].address));
}

/* The peer of an unnumbered tunnel is on no subnet of it: a host route leads there. */
static void
add_peer_route(struct lowering *l, const struct interface *tunnel, const char *link)
{
    struct plan_ipv4 source = lower_tunnel_source(l, tunnel);
    struct plan_route *route;

    if (!tunnel->remote4.value || !is_unnumbered(tunnel))
        return;
    route = LOWER_ADD(l, l->plan->routes, l->plan->route_count);
    route->family = FAMILY_IPV4;
    route->destination = lower_address(l, tunnel->remote4);
    route->via = VIA_LINK;
    route->link = link;
    route->prefsrc_link = lower_link(l, lower_learning_lender(tunnel));
    if (!route->prefsrc_link)
        route->prefsrc = source.address;
    route->metric = 1;
    route->from = lower_join(l, FROM(l, tunnel->remote4), source.from);
}

static void
set_tos(struct lowering *l, const struct interface *tunnel, struct plan_tunnel *out)
{
    if (!tunnel->tos.node)
        return;
    out->tos.from = FROM(l, tunnel->tos);
    if (setting_is(tunnel->tos, "copy"))
        out->tos_copy = true;
    else if (tunnel->tos.value->number > TOS_MAX)
        lower_refuse(l, FINDING_CANNOT_EXPRESS, tunnel->tos, "a ToS octet is 0 to 255");
    else
        out->tos = lower_number(l, tunnel->tos);
}

static void
add_tunnel(struct lowering *l, const struct interface *tunnel)
{
    struct plan_tunnel out = {.name = lower_link(l, tunnel),
                              .over_ipv6 = tunnel->source6.value != NULL};
    struct setting source = out.over_ipv6 ? tunnel->source6 : tunnel->source4;
    struct setting destination = out.over_ipv6 ? tunnel->destination6 : tunnel->destination4;

    if (!source.value || !destination.value ||
        (source.value->type == TYPE_INTERFACE && !tunnel->source_interface)) {
        lower_skip_entry(l, KEY_INTERFACE_TUNNEL, tunnel->name.unit, "%s lacks one of its ends",
                         tunnel->text);
        return;
    }
    lower_skip(l, out.over_ipv6 ? tunnel->source4 : tunnel->source6,
               "%s is carried by the other family", tunnel->text);
    lower_skip(l, out.over_ipv6 ? tunnel->destination4 : tunnel->destination6,
               "%s is carried by the other family", tunnel->text);
    out.mode = find_mode(l, tunnel, out.over_ipv6);
    set_source(l, tunnel, &out);
    out.destination = lower_address(l, destination);
    out.ttl = OUTER_HOP_LIMIT;
    out.mtu = lower_number(l, tunnel->mtu);
    set_tos(l, tunnel, &out);
    out.from = FROM(l, source, destination, tunnel->inner4, tunnel->mtu);
    set_inner_addresses(l, tunnel, &out);
    *LOWER_ADD(l, l->plan->tunnels, l->plan->tunnel_count) = out;
    add_peer_route(l, tunnel, out.name);
    lower_mss(l, tunnel);
    lower_skip(l, tunnel->description, "free text");
}

void
lower_tunnel(struct lowering *l)
{
    size_t i;

    for (i = 0; i < l->model->interface_count; i++) {
        const struct interface *tunnel = &l->model->interfaces[i];

        if (tunnel->name.kind != KIND_TUNNEL || !tunnel->first)
            continue;
        if (!lower_link(l, tunnel))
            lower_refuse_entry(l, FINDING_NOT_TRANSLATED, KEY_INTERFACE_TUNNEL, tunnel->name.unit,
                               "%s", lower_no_link(l, tunnel));
        else
            add_tunnel(l, tunnel);
    }
}
