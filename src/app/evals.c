/* evals.c - reading evaluations of models. */
#include "app/evals_int.h"

#include <math.h>

#include "base/bytes.h"
#include "base/csv.h"
#include "base/json_read.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/os.h"

struct loader {
    struct workspace *w;
    struct arena *a;
    const struct evals_request *q;
    str file;
    const str *names;
    size_t n_names;
    struct eval_columns columns;
    struct cost_plan costs;
    struct map classes;
    size_t n, cap, left_out;
    uint32_t *class_of;
    double *quality, *cost, *escalate, *latency, *score, *share, *labels;
    uint64_t *key;
    size_t caps[9];
    double low, high; /* of the qualities seen */
    struct err *e;
};

static bool fault(struct loader *l, uint64_t line, uint32_t column, const char *what, str value)
{
    return err_set(l->e, ERR_INVALID, "%.*s: line %llu: column '%.*s': '%.*s' %s", FMT(l->file),
                   (unsigned long long)line, FMT(l->names[column]), FMT(str_sub(value, 0, 80)),
                   what);
}

static bool number_at(struct loader *l, uint64_t line, const str *cells, uint32_t column,
                      double *ret)
{
    str s = str_trim(cells[column]);
    if (str_eq_nocase(s, S("true")) || str_eq_nocase(s, S("false"))) {
        *ret = s.n == 4 ? 1 : 0;
        return true;
    }
    return str_to_double(s, ret) || fault(l, line, column, "is not a number", cells[column]);
}

static bool amount_at(struct loader *l, uint64_t line, const str *cells, uint32_t column,
                      double *ret)
{
    return number_at(l, line, cells, column, ret) &&
           (*ret >= 0 || fault(l, line, column, "is negative", cells[column]));
}

static bool tokens_at(struct loader *l, uint64_t line, const str *cells, uint32_t own,
                      uint32_t common, double otherwise, double *ret)
{
    uint32_t column = own != NO_COLUMN ? own : common;
    *ret = otherwise;
    return column == NO_COLUMN || amount_at(l, line, cells, column, ret);
}

static bool cost_at(struct loader *l, uint64_t line, const str *cells, size_t model, double *ret)
{
    const struct model_columns *m = &l->columns.models[model];
    const struct model_cost *c = &l->costs.models[model];
    double in, out;
    if (c->kind == COST_COLUMN)
        return amount_at(l, line, cells, m->cost, ret);
    *ret = c->in;
    if (l->costs.relative)
        return true;
    if (!tokens_at(l, line, cells, m->in, l->columns.in, l->costs.in, &in) ||
        !tokens_at(l, line, cells, m->out, l->columns.out, l->costs.out, &out))
        return false;
    *ret = (in * c->in + out * c->out) / 1e6;
    return true;
}

static void make_room(struct loader *l)
{
    size_t m = l->columns.n_models, need = l->n + 1;
    l->class_of = arena_grow(l->a, l->class_of, sizeof *l->class_of, &l->caps[0], need);
    l->key = arena_grow(l->a, l->key, sizeof *l->key, &l->caps[1], need);
    l->score = arena_grow(l->a, l->score, sizeof *l->score, &l->caps[2], need);
    l->share = arena_grow(l->a, l->share, sizeof *l->share, &l->caps[3], need);
    l->quality = arena_grow(l->a, l->quality, sizeof *l->quality, &l->caps[4], need * m);
    l->cost = arena_grow(l->a, l->cost, sizeof *l->cost, &l->caps[5], need * m);
    l->escalate = arena_grow(l->a, l->escalate, sizeof *l->escalate, &l->caps[6], need * m);
    l->labels = arena_grow(l->a, l->labels, sizeof *l->labels, &l->caps[7], need * m);
    l->latency = arena_grow(l->a, l->latency, sizeof *l->latency, &l->caps[8], need * m);
}

