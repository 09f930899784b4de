/* frozen_prices.c - the prices a plan took from the price book, as text and back. */
#include "app/plan_source.h"
#include "base/limits.h"
#include "core/csv_small.h"

static const char *const NAMES[] = {"model",      "from",        "in",       "out",
                                    "cache_read", "cache_write", "batch_in", "batch_out",
                                    "currency",   "note"};
enum { C_MODEL, C_FROM, C_PRICE, C_CURRENCY = C_PRICE + PRICE_PARTS, C_NOTE, COLUMNS };

static void add_quoted(struct buf *b, str s)
{
    buf_addc(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_addc(b, '"');
        buf_addc(b, s.p[i]);
    }
    buf_addc(b, '"');
}

str book_prices_csv(struct arena *a, const struct plan *p)
{
    struct buf b;
    buf_init(&b, LIMIT_SMALL_FILE);
    for (int i = 0; i < COLUMNS; i++)
        buf_fmt(&b, "%s%s", NAMES[i], i + 1 < COLUMNS ? "," : "\n");
    for (size_t i = 0; i < p->prices.n; i++) {
        const struct model_price *m = &p->prices.items[i];
        for (size_t k = 0; k < m->n && !m->at; k++) {
            const struct price_entry *x = &m->entries[k];
            char text[DEC_TEXT], when[MONTH_TEXT];
            add_quoted(&b, m->model);
            buf_fmt(&b, ",%.*s", FMT(month_format(x->from.m, when)));
            for (int part = 0; part < PRICE_PARTS; part++) {
                const struct quantity *q = x->part[part];
                buf_addc(&b, ',');
                if (q)
                    buf_add(&b, dec_format(q->points[0].v.exact, text));
            }
            buf_fmt(&b, ",%s,", x->part[PRICE_IN]->points[0].v.currency.code);
            add_quoted(&b, m->book_note);
            buf_addc(&b, '\n');
        }
    }
    str csv = str_dup(a, buf_str(&b));
    buf_release(&b);
    return csv;
}

struct frozen_price {
    str model;
    month from;
    struct plan_price price;
};
struct frozen_prices {
    struct frozen_price *items; /* by model, then month */
    size_t n, cap;
};

/* The last one from a month on; before the first one, the first. */
static bool frozen_price(const void *ctx, struct arena *a, str model, month m,
                         struct plan_price *ret)
{
    const struct frozen_prices *all = ctx;
    const struct frozen_price *found = NULL;
    (void)a;
    for (size_t i = 0; i < all->n; i++) {
        const struct frozen_price *x = &all->items[i];
        if (str_eq(x->model, model) && (!found || x->from <= m))
            found = x;
    }
    if (found)
        *ret = found->price;
    return found != NULL;
}

static void read_row(struct csv_small *t, struct arena *a, struct frozen_price *x)
{
    const str *c = t->cells;
    *x = (struct frozen_price){.model = str_dup(a, c[C_MODEL])};
    x->price.note = str_dup(a, c[C_NOTE]);
    if (!month_parse(c[C_FROM], &x->from))
        csv_small_fault(t, C_FROM, "'%.*s' is not a month", FMT(c[C_FROM]));
    if (!currency_parse(c[C_CURRENCY], &x->price.currency))
        csv_small_fault(t, C_CURRENCY, "'%.*s' is not a currency", FMT(c[C_CURRENCY]));
    for (int part = 0; part < PRICE_PARTS; part++) {
        str text = c[C_PRICE + part];
        x->price.part[part] = DEC_NULL;
        if (text.n && dec_parse(text, &x->price.part[part]) != DEC_OK)
            csv_small_fault(t, (size_t)(C_PRICE + part), "'%.*s' is not a price", FMT(text));
    }
}

bool book_prices_parse(struct arena *a, str csv, struct plan_options *ret, struct err *e)
{
    struct frozen_prices *all = arena_new(a, struct frozen_prices, 1);
    struct csv_small t;
    bool more = true;
    if (!csv_small_open(&t, S("frozen prices"), csv, LIMIT_PRICES, e))
        return false;
    bool ok = t.n_columns == COLUMNS;
    for (size_t i = 0; ok && i < COLUMNS; i++)
        ok = str_eq(t.names[i], str_of(NAMES[i]));
    if (!ok)
        err_set(e, ERR_FAILED, "frozen prices have other columns");
    while (ok && (ok = csv_small_next(&t, &more)) && more) {
        all->items = arena_grow(a, all->items, sizeof *all->items, &all->cap, all->n + 1);
        read_row(&t, a, &all->items[all->n++]);
    }
    ok = ok && !t.faults;
    csv_small_close(&t);
    if (!ok)
        return false;
    *ret = (struct plan_options){.price = frozen_price, .price_ctx = all};
    return true;
}
