/* ra.c - router advertisements: who sends them, from which address, and what they say. */
#include <string.h>

#include "lower.h"

const enum key_id lower_ra_keys[] = {
    KEY_ROUTER_ADVERTISEMENT_SERVICE,
    KEY_ROUTER_ADVERTISEMENT_INTERFACE,
    KEY_ROUTER_ADVERTISEMENT_CURHOPLIMIT,
    KEY_ROUTER_ADVERTISEMENT_MANAGED_FLAG,
    KEY_ROUTER_ADVERTISEMENT_OTHER_FLAG,
    KEY_ROUTER_ADVERTISEMENT_MAX_INTERVAL,
    KEY_ROUTER_ADVERTISEMENT_MIN_INTERVAL,
    KEY_ROUTER_ADVERTISEMENT_MTU,
    KEY_ROUTER_ADVERTISEMENT_REACHABLE_TIME,
    KEY_ROUTER_ADVERTISEMENT_RETRANS_TIMER,
    KEY_ROUTER_ADVERTISEMENT_ROUTER_LIFETIME,
    KEY_ROUTER_ADVERTISEMENT_ADVERTISE_PREFIX,
    KEY_ROUTER_ADVERTISEMENT_ADVERTISE_VALID_LIFETIME,
    KEY_ROUTER_ADVERTISEMENT_ADVERTISE_PREFERRED_LIFETIME,
    KEY_ROUTER_ADVERTISEMENT_ADVERTISE_AUTONOMOUS_FLAG,
    KEY_ROUTER_ADVERTISEMENT_ADVERTISE_ONLINK_FLAG,
    KEY_ROUTER_ADVERTISEMENT_DNS_ADDRESS,
    KEY_ROUTER_ADVERTISEMENT_DNS_LIFETIME,
    KEY_ROUTER_ADVERTISEMENT_DOMAIN_NAME,
    KEY_ROUTER_ADVERTISEMENT_DOMAIN_LIFETIME,
    KEY_NONE,
};

/* radvd.conf(5); out of these bounds radvd starts, and advertises nothing (R5, R6). */
enum {
    MAX_INTERVAL_LOW = 4,
    MAX_INTERVAL_HIGH = 1800,
    MIN_INTERVAL_LOW = 3,
    LIFETIME_HIGH = 9000,
    MTU_LOW = 1280,
    MTU_HIGH = 131072,
    REACHABLE_HIGH = 3600000, /* ms */
};

/*
 * A SEIL hands on the lifetimes of a delegated prefix when none are configured; radvd has fixed
 * ones (R8).  These are short enough for a prefix that may change: RFC 9096, 3.4.
 */
enum { DELEGATED_VALID = 5400, DELEGATED_PREFERRED = 2700 };

/* ---- lifetimes ---- */

/* infinity is all ones in the protocol. */
static struct plan_number
lower_lifetime(struct lowering *l, struct setting setting, unsigned otherwise)
{
    if (!setting.node)
        return (struct plan_number){.value = otherwise, .set = true};
    if (setting_is(setting, "infinity"))
        return (struct plan_number){.value = UINT32_MAX, .set = true, .from = FROM(l, setting)};
    return lower_number(l, setting);
}

static bool
check_range(struct lowering *l, struct setting setting, struct plan_number number, unsigned low,
            unsigned high)
{
    if (!setting.node || (number.value >= low && number.value <= high))
        return true;
    lower_refuse(l, FINDING_CANNOT_EXPRESS, setting, "radvd takes %u to %u here", low, high);
    return false;
}

