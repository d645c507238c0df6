/* interface.c - interfaces: which there are, and their settings. */
#include <stdlib.h>
#include <string.h>

#include "resolve.h"

/* What the keys of an interface kind are called; KEY_NONE: it has no such key. */
struct kind_keys {
    enum interface_kind kind;
    enum key_id address4, alias4, alias4_address;
    enum key_id address6, alias6, alias6_address;
    enum key_id ra_id, mtu, mss4, mss6, description, media;
};

#define K(name) KEY_INTERFACE_##name
#define ADDRESSES4(kind) K(kind##_IPV4_ADDRESS), K(kind##_IPV4_ALIAS), K(kind##_IPV4_ALIAS_ADDRESS)
#define ADDRESSES6(kind) K(kind##_IPV6_ADDRESS), K(kind##_IPV6_ALIAS), K(kind##_IPV6_ALIAS_ADDRESS)

#define NO_ALIASES KEY_NONE, KEY_NONE

static const struct kind_keys kinds[] = {
    {KIND_GE, ADDRESSES4(GE), ADDRESSES6(GE), K(GE_IPV6_ROUTER_ADVERTISEMENT_INTERFACE_ID),
     K(GE_MTU), K(GE_IPV4_TCP_MSS), K(GE_IPV6_TCP_MSS), K(GE_DESCRIPTION), K(GE_MEDIA)},
    {KIND_VLAN, ADDRESSES4(VLAN), ADDRESSES6(VLAN), K(VLAN_IPV6_ROUTER_ADVERTISEMENT_INTERFACE_ID),
     KEY_NONE, K(VLAN_IPV4_TCP_MSS), K(VLAN_IPV6_TCP_MSS), K(VLAN_DESCRIPTION), KEY_NONE},
    {KIND_BRIDGE, ADDRESSES4(BRIDGE), ADDRESSES6(BRIDGE),
     K(BRIDGE_IPV6_ROUTER_ADVERTISEMENT_INTERFACE_ID), K(BRIDGE_MTU), K(BRIDGE_IPV4_TCP_MSS),
     K(BRIDGE_IPV6_TCP_MSS), K(BRIDGE_DESCRIPTION), KEY_NONE},
    {KIND_LOOPBACK, K(LOOPBACK_IPV4_ADDRESS), NO_ALIASES, K(LOOPBACK_IPV6_ADDRESS), NO_ALIASES,
     KEY_NONE, KEY_NONE, KEY_NONE, KEY_NONE, KEY_NONE, KEY_NONE},
    {KIND_PPPOE, K(PPPOE_IPV4_ADDRESS), NO_ALIASES, K(PPPOE_IPV6_ADDRESS), NO_ALIASES, KEY_NONE,
     K(PPPOE_MTU), K(PPPOE_IPV4_TCP_MSS), K(PPPOE_IPV6_TCP_MSS), K(PPPOE_DESCRIPTION), KEY_NONE},
    {KIND_WWAN, K(WWAN_IPV4_ADDRESS), NO_ALIASES, KEY_NONE, NO_ALIASES, KEY_NONE, KEY_NONE,
     K(WWAN_IPV4_TCP_MSS), K(WWAN_IPV6_TCP_MSS), K(WWAN_DESCRIPTION), KEY_NONE},
    {KIND_TUNNEL, KEY_NONE, NO_ALIASES, K(TUNNEL_IPV6_ADDRESS), NO_ALIASES, KEY_NONE, K(TUNNEL_MTU),
     K(TUNNEL_IPV4_TCP_MSS), K(TUNNEL_IPV6_TCP_MSS), K(TUNNEL_DESCRIPTION), KEY_NONE},
    {KIND_GRE, K(GRE_IPV4_ADDRESS), NO_ALIASES, K(GRE_IPV6_ADDRESS), NO_ALIASES, KEY_NONE,
     K(GRE_MTU), K(GRE_IPV4_TCP_MSS), K(GRE_IPV6_TCP_MSS), K(GRE_DESCRIPTION), KEY_NONE},
};

