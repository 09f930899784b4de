/* cmd_route.c - outlay route: which prompts go to which model, what that saves and costs. */
#include <math.h>

#include "app/evals.h"
#include "app/plan_change.h"
#include "app/route_check.h"
#include "app/route_lever.h"
#include "cli/args.h"
#include "cli/io.h"
#include "cli/support.h"
#include "report/routing.h"

/* "40%" or "0.4" as a fraction from 0 to 1. */
static bool read_fraction(str s, double *ret)
{
    s = str_trim(s);
    bool percent = str_ends(s, S("%"));
    if (percent)
        s = str_trim(str_sub(s, 0, s.n - 1));
    if (!str_to_double(s, ret))
        return false;
    *ret /= percent ? 100 : 1;
    return *ret >= 0 && *ret <= 1;
}

/* 1pp: points of the scale; 1%: of the reference's quality. */
static bool read_loss(struct ctx *c, struct routing_question *q, struct err *e)
{
    str s = str_trim(args_text(c->args, "max-loss"));
    bool points = str_ends(s, S("pp")) || str_ends(s, S("pt"));
    if (points ? str_to_double(str_trim(str_sub(s, 0, s.n - 2)), &q->tolerance)
               : str_ends(s, S("%")) && read_fraction(s, &q->of_reference)) {
        if (points)
            q->tolerance /= 100;
        if (!points || (q->tolerance >= 0 && q->tolerance < 1))
            return true;
    }
    return args_wrong(c->args, e, "'%.*s' is no loss: write 1pp (points) or 1%% (of the reference)",
                      FMT(s));
}

static bool fraction_of(struct ctx *c, const char *option, double *io, struct err *e)
{
    if (!args_has(c->args, option) || read_fraction(args_text(c->args, option), io))
        return true;
    str s = args_text(c->args, option);
    return args_wrong(c->args, e, "--%s: '%.*s' is not between 0 %% and 100 %%", option, FMT(s));
}

static bool read_checker(struct ctx *c, struct routing_checker *ret, struct err *e)
{
    str alarms = args_text(c->args, "checker"), catches, cost = args_text(c->args, "checker-cost");
    dec price = 0;
    if (cost.n && (dec_parse_loose(cost, &price) > DEC_ROUNDED || price < 0))
        return args_wrong(c->args, e, "--checker-cost: '%.*s' is no amount", FMT(cost));
    ret->cost = dec_to_double(price);
    if (!alarms.n)
        return true;
    ret->on = true;
    if (str_cut(&alarms, '/', &catches) && read_fraction(catches, &ret->catches) &&
        read_fraction(alarms, &ret->alarms))
        return true;
    return args_wrong(c->args, e, "--checker wants CATCHES/ALARMS, such as 80%%/10%%");
}

static bool read_question(struct ctx *c, struct routing_question *q, struct err *e)
{
    int64_t folds = args_count(c->args, "folds", 0), repeats = args_count(c->args, "repeats", 20);
    q->tolerance = q->of_reference = q->saving = NAN;
    q->train_share = 0.5;
    q->s = (struct routing_settings){
        .reference = ROUTING_NONE, .cheap = ROUTING_NONE, .confidence = 0.95};
    q->s.seed = (uint64_t)args_count(c->args, "seed", 1);
    q->s.resamples = (uint32_t)MIN(args_count(c->args, "resamples", 2000), 1000000);
    q->train_labels = (size_t)args_count(c->args, "train-labels", 0);
    q->fold_labels = (size_t)args_count(c->args, "labels", 0);
    if (folds == 1 || folds > 100 || repeats < 1 || repeats > 1000)
        return args_wrong(c->args, e, "--folds is 2 to 100, --repeats 1 to 1000");
    q->folds = (unsigned)folds;
    q->repeats = (unsigned)repeats;
    if (!fraction_of(c, "save", &q->saving, e) ||
        !fraction_of(c, "confidence", &q->s.confidence, e) ||
        !fraction_of(c, "train-share", &q->train_share, e) || !read_checker(c, &q->s.checker, e))
        return false;
    if (!(q->s.confidence >= 0.5 && q->s.confidence <= 0.9999))
        return args_wrong(c->args, e, "--confidence is 50 %% to 99.99 %%");
    if (!(q->train_share > 0 && q->train_share < 1))
        return args_wrong(c->args, e, "--train-share is between 0 %% and 100 %%");
    if (args_has(c->args, "max-loss"))
        return !isnan(q->saving)
                   ? args_wrong(c->args, e, "--max-loss and --save exclude each other")
                   : read_loss(c, q, e);
    if (isnan(q->saving))
        q->tolerance = 0.01;
    return true;
}

