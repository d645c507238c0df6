/* test_format.c - the canonical layout: order, spelling, and that a config says the same before and after. */
#include "front.h"

#include <dirent.h>

#include "format.h"

/* What a text becomes; NULL when it is refused, with the findings in front->diag. */
static const char *
format_text(struct front *front, const char *bytes, size_t len)
{
    struct text out = {"", 0};

    memset(front, 0, sizeof(*front));
    arena_init(&front->arena);
    diag_init(&front->diag, &front->arena);
    front->source = source_of(&front->arena, "test.seil", bytes, len);
    if (!format_config(&front->arena, front->source, &front->diag, &out)) {
        assert_true(front->diag.count > 0);
        diag_sort(&front->diag);
        return NULL;
    }
    assert_int_equal(front->diag.count, 0);
    return arena_copy(&front->arena, out.bytes, out.len);
}

static const struct {
    const char *text;
    const char *want;       /* NULL: refused */
    const char *findings;
} cases[] = {
    {"", "", ""},
    {"\n \t\r\n\n", "", ""},
    /* the separator, blanks, line ends */
    {"hostname:a", "hostname : a\n", ""},
    {" \thostname\t \t:\t a \t\r\n", "hostname : a\n", ""},
    /* quotes where they are needed, and only there */
    {"hostname: \"a\"", "hostname : a\n", ""},
    {"hostname: \"\"", "hostname : \"\"\n", ""},
    {"hostname: a b", "hostname : \"a b\"\n", ""},
    {"hostname: a\\b", "hostname : \"a\\\\b\"\n", ""},
    {"hostname: it's", "hostname : \"it's\"\n", ""},
    {"hostname: \"a\\\"b\"", "hostname : \"a\\\"b\"\n", ""},
    {"hostname: \"a\\nb\"", "hostname : \"a\\nb\"\n", ""},
    {"hostname: a:b", "hostname : a:b\n", ""},
    /* values keep their spelling */
    {"dhcp6.client.0.prefix-delegation.0.sla-id: 0x0001", "dhcp6.client.0.prefix-delegation.0.sla-id : 0x0001\n", ""},
    {"resolver.1.address:2001:DB8:0::0001", "resolver.1.address : 2001:DB8:0::0001\n", ""},
    /* sections, entries by number, keys of an entry */
    {"vrrp.vrouter.0.vrid:1\noption.timezone:JST\nhostname:a",
     "hostname : a\n\noption.timezone : JST\n\nvrrp.vrouter.0.vrid : 1\n", ""},
    {"resolver.10.address:192.0.2.10\nresolver.9.address:192.0.2.9\nresolver.service:enable",
     "resolver.service : enable\nresolver.9.address : 192.0.2.9\nresolver.10.address : 192.0.2.10\n", ""},
    {"vrrp.vrouter.0.watch.interface:ge0\nvrrp.vrouter.0.vrid:1\nvrrp.vrouter.0.interface:ge1",
     "vrrp.vrouter.0.interface : ge1\nvrrp.vrouter.0.vrid : 1\nvrrp.vrouter.0.watch.interface : ge0\n", ""},
    {"interface.tunnel0.mtu:1460\ninterface.ge10.mtu:1500\ninterface.ge2.mtu:1500",
     "interface.ge2.mtu : 1500\n\ninterface.ge10.mtu : 1500\n\ninterface.tunnel0.mtu : 1460\n", ""},
    {"interface.ge1p3.media:auto\ninterface.ge1p0.media:auto\ninterface.ge1.mtu:1500",
     "interface.ge1.mtu : 1500\ninterface.ge1p0.media : auto\ninterface.ge1p3.media : auto\n", ""},
    /* a leaf that is a branch too */
    {"filter.ipv4.1.state.ttl:30\nfilter.ipv4.1.state:enable", "filter.ipv4.1.state : enable\nfilter.ipv4.1.state.ttl : 30\n",
     ""},
    /* short entries stand together, long ones apart */
    {"route.ipv4.1.gateway:ge1\nroute.ipv4.0.gateway:ge0\nroute.ipv4.0.destination:default",
     "route.ipv4.0.destination : default\nroute.ipv4.0.gateway : ge0\nroute.ipv4.1.gateway : ge1\n", ""},
    {"vrrp.vrouter.1.vrid:2\nvrrp.vrouter.0.vrid:1\nvrrp.vrouter.0.interface:ge1\nvrrp.vrouter.0.address:192.0.2.1\n"
     "vrrp.vrouter.0.priority:99",
     "vrrp.vrouter.0.interface : ge1\nvrrp.vrouter.0.vrid : 1\nvrrp.vrouter.0.address : 192.0.2.1\n"
     "vrrp.vrouter.0.priority : 99\n\nvrrp.vrouter.1.vrid : 2\n", ""},
    /* what is wrong but has its place stays */
    {"hostname:", "hostname :\n", ""},
    {"hostname : \nhostname:a", "hostname :\nhostname : a\n", ""},
    {"option.timezone:JST\nhostname:b\nhostname:a", "hostname : b\nhostname : a\n\noption.timezone : JST\n", ""},
    {"interface.ge0.mtu:lots", "interface.ge0.mtu : lots\n", ""},
    {"interface.loopback0.ipv4.address:***.***.***.***/32", "interface.loopback0.ipv4.address : ***.***.***.***/32\n", ""},
    {"interface.ge0.ipv4.address:${ADDRESS}", "interface.ge0.ipv4.address : ${ADDRESS}\n", ""},
    {"route.ipv4.0.keepalive:enable", "route.ipv4.0.keepalive : enable\n", ""},
    /* what has none is refused */
    {"hostname:a\nhostnam:b", NULL, "2:1 unknown-key"},
    {"hostname:a\nhostnam:", NULL, "2:1 unknown-key"},
    {"vrrp.vrouter.00.vrid:1", NULL, "1:14 bad-index"},
    {"vrrp.vrouter.0:1", NULL, "1:1 unknown-key"},
    {"hostname:a\n# a comment\nhostname b", NULL, "2:3 bad-line; 3:10 bad-line"},
    {"hostname:\"a", NULL, "1:10 bad-quoting"},
    {"hostname:\xe3\x81\x82", NULL, "1:10 bad-byte"},
};

