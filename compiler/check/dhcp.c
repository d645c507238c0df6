/* dhcp.c - the DHCPv4 server: what hosts are given, and whether two servers of one LAN agree. */
#include "../cure.h"
#include "checks.h"

/* The pool as configured; false when it is not known. */
static bool
pool_of(const struct dhcp_server *server, struct range4 *out)
{
    uint64_t last;

    if (!server->pool_address.node || !server->pool_count.node)
        return false;
    out->first = host4(server->pool_address.value->ipv4.address);
    last = out->first + server->pool_count.value->number - 1;
    out->last = last > UINT32_MAX ? UINT32_MAX : (uint32_t)last;
    return true;
}

/* The subnet of the served interface that the pool begins in; NULL: none, or not known. */
static const struct setting *
subnet_of(const struct dhcp_server *server)
{
    if (!server->interface || !server->pool_address.node)
        return NULL;
    return subnet4(server->interface, server->pool_address.value->ipv4.address);
}

static uint64_t
lease_time(const struct dhcp_server *server)
{
    return server->expire_detail.value ? server->expire_detail.value->number
                                       : setting_number(server->expire, 12) * 3600;
}

static void
each_server(const struct checking *c, void (*run)(const struct checking *c, const struct dhcp_server *server))
{
    size_t i;

    for (i = 0; setting_on(c->model->dhcp_service) && i < c->model->dhcp_server_count && i < CHECK_COMPARE_MAX; i++)
        if (c->model->dhcp_servers[i].interface)
            run(c, &c->model->dhcp_servers[i]);
}

/* ---- dhcp-server-on-line ---- */

static void
find_on_line(const struct checking *c, const struct dhcp_server *server)
{
    if (server->interface_name.node && learns_from_provider(c->model, server->interface))
        check_add(c, FINDING_DHCP_SERVER_ON_LINE, server->interface_name.node->where,
                  "%s leads to the provider: hosts on the LAN get no address, and strangers on the line might",
                  server->interface->text);
}

void
check_dhcp_server_on_line(const struct checking *c)
{
    each_server(c, find_on_line);
}

/* ---- pools ---- */

static void
find_pool_outside(const struct checking *c, const struct dhcp_server *server)
{
    const struct setting *own = interface_fixed4(server->interface);
    struct finding *finding;
    struct range4 pool;

    if (!own || !pool_of(server, &pool) || subnet_of(server))
        return;
    finding = check_add(c, FINDING_DHCP_POOL_OUTSIDE, server->pool_address.node->where,
                        "the pool %s lies outside %s, the subnet of %s: hosts get addresses that reach nobody",
                        words_range4(c, pool), words_net4(c, own->value), server->interface->text);
    diag_note(c->diag, finding, own->node->where, "the subnet of %s", server->interface->text);
}

void
check_dhcp_pool_outside(const struct checking *c)
{
    each_server(c, find_pool_outside);
}

static void
find_mask_differs(const struct checking *c, const struct dhcp_server *server)
{
    const struct setting *own = subnet_of(server);
    struct finding *finding;

    if (!own || own->value->ipv4.len == server->pool_address.value->ipv4.len)
        return;
    finding = check_add(c, FINDING_DHCP_MASK_DIFFERS, server->pool_address.node->where,
                        "hosts are told /%u, %s has /%u: they look for a part of the LAN in the wrong place",
                        server->pool_address.value->ipv4.len, server->interface->text, own->value->ipv4.len);
    diag_note(c->diag, finding, own->node->where, "the subnet of %s", server->interface->text);
}

void
check_dhcp_mask_differs(const struct checking *c)
{
    each_server(c, find_mask_differs);
}

