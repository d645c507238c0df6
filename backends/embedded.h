/* embedded.h - files that the compiler holds: those that are the same on every router, and the pages of its findings. */
#ifndef SEILC_EMBEDDED_H
#define SEILC_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
    const char *path;       /* below backends/: "runtime/reconcile"; of a page as in the source: "docs/findings/bad-line.md" */
    unsigned mode;          /* 0755 for what begins with #!, else 0644 */
    const char *bytes;      /* ends with a NUL that `len` does not count */
    size_t len;
};

/* Made by backends/embed.c; sorted by path; each ends with a NULL path. */
extern const struct embedded_file embedded_files[];
extern const struct embedded_file finding_pages[];

#endif
