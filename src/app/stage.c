/* stage.c - hide names, price, check units, classify: one row at a time, one worker per thread. */
#include "app/stage.h"

#include <pthread.h>

#include "ingest/pricing.h"
#include "ingest/unit_check.h"
#include "ingest/unit_rate.h"

/* Units of vendors' own in which rows without a cost count; a few are enough to tell. */
struct bare_units {
    uint64_t rows;
    struct bare_unit {
        char name[32];
    } items[4];
    size_t n;
};

struct stage {
    struct stage_needs needs;
    pthread_mutex_t lock;       /* guards what follows, while workers close */
    struct unit_check *units;   /* of all workers */
    struct pricing pricing;     /* counts of all workers */
    uint64_t rated;             /* rows priced by a stated rate */
    struct payee_counts hidden;
    struct bare_units bare;
};

struct worker {
    struct stage *stage;
    struct payee_hider *hider;
    struct classifier *classifier;
    struct unit_check *units;
    struct pricing pricing;
    uint64_t rated;
    struct bare_units bare;
};

static bool open_worker(void *ctx, void **ret_worker, struct err *e)
{
    struct stage *s = ctx;
    struct worker *w = calloc(1, sizeof *w);
    (void)e;
    if (!w)
        out_of_memory(sizeof *w);
    w->stage = s;
    w->hider = payee_hider_new(s->needs.payees);
    w->classifier = classifier_new(s->needs.rules);
    w->units = unit_check_new(s->needs.prices);
    pricing_init(&w->pricing, s->needs.prices);
    *ret_worker = w;
    return true;
}

static bool has_tokens(const struct spend_row *row)
{
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        if (row->tokens[b] != TOKENS_NULL)
            return true;
    return false;
}

static void add_bare(struct bare_units *b, str unit)
{
    struct bare_unit x = {0};
    size_t i = 0;
    snprintf(x.name, sizeof x.name, "%.*s", FMT(unit));
    while (i < b->n && strcmp(b->items[i].name, x.name) != 0)
        i++;
    if (i == b->n && b->n < ARRAY_LEN(b->items))
        b->items[b->n++] = x;
}

static bool is_bare(const struct spend_row *row)
{
    static const char *const UNITS[] = {"DBU", "credits", "seats"};
    if (!dec_is_null(row->billed) || dec_is_null(row->quantity))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(UNITS); i++)
        if (str_eq_nocase(row->text[SPEND_UNIT], str_of(UNITS[i])))
            return true;
    return false;
}

static bool apply(void *worker, struct spend_row rows[SPLIT_MOST], size_t *ret_n, struct err *e)
{
    struct worker *w = worker;
    const struct import_options *o = w->stage->needs.options;
    payee_hide(w->hider, &rows[0]);
    if (o->n_rates)
        w->rated += unit_rate_apply(o->rates, o->n_rates, &rows[0]);
    if (is_bare(&rows[0])) {
        w->bare.rows++;
        add_bare(&w->bare, rows[0].text[SPEND_UNIT]);
    }
    if (has_tokens(&rows[0])) { /* most rows of a cloud bill have none */
        unit_check_add(w->units, &rows[0]);
        pricing_apply(&w->pricing, &rows[0]);
    }
    return classify(w->classifier, rows, ret_n, e);
}

static void close_worker(void *worker)
{
    struct worker *w = worker;
    struct stage *s = w->stage;
    pthread_mutex_lock(&s->lock);
    unit_check_merge(s->units, w->units);
    s->rated += w->rated;
    const struct payee_counts *hidden = payee_hider_counts(w->hider);
    s->hidden.names += hidden->names;
    s->hidden.texts += hidden->texts;
    s->hidden.addresses += hidden->addresses;
    s->bare.rows += w->bare.rows;
    for (size_t i = 0; i < w->bare.n; i++)
        add_bare(&s->bare, str_of(w->bare.items[i].name));
    s->pricing.priced += w->pricing.priced;
    s->pricing.unpriced += w->pricing.unpriced;
    s->pricing.fallback += w->pricing.fallback;
    pthread_mutex_unlock(&s->lock);
    unit_check_free(w->units);
    classifier_free(w->classifier);
    payee_hider_free(w->hider);
    free(w);
}

struct stage *stage_new(struct arena *a, const struct stage_needs *needs)
{
    struct stage *s = arena_new(a, struct stage, 1);
    *s = (struct stage){.needs = *needs};
    pthread_mutex_init(&s->lock, NULL);
    s->units = unit_check_new(needs->prices);
    return s;
}

struct row_stage stage_rows(struct stage *s)
{
    return (struct row_stage){s, open_worker, apply, close_worker};
}

bool stage_check(struct stage *s, struct err *e)
{
    return unit_check_end(s->units, s->needs.paths, s->needs.n_paths, "cost", e);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct bare_unit *)a)->name, ((const struct bare_unit *)b)->name);
}

void stage_notes(const struct stage *s, struct arena *a, str ret[STAGE_NOTES], size_t *ret_n)
{
    *ret_n = 0;
    if (s->hidden.names || s->hidden.texts)
        ret[(*ret_n)++] = str_fmt(
            a,
            "Payees that may be people are not stored: in %s rows the name became a token or was "
            "shortened, in %s the text. --keep-payee NAME, or payees: in rules.yaml, keeps one.",
            str_count(a, s->hidden.names).p, str_count(a, s->hidden.texts).p);
    if (s->hidden.addresses)
        ret[(*ret_n)++] = str_fmt(a, "E-mail addresses and tags that name people became tokens in "
                                     "%s rows.", str_count(a, s->hidden.addresses).p);
    if (s->bare.rows) {
        struct bare_units sorted = s->bare; /* workers end in any order */
        qsort(sorted.items, sorted.n, sizeof *sorted.items, by_name);
        str units = STR_NONE;
        for (size_t i = 0; i < sorted.n; i++)
            units = str_fmt(a, "%.*s%s%s", FMT(units), i ? ", " : "", sorted.items[i].name);
        ret[(*ret_n)++] = str_fmt(
            a,
            "%s rows count in units without a rate (%.*s): their cost is unknown. State it once in "
            "rules.yaml, unit_rates: [{unit: %s, price: 0.55}], then 'outlay prices apply'; or "
            "--rate %s=0.55 for one import.",
            str_count(a, s->bare.rows).p, FMT(units), sorted.items[0].name, sorted.items[0].name);
    }
    if (s->rated)
        ret[(*ret_n)++] = str_fmt(a, "%s rows without a cost were priced at a stated rate.",
                                  str_count(a, s->rated).p);
    if (s->pricing.priced)
        ret[(*ret_n)++] = str_fmt(a, "%s rows without a cost were priced from the price book; each "
                                     "keeps the id of its price.",
                                  str_count(a, s->pricing.priced).p);
    if (s->pricing.fallback)
        ret[(*ret_n)++] = str_fmt(a, "For %s of them a plain price stood in for a cache or batch "
                                     "price.", str_count(a, s->pricing.fallback).p);
}

void stage_free(struct stage *s)
{
    if (!s)
        return;
    unit_check_free(s->units);
    pthread_mutex_destroy(&s->lock);
}