static void
find_pool_overruns(const struct checking *c, const struct dhcp_server *server)
{
    const struct setting *own = subnet_of(server);
    struct finding *finding;
    struct range4 pool, hosts;

    if (!own || !pool_of(server, &pool))
        return;
    hosts = hosts4(own->value->ipv4.address, own->value->ipv4.len);
    if (range4_within(pool, hosts))
        return;
    finding =
        check_add(c, FINDING_DHCP_POOL_OVERRUNS,
                  pool.last > hosts.last ? server->pool_count.node->where : server->pool_address.node->where,
                  "the pool %s goes beyond %s, the hosts that %s can have: who gets another address has no network",
                  words_range4(c, pool), words_range4(c, hosts), words_net4(c, own->value));
    diag_note(c->diag, finding, own->node->where, "the subnet of %s", server->interface->text);
}

void
check_dhcp_pool_overruns(const struct checking *c)
{
    each_server(c, find_pool_overruns);
}

/* Adds a note for an address that the pool holds; the first one makes the finding. */
static void
note_held(const struct checking *c, const struct dhcp_server *server, struct range4 pool, struct setting address,
          const char *whose, struct finding **finding)
{
    if (!address.node || !range4_has(pool, host4(address.value->ipv4.address)))
        return;
    if (!*finding)
        *finding =
            check_add(c, FINDING_DHCP_POOL_ROUTER, server->pool_address.node->where,
                      "the pool %s holds %s, an address of a router: a host that gets it takes the gateway's traffic",
                      words_range4(c, pool), words4(c, host4(address.value->ipv4.address)));
    diag_note(c->diag, *finding, address.node->where, "%s", whose);
}

static void
find_pool_router(const struct checking *c, const struct dhcp_server *server)
{
    const struct interface *interface = server->interface;
    struct finding *finding = NULL;
    struct range4 pool;
    size_t i;

    if (!pool_of(server, &pool))
        return;
    for (i = 0; i < interface->ipv4_count; i++)
        if (interface->ipv4[i].address.value->type == TYPE_IPV4_PREFIX)
            note_held(c, server, pool, interface->ipv4[i].address, "its own address", &finding);
    for (i = 0; i < c->model->vrouter_count && i < CHECK_COMPARE_MAX; i++)
        if (c->model->vrouters[i].interface == interface && c->model->vrouters[i].family == FAMILY_IPV4 &&
            c->model->vrouters[i].address.value)
            note_held(c, server, pool, c->model->vrouters[i].address, "the virtual address", &finding);
}

void
check_dhcp_pool_router(const struct checking *c)
{
    each_server(c, find_pool_router);
}

/* ---- static leases ---- */

struct lease {
    const struct dhcp_server *server;
    const struct static_lease *entry;
    uint32_t address;
};

static void
each_lease(const struct checking *c, const struct model *model,
           void (*run)(const struct checking *c, const struct lease *lease))
{
    size_t i, j;

    for (i = 0; setting_on(model->dhcp_service) && i < model->dhcp_server_count && i < CHECK_COMPARE_MAX; i++) {
        const struct dhcp_server *server = &model->dhcp_servers[i];

        for (j = 0; server->interface && j < server->lease_count; j++) {
            const struct static_lease *entry = &server->leases[j];

            if (entry->address.node && entry->mac.node) {
                const struct lease lease = {server, entry, host4(entry->address.value->ipv4.address)};

                run(c, &lease);
            }
        }
    }
}

static void
find_lease_outside(const struct checking *c, const struct lease *lease)
{
    const struct interface *interface = lease->server->interface;
    const struct setting *first = interface_fixed4(interface);
    const struct setting *own = subnet4(interface, lease->entry->address.value->ipv4.address);
    struct finding *finding;

    if (!first || (own && range4_has(hosts4(own->value->ipv4.address, own->value->ipv4.len), lease->address)))
        return;
    finding = check_add(c, FINDING_DHCP_LEASE_OUTSIDE, lease->entry->address.node->where,
                        "%s is no host address of %s, the subnet of %s: its host has no network",
                        words4(c, lease->address), words_net4(c, first->value), interface->text);
    diag_note(c->diag, finding, first->node->where, "the subnet of %s", interface->text);
}

void
check_dhcp_lease_outside(const struct checking *c)
{
    each_lease(c, c->model, find_lease_outside);
}

