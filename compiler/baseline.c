/* baseline.c - the findings of an old network that are known and put up with. */
#define _GNU_SOURCE     /* memmem() */
#include "baseline.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json_text.h"

static const struct place nowhere;

/* --- reading --- */

static int
by_hex(const void *left, const void *right)
{
    const struct baseline_entry *a = left, *b = right;
    int order = strcmp(a->print.hex, b->print.hex);

    return order ? order : (a->place.start > b->place.start) - (a->place.start < b->place.start);
}

static int
by_file(const void *left, const void *right)
{
    const struct baseline_entry *a = *(const struct baseline_entry *const *)left;
    const struct baseline_entry *b = *(const struct baseline_entry *const *)right;
    int order = strcmp(a->print.file, b->print.file);

    return order ? order : (a > b) - (a < b);
}

static const char *
copy_member(struct arena *arena, json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? arena_copy(arena, text, strlen(text)) : NULL;
}

/* Entries stand in the file in their order, so each is looked for behind the last. */
static struct place
find_place(const struct source *source, const char *hex, size_t *from)
{
    const char *found = memmem(source->bytes + *from, source->len - *from, hex, strlen(hex));

    if (!found)
        return (struct place){source, 0, 0};
    *from = (size_t)(found - source->bytes);
    return (struct place){source, (uint32_t)*from, (uint32_t)strlen(hex)};
}

static bool
read_entry(struct arena *arena, json_t *object, struct baseline_entry *entry)
{
    const char *hex = json_string_value(json_object_get(object, "fingerprint"));

    entry->print.file = copy_member(arena, object, "file");
    entry->print.finding = copy_member(arena, object, "finding");
    entry->print.key = copy_member(arena, object, "key");
    entry->print.number = (unsigned)json_integer_value(json_object_get(object, "number"));
    if (!entry->print.file || !entry->print.finding || !entry->print.key || !hex || strlen(hex) != 32 ||
        strspn(hex, "0123456789abcdef") != 32)
        return false;
    memcpy(entry->print.hex, hex, 33);
    return true;
}

/* What is wrong with it, or NULL. */
static const char *
read_entries(struct arena *arena, json_t *root, struct baseline *out)
{
    json_t *findings = json_object_get(root, "findings"), *object;
    size_t index, from = 0;

    if (!json_is_integer(json_object_get(root, "version")) || !json_is_array(findings))
        return "it is no baseline";
    if (json_integer_value(json_object_get(root, "version")) != 1)
        return "it is of another version of seilc";
    out->count = json_array_size(findings);
    out->entries = arena_array(arena, out->count, sizeof(*out->entries));
    out->marks = arena_array(arena, out->count, 1);
    out->by_file = arena_array(arena, out->count, sizeof(*out->by_file));
    json_array_foreach (findings, index, object) {
        struct baseline_entry *entry = &out->entries[index];

        if (!read_entry(arena, object, entry))
            return arena_printf(arena, "its entry %zu is none", index + 1);
        entry->number = index;
        entry->place = find_place(out->source, entry->print.hex, &from);
    }
    return NULL;
}

static void
sort_entries(struct baseline *baseline)
{
    if (!baseline->count)
        return;
    qsort(baseline->entries, baseline->count, sizeof(*baseline->entries), by_hex);
    for (size_t i = 0; i < baseline->count; i++)
        baseline->by_file[i] = &baseline->entries[i];
    qsort(baseline->by_file, baseline->count, sizeof(*baseline->by_file), by_file);
}

bool
baseline_read(struct arena *arena, const char *name, struct diag *diag, struct baseline *out)
{
    const char *why;
    json_error_t error;
    json_t *root;

    *out = (struct baseline){0};
    out->source = source_read(arena, name, &why);
    if (!out->source) {
        diag_add(diag, FINDING_CANNOT_READ, nowhere, "cannot read the baseline %s: %s", name, why);
        return false;
    }
    root = json_loadb(out->source->bytes, out->source->len, JSON_REJECT_DUPLICATES, &error);
    why = root ? read_entries(arena, root, out) : arena_printf(arena, "line %d: %s", error.line, error.text);
    json_decref(root);
    if (why) {
        diag_add(diag, FINDING_CANNOT_READ, nowhere, "cannot read the baseline %s: %s", name, why);
        *out = (struct baseline){0};
        return false;
    }
    sort_entries(out);
    return true;
}

