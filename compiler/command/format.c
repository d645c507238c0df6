/* format.c - seilc format: configs in canonical order and layout. */
#include "../format.h"

#include <string.h>

#include "../rewrite.h"
#include "../site.h"
#include "../udiff.h"
#include "command.h"

/* One input after the other; each has an arena of its own. */
struct formatting {
    const struct command_line *options;
    struct compilation compilation;     /* for the findings of one input */
    int status;
};

static const struct place nowhere;

static void
raise_status(struct formatting *f, int status)
{
    if (f->status < status)
        f->status = status;
}

/* What becomes of a config that was laid out. */
static void
deliver(struct formatting *f, const struct source *source, struct text after)
{
    const struct command_line *options = f->options;
    struct arena *arena = &f->compilation.arena;
    struct text before = {source->bytes, source->len};
    bool same = before.len == after.len && (!after.len || !memcmp(before.bytes, after.bytes, after.len));
    const char *why;

    if (options->check || options->diff) {
        if (!same)
            raise_status(f, 1);
        if (!same && options->diff)
            udiff_print(arena, before, after, safe_name(arena, source->name), safe_name(arena, source->name), stdout);
        else if (!same)
            printf("%s\n", safe_name(arena, source->name));
    } else if (!options->write) {
        fwrite(after.bytes, 1, after.len, stdout);
    } else if (!same && !rewrite_file(arena, source, after, &why)) {
        diag_add(&f->compilation.diag, FINDING_CANNOT_WRITE, nowhere, "cannot write %s: %s", source->name, why);
    }
}

static void
format_input(struct formatting *f, const char *input)
{
    struct compilation *c = &f->compilation;
    const char *why;
    const struct source *source;
    struct text after;

    *c = (struct compilation){0};
    arena_init(&c->arena);
    diag_init(&c->diag, &c->arena);
    source = source_read(&c->arena, input, &why);
    if (!source)
        diag_add(&c->diag, FINDING_CANNOT_READ, nowhere, "cannot read %s: %s", input, why);
    else if (site_looks_like(source))
        diag_add(&c->diag, FINDING_BAD_OPTION, nowhere, "%s is a site file; there is a layout for configs only", input);
    else if (format_config(&c->arena, source, &c->diag, &after))
        deliver(f, source, after);
    diag_sort(&c->diag);
    if (diag_failed(&c->diag)) {
        report_findings(f->options, c, stderr);
        raise_status(f, 2);
    }
    arena_free(&c->arena);
}

static bool
usable(const struct command_line *options)
{
    const char *wrong = NULL;

    if (options->write && (options->check || options->diff))
        wrong = "--write changes files, --check and --diff do not: give one of them";
    for (size_t i = 0; options->write && i < options->input_count; i++)
        if (strcmp(options->inputs[i], "-") == 0)
            wrong = "standard input cannot be written in place";
    if (options->write && !options->input_count)
        wrong = "--write needs the names of files";
    if (wrong)
        fprintf(stderr, "seilc format: %s\n", wrong);
    return !wrong;
}

static int
run_format(const struct command_line *options)
{
    struct formatting f = {.options = options};

    if (!usable(options))
        return 2;
    for (size_t i = 0; i < options->input_count; i++)
        format_input(&f, options->inputs[i]);
    if (!options->input_count)
        format_input(&f, "-");
    return f.status;
}

const struct command format_command = {
    .name = "format",
    .arguments = "[FILE...]",
    .doc = "Lays out configs in canonical order.",
    .help = "FILE is a config; - or none is standard input. Prints the result, unless told otherwise; what a config means\n"
            "stays the same. A config with a line that cannot be read is left alone.\n"
            "Exit status: 0 done, 1 --check or --diff found something to change, 2 something could not be laid out.\n",
    .options = "wcD",
    .min_inputs = 0,
    .max_inputs = SIZE_MAX,
    .run = run_format,
};
