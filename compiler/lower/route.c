/* route.c - static routes. */
#include <stdlib.h>
#include <string.h>

#include "lower.h"

const enum key_id lower_route_keys[] = {
    KEY_ROUTE_IPV4_DESTINATION, KEY_ROUTE_IPV4_GATEWAY,
    KEY_ROUTE_IPV4_DISTANCE,    KEY_ROUTE_IPV6_DESTINATION,
    KEY_ROUTE_IPV6_GATEWAY,     KEY_ROUTE_IPV6_ROUTER_ADVERTISEMENT_INTERFACE,
    KEY_ROUTE_IPV6_DISTANCE,    KEY_NONE,
};

enum { DISTANCE_NEVER = 255 };

static const enum key_id groups[] = {
    [FAMILY_IPV4] = KEY_ROUTE_IPV4, [FAMILY_IPV6] = KEY_ROUTE_IPV6};

static const struct {
    enum key_id service, old_service;
    enum key_id settings[6];
} keepalives[] = {
    [FAMILY_IPV4] = {KEY_ROUTE_IPV4_KEEPALIVE_SERVICE,
                     KEY_ROUTE_IPV4_KEEPALIVE,
                     {KEY_ROUTE_IPV4_KEEPALIVE_TARGET, KEY_ROUTE_IPV4_KEEPALIVE_SEND_INTERVAL,
                      KEY_ROUTE_IPV4_KEEPALIVE_TIMEOUT, KEY_ROUTE_IPV4_KEEPALIVE_DOWN_COUNT,
                      KEY_ROUTE_IPV4_KEEPALIVE_UP_COUNT, KEY_ROUTE_IPV4_KEEPALIVE_SOURCE_ADDRESS}},
    [FAMILY_IPV6] = {KEY_ROUTE_IPV6_KEEPALIVE_SERVICE,
                     KEY_ROUTE_IPV6_KEEPALIVE,
                     {KEY_ROUTE_IPV6_KEEPALIVE_TARGET, KEY_ROUTE_IPV6_KEEPALIVE_SEND_INTERVAL,
                      KEY_ROUTE_IPV6_KEEPALIVE_TIMEOUT, KEY_ROUTE_IPV6_KEEPALIVE_DOWN_COUNT,
                      KEY_ROUTE_IPV6_KEEPALIVE_UP_COUNT, KEY_ROUTE_IPV6_KEEPALIVE_SOURCE_ADDRESS}},
};

/*
 * A keepalive that is off has no effect; one that is on is not translated yet, and refused by the
 * end of the lowering.
 */
static void
skip_keepalive(struct lowering *l, const struct route *route)
{
    const struct tree *tree = l->model->tree;
    struct setting service = tree_get(tree, keepalives[route->family].service, &route->index);
    struct setting old_service =
        tree_get(tree, keepalives[route->family].old_service, &route->index);
    size_t i;

    if (setting_on(service) || setting_on(old_service))
        return;
    lower_skip(l, service, "no host is watched, as without this line");
    lower_skip(l, old_service, "no host is watched, as without this line");
    for (i = 0; i < 6; i++)
        lower_skip(l, tree_get(tree, keepalives[route->family].settings[i], &route->index),
                   "keepalive.service is not enable");
}

/* ---- destinations ---- */

static bool
is_default(const struct route *route)
{
    const struct value *destination = route->destination.value;

    if (!destination)
        return false;
    if (destination->type == TYPE_KEYWORD)
        return true;
    return route->family == FAMILY_IPV4 ? destination->ipv4.len == 0 : destination->ipv6.len == 0;
}

/* Is there a default route of this family, other than one that discards? */
static bool
has_default(const struct model *model, enum family family)
{
    size_t i;

    for (i = 0; i < model->route_count; i++) {
        const struct route *route = &model->routes[i];

        if (route->family == family && is_default(route) && route->gateway.value &&
            !setting_is(route->gateway, "discard") &&
            setting_number(route->distance, 1) != DISTANCE_NEVER)
            return true;
    }
    return false;
}

