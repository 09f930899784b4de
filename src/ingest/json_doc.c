/* json_doc.c - what the importers of JSON documents share. */
#include "ingest/json_doc.h"

#include <stdarg.h>

#include "ingest/tags.h"

void doc_init(struct doc_reader *r, struct document *d, const struct row_sink *sink, struct err *e)
{
    *r = (struct doc_reader){.d = d, .sink = sink, .e = e, .rest = d->text, .next_line = 1};
}

bool doc_end(struct doc_reader *r, bool ok)
{
    if (ok && r->rounded)
        reader_note(r, "amounts with more than 18 decimals were rounded half-even: %llu.",
                 (unsigned long long)r->rounded);
    if (!ok && r->e->kind == ERR_INVALID && !r->e->hint[0])
        err_hint(r->e, "Export it again with the vendor's own tool, or correct it in the file.");
    arena_release(&r->page);
    return ok;
}

bool doc_next(struct doc_reader *r, const struct json **ret)
{
    arena_reset(&r->page);
    if (r->d->shape != SHAPE_JSON)
        return document_line(r->d, &r->page, ret, &r->line, r->e);
    const char *from = r->rest.p;
    if (json_parse_next(&r->page, &r->rest, r->next_line, ret, r->e)) {
        r->line = *ret ? (*ret)->line : r->next_line;
        for (; r->rest.p && from < r->rest.p; from++)
            r->next_line += *from == '\n';
        return true;
    }
    return err_wrap(r->e, "%.*s", FMT(r->d->path));
}

void reader_note(struct doc_reader *r, const char *fmt, ...)
{
    char text[512];
    va_list ap;
    if (!r->sink->note)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    r->sink->note(r->sink->ctx, str_of(text));
}

bool doc_fault(struct doc_reader *r, const struct json *at, const char *fmt, ...)
{
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return err_set(r->e, ERR_INVALID, "%.*s:%u:%u: %s", FMT(r->d->path), at->line, at->column,
                   text);
}

/* One page, or a list of pages; *more: the last one says that others follow. */
static bool read_page(struct doc_reader *r, const struct json *page, doc_bucket *fn, bool *more,
                      int depth)
{
    if (page->kind == JSON_LIST && depth < 2) {
        for (size_t i = 0; i < page->n; i++)
            if (!read_page(r, &page->items[i], fn, more, depth + 1))
                return false;
        return true;
    }
    const struct json *data = json_get(page, "data");
    if (page->kind == JSON_MAP && !data && json_get(page, "error"))
        return doc_fault(r, page, "this is an error message of the API, not a page of data");
    if (!data || data->kind != JSON_LIST)
        return doc_fault(r, page, "a page needs a list 'data'");
    for (size_t i = 0; i < data->n; i++)
        if (!fn(r, &data->items[i]))
            return false;
    const struct json *flag = json_get(page, "has_more");
    *more = flag && flag->kind == JSON_BOOL && flag->yes;
    return true;
}

bool doc_each_bucket(struct doc_reader *r, doc_bucket *fn)
{
    bool more = false;
    for (;;) {
        const struct json *page;
        if (!doc_next(r, &page))
            return false;
        if (!page)
            break;
        if (!read_page(r, page, fn, &more, 0))
            return false;
    }
    if (more)
        reader_note(r,
                    "the last page says has_more: unless the pages behind it are imported too, the "
                    "sums are short.");
    return true;
}

bool doc_each_result(struct doc_reader *r, const struct json *bucket, const char *day_key,
                     doc_result *fn)
{
    day on;
    const struct json *results = json_get(bucket, "results");
    if (!results)
        results = json_get(bucket, "result");
    if (!doc_day(r, bucket, day_key, &on))
        return false;
    if (!results || results->kind != JSON_LIST)
        return doc_fault(r, bucket, "a bucket needs a list 'results'");
    for (size_t i = 0; i < results->n; i++)
        if (!fn(r, &results->items[i], on))
            return false;
    return true;
}

bool doc_read_buckets(struct document *d, const struct row_sink *sink, doc_bucket *fn,
                      struct err *e)
{
    struct doc_reader r;
    doc_init(&r, d, sink, e);
    return doc_end(&r, doc_each_bucket(&r, fn));
}

/* v * 10^exponent of a decimal as written. */
static enum dec_parse scaled(str s, int exponent, dec *ret)
{
    char text[160];
    bool e_notation = false;
    for (size_t i = 0; i < s.n; i++)
        e_notation |= (s.p[i] | 32) == 'e';
    if (!exponent || s.n > sizeof text - 16)
        return dec_parse(s, ret);
    if (!e_notation) {
        int n = snprintf(text, sizeof text, "%.*se%d", FMT(s), exponent);
        return dec_parse((str){text, (size_t)n}, ret);
    }
    int64_t power;
    size_t at = 0;
    while ((s.p[at] | 32) != 'e')
        at++;
    str x = str_sub(s, at + 1, s.n);
    if (!str_to_i64(x.n && x.p[0] == '+' ? str_sub(x, 1, x.n) : x, &power) || power > 10000 ||
        power < -10000)
        return dec_parse(s, ret) == DEC_BAD ? DEC_BAD : DEC_TOO_BIG;
    int n = snprintf(text, sizeof text, "%.*se%lld", FMT(str_sub(s, 0, at)),
                     (long long)power + exponent);
    return dec_parse((str){text, (size_t)n}, ret);
}

