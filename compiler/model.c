/* model.c - resolve a tree: call the features in order, and what they and their readers share. */
#include "model.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "resolve/resolve.h"

void
model_resolve(struct arena *arena, const char *router, const struct tree *tree, struct diag *diag,
              struct model *out)
{
    struct resolving r = {arena, tree, diag, out, diag->count};

    *out = (struct model){.router = router, .tree = tree};
    resolve_interface(&r);
    resolve_dhcp6(&r);
    resolve_tunnel(&r);
    resolve_route(&r);
    resolve_vrrp(&r);
    resolve_ra(&r);
    resolve_dhcp(&r);
    resolve_nat(&r);
    resolve_system(&r);
    resolve_option(&r);
}

/* ---- for readers of the model ---- */

static int
compare_names(struct interface_name a, struct interface_name b)
{
    if (a.kind != b.kind)
        return a.kind < b.kind ? -1 : 1;
    return a.unit < b.unit ? -1 : a.unit > b.unit;
}

static int
compare_to_interface(const void *name, const void *interface)
{
    return compare_names(*(const struct interface_name *)name,
                         ((const struct interface *)interface)->name);
}

const struct interface *
model_interface(const struct model *model, struct interface_name name)
{
    if (!model->interface_count)
        return NULL;
    return bsearch(&name, model->interfaces, model->interface_count, sizeof(*model->interfaces),
                   compare_to_interface);
}

const struct setting *
interface_fixed4(const struct interface *interface)
{
    size_t i;

    for (i = 0; i < interface->ipv4_count; i++)
        if (interface->ipv4[i].address.value->type == TYPE_IPV4_PREFIX)
            return &interface->ipv4[i].address;
    return NULL;
}

const struct setting *
interface_fixed6(const struct interface *interface)
{
    size_t i;

    for (i = interface->ipv6_count; i-- > 0;) {
        const struct value *value = interface->ipv6[i].address.value;

        if (value->type == TYPE_IPV6_PREFIX && !IN6_IS_ADDR_LINKLOCAL(&value->ipv6.address))
            return &interface->ipv6[i].address;
    }
    return NULL;
}

bool
interface_has(const struct interface *interface, enum family family)
{
    if (family == FAMILY_IPV6)
        return interface->ra.value || interface->dhcp6.value || interface_fixed6(interface);
    return interface->dhcp.value || interface_fixed4(interface) ||
           interface->name.kind == KIND_TUNNEL;
}

bool
prefix_equal4(struct in_addr a, struct in_addr b, unsigned len)
{
    uint32_t mask = len ? UINT32_MAX << (32 - len) : 0;

    return ((ntohl(a.s_addr) ^ ntohl(b.s_addr)) & mask) == 0;
}

bool
prefix_equal6(const struct in6_addr *a, const struct in6_addr *b, unsigned len)
{
    unsigned bytes = len / 8, bits = len % 8;

    if (memcmp(a->s6_addr, b->s6_addr, bytes) != 0)
        return false;
    return bits == 0 || ((a->s6_addr[bytes] ^ b->s6_addr[bytes]) >> (8 - bits)) == 0;
}

/* ---- for the features of the resolution ---- */

void
resolve_fields(struct resolving *r, const struct resolve_field *fields, size_t count,
               const uint32_t *index, void *object)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (fields[i].key != KEY_NONE)
            *(struct setting *)(void *)((char *)object + fields[i].offset) =
                tree_get(r->tree, fields[i].key, index);
}

size_t
resolve_list(struct resolving *r, enum key_id group, enum key_id key, const uint32_t *parent,
             struct setting **out)
{
    const struct key_def *def = &key_defs[key];
    uint32_t at[KEY_INDEX_MAX] = {0};
    const uint32_t *entries;
    size_t count = tree_entries(r->tree, group, parent, &entries);
    size_t found = 0;
    size_t i;

    if (parent)
        memcpy(at, parent, (def->depth - 1U) * sizeof(*at));
    *out = arena_array(r->arena, count, sizeof(**out));
    for (i = 0; i < count; i++) {
        at[def->depth - 1] = entries[i];
        (*out)[found] = tree_get(r->tree, key, at);
        if ((*out)[found].value)
            found++;
    }
    return found;
}

