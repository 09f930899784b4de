/* quantity.c - one value of a plan: constant, range, curve, schedule or formula. */
#include <stdarg.h>

#include "plan/reader.h"

#include "base/limits.h"

static size_t characters(str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return n;
}

void fault_inside(struct reader *r, const struct yaml_node *n, size_t at, size_t len, str hint,
                  const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    struct diag_place place = yaml_place(n);
    /* a quoted value with escapes is wider than its text: then the whole value is underlined */
    bool exact = n->width == characters(n->text) + (n->quoted ? 2u : 0u);
    if (exact && n->text.n) {
        place.column += (uint32_t)(characters(str_sub(n->text, 0, at)) + (n->quoted ? 1u : 0u));
        place.width = (uint32_t)MAX(characters(str_sub(n->text, at, at + len)), (size_t)1);
    }
    diags_add(r->d, DIAG_ERROR, place, hint, "%s", text);
}

bool may_suggest(const struct reader *r)
{
    return r->d->n < LIMIT_DIAGS;
}

str did_you_mean(struct reader *r, str wrong, const char *const *candidates, size_t n)
{
    const char *near = may_suggest(r) ? str_closest(wrong, candidates, n) : NULL;
    return near ? str_fmt(r->a, "Did you mean '%s'?", near) : STR_NONE;
}

/* --- formulas --- */

struct scan {
    struct reader *r;
    const struct yaml_node *n;
    str s;
    size_t i, depth, stack;
    struct formula *f;
    size_t cap;
};

static void emit(struct scan *c, struct formula_step step)
{
    c->f->steps = arena_grow(c->r->a, c->f->steps, sizeof *c->f->steps, &c->cap, c->f->n + 1);
    c->f->steps[c->f->n++] = step;
}

static char peek(struct scan *c)
{
    while (c->i < c->s.n && c->s.p[c->i] == ' ')
        c->i++;
    return c->i < c->s.n ? c->s.p[c->i] : '\0';
}

static bool is_name(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (!first && ((c >= '0' && c <= '9')));
}

static bool formula_fault(struct scan *c, size_t at, size_t len, const char *text)
{
    fault_inside(c->r, c->n, at, len,
                 S("Write '=engineers * 0.95 + 3': + - * /, parentheses, numbers and names under "
                   "`drivers`."),
                 "%s", text);
    return false;
}

static bool read_sum(struct scan *c);

static bool read_factor(struct scan *c)
{
    char ch = peek(c);
    size_t from = c->i;
    if (++c->depth > FORMULA_STACK - 2)
        return formula_fault(c, from, 1, "the formula is nested too deep");
    bool good = true;
    if (ch == '(') {
        c->i++;
        good = read_sum(c);
        if (good && peek(c) != ')')
            good = formula_fault(c, from, 1, "the '(' is never closed");
        c->i++;
    } else if (ch == '-') {
        c->i++;
        good = read_factor(c);
        emit(c, (struct formula_step){.op = OP_NEG});
    } else if (is_name(ch, true)) {
        while (c->i < c->s.n && (is_name(c->s.p[c->i], false) ||
                                 (c->s.p[c->i] == '-' && c->i + 1 < c->s.n &&
                                  is_name(c->s.p[c->i + 1], true) && c->s.p[c->i - 1] != ' ')))
            c->i++;
        emit(c, (struct formula_step){.op = OP_DRIVER,
                                      .name = str_sub(c->s, from, c->i),
                                      .driver = NO_INDEX,
                                      .offset = (uint32_t)from});
    } else if ((ch >= '0' && ch <= '9') || ch == '.') {
        size_t to = from;
        while (to < c->s.n && !strchr(" +-*/()", c->s.p[to]))
            to++;
        struct number v;
        if (!read_number_at(c->r, c->n, str_sub(c->s, from, to), from, &v))
            return false;
        c->i = to;
        emit(c, (struct formula_step){.op = OP_NUMBER, .number = v.point});
    } else {
        good = formula_fault(c, MIN(from, c->s.n ? c->s.n - 1 : 0), 1,
                             ch ? "a number, a name or '(' is expected here"
                                : "the formula ends where a value is expected");
    }
    c->depth--;
    return good;
}