static void
find_lease_router(const struct checking *c, const struct lease *lease)
{
    struct in_addr address = lease->entry->address.value->ipv4.address;
    const struct setting *own = own4(lease->server->interface, address);
    const struct vrouter *vrouter = vrouter_with(c->model, lease->server->interface, address);
    struct finding *finding;

    if (!own && !vrouter)
        return;
    finding = check_add(c, FINDING_DHCP_LEASE_ROUTER, lease->entry->address.node->where,
                        "%s is a router's address: with this lease a host takes the gateway's traffic",
                        words4(c, lease->address));
    diag_note(c->diag, finding, (own ? own : &vrouter->address)->node->where, "%s",
              own ? "its own address" : "the virtual address");
}

void
check_dhcp_lease_router(const struct checking *c)
{
    each_lease(c, c->model, find_lease_router);
}

static void
find_lease_in_pool(const struct checking *c, const struct lease *lease)
{
    struct finding *finding;
    struct range4 pool;

    if (!pool_of(lease->server, &pool) || !range4_has(pool, lease->address))
        return;
    finding = check_add(c, FINDING_DHCP_LEASE_IN_POOL, lease->entry->address.node->where,
                        "%s is inside the pool %s: another host may have it when its own host comes back",
                        words4(c, lease->address), words_range4(c, pool));
    diag_note(c->diag, finding, lease->server->pool_address.node->where, "the pool begins here");
}

void
check_dhcp_lease_in_pool(const struct checking *c)
{
    each_lease(c, c->model, find_lease_in_pool);
}

/* ---- gateway, lease time, name servers ---- */

static void
find_gateway_outside(const struct checking *c, const struct dhcp_server *server)
{
    const struct setting *own = subnet_of(server);
    const struct value *pool = server->pool_address.value;
    struct finding *finding;
    struct in_addr gateway;

    if (!server->gateway.node || !own)
        return;
    gateway = server->gateway.value->ipv4.address;
    if (range4_has(hosts4(own->value->ipv4.address, own->value->ipv4.len), host4(gateway)) &&
        range4_has(net4(pool->ipv4.address, pool->ipv4.len), host4(gateway)))
        return;
    finding = check_add(c, FINDING_DHCP_GATEWAY_OUTSIDE, server->gateway.node->where,
                        "gateway %s is no host address of %s: hosts cannot reach it, and have no Internet",
                        words4(c, host4(gateway)), words_net4(c, own->value));
    diag_note(c->diag, finding, own->node->where, "the subnet of %s", server->interface->text);
}

void
check_dhcp_gateway_outside(const struct checking *c)
{
    each_server(c, find_gateway_outside);
}

/* Is it the only virtual router of its family and interface, so that no other address can be meant? */
static bool
is_only_vrouter(const struct checking *c, const struct vrouter *vrouter)
{
    size_t i;

    for (i = 0; i < c->model->vrouter_count; i++) {
        const struct vrouter *other = &c->model->vrouters[i];

        if (other != vrouter && other->interface == vrouter->interface && other->family == vrouter->family)
            return false;
    }
    return subnet4(vrouter->interface, vrouter->address.value->ipv4.address) != NULL;
}

static void
cure_gateway(const struct checking *c, const struct dhcp_server *server, struct finding *finding, const char *address)
{
    const struct node *node = server->interface_name.node;
    const char *key = catalogue_format(c->arena, &key_defs[KEY_DHCP_SERVER_GATEWAY], node->index);

    if (server->gateway.node)
        cure_value(c->diag, finding, c->model->tree, server->gateway.node, address);
    else
        cure_add(c->diag, finding, c->model->tree, node, key, address);
}

