/* test_ledger.c - spend written to Parquet parts and read back: exact, complete, or not at all. */
#include "test.h"

#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>

#include "base/buf.h"
#include "store/ledger.h"

#define DIR "test ledger's [tmp]" /* a quote and a pattern in every path */

/* ---- a source over rows in memory ---- */

struct memory_source {
    struct spend_row *rows;
    size_t n;
    int workers;
    _Atomic size_t at;
    size_t fail_at; /* 0: never */
    volatile bool *interrupt_at_end;
};

static bool memory_open(void *self, void **ret, struct err *e)
{
    *ret = self;
    return true;
}

static bool memory_produce(void *self, struct spend_row *rows, size_t cap, size_t *ret_n,
                           struct err *e)
{
    struct memory_source *s = self;
    size_t take = MIN(cap, 100u), from = s->at;
    while (!atomic_compare_exchange_weak(&s->at, &from, MIN(from + take, s->n)))
        ;
    *ret_n = MIN(from + take, s->n) - from;
    if (s->fail_at && from + *ret_n > s->fail_at)
        return err_set(e, ERR_INVALID, "bill.csv: line 7: '12,3x' is not an amount");
    if (*ret_n)
        memcpy(rows, s->rows + from, *ret_n * sizeof *rows);
    if (!*ret_n && s->interrupt_at_end)
        *s->interrupt_at_end = true;
    return true;
}

static void memory_close(void *self)
{
    (void)self;
}

static struct row_source source_of(struct memory_source *s)
{
    return (struct row_source){.self = s,
                               .max_workers = s->workers ? s->workers : 1,
                               .open = memory_open,
                               .produce = memory_produce,
                               .close = memory_close};
}

/* ---- fixtures ---- */

struct fixture {
    struct arena a;
    struct ledger *l;
};

static const char *const TAGS[] = {"team", "cost/center", NULL};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct err e = {0};
    dir_remove_all(S(DIR));
    assert_ok(dir_make(S(DIR), &e), &e);
    assert_ok(ledger_open(&(struct ledger_options){.dir = S(DIR), .memory = 1u << 30, .threads = 2,
                                                   .allocation_tags = TAGS},
                          &f->l, &e), &e);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    ledger_close(f->l);
    struct names left;
    struct err e = {0};
    assert_ok(dir_list(&f->a, S(DIR), &left, &e), &e);
    for (size_t i = 0; i < left.n; i++)
        if (!str_ends(left.items[i], S(".parquet")))
            fail_msg("'%.*s' is left behind", FMT(left.items[i]));
    dir_remove_all(S(DIR));
    arena_release(&f->a);
    free(f);
    return 0;
}

static dec amount(const char *s)
{
    dec v;
    assert_int_equal(dec_parse(str_of(s), &v), DEC_OK);
    return v;
}

static struct part_info write_part(struct fixture *f, struct memory_source *s, const char *name)
{
    struct row_source source = source_of(s);
    struct part_info info;
    struct err e = {0};
    assert_ok(ledger_write(f->l, &source, S(DIR), str_of(name), NULL, NULL, NULL, &f->a, &info,
                           &e), &e);
    return info;
}

static void attach(struct fixture *f, const char *const *names, size_t n)
{
    struct part_ref refs[8] = {0};
    struct err e = {0};
    for (size_t i = 0; i < n; i++)
        refs[i] = (struct part_ref){str_of(names[i]), (int64_t)i + 1};
    assert_ok(ledger_attach(f->l, refs, n, &e), &e);
}