static struct plan_address
find_destination(struct lowering *l, const struct route *route)
{
    struct plan_address address = {.family = route->family, .from = FROM(l, route->destination)};

    if (is_default(route))
        return address;
    address = lower_address(l, route->destination);
    if (route->family == FAMILY_IPV4)
        address.ipv4 = lower_mask4(address.ipv4, address.len);
    else
        address.ipv6 = lower_mask6(&address.ipv6, address.len);
    return address;
}

/* ---- gateways ---- */

static const struct origin *
route_from(struct lowering *l, const struct route *route)
{
    return FROM(l, route->destination, route->gateway, route->ra_interface, route->distance);
}

static struct plan_route *
add_route(struct lowering *l, const struct route *route, enum plan_via via)
{
    struct plan_route *out = LOWER_ADD(l, l->plan->routes, l->plan->route_count);

    out->family = route->family;
    out->destination = find_destination(l, route);
    out->via = via;
    out->metric = (unsigned)setting_number(route->distance, 1);
    out->metric_from = FROM(l, route->distance);
    out->from = route_from(l, route);
    return out;
}

static void
add_tunnel_route(struct lowering *l, const struct route *route, const struct interface *tunnel)
{
    struct plan_route *out = add_route(l, route, VIA_LINK);
    const struct interface *learning = lower_learning_lender(tunnel);
    bool unnumbered = !tunnel->inner4.value || tunnel->inner4.value->type == TYPE_INTERFACE;

    out->link = lower_link(l, tunnel);
    if (route->family != FAMILY_IPV4 || !unnumbered)
        return;
    /* The borrowed address is the source of what the router itself sends into the tunnel. */
    out->prefsrc_link = lower_link(l, learning);
    if (!out->prefsrc_link) {
        struct plan_ipv4 source = lower_tunnel_source(l, tunnel);

        out->prefsrc = source.address;
        out->from = lower_join(l, out->from, source.from);
    }
}

static bool
is_on_tunnel4(const struct interface *tunnel, struct in_addr gateway)
{
    const struct value *inner = tunnel->inner4.value;

    if (inner && inner->type == TYPE_IPV4_PREFIX && inner->ipv4.len &&
        prefix_equal4(gateway, inner->ipv4.address, inner->ipv4.len))
        return true;
    return tunnel->remote4.value && tunnel->remote4.value->ipv4.address.s_addr == gateway.s_addr;
}

static bool
is_on_tunnel6(const struct interface *tunnel, const struct in6_addr *gateway)
{
    const struct setting *own = interface_fixed6(tunnel);

    return own && prefix_equal6(gateway, &own->value->ipv6.address, own->value->ipv6.len);
}

/* The tunnel on whose inner subnet a gateway is, or NULL: its routes wait for the tunnel to be up.
 */
static const struct interface *
find_tunnel_of(const struct lowering *l, const struct route *route)
{
    const struct value *gateway = route->gateway.value;
    size_t end = l->first_tunnel + LOWER_COMPARE_MAX;
    size_t i;

    for (i = l->first_tunnel; i < l->model->interface_count && i < end; i++) {
        const struct interface *tunnel = &l->model->interfaces[i];

        if (tunnel->name.kind != KIND_TUNNEL || tunnel->aftr.value)
            continue;
        if (route->family == FAMILY_IPV4 ? is_on_tunnel4(tunnel, gateway->ipv4.address)
                                         : is_on_tunnel6(tunnel, &gateway->ipv6.address))
            return tunnel;
    }
    return NULL;
}

static void
add_address_route(struct lowering *l, const struct route *route)
{
    const struct interface *tunnel = find_tunnel_of(l, route);
    struct plan_route *out;

    if (tunnel) {
        add_tunnel_route(l, route, tunnel);
        return;
    }
    if (route->family == FAMILY_IPV6 &&
        IN6_IS_ADDR_LINKLOCAL(&route->gateway.value->ipv6.address)) {
        lower_refuse_entry(
            l, FINDING_CANNOT_EXPRESS, groups[route->family], route->index,
            "a link-local gateway is one of some link, and the config does not say which");
        return;
    }
    out = add_route(l, route, VIA_ADDRESS);
    out->gateway = lower_address(l, route->gateway);
    out->gateway.from = FROM(l, route->gateway);
}

