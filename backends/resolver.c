/* resolver.c - resolv.conf, hosts, the host's name and its time zone. */
#include <string.h>
#include <strings.h>

#include "backend.h"

enum { HOSTNAME_MAX = 64 }; /* octets; sethostname(2) */

/* ---- quoting: none of these formats has any, so a name is either plain or refused ---- */

/*
 * A name in /etc/hosts or behind `search`: without spaces, comments and line ends, and no address
 * in disguise.
 */
static const char *
quote_name(const struct plan_text *name, struct output *output)
{
    const char *plain = spell_domain(output->arena, name->text);

    if (!plain)
        output_refuse(output, name->from, "a name of letters, digits, hyphens and dots is needed");
    return plain;
}

/* Another address for localhost would send half of the router's talk with itself abroad. */
static const char *
quote_host(const struct plan_text *name, struct output *output)
{
    const char *plain = quote_name(name, output);

    if (!plain || strcasecmp(plain, "localhost") != 0)
        return plain;
    output_refuse(output, name->from, "localhost is the router itself");
    return NULL;
}

/* The first label is the host's; systemd refuses what is longer than the kernel's limit. */
static const char *
quote_hostname(const struct plan_text *name, struct output *output)
{
    const char *plain = spell_domain(output->arena, name->text);

    if (plain && strlen(plain) <= HOSTNAME_MAX && !strchr(plain, '_') &&
        plain[strlen(plain) - 1] != '.')
        return plain;
    output_refuse(
        output, name->from,
        "a host name of letters, digits, hyphens and dots, up to %d characters, is needed",
        HOSTNAME_MAX);
    return NULL;
}

/* A zone's name stays below /usr/share/zoneinfo. */
static bool
is_zone(const char *zone)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/";

    return *zone && zone[strspn(zone, plain)] == '\0' && *zone != '/' && *zone != '-';
}

/* ---- resolv.conf ---- */

static bool
is_learned(const struct plan_nameserver *server)
{
    return server->learned4 || server->learned6;
}

static void
emit_fixed_resolver(const struct plan_system *system, struct output *output)
{
    struct output_file *file = output_file(output, "etc/resolv.conf");
    const char *domain;
    size_t i;

    spell_header(file, "DNS");
    output_book(file, system->resolver_from, 1);
    domain = system->domain.from ? quote_name(&system->domain, output) : NULL;
    if (domain)
        output_line(file, system->domain.from, "search %s", domain);
    for (i = 0; i < system->nameserver_count; i++)
        output_line(file, system->nameservers[i].address.from, "nameserver %s",
                    spell_address(output->arena, &system->nameservers[i].address));
}

/* With a learned server the scripts write the list. */
static void
emit_resolver(const struct plan_system *system, struct output *output)
{
    size_t i;

    for (i = 0; i < system->nameserver_count; i++)
        if (is_learned(&system->nameservers[i])) {
            output_symlink(output, system->resolver_from, "etc/resolv.conf",
                           "../run/seilc/resolv.conf");
            return;
        }
    emit_fixed_resolver(system, output);
}

/* ---- hosts, hostname, timezone ---- */

static void
emit_hosts(const struct plan_system *system, const char *hostname, struct output *output)
{
    struct output_file *file = output_file(output, "etc/hosts");
    size_t i;

    spell_header(file, "Host names");
    output_line(file, NULL, "127.0.0.1 localhost");
    if (hostname)
        output_line(file, system->hostname.from, "127.0.1.1 %s", hostname);
    output_line(file, NULL, "::1 localhost ip6-localhost ip6-loopback");
    for (i = 0; i < system->host_count; i++) {
        const struct plan_host *host = &system->hosts[i];
        const char *name = quote_host(&host->name, output);

        if (!name)
            continue;
        output_part(file, host->address.from, "%s", spell_address(output->arena, &host->address));
        output_part(file, host->name.from, " %s", name);
        output_end(file);
    }
}

static void
emit_timezone(const struct plan_system *system, struct output *output)
{
    if (!is_zone(system->timezone)) {
        output_refuse(output, system->timezone_from, "a name of the time zone database is needed");
        return;
    }
    output_line(output_file(output, "etc/timezone"), system->timezone_from, "%s", system->timezone);
    output_symlink(output, system->timezone_from, "etc/localtime",
                   arena_printf(output->arena, "../usr/share/zoneinfo/%s", system->timezone));
}

void
resolver_emit(const struct plan *plan, struct output *output)
{
    const struct plan_system *system = &plan->system;
    const char *hostname = system->hostname.from ? quote_hostname(&system->hostname, output) : NULL;

    if (system->resolver)
        emit_resolver(system, output);
    if (hostname)
        output_line(output_file(output, "etc/hostname"), system->hostname.from, "%s", hostname);
    if (hostname || system->host_count)
        emit_hosts(system, hostname, output);
    if (system->timezone)
        emit_timezone(system, output);
}
