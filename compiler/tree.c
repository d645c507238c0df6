/* tree.c - bind statements to keys, and check what statements say about each other. */
#define _GNU_SOURCE     /* memmem() */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

#include "cure.h"
#include "index.h"

/*
 * While a tree is being bound, its nodes also hold what is wrong, so that a line with an error is neither
 * missing nor unknown to the checks: such a node has one of these in place of the type of its value.  They
 * are taken out at the end.
 */
static const enum value_type NODE_BAD = TYPE_NONE;
static const enum value_type NODE_DUPLICATE = TYPE_COUNT;  /* bad, and known as one of several lines with one key */

enum {
    SUGGESTIONS_MAX = 500,  /* in one run; each of them costs as much as many lines */
    KEY_SHOWN = 80,         /* bytes of a key in a message */
};

/* An override whose key exists. */
struct target {
    const struct override *override;
    struct key_ref ref;
};

/* A cure that is certain only if no other line says otherwise, which is known in the end. */
struct pending {
    struct finding *finding;
    struct place place;             /* of a key */
    const char *key;                /* the one to write there; NULL: delete the line */
    struct key_ref ref;
    const struct node *node;        /* what has the key now; NULL: nothing had */
    bool rivalled;                  /* another line would get the same key */
};

struct binder {
    struct arena *arena;
    struct diag *diag;
    struct tree *tree;
    struct tree_index *index;
    enum bind_scope scope;
    struct target *targets;
    size_t target_count;
    struct key_walk walk;
    unsigned suggestions;           /* so many more */
    bool bad;                       /* some node is */
    struct pending *pending;
    size_t pending_count, pending_capacity;
    size_t capacity;                /* of tree->nodes */
    bool *disputed;                 /* by node: its lines say different things; NULL: none does */
};

static struct place
part_of(const struct place *place, struct text all, struct text part)
{
    return (struct place){place->source, place->start + (uint32_t)(part.bytes - all.bytes), (uint32_t)part.len};
}

static struct text
text_of(const char *text)
{
    return (struct text){text, strlen(text)};
}

static int
shown_length(struct text text)
{
    return text.len < KEY_SHOWN ? (int)text.len : KEY_SHOWN;
}

/* The name of a key in a finding; not worked out for one that is not kept. */
static const char *
name_of(const struct binder *binder, const struct key_def *def, const uint32_t *index)
{
    return diag_keeps(binder->diag) ? catalogue_format(binder->arena, def, index) : "";
}

/* --- cures --- */

static void
add_pending(struct binder *binder, struct pending pending)
{
    if (!diag_keeps(binder->diag) || pending.place.source != binder->tree->source)
        return;
    binder->pending = arena_grow(binder->arena, binder->pending, binder->pending_count, &binder->pending_capacity,
                                 sizeof(*binder->pending));
    binder->pending[binder->pending_count++] = pending;
}

static bool
is_disputed(const struct binder *binder, const struct node *node)
{
    return binder->disputed && binder->disputed[node->number];
}

static void
dispute(struct binder *binder, const struct node *node)
{
    if (!binder->disputed)
        binder->disputed = arena_array(binder->arena, binder->capacity, sizeof(*binder->disputed));
    binder->disputed[node->number] = true;
}

static int
compare_refs(const struct key_ref *a, const struct key_ref *b)
{
    if (a->def != b->def)
        return a->def->id < b->def->id ? -1 : 1;
    return memcmp(a->index, b->index, a->def->depth * sizeof(*a->index));
}

/* Those that delete a line stand in front. */
static int
by_ref(const void *left, const void *right)
{
    const struct pending *a = *(struct pending *const *)left, *b = *(struct pending *const *)right;

    if (!a->key || !b->key)
        return (a->key != NULL) - (b->key != NULL);
    return compare_refs(&a->ref, &b->ref);
}

/* Two lines that would get one key: nobody knows which was meant. */
static void
find_rivals(struct binder *binder)
{
    struct pending **sorted = arena_array(binder->arena, binder->pending_count, sizeof(*sorted));

    for (size_t i = 0; i < binder->pending_count; i++)
        sorted[i] = &binder->pending[i];
    qsort(sorted, binder->pending_count, sizeof(*sorted), by_ref);
    for (size_t i = 1; i < binder->pending_count; i++) {
        if (sorted[i - 1]->key && !compare_refs(&sorted[i - 1]->ref, &sorted[i]->ref))
            sorted[i - 1]->rivalled = sorted[i]->rivalled = true;
    }
}

