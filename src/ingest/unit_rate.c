/* unit_rate.c - rates of usage that is billed in units of a vendor's own. */
#include "ingest/unit_rate.h"

static bool wrong(str text, const char *why, struct err *e)
{
    err_set(e, ERR_USAGE, "rate '%.*s' %s", FMT(text), why);
    return err_hint(e, "A rate looks like DBU=0.55, or 'DBU@*SERVERLESS*=0.70 USD' for the SKUs "
                       "that "
                       "match a pattern.");
}

bool unit_rate_parse(struct arena *a, str text, currency book, struct unit_rate *ret,
                     struct err *e)
{
    size_t equals = text.n;
    while (equals > 0 && text.p[equals - 1] != '=')
        equals--;
    if (!equals)
        return wrong(text, "has no '='", e);
    str what = str_trim(str_sub(text, 0, equals - 1));
    str rest = str_trim(str_sub(text, equals, text.n));
    struct unit_rate r = {.currency = book};
    size_t at = str_find_char(what, '@', 0);
    r.unit = str_trim(str_sub(what, 0, at));
    if (at != SIZE_MAX)
        r.pattern = str_dup(a, str_trim(str_sub(what, at + 1, what.n)));
    size_t end = 0;
    while (end < rest.n && (rest.p[end] == '.' || (rest.p[end] >= '0' && rest.p[end] <= '9')))
        end++;
    str code = str_trim(str_sub(rest, end, rest.n));
    if (!r.unit.n || (at != SIZE_MAX && !r.pattern.n))
        return wrong(text, "names no unit or pattern", e);
    if (dec_parse(str_sub(rest, 0, end), &r.price) != DEC_OK)
        return wrong(text, "has no price", e);
    if (code.n && !currency_parse(code, &r.currency))
        return wrong(text, "is in no currency of ISO 4217", e);
    char price[DEC_TEXT];
    r.unit = str_dup(a, r.unit);
    r.id = str_fmt(a, "rate %.*s=%.*s %s", FMT(what), FMT(dec_format(r.price, price)),
                   r.currency.code);
    *ret = r;
    return true;
}

bool unit_rate_is_id(str price_id)
{
    return str_starts(price_id, S("rate "));
}

static bool fits(const struct unit_rate *rate, const struct spend_row *row)
{
    static const enum spend_text where[] = {SPEND_SKU, SPEND_METER, SPEND_SERVICE};
    if (!str_eq_nocase(row->text[SPEND_UNIT], rate->unit))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(where); i++)
        if (rate->pattern.n && row->text[where[i]].n &&
            str_glob(rate->pattern, row->text[where[i]]))
            return true;
    return !rate->pattern.n;
}

bool unit_rate_apply(const struct unit_rate *rates, size_t n, struct spend_row *row)
{
    if (!dec_is_null(row->billed) || !dec_is_null(row->effective) || dec_is_null(row->quantity))
        return false;
    for (size_t i = 0; i < n; i++) {
        dec cost;
        if (!fits(&rates[i], row) || !dec_mul(row->quantity, rates[i].price, &cost))
            continue;
        row->billed = row->effective = cost;
        row->currency = rates[i].currency;
        row->text[SPEND_PRICE_ID] = rates[i].id;
        return true;
    }
    return false;
}
