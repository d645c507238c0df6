/* report.c - how every command tells its findings. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"

/* https://no-color.org: set and not empty means no colour. */
static bool
wants_colour(FILE *out)
{
    const char *no_color = getenv("NO_COLOR");

    return isatty(fileno(out)) && !(no_color && *no_color);
}

int
report_findings(const struct command_line *options, const struct compilation *compilation, FILE *out)
{
    const struct diag *diag = &compilation->diag;

    if (options->format == FORMAT_JSON) {
        diag_print_json(diag, out);
    } else {
        diag_print_text(diag, out, wants_colour(out));
        if (!options->quiet && diag->count)
            fprintf(out, "%s\n", diag_summary(diag));
    }
    return compile_status(compilation);
}

const char *
safe_name(struct arena *arena, const char *name)
{
    char *safe = arena_alloc(arena, strlen(name) * 4 + 1), *to = safe;

    if (strcmp(name, "-") == 0)
        return "(standard input)";
    for (; *name; name++) {
        unsigned char byte = (unsigned char)*name;

        to += sprintf(to, byte < 0x20 || byte == 0x7f ? "\\x%02x" : "%c", byte);
    }
    return safe;
}

bool
select_router(const struct command_line *options, struct compilation *compilation)
{
    size_t i;

    if (!options->router)
        return true;
    for (i = 0; i < compilation->router_count; i++) {
        if (strcmp(compilation->routers[i].options->name, options->router) == 0) {
            compilation->routers += i;
            compilation->router_count = 1;
            return true;
        }
    }
    fprintf(stderr, "seilc: no router is called %s\n", options->router);
    return false;
}