static void
lower_intervals(struct lowering *l, const struct advertiser *source, struct plan_ra *ra)
{
    unsigned max, min;

    ra->max_interval = lower_number(l, source->max_interval);
    check_range(l, source->max_interval, ra->max_interval, MAX_INTERVAL_LOW, MAX_INTERVAL_HIGH);
    max = ra->max_interval.value;
    ra->min_interval = lower_written(l, source->min_interval);
    min = ra->min_interval.value;
    if (!ra->min_interval.set) {
        min = max / 3 < MIN_INTERVAL_LOW ? MIN_INTERVAL_LOW : max / 3; /* RFC 4861, 6.2.1 */
        ra->min_interval = (struct plan_number){.value = min, .set = true};
    } else if (min < MIN_INTERVAL_LOW || min > max * 3 / 4) {
        lower_refuse(l, FINDING_CANNOT_EXPRESS, source->min_interval,
                     "radvd takes %d to three quarters of max-interval (%u)", MIN_INTERVAL_LOW,
                     max * 3 / 4);
    }
    ra->lifetime = lower_number(l, source->router_lifetime);
    if (!ra->lifetime.set)
        ra->lifetime = (struct plan_number){.value = 3 * max, .set = true};
    else if (ra->lifetime.value && (ra->lifetime.value < max || ra->lifetime.value > LIFETIME_HIGH))
        lower_refuse(l, FINDING_CANNOT_EXPRESS, source->router_lifetime,
                     "radvd takes 0, or max-interval (%u) to %d", max, LIFETIME_HIGH);
}

static void
lower_fields(struct lowering *l, const struct advertiser *source, struct plan_ra *ra)
{
    ra->managed = lower_flag(l, source->managed);
    ra->other = lower_flag(l, source->other);
    ra->hop_limit = lower_number(l, source->curhoplimit);
    if (setting_is(source->curhoplimit, "none"))
        ra->hop_limit.value = 0; /* unspecified by this router: RFC 4861, 4.2 */
    ra->mtu = lower_written(l, source->mtu);
    check_range(l, source->mtu, ra->mtu, MTU_LOW, MTU_HIGH);
    ra->reachable_time = lower_written(l, source->reachable_time);
    check_range(l, source->reachable_time, ra->reachable_time, 0, REACHABLE_HIGH);
    ra->retrans_timer = lower_written(l, source->retrans_timer);
}

/* ---- prefixes ---- */

/*
 * The preferred lifetime is never the longer one (RFC 4861, 4.6.2): a default gives way, two
 * written ones are refused.
 */
static void
fit_lifetimes(struct lowering *l, const struct advertised_prefix *source,
              struct plan_ra_prefix *prefix)
{
    if (prefix->preferred.value <= prefix->valid.value)
        return;
    if (!source->preferred_lifetime.node)
        prefix->preferred.value = prefix->valid.value;
    else if (!source->valid_lifetime.node)
        prefix->valid.value = prefix->preferred.value;
    else
        lower_refuse(l, FINDING_CANNOT_EXPRESS, source->preferred_lifetime,
                     "radvd takes at most the valid lifetime (RFC 4861, 4.6.2)");
}

static struct plan_ra_prefix *
add_prefix(struct lowering *l, const struct advertised_prefix *source, bool delegated,
           struct plan_ra *ra)
{
    struct plan_ra_prefix *prefix = LOWER_ADD(l, ra->prefixes, ra->prefix_count);
    unsigned valid = (unsigned)setting_number(source->valid_lifetime, 0);
    unsigned preferred = (unsigned)setting_number(source->preferred_lifetime, 0);

    prefix->valid = lower_lifetime(l, source->valid_lifetime, delegated ? DELEGATED_VALID : valid);
    prefix->preferred =
        lower_lifetime(l, source->preferred_lifetime, delegated ? DELEGATED_PREFERRED : preferred);
    prefix->autonomous = lower_flag(l, source->autonomous);
    prefix->onlink = lower_flag(l, source->onlink);
    prefix->prefix.from = FROM(l, source->prefix);
    fit_lifetimes(l, source, prefix);
    return prefix;
}

static bool
has_prefix(const struct plan_ra *ra, const struct in6_addr *address, unsigned len)
{
    size_t i;

    for (i = 0; i < ra->prefix_count && i < LOWER_COMPARE_MAX; i++)
        if (!ra->prefixes[i].base_link && ra->prefixes[i].prefix.len == len &&
            prefix_equal6(&ra->prefixes[i].prefix.address, address, len))
            return true;
    return false;
}

/*
 * R7, R8: prefixes that come and go are looked up by radvd for each advertisement; it takes them
 * all for a /64.
 */
