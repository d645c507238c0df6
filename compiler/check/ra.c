/* ra.c - router advertisements: what hosts make of them, and what becomes of it when another router takes over. */
#include <inttypes.h>

#include "checks.h"

static void
each_advertiser(const struct checking *c, void (*run)(const struct checking *c, const struct advertiser *advertiser))
{
    size_t i;

    for (i = 0; setting_on(c->model->ra_service) && i < c->model->advertiser_count && i < CHECK_COMPARE_MAX; i++)
        if (c->model->advertisers[i].interface)
            run(c, &c->model->advertisers[i]);
}

/* ---- lifetimes and intervals ---- */

static void
find_preferred_over_valid(const struct checking *c, const struct advertiser *advertiser)
{
    size_t i;

    for (i = 0; i < advertiser->prefix_count; i++) {
        const struct advertised_prefix *prefix = &advertiser->prefixes[i];
        uint64_t preferred = lifetime(prefix->preferred_lifetime, 0),
                 valid = lifetime(prefix->valid_lifetime, INFINITE);

        if (preferred > valid)
            check_add(
                c, FINDING_RA_PREFERRED_OVER_VALID, place_of(prefix->preferred_lifetime, prefix->valid_lifetime),
                "preferred lifetime %s is over the valid lifetime %s: hosts ignore such a prefix and get no address",
                words_time(c, preferred), words_time(c, valid));
    }
}

void
check_ra_preferred_over_valid(const struct checking *c)
{
    each_advertiser(c, find_preferred_over_valid);
}

/* RFC 4861, 6.2.1: AdvDefaultLifetime is 0, or from MaxRtrAdvInterval to 9000 s. */
static void
find_router_lifetime(const struct checking *c, const struct advertiser *advertiser)
{
    enum { LONGEST = 9000 };
    uint64_t value = setting_number(advertiser->router_lifetime, 0), interval = max_interval(advertiser);

    if (!advertiser->router_lifetime.node || value == 0)
        return;
    if (value < interval)
        check_add(c, FINDING_RA_ROUTER_LIFETIME, advertiser->router_lifetime.node->where,
                  "router lifetime %s ends before the next advertisement, which may take %s: in between hosts have no "
                  "IPv6 gateway",
                  words_time(c, value), words_time(c, interval));
    else if (value > LONGEST)
        check_add(c, FINDING_RA_ROUTER_LIFETIME, advertiser->router_lifetime.node->where,
                  "expected a router lifetime of 0 or up to 9000 s (RFC 4861, 6.2.1)");
}

void
check_ra_router_lifetime(const struct checking *c)
{
    each_advertiser(c, find_router_lifetime);
}

static void
find_min_interval(const struct checking *c, const struct advertiser *advertiser)
{
    uint64_t least = setting_number(advertiser->min_interval, 0), most = max_interval(advertiser);

    if (!advertiser->min_interval.node || least * 4 <= most * 3)
        return;
    check_add(c, FINDING_RA_MIN_INTERVAL, advertiser->min_interval.node->where,
              "expected at most three quarters of max-interval, %" PRIu64 " s (RFC 4861, 6.2.1)", most * 3 / 4);
}

void
check_ra_min_interval(const struct checking *c)
{
    each_advertiser(c, find_min_interval);
}

static void
find_short(const struct checking *c, const struct advertiser *advertiser, enum finding_id id, struct setting setting,
           const char *what, const char *harm)
{
    uint64_t value = lifetime(setting, 0), interval = max_interval(advertiser);

    if (!setting.node || value >= interval)
        return;
    check_add(c, id, setting.node->where, "%s %s ends before the next advertisement, which may take %s: %s", what,
              words_time(c, value), words_time(c, interval), harm);
}

