/* cmd_rules.c - outlay rules: test, why, suggest, apply. */
#include "app/allocate.h"
#include "base/limits.h"
#include "base/os.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/rework_cli.h"
#include "cli/support.h"
#include "ingest/rules_split.h"
#include "ingest/rules_suggest.h"
#include "ingest/rules_test.h"
#include "report/ledger_list.h"

/* ---- list ---- */

static bool run_list(struct ctx *c, struct err *e)
{
    static const struct doc_column columns[] = {
        {"id", "Rule", CELL_TEXT, SHOW_ALL, 0, -1},
        {"category", "Category", CELL_TEXT, SHOW_ALL, 0, -1},
        {"confidence", "Confidence", CELL_COUNT, SHOW_ALL, 0, -1},
        {"matches", "Matches", CELL_TEXT, SHOW_ALL, 0, -1},
        {"note", "Note", CELL_TEXT, SHOW_DATA, 0, -1},
    };
    struct workspace w;
    if (!open_workspace(c, NEED_RULES, &w, e))
        return false;
    struct doc *d = doc_new(c->arena, "rules", S("Rules, in the order in which they stand"));
    d->currency = w.settings.currency;
    struct doc_table *t = doc_table(d, "rules", STR_NONE, columns, ARRAY_LEN(columns));
    size_t n;
    const struct rule_info *items = rules_items(w.rules, &n);
    for (size_t i = 0; i < n; i++) {
        struct cell *x = doc_row(d, t, ROW_NORMAL, 0);
        x[0] = cell_text(items[i].id);
        x[1] = cell_text(str_of(category_key(items[i].category)));
        x[2] = cell_count(items[i].confidence);
        x[3] = cell_text(items[i].text);
        x[4] = items[i].note.n ? cell_text(items[i].note) : cell_null();
    }
    return io_report(c, d, e);
}

/* ---- test ---- */

static bool run_test(struct ctx *c, struct err *e)
{
    str path = args_n(c->args) ? args_operand(c->args, 0)
                               : path_join(c->arena, c->book_dir, S("rules.yaml"));
    str text;
    struct diags faults;
    struct rules_report found;
    diags_init(&faults, c->arena);
    if (!file_read(c->arena, path, LIMIT_YAML_BYTES, &text, e) ||
        !rules_test(c->arena, path, text, &faults, &found, e))
        return false;
    diags_sort(&faults);
    io_diags(c, &faults);
    struct doc *d = doc_new(c->arena, "rules_test",
                            faults.errors ? S("The rules have faults") : S("The rules are sound"));
    doc_figure(d, "own", S("Own rules"), 0, cell_count((int64_t)found.own));
    doc_figure(d, "builtin", S("Built-in rules"), 0, cell_count((int64_t)found.builtin));
    doc_figure(d, "tests", S("Tests"), 0, cell_count((int64_t)found.tests));
    doc_figure(d, "failed", S("Tests that failed"), 0, cell_count((int64_t)found.failed));
    doc_figure(d, "errors", S("Faults"), 0, cell_count((int64_t)faults.errors));
    if (!io_report(c, d, e))
        return false;
    return !faults.errors || diags_to_err(&faults, e);
}

/* ---- why ---- */

static void explain_row(struct ctx *c, struct doc *d, const struct spend_row *row)
{
    struct doc_table *t;
    static const struct doc_column columns[] = {
        {"field", "Field", CELL_TEXT, SHOW_ALL, 0, -1},
        {"value", "Value", CELL_TEXT, SHOW_ALL, 0, -1},
    };
    t = doc_table(d, "row", S("The row"), columns, ARRAY_LEN(columns));
    char text[DEC_TEXT], date[DATE_TEXT];
    struct cell *x = doc_row(d, t, ROW_NORMAL, 0);
    x[0] = cell_text(S("day"));
    x[1] = cell_text(str_dup(c->arena, date_format(row->day, date)));
    x = doc_row(d, t, ROW_NORMAL, 0);
    x[0] = cell_text(S("billed"));
    x[1] = row->billed == DEC_NULL ? cell_null()
                                   : cell_text(str_fmt(c->arena, "%s %s", row->currency.code,
                                                       dec_format(row->billed, text).p));
    for (int k = 0; k < SPEND_TEXTS; k++) {
        if (!row->text[k].n)
            continue;
        x = doc_row(d, t, ROW_NORMAL, 0);
        x[0] = cell_text(str_of(spend_text_key((enum spend_text)k)));
        x[1] = cell_text(row->text[k]);
    }
}

