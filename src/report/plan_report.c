/* plan_report.c - builds the plan report from the expansion. */
#include "report/plan_report.h"

#include <math.h>

#include "base/map.h"

struct job {
    const struct plan_request *q;
    const struct plan *p;
    const struct world *w;
    const struct expansion *x;
    struct arena *a;
    struct doc *d;
};

static const dec *series(struct job *j, const money *m)
{
    dec *out = arena_new(j->a, dec, (size_t)j->x->n_months);
    for (int32_t i = 0; i < j->x->n_months; i++)
        out[i] = money_to_dec(m[i]);
    return out;
}

/* --- for programs --- */

static void add_lines(struct job *j, const char *id, const char *title, const struct expanded *l,
                      size_t n)
{
    static const struct doc_column columns[] = {
        {"path", "Line", CELL_TEXT, SHOW_ALL, 0, 0},
        {"initiative", "Initiative", CELL_TEXT, SHOW_ALL, 0, 0},
        {"category", "Category", CELL_TEXT, SHOW_ALL, 0, 0},
        {"kind", "Kind", CELL_TEXT, SHOW_ALL, 0, 0},
        {"monthly", "By month", CELL_SERIES, SHOW_DATA, 2, 2},
        {"total", "Total", CELL_MONEY, SHOW_ALL, 2, 2},
    };
    struct doc_table *t = doc_table(j->d, id, str_of(title), columns, ARRAY_LEN(columns));
    t->shown = SHOW_DATA;
    for (size_t i = 0; i < n; i++) {
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(l[i].path);
        if (l[i].initiative != NO_INDEX)
            c[1] = cell_text(j->p->initiatives.items[l[i].initiative].id.s);
        c[2] = cell_text(str_of(category_key(l[i].category)));
        c[3] = cell_text(str_of(line_kind_name(l[i].kind)));
        c[4] = cell_series(series(j, l[i].monthly), (size_t)j->x->n_months);
        c[5] = cell_money(money_to_dec(l[i].total));
    }
}

/* By the share that is shown, so that 10.0 % is inside 10 to 20 %. */
static bool in_band(const struct job *j, int category)
{
    const struct band *b = &j->p->bands.of[category];
    dec share = j->x->categories[category].share_permille * (DEC_ONE / 1000);
    return share >= b->lo && share <= b->hi;
}

static void add_categories(struct job *j)
{
    static const struct doc_column columns[] = {
        {"category", "Category", CELL_TEXT, SHOW_ALL, 0, 0},
        {"monthly", "By month", CELL_SERIES, SHOW_DATA, 2, 2},
        {"total", "Total", CELL_MONEY, SHOW_ALL, 2, 2},
        {"share", "Share", CELL_SHARE, SHOW_ALL, 1, 3},
        {"band", "Typical", CELL_SERIES, SHOW_DATA, 2, -1},
        {"in_band", "In band", CELL_BOOL, SHOW_ALL, 0, 0},
    };
    struct doc_table *t =
        doc_table(j->d, "categories", S("Categories"), columns, ARRAY_LEN(columns));
    t->shown = SHOW_DATA;
    for (int k = 0; k < CATEGORY_COUNT; k++) {
        const struct expanded_category *x = &j->x->categories[k];
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        dec *band = arena_new(j->a, dec, 2);
        band[0] = j->p->bands.of[k].lo;
        band[1] = j->p->bands.of[k].hi;
        c[0] = cell_text(str_of(category_key((enum category)k)));
        c[1] = cell_series(series(j, x->monthly), (size_t)j->x->n_months);
        c[2] = cell_money(money_to_dec(x->total));
        c[3] = cell_share(x->share_permille * (DEC_ONE / 1000));
        c[4] = cell_series(band, 2);
        c[5] = cell_bool(in_band(j, k));
    }
}

/* --- for people: rows by periods --- */

struct row {
    str name;
    money *monthly, total;
    int category; /* its band is shown; -1: none */
};
struct rows {
    struct row *items;
    size_t n, cap;
    struct map index;
};

static struct row *row_of(struct job *j, struct rows *r, str name)
{
    bool fresh;
    struct map_entry *e = map_put(&r->index, name, &fresh);
    if (!fresh)
        return &r->items[e->num];
    e->num = (int64_t)r->n;
    r->items = arena_grow(j->a, r->items, sizeof *r->items, &r->cap, r->n + 1);
    struct row *row = &r->items[r->n++];
    *row = (struct row){name, arena_new(j->a, money, (size_t)j->x->n_months),
                        money_zero(j->p->header.currency), -1};
    for (int32_t m = 0; m < j->x->n_months; m++)
        row->monthly[m] = row->total;
    return row;
}

