/* cure.c - the cures of findings: what is replaced, added or deleted in a config. */
#include "cure.h"

#include <string.h>
#include <strings.h>

/* --- in the text --- */

static struct text
text_of(const char *text)
{
    return (struct text){text, strlen(text)};
}

static const char *
quoted(struct diag *diag, struct text text)
{
    struct text written = value_quote(diag->arena, text);

    return arena_copy(diag->arena, written.bytes, written.len);
}

/* The whole line of a place, with its end. */
static struct place
whole_line(struct place place)
{
    struct text line = source_line(&place);
    uint32_t start = (uint32_t)(line.bytes - place.source->bytes);
    const char *newline = memchr(line.bytes, '\n', place.source->len - start);

    return (struct place){place.source, start,
                          newline ? (uint32_t)(newline + 1 - line.bytes) : (uint32_t)(place.source->len - start)};
}

static struct text
between(const struct source *source, uint32_t start, uint32_t end)
{
    return (struct text){source->bytes + start, end - start};
}

void
cure_value(struct diag *diag, struct finding *finding, const struct tree *tree, const struct node *node, const char *text)
{
    if (node->where.source == tree->source)
        diag_fix(diag, finding, node->where, quoted(diag, text_of(text)), arena_printf(diag->arena, "write %s", text));
}

void
cure_key(struct diag *diag, struct finding *finding, struct place place, const char *key)
{
    diag_fix(diag, finding, place, key, arena_printf(diag->arena, "write %s", key));
}

void
cure_delete(struct diag *diag, struct finding *finding, struct place place)
{
    diag_fix(diag, finding, whole_line(place), "", "delete the line");
}

/* What stands before and behind key and value on the line of a node does so on the new line, too. */
void
cure_add(struct diag *diag, struct finding *finding, const struct tree *tree, const struct node *behind, const char *key,
         const char *value)
{
    const struct source *source = tree->source;
    struct place line;
    struct text indent, separator, end;
    uint32_t text_end;

    if (behind->key.source != source || behind->where.source != source)
        return;
    line = whole_line(behind->key);
    text_end = line.start + (uint32_t)source_line(&behind->key).len;
    indent = between(source, line.start, behind->key.start);
    separator = between(source, behind->key.start + behind->key.len, behind->where.start);
    end = between(source, text_end, line.start + line.len);
    line = (struct place){source, line.start + line.len, 0};
    diag_fix(diag, finding, line,
             arena_printf(diag->arena, "%s%.*s%s%.*s%s%.*s", end.len ? "" : "\n", (int)indent.len, indent.bytes, key,
                          (int)separator.len, separator.bytes, quoted(diag, text_of(value)), (int)end.len, end.bytes),
             arena_printf(diag->arena, "add %s: %s", key, value));
}

/* --- spelling of values --- */

static bool
is_value(struct arena *arena, const struct key_def *def, const char *text)
{
    struct value value;
    struct text wrong;

    return text && !value_parse(arena, def, text_of(text), &value, &wrong);
}

static bool
takes(const struct key_def *def, enum value_type type)
{
    for (size_t i = 0; def->types[i] != TYPE_NONE; i++) {
        if (def->types[i] == type)
            return true;
    }
    return false;
}

static bool
same_word(struct text text, const char *word)
{
    return text.len == strlen(word) && !strncasecmp(text.bytes, word, text.len);
}

/* The only keyword with these letters. */
static const char *
find_keyword(const struct key_def *def, struct text text)
{
    const char *found = NULL;

    for (const char *const *word = def->words; word && *word; word++) {
        if (!same_word(text, *word))
            continue;
        if (found)
            return NULL;
        found = *word;
    }
    return found;
}

static const char *
find_switch(const struct key_def *def, struct text text)
{
    static const struct {
        const char *word, *means;
    } words[] = {
        {"enable", "enable"},   {"enabled", "enable"},   {"on", "enable"},   {"yes", "enable"}, {"true", "enable"},
        {"disable", "disable"}, {"disabled", "disable"}, {"off", "disable"}, {"no", "disable"}, {"false", "disable"},
    };

    for (size_t i = 0; takes(def, TYPE_SWITCH) && i < sizeof(words) / sizeof(*words); i++) {
        if (same_word(text, words[i].word))
            return words[i].means;
    }
    return NULL;
}

