/* site.c - read site files strictly, and add the options that say the same things. */
#include "site.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document.h"

enum {
    MAPPINGS_MAX = 1024, /* interfaces of a router */
    LINUX_NAME_MAX = 15, /* IFNAMSIZ - 1 */
};

/* ---- what is being read ---- */

struct context {
    struct document *reader;
    struct site *site;
    struct site_router *router;
};

#define complain(c, ...) document_complain((c)->reader, __VA_ARGS__)
#define expect(c, item, kind) document_expect((c)->reader, item, kind)

/* ---- the names of interfaces ---- */

/* Words that the kernel's own files or the router's scripts use for something else. */
static bool
is_reserved(struct text name)
{
    static const char *const words[] = {"lo", "all", "default", "any"};
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (text_is(name, words[i]))
            return true;
    return name.len > 5 &&
           (memcmp(name.bytes, "vrrp4.", 6) == 0 || memcmp(name.bytes, "vrrp6.", 6) == 0);
}

/* What is wrong with a Linux interface name, or NULL. */
static const char *
linux_name_error(struct text name)
{
    if (!text_is_word(name, LINUX_NAME_MAX, "_.-"))
        return "expected a Linux interface name: 1 to 15 letters, digits, '_', '.' or '-'";
    if (name.bytes[0] == '.' || name.bytes[0] == '-')
        return "expected a Linux interface name that begins with a letter or digit";
    return is_reserved(name)
               ? "expected another Linux interface name: this one has a meaning of its own"
               : NULL;
}

static int
hex_value(char c)
{
    const char *digits = "0123456789abcdef";
    const char *found = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

    return found ? (int)(found - digits) : -1;
}

/* 02:00:5e:10:00:01; one of a single port. */
static const char *
parse_mac(struct text text, uint8_t mac[6])
{
    size_t i;

    if (text.len != 17)
        return "expected a MAC address like 02:00:5e:10:00:01";
    for (i = 0; i < 17; i++) {
        int digit = hex_value(text.bytes[i]);

        if (i % 3 == 2 ? text.bytes[i] != ':' : digit < 0)
            return "expected a MAC address like 02:00:5e:10:00:01";
        if (i % 3 < 2)
            mac[i / 3] = (uint8_t)(mac[i / 3] << 4 | digit);
    }
    if (mac[0] & 1)
        return "expected the MAC address of one port, not a group's";
    return memcmp(mac, "\0\0\0\0\0\0", 6) == 0 ? "expected the MAC address of a port" : NULL;
}

static void
append_mapping(struct arena *arena, struct site_router *router,
               const struct interface_mapping *mapping)
{
    struct interface_mapping *larger;

    if ((router->mapping_count & (router->mapping_count - 1)) == 0) {
        larger = arena_array(arena, router->mapping_count ? 2 * router->mapping_count : 1,
                             sizeof(*larger));
        if (router->mapping_count)
            memcpy(larger, router->mappings, router->mapping_count * sizeof(*larger));
        router->mappings = larger;
    }
    router->mappings[router->mapping_count++] = *mapping;
}

static void
append_override(struct arena *arena, struct site_router *router, const struct override *override)
{
    struct override *larger;

    if ((router->override_count & (router->override_count - 1)) == 0) {
        larger = arena_array(arena, router->override_count ? 2 * router->override_count : 1,
                             sizeof(*larger));
        if (router->override_count)
            memcpy(larger, router->overrides, router->override_count * sizeof(*larger));
        router->overrides = larger;
    }
    router->overrides[router->override_count++] = *override;
}

/* ---- what stands in a router's `interfaces:` ---- */

static bool
is_port(struct interface_name name)
{
    return name.kind == KIND_GE || name.kind == KIND_WLAN || name.kind == KIND_WWAN;
}

static bool
read_linux_name(struct context *c, const struct item *item, struct interface_mapping *mapping)
{
    const char *error;

    if (!expect(c, item, ITEM_SCALAR))
        return false;
    error = linux_name_error(item->text);
    if (error)
        complain(c, item->place, "%s", error);
    mapping->linux_name = item->text.bytes;
    return !error;
}

