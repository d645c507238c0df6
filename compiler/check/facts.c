/* facts.c - what checks ask about routers, and how they report. */
#include "facts.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

/* ---- reporting ---- */

struct place
place_of(struct setting setting, struct setting otherwise)
{
    static const struct place nowhere;

    if (setting.node)
        return setting.node->where;
    return otherwise.node ? otherwise.node->where : nowhere;
}

static struct finding *
add(const struct checking *c, enum finding_id id, enum severity most, struct place place, const char *format,
    va_list args)
{
    const char *message = arena_vprintf(c->arena, format, args);
    enum severity severity = c->diag->severity[id];
    struct finding *finding;

    if (severity > most && !c->diag->chosen[id])
        c->diag->severity[id] = most;
    finding = diag_add(c->diag, id, place, "%s", message);
    c->diag->severity[id] = severity;
    return finding;
}

struct finding *
check_add(const struct checking *c, enum finding_id id, struct place place, const char *format, ...)
{
    struct finding *finding;
    va_list args;

    va_start(args, format);
    finding = add(c, id, SEV_ERROR, place, format, args);
    va_end(args);
    return finding;
}

struct finding *
check_add_as(const struct checking *c, enum finding_id id, enum severity most, struct place place, const char *format,
             ...)
{
    struct finding *finding;
    va_list args;

    va_start(args, format);
    finding = add(c, id, most, place, format, args);
    va_end(args);
    return finding;
}

bool
check_whole(const struct checking *c, const struct model *model)
{
    size_t i;

    for (i = 0; i < c->model_count; i++)
        if (c->models[i] == model)
            return c->whole[i];
    return false;
}

const char *
words4(const struct checking *c, uint32_t address)
{
    return arena_printf(c->arena, "%u.%u.%u.%u", address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255);
}

const char *
words_range4(const struct checking *c, struct range4 range)
{
    if (range.first == range.last)
        return words4(c, range.first);
    return arena_printf(c->arena, "%s-%s", words4(c, range.first), words4(c, range.last));
}

const char *
words_net4(const struct checking *c, const struct value *prefix)
{
    return arena_printf(c->arena, "%s/%u", words4(c, net4(prefix->ipv4.address, prefix->ipv4.len).first),
                        prefix->ipv4.len);
}

const char *
words6(const struct checking *c, const struct in6_addr *address)
{
    char text[INET6_ADDRSTRLEN];

    return arena_printf(c->arena, "%s", inet_ntop(AF_INET6, address, text, sizeof(text)));
}

const char *
words_net6(const struct checking *c, const struct in6_addr *address, unsigned len)
{
    struct in6_addr net = net6(address, len);

    return arena_printf(c->arena, "%s/%u", words6(c, &net), len);
}

const char *
words_time(const struct checking *c, uint64_t seconds)
{
    if (seconds >= INFINITE)
        return "for ever";
    if (seconds % 86400 == 0 && seconds)
        return arena_printf(c->arena, "%" PRIu64 " d", seconds / 86400);
    if (seconds % 3600 == 0 && seconds)
        return arena_printf(c->arena, "%" PRIu64 " h", seconds / 3600);
    if (seconds % 60 == 0 && seconds >= 7200)
        return arena_printf(c->arena, "%" PRIu64 " min", seconds / 60);
    return arena_printf(c->arena, "%" PRIu64 " s", seconds);
}

const char *
words(const struct checking *c, struct setting setting)
{
    return setting.node ? value_format(c->arena, setting.node->def, setting.value) : "the default";
}

/* ---- interfaces ---- */

bool
is_interface(struct setting setting)
{
    return setting.value && setting.value->type == TYPE_INTERFACE;
}

const struct setting *
subnet4(const struct interface *interface, struct in_addr address)
{
    size_t i;

    for (i = 0; i < interface->ipv4_count; i++) {
        const struct value *own = interface->ipv4[i].address.value;

        if (own->type == TYPE_IPV4_PREFIX && range4_has(net4(own->ipv4.address, own->ipv4.len), host4(address)))
            return &interface->ipv4[i].address;
    }
    return NULL;
}

