/* interface.c - addresses of interfaces, VLANs and bridges; and the LANs that the routers of a site share. */
#include "checks.h"

/* Calls `run` for each two fixed IPv4 addresses on different interfaces; loopback addresses lie in nobody's subnet. */
static void
each_two_addresses(const struct checking *c,
                   void (*run)(const struct checking *c, const struct interface *first, struct setting a,
                               const struct interface *second, struct setting b))
{
    const struct model *model = c->model;
    size_t i, j, a, b;

    for (i = 0; i < model->interface_count && i < CHECK_COMPARE_MAX; i++)
        for (j = 0; j < i; j++)
            for (a = 0; a < model->interfaces[j].ipv4_count; a++)
                for (b = 0; b < model->interfaces[i].ipv4_count; b++) {
                    struct setting first = model->interfaces[j].ipv4[a].address;
                    struct setting second = model->interfaces[i].ipv4[b].address;

                    if (first.value->type == TYPE_IPV4_PREFIX && second.value->type == TYPE_IPV4_PREFIX)
                        run(c, &model->interfaces[j], first, &model->interfaces[i], second);
                }
}

static void
find_overlap(const struct checking *c, const struct interface *first, struct setting a, const struct interface *second,
             struct setting b)
{
    struct range4 net_a = net4(a.value->ipv4.address, a.value->ipv4.len);
    struct range4 net_b = net4(b.value->ipv4.address, b.value->ipv4.len);
    struct finding *finding;

    if (first->name.kind == KIND_LOOPBACK || second->name.kind == KIND_LOOPBACK || !range4_meet(net_a, net_b, NULL))
        return;
    finding = check_add(c, FINDING_SUBNET_OVERLAP, b.node->where,
                        "%s on %s and %s on %s overlap: hosts of one of them get no answers", words_net4(c, b.value),
                        second->text, words_net4(c, a.value), first->text);
    diag_note(c->diag, finding, a.node->where, "the other one is here");
}

/* The same for IPv6, where an interface may lie in the prefix of another one by mistake of a length. */
static void
find_overlap6(const struct checking *c, const struct interface *first, const struct interface *second)
{
    size_t i;

    for (i = 0; i < second->ipv6_count; i++) {
        struct setting b = second->ipv6[i].address;
        const struct setting *a = interface_fixed6(first);
        struct finding *finding;

        if (!a || b.value->type != TYPE_IPV6_PREFIX || IN6_IS_ADDR_LINKLOCAL(&b.value->ipv6.address) ||
            (!within6(&a->value->ipv6.address, 128, &b.value->ipv6.address, b.value->ipv6.len) &&
             !within6(&b.value->ipv6.address, 128, &a->value->ipv6.address, a->value->ipv6.len)))
            continue;
        finding = check_add(c, FINDING_SUBNET_OVERLAP, b.node->where,
                            "%s on %s and %s on %s overlap: hosts of one of them get no answers",
                            words_net6(c, &b.value->ipv6.address, b.value->ipv6.len), second->text,
                            words_net6(c, &a->value->ipv6.address, a->value->ipv6.len), first->text);
        diag_note(c->diag, finding, a->node->where, "the other one is here");
    }
}

void
check_subnet_overlap(const struct checking *c)
{
    const struct model *model = c->model;
    size_t i, j;

    each_two_addresses(c, find_overlap);
    for (i = 0; i < model->interface_count && i < CHECK_COMPARE_MAX; i++)
        for (j = 0; j < i; j++)
            if (model->interfaces[i].name.kind != KIND_LOOPBACK && model->interfaces[j].name.kind != KIND_LOOPBACK)
                find_overlap6(c, &model->interfaces[j], &model->interfaces[i]);
}

/* ---- unknown-interface, where the resolution does not look ---- */

/* Has the resolution told of this value already? */
static bool
was_told(const struct checking *c, const struct node *node)
{
    size_t i;

    for (i = 0; i < c->told; i++)
        if (c->diag->findings[i]->place.source == node->where.source &&
            c->diag->findings[i]->place.start == node->where.start)
            return true;
    return false;
}

static bool
is_reference(const struct value *value)
{
    return value->type == TYPE_INTERFACE ||
           (value->type == TYPE_INTERFACE_PATTERN && value->interface.unit != UNIT_ALL);
}

