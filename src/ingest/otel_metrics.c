/* otel_metrics.c - token usage as metrics of OpenTelemetry's GenAI conventions: OTLP as JSON.
 *
 * Two families tell the same: the histogram gen_ai.client.token.usage, by gen_ai.token.type, and
 * the counters gen_ai.client.inference.usage.*, whose cache counters are part of input_tokens. Of
 * each service the family that comes first counts.
 *
 * Points of delta temporality are added, each once. Cumulative ones are totals since their start:
 * what counts is how much a total rose since the point before, also that of an earlier file of the
 * import. A later start, or a total that fell, is a new beginning. A first total counts whole when
 * it began in the month in which it was taken; one that began earlier is where counting begins,
 * since what it holds of earlier months is not known, and the import says so. */
#include <stdlib.h>

#include "base/map.h"
#include "ingest/json_doc.h"
#include "ingest/otel.h"
#include "ingest/table.h"

enum family { FAMILY_NONE, FAMILY_HISTOGRAM, FAMILY_COUNTERS };
enum part { PART_IN, PART_OUT, PART_READ, PART_WRITE, PARTS, PART_IGNORED };
enum { ATTRIBUTES_MOST = 256 };

/* A total as last seen; zeroed: never. */
struct total {
    int64_t at, tokens, requests;
};

/* Points of one series and moment: a row. */
struct usage_row {
    const struct json *at, *attributes, *resource;
    int64_t time; /* ns since 1970: the end of the interval */
    int64_t parts[PARTS], requests; /* TOKENS_NULL: not told */
    bool plain; /* text: tokens have one price */
};

struct metrics {
    struct doc_reader r;
    struct arena kept;
    struct map own;       /* what `remember` keeps when the sink does not */
    struct map rows;      /* of the document: series and moment to usage_row */
    uint64_t others;      /* documents of other signals */
    uint64_t repeated, second_family;
    uint64_t begun;       /* series that began before the month of their first point */
    int64_t begun_tokens; /* of those before it */
    bool uncached;        /* cached tokens are not told */
};

/* One point on its way. */
struct point {
    const struct json *at, *attributes, *resource;
    enum family family;
    enum part part;
    str series; /* resource, scope and attributes but for those of the part */
    int64_t from, to; /* ns since 1970; from: 0 when not told */
    int64_t tokens, requests;
    bool cumulative, plain;
};

static int bid(const struct probe *p)
{
    bool metrics = head_has(p, "\"resourceMetrics\"") || head_has(p, "\"resource_metrics\"");
    if (!metrics || !head_has(p, "gen_ai."))
        return 0;
    if (head_has(p, "gen_ai.usage.") &&
        (head_has(p, "\"resourceSpans\"") || head_has(p, "\"resource_spans\"")))
        return 40; /* the spans beside them tell more */
    return head_has(p, "gen_ai.client.token.usage") ||
                   head_has(p, "gen_ai.client.inference.usage.")
               ? 95
               : 60;
}

static void *remember(struct metrics *m, str identity, size_t size, bool *ret_new)
{
    const struct row_sink *sink = m->r.sink;
    if (sink->remember)
        return sink->remember(sink->ctx, identity, size, ret_new);
    struct map_entry *e = map_get(&m->own, identity);
    *ret_new = !e;
    if (!e) {
        e = map_put(&m->own, str_dup(&m->kept, identity), NULL);
        e->ptr = arena_alloc(&m->kept, size);
        memset(e->ptr, 0, size);
    }
    return e->ptr;
}

/* ---- the identity of a series ---- */

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const str *)a, *(const str *)b);
}

