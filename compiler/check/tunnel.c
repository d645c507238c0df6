/* tunnel.c - tunnels, and the sizes of packets on all interfaces. */
#include <inttypes.h>

#include "../cure.h"
#include "checks.h"

enum { ETHERNET_MTU = 1500, PPPOE_MTU = 1454, TUNNEL_MTU = 1280, IPV4_HEADER = 20, IPV6_HEADER = 40, TCP_HEADER = 20 };

static uint64_t
mtu_of(const struct model *model, const struct interface *interface)
{
    struct setting over;
    const struct interface *parent;

    switch (interface->name.kind) {
    case KIND_TUNNEL:
        return setting_number(interface->mtu, TUNNEL_MTU);
    case KIND_PPPOE:
        return setting_number(interface->mtu, PPPOE_MTU);
    case KIND_VLAN:
        over = tree_get(model->tree, KEY_INTERFACE_VLAN_OVER, &interface->name.unit);
        parent = is_interface(over) ? model_interface(model, over.value->interface) : NULL;
        return parent && parent->name.kind != KIND_VLAN ? mtu_of(model, parent) : ETHERNET_MTU;
    default:
        return setting_number(interface->mtu, ETHERNET_MTU);
    }
}

static void
each_interface(const struct checking *c, void (*run)(const struct checking *c, const struct interface *interface))
{
    size_t i;

    for (i = 0; i < c->model->interface_count; i++)
        if (c->model->interfaces[i].first)
            run(c, &c->model->interfaces[i]);
}

/* ---- tunnel-mtu-large ---- */

static void
find_mtu_large(const struct checking *c, const struct interface *tunnel)
{
    const struct interface *carrier = tunnel->name.kind == KIND_TUNNEL ? carrier_of(c->model, tunnel) : NULL;
    unsigned header = tunnel->source4.value ? IPV4_HEADER : IPV6_HEADER;
    struct finding *finding;
    uint64_t room;

    if (!carrier || !tunnel->mtu.node || carrier == tunnel)
        return;
    room = mtu_of(c->model, carrier) - header;
    if (tunnel->mtu.value->number <= room)
        return;
    finding = check_add(c, FINDING_TUNNEL_MTU_LARGE, tunnel->mtu.node->where,
                        "%s carries packets of %" PRIu64 " octets, and its own header takes %u: more than %" PRIu64
                        " is cut into pieces or lost, and large pages hang",
                        carrier->text, mtu_of(c->model, carrier), header, room);
    if (carrier->mtu.node)
        diag_note(c->diag, finding, carrier->mtu.node->where, "the MTU of %s", carrier->text);
}

void
check_tunnel_mtu_large(const struct checking *c)
{
    each_interface(c, find_mtu_large);
}

/* ---- tcp-mss-over-mtu, tunnel-no-mss ---- */

static void
find_mss(const struct checking *c, const struct interface *interface, struct setting mss, unsigned header)
{
    uint64_t mtu = mtu_of(c->model, interface), room = mtu - header - TCP_HEADER;
    struct finding *finding;

    if (!mss.node || mss.value->type == TYPE_KEYWORD || mss.value->number <= room)
        return;
    finding = check_add(c, FINDING_TCP_MSS_OVER_MTU, mss.node->where,
                        "expected at most %" PRIu64 ": a packet on %s has %" PRIu64
                        " octets%s, %u of them headers; large pages and mails hang",
                        room, interface->text, mtu, interface->mtu.node ? "" : " by default", header + TCP_HEADER);
    if (interface->mtu.node)
        diag_note(c->diag, finding, interface->mtu.node->where, "the MTU");
    /* Both are written, and somebody forgot to take the headers off. */
    if (interface->mtu.node)
        cure_value(c->diag, finding, c->model->tree, mss.node, arena_printf(c->arena, "%" PRIu64, room));
}

static void
find_mss_over_mtu(const struct checking *c, const struct interface *interface)
{
    find_mss(c, interface, interface->mss4, IPV4_HEADER);
    find_mss(c, interface, interface->mss6, IPV6_HEADER);
}

