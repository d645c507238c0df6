/* source.c - read an input and find lines in it. */
#define _GNU_SOURCE     /* memrchr() */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BLOCK = 64 * 1024,  /* bytes between two known line numbers */
    PADDING = 2,        /* NUL bytes behind the text */
};

static struct source *
make_source(struct arena *arena, const char *name, const char *bytes, size_t len)
{
    struct source *source = arena_alloc(arena, sizeof(*source));

    source->name = arena_copy(arena, name, strlen(name));
    source->bytes = bytes;
    source->len = len;
    source->blocks = arena_array(arena, len / BLOCK + 1, sizeof(*source->blocks));
    return source;
}

struct source *
source_of(struct arena *arena, const char *name, const char *bytes, size_t len)
{
    char *copy = arena_alloc(arena, len + PADDING);

    if (len)
        memcpy(copy, bytes, len);
    return make_source(arena, name, copy, len);
}

/* Reads until the end or `size` bytes; the number of bytes read, or -1. */
static ssize_t
read_full(int fd, char *buffer, size_t size)
{
    size_t len = 0;

    while (len < size) {
        ssize_t count = read(fd, buffer + len, size - len);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return -1;
        if (count == 0)
            break;
        len += (size_t)count;
    }
    return (ssize_t)len;
}

/* Reads all of it; `expected` is only a guess. */
static char *
read_all(struct arena *arena, int fd, size_t expected, size_t *len, const char **why)
{
    size_t size = expected + 1;     /* one more, so that the end shows at once */
    char *buffer = arena_alloc(arena, size + PADDING);

    *len = 0;
    for (;;) {
        ssize_t count = read_full(fd, buffer + *len, size - *len);
        char *larger;

        if (count < 0) {
            *why = strerror(errno);
            return NULL;
        }
        *len += (size_t)count;
        if (*len > SOURCE_MAX) {
            *why = "larger than 1 GiB";
            return NULL;
        }
        if (*len < size)
            break;
        larger = arena_alloc(arena, size * 2 + PADDING);
        memcpy(larger, buffer, *len);
        buffer = larger;
        size *= 2;
    }
    return buffer;
}

static struct source *
read_fd(struct arena *arena, const char *name, int fd, const char **why)
{
    struct stat st;
    size_t expected = BLOCK, len;
    char *bytes;

    if (fstat(fd, &st)) {
        *why = strerror(errno);
        return NULL;
    }
    if (S_ISDIR(st.st_mode)) {
        *why = "is a directory";
        return NULL;
    }
    if (S_ISREG(st.st_mode) && st.st_size > SOURCE_MAX) {
        *why = "larger than 1 GiB";
        return NULL;
    }
    if (S_ISREG(st.st_mode) && st.st_size > 0)
        expected = (size_t)st.st_size;
    bytes = read_all(arena, fd, expected, &len, why);
    return bytes ? make_source(arena, name, bytes, len) : NULL;
}

struct source *
source_read(struct arena *arena, const char *name, const char **why)
{
    struct source *source;
    int fd;

    if (!strcmp(name, "-"))
        return read_fd(arena, name, STDIN_FILENO, why);
    fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        *why = strerror(errno);
        return NULL;
    }
    source = read_fd(arena, name, fd, why);
    close(fd);
    return source;
}

bool
source_is_option(const struct source *source)
{
    return strncmp(source->name, "--", 2) == 0;
}

static uint32_t
count_newlines(const char *from, const char *to)
{
    uint32_t count = 0;

    while (from < to && (from = memchr(from, '\n', (size_t)(to - from)))) {
        from++;
        count++;
    }
    return count;
}

/* How many lines end before `offset`. */
static uint32_t
lines_before(const struct source *source, size_t offset)
{
    size_t block = offset / BLOCK;
    uint32_t *blocks = source->blocks;

    while (blocks[0] < block) {     /* block 0 has nothing before it, so its place holds the count */
        size_t start = blocks[0] * (size_t)BLOCK;

        blocks[blocks[0] + 1] = (blocks[0] ? blocks[blocks[0]] : 0)
                                + count_newlines(source->bytes + start, source->bytes + start + BLOCK);
        blocks[0]++;
    }
    return (block ? blocks[block] : 0) + count_newlines(source->bytes + block * BLOCK, source->bytes + offset);
}

static size_t
line_start(const struct source *source, size_t offset)
{
    const char *newline = offset ? memrchr(source->bytes, '\n', offset) : NULL;

    return newline ? (size_t)(newline - source->bytes) + 1 : 0;
}

void
source_locate(const struct place *place, unsigned *line, unsigned *column)
{
    *line = 1 + lines_before(place->source, place->start);
    *column = 1 + (unsigned)(place->start - line_start(place->source, place->start));
}

/* How many bytes make the code point at `text`: those of a sound UTF-8 sequence, else 1. */
static size_t
code_point_length(const char *text, const char *end)
{
    unsigned char first = (unsigned char)*text;
    size_t len = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xc2 && first < 0xe0 ? 2 : 1;

    if (len > (size_t)(end - text))
        return 1;
    for (size_t i = 1; i < len; i++)
        if (((unsigned char)text[i] & 0xc0) != 0x80)
            return 1;
    return len;
}

/* The column of an offset, in code points from 1. */
static unsigned
column_of(const struct source *source, size_t offset)
{
    const char *text = source->bytes + line_start(source, offset), *end = source->bytes + offset;
    unsigned column = 1;

    for (; text < end; text += code_point_length(text, end))
        column++;
    return column;
}

void
source_region(const struct place *place, struct region *out)
{
    const struct source *source = place->source;
    size_t end = (size_t)place->start + place->len;

    out->line = 1 + lines_before(source, place->start);
    out->column = column_of(source, place->start);
    out->end_line = 1 + lines_before(source, end);
    out->end_column = column_of(source, end);
}

struct text
source_key(const struct place *place)
{
    struct text line = source_line(place);
    size_t start = 0, end, colon;

    while (start < line.len && (line.bytes[start] == ' ' || line.bytes[start] == '\t'))
        start++;
    for (end = start; end < line.len && !memchr(": \t", line.bytes[end], 3); end++)
        ;
    for (colon = end; colon < line.len && (line.bytes[colon] == ' ' || line.bytes[colon] == '\t'); colon++)
        ;
    if (colon == line.len || line.bytes[colon] != ':')
        end = start;
    return (struct text){line.bytes + start, end - start};
}

struct text
source_line(const struct place *place)
{
    const struct source *source = place->source;
    size_t start = line_start(source, place->start);
    const char *newline = memchr(source->bytes + start, '\n', source->len - start);
    size_t end = newline ? (size_t)(newline - source->bytes) : source->len;

    if (end > start && source->bytes[end - 1] == '\r')
        end--;
    return (struct text){source->bytes + start, end - start};
}

struct text
source_text(const struct place *place)
{
    return (struct text){place->source->bytes + place->start, place->len};
}

bool
text_equal(struct text a, struct text b)
{
    return a.len == b.len && (!a.len || memcmp(a.bytes, b.bytes, a.len) == 0);
}

bool
name_ends_with(const char *name, const char *ending)
{
    size_t len = strlen(name), ending_len = strlen(ending);

    return len > ending_len && strcmp(name + len - ending_len, ending) == 0;
}
