/* rework_cli.h - `rules apply` and `prices apply` are one thing with two words. */
#ifndef CLI_REWORK_CLI_H
#define CLI_REWORK_CLI_H

#include "app/rework.h"
#include "cli/command.h"

MUST_CHECK bool run_rework(struct ctx *c, enum rework_kind kind, struct err *e);
extern const struct option rework_options[];

#endif
