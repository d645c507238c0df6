/* test_keepalived.c - keepalived.conf: its text, and what each line is booked under. */
#include "emitted.h"

static const char path[] = "etc/keepalived/keepalived.conf";

static const char globals[] =
    "| # VRRP. Written by seilc: change the SEIL config, not this file.\n"
    "| \n"
    "| global_defs {\n"
    "|     # Scripts that anybody but root could change are refused.\n"
    "|     enable_script_security\n"
    "|     script_user root\n"
    "|     # A late timer looks like a dead master.\n"
    "|     max_auto_priority 50\n"
    "|     # With the default of 10 ms the kernel kills it under load.\n"
    "|     vrrp_rlimit_rttime 1000000\n"
    "|     # The old master answers the first of them, and switches look for the virtual MAC there.\n"
    "|     vrrp_garp_interval 0.05\n";

/* IPv4 with its virtual MAC, all defaults but the priority. */
static struct plan_vrrp
plain_instance(void)
{
    return (struct plan_vrrp){
        .name = "vrouter-0", .family = FAMILY_IPV4, .version = number(3, NULL), .link = "ge1", .link_from = from(1),
        .vrid = number(1, from(2)), .address = address("192.168.1.1", 32, from(3)), .priority = number(100, from(4)),
        .interval = number(1, NULL), .preempt = flag(true, NULL), .virtual_mac = flag(true, NULL),
        .vmac_link = "vrrp4.1", .from = from(0),
    };
}

static void
emit(struct plan_vrrp *vrrp)
{
    struct plan plan = {.vrrps = vrrp, .vrrp_count = 1};

    keepalived_emit(&plan, &output);
}

static void
nothing_without_vrrp(void **state)
{
    struct plan plan = {0};

    (void)state;
    keepalived_emit(&plan, &output);
    assert_int_equal(output.count, 0);
}

static void
ipv4_instance(void **state)
{
    struct plan_vrrp vrrp = plain_instance();

    (void)state;
    emit(&vrrp);
    assert_string_equal(emitted(path), arena_printf(&arena, "%s%s", globals,
                                                    "| }\n"
                                                    "| \n"
                                                    "0| vrrp_instance vrouter-0 {\n"
                                                    "|     state BACKUP\n"
                                                    "1|     interface ge1\n"
                                                    "|     use_vmac vrrp4.1\n"
                                                    "2|     virtual_router_id 1\n"
                                                    "|     version 3\n"
                                                    "4|     priority 100\n"
                                                    "|     advert_int 1\n"
                                                    "|     virtual_ipaddress {\n"
                                                    "3|         192.168.1.1/32\n"
                                                    "|     }\n"
                                                    "|     notify \"/usr/lib/seilc/vrrp-notify\"\n"
                                                    "| }\n"));
}

/*
 * Everything said, everything off its default; a delay of both kinds, since every instance has one.
 */
static void
ipv6_instance(void **state)
{
    struct plan_vrrp vrrp = plain_instance();

    (void)state;
    vrrp.family = FAMILY_IPV6;
    vrrp.address = address("fe80::1", 64, from(3));
    vrrp.vmac_link = "vrrp6.1";
    vrrp.virtual_mac = flag(true, from(5));
    vrrp.interval = number(2, from(6));
    vrrp.delay = number(7, from(7));
    vrrp.preempt = flag(true, from(8));
    vrrp.version = number(3, from(9));
    vrrp.track_link = "ge0";
    vrrp.track_from = from(10);
    emit(&vrrp);
    assert_string_equal(
        emitted(path),
        arena_printf(&arena, "%s%s", globals,
                     "|     # preempt_delay holds for a take-over only; this one for the start.\n"
                     "7|     vrrp_startup_delay 7\n"
                     "| }\n"
                     "| \n"
                     "0| vrrp_instance vrouter-0 {\n"
                     "|     state BACKUP\n"
                     "1|     interface ge1\n"
                     "5|     use_vmac vrrp6.1\n"
                     "|     # Else a backup answers for its own link-local with the virtual MAC.\n"
                     "5|     vmac_xmit_base\n"
                     "|     # Switches would forget the virtual MAC, from which no advert comes.\n"
                     "5|     garp_master_refresh 60\n"
                     "2|     virtual_router_id 1\n"
                     "9|     version 3\n"
                     "4|     priority 100\n"
                     "6|     advert_int 2\n"
                     "8|     preempt\n"
                     "7|     preempt_delay 7\n"
                     "|     virtual_ipaddress {\n"
                     "3|         fe80::1/64\n"
                     "|     }\n"
                     "10|     track_interface {\n"
                     "10|         ge0\n"
                     "10|     }\n"
                     "|     notify \"/usr/lib/seilc/vrrp-notify\"\n"
                     "| }\n"));
}

