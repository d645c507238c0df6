/* inputs.h - what is to be linted: files, site files, directories, lists of them, standard input. */
#ifndef SEILC_INPUTS_H
#define SEILC_INPUTS_H

#include "diag.h"

struct inputs {
    const char **names;         /* in the order in which they are told of */
    size_t count;
    const char **directories;   /* those among the arguments */
    size_t directory_count;
};

/*
 * Expands the arguments of a command line.  A file and "-" stand for themselves.  @FILE is a list, one path a line ("@-": from
 * standard input), whose lines are as arguments are, but no lists.  A directory stands for all configs (*.seil) and site files
 * (*.yaml and *.yml with a line that begins with "routers:") below it, by name, without hidden ones; links to directories are not
 * followed, and a config that a site file found so names is linted with its site alone.  Findings: cannot-read, also for a
 * directory that holds nothing to lint.
 */
void inputs_expand(struct arena *arena, const char *const *arguments, size_t count, struct diag *diag,
                   struct inputs *out);

#endif
