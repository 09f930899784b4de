/* args.h - the command line of one command, parsed and checked against its table of options.
 *
 * Options stand anywhere, `--` ends them, `-abc` is `-a -b -c`, `-oFILE` and `--opt=value` work,
 * names are never abbreviated. Values are checked while parsing (a day is a day, a choice is one of
 * them), so the accessors cannot fail. Asking for an option that the command lacks is a bug. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/command.h"
#include "core/month.h"

struct text_list {
    str *items;
    size_t n, cap;
};

/* words: everything but the name of the command. */
MUST_CHECK bool args_parse(struct arena *a, const struct command *command, const str *words,
                           size_t n_words, const struct args **ret, struct err *e);

bool args_has(const struct args *args, const char *name);  /* was it given? */
bool args_flag(const struct args *args, const char *name);
str args_text(const struct args *args, const char *name);  /* the last one; empty when absent */
int64_t args_count(const struct args *args, const char *name, int64_t otherwise);
uint64_t args_bytes(const struct args *args, const char *name, uint64_t otherwise);
day args_day(const struct args *args, const char *name);   /* DAY_NONE when absent */
/* What a span means depends on the book: fiscal_start is the first month of its fiscal year. False
 * only when the option is absent. */
bool args_span(const struct args *args, const char *name, int fiscal_start,
               struct month_span *ret);
/* Every value given, comma-separated ones apart, in order. */
struct text_list args_list(const struct args *args, const char *name);
/* The index of the value among the option's choices, or -1 when absent. */
int args_choice(const struct args *args, const char *name);

size_t args_n(const struct args *args); /* operands */
str args_operand(const struct args *args, size_t i); /* empty beyond the last */
struct text_list args_operands(const struct args *args);
const struct command *args_command(const struct args *args);

/* The option of a command (or a common one) by long name or letter; NULL when there is none. */
const struct option *option_find(const struct command *command, str name);
const struct option *option_letter(const struct command *command, char letter);

/* "2G" and the like, for settings outside the command line. */
MUST_CHECK bool parse_bytes(str s, uint64_t *ret);

/* An ERR_USAGE error that shows the command's usage line, for what the table cannot check:
 * return args_wrong(c->args, e, "--from and --year exclude each other"). Always false. */
bool args_wrong(const struct args *args, struct err *e, const char *fmt, ...) PRINTF_LIKE(3, 4);

#endif
