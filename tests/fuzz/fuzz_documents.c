/* fuzz_documents.c - every JSON importer, picked by the first byte: rows are sound or an error is
 * named. */
#include "ingest/pricing.h"
#include "ingest/probe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reading {
    struct arena scratch;
    struct pricing pricing;
};

static bool take(void *ctx, struct spend_row *row, struct err *e)
{
    struct reading *r = ctx;
    BUG_IF(row->day == DAY_NONE || row->period == MONTH_NONE || row->row == 0);
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        BUG_IF(row->tokens[b] != TOKENS_NULL && row->tokens[b] < 0);
    for (int t = 0; t < SPEND_TEXTS; t++)
        BUG_IF(row->text[t].n && !str_is_utf8(row->text[t]));
    pricing_apply(&r->pricing, row);
    BUG_IF(row->billed != row->effective);
    arena_reset(&r->scratch);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"openai_costs",   "openai_usage", "anthropic_usage",
                                        "anthropic_cost", "claude_code",  "codex"};
    static struct arena kept;
    static struct price_book *book;
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct document d;
    struct reading r = {.scratch = ARENA_INIT};
    if (!size)
        return 0;
    if (!book)
        book = price_book_new(&kept);
    pricing_init(&r.pricing, book);
    const struct importer *x = importer_by_name(str_of(names[data[0] % ARRAY_LEN(names)]));
    const struct row_sink sink = {.ctx = &r, .emit = take, .scratch = &r.scratch};
    document_open_memory(&a, S("fuzz"), data[0] & 64 ? SHAPE_JSON : SHAPE_JSON_LINES,
                         (str){(const char *)data + 1, size - 1}, &d);
    if (!x->read(&d, &sink, &e))
        BUG_IF(!e.text[0]);
    document_close(&d);
    arena_release(&r.scratch);
    arena_release(&a);
    return 0;
}
