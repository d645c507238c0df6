/* kea.c - DHCPv4 server: kea-dhcp4.conf, strict JSON without comments. */
#include <stdlib.h>
#include <string.h>

#include "backend.h"

/* ---- JSON, a line for each member, so that each can be booked ---- */

/* A line is ended by what follows it, which knows whether it takes a comma. */
struct json {
    struct output_file *file;
    unsigned depth;
    bool begun; /* something stands in the innermost object or array */
};

/*
 * RFC 8259 7: quotes, backslashes and controls are escaped; the rest is kept, as Kea keeps octets.
 */
static const char *
quote(struct arena *arena, const char *text, size_t len)
{
    char *quoted = arena_alloc(arena, 6 * len + 3);
    char *end = quoted;
    size_t i;

    *end++ = '"';
    for (i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte == '"' || byte == '\\') {
            *end++ = '\\';
            *end++ = (char)byte;
        } else if (byte < 0x20 || byte == 0x7f) {
            end += snprintf(end, 7, "\\u%04x", byte);
        } else {
            *end++ = (char)byte;
        }
    }
    *end++ = '"';
    return quoted;
}

/* Ends the line before, and begins one with a member's name (NULL in an array). */
static void
json_begin(struct json *json, const char *name)
{
    if (json->begun)
        output_part(json->file, NULL, ",");
    if (json->depth)
        output_end(json->file);
    output_part(json->file, NULL, "%*s", (int)(2 * json->depth), "");
    if (name)
        output_part(json->file, NULL, "\"%s\": ", name);
    json->begun = true;
}

static void
json_open(struct json *json, const struct origin *from, const char *name, char bracket)
{
    json_begin(json, name);
    output_part(json->file, from, "%c", bracket);
    json->begun = false;
    json->depth++;
}

static void
json_close(struct json *json, char bracket)
{
    json->depth--;
    output_end(json->file);
    output_part(json->file, NULL, "%*s%c", (int)(2 * json->depth), "", bracket);
    json->begun = true;
}

static void __attribute__((format(printf, 4, 5)))
json_member(struct json *json, const struct origin *from, const char *name, const char *format, ...)
{
    va_list args;

    json_begin(json, name);
    va_start(args, format);
    output_part(json->file, from, "%s", arena_vprintf(json->file->output->arena, format, args));
    va_end(args);
}

/* ---- options ---- */

/*
 * Characters that mean themselves in the data of an option; a comma would end the value, a
 * backslash escape one.
 */
static bool
is_plain_data(struct text text)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#[]@!$&()*+;=%";
    size_t i;

    for (i = 0; i < text.len; i++)
        if (!text.bytes[i] || !strchr(plain, text.bytes[i]))
            return false;
    return text.len > 0;
}

static const char *
hex_of(struct arena *arena, struct text text)
{
    char *hex = arena_alloc(arena, 2 * text.len + 1);
    size_t i;

    for (i = 0; i < text.len; i++)
        snprintf(hex + 2 * i, 3, "%02X", (unsigned char)text.bytes[i]);
    return hex;
}

/*
 * A string option: readable where that is safe, else as hexadecimal digits.  RFC 2132 2: at most
 * 255 octets.
 */
static void
emit_text(struct json *json, const struct plan_text *text, const char *name)
{
    struct arena *arena = json->file->output->arena;

    if (!text->from)
        return;
    if (text->text.len == 0 || text->text.len > 255) {
        output_refuse(json->file->output, text->from, "a DHCP option holds 1 to 255 octets");
        return;
    }
    if (is_plain_data(text->text))
        json_member(json, text->from, NULL, "{ \"name\": \"%s\", \"data\": %s }", name,
                    quote(arena, text->text.bytes, text->text.len));
    else
        json_member(json, text->from, NULL,
                    "{ \"name\": \"%s\", \"csv-format\": false, \"data\": \"%s\" }", name,
                    hex_of(arena, text->text));
}

static void
emit_domain(struct json *json, const struct plan_text *domain)
{
    struct output *output = json->file->output;

    if (domain->from && !spell_domain(output->arena, domain->text))
        output_refuse(output, domain->from,
                      "a domain of letters, digits, hyphens and dots is needed");
    else
        emit_text(json, domain, "domain-name");
}

static void
emit_addresses(struct json *json, const struct plan_ipv4 *addresses, size_t count, const char *name)
{
    struct output_file *file = json->file;
    size_t i;

    if (!count)
        return;
    json_begin(json, NULL);
    output_part(file, NULL, "{ \"name\": \"%s\", \"data\": \"", name);
    for (i = 0; i < count; i++)
        output_part(file, addresses[i].from, "%s%s", i ? ", " : "",
                    spell_ipv4(file->output->arena, addresses[i].address));
    output_part(file, NULL, "\" }");
}

static void
emit_options(struct json *json, const struct plan_dhcp4 *scope)
{
    json_open(json, NULL, "option-data", '[');
    emit_addresses(json, &scope->router, 1, "routers");
    emit_addresses(json, scope->dns, scope->dns_count, "domain-name-servers");
    emit_addresses(json, scope->ntp, scope->ntp_count, "ntp-servers");
    emit_addresses(json, scope->wins, scope->wins_count, "netbios-name-servers");
    if (scope->wins_node.set)
        json_member(json, scope->wins_node.from, NULL,
                    "{ \"name\": \"netbios-node-type\", \"data\": \"%u\" }",
                    scope->wins_node.value);
    emit_domain(json, &scope->domain);
    emit_text(json, &scope->wpad, "wpad");
    json_close(json, ']');
}

