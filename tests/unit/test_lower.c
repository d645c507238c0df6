/* test_lower.c - from configs to plans: the decisions that several backends rest on, and the fate of each statement. */
#include "lowering.h"

#include "lower/lower.h"

#define GE0_DHCP "interface.ge0.ipv4.address: dhcp\n"
#define GE0_RA "interface.ge0.ipv6.address: router-advertisement\n"
#define GE1 "interface.ge1.ipv4.address: 192.168.1.2/24\n"
#define GE1_ULA "interface.ge1.ipv6.address: fd00::2/64\n"
#define DEFAULT4(gateway) "route.ipv4.0.destination: default\nroute.ipv4.0.gateway: " gateway "\n"
#define DEFAULT6(gateway) "route.ipv6.0.destination: default\nroute.ipv6.0.gateway: " gateway "\n"
#define PD(port, sla) \
    "dhcp6.client.service: enable\ndhcp6.client.0.interface: ge0\ndhcp6.client.0.prefix-delegation.0.subnet: " port \
    "\ndhcp6.client.0.prefix-delegation.0.sla-id: " sla "\n"
#define VROUTER_ON(port, i, vrid, address) \
    "vrrp.vrouter." i ".interface: " port "\nvrrp.vrouter." i ".vrid: " vrid "\nvrrp.vrouter." i ".address: " address "\n"
#define VROUTER(i, vrid, address) VROUTER_ON("ge1", i, vrid, address)
#define RA "router-advertisement.service: enable\nrouter-advertisement.0.interface: ge1\n"
#define RA_AUTO RA "router-advertisement.0.advertise.0.prefix: auto\n"
#define DHCP(first, count) \
    "dhcp.server.service: enable\ndhcp.server.0.interface: ge1\ndhcp.server.0.pool.address: " first \
    "\ndhcp.server.0.pool.count: " count "\n"
#define NAPT(link) "nat.ipv4.napt.0.private: 192.168.1.0-192.168.1.255\nnat.ipv4.napt.0.interface: " link "\n"
#define NAT6 "nat.ipv6.0.type: transparent\nnat.ipv6.0.interface: ge0\nnat.ipv6.0.internal: fd00::/64\n"
#define TUNNEL6(source) \
    "interface.tunnel0.ipv6.source: " source "\ninterface.tunnel0.ipv6.destination: 2001:db8::1\n"
#define TUNNEL4(source) "interface.tunnel0.ipv4.source: " source "\ninterface.tunnel0.ipv4.destination: 192.0.2.1\n"

/* ---- plans ---- */