bool doc_money(struct doc_reader *r, const struct json *map, const char *key, int exponent,
               dec *ret)
{
    const struct json *v = json_path(map, key);
    dec amount;
    if (json_is_null(v)) {
        *ret = DEC_NULL;
        return true;
    }
    str s = json_text(v);
    enum dec_parse got = scaled(s, exponent, &amount);
    if (got == DEC_BAD)
        return doc_fault(r, v, "%s '%.*s' is not an amount", key, FMT(str_sub(s, 0, 80)));
    if (got == DEC_TOO_BIG)
        return doc_fault(r, v, "%s '%.*s' is beyond every amount", key, FMT(str_sub(s, 0, 80)));
    r->rounded += got == DEC_ROUNDED;
    *ret = amount;
    return true;
}

bool doc_count(struct doc_reader *r, const struct json *map, const char *key, int64_t *ret)
{
    const struct json *v = json_path(map, key);
    int64_t n;
    if (json_is_null(v)) {
        *ret = TOKENS_NULL;
        return true;
    }
    if (!json_i64(v, &n) || n > INT64_MAX / 64)
        return doc_fault(r, v, "%s '%.*s' is not a count", key, FMT(str_sub(json_text(v), 0, 80)));
    if (n < 0)
        return doc_fault(r, v, "%s '%lld' is negative", key, (long long)n);
    *ret = n;
    return true;
}

bool doc_day(struct doc_reader *r, const struct json *map, const char *key, day *ret)
{
    const struct json *v = json_path(map, key);
    int64_t seconds;
    if (json_is_null(v))
        return doc_fault(r, map, "'%s' is missing", key);
    str s = json_text(v);
    bool ok = v->kind == JSON_NUMBER ? json_i64(v, &seconds) : time_parse(s, DATE_MDY, &seconds);
    if (ok && v->kind == JSON_NUMBER && seconds >= 100000000000 && seconds < 100000000000000)
        return doc_fault(r, v, "%s '%.*s' is in milliseconds, not seconds", key, FMT(s));
    if (!ok || seconds < 0 || seconds >= 100000000000)
        return doc_fault(r, v, "%s '%.*s' is not a time", key, FMT(str_sub(s, 0, 80)));
    *ret = day_of_seconds(seconds);
    return true;
}

str doc_text(const struct json *map, const char *key)
{
    return json_text(json_path(map, key));
}

str doc_key_tag(struct doc_reader *r, const struct json *map)
{
    struct tag_set *set;
    str id = json_text(json_get(map, "api_key_id")), ret = STR_NONE;
    if (!id.n)
        return STR_NONE;
    set = arena_new(&r->page, struct tag_set, 1);
    if (!tags_add(set, S("api_key_id"), id) || !tags_write(set, &r->page, &ret))
        return STR_NONE;
    return ret;
}

bool doc_emit(struct doc_reader *r, const struct spend_row *row)
{
    struct spend_row out = *row;
    r->records++;
    out.row = r->d->shape == SHAPE_JSON ? r->records : r->line;
    if (out.period == MONTH_NONE)
        out.period = month_of_day(out.day);
    if (!out.text[SPEND_CHARGE_CATEGORY].n)
        out.text[SPEND_CHARGE_CATEGORY] = S("Usage");
    for (int t = 0; t < SPEND_TEXTS; t++)
        if (out.text[t].n)
            out.text[t] = str_dup(r->sink->scratch, out.text[t]);
    return r->sink->emit(r->sink->ctx, &out, r->e);
}

bool doc_emit_count(struct doc_reader *r, const struct spend_row *like, const char *meter,
                    const char *unit, int64_t count)
{
    struct spend_row row = *like;
    row.billed = row.effective = row.list = DEC_NULL;
    row.requests = TOKENS_NULL;
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        row.tokens[b] = TOKENS_NULL;
    row.quantity = dec_from_i64(count);
    row.text[SPEND_METER] = str_of(meter);
    row.text[SPEND_UNIT] = str_of(unit);
    return doc_emit(r, &row);
}

void doc_set_tokens(struct spend_row *row, const struct token_counts *t)
{
    row->tokens[TOKENS_IN] = t->in;
    row->tokens[TOKENS_CACHE_READ] = t->cache_read;
    row->tokens[TOKENS_CACHE_WRITE_5M] = t->cache_write_5m;
    row->tokens[TOKENS_CACHE_WRITE_1H] = t->cache_write_1h;
    row->tokens[TOKENS_OUT] = t->out;
    row->batch = t->batch;
}

bool head_has(const struct probe *p, const char *text)
{
    return str_find(p->head, str_of(text), 0) != SIZE_MAX;
}
