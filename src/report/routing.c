/* routing.c - the answer first, then what it rests on. */
#include "report/routing_int.h"

#include <math.h>

dec routing_fraction(double x)
{
    if (!isfinite(x) || fabs(x) > 1e9)
        return DEC_NULL;
    return (dec)llround(x * 1e6) * (DEC_ONE / 1000000);
}

static str decimal(struct arena *a, double x)
{
    double tenths = floor(fabs(x) * 1000 + 0.5) / 10;
    return str_fmt(a, "%s%.1f", x < 0 && tenths > 0 ? "-" : "", tenths);
}

str routing_points(struct arena *a, double loss)
{
    return str_fmt(a, "%.*s points", FMT(decimal(a, loss)));
}

str routing_percent(struct arena *a, double x)
{
    return str_fmt(a, "%.*s %%", FMT(decimal(a, x)));
}

static str confidence_text(const struct routing_study *t, struct arena *a)
{
    str s = decimal(a, t->s.confidence);
    if (str_ends(s, S(".0")))
        s = str_sub(s, 0, s.n - 2);
    return str_fmt(a, "%.*s %%", FMT(s));
}

static str model_name(const struct routing_study *t, uint32_t m)
{
    return t->q->v->models[m];
}

/* "weak", or "other models" where the answer uses several. */
static str other_models(const struct routing_study *t, struct arena *a)
{
    struct routing_choice *c = arena_new(a, struct routing_choice, t->fit->n_cells + 1);
    uint32_t only = ROUTING_NONE;
    bool several = false, checked = false;
    routing_choices(t->fit, t->answer.at, c);
    for (size_t k = 0; k < t->fit->n_cells; k++) {
        const uint32_t options[] = {c[k].a, c[k].b};
        for (size_t i = 0; i < 2; i++) {
            if (options[i] == t->s.reference || !(t->fit->share[k] > 0))
                continue;
            several = several || (only != ROUTING_NONE && only != options[i]);
            checked = checked || t->fit->options[options[i]].then != ROUTING_NONE;
            only = options[i];
        }
    }
    if (several && checked)
        return S("other models (some of them with a checker that sends answers on)");
    if (several || only == ROUTING_NONE)
        return S("other models");
    const struct routing_option *o = &t->fit->options[only];
    if (o->then == ROUTING_NONE)
        return str_fmt(a, "'%.*s'", FMT(model_name(t, o->first)));
    return str_fmt(a, "'%.*s', checked, then '%.*s'", FMT(model_name(t, o->first)),
                   FMT(model_name(t, o->then)));
}

static str measured_on(const struct routing_study *t, struct arena *a)
{
    str n = str_count(a, t->answer.labels);
    return t->q->k
               ? str_fmt(a, "judged by the half of what %.*s labels tell that did not choose it",
                         FMT(n))
               : str_fmt(a, "measured on %.*s labels that did not choose it", FMT(n));
}

static str interval(const struct routing_study *t, struct arena *a)
{
    if (t->q->k)
        return STR_NONE;
    return str_fmt(a, " (95 %% interval %.*s to %.*s)", FMT(decimal(a, t->ci.saving.low)),
                   FMT(routing_percent(a, t->ci.saving.high)));
}

static str gain_or_loss(struct arena *a, double loss)
{
    return loss < 0 ? str_fmt(a, "quality rose by %.*s", FMT(routing_points(a, -loss)))
                    : str_fmt(a, "%.*s were lost", FMT(routing_points(a, loss)));
}

static str promise(const struct routing_study *t, struct arena *a)
{
    const struct routing_measured *m = &t->answer;
    return str_fmt(a,
                   "Send %.*s of the prompts, by class, to %.*s instead of '%.*s': saves %.*s%.*s, "
                   "and loses at most %.*s of quality with %.*s confidence (%.*s; %.*s).",
                   FMT(routing_percent(a, m->away)), FMT(other_models(t, a)),
                   FMT(model_name(t, t->s.reference)), FMT(routing_percent(a, m->saving)),
                   FMT(interval(t, a)), FMT(routing_points(a, t->tolerance)),
                   FMT(confidence_text(t, a)), FMT(gain_or_loss(a, m->loss)),
                   FMT(measured_on(t, a)));
}