static const struct {
    const char *text;
    struct { const char *path, *want; } questions[10];
} plans[] = {
    /* links */
    {GE1 "interface.ge1.ipv4.alias.0.address: 10.0.0.1/8\ninterface.ge1.mtu: 1400\n",
     {{"links.0.name", "ge1"}, {"links.0.mtu.value", "1400"}, {"links.0.addresses.1.address", "10.0.0.1/8"},
      {"links.0.static_link_local", "-"}, {"links.0.client", "-"}}},
    {"interface.loopback0.ipv4.address: 192.0.2.7/32\n", {{"links.0.name", "lo"}, {"links.0.loopback", "true"}}},
    /* a watched port that nothing configures is there, too */
    {GE1 VROUTER("0", "1", "192.168.1.1") "vrrp.vrouter.0.watch.interface: ge0\n",
     {{"links.0.name", "ge0"}, {"vrrps.0.track_link", "ge0"}}},
    /* clients */
    {GE0_RA "interface.ge0.ipv6.router-advertisement.interface-id: ::beef\n",
     {{"clients.0.ra.on", "true"}, {"clients.0.ra_autoconf.on", "false"},
      {"clients.0.interface_id.address", "::beef"}, {"clients.0.default6", "-"}, {"clients.0.dhcp6", "-"}}},
    {PD("ge1", "0x1f") "dhcp6.client.0.prefix-delegation.0.interface-id: ::feed\n",
     {{"subnets.0.client", "ge0"}, {"subnets.0.link", "ge1"}, {"subnets.0.sla_id", "31"},
      {"subnets.0.interface_id", "::feed"}, {"clients.0.delegation.on", "true"}, {"clients.0.ra", "-"}}},
    {"dhcp6.client.service: enable\ndhcp6.client.0.interface: ge0\n",
     {{"clients.0.dhcp6.on", "true"}, {"clients.0.delegation", "-"}}},
    /* TCP MSS */
    {GE1 "interface.ge1.ipv4.tcp-mss: auto\ninterface.ge1.ipv6.tcp-mss: auto\ninterface.ge1.mtu: 1492\n",
     {{"msss.0.mss", "1452"}, {"msss.1.mss", "1432"}, {"msss.1.family", "ipv6"}}},
    {GE1 "interface.ge1.ipv4.tcp-mss: 1300\ninterface.ge1.ipv6.tcp-mss: none\n", {{"msss.0.mss", "1300"}, {"msss.1", "-"}}},

    /* default routes that dhcpcd installs, for one family and for both */
    {GE0_DHCP DEFAULT4("dhcp") "route.ipv4.0.distance: 10\n",
     {{"clients.0.default4.on", "true"}, {"clients.0.metric.value", "10"}, {"routes", "-"}}},
    {GE0_DHCP GE0_RA DEFAULT4("dhcp") DEFAULT6("router-advertisement"),
     {{"clients.0.default4.on", "true"}, {"clients.0.default6.on", "true"}, {"clients.0.metric.value", "1"}}},
    /* and those that it cannot */
    {GE0_DHCP GE0_RA DEFAULT4("dhcp") DEFAULT6("router-advertisement") "route.ipv6.0.distance: 2\n",
     {{"clients.0.default4", "-"}, {"clients.0.default6", "-"}, {"routes.0.via", "dhcp"}, {"routes.0.metric", "1"},
      {"routes.1.via", "ra"}, {"routes.1.metric", "2"}}},
    {GE0_DHCP GE0_RA DEFAULT6("router-advertisement"),
     {{"clients.0.default6", "-"}, {"routes.0.via", "ra"}, {"routes.0.link", "ge0"}}},
    {"interface.ge0.ipv6.address: 2001:db8::2/64\n" DEFAULT6("router-advertisement")
     "route.ipv6.0.router-advertisement-interface: ge0\n",
     {{"clients.0.ra.on", "true"}, {"clients.0.ra_autoconf", "-"}, {"clients.0.default6.on", "true"}}},
    /* other routes */
    {GE1 "route.ipv4.0.destination: 10.1.2.3/8\nroute.ipv4.0.gateway: 192.168.1.9\nroute.ipv4.0.distance: 200\n",
     {{"routes.0.destination.address", "10.0.0.0/8"}, {"routes.0.via", "address"}, {"routes.0.metric", "200"}}},
    {"route.ipv6.0.destination: 2001:db8::/32\nroute.ipv6.0.gateway: discard\nroute.ipv6.0.distance: 254\n",
     {{"routes.0.via", "blackhole"}, {"routes.0.metric", "254"}}},
    {GE1 DEFAULT4("192.168.1.9") "route.ipv4.0.distance: 255\n", {{"routes", "-"}}},
    {GE1 TUNNEL4("ge1") "interface.tunnel0.ipv4.address: 10.0.0.1/30\n" DEFAULT4("10.0.0.2"),
     {{"routes.0.via", "link"}, {"routes.0.link", "tunnel0"}, {"routes.0.prefsrc", "-"}}},

    /* tunnels: what they carry follows from what leads into them */
    {GE0_RA TUNNEL6("ge0"), {{"tunnels.0.mode", "ipip6"}, {"tunnels.0.source_link", "ge0"}, {"tunnels.0.mtu.value", "1280"}}},
    {GE0_RA TUNNEL6("ge0") DEFAULT6("tunnel0"), {{"tunnels.0.mode", "ip6ip6"}, {"tunnels.0.addresses", "-"}}},
    {GE0_RA TUNNEL6("ge0") DEFAULT6("tunnel0") DEFAULT4("tunnel0"), {{"tunnels.0.mode", "any6"}}},
    {GE1 TUNNEL4("ge1"), {{"tunnels.0.mode", "ipip"}, {"tunnels.0.source.address", "192.168.1.2/32"}}},
    {GE1 TUNNEL4("ge1") DEFAULT6("tunnel0"), {{"tunnels.0.mode", "ip6ip"}}},
    {GE1 TUNNEL4("ge1") DEFAULT6("tunnel0") DEFAULT4("tunnel0"), {{"tunnels.0.mode", "any4"}, {"modules.0", "sit"}}},
    {GE0_DHCP TUNNEL4("ge0"), {{"tunnels.0.source_link", "ge0"}}},
    {GE1 TUNNEL4("192.168.1.2") "interface.tunnel0.tx-tos-set: copy\n", {{"tunnels.0.tos_copy", "true"}}},
    /* unnumbered: ge1 lends, or who is named; 169.254.0.1 when nobody does */
    {GE1 GE0_RA TUNNEL6("ge0") DEFAULT4("tunnel0"), {{"routes.0.prefsrc", "192.168.1.2"}, {"tunnels.0.addresses", "-"}}},
    {GE1 GE0_RA "interface.loopback0.ipv4.address: 192.0.2.7/32\n" TUNNEL6("ge0")
     "interface.tunnel0.ipv4.address: loopback0\n" DEFAULT4("tunnel0") NAPT("tunnel0"),
     {{"routes.0.prefsrc", "192.0.2.7"}, {"napts.0.global.address", "192.0.2.7"}}},
    {GE0_RA TUNNEL6("ge0") DEFAULT4("tunnel0"),
     {{"routes.0.prefsrc", "169.254.0.1"}, {"tunnels.0.addresses.0.address", "169.254.0.1/32"}}},
    {GE0_RA GE0_DHCP TUNNEL6("ge0") "interface.tunnel0.ipv4.address: ge0\n" DEFAULT4("tunnel0"),
     {{"routes.0.prefsrc", "-"}, {"routes.0.prefsrc_link", "ge0"}}},
    {GE1 TUNNEL4("ge1") "interface.tunnel0.ipv4.remote: 10.0.0.9\n",
     {{"routes.0.destination.address", "10.0.0.9/32"}, {"routes.0.prefsrc", "192.168.1.2"}}},

    /* VRRP */
    {GE1 VROUTER("0", "1", "192.168.1.1"),
     {{"vrrps.0.vmac_link", "vrrp4.1"}, {"vrrps.0.address.address", "192.168.1.1/32"}, {"vrrps.0.priority.value", "100"},
      {"vrrps.0.interval.value", "1"}, {"vrrps.0.version.value", "3"}, {"vrrps.0.checks", "-"}, {"aliases.0.vmac", "vrrp4.1"},
      {"links.0.static_link_local", "-"}}},
    {GE1 VROUTER("0", "61", "fe80::1"),
     {{"vrrps.0.vmac_link", "vrrp6.61"}, {"vrrps.0.address.address", "fe80::1/64"},
      {"links.0.addresses.1.address", "fe80::5e:c0a8:102/64"}, {"links.0.addresses.1.nodad", "true"},
      {"links.0.static_link_local", "true"}}},
    {GE1 "interface.ge1.ipv6.address: fe80::77/64\n" VROUTER("0", "61", "fe80::1"),
     {{"links.0.addresses.1.address", "fe80::77/64"}, {"links.0.addresses.2", "-"}, {"links.0.static_link_local", "true"}}},
    {GE1 VROUTER("0", "1", "192.168.1.1") "vrrp.vrouter.0.virtual-mac: disable\n",
     {{"vrrps.0.vmac_link", "-"}, {"vrrps.0.virtual_mac.on", "false"}, {"aliases", "-"}}},
    /* K12: one VRID on two ports */
    {GE1 "interface.ge2.ipv4.address: 10.0.0.2/24\n" VROUTER("0", "1", "192.168.1.1") VROUTER_ON("ge2", "1", "1", "10.0.0.1"),
     {{"vrrps.0.vmac_link", "vrrp4.1.ge1"}, {"vrrps.1.vmac_link", "vrrp4.1.ge2"}}},
    /* watches: without weight, shared when equal, and the readiness of the family's default route beside them */
    {GE1 GE0_DHCP DEFAULT4("dhcp") VROUTER("0", "1", "192.168.1.1") VROUTER("1", "61", "fe80::1")
     "vrrp.vrouter.0.watch.interface: ge0\nvrrp.vrouter.1.watch.interface: ge0\n",
     {{"vrrps.0.checks", "[\"default4\"]"}, {"vrrps.1.checks", "-"}, {"checks.0.upstream", "true"},
      {"checks.0.target.address", "0.0.0.0/0"}}},
    {GE1 GE0_DHCP DEFAULT4("dhcp") VROUTER("0", "1", "192.168.1.1"), {{"checks", "-"}}},
    {GE1 GE0_DHCP DEFAULT4("dhcp") VROUTER("0", "1", "192.168.1.1") "vrrp.vrouter.0.watch.route-up: 0.0.0.0/0\n",
     {{"vrrps.0.checks", "[\"route4-0\"]"}, {"checks.#", "1"}, {"checks.0.upstream", "-"}}},
    {GE1 VROUTER("0", "1", "192.168.1.1") VROUTER("1", "2", "192.168.1.3") "vrrp.vrouter.0.watch.keepalive: 192.0.2.1\n"
     "vrrp.vrouter.1.watch.keepalive: 192.0.2.1\n",
     {{"checks.#", "1"}, {"checks.0.kind", "echo"}, {"checks.0.fall.value", "3"}, {"checks.0.rise.value", "1"},
      {"vrrps.1.checks", "[\"echo4-0\"]"}}},
    {GE1 VROUTER("0", "1", "192.168.1.1") "vrrp.vrouter.0.watch.keepalive: 192.0.2.1\n"
     "vrrp.vrouter.0.watch.dead-detect: 5\nvrrp.vrouter.0.watch.alive-detect: 2\n",
     {{"checks.0.fall.value", "5"}, {"checks.0.rise.value", "2"}}},

    /* RA: tied to the virtual router, from its address, on its link */
    {GE1 GE1_ULA VROUTER("0", "61", "fe80::1") RA_AUTO,
     {{"ras.0.send_link", "vrrp6.61"}, {"ras.0.source", "fe80::1"}, {"ras.0.instance", "vrouter-0"},
      {"ras.0.own_source", "fe80::5e:c0a8:102"}, {"vrrps.0.decides_ra", "true"}, {"vrrps.0.deprecates", "true"},
      {"ras.0.prefixes.0.prefix.address", "fd00::/64"}, {"ras.0.prefixes.0.base_link", "-"}, {"drop_redirects6.on", "true"}}},
    {GE1 GE1_ULA VROUTER("0", "61", "fe80::1") "vrrp.vrouter.0.virtual-mac: disable\n" RA_AUTO,
     {{"ras.0.send_link", "ge1"}, {"ras.0.from_virtual", "true"}}},
    {GE1 GE1_ULA VROUTER("0", "1", "192.168.1.1") RA_AUTO,
     {{"ras.0.send_link", "ge1"}, {"ras.0.from_virtual", "-"}, {"ras.0.instance", "-"}, {"ras.0.deprecates", "-"},
      {"links.0.static_link_local", "true"}}},
    /* R7, R8: a prefix that comes and goes */
    {GE1 PD("ge1", "0x1") RA_AUTO,
     {{"ras.0.prefixes.0.base_link", "ge1"}, {"ras.0.prefixes.0.valid.value", "5400"},
      {"ras.0.prefixes.0.preferred.value", "2700"}, {"ras.0.deprecates", "true"}}},
    {GE1 PD("ge1", "0x1") RA_AUTO "router-advertisement.0.advertise.0.valid-lifetime: 1200\n",
     {{"ras.0.prefixes.0.valid.value", "1200"}, {"ras.0.prefixes.0.preferred.value", "1200"}}},
    {GE1_ULA RA_AUTO "router-advertisement.0.advertise.0.valid-lifetime: infinity\n",
     {{"ras.0.prefixes.0.valid.value", "4294967295"}, {"ras.0.prefixes.0.preferred.value", "604800"}}},
    /* an own entry for a prefix takes it away from auto */
    {GE1_ULA "interface.ge1.ipv6.alias.0.address: 2001:db8::2/64\n" RA_AUTO "router-advertisement.0.advertise.1.prefix: fd00::/64\n"
     "router-advertisement.0.advertise.1.preferred-lifetime: 60\n",
     {{"ras.0.prefixes.#", "2"}, {"ras.0.prefixes.0.prefix.address", "fd00::/64"},
      {"ras.0.prefixes.0.preferred.value", "60"}, {"ras.0.prefixes.1.prefix.address", "2001:db8::/64"}}},
    /* intervals and what follows from them */
    {GE1_ULA RA "router-advertisement.0.max-interval: 10\nrouter-advertisement.0.dns.0.address: 2001:db8::53\n",
     {{"ras.0.min_interval.value", "3"}, {"ras.0.lifetime.value", "30"}, {"ras.0.dns.0.lifetime.value", "30"},
      {"ras.0.hop_limit.value", "64"}}},
    {GE1_ULA RA, {{"ras.0.max_interval.value", "600"}, {"ras.0.min_interval.value", "200"}, {"ras.0.lifetime.value", "1800"}}},
    {GE1_ULA RA "router-advertisement.0.max-interval: 4\n", {{"ras.0.min_interval.value", "3"}}},
    {GE1_ULA RA "router-advertisement.0.curhoplimit: none\n", {{"ras.0.hop_limit.value", "0"}}},

    /* DHCP */
    {GE1 DHCP("192.168.1.150/24", "100"),
     {{"dhcp4s.0.subnet.address", "192.168.1.0/24"}, {"dhcp4s.0.first", "192.168.1.150"}, {"dhcp4s.0.last", "192.168.1.249"},
      {"dhcp4s.0.pools.#", "1"}, {"dhcp4s.0.router.address", "192.168.1.2"}, {"dhcp4s.0.valid_lifetime.value", "43200"},
      {"dhcp4s.0.renew", "21600"}, {"dhcp4s.0.rebind", "37800"}, {"dhcp4s.0.authoritative.on", "true"},
      {"dhcp4s.0.listen", "-"}}},
    {GE1 DHCP("192.168.1.150/24", "9") "dhcp.server.0.expire-detail: 1m\ndhcp.server.0.ignore-unknown-request: enable\n"
     "dhcp.server.0.gateway: 192.168.1.1\ndhcp.server.0.wins-node.type: h-node\n",
     {{"dhcp4s.0.valid_lifetime.value", "60"}, {"dhcp4s.0.rebind", "52"}, {"dhcp4s.0.authoritative.on", "false"},
      {"dhcp4s.0.router.address", "192.168.1.1"}, {"dhcp4s.0.wins_node.value", "8"}}},
    /* E8: neither the port's own address nor the virtual one is handed out */
    {GE1 VROUTER("0", "1", "192.168.1.5") DHCP("192.168.1.1/24", "10"),
     {{"dhcp4s.0.pools.#", "3"}, {"dhcp4s.0.pools.0.last", "192.168.1.1"}, {"dhcp4s.0.pools.1.first", "192.168.1.3"},
      {"dhcp4s.0.pools.1.last", "192.168.1.4"}, {"dhcp4s.0.pools.2.first", "192.168.1.6"},
      {"dhcp4s.0.pools.2.last", "192.168.1.10"}}},
    /* E6 */
    {GE1 "interface.ge1.ipv4.alias.0.address: 10.0.0.1/8\n" DHCP("192.168.1.150/24", "9"), {{"dhcp4s.0.listen", "192.168.1.2"}}},

    /* NAPT: N10 */
    {"interface.ge0.ipv4.address: 192.0.2.2/24\n" NAPT("ge0"), {{"napts.0.global.address", "192.0.2.2"}}},
    {GE0_DHCP "interface.ge0.ipv4.alias.0.address: 10.0.0.1/8\n" NAPT("ge0"), {{"napts.0.global", "-"}}},
    {GE0_DHCP NAPT("ge0") "nat.ipv4.napt.global: 192.0.2.9\n", {{"napts.0.global.address", "192.0.2.9"}}},
    {GE0_DHCP NAPT("ge0") "nat.ipv4.option.port-assignment: random\n", {{"napts.0.random_ports.on", "true"}}},
    {GE0_DHCP NAPT("ge0"), {{"timeouts", "{}"}}},
    {GE0_DHCP NAPT("ge0") "nat.ipv4.timeout: 300\nnat.ipv4.timeout.udp: 20\n",
     {{"timeouts.udp.value", "20"}, {"timeouts.tcp_established.value", "300"}, {"timeouts.tcp_syn_sent", "-"}}},
    /* prefix translation */
    {GE0_RA PD("ge0", "0x0") NAT6, {{"npts.0.learned", "true"}, {"npts.0.map", "npt0"}, {"npts.0.masquerade", "-"}}},
    {GE0_RA NAT6, {{"npts.0.masquerade", "true"}, {"npts.0.learned", "-"}}},
    {"interface.ge0.ipv6.address: 2001:db8::2/64\n" NAT6 "nat.ipv6.0.external: 2001:db8::/64\n", {{"npts.0.masquerade", "true"}}},
    {"interface.ge0.ipv6.address: 2001:db8::2/64\n" NAT6 "nat.ipv6.0.external: 2001:db8:0:9::/64\n",
     {{"npts.0.masquerade", "-"}, {"npts.0.external.address", "2001:db8:0:9::/64"}}},
    {GE0_RA NAT6 "nat.ipv6.0.external: 2001:db8:0:9::/64\nnat.ipv6.0.ndproxy: enable\n", {{"npts.0.masquerade", "true"}}},

    /* system */
    {"hostname: gw\noption.timezone: JST\n",
     {{"system.hostname.text", "gw"}, {"system.timezone", "Asia/Tokyo"}, {"system.resolver", "-"}}},
    {GE0_DHCP GE0_RA PD("ge1", "0x1") "resolver.service: enable\nresolver.0.address: dhcp6\nresolver.5.address: 192.0.2.53\n",
     {{"system.nameservers.0.learned6", "true"}, {"system.nameservers.0.link", "ge0"},
      {"system.nameservers.1.address.address", "192.0.2.53/32"}, {"clients.0.learn_dns.on", "true"}}},
    {GE0_DHCP "resolver.service: enable\nresolver.0.address: dhcp\nresolver.5.address: 192.0.2.53\n"
     "resolver.server-priority: prefer-static\n", {{"system.nameservers.1.learned4", "true"}}},
    {"ntp.service: enable\nntp.client.0.address: ntp.example.jp\nntp.server: enable\n",
     {{"system.ntp_servers.0.name.text", "ntp.example.jp"}, {"system.ntp_server.on", "true"}, {"daemons", "[\"chrony\"]"}}},
};

