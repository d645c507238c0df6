/* format.c - the canonical order and layout of a config. */

/*
 * Lines are sorted by section, then entry by entry, and within an entry in the order of the key files, which is the one in
 * which a person writes them.  Keys and values keep their spelling, but for quotes: a number written in hexadecimal or an
 * address with its zeros may mean something to its author.
 */
#include "format.h"

#include <stdlib.h>
#include <string.h>

#include "syntax.h"
#include "tree.h"

/* The sections in their order: the router itself, its links and lines, what hosts get, what protects them, the rest. */
static const char *const sections[] = {
    "hostname", "option", "login", "sshd", "telnetd", "terminal",
    "interface.ge", "interface.lag", "interface.vlan", "interface.bridge", "interface.wlan", "interface.loopback",
    "interface.pppoe", "interface.ppp", "interface.wwan", "interface.rac", "interface.pppac", "interface.tunnel",
    "interface.gre", "interface.ipsec", "interface.ipsecac", "interface.l2tp",
    "floatlink", "ipsec", "ike", "arp", "proxyarp",
    "dhcp6", "route", "rip", "ripng", "ospf", "ospf6", "bgp",
    "resolver", "dns-forwarder", "ntp", "dhcp", "router-advertisement", "vrrp",
    "nat", "filter", "macfilter", "application-gateway", "upnp", "qos",
    "monitor", "syslog", "snmp",
};

const size_t format_section_count = sizeof(sections) / sizeof(*sections);

enum { LONG_ENTRY = 4 };    /* lines; such an entry stands apart from its neighbours */

/* One line of the result. */
struct line {
    const struct key_def *def;
    uint32_t index[KEY_INDEX_MAX];
    size_t section;
    uint32_t start;             /* where it was in the source: lines with the same key stay in their order */
    struct text key;
    struct text value;          /* decoded; no bytes: the line has none */
    struct text written;        /* as it stands in the source */
};

struct lines {
    struct line *items;
    size_t count, capacity;
};

/* What a config says, read for itself. */
struct reading {
    struct diag diag;           /* of its lines */
    struct diag tree_diag;      /* of its keys and values */
    struct tree tree;
    struct lines lines;
    bool complete;              /* each of its lines is in `lines` */
};

/* --- order --- */

/* A path begins with a section if its words do; the last one may have an index glued to it. */
static bool
begins_with(const char *path, const char *section)
{
    size_t len = strlen(section);

    return !strncmp(path, section, len) && (!path[len] || path[len] == '.' || path[len] == '[');
}

size_t
format_section(const struct key_def *def)
{
    size_t i;

    for (i = 0; i < format_section_count && !begins_with(def->path, sections[i]); i++)
        ;
    return i;
}

/* The groups that a key is in, the outermost first; returns their number. */
static size_t
groups_of(const struct key_def *def, const struct key_def *groups[static KEY_INDEX_MAX])
{
    size_t count = 0;
    enum key_id id;

    for (id = def->group; id != KEY_NONE; id = key_defs[id].group)
        count++;
    id = def->group;
    for (size_t i = count; i > 0; i--, id = key_defs[id].group)
        groups[i - 1] = &key_defs[id];
    return count;
}

