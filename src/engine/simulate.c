/* simulate.c - all trials of a plan, and what they say of totals, buffers and drivers. */
#include "engine/simulate.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/hash.h"
#include "engine/order_stats.h"
#include "engine/sim_int.h"

#define CENT_HALF 0.005
#define SWING_TRIALS 1024
#define RANK_TRIALS 8192
#define Z90 1.2815515655446004
#define MEMORY_MAX ((uint64_t)12 << 30)

struct job {
    struct arena *a;
    const struct plan *p;
    const struct simulate_options *o;
    struct compiled_plan c;
    struct simulation *s;
    int32_t n_months;
    /* outputs of the program */
    uint32_t *line_out;     /* per line and shortfall */
    uint32_t *item_out;     /* per item */
    uint32_t cells;         /* first of line x month; only with visit */
    uint32_t total, *shown; /* shown: per variable, only with tornado */
    uint32_t *dimensions;   /* of inputs, with Sobol points */
    double **kept;
    size_t cap_items, cap_out;
    struct err *e;
};

/* --- outputs --- */

static void add_item(struct job *j, enum simulate_level level, str path, uint32_t index,
                     double point, uint32_t output)
{
    struct simulation *s = j->s;
    s->items = arena_grow(j->a, s->items, sizeof *s->items, &j->cap_items, s->n_items + 1);
    j->item_out = arena_grow(j->a, j->item_out, sizeof *j->item_out, &j->cap_out, s->n_items + 1);
    s->items[s->n_items] =
        (struct simulated){.level = level, .path = path, .index = index, .point = point};
    j->item_out[s->n_items++] = output;
}

static const node *months_of(const struct job *j, size_t line, node *one)
{
    size_t n = j->s->point->n_lines;
    if (line < n)
        return j->c.lines[line].months;
    const struct compiled_shortfall *f = &j->c.shortfalls[line - n];
    for (int32_t m = 0; m < j->n_months; m++)
        one[m] = m == f->month ? f->amount : node_const(j->c.prog, 0);
    return one;
}

static enum category category_of(const struct job *j, size_t line)
{
    size_t n = j->s->point->n_lines;
    return line < n ? j->s->point->lines[line].category : j->c.shortfalls[line - n].category;
}

static uint32_t initiative_of(const struct job *j, size_t line)
{
    size_t n = j->s->point->n_lines;
    return line < n ? j->s->point->lines[line].initiative : j->c.shortfalls[line - n].initiative;
}

/* Lines into their totals and months, those into all others. */
static void sum_lines(struct job *j, const uint32_t *months)
{
    struct program *g = j->c.prog;
    size_t n = j->s->point->n_lines + j->c.n_shortfalls;
    node one[PLAN_MONTHS_MAX];
    j->line_out = arena_new(j->a, uint32_t, n + 1);
    for (size_t i = 0; i < n; i++)
        j->line_out[i] = program_output(g);
    if (j->o->visit) {
        j->cells = program_n_outputs(g);
        for (size_t i = 0; i < n * (size_t)j->n_months; i++)
            program_keep(g, program_output(g), false);
    }
    for (size_t i = 0; i < n; i++) {
        const node *of = months_of(j, i, one);
        for (int32_t m = 0; m < j->n_months; m++) {
            program_sum(g, j->line_out[i], of[m]);
            program_sum(g, months[m], of[m]);
            if (j->o->visit)
                program_sum(g, j->cells + (uint32_t)(i * (size_t)j->n_months) + (uint32_t)m, of[m]);
        }
    }
}

static double point_sum(const struct job *j, int category, uint32_t initiative, int32_t m)
{
    double sum = 0;
    const struct expansion *x = j->s->point;
    for (size_t i = 0; i < x->n_lines; i++) {
        const struct expanded *l = &x->lines[i];
        if ((category >= 0 && (int)l->category != category) ||
            (initiative != NO_INDEX && l->initiative != initiative))
            continue;
        sum += money_to_double(m < 0 ? l->total : l->monthly[m]);
    }
    return sum;
}

static bool has_initiative(const struct job *j, uint32_t initiative)
{
    for (size_t i = 0; i < j->s->point->n_lines; i++)
        if (j->s->point->lines[i].initiative == initiative)
            return true;
    return false;
}

