/* calibrate.c - the drivers of LLM lines as usage shows them, against the plan's. */
#include "engine/calibrate.h"

#include <math.h>

#include "core/price_name.h"
#include "engine/expand.h"
#include "engine/what_if.h"
#include "engine/world_int.h"

enum { BLOCKS_MOST = 400, SAME_PERMILLE = 20 /* closer than this is left alone */ };

#define TOLD_LEAST 0.9 /* of a line's spend, for its usage to stand for the line */

struct sums {                                /* of one block */
    double requests, in, read, written, out; /* of rows that tell requests, when any do */
    double first, failed; /* requests that did not fail; that did, levers on retries taken out */
    double batch, weight; /* batch: of `weight`, requests or tokens */
    double due; /* requests per session that the plan's users and sessions, and its retries where
                   usage does not tell them, would multiply */
    double in_due, out_due, input; /* requests as the levers of in and out leave them; all input */
};

struct seen { /* of one line */
    struct arena *a;
    const struct plan *p;
    const struct plan_options *o;
    const struct world *bare, *with; /* without levers, as planned */
    const struct line *l;
    struct usage_seen *items;
    size_t n;
    bool told;                       /* requests, by some rows */
    struct llm_drivers *plan, *left; /* without levers, with them */
    struct sums blocks[BLOCKS_MOST], all;
    struct calibrated_line *r;
};

/* --- the window and its blocks --- */

static int32_t plan_month(const struct seen *s, day d)
{
    int32_t m = month_of_day(d) - s->p->header.first;
    int32_t first = MAX(s->l->first - s->p->header.first, 0);
    int32_t last = MIN(s->l->last - s->p->header.first, s->p->header.n_months - 1);
    return MAX(first, MIN(m, last));
}

static bool in_plan(const struct seen *s, day d)
{
    return month_of_day(d) - s->p->header.first == plan_month(s, d);
}

static size_t block_of(const struct seen *s, day d)
{
    switch (s->r->blocks) {
    case BLOCKS_MONTHS:
        return (size_t)(month_of_day(d) - month_of_day(s->r->first));
    case BLOCKS_WEEKS:
        return (size_t)((d - s->r->first) / 7);
    case BLOCKS_DAYS:
        return (size_t)(d - s->r->first);
    case BLOCKS_NONE:
        break;
    }
    return 0;
}

/* Months where there are three (80 days), else weeks, else days; a short last week joins the one
 * before. */
static void choose_blocks(struct seen *s)
{
    struct calibrated_line *r = s->r;
    int32_t days = r->last - r->first + 1;
    size_t months = (size_t)(month_of_day(r->last) - month_of_day(r->first) + 1);
    if (months >= 3 && days >= 80 && months <= BLOCKS_MOST) {
        r->blocks = BLOCKS_MONTHS;
        r->n_blocks = months;
    } else if (days >= 18) {
        r->blocks = BLOCKS_WEEKS;
        r->n_blocks = (size_t)((days + 3) / 7);
    } else if (days >= 5) {
        r->blocks = BLOCKS_DAYS;
        r->n_blocks = (size_t)days;
    } else {
        r->blocks = BLOCKS_NONE;
        r->n_blocks = 1;
    }
}

static struct sums *sums_at(struct seen *s, day d)
{
    return &s->blocks[MIN(block_of(s, d), s->r->n_blocks - 1)];
}

/* What a lever leaves of a driver in a month of the plan. */
static double leaves(const struct seen *s, enum line_quantity q, day d)
{
    int32_t m = plan_month(s, d);
    double plan = s->plan->of[q][m];
    return in_plan(s, d) && plan > 0 ? s->left->of[q][m] / plan : 1;
}

static void add_plan_days(struct seen *s)
{
    for (day d = s->r->first; d <= s->r->last; d++) {
        int32_t m = plan_month(s, d);
        struct civil c = day_to_civil(d);
        double share = 1.0 / days_in_month(c.year, c.month);
        const struct llm_drivers *of = in_plan(s, d) ? s->left : s->plan;
        double due = of->of[Q_USERS][m] * of->of[Q_SESSIONS][m] * share * leaves(s, Q_REQUESTS, d);
        double again = 1 + of->of[Q_RETRIES][m];
        sums_at(s, d)->due += s->r->ends_told ? due : due * again;
        s->r->plan_requests += due * again * s->plan->of[Q_REQUESTS][m];
        s->r->outside = s->r->outside || !in_plan(s, d);
    }
}