/* A key is written anew if no other line has it then; a line is deleted if another says the same, and none something else. */
static void
settle(struct binder *binder, const struct pending *pending)
{
    const struct node *node = NULL;
    uint32_t entry;

    if (!pending->key) {
        if (!is_disputed(binder, pending->node))
            cure_delete(binder->diag, pending->finding, pending->place);
        return;
    }
    if (pending->rivalled)
        return;
    if (index_find_entry(binder->index, pending->ref.def->group, pending->ref.index, &entry))
        node = index_find(binder->index, pending->ref.def->id, entry);
    if (!node || (node->value.type != NODE_DUPLICATE && node->key.source == pending->place.source &&
                  node->key.start == pending->place.start))
        cure_key(binder->diag, pending->finding, pending->place, pending->key);
}

/* --- keys --- */

static void
report_unknown(struct binder *binder, struct place whole, struct place place, struct text key, bool group)
{
    struct pending pending = {.place = whole};
    const char *near = NULL;

    if (diag_keeps(binder->diag) && binder->suggestions) {
        near = catalogue_suggest(binder->arena, key);
        binder->suggestions--;
    }
    pending.key = cure_key_spelling(binder->arena, key, &pending.ref);
    pending.finding =
        diag_add(binder->diag, FINDING_UNKNOWN_KEY, place, "%s %.*s%s%s%s",
                 group ? "not a key but the beginning of some:" : "unknown key", shown_length(key), key.bytes,
                 near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    if (pending.key)
        add_pending(binder, pending);
}

/* An index with leading zeros, too large, or of an interface that cannot exist. */
static void
report_index(struct binder *binder, struct place place, struct text key, struct text wrong)
{
    struct text prefix = {key.bytes, (size_t)(wrong.bytes - key.bytes) + wrong.len};
    const struct key_def *group = catalogue_find_pattern(prefix);

    if (wrong.len > 1 && wrong.bytes[0] == '0')
        diag_add(binder->diag, FINDING_BAD_INDEX, place, "expected an index without leading zeros");
    else if (group && group->max && wrong.bytes > key.bytes && wrong.bytes[-1] != '.')
        diag_add(binder->diag, FINDING_BAD_INDEX, place, "expected a number below %u: there are no more of this kind",
                 (unsigned)group->max);
    else
        diag_add(binder->diag, FINDING_BAD_INDEX, place, "expected an index of at most 9 digits");
}

static bool
bind_key(struct binder *binder, struct text key, struct place place, struct key_ref *ref)
{
    struct text wrong;
    enum key_error error = catalogue_find_next(&binder->walk, key, ref, &wrong);

    switch (error) {
    case KEY_OK:
        break;
    case KEY_BAD_INDEX:
        report_index(binder, part_of(&place, key, wrong), key, wrong);
        return false;
    default:
        report_unknown(binder, place, part_of(&place, key, wrong), key, error == KEY_IS_GROUP);
        return false;
    }
    if (ref->def->deprecated_for) {
        const char *path = ref->def->deprecated_for;

        const char *name;

        ref->def = catalogue_find_pattern((struct text){path, strlen(path)});
        name = name_of(binder, ref->def, ref->index);
        add_pending(binder, (struct pending){
            diag_add(binder->diag, FINDING_DEPRECATED_KEY, place, "an older spelling of %s", name),
            place, name, *ref, NULL, false});
    }
    return true;
}

/* --- values --- */

/* Free text may hold anything, stars as well. */
static bool
is_free_text(enum value_type type)
{
    return type == TYPE_STRING || type == TYPE_PASSWORD;
}

static bool
takes_free_text(const struct key_def *def)
{
    for (size_t i = 0; def->types[i] != TYPE_NONE; i++) {
        if (is_free_text((enum value_type)def->types[i]))
            return true;
    }
    return false;
}

/* Was the value made unreadable before the config was published? */
static bool
is_masked(const struct key_def *def, struct text text)
{
    size_t stars = 0;

    if (!text.len || !memchr(text.bytes, '*', text.len))
        return false;
    if (!takes_free_text(def))
        return memmem(text.bytes, text.len, "**", 2);
    while (stars < text.len && text.bytes[stars] == '*')
        stars++;
    return stars == text.len && stars > 2;
}

static bool
is_placeholder(struct text text)
{
    const char *start = text.len && memchr(text.bytes, '$', text.len) ? memmem(text.bytes, text.len, "${", 2) : NULL;

    return start && memchr(start, '}', text.len - (size_t)(start - text.bytes));
}

/* The part of a value as it is written that `wrong` is in its decoded text; the whole value if it was decoded. */
static struct place
place_in_value(const struct place *place, struct text text, struct text wrong)
{
    const char *written = place->source->bytes + place->start;

    if (text.bytes < written || text.bytes + text.len > written + place->len)
        return *place;
    return part_of(place, (struct text){written, place->len}, wrong);
}

static void
mark_bad(struct binder *binder, struct node *node, enum value_type how)
{
    node->value.type = how;
    binder->bad = true;
}

/* A value that stands for another one, which was not to be seen or not known when the config was written. */
static bool
report_stand_in(struct binder *binder, const struct node *node, struct text text)
{
    bool masked = is_masked(node->def, text);

    if (!masked && !is_placeholder(text))
        return false;
    diag_add(binder->diag, masked ? FINDING_MASKED_VALUE : FINDING_PLACEHOLDER, node->where,
             "%s; give the real one with --set %s=VALUE",
             masked ? "a masked value" : "a placeholder in place of a value",
             name_of(binder, node->def, node->index));
    return true;
}

static void
report_value(struct binder *binder, const struct node *node, struct text text, struct text wrong, const char *want)
{
    struct finding *finding = diag_add(binder->diag, FINDING_BAD_VALUE, place_in_value(&node->where, text, wrong),
                                       "expected %s", want);
    const char *meant = diag_keeps(binder->diag) ? cure_spelling(binder->arena, node->def, text) : NULL;

    if (meant)
        cure_value(binder->diag, finding, binder->tree, node, meant);
}

/* Parses the value of a node; at an error it becomes a bad one. */
static void
bind_value(struct binder *binder, struct node *node, struct text text)
{
    struct text wrong;
    const char *want = value_parse(binder->arena, node->def, text, &node->value, &wrong);

    /* Only text could hold a mask or a placeholder and still parse. */
    if (!want && node->value.type != TYPE_URL && !is_free_text(node->value.type))
        return;
    if (!report_stand_in(binder, node, text)) {
        if (!want)
            return;
        report_value(binder, node, text, wrong, want);
    }
    mark_bad(binder, node, NODE_BAD);
}

/* --- statements --- */

static struct finding *
report_duplicate(struct binder *binder, const struct place *place, const struct place *other)
{
    struct finding *finding;

    if (text_equal(source_text(place), source_text(other)))
        finding = diag_add(binder->diag, FINDING_DUPLICATE_KEY, *place,
                           "the same key more than once; a SEIL refuses every such line");
    else
        finding = diag_add(binder->diag, FINDING_CONFLICTING_KEYS, *place, "two spellings of one key");
    diag_note(binder->diag, finding, *other, "also here");
    return finding;
}

/* Of two lines that say the same the second one can go, or the one with the older spelling. */
static void
cure_duplicate(struct binder *binder, struct finding *finding, const struct node *first, const struct node *again)
{
    struct text name = source_text(&again->key);
    bool older = !text_equal(name, source_text(&first->key)) &&
                 text_equal(name, text_of(name_of(binder, again->def, again->index)));

    add_pending(binder, (struct pending){.finding = finding, .place = older ? first->key : again->key, .node = first});
}

/* One more line with the key of `first`. */
static void
bind_duplicate(struct binder *binder, struct node *first, const struct node *again, struct text text)
{
    struct node node = *again;

    if (binder->scope == BIND_TOGETHER) {
        if (first->value.type != NODE_DUPLICATE)
            report_duplicate(binder, &first->key, &again->key);
        mark_bad(binder, first, NODE_DUPLICATE);
        cure_duplicate(binder, report_duplicate(binder, &again->key, &first->key), first, again);
        if (!text_equal(syntax_decode(binder->arena, source_text(&first->where)), text))
            dispute(binder, first);
    }
    bind_value(binder, &node, text);
}

static bool
is_overridden(const struct binder *binder, const struct key_ref *ref)
{
    for (size_t i = 0; i < binder->target_count; i++) {
        const struct key_ref *other = &binder->targets[i].ref;

        if (other->def == ref->def && !memcmp(other->index, ref->index, ref->def->depth * sizeof(*ref->index)))
            return true;
    }
    return false;
}

/* Adds a node for a key; NULL, and `*existing`, if it is there already. */
static struct node *
add_node(struct binder *binder, const struct key_ref *ref, struct place key, struct place where, struct node **existing)
{
    struct tree *tree = binder->tree;
    struct node *node = &tree->nodes[tree->count];
    uint32_t entry = index_add_entry(binder->index, ref->def->group, ref->index, (uint32_t)tree->count);

    node->def = ref->def;
    memcpy(node->index, ref->index, ref->def->depth * sizeof(*ref->index));
    node->number = (uint32_t)tree->count;
    node->key = key;
    node->where = where;
    *existing = index_find(binder->index, ref->def->id, entry);
    if (*existing)
        return NULL;
    index_add(binder->index, entry, node);
    tree->count++;
    return node;
}

static void
bind_statement(struct binder *binder, const struct statement *statement)
{
    const struct source *source = binder->tree->source;
    struct place key = {source, statement->key.start, statement->key.len};
    struct place where = {source, statement->value.start, statement->value.len};
    struct text text = syntax_decode(binder->arena, source_text(&where));
    struct node *node, *first;
    struct key_ref ref;

    if (!bind_key(binder, source_text(&key), key, &ref))
        return;
    node = add_node(binder, &ref, key, where, &first);
    if (!node)
        bind_duplicate(binder, first, &binder->tree->nodes[binder->tree->count], text);
    else if (is_overridden(binder, &ref))
        mark_bad(binder, node, NODE_BAD);   /* until the override comes */
    else
        bind_value(binder, node, text);
}

/* --- overrides --- */

static void
find_targets(struct binder *binder, const struct override *overrides, size_t count)
{
    binder->targets = arena_array(binder->arena, count, sizeof(*binder->targets));
    for (size_t i = 0; i < count; i++) {
        struct target *target = &binder->targets[binder->target_count];

        target->override = &overrides[i];
        if (bind_key(binder, overrides[i].key, overrides[i].key_place, &target->ref))
            binder->target_count++;
    }
}

static void
bind_override(struct binder *binder, const struct target *target)
{
    const struct override *override = target->override;
    struct node *existing;
    struct node *node = add_node(binder, &target->ref, override->key_place, override->value_place, &existing);

    if (!node) {
        node = existing;
        node->where = override->value_place;
        if (node->value.type == NODE_DUPLICATE)
            return;
    }
    bind_value(binder, node, override->value);
}

/* --- checks of statements together --- */

/* Is one of the keys of a list in the entry? */
static bool
has_any(const struct binder *binder, const uint16_t *keys, uint32_t entry)
{
    for (; keys && *keys; keys++) {
        if (index_find(binder->index, (enum key_id)*keys, entry))
            return true;
    }
    return false;
}

/* Does `other` begin with all of `path` but its last word? */
static bool
same_branch(const char *path, const char *other)
{
    return !strncmp(path, other, (size_t)(strrchr(path, '.') - path) + 1);
}

/* The first node whose key stands in the same branch of the entry; keys of one branch are neighbours. */
static const struct node *
find_branch(const struct binder *binder, const struct key_def *def, uint32_t entry)
{
    const struct node *first = NULL;
    unsigned key = def->id;

    while (key > 1 && same_branch(def->path, key_defs[key - 1].path))
        key--;
    for (; key < KEY_COUNT && same_branch(def->path, key_defs[key].path); key++) {
        const struct node *node = index_find(binder->index, (enum key_id)key, entry);

        if (node && (!first || node->number < first->number))
            first = node;
    }
    return first;
}

static void
check_required(struct binder *binder, const struct key_def *def, uint32_t entry, const struct node *first)
{
    if (index_find(binder->index, def->id, entry) || has_any(binder, def->unless, entry))
        return;
    if (def->branch)
        first = find_branch(binder, def, entry);
    if (first)
        diag_add(binder->diag, FINDING_MISSING_KEY, first->key, "%s is missing", name_of(binder, def, first->index));
}

static void
check_members(struct binder *binder, uint32_t number)
{
    const struct tree_entry *entry = &binder->index->entries[number];
    const struct node *first = &binder->tree->nodes[entry->first];

    for (const uint16_t *key = key_defs[entry->group].required_keys; *key; key++)
        check_required(binder, &key_defs[*key], number, first);
}

/* The first node of all whose key begins like `path` up to its first dot; keys of one feature are neighbours. */
static const struct node *
find_feature(const struct binder *binder, const struct key_def *def)
{
    size_t len = strcspn(def->path, ".") + 1;
    uint32_t first = 0;
    unsigned key = def->id;

    while (key > 1 && !strncmp(def->path, key_defs[key - 1].path, len))
        key--;
    for (; key < KEY_COUNT && !strncmp(def->path, key_defs[key].path, len); key++) {
        uint32_t at = binder->index->first[key];

        if (at && (!first || at < first))
            first = at;
    }
    return first ? &binder->tree->nodes[first - 1] : NULL;
}

/* Required keys outside of groups belong to a feature. */
static void
check_features(struct binder *binder)
{
    for (const uint16_t *key = key_defs[KEY_NONE].required_keys; *key; key++) {
        const struct node *first = find_feature(binder, &key_defs[*key]);

        if (first)
            check_required(binder, &key_defs[*key], 0, first);
    }
}

static void
check_excludes(struct binder *binder, const struct node *node, uint32_t entry)
{
    for (const uint16_t *key = node->def->excludes; key && *key; key++) {
        const struct node *other = index_find(binder->index, (enum key_id)*key, entry);
        struct finding *finding;

        if (!other)
            continue;
        finding = diag_add(binder->diag, FINDING_CONFLICTING_KEYS, node->key, "%s and %s exclude each other",
                           name_of(binder, node->def, node->index),
                           name_of(binder, other->def, other->index));
        diag_note(binder->diag, finding, other->key, "the other one");
    }
}

/* Entries of one group under one parent are neighbours in `sorted`. */
static void
check_sizes(struct binder *binder)
{
    const struct tree_index *index = binder->index;
    size_t count;

    for (size_t i = 1; i < index->entry_count; i += count) {
        const struct tree_entry *entry = &index->entries[index->sorted[i]];
        const struct key_def *group = &key_defs[entry->group];
        const struct tree_entry *extra;

        for (count = 1; i + count < index->entry_count; count++) {
            extra = &index->entries[index->sorted[i + count]];
            if (extra->group != entry->group || extra->parent != entry->parent)
                break;
        }
        if (!group->max || count <= group->max)
            continue;
        extra = &index->entries[index->sorted[i + group->max]];
        diag_add(binder->diag, FINDING_TOO_MANY_ENTRIES, binder->tree->nodes[extra->first].key,
                 "expected at most %u entries of %s, not %zu", (unsigned)group->max, group->path, count);
    }
}

static void
check_entry(struct binder *binder, uint32_t number)
{
    const struct tree_entry *entry = &binder->index->entries[number];
    const struct key_def *group = &key_defs[entry->group];

    if (group->required_members & ~entry->members)
        check_members(binder, number);
    if (!(group->exclusive_members & entry->members))
        return;
    for (uint32_t at = entry->nodes; at; at = binder->tree->nodes[at - 1].next)
        check_excludes(binder, &binder->tree->nodes[at - 1], number);
}

static void
check_together(struct binder *binder)
{
    for (uint32_t i = 1; i < binder->index->entry_count; i++)
        check_entry(binder, i);
    check_features(binder);
    check_sizes(binder);
}

/* --- the whole --- */

/* Takes out what is wrong. */
static void
drop_bad_nodes(struct binder *binder)
{
    struct tree *tree = binder->tree;
    size_t count = tree->count;

    index_clear_nodes(binder->index);
    tree->count = 0;
    for (size_t i = 0; i < count; i++) {
        struct node *kept = &tree->nodes[tree->count];
        enum value_type type = tree->nodes[i].value.type;

        if (type == NODE_BAD || type == NODE_DUPLICATE)
            continue;
        *kept = tree->nodes[i];
        kept->number = (uint32_t)tree->count++;
        index_add(binder->index, index_add_entry(binder->index, kept->def->group, kept->index, kept->number), kept);
    }
}

void
tree_bind(struct arena *arena, const struct source *source, const struct statements *statements,
          const struct override *overrides, size_t override_count, enum bind_scope scope, struct diag *diag,
          struct tree *out)
{
    size_t capacity = statements->count + override_count + 1;   /* the last one is where a duplicate is looked at */
    struct binder binder = {.arena = arena, .diag = diag, .tree = out, .scope = scope, .suggestions = SUGGESTIONS_MAX,
                            .capacity = capacity};

    *out = (struct tree){.source = source, .nodes = arena_array(arena, capacity, sizeof(*out->nodes))};
    binder.index = out->index = arena_alloc(arena, sizeof(*out->index));
    index_init(out->index, arena, out->nodes, capacity);
    find_targets(&binder, overrides, override_count);
    for (size_t i = 0; i < statements->count; i++)
        bind_statement(&binder, &statements->items[i]);
    for (size_t i = 0; i < binder.target_count; i++)
        bind_override(&binder, &binder.targets[i]);
    if (binder.pending_count)
        find_rivals(&binder);
    for (size_t i = 0; i < binder.pending_count; i++)
        settle(&binder, &binder.pending[i]);
    index_sort(out->index);
    if (scope == BIND_TOGETHER)
        check_together(&binder);
    if (binder.bad)
        drop_bad_nodes(&binder);
}

/* --- queries --- */

const struct node *
tree_find(const struct tree *tree, enum key_id key, const uint32_t *index)
{
    uint32_t entry;

    if (!index_find_entry(tree->index, key_defs[key].group, index, &entry))
        return NULL;
    return index_find(tree->index, key, entry);
}

size_t
tree_entries(const struct tree *tree, enum key_id group, const uint32_t *parent, const uint32_t **out)
{
    uint32_t entry;
    size_t start, count;

    *out = NULL;
    if (!index_find_entry(tree->index, key_defs[group].group, parent, &entry))
        return 0;
    count = index_range(tree->index, group, entry, &start);
    *out = tree->index->numbers + start;
    return count;
}

/* The default of a key, parsed when it is first asked for; NULL without one. */
static const struct value *
default_value(struct tree_index *index, enum key_id key)
{
    const struct key_def *def = &key_defs[key];
    struct value *value;
    struct text wrong;

    if (index->defaults[key] || !def->default_text)
        return index->defaults[key];
    value = arena_alloc(index->arena, sizeof(*value));
    if (value_parse(index->arena, def, (struct text){def->default_text, strlen(def->default_text)}, value, &wrong))
        return NULL;
    return index->defaults[key] = value;
}

struct setting
tree_get(const struct tree *tree, enum key_id key, const uint32_t *index)
{
    const struct node *node = tree_find(tree, key, index);

    return (struct setting){node, node ? &node->value : default_value(tree->index, key)};
}

bool
setting_on(struct setting setting)
{
    return setting.value && setting.value->type == TYPE_SWITCH && setting.value->on;
}

uint64_t
setting_number(struct setting setting, uint64_t otherwise)
{
    static const bool numbers[TYPE_COUNT] = {
        [TYPE_NUMBER] = true, [TYPE_TIME] = true, [TYPE_INTERVAL] = true, [TYPE_SIZE] = true, [TYPE_HEX] = true,
    };

    return setting.value && numbers[setting.value->type] ? setting.value->number : otherwise;
}

const char *
setting_word(struct setting setting)
{
    return setting.value && setting.value->type == TYPE_KEYWORD ? setting.value->word : NULL;
}

bool
setting_is(struct setting setting, const char *word)
{
    const char *is = setting_word(setting);

    return is && !strcmp(is, word);
}
