/* dump.c - print a typed tree as YAML or JSON. */
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "tree.h"

/*
 * Both forms are a list of settings in the order of the source.  Keys cannot be nested as mappings, since
 * some of them are leaf and branch at once (filter.ipv4.[].state and filter.ipv4.[].state.ttl).
 */

static bool
is_number(const struct value *value)
{
    static const bool numbers[TYPE_COUNT] = {
        [TYPE_NUMBER] = true, [TYPE_TIME] = true, [TYPE_INTERVAL] = true, [TYPE_SIZE] = true,
    };

    return numbers[value->type] && value->number <= INT64_MAX;
}

static bool
is_hidden(const struct node *node, bool secrets)
{
    return node->def->secret && !secrets;
}

/* A URL without the name and password of its user, if it has them. */
static const char *
hide_login(struct arena *arena, const char *url)
{
    const char *host = strstr(url, "://");
    const char *at;

    if (!host)
        return url;
    host += 3;
    at = host + strcspn(host, "/@?#");
    if (*at != '@')
        return url;
    return arena_printf(arena, "%.*s***%s", (int)(host - url), url, at);
}

static const char *
value_text(struct arena *arena, const struct node *node, bool secrets)
{
    const char *text;

    if (is_hidden(node, secrets))
        return "***";
    text = value_format(arena, node->def, &node->value);
    return node->value.type == TYPE_URL && !secrets ? hide_login(arena, text) : text;
}

static const char *
unit_of(const struct node *node)
{
    if (node->def->unit && is_number(&node->value))
        return node->def->unit;
    return node->value.type == TYPE_TIME || node->value.type == TYPE_INTERVAL ? "s" : NULL;
}

/* --- YAML --- */

/* A double-quoted scalar; bytes that are no printable ASCII count as Latin-1. */
static void
print_quoted(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;

        if (byte == '"' || byte == '\\')
            fprintf(out, "\\%c", byte);
        else if (byte < 0x20 || byte >= 0x7f)
            fprintf(out, "\\x%02X", byte);
        else
            fputc(byte, out);
    }
    fputc('"', out);
}

static void
print_value(FILE *out, struct arena *arena, const struct node *node, bool secrets)
{
    if (is_number(&node->value) && !is_hidden(node, secrets))
        fprintf(out, "%" PRIu64, node->value.number);
    else if (node->value.type == TYPE_SWITCH)
        fputs(node->value.on ? "true" : "false", out);
    else
        print_quoted(out, value_text(arena, node, secrets));
}

static void
print_setting(FILE *out, struct arena *arena, const struct node *node, bool secrets)
{
    unsigned line, column;

    source_locate(&node->where, &line, &column);
    fputs("  - key: ", out);
    print_quoted(out, catalogue_format(arena, node->def, node->index));
    fprintf(out, "\n    type: %s\n    value: ", value_type_name(node->value.type));
    print_value(out, arena, node, secrets);
    if (unit_of(node))
        fprintf(out, "\n    unit: %s", unit_of(node));
    fputs("\n    from: ", out);
    print_quoted(out, node->where.source->name);
    fprintf(out, "\n    line: %u\n", line);
}

void
tree_dump_yaml(const struct tree *tree, FILE *out, bool secrets)
{
    struct arena arena;

    arena_init(&arena);
    fputs("config: ", out);
    print_quoted(out, tree->source->name);
    fputs(tree->count ? "\nsettings:\n" : "\nsettings: []\n", out);
    for (size_t i = 0; i < tree->count; i++)
        print_setting(out, &arena, &tree->nodes[i], secrets);
    arena_free(&arena);
}

/* --- JSON --- */

/* JSON is UTF-8; a text that is not counts as Latin-1. */
static json_t *
make_string(const char *text)
{
    json_t *string = json_string(text);
    char utf8[3] = "";

    if (string)
        return string;
    string = json_string("");
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;
        json_t *longer;

        utf8[0] = (char)(byte < 0x80 ? byte : 0xc0 | byte >> 6);
        utf8[1] = (char)(byte < 0x80 ? 0 : 0x80 | (byte & 0x3f));
        longer = json_sprintf("%s%s", json_string_value(string), utf8);
        json_decref(string);
        string = longer;
    }
    return string;
}

static json_t *
make_value(struct arena *arena, const struct node *node, bool secrets)
{
    if (is_number(&node->value) && !is_hidden(node, secrets))
        return json_integer((json_int_t)node->value.number);
    if (node->value.type == TYPE_SWITCH)
        return json_boolean(node->value.on);
    return make_string(value_text(arena, node, secrets));
}

static json_t *
make_setting(struct arena *arena, const struct node *node, bool secrets)
{
    json_t *object = json_object();
    unsigned line, column;

    source_locate(&node->where, &line, &column);
    json_object_set_new(object, "key", make_string(catalogue_format(arena, node->def, node->index)));
    json_object_set_new(object, "type", json_string(value_type_name(node->value.type)));
    json_object_set_new(object, "value", make_value(arena, node, secrets));
    if (unit_of(node))
        json_object_set_new(object, "unit", json_string(unit_of(node)));
    json_object_set_new(object, "from", make_string(node->where.source->name));
    json_object_set_new(object, "line", json_integer(line));
    return object;
}

void
tree_dump_json(const struct tree *tree, FILE *out, bool secrets)
{
    json_t *top = json_object(), *settings = json_array();
    struct arena arena;

    arena_init(&arena);
    for (size_t i = 0; i < tree->count; i++)
        json_array_append_new(settings, make_setting(&arena, &tree->nodes[i], secrets));
    json_object_set_new(top, "config", make_string(tree->source->name));
    json_object_set_new(top, "settings", settings);
    json_dumpf(top, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(top);
    arena_free(&arena);
}
