/* system.c - services, logins, and settings that do nothing. */
#include <string.h>

#include "checks.h"

/* ---- service-off ---- */

static const struct {
    enum key_id service, group;
} services[] = {
    {KEY_DHCP_SERVER_SERVICE, KEY_DHCP_SERVER},
    {KEY_DHCP_RELAY_SERVICE, KEY_DHCP_RELAY},
    {KEY_DHCP6_CLIENT_SERVICE, KEY_DHCP6_CLIENT},
    {KEY_DHCP6_SERVER_SERVICE, KEY_DHCP6_SERVER},
    {KEY_DHCP6_RELAY_SERVICE, KEY_DHCP6_RELAY},
    {KEY_ROUTER_ADVERTISEMENT_SERVICE, KEY_ROUTER_ADVERTISEMENT},
    {KEY_RESOLVER_SERVICE, KEY_RESOLVER},
    {KEY_DNS_FORWARDER_SERVICE, KEY_DNS_FORWARDER},
    {KEY_NTP_SERVICE, KEY_NTP_CLIENT},
    {KEY_QOS_SERVICE, KEY_QOS_INTERFACE},
    {KEY_UPNP_SERVICE, KEY_UPNP_LISTEN},
    {KEY_MONITOR_SERVICE, KEY_MONITOR_PING},
};

/* The first statement of a group's entries. */
static const struct node *
first_of(const struct tree *tree, enum key_id group)
{
    const char *path = key_defs[group].path;
    size_t i;

    for (i = 0; i < tree->count; i++)
        if (strncmp(tree->nodes[i].def->path, path, strlen(path)) == 0)
            return &tree->nodes[i];
    return NULL;
}

/* `service: disable` says that the entries are kept for later; no such line, that it was forgotten. */
void
check_service_off(const struct checking *c)
{
    size_t i;

    for (i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        const uint32_t *index;
        const struct node *first;

        if (tree_find(c->model->tree, services[i].service, NULL) ||
            !tree_entries(c->model->tree, services[i].group, NULL, &index) || !check_whole(c, c->model))
            continue;
        first = first_of(c->model->tree, services[i].group);
        if (first)
            check_add(c, FINDING_SERVICE_OFF, first->key, "without %s: enable this does nothing",
                      key_defs[services[i].service].path);
    }
}

/* ---- setting-ignored ---- */

enum wants { WANTS_ANY, WANTS_ON, WANTS_WORD };

static const struct idle {
    enum key_id key, needs;
    enum wants wants;
    const char *word;
} idle_settings[] = {
    {KEY_VRRP_VROUTER_WATCH_DEAD_DETECT, KEY_VRRP_VROUTER_WATCH_KEEPALIVE, WANTS_ANY, NULL},
    {KEY_VRRP_VROUTER_WATCH_ALIVE_DETECT, KEY_VRRP_VROUTER_WATCH_KEEPALIVE, WANTS_ANY, NULL},
    {KEY_ROUTE_IPV6_ROUTER_ADVERTISEMENT_INTERFACE, KEY_ROUTE_IPV6_GATEWAY, WANTS_WORD, "router-advertisement"},
    {KEY_ROUTE_IPV4_KEEPALIVE_TARGET, KEY_ROUTE_IPV4_KEEPALIVE_SERVICE, WANTS_ON, NULL},
    {KEY_ROUTE_IPV4_KEEPALIVE_SEND_INTERVAL, KEY_ROUTE_IPV4_KEEPALIVE_SERVICE, WANTS_ON, NULL},
    {KEY_ROUTE_IPV4_KEEPALIVE_TIMEOUT, KEY_ROUTE_IPV4_KEEPALIVE_SERVICE, WANTS_ON, NULL},
    {KEY_ROUTE_IPV4_KEEPALIVE_DOWN_COUNT, KEY_ROUTE_IPV4_KEEPALIVE_SERVICE, WANTS_ON, NULL},
    {KEY_ROUTE_IPV4_KEEPALIVE_UP_COUNT, KEY_ROUTE_IPV4_KEEPALIVE_SERVICE, WANTS_ON, NULL},
    {KEY_ROUTE_IPV6_KEEPALIVE_TARGET, KEY_ROUTE_IPV6_KEEPALIVE_SERVICE, WANTS_ON, NULL},
    {KEY_ROUTE_IPV6_KEEPALIVE_SEND_INTERVAL, KEY_ROUTE_IPV6_KEEPALIVE_SERVICE, WANTS_ON, NULL},
    {KEY_ROUTE_IPV6_KEEPALIVE_TIMEOUT, KEY_ROUTE_IPV6_KEEPALIVE_SERVICE, WANTS_ON, NULL},
    {KEY_ROUTE_IPV6_KEEPALIVE_DOWN_COUNT, KEY_ROUTE_IPV6_KEEPALIVE_SERVICE, WANTS_ON, NULL},
    {KEY_ROUTE_IPV6_KEEPALIVE_UP_COUNT, KEY_ROUTE_IPV6_KEEPALIVE_SERVICE, WANTS_ON, NULL},
    {KEY_FILTER_IPV4_STATE_TTL, KEY_FILTER_IPV4_STATE, WANTS_ON, NULL},
    {KEY_FILTER_IPV6_STATE_TTL, KEY_FILTER_IPV6_STATE, WANTS_ON, NULL},
    {KEY_FILTER_IPV4_STATE, KEY_FILTER_IPV4_ACTION, WANTS_WORD, "pass"},
    {KEY_FILTER_IPV6_STATE, KEY_FILTER_IPV6_ACTION, WANTS_WORD, "pass"},
    {KEY_DNS_FORWARDER_ADDRESS_FROM, KEY_DNS_FORWARDER_ADDRESS, WANTS_WORD, "ipcp"},
    {KEY_DHCP6_SERVER_DNS_CLIENT_INTERFACE, KEY_DHCP6_SERVER_DNS_ADDRESS, WANTS_WORD, "dhcp6"},
    {KEY_DHCP6_SERVER_SNTP_CLIENT_INTERFACE, KEY_DHCP6_SERVER_SNTP_ADDRESS, WANTS_WORD, "dhcp6"},
    {KEY_INTERFACE_PPPOE_IPCP_ADDRESS, KEY_INTERFACE_PPPOE_IPCP, WANTS_ON, NULL},
    {KEY_INTERFACE_PPPOE_IPCP_DNS, KEY_INTERFACE_PPPOE_IPCP, WANTS_ON, NULL},
    {KEY_INTERFACE_GE_IPV6_ROUTER_ADVERTISEMENT_INTERFACE_ID, KEY_INTERFACE_GE_IPV6_ADDRESS, WANTS_WORD,
     "router-advertisement"},
    {KEY_INTERFACE_VLAN_IPV6_ROUTER_ADVERTISEMENT_INTERFACE_ID, KEY_INTERFACE_VLAN_IPV6_ADDRESS, WANTS_WORD,
     "router-advertisement"},
    {KEY_NTP_SERVER, KEY_NTP_SERVICE, WANTS_ON, NULL},
    {KEY_SSHD_PASSWORD_AUTHENTICATION, KEY_SSHD_SERVICE, WANTS_ON, NULL},
};

