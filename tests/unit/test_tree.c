/* test_tree.c - binding, and what statements say about each other. */
#include "front.h"

#include <jansson.h>
#include <yaml.h>

static const struct {
    const char *text;
    const char *findings;           /* of BIND_TOGETHER */
} cases[] = {
    {"hostname: a\n",                                               ""},
    /* keys */
    {"hostnam: a\n",                                                "1:1 unknown-key"},
    {"vrrp.vrouter.0.prio: 1\n",                                    "1:16 unknown-key"},
    {"vrrp.vrouter.0: 1\n",                                         "1:1 unknown-key"},
    {"vrrp.vrouter.00.vrid: 1\n",                                   "1:14 bad-index"},
    {"interface.loopback1.ipv4.address: 10.0.0.1/32\n",             "1:19 bad-index"},
    {"interface.tunnel512.mtu: 1400\n",                             "1:17 bad-index"},
    /* values: the smallest wrong text */
    {"interface.ge0.ipv4.address: 192.0.2.1/99\n",                  "1:39 bad-value"},
    {"interface.ge0.ipv4.address: \"192.0.2.1/99\"\n",              "1:40 bad-value"},
    {"filter.ipv4.0.label: \"0123456789012345678901234567890123\\\"\"\n", "1:1 missing-key; 1:1 missing-key; 1:1 missing-key; 1:22 bad-value"},
    {"interface.ge0.mtu: 9000\n",                                   "1:20 bad-value"},
    /* masks and placeholders */
    {"interface.loopback0.ipv4.address : ***.***.***.***/32\n",     "1:36 masked-value"},
    {"interface.tunnel0.ipv6.destination : ****:****:0000::****\n", "1:38 masked-value"},
    {"interface.pppoe0.id: u\ninterface.pppoe0.password: ********\n", "2:28 masked-value"},
    {"interface.ge0.description: \"*** WAN ***\"\n",                ""},
    {"interface.ge0.ipv4.address: ${lan_address}${lan_prefixlen}\n", "1:29 placeholder"},
    {"hostname: ${hostname}\n",                                     "1:11 placeholder"},
    {"hostname: \"${ NAME}\"\n",                                    "1:11 placeholder"},
    {"hostname: $2a$07$x{}\n",                                      ""},
    {"dns-forwarder.listen.0.interface: ge*\n",                     ""},
    /* every line with the same key is wrong */
    {"hostname: a\nhostname: b\n",                                  "1:1 duplicate-key; 2:1 duplicate-key"},
    {"hostname: a\nhostname: a\nhostname: a\n",                     "1:1 duplicate-key; 2:1 duplicate-key; 3:1 duplicate-key"},
    {"interface.ge0.mtu: x\ninterface.ge0.mtu: 1500\n",             "1:1 duplicate-key; 1:20 bad-value; 2:1 duplicate-key"},
    {"hostname:\nhostname: a\n",                                    "1:10 value-missing"},
    /* older spellings */
    {"dns-forwarder.listen.ipv4.0.interface: ge1\n",                "1:1 deprecated-key"},
    {"dns-forwarder.listen.ipv4.0.interface: ge1\ndns-forwarder.listen.0.interface: ge1\n",
        "1:1 deprecated-key; 1:1 conflicting-keys; 2:1 conflicting-keys"},
    /* required keys */
    {"route.ipv4.0.destination: default\n",                         "1:1 missing-key"},
    {"route.ipv4.0.gateway: x\nroute.ipv4.0.destination: default\n", "1:23 bad-value"},
    {"route.ipv4.3.distance: 1\nroute.ipv4.3.floatlink.destination: n\n", ""},
    {"dhcp6.client.0.interface: ge0\ndhcp6.client.0.prefix-delegation.0.subnet: ge1\n", "2:1 missing-key"},
    {"syslog.remote.server.0.ipv6.address: ::1\n",                  ""},
    {"syslog.remote.server.0.port: 514\n",                          "1:1 missing-key"},
    {"interface.ipsec0.mtu: 1400\n",                                ""},
    {"interface.ipsec0.floatlink.my-node-id: a\n",                  "1:1 missing-key; 1:1 missing-key; 1:1 missing-key"},
    {"nat.ipv4.snapt.0.protocol: 41\nnat.ipv4.snapt.0.forward.address: 10.0.0.1\nnat.ipv4.snapt.0.interface: ge0\n", ""},
    {"ospf.link.0.interface: ge0\nospf.link.0.area: 0.0.0.0\n",     "1:1 missing-key"},
    {"ospf6.router-id: 1.1.1.1\n",                                  ""},
    {"bgp.my-as-number: 1\n",                                       "1:1 missing-key"},
    /* group sizes */
    {"resolver.1.address: ::1\nresolver.9.address: ::2\nresolver.3.address: ::3\nresolver.4.address: ::4\n", ""},
    {"resolver.1.address: ::1\nresolver.9.address: ::2\nresolver.3.address: ::3\nresolver.4.address: ::4\nresolver.0.address: ::5\n",
        "2:1 too-many-entries"},
    /* keys that exclude each other */
    {"dhcp.server.0.expire: 1\ndhcp.server.0.expire-detail: 20m\ndhcp.server.0.interface: ge1\n"
     "dhcp.server.0.pool.address: 10.0.0.1/24\ndhcp.server.0.pool.count: 1\n", "1:1 conflicting-keys"},
    {"dhcp.server.0.expire: 1\ndhcp.server.1.expire-detail: 20m\n",
        "1:1 missing-key; 1:1 missing-key; 1:1 missing-key; 2:1 missing-key; 2:1 missing-key; 2:1 missing-key"},
};

