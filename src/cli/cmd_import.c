/* cmd_import.c - outlay import: bills into the book. */
#include "app/import.h"
#include "app/settle.h"
#include "base/limits.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "ingest/focus_check.h"
#include "ingest/suggest.h"
#include "report/import_report.h"

static void began(void *ctx, uint64_t bytes, size_t files)
{
    struct ctx *c = ctx;
    (void)files;
    progress_begin(io_progress(c), S("importing"), bytes);
}

static void progressed(void *ctx, double share, uint64_t rows)
{
    struct ctx *c = ctx;
    progress_update(io_progress(c), share, rows);
}

static struct doc *outcome_doc(struct ctx *c, const struct workspace *w,
                               const struct import_outcome *o, bool dry_run)
{
    struct arena *a = c->arena;
    struct import_line *files = arena_new(a, struct import_line, o->n_files + o->n_known);
    size_t n = 0;
    for (size_t i = 0; i < o->n_files; i++) {
        const struct source_file *f = &o->files[i];
        files[n++] = (struct import_line){f->path, str_of(f->importer->name), f->counts.records,
                                          f->counts.rows, f->counts.skipped, 0};
    }
    for (size_t i = 0; i < o->n_known; i++)
        files[n++] = (struct import_line){.path = o->known[i].path, .known = o->known[i].import};
    struct import_amount *amounts = arena_new(a, struct import_amount, o->n_sums);
    for (size_t i = 0; i < o->n_sums; i++) {
        const struct import_sum *s = &o->sums[i];
        amounts[i] = (struct import_amount){s->category, s->currency, s->rows,
                                            s->unpriced, s->billed,   s->effective};
    }
    struct import_report r = {.import = o->import,
                              .dry_run = dry_run,
                              .mode = o->info.mode,
                              .currency = w->settings.currency,
                              .rows = o->info.rows,
                              .first = o->n_files ? o->info.first : DAY_NONE,
                              .last = o->info.last,
                              .files = files,
                              .n_files = n,
                              .amounts = amounts,
                              .n_amounts = o->n_sums,
                              .notes = o->notes,
                              .n_notes = o->n_notes,
                              .n_replaced = o->n_overlaps,
                              .as_of = c->today};
    return report_import(&r, a);
}

static size_t rows_in(const struct settlement *items, size_t n)
{
    size_t rows = 0;
    for (size_t i = 0; i < n; i++)
        rows += items[i].n_rows;
    return rows;
}

/* A posting or payment and the bill it paid are the same money, whichever came first. */
static bool match_payments(struct ctx *c, struct workspace *w, const struct import_outcome *o,
                           bool replace, struct err *e)
{
    struct settle_outcome s;
    if (!settle_all(w, o->overlaps, replace ? o->n_overlaps : 0, c->interrupted, &s, e))
        return err_wrap(e, "the import stands, but matching payments failed");
    for (size_t i = 0; i < s.n_dissolved; i++) {
        char period[MONTH_TEXT], amount[DEC_GROUPED_TEXT];
        const struct settlement *x = &s.dissolved[i];
        io_note(c, "match %lld no longer holds: the bill of %.*s for %s, or its payment of %s %s, "
                   "was replaced",
                (long long)x->id, FMT(x->provider), month_format(x->period, period).p,
                dec_format_grouped(x->amount, 2, amount).p, x->currency.code);
    }
    size_t rows = rows_in(s.made, s.n_made);
    if (rows)
        io_note(c, "%s posting%s or payment%s paid bills that are in the book: counted once "
                   "('outlay reconcile matches')",
                str_count(c->arena, rows).p, rows == 1 ? "" : "s", rows == 1 ? "" : "s");
    return true;
}

static bool import(struct ctx *c, struct err *e)
{
    struct workspace w;
    if (!open_workspace(c, NEED_BOOK_WRITE | NEED_RULES | NEED_PRICES | NEED_LEDGER, &w, e))
        return false;
    struct text_list paths = args_operands(c->args);
    bool add = args_flag(c->args, "add"), replace = args_flag(c->args, "replace");
    if (add && replace)
        return args_wrong(c->args, e, "--add and --replace exclude each other");
    struct text_list rates = args_list(c->args, "rate"), keep = args_list(c->args, "keep-payee");
    struct import_request q = {
        .rates = rates.items,
        .n_rates = rates.n,
        .keep_payees = keep.items,
        .n_keep_payees = keep.n,
        .paths = paths.items,
        .n_paths = paths.n,
        .options = {.as = args_text(c->args, "as"),
                    .map_path = args_text(c->args, "map"),
                    .model = args_text(c->args, "model"),
                    .provider = args_text(c->args, "provider"),
                    .account = args_text(c->args, "account"),
                    .start = args_day(c->args, "start")},
        .overlap = add ? OVERLAP_ADD : replace ? OVERLAP_REPLACE : OVERLAP_REFUSE,
        .dry_run = args_flag(c->args, "dry-run"),
        .note = args_text(c->args, "note"),
        .progress = progressed,
        .progress_ctx = c,
        .began = began,
        .interrupted = c->interrupted,
    };
    struct import_outcome o;
    bool ok = import_files(&w, &q, &o, e);
    progress_end(io_progress(c));
    if (!ok)
        return false;
    if (!io_report(c, outcome_doc(c, &w, &o, q.dry_run), e) ||
        (o.import && !match_payments(c, &w, &o, replace, e)))
        return false;
    if (o.info.unpriced && args_flag(c->args, "strict"))
        return err_set(e, ERR_THRESHOLD, "%llu row%s no known cost (--strict)",
                       (unsigned long long)o.info.unpriced,
                       o.info.unpriced == 1 ? " has" : "s have");
    return true;
}

