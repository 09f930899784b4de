/* cmd_verify.c - outlay verify, outlay backup. */
#include "app/baseline.h"
#include "app/private.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "store/book_track.h"

/* Names that today's import would not store: nothing is printed of them but where they are. */
static bool look_for_names(struct ctx *c, struct workspace *w, struct doc *d, struct err *e)
{
    struct named_rows *found;
    size_t n;
    uint64_t rows = 0;
    if (!workspace_attach(w, e) || !rows_with_names(w, &found, &n, e))
        return false;
    for (size_t i = 0; i < n; i++) {
        rows += found[i].rows;
        io_note(c, "import %lld: rows of ledgers or payments that may name people: %s",
                (long long)found[i].import, str_count(c->arena, found[i].rows).p);
    }
    if (n)
        io_note(c, "they came before names were hidden, or with --keep-payee; import the same "
                   "files into a new book ('outlay init'), since parts of this one stay on disk");
    doc_figure(d, "names", S("Rows of ledgers and payments that may name people"), 0,
               cell_count((int64_t)rows));
    return true;
}

static bool run_verify(struct ctx *c, struct err *e)
{
    struct workspace w;
    bool names = args_flag(c->args, "names");
    unsigned needs = names ? NEED_BOOK | NEED_LEDGER | NEED_RULES : NEED_BOOK;
    if (!open_workspace(c, needs, &w, e) || !book_verify(w.book, true, e))
        return false;
    struct journal_entry *entries;
    struct book_part *parts;
    size_t n_entries, n_parts, n_baselines;
    if (!baselines_verify(&w, &n_baselines, e) || !book_verify_track(w.book, e) ||
        !book_journal(w.book, c->arena, &entries, &n_entries, e) ||
        !book_parts(w.book, false, c->arena, &parts, &n_parts, e))
        return false;
    struct doc *d = doc_new(c->arena, "verify", S("The book is sound"));
    d->currency = w.settings.currency;
    doc_figure(d, "parts", S("Parts, digests equal"), 0, cell_count((int64_t)n_parts));
    doc_figure(d, "baselines", S("Baselines, computed anew"), 0, cell_count((int64_t)n_baselines));
    doc_figure(d, "journal", S("Journal entries, chain whole"), 0, cell_count((int64_t)n_entries));
    if (n_entries)
        doc_figure(d, "head", S("Journal head"), 0, cell_text(entries[n_entries - 1].hash));
    if (names && !look_for_names(c, &w, d, e))
        return false;
    return io_report(c, d, e);
}

static const struct option verify_options[] = {
    {.name = "names",
     .kind = OPT_FLAG,
     .help = "Also look for rows whose names of people an import of today would not store."},
    {.name = NULL},
};

static bool run_backup(struct ctx *c, struct err *e)
{
    struct workspace w;
    str to = args_operand(c->args, 0);
    if (!open_workspace(c, NEED_BOOK, &w, e) || !book_backup(w.book, to, e))
        return false;
    io_note(c, "copied the book to '%.*s'", FMT(to));
    return true;
}

static const struct example verify_examples[] = {
    {"verify", "database, journal chain and the digest of every part"},
    {"verify --names", "and which imports hold names that are hidden today"},
    {NULL, NULL}};
static const struct example backup_examples[] = {
    {"backup ../book-2026-10", "a consistent copy, also while others read or import"},
    {NULL, NULL}};

const struct command cmd_verify = {
    .name = "verify",
    .summary = "Prove that nothing in the book was changed afterwards",
    .usage = "[OPTIONS]",
    .group = "Book",
    .examples = verify_examples,
    .options = verify_options,
    .details =
        "Checks the database, the hash chain of the journal, and the digest of every part of "
        "the ledger. Keep the journal head elsewhere to notice a rewritten journal.",
    .min_operands = 0,
    .max_operands = 0,
    .complete_operands = "none",
    .run = run_verify,
};

const struct command cmd_backup = {
    .name = "backup",
    .summary = "Copy the book, consistent at any time",
    .usage = "DIR",
    .group = "Book",
    .examples = backup_examples,
    .min_operands = 1,
    .max_operands = 1,
    .complete_operands = "dir",
    .run = run_backup,
};