void
check_unknown_interface(const struct checking *c)
{
    const struct tree *tree = c->model->tree;
    size_t i;

    if (!check_whole(c, c->model))
        return;
    for (i = 0; i < tree->count; i++) {
        const struct node *node = &tree->nodes[i];
        const struct interface *interface;

        /* A SEIL has its Ethernet ports also when nothing configures them; ipsecac has no keys of its own. */
        if (!is_reference(&node->value) || node->value.interface.kind == KIND_GE ||
            node->value.interface.kind == KIND_IPSECAC)
            continue;
        interface = model_interface(c->model, node->value.interface);
        if ((!interface || !interface->first) && !was_told(c, node))
            check_add(c, FINDING_UNKNOWN_INTERFACE, node->where,
                      "expected an interface with settings of its own; %s has none",
                      interface_format(c->arena, node->value.interface));
    }
}

void
check_address_not_host(const struct checking *c)
{
    size_t i, j;

    for (i = 0; i < c->model->interface_count; i++)
        for (j = 0; j < c->model->interfaces[i].ipv4_count; j++) {
            struct setting own = c->model->interfaces[i].ipv4[j].address;

            if (own.value->type == TYPE_IPV4_PREFIX && own.node &&
                !range4_has(hosts4(own.value->ipv4.address, own.value->ipv4.len), host4(own.value->ipv4.address)))
                check_add(c, FINDING_ADDRESS_NOT_HOST, own.node->where,
                          "%s is the %s address of its subnet, and no host may have it",
                          words4(c, host4(own.value->ipv4.address)),
                          host4(own.value->ipv4.address) == net4(own.value->ipv4.address, own.value->ipv4.len).first
                              ? "network"
                              : "broadcast");
        }
}

/* ---- no-such-address, where the resolution does not look ---- */

void
check_pppoe_lender(const struct checking *c)
{
    size_t i;

    for (i = 0; i < c->model->interface_count && check_whole(c, c->model); i++) {
        const struct interface *pppoe = &c->model->interfaces[i];
        struct setting lent =
            pppoe->name.kind == KIND_PPPOE && pppoe->ipv4_count ? pppoe->ipv4[0].address : (struct setting){0};
        const struct interface *lender = is_interface(lent) ? model_interface(c->model, lent.value->interface) : NULL;

        if (lender && lent.node && !interface_fixed4(lender))
            check_add(c, FINDING_NO_SUCH_ADDRESS, lent.node->where,
                      "expected an interface with a fixed IPv4 address to borrow; %s has none", lender->text);
    }
}

/* ---- VLANs and bridges ---- */

static struct setting
vlan_setting(const struct model *model, const struct interface *vlan, enum key_id key)
{
    return tree_get(model->tree, key, &vlan->name.unit);
}

void
check_vlan_vid_twice(const struct checking *c)
{
    const struct model *model = c->model;
    size_t i, j;

    for (i = 0; i < model->interface_count && i < CHECK_COMPARE_MAX; i++) {
        struct setting vid = vlan_setting(model, &model->interfaces[i], KEY_INTERFACE_VLAN_VID);
        struct setting over = vlan_setting(model, &model->interfaces[i], KEY_INTERFACE_VLAN_OVER);

        for (j = 0; model->interfaces[i].name.kind == KIND_VLAN && vid.node && j < i; j++) {
            struct setting other = vlan_setting(model, &model->interfaces[j], KEY_INTERFACE_VLAN_VID);
            struct setting other_over = vlan_setting(model, &model->interfaces[j], KEY_INTERFACE_VLAN_OVER);
            struct finding *finding;

            if (model->interfaces[j].name.kind != KIND_VLAN || !other.node || !value_equal(vid.value, other.value) ||
                !over.value || !other_over.value || !value_equal(over.value, other_over.value))
                continue;
            finding = check_add(c, FINDING_VLAN_VID_TWICE, vid.node->where,
                                "%s has this VLAN ID on the same port already: one of the two LANs is cut off",
                                model->interfaces[j].text);
            diag_note(c->diag, finding, other.node->where, "the other one is here");
        }
    }
}

/* The members of all bridges and LAGs that have addresses of their own. */
static void
find_members(const struct checking *c, enum key_id group, enum key_id member_group, enum key_id key, const char *what)
{
    const struct tree *tree = c->model->tree;
    const uint32_t *index, *member;
    size_t count = tree_entries(tree, group, NULL, &index);
    size_t i, j;

    for (i = 0; i < count; i++) {
        size_t members = tree_entries(tree, member_group, &index[i], &member);

        for (j = 0; j < members; j++) {
            uint32_t at[KEY_INDEX_MAX] = {index[i], member[j]};
            struct setting name = tree_get(tree, key, at);
            const struct interface *interface =
                is_interface(name) ? model_interface(c->model, name.value->interface) : NULL;
            struct finding *finding;

            if (!interface || (!interface->ipv4_count && !interface->ipv6_count))
                continue;
            finding = check_add(c, FINDING_MEMBER_ADDRESS, name.node->where,
                                "%s is a port of a %s and has an address of its own, which nobody reaches there",
                                interface->text, what);
            diag_note(c->diag, finding,
                      (interface->ipv4_count ? interface->ipv4[0] : interface->ipv6[0]).address.node->where,
                      "its address");
        }
    }
}

