/* udiff.c - the difference of two texts as a unified diff. */

/*
 * Lines that are in both texts just once are matched: the longest run of them that is in order in both, found by sorting
 * them into piles as in the card game of patience.  Around these the match grows as far as lines are equal; what is
 * left over has changed.  Configs have hardly any line twice.
 */
#include "udiff.h"

#include <stdlib.h>
#include <string.h>

enum { CONTEXT = 3 };   /* lines around a change */

/* A text, cut into lines. */
struct side {
    struct text *lines;     /* with their ends */
    bool *changed;
    size_t count;
};

/* A line of one of the texts, to be sorted with all others. */
struct card {
    struct text line;
    size_t at;
    bool in_b;
};

/* A line that is in both texts just once. */
struct match {
    size_t a, b;
    size_t before;          /* the match before it in the longest run that ends here, plus one; 0: none */
};

struct matches {
    struct match *items;
    size_t count;
};

/* --- lines --- */

static struct side
cut_lines(struct arena *arena, struct text text)
{
    struct side side = {.count = 0};
    size_t count = 1;

    for (size_t i = 0; i < text.len; i++)
        count += text.bytes[i] == '\n';
    side.lines = arena_array(arena, count, sizeof(*side.lines));
    side.changed = arena_array(arena, count, sizeof(*side.changed));
    for (size_t start = 0; start < text.len;) {
        const char *newline = memchr(text.bytes + start, '\n', text.len - start);
        size_t end = newline ? (size_t)(newline - text.bytes) + 1 : text.len;

        side.lines[side.count++] = (struct text){text.bytes + start, end - start};
        start = end;
    }
    return side;
}

