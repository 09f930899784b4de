/* test_rules.c - rules.yaml: its language, its faults, splits, memos, embedded tests. */
#include "rules_helper.h"

#include "ingest/rules_split.h"
#include "ingest/rules_suggest.h"
#include "ingest/rules_test.h"

static const char OWN[] =
    "allocation_tags: [team, env]\n"
    "rules:\n"
    "  - id: gpu-research\n"
    "    match:\n"
    "      provider: AWS\n"
    "      service: Amazon Elastic Compute*\n"
    "      tag.team: [ml, research*]\n"
    "      account: \"1234*\"\n"
    "      billed: \">= 100\"\n"
    "      day: 2026-01..2026-06\n"
    "    category: infra\n"
    "    initiative: vision\n"
    "    line: vision.vis-train\n"
    "    confidence: 95\n"
    "  - match: {resource: \"/eks-[0-9]+/\"}\n"
    "    split:\n"
    "      - {share: 35%, category: infra, initiative: routing}\n"
    "      - {share: 65%, category: not_ai}\n"
    "  - id: shared\n"
    "    match: {account: \"777\", not: {service: [\"*S3*\", ~Tax], tag.env: prod}}\n"
    "    category: data\n"
    "    ai: 12.5%\n"
    "  - id: unsure\n"
    "    match: {sub_account: maybe}\n"
    "    category: talent\n"
    "    confidence: 60\n"
    "  - id: no-team\n"
    "    match: {tag.team: \"\", account: \"555\"}\n"
    "    category: reserve\n"
    "  - id: not-ours\n"
    "    match: {service: Amazon Bedrock*, account: \"999\"}\n"
    "    category: not_ai\n"
    "  - id: euro\n"
    "    match: {currency: EUR, description: ~training}\n"
    "    category: reserve\n";

struct own_case {
    const char *fields, *expected;
};

static const struct own_case CASES[] = {
    {"provider=Amazon Web Services, Inc.|service=Amazon Elastic Compute Cloud|account=123456|"
     "billed=100|day=2026-06-30|tags={\"team\":\"ML\"}",
     "infra gpu-research 95 vision vision.vis-train 1000000 100 [ML|]"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|account=123456|billed=99.99|"
     "day=2026-06-30|tags={\"team\":\"ml\"}",
     "not_ai  0   1000000 99.99 [ml|]"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|account=123456|billed=100|day=2026-07-01|"
     "tags={\"team\":\"ml\"}",
     "not_ai  0   1000000 100 [ml|]"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|account=123456|day=2026-03-01|"
     "tags={\"team\":\"ml\"}",
     "not_ai  0   1000000  [ml|]"},
    {"provider=GCP|service=Amazon Elastic Compute Cloud|account=123456|billed=100|day=2026-06-30|"
     "tags={\"team\":\"ml\"}",
     "not_ai  0   1000000 100 [ml|]"},
    {"resource=arn:eks-12/pod|billed=0.01",
     "infra rules.yaml:15 100 routing  350000 0.0035 [|]; not_ai rules.yaml:15 100   650000 0.0065 "
     "[|]"},
    {"resource=arn:EKS-x/pod|billed=0.01", "not_ai  0   1000000 0.01 [|]"},
    {"account=777|service=Compute|billed=8|tags={\"env\":\"dev\"}",
     "data shared 100   125000 1 [|dev]; not_ai shared 100   875000 7 [|dev]"},
    {"account=777|service=Amazon S3|billed=8", "not_ai  0   1000000 8 [|]"},
    {"account=777|service=Sales tax|billed=8", "not_ai  0   1000000 8 [|]"},
    {"account=777|service=Taxi|tags={\"Env\":\"prod\"}", "not_ai  0   1000000  [|prod]"},
    {"sub_account=maybe", "review unsure 60   1000000  [|]"},
    {"account=555|tags={\"owner\":\"x\"}", "reserve no-team 100   1000000  [|]"},
    {"account=555|tags={\"team\":\"x\"}", "not_ai  0   1000000  [x|]"},
    {"account=999|provider=AWS|service=Amazon Bedrock", "not_ai not-ours 100   1000000  [|]"},
    {"account=998|provider=AWS|service=Amazon Bedrock",
     "vendor builtin:aws-bedrock 90   1000000  [|]"},
    {"currency=EUR|description=staff training", "reserve euro 100   1000000  [|]"},
    {"currency=USD|description=staff training", "not_ai  0   1000000  [|]"},
    {"tags={\"team\":\"a\\\"b\\u00e9\",\"env\":7}", "not_ai  0   1000000  [a\"b\xc3\xa9|7]"},
    {"tags={\"Team\":\"upper\",\"team\":\"exact\"}", "not_ai  0   1000000  [exact|]"},
    {"tags={\"team\":null}", "not_ai  0   1000000  [|]"},
    {"tags=no json", "not_ai  0   1000000  [|]"},
};