static void
find_prefix_lifetime(const struct checking *c, const struct advertiser *advertiser)
{
    size_t i;

    for (i = 0; i < advertiser->prefix_count; i++) {
        const struct advertised_prefix *prefix = &advertiser->prefixes[i];

        find_short(c, advertiser, FINDING_RA_PREFIX_LIFETIME, prefix->valid_lifetime, "valid lifetime",
                   "hosts lose their IPv6 addresses, and what they had open");
        find_short(c, advertiser, FINDING_RA_PREFIX_LIFETIME, prefix->preferred_lifetime, "preferred lifetime",
                   "hosts stop using IPv6 for what they open");
    }
}

void
check_ra_prefix_lifetime(const struct checking *c)
{
    each_advertiser(c, find_prefix_lifetime);
}

static void
find_dns_lifetime(const struct checking *c, const struct advertiser *advertiser)
{
    size_t i;

    for (i = 0; i < advertiser->dns_count; i++)
        find_short(c, advertiser, FINDING_RA_DNS_LIFETIME, advertiser->dns[i].lifetime, "name server lifetime",
                   "in between hosts have no IPv6 name server");
    for (i = 0; i < advertiser->domain_count; i++)
        find_short(c, advertiser, FINDING_RA_DNS_LIFETIME, advertiser->domains[i].lifetime, "search domain lifetime",
                   "in between short names do not resolve");
}

void
check_ra_dns_lifetime(const struct checking *c)
{
    each_advertiser(c, find_dns_lifetime);
}

/* ---- ra-on-line ---- */

static void
find_on_line(const struct checking *c, const struct advertiser *advertiser)
{
    if (advertiser->interface_name.node && learns_from_provider(c->model, advertiser->interface))
        check_add(c, FINDING_RA_ON_LINE, advertiser->interface_name.node->where,
                  "%s leads to the provider: hosts on the LAN hear nothing, and others on the line take this router as "
                  "theirs",
                  advertiser->interface->text);
}

void
check_ra_on_line(const struct checking *c)
{
    each_advertiser(c, find_on_line);
}

/* ---- prefixes ---- */

static void
find_no_prefix(const struct checking *c, const struct advertiser *advertiser)
{
    struct announced *announced;

    if (announced_by(c, c->model, advertiser, &announced) || !check_whole(c, c->model))
        return;
    check_add(
        c, FINDING_RA_NO_PREFIX,
        place_of(advertiser->prefix_count ? advertiser->prefixes[0].prefix : advertiser->interface_name,
                 advertiser->interface_name),
        advertiser->prefix_count
            ? "%s has no IPv6 address, fixed or delegated, whose prefix could be advertised: hosts get no IPv6 address"
            : "no prefix is advertised on %s: hosts get an IPv6 gateway, but no address to use it with",
        advertiser->interface->text);
}

void
check_ra_no_prefix(const struct checking *c)
{
    each_advertiser(c, find_no_prefix);
}

/* RFC 4862, 5.5.3 d: prefix and interface identifier must make 128 bits, and the identifier has 64 (RFC 4291, 2.5.1).
 */
static void
find_prefix_length(const struct checking *c, const struct advertiser *advertiser)
{
    struct announced *announced;
    size_t count = announced_by(c, c->model, advertiser, &announced);
    size_t i;

    for (i = 0; i < count; i++)
        if (!announced[i].delegated && announced[i].len != 64 && setting_on(announced[i].entry->autonomous))
            check_add(c, FINDING_RA_PREFIX_LENGTH, announced[i].from.node->where,
                      "hosts make addresses from a /64 only: of %s they make none",
                      words_net6(c, &announced[i].address, announced[i].len));
}

void
check_ra_prefix_length(const struct checking *c)
{
    each_advertiser(c, find_prefix_length);
}

static bool
has_learned_prefix(const struct interface *interface)
{
    return interface->delegated || interface->ra.value || interface->dhcp6.value;
}

