/* usage_buckets.h - the usage object of an API answer as disjoint token counts, and what tokens
 * alone do not price.
 *
 * Vendors count differently: OpenAI's, Google's and Mistral's input contains cached tokens,
 * Anthropic's does not; Google keeps thinking apart from its output, the others count it in. What
 * no price per token covers (searches, another tier, work of another model inside the request) is
 * listed, so that a cost is never silently wrong. */
#ifndef INGEST_USAGE_BUCKETS_H
#define INGEST_USAGE_BUCKETS_H

#include "base/json_read.h"
#include "core/price_book.h"

enum usage_flavor {
    USAGE_ANTHROPIC,        /* input_tokens, cache_creation, cache_read_input_tokens */
    USAGE_OPENAI_CHAT,      /* prompt_tokens, prompt_tokens_details */
    USAGE_OPENAI_RESPONSES, /* input_tokens, input_tokens_details */
    USAGE_GOOGLE,           /* promptTokenCount, promptTokensDetails */
    USAGE_MISTRAL,          /* prompt_tokens, num_cached_tokens */
};

struct usage_part {
    const char *what;   /* "web searches" */
    const char *reason; /* why tokens x price does not cover it */
    int64_t count;
};

#define USAGE_PARTS 12
struct usage {
    struct token_counts tokens;
    int64_t input_tokens; /* of the request, all buckets: picks the price tier */
    str tier;             /* service tier as stated; empty when none */
    struct usage_part parts[USAGE_PARTS];
    size_t n_parts;
};

/* Which shape it is, by the keys; the provider ("mistral") decides where shapes are alike. */
MUST_CHECK bool usage_flavor_of(str provider, const struct json *raw, enum usage_flavor *ret);
/* Errors name line, column and key: counts that are no integers, are negative, or exceed their
 * whole. */
MUST_CHECK bool usage_buckets(enum usage_flavor flavor, const struct json *raw, struct usage *ret,
                              struct err *e);

#endif
