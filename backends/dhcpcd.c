/* dhcpcd.c - DHCPv4, router advertisement and DHCPv6 client: dhcpcd.conf. */
#include <string.h>

#include "backend.h"

/*
 * Only link names and numbers: there is nothing to quote.
 *
 * dhcpcd sets addresses from DHCPv4 and advertisements, and default routes.  Delegated prefixes it
 * only asks for: /usr/lib/seilc puts them where they belong, also on the asking link itself, which
 * dhcpcd cannot.
 */

static void
emit_globals(const struct plan *plan, struct output_file *file)
{
    size_t i;

    output_end(file);
    output_line(file, NULL, "# No other link: not a virtual router's, not a tunnel.");
    output_part(file, NULL, "allowinterfaces");
    for (i = 0; i < plan->client_count; i++)
        output_part(file, plan->clients[i].from, " %s", plan->clients[i].link);
    output_end(file);
    output_line(file, NULL, "# In place of all other hooks; it writes down what was learned.");
    output_line(file, NULL, "script /usr/lib/seilc/dhcpcd-hook");
    output_line(file, NULL, "# A restart of dhcpcd must not cost addresses.");
    output_line(file, NULL, "persistent");
    output_line(file, NULL, "duid");
    output_line(file, NULL, "vendorclassid");
    output_line(file, NULL, "noipv4ll");
    output_line(file, NULL, "noipv6rs");
}

/* Without default route `routers` is asked for all the same: other routes may lead there. */
static void
emit_dhcp4(const struct plan_client *client, struct output_file *file)
{
    if (!client->dhcp4.on) {
        output_line(file, client->dhcp4.from, "    noipv4");
        return;
    }
    output_line(file, client->dhcp4.from,
                "    option subnet_mask, routers, classless_static_routes");
    if (client->learn_dns.on)
        output_line(file, client->learn_dns.from, "    option domain_name_servers, domain_name");
    output_line(file, client->dhcp4.from, "    require dhcp_server_identifier");
}

static void
emit_ra(const struct plan_client *client, struct output_file *file)
{
    if (!client->ra.on)
        return;
    output_line(file, client->ra.from, "    ipv6rs");
    if (client->ra_autoconf.on) {
        output_line(file, client->ra_autoconf.from, "    slaac hwaddr");
        return;
    }
    if (client->interface_id.from)
        output_line(file, client->interface_id.from,
                    "    # Addresses from advertisements get an interface id elsewhere.");
    output_line(file, client->ra_autoconf.from, "    ipv6ra_noautoconf");
}

static bool
learns_time(const struct plan *plan, const struct plan_client *client, size_t *which)
{
    const struct plan_system *system = &plan->system;
    size_t i;

    for (i = 0; i < system->ntp_server_count; i++) {
        *which = i;
        if (system->ntp_servers[i].learned6 &&
            strcmp(system->ntp_servers[i].link, client->link) == 0)
            return true;
    }
    return false;
}

static void
emit_dhcp6_options(const struct plan *plan, const struct plan_client *client,
                   struct output_file *file)
{
    size_t ntp;

    if (client->rapid_commit.on)
        output_line(file, client->rapid_commit.from, "    option dhcp6_rapid_commit");
    else if (client->rapid_commit.from)
        output_line(file, client->rapid_commit.from, "    # No dhcp6_rapid_commit.");
    if (client->reconf_accept.on)
        output_refuse(
            file->output, client->reconf_accept.from,
            "dhcpcd accepts reconfiguration only together with a key that the server shares");
    else if (client->reconf_accept.from)
        output_line(file, client->reconf_accept.from,
                    "    # dhcpcd does not accept reconfiguration.");
    if (client->learn_dns.on)
        output_line(file, client->learn_dns.from,
                    "    option dhcp6_name_servers, dhcp6_domain_search");
    if (learns_time(plan, client, &ntp))
        output_line(file, plan->system.ntp_servers[ntp].from, "    option dhcp6_sntp_servers");
}

/* noipv6 would stop advertisements, too. */
static void
emit_dhcp6(const struct plan *plan, const struct plan_client *client, struct output_file *file)
{
    if (!client->dhcp6.on) {
        output_line(file, client->dhcp6.from, client->ra.on ? "    nodhcp6" : "    noipv6");
        return;
    }
    if (client->dhcp6_address.on)
        output_line(file, client->dhcp6_address.from, "    ia_na");
    if (client->delegation.on) {
        output_line(file, NULL, "    # For no link (\"-\"): its subnets are set when it is known.");
        output_part(file, client->delegation.from, "    ia_pd %u -", client->iaid);
        output_part(file, client->dhcp6.from, "%s", "");
        output_end(file);
    }
    if (!client->dhcp6_address.on && !client->delegation.on)
        output_line(file, client->dhcp6.from, "    inform6");
    emit_dhcp6_options(plan, client, file);
}

/* Default routes that dhcpcd does not install are either unwanted or the run-time scripts' work. */
static void
emit_default_routes(const struct plan_client *client, struct output_file *file)
{
    if (!client->default4.on && !client->default6.on) {
        output_line(file, NULL, "    nogateway");
        return;
    }
    output_part(file, client->metric.from, "    metric %u", client->metric.value);
    output_part(file, client->default4.from, "%s", "");
    output_part(file, client->default6.from, "%s", "");
    output_end(file);
}

static void
emit_client(const struct plan *plan, const struct plan_client *client, struct output_file *file)
{
    output_end(file);
    output_line(file, client->from, "interface %s", client->link);
    emit_default_routes(client, file);
    emit_dhcp4(client, file);
    emit_ra(client, file);
    emit_dhcp6(plan, client, file);
}

void
dhcpcd_emit(const struct plan *plan, struct output *output)
{
    struct output_file *file;
    size_t i;

    if (!plan->client_count)
        return;
    file = output_file(output, "etc/dhcpcd.conf");
    spell_header(file, "Addresses, prefixes and default routes that are learned");
    emit_globals(plan, file);
    for (i = 0; i < plan->client_count; i++)
        emit_client(plan, &plan->clients[i], file);
}
