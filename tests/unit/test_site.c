/* test_site.c - site files: what is taken, and where it says what is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "document.h"
#include "site.h"

static struct arena arena;
static struct diag diag;
static struct site site;
static char directory[] = "/tmp/test_site.XXXXXX";

/* ---- a directory with configs: site/a.seil, site/sub/b.seil, outside.seil, and links ---- */

static void
touch(const char *name)
{
    FILE *file = fopen(name, "w");

    assert_non_null(file);
    fputs("hostname : a\n", file);
    fclose(file);
}

static int
make_directory(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(directory));
    assert_int_equal(chdir(directory), 0);
    assert_int_equal(mkdir("site", 0755) | mkdir("site/sub", 0755), 0);
    touch("site/a.seil");
    touch("site/sub/b.seil");
    touch("outside.seil");
    assert_int_equal(symlink("../outside.seil", "site/leak.seil"), 0);
    assert_int_equal(symlink("a.seil", "site/alias.seil"), 0);
    assert_int_equal(symlink("..", "site/up"), 0);
    return 0;
}

static int
remove_directory(void **state)
{
    (void)state;
    unlink("site/a.seil");
    unlink("site/sub/b.seil");
    unlink("outside.seil");
    unlink("site/leak.seil");
    unlink("site/alias.seil");
    unlink("site/up");
    return rmdir("site/sub") | rmdir("site") | chdir("/") | rmdir(directory);
}

