/* runtime.c - what /usr/lib/seilc has to know: runtime.conf; and the scripts and units. */
#include <arpa/inet.h>
#include <string.h>

#include "backend.h"
#include "embedded.h"

enum { VALID_LIFETIME_DEFAULT = 86400 }; /* s; radvd.conf(5) AdvValidLifetime */

/*
 * runtime.conf: a record a line, fields separated by a space, `-` for none, no quoting; the scripts
 * check every field again. The file is made with its first record.
 */
struct records {
    struct output *output;
    struct output_file *file;
};

/* A blank line and a comment that names the fields of the records to come. */
static void
begin_records(struct records *records, const char *fields)
{
    if (!records->file) {
        records->file = output_file(records->output, "etc/seilc/runtime.conf");
        spell_header(records->file, "What /usr/lib/seilc makes of learned addresses");
    }
    output_end(records->file);
    output_line(records->file, NULL, "# %s", fields);
}

static void
emit_subnets(const struct plan *plan, struct records *records)
{
    size_t i;

    if (plan->subnet_count)
        begin_records(records, "subnet  client iaid port sla-id interface-id");
    for (i = 0; i < plan->subnet_count; i++) {
        const struct plan_subnet *subnet = &plan->subnets[i];

        output_part(records->file, subnet->from, "subnet %s %u %s", subnet->client, subnet->iaid,
                    subnet->link);
        output_part(records->file, subnet->sla_from, " 0x%04x", subnet->sla_id);
        output_part(records->file, subnet->id_from, " %s",
                    spell_ipv6(records->output->arena, &subnet->interface_id));
        output_end(records->file);
    }
}

static void
emit_ra_addresses(const struct plan *plan, struct records *records)
{
    bool begun = false;
    size_t i;

    for (i = 0; i < plan->client_count; i++) {
        const struct plan_client *client = &plan->clients[i];

        if (!client->interface_id.from)
            continue;
        if (!begun)
            begin_records(records, "ra-address  port interface-id");
        begun = true;
        output_line(records->file, client->interface_id.from, "ra-address %s %s", client->link,
                    spell_ipv6(records->output->arena, &client->interface_id.address));
    }
}

static void
emit_tunnel(const struct plan_tunnel *tunnel, struct records *records)
{
    struct output_file *file = records->file;
    struct arena *arena = records->output->arena;

    output_part(file, tunnel->from, "tunnel %s %s", tunnel->name, plan_tunnel_modes[tunnel->mode]);
    if (tunnel->source_link)
        output_part(file, tunnel->source_from, " dev:%s", tunnel->source_link);
    else
        output_part(file, tunnel->source_from, " %s", spell_address(arena, &tunnel->source));
    output_part(file, tunnel->source.from, "%s", "");
    output_part(file, tunnel->destination.from, " %s", spell_address(arena, &tunnel->destination));
    output_part(file, tunnel->mtu.from, " %u", tunnel->mtu.value);
    if (tunnel->tos_copy)
        output_part(file, tunnel->tos.from, " inherit");
    else
        output_part(file, tunnel->tos.from, " %u", tunnel->tos.set ? tunnel->tos.value : 0);
    output_part(file, NULL, " %u", tunnel->ttl);
    output_end(file);
}

static void
emit_tunnels(const struct plan *plan, struct records *records)
{
    size_t i;

    if (plan->tunnel_count)
        begin_records(records, "tunnel  link mode local remote mtu tos ttl");
    for (i = 0; i < plan->tunnel_count; i++)
        emit_tunnel(&plan->tunnels[i], records);
}

static const char *
spell_source(const struct plan_route *route, struct arena *arena)
{
    if (route->prefsrc_link)
        return arena_printf(arena, "dev:%s", route->prefsrc_link);
    return route->prefsrc.s_addr ? spell_ipv4(arena, route->prefsrc) : "-";
}

