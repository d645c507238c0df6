/* fuzz_fix.c - any bytes as a config whose findings are cured: without cures every byte stays. */
#include <stdint.h>
#include <string.h>

#include "fix.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct text
cure(struct arena *arena, struct text text, size_t *cured)
{
    struct overlay overlay = {"fuzz.seil", text};
    struct compile_options options = {
        .stage = STAGE_MODEL, .checks = CHECK_FULLY, .rules_known = true, .overlays = &overlay, .overlay_count = 1,
    };
    struct fixing fixing = {.arena = arena, .options = &options, .input = "fuzz.seil"};

    fix_run(&fixing);
    *cured = fixing.cured;
    return fixing.count ? fixing.files[0].after : text;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text before = {(const char *)data, size}, after;
    struct arena arena;
    size_t cured;

    arena_init(&arena);
    after = cure(&arena, before, &cured);
    if (!cured && (after.len != before.len || (size && memcmp(after.bytes, before.bytes, size))))
        __builtin_trap();
    arena_free(&arena);
    return 0;
}