static void own_rules_place_rows_before_the_built_in_ones(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct rules *r = rules_of(&a, OWN);
    struct classifier *c = classifier_new(r);
    for (int pass = 0; pass < 2; pass++) { /* the second time from the memo */
        for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
            struct spend_row rows[SPLIT_MOST];
            struct err e;
            size_t n;
            row_of(CASES[i].fields, &rows[0]);
            assert_ok(classify(c, rows, &n, &e), &e);
            assert_str(placed(&a, rows, n), CASES[i].expected);
        }
    }
    assert_string_equal(rules_allocation_tags(r)[0], "team");
    assert_string_equal(rules_allocation_tags(r)[1], "env");
    assert_null(rules_allocation_tags(r)[2]);
    classifier_free(c);
    arena_release(&a);
}

/* ---- faults ---- */

static void every_fault_of_a_bad_file_is_reported_in_one_run(void **state)
{
    (void)state;
    static const char BAD[] = "allocation_tags: [a, b, c, d, e]\n"
                              "ruels: []\n"
                              "rules:\n"
                              "  - id: x\n"
                              "    match: {servce: foo}\n"
                              "    category: infra\n"
                              "  - id: x\n"
                              "    match: {service: foo}\n"
                              "    category: infar\n"
                              "  - match: {}\n"
                              "    category: infra\n"
                              "  - match: {service: \"/ab(c/\"}\n"
                              "    category: infra\n"
                              "  - match: {billed: \"lots\"}\n"
                              "    category: infra\n"
                              "  - match: {day: 2026-06..2026-01}\n"
                              "    category: infra\n"
                              "  - match: {service: foo}\n"
                              "    split:\n"
                              "      - {share: 35%, category: infra}\n"
                              "      - {share: 60%, category: not_ai}\n"
                              "  - match: {service: \"/(a)\\\\1/\"}\n"
                              "    category: infra\n"
                              "  - match: {service: foo}\n"
                              "  - match: {service: foo}\n"
                              "    category: infra\n"
                              "    line: training\n"
                              "    wieght: 5\n"
                              "  - match: {service: \"/x*/\"}\n"
                              "    category: infra\n"
                              "    confidence: 101\n"
                              "  - match: {service: ~}\n"
                              "    category: infra\n"
                              "    ai: 0%\n"
                              "  - match: {service: }\n"
                              "    category: infra\n";
    static const struct {
        uint32_t line;
        const char *text;
    } FAULTS[] = {
        {1, "5 allocation tags are more than 4"},
        {2, "unknown key 'ruels'"},
        {5, "unknown field 'servce'"},
        {7, "the id 'x' is already used in line 4"},
        {9, "unknown category 'infar'"},
        {10, "'match' says nothing to match"},
        {12, "in '/ab(c/'"},
        {14, "'lots' is not a range of numbers"},
        {16, "'2026-06..2026-01' is not a range of dates"},
        {20, "the shares total 95 %, not 100 %"},
        {22, "in '/(a)\\1/'"},
        {24, "the rule says neither 'category' nor 'split'"},
        {27, "'training' is not a line of an initiative"},
        {28, "unknown key 'wieght'"},
        {29, "it matches everything"},
        {31, "confidence '101' is not a whole number"},
        {32, "a word search needs some text behind '~'"},
        {34, "'0%' is not a share"},
        {35, "'service' has no value"},
    };
    struct arena a = ARENA_INIT;
    struct diags d;
    struct rules *r = NULL;
    struct err e;
    diags_init(&d, &a);
    assert_false(rules_compile(&a, S("rules.yaml"), str_of(BAD), &d, &r, &e));
    assert_null(r);
    diags_sort(&d);
    for (size_t i = 0; i < d.n; i++)
        if (i >= ARRAY_LEN(FAULTS) || d.items[i].at.line != FAULTS[i].line ||
            str_find(d.items[i].text, str_of(FAULTS[i].text), 0) == SIZE_MAX)
            fail_msg("fault %zu: line %u column %u: %.*s", i, d.items[i].at.line,
                     d.items[i].at.column, FMT(d.items[i].text));
    assert_int_equal(d.n, ARRAY_LEN(FAULTS));
    assert_str(d.items[2].hint, "Did you mean 'service'?");
    assert_str(d.items[4].hint, "Did you mean 'infra'?");
    assert_int_equal(d.items[2].at.column, 13);
    assert_int_equal(d.items[6].at.line, 12);
    assert_true(d.items[6].at.column > 23);
    arena_release(&a);
}

