/* samples.h - the samples of tables and records, and which format each is of. */
#ifndef TESTS_SAMPLES_H
#define TESTS_SAMPLES_H

#include "rows.h"

static const struct sample {
    const char *folder, *format;
    const char *file; /* NULL: input.csv */
} samples[] = {
    {"focus", "focus", NULL},
    {"focus_ai", "focus", NULL},
    {"focus_13", "focus", NULL},
    {"focus_05", "focus", NULL},
    {"aws_cur", "aws_cur", NULL},
    {"aws_cur_2", "aws_cur", NULL},
    {"azure_actual", "azure_cost", NULL},
    {"azure_amortized", "azure_cost", NULL},
    {"aws_cur_koku", "aws_cur", NULL},
    {"azure_localized", "azure_cost", NULL},
    {"azure_payg", "azure_cost", NULL},
    {"azure_mca_amortized", "azure_cost", NULL},
    {"gcp_billing", "gcp_billing", "input.jsonl"},
    {"gcp_billing_csv", "gcp_billing", NULL},
    {"oci_cost", "oci_cost", NULL},
    {"openai_costs_csv", "openai_costs_csv", NULL},
    {"openai_usage_csv", "openai_usage_csv", NULL},
    {"anthropic_cost_csv", "anthropic_cost_csv", NULL},
    {"anthropic_usage_csv", "anthropic_usage_csv", NULL},
    {"openai_legacy_costs", "openai_legacy_costs", NULL},
    {"openai_legacy_costs_json", "openai_legacy_costs", "input.json"},
    {"openai_legacy_activity", "openai_legacy_activity", "input.json"},
    {"openai_legacy_days", "openai_legacy_days", "input.json"},
    {"litellm_logs", "litellm_logs", "input.jsonl"},
    {"litellm_logs_csv", "litellm_logs", NULL},
    {"litellm_daily", "litellm_daily", NULL},
    {"langfuse", "langfuse", "input.jsonl"},
    {"langfuse_csv", "langfuse", NULL},
    {"helicone", "helicone", "input.jsonl"},
    {"helicone_usd", "helicone", NULL},
    {"otel_genai", "otel_genai", "input.jsonl"},
    {"otel_genai_sdk", "otel_genai", "input.json"},
    {"otel_metrics", "otel_metrics", "input.jsonl"},
    {"otel_metrics_counters", "otel_metrics", "input.json"},
    {"deepseek_amount", "deepseek_amount", NULL},
    {"deepseek_cost", "deepseek_cost", NULL},
    {"databricks", "databricks", NULL},
    {"databricks_json", "databricks", "input.jsonl"},
    {"snowflake_credits", "snowflake_credits", NULL},
    {"snowflake_currency", "snowflake_currency", NULL},
    {"hledger", "hledger", NULL},
    {"ledger_csv", "ledger_csv", NULL},
    {"quickbooks_journal", "quickbooks_journal", NULL},
    {"quickbooks_ledger", "quickbooks_ledger", NULL},
    {"xero", "xero", NULL},
    {"netsuite", "netsuite", NULL},
    {"bank", "bank", NULL},
    {"bank_split", "bank", NULL},
    {"card_amex", "bank", NULL},
    {"card_chase", "bank", NULL},
    {"payroll", "payroll", NULL},
    {"payroll_gross", "payroll", NULL},
    {"hris", "hris", NULL},
    {"subscriptions", "subscriptions", NULL},
    {"seats", "seats", NULL},
    {"request_log", "request_log", NULL},
    {"request_log_claude", "request_log", NULL},
};

/* Samples that test_json_importers.c reads: nobody else may claim them either. */
static const struct sample documents[] = {
    {"openai_costs", "openai_costs", "input.json"},
    {"openai_usage", "openai_usage", "input.json"},
    {"anthropic_usage", "anthropic_usage", "input.json"},
    {"anthropic_cost", "anthropic_cost", "input.json"},
    {"anthropic_cost_enterprise", "anthropic_cost", "input.json"},
    {"claude_code", "claude_code", "input.jsonl"},
    {"codex", "codex", "input.jsonl"},
};

static inline str sample_path(struct arena *a, const char *folder, const char *name)
{
    return str_fmt(a, "%s/%s/%s", getenv("SAMPLES"), folder, name);
}

static inline str input_path(struct arena *a, const struct sample *s)
{
    return sample_path(a, s->folder, s->file ? s->file : "input.csv");
}

/* Lists of people and seats count for the month the user names. */
static inline struct import_options sample_options(void)
{
    struct import_options o = plain_options();
    o.start = day_from_civil(2026, 7, 1);
    return o;
}

#endif
