/* dhcp.c - the DHCPv4 server: Kea's subnets, pools, options and reservations. */
#include <stdlib.h>
#include <string.h>

#include "lower.h"

const enum key_id lower_dhcp_keys[] = {
    KEY_DHCP_SERVER_SERVICE,
    KEY_DHCP_SERVER_INTERFACE,
    KEY_DHCP_SERVER_POOL_ADDRESS,
    KEY_DHCP_SERVER_POOL_COUNT,
    KEY_DHCP_SERVER_EXPIRE,
    KEY_DHCP_SERVER_EXPIRE_DETAIL,
    KEY_DHCP_SERVER_GATEWAY,
    KEY_DHCP_SERVER_DOMAIN,
    KEY_DHCP_SERVER_IGNORE_UNKNOWN_REQUEST,
    KEY_DHCP_SERVER_DNS_ADDRESS,
    KEY_DHCP_SERVER_NTP_ADDRESS,
    KEY_DHCP_SERVER_WINS_SERVER_ADDRESS,
    KEY_DHCP_SERVER_WINS_NODE_TYPE,
    KEY_DHCP_SERVER_WPAD_URL,
    KEY_DHCP_SERVER_STATIC_ENTRY_MAC_ADDRESS,
    KEY_DHCP_SERVER_STATIC_ENTRY_IP_ADDRESS,
    KEY_NONE,
};

enum { HOUR = 3600, HOST_BITS_USUAL = 30 };

/* NetBIOS node types by the key's words; RFC 2132, 8.7. */
static const struct {
    const char *word;
    unsigned code;
} node_types[] = {{"b-node", 1}, {"p-node", 2}, {"m-node", 4}, {"h-node", 8}};

/* ---- pools ---- */

static uint32_t
host_order(struct in_addr address)
{
    return ntohl(address.s_addr);
}

/*
 * Is an address a host's in the subnet: neither the network nor the broadcast address, where those
 * exist?
 */
static bool
is_host(const struct plan_ipv4_prefix *subnet, uint64_t address)
{
    uint64_t network = host_order(subnet->address);
    uint64_t broadcast = network | (subnet->len ? UINT32_MAX >> subnet->len : UINT32_MAX);

    if (subnet->len == 32)
        return address == network;
    if (subnet->len > HOST_BITS_USUAL)
        return address >= network && address <= broadcast;
    return address > network && address < broadcast;
}

static int
compare_addresses(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

    return a < b ? -1 : a > b;
}

/* The IPv4 addresses of the port itself and of its virtual routers, ascending. */
static size_t
find_own_addresses(struct lowering *l, const struct interface *interface, uint32_t **out)
{
    size_t count = 0;
    size_t i;

    *out = arena_array(l->arena, interface->ipv4_count + LOWER_COMPARE_MAX, sizeof(**out));
    for (i = 0; i < interface->ipv4_count; i++)
        if (interface->ipv4[i].address.value->type == TYPE_IPV4_PREFIX)
            (*out)[count++] = host_order(interface->ipv4[i].address.value->ipv4.address);
    for (i = 0; i < l->model->vrouter_count && i < LOWER_COMPARE_MAX; i++)
        if (l->model->vrouters[i].interface == interface &&
            l->model->vrouters[i].family == FAMILY_IPV4 && l->model->vrouters[i].address.value)
            (*out)[count++] = host_order(l->model->vrouters[i].address.value->ipv4.address);
    if (count)
        qsort(*out, count, sizeof(**out), compare_addresses);
    return count;
}

static void
add_pool(struct lowering *l, struct plan_dhcp4 *scope, uint32_t first, uint32_t last)
{
    if (first <= last)
        *LOWER_ADD(l, scope->pools, scope->pool_count) =
            (struct plan_pool){{htonl(first)}, {htonl(last)}};
}

/* E8: a SEIL does not offer addresses in use, Kea would offer the router's own: they are cut out.
 */
