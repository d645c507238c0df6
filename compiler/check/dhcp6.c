/* dhcp6.c - the DHCPv6 client: subnets of the delegated prefix. */
#include "checks.h"

static void
each_subnet(const struct checking *c, void (*run)(const struct checking *c, const struct dhcp6_client *client,
                                                  const struct delegated_subnet *subnet))
{
    size_t i, j;

    if (!setting_on(c->model->dhcp6_service))
        return;
    for (i = 0; i < c->model->dhcp6_client_count; i++) {
        const struct dhcp6_client *client = &c->model->dhcp6_clients[i];

        for (j = 0; client->interface && j < client->subnet_count; j++)
            if (client->subnets[j].interface && client->subnets[j].subnet.node)
                run(c, client, &client->subnets[j]);
    }
}

/* ---- sla-id-large ---- */

/* The longest prefix whose bits up to /64 hold this number. */
static unsigned
length_for(uint64_t number)
{
    unsigned len = 64;

    for (; number; number >>= 1)
        len--;
    return len;
}

static void
find_sla_id_large(const struct checking *c, const struct dhcp6_client *client, const struct delegated_subnet *subnet)
{
    enum { USUAL = 56 }; /* what providers delegate to a site (RFC 6177; NTT East and West, Starlink) */

    (void)client;
    if (subnet->sla_id.node && length_for(subnet->sla_id.value->number) < USUAL)
        check_add(
            c, FINDING_SLA_ID_LARGE, subnet->sla_id.node->where,
            "this subnet number needs a /%u or shorter from the provider, and a /56 is usual: %s gets no IPv6 address",
            length_for(subnet->sla_id.value->number), subnet->interface->text);
}

void
check_sla_id_large(const struct checking *c)
{
    each_subnet(c, find_sla_id_large);
}

/* ---- pd-not-advertised ---- */

static void
find_not_advertised(const struct checking *c, const struct dhcp6_client *client, const struct delegated_subnet *subnet)
{
    if (subnet->interface == client->interface || subnet->interface->name.kind == KIND_PPPOE ||
        !check_whole(c, c->model) || advertiser_of(c->model, subnet->interface) || is_line(c->model, subnet->interface))
        return;
    check_add(c, FINDING_PD_NOT_ADVERTISED, subnet->subnet.node->where,
              "%s gets a subnet of the delegated prefix and advertises nothing: hosts there get no IPv6 address",
              subnet->interface->text);
}

void
check_pd_not_advertised(const struct checking *c)
{
    each_subnet(c, find_not_advertised);
}

/* ---- dhcp6-client-on-lan ---- */

void
check_dhcp6_client_on_lan(const struct checking *c)
{
    const struct model *model = c->model;
    size_t i;

    for (i = 0; setting_on(model->dhcp6_service) && i < model->dhcp6_client_count && i < CHECK_COMPARE_MAX; i++) {
        const struct interface *interface = model->dhcp6_clients[i].interface;

        if (interface && model->dhcp6_clients[i].interface_name.node && !interface->ra.value &&
            (server_of(model, interface) || advertiser_of(model, interface) ||
             vrouter_of(model, interface, FAMILY_IPV4) || vrouter_of(model, interface, FAMILY_IPV6)))
            check_add(c, FINDING_DHCP6_CLIENT_ON_LAN, model->dhcp6_clients[i].interface_name.node->where,
                      "%s is where the hosts are: nobody there delegates a prefix, and hosts get no IPv6 address",
                      interface->text);
    }
}
