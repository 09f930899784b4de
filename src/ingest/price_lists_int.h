/* price_lists_int.h - what the readers of public price lists share. */
#ifndef INGEST_PRICE_LISTS_INT_H
#define INGEST_PRICE_LISTS_INT_H

#include "base/json_read.h"
#include "base/map.h"
#include "ingest/price_lists.h"

enum list_part {
    LIST_IN,
    LIST_OUT,
    LIST_CACHE_READ,
    LIST_CACHE_WRITE,
    LIST_CACHE_WRITE_1H,
    LIST_BATCH_IN,
    LIST_BATCH_OUT,
    LIST_AUDIO_IN,
    LIST_IMAGE_OUT,
    LIST_PARTS
};

struct list_price {
    str provider, model;
    day from, to; /* DAY_NONE: open */
    int64_t over;
    dec part[LIST_PARTS]; /* per million tokens */
    const char *note;     /* may be NULL */
};

/* Why an entry is left out. */
enum list_left {
    LEFT_NO_TOKEN_PRICE,
    LEFT_FREE,
    LEFT_REGIONAL,
    LEFT_GRADUATED,
    LEFT_HOURS,
    LEFT_TWICE,
    LEFT_REASONS
};

struct list_reader {
    struct arena *a;
    str name;
    const struct price_list_options *o;
    day taken;
    struct list_price *items;
    size_t n, cap;
    struct map ids; /* provider, model, day and tier, to the item */
    size_t left[LEFT_REASONS];
    struct err *e;
};

#define LIST_TIERS 8

/* "FILE:LINE:COLUMN: ..."; false. */
bool list_fault(struct list_reader *r, const struct json *at, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
/* A price in units of which `per_million` make a million tokens' price, divided by `divisor`
 * (cents: 100). Absent and null are DEC_NULL. */
MUST_CHECK bool list_number(struct list_reader *r, const struct json *map, const char *key,
                            int64_t per_million, int64_t divisor, dec *ret);
/* An ISO day; absent and null are DAY_NONE. */
MUST_CHECK bool list_day(struct list_reader *r, const struct json *map, const char *key, day *ret);
/* Takes the price in, or counts why not. */
void list_add(struct list_reader *r, struct list_price *p);
void list_clear(struct list_price *p);
bool list_has_token_price(const struct list_price *p);

/* Readers of one shape each: `claims` looks at the document, `read` takes it in. */
struct list_shape {
    const char *format;
    bool (*claims)(const struct json *doc);
    bool (*read)(struct list_reader *r, const struct json *doc);
};
extern const struct list_shape list_litellm, list_llm_prices, list_genai, list_models_dev,
    list_portkey;

#endif
