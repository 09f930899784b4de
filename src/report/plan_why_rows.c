/* plan_why_rows.c - rows of `why`: a value, how it is written, where it comes from. */
#include "report/plan_why_int.h"

enum { DEPTH_MAX = 12 };

static dec number(struct arena *a, double v)
{
    dec out;
    return dec_parse(str_fmt(a, "%.9f", v), &out) == DEC_OK ? out : DEC_NULL;
}

/* "1,234.5", "45 %", "0.8375": as many decimals as the size deserves. */
static str shown(struct arena *a, double v, enum why_unit unit)
{
    char text[DEC_GROUPED_TEXT];
    double size = v < 0 ? -v : v;
    dec d = number(a, unit == WHY_SHARE ? v * 100 : v);
    if (d == DEC_NULL)
        return STR_NONE;
    if (unit == WHY_MONEY)
        return str_dup(a, dec_format_grouped(d, 2, text));
    int places = unit == WHY_SHARE || size >= 1000 ? 2 : size >= 10 ? 3 : 6;
    str s = dec_format_grouped(d, places, text);
    if (str_find_char(s, '.', 0) != SIZE_MAX) {
        while (s.n && s.p[s.n - 1] == '0')
            s.n--;
        if (s.n && s.p[s.n - 1] == '.')
            s.n--;
    }
    return str_fmt(a, "%.*s%s", FMT(s), unit == WHY_SHARE ? " %" : "");
}

void why_formula(struct why *y, str formula)
{
    doc_prose(y->d, SHOW_ALL, formula);
    y->formula =
        y->formula.n ? str_fmt(y->a, "%.*s; %.*s", FMT(y->formula), FMT(formula)) : formula;
}

void why_row(struct why *y, int level, str name, enum why_unit unit, double first, double last,
             const struct why_note *note)
{
    bool one = y->from == y->to;
    struct cell *c = doc_row(y->d, y->inputs, ROW_NORMAL, level);
    size_t k = 0;
    c[k++] = cell_text(name);
    c[k++] = cell_count(level);
    c[k++] = y->no_first ? cell_null() : cell_text(shown(y->a, first, unit));
    if (!one)
        c[k++] = y->no_last ? cell_null() : cell_text(shown(y->a, last, unit));
    c[k++] = cell_number(y->no_first ? DEC_NULL : number(y->a, first));
    c[k++] = cell_number(y->no_last ? DEC_NULL : number(y->a, last));
    if (!note)
        return;
    if (note->written.n)
        c[k] = cell_text(note->written);
    if (note->source.n)
        c[k + 1] = cell_text(note->source);
    if (note->at)
        c[k + 2] = cell_text(place_text(y->a, note->at));
}

void why_words(struct why *y, int level, str name, str says, const struct yaml_node *at)
{
    struct cell *c = doc_row(y->d, y->inputs, ROW_NORMAL, level);
    size_t k = y->from == y->to ? 5 : 6;
    c[0] = cell_text(name);
    c[1] = cell_count(level);
    if (says.n)
        c[k] = cell_text(says);
    if (at)
        c[k + 2] = cell_text(place_text(y->a, at));
}

static void values(struct why *y, const struct quantity *q, double *ret_first, double *ret_last)
{
    double v[PLAN_MONTHS_MAX];
    /* `once` falls in the month that is looked at: the amount itself is what explains it */
    if (q->per == PER_ONCE && q->form == FORM_CONST) {
        *ret_first = *ret_last = world_number_at(y->w, q, y->from, 0);
        return;
    }
    world_value(y->w, q, MONTH_NONE, y->to + 1, v);
    *ret_first = v[y->from];
    *ret_last = v[y->to];
}

static void input(struct why *y, int level, str name, const struct quantity *q, int depth)
{
    struct origin o = {.from = MONTH_NONE};
    double first, last;
    if (!q || depth > DEPTH_MAX)
        return;
    origin_of(&y->origins, q, &o);
    values(y, q, &first, &last);
    struct why_note note = {written_text(y->a, q->at), o.source, q->at};
    enum why_unit unit = q->share ? WHY_SHARE : WHY_NUMBER;
    why_row(y, level, name, unit, first, last, &note);
    for (size_t i = 0; i < q->n; i++) {
        const struct formula *f = q->points[i].formula;
        for (size_t k = 0; f && k < f->n; k++)
            if (f->steps[k].op == OP_DRIVER)
                input(y, level + 1, str_fmt(y->a, "drivers.%.*s", FMT(f->steps[k].name)),
                      y->p->drivers.items[f->steps[k].driver].q, depth + 1);
    }
    if (q->fx != NO_INDEX)
        input(y, level + 1, y->p->quantities[q->fx]->path, y->p->quantities[q->fx], depth + 1);
}

void why_input(struct why *y, int level, str name, const struct quantity *q)
{
    input(y, level, name, q, 0);
}

static const char *month_title(struct why *y, int32_t m)
{
    char text[MONTH_TEXT];
    return str_cstr(y->a, month_format_name(y->p->header.first + m, text));
}

void why_span(struct why *y, int32_t from, int32_t to)
{
    y->from = from;
    y->to = MAX(from, to);
    bool one = y->from == y->to;
    struct doc_column *c = arena_new(y->a, struct doc_column, 9);
    size_t n = 0;
    c[n++] = (struct doc_column){"name", "From", CELL_TEXT, SHOW_ALL, 0, -1};
    c[n++] = (struct doc_column){"level", "Level", CELL_COUNT, SHOW_DATA, 0, -1};
    c[n++] = (struct doc_column){"first", month_title(y, y->from), CELL_TEXT, SHOW_PEOPLE, 0, -1};
    if (!one)
        c[n++] = (struct doc_column){"last", month_title(y, y->to), CELL_TEXT, SHOW_PEOPLE, 0, -1};
    c[n++] = (struct doc_column){"value", "Value", CELL_NUMBER, SHOW_DATA, 0, -1};
    c[n++] = (struct doc_column){"value_last", "Last value", CELL_NUMBER, SHOW_DATA, 0, -1};
    c[n++] = (struct doc_column){"written", "Written", CELL_TEXT, SHOW_ALL, 0, -1};
    c[n++] = (struct doc_column){"source", "Source", CELL_TEXT, SHOW_ALL, 0, -1};
    c[n++] = (struct doc_column){"place", "In", CELL_TEXT, SHOW_ALL, 0, -1};
    y->inputs = doc_table(y->d, "inputs", STR_NONE, c, n);
}

void why_amounts(struct why *y, const char *title, const money *monthly)
{
    static const struct doc_column columns[] = {
        {"month", "Month", CELL_MONTH, SHOW_ALL, 0, -1},
        {"amount", "Amount", CELL_MONEY, SHOW_ALL, 2, 2},
    };
    bool one = y->q->month != MONTH_NONE;
    int32_t from = one ? y->q->month - y->p->header.first : 0;
    int32_t to = one ? from : y->x->n_months - 1;
    money sum = money_zero(y->p->header.currency);
    for (int32_t m = from; m <= to; m++)
        sum = money_add(sum, monthly[m]);
    doc_figure(y->d, "amount", str_of(title), 2, cell_money(money_to_dec(sum)));
    doc_last_figure(y->d)->exact_places = 2;
    if (one)
        return;
    struct doc_table *t = doc_table(y->d, "months", STR_NONE, columns, ARRAY_LEN(columns));
    for (int32_t m = from; m <= to; m++) {
        struct cell *c = doc_row(y->d, t, ROW_NORMAL, 0);
        c[0] = cell_month(y->p->header.first + m);
        c[1] = cell_money(money_to_dec(monthly[m]));
    }
}
