"""world.py - the virtual site: systems, lines, the Internet and the LAN, in network namespaces.

A system (router or host) is a Debian with systemd as process 1 on an overlay over a test root; tests/bundle/machine
makes its view.  A line and the Internet are namespaces with daemons.  A line's port is a bridge that stays up, and the
router is plugged into it: what the provider has survives the loss of the router's link.
"""
import ipaddress
import os
import signal
import subprocess
import time

SCRATCH = "/tmp/lab"
HERE = os.path.dirname(os.path.abspath(__file__))
RUN = os.urandom(4).hex()       # the tree of cgroups is the host's, and other labs may run
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8"}


class Trouble(Exception):
    """The lab itself cannot go on."""


def sh(*command, check=True, text=None):
    """The output of a command; a failure is trouble unless it may fail."""
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          stdin=None if text is not None else subprocess.DEVNULL)
    if check and done.returncode:
        raise Trouble("%s: exit %d\n%s" % (" ".join(command), done.returncode, done.stdout))
    return done.stdout


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)


def batch(net, *lines):
    """ip commands in a namespace, all in one process."""
    sh("ip", "-n", net, "-batch", "-", text="\n".join(lines) + "\n")


def in_net(net, *command):
    return ("nsenter", "--net=/run/netns/" + net) + command


def mac_of(number):
    return "02:00:00:00:%02x:%02x" % (number >> 8, number & 255)


def link_local(mac):
    """RFC 4291, appendix A."""
    octets = [int(part, 16) for part in mac.split(":")]
    octets[0] ^= 2
    octets[3:3] = [0xff, 0xfe]
    return str(ipaddress.IPv6Address(bytes([0xfe, 0x80] + [0] * 6 + octets)))


class Cable:
    """A link from a system's port to a bridge of a namespace; it ends when one of its ends does."""

    def __init__(self, system, port, mac, net, bridge, far):
        self.system, self.port, self.mac = system, port, mac
        self.net, self.bridge, self.far = net, bridge, far
        self.up = True

    def plug(self):
        sh("ip", "link", "add", "dev", self.port, "address", self.mac, "netns", self.system, "type", "veth",
           "peer", "name", self.far, "netns", self.net)
        batch(self.net, "link set dev %s master %s" % (self.far, self.bridge),
              "link set dev %s %s" % (self.far, "up" if self.up else "down"))

    def set(self, state):
        self.up = state == "up"
        if os.path.exists("/run/netns/" + self.system):
            batch(self.net, "link set dev %s %s" % (self.far, state))


