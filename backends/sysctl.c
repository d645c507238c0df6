/* sysctl.c - kernel settings for systemd-sysctl, kernel modules for systemd-modules-load. */
#include <string.h>

#include "backend.h"

static void
emit_setting(const struct plan_sysctl *setting, const char *why_before, struct output_file *file)
{
    if (setting->why && (!why_before || strcmp(setting->why, why_before) != 0)) {
        output_end(file);
        output_line(file, setting->from, "# %s", setting->why);
    }
    output_line(file, setting->from, "%s = %s", setting->key, setting->value);
}

/*
 * nftables has timeouts of its own for TCP and UDP sessions; for the others there is one value for
 * all of the kernel's connection tracking.
 */
static void
emit_timeouts(const struct plan_timeouts *timeouts, struct output_file *file)
{
    static const char key[] = "net.netfilter.nf_conntrack";

    if (!timeouts->icmp.set && !timeouts->generic.set)
        return;
    output_end(file);
    output_line(file, NULL,
                "# NAT sessions of neither TCP nor UDP. These hold for sessions without NAT, too.");
    if (timeouts->icmp.set)
        output_line(file, timeouts->icmp.from, "%s_icmp_timeout = %u", key, timeouts->icmp.value);
    if (timeouts->generic.set)
        output_line(file, timeouts->generic.from, "%s_generic_timeout = %u", key,
                    timeouts->generic.value);
}

static void
emit_modules(const struct plan *plan, struct output *output)
{
    struct output_file *file;
    size_t i;

    if (!plan->module_count)
        return;
    file = output_file(output, "etc/modules-load.d/seilc.conf");
    spell_header(file, "Kernel modules");
    for (i = 0; i < plan->module_count; i++)
        output_line(file, NULL, "%s", plan->modules[i]);
}

void
sysctl_emit(const struct plan *plan, struct output *output)
{
    const struct plan_timeouts *timeouts = &plan->timeouts;
    const char *why = NULL;
    struct output_file *file;
    size_t i;

    emit_modules(plan, output);
    if (!plan->sysctl_count && !timeouts->icmp.set && !timeouts->generic.set)
        return;
    file = output_file(output, "etc/sysctl.d/90-seilc.conf");
    spell_header(file, "Kernel settings");
    for (i = 0; i < plan->sysctl_count; i++) {
        emit_setting(&plan->sysctls[i], why, file);
        why = plan->sysctls[i].why;
    }
    emit_timeouts(timeouts, file);
}
