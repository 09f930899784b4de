/* test_book_value.c - measurements are versions that nothing deletes, and no quarter closes around a
 * benefit that is due. */
#include "store/book_value.h"

#include "store/book_track.h"
#include "store/db.h"
#include "unit/place.h"

#define JULY (2026 * 12 + 6)

static dec d(int64_t v)
{
    return dec_from_i64(v);
}

/* amount < 0: not measurable */
static bool measure(struct place *p, const char *benefit, int first, int last, int64_t amount,
                    struct err *e)
{
    int64_t id;
    struct measurement x = {.benefit = str_of(benefit), .first = JULY + first, .last = JULY + last,
                            .units = DEC_NULL, .each = DEC_NULL, .by = S("claims-desk"),
                            .amount = amount < 0 ? DEC_NULL : d(amount), .currency = S("USD"),
                            .reason = amount < 0 ? S("no data") : STR_NONE,
                            .budget = S("baseline 1")};
    return book_add_measurement(p->b, &x, NOW, &id, e);
}

static struct measurement *all_of(struct place *p, size_t *ret_n)
{
    struct measurement *all;
    struct err e;
    assert_ok(book_measurements(p->b, &p->a, &all, ret_n, &e), &e);
    return all;
}

static void a_correction_stands_in_the_place_of_what_it_covers(void **state)
{
    struct place *p = *state;
    struct err e;
    size_t n;
    assert_ok(measure(p, "a.b", 0, 0, 5, &e), &e);
    assert_ok(measure(p, "a.b", 1, 1, 6, &e), &e);
    assert_ok(measure(p, "a.c", 0, 2, 7, &e), &e);
    assert_ok(measure(p, "a.b", 0, 2, -1, &e), &e); /* takes the place of both months */
    struct measurement *all = all_of(p, &n);
    assert_int_equal(n, 4);
    assert_true(all[0].replaced_by == 4 && all[1].replaced_by == 4 && !all[2].replaced_by);
    assert_true(dec_is_null(all[3].amount) && all[0].amount == d(5));
    const struct measurement *m = measurement_of(all, n, S("a.b"), JULY + 1);
    assert_true(m && m->id == 4);
    assert_null(measurement_of(all, n, S("a.b"), JULY + 3));
    assert_error(measure(p, "a.b", 1, 1, 6, &e), &e,
                 "measurement 4 of 'a.b' speaks of Jul 2026 to Sep 2026 as a whole");
    assert_error(measure(p, "a.b", 2, 4, 6, &e), &e, "as a whole");
    assert_int_equal((all_of(p, &n), n), 4);
    assert_error(book_withdraw_measurement(p->b, 1, S(""), S("x"), NOW, &e), &e,
                 "measurement 4 stands in the place of 1");
    assert_error(book_withdraw_measurement(p->b, 9, S(""), S("x"), NOW, &e), &e, "no measurement 9");
    assert_ok(book_withdraw_measurement(p->b, 4, S("lead"), S("wrong quarter"), NOW, &e), &e);
    assert_error(book_withdraw_measurement(p->b, 4, S(""), S("x"), NOW, &e), &e, "was withdrawn on");
    all = all_of(p, &n);
    assert_null(measurement_of(all, n, S("a.b"), JULY)); /* what it replaced does not come back */
    assert_ok(measure(p, "a.b", 1, 1, 6, &e), &e);
    assert_ok(book_verify_track(p->b, &e), &e);
}

static void a_measurement_is_an_amount_or_a_reason(void **state)
{
    struct place *p = *state;
    struct err e;
    int64_t id;
    struct measurement x = {.benefit = S("a.b"), .first = JULY, .last = JULY, .units = DEC_NULL,
                            .each = DEC_NULL, .amount = DEC_NULL, .currency = S("USD"),
                            .budget = S("b"), .reason = S(" ")};
    assert_error(book_add_measurement(p->b, &x, NOW, &id, &e), &e, "needs an amount, or a reason");
    x.reason = S("why");
    x.amount = d(0);
    assert_error(book_add_measurement(p->b, &x, NOW, &id, &e), &e, "needs an amount, or a reason");
    x.reason = STR_NONE;
    x.last = JULY - 1;
    assert_error(book_add_measurement(p->b, &x, NOW, &id, &e), &e, "ends before it begins");
    x.last = JULY;
    assert_ok(book_add_measurement(p->b, &x, NOW, &id, &e), &e); /* zero is a measurement */
}

/* ---- closing ---- */

