/* suggest.c - guess which key an unknown one was meant to be. */
#include <string.h>

#include "catalogue.h"
#include "trie.h"

/*
 * A walk through the tree of words beside the words of the user.  At each step a word may be taken with its
 * edit distance (letters added, left out, changed or swapped), a word that the user forgot may be put in,
 * or one too many left out.  What costs more than the best so far, or than a limit that grows with the
 * length of the key, is given up.
 */
enum {
    WORDS_MAX = 16,
    WORD_MAX = 48,      /* longer words are not compared; keygen.c knows that no word of a key is as long */
    COST_WORD = 3,      /* of a word left out or put in */
    COST_INDEX = 2,     /* of an index that the user forgot */
    COST_MAX = 5,
    FAR = 100,
};

struct search {
    struct text words[WORDS_MAX];
    size_t count;
    uint32_t index[KEY_INDEX_MAX + 1];      /* of the path walked so far */
    int limit;                              /* only what costs no more is of interest */
    const struct key_def *best;
    uint32_t best_index[KEY_INDEX_MAX];
};

static int
smallest(int a, int b, int c)
{
    int least = a < b ? a : b;

    return least < c ? least : c;
}

int
word_distance(struct text a, struct text b)
{
    int rows[3][WORD_MAX + 1];
    int *before = rows[0], *last = rows[1], *now = rows[2];

    if (a.len > WORD_MAX || b.len > WORD_MAX)
        return FAR;
    for (size_t j = 0; j <= b.len; j++)
        last[j] = (int)j;
    for (size_t i = 1; i <= a.len; i++) {
        int *spare = before;

        now[0] = (int)i;
        for (size_t j = 1; j <= b.len; j++) {
            now[j] = smallest(last[j] + 1, now[j - 1] + 1, last[j - 1] + (a.bytes[i - 1] != b.bytes[j - 1]));
            if (i > 1 && j > 1 && a.bytes[i - 1] == b.bytes[j - 2] && a.bytes[i - 2] == b.bytes[j - 1]
                && before[j - 2] + 1 < now[j])
                now[j] = before[j - 2] + 1;
        }
        before = last, last = now, now = spare;
    }
    return last[b.len];
}

/* The digits at the end of a word as an index, 0 without any; `*stem` is what stands before them. */
static uint32_t
split_index(struct text word, struct text *stem)
{
    uint32_t index = 0;

    *stem = word;
    while (stem->len && word.bytes[stem->len - 1] >= '0' && word.bytes[stem->len - 1] <= '9')
        stem->len--;
    for (size_t i = stem->len; i < word.len && word.len - stem->len <= 9; i++)
        index = index * 10 + (uint32_t)(word.bytes[i] - '0');
    return index;
}

/* What it costs to take `word` for the word of a node; its index goes to `*index`. */
static int
compare(const struct trie_node *node, struct text word, uint32_t *index)
{
    struct text stem, name = {node->word, node->len};

    if (!node->indexes)
        return word_distance(word, name);
    if (node->indexes > 1)
        return FAR;
    name.len -= 2;
    *index = split_index(word, &stem);
    if (!name.len)
        return stem.len ? FAR : 0;
    return word_distance(stem, name) + (stem.len == word.len);
}

static void
finish(struct search *search, const struct trie_node *node, int cost)
{
    if (!node->id || key_defs[node->id].is_group)
        return;
    search->best = &key_defs[node->id];
    search->limit = cost - 1;
    memcpy(search->best_index, search->index, sizeof(search->best_index));
}

static void
walk(struct search *search, const struct trie_node *node, size_t word, size_t depth, int cost)
{
    if (cost > search->limit)
        return;
    if (word == search->count)
        finish(search, node, cost);
    for (size_t i = 0; i < node->child_count; i++) {
        const struct trie_node *child = &trie_nodes[node->child + i];
        uint32_t *index = &search->index[depth];

        *index = 0;
        if (word < search->count)
            walk(search, child, word + 1, depth + child->indexes, cost + compare(child, search->words[word], index));
        *index = 0;
        if (child->indexes < 2)
            walk(search, child, word, depth + child->indexes, cost + (child->word[0] == '[' ? COST_INDEX : COST_WORD));
    }
    if (word < search->count)
        walk(search, node, word + 1, depth, cost + COST_WORD);
}

const char *
catalogue_suggest(struct arena *arena, struct text path)
{
    struct search search = {.limit = 1 + (int)(path.len < 100 ? path.len / 6 : COST_MAX)};
    const char *p = path.bytes, *end = path.bytes + path.len;

    while (p <= end) {
        const char *dot = p < end ? memchr(p, '.', (size_t)(end - p)) : NULL;
        const char *stop = dot ? dot : end;

        if (search.count == WORDS_MAX)
            return NULL;
        search.words[search.count++] = (struct text){p, (size_t)(stop - p)};
        p = stop + 1;
    }
    if (search.limit > COST_MAX)
        search.limit = COST_MAX;
    walk(&search, trie_nodes, 0, 0, 0);
    return search.best ? catalogue_format(arena, search.best, search.best_index) : NULL;
}
