/* adopt.c - edits of a plan's text that make a scenario the plan. */
#include "app/adopt.h"

#include <math.h>

#include "base/limits.h"

struct edit {
    size_t at, n; /* bytes of the original that are replaced */
    str by;
    size_t order; /* of insertions at one place */
};
struct editor {
    struct arena *a;
    const struct plan *p;
    const struct yaml_file *file;
    struct edit *edits;
    size_t n, cap;
    struct err *e;
};

/* --- places --- */

static size_t line_start(const struct editor *d, uint32_t line)
{
    return d->file->line_starts[line - 1];
}

static str line_text(const struct editor *d, uint32_t line)
{
    size_t from = line_start(d, line), to = str_find_char(d->file->text, '\n', from);
    return str_sub(d->file->text, from, MIN(to, d->file->text.n));
}

/* Columns count characters. */
static size_t offset_of(const struct editor *d, const struct yaml_node *n)
{
    str s = line_text(d, n->line);
    size_t i = 0;
    for (uint32_t c = 1; c < n->column && i < s.n; c++)
        do
            i++;
        while (i < s.n && ((unsigned char)s.p[i] & 0xc0) == 0x80);
    return line_start(d, n->line) + i;
}

static str indent_of(const struct editor *d, uint32_t line)
{
    str s = line_text(d, line);
    size_t i = 0;
    while (i < s.n && s.p[i] == ' ')
        i++;
    return str_sub(s, 0, i);
}

static bool add(struct editor *d, size_t at, size_t n, str by)
{
    d->edits = arena_grow(d->a, d->edits, sizeof *d->edits, &d->cap, d->n + 1);
    d->edits[d->n] = (struct edit){at, n, by, d->n};
    d->n++;
    return true;
}

static bool cannot(struct editor *d, const struct yaml_node *n, const char *what)
{
    err_set(d->e, ERR_INVALID, "%.*s:%u: %s cannot be changed here", FMT(n->file->path), n->line,
            what);
    return err_hint(d->e, "Make this change by hand, or write it in the plan's main file in one "
                          "line.");
}

/* A plain value that stands in the file as it is read. */
static bool replace(struct editor *d, const struct yaml_node *n, str by)
{
    if (n->file != d->file)
        return cannot(d, n, "a value of another file");
    size_t at = offset_of(d, n);
    if (n->kind != YAML_SCALAR || !str_eq(str_sub(d->file->text, at, at + n->text.n), n->text))
        return cannot(d, n, "this value");
    for (size_t i = 0; i < d->n; i++)
        if (d->edits[i].at == at && d->edits[i].n == n->text.n && n->text.n)
            return str_eq(d->edits[i].by, by) || cannot(d, n, "a value twice");
    return add(d, at, n->text.n, by);
}

/* `key: value` behind the id of a map, in its own form. */
static bool insert_key(struct editor *d, const struct yaml_node *map, str key_and_value)
{
    const struct yaml_node *id = yaml_get(map, "id"), *key = yaml_key(map, "id");
    if (map->file != d->file || !id)
        return cannot(d, map, "a map of another file");
    size_t at = offset_of(d, id) + id->text.n;
    if (id->quoted)
        return cannot(d, id, "a quoted id");
    if (d->file->text.p[offset_of(d, map)] == '{')
        return add(d, at, 0, str_fmt(d->a, ", %.*s", FMT(key_and_value)));
    str own = line_text(d, id->line);
    return add(d, line_start(d, id->line) + own.n, 0,
               str_fmt(d->a, "\n%*s%.*s", (int)key->column - 1, "", FMT(key_and_value)));
}

static bool set_key(struct editor *d, const struct yaml_node *map, const char *key, str value)
{
    const struct yaml_node *now = yaml_get(map, key);
    return now ? replace(d, now, value)
               : insert_key(d, map, str_fmt(d->a, "%s: %.*s", key, FMT(value)));
}

