/* cure.h - the cures of findings: what is replaced, added or deleted in a config. */
#ifndef SEILC_CURE_H
#define SEILC_CURE_H

#include "catalogue.h"
#include "diag.h"
#include "tree.h"

/*
 * A cure is offered only when it is certain: it has one meaning, and the author can have meant no other.  Places that do not
 * lie in the config itself (--set, the site file) are left alone by all of these.
 */

/* Writes `text`, decoded, in place of the value of a node. */
void cure_value(struct diag *diag, struct finding *finding, const struct tree *tree, const struct node *node,
                const char *text);

/* Adds a line `key : value` behind that of a node, in its style. */
void cure_add(struct diag *diag, struct finding *finding, const struct tree *tree, const struct node *behind,
              const char *key, const char *value);

/* Deletes the line on which a place lies. */
void cure_delete(struct diag *diag, struct finding *finding, struct place place);

/* Writes `key` in place of a key. */
void cure_key(struct diag *diag, struct finding *finding, struct place place, const char *key);

/*
 * The value that a wrong one is another spelling of: letters of the wrong case, other words for enable and disable, a prefix
 * length behind an address that takes none.  NULL: it is not clear which.
 */
const char *cure_spelling(struct arena *arena, const struct key_def *def, struct text text);

/* The same for a key: capitals, and _ for -.  NULL: there is no such key either. */
const char *cure_key_spelling(struct arena *arena, struct text key, struct key_ref *ref);

#endif
