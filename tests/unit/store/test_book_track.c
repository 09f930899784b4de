/* test_book_track.c - what tracking keeps is kept for good, and no quarter closes around a flag. */
#include "store/book_track.h"

#include "store/db.h"
#include "unit/place.h"

static dec d(int64_t v)
{
    return dec_from_i64(v);
}

#define JULY (2026 * 12 + 6)

/* A quarter in which support.chat is over in August, and so is its category, but not the year to
 * date. */
static struct review quarter(struct place *p)
{
    static const struct {
        int level;
        const char *path, *category, *initiative;
        int64_t actual[4], budget[4];
    } lines[] = {
        {TRACK_CATEGORY, "vendor", "", "", {100, 140, 100, 340}, {100, 100, 100, 300}},
        {TRACK_INITIATIVE, "support", "", "", {100, 140, 100, 340}, {100, 100, 100, 300}},
        {TRACK_LINE, "support.chat", "vendor", "support", {60, 100, 60, 220}, {60, 60, 60, 180}},
        {TRACK_LINE, "support.eval", "vendor", "support", {40, 40, 40, 120}, {40, 40, 40, 120}},
    };
    struct review r = {.label = S("FY2027-Q1"), .budget = S("baseline 1"), .pack = S("{}"),
                       .first = JULY, .last = JULY + 2, .rule = {DEC_ONE * 15 / 100, d(10)}};
    r.rows = arena_new(&p->a, struct review_row, 16);
    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        for (int m = 0; m < 4; m++)
            r.rows[r.n_rows++] = (struct review_row){
                (enum track_level)lines[i].level, str_of(lines[i].path), str_of(lines[i].category),
                str_of(lines[i].initiative), m == 3 ? MONTH_NONE : JULY + m, d(lines[i].actual[m]),
                d(lines[i].budget[m])};
    return r;
}

static struct forecast_row rows[] = {
    {TRACK_TOTAL, {"total", 5}, JULY + 3, 0, 0, 0, 0, {"series", 6}}};
static struct stored_forecast forecast(void)
{
    rows[0].actual = DEC_NULL;
    rows[0].p50 = d(7);
    return (struct stored_forecast){.currency = S("USD"), .budget = S("baseline 1"), .first = JULY,
                                    .last = JULY + 11, .through = JULY + 2, .rows = rows,
                                    .n_rows = 1};
}

static bool explain(struct place *p, enum track_level level, const char *path, month first,
                    month last, struct err *e)
{
    int64_t id;
    struct explanation x = {.level = level, .path = str_of(path), .first = first, .last = last,
                            .owner = S("support-lead"), .cause = S("volume"),
                            .text = S("the heat brought more calls"), .due = S("2026-10-15"),
                            .action_text = S("cap retries")};
    return book_add_explanation(p->b, &x, NOW, &id, e);
}

static bool close_it(struct place *p, const struct review *r, struct err *e)
{
    struct stored_forecast f = forecast();
    int64_t id;
    return book_close_review(p->b, r, &f, NOW, &id, e);
}