static void
find_prefix_foreign(const struct checking *c, const struct advertiser *advertiser)
{
    const struct interface *interface = advertiser->interface;
    size_t i;

    for (i = 0; i < advertiser->prefix_count; i++) {
        struct setting prefix = advertiser->prefixes[i].prefix;

        if (!prefix.node || prefix.value->type != TYPE_IPV6_NETWORK || has_learned_prefix(interface) ||
            subnet6(interface, &prefix.value->ipv6.address) || !check_whole(c, c->model))
            continue;
        check_add(c, FINDING_RA_PREFIX_FOREIGN, prefix.node->where,
                  "%s has no address in %s: answers to hosts that use this prefix do not find the way back",
                  interface->text, words(c, prefix));
    }
}

void
check_ra_prefix_foreign(const struct checking *c)
{
    each_advertiser(c, find_prefix_foreign);
}

/* ---- ULA (RFC 4193) ---- */

/* The first ULA when hosts get nothing else; NULL: they do. */
static const struct announced *
only_ula(const struct announced *announced, size_t count)
{
    const struct announced *found = NULL;
    size_t i;

    for (i = 0; i < count; i++) {
        if (announced[i].delegated || !ula6(&announced[i].address))
            return NULL;
        if (!found)
            found = &announced[i];
    }
    return found;
}

/* The translation that covers a prefix; NULL: none. */
static const struct nat6 *
translation_of(const struct model *model, const struct announced *prefix)
{
    size_t i;

    for (i = 0; i < model->nat6_count && i < CHECK_COMPARE_MAX; i++) {
        const struct nat6 *nat6 = &model->nat6s[i];

        if (nat6->internal.value &&
            within6(&prefix->address, prefix->len, &nat6->internal.value->ipv6.address, nat6->internal.value->ipv6.len))
            return nat6;
    }
    return NULL;
}

/* Hosts of this advertiser that have only a ULA, and their translation. */
static const struct announced *
ula_hosts(const struct checking *c, const struct advertiser *advertiser, const struct nat6 **nat6)
{
    struct announced *announced;
    size_t count = announced_by(c, c->model, advertiser, &announced);
    const struct announced *ula = default_route(c->model, FAMILY_IPV6) ? only_ula(announced, count) : NULL;

    *nat6 = ula ? translation_of(c->model, ula) : NULL;
    return ula;
}

static void
find_ula_without_nat66(const struct checking *c, const struct advertiser *advertiser)
{
    const struct nat6 *nat6;
    const struct announced *ula = ula_hosts(c, advertiser, &nat6);

    if (!ula || nat6 || !check_whole(c, c->model))
        return;
    check_add(c, FINDING_ULA_WITHOUT_NAT66, ula->from.node->where,
              "hosts get addresses of %s alone, which the Internet does not route, and nothing translates them: IPv6 "
              "sites stay out of reach",
              words_net6(c, &ula->address, ula->len));
}

void
check_ula_without_nat66(const struct checking *c)
{
    each_advertiser(c, find_ula_without_nat66);
}

/* RFC 6724, 2.1 and rule 5 of section 6: of destination and source the labels should match, and a ULA's is its own. */
static void
find_ula_prefers_ipv4(const struct checking *c, const struct advertiser *advertiser)
{
    const struct nat6 *nat6;
    const struct announced *ula = ula_hosts(c, advertiser, &nat6);
    struct finding *finding;

    if (!ula || !nat6 || !default_route(c->model, FAMILY_IPV4))
        return;
    finding = check_add(c, FINDING_ULA_PREFERS_IPV4, ula->from.node->where,
                        "hosts that have only %s prefer IPv4 to every site that has both (RFC 6724): the translated "
                        "IPv6 serves sites without IPv4 alone",
                        words_net6(c, &ula->address, ula->len));
    diag_note(c->diag, finding, nat6->internal.node->where, "translated here");
}

void
check_ula_prefers_ipv4(const struct checking *c)
{
    each_advertiser(c, find_ula_prefers_ipv4);
}

/* ---- flags ---- */

