/* hostile.h - strings that try to leave their place in a file. */
#ifndef HOSTILE_H
#define HOSTILE_H

#include <stddef.h>

struct hostile {
    const char *bytes;
    size_t len;
};

#define HOSTILE(text) {text, sizeof(text) - 1}

/* None of these is a domain or host name, so each format either quotes it or refuses it. */
static const struct hostile hostile_names[] = {
    HOSTILE(""),
    HOSTILE(" "),
    HOSTILE("."),
    HOSTILE(".example"),
    HOSTILE("a..b"),
    HOSTILE("-a"),
    HOSTILE("a-.b"),
    HOSTILE("a b"),
    HOSTILE("a\tb"),
    HOSTILE("a\nnameserver 192.0.2.66"),
    HOSTILE("a\r\nb"),
    HOSTILE("a\0b"),
    HOSTILE("a # b"),
    HOSTILE("#a"),
    HOSTILE("a;b"),
    HOSTILE("a{}; };"),
    HOSTILE("a\"b"),
    HOSTILE("a\"}, {\"name\": \"routers\", \"data\": \"192.0.2.66"),
    HOSTILE("a'b"),
    HOSTILE("a\\b"),
    HOSTILE("a\\"),
    HOSTILE("\\\""),
    HOSTILE("$(reboot)"),
    HOSTILE("`reboot`"),
    HOSTILE("$HOME"),
    HOSTILE("%H%n"),
    HOSTILE("a,b"),
    HOSTILE("a/../b"),
    HOSTILE("/etc/passwd"),
    HOSTILE("!a"),
    HOSTILE("@a"),
    HOSTILE("include /etc/shadow"),
    HOSTILE("\x1b[31ma"),
    HOSTILE("\x7f"),
    HOSTILE("\xc3\xa9.example"),
    HOSTILE("\xff\xfe"),
    HOSTILE("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg.example"),
};

/* These are, and come through unchanged. */
static const char *const plain_names[] = {
    "a", "A", "example.jp", "a-b.c--d.example", "1.2.3.example", "0", "xn--nxasmq6b.example", "ntp1.v6.mfeed.ad.jp",
};

enum {
    HOSTILE_COUNT = sizeof(hostile_names) / sizeof(*hostile_names),
    PLAIN_COUNT = sizeof(plain_names) / sizeof(*plain_names),
};

#endif
