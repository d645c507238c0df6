/* diag.c - collect findings and print them. */
#define _GNU_SOURCE     /* memmem() */
#include "diag.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "json_text.h"

/* --- collecting --- */

void
diag_init(struct diag *diag, struct arena *arena)
{
    *diag = (struct diag){.arena = arena};
    for (size_t i = 0; i < FINDING_COUNT; i++)
        diag->severity[i] = finding_defs[i].severity;
}

bool
diag_keeps(const struct diag *diag)
{
    return diag->count < DIAG_MAX;
}

static struct finding *
make_finding(struct diag *diag, enum finding_id id, struct place place)
{
    struct finding *finding = arena_alloc(diag->arena, sizeof(*finding));

    diag->findings = arena_grow(diag->arena, diag->findings, diag->count, &diag->capacity, sizeof(*diag->findings));
    diag->findings[diag->count] = finding;
    finding->id = id;
    finding->severity = diag->severity[id];
    finding->place = place;
    finding->notes_end = &finding->notes;
    finding->fixes_end = &finding->fixes;
    finding->order = (uint32_t)diag->count++;
    return finding;
}

struct finding *
diag_add(struct diag *diag, enum finding_id id, struct place place, const char *format, ...)
{
    struct finding *finding;
    va_list args;

    diag->counts[diag->severity[id]] += !diag->off[id];
    if (!diag_keeps(diag)) {
        diag->dropped += !diag->off[id];
        return &diag->scratch;
    }
    finding = make_finding(diag, id, place);
    va_start(args, format);
    finding->message = arena_vprintf(diag->arena, format, args);
    va_end(args);
    return finding;
}

void
diag_note(struct diag *diag, struct finding *finding, struct place place, const char *format, ...)
{
    struct finding_note *note;
    va_list args;

    if (finding == &diag->scratch)
        return;
    note = arena_alloc(diag->arena, sizeof(*note));
    note->place = place;
    va_start(args, format);
    note->message = arena_vprintf(diag->arena, format, args);
    va_end(args);
    *finding->notes_end = note;
    finding->notes_end = &note->next;
}

void
diag_fix(struct diag *diag, struct finding *finding, struct place place, const char *replacement,
         const char *description)
{
    struct fix *fix;

    if (finding == &diag->scratch)
        return;
    fix = arena_alloc(diag->arena, sizeof(*fix));
    fix->place = place;
    fix->replacement = arena_copy(diag->arena, replacement, strlen(replacement));
    fix->description = arena_copy(diag->arena, description, strlen(description));
    *finding->fixes_end = fix;
    finding->fixes_end = &fix->next;
}

bool
diag_failed(const struct diag *diag)
{
    return diag->counts[SEV_ERROR] > 0;
}

void
diag_set_severity(struct diag *diag, struct finding *finding, enum severity severity)
{
    if (!diag->off[finding->id]) {
        diag->counts[finding->severity]--;
        diag->counts[severity]++;
    }
    finding->severity = severity;
}

void
diag_filter(struct diag *diag, bool (*keep)(const struct finding *finding, void *context), void *context)
{
    size_t count = 0;

    for (size_t i = 0; i < diag->count; i++) {
        struct finding *finding = diag->findings[i];

        if (diag->off[finding->id])
            continue;
        if (!keep || keep(finding, context))
            diag->findings[count++] = finding;
        else
            diag->counts[finding->severity]--;
    }
    diag->count = count;
}

static int
compare_sources(const struct source *a, const struct source *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    return a == b ? 0 : strcmp(a->name, b->name);
}

static int
by_place(const void *left, const void *right)
{
    const struct finding *a = *(struct finding *const *)left, *b = *(struct finding *const *)right;
    int order = compare_sources(a->place.source, b->place.source);

    if (order)
        return order;
    if (a->place.source && a->place.start != b->place.start)
        return a->place.start < b->place.start ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

void
diag_sort(struct diag *diag)
{
    if (diag->count)
        qsort(diag->findings, diag->count, sizeof(*diag->findings), by_place);
}

/* --- what of a line may be shown --- */

enum { SPANS_MAX = 4 };

/* Bytes of a line that are not shown, and what stands in their place. */
struct hidden {
    size_t start, end;
    const char *instead;
};

struct hiding {
    struct hidden spans[SPANS_MAX];
    size_t count;
};

static void
hide(struct hiding *hiding, size_t start, size_t end, const char *instead)
{
    if (start < end && hiding->count < SPANS_MAX)
        hiding->spans[hiding->count++] = (struct hidden){start, end, instead};
}

/* May an unknown key be meant for a secret one?  It says so, or it is near one. */
static bool
looks_secret(struct text key)
{
    static const char *const hints[] = {"pass", "secret", "key", "psk", "community", "token"};
    struct arena arena;
    struct key_ref ref;
    struct text wrong;
    const char *near;
    bool secret;

    for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++) {
        if (memmem(key.bytes, key.len, hints[i], strlen(hints[i])))
            return true;
    }
    arena_init(&arena);
    near = catalogue_suggest(&arena, key);
    secret = near && catalogue_find((struct text){near, strlen(near)}, &ref, &wrong) == KEY_OK && ref.def->secret;
    arena_free(&arena);
    return secret;
}

