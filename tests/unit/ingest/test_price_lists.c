/* test_price_lists.c - public price lists come out whole, in our columns; wrong ones say where. */
#include "ingest/price_lists.h"
#include "test.h"

static const struct price_list_options UNKNOWN = {.taken = 20656,
                                                  .from = DAY_NONE}; /* 2026-07-22 */

#define HEAD                                                                                       \
    "provider,model,from,to,over_input_tokens,input,output,cache_read,cache_write,"                \
    "cache_write_1h,batch_input,batch_output,audio_input,image_output,source,note\n"

static const struct {
    const char *file, *format, *csv;
    size_t notes;
} lists[] = {
    {"litellm", "litellm",
     "\"anthropic\",\"claude-sonnet-4-5\",,,200000,6,22.5,,,12,,,,,SRC\n"
     "\"anthropic\",\"claude-sonnet-4-5\",,,,3,15,0.3,3.75,6,,,,,SRC\n"
     "\"openai\",\"gpt-5.4\",,,272000,5,15,,,,2.5,,,,SRC\n"
     "\"openai\",\"gpt-5.4\",,,,2.5,15,,,,1.25,7.5,,,SRC\n"
     "\"harbor\",\"harbor-large-2\",,,,0.2,0.8,,,,,,40,30,SRC\n"
     "\"aws\",\"anthropic.claude-haiku-4-5-20251001-v1:0\",,,,1,5,,,,,,,,SRC\n"
     "\"google\",\"vertex_ai/claude-haiku-4-5\",,,,1,5,,,,,,,,SRC\n",
     5},
    {"llm-prices", "llm-prices",
     "\"anthropic\",\"claude-sonnet-4.5\",,,,3,15,,,,,,,,SRC\n"
     "\"anthropic\",\"claude-sonnet-4.5\",,,200000,6,22.5,,,,,,,,SRC\n"
     "\"harbor\",\"harbor-large-2\",2026-05-01,2026-08-01,,0.2,0.8,0.02,,,,,,,SRC\n"
     "\"harbor\",\"harbor-large-2\",2026-08-01,,,0.15,0.6,0.015,,,,,,,SRC\n"
     "\"openai\",\"gpt-4o-mini\",,,,0.15,0.6,0.075,,,,,,,SRC\n",
     0},
    {"llm-prices-vendor", "llm-prices",
     "\"harbor\",\"harbor-large-2\",,2026-08-01,,0.2,0.8,,,,,,,,SRC\n"
     "\"harbor\",\"harbor-large-2\",2026-08-01,,,0.15,0.6,,,,,,,,SRC\n",
     0},
    {"genai-prices", "genai-prices",
     "\"anthropic\",\"claude-sonnet-4-6\",,2026-03-13,,3,15,0.3,,,,,,,SRC\n"
     "\"anthropic\",\"claude-sonnet-4-6\",,2026-03-13,200000,6,22.5,0.6,,,,,,,SRC\n"
     "\"anthropic\",\"claude-sonnet-4-6\",2026-03-13,,,3,15,0.3,3.75,,,,,,SRC\n"
     "\"anthropic\",\"claude-haiku-4-5\",,,,1,5,0.1,1.25,,,,,,SRC\n"
     "\"harbor\",\"harbor-night\",,,,0.5,2,,,,,,4,,SRC\n",
     2},
    {"models-dev", "models.dev",
     "\"anthropic\",\"claude-sonnet-4-5\",,,200000,6,22.5,0.6,7.5,,,,,,SRC\n"
     "\"anthropic\",\"claude-sonnet-4-5\",,,,3,15,0.3,3.75,,,,,,SRC\n"
     "\"aws\",\"amazon.nova-lite-v1:0\",,,,0.06,0.24,0.015,,,,,,,SRC\n"
     "\"harbor\",\"harbor-large-2\",,,128000,0.4,1.6,,,,,,,,SRC\n"
     "\"harbor\",\"harbor-large-2\",,,,0.2,0.8,,,,,,4,,SRC\n",
     1},
    {"portkey", "portkey", "\"\",\"gpt-4o-mini\",,,,0.15,0.6,0.075,,,0.075,0.3,,,SRC\n", 0},
};

static str with_source(struct arena *a, const char *csv, str source)
{
    str out = S(HEAD), rest = str_of(csv), line;
    while (rest.n && str_cut(&rest, '\n', &line))
        out = str_fmt(a, "%.*s%.*s\"%.*s\",\n", FMT(out), FMT(str_sub(line, 0, line.n - 3)),
                      FMT(source));
    return out;
}

static void every_list_comes_out_whole_and_can_be_added_to_a_book(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        str text, path = str_fmt(&a, "%s/prices/%s.json", getenv("SAMPLES"), lists[i].file);
        struct price_list list;
        assert_ok(file_read(&a, path, 1u << 20, &text, &e), &e);
        assert_ok(price_list_read(&a, path, text, &UNKNOWN, &list, &e), &e);
        assert_string_equal(list.format, lists[i].format);
        char day_text[DATE_TEXT];
        str source = str_fmt(&a, "%s %s.json %s", lists[i].format, lists[i].file,
                             date_format(list.taken, day_text).p);
        assert_str(list.csv, str_cstr(&a, with_source(&a, lists[i].csv, source)));
        assert_int_equal(list.n_notes, lists[i].notes);
        struct price_book *b = price_book_new(&a);
        assert_ok(price_book_add_csv(b, path, list.csv, &e), &e);
    }
    arena_release(&a);
}

