/* evals_columns.c - what the columns of an evaluation file mean, by their names. */
#include "app/evals_int.h"

static const char *const ID_NAMES[] = {"prompt_id",   "id",         "sample_id",
                                       "question_id", "request_id", NULL};
static const char *const PROMPT_NAMES[] = {"prompt", "question", "text", NULL};
static const char *const CLASS_NAMES[] = {"class",      "domain",    "category", "task",
                                          "cluster_id", "eval_name", "dataset",  NULL};
static const char *const SCORE_NAMES[] = {"score", "difficulty", NULL};
static const char *const IN_NAMES[] = {"in_tok", "input_tokens", "prompt_tokens", "tokens_in",
                                       NULL};
static const char *const OUT_NAMES[] = {"out_tok", "output_tokens", "completion_tokens",
                                        "tokens_out", NULL};
static const char *const SHARE_NAMES[] = {"share", NULL};
static const char *const N_NAMES[] = {"n", "labels", NULL};

static uint32_t named(const str *names, size_t n, str wanted)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(names[i], wanted))
            return (uint32_t)i;
    return NO_COLUMN;
}

static uint32_t any_of(const str *names, size_t n, const char *const *wanted)
{
    for (; *wanted; wanted++) {
        uint32_t at = named(names, n, str_of(*wanted));
        if (at != NO_COLUMN)
            return at;
    }
    return NO_COLUMN;
}

static bool column_of(const str *names, size_t n, str wanted, const char *option, uint32_t *ret,
                      struct err *e)
{
    if (!wanted.n)
        return true;
    *ret = named(names, n, wanted);
    if (*ret != NO_COLUMN)
        return true;
    return err_set(e, ERR_INVALID, "there is no column '%.*s', which --%s names", FMT(wanted),
                   option);
}

static uint32_t of_model(struct arena *a, const str *names, size_t n, const char *prefix, str model)
{
    return named(names, n, str_fmt(a, "%s%.*s", prefix, FMT(model)));
}

static bool add_model(struct arena *a, struct eval_columns *c, const str *names, size_t n,
                      str model, uint32_t quality, struct err *e)
{
    for (size_t i = 0; i < c->n_models; i++)
        if (str_eq(c->models[i].name, model))
            return err_set(e, ERR_INVALID,
                           "model '%.*s' has two columns of quality: '%.*s' and '%.*s'", FMT(model),
                           FMT(names[c->models[i].quality]), FMT(names[quality]));
    if (c->n_models == ROUTING_MODELS_MAX)
        return err_set(e, ERR_INVALID, "more than %u models", ROUTING_MODELS_MAX);
    c->models[c->n_models++] = (struct model_columns){
        .name = model,
        .quality = quality,
        .in = of_model(a, names, n, "in_tok_", model),
        .out = of_model(a, names, n, "out_tok_", model),
        .cost = of_model(a, names, n, "cost_", model),
        .escalate = of_model(a, names, n, "escalate_", model),
        .latency = of_model(a, names, n, "latency_", model),
        .n = of_model(a, names, n, "n_", model),
    };
    return true;
}

static bool mapped_models(struct arena *a, const struct evals_request *q, const str *names,
                          size_t n, struct eval_columns *c, struct err *e)
{
    for (size_t i = 0; i < q->models.n; i++) {
        str column = q->models.items[i], model;
        uint32_t at = NO_COLUMN;
        if (!str_cut(&column, '=', &model) || !model.n || !column.n) {
            err_set(e, ERR_USAGE, "'%.*s' is not NAME=COLUMN", FMT(q->models.items[i]));
            return err_hint(e, "Write --models weak=weak_correct,strong=strong_correct.");
        }
        if (!column_of(names, n, column, "models", &at, e) ||
            !add_model(a, c, names, n, model, at, e))
            return false;
    }
    return true;
}

static bool found_models(struct arena *a, const str *names, size_t n, struct eval_columns *c,
                         struct err *e)
{
    for (uint32_t i = 0; i < n; i++) {
        str name = names[i], model = STR_NONE;
        if (str_starts_nocase(name, S("quality_")))
            model = str_sub(name, 8, name.n);
        else if (str_ends_nocase(name, S("_correct")))
            model = str_sub(name, 0, name.n - 8);
        if (model.n && !add_model(a, c, names, n, model, i, e))
            return false;
    }
    return true;
}

bool eval_columns(struct arena *a, const struct evals_request *q, const str *names, size_t n,
                  struct eval_columns *ret, struct err *e)
{
    *ret = (struct eval_columns){
        .id = any_of(names, n, ID_NAMES),
        .prompt = any_of(names, n, PROMPT_NAMES),
        .class_name = any_of(names, n, CLASS_NAMES),
        .score = any_of(names, n, SCORE_NAMES),
        .in = any_of(names, n, IN_NAMES),
        .out = any_of(names, n, OUT_NAMES),
        .share = any_of(names, n, SHARE_NAMES),
        .n = any_of(names, n, N_NAMES),
        .models = arena_new(a, struct model_columns, ROUTING_MODELS_MAX),
    };
    if (!column_of(names, n, q->id, "id", &ret->id, e) ||
        !column_of(names, n, q->class_name, "class", &ret->class_name, e) ||
        !column_of(names, n, q->score, "score", &ret->score, e))
        return false;
    if (q->models.n ? !mapped_models(a, q, names, n, ret, e) : !found_models(a, names, n, ret, e))
        return false;
    if (ret->n_models < 2) {
        err_set(e, ERR_INVALID, "%s",
                ret->n_models ? "only one model has a column of quality"
                              : "no column says how good an answer was");
        return err_hint(e, "Columns are named quality_MODEL; others are told with "
                           "--models NAME=COLUMN,NAME=COLUMN.");
    }
    if (ret->class_name == NO_COLUMN) {
        err_set(e, ERR_INVALID, "no column names the class of a prompt");
        return err_hint(e, "Name it 'class', or tell which it is with --class COLUMN.");
    }
    return true;
}
