/* route.c - static routes, and the interface behind each gateway. */
#include "resolve.h"

static const struct resolve_field fields[2][4] = {
    [FAMILY_IPV4] = {
        RESOLVE_FIELD(route, destination, ROUTE_IPV4_DESTINATION),
        RESOLVE_FIELD(route, gateway, ROUTE_IPV4_GATEWAY),
        RESOLVE_FIELD(route, distance, ROUTE_IPV4_DISTANCE),
        {KEY_NONE, 0},
    },
    [FAMILY_IPV6] = {
        RESOLVE_FIELD(route, destination, ROUTE_IPV6_DESTINATION),
        RESOLVE_FIELD(route, gateway, ROUTE_IPV6_GATEWAY),
        RESOLVE_FIELD(route, distance, ROUTE_IPV6_DISTANCE),
        RESOLVE_FIELD(route, ra_interface, ROUTE_IPV6_ROUTER_ADVERTISEMENT_INTERFACE),
    },
};

static struct setting
learned_address(const struct interface *interface, enum family family)
{
    return family == FAMILY_IPV4 ? interface->dhcp : interface->ra;
}

/* The one interface that learns gateways of this family; findings when there is none or more than one. */
static const struct interface *
find_learner(struct resolving *r, const struct route *route)
{
    const char *how = route->family == FAMILY_IPV4 ? "ipv4.address: dhcp" : "ipv6.address: router-advertisement";
    const struct interface *found = NULL;
    struct finding *finding;
    size_t i;

    for (i = 0; i < r->model->interface_count; i++) {
        const struct interface *interface = &r->model->interfaces[i];

        if (!learned_address(interface, route->family).value)
            continue;
        if (found) {
            finding = diag_add(r->diag, FINDING_AMBIGUOUS_REFERENCE, route->gateway.node->where,
                               "expected one interface with %s; %s and %s have it", how, found->text,
                               interface->text);
            if (route->family == FAMILY_IPV6)
                diag_note(r->diag, finding, (struct place){0},
                          "route.ipv6.%u.router-advertisement-interface tells which is meant", route->index);
            return found;
        }
        found = interface;
    }
    if (!found && !resolve_was_told(r, "interface."))
        diag_add(r->diag, FINDING_UNKNOWN_INTERFACE, route->gateway.node->where,
                 "expected an interface with %s; there is none", how);
    return found;
}

static void
resolve_gateway(struct resolving *r, struct route *route)
{
    if (setting_is(route->gateway, "dhcp"))
        route->interface = find_learner(r, route);
    else if (setting_is(route->gateway, "router-advertisement"))
        route->interface = route->ra_interface.value ? resolve_reference(r, route->ra_interface, NEED_CONFIG)
                                                     : find_learner(r, route);
    else
        route->interface = resolve_reference(r, route->gateway, NEED_CONFIG);
}

static size_t
resolve_family(struct resolving *r, enum family family, enum key_id group, struct route *out)
{
    const uint32_t *index;
    size_t count = tree_entries(r->tree, group, NULL, &index);
    size_t i;

    for (i = 0; out && i < count; i++) {
        out[i].family = family;
        out[i].index = index[i];
        RESOLVE_FIELDS(r, fields[family], &index[i], &out[i]);
        if (out[i].gateway.value)
            resolve_gateway(r, &out[i]);
    }
    return count;
}

void
resolve_route(struct resolving *r)
{
    struct model *model = r->model;
    size_t ipv4 = resolve_family(r, FAMILY_IPV4, KEY_ROUTE_IPV4, NULL);
    size_t ipv6 = resolve_family(r, FAMILY_IPV6, KEY_ROUTE_IPV6, NULL);

    model->route_count = ipv4 + ipv6;
    model->routes = arena_array(r->arena, model->route_count, sizeof(*model->routes));
    resolve_family(r, FAMILY_IPV4, KEY_ROUTE_IPV4, model->routes);
    resolve_family(r, FAMILY_IPV6, KEY_ROUTE_IPV6, model->routes + ipv4);
}
