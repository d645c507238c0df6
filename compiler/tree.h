/* tree.h - the typed tree: every statement bound to its key, its value parsed, its place kept. */
#ifndef SEILC_TREE_H
#define SEILC_TREE_H

#include "arena.h"
#include "catalogue.h"
#include "diag.h"
#include "source.h"
#include "syntax.h"
#include "value.h"

/* A setting that a config or a --set option makes. */
struct node {
    const struct key_def *def;
    uint32_t index[KEY_INDEX_MAX];  /* def->depth of them */
    uint32_t number;                /* position in tree.nodes, in order of the source */
    uint32_t next;                  /* for tree.c alone: the node of its entry that came before it */
    struct value value;
    struct place key;               /* in the config; in the --set text or site file if the config has no such line */
    struct place where;             /* of the value: in the --set text or site file when that overrides the config */
};

struct tree {
    const struct source *source;
    struct node *nodes;             /* in order of the source; settings added by --set at the end */
    size_t count;
    struct tree_index *index;
};

/* A value that --set or the site file's `set:` gives to a key. */
struct override {
    struct text key;
    struct text value;              /* decoded */
    struct place key_place;         /* in its own source */
    struct place value_place;
};

/* How far binding looks. */
enum bind_scope {
    BIND_ALONE,     /* each statement for itself: unknown-key, bad-index, bad-value, masked-value, placeholder */
    BIND_TOGETHER,  /* and what statements say about each other: duplicates, missing keys, group sizes, conflicts */
};

/*
 * Binds statements to keys and parses their values.  Findings: unknown-key (with a suggestion), bad-index,
 * bad-value, masked-value (says how to --set it), placeholder, duplicate-key (on every such line),
 * missing-key, too-many-entries, conflicting-keys, deprecated-key.  What has an error is not in the tree;
 * with BIND_ALONE the first of several lines with one key is.  A deprecated key is bound as the one that
 * replaces it.  An override takes the place of the statement with its key, or is added.
 */
void tree_bind(struct arena *arena, const struct source *source, const struct statements *statements,
               const struct override *overrides, size_t override_count, enum bind_scope scope,
               struct diag *diag, struct tree *out);

/* The node of a key with these indexes (def->depth of them; NULL if the key has none), or NULL. */
const struct node *tree_find(const struct tree *tree, enum key_id key, const uint32_t *index);

/*
 * The indexes of the entries of a group, ascending, under the entry `parent` of the group around it (NULL
 * at the top).  Any statement below an entry makes it exist.  Returns their count; `*out` lives as long as
 * the tree.
 */
size_t tree_entries(const struct tree *tree, enum key_id group, const uint32_t *parent, const uint32_t **out);

/*
 * What a key is set to: its node, its value (of the node, else the catalogue's default), and whether there
 * is one at all. The model is made of these, so that checks can point at the node and know a default from a
 * choice.
 */
struct setting {
    const struct node *node;    /* NULL: not set */
    const struct value *value;  /* NULL: not set and no default */
};

struct setting tree_get(const struct tree *tree, enum key_id key, const uint32_t *index);

/* Shorthands for settings; the type must be right. `otherwise` when there is no value. */
bool setting_on(struct setting setting);                                    /* SWITCH; false without value */
uint64_t setting_number(struct setting setting, uint64_t otherwise);
const char *setting_word(struct setting setting);                           /* KEYWORD; NULL if it is no keyword */
bool setting_is(struct setting setting, const char *word);                  /* KEYWORD equal to word */

/* Prints the tree, as YAML that can be read back or as JSON.  Secrets print as "***" unless they are asked for. */
void tree_dump_yaml(const struct tree *tree, FILE *out, bool secrets);
void tree_dump_json(const struct tree *tree, FILE *out, bool secrets);

#endif
