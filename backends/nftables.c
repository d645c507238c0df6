/* nftables.c - NAT, prefix translation and TCP MSS: nftables.nft. */
#include <string.h>

#include "backend.h"

/*
 * Only link names and numbers: there is nothing to quote.
 *
 * Only tables of our own, each made empty, deleted and made again within the one transaction of
 * `nft -f`: a mistake leaves the old ones in place, and keepalived's tables stay.  iifname and
 * oifname hold also while the link is not there.
 */

static void
emit_table_start(const char *family, struct output_file *file)
{
    output_end(file);
    output_line(file, NULL, "table %s seilc {}", family);
    output_line(file, NULL, "delete table %s seilc", family);
}

/*
 * Blocks of a table stand apart: all but the first, which follows the table's own line, after an
 * empty one.
 */
static void
emit_gap(struct output_file *file)
{
    if (file->len > 3 && memcmp(file->bytes + file->len - 3, " {\n", 3) != 0)
        output_end(file);
}

static void
emit_chain_start(const char *name, const char *hook, struct output_file *file)
{
    emit_gap(file);
    output_line(file, NULL, "    chain %s {", name);
    output_line(file, NULL, "        type %s; policy accept;", hook);
}

static void
emit_chain_end(struct output_file *file)
{
    output_line(file, NULL, "    }");
}

/* `"ge1"`, or `{ "ge1", "vrrp4.1" }` when the port has vmac links. */
static const char *
spell_match(const struct plan *plan, const char *link, struct arena *arena)
{
    const char *const *links;
    size_t count = spell_links(plan, link, arena, &links);
    const char *match = arena_printf(arena, "\"%s\"", links[0]);
    size_t i;

    for (i = 1; i < count; i++)
        match = arena_printf(arena, "%s, \"%s\"", match, links[i]);
    return count > 1 ? arena_printf(arena, "{ %s }", match) : match;
}

/* ---- table ip: many to one ---- */

static const char *
spell_range(const struct plan_napt *napt, struct arena *arena)
{
    const char *first = spell_ipv4(arena, napt->first);

    if (napt->first.s_addr == napt->last.s_addr)
        return first;
    return arena_printf(arena, "%s-%s", first, spell_ipv4(arena, napt->last));
}

/* The part of a rule that says which packets are meant. */
static void
emit_napt_match(const struct plan *plan, const struct plan_napt *napt, struct output_file *file)
{
    struct arena *arena = file->output->arena;

    output_part(file, napt->link_from, "        oifname %s", spell_match(plan, napt->link, arena));
    output_part(file, napt->private_from, " ip saddr %s", spell_range(napt, arena));
}

/* A SEIL translates sessions of TCP, UDP and ICMP alone. */
static void
emit_napt(const struct plan *plan, const struct plan_napt *napt, struct output_file *file)
{
    emit_napt_match(plan, napt, file);
    output_part(file, NULL, " meta l4proto { icmp, tcp, udp }");
    if (napt->global.address.s_addr)
        output_part(file, napt->global.from, " snat to %s",
                    spell_ipv4(file->output->arena, napt->global.address));
    else
        output_part(file, NULL, " masquerade");
    if (napt->random_ports.on)
        output_part(file, napt->random_ports.from, " fully-random");
    else
        output_part(file, napt->random_ports.from, "%s", "");
    output_end(file);
}

static bool
has_tcp_timeouts(const struct plan *plan)
{
    return plan->timeouts.tcp_syn_sent.set || plan->timeouts.tcp_established.set;
}

static void
emit_tcp_timeouts(const struct plan_timeouts *timeouts, struct output_file *file)
{
    const char *comma = "";

    emit_gap(file);
    output_line(file, NULL, "    ct timeout nat_tcp {");
    output_line(file, NULL, "        protocol tcp");
    output_line(file, NULL, "        l3proto ip");
    output_part(file, NULL, "        policy = {");
    if (timeouts->tcp_syn_sent.set) {
        output_part(file, timeouts->tcp_syn_sent.from, " syn_sent : %u",
                    timeouts->tcp_syn_sent.value);
        comma = ",";
    }
    if (timeouts->tcp_established.set)
        output_part(file, timeouts->tcp_established.from, "%s established : %u", comma,
                    timeouts->tcp_established.value);
    output_line(file, NULL, " }");
    output_line(file, NULL, "    }");
}

