/* rules_suggest.c - drafting rules: groups by what identifies them, patterns without their numbers.
 */
#include "ingest/rules_suggest.h"

#include "ingest/rules_int.h"

enum { SUGGEST_BYTES = 1 << 20, VALUES_SHOWN = 8 };

/* Words that point to a category, the more telling first. */
static const struct {
    const char *pattern;
    enum category category;
} WORDS[] = {
    {"~label*", CATEGORY_DATA},
    {"~annotation*", CATEGORY_DATA},
    {"~vector*", CATEGORY_DATA},
    {"~experiment tracking", CATEGORY_DATA},
    {"~GPU*", CATEGORY_INFRA},
    {"~accelerator*", CATEGORY_INFRA},
    {"~A100*", CATEGORY_INFRA},
    {"~H100*", CATEGORY_INFRA},
    {"~H200*", CATEGORY_INFRA},
    {"~model training", CATEGORY_INFRA},
    {"~fine tuning", CATEGORY_INFRA},
    {"~token*", CATEGORY_VENDOR},
    {"~LLM*", CATEGORY_VENDOR},
    {"~inference*", CATEGORY_VENDOR},
    {"~AI", CATEGORY_VENDOR},
    {"~copilot*", CATEGORY_VENDOR},
    {"~chatbot*", CATEGORY_VENDOR},
    {"~embedding*", CATEGORY_VENDOR},
    {"~machine learning", CATEGORY_INFRA},
};

struct draft {
    str provider, service;
    str invoice; /* without a service: the description without its numbers */
    const struct unplaced **groups;
    size_t n, cap;
    dec amount;
    uint64_t rows;
    enum category category;
    bool sure;
};

static bool same_group(const struct draft *d, const struct unplaced *u, str invoice)
{
    return str_eq(d->provider, u->provider) && str_eq(d->service, u->service) &&
           str_eq(d->invoice, invoice);
}

static bool add(struct draft *d, const struct unplaced *u)
{
    return dec_is_null(u->amount) || dec_add(d->amount, u->amount, &d->amount);
}

static dec magnitude(dec v)
{
    return v < 0 ? -v : v;
}

/* Largest first; equal ones by provider and service, so that the order is always the same. */
static int by_amount(const void *a, const void *b)
{
    const struct draft *x = a, *y = b;
    dec p = magnitude(x->amount), q = magnitude(y->amount);
    if (p != q)
        return p < q ? 1 : -1;
    int c = str_cmp(x->provider, y->provider);
    c = c ? c : str_cmp(x->service, y->service);
    return c ? c : str_cmp(x->groups[0]->description, y->groups[0]->description);
}

/* ---- what it may be ---- */

static bool word_in(struct arena *a, const char *pattern, const struct unplaced *u)
{
    struct pattern p;
    size_t at;
    const char *why;
    BUG_IF(!pattern_parse(a, str_of(pattern), &p, &at, &why));
    return pattern_matches(&p, u->service) || pattern_matches(&p, u->meter) ||
           pattern_matches(&p, u->description) || pattern_matches(&p, u->provider);
}

static void guess(struct arena *a, const struct rules *r, struct draft *d)
{
    d->category = CATEGORY_NOT_AI;
    for (size_t i = 0; i < d->n; i++) {
        for (size_t k = 0; r && k < r->n && d->groups[i]->rule.n; k++) {
            if (str_eq(r->infos[k].id, d->groups[i]->rule)) {
                d->category = r->infos[k].category;
                d->sure = true;
                return;
            }
        }
    }
    for (size_t w = 0; w < ARRAY_LEN(WORDS); w++) {
        for (size_t i = 0; i < d->n; i++) {
            if (word_in(a, WORDS[w].pattern, d->groups[i])) {
                d->category = WORDS[w].category;
                d->sure = true;
                return;
            }
        }
    }
}

/* ---- writing ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A glob that takes other prices, months and places of the same thing: numbers that stand alone,
 * with their signs, become '*'; what has meaning in a pattern is escaped. */
static str generalized(struct arena *a, str s)
{
    char *out = arena_new(a, char, s.n * 2 + 2);
    size_t n = 0;
    bool cut = s.n > PATTERN_BYTES / 2 - 2;
    if (cut) {
        s.n = PATTERN_BYTES / 2 - 2;
        while (s.n && ((unsigned char)s.p[s.n] & 0xc0) == 0x80)
            s.n--;
    }
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool starts = i == 0 || s.p[i - 1] == ' ' || s.p[i - 1] == '$' || s.p[i - 1] == '#';
        if (c == '$' || c == '#' || (starts && is_digit(c))) {
            size_t end = i;
            while (end < s.n && (is_digit(s.p[end]) || strchr("$#.,%/-", s.p[end])))
                end++;
            if (end == s.n || s.p[end] == ' ') {
                if (!n || out[n - 1] != '*')
                    out[n++] = '*';
                i = end - 1;
                continue;
            }
        }
        if (strchr("*?\\", c) || (n == 0 && (c == '/' || c == '~')))
            out[n++] = '\\';
        out[n++] = (unsigned char)c < 0x20 || c == 0x7f ? '?' : c;
    }
    if (cut)
        out[n++] = '*';
    return (str){out, n};
}

