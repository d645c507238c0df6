/* resolver.c - DNS servers, the search domain and the host table. */
#include "lower.h"

const enum key_id lower_resolver_keys[] = {
    KEY_RESOLVER_SERVICE,
    KEY_RESOLVER_ADDRESS,
    KEY_RESOLVER_DOMAIN,
    KEY_RESOLVER_HOST_DATABASE_HOSTNAME,
    KEY_RESOLVER_HOST_DATABASE_ADDRESS,
    KEY_RESOLVER_SERVER_PRIORITY,
    KEY_NONE,
};

enum { NAMESERVERS_MAX = 3 }; /* MAXNS of resolv.conf(5) */

static void
add_server(struct lowering *l, struct plan_nameserver server)
{
    struct plan_system *system = &l->plan->system;

    *LOWER_ADD(l, system->nameservers, system->nameserver_count) = server;
}

/* Does a client learn by DHCPv4 or DHCPv6? */
static bool
client_learns(const struct plan_client *client, bool ipv6)
{
    return ipv6 ? client->dhcp6.on : client->dhcp4.on;
}

/* Does an earlier entry stand for the same servers? */
static bool
is_repeated(const struct plan_system *system, bool ipv6)
{
    size_t i;

    for (i = 0; i < system->nameserver_count; i++)
        if (ipv6 ? system->nameservers[i].learned6 : system->nameservers[i].learned4)
            return true;
    return false;
}

static void
add_learned(struct lowering *l, struct setting setting, bool ipv6)
{
    bool found = is_repeated(&l->plan->system, ipv6);
    size_t i;

    if (found) {
        lower_skip(l, setting, "%s stands above already", setting_word(setting));
        return;
    }
    for (i = 0; i < l->plan->client_count; i++) {
        struct plan_client *client = &l->plan->clients[i];

        if (!client_learns(client, ipv6))
            continue;
        found = true;
        client->learn_dns.on = true;
        client->learn_dns.from = lower_join(l, client->learn_dns.from, FROM(l, setting));
        add_server(l, (struct plan_nameserver){
                          .address.from = FROM(l, setting),
                          .learned4 = !ipv6,
                          .learned6 = ipv6,
                          .link = client->link,
                      });
    }
    if (!found)
        lower_skip(l, setting, "no interface runs a %s client", ipv6 ? "DHCPv6" : "DHCP");
}

static void
lower_server(struct lowering *l, struct setting setting)
{
    if (setting_is(setting, "dhcp"))
        add_learned(l, setting, false);
    else if (setting_is(setting, "dhcp6"))
        add_learned(l, setting, true);
    else if (setting_is(setting, "localhost"))
        lower_refuse(l, FINDING_NOT_TRANSLATED, setting, "the DNS forwarder is not translated yet");
    else if (setting.value->type == TYPE_KEYWORD)
        lower_refuse(l, FINDING_NOT_TRANSLATED, setting,
                     "servers learned by PPP are not translated yet");
    else if (l->plan->system.nameserver_count >= NAMESERVERS_MAX)
        lower_skip(l, setting, "the C library asks the first %d servers of resolv.conf",
                   NAMESERVERS_MAX);
    else
        add_server(l, (struct plan_nameserver){.address = lower_address(l, setting)});
}

/* In order of index; a W2 that is told to prefers the servers that are given by address. */
static void
lower_servers(struct lowering *l)
{
    const struct model *model = l->model;
    struct setting priority = model->resolver_priority;
    bool fixed_first = priority.node && setting_is(priority, "prefer-static");
    size_t i;

    for (i = 0; i < model->resolver_count; i++)
        if (!fixed_first || model->resolvers[i].value->type != TYPE_KEYWORD)
            lower_server(l, model->resolvers[i]);
    for (i = 0; i < model->resolver_count; i++)
        if (fixed_first && model->resolvers[i].value->type == TYPE_KEYWORD)
            lower_server(l, model->resolvers[i]);
}

static void
lower_hosts(struct lowering *l)
{
    struct plan_system *system = &l->plan->system;
    size_t i;

    for (i = 0; i < l->model->host_count; i++) {
        const struct host_entry *host = &l->model->hosts[i];

        if (!host->hostname.value || !host->address.value) {
            lower_skip(l, host->hostname, "the name has no address");
            lower_skip(l, host->address, "the address has no name");
            continue;
        }
        *LOWER_ADD(l, system->hosts, system->host_count) = (struct plan_host){
            lower_text(l, host->hostname),
            lower_address(l, host->address),
        };
        system->hosts[system->host_count - 1].name.from =
            FROM(l, host->hostname, l->model->resolver_service);
    }
}

void
lower_resolver(struct lowering *l)
{
    struct plan_system *system = &l->plan->system;

    if (!setting_on(l->model->resolver_service)) {
        lower_skip_feature(l, "resolver.service is not enable");
        return;
    }
    lower_servers(l);
    lower_hosts(l);
    system->domain = lower_text(l, l->model->resolver_domain);
    system->resolver = system->nameserver_count || system->domain.from;
    if (system->resolver || system->host_count)
        system->resolver_from = FROM(l, l->model->resolver_service, l->model->resolver_priority);
    else
        lower_skip_feature(l, "no server is given");
}
