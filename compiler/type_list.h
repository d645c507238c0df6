/* type_list.h - the value types of keys, one row each: enumerator, name in grammar/keys/, what a user is told to write.
 * TYPE(ID, name, words) */

TYPE(SWITCH,            "switch",            "enable or disable")
TYPE(KEYWORD,           "keyword",           "a keyword")                                /* one of the key's words */
TYPE(NUMBER,            "number",            "a number")
TYPE(TIME,              "time",              "a time")                                   /* seconds: bare, or 1h2m3s */
TYPE(INTERVAL,          "interval",          "a time")                                   /* a period; spelt as TIME */
TYPE(SIZE,              "size",              "a number")
TYPE(IPV4_ADDRESS,      "ipv4-address",      "an IPv4 address")
TYPE(IPV4_PREFIX,       "ipv4-prefix",       "an IPv4 address with prefix length")       /* host bits kept */
TYPE(IPV4_NETWORK,      "ipv4-network",      "an IPv4 network with prefix length")       /* host bits dropped */
TYPE(IPV4_RANGE,        "ipv4-range",        "a range of IPv4 addresses (first-last)")
TYPE(IPV6_ADDRESS,      "ipv6-address",      "an IPv6 address")
TYPE(IPV6_PREFIX,       "ipv6-prefix",       "an IPv6 address with prefix length")
TYPE(IPV6_NETWORK,      "ipv6-network",      "an IPv6 network with prefix length")
TYPE(IPV6_RANGE,        "ipv6-range",        "a range of IPv6 addresses (first-last)")
TYPE(INTERFACE,         "interface",         "an interface")                             /* kind and unit */
TYPE(INTERFACE_PATTERN, "interface-pattern", "an interface or all of a kind (ge*)")      /* an interface, or kind* */
TYPE(PORT,              "port",              "a port or a range of ports (low-high)")
TYPE(HOSTNAME,          "hostname",          "a host name")
TYPE(STRING,            "string",            "a text")
TYPE(PASSWORD,          "password",          "a password")                               /* a secret */
TYPE(URL,               "url",               "a URL")
TYPE(MAC_ADDRESS,       "mac-address",       "a MAC address")
TYPE(HEX,               "hex",               "a hexadecimal number")
TYPE(ROUTER_ID,         "router-id",         "an identifier in the form of an IPv4 address")
