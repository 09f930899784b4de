/* invoice_csv.c - invoice totals as a table. */
#include "app/invoice_csv.h"

#include "base/limits.h"
#include "base/map.h"
#include "base/os.h"
#include "core/csv_small.h"
#include "core/party.h"

enum { C_PROVIDER, C_MONTH, C_NUMBER, C_AMOUNT, C_TAX, C_CURRENCY, C_DATE, COLUMNS };

static const char *const NAMES[COLUMNS][4] = {
    [C_PROVIDER] = {"provider", "supplier", "vendor", NULL},
    [C_MONTH] = {"month", "period", "billing_period", NULL},
    [C_NUMBER] = {"number", "invoice", "invoice_number", NULL},
    [C_AMOUNT] = {"amount", "total", NULL},
    [C_TAX] = {"tax", "vat", NULL},
    [C_CURRENCY] = {"currency", NULL},
    [C_DATE] = {"date", "invoice_date", NULL},
};

struct invoice_reader {
    struct csv_small t;
    size_t column[COLUMNS];
    struct arena *a;
    currency otherwise;
    struct map seen; /* party and number, to the line */
    struct invoice *items;
    size_t n, cap;
};

static str cell(const struct invoice_reader *r, int c)
{
    return r->column[c] == SIZE_MAX ? STR_NONE : str_trim(r->t.cells[r->column[c]]);
}

static bool read_header(struct invoice_reader *r, struct err *e)
{
    for (int c = 0; c < COLUMNS; c++) {
        r->column[c] = SIZE_MAX;
        for (size_t k = 0; NAMES[c][k] && r->column[c] == SIZE_MAX; k++)
            r->column[c] = csv_small_column(&r->t, NAMES[c][k]);
    }
    static const int needed[] = {C_PROVIDER, C_NUMBER, C_AMOUNT};
    for (size_t i = 0; i < ARRAY_LEN(needed); i++)
        if (r->column[needed[i]] == SIZE_MAX) {
            err_set(e, ERR_INVALID, "%.*s:1: no column '%s'", FMT(r->t.name), NAMES[needed[i]][0]);
            return err_hint(e, "Columns are provider, month, number, amount, tax, currency, date.");
        }
    if (r->column[C_MONTH] == SIZE_MAX && r->column[C_DATE] == SIZE_MAX)
        return err_set(e, ERR_INVALID, "%.*s:1: neither a column 'month' nor 'date'",
                       FMT(r->t.name));
    return true;
}

static dec money_cell(struct invoice_reader *r, int c)
{
    dec v;
    str s = cell(r, c);
    if (!s.n)
        return DEC_NULL;
    enum dec_parse got = dec_parse_loose(s, &v);
    if (got == DEC_OK || got == DEC_ROUNDED)
        return v;
    csv_small_fault(&r->t, r->column[c], "%s '%.*s' is not an amount", NAMES[c][0], FMT(s));
    return DEC_NULL;
}

static void read_time(struct invoice_reader *r, struct invoice *v)
{
    str month_text = cell(r, C_MONTH), date = cell(r, C_DATE);
    v->day = DAY_NONE;
    v->period = MONTH_NONE;
    if (date.n && !date_parse(date, DATE_MDY, &v->day))
        csv_small_fault(&r->t, r->column[C_DATE], "date '%.*s' is not a day such as 2026-07-31",
                        FMT(date));
    day first;
    if (month_parse(month_text, &v->period))
        return;
    if (month_text.n && date_parse(month_text, DATE_MDY, &first))
        v->period = month_of_day(first);
    else if (month_text.n)
        csv_small_fault(&r->t, r->column[C_MONTH], "month '%.*s' is not a month such as 2026-07",
                        FMT(month_text));
    else if (v->day != DAY_NONE)
        v->period = month_of_day(v->day);
    else
        csv_small_fault(&r->t, SIZE_MAX, "neither a month nor a date");
}

static void read_row(struct invoice_reader *r)
{
    size_t before = r->t.faults;
    struct invoice v = {.line = r->t.line, .file = str_dup(r->a, path_base(r->t.name))};
    v.provider = str_dup(r->a, cell(r, C_PROVIDER));
    v.party = party_key(r->a, v.provider);
    v.number = str_dup(r->a, cell(r, C_NUMBER));
    if (!v.party.n)
        csv_small_fault(&r->t, r->column[C_PROVIDER], "provider '%.*s' names nobody",
                        FMT(str_sub(v.provider, 0, 60)));
    if (!v.number.n)
        csv_small_fault(&r->t, r->column[C_NUMBER], "the invoice has no number");
    read_time(r, &v);
    v.amount = money_cell(r, C_AMOUNT);
    v.tax = money_cell(r, C_TAX);
    if (before == r->t.faults && dec_is_null(v.amount))
        csv_small_fault(&r->t, r->column[C_AMOUNT], "the invoice has no amount");
    str code = cell(r, C_CURRENCY);
    v.currency = r->otherwise;
    if (code.n && !currency_parse(code, &v.currency))
        csv_small_fault(&r->t, r->column[C_CURRENCY], "currency '%.*s' is no ISO 4217 code",
                        FMT(code));
    if (before != r->t.faults)
        return;
    bool is_new;
    str key = str_fmt(r->a, "%.*s\x1f%.*s", FMT(v.party), FMT(v.number));
    struct map_entry *entry = map_put(&r->seen, key, &is_new);
    if (!is_new) {
        csv_small_fault(&r->t, r->column[C_NUMBER], "invoice '%.*s' stands in line %lld already",
                        FMT(v.number), (long long)entry->num);
        return;
    }
    entry->num = (int64_t)r->t.line;
    r->items = arena_grow(r->a, r->items, sizeof *r->items, &r->cap, r->n + 1);
    r->items[r->n++] = v;
}

bool invoice_csv_read(struct arena *a, str name, str text, currency otherwise, struct invoice **ret,
                      size_t *ret_n, struct err *e)
{
    struct invoice_reader r = {.a = a, .otherwise = otherwise};
    bool more = true;
    map_init(&r.seen, a);
    if (!csv_small_open(&r.t, name, text, LIMIT_PRICES, e))
        return false;
    bool ok = read_header(&r, e);
    while (ok && more) {
        ok = csv_small_next(&r.t, &more);
        if (ok && more)
            read_row(&r);
    }
    csv_small_close(&r.t);
    if (!ok || r.t.faults)
        return false;
    *ret = r.items;
    *ret_n = r.n;
    return true;
}
