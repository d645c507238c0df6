/* site.c - read site files strictly, and add the options that say the same things. */
#include "site.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <yaml.h>

/*
 * libyaml's events become a small tree of our own (strict: see struct reader), and the tree is read
 * by tables of fields, one for each mapping of a site file.  libyaml counts characters, places
 * count bytes: reader_byte() goes along.
 */

enum {
    DEPTH_MAX = 8,
    EVENTS_MAX = 100000,
    NAME_MAX_LEN = 63,
    MAPPINGS_MAX = 1024, /* interfaces of a router */
    LINUX_NAME_MAX = 15, /* IFNAMSIZ - 1 */
};

/* ---- the tree of a YAML document ---- */

enum item_kind { ITEM_BROKEN, ITEM_SCALAR, ITEM_SEQUENCE, ITEM_MAPPING };

static const char *const item_words[] = {"", "one word or text", "a list", "a mapping"};

struct item {
    enum item_kind kind; /* BROKEN: has its finding already */
    bool null;           /* a plain scalar that YAML reads as nothing */
    struct text text;    /* of a scalar */
    struct place place;  /* of a mapping or list: its first character */
    struct pair *pairs;  /* of a mapping, without repeated keys, in order of the file */
    size_t pair_count;
};

struct pair {
    struct text key;
    struct place place; /* of the key */
    struct item value;
};

struct reader {
    struct arena *arena;
    const struct source *source;
    struct diag *diag;
    yaml_parser_t yaml;
    unsigned events;
    unsigned depth;
    size_t character, byte; /* the same position, counted both ways */
};

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
    diag_add(r->diag, FINDING_BAD_SITE, place, "not YAML: %s%s%s",
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
    diag_add(r->diag, FINDING_BAD_SITE, event_place(r, event), "a site file of more than %d parts",
             EVENTS_MAX);
    yaml_event_delete(event);
    return false;
}

/* What a site file does without, because nobody needs it and it makes other things of what is
 * written. */
static void
refuse_extras(struct reader *r, const yaml_event_t *event, const yaml_char_t *anchor,
              const yaml_char_t *tag)
{
    struct place place = event_place(r, event);

    if (anchor)
        diag_add(r->diag, FINDING_BAD_SITE, place, "a site file has no anchors (&)");
    if (tag)
        diag_add(r->diag, FINDING_BAD_SITE, place, "a site file has no tags (!)");
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

/* Elements until the end of the list: kept nowhere, since no part of a site file is a list. */
static bool
read_sequence(struct reader *r, const yaml_event_t *start, struct item *out)
{
    refuse_extras(r, start, start->data.sequence_start.anchor, start->data.sequence_start.tag);
    out->kind = ITEM_SEQUENCE;
    for (;;) {
        struct item element;
        yaml_event_t event;
        bool end, good;

        if (!next_event(r, &event))
            return false;
        end = event.type == YAML_SEQUENCE_END_EVENT;
        good = end || read_item(r, &event, &element);
        yaml_event_delete(&event);
        if (end || !good)
            return good;
    }
}

static int
compare_texts(const struct text *a, const struct text *b)
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
    int order = compare_texts(&a->key, &b->key);

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
        if (count && compare_texts(&sorted[count - 1]->key, &sorted[i]->key) == 0) {
            struct finding *finding =
                diag_add(r->diag, FINDING_BAD_SITE, sorted[i]->place, "the same key twice");

            diag_note(r->diag, finding, sorted[count - 1]->place, "it is here already");
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
        diag_add(r->diag, FINDING_BAD_SITE, key.place, "expected a word as the key");
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
        diag_add(r->diag, FINDING_BAD_SITE, out->place, "a site file nested deeper than %d levels",
                 DEPTH_MAX);
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
        diag_add(r->diag, FINDING_BAD_SITE, out->place, "a site file has no aliases (*)");
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
            diag_add(r->diag, FINDING_BAD_SITE, event_place(r, &event),
                     "a site file is one document, not several");
            good = false;
        } else if (type == YAML_DOCUMENT_START_EVENT &&
                   event.data.document_start.tag_directives.start !=
                       event.data.document_start.tag_directives.end) {
            diag_add(r->diag, FINDING_BAD_SITE, event_place(r, &event), "a site file has no %%TAG");
        } else if (type != YAML_STREAM_START_EVENT && type != YAML_DOCUMENT_START_EVENT &&
                   type != YAML_DOCUMENT_END_EVENT && type != YAML_STREAM_END_EVENT) {
            good = read_item(r, &event, root);
        }
        yaml_event_delete(&event);
        if (!good || type == YAML_STREAM_END_EVENT)
            return good;
    }
}

