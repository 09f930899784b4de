/* price_int.h - what price_book.c and price_csv.c share. */
#ifndef CORE_PRICE_INT_H
#define CORE_PRICE_INT_H

#include "base/map.h"
#include "core/price_book.h"

/* All prices of one model of one provider, however their rows spell it. */
struct price_group {
    size_t *items; /* indexes into the book, in order of addition */
    size_t n, cap;
};

struct price_book {
    struct arena *arena;
    struct price *items;
    uint32_t *layer; /* per item: which book added it, 0 the built-in */
    size_t n, cap, cap_layer;
    uint32_t n_layers;
    str *names; /* of the layers; empty: the built-in book */
    size_t cap_names;
    struct map groups; /* "provider key" to struct price_group */
    struct map
        bases; /* "provider base" to the group of the only snapshot; NULL: there are several */
    struct map hosts; /* key to the group of the only provider that has it; NULL: several have it */
};

/* The group of a model in a provider's list, by their spelling; empty key: no name. */
str price_group_key(struct arena *a, str provider, str model);
struct price_book *price_book_empty(struct arena *a);
/* Adds a price whose text lives as long as the book. */
void price_book_put(struct price_book *b, struct price p, uint32_t layer);

#endif
