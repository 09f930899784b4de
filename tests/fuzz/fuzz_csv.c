/* fuzz_csv.c - the vectorized scanner against the scalar one: the same cells, lines and errors.
 *
 * The first byte picks the delimiter, the size of blocks and title lines; the rest is the file. */
#include "base/csv.h"
#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What reading gives, as text. */
static void dump(str content, const struct csv_options *o, struct buf *out)
{
    struct err e = {0};
    struct csv_file *f;
    struct csv_worker *w;
    struct csv_batch b;
    uint32_t wanted[16];
    size_t n;
    if (!csv_open_memory(S("fuzz"), content, o, &f, &e)) {
        BUG_IF(!e.text[0]);
        buf_fmt(out, "%s %s", e.text, e.hint);
        return;
    }
    const str *names = csv_names(f, &n);
    buf_fmt(out, "%c %zu %.*s\n", csv_delimiter(f), n, FMT(names[n - 1]));
    size_t k = MIN(n, ARRAY_LEN(wanted));
    for (size_t i = 0; i < k; i++)
        wanted[i] = (uint32_t)(n - 1 - i);
    bool ok = csv_worker_open(f, wanted, k, &w, &e);
    BUG_IF(!ok);
    while ((ok = csv_worker_next(w, &b, &e)) && b.n)
        for (size_t i = 0; i < b.n; i++) {
            buf_fmt(out, "%llu:", (unsigned long long)b.lines[i]);
            for (size_t c = 0; c < k; c++)
                buf_fmt(out, "[%.*s]", FMT(b.cells[i * k + c]));
        }
    if (!ok) {
        BUG_IF(!e.text[0]);
        buf_fmt(out, "%s %s", e.text, e.hint);
    }
    csv_worker_close(w);
    csv_close(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char delimiters[] = {0, ',', ';', '\t'};
    static const size_t blocks[] = {16384, 64, 100, 4096};
    if (!size)
        return 0;
    struct csv_options o = {.delimiter = delimiters[data[0] & 3],
                            .block_bytes = blocks[data[0] >> 2 & 3],
                            .skip_lines = data[0] >> 7};
    str content = {(const char *)data + 1, size - 1};
    struct buf fast, slow;
    buf_init(&fast, 64 << 20);
    buf_init(&slow, 64 << 20);
    dump(content, &o, &fast);
    o.force_scalar = true;
    dump(content, &o, &slow);
    if (!str_eq(buf_str(&fast), buf_str(&slow))) {
        fprintf(stderr, "fast: %.*s\nslow: %.*s\n", FMT(buf_str(&fast)), FMT(buf_str(&slow)));
        abort();
    }
    buf_release(&fast);
    buf_release(&slow);
    return 0;
}