static void group_items(struct job *j)
{
    struct program *g = j->c.prog;
    size_t n = j->s->point->n_lines + j->c.n_shortfalls;
    for (int k = 0; k < CATEGORY_RESERVE; k++) {
        uint32_t out = program_output(g);
        for (size_t i = 0; i < n; i++)
            if ((int)category_of(j, i) == k)
                program_sum_output(g, out, j->line_out[i]);
        add_item(j, LEVEL_CATEGORY, str_of(category_key((enum category)k)), (uint32_t)k,
                 point_sum(j, k, NO_INDEX, -1), out);
    }
    for (uint32_t k = 0; k < j->p->initiatives.n; k++) {
        uint32_t out = program_output(g);
        for (size_t i = 0; i < n; i++)
            if (initiative_of(j, i) == k)
                program_sum_output(g, out, j->line_out[i]);
        if (has_initiative(j, k))
            add_item(j, LEVEL_INITIATIVE, j->p->initiatives.items[k].id.s, k,
                     point_sum(j, -1, k, -1), out);
    }
    for (size_t i = 0; i < n; i++) {
        size_t lines = j->s->point->n_lines;
        add_item(j, LEVEL_LINE,
                 i < lines ? j->s->point->lines[i].path : j->c.shortfalls[i - lines].path,
                 (uint32_t)i, i < lines ? money_to_double(j->s->point->lines[i].total) : 0,
                 j->line_out[i]);
    }
}

static void make_outputs(struct job *j)
{
    struct program *g = j->c.prog;
    uint32_t *months = arena_new(j->a, uint32_t, (size_t)j->n_months);
    uint32_t *cumulative = arena_new(j->a, uint32_t, (size_t)j->n_months);
    for (int32_t m = 0; m < j->n_months; m++)
        months[m] = program_output(g);
    sum_lines(j, months);
    double so_far = 0;
    for (int32_t m = 0; m < j->n_months; m++) {
        cumulative[m] = program_output(g);
        if (m)
            program_sum_output(g, cumulative[m], cumulative[m - 1]);
        program_sum_output(g, cumulative[m], months[m]);
    }
    j->total = cumulative[j->n_months - 1];
    add_item(j, LEVEL_TOTAL, S("total"), 0, point_sum(j, -1, NO_INDEX, -1), j->total);
    group_items(j);
    for (int32_t m = 0; m < j->n_months; m++) {
        char text[MONTH_TEXT];
        str path = str_fmt(j->a, "%.*s", FMT(month_format(j->p->header.first + m, text)));
        add_item(j, LEVEL_MONTH, path, (uint32_t)m, point_sum(j, -1, NO_INDEX, m), months[m]);
    }
    for (int32_t m = 0; m < j->n_months; m++) {
        char text[MONTH_TEXT];
        str path = str_fmt(j->a, "%.*s", FMT(month_format(j->p->header.first + m, text)));
        so_far += point_sum(j, -1, NO_INDEX, m);
        add_item(j, LEVEL_CUMULATIVE, path, (uint32_t)m, so_far, cumulative[m]);
    }
    j->shown = arena_new(j->a, uint32_t, j->c.variables.n + 1);
    for (size_t i = 0; i < j->c.variables.n && j->o->tornado; i++) {
        j->shown[i] = program_output(g);
        program_sum(g, j->shown[i], j->c.variables.items[i].shown);
    }
}

/* --- runs --- */

static struct program_run run_of(const struct job *j, uint64_t trials)
{
    return (struct program_run){.seed = j->s->seed,
                                .trials = trials,
                                .threads = j->o->threads,
                                .sobol = j->o->points == POINTS_SOBOL,
                                .dimensions = j->dimensions,
                                .interrupted = j->o->interrupted};
}

struct visiting {
    const struct job *j;
    const bool *costs;
    const double **amounts; /* per worker */
    size_t n;
};

static void visit_block(void *ctx, const struct run_block *b)
{
    const struct visiting *v = ctx;
    const double **amounts = v->amounts + (size_t)b->worker * v->n;
    for (size_t i = 0; i < v->n; i++) {
        size_t first = (size_t)v->j->cells + i * (size_t)v->j->n_months;
        amounts[i] = v->costs[i] ? b->outputs + first * BLOCK_ROOM : NULL;
    }
    v->j->o->visit(v->j->o->visit_ctx,
                   &(struct simulated_block){b->first, b->n, b->worker, amounts});
}

