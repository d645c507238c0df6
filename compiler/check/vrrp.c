/* vrrp.c - virtual routers: what breaks the election, or makes it decide wrongly. */
#include "checks.h"

static uint64_t
priority_of(const struct vrouter *vrouter)
{
    return setting_number(vrouter->priority, 100);
}

static uint64_t
interval_of(const struct vrouter *vrouter)
{
    return setting_number(vrouter->interval, 1);
}

static bool
has_watch(const struct vrouter *vrouter)
{
    return vrouter->watch_interface_name.value || vrouter->watch_keepalive.value || vrouter->watch_route.value;
}

static const char *
address_of(const struct checking *c, const struct vrouter *vrouter)
{
    const struct value *address = vrouter->address.value;

    return vrouter->family == FAMILY_IPV6 ? words6(c, &address->ipv6.address) : words4(c, host4(address->ipv4.address));
}

/* Calls `run` for each virtual router of the router under check that is complete enough to judge. */
static void
each_vrouter(const struct checking *c, void (*run)(const struct checking *c, const struct vrouter *vrouter))
{
    size_t i;

    for (i = 0; i < c->model->vrouter_count && i < CHECK_COMPARE_MAX; i++) {
        const struct vrouter *vrouter = &c->model->vrouters[i];

        if (vrouter->interface && vrouter->address.value && vrouter->vrid.value)
            run(c, vrouter);
    }
}

/* ---- vrrp-address-outside ---- */

static void
find_address_outside(const struct checking *c, const struct vrouter *vrouter)
{
    const struct setting *first = interface_fixed4(vrouter->interface);
    struct in_addr address;
    const struct setting *own;
    struct finding *finding;

    if (vrouter->family != FAMILY_IPV4 || !first)
        return;
    address = vrouter->address.value->ipv4.address;
    own = subnet4(vrouter->interface, address);
    if (own && range4_has(hosts4(own->value->ipv4.address, own->value->ipv4.len), host4(address)))
        return;
    finding =
        check_add(c, FINDING_VRRP_ADDRESS_OUTSIDE, vrouter->address.node->where,
                  own ? "virtual address %s is no host address of %s on %s: no host can use it as its gateway"
                      : "virtual address %s lies outside %s, the subnet of %s: no host there can use it as its gateway",
                  address_of(c, vrouter), words_net4(c, (own ? own : first)->value), vrouter->interface->text);
    diag_note(c->diag, finding, first->node->where, "the subnet of %s", vrouter->interface->text);
}

void
check_vrrp_address_outside(const struct checking *c)
{
    each_vrouter(c, find_address_outside);
}

/* ---- vrrp-priority-255 ---- */

static void
find_priority_255(const struct checking *c, const struct vrouter *vrouter)
{
    if (priority_of(vrouter) != 255)
        return;
    check_add_as(
        c, FINDING_VRRP_PRIORITY_255, has_watch(vrouter) ? SEV_ERROR : SEV_WARNING, vrouter->priority.node->where,
        has_watch(vrouter)
            ? "priority 255 means that the address is the router's own: such a router never steps down, whatever its "
              "watch says"
            : "priority 255 is for the router that owns the address, which a SEIL never does; use 254 or less");
}

void
check_vrrp_priority_255(const struct checking *c)
{
    each_vrouter(c, find_priority_255);
}

/* ---- vrrp-no-watch ---- */

static void
find_no_watch(const struct checking *c, const struct vrouter *vrouter)
{
    const struct route *route = default_route(c->model, vrouter->family);
    const struct interface *out = route ? leaves_by(c->model, route) : NULL;
    struct finding *finding;

    if (has_watch(vrouter) || !route || out == vrouter->interface || !check_whole(c, c->model))
        return;
    finding = check_add_as(
        c, FINDING_VRRP_NO_WATCH, is_last(c, vrouter) ? SEV_NOTE : SEV_WARNING, vrouter->address.node->where,
        is_last(c, vrouter)
            ? "nothing is watched for %s; that is harmless only as long as every other router takes it back"
            : "nothing is watched for %s: when the line fails this router stays the gateway, and hosts lose the "
              "Internet",
        address_of(c, vrouter));
    diag_note(c->diag, finding, route->gateway.node->where, "the line is here%s%s", out ? ": " : "",
              out ? out->text : "");
}

