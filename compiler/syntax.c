/* syntax.c - run the scanner and the parser over a source, and keep what they find. */
#include "syntax.h"

#include <string.h>

#include "parser.h"

#include "lexer.h"

enum {
    PADDING = 2,        /* NUL bytes behind a source, where flex wants them */
    USUAL_LINE = 24,    /* bytes; most lines are longer, so room for the statements is made once */
};

static struct place
place_of(const struct scan *scan, struct span span)
{
    return (struct place){scan->source, span.start, span.len};
}

/* --- what the parser recognises --- */

void
scan_statement(struct scan *scan, struct span key, struct span value)
{
    struct statements *out = scan->out;

    out->items = arena_grow(scan->arena, out->items, out->count, &out->capacity, sizeof(*out->items));
    out->items[out->count++] = (struct statement){key, value};
}

void
scan_no_value(struct scan *scan, struct span key, struct span colon)
{
    struct place place = place_of(scan, colon);

    (void)key;
    place.start++;
    place.len = 0;
    diag_add(scan->diag, FINDING_VALUE_MISSING, place,
             "a key without a value sets nothing; the empty text is written \"\"");
}

/* --- what is wrong --- */

void
scan_bad_bytes(struct scan *scan, struct span span)
{
    struct finding *finding;
    const char *what = "only printable single-byte characters may stand in a config";

    switch (scan->source->bytes[span.start]) {
    case '\0':
        what = "a NUL byte";
        break;
    case '\r':
        what = "a carriage return within a line; lines end with LF or CRLF";
        break;
    default:
        break;
    }
    finding = diag_add(scan->diag, FINDING_BAD_BYTE, place_of(scan, span), "%s", what);
    if (span.start == 0 && span.len == 3 && !memcmp(scan->source->bytes, "\xef\xbb\xbf", 3))
        diag_fix(scan->diag, finding, place_of(scan, span), "", "delete the byte order mark");
}

void
scan_unclosed_quote(struct scan *scan, struct span span)
{
    diag_add(scan->diag, FINDING_BAD_QUOTING, place_of(scan, span),
             "expected a closing quote before the end of the line");
}

/* Is the first word of the line at `place` what other languages begin a comment with? */
static bool
looks_like_comment(const struct place *place)
{
    struct text line = source_line(place);
    size_t start = 0;

    while (start < line.len && (line.bytes[start] == ' ' || line.bytes[start] == '\t'))
        start++;
    return start < line.len && (memchr("#;!", line.bytes[start], 3) || !strncmp(line.bytes + start, "//", 2));
}

static void
report_line(struct scan *scan, struct span span, const char *want)
{
    struct place place = place_of(scan, span);
    struct finding *finding = diag_add(scan->diag, FINDING_BAD_LINE, place, "expected %s", want);

    if (diag_keeps(scan->diag) && looks_like_comment(&place))
        diag_note(scan->diag, finding, (struct place){0}, "a config has no comments");
}

void
scan_bad_word(struct scan *scan, struct span span)
{
    report_line(scan, span, "':' after the key, which holds no blanks");
}

void
scan_bad_colon(struct scan *scan, struct span span)
{
    span.len = 1;
    report_line(scan, span, "a key before ':'");
}

void
scan_bad_end(struct scan *scan, struct span span)
{
    span.len = 0;
    report_line(scan, span, "':' and a value after the key");
}

void
scan_bad_rest(struct scan *scan, struct span span)
{
    diag_add(scan->diag, FINDING_BAD_QUOTING, place_of(scan, span), "expected nothing after the closing quote");
}

/* --- the run --- */

static void
run_parser(struct scan *scan)
{
    yyscan_t scanner;

    if (scan_lex_init_extra(scan, &scanner))
        return;
    /* flex marks the end of a token in the text while the token is being looked at, and takes the mark away again. */
    scan__scan_buffer((char *)scan->source->bytes, scan->source->len + PADDING, scanner);
    scan_parse(scanner, scan);
    scan_lex_destroy(scanner);
}

void
syntax_parse(struct arena *arena, const struct source *source, struct diag *diag, struct statements *out)
{
    struct scan scan = {.arena = arena, .source = source, .diag = diag, .out = out};
    unsigned warnings = diag->counts[SEV_WARNING], errors = diag->counts[SEV_ERROR];

    *out = (struct statements){.capacity = source->len / USUAL_LINE + 1};
    out->items = arena_array(arena, out->capacity, sizeof(*out->items));
    run_parser(&scan);
    if (!out->count && warnings == diag->counts[SEV_WARNING] && errors == diag->counts[SEV_ERROR])
        diag_add(diag, FINDING_EMPTY_CONFIG, (struct place){.source = source}, "nothing is set here");
}

/* --- for those who read statements --- */

struct text
syntax_text(const struct source *source, struct span span)
{
    return (struct text){source->bytes + span.start, span.len};
}

struct text
syntax_decode(struct arena *arena, struct text written)
{
    struct text inner = {written.bytes + 1, written.len - 2};
    char *copy, *to;

    if (!written.len || written.bytes[0] != '"')
        return written;
    if (!inner.len || !memchr(inner.bytes, '\\', inner.len))
        return inner;
    copy = to = arena_alloc(arena, inner.len);
    for (size_t i = 0; i < inner.len; i++) {
        i += inner.bytes[i] == '\\';
        *to++ = inner.bytes[i];
    }
    return (struct text){copy, (size_t)(to - copy)};
}
