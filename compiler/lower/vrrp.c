/* vrrp.c - virtual routers: keepalived's instances and the checks that they track. */
#include <string.h>

#include "lower.h"

const enum key_id lower_vrrp_keys[] = {
    KEY_VRRP_VROUTER_VERSION,
    KEY_VRRP_VROUTER_INTERFACE,
    KEY_VRRP_VROUTER_VRID,
    KEY_VRRP_VROUTER_ADDRESS,
    KEY_VRRP_VROUTER_PRIORITY,
    KEY_VRRP_VROUTER_PREEMPT,
    KEY_VRRP_VROUTER_VIRTUAL_MAC,
    KEY_VRRP_VROUTER_DELAY,
    KEY_VRRP_VROUTER_INTERVAL,
    KEY_VRRP_VROUTER_WATCH_INTERFACE,
    KEY_VRRP_VROUTER_WATCH_KEEPALIVE,
    KEY_VRRP_VROUTER_WATCH_DEAD_DETECT,
    KEY_VRRP_VROUTER_WATCH_ALIVE_DETECT,
    KEY_VRRP_VROUTER_WATCH_ROUTE_UP,
    KEY_NONE,
};

enum {
    PRIORITY_OWNER = 255,
    LINK_NAME_MAX = 15,
    VIRTUAL_LEN_IPV6 = 64, /* K8: with /128 the address would be deprecated */
    /* The probe of a watched host: the pace of SEIL's other watchers after a timeout, and their
       counts. */
    ECHO_INTERVAL = 5,
    ECHO_TIMEOUT = 4,
    DEAD_DEFAULT = 3,
    ALIVE_DEFAULT = 1,
    DETECT_MAX = 1000,
    ROUTE_INTERVAL = 1,
    ROUTE_TIMEOUT = 10, /* the table answers at once; on a busy router the script may take long */
    /* A default route that is replaced is gone for a moment. */
    UPSTREAM_FALL = 2,
    UPSTREAM_RISE = 2,
    CHECKS_PER_VROUTER = 3,
};

/* ---- checks ---- */

static bool
same_target(const struct plan_check *check, const struct plan_address *target)
{
    if (check->target.family != target->family || check->target.len != target->len)
        return false;
    return target->family == FAMILY_IPV4 ? check->target.ipv4.s_addr == target->ipv4.s_addr
                                         : prefix_equal6(&check->target.ipv6, &target->ipv6, 128);
}

/* Equal watches share a check; otherwise a new one, in room that lower_vrrp() has made. */
static struct plan_check *
find_check(struct lowering *l, const struct plan_check *wanted)
{
    struct plan *plan = l->plan;
    size_t i;

    for (i = 0; i < plan->check_count && i < LOWER_COMPARE_MAX; i++) {
        struct plan_check *check = &plan->checks[i];

        if (check->kind == wanted->kind && same_target(check, &wanted->target) &&
            check->fall.value == wanted->fall.value && check->rise.value == wanted->rise.value) {
            check->from = lower_join(l, check->from, wanted->from);
            check->fall.from = lower_join(l, check->fall.from, wanted->fall.from);
            check->rise.from = lower_join(l, check->rise.from, wanted->rise.from);
            return check;
        }
    }
    plan->checks[plan->check_count] = *wanted;
    return &plan->checks[plan->check_count++];
}

static void
track(struct plan_vrrp *vrrp, const struct plan_check *check)
{
    size_t i;

    for (i = 0; i < vrrp->check_count; i++)
        if (vrrp->checks[i] == check)
            return;
    vrrp->checks[vrrp->check_count++] = check;
}

/* "route4-0", "echo6-1", "default4"; a default route has the same name whoever watches it. */
static const char *
name_check(struct lowering *l, const struct plan_check *check)
{
    char family = check->target.family == FAMILY_IPV4 ? '4' : '6';

    if (check->upstream)
        return arena_printf(l->arena, "default%c", family);
    return arena_printf(l->arena, "%s%c-%zu", check->kind == CHECK_ROUTE ? "route" : "echo", family,
                        l->plan->check_count);
}

static void
watch_route(struct lowering *l, const struct vrouter *vrouter, struct plan_vrrp *vrrp)
{
    struct plan_check check = {
        .kind = CHECK_ROUTE,
        .target = lower_address(l, vrouter->watch_route),
        .interval = ROUTE_INTERVAL,
        .timeout = ROUTE_TIMEOUT,
        .fall = {.value = 1, .set = true},
        .rise = {.value = 1, .set = true},
        .from = FROM(l, vrouter->watch_route),
    };

    if (check.target.family == FAMILY_IPV4)
        check.target.ipv4 = lower_mask4(check.target.ipv4, check.target.len);
    else
        check.target.ipv6 = lower_mask6(&check.target.ipv6, check.target.len);
    check.name = name_check(l, &check);
    track(vrrp, find_check(l, &check));
}