static void add_usage(struct seen *s, const struct usage_seen *u)
{
    struct sums *b = sums_at(s, u->day);
    double tokens = u->in + u->cache_read + u->cache_write + u->out;
    s->r->tokens += tokens;
    s->r->requests += u->requests;
    s->r->amount += u->amount;
    if (s->told && u->requests <= 0)
        return;
    b->requests += u->requests;
    if (u->end == CALL_FAILED)
        b->failed += u->requests / leaves(s, Q_RETRIES, u->day);
    else
        b->first += u->requests;
    b->in += u->in + u->cache_read + u->cache_write;
    b->out += u->out;
    b->in_due += u->requests * leaves(s, Q_IN, u->day);
    b->out_due += u->requests * leaves(s, Q_OUT, u->day);
    double input = u->in + u->cache_read + u->cache_write;
    b->input += input;
    b->read += u->cache_read / leaves(s, Q_CACHED, u->day);
    b->written += u->cache_write / leaves(s, Q_CACHE_WRITES, u->day);
    double weight = s->told ? u->requests : tokens;
    b->weight += weight;
    b->batch += u->batch ? weight / leaves(s, Q_BATCH, u->day) : 0;
}

/* --- one driver --- */

/* Student's t from the normal score (Fisher and Cornish). */
static double student(double z, double df)
{
    double z2 = z * z;
    return z + z * (z2 + 1) / (4 * df) + z * (5 * z2 * z2 + 16 * z2 + 3) / (96 * df * df) +
           z * (3 * z2 * z2 * z2 + 19 * z2 * z2 + 17 * z2 - 15) / (384 * df * df * df);
}

static double into(double v, bool share)
{
    return share ? log(v / (1 - v)) : log(v);
}

static double out_of(double x, bool share)
{
    return share ? 1 / (1 + exp(-x)) : exp(x);
}

/* Where the next block would fall, on the scale where ranges are symmetric. */
static void range_of(const struct seen *s, struct calibrated_driver *d, const double *above,
                     const double *below)
{
    bool share = d->driver == Q_CACHED || d->driver == Q_CACHE_WRITES || d->driver == Q_BATCH;
    double sum = 0, squares = 0;
    size_t n = 0;
    d->lo = d->hi = d->se = NAN;
    for (int pass = 0; pass < 2; pass++) {
        double mean = n ? sum / (double)n : 0;
        for (size_t i = 0; i < s->r->n_blocks; i++) {
            double v = below[i] > 0 ? above[i] / below[i] : NAN;
            if (!(v > 0) || (share && !(v < 1)))
                continue;
            double x = into(v, share);
            if (pass)
                squares += (x - mean) * (x - mean);
            else
                sum += x;
            n += !pass;
        }
    }
    if (n < 3 || !(d->observed > 0) || (share && d->observed >= 1))
        return;
    double sd = sqrt(squares / (double)(n - 1)), at = into(d->observed, share);
    double t = student(s->p->header.z_end, (double)(n - 1));
    double reach = t * sd * sqrt(1 + 1 / (double)n);
    d->lo = out_of(at - reach, share);
    d->hi = out_of(at + reach, share);
    d->se = sd / sqrt((double)n) * (share ? d->observed * (1 - d->observed) : d->observed);
}

/* The plan's value over the window, months weighted by their days. */
static double plan_value(const struct seen *s, enum line_quantity q)
{
    double sum = 0;
    if (!s->l->q[q])
        return NAN;
    for (day d = s->r->first; d <= s->r->last; d++)
        sum += s->plan->of[q][plan_month(s, d)];
    return sum / (double)(s->r->last - s->r->first + 1);
}

enum part {
    PART_REQUESTS,
    PART_FIRST,
    PART_FAILED,
    PART_DUE,
    PART_IN,
    PART_IN_DUE,
    PART_OUT,
    PART_OUT_DUE,
    PART_READ,
    PART_WRITTEN,
    PART_INPUT,
    PART_BATCH,
    PART_WEIGHT
};

