/* test_value.c - typed values: what each type takes, what it says otherwise, and that values come back unchanged. */
#include "front.h"

static const struct {
    const char *key;
    const char *text;
    const char *canonical;      /* NULL: the text itself */
} good[] = {
    {"ntp.service",                             "enable",                       NULL},
    {"ntp.service",                             "disable",                      NULL},
    {"vrrp.vrouter.0.version",                  "3",                            NULL},
    {"interface.ge0.media",                     "1000baseT-FDX",                NULL},
    {"vrrp.vrouter.0.vrid",                     "1",                            NULL},
    {"vrrp.vrouter.0.vrid",                     "255",                          NULL},
    {"vrrp.vrouter.0.vrid",                     "007",                          "7"},
    {"dhcp.server.0.expire-detail",             "20m",                          "1200"},
    {"dhcp.server.0.expire-detail",             "24h",                          "86400"},
    {"dhcp.server.0.expire-detail",             "1h2m3s",                       "3723"},
    {"dhcp.server.0.expire-detail",             "08h",                          "28800"},
    {"dhcp.server.0.expire-detail",             "60",                           NULL},
    {"dhcp.server.0.expire-detail",             "100m",                         "6000"},
    {"router-advertisement.0.reachable-time",   "123",                          NULL},
    {"interface.ge0.ipv4.tcp-mss",              "auto",                         NULL},
    {"interface.ge0.ipv4.tcp-mss",              "1420",                         NULL},
    {"interface.ge0.ipv4.address",              "192.168.1.2/24",               NULL},
    {"interface.ge0.ipv4.address",              "dhcp",                         NULL},
    {"interface.ge0.ipv4.address",              "10.0.0.1/0",                   NULL},
    {"route.ipv4.0.destination",                "192.168.1.1/24",               "192.168.1.0/24"},
    {"route.ipv4.0.destination",                "192.168.2.70/26",              "192.168.2.64/26"},
    {"route.ipv4.0.destination",                "1.2.3.4/0",                    "0.0.0.0/0"},
    {"route.ipv4.0.destination",                "255.255.255.255/32",           NULL},
    {"route.ipv4.0.gateway",                    "tunnel0",                      NULL},
    {"route.ipv4.0.gateway",                    "1.2.3.4",                      NULL},
    {"route.ipv4.0.gateway",                    "discard",                      NULL},
    {"nat.ipv4.napt.0.private",                 "192.168.1.0-192.168.1.255",    NULL},
    {"nat.ipv4.napt.0.private",                 "192.168.1.1",                  NULL},
    {"nat.ipv4.dnat.0.private.0.address",       "192.168.0.10-11",              "192.168.0.10-192.168.0.11"},
    {"filter.ipv4.0.source.address",            "10.0.0.1",                     NULL},
    {"filter.ipv4.0.source.address",            "10.0.0.1/8",                   "10.0.0.0/8"},
    {"filter.ipv4.0.source.address",            "10.0.0.1-10.0.0.9",            NULL},
    {"filter.ipv4.0.source.address",            "ge0",                          NULL},
    {"filter.ipv4.0.source.address",            "self",                         NULL},
    {"filter.ipv6.0.source.address",            "2001:db8::1-2001:db8::ff",     NULL},
    {"filter.ipv6.0.source.address",            "2001:db8::1/48",               "2001:db8::/48"},
    {"vrrp.vrouter.0.address",                  "fe80::1",                      NULL},
    {"vrrp.vrouter.0.address",                  "FE80:0:0::0:1",                "fe80::1"},
    {"interface.ge1.ipv6.address",              "fd00:192:168:1::2/64",         NULL},
    {"nat.ipv6.0.internal",                     "fd00:192:168:1::9/61",         "fd00:192:168::/61"},
    {"nat.ipv6.0.internal",                     "ffff:ffff::/0",                "::/0"},
    {"vrrp.vrouter.0.watch.route-up",           "::/0",                         NULL},
    {"vrrp.vrouter.0.watch.route-up",           "0.0.0.0/0",                    NULL},
    {"filter.ipv4.0.interface",                 "ge*",                          NULL},
    {"filter.ipv4.0.interface",                 "any",                          NULL},
    {"filter.ipv4.0.interface",                 "pppoe12",                      NULL},
    {"application-gateway.input.ipv4.bridging.0.interface", "l2tp3",            NULL},
    {"filter.ipv4.0.source.port",               "1-65535",                      NULL},
    {"filter.ipv4.0.source.port",               "80-80",                        "80"},
    {"ntp.client.0.address",                    "ntp1.v6.mfeed.ad.jp",          NULL},
    {"ntp.client.0.address",                    "10.0.0.1",                     NULL},
    {"ntp.client.0.address",                    "::1",                          NULL},
    {"ntp.client.0.address",                    "dhcp6",                        NULL},
    {"hostname",                                "",                             NULL},
    {"hostname",                                "<'\" \\>",                     NULL},
    {"hostname",                                "a\tb",                         NULL},
    {"login.admin.password",                    "p:#${",                        NULL},
    {"dhcp.server.0.wpad.url",                  "http://u:p@proxy.example.jp/", NULL},
    {"arp.0.mac-address",                       "2:4:6:8:a:c",                  "02:04:06:08:0a:0c"},
    {"arp.0.mac-address",                       "02:04:06:08:0A:0C",            "02:04:06:08:0a:0c"},
    {"dhcp6.client.0.prefix-delegation.0.sla-id", "0x0001",                     "0x1"},
    {"dhcp6.client.0.prefix-delegation.0.sla-id", "0xFFFF",                     "0xffff"},
    {"ospf.area.0.id",                          "0.0.0.0",                      NULL},
    {"ospf.router-id",                          "192.168.0.1",                  NULL},
    {"interface.ppp0.pin",                      "1234",                         NULL},
    {"filter.ipv4.0.protocol",                  "47",                           NULL},
    {"filter.ipv4.0.protocol",                  "tcp-synonly",                  NULL},
};

