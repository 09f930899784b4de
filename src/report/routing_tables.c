/* routing_tables.c - the tables behind an answer about routing. */
#include "report/routing_int.h"

#include <math.h>

#include "core/money.h"

enum { POLICY_ROWS = 16 }; /* more are summed up for people */

static str model_name(const struct routing_job *j, uint32_t m)
{
    return j->t->q->v->models[m];
}

static str option_name(const struct routing_job *j, uint32_t option)
{
    const struct routing_option *o = &j->t->fit->options[option];
    if (o->then == ROUTING_NONE)
        return model_name(j, o->first);
    return str_fmt(j->a, "%.*s, checked, then %.*s", FMT(model_name(j, o->first)),
                   FMT(model_name(j, o->then)));
}

static struct cell share(double x)
{
    return cell_share(routing_fraction(x));
}

/* Cost of a thousand prompts; unknown where costs only compare. */
static struct cell per_thousand(const struct routing_job *j, double cost)
{
    if (j->q->relative)
        return cell_null();
    return cell_money(money_to_dec(money_from_double(cost * 1000, j->q->currency)));
}

/* ---- what goes where ---- */

struct routed {
    uint32_t cell; /* the first of those that are alike */
    double from, to;
    struct routing_choice choice;
    double share, quality, reference; /* of the labels that judge */
    size_t labels;
    double n; /* prompts or shares behind quality */
};

static void measure_cell(const struct routing_job *j, uint32_t cell, struct routing_choice c,
                         struct routed *io)
{
    const struct routing_study *t = j->t;
    const struct routing_classes *k = t->q->k;
    io->labels += t->fit->cells[cell].labels;
    if (k) {
        io->share += t->fit->share[cell];
        const double *q = k->quality + (size_t)cell * k->n_models;
        io->n += 1;
        io->quality += (1 - c.part) * q[c.a] + c.part * q[c.b];
        io->reference += q[t->s.reference];
        return;
    }
    struct routing_cell_sums s = routing_cell_sums(t->tally, cell, c);
    io->n += s.n;
    io->share += t->split.n_check ? s.n / (double)t->split.n_check : 0;
    io->quality += s.quality;
    io->reference += s.reference_quality;
}

/* Neighboring score ranges of a class with the same choice are one row. */
static struct routed *route_list(const struct routing_job *j, size_t *ret_n)
{
    const struct routing_fit *f = j->t->fit;
    struct routing_choice *c = arena_new(j->a, struct routing_choice, f->n_cells + 1);
    struct routed *rows = arena_new(j->a, struct routed, f->n_cells + 1);
    size_t n = 0;
    routing_choices(f, j->t->answer.at, c);
    for (uint32_t k = 0; k < f->n_cells; k++) {
        struct routed *last = n ? &rows[n - 1] : NULL;
        if (last && f->cells[last->cell].class_index == f->cells[k].class_index &&
            last->choice.a == c[k].a && !(last->choice.part > 0) && !(c[k].part > 0)) {
            last->to = f->cells[k].to;
        } else {
            last = &rows[n++];
            *last = (struct routed){
                .cell = k, .from = f->cells[k].from, .to = f->cells[k].to, .choice = c[k]};
        }
        measure_cell(j, k, c[k], last);
    }
    *ret_n = n;
    return rows;
}

static struct cell number(double x)
{
    return isfinite(x) ? cell_number(routing_fraction(x)) : cell_null();
}

static const struct doc_column POLICY[] = {
    {"class", "Class", CELL_TEXT, SHOW_ALL, 0, -1},
    {"score_from", "Score from", CELL_NUMBER, SHOW_ALL, 3, -1},
    {"score_to", "below", CELL_NUMBER, SHOW_ALL, 3, -1},
    {"model", "Model", CELL_TEXT, SHOW_ALL, 0, -1},
    {"part", "for", CELL_SHARE, SHOW_ALL, 0, -1},
    {"otherwise", "else", CELL_TEXT, SHOW_ALL, 0, -1},
    {"share", "Share of prompts", CELL_SHARE, SHOW_ALL, 1, -1},
    {"quality", "Quality", CELL_SHARE, SHOW_ALL, 1, -1},
    {"reference_quality", "of the reference", CELL_SHARE, SHOW_ALL, 1, -1},
    {"lost", "Lost", CELL_SHARE, SHOW_ALL, 1, -1},
    {"labels", "Labels that chose", CELL_COUNT, SHOW_ALL, 0, -1},
};

