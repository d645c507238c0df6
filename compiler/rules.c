/* rules.c - which findings, at what severity. */
#define _GNU_SOURCE     /* memrchr(), FNM_* */
#include "rules.h"

#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check/check.h"
#include "document.h"

enum {
    PATTERN_MAX = 512,
    STARS_MAX = 8,      /* of a pattern: fnmatch() tries every way to share out what they match */
    ALLOWS_MAX = 10000,
};

/* ---- reading ---- */

struct section {
    struct document *document;
    struct lint_rules *rules;
    struct allowance *allowance;    /* the one that is being read */
    bool broken;                    /* a part of it is wrong, so it would match too much */
};

/* The finding of that name, one that can be turned down; FINDING_COUNT with a finding if it cannot be. */
static enum finding_id
read_name(struct document *document, struct text name, struct place place)
{
    enum finding_id id = finding_find(name);
    const char *near = finding_suggest(name);

    if (id == FINDING_COUNT) {
        diag_add(document->diag, FINDING_UNKNOWN_FINDING, place, "no finding is called so%s%s%s",
                 near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
    } else if (finding_is_hard(id)) {
        document_complain(document, place,
                          "%s cannot be turned off, down or allowed: it says that an input could not be understood",
                          finding_defs[id].name);
        id = FINDING_COUNT;
    }
    return id;
}

static void
read_severity(struct section *s, const struct pair *pair)
{
    static const char *const words[] = {"", "off", "note", "warning", "error"};
    enum finding_id id = read_name(s->document, pair->key, pair->place);
    int choice;

    if (!document_expect(s->document, &pair->value, ITEM_SCALAR))
        return;
    for (choice = CHOICE_ERROR; choice > CHOICE_NONE && !text_is(pair->value.text, words[choice]); choice--)
        ;
    if (choice == CHOICE_NONE) {
        document_complain(s->document, pair->value.place, "expected error, warning, note or off");
    } else if (id != FINDING_COUNT) {
        s->rules->choices[id] = (unsigned char)choice;
        s->rules->mentions[id] = true;
    }
}

static void
read_severities(void *context, const struct pair *pair)
{
    struct section *s = context;

    if (!document_expect(s->document, &pair->value, ITEM_MAPPING))
        return;
    for (size_t i = 0; i < pair->value.pair_count; i++)
        read_severity(s, &pair->value.pairs[i]);
}

static const char *
read_reason(struct section *s, const struct item *item)
{
    if (!document_expect(s->document, item, ITEM_SCALAR))
        return NULL;
    if (text_is_line(item->text))
        return item->text.bytes;
    document_complain(s->document, item->place, "expected the reason why this finding is allowed, on one line");
    return NULL;
}

static void
add_allowance(struct section *s, const struct allowance *allowance)
{
    if (allowance->finding == FINDING_COUNT || !allowance->reason)
        return;
    s->rules->mentions[allowance->finding] = true;
    s->rules->allows[s->rules->allow_count++] = *allowance;
}

/* {NAME: REASON, ...} */
static void
read_allow_mapping(struct section *s, const struct item *item)
{
    for (size_t i = 0; i < item->pair_count; i++) {
        const struct pair *pair = &item->pairs[i];
        struct allowance allowance = {.place = pair->place};

        allowance.finding = read_name(s->document, pair->key, pair->place);
        allowance.reason = read_reason(s, &pair->value);
        add_allowance(s, &allowance);
    }
}

/* A pattern that cannot keep fnmatch() busy for ever. */
static const char *
read_pattern(struct section *s, const struct item *item)
{
    unsigned stars = 0;

    if (!document_expect(s->document, item, ITEM_SCALAR))
        return NULL;
    for (size_t i = 0; i < item->text.len; i++)
        stars += item->text.bytes[i] == '*';
    if (text_is_line(item->text) && item->text.len <= PATTERN_MAX && stars <= STARS_MAX)
        return item->text.bytes;
    document_complain(s->document, item->place, "expected a pattern of at most %d characters, %d of them *", PATTERN_MAX,
                      STARS_MAX);
    return NULL;
}

static void
read_allowed_finding(void *context, const struct pair *pair)
{
    struct section *s = context;

    if (document_expect(s->document, &pair->value, ITEM_SCALAR))
        s->allowance->finding = read_name(s->document, pair->value.text, pair->value.place);
}

static void
read_allowed_file(void *context, const struct pair *pair)
{
    struct section *s = context;

    s->allowance->file = read_pattern(s, &pair->value);
    s->broken |= !s->allowance->file;
}

static void
read_allowed_key(void *context, const struct pair *pair)
{
    struct section *s = context;

    s->allowance->key = read_pattern(s, &pair->value);
    s->broken |= !s->allowance->key;
}

static void
read_allowed_reason(void *context, const struct pair *pair)
{
    struct section *s = context;

    s->allowance->reason = read_reason(s, &pair->value);
}

static const struct field allowance_fields[] = {
    {"finding", true, read_allowed_finding},
    {"reason",  true, read_allowed_reason },
    {"file",    false, read_allowed_file  },
    {"key",     false, read_allowed_key   },
};

/* [{finding: NAME, file: PATTERN, key: PATTERN, reason: REASON}, ...] */
static void
read_allow_list(struct section *s, const struct item *list)
{
    for (size_t i = 0; i < list->item_count; i++) {
        struct allowance allowance = {.finding = FINDING_COUNT, .place = list->items[i].place};

        s->allowance = &allowance;
        s->broken = false;
        document_fields(s->document, &list->items[i], DOCUMENT_FIELDS(allowance_fields), s);
        if (!s->broken)
            add_allowance(s, &allowance);
    }
}

static void
read_allow(void *context, const struct pair *pair)
{
    struct section *s = context;
    const struct item *item = &pair->value;
    size_t count = item->kind == ITEM_SEQUENCE ? item->item_count : item->pair_count;

    if (count > ALLOWS_MAX) {
        document_complain(s->document, pair->place, "expected at most %d allowances", ALLOWS_MAX);
        return;
    }
    s->rules->allows = arena_array(s->document->arena, count, sizeof(*s->rules->allows));
    s->rules->marks = arena_array(s->document->arena, count + 1, 1);
    if (item->kind == ITEM_SEQUENCE)
        read_allow_list(s, item);
    else if (document_expect(s->document, item, ITEM_MAPPING))
        read_allow_mapping(s, item);
}

static const struct field section_fields[] = {
    {"severity", false, read_severities},
    {"allow",    false, read_allow     },
};

void
rules_read(struct document *document, const struct item *mapping, struct lint_rules *out)
{
    struct section section = {.document = document, .rules = out};

    *out = (struct lint_rules){.source = document->source};
    document_fields(document, mapping, DOCUMENT_FIELDS(section_fields), &section);
}

void
rules_parse(struct arena *arena, const struct source *source, struct diag *diag, struct lint_rules *out)
{
    struct document document = {arena, source, diag, FINDING_BAD_SETTINGS, "a " RULES_FILE};
    struct item root;

    *out = (struct lint_rules){.source = source};
    if (document_read(&document, &root) && !(root.kind == ITEM_SCALAR && root.null))
        rules_read(&document, &root, out);
}

/* ---- where they are ---- */

/* The real directory of a file ("-": of nothing, the working one); NULL if there is none.  To be freed. */
static char *
directory_of(const char *name)
{
    const char *slash = strrchr(name, '/');
    char *copy, *real;

    if (!slash)
        return realpath(".", NULL);
    copy = strndup(name, slash == name ? 1 : (size_t)(slash - name));
    real = copy ? realpath(copy, NULL) : NULL;
    free(copy);
    return real;
}

const char *
rules_find(struct arena *arena, const char *input)
{
    char *directory = directory_of(input);
    const char *found = NULL;
    struct stat status;

    while (directory && !found) {
        const char *path = arena_printf(arena, "%s/" RULES_FILE, strcmp(directory, "/") == 0 ? "" : directory);
        char *slash = strrchr(directory, '/');

        if (stat(path, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)))
            found = path;
        else if (!directory[1])
            break;
        else
            slash[slash == directory] = '\0';
    }
    free(directory);
    return found;
}

