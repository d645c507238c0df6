/* route.c - static routes: those that lead nowhere, or never come up. */
#include "checks.h"

static void
each_route(const struct checking *c, void (*run)(const struct checking *c, const struct route *route))
{
    size_t i;

    for (i = 0; i < c->model->route_count; i++)
        if (c->model->routes[i].gateway.node && c->model->routes[i].destination.value)
            run(c, &c->model->routes[i]);
}

static const char *
to_of(const struct checking *c, const struct route *route)
{
    return is_default(route) ? "the default route"
                             : arena_printf(c->arena, "the route to %s", words(c, route->destination));
}

/* ---- route-gateway-unreachable, route-gateway-self ---- */

static bool
is_address(struct setting gateway)
{
    return gateway.value->type == TYPE_IPV4_ADDRESS || gateway.value->type == TYPE_IPV6_ADDRESS;
}

/* Interfaces whose far end has an address that the config does not say. */
static bool
is_point_to_point(const struct interface *interface)
{
    enum interface_kind kind = interface->name.kind;

    return kind == KIND_PPPOE || kind == KIND_PPP || kind == KIND_PPPAC || kind == KIND_IPSEC || kind == KIND_GRE ||
           kind == KIND_L2TP || kind == KIND_RAC || kind == KIND_WWAN;
}

/* Does an interface learn addresses of this family, or have a far end with one? */
static bool
learns(const struct model *model, enum family family)
{
    size_t i;

    for (i = 0; i < model->interface_count; i++) {
        const struct interface *interface = &model->interfaces[i];

        if (family == FAMILY_IPV4 ? interface->dhcp.value || is_point_to_point(interface)
                                  : interface->ra.value || interface->dhcp6.value || interface->delegated)
            return true;
    }
    return false;
}

/* Is it the far end of a tunnel?  Those of PPP links are learned. */
static bool
is_far_end(const struct model *model, const struct value *gateway)
{
    size_t i;

    for (i = 0; i < model->interface_count && i < CHECK_COMPARE_MAX; i++)
        if (model->interfaces[i].remote4.value && value_equal(model->interfaces[i].remote4.value, gateway))
            return true;
    return false;
}

static void
find_unreachable(const struct checking *c, const struct route *route)
{
    const struct value *gateway = route->gateway.value;

    if (!is_address(route->gateway) || leaves_by(c->model, route) || !check_whole(c, c->model) ||
        is_far_end(c->model, gateway) ||
        (gateway->type == TYPE_IPV6_ADDRESS && IN6_IS_ADDR_LINKLOCAL(&gateway->ipv6.address)))
        return;
    check_add_as(c, FINDING_ROUTE_GATEWAY_UNREACHABLE, learns(c->model, route->family) ? SEV_WARNING : SEV_ERROR,
                 route->gateway.node->where, "gateway %s lies in no subnet of this router: %s never works",
                 words(c, route->gateway), to_of(c, route));
}

void
check_route_gateway_unreachable(const struct checking *c)
{
    each_route(c, find_unreachable);
}

static const struct setting *
own_address(const struct model *model, const struct value *address)
{
    size_t i;

    for (i = 0; i < model->interface_count && i < CHECK_COMPARE_MAX; i++) {
        const struct setting *own = address->type == TYPE_IPV4_ADDRESS
                                        ? own4(&model->interfaces[i], address->ipv4.address)
                                        : own6(&model->interfaces[i], &address->ipv6.address);

        if (own)
            return own;
    }
    for (i = 0; i < model->vrouter_count && i < CHECK_COMPARE_MAX; i++)
        if (model->vrouters[i].address.value && value_equal(model->vrouters[i].address.value, address))
            return &model->vrouters[i].address;
    return NULL;
}

static void
find_self(const struct checking *c, const struct route *route)
{
    const struct setting *own = is_address(route->gateway) ? own_address(c->model, route->gateway.value) : NULL;
    struct finding *finding;

    if (!own)
        return;
    finding = check_add(c, FINDING_ROUTE_GATEWAY_SELF, route->gateway.node->where,
                        "the gateway of %s is this router itself: what takes it goes nowhere", to_of(c, route));
    diag_note(c->diag, finding, own->node->where, "its address");
}

void
check_route_gateway_self(const struct checking *c)
{
    each_route(c, find_self);
}

/* ---- routes that compete ---- */

static bool
same_destination(const struct route *a, const struct route *b)
{
    if (a->family != b->family || !a->destination.value || !b->destination.value)
        return false;
    return (is_default(a) && is_default(b)) || value_equal(a->destination.value, b->destination.value);
}