static void
test_findings(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct front front;

        front_bind(&front, cases[i].text, NULL, 0, BIND_TOGETHER);
        if (strcmp(front_findings(&front), cases[i].findings))
            print_error("case %zu: %s", i, cases[i].text);
        assert_string_equal(front_findings(&front), cases[i].findings);
        front_free(&front);
    }
}

/* The 891 lines that IIJ's converter writes in its own tests: each alone binds and type-checks. */
static void
test_real_lines(void **state)
{
    FILE *in = fopen("tests/golden/real-lines.txt", "r");
    char line[1024];
    size_t count = 0;

    (void)state;
    assert_non_null(in);
    while (fgets(line, sizeof(line), in)) {
        struct front front;

        front_bind(&front, line, NULL, 0, BIND_ALONE);
        if (front.diag.count)
            fail_msg("%s: %s: %s", front_findings(&front), front.diag.findings[0]->message, line);
        assert_int_equal(front.tree.count, 1);
        front_free(&front);
        count++;
    }
    fclose(in);
    assert_int_equal(count, 891);
}

static void
test_alone(void **state)
{
    struct front front;

    (void)state;
    front_bind(&front, "vrrp.vrouter.0.vrid: 1\nvrrp.vrouter.0.vrid: 2\nvrrp.vrouter.0.vrid: x\n", NULL, 0, BIND_ALONE);
    assert_string_equal(front_findings(&front), "3:22 bad-value");
    assert_int_equal(front.tree.count, 1);
    assert_int_equal(front.tree.nodes[0].value.number, 1);
    front_free(&front);
}

static const char config[] =
    "interface.ge1.ipv4.address: 192.168.1.2/24\n"
    "vrrp.vrouter.7.interface: ge1\n"
    "vrrp.vrouter.7.vrid: 61\n"
    "vrrp.vrouter.7.address: fe80::1\n"
    "vrrp.vrouter.0.interface: ge1\n"
    "vrrp.vrouter.0.vrid: 1\n"
    "vrrp.vrouter.0.address: 192.168.1.1\n"
    "vrrp.vrouter.0.version: 2\n"
    "interface.ge1.ipv4.alias.2.address: 10.0.0.1/8\n"
    "interface.ge1.ipv4.alias.0.address: 10.0.0.2/8\n"
    "interface.ge0p1.media: auto\n"
    "ntp.service: enable\n"
    "hostname: \"a b\"\n";

