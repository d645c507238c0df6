/* rewrite.c - put other bytes in place of those of a file. */
#define _GNU_SOURCE     /* realpath() into memory of its own */
#include "rewrite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"

struct rewriting {
    struct arena *arena;
    const char *path;           /* without symbolic links */
    char *fresh;                /* NULL: not there */
    struct stat old;
    const char *why;            /* NULL: all is well */
};

static bool
fail(struct rewriting *w, const char *why)
{
    if (!w->why)
        w->why = why;
    return false;
}

static bool
find_file(struct rewriting *w, const char *name)
{
    char *path = realpath(name, NULL);

    if (!path)
        return fail(w, strerror(errno));
    w->path = arena_copy(w->arena, path, strlen(path));
    free(path);
    if (stat(w->path, &w->old))
        return fail(w, strerror(errno));
    if (!S_ISREG(w->old.st_mode))
        return fail(w, "is no regular file");
    return access(w->path, W_OK) == 0 || fail(w, strerror(errno));
}

/* Is it still the file that was read? */
static bool
is_unchanged(struct rewriting *w, const struct source *before)
{
    const char *why;
    const struct source *now = source_read(w->arena, w->path, &why);

    if (!now)
        return fail(w, why);
    if (now->len != before->len || memcmp(now->bytes, before->bytes, now->len))
        return fail(w, "has changed since it was read");
    return true;
}

/* chown() may take set-id bits away, so the mode comes last. */
static bool
make_like(int fd, const struct stat *old)
{
    struct stat st;

    if (fstat(fd, &st))
        return false;
    if ((st.st_uid != old->st_uid || st.st_gid != old->st_gid) && fchown(fd, old->st_uid, old->st_gid))
        return false;
    return fchmod(fd, old->st_mode & 07777) == 0;
}

static bool
write_fresh(struct rewriting *w, struct text text)
{
    char *fresh = arena_printf(w->arena, "%s.tmp-XXXXXX", w->path);
    int fd = mkstemp(fresh);
    bool good;

    if (fd < 0)
        return fail(w, strerror(errno));
    w->fresh = fresh;
    good = (write_bytes(fd, text.bytes, text.len) && make_like(fd, &w->old) && fsync(fd) == 0) || fail(w, strerror(errno));
    return (close(fd) == 0 && good) || fail(w, strerror(errno));
}

bool
rewrite_file(struct arena *arena, const struct source *before, struct text after, const char **why)
{
    struct rewriting w = {.arena = arena};
    struct surroundings surroundings;

    hold_surroundings(&surroundings);
    if (find_file(&w, before->name) && write_fresh(&w, after) && is_unchanged(&w, before)) {
        if (rename(w.fresh, w.path) == 0)
            w.fresh = NULL;
        else
            fail(&w, strerror(errno));
    }
    if (w.fresh)
        unlink(w.fresh);
    release_surroundings(&surroundings);
    *why = w.why;
    return !w.why;
}
