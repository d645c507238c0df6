/* test_runtime.c - runtime.conf, the embedded scripts and units, and which start at boot. */
#include "emitted.h"
#include "embedded.h"
#include "hostile.h"

static const char path[] = "etc/seilc/runtime.conf";

#define HEAD "| # What /usr/lib/seilc makes of learned addresses. Written by seilc: change the SEIL config, not this file.\n"

static void
no_records(void **state)
{
    struct plan plan = {0};

    (void)state;
    runtime_emit(&plan, &output);
    assert_null(find_file(path));
}

static void
addresses(void **state)
{
    struct plan_subnet subnet = {
        .client = "ge0", .iaid = 1, .link = "ge1", .sla_id = 0xff, .sla_from = from(1),
        .interface_id = ipv6("::1:2:3:feed"), .id_from = from(2), .from = from(0),
    };
    struct plan_client client = {.link = "ge0", .interface_id = {ipv6("::c0a8:102"), from(3)}};
    struct plan plan = {.subnets = &subnet, .subnet_count = 1, .clients = &client, .client_count = 1};

    (void)state;
    runtime_emit(&plan, &output);
    assert_string_equal(emitted(path), HEAD
                        "| \n"
                        "| # subnet  client iaid port sla-id interface-id\n"
                        "0,1,2| subnet ge0 1 ge1 0x00ff ::1:2:3:feed\n"
                        "| \n"
                        "| # ra-address  port interface-id\n"
                        "3| ra-address ge0 ::c0a8:102\n");
}

static void
tunnels(void **state)
{
    struct plan_tunnel both[] = {
        {.name = "tunnel0", .mode = TUNNEL_ANY6, .ttl = 64, .source_link = "ge0", .source_from = from(1),
         .destination = address("2001:db8:f1aa::1", 128, from(2)), .mtu = number(1460, from(3)), .from = from(0)},
        {.name = "tunnel1", .mode = TUNNEL_IPIP, .ttl = 255, .source = address("192.0.2.1", 32, from(4)),
         .destination = address("203.0.113.9", 32, from(5)), .mtu = number(1480, NULL), .tos = number(16, from(6))},
    };
    struct plan plan = {.tunnels = both, .tunnel_count = 2};

    (void)state;
    runtime_emit(&plan, &output);
    assert_string_equal(emitted(path), HEAD
                        "| \n"
                        "| # tunnel  link mode local remote mtu tos ttl\n"
                        "0,1,2,3| tunnel tunnel0 any6 dev:ge0 2001:db8:f1aa::1 1460 0 64\n"
                        "4,5,6| tunnel tunnel1 ipip 192.0.2.1 203.0.113.9 1480 16 255\n");
    output.count = 0;
    both[1].tos_copy = true;
    runtime_emit(&plan, &output);
    assert_non_null(strstr(emitted(path), " 1480 inherit 255\n"));
}

static void
routes(void **state)
{
    struct plan_route all[] = {
        {.via = VIA_LINK, .link = "tunnel0", .destination = address("0.0.0.0", 0, from(0)), .metric = 1,
         .prefsrc = ipv4("198.51.100.7"), .from = from(1), .metric_from = from(2)},
        {.via = VIA_RA, .link = "ge0", .destination = address("2001:db8::", 32, NULL), .metric = 254},
        {.via = VIA_DHCP, .link = "ge0", .destination = address("10.0.0.0", 8, NULL), .metric = 3},
        {.via = VIA_LINK, .link = "tunnel1", .destination = address("10.0.0.0", 8, NULL), .metric = 4,
         .prefsrc_link = "ge1"},
        {.via = VIA_ADDRESS, .destination = address("10.0.0.0", 8, NULL)},
        {.via = VIA_BLACKHOLE, .destination = address("10.0.0.0", 8, NULL)},
    };
    struct plan plan = {.routes = all, .route_count = 6};

    (void)state;
    runtime_emit(&plan, &output);
    assert_string_equal(emitted(path), HEAD
                        "| \n"
                        "| # route  destination via metric source\n"
                        "0,1,2| route 0.0.0.0/0 dev:tunnel0 1 198.51.100.7\n"
                        "| route 2001:db8::/32 ra:ge0 254 -\n"
                        "| route 10.0.0.0/8 dhcp:ge0 3 -\n"
                        "| route 10.0.0.0/8 dev:tunnel1 4 dev:ge1\n");
}

