/* ledger.h - what became of every statement: realised at which lines, no effect and why, or refused and why. */
#ifndef SEILC_LEDGER_H
#define SEILC_LEDGER_H

#include "arena.h"
#include "diag.h"
#include "tree.h"

/*
 * The statements that caused something: a list without order.  NULL: nobody's choice, that is a default or a fixed part.
 * Every item of the plan carries one, and every line that a backend prints is booked under it.
 */
struct origin {
    const struct node *node;
    const struct origin *next;
};

/* The origin of a node, of a setting (NULL if it is a default), and of two causes together. */
const struct origin *origin_of(struct arena *arena, const struct node *node);
const struct origin *origin_join(struct arena *arena, const struct origin *a, const struct origin *b);

enum fate { FATE_UNCLAIMED, FATE_REALISED, FATE_NO_EFFECT, FATE_REFUSED };

/* Lines `first` to `last` (from 1) of an output file. */
struct emission {
    const char *path;           /* below the router's rootfs, without leading slash */
    unsigned first, last;
    struct emission *next;
};

struct ledger_entry {
    enum fate fate;
    const char *reason;         /* for NO_EFFECT and REFUSED; for REALISED a remark, or NULL */
    struct emission *emissions; /* in order of emission */
    struct emission *last;      /* of them */
};

struct ledger {
    struct arena *arena;
    const struct tree *tree;
    struct ledger_entry *entries;   /* by node->number */
};

void ledger_init(struct ledger *ledger, struct arena *arena, const struct tree *tree);

/* A statement without effect on Linux, and why ("dhcp.server.service is not enable").  The first claim stays. */
void ledger_no_effect(struct ledger *ledger, const struct node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A statement that is refused, and why.  Adds the finding too: FINDING_NOT_TRANSLATED or FINDING_CANNOT_EXPRESS. */
void ledger_refuse(struct ledger *ledger, struct diag *diag, enum finding_id id, const struct node *node,
                   const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Realised, with a remark on where the translation differs in a detail.  It still needs an emitted line. */
void ledger_remark(struct ledger *ledger, const struct node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Books a line of output under every node of an origin.  Called by output.c alone. */
void ledger_emit(struct ledger *ledger, const struct origin *from, const char *path, unsigned line);

/* After emission: an unclaimed statement is an internal error, as a finding. */
void ledger_check(const struct ledger *ledger, struct diag *diag);

#endif
