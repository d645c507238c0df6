/*
 * output.c - the files of one router in memory, each line booked; and their writing, all or
 * nothing.
 */
#define _GNU_SOURCE /* renameat2() */
#include "output.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"

static const struct place nowhere;

/* ---- in memory ---- */

void
output_init(struct output *output, struct arena *arena, struct ledger *ledger, struct diag *diag)
{
    *output = (struct output){.arena = arena, .ledger = ledger, .diag = diag};
}

/* Relative, without empty, "." or ".." parts: what can only lie below the root. */
static bool
path_is_plain(const char *path)
{
    for (;;) {
        size_t len = strcspn(path, "/");

        if (len == 0 || (len == 1 && path[0] == '.') ||
            (len == 2 && path[0] == '.' && path[1] == '.'))
            return false;
        if (path[len] == '\0')
            return true;
        path += len + 1;
    }
}

/* Makes room for `len` more bytes and a NUL behind them. */
static void
reserve(struct output_file *file, size_t len)
{
    size_t capacity = file->capacity ? file->capacity : 1024;
    char *bytes;

    assert(len < SIZE_MAX / 4 && file->len < SIZE_MAX / 4);
    if (file->len + len + 1 <= file->capacity)
        return;
    while (capacity < file->len + len + 1)
        capacity *= 2;
    bytes = arena_alloc(file->output->arena, capacity);
    if (file->len)
        memcpy(bytes, file->bytes, file->len);
    file->bytes = bytes;
    file->capacity = capacity;
}

static struct output_file *
add_file(struct output *output, enum file_kind kind, unsigned mode, const char *path)
{
    struct output_file *file = arena_alloc(output->arena, sizeof(*file));

    /*
     * Paths are made of names that were checked long ago; another one is a mistake of the program.
     */
    assert(path_is_plain(path));
    *file = (struct output_file){
        .path = path,
        .kind = kind,
        .mode = mode,
        .line = 1,
        .backend = output->backend,
        .output = output,
    };
    output->files = arena_grow(output->arena, output->files, output->count, &output->capacity,
                               sizeof(struct output_file *));
    output->files[output->count++] = file;
    reserve(file, 0);
    return file;
}

struct output_file *
output_file(struct output *output, const char *path_format, ...)
{
    va_list args;
    const char *path;

    va_start(args, path_format);
    path = arena_vprintf(output->arena, path_format, args);
    va_end(args);
    return add_file(output, FILE_REGULAR, 0644, path);
}

struct output_file *
output_script(struct output *output, const char *path_format, ...)
{
    va_list args;
    const char *path;

    va_start(args, path_format);
    path = arena_vprintf(output->arena, path_format, args);
    va_end(args);
    return add_file(output, FILE_REGULAR, 0755, path);
}

static void
append(struct output_file *file, const char *text, size_t len)
{
    reserve(file, len);
    memcpy(file->bytes + file->len, text, len);
    file->len += len;
    file->bytes[file->len] = '\0';
}

static void
book_line(struct output_file *file, const struct origin *from, unsigned line)
{
    if (from && file->output->ledger)
        ledger_emit(file->output->ledger, from, file->path, line);
}

/*
 * Formatted text without a line end; a value that brings one was not quoted, and must not become a
 * line of its own.
 */
static void __attribute__((format(printf, 2, 0), nonnull(2)))
append_formatted(struct output_file *file, const char *format, va_list args)
{
    size_t start = file->len;
    va_list again;
    int len;

    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    assert(len >= 0);
    reserve(file, (size_t)len);
    vsnprintf(file->bytes + start, (size_t)len + 1, format, args);
    file->len += (size_t)len;
    assert(!memchr(file->bytes + start, '\n', (size_t)len));
}

void
output_part(struct output_file *file, const struct origin *from, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    append_formatted(file, format, args);
    va_end(args);
    book_line(file, from, file->line);
}

void
output_end(struct output_file *file)
{
    append(file, "\n", 1);
    file->line++;
}

