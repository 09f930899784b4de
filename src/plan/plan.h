/* plan.h - a checked plan: plan.yaml as const data, every value with its place in the file.
 *
 * plan_load reads a file and what it includes, reports every fault and warning with its place, and
 * resolves every name to an index. What is absent has `at == NULL` (or is a NULL pointer); defaults
 * of docs/plan-language.md are filled in where a field says so. All of it lives in the caller's
 * arena.
 *
 * Everything numeric that a simulation may draw or a scenario may set is a `struct quantity` in
 * plan->quantities, addressed by its path: "support.support-chat.in", "machines.h100",
 * "prices.claude-sonnet-5.out", "roles.lead.salary", "levers.spot-training.saves", "fx.EUR". */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/map.h"
#include "base/yaml.h"
#include "core/category.h"
#include "core/currency.h"
#include "core/month.h"
#include "core/number.h"

#define PLAN_MONTHS_MAX 60
#define NO_INDEX UINT32_MAX

/* --- values with places --- */

struct p_text {
    str s;
    const struct yaml_node *at; /* NULL: absent */
};
struct p_word {
    int v; /* index into the field's words */
    const struct yaml_node *at;
};
struct p_month {
    month m;
    const struct yaml_node *at;
};
struct p_texts {
    struct p_text *items;
    size_t n;
    const struct yaml_node *at;
};

/* A formula in postfix order. */
enum formula_op { OP_NUMBER, OP_DRIVER, OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_NEG };
struct formula_step {
    enum formula_op op;
    double number;
    uint32_t driver; /* index into plan->drivers */
    str name;        /* of the driver, as written */
    uint32_t offset; /* of the name in the value's text, in bytes */
};
struct formula {
    struct formula_step *steps;
    size_t n;
    const struct yaml_node *at;
};
#define FORMULA_STACK 32 /* deepest nesting that is accepted */

enum quantity_form { FORM_CONST, FORM_CURVE, FORM_SCHEDULE, FORM_FORMULA };
struct point {
    month at; /* MONTH_NONE for a constant or formula */
    struct number v;
    const struct formula *formula; /* instead of v */
    const struct yaml_node *node;
};
struct quantity {
    uint32_t index; /* in plan->quantities */
    str path;
    enum quantity_form form;
    enum number_per per;  /* as written; PER_NONE: the key's own meaning */
    struct point *points; /* by month; one for FORM_CONST and FORM_FORMULA */
    size_t n;
    bool share, money, ranged;
    uint32_t fx; /* quantity index of the rate into the plan's currency, or NO_INDEX */
    str source;
    const struct yaml_node *at;
};

struct named_quantity {
    const struct yaml_node *at; /* the key */
    str name;
    struct quantity *q;
};
struct named_quantities {
    struct named_quantity *items;
    size_t n;
    const struct yaml_node *at;
};

/* works_on, models: names with weights; index is the initiative or price the name stands for */
struct weight {
    struct p_text name;
    struct quantity *q; /* NULL: 1 */
    uint32_t index;
};
struct weights {
    struct weight *items;
    size_t n;
    bool single; /* written as one name */
    const struct yaml_node *at;
};

struct band {
    dec lo, hi;
    const struct yaml_node *at;
};

/* --- header and shared tables --- */

enum plan_status { STATUS_DRAFT, STATUS_REQUESTED, STATUS_APPROVED };
enum plan_unit { UNIT_ONES, UNIT_THOUSANDS, UNIT_MILLIONS };

struct plan_header {
    const struct yaml_node *at;
    struct p_text name, org, owner, finance, label, last_year, currency_code;
    struct p_word status, show;
    struct p_month starts;
    struct quantity *months, *ranges, *discount, *horizon;
    struct {
        const struct yaml_node *at;
        struct quantity *over, *floor;
    } flag;
    struct named_quantities fx;
    /* filled in by checking */
    currency currency; /* default USD */
    month first, last;
    int32_t n_months;  /* 1-60, default 12 */
    int32_t n_horizon; /* months, at least n_months, default 36 */
    double z_end;      /* normal score of a range's upper end */
};

