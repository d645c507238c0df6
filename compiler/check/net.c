/* net.c - arithmetic on subnets and ranges of addresses: pure functions. */
#include "net.h"

#include <string.h>

static uint32_t
mask4(unsigned len)
{
    return len ? UINT32_MAX << (32 - len) : 0;
}

struct range4
net4(struct in_addr address, unsigned len)
{
    uint32_t first = host4(address) & mask4(len);

    return (struct range4){first, first | ~mask4(len)};
}

struct range4
hosts4(struct in_addr address, unsigned len)
{
    struct range4 range = net4(address, len);

    if (len < 31) {
        range.first++;
        range.last--;
    }
    return range;
}

bool
range4_has(struct range4 range, uint32_t address)
{
    return address >= range.first && address <= range.last;
}

bool
range4_within(struct range4 inner, struct range4 outer)
{
    return inner.first >= outer.first && inner.last <= outer.last;
}

bool
range4_meet(struct range4 a, struct range4 b, struct range4 *shared)
{
    struct range4 both = {
        a.first > b.first ? a.first : b.first,
        a.last < b.last ? a.last : b.last,
    };

    if (both.first > both.last)
        return false;
    if (shared)
        *shared = both;
    return true;
}

void
range4_cut(struct range4 *range, struct range4 taken)
{
    if (taken.first <= range->first && taken.last >= range->last)
        *range = (struct range4){1, 0};
    else if (range4_has(taken, range->first))
        range->first = taken.last + 1;
    else if (range4_has(taken, range->last))
        range->last = taken.first - 1;
}

bool
private4(uint32_t address)
{
    static const struct range4 ranges[] = {
        {0x0a000000, 0x0affffff}, {0x64400000, 0x647fffff}, {0xa9fe0000, 0xa9feffff},
        {0xac100000, 0xac1fffff}, {0xc0a80000, 0xc0a8ffff},
    };

    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (range4_has(ranges[i], address))
            return true;
    return false;
}

bool
ula6(const struct in6_addr *address)
{
    return (address->s6_addr[0] & 0xfe) == 0xfc;
}

bool
global6(const struct in6_addr *address)
{
    return (address->s6_addr[0] & 0xe0) == 0x20;
}

bool
equal6(const struct in6_addr *a, const struct in6_addr *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

struct in6_addr
net6(const struct in6_addr *address, unsigned len)
{
    struct in6_addr net = *address;
    unsigned i;

    for (i = 0; i < 16; i++)
        if (len < (i + 1) * 8)
            net.s6_addr[i] &= (uint8_t)(len <= i * 8 ? 0 : 0xff << ((i + 1) * 8 - len));
    return net;
}

bool
within6(const struct in6_addr *inner, unsigned inner_len, const struct in6_addr *outer, unsigned outer_len)
{
    struct in6_addr a = net6(inner, outer_len), b = net6(outer, outer_len);

    return inner_len >= outer_len && equal6(&a, &b);
}
