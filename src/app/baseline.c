/* baseline.c - freezing a plan in the book, and proving what was frozen. */
#include "app/baseline.h"

#include "base/limits.h"

static void add_amounts(struct buf *b, const money *monthly, int32_t n, money total)
{
    char text[MONEY_TEXT];
    for (int32_t m = 0; m < n; m++)
        buf_fmt(b, ",%.*s", FMT(money_format(monthly[m], 2, text)));
    buf_fmt(b, ",%.*s\n", FMT(money_format(total, 2, text)));
}

/* Paths are made of ids: letters, digits, '-', '_', '.' and ':' need no quotes. */
static void add_lines(struct buf *b, const struct expansion *x, const char *what,
                      const struct expanded *lines, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        buf_fmt(b, "%s,%.*s,%s", what, FMT(lines[i].path), category_key(lines[i].category));
        add_amounts(b, lines[i].monthly, x->n_months, lines[i].total);
    }
}

str figures_text(struct arena *a, const struct expansion *x)
{
    struct buf b;
    char text[MONTH_TEXT];
    buf_init(&b, LIMIT_SMALL_FILE);
    buf_add(&b, S("what,path,category"));
    for (int32_t m = 0; m < x->n_months; m++)
        buf_fmt(&b, ",%.*s", FMT(month_format(x->plan->header.first + m, text)));
    buf_add(&b, S(",total\n"));
    add_lines(&b, x, "line", x->lines, x->n_lines);
    add_lines(&b, x, "buffer", x->buffers, x->n_buffers);
    for (int c = 0; c < CATEGORY_COUNT; c++) {
        buf_fmt(&b, "category,,%s", category_key((enum category)c));
        add_amounts(&b, x->categories[c].monthly, x->n_months, x->categories[c].total);
    }
    str s = str_dup(a, buf_str(&b));
    buf_release(&b);
    return s;
}

/* ---- freezing ---- */

static str relative(str path, str main_path)
{
    size_t folder = main_path.n;
    while (folder && main_path.p[folder - 1] != '/')
        folder--;
    return str_sub(path, folder, path.n);
}

static void freeze_files(struct arena *a, const struct plan *p, struct baseline *x)
{
    x->n_files = p->n_files;
    x->files = arena_new(a, struct baseline_file, p->n_files);
    for (size_t i = 0; i < p->n_files; i++) {
        const struct yaml_file *f = p->files[i];
        x->files[i] = (struct baseline_file){relative(f->path, p->files[0]->path), f->text};
    }
}

bool baseline_freeze(struct workspace *w, const struct plan_source *s, const struct freeze *f,
                     struct baseline *ret, struct err *e)
{
    struct arena *a = w->arena;
    const struct plan *p = s->plan;
    const struct expansion *x;
    char starts[MONTH_TEXT], total[MONEY_TEXT];
    if (!expand(a, p, NULL, &x, e))
        return false;
    struct baseline b = {
        .status = f->status,
        .by = f->by,
        .note = f->note,
        .name = p->header.name.s,
        .currency = str_dup(a, currency_str(&p->header.currency)),
        .starts = str_dup(a, month_format(p->header.first, starts)),
        .months = p->header.n_months,
        .total = str_dup(a, money_format(x->total, 2, total)),
        .prices = book_prices_csv(a, p),
        .figures = figures_text(a, x),
    };
    freeze_files(a, p, &b);
    int64_t id;
    return book_add_baseline(w->book, &b, w->options.now, &id, e) &&
           book_baseline(w->book, id, a, ret, e);
}

static bool same_inputs(const struct baseline *a, const struct baseline *b)
{
    bool same = a->n_files == b->n_files && str_eq(a->prices, b->prices);
    for (size_t i = 0; same && i < a->n_files; i++)
        same = str_eq(a->files[i].path, b->files[i].path) &&
               str_eq(a->files[i].content, b->files[i].content);
    return same;
}

bool baseline_requested(struct workspace *w, const struct baseline *x, int64_t *ret_same,
                        int64_t *ret_last, struct err *e)
{
    struct baseline *all;
    size_t n;
    *ret_same = *ret_last = 0;
    if (!book_baselines(w->book, w->arena, &all, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct arena scratch = ARENA_INIT;
        struct baseline one;
        if (all[i].status != BASELINE_REQUESTED)
            continue;
        bool ok = book_baseline(w->book, all[i].id, &scratch, &one, e);
        *ret_last = all[i].id;
        if (ok && same_inputs(&one, x))
            *ret_same = all[i].id;
        arena_release(&scratch);
        if (!ok)
            return false;
    }
    return true;
}

/* ---- proof ---- */

static str first_difference(str a, str b, str *ret_b)
{
    str x = STR_NONE, y = STR_NONE;
    bool more_a = true, more_b = true;
    while (more_a || more_b) {
        x = y = STR_NONE;
        more_a = str_cut(&a, '\n', &x);
        more_b = str_cut(&b, '\n', &y);
        if (!str_eq(x, y))
            break;
    }
    *ret_b = y;
    return x;
}

static bool recompute(struct workspace *w, int64_t id, struct err *e)
{
    struct arena a = ARENA_INIT;
    struct workspace here = {.arena = &a, .options = w->options, .book = w->book};
    struct plan_source s;
    struct baseline frozen;
    const struct expansion *x;
    struct diags faults;
    diags_init(&faults, &a);
    bool ok =
        book_baseline(w->book, id, &a, &frozen, e) &&
        load_plan_source(&here, str_fmt(&a, "baseline:%lld", (long long)id), &faults, &s, e) &&
        expand(&a, s.plan, NULL, &x, e);
    if (!ok)
        err_wrap(e, "computing baseline %lld anew", (long long)id);
    str figures = ok ? figures_text(&a, x) : STR_NONE;
    if (ok && !str_eq(figures, frozen.figures)) {
        str now, before = first_difference(frozen.figures, figures, &now);
        ok = err_set(e, ERR_FAILED, "baseline %lld does not compute to its frozen amounts",
                     (long long)id);
        err_hint(e, "Frozen by outlay %.*s: '%.*s'. Computed by this one: '%.*s'.",
                 FMT(frozen.program), FMT(before), FMT(now));
    }
    arena_release(&a);
    return ok;
}

bool baselines_verify(struct workspace *w, size_t *ret_n, struct err *e)
{
    struct baseline *all;
    size_t n;
    if (!book_verify_baselines(w->book, e) || !book_baselines(w->book, w->arena, &all, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!recompute(w, all[i].id, e))
            return false;
    *ret_n = n;
    return true;
}