/* Qualities, costs and the rest of one model; *ret_empty when its quality is not there. */
static bool take_model(struct loader *l, uint64_t line, const str *cells, size_t model,
                       bool *ret_empty)
{
    const struct model_columns *m = &l->columns.models[model];
    size_t at = l->n * l->columns.n_models + model;
    uint32_t n = m->n != NO_COLUMN ? m->n : l->columns.n;
    double q;
    *ret_empty = !str_trim(cells[m->quality]).n;
    if (*ret_empty)
        return true;
    if (!number_at(l, line, cells, m->quality, &q) || !cost_at(l, line, cells, model, &l->cost[at]))
        return false;
    l->quality[at] = q;
    l->low = MIN(l->low, q);
    l->high = MAX(l->high, q);
    l->escalate[at] = l->labels[at] = l->latency[at] = NAN;
    if (m->latency != NO_COLUMN && str_trim(cells[m->latency]).n &&
        !amount_at(l, line, cells, m->latency, &l->latency[at]))
        return false;
    if (m->escalate != NO_COLUMN &&
        (!amount_at(l, line, cells, m->escalate, &l->escalate[at]) || l->escalate[at] > 1))
        return l->e->kind
                   ? false
                   : fault(l, line, m->escalate, "is not between 0 and 1", cells[m->escalate]);
    if (l->columns.share == NO_COLUMN || n == NO_COLUMN || !str_trim(cells[n]).n)
        return true;
    return amount_at(l, line, cells, n, &l->labels[at]) &&
           (l->labels[at] >= 1 || fault(l, line, n, "is no count of labels", cells[n]));
}

static uint32_t class_at(struct loader *l, str name)
{
    bool is_new;
    struct map_entry *e = map_get(&l->classes, name);
    if (e)
        return (uint32_t)e->num;
    e = map_put(&l->classes, str_dup(l->a, name), &is_new);
    e->num = (int64_t)l->classes.n - 1;
    return (uint32_t)e->num;
}

static bool take_class(struct loader *l, uint64_t line, const str *cells)
{
    const struct eval_columns *c = &l->columns;
    str name = str_trim(cells[c->class_name]);
    size_t before = l->classes.n;
    if (!name.n)
        return fault(l, line, c->class_name, "names no class", name);
    l->class_of[l->n] = class_at(l, name);
    if (l->classes.n > ROUTING_CLASSES_MAX)
        return err_set(l->e, ERR_INVALID, "%.*s: line %llu: more than %u classes in column '%.*s'",
                       FMT(l->file), (unsigned long long)line, ROUTING_CLASSES_MAX,
                       FMT(l->names[c->class_name]));
    if (c->share == NO_COLUMN)
        return true;
    if (l->classes.n == before)
        return fault(l, line, c->class_name, "is named twice", name);
    return amount_at(l, line, cells, c->share, &l->share[l->n]);
}

static bool take_row(struct loader *l, uint64_t line, const str *cells)
{
    const struct eval_columns *c = &l->columns;
    bool empty = false;
    make_room(l);
    for (size_t m = 0; m < c->n_models; m++) {
        if (!take_model(l, line, cells, m, &empty))
            return false;
        if (empty)
            break;
    }
    if (empty && c->share != NO_COLUMN)
        return fault(l, line, c->class_name, "lacks the quality of a model", cells[c->class_name]);
    if (empty) {
        l->left_out++;
        return true;
    }
    uint32_t id = c->id != NO_COLUMN ? c->id : c->prompt;
    l->key[l->n] = id != NO_COLUMN ? str_hash(cells[id]) : line;
    if (!take_class(l, line, cells))
        return false;
    if (c->score != NO_COLUMN && !number_at(l, line, cells, c->score, &l->score[l->n]))
        return false;
    if (++l->n > LIMIT_EVAL_ROWS)
        return err_set(l->e, ERR_INVALID, "%.*s: more than %u rows", FMT(l->file), LIMIT_EVAL_ROWS);
    return true;
}

static bool begin(struct loader *l, const str *names, size_t n)
{
    l->names = names;
    l->n_names = n;
    if (!eval_columns(l->a, l->q, names, n, &l->columns, l->e))
        return err_wrap(l->e, "%.*s", FMT(l->file));
    if (!eval_costs(l->w, l->q, &l->columns, &l->costs, l->e))
        return l->e->kind == ERR_USAGE ? false : err_wrap(l->e, "%.*s", FMT(l->file));
    return true;
}

/* ---- CSV ---- */

static bool read_csv(struct loader *l, struct csv_file *f)
{
    struct csv_worker *w;
    struct csv_batch b;
    size_t n;
    const str *names = csv_names(f, &n);
    if (!begin(l, names, n))
        return false;
    uint32_t *columns = arena_new(l->a, uint32_t, n);
    for (uint32_t i = 0; i < n; i++)
        columns[i] = i;
    if (!csv_worker_open(f, columns, n, &w, l->e))
        return false;
    bool good = true;
    while (good) {
        good = csv_worker_next(w, &b, l->e);
        if (!good || !b.n)
            break;
        for (size_t i = 0; good && i < b.n; i++)
            good = take_row(l, b.lines[i], b.cells + i * n);
    }
    csv_worker_close(w);
    return good;
}

