/* document.c - a strict reader of small YAML files, and tables to read them by. */
#include "document.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "catalogue.h"

/*
 * libyaml's events become a small tree of our own (strict: see struct reader), and the tree is read
 * by tables of fields, one for each mapping.  libyaml counts characters, places
 * count bytes: reader_byte() goes along.
 */

enum {
    DEPTH_MAX = 8,
    EVENTS_MAX = 100000,
};

/* ---- the tree of a YAML document ---- */

struct reader {
    struct document *document;
    struct arena *arena;
    const struct source *source;
    yaml_parser_t yaml;
    unsigned events;
    unsigned depth;
    size_t character, byte; /* the same position, counted both ways */
};

static const char *const item_words[] = {"", "one word or text", "a list", "a mapping"};

static bool read_item(struct reader *r, const yaml_event_t *event, struct item *out);

static bool
is_continuation(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* The byte at which a character begins.  Marks come in ascending order, but for a few steps back.
 */
static size_t
reader_byte(struct reader *r, size_t character)
{
    while (r->character > character && r->byte > 0) {
        r->byte--;
        while (r->byte > 0 && is_continuation(r->source->bytes[r->byte]))
            r->byte--;
        r->character--;
    }
    while (r->character < character && r->byte < r->source->len) {
        r->byte++;
        while (r->byte < r->source->len && is_continuation(r->source->bytes[r->byte]))
            r->byte++;
        r->character++;
    }
    return r->byte;
}

static struct place
place_between(struct reader *r, const yaml_mark_t *from, const yaml_mark_t *to)
{
    size_t start = reader_byte(r, from->index);
    size_t end = reader_byte(r, to->index);

    return (struct place){r->source, (uint32_t)start, (uint32_t)(end > start ? end - start : 0)};
}

/* Of an event; a mapping or list is shown by where it begins, and anything by its first line alone.
 */
static struct place
event_place(struct reader *r, const yaml_event_t *event)
{
    struct place place = place_between(r, &event->start_mark, &event->end_mark);
    const char *newline = NULL;

    if (place.len)
        newline = memchr(r->source->bytes + place.start, '\n', place.len);
    if (newline)
        place.len = (uint32_t)(newline - (r->source->bytes + place.start));
    return place;
}

static void
complain_yaml(struct reader *r)
{
    const yaml_parser_t *yaml = &r->yaml;
    struct place place = {r->source, (uint32_t)reader_byte(r, yaml->problem_mark.index), 0};

    if (yaml->error == YAML_READER_ERROR)
        place.start = (uint32_t)(yaml->problem_offset < r->source->len ? yaml->problem_offset
                                                                       : r->source->len);
    document_complain(r->document, place, "not YAML: %s%s%s",
             yaml->problem ? yaml->problem : "out of memory", yaml->context ? ", " : "",
             yaml->context ? yaml->context : "");
}

/* The next event, to be deleted by the caller; false with a finding when there is none that could
 * be gone on with. */
static bool
next_event(struct reader *r, yaml_event_t *event)
{
    if (!yaml_parser_parse(&r->yaml, event)) {
        complain_yaml(r);
        return false;
    }
    if (++r->events <= EVENTS_MAX)
        return true;
    document_complain(r->document, event_place(r, event), "%s of more than %d parts", r->document->what, EVENTS_MAX);
    yaml_event_delete(event);
    return false;
}

/* What these files do without, because nobody needs it and it makes other things of what is written. */
static void
refuse_extras(struct reader *r, const yaml_event_t *event, const yaml_char_t *anchor,
              const yaml_char_t *tag)
{
    struct place place = event_place(r, event);

    if (anchor)
        document_complain(r->document, place, "%s has no anchors (&)", r->document->what);
    if (tag)
        document_complain(r->document, place, "%s has no tags (!)", r->document->what);
}

static bool
is_null(const yaml_event_t *event)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    const char *text = (const char *)event->data.scalar.value;
    size_t i;

    if (event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return false;
    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    return false;
}

static void
read_scalar(struct reader *r, const yaml_event_t *event, struct item *out)
{
    size_t len = event->data.scalar.length;

    refuse_extras(r, event, event->data.scalar.anchor, event->data.scalar.tag);
    out->kind = ITEM_SCALAR;
    out->null = is_null(event);
    out->text =
        (struct text){arena_copy(r->arena, (const char *)event->data.scalar.value, len), len};
}

static bool
read_sequence(struct reader *r, const yaml_event_t *start, struct item *out)
{
    size_t capacity = 0;

    refuse_extras(r, start, start->data.sequence_start.anchor, start->data.sequence_start.tag);
    out->kind = ITEM_SEQUENCE;
    for (;;) {
        yaml_event_t event;
        bool end, good;

        if (!next_event(r, &event))
            return false;
        out->items = arena_grow(r->arena, out->items, out->item_count, &capacity, sizeof(*out->items));
        end = event.type == YAML_SEQUENCE_END_EVENT;
        good = end || read_item(r, &event, &out->items[out->item_count]);
        yaml_event_delete(&event);
        if (end || !good)
            return good;
        out->item_count++;
    }
}

int
text_compare(const struct text *a, const struct text *b)
{
    size_t len = a->len < b->len ? a->len : b->len;
    int order = len ? memcmp(a->bytes, b->bytes, len) : 0;

    return order ? order : (a->len > b->len) - (a->len < b->len);
}

static int
compare_pairs(const void *left, const void *right)
{
    const struct pair *a = *(const struct pair *const *)left,
                      *b = *(const struct pair *const *)right;
    int order = text_compare(&a->key, &b->key);

    return order ? order : (a > b) - (a < b);
}

static int
by_address(const void *left, const void *right)
{
    const struct pair *a = *(const struct pair *const *)left,
                      *b = *(const struct pair *const *)right;

    return (a > b) - (a < b);
}

/* Finds keys that were given before, complains about each, and leaves the first ones alone. */
static void
drop_repeated(struct reader *r, struct item *mapping)
{
    struct pair **sorted = arena_array(r->arena, mapping->pair_count, sizeof(struct pair *));
    struct pair *kept = arena_array(r->arena, mapping->pair_count, sizeof(*kept));
    size_t i, count = 0;

    for (i = 0; i < mapping->pair_count; i++)
        sorted[i] = &mapping->pairs[i];
    if (mapping->pair_count)
        qsort(sorted, mapping->pair_count, sizeof(struct pair *), compare_pairs);
    for (i = 0; i < mapping->pair_count; i++) {
        if (count && text_compare(&sorted[count - 1]->key, &sorted[i]->key) == 0) {
            struct finding *finding =
                document_complain(r->document, sorted[i]->place, "the same key twice");

            diag_note(r->document->diag, finding, sorted[count - 1]->place, "it is here already");
        } else {
            sorted[count++] = sorted[i];
        }
    }
    if (count)
        qsort(sorted, count, sizeof(struct pair *), by_address);
    for (i = 0; i < count; i++)
        kept[i] = *sorted[i];
    mapping->pairs = kept;
    mapping->pair_count = count;
}

/* One `key: value`; `first` is the event of the key. */
static bool
read_pair(struct reader *r, const yaml_event_t *first, struct pair *pair)
{
    struct item key = {0};
    yaml_event_t event;
    bool good;

    if (!read_item(r, first, &key) || !next_event(r, &event))
        return false;
    good = read_item(r, &event, &pair->value);
    yaml_event_delete(&event);
    pair->key = key.text;
    pair->place = key.place;
    if (key.kind == ITEM_SCALAR && !key.null)
        return good;
    if (key.kind != ITEM_BROKEN)
        document_complain(r->document, key.place, "expected a word as the key");
    pair->key = (struct text){0};
    return good;
}

static bool
read_mapping(struct reader *r, const yaml_event_t *start, struct item *out)
{
    size_t capacity = 0;

    refuse_extras(r, start, start->data.mapping_start.anchor, start->data.mapping_start.tag);
    out->kind = ITEM_MAPPING;
    for (;;) {
        yaml_event_t event;
        bool end, good;

        if (!next_event(r, &event))
            return false;
        end = event.type == YAML_MAPPING_END_EVENT;
        out->pairs =
            arena_grow(r->arena, out->pairs, out->pair_count, &capacity, sizeof(*out->pairs));
        good = end || read_pair(r, &event, &out->pairs[out->pair_count]);
        yaml_event_delete(&event);
        if (end)
            drop_repeated(r, out);
        if (end || !good)
            return good;
        if (out->pairs[out->pair_count].key.bytes)
            out->pair_count++;
    }
}

static bool
read_nested(struct reader *r, const yaml_event_t *event, struct item *out)
{
    bool good;

    if (r->depth == DEPTH_MAX) {
        document_complain(r->document, out->place, "%s nested deeper than %d levels", r->document->what, DEPTH_MAX);
        return false;
    }
    r->depth++;
    good = event->type == YAML_MAPPING_START_EVENT ? read_mapping(r, event, out)
                                                   : read_sequence(r, event, out);
    r->depth--;
    return good;
}

/* The item that begins with an event (which stays the caller's); false when reading cannot go on.
 */
static bool
read_item(struct reader *r, const yaml_event_t *event, struct item *out)
{
    *out = (struct item){.place = event_place(r, event)};
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        read_scalar(r, event, out);
        return true;
    case YAML_MAPPING_START_EVENT:
    case YAML_SEQUENCE_START_EVENT:
        return read_nested(r, event, out);
    default:
        document_complain(r->document, out->place, "%s has no aliases (*)", r->document->what);
        return true;
    }
}