/* Is a service on, with an entry for this interface? */
static bool
serves(const struct model *model, enum key_id service, enum key_id group, enum key_id key,
       const struct interface *interface)
{
    const uint32_t *index;
    size_t count, i;

    if (!setting_on(tree_get(model->tree, service, NULL)))
        return false;
    count = tree_entries(model->tree, group, NULL, &index);
    for (i = 0; i < count; i++) {
        struct setting name = tree_get(model->tree, key, &index[i]);

        if (is_interface(name) && interface_equal(name.value->interface, interface->name))
            return true;
    }
    return false;
}

static bool
relays_dhcp6(const struct model *model, const struct interface *interface)
{
    return serves(model, KEY_DHCP6_RELAY_SERVICE, KEY_DHCP6_RELAY, KEY_DHCP6_RELAY_INTERFACE, interface);
}

static void
find_other_flag(const struct checking *c, const struct advertiser *advertiser)
{
    bool has_dns = advertiser->dns_count > 0;

    if (!setting_on(advertiser->other) || relays_dhcp6(c->model, advertiser->interface) || !check_whole(c, c->model) ||
        serves(c->model, KEY_DHCP6_SERVER_SERVICE, KEY_DHCP6_SERVER, KEY_DHCP6_SERVER_INTERFACE, advertiser->interface))
        return;
    check_add_as(
        c, FINDING_OTHER_FLAG_NO_SERVER, has_dns ? SEV_NOTE : SEV_WARNING, advertiser->other.node->where,
        has_dns
            ? "hosts are told to ask a DHCPv6 server for more, and this router runs none on %s: they ask in vain, but "
              "have a name server from the advertisement"
            : "hosts are told to ask a DHCPv6 server, and this router runs none on %s: they get no IPv6 name server",
        advertiser->interface->text);
}

void
check_other_flag_no_server(const struct checking *c)
{
    each_advertiser(c, find_other_flag);
}

static void
find_managed_flag(const struct checking *c, const struct advertiser *advertiser)
{
    if (setting_on(advertiser->managed) && !relays_dhcp6(c->model, advertiser->interface) && check_whole(c, c->model))
        check_add(c, FINDING_MANAGED_FLAG_NO_SERVER, advertiser->managed.node->where,
                  "hosts are told to ask a DHCPv6 server for their address; a SEIL's server gives none, and nothing is "
                  "relayed from %s",
                  advertiser->interface->text);
}

void
check_managed_flag_no_server(const struct checking *c)
{
    each_advertiser(c, find_managed_flag);
}

/* ---- virtual routers ---- */

static void
find_not_tied(const struct checking *c, const struct advertiser *advertiser)
{
    const struct vrouter *ipv4 = vrouter_of(c->model, advertiser->interface, FAMILY_IPV4);
    struct finding *finding;

    if (!ipv4 || advertiser->tied_to || vrouter_of(c->model, advertiser->interface, FAMILY_IPV6) ||
        !check_whole(c, c->model))
        return;
    finding = check_add(c, FINDING_RA_NOT_TIED, advertiser->interface_name.node->where,
                        "%s has a virtual router for IPv4 alone, so every router of the LAN advertises all the time: "
                        "hosts take any of them as IPv6 gateway, with or without a line",
                        advertiser->interface->text);
    diag_note(c->diag, finding, ipv4->address.node->where, "the virtual router for IPv4");
}

void
check_ra_not_tied(const struct checking *c)
{
    each_advertiser(c, find_not_tied);
}

static void
find_dns_own(const struct checking *c, const struct advertiser *advertiser)
{
    size_t i;

    for (i = 0; advertiser->tied_to && i < advertiser->dns_count; i++) {
        const struct setting *address = &advertiser->dns[i].value;
        struct finding *finding;

        if (!address->node || !own6(advertiser->interface, &address->value->ipv6.address))
            continue;
        finding = check_add(
            c, FINDING_RA_DNS_OWN, address->node->where,
            "hosts get %s, the router's own address, as name server: when this router is down it does not answer",
            words(c, *address));
        diag_note(c->diag, finding, advertiser->tied_to->address.node->where,
                  "the virtual address moves to the other router");
    }
}

