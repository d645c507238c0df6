/* route.c - static routes, and the interface behind each gateway. */
#include "resolve.h"

static const struct resolve_field fields[2][4] = {
    [FAMILY_IPV4] =
        {
            RESOLVE_FIELD(route, destination, ROUTE_IPV4_DESTINATION),
            RESOLVE_FIELD(route, gateway, ROUTE_IPV4_GATEWAY),
            RESOLVE_FIELD(route, distance, ROUTE_IPV4_DISTANCE),
            {KEY_NONE, 0},
        },
    [FAMILY_IPV6] =
        {
            RESOLVE_FIELD(route, destination, ROUTE_IPV6_DESTINATION),
            RESOLVE_FIELD(route, gateway, ROUTE_IPV6_GATEWAY),
            RESOLVE_FIELD(route, distance, ROUTE_IPV6_DISTANCE),
            RESOLVE_FIELD(route, ra_interface, ROUTE_IPV6_ROUTER_ADVERTISEMENT_INTERFACE),
        },
};

/*
 * The interfaces that learn gateways of a family: the first two, which is enough to know that one
 * is not alone.
 */
struct learners {
    const char *how;
    const struct interface *first, *second;
};

static struct learners
find_learners(const struct model *model, enum family family)
{
    struct learners learners = {
        family == FAMILY_IPV4 ? "ipv4.address: dhcp" : "ipv6.address: router-advertisement",
        NULL,
        NULL,
    };
    size_t i;

    for (i = 0; i < model->interface_count && !learners.second; i++) {
        const struct interface *interface = &model->interfaces[i];

        if (!(family == FAMILY_IPV4 ? interface->dhcp : interface->ra).value)
            continue;
        if (learners.first)
            learners.second = interface;
        else
            learners.first = interface;
    }
    return learners;
}

/* The one interface that learns the gateway; findings when there is none or more than one. */
static const struct interface *
pick_learner(struct resolving *r, const struct route *route, const struct learners *learners)
{
    struct finding *finding;

    if (!learners->first && !resolve_was_told(r, "interface."))
        diag_add(r->diag, FINDING_UNKNOWN_INTERFACE, route->gateway.node->where,
                 "expected an interface with %s; there is none", learners->how);
    if (!learners->second)
        return learners->first;
    finding = diag_add(r->diag, FINDING_AMBIGUOUS_REFERENCE, route->gateway.node->where,
                       "expected one interface with %s; %s and %s have it", learners->how,
                       learners->first->text, learners->second->text);
    if (route->family == FAMILY_IPV6)
        diag_note(r->diag, finding, (struct place){0},
                  "route.ipv6.%u.router-advertisement-interface tells which is meant",
                  route->index);
    return learners->first;
}

static void
resolve_gateway(struct resolving *r, struct route *route, const struct learners *learners)
{
    bool learned =
        setting_is(route->gateway, "dhcp") || setting_is(route->gateway, "router-advertisement");

    if (learned && route->ra_interface.value)
        route->interface = resolve_reference(r, route->ra_interface, NEED_CONFIG);
    else if (learned)
        route->interface = pick_learner(r, route, learners);
    else
        route->interface = resolve_reference(r, route->gateway, NEED_CONFIG);
}

static size_t
resolve_family(struct resolving *r, enum family family, enum key_id group, struct route *out)
{
    struct learners learners = find_learners(r->model, family);
    const uint32_t *index;
    size_t count = tree_entries(r->tree, group, NULL, &index);
    size_t i;

    for (i = 0; out && i < count; i++) {
        out[i].family = family;
        out[i].index = index[i];
        RESOLVE_FIELDS(r, fields[family], &index[i], &out[i]);
        if (out[i].gateway.value)
            resolve_gateway(r, &out[i], &learners);
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
