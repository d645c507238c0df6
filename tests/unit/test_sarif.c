/* test_sarif.c - findings as SARIF: the whole log, places, messages, cures, fingerprints. */
#include "front.h"

#include <jansson.h>
#include <unistd.h>

#include "fingerprint.h"
#include "sarif.h"

static void
print_log(struct front *front, FILE *out)
{
    sarif_print_head(out);
    sarif_print_results(&front->diag, "in put.seil", out);
    sarif_print_tail(false, front->diag.dropped, out);
}

static json_t *
get(json_t *value, const char *path)
{
    char *copy = strdup(path), *rest = copy, *word;

    while (value && (word = strsep(&rest, "/")))
        value = *word >= '0' && *word <= '9' ? json_array_get(value, (size_t)atoi(word)) : json_object_get(value, word);
    free(copy);
    if (!value)
        fail_msg("nothing at %s", path);
    return value;
}

static json_t *
load_log(struct front *front)
{
    json_error_t error;
    json_t *log;

    fingerprint_add(&front->diag, "in put.seil");
    log = json_loads(front_output(front, print_log), JSON_REJECT_DUPLICATES, &error);
    if (!log)
        fail_msg("%s", error.text);
    return log;
}

static const char *
text_at(json_t *log, const char *path)
{
    return json_string_value(get(log, path));
}

static int
number_at(json_t *log, const char *path)
{
    return (int)json_integer_value(get(log, path));
}

static void
test_log(void **state)
{
    struct front front;
    struct finding *finding;
    json_t *log, *result;

    (void)state;
    front_scan(&front, "hostname: a\nhostname: b\n", 24);
    finding = diag_add(&front.diag, FINDING_DUPLICATE_KEY, (struct place){front.source, 12, 8}, "twice");
    diag_note(&front.diag, finding, (struct place){front.source, 0, 8}, "also here");
    diag_note(&front.diag, finding, (struct place){0}, "drop one");
    diag_fix(&front.diag, finding, (struct place){front.source, 0, 0}, "x", "put in");
    diag_fix(&front.diag, finding, (struct place){front.source, 12, 12}, "", "drop the line");
    diag_add(&front.diag, FINDING_CANNOT_READ, (struct place){0}, "gone");
    log = load_log(&front);
    assert_string_equal(text_at(log, "version"), "2.1.0");
    assert_int_equal(json_array_size(get(log, "runs/0/tool/driver/rules")), FINDING_COUNT);
    assert_string_equal(text_at(log, "runs/0/columnKind"), "unicodeCodePoints");
    assert_true(json_is_false(get(log, "runs/0/invocations/0/executionSuccessful")));
    result = get(log, "runs/0/results/0");
    assert_string_equal(text_at(result, "ruleId"), "duplicate-key");
    assert_string_equal(text_at(json_array_get(get(log, "runs/0/tool/driver/rules"),
                                               (size_t)number_at(result, "ruleIndex")), "id"), "duplicate-key");
    assert_string_equal(text_at(result, "level"), "error");
    assert_string_equal(text_at(result, "message/text"), "twice\ndrop one");
    assert_string_equal(text_at(result, "locations/0/physicalLocation/artifactLocation/uri"), "test.seil");
    assert_int_equal(number_at(result, "locations/0/physicalLocation/region/startLine"), 2);
    assert_int_equal(number_at(result, "locations/0/physicalLocation/region/startColumn"), 1);
    assert_int_equal(number_at(result, "locations/0/physicalLocation/region/endColumn"), 9);
    assert_int_equal(json_array_size(get(result, "relatedLocations")), 1);
    assert_string_equal(text_at(result, "relatedLocations/0/message/text"), "also here");
    assert_int_equal(json_array_size(get(result, "fixes")), 1);
    assert_int_equal(json_array_size(get(result, "fixes/0/artifactChanges")), 1);
    result = get(result, "fixes/0/artifactChanges/0/replacements");
    assert_int_equal(number_at(result, "0/deletedRegion/endColumn"), 1);
    assert_string_equal(text_at(result, "0/insertedContent/text"), "x");
    assert_int_equal(number_at(result, "1/deletedRegion/endLine"), 3);
    result = get(log, "runs/0/results/1");
    assert_string_equal(text_at(result, "locations/0/physicalLocation/artifactLocation/uri"), "in%20put.seil");
    assert_null(json_object_get(result, "fixes"));
    json_decref(log);
    front_free(&front);
}

/* Messages that would read as placeholders or links, and bytes that are no UTF-8. */
static const struct {
    const char *message;
    const char *text;
} messages[] = {
    {"a {0} {b}",        "a {{0}} {{b}}"         },
    {"${name}",          "${name}"               },
    {"vrrp.[].x",        "vrrp.[].x"             },
    {"[a](http://b) \\", "\\[a\\](http://b) \\\\"},
    {"\"\xff\x01",       "\"\\xff\\x01"          },
};

static void
test_messages(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(messages); i++) {
        struct front front;
        json_t *log;

        front_scan(&front, "a: b\n", 5);
        diag_add(&front.diag, FINDING_BAD_VALUE, (struct place){front.source, 3, 1}, "%s", messages[i].message);
        log = load_log(&front);
        assert_string_equal(text_at(log, "runs/0/results/0/message/text"), messages[i].text);
        json_decref(log);
        front_free(&front);
    }
}

