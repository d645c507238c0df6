/* plan_dump.c - print a plan as JSON, for tests. */
#include <arpa/inet.h>
#include <jansson.h>
#include <string.h>

#include "plan.h"

/*
 * One function for each struct of plan.h, in its order, with the names of its fields.  What is not
 * there is left out: NULL strings, numbers that are not set, origins of defaults, empty arrays.
 */

static struct arena *scratch; /* of the dump at work: key paths are formatted into it */

static json_t *
json_of_from(const struct origin *from)
{
    json_t *list = json_array();

    for (; from; from = from->next)
        json_array_append_new(
            list, json_string(catalogue_format(scratch, from->node->def, from->node->index)));
    return list;
}

static void
put_from(json_t *object, const char *name, const struct origin *from)
{
    if (from)
        json_object_set_new(object, name, json_of_from(from));
}

static void
put_string(json_t *object, const char *name, const char *text)
{
    if (text)
        json_object_set_new(object, name, json_string(text));
}

static void
put_text(json_t *object, const char *name, const struct plan_text *text)
{
    json_t *value;

    if (!text->from && !text->text.len)
        return;
    value = json_pack("{s:o}", "text", json_stringn_nocheck(text->text.bytes, text->text.len));
    put_from(value, "from", text->from);
    json_object_set_new(object, name, value);
}

static void
put_int(json_t *object, const char *name, unsigned long value)
{
    json_object_set_new(object, name, json_integer((json_int_t)value));
}

static void
put_bool(json_t *object, const char *name, bool value)
{
    if (value)
        json_object_set_new(object, name, json_true());
}

static void
put_number(json_t *object, const char *name, const struct plan_number *number)
{
    json_t *value;

    if (!number->set && !number->from)
        return;
    value = json_object();
    if (number->set)
        put_int(value, "value", number->value);
    put_from(value, "from", number->from);
    json_object_set_new(object, name, value);
}

static void
put_flag(json_t *object, const char *name, const struct plan_flag *flag)
{
    json_t *value;

    if (!flag->on && !flag->from)
        return;
    value = json_pack("{s:b}", "on", flag->on);
    put_from(value, "from", flag->from);
    json_object_set_new(object, name, value);
}

/* ---- addresses ---- */

static json_t *
json_of_bytes(int family, const void *bytes, int len)
{
    char text[INET6_ADDRSTRLEN];

    inet_ntop(family, bytes, text, sizeof(text));
    return len < 0 ? json_string(text) : json_sprintf("%s/%d", text, len);
}

static void
put_address_from(json_t *object, const char *name, json_t *address, const struct origin *from)
{
    json_t *value = json_pack("{s:o}", "address", address);

    put_from(value, "from", from);
    json_object_set_new(object, name, value);
}

static json_t *
json_of_address(const struct plan_address *address)
{
    json_t *value = json_pack("{s:o}", "address",
                              address->family == FAMILY_IPV4
                                  ? json_of_bytes(AF_INET, &address->ipv4, address->len)
                                  : json_of_bytes(AF_INET6, &address->ipv6, address->len));

    put_bool(value, "nodad", address->nodad);
    put_from(value, "from", address->from);
    return value;
}

static void
put_in_addr(json_t *object, const char *name, struct in_addr address)
{
    if (address.s_addr)
        json_object_set_new(object, name, json_of_bytes(AF_INET, &address, -1));
}

static void
put_in6_addr(json_t *object, const char *name, const struct in6_addr *address)
{
    if (!IN6_IS_ADDR_UNSPECIFIED(address))
        json_object_set_new(object, name, json_of_bytes(AF_INET6, address, -1));
}

static void
put_ipv4(json_t *object, const char *name, const struct plan_ipv4 *address)
{
    if (address->from || address->address.s_addr)
        put_address_from(object, name, json_of_bytes(AF_INET, &address->address, -1),
                         address->from);
}

static void
put_ipv6(json_t *object, const char *name, const struct plan_ipv6 *address)
{
    if (address->from)
        put_address_from(object, name, json_of_bytes(AF_INET6, &address->address, -1),
                         address->from);
}

static void
put_ipv6_prefix(json_t *object, const char *name, const struct plan_ipv6_prefix *prefix)
{
    put_address_from(object, name, json_of_bytes(AF_INET6, &prefix->address, prefix->len),
                     prefix->from);
}

static void
put_mac(json_t *object, const char *name, const uint8_t mac[6])
{
    char text[sizeof("00:00:00:00:00:00")];

    snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
             mac[4], mac[5]);
    put_string(object, name, text);
}

