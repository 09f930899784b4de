/* fuzz_inputs.c - small inputs beside bills: names in payments, invoice tables, rates of units.
 *
 * The first byte picks. Text without names is UTF-8 when what came in was and can be hidden again, and
 * holds no e-mail address; invoices have a provider, a month and money in a currency;
 * rates have a price, and price what they name. */
#include "app/invoice_csv.h"
#include "ingest/payee.h"
#include "ingest/rules_int.h"
#include "ingest/unit_rate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena kept;

static const struct payees *known(void)
{
    static const struct payees *p;
    struct diags d;
    struct rules *rules;
    struct err e;
    if (p)
        return p;
    diags_init(&d, &kept);
    BUG_IF(!rules_build(&kept, S("rules.yaml"), S("rules: []\n"), true, &d, &rules, &e));
    p = payees_new(&kept, S("0123456789abcdef0123456789abcdef"), rules);
    return p;
}

/* Provider, description and SKU, ended by NULs. */
static void hide(str content)
{
    static const enum spend_text fields[] = {SPEND_PROVIDER, SPEND_DESCRIPTION, SPEND_SKU,
                                             SPEND_SUB_ACCOUNT};
    struct payee_hider *h = payee_hider_new(known());
    struct spend_row row, once;
    spend_row_clear(&row);
    row.text[SPEND_SERVICE_CATEGORY] = S("Payment");
    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        if (!str_cut(&content, '\0', &row.text[fields[i]]))
            row.text[fields[i]] = STR_NONE;
    bool utf8 = true;
    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        utf8 &= str_is_utf8(row.text[fields[i]]);
    payee_hide(h, &row);
    once = row;
    payee_hide(h, &row);
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        BUG_IF(utf8 && !str_is_utf8(once.text[fields[i]]));
        BUG_IF(str_find(once.text[fields[i]], S("jane.doe@example.org"), 0) != SIZE_MAX);
    }
    payee_hider_free(h);
}

static void invoices(struct arena *a, str content)
{
    struct err e = {0};
    struct invoice *items;
    size_t n;
    currency usd;
    BUG_IF(!currency_parse(S("USD"), &usd));
    if (!invoice_csv_read(a, S("fuzz.csv"), content, usd, &items, &n, &e)) {
        BUG_IF(!e.text[0]);
        return;
    }
    for (size_t i = 0; i < n; i++)
        BUG_IF(!items[i].provider.n || items[i].period == MONTH_NONE ||
               dec_is_null(items[i].amount) || !items[i].currency.code[0]);
}

static void rates(struct arena *a, str content)
{
    struct err e = {0};
    struct unit_rate rate;
    struct spend_row row;
    currency usd;
    str text;
    BUG_IF(!currency_parse(S("USD"), &usd));
    if (!str_cut(&content, '\0', &text))
        return;
    if (!unit_rate_parse(a, text, usd, &rate, &e)) {
        BUG_IF(!e.text[0]);
        return;
    }
    BUG_IF(dec_is_null(rate.price) || !rate.unit.n || !unit_rate_is_id(rate.id));
    spend_row_clear(&row);
    row.day = 20000;
    row.quantity = DEC_ONE;
    row.text[SPEND_UNIT] = rate.unit;
    row.text[SPEND_SKU] = content;
    if (unit_rate_apply(&rate, 1, &row))
        BUG_IF(row.billed != rate.price || !str_eq(row.text[SPEND_PRICE_ID], rate.id));
    else
        BUG_IF(!rate.pattern.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct arena a = ARENA_INIT;
    str content = {(const char *)data + 1, size - 1};
    switch (data[0] % 3) {
    case 0: hide(content); break;
    case 1: invoices(&a, content); break;
    default: rates(&a, content); break;
    }
    arena_release(&a);
    return 0;
}
