/* command.h - the commands, and what they share. */
#ifndef SEILC_COMMAND_H
#define SEILC_COMMAND_H

#include "../compile.h"
#include "../options.h"

extern const struct command lint_command;
extern const struct command format_command;
extern const struct command translate_command;
extern const struct command bundle_command;
extern const struct command explain_command;
extern const struct command show_command;
extern const struct command trace_command;
extern const struct command completion_command;

extern const struct command *const commands[];  /* all of them, ends with NULL */

/* Prints all findings that there are: name, severity, feature, meaning.  Returns the exit status. */
int list_findings(enum format format);

/* The findings of many inputs as one text: a head, a part for each input, a tail. */
struct report {
    enum format format;
    bool quiet;
    FILE *out;
    bool any;                           /* a part was printed */
    unsigned counts[SEV_ERROR + 1];     /* of all parts, for the last line */
    unsigned known;                     /* findings that a baseline holds */
    size_t dropped;
    int status;                         /* the greatest of all parts */
};

void report_begin(struct report *report);
void report_part(struct report *report, const char *bytes, size_t len);
void report_end(struct report *report);

/* The part of one input: its findings in a format.  Those of SARIF need fingerprints. */
void report_print(const struct diag *diag, enum format format, bool colour, const char *input, FILE *out);

/* Does this stream show colours, and may they be used? */
bool report_colour(FILE *out);

/*
 * Prints the findings of a compilation in the format asked for; in text also a last line that counts, unless there is nothing
 * to say or --quiet.  Returns compile_status().
 */
int report_findings(const struct command_line *options, const struct compilation *compilation, FILE *out);

/*
 * lint --fix: cures what can be cured in the configs of an input, and writes it (standard input: prints it), or with --diff
 * shows it; `*compile` then takes the cured texts, which live in the arena.  Findings that `judge` takes away are not cured.
 * Returns 0; 1 when --diff found something; 2 when a file could not be written (a message was printed).
 */
int fix_input(struct arena *arena, const struct command_line *options, const char *input,
              void (*judge)(struct diag *diag, void *context), void *context, struct compile_options *compile);

/* Where the findings go: not where a diff or a cured text does. */
FILE *fix_report_stream(const struct command_line *options, const char *const *inputs, size_t count);

/* The name of an input as it may be printed: control bytes escaped, "(standard input)" for "-". */
const char *safe_name(struct arena *arena, const char *name);

/* Drops the routers that --router does not name.  False (with a message) if it names none. */
bool select_router(const struct command_line *options, struct compilation *compilation);

#endif