static bool run_trials(struct job *j)
{
    struct program *g = j->c.prog;
    uint32_t n = program_n_outputs(g);
    double constant;
    uint64_t bytes = 0, each = j->s->trials * sizeof(double);
    j->kept = arena_new(j->a, double *, n + 1);
    for (size_t i = 0; i < j->s->n_items; i++)
        bytes += program_output_is_const(g, j->item_out[i], &constant) ? 0 : each;
    if (j->s->trials > UINT32_MAX || bytes > MEMORY_MAX) {
        (void)err_set(j->e, ERR_INVALID, "%llu trials need more memory than %llu GB",
                      (unsigned long long)j->s->trials, (unsigned long long)(MEMORY_MAX >> 30));
        return err_hint(j->e, "1,000,000 are plenty: the sampling error is shown.");
    }
    for (size_t i = 0; i < j->s->n_items; i++)
        if (!program_output_is_const(g, j->item_out[i], &constant) || j->item_out[i] == j->total)
            j->kept[j->item_out[i]] = arena_new(j->a, double, j->s->trials);
    if (program_output_is_const(g, j->total, &constant))
        for (uint64_t k = 0; k < j->s->trials; k++)
            j->kept[j->total][k] = constant;
    struct program_run r = run_of(j, j->s->trials);
    struct visiting v = {.j = j, .n = j->s->point->n_lines + j->c.n_shortfalls};
    bool *costs = arena_new(j->a, bool, v.n + 1);
    for (size_t i = 0; i < v.n; i++)
        costs[i] = i >= j->s->point->n_lines || j->c.lines[i].costs;
    v.costs = costs;
    v.amounts =
        arena_new(j->a, const double *, v.n *(size_t)program_threads(r.threads, r.trials) + 1);
    r.kept = j->kept;
    r.visit = j->o->visit ? visit_block : NULL;
    r.visit_ctx = &v;
    r.progress = j->o->progress;
    r.progress_ctx = j->o->progress_ctx;
    j->s->totals = j->kept[j->total];
    return program_run(g, &r, j->e);
}

/* --- quantiles --- */

static const double SHARES[] = {0.05, 0.10, 0.25, 0.50, 0.75, 0.80, 0.90, 0.95, 0.99};
static const double ERRORS[] = {0.05, 0.50, 0.80, 0.90, 0.95};

/* Ranks in rising order, each with where its value goes. */
struct wanted {
    size_t ranks[2 * ARRAY_LEN(SHARES) + 2 * ARRAY_LEN(ERRORS)];
    size_t of[2 * ARRAY_LEN(SHARES) + 2 * ARRAY_LEN(ERRORS)], n;
};

static void want(struct wanted *w, size_t rank)
{
    size_t i = w->n;
    for (; i > 0 && w->ranks[i - 1] > rank; i--) {
        w->ranks[i] = w->ranks[i - 1];
        w->of[i] = w->of[i - 1];
    }
    w->ranks[i] = rank;
    w->of[i] = w->n++;
}

static void quantiles_of(const double *v, size_t n, double *scratch, struct quantiles *q)
{
    struct wanted w = {.n = 0};
    double sorted[ARRAY_LEN(w.ranks)], x[ARRAY_LEN(w.ranks)], mean = 0, square = 0;
    double *to[] = {&q->p5, &q->p10, &q->p25, &q->p50, &q->p75, &q->p80, &q->p90, &q->p95, &q->p99};
    double *se[] = {&q->se_p5, &q->se_p50, &q->se_p80, &q->se_p90, &q->se_p95};
    for (size_t i = 0; i < ARRAY_LEN(SHARES); i++) {
        struct quantile_ranks r = quantile_ranks(n, SHARES[i]);
        want(&w, r.below);
        want(&w, r.above);
    }
    for (size_t i = 0; i < ARRAY_LEN(ERRORS); i++) { /* one standard error of the rank around it */
        double at = (double)n * ERRORS[i], by = sqrt(at * (1 - ERRORS[i]));
        want(&w, (size_t)MAX(0.0, at - by));
        want(&w, MIN(n - 1, (size_t)(at + by)));
    }
    order_stats(v, n, w.ranks, w.n, sorted, scratch);
    for (size_t i = 0; i < w.n; i++)
        x[w.of[i]] = sorted[i];
    for (size_t i = 0; i < ARRAY_LEN(SHARES); i++)
        *to[i] = x[2 * i] + (x[2 * i + 1] - x[2 * i]) * quantile_ranks(n, SHARES[i]).part;
    for (size_t i = 0; i < ARRAY_LEN(ERRORS); i++)
        *se[i] = (x[2 * (ARRAY_LEN(SHARES) + i) + 1] - x[2 * (ARRAY_LEN(SHARES) + i)]) / 2;
    for (size_t i = 0; i < n; i++)
        mean += v[i];
    mean /= (double)n;
    for (size_t i = 0; i < n; i++)
        square += (v[i] - mean) * (v[i] - mean);
    q->mean = mean;
    q->sd = n > 1 ? sqrt(square / (double)(n - 1)) : 0;
    q->se_mean = q->sd / sqrt((double)n);
}

