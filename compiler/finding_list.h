/* finding_list.h - the stable name, severity and meaning of every finding, one row each.
 * FINDING(id, name, severity, summary) */

/* Reading. */
FINDING(CANNOT_READ,        "cannot-read",        ERROR,   "a file cannot be read")
FINDING(CANNOT_WRITE,       "cannot-write",       ERROR,   "the output cannot be written")
FINDING(BAD_LINE,           "bad-line",           ERROR,   "a line is not `key : value`")
FINDING(BAD_BYTE,           "bad-byte",           ERROR,   "a byte that no config may hold (NUL, control or multi-byte character)")
FINDING(BAD_QUOTING,        "bad-quoting",        ERROR,   "a quoted value does not end, or goes on after its closing quote")
FINDING(EMPTY_CONFIG,       "empty-config",       WARNING, "a config without a single setting")
FINDING(VALUE_MISSING,      "value-missing",      WARNING, "a key without a value sets nothing")

/* Keys, types and references. */
FINDING(UNKNOWN_KEY,        "unknown-key",        ERROR,   "no such key exists")
FINDING(DUPLICATE_KEY,      "duplicate-key",      ERROR,   "the same key twice: a SEIL refuses every such line")
FINDING(BAD_INDEX,          "bad-index",          ERROR,   "an index with leading zeros, too large, or of an interface that cannot exist")
FINDING(BAD_VALUE,          "bad-value",          ERROR,   "a value that the key does not take")
FINDING(MASKED_VALUE,       "masked-value",       ERROR,   "a value masked with * for publication")
FINDING(PLACEHOLDER,        "placeholder",        ERROR,   "a ${...} that was meant to be replaced before a router sees it")
FINDING(MISSING_KEY,        "missing-key",        ERROR,   "an entry lacks a key that it cannot do without")
FINDING(TOO_MANY_ENTRIES,   "too-many-entries",   ERROR,   "more entries than a SEIL takes")
FINDING(UNKNOWN_INTERFACE,  "unknown-interface",  ERROR,   "a reference to an interface that has no configuration")
FINDING(AMBIGUOUS_REFERENCE, "ambiguous-reference", ERROR, "a reference that several interfaces fit")
FINDING(NO_SUCH_ADDRESS,    "no-such-address",    ERROR,   "a reference to an interface that has no address of the kind needed")
FINDING(CONFLICTING_KEYS,   "conflicting-keys",   ERROR,   "two keys that exclude each other")
FINDING(DEPRECATED_KEY,     "deprecated-key",     NOTE,    "an older spelling of a key")

/* Lowering. */
FINDING(NOT_TRANSLATED,     "not-translated",     ERROR,   "a setting that has no translation yet")
FINDING(CANNOT_EXPRESS,     "cannot-express",     ERROR,   "a setting that stock Linux daemons cannot carry out")
FINDING(APPROXIMATED,       "approximated",       NOTE,    "a setting whose translation differs in a detail")
FINDING(UNCLAIMED,          "unclaimed",          ERROR,   "internal: a statement that no part of the compiler took")

/* The site file and the command line. */
FINDING(BAD_SITE,           "bad-site",           ERROR,   "a site file that is not as it should be")
FINDING(BAD_OPTION,         "bad-option",         ERROR,   "an option that cannot be used so")
