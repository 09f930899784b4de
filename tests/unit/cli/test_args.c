/* test_args.c - options, values, operands, and what is said about wrong ones. */
#include "test.h"

#include "cli/args.h"

static const char *const shapes[] = {"wide", "narrow", NULL};
static const struct option options[] = {
    {"all", 'a', OPT_FLAG, NULL, NULL, false, "All."},
    {"by", 'b', OPT_TEXT, "KEYS", NULL, true, "Keys."},
    {"top", 'n', OPT_COUNT, "N", NULL, false, "Top."},
    {"from", 0, OPT_FIRST_DAY, "DATE", NULL, false, "From."},
    {"to", 0, OPT_DAY, "DATE", NULL, false, "To."},
    {"year", 0, OPT_SPAN, "PERIOD", NULL, false, "Period."},
    {"shape", 0, OPT_CHOICE, "SHAPE", shapes, false, "Shape."},
    {"map", 0, OPT_FILE, "FILE", NULL, true, "Maps."},
    {"size", 0, OPT_BYTES, "SIZE", NULL, false, "Size."},
    {0},
};
static const struct command command = {
    .name = "thing", .usage = "[OPTIONS] FILE...", .options = options, .max_operands = 2};

static bool parse(struct arena *a, const char *line, const struct args **ret, struct err *e)
{
    str words[32], rest = str_of(line);
    size_t n = 0;
    while (n < ARRAY_LEN(words) && str_cut(&rest, ' ', &words[n]))
        n++;
    return args_parse(a, &command, words, *line ? n : 0, ret, e);
}

static void values_are_read_in_every_spelling(void **state)
{
    static const char *const lines[] = {
        "x --all -n 5 --by a,b --by=c --from 2026-07 --to 2026-09 --year FY2027-Q1 "
        "--shape wide --map m,1 y",
        "-an5 x -b a -b b,c --from=2026-07-01 --to=2026-09-30 --year=FY2027-Q1 "
        "--shape=wide --map=m,1 -- y",
        "-n5 x y -aba,b,c --from 2026-07-01 --to 2026-09 --year FY27-Q1 "
        "--shape narrow --shape wide --map m,1",
    };
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct arena a = ARENA_INIT;
        struct err e;
        const struct args *args;
        struct month_span span;
        assert_ok(parse(&a, lines[i], &args, &e), &e);
        assert_true(args_flag(args, "all"));
        assert_false(args_flag(args, "quiet"));
        assert_int_equal(args_count(args, "top", 0), 5);
        struct text_list by = args_list(args, "by");
        assert_int_equal(by.n, 3);
        assert_str(by.items[2], "c");
        assert_int_equal(args_day(args, "from"), day_from_civil(2026, 7, 1));
        assert_int_equal(args_day(args, "to"), day_from_civil(2026, 9, 30));
        assert_true(args_span(args, "year", 7, &span));
        assert_int_equal(span.from, month_of(2026, 7));
        assert_int_equal(args_choice(args, "shape"), 0);
        assert_int_equal(args_list(args, "map").n, 1);
        assert_int_equal(args_n(args), 2);
        assert_str(args_operand(args, 1), "y");
        assert_str(args_operand(args, 2), "");
        arena_release(&a);
    }
}

static void absent_options_have_their_defaults(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    const struct args *args;
    struct month_span span;
    assert_ok(parse(&a, "", &args, &e), &e);
    assert_false(args_has(args, "top"));
    assert_int_equal(args_count(args, "top", 20), 20);
    assert_int_equal(args_bytes(args, "size", 7), 7);
    assert_int_equal(args_day(args, "from"), DAY_NONE);
    assert_false(args_span(args, "year", 1, &span));
    assert_int_equal(args_choice(args, "shape"), -1);
    assert_int_equal(args_list(args, "by").n, 0);
    arena_release(&a);
}

static void wrong_lines_are_refused_with_the_remedy(void **state)
{
    static const struct {
        const char *line, *text, *hint;
    } rows[] = {
        {"--al", "unknown option '--al'", "Did you mean '--all'?"},
        {"--zzzzzz", "unknown option '--zzzzzz'", "Usage: outlay thing [OPTIONS] FILE..."},
        {"-az", "unknown option '-z'", "Usage:"},
        {"-\xc3\xa4", "unknown option '-\xc3\xa4'", "Usage:"},
        {"--all=yes", "--all takes no value", "Usage:"},
        {"--top", "--top needs N", "Usage:"},
        {"-an", "-n needs N", "Usage:"},
        {"--top five", "--top 'five' is not a count", "whole number"},
        {"--top -5", "--top '-5' is not a count", "whole number"},
        {"--top 99999999999999999999", "is not a count", "whole number"},
        {"--from 2026-02-30", "--from '2026-02-30' is not a date", "2026-07-01"},
        {"--from 1/2/2026", "--from '1/2/2026' is not a date", "2026-07-01"},
        {"--year 26", "--year '26' is not a period", "FY2027"},
        {"--shape wie", "--shape cannot be 'wie'",
         "Did you mean 'wide'? It is one of: wide, narrow."},
        {"--size 1Q", "--size '1Q' is not a size", "2G"},
        {"--size 99999999T", "is not a size", "2G"},
        {"--map=", "--map is empty", ""},
        {"x y z", "unexpected 'z'", "Usage:"},
        {"--format doc", "--format cannot be 'doc'", "xlsx"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e;
        const struct args *args;
        assert_error(parse(&a, rows[i].line, &args, &e), &e, rows[i].text);
        assert_int_equal(e.kind, ERR_USAGE);
        if (!strstr(e.hint, rows[i].hint))
            fail_msg("'%s': hint '%s' lacks '%s'", rows[i].line, e.hint, rows[i].hint);
        arena_release(&a);
    }
}

static void sizes_have_units(void **state)
{
    static const struct {
        const char *text;
        uint64_t bytes;
    } rows[] = {{"4096", 4096},           {"512M", 512ull << 20}, {"2G", 2ull << 30},
                {"2GiB", 2ull << 30},     {"2gb", 2ull << 30},    {"1T", 1ull << 40},
                {"16777215T", 16777215ull << 40}, {"0", 0}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        uint64_t v;
        assert_true(parse_bytes(str_of(rows[i].text), &v));
        assert_true(v == rows[i].bytes);
    }
    uint64_t v;
    assert_false(parse_bytes(S("G"), &v));
    assert_false(parse_bytes(S("-1"), &v));
    assert_false(parse_bytes(S("1.5G"), &v));
    assert_false(parse_bytes(S("16777216T"), &v));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_read_in_every_spelling),
        cmocka_unit_test(absent_options_have_their_defaults),
        cmocka_unit_test(wrong_lines_are_refused_with_the_remedy),
        cmocka_unit_test(sizes_have_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