static struct quantiles constant_quantiles(double v)
{
    return (struct quantiles){.p5 = v,
                              .p10 = v,
                              .p25 = v,
                              .p50 = v,
                              .p75 = v,
                              .p80 = v,
                              .p90 = v,
                              .p95 = v,
                              .p99 = v,
                              .mean = v};
}

struct counting {
    struct job *j;
    atomic_size_t next;
};

static void *count_items(void *ctx)
{
    struct counting *w = ctx;
    struct job *j = w->j;
    double constant, *scratch = malloc((2 * j->s->trials + 8) * sizeof *scratch);
    BUG_IF(!scratch);
    for (;;) {
        size_t i = atomic_fetch_add(&w->next, 1);
        if (i >= j->s->n_items)
            break;
        if (program_output_is_const(j->c.prog, j->item_out[i], &constant))
            j->s->items[i].q = constant_quantiles(constant);
        else
            quantiles_of(j->kept[j->item_out[i]], j->s->trials, scratch, &j->s->items[i].q);
    }
    free(scratch);
    return NULL;
}

static bool fill_quantiles(struct job *j)
{
    struct counting w = {.j = j};
    pthread_t threads[256];
    int n = program_threads(j->o->threads, j->s->trials), started = 1;
    for (size_t i = 0; i < j->s->n_items; i++) {
        const double *v = j->kept[j->item_out[i]];
        for (uint64_t k = 0; v && k < j->s->trials; k++)
            if (!__builtin_isfinite(v[k]))
                return err_set(j->e, ERR_INVALID,
                               "'%.*s' is not a number that can be shown in trial %llu",
                               FMT(j->s->items[i].path), (unsigned long long)k + 1);
    }
    for (; started < n; started++)
        if (pthread_create(&threads[started], NULL, count_items, &w) != 0)
            break;
    count_items(&w);
    for (int i = 1; i < started; i++)
        (void)pthread_join(threads[i], NULL);
    struct sha256 h;
    sha256_init(&h);
    for (size_t i = 0; i < j->s->n_items; i++) {
        const struct quantiles *q = &j->s->items[i].q;
        const double v[] = {q->p5, q->p10, q->p25, q->p50, q->p75, q->p80, q->p90, q->p95, q->p99};
        sha256_add(&h, (str){(const char *)v, sizeof v}); /* little-endian, as x86-64 has them */
    }
    sha256_end(&h, j->s->sha256);
    return true;
}

/* --- chances and buffers --- */

/* Share of trials at most `most`; a rounding of the point plan's cents is none. */
static double share_within(const struct job *j, uint32_t output, double most, size_t cells)
{
    double constant;
    most += CENT_HALF * (double)cells;
    if (program_output_is_const(j->c.prog, output, &constant))
        return constant <= most;
    uint64_t n = 0;
    for (uint64_t k = 0; k < j->s->trials; k++)
        n += j->kept[output][k] <= most;
    return (double)n / (double)j->s->trials;
}

static void fill_chances(struct job *j)
{
    struct simulation *s = j->s;
    const struct expansion *x = s->point;
    size_t cells = x->n_lines * (size_t)j->n_months;
    s->buffers = arena_new(j->a, struct simulated_buffer, x->n_lines + 1);
    for (uint32_t i = 0; i < x->n_lines; i++) {
        const struct simulated *item = simulation_find(s, LEVEL_LINE, i);
        double point = money_to_double(x->lines[i].total), buffer = 0;
        for (size_t k = 0; k < x->n_buffers; k++)
            if (str_eq(x->buffers[k].path, x->lines[i].path))
                buffer = money_to_double(x->buffers[k].total);
        s->buffers[s->n_buffers++] = (struct simulated_buffer){
            .line = i,
            .buffer = point != 0 ? buffer / point : 0,
            .p_enough = share_within(j, j->line_out[i], point + buffer, 2 * (size_t)j->n_months),
            .needed_p80 = point > 0 ? MAX(0.0, item->q.p80 / point - 1) : NAN,
            .needed_p90 = point > 0 ? MAX(0.0, item->q.p90 / point - 1) : NAN};
    }
    s->n_shortfalls = j->c.n_shortfalls;
    s->shortfalls = arena_new(j->a, struct simulated_shortfall, s->n_shortfalls + 1);
    for (size_t i = 0; i < s->n_shortfalls; i++) {
        const struct compiled_shortfall *f = &j->c.shortfalls[i];
        s->shortfalls[i] = (struct simulated_shortfall){
            f->path,
            f->lever,
            f->initiative,
            f->category,
            1 - share_within(j, j->line_out[x->n_lines + i], 0, 0),
            simulation_find(s, LEVEL_LINE, (uint32_t)(x->n_lines + i))->q.mean};
    }
    double planned = money_to_double(x->planned);
    s->p_point = share_within(j, j->total, s->items[0].point, cells);
    s->p_budget = share_within(j, j->total, planned, 2 * cells);
}

