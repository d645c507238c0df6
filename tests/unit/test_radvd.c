/* test_radvd.c - radvd.conf: its text, its booking, and domains that it cannot hold. */
#include "emitted.h"
#include "hostile.h"

static const char path[] = "etc/radvd.conf";

static void
emit(struct plan_ra *ra, enum target target)
{
    struct plan plan = {.target = target, .ras = ra, .ra_count = 1};

    radvd_emit(&plan, &output);
}

/* On the virtual router's link; the learned prefix is looked up for each advertisement. */
static void
tied_to_vrrp(void **state)
{
    struct plan_ra_prefix prefix = {
        .prefix.from = from(5), .base_link = "ge1", .valid = number(1200, from(6)), .preferred = number(600, from(7)),
        .autonomous = flag(true, NULL), .onlink = flag(true, NULL),
    };
    struct plan_ra ra = {
        .link = "ge1", .send_link = "vrrp6.61", .link_from = from(0), .from_virtual = true, .source = ipv6("fe80::1"),
        .source_from = from(1), .other = flag(true, from(2)), .max_interval = number(10, from(3)),
        .min_interval = number(3, NULL), .prefixes = &prefix, .prefix_count = 1, .from = from(4),
    };

    (void)state;
    emit(&ra, TARGET_DEBIAN12);
    assert_string_equal(emitted(path), "| # Router advertisements. Written by seilc: change the SEIL config, not this file.\n"
                                       "| \n"
                                       "0| # vrrp6.61 is the virtual router's link on ge1.\n"
                                       "0| interface vrrp6.61 {\n"
                                       "4|     AdvSendAdvert on;\n"
                                       "|     IgnoreIfMissing on;\n"
                                       "|     # There on the master alone: a backup keeps silent.\n"
                                       "|     AdvRASrcAddress {\n"
                                       "1|         fe80::1;\n"
                                       "|     };\n"
                                       "3|     MaxRtrAdvInterval 10;\n"
                                       "|     MinRtrAdvInterval 3;\n"
                                       "2|     AdvOtherConfigFlag on;\n"
                                       "| \n"
                                       "|     # Whatever prefix ge1 has at the time of each advertisement.\n"
                                       "5|     prefix ::/64 {\n"
                                       "5|         Base6Interface ge1;\n"
                                       "6|         AdvValidLifetime 1200;\n"
                                       "7|         AdvPreferredLifetime 600;\n"
                                       "|     };\n"
                                       "| };\n");
}

/* radvd 2.19 refuses the word; 2.20 would say goodbye at a restart without it. */
static void
goodbye(void **state)
{
    struct plan_ra ra = {.link = "ge1", .send_link = "vrrp6.61", .from_virtual = true};

    (void)state;
    emit(&ra, TARGET_DEBIAN13);
    assert_non_null(strstr(emitted(path), "    RemoveAdvOnExit off;\n"));
    output.count = 0;
    ra.from_virtual = false;
    emit(&ra, TARGET_DEBIAN13);
    assert_null(strstr(emitted(path), "RemoveAdvOnExit"));
}

static void
everything(void **state)
{
    struct plan_ra_prefix prefix = {
        .prefix = {ipv6("2001:db8:1::"), 64, from(1)}, .valid = number(UINT32_MAX, from(2)),
        .autonomous = flag(false, from(3)), .onlink = flag(false, from(4)),
    };
    struct plan_ra_item dns = {.address = {ipv6("2001:db8::53"), from(5)}, .lifetime = number(90, from(6))};
    struct plan_ra_item domain = {.domain = {text_of("example.jp"), from(7)}};
    struct plan_ra ra = {
        .link = "ge1", .send_link = "ge1", .managed = flag(true, from(8)), .other = flag(false, from(9)),
        .lifetime = number(0, from(10)), .hop_limit = number(32, from(11)), .mtu = number(1420, from(12)),
        .reachable_time = number(123, from(13)), .retrans_timer = number(234, from(14)), .prefixes = &prefix,
        .prefix_count = 1, .dns = &dns, .dns_count = 1, .domains = &domain, .domain_count = 1,
    };

    (void)state;
    emit(&ra, TARGET_DEBIAN12);
    assert_non_null(strstr(emitted(path), "| interface ge1 {\n"
                                          "|     AdvSendAdvert on;\n"
                                          "|     IgnoreIfMissing on;\n"
                                          "10|     AdvDefaultLifetime 0;\n"
                                          "8|     AdvManagedFlag on;\n"
                                          "9|     AdvOtherConfigFlag off;\n"
                                          "11|     AdvCurHopLimit 32;\n"
                                          "12|     AdvLinkMTU 1420;\n"
                                          "13|     AdvReachableTime 123;\n"
                                          "14|     AdvRetransTimer 234;\n"
                                          "| \n"
                                          "1|     prefix 2001:db8:1::/64 {\n"
                                          "4|         AdvOnLink off;\n"
                                          "3|         AdvAutonomous off;\n"
                                          "2|         AdvValidLifetime infinity;\n"
                                          "|     };\n"
                                          "| \n"
                                          "5|     RDNSS 2001:db8::53 {\n"
                                          "6|         AdvRDNSSLifetime 90;\n"
                                          "|     };\n"
                                          "| \n"
                                          "7|     DNSSL example.jp {\n"
                                          "|     };\n"
                                          "| };\n"));
}

/*
 * True when the domain is in the file; else it must have been refused, with the file otherwise
 * whole.
 */
static bool
holds_domain(const char *bytes, size_t len)
{
    struct plan_ra_item domain = {.domain = {{bytes, len}, from(1)}};
    struct plan_ra ra = {.link = "ge1", .send_link = "ge1", .domains = &domain, .domain_count = 1};
    bool held;

    setup(NULL);
    emit(&ra, TARGET_DEBIAN12);
    held = strstr(emitted(path), "DNSSL") != NULL;
    assert_int_equal(diag.count, !held);
    assert_int_equal(ledger.entries[1].fate, held ? FATE_REALISED : FATE_REFUSED);
    if (held)
        assert_non_null(strstr(emitted(path), arena_printf(&arena, "1|     DNSSL %s {\n", bytes)));
    teardown(NULL);
    return held;
}

static void
hostile_domains(void **state)
{
    static const char *const own_words[] = {
        "on", "Off", "infinity", "prefix", "route", "interface", "clients", "rdnss", "DNSSL", "AdvLinkMTU", "a_b", "12", "1.2",
    };
    size_t i;

    (void)state;
    for (i = 0; i < HOSTILE_COUNT; i++)
        assert_false(holds_domain(hostile_names[i].bytes, hostile_names[i].len));
    for (i = 0; i < sizeof(own_words) / sizeof(*own_words); i++)
        assert_false(holds_domain(own_words[i], strlen(own_words[i])));
    for (i = 0; i < PLAIN_COUNT; i++)
        if (strcmp(plain_names[i], "0") != 0)
            assert_true(holds_domain(plain_names[i], strlen(plain_names[i])));
    assert_true(holds_domain("prefix.example", 14));
    assert_true(holds_domain("advance.example", 15));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tied_to_vrrp),
        TEST(goodbye),
        TEST(everything),
        cmocka_unit_test(hostile_domains),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