static void parts_table(struct doc *d, const struct ledger_row *rows, size_t n)
{
    static const struct doc_column columns[] = {
        {"category", "Placed in", CELL_TEXT, SHOW_ALL, 0, -1},
        {"initiative", "Initiative", CELL_TEXT, SHOW_ALL, 0, -1},
        {"line", "Line", CELL_TEXT, SHOW_ALL, 0, -1},
        {"share", "Share", CELL_SHARE, SHOW_ALL, 1, -1},
        {"effective", "Effective", CELL_MONEY, SHOW_ALL, 4, -1},
        {"rule", "Rule", CELL_TEXT, SHOW_ALL, 0, -1},
        {"confidence", "Confidence", CELL_COUNT, SHOW_ALL, 0, -1},
    };
    struct doc_table *t = doc_table(d, "placed", S("Where it stands in the ledger"), columns,
                                    ARRAY_LEN(columns));
    for (size_t i = 0; i < n; i++) {
        const struct spend_row *r = &rows[i].row;
        struct cell *x = doc_row(d, t, ROW_NORMAL, 0);
        x[0] = cell_text(str_of(category_key(r->category)));
        x[1] = r->text[SPEND_INITIATIVE].n ? cell_text(r->text[SPEND_INITIATIVE]) : cell_null();
        x[2] = r->text[SPEND_LINE].n ? cell_text(r->text[SPEND_LINE]) : cell_null();
        x[3] = cell_share(dec_from_i64(r->share_ppm) / 1000000);
        x[4] = cell_money(r->effective);
        x[5] = r->text[SPEND_RULE].n ? cell_text(r->text[SPEND_RULE]) : cell_text(S("none"));
        x[6] = cell_count(r->confidence);
    }
}

static bool hits_table(struct ctx *c, struct doc *d, const struct rules *rules,
                       const struct spend_row *row, struct err *e)
{
    static const struct doc_column columns[] = {
        {"rule", "Rule", CELL_TEXT, SHOW_ALL, 0, -1},
        {"category", "Category", CELL_TEXT, SHOW_ALL, 0, -1},
        {"confidence", "Confidence", CELL_COUNT, SHOW_ALL, 0, -1},
        {"because", "Because", CELL_TEXT, SHOW_ALL, 0, -1},
        {"line", "Line", CELL_COUNT, SHOW_ALL, 0, -1},
    };
    struct classifier *classifier = classifier_new(rules);
    struct rule_hit *hits;
    size_t n;
    bool ok = classify_explain(classifier, row, c->arena, &hits, &n, e);
    classifier_free(classifier);
    if (!ok)
        return false;
    struct doc_table *t =
        doc_table(d, "rules", S("Rules that match now; the first one places the row"), columns,
                  ARRAY_LEN(columns));
    t->empty_text = S("No rule matches: the row is not AI.");
    for (size_t i = 0; i < n; i++) {
        struct cell *x = doc_row(d, t, ROW_NORMAL, 0);
        x[0] = cell_text(hits[i].rule->id);
        x[1] = cell_text(str_of(category_key(hits[i].rule->category)));
        x[2] = cell_count(hits[i].rule->confidence);
        x[3] = cell_text(hits[i].because);
        x[4] = hits[i].rule->line ? cell_count(hits[i].rule->line) : cell_null();
    }
    return true;
}

static bool run_why(struct ctx *c, struct err *e)
{
    struct workspace w;
    int64_t import;
    uint32_t file;
    uint64_t line;
    str name = args_operand(c->args, 0);
    if (!row_id_parse(name, &import, &file, &line))
        return args_wrong(c->args, e, "'%.*s' is not a row; rows look like 2/1:1841", FMT(name));
    struct ledger_row *rows;
    size_t n;
    if (!open_workspace(c, NEED_RULES | NEED_LEDGER, &w, e) ||
        !ledger_row_at(w.ledger, import, file, line, c->arena, &rows, &n, e))
        return false;
    if (!n) {
        err_set(e, ERR_FAILED, "the ledger has no row '%.*s'", FMT(name));
        return err_hint(e, "'outlay ledger' lists rows with their names.");
    }
    struct spend_row *whole = arena_new(c->arena, struct spend_row, 1);
    struct spend_row *parts = arena_new(c->arena, struct spend_row, n);
    for (size_t i = 0; i < n; i++)
        parts[i] = rows[i].row;
    *whole = parts[0];
    if (n > 1 && parts[0].share_ppm < 1000000 && !rows_join(parts, n, whole, e))
        return false;
    struct import_info *imports;
    size_t n_imports;
    if (!book_imports(w.book, c->arena, &imports, &n_imports, e))
        return false;
    struct doc *d = doc_new(c->arena, "rules_why", str_fmt(c->arena, "Row %.*s", FMT(name)));
    d->currency = whole->currency;
    for (size_t i = 0; i < n_imports; i++)
        if (imports[i].id == import && file >= 1 && file <= imports[i].n_files)
            d->subtitle = str_fmt(c->arena, "%.*s, line %llu", FMT(imports[i].files[file - 1].path),
                                  (unsigned long long)line);
    parts_table(d, rows, n);
    if (!hits_table(c, d, w.rules, whole, e))
        return false;
    explain_row(c, d, whole);
    return io_report(c, d, e);
}

