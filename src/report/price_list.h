/* price_list.h - the price book as a table. */
#ifndef REPORT_PRICE_LIST_H
#define REPORT_PRICE_LIST_H

#include "core/price_book.h"
#include "doc/doc.h"

struct price_list_request {
    const struct price_book *prices;
    day at;       /* only prices valid on this day; DAY_NONE: all */
    str model;    /* glob over model names; empty: all */
    str provider; /* the same over providers */
    currency currency; /* of the book */
};

struct doc *report_price_list(const struct price_list_request *q, struct arena *a);

#endif
