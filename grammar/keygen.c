/* keygen.c - compile the key files in grammar/keys/ into the tables of compiler/catalogue.h. */

/*
 *      keygen HEADER.h SOURCE.c KEYS.yaml...
 *      keygen --table KEYS.yaml...             (a markdown table, to standard output)
 *
 * Each input is one mapping of key paths to options; grammar/keys/README.md lists the options.  All inputs
 * are read and checked as a whole before anything is written: an unknown option, a key that is there twice,
 * a default that its own type would not take, a group without entry and the like stop the build with
 * FILE:LINE: and the reason.
 *
 * Identifiers are numbered in the order of a walk through the tree of words, so that all keys below a word
 * are neighbours.  Their ranks come of the same walk, but in the order in which the key files name the words:
 * the order in which a person would write them.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "value.h"

enum { INDEXES_MAX = 4, TYPES_MAX = 5, WORD_MAX = 40, MEMBERS_MAX = 64 };    /* as in catalogue.h and suggest.c */

struct list {
    char **items;
    size_t count;
};

struct entry {
    const char *file;
    size_t line;
    char *path;
    char *id;                       /* without KEY_ */
    struct list types, words, kinds, models, unless, excludes;
    char *range, *unit, *max, *default_text, *default_words, *deprecated_for, *doc, *notes, *source, *required;
    uint64_t low, high;
    bool is_group, secret, unsure;
    struct entry *group;            /* the innermost one around it */
    unsigned member;                /* its place among the keys of its group */
    unsigned members;               /* of a group: how many keys it has */
    unsigned number;                /* its place in enum key_id */
    unsigned rank;                  /* its place in the order of the key files */
};

struct node {
    char *word;
    struct entry *entry;
    struct node *children, *next;   /* sorted by word */
    unsigned number;                /* its place in trie_nodes */
    size_t born;                    /* how many entries were in the tree before it */
};

static struct entry *entries;
static size_t entry_count;
static struct node root;

/* --- messages and memory --- */