static str no_promise(const struct routing_study *t, struct arena *a)
{
    const struct routing_measured *m = &t->next;
    str lead = str_fmt(a,
                       "Keep every prompt on '%.*s' for now: no routing can be promised to lose at "
                       "most %.*s with %.*s confidence on these labels.",
                       FMT(model_name(t, t->s.reference)), FMT(routing_points(a, t->tolerance)),
                       FMT(confidence_text(t, a)));
    if (!(m->labels_needed > 0))
        return str_fmt(a, "%.*s With the safest one, %.*s; more labels would not change that.",
                       FMT(lead), FMT(gain_or_loss(a, m->loss)));
    return str_fmt(a,
                   "%.*s The safest one saves %.*s and %.*s where it was measured; about %.*s "
                   "labels that do not choose would settle it.",
                   FMT(lead), FMT(routing_percent(a, m->saving)), FMT(gain_or_loss(a, m->loss)),
                   FMT(str_count(a, (uint64_t)m->labels_needed)));
}

static str wanted_saving(const struct routing_study *t, struct arena *a)
{
    const struct routing_measured *m = &t->answer;
    str wanted = routing_percent(a, t->q->saving);
    if (!t->reached)
        return str_fmt(a,
                       "%.*s cannot be saved with these models: the most is %.*s, which costs "
                       "%.*s of quality.",
                       FMT(wanted), FMT(routing_percent(a, m->saving)),
                       FMT(routing_points(a, m->loss)));
    str sure = isnan(m->bound) ? S("how much it could be is not known without the number of labels")
                               : str_fmt(a, "at most %.*s with %.*s confidence; %.*s",
                                         FMT(routing_points(a, m->bound)),
                                         FMT(confidence_text(t, a)), FMT(measured_on(t, a)));
    return str_fmt(a,
                   "Saving %.*s means sending %.*s of the prompts to %.*s instead of '%.*s', and "
                   "costs %.*s of quality (%.*s).",
                   FMT(routing_percent(a, m->saving)), FMT(routing_percent(a, m->away)),
                   FMT(other_models(t, a)), FMT(model_name(t, t->s.reference)),
                   FMT(routing_points(a, m->loss)), FMT(sure));
}

static str uncounted(const struct routing_study *t, struct arena *a)
{
    const struct routing_measured *m = &t->answer;
    return str_fmt(a,
                   "By these figures %.*s could be saved at a loss of %.*s, by sending %.*s of the "
                   "prompts to %.*s. Nothing is promised: the table does not say on how many "
                   "labels its qualities rest (columns n_MODEL).",
                   FMT(routing_percent(a, m->saving)), FMT(routing_points(a, m->loss)),
                   FMT(routing_percent(a, m->away)), FMT(other_models(t, a)));
}

static str answer(const struct routing_study *t, struct arena *a)
{
    if (isnan(t->tolerance))
        return wanted_saving(t, a);
    if (t->q->k && !t->q->k->labels)
        return uncounted(t, a);
    if (!t->promised)
        return no_promise(t, a);
    if (!(t->answer.saving > 0))
        return str_fmt(a,
                       "Nothing is saved: '%.*s' is the best model, and no cheaper routing loses "
                       "at most %.*s with certainty.",
                       FMT(model_name(t, t->s.reference)), FMT(routing_points(a, t->tolerance)));
    return promise(t, a);
}

static str costs_quality(struct arena *a, const struct routing_price *p)
{
    if (!p->reached)
        return S("is out of reach with these models");
    if (p->at.loss > 0.0005)
        return str_fmt(a, "costs %.*s of quality", FMT(routing_points(a, p->at.loss)));
    return p->at.bound > 0 ? S("costs nothing that these labels could tell")
                           : S("costs no quality");
}