/* --- numbers and months --- */

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Every number of a value times a factor: "9600/mo (7800 to 12200)". */
static bool times(struct editor *d, const struct yaml_node *n, dec factor)
{
    char text[DEC_TEXT];
    str s = n->text, out = STR_NONE;
    if (s.n && s.p[0] == '=')
        return replace(d, n, str_fmt(d->a, "=(%.*s) * %.*s", FMT(str_sub(s, 1, s.n)),
                                     FMT(dec_format(factor, text))));
    for (size_t i = 0; i < s.n;) {
        size_t to = i;
        dec v, product;
        while (to < s.n && (digit(s.p[to]) || (s.p[to] == '.' && to + 1 < s.n && digit(s.p[to + 1]))))
            to++;
        if (to == i) {
            out = str_fmt(d->a, "%.*s%c", FMT(out), s.p[i++]);
            continue;
        }
        if (dec_parse(str_sub(s, i, to), &v) != DEC_OK || !dec_mul(v, factor, &product))
            return cannot(d, n, "this number");
        out = str_fmt(d->a, "%.*s%.*s", FMT(out), FMT(dec_format(product, text)));
        i = to;
    }
    return replace(d, n, out);
}

static bool times_quantity(struct editor *d, const struct quantity *q, dec factor)
{
    for (size_t i = 0; i < q->n; i++)
        if (!times(d, q->points[i].node, factor))
            return false;
    return true;
}

static bool move_month(struct editor *d, const struct p_month *m, int32_t by)
{
    char text[MONTH_TEXT];
    return !m->at || replace(d, m->at, str_dup(d->a, month_format(m->m + by, text)));
}

/* --- what a choice changes --- */

static bool scale_line(struct editor *d, const struct line *l, dec factor)
{
    static const enum line_quantity drives[] = {Q_COST,  Q_GPU_HOURS, Q_RUNS,  Q_TB,
                                                Q_SEATS, Q_ITEMS,     Q_USERS, Q_REQUESTS};
    for (size_t i = 0; i < ARRAY_LEN(drives); i++) {
        const struct quantity *q = l->q[drives[i]];
        if (!q)
            continue;
        return times_quantity(d, q, factor) &&
               (drives[i] != Q_REQUESTS || !l->q[Q_AT_LEAST] ||
                times_quantity(d, l->q[Q_AT_LEAST], factor));
    }
    return cannot(d, l->at, "a line without a volume or cost");
}

static struct lines *sections(struct initiative *in, size_t k)
{
    struct lines *all[] = {&in->compute, &in->llm, &in->saas, &in->labeling, &in->tools, &in->data};
    return k < ARRAY_LEN(all) ? all[k] : NULL;
}

static bool delay(struct editor *d, const struct initiative *in, int32_t by)
{
    struct initiative own = *in;
    char text[MONTH_TEXT];
    month starts = in->starts.at ? in->starts.m : d->p->header.first;
    if (!set_key(d, in->at, "starts", str_dup(d->a, month_format(starts + by, text))))
        return false;
    for (size_t k = 0; sections(&own, k); k++)
        for (size_t i = 0; i < sections(&own, k)->n; i++)
            if (!move_month(d, &sections(&own, k)->items[i].from, by))
                return false;
    for (size_t i = 0; i < in->benefits.n; i++)
        if (!move_month(d, &in->benefits.items[i].from, by))
            return false;
    for (size_t i = 0; i < d->p->staff.n; i++) {
        const struct position *s = &d->p->staff.items[i];
        bool only = s->works_on.n == 1 && s->works_on.items[0].index == in->index;
        if (!s->here && only && !move_month(d, &s->start, by))
            return false;
    }
    return true;
}

/* A row in front of the first of a list: its indentation is known there. */
static bool insert_row(struct editor *d, const struct yaml_node *first, str row)
{
    if (first->file != d->file)
        return cannot(d, first, "a list of another file");
    str indent = indent_of(d, first->line), own = line_text(d, first->line);
    if (own.n <= indent.n || own.p[indent.n] != '-')
        return cannot(d, first, "a list in one line");
    return add(d, line_start(d, first->line), 0,
               str_fmt(d->a, "%.*s- %.*s\n", FMT(indent), FMT(row)));
}

static bool hire(struct editor *d, const struct choice *c)
{
    const struct action *act = &c->option->action;
    char text[MONTH_TEXT];
    const struct initiative *in = &d->p->initiatives.items[c->initiative];
    str row = str_fmt(d->a, "{id: %.*s-%.*s, role: %.*s, count: %g, start: %.*s, works_on: %.*s}",
                      FMT(in->id.s), FMT(c->option->id.s), FMT(d->p->roles.items[act->role].name),
                      act->number.point, FMT(month_format(act->from, text)), FMT(in->id.s));
    if (d->p->staff.n)
        return insert_row(d, d->p->staff.items[0].at, row);
    return add(d, d->file->text.n, 0, str_fmt(d->a, "\nstaff:\n  - %.*s\n", FMT(row)));
}

