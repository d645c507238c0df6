/* lint.c - seilc lint: findings, and nothing else. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../baseline.h"
#include "../fingerprint.h"
#include "../inputs.h"
#include "../workers.h"
#include "command.h"

/* A .seilc.yaml that lies above some of the inputs. */
struct folder {
    const char *path;
    struct lint_rules rules;
    bool whole;                     /* its directory was given as a whole */
};

/* One run over all inputs.  What workers write to lies in memory that they share, or goes through their results. */
struct run {
    const struct command_line *options;
    struct arena arena;
    struct diag diag;               /* about the run itself: lists, directories, settings, the baseline */
    struct inputs inputs;
    struct folder *folders;
    size_t folder_count, folder_capacity;
    size_t *folder_of;              /* for each input: 1 + the number of its folder, 0: none */
    struct baseline baseline;
    char **lines;                   /* of the baseline to be written */
    size_t line_count, line_capacity;
    struct report report;
};

/* What a worker says of an input before its text; the lines for a baseline come last. */
struct result {
    unsigned counts[SEV_ERROR + 1];
    unsigned known;
    size_t dropped;
    int status;
    size_t text;                    /* bytes */
};

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

/* What takes known findings away. */
struct knowing {
    const struct run *run;
    unsigned known;
};

static bool
may_be_known(const struct finding *finding)
{
    return !finding_is_hard(finding->id) && finding->id != FINDING_UNUSED_BASELINE;
}

static bool
is_new(const struct finding *finding, void *context)
{
    struct knowing *knowing = context;
    const struct command_line *options = knowing->run->options;
    bool known = may_be_known(finding) &&
                 ((knowing->run->baseline.source && baseline_knows(&knowing->run->baseline, finding)) ||
                  options->write_baseline);

    knowing->known += known;
    return !known;
}

/* What is neither known nor too slight. */
static void
take_away(const struct run *run, struct diag *diag, const char *input, struct knowing *knowing)
{
    const struct command_line *options = run->options;

    if (options->format == FORMAT_SARIF || run->baseline.source)
        fingerprint_add(diag, input ? input : "");
    diag_filter(diag, is_new, knowing);
    judge(diag, options);
}

/* Which findings --fix may cure. */
struct curing {
    const struct run *run;
    const char *input;
};

static void
judge_for_fix(struct diag *diag, void *context)
{
    const struct curing *curing = context;
    struct knowing knowing = {.run = curing->run};

    take_away(curing->run, diag, curing->input, &knowing);
}

static void
see_files(const struct run *run, struct compilation *compilation, const char *input)
{
    struct arena *arena = &compilation->arena;

    if (!run->baseline.source || compilation->unsure)
        return;
    baseline_see(&run->baseline, fingerprint_file(arena, input));
    for (size_t i = 0; i < compilation->router_count; i++)
        baseline_see(&run->baseline, fingerprint_file(arena, compilation->routers[i].source->name));
}

/* The lines of a baseline for all findings that may stand there. */
static char *
make_lines(struct diag *diag, const char *input, size_t *size)
{
    char *lines = NULL;
    FILE *out = open_memstream(&lines, size);

    fingerprint_add(diag, input ? input : "");
    for (size_t i = 0; i < diag->count; i++) {
        char *line;

        if (!may_be_known(diag->findings[i]))
            continue;
        line = baseline_line(diag->findings[i]->fingerprint);
        fprintf(out, "%s\n", line);
        free(line);
    }
    fclose(out);
    return lines;
}

/* Takes away what is known or too slight, and writes the rest: the result, the text, the lines. */
static void
deliver(const struct run *run, struct diag *diag, const char *input, int least_status, FILE *out)
{
    const struct command_line *options = run->options;
    struct knowing knowing = {.run = run};
    struct result result = {.status = 0};
    char *text = NULL, *lines = NULL;
    size_t line_size = 0;
    FILE *stream;

    if (options->write_baseline)
        lines = make_lines(diag, input, &line_size);
    take_away(run, diag, input, &knowing);
    stream = open_memstream(&text, &result.text);
    report_print(diag, options->format, report_colour(run->report.out), input, stream);
    fclose(stream);
    result.known = knowing.known;
    result.dropped = diag->dropped;
    memcpy(result.counts, diag->counts, sizeof(result.counts));
    result.status = compile_diag_status(diag);
    result.status = least_status > result.status ? least_status : result.status;
    fwrite(&result, sizeof(result), 1, out);
    fwrite(text, 1, result.text, out);
    if (lines)
        fwrite(lines, 1, line_size, out);
    free(text);
    free(lines);
}