static bool
read_mac(struct context *c, const struct item *item, struct interface_mapping *mapping)
{
    const char *error;

    if (!expect(c, item, ITEM_SCALAR))
        return false;
    error = parse_mac(item->text, mapping->mac);
    if (!error && !is_port(mapping->seil))
        error = "expected a Linux name: only a port is found by its MAC address";
    if (error)
        complain(c, item->place, "%s", error);
    mapping->by_mac = true;
    return !error;
}

/* {mac: 02:..., name: lan0}; without a name the port gets the SEIL's. */
static bool
read_port(struct context *c, const struct item *item, struct interface_mapping *mapping)
{
    bool good = true;
    size_t i;

    for (i = 0; i < item->pair_count; i++) {
        const struct pair *pair = &item->pairs[i];

        if (text_is(pair->key, "mac")) {
            good &= read_mac(c, &pair->value, mapping);
        } else if (text_is(pair->key, "name")) {
            good &= read_linux_name(c, &pair->value, mapping);
        } else {
            complain(c, pair->place, "expected mac or name");
            good = false;
        }
    }
    if (!mapping->by_mac && good)
        complain(c, item->place, "expected a key 'mac' here");
    return good && mapping->by_mac;
}

static void
read_interface(struct context *c, const struct pair *pair)
{
    struct interface_mapping mapping = {.place = pair->value.place};
    bool good;

    if (!interface_parse(pair->key, &mapping.seil) || mapping.seil.unit == UNIT_ALL) {
        complain(c, pair->place, "expected a SEIL interface like ge0");
        return;
    }
    mapping.linux_name = interface_format(c->reader->arena, mapping.seil);
    if (pair->value.kind == ITEM_MAPPING)
        good = read_port(c, &pair->value, &mapping);
    else
        good = read_linux_name(c, &pair->value, &mapping);
    if (good)
        append_mapping(c->reader->arena, c->router, &mapping);
}

static void
read_interfaces(void *context, const struct pair *pair)
{
    struct context *c = context;
    size_t i;

    if (!expect(c, &pair->value, ITEM_MAPPING))
        return;
    if (pair->value.pair_count > MAPPINGS_MAX) {
        complain(c, pair->place, "expected at most %d interfaces", MAPPINGS_MAX);
        return;
    }
    for (i = 0; i < pair->value.pair_count; i++)
        read_interface(c, &pair->value.pairs[i]);
}

/* ---- the rest of a router ---- */

static void
read_set(void *context, const struct pair *pair)
{
    struct context *c = context;
    size_t i;

    if (!expect(c, &pair->value, ITEM_MAPPING))
        return;
    for (i = 0; i < pair->value.pair_count; i++) {
        const struct pair *set = &pair->value.pairs[i];
        struct override override = {set->key, set->value.text, set->place, set->value.place};

        if (!expect(c, &set->value, ITEM_SCALAR))
            continue;
        if (!text_is_line(set->key))
            complain(c, set->place, "expected a key of a config");
        else if (set->value.text.len && !text_is_line(set->value.text))
            complain(c, set->value.place, "expected a value of one line");
        else
            append_override(c->reader->arena, c->router, &override);
    }
}

/* Does a path lead out of its start by its own words?  Links are looked at by find_config(). */
static bool
leads_out(const char *path)
{
    int depth = 0;

    for (;;) {
        size_t len = strcspn(path, "/");

        if (len == 2 && path[0] == '.' && path[1] == '.')
            depth--;
        else if (len > 1 || (len == 1 && path[0] != '.'))
            depth++;
        if (depth < 0)
            return true;
        if (!path[len])
            return false;
        path += len + 1;
    }
}

/* The directory of the site file, and "" for the current one. */
static const char *
site_directory(struct context *c)
{
    const char *name = c->reader->source->name;
    const char *slash = strrchr(name, '/');

    return slash ? arena_copy(c->reader->arena, name, (size_t)(slash - name) + 1) : "";
}

/* Is `path`, with its links followed, below the directory?  True as well when nobody can tell:
 * opening it will fail. */
