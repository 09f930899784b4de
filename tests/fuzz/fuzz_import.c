/* fuzz_import.c - any bytes through every table importer, a mapping file, a draft and tags.
 *
 * The first byte picks what is tried. Beyond not crashing: rows have a day, a month and a currency,
 * token counts of importers that count requests are not negative, tags are in normal form, a
 * drafted mapping loads. */
#include "base/csv.h"
#include "ingest/mapped_csv.h"
#include "ingest/probe.h"
#include "ingest/suggest.h"
#include "ingest/tags.h"

#define CHECK(c) \
    do { \
        if (!(c)) \
            abort(); \
    } while (0)

static void check_row(const struct spend_row *r, struct tag_set *set, struct arena *a)
{
    CHECK(r->day != DAY_NONE && r->period != MONTH_NONE);
    CHECK(r->currency.code[0]);
    str again;
    if (r->text[SPEND_TAGS].n) {
        CHECK(tags_normal(r->text[SPEND_TAGS], STR_NONE, set, a, &again));
        CHECK(str_eq(r->text[SPEND_TAGS], again));
    }
}

static void read_table(struct arena *a, str content, const struct table_spec *spec,
                       const struct csv_options *o)
{
    struct err e;
    struct csv_file *f;
    struct csv_worker *w = NULL;
    struct csv_batch b = {0};
    struct table_plan *plan;
    size_t n, columns;
    struct tag_set *set = arena_new(a, struct tag_set, 1);
    if (!csv_open_memory(spec->path, content, o, &f, &e))
        return;
    const str *names = csv_names(f, &n);
    if (table_compile(a, spec, names, n, &plan, &e)) {
        const uint32_t *wanted = table_columns(plan, &columns);
        struct table_mapper *m = table_mapper_new(plan);
        bool ok = csv_worker_open(f, wanted, columns, &w, &e);
        do {
            table_forget(m);
            ok = ok && csv_worker_next(w, &b, &e);
            for (size_t i = 0; ok && i < b.n; i++) {
                struct spend_row row;
                bool skip;
                ok = table_map(m, b.cells + i * columns, b.lines[i], &row, &skip, &e);
                if (ok && !skip)
                    check_row(&row, set, a);
            }
        } while (ok && b.n);
        csv_worker_close(w);
        table_mapper_free(m);
    }
    csv_close(f);
}

static void draft(struct arena *a, str content)
{
    struct err e;
    struct buf out;
    buf_init(&out, 8 << 20);
    if (import_suggest_text(a, S("fuzz.csv"), content, &out, &e)) {
        struct diags d;
        diags_init(&d, a);
        if (!import_map_parse(a, S("draft.yaml"), buf_str(&out), &d)) {
            fprintf(stderr, "%.*s\n", FMT(buf_str(&out)));
            for (size_t i = 0; i < d.n; i++)
                fprintf(stderr, "%u: %.*s\n", d.items[i].at.line, FMT(d.items[i].text));
            abort();
        }
    }
    buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct arena a = ARENA_INIT;
    struct err e;
    struct probe p;
    struct import_options options = {.start = 20000, .model = S("m")};
    const struct importer *tables[32];
    size_t n = 0;
    CHECK(currency_parse(S("USD"), &options.currency));
    for (size_t i = 0; importers[i]; i++)
        if (importers[i]->shapes & 1u << SHAPE_TABLE)
            tables[n++] = importers[i];
    str content = {(const char *)data + 1, size - 1};
    size_t pick = data[0] % (n + 3);
    struct table_spec spec = {.path = S("fuzz.csv"), .options = &options};
    const struct csv_options plain = {0};
    if (pick < n) {
        spec.importer = tables[pick];
        read_table(&a, content, &spec, &plain);
    } else if (pick == n) {
        draft(&a, content);
    } else if (pick == n + 1) { /* a mapping file, a NUL, a table */
        size_t cut = str_find_char(content, '\0', 0);
        struct diags d;
        diags_init(&d, &a);
        const struct import_map *m =
            import_map_parse(&a, S("map.yaml"), str_sub(content, 0, MIN(cut, content.n)), &d);
        if (m && cut < content.n) {
            spec.importer = &m->importer;
            spec.constants = &m->constants;
            spec.filters = m->filters;
            spec.n_filters = m->n_filters;
            spec.ticks_per_second = m->ticks_per_second;
            spec.negate = m->negate;
            read_table(&a, str_sub(content, cut + 1, content.n), &spec, &m->csv);
        }
    } else if (probe_memory(&a, S("fuzz"), content, true, &p, &e)) {
        const struct importer *x;
        if (importer_find(&p, &x, &e))
            CHECK(x->bid(&p) >= 20 || p.shape == SHAPE_JSON);
    }
    arena_release(&a);
    return 0;
}
