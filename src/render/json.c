/* json.c - the one shape of every report for programs (docs/cli.md, "JSON"). */
#include "base/json_write.h"
#include "render/list.h"
#include "render/show.h"

static void json_series(struct json_out *j, const struct cell *c, int exact_places)
{
    json_flat(j);
    json_list_open(j);
    for (size_t i = 0; i < c->series.n; i++) {
        char text[DEC_TEXT];
        dec v = c->series.items[i];
        if (v == DEC_NULL)
            json_null(j);
        else
            json_string(j, exact_places < 0 ? dec_format(v, text)
                                            : dec_format_fixed(v, exact_places, text));
    }
    json_list_close(j);
}

static void json_cell(struct json_out *j, const struct cell *c, int exact_places,
                      struct buf *scratch)
{
    if (c->kind == CELL_NULL) {
        json_null(j);
        return;
    }
    if (c->kind == CELL_SERIES) {
        json_series(j, c, exact_places);
        return;
    }
    buf_clear(scratch);
    show_exact(scratch, c, exact_places);
    if (c->kind == CELL_COUNT || c->kind == CELL_BOOL)
        json_raw(j, buf_str(scratch));
    else
        json_string(j, buf_str(scratch));
}

static void json_table(struct json_out *j, const struct doc_table *t, struct buf *scratch)
{
    json_key(j, t->id);
    json_list_open(j);
    for (size_t r = 0; r < t->n_rows; r++) {
        if (t->rows[r].role != ROW_NORMAL)
            continue;
        json_flat(j);
        json_map_open(j);
        for (size_t k = 0; k < t->n_columns; k++) {
            if (!for_data(t->columns[k].shown))
                continue;
            json_key(j, t->columns[k].id);
            json_cell(j, &t->rows[r].cells[k], t->columns[k].exact_places, scratch);
        }
        json_map_close(j);
    }
    json_list_close(j);
}

static void json_head(struct json_out *j, const struct doc *d)
{
    char text[DATE_TEXT];
    json_key(j, "schema");
    json_int(j, 1);
    json_key(j, "report");
    json_string(j, str_of(d->report));
    json_key(j, "currency");
    if (d->currency.code[0])
        json_string(j, currency_str(&d->currency));
    else
        json_null(j);
    json_key(j, "as_of");
    if (d->as_of == DAY_NONE)
        json_null(j);
    else
        json_string(j, date_format(d->as_of, text));
    json_key(j, "basis");
    if (d->basis)
        json_string(j, str_of(d->basis));
    else
        json_null(j);
    json_key(j, "months");
    json_flat(j);
    json_list_open(j);
    for (size_t i = 0; i < d->n_months; i++) {
        char m[MONTH_TEXT];
        json_string(j, month_format(d->months[i], m));
    }
    json_list_close(j);
}

static bool render(const struct doc *d, const struct render_options *o, struct buf *out,
                   struct err *e)
{
    (void)o;
    (void)e;
    CLEANUP(buf_release) struct buf scratch;
    buf_init(&scratch, out->max);
    struct json_out j;
    json_out_init(&j, out, 1);
    json_map_open(&j);
    json_head(&j, d);
    json_key(&j, "tables");
    json_map_open(&j);
    for (size_t i = 0; i < d->n_parts; i++)
        if (d->parts[i].kind == PART_TABLE && for_data(d->parts[i].table->shown))
            json_table(&j, d->parts[i].table, &scratch);
    json_map_close(&j);
    json_key(&j, "figures");
    json_map_open(&j);
    for (size_t i = 0; i < d->n_figures; i++) {
        const struct doc_figure *f = &d->figures[i];
        if (!for_data(f->shown))
            continue;
        json_key(&j, f->id);
        json_cell(&j, &f->value, f->exact_places, &scratch);
    }
    json_map_close(&j);
    json_key(&j, "notes");
    json_list_open(&j);
    for (size_t i = 0; i < d->n_notes; i++)
        json_string(&j, d->notes[i].text);
    json_list_close(&j);
    json_map_close(&j);
    buf_addc(out, '\n');
    return true;
}

const struct renderer json_renderer = {
    .name = "json",
    .extension = "json",
    .summary = "one shape for every report: tables, figures, notes; money as decimal strings",
    .render = render,
};
