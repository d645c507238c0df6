/* links.c - ports, addresses and static routes: iproute2 batches, and names by MAC address. */
#include <stdlib.h>
#include <string.h>

#include "backend.h"

/*
 * /usr/lib/seilc/link runs the batches with `ip -force -batch`, at boot and whenever a link
 * appears, so each line can be run again.  A link is always named behind `dev`: ip would take one
 * that is called like a keyword for the keyword.
 */

static void
emit_address(const struct plan_address *address, const char *link, struct output_file *file)
{
    struct arena *arena = file->output->arena;

    output_line(file, address->from, "address replace %s dev %s%s", spell_prefix(arena, address),
                link, address->nodad ? " nodad" : "");
}

static void
emit_addresses(const struct plan_address *addresses, size_t count, const char *link,
               struct output_file *file)
{
    size_t i;

    for (i = 0; i < count; i++)
        emit_address(&addresses[i], link, file);
}

static void
emit_link(const struct plan_link *link, struct output *output)
{
    struct output_file *file = output_file(output, "etc/seilc/links/%s.batch", link->name);

    spell_header(file, link->name);
    if (link->static_link_local) {
        output_line(
            file, NULL,
            "# keepalived's IPv6 instance needs a link-local address, also without carrier.");
        output_line(file, NULL, "link set dev %s addrgenmode none", link->name);
    }
    if (link->mtu.set)
        output_line(file, link->mtu.from, "link set dev %s mtu %u", link->name, link->mtu.value);
    output_line(file, link->from, "link set dev %s up", link->name);
    emit_addresses(link->addresses, link->address_count, link->name, file);
}

/* The first inner address of a point-to-point link is where its peer belongs. */
static void
emit_peered_address(const struct plan_tunnel *tunnel, struct output_file *file)
{
    struct arena *arena = file->output->arena;
    const struct plan_address *address = &tunnel->addresses[0];

    output_part(file, address->from, "address replace %s", spell_address(arena, address));
    output_part(file, tunnel->peer.from, " peer %s", spell_ipv4(arena, tunnel->peer.address));
    output_part(file, NULL, " dev %s", tunnel->name);
    output_end(file);
}

/*
 * Only the inner addresses: the tunnel itself follows its carrier's address, and is in
 * runtime.conf.
 */
static void
emit_tunnel(const struct plan_tunnel *tunnel, struct output *output)
{
    bool peered =
        tunnel->peer.from && tunnel->address_count && tunnel->addresses[0].family == FAMILY_IPV4;
    struct output_file *file;

    if (!tunnel->address_count)
        return;
    file = output_file(output, "etc/seilc/links/%s.batch", tunnel->name);
    spell_header(file, tunnel->name);
    if (peered)
        emit_peered_address(tunnel, file);
    emit_addresses(tunnel->addresses + peered, tunnel->address_count - peered, tunnel->name, file);
}

/* MAC addresses of VLAN and macvlan links are those of their ports, hence the type. */
static void
emit_rename(const struct plan_link *link, struct output *output)
{
    struct output_file *file =
        output_file(output, "etc/systemd/network/10-seilc-%s.link", link->name);

    spell_header(file, "Name by MAC address");
    output_line(file, NULL, "[Match]");
    output_line(file, NULL, "Type=ether");
    output_line(file, link->from, "MACAddress=%s", spell_mac(output->arena, link->mac));
    output_end(file);
    output_line(file, NULL, "[Link]");
    output_line(file, link->from, "Name=%s", link->name);
}

/* Ports that appear after boot: a USB adapter, a driver that loads late, a rename. */
static void
emit_late_links(const struct plan *plan, struct output *output)
{
    struct output_file *file = NULL;
    size_t i;

    for (i = 0; i < plan->link_count; i++) {
        const struct plan_link *link = &plan->links[i];

        if (link->loopback)
            continue;
        if (!file) {
            file = output_file(output, "etc/udev/rules.d/90-seilc.rules");
            spell_header(file, "Ports that appear late get their addresses then");
        }
        output_line(file, link->from,
                    "SUBSYSTEM==\"net\", ACTION==\"add|move\", KERNEL==\"%s\", TAG+=\"systemd\", "
                    "ENV{SYSTEMD_WANTS}+=\"seilc-link@%s.service\"",
                    link->name, link->name);
    }
}

