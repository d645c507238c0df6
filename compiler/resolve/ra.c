/* ra.c - router advertisements, and the virtual router that each is tied to. */
#include "resolve.h"

static const struct resolve_field fields[] = {
    RESOLVE_FIELD(advertiser, interface_name, ROUTER_ADVERTISEMENT_INTERFACE),
    RESOLVE_FIELD(advertiser, curhoplimit, ROUTER_ADVERTISEMENT_CURHOPLIMIT),
    RESOLVE_FIELD(advertiser, managed, ROUTER_ADVERTISEMENT_MANAGED_FLAG),
    RESOLVE_FIELD(advertiser, other, ROUTER_ADVERTISEMENT_OTHER_FLAG),
    RESOLVE_FIELD(advertiser, max_interval, ROUTER_ADVERTISEMENT_MAX_INTERVAL),
    RESOLVE_FIELD(advertiser, min_interval, ROUTER_ADVERTISEMENT_MIN_INTERVAL),
    RESOLVE_FIELD(advertiser, mtu, ROUTER_ADVERTISEMENT_MTU),
    RESOLVE_FIELD(advertiser, reachable_time, ROUTER_ADVERTISEMENT_REACHABLE_TIME),
    RESOLVE_FIELD(advertiser, retrans_timer, ROUTER_ADVERTISEMENT_RETRANS_TIMER),
    RESOLVE_FIELD(advertiser, router_lifetime, ROUTER_ADVERTISEMENT_ROUTER_LIFETIME),
};

static const struct resolve_field prefix_fields[] = {
    RESOLVE_FIELD(advertised_prefix, prefix, ROUTER_ADVERTISEMENT_ADVERTISE_PREFIX),
    RESOLVE_FIELD(advertised_prefix, valid_lifetime, ROUTER_ADVERTISEMENT_ADVERTISE_VALID_LIFETIME),
    RESOLVE_FIELD(advertised_prefix, preferred_lifetime,
                  ROUTER_ADVERTISEMENT_ADVERTISE_PREFERRED_LIFETIME),
    RESOLVE_FIELD(advertised_prefix, autonomous, ROUTER_ADVERTISEMENT_ADVERTISE_AUTONOMOUS_FLAG),
    RESOLVE_FIELD(advertised_prefix, onlink, ROUTER_ADVERTISEMENT_ADVERTISE_ONLINK_FLAG),
};

static void
resolve_prefixes(struct resolving *r, struct advertiser *advertiser)
{
    const uint32_t *index;
    size_t i;

    advertiser->prefix_count =
        tree_entries(r->tree, KEY_ROUTER_ADVERTISEMENT_ADVERTISE, &advertiser->index, &index);
    advertiser->prefixes =
        arena_array(r->arena, advertiser->prefix_count, sizeof(*advertiser->prefixes));
    for (i = 0; i < advertiser->prefix_count; i++) {
        uint32_t at[KEY_INDEX_MAX] = {advertiser->index, index[i]};

        advertiser->prefixes[i].index = index[i];
        RESOLVE_FIELDS(r, prefix_fields, at, &advertiser->prefixes[i]);
    }
}

static size_t
resolve_items(struct resolving *r, const struct advertiser *advertiser, enum key_id group,
              enum key_id value, enum key_id lifetime, struct advertised_item **out)
{
    const uint32_t *index;
    size_t count = tree_entries(r->tree, group, &advertiser->index, &index);
    size_t i;

    *out = arena_array(r->arena, count, sizeof(**out));
    for (i = 0; i < count; i++) {
        uint32_t at[KEY_INDEX_MAX] = {advertiser->index, index[i]};

        (*out)[i].value = tree_get(r->tree, value, at);
        (*out)[i].lifetime = tree_get(r->tree, lifetime, at);
    }
    return count;
}

/*
 * The smallest VRID of version 3 with an IPv6 address on the interface decides
 * (sx4/doc/sa/ra/rtadvd).
 */
static const struct vrouter *
find_vrouter(const struct model *model, const struct interface *interface)
{
    const struct vrouter *found = NULL;
    size_t i;

    for (i = 0; interface && i < model->vrouter_count && i < RESOLVE_COMPARE_MAX; i++) {
        const struct vrouter *vrouter = &model->vrouters[i];

        if (vrouter->interface != interface || vrouter->family != FAMILY_IPV6 ||
            !setting_is(vrouter->version, "3") || !vrouter->vrid.value)
            continue;
        if (!found || vrouter->vrid.value->number < found->vrid.value->number)
            found = vrouter;
    }
    return found;
}

void
resolve_ra(struct resolving *r)
{
    struct model *model = r->model;
    const uint32_t *index;
    size_t i, j;

    model->ra_service = tree_get(r->tree, KEY_ROUTER_ADVERTISEMENT_SERVICE, NULL);
    model->advertiser_count = tree_entries(r->tree, KEY_ROUTER_ADVERTISEMENT, NULL, &index);
    model->advertisers =
        arena_array(r->arena, model->advertiser_count, sizeof(*model->advertisers));
    for (i = 0; i < model->advertiser_count; i++) {
        struct advertiser *advertiser = &model->advertisers[i];

        advertiser->index = index[i];
        RESOLVE_FIELDS(r, fields, &index[i], advertiser);
        resolve_prefixes(r, advertiser);
        advertiser->dns_count = resolve_items(
            r, advertiser, KEY_ROUTER_ADVERTISEMENT_DNS, KEY_ROUTER_ADVERTISEMENT_DNS_ADDRESS,
            KEY_ROUTER_ADVERTISEMENT_DNS_LIFETIME, &advertiser->dns);
        advertiser->domain_count = resolve_items(
            r, advertiser, KEY_ROUTER_ADVERTISEMENT_DOMAIN, KEY_ROUTER_ADVERTISEMENT_DOMAIN_NAME,
            KEY_ROUTER_ADVERTISEMENT_DOMAIN_LIFETIME, &advertiser->domains);
        if (!setting_on(model->ra_service))
            continue;
        advertiser->interface = resolve_reference(r, advertiser->interface_name, NEED_LINK);
        advertiser->tied_to = find_vrouter(model, advertiser->interface);
        for (j = 0; advertiser->interface && j < i && i < RESOLVE_COMPARE_MAX; j++)
            if (model->advertisers[j].interface == advertiser->interface)
                resolve_conflict(r, model->advertisers[j].interface_name,
                                 advertiser->interface_name,
                                 "expected another interface: %s has an entry already",
                                 advertiser->interface->text);
    }
}
