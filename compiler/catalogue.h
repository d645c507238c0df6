/* catalogue.h - every known key: its type, range, default, group size; compiled from grammar/keys/. */
#ifndef SEILC_CATALOGUE_H
#define SEILC_CATALOGUE_H

#include "arena.h"
#include "source.h"
#include "value.h"

#include "keys.h"   /* generated: enum key_id { KEY_NONE, KEY_HOSTNAME, ..., KEY_COUNT } */

enum {
    KEY_INDEX_MAX = 4,      /* the deepest key has this many [] */
    KEY_TYPES_MAX = 6,
};

enum key_models { MODEL_X4 = 1, MODEL_AYAME = 2, MODEL_CA10 = 4, MODEL_W2 = 8, MODEL_ALL = 15 };

/* One entry of the catalogue.  `[]` in a path stands for an index. */
struct key_def {
    const char *path;                       /* "vrrp.vrouter.[].priority" */
    enum key_id id;
    enum key_id group;                      /* the innermost group that it belongs to; KEY_NONE at the top */
    uint16_t rank;                          /* its place in the order of the key files, branches held together */
    uint8_t depth;                          /* how many [] its path has */
    uint8_t types[KEY_TYPES_MAX];           /* enum value_type, in order of trial; ends with TYPE_NONE */
    bool is_group;
    bool required;                          /* its entry, or feature, cannot do without it */
    bool branch;                            /* required only beside another key of its own branch (floatlink.*) */
    bool secret;                            /* never in a message */
    bool sure;                              /* read in an official page, not inferred */
    uint8_t models;                         /* enum key_models, or-ed */
    uint32_t kinds;                         /* bit per enum interface_kind; 0: any */
    uint64_t low, high;                     /* range of numbers, times, sizes, lengths of texts; both 0: none */
    uint32_t max;                           /* entries of a group; 0: not known or none */
    const char *const *words;               /* keywords, ends with NULL; NULL if none */
    const uint16_t *unless;                 /* required, but not beside one of these; ends with KEY_NONE; NULL: none */
    const uint16_t *excludes;               /* keys of its group that may not stand beside it; likewise */
    const uint16_t *required_keys;          /* of a group: the keys that each entry must have; likewise */
    uint8_t member;                         /* its place among the keys of its group, from 0 */
    uint64_t required_members;              /* of a group: bit per member that has `required` */
    uint64_t exclusive_members;             /* of a group: bit per member that has `excludes` */
    const char *unit;                       /* "s", "ms", "min", "h", "octet", "Mbps"; NULL if none */
    const char *default_text;               /* parseable default, or NULL */
    const char *default_words;              /* default described in words when it is no plain value, or NULL */
    const char *deprecated_for;             /* path of the key that replaces it, or NULL */
    const char *notes;                      /* constraints in words, or NULL */
    const char *doc;                        /* one line */
    const char *source;                     /* where the fact comes from */
};

/* By id; [KEY_NONE] has nothing but the required_keys outside of groups (ospf.router-id, beside any other ospf key). */
extern const struct key_def key_defs[KEY_COUNT];

/* A parsed key: its definition and the numbers that stood for its []. */
struct key_ref {
    const struct key_def *def;
    uint32_t index[KEY_INDEX_MAX];
};

enum key_error { KEY_OK, KEY_UNKNOWN, KEY_IS_GROUP, KEY_BAD_INDEX };

/*
 * Finds the key that a dotted path as written in a config names ("vrrp.vrouter.0.priority").  In linear
 * time of the path. On KEY_BAD_INDEX and KEY_UNKNOWN `*wrong` is the word that is wrong.
 */
enum key_error catalogue_find(struct text path, struct key_ref *out, struct text *wrong);

/* Where the search for a key was behind its last index; most lines of a config share that with their neighbour. */
struct key_walk {
    const struct trie_node *node;           /* NULL: nowhere yet */
    struct text prefix;                     /* with its last dot */
    uint32_t index[KEY_INDEX_MAX];
    size_t count;
};

/* The same, for one key after the other.  The bytes of the last path must still be there. */
enum key_error catalogue_find_next(struct key_walk *walk, struct text path, struct key_ref *out, struct text *wrong);

/* The definition of a path with [] or with numbers, as a user would type it for `explain`; NULL if there is none. */
const struct key_def *catalogue_find_pattern(struct text path);

/* The nearest known key to an unknown one, spelt with the user's own indexes; NULL if none is near. */
const char *catalogue_suggest(struct arena *arena, struct text path);

/* Letters to add, drop, change or swap with their neighbour to make one word of the other; 100 when one is too long to be meant. */
int word_distance(struct text a, struct text b);

/* "vrrp.vrouter.0.priority" into the arena. */
const char *catalogue_format(struct arena *arena, const struct key_def *def, const uint32_t *index);

#endif
