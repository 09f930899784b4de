/* support.c - what most commands do first. */
#include "cli/support.h"

#include <time.h>

#include "cli/args.h"
#include "cli/io.h"

int64_t now_of(const struct ctx *c)
{
    if (args_has(c->args, "as-of"))
        return (int64_t)c->today * 86400 + 43200;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec;
}

bool open_workspace(struct ctx *c, unsigned needs, struct workspace *ret, struct err *e)
{
    struct workspace_options o = {
        .dir = c->book_dir, .threads = c->threads, .memory = c->memory, .now = now_of(c)};
    struct diags faults;
    diags_init(&faults, c->arena);
    bool ok = workspace_open(c->arena, &o, needs, &faults, ret, e);
    if (faults.n > 1 || (faults.n && ok))
        io_diags(c, &faults);
    return ok;
}

void workspace_of_plan(struct ctx *c, struct workspace *w)
{
    struct workspace_options o = {
        .dir = c->book_dir, .threads = c->threads, .memory = c->memory, .now = now_of(c)};
    workspace_for_plan(c->arena, &o, w);
}

/* Every fault with its source; warnings are left to `outlay check`. */
static bool plan_faults(struct ctx *c, const struct diags *faults, struct err *e)
{
    struct diags errors;
    if (!faults->errors)
        return false;
    diags_init(&errors, c->arena);
    for (size_t i = 0; i < faults->n; i++) {
        const struct diag *g = &faults->items[i];
        if (g->level == DIAG_ERROR)
            diags_add(&errors, g->level, g->at, g->hint, "%.*s", FMT(g->text));
    }
    errors.dropped += faults->dropped;
    io_diags(c, &errors);
    err_set(e, ERR_INVALID, "the plan has %zu fault%s", faults->errors,
            faults->errors == 1 ? "" : "s");
    return err_hint(e, "'outlay check' lists warnings as well.");
}

bool load_plan_here(struct ctx *c, struct workspace *w, str what, bool advise,
                    struct plan_source *ret, struct err *e)
{
    struct diags faults;
    diags_init(&faults, c->arena);
    if (!load_plan_source(w, what, &faults, ret, e))
        return plan_faults(c, &faults, e);
    if (advise && faults.n)
        io_diags(c, &faults);
    return true;
}

bool open_plan(struct ctx *c, str what, bool write, struct workspace *w, struct plan_source *ret,
               struct err *e)
{
    const struct option *baseline = option_find(args_command(c->args), S("baseline"));
    workspace_of_plan(c, w);
    if (baseline && args_has(c->args, "baseline"))
        what = str_fmt(c->arena, "baseline:%lld", (long long)args_count(c->args, "baseline", 0));
    return (!write || workspace_book_write(w, e)) && load_plan_here(c, w, what, false, ret, e);
}

bool period_of(struct ctx *c, int fiscal_start, day *ret_from, day *ret_to, struct err *e)
{
    struct month_span span;
    *ret_from = args_day(c->args, "from");
    *ret_to = args_day(c->args, "to");
    if (args_span(c->args, "year", fiscal_start, &span)) {
        if (*ret_from != DAY_NONE || *ret_to != DAY_NONE)
            return args_wrong(c->args, e, "--year goes without --from and --to");
        *ret_from = month_first_day(span.from);
        *ret_to = month_last_day(span.to);
    }
    if (*ret_from != DAY_NONE && *ret_to != DAY_NONE && *ret_to < *ret_from)
        return args_wrong(c->args, e, "--to is before --from");
    return true;
}

bool key_of(struct ctx *c, str name, struct ledger_key *ret, struct err *e)
{
    static const char *const others[] = {"category", "month",    "period",
                                         "day",      "currency", "import"};
    const char *known[ARRAY_LEN(others) + SPEND_TEXTS];
    size_t n = 0;
    if (ledger_key_parse(name, ret))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        known[n++] = others[i];
    for (int t = 0; t < SPEND_TEXTS; t++)
        known[n++] = spend_text_key((enum spend_text)t);
    const char *near = str_closest(name, known, n);
    args_wrong(c->args, e, "'%.*s' is nothing to group or filter by%s%s%s", FMT(name),
               near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    return err_hint(e,
                    "Keys: category, month, day, provider, service, model, account, sub_account, "
                    "initiative, line, rule ... or tag:NAME.");
}

bool keys_of(struct ctx *c, const char *option, struct ledger_key **ret, str **ret_names,
             size_t *ret_n, struct err *e)
{
    struct text_list names = args_list(c->args, option);
    struct ledger_key *keys = arena_new(c->arena, struct ledger_key, names.n);
    for (size_t i = 0; i < names.n; i++) {
        if (!key_of(c, names.items[i], &keys[i], e))
            return false;
        for (size_t k = 0; k < i; k++)
            if (str_eq(names.items[i], names.items[k]))
                return args_wrong(c->args, e, "--%s names '%.*s' twice", option,
                                  FMT(names.items[i]));
    }
    *ret = keys;
    *ret_names = names.items;
    *ret_n = names.n;
    return true;
}

bool filters_of(struct ctx *c, const char *option, struct ledger_filter **ret, size_t *ret_n,
                struct err *e)
{
    struct text_list items = args_list(c->args, option);
    struct ledger_filter *filters = arena_new(c->arena, struct ledger_filter, items.n);
    for (size_t i = 0; i < items.n; i++) {
        str text = items.items[i];
        size_t at = str_find_char(text, '=', 0);
        if (at == SIZE_MAX || at == 0)
            return args_wrong(c->args, e, "--%s '%.*s' is not KEY=VALUE", option, FMT(text));
        bool negated = text.p[at - 1] == '!';
        str value = str_sub(text, at + 1, text.n);
        if (!key_of(c, str_sub(text, 0, at - negated), &filters[i].key, e))
            return false;
        bool glob = str_find_char(value, '*', 0) != SIZE_MAX ||
                    str_find_char(value, '?', 0) != SIZE_MAX;
        if (negated && glob)
            return args_wrong(c->args, e, "--%s '%.*s': != takes no * or ?", option, FMT(text));
        filters[i].op = negated ? FILTER_NOT : glob ? FILTER_GLOB : FILTER_IS;
        filters[i].value = value;
    }
    *ret = filters;
    *ret_n = items.n;
    return true;
}