/* ---- arrays: PUT_ARRAY(object, name, items, count, function from a pointer to JSON) ---- */

#define PUT_ARRAY(object, name, items, count, json_of) \
    do { \
        json_t *list = json_array(); \
        size_t each; \
\
        for (each = 0; each < (count); each++) \
            json_array_append_new(list, json_of(&(items)[each])); \
        if (json_array_size(list)) \
            json_object_set_new(object, name, list); \
        else \
            json_decref(list); \
    } while (0)

static json_t *
json_of_ipv4(const struct plan_ipv4 *address)
{
    json_t *holder = json_object();
    json_t *value;

    put_ipv4(holder, "x", address);
    value = json_incref(json_object_get(holder, "x"));
    json_decref(holder);
    return value;
}

static json_t *
json_of_link(const struct plan_link *link)
{
    json_t *o = json_pack("{s:s}", "name", link->name);

    put_bool(o, "loopback", link->loopback);
    if (link->rename_by_mac)
        put_mac(o, "rename_by_mac", link->mac);
    put_number(o, "mtu", &link->mtu);
    PUT_ARRAY(o, "addresses", link->addresses, link->address_count, json_of_address);
    put_bool(o, "static_link_local", link->static_link_local);
    put_bool(o, "client", link->client);
    put_from(o, "from", link->from);
    return o;
}

static json_t *
json_of_tunnel(const struct plan_tunnel *tunnel)
{
    json_t *o =
        json_pack("{s:s, s:s}", "name", tunnel->name, "mode", plan_tunnel_modes[tunnel->mode]);

    put_bool(o, "over_ipv6", tunnel->over_ipv6);
    put_int(o, "ttl", tunnel->ttl);
    put_string(o, "source_link", tunnel->source_link);
    if (!tunnel->source_link)
        json_object_set_new(o, "source", json_of_address(&tunnel->source));
    json_object_set_new(o, "destination", json_of_address(&tunnel->destination));
    put_from(o, "source_from", tunnel->source_from);
    put_number(o, "mtu", &tunnel->mtu);
    put_number(o, "tos", &tunnel->tos);
    put_bool(o, "tos_copy", tunnel->tos_copy);
    PUT_ARRAY(o, "addresses", tunnel->addresses, tunnel->address_count, json_of_address);
    put_ipv4(o, "peer", &tunnel->peer);
    put_from(o, "from", tunnel->from);
    return o;
}

static json_t *
json_of_route(const struct plan_route *route)
{
    static const char *const vias[] = {"address", "link", "blackhole", "dhcp", "ra"};
    json_t *o = json_pack("{s:s}", "via", vias[route->via]);

    json_object_set_new(o, "destination", json_of_address(&route->destination));
    if (route->via == VIA_ADDRESS)
        json_object_set_new(o, "gateway", json_of_address(&route->gateway));
    put_string(o, "link", route->link);
    put_in_addr(o, "prefsrc", route->prefsrc);
    put_string(o, "prefsrc_link", route->prefsrc_link);
    put_int(o, "metric", route->metric);
    put_from(o, "metric_from", route->metric_from);
    put_from(o, "from", route->from);
    return o;
}

static json_t *
json_of_client(const struct plan_client *client)
{
    json_t *o = json_pack("{s:s}", "link", client->link);

    put_flag(o, "dhcp4", &client->dhcp4);
    put_flag(o, "ra", &client->ra);
    put_flag(o, "ra_autoconf", &client->ra_autoconf);
    put_flag(o, "dhcp6", &client->dhcp6);
    put_flag(o, "dhcp6_address", &client->dhcp6_address);
    put_flag(o, "delegation", &client->delegation);
    put_int(o, "iaid", client->iaid);
    put_flag(o, "rapid_commit", &client->rapid_commit);
    put_flag(o, "reconf_accept", &client->reconf_accept);
    put_flag(o, "default4", &client->default4);
    put_flag(o, "default6", &client->default6);
    put_number(o, "metric", &client->metric);
    put_ipv6(o, "interface_id", &client->interface_id);
    put_flag(o, "learn_dns", &client->learn_dns);
    put_from(o, "from", client->from);
    return o;
}

static json_t *
json_of_subnet(const struct plan_subnet *subnet)
{
    json_t *o = json_pack("{s:s, s:s}", "client", subnet->client, "link", subnet->link);

    put_int(o, "iaid", subnet->iaid);
    put_int(o, "sla_id", subnet->sla_id);
    put_from(o, "sla_from", subnet->sla_from);
    put_in6_addr(o, "interface_id", &subnet->interface_id);
    put_from(o, "id_from", subnet->id_from);
    put_from(o, "from", subnet->from);
    return o;
}

