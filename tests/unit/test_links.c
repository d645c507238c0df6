/* test_links.c - iproute2 batches, .link files and udev rules: their text and its booking. */
#include "emitted.h"

static void
port(void **state)
{
    struct plan_address addresses[] = {
        address("192.168.1.2", 24, from(1)),
        address("fd00:192:168:1::2", 64, from(2)),
        address("fe80::5e:c0a8:102", 64, NULL),
    };
    struct plan_link link = {
        .name = "ge1", .mtu = number(1400, from(3)), .addresses = addresses, .address_count = 3,
        .static_link_local = true, .from = from(0),
    };
    struct plan plan = {.links = &link, .link_count = 1};

    (void)state;
    addresses[2].nodad = true;
    links_emit(&plan, &output);
    assert_string_equal(
        emitted("etc/seilc/links/ge1.batch"),
        "| # ge1. Written by seilc: change the SEIL config, not this file.\n"
        "| # keepalived's IPv6 instance needs a link-local address, also without carrier.\n"
        "| link set dev ge1 addrgenmode none\n"
        "3| link set dev ge1 mtu 1400\n"
        "0| link set dev ge1 up\n"
        "1| address replace 192.168.1.2/24 dev ge1\n"
        "2| address replace fd00:192:168:1::2/64 dev ge1\n"
        "| address replace fe80::5e:c0a8:102/64 dev ge1 nodad\n");
    assert_string_equal(
        emitted("etc/udev/rules.d/90-seilc.rules"),
        "| # Ports that appear late get their addresses then. Written by seilc: change the SEIL config, not this file.\n"
        "0| SUBSYSTEM==\"net\", ACTION==\"add|move\", KERNEL==\"ge1\", TAG+=\"systemd\", "
        "ENV{SYSTEMD_WANTS}+=\"seilc-link@ge1.service\"\n");
    assert_int_equal(output.count, 2);
}

/* lo is always there. */
static void
loopback(void **state)
{
    struct plan_address addresses[] = {address("198.51.100.7", 32, from(1))};
    struct plan_link link = {.name = "lo", .loopback = true, .addresses = addresses, .address_count = 1, .from = from(0)};
    struct plan plan = {.links = &link, .link_count = 1};

    (void)state;
    links_emit(&plan, &output);
    assert_string_equal(emitted("etc/seilc/links/lo.batch"),
                        "| # lo. Written by seilc: change the SEIL config, not this file.\n"
                        "0| link set dev lo up\n"
                        "1| address replace 198.51.100.7/32 dev lo\n");
    assert_int_equal(output.count, 1);
}

static void
renamed(void **state)
{
    struct plan_link link = {.name = "ge0", .rename_by_mac = true, .mac = {2, 0, 0, 0, 0, 0xa0}, .from = from(0)};
    struct plan plan = {.links = &link, .link_count = 1};

    (void)state;
    links_emit(&plan, &output);
    assert_string_equal(emitted("etc/systemd/network/10-seilc-ge0.link"),
                        "| # Name by MAC address. Written by seilc: change the SEIL config, not this file.\n"
                        "| [Match]\n"
                        "| Type=ether\n"
                        "0| MACAddress=02:00:00:00:00:a0\n"
                        "| \n"
                        "| [Link]\n"
                        "0| Name=ge0\n");
}

/* A tunnel's own making is the run-time scripts' work; an unnumbered one has no batch. */
static void
tunnels(void **state)
{
    struct plan_address inner[] = {address("10.0.0.1", 32, from(1)), address("2001:db8:f::1", 64, from(3))};
    struct plan_tunnel both[] = {
        {.name = "tunnel0", .addresses = inner, .address_count = 2, .peer = {ipv4("10.0.0.2"), from(2)}},
        {.name = "tunnel1"},
    };
    struct plan plan = {.tunnels = both, .tunnel_count = 2};

    (void)state;
    links_emit(&plan, &output);
    assert_string_equal(emitted("etc/seilc/links/tunnel0.batch"),
                        "| # tunnel0. Written by seilc: change the SEIL config, not this file.\n"
                        "1,2| address replace 10.0.0.1 peer 10.0.0.2 dev tunnel0\n"
                        "3| address replace 2001:db8:f::1/64 dev tunnel0\n");
    assert_int_equal(output.count, 1);
}

static struct plan_route
route_via(const char *destination, unsigned len, const char *gateway, unsigned metric, unsigned statement)
{
    struct plan_route route = {
        .destination = address(destination, len, NULL), .via = VIA_ADDRESS, .metric = metric, .from = from(statement),
    };

    route.family = route.destination.family;
    route.gateway = address(gateway, 0, NULL);
    return route;
}

static void
routes(void **state)
{
    struct plan_route all[] = {
        route_via("2001:db8:2::", 48, "fe80::1", 5, 1),
        route_via("0.0.0.0", 0, "192.0.2.1", 1, 2),
        route_via("10.0.0.0", 8, "192.0.2.1", 1, 3),
        route_via("10.0.0.0", 8, "192.0.2.2", 1, 4),
        route_via("10.0.0.0", 8, "192.0.2.3", 2, 5),
        route_via("10.0.0.0", 8, "::", 1, 6),
        route_via("192.168.9.0", 24, "::", 1, 7),
        route_via("0.0.0.0", 0, "::", 9, 8),
    };
    struct plan plan = {.routes = all, .route_count = 8};

    (void)state;
    all[0].link = "ge0";
    all[1].gateway.from = from(10);
    all[1].metric_from = from(11);
    all[5].via = VIA_BLACKHOLE;
    all[6].via = VIA_LINK;
    all[7].via = VIA_DHCP;
    links_emit(&plan, &output);
    assert_string_equal(
        emitted("etc/seilc/routes.batch"),
        "| # Static routes; a metric is the distance on the SEIL. Written by seilc: change the SEIL config, not this file.\n"
        "2,10,11| route replace 0.0.0.0/0 proto static metric 1 via 192.0.2.1\n"
        "6| route replace blackhole 10.0.0.0/8 proto static metric 1\n"
        "3,4| route replace 10.0.0.0/8 proto static metric 1 nexthop via 192.0.2.1 nexthop via 192.0.2.2\n"
        "5| route replace 10.0.0.0/8 proto static metric 2 via 192.0.2.3\n"
        "1| route replace 2001:db8:2::/48 proto static metric 5 via fe80::1 dev ge0\n");
}

static void
no_static_routes(void **state)
{
    struct plan_route learned = {.via = VIA_RA};
    struct plan plan = {.routes = &learned, .route_count = 1};

    (void)state;
    links_emit(&plan, &output);
    assert_int_equal(output.count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(port), TEST(loopback), TEST(renamed), TEST(tunnels), TEST(routes), TEST(no_static_routes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
