/* stage.h - what happens to a row between its importer and the ledger: names are left out, then
 * price, check units, classify. */
#ifndef APP_STAGE_H
#define APP_STAGE_H

#include "core/price_book.h"
#include "ingest/open_source.h"
#include "ingest/payee.h"

struct stage;

/* What a stage works with; all must outlive it. */
struct stage_needs {
    const struct rules *rules;
    const struct payees *payees;
    const struct price_book *prices;
    const struct import_options *options;
    const str *paths; /* the files of the import, for messages about units */
    size_t n_paths;
};
/* Close with stage_free. */
struct stage *stage_new(struct arena *a, const struct stage_needs *needs);
struct row_stage stage_rows(struct stage *s);
/* After the last row: amounts that are 100 or 1000 times off the price book are an error. */
MUST_CHECK bool stage_check(struct stage *s, struct err *e);
/* What a user should hear about names and prices. */
enum { STAGE_NOTES = 6 };
void stage_notes(const struct stage *s, struct arena *a, str ret[STAGE_NOTES], size_t *ret_n);
void stage_free(struct stage *s); /* NULL is fine */

#endif