const struct setting *
subnet6(const struct interface *interface, const struct in6_addr *address)
{
    size_t i;

    for (i = 0; i < interface->ipv6_count; i++) {
        const struct value *own = interface->ipv6[i].address.value;

        if (own->type == TYPE_IPV6_PREFIX && within6(address, 128, &own->ipv6.address, own->ipv6.len))
            return &interface->ipv6[i].address;
    }
    return NULL;
}

const struct setting *
own4(const struct interface *interface, struct in_addr address)
{
    size_t i;

    for (i = 0; i < interface->ipv4_count; i++) {
        const struct value *own = interface->ipv4[i].address.value;

        if ((own->type == TYPE_IPV4_PREFIX || own->type == TYPE_IPV4_ADDRESS) &&
            own->ipv4.address.s_addr == address.s_addr)
            return &interface->ipv4[i].address;
    }
    return NULL;
}

const struct setting *
own6(const struct interface *interface, const struct in6_addr *address)
{
    size_t i;

    for (i = 0; i < interface->ipv6_count; i++) {
        const struct value *own = interface->ipv6[i].address.value;

        if (own->type == TYPE_IPV6_PREFIX && equal6(&own->ipv6.address, address))
            return &interface->ipv6[i].address;
    }
    return NULL;
}

/* The interface that has a tunnel's literal source address. */
static const struct interface *
owner_of(const struct model *model, const struct value *address)
{
    size_t i;

    for (i = 0; i < model->interface_count && i < CHECK_COMPARE_MAX; i++) {
        const struct interface *interface = &model->interfaces[i];

        if (address->type == TYPE_IPV4_ADDRESS ? own4(interface, address->ipv4.address) != NULL
                                               : own6(interface, &address->ipv6.address) != NULL)
            return interface;
    }
    return NULL;
}

static const struct interface *
tunnel_carrier(const struct model *model, const struct interface *tunnel)
{
    struct setting source = tunnel->source4.value ? tunnel->source4 : tunnel->source6;
    const struct route *route;

    if (tunnel->source_interface)
        return tunnel->source_interface;
    if (source.value && !is_interface(source))
        return owner_of(model, source.value);
    route = tunnel->aftr.value ? default_route(model, FAMILY_IPV6) : NULL;
    return route ? leaves_by(model, route) : NULL;
}

const struct interface *
carrier_of(const struct model *model, const struct interface *interface)
{
    struct setting over;

    switch (interface->name.kind) {
    case KIND_TUNNEL:
        return tunnel_carrier(model, interface);
    case KIND_PPPOE:
        over = tree_get(model->tree, KEY_INTERFACE_PPPOE_OVER, &interface->name.unit);
        return is_interface(over) ? model_interface(model, over.value->interface) : NULL;
    case KIND_GRE:
    case KIND_IPSEC:
    case KIND_L2TP:
    case KIND_RAC:
        return NULL;
    default:
        return interface;
    }
}

/* ---- routes ---- */

bool
is_default(const struct route *route)
{
    const struct value *destination = route->destination.value;

    if (!destination)
        return false;
    if (destination->type == TYPE_IPV4_NETWORK)
        return destination->ipv4.len == 0;
    return destination->type == TYPE_KEYWORD || (destination->type == TYPE_IPV6_NETWORK && destination->ipv6.len == 0);
}

bool
is_discard(const struct route *route)
{
    return setting_is(route->gateway, "discard");
}

bool
is_live(const struct route *route)
{
    return route->gateway.value && !is_discard(route) && setting_number(route->distance, 1) < 255;
}

static const struct interface *
connected_to(const struct model *model, const struct value *gateway)
{
    size_t i;

    for (i = 0; i < model->interface_count && i < CHECK_COMPARE_MAX; i++) {
        const struct interface *interface = &model->interfaces[i];

        if (gateway->type == TYPE_IPV4_ADDRESS ? subnet4(interface, gateway->ipv4.address) != NULL
                                               : subnet6(interface, &gateway->ipv6.address) != NULL)
            return interface;
    }
    return NULL;
}