/* E12: hosts must be given the address that moves. */
static void
find_gateway_not_vip(const struct checking *c, const struct dhcp_server *server)
{
    const struct vrouter *vrouter = vrouter_of(c->model, server->interface, FAMILY_IPV4);
    const struct setting *own = interface_fixed4(server->interface);
    struct setting gateway = server->gateway.node || !own ? server->gateway : *own;
    struct finding *finding;
    bool is_own;

    if (!vrouter || !gateway.value || vrouter_with(c->model, server->interface, gateway.value->ipv4.address))
        return;
    is_own = own4(server->interface, gateway.value->ipv4.address) != NULL;
    if (!is_own && !subnet4(server->interface, gateway.value->ipv4.address))
        return; /* dhcp-gateway-outside */
    finding =
        check_add_as(c, FINDING_DHCP_GATEWAY_NOT_VIP, is_own ? SEV_ERROR : SEV_WARNING,
                     place_of(server->gateway, server->interface_name),
                     "hosts get %s as gateway%s, not the virtual address %s: when %s is down they have no Internet",
                     words4(c, host4(gateway.value->ipv4.address)), is_own ? ", the router's own address" : "",
                     words4(c, host4(vrouter->address.value->ipv4.address)), is_own ? "this router" : "that one");
    diag_note(c->diag, finding, vrouter->address.node->where, "the virtual address");
    if (is_own && is_only_vrouter(c, vrouter))
        cure_gateway(c, server, finding, words4(c, host4(vrouter->address.value->ipv4.address)));
}

void
check_dhcp_gateway_not_vip(const struct checking *c)
{
    each_server(c, find_gateway_not_vip);
}

/* A host renews at half its lease (RFC 2131, 4.4.5), so at the worst half of it is left when its server goes away. */
static void
find_lease_short(const struct checking *c, const struct dhcp_server *server)
{
    enum { RESTART = 120 }; /* s: about what a router takes to start again */
    uint64_t left = lease_time(server) / 2;
    struct setting setting = server->expire_detail.node ? server->expire_detail : server->expire;

    if (!vrouter_of(c->model, server->interface, FAMILY_IPV4) || left >= RESTART || !setting.node)
        return;
    check_add(c, FINDING_DHCP_LEASE_SHORT, setting.node->where,
              "a lease of %s may have %s left when its server restarts: its hosts then change their address and lose "
              "what they had open",
              words_time(c, lease_time(server)), words_time(c, left));
}

void
check_dhcp_lease_short(const struct checking *c)
{
    each_server(c, find_lease_short);
}

static void
find_no_dns(const struct checking *c, const struct dhcp_server *server)
{
    if (server->dns_count == 0 && server->interface_name.node && check_whole(c, c->model))
        check_add(c, FINDING_DHCP_NO_DNS, server->interface_name.node->where,
                  "hosts on %s are given no name server: names do not resolve for those that have no other",
                  server->interface->text);
}

void
check_dhcp_no_dns(const struct checking *c)
{
    each_server(c, find_no_dns);
}

/* Servers handed out that live on the router itself, while there is an address that moves. */
static void
find_server_not_vip(const struct checking *c, const struct dhcp_server *server)
{
    const struct vrouter *vrouter = vrouter_of(c->model, server->interface, FAMILY_IPV4);
    const struct {
        const struct setting *list;
        size_t count;
        const char *what;
    } lists[] = {
        {server->dns, server->dns_count, "name server"},
        {server->ntp, server->ntp_count, "time server"},
    };
    size_t i, j;

    for (i = 0; vrouter && i < sizeof(lists) / sizeof(lists[0]); i++)
        for (j = 0; j < lists[i].count; j++) {
            struct setting each = lists[i].list[j];
            struct finding *finding;

            if (!own4(server->interface, each.value->ipv4.address))
                continue;
            finding =
                check_add(c, FINDING_DHCP_SERVER_NOT_VIP, each.node->where,
                          "hosts get %s, the router's own address, as %s: when this router is down it does not answer",
                          words4(c, host4(each.value->ipv4.address)), lists[i].what);
            diag_note(c->diag, finding, vrouter->address.node->where, "the virtual address moves to the other router");
        }
}

void
check_dhcp_server_not_vip(const struct checking *c)
{
    each_server(c, find_server_not_vip);
}

/* ---- two servers on one LAN ---- */

struct servers {
    const struct dhcp_server *a, *b;
    const struct lan *lan;
};

