/* manifest.c - what a bundle says about itself, to programs and to its installer. */
#include "manifest.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <sha2.h>

enum { FORMAT = 1 };

/* ---- what files mean for packages and units ---- */

enum action { NONE, RELOAD, RESTART };

static const char *const action_words[] = {"none", "reload", "restart"};

/*
 * A file (or with a slash at the end, all files below) that a unit must be told about.  Reload
 * where the daemon can: a restart of radvd or keepalived on a master is seen by every host
 * (docs/pitfalls.md R3, K23).
 */
static const struct rule {
    const char *path;
    const char *unit;
    enum action action;
} rules[] = {
    {"etc/modules-load.d/seilc.conf",                  "systemd-modules-load.service", RESTART},
    {"etc/sysctl.d/90-seilc.conf",                     "systemd-sysctl.service",       RESTART},
    {"etc/udev/rules.d/",                              "systemd-udevd.service",        RELOAD },
    {"etc/systemd/network/",                           "systemd-udevd.service",        RELOAD },
    {"etc/seilc/nftables.nft",                         "seilc-nftables.service",       RELOAD },
    {"etc/systemd/system/seilc-nftables.service",      "seilc-nftables.service",       RESTART},
    {"etc/seilc/mss4.rules",                           "seilc-mss.service",            RELOAD },
    {"etc/seilc/mss6.rules",                           "seilc-mss.service",            RELOAD },
    {"etc/systemd/system/seilc-mss.service",           "seilc-mss.service",            RESTART},
    {"usr/lib/seilc/mss",                              "seilc-mss.service",            RESTART},
    {"etc/seilc/links/",                               "seilc-network.service",        RESTART},
    {"etc/seilc/routes.batch",                         "seilc-network.service",        RESTART},
    {"etc/systemd/system/seilc-network.service",       "seilc-network.service",        RESTART},
    {"usr/lib/seilc/link",                             "seilc-network.service",        RESTART},
    {"usr/lib/seilc/monitor",                          "seilc-monitor.service",        RESTART},
    {"etc/seilc/links/",                               "seilc-monitor.service",        RESTART},
    {"etc/systemd/system/seilc-monitor.service",       "seilc-monitor.service",        RESTART},
    {"etc/systemd/system/seilc-runtime.path",          "seilc-runtime.path",           RESTART},
    {"etc/systemd/system/seilc-runtime.service",       "seilc-runtime.service",        RESTART},
    {"etc/seilc/runtime.conf",                         "seilc-runtime.service",        RESTART},
    {"etc/seilc/nftables.nft",                         "seilc-runtime.service",        RESTART},
    {"usr/lib/seilc/reconcile",                        "seilc-runtime.service",        RESTART},
    {"usr/lib/seilc/functions",                        "seilc-runtime.service",        RESTART},
    {"etc/chrony/chrony.conf",                         "chrony.service",               RESTART},
    {"etc/systemd/system/chrony.service.d/",           "chrony.service",               RESTART},
    {"etc/kea/kea-dhcp4.conf",                         "kea-dhcp4-server.service",     RESTART},
    {"etc/systemd/system/kea-dhcp4-server.service.d/", "kea-dhcp4-server.service",     RESTART},
    {"etc/dhcpcd.conf",                                "dhcpcd.service",               RESTART},
    {"etc/systemd/system/dhcpcd.service.d/",           "dhcpcd.service",               RESTART},
    {"etc/keepalived/keepalived.conf",                 "keepalived.service",           RELOAD },
    {"etc/systemd/system/keepalived.service.d/",       "keepalived.service",           RESTART},
    {"etc/radvd.conf",                                 "radvd.service",                RELOAD },
    {"etc/systemd/system/radvd.service.d/",            "radvd.service",                RESTART},
};