/* ---- suggest ---- */

static bool run_suggest(struct ctx *c, struct err *e)
{
    static const struct ledger_key keys[] = {
        {.kind = KEY_TEXT, .text = SPEND_PROVIDER}, {.kind = KEY_TEXT, .text = SPEND_SERVICE},
        {.kind = KEY_TEXT, .text = SPEND_METER},    {.kind = KEY_TEXT, .text = SPEND_DESCRIPTION},
        {.kind = KEY_TEXT, .text = SPEND_RULE},     {.kind = KEY_CURRENCY},
    };
    static const struct ledger_filter review = {.key = {.kind = KEY_CATEGORY}, .op = FILTER_IS,
                                                .value = {"review", 6}};
    static const struct ledger_filter unplaced = {
        .key = {.kind = KEY_TEXT, .text = SPEND_RULE}, .op = FILTER_IS, .value = {"", 0}};
    struct workspace w;
    struct ledger_query q = {.keys = keys, .n_keys = ARRAY_LEN(keys), .n_filters = 1};
    if (!open_workspace(c, NEED_RULES | NEED_LEDGER, &w, e) ||
        !period_of(c, w.settings.fiscal_start, &q.from, &q.to, e))
        return false;
    q.filters = args_flag(c->args, "unplaced") ? &unplaced : &review;
    struct ledger_sums sums;
    if (!ledger_sum(w.ledger, &q, c->arena, &sums, e))
        return false;
    struct unplaced *groups = arena_new(c->arena, struct unplaced, sums.n);
    for (size_t i = 0; i < sums.n; i++) {
        const struct ledger_sum *s = &sums.items[i];
        groups[i] = (struct unplaced){.provider = s->keys[0],
                                      .service = s->keys[1],
                                      .meter = s->keys[2],
                                      .description = s->keys[3],
                                      .rule = s->keys[4],
                                      .amount = dec_or_zero(s->effective),
                                      .rows = s->rows};
        if (!currency_parse(s->keys[5], &groups[i].currency))
            groups[i].currency = w.settings.currency;
    }
    str draft;
    size_t most = (size_t)args_count(c->args, "limit", 10);
    if (!rules_suggest(c->arena, w.rules, groups, sums.n, most, &draft, e))
        return false;
    if (!draft.n)
        io_note(c, "nothing waits for a rule");
    return io_out(c, draft, e);
}

/* ---- shares ---- */

static bool run_shares(struct ctx *c, struct err *e)
{
    static const char *const KINDS[] = {"fixed", "usage", "headcount"};
    static const struct doc_column columns[] = {
        {"rule", "Allocation", CELL_TEXT, SHOW_ALL, 0, -1},
        {"by", "By", CELL_TEXT, SHOW_ALL, 0, -1},
        {"month", "Month", CELL_MONTH, SHOW_ALL, 0, -1},
        {"category", "Category", CELL_TEXT, SHOW_ALL, 0, -1},
        {"initiative", "Initiative", CELL_TEXT, SHOW_ALL, 0, -1},
        {"line", "Line", CELL_TEXT, SHOW_ALL, 0, -1},
        {"share", "Share", CELL_SHARE, SHOW_ALL, 2, -1},
    };
    struct workspace w;
    struct allocation_share *items;
    size_t n;
    if (!open_workspace(c, NEED_RULES | NEED_LEDGER, &w, e) || !allocate_shares(&w, NULL, e))
        return false;
    allocation_list(&w, &items, &n);
    struct doc *d = doc_new(c->arena, "shares", S("Shares of shared spend, by month"));
    d->currency = w.settings.currency;
    struct doc_table *t = doc_table(d, "shares", STR_NONE, columns, ARRAY_LEN(columns));
    t->empty_text = S("No allocation by usage or headcount has shares.");
    for (size_t i = 0; i < n; i++) {
        const struct allocation_target *to = items[i].target;
        bool heads = items[i].allocation->kind == ALLOCATE_HEADCOUNT;
        struct cell *x = doc_row(d, t, ROW_NORMAL, 0);
        x[0] = cell_text(items[i].allocation->id);
        x[1] = cell_text(heads ? str_of(KINDS[ALLOCATE_HEADCOUNT])
                               : str_fmt(c->arena, "usage (%.*s)",
                                         FMT(items[i].allocation->measure)));
        x[2] = cell_month(items[i].month);
        x[3] = cell_text(str_of(category_key(to->category)));
        x[4] = to->initiative.n ? cell_text(to->initiative) : cell_null();
        x[5] = to->line.n ? cell_text(to->line) : cell_null();
        x[6] = cell_share(dec_from_i64(items[i].ppm) / 1000000);
    }
    doc_note(d, NOTE_INFO, "'outlay rules apply' divides the rows by these shares.");
    return io_report(c, d, e);
}

