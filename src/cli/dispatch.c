/* dispatch.c - from a command line to the command it names. */
#include "base/os.h"
#include "cli/args.h"
#include "cli/command.h"
#include "cli/help.h"
#include "cli/io.h"
#include "render/renderer.h"

static const char *const color_choices[] = {"auto", "always", "never", NULL};
static const char *const format_choices[] = {"text", "csv",  "json", "md",
                                             "html", "xlsx", "pdf",  NULL};
static const char *const paper_choices[] = {"a4", "letter", NULL};

/* clang-format off */
const struct option common_options[] = {
    {"book", 0, OPT_DIR, "DIR", NULL, false,
     "The book to work on; default $OUTLAY_BOOK, else the current folder."},
    {"output", 'o', OPT_FILE, "FILE", NULL, false,
     "Write the report to FILE instead of stdout; its ending picks the format."},
    {"format", 0, OPT_CHOICE, "FORMAT", format_choices, false,
     "text, csv, json, md, html, xlsx or pdf; default by the ending of --output, else text."},
    {"as-of", 0, OPT_DAY, "DATE", NULL, false,
     "Take DATE for today; makes a report repeatable."},
    {"strict", 0, OPT_FLAG, NULL, NULL, false,
     "Fail with status 4 when anything is unpriced, unclassified or without a rate."},
    {"threads", 0, OPT_COUNT, "N", NULL, false,
     "Processors to use; default $OUTLAY_THREADS, else all; the result does not depend on it."},
    {"memory", 0, OPT_BYTES, "SIZE", NULL, false,
     "Memory to use at most, such as 2G; default a quarter of the machine's."},
    {"color", 0, OPT_CHOICE, "WHEN", color_choices, false,
     "auto, always or never; default auto: on a terminal, unless NO_COLOR or TERM=dumb."},
    {"plain", 0, OPT_FLAG, NULL, NULL, false,
     "No color, no drawn lines, no progress line: for screen readers and logs."},
    {"pager", 0, OPT_FLAG, NULL, NULL, false,
     "Page long reports on a terminal by $OUTLAY_PAGER, $PAGER or less; the default."},
    {"no-pager", 0, OPT_FLAG, NULL, NULL, false, "Never start a pager."},
    {"paper", 0, OPT_CHOICE, "SIZE", paper_choices, false,
     "Paper of pdf: a4 or letter; default a4."},
    {"quiet", 'q', OPT_FLAG, NULL, NULL, false, "Say nothing on stderr but warnings and errors."},
    {"help", 'h', OPT_FLAG, NULL, NULL, false, "Show help for the command."},
    {0},
};
/* clang-format on */

/* Finding the command: its words, and the command line without them. */
struct found {
    const struct command *command;
    str *words;
    size_t n;
};

static const struct command *by_name(const struct command *const *list, str name)
{
    for (size_t i = 0; list[i]; i++)
        if (str_eq(name, str_of(list[i]->name)))
            return list[i];
    return NULL;
}

/* Does any command start with `first` and a blank? */
static bool has_subcommands(const struct command *const *list, str first)
{
    for (size_t i = 0; list[i]; i++) {
        str name = str_of(list[i]->name);
        if (name.n > first.n && str_starts(name, first) && name.p[first.n] == ' ')
            return true;
    }
    return false;
}

static bool unknown_command(struct arena *a, const struct command *const *list, str name,
                            struct err *e)
{
    const char **names = NULL;
    size_t n = 0, cap = 0;
    str last = STR_NONE;
    for (size_t i = 0; list[i]; i++) {
        /* a subcommand's first word counts once; whole names count too */
        str whole = str_of(list[i]->name);
        str first = str_sub(whole, 0, MIN(str_find_char(whole, ' ', 0), whole.n));
        names = arena_grow(a, names, sizeof *names, &cap, n + 2);
        names[n++] = list[i]->name;
        if (first.n != whole.n && !str_eq(first, last))
            names[n++] = str_cstr(a, first);
        last = first;
    }
    const char *near = str_closest(name, names, n);
    err_set(e, ERR_USAGE, "unknown command '%.*s'", FMT(name));
    return err_hint(e, "%s%s%sUsage: outlay COMMAND [OPTIONS] [OPERANDS]; `outlay help` lists the "
                       "commands.", near ? "Did you mean '" : "", near ? near : "",
                    near ? "'?\n" : "");
}

static bool unknown_subcommand(struct arena *a, const struct command *const *list, str first,
                               str second, struct err *e)
{
    CLEANUP(buf_release) struct buf all;
    buf_init(&all, 600);
    const char **names = NULL;
    size_t n = 0, cap = 0;
    for (size_t i = 0; list[i]; i++) {
        str name = str_of(list[i]->name);
        if (name.n <= first.n || !str_starts(name, first) || name.p[first.n] != ' ')
            continue;
        names = arena_grow(a, names, sizeof *names, &cap, n + 1);
        names[n++] = list[i]->name + first.n + 1;
        buf_fmt(&all, "%s%s", n > 1 ? ", " : "", names[n - 1]);
    }
    if (!second.n) {
        err_set(e, ERR_USAGE, "'%.*s' needs a subcommand", FMT(first));
        return err_hint(e, "One of: %.*s.", FMT(buf_str(&all)));
    }
    const char *near = str_closest(second, names, n);
    err_set(e, ERR_USAGE, "'%.*s' has no subcommand '%.*s'", FMT(first), FMT(second));
    return err_hint(e, "%s%s%sOne of: %.*s.", near ? "Did you mean '" : "", near ? near : "",
                    near ? "'?\n" : "", FMT(buf_str(&all)));
}

