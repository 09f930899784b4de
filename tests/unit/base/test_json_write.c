/* test_json_write.c - commas, escapes, indentation. */
#include "test.h"

#include "base/json_write.h"

static void containers_indent_or_stay_flat(void **state)
{
    struct buf out;
    struct json_out j;
    buf_init(&out, 10000);
    json_out_init(&j, &out, 1);
    json_map_open(&j);
    json_key(&j, "a");
    json_list_open(&j);
    json_list_close(&j);
    json_key(&j, "b");
    json_flat(&j);
    json_list_open(&j);
    json_int(&j, INT64_MIN);
    json_map_open(&j);
    json_key(&j, "x");
    json_null(&j);
    json_key(&j, "y");
    json_bool(&j, true);
    json_map_close(&j);
    json_list_close(&j);
    json_key(&j, "c");
    json_list_open(&j);
    json_raw(&j, S("1.50"));
    json_string(&j, S("s"));
    json_list_close(&j);
    json_map_close(&j);
    assert_str(buf_str(&out), "{\n \"a\": [],\n \"b\": [-9223372036854775808, {\"x\": null, \"y\": "
                              "true}],\n \"c\": [\n  1.50,\n  \"s\"\n ]\n}");
    buf_clear(&out);
    json_out_init(&j, &out, 0);
    json_list_open(&j);
    json_int(&j, 1);
    json_map_open(&j);
    json_key(&j, "k");
    json_int(&j, 2);
    json_map_close(&j);
    json_list_close(&j);
    assert_str(buf_str(&out), "[1,{\"k\":2}]");
    buf_release(&out);
}

static void text_is_escaped_and_made_valid(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"a\"b\\c", "\"a\\\"b\\\\c\""},
        {"\n\r\t\b\f\x01\x7f", "\"\\n\\r\\t\\b\\f\\u0001\\u007f\""},
        {"\xe2\x82\xac</script>", "\"\xe2\x82\xac</script>\""},
        {"\xff", "\"\xef\xbf\xbd\""},
        {"\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""}, /* a surrogate */
        {"\xf0\x9f\x92\xb8", "\"\xf0\x9f\x92\xb8\""},
        {"", "\"\""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct buf out;
        struct json_out j;
        buf_init(&out, 1000);
        json_out_init(&j, &out, 1);
        json_string(&j, str_of(rows[i].in));
        assert_str(buf_str(&out), rows[i].out);
        buf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(containers_indent_or_stay_flat),
        cmocka_unit_test(text_is_escaped_and_made_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
