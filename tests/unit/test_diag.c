/* test_diag.c - what findings look like: places, excerpts, secrets, order, JSON. */
#include "front.h"

#include <jansson.h>

static void
print_text(struct front *front, FILE *out)
{
    diag_print_text(&front->diag, out, false);
}

static void
print_colour(struct front *front, FILE *out)
{
    diag_print_text(&front->diag, out, true);
}

static void
print_json(struct front *front, FILE *out)
{
    diag_print_json(&front->diag, out);
}

static const struct {
    const char *text;
    const char *output;
} cases[] = {
    {"interface.ge0.ipv4.address: 192.0.2.1/99\n",
     "test.seil:1:39: error: expected a prefix length from 0 to 32 [bad-value]\n"
     "  interface.ge0.ipv4.address: 192.0.2.1/99\n"
     "                                        ^~\n"},
    {"\r\nhostname: a\nntp.server: enable\nhostname : b\r\n",
     "test.seil:2:1: error: the same key more than once; a SEIL refuses every such line [duplicate-key]\n"
     "  hostname: a\n"
     "  ^~~~~~~~\n"
     "test.seil:4:1: note: also here\n"
     "  hostname : b\n"
     "  ^~~~~~~~\n"
     "test.seil:4:1: error: the same key more than once; a SEIL refuses every such line [duplicate-key]\n"
     "  hostname : b\n"
     "  ^~~~~~~~\n"
     "test.seil:2:1: note: also here\n"
     "  hostname: a\n"
     "  ^~~~~~~~\n"},
    {"# hello\n",
     "test.seil:1:3: error: expected ':' after the key, which holds no blanks [bad-line]\n"
     "  # hello\n"
     "    ^~~~~\n"
     "seilc: note: a config has no comments\n"},
    {"\tvrrp.vrouter.0.adress\t: 1\n",
     "test.seil:1:17: error: unknown key vrrp.vrouter.0.adress; did you mean vrrp.vrouter.0.address? [unknown-key]\n"
     "   vrrp.vrouter.0.adress : 1\n"
     "                  ^~~~~~\n"},
    {"hostname:\n",
     "test.seil:1:10: warning: a key without a value sets nothing; the empty text is written \"\" [value-missing]\n"
     "  hostname:\n"
     "           ^\n"},
    {"hostname: a\x1b[31m\n",
     "test.seil:1:12: error: only printable single-byte characters may stand in a config [bad-byte]\n"
     "  hostname: a\\x1b[31m\n"
     "             ^~~~\n"},
    {"hostname: \xe3\x81\x82 x\n",
     "test.seil:1:11: error: only printable single-byte characters may stand in a config [bad-byte]\n"
     "  hostname: \\xe3\\x81\\x82 x\n"
     "            ^~~~~~~~~~~~\n"},
    {"hostname\n",
     "test.seil:1:9: error: expected ':' and a value after the key [bad-line]\n"
     "  hostname\n"
     "          ^\n"},
    {"",
     "test.seil:1:1: warning: nothing is set here [empty-config]\n"},
};

static void
test_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct front front;

        front_bind(&front, cases[i].text, NULL, 0, BIND_TOGETHER);
        assert_string_equal(front_output(&front, print_text), cases[i].output);
        front_free(&front);
    }
}