static void
lint_input(size_t number, FILE *out, void *context)
{
    const struct run *run = context;
    const struct command_line *options = run->options;
    struct compile_options compile_options = options->compile;
    struct compilation compilation;
    const char *input = run->inputs.names[number];
    struct curing curing = {run, input};
    int fix_status = 0;
    struct arena arena;

    compile_options.stage = STAGE_MODEL;
    compile_options.checks = CHECK_FULLY;
    compile_options.rules = run->folder_of[number] ? &run->folders[run->folder_of[number] - 1].rules : NULL;
    compile_options.rules_known = true;
    arena_init(&arena);
    if (options->fix)
        fix_status = fix_input(&arena, options, input, judge_for_fix, &curing, &compile_options);
    compile(&compile_options, &input, 1, &compilation);
    see_files(run, &compilation, input);
    deliver(run, &compilation.diag, input, fix_status, out);
    compile_free(&compilation);
    arena_free(&arena);
}

/* --- taking results --- */

static void
add_lines(struct run *run, const char *bytes, size_t len)
{
    const char *end = bytes + len;

    while (bytes < end) {
        size_t line = (size_t)((const char *)memchr(bytes, '\n', (size_t)(end - bytes)) - bytes);

        run->lines = arena_grow(&run->arena, run->lines, run->line_count, &run->line_capacity, sizeof(*run->lines));
        run->lines[run->line_count++] = arena_copy(&run->arena, bytes, line);
        bytes += line + 1;
    }
}

static void
add_result(struct run *run, const char *bytes, size_t len)
{
    struct report *report = &run->report;
    struct result result;

    memcpy(&result, bytes, sizeof(result));
    bytes += sizeof(result);
    report_part(report, bytes, result.text);
    for (int i = 0; i <= SEV_ERROR; i++)
        report->counts[i] += result.counts[i];
    report->known += result.known;
    report->dropped += result.dropped;
    report->status = result.status > report->status ? result.status : report->status;
    add_lines(run, bytes + result.text, len - sizeof(result) - result.text);
}

/* Findings that no worker made: about the run itself, or in place of a worker that died. */
static void
add_findings(struct run *run, struct diag *diag, const char *input)
{
    char *bytes = NULL;
    size_t len;
    FILE *out = open_memstream(&bytes, &len);

    deliver(run, diag, input, 0, out);
    fclose(out);
    add_result(run, bytes, len);
    free(bytes);
}

static void
take_result(size_t number, const char *bytes, size_t len, const char *why, void *context)
{
    struct run *run = context;
    const char *input = run->inputs.names[number];
    struct arena arena;
    struct diag diag;

    if (bytes) {
        add_result(run, bytes, len);
        return;
    }
    arena_init(&arena);
    diag_init(&diag, &arena);
    diag_add(&diag, FINDING_CRASHED, (struct place){0}, "the check of %s did not come to its end: %s", input, why);
    add_findings(run, &diag, input);
    arena_free(&arena);
}

/* --- before and after --- */

static bool
is_whole(const struct inputs *inputs, const char *path)
{
    for (size_t i = 0; i < inputs->directory_count; i++)
        if (rules_below(path, inputs->directories[i]))
            return true;
    return false;
}

/* The number of the folder with that .seilc.yaml, from 1; it is read once. */
static size_t
find_folder(struct run *run, const char *path)
{
    struct folder *folder;
    const struct source *source;
    const char *why;

    for (size_t i = 0; i < run->folder_count; i++)
        if (strcmp(run->folders[i].path, path) == 0)
            return i + 1;
    run->folders = arena_grow(&run->arena, run->folders, run->folder_count, &run->folder_capacity, sizeof(*run->folders));
    folder = &run->folders[run->folder_count++];
    *folder = (struct folder){.path = path, .whole = is_whole(&run->inputs, path)};
    source = source_read(&run->arena, fingerprint_file(&run->arena, path), &why);
    if (!source)
        diag_add(&run->diag, FINDING_CANNOT_READ, (struct place){0}, "cannot read %s: %s", path, why);
    else
        rules_parse(&run->arena, source, &run->diag, &folder->rules);
    folder->rules.marks = workers_share(folder->rules.allow_count + 1);
    return run->folder_count;
}