static double part_of(const struct sums *b, enum part p)
{
    const double all[] = {b->requests, b->first, b->failed,  b->due,   b->in,    b->in_due,
                          b->out,      b->out_due, b->read, b->written, b->input, b->batch,
                          b->weight};
    return all[p];
}

static void estimate(struct seen *s, enum line_quantity q, enum part above, enum part below,
                     const char *unseen)
{
    struct calibrated_driver *d = &s->r->drivers[s->r->n_drivers++];
    double x[BLOCKS_MOST], y[BLOCKS_MOST], sum = 0, by = 0;
    *d = (struct calibrated_driver){.driver = q,
                                    .why = unseen,
                                    .plan = plan_value(s, q),
                                    .q = s->l->q[q],
                                    .observed = NAN,
                                    .lo = NAN,
                                    .hi = NAN,
                                    .se = NAN,
                                    .at_stake = money_zero(s->p->header.currency)};
    if (unseen)
        return;
    for (size_t i = 0; i < s->r->n_blocks; i++) {
        x[i] = part_of(&s->blocks[i], above);
        y[i] = part_of(&s->blocks[i], below);
        sum += x[i];
        by += y[i];
    }
    if (!(by > 0)) {
        d->why = "the plan has no volume in these months";
        return;
    }
    d->seen = true;
    d->observed = sum / by;
    range_of(s, d, x, y);
}

static void estimate_drivers(struct seen *s)
{
    double read = 0, written = 0, batch = 0;
    const char *no_requests = s->told ? NULL : "usage does not tell requests";
    for (size_t i = 0; i < s->n; i++) {
        read += s->items[i].cache_read;
        written += s->items[i].cache_write;
        batch += s->items[i].batch;
    }
    estimate(s, Q_REQUESTS, s->r->ends_told ? PART_FIRST : PART_REQUESTS, PART_DUE, no_requests);
    estimate(s, Q_IN, PART_IN, PART_IN_DUE, no_requests);
    estimate(s, Q_OUT, PART_OUT, PART_OUT_DUE, no_requests);
    estimate(s, Q_CACHED, PART_READ, PART_INPUT, read > 0 ? NULL : "usage tells no cache reads");
    estimate(s, Q_CACHE_WRITES, PART_WRITTEN, PART_INPUT,
             written > 0 ? NULL : "usage tells no cache writes");
    estimate(s, Q_BATCH, PART_BATCH, PART_WEIGHT, batch > 0 ? NULL : "usage tells no batches");
    estimate(s, Q_RETRIES, PART_FAILED, PART_FIRST,
             s->r->ends_told ? NULL : "usage tells no failed calls; retries are in the requests");
}

/* --- suggestions --- */

static dec exact_of(double v, double unit) /* v in whole units */
{
    return (dec)llround(v / unit) * (dec)llround(unit * 1e9) * (DEC_ONE / 1000000000);
}

/* Three significant digits: 4120, 23.8k, 0.0153. */
static str three_digits(struct arena *a, double v)
{
    char text[DEC_TEXT];
    double unit = 1;
    if (!(v > 0))
        return S("0");
    if (v > 1e11)
        return str_dup(a, dec_format(dec_from_i64(llround(fmin(v, 9e17))), text));
    while (v / unit >= 999.5)
        unit *= 10;
    while (v / unit < 99.95 && unit > 1e-9)
        unit /= 10;
    dec d = exact_of(v, MAX(unit, 1e-9));
    if (d >= 10000 * DEC_ONE && d % (100 * DEC_ONE) == 0)
        return str_fmt(a, "%.*sk", FMT(dec_format(d / 1000, text)));
    return str_dup(a, dec_format(d, text));
}

static str percent(struct arena *a, double v)
{
    char text[DEC_TEXT];
    return str_fmt(a, "%.*s%%", FMT(dec_format(exact_of(v * 100, v < 0.1 ? 0.01 : 0.1), text)));
}