static void
test_queries(void **state)
{
    static const uint32_t zero[] = {0}, seven[] = {7}, one[] = {1};
    struct front front;
    const uint32_t *entries;
    struct setting setting;

    (void)state;
    front_bind(&front, config, NULL, 0, BIND_TOGETHER);
    assert_string_equal(front_findings(&front), "");
    assert_int_equal(tree_entries(&front.tree, KEY_VRRP_VROUTER, NULL, &entries), 2);
    assert_int_equal(entries[0], 0);
    assert_int_equal(entries[1], 7);
    assert_int_equal(tree_entries(&front.tree, KEY_INTERFACE_GE_IPV4_ALIAS, one, &entries), 2);
    assert_int_equal(entries[0], 0);
    assert_int_equal(entries[1], 2);
    assert_int_equal(tree_entries(&front.tree, KEY_INTERFACE_GE_IPV4_ALIAS, zero, &entries), 0);
    assert_int_equal(tree_entries(&front.tree, KEY_INTERFACE_GE, NULL, &entries), 2);
    assert_int_equal(tree_entries(&front.tree, KEY_INTERFACE_GE_PORT, zero, &entries), 1);
    assert_int_equal(entries[0], 1);
    assert_int_equal(tree_entries(&front.tree, KEY_DHCP_SERVER, NULL, &entries), 0);

    assert_int_equal(tree_find(&front.tree, KEY_VRRP_VROUTER_VRID, seven)->value.number, 61);
    assert_int_equal(tree_find(&front.tree, KEY_VRRP_VROUTER_VRID, seven)->number, 2);
    assert_null(tree_find(&front.tree, KEY_VRRP_VROUTER_VRID, one));
    assert_null(tree_find(&front.tree, KEY_VRRP_VROUTER_DELAY, seven));
    assert_true(setting_on(tree_get(&front.tree, KEY_NTP_SERVICE, NULL)));

    setting = tree_get(&front.tree, KEY_VRRP_VROUTER_PRIORITY, seven);
    assert_null(setting.node);
    assert_int_equal(setting_number(setting, 0), 100);
    assert_true(setting_is(tree_get(&front.tree, KEY_VRRP_VROUTER_VERSION, seven), "3"));
    assert_true(setting_is(tree_get(&front.tree, KEY_VRRP_VROUTER_VERSION, zero), "2"));
    setting = tree_get(&front.tree, KEY_VRRP_VROUTER_WATCH_INTERFACE, zero);
    assert_null(setting.value);
    assert_int_equal(setting_number(setting, 42), 42);
    assert_null(setting_word(setting));
    assert_false(setting_on(setting));
    front_free(&front);
}

/* As the option --set KEY=VALUE makes it. */
static struct override
make_override(struct front *front, const char *option)
{
    struct source *source = source_of(&front->arena, "--set", option, strlen(option));
    uint32_t len = (uint32_t)strcspn(option, "=");
    uint32_t rest = (uint32_t)strlen(option) - len - 1;

    return (struct override){
        .key = {source->bytes, len},
        .value = {source->bytes + len + 1, rest},
        .key_place = {source, 0, len},
        .value_place = {source, len + 1, rest},
    };
}