static uint64_t next_random(uint64_t *s)
{
    *s += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = (*s ^ (*s >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static str pick(uint64_t *seed, const char *const *of, size_t n)
{
    return str_of(of[next_random(seed) % n]);
}

#define PICK(...) \
    pick(seed, (const char *const[]){__VA_ARGS__}, ARRAY_LEN(((const char *const[]){__VA_ARGS__})))

/* Rows with everything: unknowns, negatives, long and short text, quotes in tags. */
static struct spend_row random_row(struct arena *a, uint64_t *seed, uint64_t number)
{
    struct spend_row r;
    spend_row_clear(&r);
    r.day = day_from_civil(2025, 11, 1) + (int32_t)(next_random(seed) % 150);
    r.period = month_of_day(r.day) + (next_random(seed) % 10 == 0);
    dec cents = (dec)(int64_t)next_random(seed) * (int64_t)(next_random(seed) % 100000);
    if (next_random(seed) % 8)
        r.billed = cents;
    if (next_random(seed) % 7)
        r.effective = -cents / 3;
    if (next_random(seed) % 2)
        r.list = cents * 2;
    if (next_random(seed) % 2)
        r.quantity = 5;
    r.currency = next_random(seed) % 5 ? (currency){"USD"} : (currency){"EUR"};
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        if (next_random(seed) % 3 == 0)
            r.tokens[b] = (int64_t)(next_random(seed) % 1000000);
    if (next_random(seed) % 3 == 0)
        r.requests = 3;
    r.batch = next_random(seed) % 2;
    for (int t = 0; t < SPEND_TEXTS; t++)
        r.text[t] = PICK("", "a", "twelve bytes", "more than twelve bytes", "\xc3\xa9t\xc3\xa9 100%_\\");
    r.text[SPEND_DESCRIPTION] = str_fmt(a, "description of row number %llu", (unsigned long long)number);
    r.category = (enum category)(next_random(seed) % CATEGORY_STATES);
    r.confidence = (uint8_t)(next_random(seed) % 101);
    r.share_ppm = (uint32_t)(next_random(seed) % 1000001);
    r.file = 1 + (uint32_t)(number % 3);
    r.row = number;
    r.allocation[0] = PICK("", "ml", "search and discovery");
    r.allocation[1] = PICK("", "4711");
    struct buf tags;
    buf_init(&tags, 1000);
    buf_fmt(&tags, "{\"cost/center\":\"%.*s\",\"e~nv\":\"%s\",\"team\":\"%.*s\"}",
            FMT(r.allocation[1]), next_random(seed) % 2 ? "prod" : "test", FMT(r.allocation[0]));
    r.text[SPEND_TAGS] = str_dup(a, buf_str(&tags));
    buf_release(&tags);
    return r;
}

static struct memory_source random_source(struct arena *a, uint64_t seed, size_t n, int workers)
{
    struct memory_source s = {.n = n, .workers = workers};
    s.rows = arena_new(a, struct spend_row, n);
    for (size_t i = 0; i < n; i++)
        s.rows[i] = random_row(a, &seed, i + 1);
    return s;
}

static const struct ledger_query EVERYTHING = {.from = DAY_NONE, .to = DAY_NONE};

static void assert_same_row(const struct spend_row *a, const struct spend_row *b)
{
    assert_int_equal(a->day, b->day);
    assert_int_equal(a->period, b->period);
    assert_true(a->billed == b->billed && a->effective == b->effective && a->list == b->list &&
                a->quantity == b->quantity);
    assert_true(currency_eq(a->currency, b->currency));
    assert_memory_equal(a->tokens, b->tokens, sizeof a->tokens);
    assert_int_equal(a->requests, b->requests);
    assert_int_equal(a->batch, b->batch);
    for (int t = 0; t < SPEND_TEXTS; t++)
        assert_true(str_eq(a->text[t], b->text[t]));
    for (int t = 0; t < ALLOCATION_TAGS; t++)
        assert_true(str_eq(a->allocation[t], b->allocation[t]));
    assert_int_equal(a->category, b->category);
    assert_int_equal(a->confidence, b->confidence);
    assert_int_equal(a->share_ppm, b->share_ppm);
    assert_int_equal(a->file, b->file);
    assert_int_equal(a->row, b->row);
}

/* ---- tests ---- */

static void rows_come_back_exactly_as_written(void **state)
{
    struct fixture *f = *state;
    struct memory_source s = random_source(&f->a, 1, 3000, 2);
    s.rows[0].billed = amount("0.000000000000000001");
    s.rows[1].billed = amount("-0.000000000000000001");
    s.rows[2].billed = amount("12345678901234567890.123456789012345678");
    s.rows[3].billed = amount("-12345678901234567890.123456789012345678");
    s.rows[4].day = DAY_NONE;
    s.rows[4].period = MONTH_NONE;
    struct part_info info = write_part(f, &s, "p");
    assert_int_equal(info.rows, 3000);
    assert_int_equal(strlen(info.sha256), 64);
    attach(f, (const char *[]){"p"}, 1);
    struct ledger_row *rows;
    size_t n;
    uint64_t all;
    struct err e = {0};
    assert_ok(ledger_rows(f->l, &EVERYTHING, ORDER_PLACE, 5000, &f->a, &rows, &n, &all, &e), &e);
    assert_int_equal(n, 3000);
    assert_int_equal(all, 3000);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(rows[i].import, 1);
        assert_same_row(&rows[i].row, &s.rows[rows[i].row.row - 1]);
        if (i)
            assert_true(rows[i].row.file > rows[i - 1].row.file ||
                        rows[i].row.row > rows[i - 1].row.row);
    }
    assert_ok(ledger_rows(f->l, &EVERYTHING, ORDER_COST, 2, &f->a, &rows, &n, &all, &e), &e);
    assert_int_equal(n, 2);
    assert_true(rows[0].row.effective >= rows[1].row.effective);
    assert_ok(ledger_row_at(f->l, 1, 3, 1, &f->a, &rows, &n, &e), &e);
    assert_int_equal(n, 0); /* row 1 is in file 2 */
    assert_ok(ledger_row_at(f->l, 1, 1 + 17 % 3, 17, &f->a, &rows, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_same_row(&rows[0].row, &s.rows[16]);
}

static void sums_of_36_digits_are_exact(void **state)
{
    struct fixture *f = *state;
    struct memory_source s = random_source(&f->a, 2, 3, 1);
    s.rows[0].billed = amount("123456789012345678.000000000000000001");
    s.rows[1].billed = amount("876543210987654321.999999999999999998");
    s.rows[2].billed = amount("0.000000000000000002");
    for (int i = 0; i < 3; i++)
        s.rows[i].effective = DEC_NULL;
    struct part_info info = write_part(f, &s, "p");
    dec expected = amount("999999999999999999") + amount("1.000000000000000001");
    assert_true(info.billed == expected);
    assert_int_equal(info.unpriced, 3);
    attach(f, (const char *[]){"p"}, 1);
    struct ledger_sums sums;
    struct err e = {0};
    assert_ok(ledger_sum(f->l, &EVERYTHING, &f->a, &sums, &e), &e);
    assert_int_equal(sums.n, 1);
    assert_true(sums.items[0].billed == expected);
    assert_true(dec_is_null(sums.items[0].effective)); /* unknown is not zero */
}

static void a_sum_that_does_not_fit_is_an_error(void **state)
{
    struct fixture *f = *state;
    struct memory_source s = random_source(&f->a, 3, 2, 1);
    struct row_source source = source_of(&s);
    struct part_info info;
    struct err e = {0};
    s.rows[0].billed = s.rows[1].billed = amount("60000000000000000000");
    assert_error(ledger_write(f->l, &source, S(DIR), S("p"), NULL, NULL, NULL, &f->a, &info, &e),
                 &e, "more than 20 digits");
    /* the same across two parts: found when they are summed */
    struct memory_source one = {.rows = s.rows, .n = 1};
    write_part(f, &one, "a");
    one.at = 0;
    write_part(f, &one, "b");
    attach(f, (const char *[]){"a", "b"}, 2);
    struct ledger_sums sums;
    assert_error(ledger_sum(f->l, &EVERYTHING, &f->a, &sums, &e), &e, "more than 20 digits");
}

static void assert_same_sums(const struct ledger_sums *a, const struct ledger_sums *b, size_t keys)
{
    assert_int_equal(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        const struct ledger_sum *x = &a->items[i], *y = &b->items[i];
        for (size_t k = 0; k < keys; k++)
            assert_true(str_eq(x->keys[k], y->keys[k]));
        assert_true(x->billed == y->billed && x->effective == y->effective);
        assert_int_equal(x->rows, y->rows);
        assert_int_equal(x->unpriced, y->unpriced);
        assert_memory_equal(x->tokens, y->tokens, sizeof x->tokens);
        assert_int_equal(x->token_rows, y->token_rows);
        assert_int_equal(x->requests, y->requests);
    }
}

/* A filter that lets every row pass but that no cube can answer. */
static const struct ledger_filter FORCE_ROWS = {
    .key = {.kind = KEY_TEXT, .text = SPEND_DESCRIPTION}, .op = FILTER_NOT, .value = {"no such", 7}};

/* Also against a sum made here, row by row. */
static void check_against_rows(const struct ledger_sums *sums, const struct memory_source *s,
                               size_t copies)
{
    uint64_t rows = 0;
    dec billed = 0, expected = 0;
    for (size_t i = 0; i < sums->n; i++) {
        rows += sums->items[i].rows;
        billed += dec_is_null(sums->items[i].billed) ? 0 : sums->items[i].billed;
    }
    for (size_t i = 0; i < s->n; i++)
        expected += dec_is_null(s->rows[i].billed) ? 0 : s->rows[i].billed;
    assert_int_equal(rows, s->n * copies);
    assert_true(billed == expected * (dec)copies);
}

static void cube_and_rows_give_the_same_sums(void **state)
{
    struct fixture *f = *state;
    struct memory_source s = random_source(&f->a, 4, 20000, 2);
    write_part(f, &s, "a");
    s.at = 0;
    write_part(f, &s, "b");
    attach(f, (const char *[]){"a", "b"}, 2);
    static const struct ledger_key keys[] = {
        {.kind = KEY_MONTH},
        {.kind = KEY_PERIOD},
        {.kind = KEY_CATEGORY},
        {.kind = KEY_CURRENCY},
        {.kind = KEY_IMPORT},
        {.kind = KEY_TAG, .tag = {"team", 4}},
        {.kind = KEY_TAG, .tag = {"cost/center", 11}},
        {.kind = KEY_TEXT, .text = SPEND_PROVIDER},
        {.kind = KEY_TEXT, .text = SPEND_MODEL},
        {.kind = KEY_TEXT, .text = SPEND_RULE},
    };
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        struct ledger_key two[] = {keys[i], keys[(i + 3) % ARRAY_LEN(keys)]};
        struct ledger_query q = {.from = DAY_NONE, .to = DAY_NONE, .keys = two, .n_keys = 2};
        struct ledger_sums cube, rows;
        struct err e = {0};
        assert_ok(ledger_sum(f->l, &q, &f->a, &cube, &e), &e);
        assert_true(cube.from_cube);
        check_against_rows(&cube, &s, 2);
        q.filters = &FORCE_ROWS;
        q.n_filters = 1;
        assert_ok(ledger_sum(f->l, &q, &f->a, &rows, &e), &e);
        assert_false(rows.from_cube);
        assert_same_sums(&cube, &rows, 2);
        for (size_t k = 1; k < cube.n; k++) {
            int order = str_cmp(cube.items[k - 1].keys[0], cube.items[k].keys[0]);
            assert_true(order < 0 || (!order && str_cmp(cube.items[k - 1].keys[1],
                                                        cube.items[k].keys[1]) < 0));
        }
    }
}

static void rows_found_by_group_sum_like_rows_found_by_text(void **state)
{
    struct fixture *f = *state;
    struct memory_source s = random_source(&f->a, 5, 5000, 2);
    /* few combinations, each with its number, as a classifier's memo gives them */
    for (size_t i = 0; i < s.n; i++) {
        const struct spend_row *like = &s.rows[i % 50];
        memcpy(s.rows[i].text, like->text, sizeof like->text);
        memcpy(s.rows[i].allocation, like->allocation, sizeof like->allocation);
        s.rows[i].category = like->category;
        s.rows[i].currency = like->currency;
    }
    write_part(f, &s, "text");
    for (size_t i = 0; i < s.n; i++)
        s.rows[i].group = (uint32_t)(i % 50) + 1;
    s.at = 0;
    write_part(f, &s, "group");
    struct ledger_key keys[] = {{.kind = KEY_MONTH}, {.kind = KEY_TEXT, .text = SPEND_SERVICE}};
    struct ledger_query q = {.from = DAY_NONE, .to = DAY_NONE, .keys = keys, .n_keys = 2};
    struct ledger_sums text, group;
    struct err e = {0};
    attach(f, (const char *[]){"text"}, 1);
    assert_ok(ledger_sum(f->l, &q, &f->a, &text, &e), &e);
    attach(f, (const char *[]){"group"}, 1);
    assert_ok(ledger_sum(f->l, &q, &f->a, &group, &e), &e);
    assert_same_sums(&text, &group, 2);
    check_against_rows(&group, &s, 1);
}

static bool passes(const struct spend_row *r, int which)
{
    switch (which) {
    case 0:
        return str_eq(r->text[SPEND_SERVICE], S("a"));
    case 1:
        return str_glob(S("*TWELVE*"), r->text[SPEND_SERVICE]);
    case 2:
        return !str_eq(r->text[SPEND_SERVICE], S("a"));
    case 3:
        return str_glob(S("*100%_\\"), r->text[SPEND_UNIT]);
    case 4:
        return r->period == month_of(2026, 1);
    case 5:
        return month_of_day(r->day) != month_of(2026, 1);
    case 6:
        return r->category == CATEGORY_VENDOR;
    case 7:
        return str_eq(r->allocation[0], S("ml"));
    case 8:
        return str_find(r->text[SPEND_TAGS], S("\"e~nv\":\"prod\""), 0) != SIZE_MAX;
    case 9:
        return r->day == day_from_civil(2025, 12, 24);
    case 10:
        return !r->text[SPEND_PROVIDER].n;
    default:
        return currency_eq(r->currency, (currency){"EUR"});
    }
}

static void filters_let_pass_what_they_say(void **state)
{
    struct fixture *f = *state;
    struct memory_source s = random_source(&f->a, 6, 4000, 1);
    write_part(f, &s, "p");
    attach(f, (const char *[]){"p"}, 1);
    static const struct ledger_filter filters[] = {
        {{.kind = KEY_TEXT, .text = SPEND_SERVICE}, FILTER_IS, {"a", 1}},
        {{.kind = KEY_TEXT, .text = SPEND_SERVICE}, FILTER_GLOB, {"*TWELVE*", 8}},
        {{.kind = KEY_TEXT, .text = SPEND_SERVICE}, FILTER_NOT, {"a", 1}},
        {{.kind = KEY_TEXT, .text = SPEND_UNIT}, FILTER_GLOB, {"*100%_\\", 7}},
        {{.kind = KEY_PERIOD}, FILTER_IS, {"2026-01", 7}},
        {{.kind = KEY_MONTH}, FILTER_NOT, {"2026-01", 7}},
        {{.kind = KEY_CATEGORY}, FILTER_IS, {"vendor", 6}},
        {{.kind = KEY_TAG, .tag = {"team", 4}}, FILTER_IS, {"ml", 2}},
        {{.kind = KEY_TAG, .tag = {"e~nv", 4}}, FILTER_IS, {"prod", 4}},
        {{.kind = KEY_DAY}, FILTER_IS, {"2025-12-24", 10}},
        {{.kind = KEY_TEXT, .text = SPEND_PROVIDER}, FILTER_IS, {"", 0}},
        {{.kind = KEY_CURRENCY}, FILTER_IS, {"EUR", 3}},
    };
    for (int which = 0; which < (int)ARRAY_LEN(filters); which++) {
        struct ledger_query q = {.from = DAY_NONE, .to = DAY_NONE, .filters = &filters[which],
                                 .n_filters = 1};
        struct ledger_sums sums;
        struct err e = {0};
        uint64_t expected = 0;
        for (size_t i = 0; i < s.n; i++)
            expected += passes(&s.rows[i], which);
        assert_ok(ledger_sum(f->l, &q, &f->a, &sums, &e), &e);
        if (!sums.n || sums.items[0].rows != expected)
            fail_msg("filter %d: %llu rows, not %llu", which,
                     sums.n ? (unsigned long long)sums.items[0].rows : 0ull,
                     (unsigned long long)expected);
    }
}

static void whole_months_come_from_the_cube_and_days_from_rows(void **state)
{
    struct fixture *f = *state;
    struct memory_source s = random_source(&f->a, 7, 4000, 1);
    write_part(f, &s, "p");
    attach(f, (const char *[]){"p"}, 1);
    static const struct {
        struct civil from, to;
        bool cube;
    } rows[] = {
        {{2025, 12, 1}, {2026, 1, 31}, true},
        {{2025, 12, 2}, {2026, 1, 31}, false},
        {{2025, 12, 1}, {2026, 1, 30}, false},
    };
    for (size_t k = 0; k < ARRAY_LEN(rows); k++) {
        struct ledger_query q = {
            .from = day_from_civil(rows[k].from.year, rows[k].from.month, rows[k].from.mday),
            .to = day_from_civil(rows[k].to.year, rows[k].to.month, rows[k].to.mday)};
        struct ledger_sums sums;
        struct err e = {0};
        uint64_t expected = 0;
        for (size_t i = 0; i < s.n; i++)
            expected += s.rows[i].day >= q.from && s.rows[i].day <= q.to;
        assert_ok(ledger_sum(f->l, &q, &f->a, &sums, &e), &e);
        assert_int_equal(sums.from_cube, rows[k].cube);
        assert_int_equal(sums.items[0].rows, expected);
    }
}

static void tags_of_older_parts_are_found_in_their_rows(void **state)
{
    struct fixture *f = *state;
    struct memory_source s = random_source(&f->a, 8, 2000, 1);
    write_part(f, &s, "new");
    struct ledger *old;
    struct err e = {0};
    assert_ok(ledger_open(&(struct ledger_options){.dir = S(DIR), .threads = 1}, &old, &e), &e);
    struct ledger *mine = f->l;
    f->l = old;
    s.at = 0;
    write_part(f, &s, "old");
    f->l = mine;
    ledger_close(old);
    struct ledger_key keys[] = {{.kind = KEY_TAG, .tag = S("cost/center")}};
    struct ledger_query q = {.from = DAY_NONE, .to = DAY_NONE, .keys = keys, .n_keys = 1};
    struct ledger_sums one, both;
    attach(f, (const char *[]){"new"}, 1);
    assert_ok(ledger_sum(f->l, &q, &f->a, &one, &e), &e);
    attach(f, (const char *[]){"old", "new"}, 2);
    assert_ok(ledger_sum(f->l, &q, &f->a, &both, &e), &e);
    assert_true(one.from_cube);
    assert_false(both.from_cube);
    assert_int_equal(one.n, both.n);
    for (size_t i = 0; i < one.n; i++) {
        assert_true(str_eq(one.items[i].keys[0], both.items[i].keys[0]));
        assert_int_equal(one.items[i].rows * 2, both.items[i].rows);
    }
}

static void nothing_gives_nothing(void **state)
{
    struct fixture *f = *state;
    struct ledger_sums sums;
    struct ledger_row *rows;
    size_t n;
    uint64_t all;
    struct err e = {0};
    attach(f, NULL, 0);
    assert_ok(ledger_sum(f->l, &EVERYTHING, &f->a, &sums, &e), &e);
    assert_int_equal(sums.n, 0);
    assert_ok(ledger_rows(f->l, &EVERYTHING, ORDER_PLACE, 9, &f->a, &rows, &n, &all, &e), &e);
    assert_int_equal(n + all, 0);
    assert_ok(ledger_row_at(f->l, 1, 1, 1, &f->a, &rows, &n, &e), &e);
    assert_int_equal(n, 0);
    /* a part without rows is a part */
    struct memory_source empty = {0};
    struct part_info info = write_part(f, &empty, "p");
    assert_int_equal(info.rows, 0);
    assert_int_equal(info.first, DAY_NONE);
    attach(f, (const char *[]){"p"}, 1);
    assert_ok(ledger_sum(f->l, &EVERYTHING, &f->a, &sums, &e), &e);
    assert_int_equal(sums.n, 0);
}

static void assert_no_part(struct fixture *f)
{
    struct names left;
    struct err e = {0};
    assert_ok(dir_list(&f->a, S(DIR), &left, &e), &e);
    for (size_t i = 0; i < left.n; i++)
        if (!str_starts(left.items[i], S(".")))
            fail_msg("'%.*s' is left behind", FMT(left.items[i]));
}

static void a_source_that_fails_leaves_its_own_error_and_nothing_else(void **state)
{
    struct fixture *f = *state;
    struct memory_source s = random_source(&f->a, 9, 5000, 2);
    struct row_source source = source_of(&s);
    struct part_info info;
    struct err e = {0};
    s.fail_at = 4000;
    assert_false(ledger_write(f->l, &source, S(DIR), S("p"), NULL, NULL, NULL, &f->a, &info, &e));
    assert_string_equal(e.text, "bill.csv: line 7: '12,3x' is not an amount");
    assert_int_equal(e.kind, ERR_INVALID);
    assert_no_part(f);
    /* and the ledger is as good as before */
    s.fail_at = 0;
    s.at = 0;
    assert_int_equal(write_part(f, &s, "p").rows, 5000);
}

static void an_interrupt_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct memory_source s = random_source(&f->a, 10, 5000, 1);
    struct row_source source = source_of(&s);
    struct part_info info;
    struct err e = {0};
    volatile bool stop = true;
    assert_false(ledger_write(f->l, &source, S(DIR), S("p"), NULL, NULL, &stop, &f->a, &info, &e));
    assert_int_equal(e.kind, ERR_INTERRUPTED);
    assert_no_part(f);
    stop = false;
    assert_ok(ledger_write(f->l, &source, S(DIR), S("p"), NULL, NULL, &stop, &f->a, &info, &e),
              &e);
}

static void a_full_disk_is_an_error_and_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct memory_source s = random_source(&f->a, 11, 20000, 1);
    struct row_source source = source_of(&s);
    struct part_info info;
    struct err e = {0};
    struct rlimit before, small;
    void (*old)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 20000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool ok = ledger_write(f->l, &source, S(DIR), S("p"), NULL, NULL, NULL, &f->a, &info, &e);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, old);
    assert_false(ok);
    assert_int_equal(e.kind, ERR_FAILED);
    assert_non_null(strstr(e.text, "p.parquet"));
    assert_no_part(f);
}