static const char *
lower_case(struct arena *arena, struct text text)
{
    char *lower = arena_copy(arena, text.bytes, text.len);

    for (char *p = lower; *p; p++) {
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    }
    return lower;
}

/* Days, which a SEIL does not know, and capital letters: 1d12H is 36h. */
static const char *
find_time(struct arena *arena, const struct key_def *def, struct text text)
{
    const char *lower = lower_case(arena, text);
    unsigned days = 0, hours = 0;
    int day_end = 0, hour_end = 0;

    if (!takes(def, TYPE_TIME) && !takes(def, TYPE_INTERVAL))
        return NULL;
    if (sscanf(lower, "%3u%*1[d]%n", &days, &day_end) < 1 || !day_end)
        return lower;
    if (sscanf(lower + day_end, "%3u%*1[h]%n", &hours, &hour_end) < 1 || !hour_end)
        hours = 0, hour_end = 0;
    return arena_printf(arena, "%uh%s", days * 24 + hours, lower + day_end + hour_end);
}

static const char *
find_interface(struct arena *arena, const struct key_def *def, struct text text)
{
    const char *lower = lower_case(arena, text);
    struct interface_name name;

    return takes(def, TYPE_INTERFACE) && interface_parse(text_of(lower), &name) ? lower : NULL;
}

/* Would a key take what an address with a prefix length may stand for? */
static bool
takes_networks(const struct key_def *def)
{
    static const enum value_type types[] = {TYPE_IPV4_PREFIX,  TYPE_IPV4_NETWORK, TYPE_IPV4_RANGE,
                                            TYPE_IPV6_PREFIX, TYPE_IPV6_NETWORK, TYPE_IPV6_RANGE};

    for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
        if (takes(def, types[i]))
            return true;
    }
    return false;
}

/* The prefix length of a single host. */
static bool
is_single(const struct value *prefix)
{
    return prefix->type == TYPE_IPV4_PREFIX ? prefix->ipv4.len == 32 : prefix->ipv6.len == 128;
}

/* A host's address in front of a prefix length, where the key takes addresses alone. */
static const char *
find_address(struct arena *arena, const struct key_def *def, struct text text)
{
    static const struct key_def prefix = {.types = {TYPE_IPV4_PREFIX, TYPE_IPV6_PREFIX}};
    static const struct key_def network = {.types = {TYPE_IPV4_NETWORK, TYPE_IPV6_NETWORK}};
    const char *slash = text.len ? memchr(text.bytes, '/', text.len) : NULL;
    struct value value, net;
    struct text wrong;

    if (!slash || takes_networks(def))
        return NULL;
    if (value_parse(arena, &prefix, text, &value, &wrong) || value_parse(arena, &network, text, &net, &wrong))
        return NULL;
    net.type = value.type;
    if (value_equal(&value, &net) && !is_single(&value))
        return NULL;    /* the address of a network is no host's */
    return arena_copy(arena, text.bytes, (size_t)(slash - text.bytes));
}

const char *
cure_spelling(struct arena *arena, const struct key_def *def, struct text text)
{
    const char *found = find_keyword(def, text);

    if (def->secret)
        return NULL;
    if (!found)
        found = find_switch(def, text);
    if (!found)
        found = find_interface(arena, def, text);
    if (!found)
        found = find_time(arena, def, text);
    if (!found)
        found = find_address(arena, def, text);
    return is_value(arena, def, found) ? found : NULL;
}

/* --- spelling of keys --- */

const char *
cure_key_spelling(struct arena *arena, struct text key, struct key_ref *ref)
{
    char *tidy = arena_copy(arena, key.bytes, key.len);
    struct text wrong;
    bool changed = false;

    for (char *p = tidy; *p; p++) {
        char c = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;

        c = c == '_' ? '-' : c;
        changed |= c != *p;
        *p = c;
    }
    if (!changed || catalogue_find(text_of(tidy), ref, &wrong) != KEY_OK)
        return NULL;
    return tidy;
}