static void a_file_may_be_empty_or_hold_only_tags(void **state)
{
    (void)state;
    static const char *const FILES[] = {"", "# nothing\n", "allocation_tags: [team]\n",
                                        "rules: []\n", "rules:\n"};
    for (size_t i = 0; i < ARRAY_LEN(FILES); i++) {
        struct arena a = ARENA_INIT;
        rules_of(&a, FILES[i]);
        arena_release(&a);
    }
}

static void the_digest_follows_the_content(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    str none = rules_digest(rules_of(&a, "")), own = rules_digest(rules_of(&a, OWN));
    assert_int_equal(none.n, 64);
    assert_false(str_eq(none, own));
    assert_true(str_eq(own, rules_digest(rules_of(&a, OWN))));
    arena_release(&a);
}

/* ---- splits ---- */

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static void split_parts_always_sum_to_the_whole(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int round = 0; round < 3000; round++) {
        struct spend_row rows[SPLIT_MOST], whole;
        uint32_t ppm[SPLIT_MOST], left = 1000000;
        size_t n = 1 + next_random(&seed) % SPLIT_MOST;
        for (size_t i = 0; i + 1 < n; i++) {
            ppm[i] = 1 + (uint32_t)(next_random(&seed) % (left - (n - i - 1)));
            left -= ppm[i];
        }
        ppm[n - 1] = left;
        row_of("provider=x|billed=1", &whole);
        i128 size = (i128)next_random(&seed) * (i128)next_random(&seed) * (i128)next_random(&seed);
        whole.billed = round % 2 ? -size : size;
        whole.effective = round % 7 ? (dec)round : DEC_NULL;
        whole.list = round % 3 ? (dec)1 : 99999999999999999 * (i128)DEC_ONE * 1000 - 1;
        whole.tokens[TOKENS_IN] = (int64_t)next_random(&seed);
        whole.tokens[TOKENS_OUT] = round % 5;
        whole.requests = round % 3;
        rows[0] = whole;
        rows_split(rows, ppm, n);
        struct spend_row joined;
        struct err e;
        assert_ok(rows_join(rows, n, &joined, &e), &e);
        assert_memory_equal(&joined, &whole, sizeof whole);
        for (size_t i = 0; i < n; i++) {
            i128 exact = whole.billed / 1000000 * ppm[i];
            i128 off = rows[i].billed - exact;
            assert_true(off <= 1000000 && off >= -1000000);
        }
        if (n > 1)
            assert_false(rows_join(rows, n - 1, &joined, &e));
    }
}

/* ---- memos ---- */

static const char *const VALUES[] = {"AWS",
                                     "Azure",
                                     "Amazon Elastic Compute Cloud",
                                     "Amazon Bedrock",
                                     "1234",
                                     "777",
                                     "eks-1",
                                     "",
                                     "USE1-BoxUsage:p5.48xlarge",
                                     "gpt-4o-0806-Inp-glbl Tokens",
                                     "maybe",
                                     "555",
                                     "prod",
                                     "OPENAI *X",
                                     "AWS Lambda",
                                     "Amazon SageMaker",
                                     "\xff\xfe eks-9",
                                     "Tokens",
                                     "~training",
                                     "training"};
