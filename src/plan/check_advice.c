/* check_advice.c - warnings: what computes, but a finance partner would ask about. */
#include "plan/reader.h"

static void advise_buffer(struct reader *r, const struct quantity *q, int lo, int hi,
                          const char *what)
{
    if (!q)
        return;
    dec v = q->points[0].v.exact, percent = DEC_ONE / 100;
    if (v >= lo * percent && v <= hi * percent)
        return;
    yaml_warn(r->d, q->at, STR_NONE, "a buffer of %.*s for %s is outside the usual %d-%d %%",
              FMT(q->at->text), what, lo, hi);
}

static void advise_lines(struct reader *r)
{
    for (size_t i = 0; i < r->p->n_lines; i++) {
        const struct line *l = r->p->lines[i];
        const struct quantity *cost = l->q[Q_COST];
        if (l->kind == LINE_TRAINING || l->kind == LINE_INFERENCE)
            advise_buffer(r, l->q[Q_BUFFER], 20, 30, "compute");
        if (l->kind == LINE_LLM)
            advise_buffer(r, l->q[Q_BUFFER], 30, 50, "an LLM line");
        if (cost && cost->form == FORM_CONST && cost->per == PER_NONE)
            yaml_warn(r->d, cost->at, S("Write '/mo', '/yr' or ' once' behind it."),
                      "'%.*s' has no unit and is taken as per month", FMT(cost->at->text));
    }
}

static void advise_people(struct reader *r)
{
    const struct plan *p = r->p;
    for (size_t i = 0; i < p->staff.n; i++) {
        const struct position *s = &p->staff.items[i];
        if (!s->start.at && (s->recruiting || s->internal.at))
            yaml_warn(r->d, s->at, S("Add `start: 2026-10`, or leave these keys out."),
                      "'%.*s' has hiring terms but no start month: it counts as already here",
                      FMT(s->id.s));
    }
}

static void advise_benefits(struct reader *r)
{
    const struct plan *p = r->p;
    for (size_t i = 0; i < p->initiatives.n; i++) {
        const struct initiative *in = &p->initiatives.items[i];
        for (size_t k = 0; k < in->benefits.n; k++) {
            const struct benefit *b = &in->benefits.items[k];
            if (!b->at)
                continue;
            if (!b->owner.at)
                yaml_warn(r->d, b->at, S("Add `owner:`, who answers for it."),
                          "benefit '%.*s' has no owner", FMT(b->id.s));
            if (!b->measure.at)
                yaml_warn(r->d, b->at, S("Add `measure:`, how it will be seen."),
                          "benefit '%.*s' has no measure", FMT(b->id.s));
            if (in->starts.at && b->from.at && b->from.m < in->starts.m)
                yaml_warn(r->d, b->from.at, STR_NONE, "benefit '%.*s' begins before its initiative",
                          FMT(b->id.s));
        }
    }
}

void check_advice(struct reader *r)
{
    const struct plan *p = r->p;
    const struct quantity *share = p->reserve.share;
    advise_buffer(r, p->buffers.training, 20, 30, "training");
    advise_buffer(r, p->buffers.inference, 20, 30, "inference");
    advise_buffer(r, p->buffers.llm, 30, 50, "LLM lines");
    if (share) {
        dec v = share->points[0].v.exact, percent = DEC_ONE / 100;
        if (v < 15 * percent || v > 20 * percent)
            yaml_warn(r->d, share->at, STR_NONE, "a reserve of %.*s is outside the usual 15-20 %%",
                      FMT(share->at->text));
    }
    advise_lines(r);
    advise_people(r);
    advise_benefits(r);
}