/* Lines whose findings must not show the word. */
static void
test_secrets(void **state)
{
    static const char *const lines[] = {
        "interface.pppoe0.password: hunter2\ninterface.pppoe0.password: hunter2\n",
        "interface.pppoe0.password: hunter2${x}\n",
        "interface.pppoe0.password : \"hunter2\" x\n",
        "interface.pppoe0.password : \"hunter2\n",
        "interface.pppoe0.password: hunter2\x01\n",
        "interface.pppoe0.pasword: hunter2\n",
        "interface.pppoe.password: hunter2\n",
        "interface.pppoe0.password = hunter2\n",
        "ike.peer.0.preshared-key hunter2\nike.peer.0.preshared_key: hunter2\n",
        "snmp.community: hunter2\nsnmp.community: hunter2\n",
        "login.admin.encrypted-password: $2a$07$hunter2\xff\n",
        "macfilter.entry-list.0.url: http://user:hunter2@127.0.0.1/\nmacfilter.entry-list.0.url: x\n",
        "dhcp.server.0.wpad.url: http://hunter2@h/ x\n",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwhunter2ggSjAgEAAoIBAQC7\n",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwhunter2gSjAgEAAoIBAQ==\n",
        "sshd.hostkey: -----BEGIN hunter2\x7f\n",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct front front;
        const char *text;

        front_bind(&front, lines[i], NULL, 0, BIND_TOGETHER);
        assert_true(front.diag.count > 0);
        text = front_output(&front, print_text);
        if (strstr(text, "hunter2") || strstr(front_output(&front, print_json), "hunter2"))
            fail_msg("shown: %s", text);
        front_free(&front);
    }
}

/* A long line is cut around the caret. */
static void
test_long_line(void **state)
{
    enum { SIZE = 1000000 };
    static char text[SIZE + 64];
    struct front front;
    const char *output, *line, *caret;

    (void)state;
    memcpy(text, "interface.ge0.description: ", 27);
    memset(text + 27, 'x', SIZE);
    strcpy(text + SIZE / 2, "\x01yyy");
    memset(text + SIZE / 2 + 4, 'z', SIZE / 2);
    strcpy(text + SIZE, "\n");
    front_bind(&front, text, NULL, 0, BIND_TOGETHER);
    output = front_output(&front, print_text);
    assert_true(strlen(output) < 600);
    line = strchr(output, '\n') + 1;
    caret = strchr(line, '\n') + 1;
    assert_memory_equal(line, "  ...xxx", 8);
    assert_memory_equal(line + strspn(caret, " "), "\\x01yyyzzz", 10);
    assert_memory_equal(caret + strspn(caret, " "), "^~~~\n", 5);
    front_free(&front);
}

static void
test_colour(void **state)
{
    struct front front;
    const char *output;

    (void)state;
    front_bind(&front, "hostnam: \x1b[31mred\n", NULL, 0, BIND_TOGETHER);
    assert_null(strchr(front_output(&front, print_text), '\033'));
    output = front_output(&front, print_colour);
    assert_non_null(strstr(output, "\033[1;31merror:\033[0m"));
    assert_null(strstr(output, "\033[31m"));
    front_free(&front);
}

static void
test_json(void **state)
{
    struct front front;
    json_error_t error;
    json_t *array, *first, *note;

    (void)state;
    front_bind(&front, "hostname: a\nhostname: \"\\\"\"\n", NULL, 0, BIND_TOGETHER);
    diag_add(&front.diag, FINDING_BAD_OPTION, (struct place){0}, "no such file: \xff\x01\"%s", "caf\xc3\xa9");
    array = json_loads(front_output(&front, print_json), 0, &error);
    assert_non_null(array);
    assert_int_equal(json_array_size(array), 3);
    first = json_array_get(array, 0);
    assert_string_equal(json_string_value(json_object_get(first, "file")), "test.seil");
    assert_int_equal(json_integer_value(json_object_get(first, "line")), 1);
    assert_int_equal(json_integer_value(json_object_get(first, "column")), 1);
    assert_int_equal(json_integer_value(json_object_get(first, "length")), 8);
    assert_string_equal(json_string_value(json_object_get(first, "name")), "duplicate-key");
    assert_string_equal(json_string_value(json_object_get(first, "severity")), "error");
    note = json_array_get(json_object_get(first, "notes"), 0);
    assert_int_equal(json_integer_value(json_object_get(note, "line")), 2);
    assert_null(json_object_get(json_array_get(array, 2), "file"));
    json_decref(array);
    front_free(&front);
}

