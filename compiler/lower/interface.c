/* interface.c - links and their addresses, the clients that learn addresses, and the TCP MSS. */
#include <string.h>

#include "lower.h"

const enum key_id lower_interface_keys[] = {
    KEY_INTERFACE_GE_IPV4_ADDRESS,
    KEY_INTERFACE_GE_IPV4_ALIAS_ADDRESS,
    KEY_INTERFACE_GE_IPV4_TCP_MSS,
    KEY_INTERFACE_GE_IPV6_TCP_MSS,
    KEY_INTERFACE_GE_IPV6_ADDRESS,
    KEY_INTERFACE_GE_IPV6_ALIAS_ADDRESS,
    KEY_INTERFACE_GE_IPV6_ROUTER_ADVERTISEMENT_INTERFACE_ID,
    KEY_INTERFACE_GE_MTU,
    KEY_INTERFACE_GE_DESCRIPTION,
    KEY_INTERFACE_GE_MEDIA,
    KEY_INTERFACE_GE_PORT_MEDIA,
    KEY_INTERFACE_LOOPBACK_IPV4_ADDRESS,
    KEY_INTERFACE_LOOPBACK_IPV6_ADDRESS,
    KEY_NONE,
};

/* ---- what other features ask ---- */

static const struct interface_mapping *
find_mapping(const struct site_router *router, struct interface_name name)
{
    size_t i;

    for (i = 0; i < router->mapping_count; i++)
        if (interface_equal(router->mappings[i].seil, name))
            return &router->mappings[i];
    return NULL;
}

/* Kinds whose links and addresses are in the plan. */
static bool
is_translated(const struct interface *interface)
{
    return interface->name.kind == KIND_GE || interface->name.kind == KIND_LOOPBACK;
}

/* Why a tunnel is not translated, as what it does, or NULL; `*other` is the interface to blame. */
static const char *
find_obstacle(const struct interface *tunnel, const struct interface **other)
{
    *other = tunnel->source_interface;
    if (tunnel->aftr.value)
        return "uses DS-Lite";
    if (*other && !is_translated(*other))
        return "starts at";
    *other = tunnel->lender;
    if (*other && !is_translated(*other))
        return "borrows the address of";
    return NULL;
}

const char *
lower_link(struct lowering *l, const struct interface *interface)
{
    const struct interface *other;

    if (!interface)
        return NULL;
    if (interface->name.kind == KIND_TUNNEL ? find_obstacle(interface, &other) != NULL
                                            : !is_translated(interface))
        return NULL;
    /* A router has one loopback link, and it is always up. */
    if (interface->name.kind == KIND_LOOPBACK && !find_mapping(l->router, interface->name))
        return "lo";
    return site_linux_name(l->arena, l->router, interface->name);
}

const char *
lower_no_link(struct lowering *l, const struct interface *interface)
{
    const struct interface *other;
    const char *obstacle;

    if (!interface)
        return "no interface fits";
    if (interface->name.kind != KIND_TUNNEL)
        return arena_printf(l->arena, "%s is of a kind that is not translated yet",
                            interface->text);
    obstacle = find_obstacle(interface, &other);
    if (interface->aftr.value)
        return arena_printf(l->arena, "%s uses DS-Lite, which is not translated yet",
                            interface->text);
    return arena_printf(l->arena, "%s %s %s, which is of a kind that is not translated yet",
                        interface->text, obstacle, other->text);
}

struct plan_link *
lower_find_link(struct lowering *l, const struct interface *interface)
{
    size_t place = interface ? l->link_of[interface - l->model->interfaces] : 0;

    return place ? &l->plan->links[place - 1] : NULL;
}

struct plan_client *
lower_find_client(struct lowering *l, const struct interface *interface)
{
    size_t place = interface ? l->client_of[interface - l->model->interfaces] : 0;

    return place ? &l->plan->clients[place - 1] : NULL;
}

struct plan_client *
lower_client(struct lowering *l, const struct interface *interface)
{
    struct plan_client *client = lower_find_client(l, interface);
    struct plan_link *link = lower_find_link(l, interface);

    if (client)
        return client;
    client = LOWER_ADD(l, l->plan->clients, l->plan->client_count);
    client->link = lower_link(l, interface);
    client->iaid = (unsigned)l->plan->client_count;
    l->client_of[interface - l->model->interfaces] = l->plan->client_count;
    if (link)
        link->client = true;
    return client;
}

/* ---- TCP MSS ---- */

/* N8: a number, for both directions; with `auto` it follows from the MTU. */
static void
add_mss(struct lowering *l, const struct interface *interface, enum family family,
        struct setting setting)
{
    enum { IPV4_TCP_HEADERS = 40, IPV6_TCP_HEADERS = 60, ETHERNET_MTU = 1500 };
    unsigned headers = family == FAMILY_IPV4 ? IPV4_TCP_HEADERS : IPV6_TCP_HEADERS;
    struct plan_mss *mss;

    if (!setting.value)
        return;
    if (setting_is(setting, "none")) {
        lower_skip(l, setting, "no MSS is rewritten, as without this line");
        return;
    }
    mss = LOWER_ADD(l, l->plan->msss, l->plan->mss_count);
    mss->family = family;
    mss->link = lower_link(l, interface);
    if (setting_is(setting, "auto")) {
        mss->mss = (unsigned)setting_number(interface->mtu, ETHERNET_MTU) - headers;
        mss->from = FROM(l, setting, interface->mtu);
    } else {
        mss->mss = (unsigned)setting.value->number;
        mss->from = FROM(l, setting);
    }
}

void
lower_mss(struct lowering *l, const struct interface *interface)
{
    add_mss(l, interface, FAMILY_IPV4, interface->mss4);
    add_mss(l, interface, FAMILY_IPV6, interface->mss6);
}

