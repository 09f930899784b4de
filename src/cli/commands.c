/* commands.c - the list of commands, in the order of help. */
#include "cli/command.h"

extern const struct command cmd_anomalies;
extern const struct command cmd_approve;
extern const struct command cmd_approve_list;
extern const struct command cmd_approve_reopen;
extern const struct command cmd_approve_request;
extern const struct command cmd_backup;
extern const struct command cmd_diff;
extern const struct command cmd_check;
extern const struct command cmd_explain;
extern const struct command cmd_forecast_score;
extern const struct command cmd_forecast;
extern const struct command cmd_help;
extern const struct command cmd_import;
extern const struct command cmd_init;
extern const struct command cmd_inventory;
extern const struct command cmd_ledger;
extern const struct command cmd_ledger_imports;
extern const struct command cmd_levers;
extern const struct command cmd_llm;
extern const struct command cmd_llm_calibrate;
extern const struct command cmd_plan;
extern const struct command cmd_plan_assumptions;
extern const struct command cmd_plan_people;
extern const struct command cmd_prices;
extern const struct command cmd_prices_conflicts;
extern const struct command cmd_prices_import;
extern const struct command cmd_prices_watch;
extern const struct command cmd_rates;
extern const struct command cmd_rates_import;
extern const struct command cmd_prices_apply;
extern const struct command cmd_review;
extern const struct command cmd_review_action;
extern const struct command cmd_route;
extern const struct command cmd_reconcile;
extern const struct command cmd_reconcile_invoices;
extern const struct command cmd_reconcile_match;
extern const struct command cmd_reconcile_matches;
extern const struct command cmd_reconcile_unmatch;
extern const struct command cmd_rules;
extern const struct command cmd_rules_test;
extern const struct command cmd_rules_why;
extern const struct command cmd_rules_shares;
extern const struct command cmd_rules_suggest;
extern const struct command cmd_rules_apply;
extern const struct command cmd_scenarios;
extern const struct command cmd_scenarios_adopt;
extern const struct command cmd_simulate;
extern const struct command cmd_track;
extern const struct command cmd_track_billed;
extern const struct command cmd_track_commit;
extern const struct command cmd_track_transfer;
extern const struct command cmd_value;
extern const struct command cmd_value_measure;
extern const struct command cmd_value_withdraw;
extern const struct command cmd_verify;
extern const struct command cmd_version;
extern const struct command cmd_why;

const struct command *const commands[] = {
    &cmd_init,
    &cmd_verify,
    &cmd_backup,
    &cmd_import,
    &cmd_inventory,
    &cmd_ledger,
    &cmd_ledger_imports,
    &cmd_rules,
    &cmd_rules_test,
    &cmd_rules_why,
    &cmd_rules_suggest,
    &cmd_rules_shares,
    &cmd_rules_apply,
    &cmd_prices,
    &cmd_prices_import,
    &cmd_prices_apply,
    &cmd_prices_watch,
    &cmd_prices_conflicts,
    &cmd_rates,
    &cmd_rates_import,
    &cmd_reconcile,
    &cmd_reconcile_invoices,
    &cmd_reconcile_matches,
    &cmd_reconcile_match,
    &cmd_reconcile_unmatch,
    &cmd_plan,
    &cmd_plan_people,
    &cmd_plan_assumptions,
    &cmd_llm,
    &cmd_llm_calibrate,
    &cmd_levers,
    &cmd_scenarios,
    &cmd_scenarios_adopt,
    &cmd_simulate,
    &cmd_route,
    &cmd_check,
    &cmd_why,
    &cmd_diff,
    &cmd_approve_request,
    &cmd_approve,
    &cmd_approve_reopen,
    &cmd_approve_list,
    &cmd_track,
    &cmd_track_transfer,
    &cmd_track_commit,
    &cmd_track_billed,
    &cmd_explain,
    &cmd_anomalies,
    &cmd_forecast,
    &cmd_forecast_score,
    &cmd_review,
    &cmd_review_action,
    &cmd_value,
    &cmd_value_measure,
    &cmd_value_withdraw,
    &cmd_help,
    &cmd_version,
    NULL,
};
