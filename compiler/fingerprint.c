/* fingerprint.c - by what a finding is known again after the lines around it have changed. */
#include "fingerprint.h"

#include <limits.h>
#include <sha256.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What stands behind the working directory in an absolute name; the name itself if it leads elsewhere. */
static const char *
below_directory(const char *name)
{
    char directory[PATH_MAX];
    size_t len;

    if (name[0] != '/' || !getcwd(directory, sizeof(directory)))
        return name;
    len = strlen(directory);
    return len > 1 && strncmp(name, directory, len) == 0 && name[len] == '/' && name[len + 1] ? name + len + 1 : name;
}

const char *
fingerprint_file(struct arena *arena, const char *name)
{
    bool absolute;
    char *file, *to;

    name = below_directory(name);
    absolute = name[0] == '/';
    file = to = arena_copy(arena, name, strlen(name));
    while (*name) {
        size_t len = strcspn(name, "/");

        if (len && !(len == 1 && name[0] == '.')) {
            if (to > file || absolute)
                *to++ = '/';
            memmove(to, name, len);
            to += len;
        }
        name += len + (name[len] == '/');
    }
    *to = '\0';
    return file;
}

static void
hash(struct fingerprint *print)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t digest[SHA256_DIGEST_LENGTH];
    char number[16];
    SHA2_CTX context;

    snprintf(number, sizeof(number), "%u", print->number);
    SHA256Init(&context);
    SHA256Update(&context, (const uint8_t *)print->finding, strlen(print->finding) + 1);
    SHA256Update(&context, (const uint8_t *)print->file, strlen(print->file) + 1);
    SHA256Update(&context, (const uint8_t *)print->key, strlen(print->key) + 1);
    SHA256Update(&context, (const uint8_t *)number, strlen(number));
    SHA256Final(digest, &context);
    for (size_t i = 0; i < 16; i++) {
        print->hex[2 * i] = digits[digest[i] >> 4];
        print->hex[2 * i + 1] = digits[digest[i] & 15];
    }
}

/* Equal but for their number? */
static int
compare(const struct fingerprint *a, const struct fingerprint *b)
{
    int order = strcmp(a->file, b->file);

    order = order ? order : strcmp(a->finding, b->finding);
    return order ? order : strcmp(a->key, b->key);
}

static int
by_likeness(const void *left, const void *right)
{
    const struct fingerprint *a = *(struct fingerprint *const *)left, *b = *(struct fingerprint *const *)right;
    int order = compare(a, b);

    return order ? order : (a > b) - (a < b);
}

/* Names are shared by many findings: the last one serves again. */
struct names {
    const struct source *source;
    const char *file;
};

static const char *
file_of(struct arena *arena, const struct source *source, const char *input, struct names *last)
{
    if (!last->file || last->source != source) {
        last->source = source;
        last->file = fingerprint_file(arena, source ? source->name : input);
    }
    return last->file;
}

void
fingerprint_add(struct diag *diag, const char *input)
{
    struct fingerprint *prints = arena_array(diag->arena, diag->count, sizeof(*prints));
    struct fingerprint **sorted = arena_array(diag->arena, diag->count, sizeof(struct fingerprint *));
    struct names last = {0};

    for (size_t i = 0; i < diag->count; i++) {
        struct finding *finding = diag->findings[i];
        struct text key = {"", 0};

        if (finding->place.source)
            key = source_key(&finding->place);
        prints[i].file = file_of(diag->arena, finding->place.source, input, &last);
        prints[i].finding = finding_defs[finding->id].name;
        prints[i].key = arena_copy(diag->arena, key.bytes, key.len);
        finding->fingerprint = sorted[i] = &prints[i];
    }
    if (diag->count)
        qsort(sorted, diag->count, sizeof(*sorted), by_likeness);
    for (size_t i = 0; i < diag->count; i++) {
        sorted[i]->number = i > 0 && compare(sorted[i - 1], sorted[i]) == 0 ? sorted[i - 1]->number + 1 : 1;
        hash(sorted[i]);
    }
}