static const char *const TAGS[] = {"",
                                   "{\"team\":\"ml\"}",
                                   "{\"team\":\"research-2\",\"env\":\"prod\"}",
                                   "{\"env\":\"dev\"}",
                                   "{\"TEAM\":\"x\\ty\"}",
                                   "{broken"};

static void random_row(uint64_t *seed, struct spend_row *row, char number[32])
{
    spend_row_clear(row);
    for (size_t t = 0; t < SPEND_TEXTS; t++)
        if (next_random(seed) % 3)
            row->text[t] = str_of(VALUES[next_random(seed) % ARRAY_LEN(VALUES)]);
    row->text[SPEND_TAGS] = str_of(TAGS[next_random(seed) % ARRAY_LEN(TAGS)]);
    if (next_random(seed) % 2) { /* something hardly ever seen before */
        snprintf(number, 32, "eks-%u", (unsigned)(next_random(seed) % 100000));
        row->text[SPEND_RESOURCE] = str_of(number);
    }
    if (next_random(seed) % 2)
        row->billed = (dec)(next_random(seed) % 200) * DEC_ONE;
    row->day = day_from_civil(2026, 1 + (int)(next_random(seed) % 12), 3);
    assert_true(currency_parse(next_random(seed) % 2 ? S("EUR") : S("USD"), &row->currency));
    row->batch = next_random(seed) % 2;
}

static void memos_change_nothing_and_groups_keep_their_promise(void **state)
{
    (void)state;
    static const enum spend_text CUBE[] = {
        SPEND_PROVIDER,   SPEND_PUBLISHER, SPEND_SERVICE, SPEND_ACCOUNT,         SPEND_SUB_ACCOUNT,
        SPEND_MODEL,      SPEND_TIER,      SPEND_REGION,  SPEND_CHARGE_CATEGORY, SPEND_METER,
        SPEND_INITIATIVE, SPEND_LINE,      SPEND_RULE};
    enum { ROUNDS = 4000, GROUPS_MOST = 3 * ROUNDS };
    struct arena a = ARENA_INIT;
    struct rules *r = rules_of(&a, OWN);
    struct classifier *with = classifier_new(r), *without = classifier_new(r);
    classifier_memo(without, false);
    struct spend_row *first = calloc(GROUPS_MOST, sizeof *first);
    uint64_t seed = 42, grouped = 0, repeated = 0;
    struct arena scratch = ARENA_INIT;
    for (int i = 0; i < ROUNDS; i++) {
        struct spend_row x[SPLIT_MOST], y[SPLIT_MOST];
        char number[32];
        struct err e;
        size_t nx, ny;
        if (i % 3 == 0)
            seed = (uint64_t)(i % 300); /* so that whole rows repeat */
        random_row(&seed, &x[0], number);
        y[0] = x[0];
        assert_ok(classify(with, x, &nx, &e), &e);
        assert_ok(classify(without, y, &ny, &e), &e);
        str px = placed(&scratch, x, nx), py = placed(&scratch, y, ny);
        if (!str_eq(px, py))
            fail_msg("with memos '%.*s', without '%.*s'", FMT(px), FMT(py));
        for (size_t k = 0; k < nx; k++) {
            assert_int_equal(y[k].group, 0);
            if (!x[k].group)
                continue;
            grouped++;
            assert_true(x[k].group < GROUPS_MOST);
            struct spend_row *f = &first[x[k].group];
            if (!f->share_ppm) {
                *f = x[k];
                for (size_t t = 0; t < SPEND_TEXTS; t++)
                    f->text[t] = str_dup(&a, f->text[t]);
                continue;
            }
            repeated++;
            for (size_t t = 0; t < ARRAY_LEN(CUBE); t++)
                assert_true(str_eq(f->text[CUBE[t]], x[k].text[CUBE[t]]));
            for (size_t t = 0; t < ALLOCATION_TAGS; t++)
                assert_true(str_eq(f->allocation[t], x[k].allocation[t]));
            assert_int_equal(f->category, x[k].category);
            assert_true(currency_eq(f->currency, x[k].currency));
            assert_int_equal(f->batch, x[k].batch);
        }
        arena_reset(&scratch);
    }
    assert_true(grouped > ROUNDS / 2 && repeated > 500);
    free(first);
    classifier_free(with);
    classifier_free(without);
    arena_release(&scratch);
    arena_release(&a);
}

