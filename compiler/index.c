/* index.c - find the nodes of a tree by their keys, and its entries by their groups. */
#define _GNU_SOURCE     /* qsort_r() */
#include "index.h"

#include <stdlib.h>
#include <string.h>

/* --- the hash table of entries --- */

static void
make_slots(struct tree_index *index, uint32_t count)
{
    index->slots = arena_array(index->arena, count, sizeof(*index->slots));
    index->slot_mask = count - 1;
}

static uint32_t
mix(uint32_t a, uint32_t b, uint32_t c)
{
    uint64_t hash = a * UINT64_C(0x9e3779b97f4a7c15) ^ b * UINT64_C(0xc2b2ae3d27d4eb4f)
                    ^ c * UINT64_C(0x165667b19e3779f9);

    hash ^= hash >> 32;
    return (uint32_t)(hash * UINT64_C(0xd6e8feb86659fd93) >> 32);
}

void
index_init(struct tree_index *index, struct arena *arena, struct node *nodes, size_t node_count)
{
    index->arena = arena;
    index->nodes = nodes;
    make_slots(index, 64);
    index->entry_capacity = node_count + 16;    /* enough for nearly all configs; room that is not used costs nothing */
    index->entries = arena_array(arena, index->entry_capacity, sizeof(*index->entries));
    index->entry_count = 1;
}

/* --- entries --- */

static bool
is_entry(const struct tree_entry *entry, enum key_id group, uint32_t parent, uint32_t number)
{
    return entry->number == number && entry->group == group && entry->parent == parent;
}

/* The slot of an entry, or the free slot where it belongs.  Sixteen neighbours share a line of the cache. */
static uint32_t *
find_slot(const struct tree_index *index, enum key_id group, uint32_t parent, uint32_t number)
{
    uint32_t at = (mix(number / 16, parent, group) * 16 + number % 16) & index->slot_mask;

    while (index->slots[at] && !is_entry(&index->entries[index->slots[at] - 1], group, parent, number))
        at = (at + 1) & index->slot_mask;
    return &index->slots[at];
}

static void
grow_slots(struct tree_index *index)
{
    make_slots(index, (index->slot_mask + 1) * 4);
    for (uint32_t i = 1; i < index->entry_count; i++) {
        const struct tree_entry *entry = &index->entries[i];

        *find_slot(index, (enum key_id)entry->group, entry->parent, entry->number) = i + 1;
    }
}

static uint32_t
add_entry(struct tree_index *index, enum key_id group, uint32_t parent, uint32_t number, uint32_t first)
{
    uint32_t *slot = find_slot(index, group, parent, number);

    if (*slot)
        return *slot - 1;
    if (index->entry_count * 2 > index->slot_mask) {
        grow_slots(index);
        slot = find_slot(index, group, parent, number);
    }
    index->entries = arena_grow(index->arena, index->entries, index->entry_count, &index->entry_capacity,
                                sizeof(*index->entries));
    index->entries[index->entry_count] = (struct tree_entry){
        .parent = parent, .number = number, .first = first, .group = (uint16_t)group,
    };
    *slot = (uint32_t)++index->entry_count;
    return *slot - 1;
}

/* Was this entry the last of its depth that was asked for? */
static bool
is_last(const struct tree_index *index, const struct key_def *group, const uint32_t *numbers)
{
    const struct last_entry *last = &index->last[group->depth];
    size_t i = group->depth;

    while (i && last->numbers[i - 1] == numbers[i - 1])
        i--;
    return !i && last->group == group;
}

static uint32_t
keep_last(struct tree_index *index, const struct key_def *group, const uint32_t *numbers, uint32_t entry)
{
    struct last_entry *last = &index->last[group->depth];

    last->group = group;
    memcpy(last->numbers, numbers, group->depth * sizeof(*numbers));
    return last->entry = entry;
}

