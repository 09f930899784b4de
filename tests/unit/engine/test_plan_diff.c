/* test_plan_diff.c - what moved the total, by cause, exactly. */
#include "engine/plan_diff.h"

#include "base/share.h"
#include "test.h"

static const struct plan *parse(struct arena *a, str text)
{
    struct diags d;
    diags_init(&d, a);
    return plan_parse(a, S("plan.yaml"), text, NULL, &d);
}

static const struct plan_diff *diff(struct arena *a, str old, str now)
{
    struct err e = {0};
    struct plan_side x = {.plan = parse(a, old)}, y = {.plan = parse(a, now)};
    const struct plan_diff *r;
    assert_non_null(x.plan);
    assert_non_null(y.plan);
    assert_ok(plan_diff(a, &x, &y, &r, &e), &e);
    return r;
}

static bool sums_exactly(const struct plan_diff *r)
{
    currency c = r->before->total.currency;
    money total = money_zero(c), by[CATEGORY_COUNT];
    bool same = true;
    for (int k = 0; k < CATEGORY_COUNT; k++)
        by[k] = money_zero(c);
    for (size_t i = 0; i < r->n_moved; i++) {
        total = money_add(total, r->moved[i].delta);
        same = same && r->moved[i].cause != DIFF_OTHER;
        for (int k = 0; k < CATEGORY_COUNT; k++)
            by[k] = money_add(by[k], r->moved[i].by_category[k]);
    }
    for (int k = 0; k < CATEGORY_COUNT; k++)
        same = same && money_cmp(by[k], money_sub(r->after->categories[k].total,
                                                  r->before->categories[k].total)) == 0;
    return same && money_cmp(total, money_sub(r->after->total, r->before->total)) == 0;
}

/* A plan with everything in it. */
static str grid_plan(struct arena *a)
{
    struct err e = {0};
    str text;
    str path = str_fmt(a, "%s/samples/plan/grid.yaml", getenv("TEST_DIR"));
    assert_ok(file_read(a, path, 1u << 20, &text, &e), &e);
    return text;
}

/* The text with its one occurrence of `from` replaced. */
static str replaced(struct arena *a, str text, const char *from, const char *to)
{
    size_t at = str_find(text, str_of(from), 0);
    if (at == SIZE_MAX || str_find(text, str_of(from), at + 1) != SIZE_MAX)
        fail_msg("'%s' is not there once", from);
    return str_fmt(a, "%.*s%s%.*s", FMT(str_sub(text, 0, at)), to,
                   FMT(str_sub(text, at + strlen(from), text.n)));
}

static const char PLAN[] =
    "plan: {starts: 2027-01, months: 2, fx: {EUR: 2}}\n"
    "reserve: {share: 20%}\n"
    "buffers: {llm: 50%}\n"
    "drivers: {people: 10}\n"
    "prices: {big: {in: 100, out: 1000}, small: {in: 10, out: 100}}\n"
    "machines: {h100: 3, l4: 1}\n"
    "roles: {eng: {salary: 120k}}\n"
    "loading: {benefits: 20%, recruiting: 10%, equipment: 1k}\n"
    "staff:\n"
    "  - {id: a, role: eng, works_on: one}\n"
    "  - {id: b, role: eng, start: 2027-02, works_on: one}\n"
    "initiatives:\n"
    "  - id: one\n"
    "    compute:\n"
    "      - {id: train, kind: training, machine: h100, gpu_hours: 100/mo, buffer: 0%}\n"
    "      - {id: net, kind: network, cost: 50/mo}\n"
    "    llm:\n"
    "      - {id: chat, model: big, users: 100, sessions: 10, requests: 1, in: 1000, out: 100}\n"
    "    tools:\n"
    "      - {id: suite, cost: EUR 100/mo}\n"
    "      - {id: seats, cost: 30/mo, from: 2027-02}\n"
    "  - id: two\n"
    "    status: proposed\n"
    "    data:\n"
    "      - {id: feed, cost: 400/mo}\n"
    "levers:\n"
    "  - {id: spot, use: no, applies: one.train, saves: 50%}\n";

