/* rules_test.c - tests that stand in rules.yaml: rows, and where they must land. */
#include "ingest/rules_test.h"

#include "ingest/rules_int.h"

static const char *const TEST_KEYS[] = {
    [EXPECT_CATEGORY] = "category",
    [EXPECT_RULE] = "rule",
    [EXPECT_INITIATIVE] = "initiative",
    [EXPECT_LINE] = "line",
    [EXPECT_CONFIDENCE] = "confidence",
    [EXPECT_AI] = "ai",
    [EXPECTS] = NULL,
};

/* ---- reading ---- */

static bool read_number(const struct yaml_node *v, enum range_field field, struct spend_row *row)
{
    dec n;
    day d;
    month m;
    switch (field) {
    case RANGE_DAY:
        if (!date_parse(v->text, DATE_MDY, &d))
            return false;
        row->day = d;
        return true;
    case RANGE_PERIOD:
        if (!month_parse(v->text, &m))
            return false;
        row->period = m;
        return true;
    default:
        if (dec_parse(v->text, &n) != DEC_OK)
            return false;
        *(field == RANGE_BILLED      ? &row->billed
          : field == RANGE_EFFECTIVE ? &row->effective
          : field == RANGE_LIST      ? &row->list
                                     : &row->quantity) = n;
        return true;
    }
}

static void unknown(struct diags *d, const struct yaml_node *key)
{
    size_t n;
    const char *const *known = rules_field_names(&n);
    const char *close = str_closest(key->text, known, n);
    char hint[128] = "";
    if (close)
        snprintf(hint, sizeof hint, "Did you mean '%s'?", close);
    yaml_fault(d, key, str_of(hint), "unknown field '%.*s'", FMT(key->text));
}

static void read_cell(struct diags *d, const struct yaml_pair *p, struct spend_row *row)
{
    enum range_field field;
    enum spend_text text;
    if (p->value->kind != YAML_SCALAR) {
        yaml_fault(d, p->value, STR_NONE, "'%.*s' must be one value", FMT(p->key->text));
    } else if (rules_range_field(p->key->text, &field)) {
        if (!read_number(p->value, field, row))
            yaml_fault(d, p->value, STR_NONE, "'%.*s' is not a value of %s", FMT(p->value->text),
                       rules_range_name(field));
    } else if (str_eq(p->key->text, S("currency"))) {
        if (!currency_parse(p->value->text, &row->currency))
            yaml_fault(d, p->value, S("Write an ISO 4217 code, such as USD."),
                       "'%.*s' is not a currency", FMT(p->value->text));
    } else if (spend_text_parse(p->key->text, &text)) {
        row->text[text] = p->value->text;
    } else {
        unknown(d, p->key);
    }
}

static void add_json(struct buf *b, str s)
{
    buf_addc(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"' || s.p[i] == '\\')
            buf_addc(b, '\\');
        buf_addc(b, s.p[i]);
    }
    buf_addc(b, '"');
}

/* Keys "tag.NAME" become the JSON of the row's tags. */
static str read_tags(struct arena *a, const struct yaml_node *map)
{
    struct buf b;
    buf_init(&b, 8 << 20);
    for (size_t i = 0; i < map->n; i++) {
        const struct yaml_pair *p = &map->pairs[i];
        if (!str_starts(p->key->text, S("tag.")) || p->value->kind != YAML_SCALAR)
            continue;
        buf_addc(&b, b.n ? ',' : '{');
        add_json(&b, str_sub(p->key->text, 4, p->key->text.n));
        buf_addc(&b, ':');
        add_json(&b, p->value->text);
    }
    if (b.n)
        buf_addc(&b, '}');
    str tags = str_dup(a, buf_str(&b));
    buf_release(&b);
    return tags;
}

static void read_row(struct arena *a, const struct yaml_node *map, struct diags *d,
                     struct spend_row *row)
{
    spend_row_clear(row);
    if (map->kind != YAML_MAP) {
        yaml_fault(d, map, STR_NONE, "'row' must name fields of a row");
        return;
    }
    row->text[SPEND_TAGS] = read_tags(a, map);
    for (size_t i = 0; i < map->n; i++)
        if (!str_starts(map->pairs[i].key->text, S("tag.")))
            read_cell(d, &map->pairs[i], row);
    if (row->period == MONTH_NONE && row->day != DAY_NONE)
        row->period = month_of_day(row->day);
}