static struct plan_number
detect_count(struct lowering *l, struct setting setting, unsigned otherwise)
{
    struct plan_number number = lower_number(l, setting);

    if (number.set && (number.value < 1 || number.value > DETECT_MAX)) {
        lower_refuse(l, FINDING_CANNOT_EXPRESS, setting, "keepalived counts from 1, and here to %d",
                     DETECT_MAX);
        number.set = false;
    }
    return number.set ? number : (struct plan_number){.value = otherwise, .set = true};
}

static void
skip_counts(struct lowering *l, const struct vrouter *vrouter)
{
    lower_skip(l, vrouter->watch_dead, "no host is watched");
    lower_skip(l, vrouter->watch_alive, "no host is watched");
}

/* K14. */
static void
watch_echo(struct lowering *l, const struct vrouter *vrouter, struct plan_vrrp *vrrp)
{
    struct plan_check check = {
        .kind = CHECK_ECHO,
        .target = lower_address(l, vrouter->watch_keepalive),
        .interval = ECHO_INTERVAL,
        .timeout = ECHO_TIMEOUT,
        .fall = detect_count(l, vrouter->watch_dead, DEAD_DEFAULT),
        .rise = detect_count(l, vrouter->watch_alive, ALIVE_DEFAULT),
        .from = FROM(l, vrouter->watch_keepalive),
    };

    if (check.target.family == FAMILY_IPV6 && IN6_IS_ADDR_LINKLOCAL(&check.target.ipv6)) {
        check.link = vrrp->track_link;
        if (!check.link) {
            lower_refuse(
                l, FINDING_CANNOT_EXPRESS, vrouter->watch_keepalive,
                "a link-local host is one of some link: expected watch.interface beside it");
            skip_counts(l, vrouter);
            return;
        }
    }
    check.name = name_check(l, &check);
    track(vrrp, find_check(l, &check));
}

/*
 * K28, deviation wait-for-upstream: a router that watches its upstream takes part in the election
 * only when it has the default route of its family.
 */
static void
wait_for_upstream(struct lowering *l, const struct vrouter *vrouter, struct plan_vrrp *vrrp)
{
    struct plan_check check = {
        .kind = CHECK_ROUTE,
        .target = {.family = vrouter->family},
        .upstream = true,
        .interval = ROUTE_INTERVAL,
        .timeout = ROUTE_TIMEOUT,
        .fall = {.value = UPSTREAM_FALL, .set = true},
        .rise = {.value = UPSTREAM_RISE, .set = true},
    };

    size_t i;

    if (!l->plan->deviations.wait_for_upstream || !l->has_default[vrouter->family])
        return;
    if (!vrrp->track_link && !vrrp->check_count)
        return;
    for (i = 0; i < vrrp->check_count; i++)
        if (vrrp->checks[i]->kind == CHECK_ROUTE && same_target(vrrp->checks[i], &check.target))
            return;
    check.name = name_check(l, &check);
    track(vrrp, find_check(l, &check));
}

/* K13: no weights, so an unmet watch is FAULT: out of the election, as on a SEIL. */
static void
lower_watch(struct lowering *l, const struct vrouter *vrouter, struct plan_vrrp *vrrp)
{
    vrrp->checks = arena_array(l->arena, CHECKS_PER_VROUTER, sizeof(struct plan_check *));
    if (vrouter->watch_interface) {
        vrrp->track_link = lower_link(l, vrouter->watch_interface);
        vrrp->track_from = FROM(l, vrouter->watch_interface_name);
        if (!vrrp->track_link)
            lower_refuse(l, FINDING_NOT_TRANSLATED, vrouter->watch_interface_name, "%s",
                         lower_no_link(l, vrouter->watch_interface));
    }
    if (vrouter->watch_route.value)
        watch_route(l, vrouter, vrrp);
    if (vrouter->watch_keepalive.value)
        watch_echo(l, vrouter, vrrp);
    else
        skip_counts(l, vrouter);
    wait_for_upstream(l, vrouter, vrrp);
}

/* K13: keepalived takes 255 for the owner of the address, and then looks at no track. */
static void
refuse_watch(struct lowering *l, const struct vrouter *vrouter)
{
    const struct setting watches[] = {vrouter->watch_interface_name, vrouter->watch_keepalive,
                                      vrouter->watch_route, vrouter->watch_dead,
                                      vrouter->watch_alive};
    size_t i;

    for (i = 0; i < sizeof(watches) / sizeof(watches[0]); i++)
        lower_refuse(
            l, FINDING_CANNOT_EXPRESS, watches[i],
            "keepalived watches nothing at priority 255, that of an address owner; 254 works");
}

/* ---- instances ---- */

