/* baselines.h - the baselines of a book as a table. */
#ifndef REPORT_BASELINES_H
#define REPORT_BASELINES_H

#include "doc/doc.h"
#include "store/book_baseline.h"

struct doc *report_baselines(const struct baseline *items, size_t n, struct arena *a);

#endif