static int
begin(void **state)
{
    (void)state;
    arena_init(&arena);
    diag_init(&diag, &arena);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void
parse(const char *text)
{
    diag_init(&diag, &arena);
    site_parse(&arena, source_of(&arena, "site/site.yaml", text, strlen(text)), &diag, &site);
    site_check(&site, &diag);
    diag_sort(&diag);
}

/* "LINE:COLUMN finding-name: message" of a finding. */
static const char *
describe(const struct finding *finding)
{
    unsigned line = 0, column = 0;

    if (finding->place.source)
        source_locate(&finding->place, &line, &column);
    return arena_printf(&arena, "%u:%u %s: %s", line, column, finding_defs[finding->id].name,
                        finding->message);
}

/* ---- what is taken ---- */

static void
whole_site(void **state)
{
    const struct site_router *router;

    (void)state;
    parse("# a comment\n"
          "site: kanda\n"
          "target: debian13\n"
          "deviations: {ra-deprecate: off}\n"
          "lint:\n"
          "  allow: {wan-ipv6-open: \"filtered elsewhere\"}\n"
          "routers:\n"
          "  flets:\n"
          "    config: a.seil\n"
          "    interfaces:\n"
          "      ge0: eth0\n"
          "      ge1: {mac: 02:00:5E:10:00:01, name: lan0}\n"
          "      ge2: {mac: 02:00:5e:10:00:02}\n"
          "    set:\n"
          "      interface.loopback0.ipv4.address: 198.51.100.7/32\n"
          "      hostname: 'x: y'\n"
          "  starlink: {config: ./sub/../sub/b.seil}\n");
    assert_int_equal(diag.count, 0);
    assert_string_equal(site.name, "kanda");
    assert_int_equal(site.target, TARGET_DEBIAN13);
    assert_false(site.deviations.ra_deprecate);
    assert_true(site.deviations.wait_for_upstream);
    assert_int_equal(site.lint.allow_count, 1);
    assert_int_equal(site.lint.allows[0].finding, FINDING_WAN_IPV6_OPEN);
    assert_string_equal(site.lint.allows[0].reason, "filtered elsewhere");
    assert_int_equal(site.router_count, 2);
    router = &site.routers[0];
    assert_string_equal(router->config, "site/a.seil");
    assert_string_equal(router->label, "a.seil");
    assert_int_equal(router->mapping_count, 3);
    assert_string_equal(router->mappings[0].linux_name, "eth0");
    assert_string_equal(router->mappings[1].linux_name, "lan0");
    assert_memory_equal(router->mappings[1].mac, "\x02\x00\x5e\x10\x00\x01", 6);
    assert_string_equal(router->mappings[2].linux_name, "ge2");
    assert_true(router->mappings[2].by_mac);
    assert_int_equal(router->override_count, 2);
    assert_int_equal(router->overrides[1].value.len, 4);
    assert_memory_equal(router->overrides[1].value.bytes, "x: y", 4);
    assert_string_equal(site.routers[1].config, "site/./sub/../sub/b.seil");
}

/* The place of an override is in the site file, also behind characters of several bytes. */
static void
places(void **state)
{
    struct text text;

    (void)state;
    parse("site: a # \xe3\x82\xb5\xe3\x82\xa4\xe3\x83\x88\nrouters:\n  r:\n    config: a.seil\n"
          "    set:\n      hostname: tokyo\n");
    assert_int_equal(diag.count, 0);
    text = source_text(&site.routers[0].overrides[0].value_place);
    assert_int_equal(text.len, 5);
    assert_memory_equal(text.bytes, "tokyo", 5);
    text = source_text(&site.routers[0].overrides[0].key_place);
    assert_memory_equal(text.bytes, "hostname", 8);
}

/* ---- what is not ---- */

#define HEAD "site: s\nrouters:\n  r:\n    config: a.seil\n"

static const struct {
    const char *text;
    const char *first;              /* the first finding begins so */
    size_t count;
} bad[] = {
    /* YAML itself */
    {"", "1:1 bad-site: expected a mapping, not nothing", 1},
    {"# nothing\n", "1:1 bad-site: expected a mapping, not nothing", 1},
    {"[1, 2]\n", "1:1 bad-site: expected a mapping, not a list", 1},
    {"site\n", "1:1 bad-site: expected a mapping, not one word or text", 1},
    {"site: [\n", "2:1 bad-site: not YAML: ", 1},
    {"site: s\n\tx: y\n", "2:1 bad-site: not YAML: ", 1},
    {"site: \"\\x01\n", "", 1},
    {"site: \x01\n", "1:7 bad-site: not YAML: control characters are not allowed", 1},
    {"site: \xff\n", "1:7 bad-site: not YAML: ", 1},
    {HEAD "---\n" HEAD, "5:1 bad-site: a site file is one document, not several", 1},
    {"%TAG ! tag:x,2000:\n---\n" HEAD, "1:1 bad-site: a site file has no %TAG", 1},
    {"site: &a s\nrouters: {r: {config: a.seil}}\n",
     "1:7 bad-site: a site file has no anchors (&)", 1},
    {"site: !!str s\nrouters: {r: {config: a.seil}}\n",
     "1:7 bad-site: a site file has no tags (!)", 1},
    {"a: &x [1]\nb: [*x, *x]\n" HEAD, "1:1 bad-site: a site file has no such key here", 5},
    {HEAD "    <<: {config: a.seil}\n", "5:5 bad-site: a site file has no such key here", 1},
    {"a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}\n",
     "1:32 bad-site: a site file nested deeper than 8 levels", 1},
    {"? [a]\n: b\n" HEAD, "1:3 bad-site: expected a word as the key", 1},
    {"? \n: b\n" HEAD, "1:2 bad-site: expected a word as the key", 1},
    {"site: s\nsite: t\nrouters: {r: {config: a.seil}}\n", "2:1 bad-site: the same key twice", 1},
    /* keys and types */
    {"routers: {r: {config: a.seil}}\n", "1:1 bad-site: expected a key 'site' here", 1},
    {"site: s\n", "1:1 bad-site: expected a key 'routers' here", 1},
    {"site: s\nrouters: {}\n", "2:10 bad-site: expected at least one router", 1},
    {"site: s\nrouters: {r: }\n", "2:14 bad-site: expected a mapping, not nothing", 1},
    {"site: s\nrouters: {r: {}}\n", "2:14 bad-site: expected a key 'config' here", 1},
    {"site: a b\nrouters: {r: {config: a.seil}}\n", "1:7 bad-site: expected a site's name", 1},
    {"site: ../x\nrouters: {r: {config: a.seil}}\n", "1:7 bad-site: expected a site's name", 1},
    {"site: s\nrouters: {../r: {config: a.seil}}\n", "2:11 bad-site: expected a router's name", 1},
    {"site: s\nrouters: {R: {config: a.seil}}\n", "2:11 bad-site: expected a router's name", 1},
    {"site: s\nrouters: {-r: {config: a.seil}}\n", "2:11 bad-site: expected a router's name", 1},
    {"site: s\ntarget: debian11\nrouters: {r: {config: a.seil}}\n",
     "2:9 bad-site: expected debian12 or debian13", 1},
    {HEAD "deviations: {ra-deprecate: never}\n", "5:28 bad-site: expected on or off", 1},
    {HEAD "deviations: {ra-depricate: off}\n",
     "5:14 bad-site: a site file has no such key here", 1},
    {HEAD "lint: {allow: {Bad Name: x}}\n", "5:16 unknown-finding: no finding is called so", 1},
    {HEAD "lint: {allow: {duplicate-key: }}\n",
     "5:31 bad-site: expected one word or text, not nothing", 1},
    {HEAD "lint: {allow: {duplicate-key: ''}}\n", "5:31 bad-site: expected the reason", 1},
    {HEAD "    set: {hostname: [a]}\n", "5:21 bad-site: expected one word or text, not a list", 1},
    {HEAD "    set: {hostname: }\n", "5:21 bad-site: expected one word or text, not nothing", 1},
    {HEAD "    set: {hostname: \"a\\nb\"}\n", "5:21 bad-site: expected a value of one line", 1},
    {HEAD "    set: {\"host\\0name\": a}\n", "5:11 bad-site: expected a key of a config", 1},
    /* configs */
    {"site: s\nrouters: {r: {config: none.seil}}\n",
     "2:23 cannot-read: cannot read site/none.seil: No such file", 1},
    {"site: s\nrouters: {r: {config: /etc/passwd}}\n", "2:23 bad-site: expected a config below", 1},
    {"site: s\nrouters: {r: {config: ../outside.seil}}\n",
     "2:23 bad-site: expected a config below", 1},
    {"site: s\nrouters: {r: {config: sub/../../outside.seil}}\n",
     "2:23 bad-site: expected a config below", 1},
    {"site: s\nrouters: {r: {config: leak.seil}}\n",
     "2:23 bad-site: expected a config below the directory of the site file: a link", 1},
    {"site: s\nrouters: {r: {config: up/outside.seil}}\n",
     "2:23 bad-site: expected a config below the directory of the site file: a link", 1},
    {"site: s\nrouters: {r: {config: sub}}\n", "2:23 bad-site: expected a file", 1},
    {"site: s\nrouters: {r: {config: \"a.seil\\0\"}}\n",
     "2:23 bad-site: expected the path of a config", 1},
    {"site: s\nrouters: {r: {config: ''}}\n", "2:23 bad-site: expected the path of a config", 1},
    /* interfaces */
    {HEAD "    interfaces: {ge: eth0}\n", "5:18 bad-site: expected a SEIL interface", 1},
    {HEAD "    interfaces: {eth0: ge0}\n", "5:18 bad-site: expected a SEIL interface", 1},
    {HEAD "    interfaces: {ge00: eth0}\n", "5:18 bad-site: expected a SEIL interface", 1},
    {HEAD "    interfaces: {ge0: abcdefghijklmnop}\n",
     "5:23 bad-site: expected a Linux interface name: 1 to 15", 1},
    {HEAD "    interfaces: {ge0: ..}\n",
     "5:23 bad-site: expected a Linux interface name that begins", 1},
    {HEAD "    interfaces: {ge0: -x}\n",
     "5:23 bad-site: expected a Linux interface name that begins", 1},
    {HEAD "    interfaces: {ge0: a/b}\n",
     "5:23 bad-site: expected a Linux interface name: 1 to 15", 1},
    {HEAD "    interfaces: {ge0: \"a\\0b\"}\n",
     "5:23 bad-site: expected a Linux interface name: 1 to 15", 1},
    {HEAD "    interfaces: {ge0: lo}\n", "5:23 bad-site: expected another Linux interface name", 1},
    {HEAD "    interfaces: {ge0: all}\n",
     "5:23 bad-site: expected another Linux interface name", 1},
    {HEAD "    interfaces: {ge0: vrrp4.1}\n",
     "5:23 bad-site: expected another Linux interface name", 1},
    {HEAD "    interfaces: {ge0: eth0, ge1: eth0}\n",
     "5:34 bad-site: two interfaces of a router with the same Linux name", 1},
    {HEAD "    interfaces: {ge0: ge1}\n", "5:23 bad-site: the SEIL's own ge1 is called so too", 1},
    {HEAD "    interfaces: {ge0: {mac: 02:00:5e:10:00}}\n",
     "5:29 bad-site: expected a MAC address", 1},
    {HEAD "    interfaces: {ge0: {mac: 03:00:5e:10:00:01}}\n",
     "5:29 bad-site: expected the MAC address of one port", 1},
    {HEAD "    interfaces: {ge0: {mac: 00:00:00:00:00:00}}\n",
     "5:29 bad-site: expected the MAC address of a port", 1},
    {HEAD "    interfaces: {ge0: {name: lan0}}\n", "5:23 bad-site: expected a key 'mac' here", 1},
    {HEAD "    interfaces: {ge0: {mac: 02:00:5e:10:00:01, speed: 1}}\n",
     "5:48 bad-site: expected mac or name", 1},
    {HEAD "    interfaces: {tunnel0: {mac: 02:00:5e:10:00:01}}\n",
     "5:33 bad-site: expected a Linux name: only a port", 1},
    {HEAD "    interfaces: {ge0: {mac: 02:00:5e:10:00:01}, ge1: {mac: 02:00:5E:10:00:01}}\n",
     "5:54 bad-site: two interfaces of a router with the same MAC address", 1},
};

static void
bad_sites(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *said;

        parse(bad[i].text);
        said = diag.count ? describe(diag.findings[0]) : "nothing";
        if (diag.count != bad[i].count || strncmp(said, bad[i].first, strlen(bad[i].first)) != 0)
            fail_msg("case %zu\n%s\nexpected %zu: %s\ngot %zu: %s", i, bad[i].text, bad[i].count,
                     bad[i].first, diag.count, said);
    }
}