static bool
is_secret(struct text key)
{
    struct key_ref ref;
    struct text wrong;

    if (catalogue_find(key, &ref, &wrong) == KEY_OK)
        return ref.def->secret;
    return looks_secret(key);
}

/* The user and password of URLs. */
static void
hide_logins(struct hiding *hiding, struct text line, size_t from)
{
    while (from < line.len) {
        const char *found = memmem(line.bytes + from, line.len - from, "://", 3);
        size_t start = found ? (size_t)(found - line.bytes) + 3 : line.len;

        for (from = start; from < line.len && !strchr("/@ \t\"", line.bytes[from]); from++)
            ;
        if (from < line.len && line.bytes[from] == '@')
            hide(hiding, start, from, "***");
    }
}

/* A long word where a key should be may be a line of a private key; its beginning is enough to find it. */
static void
hide_long_word(struct hiding *hiding, struct text line, struct text word)
{
    enum { LONG = 24, SHOWN = 12 };
    size_t start = (size_t)(word.bytes - line.bytes);

    if (word.len > LONG && !memchr(word.bytes, '.', word.len))
        hide(hiding, start + SHOWN, line.len, "...");
}

static size_t
skip_blanks(struct text line, size_t at)
{
    while (at < line.len && (line.bytes[at] == ' ' || line.bytes[at] == '\t'))
        at++;
    return at;
}

/* The key is the first word, whether a colon follows or the line lacks one. */
static void
hide_secrets(struct hiding *hiding, struct text line)
{
    size_t start = skip_blanks(line, 0);
    size_t end = start, value;
    struct text key;

    while (end < line.len && !memchr(":= \t", line.bytes[end], 4))
        end++;
    key = (struct text){line.bytes + start, end - start};
    value = skip_blanks(line, end);
    if (value < line.len && (line.bytes[value] == ':' || line.bytes[value] == '='))
        value = skip_blanks(line, value + 1);
    if (is_secret(key))
        hide(hiding, value, line.len, "***");
    else
        hide_logins(hiding, line, value);
    if (!hiding->count)
        hide_long_word(hiding, line, key);
}

/* --- the excerpt: a line, cut to its interesting part, with its caret --- */

enum {
    EXCERPT_BYTES = 120,    /* of a line; more is cut */
    EXCERPT_BEFORE = 60,    /* of them before the caret */
};

struct excerpt {
    char text[EXCERPT_BYTES * 4 + 64];
    size_t len;
    size_t caret, caret_end;    /* columns from 0 */
};

static void
put_text(struct excerpt *excerpt, const char *text)
{
    while (*text && excerpt->len < sizeof(excerpt->text) - 1)
        excerpt->text[excerpt->len++] = *text++;
}

static void
put_byte(struct excerpt *excerpt, unsigned char byte)
{
    char escaped[8] = {(char)byte};

    if (byte == '\t')
        escaped[0] = ' ';
    else if (byte < 0x20 || byte >= 0x7f)
        snprintf(escaped, sizeof(escaped), "\\x%02x", byte);
    put_text(excerpt, escaped);
}

static const struct hidden *
find_hidden(const struct hiding *hiding, size_t at)
{
    for (size_t i = 0; i < hiding->count; i++) {
        if (at >= hiding->spans[i].start && at < hiding->spans[i].end)
            return &hiding->spans[i];
    }
    return NULL;
}

