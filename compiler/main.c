/* main.c - the command line: find the command, read its options, run it. */
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "version.h"

static int
usage(FILE *out)
{
    const struct command *const *command;

    fputs("usage: seilc COMMAND [options] ...\n\nCompiles the configs of IIJ SEIL routers for stock Linux.\n\n", out);
    for (command = commands; *command; command++)
        fprintf(out, "  %-10s %-16s %s\n", (*command)->name, (*command)->arguments, (*command)->doc);
    fputs("\n'seilc COMMAND --help' tells more. Exit status: 0 no errors, 1 errors were found, 2 it could not run.\n", out);
    return out == stdout ? 0 : 2;
}

/* Output that did not reach its end is an error too: a full disk, a closed pipe. */
static int
finish(int status)
{
    if (fflush(stdout) != 0 || ferror(stdout)) {
        perror("seilc: standard output");
        return 2;
    }
    return status;
}

int
main(int argc, char **argv)
{
    const struct command *const *command;
    struct command_line options;
    int status;

    if (argc < 2)
        return usage(stderr);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
        return finish(usage(stdout));
    if (strcmp(argv[1], "--version") == 0) {
        puts("seilc " SEILC_VERSION);
        return finish(0);
    }
    for (command = commands; *command; command++)
        if (strcmp((*command)->name, argv[1]) == 0)
            break;
    if (!*command) {
        fprintf(stderr, "seilc: no command is called %s\n\n", argv[1]);
        return usage(stderr);
    }
    status = options_parse(*command, argc - 1, argv + 1, &options);
    if (status < 0)
        status = (*command)->run(&options);
    options_free(&options);
    return finish(status);
}
