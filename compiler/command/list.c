/* list.c - the commands, in the order of their use. */
#include "command.h"

const struct command *const commands[] = {
    &lint_command, &format_command, &translate_command, &bundle_command,
    &explain_command, &show_command, &trace_command, &completion_command, NULL,
};
