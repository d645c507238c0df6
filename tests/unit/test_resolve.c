/* test_resolve.c - references between statements: what is found, and where. */
#include "front.h"

#include "model.h"

#define GE0_RA "interface.ge0.ipv6.address: router-advertisement\n"
#define GE1 "interface.ge1.ipv4.address: 192.168.1.2/24\n"
#define VROUTER(i, vrid, address) \
    "vrrp.vrouter." i ".interface: ge1\nvrrp.vrouter." i ".vrid: " vrid "\nvrrp.vrouter." i ".address: " address "\n"
#define TUNNEL(unit, source, destination) \
    "interface.tunnel" unit ".ipv4.source: " source "\ninterface.tunnel" unit ".ipv4.destination: " destination "\n"

static const struct {
    const char *text;
    const char *findings;
} cases[] = {
    {GE1, ""},
    /* interfaces that are not there */
    {"route.ipv4.0.destination: default\nroute.ipv4.0.gateway: tunnel0\n", "2:23 unknown-interface"},
    {GE1 "nat.ipv4.napt.0.private: 10.0.0.1\nnat.ipv4.napt.0.interface: ge9\n", "3:28 unknown-interface"},
    {GE1 VROUTER("0", "1", "192.168.1.1") "vrrp.vrouter.0.watch.interface: ge0\n", ""},
    {GE1 VROUTER("0", "1", "192.168.1.1") "vrrp.vrouter.0.watch.interface: pppoe0\n", "5:33 unknown-interface"},
    {"dhcp6.client.service: enable\ndhcp6.client.0.interface: ge0\n", ""},
    /* a service that does not run refers to nothing */
    {"dhcp.server.0.interface: ge1\ndhcp.server.0.pool.address: 10.0.0.1/24\ndhcp.server.0.pool.count: 1\n", ""},
    {"dhcp.server.service: enable\ndhcp.server.0.interface: ge1\ndhcp.server.0.pool.address: 10.0.0.1/24\n"
     "dhcp.server.0.pool.count: 1\n", "2:26 unknown-interface"},
    /* interfaces without the address that is needed */
    {"interface.ge1.ipv6.address: fd00::2/64\n" VROUTER("0", "1", "192.168.1.1"), "2:27 no-such-address"},
    {GE1 "nat.ipv6.0.type: transparent\nnat.ipv6.0.interface: ge1\nnat.ipv6.0.internal: fd00::/64\n",
     "3:23 no-such-address"},
    /* learned gateways */
    {"route.ipv4.0.destination: default\nroute.ipv4.0.gateway: dhcp\n", "2:23 unknown-interface"},
    {"interface.ge0.ipv4.address: dhcp\ninterface.ge1.ipv4.address: dhcp\n"
     "route.ipv4.0.destination: default\nroute.ipv4.0.gateway: dhcp\n", "4:23 ambiguous-reference"},
    {GE0_RA "interface.ge1.ipv6.address: router-advertisement\n"
     "route.ipv6.0.destination: default\nroute.ipv6.0.gateway: router-advertisement\n", "4:23 ambiguous-reference"},
    {GE0_RA "interface.ge1.ipv6.address: router-advertisement\n"
     "route.ipv6.0.destination: default\nroute.ipv6.0.gateway: router-advertisement\n"
     "route.ipv6.0.router-advertisement-interface: ge1\n", ""},
    /* one thing twice */
    {"interface.ge0.ipv4.address: dhcp\ninterface.ge0.ipv4.alias.0.address: dhcp\n", "2:37 conflicting-keys"},
    {GE1 VROUTER("0", "1", "192.168.1.1") VROUTER("1", "1", "192.168.1.3"), "6:22 conflicting-keys"},
    {GE1 VROUTER("0", "1", "192.168.1.1") VROUTER("1", "1", "fe80::1"), ""},
    {GE1 "dhcp.server.service: enable\n"
     "dhcp.server.0.interface: ge1\ndhcp.server.0.pool.address: 192.168.1.9/24\ndhcp.server.0.pool.count: 1\n"
     "dhcp.server.1.interface: ge1\ndhcp.server.1.pool.address: 192.168.1.8/24\ndhcp.server.1.pool.count: 1\n",
     "6:26 conflicting-keys"},
    {"dhcp6.client.service: enable\ndhcp6.client.0.interface: ge0\ndhcp6.client.1.interface: ge0\n",
     "3:27 conflicting-keys"},
    {GE1 TUNNEL("0", "ge1", "192.0.2.1") TUNNEL("1", "ge1", "192.0.2.1"), "5:37 conflicting-keys"},
    {GE1 TUNNEL("0", "ge1", "192.0.2.1") TUNNEL("1", "ge1", "192.0.2.2"), ""},
    {"resolver.0.address: dhcp\nresolver.1.address: dhcp\n", "2:21 conflicting-keys"},
    /* virtual addresses */
    {GE1 VROUTER("0", "1", "192.168.1.2"), "4:25 conflicting-keys"},
    {GE1 VROUTER("0", "1", "2001:db8::1"), "4:25 bad-value"},
    {GE1 VROUTER("0", "1", "fe80::1") "vrrp.vrouter.0.version: 2\n", "5:25 conflicting-keys"},
    /* ends of tunnels; what is masked is told once */
    {GE1 "interface.tunnel0.ipv4.source: ge1\n", "2:1 missing-key"},
    {GE1 "interface.tunnel0.ipv4.address: ge1\n", "2:1 missing-key"},
    {GE1 "interface.tunnel0.ipv4.source: ge1\ninterface.tunnel0.ipv4.destination: ***.***.***.***\n",
     "3:37 masked-value"},
    {GE1 "interface.tunnel0.ipv6.source: ge1\ninterface.tunnel0.ipv6.destination: 2001:db8::1\n",
     "2:32 no-such-address"},
    /* values that only together make no sense */
    {"interface.loopback0.ipv4.address: 192.0.2.1/24\n", "1:35 bad-value"},
    {"interface.ge0.ipv6.router-advertisement.interface-id: 2001:db8::1\n", "1:55 bad-value"},
};

