/* openai_usage.c - pages of OpenAI's usage API: tokens, images, seconds, calls per time bucket.
 *
 * Input counts contain cached and cache-writing tokens. Where a result counts sound or pictures,
 * these become rows of their own, because their tokens have other prices; the rows sum to the
 * result. */
#include "ingest/json_doc.h"

struct kind {
    const char *name, *field, *unit; /* field NULL: tokens */
};

/* clang-format off */
static const struct kind KINDS[] = {
    {"completions", NULL, NULL},
    {"embeddings", NULL, NULL},
    {"moderations", NULL, NULL},
    {"images", "images", "images"},
    {"audio_speeches", "characters", "characters"},
    {"audio_transcriptions", "seconds", "seconds"},
    {"vector_stores", "usage_bytes", "bytes"},
    {"code_interpreter_sessions", "num_sessions", "sessions"},
    {"file_searches", "num_requests", "calls"},
    {"web_searches", "num_requests", "calls"},
};
/* clang-format on */

static int bid(const struct probe *p)
{
    if (head_has(p, "organization.usage."))
        return 97;
    return head_has(p, "\"bucket\"") && head_has(p, "\"num_model_requests\"") ? 60 : 0;
}

/* "organization.usage.completions.result" */
static const struct kind *kind_of(const struct json *result)
{
    str s = json_text(json_get(result, "object"));
    if (!str_starts(s, S("organization.usage.")) || !str_ends(s, S(".result")))
        return NULL;
    s = str_sub(s, sizeof "organization.usage." - 1, s.n - (sizeof ".result" - 1));
    for (size_t i = 0; i < ARRAY_LEN(KINDS); i++)
        if (str_eq(s, str_of(KINDS[i].name)))
            return &KINDS[i];
    return NULL;
}

static int64_t known(int64_t n)
{
    return n == TOKENS_NULL ? 0 : n;
}

struct modality {
    const char *meter, *in, *cached, *out; /* out's key */
    int64_t n_in, n_cached, n_out;
};

static bool read_modality(struct doc_reader *r, const struct json *v, struct modality *m)
{
    if (!doc_count(r, v, m->in, &m->n_in) || !doc_count(r, v, m->cached, &m->n_cached) ||
        !doc_count(r, v, m->out, &m->n_out))
        return false;
    m->n_in = known(m->n_in);
    m->n_cached = known(m->n_cached);
    m->n_out = known(m->n_out);
    return true;
}

/* Takes the tokens of sound and pictures out of t and emits them as rows. */
static bool split_modalities(struct doc_reader *r, const struct json *v,
                             const struct spend_row *row, struct token_counts *t, str *ret_meter)
{
    /* clang-format off */
    struct modality kinds[] = {
        {.meter = "audio tokens", .in = "input_audio_tokens", .cached = "input_cached_audio_tokens",
         .out = "output_audio_tokens"},
        {.meter = "image tokens", .in = "input_image_tokens", .cached = "input_cached_image_tokens",
         .out = "output_image_tokens"},
    };
    /* clang-format on */
    struct token_counts rest = *t;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (!read_modality(r, v, &kinds[i]))
            return false;
        rest.in -= kinds[i].n_in;
        rest.cache_read -= kinds[i].n_cached;
        rest.out -= kinds[i].n_out;
    }
    if (rest.in < 0 || rest.cache_read < 0 || rest.out < 0) {
        *ret_meter = S("tokens of several kinds"); /* cannot be told apart: no price fits */
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        const struct modality *m = &kinds[i];
        if (!m->n_in && !m->n_cached && !m->n_out)
            continue;
        struct spend_row part = *row;
        struct token_counts c = {
            .in = m->n_in, .cache_read = m->n_cached, .out = m->n_out, .batch = row->batch};
        doc_set_tokens(&part, &c);
        part.requests = TOKENS_NULL;
        part.text[SPEND_METER] = str_of(m->meter);
        if (!doc_emit(r, &part))
            return false;
    }
    *t = rest;
    return true;
}