/* Inputs of one directory mostly follow each other. */
static void
find_folders(struct run *run)
{
    const char *last = NULL;
    size_t last_len = 0;

    run->folder_of = arena_array(&run->arena, run->inputs.count, sizeof(*run->folder_of));
    for (size_t i = 0; i < run->inputs.count; i++) {
        const char *name = run->inputs.names[i], *slash = strrchr(name, '/'), *path;
        size_t len = slash ? (size_t)(slash - name) + 1 : 0;

        if (last && len == last_len && memcmp(last, name, len) == 0) {
            run->folder_of[i] = run->folder_of[i - 1];
            continue;
        }
        path = rules_find(&run->arena, name);
        run->folder_of[i] = path ? find_folder(run, path) : 0;
        last = name;
        last_len = len;
    }
}

static void
prepare(struct run *run)
{
    const struct command_line *options = run->options;

    arena_init(&run->arena);
    diag_init(&run->diag, &run->arena);
    inputs_expand(&run->arena, options->inputs, options->input_count, &run->diag, &run->inputs);
    find_folders(run);
    if (options->baseline && baseline_read(&run->arena, options->baseline, &run->diag, &run->baseline))
        run->baseline.marks = workers_share(run->baseline.count);
}

/* Its own rules say how bad an allowance is that nothing matches. */
static void
conclude_folder(struct run *run, const struct folder *folder)
{
    struct diag diag;

    diag_init(&diag, &run->arena);
    rules_choose(NULL, &folder->rules, false, &diag);
    rules_report_unused(&folder->rules, folder->whole, &diag);
    add_findings(run, &diag, NULL);
}

/* What only all inputs together show. */
static void
conclude(struct run *run)
{
    for (size_t i = 0; i < run->folder_count; i++)
        conclude_folder(run, &run->folders[i]);
    if (run->baseline.source && !run->options->write_baseline)
        baseline_report_unused(&run->baseline, &run->diag);
    diag_sort(&run->diag);
    add_findings(run, &run->diag, NULL);
}

static void
write_baseline(struct run *run)
{
    const char *name = run->options->write_baseline;

    if (!name)
        return;
    if (run->report.status == 2) {  /* what was not read would be missing in it */
        fprintf(stderr, "seilc: %s is not written, since not everything could be looked at\n", name);
    } else if (!baseline_write(name, run->lines, run->line_count)) {
        fprintf(stderr, "seilc: cannot write %s: %s\n", name, strerror(errno));
        run->report.status = 2;
    }
}

/* --- the command --- */

/* One input needs no process of its own; cures are written here, one after the other. */
static unsigned
jobs_for(const struct run *run)
{
    if (run->options->fix || run->inputs.count < 2)
        return 0;
    return run->options->jobs ? run->options->jobs : workers_processors();
}

static int
lint_all(const struct command_line *options)
{
    struct run run = {.options = options};
    struct work work = {.run = lint_input, .take = take_result, .context = &run};

    run.report = (struct report){.format = options->format, .quiet = options->quiet};
    prepare(&run);
    run.report.out = fix_report_stream(options, run.inputs.names, run.inputs.count);
    work.count = run.inputs.count;
    work.jobs = jobs_for(&run);
    report_begin(&run.report);
    workers_run(&work);
    conclude(&run);
    report_end(&run.report);
    write_baseline(&run);
    arena_free(&run.arena);
    return run.report.status;
}

static int
run_lint(const struct command_line *options)
{
    if (options->list)
        return list_findings(options->format);
    if (!options->input_count) {
        fputs("seilc lint: expected FILE|SITE|DIR...\nTry 'seilc lint --help'.\n", stderr);
        return 2;
    }
    if (options->diff && !options->fix) {
        fputs("seilc lint: --diff shows what --fix would do: give both\n", stderr);
        return 2;
    }
    return lint_all(options);
}

const struct command lint_command = {
    .name = "lint",
    .arguments = "FILE|SITE|DIR|@LIST...",
    .doc = "Finds what is wrong with configs and site files.",
    .help = "FILE is a config, SITE a site file (.yaml), - standard input, DIR all configs (*.seil) and site files below it,\n"
            "LIST a file with one of these a line. Prints findings on standard output, in the order of the inputs.\n"
            "Exit status: 0 no error, 1 errors, 2 an input could not be read.\n",
    .options = "sifqjlWmbBxD",
    .formats = "text|json|sarif|github",
    .min_inputs = 0,
    .max_inputs = SIZE_MAX,
    .run = run_lint,
};