void
check_vrrp_no_watch(const struct checking *c)
{
    each_vrouter(c, find_no_watch);
}

/* ---- vrrp-watch-self ---- */

/* The setting that already says the watched address is the router's own; NULL: it is not. */
static const struct setting *
watches_own(const struct checking *c, const struct vrouter *vrouter)
{
    const struct value *host = vrouter->watch_keepalive.value;
    size_t i;

    for (i = 0; host && i < c->model->interface_count && i < CHECK_COMPARE_MAX; i++) {
        const struct interface *interface = &c->model->interfaces[i];
        const struct setting *own = host->type == TYPE_IPV4_ADDRESS ? own4(interface, host->ipv4.address)
                                                                    : own6(interface, &host->ipv6.address);

        if (own)
            return own;
    }
    for (i = 0; host && i < c->model->vrouter_count && i < CHECK_COMPARE_MAX; i++)
        if (c->model->vrouters[i].address.value && value_equal(host, c->model->vrouters[i].address.value))
            return &c->model->vrouters[i].address;
    return NULL;
}

static void
find_watch_self(const struct checking *c, const struct vrouter *vrouter)
{
    const struct setting *own = watches_own(c, vrouter);
    struct finding *finding;

    if (vrouter->watch_interface && vrouter->watch_interface == vrouter->interface)
        check_add(c, FINDING_VRRP_WATCH_SELF, vrouter->watch_interface_name.node->where,
                  "%s is the interface that the virtual router runs on: without its link there is no gateway anyway, "
                  "and the line is not watched",
                  vrouter->interface->text);
    if (!own)
        return;
    finding = check_add(c, FINDING_VRRP_WATCH_SELF, vrouter->watch_keepalive.node->where,
                        "the watched host is the router itself, which always answers: a dead line goes unseen");
    diag_note(c->diag, finding, own->node->where, "its address");
}

void
check_vrrp_watch_self(const struct checking *c)
{
    each_vrouter(c, find_watch_self);
}

/* ---- vrrp-watch-not-line ---- */

/* Does the link of `watched` tell anything about what leaves by `out`? */
static bool
carries(const struct model *model, const struct interface *watched, const struct interface *out)
{
    const struct interface *carrier = carrier_of(model, out);
    struct setting over;

    if (!carrier)
        return true; /* not known, so not judged */
    if (out == watched || carrier == watched || carrier_of(model, carrier) == watched)
        return true;
    over = carrier->name.kind == KIND_VLAN ? tree_get(model->tree, KEY_INTERFACE_VLAN_OVER, &carrier->name.unit)
                                           : (struct setting){0};
    return is_interface(over) && interface_equal(over.value->interface, watched->name);
}

/* Is `watched` what a default route needs?  True also when that cannot be told. */
static bool
is_needed(const struct model *model, const struct interface *watched)
{
    bool any = false;
    size_t i;

    for (i = 0; i < model->route_count; i++) {
        const struct route *route = &model->routes[i];
        const struct interface *out = is_default(route) && is_live(route) ? leaves_by(model, route) : NULL;

        if (!is_default(route) || !is_live(route))
            continue;
        if (!out || carries(model, watched, out))
            return true;
        any = true;
    }
    return !any;
}

static void
find_watch_not_line(const struct checking *c, const struct vrouter *vrouter)
{
    const struct value *host = vrouter->watch_keepalive.value;
    const struct route *route = default_route(c->model, vrouter->family);
    const struct setting *lan;
    struct finding *finding;

    if (vrouter->watch_interface && vrouter->watch_interface != vrouter->interface && !vrouter->watch_keepalive.value &&
        !vrouter->watch_route.value && !is_needed(c->model, vrouter->watch_interface)) {
        finding = check_add(c, FINDING_VRRP_WATCH_NOT_LINE, vrouter->watch_interface_name.node->where,
                            "%s carries no default route: when the line fails this router stays the gateway, and hosts "
                            "lose the Internet",
                            vrouter->watch_interface->text);
        if (route)
            diag_note(c->diag, finding, route->gateway.node->where, "the line is here");
    }
    lan = host && host->type == TYPE_IPV4_ADDRESS ? subnet4(vrouter->interface, host->ipv4.address) : NULL;
    if (!lan || watches_own(c, vrouter))
        return;
    finding = check_add(c, FINDING_VRRP_WATCH_NOT_LINE, vrouter->watch_keepalive.node->where,
                        "the watched host is on the LAN itself: a dead line goes unseen, and a host that is switched "
                        "off takes the gateway away");
    diag_note(c->diag, finding, lan->node->where, "the subnet of %s", vrouter->interface->text);
}

