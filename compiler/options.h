/* options.h - what the commands read from their command lines, with getopt_long. */
#ifndef SEILC_OPTIONS_H
#define SEILC_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "compile.h"

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_SARIF, FORMAT_GITHUB };

struct command_line {
    struct compile_options compile;
    enum format format;
    bool quiet;
    bool replace;               /* -f: the output directory may exist */
    bool secrets;
    bool write;                 /* --write: in place */
    bool check;                 /* --check: only say which files would change */
    bool fix;                   /* lint --fix */
    bool diff;                  /* --diff: only show what would change */
    bool table;                 /* explain --table */
    bool list;                  /* lint --list */
    bool werror;                /* lint --werror */
    enum severity min_severity; /* lint --min-severity */
    const char *baseline;       /* lint --baseline */
    const char *write_baseline; /* lint --write-baseline */
    unsigned jobs;              /* lint --jobs; 0: as many as there are processors */
    const char *output;         /* -o */
    const char *dump;           /* --dump STAGE */
    const char *router;         /* --router NAME: this one of a site */
    const char *reverse;        /* trace --reverse FILE:LINE */
    const char *const *inputs;
    size_t input_count;
};

struct command {
    const char *name;
    const char *arguments;      /* "FILE|SITE..." */
    const char *doc;            /* one line */
    const char *help;           /* the text below the usage line */
    const char *options;        /* letters of options.c's table */
    const char *formats;        /* those of --format, with | between them; NULL: text|json */
    size_t min_inputs, max_inputs;
    int (*run)(const struct command_line *options);
};

/*
 * Reads a command's arguments.  Returns -1 to go on; else the status to exit with: 0 after --help, 2 when they are wrong (a
 * message was printed).
 */
int options_parse(const struct command *command, int argc, char **argv, struct command_line *out);

void options_free(struct command_line *options);

/* An option as a command takes it. */
struct option_words {
    char letter;                /* of its short form; NUL: it has none */
    const char *name;
    const char *argument;       /* "DIR", "text|json"; NULL: it takes none */
    const char *doc;
};

/* The next option of a command from `*at` (0: the first) on; false behind the last. */
bool options_next(const struct command *command, size_t *at, struct option_words *out);

/* Prints the usage and options of a command. */
void options_help(const struct command *command, FILE *out);

#endif
