/* output.h - the files of one router in memory, each line booked under its statements. */
#ifndef SEILC_OUTPUT_H
#define SEILC_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "diag.h"
#include "ledger.h"

enum file_kind { FILE_REGULAR, FILE_SYMLINK };

struct output_file {
    const char *path; /* below the rootfs, without leading slash */
    enum file_kind kind;
    unsigned mode; /* 0644; 0755 for scripts; 0600 where there is a secret */
    char *bytes;   /* of a symlink: its target */
    size_t len, capacity;
    unsigned line;       /* the one being written, from 1 */
    const char *backend; /* which backend made it */
    struct output *output;
};

struct output {
    struct arena *arena;
    struct ledger *ledger;      /* NULL: nothing is booked */
    struct diag *diag;          /* for values that a format cannot hold */
    const char *backend;        /* current one */
    struct output_file **files; /* in order of creation */
    size_t count, capacity;
};

void output_init(struct output *output, struct arena *arena, struct ledger *ledger,
                 struct diag *diag);

/*
 * A new, empty file; the path is formatted (from checked names only) and must be new, relative and
 * free of "..".
 */
struct output_file *output_file(struct output *output, const char *path_format, ...)
    __attribute__((format(printf, 2, 3)));
struct output_file *output_script(struct output *output, const char *path_format, ...)
    __attribute__((format(printf, 2, 3)));
void output_symlink(struct output *output, const struct origin *from, const char *path,
                    const char *target);

/* Adds one whole line (the newline is added) and books it under `from` (NULL: under nothing). */
void output_line(struct output_file *file, const struct origin *from, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Parts of a line: text without newline, booked too; output_end ends the line. */
void output_part(struct output_file *file, const struct origin *from, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void output_end(struct output_file *file);

/* Text that is the same on every router, as it is, ending with a newline. */
void output_text(struct output_file *file, const char *text);

/*
 * Books the lines from `first` to the current one under `from`: for a block that a statement makes
 * be there.
 */
void output_book(struct output_file *file, const struct origin *from, unsigned first);

/*
 * Adds cannot-express at the statement of an origin: a backend's format cannot hold its value.  No
 * line is booked then.
 */
void output_refuse(struct output *output, const struct origin *from, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Writes all files, those of outputs[i] below names[i] (a relative path; NULL or "": none), below
 * `directory`, which must not exist or be empty unless `replace`: first into a fresh directory
 * beside it, then by one rename.  What `replace` removes must look like an earlier output: each
 * entry of the old directory is in the new one, too.  Either everything is there in the end or
 * nothing.  Modes do not depend on the umask.  Returns false and adds cannot-write.
 */
bool output_write(const struct output *const *outputs, const char *const *names, size_t count,
                  const char *directory, bool replace, struct diag *diag);

#endif
