/* test_matcher.c - the pattern language, and the matcher against its exact meaning. */
#include "test.h"

#include "ingest/matcher.h"

struct pattern_case {
    const char *pattern, *value;
    bool matches;
};

static const struct pattern_case CASES[] = {
    {"Amazon Bedrock", "amazon bedrock", true},
    {"Amazon Bedrock", "Amazon Bedrock Agents", false},
    {"Amazon Bedrock*", "Amazon Bedrock Agents", true},
    {"*-MP:*Token*", "USE1-MP:USE1_InputTokenCount-Units", true},
    {"a?c", "abc", true},
    {"a?c",
     "a\xc3\xa9"
     "c",
     true},
    {"a?c", "ac", false},
    {"*", "", false},
    {"*", "x", true},
    {"", "", true},
    {"", "x", false},
    {"OPENAI \\*CHATGPT*", "OpenAI *ChatGPT Subscr", true},
    {"OPENAI \\*CHATGPT*", "OpenAI x ChatGPT Subscr", false},
    {"a*b*c", "axxbyybzzc", true},
    {"a*b*c", "axxbyybzzd", false},
    {"~TPU", "Cloud TPU v5", true},
    {"~TPU", "outputs", false},
    {"~TPU", "TPU", true},
    {"~TPU", "tpu-v5", true},
    {"~TPU", "tpus", false},
    {"~TPU", "\xc3\x84TPU", false},
    {"~TPU", "(TPU)", true},
    {"~TPU", "TPU\xe2\x84\xa2", true},
    {"~OPENAI", "OPENAI\xc2\xa0LLC", true},
    {"~g5.*large", "BoxUsage:g5.4xlarge", true},
    {"~g5.*large", "ml.g5.xlarge", true},
    {"~g5.*large", "g5. is large", false},
    {"~g5.*large", "gpg5.xlarge", false},
    {"~hugging face", "HUGGING-FACE INC", true},
    {"~hugging face", "Hugging  Face", true},
    {"~hugging face", "huggingface", false},
    {"~copilot*", "GitHub Copilots", true},
    {"~copilot*", "autocopilot", false},
    {"~(Edition)", "Bedrock(Edition)", true},
    {"~AI", "AIR", false},
    {"~AI", "AID", false},
    {"~AI", "email", false},
    {"~AI", "Scale AI, Inc", true},
    {"~a?b",
     "x a\xc3\xa9"
     "b x",
     true},
    {"~ab*cd", "ab xcd", false},
    {"~ab*cd", "abababxxcdcd", true},
    {"/^a+b$/", "AAB", true},
    {"/^a+b$/", "xaab", false},
    {"/b+/", "abbb", true},
    {"/caf\xc3\xa9/", "CAF\xc3\x89", true},
    {"/caf./", "caf\xff", true},
};

static bool scan_one(struct arena *a, const char *pattern, str value)
{
    struct pattern p;
    size_t at, n;
    const char *why;
    struct matcher *m;
    struct matcher_scratch *s = NULL;
    struct err e;
    uint32_t id;
    assert_true(pattern_parse(a, str_of(pattern), &p, &at, &why));
    assert_ok(matcher_new(a, &(struct matcher_item){&p, 5}, 1, &m, &e), &e);
    assert_ok(matcher_scratch_add(&s, m, &e), &e);
    assert_ok(matcher_scan(m, s, value, &id, &n, &e), &e);
    matcher_scratch_free(s);
    return n == 1 && id == 5;
}

static void patterns_match_what_they_say(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
        if (scan_one(&a, CASES[i].pattern, str_of(CASES[i].value)) != CASES[i].matches)
            fail_msg("'%s' on '%s' should be %d", CASES[i].pattern, CASES[i].value,
                     CASES[i].matches);
    arena_release(&a);
}

static void bad_patterns_are_refused_with_a_place(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        size_t at;
    } BAD[] = {{"~", 0}, {"~**", 0}, {"/abc", 3}, {"//", 1}, {"abc\\", 3}};
    struct arena a = ARENA_INIT;
    for (size_t i = 0; i < ARRAY_LEN(BAD); i++) {
        struct pattern p;
        size_t at;
        const char *why;
        if (pattern_parse(&a, str_of(BAD[i].pattern), &p, &at, &why))
            fail_msg("'%s' was accepted", BAD[i].pattern);
        assert_int_equal(at, BAD[i].at);
    }
    struct err e;
    size_t at;
    assert_false(matcher_check_regex(S("ab(c"), &at, &e));
    assert_false(matcher_check_regex(S("(a)\\1"), &at, &e));
    assert_false(matcher_check_regex(S("(?=x)y"), &at, &e));
    assert_false(matcher_check_regex(S("x*"), &at, &e));
    assert_true(matcher_check_regex(S("x+y?"), &at, &e));
    arena_release(&a);
}

static char letter(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return "abAB *?~-_x1.\xc3"[(*seed >> 40) % 14];
}

/* Many patterns at once give what each of them gives alone. */
static void one_pass_finds_exactly_the_patterns_that_match(void **state)
{
    (void)state;
    enum { PATTERNS = 300, TEXTS = 1500 };
    struct arena a = ARENA_INIT;
    static struct pattern patterns[PATTERNS];
    static struct matcher_item items[PATTERNS];
    size_t n = 0, found = 0;
    uint64_t seed = 99;
    while (n < PATTERNS) {
        char *text = arena_new(&a, char, 8);
        size_t len = 1 + (seed >> 20) % 6, at;
        const char *why;
        for (size_t i = 0; i < len; i++)
            text[i] = letter(&seed);
        if (pattern_parse(&a, (str){text, len}, &patterns[n], &at, &why)) {
            items[n] = (struct matcher_item){&patterns[n], (uint32_t)n / 2}; /* ids shared by two */
            n++;
        }
    }
    struct matcher *m;
    struct matcher_scratch *s = NULL;
    struct err e;
    assert_ok(matcher_new(&a, items, n, &m, &e), &e);
    assert_ok(matcher_scratch_add(&s, m, &e), &e);
    for (int t = 0; t < TEXTS; t++) {
        char text[12];
        size_t len = (size_t)t % 12, n_ids, k = 0;
        uint32_t ids[PATTERNS];
        for (size_t i = 0; i < len; i++)
            text[i] = letter(&seed);
        assert_ok(matcher_scan(m, s, (str){text, len}, ids, &n_ids, &e), &e);
        for (uint32_t id = 0; id < PATTERNS / 2; id++) {
            bool matches = pattern_matches(&patterns[id * 2], (str){text, len}) ||
                           pattern_matches(&patterns[id * 2 + 1], (str){text, len});
            bool reported = k < n_ids && ids[k] == id;
            if (matches != reported)
                fail_msg("patterns '%.*s' and '%.*s' on '%.*s': %d, one pass says %d",
                         FMT(patterns[id * 2].text), FMT(patterns[id * 2 + 1].text), (int)len, text,
                         matches, reported);
            k += reported;
            found += reported;
        }
        assert_int_equal(k, n_ids);
    }
    assert_true(found > 1000);
    matcher_scratch_free(s);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_what_they_say),
        cmocka_unit_test(bad_patterns_are_refused_with_a_place),
        cmocka_unit_test(one_pass_finds_exactly_the_patterns_that_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