const struct interface *
leaves_by(const struct model *model, const struct route *route)
{
    const struct value *gateway = route->gateway.value;

    if (!gateway)
        return NULL;
    if (gateway->type == TYPE_IPV4_ADDRESS || gateway->type == TYPE_IPV6_ADDRESS)
        return connected_to(model, gateway);
    return route->interface;
}

const struct route *
default_route(const struct model *model, enum family family)
{
    const struct route *best = NULL;
    size_t i;

    for (i = 0; i < model->route_count; i++) {
        const struct route *route = &model->routes[i];

        if (route->family == family && is_default(route) && is_live(route) &&
            (!best || setting_number(route->distance, 1) < setting_number(best->distance, 1)))
            best = route;
    }
    return best;
}

bool
has_dynamic_routes(const struct model *model)
{
    static const char *const prefixes[] = {"ospf", "bgp.", "rip"};
    size_t i, j;

    for (i = 0; i < model->tree->count; i++)
        for (j = 0; j < sizeof(prefixes) / sizeof(prefixes[0]); j++)
            if (strncmp(model->tree->nodes[i].def->path, prefixes[j], strlen(prefixes[j])) == 0)
                return true;
    return false;
}

/* ---- lines and LANs ---- */

bool
is_line(const struct model *model, const struct interface *interface)
{
    size_t i;

    if (interface->dhcp.value || interface->ra.value || interface->dhcp6.value)
        return true;
    for (i = 0; i < model->route_count; i++) {
        const struct route *route = &model->routes[i];
        const struct interface *out = is_default(route) && is_live(route) ? leaves_by(model, route) : NULL;

        if (out && (out == interface || carrier_of(model, out) == interface))
            return !server_of(model, interface) && !advertiser_of(model, interface);
    }
    return false;
}

bool
learns_from_provider(const struct model *model, const struct interface *interface)
{
    size_t i;

    if (interface->dhcp.value || interface->ra.value || interface->dhcp6.value)
        return true;
    for (i = 0; i < model->interface_count && i < CHECK_COMPARE_MAX; i++)
        if (model->interfaces[i].name.kind == KIND_PPPOE && model->interfaces[i].first &&
            carrier_of(model, &model->interfaces[i]) == interface)
            return true;
    return false;
}

bool
is_lan(const struct model *model, const struct interface *interface)
{
    enum interface_kind kind = interface->name.kind;

    if (kind != KIND_GE && kind != KIND_VLAN && kind != KIND_BRIDGE)
        return false;
    if (!interface_fixed4(interface) && !interface_fixed6(interface) && !interface->delegated)
        return false;
    return vrouter_of(model, interface, FAMILY_IPV4) || vrouter_of(model, interface, FAMILY_IPV6) ||
           !is_line(model, interface);
}

const struct dhcp_server *
server_of(const struct model *model, const struct interface *interface)
{
    size_t i;

    if (!setting_on(model->dhcp_service))
        return NULL;
    for (i = 0; i < model->dhcp_server_count; i++)
        if (model->dhcp_servers[i].interface == interface)
            return &model->dhcp_servers[i];
    return NULL;
}

const struct advertiser *
advertiser_of(const struct model *model, const struct interface *interface)
{
    size_t i;

    if (!setting_on(model->ra_service))
        return NULL;
    for (i = 0; i < model->advertiser_count; i++)
        if (model->advertisers[i].interface == interface)
            return &model->advertisers[i];
    return NULL;
}

const struct vrouter *
vrouter_of(const struct model *model, const struct interface *interface, enum family family)
{
    size_t i;

    for (i = 0; i < model->vrouter_count; i++)
        if (model->vrouters[i].interface == interface && model->vrouters[i].family == family &&
            model->vrouters[i].address.value)
            return &model->vrouters[i];
    return NULL;
}

