/* fix.c - apply the cures of findings to the configs of one input. */
#include "fix.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MAX = 200 };

/* A replacement of one of the files. */
struct edit {
    size_t file;
    struct place place;
    const char *replacement;
};

/* The cures that one round tries. */
struct round {
    struct edit *edits;
    size_t count, capacity;
    const struct finding **findings;
    size_t finding_count, finding_capacity;
};

/* --- compiling --- */

static void
compile_texts(const struct fixing *f, struct compilation *out)
{
    struct compile_options options = *f->options;

    if (f->overlays) {
        options.overlays = f->overlays;
        options.overlay_count = f->count;
    }
    compile(&options, &f->input, 1, out);
    if (f->judge)
        f->judge(&out->diag, f->context);
}

static size_t
find_file(const struct fixing *f, const char *name)
{
    size_t i;

    for (i = 0; i < f->count && strcmp(f->overlays[i].name, name) != 0; i++)
        ;
    return i;
}

/* Keeps what was read, so that all rounds see the same. */
static void
take_files(struct fixing *f, const struct compilation *c)
{
    f->files = arena_array(f->arena, c->router_count, sizeof(*f->files));
    f->overlays = arena_array(f->arena, c->router_count, sizeof(*f->overlays));
    f->count = 0;
    for (size_t i = 0; i < c->router_count; i++) {
        const struct source *source = c->routers[i].source;

        if (find_file(f, source->name) < f->count)
            continue;
        source = source_of(f->arena, source->name, source->bytes, source->len);
        f->files[f->count].before = source;
        f->overlays[f->count++] = (struct overlay){source->name, {source->bytes, source->len}};
    }
}

/* --- choosing --- */

/* Do two edits touch the same bytes, or the same point? */
static bool
collide(const struct edit *a, const struct edit *b)
{
    uint32_t a_end = a->place.start + a->place.len, b_end = b->place.start + b->place.len;

    if (a->file != b->file)
        return false;
    if (!a->place.len || !b->place.len)
        return a->place.start <= b_end && b->place.start <= a_end;
    return a->place.start < b_end && b->place.start < a_end;
}

static bool
collides(const struct round *round, const struct edit *edit)
{
    for (size_t i = 0; i < round->count; i++) {
        if (collide(&round->edits[i], edit))
            return true;
    }
    return false;
}

/* Adds all edits of a cure, or none: when one collides, or lies in no config. */
static bool
add_cure(const struct fixing *f, const struct finding *finding, struct round *round)
{
    size_t count = round->count;

    for (const struct fix *fix = finding->fixes; fix; fix = fix->next) {
        struct edit edit = {fix->place.source ? find_file(f, fix->place.source->name) : f->count, fix->place,
                            fix->replacement};

        if (edit.file == f->count || collides(round, &edit)) {
            round->count = count;
            return false;
        }
        round->edits = arena_grow(f->arena, round->edits, round->count, &round->capacity, sizeof(*round->edits));
        round->edits[round->count++] = edit;
    }
    return round->count > count;
}

/* The cures to try: at most `most`, leaving out the first `skip` findings that have one. */
static void
choose(const struct fixing *f, const struct diag *diag, size_t skip, size_t most, struct round *out)
{
    *out = (struct round){.count = 0};
    for (size_t i = 0; i < diag->count && out->finding_count < most; i++) {
        const struct finding *finding = diag->findings[i];

        if (!finding->fixes || (skip && skip--) || !add_cure(f, finding, out))
            continue;
        out->findings = arena_grow(f->arena, out->findings, out->finding_count, &out->finding_capacity,
                                   sizeof(*out->findings));
        out->findings[out->finding_count++] = finding;
    }
}

/* --- applying --- */

static int
by_start(const void *left, const void *right)
{
    const struct edit *a = left, *b = right;

    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    return (a->place.start > b->place.start) - (a->place.start < b->place.start);
}

static struct text
apply(struct arena *arena, struct text text, const struct edit *edits, size_t count)
{
    size_t room = text.len + 1, at = 0;
    char *start, *to;

    for (size_t i = 0; i < count; i++)
        room += strlen(edits[i].replacement);
    start = to = arena_alloc(arena, room);
    for (size_t i = 0; i < count; i++) {
        const struct edit *edit = &edits[i];
        size_t len = strlen(edit->replacement);

        memcpy(to, text.bytes + at, edit->place.start - at);
        to += edit->place.start - at;
        memcpy(to, edit->replacement, len);
        to += len;
        at = edit->place.start + edit->place.len;
    }
    memcpy(to, text.bytes + at, text.len - at);
    return (struct text){start, (size_t)(to - start) + text.len - at};
}

