/* test_book_reconcile.c - invoices and settlements: all or nothing, once, undone but kept. */
#include "store/book_reconcile.h"
#include "unit/place.h"

static struct invoice invoice_of(const char *party, const char *number, int64_t amount)
{
    return (struct invoice){.file = S("i.csv"),
                            .line = 2,
                            .provider = str_of(party),
                            .party = str_of(party),
                            .number = str_of(number),
                            .period = month_of(2026, 7),
                            .day = DAY_NONE,
                            .amount = dec_from_i64(amount),
                            .tax = DEC_NULL,
                            .currency = {"USD"}};
}

static void an_invoice_is_added_once_and_never_changed_silently(void **state)
{
    struct place *p = *state;
    struct err e = {0};
    struct book *b = p->b;
    struct invoice two[] = {invoice_of("aws", "1", 10), invoice_of("openai", "1", 20)}, *found;
    size_t n;
    assert_ok(book_add_invoices(b, two, 2, NOW, &n, &e), &e);
    assert_int_equal(n, 2);
    assert_ok(book_add_invoices(b, two, 2, NOW, &n, &e), &e);
    assert_int_equal(n, 0);
    struct invoice wrong[] = {invoice_of("google", "7", 5), invoice_of("aws", "1", 11)};
    assert_error(book_add_invoices(b, wrong, 2, NOW, &n, &e), &e, "holds invoice '1' of 'aws'");
    assert_ok(book_invoices(b, &p->a, &found, &n, &e), &e);
    assert_int_equal(n, 2); /* nothing of the faulty lot */
    assert_true(found[1].amount == dec_from_i64(20) && dec_is_null(found[1].tax));
    assert_error(book_remove_invoice(b, S("aws"), S("9"), NOW, &e), &e, "no invoice '9'");
    assert_ok(book_remove_invoice(b, S("aws"), S("1"), NOW, &e), &e);
    assert_ok(book_invoices(b, &p->a, &found, &n, &e), &e);
    assert_int_equal(n, 1);
}

static void an_undone_settlement_is_kept_and_its_rows_are_left_alone(void **state)
{
    struct place *p = *state;
    struct err e = {0};
    struct book *b = p->b;
    struct row_place rows[] = {{3, 1, 2}, {3, 1, 9}, {4, 1, 1}}, *never;
    struct settlement two[] =
        {
            {.party = S("aws"),
             .provider = S("AWS"),
             .why = S("x"),
             .period = month_of(2026, 7),
             .amount = dec_from_i64(5),
             .billed = DEC_NULL,
             .currency = {"USD"},
             .rows = rows,
             .n_rows = 2},
            {.party = S("openai"),
             .provider = S("OpenAI"),
             .why = S("y"),
             .period = month_of(2026, 8),
             .amount = dec_from_i64(7),
             .billed = dec_from_i64(7),
             .currency = {"EUR"},
             .rows = rows + 2,
             .n_rows = 1,
             .by_hand = true},
        },
                      *found;
    size_t n;
    assert_ok(book_settle(b, two, 2, NOW, &e), &e);
    assert_ok(book_unsettle(b, two[0].id, NOW, &e), &e);
    assert_error(book_unsettle(b, two[0].id, NOW, &e), &e, "no match 1 that holds");
    assert_ok(book_settlements(b, false, &p->a, &found, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_true(found[0].by_hand && found[0].n_rows == 1 && found[0].rows[0].import == 4);
    assert_ok(book_settlements(b, true, &p->a, &found, &n, &e), &e);
    assert_int_equal(n, 2);
    assert_true(found[0].undone && found[0].n_rows == 2 && dec_is_null(found[0].billed));
    assert_ok(book_unmatchable(b, &p->a, &never, &n, &e), &e);
    assert_int_equal(n, 2);
    assert_ok(book_verify(b, false, &e), &e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_invoice_is_added_once_and_never_changed_silently,
                                        make_book, remove_place),
        cmocka_unit_test_setup_teardown(an_undone_settlement_is_kept_and_its_rows_are_left_alone,
                                        make_book, remove_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
