/* spell.c - lets every backend that prints a hostile string print all of them, for daemons to read. */
#include "emitted.h"
#include "hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/*
 * usage: spell DIRECTORY
 *
 * For each place of a string and each string makes DIRECTORY/PLACE/NUMBER/ with `value`, the string,
 * and `file`, what the backend made of it; no `file` when it refused the string.
 */

static void
place_hostname(struct plan *plan, struct plan_text text)
{
    plan->system.hostname = text;
}

static void
place_host(struct plan *plan, struct plan_text text)
{
    static struct plan_host host;

    host = (struct plan_host){text, address("192.0.2.66", 32, NULL)};
    plan->system.hosts = &host;
    plan->system.host_count = 1;
}

static void
place_search(struct plan *plan, struct plan_text text)
{
    static struct plan_nameserver server;

    server = (struct plan_nameserver){.address = address("127.0.0.1", 32, NULL)};
    plan->system.resolver = true;
    plan->system.nameservers = &server;
    plan->system.nameserver_count = 1;
    plan->system.domain = text;
}

static void
place_time_server(struct plan *plan, struct plan_text text)
{
    static struct plan_ntp_server server;

    server = (struct plan_ntp_server){.name = text, .from = text.from};
    plan->system.chrony = true;
    plan->system.ntp_servers = &server;
    plan->system.ntp_server_count = 1;
}

static void
place_dnssl(struct plan *plan, struct plan_text text)
{
    static struct plan_ra_item domain;
    static struct plan_ra ra;

    domain = (struct plan_ra_item){.domain = text};
    ra = (struct plan_ra){.link = "ge1", .send_link = "ge1", .domains = &domain, .domain_count = 1};
    plan->ras = &ra;
    plan->ra_count = 1;
}

static struct plan_dhcp4 *
add_scope(struct plan *plan)
{
    static struct plan_pool pool;
    static struct plan_dhcp4 scope;

    pool = (struct plan_pool){ipv4("192.168.1.10"), ipv4("192.168.1.200")};
    scope = (struct plan_dhcp4){
        .id = 1, .link = "ge1", .subnet = {ipv4("192.168.1.0"), 24, NULL}, .pools = &pool,
        .pool_count = 1, .valid_lifetime = number(1200, NULL), .renew = 600, .rebind = 1050,
        .router = {ipv4("192.168.1.1"), NULL}, .authoritative = flag(true, NULL),
    };
    plan->dhcp4s = &scope;
    plan->dhcp4_count = 1;
    return &scope;
}

static void
place_domain(struct plan *plan, struct plan_text text)
{
    add_scope(plan)->domain = text;
}

static void
place_wpad(struct plan *plan, struct plan_text text)
{
    add_scope(plan)->wpad = text;
}

static const struct {
    const char *name, *backend, *path;
    void (*put)(struct plan *plan, struct plan_text text);
} places[] = {
    {"hostname",    "resolver", "etc/hostname",            place_hostname   },
    {"host",        "resolver", "etc/hosts",               place_host       },
    {"search",      "resolver", "etc/resolv.conf",         place_search     },
    {"time-server", "chrony",   "etc/chrony/chrony.conf",  place_time_server},
    {"dnssl",       "radvd",    "etc/radvd.conf",          place_dnssl      },
    {"domain",      "kea",      "etc/kea/kea-dhcp4.conf",  place_domain     },
    {"wpad",        "kea",      "etc/kea/kea-dhcp4.conf",  place_wpad       },
};

static void
write_file(const char *path, const char *bytes, size_t len)
{
    FILE *file = fopen(path, "w");

    if (!file || fwrite(bytes, 1, len, file) != len || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

static void
make_directory(const char *path)
{
    if (mkdir(path, 0755) != 0) {
        perror(path);
        exit(1);
    }
}

static void
spell(const char *directory, size_t place, const char *bytes, size_t len)
{
    struct plan plan = {0};
    const char *base;

    setup(NULL);
    places[place].put(&plan, (struct plan_text){{bytes, len}, from(1)});
    backend_emit(backend_find(places[place].backend), &plan, &output);
    base = arena_printf(&arena, "%s/%s", directory, places[place].name);
    make_directory(base);
    write_file(arena_printf(&arena, "%s/value", base), bytes, len);
    if (!diag.count) {
        const struct output_file *file = find_file(places[place].path);

        write_file(arena_printf(&arena, "%s/file", base), file->bytes, file->len);
    }
    teardown(NULL);
}

static void
spell_everywhere(const char *directory, unsigned *index, const char *bytes, size_t len)
{
    char path[4096];
    size_t i;

    if ((size_t)snprintf(path, sizeof(path), "%s/%u", directory, (*index)++) >= sizeof(path))
        exit(1);
    make_directory(path);
    for (i = 0; i < sizeof(places) / sizeof(*places); i++)
        spell(path, i, bytes, len);
}

/* Words that mean something to one of the readers. */
static const char *const words[] = {
    "on",       "off",    "prefix", "infinity", "RDNSS", "server",   "pool",
    "iburst",   "search", "include", "default", "null",  "true",     "localhost",
    "0x1234",   "10",     "1.2",    "192.0.2.1", "a.",   "_a.b",     "advance.example",
    "options",  "ndots",  "nameserver",
};

int
main(int argc, char *argv[])
{
    char all[255];
    unsigned index = 0;
    size_t i;

    if (argc != 2) {
        fprintf(stderr, "usage: spell DIRECTORY\n");
        return 2;
    }
    for (i = 0; i < HOSTILE_COUNT; i++)
        spell_everywhere(argv[1], &index, hostile_names[i].bytes, hostile_names[i].len);
    for (i = 0; i < PLAIN_COUNT; i++)
        spell_everywhere(argv[1], &index, plain_names[i], strlen(plain_names[i]));
    for (i = 0; i < sizeof(words) / sizeof(*words); i++)
        spell_everywhere(argv[1], &index, words[i], strlen(words[i]));
    for (i = 0; i < sizeof(all); i++)
        all[i] = (char)(i + 1);
    spell_everywhere(argv[1], &index, all, sizeof(all));
    return 0;
}
