/* doc.h - what a report says, before anyone decides how it looks.
 *
 * A report builds a doc: figures, tables of typed cells, notes. A renderer prints it; it never
 * computes, so text, CSV, JSON, HTML, Markdown, workbook and PDF agree to the last digit.
 * Numbers are exact decimals (dec); a renderer for people rounds to the column's `places`, the ones
 * for programs (JSON, CSV) print every digit with trailing zeros trimmed, or exactly `exact_places`
 * where a column says so. Unknown is CELL_NULL, never 0. Everything lives in the doc's arena. */
#ifndef DOC_DOC_H
#define DOC_DOC_H

#include "base/arena.h"
#include "base/date.h"
#include "base/str.h"
#include "core/currency.h"
#include "core/dec.h"
#include "core/month.h"

enum cell_kind {
    CELL_NULL,   /* unknown: JSON null, empty in CSV, "-" for people */
    CELL_TEXT,   /* str */
    CELL_MONEY,  /* dec, in the doc's currency: JSON decimal string */
    CELL_NUMBER, /* dec, a plain quantity: JSON decimal string */
    CELL_COUNT,  /* int64: JSON number, grouped in thousands for people */
    CELL_SHARE,  /* dec fraction: "0.125" for programs, "12.5 %" for people */
    CELL_MONTH,  /* month: "2026-07" */
    CELL_DAY,    /* day: "2026-07-01" */
    CELL_BOOL,   /* JSON true/false, yes/no for people */
    CELL_SERIES, /* dec[]: a JSON list of money strings; programs only, left out of people's tables
                  */
};

/* What a cell means to a reader; color only ever repeats what text already says. */
enum cell_mark { MARK_NONE, MARK_GOOD, MARK_BAD, MARK_WARN, MARK_MUTED };

struct cell {
    enum cell_kind kind;
    enum cell_mark mark;
    union {
        str text;
        dec number;
        int64_t count;
        month month;
        day day;
        bool yes;
        struct {
            const dec *items;
            size_t n;
        } series;
    };
};

enum shown { SHOW_ALL, SHOW_PEOPLE, SHOW_DATA }; /* data: JSON and CSV */

struct doc_column {
    const char *id;     /* snake_case: the JSON key and CSV header; no two alike in a table */
    const char *title;  /* for people, with the unit where there is one */
    enum cell_kind kind; /* of every cell that is not CELL_NULL */
    enum shown shown;
    int places;         /* decimals for people: money 2 or 0, share 1 */
    int exact_places;   /* decimals for programs, never fewer; -1 (usual): all, zeros trimmed */
};

enum row_role { ROW_NORMAL, ROW_TOTAL, ROW_GROUP /* a heading above what follows */ };

struct doc_row {
    enum row_role role; /* people only see totals and groups; programs get ROW_NORMAL alone */
    int indent;
    struct cell *cells; /* one per column */
};

struct doc_table {
    const char *id; /* JSON table id */
    str title;      /* for people; may be empty */
    enum shown shown;
    const struct doc_column *columns;
    size_t n_columns;
    struct doc_row *rows;
    size_t n_rows, cap_rows;
    str empty_text; /* printed for people instead of a table without rows; empty: table is left out
                     */
};

struct doc_figure {
    const char *id; /* JSON figure id */
    str title;      /* for people */
    enum shown shown;
    int places, exact_places; /* as in doc_column */
    struct cell value;
};

enum note_level { NOTE_INFO, NOTE_WARN };

struct doc_note {
    enum note_level level;
    str text; /* whole sentences */
};

/* One part of a doc in the order people read it. */
struct doc_part {
    enum { PART_TABLE, PART_PROSE } kind;
    enum shown shown;
    union {
        struct doc_table *table;
        str prose; /* a paragraph */
    };
};

struct doc {
    struct arena *arena;
    const char *report; /* "inventory" */
    str title;          /* "AI spend inventory" */
    str subtitle;       /* "Jul 2025 - Jun 2026, USD, effective cost" */
    currency currency;
    day as_of;          /* DAY_NONE: null */
    const char *basis;  /* "effective", "billed", NULL */
    const month *months;
    size_t n_months;
    struct doc_part *parts;
    size_t n_parts, cap_parts;
    struct doc_figure *figures;
    size_t n_figures, cap_figures;
    struct doc_note *notes;
    size_t n_notes, cap_notes;
};

struct doc *doc_new(struct arena *a, const char *report, str title);
/* Columns must outlive the doc: a static const array or one in its arena. */
struct doc_table *doc_table(struct doc *d, const char *id, str title,
                            const struct doc_column *columns, size_t n_columns);
/* A new row of CELL_NULL cells; the pointer to its cells is valid for good. */
struct cell *doc_row(struct doc *d, struct doc_table *t, enum row_role role, int indent);
void doc_prose(struct doc *d, enum shown shown, str paragraph);
void doc_figure(struct doc *d, const char *id, str title, int places, struct cell value);
struct doc_figure *doc_last_figure(struct doc *d);
void doc_note(struct doc *d, enum note_level level, const char *fmt, ...) PRINTF_LIKE(3, 4);

struct cell cell_null(void);
struct cell cell_text(str s);   /* borrowed: must live as long as the doc */
struct cell cell_money(dec v);  /* DEC_NULL gives CELL_NULL; so do the next ones */
struct cell cell_number(dec v);
struct cell cell_share(dec fraction);
struct cell cell_count(int64_t v);
struct cell cell_month(month m);
struct cell cell_day(day d);
struct cell cell_bool(bool yes);
struct cell cell_series(const dec *items, size_t n); /* borrowed */
struct cell cell_marked(struct cell c, enum cell_mark mark);

#endif