static bool read_tokens(struct doc_reader *r, const struct json *v, struct spend_row *row)
{
    int64_t in, cached, written, uncached, out;
    if (!doc_count(r, v, "input_tokens", &in) || !doc_count(r, v, "input_cached_tokens", &cached) ||
        !doc_count(r, v, "input_cache_write_tokens", &written) ||
        !doc_count(r, v, "input_uncached_tokens", &uncached) ||
        !doc_count(r, v, "output_tokens", &out))
        return false;
    struct token_counts t = {.cache_read = known(cached),
                             .cache_write_5m = known(written),
                             .out = known(out),
                             .batch = row->batch};
    t.in = known(in) - t.cache_read - t.cache_write_5m;
    if (t.in < 0)
        return doc_fault(r, v, "input_tokens '%lld' is less than its cached tokens",
                         (long long)known(in));
    if (uncached != TOKENS_NULL && uncached != t.in)
        return doc_fault(r, v,
                         "input_tokens '%lld' is not input_uncached_tokens + input_cached_tokens + "
                         "input_cache_write_tokens",
                         (long long)known(in));
    row->text[SPEND_METER] = S("tokens");
    if (!split_modalities(r, v, row, &t, &row->text[SPEND_METER]))
        return false;
    doc_set_tokens(row, &t);
    return doc_emit(r, row);
}

static bool read_result(struct doc_reader *r, const struct json *v, day on)
{
    const struct kind *kind = kind_of(v);
    const struct json *batch = json_get(v, "batch");
    struct spend_row row;
    if (!kind)
        return doc_fault(r, v, "usage of the unknown kind '%.*s'",
                         FMT(str_sub(json_text(json_get(v, "object")), 0, 80)));
    spend_row_clear(&row);
    row.day = on;
    row.batch = batch && batch->kind == JSON_BOOL && batch->yes;
    row.text[SPEND_PROVIDER] = S("OpenAI");
    row.text[SPEND_SERVICE] = S("OpenAI API");
    row.text[SPEND_SERVICE_CODE] = str_of(kind->name);
    row.text[SPEND_MODEL] = doc_text(v, "model");
    row.text[SPEND_TIER] = doc_text(v, "service_tier");
    row.text[SPEND_SUB_ACCOUNT] = doc_text(v, "project_id");
    row.text[SPEND_RESOURCE] = doc_text(v, "vector_store_id");
    row.text[SPEND_RESOURCE_TYPE] = doc_text(v, "size");
    row.text[SPEND_TAGS] = doc_key_tag(r, v);
    if (!doc_count(r, v, "num_model_requests", &row.requests))
        return false;
    if (!kind->field)
        return read_tokens(r, v, &row);
    int64_t n;
    if (!doc_count(r, v, kind->field, &n))
        return false;
    row.quantity = n == TOKENS_NULL ? DEC_NULL : dec_from_i64(n);
    row.text[SPEND_UNIT] = str_of(kind->unit);
    row.text[SPEND_METER] = str_of(kind->name);
    return doc_emit(r, &row);
}

static bool read_bucket(struct doc_reader *r, const struct json *bucket)
{
    return doc_each_result(r, bucket, "start_time", read_result);
}

static bool read(struct document *d, const struct row_sink *sink, struct err *e)
{
    return doc_read_buckets(d, sink, read_bucket, e);
}

const struct importer importer_openai_usage = {
    .name = "openai_usage",
    .title = "OpenAI usage API (JSON)",
    .summary = "Pages of /v1/organization/usage/...: tokens, images, seconds and calls, priced by "
               "the price "
               "book.",
    .provider = "OpenAI",
    .shapes = 1 << SHAPE_JSON | 1 << SHAPE_JSON_LINES,
    .tokens = INPUT_INCLUDES_READS_WRITES,
    .bid = bid,
    .read = read,
};
