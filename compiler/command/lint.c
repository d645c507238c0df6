/* lint.c - seilc lint: findings, and nothing else. */
#include "command.h"

static int
run_lint(const struct command_line *options)
{
    struct compile_options compile_options = options->compile;
    struct compilation compilation;
    int status;

    compile_options.stage = STAGE_MODEL;
    compile_options.checks = CHECK_FULLY;
    compile(&compile_options, options->inputs, options->input_count, &compilation);
    status = report_findings(options, &compilation, stdout);
    compile_free(&compilation);
    return status;
}

const struct command lint_command = {
    .name = "lint",
    .arguments = "FILE|SITE...",
    .doc = "Finds what is wrong with configs and site files.",
    .help = "FILE is a config, SITE a site file (.yaml); - is standard input. Prints findings on standard output.\n"
            "Exit status: 0 no error, 1 errors, 2 an input could not be read.\n",
    .options = "sifq",
    .min_inputs = 1,
    .max_inputs = SIZE_MAX,
    .run = run_lint,
};
