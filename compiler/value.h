/* value.h - typed values: parse, format and compare, one table row for each type. */
#ifndef SEILC_VALUE_H
#define SEILC_VALUE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "arena.h"
#include "source.h"

/* The value types of seil keys, in the manual's words; docs/language.md has their grammars. */
enum value_type {
    TYPE_NONE,              /* a group, or no value */
#define TYPE(id, name, words) TYPE_##id,
#include "type_list.h"
#undef TYPE
    TYPE_COUNT
};

/* Interface kinds, in the order of interface_kind_names[]. */
enum interface_kind {
    KIND_NONE,
#define KIND(id, name) KIND_##id,
#include "kind_list.h"
#undef KIND
    KIND_COUNT
};

extern const char *const interface_kind_names[KIND_COUNT];  /* "ge", "vlan", ... */

static const uint32_t UNIT_ALL = 0xffffffff;   /* the unit of a pattern kind* */

struct interface_name {
    enum interface_kind kind;
    uint32_t unit;
};

struct value {
    enum value_type type;           /* which of the key's types it turned out to be */
    union {
        bool on;                                        /* SWITCH */
        struct { unsigned keyword; const char *word; }; /* KEYWORD: index into the key's words, and that word */
        uint64_t number;                                /* NUMBER, SIZE, HEX; TIME, INTERVAL in the key's unit */
        struct { struct in_addr address; uint8_t len; } ipv4;   /* ADDRESS and ROUTER_ID (len 32), PREFIX, NETWORK */
        struct { struct in_addr first, last; } ipv4_range;
        struct { struct in6_addr address; uint8_t len; } ipv6;
        struct { struct in6_addr first, last; } ipv6_range;
        struct interface_name interface;                /* INTERFACE, INTERFACE_PATTERN */
        struct { uint16_t low, high; } port;
        struct text text;                               /* HOSTNAME, STRING, PASSWORD, URL */
        uint8_t mac[6];
    };
};

struct key_def;

/*
 * Parses the decoded text of a value as one of the key's types, in the order in which the key lists them,
 * and checks the key's range, words and interface kinds.  Returns NULL on success; else what was expected,
 * as a phrase that follows "expected " ("a prefix length from 0 to 32", "enable or disable"), allocated
 * from the arena, and `*wrong` is the smallest run of `text` that is wrong (for the caret).
 */
const char *value_parse(struct arena *arena, const struct key_def *def, struct text text, struct value *out,
                        struct text *wrong);

/* The canonical spelling of a value of this key, unquoted. */
const char *value_format(struct arena *arena, const struct key_def *def, const struct value *value);

/* The same with the language's quoting where it is needed: what stands behind the colon of a config. */
const char *value_spell(struct arena *arena, const struct key_def *def, const struct value *value);

/* A decoded value as it is written: in quotes where the language needs them, itself where it does not. */
struct text value_quote(struct arena *arena, struct text text);

bool value_equal(const struct value *a, const struct value *b);

/* "ge0" into the arena; "ge*" for a pattern. */
const char *interface_format(struct arena *arena, struct interface_name name);
bool interface_equal(struct interface_name a, struct interface_name b);
/* Splits "ge0"; false when it is no interface name (unknown kind, leading zero, unit over 65535). */
bool interface_parse(struct text text, struct interface_name *out);

/* What stands in the manual for a type: "an IPv4 address with prefix length". */
const char *value_type_words(enum value_type type);

/* A type's name in grammar/keys/: "ipv4-prefix". */
const char *value_type_name(enum value_type type);

#endif
