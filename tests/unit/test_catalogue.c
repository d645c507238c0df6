/* test_catalogue.c - paths, indexes, suggestions, and that the catalogue agrees with itself. */
#include "front.h"

static const struct {
    const char *path;
    enum key_error error;
    enum key_id id;
    uint32_t index[KEY_INDEX_MAX];
    const char *wrong;
} cases[] = {
    {"hostname",                        KEY_OK,         KEY_HOSTNAME, {0}, NULL},
    {"vrrp.vrouter.0.priority",         KEY_OK,         KEY_VRRP_VROUTER_PRIORITY, {0}, NULL},
    {"vrrp.vrouter.10002.priority",     KEY_OK,         KEY_VRRP_VROUTER_PRIORITY, {10002}, NULL},
    {"vrrp.vrouter.999999999.priority", KEY_OK,         KEY_VRRP_VROUTER_PRIORITY, {999999999}, NULL},
    {"interface.ge0.ipv4.alias.2.address", KEY_OK,      KEY_INTERFACE_GE_IPV4_ALIAS_ADDRESS, {0, 2}, NULL},
    {"interface.l2tp3.retry",           KEY_OK,         KEY_INTERFACE_L2TP_RETRY, {3}, NULL},
    {"interface.ge1p3.media",           KEY_OK,         KEY_INTERFACE_GE_PORT_MEDIA, {1, 3}, NULL},
    {"interface.ppp0.cid",              KEY_OK,         KEY_INTERFACE_PPP_CID, {0}, NULL},
    {"interface.tunnel511.mtu",         KEY_OK,         KEY_INTERFACE_TUNNEL_MTU, {511}, NULL},
    {"ipsec.security-association.sa4.share-session", KEY_OK, KEY_IPSEC_SECURITY_ASSOCIATION_SA_SHARE_SESSION, {4}, NULL},
    {"qos.interface.1.class.class15.label", KEY_OK,     KEY_QOS_INTERFACE_CLASS_CLASS_LABEL, {1, 15}, NULL},
    /* leaf and branch at once; fixed names beside indexes */
    {"filter.ipv4.100.state",           KEY_OK,         KEY_FILTER_IPV4_STATE, {100}, NULL},
    {"filter.ipv4.100.state.ttl",       KEY_OK,         KEY_FILTER_IPV4_STATE_TTL, {100}, NULL},
    {"nat.ipv4.napt.global",            KEY_OK,         KEY_NAT_IPV4_NAPT_ALL_GLOBAL, {0}, NULL},
    {"nat.ipv4.napt.7.global",          KEY_OK,         KEY_NAT_IPV4_NAPT_GLOBAL, {7}, NULL},
    {"application-gateway.service.1.ftp.data.2.command", KEY_OK, KEY_APPLICATION_GATEWAY_SERVICE_FTP_DATA_COMMAND, {1, 2}, NULL},
    {"application-gateway.service.1.ftp.data.port", KEY_OK, KEY_APPLICATION_GATEWAY_SERVICE_FTP_DATA_PORT, {1}, NULL},
    /* what is no key */
    {"",                                KEY_UNKNOWN,    KEY_NONE, {0}, ""},
    {".",                               KEY_UNKNOWN,    KEY_NONE, {0}, ""},
    {"Hostname",                        KEY_UNKNOWN,    KEY_NONE, {0}, "Hostname"},
    {"hostname.",                       KEY_UNKNOWN,    KEY_NONE, {0}, ""},
    {"hostname",                        KEY_OK,         KEY_HOSTNAME, {0}, NULL},
    {".hostname",                       KEY_UNKNOWN,    KEY_NONE, {0}, ""},
    {"hostname",                        KEY_OK,         KEY_HOSTNAME, {0}, NULL},
    {"hostnam",                         KEY_UNKNOWN,    KEY_NONE, {0}, "hostnam"},
    {"hostname.x",                      KEY_UNKNOWN,    KEY_NONE, {0}, "x"},
    {"vrrp.vrouter.0.prio",             KEY_UNKNOWN,    KEY_NONE, {0}, "prio"},
    {"vrrp.vrouter.x.priority",         KEY_UNKNOWN,    KEY_NONE, {0}, "x"},
    {"vrrp.vrouter.0x.priority",        KEY_UNKNOWN,    KEY_NONE, {0}, "0x"},
    {"vrrp.vrouter.[].priority",        KEY_UNKNOWN,    KEY_NONE, {0}, "[]"},
    {"vrrp..priority",                  KEY_UNKNOWN,    KEY_NONE, {0}, ""},
    {"interface.eth0.mtu",              KEY_UNKNOWN,    KEY_NONE, {0}, "eth0"},
    {"interface.ge.mtu",                KEY_UNKNOWN,    KEY_NONE, {0}, "ge"},
    {"interface.ge[].mtu",              KEY_UNKNOWN,    KEY_NONE, {0}, "[]"},
    {"interface.ge0.ipv5.address",      KEY_UNKNOWN,    KEY_NONE, {0}, "ipv5"},
    {"vrrp.vrouter",                    KEY_IS_GROUP,   KEY_NONE, {0}, "vrrp.vrouter"},
    {"vrrp.vrouter.0",                  KEY_IS_GROUP,   KEY_NONE, {0}, "vrrp.vrouter.0"},
    {"interface.ge0",                   KEY_IS_GROUP,   KEY_NONE, {0}, "interface.ge0"},
    /* indexes */
    {"vrrp.vrouter.00.priority",        KEY_BAD_INDEX,  KEY_NONE, {0}, "00"},
    {"vrrp.vrouter.01.priority",        KEY_BAD_INDEX,  KEY_NONE, {0}, "01"},
    {"vrrp.vrouter.1000000000.priority", KEY_BAD_INDEX, KEY_NONE, {0}, "1000000000"},
    {"interface.loopback1.ipv4.address", KEY_BAD_INDEX, KEY_NONE, {0}, "1"},
    {"interface.tunnel512.mtu",         KEY_BAD_INDEX,  KEY_NONE, {0}, "512"},
    {"interface.ge00.mtu",              KEY_BAD_INDEX,  KEY_NONE, {0}, "00"},
};