static void
test_layout(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct front front, again;
        const char *got = format_text(&front, cases[i].text, strlen(cases[i].text));

        assert_string_equal(front_findings(&front), cases[i].findings);
        assert_string_equal(got ? got : "refused", cases[i].want ? cases[i].want : "refused");
        if (got) {
            assert_string_equal(format_text(&again, got, strlen(got)), got);
            front_free(&again);
        }
        front_free(&front);
    }
}

/* A NUL byte is one of those that no config may hold. */
static void
test_nul(void **state)
{
    struct front front;

    (void)state;
    assert_null(format_text(&front, "hostname:a\0b\n", 13));
    front_free(&front);
}

static const struct {
    const char *before, *after;
    bool same;
} pairs[] = {
    {"hostname:a", "hostname : a\n", true},
    {"hostname:a", "hostname : \"a\"\n", true},
    {"hostname:a\noption.timezone:JST", "option.timezone:JST\nhostname:a", true},
    {"hostname:a", "hostname:b", false},
    {"hostname:a", "", false},
    {"hostname:a", "hostname:", false},
    {"hostname:\"\"", "hostname:", false},
    {"hostname:a", "hostname:a\noption.timezone:JST", false},
    {"hostname:a\nhostname:b", "hostname:a\nhostname:a", false},
    {"hostname:a\nhostname:b", "hostname:b\nhostname:a", false},
    {"interface.ge0.mtu:1500", "interface.ge1.mtu:1500", false},
    {"interface.ge0.ipv4.address:***/32", "interface.ge0.ipv4.address:***/24", false},
    {"resolver.1.address:2001:db8::1", "resolver.1.address:2001:db8:0::1", false},  /* the same tree, but rewritten */
};

static void
test_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct arena arena;
        const char *before = pairs[i].before, *after = pairs[i].after;

        arena_init(&arena);
        assert_int_equal(format_same(&arena, source_of(&arena, "a", before, strlen(before)),
                                     source_of(&arena, "b", after, strlen(after))),
                         pairs[i].same);
        arena_free(&arena);
    }
}

/* Every key has a section, every section has keys, and the keys of a section stand together. */
static void
test_sections(void **state)
{
    size_t *used = calloc(format_section_count + 1, sizeof(*used));

    (void)state;
    assert_non_null(used);
    for (unsigned key = 1; key < KEY_COUNT; key++) {
        size_t section = format_section(&key_defs[key]);

        if (section == format_section_count)
            fail_msg("%s is in no section", key_defs[key].path);
        used[section]++;
    }
    for (size_t i = 0; i < format_section_count; i++)
        assert_true(used[i] > 0);
    free(used);
}

