/* fix.c - lint --fix: cure what can be cured, then write it, print it or show it. */
#include "../fix.h"

#include <string.h>

#include "../rewrite.h"
#include "../udiff.h"
#include "command.h"

/* Does one file; the status that it makes. */
static int
deliver(struct arena *arena, const struct fixed *file, bool diff)
{
    struct text before = {file->before->bytes, file->before->len};
    bool same = text_equal(before, file->after);
    const char *name = safe_name(arena, file->before->name);
    const char *why;

    if (diff)
        return udiff_print(arena, before, file->after, name, name, stdout);
    if (strcmp(file->before->name, "-") == 0) {
        fwrite(file->after.bytes, 1, file->after.len, stdout);
        return 0;
    }
    if (same || rewrite_file(arena, file->before, file->after, &why))
        return 0;
    fprintf(stderr, "seilc: cannot write %s: %s\n", name, why);
    return 2;
}

int
fix_input(struct arena *arena, const struct command_line *options, const char *input,
          void (*judge)(struct diag *diag, void *context), void *context, struct compile_options *compile)
{
    struct fixing fixing = {.arena = arena, .options = compile, .input = input, .judge = judge, .context = context};
    int status = 0;

    fix_run(&fixing);
    for (size_t i = 0; i < fixing.count; i++) {
        int of_file = deliver(arena, &fixing.files[i], options->diff);

        status = of_file > status ? of_file : status;
    }
    if (fixing.cured && !options->quiet)
        fprintf(stderr, "seilc: %s: %zu finding%s %s\n", safe_name(arena, input), fixing.cured,
                fixing.cured == 1 ? "" : "s", options->diff ? "could be cured" : "cured");
    compile->overlays = fixing.overlays;
    compile->overlay_count = fixing.count;
    return status;
}

FILE *
fix_report_stream(const struct command_line *options, const char *const *inputs, size_t count)
{
    if (options->fix && options->diff)
        return stderr;
    for (size_t i = 0; options->fix && i < count; i++)
        if (strcmp(inputs[i], "-") == 0)
            return stderr;
    return stdout;
}
