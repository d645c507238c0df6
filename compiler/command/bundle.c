/* bundle.c - seilc bundle: one archive for each router, with its installer. */
#include "../bundle.h"
#include "command.h"

/* Errors count in the manifest too, so nothing is packed after one. */
static int
run_bundle(const struct command_line *options)
{
    struct compile_options compile_options = options->compile;
    struct compilation compilation;
    int status = 2;

    if (!options->output) {
        fputs("seilc bundle: say where to write (-o DIR)\n", stderr);
        return 2;
    }
    compile_options.stage = STAGE_FILES;
    compile_options.checks = CHECK_WARN;
    compile(&compile_options, options->inputs, options->input_count, &compilation);
    if (select_router(options, &compilation)) {
        if (!diag_failed(&compilation.diag))
            bundle_write(&compilation.arena, compilation.routers, compilation.router_count,
                         options->output, options->replace, &compilation.diag);
        status = report_findings(options, &compilation, stderr);
    }
    compile_free(&compilation);
    return status;
}

const struct command bundle_command = {
    .name = "bundle",
    .arguments = "FILE|SITE",
    .doc = "Writes an archive with an installer for each router.",
    .help = "Writes DIR/ROUTER.tar.gz: the files of ROUTER, a manifest and `install`, the same "
            "bytes for the same input.\n"
            "On the router: tar xzf ROUTER.tar.gz && ROUTER/install --check. With an error nothing "
            "is written.\n",
    .options = "siTpfqoFr",
    .min_inputs = 1,
    .max_inputs = 1,
    .run = run_bundle,
};
