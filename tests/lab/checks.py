"""checks.py - what a step can expect: `KEY: VALUE` in its data is a call of the function KEY.

Each is called again and again until it holds or the step's time is over.  It raises Unmet with what was expected and seen.
"""
import ipaddress
import re
import time


class Unmet(Exception):
    def __init__(self, expected, seen):
        super().__init__("expected %s; seen: %s" % (expected, seen))
        self.expected, self.seen = str(expected), str(seen)


def need(condition, expected, seen):
    if not condition:
        raise Unmet(expected, seen)


def holders(lab, address):
    """The routers that have a virtual address."""
    return [name for name, router in lab.world.routers.items()
            if router.pid and " %s/" % address in lab.addresses(name)]


def masters(lab, role):
    """Each virtual router has one master: this one, or for a family that its lines do not carry, the other."""
    for family in (4, 6):
        master_of(lab, (family, role))


def master_of(lab, words):
    """The same for one family."""
    family, role = words
    want = lab.carrier(role, family)
    for virtual in (virtual for virtual in lab.virtual_routers if virtual["family"] == family):
        seen = holders(lab, virtual["address"])
        need(seen == [want], "%s at %s alone" % (virtual["address"], want), "at %s" % (", ".join(seen) or "none"))


def line(lab, role):
    """For a second and a half every probe of every host has come out of this router's line."""
    for family in (4, 6):
        line_of(lab, (family, role))


def line_of(lab, words):
    """The same for one family."""
    family, role = words
    want, now = lab.carrier(role, family), time.monotonic()
    for host, probes in lab.probes.items():
        probes.read()
        recent = probes.between(family, now - 1.5 * lab.slow - 0.5, now)
        need(len(recent) >= 5, "IPv%d of %s through %s" % (family, host, want), "no answer")
        for probe in recent:
            need(probe.ok, "IPv%d of %s through %s" % (family, host, want), probe.why)
            at = lab.world.line_of(probe.seen)
            need(at and at.router == want, "IPv%d of %s through %s" % (family, host, want), probe.seen)


def virtual_macs(lab, _):
    """Hosts know each virtual router by its virtual MAC."""
    for host in lab.world.hosts:
        for virtual in lab.virtual_routers:
            shown = lab.ip(host, "neighbour", "show", "to", virtual["address"])
            need("lladdr " + lab.mac(virtual) in shown, "%s is at %s" % (virtual["address"], lab.mac(virtual)),
                 "%s: %s" % (host, shown.strip()))


def leases(lab, _):
    """Every host has an address of a pool, and the virtual gateway."""
    gateway = next(virtual["address"] for virtual in lab.virtual_routers if virtual["family"] == 4)
    for host in lab.world.hosts:
        address = lab.lease(host)
        need(address and any(low <= address <= high for low, high in lab.pools), "%s has an address of a pool" % host, address)
        route = lab.ip(host, "-4", "route", "show", "default")
        need("via %s " % gateway in route, "%s's gateway is %s" % (host, gateway), route.strip())


def default_router(lab, _):
    """The hosts' one default router of IPv6 is the virtual one."""
    gateway = next(virtual["address"] for virtual in lab.virtual_routers if virtual["family"] == 6)
    for host in lab.world.hosts:
        seen = set(re.findall(r"via (\S+)", lab.ip(host, "-6", "route", "show", "default")))
        need(seen == {gateway}, "%s's default router is %s" % (host, gateway), ", ".join(seen) or "none")


def seen_sources(lab, family):
    """HOST, ADDRESS: the last source that the Internet saw of each host."""
    for host, probes in lab.probes.items():
        probes.read()
        good = [probe for probe in probes.families[family][-20:] if probe.ok]
        need(good, "a probe of %s" % host, "none")
        yield host, good[-1].seen


def reachable(lab, _):
    """From the Internet a host is reached by the source it has there."""
    for host, address in seen_sources(lab, 6):
        shown = lab.world.internet.run("ping", "-n", "-c", "1", "-W", "2", address, check=False)
        need(" 0% packet loss" in shown, "%s answers as %s" % (host, address), shown.strip().splitlines()[-1:])


def interface_ids(lab, _):
    """Prefix translation keeps the interface ID."""
    for host, address in seen_sources(lab, 6):
        low = int(ipaddress.IPv6Address(address)) & (1 << 64) - 1
        own = re.findall(r"inet6 ([0-9a-f:]+)/", lab.ip(host, "-o", "-6", "address", "show", "scope", "global"))
        need(low in {int(ipaddress.IPv6Address(text)) & (1 << 64) - 1 for text in own}, "%s has that interface ID" % address, own)


def mss(lab, _):
    """The segment size that the server uses, through a tunnel; a TCP timestamp takes twelve bytes of it."""
    for line in lab.world.lines.values():
        tunnel = line.data.get("tunnel")
        if not tunnel or not line.tunnels:
            continue
        for host in lab.world.hosts:
            shown = lab.host(host, "python3", lab.here + "/ask.py", lab.world.internet.addresses[4])
            source, size = shown.split()
            need(source == tunnel["address"], "IPv4 of %s as %s" % (host, tunnel["address"]), source)
            need(int(size) in (tunnel["mss"], tunnel["mss"] - 12), "MSS %d" % tunnel["mss"], size)


def dish(lab, _):
    """A host reaches the dish when it goes through that router, whose MAC it must ask for."""
    for line in lab.world.lines.values():
        if "dish" in line.data:
            address, gateway = line.data["dish"]["address"].split("/")[0], line.data["dish"]["through"]
            for host in lab.world.hosts:
                lab.ip(host, "route", "replace", address, "via", gateway)
                lab.ip(host, "neighbour", "flush", "to", gateway)
                shown = lab.host(host, "ping", "-n", "-c", "1", "-W", "2", address)
                need(" 0% packet loss" in shown, "%s reaches %s" % (host, address), shown.strip().splitlines()[-1:])


def kept_leases(lab, _):
    """The addresses that the hosts had when the step began."""
    for host, address in lab.had.items():
        need(lab.lease(host) == address, "%s still has %s" % (host, address), lab.lease(host))


def prefix(lab, role):
    """Hosts leave with the prefix that this router's line delegates now."""
    lines = {line.name: line for line in lab.world.lines_at(lab.router(role))}
    for host, address in seen_sources(lab, 6):
        need(any(ipaddress.ip_address(address) in line.prefix for line in lines.values()),
             "%s leaves with %s" % (host, ", ".join(str(line.prefix) for line in lines.values())), address)


def says(lab, text):
    """The last `install` said so."""
    need(text in lab.said, "install says '%s'" % text, lab.said[-600:])



def holds(lab, words):
    """[SYSTEM, COMMAND]: the shell command succeeds there."""
    system = lab.world.systems()[lab.name(words[0])]
    answer = system.run("sh", "-c", "{ %s; } && echo it-holds" % words[1], check=False)
    need(answer.endswith("it-holds\n"), words[1], answer.strip() or "it fails")