/* ---- more cells than a cube holds in memory ---- */

#define MANY_ROWS 520000u /* twice each of 260,000 projects: above the limit of one cube */

struct endless {
    size_t at;
    char text[256][16]; /* projects of the last chunk */
};

static bool endless_open(void *self, void **ret, struct err *e)
{
    *ret = self;
    return true;
}

static bool endless_produce(void *self, struct spend_row *rows, size_t cap, size_t *ret_n,
                            struct err *e)
{
    struct endless *s = self;
    size_t n = MIN(MIN(cap, ARRAY_LEN(s->text)), MANY_ROWS - s->at);
    for (size_t i = 0; i < n; i++, s->at++) {
        size_t project = s->at % (MANY_ROWS / 2);
        spend_row_clear(&rows[i]);
        rows[i].day = day_from_civil(2026, 1, 1);
        rows[i].period = month_of_day(rows[i].day);
        rows[i].currency = (currency){"USD"};
        rows[i].billed = rows[i].effective = (dec)(int64_t)(s->at + 1);
        rows[i].category = CATEGORY_INFRA;
        rows[i].file = 1;
        rows[i].row = s->at + 1;
        int width = snprintf(s->text[i], sizeof s->text[i], "p%zu", project);
        rows[i].text[SPEND_SUB_ACCOUNT] = (str){s->text[i], (size_t)width};
    }
    *ret_n = n;
    return true;
}