static bool own_cost(struct editor *d, const struct choice *c)
{
    const struct initiative *in = &d->p->initiatives.items[c->initiative];
    str cost = c->option->cost->at->text;
    str row = str_fmt(d->a, "{id: %.*s-cost, cost: %.*s%s, category: %s}", FMT(c->option->id.s),
                      FMT(cost), str_find(cost, S("once"), 0) == SIZE_MAX ? " once" : "",
                      category_key((enum category)c->option->category.v));
    if (in->tools.n)
        return insert_row(d, in->tools.items[0].at, row);
    const struct yaml_node *key = yaml_key(in->at, "id");
    if (d->file->text.p[offset_of(d, in->at)] == '{')
        return cannot(d, in->at, "an initiative in one line");
    int indent = (int)key->column - 1;
    return insert_key(d, in->at, str_fmt(d->a, "tools:\n%*s- %.*s", indent + 2, "", FMT(row)));
}

/* "- {id: ...}" in one line becomes a comment; so does the key of a list that is then empty. */
static bool retire(struct editor *d, const struct plan_option_list *list, const bool *taken)
{
    size_t left = 0, gone = 0;
    for (size_t i = 0; i < list->n; i++) {
        const struct plan_option *o = &list->items[i];
        if (!taken[i]) {
            left++;
            continue;
        }
        gone++;
        str indent = indent_of(d, o->at->line), own = line_text(d, o->at->line);
        bool one_line = own.n > indent.n + 2 && own.p[indent.n] == '-' &&
                        str_find_char(own, '{', 0) != SIZE_MAX &&
                        str_find_char(own, '}', 0) != SIZE_MAX;
        if (o->at->file != d->file || !one_line)
            return cannot(d, o->at, "an option that takes several lines");
        add(d, line_start(d, o->at->line) + indent.n, 0, S("# adopted: "));
    }
    if (gone && !left) {
        uint32_t line = list->at->line;
        while (line > 1 && !str_starts(str_trim(line_text(d, line)), S("cuts:")) &&
               !str_starts(str_trim(line_text(d, line)), S("adds:")))
            line--;
        add(d, line_start(d, line) + indent_of(d, line).n, 0, S("# "));
    }
    return true;
}

static bool apply(struct editor *d, const struct choice *c)
{
    const struct initiative *in =
        c->initiative == NO_INDEX ? NULL : &d->p->initiatives.items[c->initiative];
    if (c->kind == CHOICE_LEVER)
        return set_key(d, d->p->levers.items[c->lever].at, "use", S("yes"));
    if (c->act == ACTION_ADOPT && !set_key(d, in->at, "status", S("proposed")))
        return false;
    const struct plan_option *o = c->option;
    if (!o)
        return true;
    if (c->act == ACTION_DELAY && !delay(d, in, (int32_t)o->action.number.point))
        return false;
    for (size_t i = 0; c->act == ACTION_SCALE && i < o->action.n_lines; i++)
        if (!scale_line(d, d->p->lines[o->action.lines[i]], o->action.number.exact))
            return false;
    return (c->act != ACTION_HIRE || hire(d, c)) && (!o->cost || own_cost(d, c));
}

/* All that an initiative's options gain and lose of its benefits, at once. */
static bool scale_benefits(struct editor *d, const struct scenario_result *r)
{
    for (uint32_t i = 0; i < d->p->initiatives.n; i++) {
        const struct initiative *in = &d->p->initiatives.items[i];
        dec by = DEC_ONE;
        for (uint32_t k = 0; k < r->choices->n; k++) {
            const struct choice *c = &r->choices->items[k];
            if (!r->on[k] || c->initiative != i || !c->option || c->act == ACTION_DROP)
                continue;
            dec one = DEC_ONE + (dec)llround(c->option->value_share * 1e6) * (DEC_ONE / 1000000);
            if (!dec_mul(by, one, &by))
                return cannot(d, in->at, "a benefit");
        }
        for (size_t k = 0; by != DEC_ONE && k < in->benefits.n; k++)
            if (!times_quantity(d, in->benefits.items[k].monthly, by))
                return false;
    }
    return true;
}

