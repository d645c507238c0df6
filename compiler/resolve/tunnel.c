/* tunnel.c - tunnels: what carries them, and whose address they borrow. */
#include <string.h>

#include "resolve.h"

static bool
is_interface(struct setting setting)
{
    return setting.value && setting.value->type == TYPE_INTERFACE;
}

/* The lender of an unnumbered tunnel: the interface that it names, else ge1. */
static const struct interface *
find_lender(struct resolving *r, const struct interface *tunnel)
{
    const struct interface *lender;

    if (is_interface(tunnel->inner4))
        return resolve_reference(r, tunnel->inner4, NEED_CONFIG);
    if (tunnel->inner4.value)
        return NULL;
    lender = model_interface(r->model, (struct interface_name){KIND_GE, 1});
    return lender && lender->first ? lender : NULL;
}

/* Something that a tunnel cannot do without is not there. */
static void
report_missing(struct resolving *r, const struct interface *tunnel, const char *what)
{
    if (!resolve_was_told(r, arena_printf(r->arena, "interface.%s.", tunnel->text)))
        diag_add(r->diag, FINDING_MISSING_KEY, tunnel->first->key, "expected interface.%s.%s too",
                 tunnel->text, what);
}

static void
check_ends(struct resolving *r, const struct interface *tunnel)
{
    if (tunnel->aftr.value)
        return;
    if (!tunnel->source4.value && !tunnel->source6.value)
        report_missing(r, tunnel, tunnel->destination4.value ? "ipv4.source" : "ipv6.source");
    else if (tunnel->source4.value && !tunnel->destination4.value)
        report_missing(r, tunnel, "ipv4.destination");
    else if (tunnel->source6.value && !tunnel->destination6.value)
        report_missing(r, tunnel, "ipv6.destination");
}

static bool
equal_settings(struct setting a, struct setting b)
{
    return a.value && b.value && value_equal(a.value, b.value);
}

/* T5: Linux refuses a second tunnel between the same two addresses. */
static void
check_equal_ends(struct resolving *r, const struct interface *a, const struct interface *b)
{
    if ((equal_settings(a->source4, b->source4) &&
         equal_settings(a->destination4, b->destination4)) ||
        (equal_settings(a->source6, b->source6) &&
         equal_settings(a->destination6, b->destination6)))
        resolve_conflict(r, a->destination4.value ? a->destination4 : a->destination6,
                         b->destination4.value ? b->destination4 : b->destination6,
                         "expected other ends: %s has the same source and destination", a->text);
}

void
resolve_tunnel(struct resolving *r)
{
    size_t i, j;

    for (i = 0; i < r->model->interface_count; i++) {
        struct interface *tunnel = &r->model->interfaces[i];

        if (tunnel->name.kind != KIND_TUNNEL || !tunnel->first)
            continue;
        if (is_interface(tunnel->source4))
            tunnel->source_interface =
                resolve_reference(r, tunnel->source4, NEED_CONFIG | NEED_IPV4);
        else if (is_interface(tunnel->source6))
            tunnel->source_interface =
                resolve_reference(r, tunnel->source6, NEED_CONFIG | NEED_IPV6);
        tunnel->lender = find_lender(r, tunnel);
        check_ends(r, tunnel);
        for (j = 0; j < i && i < RESOLVE_COMPARE_MAX; j++)
            if (r->model->interfaces[j].name.kind == KIND_TUNNEL)
                check_equal_ends(r, &r->model->interfaces[j], tunnel);
    }
}