static void a_cube_of_more_cells_than_memory_takes_is_made_from_the_rows(void **state)
{
    struct fixture *f = *state;
    struct endless s = {.at = 0};
    struct row_source source = {.self = &s, .max_workers = 1, .open = endless_open,
                                .produce = endless_produce, .close = memory_close};
    struct part_info info;
    struct err e = {0};
    assert_ok(ledger_write(f->l, &source, S(DIR), S("p"), NULL, NULL, NULL, &f->a, &info, &e), &e);
    assert_int_equal(info.rows, MANY_ROWS);
    attach(f, (const char *const[]){"p"}, 1);
    struct ledger_key key = {.kind = KEY_TEXT, .text = SPEND_SUB_ACCOUNT};
    struct ledger_query q = {.from = DAY_NONE, .to = DAY_NONE, .keys = &key, .n_keys = 1};
    struct ledger_sums sums;
    assert_ok(ledger_sum(f->l, &q, &f->a, &sums, &e), &e);
    assert_true(sums.from_cube);
    assert_int_equal(sums.n, MANY_ROWS / 2);
    for (size_t i = 0; i < sums.n; i++) {
        int64_t project;
        assert_true(str_to_i64(str_sub(sums.items[i].keys[0], 1, sums.items[i].keys[0].n),
                               &project));
        assert_int_equal(sums.items[i].rows, 2);
        assert_true(sums.items[i].billed == (dec)(2 * project + 2 + MANY_ROWS / 2));
    }
}