/* Branches hold together in the order of ranks: what begins like its group stands in one run. */
static void
test_ranks(void **state)
{
    unsigned *by_rank = calloc(KEY_COUNT, sizeof(*by_rank));

    (void)state;
    assert_non_null(by_rank);
    for (unsigned key = 1; key < KEY_COUNT; key++) {
        assert_in_range(key_defs[key].rank, 1, KEY_COUNT - 1);
        assert_int_equal(by_rank[key_defs[key].rank], 0);
        by_rank[key_defs[key].rank] = key;
    }
    for (unsigned key = 1; key < KEY_COUNT; key++) {
        size_t len = strlen(key_defs[key].path);
        unsigned below = 0, rank = key_defs[key].rank;

        if (!key_defs[key].is_group)
            continue;
        for (unsigned other = 1; other < KEY_COUNT; other++)
            below += !strncmp(key_defs[other].path, key_defs[key].path, len) && key_defs[other].path[len] == '.';
        for (unsigned i = 1; i <= below; i++)
            assert_memory_equal(key_defs[by_rank[rank + i]].path, key_defs[key].path, len);
    }
    free(by_rank);
}

/* --- the law: the same typed tree, whatever the config --- */

static char *
read_file(const char *name, size_t *len)
{
    FILE *in = fopen(name, "rb");
    char *bytes = NULL;
    size_t size = 0;

    assert_non_null(in);
    for (*len = 0; *len == size; *len += fread(bytes + *len, 1, size - *len, in)) {
        size += 65536;
        bytes = realloc(bytes, size);
        assert_non_null(bytes);
    }
    fclose(in);
    return bytes;
}

/* Lays out once, and again; format_config() itself refuses what does not say the same.  Returns whether it was laid out. */
static bool
check_law(const char *bytes, size_t len)
{
    struct front front, again;
    const char *got = format_text(&front, bytes, len);

    if (got) {
        const struct source *after = source_of(&front.arena, "after", got, strlen(got));
        const char *twice = format_text(&again, got, strlen(got));

        assert_non_null(twice);
        assert_string_equal(twice, got);
        assert_true(format_same(&front.arena, front.source, after));
        front_free(&again);
    }
    for (size_t i = 0; i < front.diag.count; i++)
        assert_null(strstr(front.diag.findings[i]->message, "internal: "));
    front_free(&front);
    return got != NULL;
}

static void
check_files(const char *directory, const char *suffix)
{
    DIR *dir = opendir(directory);
    struct dirent *entry;
    size_t count = 0;

    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        const char *end = strlen(entry->d_name) < strlen(suffix) ? "" : entry->d_name + strlen(entry->d_name) - strlen(suffix);
        char name[1024];
        size_t len;
        char *bytes;

        if (entry->d_name[0] == '.' || strcmp(end, suffix) != 0)
            continue;
        snprintf(name, sizeof(name), "%s/%s", directory, entry->d_name);
        bytes = read_file(name, &len);
        check_law(bytes, len);
        free(bytes);
        count++;
    }
    closedir(dir);
    assert_true(count > 0);
}

static void
test_configs(void **state)
{
    (void)state;
    check_files("examples", ".seil");
    check_files("tests/golden", ".seil");
    check_files("tests/lint/cases", ".seil");
    check_files("tests/lint/clean", ".seil");
    check_files("tests/fuzz/corpus/plan", "");
    check_files("tests/fuzz/corpus/format", "");
}

/* The vendor's real lines: each alone, all at once, and shuffled, which must not matter. */
static void
test_real_lines(void **state)
{
    size_t len, count = 0;
    char *bytes = read_file("tests/golden/real-lines.txt", &len);
    char *lines[2000], *shuffled = malloc(len + 1), *to = shuffled;
    uint32_t random = 1;

    (void)state;
    assert_non_null(shuffled);
    check_law(bytes, len);
    for (char *p = bytes; p < bytes + len && count < COUNT(lines); p = strchr(p, '\n') + 1)
        lines[count++] = p;
    for (size_t i = 0; i < count; i++)
        assert_true(check_law(lines[i], (size_t)(strchr(lines[i], '\n') - lines[i]) + 1));
    for (size_t i = count; i > 0; i--) {
        size_t chosen, size;

        random = random * 1103515245u + 12345u;
        chosen = (random >> 8) % i;
        size = (size_t)(strchr(lines[chosen], '\n') - lines[chosen]) + 1;
        memcpy(to, lines[chosen], size);
        to += size;
        lines[chosen] = lines[i - 1];
    }
    check_law(shuffled, len);
    free(shuffled);
    free(bytes);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout), cmocka_unit_test(test_nul), cmocka_unit_test(test_same),
        cmocka_unit_test(test_sections), cmocka_unit_test(test_ranks), cmocka_unit_test(test_configs),
        cmocka_unit_test(test_real_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
