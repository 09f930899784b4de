/* rework.c - stored rows through the classifier or the price book once more. */
#include "app/rework.h"

#include "app/allocate.h"
#include "base/map.h"
#include "base/os.h"
#include "ingest/pricing.h"
#include "ingest/rules_split.h"
#include "ingest/unit_rate.h"
#include "store/book_reconcile.h"
#include "store/ledger_rewrite.h"

enum { PULL = 256 };

struct tally {
    struct rework_change items[CATEGORY_STATES * CATEGORY_STATES * 8];
    size_t n;
    struct arena text;
};

/* A row source between the stored rows and the new part. */
struct reworker {
    struct workspace *w;
    enum rework_kind kind;
    const month *closed;
    size_t n_closed;
    const struct map *settled; /* place of a row to the id of its settlement */
    int64_t import;            /* of the part at work */
    const struct row_source *inner;
    void *inner_worker;
    struct classifier *classifier;
    struct pricing pricing;
    const struct unit_rate *rates; /* of the book */
    size_t n_rates;
    struct spend_row in[PULL];
    size_t at, n;
    bool ended;
    struct spend_row group[SPLIT_MOST]; /* shares of one record, so far */
    size_t n_group;
    struct arena group_text;
    struct spend_row out[SPLIT_MOST]; /* made of the record before, not yet handed out */
    size_t out_at, n_out;
    struct rework_outcome *sum;
    uint64_t changed_in_part;
    struct tally *tally;
};

/* ---- what changed ---- */

static void count_change(struct reworker *r, const struct spend_row *before,
                         const struct spend_row *after)
{
    struct tally *t = r->tally;
    str code = currency_str(&before->currency);
    struct rework_change *c = NULL;
    for (size_t i = 0; i < t->n && !c; i++)
        if (t->items[i].from == before->category && t->items[i].to == after->category &&
            str_eq(t->items[i].currency, code))
            c = &t->items[i];
    if (!c && t->n < ARRAY_LEN(t->items)) {
        c = &t->items[t->n++];
        *c = (struct rework_change){before->category, after->category,
                                    .currency = str_dup(&t->text, code)};
    }
    if (!c)
        return; /* hundreds of currencies: the counts in `sum` still hold */
    c->rows++;
    c->unpriced_before += before->billed == DEC_NULL;
    c->unpriced_after += after->billed == DEC_NULL;
    c->billed_before += before->billed == DEC_NULL ? 0 : before->billed;
    c->billed_after += after->billed == DEC_NULL ? 0 : after->billed;
}

static bool same(const struct spend_row *a, const struct spend_row *b)
{
    static const enum spend_text texts[] = {SPEND_RULE, SPEND_INITIATIVE, SPEND_LINE,
                                            SPEND_PRICE_ID};
    if (a->category != b->category || a->confidence != b->confidence || a->billed != b->billed ||
        a->effective != b->effective || a->share_ppm != b->share_ppm)
        return false;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (!str_eq(a->text[texts[i]], b->text[texts[i]]))
            return false;
    for (size_t i = 0; i < ALLOCATION_TAGS; i++)
        if (!str_eq(a->allocation[i], b->allocation[i]))
            return false;
    return true;
}

static bool same_category(const struct spend_row *a, const struct spend_row *b)
{
    return a->category == b->category;
}

typedef bool row_equality(const struct spend_row *a, const struct spend_row *b);

/* Moves to the place of each row of `before` that has no partner yet an equal free row of `after`.
 * Returns how many got one. */
static size_t pair_off(const struct spend_row *before, size_t n, struct spend_row *after,
                       size_t n_after, row_equality *equal, bool paired[SPLIT_MOST])
{
    size_t found = 0;
    for (size_t i = 0; i < MIN(n, n_after); i++) {
        size_t k = 0;
        while (k < n_after && (paired[i] || paired[k] || !equal(&before[i], &after[k])))
            k++;
        if (k == n_after)
            continue;
        struct spend_row moved = after[k];
        after[k] = after[i];
        after[i] = moved;
        paired[i] = true;
        found++;
    }
    return found;
}

/* The parts of a record stand in the ledger in any order. What changed is then compared by place,
 * so those that are as they were, then those of one category, come to the place they had. */
static bool same_parts(const struct spend_row *before, size_t n, struct spend_row *after,
                       size_t n_after)
{
    bool paired[SPLIT_MOST] = {false};
    if (pair_off(before, n, after, n_after, same, paired) == n && n == n_after)
        return true;
    pair_off(before, n, after, n_after, same_category, paired);
    return false;
}