static bool
lies_below(const char *path, const char *directory)
{
    char *real = realpath(path, NULL);
    char *top = realpath(*directory ? directory : ".", NULL);
    size_t len = top ? strlen(top) : 0;
    bool below = !real || !top || strcmp(top, "/") == 0 ||
                 (strncmp(real, top, len) == 0 && real[len] == '/');

    free(real);
    free(top);
    return below;
}

/* The path of a config as it can be opened, or NULL with a finding. */
static const char *
find_config(struct context *c, const struct item *item)
{
    const char *directory = site_directory(c);
    const char *path = item->text.bytes;
    struct stat status;

    if (!text_is_line(item->text) || item->text.len >= PATH_MAX)
        complain(c, item->place, "expected the path of a config");
    else if (path[0] == '/' || leads_out(path))
        complain(c, item->place,
                 "expected a config below the directory of the site file, by a relative path");
    else {
        path = arena_printf(c->reader->arena, "%s%s", directory, path);
        if (stat(path, &status) != 0)
            diag_add(c->reader->diag, FINDING_CANNOT_READ, item->place, "cannot read %s: %s", path,
                     strerror(errno));
        else if (!S_ISREG(status.st_mode))
            complain(c, item->place, "expected a file: %s is something else", path);
        else if (!lies_below(path, directory))
            complain(
                c, item->place,
                "expected a config below the directory of the site file: a link leads out of it");
        else
            return path;
    }
    return NULL;
}

static void
read_config(void *context, const struct pair *pair)
{
    struct context *c = context;
    if (!expect(c, &pair->value, ITEM_SCALAR))
        return;
    c->router->config_place = pair->value.place;
    c->router->config = find_config(c, &pair->value);
    c->router->label = pair->value.text.bytes;
}

static const struct field router_fields[] = {
    {"config",     true,  read_config    },
    {"interfaces", false, read_interfaces},
    {"set",        false, read_set       },
};

static void
read_router(struct context *c, const struct pair *pair)
{
    struct site_router router = {.name = pair->key.bytes};

    if (!text_is_name(pair->key))
        complain(c, pair->place, "expected a router's name: 1 to %d of a-z, 0-9 and '-'",
                 TEXT_NAME_MAX);
    c->router = &router;
    document_fields(c->reader, &pair->value, DOCUMENT_FIELDS(router_fields), c);
    c->router = NULL;
    /* Without its config a router is only a source of further findings. */
    if (router.config && text_is_name(pair->key))
        c->site->routers[c->site->router_count++] = router;
}

/* ---- the whole ---- */

static void
read_routers(void *context, const struct pair *pair)
{
    struct context *c = context;
    size_t i;

    if (!expect(c, &pair->value, ITEM_MAPPING))
        return;
    if (pair->value.pair_count == 0)
        complain(c, pair->value.place, "expected at least one router");
    c->site->routers =
        arena_array(c->reader->arena, pair->value.pair_count, sizeof(*c->site->routers));
    for (i = 0; i < pair->value.pair_count; i++)
        read_router(c, &pair->value.pairs[i]);
}

static void
read_site_name(void *context, const struct pair *pair)
{
    struct context *c = context;
    if (!expect(c, &pair->value, ITEM_SCALAR))
        return;
    if (!text_is_word(pair->value.text, TEXT_NAME_MAX, "_.-"))
        complain(c, pair->value.place,
                 "expected a site's name: 1 to %d letters, digits, '_', '.' or '-'", TEXT_NAME_MAX);
    else
        c->site->name = pair->value.text.bytes;
}

static void
read_target(void *context, const struct pair *pair)
{
    struct context *c = context;
    if (!expect(c, &pair->value, ITEM_SCALAR))
        return;
    if (text_is(pair->value.text, "debian12"))
        c->site->target = TARGET_DEBIAN12;
    else if (text_is(pair->value.text, "debian13"))
        c->site->target = TARGET_DEBIAN13;
    else
        complain(c, pair->value.place, "expected debian12 or debian13");
}

