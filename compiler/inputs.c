/* inputs.c - what is to be linted: files, site files, directories, lists of them, standard input. */
#define _GNU_SOURCE     /* memmem() */
#include "inputs.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "site.h"

static const struct place nowhere;

/* A file, by which its names are known to be one. */
struct identity {
    dev_t device;
    ino_t number;
};

struct expansion {
    struct arena *arena;
    struct diag *diag;
    struct inputs *out;
    size_t capacity, directory_capacity;
    struct identity *covered;       /* configs of the site files below one directory */
    size_t covered_count, covered_capacity;
};

static void
add_name(struct expansion *e, const char *name)
{
    e->out->names = arena_grow(e->arena, e->out->names, e->out->count, &e->capacity, sizeof(*e->out->names));
    e->out->names[e->out->count++] = name;
}

static void
cannot_read(struct expansion *e, const char *name, const char *why)
{
    diag_add(e->diag, FINDING_CANNOT_READ, nowhere, "cannot read %s: %s", name, why);
}

/* --- a directory --- */

static bool
has_routers(const struct source *source)
{
    static const char line[] = "\nrouters:";

    return (source->len >= 8 && memcmp(source->bytes, line + 1, 8) == 0) ||
           memmem(source->bytes, source->len, line, sizeof(line) - 1);
}

/* The configs of a site are not linted alone as well. */
static void
cover_configs(struct expansion *e, const struct source *source, struct arena *arena)
{
    struct diag unheard;
    struct site site;
    struct stat status;

    diag_init(&unheard, arena);
    site_parse(arena, source, &unheard, &site);
    for (size_t i = 0; i < site.router_count; i++) {
        if (stat(site.routers[i].config, &status) != 0)
            continue;
        e->covered = arena_grow(e->arena, e->covered, e->covered_count, &e->covered_capacity, sizeof(*e->covered));
        e->covered[e->covered_count++] = (struct identity){status.st_dev, status.st_ino};
    }
}

static bool
is_site(struct expansion *e, const char *path)
{
    struct arena arena;
    const struct source *source;
    const char *why;
    bool site;

    arena_init(&arena);
    source = source_read(&arena, path, &why);
    site = source && has_routers(source);
    if (site)
        cover_configs(e, source, &arena);
    arena_free(&arena);
    return site;
}

static void walk(struct expansion *e, const char *directory);

/* Links to files are followed, those to directories are not, so that no walk goes round in circles. */
static void
visit(struct expansion *e, const char *path)
{
    struct stat status;

    if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        walk(e, path);
        return;
    }
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return;
    if (name_ends_with(path, ".seil") || ((name_ends_with(path, ".yaml") || name_ends_with(path, ".yml")) && is_site(e, path)))
        add_name(e, path);
}

static int
is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void
walk(struct expansion *e, const char *directory)
{
    struct dirent **entries;
    int count = scandir(directory, &entries, is_visible, by_name);

    if (count < 0) {
        cannot_read(e, directory, strerror(errno));
        return;
    }
    for (int i = 0; i < count; i++) {
        visit(e, arena_printf(e->arena, "%s%s%s", directory, name_ends_with(directory, "/") || !strcmp(directory, "/") ? "" : "/",
                              entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
}

static int
compare_identities(const void *left, const void *right)
{
    const struct identity *a = left, *b = right;

    if (a->device != b->device)
        return a->device < b->device ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static bool
is_covered(const struct expansion *e, const char *name)
{
    struct identity identity;
    struct stat status;

    if (!e->covered_count || !name_ends_with(name, ".seil") || stat(name, &status) != 0)
        return false;
    identity = (struct identity){status.st_dev, status.st_ino};
    return bsearch(&identity, e->covered, e->covered_count, sizeof(identity), compare_identities) != NULL;
}

static void
drop_covered(struct expansion *e, size_t first)
{
    size_t count = first;

    if (e->covered_count)
        qsort(e->covered, e->covered_count, sizeof(*e->covered), compare_identities);
    for (size_t i = first; i < e->out->count; i++)
        if (!is_covered(e, e->out->names[i]))
            e->out->names[count++] = e->out->names[i];
    e->out->count = count;
}

static void
add_directory(struct expansion *e, const char *name)
{
    struct inputs *out = e->out;
    size_t first = out->count;

    out->directories = arena_grow(e->arena, out->directories, out->directory_count, &e->directory_capacity,
                                  sizeof(*out->directories));
    out->directories[out->directory_count++] = name;
    e->covered_count = 0;
    walk(e, name);
    if (out->count == first)
        cannot_read(e, name, "no config (*.seil) and no site file below it");
    drop_covered(e, first);
}

/* --- arguments and lists --- */

static void
add_path(struct expansion *e, const char *name)
{
    struct stat status;

    if (strcmp(name, "-") != 0 && stat(name, &status) == 0 && S_ISDIR(status.st_mode))
        add_directory(e, name);
    else
        add_name(e, name);
}

static void
add_list(struct expansion *e, const char *list)
{
    const char *why, *line, *end;
    const struct source *source = source_read(e->arena, list, &why);

    if (!source) {
        cannot_read(e, list, why);
        return;
    }
    for (line = source->bytes; line < source->bytes + source->len; line = end + 1) {
        end = memchr(line, '\n', (size_t)(source->bytes + source->len - line));
        if (!end)
            end = source->bytes + source->len;
        if (end > line)
            add_path(e, arena_copy(e->arena, line, (size_t)(end - line)));
    }
}

void
inputs_expand(struct arena *arena, const char *const *arguments, size_t count, struct diag *diag, struct inputs *out)
{
    struct expansion expansion = {.arena = arena, .diag = diag, .out = out};

    *out = (struct inputs){0};
    for (size_t i = 0; i < count; i++) {
        if (arguments[i][0] == '@')
            add_list(&expansion, arguments[i] + 1);
        else
            add_path(&expansion, arguments[i]);
    }
}