/* "key=value" of all attributes, in order; those that split a row's tokens are left out. */
static str attributes_text(struct arena *a, const struct json *list)
{
    str items[ATTRIBUTES_MOST];
    size_t n = 0;
    for (size_t i = 0; list && list->kind == JSON_LIST && i < list->n && n < ARRAY_LEN(items);
         i++) {
        const struct json *value = json_get(&list->items[i], "value");
        str key = json_text(json_get(&list->items[i], "key"));
        if (str_eq(key, S("gen_ai.token.type")))
            continue;
        if (value && value->kind == JSON_MAP && value->n)
            value = &value->items[0];
        items[n++] = str_fmt(a, "%.*s=%.*s", FMT(key), FMT(json_text(value)));
    }
    qsort(items, n, sizeof *items, by_text);
    return str_join(a, items, n, S("\n"));
}

/* ---- points ---- */

static bool read_whole(struct doc_reader *r, const struct json *point, const char *key,
                       int64_t *ret)
{
    const struct json *v = json_get(point, key);
    if (json_is_null(v))
        return doc_fault(r, point, "a point without '%s'", key);
    if (!count_parse(json_text(v), ret) || *ret > INT64_MAX / 64) {
        doc_fault(r, v, "%s '%.*s' is not a whole number of at least 0", key,
                  FMT(str_sub(json_text(v), 0, 80)));
        return err_hint(r->e, "Tokens and requests are counted. Check the instrument: a rate or an "
                              "average cannot be imported.");
    }
    return true;
}

static bool read_time(struct doc_reader *r, const struct json *point, const char *key,
                      const char *other, int64_t *ret)
{
    const struct json *v = otel_either(point, key, other);
    *ret = 0;
    if (json_is_null(v) || str_eq(json_text(v), S("0")))
        return true;
    if (!str_to_i64(json_text(v), ret) || *ret < 100000000000000000)
        return doc_fault(r, v, "%s '%.*s' is not a time in nanoseconds since 1970", key,
                         FMT(str_sub(json_text(v), 0, 80)));
    return true;
}

/* gen_ai.token.type of the histogram. */
static bool read_type(struct doc_reader *r, const struct json *point, const struct json *attributes,
                      enum part *ret)
{
    const struct json *v = otel_attribute(attributes, "gen_ai.token.type");
    str type = json_text(v);
    if (str_eq(type, S("input")) || str_eq(type, S("prompt")))
        *ret = PART_IN;
    else if (str_eq(type, S("output")) || str_eq(type, S("completion")))
        *ret = PART_OUT;
    else {
        doc_fault(r, v ? v : point, "gen_ai.token.type '%.*s' is neither input nor output",
                  FMT(str_sub(type, 0, 80)));
        return err_hint(r->e, "The conventions count cached tokens as input, so further types may "
                              "count twice. Import the spans, or the provider's usage export.");
    }
    return true;
}

static month month_at(int64_t ns)
{
    return month_of_day(day_of_seconds(ns / 1000000000));
}

/* How much a point adds to what was counted before it; *ret_new false: nothing new. */
static void difference(struct metrics *m, struct point *p, bool *ret_new)
{
    struct doc_reader *r = &m->r;
    bool first;
    if (!p->cumulative) {
        remember(m, str_fmt(&r->page, "delta\n%.*s\n%d\n%lld", FMT(p->series), (int)p->part,
                            (long long)p->to), 1, ret_new);
        m->repeated += !*ret_new;
        return;
    }
    struct total *t = remember(m, str_fmt(&r->page, "total\n%.*s\n%d\n%lld", FMT(p->series),
                                          (int)p->part, (long long)p->from), sizeof *t, &first);
    struct total now = {p->to, p->tokens, p->requests};
    *ret_new = true;
    if (first && (!p->from || month_at(p->from) != month_at(p->to - 1))) {
        m->begun += p->tokens > 0;
        m->begun_tokens += p->tokens;
        *ret_new = false;
    } else if (!first && p->to <= t->at) {
        m->repeated++;
        *ret_new = false;
        return;
    } else if (!first && p->tokens >= t->tokens) {
        p->tokens -= t->tokens;
        if (p->requests != TOKENS_NULL)
            p->requests -= MIN(p->requests, t->requests);
    }
    *t = now;
}

