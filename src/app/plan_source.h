/* plan_source.h - where a plan comes from: the working file, a git revision, or a baseline.
 *
 * The one way in which every verb loads a plan, so that each of them takes each source:
 *   ""                   plan.yaml of the book
 *   path                 any plan file
 *   HEAD~1:plan.yaml     of a git revision, the path relative to the book's folder (or else to the
 *                        repository's); what it includes comes from the same revision
 *   baseline:2           frozen text with the prices frozen with it
 * Models that the plan does not price come from the book's price book (frozen for a baseline). */
#ifndef APP_PLAN_SOURCE_H
#define APP_PLAN_SOURCE_H

#include "app/workspace.h"
#include "plan/plan.h"

enum plan_source_kind { SOURCE_FILE, SOURCE_REVISION, SOURCE_BASELINE };

struct plan_source {
    enum plan_source_kind kind;
    str name; /* for people: "plan.yaml", "HEAD~1:plan.yaml", "baseline 2" */
    const struct plan *plan;
    struct plan_options options; /* what it was read with; lives as long as the workspace */
    int64_t baseline;            /* SOURCE_BASELINE: its number */
};

/* Opens what plans need: no book has to be there, and neither the book nor its prices are opened
 * before a plan asks for them. w->settings are filled by load_plan_source. */
void workspace_for_plan(struct arena *a, const struct workspace_options *o, struct workspace *ret);

/* All faults and warnings of the plan are added to `faults`; with faults e is ERR_INVALID. A plan
 * is loaded once per source: w->settings are those of the last one. */
MUST_CHECK bool load_plan_source(struct workspace *w, str what, struct diags *faults,
                                 struct plan_source *ret, struct err *e);

/* Models priced from the workspace's price book, which has to be open. */
struct plan_options plan_prices_of(struct workspace *w);

/* The number behind "baseline:", or false. */
bool baseline_number(str what, int64_t *ret);

/* The prices a plan took from the price book, as CSV: model, from, six prices, currency, note. And
 * a price lookup for plan_options from such a text (*ret_ctx lives in a). */
str book_prices_csv(struct arena *a, const struct plan *p);
MUST_CHECK bool book_prices_parse(struct arena *a, str csv, struct plan_options *ret,
                                  struct err *e);

#endif
