/* kind_list.h - the kinds of interfaces, one row each: enumerator and what stands before the unit in a name.
 * KIND(ID, name) */

KIND(GE,       "ge")
KIND(VLAN,     "vlan")
KIND(BRIDGE,   "bridge")
KIND(LAG,      "lag")
KIND(LOOPBACK, "loopback")
KIND(PPPOE,    "pppoe")
KIND(PPP,      "ppp")
KIND(WWAN,     "wwan")
KIND(RAC,      "rac")
KIND(TUNNEL,   "tunnel")
KIND(GRE,      "gre")
KIND(IPSEC,    "ipsec")
KIND(IPSECAC,  "ipsecac")
KIND(L2TP,     "l2tp")
KIND(PPPAC,    "pppac")
KIND(WLAN,     "wlan")
