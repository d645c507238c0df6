"""inside.py - the lab itself: build the site, go through the steps, write down what happened.

usage: inside.py SHARE ROOT         in a Debian root of its own (in-root or tests/vm/run)

SHARE/plan is a Python literal made by `lab`; SHARE/results gets one for each step.  Only what python3-minimal has is used.
"""
import ast
import ipaddress
import os
import re
import signal
import subprocess
import sys
import time
import traceback

import actions
import checks
import watch
import world

HEARD = "arp or icmp6 or udp port 67 or udp port 68 or ip proto 112 or ip6 proto 112"


class Lab:
    here = world.HERE

    def __init__(self, share, root):
        # What is written all the time stays in memory: a virtual machine's way to the host is slow.
        self.share, self.live = share, world.SCRATCH + "/live"
        os.makedirs(self.live)
        with open(share + "/plan") as file:
            self.plan = ast.literal_eval(file.read())
        self.slow = self.plan["slow"]
        self.patience = 60 * self.slow * self.slow
        self.order = list(self.plan["lab"]["lan"]["routers"])
        self.variant = None
        self.began = time.monotonic()
        self.probers, self.probes = {}, {}
        self.said, self.had = "", {}
        self.world = world.World(self.plan, root)

    # ---- names ----

    def router(self, role):
        """A router's name; `main` and `spare` are the first and the second."""
        return dict(zip(("main", "spare"), self.order)).get(role, role)

    name = router

    def carrier(self, role, family):
        """Who must carry a family when this router is to be the master: the other, if its lines do not."""
        name = self.router(role)
        able = [router for router in [name] + self.order
                if self.world.routers[router].pid and any(line.carries(family) for line in self.world.lines_at(router))]
        return able[0] if able else name

    def unmet(self, expected, seen):
        return checks.Unmet(expected, seen)

    # ---- what is ----

    def ip(self, net, *words):
        return world.sh("ip", "-n", net, *words, check=False)

    def addresses(self, net):
        return self.ip(net, "-o", "address")

    def host(self, name, *command):
        return world.sh(*world.in_net(name, *command), check=False)

    def lease(self, host):
        found = re.search(r"inet (\S+)/", self.ip(host, "-o", "-4", "address", "show", "dev", "eth0"))
        return ipaddress.ip_address(found[1]) if found else None

    def mac(self, virtual):
        """The virtual MAC, or where there is none, the master's own."""
        if virtual["mac"]:
            return virtual["mac"]
        holder = checks.holders(self, virtual["address"])
        return self.world.cable(holder[0], "lan").mac if holder else "none"

    # ---- bundles ----

    def bundle(self, variant, router):
        return "%s/bundles/%s/%s.tar.gz" % (self.share, variant, router)

    def use(self, variant):
        """Installs a variant's bundles on all routers."""
        self.variant = variant
        facts = self.plan["variants"][variant]
        self.virtual_routers = facts["virtual-routers"]
        self.pools = [tuple(map(ipaddress.ip_address, pool)) for pool in facts["pools"]]
        running = {name: self.world.install(name, self.bundle(variant, name), self.patience) for name in self.world.routers}
        for name, install in running.items():
            self.said = install.communicate()[0]
            if install.returncode:
                raise world.Trouble("install on %s: exit %d\n%s" % (name, install.returncode, self.said))

    # ---- watchers ----

    def start_probes(self, host):
        if host in self.world.hosts:
            path = "%s/%s.probes" % (self.live, host)
            self.probes.setdefault(host, watch.Probes(path))
            addresses = self.world.internet.addresses
            self.probers[host] = subprocess.Popen(
                world.in_net(host, "python3", self.here + "/probe.py", str(self.plan["interval"]), path, addresses[4], addresses[6]))

    def stop_probes(self, host):
        if host in self.probers:
            prober = self.probers.pop(host)
            prober.kill()
            prober.wait()

    def start_frames(self):
        path = self.live + "/frames"
        self.frames = watch.Frames(path, self.slow)
        self.world.switch.serve("frames", "python3", self.here + "/frames.py", path, *self.world.routers)

    def capture(self):
        self.world.switch.serve("tcpdump", "tcpdump", "-i", "any", "-n", "-U", "-w", self.live + "/lan.pcap", HEARD)

    def new_downloads(self):
        for prober in self.probers.values():
            prober.send_signal(signal.SIGUSR1)

    # ---- setting up ----

    def progress(self, text, end="\n"):
        print(text, end=end, flush=True)

    def set_up(self):
        self.start_frames()
        self.progress("the routers boot ...", end=" ")
        for router in self.world.routers.values():
            router.start()
        for router in self.world.routers.values():
            router.wait(self.patience, self.slow)
        self.progress("%.0f s; their bundles are installed ..." % (time.monotonic() - self.began), end=" ")
        self.use("plain")
        for router in self.world.routers.values():
            if self.plan["spoil"]:
                router.run("sh", "-c", self.plan["spoil"])
            router.shut_down(20 * self.slow)
        self.progress("%.0f s; they shut down, and boot again" % (time.monotonic() - self.began))

    # ---- steps ----

    def step(self, number, step):
        began = time.monotonic()
        wall = time.time()
        for probes in self.probes.values():
            probes.read()
        self.had = {host: self.lease(host) for host in self.world.hosts if self.world.hosts[host].pid}
        self.capture()
        self.new_downloads()
        self.progress("[%2d/%d] %s ..." % (number, len(self.plan["steps"]), step["step"]), end=" ")
        result = {"number": number, "step": step["step"], "file": step["file"], "began": began, "ok": True}
        if step.get("aim"):
            result["aim"] = step["aim"]
        try:
            self.follow(step, result)
        except (checks.Unmet, world.Trouble) as error:
            result.update(ok=False, expected=getattr(error, "expected", "the lab to work"), seen=getattr(error, "seen", str(error)))
        except Exception:
            result.update(ok=False, expected="the lab to work", seen=traceback.format_exc())
        result["ended"] = time.monotonic()
        self.world.switch.stop("tcpdump")
        self.measure(result)
        self.say(result)
        if result["ok"]:
            os.remove(self.live + "/lan.pcap")
        else:
            self.keep_logs(number, wall)
        with open(self.share + "/results", "a") as file:
            file.write(repr(result) + "\n")
        return result["ok"]

    def follow(self, step, result):
        """Do, expect, look on for a while, and see what must never have happened."""
        for net in self.world.nets():
            net.alive()
        if step["variant"] != self.variant:
            self.use(step["variant"])
        result["event"] = time.monotonic()
        for action in step.get("do", []):
            actions.act(self, action)
        deadline = time.monotonic() + step.get("within", 60) * self.slow
        wanted = [(getattr(checks, word.replace("-", "_")), value) for word, value in step.get("expect", {}).items()]
        while True:
            for check, value in wanted:
                self.await_check(check, value, deadline)
            result["settled"] = time.monotonic()
            time.sleep(step.get("settle", 2.5))
            if self.holds_still(wanted, deadline):
                break
        self.never(step, result)

    def holds_still(self, wanted, deadline):
        """Whether all that was reached has lasted; a daemon may take a moment to notice what was done to it."""
        try:
            for check, value in wanted:
                check(self, value)
        except checks.Unmet:
            if time.monotonic() > deadline:
                raise
            return False
        return True

    def await_check(self, check, value, deadline):
        while True:
            try:
                check(self, value)
                return
            except checks.Unmet:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.2 * self.slow)

    def never(self, step, result):
        """No refused lease, no virtual MAC at a port where its router is not, no host without a default route."""
        self.frames.read()
        refused = self.frames.refusals(result["began"])
        checks.need(not refused, "no lease is refused", refused)
        offered = self.frames.rivals()
        checks.need(not offered, "no address is offered by two routers", offered)
        twice = self.frames.duplicates()
        checks.need(not twice, "no address is leased to two hosts", twice)
        for mac, flips in self.frames.flips(result["event"]).items():
            checks.need(flips <= step.get("flips", 0), "%s moves %d times" % (mac, step.get("flips", 0)), flips)
        if step.get("keep") == "routes":
            for host, probes in self.probes.items():
                reasons = probes.reasons(result["event"], time.monotonic())
                checks.need(not reasons, "%s keeps its default routes" % host, reasons)

    def measure(self, result):
        """What the hosts lost, and what became of their downloads."""
        now = time.monotonic()
        self.new_downloads()
        time.sleep(0.3 * self.slow)
        result["outage"], result["downloads"] = {}, {}
        for host, probes in self.probes.items():
            probes.read()
            event = result.get("event", result["began"])
            result["outage"][host] = {family: round(probes.outage(family, event - 0.5, result["ended"] - 2.1), 2) for family in (4, 6)}
            result["downloads"][host] = {
                download.family: {"how": download.how, "alive": download.how == "open" and now - download.ended < 1 + self.slow,
                                  "silence": download.silence, "seconds": round(download.ended - download.began, 1)}
                for download in probes.downloads if download.began >= result["began"] - 0.1 * self.slow}

    def say(self, result):
        worst = {family: max((lost[family] for lost in result["outage"].values()), default=0) for family in (4, 6)}
        self.progress("%s  %.0f s, lost: IPv4 %.1f s, IPv6 %.1f s" % (
            "ok" if result["ok"] else "FAILED", result["ended"] - result["began"], worst[4], worst[6]))
        if not result["ok"]:
            self.progress("        expected: %s\n        seen: %s" % (result["expected"], result["seen"].replace("\n", "\n            ")))

    def keep_logs(self, number, since):
        """The routers' and hosts' journals of this step alone, and the state of their links."""
        for name, system in self.world.systems().items():
            path = "%s/failed/%d/%s" % (self.share, number, name)
            if system.pid:
                world.write(path + ".journal", system.run("journalctl", "--no-pager", "-o", "short-precise", "--since", "@%d" % since,
                                                          check=False))
                world.write(path + ".ip", "".join(self.ip(name, *words) for words in (
                    ("address",), ("route",), ("-6", "route"), ("neighbour",))))
        for net in self.world.nets():
            world.write("%s/failed/%d/%s" % (self.share, number, net.name), net.log())
        world.sh("mv", self.live + "/lan.pcap", "%s/failed/%d/" % (self.share, number))

    def run(self):
        self.set_up()
        good = True
        for router in self.world.routers.values():
            router.start()
        for name, host in self.world.hosts.items():
            host.start()
            self.start_probes(name)
        for number, step in enumerate(self.plan["steps"], 1):
            good = self.step(number, step) and good
            if not good and self.plan["stop"]:
                break
        return good

    def end(self):
        """Power off, and what was heard and measured goes to the host."""
        self.world.end()
        world.sh("sh", "-c", 'cp "$1"/frames "$1"/*.probes "$2"', "-", self.live, self.share, check=False)


def main():
    lab = Lab(*sys.argv[1:3])
    try:
        return 0 if lab.run() else 1
    except world.Trouble as error:
        print("\nthe lab cannot go on: %s" % error, flush=True)
        return 2
    finally:
        lab.end()


# Inherited: a prober that has not taken it over yet must not die of it.
signal.signal(signal.SIGUSR1, signal.SIG_IGN)
os.makedirs(world.SCRATCH, exist_ok=True)
sys.exit(main())
