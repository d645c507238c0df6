/* ledger.c - what became of every statement. */
#include "ledger.h"

#include <stdarg.h>
#include <string.h>

const struct origin *
origin_of(struct arena *arena, const struct node *node)
{
    struct origin *origin;

    if (!node)
        return NULL;
    origin = arena_alloc(arena, sizeof(*origin));
    *origin = (struct origin){node, NULL};
    return origin;
}

static bool
origin_has(const struct origin *origin, const struct node *node)
{
    for (; origin; origin = origin->next)
        if (origin->node == node)
            return true;
    return false;
}

const struct origin *
origin_join(struct arena *arena, const struct origin *a, const struct origin *b)
{
    const struct origin *joined = b;

    for (; a; a = a->next) {
        struct origin *copy;

        if (origin_has(b, a->node))
            continue;
        copy = arena_alloc(arena, sizeof(*copy));
        *copy = (struct origin){a->node, joined};
        joined = copy;
    }
    return joined;
}

void
ledger_init(struct ledger *ledger, struct arena *arena, const struct tree *tree)
{
    *ledger = (struct ledger){.arena = arena, .tree = tree};
    ledger->entries = arena_array(arena, tree->count, sizeof(*ledger->entries));
}

/* The entry of a node when nobody has claimed it yet, else NULL. */
static struct ledger_entry *
claim(struct ledger *ledger, const struct node *node, enum fate fate, const char *reason)
{
    struct ledger_entry *entry = &ledger->entries[node->number];

    if (entry->fate != FATE_UNCLAIMED)
        return NULL;
    entry->fate = fate;
    entry->reason = reason;
    return entry;
}

void
ledger_no_effect(struct ledger *ledger, const struct node *node, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    claim(ledger, node, FATE_NO_EFFECT, arena_vprintf(ledger->arena, format, args));
    va_end(args);
}

void
ledger_refuse(struct ledger *ledger, struct diag *diag, enum finding_id id, const struct node *node,
              const char *format, ...)
{
    const char *reason;
    va_list args;

    va_start(args, format);
    reason = arena_vprintf(ledger->arena, format, args);
    va_end(args);
    if (claim(ledger, node, FATE_REFUSED, reason))
        diag_add(diag, id, node->key, "%s", reason);
}

void
ledger_remark(struct ledger *ledger, const struct node *node, const char *format, ...)
{
    struct ledger_entry *entry = &ledger->entries[node->number];
    va_list args;

    if (entry->fate == FATE_NO_EFFECT || entry->fate == FATE_REFUSED || entry->reason)
        return;
    va_start(args, format);
    entry->reason = arena_vprintf(ledger->arena, format, args);
    va_end(args);
}

/* One more line at the end of a node's emissions; it lengthens the last run when it follows that
 * directly. */
static void
add_line(struct ledger *ledger, struct ledger_entry *entry, const char *path, unsigned line)
{
    struct emission *last = entry->last;

    if (last && strcmp(last->path, path) == 0 && line >= last->first && line <= last->last + 1) {
        if (line > last->last)
            last->last = line;
        return;
    }
    last = arena_alloc(ledger->arena, sizeof(*last));
    *last = (struct emission){path, line, line, NULL};
    if (entry->last)
        entry->last->next = last;
    else
        entry->emissions = last;
    entry->last = last;
}

void
ledger_emit(struct ledger *ledger, const struct origin *from, const char *path, unsigned line)
{
    for (; from; from = from->next) {
        struct ledger_entry *entry = &ledger->entries[from->node->number];

        if (entry->fate == FATE_NO_EFFECT || entry->fate == FATE_REFUSED)
            continue;
        entry->fate = FATE_REALISED;
        add_line(ledger, entry, path, line);
    }
}

void
ledger_check(const struct ledger *ledger, struct diag *diag)
{
    size_t i;

    for (i = 0; i < ledger->tree->count; i++) {
        const struct node *node = &ledger->tree->nodes[i];

        if (ledger->entries[node->number].fate == FATE_UNCLAIMED)
            diag_add(diag, FINDING_UNCLAIMED, node->key,
                     "no part of the compiler took %s; please report this line", node->def->path);
    }
}