const struct vrouter *
vrouter_with(const struct model *model, const struct interface *interface, struct in_addr address)
{
    size_t i;

    for (i = 0; i < model->vrouter_count; i++) {
        const struct vrouter *vrouter = &model->vrouters[i];

        if (vrouter->interface == interface && vrouter->family == FAMILY_IPV4 && vrouter->address.value &&
            vrouter->address.value->ipv4.address.s_addr == address.s_addr)
            return vrouter;
    }
    return NULL;
}

/* The prefixes of all addresses of an interface (router-advertisement.[].advertise.[].prefix: auto). */
static size_t
announce_all(const struct interface *interface, const struct advertised_prefix *entry, struct announced *out)
{
    size_t count = 0;
    size_t i;

    for (i = 0; i < interface->ipv6_count; i++) {
        struct setting own = interface->ipv6[i].address;

        if (own.value->type == TYPE_KEYWORD)
            out[count++] = (struct announced){.entry = entry, .from = own, .delegated = true};
        else if (!IN6_IS_ADDR_LINKLOCAL(&own.value->ipv6.address))
            out[count++] = (struct announced){entry, own, false, net6(&own.value->ipv6.address, own.value->ipv6.len),
                                              own.value->ipv6.len};
    }
    if (interface->delegated)
        out[count++] =
            (struct announced){.entry = entry, .from = interface->delegated->subnet, .delegated = true, .len = 64};
    return count;
}

size_t
announced_by(const struct checking *c, const struct model *model, const struct advertiser *advertiser,
             struct announced **out)
{
    const struct interface *interface = advertiser->interface;
    size_t each = interface ? interface->ipv6_count + 1 : 1;
    size_t count = 0;
    size_t i;

    (void)model;
    *out = arena_array(c->arena, advertiser->prefix_count * each, sizeof(**out));
    for (i = 0; i < advertiser->prefix_count; i++) {
        const struct advertised_prefix *entry = &advertiser->prefixes[i];

        if (entry->prefix.value && entry->prefix.value->type == TYPE_IPV6_NETWORK)
            (*out)[count++] = (struct announced){entry, entry->prefix, false, entry->prefix.value->ipv6.address,
                                                 entry->prefix.value->ipv6.len};
        else if (entry->prefix.value && interface)
            count += announce_all(interface, entry, *out + count);
    }
    return count;
}

uint64_t
lifetime(struct setting setting, uint64_t otherwise)
{
    return setting_is(setting, "infinity") ? INFINITE : setting_number(setting, otherwise);
}

uint64_t
max_interval(const struct advertiser *advertiser)
{
    return setting_number(advertiser->max_interval, 600);
}

/* ---- the routers of a site ---- */

static bool
share_subnet(const struct interface *a, const struct interface *b)
{
    size_t i;

    for (i = 0; i < a->ipv4_count; i++) {
        const struct value *own = a->ipv4[i].address.value;
        const struct setting *there = own->type == TYPE_IPV4_PREFIX ? subnet4(b, own->ipv4.address) : NULL;

        if (there ||
            (own->type == TYPE_IPV4_PREFIX && interface_fixed4(b) &&
             range4_has(net4(own->ipv4.address, own->ipv4.len), host4(interface_fixed4(b)->value->ipv4.address))))
            return true;
    }
    return false;
}

static bool
share_subnet6(const struct interface *a, const struct interface *b)
{
    size_t i;

    for (i = 0; i < a->ipv6_count; i++) {
        const struct value *own = a->ipv6[i].address.value;

        if (own->type == TYPE_IPV6_PREFIX && !IN6_IS_ADDR_LINKLOCAL(&own->ipv6.address) &&
            subnet6(b, &own->ipv6.address))
            return true;
    }
    return false;
}

