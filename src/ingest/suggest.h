/* suggest.h - drafts a mapping file for a table nobody has described yet.
 *
 * Looks at the header and at the first records: which columns hold dates, amounts, currencies,
 * token counts. What it is unsure of is said in comments; what it drafts loads as it is. */
#ifndef INGEST_SUGGEST_H
#define INGEST_SUGGEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* Appends the draft to out. An error when no column can be the date, or none money or tokens. */
MUST_CHECK bool import_suggest(struct arena *a, str path, struct buf *out, struct err *e);
/* The same for the start of a file in memory. */
MUST_CHECK bool import_suggest_text(struct arena *a, str path, str head, struct buf *out,
                                    struct err *e);

#endif
