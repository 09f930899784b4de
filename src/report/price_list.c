/* price_list.c - builds the list of prices. */
#include "report/price_list.h"

static bool wanted(const struct price_list_request *q, const struct price *p)
{
    if (q->at != DAY_NONE && ((p->from != DAY_NONE && q->at < p->from) ||
                              (p->to != DAY_NONE && q->at >= p->to)))
        return false;
    return (!q->model.n || str_glob(q->model, p->model)) &&
           (!q->provider.n || str_glob(q->provider, p->provider));
}

struct doc *report_price_list(const struct price_list_request *q, struct arena *a)
{
    static const struct doc_column columns[] = {
        {"id", "Id", CELL_TEXT, SHOW_DATA, 0, -1},
        {"provider", "Provider", CELL_TEXT, SHOW_ALL, 0, -1},
        {"model", "Model", CELL_TEXT, SHOW_ALL, 0, -1},
        {"from", "From", CELL_DAY, SHOW_ALL, 0, -1},
        {"to", "Until", CELL_DAY, SHOW_ALL, 0, -1},
        {"over_input_tokens", "Over tokens", CELL_COUNT, SHOW_ALL, 0, -1},
        {"in", "In", CELL_NUMBER, SHOW_ALL, 4, -1},
        {"out", "Out", CELL_NUMBER, SHOW_ALL, 4, -1},
        {"cache_read", "Cache read", CELL_NUMBER, SHOW_ALL, 4, -1},
        {"cache_write", "Write 5m", CELL_NUMBER, SHOW_ALL, 4, -1},
        {"cache_write_1h", "Write 1h", CELL_NUMBER, SHOW_ALL, 4, -1},
        {"batch_in", "Batch in", CELL_NUMBER, SHOW_ALL, 4, -1},
        {"batch_out", "Batch out", CELL_NUMBER, SHOW_ALL, 4, -1},
        {"currency", "Currency", CELL_TEXT, SHOW_DATA, 0, -1},
        {"source", "Source", CELL_TEXT, SHOW_DATA, 0, -1},
        {"note", "Note", CELL_TEXT, SHOW_DATA, 0, -1},
    };
    struct doc *d = doc_new(a, "prices", S("Model prices"));
    d->currency = q->currency;
    char text[DATE_TEXT];
    d->as_of = q->at;
    d->subtitle = q->at == DAY_NONE
                      ? S("per million tokens")
                      : str_fmt(a, "per million tokens, on %s", date_format(q->at, text).p);
    struct doc_table *t = doc_table(d, "prices", STR_NONE, columns, ARRAY_LEN(columns));
    t->empty_text = S("No price matches.");
    size_t n;
    const struct price *items = price_book_items(q->prices, &n);
    for (size_t i = 0; i < n; i++) {
        const struct price *p = &items[i];
        if (!wanted(q, p))
            continue;
        struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
        const dec money[] = {p->in, p->out, p->cache_read, p->cache_write, p->cache_write_1h,
                             p->batch_in, p->batch_out};
        c[0] = cell_text(p->id);
        c[1] = cell_text(p->provider);
        c[2] = cell_text(p->model);
        c[3] = cell_day(p->from);
        c[4] = cell_day(p->to);
        c[5] = p->over_tokens ? cell_count(p->over_tokens) : cell_null();
        for (size_t k = 0; k < ARRAY_LEN(money); k++)
            c[6 + k] = cell_number(money[k]);
        c[13] = cell_text(str_dup(a, currency_str(&p->currency)));
        c[14] = p->source.n ? cell_text(p->source) : cell_null();
        c[15] = p->note.n ? cell_text(p->note) : cell_null();
    }
    doc_figure(d, "prices", S("Prices"), 0, cell_count((int64_t)t->n_rows));
    return d;
}
