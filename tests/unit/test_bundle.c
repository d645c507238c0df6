/* test_bundle.c - archives byte by byte, and what a manifest and its lists say. */
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>
#include <zlib.h>

#include "bundle.h"
#include "emitted.h"
#include "manifest.h"

enum { BLOCK = 512 };

/* ---- reading archives ---- */

static unsigned char *
unzip(const char *bytes, size_t len, size_t *out_len)
{
    enum { ROOM = 1 << 20 };
    unsigned char *out = arena_alloc(&arena, ROOM);
    z_stream stream = {0};

    stream.next_in = (unsigned char *)(uintptr_t)bytes;
    stream.avail_in = (unsigned)len;
    stream.next_out = out;
    stream.avail_out = ROOM;
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    *out_len = stream.total_out;
    inflateEnd(&stream);
    return out;
}

/* "TYPE MODE SIZE PATH[ -> TARGET]" of each entry, one a line; checks what must be so in every
 * header. */
static const char *
list_tar(const unsigned char *tar, size_t len)
{
    const char *list = "";
    size_t at = 0;

    assert_int_equal(len % (20 * BLOCK), 0);
    while (tar[at]) {
        const char *header = (const char *)tar + at;
        unsigned sum = 8 * ' ';
        size_t i, size;

        for (i = 0; i < BLOCK; i++)
            sum += i < 148 || i >= 156 ? tar[at + i] : 0;
        assert_int_equal(strtoul(header + 148, NULL, 8), sum);
        assert_memory_equal(header + 257, "ustar\00000", 8);
        assert_string_equal(header + 108, "0000000");
        assert_string_equal(header + 116, "0000000");
        assert_int_equal(strtoul(header + 136, NULL, 8), 315532800);
        assert_string_equal(header + 265, "root");
        size = strtoul(header + 124, NULL, 8);
        list = arena_printf(&arena, "%s%c %s %zu %.155s%s%.100s%s%.100s\n", list, header[156],
                            header + 100, size, header + 345, header[345] ? "/" : "", header,
                            header[157] ? " -> " : "", header + 157);
        at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
        assert_true(at < len);
    }
    return list;
}

static const char *
pack_and_list(void)
{
    size_t len, again_len, tar_len;
    char *bytes = bundle_pack(&arena, &output, &diag, &len);
    char *again = bundle_pack(&arena, &output, &diag, &again_len);
    unsigned char *tar;

    assert_non_null(bytes);
    assert_int_equal(len, again_len);
    assert_memory_equal(bytes, again, len);
    assert_memory_equal(bytes, "\x1f\x8b\x08\0\0\0\0\0\x02\x03",
                        10); /* RFC 1952: no flags, no time, best, Unix */
    tar = unzip(bytes, len, &tar_len);
    return list_tar(tar, tar_len);
}

static void
archive(void **state)
{
    (void)state;
    output_text(output_script(&output, "r/b/run"), "#!/bin/sh\n");
    output_text(output_file(&output, "r/a.conf"), "a\n");
    output_symlink(&output, NULL, "r/b/link", "../a.conf");
    output_file(&output, "r/b.empty");
    output_file(&output, "r/secret")->mode = 0600;
    assert_string_equal(pack_and_list(), "5 0000755 0 r/\n"
                                         "0 0000644 2 r/a.conf\n"
                                         "0 0000644 0 r/b.empty\n"
                                         "5 0000755 0 r/b/\n"
                                         "2 0000777 0 r/b/link -> ../a.conf\n"
                                         "0 0000755 10 r/b/run\n"
                                         "0 0000600 0 r/secret\n");
}

static const char *
repeat(char c, size_t count)
{
    char *text = arena_alloc(&arena, count + 1);

    memset(text, c, count);
    return text;
}

/* Up to 100 bytes in the name, else split at a slash into 155 and 100. */
static void
long_paths(void **state)
{
    const char *parts[] = {repeat('a', 60), repeat('b', 60), repeat('c', 60)};

    (void)state;
    output_text(output_file(&output, "%s", repeat('n', 100)), "x\n");
    output_text(output_file(&output, "%s/%s/%s", parts[0], parts[1], parts[2]), "y\n");
    assert_string_equal(
        pack_and_list(),
        arena_printf(&arena,
                     "5 0000755 0 %s/\n5 0000755 0 %s/%s/\n0 0000644 2 %s/%s/%s\n0 0000644 2 %s\n",
                     parts[0], parts[0], parts[1], parts[0], parts[1], parts[2], repeat('n', 100)));
}