/* The saving that is often named, and what it costs here. */
static str plain_words(const struct routing_study *t, struct arena *a)
{
    const struct routing_price *low = &t->prices[3], *high = &t->prices[5];
    bool free = low->reached && high->reached && !(low->at.bound > 0) && !(high->at.bound > 0);
    return str_fmt(a, "%ssaving 40 %% %.*s, saving 60 %% %.*s.",
                   free ? "In plain words: " : "Saving 40 to 60 % is not simply to be had: ",
                   FMT(costs_quality(a, low)), FMT(costs_quality(a, high)));
}

static void add_figure(struct routing_job *j, const char *id, const char *title, double x)
{
    doc_figure(j->d, id, str_of(title), 1, cell_share(routing_fraction(x)));
}

static void add_count(struct routing_job *j, const char *id, const char *title, double n)
{
    doc_figure(j->d, id, str_of(title), 0, n > 0 ? cell_count((int64_t)n) : cell_null());
}

static void add_figures(struct routing_job *j)
{
    const struct routing_study *t = j->t;
    const struct routing_measured *m = &t->answer;
    const struct routing_metrics *x = t->folds.folds ? &t->folds.mean : &t->metrics[ROUTE_ROUTER];
    bool next = !isnan(t->tolerance) && (t->promised || !t->q->k || t->q->k->labels);
    add_figure(j, "saving", "Saved", m->saving);
    add_figure(j, "saving_low", "at least (95 % interval)", t->q->k ? NAN : t->ci.saving.low);
    add_figure(j, "saving_high", "at most (95 % interval)", t->q->k ? NAN : t->ci.saving.high);
    add_figure(j, "away", "Prompts not answered by the reference", m->away);
    add_figure(j, "loss", "Quality lost, measured", m->loss);
    add_figure(j, "bound", "Quality lost, at most", m->bound);
    add_figure(j, "tolerance", "Quality lost, tolerated", t->tolerance);
    add_figure(j, "confidence", "Confidence", t->s.confidence);
    doc_figure(j->d, "certified", S("Certified"), 0, cell_bool(t->promised));
    add_count(j, "labels", "Labels that judged", (double)m->labels);
    add_count(j, "labels_needed", "Labels to certify the next step",
              next ? t->next.labels_needed : 0);
    doc_figure(j->d, "apgr", S("APGR"), 3, cell_number(routing_fraction(x->apgr)));
    add_figure(j, "cpt50", "CPT(50 %)", x->cpt50);
    add_figure(j, "cpt80", "CPT(80 %)", x->cpt80);
    doc_figure(j->d, "aiq", S("AIQ"), 4, cell_number(routing_fraction(x->aiq)));
    doc_figure(j->d, "seed", S("Seed"), 0, cell_count((int64_t)t->s.seed));
    for (size_t i = 0; i < j->d->n_figures; i++) /* people have them in sentences and tables */
        j->d->figures[i].shown = SHOW_DATA;
}

static void add_pairs(struct routing_job *j)
{
    const struct routing_pairs *p = &j->t->pairs;
    const struct {
        const char *id, *title;
        double value;
    } rows[] = {{"weak_quality", "Quality of the cheap model", p->weak},
                {"strong_quality", "Quality of the reference", p->strong},
                {"strong_only", "Only the reference is right (or better)", p->strong_only},
                {"weak_only", "Only the cheap model is right (or better)", p->weak_only},
                {"both", "Both are right (alike)", p->both},
                {"neither", "Neither is right", p->neither}};
    for (size_t i = 0; !j->t->q->k && i < ARRAY_LEN(rows); i++) {
        add_figure(j, rows[i].id, rows[i].title, rows[i].value);
        doc_last_figure(j->d)->shown = SHOW_DATA;
    }
}