/* --- matching --- */

/* The first entry whose fingerprint is not below; there may be several with the same. */
static size_t
find_hex(const struct baseline *baseline, const char *hex)
{
    size_t low = 0, high = baseline->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(baseline->entries[middle].print.hex, hex) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool
baseline_knows(const struct baseline *baseline, const struct finding *finding)
{
    const char *hex = finding->fingerprint->hex;
    bool known = false;

    if (finding_is_hard(finding->id))
        return false;
    for (size_t i = find_hex(baseline, hex); i < baseline->count && !strcmp(baseline->entries[i].print.hex, hex); i++) {
        baseline->marks[baseline->entries[i].number] |= BASELINE_USED;
        known = true;
    }
    return known;
}

void
baseline_see(const struct baseline *baseline, const char *file)
{
    size_t low = 0, high = baseline->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(baseline->by_file[middle]->print.file, file) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < baseline->count && !strcmp(baseline->by_file[low]->print.file, file); low++)
        baseline->marks[baseline->by_file[low]->number] |= BASELINE_SEEN;
}

void
baseline_report_unused(const struct baseline *baseline, struct diag *diag)
{
    for (size_t i = 0; i < baseline->count; i++) {
        const struct baseline_entry *entry = baseline->by_file[i];
        unsigned char mark = baseline->marks[entry->number];

        if (mark & BASELINE_USED || !(mark & BASELINE_SEEN || access(entry->print.file, F_OK) != 0))
            continue;
        diag_note(diag,
                  diag_add(diag, FINDING_UNUSED_BASELINE, entry->place, "%s is not there any more in %s%s%s",
                           entry->print.finding, entry->print.file, *entry->print.key ? ", " : "", entry->print.key),
                  nowhere, "delete the line, or write the baseline anew with --write-baseline");
    }
}

/* --- writing --- */

char *
baseline_line(const struct fingerprint *print)
{
    json_t *object = json_object();
    char *line;

    json_object_set_new(object, "file", json_text(print->file));
    json_object_set_new(object, "finding", json_text(print->finding));
    json_object_set_new(object, "key", json_text(print->key));
    json_object_set_new(object, "number", json_integer(print->number));
    json_object_set_new(object, "fingerprint", json_string(print->hex));
    line = json_dumps(object, 0);
    json_decref(object);
    return line;
}

static int
by_line(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void
print_lines(char **lines, size_t count, FILE *out)
{
    bool any = false;

    if (count)
        qsort(lines, count, sizeof(*lines), by_line);
    fputs("{\"version\": 1, \"findings\": [\n", out);
    for (size_t i = 0; i < count; i++) {
        if (i && strcmp(lines[i - 1], lines[i]) == 0)
            continue;
        fprintf(out, "%s%s", any ? ",\n" : "", lines[i]);
        any = true;
    }
    fputs(any ? "\n]}\n" : "]}\n", out);
}

/* All or nothing: the file stays as it was until the new one is whole. */
bool
baseline_write(const char *name, char **lines, size_t count)
{
    char *temporary = NULL;
    bool good = false;
    FILE *out;

    if (asprintf(&temporary, "%s.new", name) < 0)
        return false;
    out = fopen(temporary, "w");
    if (out) {
        print_lines(lines, count, out);
        good = !ferror(out);
        good = fclose(out) == 0 && good && rename(temporary, name) == 0;
        if (!good) {
            int error = errno;

            unlink(temporary);
            errno = error;
        }
    }
    free(temporary);
    return good;
}
