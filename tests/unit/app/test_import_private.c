/* test_import_private.c - whatever is imported, no name, address or prompt reaches the book.
 *
 * Every sample of every format goes into one book; then all cells of all parts and all bytes of the
 * database are searched for what stands in the samples. */
#include "app/import.h"
#include "app/init.h"
#include "../ingest/samples.h"
#include "unit/place.h"

static const char *const secrets[] = {
    "ann@", "bob@", "eve@", "kim@", "max@", "Ann Example", "Bob Sample", "Eve Demo",
    "Max Demo", "Kim Demo", "ANN EXAMPLE", "ann-laptop", "secret", "10.0.0.1", "run_as",
};

static bool names(void *ctx, const str *cells, size_t n, struct err *e)
{
    return true;
}

struct found {
    uint64_t cells;
};

static void look(str text, const char *where)
{
    for (size_t i = 0; i < ARRAY_LEN(secrets); i++)
        if (str_find(text, str_of(secrets[i]), 0) != SIZE_MAX)
            fail_msg("%s holds '%s': %.*s", where, secrets[i], FMT(str_sub(text, 0, 200)));
}

static bool record(void *ctx, const str *cells, size_t n, uint64_t row, struct err *e)
{
    struct found *f = ctx;
    for (size_t i = 0; i < n; i++, f->cells++)
        look(cells[i], "the ledger");
    return true;
}

static void import_sample(const struct workspace_options *o, const struct sample *sample)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct workspace w;
    struct import_outcome out;
    const volatile bool interrupted = false;
    assert_ok(workspace_open(&a, o, NEED_BOOK_WRITE | NEED_RULES | NEED_PRICES | NEED_LEDGER, NULL,
                             &w, &e),
              &e);
    str path = input_path(&a, sample);
    struct import_request q = {.paths = &path,
                               .n_paths = 1,
                               .options = {.start = day_from_civil(2026, 7, 1)},
                               .overlap = OVERLAP_ADD,
                               .interrupted = &interrupted};
    if (!import_files(&w, &q, &out, &e))
        fail_msg("%s: %s", sample->folder, e.text);
    arena_release(&a);
}

static void no_name_and_no_prompt_is_stored(void **state)
{
    struct place *p = *state;
    struct err e = {0};
    struct workspace_options o = {.dir = p->dir, .threads = 1, .now = 1790000000};
    assert_ok(init_book(o.dir, INIT_SHORT, o.now, &e), &e);
    for (size_t i = 0; i < ARRAY_LEN(samples); i++)
        import_sample(&o, &samples[i]);
    for (size_t i = 0; i < ARRAY_LEN(documents); i++)
        import_sample(&o, &documents[i]);
    struct workspace w;
    struct found f = {0};
    assert_ok(workspace_open(&p->a, &o, NEED_BOOK | NEED_LEDGER, NULL, &w, &e), &e);
    assert_true(w.n_parts >= ARRAY_LEN(samples));
    for (size_t i = 0; i < w.n_parts; i++) {
        const struct table_reader r = {&f, names, record};
        str path = str_fmt(&p->a, "%.*s/ledger/%.*s.parquet", FMT(p->dir), FMT(w.parts[i].ref.name));
        assert_ok(ledger_read_parquet(w.ledger, path, &r, &e), &e);
        path = str_fmt(&p->a, "%.*s/ledger/%.*s.cube.parquet", FMT(p->dir), FMT(w.parts[i].ref.name));
        assert_ok(ledger_read_parquet(w.ledger, path, &r, &e), &e);
    }
    assert_true(f.cells > 5000);
    str database;
    assert_ok(file_read(&p->a, path_in(p, "outlay.db"), ROWS_TEXT, &database, &e), &e);
    look(database, "the database");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_name_and_no_prompt_is_stored, make_folder,
                                        remove_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