/* Amounts by hand: two months; what carries a buffer of 50 % moves 1.5 times. */
static const struct {
    const char *name, *from, *to; /* an edit of PLAN */
    enum diff_cause cause;
    const char *path, *was, *is, *delta;
} ROWS[] = {
    {"fx", "EUR: 2}", "EUR: 3}", DIFF_RATE, "fx.EUR", "2", "3", "200.00"},
    {"machine", "h100: 3,", "h100: 4,", DIFF_PRICE, "machines.h100", "3", "4", "200.00"},
    {"model price", "big: {in: 100,", "big: {in: 200,", DIFF_PRICE, "prices.big", "in: 100",
     "in: 200", "300.00"},
    {"model", "model: big", "model: small", DIFF_PRICE, "one.chat.model", "big", "small", "-540.00"},
    {"fee", "cost: 50/mo", "cost: 60/mo", DIFF_PRICE, "one.net.cost", "50/mo", "60/mo", "20.00"},
    {"salary", "salary: 120k", "salary: 240k", DIFF_SALARY, "roles.eng.salary", "120k", "240k",
     "48000.00"},
    {"loading", "benefits: 20%", "benefits: 30%", DIFF_LOADING, "loading.benefits", "20%", "30%",
     "3000.00"},
    {"volume", "users: 100", "users: 200", DIFF_VOLUME, "one.chat.users", "100", "200", "600.00"},
    {"hours", "gpu_hours: 100/mo", "gpu_hours: 150/mo", DIFF_VOLUME, "one.train.gpu_hours",
     "100/mo", "150/mo", "300.00"},
    {"measured otherwise", "gpu_hours: 100/mo", "gpus: 10, hours: 2, runs: 10", DIFF_VOLUME,
     "one.train", "gpu_hours: 100/mo", "gpus: 10, hours: 2, runs: 10", "600.00"},
    {"tokens", "out: 100}\n    tools", "out: 200}\n    tools", DIFF_TOKENS, "one.chat.out", "100",
     "200", "300.00"},
    {"dates of a line", "from: 2027-02}", "from: 2027-01}", DIFF_DATES, "one.seats.from",
     "2027-02", "2027-01", "30.00"},
    {"initiative", "status: proposed", "status: candidate", DIFF_INITIATIVE, "two.status",
     "proposed", "candidate", "-800.00"},
    {"new line", "      - {id: net,", "      - {id: disk, kind: other, cost: 7/mo}\n      - {id: net,",
     DIFF_NEW, "one.disk", "", "kind: other, cost: 7/mo", "14.00"},
    {"dropped line", "      - {id: net, kind: network, cost: 50/mo}\n", "", DIFF_DROPPED, "one.net",
     "kind: network, cost: 50/mo", "", "-100.00"},
    {"dropped initiative",
     "  - id: two\n    status: proposed\n    data:\n      - {id: feed, cost: 400/mo}\n", "",
     DIFF_DROPPED, "two", "1 line", "", "-800.00"},
    {"headcount", "{id: a, role: eng,", "{id: a, role: eng, count: 2,", DIFF_HEADCOUNT,
     "staff.a.count", "", "2", "24000.00"},
    {"dropped position", "  - {id: a, role: eng, works_on: one}\n", "", DIFF_HEADCOUNT, "staff.a",
     "role: eng, works_on: one", "", "-24000.00"},
    {"hire date", "start: 2027-02", "start: 2027-01", DIFF_HIRE_DATE, "staff.b.start", "2027-02",
     "2027-01", "12000.00"},
    {"lever switched on", "use: no", "use: yes", DIFF_LEVER, "levers.spot", "use: no", "use: yes",
     "-300.00"},
    {"buffer of the plan", "llm: 50%", "llm: 100%", DIFF_BUFFER, "buffers.llm", "50%", "100%",
     "200.00"},
    {"buffer of a line", "buffer: 0%", "buffer: 10%", DIFF_BUFFER, "one.train.buffer", "0%", "10%",
     "60.00"},
};

static void each_cause_is_told_with_its_amount(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        struct arena a = ARENA_INIT;
        char text[MONEY_TEXT];
        print_message("  %s\n", ROWS[i].name);
        const struct plan_diff *r =
            diff(&a, str_of(PLAN), replaced(&a, str_of(PLAN), ROWS[i].from, ROWS[i].to));
        assert_true(sums_exactly(r));
        assert_int_equal(r->n_moved, 2); /* it, and the reserve that follows */
        assert_int_equal(r->moved[0].cause, ROWS[i].cause);
        assert_str(r->moved[0].path, ROWS[i].path);
        assert_str(r->moved[0].from, ROWS[i].was);
        assert_str(r->moved[0].to, ROWS[i].is);
        assert_str(money_format(r->moved[0].delta, 2, text), ROWS[i].delta);
        assert_int_equal(r->moved[1].cause, DIFF_RESERVE);
        assert_int_equal(r->moved[1].delta.micros, r->moved[0].delta.micros / 4); /* 20 % of total */
        arena_release(&a);
    }
}

