/* catalogue.c - find keys by their paths. */
#define _GNU_SOURCE     /* memrchr() */
#include "catalogue.h"

#include <endian.h>
#include <string.h>

#include "trie.h"

enum { INDEX_DIGITS = 9 };  /* no longer one is known; it leaves room for one more in 32 bits */

/* --- paths --- */

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A word of a path, with its first 8 bytes as in trie_node.head. */
struct word {
    struct text text;
    uint64_t head;
};

/* `room` bytes can be read, which may be more than the text has. */
static uint64_t
head_of(struct text text, size_t room)
{
    uint64_t head = 0;

    if (room < sizeof(head)) {
        memcpy(&head, text.bytes, text.len);
        return be64toh(head);
    }
    memcpy(&head, text.bytes, sizeof(head));
    if (text.len < sizeof(head))
        return be64toh(head) & ~(UINT64_MAX >> (8 * text.len));
    return be64toh(head);
}

/* Takes the next word off a path; false at its end, where `rest->bytes` is NULL. */
static inline bool
next_word(struct text *rest, struct word *word)
{
    const char *dot;

    if (!rest->bytes)
        return false;
    dot = rest->len ? memchr(rest->bytes, '.', rest->len) : NULL;
    word->text = (struct text){rest->bytes, dot ? (size_t)(dot - rest->bytes) : rest->len};
    word->head = head_of(word->text, rest->len);
    *rest = dot ? (struct text){dot + 1, rest->len - word->text.len - 1} : (struct text){NULL, 0};
    return true;
}

/* Compares a word with that of a node, once their first 8 bytes are the same. */
static int
compare_tail(const struct trie_node *node, struct text word)
{
    size_t shorter = word.len < node->len ? word.len : node->len;
    int order = shorter > 8 ? memcmp(word.bytes + 8, node->word + 8, shorter - 8) : 0;

    return order ? order : (word.len > node->len) - (word.len < node->len);
}

static const struct trie_node *
find_child(const struct trie_node *node, const struct word *word)
{
    size_t low = node->child, high = low + node->child_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct trie_node *child = &trie_nodes[middle];
        int order = word->head != child->head ? (word->head > child->head) * 2 - 1 : compare_tail(child, word->text);

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

/* The child whose word is an index alone. */
static const struct trie_node *
step_index(const struct trie_node *node, struct text word, struct numbers *numbers)
{
    if (!node->index_child || index_length(word, word.len) != word.len)
        return NULL;
    numbers->text[numbers->count++] = word;
    return &trie_nodes[node->index_child];
}

/* The child whose word has indexes glued to it. */
static const struct trie_node *
step_pattern(const struct trie_node *node, struct text word, struct numbers *numbers)
{
    struct numbers found = {.count = 0};
    char pattern[48] = "";
    struct text text = {pattern, make_pattern(word, pattern, sizeof(pattern), &found)};
    struct word word_of_pattern = {text, head_of(text, sizeof(pattern))};
    const struct trie_node *child = text.len ? find_child(node, &word_of_pattern) : NULL;

    if (child) {
        memcpy(numbers->text + numbers->count, found.text, found.count * sizeof(*found.text));
        numbers->count += found.count;
    }
    return child;
}

/* The child that a word names, literally or with its numbers for []. */
static const struct trie_node *
step(const struct trie_node *node, const struct word *word, struct numbers *numbers)
{
    const struct trie_node *child;
    char first;

    if (!word->text.len)
        return NULL;
    first = word->text.bytes[0];
    if (is_digit(first) || first == '[')
        return step_index(node, word->text, numbers);
    child = find_child(node, word);
    return child && !child->indexes ? child : step_pattern(node, word->text, numbers);
}

static bool
read_index(struct text text, uint32_t *out)
{
    uint32_t number = 0;

    if (!text.len || text.len > INDEX_DIGITS || (text.bytes[0] == '0' && text.len > 1))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.bytes[i]))
            return false;
        number = number * 10 + (uint32_t)(text.bytes[i] - '0');
    }
    *out = number;
    return true;
}