/* Behind a directory and its slash, or NULL if the path lies elsewhere. */
static const char *
below(const char *path, const char *directory)
{
    size_t len = strlen(directory);

    if (len == 1)
        return path + 1;
    return strncmp(path, directory, len) == 0 && path[len] == '/' ? path + len + 1 : NULL;
}

bool
rules_is_file(const char *name)
{
    const char *slash = strrchr(name, '/');

    return strcmp(slash ? slash + 1 : name, RULES_FILE) == 0;
}

bool
rules_below(const char *rules, const char *directory)
{
    char *top = realpath(directory, NULL), *home = directory_of(rules);
    bool result = top && home && (strcmp(top, home) == 0 || below(home, top));

    free(top);
    free(home);
    return result;
}

/* ---- applying ---- */

/* Is it what checks alone say?  Those before in the list may also say that a config cannot be translated. */
static bool
is_of_checks(enum finding_id id)
{
    return id > FINDING_CRASHED && check_feature(id);
}

/* Whose word counts for a finding? */
static const struct lint_rules *
rules_for(const struct lint_rules *site, const struct lint_rules *folder, enum finding_id id)
{
    if (site && site->mentions[id])
        return site;
    return folder && folder->mentions[id] ? folder : NULL;
}

void
rules_choose(const struct lint_rules *site, const struct lint_rules *folder, bool checks_only, struct diag *diag)
{
    for (int id = 0; id < FINDING_COUNT; id++) {
        const struct lint_rules *rules = rules_for(site, folder, (enum finding_id)id);
        enum choice choice = rules ? (enum choice)rules->choices[id] : CHOICE_NONE;

        if (choice == CHOICE_NONE || (checks_only && !is_of_checks((enum finding_id)id)))
            continue;
        diag->chosen[id] = true;
        diag->off[id] = choice == CHOICE_OFF;
        if (choice != CHOICE_OFF)
            diag->severity[id] = (enum severity)(choice - CHOICE_NOTE + SEV_NOTE);
    }
}