static void
too_long_paths(void **state)
{
    size_t len;

    (void)state;
    output_file(&output, "d/%s", repeat('n', 101));
    assert_null(bundle_pack(&arena, &output, &diag, &len));
    assert_int_equal(diag.count, 1);
    assert_int_equal(diag.findings[0]->id, FINDING_CANNOT_WRITE);
}

static void
large_file(void **state)
{
    char *text = arena_alloc(&arena, 300001);

    (void)state;
    memset(text, 'x', 300000);
    output_text(output_file(&output, "large"), text);
    assert_string_equal(pack_and_list(), "0 0000644 300000 large\n");
}

/* ---- manifests ---- */

static struct output pack;

static const char *
packed(const char *path)
{
    size_t i;

    for (i = 0; i < pack.count; i++)
        if (strcmp(pack.files[i]->path, path) == 0)
            return pack.files[i]->bytes;
    fail_msg("no %s", path);
    return NULL;
}

/* A router with two ports, a daemon and a translated prefix. */
static void
make_manifest(void)
{
    static struct plan_link links[] = {
        {.name = "lo", .loopback = true},
        {                             .name = "ge0"           },
        { .name = "lan",            .rename_by_mac = true,     .mac = {2, 0, 0x5e, 0x10, 0, 1}},
    };
    static struct plan_npt npt = {.learned = true};
    static struct site site = {.name = "kanda"};
    static struct site_router options = {.name = "flets", .label = "flets.seil"};
    struct router router = {
        .site = &site, .options = &options, .source = source_of(&arena, "x/flets.seil", "", 0)};

    router.plan = (struct plan){
        .target = TARGET_DEBIAN13, .links = links, .link_count = 3, .npts = &npt, .npt_count = 1};
    router.output = output;
    router.ledger.entries = NULL;
    output_init(&pack, &arena, NULL, &diag);
    output_text(output_script(&pack, "flets/install"), "#!/bin/sh\n");
    manifest_emit(&router, &diag, &pack);
}

static void
lists(void **state)
{
    (void)state;
    output_text(output_file(&output, "etc/keepalived/keepalived.conf"), "abc");
    output_symlink(&output, NULL, "etc/localtime", "abc");
    make_manifest();
    assert_string_equal(packed("flets/about.list"),
                        "format 1\nsite kanda\nrouter flets\ntarget debian13\n");
    assert_string_equal(
        packed("flets/files.list"),
        "f 0644 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad "
        "etc/keepalived/keepalived.conf\n"
        "l 0777 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad etc/localtime\n");
    assert_string_equal(packed("flets/packages.list"), "conntrack\niproute2\nkeepalived\ntzdata\n");
    assert_string_equal(packed("flets/ports.list"), "ge0 -\nlan 02:00:5e:10:00:01\n");
    assert_string_equal(
        packed("flets/units.list"),
        "unit keepalived.service enable\n"
        "file keepalived.service reload etc/keepalived/keepalived.conf\n"
        "file keepalived.service restart etc/systemd/system/keepalived.service.d/\n");
    assert_non_null(strstr(packed("flets/SHA256SUMS"), "  install\n"));
    assert_non_null(strstr(packed("flets/SHA256SUMS"), "  manifest.json\n"));
    assert_null(strstr(packed("flets/SHA256SUMS"), "SHA256SUMS"));
}

static void
json(void **state)
{
    json_t *manifest, *file;
    const char *text;

    (void)state;
    output_text(output_file(&output, "etc/radvd.conf"), "abc");
    make_manifest();
    text = packed("flets/manifest.json");
    manifest = json_loads(text, 0, NULL);
    assert_non_null(manifest);
    assert_string_equal(json_string_value(json_object_get(manifest, "router")), "flets");
    assert_string_equal(json_string_value(json_object_get(manifest, "config")), "flets.seil");
    file = json_array_get(json_object_get(manifest, "files"), 0);
    assert_string_equal(json_string_value(json_object_get(file, "path")), "etc/radvd.conf");
    assert_string_equal(json_string_value(json_object_get(file, "mode")), "0644");
    assert_int_equal(json_integer_value(json_object_get(file, "size")), 3);
    assert_null(strstr(text, "x/flets"));
    json_decref(manifest);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(archive, setup, teardown),
        cmocka_unit_test_setup_teardown(long_paths, setup, teardown),
        cmocka_unit_test_setup_teardown(too_long_paths, setup, teardown),
        cmocka_unit_test_setup_teardown(large_file, setup, teardown),
        cmocka_unit_test_setup_teardown(lists, setup, teardown),
        cmocka_unit_test_setup_teardown(json, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
