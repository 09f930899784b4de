/* test_str.c - slices, numbers, patterns, near misses. */
#include "test.h"

static void patterns_match_whole_text(void **state)
{
    static const struct {
        const char *pattern, *text;
        bool yes;
    } rows[] = {
        {"*", "", true},           {"a*c", "abbc", true},     {"A*C", "abbc", true},
        {"a?c", "abc", true},      {"a?c", "ac", false},      {"*tokens*", "Input Tokens", true},
        {"*x", "xyx", true},       {"a*b*c", "a1b2b3c", true}, {"abc", "abcd", false},
        {"", "", true},            {"", "a", false},          {"**", "a", true},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (str_glob(str_of(rows[i].pattern), str_of(rows[i].text)) != rows[i].yes)
            fail_msg("'%s' on '%s'", rows[i].pattern, rows[i].text);
}

static void near_misses_are_suggested(void **state)
{
    static const char *const words[] = {"import", "inventory", "plan", "prices", "rules"};
    static const struct {
        const char *wrong, *right;
    } rows[] = {{"improt", "import"}, {"inventroy", "inventory"}, {"invent", "inventory"},
                {"pan", "plan"},      {"zzz", NULL},              {"rule", "rules"}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const char *got = str_closest(str_of(rows[i].wrong), words, ARRAY_LEN(words));
        if (!rows[i].right)
            assert_null(got);
        else
            assert_string_equal(got ? got : "(none)", rows[i].right);
    }
}

static void numbers_parse_whole_or_not_at_all(void **state)
{
    int64_t v;
    double d;
    assert_true(str_to_i64(S("-9223372036854775808"), &v) && v == INT64_MIN);
    assert_false(str_to_i64(S("9223372036854775808"), &v));
    assert_false(str_to_i64(S("1 "), &v));
    assert_false(str_to_i64(S(""), &v));
    assert_true(str_to_double(S("1e3"), &d) && d == 1000);
    assert_false(str_to_double(S("inf"), &d));
    assert_false(str_to_double(S("1e999"), &d));
    assert_false(str_to_double(S("0x1"), &d));
}

static void shell_words_mean_themselves(void **state)
{
    static const struct {
        const char *text, *word;
    } rows[] = {
        {"line=vision.serve,provider=AWS", "line=vision.serve,provider=AWS"},
        {"", "''"},
        {"provider=Microsoft Azure", "'provider=Microsoft Azure'"},
        {"O'Neil", "'O'\\''Neil'"},
        {"a;rm -r $(b)*?~\n", "'a;rm -r $(b)*?~\n'"},
        {"M\xc3\xbcller", "'M\xc3\xbcller'"},
    };
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_str(str_shell_word(&a, str_of(rows[i].text)), rows[i].word);
    arena_reset(&a);
}

static void text_is_cut_and_trimmed(void **state)
{
    str rest = S("a,,b"), part;
    assert_true(str_cut(&rest, ',', &part));
    assert_str(part, "a");
    assert_true(str_cut(&rest, ',', &part));
    assert_str(part, "");
    assert_true(str_cut(&rest, ',', &part));
    assert_str(part, "b");
    assert_false(str_cut(&rest, ',', &part));
    assert_str(str_trim(S(" \t\xc2\xa0x \r\n")), "x");
    assert_true(str_is_utf8(S("\xe2\x82\xac")));
    assert_false(str_is_utf8(S("\xe2\x82")));
    assert_false(str_is_utf8(S("\xc0\x80")));
    assert_int_equal(str_width(S("e\xcc\x81\xe5\xb0\x8f")), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_whole_text),
        cmocka_unit_test(near_misses_are_suggested),
        cmocka_unit_test(numbers_parse_whole_or_not_at_all),
        cmocka_unit_test(shell_words_mean_themselves),
        cmocka_unit_test(text_is_cut_and_trimmed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