/* ---- one record ---- */

static bool is_closed(const struct reworker *r, month m)
{
    for (size_t i = 0; i < r->n_closed; i++)
        if (r->closed[i] == m)
            return true;
    return false;
}

/* Only what the price book once priced, or could not: a cost that came with the bill stays. */
static void price_anew(struct reworker *r, struct spend_row *row)
{
    bool ours = row->text[SPEND_PRICE_ID].n > 0;
    if (unit_rate_is_id(row->text[SPEND_PRICE_ID]) &&
        !unit_rate_is_book_id(row->text[SPEND_PRICE_ID]))
        return; /* stated for its import */
    if (!ours && row->billed != DEC_NULL)
        return;
    if (ours) {
        row->billed = row->effective = DEC_NULL;
        row->text[SPEND_PRICE_ID] = STR_NONE;
    }
    if (!unit_rate_apply(r->rates, r->n_rates, row))
        pricing_apply(&r->pricing, row);
}

/* A payment of a bill that is in the book counts there, not here. */
static void settle_row(struct reworker *r, struct spend_row *row, int64_t settlement)
{
    row->category = CATEGORY_NOT_AI;
    row->confidence = 100;
    row->text[SPEND_RULE] =
        str_fmt(r->w->arena, SETTLED_RULE "%lld", (long long)settlement);
    row->text[SPEND_INITIATIVE] = row->text[SPEND_LINE] = STR_NONE;
    row->group = 0;
}

/* The settlement a record belongs to, or 0. */
static int64_t settlement_of(const struct reworker *r, const struct spend_row *row)
{
    char key[80];
    snprintf(key, sizeof key, "%lld/%u:%llu", (long long)r->import, row->file,
             (unsigned long long)row->row);
    const struct map_entry *at = r->settled->n ? map_get(r->settled, str_of(key)) : NULL;
    return at ? at->num : 0;
}

static bool classify_anew(struct reworker *r, const struct spend_row *old, size_t n,
                          struct err *e)
{
    int64_t settlement = settlement_of(r, old);
    bool was_settled = str_starts(old[0].text[SPEND_RULE], S(SETTLED_RULE));
    if (r->kind == REWORK_SETTLE && !settlement && !was_settled)
        return true;
    if (n > 1 && !rows_join(old, n, &r->out[0], e))
        return false;
    r->n_out = 1;
    if (!classify(r->classifier, r->out, &r->n_out, e))
        return false;
    if (!settlement)
        return true;
    if (n > 1 || r->n_out > 1) {
        struct spend_row whole = n > 1 ? r->out[0] : old[0];
        if (n > 1 && !rows_join(old, n, &whole, e))
            return false;
        r->out[0] = whole;
        r->n_out = 1;
    }
    settle_row(r, &r->out[0], settlement);
    return true;
}

/* old: the rows of one record; r->out gets what they become. */
static bool work(struct reworker *r, const struct spend_row *old, size_t n, struct err *e)
{
    r->out_at = 0;
    r->sum->rows += n;
    memcpy(r->out, old, n * sizeof *old);
    r->n_out = n;
    if (is_closed(r, old[0].period)) {
        r->sum->closed += n;
        return true;
    }
    if (r->kind == REWORK_PRICES) {
        for (size_t i = 0; i < n; i++)
            price_anew(r, &r->out[i]);
    } else if (!classify_anew(r, old, n, e)) {
        return false;
    }
    if (same_parts(old, n, r->out, r->n_out))
        return true;
    r->sum->changed += n;
    r->changed_in_part += n;
    for (size_t i = 0; i < MAX(n, r->n_out); i++) { /* a part more or less had or has nothing */
        struct spend_row before = old[MIN(i, n - 1)], after = r->out[MIN(i, r->n_out - 1)];
        before.billed = i < n ? before.billed : 0;
        after.billed = i < r->n_out ? after.billed : 0;
        count_change(r, &before, &after);
    }
    return true;
}

static struct spend_row kept_row(struct arena *a, const struct spend_row *row)
{
    struct spend_row r = *row;
    for (int t = 0; t < SPEND_TEXTS; t++)
        r.text[t] = str_dup(a, r.text[t]);
    for (int i = 0; i < ALLOCATION_TAGS; i++)
        r.allocation[i] = str_dup(a, r.allocation[i]);
    return r;
}

