/* github.c - findings as GitHub's workflow commands. */
#include "github.h"

#include <string.h>

#include "fingerprint.h"

static const char *const commands[] = {"notice", "warning", "error"};

static bool
is_plain(unsigned char byte, const char *more)
{
    return byte >= 0x20 && byte != 0x7f && byte != '%' && !strchr(more, byte);
}

static void
print_escaped(FILE *out, const char *text, const char *more)
{
    while (*text) {
        size_t plain = 0;

        while (is_plain((unsigned char)text[plain], more))
            plain++;
        fwrite(text, 1, plain, out);
        text += plain;
        if (*text == '\r' || *text == '\n' || *text == '%' || (*text && strchr(more, *text)))
            fprintf(out, "%%%02X", (unsigned char)*text++);
        else if (*text)
            fprintf(out, "\\x%02x", (unsigned char)*text++);
    }
}

static void
print_property(FILE *out, const char *before, const char *value)
{
    fputs(before, out);
    print_escaped(out, value, ":,");
}

static void
print_finding(const struct diag *diag, const struct finding *finding, const char *input, FILE *out)
{
    const struct source *source = finding->place.source;
    bool is_file = source ? !source_is_option(source) : input && strcmp(input, "-") != 0;
    struct region region;

    fprintf(out, "::%s ", commands[finding->severity]);
    if (is_file) {
        print_property(out, "file=", fingerprint_file(diag->arena, source ? source->name : input));
        if (source) {
            source_region(&finding->place, &region);
            fprintf(out, ",line=%u,col=%u", region.line, region.column);
        }
        fputc(',', out);
    }
    print_property(out, "title=", finding_defs[finding->id].name);
    fputs("::", out);
    print_escaped(out, diag_full_message(diag, finding), "");
    for (const struct finding_note *note = finding->notes; note; note = note->next) {
        unsigned line, column;

        if (!note->place.source)
            continue;
        source_locate(&note->place, &line, &column);
        fputs("%0A", out);
        print_escaped(out, note->place.source->name, "");
        fprintf(out, ":%u:%u: ", line, column);
        print_escaped(out, note->message, "");
    }
    fputc('\n', out);
}

void
github_print(const struct diag *diag, const char *input, FILE *out)
{
    for (size_t i = 0; i < diag->count; i++)
        print_finding(diag, diag->findings[i], input, out);
}