void
check_ra_dns_own(const struct checking *c)
{
    each_advertiser(c, find_dns_own);
}

static void
find_one_advertiser(const struct checking *c, const struct advertiser *advertiser)
{
    bool alone = false;
    size_t i;

    if (!vrouter_of(c->model, advertiser->interface, FAMILY_IPV4) && !advertiser->tied_to)
        return;
    for (i = 0; i < c->model_count; i++) {
        const struct interface *there =
            c->models[i] == c->model ? NULL : same_lan(c->model, advertiser->interface, c->models[i]);

        if (!there)
            continue;
        if (advertiser_of(c->models[i], there) || !check_whole(c, c->models[i]))
            return;
        alone = true;
    }
    if (alone)
        check_add(c, FINDING_RA_ONE_ROUTER, advertiser->interface_name.node->where,
                  "no other router of the site advertises on this LAN: while this one is down hosts have no IPv6");
}

void
check_ra_one_router(const struct checking *c)
{
    each_advertiser(c, find_one_advertiser);
}

/* ---- the routers of a site ---- */

struct advertisers {
    const struct advertiser *a, *b;
    const struct lan *lan;
};

struct advertisers_check {
    void (*run)(const struct checking *c, const struct advertisers *pair);
};

static void
run_advertisers(const struct checking *c, const struct lan *lan, const void *with)
{
    const struct advertisers_check *check = with;
    const struct advertisers pair = {advertiser_of(lan->a, lan->on_a), advertiser_of(lan->b, lan->on_b), lan};

    if (pair.a && pair.b)
        check->run(c, &pair);
}

static bool
same_servers(const struct advertiser *a, const struct advertiser *b)
{
    size_t i, j;

    for (i = 0; i < a->dns_count; i++) {
        for (j = 0; j < b->dns_count; j++)
            if (!a->dns[i].value.value || !b->dns[j].value.value ||
                value_equal(a->dns[i].value.value, b->dns[j].value.value))
                break;
        if (j == b->dns_count)
            return false;
    }
    return true;
}

/* RFC 4861, 6.2.7: what the routers of a link should say alike. */
static void
find_options_differ(const struct checking *c, const struct advertisers *pair)
{
    const struct advertiser *a = pair->a, *b = pair->b;
    const struct setting none = {0};
    const struct {
        bool same;
        const char *what;
        struct setting a, b;
    } rows[] = {
        {setting_on(a->managed) == setting_on(b->managed), "the managed flag", a->managed, b->managed},
        {setting_on(a->other) == setting_on(b->other), "the other flag", a->other, b->other},
        {setting_number(a->mtu, 0) == setting_number(b->mtu, 0), "the MTU", a->mtu, b->mtu},
        {setting_number(a->curhoplimit, 0) == setting_number(b->curhoplimit, 0), "the hop limit", a->curhoplimit,
         b->curhoplimit},
        {same_servers(a, b) && same_servers(b, a), "the name servers", a->dns_count ? a->dns[0].value : none,
         b->dns_count ? b->dns[0].value : none},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct finding *finding;

        if (rows[i].same)
            continue;
        finding = check_add(c, FINDING_RA_OPTIONS_DIFFER, place_of(rows[i].b, b->interface_name),
                            "%s %s not what %s advertises: hosts change their ways at each takeover", rows[i].what,
                            i + 1 == sizeof(rows) / sizeof(rows[0]) ? "are" : "is", pair->lan->a->router);
        diag_note(c->diag, finding, place_of(rows[i].a, a->interface_name), "%s is here", pair->lan->a->router);
    }
}

void
check_ra_options_differ(const struct checking *c)
{
    const struct advertisers_check check = {find_options_differ};

    each_lan(c, run_advertisers, &check);
}

