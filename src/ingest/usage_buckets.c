/* usage_buckets.c - the usage object of an API answer as disjoint token counts. */
#include "ingest/usage_buckets.h"

#define REASON_FEE "charged per call, apart from tokens"
#define REASON_AUDIO "sound has a price of its own that the book does not carry"
#define REASON_INSIDE "charged too, but left out of the counts of the request"
#define REASON_TIER "this service tier has prices of its own"
#define REASON_MODE "this mode has prices of its own"

struct usage_reader {
    const struct json *raw;
    struct usage *u;
    struct err *e;
    bool failed;
};

static bool fail(struct usage_reader *r, const struct json *at, const char *fmt, const char *path)
{
    if (r->failed)
        return false;
    r->failed = true;
    char text[256];
    snprintf(text, sizeof text, fmt, path);
    return err_set(r->e, ERR_INVALID, "line %u, column %u: %s", at->line, at->column, text);
}

/* A count; absent and null are 0. */
static int64_t count_of(struct usage_reader *r, const struct json *from, const char *path)
{
    const struct json *v = json_path(from, path);
    int64_t n = 0;
    if (json_is_null(v))
        return 0;
    if (!json_i64(v, &n))
        fail(r, v, "%s is not an integer", path);
    else if (n < 0)
        fail(r, v, "%s is negative", path);
    else if (n > INT64_MAX / 64)
        fail(r, v, "%s is no count of tokens", path);
    else
        return n;
    return 0;
}

static int64_t count(struct usage_reader *r, const char *path)
{
    return count_of(r, r->raw, path);
}

static void part(struct usage_reader *r, const char *what, const char *reason, int64_t n)
{
    if (n <= 0)
        return;
    for (size_t i = 0; i < r->u->n_parts; i++) {
        if (r->u->parts[i].what == what) {
            r->u->parts[i].count += n;
            return;
        }
    }
    if (r->u->n_parts < USAGE_PARTS)
        r->u->parts[r->u->n_parts++] = (struct usage_part){what, reason, n};
}

/* whole - less, which must not be negative. */
static int64_t rest(struct usage_reader *r, int64_t whole, int64_t less, const char *path)
{
    if (less > whole)
        fail(r, r->raw, "%s is less than its parts", path);
    return whole - less;
}

static bool is_plain_tier(str tier)
{
    static const char *const plain[] = {"standard",      "default",       "auto",  "on_demand",
                                        "standard_only", "not_available", "global"};
    for (size_t i = 0; i < ARRAY_LEN(plain); i++)
        if (str_eq_nocase(tier, str_of(plain[i])))
            return true;
    return !tier.n;
}

static void read_tier(struct usage_reader *r, const char *key)
{
    str tier = json_text(json_get(r->raw, key));
    if (!r->u->tier.n)
        r->u->tier = tier;
    if (str_eq_nocase(tier, S("batch")))
        r->u->tokens.batch = true;
    else if (!is_plain_tier(tier))
        part(r, "service tier", REASON_TIER, 1);
}

/* Requests inside the request: summaries of the context and other models' advice. The counts above
 * hold the messages only. */
static void read_iterations(struct usage_reader *r)
{
    const struct json *list = json_get(r->raw, "iterations");
    for (size_t i = 0; list && list->kind == JSON_LIST && i < list->n; i++) {
        const struct json *it = &list->items[i];
        str type = json_text(json_get(it, "type"));
        int64_t n = count_of(r, it, "input_tokens") + count_of(r, it, "output_tokens") +
                    count_of(r, it, "cache_read_input_tokens") +
                    count_of(r, it, "cache_creation_input_tokens");
        if (str_eq(type, S("compaction")))
            part(r, "tokens of a compaction", REASON_INSIDE, n);
        else if (type.n && !str_eq(type, S("message")))
            part(r, "tokens of an advisor model", REASON_INSIDE, n);
    }
}

static void read_anthropic(struct usage_reader *r)
{
    struct token_counts *t = &r->u->tokens;
    int64_t written = count(r, "cache_creation_input_tokens");
    t->in = count(r, "input_tokens");
    t->cache_read = count(r, "cache_read_input_tokens");
    t->cache_write_5m = count(r, "cache_creation.ephemeral_5m_input_tokens");
    t->cache_write_1h = count(r, "cache_creation.ephemeral_1h_input_tokens");
    if (!json_is_null(json_get(r->raw, "cache_creation_input_tokens")))
        t->cache_write_5m +=
            rest(r, written, t->cache_write_5m + t->cache_write_1h, "cache_creation_input_tokens");
    t->out = count(r, "output_tokens");
    r->u->input_tokens = t->in + t->cache_read + t->cache_write_5m + t->cache_write_1h;
    part(r, "web searches", REASON_FEE, count(r, "server_tool_use.web_search_requests"));
    part(r, "code executions", REASON_FEE, count(r, "server_tool_use.code_execution_requests"));
    read_tier(r, "service_tier");
    str geo = json_text(json_get(r->raw, "inference_geo")),
        speed = json_text(json_get(r->raw, "speed"));
    if (!is_plain_tier(geo))
        part(r, "inference in one region", REASON_MODE, 1);
    if (!is_plain_tier(speed))
        part(r, "fast mode", REASON_MODE, 1);
    read_iterations(r);
}