/* Reads the whole text; false when it is no YAML that a site file may be. */
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

/* ---- words ---- */

static bool
text_is(struct text text, const char *word)
{
    return text.len == strlen(word) && memcmp(text.bytes, word, text.len) == 0;
}

/* Is each byte a letter, digit or one of `more`, and the length within bounds? */
static bool
is_word(struct text text, size_t max, const char *more)
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

/* Text of one line: at least one byte, none a control character. */
static bool
is_line(struct text text)
{
    size_t i;

    for (i = 0; i < text.len; i++)
        if ((unsigned char)text.bytes[i] < ' ' || text.bytes[i] == 0x7f)
            return false;
    return text.len > 0;
}

/* Lower-case letters, digits and hyphens, none first or last: a name that may be that of a
 * directory or a finding. */
static bool
is_name(struct text text)
{
    size_t i;

    if (!is_word(text, NAME_MAX_LEN, "-") || text.bytes[0] == '-' ||
        text.bytes[text.len - 1] == '-')
        return false;
    for (i = 0; i < text.len; i++)
        if (isupper((unsigned char)text.bytes[i]))
            return false;
    return true;
}

/* ---- tables of fields ---- */

struct context {
    struct reader *reader;
    struct site *site;
    struct site_router *router;
};

struct field {
    const char *name;
    bool required;
    void (*read)(struct context *c, const struct pair *pair);
};

static struct finding *__attribute__((format(printf, 3, 4)))
complain(struct context *c, struct place place, const char *format, ...)
{
    struct finding *finding;
    va_list args;

    va_start(args, format);
    finding = diag_add(c->reader->diag, FINDING_BAD_SITE, place, "%s",
                       arena_vprintf(c->reader->arena, format, args));
    va_end(args);
    return finding;
}

/* Is the item what is wanted?  Otherwise a finding, unless it has one. */
static bool
expect(struct context *c, const struct item *item, enum item_kind kind)
{
    if (item->kind == kind && !item->null)
        return true;
    if (item->kind == ITEM_BROKEN)
        return false;
    complain(c, item->place, "expected %s, not %s", item_words[kind],
             item->null ? "nothing" : item_words[item->kind]);
    return false;
}