static void
read_switch(struct context *c, const struct item *item, bool *out)
{
    if (!expect(c, item, ITEM_SCALAR))
        return;
    if (text_is(item->text, "on") || text_is(item->text, "true"))
        *out = true;
    else if (text_is(item->text, "off") || text_is(item->text, "false"))
        *out = false;
    else
        complain(c, item->place, "expected on or off");
}

static void
read_ra_deprecate(void *context, const struct pair *pair)
{
    struct context *c = context;
    read_switch(c, &pair->value, &c->site->deviations.ra_deprecate);
}

static void
read_wait_for_upstream(void *context, const struct pair *pair)
{
    struct context *c = context;
    read_switch(c, &pair->value, &c->site->deviations.wait_for_upstream);
}

static const struct field deviation_fields[] = {
    {"ra-deprecate",      false, read_ra_deprecate     },
    {"wait-for-upstream", false, read_wait_for_upstream},
};

static void
read_deviations(void *context, const struct pair *pair)
{
    struct context *c = context;
    document_fields(c->reader, &pair->value, DOCUMENT_FIELDS(deviation_fields), c);
}

static void
read_lint(void *context, const struct pair *pair)
{
    struct context *c = context;

    rules_read(c->reader, &pair->value, &c->site->lint);
}

static const struct field site_fields[] = {
    {"site",       true,  read_site_name },
    {"target",     false, read_target    },
    {"routers",    true,  read_routers   },
    {"deviations", false, read_deviations},
    {"lint",       false, read_lint      },
};

static void
site_init(struct site *site)
{
    *site = (struct site){
        .target = TARGET_DEBIAN12, .deviations = {true, true}
    };
}

void
site_parse(struct arena *arena, const struct source *source, struct diag *diag, struct site *out)
{
    struct document document = {arena, source, diag, FINDING_BAD_SITE, "a site file"};
    struct context context = {.reader = &document, .site = out};
    struct item root;

    site_init(out);
    if (document_read(&document, &root))
        document_fields(&document, &root, DOCUMENT_FIELDS(site_fields), &context);
    if (!out->name)
        out->name = "site";
}

/* ---- a config without a site ---- */

void
site_of_config(struct arena *arena, const char *path, struct site *out)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    size_t len = strcspn(base, ".");
    char *name = arena_copy(arena, base, len < TEXT_NAME_MAX ? len : TEXT_NAME_MAX);
    char *end, *c;

    for (c = name; *c; c++)
        *c = isascii((unsigned char)*c) && isalnum((unsigned char)*c)
                 ? (char)tolower((unsigned char)*c)
                 : '-';
    for (end = c; end > name && end[-1] == '-'; end--)
        end[-1] = '\0';
    name += strspn(name, "-");
    site_init(out);
    out->name = *name ? name : "router";
    out->routers = arena_array(arena, 1, sizeof(*out->routers));
    out->router_count = 1;
    out->routers[0] = (struct site_router){.name = out->name, .config = path, .label = base};
}

/* The first word of a text that is neither comment nor YAML's own mark. */
static struct text
first_word(const struct source *source)
{
    size_t i = 0, start;

    if (source->len >= 3 && memcmp(source->bytes, "\xef\xbb\xbf", 3) == 0)
        i = 3;
    while (i < source->len) {
        while (i < source->len && strchr(" \t\r\n", source->bytes[i]) && source->bytes[i])
            i++;
        if (i == source->len || !strchr("#%-", source->bytes[i]) || !source->bytes[i])
            break;
        while (i < source->len && source->bytes[i] != '\n')
            i++;
    }
    for (start = i; i < source->len && isalpha((unsigned char)source->bytes[i]); i++)
        ;
    return (struct text){source->bytes + start, i - start};
}

bool
site_looks_like(const struct source *source)
{
    struct text word;
    size_t i;

    if (name_ends_with(source->name, ".yaml") || name_ends_with(source->name, ".yml"))
        return true;
    word = first_word(source);
    for (i = 0; i < sizeof(site_fields) / sizeof(site_fields[0]); i++)
        if (text_is(word, site_fields[i].name))
            return true;
    return false;
}

/* ---- options ---- */

/* The text of an option before and behind its first `=`; false with a finding when one of them is
 * missing. */
