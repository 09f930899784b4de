/* route_check.c - the page of a policy held against a month's samples. */
#include "report/route_check.h"

#include <math.h>

#include "report/routing_int.h"

struct job {
    const struct route_check *r;
    const struct routing_evals *v;
    struct arena *a;
    struct doc *d;
    double loss, bound, saving;
    bool holds;
};

static double mean_of(const struct routing_sums *s)
{
    return s->n ? (s->plus - s->minus) / (double)s->n : NAN;
}

static double saving_of(double cost, double reference)
{
    return reference > 0 ? 1 - cost / reference : NAN;
}

static struct cell fraction(double x)
{
    dec v = routing_fraction(x);
    return dec_is_null(v) ? cell_null() : cell_share(v);
}

static void add_routes(struct job *j)
{
    static const struct doc_column columns[] = {
        {"class", "Class", CELL_TEXT, SHOW_ALL, 0, -1},
        {"score_from", "Score from", CELL_NUMBER, SHOW_ALL, 3, -1},
        {"score_to", "below", CELL_NUMBER, SHOW_ALL, 3, -1},
        {"model", "Model", CELL_TEXT, SHOW_ALL, 0, -1},
        {"part", "for", CELL_SHARE, SHOW_ALL, 0, -1},
        {"samples", "Samples", CELL_COUNT, SHOW_ALL, 0, -1},
        {"loss", "Quality lost", CELL_SHARE, SHOW_ALL, 1, -1},
        {"bound", "at most", CELL_SHARE, SHOW_ALL, 1, -1},
        {"saving", "Saves", CELL_SHARE, SHOW_ALL, 1, -1},
    };
    struct doc_table *t =
        doc_table(j->d, "routes", S("Each route on the samples"), columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < j->r->n; i++) {
        const struct checked_route *p = &j->r->routes[i];
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(p->class_name);
        c[1] = isfinite(p->from) ? cell_number(routing_fraction(p->from)) : cell_null();
        c[2] = isfinite(p->to) ? cell_number(routing_fraction(p->to)) : cell_null();
        c[3] = cell_text(j->v->models[p->model]);
        c[4] = fraction(p->part);
        c[5] = cell_count((int64_t)p->sums.n);
        c[6] = fraction(mean_of(&p->sums));
        c[7] = p->sums.n ? fraction(routing_bound(&p->sums, j->r->confidence)) : cell_null();
        c[8] = fraction(saving_of(p->cost, p->reference_cost));
    }
}

/* Whether the loss is surely above the tolerance: the bound of what the reference loses. */
static bool surely_broken(const struct job *j)
{
    struct routing_sums s = j->r->sums;
    double plus = s.plus;
    s.plus = s.minus;
    s.minus = plus;
    return -routing_bound(&s, j->r->confidence) > j->r->tolerance;
}

static void add_verdict(struct job *j)
{
    const struct route_check *r = j->r;
    double needed = routing_labels_needed(&r->sums, r->tolerance, r->confidence);
    str measured = str_fmt(j->a, "%.*s of quality were lost on %zu samples, at most %.*s with "
                                 "%.*s confidence; %.*s are tolerated",
                           FMT(routing_points(j->a, j->loss)), r->sums.n,
                           FMT(routing_points(j->a, j->bound)),
                           FMT(routing_percent(j->a, r->confidence)),
                           FMT(routing_points(j->a, r->tolerance)));
    if (j->holds)
        doc_note(j->d, NOTE_INFO, "The policy keeps its promise: %.*s.", FMT(measured));
    else if (surely_broken(j))
        doc_note(j->d, NOTE_WARN, "The policy breaks its promise: %.*s. Choose it anew.",
                 FMT(measured));
    else if (needed > 0)
        doc_note(j->d, NOTE_WARN,
                 "The promise is no longer certain: %.*s. About %.0f samples would settle it.",
                 FMT(measured), ceil(needed));
    else
        doc_note(j->d, NOTE_WARN,
                 "The promise is no longer certain: %.*s. No number of samples like these would "
                 "prove it.",
                 FMT(measured));
    doc_figure(j->d, "samples_needed", S("Samples that would settle it"), 0,
               !j->holds && needed > 0 ? cell_count((int64_t)ceil(needed)) : cell_null());
    if (r->unrouted)
        doc_note(j->d, NOTE_WARN,
                 "%zu samples are of classes that the policy does not name: the reference answers "
                 "them, and nothing was lost.",
                 r->unrouted);
}

struct doc *report_route_check(const struct route_check *r, const struct routing_evals *v, str file,
                               day as_of, struct arena *a, bool *ret_holds)
{
    struct job j = {.r = r, .v = v, .a = a};
    j.d = doc_new(a, "route_check", S("A policy of routing, checked"));
    j.d->as_of = as_of;
    j.d->subtitle =
        str_fmt(a, "%.*s, against '%.*s'", FMT(file), FMT(v->models[r->reference]));
    j.loss = mean_of(&r->sums);
    j.bound = routing_bound(&r->sums, r->confidence);
    j.saving = saving_of(r->cost, r->reference_cost);
    j.holds = j.bound <= r->tolerance;
    doc_figure(j.d, "samples", S("Samples"), 0, cell_count((int64_t)r->sums.n));
    doc_figure(j.d, "loss", S("Quality lost, measured"), 1, fraction(j.loss));
    doc_figure(j.d, "bound", S("Quality lost, at most"), 1, fraction(j.bound));
    doc_figure(j.d, "tolerance", S("Quality lost, tolerated"), 1, fraction(r->tolerance));
    doc_figure(j.d, "confidence", S("Confidence"), 0, fraction(r->confidence));
    doc_figure(j.d, "saving", S("Saved, at today's prices"), 1, fraction(j.saving));
    doc_figure(j.d, "holds", S("Promise kept"), 0, cell_bool(j.holds));
    add_routes(&j);
    add_verdict(&j);
    *ret_holds = j.holds;
    return j.d;
}
