/* args.c - parsing a command line against its table of options. */
#include "cli/args.h"

#include <stdarg.h>

struct given {
    const struct option *option;
    str value;
    struct given *next; /* in order */
};

struct args {
    const struct command *command;
    struct given *given;
    struct text_list operands;
    struct arena *arena;
};

/* By letter when there is one, else by name; the own options of the command first. */
static const struct option *search(const struct command *command, str name, char letter)
{
    const struct option *tables[] = {command ? command->options : NULL, common_options};
    for (size_t t = 0; t < ARRAY_LEN(tables); t++)
        for (const struct option *o = tables[t]; o && o->name; o++)
            if (letter ? o->letter == letter : str_eq(str_of(o->name), name))
                return o;
    return NULL;
}

const struct option *option_find(const struct command *command, str name)
{
    return search(command, name, 0);
}

const struct option *option_letter(const struct command *command, char letter)
{
    return letter ? search(command, STR_NONE, letter) : NULL;
}

static void add_item(struct arena *a, struct text_list *l, str s)
{
    l->items = arena_grow(a, l->items, sizeof *l->items, &l->cap, l->n + 1);
    l->items[l->n++] = s;
}

bool parse_bytes(str s, uint64_t *ret)
{
    static const struct {
        const char *suffix;
        unsigned shift;
    } units[] = {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}, {"KB", 10}, {"MB", 20},
                 {"GB", 30},  {"TB", 40},  {"K", 10},   {"M", 20},   {"G", 30},  {"T", 40}};
    unsigned shift = 0;
    for (size_t i = 0; i < ARRAY_LEN(units) && !shift; i++) {
        if (str_ends_nocase(s, str_of(units[i].suffix))) {
            shift = units[i].shift;
            s = str_sub(s, 0, s.n - strlen(units[i].suffix));
        }
    }
    uint64_t v;
    if (!str_to_u64(s, &v) || v > UINT64_MAX >> shift)
        return false;
    *ret = v << shift;
    return true;
}

static bool parse_day_or_month(enum option_kind kind, str s, day *ret)
{
    month m;
    if (month_parse(s, &m)) {
        *ret = kind == OPT_FIRST_DAY ? month_first_day(m) : month_last_day(m);
        return true;
    }
    return s.n == 10 && s.p[4] == '-' && date_parse(s, DATE_MDY, ret);
}

static size_t count_choices(const struct option *o)
{
    size_t n = 0;
    while (o->choices[n])
        n++;
    return n;
}

static int choice_of(const struct option *o, str value)
{
    for (int i = 0; o->choices[i]; i++)
        if (str_eq(value, str_of(o->choices[i])))
            return i;
    return -1;
}

static bool check_choice(const struct option *o, str value, struct err *e)
{
    if (choice_of(o, value) >= 0)
        return true;
    char all[600] = "";
    size_t n = 0;
    for (size_t i = 0; o->choices[i] && n < sizeof all; i++)
        n += (size_t)snprintf(all + n, sizeof all - n, "%s%s", i ? ", " : "", o->choices[i]);
    const char *near = str_closest(value, o->choices, count_choices(o));
    err_set(e, ERR_USAGE, "--%s cannot be '%.*s'", o->name, FMT(value));
    return near ? err_hint(e, "Did you mean '%s'? It is one of: %s.", near, all)
                : err_hint(e, "It is one of: %s.", all);
}

static bool bad_value(struct err *e, const struct option *o, str value, const char *what,
                      const char *hint)
{
    err_set(e, ERR_USAGE, "--%s '%.*s' is not a %s", o->name, FMT(value), what);
    return err_hint(e, "%s", hint);
}