static void
complain_unknown(struct context *c, const struct pair *pair, const struct field *fields,
                 size_t count)
{
    struct finding *finding = complain(c, pair->place, "a site file has no such key here");
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
        diag_note(c->reader->diag, finding, (struct place){0}, "did you mean '%s'?", nearest);
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

/* Reads a mapping by its table. */
static void
read_fields(struct context *c, const struct item *mapping, const struct field *fields, size_t count)
{
    size_t i, j;

    if (!expect(c, mapping, ITEM_MAPPING))
        return;
    for (i = 0; i < mapping->pair_count; i++) {
        const struct field *field = find_field(fields, count, mapping->pairs[i].key);

        if (field)
            field->read(c, &mapping->pairs[i]);
        else
            complain_unknown(c, &mapping->pairs[i], fields, count);
    }
    for (i = 0; i < count; i++) {
        for (j = 0; j < mapping->pair_count && !text_is(mapping->pairs[j].key, fields[i].name); j++)
            ;
        if (fields[i].required && j == mapping->pair_count)
            complain(c, mapping->place, "expected a key '%s' here", fields[i].name);
    }
}

#define FIELDS(table) table, sizeof(table) / sizeof((table)[0])

/* ---- the names of interfaces ---- */

/* Words that the kernel's own files or the router's scripts use for something else. */
static bool
is_reserved(struct text name)
{
    static const char *const words[] = {"lo", "all", "default", "any"};
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (text_is(name, words[i]))
            return true;
    return name.len > 5 &&
           (memcmp(name.bytes, "vrrp4.", 6) == 0 || memcmp(name.bytes, "vrrp6.", 6) == 0);
}

/* What is wrong with a Linux interface name, or NULL. */
static const char *
linux_name_error(struct text name)
{
    if (!is_word(name, LINUX_NAME_MAX, "_.-"))
        return "expected a Linux interface name: 1 to 15 letters, digits, '_', '.' or '-'";
    if (name.bytes[0] == '.' || name.bytes[0] == '-')
        return "expected a Linux interface name that begins with a letter or digit";
    return is_reserved(name)
               ? "expected another Linux interface name: this one has a meaning of its own"
               : NULL;
}

static int
hex_value(char c)
{
    const char *digits = "0123456789abcdef";
    const char *found = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

    return found ? (int)(found - digits) : -1;
}

/* 02:00:5e:10:00:01; one of a single port. */
static const char *
parse_mac(struct text text, uint8_t mac[6])
{
    size_t i;

    if (text.len != 17)
        return "expected a MAC address like 02:00:5e:10:00:01";
    for (i = 0; i < 17; i++) {
        int digit = hex_value(text.bytes[i]);

        if (i % 3 == 2 ? text.bytes[i] != ':' : digit < 0)
            return "expected a MAC address like 02:00:5e:10:00:01";
        if (i % 3 < 2)
            mac[i / 3] = (uint8_t)(mac[i / 3] << 4 | digit);
    }
    if (mac[0] & 1)
        return "expected the MAC address of one port, not a group's";
    return memcmp(mac, "\0\0\0\0\0\0", 6) == 0 ? "expected the MAC address of a port" : NULL;
}

static void
append_mapping(struct arena *arena, struct site_router *router,
               const struct interface_mapping *mapping)
{
    struct interface_mapping *larger;

    if ((router->mapping_count & (router->mapping_count - 1)) == 0) {
        larger = arena_array(arena, router->mapping_count ? 2 * router->mapping_count : 1,
                             sizeof(*larger));
        if (router->mapping_count)
            memcpy(larger, router->mappings, router->mapping_count * sizeof(*larger));
        router->mappings = larger;
    }
    router->mappings[router->mapping_count++] = *mapping;
}

static void
append_override(struct arena *arena, struct site_router *router, const struct override *override)
{
    struct override *larger;

    if ((router->override_count & (router->override_count - 1)) == 0) {
        larger = arena_array(arena, router->override_count ? 2 * router->override_count : 1,
                             sizeof(*larger));
        if (router->override_count)
            memcpy(larger, router->overrides, router->override_count * sizeof(*larger));
        router->overrides = larger;
    }
    router->overrides[router->override_count++] = *override;
}

/* ---- what stands in a router's `interfaces:` ---- */

static bool
is_port(struct interface_name name)
{
    return name.kind == KIND_GE || name.kind == KIND_WLAN || name.kind == KIND_WWAN;
}

static bool
read_linux_name(struct context *c, const struct item *item, struct interface_mapping *mapping)
{
    const char *error;

    if (!expect(c, item, ITEM_SCALAR))
        return false;
    error = linux_name_error(item->text);
    if (error)
        complain(c, item->place, "%s", error);
    mapping->linux_name = item->text.bytes;
    return !error;
}

static bool
read_mac(struct context *c, const struct item *item, struct interface_mapping *mapping)
{
    const char *error;

    if (!expect(c, item, ITEM_SCALAR))
        return false;
    error = parse_mac(item->text, mapping->mac);
    if (!error && !is_port(mapping->seil))
        error = "expected a Linux name: only a port is found by its MAC address";
    if (error)
        complain(c, item->place, "%s", error);
    mapping->by_mac = true;
    return !error;
}

/* {mac: 02:..., name: lan0}; without a name the port gets the SEIL's. */
static bool
read_port(struct context *c, const struct item *item, struct interface_mapping *mapping)
{
    bool good = true;
    size_t i;

    for (i = 0; i < item->pair_count; i++) {
        const struct pair *pair = &item->pairs[i];

        if (text_is(pair->key, "mac")) {
            good &= read_mac(c, &pair->value, mapping);
        } else if (text_is(pair->key, "name")) {
            good &= read_linux_name(c, &pair->value, mapping);
        } else {
            complain(c, pair->place, "expected mac or name");
            good = false;
        }
    }
    if (!mapping->by_mac && good)
        complain(c, item->place, "expected a key 'mac' here");
    return good && mapping->by_mac;
}

static void
read_interface(struct context *c, const struct pair *pair)
{
    struct interface_mapping mapping = {.place = pair->value.place};
    bool good;

    if (!interface_parse(pair->key, &mapping.seil) || mapping.seil.unit == UNIT_ALL) {
        complain(c, pair->place, "expected a SEIL interface like ge0");
        return;
    }
    mapping.linux_name = interface_format(c->reader->arena, mapping.seil);
    if (pair->value.kind == ITEM_MAPPING)
        good = read_port(c, &pair->value, &mapping);
    else
        good = read_linux_name(c, &pair->value, &mapping);
    if (good)
        append_mapping(c->reader->arena, c->router, &mapping);
}

static void
read_interfaces(struct context *c, const struct pair *pair)
{
    size_t i;

    if (!expect(c, &pair->value, ITEM_MAPPING))
        return;
    if (pair->value.pair_count > MAPPINGS_MAX) {
        complain(c, pair->place, "expected at most %d interfaces", MAPPINGS_MAX);
        return;
    }
    for (i = 0; i < pair->value.pair_count; i++)
        read_interface(c, &pair->value.pairs[i]);
}

/* ---- the rest of a router ---- */

static void
read_set(struct context *c, const struct pair *pair)
{
    size_t i;

    if (!expect(c, &pair->value, ITEM_MAPPING))
        return;
    for (i = 0; i < pair->value.pair_count; i++) {
        const struct pair *set = &pair->value.pairs[i];
        struct override override = {set->key, set->value.text, set->place, set->value.place};

        if (!expect(c, &set->value, ITEM_SCALAR))
            continue;
        if (!is_line(set->key))
            complain(c, set->place, "expected a key of a config");
        else if (set->value.text.len && !is_line(set->value.text))
            complain(c, set->value.place, "expected a value of one line");
        else
            append_override(c->reader->arena, c->router, &override);
    }
}

/* Does a path lead out of its start by its own words?  Links are looked at by find_config(). */
static bool
leads_out(const char *path)
{
    int depth = 0;

    for (;;) {
        size_t len = strcspn(path, "/");

        if (len == 2 && path[0] == '.' && path[1] == '.')
            depth--;
        else if (len > 1 || (len == 1 && path[0] != '.'))
            depth++;
        if (depth < 0)
            return true;
        if (!path[len])
            return false;
        path += len + 1;
    }
}

/* The directory of the site file, and "" for the current one. */
static const char *
site_directory(struct context *c)
{
    const char *name = c->reader->source->name;
    const char *slash = strrchr(name, '/');

    return slash ? arena_copy(c->reader->arena, name, (size_t)(slash - name) + 1) : "";
}

/* Is `path`, with its links followed, below the directory?  True as well when nobody can tell:
 * opening it will fail. */
static bool
lies_below(const char *path, const char *directory)
{
    char *real = realpath(path, NULL);
    char *top = realpath(*directory ? directory : ".", NULL);
    size_t len = top ? strlen(top) : 0;
    bool below = !real || !top || strcmp(top, "/") == 0 ||
                 (strncmp(real, top, len) == 0 && real[len] == '/');

    free(real);
    free(top);
    return below;
}

/* The path of a config as it can be opened, or NULL with a finding. */
static const char *
find_config(struct context *c, const struct item *item)
{
    const char *directory = site_directory(c);
    const char *path = item->text.bytes;
    struct stat status;

    if (!is_line(item->text) || item->text.len >= PATH_MAX)
        complain(c, item->place, "expected the path of a config");
    else if (path[0] == '/' || leads_out(path))
        complain(c, item->place,
                 "expected a config below the directory of the site file, by a relative path");
    else {
        path = arena_printf(c->reader->arena, "%s%s", directory, path);
        if (stat(path, &status) != 0)
            diag_add(c->reader->diag, FINDING_CANNOT_READ, item->place, "cannot read %s: %s", path,
                     strerror(errno));
        else if (!S_ISREG(status.st_mode))
            complain(c, item->place, "expected a file: %s is something else", path);
        else if (!lies_below(path, directory))
            complain(
                c, item->place,
                "expected a config below the directory of the site file: a link leads out of it");
        else
            return path;
    }
    return NULL;
}

static void
read_config(struct context *c, const struct pair *pair)
{
    if (!expect(c, &pair->value, ITEM_SCALAR))
        return;
    c->router->config_place = pair->value.place;
    c->router->config = find_config(c, &pair->value);
    c->router->label = pair->value.text.bytes;
}

static const struct field router_fields[] = {
    {"config",     true,  read_config    },
    {"interfaces", false, read_interfaces},
    {"set",        false, read_set       },
};

static void
read_router(struct context *c, const struct pair *pair)
{
    struct site_router router = {.name = pair->key.bytes};

    if (!is_name(pair->key))
        complain(c, pair->place, "expected a router's name: 1 to %d of a-z, 0-9 and '-'",
                 NAME_MAX_LEN);
    c->router = &router;
    read_fields(c, &pair->value, FIELDS(router_fields));
    c->router = NULL;
    /* Without its config a router is only a source of further findings. */
    if (router.config && is_name(pair->key))
        c->site->routers[c->site->router_count++] = router;
}

/* ---- the whole ---- */

static void
read_routers(struct context *c, const struct pair *pair)
{
    size_t i;

    if (!expect(c, &pair->value, ITEM_MAPPING))
        return;
    if (pair->value.pair_count == 0)
        complain(c, pair->value.place, "expected at least one router");
    c->site->routers =
        arena_array(c->reader->arena, pair->value.pair_count, sizeof(*c->site->routers));
    for (i = 0; i < pair->value.pair_count; i++)
        read_router(c, &pair->value.pairs[i]);
}

static void
read_site_name(struct context *c, const struct pair *pair)
{
    if (!expect(c, &pair->value, ITEM_SCALAR))
        return;
    if (!is_word(pair->value.text, NAME_MAX_LEN, "_.-"))
        complain(c, pair->value.place,
                 "expected a site's name: 1 to %d letters, digits, '_', '.' or '-'", NAME_MAX_LEN);
    else
        c->site->name = pair->value.text.bytes;
}

static void
read_target(struct context *c, const struct pair *pair)
{
    if (!expect(c, &pair->value, ITEM_SCALAR))
        return;
    if (text_is(pair->value.text, "debian12"))
        c->site->target = TARGET_DEBIAN12;
    else if (text_is(pair->value.text, "debian13"))
        c->site->target = TARGET_DEBIAN13;
    else
        complain(c, pair->value.place, "expected debian12 or debian13");
}

static void
read_switch(struct context *c, const struct item *item, bool *out)
{
    if (!expect(c, item, ITEM_SCALAR))
        return;
    if (text_is(item->text, "on") || text_is(item->text, "true"))
        *out = true;
    else if (text_is(item->text, "off") || text_is(item->text, "false"))
        *out = false;
    else
        complain(c, item->place, "expected on or off");
}

static void
read_ra_deprecate(struct context *c, const struct pair *pair)
{
    read_switch(c, &pair->value, &c->site->deviations.ra_deprecate);
}

static void
read_wait_for_upstream(struct context *c, const struct pair *pair)
{
    read_switch(c, &pair->value, &c->site->deviations.wait_for_upstream);
}

static const struct field deviation_fields[] = {
    {"ra-deprecate",      false, read_ra_deprecate     },
    {"wait-for-upstream", false, read_wait_for_upstream},
};

static void
read_deviations(struct context *c, const struct pair *pair)
{
    read_fields(c, &pair->value, FIELDS(deviation_fields));
}

static void
read_allow(struct context *c, const struct pair *pair)
{
    size_t i;

    if (!expect(c, &pair->value, ITEM_MAPPING))
        return;
    c->site->allows =
        arena_array(c->reader->arena, pair->value.pair_count, sizeof(*c->site->allows));
    for (i = 0; i < pair->value.pair_count; i++) {
        const struct pair *allow = &pair->value.pairs[i];

        if (!is_name(allow->key))
            complain(c, allow->place, "expected the name of a finding, like duplicate-key");
        else if (expect(c, &allow->value, ITEM_SCALAR) && !is_line(allow->value.text))
            complain(c, allow->value.place,
                     "expected the reason why this finding is allowed, on one line");
        else if (allow->value.kind == ITEM_SCALAR && !allow->value.null)
            c->site->allows[c->site->allow_count++] =
                (struct site_allow){allow->key.bytes, allow->value.text.bytes, allow->place};
    }
}

static const struct field lint_fields[] = {
    {"allow", false, read_allow},
};

static void
read_lint(struct context *c, const struct pair *pair)
{
    read_fields(c, &pair->value, FIELDS(lint_fields));
}

static const struct field site_fields[] = {
    {"site",       true,  read_site_name },
    {"target",     false, read_target    },
    {"routers",    true,  read_routers   },
    {"deviations", false, read_deviations},
    {"lint",       false, read_lint      },
};

static void
site_init(struct site *site)
{
    *site = (struct site){
        .target = TARGET_DEBIAN12, .deviations = {true, true}
    };
}

void
site_parse(struct arena *arena, const struct source *source, struct diag *diag, struct site *out)
{
    struct reader reader = {.arena = arena, .source = source, .diag = diag};
    struct context context = {.reader = &reader, .site = out};
    struct item root = {
        .place = {source, 0, 0},
          .kind = ITEM_SCALAR, .null = true
    };

    site_init(out);
    if (source->len > SITE_MAX)
        diag_add(diag, FINDING_BAD_SITE, root.place, "a site file larger than %d MiB",
                 SITE_MAX >> 20);
    else if (read_yaml(&reader, &root))
        read_fields(&context, &root, FIELDS(site_fields));
    if (!out->name)
        out->name = "site";
}

/* ---- a config without a site ---- */

void
site_of_config(struct arena *arena, const char *path, struct site *out)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    size_t len = strcspn(base, ".");
    char *name = arena_copy(arena, base, len < NAME_MAX_LEN ? len : NAME_MAX_LEN);
    char *end, *c;

    for (c = name; *c; c++)
        *c = isascii((unsigned char)*c) && isalnum((unsigned char)*c)
                 ? (char)tolower((unsigned char)*c)
                 : '-';
    for (end = c; end > name && end[-1] == '-'; end--)
        end[-1] = '\0';
    name += strspn(name, "-");
    site_init(out);
    out->name = *name ? name : "router";
    out->routers = arena_array(arena, 1, sizeof(*out->routers));
    out->router_count = 1;
    out->routers[0] = (struct site_router){.name = out->name, .config = path, .label = base};
}