/* Calls `run` for each two routes to one destination; `first` stands first. */
static void
each_rivals(const struct checking *c,
            void (*run)(const struct checking *c, const struct route *first, const struct route *second))
{
    size_t i, j;

    for (i = 0; i < c->model->route_count && i < CHECK_COMPARE_MAX; i++)
        for (j = 0; j < i; j++) {
            const struct route *first = &c->model->routes[j], *second = &c->model->routes[i];

            if (first->gateway.node && second->gateway.node && same_destination(first, second))
                run(c, first, second);
        }
}

static bool
is_watched(const struct model *model, const struct route *route)
{
    bool ipv6 = route->family == FAMILY_IPV6;

    return setting_on(tree_get(model->tree, ipv6 ? KEY_ROUTE_IPV6_KEEPALIVE_SERVICE : KEY_ROUTE_IPV4_KEEPALIVE_SERVICE,
                               &route->index));
}

static void
find_equal(const struct checking *c, const struct route *first, const struct route *second)
{
    uint64_t distance = setting_number(first->distance, 1);
    struct finding *finding;

    if (!is_live(first) || !is_live(second) || distance != setting_number(second->distance, 1))
        return;
    finding = check_add(c, FINDING_ROUTE_EQUAL_DISTANCE, second->gateway.node->where,
                        "%s leads by %s and %s at the same distance %u: each connection takes one or the other, %s",
                        to_of(c, second), words(c, first->gateway), words(c, second->gateway), (unsigned)distance,
                        second->family == FAMILY_IPV6 ? "and a provider drops addresses of the other one"
                                                      : "and a dead one takes its share with it");
    diag_note(c->diag, finding, first->gateway.node->where, "the other one is here");
}

void
check_route_equal_distance(const struct checking *c)
{
    each_rivals(c, find_equal);
}

static void
find_discard_wins(const struct checking *c, const struct route *first, const struct route *second)
{
    const struct route *discard = is_discard(first) ? first : second, *other = discard == first ? second : first;
    struct finding *finding;

    if (!is_discard(discard) || !is_live(other) ||
        setting_number(discard->distance, 1) > setting_number(other->distance, 1))
        return;
    finding = check_add(c, FINDING_ROUTE_DISCARD_WINS, place_of(discard->distance, discard->gateway),
                        "this route discards at distance %u what the other one would carry at %u: nothing gets through",
                        (unsigned)setting_number(discard->distance, 1), (unsigned)setting_number(other->distance, 1));
    diag_note(c->diag, finding, other->gateway.node->where, "the other one is here");
}

void
check_route_discard_wins(const struct checking *c)
{
    each_rivals(c, find_discard_wins);
}

/* An Ethernet gateway stays in the table as long as its port has a link: the second route waits for ever behind a dead
 * line. */
static void
find_spare_never(const struct checking *c, const struct route *first, const struct route *second)
{
    bool first_wins = setting_number(first->distance, 1) < setting_number(second->distance, 1);
    const struct route *best = first_wins ? first : second, *spare = first_wins ? second : first;
    const struct interface *out = leaves_by(c->model, best), *other = leaves_by(c->model, spare);
    struct finding *finding;

    if (!is_live(best) || !is_live(spare) ||
        setting_number(first->distance, 1) == setting_number(second->distance, 1) || !is_address(best->gateway) ||
        is_watched(c->model, best) || !out || out != other)
        return;
    finding = check_add(c, FINDING_ROUTE_SPARE_NEVER, spare->gateway.node->where,
                        "this spare is used only when %s loses its link, and then it is gone too: both leave by %s, "
                        "and nothing watches gateway %s",
                        out->text, out->text, words(c, best->gateway));
    diag_note(c->diag, finding, best->gateway.node->where, "the preferred one (keepalive.service would watch it)");
}

void
check_route_spare_never(const struct checking *c)
{
    each_rivals(c, find_spare_never);
}

/* ---- routes that never come up ---- */

static const char *
why_never(const struct model *model, const struct route *route)
{
    const struct interface *interface = route->interface;
    enum key_id key = route->family == FAMILY_IPV4 ? KEY_INTERFACE_PPPOE_IPCP : KEY_INTERFACE_PPPOE_IPV6CP;

    if (setting_number(route->distance, 1) == 255)
        return "distance 255 means never";
    if (setting_is(route->gateway, "router-advertisement") && interface && !interface->ra.value)
        return "the interface takes no router advertisements (ipv6.address: router-advertisement)";
    if (!interface || !is_interface(route->gateway))
        return NULL;
    if (interface->name.kind == KIND_PPPOE && !setting_on(tree_get(model->tree, key, &interface->name.unit)))
        return route->family == FAMILY_IPV4 ? "the PPPoE session carries no IPv4 (ipcp is off)"
                                            : "the PPPoE session carries no IPv6 (ipv6cp is off)";
    if (interface->aftr.value && route->family == FAMILY_IPV6)
        return "a DS-Lite tunnel carries IPv4 alone";
    return NULL;
}