/* ---- the static link-local address ---- */

/*
 * fe80::5e:A:B of the port's first IPv4 address, which no other router on the LAN has; without one
 * a hash of the router's and the port's name takes its place.
 */
static struct in6_addr
derive_link_local(const struct lowering *l, const struct interface *interface)
{
    const struct setting *ipv4 = interface_fixed4(interface);
    struct in6_addr address = {{{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x5e}}};
    uint32_t id = 2166136261U; /* FNV-1a */
    const char *byte;

    for (byte = l->router->name; *byte; byte++)
        id = (id ^ (uint8_t)*byte) * 16777619U;
    for (byte = interface->text; *byte; byte++)
        id = (id ^ (uint8_t)*byte) * 16777619U;
    id = htonl(id);
    if (ipv4)
        id = ipv4->value->ipv4.address.s_addr;
    memcpy(&address.s6_addr[12], &id, sizeof(id));
    return address;
}

struct in6_addr
lower_link_local(struct lowering *l, const struct interface *interface, const struct origin *from)
{
    struct plan_link *link = lower_find_link(l, interface);
    struct plan_address *address;
    size_t i;

    for (i = 0; i < link->address_count; i++)
        if (link->addresses[i].family == FAMILY_IPV6 &&
            IN6_IS_ADDR_LINKLOCAL(&link->addresses[i].ipv6)) {
            link->static_link_local = link->addresses[i].nodad = true;
            return link->addresses[i].ipv6;
        }
    /* K1: without it keepalived's IPv6 instance never recovers from a start without carrier.
     * Unique, hence no DAD. */
    address = LOWER_ADD(l, link->addresses, link->address_count);
    *address = (struct plan_address){
        .family = FAMILY_IPV6,
        .ipv6 = derive_link_local(l, interface),
        .len = 64,
        .nodad = true,
        .from = from,
    };
    link->static_link_local = true;
    return address->ipv6;
}

/* ---- links ---- */

static void
add_addresses(struct lowering *l, struct plan_link *link, const struct interface_address *addresses,
              size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (addresses[i].address.value->type != TYPE_KEYWORD)
            *LOWER_ADD(l, link->addresses, link->address_count) =
                lower_address(l, addresses[i].address);
}

/* D8: dhcpcd does router discovery itself, with accept_ra off. */
static void
add_client(struct lowering *l, const struct interface *interface)
{
    struct setting id = interface->ra_interface_id;
    struct plan_client *client;

    if (id.node && !interface->ra.value)
        lower_skip(l, id, "no address of %s is made from router advertisements", interface->text);
    if (!interface->dhcp.value && !interface->ra.value && !interface->dhcp6.value)
        return;
    client = lower_client(l, interface);
    client->from =
        lower_join(l, client->from, FROM(l, interface->dhcp, interface->ra, interface->dhcp6));
    if (interface->dhcp.value)
        client->dhcp4 = (struct plan_flag){true, FROM(l, interface->dhcp)};
    if (interface->dhcp6.value)
        client->dhcp6_address = client->dhcp6 = (struct plan_flag){true, FROM(l, interface->dhcp6)};
    if (!interface->ra.value)
        return;
    client->ra = client->ra_autoconf = (struct plan_flag){true, FROM(l, interface->ra)};
    if (id.value) {
        client->ra_autoconf.on = false;
        client->interface_id = (struct plan_ipv6){id.value->ipv6.address, FROM(l, id)};
    }
}

static void
lower_media(struct lowering *l, struct setting media)
{
    if (setting_is(media, "auto"))
        lower_skip(l, media, "Linux negotiates speed and duplex by itself");
    else
        lower_refuse(l, FINDING_NOT_TRANSLATED, media,
                     "a fixed speed and duplex is not translated yet");
}

/* The ports of a SEIL's built-in switch. */
static void
lower_switch_ports(struct lowering *l, const struct interface *interface)
{
    const uint32_t *index;
    size_t count =
        tree_entries(l->model->tree, KEY_INTERFACE_GE_PORT, &interface->name.unit, &index);
    size_t i;

    for (i = 0; i < count; i++) {
        uint32_t at[KEY_INDEX_MAX] = {interface->name.unit, index[i]};

        lower_media(l, tree_get(l->model->tree, KEY_INTERFACE_GE_PORT_MEDIA, at));
    }
}

static void
add_link(struct lowering *l, const struct interface *interface)
{
    const struct interface_mapping *mapping = find_mapping(l->router, interface->name);
    struct plan_link *link = LOWER_ADD(l, l->plan->links, l->plan->link_count);

    l->link_of[interface - l->model->interfaces] = l->plan->link_count;
    link->name = lower_link(l, interface);
    link->loopback = interface->name.kind == KIND_LOOPBACK;
    link->from = origin_of(l->arena, interface->first);
    link->mtu = lower_written(l, interface->mtu);
    if (mapping && mapping->by_mac) {
        link->rename_by_mac = true;
        memcpy(link->mac, mapping->mac, sizeof(link->mac));
    }
    add_addresses(l, link, interface->ipv4, interface->ipv4_count);
    add_addresses(l, link, interface->ipv6, interface->ipv6_count);
    add_client(l, interface);
    lower_mss(l, interface);
    lower_skip(l, interface->description, "free text");
    if (interface->name.kind == KIND_GE) {
        lower_media(l, interface->media);
        lower_switch_ports(l, interface);
    }
}

void
lower_interface(struct lowering *l)
{
    size_t i;

    for (i = 0; i < l->model->interface_count; i++) {
        const struct interface *interface = &l->model->interfaces[i];

        if (interface->name.kind == KIND_GE || interface->name.kind == KIND_LOOPBACK)
            add_link(l, interface);
    }
}
