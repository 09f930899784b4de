/* stage.h - what happens to a row between its importer and the ledger: price, check units,
 * classify. */
#ifndef APP_STAGE_H
#define APP_STAGE_H

#include "core/price_book.h"
#include "ingest/open_source.h"

struct stage;

/* paths: the files of the import, for messages about units. prices NULL: rows keep the cost they
 * have. Close with stage_free. */
struct stage *stage_new(struct arena *a, const struct rules *rules, const struct price_book *prices,
                        const struct import_options *options, const str *paths, size_t n_paths);
struct row_stage stage_rows(struct stage *s);
/* After the last row: amounts that are 100 or 1000 times off the price book are an error. */
MUST_CHECK bool stage_check(struct stage *s, struct err *e);
/* What a user should hear about prices. */
enum { STAGE_NOTES = 3 };
void stage_notes(const struct stage *s, struct arena *a, str ret[STAGE_NOTES], size_t *ret_n);
void stage_free(struct stage *s); /* NULL is fine */

#endif