static void add_to(struct job *j, struct row *to, const money *monthly, money total)
{
    for (int32_t m = 0; m < j->x->n_months; m++)
        to->monthly[m] = money_add(to->monthly[m], monthly[m]);
    to->total = money_add(to->total, total);
}

static str name_of(struct job *j, const struct expanded *l)
{
    const struct initiative *in =
        l->initiative == NO_INDEX ? NULL : &j->p->initiatives.items[l->initiative];
    switch (j->q->by) {
    case PLAN_BY_CATEGORY:
        return str_of(category_name(l->category));
    case PLAN_BY_INITIATIVE:
        return in ? in->name.at ? in->name.s : in->id.s : S("Across initiatives");
    case PLAN_BY_OWNER:
        return in && in->owner.at ? in->owner.s : in ? S("No owner") : S("Across initiatives");
    case PLAN_BY_LINE:
        return l->path;
    }
    UNREACHABLE();
}

static void collect_rows(struct job *j, struct rows *r)
{
    const struct expansion *x = j->x;
    map_init(&r->index, j->a);
    for (int k = 0; j->q->by == PLAN_BY_CATEGORY && k < CATEGORY_RESERVE; k++)
        row_of(j, r, str_of(category_name((enum category)k)))->category = k;
    for (size_t i = 0; i < x->n_lines; i++)
        add_to(j, row_of(j, r, name_of(j, &x->lines[i])), x->lines[i].monthly, x->lines[i].total);
    for (size_t i = 0; i < x->n_buffers; i++)
        add_to(j,
               row_of(j, r, j->q->by == PLAN_BY_LINE ? S("Buffers") : name_of(j, &x->buffers[i])),
               x->buffers[i].monthly, x->buffers[i].total);
    const struct expanded_category *reserve = &x->categories[CATEGORY_RESERVE];
    struct row *row = row_of(j, r, str_of(category_name(CATEGORY_RESERVE)));
    row->category = CATEGORY_RESERVE;
    add_to(j, row, reserve->monthly, reserve->total);
}

static int32_t period_months(const struct job *j)
{
    return j->q->period == PLAN_MONTHS ? 1 : j->q->period == PLAN_QUARTERS ? 3 : 12;
}

static const char *period_title(struct job *j, int32_t from, int32_t to)
{
    char a[MONTH_TEXT], b[MONTH_TEXT];
    month first = j->p->header.first;
    str s = month_format_name(first + from, a), t = month_format_name(first + to, b);
    bool one_year = (first + from) / 12 == (first + to) / 12;
    if (from == to)
        return str_cstr(j->a, s);
    return str_fmt(j->a, "%.*s-%.*s", FMT(one_year ? str_sub(s, 0, 3) : s), FMT(t)).p;
}

static const struct doc_column *overview_columns(struct job *j, size_t *ret_n)
{
    int32_t step = period_months(j), n = (j->x->n_months + step - 1) / step;
    struct doc_column *c = arena_new(j->a, struct doc_column, (size_t)n + 5);
    size_t k = 0;
    int places = j->p->header.show.at && j->p->header.show.v != UNIT_ONES ? 0 : 2;
    c[k++] = (struct doc_column){"name", "", CELL_TEXT, SHOW_PEOPLE, 0, 0};
    for (int32_t i = 0; i < n; i++)
        c[k++] =
            (struct doc_column){str_fmt(j->a, "p%d", i + 1).p,
                                period_title(j, i * step, MIN((i + 1) * step, j->x->n_months) - 1),
                                CELL_MONEY,
                                SHOW_PEOPLE,
                                places,
                                2};
    c[k++] = (struct doc_column){"total", "Total", CELL_MONEY, SHOW_PEOPLE, places, 2};
    c[k++] = (struct doc_column){"share", "Share", CELL_SHARE, SHOW_PEOPLE, 1, 3};
    if (j->q->by == PLAN_BY_CATEGORY)
        c[k++] = (struct doc_column){"typical", "Typical", CELL_TEXT, SHOW_PEOPLE, 0, 0};
    *ret_n = k;
    return c;
}

static str band_text(struct job *j, int category)
{
    char lo[DEC_TEXT], hi[DEC_TEXT];
    const struct band *b = &j->p->bands.of[category];
    return str_fmt(j->a, "%.*s-%.*s %%%s", FMT(dec_format(b->lo * 100, lo)),
                   FMT(dec_format(b->hi * 100, hi)), in_band(j, category) ? "" : ", outside");
}