static void add_point(struct metrics *m, const struct point *p)
{
    struct arena *a = &m->r.page;
    m->uncached |= p->family == FAMILY_HISTOGRAM;
    str key = str_fmt(a, "%.*s\n%lld", FMT(p->series), (long long)p->to);
    bool new;
    struct map_entry *e = map_put(&m->rows, key, &new);
    if (new) {
        struct usage_row *row = arena_new(a, struct usage_row, 1);
        *row = (struct usage_row){.at = p->at, .attributes = p->attributes,
                                  .resource = p->resource, .time = p->to,
                                  .requests = TOKENS_NULL, .plain = p->plain};
        for (int i = 0; i < PARTS; i++)
            row->parts[i] = TOKENS_NULL;
        e->ptr = row;
    }
    struct usage_row *row = e->ptr;
    row->parts[p->part] = MAX(row->parts[p->part], 0) + p->tokens;
    if (p->family == FAMILY_HISTOGRAM && p->part == PART_IN)
        row->requests = MAX(row->requests, 0) + p->requests;
}

/* Of a service the family that came first counts, and only it. */
static bool is_second_family(struct metrics *m, const struct point *p, str service)
{
    bool new;
    enum family *kept = remember(m, str_fmt(&m->r.page, "family\n%.*s", FMT(service)),
                                 sizeof *kept, &new);
    if (new)
        *kept = p->family;
    m->second_family += *kept != p->family;
    return *kept != p->family;
}

static bool read_amounts(struct doc_reader *r, const struct json *point, struct point *p)
{
    p->requests = TOKENS_NULL;
    if (p->family == FAMILY_HISTOGRAM && !json_get(point, "asInt") && !json_get(point, "asDouble"))
        return read_whole(r, point, "sum", &p->tokens) &&
               read_whole(r, point, "count", &p->requests);
    return read_whole(r, point, json_get(point, "asInt") ? "asInt" : "asDouble", &p->tokens);
}

static bool read_point(struct metrics *m, const struct json *point, struct point p, str place)
{
    struct doc_reader *r = &m->r;
    const struct json *flags = json_get(point, "flags");
    int64_t bits = 0;
    bool new;
    p.at = point;
    p.attributes = json_get(point, "attributes");
    if (flags && json_i64(flags, &bits) && bits & 1)
        return true; /* nothing was recorded */
    if (!otel_is_model_call(p.attributes))
        return true;
    if (p.family == FAMILY_HISTOGRAM && !read_type(r, point, p.attributes, &p.part))
        return false;
    if (!read_amounts(r, point, &p) ||
        !read_time(r, point, "startTimeUnixNano", "start_time_unix_nano", &p.from) ||
        !read_time(r, point, "timeUnixNano", "time_unix_nano", &p.to))
        return false;
    if (!p.to)
        return doc_fault(r, point, "a point without 'timeUnixNano'");
    str modality = json_text(otel_attribute(p.attributes, "gen_ai.token.modality"));
    p.plain = !modality.n || str_eq(modality, S("text")) || str_eq(modality, S("unknown"));
    p.series = str_fmt(&r->page, "%.*s\n%.*s", FMT(place),
                       FMT(attributes_text(&r->page, p.attributes)));
    if (is_second_family(m, &p, place))
        return true;
    difference(m, &p, &new);
    if (new && p.tokens)
        add_point(m, &p);
    return true;
}

/* ---- metrics ---- */

static enum family family_of(str name, enum part *ret)
{
    static const struct {
        const char *name;
        enum part part;
    } counters[] = {
        {"gen_ai.client.inference.usage.input_tokens", PART_IN},
        {"gen_ai.client.inference.usage.output_tokens", PART_OUT},
        {"gen_ai.client.inference.usage.cache_read.input_tokens", PART_READ},
        {"gen_ai.client.inference.usage.cache_write.input_tokens", PART_WRITE},
    };
    if (str_eq(name, S("gen_ai.client.token.usage")))
        return FAMILY_HISTOGRAM;
    for (size_t i = 0; i < ARRAY_LEN(counters); i++)
        if (str_eq(name, str_of(counters[i].name))) {
            *ret = counters[i].part;
            return FAMILY_COUNTERS;
        }
    return FAMILY_NONE; /* durations, reasoning (part of output), distributions */
}

