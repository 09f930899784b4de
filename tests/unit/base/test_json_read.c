/* test_json_read.c - strict JSON, places, and numbers as written. */
#include "base/json_read.h"
#include "base/limits.h"
#include "json_text.h"
#include "test.h"

static void documents_are_read_as_written(void **state)
{
    /* clang-format off */
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"null", "null"},
        {" \r\n\ttrue ", "true"},
        {"\xef\xbb\xbf[]", "[]"},
        {"0.003835980000000000000000000000", "0.003835980000000000000000000000"},
        {"-0", "-0"},
        {"1E+05", "1E+05"},
        {"[1, [2,[ ]], {}]", "[1,[2,[]],{}]"},
        {"{\"a\" : 1, \"b\":{\"a\":\"x\"}}", "{\"a\":1,\"b\":{\"a\":\"x\"}}"},
        {"\"a\\u0062\\n\\/\"", "\"ab\\u000a/\""},
        {"\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\""},
        {"\"\\ud83d x\"", "\"\xef\xbf\xbd x\""},
        {"\"\\ude00\"", "\"\xef\xbf\xbd\""},
        {"\"\\ud83d\\u0041\"", "\"\xef\xbf\xbd" "A\""},
        {"\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80 long enough for words\"",
         "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80 long enough for words\""},
        {"{\"\":\"\"}", "{\"\":\"\"}"},
    };
    /* clang-format on */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e;
        struct buf b;
        const struct json *v;
        buf_init(&b, 1 << 20);
        assert_ok(json_parse(&a, str_of(rows[i].in), &v, &e), &e);
        json_text_write(&b, v);
        assert_str(buf_str(&b), rows[i].out);
        buf_release(&b);
        arena_release(&a);
    }
}

static void faults_are_named_with_their_place(void **state)
{
    /* clang-format off */
    static const struct {
        const char *in, *error;
    } rows[] = {
        {"", "line 1, column 1: the text ends where a value should stand"},
        {"[1,]", "line 1, column 4: ']' where a value should stand"},
        {"{\"a\":1,}", "line 1, column 8: '}' where a key in quotes should stand"},
        {"{\"a\":1\n \"b\":2}", "line 2, column 2: '\"' where ',' or '}' should stand"},
        {"{\"a\":1,\n\"b\":2, \"a\":3}", "line 2, column 12: the key 'a' stands twice in one map"},
        {"{a:1}", "'a' where a key in quotes should stand"},
        {"[01]", "column 2: a number with a leading zero"},
        {"[1.]", "column 4: ']' where a digit should stand"},
        {"[.5]", "'.' where a value should stand"},
        {"[+1]", "'+' where a value should stand"},
        {"[1e]", "']' where a digit should stand"},
        {"[NaN]", "'N' where a value should stand"},
        {"\"a", "line 1, column 3: the text ends where the closing quote of a text should stand"},
        {"\"a\nb\"", "line 1, column 3: a line break inside a text"},
        {"\"a\tb\"", "a control character inside a text"},
        {"\"\\x\"", "column 2: a backslash that starts no escape"},
        {"\"\\u12\"", "a backslash that starts no escape"},
        {"\"\\", "the text ends where the closing quote"},
        {"\"\\\"", "the text ends where the closing quote"},
        {"\"\xff\"", "column 2: bytes that are not UTF-8"},
        {"\"\xc0\xaf\"", "bytes that are not UTF-8"},
        {"\"\xed\xa0\x80\"", "bytes that are not UTF-8"},
        {"\"\xf4\x90\x80\x80\"", "bytes that are not UTF-8"},
        {"\"\xe2\x82", "bytes that are not UTF-8"},
        {"[\"\xc3\xa4\xc3\xa4\", x]", "line 1, column 8: 'x' where a value should stand"},
        {"1 2", "column 3: '2' where the end of the document should stand"},
        {"{\"a\" 1}", "'1' where ':' should stand"},
        {"nul", "'n' where a value should stand"},
        {"\xff\xfe{", "byte 0xff where a value should stand"},
    };
    /* clang-format on */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e;
        const struct json *v = NULL;
        assert_error(json_parse(&a, str_of(rows[i].in), &v, &e), &e, rows[i].error);
        assert_null(v);
        arena_release(&a);
    }
}

