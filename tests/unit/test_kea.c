/* test_kea.c - kea-dhcp4.conf: strict JSON, its booking, and strings that come back unchanged. */
#include "emitted.h"
#include "hostile.h"

#include <jansson.h>
#include <stdio.h>

static const char path[] = "etc/kea/kea-dhcp4.conf";

static struct plan_pool pool;

static struct plan_dhcp4
plain_scope(void)
{
    pool = (struct plan_pool){ipv4("192.168.1.150"), ipv4("192.168.1.249")};
    return (struct plan_dhcp4){
        .id = 1, .link = "ge1", .link_from = from(1), .subnet = {ipv4("192.168.1.0"), 24, from(2)}, .pools = &pool,
        .pool_count = 1, .pool_from = from(3), .valid_lifetime = number(1200, from(4)), .renew = 600, .rebind = 1050,
        .router = {ipv4("192.168.1.1"), from(5)}, .authoritative = flag(false, from(6)), .from = from(0),
    };
}

static void
emit(struct plan_dhcp4 *scopes, size_t count)
{
    struct plan plan = {.dhcp4s = scopes, .dhcp4_count = count};

    kea_emit(&plan, &output);
}

/* The file as a reader of JSON takes it, with strictness where jansson has a choice. */
static json_t *
read_back(void)
{
    const struct output_file *file = find_file(path);
    json_error_t error;
    json_t *json = json_loadb(file->bytes, file->len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);

    if (!json)
        fail_msg("line %d: %s\n%s", error.line, error.text, file->bytes);
    return json;
}

static void
one_scope(void **state)
{
    struct plan_dhcp4 scope = plain_scope();

    (void)state;
    emit(&scope, 1);
    json_decref(read_back());
    assert_string_equal(
        emitted(path),
        "| {\n"
        "|   \"Dhcp4\": {\n"
        "|     \"interfaces-config\": {\n"
        "1|       \"interfaces\": [\"ge1\"],\n"
        "|       \"service-sockets-max-retries\": 100000,\n"
        "|       \"service-sockets-retry-wait-time\": 5000\n"
        "|     },\n"
        "|     \"lease-database\": {\n"
        "|       \"type\": \"memfile\",\n"
        "|       \"name\": \"/var/lib/kea/kea-leases4.csv\"\n"
        "|     },\n"
        "|     \"loggers\": [\n"
        "|       { \"name\": \"kea-dhcp4\", \"severity\": \"INFO\", \"output_options\": [{ \"output\": \"stdout\" }] }\n"
        "|     ],\n"
        "|     \"subnet4\": [\n"
        "0|       {\n"
        "0|         \"id\": 1,\n"
        "2|         \"subnet\": \"192.168.1.0/24\",\n"
        "1|         \"interface\": \"ge1\",\n"
        "6|         \"authoritative\": false,\n"
        "4|         \"valid-lifetime\": 1200,\n"
        "4|         \"min-valid-lifetime\": 1200,\n"
        "4|         \"max-valid-lifetime\": 1200,\n"
        "4|         \"renew-timer\": 600,\n"
        "4|         \"rebind-timer\": 1050,\n"
        "3|         \"pools\": [\n"
        "3|           { \"pool\": \"192.168.1.150-192.168.1.249\" }\n"
        "|         ],\n"
        "|         \"option-data\": [\n"
        "5|           { \"name\": \"routers\", \"data\": \"192.168.1.1\" }\n"
        "|         ]\n"
        "|       }\n"
        "|     ]\n"
        "|   }\n"
        "| }\n");
}

static void
all_options(void **state)
{
    struct plan_dhcp4 scope = plain_scope();
    struct plan_ipv4 dns[] = {{ipv4("8.8.8.8"), from(7)}, {ipv4("8.8.4.4"), from(8)}};
    struct plan_ipv4 ntp = {ipv4("192.0.2.123"), from(9)};
    struct plan_ipv4 wins = {ipv4("192.0.2.137"), from(10)};
    struct plan_lease lease = {{2, 0, 0, 0, 0, 1}, from(13), {ipv4("192.168.1.9"), from(14)}};

    (void)state;
    scope.dns = dns;
    scope.dns_count = 2;
    scope.ntp = &ntp;
    scope.wins = &wins;
    scope.ntp_count = scope.wins_count = 1;
    scope.wins_node = number(8, from(11));
    scope.domain = (struct plan_text){text_of("example.jp"), from(12)};
    scope.wpad = (struct plan_text){text_of("http://wpad.example.jp/wpad.dat"), from(15)};
    scope.leases = &lease;
    scope.lease_count = 1;
    scope.listen = ipv4("192.168.1.2");
    emit(&scope, 1);
    json_decref(read_back());
    assert_non_null(strstr(emitted(path), "1|       \"interfaces\": [\"ge1/192.168.1.2\"],\n"));
    assert_non_null(strstr(
        emitted(path), "15|     \"option-def\": [{ \"name\": \"wpad\", \"code\": 252, \"type\": \"string\" }],\n"));
    assert_non_null(strstr(
        emitted(path), "|         \"reservations\": [\n"
                       "13,14|           { \"hw-address\": \"02:00:00:00:00:01\", \"ip-address\": \"192.168.1.9\" }\n"
                       "|         ],\n"));
    assert_non_null(strstr(
        emitted(path), "5|           { \"name\": \"routers\", \"data\": \"192.168.1.1\" },\n"
                       "7,8|           { \"name\": \"domain-name-servers\", \"data\": \"8.8.8.8, 8.8.4.4\" },\n"
                       "9|           { \"name\": \"ntp-servers\", \"data\": \"192.0.2.123\" },\n"
                       "10|           { \"name\": \"netbios-name-servers\", \"data\": \"192.0.2.137\" },\n"
                       "11|           { \"name\": \"netbios-node-type\", \"data\": \"8\" },\n"
                       "12|           { \"name\": \"domain-name\", \"data\": \"example.jp\" },\n"
                       "15|           { \"name\": \"wpad\", \"data\": \"http://wpad.example.jp/wpad.dat\" }\n"
                       "|         ]\n"));
}

