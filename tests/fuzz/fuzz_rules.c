/* fuzz_rules.c - any bytes as a .seilc.yaml, and what it makes of findings. */
#include <stdint.h>

#include "rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char config[] = "vrrp.vrouter.0.interval : 255\ntelnetd.service : enable\n";
    struct arena arena;
    struct diag diag;
    struct lint_rules rules = {0};
    struct source *source;

    arena_init(&arena);
    diag_init(&diag, &arena);
    rules_parse(&arena, source_of(&arena, RULES_FILE, (const char *)data, size), &diag, &rules);
    source = source_of(&arena, "a/b.seil", config, sizeof(config) - 1);
    rules_choose(NULL, &rules, false, &diag);
    diag_add(&diag, FINDING_VRRP_SLOW, (struct place){source, 26, 3}, "slow");
    diag_add(&diag, FINDING_TELNETD_ON, (struct place){source, 49, 6}, "on");
    rules_apply(NULL, &rules, false, (const struct source *const *)&source, 1, &diag);
    rules_report_unused(&rules, true, &diag);
    diag_sort(&diag);
    arena_free(&arena);
    return 0;
}
