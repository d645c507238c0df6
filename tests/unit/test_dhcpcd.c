/* test_dhcpcd.c - dhcpcd.conf: its text, and what each line is booked under. */
#include "emitted.h"

static const char path[] = "etc/dhcpcd.conf";

#define HEAD \
    "| # Addresses, prefixes and default routes that are learned. Written by seilc: change the SEIL config, not this file.\n" \
    "| \n" \
    "| # No other link: not a virtual router's, not a tunnel.\n" \
    "0| allowinterfaces ge0\n" \
    "| # In place of all other hooks; it writes down what was learned.\n" \
    "| script /usr/lib/seilc/dhcpcd-hook\n" \
    "| # A restart of dhcpcd must not cost addresses.\n" \
    "| persistent\n" \
    "| duid\n" \
    "| vendorclassid\n" \
    "| noipv4ll\n" \
    "| noipv6rs\n" \
    "| \n" \
    "0| interface ge0\n"

static const char *
client_text(struct plan_client client)
{
    struct plan plan = {.clients = &client, .client_count = 1};

    output.count = 0;
    client.link = "ge0";
    client.from = from(0);
    dhcpcd_emit(&plan, &output);
    return emitted(path);
}

static void
nobody_learns(void **state)
{
    struct plan plan = {0};

    (void)state;
    dhcpcd_emit(&plan, &output);
    assert_int_equal(output.count, 0);
}

/*
 * The prefix goes to no interface, not even to none in particular: dhcpcd would give it to every
 * other one.
 */
static void
delegation(void **state)
{
    struct plan_client client = {
        .ra = flag(true, from(1)), .ra_autoconf = flag(true, from(1)), .dhcp6 = flag(true, from(2)),
        .delegation = flag(true, from(3)), .iaid = 1, .default6 = flag(true, from(4)), .metric = number(1, NULL),
    };

    (void)state;
    assert_string_equal(client_text(client), HEAD
                        "4|     metric 1\n"
                        "|     noipv4\n"
                        "1|     ipv6rs\n"
                        "1|     slaac hwaddr\n"
                        "|     # For no link (\"-\"): its subnets are set when it is known.\n"
                        "2,3|     ia_pd 1 -\n");
}

static void
ipv4_alone(void **state)
{
    struct plan_client client = {
        .dhcp4 = flag(true, from(1)), .default4 = flag(true, from(2)), .metric = number(10, from(3)),
        .learn_dns = flag(true, from(4)),
    };

    (void)state;
    assert_string_equal(client_text(client), HEAD
                        "2,3|     metric 10\n"
                        "1|     option subnet_mask, routers, classless_static_routes\n"
                        "4|     option domain_name_servers, domain_name\n"
                        "1|     require dhcp_server_identifier\n"
                        "|     noipv6\n");
}

static void
advertisement_alone(void **state)
{
    struct plan_client client = {.ra = flag(true, from(1)), .ra_autoconf = flag(false, NULL),
                                 .interface_id = {ipv6("::1"), from(2)}};

    (void)state;
    assert_string_equal(client_text(client), HEAD
                        "|     nogateway\n"
                        "|     noipv4\n"
                        "1|     ipv6rs\n"
                        "2|     # Addresses from advertisements get an interface id elsewhere.\n"
                        "|     ipv6ra_noautoconf\n"
                        "|     nodhcp6\n");
}

/*
 * Without a prefix or an address to ask for, DHCPv6 asks for the rest; what is off has its line all
 * the same.
 */
static void
information(void **state)
{
    struct plan_client client = {
        .dhcp6 = flag(true, from(1)), .rapid_commit = flag(false, from(2)), .reconf_accept = flag(false, from(3)),
        .learn_dns = flag(true, from(4)),
    };

    (void)state;
    assert_string_equal(client_text(client), HEAD
                        "|     nogateway\n"
                        "|     noipv4\n"
                        "1|     inform6\n"
                        "2|     # No dhcp6_rapid_commit.\n"
                        "3|     # dhcpcd does not accept reconfiguration.\n"
                        "4|     option dhcp6_name_servers, dhcp6_domain_search\n");
}

static void
everything_of_dhcp6(void **state)
{
    struct plan_ntp_server server = {.learned6 = true, .link = "ge0", .from = from(5)};
    struct plan_client client = {
        .link = "ge0", .dhcp6 = flag(true, from(1)), .dhcp6_address = flag(true, from(2)),
        .delegation = flag(true, from(3)), .iaid = 7, .rapid_commit = flag(true, from(4)),
    };
    struct plan plan = {.clients = &client, .client_count = 1, .system = {.ntp_servers = &server, .ntp_server_count = 1}};

    (void)state;
    dhcpcd_emit(&plan, &output);
    assert_non_null(strstr(emitted(path), "2|     ia_na\n"
                                          "|     # For no link (\"-\"): its subnets are set when it is known.\n"
                                          "1,3|     ia_pd 7 -\n"
                                          "4|     option dhcp6_rapid_commit\n"
                                          "5|     option dhcp6_sntp_servers\n"));
}

/* dhcpcd has no word for it. */
static void
reconfiguration(void **state)
{
    struct plan_client client = {.dhcp6 = flag(true, NULL), .reconf_accept = flag(true, from(1))};

    (void)state;
    client_text(client);
    assert_int_equal(diag.count, 1);
    assert_int_equal(ledger.entries[1].fate, FATE_REFUSED);
}

static void
several_clients(void **state)
{
    struct plan_client clients[] = {{.link = "ge0", .from = from(1)}, {.link = "ge2", .from = from(2)}};
    struct plan plan = {.clients = clients, .client_count = 2};

    (void)state;
    dhcpcd_emit(&plan, &output);
    assert_non_null(strstr(emitted(path), "1,2| allowinterfaces ge0 ge2\n"));
    assert_non_null(strstr(emitted(path), "2| interface ge2\n"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nobody_learns), TEST(delegation),          TEST(ipv4_alone),      TEST(advertisement_alone),
        TEST(information),   TEST(everything_of_dhcp6), TEST(reconfiguration), TEST(several_clients),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