/* Puts the bytes from `from` to `to` of a line, of which those from `mark` to `mark_end` are what is wrong. */
static void
put_line(struct excerpt *excerpt, const struct hiding *hiding, struct text line, size_t from, size_t to, size_t mark,
         size_t mark_end)
{
    bool marked = false;

    put_text(excerpt, from > 0 ? "..." : "");
    for (size_t i = from; i < to;) {
        const struct hidden *hidden = find_hidden(hiding, i);
        size_t next = hidden ? hidden->end : i + 1;

        if (!marked && mark < next) {
            excerpt->caret = excerpt->len;
            marked = true;
        }
        if (hidden)
            put_text(excerpt, hidden->instead);
        else
            put_byte(excerpt, (unsigned char)line.bytes[i]);
        if (mark_end > i)
            excerpt->caret_end = excerpt->len;
        i = next;
    }
    if (!marked)
        excerpt->caret = excerpt->len;
    put_text(excerpt, to < line.len && !find_hidden(hiding, to) ? "..." : "");
}

static void
make_excerpt(const struct place *place, struct excerpt *excerpt)
{
    struct hiding hiding = {.count = 0};
    struct text line = source_line(place);
    size_t mark = (size_t)(place->source->bytes + place->start - line.bytes);
    size_t from = 0, to = line.len;

    *excerpt = (struct excerpt){.len = 0};
    hide_secrets(&hiding, line);
    if (line.len > EXCERPT_BYTES) {
        from = mark > EXCERPT_BEFORE ? mark - EXCERPT_BEFORE : 0;
        to = from + EXCERPT_BYTES < line.len ? from + EXCERPT_BYTES : line.len;
    }
    put_line(excerpt, &hiding, line, from, to, mark, mark + place->len);
}

/* --- text --- */

struct colours {
    const char *place, *severity[SEV_ERROR + 1], *caret, *off;
};

static const struct colours bright = {
    "\033[1m", {"\033[1;36m", "\033[1;35m", "\033[1;31m"}, "\033[1;32m", "\033[0m",
};
static const struct colours plain = {"", {"", "", ""}, "", ""};

/* Control bytes must not reach a terminal. */
static void
print_safe(FILE *out, const char *text)
{
    while (*text) {
        size_t safe = 0;

        while ((unsigned char)text[safe] >= 0x20 && text[safe] != 0x7f)
            safe++;
        fwrite(text, 1, safe, out);
        text += safe;
        if (*text)
            fprintf(out, "\\x%02x", (unsigned char)*text++);
    }
}

static void
print_place(FILE *out, const struct colours *colours, const struct place *place)
{
    unsigned line, column;

    fputs(colours->place, out);
    if (place->source) {
        source_locate(place, &line, &column);
        print_safe(out, place->source->name);
        fprintf(out, ":%u:%u", line, column);
    } else {
        fputs("seilc", out);
    }
    fprintf(out, ":%s ", colours->off);
}

static void
print_excerpt(FILE *out, const struct colours *colours, const struct place *place)
{
    struct excerpt excerpt;

    if (!place->source)
        return;
    make_excerpt(place, &excerpt);
    if (!excerpt.len)
        return;
    fprintf(out, "  %.*s\n  %*s%s^", (int)excerpt.len, excerpt.text, (int)excerpt.caret, "", colours->caret);
    if (excerpt.caret_end > excerpt.caret + 1) {
        memset(excerpt.text, '~', excerpt.caret_end - excerpt.caret - 1);   /* it was printed */
        fwrite(excerpt.text, 1, excerpt.caret_end - excerpt.caret - 1, out);
    }
    fprintf(out, "%s\n", colours->off);
}

static void
print_message(FILE *out, const struct colours *colours, enum severity severity, const struct place *place,
              const char *message, const char *name)
{
    print_place(out, colours, place);
    fprintf(out, "%s%s:%s ", colours->severity[severity], severity_names[severity], colours->off);
    print_safe(out, message);
    if (name)
        fprintf(out, " [%s]", name);
    fputc('\n', out);
    print_excerpt(out, colours, place);
}

void
diag_print_text(const struct diag *diag, FILE *out, bool colour)
{
    const struct colours *colours = colour ? &bright : &plain;

    for (size_t i = 0; i < diag->count; i++) {
        const struct finding *finding = diag->findings[i];

        print_message(out, colours, finding->severity, &finding->place, finding->message,
                      finding_defs[finding->id].name);
        for (const struct finding_note *note = finding->notes; note; note = note->next)
            print_message(out, colours, SEV_NOTE, &note->place, note->message, NULL);
    }
    if (diag->dropped)
        fprintf(out, "seilc: %zu more findings are not shown\n", diag->dropped);
}

