/* codex.c - session logs of Codex: a JSON line per event, of which models and token counts are
 * read.
 *
 * total_token_usage is cumulative and repeated, so a row is the difference to the total before;
 * only the first event of a file, whose total may come from a resumed session, counts
 * last_token_usage. Input contains cached tokens. Whether output contains reasoning is seen from
 * total_tokens. */
#include "ingest/json_doc.h"

struct counts {
    int64_t in, cached, out, reasoning, total;
    bool known;
};

struct session {
    struct doc_reader r;
    char model[128];
    struct counts before;
};

static int bid(const struct probe *p)
{
    if (head_has(p, "\"total_token_usage\"") || head_has(p, "\"last_token_usage\""))
        return 96;
    if (head_has(p, "\"session_meta\"") || head_has(p, "\"turn_context\""))
        return p->shape == SHAPE_JSON_LINES && head_has(p, "\"payload\"") ? 80 : 0;
    return 0;
}

static int64_t known(int64_t n)
{
    return n == TOKENS_NULL ? 0 : n;
}

static bool read_counts(struct doc_reader *r, const struct json *v, struct counts *ret)
{
    struct counts c = {.known = !json_is_null(v)};
    *ret = c;
    if (!c.known)
        return true;
    if (!doc_count(r, v, "input_tokens", &c.in) ||
        !doc_count(r, v, "cached_input_tokens", &c.cached) ||
        !doc_count(r, v, "output_tokens", &c.out) ||
        !doc_count(r, v, "reasoning_output_tokens", &c.reasoning) ||
        !doc_count(r, v, "total_tokens", &c.total))
        return false;
    bool has_total = c.total != TOKENS_NULL;
    c.in = known(c.in);
    c.cached = known(c.cached);
    c.out = known(c.out);
    c.reasoning = known(c.reasoning);
    if (c.cached > c.in)
        return doc_fault(r, v, "cached_input_tokens '%lld' is more than input_tokens",
                         (long long)c.cached);
    if (has_total && c.reasoning && c.total == c.in + c.out + c.reasoning)
        c.out += c.reasoning; /* stated apart */
    c.total = c.in + c.out;
    *ret = c;
    return true;
}

static bool is_less(const struct counts *a, const struct counts *b)
{
    return a->in < b->in || a->cached < b->cached || a->out < b->out;
}

/* What this event adds. A total that went down began anew. */
static struct counts added(const struct session *s, const struct counts *total,
                           const struct counts *last)
{
    const struct counts *before = &s->before;
    if (!total->known)
        return *last;
    if (!before->known || is_less(total, before))
        return last->known ? *last : *total;
    struct counts c = *total;
    c.in -= before->in;
    c.cached -= before->cached;
    c.out -= before->out;
    c.total -= before->total;
    /* more cached than new input can only be a slip of the log: the cached part of it is what fits
     */
    c.cached = MIN(c.cached, c.in);
    return c;
}

static bool read_tokens(struct session *s, const struct json *line, const struct json *info)
{
    struct doc_reader *r = &s->r;
    struct counts total, last;
    if (!read_counts(r, json_get(info, "total_token_usage"), &total) ||
        !read_counts(r, json_get(info, "last_token_usage"), &last))
        return false;
    struct counts c = added(s, &total, &last);
    if (total.known)
        s->before = total;
    if (c.total == 0)
        return true; /* the same total again */
    struct spend_row row;
    struct token_counts t = {.in = c.in - c.cached, .cache_read = c.cached, .out = c.out};
    spend_row_clear(&row);
    if (!doc_day(r, line, "timestamp", &row.day))
        return false;
    doc_set_tokens(&row, &t);
    row.requests = 1;
    str model = json_text(json_get(info, "model"));
    row.text[SPEND_PROVIDER] = S("OpenAI");
    row.text[SPEND_SERVICE] = S("Codex");
    row.text[SPEND_METER] = S("tokens");
    row.text[SPEND_MODEL] = model.n ? model : str_of(s->model);
    return doc_emit(r, &row);
}

static bool read_line(struct session *s, const struct json *line)
{
    const struct json *payload = json_get(line, "payload");
    str type = json_text(json_get(line, "type"));
    if (str_eq(type, S("turn_context"))) {
        str model = json_text(json_get(payload, "model"));
        if (model.n)
            snprintf(s->model, sizeof s->model, "%.*s", FMT(model));
        return true;
    }
    if (!str_eq(type, S("event_msg")) ||
        !str_eq(json_text(json_get(payload, "type")), S("token_count")))
        return true;
    const struct json *info = json_get(payload, "info");
    return json_is_null(info) || read_tokens(s, line, info);
}

static bool read(struct document *d, const struct row_sink *sink, struct err *e)
{
    struct session s = {.model = ""};
    bool ok = true;
    doc_init(&s.r, d, sink, e);
    while (ok) {
        const struct json *line;
        ok = doc_next(&s.r, &line);
        if (!ok || !line)
            break;
        ok = read_line(&s, line);
    }
    return doc_end(&s.r, ok);
}

const struct importer importer_codex = {
    .name = "codex",
    .title = "Codex session logs (JSON lines)",
    .summary = "Usage per turn from cumulative totals, priced by the price book. No text is kept.",
    .provider = "OpenAI",
    .shapes = 1 << SHAPE_JSON_LINES | 1 << SHAPE_JSON,
    .tokens = INPUT_INCLUDES_READS,
    .currency = "USD",
    .bid = bid,
    .read = read,
};
