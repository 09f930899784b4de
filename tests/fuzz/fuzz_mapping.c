/* fuzz_mapping.c - mapping files and tables read through them, drafts of mappings, bids.
 *
 * The first byte picks. A drafted mapping must load, and a table read through it must be read or
 * refused with a reason; who wins the bidding has bid enough. */
#include "base/csv.h"
#include "ingest/mapped_csv.h"
#include "ingest/probe.h"
#include "ingest/suggest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_mapped(struct arena *a, const struct import_map *m, str content)
{
    struct err e = {0};
    struct csv_file *f;
    struct csv_worker *w = NULL;
    struct csv_batch b = {0};
    struct table_plan *plan;
    size_t n, columns;
    struct import_options options = {.start = 20000, .model = S("m"), .currency = {"USD"}};
    const struct table_spec spec = {.path = S("fuzz.csv"),
                                    .options = &options,
                                    .importer = &m->importer,
                                    .constants = &m->constants,
                                    .filters = m->filters,
                                    .n_filters = m->n_filters,
                                    .ticks_per_second = m->ticks_per_second,
                                    .negate = m->negate};
    struct csv_options o = m->csv;
    o.block_bytes = 16384;
    if (!csv_open_memory(spec.path, content, &o, &f, &e)) {
        BUG_IF(!e.text[0]);
        return;
    }
    const str *names = csv_names(f, &n);
    if (table_compile(a, &spec, names, n, &plan, &e)) {
        const uint32_t *wanted = table_columns(plan, &columns);
        struct table_mapper *mapper = table_mapper_new(plan);
        bool ok = csv_worker_open(f, wanted, columns, &w, &e);
        do {
            table_forget(mapper);
            ok = ok && csv_worker_next(w, &b, &e);
            for (size_t i = 0; ok && i < b.n; i++) {
                struct spend_row row;
                bool skip;
                ok = table_map(mapper, b.cells + i * columns, b.lines[i], &row, &skip, &e);
                BUG_IF(ok && !skip && (row.day == DAY_NONE || row.period == MONTH_NONE));
            }
        } while (ok && b.n);
        BUG_IF(!ok && !e.text[0]);
        csv_worker_close(w);
        table_mapper_free(mapper);
    }
    csv_close(f);
}

static void draft(struct arena *a, str content)
{
    struct err e = {0};
    struct buf out;
    buf_init(&out, 8 << 20);
    if (import_suggest_text(a, S("fuzz.csv"), content, &out, &e)) {
        struct diags d;
        diags_init(&d, a);
        const struct import_map *m = import_map_parse(a, S("draft.yaml"), buf_str(&out), &d);
        if (!m) {
            fprintf(stderr, "%.*s\n", FMT(buf_str(&out)));
            for (size_t i = 0; i < d.n; i++)
                fprintf(stderr, "%u: %.*s\n", d.items[i].at.line, FMT(d.items[i].text));
            abort();
        }
        read_mapped(a, m, content);
    } else {
        BUG_IF(!e.text[0]);
    }
    buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct probe p;
    str content = {(const char *)data + 1, size - 1};
    if (data[0] % 3 == 0) {
        draft(&a, content);
    } else if (data[0] % 3 == 1) { /* a mapping file, a NUL, a table */
        size_t cut = str_find_char(content, '\0', 0);
        struct diags d;
        diags_init(&d, &a);
        const struct import_map *m =
            import_map_parse(&a, S("map.yaml"), str_sub(content, 0, MIN(cut, content.n)), &d);
        BUG_IF(!m && !d.errors);
        if (m && cut < content.n)
            read_mapped(&a, m, str_sub(content, cut + 1, content.n));
    } else if (probe_memory(&a, S("fuzz"), content, true, &p, &e)) {
        const struct importer *x;
        if (importer_find(&p, &x, &e))
            BUG_IF(x->bid(&p) < 20 && p.shape != SHAPE_JSON);
        else
            BUG_IF(!e.text[0]);
    }
    arena_release(&a);
    return 0;
}