/* The index of the next word that is no option, or n. command may be NULL: common options only. */
static size_t next_operand(const str *words, size_t n, size_t at, const struct command *command)
{
    for (; at < n; at++) {
        str w = words[at];
        if (w.n < 2 || w.p[0] != '-')
            return at;
        if (str_eq(w, S("--")))
            return n;
        bool is_long = w.p[1] == '-';
        if (is_long && str_find_char(w, '=', 0) != SIZE_MAX)
            continue;
        const struct option *o = is_long ? option_find(command, str_sub(w, 2, w.n))
                                         : option_letter(command, w.p[w.n - 1]);
        if (o && o->kind != OPT_FLAG)
            at++;
    }
    return n;
}

static bool wants(const str *words, size_t n, const char *long_name, const char *letter)
{
    for (size_t i = 0; i < n && !str_eq(words[i], S("--")); i++)
        if (str_eq(words[i], str_of(long_name)) || (letter && str_eq(words[i], str_of(letter))))
            return true;
    return false;
}

static void remove_word(struct found *f, size_t at)
{
    memmove(f->words + at, f->words + at + 1, (f->n - at - 1) * sizeof *f->words);
    f->n--;
}

static bool find_command(struct arena *a, const struct cli *cli, struct found *f, struct err *e)
{
    size_t at = next_operand(f->words, f->n, 0, NULL);
    if (at >= f->n) {
        bool asks = !f->n || wants(f->words, f->n, "--help", "-h");
        f->command = by_name(cli->commands, asks ? S("help") : S("version"));
        bool version = wants(f->words, f->n, "--version", NULL);
        if (!asks && !version) {
            err_set(e, ERR_USAGE, "'%.*s' is not followed by a command", FMT(f->words[f->n - 1]));
            return err_hint(e, "Usage: outlay COMMAND [OPTIONS] [OPERANDS]; `outlay help` lists "
                               "the commands.");
        }
        f->n = 0;
        return true;
    }
    str first = f->words[at];
    size_t next = next_operand(f->words, f->n, at + 1, by_name(cli->commands, first));
    str second = next < f->n ? f->words[next] : STR_NONE;
    str both = str_fmt(a, "%.*s %.*s", FMT(first), FMT(second));
    if (second.n && (f->command = by_name(cli->commands, both))) {
        remove_word(f, next);
        remove_word(f, at);
        return true;
    }
    f->command = by_name(cli->commands, first);
    bool family = has_subcommands(cli->commands, first);
    if (!f->command && !family)
        return unknown_command(a, cli->commands, first, e);
    if (family && (!f->command || (second.n && f->command->max_operands == 0))) {
        if (!second.n && wants(f->words, f->n, "--help", "-h")) {
            f->command = by_name(cli->commands, S("help"));
            f->words[0] = first;
            f->n = 1;
            return true;
        }
        return unknown_subcommand(a, cli->commands, first, second, e);
    }
    remove_word(f, at);
    return true;
}

static bool settings(struct ctx *c, const struct cli *cli, struct err *e)
{
    const struct args *args = c->args;
    c->book_dir = args_text(args, "book");
    if (!c->book_dir.n)
        c->book_dir = os_env("OUTLAY_BOOK");
    if (!c->book_dir.n)
        c->book_dir = S(".");
    c->today = args_has(args, "as-of") ? args_day(args, "as-of") : cli->today;
    int64_t threads = args_count(args, "threads", 0);
    str env = os_env("OUTLAY_THREADS");
    if (!args_has(args, "threads") && env.n && (!str_to_i64(env, &threads) || threads < 1))
        return err_set(e, ERR_USAGE, "$OUTLAY_THREADS '%.*s' is not a count of 1 or more",
                       FMT(env));
    if (args_has(args, "threads") && (threads < 1 || threads > 1024))
        return err_set(e, ERR_USAGE, "--threads must be 1 to 1024");
    c->threads = threads ? (int)MIN(threads, (int64_t)1024) : os_cpus();
    c->memory = args_bytes(args, "memory", 0);
    c->strict = args_flag(args, "strict");
    return true;
}

bool cli_run(const struct cli *cli, int argc, char *const *argv, struct err *e)
{
    CLEANUP(arena_release) struct arena a = ARENA_INIT;
    size_t n = argc > 1 ? (size_t)argc - 1 : 0;
    struct found f = {.words = arena_new(&a, str, n + 1), .n = n};
    for (size_t i = 0; i < n; i++)
        f.words[i] = str_of(argv[i + 1]);
    struct ctx c = {.arena = &a, .interrupted = cli->interrupted, .commands = cli->commands};
    if (!find_command(&a, cli, &f, e) || !args_parse(&a, f.command, f.words, f.n, &c.args, e) ||
        !io_open(&c, cli, e) || !settings(&c, cli, e))
        return false;
    if (args_flag(c.args, "help"))
        return help_command(&c, f.command, e);
    bool ok = f.command->run(&c, e);
    progress_end(io_progress(&c));
    return ok;
}
