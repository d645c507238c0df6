/* net.h - arithmetic on subnets and ranges of addresses: pure functions. */
#ifndef SEILC_CHECK_NET_H
#define SEILC_CHECK_NET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* A run of IPv4 addresses in host byte order; first <= last.  first > last: empty. */
struct range4 {
    uint32_t first, last;
};

static inline uint32_t
host4(struct in_addr address)
{
    return ntohl(address.s_addr);
}

/* All addresses of the subnet that `address` lies in; len 0 to 32. */
struct range4 net4(struct in_addr address, unsigned len);

/* Those that a host can have: all but network and broadcast address; of a /31 and a /32 all (RFC 3021). */
struct range4 hosts4(struct in_addr address, unsigned len);

bool range4_has(struct range4 range, uint32_t address);
bool range4_within(struct range4 inner, struct range4 outer);

/* Do they meet?  `*shared` (may be NULL) is then what they have in common. */
bool range4_meet(struct range4 a, struct range4 b, struct range4 *shared);

/* Cuts `taken` out of `*range` from either end; what lies in the middle cannot be cut and stays. */
void range4_cut(struct range4 *range, struct range4 taken);

/* RFC 1918, 6598 (carrier NAT) and 3927 (link-local): what the Internet does not route. */
bool private4(uint32_t address);

bool ula6(const struct in6_addr *address);    /* fc00::/7, RFC 4193 */
bool global6(const struct in6_addr *address); /* 2000::/3: what the Internet routes */
bool equal6(const struct in6_addr *a, const struct in6_addr *b);

/* The same without bits from `len` on. */
struct in6_addr net6(const struct in6_addr *address, unsigned len);

/* Is the prefix `inner` a part of `outer`, or the same? */
bool within6(const struct in6_addr *inner, unsigned inner_len, const struct in6_addr *outer, unsigned outer_len);

#endif
