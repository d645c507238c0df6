/* bundle.c - one archive for each router, with all that installing it needs. */
#include "bundle.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "embedded.h"
#include "manifest.h"

enum {
    BLOCK = 512,
    END_BLOCKS = 20, /* archives are padded to 20 blocks, as tar does */
    ARCHIVE_TIME =
        315532800, /* 1980-01-01: the same in each bundle, and not so old that tar would warn */
};

static const struct place nowhere;

/* ---- tar: POSIX.1-2017, pax, "ustar Interchange Format" ---- */

struct ustar {
    char name[100];
    char mode[8], uid[8], gid[8];
    char size[12], mtime[12];
    char checksum[8];
    char type;
    char linkname[100];
    char magic[6], version[2];
    char uname[32], gname[32];
    char devmajor[8], devminor[8];
    char prefix[155];
    char rest[12];
};

_Static_assert(sizeof(struct ustar) == BLOCK, "a tar header is one block");

struct entry {
    const char *path; /* a directory's ends with a slash */
    char type;        /* '0' file, '2' symbolic link, '5' directory */
    unsigned mode;
    const char *bytes;
    size_t len;
};

struct entries {
    struct entry *items;
    size_t count, capacity;
};

/* Octal digits that fill the field but for a NUL at its end. */
static void
put_octal(char *field, size_t size, unsigned long long value)
{
    field[size - 1] = '\0';
    for (size--; size > 0; size--) {
        field[size - 1] = (char)('0' + (value & 7));
        value >>= 3;
    }
    assert(value == 0);
}

/* A long path is split at a slash into prefix and name; false when it does not fit. */
static bool
put_path(struct ustar *header, const char *path)
{
    size_t len = strlen(path), split;

    if (len <= sizeof(header->name)) {
        memcpy(header->name, path, len);
        return true;
    }
    for (split = len - sizeof(header->name) - 1; split < len - 1; split++)
        if (path[split] == '/')
            break;
    if (split >= len - 1 || split > sizeof(header->prefix))
        return false;
    memcpy(header->prefix, path, split);
    memcpy(header->name, path + split + 1, len - split - 1);
    return true;
}

static bool
fill_header(struct ustar *header, const struct entry *entry)
{
    const unsigned char *bytes = (const unsigned char *)header;
    unsigned sum = 0;
    size_t i;

    *header = (struct ustar){.type = entry->type};
    if (!put_path(header, entry->path) ||
        (entry->type == '2' && entry->len > sizeof(header->linkname)))
        return false;
    if (entry->type == '2')
        memcpy(header->linkname, entry->bytes, entry->len);
    put_octal(header->mode, sizeof(header->mode), entry->mode);
    put_octal(header->uid, sizeof(header->uid), 0);
    put_octal(header->gid, sizeof(header->gid), 0);
    put_octal(header->size, sizeof(header->size), entry->type == '0' ? entry->len : 0);
    put_octal(header->mtime, sizeof(header->mtime), ARCHIVE_TIME);
    memcpy(header->magic, "ustar", 6);
    memcpy(header->version, "00", 2);
    memcpy(header->uname, "root", 4);
    memcpy(header->gname, "root", 4);
    memset(header->checksum, ' ', sizeof(header->checksum));
    for (i = 0; i < sizeof(*header); i++)
        sum += bytes[i];
    put_octal(header->checksum, sizeof(header->checksum) - 1, sum);
    return true;
}

static void
add_entry(struct arena *arena, struct entries *entries, struct entry entry)
{
    entries->items = arena_grow(arena, entries->items, entries->count, &entries->capacity,
                                sizeof(*entries->items));
    entries->items[entries->count++] = entry;
}

static int
compare_entries(const void *a, const void *b)
{
    return strcmp(((const struct entry *)a)->path, ((const struct entry *)b)->path);
}

/* The directories above each entry, once each, in place of none; then all in order of their paths.
 */