struct plan_reserve {
    const struct yaml_node *at;
    struct quantity *share;
    struct p_texts measure;
};

struct plan_buffers {
    const struct yaml_node *at;
    struct quantity *training, *inference, *llm;
};

enum price_part {
    PRICE_IN,
    PRICE_OUT,
    PRICE_CACHE_READ,
    PRICE_CACHE_WRITE,
    PRICE_BATCH_IN,
    PRICE_BATCH_OUT,
    PRICE_PARTS
};
struct price_entry { /* money per million tokens */
    const struct yaml_node *at;
    struct p_month from; /* at NULL: from the beginning */
    struct p_text source;
    struct quantity *part[PRICE_PARTS];
};
struct model_price {
    const struct yaml_node *at; /* NULL: from the built-in price book */
    str model;
    struct price_entry *entries; /* by date */
    size_t n;
    str book_note; /* where a built-in price comes from */
};

struct role {
    const struct yaml_node *at;
    str name;
    struct quantity *salary;
    struct p_text source;
};
struct loading {
    const struct yaml_node *at;
    struct quantity *benefits, *equipment, *recruiting, *raise;
    struct p_month raise_in;
};
struct assumption {
    const struct yaml_node *at;
    struct p_text name, value, source, owner, as_of;
};

/* --- lines --- */

enum line_kind {
    LINE_TRAINING,
    LINE_INFERENCE,
    LINE_STORAGE,
    LINE_NETWORK,
    LINE_OTHER,
    LINE_LLM,
    LINE_SAAS,
    LINE_LABELING,
    LINE_TOOLS,
    LINE_DATA,
    LINE_KINDS,
    LINE_STAFF = LINE_KINDS,
    LINE_CONTRACTORS,
    LINE_UPSKILLING,
    LINE_LEVER,
    LINE_OPTION,
    LINE_ALL_KINDS
};
const char *line_kind_name(enum line_kind k); /* "compute.training", "llm", ... */

enum line_quantity {
    Q_GPU_HOURS,
    Q_GPUS,
    Q_HOURS,
    Q_RUNS,
    Q_REQUESTS,
    Q_PER_HOUR,
    Q_AT_LEAST,
    Q_PER_1K,
    Q_TB,
    Q_PRICE,
    Q_COST,
    Q_USERS,
    Q_SESSIONS,
    Q_IN,
    Q_OUT,
    Q_RETRIES,
    Q_CACHED,
    Q_CACHE_WRITES,
    Q_BATCH,
    Q_SEATS,
    Q_ITEMS,
    Q_REVIEW,
    Q_BUFFER,
    Q_GROWTH,
    LINE_QUANTITIES
};
const char *line_quantity_key(enum line_quantity q);

struct line {
    const struct yaml_node *at;
    struct p_text id, source, machine_name, model_name;
    struct p_word kind_word, category_word, pay;
    struct p_month from, to, month, renews;
    struct quantity *q[LINE_QUANTITIES];
    struct weights models;
    const struct yaml_node *match; /* which spend is this line; a map or NULL */
    /* filled in by checking */
    enum line_kind kind;
    enum category category;
    enum line_quantity grows;            /* what `growth:` multiplies */
    uint32_t initiative, machine, index; /* index in plan->lines */
    str path;                            /* "initiative.id" */
    month first, last; /* span inside the plan; last may lie beyond the plan's end */
    month once;        /* where `once` falls */
    bool upfront;
};

/* --- initiatives, benefits, options --- */

enum initiative_status { INITIATIVE_COMMITTED, INITIATIVE_PROPOSED, INITIATIVE_CANDIDATE };
enum benefit_kind { BENEFIT_CASH, BENEFIT_REVENUE, BENEFIT_CAPACITY, BENEFIT_RISK };

struct benefit {
    const struct yaml_node *at;
    struct p_text id, unit, owner, measure, source;
    struct p_word kind;
    struct quantity *each, *monthly, *confidence, *ramp;
    struct p_month from, to;
    str path;
    uint32_t initiative;
    month first, last; /* last: until the horizon */
};

