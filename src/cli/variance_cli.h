/* variance_cli.h - what the commands about variances share: thresholds from the command line. */
#ifndef CLI_VARIANCE_CLI_H
#define CLI_VARIANCE_CLI_H

#include "app/track.h"
#include "cli/args.h"
#include "core/variance.h"

/* --over and --floor where they were given; *r keeps what they do not change. */
MUST_CHECK bool rule_of(struct ctx *c, struct variance_rule *r, struct err *e);
/* An amount such as 5k, 1.2M, $300 or -40. */
MUST_CHECK bool amount_of(struct ctx *c, const char *what, str text, dec *ret, struct err *e);

/* The same in a currency: another one that is written is an error. */
MUST_CHECK bool amount_in(struct ctx *c, const char *what, str text, currency in, dec *ret,
                          struct err *e);
/* A plain quantity such as 1410, 5k or 2.5, without a currency. */
MUST_CHECK bool count_of(struct ctx *c, const char *what, str text, dec *ret, struct err *e);
/* FY2027-Q1, FY27Q1 (the plan's fiscal year), 2027-Q1, 2027Q1 (the calendar's). */
MUST_CHECK bool quarter_of(struct ctx *c, str what, month plan_first, struct month_span *ret,
                           struct err *e);

/* Opens the book and what tracking needs of it; --baseline, --as-of and --basis where the command
 * has them. All faults of the plan are printed. */
MUST_CHECK bool open_tracking(struct ctx *c, unsigned needs, struct workspace *w,
                              struct track_book *ret, struct err *e);
const char *basis_name(const struct ctx *c); /* "effective", "billed" */
extern const char *const basis_choices[];

#define TRACK_OPTIONS \
    {.name = "baseline", .letter = 'B', .kind = OPT_COUNT, .arg = "N", \
     .help = "Against baseline N. Default: the latest approved, else requested, else " \
             "plan.yaml."}, \
    {.name = "basis", .kind = OPT_CHOICE, .arg = "BASIS", .choices = basis_choices, \
     .help = "Cost basis: effective (amortized, default) or billed (as invoiced)."}

#define RULE_OPTIONS \
    {.name = "over", .kind = OPT_TEXT, .arg = "SHARE", \
     .help = "Flag variances strictly over this share of the budget. Default: the plan's " \
             "flag.over, or 15%."}, \
    {.name = "floor", .kind = OPT_TEXT, .arg = "AMOUNT", \
     .help = "Flag variances of at least this amount. Default: the plan's flag.floor, or none."}

#endif
