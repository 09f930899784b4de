/* plan_why_line.c - `why` of lines, people, levers, benefits and numbers. */
#include "report/plan_why_int.h"

static const char *formula_of(const struct line *l)
{
    switch (l->kind) {
    case LINE_TRAINING:
        return l->q[Q_GPU_HOURS] ? "gpu_hours x rate of the machine"
                                 : "gpus x hours x runs x rate of the machine";
    case LINE_INFERENCE:
        return l->q[Q_PER_1K]
                   ? "requests / 1000 x per_1k"
                   : "max(requests / per_hour, at_least x 730 hours) x rate of the machine";
    case LINE_STORAGE:
        return "tb x price";
    case LINE_LLM:
        return "users x sessions x requests x (1 + retries) x price of one request, which is in x "
               "[(1 - "
               "cached - cache_writes) x in + cached x cache_read + cache_writes x cache_write] + "
               "out x "
               "out, per million tokens; the batch share pays batch prices";
    case LINE_SAAS:
        return l->q[Q_SEATS] ? "seats x price" : "cost";
    case LINE_LABELING:
        return "items x price x (1 + review)";
    default:
        return "cost";
    }
}

static void source_prose(struct why *y, str source, const char *word)
{
    if (!source.n)
        return;
    if (!y->source.n)
        y->source = source;
    doc_prose(y->d, SHOW_ALL, str_fmt(y->a, "%s: %.*s", word, FMT(source)));
}

/* --- models --- */

static bool entry_in_force(const struct why *y, const struct model_price *m, size_t k)
{
    month from = y->p->header.first + y->from, to = y->p->header.first + y->to;
    bool begun = k == 0 || m->entries[k].from.m <= to;
    bool over = k + 1 < m->n && m->entries[k + 1].from.m <= from;
    return begun && !over;
}

static void why_model(struct why *y, const struct line *l, const struct weight *model)
{
    static const struct {
        enum price_part part;
        const char *name;
        enum line_quantity when; /* the share that makes it matter; LINE_QUANTITIES: always */
    } rows[] = {{PRICE_IN, "in", LINE_QUANTITIES},
                {PRICE_OUT, "out", LINE_QUANTITIES},
                {PRICE_CACHE_READ, "cache_read", Q_CACHED},
                {PRICE_CACHE_WRITE, "cache_write", Q_CACHE_WRITES},
                {PRICE_BATCH_IN, "batch_in", Q_BATCH},
                {PRICE_BATCH_OUT, "batch_out", Q_BATCH}};
    const struct model_price *m = &y->p->prices.items[model->index];
    char text[MONTH_TEXT];
    if (model->q)
        why_input(y, 0, str_fmt(y->a, "prices.%.*s", FMT(m->model)), model->q);
    else
        why_words(y, 0, str_fmt(y->a, "prices.%.*s", FMT(m->model)),
                  m->at ? STR_NONE : m->book_note, model->name.at);
    for (size_t k = 0; k < m->n; k++) {
        const struct price_entry *e = &m->entries[k];
        if (!entry_in_force(y, m, k))
            continue;
        y->no_first = k > 0 && e->from.m > y->p->header.first + y->from;
        y->no_last = k + 1 < m->n && m->entries[k + 1].from.m <= y->p->header.first + y->to;
        str from =
            e->from.at ? str_fmt(y->a, " from %.*s", FMT(month_format(e->from.m, text))) : STR_NONE;
        for (size_t i = 0; i < ARRAY_LEN(rows); i++)
            if (e->part[rows[i].part] && (rows[i].when == LINE_QUANTITIES || l->q[rows[i].when]))
                why_input(y, 1, str_fmt(y->a, "%s%.*s", rows[i].name, FMT(from)),
                          e->part[rows[i].part]);
    }
    y->no_first = y->no_last = false;
}

/* --- levers --- */

