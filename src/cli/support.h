/* support.h - what most commands do first: open the book they were given. */
#ifndef CLI_SUPPORT_H
#define CLI_SUPPORT_H

#include "app/plan_source.h"
#include "app/workspace.h"
#include "cli/command.h"

/* Opens what is needed; all faults of plan.yaml and rules.yaml are printed, and are the error. */
MUST_CHECK bool open_workspace(struct ctx *c, unsigned needs, struct workspace *ret, struct err *e);

/* A workspace that opens the book only when a plan needs it. */
void workspace_of_plan(struct ctx *c, struct workspace *w);
/* Loads a plan into it (empty: the working plan.yaml; see app/plan_source.h). All faults are
 * printed with their source, and are the error; warnings are printed where `advise` says so. */
MUST_CHECK bool load_plan_here(struct ctx *c, struct workspace *w, str what, bool advise,
                               struct plan_source *ret, struct err *e);
/* Both: --baseline N where the command has that option and it was given, else `what`. `write`: the
 * book is opened for writing first. Warnings are left to `outlay check`. */
MUST_CHECK bool open_plan(struct ctx *c, str what, bool write, struct workspace *w,
                          struct plan_source *ret, struct err *e);

/* --year, --from, --to of a command as days; DAY_NONE where open. */
MUST_CHECK bool period_of(struct ctx *c, int fiscal_start, day *ret_from, day *ret_to,
                          struct err *e);

/* "category", "month", "team" ... as a ledger's key; unknown names are a usage error with a
 * did-you-mean. */
MUST_CHECK bool key_of(struct ctx *c, str name, struct ledger_key *ret, struct err *e);
/* The same for each of a comma list. */
MUST_CHECK bool keys_of(struct ctx *c, const char *option, struct ledger_key **ret, str **ret_names,
                        size_t *ret_n, struct err *e);

/* --where KEY=VALUE,... as filters: = for globs, != for "is not". */
MUST_CHECK bool filters_of(struct ctx *c, const char *option, struct ledger_filter **ret,
                           size_t *ret_n, struct err *e);

int64_t now_of(const struct ctx *c); /* --as-of at noon UTC, else the clock */

/* Options that stand in several commands. */
#define BASELINE_OPTION \
    {.name = "baseline", .letter = 'B', .kind = OPT_COUNT, .arg = "N", \
     .help = "The plan as frozen in baseline N, instead of the working plan.yaml."}
#define PERIOD_OPTIONS \
    {.name = "year", .kind = OPT_SPAN, .arg = "PERIOD", \
     .help = "Months covered: 2026, FY2027, 2026-Q1, 2026-07, 2026-01..2026-06. Default: all."}, \
    {.name = "from", .kind = OPT_FIRST_DAY, .arg = "DAY", .help = "First day covered."}, \
    {.name = "to", .kind = OPT_DAY, .arg = "DAY", .help = "Last day covered."}

#endif
