/* report.c - how every command tells its findings. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../github.h"
#include "../sarif.h"
#include "command.h"

/* https://no-color.org: set and not empty means no colour. */
bool
report_colour(FILE *out)
{
    const char *no_color = getenv("NO_COLOR");

    return isatty(fileno(out)) && !(no_color && *no_color);
}

void
report_print(const struct diag *diag, enum format format, bool colour, const char *input, FILE *out)
{
    switch (format) {
    case FORMAT_TEXT: diag_print_text(diag, out, colour); break;
    case FORMAT_JSON: diag_print_json_objects(diag, out); break;
    case FORMAT_SARIF: sarif_print_results(diag, input, out); break;
    case FORMAT_GITHUB: github_print(diag, input, out); break;
    }
}

void
report_begin(struct report *report)
{
    if (report->format == FORMAT_JSON)
        fputc('[', report->out);
    else if (report->format == FORMAT_SARIF)
        sarif_print_head(report->out);
}

void
report_part(struct report *report, const char *bytes, size_t len)
{
    if (!len)
        return;
    if (report->format == FORMAT_JSON)
        fputs(report->any ? ",\n" : "\n", report->out);
    else if (report->format == FORMAT_SARIF)
        fputs(report->any ? ",\n" : "", report->out);
    fwrite(bytes, 1, len, report->out);
    report->any = true;
}

static void
print_last_line(const struct report *report)
{
    struct arena arena;

    if (report->quiet || !(report->any || report->known))
        return;
    arena_init(&arena);
    fprintf(report->out, "%s\n", diag_words(&arena, report->counts, report->known));
    arena_free(&arena);
}

void
report_end(struct report *report)
{
    if (report->format == FORMAT_JSON)
        fputs(report->any ? "\n]\n" : "]\n", report->out);
    else if (report->format == FORMAT_SARIF)
        sarif_print_tail(report->status < 2, report->dropped, report->out);
    else
        print_last_line(report);
}

int
report_findings(const struct command_line *options, const struct compilation *compilation, FILE *out)
{
    const struct diag *diag = &compilation->diag;

    if (options->format == FORMAT_JSON) {
        diag_print_json(diag, out);
    } else {
        diag_print_text(diag, out, report_colour(out));
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
