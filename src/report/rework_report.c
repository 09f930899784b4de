/* rework_report.c - builds the report of new rules or prices. */
#include "report/rework_report.h"

struct doc *report_rework(const struct rework_report *r, struct arena *a)
{
    static const struct doc_column columns[] = {
        {"from", "From", CELL_TEXT, SHOW_ALL, 0, -1},
        {"to", "To", CELL_TEXT, SHOW_ALL, 0, -1},
        {"currency", "Currency", CELL_TEXT, SHOW_ALL, 0, -1},
        {"rows", "Rows", CELL_COUNT, SHOW_ALL, 0, -1},
        {"billed_before", "Billed before", CELL_MONEY, SHOW_ALL, 2, -1},
        {"billed_after", "Billed after", CELL_MONEY, SHOW_ALL, 2, -1},
        {"unpriced_before", "Unpriced before", CELL_COUNT, SHOW_ALL, 0, -1},
        {"unpriced_after", "Unpriced after", CELL_COUNT, SHOW_ALL, 0, -1},
    };
    str title = str_fmt(a, "%s %s", strcmp(r->what, "rules") == 0 ? "Rules" : "Prices",
                        r->dry_run ? "would change" : "applied");
    struct doc *d = doc_new(a, str_fmt(a, "%s_apply", r->what).p, title);
    d->currency = r->currency;
    d->as_of = r->as_of;
    struct doc_table *t = doc_table(d, "changes", STR_NONE, columns, ARRAY_LEN(columns));
    t->empty_text = S("No row changed.");
    for (size_t i = 0; i < r->n_lines; i++) {
        const struct rework_line *x = &r->lines[i];
        struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
        c[0] = cell_text(str_of(category_key(x->from)));
        c[1] = cell_text(str_of(category_key(x->to)));
        c[2] = cell_text(x->currency);
        c[3] = cell_count((int64_t)x->rows);
        c[4] = x->unpriced_before < x->rows ? cell_money(x->before) : cell_null();
        c[5] = x->unpriced_after < x->rows ? cell_money(x->after) : cell_null();
        c[6] = cell_count((int64_t)x->unpriced_before);
        c[7] = cell_count((int64_t)x->unpriced_after);
    }
    doc_figure(d, "rows", S("Rows looked at"), 0, cell_count((int64_t)r->rows));
    doc_figure(d, "changed", S("Rows changed"), 0, cell_count((int64_t)r->changed));
    doc_figure(d, "parts", S("Parts of the ledger written anew"), 0, cell_count((int64_t)r->parts));
    if (r->closed)
        doc_note(d, NOTE_INFO, "%llu rows of closed months were left alone.",
                 (unsigned long long)r->closed);
    if (r->dry_run)
        doc_note(d, NOTE_INFO, "A dry run: the ledger is as it was.");
    return d;
}
