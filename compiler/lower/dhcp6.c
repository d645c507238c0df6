/* dhcp6.c - the DHCPv6 client: dhcpcd asks, the reconciler cuts subnets from the delegated prefix.
 */
#include "lower.h"

const enum key_id lower_dhcp6_keys[] = {
    KEY_DHCP6_CLIENT_SERVICE,
    KEY_DHCP6_CLIENT_RAPID_COMMIT,
    KEY_DHCP6_CLIENT_RECONF_ACCEPT,
    KEY_DHCP6_CLIENT_INTERFACE,
    KEY_DHCP6_CLIENT_PREFIX_DELEGATION_SUBNET,
    KEY_DHCP6_CLIENT_PREFIX_DELEGATION_SLA_ID,
    KEY_DHCP6_CLIENT_PREFIX_DELEGATION_INTERFACE_ID,
    KEY_DHCP6_CLIENT_PREFIX_DELEGATION_FORCE,
    KEY_NONE,
};

/*
 * D1, D2: dhcpcd would not delegate to the requesting interface, so it delegates to none and the
 * reconciler does.
 */
static void
add_subnet(struct lowering *l, const struct plan_client *client,
           const struct delegated_subnet *subnet)
{
    const char *link = lower_link(l, subnet->interface);
    struct plan_subnet *out;

    if (!subnet->subnet.value || !subnet->sla_id.value) {
        lower_skip(l, subnet->subnet, "the subnet lacks its number");
        lower_skip(l, subnet->sla_id, "the subnet lacks its interface");
        lower_skip(l, subnet->interface_id, "the subnet is not complete");
        return;
    }
    if (!link) {
        const struct setting settings[] = {subnet->subnet, subnet->sla_id, subnet->interface_id};
        size_t i;

        for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
            lower_refuse(l, FINDING_NOT_TRANSLATED, settings[i], "%s",
                         lower_no_link(l, subnet->interface));
        return;
    }
    out = LOWER_ADD(l, l->plan->subnets, l->plan->subnet_count);
    out->client = client->link;
    out->iaid = client->iaid;
    out->link = link;
    out->sla_id = (unsigned)subnet->sla_id.value->number;
    out->sla_from = FROM(l, subnet->sla_id);
    out->interface_id = subnet->interface_id.value->ipv6.address;
    out->id_from = FROM(l, subnet->interface_id);
    out->from = FROM(l, subnet->subnet, subnet->sla_id, subnet->interface_id);
}

static void
add_client(struct lowering *l, const struct dhcp6_client *source)
{
    const struct model *model = l->model;
    const struct origin *from = FROM(l, model->dhcp6_service, source->interface_name);
    struct plan_client *client = lower_client(l, source->interface);
    size_t i;

    client->from = lower_join(l, client->from, from);
    client->dhcp6 = (struct plan_flag){true, lower_join(l, client->dhcp6.from, from)};
    client->rapid_commit = lower_flag(l, model->rapid_commit);
    /* A prefix is asked for when somebody wants a subnet of it, or at any rate. */
    if (setting_on(source->force))
        from = lower_join(l, from, FROM(l, source->force));
    else
        lower_skip(l, source->force,
                   "a prefix is asked for when a subnet of it is wanted, as without this line");
    if (source->subnet_count || setting_on(source->force))
        client->delegation = (struct plan_flag){true, from};
    for (i = 0; i < source->subnet_count; i++)
        add_subnet(l, client, &source->subnets[i]);
}

void
lower_dhcp6(struct lowering *l)
{
    const struct model *model = l->model;
    bool used = false;
    size_t i;

    if (!setting_on(model->dhcp6_service)) {
        lower_skip_feature(l, "dhcp6.client.service is not enable");
        return;
    }
    if (setting_on(model->reconf_accept))
        lower_refuse(l, FINDING_CANNOT_EXPRESS, model->reconf_accept,
                     "dhcpcd accepts Reconfigure only with an authentication key");
    else
        lower_skip(l, model->reconf_accept, "dhcpcd does not ask to be reconfigured");
    for (i = 0; i < model->dhcp6_client_count; i++) {
        const struct dhcp6_client *client = &model->dhcp6_clients[i];

        if (!client->interface_name.value) {
            lower_skip_entry(l, KEY_DHCP6_CLIENT, client->index, "the entry names no interface");
        } else if (!lower_link(l, client->interface)) {
            lower_refuse_entry(l, FINDING_NOT_TRANSLATED, KEY_DHCP6_CLIENT, client->index, "%s",
                               lower_no_link(l, client->interface));
        } else {
            add_client(l, client);
            used = true;
        }
    }
    if (!used)
        lower_skip_feature(l, "no DHCPv6 client runs");
}