static _Noreturn void __attribute__((format(printf, 3, 4)))
fail_at(const char *file, size_t line, const char *format, ...)
{
    va_list args;

    fprintf(stderr, "%s:%zu: ", file, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

#define fail(entry, ...) fail_at((entry)->file, (entry)->line, __VA_ARGS__)

static void *
check_memory(void *memory)
{
    if (!memory) {
        fputs("keygen: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static char *
copy(const char *text, size_t len)
{
    char *new = check_memory(malloc(len + 1));

    memcpy(new, text, len);
    new[len] = '\0';
    return new;
}

static void
list_add(struct list *list, const char *text, size_t len)
{
    list->items = check_memory(realloc(list->items, (list->count + 1) * sizeof(*list->items)));
    list->items[list->count++] = copy(text, len);
}

static bool
list_has(const struct list *list, const char *word)
{
    for (size_t i = 0; i < list->count; i++) {
        if (!strcmp(list->items[i], word))
            return true;
    }
    return false;
}

static struct entry *
find_entry(const char *path)
{
    for (size_t i = 0; i < entry_count; i++) {
        if (!strcmp(entries[i].path, path))
            return &entries[i];
    }
    return NULL;
}

/* --- types: name, enumerator, and how a range bound and a default are read --- */

/* Reads the whole of `text` as a number; false if it is none. */
static bool
read_decimal(const char *text, uint64_t *out)
{
    char *end;

    errno = 0;
    *out = strtoull(text, &end, 10);
    return isdigit((unsigned char)text[0]) && !*end && !errno;
}

static bool
read_hex(const char *text, uint64_t *out)
{
    char *end;

    errno = 0;
    *out = strtoull(text, &end, 16);
    return !strncmp(text, "0x", 2) && !*end && !errno;
}

static bool
read_time(const char *text, uint64_t *out)
{
    const char *unit = "hms";
    uint64_t scale = 3600;

    if (read_decimal(text, out))
        return true;
    *out = 0;
    if (!*text)
        return false;
    for (; *text; scale /= 60, unit++) {
        char *end;
        uint64_t part = strtoull(text, &end, 10);

        while (*unit && *unit != *end)
            unit++, scale /= 60;
        if (!isdigit((unsigned char)*text) || !*unit)
            return false;
        *out += part * scale;
        text = end + 1;
    }
    return true;
}

static bool
read_dotted(const char *text, uint64_t *out)
{
    struct in_addr address;

    if (inet_pton(AF_INET, text, &address) != 1)
        return false;
    *out = ntohl(address.s_addr);
    return true;
}

/* An address with (`longest` > 0) or without a prefix length. */
static bool
is_address(int family, const char *text, uint64_t longest)
{
    unsigned char address[16];
    char part[64];
    const char *slash = strchr(text, '/');
    uint64_t len;

    if (!slash != !longest || strlen(text) >= sizeof(part))
        return false;
    strcpy(part, text);
    if (slash)
        part[slash - text] = '\0';
    return inet_pton(family, part, address) == 1 && (!slash || (read_decimal(slash + 1, &len) && len <= longest));
}

static bool
is_kind(const char *text, size_t len)
{
    static const char *const names[] = {
#define KIND(id, name) name,
#include "kind_list.h"
#undef KIND
    };

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (strlen(names[i]) == len && !strncmp(names[i], text, len))
            return true;
    }
    return false;
}

static bool takes_switch(const char *text) { return !strcmp(text, "enable") || !strcmp(text, "disable"); }
static bool takes_ipv4(const char *text) { return is_address(AF_INET, text, 0); }
static bool takes_ipv4_len(const char *text) { return is_address(AF_INET, text, 32); }
static bool takes_ipv6(const char *text) { return is_address(AF_INET6, text, 0); }
static bool takes_ipv6_len(const char *text) { return is_address(AF_INET6, text, 128); }
static bool takes_text(const char *text) { return *text; }

static bool
takes_interface(const char *text)
{
    size_t len = strlen(text);

    while (len && isdigit((unsigned char)text[len - 1]))
        len--;
    return text[len] && is_kind(text, len);
}

static const struct type {
    const char *name;
    const char *id;
    bool (*bound)(const char *text, uint64_t *out);     /* reads a bound of its range; NULL: it has none */
    bool (*takes)(const char *text);                    /* takes a default; NULL: like a bound */
} types[] = {
#define TYPE(id, name, words) [TYPE_##id] = {name, #id, NULL, NULL},
#include "type_list.h"
#undef TYPE
};

/* What type_list.h does not say: ranges and defaults. */
static const struct type behaviours[] = {
    [TYPE_SWITCH]            = {.takes = takes_switch},
    [TYPE_NUMBER]            = {.bound = read_decimal},
    [TYPE_TIME]              = {.bound = read_time},
    [TYPE_INTERVAL]          = {.bound = read_time},
    [TYPE_SIZE]              = {.bound = read_decimal},
    [TYPE_IPV4_ADDRESS]      = {.takes = takes_ipv4},
    [TYPE_IPV4_PREFIX]       = {.takes = takes_ipv4_len},
    [TYPE_IPV4_NETWORK]      = {.takes = takes_ipv4_len},
    [TYPE_IPV6_ADDRESS]      = {.takes = takes_ipv6},
    [TYPE_IPV6_PREFIX]       = {.takes = takes_ipv6_len},
    [TYPE_IPV6_NETWORK]      = {.takes = takes_ipv6_len},
    [TYPE_INTERFACE]         = {.takes = takes_interface},
    [TYPE_INTERFACE_PATTERN] = {.takes = takes_interface},
    [TYPE_PORT]              = {.bound = read_decimal},
    [TYPE_HOSTNAME]          = {.takes = takes_text},
    [TYPE_STRING]            = {.bound = read_decimal, .takes = takes_text},    /* bounds of its length */
    [TYPE_PASSWORD]          = {.bound = read_decimal, .takes = takes_text},
    [TYPE_URL]               = {.bound = read_decimal, .takes = takes_text},
    [TYPE_HEX]               = {.bound = read_hex},
    [TYPE_ROUTER_ID]         = {.bound = read_dotted},
    [TYPE_COUNT]             = {0},
};

static enum value_type
find_type(const struct entry *entry, const char *name)
{
    for (int i = 1; i < TYPE_COUNT; i++) {
        if (!strcmp(types[i].name, name))
            return (enum value_type)i;
    }
    fail(entry, "unknown type '%s'", name);
}

/* --- reading: one function for each shape of option, one table row for each option --- */

struct reader {
    yaml_document_t document;
    const char *file;
};

static const char *
scalar_of(const struct entry *entry, const yaml_node_t *node)
{
    if (node->type != YAML_SCALAR_NODE)
        fail(entry, "expected a plain value");
    if (strlen((const char *)node->data.scalar.value) != node->data.scalar.length)
        fail(entry, "a value holds a NUL byte");
    return (const char *)node->data.scalar.value;
}

static void
set_text(struct reader *reader, struct entry *entry, const yaml_node_t *node, void *field)
{
    const char *text = scalar_of(entry, node);

    (void)reader;
    if (!*text)
        fail(entry, "an option without value");
    *(char **)field = copy(text, strlen(text));
}

static void
set_flag(struct reader *reader, struct entry *entry, const yaml_node_t *node, void *field)
{
    (void)reader;
    if (strcmp(scalar_of(entry, node), field == &entry->unsure ? "false" : "true"))
        fail(entry, "the only value to write here is the one that is not the default");
    *(bool *)field = true;
}

static void
set_list(struct reader *reader, struct entry *entry, const yaml_node_t *node, void *field)
{
    struct list *list = field;

    if (node->type == YAML_SCALAR_NODE) {
        list_add(list, scalar_of(entry, node), node->data.scalar.length);
        return;
    }
    if (node->type != YAML_SEQUENCE_NODE)
        fail(entry, "expected a value or a list");
    for (yaml_node_item_t *i = node->data.sequence.items.start; i < node->data.sequence.items.top; i++) {
        const yaml_node_t *item = yaml_document_get_node(&reader->document, *i);

        if (list_has(list, scalar_of(entry, item)))
            fail(entry, "'%s' is listed twice", scalar_of(entry, item));
        list_add(list, scalar_of(entry, item), item->data.scalar.length);
    }
    if (!list->count)
        fail(entry, "an empty list");
}

/* A list of sources is kept as one text. */
static void
set_source(struct reader *reader, struct entry *entry, const yaml_node_t *node, void *field)
{
    struct list list = {0};
    size_t size = 1;

    set_list(reader, entry, node, &list);
    for (size_t i = 0; i < list.count; i++)
        size += strlen(list.items[i]) + 2;
    *(char **)field = check_memory(calloc(1, size));
    for (size_t i = 0; i < list.count; i++) {
        strcat(*(char **)field, i ? ", " : "");
        strcat(*(char **)field, list.items[i]);
        free(list.items[i]);
    }
    free(list.items);
}

static const struct option {
    const char *name;
    void (*set)(struct reader *reader, struct entry *entry, const yaml_node_t *node, void *field);
    size_t field;
} options[] = {
    {"id",             set_text,   offsetof(struct entry, id)},
    {"type",           set_list,   offsetof(struct entry, types)},
    {"words",          set_list,   offsetof(struct entry, words)},
    {"kinds",          set_list,   offsetof(struct entry, kinds)},
    {"range",          set_text,   offsetof(struct entry, range)},
    {"unit",           set_text,   offsetof(struct entry, unit)},
    {"max",            set_text,   offsetof(struct entry, max)},
    {"default",        set_text,   offsetof(struct entry, default_text)},
    {"default-words",  set_text,   offsetof(struct entry, default_words)},
    {"required",       set_text,   offsetof(struct entry, required)},
    {"unless",         set_list,   offsetof(struct entry, unless)},
    {"excludes",       set_list,   offsetof(struct entry, excludes)},
    {"models",         set_list,   offsetof(struct entry, models)},
    {"secret",         set_flag,   offsetof(struct entry, secret)},
    {"deprecated-for", set_text,   offsetof(struct entry, deprecated_for)},
    {"doc",            set_text,   offsetof(struct entry, doc)},
    {"notes",          set_text,   offsetof(struct entry, notes)},
    {"source",         set_source, offsetof(struct entry, source)},
    {"sure",           set_flag,   offsetof(struct entry, unsure)},
};

enum { OPTION_COUNT = sizeof(options) / sizeof(*options) };

static void
read_option(struct reader *reader, struct entry *entry, const char *name, const yaml_node_t *node, bool *seen)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (strcmp(options[i].name, name))
            continue;
        if (seen[i])
            fail(entry, "option '%s' is given twice", name);
        seen[i] = true;
        options[i].set(reader, entry, node, (char *)entry + options[i].field);
        return;
    }
    fail(entry, "unknown option '%s'", name);
}

static void
read_entry(struct reader *reader, struct entry *entry, const yaml_node_t *node)
{
    bool seen[OPTION_COUNT] = {false};

    if (node->type != YAML_MAPPING_NODE)
        fail(entry, "%s: expected {option: value, ...}", entry->path);
    for (yaml_node_pair_t *i = node->data.mapping.pairs.start; i < node->data.mapping.pairs.top; i++) {
        const yaml_node_t *name = yaml_document_get_node(&reader->document, i->key);

        entry->line = name->start_mark.line + 1;
        read_option(reader, entry, scalar_of(entry, name), yaml_document_get_node(&reader->document, i->value), seen);
    }
    entry->line = node->start_mark.line + 1;
}

static struct entry *
add_entry(const char *file, const yaml_node_t *key)
{
    struct entry place = {.file = file, .line = key->start_mark.line + 1};
    const struct entry *other;

    place.path = copy(scalar_of(&place, key), key->data.scalar.length);
    if ((other = find_entry(place.path)))
        fail(&place, "%s is there already, in %s:%zu", place.path, other->file, other->line);
    entries = check_memory(realloc(entries, (entry_count + 1) * sizeof(*entries)));
    entries[entry_count] = place;
    return &entries[entry_count++];
}

static void
read_file(const char *file)
{
    struct reader reader = {.file = file};
    yaml_parser_t parser;
    yaml_node_t *top;
    FILE *in = fopen(file, "rb");

    if (!in) {
        fprintf(stderr, "%s: %s\n", file, strerror(errno));
        exit(1);
    }
    check_memory(yaml_parser_initialize(&parser) ? &parser : NULL);
    yaml_parser_set_input_file(&parser, in);
    if (!yaml_parser_load(&parser, &reader.document))
        fail_at(file, parser.problem_mark.line + 1, "%s", parser.problem ? parser.problem : "cannot be read");
    top = yaml_document_get_root_node(&reader.document);
    if (!top || top->type != YAML_MAPPING_NODE)
        fail_at(file, 1, "expected a mapping of keys");
    for (yaml_node_pair_t *i = top->data.mapping.pairs.start; i < top->data.mapping.pairs.top; i++) {
        struct entry *entry = add_entry(file, yaml_document_get_node(&reader.document, i->key));

        read_entry(&reader, entry, yaml_document_get_node(&reader.document, i->value));
    }
    yaml_document_delete(&reader.document);
    yaml_parser_delete(&parser);
    fclose(in);
}

/* --- checks --- */

/* Words of small letters, digits and hyphens; [] alone or at the end of a word. */
static void
check_path(const struct entry *entry)
{
    const char *p = entry->path;
    size_t indexes = 0, len = 0;

    for (; *p; p++, len++) {
        if (*p == '.' && len && p[1])
            len = (size_t)-1;
        else if (*p == '[' && p[1] == ']' && (p[2] == '.' || p[2] == 'p' || !p[2]))
            p++, len++, indexes++;
        else if (!islower((unsigned char)*p) && !(isdigit((unsigned char)*p) && len) && !(*p == '-' && len))
            fail(entry, "%s: not a path", entry->path);
        if (len != (size_t)-1 && len > WORD_MAX)
            fail(entry, "%s: a word of more than %d letters", entry->path, WORD_MAX);
    }
    if (indexes > INDEXES_MAX)
        fail(entry, "%s: more than %d indexes", entry->path, INDEXES_MAX);
}

/* The groups of all [] in a path must exist; the last of them that is not the entry itself is its group. */
static void
check_groups(struct entry *entry)
{
    for (const char *p = entry->path; (p = strstr(p, "[]")); p += 2) {
        char *prefix = copy(entry->path, (size_t)(p + 2 - entry->path));
        struct entry *group = find_entry(prefix);

        if (!group || !group->is_group)
            fail(entry, "%s: no group %s", entry->path, prefix);
        if (group != entry)
            entry->group = group;
        free(prefix);
    }
}

static void
check_group_options(const struct entry *entry)
{
    size_t len = strlen(entry->path);

    if (len < 2 || strcmp(entry->path + len - 2, "[]"))
        fail(entry, "%s: a group ends in []", entry->path);
    if (entry->words.count || entry->kinds.count || entry->range || entry->default_text || entry->required)
        fail(entry, "%s: an option that a group does not take", entry->path);
}

static void
check_range(struct entry *entry)
{
    char *low, *high;
    bool (*bound)(const char *, uint64_t *) = NULL;

    for (size_t i = 0; i < entry->types.count && !bound; i++)
        bound = behaviours[find_type(entry, entry->types.items[i])].bound;
    if (!bound)
        fail(entry, "%s: a range for a type without one", entry->path);
    low = copy(entry->range, strlen(entry->range));
    high = strchr(low, '-');
    if (high)
        *high++ = '\0';
    if (!high || !bound(low, &entry->low) || !bound(high, &entry->high) || entry->low > entry->high || !entry->high)
        fail(entry, "%s: cannot read the range '%s'", entry->path, entry->range);
    free(low);
}

static bool
takes_default(const struct entry *entry, enum value_type type)
{
    const struct type *behaviour = &behaviours[type];
    uint64_t number;

    if (type == TYPE_KEYWORD)
        return list_has(&entry->words, entry->default_text);
    if (behaviour->takes)
        return behaviour->takes(entry->default_text);
    if (!behaviour->bound || !behaviour->bound(entry->default_text, &number))
        return false;
    return !entry->range || (number >= entry->low && number <= entry->high);
}

static void
check_default(const struct entry *entry)
{
    for (size_t i = 0; i < entry->types.count; i++) {
        if (takes_default(entry, find_type(entry, entry->types.items[i])))
            return;
    }
    fail(entry, "%s: its own type does not take the default '%s'", entry->path, entry->default_text);
}

static void
check_key_options(struct entry *entry)
{
    bool keyword = list_has(&entry->types, "keyword");
    bool interface = list_has(&entry->types, "interface") || list_has(&entry->types, "interface-pattern");

    if (entry->types.count > TYPES_MAX)
        fail(entry, "%s: more than %d types", entry->path, TYPES_MAX);
    for (size_t i = 0; i < entry->types.count; i++)
        find_type(entry, entry->types.items[i]);
    if (keyword != (entry->words.count > 0))
        fail(entry, "%s: words belong to type keyword", entry->path);
    if (entry->kinds.count && !interface)
        fail(entry, "%s: kinds belong to an interface type", entry->path);
    if (entry->max)
        fail(entry, "%s: max belongs to a group", entry->path);
    if (entry->required && strcmp(entry->required, "true") && strcmp(entry->required, "branch"))
        fail(entry, "%s: required is true or branch", entry->path);
    if (entry->range)
        check_range(entry);
    if (entry->default_text)
        check_default(entry);
}

static void
check_references(const struct entry *entry, const struct list *paths)
{
    for (size_t i = 0; i < paths->count; i++) {
        const struct entry *other = find_entry(paths->items[i]);

        if (!other || other->is_group || (other->group != entry->group))
            fail(entry, "%s: '%s' is no key of its group", entry->path, paths->items[i]);
    }
}

static void
check_names(const struct entry *entry)
{
    static const char *const models[] = {"X4", "Ayame", "CA10", "W2"};

    for (size_t i = 0; i < entry->kinds.count; i++) {
        if (!is_kind(entry->kinds.items[i], strlen(entry->kinds.items[i])))
            fail(entry, "%s: unknown interface kind '%s'", entry->path, entry->kinds.items[i]);
    }
    for (size_t i = 0; i < entry->models.count; i++) {
        bool known = false;

        for (size_t j = 0; j < sizeof(models) / sizeof(*models); j++)
            known = known || !strcmp(models[j], entry->models.items[i]);
        if (!known)
            fail(entry, "%s: unknown model '%s'", entry->path, entry->models.items[i]);
    }
}

static void
check_entry(struct entry *entry)
{
    uint64_t max;

    check_path(entry);
    if (!entry->types.count || !entry->doc || !entry->source)
        fail(entry, "%s: type, doc and source must be given", entry->path);
    check_groups(entry);
    check_names(entry);
    if (entry->max && !read_decimal(entry->max, &max))
        fail(entry, "%s: max is a number", entry->path);
    if (entry->is_group)
        check_group_options(entry);
    else
        check_key_options(entry);
    if (entry->deprecated_for && !find_entry(entry->deprecated_for))
        fail(entry, "%s: no key '%s'", entry->path, entry->deprecated_for);
}

/* The path in capitals, without [] and with _ between its words. */
static void
name_entry(struct entry *entry)
{
    char *to;

    if (entry->id)
        return;
    to = entry->id = copy(entry->path, strlen(entry->path));
    for (const char *p = entry->path; *p; p++) {
        if (*p == '[' || *p == ']' || (*p == '.' && p[1] == '['))
            continue;
        *to++ = isalnum((unsigned char)*p) ? (char)toupper((unsigned char)*p) : '_';
    }
    *to = '\0';
}

/* The catalogue keeps sets of a group's keys in 64 bits. */
static void
number_member(struct entry *entry)
{
    if (entry->is_group || !entry->group)
        return;
    entry->member = entry->group->members++;
    if (entry->member >= MEMBERS_MAX)
        fail(entry, "%s: more than %d keys in one group", entry->path, MEMBERS_MAX);
}

static void
check_all(void)
{
    for (size_t i = 0; i < entry_count; i++)
        entries[i].is_group = entries[i].types.count == 1 && !strcmp(entries[i].types.items[0], "group");
    for (size_t i = 0; i < entry_count; i++) {
        check_entry(&entries[i]);
        name_entry(&entries[i]);
        number_member(&entries[i]);
    }
    for (size_t i = 0; i < entry_count; i++) {
        check_references(&entries[i], &entries[i].unless);
        check_references(&entries[i], &entries[i].excludes);
        for (size_t j = 0; j < i; j++) {
            if (!strcmp(entries[i].id, entries[j].id))
                fail(&entries[i], "%s: the same id as %s; give it one with id:", entries[i].path, entries[j].path);
        }
    }
}

/* --- the tree of words --- */

static struct node *
add_child(struct node *parent, const char *word, size_t len, size_t born)
{
    struct node **at = &parent->children;
    struct node *new;
    int order = 1;

    for (; *at; at = &(*at)->next) {
        order = strncmp((*at)->word, word, len);
        if (!order && (*at)->word[len])
            order = 1;
        if (order >= 0)
            break;
    }
    if (*at && !order)
        return *at;
    new = check_memory(calloc(1, sizeof(*new)));
    new->word = copy(word, len);
    new->born = born;
    new->next = *at;
    return *at = new;
}

static void
add_to_tree(struct entry *entry)
{
    struct node *node = &root;

    for (const char *p = entry->path; *p; p += *p == '.') {
        size_t len = strcspn(p, ".");

        node = add_child(node, p, len, (size_t)(entry - entries));
        p += len;
    }
    node->entry = entry;
}

static unsigned
number_entries(const struct node *node, unsigned next)
{
    if (node->entry)
        node->entry->number = next++;
    for (const struct node *child = node->children; child; child = child->next)
        next = number_entries(child, next);
    return next;
}

/* The child that was born first, but at `from` or later; NULL: there is none. */
static const struct node *
eldest_child(const struct node *parent, size_t from)
{
    const struct node *eldest = NULL;

    for (const struct node *child = parent->children; child; child = child->next) {
        if (child->born >= from && (!eldest || child->born < eldest->born))
            eldest = child;
    }
    return eldest;
}

static unsigned
rank_entries(const struct node *node, unsigned next)
{
    if (node->entry)
        node->entry->rank = next++;
    for (const struct node *child = eldest_child(node, 0); child; child = eldest_child(node, child->born + 1))
        next = rank_entries(child, next);
    return next;
}

static int
by_number(const void *a, const void *b)
{
    unsigned left = (*(struct entry *const *)a)->number, right = (*(struct entry *const *)b)->number;

    return (left > right) - (left < right);
}

/* All entries in the order of enum key_id. */
static struct entry **
sort_entries(void)
{
    struct entry **sorted = check_memory(calloc(entry_count, sizeof(*sorted)));

    for (size_t i = 0; i < entry_count; i++)
        add_to_tree(&entries[i]);
    number_entries(&root, 1);
    rank_entries(&root, 1);
    for (size_t i = 0; i < entry_count; i++)
        sorted[i] = &entries[i];
    qsort(sorted, entry_count, sizeof(*sorted), by_number);
    return sorted;
}

/* --- writing --- */

static void
print_banner(FILE *out)
{
    fputs("/* Generated by grammar/keygen.c from grammar/keys/.  Do not edit. */\n", out);
}

static void
print_string(FILE *out, const char *text)
{
    if (!text) {
        fputs("NULL", out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\' || *text == '?')
            fputc('\\', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void
print_header(FILE *out, struct entry **sorted)
{
    print_banner(out);
    fputs("#ifndef SEILC_KEYS_H\n#define SEILC_KEYS_H\n\nenum key_id {\n    KEY_NONE,\n", out);
    for (size_t i = 0; i < entry_count; i++)
        fprintf(out, "    KEY_%s,%*s/* %s */\n", sorted[i]->id, (int)(70 - strlen(sorted[i]->id)) > 1 ?
                (int)(70 - strlen(sorted[i]->id)) : 1, "", sorted[i]->path);
    fputs("    KEY_COUNT\n};\n\n#endif\n", out);
}

static void
print_words(FILE *out, const struct entry *entry)
{
    if (!entry->words.count)
        return;
    fprintf(out, "static const char *const words_%u[] = {", entry->number);
    for (size_t i = 0; i < entry->words.count; i++) {
        print_string(out, entry->words.items[i]);
        fputs(", ", out);
    }
    fputs("NULL};\n", out);
}

static void
print_ids(FILE *out, const struct entry *entry, const char *name, const struct list *paths)
{
    if (!paths->count)
        return;
    fprintf(out, "static const uint16_t %s_%u[] = {", name, entry->number);
    for (size_t i = 0; i < paths->count; i++)
        fprintf(out, "KEY_%s, ", find_entry(paths->items[i])->id);
    fputs("KEY_NONE};\n", out);
}

/* The keys that each entry of a group must have; without group, those of the features that have none. */
static void
print_required(FILE *out, const struct entry *group)
{
    if (group && !group->is_group)
        return;
    fprintf(out, "static const uint16_t required_%u[] = {", group ? group->number : 0);
    for (size_t i = 0; i < entry_count; i++) {
        if (entries[i].group == group && entries[i].required)
            fprintf(out, "KEY_%s, ", entries[i].id);
    }
    fputs("KEY_NONE};\n", out);
}

static void
print_lists(FILE *out, const struct entry *entry)
{
    print_words(out, entry);
    print_ids(out, entry, "unless", &entry->unless);
    print_ids(out, entry, "excludes", &entry->excludes);
    print_required(out, entry);
}

/* ".name = prefix_A | prefix_B, " of a list of names. */
static void
print_flags(FILE *out, const char *name, const char *format, const struct list *list)
{
    fprintf(out, " .%s = ", name);
    for (size_t i = 0; i < list->count; i++) {
        char upper[32] = "";

        for (size_t j = 0; list->items[i][j] && j < sizeof(upper) - 1; j++)
            upper[j] = (char)toupper((unsigned char)list->items[i][j]);
        fputs(i ? " | " : "", out);
        fprintf(out, format, upper);
    }
    fputc(',', out);
}

static void
print_types(FILE *out, const struct entry *entry)
{
    fputs(" .types = {", out);
    for (size_t i = 0; i < entry->types.count && !entry->is_group; i++)
        fprintf(out, "TYPE_%s, ", types[find_type(entry, entry->types.items[i])].id);
    fputs("TYPE_NONE},", out);
}

static void
print_text_field(FILE *out, const char *name, const char *text)
{
    if (!text)
        return;
    fprintf(out, " .%s = ", name);
    print_string(out, text);
    fputc(',', out);
}

static void
print_list_field(FILE *out, const struct entry *entry, const char *name, const char *array, bool present)
{
    if (present)
        fprintf(out, " .%s = %s_%u,", name, array, entry->number);
}

static unsigned
count_indexes(const char *path)
{
    unsigned count = 0;

    while ((path = strchr(path, '[')))
        path++, count++;
    return count;
}

static bool
is_required(const struct entry *entry)
{
    return entry->required;
}

static bool
is_exclusive(const struct entry *entry)
{
    return entry->excludes.count;
}

/* ".name = BITS, ": the set of keys of a group for which `has` holds. */
static void
print_set(FILE *out, const char *name, const struct entry *group, bool (*has)(const struct entry *))
{
    uint64_t bits = 0;

    for (size_t i = 0; i < entry_count; i++) {
        if (entries[i].group == group && !entries[i].is_group && has(&entries[i]))
            bits |= UINT64_C(1) << entries[i].member;
    }
    if (bits)
        fprintf(out, " .%s = UINT64_C(%" PRIu64 "),", name, bits);
}

static void
print_numbers(FILE *out, const struct entry *entry)
{
    char every[] = "ALL";
    char *items[] = {every};
    const struct list every_model = {items, 1};

    fprintf(out, " .depth = %u,", count_indexes(entry->path));
    print_flags(out, "models", "MODEL_%s", entry->models.count ? &entry->models : &every_model);
    if (entry->kinds.count)
        print_flags(out, "kinds", "1u << KIND_%s", &entry->kinds);
    if (entry->range)
        fprintf(out, " .low = %" PRIu64 ", .high = %" PRIu64 ",", entry->low, entry->high);
    if (entry->max)
        fprintf(out, " .max = %s,", entry->max);
    if (entry->group && !entry->is_group)
        fprintf(out, " .member = %u,", entry->member);
    if (entry->is_group) {
        print_set(out, "required_members", entry, is_required);
        print_set(out, "exclusive_members", entry, is_exclusive);
    }
}

static void
print_marks(FILE *out, const struct entry *entry)
{
    const struct { const char *name; bool set; } marks[] = {
        {"is_group", entry->is_group},
        {"required", entry->required},
        {"branch",   entry->required && !strcmp(entry->required, "branch")},
        {"secret",   entry->secret || list_has(&entry->types, "password")},
        {"sure",     !entry->unsure},
    };

    for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
        if (marks[i].set)
            fprintf(out, " .%s = true,", marks[i].name);
    }
}

static void
print_def(FILE *out, const struct entry *entry)
{
    fprintf(out, "    [KEY_%s] = {", entry->id);
    print_text_field(out, "path", entry->path);
    fprintf(out, " .id = KEY_%s, .group = KEY_%s, .rank = %u,", entry->id,
            entry->group ? entry->group->id : "NONE", entry->rank);
    print_types(out, entry);
    print_marks(out, entry);
    print_numbers(out, entry);
    print_list_field(out, entry, "words", "words", entry->words.count);
    print_list_field(out, entry, "unless", "unless", entry->unless.count);
    print_list_field(out, entry, "excludes", "excludes", entry->excludes.count);
    print_list_field(out, entry, "required_keys", "required", entry->is_group);
    print_text_field(out, "unit", entry->unit);
    print_text_field(out, "default_text", entry->default_text);
    print_text_field(out, "default_words", entry->default_words);
    print_text_field(out, "deprecated_for", entry->deprecated_for);
    print_text_field(out, "notes", entry->notes);
    print_text_field(out, "doc", entry->doc);
    print_text_field(out, "source", entry->source);
    fputs("},\n", out);
}

/* The first 8 bytes of a word as a number, so that numbers compare like words. */
static uint64_t
head_of(const char *word)
{
    uint64_t head = 0;

    for (int i = 0; i < 8; i++) {
        head = head << 8 | (unsigned char)*word;
        word += *word != '\0';
    }
    return head;
}

/* Prints a node and gives its children the numbers from `next`; they are printed after it, level by level. */
static unsigned
print_node(FILE *out, const struct node *node, unsigned next)
{
    const char *word = node->word ? node->word : "";
    unsigned count = 0, index_child = 0;

    for (struct node *child = node->children; child; child = child->next) {
        child->number = next + count++;
        if (!strcmp(child->word, "[]"))
            index_child = child->number;
    }
    fputs("    {", out);
    print_string(out, word);
    fprintf(out, ", UINT64_C(0x%" PRIx64 "), %zu, %u, KEY_%s, %u, %u, %u},\n", head_of(word), strlen(word),
            count_indexes(word), node->entry ? node->entry->id : "NONE", count ? next : 0, count, index_child);
    return next + count;
}

static size_t
count_nodes(const struct node *node)
{
    size_t count = 1;

    for (const struct node *child = node->children; child; child = child->next)
        count += count_nodes(child);
    return count;
}

static void
print_trie(FILE *out)
{
    size_t count = count_nodes(&root), last = 1;
    const struct node **queue = check_memory(calloc(count, sizeof(*queue)));
    unsigned next = 1;

    fputs("\nconst struct trie_node trie_nodes[] = {\n", out);
    queue[0] = &root;
    for (size_t i = 0; i < count; i++) {
        for (const struct node *child = queue[i]->children; child; child = child->next)
            queue[last++] = child;
        next = print_node(out, queue[i], next);
    }
    fputs("};\n", out);
    free(queue);
}

static void
print_source(FILE *out, struct entry **sorted)
{
    print_banner(out);
    fputs("#include <stddef.h>\n\n#include \"catalogue.h\"\n#include \"trie.h\"\n\n", out);
    print_required(out, NULL);
    for (size_t i = 0; i < entry_count; i++)
        print_lists(out, sorted[i]);
    fputs("\nconst struct key_def key_defs[KEY_COUNT] = {\n    [KEY_NONE] = {.required_keys = required_0},\n", out);
    for (size_t i = 0; i < entry_count; i++)
        print_def(out, sorted[i]);
    fputs("};\n", out);
    print_trie(out);
}

static void
print_list(FILE *out, const char *before, const struct list *list)
{
    for (size_t i = 0; i < list->count; i++)
        fprintf(out, "%s%s", i ? ", " : before, list->items[i]);
}

/* A cell of a markdown table, in which a bar would end the cell. */
static void
print_cell(FILE *out, const char *text)
{
    for (; text && *text; text++) {
        if (strchr("|*<>[]_\\", *text))
            fputc('\\', out);
        fputc(*text, out);
    }
    fputs(" | ", out);
}

/* The catalogue as a markdown table. */
static void
print_table(FILE *out, struct entry **sorted)
{
    fputs("| key | type | range | default | meaning |\n|---|---|---|---|---|\n", out);
    for (size_t i = 0; i < entry_count; i++) {
        const struct entry *entry = sorted[i];

        fprintf(out, "| `%s` | ", entry->path);
        print_list(out, "", &entry->types);
        print_list(out, ": ", &entry->words);
        fputs(" | ", out);
        print_cell(out, entry->range ? entry->range : entry->max ? entry->max : "");
        print_cell(out, entry->default_text ? entry->default_text : entry->default_words);
        print_cell(out, entry->doc);
        fputs("\n", out);
    }
}

static void
write_file(const char *name, void (*print)(FILE *, struct entry **), struct entry **sorted)
{
    FILE *out = fopen(name, "w");

    if (out)
        print(out, sorted);
    if (!out || fflush(out) || ferror(out) || fclose(out)) {
        fprintf(stderr, "%s: %s\n", name, strerror(errno));
        exit(1);
    }
}

int
main(int argc, char **argv)
{
    bool table = argc > 1 && !strcmp(argv[1], "--table");
    int first = table ? 2 : 3;
    struct entry **sorted;

    if (argc <= first) {
        fputs("usage: keygen HEADER.h SOURCE.c KEYS.yaml...\n       keygen --table KEYS.yaml...\n", stderr);
        return 1;
    }
    for (int i = first; i < argc; i++)
        read_file(argv[i]);
    check_all();
    sorted = sort_entries();
    if (table) {
        print_table(stdout, sorted);
    } else {
        write_file(argv[1], print_header, sorted);
        write_file(argv[2], print_source, sorted);
    }
    free(sorted);
    return 0;
}
