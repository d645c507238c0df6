/* iptables.c - the MSS option where a SYN has none: mss4.rules, mss6.rules. */
#include "backend.h"

/*
 * nftables changes an option, but cannot add one.
 *
 * For `ip[6]tables-nft-restore --noflush`, in a chain of our own that PREROUTING and POSTROUTING go
 * through.  The kernel gives a missing option the smaller of the value and what RFC 9293 3.7.1
 * takes for granted: 536 octets, with IPv6 1220.
 */

struct rule_set {
    enum family family;
    const char *path;
    unsigned granted;
};

static const struct rule_set rule_sets[] = {
    {FAMILY_IPV4, "etc/seilc/mss4.rules", 536 },
    {FAMILY_IPV6, "etc/seilc/mss6.rules", 1220},
};

static void
emit_rules(const struct plan *plan, enum family family, const char *direction,
           struct output_file *file)
{
    struct arena *arena = file->output->arena;
    size_t i, j;

    for (i = 0; i < plan->mss_count; i++) {
        const struct plan_mss *mss = &plan->msss[i];
        const char *const *links;
        size_t count = mss->family == family ? spell_links(plan, mss->link, arena, &links) : 0;

        for (j = 0; j < count; j++)
            output_line(file, mss->from,
                        "-A SEILC-MSS %s %s -p tcp --tcp-flags SYN,RST SYN ! --tcp-option 2 "
                        "-j TCPMSS --set-mss %u",
                        direction, links[j], mss->mss);
    }
}

static void
emit_set(const struct plan *plan, const struct rule_set *set, struct output *output)
{
    struct output_file *file = output_file(output, "%s", set->path);

    spell_header(file, "MSS of TCP connections that do not name one");
    output_line(file, NULL, "# What is added is the smaller of the value and %u.", set->granted);
    output_line(file, NULL, "*mangle");
    output_line(file, NULL, ":SEILC-MSS - [0:0]");
    emit_rules(plan, set->family, "-i", file);
    emit_rules(plan, set->family, "-o", file);
    output_line(file, NULL, "COMMIT");
}

void
iptables_emit(const struct plan *plan, struct output *output)
{
    size_t i, j;

    for (i = 0; i < sizeof(rule_sets) / sizeof(*rule_sets); i++)
        for (j = 0; j < plan->mss_count; j++)
            if (plan->msss[j].family == rule_sets[i].family) {
                emit_set(plan, &rule_sets[i], output);
                break;
            }
}