/* ---- static routes: those that need nothing learned and no tunnel ---- */

static int
compare_bytes(const struct plan_address *a, const struct plan_address *b)
{
    return a->family == FAMILY_IPV4 ? memcmp(&a->ipv4, &b->ipv4, sizeof(a->ipv4))
                                    : memcmp(&a->ipv6, &b->ipv6, sizeof(a->ipv6));
}

/*
 * Zero for routes that are one to the kernel: `route replace` of the second would take the place of
 * the first.
 */
static int
compare_destinations(const struct plan_route *a, const struct plan_route *b)
{
    int order = (a->family > b->family) - (a->family < b->family);

    if (!order)
        order = compare_bytes(&a->destination, &b->destination);
    if (!order)
        order =
            (a->destination.len > b->destination.len) - (a->destination.len < b->destination.len);
    if (!order)
        order = (a->metric > b->metric) - (a->metric < b->metric);
    /* Of equal ones the kernel keeps the last, which had better not be the blackhole. */
    return order ? order : (a->via < b->via) - (a->via > b->via);
}

static int
compare_routes(const void *a, const void *b)
{
    const struct plan_route *const *left = a;
    const struct plan_route *const *right = b;
    int order = compare_destinations(*left, *right);

    return order ? order : (*left > *right) - (*left < *right);
}

static void
emit_hop(const struct plan_route *route, bool several, struct output_file *file)
{
    const struct origin *gateway_from = route->gateway.from ? route->gateway.from : route->from;

    output_part(file, gateway_from, "%s via %s", several ? " nexthop" : "",
                spell_address(file->output->arena, &route->gateway));
    if (route->link)
        output_part(file, NULL, " dev %s", route->link);
}

/* Routes of one destination and metric: one line, with a hop for each. */
static void
emit_routes_to(const struct plan_route *const *routes, size_t count, struct output_file *file)
{
    const struct plan_route *first = routes[0];
    size_t i;

    output_part(file, NULL, "route replace %s%s", first->via == VIA_BLACKHOLE ? "blackhole " : "",
                spell_prefix(file->output->arena, &first->destination));
    output_part(file, NULL, " proto static metric %u", first->metric);
    for (i = 0; i < count; i++) {
        if (routes[i]->via == VIA_ADDRESS)
            emit_hop(routes[i], count > 1, file);
        output_part(file, routes[i]->from, "%s", "");
        output_part(file, routes[i]->metric_from, "%s", "");
        output_part(file, routes[i]->destination.from, "%s", "");
    }
    output_end(file);
}

static void
emit_routes(const struct plan *plan, struct output *output)
{
    const struct plan_route **routes =
        arena_array(output->arena, plan->route_count, sizeof(*routes));
    struct output_file *file;
    size_t count = 0;
    size_t i, next;

    for (i = 0; i < plan->route_count; i++)
        if (plan->routes[i].via == VIA_ADDRESS || plan->routes[i].via == VIA_BLACKHOLE)
            routes[count++] = &plan->routes[i];
    if (!count)
        return;
    qsort(routes, count, sizeof(*routes), compare_routes);
    file = output_file(output, "etc/seilc/routes.batch");
    spell_header(file, "Static routes; a metric is the distance on the SEIL");
    for (i = 0; i < count; i = next) {
        for (next = i + 1; next < count && compare_destinations(routes[i], routes[next]) == 0;
             next++)
            ;
        emit_routes_to(routes + i, next - i, file);
    }
}

void
links_emit(const struct plan *plan, struct output *output)
{
    size_t i;

    for (i = 0; i < plan->link_count; i++) {
        emit_link(&plan->links[i], output);
        if (plan->links[i].rename_by_mac)
            emit_rename(&plan->links[i], output);
    }
    for (i = 0; i < plan->tunnel_count; i++)
        emit_tunnel(&plan->tunnels[i], output);
    emit_late_links(plan, output);
    emit_routes(plan, output);
}
