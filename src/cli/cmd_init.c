/* cmd_init.c - outlay init. */
#include "app/init.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"

static bool run(struct ctx *c, struct err *e)
{
    str dir = args_n(c->args) ? args_operand(c->args, 0) : c->book_dir;
    bool example = args_flag(c->args, "example");
    if (!init_book(dir, example ? INIT_EXAMPLE : INIT_SHORT, now_of(c), e))
        return false;
    io_note(c, "created a book in '%.*s'", FMT(dir));
    io_note(c, "next: outlay --book %.*s import BILL...", FMT(dir));
    io_note(c, "      outlay --book %.*s plan", FMT(dir));
    return true;
}

static const struct option options[] = {
    {.name = "example", .kind = OPT_FLAG,
     .help = "Write the plan and rules of the example company instead of a short plan."},
    {.name = NULL},
};

static const struct example examples[] = {
    {"init my-book", "a commented book in a new folder"},
    {"init --example demo", "a book with the example company's plan and rules"},
    {NULL, NULL},
};

const struct command cmd_init = {
    .name = "init",
    .summary = "Create a book: plan, rules, ledger",
    .usage = "[--example] [DIR]",
    .group = "Book",
    .examples = examples,
    .options = options,
    .details = "Writes plan.yaml, rules.yaml, outlay.db and ledger/ into DIR (default: the book's "
               "folder). The files explain themselves. Nothing that exists is overwritten.",
    .min_operands = 0,
    .max_operands = 1,
    .complete_operands = "dir",
    .run = run,
};
