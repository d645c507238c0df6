/* test_backend.c - the table of backends, and the spellings that they share. */
#include "emitted.h"
#include "hostile.h"

static void
table(void **state)
{
    const struct backend *backend;
    size_t count = 0;

    (void)state;
    for (backend = backends; backend->name; backend++, count++) {
        assert_ptr_equal(backend_find(backend->name), backend);
        assert_true(*backend->doc);
    }
    assert_int_equal(count, 12);
    assert_null(backend_find("networkd"));
    assert_null(backend_find(""));
}

/* Each file knows its backend; an empty plan makes only what is alike on every router. */
static void
empty_plan(void **state)
{
    struct plan plan = {0};
    size_t i;

    (void)state;
    backend_emit_all(&plan, &output);
    assert_int_equal(diag.count, 0);
    for (i = 0; i < output.count; i++)
        assert_true(strcmp(output.files[i]->backend, "runtime") == 0 ||
                    strcmp(output.files[i]->backend, "systemd") == 0);
    assert_null(output.backend);
}

static void
one_backend(void **state)
{
    struct plan_sysctl sysctl = {"net.ipv4.ip_forward", "1", NULL, NULL};
    struct plan plan = {.sysctls = &sysctl, .sysctl_count = 1};

    (void)state;
    backend_emit(backend_find("sysctl"), &plan, &output);
    assert_int_equal(output.count, 1);
    assert_string_equal(output.files[0]->backend, "sysctl");
}

/* RFC 5952, and interface ids without the IPv4-compatible form. */
static void
ipv6_spellings(void **state)
{
    static const struct {
        const char *text, *spelt;
    } cases[] = {
        {"::",                       "::"                    },
        {"::1",                      "::1"                   },
        {"::feed",                   "::feed"                },
        {"::1:2",                    "::1:2"                 },
        {"::c0a8:102",               "::c0a8:102"            },
        {"::ffff:192.0.2.1",         "::ffff:192.0.2.1"      },
        {"2001:DB8:0:0:0:0:0:1",     "2001:db8::1"           },
        {"2001:db8:0:1:1:1:1:1",     "2001:db8:0:1:1:1:1:1"  },
        {"2001:0:0:1:0:0:0:1",       "2001:0:0:1::1"         },
        {"fe80::5e:c0a8:102",        "fe80::5e:c0a8:102"     },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct in6_addr binary = ipv6(cases[i].text);

        assert_string_equal(spell_ipv6(&arena, &binary), cases[i].spelt);
    }
}

static void
other_spellings(void **state)
{
    static const uint8_t mac[6] = {0x02, 0, 0xab, 0xcd, 0xef, 0x0a};
    struct plan_address v4 = address("192.0.2.1", 24, NULL);
    struct plan_address v6 = address("2001:db8::", 32, NULL);
    struct plan_ipv4_prefix v4_prefix = {ipv4("10.0.0.0"), 8, NULL};
    struct plan_ipv6_prefix v6_prefix = {ipv6("fd00::"), 8, NULL};

    (void)state;
    assert_string_equal(spell_address(&arena, &v4), "192.0.2.1");
    assert_string_equal(spell_prefix(&arena, &v4), "192.0.2.1/24");
    assert_string_equal(spell_address(&arena, &v6), "2001:db8::");
    assert_string_equal(spell_prefix(&arena, &v6), "2001:db8::/32");
    assert_string_equal(spell_ipv4_prefix(&arena, &v4_prefix), "10.0.0.0/8");
    assert_string_equal(spell_ipv6_prefix(&arena, &v6_prefix), "fd00::/8");
    assert_string_equal(spell_mac(&arena, mac), "02:00:ab:cd:ef:0a");
}

static void
domains(void **state)
{
    char longest[256];
    size_t i;

    (void)state;
    for (i = 0; i < HOSTILE_COUNT; i++) {
        struct text text = {hostile_names[i].bytes, hostile_names[i].len};

        if (spell_domain(&arena, text))
            fail_msg("taken for a domain: %s", hostile_names[i].bytes);
    }
    for (i = 0; i < PLAIN_COUNT; i++)
        assert_string_equal(spell_domain(&arena, text_of(plain_names[i])), plain_names[i]);
    assert_non_null(spell_domain(&arena, text_of("_service._tcp.example.")));
    for (i = 0; i < 255; i++)
        longest[i] = i % 10 == 9 ? '.' : 'a';
    assert_non_null(spell_domain(&arena, (struct text){longest, 253}));
    assert_null(spell_domain(&arena, (struct text){longest, 254}));
    longest[253] = '.';
    assert_non_null(spell_domain(&arena, (struct text){longest, 254}));
    assert_null(spell_domain(&arena, (struct text){longest, 255}));
}

static void
links_of_a_port(void **state)
{
    struct plan_alias aliases[] = {{"ge1", "vrrp4.1"}, {"ge2", "vrrp4.2"}, {"ge1", "vrrp6.61"}};
    struct plan plan = {.aliases = aliases, .alias_count = 3};
    const char *const *links;

    (void)state;
    assert_int_equal(spell_links(&plan, "ge1", &arena, &links), 3);
    assert_string_equal(links[0], "ge1");
    assert_string_equal(links[1], "vrrp4.1");
    assert_string_equal(links[2], "vrrp6.61");
    assert_int_equal(spell_links(&plan, "ge0", &arena, &links), 1);
    assert_string_equal(links[0], "ge0");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(table),           TEST(empty_plan), TEST(one_backend),     TEST(ipv6_spellings),
        TEST(other_spellings), TEST(domains),    TEST(links_of_a_port),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
