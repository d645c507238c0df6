/* checks.h - what every file of checks includes: the facts, and the prototypes of all checks. */
#ifndef SEILC_CHECK_CHECKS_H
#define SEILC_CHECK_CHECKS_H

#include "facts.h"

#define ROUTER(id, feature, function) void function(const struct checking *checking);
#define SITE(id, feature, function) ROUTER(id, feature, function)
#include "list.h"
#undef SITE
#undef ROUTER

#endif
