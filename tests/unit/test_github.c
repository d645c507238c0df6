/* test_github.c - findings as workflow commands: nothing in a config or a name may end a command or begin another. */
#include "front.h"

#include "github.h"

static const char *input = "in.seil";

static void
print_github(struct front *front, FILE *out)
{
    github_print(&front->diag, input, out);
}

/* Messages. */
static const struct {
    const char *text;
    const char *printed;
} messages[] = {
    {"plain: a, b",                "plain: a, b"                     },
    {"50% of\r\n::error::x",       "50%25 of\\x0d\\x0a::error::x"    },
    {"%0A%0D",                     "%250A%250D"                      },
    {"\n",                         "\\x0a"                           },
    {"\x1b[31mred\x7f",            "\\x1b[31mred\\x7f"               },
    {"]]>&<\"'`$(x)",              "]]>&<\"'`$(x)"                   },
    {"caf\xc3\xa9",                "caf\xc3\xa9"                     },
    {"",                           ""                                },
};

static void
test_messages(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(messages); i++) {
        struct front front;
        const char *want;

        front_scan(&front, "a: b\n", 5);
        diag_add(&front.diag, FINDING_BAD_VALUE, (struct place){front.source, 3, 1}, "%s", messages[i].text);
        want = arena_printf(&front.arena, "::error file=test.seil,line=1,col=4,title=bad-value::%s\n", messages[i].printed);
        assert_string_equal(front_output(&front, print_github), want);
        front_free(&front);
    }
}

/* Names of files. */
static const struct {
    const char *name;
    const char *property;
} names[] = {
    {"a.seil",                "file=a.seil,line=1,col=1,"               },
    {"./b//c.seil",           "file=b/c.seil,line=1,col=1,"             },
    {"a,line=9::x.seil",      "file=a%2Cline=9%3A%3Ax.seil,line=1,col=1,"},
    {"a\r\n::error::y",       "file=a%0D%0A%3A%3Aerror%3A%3Ay,line=1,col=1,"},
    {"100%.seil",             "file=100%25.seil,line=1,col=1,"          },
    {"\x1b]0;t\x07",          "file=\\x1b]0;t\\x07,line=1,col=1,"       },
    {"--set",                 ""                                        },
};

static void
test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct front front;
        struct source *source;
        const char *want;

        front_scan(&front, "a: b\n", 5);
        front.diag.count = 0;
        source = source_of(&front.arena, names[i].name, "x", 1);
        diag_add(&front.diag, FINDING_VALUE_MISSING, (struct place){source, 0, 1}, "m");
        want = arena_printf(&front.arena, "::warning %stitle=value-missing::m\n", names[i].property);
        assert_string_equal(front_output(&front, print_github), want);
        front_free(&front);
    }
}

/* Notes follow the message; columns count characters; what has no place stands at its input. */
static void
test_notes(void **state)
{
    struct front front;
    struct finding *finding;

    (void)state;
    front_scan(&front, "a: b\n\xe3\x81\x82\xff c\n", 12);
    front.diag.count = 0;
    finding = diag_add(&front.diag, FINDING_DEPRECATED_KEY, (struct place){front.source, 10, 1}, "old");
    diag_note(&front.diag, finding, (struct place){0}, "help: 1%%");
    diag_note(&front.diag, finding, (struct place){front.source, 0, 1}, "see: here");
    diag_add(&front.diag, FINDING_CANNOT_READ, (struct place){0}, "gone");
    assert_string_equal(front_output(&front, print_github),
                        "::notice file=test.seil,line=2,col=4,title=deprecated-key::old%0Ahelp: 1%25%0A"
                        "test.seil:1:1: see: here\n"
                        "::error file=in.seil,title=cannot-read::gone\n");
    input = "-";
    assert_non_null(strstr(front_output(&front, print_github), "\n::error title=cannot-read::gone\n"));
    front_free(&front);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_notes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