static void lever_inputs(struct why *y, int level, const struct lever *v)
{
    why_input(y, level, S("covers"), v->covers);
    why_input(y, level, S("saves"), v->saves);
    if (v->effect == LEVER_MODEL)
        why_words(y, level, S("model"), v->model_name.s, v->model_name.at);
    why_input(y, level, S("day_rate"), v->replace.day_rate);
    why_input(y, level, S("days"), v->replace.days);
}

/* What the lever leaves of the line (or driver) it reaches in the two months. */
static void lever_row(struct why *y, const struct lever *v)
{
    char text[MONTH_TEXT];
    bool saves = v->effect == LEVER_SAVES;
    str name =
        str_fmt(y->a, "levers.%.*s%s%s", FMT(v->id.s), v->driver == LINE_QUANTITIES ? "" : " on ",
                v->driver == LINE_QUANTITIES ? "" : line_quantity_key(v->driver));
    struct why_note note = {str_fmt(y->a, "%s from %.*s", saves ? "leaves" : "reprices",
                                    FMT(month_format(v->first, text))),
                            v->evidence.s, v->at};
    double at[2];
    const int32_t months[] = {y->from, y->to};
    for (size_t i = 0; i < 2; i++)
        at[i] = saves                            ? lever_leaves(y->w, v, months[i])
                : lever_runs(y->w, v, months[i]) ? lever_covers(y->w, v, months[i])
                                                 : 0;
    why_row(y, 0, name, WHY_SHARE, at[0], at[1], &note);
    lever_inputs(y, 1, v);
}

/* --- lines --- */

static const struct expanded *line_of(const struct why *y, const struct line *l, bool buffer)
{
    const struct expanded *items = buffer ? y->x->buffers : y->x->lines;
    size_t n = buffer ? y->x->n_buffers : y->x->n_lines;
    for (size_t i = 0; i < n; i++)
        if (items[i].line == l->index)
            return &items[i];
    return NULL;
}

static double month_amount(const struct expanded *x, int32_t m)
{
    return x ? money_to_double(x->monthly[m]) : 0;
}