static bool model_of(struct ctx *c, const struct evals *v, const char *option, uint32_t *io,
                     struct err *e)
{
    str name = args_text(c->args, option);
    const char **names = arena_new(c->arena, const char *, v->v.n_models);
    if (!name.n)
        return true;
    for (uint32_t m = 0; m < v->v.n_models; m++) {
        names[m] = str_cstr(c->arena, v->v.models[m]);
        if (!str_eq(v->v.models[m], name))
            continue;
        *io = m;
        return true;
    }
    const char *near = str_closest(name, names, v->v.n_models);
    err_set(e, ERR_USAGE, "--%s: there is no model '%.*s' in '%.*s'", option, FMT(name),
            FMT(v->name));
    return near ? err_hint(e, "Did you mean '%s'?", near) : false;
}

/* --min-quality 70% or CLASS=70%, of the scale. */
static bool read_minima(struct ctx *c, const struct evals *v, struct routing_question *q,
                        struct err *e)
{
    struct text_list list = args_list(c->args, "min-quality");
    double *minima = arena_new(c->arena, double, v->v.n_classes);
    for (size_t i = 0; i < v->v.n_classes; i++)
        minima[i] = NAN;
    for (size_t k = 0; k < list.n; k++) {
        str value = list.items[k], name = STR_NONE;
        double least;
        bool known = false, named = str_find_char(value, '=', 0) != SIZE_MAX;
        if (named && !str_cut(&value, '=', &name))
            UNREACHABLE();
        if (!read_fraction(value, &least))
            return args_wrong(c->args, e, "--min-quality: '%.*s' is no share of the scale",
                              FMT(value));
        for (size_t i = 0; i < v->v.n_classes; i++) {
            if (named && !str_eq(v->v.classes[i], name))
                continue;
            minima[i] = least;
            known = true;
        }
        if (!known)
            return args_wrong(c->args, e, "--min-quality: there is no class '%.*s'", FMT(name));
    }
    q->s.min_quality = list.n ? minima : NULL;
    return true;
}

/* 2, 2s or 800ms. */
static bool read_seconds(str s, double *ret)
{
    double unit = 1;
    if (str_ends(s, S("ms"))) {
        unit = 1e-3;
        s = str_sub(s, 0, s.n - 2);
    } else if (str_ends(s, S("s"))) {
        s = str_sub(s, 0, s.n - 1);
    }
    if (!str_to_double(s, ret) || !(*ret > 0))
        return false;
    *ret *= unit;
    return true;
}

/* The reference must be fast enough for every class, since everything is held against it. */
static bool read_latency(struct ctx *c, const struct evals *v, struct routing_question *q,
                         struct err *e)
{
    str value = args_text(c->args, "max-latency");
    if (!value.n)
        return true;
    if (!read_seconds(value, &q->s.max_latency))
        return args_wrong(c->args, e, "--max-latency: '%.*s' is no time, such as 2s or 800ms",
                          FMT(value));
    const double *latency = routing_latencies(c->arena, &v->v);
    for (size_t i = 0; i < v->v.n_classes * v->v.n_models; i++) {
        str model = v->v.models[i % v->v.n_models], name = v->v.classes[i / v->v.n_models];
        if (!isnan(latency[i]))
            continue;
        err_set(e, ERR_INVALID, "'%.*s' does not tell all latencies of '%.*s' in class '%.*s'",
                FMT(v->name), FMT(model), FMT(name));
        return err_hint(e, "Seconds stand in columns named latency_MODEL; models without them can "
                           "be left out with --models.");
    }
    q->s.latency = latency;
    return true;
}

/* Once it is known which model is the reference. */
static bool check_reference(const struct evals *v, const struct routing_study *t, struct err *e)
{
    const struct routing_settings *s = &t->s;
    for (size_t k = 0; s->latency && k < v->v.n_classes; k++) {
        double seconds = s->latency[k * v->v.n_models + s->reference];
        if (seconds <= s->max_latency)
            continue;
        err_set(e, ERR_FAILED,
                "the reference '%.*s' takes %.3g s in class '%.*s' (95th percentile), more than "
                "--max-latency",
                FMT(v->v.models[s->reference]), seconds, FMT(v->v.classes[k]));
        return err_hint(e, "Name a faster one with --reference.");
    }
    return true;
}

static struct names names_of(const struct args *args, const char *option)
{
    struct text_list l = args_list(args, option);
    return (struct names){l.items, l.n, l.cap};
}

