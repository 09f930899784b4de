/* workspace.c - opening what a verb needs. */
#include "app/workspace.h"

#include "base/limits.h"
#include "base/os.h"
#include "base/yaml.h"

static bool read_optional(struct arena *a, str dir, const char *name, str *ret_path, str *ret_text,
                          struct err *e)
{
    *ret_path = path_join(a, dir, str_of(name));
    *ret_text = STR_NONE;
    return !file_exists(*ret_path) || file_read(a, *ret_path, LIMIT_YAML_BYTES, ret_text, e);
}

/* The few keys of plan.yaml that every verb needs; the plan itself is checked where it is used. */
static bool read_settings(struct workspace *w, struct diags *faults, struct err *e)
{
    str path, text;
    w->settings = (struct settings){.currency = {"USD"}, .fiscal_start = 1};
    if (!read_optional(w->arena, w->options.dir, "plan.yaml", &path, &text, e))
        return false;
    const struct yaml_file *file = yaml_parse(w->arena, path, text, faults);
    if (!file || faults->errors)
        return diags_to_err(faults, e);
    const struct yaml_node *plan = yaml_get(file->root, "plan");
    const struct yaml_node *code = plan ? yaml_get(plan, "currency") : NULL;
    const struct yaml_node *starts = plan ? yaml_get(plan, "starts") : NULL;
    const struct yaml_node *name = plan ? yaml_get(plan, "name") : NULL;
    if (code && !currency_parse(code->text, &w->settings.currency))
        yaml_fault(faults, code, S("Write an ISO 4217 code such as USD or EUR."),
                   "'%.*s' is not a currency", FMT(code->text));
    month first;
    if (starts && !month_parse(starts->text, &first))
        yaml_fault(faults, starts, S("Write a month such as 2026-07."), "'%.*s' is not a month",
                   FMT(starts->text));
    else if (starts)
        w->settings.fiscal_start = (int)(((first % 12) + 12) % 12) + 1;
    if (name)
        w->settings.name = name->text;
    return !faults->errors || diags_to_err(faults, e);
}

static bool open_rules(struct workspace *w, unsigned needs, struct diags *faults, struct err *e)
{
    str path, text;
    if (!read_optional(w->arena, w->options.dir, "rules.yaml", &path, &text, e))
        return false;
    if (!(needs & NEED_RULES))
        return rules_read_allocation_tags(w->arena, path, text, faults, &w->allocation_tags, e);
    if (!rules_compile(w->arena, path, text, faults, &w->rules, e))
        return false;
    w->allocation_tags = rules_allocation_tags(w->rules);
    return true;
}


static void close_book(void *book)
{
    book_close(book);
}

bool workspace_book(struct workspace *w, struct err *e)
{
    if (w->book)
        return true;
    if (!book_open(w->options.dir, BOOK_READ, &w->book, e))
        return false;
    arena_defer(w->arena, close_book, w->book);
    return true;
}

bool workspace_book_write(struct workspace *w, struct err *e)
{
    BUG_IF(w->book);
    if (!book_open(w->options.dir, BOOK_WRITE, &w->book, e))
        return false;
    arena_defer(w->arena, close_book, w->book);
    return true;
}

bool workspace_rates(struct workspace *w, struct err *e)
{
    struct stored_list *lists;
    size_t n;
    if (w->rates)
        return true;
    struct fx_table *rates = fx_new(w->arena);
    if (!workspace_book(w, e) || !book_rates(w->book, w->arena, &lists, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!fx_add_csv(rates, lists[i].name, lists[i].content, lists[i].base, e))
            return false;
    w->rates = rates;
    return true;
}

bool workspace_convert(struct workspace *w, str code, currency to, month m, dec *amount,
                       struct err *e)
{
    currency from;
    dec num, den;
    char text[MONTH_TEXT];
    if (str_eq(code, currency_str(&to)) || *amount == 0)
        return true;
    if (!workspace_rates(w, e))
        return false;
    if (!currency_parse(code, &from) || !fx_month(w->rates, from, to, m, &num, &den, e)) {
        err_set(e, ERR_INVALID, "no rate from %.*s to %s for %.*s", FMT(code), to.code,
                FMT(month_format(m, text)));
        return err_hint(e, "Import rates with 'outlay rates import FILE'.");
    }
    return dec_muldiv(*amount, num, den, amount) ||
           err_set(e, ERR_FAILED, "an amount in %.*s is too large to convert", FMT(code));
}

bool workspace_prices(struct workspace *w, struct err *e)
{
    struct stored_list *lists = NULL;
    size_t n = 0;
    if (w->prices)
        return true;
    bool there = w->book || file_exists(path_join(w->arena, w->options.dir, S("outlay.db")));
    if (there && (!workspace_book(w, e) || !book_prices(w->book, w->arena, &lists, &n, e)))
        return false;
    struct price_book *prices = price_book_new(w->arena);
    for (size_t i = 0; i < n; i++)
        if (!price_book_add_csv(prices, lists[i].name, lists[i].content, e))
            return false;
    w->prices = prices;
    return true;
}

static void close_ledger(void *ledger)
{
    ledger_close(ledger);
}

bool workspace_attach(struct workspace *w, struct err *e)
{
    if (!book_parts(w->book, false, w->arena, &w->parts, &w->n_parts, e))
        return false;
    struct part_ref *refs = arena_new(w->arena, struct part_ref, w->n_parts);
    for (size_t i = 0; i < w->n_parts; i++)
        refs[i] = w->parts[i].ref;
    return ledger_attach(w->ledger, refs, w->n_parts, e);
}

static bool open_ledger(struct workspace *w, struct err *e)
{
    struct ledger_options o = {
        .dir = book_ledger_dir(w->book),
        .memory = w->options.memory,
        .threads = w->options.threads,
        .allocation_tags = w->allocation_tags,
    };
    if (!ledger_open(&o, &w->ledger, e))
        return false;
    arena_defer(w->arena, close_ledger, w->ledger);
    return workspace_attach(w, e);
}

bool workspace_open(struct arena *a, const struct workspace_options *o, unsigned needs,
                    struct diags *faults, struct workspace *ret, struct err *e)
{
    struct diags own;
    diags_init(&own, a);
    faults = faults ? faults : &own;
    struct workspace w = {.arena = a, .options = *o};
    if (needs & (NEED_LEDGER | NEED_PRICES | NEED_RATES) && !(needs & NEED_BOOK_WRITE))
        needs |= NEED_BOOK;
    if (needs & (NEED_BOOK | NEED_BOOK_WRITE)) {
        if (!book_open(o->dir, needs & NEED_BOOK_WRITE ? BOOK_WRITE : BOOK_READ, &w.book, e))
            return false;
        arena_defer(a, close_book, w.book);
    }
    if (!read_settings(&w, faults, e) ||
        (needs & (NEED_RULES | NEED_LEDGER) && !open_rules(&w, needs, faults, e)) ||
        (needs & NEED_PRICES && !workspace_prices(&w, e)) ||
        (needs & NEED_RATES && !workspace_rates(&w, e)) ||
        (needs & NEED_LEDGER && !open_ledger(&w, e)))
        return false;
    *ret = w;
    return true;
}
