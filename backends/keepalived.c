/* keepalived.c - VRRP: keepalived.conf.  Names of ours and numbers: nothing to quote. */
#include <limits.h>

#include "backend.h"

enum {
    REFRESH_INTERVAL = 60, /* s; switches forget a MAC address after 300 */
    AUTO_PRIORITY_MAX = 50,
    REALTIME_LIMIT = 1000000, /* us of processor time without a pause */
};

/* What all instances wait for at least: the setting is one for all. */
static unsigned
shortest_delay(const struct plan *plan)
{
    unsigned shortest = UINT_MAX;
    size_t i;

    for (i = 0; i < plan->vrrp_count; i++) {
        unsigned delay = plan->vrrps[i].delay.set ? plan->vrrps[i].delay.value : 0;

        if (delay < shortest)
            shortest = delay;
    }
    return shortest;
}

static void
emit_globals(const struct plan *plan, struct output_file *file)
{
    unsigned delay = shortest_delay(plan);
    unsigned line;
    size_t i;

    output_line(file, NULL, "global_defs {");
    output_line(file, NULL, "    # Scripts that anybody but root could change are refused.");
    output_line(file, NULL, "    enable_script_security");
    output_line(file, NULL, "    script_user root");
    output_line(file, NULL, "    # A late timer looks like a dead master.");
    output_line(file, NULL, "    max_auto_priority %d", AUTO_PRIORITY_MAX);
    output_line(file, NULL, "    # With the default of 10 ms the kernel kills it under load.");
    output_line(file, NULL, "    vrrp_rlimit_rttime %d", REALTIME_LIMIT);
    output_line(file, NULL, "    # The old master answers the first of them, and switches look for the virtual MAC there.");
    output_line(file, NULL, "    vrrp_garp_interval 0.05");
    if (delay) {
        output_line(file, NULL,
                    "    # preempt_delay holds for a take-over only; this one for the start.");
        line = file->line;
        output_line(file, NULL, "    vrrp_startup_delay %u", delay);
        for (i = 0; i < plan->vrrp_count; i++)
            output_book(file, plan->vrrps[i].delay.from, line);
    }
    output_line(file, NULL, "}");
}

static const char *
check_words(const struct plan_check *check, struct arena *arena)
{
    const char *target = check->kind == CHECK_ROUTE ? spell_prefix(arena, &check->target)
                                                    : spell_address(arena, &check->target);

    if (check->upstream)
        return arena_printf(arena, "Upstream is ready: there is a usable route to %s", target);
    if (check->kind == CHECK_ROUTE)
        return arena_printf(arena, "There is a usable route to %s", target);
    return arena_printf(arena, "%s answers echo requests", target);
}

static void
emit_check(const struct plan_check *check, struct output_file *file)
{
    unsigned first;

    output_end(file);
    first = file->line;
    output_line(file, NULL, "# %s.", check_words(check, file->output->arena));
    output_line(file, NULL, "vrrp_script %s {", check->name);
    output_line(file, NULL, "    script \"/usr/lib/seilc/check %s\"", check->name);
    output_book(file, check->from, first);
    output_line(file, NULL, "    interval %u", check->interval);
    output_line(file, NULL, "    timeout %u", check->timeout);
    output_line(file, check->fall.from, "    fall %u", check->fall.set ? check->fall.value : 1);
    output_line(file, check->rise.from, "    rise %u", check->rise.set ? check->rise.value : 1);
    output_line(file, NULL, "}");
}

/*
 * IPv4: adverts leave from the virtual MAC and keep it fresh in the switches.  IPv6: without
 * vmac_xmit_base the vmac link carries the port's link-local address, and a backup answers for it
 * with the virtual MAC; with it adverts leave from the port's own MAC, so unsolicited neighbour
 * advertisements have to keep the virtual one fresh.  Without a virtual MAC a SEIL repeats its
 * gratuitous ARP every minute.
 */
