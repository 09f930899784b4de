/* rules_test.h - `outlay rules test`: all faults of a rules file, and the tests it holds.
 *
 *   tests:
 *     - row: {provider: AWS, service: Amazon Bedrock, billed: 12.50, day: 2026-07-01, tag.team: ml}
 *       expect: {category: vendor, rule: gpu-research, ai: 35%}
 *
 * `rule: none` expects that no rule places the row; `ai` is the share of it that is not not_ai. */
#ifndef INGEST_RULES_TEST_H
#define INGEST_RULES_TEST_H

#include "ingest/classify.h"

struct rules_report {
    size_t own, builtin;  /* rules */
    size_t tests, failed; /* of the file */
};

/* Compiles the rules and runs their tests. Faults of the file and failed tests go to d; false only
 * when nothing could be told (e). *ret holds what was found even when there are faults: no rules
 * are counted then and no test is run. */
MUST_CHECK bool rules_test(struct arena *a, str user_path, str user_yaml, struct diags *d,
                           struct rules_report *ret, struct err *e);

#endif
