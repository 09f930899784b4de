/* inventory.c - builds the inventory: sums from the ledger, coverage, amounts at risk. */
#include "report/inventory.h"

#include "base/map.h"

/* ---- sums in the report's currency ---- */

struct amounts {
    dec billed, effective;
    uint64_t rows, unpriced;
};

struct group {
    const str *keys; /* of the request */
    struct amounts all, ai;
};

struct unrated {
    str currency, month;
    dec billed, effective;
    uint64_t rows;
};

struct tally {
    const struct inventory_request *q;
    struct arena *a;
    struct group *groups;
    size_t n_groups, cap_groups;
    struct map index; /* joined keys to group number */
    struct amounts by_category[CATEGORY_STATES];
    struct unrated *unrated;
    size_t n_unrated, cap_unrated;
    int64_t tokens[TOKEN_BUCKETS];
    uint64_t token_rows, requests;
    month first, last; /* months that hold rows */
    dec matched;       /* payments of bills, not counted: billed */
    uint64_t matched_rows;
};

static bool add_amounts(struct amounts *to, const struct ledger_sum *s, dec billed, dec effective,
                        struct err *e)
{
    if (!dec_add(to->billed, billed, &to->billed) ||
        !dec_add(to->effective, effective, &to->effective))
        return err_set(e, ERR_FAILED, "a sum is larger than 38 digits");
    to->rows += s->rows;
    to->unpriced += s->unpriced;
    return true;
}

static struct group *group_of(struct tally *t, const str *keys)
{
    str joined = str_join(t->a, keys, t->q->n_by, S("\x1f"));
    bool is_new;
    struct map_entry *entry = map_put(&t->index, joined, &is_new);
    if (is_new) {
        entry->num = (int64_t)t->n_groups;
        t->groups = arena_grow(t->a, t->groups, sizeof *t->groups, &t->cap_groups, t->n_groups + 1);
        t->groups[t->n_groups++] = (struct group){.keys = keys};
    }
    return &t->groups[entry->num];
}

static void add_unrated(struct tally *t, str code, str m, const struct ledger_sum *s)
{
    for (size_t i = 0; i < t->n_unrated; i++) {
        struct unrated *u = &t->unrated[i];
        if (str_eq(u->currency, code) && str_eq(u->month, m)) {
            u->billed += dec_or_zero(s->billed);
            u->effective += dec_or_zero(s->effective);
            u->rows += s->rows;
            return;
        }
    }
    t->unrated =
        arena_grow(t->a, t->unrated, sizeof *t->unrated, &t->cap_unrated, t->n_unrated + 1);
    t->unrated[t->n_unrated++] = (struct unrated){code, m, dec_or_zero(s->billed),
                                               dec_or_zero(s->effective), s->rows};
}

/* *ret_ok false: there is no rate, and the request allows that. */
static bool convert(struct tally *t, const struct ledger_sum *s, str code, str month_text,
                    dec *billed, dec *effective, bool *ret_ok, struct err *e)
{
    currency from;
    month m;
    *ret_ok = true;
    if (str_eq(code, currency_str(&t->q->currency)))
        return true;
    BUG_IF(!month_parse(month_text, &m));
    dec num, den;
    bool rated = currency_parse(code, &from) && t->q->rates &&
                 fx_month(t->q->rates, from, t->q->currency, m, &num, &den, e);
    if (!rated) {
        *ret_ok = false;
        if (t->q->leave_out_unrated)
            return true;
        err_set(e, ERR_INVALID, "no rate from %.*s to %s for %.*s, and %llu row%s in %.*s",
                FMT(code), t->q->currency.code, FMT(month_text), (unsigned long long)s->rows,
                s->rows == 1 ? " is" : "s are", FMT(code));
        return err_hint(e, "Import rates with 'outlay rates import FILE', or report with "
                           "--currency %.*s, or leave those amounts out with --without-rates.",
                        FMT(code));
    }
    if (!dec_muldiv(*billed, num, den, billed) || !dec_muldiv(*effective, num, den, effective))
        return err_set(e, ERR_FAILED, "an amount in %.*s is too large to convert", FMT(code));
    return true;
}

