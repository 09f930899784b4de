/* rework_cli.c - applying new rules or prices to stored rows. */
#include "cli/rework_cli.h"

#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "report/rework_report.h"

static void progressed(void *ctx, double share, uint64_t rows)
{
    struct ctx *c = ctx;
    progress_update(io_progress(c), share, rows);
}

bool run_rework(struct ctx *c, enum rework_kind kind, struct err *e)
{
    struct workspace w;
    struct rework_outcome o;
    bool dry_run = args_flag(c->args, "dry-run");
    if (!open_workspace(c, NEED_BOOK_WRITE | NEED_RULES | NEED_PRICES | NEED_LEDGER, &w, e))
        return false;
    progress_begin(io_progress(c), S("reworking"), 0);
    bool ok = rework(&w, kind, dry_run, progressed, c, c->interrupted, &o, e);
    progress_end(io_progress(c));
    if (!ok)
        return false;
    struct rework_line *lines = arena_new(c->arena, struct rework_line, o.n_changes);
    for (size_t i = 0; i < o.n_changes; i++) {
        const struct rework_change *x = &o.changes[i];
        lines[i] = (struct rework_line){x->from, x->to, x->currency, x->rows, x->unpriced_before,
                                        x->unpriced_after, x->billed_before, x->billed_after};
    }
    struct rework_report r = {.what = kind == REWORK_RULES ? "rules" : "prices",
                              .dry_run = dry_run,
                              .rows = o.rows,
                              .changed = o.changed,
                              .closed = o.closed,
                              .parts = o.parts,
                              .lines = lines,
                              .n_lines = o.n_changes,
                              .currency = w.settings.currency,
                              .as_of = c->today};
    return io_report(c, report_rework(&r, c->arena), e);
}

const struct option rework_options[] = {
    {.name = "dry-run", .kind = OPT_FLAG, .help = "Only show what would change."},
    {.name = NULL},
};