/* --- drivers --- */

static double mean_of(const double *v, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i];
    return sum / (double)n;
}

/* What a variable is set to: its P10 or P90; a risk: it does not happen, or does. */
static double setting_of(const struct variable *v, bool high)
{
    return v->risk ? (high ? 0 : 1) : (high ? Z90 : -Z90);
}

/* What one variable moves of the mean total while it is held; the same draws of all others. */
static bool held_mean(struct job *j, const struct variable *v, double at, double *room, double *ret)
{
    double values[BLOCK], *kept_total = room;
    for (size_t k = 0; k < BLOCK; k++)
        values[k] = at;
    struct fixed_node fixed = {v->z, values};
    struct program_run r = run_of(j, SWING_TRIALS);
    double **kept = arena_new(j->a, double *, program_n_outputs(j->c.prog) + 1);
    kept[j->total] = kept_total;
    r.kept = kept;
    r.fixed = &fixed;
    r.n_fixed = 1;
    r.threads = 1;
    r.moved_only = true; /* the rest is the same at both ends */
    if (!program_run(j->c.prog, &r, j->e))
        return false;
    *ret = mean_of(kept_total, SWING_TRIALS);
    return true;
}

/* low and high of each driver: all variables at their points but one; 256 of them in a block. */
static bool point_swings(struct job *j, struct simulated_driver *d, const size_t *of, size_t n)
{
    const struct variables *v = &j->c.variables;
    double *values = arena_new(j->a, double, v->n *BLOCK + 1), total[BLOCK];
    double **kept = arena_new(j->a, double *, program_n_outputs(j->c.prog) + 1);
    struct fixed_node *fixed = arena_new(j->a, struct fixed_node, v->n + 1);
    kept[j->total] = total;
    for (size_t first = 0; first < n; first += BLOCK / 2) {
        size_t here = MIN(n - first, (size_t)BLOCK / 2);
        for (size_t i = 0; i < v->n; i++) {
            fixed[i] = (struct fixed_node){v->items[i].z, values + i * BLOCK};
            for (size_t k = 0; k < BLOCK; k++)
                values[i * BLOCK + k] = v->items[i].risk;
        }
        for (size_t i = 0; i < here; i++)
            for (size_t high = 0; high < 2; high++)
                values[of[first + i] * BLOCK + 2 * i + high] =
                    setting_of(&v->items[of[first + i]], high);
        struct program_run r = run_of(j, BLOCK);
        r.kept = kept;
        r.fixed = fixed;
        r.n_fixed = v->n;
        r.threads = 1;
        r.kept_only = true;
        if (!program_run(j->c.prog, &r, j->e))
            return false;
        for (size_t i = 0; i < here; i++) {
            d[first + i].low = total[2 * i];
            d[first + i].high = total[2 * i + 1];
        }
    }
    return true;
}

static int by_swing(const void *x, const void *y)
{
    const struct simulated_driver *a = x, *b = y;
    return a->swing > b->swing ? -1 : a->swing < b->swing ? 1 : str_cmp(a->path, b->path);
}

/* Which variables any line depends on. */
static size_t used_variables(const struct job *j, size_t *of)
{
    size_t n = 0;
    const struct variables *v = &j->c.variables;
    for (size_t i = 0; i < v->n; i++)
        if (program_uses(j->c.prog, v->items[i].z))
            of[n++] = i;
    return n;
}