static bool
ends_with(const char *text, const char *ending)
{
    size_t len = strlen(text), ending_len = strlen(ending);

    return len > ending_len && strcmp(text + len - ending_len, ending) == 0;
}

/* The first word of a text that is neither comment nor YAML's own mark. */
static struct text
first_word(const struct source *source)
{
    size_t i = 0, start;

    if (source->len >= 3 && memcmp(source->bytes, "\xef\xbb\xbf", 3) == 0)
        i = 3;
    while (i < source->len) {
        while (i < source->len && strchr(" \t\r\n", source->bytes[i]) && source->bytes[i])
            i++;
        if (i == source->len || !strchr("#%-", source->bytes[i]) || !source->bytes[i])
            break;
        while (i < source->len && source->bytes[i] != '\n')
            i++;
    }
    for (start = i; i < source->len && isalpha((unsigned char)source->bytes[i]); i++)
        ;
    return (struct text){source->bytes + start, i - start};
}

bool
site_looks_like(const struct source *source)
{
    struct text word;
    size_t i;

    if (ends_with(source->name, ".yaml") || ends_with(source->name, ".yml"))
        return true;
    word = first_word(source);
    for (i = 0; i < sizeof(site_fields) / sizeof(site_fields[0]); i++)
        if (text_is(word, site_fields[i].name))
            return true;
    return false;
}

