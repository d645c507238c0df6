/* catalogue.c - find keys by their paths. */
#include "catalogue.h"

#include <string.h>

#include "trie.h"

enum { INDEX_MAX = 999999999 };     /* no larger one is known; it leaves room for one more in 32 bits */

/* --- paths --- */

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes the next word off a path; false at its end. */
static bool
next_word(struct text *rest, struct text *word)
{
    const char *dot;

    if (!rest->bytes)
        return false;
    dot = rest->len ? memchr(rest->bytes, '.', rest->len) : NULL;
    *word = (struct text){rest->bytes, dot ? (size_t)(dot - rest->bytes) : rest->len};
    if (dot)
        *rest = (struct text){dot + 1, rest->len - word->len - 1};
    else
        *rest = (struct text){NULL, 0};
    return true;
}

static int
compare_word(const struct trie_node *node, struct text word)
{
    size_t shorter = word.len < node->len ? word.len : node->len;
    int order = shorter ? memcmp(word.bytes, node->word, shorter) : 0;

    return order ? order : (word.len > node->len) - (word.len < node->len);
}

static const struct trie_node *
find_child(const struct trie_node *node, struct text word)
{
    size_t low = 0, high = node->child_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct trie_node *child = &trie_nodes[node->child + middle];
        int order = compare_word(child, word);

        if (!order)
            return child;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* --- words with indexes in them --- */

/* The indexes that a path held, as they were written: digits, or [] in a pattern. */
struct numbers {
    struct text text[KEY_INDEX_MAX];
    size_t count;
};

/* The end of an index before `len`: how many of its last bytes are digits, or []. */
static size_t
index_length(struct text word, size_t len)
{
    size_t start = len;

    if (len >= 2 && word.bytes[len - 1] == ']' && word.bytes[len - 2] == '[')
        return 2;
    while (start && is_digit(word.bytes[start - 1]))
        start--;
    return len - start;
}

/* Replaces the last index of a word, and one before a last letter p (ge0p1), by []; 0 when the word has no index. */
static size_t
make_pattern(struct text word, char *pattern, size_t size, struct numbers *numbers)
{
    size_t last = index_length(word, word.len), stem = word.len - last, port = 0;
    size_t len;

    if (!last || word.len + 4 > size)
        return 0;
    if (stem > 1 && word.bytes[stem - 1] == 'p')
        port = index_length(word, stem - 1);
    len = stem - (port ? port + 1 : 0);
    memcpy(pattern, word.bytes, len);
    if (port) {
        numbers->text[numbers->count++] = (struct text){word.bytes + len, port};
        memcpy(pattern + len, "[]p", 3);
        len += 3;
    }
    numbers->text[numbers->count++] = (struct text){word.bytes + stem, last};
    memcpy(pattern + len, "[]", 2);
    return len + 2;
}

/* The child that a word names, literally or with its numbers for []. */
static const struct trie_node *
step(const struct trie_node *node, struct text word, struct numbers *numbers)
{
    const struct trie_node *child = word.len && is_digit(word.bytes[0]) ? NULL : find_child(node, word);
    struct numbers found = {.count = 0};
    char pattern[48];
    size_t len;

    if (child && !child->indexes)
        return child;
    len = make_pattern(word, pattern, sizeof(pattern), &found);
    child = len ? find_child(node, (struct text){pattern, len}) : NULL;
    if (child) {
        memcpy(numbers->text + numbers->count, found.text, found.count * sizeof(*found.text));
        numbers->count += found.count;
    }
    return child;
}

static bool
read_index(struct text text, uint32_t *out)
{
    uint64_t number = 0;

    if (!is_digit(text.bytes[0]) || text.len > 9 || (text.bytes[0] == '0' && text.len > 1))
        return false;
    for (size_t i = 0; i < text.len; i++)
        number = number * 10 + (unsigned)(text.bytes[i] - '0');
    *out = (uint32_t)number;
    return number <= INDEX_MAX;
}

/* An index glued to a kind of interface counts units from 0; others only name an entry. */
static bool
unit_exists(const struct trie_node *node, uint32_t index)
{
    const struct key_def *def = &key_defs[node->id];

    return node->word[0] == '[' || !node->id || !def->max || index < def->max;
}

/* --- lookups --- */

enum key_error
catalogue_find(struct text path, struct key_ref *out, struct text *wrong)
{
    const struct trie_node *node = trie_nodes;
    struct numbers numbers = {.count = 0};
    struct text rest = path, word;
    size_t known = 0;

    *wrong = path;
    while (next_word(&rest, &word)) {
        node = step(node, word, &numbers);
        if (!node || !word.len) {
            *wrong = word;
            return KEY_UNKNOWN;
        }
        for (; known < numbers.count; known++) {
            if (!read_index(numbers.text[known], &out->index[known]) || !unit_exists(node, out->index[known])) {
                *wrong = numbers.text[known];
                return numbers.text[known].bytes[0] == '[' ? KEY_UNKNOWN : KEY_BAD_INDEX;
            }
        }
    }
    if (!node->id || key_defs[node->id].is_group)
        return KEY_IS_GROUP;
    out->def = &key_defs[node->id];
    return KEY_OK;
}

const struct key_def *
catalogue_find_pattern(struct text path)
{
    const struct trie_node *node = trie_nodes;
    struct numbers numbers = {.count = 0};
    struct text word;

    while (next_word(&path, &word)) {
        node = step(node, word, &numbers);
        if (!node || !word.len)
            return NULL;
    }
    return node->id ? &key_defs[node->id] : NULL;
}

const char *
catalogue_format(struct arena *arena, const struct key_def *def, const uint32_t *index)
{
    enum { DIGITS = 10 };
    char *text = arena_alloc(arena, strlen(def->path) + KEY_INDEX_MAX * DIGITS + 1);
    char *to = text;

    for (const char *p = def->path; *p; p++) {
        if (*p == '[') {
            to += sprintf(to, "%u", (unsigned)*index++);
            p++;
        } else {
            *to++ = *p;
        }
    }
    return text;
}
