/* fingerprint.h - by what a finding is known again after the lines around it have changed. */
#ifndef SEILC_FINGERPRINT_H
#define SEILC_FINGERPRINT_H

#include "diag.h"

/*
 * The name of the finding, the file and key that it is at, and which of several such it is, in order of the file.  No line
 * number, and no value: a secret must not be guessable from a hash.
 */
struct fingerprint {
    const char *file;       /* as fingerprint_file() spells it */
    const char *finding;
    const char *key;        /* "vrrp.vrouter.0.watch.interface"; empty where no key stands */
    unsigned number;        /* from 1 */
    char hex[33];           /* 128 bits of the SHA-256 of all of these */
};

/*
 * Gives each finding its fingerprint.  `input` stands for the file of a finding without a place.  The findings are sorted, and
 * none was taken away yet.
 */
void fingerprint_add(struct diag *diag, const char *input);

/* A file's name without "./", and relative to the working directory when it lies below. */
const char *fingerprint_file(struct arena *arena, const char *name);

#endif