static void
check_case(size_t i, enum key_error error, const struct key_ref *ref, struct text wrong)
{
    if (error != cases[i].error)
        fail_msg("%s: error %d", cases[i].path, (int)error);
    if (error == KEY_OK) {
        assert_int_equal(ref->def->id, cases[i].id);
        assert_memory_equal(ref->index, cases[i].index, ref->def->depth * sizeof(uint32_t));
        return;
    }
    if (wrong.len != strlen(cases[i].wrong) || memcmp(wrong.bytes, cases[i].wrong, wrong.len))
        fail_msg("%s: wrong is %.*s", cases[i].path, (int)wrong.len, wrong.bytes);
}

static void
test_find(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct key_ref ref;
        struct text wrong;

        check_case(i, catalogue_find(text_of(cases[i].path), &ref, &wrong), &ref, wrong);
    }
}

/* One walk for all of them, in both directions, finds the same. */
static void
test_find_next(void **state)
{
    struct key_walk walk = {.node = NULL};

    (void)state;
    for (size_t round = 0; round < 4 * COUNT(cases); round++) {
        size_t i = round < 2 * COUNT(cases) ? round / 2 : 4 * COUNT(cases) - 1 - round;
        struct key_ref ref;
        struct text wrong;

        i %= COUNT(cases);
        check_case(i, catalogue_find_next(&walk, text_of(cases[i].path), &ref, &wrong), &ref, wrong);
    }
}

static void
test_pattern(void **state)
{
    static const struct { const char *path; enum key_id id; } patterns[] = {
        {"vrrp.vrouter.[].priority",    KEY_VRRP_VROUTER_PRIORITY},
        {"vrrp.vrouter.3.priority",     KEY_VRRP_VROUTER_PRIORITY},
        {"vrrp.vrouter.[]",             KEY_VRRP_VROUTER},
        {"interface.ge[].mtu",          KEY_INTERFACE_GE_MTU},
        {"interface.ge7.mtu",           KEY_INTERFACE_GE_MTU},
        {"interface.ge[]p[].media",     KEY_INTERFACE_GE_PORT_MEDIA},
        {"interface.ge0p[].media",      KEY_INTERFACE_GE_PORT_MEDIA},
        {"interface.l2tp[]",            KEY_INTERFACE_L2TP},
        {"vrrp.vrouter",                KEY_NONE},
        {"vrrp.vrouter.x.priority",     KEY_NONE},
        {"nothing",                     KEY_NONE},
        {"",                            KEY_NONE},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(patterns); i++) {
        const struct key_def *def = catalogue_find_pattern(text_of(patterns[i].path));

        assert_int_equal(def ? def->id : KEY_NONE, patterns[i].id);
    }
}