static bool flush_group(struct reworker *r, struct err *e)
{
    size_t n = r->n_group;
    r->n_group = 0;
    return work(r, r->group, n, e);
}

/* ---- the source ---- */

static bool open_worker(void *self, void **ret_worker, struct err *e)
{
    struct reworker *r = self;
    if (!r->inner->open(r->inner->self, &r->inner_worker, e))
        return false;
    r->classifier = r->kind == REWORK_PRICES ? NULL : classifier_new(r->w->rules);
    pricing_init(&r->pricing, r->w->prices);
    *ret_worker = r;
    return true;
}

/* Makes r->out from the next record; *ret_more false: there is none. */
static bool next_record(struct reworker *r, bool *ret_more, struct err *e)
{
    *ret_more = true;
    for (;;) {
        if (r->at == r->n && !r->ended) {
            if (!r->inner->produce(r->inner_worker, r->in, PULL, &r->n, e))
                return false;
            r->at = 0;
            r->ended = r->n == 0;
        }
        if (r->ended) {
            if (r->n_group)
                return flush_group(r, e);
            *ret_more = false;
            return true;
        }
        const struct spend_row *row = &r->in[r->at];
        bool follows = r->n_group && row->share_ppm < 1000000 && r->group[0].file == row->file &&
                       r->group[0].row == row->row;
        if (r->n_group && !follows)
            return flush_group(r, e);
        r->at++;
        if (row->share_ppm == 1000000)
            return work(r, row, 1, e);
        if (!r->n_group)
            arena_reset(&r->group_text);
        if (r->n_group == SPLIT_MOST)
            return err_set(e, ERR_FAILED, "a row of the ledger has more than %d shares",
                           SPLIT_MOST);
        r->group[r->n_group++] = kept_row(&r->group_text, row);
    }
}

static bool produce(void *worker, struct spend_row *rows, size_t cap, size_t *ret_n, struct err *e)
{
    struct reworker *r = worker;
    size_t n = 0;
    while (n < cap) {
        if (r->out_at < r->n_out) {
            rows[n++] = r->out[r->out_at++];
            continue;
        }
        /* text of rows handed out must live until the next call: no pulling, no new group before */
        if (n && (r->at == r->n || r->in[r->at].share_ppm < 1000000))
            break;
        bool more;
        if (!next_record(r, &more, e))
            return false;
        if (!more)
            break;
    }
    *ret_n = n;
    return true;
}

static void close_worker(void *worker)
{
    struct reworker *r = worker;
    r->inner->close(r->inner_worker);
    classifier_free(r->classifier);
    arena_release(&r->group_text);
}

/* ---- parts ---- */

struct plan {
    struct workspace *w;
    enum rework_kind kind;
    month *closed;
    size_t n_closed;
    struct map settled;
    bool *touched; /* per import id: a settlement, standing or undone, names rows of it */
    int64_t n_touched;
    const struct unit_rate *rates;
    size_t n_rates;
    ledger_progress *progress;
    void *progress_ctx;
    const volatile bool *interrupted;
    struct new_part *parts;
    str *retire;
    size_t n;
    struct rework_outcome sum;
    struct tally tally;
};

static bool read_settled(struct plan *p, struct err *e)
{
    struct settlement *items;
    size_t n;
    map_init(&p->settled, p->w->arena);
    if (!book_settlements(p->w->book, true, p->w->arena, &items, &n, e))
        return false;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < items[i].n_rows; k++)
            p->n_touched = MAX(p->n_touched, items[i].rows[k].import + 1);
    p->touched = arena_new(p->w->arena, bool, (size_t)p->n_touched + 1);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < items[i].n_rows; k++) {
            const struct row_place *x = &items[i].rows[k];
            p->touched[x->import] = true;
            if (!items[i].undone)
                map_put(&p->settled,
                        str_fmt(p->w->arena, "%lld/%u:%llu", (long long)x->import, x->file,
                                (unsigned long long)x->row),
                        NULL)
                    ->num = items[i].id;
        }
    return true;
}

