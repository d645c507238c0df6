/* completion.c - seilc completion: what shells need to complete command lines, made of the tables that the program reads. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "backend.h"
#include "../catalogue.h"
#include "command.h"

/* --- what an argument may be --- */

enum kind { KIND_OF_NOTHING, KIND_OF_WORDS, KIND_OF_CONFIGS, KIND_OF_FILES, KIND_OF_DIRECTORIES, KIND_OF_KEYS,
            KIND_OF_SUBJECTS };

static bool
begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* From what help prints: "text|json", "DIR", "[ROUTER:]KEY=VALUE". */
static enum kind
kind_of(const char *argument)
{
    static const struct {
        const char *start;
        enum kind kind;
    } kinds[] = {
        {"DIR", KIND_OF_DIRECTORIES}, {"FILE:", KIND_OF_NOTHING},    {"FILE", KIND_OF_FILES},
        {"BACKEND", KIND_OF_WORDS},   {"[ROUTER:]KEY", KIND_OF_KEYS}, {"KEY|FINDING", KIND_OF_SUBJECTS},
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (begins_with(argument, kinds[i].start))
            return kinds[i].kind;
    return islower((unsigned char)argument[0]) && strchr(argument, '|') ? KIND_OF_WORDS : KIND_OF_NOTHING;
}

static enum kind
kind_of_inputs(const struct command *command)
{
    enum kind kind = kind_of(command->arguments);

    return strstr(command->arguments, "FILE") || strstr(command->arguments, "SITE") ? KIND_OF_CONFIGS : kind;
}

/* The words of an argument with blanks between them. */
static void
print_words(const char *argument, FILE *out)
{
    if (strcmp(argument, "BACKEND") == 0) {
        for (const struct backend *backend = backends; backend->name; backend++)
            fprintf(out, "%s%s", backend == backends ? "" : " ", backend->name);
        return;
    }
    for (; *argument; argument++)
        fputc(*argument == '|' ? ' ' : *argument, out);
}

/* --- lists --- */

static void
print_subjects(FILE *out)
{
    for (int id = 0; id < FINDING_COUNT; id++)
        fprintf(out, "%s\n", finding_defs[id].name);
}

static void
print_keys(FILE *out)
{
    for (int key = 1; key < KEY_COUNT; key++)
        if (!key_defs[key].is_group)
            fprintf(out, "%s\n", key_defs[key].path);
}

/* --- bash --- */

static const char bash_head[] =
    "# bash completion for seilc.  Made by `seilc completion bash`.\n"
    "_seilc_files()\n"
    "{\n"
    "    local file\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    while IFS= read -r file; do\n"
    "        case $1:$file in\n"
    "        files:* | configs:*.seil | configs:*.yaml | configs:*.yml) COMPREPLY+=(\"$file\") ;;\n"
    "        *) [ ! -d \"$file\" ] || COMPREPLY+=(\"$file\") ;;\n"
    "        esac\n"
    "    done < <(compgen -f -- \"$cur\")\n"
    "}\n\n"
    "_seilc_words()\n"
    "{\n"
    "    local word\n"
    "    while IFS= read -r word; do COMPREPLY+=(\"$word\"); done < <(compgen -W \"$1\" -- \"$cur\")\n"
    "}\n\n"
    "_seilc()\n"
    "{\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} seilc=${COMP_WORDS[0]}\n"
    "    COMPREPLY=()\n"
    "    # --name=value comes as three words.\n"
    "    if [ \"$cur\" = = ]; then\n"
    "        cur=\n"
    "    elif [ \"$previous\" = = ] && [ \"$COMP_CWORD\" -gt 2 ]; then\n"
    "        previous=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    fi\n"
    "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n";

static const char bash_tail[] =
    "    esac\n"
    "}\n"
    "complete -F _seilc seilc\n";

/* What completes an argument, as a shell command. */
static void
print_bash_action(enum kind kind, const char *argument, FILE *out)
{
    switch (kind) {
    case KIND_OF_NOTHING: fputs(":", out); break;
    case KIND_OF_WORDS:
        fputs("_seilc_words '", out);
        print_words(argument, out);
        fputs("'", out);
        break;
    case KIND_OF_CONFIGS: fputs("_seilc_files configs", out); break;
    case KIND_OF_FILES: fputs("_seilc_files files", out); break;
    case KIND_OF_DIRECTORIES: fputs("_seilc_files directories", out); break;
    case KIND_OF_KEYS: fputs("_seilc_words \"$(\"$seilc\" completion keys 2>/dev/null)\"", out); break;
    case KIND_OF_SUBJECTS:
        fputs("_seilc_words \"$(\"$seilc\" completion findings 2>/dev/null; \"$seilc\" completion keys 2>/dev/null)\"", out);
        break;
    }
}

static void
print_bash_command(const struct command *command, FILE *out)
{
    const char *before = "";
    struct option_words option;
    size_t at;

    fprintf(out, "    %s)\n        case $previous in\n", command->name);
    for (at = 0; options_next(command, &at, &option);) {
        if (!option.argument)
            continue;
        fputs("        ", out);
        if (option.letter)
            fprintf(out, "-%c | ", option.letter);
        fprintf(out, "--%s) ", option.name);
        print_bash_action(kind_of(option.argument), option.argument, out);
        fputs("; return ;;\n", out);
    }
    fputs("        esac\n        case $cur in\n        -*) _seilc_words '", out);
    for (at = 0; options_next(command, &at, &option); before = " ")
        fprintf(out, "%s--%s", before, option.name);
    fputs("' ;;\n        *) ", out);
    print_bash_action(kind_of_inputs(command), command->arguments, out);
    fputs(" ;;\n        esac ;;\n", out);
}

static void
print_bash(FILE *out)
{
    const struct command *const *command;

    fputs(bash_head, out);
    fputs("        _seilc_words '", out);
    for (command = commands; *command; command++)
        fprintf(out, "%s ", (*command)->name);
    fputs("--help --version'\n        return\n    fi\n    case ${COMP_WORDS[1]} in\n", out);
    for (command = commands; *command; command++)
        print_bash_command(*command, out);
    fputs(bash_tail, out);
}

/* --- zsh --- */

/* Text inside of '...' and, for options, inside of [...]. */
static void
print_zsh_text(const char *text, FILE *out)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\''", out);
        else if (strchr("[]:\\", *text))
            fprintf(out, "\\%c", *text);
        else
            fputc(*text, out);
    }
}