static bool read_product(struct scan *c)
{
    if (!read_factor(c))
        return false;
    for (char ch = peek(c); ch == '*' || ch == '/'; ch = peek(c)) {
        c->i++;
        if (!read_factor(c))
            return false;
        emit(c, (struct formula_step){.op = ch == '*' ? OP_MUL : OP_DIV});
    }
    return true;
}

static bool read_sum(struct scan *c)
{
    if (!read_product(c))
        return false;
    for (char ch = peek(c); ch == '+' || ch == '-'; ch = peek(c)) {
        c->i++;
        if (!read_product(c))
            return false;
        emit(c, (struct formula_step){.op = ch == '+' ? OP_ADD : OP_SUB});
    }
    return true;
}

struct formula *read_formula(struct reader *r, const struct yaml_node *n)
{
    struct scan c = {.r = r, .n = n, .s = n->text, .i = 1};
    c.f = arena_new(r->a, struct formula, 1);
    c.f->at = n;
    if (n->text.n > 2000) {
        formula_fault(&c, 0, 1, "the formula is longer than 2000 characters");
        return NULL;
    }
    if (!read_sum(&c))
        return NULL;
    if (peek(&c)) {
        formula_fault(&c, c.i, 1, "an operator is expected here");
        return NULL;
    }
    return c.f;
}

/* --- numbers --- */

bool read_number_at(struct reader *r, const struct yaml_node *n, str part, size_t offset,
                    struct number *ret)
{
    struct number_fault f;
    if (number_parse(part, ret, &f))
        return true;
    fault_inside(r, n, offset + f.at, f.n, str_of(f.hint), "%s", f.text);
    return false;
}

static const char *per_name(enum number_per per)
{
    static const char *const names[] = {"", "/mo", "/yr", "once", "months"};
    return names[per];
}

static bool unit_fits(enum number_per per, unsigned flags)
{
    switch (per) {
    case PER_NONE:
        return !(flags & MUST_SPAN);
    case PER_MONTH:
        return flags & PER_MO;
    case PER_YEAR:
        return flags & PER_YR;
    case PER_ONCE:
        return flags & ONCE;
    case PER_MONTHS:
        return flags & (SPAN | MUST_SPAN);
    }
    UNREACHABLE();
}

static str unit_hint(struct reader *r, unsigned flags)
{
    if (flags & (SPAN | MUST_SPAN))
        return S("Write a span such as '6 months'.");
    const char *parts[3];
    size_t n = 0;
    if (flags & PER_MO)
        parts[n++] = "'/mo'";
    if (flags & PER_YR)
        parts[n++] = "'/yr'";
    if (flags & ONCE)
        parts[n++] = "' once'";
    if (!n)
        return S("Leave the unit out.");
    return str_fmt(r->a, "It takes %s%s%s%s%s.", parts[0],
                   n == 3   ? ", "
                   : n == 2 ? " or "
                            : "",
                   n > 1 ? parts[1] : "", n == 3 ? " or " : "", n == 3 ? parts[2] : "");
}