static const struct plan_change *find(const struct plan_diff *r, const char *path)
{
    for (size_t i = 0; i < r->n_moved; i++)
        if (str_eq(r->moved[i].path, str_of(path)))
            return &r->moved[i];
    return NULL;
}

static void assert_moved(const struct plan_diff *r, const char *path, enum diff_cause cause,
                         const char *delta)
{
    char text[MONEY_TEXT];
    const struct plan_change *c = find(r, path);
    if (!c)
        fail_msg("'%s' did not move", path);
    assert_int_equal(c->cause, cause);
    assert_str(money_format(c->delta, 2, text), delta);
}

static void the_share_of_the_reserve_is_a_cause_of_its_own(void **state)
{
    struct arena a = ARENA_INIT;
    const struct plan_diff *r =
        diff(&a, str_of(PLAN), replaced(&a, str_of(PLAN), "share: 20%", "share: 50%"));
    assert_int_equal(r->n_moved, 1);
    assert_int_equal(r->moved[0].cause, DIFF_RESERVE_SHARE);
    assert_int_equal(r->moved[0].delta.micros,
                     r->before->planned.micros - r->before->planned.micros / 4);
    assert_true(sums_exactly(r));
    arena_release(&a);
}

static void a_longer_plan_is_a_change_of_the_calendar(void **state)
{
    struct arena a = ARENA_INIT;
    const struct plan_diff *r =
        diff(&a, str_of(PLAN), replaced(&a, str_of(PLAN), "months: 2", "months: 3"));
    assert_int_equal(r->n_moved, 2);
    assert_int_equal(r->moved[0].cause, DIFF_CALENDAR);
    assert_true(sums_exactly(r));
    arena_release(&a);
}

static str all_replaced(struct arena *a, str text, const char *from, const char *to)
{
    str out = S("");
    size_t at, done = 0;
    while ((at = str_find(text, str_of(from), done)) != SIZE_MAX) {
        out = str_fmt(a, "%.*s%.*s%s", FMT(out), FMT(str_sub(text, done, at)), to);
        done = at + strlen(from);
    }
    return str_fmt(a, "%.*s%.*s", FMT(out), FMT(str_sub(text, done, text.n)));
}

/* Every month of OLD is outside NEW's year, so most mixtures are no plan until they are repaired. */
static void the_same_plan_a_year_later_is_compared_by_cause(void **state)
{
    struct arena a = ARENA_INIT;
    str old = grid_plan(&a);
    str now = all_replaced(&a, all_replaced(&a, old, "2028-", "2029-"), "2027-", "2028-");
    const struct plan_diff *r = diff(&a, old, replaced(&a, now, "count: 5,", "count: 6,"));
    assert_true(sums_exactly(r));
    assert_int_equal(find(r, "plan.starts")->cause, DIFF_CALENDAR);
    assert_moved(r, "staff.ml.count", DIFF_HEADCOUNT, "124254.24"); /* 98k x 1.24 and its raise */
    assert_non_null(find(r, "staff.ml-8.start"));
    for (size_t i = 0; i < r->n_moved; i++)
        assert_false(r->moved[i].merged);
    arena_release(&a);
}

static void prices_come_before_volume_and_new_lines_come_at_new_prices(void **state)
{
    struct arena a = ARENA_INIT;
    str now = replaced(&a, str_of(PLAN), "h100: 3,", "h100: 4,");
    now = replaced(&a, now, "gpu_hours: 100/mo", "gpu_hours: 200/mo");
    now = replaced(&a, now, "      - {id: net,",
                   "      - {id: more, kind: training, machine: h100, gpu_hours: 1/mo, buffer: 0%}\n"
                   "      - {id: net,");
    const struct plan_diff *r = diff(&a, str_of(PLAN), now);
    assert_moved(r, "machines.h100", DIFF_PRICE, "200.00");
    assert_moved(r, "one.train.gpu_hours", DIFF_VOLUME, "800.00");
    assert_moved(r, "one.more", DIFF_NEW, "8.00");
    assert_true(sums_exactly(r));
    arena_release(&a);
}