static void
print_zsh_action(enum kind kind, const char *argument, FILE *out)
{
    switch (kind) {
    case KIND_OF_NOTHING: fputs(" ", out); break;
    case KIND_OF_WORDS:
        fputc('(', out);
        print_words(argument, out);
        fputc(')', out);
        break;
    case KIND_OF_CONFIGS: fputs("_files -g \"*.(seil|yaml|yml)\"", out); break;
    case KIND_OF_FILES: fputs("_files", out); break;
    case KIND_OF_DIRECTORIES: fputs("_files -/", out); break;
    case KIND_OF_KEYS: fputs("_seilc_keys", out); break;
    case KIND_OF_SUBJECTS: fputs("_seilc_subjects", out); break;
    }
}

static void
print_zsh_option(const struct option_words *option, FILE *out)
{
    fputs("            ", out);
    if (option->letter)
        fprintf(out, "'(-%c --%s)'{-%c,--%s}'", option->letter, option->name, option->letter, option->name);
    else
        fprintf(out, "'%s--%s", option->argument && strchr(option->argument, '=') ? "*" : "", option->name);
    fputc('[', out);
    print_zsh_text(option->doc, out);
    fputc(']', out);
    if (option->argument) {
        fputc(':', out);
        print_zsh_text(option->name, out);
        fputc(':', out);
        print_zsh_action(kind_of(option->argument), option->argument, out);
    }
    fputs("' \\\n", out);
}

static void
print_zsh_command(const struct command *command, FILE *out)
{
    struct option_words option;
    size_t at;

    fprintf(out, "    %s)\n        _arguments -s \\\n", command->name);
    for (at = 0; options_next(command, &at, &option);)
        print_zsh_option(&option, out);
    fputs("            '*:argument:", out);
    print_zsh_action(kind_of_inputs(command), command->arguments, out);
    fputs("' ;;\n", out);
}

static void
print_zsh(FILE *out)
{
    const struct command *const *command;

    fputs("#compdef seilc\n# zsh completion for seilc.  Made by `seilc completion zsh`.\n"
          "_seilc_keys()\n{\n    compadd -- ${(f)\"$(_call_program keys seilc completion keys)\"}\n}\n\n"
          "_seilc_subjects()\n{\n    _seilc_keys\n"
          "    compadd -- ${(f)\"$(_call_program findings seilc completion findings)\"}\n}\n\n"
          "_seilc()\n{\n    local -a commands\n    commands=(\n", out);
    for (command = commands; *command; command++) {
        fprintf(out, "        '%s:", (*command)->name);
        print_zsh_text((*command)->doc, out);
        fputs("'\n", out);
    }
    fputs("    )\n    if (( CURRENT == 2 )); then\n        _describe command commands\n        return\n    fi\n"
          "    local name=$words[2]\n    shift words\n    (( CURRENT-- ))\n    case $name in\n", out);
    for (command = commands; *command; command++)
        print_zsh_command(*command, out);
    fputs("    esac\n}\n\n_seilc \"$@\"\n", out);
}

/* --- the command --- */

static int
run_completion(const struct command_line *options)
{
    static const struct {
        const char *name;
        void (*print)(FILE *out);
    } outputs[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"keys", print_keys}, {"findings", print_subjects}};

    for (size_t i = 0; i < sizeof(outputs) / sizeof(*outputs); i++) {
        if (strcmp(options->inputs[0], outputs[i].name) == 0) {
            outputs[i].print(stdout);
            return 0;
        }
    }
    fprintf(stderr, "seilc completion: expected bash, zsh, keys or findings, not %s\n", options->inputs[0]);
    return 2;
}

const struct command completion_command = {
    .name = "completion",
    .arguments = "bash|zsh|keys|findings",
    .doc = "Prints what a shell needs to complete command lines.",
    .help = "bash and zsh: a script; keys and findings: the names that there are, one to a line.\n",
    .options = "",
    .min_inputs = 1,
    .max_inputs = 1,
    .run = run_completion,
};