void
check_vrrp_watch_not_line(const struct checking *c)
{
    each_vrouter(c, find_watch_not_line);
}

/* ---- vrrp-watch-link-only ---- */

static bool
watches_link_alone(const struct checking *c, const struct vrouter *vrouter)
{
    const struct interface *watched = vrouter->watch_interface;

    return watched && watched != vrouter->interface && is_line(c->model, watched) && !vrouter->watch_keepalive.value &&
           !vrouter->watch_route.value && (watched->name.kind == KIND_GE || watched->name.kind == KIND_VLAN) &&
           vrouter->watch_interface_name.node && !is_last(c, vrouter);
}

/* Has an earlier virtual router been told about the same link? */
static bool
told_before(const struct checking *c, const struct vrouter *vrouter)
{
    const struct vrouter *each;

    for (each = c->model->vrouters; each < vrouter; each++)
        if (each->watch_interface == vrouter->watch_interface && watches_link_alone(c, each))
            return true;
    return false;
}

/* K14 and K28: carrier is not upstream. */
static void
find_watch_link_only(const struct checking *c, const struct vrouter *vrouter)
{
    bool early = !c->site->deviations.wait_for_upstream && setting_on(vrouter->preempt) &&
                 setting_number(vrouter->delay, 0) == 0;

    if (!watches_link_alone(c, vrouter) || told_before(c, vrouter))
        return;
    check_add_as(c, FINDING_VRRP_WATCH_LINK_ONLY, early ? SEV_WARNING : SEV_NOTE,
                 vrouter->watch_interface_name.node->where,
                 early ? "only the link of %s is watched: a provider that fails behind it goes unseen, and the router "
                         "takes the gateway back before it has a route"
                       : "only the link of %s is watched: a provider that fails behind it goes unseen (watch.keepalive "
                         "and watch.route-up see more)",
                 vrouter->watch_interface->text);
}

void
check_vrrp_watch_link_only(const struct checking *c)
{
    each_vrouter(c, find_watch_link_only);
}

/* ---- vrrp-watch-no-route, vrrp-watch-always-true ---- */

/* Is this route for the watched destination? */
static bool
is_watched(const struct vrouter *vrouter, const struct route *route)
{
    const struct value *want = vrouter->watch_route.value, *have = route->destination.value;

    if (!have || (want->type == TYPE_IPV4_NETWORK) != (route->family == FAMILY_IPV4))
        return false;
    if (have->type == TYPE_KEYWORD)
        return want->type == TYPE_IPV4_NETWORK ? want->ipv4.len == 0 : want->ipv6.len == 0;
    return value_equal(want, have);
}

/* Does a fixed address of the router bring a connected route to just that prefix? */
static bool
is_connected(const struct model *model, const struct value *want)
{
    size_t i;

    for (i = 0; i < model->interface_count && i < CHECK_COMPARE_MAX; i++) {
        const struct interface *interface = &model->interfaces[i];
        const struct setting *own = want->type == TYPE_IPV4_NETWORK ? subnet4(interface, want->ipv4.address)
                                                                    : subnet6(interface, &want->ipv6.address);

        if (own && (want->type == TYPE_IPV4_NETWORK ? own->value->ipv4.len == want->ipv4.len
                                                    : own->value->ipv6.len == want->ipv6.len))
            return true;
    }
    return false;
}

/* Could it be the subnet of an address that some interface learns? */
static bool
may_be_learned(const struct model *model, const struct value *want)
{
    bool ipv4 = want->type == TYPE_IPV4_NETWORK;
    size_t i;

    for (i = 0; i < model->interface_count && (ipv4 ? want->ipv4.len : want->ipv6.len) > 0; i++)
        if (ipv4 ? model->interfaces[i].dhcp.value != NULL
                 : model->interfaces[i].ra.value || model->interfaces[i].delegated)
            return true;
    return false;
}