struct servers_check {
    void (*run)(const struct checking *c, const struct servers *servers);
};

static void
run_servers(const struct checking *c, const struct lan *lan, const void *with)
{
    const struct servers_check *check = with;
    const struct servers servers = {server_of(lan->a, lan->on_a), server_of(lan->b, lan->on_b), lan};

    if (servers.a && servers.b)
        check->run(c, &servers);
}

static void
each_servers(const struct checking *c, void (*run)(const struct checking *c, const struct servers *servers))
{
    const struct servers_check check = {run};

    each_lan(c, run_servers, &check);
}

static void
find_pool_overlap(const struct checking *c, const struct servers *servers)
{
    struct range4 a, b, shared;
    struct finding *finding;

    if (!pool_of(servers->a, &a) || !pool_of(servers->b, &b) || !range4_meet(a, b, &shared))
        return;
    finding = check_add(
        c, FINDING_DHCP_POOL_OVERLAP, servers->b->pool_address.node->where,
        "the pools %s of %s and %s of %s share %s: two hosts get the same address, and both lose their network",
        words_range4(c, b), servers->lan->b->router, words_range4(c, a), servers->lan->a->router,
        words_range4(c, shared));
    diag_note(c->diag, finding, servers->a->pool_address.node->where, "the pool of %s", servers->lan->a->router);
}

void
check_dhcp_pool_overlap(const struct checking *c)
{
    each_servers(c, find_pool_overlap);
}

/* The addresses that the other routers of the LAN have in a pool of this one. */
static void
find_pool_peer(const struct checking *c, const struct dhcp_server *server, const struct interface *peer)
{
    struct finding *finding = NULL;
    struct range4 pool;
    size_t i;

    if (!server || !pool_of(server, &pool))
        return;
    for (i = 0; i < peer->ipv4_count; i++)
        if (peer->ipv4[i].address.value->type == TYPE_IPV4_PREFIX)
            note_held(c, server, pool, peer->ipv4[i].address, "the other router's address", &finding);
}

static void
find_pool_peers(const struct checking *c, const struct lan *lan, const void *with)
{
    (void)with;
    find_pool_peer(c, server_of(lan->a, lan->on_a), lan->on_b);
    find_pool_peer(c, server_of(lan->b, lan->on_b), lan->on_a);
}

void
check_dhcp_pool_peer(const struct checking *c)
{
    each_lan(c, find_pool_peers, NULL);
}

/* E1: who has not given a lease refuses it (RFC 2131, 4.3.2). */
static void
find_refuses(const struct checking *c, const struct dhcp_server *server, const struct dhcp_server *other,
             const char *whose)
{
    struct finding *finding;

    if (setting_on(server->ignore_unknown_request))
        return;
    finding =
        check_add(c, FINDING_DHCP_REFUSES_OTHERS, place_of(server->ignore_unknown_request, server->interface_name),
                  "without ignore-unknown-request this server refuses the hosts of %s: at each reboot they lose their "
                  "address and start over",
                  whose);
    diag_note(c->diag, finding, place_of(other->pool_address, other->interface_name), "the other server");
}

static void
find_refusals(const struct checking *c, const struct servers *servers)
{
    find_refuses(c, servers->a, servers->b, servers->lan->b->router);
    find_refuses(c, servers->b, servers->a, servers->lan->a->router);
}

void
check_dhcp_refuses_others(const struct checking *c)
{
    each_servers(c, find_refusals);
}

static void
find_expire_differs(const struct checking *c, const struct servers *servers)
{
    const struct dhcp_server *a = servers->a, *b = servers->b;
    struct finding *finding;

    if (lease_time(a) == lease_time(b))
        return;
    finding =
        check_add(c, FINDING_DHCP_EXPIRE_DIFFERS,
                  place_of(b->expire_detail.node ? b->expire_detail : b->expire, b->interface_name),
                  "leases last %s here, %s on %s: how soon a host notices a change depends on which router answered",
                  words_time(c, lease_time(b)), words_time(c, lease_time(a)), servers->lan->a->router);
    diag_note(c->diag, finding, place_of(a->expire_detail.node ? a->expire_detail : a->expire, a->interface_name),
              "%s is here", servers->lan->a->router);
}