static void nesting_is_limited_and_large_maps_are_checked(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    struct buf b;
    const struct json *v;
    buf_init(&b, 1 << 24);
    buf_fill(&b, '[', LIMIT_JSON_DEPTH);
    buf_fill(&b, ']', LIMIT_JSON_DEPTH);
    assert_ok(json_parse(&a, buf_str(&b), &v, &e), &e);
    buf_clear(&b);
    buf_fill(&b, '[', 100000);
    assert_error(json_parse(&a, buf_str(&b), &v, &e), &e, "nested too deeply");
    for (size_t n = 1; n < 3000; n = n * 2 + 1) {
        buf_clear(&b);
        buf_addc(&b, '{');
        for (size_t i = 0; i < n; i++)
            buf_fmt(&b, "\"key %zu\":%zu,", i, i);
        size_t unique = b.n;
        buf_fmt(&b, "\"last\":[]}");
        assert_ok(json_parse(&a, buf_str(&b), &v, &e), &e);
        assert_int_equal(v->n, n + 1);
        char key[32];
        snprintf(key, sizeof key, "key %zu", n / 2);
        int64_t number = -1;
        assert_true(json_i64(json_get(v, key), &number) && number == (int64_t)(n / 2));
        b.n = unique;
        buf_fmt(&b, "\"%s\":[]}", key);
        assert_error(json_parse(&a, buf_str(&b), &v, &e), &e, "stands twice in one map");
    }
    buf_release(&b);
    arena_release(&a);
}

static void one_document_after_the_other(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    const struct json *v;
    str rest = S("{\"a\":1}\n[2]\n  3 \n");
    assert_ok(json_parse_next(&a, &rest, 7, &v, &e), &e);
    assert_int_equal(v->line, 7);
    assert_int_equal(json_get(v, "a")->column, 6);
    assert_str(rest, "\n[2]\n  3 \n");
    assert_ok(json_parse_next(&a, &rest, 7, &v, &e), &e);
    assert_int_equal(v->line, 8);
    assert_ok(json_parse_next(&a, &rest, 8, &v, &e), &e);
    assert_str(json_text(v), "3");
    assert_int_equal(v->column, 3);
    assert_ok(json_parse_next(&a, &rest, 9, &v, &e), &e);
    assert_null(v);
    arena_release(&a);
}

static void look_ups_chain(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e;
    const struct json *v;
    assert_ok(json_parse(&a, S("{\"m\":{\"usage\":{\"in\":5,\"no\":null}},\"l\":[1]}"), &v, &e),
              &e);
    assert_str(json_text(json_path(v, "m.usage.in")), "5");
    assert_null(json_path(v, "m.usages.in"));
    assert_null(json_path(v, "l.in"));
    assert_true(json_is_null(json_path(v, "m.usage.no")));
    assert_true(json_is_null(json_get(NULL, "x")));
    assert_int_equal(json_text(json_get(v, "m")).n, 0);
    arena_release(&a);
}

static void integers_are_read_in_any_writing(void **state)
{
    /* clang-format off */
    static const struct {
        const char *in;
        bool ok;
        int64_t out;
    } rows[] = {
        {"0", true, 0},        {"-0", true, 0},      {"3.0", true, 3},     {"3.50", false, 0},
        {"1e3", true, 1000},   {"1.5E1", true, 15},  {"1.5e0", false, 0},  {"1000e-3", true, 1},
        {"10e-2", false, 0},   {"-12", true, -12},   {"0.000", true, 0},   {"0e5", true, 0},
        {"9223372036854775807", true, INT64_MAX},    {"9223372036854775808", false, 0},
        {"1e18", true, 1000000000000000000},         {"1e19", false, 0},
        {"100200300.000", true, 100200300},          {"1e-400", false, 0},
        {"\"5\"", false, 0},   {"true", false, 0},   {"1e999999999999", false, 0},
    };
    /* clang-format on */
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e;
        const struct json *v;
        int64_t out = 0;
        assert_ok(json_parse(&a, str_of(rows[i].in), &v, &e), &e);
        if (json_i64(v, &out) != rows[i].ok || out != rows[i].out)
            fail_msg("'%s' gives %lld", rows[i].in, (long long)out);
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_read_as_written),
        cmocka_unit_test(faults_are_named_with_their_place),
        cmocka_unit_test(nesting_is_limited_and_large_maps_are_checked),
        cmocka_unit_test(one_document_after_the_other),
        cmocka_unit_test(look_ups_chain),
        cmocka_unit_test(integers_are_read_in_any_writing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