static void
add_changing_prefix(struct lowering *l, const struct advertised_prefix *source,
                    const struct interface *interface, struct plan_ra *ra)
{
    size_t i;

    for (i = 0; i < interface->ipv6_count; i++) {
        const struct value *own = interface->ipv6[i].address.value;

        if (own->type == TYPE_IPV6_PREFIX && !IN6_IS_ADDR_LINKLOCAL(&own->ipv6.address) &&
            own->ipv6.len != 64)
            lower_refuse(
                l, FINDING_CANNOT_EXPRESS, source->prefix,
                "%s learns prefixes, and beside them radvd takes each address for one of a /64",
                interface->text);
    }
    add_prefix(l, source, true, ra)->base_link = ra->link;
    if (!source->valid_lifetime.node && !source->preferred_lifetime.node)
        lower_approximate(l, source->prefix,
                          "radvd does not hand on the lifetimes of a learned prefix: %d s valid "
                          "and %d s preferred (RFC 9096)",
                          DELEGATED_VALID, DELEGATED_PREFERRED);
}

/* The prefix of each fixed address, other than those that have an entry of their own. */
static void
add_fixed_prefixes(struct lowering *l, const struct advertised_prefix *source,
                   const struct interface *interface, struct plan_ra *ra)
{
    size_t before = ra->prefix_count;
    size_t i;

    for (i = 0; i < interface->ipv6_count; i++) {
        struct setting own = interface->ipv6[i].address;
        struct plan_ra_prefix *prefix;

        if (own.value->type != TYPE_IPV6_PREFIX ||
            IN6_IS_ADDR_LINKLOCAL(&own.value->ipv6.address) || own.value->ipv6.len > 127 ||
            has_prefix(ra, &own.value->ipv6.address, own.value->ipv6.len))
            continue;
        prefix = add_prefix(l, source, false, ra);
        prefix->prefix.address = lower_mask6(&own.value->ipv6.address, own.value->ipv6.len);
        prefix->prefix.len = own.value->ipv6.len;
        prefix->prefix.from = FROM(l, source->prefix, own);
    }
    if (ra->prefix_count == before) {
        const struct setting settings[] = {source->prefix, source->valid_lifetime,
                                           source->preferred_lifetime, source->autonomous,
                                           source->onlink};

        for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
            lower_skip(l, settings[i], "%s has no IPv6 prefix that is not advertised already",
                       interface->text);
    }
}

static void
add_given_prefix(struct lowering *l, const struct advertised_prefix *source, struct plan_ra *ra)
{
    const struct value *value = source->prefix.value;
    struct plan_ra_prefix *prefix = add_prefix(l, source, false, ra);

    prefix->prefix.address = lower_mask6(&value->ipv6.address, value->ipv6.len);
    prefix->prefix.len = value->ipv6.len;
}

static void
skip_prefix(struct lowering *l, const struct advertised_prefix *source)
{
    lower_skip(l, source->valid_lifetime, "the entry has no prefix");
    lower_skip(l, source->preferred_lifetime, "the entry has no prefix");
    lower_skip(l, source->autonomous, "the entry has no prefix");
    lower_skip(l, source->onlink, "the entry has no prefix");
}

/* Given ones first, so that `auto` can leave them out. */
static void
lower_prefixes(struct lowering *l, const struct advertiser *source, struct plan_ra *ra)
{
    const struct interface *interface = source->interface;
    bool learns = interface->delegated || interface->ra.value;
    size_t i;

    for (i = 0; i < source->prefix_count; i++) {
        if (!source->prefixes[i].prefix.value)
            skip_prefix(l, &source->prefixes[i]);
        else if (source->prefixes[i].prefix.value->type != TYPE_KEYWORD)
            add_given_prefix(l, &source->prefixes[i], ra);
    }
    for (i = 0; i < source->prefix_count; i++) {
        if (!setting_is(source->prefixes[i].prefix, "auto"))
            continue;
        if (learns)
            add_changing_prefix(l, &source->prefixes[i], interface, ra);
        else
            add_fixed_prefixes(l, &source->prefixes[i], interface, ra);
    }
}

/* ---- servers and domains; RFC 8106, 5.1: three times the interval unless told otherwise ---- */