uint32_t
index_add_entry(struct tree_index *index, enum key_id group, const uint32_t *numbers, uint32_t first)
{
    const struct key_def *def = &key_defs[group];
    uint32_t parent;

    if (!group)
        return 0;
    if (is_last(index, def, numbers))
        return index->last[def->depth].entry;
    parent = index_add_entry(index, def->group, numbers, first);
    return keep_last(index, def, numbers, add_entry(index, group, parent, numbers[def->depth - 1], first));
}

bool
index_find_entry(struct tree_index *index, enum key_id group, const uint32_t *numbers, uint32_t *entry)
{
    const struct key_def *def = &key_defs[group];
    uint32_t parent, slot;

    *entry = 0;
    if (!group)
        return true;
    if (is_last(index, def, numbers)) {
        *entry = index->last[def->depth].entry;
        return true;
    }
    if (!index_find_entry(index, def->group, numbers, &parent))
        return false;
    slot = *find_slot(index, group, parent, numbers[def->depth - 1]);
    if (slot)
        *entry = keep_last(index, def, numbers, slot - 1);
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
by_number(const void *a, const void *b, void *entries)
{
    return compare_entries((const struct tree_entry *)entries + *(const uint32_t *)a,
                           (const struct tree_entry *)entries + *(const uint32_t *)b);
}

static bool
is_sorted(const struct tree_index *index, size_t start, size_t end)
{
    for (size_t i = start + 1; i < end; i++) {
        if (compare_entries(&index->entries[index->sorted[i - 1]], &index->entries[index->sorted[i]]) > 0)
            return false;
    }
    return true;
}

/* Where the entries of each group begin in `sorted`. */
static void
count_groups(const struct tree_index *index, uint32_t starts[KEY_COUNT + 1])
{
    for (size_t i = 0; i < index->entry_count; i++)
        starts[index->entries[i].group + 1]++;
    for (size_t i = 1; i <= KEY_COUNT; i++)
        starts[i] += starts[i - 1];
}

/* By group first, which takes no comparison; within a group most configs are in order already. */
void
index_sort(struct tree_index *index)
{
    uint32_t starts[KEY_COUNT + 1] = {0};
    uint32_t start = 0;

    index->sorted = arena_array(index->arena, index->entry_count, sizeof(*index->sorted));
    index->numbers = arena_array(index->arena, index->entry_count, sizeof(*index->numbers));
    count_groups(index, starts);
    for (uint32_t i = 0; i < index->entry_count; i++)
        index->sorted[starts[index->entries[i].group]++] = i;
    for (size_t group = 0; group < KEY_COUNT; start = starts[group++]) {    /* each start is now the end of its group */
        if (!is_sorted(index, start, starts[group]))
            qsort_r(index->sorted + start, starts[group] - start, sizeof(*index->sorted), by_number, index->entries);
    }
    for (size_t i = 0; i < index->entry_count; i++)
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

struct node *
index_find(const struct tree_index *index, enum key_id key, uint32_t entry)
{
    const struct tree_entry *in = &index->entries[entry];
    uint32_t at;

    if (!entry)
        return index->top[key] ? &index->nodes[index->top[key] - 1] : NULL;
    if (!(in->members >> key_defs[key].member & 1))
        return NULL;
    for (at = in->nodes; at && index->nodes[at - 1].def->id != key; at = index->nodes[at - 1].next)
        ;
    return at ? &index->nodes[at - 1] : NULL;
}

void
index_add(struct tree_index *index, uint32_t entry, struct node *node)
{
    struct tree_entry *to = &index->entries[entry];
    uint32_t at = (uint32_t)(node - index->nodes) + 1;

    if (!index->first[node->def->id])
        index->first[node->def->id] = at;
    if (!entry) {
        index->top[node->def->id] = at;
        return;
    }
    node->next = to->nodes;
    to->nodes = at;
    to->members |= UINT64_C(1) << node->def->member;
}

void
index_clear_nodes(struct tree_index *index)
{
    memset(index->top, 0, sizeof(index->top));
    memset(index->first, 0, sizeof(index->first));
    for (size_t i = 0; i < index->entry_count; i++) {
        index->entries[i].nodes = 0;
        index->entries[i].members = 0;
    }
}