static void
emit_udp_timeouts(const struct plan_number *udp, struct output_file *file)
{
    emit_gap(file);
    output_line(file, NULL, "    ct timeout nat_udp {");
    output_line(file, NULL, "        protocol udp");
    output_line(file, NULL, "        l3proto ip");
    output_line(file, udp->from, "        policy = { unreplied : %u, replied : %u }", udp->value,
                udp->value);
    output_line(file, NULL, "    }");
}

static void
emit_timeout_rule(const struct plan *plan, const struct plan_napt *napt, const char *protocol,
                  struct output_file *file)
{
    emit_napt_match(plan, napt, file);
    output_line(file, NULL, " meta l4proto %s ct timeout set \"nat_%s\"", protocol, protocol);
}

/* A session gets its timeouts with its first packet, before NAT sees that. */
static void
emit_timeouts(const struct plan *plan, struct output_file *file)
{
    bool udp = plan->timeouts.udp.set;
    bool tcp = has_tcp_timeouts(plan);
    size_t i;

    if (tcp)
        emit_tcp_timeouts(&plan->timeouts, file);
    if (udp)
        emit_udp_timeouts(&plan->timeouts.udp, file);
    if (!tcp && !udp)
        return;
    emit_chain_start("timeouts", "filter hook postrouting priority mangle", file);
    for (i = 0; i < plan->napt_count; i++) {
        if (tcp)
            emit_timeout_rule(plan, &plan->napts[i], "tcp", file);
        if (udp)
            emit_timeout_rule(plan, &plan->napts[i], "udp", file);
    }
    emit_chain_end(file);
}

static void
emit_ip(const struct plan *plan, struct output_file *file)
{
    size_t i;

    emit_table_start("ip", file);
    if (!plan->napt_count)
        return;
    output_line(file, NULL, "table ip seilc {");
    emit_timeouts(plan, file);
    emit_chain_start("postrouting", "nat hook postrouting priority srcnat", file);
    for (i = 0; i < plan->napt_count; i++)
        emit_napt(plan, &plan->napts[i], file);
    emit_chain_end(file);
    output_line(file, NULL, "}");
}

/* ---- table ip6: prefix to prefix ---- */

/*
 * The maps of a translation; /usr/lib/seilc/reconcile fills them when the outside prefix is
 * learned.
 */
static void
emit_map(const struct plan_npt *npt, bool outward, struct output_file *file)
{
    struct arena *arena = file->output->arena;
    const struct plan_ipv6_prefix *key = outward ? &npt->internal : &npt->external;
    const struct plan_ipv6_prefix *data = outward ? &npt->external : &npt->internal;

    emit_gap(file);
    output_line(file, npt->from, "    map %s_%s {", npt->map, outward ? "out" : "in");
    output_line(file, NULL, "        type ipv6_addr : interval ipv6_addr");
    output_line(file, NULL, "        flags interval");
    if (npt->learned) {
        output_line(file, npt->from, "        # Filled when the prefix of %s is known.", npt->link);
    } else {
        output_part(file, key->from, "        elements = { %s :", spell_ipv6_prefix(arena, key));
        output_part(file, data->from, " %s }", spell_ipv6_prefix(arena, data));
        output_end(file);
    }
    output_line(file, NULL, "    }");
}

/*
 * Stateful, since only that translates what ICMPv6 errors quote, without which path MTU discovery
 * breaks.  Not what is meant for the router itself: a tunnel's own address may lie in the same
 * prefix.
 */
static void
emit_inward(const struct plan *plan, const struct plan_npt *npt, struct output_file *file)
{
    struct arena *arena = file->output->arena;

    output_part(file, npt->link_from, "        iifname %s", spell_match(plan, npt->link, arena));
    output_part(file, npt->from, " fib daddr type != local dnat ip6 prefix to ip6 daddr map @%s_in",
                npt->map);
    output_end(file);
}

static void
emit_outward(const struct plan *plan, const struct plan_npt *npt, struct output_file *file)
{
    struct arena *arena = file->output->arena;

    output_part(file, npt->link_from, "        oifname %s", spell_match(plan, npt->link, arena));
    if (npt->masquerade) {
        output_part(file, npt->internal.from, " ip6 saddr %s",
                    spell_ipv6_prefix(arena, &npt->internal));
        output_part(file, npt->masquerade_from, " masquerade");
    } else {
        output_part(file, npt->from, " snat ip6 prefix to ip6 saddr map @%s_out", npt->map);
    }
    output_end(file);
}