/* How much speaks for two interfaces being on one LAN. */
static unsigned
likeness(const struct model *a, const struct interface *on_a, const struct model *b, const struct interface *on_b)
{
    unsigned score = 0;
    bool same_address = false, same_vrid = false;
    size_t i, j;

    for (i = 0; i < a->vrouter_count && i < CHECK_COMPARE_MAX; i++) {
        for (j = 0; j < b->vrouter_count && j < CHECK_COMPARE_MAX; j++) {
            const struct vrouter *va = &a->vrouters[i], *vb = &b->vrouters[j];

            if (va->interface != on_a || vb->interface != on_b || va->family != vb->family)
                continue;
            /* fe80::1 may well be on every LAN. */
            same_address |= va->family == FAMILY_IPV4 && va->address.value && vb->address.value &&
                            value_equal(va->address.value, vb->address.value);
            same_vrid |= va->vrid.value && vb->vrid.value && va->vrid.value->number == vb->vrid.value->number;
        }
    }
    score += same_address ? 8 : 0;
    score += share_subnet(on_a, on_b) || share_subnet(on_b, on_a) ? 8 : 0;
    score += share_subnet6(on_a, on_b) ? 4 : 0;
    score += same_vrid ? 2 : 0;
    score += interface_equal(on_a->name, on_b->name) ? 2 : 0;
    return score;
}

static const struct interface *
most_like(const struct model *model, const struct interface *interface, const struct model *other)
{
    enum { ENOUGH = 4 };
    const struct interface *best = NULL;
    unsigned most = ENOUGH - 1;
    size_t i;

    for (i = 0; i < other->interface_count && i < CHECK_COMPARE_MAX; i++) {
        const struct interface *each = &other->interfaces[i];
        unsigned score = is_lan(other, each) ? likeness(model, interface, other, each) : 0;

        if (score > most) {
            most = score;
            best = each;
        }
    }
    return best;
}

const struct interface *
same_lan(const struct model *model, const struct interface *interface, const struct model *other)
{
    const struct interface *found = is_lan(model, interface) ? most_like(model, interface, other) : NULL;

    return found && most_like(other, found, model) == interface ? found : NULL;
}

void
each_lan(const struct checking *c, void (*run)(const struct checking *c, const struct lan *lan, const void *with),
         const void *with)
{
    enum { ROUTERS_MAX = 32 };
    size_t a, b, i;

    for (b = 0; b < c->model_count && b < ROUTERS_MAX; b++)
        for (a = 0; a < b; a++)
            for (i = 0; i < c->models[a]->interface_count && i < CHECK_COMPARE_MAX; i++) {
                const struct interface *interface = &c->models[a]->interfaces[i];
                const struct interface *found = same_lan(c->models[a], interface, c->models[b]);
                const struct lan lan = {c->models[a], c->models[b], interface, found};

                if (found)
                    run(c, &lan, with);
            }
}

bool
has_peer(const struct checking *c, const struct interface *interface)
{
    size_t i;

    for (i = 0; i < c->model_count; i++)
        if (c->models[i] != c->model && same_lan(c->model, interface, c->models[i]))
            return true;
    return false;
}

/* Would this router win the virtual address back from `vrouter` whenever it can? */
static bool
outranks(const struct model *model, const struct interface *interface, const struct vrouter *vrouter)
{
    size_t i;

    for (i = 0; i < model->vrouter_count; i++) {
        const struct vrouter *other = &model->vrouters[i];

        if (other->interface == interface && other->address.value &&
            value_equal(other->address.value, vrouter->address.value))
            return setting_number(other->priority, 100) > setting_number(vrouter->priority, 100) &&
                   setting_on(other->preempt);
    }
    return false;
}

bool
is_last(const struct checking *c, const struct vrouter *vrouter)
{
    bool last = false;
    size_t i;

    if (!vrouter->interface || !vrouter->address.value)
        return false;
    for (i = 0; i < c->model_count; i++) {
        const struct interface *there =
            c->models[i] == c->model ? NULL : same_lan(c->model, vrouter->interface, c->models[i]);

        if (!there)
            continue;
        if (!outranks(c->models[i], there, vrouter))
            return false;
        last = true;
    }
    return last;
}