/* ---- options ---- */

/* The text of an option before and behind its first `=`; false with a finding when one of them is
 * missing. */
static bool
split_option(const struct source *option, struct diag *diag, const char *want, struct place *left,
             struct place *right)
{
    const char *equals = option->len ? memchr(option->bytes, '=', option->len) : NULL;
    uint32_t len = equals ? (uint32_t)(equals - option->bytes) : 0;

    *left = (struct place){option, 0, len};
    if (len == 0) {
        *left = (struct place){option, 0, (uint32_t)option->len};
        diag_add(diag, FINDING_BAD_OPTION, *left, "expected %s", want);
        return false;
    }
    *right = (struct place){option, len + 1, (uint32_t)option->len - len - 1};
    return true;
}

static struct text
text_at(struct arena *arena, const struct place *place)
{
    return (struct text){arena_copy(arena, place->source->bytes + place->start, place->len),
                         place->len};
}

/* A setting again, now from an option: it takes the other one's place. */
static void
add_override(struct arena *arena, struct site_router *router, const struct override *override)
{
    size_t i;

    for (i = 0; i < router->override_count; i++) {
        if (compare_texts(&router->overrides[i].key, &override->key) == 0) {
            router->overrides[i] = *override;
            return;
        }
    }
    append_override(arena, router, override);
}