/* "ge0, ge1, tunnel0": the first interfaces that have a configuration. */
static const char *
list_interfaces(struct resolving *r)
{
    const char *list = "";
    unsigned listed = 0;
    size_t i;

    for (i = 0; i < r->model->interface_count; i++) {
        const struct interface *interface = &r->model->interfaces[i];

        if (!interface->first)
            continue;
        if (listed++ == 8)
            return arena_printf(r->arena, "%s, ...", list);
        list = arena_printf(r->arena, "%s%s%s", list, *list ? ", " : "", interface->text);
    }
    return *list ? list : "no interface at all";
}

static bool
lacks_address(const struct interface *interface, unsigned needs)
{
    /* The addresses of the other kinds are not known to the model yet. */
    if (interface->name.kind != KIND_GE && interface->name.kind != KIND_VLAN && interface->name.kind != KIND_BRIDGE &&
        interface->name.kind != KIND_LOOPBACK)
        return false;
    if ((needs & NEED_IPV4) && !interface_has(interface, FAMILY_IPV4))
        return true;
    return (needs & NEED_IPV6) && !interface_has(interface, FAMILY_IPV6) && !interface->delegated;
}

const struct interface *
resolve_reference(struct resolving *r, struct setting setting, unsigned needs)
{
    const struct interface *interface;
    char *prefix;

    if (!setting.value || setting.value->type != TYPE_INTERFACE)
        return NULL;
    interface = model_interface(r->model, setting.value->interface);
    if (!interface || !setting.node)
        return interface;
    prefix = arena_printf(r->arena, "interface.%s.", interface->text);
    if (!interface->first && (needs != NEED_LINK || interface->name.kind != KIND_GE)) {
        if (!resolve_was_told(r, prefix))
            diag_add(
                r->diag, FINDING_UNKNOWN_INTERFACE, setting.node->where,
                "expected an interface with settings of its own (this config has %s); %s has none",
                list_interfaces(r), interface->text);
    } else if (lacks_address(interface, needs) && !resolve_was_told(r, prefix)) {
        struct finding *finding = diag_add(r->diag, FINDING_NO_SUCH_ADDRESS, setting.node->where,
                                           "expected an interface with an %s address; %s has none",
                                           needs & NEED_IPV4 ? "IPv4" : "IPv6", interface->text);

        if (interface->first)
            diag_note(r->diag, finding, interface->first->key, "%s is configured here",
                      interface->text);
    }
    return interface;
}

bool
resolve_was_told(const struct resolving *r, const char *prefix)
{
    enum { MANY = 200 };
    size_t len = strlen(prefix);
    size_t i;

    for (i = 0; i < r->told && r->told <= MANY; i++) {
        const struct finding *finding = r->diag->findings[i];
        struct text line;

        if (finding->place.source != r->tree->source)
            continue;
        line = source_line(&finding->place);
        while (line.len && (*line.bytes == ' ' || *line.bytes == '\t')) {
            line.bytes++;
            line.len--;
        }
        if (line.len >= len && memcmp(line.bytes, prefix, len) == 0)
            return true;
    }
    return r->told > MANY;
}

void
resolve_conflict(struct resolving *r, struct setting first, struct setting second,
                 const char *format, ...)
{
    struct finding *finding;
    const char *message;
    va_list args;

    if (!first.node || !second.node)
        return;
    if (first.node->number > second.node->number) {
        struct setting earlier = second;

        second = first;
        first = earlier;
    }
    va_start(args, format);
    message = arena_vprintf(r->arena, format, args);
    va_end(args);
    finding = diag_add(r->diag, FINDING_CONFLICTING_KEYS, second.node->where, "%s", message);
    diag_note(r->diag, finding, first.node->where, "the other one is here");
}

void
resolve_interface_id(struct resolving *r, struct setting setting)
{
    static const uint8_t zero[8];

    if (setting.node && memcmp(setting.value->ipv6.address.s6_addr, zero, sizeof(zero)) != 0)
        diag_add(r->diag, FINDING_BAD_VALUE, setting.node->where,
                 "expected an interface id: an address whose upper 64 bits are zero, as in ::feed");
}