static int
compare_numbers(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

/* By the entries that both are in, and where these part by rank, which holds the keys of an entry together. */
static int
compare_keys(const struct line *a, const struct line *b)
{
    const struct key_def *groups[KEY_INDEX_MAX], *others[KEY_INDEX_MAX];
    size_t count = groups_of(a->def, groups), other_count = groups_of(b->def, others);
    size_t depth = 0;

    for (size_t i = 0; i < count && i < other_count && groups[i] == others[i]; i++) {
        for (; depth < groups[i]->depth; depth++) {
            if (a->index[depth] != b->index[depth])
                return compare_numbers(a->index[depth], b->index[depth]);
        }
    }
    return compare_numbers(a->def->rank, b->def->rank);
}

static int
by_order(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
    int order = compare_numbers(a->section, b->section);

    if (!order)
        order = compare_keys(a, b);
    return order ? order : compare_numbers(a->start, b->start);
}

/* --- reading --- */

/* False when the key is none; what is wrong with it is known already, or else `diag` is told. */
static bool
add_line(struct reading *reading, const struct source *source, struct span key, struct text written)
{
    struct lines *lines = &reading->lines;
    struct line line = {.start = key.start, .key = syntax_text(source, key), .written = written};
    struct key_ref ref = {.def = NULL};
    struct text wrong;

    if (catalogue_find(line.key, &ref, &wrong) != KEY_OK)
        return false;
    line.def = ref.def;
    memcpy(line.index, ref.index, ref.def->depth * sizeof(*ref.index));
    line.section = format_section(ref.def);
    if (written.bytes)
        line.value = syntax_decode(reading->diag.arena, written);
    lines->items = arena_grow(reading->diag.arena, lines->items, lines->count, &lines->capacity, sizeof(*lines->items));
    lines->items[lines->count++] = line;
    return true;
}

static void
add_statements(struct reading *reading, const struct source *source, const struct statements *statements)
{
    for (size_t i = 0; i < statements->count; i++) {
        const struct statement *statement = &statements->items[i];

        if (!add_line(reading, source, statement->key, syntax_text(source, statement->value)))
            reading->complete = false;
    }
}

/* Keys without a value are no statements, but somebody wrote them: they stay. */
static void
add_valueless(struct reading *reading, const struct source *source)
{
    size_t count = reading->diag.count;

    for (size_t i = 0; i < count; i++) {
        const struct finding *finding = reading->diag.findings[i];
        struct text line;
        struct span key = {0};

        if (finding->id != FINDING_VALUE_MISSING)
            continue;
        line = source_line(&finding->place);
        while (line.bytes[key.start] == ' ' || line.bytes[key.start] == '\t')
            key.start++;
        while (!memchr(" \t:", line.bytes[key.start + key.len], 3))
            key.len++;
        key.start += (uint32_t)(line.bytes - source->bytes);
        if (add_line(reading, source, key, (struct text){NULL, 0}))
            continue;
        reading->complete = false;
        diag_add(&reading->diag, FINDING_UNKNOWN_KEY, (struct place){source, key.start, key.len}, "unknown key");
    }
}

/* What leaves a line without its place in the order. */
static bool
is_fatal(enum finding_id id)
{
    static const bool fatal[FINDING_COUNT] = {
        [FINDING_BAD_LINE] = true, [FINDING_BAD_BYTE] = true, [FINDING_BAD_QUOTING] = true,
        [FINDING_UNKNOWN_KEY] = true, [FINDING_BAD_INDEX] = true,
    };

    return fatal[id];
}

static void
read_config(struct arena *arena, const struct source *source, struct reading *out)
{
    struct statements statements = {0};

    *out = (struct reading){.complete = true};
    diag_init(&out->diag, arena);
    diag_init(&out->tree_diag, arena);
    syntax_parse(arena, source, &out->diag, &statements);
    tree_bind(arena, source, &statements, NULL, 0, BIND_TOGETHER, &out->tree_diag, &out->tree);
    add_statements(out, source, &statements);
    add_valueless(out, source);
    for (size_t i = 0; i < out->diag.count; i++)
        if (is_fatal(out->diag.findings[i]->id))
            out->complete = false;
    if (out->diag.dropped)      /* a key without value may be among them */
        out->complete = false;
    if (out->lines.count)
        qsort(out->lines.items, out->lines.count, sizeof(*out->lines.items), by_order);
}

/* --- the law --- */

static bool
same_text(struct text a, struct text b)
{
    return (a.bytes == NULL) == (b.bytes == NULL) && text_equal(a, b);
}

static bool
same_lines(const struct lines *before, const struct lines *after)
{
    if (before->count != after->count)
        return false;
    for (size_t i = 0; i < before->count; i++) {
        const struct line *a = &before->items[i], *b = &after->items[i];

        if (!same_text(a->key, b->key) || !same_text(a->value, b->value))
            return false;
    }
    return true;
}

static bool
same_trees(const struct tree *before, const struct tree *after)
{
    if (before->count != after->count)
        return false;
    for (size_t i = 0; i < before->count; i++) {
        const struct node *node = &before->nodes[i];
        const struct node *other = tree_find(after, node->def->id, node->index);

        if (!other || !value_equal(&node->value, &other->value))
            return false;
    }
    return true;
}

static bool
same_readings(const struct reading *before, const struct reading *after)
{
    return before->complete && after->complete && same_lines(&before->lines, &after->lines) &&
           same_trees(&before->tree, &after->tree);
}

bool
format_same(struct arena *arena, const struct source *before, const struct source *after)
{
    struct reading readings[2];

    read_config(arena, before, &readings[0]);
    read_config(arena, after, &readings[1]);
    return same_readings(&readings[0], &readings[1]);
}

/* --- layout --- */

/* Are two lines in the same outermost entry, or both in none? */
static bool
same_entry(const struct line *a, const struct line *b)
{
    const struct key_def *groups[KEY_INDEX_MAX], *others[KEY_INDEX_MAX];
    size_t count = groups_of(a->def, groups), other_count = groups_of(b->def, others);

    if (!count || !other_count)
        return count == other_count;
    return groups[0] == others[0] && !memcmp(a->index, b->index, groups[0]->depth * sizeof(*a->index));
}

static bool
same_word(const struct line *a, const struct line *b)
{
    size_t len = strcspn(a->def->path, ".");

    return len == strcspn(b->def->path, ".") && !memcmp(a->def->path, b->def->path, len);
}

/* How many lines the entry around a line has, up to what makes it long; a line in no entry counts for nothing. */
static size_t
entry_length(const struct lines *lines, size_t at)
{
    size_t first = at, last = at;

    if (lines->items[at].def->group == KEY_NONE)
        return 0;
    while (first > 0 && at - first < LONG_ENTRY && same_entry(&lines->items[first - 1], &lines->items[at]))
        first--;
    while (last + 1 < lines->count && last - at < LONG_ENTRY && same_entry(&lines->items[last + 1], &lines->items[at]))
        last++;
    return last - first + 1;
}

/* Does an empty line stand before a line? */
static bool
starts_paragraph(const struct lines *lines, size_t at)
{
    const struct line *line = &lines->items[at], *before = line - 1;

    if (!at)
        return false;
    if (!same_word(before, line))
        return true;
    if (same_entry(before, line))
        return false;
    if (begins_with(line->def->path, "interface"))
        return true;
    return before->def->group != KEY_NONE &&
           (entry_length(lines, at - 1) >= LONG_ENTRY || entry_length(lines, at) >= LONG_ENTRY);
}

/* Nobody knows what a SEIL makes of a backslash before anything but a quote or another one; it stays as it is. */
static bool
has_odd_escape(struct text written)
{
    if (!written.len || written.bytes[0] != '"')
        return false;
    for (size_t i = 1; i + 1 < written.len; i++) {
        if (written.bytes[i] == '\\' && !memchr("\"\\", written.bytes[++i], 2))
            return true;
    }
    return false;
}

static char *
put(char *to, struct text text)
{
    if (text.len)
        memcpy(to, text.bytes, text.len);
    return to + text.len;
}

static struct text
print_lines(struct arena *arena, const struct lines *lines)
{
    size_t room = 1;
    char *start, *to;

    for (size_t i = 0; i < lines->count; i++)
        room += lines->items[i].key.len + 2 * lines->items[i].value.len + sizeof("\n : \"\"\n");
    start = to = arena_alloc(arena, room);
    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->items[i];

        if (starts_paragraph(lines, i))
            *to++ = '\n';
        to = put(to, line->key);
        to = put(to, (struct text){" : ", line->value.bytes ? 3 : 2});
        if (line->value.bytes)
            to = put(to, has_odd_escape(line->written) ? line->written : value_quote(arena, line->value));
        *to++ = '\n';
    }
    return (struct text){start, (size_t)(to - start)};
}

/* --- the whole --- */

static void
copy_fatal(const struct diag *from, struct diag *to)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct finding *finding = from->findings[i];

        if (is_fatal(finding->id))
            diag_add(to, finding->id, finding->place, "%s", finding->message);
    }
}

static void
refuse(const struct reading *reading, const struct source *source, struct diag *diag)
{
    copy_fatal(&reading->diag, diag);
    copy_fatal(&reading->tree_diag, diag);
    if (!diag->count)
        diag_add(diag, FINDING_CANNOT_WRITE, (struct place){.source = source}, "too much is wrong to lay it out");
}

bool
format_config(struct arena *arena, const struct source *source, struct diag *diag, struct text *out)
{
    struct reading before, after;

    read_config(arena, source, &before);
    if (!before.complete) {
        refuse(&before, source, diag);
        return false;
    }
    *out = print_lines(arena, &before.lines);
    read_config(arena, source_of(arena, source->name, out->bytes, out->len), &after);
    if (same_readings(&before, &after))
        return true;
    diag_add(diag, FINDING_CANNOT_WRITE, (struct place){.source = source},
             "internal: laid out, the config would not say the same; nothing is written");
    return false;
}