static void
find_never(const struct checking *c, const struct route *route)
{
    const char *why = why_never(c->model, route);
    bool chosen = setting_number(route->distance, 1) == 255;

    if (why)
        check_add_as(c, FINDING_ROUTE_NEVER_UP, chosen ? SEV_WARNING : SEV_ERROR,
                     chosen ? route->distance.node->where : route->gateway.node->where, "%s is never used: %s",
                     to_of(c, route), why);
}

void
check_route_never_up(const struct checking *c)
{
    each_route(c, find_never);
}

/* ---- no-default-route ---- */

/* An interface that learns addresses of this family from a provider; NULL: none. */
static const struct interface *
learner_of(const struct model *model, enum family family)
{
    size_t i;

    for (i = 0; i < model->interface_count; i++) {
        const struct interface *interface = &model->interfaces[i];

        if ((family == FAMILY_IPV4 ? interface->dhcp : interface->ra).node ||
            (interface->name.kind == KIND_PPPOE && family == FAMILY_IPV4))
            return interface;
    }
    return NULL;
}

static void
find_no_default(const struct checking *c, enum family family, bool has_hosts)
{
    const struct interface *line = has_hosts ? learner_of(c->model, family) : NULL;
    size_t i;

    if (!line || !check_whole(c, c->model) || has_dynamic_routes(c->model))
        return;
    for (i = 0; i < c->model->route_count; i++)
        if (c->model->routes[i].family == family && is_default(&c->model->routes[i]))
            return;
    check_add(
        c, FINDING_NO_DEFAULT_ROUTE,
        line->name.kind == KIND_PPPOE ? line->first->key
                                      : place_of(family == FAMILY_IPV4 ? line->dhcp : line->ra, line->ra),
        "%s learns a gateway, but no route uses it: hosts have no IPv%c Internet (route.ipv%c.0.destination: default)",
        line->text, family == FAMILY_IPV4 ? '4' : '6', family == FAMILY_IPV4 ? '4' : '6');
}

void
check_no_default_route(const struct checking *c)
{
    find_no_default(c, FAMILY_IPV4, setting_on(c->model->dhcp_service) && c->model->dhcp_server_count);
    find_no_default(c, FAMILY_IPV6, setting_on(c->model->ra_service) && c->model->advertiser_count);
}

/* ---- keepalive-no-target, keepalive-impossible ---- */

static void
find_keepalive(const struct checking *c, const struct route *route, bool for_target)
{
    bool ipv6 = route->family == FAMILY_IPV6;
    const struct tree *tree = c->model->tree;
    struct setting service =
        tree_get(tree, ipv6 ? KEY_ROUTE_IPV6_KEEPALIVE_SERVICE : KEY_ROUTE_IPV4_KEEPALIVE_SERVICE, &route->index);
    struct setting target =
        tree_get(tree, ipv6 ? KEY_ROUTE_IPV6_KEEPALIVE_TARGET : KEY_ROUTE_IPV4_KEEPALIVE_TARGET, &route->index);
    enum interface_kind kind = is_interface(route->gateway) ? route->gateway.value->interface.kind : KIND_NONE;
    bool impossible = kind == KIND_PPPOE || kind == KIND_PPP || is_discard(route) ||
                      setting_is(route->gateway, "router-advertisement");

    if (!setting_on(service) || !service.node)
        return;
    if (!for_target && impossible)
        check_add(c, FINDING_KEEPALIVE_IMPOSSIBLE, service.node->where, "a route by %s cannot be watched by keepalive",
                  words(c, route->gateway));
    if (for_target && !impossible && kind != KIND_NONE && !target.node)
        check_add(c, FINDING_KEEPALIVE_NO_TARGET, service.node->where,
                  "a route by %s has no gateway address to watch: keepalive.target must name a host, and until one "
                  "answers the route is down",
                  words(c, route->gateway));
}

static void
find_keepalive_no_target(const struct checking *c, const struct route *route)
{
    find_keepalive(c, route, true);
}

static void
find_keepalive_impossible(const struct checking *c, const struct route *route)
{
    find_keepalive(c, route, false);
}

void
check_keepalive_no_target(const struct checking *c)
{
    each_route(c, find_keepalive_no_target);
}

void
check_keepalive_impossible(const struct checking *c)
{
    each_route(c, find_keepalive_impossible);
}