static unsigned
check_plan(struct lowered *l, const char *text, const char *path, const char *want)
{
    const char *found = lowered_at(l, path);

    if (strcmp(found, want) == 0)
        return 0;
    print_error("%s%s: expected %s, found %s\n", text, path, want, found);
    return 1;
}

/* Each of these configs is without fault, and none of its statements is lost. */
static void
test_plans(void **state)
{
    unsigned failed = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(plans); i++) {
        struct lowered l;

        lowered_make(&l, plans[i].text);
        if (diag_failed(&l.front.diag)) {
            print_error("%s%s\n", plans[i].text, front_findings(&l.front));
            failed++;
        }
        for (size_t j = 0; j < COUNT(plans[i].questions) && plans[i].questions[j].path; j++)
            failed += check_plan(&l, plans[i].text, plans[i].questions[j].path, plans[i].questions[j].want);
        for (size_t j = 0; j < l.front.tree.count; j++)
            if (strcmp(lowered_fate(&l, &l.front.tree.nodes[j]), "lost") == 0) {
                print_error("%slost: %s\n", plans[i].text, l.front.tree.nodes[j].def->path);
                failed++;
            }
        lowered_free(&l);
    }
    assert_int_equal(failed, 0);
}

/* ---- what the plan does not take ---- */

