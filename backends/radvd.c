/* radvd.c - router advertisements: radvd.conf. */
#include <string.h>
#include <strings.h>

#include "backend.h"

/*
 * Words of radvd's own, in any case: its scanner does not take them for a domain, and knows no
 * quotes.
 */
/* clang-format off */
static const char *const keywords[] = {
    "abro", "AutoIgnorePrefixes", "Base6Interface", "Base6to4Interface", "clients",
    "DecrementLifetimes", "DeprecatePrefix", "DNSSL", "FlushDNSSL", "FlushRDNSS", "high",
    "HomeAgentLifetime", "HomeAgentPreference", "IgnoreIfMissing", "infinity", "interface", "low",
    "lowpanco", "MaxRtrAdvInterval", "medium", "MinDelayBetweenRAs", "MinRtrAdvInterval",
    "nat64prefix", "off", "on", "prefix", "RDNSS", "RemoveAdvOnExit", "RemoveRoute", "route",
    "UnicastOnly", "UnrestrictedUnicast",
};
/* clang-format on */

static bool
is_keyword(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
        if (strcasecmp(name, keywords[i]) == 0)
            return true;
    /* There are three dozen of these. */
    return strncasecmp(name, "Adv", 3) == 0 && !strchr(name, '.');
}

/*
 * A domain as radvd's scanner reads one: letters, digits, hyphens and dots, not a number or a word
 * of its own; no quoting exists.  A name that it cannot hold is refused, and NULL returned.
 */
static const char *
quote_domain(const struct plan_text *domain, struct output *output)
{
    const char *name = spell_domain(output->arena, domain->text);

    if (name && !strchr(name, '_') && name[strspn(name, "0123456789.")] && !is_keyword(name))
        return name;
    output_refuse(
        output, domain->from,
        "radvd takes domains of letters, digits, hyphens and dots, and no word of its own");
    return NULL;
}

/* A number with its line, when it is set. */
static void
emit_number(const struct plan_number *number, const char *indent, const char *word,
            struct output_file *file)
{
    if (!number->set)
        return;
    if (number->value == UINT32_MAX)
        output_line(file, number->from, "%s%s infinity;", indent, word);
    else
        output_line(file, number->from, "%s%s %u;", indent, word, number->value);
}

/* A flag that radvd has switched to `otherwise` by itself. */
static void
emit_flag(const struct plan_flag *flag, bool otherwise, const char *indent, const char *word,
          struct output_file *file)
{
    if (flag->from || flag->on != otherwise)
        output_line(file, flag->from, "%s%s %s;", indent, word, flag->on ? "on" : "off");
}

static void
emit_prefix(const struct plan_ra_prefix *prefix, struct output_file *file)
{
    const struct origin *from = prefix->prefix.from;

    output_end(file);
    if (prefix->base_link) {
        output_line(file, NULL, "    # Whatever prefix %s has at the time of each advertisement.",
                    prefix->base_link);
        output_line(file, from, "    prefix ::/64 {");
        output_line(file, from, "        Base6Interface %s;", prefix->base_link);
    } else {
        output_line(file, from, "    prefix %s {",
                    spell_ipv6_prefix(file->output->arena, &prefix->prefix));
    }
    emit_flag(&prefix->onlink, true, "        ", "AdvOnLink", file);
    emit_flag(&prefix->autonomous, true, "        ", "AdvAutonomous", file);
    emit_number(&prefix->valid, "        ", "AdvValidLifetime", file);
    emit_number(&prefix->preferred, "        ", "AdvPreferredLifetime", file);
    output_line(file, NULL, "    };");
}

static void
emit_dns(const struct plan_ra_item *item, struct output_file *file)
{
    output_end(file);
    output_line(file, item->address.from, "    RDNSS %s {",
                spell_ipv6(file->output->arena, &item->address.address));
    emit_number(&item->lifetime, "        ", "AdvRDNSSLifetime", file);
    output_line(file, NULL, "    };");
}

static void
emit_domain(const struct plan_ra_item *item, struct output_file *file)
{
    const char *name = quote_domain(&item->domain, file->output);

    if (!name)
        return;
    output_end(file);
    output_line(file, item->domain.from, "    DNSSL %s {", name);
    emit_number(&item->lifetime, "        ", "AdvDNSSLLifetime", file);
    output_line(file, NULL, "    };");
}

/*
 * The address is there only on the master, so a backup is silent without any script.  A stop says
 * nothing: the other router speaks for the same address, and a lifetime of 0 would cost every host
 * its default route.
 */
static void
emit_virtual_source(const struct plan_ra *ra, enum target target, struct output_file *file)
{
    output_line(file, NULL, "    # There on the master alone: a backup keeps silent.");
    output_line(file, NULL, "    AdvRASrcAddress {");
    output_line(file, ra->source_from, "        %s;", spell_ipv6(file->output->arena, &ra->source));
    output_line(file, NULL, "    };");
    /* radvd 2.19 does not know the word. */
    if (target != TARGET_DEBIAN12)
        output_line(file, NULL, "    RemoveAdvOnExit off;");
}

static void
emit_interface(const struct plan_ra *ra, enum target target, struct output_file *file)
{
    size_t i;

    output_end(file);
    if (strcmp(ra->link, ra->send_link) != 0)
        output_line(file, ra->link_from, "# %s is the virtual router's link on %s.", ra->send_link,
                    ra->link);
    output_line(file, ra->link_from, "interface %s {", ra->send_link);
    output_line(file, ra->from, "    AdvSendAdvert on;");
    output_line(file, NULL, "    IgnoreIfMissing on;");
    if (ra->from_virtual)
        emit_virtual_source(ra, target, file);
    emit_number(&ra->max_interval, "    ", "MaxRtrAdvInterval", file);
    emit_number(&ra->min_interval, "    ", "MinRtrAdvInterval", file);
    emit_number(&ra->lifetime, "    ", "AdvDefaultLifetime", file);
    emit_flag(&ra->managed, false, "    ", "AdvManagedFlag", file);
    emit_flag(&ra->other, false, "    ", "AdvOtherConfigFlag", file);
    emit_number(&ra->hop_limit, "    ", "AdvCurHopLimit", file);
    emit_number(&ra->mtu, "    ", "AdvLinkMTU", file);
    emit_number(&ra->reachable_time, "    ", "AdvReachableTime", file);
    emit_number(&ra->retrans_timer, "    ", "AdvRetransTimer", file);
    for (i = 0; i < ra->prefix_count; i++)
        emit_prefix(&ra->prefixes[i], file);
    for (i = 0; i < ra->dns_count; i++)
        emit_dns(&ra->dns[i], file);
    for (i = 0; i < ra->domain_count; i++)
        emit_domain(&ra->domains[i], file);
    output_line(file, NULL, "};");
}

void
radvd_emit(const struct plan *plan, struct output *output)
{
    struct output_file *file;
    size_t i;

    if (!plan->ra_count)
        return;
    file = output_file(output, "etc/radvd.conf");
    spell_header(file, "Router advertisements");
    for (i = 0; i < plan->ra_count; i++)
        emit_interface(&plan->ras[i], plan->target, file);
}