static json_t *
json_of_check(const struct plan_check *check)
{
    json_t *o = json_pack("{s:s, s:s}", "name", check->name, "kind",
                          check->kind == CHECK_ROUTE ? "route" : "echo");

    json_object_set_new(o, "target", json_of_address(&check->target));
    put_string(o, "link", check->link);
    put_bool(o, "upstream", check->upstream);
    put_int(o, "interval", check->interval);
    put_int(o, "timeout", check->timeout);
    put_number(o, "fall", &check->fall);
    put_number(o, "rise", &check->rise);
    put_from(o, "from", check->from);
    return o;
}

static json_t *
json_of_check_name(const struct plan_check *const *check)
{
    return json_string((*check)->name);
}

static json_t *
json_of_vrrp(const struct plan_vrrp *vrrp)
{
    json_t *o = json_pack("{s:s, s:s}", "name", vrrp->name, "link", vrrp->link);

    put_number(o, "version", &vrrp->version);
    put_from(o, "link_from", vrrp->link_from);
    put_number(o, "vrid", &vrrp->vrid);
    json_object_set_new(o, "address", json_of_address(&vrrp->address));
    put_number(o, "priority", &vrrp->priority);
    put_number(o, "interval", &vrrp->interval);
    put_number(o, "delay", &vrrp->delay);
    put_flag(o, "preempt", &vrrp->preempt);
    put_flag(o, "virtual_mac", &vrrp->virtual_mac);
    put_string(o, "vmac_link", vrrp->vmac_link);
    put_string(o, "track_link", vrrp->track_link);
    put_from(o, "track_from", vrrp->track_from);
    PUT_ARRAY(o, "checks", vrrp->checks, vrrp->check_count, json_of_check_name);
    put_bool(o, "decides_ra", vrrp->decides_ra);
    put_bool(o, "deprecates", vrrp->deprecates);
    put_from(o, "from", vrrp->from);
    return o;
}

static json_t *
json_of_ra_prefix(const struct plan_ra_prefix *prefix)
{
    json_t *o = json_object();

    put_ipv6_prefix(o, "prefix", &prefix->prefix);
    put_string(o, "base_link", prefix->base_link);
    put_number(o, "valid", &prefix->valid);
    put_number(o, "preferred", &prefix->preferred);
    put_flag(o, "autonomous", &prefix->autonomous);
    put_flag(o, "onlink", &prefix->onlink);
    return o;
}

static json_t *
json_of_ra_item(const struct plan_ra_item *item)
{
    json_t *o = json_object();

    put_ipv6(o, "address", &item->address);
    put_text(o, "domain", &item->domain);
    put_number(o, "lifetime", &item->lifetime);
    return o;
}

static json_t *
json_of_ra(const struct plan_ra *ra)
{
    json_t *o = json_pack("{s:s, s:s}", "link", ra->link, "send_link", ra->send_link);

    put_from(o, "link_from", ra->link_from);
    put_bool(o, "from_virtual", ra->from_virtual);
    put_in6_addr(o, "source", &ra->source);
    put_from(o, "source_from", ra->source_from);
    put_in6_addr(o, "own_source", &ra->own_source);
    put_string(o, "instance", ra->instance);
    put_bool(o, "deprecates", ra->deprecates);
    put_flag(o, "managed", &ra->managed);
    put_flag(o, "other", &ra->other);
    put_number(o, "max_interval", &ra->max_interval);
    put_number(o, "min_interval", &ra->min_interval);
    put_number(o, "hop_limit", &ra->hop_limit);
    put_number(o, "mtu", &ra->mtu);
    put_number(o, "reachable_time", &ra->reachable_time);
    put_number(o, "retrans_timer", &ra->retrans_timer);
    put_number(o, "lifetime", &ra->lifetime);
    PUT_ARRAY(o, "prefixes", ra->prefixes, ra->prefix_count, json_of_ra_prefix);
    PUT_ARRAY(o, "dns", ra->dns, ra->dns_count, json_of_ra_item);
    PUT_ARRAY(o, "domains", ra->domains, ra->domain_count, json_of_ra_item);
    put_from(o, "from", ra->from);
    return o;
}

static json_t *
json_of_pool(const struct plan_pool *pool)
{
    json_t *o = json_object();

    put_in_addr(o, "first", pool->first);
    put_in_addr(o, "last", pool->last);
    return o;
}

static json_t *
json_of_lease(const struct plan_lease *lease)
{
    json_t *o = json_object();

    put_mac(o, "mac", lease->mac);
    put_from(o, "mac_from", lease->mac_from);
    put_ipv4(o, "address", &lease->address);
    return o;
}