/* ---- failback-black-hole ---- */

/* One of two advertisers that take turns, and what its hosts hold. */
struct turn {
    const struct model *model;
    const struct advertiser *advertiser;
    struct announced *announced;
    size_t count;
};

/* Do packets from a host that still holds `prefix` of another router get out, and answers back, through this one? */
static bool
carried(const struct announced *prefix, const struct turn *by)
{
    bool global = false;
    size_t i;

    if (prefix->delegated)
        return false; /* each provider gives its own, and drops others (BCP 38) */
    for (i = 0; i < by->count; i++) {
        const struct announced *own = &by->announced[i];

        if (!own->delegated && own->len == prefix->len && equal6(&own->address, &prefix->address))
            return true;
        global |= own->delegated || global6(&own->address);
    }
    if (translation_of(by->model, prefix))
        return true;
    /* RFC 6724, rule 6: who has a global address does not use a ULA for the Internet. */
    return ula6(&prefix->address) ? global : !global6(&prefix->address);
}

static const char *
held_for(const struct checking *c, const struct announced *prefix)
{
    struct setting preferred = prefix->entry->preferred_lifetime;

    if (!preferred.node && prefix->delegated)
        return "as long as its provider says (preferred-lifetime is not set; hours are usual)";
    if (lifetime(preferred, 604800) >= INFINITE)
        return "for ever (its preferred lifetime)";
    return arena_printf(c->arena, "for up to %" PRIu64 " s (its preferred lifetime)", lifetime(preferred, 604800));
}

static void
report_black_hole(const struct checking *c, const struct announced *prefix, const struct turn *from,
                  const struct turn *to)
{
    bool covered = c->site->deviations.ra_deprecate;
    bool back = setting_number(from->advertiser->tied_to->priority, 100) <
                setting_number(to->advertiser->tied_to->priority, 100);
    const char *what = prefix->delegated ? arena_printf(c->arena, "the prefix of %s's line", from->model->router)
                                         : words_net6(c, &prefix->address, prefix->len);
    struct finding *finding =
        check_add_as(c, FINDING_FAILBACK_BLACK_HOLE, covered ? SEV_NOTE : SEV_WARNING,
                     place_of(prefix->entry->preferred_lifetime, prefix->from),
                     "after %s to %s hosts keep %s %s, which the line of %s does not carry: IPv6 is dead so long",
                     back ? "failback" : "failover", to->model->router, what, held_for(c, prefix), to->model->router);

    if (to->count)
        diag_note(c->diag, finding, to->announced[0].from.node->where, "what %s advertises", to->model->router);
    if (covered)
        diag_note(c->diag, finding, (struct place){0},
                  "on Linux the deviation ra-deprecate ends it within seconds%s (docs/deviations.md)",
                  back ? "" : ", unless the router lost its power");
}

static void
find_black_hole(const struct checking *c, const struct turn *from, const struct turn *to)
{
    size_t i;

    if (!default_route(to->model, FAMILY_IPV6) || !to->count)
        return;
    for (i = 0; i < from->count; i++)
        if (!carried(&from->announced[i], to)) {
            report_black_hole(c, &from->announced[i], from, to);
            return;
        }
}

static void
find_black_holes(const struct checking *c, const struct advertisers *pair)
{
    struct turn a = {.model = pair->lan->a, .advertiser = pair->a}, b = {.model = pair->lan->b, .advertiser = pair->b};

    if (!pair->a->tied_to || !pair->b->tied_to)
        return; /* ra-not-tied */
    a.count = announced_by(c, a.model, a.advertiser, &a.announced);
    b.count = announced_by(c, b.model, b.advertiser, &b.announced);
    find_black_hole(c, &a, &b);
    find_black_hole(c, &b, &a);
}

void
check_failback_black_hole(const struct checking *c)
{
    const struct advertisers_check check = {find_black_holes};

    each_lan(c, run_advertisers, &check);
}