void
check_member_address(const struct checking *c)
{
    find_members(c, KEY_INTERFACE_BRIDGE, KEY_INTERFACE_BRIDGE_MEMBER, KEY_INTERFACE_BRIDGE_MEMBER_INTERFACE, "bridge");
    find_members(c, KEY_INTERFACE_LAG, KEY_INTERFACE_LAG_MEMBER, KEY_INTERFACE_LAG_MEMBER_INTERFACE,
                 "link aggregation");
}

/* ---- the routers of a site ---- */

static void
find_address_twice(const struct checking *c, const struct lan *lan, const void *with)
{
    size_t i;

    (void)with;
    for (i = 0; i < lan->on_b->ipv4_count + lan->on_b->ipv6_count; i++) {
        bool ipv4 = i < lan->on_b->ipv4_count;
        struct setting own = (ipv4 ? lan->on_b->ipv4[i] : lan->on_b->ipv6[i - lan->on_b->ipv4_count]).address;
        const struct setting *other = NULL;
        struct finding *finding;

        if (own.value->type == TYPE_IPV4_PREFIX)
            other = own4(lan->on_a, own.value->ipv4.address);
        else if (own.value->type == TYPE_IPV6_PREFIX)
            other = own6(lan->on_a, &own.value->ipv6.address);
        if (!other)
            continue;
        finding = check_add(c, FINDING_LAN_ADDRESS_TWICE, own.node->where,
                            "%s has this address on the same LAN: each takes the other's packets, and hosts lose both",
                            lan->a->router);
        diag_note(c->diag, finding, other->node->where, "%s is here", lan->a->router);
    }
}

void
check_lan_address_twice(const struct checking *c)
{
    each_lan(c, find_address_twice, NULL);
}

/* The address of the other interface that is in the same subnet with the same length; NULL: none. */
static const struct setting *
same_subnet(const struct interface *interface, const struct value *address)
{
    size_t i;

    for (i = 0; i < interface->ipv4_count; i++) {
        const struct value *own = interface->ipv4[i].address.value;

        if (own->type == TYPE_IPV4_PREFIX && own->ipv4.len == address->ipv4.len &&
            prefix_equal4(own->ipv4.address, address->ipv4.address, own->ipv4.len))
            return &interface->ipv4[i].address;
    }
    return NULL;
}

static void
find_subnet_differs(const struct checking *c, const struct lan *lan, const void *with)
{
    const struct setting *a = interface_fixed4(lan->on_a), *b = interface_fixed4(lan->on_b);
    struct finding *finding;

    (void)with;
    if (!a || !b || same_subnet(lan->on_a, b->value) || same_subnet(lan->on_b, a->value))
        return;
    finding = check_add(c, FINDING_LAN_SUBNET_DIFFERS, b->node->where,
                        "this LAN is %s here and %s on %s: after a takeover a part of the hosts is out of reach",
                        words_net4(c, b->value), words_net4(c, a->value), lan->a->router);
    diag_note(c->diag, finding, a->node->where, "%s is here", lan->a->router);
}

void
check_lan_subnet_differs(const struct checking *c)
{
    each_lan(c, find_subnet_differs, NULL);
}

/* Two lengths for one IPv6 prefix. */
static void
find_prefix_differs(const struct checking *c, const struct lan *lan, const void *with)
{
    size_t i;

    (void)with;
    for (i = 0; i < lan->on_b->ipv6_count; i++) {
        struct setting own = lan->on_b->ipv6[i].address;
        const struct setting *other =
            own.value->type == TYPE_IPV6_PREFIX ? subnet6(lan->on_a, &own.value->ipv6.address) : NULL;
        struct finding *finding;

        if (!other || other->value->ipv6.len == own.value->ipv6.len || IN6_IS_ADDR_LINKLOCAL(&own.value->ipv6.address))
            continue;
        finding =
            check_add(c, FINDING_LAN_SUBNET_DIFFERS, own.node->where,
                      "this LAN is a /%u here and a /%u on %s: after a takeover a part of the hosts is out of reach",
                      own.value->ipv6.len, other->value->ipv6.len, lan->a->router);
        diag_note(c->diag, finding, other->node->where, "%s is here", lan->a->router);
    }
}

void
check_lan_prefix_differs(const struct checking *c)
{
    each_lan(c, find_prefix_differs, NULL);
}