static struct evals_request request_of(struct ctx *c)
{
    return (struct evals_request){
        .path = args_operand(c->args, 0),
        .models = names_of(c->args, "models"),
        .id = args_text(c->args, "id"),
        .class_name = args_text(c->args, "class"),
        .score = args_text(c->args, "score"),
        .prices = names_of(c->args, "price"),
        .costs = names_of(c->args, "cost"),
        .tokens = args_text(c->args, "tokens"),
        .scale = args_text(c->args, "scale"),
        .on = c->today,
    };
}

/* A lever reprices its share of the whole line; what the reference does not answer today has no
 * such saving. */
static void warn_other_model(struct ctx *c, const struct plan *p, str line, str reference)
{
    uint32_t at = plan_line_index(p, line);
    if (at == NO_INDEX)
        return;
    const struct line *l = p->lines[at];
    if (l->models.n > 1)
        io_warn(c,
                "'%.*s' runs on %zu models, and the routing is against '%.*s' alone: check the "
                "lever's share",
                FMT(line), l->models.n, FMT(reference));
    else if (l->model_name.at && !str_eq(l->model_name.s, reference))
        io_warn(c, "'%.*s' runs on '%.*s', and the routing is against '%.*s'", FMT(line),
                FMT(l->model_name.s), FMT(reference));
}

static bool change_of(struct ctx *c, const struct lever_text *levers, size_t n,
                      struct plan_source *source, struct plan_change *ret, struct err *e)
{
    struct workspace w;
    struct diags faults;
    struct yaml_edits edits = {.a = c->arena};
    workspace_of_plan(c, &w);
    diags_init(&faults, c->arena);
    bool good = load_plan_source(&w, args_text(c->args, "plan"), &faults, source, e);
    if (good && source->kind != SOURCE_FILE)
        return err_set(e, ERR_USAGE, "'%.*s' is no file that could be changed", FMT(source->name));
    if (good) {
        faults.n = faults.errors = faults.warnings = 0; /* warnings of the plan as it was */
        good = lever_edits(&edits, source->plan, levers, n, e) &&
               plan_change(source, &edits, &faults, ret, e);
    }
    if (!good && faults.n)
        io_diags(c, &faults);
    return good;
}

static bool write_lever(struct ctx *c, const struct evals *v, const struct routing_study *t,
                        struct err *e)
{
    struct plan_source source;
    struct plan_change x;
    struct lever_text *levers;
    size_t n;
    str line = args_text(c->args, "write"), rest, one;
    str evidence = str_fmt(c->arena, "outlay route %.*s: %.*s", FMT(path_base(v->name)),
                           FMT(routing_evidence(t, c->arena)));
    if (!route_levers(c->arena, t, line, evidence, &levers, &n, e) ||
        !change_of(c, levers, n, &source, &x, e))
        return false;
    bool dry = args_flag(c->args, "dry-run");
    for (rest = x.diff; rest.n && str_cut(&rest, '\n', &one);)
        io_note(c, "%.*s", FMT(one));
    warn_other_model(c, x.plan, line, v->v.models[t->s.reference]);
    if (!dry && !plan_change_write(&source, &x, e))
        return false;
    if (!x.n_files)
        io_note(c, "'%.*s' has this lever already", FMT(source.name));
    for (size_t i = 0; i < x.n_files; i++)
        io_note(c, dry ? "nothing was written to '%.*s'" : "wrote '%.*s'",
                FMT(x.files[i].file->path));
    return true;
}

/* What was asked of the command goes before what the policy promised. */
static bool run_check(struct ctx *c, const struct evals *v, const struct routing_question *q,
                      struct err *e)
{
    struct route_check r;
    bool holds;
    if (v->of_classes)
        return args_wrong(c->args, e, "--check needs samples of prompts, not a table of classes");
    if (!route_check(c->arena, args_text(c->args, "check"), v, &r, e))
        return false;
    if (args_has(c->args, "max-loss")) {
        double mean = 0;
        for (size_t i = 0; i < v->v.n; i++)
            mean += v->v.quality[i * v->v.n_models + r.reference] / (double)v->v.n;
        r.tolerance = isnan(q->of_reference) ? q->tolerance : q->of_reference * mean;
    }
    if (args_has(c->args, "confidence"))
        r.confidence = q->s.confidence;
    if (isnan(r.tolerance))
        return args_wrong(c->args, e, "the policy promised no loss: say --max-loss");
    const struct doc *d =
        report_route_check(&r, &v->v, path_base(v->name), c->today, c->arena, &holds);
    if (!io_report(c, d, e))
        return false;
    return holds || !args_flag(c->args, "fail-over") ||
           err_set(e, ERR_THRESHOLD, "the policy may lose more than it promised (--fail-over)");
}