/* The path of a source from the directory of the rules; NULL when it lies elsewhere.  To be freed. */
static char *
path_from(const struct lint_rules *rules, const struct source *source)
{
    char *home = directory_of(rules->source->name), *directory = directory_of(source->name), *path = NULL;
    const char *slash = strrchr(source->name, '/'), *base = slash ? slash + 1 : source->name;
    const char *rest = home && directory ? strcmp(home, directory) == 0 ? "" : below(directory, home) : NULL;

    if (rest && asprintf(&path, "%s%s%s", rest, *rest ? "/" : "", base) < 0)
        path = NULL;
    free(home);
    free(directory);
    return path;
}

static bool
matches_file(const struct lint_rules *rules, const struct allowance *allowance, const struct source *source)
{
    char *path;
    bool match;

    if (!allowance->file)
        return true;
    path = source ? path_from(rules, source) : NULL;
    match = path && fnmatch(allowance->file, path, FNM_PATHNAME) == 0;
    free(path);
    return match;
}

static bool
matches(const struct lint_rules *rules, const struct allowance *allowance, const struct finding *finding, struct arena *arena)
{
    struct text key = {"", 0};

    if (allowance->finding != finding->id || !matches_file(rules, allowance, finding->place.source))
        return false;
    if (!allowance->key)
        return true;
    if (finding->place.source)
        key = source_key(&finding->place);
    return fnmatch(allowance->key, arena_copy(arena, key.bytes, key.len), 0) == 0;
}

struct application {
    const struct lint_rules *site, *folder;
    bool checks_only;
    struct arena *arena;
};

/* Every allowance that matches is in use, not only the first. */
static bool
is_not_allowed(const struct finding *finding, void *context)
{
    const struct application *a = context;
    const struct lint_rules *rules = rules_for(a->site, a->folder, finding->id);
    bool allowed = false;

    if (!rules || (a->checks_only && !is_of_checks(finding->id)))
        return true;
    for (size_t i = 0; i < rules->allow_count; i++) {
        if (matches(rules, &rules->allows[i], finding, a->arena)) {
            rules->marks[i] |= ALLOWANCE_USED;
            allowed = true;
        }
    }
    return !allowed;
}

static bool
hides_others(enum finding_id id)
{
    return finding_defs[id].severity == SEV_ERROR && !is_of_checks(id) && id != FINDING_UNKNOWN_FINDING &&
           id != FINDING_BAD_SETTINGS;
}

bool
rules_unsure(const struct diag *diag)
{
    for (size_t i = 0; i < diag->count; i++)
        if (hides_others(diag->findings[i]->id))
            return true;
    return false;
}

static void
mark_unsure(const struct lint_rules *rules)
{
    if (rules && rules->allow_count)
        rules->marks[rules->allow_count] = ALLOWANCE_UNSURE;
}

static void
mark_seen(const struct lint_rules *rules, const struct source *const *sources, size_t count)
{
    for (size_t i = 0; rules && i < rules->allow_count; i++)
        for (size_t j = 0; rules->allows[i].file && j < count && !(rules->marks[i] & ALLOWANCE_SEEN); j++)
            if (matches_file(rules, &rules->allows[i], sources[j]))
                rules->marks[i] |= ALLOWANCE_SEEN;
}

void
rules_apply(const struct lint_rules *site, const struct lint_rules *folder, bool checks_only,
            const struct source *const *sources, size_t source_count, struct diag *diag)
{
    struct application application = {site, folder, checks_only, diag->arena};

    if (rules_unsure(diag)) {
        mark_unsure(site);
        mark_unsure(folder);
    }
    diag_filter(diag, is_not_allowed, &application);
    mark_seen(folder, sources, source_count);
}

void
rules_report_unused(const struct lint_rules *rules, bool all, struct diag *diag)
{
    if (!rules->allow_count || rules->marks[rules->allow_count])
        return;
    for (size_t i = 0; i < rules->allow_count; i++) {
        const struct allowance *allowance = &rules->allows[i];

        if (rules->marks[i] & ALLOWANCE_USED || !(all || rules->marks[i] & ALLOWANCE_SEEN))
            continue;
        diag_note(diag,
                  diag_add(diag, FINDING_UNUSED_ALLOWANCE, allowance->place, "nothing here is %s any more",
                           finding_defs[allowance->finding].name),
                  (struct place){0}, "take the allowance away, so that it does not hide the next one");
    }
}