/* The rules of the key about one number. */
static bool check_number(struct reader *r, const struct yaml_node *n, const struct number *v,
                         unsigned flags)
{
    size_t all = n->text.n;
    if (!unit_fits(v->per, flags)) {
        fault_inside(r, n, 0, all, unit_hint(r, flags),
                     v->per ? "'%s' does not fit here" : "a unit is missing%s", per_name(v->per));
    } else if (v->currency.code[0] && !(flags & MONEY)) {
        fault_inside(r, n, 0, all, S("Leave the currency out."),
                     "'%.*s' is money where a plain %s is expected", FMT(n->text),
                     flags & SHARE ? "share" : "number");
    } else if (v->percent && !(flags & SHARE)) {
        fault_inside(r, n, 0, all, STR_NONE, "'%.*s' is a percentage where %s is expected",
                     FMT(n->text), flags & MONEY ? "an amount" : "a number");
    } else if ((flags & MUST_PERCENT) && !v->percent) {
        fault_inside(r, n, 0, all, S("Write it with %, such as -20%."),
                     "'%.*s' is not a percentage", FMT(n->text));
    } else if (v->ranged && (flags & FIXED)) {
        fault_inside(r, n, 0, all, S("Write one number."), "a range is not allowed here");
    } else if (v->lo < 0 && !(flags & SIGNED)) {
        fault_inside(r, n, 0, all, STR_NONE, "'%.*s' is negative", FMT(n->text));
    } else if ((flags & NONZERO) && v->lo <= 0) {
        fault_inside(r, n, 0, all, STR_NONE, "'%.*s' is not above zero", FMT(n->text));
    } else if ((flags & SHARE) && !v->percent && (v->hi > 1 || v->lo < -1)) {
        fault_inside(r, n, 0, all, str_fmt(r->a, "Write %.*s%% for a percentage.", FMT(n->text)),
                     "'%.*s' is a share above 100 %%", FMT(n->text));
    } else if ((flags & SHARE) && !(flags & OVER) && (v->hi > 1 || v->lo < -1)) {
        fault_inside(r, n, 0, all, STR_NONE, "'%.*s' is more than 100 %%", FMT(n->text));
    } else if ((flags & SHARE) && (v->hi > 100 || v->lo < -1)) {
        fault_inside(r, n, 0, all, STR_NONE, "'%.*s' is not a plausible share", FMT(n->text));
    } else if ((flags & WHOLE) && v->exact % DEC_ONE != 0) {
        fault_inside(r, n, 0, all, STR_NONE, "'%.*s' is not a whole number", FMT(n->text));
    } else {
        return true;
    }
    return false;
}

static bool read_scalar_point(struct reader *r, const struct yaml_node *n, unsigned flags,
                              struct point *ret)
{
    *ret = (struct point){.at = MONTH_NONE, .node = n};
    if (n->bad)
        return false;
    if (n->kind != YAML_SCALAR) {
        yaml_fault(r->d, n, STR_NONE, "expected a number, found a %s",
                   n->kind == YAML_MAP ? "map" : "list");
        return false;
    }
    if (n->text.n && n->text.p[0] == '=') {
        if (!(flags & FORMULA)) {
            yaml_fault(r->d, n, STR_NONE, "a formula is not allowed here");
            return false;
        }
        ret->formula = read_formula(r, n);
        return ret->formula != NULL;
    }
    if (!n->text.n) {
        yaml_fault(r->d, n, STR_NONE, "the value is missing");
        return false;
    }
    return read_number_at(r, n, n->text, 0, &ret->v) && check_number(r, n, &ret->v, flags);
}

