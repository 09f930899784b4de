/* route_lever.c - levers out of a study of routing. */
#include "app/route_lever.h"

#include <math.h>

/* Text for a one-line map: quoted, without what would end the quotes. */
static str quoted(struct arena *a, str s)
{
    char *copy = str_cstr(a, s);
    for (size_t i = 0; i < s.n; i++)
        if (copy[i] == '"' || copy[i] == '\\' || (unsigned char)copy[i] < ' ')
            copy[i] = '\'';
    return str_fmt(a, "\"%s\"", copy);
}

static str percent(struct arena *a, double x)
{
    str s = str_fmt(a, "%.1f%%", x * 100);
    return str_ends(s, S(".0%")) ? str_fmt(a, "%.*s%%", (int)(s.n - 3), s.p) : s;
}

/* "43.2% (41% to 45.4%)": the ends of a plan's range are its 5th and 95th percentile. */
static str covers_text(struct arena *a, const struct routing_study *t, double covers)
{
    double all = t->answer.covered;
    str point = percent(a, covers);
    if (t->q->k || !(all > 0))
        return point;
    double low = covers * t->wide.covered.low / all, high = covers * t->wide.covered.high / all;
    high = MIN(high, 1);
    if (!(low + 0.001 < covers && covers + 0.001 < high))
        return point;
    return str_fmt(a, "%.*s (%.*s to %.*s)", FMT(point), FMT(percent(a, low)), FMT(percent(a, high)));
}

static str lever_id(struct arena *a, str line, size_t index)
{
    str id = str_fmt(a, "route-%.*s", FMT(line));
    char *copy = str_cstr(a, id);
    for (size_t i = 0; i < id.n; i++)
        if (copy[i] == '.')
            copy[i] = '-';
    return index ? str_fmt(a, "%s-%zu", copy, index + 1) : str_of(copy);
}

static struct lever_text lever(struct arena *a, const struct routing_study *t, str id, str line,
                               str effect, str evidence)
{
    return (struct lever_text){
        .id = id,
        .text = str_fmt(a, "{id: %.*s, use: %s, applies: %.*s, %.*s, evidence: %.*s}", FMT(id),
                        t->promised ? "yes" : "no", FMT(line), FMT(effect),
                        FMT(quoted(a, evidence))),
    };
}

bool route_levers(struct arena *a, const struct routing_study *t, str line, str evidence,
                  struct lever_text **ret, size_t *ret_n, struct err *e)
{
    const struct routing_fit *f = t->fit;
    struct routing_use *use = arena_new(a, struct routing_use, f->n_options + 1), cascades = {0, 0};
    struct lever_text *out = arena_new(a, struct lever_text, f->n_options + 1);
    double later = 0, least = 0.0005; /* shares below it would print as 0 % */
    size_t n = 0;
    routing_used(t, use);
    for (size_t o = 0; o < f->n_options; o++) {
        if (f->options[o].then != ROUTING_NONE) {
            cascades.covered += use[o].covered;
            cascades.cost += use[o].cost;
        } else if (o != t->s.reference) {
            later += use[o].covered;
        }
    }
    if (!(later + cascades.covered > least) || (!t->promised && !isnan(t->tolerance))) {
        err_set(e, ERR_INVALID, "there is no routing that could be promised, so no lever to write");
        return err_hint(e, "Allow more loss with --max-loss, gather labels, or ask for a saving "
                           "with --save: that lever is written with 'use: no'.");
    }
    /* each model's lever takes its share of what the levers behind it leave over */
    for (size_t o = 0; o < f->n_options; o++) {
        if (f->options[o].then != ROUTING_NONE || o == t->s.reference || !(use[o].covered > least))
            continue;
        later -= use[o].covered;
        double covers = use[o].covered / MAX(1 - later, 1e-9);
        str effect = str_fmt(a, "covers: %.*s, model: %.*s", FMT(covers_text(a, t, covers)),
                             FMT(quoted(a, t->q->v->models[o])));
        str id = lever_id(a, line, n);
        out[n++] = lever(a, t, id, line, effect, evidence);
    }
    if (cascades.covered > least && cascades.cost < cascades.covered) {
        /* savings come after repricing and apply to what is left of the line */
        double rest = 1 - t->answer.saving + cascades.covered - cascades.cost;
        str effect = str_fmt(a, "saves: %.*s",
                             FMT(percent(a, (cascades.covered - cascades.cost) / MAX(rest, 1e-9))));
        str id = lever_id(a, line, n);
        out[n++] = lever(a, t, id, line, effect, evidence);
    }
    *ret = out;
    *ret_n = n;
    return true;
}
