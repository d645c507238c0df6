/* test_system.c - the files of resolver, chrony and sysctl, and names that they cannot hold. */
#include "emitted.h"
#include "hostile.h"

static const char chrony_path[] = "etc/chrony/chrony.conf";

/* ---- resolver ---- */

static void
nothing_said(void **state)
{
    struct plan plan = {0};

    (void)state;
    resolver_emit(&plan, &output);
    chrony_emit(&plan, &output);
    sysctl_emit(&plan, &output);
    assert_int_equal(output.count, 0);
}

static void
fixed_resolver(void **state)
{
    struct plan_nameserver servers[] = {
        {.address = address("2001:db8::53", 128, from(1))},
        {.address = address("192.0.2.53", 32, from(2))},
    };
    struct plan plan = {.system = {.resolver = true, .resolver_from = from(0), .nameservers = servers,
                                   .nameserver_count = 2, .domain = {text_of("example.jp"), from(3)}}};

    (void)state;
    resolver_emit(&plan, &output);
    assert_string_equal(emitted("etc/resolv.conf"), "0| # DNS. Written by seilc: change the SEIL config, not this file.\n"
                                                    "3| search example.jp\n"
                                                    "1| nameserver 2001:db8::53\n"
                                                    "2| nameserver 192.0.2.53\n");
}

static void
learned_resolver(void **state)
{
    struct plan_nameserver servers[] = {{.address = address("192.0.2.53", 32, NULL)}, {.learned6 = true}};
    struct plan plan = {.system = {.resolver = true, .resolver_from = from(0), .nameservers = servers,
                                   .nameserver_count = 2}};

    (void)state;
    resolver_emit(&plan, &output);
    assert_string_equal(emitted("etc/resolv.conf"), "0| ../run/seilc/resolv.conf\n");
    assert_int_equal(find_file("etc/resolv.conf")->kind, FILE_SYMLINK);
}

static void
names(void **state)
{
    struct plan_host hosts[] = {
        {{text_of("a.example.jp"), from(2)}, address("10.0.0.1", 32, from(3))},
        {{text_of("a.example.jp"), from(2)}, address("2001:db8::1", 128, from(4))},
    };
    struct plan plan = {.system = {.hostname = {text_of("edge-1"), from(0)}, .hosts = hosts, .host_count = 2,
                                   .timezone = "Asia/Tokyo", .timezone_from = from(1)}};

    (void)state;
    resolver_emit(&plan, &output);
    assert_string_equal(emitted("etc/hostname"), "0| edge-1\n");
    assert_string_equal(emitted("etc/hosts"), "| # Host names. Written by seilc: change the SEIL config, not this file.\n"
                                              "| 127.0.0.1 localhost\n"
                                              "0| 127.0.1.1 edge-1\n"
                                              "| ::1 localhost ip6-localhost ip6-loopback\n"
                                              "2,3| 10.0.0.1 a.example.jp\n"
                                              "2,4| 2001:db8::1 a.example.jp\n");
    assert_string_equal(emitted("etc/timezone"), "1| Asia/Tokyo\n");
    assert_string_equal(emitted("etc/localtime"), "1| ../usr/share/zoneinfo/Asia/Tokyo\n");
}

static void
zones(void **state)
{
    static const char *const bad[] = {"", "/etc/passwd", "-x", "a b", "a\nb", "../../etc/shadow", "a;b"};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct plan plan = {.system = {.timezone = bad[i], .timezone_from = from(1)}};

        setup(NULL);
        resolver_emit(&plan, &output);
        assert_int_equal(output.count, 0);
        assert_int_equal(ledger.entries[1].fate, FATE_REFUSED);
        teardown(NULL);
    }
}

/* ---- chrony ---- */

static void
time_client(void **state)
{
    struct plan_ntp_server servers[] = {
        {.name = {text_of("ntp1.v6.mfeed.ad.jp"), from(1)}, .from = from(1)},
        {.address = address("2001:db8::123", 128, NULL), .from = from(2)},
        {.learned6 = true, .link = "ge0", .from = from(3)},
        {.learned6 = true, .link = "ge2", .from = from(4)},
    };
    struct plan plan = {.system = {.chrony = true, .ntp_from = from(0), .ntp_servers = servers, .ntp_server_count = 4}};

    (void)state;
    chrony_emit(&plan, &output);
    assert_string_equal(emitted(chrony_path), "0| # Time. Written by seilc: change the SEIL config, not this file.\n"
                                              "1| server ntp1.v6.mfeed.ad.jp iburst\n"
                                              "2| server 2001:db8::123 iburst\n"
                                              "3,4| sourcedir /run/chrony-dhcp\n"
                                              "| \n"
                                              "| # A client only.\n"
                                              "| port 0\n"
                                              "| # chronyc speaks through the socket in /run.\n"
                                              "| cmdport 0\n"
                                              "| \n"
                                              "| driftfile /var/lib/chrony/chrony.drift\n"
                                              "| # A clock that is far off is set at once, but only at the start.\n"
                                              "| makestep 1 3\n"
                                              "| rtcsync\n");
}

