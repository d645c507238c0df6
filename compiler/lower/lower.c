/* lower.c - from the model to the plan: call the features in order, and what they share. */
#include "lower.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define FEATURE(name, doc) {#name, lower_##name, doc, lower_##name##_keys},
const struct lower_feature lower_features[] = {
#include "feature_list.h"
    {NULL, NULL, NULL, NULL},
};
#undef FEATURE

const struct lower_feature *
lower_feature_of(enum key_id key)
{
    const struct lower_feature *feature;
    const enum key_id *each;

    for (feature = lower_features; feature->name; feature++)
        for (each = feature->keys; *each != KEY_NONE; each++)
            if (*each == key)
                return feature;
    return NULL;
}

/* ---- what no feature takes care of ---- */

static const struct {
    const char *prefix, *what;
} untranslated[] = {
    {"application-gateway.", "the HTTP proxy and URL filter"},
    {"arp.", "static ARP entries"},
    {"authentication.", "authentication of users"},
    {"bgp.", "BGP"},
    {"dhcp.relay.", "the DHCP relay"},
    {"dhcp6.relay.", "the DHCPv6 relay"},
    {"dhcp6.server.", "the DHCPv6 server"},
    {"dns-forwarder.", "the DNS forwarder"},
    {"filter.", "the packet filter"},
    {"floatlink.", "Floatlink"},
    {"ike.", "IPsec"},
    {"interface.bridge[]", "a bridge interface"},
    {"interface.gre[]", "a GRE interface"},
    {"interface.ipsec[]", "an IPsec interface"},
    {"interface.ipsecac[]", "an IPsec access concentrator"},
    {"interface.l2tp[]", "an L2TPv3 interface"},
    {"interface.lag[]", "a link aggregation interface"},
    {"interface.ppp[]", "a mobile PPP interface"},
    {"interface.pppac[]", "the remote access server"},
    {"interface.pppoe[]", "a PPPoE interface"},
    {"interface.rac[]", "the remote access client"},
    {"interface.vlan[]", "a VLAN interface"},
    {"interface.wlan[]", "a wireless interface"},
    {"interface.wwan[]", "a WWAN interface"},
    {"ipsec.", "IPsec"},
    {"l2tp.", "L2TPv3"},
    {"login.", "login to the router"},
    {"macfilter.", "the MAC address filter"},
    {"monitor.", "monitoring by the management service"},
    {"nat.ipv4.bypass.", "NAT bypass"},
    {"nat.ipv4.dnat.", "dynamic NAT"},
    {"nat.ipv4.reflect.", "reflection NAT"},
    {"nat.ipv4.snapt.", "static NAPT (port forwarding)"},
    {"nat.ipv4.snat.", "static NAT"},
    {"nat.proxy.", "the SIP gateway of NAT"},
    {"ospf.", "OSPF"},
    {"ospf6.", "OSPFv3"},
    {"proxyarp.", "proxy ARP"},
    {"qos.", "QoS"},
    {"rip.", "RIP"},
    {"ripng.", "RIPng"},
    {"route.ipv4.[].floatlink.", "Floatlink"},
    {"route.", "this part of a static route"},
    {"snmp.", "the SNMP agent"},
    {"sshd.", "the SSH server of a SEIL"},
    {"syslog.", "logging to a syslog server"},
    {"telnetd.", "the telnet server"},
    {"terminal.", "the terminal of a SEIL"},
    {"upnp.", "UPnP"},
};

/* The switch of a key's service: of "dns-forwarder.[].address" it is "dns-forwarder.service". */
static const struct key_def *
find_service(struct lowering *l, const struct key_def *def)
{
    const char *path = def->path;
    const char *dot;

    for (dot = strchr(path, '.'); dot && !memchr(path, '[', (size_t)(dot - path));
         dot = strchr(dot + 1, '.')) {
        const char *name = arena_printf(l->arena, "%.*s.service", (int)(dot - path), path);
        const struct key_def *service = catalogue_find_pattern((struct text){name, strlen(name)});

        if (service && service->types[0] == TYPE_SWITCH && service->depth == 0)
            return service;
    }
    return NULL;
}

/* Does the service of an untranslated setting not run anyway?  Then nothing is lost. */
static bool
skip_idle_service(struct lowering *l, const struct node *node)
{
    const struct key_def **service = &l->services[node->def->id];

    if (!*service)
        *service = find_service(l, node->def);
    if (!*service) {
        *service = &key_defs[KEY_NONE];
        return false;
    }
    if (*service == &key_defs[KEY_NONE] ||
        setting_on(tree_get(l->model->tree, (*service)->id, NULL)))
        return false;
    ledger_no_effect(l->ledger, node, "%s is not enable", (*service)->path);
    return true;
}