static struct review quarter(struct place *p)
{
    struct review r = {.label = S("FY2027-Q1"), .budget = S("baseline 1"), .pack = S("{}"),
                       .first = JULY, .last = JULY + 2, .rule = {DEC_ONE * 15 / 100, d(10)}};
    r.rows = arena_new(&p->a, struct review_row, 8);
    r.benefits = arena_new(&p->a, struct review_benefit, 8);
    for (int m = 0; m < 4; m++) {
        month when = m == 3 ? MONTH_NONE : JULY + m;
        r.rows[r.n_rows++] =
            (struct review_row){TRACK_CATEGORY, S("data"), STR_NONE, STR_NONE, when, d(5), d(5)};
        r.rows[r.n_rows++] =
            (struct review_row){TRACK_LINE, S("a.x"), S("data"), S("a"), when, d(5), d(5)};
    }
    for (int m = 0; m < 3; m++)
        r.benefits[r.n_benefits++] =
            (struct review_benefit){S("a.b"), S("a"), JULY + m, d(100), 0};
    r.benefits[r.n_benefits++] = (struct review_benefit){S("a.c"), S("a"), JULY + 2, d(9), 77};
    return r;
}

static bool close_it(struct place *p, const struct review *r, int64_t *ret_id, struct err *e)
{
    struct forecast_row row = {TRACK_TOTAL, S("total"), JULY + 3, DEC_NULL, d(1), d(2), d(3),
                               S("series")};
    struct stored_forecast f = {.currency = S("USD"), .budget = S("baseline 1"), .first = JULY,
                                .last = JULY + 11, .through = JULY + 2, .rows = &row, .n_rows = 1};
    return book_close_review(p->b, r, &f, NOW, ret_id, e);
}

