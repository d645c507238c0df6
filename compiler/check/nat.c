/* nat.c - translation of addresses: who is left out, and what is translated in the wrong place. */
#include "checks.h"

/* The addresses of nat.ipv4.napt.[].private; false when they are not known. */
static bool
range_of(struct setting private, struct range4 *out)
{
    const struct value *value = private.node ? private.value : NULL;

    if (!value)
        return false;
    if (value->type == TYPE_IPV4_RANGE)
        *out = (struct range4){host4(value->ipv4_range.first), host4(value->ipv4_range.last)};
    else
        *out = (struct range4){host4(value->ipv4.address), host4(value->ipv4.address)};
    return out->first <= out->last;
}

static void
each_napt(const struct checking *c, void (*run)(const struct checking *c, const struct napt *napt))
{
    size_t i;

    for (i = 0; i < c->model->napt_count && i < CHECK_COMPARE_MAX; i++)
        if (c->model->napts[i].interface)
            run(c, &c->model->napts[i]);
}

/* The fixed IPv4 address that packets into an unnumbered tunnel start from; NULL: it has its own, or none is known. */
static const struct setting *
lent_address(const struct interface *tunnel)
{
    bool unnumbered = !tunnel->inner4.value || is_interface(tunnel->inner4);

    return tunnel->name.kind == KIND_TUNNEL && unnumbered && tunnel->lender ? interface_fixed4(tunnel->lender) : NULL;
}

/* ---- napt-no-ipv4 ---- */

static const char *
why_no_ipv4(const struct checking *c, const struct interface *interface)
{
    struct setting switches[2];

    switch (interface->name.kind) {
    case KIND_TUNNEL:
        if (interface->aftr.value || (interface->inner4.value && !is_interface(interface->inner4)))
            return NULL;
        return interface->lender && interface_has(interface->lender, FAMILY_IPV4)
                   ? NULL
                   : "it borrows an address from an interface that has none";
    case KIND_PPPOE:
        switches[0] = tree_get(c->model->tree, KEY_INTERFACE_PPPOE_IPCP, &interface->name.unit);
        switches[1] = tree_get(c->model->tree, KEY_INTERFACE_PPPOE_IPCP_ADDRESS, &interface->name.unit);
        return interface->ipv4_count || (setting_on(switches[0]) && setting_on(switches[1]))
                   ? NULL
                   : "it asks for no IPv4 address";
    default:
        return NULL; /* Ethernet, VLAN, bridge: no-such-address */
    }
}

static void
find_no_ipv4(const struct checking *c, const struct napt *napt)
{
    const char *why = napt->global.value || !check_whole(c, c->model) ? NULL : why_no_ipv4(c, napt->interface);

    if (why)
        check_add(c, FINDING_NAPT_NO_IPV4, place_of(napt->interface_name, napt->private),
                  "%s cannot translate: %s; IPv4 does not work for hosts", napt->interface->text, why);
}

void
check_napt_no_ipv4(const struct checking *c)
{
    each_napt(c, find_no_ipv4);
}

/* ---- napt-private-source, napt-on-dslite, napt-inside ---- */

static void
find_private_source(const struct checking *c, const struct napt *napt)
{
    const struct setting *lent =
        napt->global.value || napt->interface->aftr.value ? NULL : lent_address(napt->interface);
    struct finding *finding;

    if (!lent || !private4(host4(lent->value->ipv4.address)))
        return;
    finding =
        check_add(c, FINDING_NAPT_PRIVATE_SOURCE, place_of(napt->interface_name, napt->private),
                  "hosts are translated to %s, which %s borrows from %s and no answer from the Internet finds",
                  words4(c, host4(lent->value->ipv4.address)), napt->interface->text, napt->interface->lender->text);
    diag_note(c->diag, finding, lent->node->where, "the borrowed address");
}

void
check_napt_private_source(const struct checking *c)
{
    each_napt(c, find_private_source);
}