static void
find_watch_no_route(const struct checking *c, const struct vrouter *vrouter)
{
    const struct value *want = vrouter->watch_route.value;
    size_t i;

    if (!vrouter->watch_route.node || is_connected(c->model, want) || !check_whole(c, c->model))
        return;
    for (i = 0; i < c->model->route_count; i++)
        if (is_watched(vrouter, &c->model->routes[i]))
            return;
    if (!has_dynamic_routes(c->model))
        check_add_as(c, FINDING_VRRP_WATCH_NO_ROUTE, may_be_learned(c->model, want) ? SEV_WARNING : SEV_ERROR,
                     vrouter->watch_route.node->where,
                     "no route to %s is configured or learned: this router never takes part in the election for %s",
                     words(c, vrouter->watch_route), address_of(c, vrouter));
}

void
check_vrrp_watch_no_route(const struct checking *c)
{
    each_vrouter(c, find_watch_no_route);
}

static void
find_watch_always_true(const struct checking *c, const struct vrouter *vrouter)
{
    size_t i;

    for (i = 0; vrouter->watch_route.node && !vrouter->watch_keepalive.value && i < c->model->route_count; i++) {
        const struct route *route = &c->model->routes[i];
        bool stays =
            is_watched(vrouter, route) && (is_discard(route) || leaves_by(c->model, route) == vrouter->interface);
        struct finding *finding;

        if (!stays)
            continue;
        finding = check_add(
            c, FINDING_VRRP_WATCH_ALWAYS_TRUE, vrouter->watch_route.node->where,
            "a route to %s stays when the line fails, so the watch never notices and this router stays the gateway",
            words(c, vrouter->watch_route));
        diag_note(c->diag, finding, route->gateway.node->where, "this one does not depend on the line");
        return;
    }
}

void
check_vrrp_watch_always_true(const struct checking *c)
{
    each_vrouter(c, find_watch_always_true);
}

/* ---- vrrp-hair-trigger ---- */

static void
find_hair_trigger(const struct checking *c, const struct vrouter *vrouter)
{
    if (vrouter->watch_keepalive.value && vrouter->watch_dead.node && vrouter->watch_dead.value->number <= 1)
        check_add(c, FINDING_VRRP_HAIR_TRIGGER, vrouter->watch_dead.node->where,
                  "one lost echo reply takes the gateway away%s: every hiccup of the line moves it, and open "
                  "connections break",
                  setting_on(vrouter->preempt) && !setting_number(vrouter->delay, 0) ? ", the next one brings it back"
                                                                                     : "");
}

void
check_vrrp_hair_trigger(const struct checking *c)
{
    each_vrouter(c, find_hair_trigger);
}

/* ---- vrrp-slow ---- */

/* RFC 5798, 6.1: Master_Down_Interval = 3 * Master_Adver_Interval + Skew_Time; in tenths of a second. */
static uint64_t
detection_tenths(const struct vrouter *vrouter)
{
    uint64_t interval = interval_of(vrouter);

    return 30 * interval + (256 - priority_of(vrouter)) * interval * 10 / 256;
}

static void
find_slow(const struct checking *c, const struct vrouter *vrouter)
{
    enum { TOLERABLE = 100 };
    uint64_t tenths = detection_tenths(vrouter);

    if (tenths > TOLERABLE && vrouter->interval.node)
        check_add(
            c, FINDING_VRRP_SLOW, vrouter->interval.node->where,
            "with an advertisement every %s a router that dies is missed after %u.%u s: so long hosts have no gateway",
            words_time(c, interval_of(vrouter)), (unsigned)(tenths / 10), (unsigned)(tenths % 10));
}

void
check_vrrp_slow(const struct checking *c)
{
    each_vrouter(c, find_slow);
}

/* ---- vrrp-families-diverge ---- */

static bool
same_watch(const struct vrouter *a, const struct vrouter *b)
{
    return a->watch_interface == b->watch_interface && !a->watch_keepalive.value == !b->watch_keepalive.value &&
           !a->watch_route.value == !b->watch_route.value;
}

