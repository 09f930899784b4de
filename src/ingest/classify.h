/* classify.h - which category, initiative and line a row of spend belongs to, and why.
 *
 * Rules are compiled once and applied in one pass. The user's rules (rules.yaml, in file order; the
 * first that matches wins) stand before the built-in ones (share/ai_services.csv; the most
 * confident wins). Rows that no rule places are `not_ai` with confidence 0 and no rule; rows placed
 * with a confidence under 70 go to `review` and keep the rule, whose info tells the category they
 * would have. A rule may split a row by shares that total 100 %. The language of rules.yaml:
 * docs/rules.md. */
#ifndef INGEST_CLASSIFY_H
#define INGEST_CLASSIFY_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/err.h"
#include "store/spend.h"

struct unit_rate;
struct rules; /* immutable once compiled; shared by threads */

#define CONFIDENCE_REVIEW 70 /* under this a row goes to review */
#define SPLIT_MOST 16

struct rule_info {
    str id; /* "builtin:aws-bedrock" or "rules.yaml:12" (or the id a user rule gives) */
    bool builtin;
    str text; /* what it matches, one line */
    str note;
    uint32_t line;          /* in its file */
    enum category category; /* of its first part */
    uint8_t confidence;
};

/* user_yaml: content of rules.yaml (empty: none), user_path names it in faults. Faults go to d;
 * false when there were errors. The result lives in a. */
MUST_CHECK bool rules_compile(struct arena *a, str user_path, str user_yaml, struct diags *d,
                              struct rules **ret, struct err *e);
const struct rule_info *rules_items(const struct rules *r, size_t *ret_n);
/* The allocation tags the user's rules file names (`allocation_tags: [team, env]`),
 * NULL-terminated. */
const char *const *rules_allocation_tags(const struct rules *r);
/* The same without compiling what classifying needs, which takes far longer than reading the file.
 */
MUST_CHECK bool rules_read_allocation_tags(struct arena *a, str user_path, str user_yaml,
                                           struct diags *d, const char *const **ret,
                                           struct err *e);
/* Names that `payees:` of the user's rules file keeps, with '*' and '?'. */
const str *rules_payees(const struct rules *r, size_t *ret_n);
/* `unit_rates:` of the user's rules file, without ids; see unit_rate.h. */
const struct unit_rate *rules_unit_rates(const struct rules *r, size_t *ret_n);
/* Each pattern of each rule, as written, some twice. */
void rules_each_pattern(const struct rules *r, void *ctx, void (*each)(void *ctx, str pattern));
/* Identifies the rules: rows classified under one digest need not be classified again. */
str rules_digest(const struct rules *r);

/* Shared spend (rules.yaml, `allocate:`): rows of a rule whose shares follow from something that
 * changes by month. The rules say who takes part; whoever has the ledger and the plan sets the
 * shares (app/allocate.c) before a classifier is made. Rows of a month without shares go to
 * review. */
enum allocation_kind { ALLOCATE_FIXED, ALLOCATE_USAGE, ALLOCATE_HEADCOUNT };
struct allocation_filter {
    str field; /* a column, "category" or "tag.NAME" */
    str value; /* with * and ? */
};
struct allocation_target {
    enum category category;
    str initiative, line;
    const struct allocation_filter *usage;
    size_t n_usage;
};
struct allocation_month {
    month month;
    uint32_t ppm[SPLIT_MOST]; /* per target, sum 1000000 */
};
struct allocation {
    str id; /* of its rule */
    enum allocation_kind kind;
    str measure; /* of usage: effective, billed, tokens, requests, rows */
    enum category category; /* of headcount: of every initiative */
    struct allocation_target *targets;
    size_t n_targets;
    struct allocation_month *months;
    size_t n_months;
    uint32_t rule;
};
/* Those whose shares are to be set. */
struct allocation *rules_allocations(struct rules *r, size_t *ret_n);
/* Takes over a's targets and months, which must live as long as the rules; so must arena. */
void rules_set_shares(struct arena *arena, struct rules *r, const struct allocation *a);

struct classifier; /* one per worker: memo and scratch, bounded */
struct classifier *classifier_new(const struct rules *r);
void classifier_free(struct classifier *c); /* NULL is fine */
/* For tests: without memos all results are the same but for `group`, which is 0. */
void classifier_memo(struct classifier *c, bool on);

/* Sets category, confidence, rule, initiative, line, allocation, group of row and, when a rule
 * splits it, writes the further parts behind it: rows[0] is the input, at most SPLIT_MOST come out,
 * amounts, quantity, tokens and requests divided so that they sum to the whole exactly. *ret_n is
 * how many. `rule`, `initiative` and `line` live as long as the rules, `allocation` as long as the
 * classifier (or, beyond a million different values, as the row's tags). Whatever these fields held
 * before is replaced, so rows read back from the ledger are classified anew; the parts of a split
 * row must first be joined (rows_join in ingest/rules_split.h). */
MUST_CHECK bool classify(struct classifier *c, struct spend_row rows[SPLIT_MOST], size_t *ret_n,
                         struct err *e);

/* Why: every rule that matches a row, in the order in which they were considered; the first is the
 * one that placed it. */
struct rule_hit {
    const struct rule_info *rule;
    str because; /* "service 'Amazon Bedrock' matches 'Amazon Bedrock*'" */
};
MUST_CHECK bool classify_explain(struct classifier *c, const struct spend_row *row, struct arena *a,
                                 struct rule_hit **ret, size_t *ret_n, struct err *e);

#endif