static const struct {
    const char *key;
    const char *text;
    const char *wrong;          /* the run that the caret marks */
    const char *want;
} bad[] = {
    {"ntp.service",                 "Enable",           "Enable",       "enable or disable"},
    {"ntp.service",                 "",                 "",             "enable or disable"},
    {"vrrp.vrouter.0.version",      "4",                "4",            "2 or 3"},
    {"vrrp.vrouter.0.vrid",         "0",                "0",            "a number from 1 to 255"},
    {"vrrp.vrouter.0.vrid",         "256",              "256",          "a number from 1 to 255"},
    {"vrrp.vrouter.0.vrid",         "99999999999999999999999", "99999999999999999999999", "a number from 1 to 255"},
    {"vrrp.vrouter.0.vrid",         "12x",              "x",            "a number from 1 to 255"},
    {"vrrp.vrouter.0.vrid",         "-1",               "-1",           "a number from 1 to 255"},
    {"snmp.trap.watch.0.errors",    "99999999999999999999999", "99999999999999999999999", "a number"},
    {"dhcp.server.0.expire-detail", "59",               "59",           "a time from 60 to 86400 seconds (such as 90 or 1m30s)"},
    {"dhcp.server.0.expire-detail", "25h",              "25h",          "a time from 60 to 86400 seconds (such as 90 or 1m30s)"},
    {"dhcp.server.0.expire-detail", "1d",               "1d",           "a time from 60 to 86400 seconds (such as 90 or 1m30s)"},
    {"dhcp.server.0.expire-detail", "1h1d",             "1d",           "a time from 60 to 86400 seconds (such as 90 or 1m30s)"},
    {"dhcp.server.0.expire-detail", "3s2m",             "2m",           "a time from 60 to 86400 seconds (such as 90 or 1m30s)"},
    {"dhcp.server.0.expire-detail", "9999999999999999999h", "9999999999999999999h",
        "a time from 60 to 86400 seconds (such as 90 or 1m30s)"},
    {"router-advertisement.0.reachable-time", "1s",     "s",            "a number of milliseconds"},
    {"interface.ge0.ipv4.tcp-mss",  "31",               "31",           "a number from 32 to 32767"},
    {"interface.ge0.ipv4.tcp-mss",  "on",               "on",           "a number from 32 to 32767, auto or none"},
    {"interface.ge0.ipv4.address",  "192.0.2.1/99",     "99",           "a prefix length from 0 to 32"},
    {"interface.ge0.ipv4.address",  "192.0.2.1/",       "",             "a prefix length from 0 to 32"},
    {"interface.ge0.ipv4.address",  "192.0.2.1/024",    "024",          "a prefix length from 0 to 32"},
    {"interface.ge0.ipv4.address",  "192.0.2.1",        "192.0.2.1",    "an IPv4 address with prefix length"},
    {"interface.ge0.ipv4.address",  "192.0.256.1/24",   "256",
        "an IPv4 address, four numbers from 0 to 255 with dots between them"},
    {"interface.ge0.ipv4.address",  "192.0.02.1/24",    "02",
        "an IPv4 address, four numbers from 0 to 255 with dots between them"},
    {"interface.ge0.ipv4.address",  "192.0.2/24",       "2",
        "an IPv4 address, four numbers from 0 to 255 with dots between them"},
    {"interface.ge0.ipv4.address",  "dhcp6",            "dhcp6",        "an IPv4 address with prefix length or dhcp"},
    {"dhcp.server.0.gateway",       "192.168.1.1/24",   "/24",          "an IPv4 address without prefix length"},
    {"filter.ipv4.0.source.address", "10.0.0.0/33",     "33",           "a prefix length from 0 to 32"},
    {"filter.ipv4.0.source.address", "10.0.0.9-10.0.0.1", "10.0.0.9-10.0.0.1", "a range whose first address is not above its last"},
    {"filter.ipv4.0.source.address", "10.0.0.9-x",      "x",            "the last IPv4 address of a range"},
    {"vrrp.vrouter.0.address",      "fe80::1%ge1",      "%ge1",         "an IPv6 address without scope"},
    {"vrrp.vrouter.0.address",      "fe80::1/64",       "/64",          "an IPv6 address without prefix length"},
    {"vrrp.vrouter.0.address",      "fe80::g",          "g",            "an IPv6 address"},
    {"vrrp.vrouter.0.address",      "1:2:3",            "1:2:3",        "an IPv6 address"},
    {"vrrp.vrouter.0.address",      "ge0",              "ge0",          "an IPv4 address or an IPv6 address"},
    {"interface.ge1.ipv6.address",  "fd00::2/129",      "129",          "a prefix length from 0 to 128"},
    {"vrrp.vrouter.0.interface",    "eth0",             "eth0",         "an interface of a kind that fits (ge, vlan, bridge)"},
    {"vrrp.vrouter.0.interface",    "tunnel0",          "tunnel0",      "an interface of a kind that fits (ge, vlan, bridge)"},
    {"vrrp.vrouter.0.interface",    "ge",               "ge",           "an interface of a kind that fits (ge, vlan, bridge)"},
    {"vrrp.vrouter.0.interface",    "ge01",             "ge01",         "an interface of a kind that fits (ge, vlan, bridge)"},
    {"vrrp.vrouter.0.interface",    "ge99999",          "ge99999",      "an interface of a kind that fits (ge, vlan, bridge)"},
    {"vrrp.vrouter.0.interface",    "ge*",              "ge*",          "an interface of a kind that fits (ge, vlan, bridge)"},
    {"filter.ipv4.0.source.port",   "70000",            "70000",        "a port from 0 to 65535, or a range low-high"},
    {"filter.ipv4.0.source.port",   "9-1",              "9-1",          "a range with the lower port first"},
    {"filter.ipv4.0.source.port",   "9-x",              "x",            "a port from 0 to 65535, or a range low-high"},
    {"filter.ipv4.0.source.port",   "",                 "",             "a port from 0 to 65535, or a range low-high"},
    {"resolver.domain",             "a_b",              "_",            "a host name"},
    {"resolver.domain",             "a..b",             ".",            "a host name"},
    {"ntp.client.0.address",        "10.0.0.300",       "300",
        "an IPv4 address, four numbers from 0 to 255 with dots between them"},
    {"dhcp.server.0.wpad.url",      "proxy.pac",        "proxy.pac",    "a URL"},
    {"dhcp.server.0.wpad.url",      "http://a b",       " ",
        "a URL; this character must be written as % and two hexadecimal digits"},
    {"arp.0.mac-address",           "02:00",            "00",           "a MAC address"},
    {"arp.0.mac-address",           "02:00:00:00:00:zz", "zz",          "a MAC address"},
    {"arp.0.mac-address",           "02:00:00:00:00:00:00", "00:00",    "a MAC address"},
    {"dhcp6.client.0.prefix-delegation.0.sla-id", "1",  "1",            "a hexadecimal number from 0x0 to 0xffff"},
    {"dhcp6.client.0.prefix-delegation.0.sla-id", "0x10000", "0x10000", "a hexadecimal number from 0x0 to 0xffff"},
    {"dhcp6.client.0.prefix-delegation.0.sla-id", "0xfffffffffffffffff", "0xfffffffffffffffff",
        "a hexadecimal number from 0x0 to 0xffff"},
    {"dhcp6.client.0.prefix-delegation.0.sla-id", "0xg", "g",           "a hexadecimal number from 0x0 to 0xffff"},
    {"ospf.router-id",              "0.0.0.0",          "0.0.0.0",      "an identifier from 0.0.0.1 to 255.255.255.255"},
    {"filter.ipv4.0.label",         "a\x1b[0m",         "\x1b",         "printable single-byte characters"},
    {"filter.ipv4.0.label",         "caf\xc3\xa9",      "\xc3",         "printable single-byte characters"},
    {"filter.ipv4.0.label",         "",                 "",             "1 to 32 characters"},
};