/* What differs between two virtual routers that should move together; NULL: nothing. */
static const char *
difference(const struct vrouter *a, const struct vrouter *b, struct setting *on_a, struct setting *on_b)
{
    const struct {
        bool differs;
        const char *what;
        struct setting a, b;
    } rows[] = {
        {priority_of(a) != priority_of(b), "priority", a->priority, b->priority},
        {setting_on(a->preempt) != setting_on(b->preempt), "preempt", a->preempt, b->preempt},
        {setting_number(a->delay, 0) != setting_number(b->delay, 0), "delay", a->delay, b->delay},
        {a->watch_interface != b->watch_interface, "watch", a->watch_interface_name, b->watch_interface_name},
        {!same_watch(a, b), "watch", a->watch_keepalive.value ? a->watch_keepalive : a->watch_route,
         b->watch_keepalive.value ? b->watch_keepalive : b->watch_route},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].differs) {
            *on_a = rows[i].a;
            *on_b = rows[i].b;
            return rows[i].what;
        }
    return NULL;
}

/* The virtual router of the other family on the same interface that moves with this one, else the first; NULL: none. */
static const struct vrouter *
find_companion(const struct model *model, const struct vrouter *vrouter)
{
    const struct vrouter *found = NULL;
    struct setting unused;
    size_t i;

    for (i = 0; i < model->vrouter_count && i < CHECK_COMPARE_MAX; i++) {
        const struct vrouter *other = &model->vrouters[i];

        if (other->interface != vrouter->interface || other->family == vrouter->family || !other->address.value)
            continue;
        if (!difference(other, vrouter, &unused, &unused))
            return other;
        if (!found)
            found = other;
    }
    return found;
}

static void
find_families_diverge(const struct checking *c, const struct vrouter *vrouter)
{
    const struct vrouter *other = vrouter->family == FAMILY_IPV6 ? find_companion(c->model, vrouter) : NULL;
    struct setting here, there;
    const char *what = other ? difference(vrouter, other, &here, &there) : NULL;
    struct finding *finding;

    if (!what)
        return;
    finding = check_add(c, FINDING_VRRP_FAMILIES_DIVERGE, place_of(here.node ? here : vrouter->address, vrouter->vrid),
                        "%s of the IPv6 virtual router is not that of the IPv4 one on %s: IPv4 and IPv6 can end up on "
                        "different routers, and one of them without a line",
                        what, vrouter->interface->text);
    diag_note(c->diag, finding, place_of(there.node ? there : other->address, other->vrid), "the IPv4 one");
}

void
check_vrrp_families_diverge(const struct checking *c)
{
    each_vrouter(c, find_families_diverge);
}

/* ---- vrrp-one-router ---- */

static bool
shares_address(const struct model *model, const struct interface *interface, const struct vrouter *vrouter)
{
    size_t i;

    for (i = 0; i < model->vrouter_count && i < CHECK_COMPARE_MAX; i++) {
        const struct vrouter *other = &model->vrouters[i];

        if (other->interface == interface && other->family == vrouter->family && other->vrid.value &&
            other->address.value &&
            (other->vrid.value->number == vrouter->vrid.value->number ||
             value_equal(other->address.value, vrouter->address.value)))
            return true;
    }
    return false;
}

static void
find_one_router(const struct checking *c, const struct vrouter *vrouter)
{
    bool alone = false;
    size_t i;

    for (i = 0; i < c->model_count; i++) {
        const struct interface *there =
            c->models[i] == c->model ? NULL : same_lan(c->model, vrouter->interface, c->models[i]);

        if (!there)
            continue;
        if (shares_address(c->models[i], there, vrouter) || !check_whole(c, c->models[i]))
            return;
        alone = true;
    }
    if (alone)
        check_add(c, FINDING_VRRP_ONE_ROUTER, vrouter->address.node->where,
                  "no other router of the site has %s on this LAN: when this one is down nobody takes the gateway over",
                  address_of(c, vrouter));
}

void
check_vrrp_one_router(const struct checking *c)
{
    each_vrouter(c, find_one_router);
}

/* ---- vrrp-delay-on-backup ---- */