static bool
split_option(const struct source *option, struct diag *diag, const char *want, struct place *left,
             struct place *right)
{
    const char *equals = option->len ? memchr(option->bytes, '=', option->len) : NULL;
    uint32_t len = equals ? (uint32_t)(equals - option->bytes) : 0;

    *left = (struct place){option, 0, len};
    if (len == 0) {
        *left = (struct place){option, 0, (uint32_t)option->len};
        diag_add(diag, FINDING_BAD_OPTION, *left, "expected %s", want);
        return false;
    }
    *right = (struct place){option, len + 1, (uint32_t)option->len - len - 1};
    return true;
}

static struct text
text_at(struct arena *arena, const struct place *place)
{
    return (struct text){arena_copy(arena, place->source->bytes + place->start, place->len),
                         place->len};
}

/* A setting again, now from an option: it takes the other one's place. */
static void
add_override(struct arena *arena, struct site_router *router, const struct override *override)
{
    size_t i;

    for (i = 0; i < router->override_count; i++) {
        if (text_compare(&router->overrides[i].key, &override->key) == 0) {
            router->overrides[i] = *override;
            return;
        }
    }
    append_override(arena, router, override);
}

void
site_add_override(struct arena *arena, const struct source *option, const char *router,
                  struct diag *diag, struct site *site)
{
    struct override override = {0};
    size_t i;

    if (!split_option(option, diag, "KEY=VALUE", &override.key_place, &override.value_place))
        return;
    override.key = text_at(arena, &override.key_place);
    override.value = text_at(arena, &override.value_place);
    if (override.value.len && !text_is_line(override.value)) {
        diag_add(diag, FINDING_BAD_OPTION, override.value_place, "expected a value of one line");
        return;
    }
    for (i = 0; i < site->router_count; i++)
        if (!router || strcmp(site->routers[i].name, router) == 0)
            add_override(arena, &site->routers[i], &override);
}

static void
add_mapping(struct arena *arena, struct site_router *router,
            const struct interface_mapping *mapping)
{
    size_t i;

    for (i = 0; i < router->mapping_count; i++) {
        if (interface_equal(router->mappings[i].seil, mapping->seil)) {
            router->mappings[i] = *mapping;
            return;
        }
    }
    append_mapping(arena, router, mapping);
}

/* LINUX, mac:02:... or LINUX,mac:02:... */
static const char *
parse_linux(struct arena *arena, struct text text, struct interface_mapping *mapping)
{
    const char *comma = text.len ? memchr(text.bytes, ',', text.len) : NULL;
    const char *error = NULL;

    if (comma || (text.len >= 4 && memcmp(text.bytes, "mac:", 4) == 0)) {
        const char *mac = comma ? comma + 1 : text.bytes;
        size_t len = text.len - (size_t)(mac - text.bytes);

        mapping->by_mac = true;
        if (!is_port(mapping->seil))
            return "expected a Linux name: only a port is found by its MAC address";
        if (len < 4 || memcmp(mac, "mac:", 4) != 0)
            return "expected mac: and a MAC address behind the comma";
        error = parse_mac((struct text){mac + 4, len - 4}, mapping->mac);
        text.len = comma ? (size_t)(comma - text.bytes) : 0;
        if (!comma)
            return error;
    }
    mapping->linux_name = arena_copy(arena, text.bytes, text.len);
    return error ? error : linux_name_error(text);
}

void
site_add_mapping(struct arena *arena, const struct source *option, const char *router,
                 struct diag *diag, struct site *site)
{
    struct interface_mapping mapping = {0};
    struct place seil;
    const char *error;
    size_t i;

    if (!split_option(option, diag, "SEIL=LINUX, like ge0=eth0 or ge0=mac:02:00:5e:10:00:01", &seil,
                      &mapping.place))
        return;
    if (!interface_parse(text_at(arena, &seil), &mapping.seil) || mapping.seil.unit == UNIT_ALL) {
        diag_add(diag, FINDING_BAD_OPTION, seil, "expected a SEIL interface like ge0");
        return;
    }
    mapping.linux_name = interface_format(arena, mapping.seil);
    error = parse_linux(arena, text_at(arena, &mapping.place), &mapping);
    if (error) {
        diag_add(diag, FINDING_BAD_OPTION, mapping.place, "%s", error);
        return;
    }
    for (i = 0; i < site->router_count; i++)
        if (!router || strcmp(site->routers[i].name, router) == 0)
            add_mapping(arena, &site->routers[i], &mapping);
}