static void
find_on_dslite(const struct checking *c, const struct napt *napt)
{
    struct finding *finding;

    if (!napt->interface->aftr.node)
        return;
    finding = check_add(c, FINDING_NAPT_ON_DSLITE, place_of(napt->interface_name, napt->private),
                        "%s is a DS-Lite tunnel: the provider translates (RFC 6333), and hosts translated twice have "
                        "fewer ports and more trouble",
                        napt->interface->text);
    diag_note(c->diag, finding, napt->interface->aftr.node->where, "the AFTR");
}

void
check_napt_on_dslite(const struct checking *c)
{
    each_napt(c, find_on_dslite);
}

static void
find_inside(const struct checking *c, const struct napt *napt)
{
    struct range4 range;
    size_t i;

    for (i = 0; range_of(napt->private, &range) && i < napt->interface->ipv4_count; i++) {
        struct setting own = napt->interface->ipv4[i].address;
        struct finding *finding;

        if (own.value->type != TYPE_IPV4_PREFIX ||
            !range4_meet(range, net4(own.value->ipv4.address, own.value->ipv4.len), NULL))
            continue;
        finding =
            check_add(c, FINDING_NAPT_INSIDE, place_of(napt->interface_name, napt->private),
                      "%s is where the hosts of %s are: what leaves by the line is not translated, and gets no answer",
                      napt->interface->text, words_range4(c, range));
        diag_note(c->diag, finding, own.node->where, "their subnet");
        return;
    }
}

void
check_napt_inside(const struct checking *c)
{
    each_napt(c, find_inside);
}

/* ---- napt-no-lan ---- */

/* Does the router reach hosts in this range by something more than the default route? */
static bool
reaches(const struct model *model, struct range4 range, const struct interface *outside)
{
    size_t i, j;

    for (i = 0; i < model->interface_count && i < CHECK_COMPARE_MAX; i++)
        for (j = 0; j < model->interfaces[i].ipv4_count; j++) {
            const struct value *own = model->interfaces[i].ipv4[j].address.value;

            if (&model->interfaces[i] != outside && own->type == TYPE_IPV4_PREFIX &&
                range4_meet(range, net4(own->ipv4.address, own->ipv4.len), NULL))
                return true;
        }
    for (i = 0; i < model->route_count; i++) {
        const struct value *destination = model->routes[i].destination.value;

        if (destination && destination->type == TYPE_IPV4_NETWORK && destination->ipv4.len > 0 &&
            range4_meet(range, net4(destination->ipv4.address, destination->ipv4.len), NULL))
            return true;
    }
    return false;
}

static void
find_no_lan(const struct checking *c, const struct napt *napt)
{
    struct range4 range;

    if (!range_of(napt->private, &range) || !check_whole(c, c->model) || reaches(c->model, range, napt->interface) ||
        napt->interface->name.kind == KIND_PPPAC || has_dynamic_routes(c->model))
        return;
    check_add(c, FINDING_NAPT_NO_LAN, napt->private.node->where,
              "no interface and no route of this router leads to %s: this translates nobody", words_range4(c, range));
}

void
check_napt_no_lan(const struct checking *c)
{
    each_napt(c, find_no_lan);
}

/* ---- napt-misses-lan, napt-missing ---- */

/* Are there kinds of translation whose ranges these checks do not look at? */
static bool
has_other_nat(const struct model *model)
{
    const uint32_t *index;

    return tree_entries(model->tree, KEY_NAT_IPV4_SNAT, NULL, &index) ||
           tree_entries(model->tree, KEY_NAT_IPV4_DNAT, NULL, &index);
}

/* What of `hosts` no entry on `outside` translates; `*any` says whether there is an entry there at all. */
static struct range4
untranslated(const struct model *model, const struct interface *outside, struct range4 hosts, bool *any)
{
    enum { PASSES = 2 }; /* entries need not be in order of their ranges */
    struct range4 range;
    size_t pass, i;

    *any = false;
    for (pass = 0; pass < PASSES; pass++)
        for (i = 0; i < model->napt_count && i < CHECK_COMPARE_MAX; i++)
            if (model->napts[i].interface == outside && range_of(model->napts[i].private, &range)) {
                *any = true;
                if (hosts.first <= hosts.last)
                    range4_cut(&hosts, range);
            }
    return hosts;
}

