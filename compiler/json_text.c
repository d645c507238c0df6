/* json_text.c - any bytes as a JSON string. */
#include "json_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *
json_text(const char *text)
{
    json_t *string = json_string(text);
    char *escaped, *to;

    if (string)
        return string;
    escaped = to = malloc(strlen(text) * 4 + 1);
    if (!escaped)
        return json_null();
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;

        to += sprintf(to, byte < 0x80 ? "%c" : "\\x%02x", byte);
    }
    string = json_string(escaped);
    free(escaped);
    return string;
}
