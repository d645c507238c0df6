/* explain.c - seilc explain: what a key or a finding means. */
#include <stdlib.h>
#include <string.h>

#include "../lower/lower.h"
#include "command.h"

static const char *const model_names[] = {"SEIL/X4", "SEIL/x86 Ayame", "SEIL CA10", "SA-W2"};

static void
print_types(const struct key_def *def)
{
    const char *separator = "";
    size_t i;

    fputs("  takes      ", stdout);
    for (i = 0; i < KEY_TYPES_MAX && def->types[i] != TYPE_NONE; i++) {
        if (def->types[i] == TYPE_KEYWORD)
            continue;
        printf("%s%s", separator, value_type_words(def->types[i]));
        separator = ", or ";
    }
    for (i = 0; def->words && def->words[i]; i++) {
        printf("%s%s", separator, def->words[i]);
        separator = ", or ";
    }
    putchar('\n');
    if (def->high)
        printf("  range      %llu to %llu%s%s\n", (unsigned long long)def->low, (unsigned long long)def->high,
               def->unit ? " " : "", def->unit ? def->unit : "");
}

static void
print_kinds(const struct key_def *def)
{
    const char *separator = "  interfaces ";
    size_t kind;

    for (kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
        if (def->kinds >> kind & 1) {
            printf("%s%s", separator, interface_kind_names[kind]);
            separator = ", ";
        }
    }
    if (def->kinds)
        putchar('\n');
}

static void
print_models(const struct key_def *def)
{
    const char *separator = "  models     ";
    size_t i;

    if (def->models == MODEL_ALL || def->models == 0)
        return;
    for (i = 0; i < sizeof(model_names) / sizeof(model_names[0]); i++) {
        if (def->models >> i & 1) {
            printf("%s%s", separator, model_names[i]);
            separator = ", ";
        }
    }
    putchar('\n');
}

static void
print_row(const char *label, const char *text)
{
    if (text)
        printf("  %-10s %s\n", label, text);
}

static void
explain_key(const struct key_def *def)
{
    const struct lower_feature *feature = lower_feature_of(def->id);

    printf("%s\n  %s\n\n", def->path, def->doc);
    if (def->is_group && def->max)
        printf("  entries    at most %u\n", (unsigned)def->max);
    if (!def->is_group)
        print_types(def);
    print_kinds(def);
    print_row("default", def->default_text ? def->default_text : def->default_words);
    if (def->required)
        print_row("required", "yes, in its entry");
    print_row("replaced by", def->deprecated_for);
    print_models(def);
    print_row("notes", def->notes);
    if (!def->is_group)
        print_row("on Linux", feature ? feature->doc : "not translated yet");
    printf("  source     %s%s\n", def->source ? def->source : "unknown", def->sure ? "" : " (inferred: may be wrong)");
}

static bool
explain_finding(const char *name)
{
    size_t i;

    for (i = 0; i < FINDING_COUNT; i++) {
        const struct finding_def *def = &finding_defs[i];

        if (strcmp(def->name, name) == 0) {
            static const char *const severities[] = {"note", "warning", "error"};

            printf("%s (%s)\n  %s\n", def->name, severities[def->severity], def->summary);
            return true;
        }
    }
    return false;
}

static int
run_explain(const struct options *options)
{
    const char *name = options->inputs[0];
    struct text path = {name, strlen(name)};
    const struct key_def *def = catalogue_find_pattern(path);
    struct arena arena;
    const char *near;

    if (def) {
        explain_key(def);
        return 0;
    }
    if (explain_finding(name))
        return 0;
    arena_init(&arena);
    near = catalogue_suggest(&arena, path);
    fprintf(stderr, "seilc explain: %s is neither a key nor a finding%s%s%s\n", name, near ? "; did you mean " : "",
            near ? near : "", near ? "?" : "");
    arena_free(&arena);
    return 1;
}

const struct command explain_command = {
    .name = "explain",
    .arguments = "KEY|FINDING",
    .doc = "Says what a key or a finding means, on a SEIL and on Linux.",
    .help = "KEY may have [] or numbers for its indexes: vrrp.vrouter.[].priority, interface.ge0.mtu.\n",
    .options = "",
    .min_inputs = 1,
    .max_inputs = 1,
    .run = run_explain,
};