static void add_quoted(struct buf *b, str s)
{
    buf_addc(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            buf_addc(b, '\\');
        buf_addc(b, s.p[i]);
    }
    buf_addc(b, '"');
}

static void add_id(struct buf *b, const struct draft *d, size_t number)
{
    const str parts[] = {d->provider, d->service.n ? d->service : d->groups[0]->description};
    size_t start = b->n;
    for (size_t p = 0; p < ARRAY_LEN(parts); p++) {
        bool dash = b->n > start;
        for (size_t i = 0; i < parts[p].n && b->n < start + 40; i++) {
            char c = parts[p].p[i];
            bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !is_digit(c)) {
                dash = dash || b->n > start;
                continue;
            }
            if (dash && b->n > start)
                buf_addc(b, '-');
            dash = false;
            buf_addc(b, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
        }
    }
    buf_fmt(b, "%s%zu", b->n > start ? "-" : "group-", number);
}

/* One field of the match: empty text is matched as absent, different values as a list. */
static void add_field(struct buf *b, const char *key, const str *values, size_t n)
{
    buf_fmt(b, "      %s: %s", key, n > 1 ? "[" : "");
    for (size_t i = 0; i < n; i++) {
        buf_add(b, i ? S(", ") : S(""));
        add_quoted(b, values[i]);
    }
    buf_add(b, n > 1 ? S("]\n") : S("\n"));
}

/* Descriptions of a group, or none when there are too many to list or some rows have none. */
static size_t descriptions(struct arena *a, const struct draft *d, str *values)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++) {
        str v = generalized(a, d->groups[i]->description);
        if (!v.n || str_eq(v, S("*")))
            return 0;
        size_t k = 0;
        while (k < n && !str_eq(values[k], v))
            k++;
        if (k < n)
            continue;
        if (n == VALUES_SHOWN)
            return 0;
        values[n++] = v;
    }
    return n;
}

static void write_rule(struct buf *b, struct arena *a, const struct draft *d, size_t number)
{
    char amount[DEC_TEXT];
    str values[VALUES_SHOWN];
    buf_fmt(b, "  # %.*s%s%s in %llu row%s\n", FMT(dec_format_fixed(d->amount, 2, amount)),
            d->groups[0]->currency.code[0] ? " " : "", d->groups[0]->currency.code,
            (unsigned long long)d->rows, d->rows == 1 ? "" : "s");
    buf_add(b, S("  - id: "));
    add_id(b, d, number);
    buf_add(b, S("\n    match:\n"));
    str provider = generalized(a, d->provider), service = generalized(a, d->service);
    if (provider.n)
        add_field(b, "provider", &provider, 1);
    add_field(b, "service", &service, 1);
    size_t n = descriptions(a, d, values);
    if (n)
        add_field(b, "description", values, n);
    buf_fmt(b, "    category: %s%s\n", category_key(d->category),
            d->sure ? "" : " # nothing in the names says AI: check, then keep or change");
}

static void collect(struct arena *a, const struct unplaced *u, struct draft **drafts, size_t *n,
                    size_t *cap, bool *ret_ok)
{
    size_t i = 0;
    /* invoices of one thing differ in month and seats, and one rule is for all of them */
    str invoice = u->service.n ? STR_NONE : generalized(a, u->description);
    while (i < *n && (!currency_eq((*drafts)[i].groups[0]->currency, u->currency) ||
                      !same_group(&(*drafts)[i], u, invoice)))
        i++;
    if (i == *n) {
        *drafts = arena_grow(a, *drafts, sizeof **drafts, cap, *n + 1);
        (*drafts)[(*n)++] = (struct draft){
            .provider = u->provider, .service = u->service, .invoice = invoice};
    }
    struct draft *d = &(*drafts)[i];
    d->groups = arena_grow(a, d->groups, sizeof *d->groups, &d->cap, d->n + 1);
    d->groups[d->n++] = u;
    d->rows += u->rows;
    *ret_ok = add(d, u);
}

bool rules_suggest(struct arena *a, const struct rules *r, const struct unplaced *items, size_t n,
                   size_t limit, str *ret, struct err *e)
{
    struct draft *drafts = NULL;
    size_t n_drafts = 0, cap = 0;
    for (size_t i = 0; i < n; i++) {
        bool ok;
        collect(a, &items[i], &drafts, &n_drafts, &cap, &ok);
        if (!ok)
            return err_set(e, ERR_FAILED, "the sum of '%.*s' is too large", FMT(items[i].service));
    }
    if (n_drafts)
        qsort(drafts, n_drafts, sizeof *drafts, by_amount);
    struct buf b;
    buf_init(&b, SUGGEST_BYTES);
    for (size_t i = 0; i < MIN(n_drafts, limit); i++) {
        size_t before = b.n;
        if (!i)
            buf_add(&b, S("rules:\n"));
        guess(a, r, &drafts[i]);
        write_rule(&b, a, &drafts[i], i + 1);
        if (buf_overflow(&b)) {
            b.n = before; /* whole rules only */
            break;
        }
    }
    *ret = str_dup(a, buf_str(&b));
    buf_release(&b);
    return true;
}