static json_t *
json_of_dhcp4(const struct plan_dhcp4 *scope)
{
    json_t *o = json_pack("{s:s}", "link", scope->link);

    put_int(o, "id", scope->id);
    put_from(o, "link_from", scope->link_from);
    put_in_addr(o, "listen", scope->listen);
    put_address_from(o, "subnet", json_of_bytes(AF_INET, &scope->subnet.address, scope->subnet.len),
                     scope->subnet.from);
    put_in_addr(o, "first", scope->first);
    put_in_addr(o, "last", scope->last);
    PUT_ARRAY(o, "pools", scope->pools, scope->pool_count, json_of_pool);
    put_from(o, "pool_from", scope->pool_from);
    put_number(o, "valid_lifetime", &scope->valid_lifetime);
    put_int(o, "renew", scope->renew);
    put_int(o, "rebind", scope->rebind);
    put_ipv4(o, "router", &scope->router);
    PUT_ARRAY(o, "dns", scope->dns, scope->dns_count, json_of_ipv4);
    PUT_ARRAY(o, "ntp", scope->ntp, scope->ntp_count, json_of_ipv4);
    PUT_ARRAY(o, "wins", scope->wins, scope->wins_count, json_of_ipv4);
    put_number(o, "wins_node", &scope->wins_node);
    put_text(o, "domain", &scope->domain);
    put_text(o, "wpad", &scope->wpad);
    put_flag(o, "authoritative", &scope->authoritative);
    PUT_ARRAY(o, "leases", scope->leases, scope->lease_count, json_of_lease);
    put_from(o, "from", scope->from);
    return o;
}

static json_t *
json_of_napt(const struct plan_napt *napt)
{
    json_t *o = json_pack("{s:s}", "link", napt->link);

    json_object_set_new(o, "first", json_of_bytes(AF_INET, &napt->first, -1));
    json_object_set_new(o, "last", json_of_bytes(AF_INET, &napt->last, -1));
    put_from(o, "private_from", napt->private_from);
    put_from(o, "link_from", napt->link_from);
    put_ipv4(o, "global", &napt->global);
    put_flag(o, "random_ports", &napt->random_ports);
    return o;
}

static json_t *
json_of_npt(const struct plan_npt *npt)
{
    json_t *o = json_pack("{s:s, s:s}", "map", npt->map, "link", npt->link);

    put_int(o, "index", npt->index);
    put_from(o, "link_from", npt->link_from);
    put_ipv6_prefix(o, "internal", &npt->internal);
    if (!npt->learned && !npt->masquerade)
        put_ipv6_prefix(o, "external", &npt->external);
    put_bool(o, "learned", npt->learned);
    put_bool(o, "masquerade", npt->masquerade);
    put_from(o, "masquerade_from", npt->masquerade_from);
    put_from(o, "from", npt->from);
    return o;
}

static json_t *
json_of_timeouts(const struct plan_timeouts *timeouts)
{
    json_t *o = json_object();

    put_number(o, "tcp_syn_sent", &timeouts->tcp_syn_sent);
    put_number(o, "tcp_established", &timeouts->tcp_established);
    put_number(o, "udp", &timeouts->udp);
    put_number(o, "icmp", &timeouts->icmp);
    put_number(o, "generic", &timeouts->generic);
    return o;
}

static json_t *
json_of_mss(const struct plan_mss *mss)
{
    json_t *o = json_pack("{s:s, s:s}", "family", mss->family == FAMILY_IPV4 ? "ipv4" : "ipv6",
                          "link", mss->link);

    put_int(o, "mss", mss->mss);
    put_from(o, "from", mss->from);
    return o;
}

static json_t *
json_of_alias(const struct plan_alias *alias)
{
    return json_pack("{s:s, s:s}", "link", alias->link, "vmac", alias->vmac);
}

static json_t *
json_of_sysctl(const struct plan_sysctl *sysctl)
{
    json_t *o = json_pack("{s:s, s:s}", "key", sysctl->key, "value", sysctl->value);

    put_from(o, "from", sysctl->from);
    return o;
}

static json_t *
json_of_module(const char *const *module)
{
    return json_string(*module);
}

/* ---- system ---- */

static json_t *
json_of_host(const struct plan_host *host)
{
    json_t *o = json_object();

    put_text(o, "name", &host->name);
    json_object_set_new(o, "address", json_of_address(&host->address));
    return o;
}