static bool run(struct ctx *c, struct err *e)
{
    struct workspace w;
    struct evals v;
    struct routing_question q = {0};
    struct evals_request request = request_of(c);
    bool writes = args_has(c->args, "write"), checks = args_has(c->args, "check");
    if (checks && (writes || args_has(c->args, "save")))
        return args_wrong(c->args, e, "--check goes neither with --write nor with --save");
    if (!writes && (args_has(c->args, "plan") || args_flag(c->args, "dry-run")))
        return args_wrong(c->args, e, "--plan and --dry-run go with --write");
    workspace_of_plan(c, &w);
    if (!read_question(c, &q, e) || !evals_load(&w, &request, &v, e))
        return false;
    if (checks)
        return run_check(c, &v, &q, e);
    if (!model_of(c, &v, "reference", &q.s.reference, e) ||
        !model_of(c, &v, "cheap", &q.s.cheap, e) || !read_minima(c, &v, &q, e) ||
        !read_latency(c, &v, &q, e))
        return false;
    if (q.s.reference != ROUTING_NONE && q.s.reference == q.s.cheap)
        return args_wrong(c->args, e, "--reference and --cheap name the same model");
    if (v.of_classes && q.folds)
        return args_wrong(c->args, e, "--folds needs labels by prompt, not a table of classes");
    if (v.of_classes && q.s.checker.on)
        return args_wrong(c->args, e, "--checker needs labels by prompt: a table of classes does "
                                      "not tell which answers were wrong together");
    q.v = &v.v;
    q.k = v.of_classes ? &v.k : NULL;
    const struct routing_study *t = routing_study(c->arena, &q);
    if (!check_reference(&v, t, e))
        return false;
    struct routing_request r = {.study = t,
                                .file = path_base(v.name),
                                .price_notes = v.price_notes,
                                .relative = v.relative,
                                .currency = v.currency,
                                .low = v.low,
                                .high = v.high,
                                .left_out = v.left_out,
                                .as_of = c->today};
    return io_report(c, report_routing(&r, c->arena), e) && (!writes || write_lever(c, &v, t, e));
}