/* ---- JSON: a list of objects; the maps `scores` and `quality` hold a value by model ---- */

static bool holds_qualities(str key)
{
    return str_eq(key, S("scores")) || str_eq(key, S("quality"));
}

static void json_names(struct loader *l, const struct json *row, str **ret, size_t *ret_n)
{
    size_t n = 0, cap = 0;
    *ret = NULL;
    for (size_t i = 0; i < row->n; i++) {
        const struct json *v = &row->items[i];
        bool map = v->kind == JSON_MAP && holds_qualities(row->keys[i]);
        for (size_t k = 0; k < (map ? v->n : 1); k++) {
            *ret = arena_grow(l->a, *ret, sizeof **ret, &cap, n + 1);
            (*ret)[n++] = map ? str_fmt(l->a, "quality_%.*s", FMT(v->keys[k])) : row->keys[i];
        }
    }
    *ret_n = n;
}

static void put_cell(const struct loader *l, str *cells, str name, const struct json *v)
{
    for (size_t i = 0; i < l->n_names; i++)
        if (str_eq(l->names[i], name))
            cells[i] = v->kind == JSON_BOOL ? (v->yes ? S("1") : S("0")) : json_text(v);
}

static bool json_row(struct loader *l, const struct json *row, str *cells)
{
    struct arena scratch = ARENA_INIT;
    for (size_t i = 0; i < l->n_names; i++)
        cells[i] = STR_NONE;
    for (size_t i = 0; i < row->n; i++) {
        const struct json *v = &row->items[i];
        if (v->kind != JSON_MAP || !holds_qualities(row->keys[i])) {
            put_cell(l, cells, row->keys[i], v);
            continue;
        }
        for (size_t k = 0; k < v->n; k++)
            put_cell(l, cells, str_fmt(&scratch, "quality_%.*s", FMT(v->keys[k])), &v->items[k]);
    }
    arena_release(&scratch);
    return take_row(l, row->line, cells);
}

static bool read_json(struct loader *l, str text)
{
    const struct json *list;
    str *names;
    size_t n;
    if (!json_parse(l->a, text, &list, l->e))
        return err_wrap(l->e, "%.*s", FMT(l->file));
    if (list->kind != JSON_LIST || !list->n || list->items[0].kind != JSON_MAP)
        return err_set(l->e, ERR_INVALID, "%.*s: not a list of objects", FMT(l->file));
    json_names(l, &list->items[0], &names, &n);
    if (!begin(l, names, n))
        return false;
    str *cells = arena_new(l->a, str, n + 1);
    for (size_t i = 0; i < list->n; i++) {
        const struct json *row = &list->items[i];
        if (row->kind != JSON_MAP)
            return err_set(l->e, ERR_INVALID, "%.*s: line %u: not an object", FMT(l->file),
                           row->line);
        if (!json_row(l, row, cells))
            return false;
    }
    return true;
}

/* ---- what was read, as the engine wants it ---- */

static bool find_scale(struct loader *l, struct evals *ret)
{
    static const double tops[] = {1, 10, 100};
    str high = l->q->scale, low;
    if (l->q->scale.n) {
        size_t dots = str_find(high, S(".."), 0);
        low = str_sub(high, 0, MIN(dots, high.n));
        if (dots == SIZE_MAX || !str_to_double(low, &ret->low) ||
            !str_to_double(str_sub(high, dots + 2, high.n), &ret->high) || !(ret->low < ret->high))
            return err_set(l->e, ERR_USAGE, "--scale: '%.*s' is not LOW..HIGH", FMT(l->q->scale));
    } else {
        ret->low = ret->high = 0;
        for (size_t i = 0; i < ARRAY_LEN(tops) && !(ret->high > 0); i++)
            if (l->high <= tops[i])
                ret->high = tops[i];
    }
    if (l->low >= ret->low && l->high <= ret->high)
        return true;
    err_set(l->e, ERR_INVALID, "%.*s: qualities go from %g to %g", FMT(l->file), l->low, l->high);
    return err_hint(l->e, "Say what the worst and the best possible quality are: --scale 1..5.");
}

