/* rules_split.h - dividing a row by shares so that the parts sum to the whole, and joining them. */
#ifndef INGEST_RULES_SPLIT_H
#define INGEST_RULES_SPLIT_H

#include "ingest/classify.h"

/* rows[0] becomes n rows: amounts, quantity, tokens and requests divided by ppm (sum 1000000) so
 * that each sums to what it was; all else is copied. */
void rows_split(struct spend_row *rows, const uint32_t *ppm, size_t n);

/* The whole row behind its n parts, to classify it anew: the inverse of rows_split. Parts that are
 * not all of one record are an error. */
MUST_CHECK bool rows_join(const struct spend_row *rows, size_t n, struct spend_row *ret,
                          struct err *e);

#endif