static const struct option options[] = {
    {.name = "max-loss",
     .kind = OPT_TEXT,
     .arg = "LOSS",
     .help = "Quality that may be lost: 1pp (a point, a hundredth of the scale) or 1% (of the "
             "reference's quality). Default: 1pp."},
    {.name = "save",
     .kind = OPT_TEXT,
     .arg = "SHARE",
     .help = "Instead: what saving so much would cost, such as 40%."},
    {.name = "confidence",
     .kind = OPT_TEXT,
     .arg = "SHARE",
     .help = "Of the promise, one-sided. Default: 95%."},
    {.name = "reference",
     .kind = OPT_TEXT,
     .arg = "MODEL",
     .help = "The model that loss and saving are against. Default: the best one."},
    {.name = "cheap",
     .kind = OPT_TEXT,
     .arg = "MODEL",
     .help = "The other end of APGR and CPT. Default: the cheapest."},
    {.name = "min-quality",
     .kind = OPT_TEXT,
     .arg = "[CLASS=]SHARE",
     .repeats = true,
     .help = "The least quality of a class, or of every class, as a share of the scale."},
    {.name = "max-latency",
     .kind = OPT_TEXT,
     .arg = "TIME",
     .help = "Leave out models whose 95th percentile in a class is slower, such as 2s or 800ms."},
    {.name = "models",
     .kind = OPT_TEXT,
     .arg = "NAME=COLUMN",
     .repeats = true,
     .help = "Which column holds the quality of which model. Default: quality_MODEL, "
             "MODEL_correct."},
    {.name = "id", .kind = OPT_TEXT, .arg = "COLUMN", .help = "The column of the prompt's id."},
    {.name = "class", .kind = OPT_TEXT, .arg = "COLUMN", .help = "The column of the class."},
    {.name = "score",
     .kind = OPT_TEXT,
     .arg = "COLUMN",
     .help = "A column of scores by which a class may be split, such as a difficulty."},
    {.name = "scale",
     .kind = OPT_TEXT,
     .arg = "LOW..HIGH",
     .help = "Worst and best possible quality. Default: 0..1, 0..10 or 0..100, as they fit."},
    {.name = "price",
     .kind = OPT_TEXT,
     .arg = "MODEL=IN/OUT",
     .repeats = true,
     .help = "Prices per million tokens, instead of the price book's."},
    {.name = "cost",
     .kind = OPT_TEXT,
     .arg = "MODEL=PRICE",
     .repeats = true,
     .help = "One price per million tokens of either kind; without columns of tokens, costs "
             "compare only."},
    {.name = "tokens",
     .kind = OPT_TEXT,
     .arg = "IN/OUT",
     .help = "Tokens of a typical prompt and answer, where there are no columns."},
    {.name = "checker",
     .kind = OPT_TEXT,
     .arg = "CATCHES/ALARMS",
     .help = "Allow cascades: a checker that sends on so many of the wrong and of the right "
             "answers, such as 80%/10%."},
    {.name = "checker-cost",
     .kind = OPT_TEXT,
     .arg = "AMOUNT",
     .help = "What checking one answer costs. Default: 0."},
    {.name = "train-share",
     .kind = OPT_TEXT,
     .arg = "SHARE",
     .help = "Of the labels, to choose with; the others judge. Default: 50%."},
    {.name = "train-labels", .kind = OPT_COUNT, .arg = "N", .help = "The same as a number."},
    {.name = "folds",
     .kind = OPT_COUNT,
     .arg = "N",
     .help = "Cross-validate APGR, CPT and AIQ in so many folds."},
    {.name = "labels",
     .kind = OPT_COUNT,
     .arg = "N",
     .help = "With --folds: labels that choose in each. Default: all of the other folds."},
    {.name = "repeats",
     .kind = OPT_COUNT,
     .arg = "N",
     .help = "With --folds: how often, by different splits. Default: 20."},
    {.name = "resamples",
     .kind = OPT_COUNT,
     .arg = "N",
     .help = "Of the bootstrap behind intervals. Default: 2000."},
    {.name = "seed", .kind = OPT_COUNT, .arg = "N", .help = "Of splits and resamples. Default: 1."},
    {.name = "check",
     .kind = OPT_FILE,
     .arg = "POLICY",
     .help = "Hold samples of live traffic (EVALS) against a policy that --format json wrote."},
    {.name = "fail-over",
     .kind = OPT_FLAG,
     .help = "With --check: exit 4 unless the promise is surely kept: for cron."},
    {.name = "write",
     .kind = OPT_TEXT,
     .arg = "LINE",
     .help = "Put the result into the plan as a lever on this LLM line; the change is shown."},
    {.name = "plan",
     .kind = OPT_FILE,
     .arg = "FILE",
     .help = "With --write: the plan. Default: plan.yaml of the book."},
    {.name = "dry-run",
     .letter = 'n',
     .kind = OPT_FLAG,
     .help = "With --write: show the change, write nothing."},
    {.name = NULL},
};

static const struct example examples[] = {
    {"route evals.csv", "what can be saved at a loss of at most one point, with 95 % confidence"},
    {"route evals.csv --max-loss 2pp --write support.chat", "the same as a lever of the plan"},
    {"route evals.csv --save 40%", "what saving 40 % would cost"},
    {"route evals.csv --checker 80%/10% --checker-cost 0.0004", "with cascades"},
    {"route mmlu.csv --models weak=weak_correct,strong=strong_correct --cost weak=0.24,strong=24.7",
     "other columns, flat prices"},
    {"route shadow.csv --check policy.json --fail-over",
     "does the policy still keep its promise, by this month's samples"},
    {"route evals.csv --folds 5 --labels 1500", "how good the router is, cross-validated"},
    {NULL, NULL},
};

const struct command cmd_route = {
    .name = "route",
    .summary = "What sending prompts to cheaper models saves, and what it surely costs",
    .usage = "[OPTIONS] EVALS",
    .group = "Plan",
    .examples = examples,
    .options = options,
    .details =
        "EVALS is a CSV (or JSON) file of prompts with a class and the quality of each model's "
        "answer (prompt_id, class, quality_MODEL..., in_tok, out_tok; optional score, cost_MODEL, "
        "escalate_MODEL, latency_MODEL in seconds), or of classes (class, share, "
        "quality_MODEL, n_MODEL, in_tok, "
        "out_tok).\n\n"
        "Labels are split by the prompt's id: some choose which class goes where, the others "
        "judge. "
        "What is promised holds with the confidence asked, on labels that did not choose it. Where "
        "nothing can be promised, the report says how many labels would settle it.",
    .min_operands = 1,
    .max_operands = 1,
    .complete_operands = "file",
    .run = run,
};