enum { IDLE_COUNT = sizeof(idle_settings) / sizeof(idle_settings[0]) };

static bool
is_met(const struct idle *idle, struct setting needed)
{
    if (!needed.value)
        return false;
    if (idle->wants == WANTS_ON)
        return setting_on(needed);
    return idle->wants == WANTS_ANY || setting_is(needed, idle->word);
}

/* Is it switched off anyway?  `state: disable` on a rule that blocks is only tidy. */
static bool
is_disabled(const struct node *node)
{
    return node->value.type == TYPE_SWITCH && !node->value.on;
}

static void
find_idle(const struct checking *c, const struct idle *idle, const struct node *node)
{
    struct setting needed = tree_get(c->model->tree, idle->needs, node->index);
    const char *path = catalogue_format(c->arena, &key_defs[idle->needs], node->index);
    struct finding *finding;

    if (is_met(idle, needed) || is_disabled(node))
        return;
    finding = check_add(c, FINDING_SETTING_IGNORED, node->key, "this does nothing without %s%s%s", path,
                        idle->wants == WANTS_ANY ? "" : ": ",
                        idle->wants == WANTS_ON ? "enable"
                        : idle->word            ? idle->word
                                                : "");
    if (needed.node)
        diag_note(c->diag, finding, needed.node->where, "as it is set here");
}

void
check_setting_ignored(const struct checking *c)
{
    uint8_t row_of[KEY_COUNT] = {0}; /* row + 1; 0: none */
    const struct tree *tree = c->model->tree;
    size_t i;

    if (!check_whole(c, c->model))
        return;
    for (i = 0; i < IDLE_COUNT; i++)
        row_of[idle_settings[i].key] = (uint8_t)(i + 1);
    for (i = 0; i < tree->count; i++)
        if (row_of[tree->nodes[i].def->id])
            find_idle(c, &idle_settings[row_of[tree->nodes[i].def->id] - 1], &tree->nodes[i]);
}

/* ---- logins ---- */

void
check_telnetd_on(const struct checking *c)
{
    struct setting service = tree_get(c->model->tree, KEY_TELNETD_SERVICE, NULL);

    if (setting_on(service) && service.node)
        check_add(
            c, FINDING_TELNETD_ON, service.node->where,
            "telnet sends the admin password in clear: whoever listens on the LAN can read it (sshd.service does not)");
}

void
check_password_clear(const struct checking *c)
{
    const struct node *node = tree_find(c->model->tree, KEY_LOGIN_ADMIN_PASSWORD, NULL);

    if (node)
        check_add(c, FINDING_PASSWORD_CLEAR, node->key,
                  "the admin password stands here in clear, for everybody who gets to see the config; "
                  "login.admin.encrypted-password holds a hash");
}

void
check_snmp_public(const struct checking *c)
{
    struct setting community = tree_get(c->model->tree, KEY_SNMP_COMMUNITY, NULL);
    struct setting by_name = tree_get(c->model->tree, KEY_SNMP_SECURITY_MODEL_COMMUNITY_BASED, NULL);
    struct text text;

    if (!community.node || !setting_on(tree_get(c->model->tree, KEY_SNMP_SERVICE, NULL)) ||
        (by_name.node && !setting_on(by_name)))
        return;
    text = community.node->value.text;
    if ((text.len == 6 && memcmp(text.bytes, "public", 6) == 0) ||
        (text.len == 7 && memcmp(text.bytes, "private", 7) == 0))
        check_add(c, FINDING_SNMP_PUBLIC, community.node->key,
                  "this community is the first that everybody tries: whoever reaches the router reads its interfaces, "
                  "routes and hosts");
}
