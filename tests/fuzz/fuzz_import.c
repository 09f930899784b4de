/* fuzz_import.c - any bytes through every importer: rows are sound, or the error says something.
 *
 * $OUTLAY_FUZZ_IMPORTER fixes the importer, and the input is the file; without it the first byte picks
 * one. Rows have a day and a month, money has a currency, text is UTF-8, tags are in normal form, counts of
 * tokens of documents are not negative; every row is priced and looked at for its unit of money. */
#include "base/csv.h"
#include "ingest/pricing.h"
#include "ingest/probe.h"
#include "ingest/records.h"
#include "ingest/table.h"
#include "ingest/tags.h"
#include "ingest/unit_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reading {
    struct arena a, scratch;
    struct pricing pricing;
    struct unit_check *units;
    struct tag_set *set;
    bool documents;
};

static bool take(void *ctx, struct spend_row *row, struct err *e)
{
    struct reading *r = ctx;
    str again;
    BUG_IF(row->day == DAY_NONE || row->period == MONTH_NONE);
    for (int t = 0; t < SPEND_TEXTS; t++)
        BUG_IF(row->text[t].n && !str_is_utf8(row->text[t]));
    for (int b = 0; r->documents && b < TOKEN_BUCKETS; b++)
        BUG_IF(row->tokens[b] != TOKENS_NULL && row->tokens[b] < 0);
    if (row->text[SPEND_TAGS].n) {
        BUG_IF(!tags_normal(row->text[SPEND_TAGS], STR_NONE, r->set, &r->scratch, &again));
        BUG_IF(!str_eq(row->text[SPEND_TAGS], again));
    }
    row->file = 1;
    unit_check_add(r->units, row);
    pricing_apply(&r->pricing, row);
    BUG_IF(!row->currency.code[0] && (row->billed != DEC_NULL || row->effective != DEC_NULL));
    BUG_IF(r->documents && row->billed != row->effective);
    arena_reset(&r->scratch);
    return true;
}

static void read_table(struct reading *r, const struct table_spec *spec, str content)
{
    struct err e = {0};
    struct csv_file *f;
    struct csv_worker *w = NULL;
    struct csv_batch b = {0};
    struct table_plan *plan;
    size_t n, columns;
    const struct importer *x = spec->importer;
    str fixed[16];
    const struct csv_options plain = {.block_bytes = 16384, .ragged = x->ordered,
                                      .headless = x->fixed_names != NULL};
    if (!csv_open_memory(spec->path, content, &plain, &f, &e)) {
        BUG_IF(!e.text[0]);
        return;
    }
    const str *names = csv_names(f, &n);
    if (x->fixed_names) {
        for (n = 0; x->fixed_names[n]; n++)
            fixed[n] = str_of(x->fixed_names[n]);
        names = fixed;
        size_t own;
        csv_names(f, &own);
        if (own != n) {
            csv_close(f);
            return;
        }
    }
    if (table_compile(&r->a, spec, names, n, &plan, &e)) {
        const uint32_t *wanted = table_columns(plan, &columns);
        struct table_mapper *m = table_mapper_new(plan);
        bool ok = csv_worker_open(f, wanted, columns, &w, &e);
        do {
            table_forget(m);
            ok = ok && csv_worker_next(w, &b, &e);
            for (size_t i = 0; ok && i < b.n; i++) {
                struct spend_row row;
                bool skip;
                ok = table_map(m, b.cells + i * columns, b.lines[i], &row, &skip, &e) &&
                     (skip || take(r, &row, &e));
            }
        } while (ok && b.n);
        BUG_IF(!ok && !e.text[0]);
        csv_worker_close(w);
        table_mapper_free(m);
    }
    csv_close(f);
}

static void read_document(struct reading *r, const struct importer *x, enum file_shape shape,
                          str content)
{
    struct err e = {0};
    struct document d;
    const struct row_sink sink = {.ctx = r, .emit = take, .scratch = &r->scratch};
    document_open_memory(&r->a, S("fuzz"), shape, content, &d);
    BUG_IF(!x->read(&d, &sink, &e) && !e.text[0]);
    document_close(&d);
}

struct recording {
    struct reading *r;
    struct table_mapper *mapper;
};

static bool take_cells(void *ctx, const str *cells, uint64_t line, struct err *e)
{
    struct recording *c = ctx;
    struct spend_row row;
    bool skip;
    table_forget(c->mapper);
    return table_map(c->mapper, cells, line, &row, &skip, e) && (skip || take(c->r, &row, e));
}

/* JSON without a reader of its own: records as a table. */
static void read_records(struct reading *r, const struct table_spec *spec, enum file_shape shape,
                         str content)
{
    struct err e = {0};
    struct document d;
    struct table_plan *plan;
    struct probe p;
    size_t n;
    if (!probe_memory(&r->a, spec->path, content, true, &p, &e) ||
        (p.shape != SHAPE_JSON && p.shape != SHAPE_JSON_LINES))
        p = (struct probe){.n_names = 0};
    (void)spec->importer->bid(&p);
    const str *names = records_header(&r->a, spec->importer, &p, &n);
    if (!table_compile(&r->a, spec, names, n, &plan, &e)) {
        BUG_IF(!e.text[0]);
        return;
    }
    struct recording c = {r, table_mapper_new(plan)};
    document_open_memory(&r->a, S("fuzz"), shape, content, &d);
    BUG_IF(!records_read(&d, plan, take_cells, &c, &e) && !e.text[0]);
    document_close(&d);
    table_mapper_free(c.mapper);
}

static const struct importer *pick(str *content)
{
    static const struct importer *fixed;
    const char *name = getenv("OUTLAY_FUZZ_IMPORTER");
    size_t n = 0;
    if (!fixed && name && *name) {
        fixed = importer_by_name(str_of(name));
        if (!fixed) {
            fprintf(stderr, "no importer '%s'\n", name);
            exit(1);
        }
    }
    if (fixed)
        return fixed;
    if (!content->n)
        return NULL;
    while (importers[n])
        n++;
    const struct importer *x = importers[(unsigned char)content->p[0] % n];
    *content = str_sub(*content, 1, content->n);
    return x;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena kept;
    static struct price_book *book;
    if (!book)
        book = price_book_new(&kept);
    str content = {(const char *)data, size};
    const struct importer *x = pick(&content);
    if (!x)
        return 0;
    struct import_options options = {.start = 20000, .model = S("gpt-4o")};
    BUG_IF(!currency_parse(S("USD"), &options.currency));
    struct reading r = {.a = ARENA_INIT, .scratch = ARENA_INIT, .units = unit_check_new(book)};
    pricing_init(&r.pricing, book);
    r.set = arena_new(&r.a, struct tag_set, 1);
    const struct table_spec spec = {.path = S("fuzz.csv"), .options = &options, .importer = x};
    if (x->shapes & 1u << SHAPE_TABLE)
        read_table(&r, &spec, content);
    for (enum file_shape s = SHAPE_JSON; s <= SHAPE_JSON_LINES; s++) {
        r.documents = x->read != NULL;
        if (!(x->shapes & 1u << s))
            continue;
        if (x->read)
            read_document(&r, x, s, content);
        else
            read_records(&r, &spec, s, content);
    }
    const str name = S("fuzz");
    struct err e = {0};
    BUG_IF(!unit_check_end(r.units, &name, 1, "cost", &e) && (!e.text[0] || !e.hint[0]));
    unit_check_free(r.units);
    arena_release(&r.scratch);
    arena_release(&r.a);
    return 0;
}