static int by_month(const void *a, const void *b)
{
    const struct point *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

/* {2026-07: 9k, 2027-06: 30k} into q->points. */
static bool read_points(struct reader *r, const struct yaml_node *map, unsigned flags,
                        struct quantity *q)
{
    bool good = true;
    q->points = arena_new(r->a, struct point, map->n + 1);
    for (size_t i = 0; i < map->n; i++) {
        const struct yaml_node *key = map->pairs[i].key;
        month m;
        if (str_eq(key->text, S("source")) && (flags & SOURCED))
            continue;
        if (!month_parse(key->text, &m)) {
            yaml_fault(r->d, key, S("Write months as 2026-07."), "'%.*s' is not a month",
                       FMT(key->text));
            good = false;
            continue;
        }
        struct point p;
        good = read_scalar_point(r, map->pairs[i].value, flags, &p) && good;
        p.at = m;
        q->points[q->n++] = p;
    }
    qsort(q->points, q->n, sizeof *q->points, by_month);
    for (size_t i = 1; i < q->n; i++) {
        char text[MONTH_TEXT];
        if (q->points[i].at != q->points[i - 1].at)
            continue;
        yaml_fault(r->d, q->points[i].node, S("Remove one of them."), "%.*s is given twice",
                   FMT(month_format(q->points[i].at, text)));
        good = false;
    }
    if (good && !q->n) {
        yaml_fault(r->d, map, S("Write '{2026-07: 9k, 2027-06: 30k}'."), "there is no month in it");
        good = false;
    }
    return good;
}

static struct quantity *new_quantity(struct reader *r, const struct yaml_node *n, unsigned flags,
                                     str path)
{
    struct quantity *q = arena_new(r->a, struct quantity, 1);
    *q = (struct quantity){
        .path = path, .at = n, .fx = NO_INDEX, .share = flags & SHARE, .money = flags & MONEY};
    return q;
}

/* Into the plan's flat list. */
static struct quantity *finish(struct reader *r, struct quantity *q)
{
    struct plan *p = r->p;
    const currency *known = NULL;
    for (size_t i = 0; i < q->n; i++) {
        const struct number *v = &q->points[i].v;
        q->ranged = q->ranged || v->ranged;
        if (q->points[i].formula || v->point == 0) /* 0 needs no currency */
            continue;
        if (known && !currency_eq(v->currency, *known)) {
            yaml_fault(r->d, q->points[i].node, S("Write all of them in one currency."),
                       "the months of one value are in different currencies");
            return NULL;
        }
        known = &v->currency;
    }
    q->per = q->points[0].v.per;
    q->index = (uint32_t)p->n_quantities;
    p->quantities = arena_grow(r->a, p->quantities, sizeof(struct quantity *), &p->cap_quantities,
                               p->n_quantities + 1);
    p->quantities[p->n_quantities++] = q;
    return q;
}

static struct quantity *read_map_quantity(struct reader *r, const struct yaml_node *n,
                                          unsigned flags, struct quantity *q)
{
    const struct yaml_node *at = yaml_get(n, "at"), *value = yaml_get(n, "value");
    const struct yaml_node *source = yaml_get(n, "source");
    unsigned inner = flags & ~(unsigned)(PER_YR | ONCE | SPAN | MUST_SPAN);
    if (source && (flags & SOURCED) && source->kind == YAML_SCALAR)
        q->source = source->text;
    if (value && (flags & SOURCED)) {
        static const char *const known[] = {"value", "source", NULL};
        yaml_only(r->d, n, known);
        struct quantity *same = read_quantity(r, value, flags & ~(unsigned)SOURCED, q->path);
        if (same)
            same->source = q->source;
        return same;
    }
    if (at) {
        static const char *const known[] = {"at", NULL};
        yaml_only(r->d, n, known);
        if (!(flags & SCHEDULE)) {
            yaml_fault(r->d, n, STR_NONE, "a schedule ({at: ...}) is not allowed here");
            return NULL;
        }
        if (at->kind != YAML_MAP) {
            yaml_fault(r->d, at, S("Write '{at: {2026-09: 40, 2026-10: 20}}'."),
                       "expected months with amounts");
            return NULL;
        }
        q->form = FORM_SCHEDULE;
        return read_points(r, at, inner & ~(unsigned)PER_MO, q) ? finish(r, q) : NULL;
    }
    if (!(flags & CURVE)) {
        yaml_fault(r->d, n, S("Write one number."), "a curve over months is not allowed here");
        return NULL;
    }
    q->form = FORM_CURVE;
    return read_points(r, n, inner, q) ? finish(r, q) : NULL;
}

static struct quantity *try_quantity(struct reader *r, const struct yaml_node *n, unsigned flags,
                                     str path)
{
    struct quantity *q = new_quantity(r, n, flags, path);
    if (n->bad)
        return NULL;
    if (n->kind == YAML_MAP)
        return read_map_quantity(r, n, flags, q);
    q->points = arena_new(r->a, struct point, 1);
    q->n = 1;
    if (!read_scalar_point(r, n, flags, &q->points[0]))
        return NULL;
    q->form = q->points[0].formula ? FORM_FORMULA : FORM_CONST;
    return finish(r, q);
}

struct quantity *read_quantity(struct reader *r, const struct yaml_node *n, unsigned flags,
                               str path)
{
    struct quantity *q = try_quantity(r, n, flags, path);
    if (!q && path.n)
        map_put(&r->failed, path, NULL);
    return q;
}

struct quantity *quantity_of_number(struct reader *r, const struct yaml_node *n,
                                    const struct number *v, bool share, str path)
{
    struct quantity *q = new_quantity(r, n, share ? SHARE : 0, path);
    q->points = arena_new(r->a, struct point, 1);
    q->points[0] = (struct point){.at = MONTH_NONE, .v = *v, .node = n};
    q->n = 1;
    return finish(r, q);
}