static const struct key_def *
find(const char *path)
{
    struct key_ref ref;
    struct text wrong;

    if (catalogue_find(text_of(path), &ref, &wrong) != KEY_OK)
        fail_msg("no key %s", path);
    return ref.def;
}

static void
test_good(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(good); i++) {
        const struct key_def *def = find(good[i].key);
        struct value value, again;
        struct text wrong;
        const char *want = value_parse(&arena, def, text_of(good[i].text), &value, &wrong);
        const char *text;

        if (want)
            fail_msg("%s: %s: expected %s", good[i].key, good[i].text, want);
        text = value_format(&arena, def, &value);
        assert_string_equal(text, good[i].canonical ? good[i].canonical : good[i].text);
        assert_null(value_parse(&arena, def, text_of(text), &again, &wrong));
        assert_true(value_equal(&value, &again));
    }
    arena_free(&arena);
}

static void
test_bad(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct text text = text_of(bad[i].text), wrong;
        struct value value;
        const char *want = value_parse(&arena, find(bad[i].key), text, &value, &wrong);

        if (!want)
            fail_msg("%s: %s was taken", bad[i].key, bad[i].text);
        assert_string_equal(want, bad[i].want);
        assert_true(wrong.bytes >= text.bytes && wrong.bytes + wrong.len <= text.bytes + text.len);
        assert_string_equal(arena_copy(&arena, wrong.bytes, wrong.len), bad[i].wrong);
    }
    arena_free(&arena);
}