static bool fill_drivers(struct job *j)
{
    struct simulation *s = j->s;
    const struct variables *v = &j->c.variables;
    uint64_t n_ranks = MIN(s->trials, (uint64_t)RANK_TRIALS);
    size_t *of = arena_new(j->a, size_t, v->n + 1), n = used_variables(j, of);
    double **kept = arena_new(j->a, double *, program_n_outputs(j->c.prog) + 1);
    double *room = arena_new(j->a, double, RANK_TRIALS), low, high;
    double *ranks = arena_new(j->a, double, RANK_TRIALS);
    double *total_ranks = arena_new(j->a, double, RANK_TRIALS);
    struct simulated_driver *d = arena_new(j->a, struct simulated_driver, n + 1);
    if (!point_swings(j, d, of, n))
        return false;
    for (size_t i = 0; i < n; i++)
        kept[j->shown[of[i]]] = arena_new(j->a, double, n_ranks);
    struct program_run r = run_of(j, n_ranks);
    r.kept = kept;
    r.kept_only = true;
    if (!program_run(j->c.prog, &r, j->e))
        return false;
    average_ranks(s->totals, n_ranks, total_ranks);
    size_t real = 0;
    for (size_t i = 0; i < n; i++) {
        const struct variable *x = &v->items[of[i]];
        if (!held_mean(j, x, setting_of(x, false), room, &low) ||
            !held_mean(j, x, setting_of(x, true), room, &high))
            return false;
        if (low == high)
            continue; /* only benefits, or nothing, depend on it */
        average_ranks(kept[j->shown[of[i]]], n_ranks, ranks);
        d[real] =
            (struct simulated_driver){.path = x->path,
                                      .swing = fabs(high - low),
                                      .low = d[i].low,
                                      .high = d[i].high,
                                      .rank_correlation = correlation(ranks, total_ranks, n_ranks)};
        real++;
    }
    qsort(d, real, sizeof *d, by_swing);
    s->drivers = d;
    s->n_drivers = real;
    return true;
}

/* Sobol's early dimensions are the more even ones: they go to what moves the total most. */
static bool order_dimensions(struct job *j)
{
    const struct variables *v = &j->c.variables;
    uint32_t n = program_n_inputs(j->c.prog);
    size_t *of = arena_new(j->a, size_t, v->n + 1), n_used = used_variables(j, of);
    struct simulated_driver *d = arena_new(j->a, struct simulated_driver, n_used + 1);
    uint32_t *order = arena_new(j->a, uint32_t, n + 1), next = 0;
    bool *done = arena_new(j->a, bool, n + 1);
    if (!point_swings(j, d, of, n_used))
        return false;
    for (size_t i = 0; i < n_used; i++) {
        d[i].path = v->items[of[i]].path;
        d[i].swing = fabs(d[i].high - d[i].low);
    }
    for (uint32_t i = 0; i < n; i++) { /* common factors move many values */
        bool own = false;
        for (size_t k = 0; k < v->n; k++)
            own = own || stream_of(v->items[k].path) == program_input_stream(j->c.prog, i);
        if (!own) {
            order[i] = next++;
            done[i] = true;
        }
    }
    qsort(d, n_used, sizeof *d, by_swing);
    for (size_t k = 0; k < n_used; k++)
        for (uint32_t i = 0; i < n; i++)
            if (!done[i] && stream_of(d[k].path) == program_input_stream(j->c.prog, i)) {
                order[i] = next++;
                done[i] = true;
            }
    for (uint32_t i = 0; i < n; i++)
        if (!done[i])
            order[i] = next++;
    j->dimensions = order;
    return true;
}

bool simulate(struct arena *a, const struct plan *p, const struct circumstances *c,
              const struct simulate_options *o, const struct simulation **ret, struct err *e)
{
    struct job j = {.a = a, .p = p, .o = o, .n_months = p->header.n_months, .e = e};
    if (!compile_plan(a, p, c, o->no_risks, &j.c, e))
        return false;
    j.s = arena_new(a, struct simulation, 1);
    j.s->point = j.c.point;
    j.s->trials = o->trials ? o->trials : 100000;
    j.s->seed = o->seed ? o->seed : 1;
    make_outputs(&j);
    program_finish(j.c.prog);
    if ((o->points == POINTS_SOBOL && !order_dimensions(&j)) || !run_trials(&j) ||
        !fill_quantiles(&j))
        return false;
    fill_chances(&j);
    if (o->tornado && !fill_drivers(&j))
        return false;
    *ret = j.s;
    return true;
}

const struct simulated *simulation_find(const struct simulation *s, enum simulate_level level,
                                        uint32_t index)
{
    for (size_t i = 0; i < s->n_items; i++)
        if (s->items[i].level == level && s->items[i].index == index)
            return &s->items[i];
    return NULL;
}
