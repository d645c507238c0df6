/* github.h - findings as GitHub's workflow commands, which it shows beside the lines of a change. */
#ifndef SEILC_GITHUB_H
#define SEILC_GITHUB_H

#include <stdio.h>

#include "diag.h"

/*
 * One line for each finding: ::error file=F,line=L,col=C,title=NAME::MESSAGE.  GitHub reads a command from every line that begins
 * with "::", so no byte of a config may begin one: in a message %, CR and LF are spelt %25, %0D and %0A, in a property also : and
 * , as %3A and %2C.  `input` is the file of a finding that has no place.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
void github_print(const struct diag *diag, const char *input, FILE *out);

#endif