static const struct resolve_field tunnel_fields[] = {
    RESOLVE_FIELD(interface, source4, INTERFACE_TUNNEL_IPV4_SOURCE),
    RESOLVE_FIELD(interface, destination4, INTERFACE_TUNNEL_IPV4_DESTINATION),
    RESOLVE_FIELD(interface, source6, INTERFACE_TUNNEL_IPV6_SOURCE),
    RESOLVE_FIELD(interface, destination6, INTERFACE_TUNNEL_IPV6_DESTINATION),
    RESOLVE_FIELD(interface, aftr, INTERFACE_TUNNEL_IPV6_DSLITE_AFTR),
    RESOLVE_FIELD(interface, inner4, INTERFACE_TUNNEL_IPV4_ADDRESS),
    RESOLVE_FIELD(interface, remote4, INTERFACE_TUNNEL_IPV4_REMOTE),
    RESOLVE_FIELD(interface, tos, INTERFACE_TUNNEL_TX_TOS_SET),
};

/* ---- which there are ---- */

/* An interface that a statement configures or names. */
struct mention {
    struct interface_name name;
    const struct node *node; /* NULL: only named */
};

struct mentions {
    struct mention *items;
    size_t count, capacity;
};

static void
add_mention(struct resolving *r, struct mentions *mentions, struct interface_name name,
            const struct node *node)
{
    const struct mention *last = mentions->count ? &mentions->items[mentions->count - 1] : NULL;

    if (last && last->node && interface_equal(last->name, name))
        return; /* the lines of one interface mostly stand together */
    mentions->items = arena_grow(r->arena, mentions->items, mentions->count, &mentions->capacity,
                                 sizeof(*mentions->items));
    mentions->items[mentions->count++] = (struct mention){name, node};
}

/* The kind whose settings a key is about: that of "interface.ge[].mtu" is ge. */
static enum interface_kind
kind_of_key(const struct key_def *def)
{
    static const char first[] = "interface.";
    const char *word = def->path + sizeof(first) - 1;
    size_t len;
    int kind;

    if (strncmp(def->path, first, sizeof(first) - 1) != 0)
        return KIND_NONE;
    len = strcspn(word, "[.");
    for (kind = KIND_NONE + 1; kind < KIND_COUNT; kind++)
        if (strlen(interface_kind_names[kind]) == len &&
            memcmp(interface_kind_names[kind], word, len) == 0)
            return (enum interface_kind)kind;
    return KIND_NONE;
}

static void
collect_mentions(struct resolving *r, struct mentions *out)
{
    size_t i;

    for (i = 0; i < r->tree->count; i++) {
        const struct node *node = &r->tree->nodes[i];
        enum interface_kind kind = kind_of_key(node->def);

        if (kind != KIND_NONE)
            add_mention(r, out, (struct interface_name){kind, node->index[0]}, node);
        if (node->value.type == TYPE_INTERFACE)
            add_mention(r, out, node->value.interface, NULL);
    }
}

/* By kind, unit, and place; a mere mention comes last. */
static int
compare_mentions(const void *left, const void *right)
{
    const struct mention *a = left, *b = right;

    if (a->name.kind != b->name.kind)
        return a->name.kind < b->name.kind ? -1 : 1;
    if (a->name.unit != b->name.unit)
        return a->name.unit < b->name.unit ? -1 : 1;
    if (!a->node || !b->node)
        return !a->node - !b->node;
    return a->node->number < b->node->number ? -1 : a->node->number > b->node->number;
}

static void
list_interfaces(struct resolving *r)
{
    struct mentions mentions = {0};
    struct model *model = r->model;
    size_t i;

    collect_mentions(r, &mentions);
    if (!mentions.count)
        return;
    qsort(mentions.items, mentions.count, sizeof(*mentions.items), compare_mentions);
    model->interfaces = arena_array(r->arena, mentions.count, sizeof(*model->interfaces));
    for (i = 0; i < mentions.count; i++) {
        const struct mention *mention = &mentions.items[i];

        if (i && interface_equal(mentions.items[i - 1].name, mention->name))
            continue;
        model->interfaces[model->interface_count++] = (struct interface){
            .name = mention->name,
            .text = interface_format(r->arena, mention->name),
            .first = mention->node,
        };
    }
}

/* ---- their settings ---- */

/* The main address and the aliases, those that are set. */
static size_t
resolve_addresses(struct resolving *r, const struct interface *interface, enum key_id main,
                  enum key_id group, enum key_id key, struct interface_address **out)
{
    struct setting *aliases;
    struct setting address = {0};
    size_t count = 0;
    size_t alias_count, i;

