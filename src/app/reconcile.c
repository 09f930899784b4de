/* reconcile.c - gathers, per party and billing month, what each of the three sides says. */
#include "app/reconcile_int.h"

#include "base/limits.h"
#include "base/os.h"
#include "base/yaml.h"
#include "core/party.h"

/* ---- tolerances ---- */

bool tolerance_parse(str s, struct tolerance *ret)
{
    dec v;
    bool share = str_ends(s, S("%"));
    str number = str_trim(share ? str_sub(s, 0, s.n - 1) : s);
    if (dec_parse(number, &v) != DEC_OK || v < 0 || v > DEC_ONE * 1000000000000)
        return false;
    ret->share = share ? v / 100 : 0;
    ret->amount = share ? 0 : v;
    return true;
}

bool tolerances_read(struct workspace *w, struct diags *d, struct tolerances *ret, struct err *e)
{
    static const char *const KNOWN[] = {"tolerance", NULL};
    str path = path_join(w->arena, w->options.dir, S("rules.yaml")), text;
    *ret = (struct tolerances){0};
    if (!file_exists(path))
        return true;
    if (!file_read(w->arena, path, LIMIT_YAML_BYTES, &text, e))
        return false;
    const struct yaml_file *file = yaml_parse(w->arena, path, text, d);
    const struct yaml_node *map = file ? yaml_get(file->root, "reconcile") : NULL;
    if (!map)
        return !d->errors || diags_to_err(d, e);
    if (map->kind != YAML_MAP) {
        yaml_fault(d, map, S("Write reconcile: {tolerance: {default: 0.5%, AWS: 25.00}}"),
                   "'reconcile' must be a map");
        return diags_to_err(d, e);
    }
    yaml_only(d, map, KNOWN);
    const struct yaml_node *list = yaml_get(map, "tolerance");
    size_t n = list && list->kind == YAML_MAP ? list->n : 0;
    if (list && list->kind != YAML_MAP)
        yaml_fault(d, list, S("Write tolerance: {default: 0.5%, AWS: 25.00}"),
                   "'tolerance' must be a map of providers");
    ret->items = arena_new(w->arena, struct tolerance, n);
    for (size_t i = 0; i < n; i++) {
        const struct yaml_node *key = list->pairs[i].key, *value = list->pairs[i].value;
        struct tolerance *t = &ret->items[ret->n++];
        if (value->kind != YAML_SCALAR || !tolerance_parse(value->text, t))
            yaml_fault(d, value, S("Write a share such as 0.5% or an amount such as 25.00."),
                       "'%.*s' is not a tolerance", FMT(value->text));
        t->party = str_eq(key->text, S("default")) ? STR_NONE : party_key(w->arena, key->text);
    }
    return !d->errors || diags_to_err(d, e);
}

/* ---- pairs ---- */

struct pair *pair_of(struct reconciler *x, str provider, month m)
{
    struct arena *a = x->w->arena;
    str party = party_key(a, provider);
    if ((x->q->from != MONTH_NONE && m < x->q->from) || (x->q->to != MONTH_NONE && m > x->q->to) ||
        !party.n)
        return NULL;
    if (x->q->provider.n && !str_glob(x->q->provider, provider) &&
        !str_eq(party_key(a, x->q->provider), party))
        return NULL;
    bool is_new;
    struct map_entry *entry = map_put(&x->index, str_fmt(a, "%.*s\x1f%d", FMT(party), m), &is_new);
    if (is_new) {
        struct pair *p = arena_new(a, struct pair, 1);
        p->provider = provider;
        p->party = party;
        p->month = m;
        bool first;
        struct map_entry *name = map_put(&x->names, party, &first);
        if (first) {
            name->ptr = arena_new(a, str, 1);
            *(str *)name->ptr = provider;
        }
        p->name = *(const str *)name->ptr;
        entry->ptr = p;
        x->pairs = arena_grow(a, x->pairs, sizeof(struct pair *), &x->cap, x->n + 1);
        x->pairs[x->n++] = p;
    }
    return entry->ptr;
}

bool in_book_currency(struct reconciler *x, dec amount, currency c, month m, dec *ret,
                      struct err *e)
{
    *ret = amount;
    return dec_is_null(amount) ||
           workspace_convert(x->w, currency_str(&c), x->w->settings.currency, m, ret, e);
}

