/* test_date.c - the date shapes of bills. */
#include "base/date.h"
#include "test.h"

static void every_shape_of_date_is_read(void **state)
{
    static const struct {
        const char *in;
        enum date_order order;
        const char *out;
    } rows[] = {
        {"2024-10-01", DATE_MDY, "2024-10-01T00:00:00Z"},
        {"2024-10-01 22:00:00", DATE_MDY, "2024-10-01T22:00:00Z"},
        {"2024-10-01T22:00:00Z", DATE_MDY, "2024-10-01T22:00:00Z"},
        {"2023-11-01T00:00:00.000Z", DATE_MDY, "2023-11-01T00:00:00Z"},
        {"2023-11-16 18:15:46.6805900", DATE_MDY, "2023-11-16T18:15:46Z"},
        {"2024-10-01T01:30:00+02:00", DATE_MDY, "2024-09-30T23:30:00Z"},
        {"2024-10-01T01:30:00-0800", DATE_MDY, "2024-10-01T09:30:00Z"},
        {"2024-10-01 00:00:00 UTC", DATE_MDY, "2024-10-01T00:00:00Z"},
        {"2023-02-01T30:00:00Z", DATE_MDY, "2023-02-02T06:00:00Z"},
        {"20241001", DATE_MDY, "2024-10-01T00:00:00Z"},
        {"4/1/25", DATE_MDY, "2025-04-01T00:00:00Z"},
        {"4/1/25", DATE_DMY, "2025-01-04T00:00:00Z"},
        {"04/01/2025 13:00", DATE_MDY, "2025-04-01T13:00:00Z"},
        {"04/01/2025 1:00:00 PM", DATE_MDY, "2025-04-01T13:00:00Z"},
        {"02 Sep 2026", DATE_MDY, "2026-09-02T00:00:00Z"},
        {"Oct 1, 2024", DATE_MDY, "2024-10-01T00:00:00Z"},
        {"2024/10/01", DATE_MDY, "2024-10-01T00:00:00Z"},
        {"2024-02-29", DATE_MDY, "2024-02-29T00:00:00Z"},
        {"2023-02-29", DATE_MDY, NULL},
        {"13/1/25", DATE_MDY, NULL},
        {"2024-10-01T48:00:00Z", DATE_MDY, NULL},
        {"2024-10-01x", DATE_MDY, NULL},
        {"2024-1", DATE_MDY, NULL},
        {"", DATE_MDY, NULL},
        {"NULL", DATE_MDY, NULL},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t t;
        char text[TIME_TEXT];
        bool ok = time_parse(str_of(rows[i].in), rows[i].order, &t);
        if (ok != (rows[i].out != NULL))
            fail_msg("'%s'", rows[i].in);
        if (ok)
            assert_str(time_format(t, text), rows[i].out);
    }
}

static void civil_and_day_are_inverse(void **state)
{
    for (day d = day_from_civil(1900, 1, 1); d < day_from_civil(2101, 1, 1); d++) {
        struct civil c = day_to_civil(d);
        assert_true(civil_is_valid(c.year, c.month, c.mday));
        assert_int_equal(day_from_civil(c.year, c.month, c.mday), d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shape_of_date_is_read),
        cmocka_unit_test(civil_and_day_are_inverse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
