/* unit_check.h - finds files whose money is in another unit than it is read in.
 *
 * While rows pass, what they state is compared with tokens x price, per file and model. A ratio
 * near 100, 1000, a million or their inverses, on at least one unit of money, is no discount: it is
 * cents read as dollars. */
#ifndef INGEST_UNIT_CHECK_H
#define INGEST_UNIT_CHECK_H

#include "ingest/pricing.h"

struct unit_check; /* one per worker */

struct unit_check *unit_check_new(const struct price_book *book);
void unit_check_free(struct unit_check *c); /* NULL is fine */
/* A row as it was imported, before it is priced and split. */
void unit_check_add(struct unit_check *c, const struct spend_row *row);
/* Adds what another worker saw. */
void unit_check_merge(struct unit_check *c, const struct unit_check *more);
/* False when a file is off: names the file (names[row.file - 1]), the line of its largest such row,
 * the column the money was read from, the value, what the book expects, and the remedy. The same
 * answer however rows were spread over workers. */
MUST_CHECK bool unit_check_end(const struct unit_check *c, const str *names, size_t n_names,
                               const char *column, struct err *e);

#endif
