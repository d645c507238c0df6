/* lint.c - seilc lint: findings, and nothing else. */
#include <stdlib.h>

#include "../check/check.h"
#include "../fingerprint.h"
#include "../json_text.h"
#include "command.h"

/* --- one input --- */

static bool
is_severe_enough(const struct finding *finding, void *context)
{
    return finding->severity >= *(const enum severity *)context;
}

/* What the options make of severities. */
static void
judge(struct diag *diag, const struct command_line *options)
{
    enum severity least = options->min_severity;
    size_t i;

    for (i = 0; options->werror && i < diag->count; i++)
        if (diag->findings[i]->severity == SEV_WARNING)
            diag_set_severity(diag, diag->findings[i], SEV_ERROR);
    diag_filter(diag, is_severe_enough, &least);
}

/* Which findings --fix may cure. */
static void
judge_for_fix(struct diag *diag, void *context)
{
    judge(diag, context);
}

static void
lint_input(const struct command_line *options, const char *input, struct report *report)
{
    struct compile_options compile_options = options->compile;
    struct compilation compilation;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    int status, fix_status = 0;
    struct arena arena;

    compile_options.stage = STAGE_MODEL;
    compile_options.checks = CHECK_FULLY;
    arena_init(&arena);
    if (options->fix)
        fix_status = fix_input(&arena, options, input, judge_for_fix, (void *)options, &compile_options);
    compile(&compile_options, &input, 1, &compilation);
    fingerprint_add(&compilation.diag, input);
    judge(&compilation.diag, options);
    report_print(&compilation.diag, options->format, report_colour(report->out), input, out);
    fclose(out);
    report_part(report, text, size);
    free(text);
    status = compile_status(&compilation);
    status = fix_status > status ? fix_status : status;
    for (int i = 0; i <= SEV_ERROR; i++)
        report->counts[i] += compilation.diag.counts[i];
    report->dropped += compilation.diag.dropped;
    report->status = status > report->status ? status : report->status;
    compile_free(&compilation);
    arena_free(&arena);
}

/* --- the list of all findings --- */

/* The part of the compiler that a finding comes from, as docs/hacking.md calls it. */
static const char *
feature_of(enum finding_id id)
{
    const char *feature = check_feature(id);

    if (feature)
        return feature;
    if (id < FINDING_UNKNOWN_KEY)
        return "syntax";
    if (id < FINDING_NOT_TRANSLATED)
        return "keys";
    return id <= FINDING_UNCLAIMED ? "translation" : "input";
}

static int
list_as_json(void)
{
    json_t *array = json_array();

    for (int id = 0; id < FINDING_COUNT; id++) {
        const struct finding_def *def = &finding_defs[id];

        json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s}", "name", def->name, "severity",
                                               severity_names[def->severity], "feature",
                                               feature_of((enum finding_id)id), "summary", def->summary));
    }
    json_dumpf(array, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(array);
    return 0;
}

static int
list_findings(enum format format)
{
    if (format == FORMAT_JSON)
        return list_as_json();
    for (int id = 0; id < FINDING_COUNT; id++)
        printf("%-26s %-8s %-14s %s\n", finding_defs[id].name, severity_names[finding_defs[id].severity],
               feature_of((enum finding_id)id), finding_defs[id].summary);
    return 0;
}

/* --- the command --- */

static int
run_lint(const struct command_line *options)
{
    struct report report = {.format = options->format, .quiet = options->quiet, .out = fix_report_stream(options)};

    if (options->list)
        return list_findings(options->format);
    if (!options->input_count) {
        fputs("seilc lint: expected FILE|SITE...\nTry 'seilc lint --help'.\n", stderr);
        return 2;
    }
    if (options->diff && !options->fix) {
        fputs("seilc lint: --diff shows what --fix would do: give both\n", stderr);
        return 2;
    }
    report_begin(&report);
    for (size_t i = 0; i < options->input_count; i++)
        lint_input(options, options->inputs[i], &report);
    report_end(&report);
    return report.status;
}

const struct command lint_command = {
    .name = "lint",
    .arguments = "FILE|SITE...",
    .doc = "Finds what is wrong with configs and site files.",
    .help = "FILE is a config, SITE a site file (.yaml); - is standard input. Prints findings on standard output.\n"
            "Exit status: 0 no error, 1 errors, 2 an input could not be read.\n",
    .options = "siflqWmxD",
    .formats = "text|json|sarif|github",
    .min_inputs = 0,
    .max_inputs = SIZE_MAX,
    .run = run_lint,
};