static bool add_sum(struct tally *t, const struct ledger_sum *s, struct err *e)
{
    const size_t n = t->q->n_by;
    str month_text = s->keys[n + 1], code = s->keys[n + 2];
    enum category category;
    BUG_IF(!category_parse(s->keys[n], &category));
    bool ai = category < CATEGORY_COUNT;
    if (t->q->ai_only && !ai && category != CATEGORY_REVIEW)
        return true;
    month m;
    BUG_IF(!month_parse(month_text, &m));
    t->first = t->first == MONTH_NONE ? m : MIN(t->first, m);
    t->last = t->last == MONTH_NONE ? m : MAX(t->last, m);
    dec billed = dec_or_zero(s->billed), effective = dec_or_zero(s->effective);
    bool rated;
    if (!convert(t, s, code, month_text, &billed, &effective, &rated, e))
        return false;
    if (!rated) {
        add_unrated(t, code, month_text, s);
        billed = effective = 0;
    }
    struct group *g = group_of(t, s->keys);
    if (!add_amounts(&g->all, s, billed, effective, e) ||
        (ai && !add_amounts(&g->ai, s, billed, effective, e)) ||
        !add_amounts(&t->by_category[category], s, billed, effective, e))
        return false;
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        t->tokens[b] += s->tokens[b];
    t->token_rows += s->token_rows;
    t->requests += s->requests;
    return true;
}

static bool collect(struct tally *t, struct err *e)
{
    const struct inventory_request *q = t->q;
    struct ledger_key *keys = arena_new(t->a, struct ledger_key, q->n_by + 3);
    if (q->n_by)
        memcpy(keys, q->by, q->n_by * sizeof *keys);
    keys[q->n_by] = (struct ledger_key){.kind = KEY_CATEGORY};
    keys[q->n_by + 1] = (struct ledger_key){.kind = KEY_MONTH};
    keys[q->n_by + 2] = (struct ledger_key){.kind = KEY_CURRENCY};
    struct ledger_query query = {.from = q->from, .to = q->to, .keys = keys, .n_keys = q->n_by + 3};
    struct ledger_sums sums;
    if (!ledger_sum(q->ledger, &query, t->a, &sums, e))
        return false;
    for (size_t i = 0; i < sums.n; i++)
        if (!add_sum(t, &sums.items[i], e))
            return false;
    return true;
}

/* Payments of bills that are counted already: rows of the period under such rules. */
static bool matched_payments(struct tally *t, struct err *e)
{
    static const struct ledger_key keys[] = {{.kind = KEY_MONTH}, {.kind = KEY_CURRENCY}};
    static const struct ledger_filter settled = {
        .key = {.kind = KEY_TEXT, .text = SPEND_RULE}, .op = FILTER_GLOB,
        .value = {"reconcile:*", 11}};
    struct ledger_query q = {.from = t->q->from, .to = t->q->to, .keys = keys, .n_keys = 2,
                             .filters = &settled, .n_filters = 1};
    struct ledger_sums sums;
    if (!ledger_sum(t->q->ledger, &q, t->a, &sums, e))
        return false;
    for (size_t i = 0; i < sums.n; i++) {
        const struct ledger_sum *s = &sums.items[i];
        dec billed = dec_or_zero(s->billed), effective = dec_or_zero(s->effective);
        bool rated;
        if (!convert(t, s, s->keys[1], s->keys[0], &billed, &effective, &rated, e))
            return false;
        t->matched += rated ? billed : 0;
        t->matched_rows += s->rows;
    }
    return true;
}

/* ---- the report ---- */

static dec on_basis(const struct tally *t, const struct amounts *x)
{
    return t->q->basis == BASIS_BILLED ? x->billed : x->effective;
}

static struct amounts total_of(const struct tally *t, int from, int to)
{
    struct amounts sum = {0};
    for (int c = from; c < to; c++) {
        sum.billed += t->by_category[c].billed;
        sum.effective += t->by_category[c].effective;
        sum.rows += t->by_category[c].rows;
        sum.unpriced += t->by_category[c].unpriced;
    }
    return sum;
}

static dec share_of(dec part, dec whole)
{
    dec r;
    return whole != 0 && dec_div(part, whole, &r) ? dec_round(r, 6) : DEC_NULL;
}

static const struct {
    const char *typical;
} BANDS[CATEGORY_COUNT] = {
    [CATEGORY_INFRA] = {"25-35 %"},   [CATEGORY_TALENT] = {"35-45 %"},
    [CATEGORY_VENDOR] = {"10-20 %"},  [CATEGORY_DATA] = {"10-15 %"},
    [CATEGORY_RESERVE] = {"15-20 %"},
};