void
output_line(struct output_file *file, const struct origin *from, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    append_formatted(file, format, args);
    va_end(args);
    book_line(file, from, file->line);
    output_end(file);
}

void
output_text(struct output_file *file, const char *text)
{
    size_t len = strlen(text);
    const char *end = text;

    append(file, text, len);
    while ((end = strchr(end, '\n'))) {
        file->line++;
        end++;
    }
}

void
output_book(struct output_file *file, const struct origin *from, unsigned first)
{
    bool begun = file->len && file->bytes[file->len - 1] != '\n';
    unsigned last = begun ? file->line : file->line - 1;
    unsigned line;

    for (line = first; line <= last; line++)
        book_line(file, from, line);
}

void
output_symlink(struct output *output, const struct origin *from, const char *path,
               const char *target)
{
    struct output_file *file =
        add_file(output, FILE_SYMLINK, 0777, arena_copy(output->arena, path, strlen(path)));

    append(file, target, strlen(target));
    book_line(file, from, 1);
}

void
output_refuse(struct output *output, const struct origin *from, const char *format, ...)
{
    va_list args;
    const char *why;

    va_start(args, format);
    why = arena_vprintf(output->arena, format, args);
    va_end(args);
    /* What another line has realised already cannot be refused any more, but must be said. */
    if (from && output->ledger && output->ledger->entries[from->node->number].fate != FATE_REALISED)
        ledger_refuse(output->ledger, output->diag, FINDING_CANNOT_EXPRESS, from->node, "%s", why);
    else
        diag_add(output->diag, FINDING_CANNOT_EXPRESS, from ? from->node->where : nowhere, "%s",
                 why);
}

/* ---- on disk ---- */

/*
 * One writing: where it happens and the finding that ends it.  Everything is made below the
 * descriptor of a fresh directory with names that hold no slash and O_NOFOLLOW, so that nobody can
 * lead a write astray.
 */
struct writing {
    const char *directory; /* as the user wrote it, without trailing slashes */
    char *fresh;           /* DIRECTORY.tmp-XXXXXX */
    struct diag *diag;
    bool failed;
};

static void __attribute__((format(printf, 2, 3))) fail(struct writing *w, const char *format, ...)
{
    va_list args;
    char *why;

    va_start(args, format);
    why = arena_vprintf(w->diag->arena, format, args);
    va_end(args);
    if (!w->failed)
        diag_add(w->diag, FINDING_CANNOT_WRITE, nowhere, "cannot write %s: %s", w->directory, why);
    w->failed = true;
}

/*
 * Empties and closes a directory, without following anything out of it.  False when something
 * stays.
 */
static bool
empty_directory(int fd)
{
    DIR *dir = fdopendir(fd);
    bool done = true;
    struct dirent *entry;

    if (!dir) {
        close(fd);
        return false;
    }
    while ((entry = readdir(dir))) {
        int below;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (unlinkat(dirfd(dir), entry->d_name, 0) == 0)
            continue;
        below = openat(dirfd(dir), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (below < 0 || !empty_directory(below) ||
            unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR) != 0)
            done = false;
    }
    closedir(dir);
    return done;
}

static bool
remove_tree(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    return fd >= 0 && empty_directory(fd) && rmdir(path) == 0;
}

enum { DEPTH_MAX = 32 }; /* of directories in a path */

/*
 * The directories from the fresh one down to that of the last file: the next file often lies there,
 * too, or near.
 */
struct walk {
    struct step {
        int fd;
        size_t end; /* of the directory's name in `path`, its slash included */
    } steps[DEPTH_MAX];
    size_t depth;
    const char *path; /* of the last file */
};

