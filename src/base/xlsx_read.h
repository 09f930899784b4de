/* xlsx_read.h - the sheet of an Excel workbook (.xlsx) as delimited text.
 *
 * Of several visible sheets the largest is read. A line per row, so that line 12 is row 12; cells
 * with commas and quotes are quoted, line breaks in them become blanks. Dates become 2026-07-31,
 * numbers have the 15 digits that Excel vouches for, formulas are what they last computed.
 * Everything is bounded: entities are refused, sizes are limited, nothing is written anywhere. */
#ifndef BASE_XLSX_READ_H
#define BASE_XLSX_READ_H

#include "base/err.h"

struct xlsx;

/* *ret NULL: a ZIP archive, but no workbook. */
MUST_CHECK bool xlsx_open(const char *path, struct xlsx **ret, struct err *e);
/* Up to cap bytes of text; *ret_n = 0 is the end. */
MUST_CHECK bool xlsx_read(struct xlsx *x, char *to, size_t cap, size_t *ret_n, struct err *e);
/* The sheet that is read, and how many the workbook has, hidden ones included. Lives as long as x.
 */
const char *xlsx_sheet(const struct xlsx *x, size_t *ret_sheets);
void xlsx_close(struct xlsx *x); /* NULL is fine */

#endif