static void
cut_pool(struct lowering *l, const struct dhcp_server *server, struct plan_dhcp4 *scope)
{
    uint32_t first = host_order(scope->first), last = host_order(scope->last);
    uint32_t *own;
    size_t count = find_own_addresses(l, server->interface, &own);
    bool cut = false;
    size_t i;

    for (i = 0; i < count && first <= last; i++) {
        if (own[i] < first || own[i] > last)
            continue;
        if (own[i] > first)
            add_pool(l, scope, first, own[i] - 1);
        first = own[i] + 1;
        cut = true;
    }
    add_pool(l, scope, first, last);
    if (cut)
        lower_approximate(l, server->pool_count,
                          "the pool is cut around the router's own addresses");
    if (!scope->pool_count)
        lower_refuse(l, FINDING_CANNOT_EXPRESS, server->pool_count,
                     "the pool holds the router's own address alone");
}

static bool
lower_pool(struct lowering *l, const struct dhcp_server *server, struct plan_dhcp4 *scope)
{
    const struct value *pool = server->pool_address.value;
    uint64_t first = host_order(pool->ipv4.address);
    uint64_t last = first + server->pool_count.value->number - 1;

    scope->subnet.address = lower_mask4(pool->ipv4.address, pool->ipv4.len);
    scope->subnet.len = pool->ipv4.len;
    scope->subnet.from = FROM(l, server->pool_address);
    scope->pool_from = FROM(l, server->pool_address, server->pool_count);
    if (!is_host(&scope->subnet, first) || !is_host(&scope->subnet, last)) {
        lower_refuse_entry(l, FINDING_CANNOT_EXPRESS, KEY_DHCP_SERVER, server->index,
                           "the pool does not fit into its subnet");
        return false;
    }
    scope->first = (struct in_addr){htonl((uint32_t)first)};
    scope->last = (struct in_addr){htonl((uint32_t)last)};
    cut_pool(l, server, scope);
    return true;
}

/* ---- what is handed out ---- */

static void
lower_lease_time(struct lowering *l, const struct dhcp_server *server, struct plan_dhcp4 *scope)
{
    struct plan_number *valid = &scope->valid_lifetime;

    if (server->expire_detail.value) {
        *valid = lower_number(l, server->expire_detail);
        lower_skip(l, server->expire, "expire-detail stands beside it");
    } else {
        *valid = lower_number(l, server->expire);
        valid->value *= HOUR;
    }
    /* E7. */
    scope->renew = valid->value / 2;
    scope->rebind = valid->value * 7 / 8;
}

/* E12: the configured gateway, else the port's own address. */
static bool
lower_gateway(struct lowering *l, const struct dhcp_server *server, struct plan_dhcp4 *scope)
{
    const struct setting *own = interface_fixed4(server->interface);

    if (server->gateway.value) {
        scope->router = lower_ipv4(l, server->gateway);
        return true;
    }
    if (own) {
        scope->router = lower_ipv4(l, *own);
        return true;
    }
    lower_refuse_entry(l, FINDING_CANNOT_EXPRESS, KEY_DHCP_SERVER, server->index,
                       "%s has no fixed IPv4 address to hand out as gateway",
                       server->interface->text);
    return false;
}

static size_t
lower_addresses(struct lowering *l, const struct setting *settings, size_t count,
                struct plan_ipv4 **out)
{
    size_t i;

    *out = arena_array(l->arena, count, sizeof(**out));
    for (i = 0; i < count; i++)
        (*out)[i] = lower_ipv4(l, settings[i]);
    return count;
}

static void
lower_options(struct lowering *l, const struct dhcp_server *server, struct plan_dhcp4 *scope)
{
    size_t i;

    scope->dns_count = lower_addresses(l, server->dns, server->dns_count, &scope->dns);
    scope->ntp_count = lower_addresses(l, server->ntp, server->ntp_count, &scope->ntp);
    scope->wins_count = lower_addresses(l, server->wins, server->wins_count, &scope->wins);
    for (i = 0; i < sizeof(node_types) / sizeof(node_types[0]); i++)
        if (setting_is(server->wins_node, node_types[i].word))
            scope->wins_node =
                (struct plan_number){node_types[i].code, true, FROM(l, server->wins_node)};
    scope->domain = lower_text(l, server->domain);
    scope->wpad = lower_text(l, server->wpad);
}

