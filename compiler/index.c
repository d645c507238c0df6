/* index.c - find the nodes of a tree by their keys, and its entries by their groups. */
#define _GNU_SOURCE     /* qsort_r() */
#include "index.h"

#include <stdlib.h>
#include <string.h>

/* --- hash tables --- */

static struct slots
make_slots(struct arena *arena, size_t count)
{
    uint32_t size = 16;

    while (size < count * 2 && size < UINT32_C(1) << 31)
        size *= 2;
    return (struct slots){arena_array(arena, size, sizeof(uint32_t)), size - 1};
}

static uint32_t
mix(uint32_t a, uint32_t b, uint32_t c)
{
    uint64_t hash = a * UINT64_C(0x9e3779b97f4a7c15) ^ b * UINT64_C(0xc2b2ae3d27d4eb4f) ^ c * UINT64_C(0x165667b19e3779f9);

    hash ^= hash >> 32;
    return (uint32_t)(hash * UINT64_C(0xd6e8feb86659fd93) >> 32);
}

void
index_init(struct tree_index *index, struct arena *arena, size_t capacity)
{
    *index = (struct tree_index){.arena = arena};
    index->nodes = make_slots(arena, capacity);
    index->entry_slots = make_slots(arena, 16);
    index->entries = arena_grow(arena, NULL, 0, &index->entry_capacity, sizeof(*index->entries));
    index->entries[index->entry_count++].first = NO_NODE;
    index->defaults = arena_array(arena, KEY_COUNT, sizeof(*index->defaults));
}

/* --- entries --- */

static bool
is_entry(const struct tree_entry *entry, enum key_id group, uint32_t parent, uint32_t number)
{
    return entry->number == number && entry->group == group && entry->parent == parent;
}

/* The slot of an entry, or the free slot where it belongs. */
static uint32_t *
entry_slot(const struct tree_index *index, enum key_id group, uint32_t parent, uint32_t number)
{
    const struct slots *slots = &index->entry_slots;
    uint32_t at = mix(number, parent, group) & slots->mask;

    while (slots->items[at] && !is_entry(&index->entries[slots->items[at] - 1], group, parent, number))
        at = (at + 1) & slots->mask;
    return &slots->items[at];
}

static void
grow_entry_slots(struct tree_index *index)
{
    index->entry_slots = make_slots(index->arena, (size_t)index->entry_slots.mask + 1);
    for (uint32_t i = 1; i < index->entry_count; i++) {
        const struct tree_entry *entry = &index->entries[i];

        *entry_slot(index, (enum key_id)entry->group, entry->parent, entry->number) = i + 1;
    }
}

static uint32_t
add_entry(struct tree_index *index, enum key_id group, uint32_t parent, uint32_t number, uint32_t first)
{
    uint32_t *slot = entry_slot(index, group, parent, number);

    if (*slot)
        return *slot - 1;
    if (index->entry_count * 2 > index->entry_slots.mask) {
        grow_entry_slots(index);
        slot = entry_slot(index, group, parent, number);
    }
    index->entries = arena_grow(index->arena, index->entries, index->entry_count, &index->entry_capacity,
                                sizeof(*index->entries));
    index->entries[index->entry_count] = (struct tree_entry){parent, number, first, (uint16_t)group};
    *slot = (uint32_t)++index->entry_count;
    return *slot - 1;
}

static uint32_t
add_entries(struct tree_index *index, const struct key_def *group, const uint32_t *numbers, uint32_t first)
{
    uint32_t parent = 0;

    if (group->group)
        parent = add_entries(index, &key_defs[group->group], numbers, first);
    return add_entry(index, group->id, parent, numbers[group->depth - 1], first);
}

uint32_t
index_add_entry(struct tree_index *index, enum key_id group, const uint32_t *numbers, uint32_t first)
{
    const struct key_def *def = &key_defs[group];

    if (!group)
        return 0;
    if (index->last_group != def || memcmp(index->last_index, numbers, def->depth * sizeof(*numbers))) {
        index->last_entry = add_entries(index, def, numbers, first);
        index->last_group = def;
        memcpy(index->last_index, numbers, def->depth * sizeof(*numbers));
    }
    return index->last_entry;
}

bool
index_find_entry(const struct tree_index *index, enum key_id group, const uint32_t *numbers, uint32_t *entry)
{
    const struct key_def *def = &key_defs[group];
    uint32_t parent, slot;

    *entry = 0;
    if (!group)
        return true;
    if (!index_find_entry(index, def->group, numbers, &parent))
        return false;
    slot = *entry_slot(index, group, parent, numbers[def->depth - 1]);
    *entry = slot - 1;
    return slot;
}

static int
compare_entries(const struct tree_entry *a, const struct tree_entry *b)
{
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    if (a->parent != b->parent)
        return a->parent < b->parent ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static int
by_group(const void *a, const void *b, void *entries)
{
    return compare_entries((const struct tree_entry *)entries + *(const uint32_t *)a,
                           (const struct tree_entry *)entries + *(const uint32_t *)b);
}

void
index_sort(struct tree_index *index)
{
    size_t count = index->entry_count;

    index->sorted = arena_array(index->arena, count, sizeof(*index->sorted));
    index->numbers = arena_array(index->arena, count, sizeof(*index->numbers));
    for (uint32_t i = 0; i < count; i++)
        index->sorted[i] = i;
    qsort_r(index->sorted, count, sizeof(*index->sorted), by_group, index->entries);
    for (size_t i = 0; i < count; i++)
        index->numbers[i] = index->entries[index->sorted[i]].number;
}

/* The first place in `sorted` that is not before `key`. */
static size_t
lower_bound(const struct tree_index *index, const struct tree_entry *key)
{
    size_t low = 0, high = index->entry_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (compare_entries(&index->entries[index->sorted[middle]], key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t
index_range(const struct tree_index *index, enum key_id group, uint32_t parent, size_t *start)
{
    struct tree_entry key = {.group = (uint16_t)group, .parent = parent};

    *start = lower_bound(index, &key);
    key.number = UINT32_MAX;
    return lower_bound(index, &key) - *start;
}

/* --- nodes --- */

static uint32_t *
node_slot(const struct tree_index *index, const struct node *nodes, enum key_id key, uint32_t entry)
{
    const struct slots *slots = &index->nodes;
    uint32_t at = mix(entry, key, 0) & slots->mask;

    for (; slots->items[at]; at = (at + 1) & slots->mask) {
        const struct node *node = &nodes[slots->items[at] - 1];

        if (node->entry == entry && node->def->id == key)
            break;
    }
    return &slots->items[at];
}

uint32_t
index_find(const struct tree_index *index, const struct node *nodes, enum key_id key, uint32_t entry)
{
    return *node_slot(index, nodes, key, entry) - 1;
}

void
index_add(struct tree_index *index, const struct node *nodes, uint32_t position)
{
    *node_slot(index, nodes, nodes[position].def->id, nodes[position].entry) = position + 1;
}

void
index_clear_nodes(struct tree_index *index)
{
    memset(index->nodes.items, 0, ((size_t)index->nodes.mask + 1) * sizeof(*index->nodes.items));
}
