/* test_price_compare.c - lists that disagree are found, those that agree are not. */
#include "core/price_compare.h"
#include "core/price_int.h"
#include "test.h"

static const struct {
    const char *list,
        *conflicts; /* "model field used other slip;" of list against the built-in book */
} lists[] = {
    {"model,input\nclaude-opus-4-7,4\n", "claude-opus-4-7 input 4 5 0;"},
    {"model,input\nclaude-opus-4-7,5\n", ""},
    {"model,input\nclaude-opus-4-7,5.004\n", ""},
    {"model,output\nclaude-opus-4-7,0.025\n", "claude-opus-4-7 output 0.025 25 1000;"},
    {"model,output\nclaude-opus-4-7,2500\n", "claude-opus-4-7 output 2500 25 -100;"},
    {"model,output\nclaude-opus-4-7,25000000\n", "claude-opus-4-7 output 25000000 25 -1000000;"},
    {"model,input\nanthropic/Claude Opus 4.7,4\n", "anthropic/Claude Opus 4.7 input 4 5 0;"},
    {"provider,model,input\nazure,claude-opus-4-7,4\n", ""},
    {"model,input,currency\nclaude-opus-4-7,4,EUR\n", ""},
    {"model,input,from\nclaude-opus-4-7,4,2026-08-01\n", ""},
    {"model,input,to\nclaude-opus-4-7,4,2026-07-01\n", ""},
    {"model,input,over_input_tokens\ngpt-5.4,6,272000\n", "gpt-5.4 input 6 5 0;"},
    {"model,input,over_input_tokens\ngpt-5.4,6,128000\n", ""},
    {"model,cache_read,input\nclaude-opus-4-7,0,5\n", "claude-opus-4-7 cache_read 0 0.5 0;"},
};

static void lists_are_held_against_the_built_in_book(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct price_book *b = price_book_new(&a);
        assert_ok(price_book_add_csv(b, S("own.csv"), str_of(lists[i].list), &e), &e);
        struct price_conflict *found;
        size_t n;
        price_conflicts(b, NULL, 0, 20650, &a, &found, &n); /* 2026-07-16 */
        str text = STR_NONE;
        for (size_t k = 0; k < n; k++) {
            char x[DEC_TEXT], y[DEC_TEXT];
            assert_str(found[k].used_book, "own.csv");
            assert_str(found[k].book, "built-in");
            text = str_fmt(&a, "%.*s%.*s %s %s %s %lld;", FMT(text), FMT(found[k].used->model),
                           price_field_name(found[k].field),
                           dec_format(price_field_of(found[k].used, found[k].field), x).p,
                           dec_format(price_field_of(found[k].other, found[k].field), y).p,
                           (long long)found[k].slip);
        }
        assert_str(text, lists[i].conflicts);
        arena_release(&a);
    }
}

static void the_built_in_book_agrees_with_itself(void **state)
{
    struct arena a = ARENA_INIT;
    struct price_conflict *found;
    const struct price_book *same = price_book_new(&a);
    size_t n;
    (void)state;
    price_conflicts(price_book_new(&a), &same, 1, DAY_NONE, &a, &found, &n);
    assert_int_equal(n, 0);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_are_held_against_the_built_in_book),
        cmocka_unit_test(the_built_in_book_agrees_with_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