static bool run_apply(struct ctx *c, struct err *e)
{
    return run_rework(c, REWORK_RULES, e);
}

static const struct option suggest_options[] = {
    PERIOD_OPTIONS,
    {.name = "limit", .letter = 'n', .kind = OPT_COUNT, .arg = "N",
     .help = "At most N rules, largest spend first. Default: 10."},
    {.name = "unplaced", .kind = OPT_FLAG,
     .help = "Look at spend that no rule places, instead of what waits for review."},
    {.name = NULL},
};

static const struct example test_examples[] = {
    {"rules test", "check rules.yaml and run the tests it holds"}, {NULL, NULL}};
static const struct example why_examples[] = {
    {"rules why 2/1:1841", "every rule that matches a row, and why"}, {NULL, NULL}};
static const struct example suggest_examples[] = {
    {"rules suggest", "rules for the largest spend that waits for review"},
    {"rules suggest --unplaced -n 20", "and for what nothing has placed"},
    {NULL, NULL}};
static const struct example apply_examples[] = {
    {"rules apply --dry-run", "what the changed rules would move"},
    {"rules apply", "and move it"},
    {NULL, NULL}};

const struct command cmd_rules = {
    .name = "rules",
    .summary = "The classification rules, own and built-in",
    .usage = "",
    .group = "Inventory",
    .details =
        "Own rules (rules.yaml) stand first, the first match wins; of the built-in ones the most "
        "confident wins. Under a confidence of 70 a row waits for review.",
    .max_operands = 0,
    .complete_operands = "none",
    .run = run_list,
};

const struct command cmd_rules_test = {
    .name = "rules test",
    .summary = "Check rules.yaml: every fault, and its tests",
    .usage = "[FILE]",
    .group = "Inventory",
    .examples = test_examples,
    .max_operands = 1,
    .complete_operands = "file",
    .run = run_test,
};

const struct command cmd_rules_why = {
    .name = "rules why",
    .summary = "Why a row is where it is",
    .usage = "ROW",
    .group = "Inventory",
    .examples = why_examples,
    .min_operands = 1,
    .max_operands = 1,
    .complete_operands = "none",
    .run = run_why,
};

const struct command cmd_rules_suggest = {
    .name = "rules suggest",
    .summary = "Draft rules for the largest spend not placed yet",
    .usage = "[OPTIONS]",
    .group = "Inventory",
    .examples = suggest_examples,
    .options = suggest_options,
    .max_operands = 0,
    .complete_operands = "none",
    .run = run_suggest,
};

static const struct example shares_examples[] = {
    {"rules shares", "who shares the allocated spend, month by month"}, {NULL, NULL}};

const struct command cmd_rules_shares = {
    .name = "rules shares",
    .summary = "The shares of shared spend, month by month",
    .usage = "",
    .group = "Inventory",
    .examples = shares_examples,
    .details = "As the ledger and the plan give them now, for 'allocate:' in rules.yaml.",
    .max_operands = 0,
    .complete_operands = "none",
    .run = run_shares,
};

const struct command cmd_rules_apply = {
    .name = "rules apply",
    .summary = "Place what is in the ledger anew, by the rules as they are now",
    .usage = "[OPTIONS]",
    .group = "Inventory",
    .examples = apply_examples,
    .options = rework_options,
    .details =
        "Rows keep the place they were given at import until this is run. Totals never change. "
        "Closed months are left alone.",
    .max_operands = 0,
    .complete_operands = "none",
    .run = run_apply,
};
