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

/*
 * Prints the findings of a compilation in the format asked for; in text also a last line that counts, unless there is nothing
 * to say or --quiet.  Returns compile_status().
 */
int report_findings(const struct command_line *options, const struct compilation *compilation, FILE *out);

/* The name of an input as it may be printed: control bytes escaped, "(standard input)" for "-". */
const char *safe_name(struct arena *arena, const char *name);

/* Drops the routers that --router does not name.  False (with a message) if it names none. */
bool select_router(const struct command_line *options, struct compilation *compilation);

#endif