class System:
    """A Debian that boots, runs and loses power."""

    def __init__(self, name, root, cgroups):
        self.name, self.root = name, root
        self.home = os.path.join(SCRATCH, name)
        self.group = os.path.join(cgroups, "seilc-lab.%s.%s" % (RUN, name))
        self.cables = []
        self.pid = None
        self.launcher = None
        for part in ("upper", "work", "view", "bundles"):
            os.makedirs(os.path.join(self.home, part))
        self.put("/etc/hostname", name + "\n")
        self.put("/etc/hosts", "127.0.0.1 localhost\n127.0.1.1 %s\n" % name)

    def put(self, path, text, mode=0o644):
        """A file of the system, while it does not run."""
        write(self.home + "/upper" + path, text, mode)

    def start(self):
        sh("ip", "netns", "add", self.name)
        batch(self.name, "link set dev lo up")
        for cable in self.cables:
            cable.plug()
        os.makedirs(self.group, exist_ok=True)
        open(self.home + "/console", "w").close()
        command = ("bash", "-c", 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"', "-", self.group,
                   "nsenter", "--net=/run/netns/" + self.name,
                   "unshare", "--mount", "--pid", "--uts", "--ipc", "--cgroup", "--fork", "--kill-child", "--propagation", "private",
                   "bash", os.path.join(HERE, "../bundle/machine"), self.root, self.home)
        with open(self.home + "/boot.log", "w") as log:
            self.launcher = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.pid = self.find_init()

    def find_init(self):
        """Its process 1, when it is one; as slow as the machine may be."""
        deadline = time.monotonic() + 600
        while time.monotonic() < deadline and self.launcher.poll() is None:
            for pid in sh("pgrep", "-P", str(self.launcher.pid), check=False).split():
                with open("/proc/%s/comm" % pid) as comm:
                    if comm.read().strip() == "systemd":
                        return pid
            time.sleep(0.1)
        with open(self.home + "/boot.log") as log:
            raise Trouble("%s does not boot:\n%s" % (self.name, log.read()))

    def wait(self, seconds, slow):
        """Until all of its start has been done; asking costs much on a slow machine."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.run("systemctl", "is-system-running", check=False).strip() in ("running", "degraded"):
                return
            time.sleep(slow * slow * 0.2)
        raise Trouble("%s is not up after %d s:\n%s" % (self.name, seconds, self.run("systemctl", "list-jobs", check=False)))

    def enter(self, *command):
        return ("nsenter", "-t", self.pid, "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w",
                "env", "-i", *("%s=%s" % pair for pair in ENVIRONMENT.items()), *command)

    def run(self, *command, check=True):
        return sh(*self.enter(*command), check=check)

    def cut(self):
        """Power loss: nothing leaves its ports from one moment to the next; the LAN's goes first, lest it can say goodbye."""
        if self.pid is None:
            return
        for cable in reversed(self.cables):
            sh("ip", "-n", cable.net, "link", "del", "dev", cable.far)
        os.kill(int(self.pid), signal.SIGKILL)
        self.launcher.wait()
        self.pid = None
        self.unplug()

    def shut_down(self, seconds):
        self.run("systemctl", "poweroff", check=False)
        try:
            self.launcher.wait(seconds)
        except subprocess.TimeoutExpired:
            os.kill(int(self.pid), signal.SIGKILL)
            self.launcher.wait()
        self.pid = None
        self.unplug()

    def unplug(self):
        sh("ip", "netns", "del", self.name)
        for cable in self.cables:
            sh("ip", "-n", cable.net, "link", "del", "dev", cable.far, check=False)
        for directory, _, _ in os.walk(self.group, topdown=False):
            try:
                os.rmdir(directory)
            except OSError:
                pass


def make_router(name, root, cgroups):
    """As Debian comes, but for what a system without udev needs."""
    router = System(name, root, cgroups)
    # Debian's own dhcpcd.conf is not to run before the bundle's.
    units = router.home + "/upper/etc/systemd/system/"
    os.makedirs(units + "multi-user.target.wants")
    os.mknod(units + "multi-user.target.wants/dhcpcd.service", 0o020000 | 0o600, os.makedev(0, 0))
    router.put("/etc/systemd/system/dhcpcd.service.d/no-udev.conf",
               "[Service]\nExecStart=\nExecStart=/usr/sbin/dhcpcd -q -b --nodev\n")
    return router


CLIENTS = {
    "dhclient": ("/etc/systemd/system/lan.service",
                 "[Service]\nExecStart=/sbin/dhclient -d -v eth0\nRestart=always\n"),
    "networkd": ("/etc/systemd/network/10-eth0.network",
                 "[Match]\nName=eth0\n[Network]\nDHCP=ipv4\nIPv6AcceptRA=yes\n"),
}


def make_host(name, kind, root, cgroups):
    """A system that runs nothing but its DHCP client."""
    host = System(name, root, cgroups)
    host.kind = kind
    host.put(*CLIENTS[kind])
    host.client = "lan.service" if kind == "dhclient" else "systemd-networkd.service"
    host.put("/etc/systemd/system/default.target",
             "[Unit]\nRequires=sysinit.target\nAfter=sysinit.target\nWants=%s\n" % host.client)
    return host


