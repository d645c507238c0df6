/* resolver.c - names and time for the router itself. */
#include "checks.h"

/* ---- resolver-no-server, ntp-no-server ---- */

void
check_resolver_no_server(const struct checking *c)
{
    if (setting_on(c->model->resolver_service) && c->model->resolver_service.node && !c->model->resolver_count &&
        check_whole(c, c->model))
        check_add(c, FINDING_RESOLVER_NO_SERVER, c->model->resolver_service.node->where,
                  "the resolver is on and has no server to ask (resolver.0.address): the router resolves no names");
}

void
check_ntp_no_server(const struct checking *c)
{
    if (setting_on(c->model->ntp_service) && c->model->ntp_service.node && !c->model->ntp_client_count &&
        check_whole(c, c->model))
        check_add(c, FINDING_NTP_NO_SERVER, c->model->ntp_service.node->where,
                  "NTP is on and has no server to follow (ntp.client.0.address): the clock drifts, and log entries "
                  "cannot be compared");
}

/* ---- learned-from-nobody ---- */

static bool
learns_by(const struct model *model, const char *word)
{
    size_t i;

    for (i = 0; i < model->interface_count; i++) {
        const struct interface *interface = &model->interfaces[i];
        bool ppp =
            interface->name.kind == KIND_PPPOE || interface->name.kind == KIND_PPP || interface->name.kind == KIND_WWAN;

        if ((word[0] == 'd' && word[4] == '\0' && interface->dhcp.value) || (word[0] == 'i' && ppp && interface->first))
            return true;
    }
    for (i = 0; word[0] == 'd' && word[4] == '6' && setting_on(model->dhcp6_service) && i < model->dhcp6_client_count;
         i++)
        if (model->dhcp6_clients[i].interface)
            return true;
    return false;
}

static void
find_learned(const struct checking *c, enum key_id service, enum key_id group, enum key_id key)
{
    const uint32_t *index;
    size_t count = tree_entries(c->model->tree, group, NULL, &index);
    size_t i;

    if (!setting_on(tree_get(c->model->tree, service, NULL)) || !check_whole(c, c->model))
        return;
    for (i = 0; i < count && i < CHECK_COMPARE_MAX; i++) {
        struct setting address = tree_get(c->model->tree, key, &index[i]);
        const char *word = address.node ? setting_word(address) : NULL;

        if (!word || setting_is(address, "localhost") || learns_by(c->model, word))
            continue;
        check_add(c, FINDING_LEARNED_FROM_NOBODY, address.node->where,
                  "no interface learns anything by %s: this server is never known",
                  word[0] == 'i' ? "PPP (ipcp)"
                  : word[4]      ? "DHCPv6 (dhcp6.client)"
                                 : "DHCP (ipv4.address: dhcp)");
    }
}

void
check_learned_from_nobody(const struct checking *c)
{
    find_learned(c, KEY_RESOLVER_SERVICE, KEY_RESOLVER, KEY_RESOLVER_ADDRESS);
    find_learned(c, KEY_DNS_FORWARDER_SERVICE, KEY_DNS_FORWARDER, KEY_DNS_FORWARDER_ADDRESS);
    find_learned(c, KEY_NTP_SERVICE, KEY_NTP_CLIENT, KEY_NTP_CLIENT_ADDRESS);
}

/* ---- name-not-resolved ---- */

void
check_name_not_resolved(const struct checking *c)
{
    size_t i;

    if (!setting_on(c->model->ntp_service) || setting_on(c->model->resolver_service) || !check_whole(c, c->model))
        return;
    for (i = 0; i < c->model->ntp_client_count && i < CHECK_COMPARE_MAX; i++)
        if (c->model->ntp_clients[i].value->type == TYPE_HOSTNAME && c->model->ntp_clients[i].node) {
            check_add(c, FINDING_NAME_NOT_RESOLVED, c->model->ntp_clients[i].node->where,
                      "%s cannot be looked up while the resolver is off (resolver.service): the clock follows nobody",
                      words(c, c->model->ntp_clients[i]));
            return;
        }
}

/* ---- own-services-one-line ---- */

/* The one line by which all default routes of a family leave; NULL: none, or another way is left. */
static const struct interface *
only_line(const struct model *model, enum family family)
{
    const struct interface *found = NULL;
    size_t i;

    for (i = 0; i < model->route_count; i++) {
        const struct route *route = &model->routes[i];
        const struct interface *out;

        if (route->family != family || !is_default(route) || !is_live(route))
            continue;
        out = leaves_by(model, route);
        out = out ? carrier_of(model, out) : NULL;
        if (!out || !is_line(model, out) || (found && found != out))
            return NULL;
        found = out;
    }
    return found;
}

/* Is there a subnet of the router, other than on the line, with this address? */
static bool
is_near(const struct model *model, const struct value *address)
{
    size_t i;

    for (i = 0; i < model->interface_count && i < CHECK_COMPARE_MAX; i++) {
        const struct interface *interface = &model->interfaces[i];

        if (!is_line(model, interface) &&
            (address->type == TYPE_IPV4_ADDRESS ? subnet4(interface, address->ipv4.address) != NULL
                                                : subnet6(interface, &address->ipv6.address) != NULL))
            return true;
    }
    return false;
}

/* The line that a server is lost with; NULL: none that could be told. */
static const struct interface *
needs_line(const struct model *model, struct setting server)
{
    const struct interface *ipv4 = only_line(model, FAMILY_IPV4), *ipv6 = only_line(model, FAMILY_IPV6);

    switch (server.value->type) {
    case TYPE_IPV4_ADDRESS:
        return is_near(model, server.value) ? NULL : ipv4;
    case TYPE_IPV6_ADDRESS:
        return is_near(model, server.value) ? NULL : ipv6;
    case TYPE_HOSTNAME:
        return !ipv4 || !ipv6 || ipv4 == ipv6 ? (ipv6 ? ipv6 : ipv4) : NULL;
    default:
        return setting_is(server, "localhost") ? NULL : ipv6 && ipv4 && ipv4 != ipv6 ? NULL : ipv6 ? ipv6 : ipv4;
    }
}

/* The line that all of these servers are lost with; NULL: not all, or none. */
static const struct interface *
all_need(const struct model *model, const struct setting *servers, size_t count)
{
    const struct interface *found = NULL;
    size_t i;

    for (i = 0; i < count; i++) {
        const struct interface *line = servers[i].node ? needs_line(model, servers[i]) : NULL;

        if (!line || (found && line != found))
            return NULL;
        found = line;
    }
    return found;
}

void
check_own_services_one_line(const struct checking *c)
{
    const struct model *model = c->model;
    const struct interface *names =
        setting_on(model->resolver_service) ? all_need(model, model->resolvers, model->resolver_count) : NULL;
    const struct interface *time =
        setting_on(model->ntp_service) ? all_need(model, model->ntp_clients, model->ntp_client_count) : NULL;
    const struct interface *line = names ? names : time;
    struct setting first;
    struct finding *finding;

    if (!model->vrouter_count || !line || !check_whole(c, model))
        return;
    first = names ? model->resolvers[0] : model->ntp_clients[0];
    finding = check_add(c, FINDING_OWN_SERVICES_ONE_LINE, first.node->where,
                        "when the line of %s fails the other router serves the hosts, but this one %s%s%s: its servers "
                        "are reached by that line alone",
                        line->text, names ? "resolves no names" : "", names && time ? " and " : "",
                        time ? "keeps no time" : "");
    if (names && time)
        diag_note(c->diag, finding, model->ntp_clients[0].node->where, "its time servers");
}