static void
test_overrides(void **state)
{
    static const struct {
        const char *config, *option, *findings;
        const char *now;        /* the value of the option's key as it is spelt then, if there is one */
    } sets[] = {
        {"hostname: ***",               "hostname=a",               "",                                         "a"},
        {"hostname: ${x}",              "hostname=a b",             "",                                         "\"a b\""},
        {"ntp.service: enable",         "hostname=a",               "",                                         "a"},
        {"hostname: a",                 "hostname=***",             "1:10 masked-value",                        NULL},
        {"interface.ge0.mtu: 1",        "interface.ge0.mtu=1300",   "",                                         "1300"},
        {"interface.ge0.mtu: 1300",     "interface.ge0.mtu=1",      "1:19 bad-value",                           NULL},
        {"hostname: a",                 "hostnam=b",                "1:1 unknown-key",                          NULL},
        {"hostname: a\nhostname: b",    "hostname=c",               "1:1 duplicate-key; 2:1 duplicate-key",     NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(sets); i++) {
        struct front other, front;
        struct override override;
        struct key_ref ref;
        struct text wrong;

        front_scan(&other, "", 0);
        override = make_override(&other, sets[i].option);
        front_bind(&front, sets[i].config, &override, 1, BIND_TOGETHER);
        assert_string_equal(front_findings(&front), sets[i].findings);
        if (sets[i].now) {
            const struct node *node;

            assert_int_equal(catalogue_find(override.key, &ref, &wrong), KEY_OK);
            node = tree_find(&front.tree, ref.def->id, ref.index);
            assert_non_null(node);
            assert_string_equal(value_spell(&front.arena, node->def, &node->value), sets[i].now);
            assert_string_equal(node->where.source->name, "--set");
        }
        front_free(&front);
        front_free(&other);
    }
}

/* Many entries of one group in any order are found again, in order. */
static void
test_many_entries(void **state)
{
    enum { COUNT_ENTRIES = 50000, STEP = 7919 };
    char *text = malloc(COUNT_ENTRIES * 48), *to = text;
    struct front front;
    const uint32_t *entries;
    size_t count;

    (void)state;
    for (unsigned i = 0; i < COUNT_ENTRIES; i++)
        to += sprintf(to, "sshd.authorized-keys.%u.pubkey: k%u\n", i * STEP % COUNT_ENTRIES, i);
    front_bind(&front, text, NULL, 0, BIND_TOGETHER);
    assert_string_equal(front_findings(&front), "");
    count = tree_entries(&front.tree, KEY_SSHD_AUTHORIZED_KEYS, NULL, &entries);
    assert_int_equal(count, COUNT_ENTRIES);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(entries[i], i);
        assert_non_null(tree_find(&front.tree, KEY_SSHD_AUTHORIZED_KEYS_PUBKEY, &i));
    }
    front_free(&front);
    free(text);
}

/* --- dumps --- */

static const char secrets[] =
    "interface.pppoe0.id: user@example.jp\n"
    "interface.pppoe0.password: \"hunter2 \\\" \\\\ \"\n"
    "snmp.community: hunter2\n"
    "macfilter.entry-list.0.url: http://user:hunter2@127.0.0.1/mac.txt\n"
    "sshd.hostkey: \"-----BEGIN hunter2-----\\\\n\"\n"
    "hostname: \"<'\\\" \\\\>: # - ? {a} [b] & * ! | > % @ `\"\n"
    "interface.ge0.description: \"true\"\n"
    "interface.ge0.mtu: 1500\n"
    "ntp.service: enable\n";

static void
print_yaml(struct front *front, FILE *out)
{
    tree_dump_yaml(&front->tree, out, false);
}

static void
print_yaml_secrets(struct front *front, FILE *out)
{
    tree_dump_yaml(&front->tree, out, true);
}

static void
print_json(struct front *front, FILE *out)
{
    tree_dump_json(&front->tree, out, false);
}

static yaml_node_t *
yaml_field(yaml_document_t *document, const yaml_node_t *mapping, const char *name)
{
    for (yaml_node_pair_t *i = mapping->data.mapping.pairs.start; i < mapping->data.mapping.pairs.top; i++) {
        yaml_node_t *key = yaml_document_get_node(document, i->key);

        if (!strcmp((const char *)key->data.scalar.value, name))
            return yaml_document_get_node(document, i->value);
    }
    fail_msg("no %s", name);
    return NULL;
}