static str suggest(struct seen *s, const struct calibrated_driver *d)
{
    bool share = d->driver == Q_CACHED || d->driver == Q_CACHE_WRITES || d->driver == Q_BATCH ||
                 d->driver == Q_RETRIES;
    str (*text)(struct arena *, double) = share ? percent : three_digits;
    bool stated = d->q && d->plan > 0;
    if (d->seen && d->driver == Q_RETRIES && stated && d->observed == 0 &&
        d->q->form == FORM_CONST)
        return S("0%"); /* all calls tell that they did not fail */
    if (!d->seen || !(d->observed > 0) || (d->driver == Q_REQUESTS && s->r->outside))
        return STR_NONE;
    if (stated && fabs(d->observed / d->plan - 1) < SAME_PERMILLE / 1000.0)
        return STR_NONE;
    if (!stated && d->observed < 0.005)
        return STR_NONE;
    if (d->q && d->q->form != FORM_CONST) /* its shape stays */
        return stated ? str_fmt(s->a, "x%.*s", FMT(three_digits(s->a, d->observed / d->plan)))
                      : STR_NONE;
    str point = text(s->a, d->observed);
    if (isnan(d->lo))
        return point;
    str lo = text(s->a, d->lo), hi = text(s->a, d->hi);
    if (str_eq(lo, point) && str_eq(hi, point))
        return point;
    return str_fmt(s->a, "%.*s (%.*s to %.*s)", FMT(point), FMT(lo), FMT(hi));
}

/* --- models --- */

static bool same_model(str x, str y)
{
    struct price_name a, b;
    if (str_eq(x, y))
        return true;
    price_name_read(x, &a);
    price_name_read(y, &b);
    return a.base.n && str_eq(a.base, b.base);
}

static struct calibrated_model *model_of(struct seen *s, str name)
{
    struct calibrated_line *r = s->r;
    for (size_t i = 0; i < r->n_models; i++)
        if (same_model(r->models[i].name, name))
            return &r->models[i];
    struct calibrated_model *m = &r->models[r->n_models++];
    *m = (struct calibrated_model){.name = name};
    for (size_t i = 0; i < s->p->prices.n; i++)
        if (same_model(s->p->prices.items[i].model, name))
            m->name = s->p->prices.items[i].model;
    return m;
}

/* Money of those tokens at the plan's price; NAN: it has none. */
static double expected(const struct seen *s, const struct usage_seen *u, str model)
{
    double price[PRICE_PARTS];
    for (uint32_t i = 0; i < s->p->prices.n; i++) {
        if (!str_eq(s->p->prices.items[i].model, model))
            continue;
        world_price(s->with, i, plan_month(s, u->day), price);
        return (u->in * price[u->batch ? PRICE_BATCH_IN : PRICE_IN] +
                u->out * price[u->batch ? PRICE_BATCH_OUT : PRICE_OUT] +
                u->cache_read * price[PRICE_CACHE_READ] +
                u->cache_write * price[PRICE_CACHE_WRITE]) /
               1e6;
    }
    return NAN;
}

static void find_models(struct seen *s)
{
    double all = 0;
    s->r->models = arena_new(s->a, struct calibrated_model, s->l->models.n + s->n + 1);
    for (size_t i = 0; i < s->l->models.n; i++) {
        struct calibrated_model *m = model_of(s, s->l->models.items[i].name.s);
        m->in_plan = true;
        m->plan_share += world_number(s->bare, s->l->models.items[i].q, 1);
    }
    for (size_t i = 0; i < s->n; i++) {
        const struct usage_seen *u = &s->items[i];
        if ((s->told && u->requests <= 0) || u->end == CALL_FAILED)
            continue;
        struct calibrated_model *m = model_of(s, u->model);
        double tokens = u->in + u->cache_read + u->cache_write + u->out;
        m->requests += u->requests;
        m->tokens += tokens;
        m->share += s->told ? u->requests : tokens;
        all += s->told ? u->requests : tokens;
        m->amount += u->amount;
        m->expected += expected(s, u, m->name);
    }
    for (size_t i = 0; i < s->r->n_models; i++)
        s->r->models[i].share = all > 0 ? s->r->models[i].share / all : 0;
}

static bool is_priced(const struct seen *s, str model)
{
    struct plan_price found;
    for (size_t i = 0; i < s->p->prices.n; i++)
        if (str_eq(s->p->prices.items[i].model, model))
            return true;
    return s->o && s->o->price &&
           s->o->price(s->o->price_ctx, s->a, model, s->p->header.first, &found);
}