/* Packages that hold the program which a file is for. */
static const struct package {
    const char *path;
    const char *name;
} packages[] = {
    {"etc/modules-load.d/seilc.conf",  "kmod"            },
    {"etc/udev/rules.d/",              "udev"            },
    {"etc/systemd/network/",           "udev"            },
    {"etc/seilc/nftables.nft",         "nftables"        },
    {"etc/seilc/mss4.rules",           "iptables"        },
    {"etc/seilc/mss6.rules",           "iptables"        },
    {"etc/seilc/links/",               "iproute2"        },
    {"etc/seilc/routes.batch",         "iproute2"        },
    {"usr/lib/seilc/monitor",          "iproute2"        },
    {"etc/chrony/chrony.conf",         "chrony"          },
    {"etc/kea/kea-dhcp4.conf",         "kea-dhcp4-server"},
    {"etc/dhcpcd.conf",                "dhcpcd"          },
    {"etc/keepalived/keepalived.conf", "keepalived"      },
    {"etc/radvd.conf",                 "radvd"           },
    {"etc/localtime",                  "tzdata"          },
};

/*
 * Units in the order in which they are to be started.  `file` must be among the router's files, or
 * else the unit is none of this router's; NULL: a unit that is told about changes, and neither
 * enabled nor disabled.
 */
static const struct unit {
    const char *name;
    const char *file;
} units[] = {
    {"systemd-modules-load.service", NULL                                       },
    {"systemd-sysctl.service",       NULL                                       },
    {"systemd-udevd.service",        NULL                                       },
    {"seilc-nftables.service",       "etc/systemd/system/seilc-nftables.service"},
    {"seilc-mss.service",            "etc/systemd/system/seilc-mss.service"     },
    {"seilc-network.service",        "etc/systemd/system/seilc-network.service" },
    {"seilc-monitor.service",        "etc/systemd/system/seilc-monitor.service" },
    {"seilc-runtime.path",           "etc/systemd/system/seilc-runtime.path"    },
    {"seilc-runtime.service",        NULL                                       },
    {"chrony.service",               "etc/chrony/chrony.conf"                   },
    {"kea-dhcp4-server.service",     "etc/kea/kea-dhcp4.conf"                   },
    {"dhcpcd.service",               "etc/dhcpcd.conf"                          },
    {"keepalived.service",           "etc/keepalived/keepalived.conf"           },
    {"radvd.service",                "etc/radvd.conf"                           },
};

enum {
    RULES = sizeof(rules) / sizeof(rules[0]),
    PACKAGES = sizeof(packages) / sizeof(packages[0]),
    UNITS = sizeof(units) / sizeof(units[0]),
};

static bool
path_matches(const char *path, const char *pattern)
{
    size_t len = strlen(pattern);

    return pattern[len - 1] == '/' ? strncmp(path, pattern, len) == 0 : strcmp(path, pattern) == 0;
}

/* Is there a file of that path, or below it? */
static bool
has_file(const struct output *output, const char *pattern)
{
    size_t i;

    for (i = 0; i < output->count; i++)
        if (path_matches(output->files[i]->path, pattern))
            return true;
    return false;
}

static bool
unit_applies(const struct unit *unit, const struct output *output)
{
    size_t i;

    if (unit->file)
        return has_file(output, unit->file);
    for (i = 0; i < RULES; i++)
        if (strcmp(rules[i].unit, unit->name) == 0 && has_file(output, rules[i].path))
            return true;
    return false;
}

/* ---- packages ---- */

struct names {
    const char *items[32];
    size_t count;
};

static void
add_name(struct names *names, const char *name)
{
    size_t i, j;

    for (i = 0; i < names->count && strcmp(names->items[i], name) < 0; i++)
        ;
    if (i < names->count && strcmp(names->items[i], name) == 0)
        return;
    assert(names->count < sizeof(names->items) / sizeof(names->items[0]));
    for (j = names->count++; j > i; j--)
        names->items[j] = names->items[j - 1];
    names->items[i] = name;
}

/* Programs that scripts call only for some configs. */
static void
add_plan_packages(const struct plan *plan, struct names *names)
{
    size_t i;

    for (i = 0; i < plan->npt_count; i++)
        if (plan->npts[i].learned)
            add_name(names, "conntrack");
    for (i = 0; i < plan->check_count; i++)
        if (plan->checks[i].kind == CHECK_ECHO)
            add_name(names, "iputils-ping");
}

static void
find_packages(const struct router *router, struct names *names)
{
    size_t i;

    add_name(names, "iproute2");
    for (i = 0; i < PACKAGES; i++)
        if (has_file(&router->output, packages[i].path))
            add_name(names, packages[i].name);
    add_plan_packages(&router->plan, names);
}

