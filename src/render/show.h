/* show.h - how one value reads, for people and for programs; shared by all renderers. */
#ifndef RENDER_SHOW_H
#define RENDER_SHOW_H

#include "base/buf.h"
#include "doc/doc.h"

/* For people: 1,234.56  (1,234.56)  12.5 %  (3.1 %)  Jul 2026  2026-07-01  yes  -  Negative money
 * and shares stand in parentheses, other negative numbers have a minus sign. A value that rounds
 * to zero has neither. Control characters of text become spaces. */
void show_cell(struct buf *out, const struct cell *c, int places);
/* For programs: every digit, trailing zeros trimmed, or exactly exact_places (>= 0); nothing for
 * CELL_NULL; 2026-07, true. No series. */
void show_exact(struct buf *out, const struct cell *c, int exact_places);
/* "!" where a mark of a number would otherwise be told by color alone. */
const char *show_mark(const struct cell *c);
bool show_is_number(enum cell_kind kind); /* set flush right */

/* Is it for people, for programs? */
bool for_people(enum shown s);
bool for_data(enum shown s);
/* The same for a column: a series is for programs only. */
bool column_for_people(const struct doc_column *c);
/* Rows of a table that people see: a table without any prints its empty_text or is left out. */
bool table_for_people(const struct doc_table *t);

/* Text without control characters, invalid UTF-8 replaced: safe for a terminal and for XML. */
void show_text(struct buf *out, str s);

#endif