/* Prefixes that are given, and those that masquerading stands in for, need no map filled. */
static void
translations(void **state)
{
    struct plan_npt all[] = {
        {.map = "npt0", .link = "ge0", .internal = {ipv6("fd00:1::"), 64, from(0)}},
        {.map = "npt1", .link = "ge0", .internal = {ipv6("fd00:1::"), 64, from(0)}, .learned = true, .masquerade = true},
        {.map = "npt2", .link = "ge0", .link_from = from(1), .internal = {ipv6("fd00:2::"), 64, from(0)},
         .learned = true, .from = from(2)},
    };
    struct plan plan = {.npts = all, .npt_count = 3};

    (void)state;
    runtime_emit(&plan, &output);
    assert_string_equal(emitted(path), HEAD
                        "| \n"
                        "| # nat66  map port internal\n"
                        "0,1,2| nat66 npt2 ge0 fd00:2::/64\n");
}

/* One learned server makes all of them the scripts' business. */
static void
servers(void **state)
{
    struct plan_nameserver nameservers[] = {
        {.address = address("2001:db8::53", 128, from(0))},
        {.address.from = from(1), .learned4 = true, .link = "ge0"},
        {.address.from = from(2), .learned6 = true, .link = "ge2"},
    };
    struct plan_ntp_server ntp[] = {
        {.name = {text_of("ntp.example"), from(4)}},
        {.learned6 = true, .link = "ge0", .from = from(5)},
    };
    struct plan plan = {.system = {.resolver = true, .nameservers = nameservers, .nameserver_count = 3,
                                   .domain = {text_of("example.jp"), from(3)}, .chrony = true, .ntp_servers = ntp,
                                   .ntp_server_count = 2}};

    (void)state;
    runtime_emit(&plan, &output);
    assert_string_equal(emitted(path), HEAD
                        "| \n"
                        "| # nameserver  address, or where it is learned\n"
                        "0| nameserver 2001:db8::53\n"
                        "1| nameserver dhcp:ge0\n"
                        "2| nameserver dhcp6:ge2\n"
                        "3| search example.jp\n"
                        "| \n"
                        "| # ntp  where it is learned\n"
                        "5| ntp dhcp6:ge0\n");
    output.count = 0;
    plan.system.nameserver_count = 1;
    plan.system.ntp_server_count = 1;
    runtime_emit(&plan, &output);
    assert_null(find_file(path));
}

static void
hostile_domains(void **state)
{
    struct plan_nameserver server = {.learned4 = true, .link = "ge0"};
    size_t i;

    (void)state;
    for (i = 0; i < HOSTILE_COUNT; i++) {
        struct plan plan = {.system = {.resolver = true, .nameservers = &server, .nameserver_count = 1}};

        setup(NULL);
        plan.system.domain = (struct plan_text){{hostile_names[i].bytes, hostile_names[i].len}, from(1)};
        runtime_emit(&plan, &output);
        assert_null(strstr(emitted(path), "search"));
        assert_int_equal(ledger.entries[1].fate, FATE_REFUSED);
        teardown(NULL);
    }
}

static void
checks(void **state)
{
    struct plan_check all[] = {
        {.name = "default6", .kind = CHECK_ROUTE, .target = address("::", 0, NULL), .from = from(0)},
        {.name = "echo-0", .kind = CHECK_ECHO, .target = address("192.0.2.1", 32, from(1)), .from = from(1)},
        {.name = "echo-1", .kind = CHECK_ECHO, .target = address("fe80::1", 128, from(2)), .link = "ge0"},
    };
    struct plan plan = {.checks = all, .check_count = 3};

    (void)state;
    runtime_emit(&plan, &output);
    assert_string_equal(emitted(path), HEAD
                        "| \n"
                        "| # check  name kind what\n"
                        "0| check default6 route ::/0\n"
                        "1| check echo-0 echo 192.0.2.1 -\n"
                        "2| check echo-1 echo fe80::1 dev:ge0\n");
}