class Net:
    """A namespace with daemons of its own."""

    def __init__(self, name):
        self.name = name
        self.home = os.path.join(SCRATCH, name)
        self.daemons = {}
        os.makedirs(self.home)
        sh("ip", "netns", "add", name)
        batch(name, "link set dev lo up")
        sh(*in_net(name, "sysctl", "-qw", "net.ipv6.conf.all.forwarding=1", "net.ipv4.ip_forward=1"))

    def bridge(self, name, mac):
        """A port that stays up whatever is plugged into it."""
        batch(self.name, "link add dev %s-on type veth peer name %s-off" % (name, name),
              "link add dev %s address %s type bridge" % (name, mac),
              "link set dev %s-on master %s" % (name, name), "link set dev %s-on addrgenmode none" % name,
              "link set dev %s-off addrgenmode none" % name, "link set dev %s addrgenmode none" % name,
              "link set dev %s-on up" % name, "link set dev %s-off up" % name, "link set dev %s up" % name)

    def run(self, *command, check=True):
        return sh(*in_net(self.name, *command), check=check)

    def serve(self, name, *command):
        """A daemon, in place of the one of that name."""
        self.stop(name)
        with open("%s/%s.log" % (self.home, name), "a") as log:
            self.daemons[name] = subprocess.Popen(in_net(self.name, *command), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                                  env={**ENVIRONMENT, "KEA_PIDFILE_DIR": self.home, "KEA_LOCKFILE_DIR": "none"})

    def alive(self):
        """Its daemons run; one that does not is trouble."""
        for name, daemon in self.daemons.items():
            if daemon.poll() is not None:
                raise Trouble("%s of %s has ended:\n%s" % (name, self.name, self.log()))

    def log(self):
        """What its daemons said."""
        return sh("sh", "-c", 'tail -n 60 "$1"/*.log; ip -n "$2" address; ip -n "$2" -6 route', "-", self.home, self.name, check=False)

    def stop(self, name):
        daemon = self.daemons.pop(name, None)
        if daemon:
            daemon.terminate()
            daemon.wait()


