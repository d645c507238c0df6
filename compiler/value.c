/* value.c - typed values: parse, format and compare, one table row for each type. */
#include "value.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>

#include "catalogue.h"

/*
 * A key may take several types, and the types are tried in turn, so that a failure is the usual thing and
 * must cost nothing: a parser only notes what was wrong and how well the text fitted.  Words are found for
 * the failure that fitted best, and only when no type took the text.
 */
struct attempt {
    const struct key_def *def;
    struct text text;
    struct value *value;
    int score;                  /* how much of the text looked right; 0: nothing like this type */
    struct text wrong;
    const char *want;           /* NULL: what the type's expect() says */
};

enum {
    FITS_SHAPE = 1,     /* looks like the type */
    FITS_PART = 4,      /* a first part was right */
    FITS_RANGE = 8,     /* right but for its size or kind */
};

struct type_row {
    bool (*parse)(struct attempt *try);
    const char *(*expect)(struct arena *arena, const struct key_def *def);  /* NULL: type_list.h */
    const char *(*format)(struct arena *arena, const struct key_def *def, const struct value *value);
    bool (*equal)(const struct value *a, const struct value *b);
};

const char *const interface_kind_names[KIND_COUNT] = {
    [KIND_NONE] = "",
#define KIND(id, name) [KIND_##id] = name,
#include "kind_list.h"
#undef KIND
};

/* Notes a failure at the bytes from `from` to `to`. */
static bool
miss(struct attempt *try, int score, const char *from, const char *to, const char *want)
{
    try->score = score;
    try->wrong = (struct text){from, (size_t)(to - from)};
    try->want = want;
    return false;
}

static bool
miss_all(struct attempt *try, int score, const char *want)
{
    return miss(try, score, try->text.bytes, try->text.bytes + try->text.len, want);
}

