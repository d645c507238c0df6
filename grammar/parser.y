/* parser.y - from tokens to statements, one for each line. */

%code requires {
#include "scan.h"
}

%code provides {
#define YYSTYPE SCAN_STYPE      /* the name that flex uses */
}

%code {
#include "lexer.h"

static void scan_error(void *scanner, struct scan *scan, const char *message);
}

%define api.pure full
%define api.prefix {scan_}
%define api.value.type {struct span}
%define parse.error custom
%param {void *scanner}
%parse-param {struct scan *scan}

%token KEY COLON TEXT REST NEWLINE
%token BAD      "what the scanner has reported already"

%%

config:
    %empty
|   config NEWLINE
|   config KEY COLON TEXT NEWLINE       { scan_statement(scan, $KEY, $TEXT); }
|   config KEY COLON NEWLINE            { scan_no_value(scan, $KEY, $COLON); }
|   config error NEWLINE                { yyerrok; }

%%

/* One message for each kind of token in the wrong place. */
static int
yyreport_syntax_error(const yypcontext_t *context, void *scanner, struct scan *scan)
{
    static void (*const reports[YYNTOKENS])(struct scan *scan, struct span span) = {
        [YYSYMBOL_KEY]     = scan_bad_word,
        [YYSYMBOL_COLON]   = scan_bad_colon,
        [YYSYMBOL_NEWLINE] = scan_bad_end,
        [YYSYMBOL_REST]    = scan_bad_rest,
    };
    yysymbol_kind_t token = yypcontext_token(context);

    (void)scanner, (void)yypcontext_expected_tokens;
    if (token != YYSYMBOL_YYEMPTY && reports[token])
        reports[token](scan, scan->last);
    return 0;
}

/* Called for nothing but a lack of memory; the stack does not grow with the input. */
static void
scan_error(void *scanner, struct scan *scan, const char *message)
{
    (void)scanner, (void)scan, (void)message;
}