/* Every prefix and every single-byte change of good values: no crash, and a caret within the text. */
static void
test_near_misses(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(good); i++) {
        size_t len = strlen(good[i].text);
        char *copy = arena_copy(&arena, good[i].text, len);

        for (size_t j = 0; j < len; j++) {
            static const char bytes[] = ".:/-*0x \t\0\xff";

            for (size_t k = 0; k < sizeof(bytes); k++) {
                struct text text = {copy, k ? len : j}, wrong = {copy, 0};
                struct value value;
                char kept = copy[j];

                copy[j] = k ? bytes[k - 1] : kept;
                if (value_parse(&arena, find(good[i].key), text, &value, &wrong))
                    assert_true(wrong.bytes >= copy && wrong.bytes + wrong.len <= copy + text.len);
                copy[j] = kept;
            }
        }
    }
    arena_free(&arena);
}

static void
test_spell(void **state)
{
    static const struct { const char *text, *spelt; } cases[] = {
        {"",            "\"\""},
        {"foo",         "foo"},
        {"a b",         "\"a b\""},
        {"<'\" \\>",    "\"<'\\\" \\\\>\""},
        {"it's",        "\"it's\""},
        {"a:b#c",       "a:b#c"},
        {"\t",          "\"\t\""},
        {"\\",          "\"\\\\\""},
    };

    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct value value = {.type = TYPE_STRING, .text = text_of(cases[i].text)};

        assert_string_equal(value_spell(&arena, find("hostname"), &value), cases[i].spelt);
    }
    arena_free(&arena);
}