/* ---- the ledger ---- */

static void adjust(struct pair *p, enum adjustment k, dec amount, uint64_t rows)
{
    p->adjust[k].amount += amount;
    p->adjust[k].rows += rows;
}

static bool is_marketplace(const struct ledger_sum *s, dec billed, dec effective)
{
    if (!billed && effective)
        return true;
    return str_find_nocase(s->keys[7], S("marketplace"), 0) != SIZE_MAX ||
           str_find_nocase(s->keys[6], S("(Amazon Bedrock Edition)"), 0) != SIZE_MAX;
}

/* keys: provider, service category, charge category, period, month, currency, service, publisher */
static bool add_sum(struct reconciler *x, const struct ledger_sum *s, struct err *e)
{
    static const char *const NOT_BILLS[] = {"Ledger", "Payment", "Payroll"};
    month period, used;
    currency c;
    for (size_t i = 0; i < ARRAY_LEN(NOT_BILLS); i++)
        if (str_eq(s->keys[1], str_of(NOT_BILLS[i])))
            return true;
    if (!s->keys[0].n || str_eq(s->keys[0], S("Payroll")) || !month_parse(s->keys[3], &period) ||
        !month_parse(s->keys[4], &used) || !currency_parse(s->keys[5], &c))
        return true;
    if (!s->rows)
        return true;
    struct pair *p = pair_of(x, s->keys[0], period), *q = p;
    if (used != period)
        q = pair_of(x, s->keys[0], used);
    if (!p && !q)
        return true;
    dec billed, effective;
    if (!in_book_currency(x, dec_or_zero(s->billed), c, period, &billed, e) ||
        !in_book_currency(x, dec_or_zero(s->effective), c, period, &effective, e))
        return false;
    if (q)
        q->used_in_month += billed;
    if (q && q != p)
        q->adjust[ADJUST_CUT_OFF].rows += s->rows;
    if (!p)
        return true;
    p->ledger += billed;
    p->rows += s->rows;
    p->currency = s->keys[5];
    if (q != p)
        p->adjust[ADJUST_CUT_OFF].rows += s->rows;
    str kind = s->keys[2];
    if (str_eq_nocase(kind, S("Tax")))
        adjust(p, ADJUST_TAX, billed, s->rows);
    else if (str_eq_nocase(kind, S("Credit")))
        adjust(p, ADJUST_CREDIT, billed, s->rows);
    else if (str_find_nocase(kind, S("discount"), 0) != SIZE_MAX ||
             str_eq_nocase(kind, S("Adjustment")))
        adjust(p, ADJUST_DISCOUNT, billed, s->rows);
    else if (is_marketplace(s, billed, effective))
        adjust(p, ADJUST_MARKETPLACE, billed ? billed : -effective, s->rows);
    return true;
}

static bool read_ledger(struct reconciler *x, struct err *e)
{
    static const struct ledger_key keys[] = {
        {.kind = KEY_TEXT, .text = SPEND_PROVIDER},
        {.kind = KEY_TEXT, .text = SPEND_SERVICE_CATEGORY},
        {.kind = KEY_TEXT, .text = SPEND_CHARGE_CATEGORY},
        {.kind = KEY_PERIOD},
        {.kind = KEY_MONTH},
        {.kind = KEY_CURRENCY},
        {.kind = KEY_TEXT, .text = SPEND_SERVICE},
        {.kind = KEY_TEXT, .text = SPEND_PUBLISHER},
    };
    struct ledger_query q = {
        .from = DAY_NONE, .to = DAY_NONE, .keys = keys, .n_keys = ARRAY_LEN(keys)};
    struct ledger_sums sums;
    if (!ledger_sum(x->w->ledger, &q, x->w->arena, &sums, e))
        return false;
    for (size_t i = 0; i < sums.n; i++)
        if (!add_sum(x, &sums.items[i], e))
            return false;
    return true;
}

/* ---- the other sides ---- */

static bool is_document_number(const struct books *k, str party, month m, str why)
{
    for (size_t i = 0; i < k->n_documents; i++)
        if (str_eq(k->bills[i].party, party) && k->bills[i].period == m &&
            str_ends(why, k->bills[i].number))
            return true;
    return false;
}

