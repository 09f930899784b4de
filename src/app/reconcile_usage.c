/* reconcile_usage.c - tokens x price beside what the bills say for the same rows. */
#include "app/reconcile_int.h"
#include "ingest/pricing.h"

/* keys: provider, model, tier, region, meter, period, day, currency, price id */
enum { K_PROVIDER, K_MODEL, K_TIER, K_REGION, K_METER, K_PERIOD, K_DAY, K_CURRENCY, K_PRICE, KEYS };

static void cause(struct pair *p, enum price_cause k, dec amount, const struct ledger_sum *s)
{
    str only = s->keys[k == CAUSE_TIER ? K_TIER : K_MODEL];
    struct amount_rows *x = &p->cause[k];
    x->only = !x->rows || str_eq(x->only, only) ? only : S("?*");
    x->amount += amount;
    x->rows += s->rows;
}

static void row_of(const struct ledger_sum *s, day on, struct spend_row *row)
{
    spend_row_clear(row);
    row->day = on;
    row->text[SPEND_PROVIDER] = s->keys[K_PROVIDER];
    row->text[SPEND_MODEL] = s->keys[K_MODEL];
    row->text[SPEND_TIER] = s->keys[K_TIER];
    row->text[SPEND_REGION] = s->keys[K_REGION];
    row->text[SPEND_METER] = s->keys[K_METER];
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        row->tokens[b] = s->tokens[b];
}

/* Whether the model has a price at all, were it not for the row's tier. */
static bool is_tier(const struct reconciler *x, const struct ledger_sum *s, struct spend_row row)
{
    const struct price *price;
    dec cost;
    bool fallback;
    if (!s->keys[K_TIER].n)
        return false;
    row.text[SPEND_TIER] = STR_NONE;
    return pricing_expected(x->w->prices, &row, &price, &cost, &fallback);
}

/* Within half a cent a row, and a percent where there are many: the seller rounds. */
static bool is_rounding(dec off, dec billed, uint64_t rows)
{
    dec size = off < 0 ? -off : off;
    dec percent = (billed < 0 ? -billed : billed) / 100;
    return size <= DEC_ONE / 200 * (dec)rows && (size <= percent || size <= DEC_ONE / 200);
}

static bool add_sum(struct reconciler *x, const struct ledger_sum *s, struct err *e)
{
    month period;
    day on;
    currency c;
    if (!s->token_rows || !month_parse(s->keys[K_PERIOD], &period) ||
        !date_parse(s->keys[K_DAY], DATE_MDY, &on) || !currency_parse(s->keys[K_CURRENCY], &c))
        return true;
    struct pair *p = pair_of(x, s->keys[K_PROVIDER], period);
    if (!p)
        return true;
    struct spend_row row;
    const struct price *price = NULL;
    dec billed, cost = 0;
    bool fallback, known = !dec_is_null(s->billed);
    if (!in_book_currency(x, dec_or_zero(s->billed), c, period, &billed, e))
        return false;
    p->has_tokens = true;
    p->unknown += s->unpriced;
    p->token_ledger += billed;
    row_of(s, on, &row);
    if (s->keys[K_PRICE].n) { /* priced by us: the same number twice */
        p->computed += billed;
        return true;
    }
    if (!pricing_expected(x->w->prices, &row, &price, &cost, &fallback)) {
        if (known)
            cause(p, is_tier(x, s, row) ? CAUSE_TIER : CAUSE_UNPRICED, billed, s);
        return true;
    }
    if (!in_book_currency(x, cost, price->currency, period, &cost, e))
        return false;
    p->computed += cost;
    dec off = billed - cost;
    if (!off)
        return true;
    if (!billed)
        cause(p, CAUSE_BLOCKED, off, s);
    else if (is_rounding(off, billed, s->rows))
        cause(p, CAUSE_ROUNDING, off, s);
    else
        cause(p, off < 0 ? CAUSE_DISCOUNT : CAUSE_SURCHARGE, off, s);
    return true;
}

bool read_usage(struct reconciler *x, struct err *e)
{
    static const struct ledger_key keys[KEYS] = {
        [K_PROVIDER] = {.kind = KEY_TEXT, .text = SPEND_PROVIDER},
        [K_MODEL] = {.kind = KEY_TEXT, .text = SPEND_MODEL},
        [K_TIER] = {.kind = KEY_TEXT, .text = SPEND_TIER},
        [K_REGION] = {.kind = KEY_TEXT, .text = SPEND_REGION},
        [K_METER] = {.kind = KEY_TEXT, .text = SPEND_METER},
        [K_PERIOD] = {.kind = KEY_PERIOD},
        [K_DAY] = {.kind = KEY_DAY},
        [K_CURRENCY] = {.kind = KEY_CURRENCY},
        [K_PRICE] = {.kind = KEY_TEXT, .text = SPEND_PRICE_ID},
    };
    static const struct ledger_filter named = {
        .key = {.kind = KEY_TEXT, .text = SPEND_MODEL}, .op = FILTER_NOT, .value = {"", 0}};
    struct ledger_query q = {.from = DAY_NONE,
                             .to = DAY_NONE,
                             .keys = keys,
                             .n_keys = KEYS,
                             .filters = &named,
                             .n_filters = 1};
    struct ledger_sums sums;
    if (!ledger_sum(x->w->ledger, &q, x->w->arena, &sums, e))
        return false;
    for (size_t i = 0; i < sums.n; i++)
        if (!add_sum(x, &sums.items[i], e))
            return false;
    return true;
}