/* {a: 52.3%, b: 47.7%}, or nothing when all are within two points of the plan's. */
static void suggest_models(struct seen *s)
{
    struct calibrated_line *r = s->r;
    int64_t *weights = arena_new(s->a, int64_t, r->n_models + 1);
    int32_t *permille = arena_new(s->a, int32_t, r->n_models + 1);
    money *parts = arena_new(s->a, money, r->n_models + 1);
    bool differs = false, reprices = false;
    for (size_t i = 0; i < r->n_models; i++) {
        differs = differs || fabs(r->models[i].share - r->models[i].plan_share) > 0.02;
        weights[i] = llround(r->models[i].share * 1e9);
        if (r->models[i].share >= 0.0005 && !is_priced(s, r->models[i].name))
            r->models_why = "a model without a price is among them";
    }
    for (size_t i = 0; i < s->p->levers.n; i++)
        for (size_t k = 0; k < s->p->levers.items[i].n_lines; k++)
            reprices =
                reprices || (s->with->lever_on[i] && s->p->levers.items[i].effect == LEVER_MODEL &&
                             s->p->levers.items[i].lines[k] == s->l->index);
    if (reprices && differs)
        r->models_why = "a lever in use moves requests to another model";
    if (!differs || r->models_why)
        return;
    money_split(money_of(1000, s->p->header.currency), weights, r->n_models, 1, parts);
    str out = STR_NONE;
    size_t n = 0;
    for (size_t i = 0; i < r->n_models; i++) {
        char text[DEC_TEXT];
        permille[i] = (int32_t)parts[i].micros;
        if (!permille[i])
            continue;
        n++;
        out = str_fmt(s->a, "%.*s%s%.*s: %.*s%%", FMT(out), out.n ? ", " : "",
                      FMT(r->models[i].name), FMT(dec_format(permille[i] * (DEC_ONE / 10), text)));
    }
    if (n)
        r->models_suggestion = str_fmt(s->a, "{%.*s}", FMT(out));
}

/* --- money --- */

static bool cost_of(const struct plan *p, str path, money *ret, money *ret_planned, struct err *e)
{
    struct arena a = ARENA_INIT;
    const struct expansion *x;
    bool good = expand(&a, p, NULL, &x, e);
    *ret = money_zero(p->header.currency);
    for (size_t i = 0; good && i < x->n_lines; i++)
        if (str_eq(x->lines[i].path, path))
            *ret = x->lines[i].total;
    if (good && ret_planned)
        *ret_planned = x->planned;
    arena_release(&a);
    return good;
}

struct totals {
    struct calibration *c;
    size_t cap;
    struct arena *a;
    const struct plan *p;
    const struct plan_options *o;
    struct err *e;
};

/* One change by itself, and into the list of all. */
static bool stake(struct totals *t, const struct calibrated_line *r, const char *key, str value,
                  money *ret)
{
    struct calibration *c = t->c;
    const struct plan *changed;
    struct what_if w = {.path = str_fmt(t->a, "%.*s.%s", FMT(t->p->lines[r->line]->path), key),
                        .value = value};
    money cost;
    if (!what_if(t->a, t->p, t->o, &w, 1, &changed, t->e) ||
        !cost_of(changed, t->p->lines[r->line]->path, &cost, NULL, t->e))
        return false;
    *ret = money_sub(cost, r->plan_cost);
    c->changes = arena_grow(t->a, c->changes, sizeof *c->changes, &t->cap, c->n_changes + 1);
    c->changes[c->n_changes++] = w;
    return true;
}

static bool stake_line(struct totals *t, struct calibrated_line *r)
{
    str path = t->p->lines[r->line]->path;
    size_t from = t->c->n_changes;
    const struct plan *changed = t->p;
    if (!cost_of(t->p, path, &r->plan_cost, NULL, t->e))
        return false;
    r->models_at_stake = money_zero(t->p->header.currency);
    for (size_t i = 0; i < r->n_drivers; i++)
        if (r->drivers[i].suggestion.n && !stake(t, r, line_quantity_key(r->drivers[i].driver),
                                                 r->drivers[i].suggestion, &r->drivers[i].at_stake))
            return false;
    if (r->models_suggestion.n && !stake(t, r, "models", r->models_suggestion, &r->models_at_stake))
        return false;
    return what_if(t->a, t->p, t->o, t->c->changes + from, t->c->n_changes - from, &changed,
                   t->e) &&
           cost_of(changed, path, &r->new_cost, NULL, t->e);
}

