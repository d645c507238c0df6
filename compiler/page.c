/* page.c - the pages of the findings, held by the program so that it needs no files. */
#include "page.h"

#include <stdbool.h>
#include <string.h>

#include "embedded.h"

const char *
page_find(const char *finding)
{
    static const char folder[] = "docs/findings/";
    size_t len = strlen(finding);

    for (const struct embedded_file *file = finding_pages; file->path; file++) {
        const char *name = strstr(file->path, folder);

        name = name ? name + strlen(folder) : file->path;
        if (strncmp(name, finding, len) == 0 && strcmp(name + len, ".md") == 0)
            return file->bytes;
    }
    return NULL;
}

/* --- lines of Markdown --- */

enum { WIDTH = 78, MARGIN = 2 };

static size_t
line_length(const char *line)
{
    return strcspn(line, "\n");
}

static const char *
next_line(const char *line)
{
    line += line_length(line);
    return *line ? line + 1 : line;
}

static bool
starts(const char *line, const char *mark)
{
    return strncmp(line, mark, strlen(mark)) == 0;
}

static bool
is_blank(const char *line)
{
    return line[strspn(line, " \t")] == '\n' || !line[strspn(line, " \t")];
}

/* Does this line begin something other than the paragraph before it? */
static bool
begins_block(const char *line)
{
    return is_blank(line) || starts(line, "#") || starts(line, "```") || starts(line, "- ") || starts(line, "|");
}

/* --- plain text --- */

/* A word without Markdown's marks: `x` becomes 'x'. */
static void
print_word(FILE *out, const char *word, size_t len)
{
    for (size_t i = 0; i < len; i++)
        fputc(word[i] == '`' ? '\'' : word[i], out);
}

/* Puts the words of a paragraph into lines of WIDTH; returns the line behind it. */
static const char *
print_paragraph(const char *line, FILE *out)
{
    bool item = starts(line, "- ");
    size_t column = 0;

    do {
        const char *end = line + line_length(line);

        for (const char *word = line + strspn(line, " "); word < end; word += strspn(word, " ")) {
            size_t len = strcspn(word, " \n");

            if (column && column + 1 + len > WIDTH) {
                fputc('\n', out);
                column = 0;
            }
            if (!column)
                column = (size_t)fprintf(out, "%*s", word == line || !item ? MARGIN : MARGIN + 2, "");
            else
                column += (size_t)fprintf(out, " ");
            print_word(out, word, len);
            column += len;
            word += len;
        }
        line = next_line(line);
    } while (*line && !begins_block(line));
    fputc('\n', out);
    return line;
}

/* Fenced code, or a table: as it is. */
static const char *
print_verbatim(const char *line, FILE *out)
{
    bool fenced = starts(line, "```");

    if (fenced)
        line = next_line(line);
    while (*line && (fenced ? !starts(line, "```") : starts(line, "|"))) {
        fprintf(out, "%*s%.*s\n", is_blank(line) ? 0 : MARGIN + 2, "", (int)line_length(line), line);
        line = next_line(line);
    }
    return fenced ? next_line(line) : line;
}

static const char *
print_title(const char *line, FILE *out)
{
    const char *title = line + strspn(line, "# ");

    fprintf(out, "%.*s\n", (int)line_length(title), title);
    line = next_line(line);
    while (*line && is_blank(line))
        line = next_line(line);
    return line;
}

void
page_print(const char *page, FILE *out)
{
    const char *line = starts(page, "# ") ? next_line(page) : page;
    bool blank = false;

    while (is_blank(line) && *line)
        line = next_line(line);
    while (*line) {
        if (is_blank(line)) {
            blank = true;
            line = next_line(line);
            continue;
        }
        if (blank)
            fputc('\n', out);
        blank = false;
        if (starts(line, "#"))
            line = print_title(line, out);
        else if (starts(line, "```") || starts(line, "|"))
            line = print_verbatim(line, out);
        else
            line = print_paragraph(line, out);
    }
}

const char *
page_first_paragraph(struct arena *arena, const char *page)
{
    const char *text = "";

    while (*page && begins_block(page))
        page = next_line(page);
    for (; *page && !begins_block(page); page = next_line(page))
        text = arena_printf(arena, "%s%s%.*s", text, *text ? " " : "", (int)line_length(page), page);
    return text;
}
