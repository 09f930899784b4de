/* table.c - maps records to rows by a compiled plan. */
#include "ingest/table_int.h"

#include <stdarg.h>

#include "base/map.h"
#include "ingest/tags.h"

enum { DATES_KEPT = 512, DATE_MOST = 40, MEMO_BYTES = 32 << 20, SHOWN_VALUE = 80 };

struct kept_date {
    uint8_t n;
    char text[DATE_MOST];
    day day;
    month month;
};

struct table_mapper {
    const struct table_plan *plan;
    struct arena scratch, kept; /* of rows; of memo */
    struct arena own;           /* until the end of the file */
    struct map memo, tag_memo, names;
    void *state; /* of the importer */
    struct import_counts counts;
    char last_code[4];
    currency last_currency;
    struct tag_set set;
    struct kept_date dates[DATES_KEPT], last_long; /* by date_slot; longer than DATE_MOST */
};

/* ---- faults ---- */

bool table_error(const struct table_row *t, struct err *e, const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return err_set(e, ERR_INVALID, "%.*s:%llu: %s", FMT(t->plan->spec.path),
                   (unsigned long long)t->line, text);
}

static str column_name(const struct table_plan *p, uint32_t cell)
{
    return cell == TABLE_NO_CELL ? S("column") : p->names[p->columns[cell]];
}

static bool cell_fault(const struct table_row *t, uint32_t cell, struct err *e, const char *text)
{
    str value = cell == TABLE_NO_CELL ? STR_NONE : t->cells[cell];
    size_t shown = MIN(value.n, (size_t)SHOWN_VALUE);
    while (shown < value.n && shown > 0 && ((unsigned char)value.p[shown] & 0xc0) == 0x80)
        shown--;
    return table_error(t, e, "%.*s '%.*s%s' %s", FMT(column_name(t->plan, cell)),
                       FMT(str_sub(value, 0, shown)), shown < value.n ? "..." : "", text);
}