static void a_quarter_does_not_close_while_a_benefit_that_is_due_is_not_measured(void **state)
{
    struct place *p = *state;
    struct err e;
    int64_t id;
    struct review r = quarter(p), read;
    assert_error(close_it(p, &r, &id, &e), &e,
                 "FY2027-Q1 cannot close: 2 benefits have no measurement: a.b 2026-07 to 2026-09, "
                 "a.c 2026-09"); /* whatever number the caller wrote beside it */
    assert_ok(measure(p, "a.b", 0, 1, 90, &e), &e);
    assert_ok(measure(p, "a.c", 0, 2, -1, &e), &e);
    assert_error(close_it(p, &r, &id, &e), &e, "1 benefit has no measurement: a.b 2026-09");
    assert_ok(measure(p, "a.b", 2, 2, 10, &e), &e);
    assert_ok(book_withdraw_measurement(p->b, 3, S(""), S("typing"), NOW, &e), &e);
    assert_error(close_it(p, &r, &id, &e), &e, "a.b 2026-09");
    assert_ok(measure(p, "a.b", 2, 2, 11, &e), &e);
    assert_ok(close_it(p, &r, &id, &e), &e);
    assert_ok(book_review(p->b, id, &p->a, &read, &e), &e);
    static const int64_t by[] = {1, 1, 4, 2};
    assert_int_equal(read.n_benefits, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(read.benefits[i].measurement, by[i]);
    /* corrected later: the closed quarter keeps what it was closed with */
    assert_ok(measure(p, "a.b", 0, 2, 120, &e), &e);
    assert_ok(book_review(p->b, id, &p->a, &read, &e), &e);
    assert_int_equal(read.benefits[0].measurement, 1);
    assert_ok(book_verify_track(p->b, &e), &e);
}

static void what_is_not_due_does_not_stand_in_a_review(void **state)
{
    struct place *p = *state;
    struct err e;
    int64_t id;
    struct review r = quarter(p);
    r.benefits[3].projected = 0;
    assert_error(close_it(p, &r, &id, &e), &e, "'a.c' is not due in FY2027-Q1");
    r.benefits[3].projected = d(1);
    r.benefits[3].month = JULY + 3;
    assert_error(close_it(p, &r, &id, &e), &e, "'a.c' is not due in FY2027-Q1");
}

/* ---- around the program ---- */

static bool by_hand(struct place *p, const char *sql, struct err *e)
{
    struct db *db;
    book_close(p->b);
    p->b = NULL;
    assert_ok(db_open(path_in(p, "outlay.db"), DB_WRITE, 0x4f55544c, &db, e), e);
    bool ok = db_exec(db, sql, e);
    db_close(db);
    struct err other;
    assert_ok(book_open(p->dir, BOOK_WRITE, &p->b, &other), &other);
    return ok;
}

#define ROW "INSERT INTO measurement VALUES (9,'t','','a.b',"
#define REST ",'USD','b','','','','1','x')"

static void the_database_itself_refuses_what_the_program_refuses(void **state)
{
    static const struct {
        const char *sql, *error;
    } rows[] = {
        {"BEGIN; INSERT INTO review_row VALUES (9,1,'line','a','','','2026-10','1','1',0,NULL,0);"
         "INSERT INTO review_benefit VALUES (9,1,'a.b','2026-10','a','5',NULL);"
         "INSERT INTO review VALUES (9,'t','','Q','2026-10','2026-12','b','0.15','0',1,'{}','1','x')",
         "a benefit that is due lacks its measurement"},
        {"INSERT INTO review_benefit VALUES (9,1,'a.b','2026-10','a','5',1)", "does not measure"},
        {"INSERT INTO review_benefit VALUES (9,1,'a.c','2026-07','a','5',1)", "does not measure"},
        {"INSERT INTO review_benefit VALUES (9,1,'a.b','2026-07','a','0',1)", "CHECK"},
        {ROW "'2026-07','2026-07',NULL,NULL,'5'" REST, "measured already"},
        {ROW "'2026-10','2026-10',NULL,NULL,NULL" REST, "CHECK"},
        {ROW "'2026-10','2026-10','5',NULL,'5'" REST, "CHECK"},
        {ROW "'2026-10','2026-10','5','1',NULL,'USD','b','why','','','1','x')", "CHECK"},
        {"INSERT INTO measurement_end VALUES (1,'t','',NULL,' ')", "CHECK"},
        {"UPDATE measurement SET amount = '6'", "do not change"},
        {"DELETE FROM measurement", "do not change"},
    };
    struct place *p = *state;
    struct err e;
    assert_ok(measure(p, "a.b", 0, 2, 5, &e), &e);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_error(by_hand(p, rows[i].sql, &e), &e, rows[i].error);
    assert_ok(book_verify_track(p->b, &e), &e);
}

static void verify_finds_what_was_changed_with_the_triggers_removed(void **state)
{
    static const struct {
        const char *sql, *error;
    } rows[] = {
        {"DROP TRIGGER measurement_no_update; UPDATE measurement SET amount = '6' WHERE id = 1",
         "measurement 1 of 'a.b' was changed afterwards"},
        {"DROP TRIGGER measurement_no_delete; DELETE FROM measurement WHERE id = 2",
         "the journal knows 2 measurements"},
        {"INSERT INTO measurement_end VALUES (1,'t','',NULL,'by hand')",
         "measurement 1 of 'a.b' was changed afterwards"},
        {"INSERT INTO measurement_end VALUES (1,'t','',2,'by hand')",
         "measurement 2 of 'a.c' was changed afterwards"},
        {"DROP TRIGGER review_benefit_no_update; UPDATE review_benefit SET projected = '1' WHERE"
         " number = 1", "the review of FY2027-Q1 was changed afterwards"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        void *made;
        struct err e;
        int64_t id;
        make_book(&made);
        struct place *p = made;
        struct review r = quarter(p);
        assert_ok(measure(p, "a.b", 0, 2, 5, &e), &e);
        assert_ok(measure(p, "a.c", 0, 2, 5, &e), &e);
        if (i == ARRAY_LEN(rows) - 1)
            assert_ok(close_it(p, &r, &id, &e), &e);
        assert_ok(book_verify_track(p->b, &e), &e);
        assert_ok(by_hand(p, rows[i].sql, &e), &e);
        assert_error(book_verify_track(p->b, &e), &e, rows[i].error);
        remove_place(&made);
    }
}

int main(void)
{
#define IN_A_BOOK(f) cmocka_unit_test_setup_teardown(f, make_book, remove_place)
    const struct CMUnitTest tests[] = {
        IN_A_BOOK(a_correction_stands_in_the_place_of_what_it_covers),
        IN_A_BOOK(a_measurement_is_an_amount_or_a_reason),
        IN_A_BOOK(a_quarter_does_not_close_while_a_benefit_that_is_due_is_not_measured),
        IN_A_BOOK(what_is_not_due_does_not_stand_in_a_review),
        IN_A_BOOK(the_database_itself_refuses_what_the_program_refuses),
        cmocka_unit_test(verify_finds_what_was_changed_with_the_triggers_removed),
    };
    return cmocka_run_group_tests_name("store_book_value", tests, NULL, NULL);
}