void
site_add_override(struct arena *arena, const struct source *option, const char *router,
                  struct diag *diag, struct site *site)
{
    struct override override = {0};
    size_t i;

    if (!split_option(option, diag, "KEY=VALUE", &override.key_place, &override.value_place))
        return;
    override.key = text_at(arena, &override.key_place);
    override.value = text_at(arena, &override.value_place);
    if (override.value.len && !is_line(override.value)) {
        diag_add(diag, FINDING_BAD_OPTION, override.value_place, "expected a value of one line");
        return;
    }
    for (i = 0; i < site->router_count; i++)
        if (!router || strcmp(site->routers[i].name, router) == 0)
            add_override(arena, &site->routers[i], &override);
}

static void
add_mapping(struct arena *arena, struct site_router *router,
            const struct interface_mapping *mapping)
{
    size_t i;

    for (i = 0; i < router->mapping_count; i++) {
        if (interface_equal(router->mappings[i].seil, mapping->seil)) {
            router->mappings[i] = *mapping;
            return;
        }
    }
    append_mapping(arena, router, mapping);
}

/* LINUX, mac:02:... or LINUX,mac:02:... */
static const char *
parse_linux(struct arena *arena, struct text text, struct interface_mapping *mapping)
{
    const char *comma = text.len ? memchr(text.bytes, ',', text.len) : NULL;
    const char *error = NULL;

    if (comma || (text.len >= 4 && memcmp(text.bytes, "mac:", 4) == 0)) {
        const char *mac = comma ? comma + 1 : text.bytes;
        size_t len = text.len - (size_t)(mac - text.bytes);

        mapping->by_mac = true;
        if (!is_port(mapping->seil))
            return "expected a Linux name: only a port is found by its MAC address";
        if (len < 4 || memcmp(mac, "mac:", 4) != 0)
            return "expected mac: and a MAC address behind the comma";
        error = parse_mac((struct text){mac + 4, len - 4}, mapping->mac);
        text.len = comma ? (size_t)(comma - text.bytes) : 0;
        if (!comma)
            return error;
    }
    mapping->linux_name = arena_copy(arena, text.bytes, text.len);
    return error ? error : linux_name_error(text);
}

