/* test_mapped_csv.c - mapping files: what they mean, their faults, and drafts that load. */
#include "rows.h"

#include "ingest/suggest.h"

static bool read_mapped(struct arena *a, const char *map, const char *table, struct buf *text,
                        struct err *e)
{
    struct import_options o = plain_options();
    str path = temp_file(a, "table.csv", str_of(table));
    o.map_path = temp_file(a, "map.yaml", str_of(map));
    return read_files(a, &path, 1, &o, text, NULL, NULL, NULL, e);
}

static const struct {
    const char *map, *table, *rows;
} meanings[] = {
    {"columns:\n  day: Date\n  billed: Amount\n  provider: Vendor\nset:\n  currency: EUR\n",
     "Date,Vendor,Amount\n1/5/2026,OpenAI,\"$1,234.50\"\n",
     "1:2 2026-01-05 2026-01 billed=1234.5 effective=1234.5 EUR provider='OpenAI'\n"},
    {"delimiter: \";\"\ndates: dmy\nmoney: cents\nsign: reversed\nskip_lines: 2\n"
     "columns: {day: Datum, billed: Betrag, currency: [Waehrung, Currency]}\n",
     "Kontoauszug\nSeite 1\nDatum;Betrag;Currency\n5/1/2026;-12345.678901234567890125;chf\n",
     "1:4 2026-01-05 2026-01 billed=123.456789012345678901 effective=123.456789012345678901 "
     "CHF\n"},
    {"columns: {day: Date, debit: Debit, credit: Credit, description: Memo}\ntags: [Team]\n"
     "skip:\n  - {column: Date, is: \"\"}\n  - {column: Memo, is: \"total*\"}\n"
     "  - {column: Kind, is_not: Bill}\n",
     "Date,Memo,Debit,Credit,Kind,Team\n2026-02-01,GPU,10,,Bill,ml\n,heading,,,Bill,\n"
     "2026-02-02,refund,,4.5,Bill,\n2026-02-02,Total of all,10,4.5,Bill,\n"
     "2026-02-02,x,1,,Draft,\n",
     "1:2 2026-02-01 2026-02 billed=10 effective=10 USD description='GPU' tags='{\"Team\":\"ml\"}'\n"
     "1:4 2026-02-02 2026-02 billed=-4.5 effective=-4.5 USD description='refund'\n"},
    {"times: milliseconds\nstart: 2026-07-01\ninput_tokens: includes_reads\n"
     "columns: {day: t, tokens_in: i, tokens_cache_read: c, tokens_out: o}\n"
     "set: {model: m-1, provider: P, requests: 1}\n",
     "t,i,c,o\n86400000,10,4,2\n",
     "1:2 2026-07-02 2026-07 USD tokens_in=6 tokens_cache_read=4 tokens_out=2 requests=1 "
     "provider='P' model='m-1'\n"},
    {"columns: {day: day, billed: b, effective: e, list: l, quantity: q, unit: u, project: p}\n",
     "day|b|e|l|q|u|p\n20260301|1|2|3|4|h|x\n",
     "1:2 2026-03-01 2026-03 billed=1 effective=2 list=3 USD quantity=4 sub_account='x' "
     "unit='h'\n"},
    {"money: nanos\ncolumns: {day: day, billed: cost, model: model}\n",
     "day,cost,model\n2026-03-01,1500000001,m\n",
     "1:2 2026-03-01 2026-03 billed=1.500000001 effective=1.500000001 USD model='m'\n"},
};

static void a_mapping_says_what_columns_mean(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(meanings); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct buf text;
        buf_init(&text, ROWS_TEXT);
        assert_ok(read_mapped(&a, meanings[i].map, meanings[i].table, &text, &e), &e);
        assert_str(buf_str(&text), meanings[i].rows);
        buf_release(&text);
        arena_release(&a);
    }
}

static const struct {
    const char *map, *error, *hint;
} faults[] = {
    {"columns: {day: D, biled: A}\n", "map.yaml:1:19: there is no field 'biled'",
     "Did you mean 'billed'?"},
    {"colums: {day: D}\n", "map.yaml:1:1:", "Did you mean"},
    {"columns: {day: D, rule: A}\n", "there is no field 'rule'", ""},
    {"columns: {day: D}\n", "no column is money or tokens", "billed: Amount"},
    {"columns: {billed: A}\n", "no column is the day", "day: Date"},
    {"set: {currency: USD}\n", "a mapping needs columns", "day: Date"},
    {"dates: ymd\ncolumns: {day: D, billed: A}\n", "map.yaml:1:8: dates 'ymd' is not known",
     "It is one of mdy, dmy."},
    {"columns: {day: D, billed: A}\nset: {currency: XYZ}\n",
     "map.yaml:2:17: 'XYZ' is not a currency", ""},
    {"columns: {day: D, billed: A}\nset: {billed: 12}\n",
     "'billed' cannot be the same on every row", ""},
    {"columns: {day: D, billed: A, debit: B}\n", "billed stands beside debit or credit", ""},
    {"columns: {day: D, tokens_in: A, tokens_cache_read: B}\n",
     "it must be said whether tokens_in contains the cached tokens", "excludes_cache"},
    {"columns: {day: D, billed: A}\nstart: 2026-01-01\n", "start has no meaning beside dates", ""},
    {"columns: {day: D, billed: A}\nskip: [{column: D}]\n", "needs a column and one of is, is_not",
     ""},
    {"skip_lines: many\ncolumns: {day: D, billed: A}\n",
     "skip_lines 'many' is not a number of lines from 0 to 1000", ""},
};