void
check_dhcp_expire_differs(const struct checking *c)
{
    each_servers(c, find_expire_differs);
}

/* Is each address of one list in the other? */
static bool
covers(const struct setting *list, size_t count, const struct setting *other, size_t other_count)
{
    size_t i, j;

    for (i = 0; i < count; i++) {
        for (j = 0; j < other_count && !value_equal(list[i].value, other[j].value); j++)
            ;
        if (j == other_count)
            return false;
    }
    return true;
}

static bool
same_list(const struct setting *a, size_t a_count, const struct setting *b, size_t b_count)
{
    return covers(a, a_count, b, b_count) && covers(b, b_count, a, a_count);
}

static bool
same_setting(struct setting a, struct setting b)
{
    return !a.value == !b.value && (!a.value || value_equal(a.value, b.value));
}

static void
find_options_differ(const struct checking *c, const struct servers *servers)
{
    const struct dhcp_server *a = servers->a, *b = servers->b;
    const struct setting none = {0};
    const struct {
        bool same;
        const char *what;
        struct setting a, b;
    } rows[] = {
        {same_setting(a->gateway, b->gateway), "gateways", a->gateway, b->gateway},
        {same_list(a->dns, a->dns_count, b->dns, b->dns_count), "name servers", a->dns_count ? a->dns[0] : none,
         b->dns_count ? b->dns[0] : none},
        {same_list(a->ntp, a->ntp_count, b->ntp, b->ntp_count), "time servers", a->ntp_count ? a->ntp[0] : none,
         b->ntp_count ? b->ntp[0] : none},
        {same_list(a->wins, a->wins_count, b->wins, b->wins_count), "WINS servers", a->wins_count ? a->wins[0] : none,
         b->wins_count ? b->wins[0] : none},
        {same_setting(a->domain, b->domain), "domains", a->domain, b->domain},
        {same_setting(a->wpad, b->wpad), "proxy settings (WPAD)", a->wpad, b->wpad},
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct finding *finding;

        if (rows[i].same)
            continue;
        finding = check_add(c, FINDING_DHCP_OPTIONS_DIFFER, place_of(rows[i].b, b->interface_name),
                            "hosts get other %s than from %s: what works for them depends on which router answered",
                            rows[i].what, servers->lan->a->router);
        diag_note(c->diag, finding, place_of(rows[i].a, a->interface_name), "%s is here", servers->lan->a->router);
    }
}

void
check_dhcp_options_differ(const struct checking *c)
{
    each_servers(c, find_options_differ);
}

/* ---- static leases of two servers ---- */

/* The lease for the same client, or of the same address, at the other server. */
static const struct static_lease *
find_lease(const struct dhcp_server *server, const struct static_lease *lease, bool by_mac)
{
    size_t i;

    for (i = 0; i < server->lease_count && i < CHECK_COMPARE_MAX; i++) {
        const struct static_lease *other = &server->leases[i];

        if (!other->mac.node || !other->address.node)
            continue;
        if (by_mac ? value_equal(other->mac.value, lease->mac.value)
                   : value_equal(other->address.value, lease->address.value))
            return other;
    }
    return NULL;
}

static void
compare_lease(const struct checking *c, const struct servers *servers, const struct static_lease *lease)
{
    const struct static_lease *other = find_lease(servers->a, lease, true);
    struct finding *finding;

    if (!other)
        other = find_lease(servers->a, lease, false);
    if (!other ||
        (value_equal(other->mac.value, lease->mac.value) && value_equal(other->address.value, lease->address.value)))
        return;
    finding =
        check_add(c, FINDING_DHCP_LEASE_DIFFERS, lease->address.node->where,
                  "%s has this fixed lease otherwise: which address the host gets depends on which router answered",
                  servers->lan->a->router);
    diag_note(c->diag, finding, other->address.node->where, "%s is here", servers->lan->a->router);
}