void
site_add_mapping(struct arena *arena, const struct source *option, const char *router,
                 struct diag *diag, struct site *site)
{
    struct interface_mapping mapping = {0};
    struct place seil;
    const char *error;
    size_t i;

    if (!split_option(option, diag, "SEIL=LINUX, like ge0=eth0 or ge0=mac:02:00:5e:10:00:01", &seil,
                      &mapping.place))
        return;
    if (!interface_parse(text_at(arena, &seil), &mapping.seil) || mapping.seil.unit == UNIT_ALL) {
        diag_add(diag, FINDING_BAD_OPTION, seil, "expected a SEIL interface like ge0");
        return;
    }
    mapping.linux_name = interface_format(arena, mapping.seil);
    error = parse_linux(arena, text_at(arena, &mapping.place), &mapping);
    if (error) {
        diag_add(diag, FINDING_BAD_OPTION, mapping.place, "%s", error);
        return;
    }
    for (i = 0; i < site->router_count; i++)
        if (!router || strcmp(site->routers[i].name, router) == 0)
            add_mapping(arena, &site->routers[i], &mapping);
}

/* ---- the last look ---- */

static int
compare_linux_names(const void *left, const void *right)
{
    const struct interface_mapping *a = *(const struct interface_mapping *const *)left;
    const struct interface_mapping *b = *(const struct interface_mapping *const *)right;
    int order = strcmp(a->linux_name, b->linux_name);

    return order ? order : (a > b) - (a < b);
}