/* Classes in which the reference is the worse one. */
static void note_reversed(struct routing_job *j)
{
    const struct routing_study *t = j->t;
    const struct routing_fit *f = t->fit;
    str *names = arena_new(j->a, str, f->n_cells + 1);
    size_t n = 0;
    for (size_t k = 0; k < f->n_cells; k++) {
        str name = t->q->v->classes[f->cells[k].class_index];
        if (f->loss[k * f->n_options + t->s.cheap] < 0 && f->share[k] > 0 &&
            !(n && str_eq(names[n - 1], name)))
            names[n++] = name;
    }
    if (!n)
        return;
    size_t shown = MIN(n, 4);
    str list = str_join(j->a, names, shown, S(", "));
    doc_note(j->d, NOTE_INFO,
             "'%.*s' seems no worse than '%.*s' in %zu class%s (%.*s%s): there it "
             "answers first.",
             FMT(model_name(t, t->s.cheap)), FMT(model_name(t, t->s.reference)), n,
             n == 1 ? "" : "es", FMT(list), n > shown ? ", ..." : "");
}

static void add_notes(struct routing_job *j)
{
    const struct routing_study *t = j->t;
    note_reversed(j);
    if (j->q->left_out)
        doc_note(j->d, NOTE_WARN, "%zu rows lack the quality of a model and are left out.",
                 j->q->left_out);
    if (!t->q->k)
        doc_note(j->d, NOTE_INFO,
                 "%zu labels chose the routing, %zu others judged it, split by the hash of the "
                 "prompt's id. Quality is on a scale of %g to %g; a point is one hundredth of it.",
                 t->split.n_train, t->split.n_check, j->q->low, j->q->high);
    if (t->q->k && t->q->k->labels)
        doc_note(j->d, NOTE_INFO,
                 "Each quality was split into two independent measurements of half "
                 "its labels: one chose, the other judged.");
    if (!isnan(t->tolerance) && t->promised && t->next.labels_needed > 0)
        doc_note(j->d, NOTE_INFO,
                 "The next step would save %.*s; about %.*s labels that do not "
                 "choose would settle whether it holds.",
                 FMT(routing_percent(j->a, t->next.saving)),
                 FMT(str_count(j->a, (uint64_t)t->next.labels_needed)));
    if (j->q->relative)
        doc_note(j->d, NOTE_INFO, "Costs are flat prices: every prompt counts as equally long.");
}

str routing_evidence(const struct routing_study *t, struct arena *a)
{
    if (t->promised)
        return str_fmt(a, "loses at most %.*s of quality with %.*s confidence; %.*s; saves %.*s",
                       FMT(routing_points(a, t->tolerance)), FMT(confidence_text(t, a)),
                       FMT(measured_on(t, a)), FMT(routing_percent(a, t->answer.saving)));
    return str_fmt(a, "costs %.*s of quality, at most %.*s with %.*s confidence; %.*s; saves %.*s",
                   FMT(routing_points(a, t->answer.loss)), FMT(routing_points(a, t->answer.bound)),
                   FMT(confidence_text(t, a)), FMT(measured_on(t, a)),
                   FMT(routing_percent(a, t->answer.saving)));
}

struct doc *report_routing(const struct routing_request *q, struct arena *a)
{
    const struct routing_study *t = q->study;
    struct routing_job j = {q, t, a, doc_new(a, "route", S("Routing between models"))};
    j.d->subtitle = str_fmt(a, "%.*s, %zu classes, against '%.*s'", FMT(q->file),
                            t->q->v->n_classes, FMT(model_name(t, t->s.reference)));
    j.d->currency = q->currency;
    j.d->as_of = q->as_of;
    doc_prose(j.d, SHOW_ALL, answer(t, a));
    doc_prose(j.d, SHOW_ALL, plain_words(t, a));
    add_figures(&j);
    add_pairs(&j);
    add_policy(&j);
    add_savings(&j);
    add_certificate(&j);
    add_references(&j);
    add_models(&j);
    add_slow(&j);
    add_folds(&j);
    add_frontier(&j);
    add_hindsight(&j);
    add_notes(&j);
    return j.d;
}