static bool rework_part(struct plan *p, const struct book_part *old, str tmp, struct err *e)
{
    struct rewrite_options o = {.parts = &old->ref.name, .n_parts = 1, .split_together = true};
    struct rewrite_source *stored;
    int64_t import = old->ref.import;
    if (p->kind == REWORK_SETTLE && (import >= p->n_touched || !p->touched[import]))
        return true;
    if (!rewrite_open(p->w->ledger, &o, &stored, e))
        return false;
    struct reworker *r = calloc(1, sizeof *r);
    if (!r)
        out_of_memory(sizeof *r);
    r->w = p->w;
    r->kind = p->kind;
    r->closed = p->closed;
    r->n_closed = p->n_closed;
    r->settled = &p->settled;
    r->import = import;
    r->rates = p->rates;
    r->n_rates = p->n_rates;
    r->inner = rewrite_rows(stored);
    r->sum = &p->sum;
    r->tally = &p->tally;
    struct row_source source = {.self = r,
                                .max_workers = 1,
                                .open = open_worker,
                                .produce = produce,
                                .close = close_worker};
    struct part_info info;
    bool ok = ledger_write(p->w->ledger, &source, tmp, old->ref.name, p->progress, p->progress_ctx,
                           p->interrupted, p->w->arena, &info, e);
    bool conserved = p->kind == REWORK_PRICES || !ok ||
                     (info.billed == old->info.billed && info.effective == old->info.effective);
    if (ok && !conserved)
        ok = err_set(e, ERR_FAILED, "part '%.*s' would change its total", FMT(old->ref.name));
    if (ok && r->changed_in_part) {
        p->parts[p->n] = (struct new_part){info, old->ref.import};
        p->retire[p->n++] = old->ref.name;
    }
    free(r);
    rewrite_close(stored);
    return ok;
}

/* Rows stand in a part in any order; what is shown does not. */
static int by_move(const void *a, const void *b)
{
    const struct rework_change *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    return str_cmp(x->currency, y->currency);
}

bool rework(struct workspace *w, enum rework_kind kind, bool dry_run, ledger_progress *progress,
            void *progress_ctx, const volatile bool *interrupted, struct rework_outcome *ret,
            struct err *e)
{
    struct plan *p = arena_new(w->arena, struct plan, 1);
    *p = (struct plan){.w = w,
                       .kind = kind,
                       .progress = progress,
                       .progress_ctx = progress_ctx,
                       .interrupted = interrupted};
    const struct unit_rate *rates = rules_unit_rates(w->rules, &p->n_rates);
    p->rates = unit_rates_of_book(w->arena, rates, p->n_rates, w->settings.currency);
    str tmp, waits; /* what waits for the plan is not of a settlement's */
    if (!book_import_begin(w->book, w->arena, &tmp, e))
        return false;
    /* what counts and what is closed is asked under the lock: nobody else changes it from here on
     */
    bool ok = workspace_attach(w, e) &&
              book_closed_months(w->book, w->arena, &p->closed, &p->n_closed, e) &&
              read_settled(p, e) &&
              (kind == REWORK_PRICES ||
               allocate_shares(w, kind == REWORK_SETTLE ? &waits : NULL, e));
    p->parts = arena_new(w->arena, struct new_part, w->n_parts);
    p->retire = arena_new(w->arena, str, w->n_parts);
    for (size_t i = 0; ok && i < w->n_parts; i++)
        ok = rework_part(p, &w->parts[i], tmp, e);
    p->sum.parts = p->n;
    p->sum.changes = arena_new(w->arena, struct rework_change, p->tally.n);
    p->sum.n_changes = p->tally.n;
    for (size_t i = 0; i < p->tally.n; i++) {
        p->sum.changes[i] = p->tally.items[i];
        p->sum.changes[i].currency = str_dup(w->arena, p->tally.items[i].currency);
    }
    if (p->tally.n)
        qsort(p->sum.changes, p->tally.n, sizeof *p->sum.changes, by_move);
    arena_release(&p->tally.text);
    if (ok && p->n && !dry_run) {
        str detail = str_fmt(w->arena, "%llu of %llu rows changed",
                             (unsigned long long)p->sum.changed, (unsigned long long)p->sum.rows);
        ok = book_rewrite_commit(w->book, p->parts, p->n, p->retire, p->n,
                                 kind == REWORK_RULES    ? S("rules apply")
                                 : kind == REWORK_SETTLE ? S("reconcile apply")
                                                         : S("prices apply"),
                                 detail, kind == REWORK_RULES ? rules_digest(w->rules) : STR_NONE,
                                 w->options.now, e) &&
             workspace_attach(w, e);
    } else {
        book_import_abort(w->book);
    }
    if (ok)
        *ret = p->sum;
    return ok;
}