bool table_fault(const struct table_row *t, int field, struct err *e, const char *fmt, ...)
{
    char text[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return cell_fault(t, t->plan->field_cell[field], e, text);
}

/* ---- cells ---- */

static str trimmed(str s)
{
    if (s.n && ((unsigned char)s.p[0] <= ' ' || (unsigned char)s.p[s.n - 1] <= ' '))
        return str_trim(s);
    return s;
}

bool count_parse(str s, int64_t *ret)
{
    uint64_t v = 0;
    size_t i = 0;
    for (; i < s.n && i < 18; i++) {
        unsigned d = (unsigned char)s.p[i] - (unsigned)'0';
        if (d > 9)
            break;
        v = v * 10 + d;
    }
    if (i == s.n && i > 0) {
        *ret = (int64_t)v;
        return true;
    }
    dec d;
    if (dec_parse(s, &d) != DEC_OK || d < 0 || d % DEC_ONE != 0 || d / DEC_ONE > INT64_MAX)
        return false;
    *ret = (int64_t)(d / DEC_ONE);
    return true;
}

/* Whole numbers of 10 digits and more are Unix times; their size tells the unit. */
static bool unix_time(str s, int64_t *ret)
{
    uint64_t v;
    size_t digits = 0;
    while (digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9')
        digits++;
    if (digits < 10 || digits > 19 || (digits < s.n && s.p[digits] != '.') ||
        !str_to_u64(str_sub(s, 0, digits), &v))
        return false;
    for (size_t i = digits + 1; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    uint64_t per = digits <= 11 ? 1 : digits <= 14 ? 1000 : digits <= 17 ? 1000000 : 1000000000;
    *ret = (int64_t)(v / per);
    return true;
}

static size_t date_slot(str s)
{
    uint64_t a = 0;
    if (s.n >= 13)
        memcpy(&a, s.p + 5, 8); /* month, day and hour of an ISO time */
    else
        memcpy(&a, s.p, MIN(s.n, sizeof a));
    return (size_t)(a * 0x9e3779b97f4a7c15u >> 55);
}

/* The day and month of a moment or month; NULL: it is none. */
static const struct kept_date *parse_moment(struct table_mapper *m, str s, unsigned flags,
                                            bool month_alone)
{
    struct kept_date *k = &m->dates[date_slot(s)];
    int64_t seconds, number;
    month only;
    if (k->n == s.n && memcmp(k->text, s.p, s.n) == 0)
        return k;
    struct kept_date made = {0};
    if (((flags & COL_UNIX) && unix_time(s, &seconds)) ||
        time_parse(s, m->plan->spec.importer->dates, &seconds)) {
        made.day = day_of_seconds(seconds);
        made.month = month_of_day(made.day);
    } else if (month_alone && month_parse(s, &only)) {
        made = (struct kept_date){.day = month_first_day(only), .month = only};
    } else if (month_alone && s.n == 6 && str_to_i64(s, &number) && number % 100 >= 1 &&
               number % 100 <= 12 && number >= 190000) {
        only = month_of((int32_t)(number / 100), (int)(number % 100));
        made = (struct kept_date){.day = month_first_day(only), .month = only};
    } else {
        return NULL;
    }
    if (s.n > DATE_MOST || month_alone)
        k = &m->last_long; /* a month is no date elsewhere: it is not remembered as one */
    *k = made;
    if (s.n <= DATE_MOST && !month_alone) {
        k->n = (uint8_t)s.n;
        memcpy(k->text, s.p, s.n);
    }
    return k;
}

/* A number of ticks since the start the user gave. */
static bool parse_ticks(const struct table_plan *p, str s, day *ret)
{
    int64_t ticks;
    if (!count_parse(s, &ticks))
        return false;
    int64_t days = ticks / p->spec.ticks_per_second / 86400;
    if (days > 1000000)
        return false;
    *ret = p->spec.options->start + (day)days;
    return true;
}

static bool read_day(const struct table_row *t, const struct step *s, str cell,
                     struct spend_row *r, struct err *e)
{
    if (t->plan->spec.ticks_per_second) {
        if (parse_ticks(t->plan, cell, &r->day))
            return true;
        return cell_fault(t, s->cell, e, "is not a number of time units since the start");
    }
    const struct kept_date *k = parse_moment(t->mapper, cell, s->flags, false);
    if (!k) {
        cell_fault(t, s->cell, e, "is not a date");
        return err_hint(e, "Dates look like 2026-07-01, 2026-07-01T00:00:00Z or 7/1/2026.");
    }
    r->day = k->day;
    return true;
}

static bool read_period(const struct table_row *t, const struct step *s, str cell,
                        struct spend_row *r, struct err *e)
{
    const struct kept_date *k = parse_moment(t->mapper, cell, s->flags, cell.n < 8);
    if (!k)
        return cell_fault(t, s->cell, e, "is not a billing period");
    r->period = k->month;
    return true;
}

/* Scales by moving the point in the text, so that a value is rounded at most once. */
static enum dec_parse parse_scaled(str s, int exponent, dec *ret)
{
    char text[160];
    int64_t own = 0;
    size_t mark = 0;
    while (mark < s.n && (s.p[mark] | 32) != 'e')
        mark++;
    str power = str_sub(s, mark + 1, s.n);
    if (power.n && power.p[0] == '+')
        power = str_sub(power, 1, power.n);
    if (mark < s.n && (!str_to_i64(power, &own) || own > 1000 || own < -1000))
        return DEC_BAD;
    int n = snprintf(text, sizeof text, "%.*se%lld", (int)MIN(mark, (size_t)100), s.n ? s.p : "",
                     (long long)own + exponent);
    return mark > 100 ? DEC_BAD : dec_parse((str){text, (size_t)n}, ret);
}

static bool read_dec(const struct table_row *t, uint32_t at, unsigned flags, int exponent, str cell,
                     dec *ret, struct err *e)
{
    enum dec_parse how = exponent ? parse_scaled(cell, exponent, ret) : dec_parse(cell, ret);
    if (how == DEC_BAD && (flags & COL_LOOSE)) {
        how = dec_parse_loose(cell, ret);
        dec one = DEC_ONE;
        for (int i = exponent; i < 0; i++)
            one *= 10;
        if (exponent && (how == DEC_OK || how == DEC_ROUNDED)) {
            dec exact = *ret;
            if (!dec_muldiv(exact, DEC_ONE, one, ret))
                how = DEC_TOO_BIG;
            else if (exact % (one / DEC_ONE) != 0)
                how = DEC_ROUNDED;
        }
    }
    if (how == DEC_ROUNDED)
        t->mapper->counts.rounded++;
    if (how == DEC_TOO_BIG)
        return cell_fault(t, at, e,
                          "is too large: amounts have at most 19 digits before the point");
    return how != DEC_BAD || cell_fault(t, at, e, "is not an amount");
}

static bool read_money(const struct table_row *t, const struct step *s, str cell,
                       struct spend_row *r, struct err *e)
{
    dec *to = s->to == F_BILLED ? &r->billed : s->to == F_EFFECTIVE ? &r->effective : &r->list;
    dec v;
    if (!read_dec(t, s->cell, s->flags, t->plan->spec.importer->money_exponent, cell, &v, e)) {
        if (!e->hint[0])
            err_hint(e, "Amounts look like 1234.5678, without separators or currency.");
        return false;
    }
    *to = t->plan->spec.negate ? -v : v;
    return true;
}

static bool read_currency(const struct table_row *t, const struct step *s, str cell,
                          struct spend_row *r, struct err *e)
{
    struct table_mapper *m = t->mapper;
    if (cell.n == 3 && memcmp(cell.p, m->last_code, 3) == 0) {
        r->currency = m->last_currency;
        return true;
    }
    if (!currency_parse(cell, &r->currency)) {
        cell_fault(t, s->cell, e, "is not a currency code");
        return err_hint(e, "Money must be in a currency of ISO 4217, like USD; credits and tokens "
                           "need a price in money first.");
    }
    memcpy(m->last_code, cell.p, 3);
    m->last_currency = r->currency;
    return true;
}

static bool read_count(const struct table_row *t, const struct step *s, str cell,
                       struct spend_row *r, struct err *e)
{
    int64_t *to = s->to == TOKEN_BUCKETS ? &r->requests : &r->tokens[s->to];
    return count_parse(cell, to) ||
           cell_fault(t, s->cell, e, "is not a whole number of at least 0");
}

static bool read_batch(const struct table_row *t, const struct step *s, str cell,
                       struct spend_row *r, struct err *e)
{
    static const char *const yes[] = {"true", "1", "yes", "batch", "t"};
    static const char *const no[] = {"false", "0", "no", "standard", "f", "on_demand"};
    for (size_t i = 0; i < ARRAY_LEN(yes); i++)
        if (str_eq_nocase(cell, str_of(yes[i]))) {
            r->batch = true;
            return true;
        }
    for (size_t i = 0; i < ARRAY_LEN(no); i++)
        if (str_eq_nocase(cell, str_of(no[i])))
            return true;
    return cell_fault(t, s->cell, e, "is neither true nor false");
}

static void *remember(struct table_mapper *m, struct map *in, str key, size_t size, bool *ret_new)
{
    struct map_entry *x = map_get(in, key);
    *ret_new = !x;
    if (!x) {
        x = map_put(in, str_dup(&m->kept, key), NULL);
        x->ptr = arena_alloc(&m->kept, size);
    }
    return x->ptr;
}

struct kept_tags {
    str text;
    bool bad;
};

static void read_tags(const struct table_row *t, str cell, struct spend_row *r)
{
    struct table_mapper *m = t->mapper;
    const char *prefix = t->plan->spec.importer->tag_prefix;
    if (!prefix && tags_is_normal(cell)) {
        r->text[SPEND_TAGS] = cell;
        return;
    }
    bool fresh;
    struct kept_tags *k = remember(m, &m->tag_memo, cell, sizeof *k, &fresh);
    if (fresh)
        k->bad = !tags_normal(cell, str_of(prefix), &m->set, &m->kept, &k->text);
    m->counts.bad_tags += k->bad;
    r->text[SPEND_TAGS] = k->bad ? STR_NONE : k->text;
}

/* Tags that are columns of their own join those of the tags column. */
static void read_tag_columns(const struct table_row *t, struct spend_row *r)
{
    struct table_mapper *m = t->mapper;
    m->set.n = 0;
    bool ok = !r->text[SPEND_TAGS].n ||
              tags_parse(&m->set, r->text[SPEND_TAGS], STR_NONE, &m->scratch);
    bool any = false;
    for (size_t i = 0; i < t->plan->n_tags && ok; i++) {
        str value = trimmed(t->cells[t->plan->tags[i].cell]);
        if (cell_is_null(value))
            continue;
        any = true;
        ok = tags_add(&m->set, t->plan->tags[i].key, value);
    }
    if (!any)
        return;
    str text = STR_NONE;
    if (!ok || !tags_write(&m->set, &m->scratch, &text))
        m->counts.bad_tags++;
    r->text[SPEND_TAGS] = text;
}

/* ---- rows ---- */

struct table_mapper *table_mapper_new(const struct table_plan *p)
{
    struct table_mapper *m = calloc(1, sizeof *m);
    if (!m)
        out_of_memory(sizeof *m);
    m->plan = p;
    map_init(&m->memo, &m->kept);
    map_init(&m->tag_memo, &m->kept);
    map_init(&m->names, &m->own);
    return m;
}

void table_mapper_free(struct table_mapper *m)
{
    if (!m)
        return;
    arena_release(&m->scratch);
    arena_release(&m->kept);
    arena_release(&m->own);
    free(m);
}

void table_forget(struct table_mapper *m)
{
    if (m->scratch.used)
        arena_reset(&m->scratch);
    if (m->kept.used > MEMO_BYTES) {
        arena_reset(&m->kept);
        map_init(&m->memo, &m->kept);
        map_init(&m->tag_memo, &m->kept);
    }
}

const struct import_counts *table_counts(const struct table_mapper *m)
{
    return &m->counts;
}

static bool is_filtered(const struct table_plan *p, const str *cells)
{
    for (size_t i = 0; i < p->spec.n_filters; i++) {
        const struct filter *f = &p->filters[i];
        if (str_glob(f->pattern, trimmed(cells[f->cell])) != f->unless)
            return true;
    }
    return false;
}

static bool read_step(const struct table_row *t, const struct step *s, str cell,
                      struct spend_row *r, struct err *e)
{
    switch ((enum op)s->op) {
    case OP_DAY:
        return read_day(t, s, cell, r, e);
    case OP_PERIOD:
        return read_period(t, s, cell, r, e);
    case OP_MONEY:
        return read_money(t, s, cell, r, e);
    case OP_QUANTITY:
        return read_dec(t, s->cell, s->flags | COL_LOOSE, 0, cell, &r->quantity, e);
    case OP_CURRENCY:
        return read_currency(t, s, cell, r, e);
    case OP_COUNT:
        return read_count(t, s, cell, r, e);
    case OP_BATCH:
        return read_batch(t, s, cell, r, e);
    case OP_TEXT:
        r->text[s->to] = cell;
        return true;
    case OP_TEXT_MORE:
        if (!r->text[s->to].n)
            r->text[s->to] = cell;
        return true;
    case OP_TAGS:
        read_tags(t, cell, r);
        return true;
    }
    UNREACHABLE();
}

/* Input counts that contain cached tokens become the disjoint rest. */
static bool settle_tokens(const struct table_row *t, struct spend_row *r, struct err *e)
{
    enum token_convention c = t->plan->spec.importer->tokens;
    int64_t *in = &r->tokens[TOKENS_IN];
    if (*in == TOKENS_NULL || c == TOKENS_NOT_GIVEN || c == INPUT_EXCLUDES_CACHE)
        return true;
    int last = c == INPUT_INCLUDES_READS ? TOKENS_CACHE_READ : TOKENS_CACHE_WRITE_1H;
    int64_t all = *in;
    for (int b = TOKENS_CACHE_READ; b <= last; b++)
        if (r->tokens[b] != TOKENS_NULL && __builtin_sub_overflow(*in, r->tokens[b], in))
            *in = -1;
    if (*in >= 0)
        return true;
    table_error(t, e, "%.*s '%lld' is less than the cached tokens it should contain",
                FMT(column_name(t->plan, t->plan->field_cell[F_TOKENS + TOKENS_IN])),
                (long long)all);
    return err_hint(e, "If the input count excludes cached tokens, a mapping file (--map) with "
                       "input_tokens: excludes_cache says so.");
}

static bool settle(const struct table_row *t, struct spend_row *r, struct err *e)
{
    const struct table_plan *p = t->plan;
    if (r->day == DAY_NONE) {
        if (p->field_cell[F_DAY] == TABLE_NO_CELL)
            return table_error(t, e, "has no date");
        return table_fault(t, F_DAY, e, "is not a date");
    }
    if (r->period == MONTH_NONE)
        r->period = month_of_day(r->day);
    if (str_eq(r->text[SPEND_PUBLISHER], r->text[SPEND_PROVIDER]))
        r->text[SPEND_PUBLISHER] = STR_NONE;
    if (p->field_cell[F_EFFECTIVE] == TABLE_NO_CELL && dec_is_null(r->effective))
        r->effective = r->billed;
    if (p->field_cell[F_BILLED] == TABLE_NO_CELL && dec_is_null(r->billed))
        r->billed = r->effective;
    if (!r->currency.code[0]) {
        r->currency = p->spec.options->currency;
        if (!r->currency.code[0]) {
            table_error(t, e, "states no currency");
            return err_hint(e, "A mapping file (--map) can set one for the file.");
        }
        t->mapper->counts.no_currency += !dec_is_null(r->billed) || !dec_is_null(r->effective);
    }
    return true;
}

static bool map_record(struct table_mapper *m, const str *cells, uint64_t line,
                       struct spend_row *ret, bool *ret_skip, struct err *e)
{
    const struct table_plan *p = m->plan;
    const struct table_row t = {p, m, cells, line};
    m->counts.records++;
    *ret_skip = p->spec.n_filters && is_filtered(p, cells);
    if (*ret_skip) {
        m->counts.skipped++;
        return true;
    }
    *ret = p->blank;
    ret->row = line;
    for (size_t i = 0; i < p->n_steps; i++) {
        const struct step *s = &p->steps[i];
        str cell = trimmed(cells[s->cell]);
        if (cell_is_null(cell)) {
            if (s->flags & COL_NOT_EMPTY)
                return table_error(&t, e, "%.*s is empty", FMT(column_name(p, s->cell)));
            continue;
        }
        if (!read_step(&t, s, cell, ret, e))
            return false;
    }
    if (p->n_tags)
        read_tag_columns(&t, ret);
    if (!settle_tokens(&t, ret, e))
        return false;
    if (p->spec.importer->row && !p->spec.importer->row(&t, ret, ret_skip, e))
        return false;
    if (*ret_skip) {
        m->counts.skipped++;
        return true;
    }
    return settle(&t, ret, e);
}

bool table_map(struct table_mapper *m, const str *cells, uint64_t line, struct spend_row *ret,
               bool *ret_skip, struct err *e)
{
    if (map_record(m, cells, line, ret, ret_skip, e))
        return true;
    if (!e->hint[0])
        err_hint(e, "Correct it in the file and import that again; what the columns mean can also "
                    "be said by a mapping file (--map).");
    return false;
}

/* ---- hooks ---- */

str table_raw(const struct table_row *t, int k)
{
    uint32_t cell = t->plan->field_cell[F_RAW + k];
    if (cell == TABLE_NO_CELL)
        return STR_NONE;
    str s = trimmed(t->cells[cell]);
    return cell_is_null(s) ? STR_NONE : s;
}

bool table_raw_dec(const struct table_row *t, int k, dec *ret, struct err *e)
{
    str s = table_raw(t, k);
    if (!s.n) {
        *ret = DEC_NULL;
        return true;
    }
    return read_dec(t, t->plan->field_cell[F_RAW + k], COL_LOOSE,
                    0, s, ret, e);
}

bool table_raw_count(const struct table_row *t, int k, int64_t *ret, struct err *e)
{
    str s = table_raw(t, k);
    *ret = TOKENS_NULL;
    return !s.n || count_parse(s, ret) ||
           table_fault(t, F_RAW + k, e, "is not a whole number of at least 0");
}

void *table_memo(const struct table_row *t, str key, size_t size, bool *ret_new)
{
    return remember(t->mapper, &t->mapper->memo, key, size, ret_new);
}

struct arena *table_memo_arena(const struct table_row *t)
{
    return &t->mapper->kept;
}

void *table_state(const struct table_row *t, size_t size)
{
    BUG_IF(!t->plan->spec.importer->ordered);
    if (!t->mapper->state)
        t->mapper->state = arena_alloc(&t->mapper->own, size);
    return t->mapper->state;
}

str table_intern(const struct table_row *t, str text)
{
    struct table_mapper *m = t->mapper;
    struct map_entry *known = text.n ? map_get(&m->names, text) : NULL;
    if (known || !text.n)
        return known ? known->key : STR_NONE;
    return map_put(&m->names, str_dup(&m->own, text), NULL)->key;
}

struct arena *table_scratch(const struct table_row *t)
{
    return &t->mapper->scratch;
}

struct import_counts *table_row_counts(const struct table_row *t)
{
    return &t->mapper->counts;
}

void import_counts_add(struct import_counts *to, const struct import_counts *more)
{
    to->records += more->records;
    to->rows += more->rows;
    to->skipped += more->skipped;
    to->rounded += more->rounded;
    to->bad_tags += more->bad_tags;
    to->no_currency += more->no_currency;
    to->amortized += more->amortized;
    to->unpriced += more->unpriced;
}