static void
find_lease_differs(const struct checking *c, const struct servers *servers)
{
    size_t i;

    for (i = 0; i < servers->b->lease_count && i < CHECK_COMPARE_MAX; i++)
        if (servers->b->leases[i].mac.node && servers->b->leases[i].address.node)
            compare_lease(c, servers, &servers->b->leases[i]);
}

void
check_dhcp_lease_differs(const struct checking *c)
{
    each_servers(c, find_lease_differs);
}

/* Fixed leases that one server has and the other knows nothing of. */
static void
find_unknown_leases(const struct checking *c, const struct dhcp_server *has, const struct dhcp_server *lacks,
                    const char *who_lacks)
{
    size_t i;

    for (i = 0; i < has->lease_count && i < CHECK_COMPARE_MAX; i++) {
        const struct static_lease *lease = &has->leases[i];
        struct finding *finding;

        if (!lease->mac.node || !lease->address.node || find_lease(lacks, lease, true) ||
            find_lease(lacks, lease, false))
            continue;
        finding =
            check_add(c, FINDING_DHCP_LEASE_ONE_SIDE, lease->address.node->where,
                      "%s has no fixed lease for this host: when it answers first the host gets an address of its pool",
                      who_lacks);
        diag_note(c->diag, finding, place_of(lacks->pool_address, lacks->interface_name), "its server");
    }
}

static void
find_lease_one_side(const struct checking *c, const struct servers *servers)
{
    find_unknown_leases(c, servers->a, servers->b, servers->lan->b->router);
    find_unknown_leases(c, servers->b, servers->a, servers->lan->a->router);
}

void
check_dhcp_lease_one_side(const struct checking *c)
{
    each_servers(c, find_lease_one_side);
}

/* Fixed leases of one server that the other's pool holds. */
static void
find_foreign_leases(const struct checking *c, const struct dhcp_server *has, const struct dhcp_server *other,
                    const char *whose)
{
    struct range4 pool;
    size_t i;

    for (i = 0; pool_of(other, &pool) && i < has->lease_count && i < CHECK_COMPARE_MAX; i++) {
        const struct static_lease *lease = &has->leases[i];
        struct finding *finding;

        /* What both have is found where the pool is. */
        if (!lease->address.node || !range4_has(pool, host4(lease->address.value->ipv4.address)) ||
            find_lease(other, lease, false))
            continue;
        finding = check_add(c, FINDING_DHCP_LEASE_IN_POOL, lease->address.node->where,
                            "%s is inside the pool %s of %s: another host may have it",
                            words4(c, host4(lease->address.value->ipv4.address)), words_range4(c, pool), whose);
        diag_note(c->diag, finding, other->pool_address.node->where, "the pool begins here");
    }
}

static void
find_lease_in_peer(const struct checking *c, const struct servers *servers)
{
    find_foreign_leases(c, servers->a, servers->b, servers->lan->b->router);
    find_foreign_leases(c, servers->b, servers->a, servers->lan->a->router);
}

void
check_dhcp_lease_in_peer(const struct checking *c)
{
    each_servers(c, find_lease_in_peer);
}

/* ---- dhcp-one-server ---- */

static void
find_one_server(const struct checking *c, const struct dhcp_server *server)
{
    bool alone = false;
    size_t i;

    if (!vrouter_of(c->model, server->interface, FAMILY_IPV4) || !server->interface_name.node)
        return;
    for (i = 0; i < c->model_count; i++) {
        const struct interface *there =
            c->models[i] == c->model ? NULL : same_lan(c->model, server->interface, c->models[i]);

        if (!there)
            continue;
        if (server_of(c->models[i], there) || !check_whole(c, c->models[i]))
            return;
        alone = true;
    }
    if (alone)
        check_add(c, FINDING_DHCP_ONE_SERVER, server->interface_name.node->where,
                  "no other router of the site serves DHCP on this LAN: while this one is down hosts get no address");
}

void
check_dhcp_one_server(const struct checking *c)
{
    each_server(c, find_one_server);
}
