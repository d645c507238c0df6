/* embedded.h - files that are the same on every router, held by the compiler. */
#ifndef SEILC_EMBEDDED_H
#define SEILC_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
    const char *path;       /* below backends/: "runtime/reconcile" */
    unsigned mode;          /* 0755 for what begins with #!, else 0644 */
    const char *bytes;      /* ends with a NUL that `len` does not count */
    size_t len;
};

/* Made by backends/embed.c; sorted by path; ends with a NULL path. */
extern const struct embedded_file embedded_files[];

#endif