/* A default route and the line that it takes. */
struct way {
    const struct route *route;
    const struct interface *line;
};

typedef void run_private_lan(const struct checking *c, const struct interface *lan, const struct setting *own,
                             const struct way *way);

/* The private subnets of all LANs, for one way out. */
static void
each_private_subnet(const struct checking *c, const struct way *way, run_private_lan *run)
{
    size_t i, j;

    for (i = 0; i < c->model->interface_count && i < CHECK_COMPARE_MAX; i++) {
        const struct interface *lan = &c->model->interfaces[i];

        if (lan == way->line || !is_lan(c->model, lan) || is_line(c->model, lan))
            continue;
        for (j = 0; j < lan->ipv4_count; j++) {
            const struct setting *own = &lan->ipv4[j].address;

            if (own->value->type == TYPE_IPV4_PREFIX && own->value->ipv4.len < 31 &&
                private4(host4(own->value->ipv4.address)))
                run(c, lan, own, way);
        }
    }
}

/* Calls `run` for each private subnet of a LAN and each line that a default route takes. */
static void
each_private_lan(const struct checking *c, run_private_lan *run)
{
    enum { LINES_MAX = 16 };
    const struct interface *seen[LINES_MAX];
    size_t count = 0, i, j;

    if (has_other_nat(c->model) || !check_whole(c, c->model))
        return;
    for (i = 0; i < c->model->route_count && count < LINES_MAX; i++) {
        const struct route *route = &c->model->routes[i];
        const struct way way = {route, leaves_by(c->model, route)};

        if (route->family != FAMILY_IPV4 || !is_default(route) || !is_live(route) || !way.line ||
            (is_lan(c->model, way.line) && !is_line(c->model, way.line)))
            continue;
        for (j = 0; j < count && seen[j] != way.line; j++)
            ;
        if (j < count)
            continue;
        seen[count++] = way.line;
        each_private_subnet(c, &way, run);
    }
}

/* The first entry on the line, for a note. */
static const struct napt *
first_napt(const struct model *model, const struct interface *line)
{
    size_t i;

    for (i = 0; i < model->napt_count; i++)
        if (model->napts[i].interface == line && model->napts[i].private.node)
            return &model->napts[i];
    return NULL;
}

static void
find_misses_lan(const struct checking *c, const struct interface *lan, const struct setting *own, const struct way *way)
{
    const struct interface *line = way->line;
    struct range4 hosts = hosts4(own->value->ipv4.address, own->value->ipv4.len), rest;
    struct finding *finding;
    bool any, on_purpose;

    rest = untranslated(c->model, line, hosts, &any);
    if (!any || rest.first > rest.last)
        return;
    /* A LAN of its own, without DHCP, may be kept from the Internet. */
    on_purpose = rest.first == hosts.first && rest.last == hosts.last && !server_of(c->model, lan);
    finding = check_add_as(c, FINDING_NAPT_MISSES_LAN, on_purpose ? SEV_NOTE : SEV_WARNING,
                           first_napt(c->model, line)->private.node->where,
                           "%s of %s is translated by no entry on %s: a host there has no IPv4 Internet",
                           words_range4(c, rest), lan->text, line->text);
    diag_note(c->diag, finding, own->node->where, "the subnet of %s", lan->text);
}

void
check_napt_misses_lan(const struct checking *c)
{
    each_private_lan(c, find_misses_lan);
}