/* The one document of a stream: its events up to the end of the stream. */
static bool
read_document(struct reader *r, struct item *root)
{
    unsigned documents = 0;

    for (;;) {
        yaml_event_t event;
        yaml_event_type_t type;
        bool good = true;

        if (!next_event(r, &event))
            return false;
        type = event.type;
        if (type == YAML_DOCUMENT_START_EVENT && ++documents > 1) {
            document_complain(r->document, event_place(r, &event),
                     "%s is one document, not several", r->document->what);
            good = false;
        } else if (type == YAML_DOCUMENT_START_EVENT &&
                   event.data.document_start.tag_directives.start !=
                       event.data.document_start.tag_directives.end) {
            document_complain(r->document, event_place(r, &event), "%s has no %%TAG", r->document->what);
        } else if (type != YAML_STREAM_START_EVENT && type != YAML_DOCUMENT_START_EVENT &&
                   type != YAML_DOCUMENT_END_EVENT && type != YAML_STREAM_END_EVENT) {
            good = read_item(r, &event, root);
        }
        yaml_event_delete(&event);
        if (!good || type == YAML_STREAM_END_EVENT)
            return good;
    }
}

static bool
read_yaml(struct reader *r, struct item *root)
{
    bool good;

    if (!yaml_parser_initialize(&r->yaml)) {
        complain_yaml(r);
        return false;
    }
    yaml_parser_set_encoding(&r->yaml, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r->yaml, (const unsigned char *)r->source->bytes, r->source->len);
    good = read_document(r, root);
    yaml_parser_delete(&r->yaml);
    return good;
}

