"""ask.py - one TCP connection: prints the source and the segment size that the server sees.

usage: ask.py ADDRESS
"""
import socket
import sys

print(socket.create_connection((sys.argv[1], 7007), 5).makefile().readline())