/* An index glued to a kind of interface counts units from 0; others only name an entry. */
static bool
unit_exists(const struct trie_node *node, uint32_t index)
{
    const struct key_def *def = &key_defs[node->id];

    return node->word[0] == '[' || !node->id || !def->max || index < def->max;
}

/* --- lookups --- */

/* Where the search stands: at a node, with the numbers so far. */
struct position {
    const struct trie_node *node;
    uint32_t *index;
    size_t count;
};

/* Takes the numbers that a word held. */
static enum key_error
take_numbers(struct position *at, const struct numbers *numbers, struct text *wrong)
{
    for (size_t i = 0; i < numbers->count; i++, at->count++) {
        uint32_t *index = &at->index[at->count];

        if (!read_index(numbers->text[i], index) || !unit_exists(at->node, *index)) {
            *wrong = numbers->text[i];
            return numbers->text[i].bytes[0] == '[' ? KEY_UNKNOWN : KEY_BAD_INDEX;
        }
    }
    return KEY_OK;
}

/* An index on its own, as most are, needs no pattern; false leaves the word to step() and its reasons. */
static bool
take_index(struct position *at, struct text word)
{
    if (!at->node->index_child || !read_index(word, &at->index[at->count]))
        return false;
    at->node = &trie_nodes[at->node->index_child];
    at->count++;
    return true;
}

/* Takes a word of whatever form. */
static enum key_error
take_word(struct position *at, const struct word *word, struct text *wrong)
{
    struct numbers numbers;

    numbers.count = 0;
    at->node = step(at->node, word, &numbers);
    if (!at->node) {
        *wrong = word->text;
        return KEY_UNKNOWN;
    }
    return take_numbers(at, &numbers, wrong);
}

/* Keeps the position behind the last index, which `rest` follows. */
static void
keep_position(struct key_walk *walk, const struct position *at, struct text path, struct text rest)
{
    walk->node = at->node;
    walk->prefix = (struct text){path.bytes, (size_t)(rest.bytes - path.bytes)};
    walk->count = at->count;
    memcpy(walk->index, at->index, at->count * sizeof(*at->index));
}

/* Walks on, word by word. */
static enum key_error
walk_path(struct key_walk *walk, struct position *at, struct text path, struct text rest, struct text *wrong)
{
    struct word word;

    while (next_word(&rest, &word)) {
        size_t count = at->count;
        enum key_error error = take_index(at, word.text) ? KEY_OK : take_word(at, &word, wrong);

        if (error)
            return error;
        if (at->count > count && rest.bytes)
            keep_position(walk, at, path, rest);
    }
    return KEY_OK;
}

enum key_error
catalogue_find_next(struct key_walk *walk, struct text path, struct key_ref *out, struct text *wrong)
{
    struct position at = {trie_nodes, out->index, 0};
    size_t known = walk->prefix.len;
    enum key_error error;

    *wrong = path;
    if (walk->node && path.len > known && !memcmp(path.bytes, walk->prefix.bytes, known)) {
        at.node = walk->node;
        at.count = walk->count;
        memcpy(out->index, walk->index, sizeof(walk->index));
    } else {
        known = 0;
    }
    error = walk_path(walk, &at, path, (struct text){path.bytes + known, path.len - known}, wrong);
    if (error)
        return error;
    if (!at.node->id || key_defs[at.node->id].is_group)
        return KEY_IS_GROUP;
    out->def = &key_defs[at.node->id];
    return KEY_OK;
}

enum key_error
catalogue_find(struct text path, struct key_ref *out, struct text *wrong)
{
    struct key_walk walk = {.node = NULL};

    return catalogue_find_next(&walk, path, out, wrong);
}

const struct key_def *
catalogue_find_pattern(struct text path)
{
    const struct trie_node *node = trie_nodes;
    struct word word;

    while (next_word(&path, &word)) {
        struct numbers numbers;

        numbers.count = 0;
        node = step(node, &word, &numbers);
        if (!node)
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
