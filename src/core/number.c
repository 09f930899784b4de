/* number.c - reading plan numbers: one hand-written descent, one fault with its place. */
#include "core/number.h"

#include <stdarg.h>

#include "core/dist.h"

struct cursor {
    str s;
    size_t i;
    struct number_fault *f;
};

struct amount {
    dec exact;
    size_t from, to;
    currency currency;
    bool percent;
    enum number_per per;
};

static bool fault(struct cursor *c, size_t at, size_t to, const char *hint, const char *fmt, ...)
    PRINTF_LIKE(5, 6);

static bool fault(struct cursor *c, size_t at, size_t to, const char *hint, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(c->f->text, sizeof c->f->text, fmt, ap);
    va_end(ap);
    snprintf(c->f->hint, sizeof c->f->hint, "%s", hint);
    c->f->at = at;
    c->f->n = to > at ? to - at : 1;
    return false;
}

static bool digit_at(const struct cursor *c, size_t i)
{
    return i < c->s.n && c->s.p[i] >= '0' && c->s.p[i] <= '9';
}

static char at(const struct cursor *c, size_t i)
{
    return i < c->s.n ? c->s.p[i] : '\0';
}

static bool letter_at(const struct cursor *c, size_t i)
{
    char ch = at(c, i);
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

static void blanks(struct cursor *c)
{
    while (at(c, c->i) == ' ')
        c->i++;
}

static bool take(struct cursor *c, const char *word)
{
    size_t n = strlen(word);
    if (c->s.n - c->i < n || memcmp(c->s.p + c->i, word, n) != 0)
        return false;
    c->i += n;
    return true;
}

/* to the next blank or parenthesis */
static size_t word_end(const struct cursor *c, size_t i)
{
    while (i < c->s.n && c->s.p[i] != ' ' && c->s.p[i] != '(' && c->s.p[i] != ')')
        i++;
    return i;
}

static bool read_currency(struct cursor *c, currency *ret)
{
    static const char *const signs[][2] = {
        {"$", "USD"}, {"\xe2\x82\xac", "EUR"}, {"\xc2\xa3", "GBP"}};
    for (size_t k = 0; k < ARRAY_LEN(signs); k++)
        if (take(c, signs[k][0]))
            return currency_parse(str_of(signs[k][1]), ret);
    if (!letter_at(c, c->i))
        return true;
    size_t from = c->i, to = from;
    while (letter_at(c, to))
        to++;
    str word = str_sub(c->s, from, to);
    if (word.n != 3 || !currency_parse(word, ret))
        return fault(c, from, word_end(c, from), "", "'%.*s' is not a number", FMT(c->s));
    c->i = to;
    blanks(c);
    return true;
}

static bool read_digits(struct cursor *c, size_t start, dec *ret)
{
    size_t from = c->i;
    while (digit_at(c, c->i))
        c->i++;
    if (at(c, c->i) == '.') {
        c->i++;
        while (digit_at(c, c->i))
            c->i++;
    }
    if (c->i == from || (c->i == from + 1 && at(c, from) == '.'))
        return fault(c, start, word_end(c, start), "", "'%.*s' is not a number",
                     FMT(start < c->s.n ? str_sub(c->s, start, word_end(c, start)) : S("")));
    if (at(c, c->i) == ',' || (at(c, c->i) == '.' && digit_at(c, c->i + 1)) || at(c, c->i) == '_' ||
        at(c, c->i) == '\'')
        return fault(c, start, word_end(c, start), "Write 1000 or 1k, with '.' before decimals.",
                     "'%.*s' has a thousands separator",
                     FMT(str_sub(c->s, start, word_end(c, start))));
    if ((at(c, c->i) == 'e' || at(c, c->i) == 'E') &&
        (digit_at(c, c->i + 1) || at(c, c->i + 1) == '-'))
        return fault(c, start, word_end(c, start), "Write 1000 or 1k.", "'%.*s' has an exponent",
                     FMT(str_sub(c->s, start, word_end(c, start))));
    enum dec_parse r = dec_parse(str_sub(c->s, from, c->i), ret);
    if (r == DEC_TOO_BIG)
        return fault(c, from, c->i, "", "'%.*s' is too large", FMT(str_sub(c->s, from, c->i)));
    return true;
}

static bool read_scale(struct cursor *c, size_t start, struct amount *a)
{
    int64_t times = 1;
    char ch = at(c, c->i);
    if (letter_at(c, c->i) && !letter_at(c, c->i + 1)) {
        times = ch == 'k' ? 1000 : ch == 'M' ? 1000000 : ch == 'B' ? 1000000000 : 0;
        if (!times)
            return fault(c, start, word_end(c, start),
                         "Use k for thousands, M for millions, B for billions.",
                         "'%c' is not a known suffix", ch);
        c->i++;
    }
    if (!dec_mul(a->exact, dec_from_i64(times), &a->exact))
        return fault(c, start, c->i, "", "'%.*s' is too large", FMT(str_sub(c->s, start, c->i)));
    if (at(c, c->i) == '%') {
        a->percent = true;
        c->i++;
        if (!dec_div(a->exact, dec_from_i64(100), &a->exact))
            UNREACHABLE();
    }
    return true;
}

static bool read_per(struct cursor *c, size_t start, struct amount *a)
{
    size_t before = c->i;
    if (at(c, c->i) == '/') {
        size_t to = word_end(c, c->i);
        str unit = str_sub(c->s, c->i, to);
        a->per = str_eq(unit, S("/mo")) ? PER_MONTH : str_eq(unit, S("/yr")) ? PER_YEAR : PER_NONE;
        if (a->per == PER_NONE)
            return fault(c, c->i, to, "Use /mo or /yr.", "'%.*s' is not a known unit", FMT(unit));
        c->i = to;
        return true;
    }
    blanks(c);
    size_t to = word_end(c, c->i);
    str word = str_sub(c->s, c->i, to);
    if (str_eq(word, S("once")))
        a->per = PER_ONCE;
    else if (str_eq(word, S("months")) || str_eq(word, S("month")))
        a->per = PER_MONTHS;
    else
        to = before;
    c->i = to;
    (void)start;
    return true;
}

static bool read_amount(struct cursor *c, struct amount *a)
{
    *a = (struct amount){.from = c->i};
    bool minus = take(c, "-");
    if (!minus)
        (void)take(c, "+");
    if (!read_currency(c, &a->currency))
        return false;
    if (!minus && a->currency.code[0])
        minus = take(c, "-");
    size_t start = c->i;
    if (!read_digits(c, start, &a->exact) || !read_scale(c, start, a) || !read_per(c, start, a))
        return false;
    if (minus)
        a->exact = -a->exact;
    a->to = c->i;
    return true;
}

/* What one end says must not contradict the other; `whole` gets what only `end` says. */
static bool agree(struct cursor *c, struct amount *whole, const struct amount *end, bool may_add)
{
    if (end->currency.code[0] && !currency_eq(end->currency, whole->currency)) {
        if (whole->currency.code[0] || !may_add)
            return fault(c, end->from, end->to, "Write the currency once, in front.",
                         "'%.*s' is in another currency than what it belongs to",
                         FMT(str_sub(c->s, end->from, end->to)));
        whole->currency = end->currency;
    }
    if (end->percent != whole->percent)
        return fault(c, end->from, end->to, "Write % at each number of the range.",
                     "a range mixes percentages and plain numbers");
    if (end->per != PER_NONE && end->per != whole->per) {
        if (whole->per != PER_NONE || !may_add)
            return fault(c, end->from, end->to, "Write the unit once.",
                         "'%.*s' has another unit than what it belongs to",
                         FMT(str_sub(c->s, end->from, end->to)));
        whole->per = end->per;
    }
    return true;
}

static bool check_ends(struct cursor *c, const struct amount *lo, const struct amount *hi)
{
    if (hi->exact >= lo->exact)
        return true;
    return fault(c, lo->from, hi->to, "Write the lower end first.",
                 "the ends of the range '%.*s' are swapped", FMT(str_sub(c->s, lo->from, hi->to)));
}

static bool read_to(struct cursor *c)
{
    size_t was = c->i;
    blanks(c);
    if (take(c, "to ")) {
        blanks(c);
        return true;
    }
    c->i = was;
    return false;
}

static bool read_parenthesis(struct cursor *c, struct amount *point, struct amount *lo,
                             struct amount *hi)
{
    size_t open = c->i++;
    blanks(c);
    if (!read_amount(c, lo))
        return false;
    if (!read_to(c))
        return fault(c, open, word_end(c, c->i) + 1, "Write '10 (8 to 14)'.",
                     "a range in parentheses needs two ends");
    if (!read_amount(c, hi))
        return false;
    blanks(c);
    if (!take(c, ")"))
        return fault(c, open, c->s.n, "", "a ')' is missing");
    if (!agree(c, point, lo, false) || !agree(c, point, hi, false) || !check_ends(c, lo, hi))
        return false;
    if (point->exact < lo->exact || point->exact > hi->exact)
        return fault(c, point->from, c->i, "The plan's number stands between the two ends.",
                     "'%.*s' is not inside its range '%.*s'",
                     FMT(str_sub(c->s, point->from, point->to)),
                     FMT(str_sub(c->s, lo->from, hi->to)));
    return true;
}

bool number_parse(str s, struct number *ret, struct number_fault *f)
{
    struct cursor c = {.s = s, .f = f};
    struct amount a, lo, hi;
    bool ranged = true, bare = false;
    if (!read_amount(&c, &a))
        return false;
    if (read_to(&c)) {
        bare = true;
        lo = a;
        if (!read_amount(&c, &hi) || !agree(&c, &a, &hi, true) || !check_ends(&c, &lo, &hi))
            return false;
    } else {
        size_t end = c.i;
        blanks(&c);
        if (at(&c, c.i) == '(') {
            if (!read_parenthesis(&c, &a, &lo, &hi))
                return false;
        } else {
            c.i = end;
            ranged = false;
            lo = hi = a;
        }
    }
    size_t end = c.i;
    blanks(&c);
    if (c.i < s.n)
        return fault(&c, c.i, s.n, "", "'%.*s' is not expected behind '%.*s'",
                     FMT(str_sub(s, c.i, s.n)), FMT(str_sub(s, 0, end)));
    struct number v = {.lo = dec_to_double(lo.exact),
                       .hi = dec_to_double(hi.exact),
                       .exact = a.exact,
                       .ranged = ranged,
                       .percent = a.percent,
                       .currency = a.currency,
                       .per = a.per};
    v.point = bare ? dist_median(v.lo, v.hi, v.percent) : dec_to_double(a.exact);
    if (bare)
        v.exact = DEC_NULL;
    *ret = v;
    return true;
}

bool number_looks(str s)
{
    struct number v;
    struct number_fault f;
    return number_parse(s, &v, &f) ||
           (s.n && (strchr("0123456789$.-+", s.p[0]) || (unsigned char)s.p[0] >= 0x80));
}
