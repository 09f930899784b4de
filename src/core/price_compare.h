/* price_compare.h - where price lists disagree about a model on a day. */
#ifndef CORE_PRICE_COMPARE_H
#define CORE_PRICE_COMPARE_H

#include "core/price_book.h"

enum price_field {
    FIELD_IN,
    FIELD_OUT,
    FIELD_CACHE_READ,
    FIELD_CACHE_WRITE,
    FIELD_CACHE_WRITE_1H,
    FIELD_BATCH_IN,
    FIELD_BATCH_OUT,
    FIELD_AUDIO_IN,
    FIELD_IMAGE_OUT,
    PRICE_FIELDS
};
const char *price_field_name(enum price_field f); /* "input", "cache_read": as in prices.csv */
dec price_field_of(const struct price *p, enum price_field f);

struct price_conflict {
    str key;                          /* of the model in its provider's list: price_group_key */
    const struct price *used, *other; /* used: what b says */
    str used_book, book;              /* "built-in", the name of an imported list, "plan.yaml" */
    enum price_field field;
    dec difference; /* other - used */
    int64_t slip;   /* 100, 1000, 1000000: other is so many times used; negative: used of other; 0:
                     * a difference like any other */
};

/* Models that two lists of b price differently on day `on` (DAY_NONE: by prices without an end), by
 * more than rounding (0.1 %): the latest list that states a price against each other one. `apart`
 * are books whose prices are not in force in b, each held against b. Only equal spellings, tiers
 * and currencies are compared, and only prices that both know. In the order of the book. */
void price_conflicts(const struct price_book *b, const struct price_book *const *apart,
                     size_t n_apart, day on, struct arena *a, struct price_conflict **ret,
                     size_t *ret_n);

#endif
