/* rows.h - what tests of importers share: reading files as rows, and rows as text to compare. */
#ifndef TESTS_ROWS_H
#define TESTS_ROWS_H

#include "base/buf.h"
#include "ingest/open_source.h"
#include "test.h"

#define ROWS_TEXT (64u << 20)

static inline void print_amount(struct buf *out, const char *key, dec v)
{
    char text[DEC_TEXT];
    if (!dec_is_null(v))
        buf_fmt(out, " %s=%.*s", key, FMT(dec_format(v, text)));
}

/* One line per row, only what is known. */
static inline void print_row(struct buf *out, const struct spend_row *r)
{
    char date[DATE_TEXT], mon[MONTH_TEXT];
    buf_fmt(out, "%u:%llu %.*s %.*s", r->file, (unsigned long long)r->row,
            FMT(date_format(r->day, date)), FMT(month_format(r->period, mon)));
    print_amount(out, "billed", r->billed);
    print_amount(out, "effective", r->effective);
    print_amount(out, "list", r->list);
    buf_fmt(out, " %s", r->currency.code);
    print_amount(out, "quantity", r->quantity);
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        if (r->tokens[b] != TOKENS_NULL)
            buf_fmt(out, " tokens_%s=%lld", token_bucket_key((enum token_bucket)b),
                    (long long)r->tokens[b]);
    if (r->requests != TOKENS_NULL)
        buf_fmt(out, " requests=%lld", (long long)r->requests);
    if (r->batch)
        buf_fmt(out, " batch");
    for (int t = 0; t < SPEND_TEXTS; t++)
        if (r->text[t].n)
            buf_fmt(out, " %s='%.*s'", spend_text_key((enum spend_text)t), FMT(r->text[t]));
    buf_addc(out, '\n');
}

struct totals {
    uint64_t rows;
    dec billed, effective, list;
    int64_t tokens[TOKEN_BUCKETS];
    uint64_t requests;
};

static inline void count_row(struct totals *t, const struct spend_row *r)
{
    t->rows++;
    if (!dec_is_null(r->billed))
        t->billed += r->billed;
    if (!dec_is_null(r->effective))
        t->effective += r->effective;
    if (!dec_is_null(r->list))
        t->list += r->list;
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        if (r->tokens[b] != TOKENS_NULL)
            t->tokens[b] += r->tokens[b];
    if (r->requests != TOKENS_NULL)
        t->requests += (uint64_t)r->requests;
}

/* Drains a source with one worker; text and totals may be NULL. */
static inline bool drain_source(const struct source *s, size_t cap, struct buf *text,
                                struct totals *t, struct err *e)
{
    const struct row_source *src = source_rows(s);
    void *w;
    if (!src->open(src->self, &w, e))
        return false;
    struct spend_row *rows = calloc(cap, sizeof *rows);
    assert_non_null(rows);
    size_t n;
    bool ok;
    do {
        ok = src->produce(w, rows, cap, &n, e);
        for (size_t i = 0; ok && i < n; i++) {
            if (text)
                print_row(text, &rows[i]);
            if (t)
                count_row(t, &rows[i]);
        }
    } while (ok && n);
    src->close(w);
    free(rows);
    return ok;
}

static inline struct import_options plain_options(void)
{
    struct import_options o = {.start = DAY_NONE};
    if (!currency_parse(S("USD"), &o.currency))
        fail_msg("USD");
    return o;
}

/* Reads files whole; everything lives in a. */
static inline bool read_files(struct arena *a, const str *paths, size_t n,
                              const struct import_options *o, struct buf *text, struct totals *t,
                              const str **ret_notes, size_t *ret_n_notes, struct err *e)
{
    struct source_options so = {.import = o, .threads = 1};
    struct source *s;
    if (!source_open(a, paths, n, &so, &s, e))
        return false;
    bool ok = drain_source(s, 64, text, t, e);
    if (ok && ret_notes)
        *ret_notes = source_notes(s, a, ret_n_notes);
    source_close(s);
    return ok;
}

/* A file with this content under a folder of the test's own; the path lives in a. */
static inline str temp_file(struct arena *a, const char *name, str content)
{
    struct err e;
    str dir = str_fmt(a, "/tmp/outlay-test-%d", os_pid());
    str path = path_join(a, dir, str_of(name));
    assert_ok(dir_make(dir, &e), &e);
    assert_ok(file_write_atomic(path, content, &e), &e);
    return path;
}

static inline int remove_temp_files(void **state)
{
    struct arena a = ARENA_INIT;
    dir_remove_all(str_fmt(&a, "/tmp/outlay-test-%d", os_pid()));
    arena_release(&a);
    return 0;
}

#endif