/* ---- scopes ---- */

/* A SEIL ignores the lease time that a client asks for, hence the equal bounds. */
static void
emit_lifetimes(struct json *json, const struct plan_dhcp4 *scope)
{
    static const char *const names[] = {"valid-lifetime", "min-valid-lifetime",
                                        "max-valid-lifetime"};
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(*names); i++)
        json_member(json, scope->valid_lifetime.from, names[i], "%u", scope->valid_lifetime.value);
    json_member(json, scope->valid_lifetime.from, "renew-timer", "%u", scope->renew);
    json_member(json, scope->valid_lifetime.from, "rebind-timer", "%u", scope->rebind);
}

/* The pool may be in pieces: the router's own and virtual addresses are not in it. */
static void
emit_pools(struct json *json, const struct plan_dhcp4 *scope)
{
    struct arena *arena = json->file->output->arena;
    size_t i;

    json_open(json, scope->pool_from, "pools", '[');
    for (i = 0; i < scope->pool_count; i++)
        json_member(json, scope->pool_from, NULL, "{ \"pool\": \"%s-%s\" }",
                    spell_ipv4(arena, scope->pools[i].first),
                    spell_ipv4(arena, scope->pools[i].last));
    json_close(json, ']');
}

static void
emit_leases(struct json *json, const struct plan_dhcp4 *scope)
{
    struct output_file *file = json->file;
    size_t i;

    if (!scope->lease_count)
        return;
    json_open(json, NULL, "reservations", '[');
    for (i = 0; i < scope->lease_count; i++) {
        const struct plan_lease *lease = &scope->leases[i];

        json_begin(json, NULL);
        output_part(file, lease->mac_from, "{ \"hw-address\": \"%s\"",
                    spell_mac(file->output->arena, lease->mac));
        output_part(file, lease->address.from, ", \"ip-address\": \"%s\" }",
                    spell_ipv4(file->output->arena, lease->address.address));
    }
    json_close(json, ']');
}

static void
emit_scope(struct json *json, const struct plan_dhcp4 *scope)
{
    json_open(json, scope->from, NULL, '{');
    json_member(json, scope->from, "id", "%u", scope->id);
    json_member(json, scope->subnet.from, "subnet", "\"%s\"",
                spell_ipv4_prefix(json->file->output->arena, &scope->subnet));
    json_member(json, scope->link_from, "interface", "\"%s\"", scope->link);
    json_member(json, scope->authoritative.from, "authoritative", "%s",
                scope->authoritative.on ? "true" : "false");
    emit_lifetimes(json, scope);
    emit_pools(json, scope);
    emit_leases(json, scope);
    emit_options(json, scope);
    json_close(json, '}');
}

/*
 * Exactly the LAN ports: a vmac link would answer each client a second time, with the virtual
 * address as server.  A port without carrier has no socket, so Kea tries again, for about six days.
 */
static void
emit_interfaces(struct json *json, const struct plan *plan)
{
    struct output_file *file = json->file;
    size_t i;

    json_open(json, NULL, "interfaces-config", '{');
    json_begin(json, "interfaces");
    for (i = 0; i < plan->dhcp4_count; i++) {
        const struct plan_dhcp4 *scope = &plan->dhcp4s[i];

        output_part(file, scope->link_from, "%s\"%s", i ? ", " : "[", scope->link);
        if (scope->listen.s_addr)
            output_part(file, NULL, "/%s", spell_ipv4(file->output->arena, scope->listen));
        output_part(file, NULL, "\"");
    }
    output_part(file, NULL, "]");
    json_member(json, NULL, "service-sockets-max-retries", "100000");
    json_member(json, NULL, "service-sockets-retry-wait-time", "5000");
    json_close(json, '}');
}

/* Option 252 is nobody's by right, so Kea has to be told of it. */
static void
emit_option_definitions(struct json *json, const struct plan *plan)
{
    size_t i;

    for (i = 0; i < plan->dhcp4_count; i++)
        if (plan->dhcp4s[i].wpad.from)
            break;
    if (i < plan->dhcp4_count)
        json_member(json, plan->dhcp4s[i].wpad.from, "option-def",
                    "[{ \"name\": \"wpad\", \"code\": 252, \"type\": \"string\" }]");
}

static void
emit_fixed_parts(struct json *json)
{
    json_open(json, NULL, "lease-database", '{');
    json_member(json, NULL, "type", "\"memfile\"");
    json_member(json, NULL, "name", "\"/var/lib/kea/kea-leases4.csv\"");
    json_close(json, '}');
    json_open(json, NULL, "loggers", '[');
    json_member(json, NULL, NULL,
                "{ \"name\": \"kea-dhcp4\", \"severity\": \"INFO\", "
                "\"output_options\": [{ \"output\": \"stdout\" }] }");
    json_close(json, ']');
}

void
kea_emit(const struct plan *plan, struct output *output)
{
    struct json json = {0};
    size_t i;

    if (!plan->dhcp4_count)
        return;
    json.file = output_file(output, "etc/kea/kea-dhcp4.conf");
    json_open(&json, NULL, NULL, '{');
    json_open(&json, NULL, "Dhcp4", '{');
    emit_interfaces(&json, plan);
    emit_fixed_parts(&json);
    emit_option_definitions(&json, plan);
    json_open(&json, NULL, "subnet4", '[');
    for (i = 0; i < plan->dhcp4_count; i++)
        emit_scope(&json, &plan->dhcp4s[i]);
    json_close(&json, ']');
    json_close(&json, '}');
    json_close(&json, '}');
    output_end(json.file);
}
