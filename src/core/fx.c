/* fx.c - exchange rates by day and month against one base, and what follows from them.
 *
 * Each currency keeps its rates sorted by day. A monthly rate stands on the first of its month and
 * is used where no daily one is known. */
#include "base/limits.h"
#include "core/csv_small.h"
#include "core/price_book.h"

#define FX_CURRENCIES 256
#define FX_STALE_DAYS 7 /* an older rate is no rate: a weekend and holidays fit */

struct fx_rate {
    day on;
    dec rate;  /* units per unit of the base */
    size_t at; /* order of addition: the last added of a day wins */
};

struct fx_series {
    currency currency;
    struct fx_rate *daily, *monthly; /* sorted by day once added */
    size_t n_daily, cap_daily, n_monthly, cap_monthly;
};

struct fx_table {
    struct arena *arena;
    currency base;
    struct fx_series *series;
    size_t n, cap;
    size_t added;
};

struct fx_table *fx_new(struct arena *a)
{
    struct fx_table *t = arena_new(a, struct fx_table, 1);
    t->arena = a;
    return t;
}

static struct fx_series *series_of(const struct fx_table *t, currency c)
{
    for (size_t i = 0; i < t->n; i++)
        if (currency_eq(t->series[i].currency, c))
            return &t->series[i];
    return NULL;
}