static const str *class_names(struct loader *l)
{
    str *names = arena_new(l->a, str, l->classes.n + 1);
    for (size_t i = 0; i < l->classes.n; i++)
        names[i] = l->classes.entries[i].key;
    return names;
}

static bool check_shares(struct loader *l, size_t n)
{
    double total = 0;
    for (size_t i = 0; i < n; i++)
        total += l->share[i];
    return total > 0 ||
           err_set(l->e, ERR_INVALID, "%.*s: the shares add up to nothing", FMT(l->file));
}

static bool finish(struct loader *l, struct evals *ret)
{
    size_t m = l->columns.n_models;
    str *models = arena_new(l->a, str, m);
    bool checked = false, timed = false, counted = l->n > 0;
    if (!l->n)
        return err_set(l->e, ERR_INVALID, "%.*s: no row has a quality of every model",
                       FMT(l->file));
    if (!find_scale(l, ret))
        return false;
    ret->price_notes = arena_new(l->a, str, m);
    for (size_t i = 0; i < m; i++) {
        models[i] = str_dup(l->a, l->columns.models[i].name);
        ret->price_notes[i] = l->costs.models[i].note;
        checked = checked || l->columns.models[i].escalate != NO_COLUMN;
        timed = timed || l->columns.models[i].latency != NO_COLUMN;
    }
    for (size_t i = 0; i < l->n * m; i++) {
        l->quality[i] = (l->quality[i] - ret->low) / (ret->high - ret->low);
        counted = counted && !isnan(l->labels[i]);
    }
    ret->of_classes = l->columns.share != NO_COLUMN;
    ret->relative = l->costs.relative;
    ret->currency = l->costs.currency;
    ret->left_out = l->left_out;
    ret->v = (struct routing_evals){.n = l->n,
                                    .n_models = m,
                                    .n_classes = l->classes.n,
                                    .models = models,
                                    .classes = class_names(l),
                                    .class_of = l->class_of,
                                    .quality = l->quality,
                                    .cost = l->cost,
                                    .key = l->key,
                                    .score = l->columns.score != NO_COLUMN ? l->score : NULL,
                                    .escalate = checked ? l->escalate : NULL,
                                    .latency = timed ? l->latency : NULL};
    ret->k = (struct routing_classes){.n_models = m,
                                      .n_classes = l->n,
                                      .share = l->share,
                                      .quality = l->quality,
                                      .cost = l->cost,
                                      .labels = counted ? l->labels : NULL};
    return !ret->of_classes || check_shares(l, l->n);
}

static struct loader loader_of(struct workspace *w, const struct evals_request *q, struct err *e)
{
    struct loader l = {
        .w = w, .a = w->arena, .q = q, .file = q->path, .e = e, .low = INFINITY, .high = -INFINITY};
    map_init(&l.classes, w->arena);
    e->kind = ERR_NONE;
    return l;
}

static bool looks_like_json(str head)
{
    head = str_trim(head);
    return head.n && head.p[0] == '[';
}

bool evals_parse(struct workspace *w, const struct evals_request *q, str text, struct evals *ret,
                 struct err *e)
{
    struct loader l = loader_of(w, q, e);
    struct csv_options o = {0};
    struct csv_file *f;
    struct evals out = {.name = q->path};
    bool good;
    if (looks_like_json(text)) {
        good = read_json(&l, text);
    } else {
        if (!csv_open_memory(q->path, text, &o, &f, e))
            return false;
        good = read_csv(&l, f) && finish(&l, &out);
        csv_close(f);
        if (good)
            *ret = out;
        return good;
    }
    if (!good || !finish(&l, &out))
        return false;
    *ret = out;
    return true;
}

bool evals_load(struct workspace *w, const struct evals_request *q, struct evals *ret,
                struct err *e)
{
    struct loader l = loader_of(w, q, e);
    struct csv_options o = {0};
    struct csv_file *f;
    struct evals out = {.name = q->path};
    str head, text;
    if (!bytes_head(w->arena, q->path, 64, &head, e))
        return false;
    if (looks_like_json(head))
        return bytes_read_all(w->arena, q->path, LIMIT_JSON_BYTES, &text, e) &&
               evals_parse(w, q, text, ret, e);
    if (!csv_open(q->path, &o, &f, e))
        return false;
    bool good = read_csv(&l, f) && finish(&l, &out);
    csv_close(f);
    if (good)
        *ret = out;
    return good;
}
