/* page.h - the pages of the findings (docs/findings/NAME.md), held by the program so that it needs no files. */
#ifndef SEILC_PAGE_H
#define SEILC_PAGE_H

#include <stdio.h>

#include "arena.h"

/* The page of a finding, in Markdown, ending in NUL; NULL if there is none (a test keeps that from happening). */
const char *page_find(const char *finding);

/* The first paragraph of a page, on one line, in plain text: what is wrong. */
const char *page_first_paragraph(struct arena *arena, const char *page);

/*
 * A page as plain text for a terminal, without its title: paragraphs filled to 78 columns, code indented.  The pages use titles,
 * paragraphs, lists, fenced code and `words`, and no more of Markdown.
 */
void page_print(const char *page, FILE *out);

#endif
