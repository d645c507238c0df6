/* vrrp.c - virtual routers. */
#include "resolve.h"

static const struct resolve_field fields[] = {
    RESOLVE_FIELD(vrouter, version, VRRP_VROUTER_VERSION),
    RESOLVE_FIELD(vrouter, interface_name, VRRP_VROUTER_INTERFACE),
    RESOLVE_FIELD(vrouter, vrid, VRRP_VROUTER_VRID),
    RESOLVE_FIELD(vrouter, address, VRRP_VROUTER_ADDRESS),
    RESOLVE_FIELD(vrouter, priority, VRRP_VROUTER_PRIORITY),
    RESOLVE_FIELD(vrouter, preempt, VRRP_VROUTER_PREEMPT),
    RESOLVE_FIELD(vrouter, virtual_mac, VRRP_VROUTER_VIRTUAL_MAC),
    RESOLVE_FIELD(vrouter, delay, VRRP_VROUTER_DELAY),
    RESOLVE_FIELD(vrouter, interval, VRRP_VROUTER_INTERVAL),
    RESOLVE_FIELD(vrouter, watch_interface_name, VRRP_VROUTER_WATCH_INTERFACE),
    RESOLVE_FIELD(vrouter, watch_keepalive, VRRP_VROUTER_WATCH_KEEPALIVE),
    RESOLVE_FIELD(vrouter, watch_dead, VRRP_VROUTER_WATCH_DEAD_DETECT),
    RESOLVE_FIELD(vrouter, watch_alive, VRRP_VROUTER_WATCH_ALIVE_DETECT),
    RESOLVE_FIELD(vrouter, watch_route, VRRP_VROUTER_WATCH_ROUTE_UP),
};

/* K7: RFC 5798 5.2.9 wants a link-local address first, and VRRP version 2 knows no IPv6. */
static void
check_ipv6(struct resolving *r, const struct vrouter *vrouter)
{
    if (!IN6_IS_ADDR_LINKLOCAL(&vrouter->address.value->ipv6.address))
        diag_add(r->diag, FINDING_BAD_VALUE, vrouter->address.node->where,
                 "expected a link-local IPv6 address (fe80::/10): VRRP takes no other (RFC 5798, "
                 "5.2.9)");
    if (setting_is(vrouter->version, "2"))
        resolve_conflict(r, vrouter->version, vrouter->address,
                         "expected an IPv4 address: VRRP version 2 has no IPv6");
}

static bool
same_address(const struct value *virtual, const struct value *real)
{
    if (virtual->type == TYPE_IPV4_ADDRESS && real->type == TYPE_IPV4_PREFIX)
        return virtual->ipv4.address.s_addr == real->ipv4.address.s_addr;
    return virtual->type == TYPE_IPV6_ADDRESS && real->type == TYPE_IPV6_PREFIX &&
           prefix_equal6(&virtual->ipv6.address, &real->ipv6.address, 128);
}

/* The virtual address is none of the interface's own (sx4/doc/sa/vrrp/config/vrrp.vrouter.html). */
static void
check_own_addresses(struct resolving *r, const struct vrouter *vrouter)
{
    bool ipv6 = vrouter->family == FAMILY_IPV6;
    const struct interface_address *own =
        ipv6 ? vrouter->interface->ipv6 : vrouter->interface->ipv4;
    size_t count = ipv6 ? vrouter->interface->ipv6_count : vrouter->interface->ipv4_count;
    size_t i;

    for (i = 0; i < count; i++)
        if (same_address(vrouter->address.value, own[i].address.value))
            resolve_conflict(r, own[i].address, vrouter->address,
                             "expected a virtual address that is not an address of %s itself",
                             vrouter->interface->text);
}

/* One VRID is one virtual router on an interface, for each family. */
static void
check_equal_vrids(struct resolving *r, const struct vrouter *a, const struct vrouter *b)
{
    if (a->interface && a->interface == b->interface && a->family == b->family && a->vrid.value &&
        b->vrid.value && a->vrid.value->number == b->vrid.value->number)
        resolve_conflict(r, a->vrid, b->vrid,
                         "expected another VRID: %s has this one already for %s",
                         a->interface->text, a->family == FAMILY_IPV6 ? "IPv6" : "IPv4");
}

static void
check_vrouter(struct resolving *r, const struct vrouter *vrouter)
{
    if (vrouter->family == FAMILY_IPV6)
        check_ipv6(r, vrouter);
    if (vrouter->interface)
        check_own_addresses(r, vrouter);
}

void
resolve_vrrp(struct resolving *r)
{
    struct model *model = r->model;
    const uint32_t *index;
    size_t i, j;

    model->vrouter_count = tree_entries(r->tree, KEY_VRRP_VROUTER, NULL, &index);
    model->vrouters = arena_array(r->arena, model->vrouter_count, sizeof(*model->vrouters));
    for (i = 0; i < model->vrouter_count; i++) {
        struct vrouter *vrouter = &model->vrouters[i];
        const struct setting *address = &vrouter->address;

        vrouter->index = index[i];
        RESOLVE_FIELDS(r, fields, &index[i], vrouter);
        vrouter->family =
            address->value && address->value->type == TYPE_IPV6_ADDRESS ? FAMILY_IPV6 : FAMILY_IPV4;
        vrouter->interface =
            resolve_reference(r, vrouter->interface_name,
                              NEED_CONFIG | (vrouter->family == FAMILY_IPV4 ? NEED_IPV4 : 0));
        vrouter->watch_interface = resolve_reference(r, vrouter->watch_interface_name, NEED_LINK);
        if (address->value)
            check_vrouter(r, vrouter);
        for (j = 0; j < i && i < RESOLVE_COMPARE_MAX; j++)
            check_equal_vrids(r, &model->vrouters[j], vrouter);
    }
}
