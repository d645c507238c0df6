"""probe.py - what a user on a host notices: a fresh socket for every probe, and one long download.

usage: probe.py INTERVAL LOG ADDRESS...

Each probe is a new UDP socket, so that the kernel chooses its source address anew.  Lines of LOG, times of
CLOCK_MONOTONIC, families 4 and 6:
    probe FAMILY SENT DELAY SEEN     answered; SEEN is the source that the server saw
    lost FAMILY SENT REASON          not answered within two seconds, or not even sent
    tcp FAMILY BEGAN ENDED SILENCE HOW MSS   a download: until when data came, the longest silence, and its end
SIGUSR1 ends the downloads and begins new ones.
"""
import selectors
import signal
import socket
import sys
import time

PORT = 7007
PATIENCE = 2.0


def family_of(address):
    return 6 if ":" in address else 4


class Prober:
    def __init__(self, interval, log, addresses):
        self.interval, self.addresses = interval, addresses
        self.log = open(log, "a", buffering=1)
        self.ready = selectors.DefaultSelector()
        self.waiting = {}      # socket: (family, sent), in the order of sending
        self.downloads = {}    # family: Download
        self.again = True
        signal.signal(signal.SIGUSR1, lambda *_: setattr(self, "again", True))

    def send(self, address):
        family, sent = family_of(address), time.monotonic()
        probe = socket.socket(socket.AF_INET6 if family == 6 else socket.AF_INET, socket.SOCK_DGRAM)
        probe.setblocking(False)
        try:
            probe.connect((address, PORT))
            probe.send(b"?")
        except OSError as error:
            self.lose(family, sent, error)
            probe.close()
            return
        self.waiting[probe] = family, sent
        self.ready.register(probe, selectors.EVENT_READ, self.hear)

    def hear(self, probe):
        family, sent = self.waiting[probe]
        try:
            seen = probe.recv(64).decode()
            self.log.write("probe %d %.3f %.3f %s\n" % (family, sent, time.monotonic() - sent, seen))
        except OSError as error:
            self.lose(family, sent, error)
        self.forget(probe)

    def lose(self, family, sent, error):
        self.log.write("lost %d %.3f %s\n" % (family, sent, str(error).replace(" ", "-")))

    def forget(self, probe):
        del self.waiting[probe]
        self.ready.unregister(probe)
        probe.close()

    def give_up(self, now):
        for probe, (family, sent) in list(self.waiting.items()):
            if now - sent < PATIENCE:
                break
            self.lose(family, sent, "silence")
            self.forget(probe)

    def download_again(self):
        self.again = False
        for address in self.addresses:
            family = family_of(address)
            if family in self.downloads:
                self.downloads.pop(family).end("open")
            self.downloads[family] = Download(self, address)

    def run(self):
        due = time.monotonic()
        while True:
            if self.again:
                self.download_again()
            for key, _ in self.ready.select(max(0, due - time.monotonic())):
                key.data(key.fileobj)
            now = time.monotonic()
            if now >= due:
                due = max(due + self.interval, now)
                for address in self.addresses:
                    self.send(address)
                self.give_up(now)


class Download:
    """One long TCP connection."""

    def __init__(self, prober, address):
        self.prober, self.family = prober, family_of(address)
        self.began = self.last = time.monotonic()
        self.silence, self.mss = 0, "-"
        self.socket = socket.socket(socket.AF_INET6 if self.family == 6 else socket.AF_INET, socket.SOCK_STREAM)
        self.socket.setblocking(False)
        self.socket.connect_ex((address, PORT))
        prober.ready.register(self.socket, selectors.EVENT_READ, self.hear)
        self.open = True

    def hear(self, _):
        try:
            data = self.socket.recv(65536).decode()
        except OSError as error:
            self.end(str(error).replace(" ", "-"))
            return
        if not data:
            self.end("closed")
            return
        if self.mss == "-":
            self.mss = data.split()[1]
        now = time.monotonic()
        self.silence = max(self.silence, now - self.last)
        self.last = now

    def end(self, how):
        if not self.open:
            return
        self.open = False
        self.prober.ready.unregister(self.socket)
        self.socket.close()
        silence = max(self.silence, time.monotonic() - self.last) if how == "open" else self.silence
        self.prober.log.write("tcp %d %.3f %.3f %.3f %s %s\n" % (self.family, self.began, self.last, silence, how, self.mss))


Prober(float(sys.argv[1]), sys.argv[2], sys.argv[3:]).run()
