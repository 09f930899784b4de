/* private.c - names of people and the book. */
#include "app/private.h"

#include "ingest/gl_rows.h"
#include "store/book_reconcile.h"

/* Companies that the book knows: those that send bills. */
static bool know_companies(struct workspace *w, struct payees *p, struct err *e)
{
    static const char *const PEOPLE_TOO[] = {"Ledger", "Payment", "Payroll"};
    static const struct ledger_key keys[] = {{.kind = KEY_TEXT, .text = SPEND_PROVIDER},
                                             {.kind = KEY_TEXT, .text = SPEND_SERVICE_CATEGORY}};
    struct ledger_query q = {.from = DAY_NONE, .to = DAY_NONE, .keys = keys, .n_keys = 2};
    struct ledger_sums sums;
    struct invoice *invoices;
    size_t n;
    if (!ledger_sum(w->ledger, &q, w->arena, &sums, e) ||
        !book_invoices(w->book, w->arena, &invoices, &n, e))
        return false;
    for (size_t i = 0; i < sums.n; i++) {
        bool people = false;
        for (size_t k = 0; k < ARRAY_LEN(PEOPLE_TOO); k++)
            people |= str_eq(sums.items[i].keys[1], str_of(PEOPLE_TOO[k]));
        if (!people)
            payees_know(p, sums.items[i].keys[0]);
    }
    for (size_t i = 0; i < n; i++)
        payees_know(p, invoices[i].provider);
    return true;
}

bool payees_of_book(struct workspace *w, const str *keep, size_t n_keep, struct payees **ret,
                    struct err *e)
{
    str key;
    if (!book_secret(w->book, "payee", w->arena, &key, e))
        return false;
    struct payees *p = payees_new(w->arena, key, w->rules);
    for (size_t i = 0; i < n_keep; i++)
        payees_keep(p, keep[i]);
    *ret = p;
    return know_companies(w, p, e);
}

/* The texts that payee_hide may change. */
static const enum spend_text TEXTS[] = {SPEND_PROVIDER, SPEND_DESCRIPTION, SPEND_SUB_ACCOUNT,
                                        SPEND_SKU, SPEND_TAGS};
enum { N_KEYS = 1 + ARRAY_LEN(TEXTS) };

struct search {
    struct workspace *w;
    struct payee_hider *hider;
    struct named_rows *items;
    size_t n, cap;
};

static void count(struct search *s, int64_t import, uint64_t rows)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->items[i].import == import) {
            s->items[i].rows += rows;
            return;
        }
    s->items = arena_grow(s->w->arena, s->items, sizeof *s->items, &s->cap, s->n + 1);
    s->items[s->n++] = (struct named_rows){import, rows};
}

static bool search_kind(struct search *s, const char *kind, struct err *e)
{
    struct ledger_key keys[N_KEYS] = {{.kind = KEY_IMPORT}};
    for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++)
        keys[i + 1] = (struct ledger_key){.kind = KEY_TEXT, .text = TEXTS[i]};
    const struct ledger_filter filter = {
        {.kind = KEY_TEXT, .text = SPEND_SERVICE_CATEGORY}, FILTER_IS, str_of(kind)};
    struct ledger_query q = {.from = DAY_NONE, .to = DAY_NONE, .keys = keys, .n_keys = N_KEYS,
                             .filters = &filter, .n_filters = 1};
    struct ledger_sums sums;
    if (!ledger_sum(s->w->ledger, &q, s->w->arena, &sums, e))
        return false;
    for (size_t i = 0; i < sums.n; i++) {
        struct spend_row row;
        bool same = true;
        int64_t import;
        spend_row_clear(&row);
        row.text[SPEND_SERVICE_CATEGORY] = str_of(kind);
        for (size_t t = 0; t < ARRAY_LEN(TEXTS); t++)
            row.text[TEXTS[t]] = sums.items[i].keys[t + 1];
        payee_hide(s->hider, &row);
        for (size_t t = 0; t < ARRAY_LEN(TEXTS); t++)
            same &= str_eq(row.text[TEXTS[t]], sums.items[i].keys[t + 1]);
        BUG_IF(!str_to_i64(sums.items[i].keys[0], &import));
        if (!same)
            count(s, import, sums.items[i].rows);
    }
    return true;
}

static int by_import(const void *a, const void *b)
{
    const struct named_rows *x = a, *y = b;
    return x->import < y->import ? -1 : x->import > y->import;
}

bool rows_with_names(struct workspace *w, struct named_rows **ret, size_t *ret_n, struct err *e)
{
    struct search s = {.w = w};
    struct payees *p;
    if (!payees_of_book(w, NULL, 0, &p, e))
        return false;
    s.hider = payee_hider_new(p);
    bool ok = search_kind(&s, KIND_LEDGER, e) && search_kind(&s, KIND_PAYMENT, e);
    payee_hider_free(s.hider);
    if (s.n)
        qsort(s.items, s.n, sizeof *s.items, by_import);
    *ret = s.items;
    *ret_n = s.n;
    return ok;
}
