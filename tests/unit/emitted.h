/* emitted.h - for tests of backends: what they make of a plan built by hand, and the booking. */
#ifndef EMITTED_H
#define EMITTED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>

#include "backend.h"

/*
 * Statements are the numbers 0 to 31.  from(n) is the origin of statement n; emitted() is the text
 * of a file, each line after the numbers of its statements: "3,7| priority 100".
 */
enum { STATEMENTS = 32 };

static struct arena arena;
static struct diag diag;
static struct ledger ledger;
static struct output output;
static struct node nodes[STATEMENTS];
static struct tree tree = {.nodes = nodes, .count = STATEMENTS};
static struct origin origins[STATEMENTS];

static int
setup(void **state)
{
    size_t i;

    (void)state;
    arena_init(&arena);
    diag_init(&diag, &arena);
    for (i = 0; i < STATEMENTS; i++) {
        nodes[i].number = (uint32_t)i;
        origins[i].node = &nodes[i];
    }
    ledger_init(&ledger, &arena, &tree);
    output_init(&output, &arena, &ledger, &diag);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static inline const struct origin *
from(unsigned statement)
{
    return &origins[statement];
}

static inline bool
is_booked(unsigned statement, const char *path, unsigned line)
{
    const struct emission *emission;

    for (emission = ledger.entries[statement].emissions; emission; emission = emission->next)
        if (strcmp(emission->path, path) == 0 && emission->first <= line && line <= emission->last)
            return true;
    return false;
}

static inline const char *
booking(const char *path, unsigned line)
{
    const char *numbers = "";
    unsigned i;

    for (i = 0; i < STATEMENTS; i++)
        if (is_booked(i, path, line))
            numbers = arena_printf(&arena, "%s%s%u", numbers, *numbers ? "," : "", i);
    return numbers;
}

static inline const struct output_file *
find_file(const char *path)
{
    size_t i;

    for (i = 0; i < output.count; i++)
        if (strcmp(output.files[i]->path, path) == 0)
            return output.files[i];
    return NULL;
}

static inline const char *
emitted(const char *path)
{
    const struct output_file *file = find_file(path);
    const char *text = "";
    const char *at;
    unsigned line = 1;

    assert_non_null(file);
    for (at = file->bytes; *at; line++) {
        size_t len = strcspn(at, "\n");

        text = arena_printf(&arena, "%s%s| %.*s\n", text, booking(path, line), (int)len, at);
        at += len + (at[len] == '\n');
    }
    return text;
}

static inline struct text
text_of(const char *bytes)
{
    return (struct text){bytes, strlen(bytes)};
}

static inline struct in_addr
ipv4(const char *text)
{
    struct in_addr address;

    assert_int_equal(inet_pton(AF_INET, text, &address), 1);
    return address;
}

static inline struct in6_addr
ipv6(const char *text)
{
    struct in6_addr address;

    assert_int_equal(inet_pton(AF_INET6, text, &address), 1);
    return address;
}

/* An address of either family with a length. */
static inline struct plan_address
address(const char *text, unsigned len, const struct origin *origin)
{
    struct plan_address made = {.len = (uint8_t)len, .from = origin};

    if (strchr(text, ':')) {
        made.family = FAMILY_IPV6;
        made.ipv6 = ipv6(text);
    } else {
        made.family = FAMILY_IPV4;
        made.ipv4 = ipv4(text);
    }
    return made;
}

static inline struct plan_number
number(unsigned value, const struct origin *origin)
{
    return (struct plan_number){value, true, origin};
}

static inline struct plan_flag
flag(bool on, const struct origin *origin)
{
    return (struct plan_flag){on, origin};
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

#endif