static void overview_row(struct job *j, struct doc_table *t, const struct row *r,
                         enum row_role role, dec share)
{
    struct cell *c = doc_row(j->d, t, role, 0);
    int32_t step = period_months(j);
    size_t k = 0;
    c[k++] = cell_text(r->name);
    for (int32_t m = 0; m < j->x->n_months; m += step) {
        money sum = money_zero(j->p->header.currency);
        for (int32_t i = m; i < MIN(m + step, j->x->n_months); i++)
            sum = money_add(sum, r->monthly[i]);
        c[k++] = cell_money(money_to_dec(sum));
    }
    c[k++] = cell_money(money_to_dec(r->total));
    c[k++] = cell_share(share);
    if (j->q->by == PLAN_BY_CATEGORY && r->category >= 0)
        c[k] = cell_marked(cell_text(band_text(j, r->category)),
                           in_band(j, r->category) ? MARK_NONE : MARK_WARN);
}

static dec share_of(const struct job *j, const struct row *r)
{
    dec share;
    if (r->category >= 0)
        return j->x->categories[r->category].share_permille * (DEC_ONE / 1000);
    return dec_div(money_to_dec(r->total), money_to_dec(j->x->total), &share) ? share : DEC_NULL;
}

static void add_overview(struct job *j)
{
    static const char *const titles[] = {"By category", "By initiative", "By owner", "By line"};
    struct rows r = {.n = 0};
    size_t n;
    collect_rows(j, &r);
    const struct doc_column *columns = overview_columns(j, &n);
    struct doc_table *t = doc_table(j->d, "overview", str_of(titles[j->q->by]), columns, n);
    t->shown = SHOW_PEOPLE;
    struct rows sums = {.n = 0};
    map_init(&sums.index, j->a);
    struct row *total = row_of(j, &sums, S("Total"));
    for (size_t i = 0; i < r.n; i++) {
        overview_row(j, t, &r.items[i], ROW_NORMAL, share_of(j, &r.items[i]));
        add_to(j, total, r.items[i].monthly, r.items[i].total);
    }
    overview_row(j, t, total, ROW_TOTAL, total->total.micros ? DEC_ONE : DEC_NULL);
}

/* --- units --- */

/* A month's amount that goes on: without hires, one-time and scheduled amounts; what is paid once a
 * year counts as a twelfth of its last payment. */
static money recurring(struct job *j, const struct expanded *l)
{
    int32_t last = j->x->n_months - 1;
    const struct line *line = l->line == NO_INDEX ? NULL : j->p->lines[l->line];
    money none = money_zero(j->p->header.currency);
    if (l->hire || l->kind == LINE_LEVER || l->kind == LINE_OPTION || l->kind == LINE_UPSKILLING)
        return none;
    if (l->contractor != NO_INDEX &&
        j->p->contractors.items[l->contractor].days->form == FORM_SCHEDULE)
        return none;
    for (int q = 0; line && q < LINE_QUANTITIES; q++)
        if (line->q[q] && (line->q[q]->per == PER_ONCE || line->q[q]->form == FORM_SCHEDULE))
            return none;
    if (line && line->upfront) {
        int32_t m = last;
        while (m > 0 && !l->monthly[m].micros)
            m--;
        return money_ratio(l->monthly[m], 1, 12, ROUND_HALF_EVEN);
    }
    return l->monthly[last];
}

static void unit_row(struct job *j, struct doc_table *t, const char *id, const char *title,
                     dec value)
{
    if (dec_is_null(value))
        return;
    struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
    c[0] = cell_text(str_of(id));
    c[1] = cell_text(str_of(title));
    c[2] = cell_money(value);
}

static dec per(double amount, double of, currency c)
{
    return of > 0 ? money_to_dec(money_from_double(amount / of, c)) : DEC_NULL;
}

