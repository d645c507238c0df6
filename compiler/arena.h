/* arena.h - memory for one compile: allocate along the way, free all at the end. */
#ifndef SEILC_ARENA_H
#define SEILC_ARENA_H

#include <stdarg.h>
#include <stddef.h>

/*
 * One arena belongs to one compile.  Every stage allocates from it, nobody frees along the way,
 * and arena_free() returns all of it.  When memory runs out the program says so and exits with
 * status 2: nothing was written yet, since writing is the last stage and all or nothing.
 */
struct arena {
    struct arena_block *blocks;
    char *next;
    char *end;
};

void arena_init(struct arena *arena);
void arena_free(struct arena *arena);

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

/* Room for `count` elements of `size` bytes, zeroed; an overflowing product counts as out of memory. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/*
 * Grows an array that an arena owns: returns `items` itself while there is room for one more element, else a copy of
 * twice the capacity.  `*capacity` follows.  The old copy stays in the arena until its end.
 */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size);

/* A NUL-terminated copy of `len` bytes. */
char *arena_copy(struct arena *arena, const char *text, size_t len);

char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args);

#endif
