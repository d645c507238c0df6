/* options.c - what the commands read from their command lines, with getopt_long. */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend.h"

/* An option: `letter` names it in struct command's list and is what getopt_long returns. */
static const struct option_row {
    char letter;
    bool is_short;              /* -x works too */
    const char *name;
    const char *argument;
    const char *doc;
} rows[] = {
    {'s', false, "set",       "[ROUTER:]KEY=VALUE",   "give a key a value in place of the config's"               },
    {'i', false, "interface", "[ROUTER:]SEIL=LINUX",  "the Linux name of an interface; or SEIL=mac:02:00:..."     },
    {'T', false, "target",    "debian12|debian13",    "the Debian release that the output is for"                 },
    {'p', false, "partial",   NULL,                   "leave out what has no translation, and list it"            },
    {'f', false, "format",    "text|json",            "how findings and results are printed"                      },
    {'l', false, "list",      NULL,                   "list all findings there are, and do no more"               },
    {'b', false, "baseline",  "FILE",                 "findings listed there are known: they are not told"        },
    {'B', false, "write-baseline", "FILE",            "list all findings there, so that they are known"           },
    {'j', true,  "jobs",      "N",                    "processes that share the inputs; one each processor"       },
    {'W', false, "werror",    NULL,                   "warnings are errors"                                       },
    {'m', false, "min-severity", "note|warning|error", "neither show nor count what is less"                      },
    {'q', true,  "quiet",     NULL,                   "print findings only"                                       },
    {'o', true,  "output",    "DIR",                  "where to write; must be empty or not exist"                },
    {'F', false, "force",     NULL,                   "replace an output directory that exists"                   },
    {'t', true,  "to",        "BACKEND",              "print the files of one backend instead of writing all"     },
    {'r', false, "router",    "NAME",                 "only this router of the site"                              },
    {'R', false, "reverse",   "FILE:LINE",            "which config lines caused this line of the output"         },
    {'d', false, "dump",      "tree|plan",            "print what a stage made, as JSON"                          },
    {'S', false, "secrets",   NULL,                   "print passwords and keys too"                              },
    {'w', true,  "write",     NULL,                   "write files in place instead of printing"                  },
    {'c', false, "check",     NULL,                   "print the names of files that would change; status 1 if any" },
    {'x', false, "fix",       NULL,                   "cure what has a certain cure; with --diff only show it"    },
    {'D', false, "diff",      NULL,                   "print what would change, as a unified diff"                },
    {'k', false, "table",     NULL,                   "print which keys are translated, as Markdown"              },
    {'h', true,  "help",      NULL,                   "print this"                                                },
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static bool
takes(const struct command *command, char letter)
{
    return letter == 'h' || strchr(command->options, letter);
}

static const char *
formats_of(const struct command *command)
{
    return command->formats ? command->formats : "text|json";
}

bool
options_next(const struct command *command, size_t *at, struct option_words *out)
{
    while (*at < ROWS) {
        const struct option_row *row = &rows[(*at)++];

        if (!takes(command, row->letter))
            continue;
        *out = (struct option_words){row->is_short ? row->letter : '\0', row->name,
                                     row->letter == 'f' ? formats_of(command) : row->argument, row->doc};
        return true;
    }
    return false;
}

void
options_help(const struct command *command, FILE *out)
{
    struct option_words option;

    fprintf(out, "usage: seilc %s [options] %s\n%s\n\n%s\noptions:\n", command->name, command->arguments, command->doc,
            command->help);
    for (size_t at = 0; options_next(command, &at, &option);) {
        char name[64];

        snprintf(name, sizeof(name), "--%s%s%s", option.name, option.argument ? " " : "",
                 option.argument ? option.argument : "");
        if (option.letter)
            fprintf(out, "  -%c, %-34s %s\n", option.letter, name, option.doc);
        else
            fprintf(out, "      %-34s %s\n", name, option.doc);
    }
}

static int
complain(const struct command *command, const char *message, const char *what)
{
    fprintf(stderr, "seilc %s: %s%s\nTry 'seilc %s --help'.\n", command->name, message, what, command->name);
    return 2;
}

static int
set_target(const struct command *command, struct command_line *out)
{
    out->compile.target_given = true;
    if (strcmp(optarg, "debian12") == 0)
        out->compile.target = TARGET_DEBIAN12;
    else if (strcmp(optarg, "debian13") == 0)
        out->compile.target = TARGET_DEBIAN13;
    else
        return complain(command, "expected debian12 or debian13, not ", optarg);
    return -1;
}

/* Is it one of the words between the bars? */
static bool
is_one_of(const char *word, const char *words)
{
    size_t len = strlen(word);

    for (; *words; words += strcspn(words, "|"), words += *words == '|')
        if (strcspn(words, "|") == len && memcmp(words, word, len) == 0)
            return true;
    return false;
}

static int
set_format(const struct command *command, struct command_line *out)
{
    static const char *const names[] = {"text", "json", "sarif", "github"};

    if (!is_one_of(optarg, formats_of(command))) {
        fprintf(stderr, "seilc %s: expected %s, not %s\n", command->name, formats_of(command), optarg);
        return 2;
    }
    for (int i = 0; i < (int)(sizeof(names) / sizeof(names[0])); i++)
        if (strcmp(optarg, names[i]) == 0)
            out->format = (enum format)i;
    return -1;
}

static int
set_jobs(const struct command *command, struct command_line *out)
{
    char *end;
    unsigned long jobs = strtoul(optarg, &end, 10);

    if (optarg[0] < '0' || optarg[0] > '9' || *end || jobs < 1 || jobs > 256)
        return complain(command, "expected a number of processes from 1 to 256, not ", optarg);
    out->jobs = (unsigned)jobs;
    return -1;
}

static int
set_min_severity(const struct command *command, struct command_line *out)
{
    for (int severity = SEV_NOTE; severity <= SEV_ERROR; severity++) {
        if (strcmp(optarg, severity_names[severity]) == 0) {
            out->min_severity = (enum severity)severity;
            return -1;
        }
    }
    return complain(command, "expected note, warning or error, not ", optarg);
}

static int
set_backend(const struct command *command, struct command_line *out)
{
    const struct backend *backend;

    out->compile.backend = backend_find(optarg);
    if (out->compile.backend)
        return -1;
    fprintf(stderr, "seilc %s: no backend is called %s; there are:\n", command->name, optarg);
    for (backend = backends; backend->name; backend++)
        fprintf(stderr, "  %-12s %s\n", backend->name, backend->doc);
    return 2;
}

static void
append(const char *const **list, size_t *count)
{
    const char **items = realloc((void *)*list, (*count + 1) * sizeof(*items));

    if (!items)
        abort();
    items[(*count)++] = optarg;
    *list = items;
}

static int
set_option(const struct command *command, int letter, struct command_line *out)
{
    switch (letter) {
    case 's': append(&out->compile.sets, &out->compile.set_count); break;
    case 'i': append(&out->compile.interfaces, &out->compile.interface_count); break;
    case 'T': return set_target(command, out);
    case 'f': return set_format(command, out);
    case 'l': out->list = true; break;
    case 'b': out->baseline = optarg; break;
    case 'B': out->write_baseline = optarg; break;
    case 'j': return set_jobs(command, out);
    case 'W': out->werror = true; break;
    case 'm': return set_min_severity(command, out);
    case 't': return set_backend(command, out);
    case 'p': out->compile.partial = true; break;
    case 'q': out->quiet = true; break;
    case 'o': out->output = optarg; break;
    case 'F': out->replace = true; break;
    case 'r': out->router = optarg; break;
    case 'R': out->reverse = optarg; break;
    case 'd': out->dump = optarg; break;
    case 'S': out->secrets = true; break;
    case 'w': out->write = true; break;
    case 'c': out->check = true; break;
    case 'x': out->fix = true; break;
    case 'D': out->diff = true; break;
    case 'k': out->table = true; break;
    case 'h': options_help(command, stdout); return 0;
    default: return complain(command, "see the message above", "");
    }
    return -1;
}

/* getopt_long's tables for the options that this command takes. */
static void
build_tables(const struct command *command, struct option *longs, char *shorts)
{
    size_t i;

    for (i = 0; i < ROWS; i++) {
        if (!takes(command, rows[i].letter))
            continue;
        *longs++ = (struct option){rows[i].name, rows[i].argument ? required_argument : no_argument, NULL, rows[i].letter};
        if (rows[i].is_short) {
            *shorts++ = rows[i].letter;
            if (rows[i].argument)
                *shorts++ = ':';
        }
    }
    *longs = (struct option){0};
    *shorts = '\0';
}

int
options_parse(const struct command *command, int argc, char **argv, struct command_line *out)
{
    struct option longs[ROWS + 1];
    char shorts[2 * ROWS + 1];
    int letter;

    *out = (struct command_line){0};
    build_tables(command, longs, shorts);
    while ((letter = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        int status = set_option(command, letter, out);

        if (status >= 0)
            return status;
    }
    out->inputs = (const char *const *)argv + optind;
    out->input_count = (size_t)(argc - optind);
    if (out->input_count < command->min_inputs)
        return complain(command, "expected ", command->arguments);
    if (out->input_count > command->max_inputs)
        return complain(command, "too many arguments: ", argv[optind + (int)command->max_inputs]);
    return -1;
}

void
options_free(struct command_line *options)
{
    free((void *)options->compile.sets);
    free((void *)options->compile.interfaces);
}
