#!/bin/sh
# mss.sh - the rules for a missing MSS option: hung in once, effective, gone without trace.
# shellcheck disable=SC2016,SC2317  # what looks like shell in quotes is meant to stay so; functions are run by `that`
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

conf ''
ip netns add peer
ip link add dev ge0 type veth peer name p0 netns peer
ip link set dev ge0 up
ip address add 192.0.2.1/24 dev ge0
ip -n peer link set dev p0 up
ip -n peer address add 192.0.2.2/24 dev p0
cat >/etc/seilc/mss4.rules <<'RULES'
*mangle
:SEILC-MSS - [0:0]
-A SEILC-MSS -i ge0 -p tcp --tcp-flags SYN,RST SYN ! --tcp-option 2 -j TCPMSS --set-mss 400
-A SEILC-MSS -o ge0 -p tcp --tcp-flags SYN,RST SYN ! --tcp-option 2 -j TCPMSS --set-mss 400
COMMIT
RULES

# jumps: how often the chain hangs in.
jumps()
{
    iptables-nft-save -t mangle | grep -c -- '-j SEILC-MSS'
}

# sent: what a SYN without options looks like on the other side.
sent()
{
    ip netns exec peer timeout 5 tcpdump -l -n -c 1 -i p0 'tcp[13] == 2' >/tmp/syn 2>/tmp/tcpdump &
    sent_pid=$!
    await 5 grep -q listening /tmp/tcpdump
    python3 -c '
import socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
head = struct.pack("!HHIIBBHHH", 4000, 80, 1, 0, 5 << 4, 2, 1000, 0, 0)
pseudo = socket.inet_aton("192.0.2.1") + socket.inet_aton("192.0.2.2") + struct.pack("!BBH", 0, 6, len(head))
total = sum(struct.unpack("!16H", pseudo + head))
total = (total >> 16) + (total & 0xffff)
total += total >> 16
s.sendto(head[:16] + struct.pack("!H", ~total & 0xffff) + head[18:], ("192.0.2.2", 0))
'
    wait $sent_pid
    cat /tmp/syn
}

that_not 'before: no MSS option' holds "$(sent)" mss
that 'start' "$seilc/mss" start
same 'hung in twice' 2 "$(jumps)"
that 'a SYN without an MSS option gets one' holds "$(sent)" 'mss 400'
that 'start again' "$seilc/mss" start
same 'is the same' 2 "$(jumps)"
same 'with the same rules' 2 "$(iptables-nft-save -t mangle | grep -c -- '^-A SEILC-MSS')"
iptables-nft -t mangle -A POSTROUTING -j ACCEPT
that 'stop' "$seilc/mss" stop
same 'leaves nothing of ours' 0 "$(iptables-nft-save -t mangle | grep -c SEILC)"
same 'and all of others' 1 "$(iptables-nft-save -t mangle | grep -c -- '-A POSTROUTING -j ACCEPT')"
that 'stop again' "$seilc/mss" stop
echo 'no rules' >/etc/seilc/mss4.rules
that_not 'a broken file is told' "$seilc/mss" start
rm /etc/seilc/mss4.rules
that 'no file, nothing to do' "$seilc/mss" start

finish