/* The virtual router of a higher priority for the same address elsewhere; NULL: none. */
static const struct vrouter *
find_better(const struct checking *c, const struct vrouter *vrouter)
{
    size_t i, j;

    for (i = 0; i < c->model_count; i++) {
        const struct model *model = c->models[i];
        const struct interface *there = model == c->model ? NULL : same_lan(c->model, vrouter->interface, model);

        for (j = 0; there && j < model->vrouter_count && j < CHECK_COMPARE_MAX; j++) {
            const struct vrouter *other = &model->vrouters[j];

            if (other->interface == there && other->address.value &&
                value_equal(other->address.value, vrouter->address.value) && priority_of(other) > priority_of(vrouter))
                return other;
        }
    }
    return NULL;
}

static void
find_delay_on_backup(const struct checking *c, const struct vrouter *vrouter)
{
    const struct vrouter *better = setting_number(vrouter->delay, 0) ? find_better(c, vrouter) : NULL;
    struct finding *finding;

    if (!better)
        return;
    finding =
        check_add(c, FINDING_VRRP_DELAY_ON_BACKUP, vrouter->delay.node->where,
                  "the router of lower priority waits %s more before it takes %s over: so long hosts have no gateway",
                  words_time(c, vrouter->delay.value->number), address_of(c, vrouter));
    diag_note(c->diag, finding, place_of(better->priority, better->vrid),
              "a delay belongs on the router that comes back here");
}

void
check_vrrp_delay_on_backup(const struct checking *c)
{
    each_vrouter(c, find_delay_on_backup);
}

/* ---- what the routers of a site must agree on ---- */

/* Two routers' parts of one virtual router. */
struct twins {
    const struct vrouter *a, *b;
    const struct lan *lan;
};

struct twin_check {
    bool by_vrid; /* twins have the same VRID; else the same address */
    void (*run)(const struct checking *c, const struct twins *twins);
};

static bool
are_twins(const struct vrouter *a, const struct vrouter *b, bool by_vrid)
{
    if (a->family != b->family || !a->address.value || !b->address.value || !a->vrid.value || !b->vrid.value)
        return false;
    return by_vrid ? a->vrid.value->number == b->vrid.value->number : value_equal(a->address.value, b->address.value);
}

static void
run_twins(const struct checking *c, const struct lan *lan, const void *with)
{
    const struct twin_check *check = with;
    size_t i, j;

    for (i = 0; i < lan->a->vrouter_count && i < CHECK_COMPARE_MAX; i++)
        for (j = 0; j < lan->b->vrouter_count && j < CHECK_COMPARE_MAX; j++) {
            const struct twins twins = {&lan->a->vrouters[i], &lan->b->vrouters[j], lan};

            if (twins.a->interface == lan->on_a && twins.b->interface == lan->on_b &&
                are_twins(twins.a, twins.b, check->by_vrid))
                check->run(c, &twins);
        }
}

static void
each_twins(const struct checking *c, void (*run)(const struct checking *c, const struct twins *twins))
{
    const struct twin_check check = {false, run};

    each_lan(c, run_twins, &check);
}

static void
note_other(const struct checking *c, struct finding *finding, struct setting setting, const struct twins *twins)
{
    diag_note(c->diag, finding, place_of(setting, twins->a->vrid), "%s is here", twins->lan->a->router);
}

static void
find_equal_priority(const struct checking *c, const struct twins *twins)
{
    struct finding *finding;

    if (priority_of(twins->a) != priority_of(twins->b))
        return;
    finding = check_add(
        c, FINDING_VRRP_EQUAL_PRIORITY, place_of(twins->b->priority, twins->b->vrid),
        "priority %u for %s here and on %s: a SEIL prefers itself, so both become master and hosts lose the gateway",
        (unsigned)priority_of(twins->b), address_of(c, twins->b), twins->lan->a->router);
    note_other(c, finding, twins->a->priority, twins);
}

void
check_vrrp_equal_priority(const struct checking *c)
{
    each_twins(c, find_equal_priority);
}

static void
find_vrid_differs(const struct checking *c, const struct twins *twins)
{
    struct finding *finding;

    if (twins->a->vrid.value->number == twins->b->vrid.value->number)
        return;
    finding = check_add(
        c, FINDING_VRRP_VRID_DIFFERS, twins->b->vrid.node->where,
        "%s is virtual router %u here and %u on %s: both become its master, and hosts reach now one, now the other",
        address_of(c, twins->b), (unsigned)twins->b->vrid.value->number, (unsigned)twins->a->vrid.value->number,
        twins->lan->a->router);
    note_other(c, finding, twins->a->vrid, twins);
}

