/* import_report.c - builds the report of an import. */
#include "report/import_report.h"

static void files_table(const struct import_report *r, struct doc *d)
{
    static const struct doc_column columns[] = {
        {"file", "File", CELL_TEXT, SHOW_ALL, 0, -1},
        {"importer", "Format", CELL_TEXT, SHOW_ALL, 0, -1},
        {"records", "Records", CELL_COUNT, SHOW_ALL, 0, -1},
        {"rows", "Rows", CELL_COUNT, SHOW_ALL, 0, -1},
        {"skipped", "Skipped", CELL_COUNT, SHOW_ALL, 0, -1},
        {"known_as", "Already in import", CELL_COUNT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t = doc_table(d, "files", STR_NONE, columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < r->n_files; i++) {
        const struct import_line *f = &r->files[i];
        struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
        c[0] = cell_text(f->path);
        if (f->known) {
            c[5] = cell_count(f->known);
            continue;
        }
        c[1] = cell_text(f->importer);
        c[2] = cell_count((int64_t)f->records);
        c[3] = cell_count((int64_t)f->rows);
        c[4] = cell_count((int64_t)f->skipped);
    }
}

static void amounts_table(const struct import_report *r, struct doc *d)
{
    static const struct doc_column columns[] = {
        {"category", "Category", CELL_TEXT, SHOW_DATA, 0, -1},
        {"name", "Placed in", CELL_TEXT, SHOW_PEOPLE, 0, -1},
        {"currency", "Currency", CELL_TEXT, SHOW_ALL, 0, -1},
        {"billed", "Billed", CELL_MONEY, SHOW_ALL, 2, -1},
        {"effective", "Effective", CELL_MONEY, SHOW_ALL, 2, -1},
        {"rows", "Rows", CELL_COUNT, SHOW_ALL, 0, -1},
        {"unpriced", "Unpriced", CELL_COUNT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t = doc_table(d, "amounts", STR_NONE, columns, ARRAY_LEN(columns));
    for (int category = 0; category < CATEGORY_STATES; category++) {
        for (size_t i = 0; i < r->n_amounts; i++) {
            const struct import_amount *x = &r->amounts[i];
            if ((int)x->category != category)
                continue;
            struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
            bool known = x->unpriced < x->rows;
            c[0] = cell_text(str_of(category_key(x->category)));
            c[1] = cell_text(str_of(category_name(x->category)));
            c[2] = cell_text(x->currency);
            c[3] = known ? cell_money(x->billed) : cell_null();
            c[4] = known ? cell_money(x->effective) : cell_null();
            c[5] = cell_count((int64_t)x->rows);
            c[6] = cell_count((int64_t)x->unpriced);
        }
    }
}

static str headline(const struct import_report *r, struct arena *a)
{
    if (!r->rows && !r->import)
        return S("Nothing new: the book holds these bytes already");
    if (r->dry_run)
        return S("Dry run: nothing was written");
    return str_fmt(a, "Import %lld", (long long)r->import);
}

struct doc *report_import(const struct import_report *r, struct arena *a)
{
    struct doc *d = doc_new(a, "import", headline(r, a));
    char first[DATE_TEXT], last[DATE_TEXT];
    d->currency = r->currency;
    d->as_of = r->as_of;
    if (r->first != DAY_NONE && r->rows)
        d->subtitle = str_fmt(a, "%s rows, %s to %s", str_count(a, r->rows).p,
                              date_format(r->first, first).p, date_format(r->last, last).p);
    files_table(r, d);
    amounts_table(r, d);
    doc_figure(d, "import", S("Import"), 0, r->import ? cell_count(r->import) : cell_null());
    doc_last_figure(d)->shown = SHOW_DATA;
    doc_figure(d, "rows", S("Rows"), 0, cell_count((int64_t)r->rows));
    doc_last_figure(d)->shown = SHOW_DATA;
    if (r->n_replaced)
        doc_note(d, NOTE_INFO, "%zu combinations of provider, account and month were already there "
                               "and were %s.", r->n_replaced,
                 str_eq(r->mode, S("replace")) ? "replaced" : "added to");
    for (size_t i = 0; i < r->n_notes; i++)
        doc_note(d, NOTE_INFO, "%.*s", FMT(r->notes[i]));
    return d;
}