/* Names of files as URI references. */
static const struct {
    const char *name;
    const char *uri;
} names[] = {
    {"a/b.seil",      "a/b.seil"            },
    {"./a//./b.seil", "a/b.seil"            },
    {"/a b#c?.seil",  "file:///a%20b%23c%3F.seil"},
    {"a:b%\xe3.seil", "a%3Ab%25%E3.seil"    },
    {"..",            ".."                  },
};

static void
test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct front front;
        json_t *log;

        front_scan(&front, "a: b\n", 5);
        diag_add(&front.diag, FINDING_BAD_VALUE,
                 (struct place){source_of(&front.arena, names[i].name, "x", 1), 0, 1}, "m");
        log = load_log(&front);
        assert_string_equal(text_at(log, "runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri"),
                            names[i].uri);
        json_decref(log);
        front_free(&front);
    }
}

/* An option has no file. */
static void
test_option(void **state)
{
    struct front front;
    json_t *log;

    (void)state;
    front_scan(&front, "a: b\n", 5);
    diag_add(&front.diag, FINDING_BAD_VALUE, (struct place){source_of(&front.arena, "--set", "x", 1), 0, 1}, "m");
    log = load_log(&front);
    assert_int_equal(json_object_size(get(log, "runs/0/results/0/locations/0")), 0);
    json_decref(log);
    front_free(&front);
}

/* --- fingerprints --- */

/* The fingerprints of all findings of a text, one line each. */
static const char *
prints_of(struct front *front, const char *text)
{
    const char *lines = "";

    front_bind(front, text, NULL, 0, BIND_TOGETHER);
    fingerprint_add(&front->diag, "x");
    for (size_t i = 0; i < front->diag.count; i++)
        lines = arena_printf(&front->arena, "%s%s\n", lines, front->diag.findings[i]->fingerprint->hex);
    return lines;
}

static const struct {
    const char *before, *after;
    bool same;
} changes[] = {
    {"ntp.server: x\n",                        "hostname: a\n\nntp.server: x\n",            true },
    {"ntp.server: x\n",                        "  ntp.server : y\n",                        true },
    {"hostname: a\nhostname: b\n",             "terminal.passthru: x\nhostname: a\nhostname: b\n", false},
    {"hostname: a\nhostname: b\n",             "hostname: c\nhostname: d\n",                true },
    {"ntp.server: x\n",                        "hostname:\n",                               false},
    {"vrrp.vrouter.0.priority: x\n",           "vrrp.vrouter.1.priority: x\n",              false},
};

static void
test_stable(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(changes); i++) {
        struct front before, after;
        const char *a = prints_of(&before, changes[i].before), *b = prints_of(&after, changes[i].after);

        assert_true(before.diag.count > 0);
        if ((strcmp(a, b) == 0) != changes[i].same)
            fail_msg("row %zu:\n%s\n%s", i, a, b);
        front_free(&before);
        front_free(&after);
    }
}

static void
test_numbers(void **state)
{
    struct front front;

    (void)state;
    front_bind(&front, "hostname: a\nntp.server: x\nhostname: b\n", NULL, 0, BIND_TOGETHER);
    diag_add(&front.diag, FINDING_BAD_OPTION, (struct place){0}, "no place");
    fingerprint_add(&front.diag, "./dir/x");
    assert_int_equal(front.diag.count, 4);
    assert_string_equal(front.diag.findings[0]->fingerprint->key, "hostname");
    assert_int_equal(front.diag.findings[0]->fingerprint->number, 1);
    assert_int_equal(front.diag.findings[1]->fingerprint->number, 1);
    assert_int_equal(front.diag.findings[2]->fingerprint->number, 2);
    assert_string_equal(front.diag.findings[3]->fingerprint->file, "dir/x");
    assert_string_equal(front.diag.findings[3]->fingerprint->key, "");
    assert_string_not_equal(front.diag.findings[0]->fingerprint->hex, front.diag.findings[2]->fingerprint->hex);
    front_free(&front);
}

/* A name is told from where the run began. */
static void
test_files(void **state)
{
    struct arena arena;
    char directory[4096];

    (void)state;
    arena_init(&arena);
    assert_non_null(getcwd(directory, sizeof(directory)));
    assert_string_equal(fingerprint_file(&arena, arena_printf(&arena, "%s/a/./b", directory)), "a/b");
    assert_string_equal(fingerprint_file(&arena, arena_printf(&arena, "%sx/a", directory)),
                        arena_printf(&arena, "%sx/a", directory));
    assert_string_equal(fingerprint_file(&arena, "../a//b/"), "../a/b");
    assert_string_equal(fingerprint_file(&arena, "-"), "-");
    arena_free(&arena);
}

/* The key of a line, and never what may be a value. */
static const struct {
    const char *line;
    const char *key;
} keys[] = {
    {"a.b : c", "a.b"}, {"  a:b", "a"}, {"hunter2", ""}, {"a hunter2: x", ""}, {": x", ""}, {"", ""},
};

static void
test_keys(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++) {
        struct arena arena;
        struct place place;
        struct text key;

        arena_init(&arena);
        place = (struct place){source_of(&arena, "x", keys[i].line, strlen(keys[i].line)), 0, 0};
        key = source_key(&place);
        assert_int_equal(key.len, strlen(keys[i].key));
        assert_memory_equal(key.bytes, keys[i].key, key.len);
        arena_free(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_option),
        cmocka_unit_test(test_stable),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
