/* test_nftables.c - nftables.nft, mss4.rules and mss6.rules: their text and its booking. */
#include "emitted.h"

static const char path[] = "etc/seilc/nftables.nft";

static const char head[] = "| # Packet rules. Written by seilc: change the SEIL config, not this file.\n"
                           "| # Own tables only, replaced in one transaction: a mistake leaves the old ones.\n"
                           "| \n"
                           "| table ip seilc {}\n"
                           "| delete table ip seilc\n";
static const char empty_ip6[] = "| \n| table ip6 seilc {}\n| delete table ip6 seilc\n";
static const char empty_inet[] = "| \n| table inet seilc {}\n| delete table inet seilc\n";

static void
nothing_to_do(void **state)
{
    struct plan plan = {0};

    (void)state;
    nftables_emit(&plan, &output);
    iptables_emit(&plan, &output);
    assert_int_equal(output.count, 0);
}

/* Tables without a rule are made empty: what an earlier config left in them goes. */
static void
napt(void **state)
{
    struct plan_napt napts[] = {
        {.first = ipv4("192.168.1.0"), .last = ipv4("192.168.1.255"), .private_from = from(0), .link = "tunnel0",
         .link_from = from(1), .global = {ipv4("198.51.100.7"), from(2)}},
        {.first = ipv4("10.0.0.1"), .last = ipv4("10.0.0.1"), .link = "ge0", .random_ports = flag(true, from(3))},
    };
    struct plan plan = {.napts = napts, .napt_count = 2};

    (void)state;
    nftables_emit(&plan, &output);
    assert_string_equal(
        emitted(path),
        arena_printf(&arena, "%s%s%s%s", head,
                     "| table ip seilc {\n"
                     "|     chain postrouting {\n"
                     "|         type nat hook postrouting priority srcnat; policy accept;\n"
                     "0,1,2|         oifname \"tunnel0\" ip saddr 192.168.1.0-192.168.1.255 "
                     "meta l4proto { icmp, tcp, udp } snat to 198.51.100.7\n"
                     "3|         oifname \"ge0\" ip saddr 10.0.0.1 "
                     "meta l4proto { icmp, tcp, udp } masquerade fully-random\n"
                     "|     }\n"
                     "| }\n",
                     empty_ip6, empty_inet));
}

/* Not random is a choice, too. */
static void
random_ports_off(void **state)
{
    struct plan_napt napt = {.link = "ge0", .random_ports = flag(false, from(3))};
    struct plan plan = {.napts = &napt, .napt_count = 1};

    (void)state;
    nftables_emit(&plan, &output);
    assert_non_null(strstr(emitted(path), "3|         oifname \"ge0\""));
}

static void
timeouts(void **state)
{
    struct plan_napt napt = {.first = ipv4("10.0.0.0"), .last = ipv4("10.0.0.9"), .link = "ge0"};
    struct plan plan = {.napts = &napt, .napt_count = 1};

    (void)state;
    plan.timeouts.tcp_syn_sent = number(30, from(1));
    plan.timeouts.tcp_established = number(900, from(2));
    plan.timeouts.udp = number(60, from(3));
    nftables_emit(&plan, &output);
    assert_non_null(
        strstr(emitted(path), "| table ip seilc {\n"
                              "|     ct timeout nat_tcp {\n"
                              "|         protocol tcp\n"
                              "|         l3proto ip\n"
                              "1,2|         policy = { syn_sent : 30, established : 900 }\n"
                              "|     }\n"
                              "| \n"
                              "|     ct timeout nat_udp {\n"
                              "|         protocol udp\n"
                              "|         l3proto ip\n"
                              "3|         policy = { unreplied : 60, replied : 60 }\n"
                              "|     }\n"
                              "| \n"
                              "|     chain timeouts {\n"
                              "|         type filter hook postrouting priority mangle; policy accept;\n"
                              "|         oifname \"ge0\" ip saddr 10.0.0.0-10.0.0.9 meta l4proto tcp "
                              "ct timeout set \"nat_tcp\"\n"
                              "|         oifname \"ge0\" ip saddr 10.0.0.0-10.0.0.9 meta l4proto udp "
                              "ct timeout set \"nat_udp\"\n"
                              "|     }\n"
                              "| \n"
                              "|     chain postrouting {\n"));
}

/*
 * The learned prefix comes at run time; stateful, in both directions, and never what is for the
 * router itself.
 */
static void
learned_prefix(void **state)
{
    struct plan_npt npt = {
        .map = "npt0", .link = "ge0", .link_from = from(0), .internal = {ipv6("fd00:192:168:1::"), 64, from(1)},
        .learned = true, .from = from(2),
    };
    struct plan plan = {.npts = &npt, .npt_count = 1};

    (void)state;
    nftables_emit(&plan, &output);
    assert_string_equal(
        emitted(path),
        arena_printf(&arena, "%s%s%s%s", head,
                     "| \n"
                     "| table ip6 seilc {}\n"
                     "| delete table ip6 seilc\n"
                     "| table ip6 seilc {\n"
                     "2|     map npt0_out {\n"
                     "|         type ipv6_addr : interval ipv6_addr\n"
                     "|         flags interval\n"
                     "2|         # Filled when the prefix of ge0 is known.\n"
                     "|     }\n"
                     "| \n"
                     "2|     map npt0_in {\n"
                     "|         type ipv6_addr : interval ipv6_addr\n"
                     "|         flags interval\n"
                     "2|         # Filled when the prefix of ge0 is known.\n"
                     "|     }\n"
                     "| \n"
                     "|     chain prerouting {\n"
                     "|         type nat hook prerouting priority dstnat; policy accept;\n"
                     "|         # Not to the router itself: its addresses may lie in the same prefix.\n"
                     "0,2|         iifname \"ge0\" fib daddr type != local dnat ip6 prefix to ip6 daddr map @npt0_in\n"
                     "|     }\n"
                     "| \n"
                     "|     chain postrouting {\n"
                     "|         type nat hook postrouting priority srcnat; policy accept;\n"
                     "0,2|         oifname \"ge0\" snat ip6 prefix to ip6 saddr map @npt0_out\n"
                     "|     }\n"
                     "| }\n",
                     empty_inet,
                     "| \n"
                     "| # The prefixes that are known by now.\n"
                     "| include \"/run/seilc/nft/*.nft\"\n"));
}