static void
add_directories(struct arena *arena, struct entries *entries)
{
    size_t files = entries->count, i, kept = 0;

    for (i = 0; i < files; i++) {
        const char *path = entries->items[i].path, *slash;

        for (slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/'))
            add_entry(arena, entries,
                      (struct entry){arena_copy(arena, path, (size_t)(slash - path) + 1), '5', 0755,
                                     "", 0});
    }
    if (entries->count)
        qsort(entries->items, entries->count, sizeof(*entries->items), compare_entries);
    for (i = 0; i < entries->count; i++)
        if (i == 0 || strcmp(entries->items[i].path, entries->items[kept - 1].path) != 0)
            entries->items[kept++] = entries->items[i];
    entries->count = kept;
}

static size_t
padded(size_t len)
{
    return (len + BLOCK - 1) / BLOCK * BLOCK;
}

/* The archive of sorted entries; NULL with a finding. */
static char *
write_tar(struct arena *arena, const struct entries *entries, struct diag *diag, size_t *len)
{
    size_t size = 2 * BLOCK, at = 0, i;
    char *tar;

    for (i = 0; i < entries->count; i++)
        size += BLOCK + (entries->items[i].type == '0' ? padded(entries->items[i].len) : 0);
    *len = (size + END_BLOCKS * BLOCK - 1) / (END_BLOCKS * BLOCK) * (END_BLOCKS * BLOCK);
    tar = arena_alloc(arena, *len);
    for (i = 0; i < entries->count; i++) {
        const struct entry *entry = &entries->items[i];
        struct ustar header;

        if (!fill_header(&header, entry)) {
            diag_add(diag, FINDING_CANNOT_WRITE, nowhere, "cannot pack %s: its path is too long",
                     entry->path);
            return NULL;
        }
        memcpy(tar + at, &header, BLOCK);
        at += BLOCK;
        if (entry->type == '0' && entry->len) {
            memcpy(tar + at, entry->bytes, entry->len);
            at += padded(entry->len);
        }
    }
    return tar;
}

/* ---- gzip: RFC 1952, without name and time ---- */

static _Noreturn void
out_of_memory(void)
{
    fputs("seilc: out of memory\n", stderr);
    exit(2);
}

static char *
compress_gzip(struct arena *arena, char *bytes, size_t len, size_t *out_len)
{
    gz_header header = {.os = 3};
    z_stream stream = {0};
    char *out;

    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        out_of_memory();
    deflateSetHeader(&stream, &header);
    *out_len = deflateBound(&stream, len);
    out = arena_alloc(arena, *out_len);
    assert(len <= UINT32_MAX && *out_len <= UINT32_MAX);
    stream.next_in = (unsigned char *)bytes;
    stream.avail_in = (unsigned)len;
    stream.next_out = (unsigned char *)out;
    stream.avail_out = (unsigned)*out_len;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        out_of_memory();
    *out_len = stream.total_out;
    deflateEnd(&stream);
    return out;
}

char *
bundle_pack(struct arena *arena, const struct output *pack, struct diag *diag, size_t *len)
{
    struct entries entries = {0};
    size_t i, tar_len;
    char *tar;

    for (i = 0; i < pack->count; i++) {
        const struct output_file *file = pack->files[i];
        char type = file->kind == FILE_SYMLINK ? '2' : '0';

        add_entry(arena, &entries,
                  (struct entry){file->path, type, file->mode, file->bytes, file->len});
    }
    add_directories(arena, &entries);
    tar = write_tar(arena, &entries, diag, &tar_len);
    return tar ? compress_gzip(arena, tar, tar_len, len) : NULL;
}

/* ---- bundles ---- */

/* The file again, below another directory. */
static void
add_copy(struct output *pack, const struct output_file *file, const char *directory)
{
    const char *path = arena_printf(pack->arena, "%s/%s", directory, file->path);
    struct output_file *copy;

    if (file->kind == FILE_SYMLINK) {
        output_symlink(pack, NULL, path, file->bytes);
        return;
    }
    copy = output_file(pack, "%s", path);
    copy->mode = file->mode;
    copy->bytes = file->bytes;
    copy->len = file->len;
    copy->capacity = 0; /* the bytes stay those of the original */
}

static void
add_installer(struct output *pack, const char *router)
{
    const struct embedded_file *file;

    for (file = embedded_files; file->path; file++)
        if (strcmp(file->path, "install/install") == 0)
            output_text(output_script(pack, "%s/install", router), file->bytes);
}

/*
 * The files that are installed: all but the links by which units are enabled.  Those are
 * systemctl's work, so that the installer can tell what was enabled before, and however somebody
 * enabled it.
 */
static struct output
installed_files(const struct output *output)
{
    struct output chosen = *output;
    size_t i;

    chosen.files = arena_array(output->arena, output->count, sizeof(struct output_file *));
    chosen.count = 0;
    for (i = 0; i < output->count; i++)
        if (!strstr(output->files[i]->path, ".wants/"))
            chosen.files[chosen.count++] = output->files[i];
    return chosen;
}

static bool
add_bundle(struct arena *arena, const struct router *router, struct output *bundles,
           struct diag *diag)
{
    const char *name = router->options->name;
    const char *rootfs = arena_printf(arena, "%s/rootfs", name);
    struct router chosen = *router;
    struct output_file *file;
    struct output pack;
    size_t i, len;
    char *bytes;

    chosen.output = installed_files(&router->output);
    output_init(&pack, arena, NULL, diag);
    for (i = 0; i < chosen.output.count; i++)
        add_copy(&pack, chosen.output.files[i], rootfs);
    add_installer(&pack, name);
    manifest_emit(&chosen, diag, &pack);
    bytes = bundle_pack(arena, &pack, diag, &len);
    if (!bytes)
        return false;
    file = output_file(bundles, "%s.tar.gz", name);
    file->bytes = bytes;
    file->len = len;
    file->capacity = 0;
    return true;
}

bool
bundle_write(struct arena *arena, const struct router *routers, size_t count, const char *directory,
             bool replace, struct diag *diag)
{
    const char *name = NULL;
    const struct output *outputs;
    struct output bundles;
    size_t i, j;

    output_init(&bundles, arena, NULL, diag);
    for (i = 0; i < count; i++) {
        for (j = 0; j < i; j++) {
            if (strcmp(routers[i].options->name, routers[j].options->name) == 0) {
                diag_add(diag, FINDING_CANNOT_WRITE, nowhere, "two routers are called %s",
                         routers[i].options->name);
                return false;
            }
        }
        if (!add_bundle(arena, &routers[i], &bundles, diag))
            return false;
    }
    outputs = &bundles;
    return output_write(&outputs, &name, 1, directory, replace, diag);
}