/* Does a line lead to the Internet itself, where private addresses get no answer? */
static bool
is_public_line(const struct interface *line)
{
    const struct setting *own = interface_fixed4(line), *lent = lent_address(line);

    switch (line->name.kind) {
    case KIND_PPPOE:
        return line->ipv4_count == 0 || line->ipv4[0].address.value->type == TYPE_INTERFACE ||
               !private4(host4(line->ipv4[0].address.value->ipv4.address));
    case KIND_PPP:
    case KIND_WWAN:
        return true;
    case KIND_GE:
    case KIND_VLAN:
        return line->dhcp.value || (own && !private4(host4(own->value->ipv4.address)));
    case KIND_TUNNEL:
        return !line->aftr.value && lent && !private4(host4(lent->value->ipv4.address));
    default:
        return false;
    }
}

static void
find_missing(const struct checking *c, const struct interface *lan, const struct setting *own, const struct way *way)
{
    const struct interface *line = way->line;
    struct finding *finding;
    bool any;

    untranslated(c->model, line, hosts4(own->value->ipv4.address, own->value->ipv4.len), &any);
    if (any || !is_public_line(line))
        return;
    finding = check_add(
        c, FINDING_NAPT_MISSING, own->node->where,
        "the private addresses of %s leave by %s untranslated: hosts there get no answer from the IPv4 Internet",
        lan->text, line->text);
    diag_note(c->diag, finding, way->route->gateway.node->where, "the default route");
}

void
check_napt_missing(const struct checking *c)
{
    each_private_lan(c, find_missing);
}

/* ---- napt-range-differs: the routers of a site ---- */

/* Do the entries of a router translate all of these hosts?  True when it has none, or cannot tell. */
static bool
translates(const struct model *model, struct range4 hosts, const struct napt **entry)
{
    const struct route *route = default_route(model, FAMILY_IPV4);
    const struct interface *line = route ? leaves_by(model, route) : NULL;
    struct range4 rest;
    bool any;

    *entry = line ? first_napt(model, line) : NULL;
    if (!*entry)
        return true;
    rest = untranslated(model, line, hosts, &any);
    return rest.first > rest.last;
}

static void
find_range_differs(const struct checking *c, const struct lan *lan, const void *with)
{
    const struct setting *own = interface_fixed4(lan->on_b);
    const struct napt *a, *b;
    struct range4 on_a, on_b, hosts;
    struct finding *finding;
    bool all_a, all_b;

    (void)with;
    if (!own)
        return;
    hosts = hosts4(own->value->ipv4.address, own->value->ipv4.len);
    all_a = translates(lan->a, hosts, &a);
    all_b = translates(lan->b, hosts, &b);
    if (!a || !b || lan->a->napt_count != 1 || lan->b->napt_count != 1 || !range_of(a->private, &on_a) ||
        !range_of(b->private, &on_b) || (on_a.first == on_b.first && on_a.last == on_b.last))
        return;
    finding =
        check_add_as(c, FINDING_NAPT_RANGE_DIFFERS, all_a && all_b ? SEV_NOTE : SEV_WARNING, b->private.node->where,
                     all_a && all_b ? "%s is translated here, %s on %s; both cover all hosts of %s, so it does no harm"
                                    : "%s is translated here, %s on %s: some hosts of %s have IPv4 on one router alone",
                     words_range4(c, on_b), words_range4(c, on_a), lan->a->router, words_net4(c, own->value));
    diag_note(c->diag, finding, a->private.node->where, "%s is here", lan->a->router);
}

void
check_napt_range_differs(const struct checking *c)
{
    each_lan(c, find_range_differs, NULL);
}

/* ---- static NAPT ---- */

struct forwarding {
    struct setting protocol, listen_port, listen_address, address, port, interface;
};