static size_t
count_mapped(const struct plan *plan)
{
    size_t count = 0;
    size_t i;

    for (i = 0; i < plan->npt_count; i++)
        count += !plan->npts[i].masquerade;
    return count;
}

static void
emit_maps(const struct plan *plan, struct output_file *file)
{
    size_t i;

    for (i = 0; i < plan->npt_count; i++) {
        if (plan->npts[i].masquerade)
            continue;
        emit_map(&plan->npts[i], true, file);
        emit_map(&plan->npts[i], false, file);
    }
    if (!count_mapped(plan))
        return;
    emit_chain_start("prerouting", "nat hook prerouting priority dstnat", file);
    output_line(file, NULL,
                "        # Not to the router itself: its addresses may lie in the same prefix.");
    for (i = 0; i < plan->npt_count; i++)
        if (!plan->npts[i].masquerade)
            emit_inward(plan, &plan->npts[i], file);
    emit_chain_end(file);
}

/* IPv4 has a setting for this (send_redirects); IPv6 has none. */
static void
emit_redirects(const struct plan_flag *drop, struct output_file *file)
{
    if (!drop->on)
        return;
    emit_chain_start("output", "filter hook output priority filter", file);
    output_line(file, drop->from, "        icmpv6 type nd-redirect drop");
    emit_chain_end(file);
}

static void
emit_ip6(const struct plan *plan, struct output_file *file)
{
    size_t i;

    emit_table_start("ip6", file);
    if (!plan->npt_count && !plan->drop_redirects6.on)
        return;
    output_line(file, NULL, "table ip6 seilc {");
    emit_redirects(&plan->drop_redirects6, file);
    emit_maps(plan, file);
    if (plan->npt_count)
        emit_chain_start("postrouting", "nat hook postrouting priority srcnat", file);
    for (i = 0; i < plan->npt_count; i++)
        emit_outward(plan, &plan->npts[i], file);
    if (plan->npt_count)
        emit_chain_end(file);
    output_line(file, NULL, "}");
}

/* ---- table inet: TCP MSS in both directions, the router's own packets included ---- */

static void
emit_mss(const struct plan *plan, const char *direction, struct output_file *file)
{
    struct arena *arena = file->output->arena;
    size_t i;

    for (i = 0; i < plan->mss_count; i++) {
        const struct plan_mss *mss = &plan->msss[i];

        output_line(file, mss->from,
                    "        %s %s meta nfproto %s tcp flags & (syn | rst) == syn "
                    "tcp option maxseg size > %u tcp option maxseg size set %u",
                    direction, spell_match(plan, mss->link, arena),
                    mss->family == FAMILY_IPV4 ? "ipv4" : "ipv6", mss->mss, mss->mss);
    }
}

static void
emit_inet(const struct plan *plan, struct output_file *file)
{
    emit_table_start("inet", file);
    if (!plan->mss_count)
        return;
    output_line(file, NULL,
                "# A larger MSS is lowered. A missing one is added by mss4.rules and mss6.rules.");
    output_line(file, NULL, "table inet seilc {");
    emit_chain_start("mss_in", "filter hook prerouting priority mangle", file);
    emit_mss(plan, "iifname", file);
    emit_chain_end(file);
    emit_chain_start("mss_out", "filter hook postrouting priority mangle", file);
    emit_mss(plan, "oifname", file);
    emit_chain_end(file);
    output_line(file, NULL, "}");
}

static bool
learns_prefix(const struct plan *plan)
{
    size_t i;

    for (i = 0; i < plan->npt_count; i++)
        if (plan->npts[i].learned && !plan->npts[i].masquerade)
            return true;
    return false;
}

void
nftables_emit(const struct plan *plan, struct output *output)
{
    struct output_file *file;

    if (!plan->napt_count && !plan->npt_count && !plan->mss_count && !plan->drop_redirects6.on)
        return;
    file = output_file(output, "etc/seilc/nftables.nft");
    spell_header(file, "Packet rules");
    output_line(file, NULL,
                "# Own tables only, replaced in one transaction: a mistake leaves the old ones.");
    emit_ip(plan, file);
    emit_ip6(plan, file);
    emit_inet(plan, file);
    if (learns_prefix(plan)) {
        output_end(file);
        output_line(file, NULL, "# The prefixes that are known by now.");
        output_line(file, NULL, "include \"/run/seilc/nft/*.nft\"");
    }
}