static void a_list_of_today_does_not_reprice_the_past_of_models_that_are_known(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct price_list_options o = UNKNOWN;
    struct price_list list;
    str text = S("{\"claude-sonnet-4-5\": {\"litellm_provider\": \"anthropic\","
                 " \"input_cost_per_token\": 9e-06, \"output_cost_per_token\": 9e-05},"
                 " \"harbor-large-2\": {\"litellm_provider\": \"harbor\","
                 " \"input_cost_per_token\": 1e-06, \"output_cost_per_token\": 2e-06}}");
    (void)state;
    o.known = price_book_new(&a);
    assert_ok(price_list_read(&a, S("l.json"), text, &o, &list, &e), &e);
    assert_str(list.csv, HEAD "\"anthropic\",\"claude-sonnet-4-5\",2026-07-22,,,9,90,,,,,,,,"
                              "\"litellm l.json 2026-07-22\",\n"
                              "\"harbor\",\"harbor-large-2\",,,,1,2,,,,,,,,"
                              "\"litellm l.json 2026-07-22\",\n");
    arena_release(&a);
}

static const struct {
    const char *text, *error;
} wrong[] = {
    {"{\"models\": 3}", "w.json:1:1: this JSON is no price list that is known"},
    {"[]", "w.json:1:1: this JSON is no price list that is known"},
    {"{\"prices\": []}", "the llm-prices list holds no price per token"},
    {"{\"m\": {\"litellm_provider\": \"x\",\n \"input_cost_per_token\": \"cheap\"}}",
     "w.json:2:26: input_cost_per_token 'cheap' is not a price"},
    {"{\"m\": {\"litellm_provider\": \"x\", \"input_cost_per_token\": -1e-06}}", "is negative"},
    {"{\"m\": {\"litellm_provider\": \"x\", \"input_cost_per_token\": 3000000}}",
     "is no price of a token"},
    {"{\"m\": {\"litellm_provider\": \"x\"}, \"n\": 4}", "w.json:1:39: model 'n' must be a map"},
    {"{\"prices\": [{\"vendor\": \"x\", \"input\": 1}]}", "w.json:1:13: the entry has no 'id'"},
    {"{\"updated_at\": \"lately\", \"prices\": []}", "updated_at 'lately' is not a day"},
    {"{\"prices\": [{\"id\": \"x\", \"input\": 1, \"from_date\": \"2026-02-01\","
     " \"to_date\": \"2026-01-01\"}]}",
     "to_date is not after from_date"},
    {"[{\"id\": \"x\", \"models\": [{\"id\": \"m\", \"prices\": {\"input_mtok\": {\"base\": 1,"
     " \"tiers\": [{\"price\": 2}]}}}]}]",
     "a tier needs 'start'"},
    {"{\"x\": {\"models\": {\"m\": {\"cost\": {\"input\": {}}}}}}", "input '' is not a price"},
    {"{\"x\": {\"models\": {\"m\": {\"cost\": 4}}}}", "'cost' must be a map"},
    {"{\"m\": {\"litellm_provider\": \"x\"", "w.json: line 1"},
};

static void wrong_lists_are_refused_with_their_place(void **state)
{
    struct arena a = ARENA_INIT;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct err e = {0};
        struct price_list list;
        assert_error(price_list_read(&a, S("w.json"), str_of(wrong[i].text), &UNKNOWN, &list, &e),
                     &e, wrong[i].error);
    }
    arena_release(&a);
}

static const struct {
    const char *unit, *input, *price;
} units[] = {
    {"", "3", "3"},
    {"1M tokens", "3", "3"},
    {"1K tokens", "0.003", "3"},
    {"per 1K", "0.003", "3"},
    {"token", "0.000003", "3"},
    {"cents per token", "0.0003", "3"},
    {"cents per 1K tokens", "0.3", "3"},
    {"cents per 1M", "300", "3"},
    {"1000", "0.003", "3"},
};

static void units_of_our_own_csv_are_brought_to_a_million_tokens(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    char text[DEC_TEXT];
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        struct price_book *b = price_book_new(&a);
        str csv = str_fmt(&a, "model,input,unit\nharbor-x,%s,%s\n", units[i].input, units[i].unit);
        assert_ok(price_book_add_csv(b, S("own.csv"), csv, &e), &e);
        size_t n;
        const struct price *items = price_book_items(b, &n);
        assert_str(dec_format(items[n - 1].in, text), units[i].price);
    }
    struct price_book *b = price_book_new(&a);
    assert_error(price_book_add_csv(b, S("own.csv"), S("model,input,unit\nx,3,page\n"), &e), &e,
                 "own.csv:2:5: unit 'page'");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_list_comes_out_whole_and_can_be_added_to_a_book),
        cmocka_unit_test(a_list_of_today_does_not_reprice_the_past_of_models_that_are_known),
        cmocka_unit_test(wrong_lists_are_refused_with_their_place),
        cmocka_unit_test(units_of_our_own_csv_are_brought_to_a_million_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