/* `take` and `never` no longer name what has been taken: there is no such option any more. */
static bool forget_names(struct editor *d, const struct scenario_result *r,
                         const struct p_texts *list)
{
    str *left = arena_new(d->a, str, list->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        uint32_t k = choices_find(r->choices, list->items[i].s);
        if (k == NO_INDEX || !r->on[k] || r->choices->items[k].kind == CHOICE_LEVER)
            left[n++] = list->items[i].s;
    }
    if (n == list->n)
        return true;
    if (list->at->file != d->file)
        return cannot(d, list->at, "a list of another file");
    size_t at = offset_of(d, list->at), line = line_start(d, list->at->line);
    str rest = str_sub(line_text(d, list->at->line), at - line, SIZE_MAX);
    size_t end = str_find_char(rest, ']', 0);
    if (!rest.n || rest.p[0] != '[' || end == SIZE_MAX)
        return cannot(d, list->at, "a list that takes several lines");
    return add(d, at, end + 1, str_fmt(d->a, "[%.*s]", FMT(str_join(d->a, left, n, S(", ")))));
}

static bool forget(struct editor *d, const struct scenario_result *r)
{
    for (size_t i = 0; i < d->p->scenarios.n; i++)
        if (!forget_names(d, r, &d->p->scenarios.items[i].take) ||
            !forget_names(d, r, &d->p->scenarios.items[i].never))
            return false;
    return true;
}

/* What is dropped, and what needs it, becomes a candidate again. */
static bool stop(struct editor *d, const struct scenario_result *r)
{
    for (size_t i = 0; i < d->p->initiatives.n; i++) {
        const struct initiative *in = &d->p->initiatives.items[i];
        bool candidate = in->status.at && in->status.v == INITIATIVE_CANDIDATE;
        if (!candidate && !r->world->running[i] &&
            !set_key(d, in->at, "status", S("candidate")))
            return false;
    }
    return true;
}

static bool retire_all(struct editor *d, const struct scenario_result *r)
{
    for (size_t i = 0; i < d->p->initiatives.n; i++)
        for (int side = 0; side < 2; side++) {
            const struct initiative *in = &d->p->initiatives.items[i];
            const struct plan_option_list *list = side ? &in->adds : &in->cuts;
            bool *taken = arena_new(d->a, bool, list->n + 1);
            for (size_t k = 0; k < list->n; k++)
                for (uint32_t c = 0; c < r->choices->n; c++)
                    if (r->on[c] && r->choices->items[c].option == &list->items[k])
                        taken[k] = list->items[k].action.kind != ACTION_DROP &&
                                   list->items[k].action.kind != ACTION_ADOPT;
            if (!retire(d, list, taken))
                return false;
        }
    return true;
}

/* --- text and diff --- */