static bool suggest(struct ctx *c, struct err *e)
{
    CLEANUP(buf_release) struct buf draft;
    buf_init(&draft, LIMIT_YAML_BYTES);
    return import_suggest(c->arena, args_operand(c->args, 0), &draft, e) &&
           io_out(c, buf_str(&draft), e);
}

static bool check(struct ctx *c, struct err *e)
{
    str path = args_operand(c->args, 0);
    struct diags faults;
    struct focus_check found;
    diags_init(&faults, c->arena);
    if (!focus_check(c->arena, path, &faults, &found, e))
        return false;
    io_diags(c, &faults);
    struct doc *d = doc_new(c->arena, "check", str_fmt(c->arena, "FOCUS %s", found.version));
    doc_figure(d, "rows", S("Rows"), 0, cell_count((int64_t)found.rows));
    doc_figure(d, "products", S("Rows where quantity x price was compared with the cost"), 0,
               cell_count((int64_t)found.products));
    doc_figure(d, "errors", S("Faults"), 0, cell_count((int64_t)faults.errors));
    doc_figure(d, "warnings", S("Deviations that an import tolerates"), 0,
               cell_count((int64_t)faults.warnings));
    if (!io_report(c, d, e))
        return false;
    return !faults.errors || err_set(e, ERR_INVALID, "'%.*s' does not conform to FOCUS", FMT(path));
}

static bool run(struct ctx *c, struct err *e)
{
    bool drafts = args_flag(c->args, "suggest"), checks = args_flag(c->args, "check");
    if ((drafts || checks) && args_n(c->args) != 1)
        return args_wrong(c->args, e, "--suggest and --check take one file");
    return drafts ? suggest(c, e) : checks ? check(c, e) : import(c, e);
}

static const struct option options[] = {
    {.name = "as",
     .kind = OPT_TEXT,
     .arg = "FORMAT",
     .help =
         "Read as this format instead of finding it by content; 'outlay help formats' lists them."},
    {.name = "map",
     .kind = OPT_FILE,
     .arg = "MAP.yaml",
     .help = "Read any table through a mapping file."},
    {.name = "suggest", .kind = OPT_FLAG, .help = "Draft a mapping file for one file, and stop."},
    {.name = "check",
     .kind = OPT_FLAG,
     .help = "Report how well one FOCUS file conforms, and stop; nothing is imported."},
    {.name = "add",
     .kind = OPT_FLAG,
     .help = "What is already there for an account and month is another part: both count."},
    {.name = "replace",
     .kind = OPT_FLAG,
     .help = "The files restate what is already there for their accounts and months."},
    {.name = "dry-run", .kind = OPT_FLAG, .help = "Do everything but the import."},
    {.name = "model",
     .kind = OPT_TEXT,
     .arg = "NAME",
     .help = "Model of request logs that name none."},
    {.name = "provider",
     .kind = OPT_TEXT,
     .arg = "NAME",
     .help = "Provider of files that name none."},
    {.name = "account", .kind = OPT_TEXT, .arg = "ID", .help = "Account of files that name none."},
    {.name = "rate",
     .kind = OPT_TEXT,
     .arg = "UNIT=PRICE",
     .repeats = true,
     .help = "Price of usage in units of a vendor's own: DBU=0.55, 'DBU@*SERVERLESS*=0.70', "
             "credits=3.10EUR."},
    {.name = "keep-payee",
     .kind = OPT_TEXT,
     .arg = "NAME",
     .repeats = true,
     .help = "Keep this payee's name ('*' and '?' allowed) instead of a token; for good: payees: "
             "in rules.yaml."},
    {.name = "start",
     .kind = OPT_FIRST_DAY,
     .arg = "DAY",
     .help = "Day at which relative times of a log start."},
    {.name = "note", .kind = OPT_TEXT, .arg = "TEXT", .help = "Kept with the import."},
    {.name = NULL},
};

static const struct example examples[] = {
    {"import bills/", "every bill in a folder, as one batch"},
    {"import aws-2026-07.csv.gz azure.csv", "two bills; their formats are found by content"},
    {"import --suggest vendors.csv > vendors.yaml", "draft a mapping for any other table"},
    {"import --map vendors.yaml vendors.csv", "and read it"},
    {"import --replace aws-2026-07-final.csv.gz", "a restatement of a month already there"},
    {"import --model gpt-4o requests.csv", "a request log, priced from the price book"},
    {"import --rate DBU=0.55 databricks.csv", "units of a vendor's own, at your price"},
    {NULL, NULL},
};

const struct command cmd_import = {
    .name = "import",
    .summary = "Read bills, usage and logs into the book",
    .usage = "[OPTIONS] FILE...",
    .group = "Inventory",
    .examples = examples,
    .options = options,
    .details =
        "The files of one command are one batch: all of it is imported or nothing is. Folders and "
        "globs "
        "are read in whole. Formats are found by content; gzip and Zstandard are unpacked.\n\n"
        "The same bytes again change nothing. More for a provider, account and billing month that "
        "is "
        "already there is refused until --add or --replace says what it is. A file with a fault is "
        "refused with its line, column, value and the remedy.\n\n"
        "Every row keeps its file, its line and the rule that placed it. Usage without a cost is "
        "priced "
        "from the dated price book and keeps the price's id.",
    .min_operands = 1,
    .max_operands = -1,
    .complete_operands = "file",
    .run = run,
};
