/* test_net.c - arithmetic on subnets and ranges. */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check/net.h"

static struct in_addr
v4(const char *text)
{
    struct in_addr address;

    assert_int_equal(inet_pton(AF_INET, text, &address), 1);
    return address;
}

static struct in6_addr
v6(const char *text)
{
    struct in6_addr address;

    assert_int_equal(inet_pton(AF_INET6, text, &address), 1);
    return address;
}

static struct range4
run(const char *first, const char *last)
{
    return (struct range4){host4(v4(first)), host4(v4(last))};
}

static void
assert_range(struct range4 got, const char *first, const char *last)
{
    assert_int_equal(got.first, host4(v4(first)));
    assert_int_equal(got.last, host4(v4(last)));
}

static void
test_subnets(void **state)
{
    static const struct {
        const char *address;
        unsigned len;
        const char *net_first, *net_last, *host_first, *host_last;
    } cases[] = {
        {"192.168.1.77", 24, "192.168.1.0", "192.168.1.255", "192.168.1.1", "192.168.1.254"},
        {"10.255.0.1", 0, "0.0.0.0", "255.255.255.255", "0.0.0.1", "255.255.255.254"},
        {"192.0.2.6", 30, "192.0.2.4", "192.0.2.7", "192.0.2.5", "192.0.2.6"},
        {"192.0.2.6", 31, "192.0.2.6", "192.0.2.7", "192.0.2.6", "192.0.2.7"},
        {"255.255.255.255", 32, "255.255.255.255", "255.255.255.255", "255.255.255.255", "255.255.255.255"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_range(net4(v4(cases[i].address), cases[i].len), cases[i].net_first, cases[i].net_last);
        assert_range(hosts4(v4(cases[i].address), cases[i].len), cases[i].host_first, cases[i].host_last);
    }
}

static void
test_meet(void **state)
{
    struct range4 shared;

    (void)state;
    assert_true(range4_meet(run("192.168.1.150", "192.168.1.249"), run("192.168.1.50", "192.168.1.249"), &shared));
    assert_range(shared, "192.168.1.150", "192.168.1.249");
    assert_true(range4_meet(run("10.0.0.1", "10.0.0.9"), run("10.0.0.9", "10.0.0.9"), NULL));
    assert_false(range4_meet(run("10.0.0.1", "10.0.0.9"), run("10.0.0.10", "10.0.0.20"), NULL));
}

static void
test_cut(void **state)
{
    struct range4 range = run("10.0.0.1", "10.0.0.254");

    (void)state;
    range4_cut(&range, run("10.0.0.0", "10.0.0.99"));
    assert_range(range, "10.0.0.100", "10.0.0.254");
    range4_cut(&range, run("10.0.0.200", "10.0.0.255"));
    assert_range(range, "10.0.0.100", "10.0.0.199");
    range4_cut(&range, run("10.0.0.150", "10.0.0.160"));
    assert_range(range, "10.0.0.100", "10.0.0.199");
    range4_cut(&range, run("0.0.0.0", "255.255.255.255"));
    assert_true(range.first > range.last);
}

static void
test_kinds_of_addresses(void **state)
{
    static const struct {
        const char *address;
        bool private;
    } cases[] = {
        {"10.0.0.1", true},     {"100.63.255.255", false}, {"100.64.0.1", true},  {"169.254.0.1", true},
        {"172.15.0.1", false},  {"172.31.255.255", true},  {"172.32.0.0", false}, {"192.168.255.255", true},
        {"198.51.100.7", false},
    };
    struct in6_addr ula = v6("fd00:192:168:1::2"), global = v6("2001:db8::1"), local = v6("fe80::1");

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(private4(host4(v4(cases[i].address))), cases[i].private);
    assert_true(ula6(&ula) && !ula6(&global) && !ula6(&local));
    assert_true(global6(&global) && !global6(&ula) && !global6(&local));
}

static void
test_within6(void **state)
{
    static const struct {
        const char *inner;
        unsigned inner_len;
        const char *outer;
        unsigned outer_len;
        bool within;
    } cases[] = {
        {"2001:db8:1:2::", 64, "2001:db8:1::", 48, true},
        {"2001:db8:1:2::", 64, "2001:db8:1:3::", 64, false},
        {"2001:db8:1::", 48, "2001:db8:1::", 56, false},
        {"2001:db8:1:ff::", 64, "2001:db8:1:80::", 57, true},
        {"2001:db8:1:7f::", 64, "2001:db8:1:80::", 57, false},
        {"::1", 128, "::", 0, true},
        {"::1", 128, "::1", 128, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct in6_addr inner = v6(cases[i].inner), outer = v6(cases[i].outer);

        assert_int_equal(within6(&inner, cases[i].inner_len, &outer, cases[i].outer_len), cases[i].within);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_subnets),  cmocka_unit_test(test_meet),
        cmocka_unit_test(test_cut),      cmocka_unit_test(test_kinds_of_addresses),
        cmocka_unit_test(test_within6),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