/* Whether points are totals or differences; must be said. */
static bool read_temporality(struct doc_reader *r, const struct json *metric,
                             const struct json *data, bool *ret)
{
    const struct json *v = otel_either(data, "aggregationTemporality", "aggregation_temporality");
    str text = json_text(v);
    if (str_eq(text, S("1")) || str_eq(text, S("AGGREGATION_TEMPORALITY_DELTA")))
        *ret = false;
    else if (str_eq(text, S("2")) || str_eq(text, S("AGGREGATION_TEMPORALITY_CUMULATIVE")))
        *ret = true;
    else {
        doc_fault(r, v ? v : metric, "aggregationTemporality '%.*s' does not tell totals from "
                                     "differences", FMT(str_sub(text, 0, 40)));
        return err_hint(r->e, "It must be delta or cumulative. Export with an OTLP exporter.");
    }
    return true;
}

static bool is_false(const struct json *v)
{
    return !v || (v->kind == JSON_BOOL && !v->yes);
}

static bool read_metric(struct metrics *m, const struct json *metric, const struct json *resource,
                        str place)
{
    struct doc_reader *r = &m->r;
    struct point p = {.resource = resource, .part = PART_IGNORED};
    str name = json_text(json_get(metric, "name"));
    const struct json *sum = json_get(metric, "sum");
    p.family = family_of(name, &p.part);
    if (p.family == FAMILY_NONE)
        return true;
    const struct json *data = json_get(metric, "histogram");
    if (!data)
        data = otel_either(metric, "exponentialHistogram", "exponential_histogram");
    if (!data || p.family == FAMILY_COUNTERS)
        data = sum;
    if (!data || (data == sum && is_false(otel_either(sum, "isMonotonic", "is_monotonic")))) {
        doc_fault(r, metric, "%.*s is no %s", FMT(str_sub(name, 0, 80)),
                  p.family == FAMILY_COUNTERS ? "sum that only rises"
                                              : "histogram or sum that only rises");
        return err_hint(r->e, "A gauge or a summary does not tell what was used. Import the spans, "
                              "or the provider's usage export.");
    }
    if (!read_temporality(r, metric, data, &p.cumulative))
        return false;
    const struct json *points = otel_either(data, "dataPoints", "data_points");
    for (size_t i = 0; points && points->kind == JSON_LIST && i < points->n; i++)
        if (!read_point(m, &points->items[i], p, place))
            return false;
    return true;
}

static bool emit_row(struct metrics *m, const struct usage_row *u)
{
    struct doc_reader *r = &m->r;
    struct spend_row row;
    int64_t cached = MAX(u->parts[PART_READ], 0) + MAX(u->parts[PART_WRITE], 0);
    spend_row_clear(&row);
    row.day = day_of_seconds((u->time - 1) / 1000000000);
    if (!currency_parse(S("USD"), &row.currency))
        UNREACHABLE();
    if (cached && cached > MAX(u->parts[PART_IN], 0)) {
        doc_fault(r, u->at, "input_tokens rose by %lld, less than the cached tokens that it should "
                            "contain, %lld", (long long)MAX(u->parts[PART_IN], 0),
                  (long long)cached);
        return err_hint(r->e, "The conventions count cached tokens as input. Update the "
                              "instrumentation, or import the provider's own usage export.");
    }
    otel_name_row(&row, u->attributes, u->resource);
    row.text[SPEND_METER] = u->plain ? S("tokens") : S("tokens of several kinds");
    row.tokens[TOKENS_IN] =
        u->parts[PART_IN] == TOKENS_NULL ? TOKENS_NULL : u->parts[PART_IN] - cached;
    row.tokens[TOKENS_OUT] = u->parts[PART_OUT];
    row.tokens[TOKENS_CACHE_READ] = u->parts[PART_READ];
    row.tokens[TOKENS_CACHE_WRITE_5M] = u->parts[PART_WRITE];
    row.requests = u->requests;
    return doc_emit(r, &row);
}

