/* test_tags.c - tags in one normal form. */
#include "ingest/tags.h"
#include "test.h"

static const struct {
    const char *in, *prefix, *out; /* out NULL: not tags */
} rows[] = {
    {"{}", "", ""},
    {"", "", ""},
    {" { } ", "", ""},
    {"{\"b\": \"2\", \"a\": \"1\"}", "", "{\"a\":\"1\",\"b\":\"2\"}"},
    {"\"tagA\": \"x\",\"tagB\": \"y\"", "", "{\"tagA\":\"x\",\"tagB\":\"y\"}"},
    {"{\"n\": 1.50, \"t\": true, \"f\": false, \"z\": null}", "",
     "{\"f\":\"false\",\"n\":\"1.50\",\"t\":\"true\",\"z\":\"\"}"},
    {"{\"user_team\":\"a\",\"user:x\":\"b\",\"user\":\"c\",\"username\":\"d\"}", "user",
     "{\"team\":\"a\",\"user\":\"c\",\"username\":\"d\",\"x\":\"b\"}"},
    {"{\"a\":\"q\\\"\\\\\\/\\n\\u00e9\\ud83d\\ude00\"}", "",
     "{\"a\":\"q\\\"\\\\/\\u000a\xc3\xa9\xf0\x9f\x98\x80\"}"},
    {"{\"a\":\"1\",\"a\":\"2\"}", "", NULL},
    {"{\"a\":{\"b\":1}}", "", NULL},
    {"{\"a\":[1]}", "", NULL},
    {"{\"a\":\"1\"", "", NULL},
    {"{\"a\":\"1\",}", "", NULL},
    {"{\"a\":1e}", "", NULL},
    {"{\"a\":yes}", "", NULL},
    {"{\"a\":\"\\ud83d\"}", "", NULL},
    {"{\"a\":\"\\x41\"}", "", NULL},
    {"{\"a\":\"1\"} x", "", NULL},
    {"{\"\":\"1\"}", "", NULL},
    {"team=search", "", NULL},
    {"\"a\": \"1\"}", "", NULL},
};

static void tags_have_one_normal_form(void **state)
{
    struct arena a = ARENA_INIT;
    struct tag_set *set = arena_new(&a, struct tag_set, 1);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        str out = STR_NONE, again = STR_NONE;
        bool ok = tags_normal(str_of(rows[i].in), str_of(rows[i].prefix), set, &a, &out);
        if (ok != (rows[i].out != NULL))
            fail_msg("'%s' gives '%.*s'", rows[i].in, FMT(out));
        if (!ok)
            continue;
        assert_str(out, rows[i].out);
        assert_true(tags_normal(out, STR_NONE, set, &a, &again));
        assert_true(str_eq(out, again));
    }
    arena_release(&a);
}

static void normal_text_is_returned_as_it_is(void **state)
{
    struct arena a = ARENA_INIT;
    struct tag_set *set = arena_new(&a, struct tag_set, 1);
    str in = S("{\"a\":\"1\",\"b\":\"\"}"), out;
    assert_true(tags_is_normal(in));
    assert_true(tags_normal(in, STR_NONE, set, &a, &out));
    assert_ptr_equal(in.p, out.p);
    assert_false(tags_is_normal(S("{\"b\":\"1\",\"a\":\"2\"}")));
    assert_false(tags_is_normal(S("{\"a\":1}")));
    assert_false(tags_is_normal(S("{}")));
    arena_release(&a);
}

static void too_many_tags_are_refused(void **state)
{
    struct arena a = ARENA_INIT;
    struct tag_set *set = arena_new(&a, struct tag_set, 1);
    str text = S("{"), out;
    for (int i = 0; i <= TAGS_MOST; i++)
        text = str_fmt(&a, "%.*s%s\"k%d\":1", FMT(text), i ? "," : "", i);
    assert_false(tags_normal(str_fmt(&a, "%.*s}", FMT(text)), STR_NONE, set, &a, &out));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_have_one_normal_form),
        cmocka_unit_test(normal_text_is_returned_as_it_is),
        cmocka_unit_test(too_many_tags_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