/* ---- other files ---- */

struct seen {
    struct buf out;
};

static bool see_header(void *ctx, const str *names, size_t n, struct err *e)
{
    struct seen *s = ctx;
    for (size_t i = 0; i < n; i++)
        buf_fmt(&s->out, "%.*s;", FMT(names[i]));
    return true;
}

static bool see_record(void *ctx, const str *cells, size_t n, uint64_t row, struct err *e)
{
    struct seen *s = ctx;
    buf_fmt(&s->out, "\n%llu:", (unsigned long long)row);
    for (size_t i = 0; i < n && i < 9; i++)
        buf_fmt(&s->out, "%.*s;", FMT(cells[i]));
    return row < 3 || err_set(e, ERR_INVALID, "enough");
}

static void any_parquet_file_reads_as_text_in_order(void **state)
{
    struct fixture *f = *state;
    struct memory_source s = random_source(&f->a, 12, 3, 1);
    for (size_t i = 0; i < 3; i++) {
        s.rows[i].day = day_from_civil(2026, 7, 1 + (int)i);
        s.rows[i].period = month_of(2026, 7);
        s.rows[i].category = CATEGORY_INFRA;
        s.rows[i].currency = (currency){"USD"};
        s.rows[i].billed = i ? DEC_NULL : amount("-0.000000000000000001");
        s.rows[i].effective = s.rows[i].list = s.rows[i].quantity = DEC_NULL;
        s.rows[i].tokens[0] = 7;
    }
    write_part(f, &s, "p");
    struct seen seen;
    buf_init(&seen.out, 1 << 16);
    struct err e = {0};
    str path = path_join(&f->a, S(DIR), S("p.parquet"));
    struct table_reader r = {&seen, see_header, see_record};
    assert_false(ledger_read_parquet(f->l, path, &r, &e));
    assert_string_equal(e.text, "enough");
    str out = buf_str(&seen.out), line;
    assert_true(str_cut(&out, '\n', &line));
    assert_true(str_starts(line, S("day;period;category;currency;billed;")));
    assert_str(out, "1:2026-07-01;2026-07-01;infra;USD;-0.000000000000000001;;;;7;\n"
                    "2:2026-07-02;2026-07-01;infra;USD;;;;;7;\n"
                    "3:2026-07-03;2026-07-01;infra;USD;;;;;7;");
    buf_release(&seen.out);
    assert_error(ledger_read_parquet(f->l, S("no such.parquet"), &r, &e), &e,
                 "reading 'no such.parquet'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_come_back_exactly_as_written, setup, teardown),
        cmocka_unit_test_setup_teardown(sums_of_36_digits_are_exact, setup, teardown),
        cmocka_unit_test_setup_teardown(a_sum_that_does_not_fit_is_an_error, setup, teardown),
        cmocka_unit_test_setup_teardown(cube_and_rows_give_the_same_sums, setup, teardown),
        cmocka_unit_test_setup_teardown(rows_found_by_group_sum_like_rows_found_by_text, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(filters_let_pass_what_they_say, setup, teardown),
        cmocka_unit_test_setup_teardown(whole_months_come_from_the_cube_and_days_from_rows, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(tags_of_older_parts_are_found_in_their_rows, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(nothing_gives_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_source_that_fails_leaves_its_own_error_and_nothing_else, setup, teardown),
        cmocka_unit_test_setup_teardown(an_interrupt_leaves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_disk_is_an_error_and_leaves_nothing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            a_cube_of_more_cells_than_memory_takes_is_made_from_the_rows, setup, teardown),
        cmocka_unit_test_setup_teardown(any_parquet_file_reads_as_text_in_order, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