static bool is_list(const struct json *v)
{
    return v && v->kind == JSON_LIST;
}

static bool read_resources(struct metrics *m, const struct json *list)
{
    struct arena *a = &m->r.page;
    for (size_t i = 0; i < list->n; i++) {
        const struct json *resource = json_path(&list->items[i], "resource.attributes");
        const struct json *scopes = otel_either(&list->items[i], "scopeMetrics", "scope_metrics");
        for (size_t k = 0; is_list(scopes) && k < scopes->n; k++) {
            const struct json *metrics = json_get(&scopes->items[k], "metrics");
            str place = str_fmt(a, "%.*s\n%.*s", FMT(attributes_text(a, resource)),
                                FMT(json_text(json_path(&scopes->items[k], "scope.name"))));
            for (size_t j = 0; is_list(metrics) && j < metrics->n; j++)
                if (!read_metric(m, &metrics->items[j], resource, place))
                    return false;
        }
    }
    return true;
}

static bool read_document(struct metrics *m, const struct json *v)
{
    const struct json *list = otel_either(v, "resourceMetrics", "resource_metrics");
    map_init(&m->rows, &m->r.page);
    if (!list && (otel_either(v, "resourceSpans", "resource_spans") ||
                  otel_either(v, "resourceLogs", "resource_logs"))) {
        m->others++;
        return true;
    }
    if (!is_list(list))
        return doc_fault(&m->r, v, "is no OTLP: a list 'resourceMetrics' is missing");
    if (!read_resources(m, list))
        return false;
    for (size_t i = 0; i < m->rows.n; i++)
        if (!emit_row(m, m->rows.entries[i].ptr))
            return false;
    return true;
}

static void note_all(struct metrics *m)
{
    struct doc_reader *r = &m->r;
    if (m->others)
        reader_note(r, "traces and logs beside the metrics were left out: %llu.",
                    (unsigned long long)m->others);
    if (m->repeated)
        reader_note(r, "points that were there before were not counted again: %llu.",
                    (unsigned long long)m->repeated);
    if (m->second_family)
        reader_note(r, "services report tokens under old and new names; the first counts, "
                       "points of the other left out: %llu.", (unsigned long long)m->second_family);
    if (m->begun)
        reader_note(r, "totals that began before the month of their first point: %llu. The tokens "
                       "they held then belong to other months and were not counted: %lld.",
                    (unsigned long long)m->begun, (long long)m->begun_tokens);
    if (m->uncached)
        reader_note(r, "gen_ai.client.token.usage does not tell cached tokens: all input is priced "
                       "as uncached.");
}

static bool read(struct document *d, const struct row_sink *sink, struct err *e)
{
    struct metrics m = {.others = 0};
    bool ok = true;
    doc_init(&m.r, d, sink, e);
    map_init(&m.own, &m.kept);
    while (ok) {
        const struct json *v;
        ok = doc_next(&m.r, &v);
        if (!ok || !v)
            break;
        ok = read_document(&m, v);
    }
    if (ok)
        note_all(&m);
    ok = doc_end(&m.r, ok);
    arena_release(&m.kept);
    return ok;
}

const struct importer importer_otel_metrics = {
    .name = "otel_metrics",
    .title = "OpenTelemetry GenAI metrics (OTLP JSON)",
    .summary = "Token usage as histograms or counters, delta or cumulative; priced from the book. "
               "Counts again what spans do.",
    .shapes = 1 << SHAPE_JSON | 1 << SHAPE_JSON_LINES,
    .tokens = INPUT_INCLUDES_READS_WRITES,
    .currency = "USD",
    .bid = bid,
    .in_order = true,
    .repeats = "otel_genai",
    .read = read,
};