    if (main != KEY_NONE)
        address = tree_get(r->tree, main, &interface->name.unit);
    alias_count =
        group != KEY_NONE ? resolve_list(r, group, key, &interface->name.unit, &aliases) : 0;
    *out = arena_array(r->arena, alias_count + 1, sizeof(**out));
    if (address.value)
        (*out)[count++].address = address;
    for (i = 0; i < alias_count; i++)
        (*out)[count++].address = aliases[i];
    return count;
}

/* The address that says `word`; two that say so are one too many. */
static struct setting
find_learned(struct resolving *r, const struct interface_address *addresses, size_t count,
             const char *word)
{
    struct setting found = {0};
    size_t i;

    for (i = 0; i < count; i++) {
        if (!setting_is(addresses[i].address, word))
            continue;
        if (found.node)
            resolve_conflict(r, found, addresses[i].address,
                             "expected a fixed address: %s is said here already", word);
        else
            found = addresses[i].address;
    }
    return found;
}

static void
check_equal_addresses(struct resolving *r, const struct interface *interface)
{
    size_t i, j;

    for (i = 0; i < interface->ipv4_count && i < RESOLVE_COMPARE_MAX; i++)
        for (j = 0; j < i; j++)
            if (interface->ipv4[i].address.value->type == TYPE_IPV4_PREFIX &&
                interface->ipv4[j].address.value->type == TYPE_IPV4_PREFIX &&
                interface->ipv4[i].address.value->ipv4.address.s_addr ==
                    interface->ipv4[j].address.value->ipv4.address.s_addr)
                resolve_conflict(r, interface->ipv4[j].address, interface->ipv4[i].address,
                                 "expected another address: %s has this one already",
                                 interface->text);
}

static void
resolve_settings(struct resolving *r, const struct kind_keys *keys, struct interface *interface)
{
    const struct resolve_field fields[] = {
        {keys->ra_id, offsetof(struct interface, ra_interface_id)},
        {keys->mtu, offsetof(struct interface, mtu)},
        {keys->mss4, offsetof(struct interface, mss4)},
        {keys->mss6, offsetof(struct interface, mss6)},
        {keys->description, offsetof(struct interface, description)},
        {keys->media, offsetof(struct interface, media)},
    };

    RESOLVE_FIELDS(r, fields, &interface->name.unit, interface);
    if (keys->kind == KIND_TUNNEL)
        RESOLVE_FIELDS(r, tunnel_fields, &interface->name.unit, interface);
    interface->ipv4_count = resolve_addresses(r, interface, keys->address4, keys->alias4,
                                              keys->alias4_address, &interface->ipv4);
    interface->ipv6_count = resolve_addresses(r, interface, keys->address6, keys->alias6,
                                              keys->alias6_address, &interface->ipv6);
    interface->dhcp = find_learned(r, interface->ipv4, interface->ipv4_count, "dhcp");
    interface->ra = find_learned(r, interface->ipv6, interface->ipv6_count, "router-advertisement");
    interface->dhcp6 = find_learned(r, interface->ipv6, interface->ipv6_count, "dhcp6");
    resolve_interface_id(r, interface->ra_interface_id);
    check_equal_addresses(r, interface);
}

/*
 * A loopback interface has host addresses: anything shorter would claim a network that is
 * elsewhere.
 */
static void
check_loopback(struct resolving *r, const struct interface *interface)
{
    size_t i;

    for (i = 0; i < interface->ipv4_count; i++)
        if (interface->ipv4[i].address.value->ipv4.len != 32)
            diag_add(r->diag, FINDING_BAD_VALUE, interface->ipv4[i].address.node->where,
                     "expected the prefix length 32 on a loopback interface");
    for (i = 0; i < interface->ipv6_count; i++)
        if (interface->ipv6[i].address.value->ipv6.len != 128)
            diag_add(r->diag, FINDING_BAD_VALUE, interface->ipv6[i].address.node->where,
                     "expected the prefix length 128 on a loopback interface");
}

void
resolve_interface(struct resolving *r)
{
    size_t i, j;

    list_interfaces(r);
    for (i = 0; i < r->model->interface_count; i++) {
        struct interface *interface = &r->model->interfaces[i];

        for (j = 0; interface->first && j < sizeof(kinds) / sizeof(kinds[0]); j++)
            if (kinds[j].kind == interface->name.kind)
                resolve_settings(r, &kinds[j], interface);
        if (interface->name.kind == KIND_LOOPBACK)
            check_loopback(r, interface);
    }
}
