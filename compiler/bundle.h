/* bundle.h - one archive for each router, with all that installing it needs. */
#ifndef SEILC_BUNDLE_H
#define SEILC_BUNDLE_H

#include "compile.h"

/*
 * Writes ROUTER.tar.gz for each router into `directory`, by output_write(): all or nothing.  Each
 * holds one directory ROUTER/ with rootfs/, install and what manifest.h tells of.  Byte for byte
 * the same for the same input: files in order of their paths, owner and group 0, one fixed time, no
 * name or time in the gzip header.  Returns false and adds cannot-write.
 */
bool bundle_write(struct arena *arena, const struct router *routers, size_t count,
                  const char *directory, bool replace, struct diag *diag);

/*
 * The tar archive (POSIX ustar) of the files of an output, gzip-compressed, in the arena.  NULL
 * with a finding cannot-write when a path is too long for the format.
 */
char *bundle_pack(struct arena *arena, const struct output *pack, struct diag *diag, size_t *len);

#endif
