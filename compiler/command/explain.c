/* explain.c - seilc explain: what a key or a finding means. */
#include <stdlib.h>
#include <string.h>

#include "../lower/lower.h"
#include "../page.h"
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
    enum finding_id id = finding_find((struct text){name, strlen(name)});
    const struct finding_def *def = &finding_defs[id];
    const char *page;

    if (id == FINDING_COUNT)
        return false;
    printf("%s (%s)\n  %s\n", def->name, severity_names[def->severity], def->summary);
    page = page_find(name);
    if (page) {
        putchar('\n');
        page_print(page, stdout);
    }
    return true;
}

static int
explain_nothing(const char *name)
{
    struct text text = {name, strlen(name)};
    const char *finding = finding_suggest(text), *key;
    struct arena arena;

    arena_init(&arena);
    key = catalogue_suggest(&arena, text);
    fprintf(stderr, "seilc explain: %s is neither a key nor a finding", name);
    if (key || finding)
        fprintf(stderr, "; did you mean %s%s%s%s%s?", key ? "the key " : "", key ? key : "", key && finding ? " or " : "",
                finding ? "the finding " : "", finding ? finding : "");
    fputc('\n', stderr);
    arena_free(&arena);
    return 1;
}

/* What `name` means: a key or a finding. */
static int
explain_name(const char *name)
{
    const struct key_def *def = catalogue_find_pattern((struct text){name, strlen(name)});

    if (def) {
        explain_key(def);
        return 0;
    }
    return explain_finding(name) ? 0 : explain_nothing(name);
}

/* The first words of a path, without indexes: "interface.vlan" of "interface.vlan[].vid", "filter" of "filter.ipv4.[].action". */
static struct text
area_of(const struct key_def *def)
{
    size_t len = strcspn(def->path, ".");

    if (strncmp(def->path, "interface.", 10) == 0)
        len = strcspn(def->path, "[");
    return (struct text){def->path, len};
}

static bool
same_area(const struct key_def *a, const struct key_def *b)
{
    return text_equal(area_of(a), area_of(b));
}

/* Keys of the area of `def`: how many there are, and how many of them have a translation. */
static unsigned
count_area(const struct key_def *def, bool translated)
{
    unsigned count = 0;
    size_t i;

    for (i = KEY_NONE + 1; i < KEY_COUNT; i++)
        count += !key_defs[i].is_group && same_area(def, &key_defs[i]) && (!translated || lower_feature_of(key_defs[i].id));
    return count;
}

static bool
first_of_area(const struct key_def *def)
{
    size_t i;

    for (i = KEY_NONE + 1; &key_defs[i] != def; i++)
        if (!key_defs[i].is_group && same_area(&key_defs[i], def))
            return false;
    return true;
}

/* The table of the README: made from the catalogue and the lowering, so it cannot go stale. */
static int
print_table(void)
{
    const struct lower_feature *feature;
    size_t i;

    puts("| feature | keys | on Linux |\n|---|---|---|");
    for (feature = lower_features; feature->name; feature++) {
        for (i = 0; feature->keys[i] != KEY_NONE; i++)
            ;
        printf("| %s | %zu | %s |\n", feature->name, i, feature->doc);
    }
    puts("\n| keys below | known | translated |\n|---|---|---|");
    for (i = KEY_NONE + 1; i < KEY_COUNT; i++) {
        const struct key_def *def = &key_defs[i];
        struct text area = area_of(def);

        if (!def->is_group && first_of_area(def))
            printf("| `%.*s` | %u | %u |\n", (int)area.len, area.bytes, count_area(def, false), count_area(def, true));
    }
    return 0;
}

static int
run_explain(const struct command_line *options)
{
    if (options->table)
        return print_table();
    if (options->input_count == 0) {
        fputs("seilc explain: expected KEY|FINDING\n", stderr);
        return 2;
    }
    return explain_name(options->inputs[0]);
}

const struct command explain_command = {
    .name = "explain",
    .arguments = "KEY|FINDING",
    .doc = "Says what a key or a finding means, on a SEIL and on Linux.",
    .help = "KEY may have [] or numbers for its indexes: vrrp.vrouter.[].priority, interface.ge0.mtu.\n"
            "Of a FINDING it prints the whole page: what is wrong, what it does to people, a config that shows it, the cure.\n",
    .options = "k",
    .min_inputs = 0,
    .max_inputs = 1,
    .run = run_explain,
};