static void
time_server(void **state)
{
    struct plan plan = {.system = {.chrony = true, .ntp_server = flag(true, from(1))}};

    (void)state;
    chrony_emit(&plan, &output);
    assert_non_null(strstr(emitted(chrony_path), "1| allow\n"));
    assert_null(strstr(emitted(chrony_path), "| port 0\n"));
}

/* ---- names that the formats cannot hold ---- */

enum where { PLACE_HOSTNAME, PLACE_HOST, PLACE_SEARCH, PLACE_TIME_SERVER, PLACE_COUNT };

/*
 * True when the name is in a file; else it must have been refused, and no file has a line too many.
 */
static bool
holds(enum where where, const char *bytes, size_t len)
{
    static const unsigned lines[] = {[PLACE_HOST] = 3, [PLACE_SEARCH] = 1, [PLACE_TIME_SERVER] = 11};
    struct plan_text name = {{bytes, len}, from(1)};
    struct plan_host host = {name, address("10.0.0.1", 32, NULL)};
    struct plan_ntp_server server = {.name = name, .from = from(1)};
    struct plan plan = {0};
    bool held;

    setup(NULL);
    if (where == PLACE_HOSTNAME)
        plan.system.hostname = name;
    if (where == PLACE_HOST)
        plan.system = (struct plan_system){.hosts = &host, .host_count = 1};
    if (where == PLACE_SEARCH)
        plan.system = (struct plan_system){.resolver = true, .domain = name};
    if (where == PLACE_TIME_SERVER)
        plan.system = (struct plan_system){.chrony = true, .ntp_servers = &server, .ntp_server_count = 1};
    resolver_emit(&plan, &output);
    chrony_emit(&plan, &output);
    held = ledger.entries[1].fate == FATE_REALISED;
    assert_int_equal(diag.count, !held);
    if (!held)
        assert_int_equal(output.count, where != PLACE_HOSTNAME);
    if (!held && output.count)
        assert_int_equal(output.files[0]->line - 1, lines[where]);
    if (held)
        assert_non_null(strstr(output.files[0]->bytes, bytes));
    teardown(NULL);
    return held;
}

static void
hostile_strings(void **state)
{
    char long_name[66] = "";
    int place;
    size_t i;

    (void)state;
    for (place = 0; place < PLACE_COUNT; place++) {
        for (i = 0; i < HOSTILE_COUNT; i++)
            if (holds(place, hostile_names[i].bytes, hostile_names[i].len))
                fail_msg("place %d holds %s", place, hostile_names[i].bytes);
        for (i = 0; i < PLAIN_COUNT; i++)
            assert_true(holds(place, plain_names[i], strlen(plain_names[i])));
    }
    memset(long_name, 'a', 65);
    long_name[30] = '.';
    assert_false(holds(PLACE_HOSTNAME, long_name, 65));
    long_name[64] = '\0';
    assert_true(holds(PLACE_HOSTNAME, long_name, 64));
    assert_false(holds(PLACE_HOSTNAME, "a.", 2));
    assert_false(holds(PLACE_HOSTNAME, "a_b", 3));
    assert_false(holds(PLACE_HOST, "LocalHost", 9));
}

/* ---- sysctl ---- */

/* One reason for several settings stands once. */
static void
settings(void **state)
{
    static const char *const modules[] = {"ip6_tunnel", "nf_conntrack"};
    struct plan_sysctl all[] = {
        {"net.ipv4.ip_forward", "1", "A router.", from(0)},
        {"net.ipv6.conf.all.forwarding", "1", "A router.", NULL},
        {"net.ipv4.conf.all.arp_ignore", "1", "A reason.", from(1)},
    };
    struct plan plan = {.sysctls = all, .sysctl_count = 3, .modules = (const char **)modules, .module_count = 2};

    (void)state;
    plan.timeouts.icmp = number(10, from(2));
    plan.timeouts.generic = number(600, from(3));
    sysctl_emit(&plan, &output);
    assert_string_equal(
        emitted("etc/sysctl.d/90-seilc.conf"),
        "| # Kernel settings. Written by seilc: change the SEIL config, not this file.\n"
        "| \n"
        "0| # A router.\n"
        "0| net.ipv4.ip_forward = 1\n"
        "| net.ipv6.conf.all.forwarding = 1\n"
        "| \n"
        "1| # A reason.\n"
        "1| net.ipv4.conf.all.arp_ignore = 1\n"
        "| \n"
        "| # NAT sessions of neither TCP nor UDP. These hold for sessions without NAT, too.\n"
        "2| net.netfilter.nf_conntrack_icmp_timeout = 10\n"
        "3| net.netfilter.nf_conntrack_generic_timeout = 600\n");
    assert_string_equal(emitted("etc/modules-load.d/seilc.conf"),
                        "| # Kernel modules. Written by seilc: change the SEIL config, not this file.\n"
                        "| ip6_tunnel\n"
                        "| nf_conntrack\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_said),
        TEST(fixed_resolver),
        TEST(learned_resolver),
        TEST(names),
        cmocka_unit_test(zones),
        TEST(time_client),
        TEST(time_server),
        cmocka_unit_test(hostile_strings),
        TEST(settings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
