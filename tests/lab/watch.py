"""watch.py - read what probe.py and frames.py write, and work out what was lost."""
import collections

FLUTTER = 0.2       # s, on a machine that is not slow

Probe = collections.namedtuple("Probe", "sent ok seen why")
Download = collections.namedtuple("Download", "family began ended silence how mss")
Frame = collections.namedtuple("Frame", "time port mac")
Lease = collections.namedtuple("Lease", "time port type client address")


class Tail:
    """The whole lines of a growing file, each once."""

    def __init__(self, path):
        self.path, self.at = path, 0

    def lines(self):
        try:
            with open(self.path) as file:
                file.seek(self.at)
                text = file.read()
        except FileNotFoundError:
            return []
        whole = text[:text.rfind("\n") + 1]
        self.at += len(whole)
        return [line.split() for line in whole.splitlines()]


class Probes:
    """What one host noticed."""

    def __init__(self, path):
        self.tail = Tail(path)
        self.families = {4: [], 6: []}
        self.downloads = []

    def read(self):
        for word, family, *rest in self.tail.lines():
            if word == "probe":
                self.families[int(family)].append(Probe(float(rest[0]), True, rest[2], None))
            elif word == "lost":
                self.families[int(family)].append(Probe(float(rest[0]), False, None, rest[1]))
            else:
                began, ended, silence = map(float, rest[:3])
                self.downloads.append(Download(int(family), began, ended, silence, rest[3], rest[4]))

    def between(self, family, since, until):
        """In the order of sending; answers and losses are written down in another."""
        return sorted(probe for probe in self.families[family] if since <= probe.sent <= until)

    def outage(self, family, since, until):
        """The longest time from a good probe to the next good one with a lost one between; 0 if none was lost.

        One that was good before SINCE counts as its beginning."""
        longest, good, lost = 0, since, False
        for probe in self.between(family, since, until):
            if not probe.ok:
                lost = True
                continue
            if lost:
                longest = max(longest, probe.sent - good)
            good, lost = probe.sent, False
        return max(longest, until - good) if lost else longest

    def reasons(self, since, until):
        """Why probes could not even be sent."""
        return {probe.why for family in (4, 6) for probe in self.between(family, since, until)
                if probe.why not in (None, "silence")}


class Move:
    """A virtual MAC's way from one port to another."""

    def __init__(self, port):
        self.origin = self.port = port
        self.time = 0

    def weight(self):
        """There and back are two moves."""
        return 1 if self.port != self.origin else 2


class Frames:
    """What came into the switch."""

    def __init__(self, path, slow):
        self.tail, self.flutter = Tail(path), FLUTTER * slow
        self.frames, self.leases = [], []

    def read(self):
        for word, time, port, *rest in self.tail.lines():
            if word == "frame":
                self.frames.append(Frame(float(time), port, rest[0]))
            else:
                self.leases.append(Lease(float(time), port, int(rest[0]), *rest[1:]))

    def flips(self, since):
        """How often each virtual MAC was seen at another port than before.

        What happens within a fifth of a second is one move, if it ends at another port than it began: the old master answers
        the first gratuitous ARP of the new one, before it has heard its advertisement, or its own last one is under way."""
        flips, moves = collections.Counter(), {}
        for frame in self.frames:
            move = moves.setdefault(frame.mac, Move(frame.port))
            if frame.port == move.port:
                continue
            if frame.time - move.time > self.flutter:
                flips[frame.mac] += move.weight() if move.time >= since else 0
                move.origin = move.port
            move.port, move.time = frame.port, frame.time
        for mac, move in moves.items():
            flips[mac] += move.weight() if move.time >= since else 0
        return flips

    def refusals(self, since):
        """By routers that never gave the client a lease; one that did must refuse another address (RFC 2131 4.3.2)."""
        known = {(lease.port, lease.client) for lease in self.leases if lease.type == 5}
        return [lease for lease in self.leases if lease.type == 6 and lease.time >= since and (lease.port, lease.client) not in known]

    def duplicates(self):
        """Addresses that more than one client was given."""
        owners = collections.defaultdict(set)
        for lease in self.leases:
            if lease.type == 5:
                owners[lease.address].add(lease.client)
        return {address: clients for address, clients in owners.items() if len(clients) > 1}

    def rivals(self):
        """Addresses that more than one router offered."""
        ports = collections.defaultdict(set)
        for lease in self.leases:
            if lease.type == 2:
                ports[lease.address].add(lease.port)
        return {address: names for address, names in ports.items() if len(names) > 1}
