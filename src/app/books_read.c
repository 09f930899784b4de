/* books_read.c - bills and payments side by side, out of the ledger. */
#include "app/settle.h"
#include "base/json_read.h"
#include "base/map.h"
#include "core/party.h"
#include "ingest/payee.h"

enum { MOST_PAYMENTS = 2000000 };

static bool is_payment(str category)
{
    return str_eq(category, S("Ledger")) || str_eq(category, S("Payment"));
}

/* ---- payments ---- */

static str tag_of(struct arena *a, str tags, const char *name)
{
    const struct json *doc;
    struct err ignored;
    if (!tags.n || !json_parse(a, tags, &doc, &ignored))
        return STR_NONE;
    return json_text(json_get(doc, name));
}

static void fill(struct arena *a, const struct ledger_row *x, bool statement, struct payment *p)
{
    const struct spend_row *r = &x->row;
    *p = (struct payment){
        .place = {x->import, r->file, r->row},
        .statement = statement,
        .provider = r->text[SPEND_PROVIDER],
        .text = r->text[SPEND_DESCRIPTION],
        .number = r->text[SPEND_SKU],
        .transaction = tag_of(a, r->text[SPEND_TAGS], "transaction"),
        .day = r->day,
        .amount = dec_or_zero(r->billed),
        .currency = r->currency,
    };
    p->party = party_key(a, p->provider);
    p->text_party = party_key(a, p->text);
}

static bool same_place(const struct row_place *x, const struct row_place *y)
{
    return x->import == y->import && x->file == y->file && x->row == y->row;
}

static bool read_payments(struct workspace *w, const char *category, struct books *k, size_t *cap,
                          struct err *e)
{
    struct ledger_filter filter = {.key = {.kind = KEY_TEXT, .text = SPEND_SERVICE_CATEGORY},
                                   .op = FILTER_IS,
                                   .value = str_of(category)};
    struct ledger_query q = {.from = DAY_NONE, .to = DAY_NONE, .filters = &filter, .n_filters = 1};
    struct ledger_row *rows;
    size_t n;
    uint64_t all;
    if (!ledger_rows(w->ledger, &q, ORDER_PLACE, MOST_PAYMENTS, w->arena, &rows, &n, &all, e))
        return false;
    if (all > n)
        return err_set(e, ERR_FAILED, "more than %d postings or payments", MOST_PAYMENTS);
    size_t first = k->n_payments;
    for (size_t i = 0; i < n; i++) {
        struct payment p;
        fill(w->arena, &rows[i], str_eq(filter.value, S("Payment")), &p);
        bool ai = rows[i].row.category != CATEGORY_NOT_AI;
        struct payment *last = k->n_payments > first ? &k->payments[k->n_payments - 1] : NULL;
        if (last && same_place(&last->place, &p.place)) { /* shares of one record */
            last->amount += p.amount;
            last->ai |= ai;
            continue;
        }
        k->payments =
            arena_grow(w->arena, k->payments, sizeof *k->payments, cap, k->n_payments + 1);
        p.ai = ai;
        k->payments[k->n_payments++] = p;
    }
    return true;
}

static int by_day(const void *a, const void *b)
{
    const struct payment *x = a, *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (x->place.import != y->place.import)
        return x->place.import < y->place.import ? -1 : 1;
    if (x->place.file != y->place.file)
        return x->place.file < y->place.file ? -1 : 1;
    return (x->place.row > y->place.row) - (x->place.row < y->place.row);
}

static str place_key(struct arena *a, const struct row_place *p)
{
    return str_fmt(a, "%lld/%u:%llu", (long long)p->import, p->file, (unsigned long long)p->row);
}

static bool mark_settled(struct workspace *w, struct books *k, struct err *e)
{
    struct map places;
    struct row_place *never;
    size_t n_never;
    map_init(&places, w->arena);
    for (size_t i = 0; i < k->n_payments; i++)
        map_put(&places, place_key(w->arena, &k->payments[i].place), NULL)->ptr = &k->payments[i];
    if (!book_settlements(w->book, false, w->arena, &k->settlements, &k->n_settlements, e) ||
        !book_unmatchable(w->book, w->arena, &never, &n_never, e))
        return false;
    for (size_t i = 0; i < k->n_settlements; i++)
        for (size_t r = 0; r < k->settlements[i].n_rows; r++) {
            const struct map_entry *at =
                map_get(&places, place_key(w->arena, &k->settlements[i].rows[r]));
            if (at)
                ((struct payment *)at->ptr)->settled = k->settlements[i].id;
        }
    for (size_t i = 0; i < n_never; i++) {
        const struct map_entry *at = map_get(&places, place_key(w->arena, &never[i]));
        if (at)
            ((struct payment *)at->ptr)->never = true;
    }
    return true;
}

/* ---- bills ---- */