static void
add_interface_route(struct lowering *l, const struct route *route)
{
    if (!route->interface->first)
        lower_skip_entry(l, groups[route->family], route->index, "%s has no configuration",
                         route->interface->text);
    else if (!lower_link(l, route->interface))
        lower_refuse_entry(l, FINDING_NOT_TRANSLATED, groups[route->family], route->index, "%s",
                           lower_no_link(l, route->interface));
    else if (route->interface->name.kind == KIND_TUNNEL)
        add_tunnel_route(l, route, route->interface);
    else
        lower_refuse_entry(l, FINDING_CANNOT_EXPRESS, groups[route->family], route->index,
                           "%s is not point-to-point: expected the address of a gateway",
                           route->interface->text);
}

/* ---- learned gateways ---- */

static bool
has_learner(struct lowering *l, const struct route *route)
{
    if (lower_link(l, route->interface))
        return true;
    if (route->interface)
        lower_refuse_entry(l, FINDING_NOT_TRANSLATED, groups[route->family], route->index, "%s",
                           lower_no_link(l, route->interface));
    else
        lower_skip_entry(l, groups[route->family], route->index, "no interface learns a gateway");
    return false;
}

/*
 * One default route for each learner and family: a second one has the same gateway, and so the
 * nearer one counts.
 */
static void
note_default(struct lowering *l, const struct route *route)
{
    const struct route **noted =
        &l->learned[route->family][route->interface - l->model->interfaces];
    const struct route *farther = route;

    if (!*noted || setting_number(route->distance, 1) < setting_number((*noted)->distance, 1)) {
        farther = *noted;
        *noted = route;
    }
    if (farther)
        lower_skip_entry(
            l, groups[farther->family], farther->index,
            "another route has the same destination and gateway at a smaller distance");
}

static void
add_learned_route(struct lowering *l, const struct route *route)
{
    struct plan_client *client;

    if (!has_learner(l, route))
        return;
    client = lower_client(l, route->interface);
    client->from = lower_join(l, client->from, FROM(l, route->gateway, route->ra_interface));
    if (route->family == FAMILY_IPV6 && !client->ra.on)
        client->ra = (struct plan_flag){true, FROM(l, route->gateway, route->ra_interface)};
    if (is_default(route))
        note_default(l, route);
    else
        add_route(l, route, route->family == FAMILY_IPV4 ? VIA_DHCP : VIA_RA)->link = client->link;
}

/* dhcpcd installs this default route, or the reconciler does. */
static void
settle_default(struct lowering *l, struct plan_client *client, const struct route *route,
               bool by_dhcpcd)
{
    struct plan_flag *flag;

    if (!route)
        return;
    if (!by_dhcpcd) {
        add_route(l, route, route->family == FAMILY_IPV4 ? VIA_DHCP : VIA_RA)->link = client->link;
        return;
    }
    flag = route->family == FAMILY_IPV4 ? &client->default4 : &client->default6;
    *flag = (struct plan_flag){true, route_from(l, route)};
    client->metric.set = true;
    client->metric.value = (unsigned)setting_number(route->distance, 1);
    client->metric.from = lower_join(l, client->metric.from, FROM(l, route->distance));
}

/*
 * dhcpcd has one switch and one metric for the default routes of both families.  Where that fits it
 * installs them itself; else the reconciler does, and dhcpcd none.
 */
static void
settle_defaults(struct lowering *l, size_t place)
{
    const struct route *ipv4 = l->learned[FAMILY_IPV4][place],
                       *ipv6 = l->learned[FAMILY_IPV6][place];
    struct plan_client *client = lower_find_client(l, &l->model->interfaces[place]);
    bool by_dhcpcd;

    if (!client)
        return;
    by_dhcpcd =
        !client->dhcp4.on || !client->ra.on ||
        (ipv4 && ipv6 && setting_number(ipv4->distance, 1) == setting_number(ipv6->distance, 1));
    settle_default(l, client, ipv4, by_dhcpcd);
    settle_default(l, client, ipv6, by_dhcpcd);
}

/* ---- one route ---- */

