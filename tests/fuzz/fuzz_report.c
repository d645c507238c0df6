/* fuzz_report.c - any bytes as a file's name (the first line) and a config: its findings are sound in every format. */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fingerprint.h"
#include "github.h"
#include "sarif.h"
#include "syntax.h"
#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
find(struct arena *arena, const char *bytes, size_t len, struct diag *diag)
{
    const char *newline = len ? memchr(bytes, '\n', len) : NULL;
    size_t name_len = newline ? (size_t)(newline - bytes) : 0;
    const char *name = arena_copy(arena, bytes, name_len);
    struct statements statements = {0};
    struct tree tree = {0};
    struct source *source;

    if (newline)
        len -= name_len + 1;
    source = source_of(arena, *name ? name : "x", newline ? newline + 1 : bytes, len);
    diag_init(diag, arena);
    syntax_parse(arena, source, diag, &statements);
    tree_bind(arena, source, &statements, NULL, 0, BIND_TOGETHER, diag, &tree);
    diag_sort(diag);
    fingerprint_add(diag, name);
}

static void
try_sarif(const struct diag *diag, FILE *out, char **text)
{
    json_t *array;

    putc('[', out);
    sarif_print_results(diag, "x", out);
    putc(']', out);
    fflush(out);
    array = json_loads(*text, JSON_REJECT_DUPLICATES, NULL);
    if (json_array_size(array) != diag->count)
        abort();
    json_decref(array);
}

/* One line for each finding, and each is a command. */
static void
try_github(const struct diag *diag, FILE *out, char **text)
{
    size_t lines = 0;

    github_print(diag, "x", out);
    fflush(out);
    for (const char *line = *text; *line; line = strchr(line, '\n') + 1, lines++)
        if (strncmp(line, "::", 2) != 0)
            abort();
    if (lines != diag->count || strchr(*text, '\r') || strchr(*text, '\033'))
        abort();
}

static void
try_json(const struct diag *diag, FILE *out, char **text)
{
    json_t *array;

    diag_print_json(diag, out);
    fflush(out);
    array = json_loads(*text, JSON_REJECT_DUPLICATES, NULL);
    if (json_array_size(array) != diag->count)
        abort();
    json_decref(array);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    void (*const tries[])(const struct diag *, FILE *, char **) = {try_sarif, try_github, try_json};
    struct arena arena;
    struct diag diag;

    arena_init(&arena);
    find(&arena, (const char *)data, size, &diag);
    for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        char *text = NULL;
        size_t len;
        FILE *out = open_memstream(&text, &len);

        tries[i](&diag, out, &text);
        fclose(out);
        free(text);
    }
    arena_free(&arena);
    return 0;
}
