/* front.h - what the unit tests of the front end share: a run over a text, and its findings as one string. */
#ifndef TESTS_FRONT_H
#define TESTS_FRONT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "syntax.h"
#include "tree.h"

struct front {
    struct arena arena;
    struct diag diag;
    struct source *source;
    struct statements statements;
    struct tree tree;
};

static inline struct text
text_of(const char *text)
{
    return (struct text){text, strlen(text)};
}

/* Scans `len` bytes. */
static inline void
front_scan(struct front *front, const char *bytes, size_t len)
{
    memset(front, 0, sizeof(*front));
    arena_init(&front->arena);
    diag_init(&front->diag, &front->arena);
    front->source = source_of(&front->arena, "test.seil", bytes, len);
    syntax_parse(&front->arena, front->source, &front->diag, &front->statements);
}

/* Scans and binds a text with overrides. */
static inline void
front_bind(struct front *front, const char *text, const struct override *overrides, size_t count, enum bind_scope scope)
{
    front_scan(front, text, strlen(text));
    tree_bind(&front->arena, front->source, &front->statements, overrides, count, scope, &front->diag, &front->tree);
    diag_sort(&front->diag);
}

static inline void
front_free(struct front *front)
{
    arena_free(&front->arena);
}

/* "1:5 bad-value; 2:1 unknown-key" */
static inline const char *
front_findings(struct front *front)
{
    const char *text = "";

    for (size_t i = 0; i < front->diag.count; i++) {
        const struct finding *finding = front->diag.findings[i];
        unsigned line = 0, column = 0;

        if (finding->place.source)
            source_locate(&finding->place, &line, &column);
        text = arena_printf(&front->arena, "%s%s%u:%u %s", text, *text ? "; " : "", line, column,
                            finding_defs[finding->id].name);
    }
    return text;
}

/* What `print` writes, in the arena. */
static inline const char *
front_output(struct front *front, void (*print)(struct front *front, FILE *out))
{
    char *buffer = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&buffer, &size);
    const char *copy;

    print(front, out);
    fclose(out);
    copy = arena_copy(&front->arena, buffer, size);
    free(buffer);
    return copy;
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
