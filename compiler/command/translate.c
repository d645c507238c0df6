/* translate.c - seilc translate: the files of each router, laid out as under /. */
#include <string.h>

#include "backend.h"
#include "command.h"

/* The files of one backend on standard output; a line before each when there are several. */
static void
print_files(const struct compilation *compilation)
{
    size_t files = 0;
    size_t i, j;

    for (i = 0; i < compilation->router_count; i++)
        files += compilation->routers[i].output.count;
    for (i = 0; i < compilation->router_count; i++) {
        const struct router *router = &compilation->routers[i];

        for (j = 0; j < router->output.count; j++) {
            const struct output_file *file = router->output.files[j];

            if (files > 1)
                printf("# ==> %s/%s\n", router->options->name, file->path);
            if (file->kind == FILE_SYMLINK)
                printf("# a symbolic link to %s\n", file->bytes);
            else
                fwrite(file->bytes, 1, file->len, stdout);
        }
    }
}

static bool
write_files(const struct command_line *options, struct compilation *compilation)
{
    size_t count = compilation->router_count;
    const struct output **outputs = arena_array(&compilation->arena, count, sizeof(*outputs));
    const char **names = arena_array(&compilation->arena, count, sizeof(*names));
    size_t i;

    for (i = 0; i < count; i++) {
        outputs[i] = &compilation->routers[i].output;
        names[i] = compilation->routers[i].options->name;
    }
    return output_write(outputs, names, count, options->output, options->replace, &compilation->diag);
}

static int
dump(const struct command_line *options, const struct compilation *compilation)
{
    size_t i;

    for (i = 0; i < compilation->router_count; i++) {
        if (strcmp(options->dump, "tree") == 0)
            tree_dump_json(&compilation->routers[i].tree, stdout, options->secrets);
        else
            plan_dump(&compilation->routers[i].plan, stdout);
    }
    return compile_status(compilation);
}

/* What to do with files that are free of errors. */
static void
deliver(const struct command_line *options, struct compilation *compilation)
{
    if (options->compile.backend)
        print_files(compilation);
    else
        write_files(options, compilation);
}

static bool
usable(const struct command_line *options)
{
    if (options->dump && strcmp(options->dump, "tree") != 0 && strcmp(options->dump, "plan") != 0) {
        fprintf(stderr, "seilc translate: expected --dump tree or --dump plan, not %s\n", options->dump);
        return false;
    }
    if (!options->output && !options->compile.backend && !options->dump) {
        fputs("seilc translate: say where to write (-o DIR), or which backend to print (-t BACKEND)\n", stderr);
        return false;
    }
    return true;
}

static int
run_translate(const struct command_line *options)
{
    struct compile_options compile_options = options->compile;
    struct compilation compilation;
    int status = 2;

    if (!usable(options))
        return 2;
    compile_options.stage = options->dump ? STAGE_PLAN : STAGE_FILES;
    compile(&compile_options, options->inputs, options->input_count, &compilation);
    if (select_router(options, &compilation)) {
        if (options->dump)
            dump(options, &compilation);
        else if (!diag_failed(&compilation.diag))
            deliver(options, &compilation);
        status = report_findings(options, &compilation, stderr);
    }
    compile_free(&compilation);
    return status;
}

const struct command translate_command = {
    .name = "translate",
    .arguments = "FILE|SITE",
    .doc = "Writes the files of each router, laid out as under /.",
    .help = "FILE is a config, SITE a site file (.yaml); - is standard input. The files of router R go to DIR/R/.\n"
            "With an error nothing is written. Findings go to standard error.\n",
    .options = "siTpfqoFtrdS",
    .min_inputs = 1,
    .max_inputs = 1,
    .run = run_translate,
};