/* --- JSON --- */

static json_t *
make_object(const struct place *place, const char *message)
{
    json_t *object = json_object();
    unsigned line, column;

    if (place->source) {
        source_locate(place, &line, &column);
        json_object_set_new(object, "file", json_text(place->source->name));
        json_object_set_new(object, "line", json_integer(line));
        json_object_set_new(object, "column", json_integer(column));
        json_object_set_new(object, "length", json_integer(place->len));
    }
    json_object_set_new(object, "message", json_text(message));
    return object;
}

static json_t *
make_fix_object(const struct fix *fix)
{
    json_t *object = json_object();
    unsigned line, column;

    source_locate(&fix->place, &line, &column);
    json_object_set_new(object, "file", json_text(fix->place.source->name));
    json_object_set_new(object, "line", json_integer(line));
    json_object_set_new(object, "column", json_integer(column));
    json_object_set_new(object, "offset", json_integer(fix->place.start));
    json_object_set_new(object, "length", json_integer(fix->place.len));
    json_object_set_new(object, "replacement", json_text(fix->replacement));
    json_object_set_new(object, "description", json_text(fix->description));
    return object;
}

/* Only where there is a cure, so that who never heard of them sees nothing new. */
static void
add_fix_objects(json_t *object, const struct finding *finding)
{
    json_t *fixes = json_array();

    for (const struct fix *fix = finding->fixes; fix; fix = fix->next)
        json_array_append_new(fixes, make_fix_object(fix));
    if (json_array_size(fixes))
        json_object_set(object, "fixes", fixes);
    json_decref(fixes);
}

static json_t *
make_finding_object(const struct finding *finding)
{
    json_t *object = make_object(&finding->place, finding->message);
    json_t *notes = json_array();

    json_object_set_new(object, "name", json_string(finding_defs[finding->id].name));
    json_object_set_new(object, "severity", json_string(severity_names[finding->severity]));
    for (const struct finding_note *note = finding->notes; note; note = note->next)
        json_array_append_new(notes, make_object(&note->place, note->message));
    json_object_set_new(object, "notes", notes);
    add_fix_objects(object, finding);
    return object;
}

void
diag_print_json_objects(const struct diag *diag, FILE *out)
{
    for (size_t i = 0; i < diag->count; i++) {
        json_t *array = json_array();
        char *text;

        json_array_append_new(array, make_finding_object(diag->findings[i]));
        text = json_dumps(array, JSON_INDENT(2));
        if (text)   /* "[\n  {...}\n]" */
            fprintf(out, "%s%.*s", i ? ",\n" : "", (int)strlen(text) - 4, text + 2);
        free(text);
        json_decref(array);
    }
}

void
diag_print_json(const struct diag *diag, FILE *out)
{
    fputs(diag->count ? "[\n" : "[", out);
    diag_print_json_objects(diag, out);
    fputs(diag->count ? "\n]\n" : "]\n", out);
}

/* --- one text for all --- */

static const char *
escape_controls(struct arena *arena, const char *text)
{
    char *escaped = arena_alloc(arena, strlen(text) * 4 + 1), *to = escaped;

    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;

        if (byte < 0x20 || byte == 0x7f)
            to += sprintf(to, "\\x%02x", byte);
        else
            *to++ = (char)byte;
    }
    return escaped;
}

const char *
diag_full_message(const struct diag *diag, const struct finding *finding)
{
    const char *text = escape_controls(diag->arena, finding->message);

    for (const struct finding_note *note = finding->notes; note; note = note->next)
        if (!note->place.source)
            text = arena_printf(diag->arena, "%s\n%s", text, escape_controls(diag->arena, note->message));
    return text;
}

const char *
diag_words(struct arena *arena, const unsigned counts[SEV_ERROR + 1], unsigned known)
{
    const char *text = "";

    for (int severity = SEV_ERROR; severity >= SEV_NOTE; severity--) {
        if (counts[severity])
            text = arena_printf(arena, "%s%s%u %s%s", text, *text ? ", " : "", counts[severity],
                                severity_names[severity], counts[severity] == 1 ? "" : "s");
    }
    if (known)
        text = arena_printf(arena, "%s%s%u known", text, *text ? ", " : "", known);
    return *text ? text : "no findings";
}

const char *
diag_summary(const struct diag *diag)
{
    return diag_words(diag->arena, diag->counts, 0);
}