static void
test_yaml(void **state)
{
    static const struct { const char *key, *value; yaml_scalar_style_t style; } want[] = {
        {"interface.pppoe0.id",             "user@example.jp",          YAML_DOUBLE_QUOTED_SCALAR_STYLE},
        {"interface.pppoe0.password",       "hunter2 \" \\ ",           YAML_DOUBLE_QUOTED_SCALAR_STYLE},
        {"snmp.community",                  "hunter2",                  YAML_DOUBLE_QUOTED_SCALAR_STYLE},
        {"macfilter.entry-list.0.url",      "http://user:hunter2@127.0.0.1/mac.txt", YAML_DOUBLE_QUOTED_SCALAR_STYLE},
        {"sshd.hostkey",                    "-----BEGIN hunter2-----\\n", YAML_DOUBLE_QUOTED_SCALAR_STYLE},
        {"hostname",                        "<'\" \\>: # - ? {a} [b] & * ! | > % @ `", YAML_DOUBLE_QUOTED_SCALAR_STYLE},
        {"interface.ge0.description",       "true",                     YAML_DOUBLE_QUOTED_SCALAR_STYLE},
        {"interface.ge0.mtu",               "1500",                     YAML_PLAIN_SCALAR_STYLE},
        {"ntp.service",                     "true",                     YAML_PLAIN_SCALAR_STYLE},
    };
    yaml_document_t document;
    yaml_parser_t parser;
    yaml_node_t *settings;
    struct front front;
    const char *text;

    (void)state;
    front_bind(&front, secrets, NULL, 0, BIND_ALONE);
    text = front_output(&front, print_yaml_secrets);
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
    assert_true(yaml_parser_load(&parser, &document));
    settings = yaml_field(&document, yaml_document_get_root_node(&document), "settings");
    assert_int_equal(settings->data.sequence.items.top - settings->data.sequence.items.start, COUNT(want));
    for (size_t i = 0; i < COUNT(want); i++) {
        yaml_node_t *item = yaml_document_get_node(&document, settings->data.sequence.items.start[i]);
        yaml_node_t *value = yaml_field(&document, item, "value");

        assert_string_equal(yaml_field(&document, item, "key")->data.scalar.value, want[i].key);
        assert_string_equal(value->data.scalar.value, want[i].value);
        assert_int_equal(value->data.scalar.style, want[i].style);
    }
    yaml_document_delete(&document);
    yaml_parser_delete(&parser);
    front_free(&front);
}

static void
test_json(void **state)
{
    struct front front;
    json_error_t error;
    json_t *top, *settings;

    (void)state;
    front_bind(&front, secrets, NULL, 0, BIND_ALONE);
    top = json_loads(front_output(&front, print_json), 0, &error);
    assert_non_null(top);
    assert_string_equal(json_string_value(json_object_get(top, "config")), "test.seil");
    settings = json_object_get(top, "settings");
    assert_int_equal(json_array_size(settings), 9);
    assert_string_equal(json_string_value(json_object_get(json_array_get(settings, 1), "value")), "***");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(settings, 7), "value")), 1500);
    assert_string_equal(json_string_value(json_object_get(json_array_get(settings, 7), "unit")), "octet");
    assert_true(json_is_true(json_object_get(json_array_get(settings, 8), "value")));
    assert_int_equal(json_integer_value(json_object_get(json_array_get(settings, 8), "line")), 9);
    json_decref(top);
    front_free(&front);
}

static void
test_no_secrets(void **state)
{
    struct front front;

    (void)state;
    front_bind(&front, secrets, NULL, 0, BIND_ALONE);
    assert_string_equal(front_findings(&front), "");
    assert_null(strstr(front_output(&front, print_yaml), "hunter2"));
    assert_null(strstr(front_output(&front, print_json), "hunter2"));
    assert_non_null(strstr(front_output(&front, print_yaml_secrets), "hunter2"));
    front_free(&front);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_findings),
        cmocka_unit_test(test_real_lines),
        cmocka_unit_test(test_alone),
        cmocka_unit_test(test_queries),
        cmocka_unit_test(test_overrides),
        cmocka_unit_test(test_many_entries),
        cmocka_unit_test(test_yaml),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_no_secrets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