class Line(Net):
    """A provider's line: what the router behind it can learn, and where packets may go."""

    def __init__(self, name, data, number, internet, plan):
        super().__init__(name + "-isp")
        self.line, self.data, self.number = name, data, number
        self.router, self.port = data["router"], data["port"]
        self.tunnels, self.slow = plan["tunnels"], plan["slow"]
        self.sources = [ipaddress.ip_network(source) for source in data["sources"]]
        self.cable = Cable(self.router, self.port, mac_of(0x1000 + number), self.name, "wan0", "router")
        self.bridge("wan0", mac_of(0x2000 + number))
        batch(self.name, "address add fe80::1/64 dev wan0 nodad")
        internet.attach(self)
        if "dish" in data:
            batch(self.name, "address add %s dev wan0" % data["dish"]["address"])
        if "dhcp" in data:
            self.lease_addresses(data["dhcp"])
        self.advertise(data["ra"])
        self.delegate(data["delegate"]["prefix"])

    def uplink(self):
        """The way to the Internet, (again) up."""
        batch(self.name, "link set dev inet0 addrgenmode none", "link set dev inet0 up",
              "address replace 10.255.%d.2/24 dev inet0" % self.number, "address replace fe80::2/64 dev inet0 nodad",
              "route replace default via 10.255.%d.1" % self.number, "route replace ::/0 via fe80::1 dev inet0")

    def carries(self, family):
        """Whether hosts can use the line for a family."""
        return family == 6 or "dhcp" in self.data or ("tunnel" in self.data and self.tunnels)

    def owns(self, address):
        return any(ipaddress.ip_address(address) in source for source in self.sources)

    def advertise(self, ra):
        words = ["AdvSendAdvert on;", "MinRtrAdvInterval 3;", "MaxRtrAdvInterval 10;",
                 "AdvManagedFlag %s;" % ("on" if ra.get("managed") else "off"),
                 "AdvOtherConfigFlag %s;" % ("on" if ra.get("other") else "off")]
        if "prefix" in ra:
            words.append("prefix %(prefix)s { AdvValidLifetime %(valid)d; AdvPreferredLifetime %(preferred)d; };" % ra)
        write(self.home + "/radvd.conf", "interface wan0 {\n%s\n};\n" % "\n".join(words))
        self.serve("radvd", "radvd", "-n", "-C", self.home + "/radvd.conf", "-p", self.home + "/radvd.pid", "-m", "stderr")

    def lease_addresses(self, dhcp):
        """DHCPv4, and the carrier's NAT."""
        batch(self.name, "address add %s/%s dev wan0" % (dhcp["router"], dhcp["subnet"].split("/")[1]),
              "address add %s/32 dev lo" % dhcp["nat"])
        self.run("nft", "add table ip nat; add chain ip nat out { type nat hook postrouting priority 100; };"
                        "add rule ip nat out oifname inet0 ip saddr %(subnet)s snat to %(nat)s" % dhcp)
        self.kea(4, """"valid-lifetime": %(valid)d, "subnet4": [{"id": 1, "subnet": "%(subnet)s", "interface": "wan0",
            "pools": [{"pool": "%(pool)s"}], "option-data": [{"name": "routers", "data": "%(router)s"}]}]""" % dhcp)

    def delegate(self, prefix):
        """This prefix from now on; packets with other sources are dropped (BCP 38)."""
        data = self.data["delegate"]
        self.prefix = ipaddress.ip_network(prefix)
        self.kea(6, """"preferred-lifetime": %d, "valid-lifetime": %d, "renew-timer": %d, "rebind-timer": %d,
            "subnet6": [{"id": 1, "subnet": "fd00:ffff::/64", "interface": "wan0",
            "pd-pools": [{"prefix": "%s", "prefix-len": %d, "delegated-len": %d}]}]""" %
                 (data["preferred"], data["valid"], data["renew"] * self.slow, data["preferred"] * 4 // 5,
                  self.prefix.network_address, self.prefix.prefixlen, self.prefix.prefixlen))
        batch(self.name, "route replace %s via %s dev wan0" % (prefix, link_local(self.cable.mac)))
        self.filter()
        if "tunnel" in self.data and self.tunnels:
            self.end_tunnel(self.data["tunnel"])

    def filter(self):
        good = [str(self.prefix)] + [self.data["ra"][key] for key in ("prefix",) if key in self.data["ra"]]
        self.run("nft", "add table ip6 bcp38; flush table ip6 bcp38; add chain ip6 bcp38 in { type filter hook forward priority 0; };"
                        "add rule ip6 bcp38 in iifname wan0 ip6 saddr != { %s } counter drop" % ", ".join(good))
        if "prefix" in self.data["ra"]:
            batch(self.name, "route replace %s dev wan0" % self.data["ra"]["prefix"])

    def end_tunnel(self, tunnel):
        """The provider's end of IPv4 over IPv6."""
        remote = ipaddress.ip_address(int(self.prefix.network_address) + int(ipaddress.ip_address(tunnel["interface-id"])))
        batch(self.name, "address replace %s/128 dev lo" % tunnel["end"])
        verb = "change" if "tunnel0" in self.run("ip", "-o", "link") else "add"
        self.run("ip", "-6", "tunnel", verb, "tunnel0", "mode", "ipip6", "local", tunnel["end"], "remote", str(remote),
                 "encaplimit", "none")
        batch(self.name, "link set dev tunnel0 up", "route replace %s/32 dev tunnel0" % tunnel["address"])

    def kea(self, family, words):
        write("%s/kea%d.conf" % (self.home, family), """{"Dhcp%d": {"interfaces-config": {"interfaces": ["wan0"],
            "service-sockets-max-retries": 100000, "service-sockets-retry-wait-time": 200},
            "lease-database": {"type": "memfile", "persist": false}, %s}}\n""" % (family, words))
        self.serve("kea%d" % family, "kea-dhcp%d" % family, "-c", "%s/kea%d.conf" % (self.home, family))