/* The replacements of a cure stand in the JSON, in order; where there is none, nothing does. */
static void
test_fixes(void **state)
{
    struct front front;
    struct finding *finding;
    json_t *array, *fixes, *second;

    (void)state;
    front_scan(&front, "hostname: a\nhostname: b\n", 24);
    finding = diag_add(&front.diag, FINDING_DUPLICATE_KEY, (struct place){front.source, 0, 8}, "twice");
    diag_fix(&front.diag, finding, (struct place){front.source, 0, 0}, "x", "put in");
    diag_fix(&front.diag, finding, (struct place){front.source, 12, 12}, "", "drop the line");
    diag_add(&front.diag, FINDING_BAD_VALUE, (struct place){front.source, 0, 8}, "no cure");
    array = json_loads(front_output(&front, print_json), 0, NULL);
    fixes = json_object_get(json_array_get(array, 0), "fixes");
    assert_int_equal(json_array_size(fixes), 2);
    second = json_array_get(fixes, 1);
    assert_int_equal(json_integer_value(json_object_get(second, "line")), 2);
    assert_int_equal(json_integer_value(json_object_get(second, "offset")), 12);
    assert_int_equal(json_integer_value(json_object_get(second, "length")), 12);
    assert_string_equal(json_string_value(json_object_get(second, "replacement")), "");
    assert_string_equal(json_string_value(json_object_get(second, "description")), "drop the line");
    assert_null(json_object_get(json_array_get(array, 1), "fixes"));
    json_decref(array);
    diag_fix(&front.diag, &front.diag.scratch, (struct place){0}, "lost", "lost");
    assert_null(front.diag.scratch.fixes);
    front_free(&front);
}

/* The same bytes each run, by source, place and order. */
static void
test_order(void **state)
{
    struct front front;
    struct source *a, *b;

    (void)state;
    front_scan(&front, "x", 1);
    front.diag.count = 0;
    a = source_of(&front.arena, "a", "12\n34\n", 6);
    b = source_of(&front.arena, "b", "12\n34\n", 6);
    diag_add(&front.diag, FINDING_BAD_VALUE, (struct place){b, 0, 1}, "5");
    diag_add(&front.diag, FINDING_BAD_VALUE, (struct place){a, 3, 1}, "3");
    diag_add(&front.diag, FINDING_DEPRECATED_KEY, (struct place){a, 3, 2}, "4");
    diag_add(&front.diag, FINDING_BAD_VALUE, (struct place){a, 0, 1}, "2");
    diag_add(&front.diag, FINDING_BAD_VALUE, (struct place){0}, "1");
    diag_sort(&front.diag);
    for (size_t i = 0; i < front.diag.count; i++)
        assert_int_equal(front.diag.findings[i]->message[0], '1' + (int)i);
    front_free(&front);
}

static void
test_many(void **state)
{
    enum { FINDINGS = 1000000 };
    struct front front;
    const char *output;

    (void)state;
    front_scan(&front, "x:y\n", 4);
    assert_string_equal(diag_summary(&front.diag), "no findings");
    for (size_t i = 0; i < FINDINGS; i++)
        diag_note(&front.diag, diag_add(&front.diag, FINDING_BAD_VALUE, (struct place){front.source, 0, 1}, "bad"),
                  (struct place){0}, "note");
    diag_add(&front.diag, FINDING_VALUE_MISSING, (struct place){0}, "missing");
    assert_int_equal(front.diag.count, DIAG_MAX);
    assert_string_equal(diag_summary(&front.diag), "1000000 errors, 1 warning");
    assert_true(diag_failed(&front.diag));
    diag_sort(&front.diag);
    output = front_output(&front, print_text);
    assert_non_null(strstr(output, "seilc: 990001 more findings are not shown\n"));
    front_free(&front);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_secrets),
        cmocka_unit_test(test_long_line),
        cmocka_unit_test(test_colour),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_fixes),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