/* The texts with the cures of a round. */
static void
apply_all(struct fixing *f, struct round *round)
{
    size_t count;

    qsort(round->edits, round->count, sizeof(*round->edits), by_start);
    for (size_t i = 0; i < round->count; i += count) {
        struct overlay *overlay = &f->overlays[round->edits[i].file];

        for (count = 1; i + count < round->count && round->edits[i + count].file == round->edits[i].file; count++)
            ;
        overlay->text = apply(f->arena, overlay->text, round->edits + i, count);
    }
}

/* --- proving --- */

static const char *
source_name(const struct finding *finding)
{
    return finding->place.source ? finding->place.source->name : "";
}

static bool
same_finding(const struct finding *a, const struct finding *b)
{
    return a->id == b->id && !strcmp(source_name(a), source_name(b)) && !strcmp(a->message, b->message);
}

static size_t
count_like(const struct diag *diag, const struct finding *finding)
{
    size_t count = 0;

    for (size_t i = 0; i < diag->count; i++)
        count += same_finding(diag->findings[i], finding);
    return count;
}

static bool
are_gone(const struct diag *before, const struct diag *after, const struct round *round)
{
    for (size_t i = 0; i < round->finding_count; i++) {
        const struct finding *finding = round->findings[i];
        size_t cured = 0;

        for (size_t j = 0; j < round->finding_count; j++)
            cured += same_finding(round->findings[j], finding);
        if (count_like(after, finding) + cured > count_like(before, finding))
            return false;
    }
    return true;
}

/* What a cure could do wrong to a line, unless a cure is known for that, too.  What else it brings to light is no fault. */
static bool
is_damage(enum finding_id id)
{
    static const bool damage[FINDING_COUNT] = {
        [FINDING_BAD_LINE] = true,      [FINDING_BAD_BYTE] = true,  [FINDING_BAD_QUOTING] = true,
        [FINDING_DUPLICATE_KEY] = true, [FINDING_BAD_VALUE] = true, [FINDING_CONFLICTING_KEYS] = true,
    };

    return damage[id];
}

static bool
does_harm(const struct diag *before, const struct diag *after)
{
    for (size_t i = 0; i < after->count; i++) {
        const struct finding *finding = after->findings[i];

        if (is_damage(finding->id) && !finding->fixes && count_like(after, finding) > count_like(before, finding))
            return true;
    }
    return false;
}

/* --- rounds --- */

/* Tries the cures of a round, compiling into `next`; they stay if they hold. */
static bool
try_round(struct fixing *f, const struct compilation *now, struct round *round, struct compilation *next)
{
    struct overlay *before = arena_array(f->arena, f->count, sizeof(*before));

    memcpy(before, f->overlays, f->count * sizeof(*before));
    apply_all(f, round);
    compile_texts(f, next);
    if (are_gone(&now->diag, &next->diag, round) && !does_harm(&now->diag, &next->diag)) {
        f->cured += round->finding_count;
        return true;
    }
    memcpy(f->overlays, before, f->count * sizeof(*before));
    return false;
}

/* All at once as long as that holds, then one by one. */
static void
run_rounds(struct fixing *f, struct compilation *now, struct compilation *next)
{
    size_t skip = 0, most = SIZE_MAX;
    struct round round;

    for (int i = 0; i < ROUNDS_MAX; i++) {
        struct compilation *old = now;

        choose(f, &now->diag, skip, most, &round);
        if (!round.finding_count)
            break;
        if (try_round(f, now, &round, next)) {
            now = next;
            next = old;
        } else {
            skip += most == 1;
            most = 1;
        }
        compile_free(next);
    }
    compile_free(now);
}

void
fix_run(struct fixing *f)
{
    struct compilation rooms[2];

    f->count = f->cured = 0;
    f->overlays = NULL;
    compile_texts(f, &rooms[0]);
    take_files(f, &rooms[0]);
    run_rounds(f, &rooms[0], &rooms[1]);
    for (size_t i = 0; i < f->count; i++)
        f->files[i].after = f->overlays[i].text;
}