static void
test_suggest(void **state)
{
    static const struct { const char *path, *near; } guesses[] = {
        {"hostnam",                         "hostname"},
        {"npt.serivce",                     "ntp.service"},
        {"vrrp.vrouter.0.prioritee",        "vrrp.vrouter.0.priority"},
        {"vrrp.vrouter.7.adress",           "vrrp.vrouter.7.address"},
        {"vrrp.vroutre.7.address",          "vrrp.vrouter.7.address"},
        {"vrrp.router.7.address",           "vrrp.vrouter.7.address"},
        {"vrrp.7.address",                  "vrrp.vrouter.7.address"},
        {"vrrp.vrouter.priority",           "vrrp.vrouter.0.priority"},
        {"interface.ge1.address",           "interface.ge1.ipv4.address"},
        {"interface.g1.ipv4.address",       "interface.ge1.ipv4.address"},
        {"interface.ge.mtu",                "interface.ge0.mtu"},
        {"dhcp.server.3.pool.adress",       "dhcp.server.3.pool.address"},
        {"dhcp.server.3.static.entry.5.mac", NULL},
        {"dhcp.server.3.static.entry.5.macaddress", "dhcp.server.3.static.entry.5.mac-address"},
        {"nat.ipv4.napt.0.privat",          "nat.ipv4.napt.0.private"},
        {"router-advertisment.service",     "router-advertisement.service"},
        {"resolver.0.addres",               "resolver.0.address"},
        {"xyzzy",                           NULL},
        {"x",                               NULL},
        {"",                                NULL},
        {"....................",            NULL},
        {"vrrp.vrouter.0.this-is-nothing-at-all", NULL},
    };
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT(guesses); i++) {
        const char *near = catalogue_suggest(&arena, text_of(guesses[i].path));

        if (!near != !guesses[i].near || (near && strcmp(near, guesses[i].near)))
            fail_msg("%s: %s", guesses[i].path, near ? near : "nothing");
    }
    arena_free(&arena);
}

/* A key of megabytes, and one of many words, are no work. */
static void
test_suggest_long(void **state)
{
    enum { SIZE = 1 << 20 };
    char *path = malloc(SIZE);
    struct arena arena;

    (void)state;
    arena_init(&arena);
    memset(path, 'x', SIZE);
    assert_null(catalogue_suggest(&arena, (struct text){path, SIZE}));
    memset(path, '.', SIZE);
    assert_null(catalogue_suggest(&arena, (struct text){path, SIZE}));
    for (size_t i = 0; i < SIZE; i++)
        path[i] = i % 2 ? '.' : '0';
    assert_null(catalogue_suggest(&arena, (struct text){path, SIZE}));
    arena_free(&arena);
    free(path);
}

/* Each key's own path leads to it, its default is a value of it, and what it refers to exists. */
static void
test_defs(void **state)
{
    static const uint32_t index[KEY_INDEX_MAX] = {0, 0, 0, 0};
    size_t keys = 0, groups = 0;
    struct arena arena;

    (void)state;
    arena_init(&arena);
    for (unsigned i = KEY_NONE + 1; i < KEY_COUNT; i++) {
        const struct key_def *def = &key_defs[i];
        const char *path = catalogue_format(&arena, def, index);
        struct text wrong;
        struct key_ref ref;
        struct value value;

        assert_int_equal(def->id, i);
        assert_non_null(def->doc);
        assert_non_null(def->source);
        assert_ptr_equal(catalogue_find_pattern(text_of(def->path)), def);
        assert_int_equal(catalogue_find(text_of(path), &ref, &wrong), def->is_group ? KEY_IS_GROUP : KEY_OK);
        keys += !def->is_group;
        groups += def->is_group;
        if (def->is_group)
            continue;
        assert_ptr_equal(ref.def, def);
        assert_int_not_equal(def->types[0], TYPE_NONE);
        assert_false(def->default_text && def->default_words);
        if (def->default_text && value_parse(&arena, def, text_of(def->default_text), &value, &wrong))
            fail_msg("%s does not take its default %s", def->path, def->default_text);
    }
    assert_int_equal(keys, 970);
    assert_int_equal(groups, 154);
    arena_free(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_find_next),
        cmocka_unit_test(test_pattern),
        cmocka_unit_test(test_suggest),
        cmocka_unit_test(test_suggest_long),
        cmocka_unit_test(test_defs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