/* Routes that need a tunnel or a learned gateway; the others are in routes.batch. */
static void
emit_routes(const struct plan *plan, struct records *records)
{
    static const char *const vias[] = {[VIA_LINK] = "dev", [VIA_DHCP] = "dhcp", [VIA_RA] = "ra"};
    struct arena *arena = records->output->arena;
    bool begun = false;
    size_t i;

    for (i = 0; i < plan->route_count; i++) {
        const struct plan_route *route = &plan->routes[i];

        if (route->via == VIA_ADDRESS || route->via == VIA_BLACKHOLE)
            continue;
        if (!begun)
            begin_records(records, "route  destination via metric source");
        begun = true;
        output_part(records->file, route->destination.from, "route %s",
                    spell_prefix(arena, &route->destination));
        output_part(records->file, route->from, " %s:%s", vias[route->via], route->link);
        output_part(records->file, route->metric_from, " %u", route->metric);
        output_part(records->file, NULL, " %s", spell_source(route, arena));
        output_end(records->file);
    }
}

static void
emit_translations(const struct plan *plan, struct records *records)
{
    bool begun = false;
    size_t i;

    for (i = 0; i < plan->npt_count; i++) {
        const struct plan_npt *npt = &plan->npts[i];

        if (!npt->learned || npt->masquerade)
            continue;
        if (!begun)
            begin_records(records, "nat66  map port internal");
        begun = true;
        output_part(records->file, npt->from, "nat66 %s", npt->map);
        output_part(records->file, npt->link_from, " %s", npt->link);
        output_part(records->file, npt->internal.from, " %s",
                    spell_ipv6_prefix(records->output->arena, &npt->internal));
        output_end(records->file);
    }
}

static bool
learns_nameservers(const struct plan_system *system)
{
    size_t i;

    for (i = 0; i < system->nameserver_count; i++)
        if (system->nameservers[i].learned4 || system->nameservers[i].learned6)
            return true;
    return false;
}

/* When one is learned all are here, and resolv.conf is made by the scripts. */
static void
emit_nameservers(const struct plan_system *system, struct records *records)
{
    struct arena *arena = records->output->arena;
    size_t i;

    if (!system->resolver || !learns_nameservers(system))
        return;
    begin_records(records, "nameserver  address, or where it is learned");
    for (i = 0; i < system->nameserver_count; i++) {
        const struct plan_nameserver *server = &system->nameservers[i];

        if (server->learned4 || server->learned6)
            output_line(records->file, server->address.from, "nameserver %s:%s",
                        server->learned4 ? "dhcp" : "dhcp6", server->link);
        else
            output_line(records->file, server->address.from, "nameserver %s",
                        spell_address(arena, &server->address));
    }
    if (system->domain.from) {
        const char *domain = spell_domain(arena, system->domain.text);

        if (domain)
            output_line(records->file, system->domain.from, "search %s", domain);
        else
            output_refuse(records->output, system->domain.from,
                          "a domain of letters, digits, hyphens and dots is needed");
    }
}

static void
emit_time_servers(const struct plan_system *system, struct records *records)
{
    bool begun = false;
    size_t i;

    for (i = 0; i < system->ntp_server_count; i++) {
        const struct plan_ntp_server *server = &system->ntp_servers[i];

        if (!server->learned6)
            continue;
        if (!begun)
            begin_records(records, "ntp  where it is learned");
        begun = true;
        output_line(records->file, server->from, "ntp dhcp6:%s", server->link);
    }
}

static void
emit_check(const struct plan_check *check, struct records *records)
{
    struct arena *arena = records->output->arena;

    if (check->kind == CHECK_ROUTE)
        output_part(records->file, check->target.from, "check %s %s %s", check->name,
                    check->upstream ? "upstream" : "route", spell_prefix(arena, &check->target));
    else
        output_part(records->file, check->target.from, "check %s echo %s %s", check->name,
                    spell_address(arena, &check->target),
                    check->link ? arena_printf(arena, "dev:%s", check->link) : "-");
    output_part(records->file, check->from, "%s", "");
    output_end(records->file);
}

static void
emit_checks(const struct plan *plan, struct records *records)
{
    size_t i;

    if (plan->check_count)
        begin_records(records, "check  name kind what");
    for (i = 0; i < plan->check_count; i++)
        emit_check(&plan->checks[i], records);
}