enum action_kind {
    ACTION_NONE,
    ACTION_DROP,
    ACTION_ADOPT,
    ACTION_DELAY,
    ACTION_SCALE,
    ACTION_HIRE,
    ACTION_DELAY_HIRES
};
struct action {
    enum action_kind kind;
    struct number number; /* months, share, or heads */
    uint32_t *lines;      /* ACTION_SCALE of an option: lines */
    size_t n_lines;
    uint32_t role;     /* ACTION_HIRE */
    month from;        /* ACTION_HIRE */
    str path;          /* ACTION_SCALE of a risk: what */
    uint32_t quantity; /* its draw when it has a range: index of its own quantity */
};

struct plan_option {
    const struct yaml_node *at;
    struct p_text id, do_text, loses, gains, because;
    struct p_word category;
    struct quantity *cost;
    bool add; /* under adds, not cuts */
    str path;
    uint32_t initiative;
    struct action action;
    double value_share; /* gains (positive) or loses (negative) of its benefits */
};
struct plan_option_list {
    struct plan_option *items;
    size_t n;
    const struct yaml_node *at;
};

struct lines {
    struct line *items;
    size_t n;
    const struct yaml_node *at;
};
struct benefits {
    struct benefit *items;
    size_t n;
    const struct yaml_node *at;
};

struct initiative {
    const struct yaml_node *at;
    struct p_text id, name, owner;
    struct p_word status;
    struct p_texts needs;
    struct p_month starts, ends;
    struct lines compute, llm, saas, labeling, tools, data;
    struct benefits benefits;
    struct plan_option_list cuts, adds;
    uint32_t index;
    uint32_t *need_index;         /* needs.n of them */
    uint32_t first_line, n_lines; /* in plan->lines */
};

/* --- people --- */

struct position {
    const struct yaml_node *at;
    struct p_text id, role_name, source;
    struct quantity *count, *salary, *recruiting;
    struct p_month start, end;
    struct weights works_on;
    struct p_word internal;
    uint32_t role;
    bool hire;     /* starts inside the plan */
    bool external; /* a hire that costs recruiting and equipment */
    bool here;     /* already here before the plan starts */
    month first, last;
};
struct contractor {
    const struct yaml_node *at;
    struct p_text id, source;
    struct quantity *day_rate, *days;
    struct p_month from, to;
    struct weights works_on;
    month first, last;
};
struct upskilling {
    const struct yaml_node *at;
    struct p_text id, source;
    struct quantity *people, *cost;
    struct p_month month;
    struct weights works_on;
};

/* --- levers, correlation, risks, scenarios, process --- */

enum lever_effect { LEVER_SAVES, LEVER_MODEL, LEVER_SKIPS, LEVER_REPLACE };
struct lever {
    const struct yaml_node *at;
    struct p_text id, applies, model_name, skips, evidence, owner, commits_text;
    struct p_word use;
    struct quantity *covers, *saves, *cost;
    struct {
        const struct yaml_node *at;
        struct quantity *day_rate, *days;
    } replace;
    struct p_month from, to;
    /* filled in by checking */
    enum lever_effect effect;
    uint32_t *lines; /* plan->lines it applies to, in order */
    size_t n_lines;
    enum line_quantity driver;              /* LINE_QUANTITIES: the whole line */
    uint32_t position, contractor, upskill; /* one of them, else NO_INDEX */
    uint32_t price;                         /* of the model, else NO_INDEX */
    bool whole_kind;                        /* applies names a kind, not one line */
    month first, last;
    struct number commits; /* PER_MONTHS: a span; else money; with commits_text.at */
};
struct together {
    const struct yaml_node *at;
    struct p_texts of;
    struct p_text by_text, because;
    double by;
};
struct risk {
    const struct yaml_node *at;
    struct p_text id, do_text, owner, because;
    struct quantity *chance;
    struct p_month from, to;
    struct action action;
};
struct setting { /* scenarios: set */
    struct p_text path;
    const struct yaml_node *value; /* engine/what_if.h applies it */
    bool factor;                   /* xFACTOR */
    struct number number;          /* zero for words, such as a lever's `use` or a line's `model` */
};
enum scenario_bands { BANDS_WARN, BANDS_HOLD };
struct scenario {
    const struct yaml_node *at;
    str name;
    struct quantity *total, *hires;
    struct p_texts may, never, take;
    struct p_word bands, goal;
    const struct yaml_node *set;
    struct setting *settings;
    size_t n_settings;
};
struct step {
    const struct yaml_node *at;
    struct p_text number, every, do_text, owner, due, done;
};