/* --- all lines --- */

static void weigh_told(struct seen *s, const struct usage_seen *usage, size_t n)
{
    double told = 0, all = 0;
    for (size_t i = 0; i < n; i++) {
        const struct usage_seen *u = &usage[i];
        if (u->line != s->l->index || u->day < s->r->first || u->day > s->r->last ||
            !isfinite(u->amount))
            continue;
        all += u->amount;
        told += u->no_tokens ? 0 : u->amount;
    }
    s->r->told = all > 0 ? told / all : 1;
    if (s->r->told < TOLD_LEAST)
        s->r->why = "most of its spend may be other usage: too few rows tell tokens";
}

static void calibrate_line(struct seen *s, const struct usage_seen *usage, size_t n_usage)
{
    struct calibrated_line *r = s->r;
    int32_t n = s->p->header.n_months;
    r->line = s->l->index;
    r->first = s->items[0].day;
    r->last = s->items[0].day;
    for (size_t i = 0; i < s->n; i++) {
        r->first = MIN(r->first, s->items[i].day);
        r->last = MAX(r->last, s->items[i].day);
        s->told = s->told || s->items[i].requests > 0;
    }
    r->ends_told = s->told;
    for (size_t i = 0; i < s->n; i++)
        if (s->items[i].requests > 0 && s->items[i].end == CALL_UNTOLD)
            r->ends_told = false;
    r->n_days = (size_t)(r->last - r->first + 1);
    s->plan = arena_new(s->a, struct llm_drivers, 1);
    s->left = arena_new(s->a, struct llm_drivers, 1);
    llm_drivers(s->bare, s->l, MAX(s->l->first - s->p->header.first, 0), n - 1, s->plan);
    llm_drivers(s->with, s->l, MAX(s->l->first - s->p->header.first, 0), n - 1, s->left);
    choose_blocks(s);
    add_plan_days(s);
    for (size_t i = 0; i < s->n; i++)
        add_usage(s, &s->items[i]);
    estimate_drivers(s);
    find_models(s);
    weigh_told(s, usage, n_usage);
    if (r->why)
        return;
    for (size_t i = 0; i < r->n_drivers; i++)
        r->drivers[i].suggestion = suggest(s, &r->drivers[i]);
    suggest_models(s);
}

bool calibrate(struct arena *a, const struct plan *p, const struct plan_options *o,
               const struct usage_seen *usage, size_t n, str only, struct calibration *ret,
               struct err *e)
{
    struct calibration c = {.plan = p};
    struct totals t = {.c = &c, .a = a, .p = p, .o = o, .e = e};
    const bool *none = arena_new(a, bool, p->levers.n + 1);
    const struct world *bare = world_new(a, p, &(struct circumstances){.levers = none});
    const struct world *with = world_new(a, p, NULL);
    money ignored;
    c.lines = arena_new(a, struct calibrated_line, p->n_lines + 1);
    for (size_t i = 0; i < p->n_lines; i++) {
        const struct line *l = p->lines[i];
        if (l->kind != LINE_LLM || (only.n && !str_eq(l->path, only)))
            continue;
        struct seen *s = arena_new(a, struct seen, 1);
        *s = (struct seen){.a = a, .p = p, .o = o, .bare = bare, .with = with, .l = l};
        s->items = arena_new(a, struct usage_seen, n + 1);
        for (size_t k = 0; k < n; k++)
            if (usage[k].line == i && !usage[k].no_tokens)
                s->items[s->n++] = usage[k];
        if (!s->n)
            continue;
        s->r = &c.lines[c.n++];
        calibrate_line(s, usage, n);
        if (!stake_line(&t, s->r))
            return false;
    }
    if (!what_if(a, p, o, c.changes, c.n_changes, &c.plan, e) ||
        !cost_of(p, STR_NONE, &ignored, &c.planned_before, e) ||
        !cost_of(c.plan, STR_NONE, &ignored, &c.planned_after, e))
        return false;
    *ret = c;
    return true;
}
