/* show.c - seilc show: the typed tree of a config. */
#include "command.h"

static int
run_show(const struct command_line *options)
{
    struct compile_options compile_options = options->compile;
    struct compilation compilation;
    int status;
    size_t i;

    compile_options.stage = STAGE_TYPES;
    compile(&compile_options, options->inputs, options->input_count, &compilation);
    for (i = 0; i < compilation.router_count; i++) {
        if (options->format == FORMAT_JSON)
            tree_dump_json(&compilation.routers[i].tree, stdout, options->secrets);
        else
            tree_dump_yaml(&compilation.routers[i].tree, stdout, options->secrets);
    }
    fflush(stdout);
    status = report_findings(options, &compilation, stderr);
    compile_free(&compilation);
    return status;
}

const struct command show_command = {
    .name = "show",
    .arguments = "FILE",
    .doc = "Prints the typed tree of a config, as YAML or JSON.",
    .help = "Judges each statement for itself: syntax, keys and types. Passwords print as *** without --secrets.\n",
    .options = "sfqS",
    .min_inputs = 1,
    .max_inputs = 1,
    .run = run_show,
};