static void a_line_in_another_category_moves_money_between_them(void **state)
{
    struct arena a = ARENA_INIT;
    const struct plan_diff *r = diff(
        &a, str_of(PLAN), replaced(&a, str_of(PLAN), "cost: 50/mo}", "cost: 50/mo, category: data}"));
    assert_int_equal(r->n_moved, 1);
    assert_moved(r, "one.net.category", DIFF_CATEGORY, "0.00");
    assert_int_equal(r->moved[0].by_category[CATEGORY_INFRA].micros, -100 * MICROS);
    assert_int_equal(r->moved[0].by_category[CATEGORY_DATA].micros, 100 * MICROS);
    assert_true(sums_exactly(r));
    arena_release(&a);
}

static void a_lever_goes_with_its_line(void **state)
{
    struct arena a = ARENA_INIT;
    str old = replaced(&a, str_of(PLAN), "use: no", "use: yes");
    str now = replaced(&a, old,
                       "      - {id: train, kind: training, machine: h100, gpu_hours: 100/mo, "
                       "buffer: 0%}\n", "");
    now = replaced(&a, now, "levers:\n  - {id: spot, use: yes, applies: one.train, saves: 50%}\n", "");
    const struct plan_diff *r = diff(&a, old, now);
    assert_moved(r, "one.train", DIFF_DROPPED, "-300.00");
    assert_true(sums_exactly(r));
    arena_release(&a);
}

static void what_is_written_otherwise_but_means_the_same_moves_nothing(void **state)
{
    struct arena a = ARENA_INIT;
    str now = replaced(&a, str_of(PLAN), "users: 100", "users: 0.1k");
    now = replaced(&a, now, "drivers: {people: 10}", "drivers: {people: {value: 10, source: HR}}");
    const struct plan_diff *r = diff(&a, str_of(PLAN), now);
    assert_int_equal(r->n_moved, 0);
    assert_int_equal(r->n_unmoved, 1);
    assert_str(r->unmoved[0].path, "one.chat.users");
    arena_release(&a);
}

static bool book_of(const void *ctx, struct arena *a, str model, month m, struct plan_price *ret)
{
    (void)a;
    (void)m;
    const int *price = ctx;
    if (!str_eq(model, S("big")))
        return false;
    *ret = (struct plan_price){.currency = {"USD"}, .note = S("book")};
    for (int k = 0; k < PRICE_PARTS; k++)
        ret->part[k] = k < 2 ? *price * DEC_ONE : DEC_NULL;
    return true;
}

static void a_price_of_the_price_book_is_a_cause_too(void **state)
{
    static const int prices[] = {100, 200};
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct plan_side s[2];
    const struct plan_diff *r;
    str text = replaced(&a, str_of(PLAN), "big: {in: 100, out: 1000}, ", "");
    for (int i = 0; i < 2; i++) {
        struct diags d;
        diags_init(&d, &a);
        s[i].options = (struct plan_options){.price = book_of, .price_ctx = &prices[i]};
        s[i].plan = plan_parse(&a, S("plan.yaml"), text, &s[i].options, &d);
        assert_non_null(s[i].plan);
    }
    assert_ok(plan_diff(&a, &s[0], &s[1], &r, &e), &e);
    assert_moved(r, "prices.big", DIFF_PRICE, "330.00");
    assert_str(find(r, "prices.big")->to, "{in: 200, out: 200} (price book)");
    assert_true(sums_exactly(r));
    /* from the book to a price of the plan's own */
    struct plan_side own = {.plan = parse(&a, str_of(PLAN))};
    assert_ok(plan_diff(&a, &s[0], &own, &r, &e), &e);
    assert_moved(r, "prices.big", DIFF_PRICE, "270.00");
    assert_true(sums_exactly(r));
    assert_ok(plan_diff(&a, &own, &s[1], &r, &e), &e);
    assert_moved(r, "prices.big", DIFF_PRICE, "60.00");
    assert_true(sums_exactly(r));
    arena_release(&a);
}

