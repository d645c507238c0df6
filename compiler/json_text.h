/* json_text.h - any bytes as a JSON string. */
#ifndef SEILC_JSON_TEXT_H
#define SEILC_JSON_TEXT_H

#include <jansson.h>

/* JSON is UTF-8: of a text that is not, the bytes from 0x80 are spelt \x80. */
json_t *json_text(const char *text);

#endif
