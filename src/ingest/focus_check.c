/* focus_check.c - conformance of a FOCUS file, row by row. */
#include "ingest/focus_check.h"

#include "base/csv.h"
#include "core/currency.h"
#include "core/dec.h"
#include "ingest/table.h"

enum value { V_TEXT, V_MONEY, V_NUMBER, V_TIME, V_CURRENCY, V_CHARGE_CATEGORY, V_CHARGE_CLASS };

enum { OLD = 1, NEW = 2, MANDATORY = 4, NOT_NULL = 8 };

/* clang-format off */
static const struct rule {
    const char *name;
    enum value value;
    unsigned flags; /* OLD: 1.0-1.2 only, NEW: 1.3 and later only */
} rules[] = {
    {"BilledCost", V_MONEY, MANDATORY | NOT_NULL},
    {"BillingAccountId", V_TEXT, MANDATORY | NOT_NULL},
    {"BillingAccountName", V_TEXT, MANDATORY},
    {"BillingCurrency", V_CURRENCY, MANDATORY | NOT_NULL},
    {"BillingPeriodEnd", V_TIME, MANDATORY | NOT_NULL},
    {"BillingPeriodStart", V_TIME, MANDATORY | NOT_NULL},
    {"ChargeCategory", V_CHARGE_CATEGORY, MANDATORY | NOT_NULL},
    {"ChargeClass", V_CHARGE_CLASS, MANDATORY},
    {"ChargeDescription", V_TEXT, MANDATORY},
    {"ChargePeriodEnd", V_TIME, MANDATORY | NOT_NULL},
    {"ChargePeriodStart", V_TIME, MANDATORY | NOT_NULL},
    {"ContractedCost", V_MONEY, MANDATORY | NOT_NULL},
    {"EffectiveCost", V_MONEY, MANDATORY | NOT_NULL},
    {"InvoiceIssuerName", V_TEXT, MANDATORY | NOT_NULL},
    {"ListCost", V_MONEY, MANDATORY | NOT_NULL},
    {"PricingQuantity", V_NUMBER, MANDATORY},
    {"PricingUnit", V_TEXT, MANDATORY},
    {"ProviderName", V_TEXT, MANDATORY | NOT_NULL | OLD},
    {"PublisherName", V_TEXT, MANDATORY | NOT_NULL | OLD},
    {"ServiceProviderName", V_TEXT, MANDATORY | NOT_NULL | NEW},
    {"ServiceCategory", V_TEXT, MANDATORY | NOT_NULL},
    {"ServiceName", V_TEXT, MANDATORY | NOT_NULL},
    {"ListUnitPrice", V_NUMBER, 0},
    {"ConsumedQuantity", V_NUMBER, 0},
};
/* clang-format on */

enum { RULES = ARRAY_LEN(rules), ABSENT = -1 };

struct check {
    str path;
    struct diags *d;
    int cell[RULES]; /* in the rows read, or ABSENT */
    uint32_t columns[RULES];
    size_t n_columns;
    int quantity, price, cost;
};

static void add(struct check *c, enum diag_level level, uint64_t line, str hint, const char *text,
                const char *name, str value)
{
    const struct diag_place at = {.file = c->path, .line = (uint32_t)MIN(line, UINT32_MAX)};
    diags_add(c->d, level, at, hint, "%s '%.*s' %s", name, FMT(str_sub(value, 0, 80)), text);
}

static bool strict_time(str s)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:ddZ";
    if (s.n != sizeof shape - 1)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (shape[i] == 'd' ? s.p[i] < '0' || s.p[i] > '9' : s.p[i] != shape[i])
            return false;
    return true;
}

static bool one_of(str s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(s, str_of(words[i])))
            return true;
    return false;
}

static void check_value(struct check *c, const struct rule *r, str s, uint64_t line)
{
    static const char *const categories[] = {"Usage", "Purchase", "Tax", "Credit", "Adjustment"};
    dec v;
    currency code;
    int64_t seconds;
    switch (r->value) {
    case V_TEXT:
        break;
    case V_MONEY:
    case V_NUMBER:
        if (dec_parse(s, &v) != DEC_BAD)
            break;
        if (dec_parse_loose(s, &v) != DEC_BAD)
            add(c, DIAG_WARNING, line, S("Numbers have no signs of currency or thousands."),
                "is not written as the specification asks", r->name, s);
        else
            add(c, DIAG_ERROR, line, STR_NONE, "is not a number", r->name, s);
        break;
    case V_TIME:
        if (strict_time(s) && time_parse(s, DATE_MDY, &seconds))
            break;
        if (time_parse(s, DATE_MDY, &seconds))
            add(c, DIAG_WARNING, line, S("Times look like 2026-07-01T00:00:00Z."),
                "is not written as the specification asks", r->name, s);
        else
            add(c, DIAG_ERROR, line, STR_NONE, "is not a time", r->name, s);
        break;
    case V_CURRENCY:
        if (!currency_parse(s, &code))
            add(c, DIAG_ERROR, line, STR_NONE, "is not a currency code", r->name, s);
        break;
    case V_CHARGE_CATEGORY:
        if (!one_of(s, categories, ARRAY_LEN(categories)))
            add(c, DIAG_ERROR, line, S("It is Usage, Purchase, Tax, Credit or Adjustment."),
                "is not allowed", r->name, s);
        break;
    case V_CHARGE_CLASS:
        if (!str_eq(s, S("Correction")))
            add(c, DIAG_ERROR, line, S("It is Correction, or null."), "is not allowed", r->name,
                s);
        break;
    }
}