static void plans_in_two_currencies_are_not_compared(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct plan_side x = {.plan = parse(&a, str_of(PLAN))};
    str euros = replaced(&a, str_of(PLAN), "fx: {EUR: 2}}", "currency: CHF, fx: {EUR: 2}}");
    struct plan_side y = {.plan = parse(&a, euros)};
    const struct plan_diff *r;
    assert_non_null(y.plan);
    assert_error(plan_diff(&a, &x, &y, &r, &e), &e, "one plan is in USD, the other in CHF");
    arena_release(&a);
}

/* --- random edits of the example, through its text --- */

static uint64_t next_random(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

struct edited {
    struct arena *a;
    str lines[600];
    size_t n;
    uint64_t seed;
};

static size_t pick(struct edited *x, size_t n)
{
    return (size_t)(next_random(&x->seed) % n);
}

static bool is_item(str line)
{
    return str_starts(str_trim(line), S("- {id: "));
}

static void drop_item(struct edited *x, size_t at)
{
    if (is_item(x->lines[at]))
        memmove(&x->lines[at], &x->lines[at + 1], (--x->n - at) * sizeof x->lines[0]);
}

static void add_item(struct edited *x, size_t at)
{
    if (!is_item(x->lines[at]) || x->n == ARRAY_LEN(x->lines))
        return;
    size_t id = str_find(x->lines[at], S("id: "), 0) + 4;
    str copy = str_fmt(x->a, "%.*sx%zu-%.*s", FMT(str_sub(x->lines[at], 0, id)), pick(x, 1000),
                       FMT(str_sub(x->lines[at], id, x->lines[at].n)));
    memmove(&x->lines[at + 1], &x->lines[at], (x->n++ - at) * sizeof x->lines[0]);
    x->lines[at + (pick(x, 2) ? 1 : 0)] = copy;
}

static void swap_items(struct edited *x, size_t at)
{
    if (at + 1 >= x->n || !is_item(x->lines[at]) || !is_item(x->lines[at + 1]))
        return;
    str first = x->lines[at];
    x->lines[at] = x->lines[at + 1];
    x->lines[at + 1] = first;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A number of the line: a month moves, anything else gets another value. */
static void change_number(struct edited *x, size_t at)
{
    str line = x->lines[at];
    size_t starts[100], n = 0;
    for (size_t i = 1; i < line.n && n < ARRAY_LEN(starts); i++)
        if (is_digit(line.p[i]) && strchr(" $({", line.p[i - 1]))
            starts[n++] = i;
    if (!n)
        return;
    size_t from = starts[pick(x, n)], to = from;
    while (to < line.n && is_digit(line.p[to]))
        to++;
    str number = str_sub(line, from, to), now;
    if (to + 3 <= line.n && line.p[to] == '-' && number.n == 4) {
        to += 3;
        now = str_fmt(x->a, "%s-%02zu", pick(x, 4) ? "2027" : "2028", 1 + pick(x, 12));
    } else {
        int64_t v = 0;
        assert_true(str_to_i64(number, &v));
        now = str_fmt(x->a, "%lld", (long long)MAX(1, v * (int64_t)(50 + pick(x, 110)) / 100));
    }
    x->lines[at] = str_fmt(x->a, "%.*s%.*s%.*s", FMT(str_sub(line, 0, from)), FMT(now),
                           FMT(str_sub(line, to, line.n)));
}

static void replace_word(struct edited *x, size_t at, const char *from, const char *to)
{
    str line = x->lines[at];
    size_t k = str_find(line, str_of(from), 0);
    if (k != SIZE_MAX)
        x->lines[at] = str_fmt(x->a, "%.*s%s%.*s", FMT(str_sub(line, 0, k)), to,
                               FMT(str_sub(line, k + strlen(from), line.n)));
}

static void change_word(struct edited *x, size_t at)
{
    static const char *const words[][2] = {
        {"use: yes", "use: no"}, {"use: no", "use: yes"}, {"status: proposed", "status: candidate"},
        {"status: candidate", "status: proposed"}, {"machine: h100", "machine: l4"},
        {"role: ml_engineer", "role: lead"}, {"model: claude-sonnet-5", "model: claude-4.5-haiku"},
        {"/mo", "/yr"}, {"category: vendor", "category: data"}, {", internal: yes", ""},
        {"pay: upfront, ", ""}, {", batch: ", ", cached: "}, {"works_on: inspect", "works_on: care"},
        {"    starts: 20", "    ends: 20"}, {"}", ", buffer: 30%}"}, {"}", ", category: infra}"},
        {"kind: network", "kind: other"}, {"}", ", to: 2027-12}"}, {"}", ", growth: 2%/mo}"}};
    size_t k = pick(x, ARRAY_LEN(words));
    replace_word(x, at, words[k][0], words[k][1]);
}

/* `edits` changes of a plan, each of which leaves it a plan. */
static str random_plan(struct arena *a, str text, uint64_t *seed, size_t edits)
{
    struct edited x = {.a = a, .seed = *seed};
    static void (*const kinds[])(struct edited *, size_t) = {drop_item, add_item, swap_items,
                                                             change_number, change_number,
                                                             change_number, change_word, change_word};
    str line;
    size_t end = str_find(text, S("together:"), 0); /* what follows moves no money */
    str rest = str_sub(text, 0, end), tail = str_sub(text, end, text.n);
    while (str_cut(&rest, '\n', &line) && x.n < ARRAY_LEN(x.lines))
        x.lines[x.n++] = line;
    str now = text;
    for (size_t i = 0; i < edits;) {
        struct arena scratch = ARENA_INIT;
        struct edited before = x;
        kinds[pick(&x, ARRAY_LEN(kinds))](&x, pick(&x, x.n));
        str next = str_fmt(a, "%.*s%.*s", FMT(str_join(a, x.lines, x.n, S("\n"))), FMT(tail));
        if (str_eq(next, now)) {
            x.n = before.n;
        } else if (parse(&scratch, next)) {
            now = next;
            i++;
        } else {
            before.seed = x.seed;
            x = before;
        }
        arena_release(&scratch);
    }
    *seed = x.seed;
    return now;
}

struct found {
    size_t diffs, moved, merged, beside, mixtures;
};

static void check_sums(struct arena *a, str x, str y, struct found *f)
{
    const struct plan_diff *r = diff(a, x, y);
    if (!sums_exactly(r))
        fail_msg("diff %zu does not sum up; the plan it leads to:\n%.*s", f->diffs, FMT(y));
    for (size_t k = 0; k < r->n_moved; k++) {
        f->merged += r->moved[k].merged;
        f->beside += !r->moved[k].at && r->moved[k].cause != DIFF_RESERVE;
    }
    f->diffs++;
    f->moved += r->n_moved;
    f->mixtures += r->computed;
}

/* Plans that drift away from the example, compared with the one before and with the example. */
static void causes_sum_exactly_on_1000_random_edits(void **state)
{
    struct found f = {0};
    struct arena kept = ARENA_INIT;
    const str example = grid_plan(&kept);
    str before = example;
    uint64_t seed = 20270401;
    for (int i = 0; f.diffs < 1000; i++) {
        struct arena a = ARENA_INIT;
        if (i % 20 == 0)
            before = example;
        str now = random_plan(&a, before, &seed, 1 + (size_t)i % 3);
        check_sums(&a, before, now, &f);
        check_sums(&a, i % 2 ? now : example, i % 2 ? example : now, &f);
        before = str_dup(&kept, now);
        arena_release(&a);
    }
    print_message("  %zu causes by %zu mixtures; %zu told together, %zu beside a change\n", f.moved,
                  f.mixtures, f.merged, f.beside);
    assert_true(f.moved > 6000);
    assert_true(f.merged * 100 < f.moved);
    assert_true(f.beside * 50 < f.moved);
    arena_release(&kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_cause_is_told_with_its_amount),
        cmocka_unit_test(the_share_of_the_reserve_is_a_cause_of_its_own),
        cmocka_unit_test(a_longer_plan_is_a_change_of_the_calendar),
        cmocka_unit_test(the_same_plan_a_year_later_is_compared_by_cause),
        cmocka_unit_test(prices_come_before_volume_and_new_lines_come_at_new_prices),
        cmocka_unit_test(a_line_in_another_category_moves_money_between_them),
        cmocka_unit_test(a_lever_goes_with_its_line),
        cmocka_unit_test(what_is_written_otherwise_but_means_the_same_moves_nothing),
        cmocka_unit_test(a_price_of_the_price_book_is_a_cause_too),
        cmocka_unit_test(plans_in_two_currencies_are_not_compared),
        cmocka_unit_test(causes_sum_exactly_on_1000_random_edits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