static bool is_invoice_number(const struct books *k, str party, str number)
{
    for (size_t i = 0; i < k->n_invoices; i++)
        if (str_eq(k->invoices[i].party, party) && str_eq_nocase(k->invoices[i].number, number))
            return true;
    return false;
}

static bool read_invoices(struct reconciler *x, struct err *e)
{
    const struct books *k = &x->books;
    for (size_t i = 0; i < k->n_documents; i++) {
        const struct bill *b = &k->bills[i];
        struct pair *p = pair_of(x, b->provider, b->period);
        dec amount;
        if (!p || is_invoice_number(k, b->party, b->number))
            continue;
        if (!in_book_currency(x, b->billed, b->currency, b->period, &amount, e))
            return false;
        p->documents += amount;
        p->document_rows += b->rows;
    }
    for (size_t i = 0; i < k->n_invoices; i++) {
        const struct invoice *v = &k->invoices[i];
        struct pair *p = pair_of(x, v->provider, v->period);
        dec amount, tax;
        if (!p)
            continue;
        if (!in_book_currency(x, v->amount, v->currency, v->period, &amount, e) ||
            !in_book_currency(x, v->tax, v->currency, v->period, &tax, e))
            return false;
        p->invoices += amount;
        p->invoice_tax =
            dec_is_null(tax) || dec_is_null(p->invoice_tax) ? DEC_NULL : p->invoice_tax + tax;
        p->n_invoices++;
        p->foreign |= p->currency.n && !str_eq(p->currency, currency_str(&v->currency));
    }
    return true;
}

/* A payment of a settlement; NULL: its rows are gone. */
static const struct payment *payment_of(const struct books *k, int64_t settlement)
{
    for (size_t i = 0; i < k->n_payments; i++)
        if (k->payments[i].settled == settlement)
            return &k->payments[i];
    return NULL;
}

static bool read_settlements(struct reconciler *x, struct err *e)
{
    const struct books *k = &x->books;
    for (size_t i = 0; i < k->n_settlements; i++) {
        const struct settlement *s = &k->settlements[i];
        struct pair *p = pair_of(x, s->provider, s->period);
        dec amount;
        if (!p)
            continue;
        if (!in_book_currency(x, s->amount, s->currency, s->period, &amount, e))
            return false;
        x->r->matched += amount;
        x->r->matched_rows += s->n_rows;
        const struct payment *by = payment_of(k, s->id);
        bool statement = by && by->statement;
        p->foreign |= by && !currency_eq(by->currency, s->currency);
        p->has_paid |= statement;
        p->has_posted |= !statement;
        if (is_document_number(k, s->party, s->period, s->why))
            continue; /* the document itself says the same */
        if (statement)
            p->paid += amount;
        else
            p->posted += amount;
    }
    return true;
}

static int by_place(const void *a, const void *b)
{
    const struct pair *x = *(const struct pair *const *)a, *y = *(const struct pair *const *)b;
    int c = str_cmp(x->name, y->name);
    return c ? c : (x->month > y->month) - (x->month < y->month);
}

bool reconcile(struct workspace *w, const struct reconcile_request *q, struct reconcile_report *ret,
               struct err *e)
{
    struct reconcile_report r = {.currency = w->settings.currency, .as_of = q->as_of};
    struct reconciler x = {.w = w, .q = q, .r = &r};
    map_init(&x.index, w->arena);
    map_init(&x.names, w->arena);
    if (!books_read(w, &x.books, e) || !read_ledger(&x, e) || !read_invoices(&x, e) ||
        !read_settlements(&x, e) || !read_usage(&x, e))
        return false;
    for (size_t i = 0; i < x.n; i++) {
        struct pair *p = x.pairs[i];
        adjust(p, ADJUST_BLOCKED, p->cause[CAUSE_BLOCKED].amount, p->cause[CAUSE_BLOCKED].rows);
    }
    if (x.n)
        qsort(x.pairs, x.n, sizeof(struct pair *), by_place);
    r.lines = arena_new(w->arena, struct reconcile_line, x.n);
    for (size_t i = 0; i < x.n; i++)
        explain_pair(&x, x.pairs[i]);
    list_unmatched(&x);
    *ret = r;
    return true;
}