/* PricingQuantity x ListUnitPrice = ListCost, where all three are there; exact to 18 decimals. */
static void check_product(struct check *c, const str *cells, uint64_t line,
                          struct focus_check *ret)
{
    dec quantity, price, cost, product;
    if (c->quantity == ABSENT || c->price == ABSENT || c->cost == ABSENT)
        return;
    str q = str_trim(cells[c->quantity]), p = str_trim(cells[c->price]);
    str l = str_trim(cells[c->cost]);
    if (dec_parse_loose(q, &quantity) != DEC_OK || dec_parse_loose(p, &price) != DEC_OK ||
        dec_parse_loose(l, &cost) != DEC_OK || !dec_mul(quantity, price, &product))
        return;
    ret->products++;
    if (product == cost)
        return;
    char text[DEC_TEXT];
    const struct diag_place at = {.file = c->path, .line = (uint32_t)MIN(line, UINT32_MAX)};
    diags_add(c->d, DIAG_ERROR, at, STR_NONE,
              "ListCost '%.*s' is not PricingQuantity x ListUnitPrice: %.*s x %.*s = %.*s", FMT(l),
              FMT(q), FMT(p), FMT(dec_format(product, text)));
}

static void check_row(struct check *c, const str *cells, uint64_t line, struct focus_check *ret)
{
    for (int i = 0; i < (int)RULES; i++) {
        if (c->cell[i] == ABSENT)
            continue;
        str s = str_trim(cells[c->cell[i]]);
        if (!cell_is_null(s)) {
            check_value(c, &rules[i], s, line);
        } else if (rules[i].flags & NOT_NULL) {
            add(c, DIAG_ERROR, line, STR_NONE, "must have a value", rules[i].name, s);
        }
    }
    check_product(c, cells, line, ret);
}

static int find_rule(const char *name)
{
    for (int i = 0; i < (int)RULES; i++)
        if (strcmp(rules[i].name, name) == 0)
            return i;
    UNREACHABLE();
}

static bool has_name(const str *names, size_t n, const char *name, size_t *ret)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(names[i], str_of(name))) {
            *ret = i;
            return true;
        }
    return false;
}

static void check_header(struct check *c, const str *names, size_t n, struct focus_check *ret)
{
    size_t at;
    bool newer = has_name(names, n, "ServiceProviderName", &at) ||
                 has_name(names, n, "HostProviderName", &at);
    const struct diag_place header = {.file = c->path, .line = 1};
    ret->version = newer ? "1.3-1.4" : "1.0-1.2";
    for (int i = 0; i < (int)RULES; i++) {
        c->cell[i] = ABSENT;
        if (rules[i].flags & (newer ? OLD : NEW))
            continue;
        if (!has_name(names, n, rules[i].name, &at)) {
            if (rules[i].flags & MANDATORY)
                diags_add(c->d, DIAG_ERROR, header, STR_NONE, "mandatory column %s is missing",
                          rules[i].name);
            continue;
        }
        if (!str_eq(names[at], str_of(rules[i].name)))
            diags_add(c->d, DIAG_WARNING, header, STR_NONE, "column '%.*s' should be written %s",
                      FMT(names[at]), rules[i].name);
        c->cell[i] = (int)c->n_columns;
        c->columns[c->n_columns++] = (uint32_t)at;
    }
    c->quantity = c->cell[find_rule("PricingQuantity")];
    c->price = c->cell[find_rule("ListUnitPrice")];
    c->cost = c->cell[find_rule("ListCost")];
}

bool focus_check(struct arena *a, str path, struct diags *d, struct focus_check *ret, struct err *e)
{
    struct csv_file *f;
    struct csv_worker *w = NULL;
    struct csv_batch b = {0};
    const struct csv_options o = {0};
    struct focus_check made = {0};
    struct check c = {.path = path, .d = d};
    if (!csv_open(path, &o, &f, e))
        return false;
    size_t n;
    const str *names = csv_names(f, &n);
    check_header(&c, names, n, &made);
    bool ok = csv_worker_open(f, c.columns, c.n_columns, &w, e);
    do {
        ok = ok && csv_worker_next(w, &b, e);
        for (size_t i = 0; ok && i < b.n; i++, made.rows++)
            check_row(&c, b.cells + i * c.n_columns, b.lines[i], &made);
    } while (ok && b.n);
    csv_worker_close(w);
    csv_close(f);
    if (ok) {
        diags_sort(d);
        *ret = made;
    }
    return ok;
}