static void a_quarter_does_not_close_while_a_flag_lacks_an_explanation(void **state)
{
    struct place *p = *state;
    struct err e;
    struct review r = quarter(p);
    struct unexplained *u;
    struct stored_forecast *kept;
    size_t n;
    assert_ok(book_review_unexplained(p->b, &r, &p->a, &u, &n, &e), &e);
    assert_int_equal(n, 4); /* category, initiative and line in August; the line for the year */
    assert_error(close_it(p, &r, &e), &e, "FY2027-Q1 cannot close: 4 flags have no explanation: "
                                          "vendor 2026-08, support 2026-08");
    assert_ok(explain(p, TRACK_LINE, "support.chat", JULY, JULY, &e), &e); /* another month */
    assert_ok(explain(p, TRACK_INITIATIVE, "support.chat", JULY, JULY + 2, &e), &e);
    assert_error(close_it(p, &r, &e), &e, "4 flags");
    assert_ok(explain(p, TRACK_LINE, "support.chat", JULY + 1, JULY + 1, &e), &e);
    /* what the line explains is all of its category and initiative; the year to date is left */
    assert_error(close_it(p, &r, &e), &e, "1 flag has no explanation: support.chat ytd");
    assert_ok(book_forecasts(p->b, &p->a, &kept, &n, &e), &e);
    assert_int_equal(n, 0);
    assert_ok(explain(p, TRACK_LINE, "support.chat", JULY + 2, JULY + 2, &e), &e);
    assert_ok(close_it(p, &r, &e), &e);
    month *closed;
    assert_ok(book_closed_months(p->b, &p->a, &closed, &n, &e), &e);
    assert_int_equal(n, 3);
    assert_ok(book_forecasts(p->b, &p->a, &kept, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_ok(book_verify_track(p->b, &e), &e);
    assert_error(close_it(p, &r, &e), &e, "FY2027-Q1 was closed on");
    assert_error(explain(p, TRACK_LINE, "support.chat", JULY + 2, JULY + 2, &e), &e, "was closed");
}

static void a_review_without_its_variances_does_not_close(void **state)
{
    struct place *p = *state;
    struct err e;
    struct review r = quarter(p), none = r, half = r;
    none.n_rows = 0;
    assert_error(close_it(p, &none, &e), &e, "lacks the variances");
    half.n_rows = 8; /* categories and initiatives alone */
    assert_error(close_it(p, &half, &e), &e, "lacks the variances");
    r.rows[8].actual = d(61);
    assert_error(close_it(p, &r, &e), &e, "lines and categories differ");
    r.rows[8].actual = DEC_NULL;
    assert_error(close_it(p, &r, &e), &e, "the quarter is not over");
}

/* Someone who writes to the database without the program. */
static bool by_hand(struct place *p, const char *sql, struct err *e)
{
    struct db *db;
    book_close(p->b);
    p->b = NULL;
    assert_ok(db_open(path_join(&p->a, p->dir, S("outlay.db")), DB_WRITE, 0x4f55544c, &db, e), e);
    bool ok = db_exec(db, sql, e);
    db_close(db);
    struct err other;
    assert_ok(book_open(p->dir, BOOK_WRITE, &p->b, &other), &other);
    return ok;
}

static void the_database_itself_refuses_what_the_program_refuses(void **state)
{
    static const struct {
        const char *sql, *error;
    } rows_[] = {
        {"INSERT INTO review VALUES (9,'t','','Q','2026-10','2026-12','b','0.15','0',1,'{}','1','x')",
         "a review needs its variances"},
        {"BEGIN; INSERT INTO review_row VALUES (9,1,'line','a','','','2026-10','9','1',1,NULL,0);"
         "INSERT INTO review VALUES (9,'t','','Q','2026-10','2026-12','b','0.15','0',1,'{}','1','x')",
         "a flag lacks an explanation"},
        {"INSERT INTO explanation VALUES (9,'t','','line','a','2026-07','2026-07',' ','c','t')",
         "CHECK constraint"},
        {"INSERT INTO explanation VALUES (9,'t','','line','a','2026-07','2026-07','o','c','')",
         "CHECK constraint"},
        {"UPDATE explanation SET text = 'x'", "do not change"},
        {"DELETE FROM explanation", "do not change"},
        {"UPDATE forecast_month SET p50 = '1'", "forecasts do not change"},
    };
    struct place *p = *state;
    struct err e;
    assert_ok(explain(p, TRACK_LINE, "support.chat", JULY, JULY + 2, &e), &e);
    struct stored_forecast f = forecast();
    int64_t id;
    assert_ok(book_add_forecast(p->b, &f, NOW, &id, &e), &e);
    for (size_t i = 0; i < ARRAY_LEN(rows_); i++)
        assert_error(by_hand(p, rows_[i].sql, &e), &e, rows_[i].error);
    struct review r = quarter(p);
    assert_ok(close_it(p, &r, &e), &e);
    assert_ok(book_verify_track(p->b, &e), &e);
    assert_ok(by_hand(p, "DROP TRIGGER review_row_no_update; UPDATE review_row SET budget = '1000'"
                         " WHERE number = 2", &e), &e);
    assert_error(book_verify_track(p->b, &e), &e, "the review of FY2027-Q1 was changed afterwards");
}

static void actions_end_once(void **state)
{
    struct place *p = *state;
    struct err e;
    struct explanation *all;
    size_t n;
    assert_ok(explain(p, TRACK_LINE, "support.chat", JULY, JULY, &e), &e);
    assert_ok(book_explanations(p->b, &p->a, &all, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_str(all[0].state, "open");
    assert_str(all[0].action_text, "cap retries");
    assert_error(book_end_action(p->b, 7, true, S(""), S(""), NOW, &e), &e, "no action 7");
    assert_ok(book_end_action(p->b, all[0].action, true, S("lead"), S("capped at 2"), NOW, &e), &e);
    assert_error(book_end_action(p->b, 1, false, S(""), S(""), NOW, &e), &e, "action 1 is done");
    assert_ok(book_explanations(p->b, &p->a, &all, &n, &e), &e);
    assert_str(all[0].state, "done");
    assert_str(all[0].ended_note, "capped at 2");
}

static void transfers_and_commitments_come_back(void **state)
{
    struct place *p = *state;
    struct err e;
    int64_t id;
    struct transfer t = {.from = S("a.b"), .to = S("a.c"), .note = S("why"), .month = JULY,
                         .amount = d(12)}, *ts;
    struct commitment c = {.path = S("a.b"), .note = S("signed"), .first = JULY, .last = JULY + 1,
                           .amount = d(60000)}, *cs;
    size_t n;
    assert_ok(book_add_transfer(p->b, &t, NOW, &id, &e), &e);
    assert_ok(book_transfers(p->b, &p->a, &ts, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_true(ts[0].amount == d(12) && ts[0].month == JULY);
    t.note = S(" ");
    assert_error(book_add_transfer(p->b, &t, NOW, &id, &e), &e, "CHECK");
    assert_ok(book_add_commitment(p->b, &c, NOW, &id, &e), &e);
    assert_ok(book_end_commitment(p->b, id, true, S("invoice 12"), NOW, &e), &e);
    assert_error(book_end_commitment(p->b, id, true, S(""), NOW, &e), &e, "is billed since");
    assert_ok(book_commitments(p->b, &p->a, &cs, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_str(cs[0].ended_why, "billed");
    assert_true(cs[0].amount == d(60000) && cs[0].last == JULY + 1);
}

int main(void)
{
#define AT_A_PLACE(f) cmocka_unit_test_setup_teardown(f, make_book, remove_place)
    const struct CMUnitTest tests[] = {
        AT_A_PLACE(a_quarter_does_not_close_while_a_flag_lacks_an_explanation),
        AT_A_PLACE(a_review_without_its_variances_does_not_close),
        AT_A_PLACE(the_database_itself_refuses_what_the_program_refuses),
        AT_A_PLACE(actions_end_once),
        AT_A_PLACE(transfers_and_commitments_come_back),
    };
    return cmocka_run_group_tests_name("store_book_track", tests, NULL, NULL);
}