static void
given_prefix(void **state)
{
    struct plan_npt npt = {
        .map = "npt0", .link = "ge0", .internal = {ipv6("fd00:1::"), 60, from(1)},
        .external = {ipv6("2001:db8:1::"), 60, from(2)}, .from = from(3),
    };
    struct plan plan = {.npts = &npt, .npt_count = 1};

    (void)state;
    nftables_emit(&plan, &output);
    assert_non_null(strstr(emitted(path), "1,2|         elements = { fd00:1::/60 : 2001:db8:1::/60 }\n"));
    assert_non_null(strstr(emitted(path), "1,2|         elements = { 2001:db8:1::/60 : fd00:1::/60 }\n"));
    assert_null(strstr(emitted(path), "include"));
}

static void
on_link_prefix(void **state)
{
    struct plan_npt npt = {
        .map = "npt0", .link = "ge0", .internal = {ipv6("fd00:1::"), 64, from(1)}, .learned = true,
        .masquerade = true, .masquerade_from = from(2), .from = from(3),
    };
    struct plan plan = {.npts = &npt, .npt_count = 1};

    (void)state;
    nftables_emit(&plan, &output);
    assert_non_null(strstr(emitted(path), "1,2|         oifname \"ge0\" ip6 saddr fd00:1::/64 masquerade\n"));
    assert_null(strstr(emitted(path), "map"));
    assert_null(strstr(emitted(path), "include"));
}

static void
redirects(void **state)
{
    struct plan plan = {.drop_redirects6 = flag(true, from(1))};

    (void)state;
    nftables_emit(&plan, &output);
    assert_non_null(strstr(emitted(path), "|     chain output {\n"
                                          "|         type filter hook output priority filter; policy accept;\n"
                                          "1|         icmpv6 type nd-redirect drop\n"
                                          "|     }\n"
                                          "| }\n"));
}

/* Both directions, both families; packets of a LAN arrive on its vmac links. */
static void
mss(void **state)
{
    struct plan_mss msss[] = {
        {FAMILY_IPV4, "tunnel0", 1420, from(1)},
        {FAMILY_IPV6, "ge1", 1380, from(2)},
    };
    struct plan_alias alias = {"ge1", "vrrp6.61"};
    struct plan plan = {.msss = msss, .mss_count = 2, .aliases = &alias, .alias_count = 1};

    (void)state;
    nftables_emit(&plan, &output);
    iptables_emit(&plan, &output);
    assert_non_null(strstr(
        emitted(path),
        "|     chain mss_in {\n"
        "|         type filter hook prerouting priority mangle; policy accept;\n"
        "1|         iifname \"tunnel0\" meta nfproto ipv4 tcp flags & (syn | rst) == syn "
        "tcp option maxseg size > 1420 tcp option maxseg size set 1420\n"
        "2|         iifname { \"ge1\", \"vrrp6.61\" } meta nfproto ipv6 tcp flags & (syn | rst) == syn "
        "tcp option maxseg size > 1380 tcp option maxseg size set 1380\n"
        "|     }\n"
        "| \n"
        "|     chain mss_out {\n"
        "|         type filter hook postrouting priority mangle; policy accept;\n"
        "1|         oifname \"tunnel0\" "));
    assert_string_equal(
        emitted("etc/seilc/mss4.rules"),
        "| # MSS of TCP connections that do not name one. Written by seilc: change the SEIL config, not this file.\n"
        "| # What is added is the smaller of the value and 536.\n"
        "| *mangle\n"
        "| :SEILC-MSS - [0:0]\n"
        "1| -A SEILC-MSS -i tunnel0 -p tcp --tcp-flags SYN,RST SYN ! --tcp-option 2 -j TCPMSS --set-mss 1420\n"
        "1| -A SEILC-MSS -o tunnel0 -p tcp --tcp-flags SYN,RST SYN ! --tcp-option 2 -j TCPMSS --set-mss 1420\n"
        "| COMMIT\n");
    assert_non_null(strstr(
        emitted("etc/seilc/mss6.rules"),
        "2| -A SEILC-MSS -i ge1 -p tcp --tcp-flags SYN,RST SYN ! --tcp-option 2 -j TCPMSS --set-mss 1380\n"
        "2| -A SEILC-MSS -i vrrp6.61 -p tcp --tcp-flags SYN,RST SYN ! --tcp-option 2 -j TCPMSS --set-mss 1380\n"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_to_do), TEST(napt),         TEST(random_ports_off), TEST(timeouts), TEST(learned_prefix),
        TEST(given_prefix),  TEST(on_link_prefix), TEST(redirects),      TEST(mss),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
