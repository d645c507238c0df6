/* filter.c - packet filters: what a rule leaves to the next, and what becomes of packets that must, or must not, get
 * through. */
#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

#include "checks.h"

/* ---- rules ---- */

/* Addresses as a run of 128-bit numbers; those of IPv4 are mapped (RFC 4291, 2.5.5.2). */
struct span6 {
    struct in6_addr first, last;
};

struct rule {
    enum family family;
    struct setting action, interface, direction, source, source_name, destination, destination_name, source_port,
        destination_port, protocol, icmp_type, options, state, keepalive;
};

struct rule_keys {
    enum key_id group;
    struct {
        enum key_id key;
        size_t offset;
    } fields[14];
};

#define FIELD(member, key)                                                                                             \
    {                                                                                                                  \
        KEY_FILTER_##key, offsetof(struct rule, member)                                                                \
    }
#define FIELDS(family, options_key)                                                                                    \
    FIELD(action, family##_ACTION), FIELD(interface, family##_INTERFACE), FIELD(direction, family##_DIRECTION),        \
        FIELD(source, family##_SOURCE_ADDRESS), FIELD(source_name, family##_SOURCE_HOSTNAME),                          \
        FIELD(destination, family##_DESTINATION_ADDRESS), FIELD(destination_name, family##_DESTINATION_HOSTNAME),      \
        FIELD(source_port, family##_SOURCE_PORT), FIELD(destination_port, family##_DESTINATION_PORT),                  \
        FIELD(protocol, family##_PROTOCOL), FIELD(icmp_type, family##_ICMP_TYPE), FIELD(options, options_key),         \
        FIELD(state, family##_STATE)

static const struct rule_keys rule_keys[] = {
    [FAMILY_IPV4] = {KEY_FILTER_IPV4, {FIELDS(IPV4, IPV4_IPOPTS), FIELD(keepalive, IPV4_KEEPALIVE)}},
    [FAMILY_IPV6] = {KEY_FILTER_IPV6, {FIELDS(IPV6, IPV6_EXTHDR), {KEY_NONE, 0}}},
};

struct rules {
    struct rule *items;
    size_t count;
};

static struct rules
list_rules(const struct checking *c, enum family family)
{
    const struct rule_keys *keys = &rule_keys[family];
    const uint32_t *index;
    struct rules rules = {NULL, tree_entries(c->model->tree, keys->group, NULL, &index)};
    size_t i, j;

    if (rules.count > CHECK_COMPARE_MAX)
        rules.count = CHECK_COMPARE_MAX;
    rules.items = arena_array(c->arena, rules.count, sizeof(*rules.items));
    for (i = 0; i < rules.count; i++) {
        rules.items[i].family = family;
        for (j = 0; j < sizeof(keys->fields) / sizeof(keys->fields[0]) && keys->fields[j].key != KEY_NONE; j++)
            *(struct setting *)(void *)((char *)&rules.items[i] + keys->fields[j].offset) =
                tree_get(c->model->tree, keys->fields[j].key, &index[i]);
    }
    return rules;
}

/* ---- protocols ---- */

enum { PROTO_ANY = -1, PROTO_TCP_UDP = -2 };

/* IANA's numbers. */
enum { ICMP = 1, IPIP = 4, TCP = 6, UDP = 17, IPV6_IN_IP = 41, ICMP6 = 58, VRRP = 112 };

/* What a protocol condition asks for. */
struct protocol {
    int number; /* or PROTO_ANY, PROTO_TCP_UDP */
    bool syn_only, established;
};

static struct protocol
protocol_of(struct setting setting)
{
    static const struct {
        const char *word;
        struct protocol protocol;
    } words_of[] = {
        {"any", {PROTO_ANY, false, false}},
        {"tcp", {TCP, false, false}},
        {"tcp-established", {TCP, false, true}},
        {"tcp-synonly", {TCP, true, false}},
        {"udp", {UDP, false, false}},
        {"tcpudp", {PROTO_TCP_UDP, false, false}},
        {"icmp", {ICMP, false, false}},
        {"ipv6-icmp", {ICMP6, false, false}},
        {"igmp", {2, false, false}},
        {"ah", {51, false, false}},
        {"esp", {50, false, false}},
    };
    size_t i;

    for (i = 0; i < sizeof(words_of) / sizeof(words_of[0]); i++)
        if (setting_is(setting, words_of[i].word))
            return words_of[i].protocol;
    return (struct protocol){
        setting.value && setting.value->type == TYPE_NUMBER ? (int)setting.value->number : PROTO_ANY, false, false};
}

static bool
protocol_covers(struct protocol a, struct protocol b)
{
    if (a.number == PROTO_ANY)
        return true;
    if (a.number == PROTO_TCP_UDP)
        return b.number == PROTO_TCP_UDP || b.number == TCP || b.number == UDP;
    return a.number == b.number && (!a.syn_only || b.syn_only) && (!a.established || b.established);
}

/* ---- addresses ---- */

static struct in6_addr
mapped(struct in_addr address)
{
    struct in6_addr out = {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}}};

    memcpy(&out.s6_addr[12], &address, sizeof(address));
    return out;
}

static struct in6_addr
filled(const struct in6_addr *address, unsigned len)
{
    struct in6_addr out = net6(address, len);
    unsigned i;

    for (i = len; i < 128; i++)
        out.s6_addr[i / 8] |= (uint8_t)(0x80 >> i % 8);
    return out;
}

static struct span6
span_of(const struct in6_addr *address, unsigned len)
{
    return (struct span6){net6(address, len), filled(address, len)};
}

/* The addresses of a condition; false when it names an interface, a host or the router itself. */
static bool
span_of_value(const struct value *value, struct span6 *out)
{
    struct in6_addr address;

    switch (value->type) {
    case TYPE_IPV4_ADDRESS:
    case TYPE_IPV4_NETWORK:
    case TYPE_IPV4_PREFIX:
        address = mapped(value->ipv4.address);
        *out = span_of(&address, value->ipv4.len + 96U);
        return true;
    case TYPE_IPV4_RANGE:
        *out = (struct span6){mapped(value->ipv4_range.first), mapped(value->ipv4_range.last)};
        return true;
    case TYPE_IPV6_ADDRESS:
    case TYPE_IPV6_NETWORK:
    case TYPE_IPV6_PREFIX:
        *out = span_of(&value->ipv6.address, value->ipv6.len);
        return true;
    case TYPE_IPV6_RANGE:
        *out = (struct span6){value->ipv6_range.first, value->ipv6_range.last};
        return true;
    default:
        return false;
    }
}

static int
compare6(const struct in6_addr *a, const struct in6_addr *b)
{
    return memcmp(a, b, sizeof(*a));
}

static bool
span_within(struct span6 inner, struct span6 outer)
{
    return compare6(&inner.first, &outer.first) >= 0 && compare6(&inner.last, &outer.last) <= 0;
}

static bool
span_meets(struct span6 a, struct span6 b)
{
    return compare6(&a.first, &b.last) <= 0 && compare6(&b.first, &a.last) <= 0;
}

/* Does the condition hold for every address? */
static bool
is_anywhere(struct setting address)
{
    if (!address.value)
        return true;
    if (address.value->type == TYPE_IPV4_NETWORK)
        return address.value->ipv4.len == 0;
    return address.value->type == TYPE_IPV6_NETWORK && address.value->ipv6.len == 0;
}

/* ---- filter-shadowed ---- */

static bool
address_covers(struct setting a, struct setting a_name, struct setting b, struct setting b_name)
{
    struct span6 outer, inner;

    if (a_name.value)
        return b_name.value && value_equal(a_name.value, b_name.value);
    if (is_anywhere(a))
        return true;
    if (b_name.value || is_anywhere(b))
        return false;
    if (span_of_value(a.value, &outer) && span_of_value(b.value, &inner))
        return span_within(inner, outer);
    return value_equal(a.value, b.value);
}

static bool
port_covers(struct setting a, struct setting b)
{
    if (!a.value)
        return true;
    return b.value && a.value->port.low <= b.value->port.low && a.value->port.high >= b.value->port.high;
}

static bool
interface_covers(struct setting a, struct setting b)
{
    if (!a.value || !b.value)
        return false;
    if (setting_is(a, "any"))
        return true;
    if (setting_is(b, "any") || a.value->interface.kind != b.value->interface.kind)
        return false;
    return a.value->interface.unit == UNIT_ALL || a.value->interface.unit == b.value->interface.unit;
}

static bool
direction_covers(struct setting a, struct setting b)
{
    if (!a.value || !b.value)
        return false;
    return value_equal(a.value, b.value) || (setting_is(a, "inout") && (setting_is(b, "in") || setting_is(b, "out")));
}

static bool
same_or_none(struct setting a, struct setting b)
{
    return !a.value || setting_is(a, "any") || (b.value && value_equal(a.value, b.value));
}

/* Does every packet that `b` could take meet `a` first? */
static bool
covers(const struct rule *a, const struct rule *b)
{
    bool options = !a->options.value || (b->options.value && value_equal(a->options.value, b->options.value));

    return !a->keepalive.value && interface_covers(a->interface, b->interface) &&
           direction_covers(a->direction, b->direction) &&
           address_covers(a->source, a->source_name, b->source, b->source_name) &&
           address_covers(a->destination, a->destination_name, b->destination, b->destination_name) &&
           port_covers(a->source_port, b->source_port) && port_covers(a->destination_port, b->destination_port) &&
           protocol_covers(protocol_of(a->protocol), protocol_of(b->protocol)) &&
           same_or_none(a->icmp_type, b->icmp_type) && options;
}

static bool
has_ports_alone(const struct rule *rule)
{
    int number = protocol_of(rule->protocol).number;

    return (rule->source_port.node || rule->destination_port.node) && number != TCP && number != UDP &&
           number != PROTO_TCP_UDP;
}

static void
find_shadowed(const struct checking *c, enum family family)
{
    struct rules rules = list_rules(c, family);
    size_t i, j;

    for (i = 0; i < rules.count; i++)
        for (j = 0; j < i; j++) {
            const struct rule *rule = &rules.items[i], *earlier = &rules.items[j];
            struct finding *finding;

            if (!rule->action.node || !earlier->action.node || has_ports_alone(earlier) || !covers(earlier, rule))
                continue;
            finding = check_add(
                c, FINDING_FILTER_SHADOWED, rule->action.node->where,
                value_equal(rule->action.value, earlier->action.value)
                    ? "an earlier rule does the same to all that this one could match: it has no effect"
                    : "an earlier rule takes all that this one could match and does the opposite: it never acts");
            diag_note(c->diag, finding, earlier->action.node->where, "the earlier rule");
            break;
        }
}

void
check_filter_shadowed(const struct checking *c)
{
    find_shadowed(c, FAMILY_IPV4);
    find_shadowed(c, FAMILY_IPV6);
}

/* ---- filter-never-matches ---- */

static void
find_never_matches(const struct checking *c, enum family family)
{
    struct rules rules = list_rules(c, family);
    size_t i;

    for (i = 0; i < rules.count; i++) {
        const struct rule *rule = &rules.items[i];
        struct setting port = rule->destination_port.node ? rule->destination_port : rule->source_port;
        int number = protocol_of(rule->protocol).number;

        if (has_ports_alone(rule))
            check_add(c, FINDING_FILTER_NEVER_MATCHES, port.node->where,
                      "a port counts only with protocol tcp, udp or tcpudp: without it this rule never matches");
        else if (rule->icmp_type.node && !setting_is(rule->icmp_type, "any") && number != ICMP && number != ICMP6)
            check_add(c, FINDING_FILTER_NEVER_MATCHES, rule->icmp_type.node->where,
                      "an ICMP type counts only with protocol %s: without it this rule never matches",
                      family == FAMILY_IPV6 ? "ipv6-icmp" : "icmp");
    }
}

void
check_filter_never_matches(const struct checking *c)
{
    find_never_matches(c, FAMILY_IPV4);
    find_never_matches(c, FAMILY_IPV6);
}

/* ---- what becomes of a packet ---- */

/* One end of a packet. */
struct end {
    enum { END_INTERNET, END_OWN, END_SPAN } kind; /* anybody out there, the router itself, any of these addresses */
    struct span6 span;
};

struct packet {
    enum family family;
    const struct interface *interface;
    bool out;
    struct end source, destination;
    int protocol;
    bool established; /* TCP: a segment of a connection that was opened the other way */
    unsigned source_port, destination_port;
    int icmp_type; /* -1: none */
};

/* MAYBE: it depends on what a config does not say. */
enum match { NO, MAYBE, YES };

static enum match
match_end(const struct end *end, struct setting address, struct setting name)
{
    struct span6 span;

    if (name.value)
        return end->kind == END_INTERNET ? NO : MAYBE;
    if (is_anywhere(address))
        return YES;
    if (end->kind == END_INTERNET)
        return NO;
    if (end->kind == END_OWN)
        return setting_is(address, "self") ? YES : MAYBE;
    if (!span_of_value(address.value, &span))
        return NO;
    if (span_within(end->span, span))
        return YES;
    return span_meets(end->span, span) ? MAYBE : NO;
}

static bool
match_link(const struct rule *rule, const struct packet *packet)
{
    const struct value *interface = rule->interface.value;

    if (!interface || !rule->direction.value)
        return false;
    if (!setting_is(rule->direction, "inout") && !setting_is(rule->direction, packet->out ? "out" : "in"))
        return false;
    if (interface->type == TYPE_KEYWORD)
        return true;
    return interface->interface.kind == packet->interface->name.kind &&
           (interface->interface.unit == UNIT_ALL || interface->interface.unit == packet->interface->name.unit);
}

static bool
match_port(struct setting port, unsigned number)
{
    return !port.value || (number >= port.value->port.low && number <= port.value->port.high);
}

static bool
match_protocol(const struct rule *rule, const struct packet *packet)
{
    struct protocol want = protocol_of(rule->protocol);
    struct protocol have = {packet->protocol, packet->protocol == TCP && !packet->established, packet->established};

    if (!protocol_covers(want, have))
        return false;
    if (rule->icmp_type.node && rule->icmp_type.value->type == TYPE_NUMBER &&
        (packet->icmp_type < 0 || rule->icmp_type.value->number != (uint64_t)packet->icmp_type))
        return false;
    return match_port(rule->source_port, packet->source_port) &&
           match_port(rule->destination_port, packet->destination_port);
}

static enum match
match_rule(const struct rule *rule, const struct packet *packet)
{
    enum match source, destination, both;

    if (!rule->action.value || !match_link(rule, packet) || !match_protocol(rule, packet) || has_ports_alone(rule))
        return NO;
    if (rule->options.value && !setting_is(rule->options, "none"))
        return NO; /* packets with options, which these have not */
    source = match_end(&packet->source, rule->source, rule->source_name);
    destination = match_end(&packet->destination, rule->destination, rule->destination_name);
    both = source < destination ? source : destination;
    return both == YES && rule->keepalive.value ? MAYBE : both;
}

/* The rule that decides on a packet; NULL: none does, and it passes.  `*sure` is false when an earlier one may decide
 * otherwise. */
static const struct rule *
decide(const struct rules *rules, const struct packet *packet, bool *sure)
{
    bool may_pass = false, may_block = false;
    const struct rule *found = NULL;
    size_t i;

    for (i = 0; i < rules->count && !found; i++) {
        const struct rule *rule = &rules->items[i];
        enum match match = match_rule(rule, packet);

        may_pass |= match == MAYBE && setting_is(rule->action, "pass");
        may_block |= match == MAYBE && setting_is(rule->action, "block");
        if (match == YES)
            found = rule;
    }
    *sure = found && setting_is(found->action, "block") ? !may_pass : !may_block;
    return found;
}

/* The rule that surely blocks a packet; NULL: none. */
static const struct rule *
blocker(const struct rules *rules, const struct packet *packet)
{
    bool sure;
    const struct rule *rule = decide(rules, packet, &sure);

    return rule && sure && setting_is(rule->action, "block") ? rule : NULL;
}

/* Does a packet surely pass? */
static bool
passes(const struct rules *rules, const struct packet *packet)
{
    bool sure;
    const struct rule *rule = decide(rules, packet, &sure);

    return sure && (!rule || setting_is(rule->action, "pass"));
}

static struct end
end_of(const char *address, unsigned len)
{
    struct in6_addr first;

    inet_pton(AF_INET6, address, &first);
    return (struct end){END_SPAN, span_of(&first, len)};
}

static const struct end internet = {.kind = END_INTERNET}, own_end = {.kind = END_OWN};

/* ---- filter-blocks-vrrp ---- */

static struct packet
vrrp_packet(const struct vrouter *vrouter, bool out)
{
    const struct setting *own = interface_fixed4(vrouter->interface);
    struct packet packet = {
        .family = vrouter->family,
        .interface = vrouter->interface,
        .out = out,
        .protocol = VRRP,
        .icmp_type = -1,
        .source = end_of("fe80::", 10),
        .destination = end_of("ff02::12", 128),
    };

    if (vrouter->family == FAMILY_IPV4) {
        packet.destination = end_of("::ffff:224.0.0.18", 128);
        packet.source.kind = END_SPAN;
        if (own)
            span_of_value(own->value, &packet.source.span);
        else
            packet.source = end_of("::ffff:0.0.0.0", 96);
    }
    if (out)
        packet.source = own_end;
    return packet;
}

void
check_filter_blocks_vrrp(const struct checking *c)
{
    const struct rules rules[] = {list_rules(c, FAMILY_IPV4), list_rules(c, FAMILY_IPV6)};
    size_t i;
    int out;

    for (i = 0; i < c->model->vrouter_count && i < CHECK_COMPARE_MAX; i++)
        for (out = 0; out < 2; out++) {
            const struct vrouter *vrouter = &c->model->vrouters[i];
            struct packet packet;
            const struct rule *rule;
            struct finding *finding;

            if (!vrouter->interface || !vrouter->address.node)
                continue;
            packet = vrrp_packet(vrouter, out);
            rule = blocker(&rules[vrouter->family], &packet);
            if (!rule || !rule->action.node)
                continue;
            finding = check_add(c, FINDING_FILTER_BLOCKS_VRRP, rule->action.node->where,
                                "this rule blocks the advertisements of VRRP (protocol 112) %s %s: both routers become "
                                "master, and hosts lose the gateway",
                                out ? "out of" : "into", vrouter->interface->text);
            diag_note(c->diag, finding, vrouter->address.node->where, "the virtual router");
            break;
        }
}

/* ---- filter-blocks-ipv6 ---- */

enum {
    ROUTER_SOLICITATION = 133,
    ROUTER_ADVERTISEMENT = 134,
    NEIGHBOR_SOLICITATION = 135,
    DHCP6_CLIENT = 546,
    DHCP6_SERVER = 547
};

/* Is there a running DHCPv6 client on it? */
static bool
asks_dhcp6(const struct model *model, const struct interface *interface)
{
    size_t i;

    for (i = 0; setting_on(model->dhcp6_service) && i < model->dhcp6_client_count; i++)
        if (model->dhcp6_clients[i].interface == interface)
            return true;
    return interface->dhcp6.value != NULL;
}

static void
find_blocked6(const struct checking *c, const struct rules *rules, const struct packet *packet, const char *what,
              const char *harm)
{
    const struct rule *rule = blocker(rules, packet);

    if (rule && rule->action.node)
        check_add(c, FINDING_FILTER_BLOCKS_IPV6, rule->action.node->where, "this rule blocks %s into %s: %s", what,
                  packet->interface->text, harm);
}

static void
find_blocks_ipv6(const struct checking *c, const struct rules *rules, const struct interface *interface)
{
    struct packet packet = {
        .family = FAMILY_IPV6,
        .interface = interface,
        .protocol = ICMP6,
        .icmp_type = NEIGHBOR_SOLICITATION,
        .source = end_of("fe80::", 10),
        .destination = end_of("ff02::1:ff00:0", 104),
    };

    if (interface->name.kind == KIND_PPPOE ||
        (!interface_has(interface, FAMILY_IPV6) && !interface->delegated && !asks_dhcp6(c->model, interface)))
        return;
    if (blocker(rules, &packet)) {
        find_blocked6(c, rules, &packet, "neighbor discovery (ICMPv6 type 135)",
                      "nobody there finds this router by IPv6");
        return;
    }
    packet.icmp_type = interface->ra.value ? ROUTER_ADVERTISEMENT : ROUTER_SOLICITATION;
    packet.destination = end_of(interface->ra.value ? "ff02::1" : "ff02::2", 128);
    if (interface->ra.value)
        find_blocked6(c, rules, &packet, "router advertisements (ICMPv6 type 134)",
                      "the line gets no IPv6 address and no gateway");
    else if (advertiser_of(c->model, interface))
        find_blocked6(c, rules, &packet, "router solicitations (ICMPv6 type 133)",
                      "a host that starts waits for the next advertisement");
    packet.protocol = UDP;
    packet.icmp_type = -1;
    packet.source_port = DHCP6_SERVER;
    packet.destination_port = DHCP6_CLIENT;
    packet.destination = end_of("fe80::", 10);
    if (asks_dhcp6(c->model, interface))
        find_blocked6(c, rules, &packet, "the answers of DHCPv6 (UDP 546)",
                      "no prefix is delegated, and hosts have no IPv6");
}

void
check_filter_blocks_ipv6(const struct checking *c)
{
    const struct rules rules = list_rules(c, FAMILY_IPV6);
    size_t i;

    for (i = 0; rules.count && i < c->model->interface_count && i < CHECK_COMPARE_MAX; i++)
        find_blocks_ipv6(c, &rules, &c->model->interfaces[i]);
}

/* ---- filter-blocks-tunnel ---- */

/* The protocol that a tunnel is carried in: IPv4 inside, unless it is there for IPv6 alone. */
static int
inner_protocol(const struct model *model, const struct interface *tunnel)
{
    bool ipv6 = tunnel->ipv6_count > 0;
    size_t i;

    if (tunnel->inner4.node)
        return IPIP;
    for (i = 0; i < model->route_count; i++)
        if (model->routes[i].interface == tunnel) {
            if (model->routes[i].family == FAMILY_IPV4)
                return IPIP;
            ipv6 = true;
        }
    return ipv6 ? IPV6_IN_IP : IPIP;
}

/* Does the rule that passes a packet keep a state for its answers? */
static bool
is_remembered(const struct rules *rules, const struct packet *packet)
{
    bool sure;
    const struct rule *rule = decide(rules, packet, &sure);

    return rule && setting_is(rule->action, "pass") && setting_on(rule->state);
}

static void
find_blocks_tunnel(const struct checking *c, const struct rules *rules, const struct interface *tunnel)
{
    const struct interface *carrier = tunnel->name.kind == KIND_TUNNEL ? carrier_of(c->model, tunnel) : NULL;
    bool ipv4 = tunnel->destination4.node != NULL;
    struct setting far = ipv4 ? tunnel->destination4 : tunnel->destination6;
    struct packet in = {.interface = carrier, .icmp_type = -1, .source.kind = END_SPAN, .destination = own_end}, out;
    const struct rule *rule;
    struct finding *finding;
    bool answers;

    if (!carrier || !far.node || !span_of_value(far.value, &in.source.span))
        return;
    in.protocol = inner_protocol(c->model, tunnel);
    rule = blocker(&rules[ipv4 ? FAMILY_IPV4 : FAMILY_IPV6], &in);
    if (!rule || !rule->action.node)
        return;
    out = in;
    out.out = true;
    out.source = own_end;
    out.destination = in.source;
    answers = is_remembered(&rules[ipv4 ? FAMILY_IPV4 : FAMILY_IPV6], &out);
    finding = check_add_as(
        c, FINDING_FILTER_BLOCKS_TUNNEL, answers ? SEV_NOTE : SEV_ERROR, rule->action.node->where,
        answers ? "this rule blocks what %s is carried in (protocol %d) into %s, unless a state lives that something "
                  "sent before has left: after a silence nobody can begin from the far side"
                : "this rule blocks what %s is carried in (protocol %d) into %s: nothing comes back through the tunnel",
        tunnel->text, in.protocol, carrier->text);
    diag_note(c->diag, finding, far.node->where, "the far end");
}

void
check_filter_blocks_tunnel(const struct checking *c)
{
    const struct rules rules[] = {list_rules(c, FAMILY_IPV4), list_rules(c, FAMILY_IPV6)};
    size_t i;

    for (i = 0; i < c->model->interface_count && i < CHECK_COMPARE_MAX; i++)
        find_blocks_tunnel(c, rules, &c->model->interfaces[i]);
}

/* ---- filter-no-return ---- */

/* A connection that a host opens: does some rule that passes its first packet keep a state for the answers? */
static bool
keeps_state(const struct rules *rules, const struct interface *interface, bool out)
{
    struct packet request = {.family = FAMILY_IPV6,
                             .interface = interface,
                             .out = out,
                             .protocol = TCP,
                             .icmp_type = -1,
                             .source_port = 50000,
                             .destination_port = 443};
    size_t i;

    for (i = 0; i < rules->count; i++) {
        const struct rule *rule = &rules->items[i];

        /* Whoever it is for: a rule that keeps states at all is good for some. */
        if (rule->action.value && setting_is(rule->action, "pass") && setting_on(rule->state) &&
            match_link(rule, &request))
            return true;
    }
    return false;
}

static bool
any_state(const struct checking *c, const struct rules *rules, const struct interface *line)
{
    size_t i;

    if (keeps_state(rules, line, true))
        return true;
    for (i = 0; i < c->model->interface_count && i < CHECK_COMPARE_MAX; i++)
        if (is_lan(c->model, &c->model->interfaces[i]) && keeps_state(rules, &c->model->interfaces[i], false))
            return true;
    return false;
}

static void
find_no_return(const struct checking *c, enum family family)
{
    const struct rules rules = list_rules(c, family);
    const struct route *route = default_route(c->model, family);
    const struct interface *line = route ? leaves_by(c->model, route) : NULL;
    struct packet answer = {.family = family,
                            .interface = line,
                            .protocol = TCP,
                            .established = true,
                            .icmp_type = -1,
                            .source_port = 443,
                            .destination_port = 50000,
                            .source = internet,
                            .destination = own_end};
    const struct rule *rule = line ? blocker(&rules, &answer) : NULL;

    if (rule && rule->action.node && !any_state(c, &rules, line) && check_whole(c, c->model))
        check_add(c, FINDING_FILTER_NO_RETURN, rule->action.node->where,
                  "this rule blocks all that comes in from %s, answers too: no rule that passes what hosts send keeps "
                  "a state for them (state: enable), so nothing on the Internet works",
                  line->text);
}

void
check_filter_no_return(const struct checking *c)
{
    find_no_return(c, FAMILY_IPV4);
    find_no_return(c, FAMILY_IPV6);
}

/* ---- filter-blocks-dns ---- */

void
check_filter_blocks_dns(const struct checking *c)
{
    const struct rules rules = list_rules(c, FAMILY_IPV4);
    const struct tree *tree = c->model->tree;
    const uint32_t *index;
    size_t count = tree_entries(tree, KEY_DNS_FORWARDER_LISTEN, NULL, &index);
    size_t i;

    if (!setting_on(tree_get(tree, KEY_DNS_FORWARDER_SERVICE, NULL)))
        return;
    for (i = 0; i < count && i < CHECK_COMPARE_MAX; i++) {
        struct setting name = tree_get(tree, KEY_DNS_FORWARDER_LISTEN_INTERFACE, &index[i]);
        const struct interface *interface = name.node && name.value->interface.unit != UNIT_ALL
                                                ? model_interface(c->model, name.value->interface)
                                                : NULL;
        const struct setting *own = interface ? interface_fixed4(interface) : NULL;
        struct packet question = {.family = FAMILY_IPV4,
                                  .interface = interface,
                                  .protocol = UDP,
                                  .icmp_type = -1,
                                  .source_port = 50000,
                                  .destination_port = 53,
                                  .source.kind = END_SPAN,
                                  .destination = own_end};
        const struct rule *rule;
        struct finding *finding;

        if (!own || !span_of_value(own->value, &question.source.span))
            continue;
        rule = blocker(&rules, &question);
        if (!rule || !rule->action.node)
            continue;
        finding = check_add(c, FINDING_FILTER_BLOCKS_DNS, rule->action.node->where,
                            "this rule blocks what hosts on %s ask the DNS forwarder (UDP 53): names do not resolve",
                            interface->text);
        diag_note(c->diag, finding, name.node->where, "the forwarder listens there");
    }
}

/* ---- wan-ipv6-open ---- */

/* A stranger's packet for a host on a LAN, as it comes in by the line and goes out to the LAN. */
static struct packet
stranger(enum family family, int protocol, const struct interface *interface, bool out, struct end host)
{
    enum { NOTHING_SPECIAL = 5555 };

    return (struct packet){.family = family,
                           .interface = interface,
                           .out = out,
                           .protocol = protocol,
                           .icmp_type = -1,
                           .source_port = 50000,
                           .destination_port = NOTHING_SPECIAL,
                           .source = internet,
                           .destination = host};
}

/* What makes hosts reachable by IPv6: a translation both ways, or addresses of the Internet; NULL: nothing. */
static const struct node *
exposed_by(const struct checking *c, struct end *hosts, const struct interface **lan)
{
    const struct model *model = c->model;
    struct announced *announced;
    size_t i, j, count;

    for (i = 0; setting_on(model->ra_service) && i < model->advertiser_count && i < CHECK_COMPARE_MAX; i++) {
        const struct advertiser *advertiser = &model->advertisers[i];

        if (!advertiser->interface || is_line(model, advertiser->interface))
            continue;
        count = announced_by(c, model, advertiser, &announced);
        *lan = advertiser->interface;
        for (j = 0; j < count; j++) {
            *hosts = announced[j].delegated ? end_of("2000::", 3)
                                            : (struct end){END_SPAN, span_of(&announced[j].address, announced[j].len)};
            if (announced[j].delegated || global6(&announced[j].address))
                return announced[j].from.node;
            if (model->nat6_count && model->nat6s[0].internal.node && ula6(&announced[j].address) &&
                within6(&announced[j].address, announced[j].len, &model->nat6s[0].internal.value->ipv6.address,
                        model->nat6s[0].internal.value->ipv6.len))
                return model->nat6s[0].internal.node;
        }
    }
    return NULL;
}

/* Do strangers' packets of a protocol get from the line to hosts on the LAN? */
static bool
is_open(const struct rules *rules, int protocol, const struct interface *line, const struct interface *lan,
        struct end hosts)
{
    struct packet in = stranger(FAMILY_IPV6, protocol, line, false, hosts);
    struct packet out = stranger(FAMILY_IPV6, protocol, lan, true, hosts);

    return passes(rules, &in) && passes(rules, &out);
}

void
check_wan_ipv6_open(const struct checking *c)
{
    const struct rules rules = list_rules(c, FAMILY_IPV6);
    const struct route *route = default_route(c->model, FAMILY_IPV6);
    const struct interface *line = route ? leaves_by(c->model, route) : NULL, *lan;
    struct end hosts;
    const struct node *exposing = line && route->gateway.node ? exposed_by(c, &hosts, &lan) : NULL;
    struct finding *finding;
    bool tcp, udp;

    if (!exposing || !check_whole(c, c->model))
        return;
    tcp = is_open(&rules, TCP, line, lan, hosts);
    udp = is_open(&rules, UDP, line, lan, hosts);
    if (!tcp && !udp)
        return;
    finding = check_add(c, FINDING_WAN_IPV6_OPEN, route->gateway.node->where,
                        "no filter.ipv6 rule blocks what strangers send in by %s: every %sport of every host on %s is "
                        "open to the Internet by IPv6%s",
                        line->text,
                        tcp && udp ? ""
                        : tcp      ? "TCP "
                                   : "UDP ",
                        lan->text, c->model->napt_count ? ", while NAPT hides them by IPv4" : "");
    diag_note(c->diag, finding, exposing->where, "the addresses by which hosts are reached");
}

/* ---- service-open-to-wan ---- */

void
check_service_open_to_wan(const struct checking *c)
{
    static const struct {
        enum key_id key;
        const char *what;
        int protocol;
        unsigned port;
    } services[] = {
        {KEY_SSHD_SERVICE, "SSH", TCP, 22},
        {KEY_TELNETD_SERVICE, "telnet", TCP, 23},
        {KEY_SNMP_SERVICE, "SNMP", UDP, 161},
        {KEY_NTP_SERVER, "NTP", UDP, 123},
    };
    const struct rules rules = list_rules(c, FAMILY_IPV4);
    const struct route *route = default_route(c->model, FAMILY_IPV4);
    const struct interface *line = route ? leaves_by(c->model, route) : NULL;
    size_t i;

    if (!line || line->aftr.value || !check_whole(c, c->model))
        return;
    for (i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        struct setting service = tree_get(c->model->tree, services[i].key, NULL);
        struct packet packet = stranger(FAMILY_IPV4, services[i].protocol, line, false, own_end);

        packet.destination_port = services[i].port;
        if (service.node && setting_on(service) && passes(&rules, &packet))
            check_add(c, FINDING_SERVICE_OPEN_TO_WAN, service.node->where,
                      "no filter.ipv4 rule blocks %s (%s %u) from %s: the whole Internet can try its luck",
                      services[i].what, services[i].protocol == TCP ? "TCP" : "UDP", services[i].port, line->text);
    }
}
