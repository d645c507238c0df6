/* format.c - seilc format: configs in canonical order and layout. */
#include "../format.h"

#include <string.h>

#include "../inputs.h"
#include "../rewrite.h"
#include "../site.h"
#include "../udiff.h"
#include "command.h"

/* One input after the other; each has an arena of its own. */
struct formatting {
    const struct command_line *options;
    struct compilation compilation;     /* for the findings of one input */
    struct arena arena;                 /* for all of them */
    const char **done;                  /* configs, by name: sites may share one */
    size_t done_count, done_capacity;
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
    bool same = text_equal(before, after);
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

static bool
is_done(struct formatting *f, const char *name)
{
    for (size_t i = 0; i < f->done_count; i++)
        if (strcmp(f->done[i], name) == 0)
            return true;
    f->done = arena_grow(&f->arena, f->done, f->done_count, &f->done_capacity, sizeof(*f->done));
    f->done[f->done_count++] = arena_copy(&f->arena, name, strlen(name));
    return false;
}

static void format_file(struct formatting *f, const char *name, struct place place);

/* The configs that a site file names. */
static void
format_site(struct formatting *f, const struct source *source)
{
    struct compilation *c = &f->compilation;
    struct site site = {0};

    site_parse(&c->arena, source, &c->diag, &site);
    for (size_t i = 0; i < site.router_count && !diag_failed(&c->diag); i++)
        format_file(f, site.routers[i].config, site.routers[i].config_place);
}

static void
format_file(struct formatting *f, const char *name, struct place place)
{
    struct compilation *c = &f->compilation;
    const char *why;
    const struct source *source;
    struct text after;

    if (is_done(f, name))
        return;
    source = source_read(&c->arena, name, &why);
    if (!source)
        diag_add(&c->diag, FINDING_CANNOT_READ, place, "cannot read %s: %s", name, why);
    else if (site_looks_like(source))
        format_site(f, source);
    else if (format_config(&c->arena, source, &c->diag, &after))
        deliver(f, source, after);
}

static void
report(struct formatting *f)
{
    diag_sort(&f->compilation.diag);
    if (!diag_failed(&f->compilation.diag))
        return;
    report_findings(f->options, &f->compilation, stderr);
    raise_status(f, 2);
}

static void
format_input(struct formatting *f, const char *input)
{
    struct compilation *c = &f->compilation;

    *c = (struct compilation){0};
    arena_init(&c->arena);
    diag_init(&c->diag, &c->arena);
    format_file(f, input, nowhere);
    report(f);
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
    static const char *const standard_input[] = {"-"};
    struct formatting f = {.options = options};
    struct inputs inputs = {0};

    if (!usable(options))
        return 2;
    arena_init(&f.arena);
    f.compilation = (struct compilation){0};
    diag_init(&f.compilation.diag, &f.arena);
    inputs_expand(&f.arena, options->input_count ? options->inputs : standard_input,
                  options->input_count ? options->input_count : 1, &f.compilation.diag, &inputs);
    report(&f);
    for (size_t i = 0; i < inputs.count; i++)
        format_input(&f, inputs.names[i]);
    arena_free(&f.arena);
    return f.status;
}

const struct command format_command = {
    .name = "format",
    .arguments = "[FILE|SITE|DIR|@LIST...]",
    .doc = "Lays out configs in canonical order.",
    .help = "FILE is a config, SITE a site file, which stands for its configs, DIR all below it, LIST a file with names; - or\n"
            "none is standard input. Prints the result, unless told otherwise; what a config means stays the same. A config\n"
            "with a line that cannot be read is left alone.\n"
            "Exit status: 0 done, 1 --check or --diff found something to change, 2 something could not be laid out.\n",
    .options = "wcD",
    .min_inputs = 0,
    .max_inputs = SIZE_MAX,
    .run = run_format,
};
