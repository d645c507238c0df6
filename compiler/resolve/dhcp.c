/* dhcp.c - the DHCPv4 server. */
#include "resolve.h"

static const struct resolve_field fields[] = {
    RESOLVE_FIELD(dhcp_server, interface_name, DHCP_SERVER_INTERFACE),
    RESOLVE_FIELD(dhcp_server, pool_address, DHCP_SERVER_POOL_ADDRESS),
    RESOLVE_FIELD(dhcp_server, pool_count, DHCP_SERVER_POOL_COUNT),
    RESOLVE_FIELD(dhcp_server, expire, DHCP_SERVER_EXPIRE),
    RESOLVE_FIELD(dhcp_server, expire_detail, DHCP_SERVER_EXPIRE_DETAIL),
    RESOLVE_FIELD(dhcp_server, gateway, DHCP_SERVER_GATEWAY),
    RESOLVE_FIELD(dhcp_server, domain, DHCP_SERVER_DOMAIN),
    RESOLVE_FIELD(dhcp_server, ignore_unknown_request, DHCP_SERVER_IGNORE_UNKNOWN_REQUEST),
    RESOLVE_FIELD(dhcp_server, wins_node, DHCP_SERVER_WINS_NODE_TYPE),
    RESOLVE_FIELD(dhcp_server, wpad, DHCP_SERVER_WPAD_URL),
    RESOLVE_FIELD(dhcp_server, external_url, DHCP_SERVER_STATIC_EXTERNAL_URL),
    RESOLVE_FIELD(dhcp_server, external_interval, DHCP_SERVER_STATIC_EXTERNAL_INTERVAL),
};

static const struct resolve_field lease_fields[] = {
    RESOLVE_FIELD(static_lease, mac, DHCP_SERVER_STATIC_ENTRY_MAC_ADDRESS),
    RESOLVE_FIELD(static_lease, address, DHCP_SERVER_STATIC_ENTRY_IP_ADDRESS),
};

/* One client, one address: neither twice in one server. */
static void
check_lease(struct resolving *r, const struct dhcp_server *server, size_t last)
{
    const struct static_lease *lease = &server->leases[last];
    size_t i;

    for (i = 0; i < last && last < RESOLVE_COMPARE_MAX; i++) {
        const struct static_lease *other = &server->leases[i];

        if (lease->mac.value && other->mac.value && value_equal(lease->mac.value, other->mac.value))
            resolve_conflict(r, other->mac, lease->mac,
                             "expected another client: this one has a fixed lease already");
        if (lease->address.value && other->address.value &&
            value_equal(lease->address.value, other->address.value))
            resolve_conflict(r, other->address, lease->address,
                             "expected another address: this one is another client's");
    }
}

static void
resolve_leases(struct resolving *r, struct dhcp_server *server)
{
    const uint32_t *index;
    size_t i;

    server->lease_count =
        tree_entries(r->tree, KEY_DHCP_SERVER_STATIC_ENTRY, &server->index, &index);
    server->leases = arena_array(r->arena, server->lease_count, sizeof(*server->leases));
    for (i = 0; i < server->lease_count; i++) {
        uint32_t at[KEY_INDEX_MAX] = {server->index, index[i]};

        server->leases[i].index = index[i];
        RESOLVE_FIELDS(r, lease_fields, at, &server->leases[i]);
        check_lease(r, server, i);
    }
}

static void
resolve_server(struct resolving *r, struct dhcp_server *server)
{
    const uint32_t *at = &server->index;

    RESOLVE_FIELDS(r, fields, at, server);
    server->dns_count =
        resolve_list(r, KEY_DHCP_SERVER_DNS, KEY_DHCP_SERVER_DNS_ADDRESS, at, &server->dns);
    server->ntp_count =
        resolve_list(r, KEY_DHCP_SERVER_NTP, KEY_DHCP_SERVER_NTP_ADDRESS, at, &server->ntp);
    server->wins_count = resolve_list(r, KEY_DHCP_SERVER_WINS_SERVER,
                                      KEY_DHCP_SERVER_WINS_SERVER_ADDRESS, at, &server->wins);
    resolve_leases(r, server);
}

void
resolve_dhcp(struct resolving *r)
{
    struct model *model = r->model;
    const uint32_t *index;
    size_t i, j;

    model->dhcp_service = tree_get(r->tree, KEY_DHCP_SERVER_SERVICE, NULL);
    model->dhcp_server_count = tree_entries(r->tree, KEY_DHCP_SERVER, NULL, &index);
    model->dhcp_servers =
        arena_array(r->arena, model->dhcp_server_count, sizeof(*model->dhcp_servers));
    for (i = 0; i < model->dhcp_server_count; i++) {
        struct dhcp_server *server = &model->dhcp_servers[i];

        server->index = index[i];
        resolve_server(r, server);
        if (!setting_on(model->dhcp_service))
            continue;
        server->interface = resolve_reference(r, server->interface_name, NEED_CONFIG | NEED_IPV4);
        for (j = 0; server->interface && j < i && i < RESOLVE_COMPARE_MAX; j++)
            if (model->dhcp_servers[j].interface == server->interface)
                resolve_conflict(r, model->dhcp_servers[j].interface_name, server->interface_name,
                                 "expected another interface: %s is served already",
                                 server->interface->text);
    }
}