static void volumes(struct why *y, const struct line_months *r)
{
    const struct {
        const char *name;
        const double *months;
    } rows[] = {{"requests", r->requests},
                {"tokens in, uncached", r->in},
                {"tokens read from cache", r->cache_read},
                {"tokens written to cache", r->cache_write},
                {"tokens out", r->out}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (rows[i].months[y->from] > 0 || rows[i].months[y->to] > 0)
            why_row(y, 0, str_fmt(y->a, "= %s", rows[i].name), WHY_NUMBER, rows[i].months[y->from],
                    rows[i].months[y->to], NULL);
}

static void buffer_row(struct why *y, const struct line *l)
{
    const struct plan_buffers *b = &y->p->buffers;
    const struct quantity *q = l->q[Q_BUFFER];
    const struct expanded *x = line_of(y, l, true);
    const char *kind = l->kind == LINE_TRAINING    ? "training"
                       : l->kind == LINE_INFERENCE ? "inference"
                                                   : "llm";
    if (!x)
        return;
    if (!q)
        q = l->kind == LINE_TRAINING    ? b->training
            : l->kind == LINE_INFERENCE ? b->inference
                                        : b->llm;
    str name = l->q[Q_BUFFER] ? S("buffer") : str_fmt(y->a, "buffers.%s", kind);
    if (q)
        why_input(y, 0, name, q);
    else
        why_words(y, 0, name,
                  l->kind == LINE_LLM ? S("40% unless written") : S("25% unless written"), NULL);
    why_row(y, 0, S("= buffer"), WHY_MONEY, month_amount(x, y->from), month_amount(x, y->to), NULL);
}

/* The months that the question is about, within those in which something runs. */
static void span_inside(struct why *y, int32_t first, int32_t last)
{
    if (y->q->month != MONTH_NONE)
        why_span(y, y->from, y->from);
    else
        why_span(y, MAX(0, MIN(first, y->to)), MAX(0, MIN(last, y->to)));
}

/* As the formula names them. */
static const enum line_quantity ORDER[] = {
    Q_GPU_HOURS, Q_GPUS,     Q_HOURS,  Q_RUNS,   Q_USERS,        Q_SESSIONS, Q_REQUESTS, Q_RETRIES,
    Q_PER_HOUR,  Q_AT_LEAST, Q_PER_1K, Q_TB,     Q_SEATS,        Q_ITEMS,    Q_PRICE,    Q_REVIEW,
    Q_COST,      Q_IN,       Q_OUT,    Q_CACHED, Q_CACHE_WRITES, Q_BATCH,    Q_GROWTH};

/* The first month of an amount that does not come every month. */
static int32_t paid_in(const struct why *y, const struct expanded *x)
{
    for (int32_t m = 0; m < y->x->n_months; m++)
        if (x->monthly[m].micros)
            return m;
    return 0;
}

void why_line(struct why *y, const struct line *l, bool buffer)
{
    struct line_months r, bare;
    int32_t first, last;
    const struct expanded *x = line_of(y, l, false);
    world_line_span(y->w, l, &first, &last);
    why_formula(y, str_fmt(y->a, "%s%s%s", formula_of(l),
                           l->upfront ? "; a year at once, in the month of renewal" : "",
                           l->q[Q_GROWTH] ? "; growing every month" : ""));
    source_prose(y, l->source.s, "Source");
    if (x && (l->upfront || (l->q[Q_COST] && l->q[Q_COST]->per == PER_ONCE)))
        first = last = paid_in(y, x);
    span_inside(y, first, last);
    for (size_t i = 0; i < ARRAY_LEN(ORDER); i++)
        why_input(y, 0, str_of(line_quantity_key(ORDER[i])), l->q[ORDER[i]]);
    if (l->machine != NO_INDEX)
        why_input(y, 0, str_fmt(y->a, "machines.%.*s", FMT(l->machine_name.s)),
                  y->p->machines.items[l->machine].q);
    for (size_t i = 0; i < l->models.n; i++)
        why_model(y, l, &l->models.items[i]);
    world_line(y->w, l, &r);
    world_line(y->bare, l, &bare);
    const struct line_levers *levers = &y->w->levers[l->index];
    if (levers->n)
        why_row(y, 0, S("= amount without levers"), WHY_MONEY, bare.amount[y->from],
                bare.amount[y->to], NULL);
    for (uint32_t i = 0; i < levers->n; i++)
        lever_row(y, &y->p->levers.items[levers->items[i]]);
    if (l->kind == LINE_LLM)
        volumes(y, &r);
    why_row(y, 0, S("= amount"), WHY_MONEY, month_amount(x, y->from), month_amount(x, y->to), NULL);
    buffer_row(y, l);
    if (buffer)
        why_amounts(y, "Buffer", line_of(y, l, true)->monthly);
    else if (x)
        why_amounts(y, "Amount", x->monthly);
    else
        doc_note(y->d, NOTE_INFO, "Initiative '%.*s' is a candidate: the line is outside the plan.",
                 FMT(y->p->initiatives.items[l->initiative].id.s));
}

/* --- people --- */

static const struct expanded *person(const struct why *y, uint32_t position, uint32_t contractor,
                                     uint32_t upskilling, bool hire)
{
    for (size_t i = 0; i < y->x->n_lines; i++) {
        const struct expanded *l = &y->x->lines[i];
        if (l->hire == hire && ((position != NO_INDEX && l->position == position) ||
                                (contractor != NO_INDEX && l->contractor == contractor) ||
                                (upskilling != NO_INDEX && l->upskilling == upskilling)))
            return l;
    }
    return NULL;
}

static void finish_person(struct why *y, const struct expanded *x)
{
    why_row(y, 0, S("= amount"), WHY_MONEY, month_amount(x, y->from), month_amount(x, y->to), NULL);
    if (x)
        why_amounts(y, "Amount", x->monthly);
    else
        doc_note(y->d, NOTE_INFO, "It works on candidates alone, so it is outside the plan.");
}

static void position_levers(struct why *y, uint32_t position)
{
    for (size_t i = 0; i < y->p->levers.n; i++) {
        const struct lever *v = &y->p->levers.items[i];
        if (!y->w->lever_on[i] || v->position != position)
            continue;
        why_words(y, 0, str_fmt(y->a, "levers.%.*s", FMT(v->id.s)),
                  v->effect == LEVER_SKIPS     ? str_fmt(y->a, "skips %.*s", FMT(v->skips.s))
                  : v->effect == LEVER_REPLACE ? S("contractors instead")
                                               : STR_NONE,
                  v->at);
        lever_inputs(y, 1, v);
    }
}

void why_position(struct why *y, uint32_t position, bool hire)
{
    const struct position *s = &y->p->staff.items[position];
    const struct loading *l = &y->p->loading;
    const struct quantity *pay = s->salary ? s->salary : y->p->roles.items[s->role].salary;
    str pay_name =
        s->salary ? S("salary") : str_fmt(y->a, "roles.%.*s.salary", FMT(s->role_name.s));
    int32_t first = s->first - y->p->header.first, last = s->last - y->p->header.first;
    bool raised = s->here && l->raise;
    char text[MONTH_TEXT];
    if (hire)
        why_formula(y, S("count x (salary x recruiting + equipment), once, in the start month"));
    else
        why_formula(y, str_fmt(y->a, "count x salary / 12 x (1 + benefits)%s%.*s",
                               raised ? " x (1 + raise) from " : "",
                               FMT(raised ? month_format(l->raise_in.m, text) : STR_NONE)));
    source_prose(y, s->source.s, "Source");
    span_inside(y, first, hire ? first : last);
    why_input(y, 0, S("count"), s->count);
    why_input(y, 0, pay_name, pay);
    if (hire) {
        why_input(y, 0, s->recruiting ? S("recruiting") : S("loading.recruiting"),
                  s->recruiting ? s->recruiting : l->recruiting);
        why_input(y, 0, S("loading.equipment"), l->equipment);
    } else {
        why_input(y, 0, S("loading.benefits"), l->benefits);
        if (raised)
            why_input(y, 0, S("loading.raise"), l->raise);
    }
    position_levers(y, position);
    finish_person(y, person(y, position, NO_INDEX, NO_INDEX, hire));
}

void why_contractor(struct why *y, uint32_t contractor)
{
    const struct contractor *c = &y->p->contractors.items[contractor];
    why_formula(y, S("days x day_rate"));
    source_prose(y, c->source.s, "Source");
    span_inside(y, c->first - y->p->header.first, c->last - y->p->header.first);
    why_input(y, 0, S("days"), c->days);
    why_input(y, 0, S("day_rate"), c->day_rate);
    finish_person(y, person(y, NO_INDEX, contractor, NO_INDEX, false));
}

void why_upskilling(struct why *y, uint32_t upskilling)
{
    const struct upskilling *u = &y->p->upskilling.items[upskilling];
    int32_t at = u->month.m - y->p->header.first;
    why_formula(y, S("people x cost, once, in its month"));
    source_prose(y, u->source.s, "Source");
    span_inside(y, at, at);
    why_input(y, 0, S("people"), u->people);
    why_input(y, 0, S("cost"), u->cost);
    finish_person(y, person(y, NO_INDEX, NO_INDEX, upskilling, false));
}

/* --- levers, benefits, numbers --- */

void why_lever(struct why *y, uint32_t lever)
{
    const struct lever *v = &y->p->levers.items[lever];
    const char *what = v->effect == LEVER_SAVES ? "of what it applies to, covers x saves goes away"
                       : v->effect == LEVER_MODEL ? "the covered share is priced on another model"
                       : v->effect == LEVER_REPLACE
                           ? "contractor days in place of the position and its hire"
                           : "the hire costs less";
    why_formula(y, str_fmt(y->a, "%s: %s%s", v->applies.s.n ? str_cstr(y->a, v->applies.s) : "",
                           what, y->w->lever_on[lever] ? "" : "; not in use"));
    source_prose(y, v->evidence.s, "Evidence");
    span_inside(y, v->first - y->p->header.first, v->last - y->p->header.first);
    lever_inputs(y, 0, v);
    why_input(y, 0, S("cost"), v->cost);
    for (size_t i = 0; i < v->n_lines; i++)
        why_words(y, 0, S("reaches"), y->p->lines[v->lines[i]]->path, y->p->lines[v->lines[i]]->at);
    for (size_t i = 0; i < y->x->n_lines; i++)
        if (y->x->lines[i].lever == lever)
            why_amounts(y, "Cost", y->x->lines[i].monthly);
    doc_note(y->d, NOTE_INFO, "'outlay levers' says what it saves, alone and in sequence.");
}

void why_benefit(struct why *y, const struct benefit *b)
{
    double *months = arena_new(y->a, double, (size_t)MAX(y->w->n_horizon, y->w->n));
    money *amounts = arena_new(y->a, money, (size_t)y->w->n);
    why_formula(y, str_fmt(y->a, "monthly x each%s%s", b->confidence ? " x confidence" : "",
                           b->ramp ? " x min(1, months since its start / ramp)" : ""));
    source_prose(y, b->source.s, "Source");
    source_prose(y, b->measure.s, "Measured by");
    span_inside(y, b->first - y->p->header.first, b->last - y->p->header.first);
    why_input(y, 0, S("monthly"), b->monthly);
    why_input(y, 0, S("each"), b->each);
    why_input(y, 0, S("confidence"), b->confidence);
    why_input(y, 0, S("ramp"), b->ramp);
    world_benefit(y->w, b, months);
    why_row(y, 0, S("= benefit"), WHY_MONEY, months[y->from], months[y->to], NULL);
    for (int32_t m = 0; m < y->w->n; m++)
        amounts[m] = money_from_double(months[m], y->p->header.currency);
    why_amounts(y, "Benefit", amounts);
}

/* Directly, or through another driver; drivers have no cycles. */
static bool formula_names(const struct quantity *q, const struct why *y,
                          const struct quantity *driver)
{
    for (size_t i = 0; q && i < q->n; i++) {
        const struct formula *f = q->points[i].formula;
        for (size_t k = 0; f && k < f->n; k++)
            if (f->steps[k].op == OP_DRIVER) {
                const struct quantity *named = y->p->drivers.items[f->steps[k].driver].q;
                if (named == driver || formula_names(named, y, driver))
                    return true;
            }
    }
    return false;
}

static bool line_uses(const struct why *y, const struct line *l, const struct quantity *q)
{
    if (l->machine != NO_INDEX && y->p->machines.items[l->machine].q == q)
        return true;
    for (int i = 0; i < LINE_QUANTITIES; i++)
        if (formula_names(l->q[i], y, q) || (l->q[i] && l->q[i]->fx == q->index))
            return true;
    for (size_t i = 0; i < l->models.n; i++) {
        const struct model_price *m = &y->p->prices.items[l->models.items[i].index];
        for (size_t k = 0; k < m->n; k++)
            for (int part = 0; part < PRICE_PARTS; part++)
                if (m->entries[k].part[part] == q)
                    return true;
    }
    return false;
}

void why_quantity(struct why *y, const struct quantity *q)
{
    span_inside(y, 0, y->x->n_months - 1);
    why_input(y, 0, q->path, q);
    for (size_t i = 0; i < y->p->n_lines; i++)
        if (line_uses(y, y->p->lines[i], q))
            why_words(y, 0, S("used by"), y->p->lines[i]->path, y->p->lines[i]->at);
}
