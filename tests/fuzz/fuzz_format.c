/* fuzz_format.c - any bytes as a config: laid out twice it is the same, and it says what it said. */
#include <stdint.h>
#include <string.h>

#include "format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Lays out; false when the config is refused.  The compiler's own doubts are a finding of the fuzzer's. */
static bool
lay_out(struct arena *arena, const struct source *source, struct text *out)
{
    struct diag diag;

    diag_init(&diag, arena);
    if (format_config(arena, source, &diag, out))
        return true;
    for (size_t i = 0; i < diag.count; i++)
        if (strncmp(diag.findings[i]->message, "internal: ", 10) == 0)
            __builtin_trap();
    return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    const struct source *before, *after;
    struct text once, twice;

    arena_init(&arena);
    before = source_of(&arena, "fuzz.seil", (const char *)data, size);
    if (lay_out(&arena, before, &once)) {
        after = source_of(&arena, "fuzz.seil", once.bytes, once.len);
        if (!format_same(&arena, before, after) || !lay_out(&arena, after, &twice) || once.len != twice.len ||
            memcmp(once.bytes, twice.bytes, once.len))
            __builtin_trap();
    }
    arena_free(&arena);
    return 0;
}