static void
suggestions(void **state)
{
    (void)state;
    parse("site: s\nrouter: {r: {config: a.seil}}\n");
    assert_int_equal(diag.count, 2);
    assert_non_null(diag.findings[1]->notes);
    assert_string_equal(diag.findings[1]->notes->message, "did you mean 'routers'?");
}

/* Every repeated key is told of, in time that does not grow with its square. */
static void
many_keys(void **state)
{
    enum { COUNT = 20000 };
    char *text = arena_alloc(&arena, COUNT * 24 + 200), *at = text;
    size_t i;

    (void)state;
    at += sprintf(at, HEAD "    set:\n");
    for (i = 0; i < COUNT; i++)
        at += sprintf(at, "      key.%zu: a\n", i / 2);
    parse(text);
    assert_int_equal(diag.counts[SEV_ERROR], COUNT / 2);
    assert_int_equal(site.routers[0].override_count, COUNT / 2);
}

static void
too_much(void **state)
{
    char *text = arena_alloc(&arena, DOCUMENT_MAX + 2);

    (void)state;
    memset(text, '#', DOCUMENT_MAX + 1);
    parse(text);
    assert_string_equal(describe(diag.findings[0]), "1:1 bad-site: a site file larger than 4 MiB");
    memset(text, ' ', DOCUMENT_MAX + 1);
    memset(text, '[', 3000000);
    parse(text);
    assert_int_equal(diag.count, 1);
    for (size_t i = 0; i < 400000; i++)
        memcpy(text + 2 * i, "x\n", 2);
    memcpy(text, "a: [", 4);
    for (size_t i = 2; i < 200000; i++)
        memcpy(text + 2 * i, "1,", 2);
    text[400000] = '\0';
    parse(text);
    assert_string_equal(finding_defs[diag.findings[0]->id].name, "bad-site");
    assert_non_null(strstr(diag.findings[0]->message, "more than 100000 parts"));
}

