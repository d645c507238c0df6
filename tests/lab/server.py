"""server.py - the Internet's server: tells each caller whence it came; a TCP connection gets a line every 100 ms.

usage: server.py ADDRESS...
"""
import selectors
import socket
import sys
import time

PORT = 7007


def listen(address, kind):
    server = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, kind)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind((address, PORT))
    server.setblocking(False)
    if kind == socket.SOCK_STREAM:
        server.listen(64)
    return server


def greet(server, guests):
    guest, name = server.accept()
    guest.setblocking(False)
    mss = guest.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG)
    guests.append(guest)
    feed(guest, "%s %d\n" % (name[0], mss), guests)


def feed(guest, text, guests):
    try:
        guest.send(text.encode())
    except BlockingIOError:
        pass
    except OSError:
        guests.remove(guest)
        guest.close()


def answer(server):
    _, name = server.recvfrom(64)
    server.sendto(name[0].encode(), name)


def main():
    ready, guests = selectors.DefaultSelector(), []
    for address in sys.argv[1:]:
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            ready.register(listen(address, kind), selectors.EVENT_READ)
    due = time.monotonic()
    while True:
        for key, _ in ready.select(max(0, due - time.monotonic())):
            try:
                if key.fileobj.type == socket.SOCK_STREAM:
                    greet(key.fileobj, guests)
                else:
                    answer(key.fileobj)
            except OSError:
                pass
        if time.monotonic() >= due:
            due = time.monotonic() + 0.1
            for guest in list(guests):
                feed(guest, ".\n", guests)


main()
