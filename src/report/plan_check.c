/* plan_check.c - builds the list of a plan's faults and warnings. */
#include "report/plan_lists.h"
#include "report/plan_report.h"

static void fault_row(struct doc *d, struct doc_table *t, const struct diag *g)
{
    static const char *const words[] = {"error", "warning", "note"};
    struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
    c[0] = cell_text(str_of(words[g->level]));
    if (g->at.file.n)
        c[1] = cell_text(g->at.file);
    if (g->at.line)
        c[2] = cell_count(g->at.line);
    if (g->at.column) {
        c[3] = cell_count(g->at.column);
        c[4] = cell_count(MAX(g->at.width, 1u));
    }
    c[5] = cell_text(g->text);
    if (g->hint.n)
        c[6] = cell_text(g->hint);
}

/* What only the computed plan shows: the warnings of its report. */
static bool computed(const struct plan_check *q, struct arena *a, struct doc *d,
                     struct doc_table *t, size_t *warnings, struct err *e)
{
    const struct plan_request r = {.plan = q->plan, .as_of = q->as_of};
    struct doc *report;
    if (!report_plan(&r, a, &report, e))
        return false;
    for (size_t i = 0; i < report->n_notes; i++) {
        if (report->notes[i].level != NOTE_WARN)
            continue;
        fault_row(d, t, &(struct diag){.level = DIAG_WARNING, .text = report->notes[i].text});
        doc_note(d, NOTE_WARN, "%.*s", FMT(report->notes[i].text));
        ++*warnings;
    }
    return true;
}

bool report_plan_check(const struct plan_check *q, struct arena *a, struct doc **ret,
                       size_t *ret_warnings, struct err *e)
{
    static const struct doc_column columns[] = {
        {"level", "Level", CELL_TEXT, SHOW_ALL, 0, -1},
        {"file", "File", CELL_TEXT, SHOW_ALL, 0, -1},
        {"line", "Line", CELL_COUNT, SHOW_ALL, 0, -1},
        {"column", "Column", CELL_COUNT, SHOW_ALL, 0, -1},
        {"width", "Width", CELL_COUNT, SHOW_DATA, 0, -1},
        {"text", "What", CELL_TEXT, SHOW_ALL, 0, -1},
        {"hint", "Remedy", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc *d = doc_new(a, "check", str_fmt(a, "Check of %.*s", FMT(q->name)));
    struct doc_table *t = doc_table(d, "faults", STR_NONE, columns, ARRAY_LEN(columns));
    size_t warnings = q->faults->warnings;
    t->shown = SHOW_DATA; /* people see them with their source line */
    d->as_of = q->as_of;
    if (q->plan)
        d->currency = q->plan->header.currency;
    for (size_t i = 0; i < q->faults->n; i++)
        fault_row(d, t, &q->faults->items[i]);
    if (q->plan && !computed(q, a, d, t, &warnings, e))
        return false;
    doc_figure(d, "errors", S("Faults"), 0, cell_count((int64_t)q->faults->errors));
    doc_figure(d, "warnings", S("Warnings"), 0, cell_count((int64_t)warnings));
    if (q->plan) {
        doc_figure(d, "lines", S("Lines"), 0, cell_count((int64_t)q->plan->n_lines));
        doc_figure(d, "positions", S("Positions"), 0, cell_count((int64_t)q->plan->staff.n));
        doc_figure(d, "initiatives", S("Initiatives"), 0,
                   cell_count((int64_t)q->plan->initiatives.n));
        doc_figure(d, "levers", S("Levers"), 0, cell_count((int64_t)q->plan->levers.n));
    }
    *ret = d;
    *ret_warnings = warnings;
    return true;
}
