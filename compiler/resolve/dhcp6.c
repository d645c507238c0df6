/* dhcp6.c - the DHCPv6 client and the subnets of its prefix. */
#include "resolve.h"

static const struct resolve_field client_fields[] = {
    RESOLVE_FIELD(dhcp6_client, interface_name, DHCP6_CLIENT_INTERFACE),
    RESOLVE_FIELD(dhcp6_client, force, DHCP6_CLIENT_PREFIX_DELEGATION_FORCE),
};

static const struct resolve_field subnet_fields[] = {
    RESOLVE_FIELD(delegated_subnet, subnet, DHCP6_CLIENT_PREFIX_DELEGATION_SUBNET),
    RESOLVE_FIELD(delegated_subnet, sla_id, DHCP6_CLIENT_PREFIX_DELEGATION_SLA_ID),
    RESOLVE_FIELD(delegated_subnet, interface_id, DHCP6_CLIENT_PREFIX_DELEGATION_INTERFACE_ID),
};

/* The subnet numbers of one prefix differ. */
static void
check_sla_ids(struct resolving *r, const struct dhcp6_client *client, size_t count)
{
    const struct delegated_subnet *last = &client->subnets[count - 1];
    size_t i;

    for (i = 0; i + 1 < count && count < RESOLVE_COMPARE_MAX; i++)
        if (client->subnets[i].sla_id.value && last->sla_id.value &&
            client->subnets[i].sla_id.value->number == last->sla_id.value->number)
            resolve_conflict(r, client->subnets[i].sla_id, last->sla_id,
                             "expected another subnet number: this one is taken");
}

static void
note_delegated(struct resolving *r, const struct delegated_subnet *subnet)
{
    struct interface *interface;

    if (!subnet->interface || !subnet->sla_id.value)
        return;
    interface = &r->model->interfaces[subnet->interface - r->model->interfaces];
    if (!interface->delegated)
        interface->delegated = subnet;
}

static void
resolve_subnets(struct resolving *r, struct dhcp6_client *client)
{
    bool on = setting_on(r->model->dhcp6_service);
    const uint32_t *index;
    size_t i;

    client->subnet_count =
        tree_entries(r->tree, KEY_DHCP6_CLIENT_PREFIX_DELEGATION, &client->index, &index);
    client->subnets = arena_array(r->arena, client->subnet_count, sizeof(*client->subnets));
    for (i = 0; i < client->subnet_count; i++) {
        struct delegated_subnet *subnet = &client->subnets[i];
        uint32_t at[KEY_INDEX_MAX] = {client->index, index[i]};

        subnet->index = index[i];
        RESOLVE_FIELDS(r, subnet_fields, at, subnet);
        if (on)
            subnet->interface = resolve_reference(r, subnet->subnet, NEED_LINK);
        if (client->interface)
            note_delegated(r, subnet);
        resolve_interface_id(r, subnet->interface_id);
        check_sla_ids(r, client, i + 1);
    }
}

void
resolve_dhcp6(struct resolving *r)
{
    struct model *model = r->model;
    const uint32_t *index;
    size_t i, j;

    model->dhcp6_service = tree_get(r->tree, KEY_DHCP6_CLIENT_SERVICE, NULL);
    model->rapid_commit = tree_get(r->tree, KEY_DHCP6_CLIENT_RAPID_COMMIT, NULL);
    model->reconf_accept = tree_get(r->tree, KEY_DHCP6_CLIENT_RECONF_ACCEPT, NULL);
    model->dhcp6_client_count = tree_entries(r->tree, KEY_DHCP6_CLIENT, NULL, &index);
    model->dhcp6_clients =
        arena_array(r->arena, model->dhcp6_client_count, sizeof(*model->dhcp6_clients));
    for (i = 0; i < model->dhcp6_client_count; i++) {
        struct dhcp6_client *client = &model->dhcp6_clients[i];

        client->index = index[i];
        RESOLVE_FIELDS(r, client_fields, &index[i], client);
        if (setting_on(model->dhcp6_service))
            client->interface = resolve_reference(r, client->interface_name, NEED_LINK);
        resolve_subnets(r, client);
        for (j = 0; client->interface && j < i && i < RESOLVE_COMPARE_MAX; j++)
            if (model->dhcp6_clients[j].interface == client->interface)
                resolve_conflict(r, model->dhcp6_clients[j].interface_name, client->interface_name,
                                 "expected another interface: %s runs a DHCPv6 client already",
                                 client->interface->text);
    }
}