static bool check_value(const struct option *o, str value, struct err *e)
{
    int64_t count;
    uint64_t bytes;
    day d;
    struct month_span span;
    switch (o->kind) {
    case OPT_COUNT:
        return (str_to_i64(value, &count) && count >= 0) ||
               bad_value(e, o, value, "count", "Write a whole number of 0 or more.");
    case OPT_BYTES:
        return parse_bytes(value, &bytes) ||
               bad_value(e, o, value, "size",
                         "Write bytes, or a number with K, M, G or T, such as 2G.");
    case OPT_DAY:
        return parse_day_or_month(o->kind, value, &d) ||
               bad_value(e, o, value, "date",
                         "Write 2026-07-31, or 2026-07 for the end of that month.");
    case OPT_FIRST_DAY:
        return parse_day_or_month(o->kind, value, &d) ||
               bad_value(e, o, value, "date",
                         "Write 2026-07-01, or 2026-07 for the start of that month.");
    case OPT_SPAN:
        return month_span_parse(value, 1, &span) ||
               bad_value(e, o, value, "period",
                         "Write 2026, 2026-07, 2026-Q3, FY2027, FY2027-Q1 or 2026-01..2026-06.");
    case OPT_CHOICE:
        return check_choice(o, value, e);
    case OPT_TEXT:
    case OPT_SETTING:
        return true;
    case OPT_FILE:
    case OPT_DIR:
        return value.n || err_set(e, ERR_USAGE, "--%s is empty", o->name);
    case OPT_FLAG:
        break;
    }
    UNREACHABLE();
}

static bool splits(const struct option *o)
{
    return o->repeats && o->kind != OPT_FILE && o->kind != OPT_DIR && o->kind != OPT_SETTING;
}

static bool add_value(struct args *args, const struct option *o, str value, struct err *e)
{
    str rest = value, part = value;
    bool split = splits(o) && value.n;
    while (split ? str_cut(&rest, ',', &part) : true) {
        part = split ? str_trim(part) : part;
        if (o->kind != OPT_FLAG && !check_value(o, part, e))
            return false;
        struct given **at = &args->given;
        while (*at)
            at = &(*at)->next;
        *at = arena_new(args->arena, struct given, 1);
        **at = (struct given){.option = o, .value = part};
        if (!split)
            break;
    }
    return true;
}

/* The usage line, below what an option was probably meant to be. */
static bool usage_hint(const struct command *c, struct err *e, const char *near)
{
    return err_hint(e, "%s%s%sUsage: outlay %s%s%s", near ? "Did you mean '--" : "",
                    near ? near : "", near ? "'?\n" : "", c->name, c->usage && *c->usage ? " " : "",
                    c->usage ? c->usage : "");
}

/* All long names the user may have meant. */
static const char *closest_option(struct arena *a, const struct command *command, str wrong)
{
    const struct option *tables[] = {command->options, common_options};
    const char **names = NULL;
    size_t n = 0, cap = 0;
    for (size_t t = 0; t < ARRAY_LEN(tables); t++) {
        for (const struct option *o = tables[t]; o && o->name; o++) {
            names = arena_grow(a, names, sizeof *names, &cap, n + 1);
            names[n++] = o->name;
        }
    }
    return str_closest(wrong, names, n);
}

struct cursor {
    const str *words;
    size_t n, at;
};

static bool take_long(struct args *args, struct cursor *c, str body, struct err *e)
{
    size_t eq = str_find_char(body, '=', 0);
    str name = eq == SIZE_MAX ? body : str_sub(body, 0, eq);
    const struct option *o = option_find(args->command, name);
    if (!o) {
        const char *near = closest_option(args->arena, args->command, name);
        args_wrong(args, e, "unknown option '--%.*s'", FMT(name));
        return near ? usage_hint(args->command, e, near) : false;
    }
    if (o->kind == OPT_FLAG) {
        if (eq != SIZE_MAX)
            return args_wrong(args, e, "--%s takes no value", o->name);
        return add_value(args, o, STR_NONE, e);
    }
    if (eq != SIZE_MAX)
        return add_value(args, o, str_sub(body, eq + 1, body.n), e);
    if (c->at >= c->n)
        return args_wrong(args, e, "--%s needs %s", o->name, o->arg);
    return add_value(args, o, c->words[c->at++], e);
}

static bool take_letters(struct args *args, struct cursor *c, str letters, struct err *e)
{
    for (size_t i = 0; i < letters.n; i++) {
        const struct option *o = option_letter(args->command, letters.p[i]);
        if (!o) {
            size_t n = 1; /* a whole character, not half of one */
            while (i + n < letters.n && ((unsigned char)letters.p[i + n] & 0xc0) == 0x80)
                n++;
            return args_wrong(args, e, "unknown option '-%.*s'",
                              FMT(str_sub(letters, i, i + n)));
        }
        if (o->kind == OPT_FLAG) {
            if (!add_value(args, o, STR_NONE, e))
                return false;
            continue;
        }
        str value = str_sub(letters, i + 1, letters.n);
        if (!value.n) {
            if (c->at >= c->n)
                return args_wrong(args, e, "-%c needs %s", o->letter, o->arg);
            value = c->words[c->at++];
        }
        return add_value(args, o, value, e);
    }
    return true;
}