static json_t *
json_of_nameserver(const struct plan_nameserver *server)
{
    json_t *o = json_object();

    if (!server->learned4 && !server->learned6)
        json_object_set_new(o, "address", json_of_address(&server->address));
    else
        put_from(o, "from", server->address.from);
    put_bool(o, "learned4", server->learned4);
    put_bool(o, "learned6", server->learned6);
    put_string(o, "link", server->link);
    return o;
}

static json_t *
json_of_ntp_server(const struct plan_ntp_server *server)
{
    json_t *o = json_object();

    if (server->name.from)
        put_text(o, "name", &server->name);
    else if (!server->learned6)
        json_object_set_new(o, "address", json_of_address(&server->address));
    put_bool(o, "learned6", server->learned6);
    put_string(o, "link", server->link);
    put_from(o, "from", server->from);
    return o;
}

static json_t *
json_of_system(const struct plan_system *system)
{
    json_t *o = json_object();

    put_text(o, "hostname", &system->hostname);
    put_string(o, "timezone", system->timezone);
    put_from(o, "timezone_from", system->timezone_from);
    put_bool(o, "resolver", system->resolver);
    PUT_ARRAY(o, "nameservers", system->nameservers, system->nameserver_count, json_of_nameserver);
    put_text(o, "domain", &system->domain);
    PUT_ARRAY(o, "hosts", system->hosts, system->host_count, json_of_host);
    put_bool(o, "chrony", system->chrony);
    put_flag(o, "ntp_server", &system->ntp_server);
    PUT_ARRAY(o, "ntp_servers", system->ntp_servers, system->ntp_server_count, json_of_ntp_server);
    put_from(o, "resolver_from", system->resolver_from);
    put_from(o, "ntp_from", system->ntp_from);
    return o;
}

/* ---- the plan ---- */

static void
put_daemons(json_t *object, const struct plan *plan)
{
    static const char *const names[DAEMON_COUNT] = {"keepalived", "radvd",    "kea", "dhcpcd",
                                                    "chrony",     "nftables", "mss"};
    json_t *list = json_array();
    size_t i;

    for (i = 0; i < DAEMON_COUNT; i++)
        if (plan->daemons[i])
            json_array_append_new(list, json_string(names[i]));
    json_object_set_new(object, "daemons", list);
}

static json_t *
json_of_plan(const struct plan *plan)
{
    json_t *o = json_pack("{s:s, s:s}", "router", plan->router, "target",
                          plan->target == TARGET_DEBIAN12 ? "debian12" : "debian13");

    PUT_ARRAY(o, "links", plan->links, plan->link_count, json_of_link);
    PUT_ARRAY(o, "tunnels", plan->tunnels, plan->tunnel_count, json_of_tunnel);
    PUT_ARRAY(o, "routes", plan->routes, plan->route_count, json_of_route);
    PUT_ARRAY(o, "clients", plan->clients, plan->client_count, json_of_client);
    PUT_ARRAY(o, "subnets", plan->subnets, plan->subnet_count, json_of_subnet);
    PUT_ARRAY(o, "checks", plan->checks, plan->check_count, json_of_check);
    PUT_ARRAY(o, "vrrps", plan->vrrps, plan->vrrp_count, json_of_vrrp);
    PUT_ARRAY(o, "ras", plan->ras, plan->ra_count, json_of_ra);
    PUT_ARRAY(o, "dhcp4s", plan->dhcp4s, plan->dhcp4_count, json_of_dhcp4);
    PUT_ARRAY(o, "napts", plan->napts, plan->napt_count, json_of_napt);
    PUT_ARRAY(o, "npts", plan->npts, plan->npt_count, json_of_npt);
    json_object_set_new(o, "timeouts", json_of_timeouts(&plan->timeouts));
    PUT_ARRAY(o, "msss", plan->msss, plan->mss_count, json_of_mss);
    PUT_ARRAY(o, "aliases", plan->aliases, plan->alias_count, json_of_alias);
    PUT_ARRAY(o, "sysctls", plan->sysctls, plan->sysctl_count, json_of_sysctl);
    PUT_ARRAY(o, "modules", plan->modules, plan->module_count, json_of_module);
    put_flag(o, "drop_redirects6", &plan->drop_redirects6);
    json_object_set_new(o, "system", json_of_system(&plan->system));
    put_daemons(o, plan);
    return o;
}

void
plan_dump(const struct plan *plan, FILE *out)
{
    struct arena arena;
    json_t *json;

    arena_init(&arena);
    scratch = &arena;
    json = json_of_plan(plan);
    json_dumpf(json, out, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    putc('\n', out);
    json_decref(json);
    scratch = NULL;
    arena_free(&arena);
}