/* ---- one config, options ---- */

static void
lone_config(void **state)
{
    static const struct {
        const char *path, *name;
    } cases[] = {
        {"flets.seil", "flets"},
        {"a/b/My Router.txt", "my-router"},
        {"-", "router"},
        {".seil", "router"},
        {"a/", "router"},
        {"\xe3\x82\xb5x", "x"},
        {"---x---.y", "x"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        site_of_config(&arena, cases[i].path, &site);
        assert_int_equal(site.router_count, 1);
        assert_string_equal(site.routers[0].name, cases[i].name);
        assert_string_equal(site.routers[0].config, cases[i].path);
    }
}

static void
recognised(void **state)
{
    static const struct {
        const char *name, *text;
        bool site;
    } cases[] = {
        {"a.yaml", "", true},
        {"a.yml", "hostname : a", true},
        {"-", "site: a\n", true},
        {"-", "# x\n\n---\nrouters:\n", true},
        {"-", "\xef\xbb\xbfsite: a\n", true},
        {"a.seil", "hostname : a\n", false},
        {"-", "", false},
        {"-", "# only\n", false},
        {"-", "siteless : x\n", false},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *text = cases[i].text;

        assert_int_equal(site_looks_like(source_of(&arena, cases[i].name, text, strlen(text))),
                         cases[i].site);
    }
}

static const struct source *
option(const char *name, const char *text)
{
    return source_of(&arena, name, text, strlen(text));
}

/* On the first router. */
static const char *
linux_name(enum interface_kind kind, uint32_t unit)
{
    return site_linux_name(&arena, &site.routers[0], (struct interface_name){kind, unit});
}

static void
options(void **state)
{
    const struct site_router *router;

    (void)state;
    parse(HEAD "    interfaces: {ge0: ge0, ge1: ge1}\n    set: {hostname: a}\n"
               "  t: {config: a.seil}\n");
    site_add_override(&arena, option("--set", "hostname=b=c"), NULL, &diag, &site);
    site_add_override(&arena, option("--set", "timezone="), "t", &diag, &site);
    site_add_mapping(&arena, option("--interface", "ge0=ge1"), "r", &diag, &site);
    site_add_mapping(&arena, option("--interface", "ge1=ge0"), "r", &diag, &site);
    site_add_mapping(&arena, option("--interface", "ge2=mac:02:00:5e:10:00:01"), "r", &diag, &site);
    site_add_mapping(&arena, option("--interface", "ge3=wan,mac:02:00:5e:10:00:02"), "r", &diag,
                     &site);
    site_check(&site, &diag);
    assert_int_equal(diag.count, 0);
    router = &site.routers[0];
    assert_int_equal(router->override_count, 1);
    assert_int_equal(router->overrides[0].value.len, 3);
    assert_memory_equal(router->overrides[0].value.bytes, "b=c", 3);
    assert_int_equal(router->mapping_count, 4);
    assert_string_equal(linux_name(KIND_GE, 0), "ge1");
    assert_string_equal(linux_name(KIND_GE, 1), "ge0");
    assert_string_equal(linux_name(KIND_GE, 3), "wan");
    assert_string_equal(linux_name(KIND_TUNNEL, 7), "tunnel7");
    assert_int_equal(site.routers[1].override_count, 2);
}

static const struct {
    bool mapping;
    const char *text;
    const char *said;
} bad_options[] = {
    {false, "hostname", "1:1 bad-option: expected KEY=VALUE"},
    {false, "=x", "1:1 bad-option: expected KEY=VALUE"},
    {false, "", "1:1 bad-option: expected KEY=VALUE"},
    {false, "hostname=a\nb", "1:10 bad-option: expected a value of one line"},
    {true, "ge0", "1:1 bad-option: expected SEIL=LINUX"},
    {true, "eth0=ge0", "1:1 bad-option: expected a SEIL interface"},
    {true, "ge0=", "1:5 bad-option: expected a Linux interface name"},
    {true, "ge0=a b", "1:5 bad-option: expected a Linux interface name"},
    {true, "ge0=mac:", "1:5 bad-option: expected a MAC address"},
    {true, "ge0=wan,02:00:5e:10:00:02", "1:5 bad-option: expected mac: and a MAC address"},
    {true, "tunnel0=mac:02:00:5e:10:00:02", "1:9 bad-option: expected a Linux name: only a port"},
    {true, "ge1=eth0", "1:5 bad-option: two interfaces of a router with the same Linux name"},
};

static void
wrong_options(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad_options) / sizeof(bad_options[0]); i++) {
        const char *text = bad_options[i].text, *expected = bad_options[i].said, *said;

        parse(HEAD "    interfaces: {ge0: eth0}\n");
        if (bad_options[i].mapping)
            site_add_mapping(&arena, option("--interface", text), NULL, &diag, &site);
        else
            site_add_override(&arena, option("--set", text), NULL, &diag, &site);
        site_check(&site, &diag);
        assert_int_equal(diag.count, 1);
        said = describe(diag.findings[0]);
        if (strncmp(said, expected, strlen(expected)) != 0)
            fail_msg("%s: %s", text, said);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(whole_site, begin, end),
        cmocka_unit_test_setup_teardown(places, begin, end),
        cmocka_unit_test_setup_teardown(bad_sites, begin, end),
        cmocka_unit_test_setup_teardown(suggestions, begin, end),
        cmocka_unit_test_setup_teardown(many_keys, begin, end),
        cmocka_unit_test_setup_teardown(too_much, begin, end),
        cmocka_unit_test_setup_teardown(lone_config, begin, end),
        cmocka_unit_test_setup_teardown(recognised, begin, end),
        cmocka_unit_test_setup_teardown(options, begin, end),
        cmocka_unit_test_setup_teardown(wrong_options, begin, end),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