/* What has no word in keepalived's language leads to a line all the same. */
static void
switched_off(void **state)
{
    struct plan_vrrp vrrp = plain_instance();

    (void)state;
    vrrp.virtual_mac = flag(false, from(5));
    vrrp.vmac_link = NULL;
    vrrp.preempt = flag(false, from(6));
    vrrp.delay = number(0, from(7));
    emit(&vrrp);
    assert_non_null(strstr(emitted(path), "5|     # No virtual MAC: the address is said again every minute.\n"
                                          "5|     garp_master_refresh 60\n"));
    assert_non_null(strstr(emitted(path), "6|     nopreempt\n"
                                          "7|     # No preempt_delay: nopreempt leaves nothing to delay.\n"));
    assert_null(strstr(emitted(path), "use_vmac"));
}

/*
 * A check is one script for all instances; one that nobody tracks is none of keepalived's business.
 */
static void
checks(void **state)
{
    struct plan_check all[] = {
        {.name = "upstream6", .kind = CHECK_ROUTE, .target = address("::", 0, NULL), .upstream = true, .interval = 1,
         .timeout = 3, .fall = number(2, NULL), .rise = number(2, NULL), .from = from(10)},
        {.name = "echo-0", .kind = CHECK_ECHO, .target = address("192.0.2.1", 32, from(11)), .interval = 5,
         .timeout = 2, .fall = number(4, from(12)), .rise = number(3, from(13)), .from = from(11)},
        {.name = "unused", .kind = CHECK_ROUTE, .target = address("192.0.2.0", 24, NULL)},
    };
    const struct plan_check *tracked[] = {&all[0], &all[1]};
    struct plan_vrrp vrrp = plain_instance();
    struct plan plan = {.vrrps = &vrrp, .vrrp_count = 1, .checks = all, .check_count = 3};

    (void)state;
    vrrp.checks = tracked;
    vrrp.check_count = 2;
    keepalived_emit(&plan, &output);
    assert_non_null(strstr(emitted(path), "10| # Upstream is ready: there is a usable route to ::/0.\n"
                                          "10| vrrp_script upstream6 {\n"
                                          "10|     script \"/usr/lib/seilc/check upstream6\"\n"
                                          "|     interval 1\n"
                                          "|     timeout 3\n"
                                          "|     fall 2\n"
                                          "|     rise 2\n"
                                          "| }\n"));
    assert_non_null(strstr(emitted(path), "11| # 192.0.2.1 answers echo requests.\n"
                                          "11| vrrp_script echo-0 {\n"
                                          "11|     script \"/usr/lib/seilc/check echo-0\"\n"
                                          "|     interval 5\n"
                                          "|     timeout 2\n"
                                          "12|     fall 4\n"
                                          "13|     rise 3\n"
                                          "| }\n"));
    assert_non_null(strstr(emitted(path), "|     track_script {\n"
                                          "10|         upstream6\n"
                                          "11|         echo-0\n"
                                          "|     }\n"));
    assert_null(strstr(emitted(path), "unused"));
}

/* One instance without delay must not wait for the other's. */
static void
shortest_startup_delay(void **state)
{
    struct plan_vrrp vrrps[2] = {plain_instance(), plain_instance()};
    struct plan plan = {.vrrps = vrrps, .vrrp_count = 2};

    (void)state;
    vrrps[1].delay = number(9, from(7));
    keepalived_emit(&plan, &output);
    assert_null(strstr(emitted(path), "vrrp_startup_delay"));
    assert_non_null(strstr(emitted(path), "7|     preempt_delay 9\n"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_without_vrrp), TEST(ipv4_instance), TEST(ipv6_instance),
        TEST(switched_off),         TEST(checks),        TEST(shortest_startup_delay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
