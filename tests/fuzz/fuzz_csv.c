/* fuzz_csv.c - both scanners of delimited text give the same cells, whatever the block. */
#include "base/buf.h"
#include "base/csv.h"

#define COLUMNS_MOST 40

/* Every record as its line and cells; a fault as its text. */
static void render(str content, const struct csv_options *o, struct buf *out)
{
    struct csv_file *f;
    struct err e = {0};
    if (!csv_open_memory(S("x"), content, o, &f, &e)) {
        buf_fmt(out, "!%s", e.text);
        return;
    }
    size_t n;
    csv_names(f, &n);
    uint32_t columns[COLUMNS_MOST];
    n = MIN(n, (size_t)COLUMNS_MOST);
    for (size_t i = 0; i < n; i++)
        columns[i] = (uint32_t)i;
    struct csv_worker *w;
    struct csv_batch b = {0};
    if (!csv_worker_open(f, columns, n, &w, &e))
        abort();
    bool ok;
    while ((ok = csv_worker_next(w, &b, &e)) && b.n) {
        for (size_t r = 0; r < b.n; r++) {
            buf_fmt(out, "%llu", (unsigned long long)b.lines[r]);
            for (size_t i = 0; i < n; i++) {
                buf_addc(out, '|');
                buf_add(out, b.cells[r * n + i]);
            }
            if (csv_worker_raw(w, r).n > content.n)
                abort();
        }
    }
    /* how far a faulty file is read before the fault depends on the block; where it is does not */
    if (!ok) {
        buf_clear(out);
        buf_fmt(out, "!%s", e.text);
    }
    csv_worker_close(w);
    csv_close(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    str content = {(const char *)data + 2, size - 2};
    struct buf a, b;
    buf_init(&a, 1 << 20);
    buf_init(&b, 1 << 20);
    struct csv_options o = {.delimiter = data[0] & 1 ? ',' : 0,
                            .skip_lines = data[0] >> 7,
                            .block_bytes = 4096};
    o.force_scalar = true;
    render(content, &o, &a);
    o.force_scalar = false;
    render(content, &o, &b);
    if (!str_eq(buf_str(&a), buf_str(&b)))
        abort();
    /* another block may find the same fault or one further up in the same record, so only files
     * without one compare */
    o.block_bytes = data[1];
    buf_clear(&b);
    render(content, &o, &b);
    bool faulty = str_starts(buf_str(&a), S("!"));
    if (faulty != str_starts(buf_str(&b), S("!")))
        abort();
    if (!faulty && !str_eq(buf_str(&a), buf_str(&b)))
        abort();
    buf_release(&a);
    buf_release(&b);
    return 0;
}
