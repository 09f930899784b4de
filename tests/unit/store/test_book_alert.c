/* test_book_alert.c - a channel is told once, and again when it got worse. */
#include "store/book_alert.h"

#include "store/db.h"
#include "unit/place.h"

static struct alert_news flag(const char *path, const char *period, int64_t amount)
{
    return (struct alert_news){.kind = ALERT_OVER, .path = str_of(path), .period = str_of(period),
                               .amount = dec_from_i64(amount), .day = DAY_NONE};
}

static struct alert_news crossing(enum alert_kind kind, const char *period, day d)
{
    return (struct alert_news){.kind = kind, .period = str_of(period), .amount = DEC_NULL,
                               .day = d};
}

static bool is_news(struct place *p, const char *channel, struct alert_news x)
{
    struct alert_news *told;
    size_t n;
    struct err e;
    assert_ok(book_alerts(p->b, str_of(channel), &p->a, &told, &n, &e), &e);
    return alert_is_news(&x, told, n);
}

static void what_was_told_is_news_only_when_it_got_worse(void **state)
{
    struct place *p = *state;
    struct err e;
    day d = day_from_civil(2027, 5, 19);
    struct alert_news first[] = {flag("a.b", "2026-09", 1000), flag("a.b", "ytd 2026-07", 4000),
                                 crossing(ALERT_CROSSING, "2027-04", d)};
    assert_true(is_news(p, "one", first[0]));
    assert_ok(book_add_alerts(p->b, S("one"), first, 3, NOW, &e), &e);
    for (size_t i = 0; i < 3; i++) {
        assert_false(is_news(p, "one", first[i]));
        assert_true(is_news(p, "two", first[i])); /* another channel */
    }
    assert_false(is_news(p, "one", flag("a.b", "2026-09", 1250))); /* a quarter is not over it */
    assert_true(is_news(p, "one", flag("a.b", "2026-09", 1251)));
    assert_false(is_news(p, "one", flag("a.b", "2026-09", 10)));
    assert_true(is_news(p, "one", flag("a.b", "2026-10", 10)));
    assert_true(is_news(p, "one", flag("a.c", "2026-09", 10)));
    struct alert_news under = flag("a.b", "2026-09", 10);
    under.kind = ALERT_UNDER;
    assert_true(is_news(p, "one", under));
    assert_false(is_news(p, "one", crossing(ALERT_CROSSING, "2027-04", d + 3)));
    assert_true(is_news(p, "one", crossing(ALERT_CROSSING, "2027-04", d - 1)));
    assert_true(is_news(p, "one", crossing(ALERT_CROSSING, "2027-07", d)));
    assert_true(is_news(p, "one", crossing(ALERT_CROSSED, "2027-04", d)));
    struct alert_news worse = flag("a.b", "2026-09", 2000); /* the last one told counts */
    assert_ok(book_add_alerts(p->b, S("one"), &worse, 1, NOW, &e), &e);
    assert_false(is_news(p, "one", flag("a.b", "2026-09", 2400)));
}

static void what_was_sent_stays(void **state)
{
    struct place *p = *state;
    struct err e;
    struct journal_entry *j;
    size_t n;
    struct alert_news x = flag("a.b", "2026-09", 1000);
    assert_ok(book_add_alerts(p->b, S("0123456789abcdef"), &x, 1, NOW, &e), &e);
    assert_ok(book_journal(p->b, &p->a, &j, &n, &e), &e);
    assert_str(j[n - 1].detail, "1 told to channel 0123456789ab");
    struct alert_news wrong = flag("a.b", "2026-09", 1);
    wrong.amount = DEC_NULL; /* neither an amount nor a day: refused as a whole */
    struct alert_news both[] = {flag("a.c", "2026-09", 5), wrong};
    assert_false(book_add_alerts(p->b, S("one"), both, 2, NOW, &e));
    assert_true(is_news(p, "one", both[0]));
    assert_ok(book_verify(p->b, false, &e), &e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_told_is_news_only_when_it_got_worse, make_book,
                                        remove_place),
        cmocka_unit_test_setup_teardown(what_was_sent_stays, make_book, remove_place),
    };
    return cmocka_run_group_tests_name("store_book_alert", tests, NULL, NULL);
}