static void
refuse_untranslated(struct lowering *l, const struct node *node)
{
    const char *what = "this setting";
    size_t i;

    if (skip_idle_service(l, node))
        return;

    for (i = 0; i < sizeof(untranslated) / sizeof(untranslated[0]); i++)
        if (strncmp(node->def->path, untranslated[i].prefix, strlen(untranslated[i].prefix)) == 0) {
            what = untranslated[i].what;
            break;
        }
    ledger_refuse(l->ledger, l->diag, FINDING_NOT_TRANSLATED, node, "%s is not translated yet",
                  what);
}

static void
index_features(struct lowering *l)
{
    const struct lower_feature *feature;
    const enum key_id *key;

    l->services = arena_array(l->arena, KEY_COUNT, sizeof(struct key_def *));
    l->by_key = arena_array(l->arena, KEY_COUNT, sizeof(struct lower_feature *));
    for (feature = lower_features; feature->name; feature++)
        for (key = feature->keys; *key != KEY_NONE; key++)
            l->by_key[*key] = feature;
}

/* Tables beside model->interfaces; what leads into which tunnel: routes and NAPT. */
static void
index_interfaces(struct lowering *l)
{
    const struct model *model = l->model;
    size_t i;

    l->link_of = arena_array(l->arena, model->interface_count, sizeof(*l->link_of));
    l->client_of = arena_array(l->arena, model->interface_count, sizeof(*l->client_of));
    l->carries4 = arena_array(l->arena, model->interface_count, sizeof(*l->carries4));
    l->carries6 = arena_array(l->arena, model->interface_count, sizeof(*l->carries6));
    for (i = 0; i < 2; i++)
        l->learned[i] = arena_array(l->arena, model->interface_count, sizeof(struct route *));
    while (l->first_tunnel < model->interface_count &&
           model->interfaces[l->first_tunnel].name.kind != KIND_TUNNEL)
        l->first_tunnel++;
    for (i = 0; i < model->route_count; i++) {
        bool *carries = model->routes[i].family == FAMILY_IPV4 ? l->carries4 : l->carries6;

        if (model->routes[i].interface)
            carries[model->routes[i].interface - model->interfaces] = true;
    }
    for (i = 0; i < model->napt_count; i++)
        if (model->napts[i].interface)
            l->carries4[model->napts[i].interface - model->interfaces] = true;
}

/* ---- packages, modules and aliases: from what the plan uses ---- */

static void
add_module(struct lowering *l, bool needed, const char *name)
{
    if (needed)
        *LOWER_ADD(l, l->plan->modules, l->plan->module_count) = name;
}

static void
find_modules(struct lowering *l)
{
    static const char *const tunnel_modules[TUNNEL_MODE_COUNT] = {
        "ip6_tunnel", "ip6_tunnel", "ip6_tunnel", "ipip", "sit", "sit"};
    static const char *const names[] = {"ip6_tunnel", "ipip", "sit"};
    const struct plan *plan = l->plan;
    bool needed = false;
    size_t i, j;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++, needed = false) {
        for (j = 0; j < plan->tunnel_count; j++)
            needed |= strcmp(tunnel_modules[plan->tunnels[j].mode], names[i]) == 0;
        add_module(l, needed, names[i]);
    }
    add_module(l, plan->alias_count > 0, "macvlan");
    add_module(l, plan->napt_count || plan->npt_count, "nf_conntrack");
}

static void
find_daemons(struct plan *plan)
{
    plan->daemons[DAEMON_KEEPALIVED] = plan->vrrp_count > 0;
    plan->daemons[DAEMON_RADVD] = plan->ra_count > 0;
    plan->daemons[DAEMON_KEA] = plan->dhcp4_count > 0;
    plan->daemons[DAEMON_DHCPCD] = plan->client_count > 0;
    plan->daemons[DAEMON_CHRONY] = plan->system.chrony;
    plan->daemons[DAEMON_NFTABLES] =
        plan->napt_count || plan->npt_count || plan->mss_count || plan->drop_redirects6.on;
    plan->daemons[DAEMON_MSS] = plan->mss_count > 0;
}

