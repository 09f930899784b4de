/* test_book_baseline.c - baselines are written once and stay as they are. */
#include "store/book_baseline.h"

#include "store/db.h"
#include "unit/place.h"

static int64_t add(struct place *p, enum baseline_status status, const char *text)
{
    struct err e;
    int64_t id = 0;
    struct baseline_file files[] = {{S("plan.yaml"), str_of(text)}, {S("parts/a.yaml"), S("b: 1\n")}};
    struct baseline x = {.status = status, .by = S("finance"), .note = S("a 'note'"),
                         .name = S("Plan"), .currency = S("USD"), .starts = S("2027-01"),
                         .months = 12, .total = S("12.50"), .prices = S("model\n"),
                         .figures = S("figures\n"), .files = files, .n_files = 2};
    assert_ok(book_add_baseline(p->b, &x, NOW, &id, &e), &e);
    return id;
}

static void what_is_frozen_comes_back(void **state)
{
    struct place *p = *state;
    struct err e;
    struct baseline x;
    struct baseline *all;
    size_t n;
    char sha[SHA256_HEX];
    assert_int_equal(add(p, BASELINE_REQUESTED, "plan: {}\n"), 1);
    assert_int_equal(add(p, BASELINE_APPROVED, "plan: {a: b}\n"), 2);
    assert_ok(book_baseline(p->b, 2, &p->a, &x, &e), &e);
    assert_int_equal(x.status, BASELINE_APPROVED);
    assert_str(x.note, "a 'note'");
    assert_str(x.total, "12.50");
    assert_int_equal(x.n_files, 2);
    assert_str(x.files[0].content, "plan: {a: b}\n");
    assert_str(x.files[1].path, "parts/a.yaml");
    baseline_digest(&x, sha);
    assert_str(x.sha256, sha);
    assert_ok(book_baselines(p->b, &p->a, &all, &n, &e), &e);
    assert_int_equal(n, 2);
    assert_ok(book_verify(p->b, true, &e), &e);
    assert_ok(book_verify_baselines(p->b, &e), &e);
}

static void a_number_that_is_not_there_is_named(void **state)
{
    struct place *p = *state;
    struct err e;
    struct baseline x;
    assert_error(book_baseline(p->b, 1, &p->a, &x, &e), &e, "there is no baseline 1");
    assert_non_null(strstr(e.hint, "There is none yet"));
    add(p, BASELINE_REQUESTED, "plan: {}\n");
    assert_error(book_baseline(p->b, 2, &p->a, &x, &e), &e, "there is no baseline 2");
    assert_non_null(strstr(e.hint, "1 to 1"));
}

static void one_approved_plan_stands_until_it_is_reopened_with_a_reason(void **state)
{
    struct place *p = *state;
    struct err e;
    int64_t id;
    struct baseline x = {.status = BASELINE_APPROVED, .total = S("1.00")};
    add(p, BASELINE_REQUESTED, "plan: {}\n");
    add(p, BASELINE_APPROVED, "plan: {}\n");
    add(p, BASELINE_REQUESTED, "plan: {}\n");
    assert_error(book_add_baseline(p->b, &x, NOW, &id, &e), &e, "baseline 2 is approved and stands");
    assert_error(book_reopen(p->b, 1, S(""), S("x"), NOW, &e), &e, "was requested, not approved");
    assert_error(book_reopen(p->b, 2, S(""), S(""), NOW, &e), &e, "CHECK");
    assert_ok(book_reopen(p->b, 2, S("me"), S("prices"), NOW + 5, &e), &e);
    assert_error(book_reopen(p->b, 2, S(""), S("again"), NOW, &e), &e, "was reopened on");
    assert_int_equal(add(p, BASELINE_APPROVED, "plan: {b: 1}\n"), 4);
    assert_ok(book_baseline(p->b, 2, &p->a, &x, &e), &e);
    assert_str(x.reason, "prices");
    assert_str(x.reopened_by, "me");
    assert_ok(book_verify_baselines(p->b, &e), &e);
}

static struct db *open_db(struct place *p)
{
    struct err e;
    struct db *d;
    assert_ok(db_open(path_join(&p->a, p->dir, S("outlay.db")), DB_WRITE, 0x4f55544c, &d, &e), &e);
    return d;
}