static void
lower_one(struct lowering *l, const struct route *route)
{
    skip_keepalive(l, route);
    if (!route->destination.value || !route->gateway.value)
        lower_skip_entry(l, groups[route->family], route->index, "the route is not complete");
    else if (setting_number(route->distance, 1) == DISTANCE_NEVER)
        lower_skip_entry(l, groups[route->family], route->index,
                         "a route with distance 255 is never used");
    else if (setting_is(route->gateway, "discard"))
        add_route(l, route, VIA_BLACKHOLE);
    else if (setting_is(route->gateway, "dhcp") ||
             setting_is(route->gateway, "router-advertisement"))
        add_learned_route(l, route);
    else if (route->gateway.value->type == TYPE_INTERFACE)
        add_interface_route(l, route);
    else
        add_address_route(l, route);
    if (route->ra_interface.node && route->gateway.value &&
        !setting_is(route->gateway, "router-advertisement"))
        lower_skip(l, route->ra_interface, "the gateway is not router-advertisement");
}

/* ---- several routes to one destination at one distance ---- */

static int
compare_destinations(const struct route *a, const struct route *b)
{
    const struct value *left = a->destination.value, *right = b->destination.value;

    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    if (is_default(a) || is_default(b))
        return is_default(b) - is_default(a);
    if (a->family == FAMILY_IPV4) {
        if (left->ipv4.len != right->ipv4.len)
            return left->ipv4.len < right->ipv4.len ? -1 : 1;
        return memcmp(&left->ipv4.address, &right->ipv4.address, sizeof(left->ipv4.address));
    }
    if (left->ipv6.len != right->ipv6.len)
        return left->ipv6.len < right->ipv6.len ? -1 : 1;
    return memcmp(&left->ipv6.address, &right->ipv6.address, sizeof(left->ipv6.address));
}

static int
compare_routes(const void *left, const void *right)
{
    const struct route *a = *(const struct route *const *)left,
                       *b = *(const struct route *const *)right;
    uint64_t near = setting_number(a->distance, 1), far = setting_number(b->distance, 1);
    int order = compare_destinations(a, b);

    if (order)
        return order;
    if (near != far)
        return near < far ? -1 : 1;
    return a < b ? -1 : a > b;
}

static bool
has_next_hop(const struct route *route)
{
    return route->gateway.value->type == TYPE_IPV4_ADDRESS ||
           route->gateway.value->type == TYPE_IPV6_ADDRESS;
}

/*
 * The kernel takes several next hops in one route when all are addresses; of other pairs it would
 * keep the last one.
 */
static void
refuse_equals(struct lowering *l)
{
    const struct model *model = l->model;
    const struct route **sorted = arena_array(l->arena, model->route_count, sizeof(struct route *));
    size_t count = 0;
    size_t i;

    for (i = 0; i < model->route_count; i++)
        if (model->routes[i].destination.value && model->routes[i].gateway.value &&
            setting_number(model->routes[i].distance, 1) != DISTANCE_NEVER)
            sorted[count++] = &model->routes[i];
    if (count)
        qsort(sorted, count, sizeof(struct route *), compare_routes);
    for (i = 1; i < count; i++) {
        const struct route *before = sorted[i - 1], *route = sorted[i];

        if (compare_destinations(before, route) == 0 &&
            setting_number(before->distance, 1) == setting_number(route->distance, 1) &&
            !(has_next_hop(before) && has_next_hop(route)))
            lower_refuse_entry(l, FINDING_NOT_TRANSLATED, groups[route->family], route->index,
                               "a second route to the same destination at the same distance is "
                               "only translated yet "
                               "when all gateways are addresses");
    }
}

static bool
was_refused(const struct lowering *l, const struct route *route)
{
    const struct node *node = route->destination.node;

    return node && l->ledger->entries[node->number].fate == FATE_REFUSED;
}

void
lower_route(struct lowering *l)
{
    size_t i;

    l->has_default[FAMILY_IPV4] = has_default(l->model, FAMILY_IPV4);
    l->has_default[FAMILY_IPV6] = has_default(l->model, FAMILY_IPV6);
    refuse_equals(l);
    for (i = 0; i < l->model->route_count; i++)
        if (!was_refused(l, &l->model->routes[i]))
            lower_one(l, &l->model->routes[i]);
    for (i = 0; i < l->model->interface_count; i++)
        settle_defaults(l, i);
}
