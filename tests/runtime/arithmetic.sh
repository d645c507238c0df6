#!/bin/sh
# arithmetic.sh - fields and IPv6 arithmetic of backends/runtime/lib/functions, as tables.
# shellcheck source=lib.sh source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. "$seilc/functions"

# Each table is read from the function's end: one case a line, fields separated by `|`.
wrong=

# spelled TEXT | CANONICAL
while IFS='|' read -r text_in want; do
    text=none
    ipv6_parse "$text_in" && ipv6_format
    [ "$text" = "$want" ] || wrong="$wrong$newline$text_in: $want, got $text"
done <<'TABLE'
::|::
::1|::1
1::|1::
0:1::|0:1::
2001:db8::1|2001:db8::1
2001:DB8::A|2001:db8::a
2001:0db8:0000:0000:0000:0000:0000:0001|2001:db8::1
2001:db8:0:0:1:0:0:1|2001:db8::1:0:0:1
1:0:0:2:0:0:0:3|1:0:0:2::3
1:2:3:4:5:6:7:8|1:2:3:4:5:6:7:8
1:2:3:4:5:6:7::|1:2:3:4:5:6:7:0
::2:3:4:5:6:7:8|0:2:3:4:5:6:7:8
1:2:3:4::6:7:8|1:2:3:4:0:6:7:8
20:0:0:200:0:0:0:0|20:0:0:200::
fe80::5e:c0a8:102|fe80::5e:c0a8:102
ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff|ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
::192.168.0.1|::c0a8:1
64:ff9b::192.0.2.1|64:ff9b::c000:201
TABLE
same 'addresses are read in any spelling and written in one' '' "$wrong"

# Not an address.
wrong=
while IFS= read -r text_in; do
    ipv6_parse "$text_in" && wrong="$wrong$newline$text_in"
done <<'TABLE'

:
:::
1
1:
:1
1::2::3
:1:2:3:4:5:6:7
1:2:3:4:5:6:7:
1:2:3:4:5:6:7
1:2:3:4:5:6:7:8:9
1:2:3:4:5:6:7:8::
::1:2:3:4:5:6:7:8
12345::
g::
::-1
::1 
 ::1
::1;id
$(id)::
`id`::
::1%eth0
::1/64
[::1]
1.2.3.4
::1.2.3
::1.2.3.256
::1.2.3.4:1
::1.2.3.4.5
::01.2.3.4
0x1::
*::
TABLE
for text_in in "::1$newline" "$newline::1" "::1${newline}::2" "$(printf '::1\033[2J')" "$(printf '%01000d' 0)::"; do
    ipv6_parse "$text_in" && wrong="$wrong$newline$text_in"
done
same 'nothing else is an IPv6 address' '' "$wrong"

# is_FUNCTION | TEXT | yes or no
wrong=
while IFS='|' read -r function text_in want; do
    got=no
    "$function" "$text_in" && got=yes
    [ "$got" = "$want" ] || wrong="$wrong$newline$function $text_in: $got"
done <<'TABLE'
is_ipv4|192.0.2.1|yes
is_ipv4|0.0.0.0|yes
is_ipv4|255.255.255.255|yes
is_ipv4|256.0.0.1|no
is_ipv4|1.2.3|no
is_ipv4|1.2.3.4.5|no
is_ipv4|1.2.3.|no
is_ipv4|.1.2.3|no
is_ipv4|1..2.3|no
is_ipv4|01.2.3.4|no
is_ipv4|1.2.3.4 |no
is_ipv4|1.2.3.4;id|no
is_ipv4|1.2.3.99999999999999999999|no
is_ipv4||no
is_prefix|192.0.2.0/24|yes
is_prefix|0.0.0.0/0|yes
is_prefix|192.0.2.0/33|no
is_prefix|192.0.2.0/|no
is_prefix|192.0.2.0|no
is_prefix|192.0.2.0/24/24|no
is_prefix|::/0|yes
is_prefix|2001:db8::/32|yes
is_prefix|2001:db8::/129|no
is_prefix|2001:db8::/-1|no
is_prefix|/64|no
is_link|ge0|yes
is_link|ge0.100|yes
is_link|vrrp4.1|yes
is_link|br-lan_0|yes
is_link|abcdefghijklmno|yes
is_link|abcdefghijklmnop|no
is_link||no
is_link|-h|no
is_link|.|no
is_link|..|no
is_link|../x|no
is_link|a b|no
is_link|a/b|no
is_link|a;b|no
is_link|$(id)|no
is_name|route4-0|yes
is_name|-h|no
is_name|../x|no
is_name|A|no
is_domain|example.net|yes
is_domain|a-b.example|yes
is_domain|isp.example.|yes
is_domain|-a.example|no
is_domain|a..b|no
is_domain|a b|no
is_domain|a;b|no
is_domain|..|no
is_domain||no
TABLE
same 'fields have their shapes' '' "$wrong"

# PREFIX | SLA-ID | INTERFACE-ID | ADDRESS or none
wrong=
while IFS='|' read -r prefix sla id want; do
    text=none
    { ipv6_subnet "$prefix" "$sla" && ipv6_join "$text" "$id"; } || text=none
    [ "$text" = "$want" ] || wrong="$wrong$newline$prefix $sla $id: $want, got $text"
done <<'TABLE'
2001:db8:1200::/56|0x0000|::feed|2001:db8:1200::feed
2001:db8:1200::/56|0x0001|::1|2001:db8:1200:1::1
2001:db8:1200::/56|0xff|::1|2001:db8:1200:ff::1
2001:db8:1200::/56|255|::1|2001:db8:1200:ff::1
2001:db8:1200:ab00::/56|0x0c|::1:2:3:4|2001:db8:1200:ab0c:1:2:3:4
2001:db8:1200:abcd::/56|1|::1|2001:db8:1200:ab01::1
2001:db8:1200::/48|0xffff|::1|2001:db8:1200:ffff::1
2001:db8:1200::/40|0xffff|::1|2001:db8:1200:ffff::1
2001:db8:1200:1230::/60|0xf|::1|2001:db8:1200:123f::1
2001:db8:1200:1::/64|0|::1|2001:db8:1200:1::1
fd00:192:168::/48|1|::192.168.1.2|fd00:192:168:1::c0a8:102
2001:db8:1200::/56|0x100|::1|none
2001:db8:1200::/64|1|::1|none
2001:db8:1200::/60|0x10|::1|none
2001:db8:1200::/65|0|::1|none
2001:db8:1200::/127|0|::1|none
2001:db8::/8|0|::1|none
::/0|0|::1|none
::/56|0|::1|none
fe80::/56|0|::1|none
ff02::/56|0|::1|none
::ffff:0:0/56|0|::1|none
2001:db8:1200::/56|0x10000|::1|none
2001:db8:1200::/56|65536|::1|none
2001:db8:1200::/56|-1|::1|none
2001:db8:1200::/56|0x|::1|none
2001:db8:1200::/56|0xg|::1|none
2001:db8:1200::/56||::1|none
2001:db8:1200::/56|1+1|::1|none
2001:db8:1200::/56|0x1;id|::1|none
2001:db8:1200::/56|0|1::1|none
2001:db8:1200::/56|0|0:0:0:1::1|none
2001:db8:1200::/56|0||none
2001:db8:1200::|0|::1|none
TABLE
same 'a subnet is the prefix, its number and the interface id, or nothing' '' "$wrong"

finish