/* Each statement has its lines even where nothing is handed out; two scopes are two objects. */
static void
several_scopes(void **state)
{
    struct plan_dhcp4 scopes[2] = {plain_scope(), plain_scope()};
    json_t *json;

    (void)state;
    scopes[1].id = 2;
    scopes[1].link = "ge2";
    scopes[1].pool_count = 0;
    emit(scopes, 2);
    json = read_back();
    assert_int_equal(json_array_size(json_object_get(json_object_get(json, "Dhcp4"), "subnet4")), 2);
    json_decref(json);
    assert_non_null(strstr(emitted(path), "1|       \"interfaces\": [\"ge1\", \"ge2\"],\n"));
    assert_non_null(strstr(emitted(path), "3|         \"pools\": [\n|         ],\n"));
}

/* The data of the option of that name, as hexadecimal digits when they are such. */
static const char *
find_option(json_t *json, const char *name, bool *hex)
{
    json_t *subnet = json_array_get(json_object_get(json_object_get(json, "Dhcp4"), "subnet4"), 0);
    json_t *options = json_object_get(subnet, "option-data");
    json_t *option;
    size_t i;

    json_array_foreach(options, i, option) {
        if (strcmp(json_string_value(json_object_get(option, "name")), name) != 0)
            continue;
        *hex = json_is_false(json_object_get(option, "csv-format"));
        return json_string_value(json_object_get(option, "data"));
    }
    return NULL;
}

/* What Kea would send: no character that its reading of data changes, or the octets one by one. */
static void
comes_back(const char *bytes, size_t len)
{
    struct plan_dhcp4 scope;
    const char *data;
    json_t *json;
    bool hex;
    size_t i;

    setup(NULL);
    scope = plain_scope();
    scope.wpad = (struct plan_text){{bytes, len}, from(7)};
    emit(&scope, 1);
    json = read_back();
    data = find_option(json, "wpad", &hex);
    if (len == 0) {
        assert_null(data);
        assert_int_equal(diag.count, 1);
    } else if (!hex) {
        assert_string_equal(data, bytes);
        assert_int_equal(strcspn(data, ",\\'\" \t\n\r"), len);
    } else {
        assert_int_equal(strlen(data), 2 * len);
        for (i = 0; i < len; i++) {
            unsigned octet;

            assert_int_equal(sscanf(data + 2 * i, "%2x", &octet), 1);
            assert_int_equal(octet, (unsigned char)bytes[i]);
        }
    }
    json_decref(json);
    teardown(NULL);
}

static void
hostile_strings(void **state)
{
    char all[255];
    size_t i;

    (void)state;
    for (i = 0; i < HOSTILE_COUNT; i++)
        comes_back(hostile_names[i].bytes, hostile_names[i].len);
    for (i = 0; i < PLAIN_COUNT; i++)
        comes_back(plain_names[i], strlen(plain_names[i]));
    for (i = 0; i < sizeof(all); i++)
        all[i] = (char)(i + 1);
    comes_back(all, sizeof(all));
}

static void
hostile_domains(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < HOSTILE_COUNT; i++) {
        struct plan_dhcp4 scope;
        json_t *json;
        bool hex;

        setup(NULL);
        scope = plain_scope();
        scope.domain = (struct plan_text){{hostile_names[i].bytes, hostile_names[i].len}, from(7)};
        emit(&scope, 1);
        json = read_back();
        assert_null(find_option(json, "domain-name", &hex));
        assert_int_equal(ledger.entries[7].fate, FATE_REFUSED);
        json_decref(json);
        teardown(NULL);
    }
}

/* An option has one octet for its length; the definition of its name was booked by then. */
static void
too_long(void **state)
{
    struct plan_dhcp4 scope = plain_scope();
    char bytes[256];

    (void)state;
    memset(bytes, 'a', sizeof(bytes));
    scope.wpad = (struct plan_text){{bytes, sizeof(bytes)}, from(7)};
    emit(&scope, 1);
    json_decref(read_back());
    assert_int_equal(diag.count, 1);
    assert_int_equal(diag.findings[0]->id, FINDING_CANNOT_EXPRESS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_scope),
        TEST(all_options),
        TEST(several_scopes),
        cmocka_unit_test(hostile_strings),
        cmocka_unit_test(hostile_domains),
        TEST(too_long),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