static void
find_aliases(struct lowering *l)
{
    size_t i;

    for (i = 0; i < l->plan->vrrp_count; i++) {
        const struct plan_vrrp *vrrp = &l->plan->vrrps[i];

        if (vrrp->vmac_link)
            *LOWER_ADD(l, l->plan->aliases, l->plan->alias_count) =
                (struct plan_alias){vrrp->link, vrrp->vmac_link};
    }
}

void
plan_lower(struct arena *arena, const struct site *site, const struct site_router *router,
           const struct model *model, struct ledger *ledger, struct diag *diag, struct plan *out)
{
    struct lowering l = {
        .arena = arena,
        .site = site,
        .router = router,
        .model = model,
        .ledger = ledger,
        .diag = diag,
        .plan = out,
    };
    const struct lower_feature *feature;
    size_t i;

    *out = (struct plan){
        .router = router->name, .target = site->target, .deviations = site->deviations};
    index_features(&l);
    index_interfaces(&l);
    for (feature = lower_features; feature->name; feature++) {
        l.feature = feature;
        feature->lower(&l);
    }
    find_aliases(&l);
    find_modules(&l);
    find_daemons(out);
    for (i = 0; i < model->tree->count; i++)
        if (!l.by_key[model->tree->nodes[i].def->id])
            refuse_untranslated(&l, &model->tree->nodes[i]);
}

/* ---- origins and plain fields ---- */

const struct origin *
lower_from(struct lowering *l, const struct setting *settings, size_t count)
{
    const struct origin *from = NULL;
    size_t i;

    for (i = count; i-- > 0;)
        from = origin_join(l->arena, origin_of(l->arena, settings[i].node), from);
    return from;
}

const struct origin *
lower_join(struct lowering *l, const struct origin *a, const struct origin *b)
{
    return origin_join(l->arena, a, b);
}

struct plan_number
lower_number(struct lowering *l, struct setting setting)
{
    struct plan_number number = {.from = origin_of(l->arena, setting.node)};

    if (setting.value) {
        number.set = true;
        number.value =
            setting.value->number > UINT32_MAX ? UINT32_MAX : (unsigned)setting.value->number;
    }
    return number;
}

struct plan_number
lower_written(struct lowering *l, struct setting setting)
{
    return setting.node ? lower_number(l, setting) : (struct plan_number){0};
}

struct plan_flag
lower_flag(struct lowering *l, struct setting setting)
{
    return (struct plan_flag){setting_on(setting), origin_of(l->arena, setting.node)};
}

struct plan_address
lower_address(struct lowering *l, struct setting setting)
{
    struct plan_address address = {.from = origin_of(l->arena, setting.node)};
    const struct value *value = setting.value;

    switch (value->type) {
    case TYPE_IPV4_ADDRESS:
    case TYPE_IPV4_PREFIX:
    case TYPE_IPV4_NETWORK:
        address.family = FAMILY_IPV4;
        address.ipv4 = value->ipv4.address;
        address.len = value->type == TYPE_IPV4_ADDRESS ? 32 : value->ipv4.len;
        break;
    default:
        address.family = FAMILY_IPV6;
        address.ipv6 = value->ipv6.address;
        address.len = value->type == TYPE_IPV6_ADDRESS ? 128 : value->ipv6.len;
        break;
    }
    return address;
}

struct plan_ipv4
lower_ipv4(struct lowering *l, struct setting setting)
{
    return (struct plan_ipv4){setting.value->ipv4.address, origin_of(l->arena, setting.node)};
}

struct plan_text
lower_text(struct lowering *l, struct setting setting)
{
    return setting.value
               ? (struct plan_text){setting.value->text, origin_of(l->arena, setting.node)}
               : (struct plan_text){0};
}

struct in_addr
lower_mask4(struct in_addr address, unsigned len)
{
    return (struct in_addr){address.s_addr & htonl(len ? UINT32_MAX << (32 - len) : 0)};
}

struct in6_addr
lower_mask6(const struct in6_addr *address, unsigned len)
{
    struct in6_addr masked = *address;
    unsigned i;

    for (i = 0; i < 16; i++) {
        unsigned bits = len > 8 * i ? len - 8 * i : 0;

        if (bits < 8)
            masked.s6_addr[i] &= (uint8_t)(0xff00U >> bits);
    }
    return masked;
}

/* Twice as large whenever the count is a power of two. */
void *
lower_grow(struct arena *arena, void *items, size_t count, size_t size)
{
    void *larger;

    if (count & (count - 1))
        return items;
    larger = arena_array(arena, count ? count * 2 : 1, size);
    if (count)
        memcpy(larger, items, count * size);
    return larger;
}