/* More different resources than a memo holds: it starts afresh or is given up, results stay. */
static void a_flood_of_different_texts_is_bounded_and_right(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct classifier *c = classifier_new(rules_of(&a, OWN));
    for (unsigned i = 0; i < 200000; i++) {
        struct spend_row rows[SPLIT_MOST];
        struct err e;
        size_t n;
        char resource[32], tags[64];
        spend_row_clear(&rows[0]);
        snprintf(resource, sizeof resource, "%s-%u", i % 2 ? "eks" : "ec2", i);
        snprintf(tags, sizeof tags, "{\"owner\":\"%u\",\"team\":\"t%u\"}", i, i % 7);
        rows[0].text[SPEND_RESOURCE] = str_of(resource);
        rows[0].text[SPEND_TAGS] = str_of(tags);
        assert_ok(classify(c, rows, &n, &e), &e);
        assert_int_equal(n, i % 2 ? 2 : 1);
        assert_int_equal(rows[0].allocation[0].n, 2);
        assert_int_equal(rows[0].allocation[0].p[1], '0' + (int)(i % 7));
        assert_true(rows[0].group > 0);
    }
    classifier_free(c);
    arena_release(&a);
}

/* ---- tests inside rules.yaml ---- */

static void embedded_tests_run_and_failures_name_their_place(void **state)
{
    (void)state;
    static const char TESTED[] =
        "rules:\n"
        "  - id: mine\n"
        "    match: {service: Foo*, tag.team: ml}\n"
        "    category: infra\n"
        "    ai: 35%\n"
        "tests:\n"
        "  - row: {service: Foobar, tag.team: ml, billed: 12.5, day: 2026-07-01, currency: USD}\n"
        "    expect: {category: infra, rule: mine, ai: 35%}\n"
        "  - row: {service: Amazon Bedrock, provider: AWS}\n"
        "    expect: {category: vendor, confidence: 90}\n"
        "  - row: {service: Bar}\n"
        "    expect: {rule: none, ai: 0%}\n"
        "  - row: {service: Foobar}\n"
        "    expect: {category: infra}\n";
    struct arena a = ARENA_INIT;
    struct diags d;
    struct rules_report report;
    struct err e;
    diags_init(&d, &a);
    assert_ok(rules_test(&a, S("rules.yaml"), str_of(TESTED), &d, &report, &e), &e);
    assert_int_equal(report.own, 1);
    assert_true(report.builtin > 250);
    assert_int_equal(report.tests, 4);
    assert_int_equal(report.failed, 1);
    assert_int_equal(d.n, 1);
    assert_int_equal(d.items[0].at.line, 14);
    assert_str(d.items[0].text, "the test expects category 'infra', found 'not_ai'");
    assert_str(d.items[0].hint, "No rule placed it.");

    diags_init(&d, &a);
    assert_ok(rules_test(&a, S("rules.yaml"),
                         S("tests: [{row: {servce: x, day: never}, expect: {}}]"), &d, &report, &e),
              &e);
    assert_int_equal(d.errors, 3);
    assert_int_equal(report.tests, 0);
    arena_release(&a);
}

/* ---- suggestions ---- */