static int by_day(const void *a, const void *b)
{
    const struct fx_rate *x = a, *y = b;
    if (x->on != y->on)
        return x->on < y->on ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* Sorted, with only the last added rate of each day. */
static size_t settle(struct fx_rate *rates, size_t n)
{
    size_t kept = 0;
    if (n)
        qsort(rates, n, sizeof *rates, by_day);
    for (size_t i = 0; i < n; i++) {
        if (kept && rates[kept - 1].on == rates[i].on)
            rates[kept - 1] = rates[i];
        else
            rates[kept++] = rates[i];
    }
    return kept;
}

struct fx_reader {
    struct csv_small t;
    struct fx_table *table;
    size_t date;
    currency columns[FX_CURRENCIES]; /* "" for a column that is none */
    struct {
        size_t column;
        day on;
        bool monthly;
        dec rate;
    } * cells;
    size_t n, cap;
    struct arena scratch;
};

static bool read_header(struct fx_reader *r, currency base, struct err *e)
{
    static const char *const dates[] = {"date", "day", "month", "time_period", "period"};
    size_t found = 0;
    r->date = SIZE_MAX;
    for (size_t i = 0; i < ARRAY_LEN(dates) && r->date == SIZE_MAX; i++)
        r->date = csv_small_column(&r->t, dates[i]);
    if (r->date == SIZE_MAX)
        return err_set(e, ERR_INVALID, "%.*s:1: no column 'Date'", FMT(r->t.name)) ||
               err_hint(
                   e,
                   "Exchange rates come as a Date column and one column per currency, as the ECB "
                   "publishes them.");
    for (size_t i = 0; i < r->t.n_columns; i++) {
        str name = r->t.names[i];
        if (i == r->date || !name.n)
            continue;
        if (!currency_parse(name, &r->columns[i]))
            return err_set(e, ERR_INVALID, "%.*s:1: column '%.*s' is no ISO 4217 currency code",
                           FMT(r->t.name), FMT(name));
        for (size_t k = 0; k < i; k++)
            if (currency_eq(r->columns[k], r->columns[i]))
                return err_set(e, ERR_INVALID, "%.*s:1: two columns '%.*s'", FMT(r->t.name),
                               FMT(name));
        if (currency_eq(r->columns[i], base))
            return err_set(e, ERR_INVALID, "%.*s:1: column '%.*s' is the base currency itself",
                           FMT(r->t.name), FMT(name));
        found++;
    }
    if (!found)
        return err_set(e, ERR_INVALID, "%.*s:1: no column is a currency", FMT(r->t.name));
    return true;
}

static void read_row(struct fx_reader *r)
{
    str date = str_trim(r->t.cells[r->date]);
    day on;
    month m;
    bool monthly = month_parse(date, &m);
    if (monthly) {
        on = month_first_day(m);
    } else if (str_find_char(date, '/', 0) != SIZE_MAX || !date_parse(date, DATE_MDY, &on)) {
        csv_small_fault(&r->t, r->date,
                        "date '%.*s' is neither a day such as 2026-07-01 nor a month", FMT(date));
        return;
    }
    for (size_t i = 0; i < r->t.n_columns; i++) {
        str s = str_trim(r->t.cells[i]);
        dec rate;
        if (!r->columns[i].code[0] || !s.n || str_eq_nocase(s, S("n/a")) || str_eq(s, S("-")))
            continue;
        enum dec_parse got = dec_parse(s, &rate);
        if ((got != DEC_OK && got != DEC_ROUNDED) || rate <= 0 || rate > DEC_ONE * 1000000000) {
            csv_small_fault(&r->t, i, "%s '%.*s' is not a rate", r->columns[i].code, FMT(s));
            continue;
        }
        r->cells = arena_grow(&r->scratch, r->cells, sizeof *r->cells, &r->cap, r->n + 1);
        r->cells[r->n].column = i;
        r->cells[r->n].on = on;
        r->cells[r->n].monthly = monthly;
        r->cells[r->n++].rate = rate;
    }
}

static void take_rates(struct fx_reader *r)
{
    struct fx_table *t = r->table;
    for (size_t i = 0; i < r->n; i++) {
        currency c = r->columns[r->cells[i].column];
        struct fx_series *s = series_of(t, c);
        if (!s) {
            t->series = arena_grow(t->arena, t->series, sizeof *t->series, &t->cap, t->n + 1);
            s = &t->series[t->n++];
            *s = (struct fx_series){.currency = c};
        }
        struct fx_rate rate = {r->cells[i].on, r->cells[i].rate, t->added++};
        if (r->cells[i].monthly) {
            s->monthly =
                arena_grow(t->arena, s->monthly, sizeof rate, &s->cap_monthly, s->n_monthly + 1);
            s->monthly[s->n_monthly++] = rate;
        } else {
            s->daily = arena_grow(t->arena, s->daily, sizeof rate, &s->cap_daily, s->n_daily + 1);
            s->daily[s->n_daily++] = rate;
        }
    }
    for (size_t i = 0; i < t->n; i++) {
        t->series[i].n_daily = settle(t->series[i].daily, t->series[i].n_daily);
        t->series[i].n_monthly = settle(t->series[i].monthly, t->series[i].n_monthly);
    }
}

bool fx_add_csv(struct fx_table *t, str name, str text, currency base, struct err *e)
{
    if (t->n && !currency_eq(t->base, base))
        return err_set(e, ERR_INVALID, "%.*s: rates per %s cannot be added to rates per %s",
                       FMT(name), base.code, t->base.code);
    struct fx_reader *r = arena_new(t->arena, struct fx_reader, 1);
    bool more = true;
    r->table = t;
    if (!csv_small_open(&r->t, name, text, LIMIT_RATES, e))
        return false;
    bool ok = r->t.n_columns <= FX_CURRENCIES ||
              err_set(e, ERR_INVALID, "%.*s: too many columns", FMT(name));
    ok = ok && read_header(r, base, e);
    while (ok && more) {
        ok = csv_small_next(&r->t, &more);
        if (ok && more)
            read_row(r);
    }
    csv_small_close(&r->t);
    ok = ok && !r->t.faults;
    if (ok) {
        t->base = base;
        take_rates(r);
    }
    arena_release(&r->scratch);
    return ok;
}

/* Index of the last rate on or before d, SIZE_MAX when there is none. */
static size_t last_until(const struct fx_rate *rates, size_t n, day d)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (rates[mid].on <= d)
            low = mid + 1;
        else
            high = mid;
    }
    return low ? low - 1 : SIZE_MAX;
}

