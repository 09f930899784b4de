/* sample.h - a doc with every kind of cell, mark, row and part, and text that tries to escape. */
#ifndef TESTS_SAMPLE_H
#define TESTS_SAMPLE_H

#include "core/month.h"
#include "doc/doc.h"

static inline dec sample_dec(const char *s)
{
    dec v;
    if (dec_parse(str_of(s), &v) != DEC_OK)
        UNREACHABLE();
    return v;
}

static inline void sample_spend(struct doc *d)
{
    static const struct doc_column columns[] = {
        {"category", "Category", CELL_TEXT, SHOW_ALL, 0, -1},
        {"service", "Service", CELL_TEXT, SHOW_ALL, 0, -1},
        {"billed", "Billed", CELL_MONEY, SHOW_ALL, 2, -1},
        {"effective", "Effective", CELL_MONEY, SHOW_ALL, 2, 2},
        {"rows", "Rows", CELL_COUNT, SHOW_ALL, 0, -1},
        {"share", "Share", CELL_SHARE, SHOW_ALL, 1, -1},
        {"variance", "Fav/(Unfav)", CELL_MONEY, SHOW_PEOPLE, 0, -1},
        {"monthly", "Monthly", CELL_SERIES, SHOW_ALL, 0, 2},
        {"rule", "Rule", CELL_TEXT, SHOW_DATA, 0, -1},
    };
    dec *monthly = arena_new(d->arena, dec, 3);
    monthly[0] = sample_dec("1.5");
    monthly[1] = DEC_NULL;
    monthly[2] = sample_dec("-2");
    struct doc_table *t = doc_table(d, "spend", S("Spend by category"), columns,
                                    ARRAY_LEN(columns));
    struct cell *c = doc_row(d, t, ROW_GROUP, 0);
    c[0] = cell_text(S("Infrastructure & Compute"));
    c = doc_row(d, t, ROW_NORMAL, 1);
    c[0] = cell_text(S("infra"));
    c[1] = cell_text(S("Amazon Elastic Compute Cloud, accelerated instances of every generation"));
    c[2] = cell_money(sample_dec("1234567.891234567891"));
    c[3] = cell_money(sample_dec("1200000"));
    c[4] = cell_count(1234567);
    c[5] = cell_share(sample_dec("0.8"));
    c[6] = cell_marked(cell_money(sample_dec("-71000.4")), MARK_BAD);
    c[7] = cell_series(monthly, 3);
    c[8] = cell_text(S("aws.ec2"));
    c = doc_row(d, t, ROW_NORMAL, 1);
    c[0] = cell_text(S("vendor"));
    c[1] = cell_text(S("=HYPERLINK(\"http://x\",\"<b>&'\") | *pipe*"));
    c[2] = cell_money(sample_dec("-0.004"));
    c[4] = cell_count(-3);
    c[5] = cell_marked(cell_share(sample_dec("-0.031")), MARK_GOOD);
    c[6] = cell_money(sample_dec("1500"));
    c[8] = cell_text(S("@cmd,\"quoted\""));
    c = doc_row(d, t, ROW_TOTAL, 0);
    c[0] = cell_text(S("Total"));
    c[2] = cell_money(sample_dec("1234567.887234567891"));
    c[3] = cell_money(sample_dec("1200000"));
    c[4] = cell_count(1234564);
    c[5] = cell_share(sample_dec("1"));
    c[6] = cell_marked(cell_money(sample_dec("-69500.4")), MARK_WARN);
}

static inline void sample_kinds(struct doc *d)
{
    static const struct doc_column columns[] = {
        {"name", "Name", CELL_TEXT, SHOW_ALL, 0, -1},
        {"month", "Month", CELL_MONTH, SHOW_ALL, 0, -1},
        {"day", "Day", CELL_DAY, SHOW_ALL, 0, -1},
        {"open", "Open", CELL_BOOL, SHOW_ALL, 0, -1},
        {"rate", "Rate", CELL_NUMBER, SHOW_ALL, 4, -1},
    };
    struct doc_table *t = doc_table(d, "kinds", S("Kinds [of] cells: all*"), columns,
                                    ARRAY_LEN(columns));
    struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
    c[0] = cell_text(S("\xe5\xb0\x8f\xe8\xa9\xa6, na\xc3\xafve, \xff bad, \x1b[31mred"));
    c[0] = cell_marked(c[0], MARK_MUTED);
    c[1] = cell_month(month_of(2026, 7));
    c[2] = cell_day(day_from_civil(2026, 7, 31));
    c[3] = cell_bool(true);
    c[4] = cell_number(sample_dec("-1234.56785"));
    c = doc_row(d, t, ROW_NORMAL, 0);
    c[0] = cell_text(S("unknown </script><script>alert(1)</script>"));
}

static inline struct doc *sample_doc(struct arena *a)
{
    static const month months[] = {24318, 24319, 24320};
    static const struct doc_column one[] = {{"kind", "Kind", CELL_TEXT, SHOW_ALL, 0, -1}};
    struct doc *d = doc_new(a, "inventory", S("AI spend inventory <b>&amp;"));
    d->subtitle = S("Jul - Sep 2026, USD, effective cost");
    memcpy(d->currency.code, "USD", 4);
    d->as_of = day_from_civil(2026, 10, 31);
    d->basis = "effective";
    d->months = months;
    d->n_months = ARRAY_LEN(months);
    doc_figure(d, "billed", S("Billed"), 2, cell_money(sample_dec("1234567.887234567891")));
    doc_figure(d, "rows", S("Rows"), 0, cell_count(1234564));
    doc_figure(d, "explained", S("Explained"), 1,
               cell_marked(cell_share(sample_dec("0.9725")), MARK_GOOD));
    doc_figure(d, "rate", S("Rate"), 2, cell_null());
    doc_figure(d, "sha256", S("Digest"), 0, cell_text(S("0123abcd")));
    doc_last_figure(d)->shown = SHOW_DATA;
    sample_spend(d);
    doc_prose(d, SHOW_ALL, S("1. A paragraph that is long enough to be wrapped on a narrow "
                             "terminal, and that says nothing else; # - not a heading."));
    sample_kinds(d);
    struct doc_table *none = doc_table(d, "at_risk", S("At risk"), one, 1);
    none->empty_text = S("Nothing is at risk.");
    doc_table(d, "silent", S("Left out for people"), one, 1);
    doc_note(d, NOTE_INFO, "Columns may not add because of rounding.");
    doc_note(d, NOTE_WARN, "12 rows have no price; %s", "they are shown as -, never as 0.");
    return d;
}

#endif