static const char *
end_of(struct text text)
{
    return text.bytes + text.len;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static unsigned
hex_digit(char c)
{
    return is_digit(c) ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a' + 10);
}

static bool
text_is(struct text text, const char *word)
{
    return text.len && text.bytes[0] == word[0] && strlen(word) == text.len && !memcmp(word, text.bytes, text.len);
}

/* Reads digits from `p`; returns where they end.  A number that does not fit is UINT64_MAX. */
static const char *
read_digits(const char *p, const char *end, uint64_t *out)
{
    uint64_t number = 0;

    for (; p < end && is_digit(*p); p++) {
        unsigned digit = (unsigned)(*p - '0');

        number = number > (UINT64_MAX - digit) / 10 ? UINT64_MAX : number * 10 + digit;
    }
    *out = number;
    return p;
}

static bool
in_range(const struct key_def *def, uint64_t number)
{
    return (!def->low && !def->high) ? number < UINT64_MAX : number >= def->low && number <= def->high;
}

/* " from LOW to HIGH" of the key's range; nothing without one. */
static const char *
range_words(struct arena *arena, const struct key_def *def)
{
    if (!def->low && !def->high)
        return "";
    return arena_printf(arena, " from %" PRIu64 " to %" PRIu64, def->low, def->high);
}

/* --- switch, keyword --- */

static bool
parse_switch(struct attempt *try)
{
    try->value->on = text_is(try->text, "enable");
    return try->value->on || text_is(try->text, "disable") || miss_all(try, 0, NULL);
}

static const char *
format_switch(struct arena *arena, const struct key_def *def, const struct value *value)
{
    (void)arena, (void)def;
    return value->on ? "enable" : "disable";
}

static bool
equal_switch(const struct value *a, const struct value *b)
{
    return a->on == b->on;
}

static bool
parse_keyword(struct attempt *try)
{
    const char *const *words = try->def->words;

    for (unsigned i = 0; words && words[i]; i++) {
        if (text_is(try->text, words[i])) {
            try->value->keyword = i;
            try->value->word = words[i];
            return true;
        }
    }
    return miss_all(try, 0, NULL);
}

static const char *
format_keyword(struct arena *arena, const struct key_def *def, const struct value *value)
{
    (void)arena, (void)def;
    return value->word;
}

static bool
equal_keyword(const struct value *a, const struct value *b)
{
    return !strcmp(a->word, b->word);
}

/* --- numbers --- */

static bool
parse_number(struct attempt *try)
{
    const char *end = end_of(try->text);
    const char *rest = read_digits(try->text.bytes, end, &try->value->number);

    if (rest == try->text.bytes)
        return miss_all(try, 0, NULL);
    if (rest < end)
        return miss(try, FITS_SHAPE, rest, end, NULL);
    return in_range(try->def, try->value->number) || miss_all(try, FITS_RANGE, NULL);
}

static const char *
expect_number(struct arena *arena, const struct key_def *def)
{
    return arena_printf(arena, "a number%s", range_words(arena, def));
}

static const char *
format_number(struct arena *arena, const struct key_def *def, const struct value *value)
{
    (void)def;
    return arena_printf(arena, "%" PRIu64, value->number);
}

static bool
equal_number(const struct value *a, const struct value *b)
{
    return a->number == b->number;
}

/* --- times: seconds, or hours, minutes and seconds in this order --- */

/* Only times in seconds can be written with letters. */
static bool
takes_letters(const struct key_def *def)
{
    return !def->unit || !strcmp(def->unit, "s");
}

static uint64_t
add_part(uint64_t sum, uint64_t part, unsigned scale)
{
    if (part > UINT64_MAX / scale || part * scale > UINT64_MAX - sum)
        return UINT64_MAX;
    return sum + part * scale;
}

/* Reads 1h2m3s from `p`; returns where it stops fitting. */
static const char *
read_parts(const char *p, const char *end, uint64_t *out)
{
    static const struct { char letter; unsigned seconds; } units[] = {{'h', 3600}, {'m', 60}, {'s', 1}};
    size_t next = 0;

    *out = 0;
    while (p < end) {
        uint64_t part;
        const char *letter = read_digits(p, end, &part);

        while (next < 3 && letter < end && units[next].letter != *letter)
            next++;
        if (letter == p || letter == end || next == 3)
            return p;
        *out = add_part(*out, part, units[next++].seconds);
        p = letter + 1;
    }
    return p;
}

static bool
parse_time(struct attempt *try)
{
    const char *start = try->text.bytes, *end = end_of(try->text);
    const char *rest = read_digits(start, end, &try->value->number);

    if (rest == start)
        return miss_all(try, 0, NULL);
    if (rest < end && takes_letters(try->def))
        rest = read_parts(start, end, &try->value->number);
    if (rest < end)
        return miss(try, FITS_SHAPE, rest, end, NULL);
    return in_range(try->def, try->value->number) || miss_all(try, FITS_RANGE, NULL);
}

static const char *
expect_time(struct arena *arena, const struct key_def *def)
{
    static const struct { const char *unit, *words; } units[] = {
        {"ms", "milliseconds"}, {"min", "minutes"}, {"h", "hours"},
    };
    const char *range = range_words(arena, def);

    for (size_t i = 0; def->unit && i < sizeof(units) / sizeof(*units); i++) {
        if (!strcmp(def->unit, units[i].unit))
            return arena_printf(arena, "a number of %s%s", units[i].words, range);
    }
    if (*range)
        return arena_printf(arena, "a time%s seconds (such as 90 or 1m30s)", range);
    return "a time (such as 90 or 1m30s)";
}

/* --- IPv4 --- */

/* Reads one octet, without leading zeros; returns where it ends, or NULL. */
static const char *
read_octet(const char *p, const char *end, uint32_t *out)
{
    const char *start = p;
    uint32_t octet = 0;

    for (; p < end && is_digit(*p) && p - start < 4; p++)
        octet = octet * 10 + (uint32_t)(*p - '0');
    *out = octet;
    return p == start || octet > 255 || (*start == '0' && p > start + 1) ? NULL : p;
}

/* Reads an address from `p`; returns where it ends.  At a failure NULL, and what is wrong is noted. */
static const char *
read_ipv4(struct attempt *try, const char *p, const char *end, struct in_addr *out)
{
    uint32_t address = 0;

    for (int i = 0; i < 4; i++) {
        uint32_t octet;
        const char *rest = read_octet(p, end, &octet);
        const char *stop = p;

        if (rest && (i == 3 || (rest < end && *rest == '.'))) {
            address = address << 8 | octet;
            p = i == 3 ? rest : rest + 1;
            continue;
        }
        while (stop < end && *stop != '.' && *stop != '/' && *stop != '-')
            stop++;
        if (i)
            miss(try, FITS_SHAPE + i, p, stop, "an IPv4 address, four numbers from 0 to 255 with dots between them");
        else
            miss_all(try, 0, NULL);
        return NULL;
    }
    out->s_addr = htonl(address);
    return p;
}

/* Reads "/LEN" at `p`, which ends the text. */
static bool
read_len(struct attempt *try, const char *p, unsigned longest, uint8_t *out)
{
    const char *end = end_of(try->text);
    uint64_t number;
    const char *rest;

    if (p == end)
        return miss_all(try, FITS_PART, NULL);
    if (*p != '/')
        return miss(try, FITS_PART, p, end, NULL);
    rest = read_digits(++p, end, &number);
    if (rest == end && rest > p && number <= longest && (*p != '0' || rest == p + 1)) {
        *out = (uint8_t)number;
        return true;
    }
    return miss(try, FITS_RANGE, p, end,
                longest == 32 ? "a prefix length from 0 to 32" : "a prefix length from 0 to 128");
}

static bool
parse_ipv4_address(struct attempt *try)
{
    const char *end = end_of(try->text);
    const char *rest = read_ipv4(try, try->text.bytes, end, &try->value->ipv4.address);

    if (!rest)
        return false;
    try->value->ipv4.len = 32;
    if (rest == end)
        return true;
    return miss(try, FITS_PART, rest, end, *rest == '/' ? "an IPv4 address without prefix length" : NULL);
}

static bool
parse_ipv4_prefix(struct attempt *try)
{
    const char *rest = read_ipv4(try, try->text.bytes, end_of(try->text), &try->value->ipv4.address);

    return rest && read_len(try, rest, 32, &try->value->ipv4.len);
}

static bool
parse_ipv4_network(struct attempt *try)
{
    struct value *value = try->value;
    uint32_t mask;

    if (!parse_ipv4_prefix(try))
        return false;
    mask = value->ipv4.len ? 0xffffffffu << (32 - value->ipv4.len) : 0;
    value->ipv4.address.s_addr &= htonl(mask);
    return true;
}

/* FIRST-LAST; of the last address its last octet is enough. */
static bool
parse_ipv4_range(struct attempt *try)
{
    struct value *value = try->value;
    const char *end = end_of(try->text);
    const char *rest = read_ipv4(try, try->text.bytes, end, &value->ipv4_range.first);
    const char *last, *stop;
    uint32_t octet = 0;

    if (!rest)
        return false;
    if (rest == end || *rest != '-')
        return miss_all(try, FITS_PART - 1, NULL);
    last = rest + 1;
    stop = read_octet(last, end, &octet);
    if (stop == end)
        value->ipv4_range.last.s_addr = (value->ipv4_range.first.s_addr & htonl(0xffffff00u)) | htonl(octet);
    else
        stop = read_ipv4(try, last, end, &value->ipv4_range.last);
    if (stop != end)
        return miss(try, FITS_RANGE, last, end, "the last IPv4 address of a range");
    return ntohl(value->ipv4_range.first.s_addr) <= ntohl(value->ipv4_range.last.s_addr)
           || miss_all(try, FITS_RANGE, "a range whose first address is not above its last");
}

static const char *
text_of_ipv4(struct arena *arena, struct in_addr address)
{
    char text[INET_ADDRSTRLEN] = "";

    inet_ntop(AF_INET, &address, text, sizeof(text));
    return arena_copy(arena, text, strlen(text));
}

static const char *
format_ipv4(struct arena *arena, const struct key_def *def, const struct value *value)
{
    (void)def;
    return text_of_ipv4(arena, value->ipv4.address);
}

static const char *
format_ipv4_len(struct arena *arena, const struct key_def *def, const struct value *value)
{
    (void)def;
    return arena_printf(arena, "%s/%u", text_of_ipv4(arena, value->ipv4.address), value->ipv4.len);
}

static const char *
format_ipv4_range(struct arena *arena, const struct key_def *def, const struct value *value)
{
    (void)def;
    return arena_printf(arena, "%s-%s", text_of_ipv4(arena, value->ipv4_range.first),
                        text_of_ipv4(arena, value->ipv4_range.last));
}

static bool
equal_ipv4(const struct value *a, const struct value *b)
{
    return a->ipv4.address.s_addr == b->ipv4.address.s_addr && a->ipv4.len == b->ipv4.len;
}

static bool
equal_ipv4_range(const struct value *a, const struct value *b)
{
    return a->ipv4_range.first.s_addr == b->ipv4_range.first.s_addr
           && a->ipv4_range.last.s_addr == b->ipv4_range.last.s_addr;
}

/* An identifier that only looks like an address. */
static bool
parse_router_id(struct attempt *try)
{
    if (!parse_ipv4_address(try))
        return false;
    return in_range(try->def, ntohl(try->value->ipv4.address.s_addr)) || miss_all(try, FITS_RANGE, NULL);
}

static const char *
expect_router_id(struct arena *arena, const struct key_def *def)
{
    (void)arena;
    return def->low ? "an identifier from 0.0.0.1 to 255.255.255.255" : "an identifier from 0.0.0.0 to 255.255.255.255";
}

/* --- IPv6 --- */

/* Reads an address from `p` up to `end`. */
static bool
read_ipv6(struct attempt *try, const char *p, const char *end, struct in6_addr *out)
{
    char copy[INET6_ADDRSTRLEN] = "";
    size_t len = (size_t)(end - p);
    const char *bad = p;

    if (!len || !memchr(p, ':', len))
        return miss_all(try, 0, NULL);
    if (len < sizeof(copy)) {
        memcpy(copy, p, len);
        if (inet_pton(AF_INET6, copy, out) == 1)
            return true;
    }
    while (bad < end && (is_hex(*bad) || *bad == ':' || *bad == '.'))
        bad++;
    if (bad < end && *bad == '%')
        return miss(try, FITS_PART, bad, end, "an IPv6 address without scope");
    return miss(try, FITS_SHAPE, bad < end ? bad : p, end, NULL);
}

/* Where the byte stands in the text, else the end. */
static const char *
find_byte(struct text text, char byte)
{
    const char *found = text.len ? memchr(text.bytes, byte, text.len) : NULL;

    return found ? found : end_of(text);
}

static bool
parse_ipv6_address(struct attempt *try)
{
    const char *end = end_of(try->text);
    const char *slash = find_byte(try->text, '/');

    try->value->ipv6.len = 128;
    if (!read_ipv6(try, try->text.bytes, slash, &try->value->ipv6.address))
        return false;
    return slash == end || miss(try, FITS_PART, slash, end, "an IPv6 address without prefix length");
}

static bool
parse_ipv6_prefix(struct attempt *try)
{
    const char *slash = find_byte(try->text, '/');

    return read_ipv6(try, try->text.bytes, slash, &try->value->ipv6.address)
           && read_len(try, slash, 128, &try->value->ipv6.len);
}

static bool
parse_ipv6_network(struct attempt *try)
{
    struct value *value = try->value;

    if (!parse_ipv6_prefix(try))
        return false;
    for (unsigned i = 0; i < 16; i++) {
        unsigned kept = value->ipv6.len > i * 8 ? value->ipv6.len - i * 8 : 0;

        if (kept < 8)
            value->ipv6.address.s6_addr[i] &= (uint8_t)(0xff00u >> kept);
    }
    return true;
}

static bool
parse_ipv6_range(struct attempt *try)
{
    struct value *value = try->value;
    const char *end = end_of(try->text);
    const char *hyphen = find_byte(try->text, '-');

    if (!read_ipv6(try, try->text.bytes, hyphen, &value->ipv6_range.first))
        return false;
    if (hyphen == end)
        return miss_all(try, FITS_PART - 1, NULL);
    if (!read_ipv6(try, hyphen + 1, end, &value->ipv6_range.last))
        return miss(try, FITS_RANGE, hyphen + 1, end, "the last IPv6 address of a range");
    return memcmp(&value->ipv6_range.first, &value->ipv6_range.last, sizeof(struct in6_addr)) <= 0
           || miss_all(try, FITS_RANGE, "a range whose first address is not above its last");
}

static const char *
text_of_ipv6(struct arena *arena, const struct in6_addr *address)
{
    char text[INET6_ADDRSTRLEN] = "";

    inet_ntop(AF_INET6, address, text, sizeof(text));
    return arena_copy(arena, text, strlen(text));
}

static const char *
format_ipv6(struct arena *arena, const struct key_def *def, const struct value *value)
{
    (void)def;
    return text_of_ipv6(arena, &value->ipv6.address);
}

static const char *
format_ipv6_len(struct arena *arena, const struct key_def *def, const struct value *value)
{
    (void)def;
    return arena_printf(arena, "%s/%u", text_of_ipv6(arena, &value->ipv6.address), value->ipv6.len);
}

static const char *
format_ipv6_range(struct arena *arena, const struct key_def *def, const struct value *value)
{
    (void)def;
    return arena_printf(arena, "%s-%s", text_of_ipv6(arena, &value->ipv6_range.first),
                        text_of_ipv6(arena, &value->ipv6_range.last));
}

static bool
equal_ipv6(const struct value *a, const struct value *b)
{
    return !memcmp(&a->ipv6.address, &b->ipv6.address, sizeof(a->ipv6.address)) && a->ipv6.len == b->ipv6.len;
}

static bool
equal_ipv6_range(const struct value *a, const struct value *b)
{
    return !memcmp(&a->ipv6_range.first, &b->ipv6_range.first, sizeof(a->ipv6_range.first))
           && !memcmp(&a->ipv6_range.last, &b->ipv6_range.last, sizeof(a->ipv6_range.last));
}

/* --- interfaces --- */

static enum interface_kind
find_kind(const char *name, size_t len)
{
    for (unsigned kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
        if (text_is((struct text){name, len}, interface_kind_names[kind]))
            return (enum interface_kind)kind;
    }
    return KIND_NONE;
}

bool
interface_parse(struct text text, struct interface_name *out)
{
    enum { UNIT_MAX = 65535 };
    size_t len = text.len;
    uint64_t unit;

    while (len && is_digit(text.bytes[len - 1]))
        len--;
    out->kind = find_kind(text.bytes, len);
    if (out->kind == KIND_NONE || len == text.len || (text.bytes[len] == '0' && len + 1 < text.len))
        return false;
    read_digits(text.bytes + len, end_of(text), &unit);
    out->unit = (uint32_t)unit;
    return unit <= UNIT_MAX;
}

const char *
interface_format(struct arena *arena, struct interface_name name)
{
    if (name.unit == UNIT_ALL)
        return arena_printf(arena, "%s*", interface_kind_names[name.kind]);
    return arena_printf(arena, "%s%u", interface_kind_names[name.kind], name.unit);
}

bool
interface_equal(struct interface_name a, struct interface_name b)
{
    return a.kind == b.kind && a.unit == b.unit;
}

static bool
kind_allowed(const struct key_def *def, enum interface_kind kind)
{
    return !def->kinds || (def->kinds >> kind & 1);
}

static bool
parse_interface(struct attempt *try)
{
    if (!interface_parse(try->text, &try->value->interface))
        return miss_all(try, 0, NULL);
    return kind_allowed(try->def, try->value->interface.kind) || miss_all(try, FITS_RANGE, NULL);
}

static bool
parse_interface_pattern(struct attempt *try)
{
    struct text text = try->text;
    struct interface_name *name = &try->value->interface;

    if (!text.len || text.bytes[text.len - 1] != '*')
        return parse_interface(try);
    name->kind = find_kind(text.bytes, text.len - 1);
    name->unit = UNIT_ALL;
    if (name->kind == KIND_NONE)
        return miss_all(try, 0, NULL);
    return kind_allowed(try->def, name->kind) || miss_all(try, FITS_RANGE, NULL);
}

/* "an interface (ge, vlan)" */
static const char *
expect_interface(struct arena *arena, const struct key_def *def)
{
    const char *names = "";

    for (unsigned kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
        if (def->kinds >> kind & 1)
            names = arena_printf(arena, "%s%s%s", names, *names ? ", " : "", interface_kind_names[kind]);
    }
    if (*names)
        return arena_printf(arena, "an interface of a kind that fits (%s)", names);
    return "the name of an interface";
}

static const char *
format_interface(struct arena *arena, const struct key_def *def, const struct value *value)
{
    (void)def;
    return interface_format(arena, value->interface);
}

static bool
equal_interface(const struct value *a, const struct value *b)
{
    return interface_equal(a->interface, b->interface);
}

/* --- ports --- */

/* Reads one port that the key's range allows; returns where it ends, or NULL. */
static const char *
read_port(const struct attempt *try, const char *p, uint16_t *out)
{
    uint64_t number;
    const char *rest = read_digits(p, end_of(try->text), &number);

    *out = (uint16_t)number;
    return rest > p && number <= UINT16_MAX && in_range(try->def, number) ? rest : NULL;
}

static bool
parse_port(struct attempt *try)
{
    const char *start = try->text.bytes, *end = end_of(try->text);
    const char *rest = read_port(try, start, &try->value->port.low);

    try->value->port.high = try->value->port.low;
    if (!rest) {
        rest = find_byte(try->text, '-');
        return miss(try, try->text.len && is_digit(*start) ? FITS_RANGE : 0, start, rest, NULL);
    }
    if (rest == end)
        return true;
    if (*rest != '-')
        return miss(try, FITS_SHAPE, rest, end, NULL);
    if (read_port(try, rest + 1, &try->value->port.high) != end)
        return miss(try, FITS_RANGE, rest + 1, end, NULL);
    return try->value->port.low <= try->value->port.high
           || miss_all(try, FITS_RANGE, "a range with the lower port first");
}

static const char *
expect_port(struct arena *arena, const struct key_def *def)
{
    return arena_printf(arena, "a port%s, or a range low-high",
                        def->high ? range_words(arena, def) : " from 0 to 65535");
}

static const char *
format_port(struct arena *arena, const struct key_def *def, const struct value *value)
{
    (void)def;
    if (value->port.low == value->port.high)
        return arena_printf(arena, "%u", value->port.low);
    return arena_printf(arena, "%u-%u", value->port.low, value->port.high);
}

static bool
equal_port(const struct value *a, const struct value *b)
{
    return a->port.low == b->port.low && a->port.high == b->port.high;
}

/* --- texts --- */

/* No control bytes and no multi-byte characters: neither a config nor any output takes them. */
static bool
check_bytes(struct attempt *try)
{
    const char *end = end_of(try->text);

    for (const char *p = try->text.bytes; p < end; p++) {
        if (((unsigned char)*p < 0x20 && *p != '\t') || (unsigned char)*p >= 0x7f)
            return miss(try, FITS_PART, p, p + 1, "printable single-byte characters");
    }
    return true;
}

static bool
parse_string(struct attempt *try)
{
    const struct key_def *def = try->def;

    if (!check_bytes(try))
        return false;
    try->value->text = try->text;
    if (def->high && (try->text.len < def->low || try->text.len > def->high))
        return miss_all(try, FITS_SHAPE, NULL);
    return true;
}

static const char *
expect_string(struct arena *arena, const struct key_def *def)
{
    if (!def->high)
        return "a text";
    return arena_printf(arena, "%" PRIu64 " to %" PRIu64 " characters", def->low, def->high);
}

/* Letters, digits, hyphens and dots; not what looks like a mistyped IPv4 address. */
static bool
parse_hostname(struct attempt *try)
{
    enum { HOSTNAME_MAX = 255 };
    const char *start = try->text.bytes, *end = end_of(try->text);
    bool label_is_number = true;
    char before = '.';

    for (const char *p = start; p < end; p++) {
        if (!is_alpha(*p) && !is_digit(*p) && *p != '-' && *p != '.')
            return miss(try, p > start ? FITS_SHAPE : 0, p, p + 1, NULL);
        if (*p == '.' && before == '.')
            return miss(try, 0, p, p + 1, NULL);
        label_is_number = (before == '.' || label_is_number) && (is_digit(*p) || (*p == '.' && p + 1 == end));
        before = *p;
    }
    try->value->text = try->text;
    return (try->text.len && try->text.len <= HOSTNAME_MAX && !label_is_number) || miss_all(try, 0, NULL);
}

static bool
parse_url(struct attempt *try)
{
    const char *start = try->text.bytes, *end = end_of(try->text);
    const char *p = start;

    if (!check_bytes(try))
        return false;
    while (p < end && (is_alpha(*p) || (p > start && (is_digit(*p) || *p == '+' || *p == '-' || *p == '.'))))
        p++;
    if (p == start || end - p < 4 || memcmp(p, "://", 3))
        return miss_all(try, 0, NULL);
    for (p += 3; p < end; p++) {
        if (strchr(" \t\"<>\\^`{|}", *p))
            return miss(try, FITS_PART, p, p + 1,
                        "a URL; this character must be written as % and two hexadecimal digits");
    }
    try->value->text = try->text;
    return parse_string(try);
}

static const char *
format_text(struct arena *arena, const struct key_def *def, const struct value *value)
{
    (void)def;
    return arena_copy(arena, value->text.bytes, value->text.len);
}

static bool
equal_text(const struct value *a, const struct value *b)
{
    return text_equal(a->text, b->text);
}

/* --- MAC addresses and hexadecimal numbers --- */

static bool
parse_mac_address(struct attempt *try)
{
    const char *p = try->text.bytes, *end = end_of(try->text);

    for (int i = 0; i < 6; i++) {
        const char *start = p;
        unsigned octet = 0;

        for (; p < end && p < start + 2 && is_hex(*p); p++)
            octet = octet << 4 | hex_digit(*p);
        if (p == start || (i < 5 ? p == end || *p != ':' : p != end))
            return miss(try, i ? FITS_SHAPE + i : 0, start, end, NULL);
        try->value->mac[i] = (uint8_t)octet;
        p += i < 5;
    }
    return true;
}

static const char *
format_mac_address(struct arena *arena, const struct key_def *def, const struct value *value)
{
    const uint8_t *mac = value->mac;

    (void)def;
    return arena_printf(arena, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

static bool
equal_mac_address(const struct value *a, const struct value *b)
{
    return !memcmp(a->mac, b->mac, sizeof(a->mac));
}

static bool
parse_hex(struct attempt *try)
{
    const char *start = try->text.bytes, *end = end_of(try->text);
    const char *p = start + 2;
    uint64_t number = 0;

    if (try->text.len < 3 || start[0] != '0' || start[1] != 'x')
        return miss_all(try, 0, NULL);
    for (; p < end && is_hex(*p); p++)
        number = number >> 60 ? UINT64_MAX : number << 4 | hex_digit(*p);
    if (p < end)
        return miss(try, FITS_SHAPE, p, end, NULL);
    try->value->number = number;
    return in_range(try->def, number) || miss_all(try, FITS_RANGE, NULL);
}

static const char *
expect_hex(struct arena *arena, const struct key_def *def)
{
    if (!def->high)
        return "a hexadecimal number (0x1f)";
    return arena_printf(arena, "a hexadecimal number from 0x%" PRIx64 " to 0x%" PRIx64, def->low, def->high);
}

static const char *
format_hex(struct arena *arena, const struct key_def *def, const struct value *value)
{
    (void)def;
    return arena_printf(arena, "0x%" PRIx64, value->number);
}

/* --- the table --- */

static const struct type_row rows[TYPE_COUNT] = {
    [TYPE_SWITCH]            = {parse_switch,            NULL,             format_switch,      equal_switch},
    [TYPE_KEYWORD]           = {parse_keyword,           NULL,             format_keyword,     equal_keyword},
    [TYPE_NUMBER]            = {parse_number,            expect_number,    format_number,      equal_number},
    [TYPE_TIME]              = {parse_time,              expect_time,      format_number,      equal_number},
    [TYPE_INTERVAL]          = {parse_time,              expect_time,      format_number,      equal_number},
    [TYPE_SIZE]              = {parse_number,            expect_number,    format_number,      equal_number},
    [TYPE_IPV4_ADDRESS]      = {parse_ipv4_address,      NULL,             format_ipv4,        equal_ipv4},
    [TYPE_IPV4_PREFIX]       = {parse_ipv4_prefix,       NULL,             format_ipv4_len,    equal_ipv4},
    [TYPE_IPV4_NETWORK]      = {parse_ipv4_network,      NULL,             format_ipv4_len,    equal_ipv4},
    [TYPE_IPV4_RANGE]        = {parse_ipv4_range,        NULL,             format_ipv4_range,  equal_ipv4_range},
    [TYPE_IPV6_ADDRESS]      = {parse_ipv6_address,      NULL,             format_ipv6,        equal_ipv6},
    [TYPE_IPV6_PREFIX]       = {parse_ipv6_prefix,       NULL,             format_ipv6_len,    equal_ipv6},
    [TYPE_IPV6_NETWORK]      = {parse_ipv6_network,      NULL,             format_ipv6_len,    equal_ipv6},
    [TYPE_IPV6_RANGE]        = {parse_ipv6_range,        NULL,             format_ipv6_range,  equal_ipv6_range},
    [TYPE_INTERFACE]         = {parse_interface,         expect_interface, format_interface,   equal_interface},
    [TYPE_INTERFACE_PATTERN] = {parse_interface_pattern, expect_interface, format_interface,   equal_interface},
    [TYPE_PORT]              = {parse_port,              expect_port,      format_port,        equal_port},
    [TYPE_HOSTNAME]          = {parse_hostname,          NULL,             format_text,        equal_text},
    [TYPE_STRING]            = {parse_string,            expect_string,    format_text,        equal_text},
    [TYPE_PASSWORD]          = {parse_string,            expect_string,    format_text,        equal_text},
    [TYPE_URL]               = {parse_url,               NULL,             format_text,        equal_text},
    [TYPE_MAC_ADDRESS]       = {parse_mac_address,       NULL,             format_mac_address, equal_mac_address},
    [TYPE_HEX]               = {parse_hex,               expect_hex,       format_hex,         equal_number},
    [TYPE_ROUTER_ID]         = {parse_router_id,         expect_router_id, format_ipv4,        equal_ipv4},
};

const char *
value_type_words(enum value_type type)
{
    static const char *const words[TYPE_COUNT] = {
        [TYPE_NONE] = "nothing",
#define TYPE(id, name, text) [TYPE_##id] = text,
#include "type_list.h"
#undef TYPE
    };

    return words[type];
}

const char *
value_type_name(enum value_type type)
{
    static const char *const names[TYPE_COUNT] = {
        [TYPE_NONE] = "group",
#define TYPE(id, name, text) [TYPE_##id] = name,
#include "type_list.h"
#undef TYPE
    };

    return names[type];
}

/* --- what was expected --- */

struct phrases {
    struct arena *arena;
    const char *text;
    const char *last;       /* not in the text yet, since "or" may have to stand before it */
};

static void
add_phrase(struct phrases *phrases, const char *phrase)
{
    if (phrases->last)
        phrases->text = arena_printf(phrases->arena, "%s%s%s", phrases->text, *phrases->text ? ", " : "",
                                     phrases->last);
    phrases->last = phrase;
}

static const char *
join_phrases(const struct phrases *phrases)
{
    if (!*phrases->text)
        return phrases->last;
    return arena_printf(phrases->arena, "%s or %s", phrases->text, phrases->last);
}

static void
add_expected(struct phrases *phrases, const struct key_def *def, enum value_type type)
{
    if (type == TYPE_KEYWORD) {
        for (size_t i = 0; def->words && def->words[i]; i++)
            add_phrase(phrases, def->words[i]);
    } else {
        add_phrase(phrases, rows[type].expect ? rows[type].expect(phrases->arena, def) : value_type_words(type));
    }
}

/* "an IPv4 address, dhcp or discard": the key's words last, since they may be many. */
static const char *
expect_any(struct arena *arena, const struct key_def *def)
{
    struct phrases phrases = {.arena = arena, .text = ""};

    for (int words = 0; words < 2; words++) {
        for (size_t i = 0; def->types[i] != TYPE_NONE; i++) {
            if ((def->types[i] == TYPE_KEYWORD) == words)
                add_expected(&phrases, def, (enum value_type)def->types[i]);
        }
    }
    return join_phrases(&phrases);
}

static const char *
expect_one(struct arena *arena, const struct key_def *def, enum value_type type)
{
    struct phrases phrases = {.arena = arena, .text = ""};

    add_expected(&phrases, def, type);
    return join_phrases(&phrases);
}

/* --- the public functions --- */

const char *
value_parse(struct arena *arena, const struct key_def *def, struct text text, struct value *out, struct text *wrong)
{
    struct attempt best = {.score = -1};
    enum value_type best_type = TYPE_NONE;

    for (size_t i = 0; def->types[i] != TYPE_NONE; i++) {
        enum value_type type = (enum value_type)def->types[i];
        struct attempt try = {.def = def, .text = text, .value = out};

        if (rows[type].parse(&try)) {
            out->type = type;
            return NULL;
        }
        if (try.score > best.score) {
            best = try;
            best_type = type;
        }
    }
    *wrong = best.wrong;
    if (best.score > 0 && best.want)
        return best.want;
    return best.score > 0 ? expect_one(arena, def, best_type) : expect_any(arena, def);
}

const char *
value_format(struct arena *arena, const struct key_def *def, const struct value *value)
{
    return rows[value->type].format(arena, def, value);
}

/* Does a text need quotes? */
static bool
needs_quotes(struct text text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (memchr(" \t\"'\\", text.bytes[i], 5))
            return true;
    }
    return !text.len;
}

struct text
value_quote(struct arena *arena, struct text text)
{
    char *quoted, *to;

    if (!needs_quotes(text))
        return text;
    quoted = to = arena_alloc(arena, text.len * 2 + 3);
    *to++ = '"';
    for (size_t i = 0; i < text.len; i++) {
        if (text.bytes[i] == '"' || text.bytes[i] == '\\')
            *to++ = '\\';
        *to++ = text.bytes[i];
    }
    *to++ = '"';
    return (struct text){quoted, (size_t)(to - quoted)};
}

const char *
value_spell(struct arena *arena, const struct key_def *def, const struct value *value)
{
    const char *text = value_format(arena, def, value);

    /* Both what is quoted and what value_format() makes end in NUL. */
    return value_quote(arena, (struct text){text, strlen(text)}).bytes;
}

bool
value_equal(const struct value *a, const struct value *b)
{
    return a->type == b->type && rows[a->type].equal(a, b);
}