/* Does another port have a virtual router with this VRID and family? */
static bool
shares_vrid(const struct model *model, const struct vrouter *vrouter)
{
    size_t i;

    for (i = 0; i < model->vrouter_count && i < LOWER_COMPARE_MAX; i++) {
        const struct vrouter *other = &model->vrouters[i];

        if (other->interface != vrouter->interface && other->family == vrouter->family &&
            other->vrid.value && other->vrid.value->number == vrouter->vrid.value->number &&
            setting_on(other->virtual_mac))
            return true;
    }
    return false;
}

static bool
name_is_taken(const struct plan *plan, const char *name)
{
    size_t i;

    for (i = 0; i < plan->vrrp_count && i < LOWER_COMPARE_MAX; i++)
        if (plan->vrrps[i].vmac_link && strcmp(plan->vrrps[i].vmac_link, name) == 0)
            return true;
    for (i = 0; i < plan->link_count && i < LOWER_COMPARE_MAX; i++)
        if (strcmp(plan->links[i].name, name) == 0)
            return true;
    return false;
}

/* K12: at most 15 characters, and as short as it can be, since another name means a restart. */
static const char *
name_vmac(struct lowering *l, const struct vrouter *vrouter, const char *link)
{
    int family = vrouter->family == FAMILY_IPV4 ? 4 : 6;
    unsigned vrid = (unsigned)vrouter->vrid.value->number;
    char *name = arena_printf(l->arena, "vrrp%d.%u", family, vrid);

    if (shares_vrid(l->model, vrouter))
        name = arena_printf(l->arena, "vrrp%d.%u.%s", family, vrid, link);
    if (strlen(name) > LINK_NAME_MAX)
        name[LINK_NAME_MAX] = '\0';
    if (name_is_taken(l->plan, name))
        name = arena_printf(l->arena, "vrrp%d.%u.%zu", family, vrid, l->plan->vrrp_count % 100000);
    return name;
}

/* K20. */
static void
lower_delay(struct lowering *l, const struct vrouter *vrouter, struct plan_vrrp *vrrp)
{
    vrrp->delay = lower_written(l, vrouter->delay);
    if (!vrrp->delay.value)
        return;
    if (vrrp->preempt.on)
        lower_approximate(l, vrouter->delay,
                          "keepalived delays its start and a take-over from a lower priority, not "
                          "the step in for a master that fell silent");
    else
        lower_approximate(l, vrouter->delay,
                          "without preemption keepalived delays its start alone");
}

/* K2, K11: one instance for each entry, and so for each family; no group that would join them. */
static void
add_instance(struct lowering *l, const struct vrouter *vrouter, const char *link)
{
    struct plan_vrrp vrrp = {
        .name = arena_printf(l->arena, "vrouter-%u", vrouter->index),
        .family = vrouter->family,
        .version = {.value = setting_is(vrouter->version, "2") ? 2 : 3,
                    .set = true,
                    .from = FROM(l, vrouter->version)},
        .link = link,
        .link_from = FROM(l, vrouter->interface_name),
        .vrid = lower_number(l, vrouter->vrid),
        .address = lower_address(l, vrouter->address),
        .priority = lower_number(l, vrouter->priority), /* K17: always explicit */
        .interval = lower_number(l, vrouter->interval),
        .preempt = lower_flag(l, vrouter->preempt),
        .virtual_mac = lower_flag(l, vrouter->virtual_mac),
        .from = FROM(l, vrouter->interface_name, vrouter->vrid, vrouter->address),
    };

    if (vrouter->family == FAMILY_IPV6) {
        vrrp.address.len = VIRTUAL_LEN_IPV6;
        lower_link_local(l, vrouter->interface, vrrp.from);
    }
    if (vrrp.virtual_mac.on)
        vrrp.vmac_link = name_vmac(l, vrouter, link);
    lower_delay(l, vrouter, &vrrp);
    if (vrrp.priority.value == PRIORITY_OWNER)
        refuse_watch(l, vrouter);
    else
        lower_watch(l, vrouter, &vrrp);
    *LOWER_ADD(l, l->plan->vrrps, l->plan->vrrp_count) = vrrp;
}

void
lower_vrrp(struct lowering *l)
{
    size_t count = l->model->vrouter_count;
    size_t i;

    /* Instances point at checks, so these must not move. */
    l->plan->checks = arena_array(l->arena, count * CHECKS_PER_VROUTER, sizeof(*l->plan->checks));
    for (i = 0; i < count; i++) {
        const struct vrouter *vrouter = &l->model->vrouters[i];
        const char *link = lower_link(l, vrouter->interface);

        if (!vrouter->interface || !vrouter->vrid.value || !vrouter->address.value)
            lower_skip_entry(l, KEY_VRRP_VROUTER, vrouter->index,
                             "the virtual router is not complete");
        else if (!link)
            lower_refuse_entry(l, FINDING_NOT_TRANSLATED, KEY_VRRP_VROUTER, vrouter->index, "%s",
                               lower_no_link(l, vrouter->interface));
        else
            add_instance(l, vrouter, link);
    }
}
