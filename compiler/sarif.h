/* sarif.h - findings as a SARIF 2.1.0 log, as code scanning services take it. */
#ifndef SEILC_SARIF_H
#define SEILC_SARIF_H

#include <stdio.h>

#include "diag.h"

/*
 * One log of one run: the head, the results of each input, the tail.  A result is one line.  Between the results of two inputs
 * stands ",\n".  The findings have their fingerprints.  https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
void sarif_print_head(FILE *out);

/* `input` is the file of a finding that has no place. */
void sarif_print_results(const struct diag *diag, const char *input, FILE *out);

/* `good`: every input could be read.  `dropped`: findings that were counted only. */
void sarif_print_tail(bool good, size_t dropped, FILE *out);

#endif