static struct bill *bill_of(struct workspace *w, struct books *k, struct map *index, size_t *cap,
                            str provider, str number, month period, currency c)
{
    bool is_new;
    str party = party_key(w->arena, provider);
    str key =
        str_fmt(w->arena, "%.*s\x1f%.*s\x1f%d\x1f%s", FMT(party), FMT(number), period, c.code);
    struct map_entry *entry = map_put(index, key, &is_new);
    if (is_new) {
        entry->num = (int64_t)k->n_bills;
        k->bills = arena_grow(w->arena, k->bills, sizeof *k->bills, cap, k->n_bills + 1);
        k->bills[k->n_bills++] = (struct bill){.provider = provider,
                                               .party = party,
                                               .number = number,
                                               .period = period,
                                               .currency = c};
    }
    return &k->bills[entry->num];
}

static void add_bill(struct workspace *w, struct books *k, struct map *index, size_t *cap,
                     const struct ledger_sum *s, str number)
{
    /* keys: provider, service category, charge category, period, currency */
    currency c;
    month period;
    if (is_payment(s->keys[1]) || str_eq(s->keys[1], S("Payroll")) || !s->keys[0].n ||
        str_eq(s->keys[0], S("Payroll")) || !currency_parse(s->keys[4], &c) ||
        !month_parse(s->keys[3], &period))
        return;
    struct bill *b = bill_of(w, k, index, cap, s->keys[0], number, period, c);
    b->billed += dec_or_zero(s->billed);
    b->rows += s->rows;
    if (str_eq_nocase(s->keys[2], S("Tax")))
        b->tax += dec_or_zero(s->billed);
    b->left[0] = b->left[1] = b->billed;
}

static bool read_bills(struct workspace *w, struct books *k, struct err *e)
{
    static const struct ledger_key keys[] = {
        {.kind = KEY_TEXT, .text = SPEND_PROVIDER},
        {.kind = KEY_TEXT, .text = SPEND_SERVICE_CATEGORY},
        {.kind = KEY_TEXT, .text = SPEND_CHARGE_CATEGORY},
        {.kind = KEY_PERIOD},
        {.kind = KEY_CURRENCY},
        {.kind = KEY_TEXT, .text = SPEND_SKU},
    };
    /* invoices of suppliers: a number and an amount, no service */
    static const struct ledger_filter plain = {
        .key = {.kind = KEY_TEXT, .text = SPEND_SERVICE}, .op = FILTER_IS, .value = {"", 0}};
    struct ledger_query documents = {.from = DAY_NONE,
                                     .to = DAY_NONE,
                                     .keys = keys,
                                     .n_keys = 6,
                                     .filters = &plain,
                                     .n_filters = 1};
    struct ledger_query months = {.from = DAY_NONE, .to = DAY_NONE, .keys = keys, .n_keys = 5};
    struct ledger_sums sums;
    struct map index;
    size_t cap = 0;
    map_init(&index, w->arena);
    if (!ledger_sum(w->ledger, &documents, w->arena, &sums, e))
        return false;
    for (size_t i = 0; i < sums.n; i++)
        if (sums.items[i].keys[5].n)
            add_bill(w, k, &index, &cap, &sums.items[i], sums.items[i].keys[5]);
    k->n_documents = k->n_bills;
    if (!ledger_sum(w->ledger, &months, w->arena, &sums, e))
        return false;
    for (size_t i = 0; i < sums.n; i++)
        add_bill(w, k, &index, &cap, &sums.items[i], STR_NONE);
    return true;
}

/* A payee whose name was not kept is known when a bill or an invoice has that name. */
static bool name_tokens(struct workspace *w, struct books *k, struct err *e)
{
    struct map parties;
    str key;
    if (!book_secret(w->book, "payee", w->arena, &key, e))
        return false;
    map_init(&parties, w->arena);
    for (size_t i = 0; i < k->n_bills + k->n_invoices; i++) {
        str party = i < k->n_bills ? k->bills[i].party : k->invoices[i - k->n_bills].party;
        struct map_entry *x = map_put(&parties, payee_token(w->arena, key, party), NULL);
        x->ptr = str_cstr(w->arena, party);
    }
    for (size_t i = 0; i < k->n_payments; i++) {
        const struct map_entry *x = map_get(&parties, k->payments[i].provider);
        if (x)
            k->payments[i].party = str_of(x->ptr);
    }
    return true;
}

bool books_read(struct workspace *w, struct books *ret, struct err *e)
{
    struct books k = {0};
    size_t cap = 0;
    if (!read_payments(w, "Ledger", &k, &cap, e) || !read_payments(w, "Payment", &k, &cap, e))
        return false;
    if (k.n_payments)
        qsort(k.payments, k.n_payments, sizeof *k.payments, by_day);
    if (!mark_settled(w, &k, e) || !read_bills(w, &k, e) ||
        !book_invoices(w->book, w->arena, &k.invoices, &k.n_invoices, e) ||
        !name_tokens(w, &k, e))
        return false;
    *ret = k;
    return true;
}
