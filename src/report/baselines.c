/* baselines.c - builds the list of baselines. */
#include "report/baselines.h"

/* Where a baseline stands today. */
static struct cell state(const struct baseline *x)
{
    if (x->reopened_at.n)
        return cell_marked(cell_text(S("reopened")), MARK_MUTED);
    return cell_text(str_of(baseline_status_name(x->status)));
}

static struct cell text_or_null(str s)
{
    return s.n ? cell_text(s) : cell_null();
}

static struct cell total(const struct baseline *x)
{
    dec v;
    return dec_parse(x->total, &v) == DEC_OK ? cell_money(v) : cell_null();
}

static struct cell starts(const struct baseline *x)
{
    month m;
    return month_parse(x->starts, &m) ? cell_month(m) : cell_null();
}

struct doc *report_baselines(const struct baseline *items, size_t n, struct arena *a)
{
    static const struct doc_column columns[] = {
        {"baseline", "No.", CELL_COUNT, SHOW_ALL, 0, -1},
        {"state", "State", CELL_TEXT, SHOW_ALL, 0, -1},
        {"status", "Status", CELL_TEXT, SHOW_DATA, 0, -1},
        {"at", "When (UTC)", CELL_TEXT, SHOW_ALL, 0, -1},
        {"by", "By", CELL_TEXT, SHOW_ALL, 0, -1},
        {"name", "Plan", CELL_TEXT, SHOW_ALL, 0, -1},
        {"starts", "Starts", CELL_MONTH, SHOW_ALL, 0, -1},
        {"months", "Months", CELL_COUNT, SHOW_ALL, 0, -1},
        {"currency", "Currency", CELL_TEXT, SHOW_ALL, 0, -1},
        {"total", "Total", CELL_MONEY, SHOW_ALL, 2, 2},
        {"note", "Note", CELL_TEXT, SHOW_ALL, 0, -1},
        {"reopened_at", "Reopened (UTC)", CELL_TEXT, SHOW_DATA, 0, -1},
        {"reopened_by", "Reopened by", CELL_TEXT, SHOW_DATA, 0, -1},
        {"reason", "Reopened because", CELL_TEXT, SHOW_ALL, 0, -1},
        {"program", "Program", CELL_TEXT, SHOW_DATA, 0, -1},
        {"sha256", "SHA-256", CELL_TEXT, SHOW_DATA, 0, -1},
    };
    struct doc *d = doc_new(a, "baselines", S("Baselines"));
    struct doc_table *t = doc_table(d, "baselines", STR_NONE, columns, ARRAY_LEN(columns));
    t->empty_text = S("No plan was requested or approved yet.");
    if (n && !currency_parse(items[n - 1].currency, &d->currency))
        d->currency = (currency){""};
    for (size_t i = 0; i < n; i++) {
        const struct baseline *x = &items[i];
        const struct cell cells[] = {
            cell_count(x->id),           state(x),
            cell_text(str_of(baseline_status_name(x->status))),
            cell_text(x->at),            text_or_null(x->by),
            text_or_null(x->name),       starts(x),
            cell_count(x->months),       cell_text(x->currency),
            total(x),                    text_or_null(x->note),
            text_or_null(x->reopened_at), text_or_null(x->reopened_by),
            text_or_null(x->reason),     cell_text(x->program),
            cell_text(x->sha256)};
        memcpy(doc_row(d, t, ROW_NORMAL, 0), cells, sizeof cells);
    }
    return d;
}