static void read_openai(struct usage_reader *r, bool chat)
{
    struct token_counts *t = &r->u->tokens;
    const char *in = chat ? "prompt_tokens" : "input_tokens";
    const char *out = chat ? "completion_tokens" : "output_tokens";
    const struct json *ins =
        json_get(r->raw, chat ? "prompt_tokens_details" : "input_tokens_details");
    const struct json *outs =
        json_get(r->raw, chat ? "completion_tokens_details" : "output_tokens_details");
    int64_t audio_out = count_of(r, outs, "audio_tokens");
    t->cache_read = count_of(r, ins, "cached_tokens");
    t->cache_write_5m = count_of(r, ins, "cache_write_tokens");
    t->audio_in = count_of(r, ins, "audio_tokens");
    r->u->input_tokens = count(r, in);
    /* which of sound's tokens were cached is not said: they are counted as not cached */
    t->in = rest(r, r->u->input_tokens, t->cache_read + t->cache_write_5m + t->audio_in, in);
    t->image_out = count_of(r, outs, "image_tokens");
    t->out = rest(r, count(r, out), audio_out + t->image_out, out);
    part(r, "audio output tokens", REASON_AUDIO, audio_out);
    read_tier(r, "service_tier");
}

static void read_mistral(struct usage_reader *r)
{
    struct token_counts *t = &r->u->tokens;
    int64_t cached = count(r, "num_cached_tokens");
    t->cache_read = MAX(cached, count(r, "prompt_tokens_details.cached_tokens"));
    r->u->input_tokens = count(r, "prompt_tokens");
    t->in = rest(r, r->u->input_tokens, t->cache_read, "prompt_tokens");
    t->out = count(r, "completion_tokens");
    part(r, "audio seconds", REASON_AUDIO, count(r, "prompt_audio_seconds"));
}

/* Tokens of a modality in one of Google's lists. */
static int64_t modality(struct usage_reader *r, const char *list_key, const char *name)
{
    const struct json *list = json_get(r->raw, list_key);
    int64_t n = 0;
    for (size_t i = 0; list && list->kind == JSON_LIST && i < list->n; i++)
        if (str_eq_nocase(json_text(json_get(&list->items[i], "modality")), str_of(name)))
            n += count_of(r, &list->items[i], "tokenCount");
    return n;
}

static void read_google(struct usage_reader *r)
{
    struct token_counts *t = &r->u->tokens;
    int64_t audio_out = modality(r, "candidatesTokensDetails", "AUDIO");
    int64_t tools = count(r, "toolUsePromptTokenCount");
    t->cache_read = count(r, "cachedContentTokenCount");
    int64_t audio_cached = modality(r, "cacheTokensDetails", "AUDIO");
    int64_t audio = modality(r, "promptTokensDetails", "AUDIO");
    /* pictures, video and documents cost what text costs; sound does not */
    t->audio_in = rest(r, audio, audio_cached, "promptTokensDetails of AUDIO") +
                  modality(r, "toolUsePromptTokensDetails", "AUDIO");
    r->u->input_tokens = count(r, "promptTokenCount") + tools;
    t->in = rest(r, r->u->input_tokens, t->cache_read + t->audio_in, "promptTokenCount");
    t->image_out = modality(r, "candidatesTokensDetails", "IMAGE");
    t->out = rest(r, count(r, "candidatesTokenCount"), audio_out + t->image_out,
                  "candidatesTokenCount") +
             count(r, "thoughtsTokenCount");
    part(r, "cached audio tokens", REASON_AUDIO, audio_cached);
    part(r, "audio output tokens", REASON_AUDIO, audio_out);
    t->cache_read = rest(r, t->cache_read, audio_cached, "cachedContentTokenCount");
    read_tier(r, "serviceTier");
    read_tier(r, "trafficType");
}

bool usage_flavor_of(str provider, const struct json *raw, enum usage_flavor *ret)
{
    bool mistral = str_find_nocase(provider, S("mistral"), 0) != SIZE_MAX;
    if (json_get(raw, "promptTokenCount") || json_get(raw, "candidatesTokenCount"))
        *ret = USAGE_GOOGLE;
    else if (json_get(raw, "prompt_tokens"))
        *ret = mistral || json_get(raw, "num_cached_tokens") ? USAGE_MISTRAL : USAGE_OPENAI_CHAT;
    else if (!json_get(raw, "input_tokens"))
        return false;
    else if (json_get(raw, "input_tokens_details") ||
             str_find_nocase(provider, S("openai"), 0) != SIZE_MAX ||
             str_find_nocase(provider, S("azure"), 0) != SIZE_MAX)
        *ret = USAGE_OPENAI_RESPONSES;
    else if (json_get(raw, "cache_read_input_tokens") ||
             json_get(raw, "cache_creation_input_tokens") ||
             str_find_nocase(provider, S("anthropic"), 0) != SIZE_MAX)
        *ret = USAGE_ANTHROPIC;
    else
        return false;
    return true;
}

bool usage_buckets(enum usage_flavor flavor, const struct json *raw, struct usage *ret,
                   struct err *e)
{
    struct usage u = {.n_parts = 0};
    struct usage_reader r = {.raw = raw, .u = &u, .e = e};
    switch (flavor) {
    case USAGE_ANTHROPIC:
        read_anthropic(&r);
        break;
    case USAGE_OPENAI_CHAT:
    case USAGE_OPENAI_RESPONSES:
        read_openai(&r, flavor == USAGE_OPENAI_CHAT);
        break;
    case USAGE_GOOGLE:
        read_google(&r);
        break;
    case USAGE_MISTRAL:
        read_mistral(&r);
        break;
    }
    if (r.failed)
        return false;
    *ret = u;
    return true;
}
