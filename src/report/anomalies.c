/* anomalies.c - builds the report of unusual days. */
#include "report/anomalies.h"

#include <math.h>

static dec tenth(double z)
{
    return (dec)(int64_t)(z * 10 + (z < 0 ? -0.5 : 0.5)) * (DEC_ONE / 10);
}

struct doc *report_anomalies(const struct anomalies_view *v, struct arena *a)
{
    static const struct doc_column columns[] = {
        {"day", "Day", CELL_DAY, SHOW_ALL, 0, -1},
        {"path", "Line", CELL_TEXT, SHOW_ALL, 0, -1},
        {"category", "Category", CELL_TEXT, SHOW_DATA, 0, -1},
        {"actual", "Actual", CELL_MONEY, SHOW_ALL, 0, -1},
        {"expected", "Expected", CELL_MONEY, SHOW_ALL, 0, 2},
        {"delta", "Over/(under)", CELL_MONEY, SHOW_ALL, 0, 2},
        {"z", "Score", CELL_NUMBER, SHOW_ALL, 1, 1},
        {"kind", "Kind", CELL_TEXT, SHOW_ALL, 0, -1},
        {"fixed", "Over the fixed share", CELL_BOOL, SHOW_ALL, 0, -1},
        {"rows", "Rows", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    static const char *const kinds[] = {"spike", "shift", "stopped"};
    struct doc *d = doc_new(a, "anomalies", S("Days outside their own pattern"));
    char from[DATE_TEXT], to[DATE_TEXT], floor[DEC_GROUPED_TEXT], over[DEC_TEXT];
    d->currency = v->currency;
    d->as_of = v->as_of;
    d->basis = v->basis;
    d->subtitle = v->from == DAY_NONE
                      ? S("no spend")
                      : str_fmt(a, "%.*s to %.*s, %s", FMT(date_format(v->from, from)),
                                FMT(date_format(v->to, to)), v->currency.code);
    struct doc_table *t = doc_table(d, "anomalies", STR_NONE, columns, ARRAY_LEN(columns));
    t->empty_text = S("Nothing is outside its pattern.");
    for (size_t i = 0; i < v->n; i++) {
        const struct anomaly_day *x = &v->items[i];
        struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
        c[0] = cell_day(x->day);
        c[1] = cell_text(x->path);
        c[2] = cell_text(str_of(category_key(x->category)));
        c[3] = cell_money(x->actual);
        c[4] = cell_money(x->expected);
        c[5] = cell_marked(cell_money(x->actual - x->expected),
                           x->actual > x->expected ? MARK_BAD : MARK_NONE);
        c[6] = isnan(x->z) ? cell_null() : cell_number(tenth(x->z));
        c[7] = cell_text(str_of(kinds[x->kind]));
        c[8] = cell_bool(x->fixed);
        c[9] = cell_text(x->rows);
    }
    doc_figure(d, "days", S("Days looked at"), 0, cell_count((int64_t)v->days));
    doc_figure(d, "anomalies", S("Outside their pattern"), 0, cell_count((int64_t)v->n));
    doc_figure(d, "fixed", S("More than the fixed share off"), 0, cell_count((int64_t)v->fixed));
    doc_note(d, NOTE_INFO,
             "Streams looked at (a line at one provider, spend on most days), each against its own "
             "week: %zu. Called out: a robust score over 2.5 that stands among all lines (at most "
             "a tenth by chance), or a lasting shift, and %.*s off. The fixed share is %.*s %%.",
             v->series, FMT(dec_format_grouped(v->floor, 0, floor)),
             FMT(dec_format(v->over * 100, over)));
    if (v->too_short)
        doc_note(d, NOTE_INFO, "Left to 'outlay track', billed by the month or for less than five "
                               "weeks: %zu.", v->too_short);
    return d;
}