static int
compare_macs(const void *left, const void *right)
{
    const struct interface_mapping *a = *(const struct interface_mapping *const *)left;
    const struct interface_mapping *b = *(const struct interface_mapping *const *)right;
    int order = a->by_mac - b->by_mac;

    if (order == 0 && a->by_mac)
        order = memcmp(a->mac, b->mac, sizeof(a->mac));
    return order ? order : (a > b) - (a < b);
}

static void
complain_twice(struct diag *diag, const struct interface_mapping *first,
               const struct interface_mapping *second, const char *what)
{
    bool option = second->place.source && second->place.source->name[0] == '-' &&
                  second->place.source->name[1] == '-';
    struct finding *finding =
        diag_add(diag, option ? FINDING_BAD_OPTION : FINDING_BAD_SITE, second->place,
                 "two interfaces of a router with the same %s", what);

    diag_note(diag, finding, first->place, "the other one is here");
}

/* `ge0: ge1` where nobody says what ge1 is called: by default it has that name too. */
static void
check_default_name(const struct site_router *router, const struct interface_mapping *mapping,
                   struct diag *diag)
{
    struct text name = {mapping->linux_name, strlen(mapping->linux_name)};
    struct interface_name other;
    struct finding *finding;
    size_t i;

    if (!interface_parse(name, &other) || interface_equal(other, mapping->seil))
        return;
    for (i = 0; i < router->mapping_count; i++)
        if (interface_equal(router->mappings[i].seil, other))
            return;
    finding = diag_add(diag, FINDING_BAD_SITE, mapping->place,
                       "the SEIL's own %s is called so too as long as it has no name here",
                       mapping->linux_name);
    diag_note(diag, finding, (struct place){0}, "say what %s is called on Linux",
              mapping->linux_name);
}

static void
check_router(const struct site_router *router, struct diag *diag)
{
    size_t count = router->mapping_count, i;
    const struct interface_mapping **sorted;

    if (count == 0)
        return;
    sorted = arena_array(diag->arena, count, sizeof(struct interface_mapping *));
    for (i = 0; i < count; i++) {
        sorted[i] = &router->mappings[i];
        check_default_name(router, sorted[i], diag);
    }
    qsort(sorted, count, sizeof(*sorted), compare_linux_names);
    for (i = 1; i < count; i++)
        if (strcmp(sorted[i - 1]->linux_name, sorted[i]->linux_name) == 0)
            complain_twice(diag, sorted[i - 1], sorted[i], "Linux name");
    qsort(sorted, count, sizeof(*sorted), compare_macs);
    for (i = 1; i < count; i++)
        if (sorted[i - 1]->by_mac &&
            memcmp(sorted[i - 1]->mac, sorted[i]->mac, sizeof(sorted[i]->mac)) == 0)
            complain_twice(diag, sorted[i - 1], sorted[i], "MAC address");
}

void
site_check(const struct site *site, struct diag *diag)
{
    size_t i;

    for (i = 0; i < site->router_count; i++)
        check_router(&site->routers[i], diag);
}

const char *
site_linux_name(struct arena *arena, const struct site_router *router, struct interface_name name)
{
    size_t i;

    for (i = 0; i < router->mapping_count; i++)
        if (interface_equal(router->mappings[i].seil, name))
            return router->mappings[i].linux_name;
    return interface_format(arena, name);
}