/* Enters a directory, which mostly is a new one. */
static int
enter_directory(int parent, const char *path, size_t len)
{
    char name[NAME_MAX + 1];

    if (len > NAME_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(name, path, len);
    name[len] = '\0';
    if (mkdirat(parent, name, 0755) != 0 && errno != EEXIST)
        return -1;
    return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static void
leave_directories(struct walk *walk, const char *path)
{
    while (walk->depth > 0) {
        const struct step *last = &walk->steps[walk->depth - 1];

        if (path && strncmp(walk->path, path, last->end) == 0)
            break;
        close(last->fd);
        walk->depth--;
    }
}

/*
 * Goes to the directory of `path`, making what is missing; `*last` is the path's last part.
 * Returns its descriptor, which stays the walk's own; -1: errno tells why.
 */
static int
go_to_parent(struct walk *walk, int root, const char *path, const char **last)
{
    leave_directories(walk, path);
    walk->path = path;
    for (;;) {
        struct step here = walk->depth > 0 ? walk->steps[walk->depth - 1] : (struct step){root, 0};
        size_t len = strcspn(path + here.end, "/");
        int fd;

        *last = path + here.end;
        if ((*last)[len] == '\0')
            return here.fd;
        if (walk->depth == DEPTH_MAX) {
            errno = ENAMETOOLONG;
            return -1;
        }
        fd = enter_directory(here.fd, *last, len);
        if (fd < 0)
            return -1;
        walk->steps[walk->depth++] = (struct step){fd, here.end + len + 1};
    }
}

static bool
write_regular(int parent, const char *name, const struct output_file *file)
{
    int fd = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, file->mode);
    bool done;
    int error;

    if (fd < 0)
        return false;
    done = write_bytes(fd, file->bytes, file->len);
    error = errno;
    /* A file system may tell only now that it had no room. */
    if (close(fd) != 0)
        return false;
    errno = error;
    return done;
}

static bool
write_file(struct walk *walk, int root, const char *path, const struct output_file *file)
{
    const char *last;
    int parent = go_to_parent(walk, root, path, &last);

    if (parent < 0)
        return false;
    if (file->kind == FILE_SYMLINK)
        return symlinkat(file->bytes, parent, last) == 0;
    return write_regular(parent, last, file);
}

static void
write_output(struct writing *w, int root, const struct output *output, const char *name)
{
    struct arena *arena = w->diag->arena;
    struct walk walk = {.depth = 0};
    size_t i;

    for (i = 0; i < output->count && !w->failed; i++) {
        const char *path = output->files[i]->path;

        if (name && *name)
            path = arena_printf(arena, "%s/%s", name, path);
        if (!write_file(&walk, root, path, output->files[i]))
            fail(w, "%s: %s", output->files[i]->path, strerror(errno));
    }
    leave_directories(&walk, NULL);
}

/* Writes all below the fresh directory. */
static void
write_all(struct writing *w, const struct output *const *outputs, const char *const *names,
          size_t count)
{
    int root = open(w->fresh, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    size_t i;

    if (root < 0) {
        fail(w, "%s", strerror(errno));
        return;
    }
    for (i = 0; i < count && !w->failed; i++)
        write_output(w, root, outputs[i], names[i]);
    if (!w->failed && fchmod(root, 0755) != 0)
        fail(w, "%s", strerror(errno));
    close(root);
}

/*
 * What stands at the place of the output: nothing, an empty directory, a full one, or (after
 * fail()) something else.
 */
enum standing { STANDING_NOTHING, STANDING_EMPTY, STANDING_FULL };

static bool
has_entries(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    unsigned entries = 0;

    /* What cannot be looked into is not taken for empty. */
    if (!dir)
        return true;
    while (entries <= 2 && (entry = readdir(dir)))
        entries++;
    closedir(dir);
    return entries > 2;
}

static enum standing
look_at(struct writing *w, bool replace)
{
    struct stat status;

    if (lstat(w->directory, &status) != 0) {
        if (errno != ENOENT)
            fail(w, "%s", strerror(errno));
        return STANDING_NOTHING;
    }
    if (S_ISLNK(status.st_mode))
        fail(w, "it is a symbolic link");
    else if (!S_ISDIR(status.st_mode))
        fail(w, "it exists and is not a directory");
    else if (has_entries(w->directory)) {
        if (!replace)
            fail(w, "it exists and is not empty");
        return STANDING_FULL;
    }
    return STANDING_EMPTY;
}

/*
 * Two renames, for a file system that cannot exchange names.  Returns where the old directory is
 * now, or NULL.
 */
static const char *
exchange_slowly(struct writing *w)
{
    const char *old = arena_printf(w->diag->arena, "%s-old", w->fresh);
    const char *why;

    if (rename(w->directory, old) != 0) {
        fail(w, "%s", strerror(errno));
        return NULL;
    }
    if (rename(w->fresh, w->directory) == 0)
        return old;
    why = strerror(errno);
    if (rename(old, w->directory) == 0)
        fail(w, "%s", why);
    else
        fail(w, "%s; what stood there is now %s", why, old);
    return NULL;
}

/*
 * Of what is to be replaced, nothing may be there that the new output has not, too: whoever names a
 * wrong directory keeps it.
 */
static void
look_for_strangers(struct writing *w)
{
    int fresh = open(w->fresh, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *old = opendir(w->directory);
    struct dirent *entry;
    struct stat status;

    if (fresh < 0 || !old)
        fail(w, "%s", strerror(errno));
    while (!w->failed && (entry = readdir(old)))
        if (fstatat(fresh, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
            fail(w, "it holds %s, which is not replaced by this: expected an earlier output",
                 entry->d_name);
    if (old)
        closedir(old);
    if (fresh >= 0)
        close(fresh);
}

/*
 * Puts the fresh directory in the place of a full one, in one step where the file system can, and
 * removes the old one.
 */
static void
swap_in(struct writing *w)
{
    const char *old = w->fresh;

    look_for_strangers(w);
    if (w->failed)
        return;
    if (renameat2(AT_FDCWD, w->fresh, AT_FDCWD, w->directory, RENAME_EXCHANGE) != 0) {
        if (errno == EINVAL || errno == ENOSYS) {
            old = exchange_slowly(w);
        } else {
            fail(w, "%s", strerror(errno));
            old = NULL;
        }
    }
    if (!old)
        return;
    w->fresh = NULL;
    if (!remove_tree(old))
        fail(w, "the new files are in place, but the old ones are left in %s", old);
}

static void
put_in_place(struct writing *w, enum standing standing)
{
    if (standing == STANDING_FULL)
        swap_in(w);
    else if (rename(w->fresh, w->directory) == 0)
        w->fresh = NULL;
    else
        fail(w, "%s", strerror(errno));
}

/* Trailing slashes go; "." and ".." cannot be renamed to. */
static const char *
tidy_directory(struct writing *w, const char *directory)
{
    size_t len = strlen(directory);
    const char *last;

    while (len > 1 && directory[len - 1] == '/')
        len--;
    w->directory = directory = arena_copy(w->diag->arena, directory, len);
    last = strrchr(directory, '/');
    last = last ? last + 1 : directory;
    if (*last == '\0' || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
        fail(w, "a directory with a name of its own is needed");
    return directory;
}

bool
output_write(const struct output *const *outputs, const char *const *names, size_t count,
             const char *directory, bool replace, struct diag *diag)
{
    struct writing w = {.diag = diag};
    enum standing standing = STANDING_NOTHING;
    struct surroundings before;

    tidy_directory(&w, directory);
    if (!w.failed)
        standing = look_at(&w, replace);
    if (w.failed)
        return false;
    hold_surroundings(&before);
    w.fresh = arena_printf(diag->arena, "%s.tmp-XXXXXX", w.directory);
    if (!mkdtemp(w.fresh)) {
        w.fresh = NULL;
        fail(&w, "%s", strerror(errno));
    } else {
        write_all(&w, outputs, names, count);
    }
    if (!w.failed)
        put_in_place(&w, standing);
    if (w.fresh)
        remove_tree(w.fresh);
    release_surroundings(&before);
    return !w.failed;
}