static void
emit_virtual_mac(const struct plan_vrrp *vrrp, struct output_file *file)
{
    const struct origin *from = vrrp->virtual_mac.from;
    bool keeps_fresh = vrrp->virtual_mac.on && vrrp->family == FAMILY_IPV4;

    if (!vrrp->virtual_mac.on) {
        output_line(file, from, "    # No virtual MAC: the address is said again every minute.");
    } else {
        output_line(file, from, "    use_vmac %s", vrrp->vmac_link);
        if (vrrp->family == FAMILY_IPV6) {
            output_line(file, NULL,
                        "    # Else a backup answers for its own link-local with the virtual MAC.");
            output_line(file, from, "    vmac_xmit_base");
            output_line(file, NULL,
                        "    # Switches would forget the virtual MAC, from which no advert comes.");
        }
    }
    if (!keeps_fresh)
        output_line(file, from, "    garp_master_refresh %d", REFRESH_INTERVAL);
}

static void
emit_election(const struct plan_vrrp *vrrp, struct output_file *file)
{
    output_line(file, vrrp->vrid.from, "    virtual_router_id %u", vrrp->vrid.value);
    output_line(file, vrrp->version.from, "    version %u", vrrp->version.value);
    output_line(file, vrrp->priority.from, "    priority %u", vrrp->priority.value);
    output_line(file, vrrp->interval.from, "    advert_int %u", vrrp->interval.value);
    if (!vrrp->preempt.on)
        output_line(file, vrrp->preempt.from, "    nopreempt");
    else if (vrrp->preempt.from)
        output_line(file, vrrp->preempt.from, "    preempt");
    if (vrrp->delay.from && !vrrp->preempt.on)
        output_line(file, vrrp->delay.from,
                    "    # No preempt_delay: nopreempt leaves nothing to delay.");
    else if (vrrp->delay.from || (vrrp->delay.set && vrrp->delay.value))
        output_line(file, vrrp->delay.from, "    preempt_delay %u", vrrp->delay.value);
}

/* No weights: what fails takes the router out of the election, as on a SEIL. */
static void
emit_tracks(const struct plan_vrrp *vrrp, struct output_file *file)
{
    unsigned first = file->line;
    size_t i;

    if (vrrp->track_link) {
        output_line(file, NULL, "    track_interface {");
        output_line(file, NULL, "        %s", vrrp->track_link);
        output_line(file, NULL, "    }");
        output_book(file, vrrp->track_from, first);
    }
    if (!vrrp->check_count)
        return;
    output_line(file, NULL, "    track_script {");
    for (i = 0; i < vrrp->check_count; i++)
        output_line(file, vrrp->checks[i]->from, "        %s", vrrp->checks[i]->name);
    output_line(file, NULL, "    }");
}

static void
emit_instance(const struct plan_vrrp *vrrp, struct output_file *file)
{
    output_end(file);
    output_line(file, vrrp->from, "vrrp_instance %s {", vrrp->name);
    /* MASTER would be one without an election, and nopreempt wants BACKUP. */
    output_line(file, NULL, "    state BACKUP");
    output_line(file, vrrp->link_from, "    interface %s", vrrp->link);
    emit_virtual_mac(vrrp, file);
    emit_election(vrrp, file);
    output_line(file, NULL, "    virtual_ipaddress {");
    output_line(file, vrrp->address.from, "        %s",
                spell_prefix(file->output->arena, &vrrp->address));
    output_line(file, NULL, "    }");
    emit_tracks(vrrp, file);
    output_line(file, NULL, "    notify \"/usr/lib/seilc/vrrp-notify\"");
    output_line(file, NULL, "}");
}

static bool
is_tracked(const struct plan *plan, const struct plan_check *check)
{
    size_t i, j;

    for (i = 0; i < plan->vrrp_count; i++)
        for (j = 0; j < plan->vrrps[i].check_count; j++)
            if (plan->vrrps[i].checks[j] == check)
                return true;
    return false;
}

void
keepalived_emit(const struct plan *plan, struct output *output)
{
    struct output_file *file;
    size_t i;

    if (!plan->vrrp_count)
        return;
    file = output_file(output, "etc/keepalived/keepalived.conf");
    spell_header(file, "VRRP");
    output_end(file);
    emit_globals(plan, file);
    for (i = 0; i < plan->check_count; i++)
        if (is_tracked(plan, &plan->checks[i]))
            emit_check(&plan->checks[i], file);
    for (i = 0; i < plan->vrrp_count; i++)
        emit_instance(&plan->vrrps[i], file);
}