/* ---- sums and order of files ---- */

struct sum {
    char hex[SHA256_DIGEST_STRING_LENGTH];
};

static struct sum
sum_of(const struct output_file *file)
{
    struct sum sum;

    SHA256Data((const uint8_t *)file->bytes, file->len, sum.hex);
    return sum;
}

static int
compare_files(const void *a, const void *b)
{
    return strcmp((*(const struct output_file *const *)a)->path,
                  (*(const struct output_file *const *)b)->path);
}

static const struct output_file **
sort_files(struct arena *arena, const struct output *output)
{
    const struct output_file **files = arena_array(arena, output->count, sizeof(*files));

    if (output->count) {
        memcpy(files, output->files, output->count * sizeof(*files));
        qsort(files, output->count, sizeof(*files), compare_files);
    }
    return files;
}

/* The lists are read by a shell: a field is a plain word, whatever the compiler did before. */
static const char *
plain(const char *word)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789_.@+:/-";

    assert(*word && word[strspn(word, allowed)] == '\0');
    return word;
}

static const char *
format_mode(struct arena *arena, const struct output_file *file)
{
    return arena_printf(arena, "%04o", file->mode);
}

/* ---- the lists ---- */

static struct output_file *
add_list(struct output *pack, const struct router *router, const char *name)
{
    return output_file(pack, "%s/%s", plain(router->options->name), name);
}

static const char *
target_word(enum target target)
{
    return target == TARGET_DEBIAN13 ? "debian13" : "debian12";
}

static void
list_about(const struct router *router, struct output *pack)
{
    struct output_file *file = add_list(pack, router, "about.list");

    output_line(file, NULL, "format %d", FORMAT);
    output_line(file, NULL, "site %s", plain(router->site->name));
    output_line(file, NULL, "router %s", plain(router->options->name));
    output_line(file, NULL, "target %s", target_word(router->plan.target));
}

static void
list_files(const struct router *router, const struct output_file **files, struct output *pack)
{
    struct output_file *list = add_list(pack, router, "files.list");
    size_t i;

    for (i = 0; i < router->output.count; i++)
        output_line(list, NULL, "%c %s %s %s", files[i]->kind == FILE_SYMLINK ? 'l' : 'f',
                    format_mode(pack->arena, files[i]), sum_of(files[i]).hex,
                    plain(files[i]->path));
}

static void
list_packages(const struct router *router, const struct names *needed, struct output *pack)
{
    struct output_file *file = add_list(pack, router, "packages.list");
    size_t i;

    for (i = 0; i < needed->count; i++)
        output_line(file, NULL, "%s", plain(needed->items[i]));
}

static void
list_units(const struct router *router, struct output *pack)
{
    struct output_file *file = add_list(pack, router, "units.list");
    size_t i, j;

    for (i = 0; i < UNITS; i++) {
        if (!unit_applies(&units[i], &router->output))
            continue;
        output_line(file, NULL, "unit %s %s", units[i].name, units[i].file ? "enable" : "static");
        for (j = 0; j < RULES; j++)
            if (strcmp(rules[j].unit, units[i].name) == 0)
                output_line(file, NULL, "file %s %s %s", units[i].name,
                            action_words[rules[j].action], rules[j].path);
    }
}

static const char *
format_mac(struct arena *arena, const uint8_t mac[6])
{
    return arena_printf(arena, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
                        mac[4], mac[5]);
}

static void
list_ports(const struct router *router, struct output *pack)
{
    struct output_file *file = add_list(pack, router, "ports.list");
    size_t i;

    for (i = 0; i < router->plan.link_count; i++) {
        const struct plan_link *link = &router->plan.links[i];

        if (!link->loopback)
            output_line(file, NULL, "%s %s", plain(link->name),
                        link->rename_by_mac ? format_mac(pack->arena, link->mac) : "-");
    }
}