static void category_table(const struct tally *t, struct doc *d)
{
    static const struct doc_column columns[] = {
        {"category", "Category", CELL_TEXT, SHOW_ALL, 0, -1},
        {"amount", "Amount", CELL_MONEY, SHOW_ALL, 2, -1},
        {"share", "Share", CELL_SHARE, SHOW_ALL, 1, -1},
        {"typical", "Typical plan share", CELL_TEXT, SHOW_ALL, 0, -1},
        {"rows", "Rows", CELL_COUNT, SHOW_ALL, 0, -1},
    };
    struct doc_table *table = doc_table(d, "categories", S("AI spend by category"), columns,
                                        ARRAY_LEN(columns));
    table->shown = SHOW_PEOPLE;
    struct amounts ai = total_of(t, 0, CATEGORY_COUNT);
    dec whole = on_basis(t, &ai);
    for (int c = 0; c < CATEGORY_COUNT; c++) {
        const struct amounts *x = &t->by_category[c];
        struct cell *cells = doc_row(d, table, ROW_NORMAL, 0);
        cells[0] = cell_text(str_of(category_name((enum category)c)));
        if (x->rows) {
            cells[1] = cell_money(on_basis(t, x));
            cells[2] = cell_share(share_of(on_basis(t, x), whole));
        }
        cells[3] = cell_text(str_of(BANDS[c].typical));
        cells[4] = cell_count((int64_t)x->rows);
    }
    struct cell *cells = doc_row(d, table, ROW_TOTAL, 0);
    cells[0] = cell_text(S("AI spend"));
    cells[1] = cell_money(whole);
    cells[4] = cell_count((int64_t)ai.rows);
}

static int by_amount(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    if (x->ai.effective != y->ai.effective)
        return x->ai.effective > y->ai.effective ? -1 : 1;
    if (x->all.effective != y->all.effective)
        return x->all.effective > y->all.effective ? -1 : 1;
    return (x->keys > y->keys) - (x->keys < y->keys); /* the ledger's order */
}

static struct cell key_cell(const struct ledger_key *k, str text)
{
    if (!text.n)
        return cell_null();
    month m;
    if ((k->kind == KEY_MONTH || k->kind == KEY_PERIOD) && month_parse(text, &m))
        return cell_month(m);
    return cell_text(text);
}

static void spend_rows(const struct tally *t, struct doc *d, struct doc_table *table,
                       const struct group *groups, bool people)
{
    const size_t n = t->q->n_by;
    for (size_t i = 0; i < t->n_groups; i++) {
        const struct group *g = &groups[i];
        struct cell *cells = doc_row(d, table, ROW_NORMAL, 0);
        for (size_t k = 0; k < n; k++) {
            cells[k] = key_cell(&t->q->by[k], g->keys[k]);
            enum category c;
            if (people && t->q->by[k].kind == KEY_CATEGORY && category_parse(g->keys[k], &c))
                cells[k] = cell_text(str_of(category_name(c)));
        }
        if (people) {
            cells[n] = g->ai.rows ? cell_money(on_basis(t, &g->ai)) : cell_null();
            cells[n + 1] = cell_money(on_basis(t, &g->all));
            cells[n + 2] = cell_count((int64_t)g->all.rows);
            continue;
        }
        bool unknown = g->all.unpriced == g->all.rows; /* not one amount is known */
        cells[n] = unknown ? cell_null() : cell_money(g->all.billed);
        cells[n + 1] = unknown ? cell_null() : cell_money(g->all.effective);
        cells[n + 2] = cell_count((int64_t)g->all.rows);
        cells[n + 3] = cell_money(g->ai.billed);
        cells[n + 4] = cell_money(g->ai.effective);
        cells[n + 5] = cell_count((int64_t)g->ai.rows);
        cells[n + 6] = cell_count((int64_t)g->all.unpriced);
    }
}

static const char *key_title(struct arena *a, str name)
{
    char *title = str_cstr(a, str_starts(name, S("tag:")) ? str_sub(name, 4, name.n) : name);
    for (char *p = title; *p; p++)
        *p = *p == '_' ? ' ' : *p;
    if (*title >= 'a' && *title <= 'z')
        *title = (char)(*title - 32);
    return title;
}

