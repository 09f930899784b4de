/* otel_genai.c - spans of OpenTelemetry's GenAI conventions: OTLP as JSON, or the SDKs' own JSON.
 *
 * Spans of model calls count; those of agents and tools repeat what their calls used. Input counts
 * contain cached tokens, output counts reasoning. Messages, users and all other attributes are left
 * out. There is no attribute of cost: the price book prices. */
#include "ingest/gateway.h"
#include "ingest/json_doc.h"
#include "ingest/otel.h"

struct spans {
    struct doc_reader r;
    uint64_t others; /* spans that are no model calls */
};

static int bid(const struct probe *p)
{
    bool spans = head_has(p, "\"resourceSpans\"") || head_has(p, "\"resource_spans\"") ||
                 head_has(p, "\"attributes\"");
    bool metrics = head_has(p, "\"resourceMetrics\"") || head_has(p, "\"resource_metrics\"");
    if (!spans || (metrics && !head_has(p, "gen_ai.usage.")))
        return 0;
    return head_has(p, "gen_ai.usage.") ? 95 : head_has(p, "gen_ai.") ? 80 : 0;
}

/* Of several names of a count the first that is there; 0 when none is. */
static bool count(struct doc_reader *r, const struct json *attributes, const char *const *names,
                  int64_t *ret, bool *any)
{
    *ret = 0;
    for (; *names; names++) {
        const struct json *v = otel_attribute(attributes, *names);
        if (json_is_null(v))
            continue;
        if (!json_i64(v, ret) && !(v->kind == JSON_STRING && str_to_i64(v->text, ret)))
            return doc_fault(r, v, "%s '%.*s' is not a count", *names,
                             FMT(str_sub(json_text(v), 0, 80)));
        if (*ret < 0 || *ret > INT64_MAX / 64)
            return doc_fault(r, v, "%s '%lld' is no count of tokens", *names, (long long)*ret);
        *any = true;
        return true;
    }
    return true;
}

static bool read_tokens(struct doc_reader *r, const struct json *span, const struct json *a,
                        struct token_counts *t, bool *any)
{
    static const char *const in[] = {"gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens",
                                     NULL};
    static const char *const out[] = {"gen_ai.usage.output_tokens",
                                      "gen_ai.usage.completion_tokens", NULL};
    static const char *const reads[] = {"gen_ai.usage.cache_read.input_tokens",
                                        "gen_ai.usage.cache_read_input_tokens",
                                        "gen_ai.usage.input_tokens.cached", NULL};
    static const char *const writes[] = {"gen_ai.usage.cache_creation.input_tokens",
                                         "gen_ai.usage.cache_write.input_tokens",
                                         "gen_ai.usage.cache_creation_input_tokens", NULL};
    if (!count(r, a, in, &t->in, any) || !count(r, a, out, &t->out, any) ||
        !count(r, a, reads, &t->cache_read, any) || !count(r, a, writes, &t->cache_write_5m, any))
        return false;
    if (t->in < t->cache_read + t->cache_write_5m) {
        doc_fault(r, span, "gen_ai.usage.input_tokens '%lld' is less than the cached tokens it "
                           "should contain", (long long)t->in);
        return err_hint(r->e, "The conventions count cached tokens as input. Update the "
                              "instrumentation, or import the provider's own usage export.");
    }
    t->in -= t->cache_read + t->cache_write_5m;
    return true;
}

/* Nanoseconds since 1970 as text or number, or an RFC 3339 time. */
static bool read_start(struct doc_reader *r, const struct json *span, day *ret)
{
    static const char *const keys[] = {"startTimeUnixNano", "start_time_unix_nano", "start_time",
                                       "startTime"};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        const struct json *v = json_get(span, keys[i]);
        int64_t n;
        if (json_is_null(v))
            continue;
        if (str_to_i64(json_text(v), &n) && n >= 100000000000000000) {
            *ret = day_of_seconds(n / 1000000000);
            return true;
        }
        if (v->kind == JSON_STRING && date_parse(v->text, DATE_MDY, ret))
            return true;
        return doc_fault(r, v, "%s '%.*s' is not a time", keys[i],
                         FMT(str_sub(json_text(v), 0, 80)));
    }
    return doc_fault(r, span, "a span without 'startTimeUnixNano'");
}

