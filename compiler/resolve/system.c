/* system.c - host name, time zone, resolver and NTP. */
#include "resolve.h"

static const struct resolve_field fields[] = {
    RESOLVE_FIELD(model, hostname, HOSTNAME),
    RESOLVE_FIELD(model, timezone, OPTION_TIMEZONE),
    RESOLVE_FIELD(model, resolver_service, RESOLVER_SERVICE),
    RESOLVE_FIELD(model, resolver_domain, RESOLVER_DOMAIN),
    RESOLVE_FIELD(model, resolver_priority, RESOLVER_SERVER_PRIORITY),
    RESOLVE_FIELD(model, ntp_service, NTP_SERVICE),
    RESOLVE_FIELD(model, ntp_server, NTP_SERVER),
};

static const struct resolve_field host_fields[] = {
    RESOLVE_FIELD(host_entry, hostname, RESOLVER_HOST_DATABASE_HOSTNAME),
    RESOLVE_FIELD(host_entry, address, RESOLVER_HOST_DATABASE_ADDRESS),
};

static void
resolve_hosts(struct resolving *r)
{
    const uint32_t *index;
    size_t i;

    r->model->host_count = tree_entries(r->tree, KEY_RESOLVER_HOST_DATABASE, NULL, &index);
    r->model->hosts = arena_array(r->arena, r->model->host_count, sizeof(*r->model->hosts));
    for (i = 0; i < r->model->host_count; i++)
        RESOLVE_FIELDS(r, host_fields, &index[i], &r->model->hosts[i]);
}

/* dhcp, dhcp6 and ipcp stand for all servers learned so, and may stand once (resolver.[].address).
 */
static void
check_learned_once(struct resolving *r, const struct setting *settings, size_t count)
{
    size_t i, j;

    for (i = 0; i < count && i < RESOLVE_COMPARE_MAX; i++)
        for (j = 0; j < i; j++)
            if (settings[i].value->type == TYPE_KEYWORD &&
                value_equal(settings[i].value, settings[j].value))
                resolve_conflict(r, settings[j], settings[i],
                                 "expected another server: %s stands here already",
                                 setting_word(settings[i]));
}

void
resolve_system(struct resolving *r)
{
    struct model *model = r->model;

    RESOLVE_FIELDS(r, fields, NULL, model);
    model->resolver_count =
        resolve_list(r, KEY_RESOLVER, KEY_RESOLVER_ADDRESS, NULL, &model->resolvers);
    check_learned_once(r, model->resolvers, model->resolver_count);
    resolve_hosts(r);
    model->ntp_client_count =
        resolve_list(r, KEY_NTP_CLIENT, KEY_NTP_CLIENT_ADDRESS, NULL, &model->ntp_clients);
    check_learned_once(r, model->ntp_clients, model->ntp_client_count);
}