class Internet(Net):
    """One server for each family, behind all lines."""

    def __init__(self, data):
        super().__init__("internet")
        self.addresses = {4: data["ipv4"], 6: data["ipv6"]}
        batch(self.name, "address add %(ipv4)s/32 dev lo" % data, "address add %(ipv6)s/128 dev lo" % data)
        self.serve("server", "python3", HERE + "/server.py", data["ipv4"], data["ipv6"])

    def attach(self, line):
        """A wire from here to a line's end."""
        near, n = "line%d" % line.number, line.number
        sh("ip", "link", "add", "dev", near, "netns", self.name, "type", "veth", "peer", "name", "inet0", "netns", line.name)
        batch(self.name, "link set dev %s addrgenmode none" % near, "link set dev %s up" % near,
              "address add 10.255.%d.1/24 dev %s" % (n, near), "address add fe80::1/64 dev %s nodad" % near)
        line.uplink()
        for source in line.sources:
            gateway = "10.255.%d.2" % n if source.version == 4 else "fe80::2"
            batch(self.name, "route add %s via %s dev %s" % (source, gateway, near))


class World:
    """The site, its lines and its hosts."""

    def __init__(self, plan, root):
        self.plan, self.root = plan, root
        self.cgroups = cgroups()
        lan, site = plan["lab"]["lan"], plan["lab"]
        os.makedirs("/var/lib/kea", exist_ok=True)
        os.makedirs("/run/kea", exist_ok=True)
        self.internet = Internet(site["internet"])
        self.lines = {name: Line(name, data, number, self.internet, plan)
                      for number, (name, data) in enumerate(site["lines"].items(), 1)}
        self.switch = Net("switch")
        self.switch.bridge("lan0", mac_of(0x3000))
        self.routers = {name: make_router(name, root, self.cgroups) for name in lan["routers"]}
        self.hosts = {name: make_host(name, kind, root, self.cgroups) for name, kind in lan["hosts"].items()}
        for number, system in enumerate(self.systems().values()):
            port = lan["routers"].get(system.name, "eth0")
            system.cables = [line.cable for line in self.lines.values() if line.router == system.name]
            system.cables.append(Cable(system.name, port, mac_of(number), "switch", "lan0", system.name))

    def systems(self):
        return {**self.routers, **self.hosts}

    def nets(self):
        return [self.internet, self.switch, *self.lines.values()]

    def line_of(self, address):
        """The line whose addresses these are, or None."""
        return next((line for line in self.lines.values() if address and line.owns(address)), None)

    def lines_at(self, router):
        return [line for line in self.lines.values() if line.router == router]

    def cable(self, router, port):
        """By name, or `wan` and `lan`."""
        cables = self.routers[router].cables
        named = {cable.port: cable for cable in cables}
        return named.get(port) or {"wan": cables[0], "lan": cables[-1]}[port]

    def install(self, router, bundle, seconds, *options):
        """A bundle's own `install`, under way."""
        target = self.routers[router].home + "/bundles/"
        sh("rm", "-rf", target + router)
        sh("tar", "-xzf", bundle, "-C", target)
        return subprocess.Popen(self.routers[router].enter("/bundles/%s/install" % router, "--wait", str(seconds), *options),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def end(self):
        for system in self.systems().values():
            system.cut()


def cgroups():
    """A cgroup2 tree."""
    with open("/proc/mounts") as mounts:
        for line in mounts:
            if line.split()[2] == "cgroup2":
                return line.split()[1]
    path = SCRATCH + "/cgroup"
    os.makedirs(path)
    sh("mount", "-t", "cgroup2", "cgroup2", path)
    return path