/* ---- the last look ---- */

static int
compare_linux_names(const void *left, const void *right)
{
    const struct interface_mapping *a = *(const struct interface_mapping *const *)left;
    const struct interface_mapping *b = *(const struct interface_mapping *const *)right;
    int order = strcmp(a->linux_name, b->linux_name);

    return order ? order : (a > b) - (a < b);
}

static int
compare_macs(const void *left, const void *right)
{
    const struct interface_mapping *a = *(const struct interface_mapping *const *)left;
    const struct interface_mapping *b = *(const struct interface_mapping *const *)right;
    int order = a->by_mac - b->by_mac;

    if (order == 0 && a->by_mac)
        order = memcmp(a->mac, b->mac, sizeof(a->mac));
    return order ? order : (a > b) - (a < b);
}

static void
complain_twice(struct diag *diag, const struct interface_mapping *first,
               const struct interface_mapping *second, const char *what)
{
    bool option = second->place.source && second->place.source->name[0] == '-' &&
                  second->place.source->name[1] == '-';
    struct finding *finding =
        diag_add(diag, option ? FINDING_BAD_OPTION : FINDING_BAD_SITE, second->place,
                 "two interfaces of a router with the same %s", what);

    diag_note(diag, finding, first->place, "the other one is here");
}

/* `ge0: ge1` where nobody says what ge1 is called: by default it has that name too. */
static void
check_default_name(const struct site_router *router, const struct interface_mapping *mapping,
                   struct diag *diag)
{
    struct text name = {mapping->linux_name, strlen(mapping->linux_name)};
    struct interface_name other;
    struct finding *finding;
    size_t i;

    if (!interface_parse(name, &other) || interface_equal(other, mapping->seil))
        return;
    for (i = 0; i < router->mapping_count; i++)
        if (interface_equal(router->mappings[i].seil, other))
            return;
    finding = diag_add(diag, FINDING_BAD_SITE, mapping->place,
                       "the SEIL's own %s is called so too as long as it has no name here",
                       mapping->linux_name);
    diag_note(diag, finding, (struct place){0}, "say what %s is called on Linux",
              mapping->linux_name);
}

static void
check_router(const struct site_router *router, struct diag *diag)
{
    size_t count = router->mapping_count, i;
    const struct interface_mapping **sorted;

    if (count == 0)
        return;
    sorted = arena_array(diag->arena, count, sizeof(struct interface_mapping *));
    for (i = 0; i < count; i++) {
        sorted[i] = &router->mappings[i];
        check_default_name(router, sorted[i], diag);
    }
    qsort(sorted, count, sizeof(*sorted), compare_linux_names);
    for (i = 1; i < count; i++)
        if (strcmp(sorted[i - 1]->linux_name, sorted[i]->linux_name) == 0)
            complain_twice(diag, sorted[i - 1], sorted[i], "Linux name");
    qsort(sorted, count, sizeof(*sorted), compare_macs);
    for (i = 1; i < count; i++)
        if (sorted[i - 1]->by_mac &&
            memcmp(sorted[i - 1]->mac, sorted[i]->mac, sizeof(sorted[i]->mac)) == 0)
            complain_twice(diag, sorted[i - 1], sorted[i], "MAC address");
}

void
site_check(const struct site *site, struct diag *diag)
{
    size_t i;

    for (i = 0; i < site->router_count; i++)
        check_router(&site->routers[i], diag);
}

const char *
site_linux_name(struct arena *arena, const struct site_router *router, struct interface_name name)
{
    size_t i;

    for (i = 0; i < router->mapping_count; i++)
        if (interface_equal(router->mappings[i].seil, name))
            return router->mappings[i].linux_name;
    return interface_format(arena, name);
}