/* --- the plan --- */

#define PLAN_LIST(T)                                                                               \
    struct {                                                                                       \
        T *items;                                                                                  \
        size_t n;                                                                                  \
        const struct yaml_node *at;                                                                \
    }

struct plan {
    const struct yaml_node *at;
    struct plan_header header;
    struct {
        const struct yaml_node *at;
        struct band of[CATEGORY_COUNT]; /* defaults filled in */
    } bands;
    struct plan_reserve reserve;
    struct plan_buffers buffers;
    struct named_quantities drivers, machines;
    PLAN_LIST(struct model_price) prices; /* also those found in the price book */
    PLAN_LIST(struct role) roles;
    struct loading loading;
    PLAN_LIST(struct position) staff;
    PLAN_LIST(struct contractor) contractors;
    PLAN_LIST(struct upskilling) upskilling;
    PLAN_LIST(struct initiative) initiatives;
    PLAN_LIST(struct lever) levers;
    PLAN_LIST(struct together) together;
    PLAN_LIST(struct risk) risks;
    PLAN_LIST(struct scenario) scenarios;
    PLAN_LIST(struct step) process;
    PLAN_LIST(struct assumption) assumptions;
    struct p_texts include;
    /* flat views */
    struct line **lines; /* in order of initiatives and sections */
    size_t n_lines;
    struct quantity **quantities;
    size_t n_quantities, cap_quantities;
    uint32_t *driver_order; /* drivers.n indexes: each after those its formula names */
    struct yaml_file **files;
    size_t n_files;
};

/* --- loading --- */

/* One month's price of a model, from a price book. */
struct plan_price {
    dec part[PRICE_PARTS]; /* per million tokens; DEC_NULL: none */
    currency currency;
    str note; /* id and source */
};
struct plan_options {
    /* NULL: there is no price book. False: the book has no such model at that time. */
    bool (*price)(const void *ctx, struct arena *a, str model, month m, struct plan_price *ret);
    const void *price_ctx;
    /* How included files are read; NULL: from disk, relative to the file that includes them. */
    bool (*read)(const void *ctx, struct arena *a, str path, str *ret, struct err *e);
    const void *read_ctx;
};

/* NULL when d has errors. */
const struct plan *plan_load(struct arena *a, str path, const struct plan_options *o,
                             struct diags *d, struct err *e);
const struct plan *plan_parse(struct arena *a, str path, str text, const struct plan_options *o,
                              struct diags *d);

/* A plan of nodes that were parsed already, for plans made of the parts of others: `at` of a plan
 * is its tree, with what it includes merged in. Faults alone, no warnings. */
const struct plan *plan_of_tree(struct arena *a, const struct yaml_node *root,
                                const struct plan_options *o, struct diags *d);

/* The quantity of a path, or NULL. Linear; for a handful of look-ups. */
const struct quantity *plan_quantity(const struct plan *p, str path);
uint32_t plan_line_index(const struct plan *p, str path);     /* or NO_INDEX */
uint32_t plan_initiative_index(const struct plan *p, str id); /* or NO_INDEX */

/* JSON Schema (2020-12) of the language, and its keys as Markdown tables, from the same tables that
 * checking walks. */
void plan_schema_json(struct buf *out);
void plan_schema_markdown(struct buf *out);

#endif