static bool monthly_rate(const struct fx_series *s, month m, dec *ret)
{
    size_t at = last_until(s->monthly, s->n_monthly, month_first_day(m));
    if (at == SIZE_MAX || s->monthly[at].on != month_first_day(m))
        return false;
    *ret = s->monthly[at].rate;
    return true;
}

/* The mean of a month as sum / n. */
static bool month_sum(const struct fx_series *s, month m, dec *ret_sum, int *ret_n)
{
    day first = month_first_day(m);
    dec sum = 0;
    int n = 0;
    size_t at = last_until(s->daily, s->n_daily, month_last_day(m));
    for (; at != SIZE_MAX && s->daily[at].on >= first; at = at ? at - 1 : SIZE_MAX) {
        sum += s->daily[at].rate;
        n++;
    }
    if (!n && monthly_rate(s, m, &sum))
        n = 1;
    *ret_sum = sum;
    *ret_n = n;
    return n > 0;
}

/* The series of c, NULL for the base; false: e says that there is none. */
static bool find_series(const struct fx_table *t, currency c, const struct fx_series **ret,
                        struct err *e)
{
    *ret = NULL;
    if (currency_eq(c, t->base))
        return true;
    *ret = series_of(t, c);
    if (*ret)
        return true;
    return err_set(e, ERR_INVALID, "no exchange rate of %s%s%s is known", c.code,
                   t->n ? " against " : "", t->n ? t->base.code : "") ||
           err_hint(e, "Import rates that have it: outlay rates import FILE.csv");
}

bool fx_month(const struct fx_table *t, currency from, currency to, month m, dec *ret_num,
              dec *ret_den, struct err *e)
{
    currency both[2] = {from, to};
    dec sum[2];
    int n[2];
    if (currency_eq(from, to)) {
        *ret_num = *ret_den = DEC_ONE;
        return true;
    }
    for (int i = 0; i < 2; i++) {
        const struct fx_series *s;
        char name[MONTH_TEXT];
        sum[i] = DEC_ONE;
        n[i] = 1;
        if (!find_series(t, both[i], &s, e))
            return false;
        if (s && !month_sum(s, m, &sum[i], &n[i]))
            return err_set(e, ERR_INVALID, "no exchange rate of %s in %.*s", both[i].code,
                           FMT(month_format(m, name))) ||
                   err_hint(e, "Import rates that cover this month: outlay rates import FILE.csv");
    }
    *ret_num = sum[1] * n[0]; /* (sum1 / n1) / (sum0 / n0), nothing rounded yet */
    *ret_den = sum[0] * n[1];
    return true;
}

static bool day_rate(const struct fx_series *s, day d, dec *ret)
{
    size_t at = last_until(s->daily, s->n_daily, d);
    if (at != SIZE_MAX && d - s->daily[at].on <= FX_STALE_DAYS) {
        *ret = s->daily[at].rate;
        return true;
    }
    return monthly_rate(s, month_of_day(d), ret);
}

bool fx_day(const struct fx_table *t, currency from, currency to, day d, dec *ret_num, dec *ret_den,
            struct err *e)
{
    currency both[2] = {from, to};
    dec rate[2];
    if (currency_eq(from, to)) {
        *ret_num = *ret_den = DEC_ONE;
        return true;
    }
    for (int i = 0; i < 2; i++) {
        const struct fx_series *s;
        char name[DATE_TEXT];
        rate[i] = DEC_ONE;
        if (!find_series(t, both[i], &s, e))
            return false;
        if (s && !day_rate(s, d, &rate[i]))
            return err_set(e, ERR_INVALID,
                           "no exchange rate of %s on %.*s or in the %d days before", both[i].code,
                           FMT(date_format(d, name)), FX_STALE_DAYS) ||
                   err_hint(e, "Import rates that cover this day: outlay rates import FILE.csv");
    }
    *ret_num = rate[1];
    *ret_den = rate[0];
    return true;
}
