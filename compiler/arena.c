/* arena.c - memory for one compile: allocate along the way, free all at the end. */
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_SIZE = 64 * 1024,
    ALIGN = alignof(max_align_t),
};

struct arena_block {
    struct arena_block *next;
    alignas(max_align_t) char bytes[];
};

static _Noreturn void
out_of_memory(void)
{
    fputs("seilc: out of memory\n", stderr);
    exit(2);
}

void
arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

void
arena_free(struct arena *arena)
{
    while (arena->blocks) {
        struct arena_block *block = arena->blocks;

        arena->blocks = block->next;
        free(block);
    }
    arena_init(arena);
}

/* A block of its own for a large request; otherwise the new current block. */
static char *
add_block(struct arena *arena, size_t size)
{
    size_t room = size > BLOCK_SIZE / 4 ? size : BLOCK_SIZE;
    struct arena_block *block;

    if (room > SIZE_MAX - sizeof(*block))
        out_of_memory();
    block = malloc(sizeof(*block) + room);
    if (!block)
        out_of_memory();
    block->next = arena->blocks;
    arena->blocks = block;
    if (room == BLOCK_SIZE) {
        arena->next = block->bytes + size;
        arena->end = block->bytes + room;
    }
    return block->bytes;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
    char *memory;

    if (size > SIZE_MAX - ALIGN)
        out_of_memory();
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    if (size <= (size_t)(arena->end - arena->next)) {
        memory = arena->next;
        arena->next += size;
    } else {
        memory = add_block(arena, size);
    }
    return size ? memset(memory, 0, size) : memory;
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        out_of_memory();
    return arena_alloc(arena, count * size);
}

void *
arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    void *larger;

    if (count < *capacity)
        return items;
    if (*capacity > SIZE_MAX / 2)
        out_of_memory();
    *capacity = *capacity ? *capacity * 2 : 8;
    larger = arena_array(arena, *capacity, size);
    if (count)
        memcpy(larger, items, count * size);
    return larger;
}

char *
arena_copy(struct arena *arena, const char *text, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);

    if (len)
        memcpy(copy, text, len);
    return copy;
}

char *
arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    char *text;
    int len;

    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (len < 0)
        out_of_memory();
    text = arena_alloc(arena, (size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, format, args);
    return text;
}

char *
arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}
