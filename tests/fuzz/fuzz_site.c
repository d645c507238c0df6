/* fuzz_site.c - any bytes as a site file. */
#include <stdint.h>

#include "site.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct diag diag;
    struct site site = {0};

    arena_init(&arena);
    diag_init(&diag, &arena);
    site_parse(&arena, source_of(&arena, "fuzz.yaml", (const char *)data, size), &diag, &site);
    diag_sort(&diag);
    arena_free(&arena);
    return 0;
}
