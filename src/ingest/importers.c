/* importers.c - every format by name, and the bidding that finds the one of a file. */
#include "ingest/importer.h"
#include "ingest/probe.h"

#include "base/buf.h"

extern const struct importer importer_focus, importer_aws_cur, importer_azure_cost,
    importer_openai_costs_csv, importer_openai_usage_csv, importer_anthropic_cost_csv,
    importer_anthropic_usage_csv, importer_openai_costs, importer_openai_usage,
    importer_anthropic_usage, importer_anthropic_cost, importer_claude_code, importer_codex,
    importer_request_log, importer_gcp_billing, importer_oci_cost,
    importer_openai_legacy_costs,
    importer_openai_legacy_activity,
    importer_openai_legacy_days,
    importer_litellm_logs,
    importer_litellm_daily,
    importer_langfuse,
    importer_helicone,
    importer_otel_genai,
    importer_otel_metrics,
    importer_deepseek_amount,
    importer_deepseek_cost,
    importer_databricks,
    importer_snowflake_credits,
    importer_snowflake_currency,
    importer_hledger,
    importer_ledger_csv,
    importer_quickbooks_journal,
    importer_quickbooks_ledger,
    importer_xero,
    importer_netsuite,
    importer_bank,
    importer_payroll,
    importer_hris,
    importer_subscriptions,
    importer_seats;

const struct importer *const importers[] = {
    &importer_focus,
    &importer_aws_cur,
    &importer_azure_cost,
    &importer_gcp_billing,
    &importer_oci_cost,
    &importer_openai_costs_csv,
    &importer_openai_usage_csv,
    &importer_anthropic_cost_csv,
    &importer_anthropic_usage_csv,
    &importer_openai_costs,
    &importer_openai_usage,
    &importer_anthropic_usage,
    &importer_anthropic_cost,
    &importer_claude_code,
    &importer_codex,
    &importer_openai_legacy_costs,
    &importer_openai_legacy_activity,
    &importer_openai_legacy_days,
    &importer_litellm_logs,
    &importer_litellm_daily,
    &importer_langfuse,
    &importer_helicone,
    &importer_otel_genai,
    &importer_otel_metrics,
    &importer_deepseek_amount,
    &importer_deepseek_cost,
    &importer_databricks,
    &importer_snowflake_credits,
    &importer_snowflake_currency,
    &importer_hledger,
    &importer_ledger_csv,
    &importer_quickbooks_journal,
    &importer_quickbooks_ledger,
    &importer_xero,
    &importer_netsuite,
    &importer_bank,
    &importer_payroll,
    &importer_hris,
    &importer_subscriptions,
    &importer_seats,
    &importer_request_log,
    NULL,
};

enum { BID_LEAST = 20, BIDS_SHOWN = 3 };

const struct importer *importer_by_name(str name)
{
    for (size_t i = 0; importers[i]; i++)
        if (str_eq(str_of(importers[i]->name), name))
            return importers[i];
    return NULL;
}

struct bid {
    const struct importer *importer;
    int amount;
};

/* The BIDS_SHOWN best, largest first; equal ones in the order of the list. */
static void collect_bids(const struct probe *p, unsigned shapes, struct bid best[BIDS_SHOWN])
{
    memset(best, 0, sizeof(struct bid) * BIDS_SHOWN);
    for (size_t i = 0; importers[i]; i++) {
        const struct importer *x = importers[i];
        if (!(x->shapes & shapes) || !x->bid)
            continue;
        struct bid b = {x, x->bid(p)};
        BUG_IF(b.amount < 0 || b.amount > 100);
        for (int k = 0; k < BIDS_SHOWN; k++)
            if (b.amount > best[k].amount) {
                struct bid moved = best[k];
                best[k] = b;
                b = moved;
            }
    }
}

static bool no_winner(const struct probe *p, const struct bid best[BIDS_SHOWN], struct err *e)
{
    struct buf list;
    buf_init(&list, 256);
    for (int k = 0; k < BIDS_SHOWN && best[k].importer; k++)
        buf_fmt(&list, "%s%s %d", k ? ", " : "", best[k].importer->name, best[k].amount);
    if (best[0].amount >= BID_LEAST)
        err_set(e, ERR_INVALID, "%.*s: could be either of two formats (of 100: %.*s)",
                FMT(p->path), FMT(buf_str(&list)));
    else
        err_set(e, ERR_INVALID, "%.*s: is %s, but of no format that is known (of 100: %.*s)",
                FMT(p->path), file_shape_name(p->shape),
                FMT(list.n ? buf_str(&list) : S("nobody bids")));
    buf_release(&list);
    return err_hint(e,
                    "Name the format with --as NAME, or describe the columns with --map FILE; "
                    "'outlay import --suggest %.*s' drafts one.",
                    FMT(p->path));
}

/* The first header line of a table that somebody knows; the first line when nobody does. */
static void look_for_header(struct probe *p, struct bid best[BIDS_SHOWN])
{
    struct bid later[BIDS_SHOWN];
    size_t first = p->skip_lines;
    for (size_t skip = first + 1; skip <= PROBE_TITLES; skip++) {
        if (!probe_take_header(p, skip))
            continue;
        collect_bids(p, 1u << p->shape, later);
        if (later[0].amount >= BID_LEAST) {
            memcpy(best, later, sizeof later);
            return;
        }
    }
    BUG_IF(!probe_take_header(p, first));
}

bool importer_find(struct probe *p, const struct importer **ret, struct err *e)
{
    struct bid best[BIDS_SHOWN];
    collect_bids(p, 1u << p->shape, best);
    if (p->shape == SHAPE_TABLE && best[0].amount < BID_LEAST)
        look_for_header(p, best);
    if (p->shape == SHAPE_TABLE && best[0].amount < BID_LEAST && p->fault) {
        *e = *p->fault;
        return false;
    }
    /* one record of JSON lines is also a JSON document */
    if (best[0].amount < BID_LEAST && p->shape == SHAPE_JSON && p->first &&
        p->first->kind == JSON_MAP) {
        struct bid lines[BIDS_SHOWN];
        collect_bids(p, 1u << SHAPE_JSON_LINES, lines);
        if (lines[0].amount >= BID_LEAST)
            memcpy(best, lines, sizeof best);
    }
    if (best[0].amount < BID_LEAST || best[0].amount == best[1].amount)
        return no_winner(p, best, e);
    *ret = best[0].importer;
    return true;
}
