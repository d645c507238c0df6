/* nat.c - NAPT for IPv4 and prefix translation for IPv6. */
#include "resolve.h"

static const struct resolve_field napt_fields[] = {
    RESOLVE_FIELD(napt, private, NAT_IPV4_NAPT_PRIVATE),
    RESOLVE_FIELD(napt, interface_name, NAT_IPV4_NAPT_INTERFACE),
    RESOLVE_FIELD(napt, global, NAT_IPV4_NAPT_GLOBAL),
};

static const struct resolve_field nat6_fields[] = {
    RESOLVE_FIELD(nat6, type, NAT_IPV6_TYPE),
    RESOLVE_FIELD(nat6, interface_name, NAT_IPV6_INTERFACE),
    RESOLVE_FIELD(nat6, internal, NAT_IPV6_INTERNAL),
    RESOLVE_FIELD(nat6, external, NAT_IPV6_EXTERNAL),
    RESOLVE_FIELD(nat6, ndproxy, NAT_IPV6_NDPROXY),
};

static const struct resolve_field timeout_fields[] = {
    RESOLVE_FIELD(nat_timeouts, any, NAT_IPV4_TIMEOUT),
    RESOLVE_FIELD(nat_timeouts, tcp_synonly, NAT_IPV4_TIMEOUT_TCP_SYNONLY),
    RESOLVE_FIELD(nat_timeouts, tcp_established, NAT_IPV4_TIMEOUT_TCP_ESTABLISHED),
    RESOLVE_FIELD(nat_timeouts, udp, NAT_IPV4_TIMEOUT_UDP),
    RESOLVE_FIELD(nat_timeouts, icmp, NAT_IPV4_TIMEOUT_ICMP),
};

static void
resolve_napt(struct resolving *r)
{
    struct model *model = r->model;
    const uint32_t *index;
    size_t i;

    model->napt_all_global = tree_get(r->tree, KEY_NAT_IPV4_NAPT_ALL_GLOBAL, NULL);
    model->napt_count = tree_entries(r->tree, KEY_NAT_IPV4_NAPT, NULL, &index);
    model->napts = arena_array(r->arena, model->napt_count, sizeof(*model->napts));
    for (i = 0; i < model->napt_count; i++) {
        struct napt *napt = &model->napts[i];

        napt->index = index[i];
        RESOLVE_FIELDS(r, napt_fields, &index[i], napt);
        if (!napt->global.value)
            napt->global = model->napt_all_global;
        napt->interface = resolve_reference(r, napt->interface_name,
                                            NEED_CONFIG | (napt->global.value ? 0 : NEED_IPV4));
    }
}

static void
resolve_nat6(struct resolving *r)
{
    struct model *model = r->model;
    const uint32_t *index;
    size_t i;

    model->nat6_count = tree_entries(r->tree, KEY_NAT_IPV6, NULL, &index);
    model->nat6s = arena_array(r->arena, model->nat6_count, sizeof(*model->nat6s));
    for (i = 0; i < model->nat6_count; i++) {
        struct nat6 *nat6 = &model->nat6s[i];

        nat6->index = index[i];
        RESOLVE_FIELDS(r, nat6_fields, &index[i], nat6);
        nat6->interface = resolve_reference(r, nat6->interface_name,
                                            NEED_CONFIG | (nat6->external.value ? 0 : NEED_IPV6));
    }
}

void
resolve_nat(struct resolving *r)
{
    resolve_napt(r);
    resolve_nat6(r);
    RESOLVE_FIELDS(r, timeout_fields, NULL, &r->model->timeouts);
    r->model->port_assignment = tree_get(r->tree, KEY_NAT_IPV4_OPTION_PORT_ASSIGNMENT, NULL);
}
