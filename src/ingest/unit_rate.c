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
    struct unit_rate r = {.currency = book, .from = DAY_NONE};
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

#define BOOK_ID "rate book "

const struct unit_rate *unit_rates_of_book(struct arena *a, const struct unit_rate *rates, size_t n,
                                           currency book)
{
    struct unit_rate *all = arena_new(a, struct unit_rate, n);
    for (size_t i = 0; i < n; i++) {
        struct unit_rate *r = &all[i];
        char price[DEC_TEXT], from[DATE_TEXT];
        *r = rates[i];
        if (!r->currency.code[0])
            r->currency = book;
        bool dated = r->from != DAY_NONE;
        r->id = str_fmt(a, BOOK_ID "%.*s%s%.*s=%.*s %s%s%.*s", FMT(r->unit),
                        r->pattern.n ? "@" : "", FMT(r->pattern), FMT(dec_format(r->price, price)),
                        r->currency.code, dated ? " from " : "",
                        FMT(dated ? date_format(r->from, from) : STR_NONE));
    }
    return all;
}

bool unit_rate_is_book_id(str price_id)
{
    return str_starts(price_id, S(BOOK_ID));
}

bool unit_rate_is_id(str price_id)
{
    return str_starts(price_id, S("rate "));
}

static bool fits(const struct unit_rate *rate, const struct spend_row *row)
{
    static const enum spend_text where[] = {SPEND_SKU, SPEND_METER, SPEND_SERVICE};
    if (!str_eq_nocase(row->text[SPEND_UNIT], rate->unit) ||
        (rate->from != DAY_NONE && row->day < rate->from))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(where); i++)
        if (rate->pattern.n && row->text[where[i]].n &&
            str_glob(rate->pattern, row->text[where[i]]))
            return true;
    return !rate->pattern.n;
}

/* The latest begun of those that say another price for the same. */
static const struct unit_rate *in_force(const struct unit_rate *rates, size_t n,
                                        const struct unit_rate *first, const struct spend_row *row)
{
    const struct unit_rate *best = first;
    if (!unit_rate_is_book_id(first->id))
        return first; /* stated for this import */
    for (const struct unit_rate *r = first + 1; r < rates + n; r++)
        if (r->from != DAY_NONE && r->from <= row->day &&
            (best->from == DAY_NONE || r->from > best->from) && fits(r, row) &&
            str_eq_nocase(r->pattern, first->pattern))
            best = r;
    return best;
}

bool unit_rate_apply(const struct unit_rate *rates, size_t n, struct spend_row *row)
{
    if (!dec_is_null(row->billed) || !dec_is_null(row->effective) || dec_is_null(row->quantity))
        return false;
    for (size_t i = 0; i < n; i++) {
        dec cost;
        if (!fits(&rates[i], row))
            continue;
        const struct unit_rate *r = in_force(rates, n, &rates[i], row);
        if (!dec_mul(row->quantity, r->price, &cost))
            continue;
        row->billed = row->effective = cost;
        row->currency = r->currency;
        row->text[SPEND_PRICE_ID] = r->id;
        return true;
    }
    return false;
}