static void add_units(struct job *j)
{
    static const struct doc_column columns[] = {
        {"id", "Unit", CELL_TEXT, SHOW_DATA, 0, 0},
        {"title", "Unit cost", CELL_TEXT, SHOW_ALL, 0, 0},
        {"amount", "Amount", CELL_MONEY, SHOW_ALL, 2, 2},
    };
    const struct expansion *x = j->x;
    currency c = j->p->header.currency;
    money run = money_zero(c), exit = money_zero(c);
    double people = 0, heads = 0, llm = 0, tokens = 0, requests = 0;
    for (size_t i = 0; i < x->n_lines + x->n_buffers; i++) {
        const struct expanded *l = i < x->n_lines ? &x->lines[i] : &x->buffers[i - x->n_lines];
        exit = money_add(exit, recurring(j, l));
        people +=
            i < x->n_lines && l->position != NO_INDEX && !l->hire ? money_to_double(l->total) : 0;
        llm += i < x->n_lines && l->kind == LINE_LLM ? money_to_double(l->total) : 0;
    }
    run = money_ratio(x->planned, 12, x->n_months, ROUND_HALF_EVEN);
    for (int32_t m = 0; m < x->n_months; m++)
        heads += x->heads[m];
    for (size_t i = 0; i < x->n_tokens; i++) {
        const struct expanded_tokens *t = &x->tokens[i];
        for (int32_t m = 0; m < x->n_months; m++) {
            tokens += t->in[m] + t->cache_read[m] + t->cache_write[m] + t->out[m];
            requests += t->requests[m];
        }
    }
    struct doc_table *t =
        doc_table(j->d, "units", S("Units and run rate"), columns, ARRAY_LEN(columns));
    unit_row(j, t, "run_rate", "Run rate: planned spend per year, on average",
             money_to_dec(money_round(run, CENT_MICROS, ROUND_HALF_EVEN)));
    unit_row(j, t, "exit_run_rate", "Exit run rate: the last month's recurring spend, times 12",
             money_to_dec(money_round(money_ratio(exit, 12, 1, ROUND_HALF_EVEN), CENT_MICROS,
                                      ROUND_HALF_EVEN)));
    unit_row(j, t, "per_head_year", "Person per year, fully loaded, without hiring",
             per(people * 12, heads, c));
    unit_row(j, t, "per_million_tokens", "Million tokens, all models", per(llm * 1e6, tokens, c));
    unit_row(j, t, "per_1k_requests", "1000 LLM requests", per(llm * 1000, requests, c));
}

/* --- notes --- */

static void note_bands(struct job *j)
{
    for (int k = 0; k < CATEGORY_COUNT; k++) {
        const struct expanded_category *c = &j->x->categories[k];
        const struct band *b = &j->p->bands.of[k];
        char lo[DEC_TEXT], hi[DEC_TEXT];
        if (!in_band(j, k))
            doc_note(j->d, NOTE_WARN,
                     "%s is %d.%d %% of the total, outside the typical %.*s to %.*s %%.",
                     category_name((enum category)k), c->share_permille / 10,
                     c->share_permille % 10, FMT(dec_format(b->lo * 100, lo)),
                     FMT(dec_format(b->hi * 100, hi)));
    }
}

static void note_commitments(struct job *j)
{
    char a[MONEY_TEXT], b[MONEY_TEXT];
    money committed, covered;
    for (uint32_t i = 0; i < j->p->levers.n; i++) {
        const struct lever *v = &j->p->levers.items[i];
        if (lever_commitment(j->w, j->x, i, &committed, &covered)) {
            bool falls_short = money_cmp(covered, committed) < 0;
            doc_note(j->d, falls_short ? NOTE_WARN : NOTE_INFO,
                     "Lever '%.*s' commits %.*s; the spend it covers is %.*s%s.", FMT(v->id.s),
                     FMT(money_format(committed, 2, a)), FMT(money_format(covered, 2, b)),
                     falls_short ? ", which falls short" : "");
        } else if (j->w->lever_on[i] && v->commits_text.at) {
            doc_note(j->d, NOTE_INFO, "Lever '%.*s' commits to %.*s.", FMT(v->id.s),
                     FMT(v->commits_text.s));
        }
    }
}

static bool lacks(const struct model_price *m, enum price_part part)
{
    for (size_t i = 0; i < m->n; i++)
        if (!m->entries[i].part[part])
            return true;
    return false;
}

