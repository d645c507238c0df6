/* trie.h - the tree of words that all keys make, as grammar/keygen.c writes it and catalogue.c walks it. */
#ifndef SEILC_TRIE_H
#define SEILC_TRIE_H

#include <stdint.h>

/*
 * A node is one word of a path.  An index stands as "[]" in it, alone or glued to a kind ("ge[]",
 * "ge[]p[]").  The children of a node lie side by side, in order of their bytes.  Node 0 is the root and
 * has no word.
 */
struct trie_node {
    const char *word;
    uint64_t head;          /* its first 8 bytes as a number that sorts like them, with 0 where there are fewer */
    uint8_t len;
    uint8_t indexes;        /* how many [] the word holds */
    uint16_t id;            /* enum key_id of the key or group that ends here; KEY_NONE if none does */
    uint16_t child;         /* the first one */
    uint16_t child_count;
    uint16_t index_child;   /* the child whose word is "[]"; 0 if there is none */
};

extern const struct trie_node trie_nodes[];

#endif