static void read_test(struct rules_builder *b, const struct yaml_node *map, struct diags *d,
                      struct rule_test *t)
{
    static const char *const KNOWN[] = {"row", "expect", "note", NULL};
    const struct yaml_node *row = yaml_get(map, "row"), *expect = yaml_get(map, "expect");
    if (map->kind != YAML_MAP || !row || !expect) {
        yaml_fault(d, map, STR_NONE, "a test needs 'row' and 'expect'");
        return;
    }
    yaml_only(d, map, KNOWN);
    read_row(b->a, row, d, &t->row);
    if (expect->kind != YAML_MAP || !expect->n) {
        yaml_fault(d, expect, S("Write expect: {category: vendor}"), "'expect' expects nothing");
        return;
    }
    yaml_only(d, expect, TEST_KEYS);
    uint32_t ppm;
    enum category category;
    for (int k = 0; k < EXPECTS; k++) {
        const struct yaml_node *v = t->expect[k] = yaml_get(expect, TEST_KEYS[k]);
        if (v && v->kind != YAML_SCALAR)
            yaml_fault(d, v, STR_NONE, "'%s' must be one value", TEST_KEYS[k]);
        else if (v && k == EXPECT_AI && !str_eq(v->text, S("0%")) && !share_parse(v->text, &ppm))
            yaml_fault(d, v, STR_NONE, "'%.*s' is not a share", FMT(v->text));
        else if (v && k == EXPECT_CATEGORY && !category_parse(v->text, &category))
            yaml_fault(d, v, S("It is infra, talent, vendor, data, reserve, not_ai or review."),
                       "unknown category '%.*s'", FMT(v->text));
    }
}

void rules_read_tests(struct rules_builder *b, const struct yaml_node *list, struct diags *d)
{
    if (list->kind == YAML_SCALAR && !list->text.n)
        return;
    if (list->kind != YAML_LIST) {
        yaml_fault(d, list, STR_NONE, "'tests' must be a list, each test behind a '-'");
        return;
    }
    struct rule_test *tests = arena_new(b->a, struct rule_test, list->n);
    for (size_t i = 0; i < list->n; i++)
        read_test(b, list->items[i], d, &tests[i]);
    b->r->tests = tests;
    b->r->n_tests = list->n;
}

/* ---- running ---- */

/* What came out, in the words of the expectation. */
static str outcome(struct arena *a, int key, const struct spend_row *rows, size_t n)
{
    uint32_t ai = 0;
    char text[DEC_TEXT];
    switch (key) {
    case EXPECT_CATEGORY:
        return str_of(category_key(rows[0].category));
    case EXPECT_RULE:
        return rows[0].text[SPEND_RULE].n ? rows[0].text[SPEND_RULE] : S("none");
    case EXPECT_INITIATIVE:
        return rows[0].text[SPEND_INITIATIVE];
    case EXPECT_LINE:
        return rows[0].text[SPEND_LINE];
    case EXPECT_CONFIDENCE:
        return str_fmt(a, "%u", rows[0].confidence);
    default:
        for (size_t i = 0; i < n; i++)
            if (rows[i].category != CATEGORY_NOT_AI)
                ai += rows[i].share_ppm;
        return str_fmt(a, "%.*s%%", FMT(dec_format((dec)ai * (DEC_ONE / 10000), text)));
    }
}

static bool same(int key, str wanted, str found)
{
    uint32_t a, b;
    if (key == EXPECT_AI && share_parse(wanted, &a) && share_parse(found, &b))
        return a == b;
    return str_eq(wanted, found);
}

static bool run(struct classifier *c, const struct rule_test *t, struct arena *a, struct diags *d,
                struct rules_report *report, struct err *e)
{
    struct spend_row rows[SPLIT_MOST];
    size_t n;
    rows[0] = t->row;
    if (!classify(c, rows, &n, e))
        return false;
    bool failed = false;
    for (int k = 0; k < EXPECTS; k++) {
        if (!t->expect[k])
            continue;
        str found = outcome(a, k, rows, n);
        if (same(k, t->expect[k]->text, found))
            continue;
        failed = true;
        str rule = outcome(a, EXPECT_RULE, rows, n);
        str hint = k == EXPECT_RULE             ? STR_NONE
                   : rows[0].text[SPEND_RULE].n ? str_fmt(a, "Rule '%.*s' placed it.", FMT(rule))
                                                : S("No rule placed it.");
        yaml_fault(d, t->expect[k], hint, "the test expects %s '%.*s', found '%.*s'", TEST_KEYS[k],
                   FMT(t->expect[k]->text), FMT(found));
    }
    report->failed += failed;
    return true;
}

bool rules_test(struct arena *a, str user_path, str user_yaml, struct diags *d,
                struct rules_report *ret, struct err *e)
{
    struct rules *r;
    size_t errors = d->errors;
    *ret = (struct rules_report){0};
    if (!rules_compile(a, user_path, user_yaml, d, &r, e))
        return d->errors > errors;
    struct rules_report report = {
        .own = r->n_user, .builtin = r->n - r->n_user, .tests = r->n_tests};
    struct classifier *c = classifier_new(r);
    bool ok = true;
    for (size_t i = 0; ok && i < r->n_tests; i++)
        ok = run(c, &r->tests[i], a, d, &report, e);
    classifier_free(c);
    if (ok)
        *ret = report;
    return ok;
}
