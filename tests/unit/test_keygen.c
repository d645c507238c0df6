/* test_keygen.c - every mistake in a key file stops the build with its place and the reason. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "front.h"

#define GROUP   "g.[]: {type: group, doc: d, source: s}\n"
#define KEY(options)    GROUP "g.[].k: {" options "}\n"
#define REST    "doc: d, source: s"

static const struct {
    const char *yaml;
    const char *message;        /* NULL: nothing is wrong */
} cases[] = {
    {KEY("type: number, range: 1-255, default: 100, " REST), NULL},
    {KEY("type: [keyword, ipv4-prefix], words: [dhcp], default: dhcp, " REST), NULL},
    {KEY("type: time, range: 1m-24h, default: 20m, " REST), NULL},
    {KEY("type: hex, range: 0x0-0xffff, default: 0x10, " REST), NULL},
    {KEY("type: router-id, range: 0.0.0.1-255.255.255.255, default: 0.0.0.2, " REST), NULL},
    {KEY("type: interface, kinds: [ge, l2tp], default: ge0, required: true, models: [X4], sure: false, " REST), NULL},
    {"", "expected a mapping of keys"},
    {"- a\n", "expected a mapping of keys"},
    {"a: {\n", "did not find"},
    {"a: b\n", ":1: a: expected {option: value, ...}"},
    {KEY("type: number, colour: red, " REST), ":2: unknown option 'colour'"},
    {KEY("type: number, type: number, " REST), ":2: option 'type' is given twice"},
    {KEY("type: number, doc: [a], source: s"), ":2: expected a plain value"},
    {KEY("type: number, doc: \"\", source: s"), ":2: an option without value"},
    {KEY("type: number, doc: \"a\\0b\", source: s"), ":2: a value holds a NUL byte"},
    {KEY("type: number, doc: d"), ":2: g.[].k: type, doc and source must be given"},
    {KEY("type: number, source: s"), ":2: g.[].k: type, doc and source must be given"},
    {KEY(REST), ":2: g.[].k: type, doc and source must be given"},
    {KEY("type: nombre, " REST), ":2: unknown type 'nombre'"},
    {KEY("type: [], " REST), ":2: an empty list"},
    {KEY("type: [number, number], " REST), ":2: 'number' is listed twice"},
    {KEY("type: keyword, " REST), ":2: g.[].k: words belong to type keyword"},
    {KEY("type: number, words: [a], " REST), ":2: g.[].k: words belong to type keyword"},
    {KEY("type: number, kinds: [ge], " REST), ":2: g.[].k: kinds belong to an interface type"},
    {KEY("type: interface, kinds: [eth], " REST), ":2: g.[].k: unknown interface kind 'eth'"},
    {KEY("type: number, models: [X5], " REST), ":2: g.[].k: unknown model 'X5'"},
    {KEY("type: number, max: 3, " REST), ":2: g.[].k: max belongs to a group"},
    {KEY("type: number, required: maybe, " REST), ":2: g.[].k: required is true or branch"},
    {KEY("type: number, sure: true, " REST), ":2: the only value to write here"},
    {KEY("type: number, secret: false, " REST), ":2: the only value to write here"},
    {KEY("type: number, range: 1-2-3, " REST), ":2: g.[].k: cannot read the range '1-2-3'"},
    {KEY("type: number, range: 5-1, " REST), ":2: g.[].k: cannot read the range '5-1'"},
    {KEY("type: number, range: presumably 5, " REST), ":2: g.[].k: cannot read the range 'presumably 5'"},
    {KEY("type: switch, range: 1-2, " REST), ":2: g.[].k: a range for a type without one"},
    {KEY("type: number, range: 1-9, default: 10, " REST), ":2: g.[].k: its own type does not take the default '10'"},
    {KEY("type: number, default: ten, " REST), ":2: g.[].k: its own type does not take the default 'ten'"},
    {KEY("type: switch, default: on, " REST), ":2: g.[].k: its own type does not take the default 'on'"},
    {KEY("type: ipv4-prefix, default: 10.0.0.1, " REST), ":2: g.[].k: its own type does not take the default '10.0.0.1'"},
    {KEY("type: ipv4-prefix, default: 10.0.0.1/33, " REST), ":2: g.[].k: its own type does not take the default '10.0.0.1/33'"},
    {KEY("type: interface, default: eth0, " REST), ":2: g.[].k: its own type does not take the default 'eth0'"},
    {KEY("type: keyword, words: [a], default: b, " REST), ":2: g.[].k: its own type does not take the default 'b'"},
    {KEY("type: number, excludes: [\"g.[].x\"], " REST), ":2: g.[].k: 'g.[].x' is no key of its group"},
    {KEY("type: number, deprecated-for: nothing, " REST), ":2: g.[].k: no key 'nothing'"},
    {KEY("type: number, " REST) "g.[].k: {type: number, " REST "}\n", ":3: g.[].k is there already, in "},
    {KEY("type: number, " REST) "g.k: {type: number, " REST "}\n", ":3: g.k: the same id as g.[].k"},
    {"h.[].k: {type: number, " REST "}\n", ":1: h.[].k: no group h.[]"},
    {"h.k: {type: group, " REST "}\n", ":1: h.k: a group ends in []"},
    {"H.k: {type: number, " REST "}\n", ":1: H.k: not a path"},
    {"h..k: {type: number, " REST "}\n", ":1: h..k: not a path"},
    {"h.: {type: number, " REST "}\n", ":1: h.: not a path"},
    {"h k: {type: number, " REST "}\n", ":1: h k: not a path"},
    {"g.[]: {type: group, max: many, " REST "}\n", ":1: g.[]: max is a number"},
    {"g.[]: {type: group, range: 1-2, " REST "}\n", ":1: g.[]: an option that a group does not take"},
};

/* Runs keygen on a text; returns its exit status and what it said. */
static int
run_keygen(const char *yaml, char *said, size_t size)
{
    char name[] = "/tmp/seilc-keys-XXXXXX", command[256];
    int fd = mkstemp(name);
    size_t len;
    FILE *pipe;
    int status;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, yaml, strlen(yaml)), strlen(yaml));
    close(fd);
    snprintf(command, sizeof(command), "%s --table %s 2>&1", getenv("KEYGEN") ? getenv("KEYGEN") : "build/keygen", name);
    pipe = popen(command, "r");
    assert_non_null(pipe);
    len = fread(said, 1, size - 1, pipe);
    said[len] = '\0';
    status = pclose(pipe);
    unlink(name);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
test_mistakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char said[4096];
        int status = run_keygen(cases[i].yaml, said, sizeof(said));

        if (status != (cases[i].message != NULL) || (cases[i].message && !strstr(said, cases[i].message)))
            fail_msg("status %d for %sit said: %s", status, cases[i].yaml, said);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mistakes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
