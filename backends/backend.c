/* backend.c - the table of backends, and the spellings that they share. */
#include "backend.h"

#include <arpa/inet.h>
#include <string.h>

const struct backend backends[] = {
#define BACKEND(name, doc) {#name, doc, name##_emit},
#include "list.h"
#undef BACKEND
    {0},
};

const struct backend *
backend_find(const char *name)
{
    const struct backend *backend;

    for (backend = backends; backend->name; backend++)
        if (strcmp(backend->name, name) == 0)
            return backend;
    return NULL;
}

void
backend_emit(const struct backend *backend, const struct plan *plan, struct output *output)
{
    if (!backend) {
        backend_emit_all(plan, output);
        return;
    }
    output->backend = backend->name;
    backend->emit(plan, output);
    output->backend = NULL;
}

void
backend_emit_all(const struct plan *plan, struct output *output)
{
    const struct backend *backend;

    for (backend = backends; backend->name; backend++)
        backend_emit(backend, plan, output);
}

const char *
spell_ipv4(struct arena *arena, struct in_addr address)
{
    char text[INET_ADDRSTRLEN];

    inet_ntop(AF_INET, &address, text, sizeof(text));
    return arena_copy(arena, text, strlen(text));
}

/*
 * inet_ntop() spells as RFC 5952 asks, but for ::1:2, which it takes for the IPv4-compatible
 * ::0.1.0.2 of old.  Here that is an interface id.
 */
const char *
spell_ipv6(struct arena *arena, const struct in6_addr *address)
{
    static const uint8_t zeros[12];
    const uint8_t *byte = address->s6_addr;
    char text[INET6_ADDRSTRLEN];

    if (memcmp(byte, zeros, 12) == 0 && (byte[12] || byte[13]))
        return arena_printf(arena, "::%x:%x", byte[12] << 8 | byte[13], byte[14] << 8 | byte[15]);
    inet_ntop(AF_INET6, address, text, sizeof(text));
    return arena_copy(arena, text, strlen(text));
}

const char *
spell_address(struct arena *arena, const struct plan_address *address)
{
    return address->family == FAMILY_IPV4 ? spell_ipv4(arena, address->ipv4)
                                          : spell_ipv6(arena, &address->ipv6);
}

const char *
spell_prefix(struct arena *arena, const struct plan_address *address)
{
    return arena_printf(arena, "%s/%u", spell_address(arena, address), address->len);
}

const char *
spell_ipv4_prefix(struct arena *arena, const struct plan_ipv4_prefix *prefix)
{
    return arena_printf(arena, "%s/%u", spell_ipv4(arena, prefix->address), prefix->len);
}

const char *
spell_ipv6_prefix(struct arena *arena, const struct plan_ipv6_prefix *prefix)
{
    return arena_printf(arena, "%s/%u", spell_ipv6(arena, &prefix->address), prefix->len);
}

const char *
spell_mac(struct arena *arena, const uint8_t mac[6])
{
    return arena_printf(arena, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
                        mac[4], mac[5]);
}

void
spell_header(struct output_file *file, const char *what)
{
    output_line(file, NULL, "# %s. Written by seilc: change the SEIL config, not this file.", what);
}

static bool
label_is_plain(const char *label, size_t len)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    return len >= 1 && len <= 63 && strspn(label, letters) >= len && label[0] != '-' &&
           label[len - 1] != '-';
}

const char *
spell_domain(struct arena *arena, struct text text)
{
    const char *name = arena_copy(arena, text.bytes, text.len);
    const char *label = name;

    if (text.len > 254 || strlen(name) != text.len || (text.len == 254 && name[253] != '.'))
        return NULL;
    do {
        size_t len = strcspn(label, ".");

        if (!label_is_plain(label, len))
            return NULL;
        label += len;
        label += *label == '.';
    } while (*label);
    return name;
}

size_t
spell_links(const struct plan *plan, const char *link, struct arena *arena, const char *const **out)
{
    const char **links = arena_array(arena, plan->alias_count + 1, sizeof(*links));
    size_t count = 0;
    size_t i;

    links[count++] = link;
    for (i = 0; i < plan->alias_count; i++)
        if (strcmp(plan->aliases[i].link, link) == 0)
            links[count++] = plan->aliases[i].vmac;
    *out = links;
    return count;
}
