/* cmd_simulate.c - outlay simulate: a plan's cost as a distribution. */
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "report/simulation.h"

#define QUICK_POINTS 16384
#define TRIALS_MAX 100000000

static const char *const BY[] = {"category", "initiative", "line", "month", NULL};

static void progressed(void *ctx, double share)
{
    struct ctx *c = ctx;
    progress_update(io_progress(c), share, 0);
}

static bool read_options(struct ctx *c, struct simulate_options *o, struct err *e)
{
    int64_t trials = args_count(c->args, "trials", 0), seed = args_count(c->args, "seed", 1);
    bool quick = args_flag(c->args, "quick");
    if (args_has(c->args, "trials") && (trials < 1000 || trials > TRIALS_MAX))
        return err_set(e, ERR_USAGE, "--trials must be 1000 to %d", TRIALS_MAX);
    if (args_has(c->args, "trials") && quick)
        return args_wrong(c->args, e, "--quick and --trials exclude each other");
    if (seed < 1)
        return err_set(e, ERR_USAGE, "--seed must be 1 or more");
    *o = (struct simulate_options){.seed = (uint64_t)seed,
                                   .trials = quick ? QUICK_POINTS : (uint64_t)trials,
                                   .threads = c->threads,
                                   .no_risks = args_flag(c->args, "no-risks"),
                                   .points = quick ? POINTS_SOBOL : POINTS_RANDOM,
                                   .tornado = true,
                                   .interrupted = c->interrupted,
                                   .progress = progressed,
                                   .progress_ctx = c};
    return true;
}

static bool run(struct ctx *c, struct err *e)
{
    static const enum simulate_level levels[] = {LEVEL_CATEGORY, LEVEL_INITIATIVE, LEVEL_LINE,
                                                 LEVEL_MONTH};
    struct workspace w;
    struct plan_source s;
    struct simulate_options o;
    int by = args_choice(c->args, "by");
    if (!read_options(c, &o, e) ||
        !open_plan(c, args_operand(c->args, 0), false, &w, &s, e))
        return false;
    struct simulation_request q = {.plan = s.plan,
                                   .no_risks = o.no_risks,
                                   .quick = o.points == POINTS_SOBOL,
                                   .by = by < 0 ? LEVEL_CATEGORY : levels[by],
                                   .as_of = c->today};
    progress_begin(io_progress(c), S("simulating"), 0);
    bool good = simulate(c->arena, s.plan, NULL, &o, &q.simulation, e);
    if (good && args_flag(c->args, "sensitivity"))
        good = sensitivity_plan(c->arena, s.plan, NULL, SENSITIVITY_KIND, &o, &q.kinds, e) &&
               sensitivity_plan(c->arena, s.plan, NULL, SENSITIVITY_INITIATIVE, &o,
                                &q.initiatives, e);
    progress_end(io_progress(c));
    return good && io_report(c, report_simulation(&q, c->arena), e);
}

/* clang-format off */
static const struct option options[] = {
    {.name = "trials", .letter = 'n', .kind = OPT_COUNT, .arg = "N",
     .help = "Trials, 1000 or more; default 100000. More make the errors smaller, not the ranges."},
    {.name = "seed", .letter = 's', .kind = OPT_COUNT, .arg = "N",
     .help = "Which random numbers; default 1. The same seed gives the same bytes anywhere."},
    {.name = "quick", .letter = 'Q', .kind = OPT_FLAG,
     .help = "16,384 evenly spread points instead of random trials."},
    {.name = "no-risks", .kind = OPT_FLAG, .help = "Leave the plan's risks out."},
    {.name = "by", .letter = 'k', .kind = OPT_CHOICE, .arg = "LEVEL", .choices = BY,
     .help = "What the text shows in full: category (default), initiative, line or month."},
    {.name = "sensitivity", .kind = OPT_FLAG,
     .help = "Also the share of the variance that groups of ranges make (Sobol indices)."},
    BASELINE_OPTION,
    {.name = NULL}};
/* clang-format on */

static const struct example examples[] = {
    {"simulate", "how far the plan's cost may go, whether it is enough, and what drives it"},
    {"simulate --by line -o risk.xlsx", "the same with every line, as a workbook"},
    {"simulate --quick --no-risks", "a fast answer without the yes-or-no events"},
    {NULL, NULL}};

const struct command cmd_simulate = {
    .name = "simulate",
    .summary = "The plan's cost as a distribution: chances, buffers needed, what drives it",
    .usage = "[OPTIONS] [FILE | REVISION:FILE]",
    .group = "Plan",
    .examples = examples,
    .options = options,
    .details =
        "Draws every range of the plan, with `together` and `risks`, in many trials: lines after "
        "levers, before buffers, without the reserve. Reports quantiles with their sampling error, "
        "the chance that the plan, each buffer, and the plan with its buffers are enough, the "
        "buffers that 80 % and 90 % need, and a tornado in money.\n\n"
        "Each range draws from a stream keyed by its path: adding a line changes no other line's "
        "draws. The same seed gives the same bytes on any machine and number of threads.",
    .max_operands = 1,
    .complete_operands = "file",
    .run = run,
};