static void
deprecation(void **state)
{
    struct plan_ra_prefix prefixes[] = {
        {.prefix = {ipv6("fd00:1::"), 64, from(1)}, .valid = number(1200, from(2)), .autonomous = flag(true, from(3)),
         .onlink = flag(true, from(4))},
        {.base_link = "ge1"},
    };
    struct plan_ra ras[] = {
        {.link = "ge1", .instance = "vrouter-1", .own_source = ipv6("fe80::5e:c0a8:102"), .deprecates = true,
         .other = flag(true, from(5)), .lifetime = number(30, from(6)), .prefixes = prefixes, .prefix_count = 2, .from = from(0)},
        {.link = "ge2", .own_source = ipv6("fe80::5e:c0a8:202"), .deprecates = true, .lifetime = number(1800, from(7))},
        {.link = "ge3"},
    };
    struct plan plan = {.ras = ras, .ra_count = 3};

    (void)state;
    runtime_emit(&plan, &output);
    assert_string_equal(emitted(path), HEAD
                        "| \n"
                        "| # ra  port instance source lifetime flags\n"
                        "0,5| ra ge1 vrouter-1 fe80::5e:c0a8:102 0 O\n"
                        "| # ra-prefix  port prefix valid flags\n"
                        "1,2,3,4| ra-prefix ge1 fd00:1::/64 1200 LA\n"
                        "| ra-prefix ge1 auto 86400 -\n"
                        "| \n"
                        "| # ra  port instance source lifetime flags\n"
                        "7| ra ge2 - fe80::5e:c0a8:202 1800 -\n");
}

/* ---- what is alike on every router ---- */

static void
static_files(void **state)
{
    struct plan plan = {0};
    const struct output_file *script;

    (void)state;
    runtime_emit(&plan, &output);
    script = find_file("usr/lib/seilc/reconcile");
    assert_non_null(script);
    assert_int_equal(script->mode, 0755);
    assert_memory_equal(script->bytes, "#!/bin/sh\n", 10);
    assert_int_equal(find_file("usr/lib/seilc/functions")->mode, 0644);
    assert_int_equal(find_file("etc/systemd/system/seilc-network.service")->mode, 0644);
    assert_non_null(find_file("etc/systemd/system/keepalived.service.d/seilc.conf"));
    assert_null(find_file("install"));
}

/*
 * Sorted, so that the output does not hang on the order in which make found them; text ends with a
 * line end.
 */
static void
embedded(void **state)
{
    const struct embedded_file *file;

    (void)state;
    for (file = embedded_files; file->path; file++) {
        assert_int_equal(strlen(file->bytes), file->len);
        assert_int_equal(file->bytes[file->len - 1], '\n');
        if (file[1].path)
            assert_true(strcmp(file->path, file[1].path) < 0);
    }
}

static void
wants(void **state)
{
    struct plan plan = {0};

    (void)state;
    plan.daemons[DAEMON_KEEPALIVED] = plan.daemons[DAEMON_NFTABLES] = true;
    systemd_emit(&plan, &output);
    assert_string_equal(find_file("etc/systemd/system/multi-user.target.wants/keepalived.service")->bytes,
                        "/usr/lib/systemd/system/keepalived.service");
    assert_string_equal(find_file("etc/systemd/system/multi-user.target.wants/seilc-network.service")->bytes,
                        "../seilc-network.service");
    assert_null(find_file("etc/systemd/system/multi-user.target.wants/radvd.service"));
    assert_null(find_file("etc/systemd/system/multi-user.target.wants/seilc-link@.service"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_records),   TEST(addresses),
        TEST(tunnels),      TEST(routes),
        TEST(translations), TEST(servers),
        TEST(checks),       TEST(deprecation),
        TEST(static_files), TEST(embedded),
        TEST(wants),        cmocka_unit_test(hostile_domains),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