static void spend_tables(const struct tally *t, struct doc *d)
{
    static const struct doc_column for_people[] = {
        {"ai", "AI spend", CELL_MONEY, SHOW_ALL, 2, -1},
        {"all", "All spend", CELL_MONEY, SHOW_ALL, 2, -1},
        {"rows", "Rows", CELL_COUNT, SHOW_ALL, 0, -1},
    };
    static const struct doc_column for_data[] = {
        {"billed", "Billed", CELL_MONEY, SHOW_ALL, 2, -1},
        {"effective", "Effective", CELL_MONEY, SHOW_ALL, 2, -1},
        {"rows", "Rows", CELL_COUNT, SHOW_ALL, 0, -1},
        {"ai_billed", "AI billed", CELL_MONEY, SHOW_ALL, 2, -1},
        {"ai_effective", "AI effective", CELL_MONEY, SHOW_ALL, 2, -1},
        {"ai_rows", "AI rows", CELL_COUNT, SHOW_ALL, 0, -1},
        {"unpriced", "Rows without a cost", CELL_COUNT, SHOW_ALL, 0, -1},
    };
    const size_t n = t->q->n_by;
    struct doc_column *data = arena_new(t->a, struct doc_column, n + ARRAY_LEN(for_data));
    struct doc_column *people = arena_new(t->a, struct doc_column, n + ARRAY_LEN(for_people));
    for (size_t k = 0; k < n; k++) {
        const struct ledger_key *key = &t->q->by[k];
        bool monthly = key->kind == KEY_MONTH || key->kind == KEY_PERIOD;
        data[k] = (struct doc_column){str_cstr(t->a, t->q->by_names[k]),
                                      key_title(t->a, t->q->by_names[k]),
                                      monthly ? CELL_MONTH : CELL_TEXT, SHOW_ALL, 0, -1};
        people[k] = data[k];
    }
    memcpy(data + n, for_data, sizeof for_data);
    memcpy(people + n, for_people, sizeof for_people);
    struct doc_table *all =
        doc_table(d, "spend", STR_NONE, data, n + ARRAY_LEN(for_data));
    all->shown = SHOW_DATA;
    spend_rows(t, d, all, t->groups, false);

    bool by_category_alone = n == 1 && t->q->by[0].kind == KEY_CATEGORY;
    if (!n || by_category_alone)
        return; /* the category table already says it */
    struct group *sorted = arena_new(t->a, struct group, t->n_groups);
    if (t->n_groups)
        memcpy(sorted, t->groups, t->n_groups * sizeof *sorted);
    bool by_time = t->q->by[0].kind == KEY_MONTH || t->q->by[0].kind == KEY_PERIOD;
    if (!by_time && t->n_groups)
        qsort(sorted, t->n_groups, sizeof *sorted, by_amount);
    struct doc_table *shown =
        doc_table(d, "spend_by", S("Spend"), people, n + ARRAY_LEN(for_people));
    shown->shown = SHOW_PEOPLE;
    spend_rows(t, d, shown, sorted, true);
}

static void coverage_table(const struct tally *t, struct doc *d)
{
    static const struct doc_column columns[] = {
        {"status", "Status", CELL_TEXT, SHOW_ALL, 0, -1},
        {"billed", "Billed", CELL_MONEY, SHOW_ALL, 2, -1},
        {"effective", "Effective", CELL_MONEY, SHOW_ALL, 2, -1},
        {"rows", "Rows", CELL_COUNT, SHOW_ALL, 0, -1},
    };
    struct doc_table *table = doc_table(d, "coverage", S("Coverage"), columns, ARRAY_LEN(columns));
    const struct {
        const char *key;
        struct amounts x;
    } rows[] = {
        {"classified", total_of(t, 0, CATEGORY_COUNT)},
        {"review", t->by_category[CATEGORY_REVIEW]},
        {"not_ai", t->by_category[CATEGORY_NOT_AI]},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct cell *cells = doc_row(d, table, ROW_NORMAL, 0);
        cells[0] = cell_text(str_of(rows[i].key));
        cells[1] = cell_money(rows[i].x.billed);
        cells[2] = cell_money(rows[i].x.effective);
        cells[3] = cell_count((int64_t)rows[i].x.rows);
    }
}

static str percent(struct arena *a, dec fraction)
{
    char text[DEC_TEXT];
    dec hundred = 0;
    if (!dec_mul(fraction, dec_from_i64(100), &hundred))
        return S("?");
    return str_fmt(a, "%s %%", dec_format_fixed(hundred, 1, text).p);
}