static size_t
list_forwardings(const struct checking *c, struct forwarding **out)
{
    const struct tree *tree = c->model->tree;
    const uint32_t *index;
    size_t count = tree_entries(tree, KEY_NAT_IPV4_SNAPT, NULL, &index);
    size_t i;

    if (count > CHECK_COMPARE_MAX)
        count = CHECK_COMPARE_MAX;
    *out = arena_array(c->arena, count, sizeof(**out));
    for (i = 0; i < count; i++)
        (*out)[i] = (struct forwarding){
            tree_get(tree, KEY_NAT_IPV4_SNAPT_PROTOCOL, &index[i]),
            tree_get(tree, KEY_NAT_IPV4_SNAPT_LISTEN_PORT, &index[i]),
            tree_get(tree, KEY_NAT_IPV4_SNAPT_LISTEN_ADDRESS, &index[i]),
            tree_get(tree, KEY_NAT_IPV4_SNAPT_FORWARD_ADDRESS, &index[i]),
            tree_get(tree, KEY_NAT_IPV4_SNAPT_FORWARD_PORT, &index[i]),
            tree_get(tree, KEY_NAT_IPV4_SNAPT_INTERFACE, &index[i]),
        };
    return count;
}

static bool
same_protocol(const struct forwarding *a, const struct forwarding *b)
{
    return a->protocol.value && b->protocol.value &&
           (value_equal(a->protocol.value, b->protocol.value) || setting_is(a->protocol, "tcpudp") ||
            setting_is(b->protocol, "tcpudp"));
}

static bool
same_listener(const struct forwarding *a, const struct forwarding *b)
{
    if (!a->interface.value || !b->interface.value || !value_equal(a->interface.value, b->interface.value) ||
        !same_protocol(a, b) || !a->listen_port.node || !b->listen_port.node)
        return false;
    if (a->listen_address.value && b->listen_address.value &&
        !value_equal(a->listen_address.value, b->listen_address.value))
        return false;
    return a->listen_port.value->port.low <= b->listen_port.value->port.high &&
           b->listen_port.value->port.low <= a->listen_port.value->port.high;
}

void
check_snapt_port_twice(const struct checking *c)
{
    struct forwarding *list;
    size_t count = list_forwardings(c, &list);
    size_t i, j;

    for (i = 0; i < count; i++)
        for (j = 0; j < i; j++)
            if (same_listener(&list[i], &list[j])) {
                struct finding *finding = check_add(
                    c, FINDING_SNAPT_PORT_TWICE, list[i].listen_port.node->where,
                    "port %s is forwarded already: the entry of the smaller index takes it, and this host gets nothing",
                    words(c, list[i].listen_port));

                diag_note(c->diag, finding, list[j].listen_port.node->where, "the other one is here");
                break;
            }
}

void
check_snapt_target(const struct checking *c)
{
    struct forwarding *list;
    size_t count = list_forwardings(c, &list);
    size_t i;

    for (i = 0; i < count && check_whole(c, c->model) && !has_dynamic_routes(c->model); i++) {
        struct range4 target;

        if (range_of(list[i].address, &target) && !reaches(c->model, target, NULL))
            check_add(c, FINDING_SNAPT_TARGET, list[i].address.node->where,
                      "no interface and no route of this router leads to %s: what comes for it gets no answer",
                      words4(c, target.first));
    }
}

/* The server whose pool hands this address out to whoever asks; NULL: none. */
static const struct dhcp_server *
pool_with(const struct model *model, uint32_t address)
{
    size_t i, j;

    for (i = 0; setting_on(model->dhcp_service) && i < model->dhcp_server_count && i < CHECK_COMPARE_MAX; i++) {
        const struct dhcp_server *server = &model->dhcp_servers[i];
        uint64_t first;

        if (!server->pool_address.node || !server->pool_count.node)
            continue;
        first = host4(server->pool_address.value->ipv4.address);
        if (address < first || address >= first + server->pool_count.value->number)
            continue;
        for (j = 0; j < server->lease_count; j++)
            if (server->leases[j].address.value && host4(server->leases[j].address.value->ipv4.address) == address)
                return NULL;
        return server;
    }
    return NULL;
}