void
check_tcp_mss_over_mtu(const struct checking *c)
{
    each_interface(c, find_mss_over_mtu);
}

void
check_tunnel_no_mss(const struct checking *c)
{
    const struct route *route = default_route(c->model, FAMILY_IPV4);
    const struct interface *out = route && is_interface(route->gateway) ? route->interface : NULL;
    bool off = out && setting_is(out->mss4, "none");

    if (!out || out->name.kind != KIND_TUNNEL || (out->mss4.node && !off) || !check_whole(c, c->model))
        return;
    check_add(c, FINDING_TUNNEL_NO_MSS, off ? out->mss4.node->where : out->first->key,
              "%s carries packets of %" PRIu64 " octets and hosts send 1500: without ipv4.tcp-mss (here %" PRIu64
              ") some sites hang, those that drop the message that says so",
              out->text, mtu_of(c->model, out), mtu_of(c->model, out) - IPV4_HEADER - TCP_HEADER);
}

/* ---- tunnel-routes-itself ---- */

/* Does anything but the default route lead to the far end: a route that does not take the tunnel, or a subnet? */
static bool
has_own_way(const struct model *model, const struct interface *tunnel, const struct value *far)
{
    bool ipv4 = far->type == TYPE_IPV4_ADDRESS;
    size_t i;

    for (i = 0; i < model->interface_count && i < CHECK_COMPARE_MAX; i++)
        if (ipv4 ? subnet4(&model->interfaces[i], far->ipv4.address) != NULL
                 : subnet6(&model->interfaces[i], &far->ipv6.address) != NULL)
            return true;
    for (i = 0; i < model->route_count; i++) {
        const struct value *to = model->routes[i].destination.value;

        if (!to || is_default(&model->routes[i]) || !is_live(&model->routes[i]) || model->routes[i].interface == tunnel)
            continue;
        if (ipv4 ? to->type == TYPE_IPV4_NETWORK &&
                       range4_has(net4(to->ipv4.address, to->ipv4.len), host4(far->ipv4.address))
                 : to->type == TYPE_IPV6_NETWORK && within6(&far->ipv6.address, 128, &to->ipv6.address, to->ipv6.len))
            return true;
    }
    return false;
}

static void
find_routes_itself(const struct checking *c, const struct interface *tunnel)
{
    struct setting far = tunnel->destination4.node ? tunnel->destination4 : tunnel->destination6;
    const struct route *route =
        far.node ? default_route(c->model, tunnel->destination4.node ? FAMILY_IPV4 : FAMILY_IPV6) : NULL;
    struct finding *finding;

    if (tunnel->name.kind != KIND_TUNNEL || !route || route->interface != tunnel || !is_interface(route->gateway) ||
        has_own_way(c->model, tunnel, far.value) || has_dynamic_routes(c->model))
        return;
    finding = check_add(c, FINDING_TUNNEL_ROUTES_ITSELF, far.node->where,
                        "the way to the far end of %s is the default route, which is %s itself: no packet ever leaves",
                        tunnel->text, tunnel->text);
    diag_note(c->diag, finding, route->gateway.node->where, "the default route");
}

void
check_tunnel_routes_itself(const struct checking *c)
{
    each_interface(c, find_routes_itself);
}

/* ---- dslite-no-resolver ---- */

static void
find_dslite_no_resolver(const struct checking *c, const struct interface *tunnel)
{
    if (tunnel->aftr.node && tunnel->aftr.value->type == TYPE_HOSTNAME && !setting_on(c->model->resolver_service) &&
        check_whole(c, c->model))
        check_add(c, FINDING_DSLITE_NO_RESOLVER, tunnel->aftr.node->where,
                  "the name of the AFTR cannot be looked up while the resolver is off: %s never comes up, and hosts "
                  "have no IPv4",
                  tunnel->text);
}

void
check_dslite_no_resolver(const struct checking *c)
{
    each_interface(c, find_dslite_no_resolver);
}