static const struct {
    const char *text;       /* the last statement is the one in question */
    const char *fate;
    const char *reason;     /* part of it */
    const char *findings;
} fates[] = {
    {"interface.ge0.description: x\n", "no effect", "free text", ""},
    {"interface.ge0.media: auto\n", "no effect", "negotiates", ""},
    {"interface.ge0.media: 1000baseT-FDX\n", "refused", "not translated yet", "1:1 not-translated"},
    {"interface.ge0p0.media: auto\n", "no effect", "negotiates", ""},
    {GE1 "interface.ge1.ipv6.router-advertisement.interface-id: ::1\n", "no effect", "router advertisements", ""},
    {GE1 "interface.ge1.ipv4.tcp-mss: none\n", "no effect", "no MSS", ""},
    {"interface.vlan0.vid: 1\ninterface.vlan0.over: ge0\n", "refused", "a VLAN interface is not translated yet",
     "1:1 not-translated; 2:1 not-translated"},
    {"interface.tunnel0.ipv6.dslite.aftr: aftr.example.jp\n", "refused", "DS-Lite", "1:1 not-translated"},
    {"interface.vlan0.ipv4.address: 10.0.0.1/24\ninterface.vlan0.vid: 1\ninterface.vlan0.over: ge0\n" TUNNEL4("vlan0"),
     "refused", "tunnel0 starts at vlan0, which", NULL},
    {GE1 "interface.vlan0.vid: 1\ninterface.vlan0.over: ge0\n" TUNNEL4("ge1") "interface.tunnel0.ipv4.address: vlan0\n"
     DEFAULT4("tunnel0"), "refused", "tunnel0 borrows the address of vlan0", NULL},
    {GE1 TUNNEL4("tunnel0"), "refused", "tunnel0 starts at tunnel0", NULL},
    /* services that do not run */
    {"dhcp.server.0.interface: ge1\ndhcp.server.0.pool.count: 1\ndhcp.server.0.pool.address: 10.0.0.1/24\n", "no effect",
     "dhcp.server.service is not enable", ""},
    {"dhcp.server.service: disable\n", "no effect", "is not enable", ""},
    {"dhcp.server.service: enable\n", "no effect", "no interface is served", ""},
    {"router-advertisement.0.interface: ge1\n", "no effect", "router-advertisement.service is not enable", ""},
    {"dhcp6.client.0.interface: ge0\n", "no effect", "dhcp6.client.service is not enable", ""},
    {"ntp.client.0.address: 192.0.2.1\n", "no effect", "ntp.service is not enable", ""},
    {"resolver.0.address: 192.0.2.1\n", "no effect", "resolver.service is not enable", ""},
    {"resolver.service: enable\nresolver.0.address: dhcp\n", "no effect", "DHCP client", ""},
    {"telnetd.service: disable\n", "no effect", "telnetd.service is not enable", ""},
    {"dns-forwarder.service: enable\n", "refused", "the DNS forwarder is not translated yet", "1:1 not-translated"},
    /* routes */
    {GE1 "route.ipv4.0.destination: default\nroute.ipv4.0.distance: 255\nroute.ipv4.0.gateway: 192.168.1.9\n", "no effect",
     "255", ""},
    {GE1 DEFAULT4("192.168.1.9") "route.ipv4.0.keepalive.service: disable\n", "no effect", "no host is watched", ""},
    {GE1 DEFAULT4("192.168.1.9") "route.ipv4.0.keepalive.target: 192.0.2.1\n", "no effect", "keepalive.service", ""},
    {GE1 DEFAULT4("192.168.1.9") "route.ipv4.0.keepalive.service: enable\n", "refused", "not translated yet",
     "4:1 not-translated"},
    {GE0_DHCP DEFAULT4("dhcp") "route.ipv4.1.destination: default\nroute.ipv4.1.gateway: dhcp\nroute.ipv4.1.distance: 9\n",
     "no effect", "smaller distance", ""},
    {GE1 DEFAULT4("192.168.1.9") "route.ipv4.1.destination: default\nroute.ipv4.1.gateway: discard\n", "refused",
     "same distance", "4:1 not-translated; 5:1 not-translated"},
    {GE1 "route.ipv6.0.destination: default\nroute.ipv6.0.gateway: fe80::9\n", "refused", "link-local",
     "2:1 cannot-express; 3:1 cannot-express"},
    /* VRRP: K13, K20 */
    {GE1 VROUTER("0", "1", "192.168.1.1") "vrrp.vrouter.0.priority: 255\nvrrp.vrouter.0.watch.interface: ge0\n", "refused",
     "255", "6:1 cannot-express"},
    {GE1 VROUTER("0", "1", "192.168.1.1") "vrrp.vrouter.0.watch.dead-detect: 3\n", "no effect", "no host is watched", ""},
    {GE1 VROUTER("0", "1", "192.168.1.1") "vrrp.vrouter.0.watch.keepalive: fe80::9\n", "refused", "watch.interface",
     "5:1 cannot-express"},
    {GE1 VROUTER("0", "1", "192.168.1.1") "vrrp.vrouter.0.delay: 9\n", "realised", "delays", "5:23 approximated"},
    /* RA: R5, R6 */
    {GE1 RA "router-advertisement.0.min-interval: 451\n", "refused", "radvd takes 3 to three quarters", "4:1 cannot-express"},
    {GE1 RA "router-advertisement.0.router-lifetime: 599\n", "refused", "radvd takes 0, or max-interval", "4:1 cannot-express"},
    {GE1 RA "router-advertisement.0.router-lifetime: 9001\n", "refused", "9000", "4:1 cannot-express"},
    {GE1 RA "router-advertisement.0.mtu: 1279\n", "refused", "radvd takes 1280", "4:1 cannot-express"},
    {GE1 RA_AUTO, "no effect", "no IPv6 prefix", ""},
    {GE1_ULA RA_AUTO "router-advertisement.0.advertise.0.valid-lifetime: 9\n"
     "router-advertisement.0.advertise.0.preferred-lifetime: 10\n", "refused", "valid lifetime", "6:1 cannot-express"},
    /* DHCP */
    {GE1 "dhcp.server.service: enable\ndhcp.server.0.interface: ge1\ndhcp.server.0.pool.address: 192.168.1.250/24\n"
     "dhcp.server.0.pool.count: 6\n", "refused", "does not fit", "3:1 cannot-express; 4:1 cannot-express; 5:1 cannot-express"},
    {GE1 DHCP("192.168.1.9/24", "9") "dhcp.server.0.static.external.url: http://example.jp/\n", "refused", "URL",
     "6:1 cannot-express"},
    {GE1 DHCP("192.168.1.9/24", "9") "dhcp.server.0.static.entry.0.mac-address: 2:0:0:0:0:1\n"
     "dhcp.server.0.static.entry.0.ip-address: 10.0.0.1\n", "refused", "inside", "6:1 cannot-express; 7:1 cannot-express"},
    /* NAT: N3 and a borrowed address that nobody knows yet */
    {GE0_RA "nat.ipv6.0.type: ngn\nnat.ipv6.0.interface: ge0\nnat.ipv6.0.internal: fd00::/64\n", "refused", "ngn",
     "2:1 cannot-express; 3:1 cannot-express; 4:1 cannot-express"},
    {GE0_RA PD("ge0", "0x0") "nat.ipv6.0.type: transparent\nnat.ipv6.0.interface: ge0\nnat.ipv6.0.internal: fd00::/56\n", "refused",
     "/64", "6:1 cannot-express; 7:1 cannot-express; 8:1 cannot-express"},
    {"interface.ge0.ipv6.address: 2001:db8::2/64\n" NAT6 "nat.ipv6.0.external: 2001:db8:1::/56\n", "refused", "a /56",
     "2:1 cannot-express; 3:1 cannot-express; 4:1 cannot-express; 5:1 cannot-express"},
    {GE0_RA PD("ge0", "0x0") NAT6 "nat.ipv6.0.ndproxy: enable\n", "no effect", "delegated", ""},
    {GE0_RA GE0_DHCP TUNNEL6("ge0") "interface.tunnel0.ipv4.address: ge0\n" NAPT("tunnel0"), "refused", "borrows",
     "6:1 cannot-express; 7:1 cannot-express"},
    {"nat.ipv4.timeout: 9\n", "no effect", "no NAPT", ""},
    {GE0_DHCP NAPT("ge0") "nat.ipv4.option.port-assignment: top-down\n", "refused", "at random", "4:1 cannot-express"},
    {"nat.ipv4.snapt.0.protocol: 41\n", "refused", "static NAPT (port forwarding) is not translated yet", NULL},
    /* system */
    {"hostname: \"\"\n", "no effect", "empty", ""},
    {"hostname: \"a b\"\n", "refused", "letters", "1:1 cannot-express"},
    {"hostname: -a\n", "refused", "letters", "1:1 cannot-express"},
    {"option.timezone: Mars\n", "refused", "JST", "1:1 not-translated"},
    {"resolver.service: enable\nresolver.0.address: localhost\n", "refused", "forwarder", "2:1 not-translated"},
    {"option.ipv4.monitor-linkstate.service: enable\n", "refused", "Linux takes", "1:1 cannot-express"},
    {"option.ipv4.monitor-linkstate.service: disable\n", "no effect", "Linux takes", ""},
    {"option.ipv4.send-icmp-redirect.service: disable\n", "realised", NULL, ""},
    {"option.ipv4.directed-broadcast.service: disable\n", "realised", NULL, ""},
    {"option.ipv6.send-icmp-redirect.service: disable\n", "realised", NULL, ""},
};