static void
lower_leases(struct lowering *l, const struct dhcp_server *server, struct plan_dhcp4 *scope)
{
    size_t i;

    for (i = 0; i < server->lease_count; i++) {
        const struct static_lease *lease = &server->leases[i];
        struct plan_lease *out;

        if (!lease->mac.value || !lease->address.value) {
            lower_skip(l, lease->mac, "the lease has no address");
            lower_skip(l, lease->address, "the lease has no client");
        } else if (!is_host(&scope->subnet, host_order(lease->address.value->ipv4.address))) {
            lower_refuse(l, FINDING_CANNOT_EXPRESS, lease->mac,
                         "Kea takes leases inside the pool's subnet only");
            lower_refuse(l, FINDING_CANNOT_EXPRESS, lease->address,
                         "Kea takes leases inside the pool's subnet only");
        } else {
            out = LOWER_ADD(l, scope->leases, scope->lease_count);
            memcpy(out->mac, lease->mac.value->mac, sizeof(out->mac));
            out->mac_from = FROM(l, lease->mac);
            out->address = lower_ipv4(l, lease->address);
        }
    }
}

/* ---- scopes ---- */

/* E6: Kea would answer once for each address of the port. */
static struct in_addr
find_listen(struct lowering *l, const struct interface *interface, const char *link)
{
    const struct setting *own = interface_fixed4(interface);
    size_t count = interface->ipv4_count;
    size_t i;

    for (i = 0; i < l->plan->vrrp_count && i < LOWER_COMPARE_MAX; i++)
        if (l->plan->vrrps[i].family == FAMILY_IPV4 && !l->plan->vrrps[i].vmac_link &&
            strcmp(l->plan->vrrps[i].link, link) == 0)
            count++;
    return own && count > 1 ? own->value->ipv4.address : (struct in_addr){0};
}

/* E3: `link` is the port itself, never a virtual router's link. */
static void
add_scope(struct lowering *l, const struct dhcp_server *server, const char *link)
{
    struct plan_dhcp4 scope = {
        .id = (unsigned)l->plan->dhcp4_count + 1,
        .link = link,
        .link_from = FROM(l, server->interface_name),
        .from = FROM(l, l->model->dhcp_service, server->interface_name),
    };

    if (!lower_pool(l, server, &scope) || !lower_gateway(l, server, &scope))
        return;
    scope.listen = find_listen(l, server->interface, link);
    /* E1: a NAK is what ignore-unknown-request suppresses. */
    scope.authoritative = (struct plan_flag){!setting_on(server->ignore_unknown_request),
                                             FROM(l, server->ignore_unknown_request)};
    lower_lease_time(l, server, &scope);
    lower_options(l, server, &scope);
    lower_leases(l, server, &scope);
    *LOWER_ADD(l, l->plan->dhcp4s, l->plan->dhcp4_count) = scope;
}

static void
lower_server(struct lowering *l, const struct dhcp_server *server)
{
    const char *link = lower_link(l, server->interface);

    lower_refuse(l, FINDING_CANNOT_EXPRESS, server->external_url,
                 "Kea fetches no leases from a URL");
    lower_refuse(l, FINDING_CANNOT_EXPRESS, server->external_interval,
                 "Kea fetches no leases from a URL");
    if (!server->interface || !server->pool_address.value || !server->pool_count.value)
        lower_skip_entry(l, KEY_DHCP_SERVER, server->index, "the entry is not complete");
    else if (!link)
        lower_refuse_entry(l, FINDING_NOT_TRANSLATED, KEY_DHCP_SERVER, server->index, "%s",
                           lower_no_link(l, server->interface));
    else if (!interface_has(server->interface, FAMILY_IPV4))
        lower_skip_entry(l, KEY_DHCP_SERVER, server->index, "%s has no IPv4 address",
                         server->interface->text);
    else
        add_scope(l, server, link);
}

void
lower_dhcp(struct lowering *l)
{
    size_t i;

    if (!setting_on(l->model->dhcp_service)) {
        lower_skip_feature(l, "dhcp.server.service is not enable");
        for (i = 0; i < l->model->dhcp_server_count; i++)
            lower_skip_entry(l, KEY_DHCP_SERVER, l->model->dhcp_servers[i].index,
                             "dhcp.server.service is not enable");
        return;
    }
    for (i = 0; i < l->model->dhcp_server_count; i++)
        lower_server(l, &l->model->dhcp_servers[i]);
    if (!l->plan->dhcp4_count)
        lower_skip(l, l->model->dhcp_service, "no interface is served");
}