static void suggested_rules_compile_and_place_what_they_were_made_for(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    currency usd;
    assert_true(currency_parse(S("USD"), &usd));
    const struct unplaced items[] = {
        {S("Acme \"Cloud\""), S("Widget LLM Gateway"), S("M1"), S("$0.02 per 1,000 calls"), S(""),
         500 * DEC_ONE, usd, 7},
        {S("Acme \"Cloud\""), S("Widget LLM Gateway"), S("M2"), S("$0.30 per seat"), S(""),
         100 * DEC_ONE, usd, 3},
        {S("AWS"), S("Amazon Elastic Compute Cloud"), S(""),
         S("$1.624 per On Demand Linux g5.4xlarge Instance Hour"), S("builtin:aws-ec2-g5"),
         900 * DEC_ONE, usd, 2},
        {S("Paper & Co"), S(""), S(""), S("Office / paper * 5?"), S(""), -950 * DEC_ONE, usd, 1},
        {S(""), S(""), S(""), S(""), S(""), DEC_NULL, usd, 1},
    };
    static const enum category EXPECTED[] = {CATEGORY_VENDOR, CATEGORY_VENDOR, CATEGORY_INFRA,
                                             CATEGORY_NOT_AI, CATEGORY_NOT_AI};
    str yaml;
    struct err e;
    assert_ok(rules_suggest(&a, rules_of(&a, ""), items, ARRAY_LEN(items), 10, &yaml, &e), &e);
    struct rules *r = rules_of(&a, str_cstr(&a, yaml));
    struct classifier *c = classifier_new(r);
    for (size_t i = 0; i < ARRAY_LEN(items); i++) {
        struct spend_row rows[SPLIT_MOST];
        size_t n;
        spend_row_clear(&rows[0]);
        rows[0].text[SPEND_PROVIDER] = items[i].provider;
        rows[0].text[SPEND_SERVICE] = items[i].service;
        rows[0].text[SPEND_METER] = items[i].meter;
        rows[0].text[SPEND_DESCRIPTION] = items[i].description;
        assert_ok(classify(c, rows, &n, &e), &e);
        assert_int_equal(rows[0].category, EXPECTED[i]);
        assert_true(rows[0].text[SPEND_RULE].n &&
                    !str_starts(rows[0].text[SPEND_RULE], S("builtin:")));
    }
    assert_true(str_find(yaml, S("# -950.00 USD in 1 row"), 0) <
                str_find(yaml, S("# 900.00 USD in 2 rows"), 0));
    assert_true(str_find(yaml, S("# 600.00 USD in 10 rows"), 0) != SIZE_MAX);
    assert_true(str_find(yaml, S("* per On Demand Linux g5.4xlarge Instance Hour"), 0) != SIZE_MAX);
    assert_ok(rules_suggest(&a, NULL, items, 0, 10, &yaml, &e), &e);
    assert_int_equal(yaml.n, 0);
    assert_ok(rules_suggest(&a, NULL, items, ARRAY_LEN(items), 1, &yaml, &e), &e);
    assert_true(str_find(yaml, S("Paper"), 0) != SIZE_MAX &&
                str_find(yaml, S("Acme"), 0) == SIZE_MAX);
    classifier_free(c);
    arena_release(&a);
}

static void invoices_of_one_thing_get_one_rule(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    currency usd;
    assert_true(currency_parse(S("USD"), &usd));
    const struct unplaced items[] = {
        {S("Hub, Inc."), S(""), S(""), S("Hub seats, 118 x 8, 2026-05"), S(""), 30 * DEC_ONE, usd,
         1},
        {S("Hub, Inc."), S(""), S(""), S("Hub seats, 130 x 8, 2026-06"), S(""), 50 * DEC_ONE, usd,
         1},
        {S("Hub, Inc."), S(""), S(""), S("Training day"), S(""), 70 * DEC_ONE, usd, 1},
    };
    str yaml;
    struct err e;
    assert_ok(rules_suggest(&a, NULL, items, ARRAY_LEN(items), 10, &yaml, &e), &e);
    assert_true(str_find(yaml, S("# 80.00 USD in 2 rows"), 0) <
                str_find(yaml, S("# 70.00 USD in 1 row"), 0));
    size_t first = str_find(yaml, S("Hub seats, * x *"), 0);
    assert_true(first != SIZE_MAX);
    assert_true(str_find(yaml, S("Hub seats, * x *"), first + 1) == SIZE_MAX);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_rules_place_rows_before_the_built_in_ones),
        cmocka_unit_test(every_fault_of_a_bad_file_is_reported_in_one_run),
        cmocka_unit_test(a_file_may_be_empty_or_hold_only_tags),
        cmocka_unit_test(the_digest_follows_the_content),
        cmocka_unit_test(split_parts_always_sum_to_the_whole),
        cmocka_unit_test(memos_change_nothing_and_groups_keep_their_promise),
        cmocka_unit_test(a_flood_of_different_texts_is_bounded_and_right),
        cmocka_unit_test(embedded_tests_run_and_failures_name_their_place),
        cmocka_unit_test(suggested_rules_compile_and_place_what_they_were_made_for),
        cmocka_unit_test(invoices_of_one_thing_get_one_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