/*
 * ---- the deviation ra-deprecate: what is said of prefixes when this router stops being the one
 * that advertises ----
 */

static const char *
spell_flags(bool first, const char *first_letter, bool second, const char *second_letter,
            struct arena *arena)
{
    if (!first && !second)
        return "-";
    return arena_printf(arena, "%s%s", first ? first_letter : "", second ? second_letter : "");
}

static void
emit_advertised_prefix(const struct plan_ra *ra, const struct plan_ra_prefix *prefix,
                       struct records *records)
{
    struct arena *arena = records->output->arena;

    output_part(records->file, prefix->prefix.from, "ra-prefix %s %s", ra->link,
                prefix->base_link ? "auto" : spell_ipv6_prefix(arena, &prefix->prefix));
    output_part(records->file, prefix->valid.from, " %u",
                prefix->valid.set ? prefix->valid.value : VALID_LIFETIME_DEFAULT);
    output_part(records->file, prefix->onlink.from, " %s",
                spell_flags(prefix->onlink.on, "L", prefix->autonomous.on, "A", arena));
    output_part(records->file, prefix->autonomous.from, "%s", "");
    output_end(records->file);
}

static void
emit_advertiser(const struct plan_ra *ra, struct records *records)
{
    struct arena *arena = records->output->arena;
    size_t i;

    begin_records(records, "ra  port instance source lifetime flags");
    output_part(records->file, ra->from, "ra %s %s", ra->link, ra->instance ? ra->instance : "-");
    output_part(records->file, NULL, " %s", spell_ipv6(arena, &ra->own_source));
    output_part(records->file, ra->instance ? NULL : ra->lifetime.from, " %u",
                ra->instance || !ra->lifetime.set ? 0 : ra->lifetime.value);
    output_part(records->file, ra->managed.from, " %s",
                spell_flags(ra->managed.on, "M", ra->other.on, "O", arena));
    output_part(records->file, ra->other.from, "%s", "");
    output_end(records->file);
    if (ra->prefix_count)
        output_line(records->file, NULL, "# ra-prefix  port prefix valid flags");
    for (i = 0; i < ra->prefix_count; i++)
        emit_advertised_prefix(ra, &ra->prefixes[i], records);
}

static void
emit_advertisers(const struct plan *plan, struct records *records)
{
    size_t i;

    for (i = 0; i < plan->ra_count; i++)
        if (plan->ras[i].deprecates)
            emit_advertiser(&plan->ras[i], records);
}

/* ---- files that are alike on every router ---- */

struct folder {
    const char *from; /* below backends/ */
    const char *to, *ending;
};

static const struct folder folders[] = {
    {"runtime/lib/",     "usr/lib/seilc/",      ""             },
    {"runtime/units/",   "etc/systemd/system/", ""             },
    {"runtime/dropins/", "etc/systemd/system/", ".d/seilc.conf"},
};

static void
emit_static_file(const struct embedded_file *embedded, const struct folder *folder,
                 struct output *output)
{
    const char *name = embedded->path + strlen(folder->from);
    struct output_file *file = output_file(output, "%s%s%s", folder->to, name, folder->ending);

    file->mode = embedded->mode;
    output_text(file, embedded->bytes);
}

static void
emit_static_files(struct output *output)
{
    const struct embedded_file *embedded;
    size_t i;

    for (embedded = embedded_files; embedded->path; embedded++)
        for (i = 0; i < sizeof(folders) / sizeof(*folders); i++)
            if (strncmp(embedded->path, folders[i].from, strlen(folders[i].from)) == 0)
                emit_static_file(embedded, &folders[i], output);
}

void
runtime_emit(const struct plan *plan, struct output *output)
{
    struct records records = {.output = output};

    emit_subnets(plan, &records);
    emit_ra_addresses(plan, &records);
    emit_tunnels(plan, &records);
    emit_routes(plan, &records);
    emit_translations(plan, &records);
    emit_nameservers(&plan->system, &records);
    emit_time_servers(&plan->system, &records);
    emit_checks(plan, &records);
    emit_advertisers(plan, &records);
    emit_static_files(output);
}