void
check_vrrp_vrid_differs(const struct checking *c)
{
    each_twins(c, find_vrid_differs);
}

static bool
has_address(const struct model *model, const struct interface *interface, const struct value *address)
{
    size_t i;

    for (i = 0; i < model->vrouter_count && i < CHECK_COMPARE_MAX; i++)
        if (model->vrouters[i].interface == interface && model->vrouters[i].address.value &&
            value_equal(model->vrouters[i].address.value, address))
            return true;
    return false;
}

static void
find_address_differs(const struct checking *c, const struct twins *twins)
{
    const struct lan *lan = twins->lan;
    struct finding *finding;

    if (has_address(lan->a, lan->on_a, twins->b->address.value) ||
        has_address(lan->b, lan->on_b, twins->a->address.value))
        return;
    finding = check_add(
        c, FINDING_VRRP_ADDRESS_DIFFERS, twins->b->address.node->where,
        "virtual router %u is %s here and %s on %s: after a takeover hosts look for a gateway that is gone",
        (unsigned)twins->b->vrid.value->number, address_of(c, twins->b), address_of(c, twins->a), lan->a->router);
    note_other(c, finding, twins->a->address, twins);
}

void
check_vrrp_address_differs(const struct checking *c)
{
    const struct twin_check check = {true, find_address_differs};

    each_lan(c, run_twins, &check);
}

static void
find_version_differs(const struct checking *c, const struct twins *twins)
{
    const char *here = setting_word(twins->b->version), *there = setting_word(twins->a->version);
    struct finding *finding;

    if (!here || !there || here[0] == there[0])
        return;
    finding = check_add(c, FINDING_VRRP_VERSION_DIFFERS, place_of(twins->b->version, twins->b->vrid),
                        "VRRP version %s here, %s on %s: neither hears the other, and both become master of %s", here,
                        there, twins->lan->a->router, address_of(c, twins->b));
    note_other(c, finding, twins->a->version, twins);
}

void
check_vrrp_version_differs(const struct checking *c)
{
    each_twins(c, find_version_differs);
}

/* RFC 3768, 7.1: version 2 drops advertisements of another interval; RFC 5798, 6.4.2: version 3 learns the master's. */
static void
find_interval_differs(const struct checking *c, const struct twins *twins)
{
    bool deaf = setting_is(twins->b->version, "2");
    struct finding *finding;

    if (interval_of(twins->a) == interval_of(twins->b))
        return;
    finding =
        check_add_as(c, FINDING_VRRP_INTERVAL_DIFFERS, deaf ? SEV_ERROR : SEV_WARNING,
                     place_of(twins->b->interval, twins->b->vrid), "advertisements every %s here, every %s on %s: %s",
                     words_time(c, interval_of(twins->b)), words_time(c, interval_of(twins->a)), twins->lan->a->router,
                     deaf ? "version 2 drops those of the other, and both become master"
                          : "how soon a dead router is missed depends on which one it is");
    note_other(c, finding, twins->a->interval, twins);
}

void
check_vrrp_interval_differs(const struct checking *c)
{
    each_twins(c, find_interval_differs);
}

static void
find_virtual_mac_differs(const struct checking *c, const struct twins *twins)
{
    struct finding *finding;

    if (setting_on(twins->a->virtual_mac) == setting_on(twins->b->virtual_mac))
        return;
    finding = check_add(c, FINDING_VRRP_VIRTUAL_MAC_DIFFERS, place_of(twins->b->virtual_mac, twins->b->vrid),
                        "virtual-mac is %s here, %s on %s: the gateway's MAC changes at each takeover, and a host that "
                        "misses the news is cut off until its ARP entry ages",
                        setting_on(twins->b->virtual_mac) ? "on" : "off",
                        setting_on(twins->a->virtual_mac) ? "on" : "off", twins->lan->a->router);
    note_other(c, finding, twins->a->virtual_mac, twins);
}

void
check_vrrp_virtual_mac_differs(const struct checking *c)
{
    each_twins(c, find_virtual_mac_differs);
}
