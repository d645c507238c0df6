"""frames.py - what comes into the LAN's switch: frames from virtual MACs, and DHCP answers.

usage: frames.py LOG PORT...       PORT is one of the switch, named like the router on it

Lines of LOG, times of CLOCK_MONOTONIC:
    frame TIME PORT MAC              a frame whose source is a virtual router's MAC (RFC 5798 7.3)
    dhcp TIME PORT TYPE CLIENT ADDRESS     an answer of a DHCPv4 server: 2 offer, 5 ack, 6 nak (RFC 2132 9.6)
"""
import array
import selectors
import socket
import struct
import sys
import time

ETH_P_ALL, SO_ATTACH_FILTER, PACKET_OUTGOING = 3, 26, 4
# Source 00:00:5e:00:XX:XX; or IPv4, UDP from port 67 (classic BPF; jumps count from the next instruction).
PROGRAM = [(0x20, 0, 0, 6), (0x15, 7, 0, 0x00005e00), (0x28, 0, 0, 12), (0x15, 0, 6, 0x0800), (0x30, 0, 0, 23), (0x15, 0, 4, 17),
           (0xb1, 0, 0, 14), (0x48, 0, 0, 14), (0x15, 0, 1, 67), (0x06, 0, 0, 2048), (0x06, 0, 0, 0)]


def listen(port):
    """A socket without a protocol hears nothing; with one from the beginning it would hear all ports, unfiltered, until it is bound."""
    ear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    code = array.array("B", b"".join(struct.pack("HBBI", *step) for step in PROGRAM))
    ear.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HL", len(PROGRAM), code.buffer_info()[0]))
    ear.bind((port, ETH_P_ALL))
    ear.setblocking(False)
    return ear


def text_of(mac):
    return ":".join("%02x" % octet for octet in mac)


def dhcp_words(frame):
    """TYPE CLIENT ADDRESS of a BOOTP reply."""
    bootp = frame[14 + 4 * (frame[14] & 15) + 8:]
    options, kind = bootp[240:], 0
    while len(options) > 1 and options[0] != 255:
        if options[0] == 53:
            kind = options[2]
        options = options[1:] if options[0] == 0 else options[2 + options[1]:]
    return "%d %s %s" % (kind, text_of(bootp[28:34]), socket.inet_ntoa(bootp[16:20]))


def main():
    log = open(sys.argv[1], "a", buffering=1)
    ready, ears = selectors.DefaultSelector(), {}
    look = 0
    while True:
        # Ports come and go with their routers.
        if time.monotonic() >= look:
            look = time.monotonic() + 0.2
            for port in sys.argv[2:]:
                if port not in ears:
                    try:
                        ears[port] = listen(port)
                        ready.register(ears[port], selectors.EVENT_READ, port)
                    except OSError:
                        pass
        for key, _ in ready.select(0.2):
            now, port = time.monotonic(), key.data
            try:
                frame, name = key.fileobj.recvfrom(2048)
            except OSError:
                ready.unregister(key.fileobj)
                ears.pop(port).close()
                continue
            if name[2] == PACKET_OUTGOING:
                continue
            if frame[6:10] == b"\0\0\x5e\0":
                log.write("frame %.3f %s %s\n" % (now, port, text_of(frame[6:12])))
            else:
                log.write("dhcp %.3f %s %s\n" % (now, port, dhcp_words(frame)))


main()
