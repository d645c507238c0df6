/* index.h - find the nodes of a tree by their keys, and its entries by their groups.  For tree.c alone. */
#ifndef SEILC_INDEX_H
#define SEILC_INDEX_H

#include "tree.h"

/*
 * An entry is one member of a group: vrrp.vrouter.0.  Entry 0 stands for the top, which is in no group.  An
 * entry is found by its group, its number and the entry around it, in a hash table.  A node is found among
 * the few of its entry, or, since the top may have many, in a table by key.  All positions are kept plus
 * one, so that 0 means none.
 */
struct tree_entry {
    uint32_t parent;        /* the entry around it */
    uint32_t number;        /* its index in the config */
    uint32_t first;         /* the first node in it or below it */
    uint32_t nodes;         /* its last node; the others follow by node.next */
    uint64_t members;       /* bit per key_def.member that it has */
    uint16_t group;         /* enum key_id */
};

struct tree_index {
    struct arena *arena;
    struct node *nodes;                     /* the tree's */
    uint32_t *slots;                        /* the hash table: open addresses, entries */
    uint32_t slot_mask;                     /* one less than their number, a power of two */
    struct tree_entry *entries;
    size_t entry_count;
    size_t entry_capacity;
    struct last_entry {                     /* the one found last for each depth: neighbours share their entries */
        const struct key_def *group;
        uint32_t numbers[KEY_INDEX_MAX];
        uint32_t entry;
    } last[KEY_INDEX_MAX + 1];
    uint32_t top[KEY_COUNT];                /* nodes that are in no group, by key */
    uint32_t first[KEY_COUNT];              /* the first node of each key */
    uint32_t *sorted;                       /* entries by group, parent and number; index_sort() makes it */
    uint32_t *numbers;                      /* their numbers, in the same order */
    const struct value *defaults[KEY_COUNT];    /* parsed on demand */
};

/* `node_count` is the most nodes that there will be. */
void index_init(struct tree_index *index, struct arena *arena, struct node *nodes, size_t node_count);

/* The entry of a group with these indexes, made if it is new, with nodes[first] as its first node. */
uint32_t index_add_entry(struct tree_index *index, enum key_id group, const uint32_t *numbers, uint32_t first);

/* The same, but only if it is there already; otherwise false. */
bool index_find_entry(struct tree_index *index, enum key_id group, const uint32_t *numbers, uint32_t *entry);

/* The node of a key in an entry, or NULL. */
struct node *index_find(const struct tree_index *index, enum key_id key, uint32_t entry);

/* Adds a node whose key is not in its entry yet. */
void index_add(struct tree_index *index, uint32_t entry, struct node *node);

/* Forgets all nodes, but no entry. */
void index_clear_nodes(struct tree_index *index);

/* Sorts the entries once all are there. */
void index_sort(struct tree_index *index);

/* The run of `sorted` that holds the entries of a group under a parent; returns its length. */
size_t index_range(const struct tree_index *index, enum key_id group, uint32_t parent, size_t *start);

#endif