/* "1.84M": a size, for sentences only; tables have the digits. */
static str rough(struct arena *a, dec v)
{
    static const struct {
        int64_t unit;
        const char *suffix;
    } units[] = {{1000000000, "B"}, {1000000, "M"}, {1000, "k"}};
    char text[DEC_TEXT];
    dec size = v < 0 ? -v : v;
    for (size_t i = 0; i < ARRAY_LEN(units); i++)
        if (size >= dec_from_i64(units[i].unit))
            return str_fmt(a, "%s%s", dec_format_fixed(v / units[i].unit, 2, text).p,
                           units[i].suffix);
    return str_dup(a, dec_format_fixed(v, 2, text));
}

/* "97.2 % of 1.84M explained, 2.8 % to review" */
static void coverage_sentence(const struct tally *t, struct doc *d)
{
    struct amounts ai = total_of(t, 0, CATEGORY_COUNT), review = t->by_category[CATEGORY_REVIEW];
    dec found = on_basis(t, &ai) + on_basis(t, &review);
    dec share = share_of(on_basis(t, &review), found);
    if (share == DEC_NULL)
        return;
    doc_prose(d, SHOW_PEOPLE,
              str_fmt(t->a,
                      "Coverage: %s of %s %s AI spend found is explained, %s (%s) is to review.",
                      percent(t->a, DEC_ONE - share).p, rough(t->a, found).p, t->q->currency.code,
                      percent(t->a, share).p, rough(t->a, on_basis(t, &review)).p));
}