static void
test_findings(void **state)
{
    unsigned failed = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct front front;
        struct model model;

        front_bind(&front, cases[i].text, NULL, 0, BIND_TOGETHER);
        model_resolve(&front.arena, "test", &front.tree, &front.diag, &model);
        diag_sort(&front.diag);
        if (strcmp(front_findings(&front), cases[i].findings) != 0) {
            print_error("%sexpected: %s\nfound:    %s\n", cases[i].text, cases[i].findings, front_findings(&front));
            failed++;
        }
        front_free(&front);
    }
    assert_int_equal(failed, 0);
}

static void
test_interfaces(void **state)
{
    static const char text[] = "interface.tunnel1.mtu: 1400\n" GE1 "interface.ge10.mtu: 1500\ninterface.ge2.mtu: 1500\n"
                               "arp.0.interface: ge5\n";
    static const char *const names[] = {"ge1", "ge2", "ge10", "tunnel1"};
    struct front front;
    struct model model;

    (void)state;
    front_bind(&front, text, NULL, 0, BIND_ALONE);
    model_resolve(&front.arena, "test", &front.tree, &front.diag, &model);
    assert_int_equal(model.interface_count, COUNT(names));
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_string_equal(model.interfaces[i].text, names[i]);
        assert_ptr_equal(model_interface(&model, model.interfaces[i].name), &model.interfaces[i]);
    }
    assert_null(model_interface(&model, (struct interface_name){KIND_GE, 3}));
    front_free(&front);
}

/* The smallest VRID of version 3 with an IPv6 address on the advertising interface. */
static void
test_tie(void **state)
{
    static const char text[] = GE1 VROUTER("0", "9", "fe80::9") VROUTER("1", "7", "fe80::7") VROUTER("2", "1", "192.168.1.1")
        "router-advertisement.service: enable\nrouter-advertisement.0.interface: ge1\n";
    struct front front;
    struct model model;

    (void)state;
    front_bind(&front, text, NULL, 0, BIND_TOGETHER);
    model_resolve(&front.arena, "test", &front.tree, &front.diag, &model);
    assert_int_equal(model.advertiser_count, 1);
    assert_non_null(model.advertisers[0].tied_to);
    assert_int_equal(model.advertisers[0].tied_to->index, 1);
    front_free(&front);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_findings),
        cmocka_unit_test(test_interfaces),
        cmocka_unit_test(test_tie),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