/* What value_spell() writes, the scanner reads back. */
static void
test_spell_round_trip(void **state)
{
    static const char *const texts[] = {"", " ", "\"", "\\", "\\\\", "a\\", "\\\"", "\"\"", "x \" \\ ' y", "\t", "-----\\n-----"};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct value value = {.type = TYPE_STRING, .text = text_of(texts[i])};
        struct front front;
        struct arena arena;
        const char *line;

        arena_init(&arena);
        line = arena_printf(&arena, "hostname : %s\n", value_spell(&arena, find("hostname"), &value));
        front_bind(&front, line, NULL, 0, BIND_TOGETHER);
        assert_string_equal(front_findings(&front), "");
        assert_int_equal(front.tree.count, 1);
        assert_true(value_equal(&front.tree.nodes[0].value, &value));
        front_free(&front);
        arena_free(&arena);
    }
}

static void
test_interface_names(void **state)
{
    static const struct {
        const char *text;
        enum interface_kind kind;
        uint32_t unit;
    } cases[] = {
        {"ge0",         KIND_GE,        0},
        {"l2tp3",       KIND_L2TP,      3},
        {"ipsec63",     KIND_IPSEC,     63},
        {"ipsecac1",    KIND_IPSECAC,   1},
        {"ppp0",        KIND_PPP,       0},
        {"pppoe0",      KIND_PPPOE,     0},
        {"pppac7",      KIND_PPPAC,     7},
        {"tunnel65535", KIND_TUNNEL,    65535},
        {"tunnel65536", KIND_NONE,      0},
        {"ge00",        KIND_NONE,      0},
        {"ge",          KIND_NONE,      0},
        {"0",           KIND_NONE,      0},
        {"",            KIND_NONE,      0},
        {"ge0p0",       KIND_NONE,      0},
        {"GE0",         KIND_NONE,      0},
    };
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct interface_name name;

        assert_int_equal(interface_parse(text_of(cases[i].text), &name), cases[i].kind != KIND_NONE);
        if (cases[i].kind == KIND_NONE)
            continue;
        assert_int_equal(name.kind, cases[i].kind);
        assert_int_equal(name.unit, cases[i].unit);
        assert_string_equal(interface_format(&arena, name), cases[i].text);
    }
    arena_free(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_near_misses),
        cmocka_unit_test(test_spell),
        cmocka_unit_test(test_spell_round_trip),
        cmocka_unit_test(test_interface_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