static void faults_of_a_mapping_name_their_place(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        assert_error(read_mapped(&a, faults[i].map, "D,A\n2026-01-01,1\n", NULL, &e), &e,
                     faults[i].error);
        if (!strstr(e.hint, faults[i].hint) && !strstr(e.text, faults[i].hint))
            fail_msg("'%s' lacks '%s'", e.hint, faults[i].hint);
        arena_release(&a);
    }
}

static void columns_of_a_mapping_must_be_in_the_file(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    assert_error(read_mapped(&a, "columns: {day: Date, billed: Amout}\n",
                             "Date,Amount\n2026-01-01,1\n", NULL, &e),
                 &e, "table.csv: has no column Amout, which the mapping file needs");
    assert_non_null(strstr(e.hint, "Did you mean 'Amount'?"));
    arena_release(&a);
}

static const struct {
    const char *table;
    const char *says[4]; /* parts of the draft */
    const char *rows;    /* what it then reads */
} drafts[] = {
    {"Date,Vendor,Memo,Amount (EUR)\n13/1/2026,OpenAI,API,12.50\n2/1/2026,Anthropic,API,3\n",
     {"day: \"Date\"", "dates: dmy", "billed: \"Amount (EUR)\"", "provider: \"Vendor\""},
     "1:2 2026-01-13 2026-01 billed=12.5 effective=12.5 USD provider='OpenAI' description='API'\n"
     "1:3 2026-01-02 2026-01 billed=3 effective=3 USD provider='Anthropic' description='API'\n"},
    {"when;ccy;how much;x \"y\"\n2026-01-01;EUR;1;\n2026-01-02;EUR;2;\n",
     {"delimiter: \";\"", "unsure, by its values alone", "currency: \"ccy\"",
      "# not used: x \"y\" (always empty)"},
     "1:2 2026-01-01 2026-01 billed=1 effective=1 EUR\n"
     "1:3 2026-01-02 2026-01 billed=2 effective=2 EUR\n"},
    {"Acme Corp\nJournal\nDate,Account,Debit,Credit\n2026-01-01,6010,5,\n2026-01-02,6010,,2\n",
     {"skip_lines: 2", "debit: \"Debit\"", "credit: \"Credit\"", "currency: USD       # unsure"},
     "1:4 2026-01-01 2026-01 billed=5 effective=5 USD account='6010'\n"
     "1:5 2026-01-02 2026-01 billed=-2 effective=-2 USD account='6010'\n"},
    {"ts\tprompt tokens\tcompletion tokens\tcached\tmodel\n1767225600\t10\t5\t4\tm\n",
     {"delimiter: tab", "tokens_in: \"prompt tokens\"", "input_tokens: includes_reads_writes",
      "model: \"model\""},
     "1:2 2026-01-01 2026-01 USD tokens_in=6 tokens_cache_read=4 tokens_out=5 model='m'\n"},    /* names and values that YAML refuses: a byte order mark inside, a control character */
    {"Date,Amount,co\xef\xbb\xbfst,note\n2026-01-01,1,\xef\xbb\xbf,\xc2\x85\n",
     {"day: \"Date\"", "billed: \"Amount\"", "# not used: note ('?" "?')", "set:"},
     "1:2 2026-01-01 2026-01 billed=1 effective=1 USD\n"},
};

static void a_drafted_mapping_loads_and_reads(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(drafts); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct buf draft, text;
        buf_init(&draft, 1 << 20);
        buf_init(&text, ROWS_TEXT);
        str path = temp_file(&a, "draft.csv", str_of(drafts[i].table));
        assert_ok(import_suggest(&a, path, &draft, &e), &e);
        for (size_t k = 0; k < 4; k++)
            if (str_find(buf_str(&draft), str_of(drafts[i].says[k]), 0) == SIZE_MAX)
                fail_msg("draft lacks '%s':\n%.*s", drafts[i].says[k], FMT(buf_str(&draft)));
        struct import_options o = plain_options();
        o.map_path = temp_file(&a, "draft.yaml", buf_str(&draft));
        assert_ok(read_files(&a, &path, 1, &o, &text, NULL, NULL, NULL, &e), &e);
        assert_str(buf_str(&text), drafts[i].rows);
        buf_release(&draft);
        buf_release(&text);
        arena_release(&a);
    }
}

static void what_cannot_be_drafted_says_why(void **state)
{
    static const struct {
        const char *table, *error;
    } cases[] = {
        {"a,b\nx,1\n", "no column looks like dates"},
        {"a,b\n2026-01-01,x\n", "no column looks like money or tokens"},
        {"a,b\n", "no records to learn from"},
        {"{\"a\":1}\n", "is not delimited text"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct buf draft;
        buf_init(&draft, 1 << 20);
        str path = temp_file(&a, "draft.csv", str_of(cases[i].table));
        assert_error(import_suggest(&a, path, &draft, &e), &e, cases[i].error);
        buf_release(&draft);
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mapping_says_what_columns_mean),
        cmocka_unit_test(faults_of_a_mapping_name_their_place),
        cmocka_unit_test(columns_of_a_mapping_must_be_in_the_file),
        cmocka_unit_test(a_drafted_mapping_loads_and_reads),
        cmocka_unit_test(what_cannot_be_drafted_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, remove_temp_files);
}
