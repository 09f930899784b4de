/* gl_rows.c - postings become rows of spend. */
#include "ingest/gl_rows.h"

#include "ingest/tags.h"

static bool any_in(str text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_find_nocase(text, str_of(words[i]), 0) != SIZE_MAX)
            return true;
    return false;
}

/* What the first part of "Assets:Bank:Checking" says: 1 an expense, -1 none, 0 nothing. */
static int top_account(str account)
{
    static const char *const expense[] = {"expenses", "expense", "cogs", "cost of goods sold",
                                          "cost of sales", "ausgaben", "aufwand"};
    static const char *const other[] = {"assets", "asset", "liabilities", "liability", "equity",
                                        "income", "revenue", "revenues", "aktiva", "passiva"};
    str top = str_trim(str_sub(account, 0, MIN(str_find_char(account, ':', 0), account.n)));
    for (size_t i = 0; i < ARRAY_LEN(expense); i++)
        if (str_eq_nocase(top, str_of(expense[i])))
            return 1;
    for (size_t i = 0; i < ARRAY_LEN(other); i++)
        if (str_eq_nocase(top, str_of(other[i])))
            return -1;
    return 0;
}

bool gl_is_expense(str account)
{
    static const char *const expense[] = {"expense", "fees", "charges", "cost of", "subscription",
                                          "software", "salar", "wages"};
    static const char *const other[] = {
        "payable", "receivable", "checking", "savings", "credit card", "undeposited",
        "retained earnings", "accumulated", "prepaid", "liabilit", "equity", "opening balance",
        "income", "revenue", "bank account", "cash at bank", "petty cash", "clearing", "loan",
        "owner's", "deferred", "inventory asset", "mastercard", "american express", "amex",
        "money market", "paypal balance"};
    str leaf = account;
    int top = top_account(account);
    if (top)
        return top > 0;
    if (any_in(leaf, expense, ARRAY_LEN(expense)) &&
        str_find_nocase(leaf, S("payable"), 0) == SIZE_MAX &&
        str_find_nocase(leaf, S("prepaid"), 0) == SIZE_MAX &&
        str_find_nocase(leaf, S("accrued"), 0) == SIZE_MAX)
        return true;
    if (any_in(leaf, other, ARRAY_LEN(other)) ||
        str_find_nocase(leaf, S("accrued"), 0) != SIZE_MAX)
        return false;
    size_t digits = 0;
    while (digits < account.n && account.p[digits] >= '0' && account.p[digits] <= '9')
        digits++;
    return digits < 4 || account.p[0] >= '5';
}

bool gl_is_pay(str account)
{
    static const char *const words[] = {"payroll", "salar", "wages", "compensation", "bonus",
                                        "reimburse", "commission", "contractor"};
    return any_in(account, words, ARRAY_LEN(words));
}

bool gl_is_balance(str text)
{
    static const char *const starts[] = {
        "opening balance", "closing balance", "beginning balance", "ending balance", "total",
        "net movement", "balance forward", "balance brought forward", "retain earnings",
        "net income", "net change"};
    for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
        str word = str_of(starts[i]);
        if (!str_starts_nocase(text, word))
            continue;
        char next = text.n > word.n ? text.p[word.n] : ' ';
        if (next == 's' || next == ' ' || next == ':' || next == '-')
            return true;
    }
    return false;
}

bool gl_amount(const struct table_row *t, int debit, int credit, dec *ret, struct err *e)
{
    dec d, c;
    if (!table_raw_dec(t, debit, &d, e) || !table_raw_dec(t, credit, &c, e))
        return false;
    if (dec_is_null(d) && dec_is_null(c)) {
        *ret = DEC_NULL;
        return true;
    }
    return dec_add(dec_or_zero(d), -dec_or_zero(c), ret) ||
           table_error(t, e, "debit and credit are too large");
}

