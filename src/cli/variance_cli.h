/* variance_cli.h - what the commands about variances share: thresholds from the command line. */
#ifndef CLI_VARIANCE_CLI_H
#define CLI_VARIANCE_CLI_H

#include "cli/args.h"
#include "core/variance.h"

/* --over and --floor where they were given; *r keeps what they do not change. */
MUST_CHECK bool rule_of(struct ctx *c, struct variance_rule *r, struct err *e);
/* An amount such as 5k, 1.2M, $300 or -40. */
MUST_CHECK bool amount_of(struct ctx *c, const char *what, str text, dec *ret, struct err *e);

#define RULE_OPTIONS \
    {.name = "over", .kind = OPT_TEXT, .arg = "SHARE", \
     .help = "Flag variances strictly over this share of the budget. Default: the plan's " \
             "flag.over, or 15%."}, \
    {.name = "floor", .kind = OPT_TEXT, .arg = "AMOUNT", \
     .help = "Flag variances of at least this amount. Default: the plan's flag.floor, or none."}

#endif