/* A call that failed has an error.type, or its span the status ERROR. */
static bool has_failed(const struct json *span, const struct json *a)
{
    const struct json *status = json_get(span, "status");
    str code = json_text(otel_either(status, "code", "status_code"));
    return !json_is_null(otel_attribute(a, "error.type")) || str_eq(code, S("2")) ||
           str_eq(code, S("STATUS_CODE_ERROR")) || str_eq(code, S("ERROR"));
}

static bool read_span(struct spans *s, const struct json *span, const struct json *resource)
{
    struct doc_reader *r = &s->r;
    const struct json *a = json_get(span, "attributes");
    struct token_counts tokens = {0};
    struct spend_row row;
    bool any = false, failed = has_failed(span, a);
    if (!otel_is_model_call(a)) {
        s->others++;
        return true;
    }
    if (!read_tokens(r, span, a, &tokens, &any))
        return false;
    if (!any && !(failed && otel_attribute(a, "gen_ai.operation.name"))) {
        s->others++;
        return true;
    }
    spend_row_clear(&row);
    if (!read_start(r, span, &row.day) || !currency_parse(S("USD"), &row.currency))
        return false;
    otel_name_row(&row, a, resource);
    row.text[SPEND_METER] = S("tokens");
    if (any)
        doc_set_tokens(&row, &tokens);
    row.requests = 1;
    gateway_call_end(failed ? S("failed") : S("ok"), &row);
    return doc_emit(r, &row);
}

static bool is_list(const struct json *v)
{
    return v && v->kind == JSON_LIST;
}

static bool read_resources(struct spans *s, const struct json *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct json *resource = json_path(&list->items[i], "resource.attributes");
        const struct json *scopes = otel_either(&list->items[i], "scopeSpans", "scope_spans");
        if (!scopes)
            scopes = json_get(&list->items[i], "instrumentationLibrarySpans");
        for (size_t k = 0; is_list(scopes) && k < scopes->n; k++) {
            const struct json *spans = json_get(&scopes->items[k], "spans");
            for (size_t j = 0; is_list(spans) && j < spans->n; j++)
                if (!read_span(s, &spans->items[j], resource))
                    return false;
        }
    }
    return true;
}

static bool read_value(struct spans *s, const struct json *v, int depth)
{
    const struct json *list = otel_either(v, "resourceSpans", "resource_spans");
    if (is_list(list))
        return read_resources(s, list);
    for (size_t i = 0; v->kind == JSON_LIST && depth == 0 && i < v->n; i++)
        if (!read_value(s, &v->items[i], 1))
            return false;
    if (v->kind == JSON_LIST && depth == 0)
        return true;
    if (json_get(v, "attributes"))
        return read_span(s, v, json_path(v, "resource.attributes"));
    if (otel_either(v, "resourceMetrics", "resource_metrics") ||
        otel_either(v, "resourceLogs", "resource_logs")) {
        s->others++;
        return true; /* collectors write all signals into one file */
    }
    return doc_fault(&s->r, v, "is neither OTLP ('resourceSpans') nor a span with 'attributes'");
}

static bool read(struct document *d, const struct row_sink *sink, struct err *e)
{
    struct spans s = {.others = 0};
    bool ok = true;
    doc_init(&s.r, d, sink, e);
    while (ok) {
        const struct json *v;
        ok = doc_next(&s.r, &v);
        if (!ok || !v)
            break;
        ok = read_value(&s, v, 0);
    }
    if (ok && s.others)
        reader_note(&s.r, "spans that are no model calls were left out: %llu.",
                    (unsigned long long)s.others);
    return doc_end(&s.r, ok);
}

const struct importer importer_otel_genai = {
    .name = "otel_genai",
    .title = "OpenTelemetry GenAI spans (OTLP JSON)",
    .summary = "Spans of model calls; input includes cached tokens; priced from the book.",
    .shapes = 1 << SHAPE_JSON | 1 << SHAPE_JSON_LINES,
    .tokens = INPUT_INCLUDES_READS_WRITES,
    .currency = "USD",
    .bid = bid,
    .read = read,
};