static void
test_fates(void **state)
{
    unsigned failed = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(fates); i++) {
        struct lowered l;
        const struct node *node;
        const char *fate, *reason;

        lowered_make(&l, fates[i].text);
        node = &l.front.tree.nodes[l.front.tree.count - 1];
        fate = lowered_fate(&l, node);
        reason = l.ledger.entries[node->number].reason;
        if (strcmp(fate, fates[i].fate) != 0 || (fates[i].reason && (!reason || !strstr(reason, fates[i].reason))) ||
            (fates[i].findings && strcmp(front_findings(&l.front), fates[i].findings) != 0)) {
            print_error("%sfound: %s, %s; %s\n", fates[i].text, fate, reason ? reason : "-", front_findings(&l.front));
            failed++;
        }
        lowered_free(&l);
    }
    assert_int_equal(failed, 0);
}

/* ---- names on Linux, and deviations that are switched off ---- */

static void
test_site(void **state)
{
    static const char text[] = GE0_DHCP GE1 GE1_ULA DEFAULT4("dhcp") VROUTER("0", "1", "192.168.1.1")
        VROUTER("1", "255", "fe80::1") "vrrp.vrouter.0.watch.interface: ge0\n" RA_AUTO;
    struct interface_mapping mappings[] = {
        {.seil = {KIND_GE, 0}, .linux_name = "wan.100"},
        {.seil = {KIND_GE, 1}, .linux_name = "vrrp4.1", .by_mac = true, .mac = {2, 0, 0, 0, 0, 1}},
    };
    struct front front;
    struct site site = {.name = "test"};
    struct site_router router = {.name = "router", .mappings = mappings, .mapping_count = COUNT(mappings)};
    struct model model;
    struct ledger ledger;
    struct plan plan;
    bool slashed = false;

    (void)state;
    front_bind(&front, text, NULL, 0, BIND_TOGETHER);
    model_resolve(&front.arena, "router", &front.tree, &front.diag, &model);
    ledger_init(&ledger, &front.arena, &front.tree);
    plan_lower(&front.arena, &site, &router, &model, &ledger, &front.diag, &plan);
    assert_false(diag_failed(&front.diag));
    assert_string_equal(plan.links[0].name, "wan.100");
    assert_true(plan.links[1].rename_by_mac);
    assert_string_equal(plan.vrrps[0].track_link, "wan.100");
    /* The short name is a port's: another one is found. */
    assert_string_not_equal(plan.vrrps[0].vmac_link, "vrrp4.1");
    assert_true(strlen(plan.vrrps[0].vmac_link) <= 15);
    assert_int_equal(plan.check_count, 0);
    assert_false(plan.vrrps[1].deprecates);
    assert_false(plan.ras[0].deprecates);
    for (size_t i = 0; i < plan.sysctl_count; i++)
        slashed |= strcmp(plan.sysctls[i].key, "net/ipv6/conf/vrrp4.1/accept_ra") == 0;
    assert_true(slashed);
    front_free(&front);
}

/* Every key that the lowering takes is one of the catalogue, and belongs to one feature. */
static void
test_features(void **state)
{
    unsigned taken[KEY_COUNT] = {0};

    (void)state;
    for (const struct lower_feature *feature = lower_features; feature->name; feature++) {
        assert_non_null(feature->doc);
        for (const enum key_id *key = feature->keys; *key != KEY_NONE; key++) {
            assert_false(key_defs[*key].is_group);
            assert_int_equal(taken[*key]++, 0);
            assert_ptr_equal(lower_feature_of(*key), feature);
        }
    }
    assert_null(lower_feature_of(KEY_INTERFACE_VLAN_VID));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plans),
        cmocka_unit_test(test_fates),
        cmocka_unit_test(test_site),
        cmocka_unit_test(test_features),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