static void note_prices(struct job *j)
{
    static const struct {
        enum line_quantity share;
        enum price_part part, plain;
        const char *name, *instead;
    } rows[] = {{Q_CACHED, PRICE_CACHE_READ, PRICE_IN, "cache_read", "in"},
                {Q_CACHE_WRITES, PRICE_CACHE_WRITE, PRICE_IN, "cache_write", "in"},
                {Q_BATCH, PRICE_BATCH_IN, PRICE_IN, "batch_in", "in"},
                {Q_BATCH, PRICE_BATCH_OUT, PRICE_OUT, "batch_out", "out"}};
    for (size_t i = 0; i < j->p->prices.n; i++) {
        const struct model_price *m = &j->p->prices.items[i];
        if (!m->at)
            doc_note(j->d, NOTE_INFO, "The price of %.*s comes from the price book (%.*s).",
                     FMT(m->model), FMT(m->book_note));
    }
    for (size_t i = 0; i < j->x->n_tokens; i++) {
        const struct line *l = j->p->lines[j->x->tokens[i].line];
        for (size_t r = 0; r < ARRAY_LEN(rows); r++)
            for (size_t k = 0; l->q[rows[r].share] && k < l->models.n; k++)
                if (lacks(&j->p->prices.items[l->models.items[k].index], rows[r].part))
                    doc_note(j->d, NOTE_INFO, "%.*s: %.*s has no price '%s', so '%s' stands in.",
                             FMT(l->path), FMT(l->models.items[k].name.s), rows[r].name,
                             rows[r].instead);
    }
}

/* Tokens and requests of every LLM line by month, whole and in disjoint buckets; programs only. */
static void add_tokens(struct job *j)
{
    static const struct doc_column columns[] = {
        {"path", "Line", CELL_TEXT, SHOW_ALL, 0, -1},
        {"month", "Month", CELL_MONTH, SHOW_ALL, 0, -1},
        {"requests", "Requests", CELL_COUNT, SHOW_ALL, 0, -1},
        {"batch_requests", "At batch prices", CELL_COUNT, SHOW_ALL, 0, -1},
        {"tokens_in", "Input", CELL_COUNT, SHOW_ALL, 0, -1},
        {"tokens_cache_read", "Cache read", CELL_COUNT, SHOW_ALL, 0, -1},
        {"tokens_cache_write", "Cache write", CELL_COUNT, SHOW_ALL, 0, -1},
        {"tokens_out", "Output", CELL_COUNT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t = doc_table(j->d, "tokens", S("Tokens"), columns, ARRAY_LEN(columns));
    t->shown = SHOW_DATA;
    for (size_t i = 0; i < j->x->n_tokens; i++) {
        const struct expanded_tokens *x = &j->x->tokens[i];
        const double *const values[] = {x->requests,   x->batch_requests, x->in,
                                        x->cache_read, x->cache_write,    x->out};
        for (int32_t m = 0; m < j->x->n_months; m++) {
            struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
            c[0] = cell_text(j->p->lines[x->line]->path);
            c[1] = cell_month(j->p->header.first + m);
            for (size_t v = 0; v < ARRAY_LEN(values); v++)
                c[2 + v] = values[v][m] < 9e18 ? cell_count(llround(values[v][m])) : cell_null();
        }
    }
}

static void add_figures(struct job *j)
{
    static const struct {
        const char *id, *title;
    } rows[] = {{"planned", "Planned"}, {"reserve", "Innovation reserve"}, {"total", "Total"}};
    const money values[] = {j->x->planned, j->x->reserve, j->x->total};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        doc_figure(j->d, rows[i].id, str_of(rows[i].title), 2, cell_money(money_to_dec(values[i])));
        doc_last_figure(j->d)->exact_places = 2;
    }
}

bool report_plan(const struct plan_request *q, struct arena *a, struct doc **ret, struct err *e)
{
    const struct plan_header *h = &q->plan->header;
    struct job j = {.q = q, .p = q->plan, .a = a};
    char from[MONTH_TEXT], to[MONTH_TEXT];
    if (!expand(a, q->plan, q->c, &j.x, e))
        return false;
    j.w = world_new(a, q->plan, q->c);
    j.d = doc_new(a, "plan", h->name.at ? h->name.s : S("AI budget"));
    j.d->subtitle = str_fmt(a, "%.*s - %.*s, %s", FMT(month_format_name(h->first, from)),
                            FMT(month_format_name(h->last, to)), h->currency.code);
    j.d->currency = h->currency;
    j.d->as_of = q->as_of;
    month *months = arena_new(a, month, (size_t)j.x->n_months);
    for (int32_t m = 0; m < j.x->n_months; m++)
        months[m] = h->first + m;
    j.d->months = months;
    j.d->n_months = (size_t)j.x->n_months;
    add_lines(&j, "lines", "Lines", j.x->lines, j.x->n_lines);
    add_lines(&j, "buffers", "Buffers", j.x->buffers, j.x->n_buffers);
    add_categories(&j);
    add_overview(&j);
    add_units(&j);
    add_tokens(&j);
    add_figures(&j);
    note_bands(&j);
    note_commitments(&j);
    note_prices(&j);
    *ret = j.d;
    return true;
}