static bool at_risk_table(const struct tally *t, struct doc *d)
{
    static const struct doc_column columns[] = {
        {"kind", "At risk", CELL_TEXT, SHOW_ALL, 0, -1},
        {"rows", "Rows", CELL_COUNT, SHOW_ALL, 0, -1},
        {"billed", "Billed", CELL_MONEY, SHOW_ALL, 2, -1},
        {"effective", "Effective", CELL_MONEY, SHOW_ALL, 2, -1},
        {"currency", "Currency", CELL_TEXT, SHOW_ALL, 0, -1},
        {"remedy", "What to do", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc_table *table = doc_table(d, "at_risk", S("Amounts at risk"), columns,
                                        ARRAY_LEN(columns));
    str own = str_dup(t->a, currency_str(&t->q->currency));
    const struct amounts *review = &t->by_category[CATEGORY_REVIEW];
    struct amounts all = total_of(t, 0, CATEGORY_STATES);
    if (review->rows) {
        struct cell *cells = doc_row(d, table, ROW_NORMAL, 0);
        cells[0] = cell_text(S("review"));
        cells[1] = cell_count((int64_t)review->rows);
        cells[2] = cell_money(review->billed);
        cells[3] = cell_money(review->effective);
        cells[4] = cell_text(own);
        cells[5] = cell_text(S("outlay rules suggest"));
    }
    if (all.unpriced) {
        struct cell *cells = doc_row(d, table, ROW_NORMAL, 0);
        cells[0] = cell_text(S("unpriced"));
        cells[1] = cell_count((int64_t)all.unpriced);
        cells[4] = cell_text(own);
        cells[5] = cell_text(S("outlay prices import FILE"));
    }
    for (size_t i = 0; i < t->n_unrated; i++) {
        const struct unrated *u = &t->unrated[i];
        struct cell *cells = doc_row(d, table, ROW_NORMAL, 0);
        cells[0] = cell_text(str_fmt(t->a, "no rate %.*s", FMT(u->month)));
        cells[1] = cell_count((int64_t)u->rows);
        cells[2] = cell_money(u->billed);
        cells[3] = cell_money(u->effective);
        cells[4] = cell_text(u->currency);
        cells[5] = cell_text(S("outlay rates import FILE"));
    }
    return table->n_rows > 0;
}

static void figures(const struct tally *t, struct doc *d)
{
    struct amounts all = total_of(t, 0, CATEGORY_STATES), ai = total_of(t, 0, CATEGORY_COUNT);
    const struct {
        const char *id, *title;
        struct cell value;
    } items[] = {
        {"ai_billed", "AI spend, billed", cell_money(ai.billed)},
        {"ai_effective", "AI spend, effective", cell_money(ai.effective)},
        {"ai_rows", "AI rows", cell_count((int64_t)ai.rows)},
        {"billed", "All spend, billed", cell_money(all.billed)},
        {"effective", "All spend, effective", cell_money(all.effective)},
        {"rows", "All rows", cell_count((int64_t)all.rows)},
    };
    for (size_t i = 0; i < ARRAY_LEN(items); i++)
        doc_figure(d, items[i].id, str_of(items[i].title), 2, items[i].value);
    if (!t->token_rows)
        return;
    int64_t tokens = 0;
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        tokens += t->tokens[b];
    doc_figure(d, "tokens", S("Tokens"), 0, cell_count(tokens));
    for (int b = 0; b < TOKEN_BUCKETS; b++) {
        doc_figure(d, str_fmt(t->a, "tokens_%s", token_bucket_key((enum token_bucket)b)).p,
                   STR_NONE, 0, cell_count(t->tokens[b]));
        doc_last_figure(d)->shown = SHOW_DATA;
    }
    if (t->requests)
        doc_figure(d, "requests", S("Requests"), 0, cell_count((int64_t)t->requests));
}

static void notes(const struct tally *t, struct doc *d)
{
    struct amounts ai = total_of(t, 0, CATEGORY_COUNT), all = total_of(t, 0, CATEGORY_STATES);
    char text[DEC_GROUPED_TEXT];
    if (ai.billed != ai.effective)
        doc_note(
            d, NOTE_INFO,
            "Billed and effective AI cost differ by %s %s: commitments are billed when bought and "
            "effective when used, and marketplace rows may be billed elsewhere.",
            dec_format_grouped(ai.billed - ai.effective, 2, text).p, t->q->currency.code);
    if (ai.billed == 0 && ai.effective != 0 && t->q->basis == BASIS_BILLED)
        doc_note(d, NOTE_WARN,
                 "All AI cost is effective and none is billed: use --basis effective.");
    if (all.unpriced)
        doc_note(d, NOTE_WARN, "%s rows have no known cost; totals do not contain them.",
                 str_count(t->a, all.unpriced).p);
    if (t->n_unrated)
        doc_note(d, NOTE_WARN, "Amounts without an exchange rate are not in the totals.");
    if (t->matched_rows)
        doc_note(d, NOTE_INFO,
                 "Postings and payments in %s row%s, %s %s, paid bills that are counted here; they "
                 "are not AI spend a second time (outlay reconcile matches).",
                 str_count(t->a, t->matched_rows).p, t->matched_rows == 1 ? "" : "s",
                 dec_format_grouped(t->matched, 2, text).p, t->q->currency.code);
    if (!all.rows)
        doc_note(d, NOTE_INFO, "The ledger holds no spend in this period. Import bills with "
                               "'outlay import FILE...'.");
}

static str subtitle(const struct tally *t)
{
    char from[MONTH_TEXT], to[MONTH_TEXT];
    const char *basis = t->q->basis == BASIS_BILLED ? "billed" : "effective";
    if (t->first == MONTH_NONE)
        return str_fmt(t->a, "%s, %s cost", t->q->currency.code, basis);
    month_format_name(t->first, from);
    month_format_name(t->last, to);
    return t->first == t->last
               ? str_fmt(t->a, "%s, %s, %s cost", from, t->q->currency.code, basis)
               : str_fmt(t->a, "%s - %s, %s, %s cost", from, to, t->q->currency.code, basis);
}

bool report_inventory(const struct inventory_request *q, struct arena *a, struct doc **ret,
                      bool *ret_at_risk, struct err *e)
{
    struct tally *t = arena_new(a, struct tally, 1);
    *t = (struct tally){.q = q, .a = a, .first = MONTH_NONE, .last = MONTH_NONE};
    map_init(&t->index, a);
    if (!collect(t, e) || !matched_payments(t, e))
        return false;
    struct doc *d = doc_new(a, "inventory", S("AI spend inventory"));
    d->currency = q->currency;
    d->basis = q->basis == BASIS_BILLED ? "billed" : "effective";
    d->as_of = q->as_of;
    d->subtitle = subtitle(t);
    if (t->first != MONTH_NONE) {
        size_t n = (size_t)(t->last - t->first + 1);
        month *months = arena_new(a, month, n);
        for (size_t i = 0; i < n; i++)
            months[i] = t->first + (month)i;
        d->months = months;
        d->n_months = n;
    }
    category_table(t, d);
    coverage_sentence(t, d);
    spend_tables(t, d);
    coverage_table(t, d);
    bool at_risk = at_risk_table(t, d);
    figures(t, d);
    notes(t, d);
    *ret = d;
    *ret_at_risk = at_risk;
    return true;
}