bool
document_read(struct document *document, struct item *root)
{
    struct reader reader = {.document = document, .arena = document->arena, .source = document->source};

    *root = (struct item){.place = {document->source, 0, 0}, .kind = ITEM_SCALAR, .null = true};
    if (document->source->len <= DOCUMENT_MAX)
        return read_yaml(&reader, root);
    document_complain(document, root->place, "%s larger than %d MiB", document->what, DOCUMENT_MAX >> 20);
    return false;
}

/* ---- words ---- */

bool
text_is(struct text text, const char *word)
{
    return text.len == strlen(word) && memcmp(text.bytes, word, text.len) == 0;
}

bool
text_is_word(struct text text, size_t max, const char *more)
{
    size_t i;

    if (text.len == 0 || text.len > max)
        return false;
    for (i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.bytes[i];

        if (!isascii(c) || !(isalnum(c) || (c && strchr(more, c))))
            return false;
    }
    return true;
}

bool
text_is_line(struct text text)
{
    size_t i;

    for (i = 0; i < text.len; i++)
        if ((unsigned char)text.bytes[i] < ' ' || text.bytes[i] == 0x7f)
            return false;
    return text.len > 0;
}

bool
text_is_name(struct text text)
{
    size_t i;

    if (!text_is_word(text, TEXT_NAME_MAX, "-") || text.bytes[0] == '-' ||
        text.bytes[text.len - 1] == '-')
        return false;
    for (i = 0; i < text.len; i++)
        if (isupper((unsigned char)text.bytes[i]))
            return false;
    return true;
}

/* ---- tables of fields ---- */

struct finding *
document_complain(struct document *document, struct place place, const char *format, ...)
{
    struct finding *finding;
    va_list args;

    va_start(args, format);
    finding = diag_add(document->diag, document->finding, place, "%s",
                       arena_vprintf(document->arena, format, args));
    va_end(args);
    return finding;
}

bool
document_expect(struct document *document, const struct item *item, enum item_kind kind)
{
    if (item->kind == kind && !item->null)
        return true;
    if (item->kind == ITEM_BROKEN)
        return false;
    document_complain(document, item->place, "expected %s, not %s", item_words[kind],
             item->null ? "nothing" : item_words[item->kind]);
    return false;
}

static void
complain_unknown(struct document *document, const struct pair *pair, const struct field *fields,
                 size_t count)
{
    struct finding *finding = document_complain(document, pair->place, "%s has no such key here", document->what);
    const char *nearest = NULL;
    int best = 3;
    size_t i;

    for (i = 0; i < count; i++) {
        struct text name = {fields[i].name, strlen(fields[i].name)};
        int distance = word_distance(pair->key, name);

        if (distance < best) {
            best = distance;
            nearest = fields[i].name;
        }
    }
    if (nearest)
        diag_note(document->diag, finding, (struct place){0}, "did you mean '%s'?", nearest);
}

static const struct field *
find_field(const struct field *fields, size_t count, struct text name)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (text_is(name, fields[i].name))
            return &fields[i];
    return NULL;
}

void
document_fields(struct document *document, const struct item *mapping, const struct field *fields, size_t count,
                void *context)
{
    size_t i, j;

    if (!document_expect(document, mapping, ITEM_MAPPING))
        return;
    for (i = 0; i < mapping->pair_count; i++) {
        const struct field *field = find_field(fields, count, mapping->pairs[i].key);

        if (field)
            field->read(context, &mapping->pairs[i]);
        else
            complain_unknown(document, &mapping->pairs[i], fields, count);
    }
    for (i = 0; i < count; i++) {
        for (j = 0; j < mapping->pair_count && !text_is(mapping->pairs[j].key, fields[i].name); j++)
            ;
        if (fields[i].required && j == mapping->pair_count)
            document_complain(document, mapping->place, "expected a key '%s' here", fields[i].name);
    }
}