/* ---- fates ---- */

/* The outermost group that a key belongs to; KEY_NONE when its path has no index. */
static enum key_id
outermost_group(const struct key_def *def)
{
    enum key_id group = def->is_group ? def->id : def->group;

    while (group != KEY_NONE && key_defs[group].group != KEY_NONE)
        group = key_defs[group].group;
    return group;
}

static int
compare_entries(const void *left, const void *right)
{
    const struct node *a = *(const struct node *const *)left;
    const struct node *b = *(const struct node *const *)right;
    enum key_id group_a = outermost_group(a->def), group_b = outermost_group(b->def);

    if (group_a != group_b)
        return group_a < group_b ? -1 : 1;
    if (group_a != KEY_NONE && a->index[0] != b->index[0])
        return a->index[0] < b->index[0] ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

static void
sort_by_entry(struct lowering *l)
{
    const struct tree *tree = l->model->tree;
    size_t i;

    l->by_entry = arena_array(l->arena, tree->count, sizeof(struct node *));
    for (i = 0; i < tree->count; i++)
        l->by_entry[i] = &tree->nodes[i];
    if (tree->count)
        qsort(l->by_entry, tree->count, sizeof(struct node *), compare_entries);
}

static bool
entry_is_before(const struct node *node, enum key_id group, uint32_t index)
{
    enum key_id own = outermost_group(node->def);

    return own != group ? own < group : node->index[0] < index;
}

/* The statements of one entry; `*count` of them. */
static const struct node **
find_entry(struct lowering *l, enum key_id group, uint32_t index, size_t *count)
{
    size_t low = 0, high = l->model->tree->count;
    size_t end;

    if (!l->by_entry)
        sort_by_entry(l);
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (entry_is_before(l->by_entry[middle], group, index))
            low = middle + 1;
        else
            high = middle;
    }
    for (end = low; end < l->model->tree->count; end++)
        if (outermost_group(l->by_entry[end]->def) != group || l->by_entry[end]->index[0] != index)
            break;
    *count = end - low;
    return l->by_entry + low;
}

#define FORMAT_REASON(l, format, reason) \
    do { \
        va_list args; \
\
        va_start(args, format); \
        reason = arena_vprintf((l)->arena, format, args); \
        va_end(args); \
    } while (0)

void
lower_skip_entry(struct lowering *l, enum key_id group, uint32_t index, const char *format, ...)
{
    const struct node **nodes;
    const char *reason;
    size_t count, i;

    FORMAT_REASON(l, format, reason);
    nodes = find_entry(l, group, index, &count);
    for (i = 0; i < count; i++)
        ledger_no_effect(l->ledger, nodes[i], "%s", reason);
}

void
lower_refuse_entry(struct lowering *l, enum finding_id id, enum key_id group, uint32_t index,
                   const char *format, ...)
{
    const struct node **nodes;
    const char *reason;
    size_t count, i;

    FORMAT_REASON(l, format, reason);
    nodes = find_entry(l, group, index, &count);
    for (i = 0; i < count; i++)
        ledger_refuse(l->ledger, l->diag, id, nodes[i], "%s", reason);
}

void
lower_skip_feature(struct lowering *l, const char *format, ...)
{
    const struct tree *tree = l->model->tree;
    const char *reason;
    size_t i;

    FORMAT_REASON(l, format, reason);
    for (i = 0; i < tree->count; i++)
        if (l->by_key[tree->nodes[i].def->id] == l->feature)
            ledger_no_effect(l->ledger, &tree->nodes[i], "%s", reason);
}

void
lower_skip(struct lowering *l, struct setting setting, const char *format, ...)
{
    const char *reason;

    FORMAT_REASON(l, format, reason);
    if (setting.node)
        ledger_no_effect(l->ledger, setting.node, "%s", reason);
}

void
lower_refuse(struct lowering *l, enum finding_id id, struct setting setting, const char *format,
             ...)
{
    const char *reason;

    FORMAT_REASON(l, format, reason);
    if (setting.node)
        ledger_refuse(l->ledger, l->diag, id, setting.node, "%s", reason);
}

void
lower_approximate(struct lowering *l, struct setting setting, const char *format, ...)
{
    const char *reason;

    FORMAT_REASON(l, format, reason);
    if (!setting.node)
        return;
    ledger_remark(l->ledger, setting.node, "%s", reason);
    diag_add(l->diag, FINDING_APPROXIMATED, setting.node->where, "%s", reason);
}