bool gl_currency(str commodity, currency *ret)
{
    static const struct {
        const char *sign, *code;
    } signs[] = {
        {"$", "USD"},  {"US$", "USD"}, {"\xe2\x82\xac", "EUR"}, {"\xc2\xa3", "GBP"},
        {"C$", "CAD"}, {"A$", "AUD"},  {"\xe2\x82\xb9", "INR"}, {"\xe2\x82\xaa", "ILS"},
    };
    for (size_t i = 0; i < ARRAY_LEN(signs); i++)
        if (str_eq(commodity, str_of(signs[i].sign)))
            return currency_parse(str_of(signs[i].code), ret);
    return currency_parse(commodity, ret);
}

static bool add_tag(struct tag_set *set, const char *key, str value)
{
    return !value.n || tags_add(set, str_of(key), value);
}

/* Counterparty of a text like "OPENAI *CHATGPT SUBSCR 415-555": the text itself, shortened. */
static str party_of(const struct posting *p)
{
    if (p->party.n)
        return p->party;
    return p->memo.n ? str_sub(p->memo, 0, 80) : p->account;
}

/* Statements pad texts with blanks. */
static str one_blank(struct arena *a, str s)
{
    if (str_find(s, S("  "), 0) == SIZE_MAX)
        return s;
    char *to = arena_alloc(a, s.n);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != ' ' || n == 0 || to[n - 1] != ' ')
            to[n++] = s.p[i];
    return (str){to, n};
}

static bool is_whole(str s)
{
    return !s.n || str_is_utf8(s);
}

bool gl_post(const struct table_row *t, const struct posting *p, struct spend_row *r,
                 struct err *e)
{
    struct arena *a = table_scratch(t);
    struct tag_set *set = arena_new(a, struct tag_set, 1);
    bool pay = gl_is_pay(p->account) || str_eq(str_of(p->kind), S(KIND_PAYROLL));
    str provider = pay ? S("Payroll") : one_blank(a, party_of(p)), tags = STR_NONE;
    while (!is_whole(provider)) /* cut in the middle of a character */
        provider.n--;
    r->billed = r->effective = p->amount;
    r->text[SPEND_SERVICE_CATEGORY] = str_of(p->kind);
    r->text[SPEND_PROVIDER] = provider;
    r->text[SPEND_DESCRIPTION] = pay ? p->job_title : one_blank(a, p->memo);
    r->text[SPEND_SKU] = p->number;
    if (!r->text[SPEND_ACCOUNT].n)
        r->text[SPEND_ACCOUNT] = str_of(p->books);
    r->text[SPEND_SUB_ACCOUNT] = p->account;
    bool tax = !pay && str_find_nocase(p->account, S("tax"), 0) != SIZE_MAX;
    bool back = !dec_is_null(p->amount) && p->amount < 0;
    r->text[SPEND_CHARGE_CATEGORY] = tax ? S("Tax") : back ? S("Credit") : S("Purchase");
    if (!add_tag(set, "gl_account", p->account) || !add_tag(set, "class", p->klass) ||
        !add_tag(set, "department", p->department) || !add_tag(set, "location", p->location) ||
        !add_tag(set, "cost_center", p->cost_center) || !add_tag(set, "job_title", p->job_title) ||
        !add_tag(set, "source_type", p->source_type) ||
        !add_tag(set, "transaction", p->transaction) || !tags_write(set, a, &tags))
        return table_error(t, e, "has more tags than a row can keep");
    r->text[SPEND_TAGS] = tags;
    return true;
}

void gl_open(struct gl_headings *h, str name)
{
    if (h->n == ARRAY_LEN(h->names))
        memmove(h->names, h->names + 1, sizeof h->names - sizeof *h->names), h->n--;
    h->names[h->n++] = name;
}

void gl_close(struct gl_headings *h, str total_line)
{
    for (size_t i = h->n; i > 0; i--)
        if (str_find(total_line, h->names[i - 1], 0) != SIZE_MAX) {
            h->n = i - 1;
            return;
        }
    h->n = 0;
}

str gl_path(const struct gl_headings *h, struct arena *a)
{
    return str_join(a, h->names, h->n, S(":"));
}