void
check_snapt_moving_target(const struct checking *c)
{
    struct forwarding *list;
    size_t count = list_forwardings(c, &list);
    size_t i;

    for (i = 0; i < count; i++) {
        struct range4 target;
        const struct dhcp_server *server;
        struct finding *finding;

        if (!range_of(list[i].address, &target))
            continue;
        server = pool_with(c->model, target.first);
        if (!server)
            continue;
        finding = check_add(c, FINDING_SNAPT_MOVING_TARGET, list[i].address.node->where,
                            "%s is in a DHCP pool: some day another host has it, and is open to the Internet",
                            words4(c, target.first));
        diag_note(c->diag, finding, server->pool_address.node->where, "the pool begins here");
    }
}

/* ---- nat66 ---- */

static void
each_nat6(const struct checking *c, void (*run)(const struct checking *c, const struct nat6 *nat6))
{
    size_t i;

    for (i = 0; i < c->model->nat6_count && i < CHECK_COMPARE_MAX; i++)
        if (c->model->nat6s[i].internal.node)
            run(c, &c->model->nat6s[i]);
}

/* The interface that has an address in the prefix; NULL: none. */
static const struct interface *
owner_of_prefix(const struct model *model, const struct value *prefix)
{
    size_t i, j;

    for (i = 0; i < model->interface_count && i < CHECK_COMPARE_MAX; i++)
        for (j = 0; j < model->interfaces[i].ipv6_count; j++) {
            const struct value *own = model->interfaces[i].ipv6[j].address.value;

            if (own->type == TYPE_IPV6_PREFIX &&
                within6(&own->ipv6.address, 128, &prefix->ipv6.address, prefix->ipv6.len))
                return &model->interfaces[i];
        }
    return NULL;
}

static void
find_nat66_internal(const struct checking *c, const struct nat6 *nat6)
{
    const struct value *prefix = nat6->internal.value;
    size_t i;

    if (owner_of_prefix(c->model, prefix) || !check_whole(c, c->model))
        return;
    for (i = 0; i < c->model->route_count; i++) {
        const struct value *to = c->model->routes[i].destination.value;

        if (to && to->type == TYPE_IPV6_NETWORK && to->ipv6.len &&
            within6(&to->ipv6.address, to->ipv6.len, &prefix->ipv6.address, prefix->ipv6.len))
            return;
    }
    check_add(c, FINDING_NAT66_INTERNAL, nat6->internal.node->where,
              "no interface has an address in %s: no host uses what is translated here", words(c, nat6->internal));
}

void
check_nat66_internal(const struct checking *c)
{
    each_nat6(c, find_nat66_internal);
}

static void
find_nat66_length(const struct checking *c, const struct nat6 *nat6)
{
    const struct value *inside = nat6->internal.value, *outside = nat6->external.value;
    struct finding *finding;

    if (nat6->external.node && inside->ipv6.len != outside->ipv6.len) {
        finding =
            check_add(c, FINDING_NAT66_LENGTH, nat6->external.node->where,
                      "a /%u is translated to a /%u: several hosts would share one address, or subnets fold into one",
                      inside->ipv6.len, outside->ipv6.len);
        diag_note(c->diag, finding, nat6->internal.node->where, "the inside prefix");
    } else if (!nat6->external.node && inside->ipv6.len != 64) {
        check_add(c, FINDING_NAT66_LENGTH, nat6->internal.node->where,
                  "expected a /64: without external the prefix of the outside interface is used, and that is a /64");
    }
}

void
check_nat66_length(const struct checking *c)
{
    each_nat6(c, find_nat66_length);
}

static void
find_nat66_inside(const struct checking *c, const struct nat6 *nat6)
{
    const struct interface *owner = owner_of_prefix(c->model, nat6->internal.value);

    if (owner && owner == nat6->interface && nat6->interface_name.node)
        check_add(c, FINDING_NAT66_INSIDE, nat6->interface_name.node->where,
                  "%s is where the hosts of %s are: what leaves by the line is not translated, and gets no answer",
                  owner->text, words(c, nat6->internal));
}

void
check_nat66_inside(const struct checking *c)
{
    each_nat6(c, find_nat66_inside);
}