static void
lower_items(struct lowering *l, const struct advertiser *source, struct plan_ra *ra)
{
    unsigned lifetime = 3 * ra->max_interval.value;
    size_t i;

    for (i = 0; i < source->dns_count; i++) {
        const struct advertised_item *item = &source->dns[i];
        struct plan_ra_item *out;

        if (!item->value.value) {
            lower_skip(l, item->lifetime, "the entry has no address");
            continue;
        }
        out = LOWER_ADD(l, ra->dns, ra->dns_count);
        out->address = (struct plan_ipv6){item->value.value->ipv6.address, FROM(l, item->value)};
        out->lifetime = lower_lifetime(l, item->lifetime, lifetime);
    }
    for (i = 0; i < source->domain_count; i++) {
        const struct advertised_item *item = &source->domains[i];
        struct plan_ra_item *out;

        if (!item->value.value) {
            lower_skip(l, item->lifetime, "the entry has no name");
            continue;
        }
        out = LOWER_ADD(l, ra->domains, ra->domain_count);
        out->domain = lower_text(l, item->value);
        out->lifetime = lower_lifetime(l, item->lifetime, lifetime);
    }
}

/* ---- who sends ---- */

static struct plan_vrrp *
find_instance(struct lowering *l, const struct vrouter *vrouter)
{
    const char *name;
    size_t i;

    if (!vrouter)
        return NULL;
    name = arena_printf(l->arena, "vrouter-%u", vrouter->index);
    for (i = 0; i < l->plan->vrrp_count && i < LOWER_COMPARE_MAX; i++)
        if (strcmp(l->plan->vrrps[i].name, name) == 0)
            return &l->plan->vrrps[i];
    return NULL;
}

/*
 * R1, R12: from the virtual address and, by the link it sits on, with the virtual MAC: radvd keeps
 * silent while keepalived does not hold the address.
 */
static void
tie(struct lowering *l, struct plan_vrrp *vrrp, struct plan_ra *ra)
{
    vrrp->decides_ra = true;
    ra->instance = vrrp->name;
    ra->from_virtual = true;
    ra->source = vrrp->address.ipv6;
    ra->source_from = vrrp->address.from;
    if (vrrp->vmac_link) {
        ra->send_link = vrrp->vmac_link;
        ra->link_from = lower_join(l, ra->link_from, vrrp->virtual_mac.from);
    }
}

static void
add_advertiser(struct lowering *l, const struct advertiser *source, const char *link)
{
    struct plan_vrrp *vrrp = find_instance(l, source->tied_to);
    struct plan_ra ra = {
        .link = link,
        .send_link = link,
        .link_from = FROM(l, source->interface_name),
        .from = FROM(l, l->model->ra_service, source->interface_name),
    };
    size_t i;

    ra.own_source = ra.source = lower_link_local(l, source->interface, ra.from);
    if (vrrp)
        tie(l, vrrp, &ra);
    lower_intervals(l, source, &ra);
    lower_fields(l, source, &ra);
    lower_prefixes(l, source, &ra);
    lower_items(l, source, &ra);
    for (i = 0; i < ra.prefix_count; i++)
        if (vrrp || ra.prefixes[i].base_link)
            ra.deprecates = l->plan->deviations.ra_deprecate;
    if (vrrp)
        vrrp->deprecates = ra.deprecates;
    *LOWER_ADD(l, l->plan->ras, l->plan->ra_count) = ra;
}

void
lower_ra(struct lowering *l)
{
    const struct model *model = l->model;
    size_t i;

    if (!setting_on(model->ra_service)) {
        lower_skip_feature(l, "router-advertisement.service is not enable");
        return;
    }
    for (i = 0; i < model->advertiser_count; i++) {
        const struct advertiser *advertiser = &model->advertisers[i];
        const char *link = lower_link(l, advertiser->interface);

        if (!advertiser->interface)
            lower_skip_entry(l, KEY_ROUTER_ADVERTISEMENT, advertiser->index,
                             "the entry names no interface");
        else if (!link)
            lower_refuse_entry(l, FINDING_NOT_TRANSLATED, KEY_ROUTER_ADVERTISEMENT,
                               advertiser->index, "%s", lower_no_link(l, advertiser->interface));
        else
            add_advertiser(l, advertiser, link);
    }
    if (!l->plan->ra_count)
        lower_skip(l, model->ra_service, "nothing is advertised on any interface");
}