static int
compare_lines(struct text a, struct text b)
{
    int order = memcmp(a.bytes, b.bytes, a.len < b.len ? a.len : b.len);

    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static bool
same_line(const struct side *a, size_t i, const struct side *b, size_t j)
{
    return !compare_lines(a->lines[i], b->lines[j]);
}

/* --- matching --- */

static int
by_line(const void *left, const void *right)
{
    const struct card *a = left, *b = right;
    int order = compare_lines(a->line, b->line);

    return order ? order : (a->in_b > b->in_b) - (a->in_b < b->in_b);
}

static int
by_place(const void *left, const void *right)
{
    const struct match *a = left, *b = right;

    return (a->a > b->a) - (a->a < b->a);
}

static struct card *
sort_cards(struct arena *arena, const struct side *a, const struct side *b)
{
    struct card *cards = arena_array(arena, a->count + b->count, sizeof(*cards));

    for (size_t i = 0; i < a->count; i++)
        cards[i] = (struct card){a->lines[i], i, false};
    for (size_t i = 0; i < b->count; i++)
        cards[a->count + i] = (struct card){b->lines[i], i, true};
    qsort(cards, a->count + b->count, sizeof(*cards), by_line);
    return cards;
}

/* The lines that are in each text just once, in the order of the first one. */
static struct matches
find_matches(struct arena *arena, const struct side *a, const struct side *b)
{
    struct matches matches = {arena_array(arena, a->count, sizeof(*matches.items)), 0};
    size_t total = a->count + b->count, run;
    struct card *cards = sort_cards(arena, a, b);

    for (size_t i = 0; i < total; i += run) {
        for (run = 1; i + run < total && !compare_lines(cards[i].line, cards[i + run].line); run++)
            ;
        if (run == 2 && !cards[i].in_b && cards[i + 1].in_b)
            matches.items[matches.count++] = (struct match){cards[i].at, cards[i + 1].at, 0};
    }
    qsort(matches.items, matches.count, sizeof(*matches.items), by_place);
    return matches;
}

/* The first pile whose top is not before `b` in the second text. */
static size_t
find_pile(const struct matches *matches, const size_t *tops, size_t count, size_t b)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (matches->items[tops[middle]].b < b)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Leaves the longest run of matches that is in order in both texts. */
static void
keep_longest(struct arena *arena, struct matches *matches)
{
    size_t *tops = arena_array(arena, matches->count + 1, sizeof(*tops));
    struct match *kept;
    size_t piles = 0;

    for (size_t i = 0; i < matches->count; i++) {
        size_t pile = find_pile(matches, tops, piles, matches->items[i].b);

        matches->items[i].before = pile ? tops[pile - 1] + 1 : 0;
        tops[pile] = i;
        piles += pile == piles;
    }
    kept = arena_array(arena, piles, sizeof(*kept));
    for (size_t left = piles, at = piles ? tops[piles - 1] + 1 : 0; left; at = matches->items[at - 1].before)
        kept[--left] = matches->items[at - 1];
    *matches = (struct matches){kept, piles};
}

/* Marks what differs between two matches: lines i to end of one text, j to end of the other. */
static void
mark_gap(struct side *a, size_t i, size_t a_end, struct side *b, size_t j, size_t b_end)
{
    while (i < a_end && j < b_end && same_line(a, i, b, j))
        i++, j++;
    while (i < a_end && j < b_end && same_line(a, a_end - 1, b, b_end - 1))
        a_end--, b_end--;
    for (; i < a_end; i++)
        a->changed[i] = true;
    for (; j < b_end; j++)
        b->changed[j] = true;
}

static void
mark_changes(struct arena *arena, struct side *a, struct side *b)
{
    struct matches matches = find_matches(arena, a, b);
    size_t i = 0, j = 0;

    keep_longest(arena, &matches);
    for (size_t k = 0; k < matches.count; k++) {
        mark_gap(a, i, matches.items[k].a, b, j, matches.items[k].b);
        i = matches.items[k].a + 1;
        j = matches.items[k].b + 1;
    }
    mark_gap(a, i, a->count, b, j, b->count);
}

/* --- printing --- */

/* Lines `a` up to `a_end` of one text, `b` up to `b_end` of the other. */
struct hunk {
    size_t a, a_end, b, b_end;
};

static bool
changed_at(const struct side *side, size_t at)
{
    return at < side->count && side->changed[at];
}

/* Goes over what is equal, up to the next change; false at the end. */
static bool
skip_equal(const struct side *a, const struct side *b, size_t *i, size_t *j)
{
    while (*i < a->count && *j < b->count && !a->changed[*i] && !b->changed[*j])
        ++*i, ++*j;
    return *i < a->count || *j < b->count;
}

static void
skip_changed(const struct side *a, const struct side *b, size_t *i, size_t *j)
{
    while (changed_at(a, *i))
        ++*i;
    while (changed_at(b, *j))
        ++*j;
}

/* The next hunk from *i and *j on, which it moves behind the last change; false when there is none. */
static bool
next_hunk(const struct side *a, const struct side *b, size_t *i, size_t *j, struct hunk *out)
{
    size_t start = *i, next_i, next_j;

    if (!skip_equal(a, b, i, j))
        return false;
    out->a = *i - start < CONTEXT ? start : *i - CONTEXT;
    out->b = *j - (*i - out->a);
    for (;;) {
        skip_changed(a, b, i, j);
        next_i = *i, next_j = *j;
        if (!skip_equal(a, b, &next_i, &next_j) || next_i - *i > 2 * CONTEXT)
            break;
        *i = next_i, *j = next_j;
    }
    out->a_end = *i + CONTEXT < a->count ? *i + CONTEXT : a->count;
    out->b_end = *j + (out->a_end - *i);
    return true;
}

static void
print_range(FILE *out, size_t start, size_t end)
{
    size_t count = end - start;

    fprintf(out, "%zu", count ? start + 1 : start);
    if (count != 1)
        fprintf(out, ",%zu", count);
}

static void
print_line(FILE *out, char sign, struct text line)
{
    fputc(sign, out);
    fwrite(line.bytes, 1, line.len, out);
    if (line.bytes[line.len - 1] != '\n')
        fputs("\n\\ No newline at end of file\n", out);
}

static void
print_hunk(FILE *out, const struct side *a, const struct side *b, const struct hunk *hunk)
{
    size_t i = hunk->a, j = hunk->b;

    fputs("@@ -", out);
    print_range(out, hunk->a, hunk->a_end);
    fputs(" +", out);
    print_range(out, hunk->b, hunk->b_end);
    fputs(" @@\n", out);
    while (i < hunk->a_end || j < hunk->b_end) {
        for (; i < hunk->a_end && a->changed[i]; i++)
            print_line(out, '-', a->lines[i]);
        for (; j < hunk->b_end && b->changed[j]; j++)
            print_line(out, '+', b->lines[j]);
        for (; i < hunk->a_end && !a->changed[i] && !changed_at(b, j); i++, j++)
            print_line(out, ' ', a->lines[i]);
    }
}

bool
udiff_print(struct arena *arena, struct text before, struct text after, const char *before_name, const char *after_name,
            FILE *out)
{
    struct side a = cut_lines(arena, before), b = cut_lines(arena, after);
    size_t i = 0, j = 0;
    bool differ = false;
    struct hunk hunk;

    mark_changes(arena, &a, &b);
    while (next_hunk(&a, &b, &i, &j, &hunk)) {
        if (!differ)
            fprintf(out, "--- %s\n+++ %s\n", before_name, after_name);
        differ = true;
        print_hunk(out, &a, &b, &hunk);
    }
    return differ;
}