static void
list_sums(const struct router *router, struct output *pack)
{
    const char *directory = arena_printf(pack->arena, "%s/", router->options->name);
    const char *rootfs = arena_printf(pack->arena, "%s/rootfs/", router->options->name);
    const struct output_file **files = sort_files(pack->arena, pack);
    size_t count = pack->count, i;
    struct output_file *list = add_list(pack, router, "SHA256SUMS");

    for (i = 0; i < count; i++)
        if (strncmp(files[i]->path, rootfs, strlen(rootfs)) != 0)
            output_line(list, NULL, "%s  %s", sum_of(files[i]).hex,
                        plain(files[i]->path + strlen(directory)));
}

/* ---- manifest.json ---- */

static _Noreturn void
out_of_memory(void)
{
    fputs("seilc: out of memory\n", stderr);
    exit(2);
}

/* A new value, or the end of the program. */
static json_t *
made(json_t *json)
{
    if (!json)
        out_of_memory();
    return json;
}

/* Text that may hold what is no UTF-8 (the name of a file): such bytes become question marks. */
static json_t *
json_text(struct arena *arena, const char *text)
{
    json_t *json = json_string(text);
    char *copy, *c;

    if (json)
        return json;
    copy = arena_copy(arena, text, strlen(text));
    for (c = copy; *c; c++)
        if ((unsigned char)*c >= 0x80)
            *c = '?';
    return made(json_string(copy));
}

static void
put(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, made(value)) != 0)
        out_of_memory();
}

static void
append(json_t *array, json_t *value)
{
    if (json_array_append_new(array, made(value)) != 0)
        out_of_memory();
}

static json_t *
describe_file(struct arena *arena, const struct output_file *file)
{
    json_t *json = made(json_object());

    put(json, "path", json_text(arena, file->path));
    put(json, "kind", json_string(file->kind == FILE_SYMLINK ? "symlink" : "file"));
    put(json, "mode", json_string(format_mode(arena, file)));
    put(json, "size", json_integer((json_int_t)file->len));
    put(json, "sha256", json_string(sum_of(file).hex));
    if (file->kind == FILE_SYMLINK)
        put(json, "target", json_text(arena, file->bytes));
    if (file->backend)
        put(json, "backend", json_string(file->backend));
    return json;
}

static json_t *
describe_files(struct arena *arena, const struct output_file **files, size_t count)
{
    json_t *json = made(json_array());
    size_t i;

    for (i = 0; i < count; i++)
        append(json, describe_file(arena, files[i]));
    return json;
}

static json_t *
describe_packages(const struct names *needed)
{
    json_t *json = made(json_array());
    size_t i;

    for (i = 0; i < needed->count; i++)
        append(json, json_string(needed->items[i]));
    return json;
}

static json_t *
describe_unit(const struct unit *unit)
{
    json_t *json = made(json_object()), *files = made(json_object());
    size_t i;

    put(json, "name", json_string(unit->name));
    put(json, "enable", json_boolean(unit->file != NULL));
    for (i = 0; i < RULES; i++)
        if (strcmp(rules[i].unit, unit->name) == 0)
            put(files, rules[i].path, json_string(action_words[rules[i].action]));
    put(json, "on-change", files);
    return json;
}

static json_t *
describe_units(const struct output *output)
{
    json_t *json = made(json_array());
    size_t i;

    for (i = 0; i < UNITS; i++)
        if (unit_applies(&units[i], output))
            append(json, describe_unit(&units[i]));
    return json;
}

static json_t *
describe_ports(struct arena *arena, const struct plan *plan)
{
    json_t *json = made(json_array());
    size_t i;

    for (i = 0; i < plan->link_count; i++) {
        json_t *port;

        if (plan->links[i].loopback)
            continue;
        port = made(json_object());
        put(port, "name", json_string(plan->links[i].name));
        if (plan->links[i].rename_by_mac)
            put(port, "mac", json_string(format_mac(arena, plan->links[i].mac)));
        append(json, port);
    }
    return json;
}

/* ---- the source map ---- */

/* Where the last statement was: lines are counted along, not from the beginning for each. */
struct cursor {
    const struct source *source;
    size_t offset;
    unsigned line;
};

static unsigned
line_of(struct cursor *cursor, const struct place *place)
{
    if (cursor->source != place->source || place->start < cursor->offset)
        *cursor = (struct cursor){place->source, 0, 1};
    while (cursor->offset < place->start)
        cursor->line += place->source->bytes[cursor->offset++] == '\n';
    return cursor->line;
}