static bool check_operands(const struct args *args, struct err *e)
{
    const struct command *c = args->command;
    size_t n = args->operands.n;
    if (args_flag(args, "help"))
        return true;
    if (c->max_operands >= 0 && n > (size_t)c->max_operands)
        return args_wrong(args, e, "unexpected '%.*s'",
                          FMT(args->operands.items[c->max_operands]));
    if (n < (size_t)c->min_operands)
        return args_wrong(args, e, "'%s' needs %s", c->name,
                          n == 0 && c->min_operands == 1 ? "an operand" : "more operands");
    return true;
}

bool args_parse(struct arena *a, const struct command *command, const str *words, size_t n_words,
                const struct args **ret, struct err *e)
{
    struct args *args = arena_new(a, struct args, 1);
    *args = (struct args){.command = command, .arena = a};
    struct cursor c = {words, n_words, 0};
    bool options = true;
    while (c.at < c.n) {
        str w = c.words[c.at++];
        bool ok = true;
        if (options && str_eq(w, S("--")))
            options = false;
        else if (options && str_starts(w, S("--")))
            ok = take_long(args, &c, str_sub(w, 2, w.n), e);
        else if (options && w.n > 1 && w.p[0] == '-')
            ok = take_letters(args, &c, str_sub(w, 1, w.n), e);
        else
            add_item(a, &args->operands, w);
        if (!ok)
            return false;
    }
    if (!check_operands(args, e))
        return false;
    *ret = args;
    return true;
}

static const struct given *last_given(const struct args *args, const char *name)
{
    const struct given *last = NULL;
    BUG_IF(!option_find(args->command, str_of(name)));
    for (const struct given *g = args->given; g; g = g->next)
        if (strcmp(g->option->name, name) == 0)
            last = g;
    return last;
}

bool args_has(const struct args *args, const char *name)
{
    return last_given(args, name) != NULL;
}

bool args_flag(const struct args *args, const char *name)
{
    return last_given(args, name) != NULL;
}

str args_text(const struct args *args, const char *name)
{
    const struct given *g = last_given(args, name);
    return g ? g->value : STR_NONE;
}

int64_t args_count(const struct args *args, const char *name, int64_t otherwise)
{
    const struct given *g = last_given(args, name);
    int64_t v;
    return g && str_to_i64(g->value, &v) ? v : otherwise;
}

uint64_t args_bytes(const struct args *args, const char *name, uint64_t otherwise)
{
    const struct given *g = last_given(args, name);
    uint64_t v;
    return g && parse_bytes(g->value, &v) ? v : otherwise;
}

day args_day(const struct args *args, const char *name)
{
    const struct given *g = last_given(args, name);
    day d;
    return g && parse_day_or_month(g->option->kind, g->value, &d) ? d : DAY_NONE;
}

bool args_span(const struct args *args, const char *name, int fiscal_start,
               struct month_span *ret)
{
    const struct given *g = last_given(args, name);
    return g && month_span_parse(g->value, fiscal_start, ret);
}

struct text_list args_list(const struct args *args, const char *name)
{
    struct text_list l = {0};
    BUG_IF(!option_find(args->command, str_of(name)));
    for (const struct given *g = args->given; g; g = g->next)
        if (strcmp(g->option->name, name) == 0)
            add_item(args->arena, &l, g->value);
    return l;
}

int args_choice(const struct args *args, const char *name)
{
    const struct given *g = last_given(args, name);
    return g ? choice_of(g->option, g->value) : -1;
}

size_t args_n(const struct args *args)
{
    return args->operands.n;
}

str args_operand(const struct args *args, size_t i)
{
    return i < args->operands.n ? args->operands.items[i] : STR_NONE;
}

struct text_list args_operands(const struct args *args)
{
    return args->operands;
}

const struct command *args_command(const struct args *args)
{
    return args->command;
}

bool args_wrong(const struct args *args, struct err *e, const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    err_set(e, ERR_USAGE, "%s", text);
    return usage_hint(args->command, e, NULL);
}