static void policy_row(struct routing_job *j, struct doc_table *t, const struct routed *r)
{
    const struct routing_fit *f = j->t->fit;
    struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
    bool split = r->choice.part > 0;
    c[0] = cell_text(j->t->q->v->classes[f->cells[r->cell].class_index]);
    c[1] = number(r->from);
    c[2] = number(r->to);
    c[3] = cell_text(option_name(j, split ? r->choice.b : r->choice.a));
    c[4] = share(split ? r->choice.part : 1);
    if (split)
        c[5] = cell_text(option_name(j, r->choice.a));
    c[6] = share(r->share);
    if (r->n > 0) {
        c[7] = share(r->quality / r->n);
        c[8] = share(r->reference / r->n);
        c[9] = share((r->reference - r->quality) / r->n);
    }
    c[10] = cell_count((int64_t)r->labels);
}

/* For people, many classes: one row by model, the largest classes named. */
static void add_summary(struct routing_job *j, const struct routed *rows, size_t n)
{
    static const struct doc_column columns[] = {
        {"model", "Model", CELL_TEXT, SHOW_ALL, 0, -1},
        {"classes", "Classes", CELL_COUNT, SHOW_ALL, 0, -1},
        {"share", "Share of prompts", CELL_SHARE, SHOW_ALL, 1, -1},
        {"lost", "Lost there", CELL_SHARE, SHOW_ALL, 1, -1},
        {"names", "Such as", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t =
        doc_table(j->d, "routes", S("What goes where"), columns, ARRAY_LEN(columns));
    t->shown = SHOW_PEOPLE;
    for (uint32_t o = 0; o < j->t->fit->n_options; o++) {
        double total = 0, quality = 0, reference = 0, with = 0, largest = 0;
        size_t classes = 0, named = 0;
        str names[3];
        for (size_t i = 0; i < n; i++) {
            const struct routed *r = &rows[i];
            double part = r->choice.a == o   ? 1 - r->choice.part
                          : r->choice.b == o ? r->choice.part
                                             : 0;
            if (!(part > 0))
                continue;
            classes++;
            total += part * r->share;
            quality += part * r->quality;
            reference += part * r->reference;
            with += part * r->n;
            str name = j->t->q->v->classes[j->t->fit->cells[r->cell].class_index];
            bool again = named && str_eq(names[named - 1], name);
            if (named < ARRAY_LEN(names) && r->share > largest / 2 && !again) {
                names[named++] = name;
                largest = MAX(largest, r->share);
            }
        }
        if (!classes)
            continue;
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(option_name(j, o));
        c[1] = cell_count((int64_t)classes);
        c[2] = share(total);
        c[3] = with > 0 ? share((reference - quality) / with) : cell_null();
        c[4] = cell_text(str_join(j->a, names, named, S(", ")));
    }
}

void add_policy(struct routing_job *j)
{
    size_t n;
    const struct routed *rows = route_list(j, &n);
    struct doc_table *t =
        doc_table(j->d, "policy", S("What goes where"), POLICY, ARRAY_LEN(POLICY));
    for (size_t i = 0; i < n; i++)
        policy_row(j, t, &rows[i]);
    if (n <= POLICY_ROWS)
        return;
    t->shown = SHOW_DATA;
    add_summary(j, rows, n);
    doc_note(j->d, NOTE_INFO,
             "What each of the %zu classes does is in the table 'policy' of "
             "--format csv or json.",
             j->t->q->v->n_classes);
}

/* ---- the rest ---- */

void add_models(struct routing_job *j)
{
    static const struct doc_column columns[] = {
        {"model", "Model", CELL_TEXT, SHOW_ALL, 0, -1},
        {"quality", "Quality", CELL_SHARE, SHOW_ALL, 1, -1},
        {"cost_per_1k", "Cost of 1,000 prompts", CELL_MONEY, SHOW_ALL, 2, 2},
        {"cost_ratio", "of the reference's", CELL_SHARE, SHOW_ALL, 1, -1},
        {"role", "Role", CELL_TEXT, SHOW_ALL, 0, -1},
        {"price", "Price from", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    const struct routing_study *s = j->t;
    struct doc_table *t = doc_table(j->d, "models", S("Models"), columns, ARRAY_LEN(columns));
    double reference = s->mean_cost[s->s.reference];
    for (uint32_t m = 0; m < s->q->v->n_models; m++) {
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(model_name(j, m));
        c[1] = share(s->mean_quality[m]);
        c[2] = per_thousand(j, s->mean_cost[m]);
        c[3] = share(reference > 0 ? s->mean_cost[m] / reference : NAN);
        if (m == s->s.reference)
            c[4] = cell_text(S("reference"));
        else if (m == s->s.cheap)
            c[4] = cell_text(S("cheap"));
        c[5] = cell_text(j->q->price_notes[m]);
    }
}

/* What the cap on latency leaves out. */
void add_slow(struct routing_job *j)
{
    static const struct doc_column columns[] = {
        {"class", "Class", CELL_TEXT, SHOW_ALL, 0, -1},
        {"model", "Model", CELL_TEXT, SHOW_ALL, 0, -1},
        {"seconds_p95", "Seconds, P95", CELL_NUMBER, SHOW_ALL, 2, 3},
        {"max_seconds", "At most", CELL_NUMBER, SHOW_ALL, 2, 3},
    };
    const struct routing_study *s = j->t;
    const struct routing_evals *v = s->q->v;
    if (!s->s.latency)
        return;
    struct doc_table *t =
        doc_table(j->d, "too_slow", S("Left out as too slow"), columns, ARRAY_LEN(columns));
    t->empty_text = S("No model is slower than that in any class.");
    for (size_t k = 0; k < v->n_classes * v->n_models; k++) {
        double seconds = s->s.latency[k];
        if (seconds <= s->s.max_latency)
            continue;
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(v->classes[k / v->n_models]);
        c[1] = cell_text(model_name(j, (uint32_t)(k % v->n_models)));
        c[2] = cell_number((dec)llround(seconds * 1e3) * (DEC_ONE / 1000));
        c[3] = cell_number((dec)llround(s->s.max_latency * 1e3) * (DEC_ONE / 1000));
    }
}

void add_savings(struct routing_job *j)
{
    static const struct doc_column columns[] = {
        {"saving", "Saving", CELL_SHARE, SHOW_ALL, 0, -1},
        {"reached", "Possible", CELL_BOOL, SHOW_ALL, 0, -1},
        {"away", "Prompts routed away", CELL_SHARE, SHOW_ALL, 1, -1},
        {"measured", "Saving measured", CELL_SHARE, SHOW_ALL, 1, -1},
        {"loss", "Quality lost", CELL_SHARE, SHOW_ALL, 1, -1},
        {"bound", "at most", CELL_SHARE, SHOW_ALL, 1, -1},
    };
    struct doc_table *t = doc_table(j->d, "savings", S("What a saving costs, each taken by itself"),
                                    columns, ARRAY_LEN(columns));
    for (size_t i = 0; i < ROUTING_SAVINGS; i++) {
        const struct routing_price *p = &j->t->prices[i];
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = share(p->saving);
        c[1] = cell_bool(p->reached);
        if (!p->reached)
            continue;
        c[2] = share(p->at.away);
        c[3] = share(p->at.saving);
        c[4] = share(p->at.loss);
        c[5] = share(p->at.bound);
    }
}

static void certificate_row(struct routing_job *j, struct doc_table *t, str place,
                            const struct routing_measured *m)
{
    struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
    c[0] = cell_text(place);
    c[1] = share(m->saving);
    c[2] = share(m->loss);
    c[3] = share(m->bound);
    c[4] = share(j->t->tolerance);
    c[5] = share(j->t->s.confidence);
    c[6] = m->labels ? cell_count((int64_t)m->labels) : cell_null();
    c[7] = m->labels_needed > 0 && m->bound > j->t->tolerance
               ? cell_count((int64_t)m->labels_needed)
               : cell_null();
}

void add_certificate(struct routing_job *j)
{
    static const struct doc_column columns[] = {
        {"place", "Step", CELL_TEXT, SHOW_ALL, 0, -1},
        {"saving", "Saves", CELL_SHARE, SHOW_ALL, 1, -1},
        {"loss", "Quality lost", CELL_SHARE, SHOW_ALL, 2, -1},
        {"bound", "at most", CELL_SHARE, SHOW_ALL, 2, -1},
        {"tolerance", "Tolerated", CELL_SHARE, SHOW_ALL, 2, -1},
        {"confidence", "Confidence", CELL_SHARE, SHOW_ALL, 0, -1},
        {"labels", "Labels", CELL_COUNT, SHOW_ALL, 0, -1},
        {"labels_needed", "Labels needed", CELL_COUNT, SHOW_ALL, 0, -1},
    };
    const struct routing_study *s = j->t;
    struct doc_table *t =
        doc_table(j->d, "certificate", S("What is certified"), columns, ARRAY_LEN(columns));
    if (isnan(s->tolerance)) {
        certificate_row(j, t, S("as asked"), &s->answer);
        return;
    }
    if (s->q->k && !s->q->k->labels)
        return;
    certificate_row(j, t, s->promised ? S("certified") : S("nothing routed"), &s->answer);
    if (s->next.bound > s->tolerance)
        certificate_row(j, t, S("next"), &s->next);
}

void add_references(struct routing_job *j)
{
    static const struct doc_column columns[] = {
        {"reference", "Router", CELL_TEXT, SHOW_ALL, 0, -1},
        {"quality", "Best quality", CELL_SHARE, SHOW_ALL, 1, -1},
        {"apgr", "APGR", CELL_NUMBER, SHOW_ALL, 3, -1},
        {"cpt50", "CPT(50 %)", CELL_SHARE, SHOW_ALL, 1, -1},
        {"cpt80", "CPT(80 %)", CELL_SHARE, SHOW_ALL, 1, -1},
        {"cpt100", "CPT(100 %)", CELL_SHARE, SHOW_ALL, 1, -1},
        {"aiq", "AIQ", CELL_NUMBER, SHOW_ALL, 4, -1},
    };
    static const char *const names[ROUTE_REFERENCES] = {"this router", "random", "always cheap",
                                                        "always reference", "oracle"};
    if (j->t->q->k)
        return;
    struct doc_table *t =
        doc_table(j->d, "references", S("Against other ways to route, on the labels that judge"),
                  columns, ARRAY_LEN(columns));
    for (int i = 0; i < ROUTE_REFERENCES; i++) {
        const struct routing_metrics *m = &j->t->metrics[i];
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = cell_text(str_of(names[i]));
        c[1] = share(m->best_quality);
        c[2] = cell_number(routing_fraction(m->apgr));
        c[3] = share(m->cpt50);
        c[4] = share(m->cpt80);
        c[5] = share(m->cpt100);
        c[6] = cell_number(routing_fraction(m->aiq));
    }
}

void add_frontier(struct routing_job *j)
{
    static const struct doc_column columns[] = {
        {"saving", "Saving", CELL_SHARE, SHOW_ALL, 1, -1},
        {"loss", "Quality lost, estimated", CELL_SHARE, SHOW_ALL, 2, -1},
        {"weak_share", "Routed away", CELL_SHARE, SHOW_ALL, 1, -1},
        {"saving_measured", "Saving, measured", CELL_SHARE, SHOW_ALL, 1, -1},
        {"loss_measured", "Quality lost, measured", CELL_SHARE, SHOW_ALL, 2, -1},
        {"class", "Class that moved", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    enum { MOST = 2000 };
    const struct routing_study *s = j->t;
    const struct routing_fit *f = s->fit;
    struct doc_table *t = doc_table(j->d, "frontier", S("Every breakpoint of the frontier"),
                                    columns, ARRAY_LEN(columns));
    t->shown = SHOW_DATA;
    for (size_t i = f->n_open; i <= MIN(f->n_steps, f->n_open + MOST); i++) {
        struct routing_measured m;
        struct routing_place at = {.steps = i};
        if (s->q->k)
            routing_measure_classes(f, s->q->k, at, NAN, &m);
        else
            routing_measure(s->tally, at, NAN, &m);
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = share(m.saving_fit);
        c[1] = share(m.loss_fit);
        c[2] = share(m.away);
        c[3] = share(m.saving);
        c[4] = share(m.loss);
        if (i > f->n_open)
            c[5] = cell_text(s->q->v->classes[f->cells[f->steps[i - 1].cell].class_index]);
    }
    if (f->n_steps > f->n_open + MOST)
        doc_note(j->d, NOTE_INFO,
                 "The frontier has %zu breakpoints; the first %d are in its table.",
                 f->n_steps - f->n_open + 1, MOST + 1);
}

void add_hindsight(struct routing_job *j)
{
    static const struct doc_column columns[] = {
        {"tolerance", "Tolerance", CELL_SHARE, SHOW_ALL, 2, -1},
        {"weak_share", "Routed away", CELL_SHARE, SHOW_ALL, 1, -1},
        {"saving", "Saving", CELL_SHARE, SHOW_ALL, 1, -1},
        {"loss", "Quality lost", CELL_SHARE, SHOW_ALL, 2, -1},
    };
    if (j->t->q->k)
        return;
    struct doc_table *t =
        doc_table(j->d, "hindsight", S("In hindsight, by all labels (promises nothing)"), columns,
                  ARRAY_LEN(columns));
    t->shown = SHOW_DATA;
    for (size_t i = 0; i < ROUTING_HINDSIGHTS; i++) {
        const struct routing_hindsight *h = &j->t->hindsight[i];
        struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
        c[0] = share(h->tolerance);
        c[1] = share(h->at.away);
        c[2] = share(h->at.saving);
        c[3] = share(h->at.loss);
    }
}

static void fold_row(struct routing_job *j, struct doc_table *t, str name,
                     const struct routing_metrics *m)
{
    struct cell *c = doc_row(j->d, t, ROW_NORMAL, 0);
    c[0] = cell_text(name);
    c[1] = cell_number(routing_fraction(m->apgr));
    c[2] = share(m->cpt50);
    c[3] = share(m->cpt80);
    c[4] = cell_number(routing_fraction(m->aiq));
}

void add_folds(struct routing_job *j)
{
    static const struct doc_column columns[] = {
        {"what", "Cross-validated", CELL_TEXT, SHOW_ALL, 0, -1},
        {"apgr", "APGR", CELL_NUMBER, SHOW_ALL, 4, -1},
        {"cpt50", "CPT(50 %)", CELL_SHARE, SHOW_ALL, 1, -1},
        {"cpt80", "CPT(80 %)", CELL_SHARE, SHOW_ALL, 1, -1},
        {"aiq", "AIQ", CELL_NUMBER, SHOW_ALL, 4, -1},
    };
    const struct routing_folds *f = &j->t->folds;
    if (!f->folds)
        return;
    str labels = f->labels ? str_fmt(j->a, "%.*s labels", FMT(str_count(j->a, f->labels)))
                           : S("all labels of the other folds");
    str title = str_fmt(j->a, "%u folds, %.*s choose, mean of %u repeats", f->folds, FMT(labels),
                        f->repeats);
    struct doc_table *t = doc_table(j->d, "folds", title, columns, ARRAY_LEN(columns));
    fold_row(j, t, S("mean"), &f->mean);
    fold_row(j, t, S("standard deviation of a repeat"), &f->sd);
}