/* A name for a source that does not depend on where it lies, so that the manifest does not. */
static const char *
source_label(const struct router *router, const struct source *source)
{
    const char *slash = strrchr(source->name, '/');

    if (source == router->source)
        return router->options->label;
    return slash ? slash + 1 : source->name;
}

static const char *
fate_word(enum fate fate)
{
    static const char *const words[] = {"unclaimed", "realised", "no-effect", "refused"};

    return words[fate];
}

static json_t *
describe_emissions(struct arena *arena, const struct ledger_entry *entry)
{
    const struct emission *emission;
    json_t *json = made(json_array());

    for (emission = entry->emissions; emission; emission = emission->next) {
        json_t *lines = made(json_object());

        put(lines, "path", json_text(arena, emission->path));
        put(lines, "first", json_integer(emission->first));
        put(lines, "last", json_integer(emission->last));
        append(json, lines);
    }
    return json;
}

static json_t *
describe_statement(struct arena *arena, const struct router *router, const struct node *node,
                   struct cursor *cursor)
{
    const struct ledger_entry *entry = &router->ledger.entries[node->number];
    json_t *json = made(json_object());

    if (node->key.source) {
        put(json, "source", json_text(arena, source_label(router, node->key.source)));
        put(json, "line", json_integer(line_of(cursor, &node->key)));
    }
    put(json, "key", json_text(arena, catalogue_format(arena, node->def, node->index)));
    put(json, "fate", json_string(fate_word(entry->fate)));
    if (entry->reason)
        put(json, "reason", json_text(arena, entry->reason));
    put(json, "output", describe_emissions(arena, entry));
    return json;
}

static json_t *
describe_statements(struct arena *arena, const struct router *router)
{
    struct cursor cursor = {0};
    json_t *json = made(json_array());
    size_t i;

    for (i = 0; i < router->tree.count; i++)
        append(json, describe_statement(arena, router, &router->tree.nodes[i], &cursor));
    return json;
}

/* How many findings of each severity point into this router's config. */
static json_t *
describe_findings(const struct router *router, const struct diag *diag)
{
    unsigned counts[SEV_ERROR + 1] = {0};
    json_t *json = made(json_object());
    size_t i;

    for (i = 0; i < diag->count; i++)
        if (diag->findings[i]->place.source == router->source)
            counts[diag->findings[i]->severity]++;
    put(json, "error", json_integer(counts[SEV_ERROR]));
    put(json, "warning", json_integer(counts[SEV_WARNING]));
    put(json, "note", json_integer(counts[SEV_NOTE]));
    return json;
}

static void
emit_json(const struct router *router, const struct diag *diag, const struct output_file **files,
          const struct names *needed, struct output *pack)
{
    struct arena *arena = pack->arena;
    json_t *json = made(json_object());
    char *text;

    put(json, "format", json_integer(FORMAT));
    put(json, "site", json_string(router->site->name));
    put(json, "router", json_string(router->options->name));
    put(json, "target", json_string(target_word(router->plan.target)));
    put(json, "config", json_text(arena, router->options->label));
    put(json, "findings", describe_findings(router, diag));
    put(json, "packages", describe_packages(needed));
    put(json, "ports", describe_ports(arena, &router->plan));
    put(json, "units", describe_units(&router->output));
    put(json, "files", describe_files(arena, files, router->output.count));
    put(json, "statements", describe_statements(arena, router));
    text = json_dumps(json, JSON_INDENT(1));
    if (!text)
        out_of_memory();
    output_text(add_list(pack, router, "manifest.json"), arena_printf(arena, "%s\n", text));
    free(text);
    json_decref(json);
}

void
manifest_emit(const struct router *router, const struct diag *diag, struct output *pack)
{
    const struct output_file **files = sort_files(pack->arena, &router->output);
    struct names needed = {0};

    find_packages(router, &needed);
    emit_json(router, diag, files, &needed, pack);
    list_about(router, pack);
    list_files(router, files, pack);
    list_packages(router, &needed, pack);
    list_units(router, pack);
    list_ports(router, pack);
    list_sums(router, pack);
}
