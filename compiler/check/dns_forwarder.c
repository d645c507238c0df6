/* dns_forwarder.c - the DNS forwarder and the time server that hosts are sent to. */
#include "checks.h"

static bool
is_on(const struct checking *c)
{
    return setting_on(tree_get(c->model->tree, KEY_DNS_FORWARDER_SERVICE, NULL));
}

/* Does one of the listed interfaces match? */
static bool
listed(const struct model *model, enum key_id group, enum key_id key, const struct interface *interface)
{
    const uint32_t *index;
    size_t count = tree_entries(model->tree, group, NULL, &index);
    size_t i;

    for (i = 0; i < count; i++) {
        struct setting name = tree_get(model->tree, key, &index[i]);

        if (name.value && (!interface || (name.value->interface.kind == interface->name.kind &&
                                          (name.value->interface.unit == UNIT_ALL ||
                                           name.value->interface.unit == interface->name.unit))))
            return true;
    }
    return false;
}

/* Does the forwarder answer on this interface; on any at all, for NULL? */
static bool
listens(const struct model *model, const struct interface *interface)
{
    return listed(model, KEY_DNS_FORWARDER_LISTEN, KEY_DNS_FORWARDER_LISTEN_INTERFACE, interface) ||
           listed(model, KEY_DNS_FORWARDER_LISTEN_IPV4, KEY_DNS_FORWARDER_LISTEN_IPV4_INTERFACE, interface);
}

void
check_dns_forwarder_deaf(const struct checking *c)
{
    if (is_on(c) && !listens(c->model, NULL) && check_whole(c, c->model))
        check_add(c, FINDING_DNS_FORWARDER_DEAF, tree_get(c->model->tree, KEY_DNS_FORWARDER_SERVICE, NULL).node->where,
                  "the forwarder answers only on interfaces under dns-forwarder.listen, and there is none: no host "
                  "gets an answer");
}

void
check_dns_forwarder_no_server(const struct checking *c)
{
    const uint32_t *index;

    if (is_on(c) && !tree_entries(c->model->tree, KEY_DNS_FORWARDER, NULL, &index) && check_whole(c, c->model))
        check_add(c, FINDING_DNS_FORWARDER_NO_SERVER,
                  tree_get(c->model->tree, KEY_DNS_FORWARDER_SERVICE, NULL).node->where,
                  "the forwarder has no server to ask (dns-forwarder.0.address): hosts that use it resolve no names");
}

/* ---- dns-forwarder-off ---- */

static void
report_off(const struct checking *c, struct setting address, const struct interface *interface)
{
    check_add(c, FINDING_DNS_FORWARDER_OFF, address.node->where,
              is_on(c)
                  ? "hosts are sent to this router for names, and its DNS forwarder does not listen on %s: names do "
                    "not resolve"
                  : "hosts on %s are sent to this router for names, and its DNS forwarder is off: names do not resolve",
              interface->text);
}

static void
find_dhcp_dns(const struct checking *c, const struct dhcp_server *server)
{
    size_t i;

    for (i = 0; server->interface && i < server->dns_count; i++) {
        struct in_addr address = server->dns[i].value->ipv4.address;

        if (server->dns[i].node &&
            (own4(server->interface, address) || vrouter_with(c->model, server->interface, address)) &&
            !(is_on(c) && listens(c->model, server->interface)))
            report_off(c, server->dns[i], server->interface);
    }
}

static void
find_ra_dns(const struct checking *c, const struct advertiser *advertiser)
{
    size_t i;

    for (i = 0; advertiser->interface && i < advertiser->dns_count; i++) {
        struct setting address = advertiser->dns[i].value;
        const struct vrouter *tied = advertiser->tied_to;

        if (address.node && !(is_on(c) && listens(c->model, advertiser->interface)) &&
            (own6(advertiser->interface, &address.value->ipv6.address) ||
             (tied && value_equal(tied->address.value, address.value))))
            report_off(c, address, advertiser->interface);
    }
}

void
check_dns_forwarder_off(const struct checking *c)
{
    const struct model *model = c->model;
    size_t i;

    if (!check_whole(c, model))
        return;
    for (i = 0; setting_on(model->dhcp_service) && i < model->dhcp_server_count && i < CHECK_COMPARE_MAX; i++)
        find_dhcp_dns(c, &model->dhcp_servers[i]);
    for (i = 0; setting_on(model->ra_service) && i < model->advertiser_count && i < CHECK_COMPARE_MAX; i++)
        find_ra_dns(c, &model->advertisers[i]);
    for (i = 0; setting_on(model->resolver_service) && i < model->resolver_count; i++)
        if (setting_is(model->resolvers[i], "localhost") && model->resolvers[i].node && !is_on(c))
            check_add(c, FINDING_DNS_FORWARDER_OFF, model->resolvers[i].node->where,
                      "localhost is the router's own DNS forwarder, and that is off: the router resolves no names");
}

/* ---- ntp-server-off ---- */

void
check_ntp_server_off(const struct checking *c)
{
    const struct model *model = c->model;
    size_t i, j;

    if ((setting_on(model->ntp_service) && setting_on(model->ntp_server)) || !setting_on(model->dhcp_service) ||
        !check_whole(c, model))
        return;
    for (i = 0; i < model->dhcp_server_count && i < CHECK_COMPARE_MAX; i++)
        for (j = 0; model->dhcp_servers[i].interface && j < model->dhcp_servers[i].ntp_count; j++) {
            const struct dhcp_server *server = &model->dhcp_servers[i];
            struct in_addr address = server->ntp[j].value->ipv4.address;

            if (server->ntp[j].node &&
                (own4(server->interface, address) || vrouter_with(model, server->interface, address)))
                check_add(
                    c, FINDING_NTP_SERVER_OFF, server->ntp[j].node->where,
                    "hosts are sent to this router for the time, and it answers nobody (ntp.service and ntp.server)");
        }
}
