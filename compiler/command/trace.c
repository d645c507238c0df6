/* trace.c - seilc trace: where every line of a config went, and where a line of the output came from. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

static const char *const fate_names[] = {"unclaimed", "realised", "no effect", "refused"};

static void
print_node(const struct router *router, const struct node *node)
{
    const struct ledger_entry *entry = &router->ledger.entries[node->number];
    const struct emission *emission;
    struct text line = source_line(&node->key);
    unsigned row, column;

    source_locate(&node->key, &row, &column);
    if (node->def->secret)
        line.len = 0;
    printf("%s:%u: %.*s\n", node->key.source->name, row, (int)line.len, line.bytes);
    if (node->def->secret)
        printf("    (%s, a secret)\n", node->def->path);
    printf("    %s%s%s\n", fate_names[entry->fate], entry->reason ? ": " : "", entry->reason ? entry->reason : "");
    for (emission = entry->emissions; emission; emission = emission->next) {
        if (emission->first == emission->last)
            printf("      %s:%u\n", emission->path, emission->first);
        else
            printf("      %s:%u-%u\n", emission->path, emission->first, emission->last);
    }
}

static json_t *
json_of_node(const struct router *router, const struct node *node)
{
    const struct ledger_entry *entry = &router->ledger.entries[node->number];
    const struct emission *emission;
    json_t *emissions = json_array();
    unsigned row, column;

    source_locate(&node->key, &row, &column);
    for (emission = entry->emissions; emission; emission = emission->next)
        json_array_append_new(emissions, json_pack("{s:s, s:i, s:i}", "path", emission->path, "first", (int)emission->first,
                                                   "last", (int)emission->last));
    return json_pack("{s:s, s:s, s:i, s:s, s:s, s:s?, s:o}", "router", router->options->name, "file",
                     node->key.source->name, "line", (int)row, "key",
                     catalogue_format(router->ledger.arena, node->def, node->index), "fate", fate_names[entry->fate],
                     "reason", entry->reason, "emissions", emissions);
}

/* FILE:LINE: is this emission meant?  FILE may have a leading slash, or the router's name as its first directory. */
struct reverse {
    const char *path;
    size_t path_len;
    unsigned line;
};

static bool
emission_matches(const struct router *router, const struct emission *emission, const struct reverse *reverse)
{
    const char *path = reverse->path;
    size_t len = reverse->path_len;
    size_t name_len = strlen(router->options->name);

    if (len > name_len && strncmp(path, router->options->name, name_len) == 0 && path[name_len] == '/') {
        path += name_len;
        len -= name_len;
    }
    if (len && *path == '/') {
        path++;
        len--;
    }
    return strlen(emission->path) == len && memcmp(emission->path, path, len) == 0 && emission->first <= reverse->line &&
           reverse->line <= emission->last;
}

static bool
node_wanted(const struct router *router, const struct node *node, const struct reverse *reverse)
{
    const struct emission *emission;

    if (!reverse->path)
        return true;
    for (emission = router->ledger.entries[node->number].emissions; emission; emission = emission->next)
        if (emission_matches(router, emission, reverse))
            return true;
    return false;
}

static bool
parse_reverse(const char *text, struct reverse *out)
{
    const char *colon = text ? strrchr(text, ':') : NULL;
    char *end;
    unsigned long line;

    *out = (struct reverse){0};
    if (!text)
        return true;
    if (!colon || colon == text)
        return false;
    line = strtoul(colon + 1, &end, 10);
    *out = (struct reverse){text, (size_t)(colon - text), (unsigned)line};
    return end != colon + 1 && *end == '\0' && line > 0 && line <= 1000000000;
}

static size_t
print_all(const struct command_line *options, const struct compilation *compilation, const struct reverse *reverse)
{
    json_t *list = options->format == FORMAT_JSON ? json_array() : NULL;
    size_t printed = 0;
    size_t i, j;

    for (i = 0; i < compilation->router_count; i++) {
        const struct router *router = &compilation->routers[i];

        for (j = 0; j < router->tree.count; j++) {
            const struct node *node = &router->tree.nodes[j];

            if (!node_wanted(router, node, reverse))
                continue;
            printed++;
            if (list)
                json_array_append_new(list, json_of_node(router, node));
            else
                print_node(router, node);
        }
    }
    if (list) {
        json_dumpf(list, stdout, JSON_INDENT(2));
        putchar('\n');
        json_decref(list);
    }
    return printed;
}

static int
run_trace(const struct command_line *options)
{
    struct compile_options compile_options = options->compile;
    struct compilation compilation;
    struct reverse reverse;
    int status = 2;

    if (!parse_reverse(options->reverse, &reverse)) {
        fprintf(stderr, "seilc trace: expected FILE:LINE, not %s\n", options->reverse);
        return 2;
    }
    compile_options.stage = STAGE_FILES;
    compile_options.partial = true;
    compile(&compile_options, options->inputs, options->input_count, &compilation);
    if (select_router(options, &compilation)) {
        if (print_all(options, &compilation, &reverse) == 0 && reverse.path)
            fprintf(stderr, "seilc trace: no statement caused %s\n", options->reverse);
        fflush(stdout);
        status = report_findings(options, &compilation, stderr);
    }
    compile_free(&compilation);
    return status;
}

const struct command trace_command = {
    .name = "trace",
    .arguments = "FILE|SITE",
    .doc = "Shows what became of every line, and which lines of the output it caused.",
    .help = "Every statement is realised (at these lines of these files), has no effect on Linux (and why), or is refused\n"
            "(and why). --reverse FILE:LINE asks the other way round: FILE is a path of the output (etc/radvd.conf).\n",
    .options = "siTfqrR",
    .min_inputs = 1,
    .max_inputs = 1,
    .run = run_trace,
};