static void the_database_refuses_every_change(void **state)
{
    static const char *const changes[] = {
        "UPDATE baseline SET note = 'x'",
        "UPDATE baseline SET total = '0.00' WHERE id = 1",
        "DELETE FROM baseline",
        "UPDATE baseline_file SET content = ''",
        "DELETE FROM baseline_file WHERE number = 2",
        "INSERT INTO baseline_file VALUES (1, 3, 'c.yaml', '')",
        "INSERT INTO baseline_file VALUES (2, 1, 'late.yaml', '')",
        "UPDATE baseline_reopened SET reason = 'x'",
        "DELETE FROM baseline_reopened",
    };
    struct place *p = *state;
    struct err e;
    add(p, BASELINE_APPROVED, "plan: {}\n");
    assert_ok(book_reopen(p->b, 1, S(""), S("prices"), NOW, &e), &e);
    struct db *d = open_db(p);
    for (size_t i = 0; i < ARRAY_LEN(changes); i++)
        if (db_exec(d, changes[i], &e))
            fail_msg("'%s' went through", changes[i]);
    db_close(d);
    assert_ok(book_verify_baselines(p->b, &e), &e);
}

/* Someone who may write the file can drop triggers; then the digests tell. */
static void what_was_changed_around_the_triggers_is_found(void **state)
{
    static const struct {
        const char *change, *found;
    } rows[] = {
        {"DROP TRIGGER baseline_no_update; UPDATE baseline SET note = 'x' WHERE id = 1", "digest"},
        {"DROP TRIGGER baseline_no_update; UPDATE baseline SET figures = '' WHERE id = 1", "digest"},
        {"DROP TRIGGER baseline_no_update; UPDATE baseline SET prices = 'm' WHERE id = 1", "digest"},
        {"DROP TRIGGER baseline_no_update; UPDATE baseline SET status = 'requested'", "digest"},
        {"DROP TRIGGER baseline_file_no_update; UPDATE baseline_file SET content = 'x' WHERE number = 2",
         "digest"},
        {"DROP TRIGGER baseline_file_no_delete; DELETE FROM baseline_file WHERE number = 2", "digest"},
        {"DROP TRIGGER baseline_reopened_no_update; UPDATE baseline_reopened SET reason = 'x'",
         "the reopening of baseline 1 was changed"},
        {"DROP TRIGGER baseline_reopened_no_delete; DELETE FROM baseline_reopened",
         "the journal knows 1 reopenings, the book holds 0"},
        {"DROP TRIGGER baseline_reopened_no_delete; DELETE FROM baseline_reopened;"
         "DROP TRIGGER baseline_file_no_delete; DELETE FROM baseline_file;"
         "DROP TRIGGER baseline_no_delete; DELETE FROM baseline",
         "the journal knows 1 baselines, the book holds 0"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err e;
        void *place = NULL;
        make_book(&place);
        struct place *p = place;
        add(p, BASELINE_APPROVED, "plan: {}\n");
        assert_ok(book_reopen(p->b, 1, S(""), S("prices"), NOW, &e), &e);
        struct db *d = open_db(p);
        assert_ok(db_exec(d, rows[i].change, &e), &e);
        db_close(d);
        assert_error(book_verify_baselines(p->b, &e), &e, rows[i].found);
        remove_place(&place);
    }
    (void)state;
}

/* The digest made to fit: the journal still has the other one. */
static void a_digest_that_was_made_to_fit_is_found_by_the_journal(void **state)
{
    struct place *p = *state;
    struct err e;
    struct baseline x;
    char sha[SHA256_HEX];
    add(p, BASELINE_APPROVED, "plan: {}\n");
    assert_ok(book_baseline(p->b, 1, &p->a, &x, &e), &e);
    x.note = S("forged");
    baseline_digest(&x, sha);
    struct db *d = open_db(p);
    str change = str_fmt(&p->a, "DROP TRIGGER baseline_no_update;"
                                "UPDATE baseline SET note = 'forged', sha256 = '%s'", sha);
    assert_ok(db_exec(d, str_cstr(&p->a, change), &e), &e);
    db_close(d);
    assert_error(book_verify_baselines(p->b, &e), &e, "the journal has another digest");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_frozen_comes_back, make_book, remove_place),
        cmocka_unit_test_setup_teardown(a_number_that_is_not_there_is_named, make_book, remove_place),
        cmocka_unit_test_setup_teardown(
            one_approved_plan_stands_until_it_is_reopened_with_a_reason, make_book, remove_place),
        cmocka_unit_test_setup_teardown(the_database_refuses_every_change, make_book, remove_place),
        cmocka_unit_test(what_was_changed_around_the_triggers_is_found),
        cmocka_unit_test_setup_teardown(a_digest_that_was_made_to_fit_is_found_by_the_journal,
                                        make_book, remove_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
