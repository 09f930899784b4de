/* test_open_source.c - many files as one source: order, threads, faults, Parquet. */
#include "rows.h"

#include <pthread.h>

#include "ingest/focus_check.h"
#include "store/ledger_int.h"

enum { FILES = 5, LINES = 700 };

/* Rows of a FOCUS file; `bad` is the line with a wrong amount, 0: none. */
static str focus_text(struct arena *a, int file, int bad)
{
    struct buf b;
    buf_init(&b, ROWS_TEXT);
    buf_fmt(&b, "ChargePeriodStart,BilledCost,EffectiveCost,BillingCurrency,ServiceName,Tags\n");
    for (int line = 2; line <= LINES; line++)
        buf_fmt(&b, "2026-0%d-%02dT00:00:00Z,%s%d.%03d,0.5,USD,service %d,\"{\"\"n\"\": %d}\"\n",
                1 + line % 9, 1 + line % 28, line == bad ? "x" : "", file, line, line % 7, line);
    str text = str_dup(a, buf_str(&b));
    buf_release(&b);
    return text;
}

struct shared {
    const struct row_source *src;
    pthread_mutex_t lock;
    struct totals totals;
    int failures;
    struct err fault;
};

static void *work(void *arg)
{
    struct shared *s = arg;
    struct spend_row rows[40];
    struct totals t = {0};
    struct err e = {0};
    void *w = NULL;
    size_t n = 0;
    bool ok = s->src->open(s->src->self, &w, &e);
    do {
        ok = ok && s->src->produce(w, rows, ARRAY_LEN(rows), &n, &e);
        for (size_t i = 0; ok && i < n; i++)
            count_row(&t, &rows[i]);
    } while (ok && n);
    s->src->close(w);
    pthread_mutex_lock(&s->lock);
    s->totals.rows += t.rows;
    s->totals.billed += t.billed;
    if (!ok) {
        s->failures++;
        s->fault = e;
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static void read_with_threads(struct source *src, int threads, struct shared *ret)
{
    pthread_t ids[8];
    *ret = (struct shared){.src = source_rows(src)};
    pthread_mutex_init(&ret->lock, NULL);
    for (int i = 0; i < threads; i++)
        assert_int_equal(pthread_create(&ids[i], NULL, work, ret), 0);
    for (int i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    pthread_mutex_destroy(&ret->lock);
}

static struct source *open_files(struct arena *a, const str *paths, size_t n, int threads,
                                 const struct import_options *o, struct row_stage stage)
{
    struct err e = {0};
    struct source *s;
    struct source_options so = {.import = o, .threads = threads, .block_bytes = 1000,
                                .stage = stage};
    assert_ok(source_open(a, paths, n, &so, &s, &e), &e);
    return s;
}

static void threads_share_files_and_lose_nothing(void **state)
{
    struct arena a = ARENA_INIT;
    struct import_options o = plain_options();
    str paths[FILES];
    for (int i = 0; i < FILES; i++)
        paths[i] = temp_file(&a, str_cstr(&a, str_fmt(&a, "f%d.csv", i)), focus_text(&a, i, 0));
    struct totals one = {0};
    struct err e = {0};
    assert_ok(read_files(&a, paths, FILES, &o, NULL, &one, NULL, NULL, &e), &e);
    assert_int_equal(one.rows, FILES * (LINES - 1));
    for (int threads = 1; threads <= 4; threads++) {
        struct shared all;
        struct source *s = open_files(&a, paths, FILES, threads, &o, (struct row_stage){0});
        read_with_threads(s, threads, &all);
        assert_int_equal(all.failures, 0);
        assert_int_equal(all.totals.rows, one.rows);
        assert_true(all.totals.billed == one.billed);
        size_t n;
        const struct source_file *files = source_files(s, &n);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(files[i].counts.rows, LINES - 1);
        assert_true(source_rows(s)->progress(source_rows(s)->self) > 0.99);
        source_close(s);
    }
    arena_release(&a);
}

static void the_first_fault_wins_whatever_the_threads(void **state)
{
    struct arena a = ARENA_INIT;
    struct import_options o = plain_options();
    static const int bad[FILES] = {0, 690, 3, 0, 2};
    str paths[FILES];
    for (int i = 0; i < FILES; i++)
        paths[i] = temp_file(&a, str_cstr(&a, str_fmt(&a, "b%d.csv", i)),
                             focus_text(&a, i, bad[i]));
    str wanted = str_fmt(&a, "%.*s:690: BilledCost 'x1.690' is not an amount", FMT(paths[1]));
    for (int round = 0; round < 12; round++) {
        struct shared all;
        struct source *s = open_files(&a, paths, FILES, 1 + round % 4, &o, (struct row_stage){0});
        read_with_threads(s, 1 + round % 4, &all);
        assert_int_equal(all.failures, 1);
        assert_str(str_of(all.fault.text), str_cstr(&a, wanted));
        source_close(s);
    }
    arena_release(&a);
}

/* A stage that splits every third row in two halves and refuses a service. */
static bool stage_open(void *ctx, void **ret, struct err *e)
{
    *ret = ctx;
    return true;
}

static bool stage_apply(void *worker, struct spend_row rows[SPLIT_MOST], size_t *n, struct err *e)
{
    const char *refuse = worker;
    if (refuse && str_eq(rows[0].text[SPEND_SERVICE], str_of(refuse)))
        return err_set(e, ERR_INVALID, "%u:%llu: refused", rows[0].file,
                       (unsigned long long)rows[0].row);
    if (rows[0].row % 3 == 0) {
        rows[1] = rows[0];
        rows[0].billed /= 2;
        rows[1].billed -= rows[0].billed;
        *n = 2;
    }
    return true;
}

static void stage_close(void *worker)
{
}

static void a_stage_may_split_and_refuse_rows(void **state)
{
    struct arena a = ARENA_INIT;
    struct import_options o = plain_options();
    str path = temp_file(&a, "s.csv", focus_text(&a, 1, 0));
    struct totals whole = {0};
    struct err e = {0};
    assert_ok(read_files(&a, &path, 1, &o, NULL, &whole, NULL, NULL, &e), &e);
    const struct row_stage split = {NULL, stage_open, stage_apply, stage_close};
    for (size_t cap = 1; cap < 60; cap += 7) {
        struct totals t = {0};
        struct source *s = open_files(&a, &path, 1, 1, &o, split);
        assert_ok(drain_source(s, cap, NULL, &t, &e), &e);
        assert_int_equal(t.rows, LINES - 1 + LINES / 3);
        assert_true(t.billed == whole.billed);
        source_close(s);
    }
    char refused[] = "service 5";
    struct source *s = open_files(&a, &path, 1, 1, &o,
                                  (struct row_stage){refused, stage_open, stage_apply, stage_close});
    assert_error(drain_source(s, 40, NULL, NULL, &e), &e, "1:5: refused");
    source_close(s);
    arena_release(&a);
}

static void a_file_that_is_wrong_stops_before_any_is_read(void **state)
{
    struct arena a = ARENA_INIT;
    struct import_options o = plain_options();
    struct err e = {0};
    str paths[2] = {temp_file(&a, "ok.csv", focus_text(&a, 1, 0)),
                    temp_file(&a, "no.csv", S("a,b\n1,2\n"))};
    struct source_options so = {.import = &o, .threads = 1};
    struct source *s;
    assert_error(source_open(&a, paths, 2, &so, &s, &e), &e, "no.csv: is delimited text, but of no");
    paths[1] = S("/no/such/file.csv");
    assert_error(source_open(&a, paths, 2, &so, &s, &e), &e, "/no/such/file.csv");
    arena_release(&a);
}

/* The row without its number, which is a line in one shape and a record in the other. */
static str without_place(struct arena *a, str text)
{
    str rest = text, line, out = STR_NONE;
    while (str_cut(&rest, '\n', &line))
        if (line.n)
            out = str_fmt(a, "%.*s%.*s\n", FMT(out),
                          FMT(str_sub(line, str_find_char(line, ' ', 0), line.n)));
    return out;
}

static void compare_shapes(struct ledger *l, struct arena *a, str csv, const char *select)
{
    struct err e = {0};
    struct sql q;
    duckdb_result r;
    str parquet = temp_file(a, "same.parquet", S("x"));
    sql_init(&q);
    sql_add(&q, "COPY (SELECT %s FROM read_csv('%.*s', all_varchar = true, header = true)) TO '%.*s' (FORMAT parquet)",
            select, FMT(csv), FMT(parquet));
    assert_ok(sql_run(l, &q, &r, &e), &e);
    l->db->destroy_result(&r);
    sql_release(&q);
    struct import_options o = plain_options();
    str paths[2] = {csv, parquet}, texts[2];
    for (int i = 0; i < 2; i++) {
        struct buf text;
        struct source *s;
        struct source_options so = {.import = &o, .threads = 1, .ledger = l};
        buf_init(&text, ROWS_TEXT);
        assert_ok(source_open(a, &paths[i], 1, &so, &s, &e), &e);
        assert_ok(drain_source(s, 100, &text, NULL, &e), &e);
        source_close(s);
        texts[i] = without_place(a, buf_str(&text));
        buf_release(&text);
    }
    assert_true(texts[0].n > 100);
    if (!str_eq(texts[0], texts[1]))
        fail_msg("%.2000s\nis not\n%.2000s", str_cstr(a, texts[0]), str_cstr(a, texts[1]));
}

static void parquet_and_csv_of_the_same_data_give_the_same_rows(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct ledger *l;
    str path = temp_file(&a, "p.csv", focus_text(&a, 1, 0));
    str dir = str_sub(path, 0, path.n - path_base(path).n - 1);
    assert_ok(ledger_open(&(struct ledger_options){.dir = dir, .threads = 1}, &l, &e), &e);
    assert_ok(ledger_start(l, &e), &e);
    compare_shapes(l, &a, path, "*");
    compare_shapes(l, &a, path,
                   "ChargePeriodStart::TIMESTAMP AS ChargePeriodStart, "
                   "BilledCost::DECIMAL(38,18) AS BilledCost, EffectiveCost::DOUBLE AS "
                   "EffectiveCost, BillingCurrency, ServiceName, "
                   "MAP {'n': json_extract_string(Tags, '$.n')} AS Tags");
    if (shared_data())
        compare_shapes(l, &a, str_fmt(&a, "%s/focus/focus_sample_rows1-500.csv", shared_data()),
                       "*");
    ledger_close(l);
    arena_release(&a);
}

static void parquet_is_read_while_the_ledger_is_written(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct ledger *l;
    struct sql q;
    duckdb_result r;
    struct import_options o = plain_options();
    str csv = temp_file(&a, "w.csv", focus_text(&a, 1, 0));
    str dir = str_sub(csv, 0, csv.n - path_base(csv).n - 1), paths[3] = {csv};
    assert_ok(ledger_open(&(struct ledger_options){.dir = dir, .threads = 2}, &l, &e), &e);
    assert_ok(ledger_start(l, &e), &e);
    for (int i = 1; i < 3; i++) {
        paths[i] = str_fmt(&a, "%.*s/w%d.parquet", FMT(dir), i);
        sql_init(&q);
        sql_add(&q, "COPY (SELECT * FROM read_csv('%.*s', all_varchar = true, header = true)) "
                    "TO '%.*s' (FORMAT parquet)", FMT(csv), FMT(paths[i]));
        assert_ok(sql_run(l, &q, &r, &e), &e);
        l->db->destroy_result(&r);
        sql_release(&q);
    }
    struct totals one = {0};
    assert_ok(read_files(&a, &csv, 1, &o, NULL, &one, NULL, NULL, &e), &e);
    struct source_options so = {.import = &o, .threads = 2, .ledger = l};
    struct source *s;
    struct part_info part;
    assert_ok(source_open(&a, paths, 3, &so, &s, &e), &e);
    assert_ok(ledger_write(l, source_rows(s), dir, S("part"), NULL, NULL, NULL, &a, &part, &e), &e);
    source_close(s);
    assert_int_equal(part.rows, 3 * one.rows);
    assert_true(part.billed == 3 * one.billed);
    ledger_close(l);
    arena_release(&a);
}

static void documents_and_tables_are_read_together(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct import_options o = plain_options();
    struct totals t = {0};
    str paths[2];
    paths[0] = temp_file(
        &a, "costs.json",
        S("{\"object\":\"page\",\"data\":[{\"object\":\"bucket\",\"start_time\":1767225600,"
          "\"end_time\":1767312000,\"results\":[{\"object\":\"organization.costs.result\","
          "\"amount\":{\"value\":0.06,\"currency\":\"usd\"},\"line_item\":null,"
          "\"project_id\":null}]}],\"has_more\":false,\"next_page\":null}"));
    paths[1] = temp_file(&a, "focus.csv", focus_text(&a, 1, 0));
    assert_ok(read_files(&a, paths, 2, &o, NULL, &t, NULL, NULL, &e), &e);
    assert_int_equal(t.rows, LINES);
    arena_release(&a);
}

static void notes_say_what_an_import_did(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct import_options o = plain_options();
    const str *notes = NULL;
    size_t n = 0;
    str paths[2];
    paths[0] = temp_file(&a, "n1.csv",
                         S("ChargePeriodStart,BilledCost,EffectiveCost,Tags\n"
                           "2026-01-01,0.1234567890123456789,1,x\n2026-01-01,1,1,\n"));
    paths[1] = temp_file(&a, "n2.csv", S("start_time,end_time,start_time_iso,end_time_iso\n"
                                         "1767225600,1767312000,2026-01-01,2026-01-02\n"));
    assert_ok(read_files(&a, paths, 2, &o, NULL, NULL, &notes, &n, &e), &e);
    static const char *const wanted[] = {
        "n1.csv: 1 amount had more than 18 decimals and was rounded half-even.",
        "n1.csv: 1 row has tags that cannot be read; it has none now.",
        "n1.csv: 2 rows state no currency; the book's is used.",
        "n2.csv: 1 record is no spend and was left out.",
        "n2.csv: holds no spend.",
    };
    assert_int_equal(n, ARRAY_LEN(wanted));
    for (size_t i = 0; i < n; i++)
        assert_true(str_ends(notes[i], str_of(wanted[i])));
    arena_release(&a);
}

static void focus_check_finds_what_a_specification_forbids(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct diags d;
    struct focus_check done;
    diags_init(&d, &a);
    str path = temp_file(&a, "check.csv",
                         S("BilledCost,PricingQuantity,ListUnitPrice,ListCost,ChargeCategory,"
                           "BillingCurrency,ChargePeriodStart,EffectiveCost\n"
                           "1,2,0.5,1,Usage,USD,2026-01-01T00:00:00Z,1\n"
                           "$1.00,2,0.5,1.5,Use,XX,2026-01-01 00:00:00,NULL\n"));
    assert_ok(focus_check(&a, path, &d, &done, &e), &e);
    struct buf out;
    buf_init(&out, 1 << 20);
    diags_print(&d, &out, false);
    static const char *const wanted[] = {
        "mandatory column BillingAccountId is missing",
        "BilledCost '$1.00' is not written as the specification asks",
        "ListCost '1.5' is not PricingQuantity x ListUnitPrice: 2 x 0.5 = 1",
        "ChargeCategory 'Use' is not allowed",
        "BillingCurrency 'XX' is not a currency code",
        "ChargePeriodStart '2026-01-01 00:00:00' is not written",
        "EffectiveCost 'NULL' must have a value",
    };
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
        if (str_find(buf_str(&out), str_of(wanted[i]), 0) == SIZE_MAX)
            fail_msg("no '%s' in\n%.*s", wanted[i], FMT(buf_str(&out)));
    assert_int_equal(done.rows, 2);
    assert_int_equal(done.products, 2);
    buf_release(&out);
    arena_release(&a);
}

static void list_cost_is_quantity_times_price_on_the_specification_s_ai_rows(void **state)
{
    need_shared_data();
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct names files = {0};
    assert_ok(files_expand(&a, str_fmt(&a, "%s/focus-ai", shared_data()), &files, &e), &e);
    for (size_t i = 0; i < files.n; i++) {
        struct diags d;
        struct focus_check done;
        diags_init(&d, &a);
        assert_ok(focus_check(&a, files.items[i], &d, &done, &e), &e);
        assert_int_equal(done.products, done.rows);
        for (size_t k = 0; k < d.n; k++)
            assert_true(str_find(d.items[k].text, S("is not PricingQuantity"), 0) == SIZE_MAX);
    }
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_share_files_and_lose_nothing),
        cmocka_unit_test(the_first_fault_wins_whatever_the_threads),
        cmocka_unit_test(a_stage_may_split_and_refuse_rows),
        cmocka_unit_test(a_file_that_is_wrong_stops_before_any_is_read),
        cmocka_unit_test(parquet_and_csv_of_the_same_data_give_the_same_rows),
        cmocka_unit_test(parquet_is_read_while_the_ledger_is_written),
        cmocka_unit_test(documents_and_tables_are_read_together),
        cmocka_unit_test(notes_say_what_an_import_did),
        cmocka_unit_test(focus_check_finds_what_a_specification_forbids),
        cmocka_unit_test(list_cost_is_quantity_times_price_on_the_specification_s_ai_rows),
    };
    return cmocka_run_group_tests(tests, NULL, remove_temp_files);
}
