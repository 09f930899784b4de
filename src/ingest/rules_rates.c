/* rules_rates.c - `unit_rates:` of rules.yaml: what a unit of a vendor's own costs, from when. */
#include "ingest/rules_int.h"
#include "ingest/unit_rate.h"

#define EXAMPLE "Write - {unit: DBU, sku: \"*SERVERLESS*\", price: 0.70, currency: EUR, " \
                "from: 2026-07-01}"

static const struct yaml_node *scalar(struct diags *d, const struct yaml_node *map, const char *key,
                                      bool required)
{
    const struct yaml_node *n = yaml_get(map, key);
    if (!n && required)
        yaml_fault(d, map, S(EXAMPLE), "the rate has no '%s'", key);
    if (n && (n->kind != YAML_SCALAR || !n->text.n)) {
        yaml_fault(d, n, S(EXAMPLE), "'%s' must be one value", key);
        return NULL;
    }
    return n;
}

static bool read_from(str text, day *ret)
{
    month m;
    if (month_parse(text, &m)) {
        *ret = month_first_day(m);
        return true;
    }
    return date_parse(text, DATE_MDY, ret);
}

static void read_rate(struct diags *d, const struct yaml_node *map, struct unit_rate *r)
{
    static const char *const KNOWN[] = {"unit", "sku", "price", "currency", "from", "note", NULL};
    *r = (struct unit_rate){.from = DAY_NONE};
    if (map->kind != YAML_MAP) {
        yaml_fault(d, map, S(EXAMPLE), "a rate needs 'unit' and 'price'");
        return;
    }
    yaml_only(d, map, KNOWN);
    const struct yaml_node *unit = scalar(d, map, "unit", true);
    const struct yaml_node *sku = scalar(d, map, "sku", false);
    const struct yaml_node *price = scalar(d, map, "price", true);
    const struct yaml_node *code = scalar(d, map, "currency", false);
    const struct yaml_node *from = scalar(d, map, "from", false);
    if (unit)
        r->unit = unit->text;
    if (sku)
        r->pattern = sku->text;
    if (price && (dec_parse(price->text, &r->price) != DEC_OK || r->price < 0))
        yaml_fault(d, price, S("Write a number such as 0.55; the currency is a key of its own."),
                   "'%.*s' is not a price", FMT(price->text));
    if (code && !currency_parse(code->text, &r->currency))
        yaml_fault(d, code, S("Write an ISO 4217 code such as USD or EUR."),
                   "'%.*s' is not a currency", FMT(code->text));
    if (from && !read_from(from->text, &r->from))
        yaml_fault(d, from, S("Write a day such as 2026-07-01 or a month such as 2026-07."),
                   "'%.*s' is not a day", FMT(from->text));
}

static bool same(const struct unit_rate *x, const struct unit_rate *y)
{
    return str_eq_nocase(x->unit, y->unit) && str_eq_nocase(x->pattern, y->pattern) &&
           x->from == y->from;
}

void rules_read_rates(struct rules_builder *b, const struct yaml_node *list, struct diags *d)
{
    if (list->kind != YAML_LIST) {
        yaml_fault(d, list, S(EXAMPLE), "'unit_rates' must be a list, each rate behind a '-'");
        return;
    }
    struct unit_rate *rates = arena_new(b->a, struct unit_rate, list->n);
    for (size_t i = 0; i < list->n; i++) {
        read_rate(d, list->items[i], &rates[i]);
        for (size_t k = 0; k < i; k++)
            if (rates[i].unit.n && same(&rates[i], &rates[k]))
                yaml_fault(d, list->items[i], S("Give one of them another 'from'."),
                           "the rate of '%.*s' stands here twice for the same days",
                           FMT(rates[i].unit));
    }
    b->r->unit_rates = rates;
    b->r->n_unit_rates = list->n;
}