static int by_place(const void *va, const void *vb)
{
    const struct edit *x = va, *y = vb;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static str lines_marked(struct arena *a, str text, char mark, uint32_t *ret_n)
{
    struct buf b;
    str line;
    *ret_n = 0;
    buf_init(&b, LIMIT_YAML_BYTES * 2);
    while (str_cut(&text, '\n', &line)) {
        buf_fmt(&b, "%c%.*s\n", mark, FMT(line));
        ++*ret_n;
    }
    str r = str_dup(a, buf_str(&b));
    buf_release(&b);
    return r;
}

/* The edits of one line after another, into the new text and a hunk per line. */
static void write_out(struct editor *d, struct adoption *ret)
{
    struct buf text, diff;
    str whole = d->file->text;
    int64_t shift = 0;
    size_t k = 0;
    buf_init(&text, LIMIT_YAML_BYTES * 2);
    buf_init(&diff, LIMIT_YAML_BYTES * 4);
    buf_fmt(&diff, "--- %.*s\n+++ %.*s\n", FMT(d->file->path), FMT(d->file->path));
    qsort(d->edits, d->n, sizeof *d->edits, by_place);
    for (uint32_t line = 1; line <= d->file->n_lines; line++) {
        size_t from = line_start(d, line);
        size_t to = line < d->file->n_lines ? line_start(d, line + 1) : whole.n, at = from;
        size_t before = text.n, first = k;
        bool last = line == d->file->n_lines;
        while (k < d->n && (d->edits[k].at < to || last)) {
            buf_add(&text, str_sub(whole, at, d->edits[k].at));
            buf_add(&text, d->edits[k].by);
            at = d->edits[k].at + d->edits[k].n;
            k++;
        }
        buf_add(&text, str_sub(whole, at, to));
        if (k == first)
            continue;
        uint32_t n_old, n_new;
        str old = str_sub(whole, from, to), now = str_sub(buf_str(&text), before, text.n);
        old = str_ends(old, S("\n")) ? str_sub(old, 0, old.n - 1) : old;
        now = str_ends(now, S("\n")) ? str_sub(now, 0, now.n - 1) : now;
        bool behind = str_starts(now, old) && now.n > old.n && now.p[old.n] == '\n';
        bool before_it = !behind && str_ends(now, old) && now.n > old.n &&
                         now.p[now.n - old.n - 1] == '\n';
        uint32_t at_old = line;
        int64_t at_new = line + shift;
        if (behind || before_it) { /* nothing but new lines */
            now = behind ? str_sub(now, old.n + 1, now.n) : str_sub(now, 0, now.n - old.n - 1);
            at_old -= before_it;
            at_new += behind;
            old = STR_NONE;
        }
        str minus = lines_marked(d->a, old, '-', &n_old), plus = lines_marked(d->a, now, '+', &n_new);
        buf_fmt(&diff, "@@ -%u,%u +%lld,%u @@\n%.*s%.*s", at_old, n_old, (long long)at_new, n_new,
                 FMT(minus), FMT(plus));
        shift += (int64_t)n_new - n_old;
    }
    ret->text = str_dup(d->a, buf_str(&text));
    ret->diff = str_dup(d->a, buf_str(&diff));
    buf_release(&text);
    buf_release(&diff);
}

/* --- checking --- */

static bool same_total(struct editor *d, const struct plan_source *s,
                       const struct scenario_result *r, struct adoption *ret)
{
    struct diags faults;
    const struct expansion *x;
    struct plan_value v;
    char is[MONEY_TEXT], wanted[MONEY_TEXT];
    diags_init(&faults, d->a);
    const struct plan *p = plan_parse(d->a, d->file->path, ret->text, &s->options, &faults);
    if (!p) {
        diags_to_err(&faults, d->e);
        return err_wrap(d->e, "the changed plan would be at fault");
    }
    if (!expand(d->a, p, NULL, &x, d->e) || !value_of(world_new(d->a, p, NULL), x, &v, d->e))
        return false;
    ret->total = x->total;
    ret->value = money_round(v.value, CENT_MICROS, ROUND_HALF_EVEN);
    /* rounding of scaled months may move a cent each */
    money off = money_sub(x->total, r->total);
    int64_t most = (int64_t)(x->n_lines + x->n_buffers) * x->n_months * CENT_MICROS;
    if (off.micros <= most && off.micros >= -most)
        return true;
    err_set(d->e, ERR_FAILED, "the changed file would give a total of %.*s, not %.*s",
            FMT(money_format(x->total, 2, is)), FMT(money_format(r->total, 2, wanted)));
    return err_hint(d->e, "An option of '%.*s' cannot be written as a change of values; make it by "
                          "hand.", FMT(r->name));
}

bool adopt(struct arena *a, const struct plan_source *s, const struct scenario_result *r,
           struct adoption *ret, struct err *e)
{
    struct editor d = {.a = a, .p = s->plan, .e = e};
    struct adoption out = {0};
    if (s->kind != SOURCE_FILE)
        return err_set(e, ERR_USAGE, "'%.*s' is no file that could be changed", FMT(s->name));
    if (r->plan != s->plan)
        return err_set(e, ERR_USAGE, "'%.*s' is a what-if: it chooses nothing", FMT(r->name));
    if (!r->feasible)
        return err_set(e, ERR_FAILED, "'%.*s' is out of reach: there is nothing to adopt",
                       FMT(r->name));
    d.file = s->plan->files[0];
    for (uint32_t i = 0; i < r->choices->n; i++)
        if (r->on[i] && !apply(&d, &r->choices->items[i]))
            return false;
    if (!scale_benefits(&d, r) || !stop(&d, r) || !retire_all(&d, r) || !forget(&d, r))
        return false;
    out.path = d.file->path;
    out.changes = d.n;
    write_out(&d, &out);
    if (!d.n)
        out.diff = STR_NONE;
    if (!same_total(&d, s, r, &out))
        return false;
    *ret = out;
    return true;
}
