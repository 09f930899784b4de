/* schema.c - every key of the plan language, what it holds and what it means. */
#include "plan/schema.h"

/* clang-format off */
#define AT(T, m) offsetof(struct T, m)
#define END {NULL, KEY_TEXT, 0, 0, NULL, NULL, NULL}
#define LINE_Q(q_) offsetof(struct line, q) + (q_) * sizeof(struct quantity *)

static const char *const STATUS_WORDS[] = {"draft", "requested", "approved", NULL};
static const char *const UNIT_WORDS[] = {"units", "thousands", "millions", NULL};
static const char *const YES_WORDS[] = {"no", "yes", NULL};
static const char *const CATEGORY_WORDS[] = {"infra", "talent", "vendor", "data", NULL};
static const char *const PAY_WORDS[] = {"monthly", "upfront", NULL};
static const char *const COMPUTE_WORDS[] = {"training", "inference", "storage", "network",
                                             "other", NULL};
static const char *const INITIATIVE_WORDS[] = {"committed", "proposed", "candidate", NULL};
static const char *const BENEFIT_WORDS[] = {"cash", "revenue", "capacity", "risk", NULL};
static const char *const BANDS_WORDS[] = {"warn", "hold", NULL};
static const char *const GOAL_WORDS[] = {"most value", NULL};

static const struct field FLAG_FIELDS[] = {
    {"over",  KEY_QUANTITY, SHARE | OVER | FIXED,
     AT(plan_header, flag.over) - AT(plan_header, flag), NULL, NULL,
     "a variance beyond this share is flagged (default 15 %)"},
    {"floor", KEY_QUANTITY, MONEY | FIXED,       
     AT(plan_header, flag.floor) - AT(plan_header, flag), NULL, NULL,
     "and only from this amount on"},
    END};
static const struct schema FLAG_SCHEMA = {
    "flag", "`flag`", 0, FLAG_FIELDS, "When a monthly variance is worth investigating."};

static const struct field HEADER_FIELDS[] = {
    {"name",      KEY_TEXT,     0, AT(plan_header, name),     NULL, NULL,
     "what the plan is called"},
    {"org",       KEY_TEXT,     0, AT(plan_header, org),      NULL, NULL, "the organization"},
    {"owner",     KEY_TEXT,     0, AT(plan_header, owner),    NULL, NULL,
     "the engineering leader who asks"},
    {"finance",   KEY_TEXT,     0, AT(plan_header, finance),  NULL, NULL,
     "the finance partner who approves"},
    {"status",    KEY_WORD,     0, AT(plan_header, status),   NULL, STATUS_WORDS,
     "where the plan stands; `outlay approve` freezes it"},
    {"starts",    KEY_MONTH,    REQUIRED, AT(plan_header, starts), NULL, NULL,
     "the first month; a fiscal year need not start in January"},
    {"months",    KEY_QUANTITY, WHOLE | FIXED | NONZERO | SPAN, AT(plan_header, months), NULL, NULL,
     "how many months, 1 to 60 (default 12)"},
    {"label",     KEY_TEXT,     0, AT(plan_header, label),    NULL, NULL,
     "a short name such as FY2027"},
    {"currency",  KEY_TEXT,     0, AT(plan_header, currency_code), NULL, NULL,
     "the plan's currency, an ISO code (default USD)"},
    {"show",      KEY_WORD,     0, AT(plan_header, show),     NULL, UNIT_WORDS,
     "how people's tables show money"},
    {"ranges",    KEY_QUANTITY, SHARE | FIXED | NONZERO, AT(plan_header, ranges), NULL, NULL,
     "how sure one is that a value lies inside its range (default 90 %)"},
    {"discount",  KEY_QUANTITY, SHARE | OVER | FIXED | PER_YR,
     AT(plan_header, discount), NULL, NULL,
     "discount rate per year, for NPV (default 10 %)"},
    {"horizon",   KEY_QUANTITY, WHOLE | FIXED | NONZERO | SPAN,
     AT(plan_header, horizon), NULL, NULL,
     "how long benefits and run costs count, in months (default 36)"},
    {"flag",      KEY_MAP,      0, AT(plan_header, flag),     &FLAG_SCHEMA, NULL,
     "when a variance is flagged"},
    {"fx",        KEY_QUANTITIES, NONZERO, AT(plan_header, fx), NULL, NULL,
     "plan currency per unit of another currency"},
    {"last_year", KEY_TEXT,     0, AT(plan_header, last_year), NULL, NULL,
     "last year's actual spend, the inventory"},
    END};
static const struct schema HEADER_SCHEMA = {
    "plan", "`plan`", 0, HEADER_FIELDS, "The plan's header."};

static const struct field BANDS_FIELDS[] = {
    {"infra",   KEY_BAND, 0, AT(plan, bands.of[CATEGORY_INFRA]) - AT(plan, bands),   NULL, NULL,
     "default [25%, 35%]"},
    {"talent",  KEY_BAND, 0, AT(plan, bands.of[CATEGORY_TALENT]) - AT(plan, bands),  NULL, NULL,
     "default [35%, 45%]"},
    {"vendor",  KEY_BAND, 0, AT(plan, bands.of[CATEGORY_VENDOR]) - AT(plan, bands),  NULL, NULL,
     "default [10%, 20%]"},
    {"data",    KEY_BAND, 0, AT(plan, bands.of[CATEGORY_DATA]) - AT(plan, bands),    NULL, NULL,
     "default [10%, 15%]"},
    {"reserve", KEY_BAND, 0, AT(plan, bands.of[CATEGORY_RESERVE]) - AT(plan, bands), NULL, NULL,
     "default [15%, 20%]"},
    END};
static const struct schema BANDS_SCHEMA = {
    "bands", "`bands`", 0, BANDS_FIELDS,
     "The typical share of the total of each category; outside it warns, and never forces."};

static const struct field RESERVE_FIELDS[] = {
    {"share",   KEY_QUANTITY, REQUIRED | SHARE | FIXED, AT(plan_reserve, share), NULL, NULL,
     "share of the total, which is solved for"},
    {"measure", KEY_TEXTS,    0, AT(plan_reserve, measure), NULL, NULL, "how learning is measured"},
    END};
static const struct schema RESERVE_SCHEMA = {
    "reserve", "`reserve`", 0, RESERVE_FIELDS,
     "The innovation reserve: one share of the total, without line items."};

static const struct field BUFFERS_FIELDS[] = {
    {"training",  KEY_QUANTITY, SHARE | OVER | FIXED, AT(plan_buffers, training),  NULL, NULL,
     "on training lines (default 25 %)"},
    {"inference", KEY_QUANTITY, SHARE | OVER | FIXED, AT(plan_buffers, inference), NULL, NULL,
     "on inference lines (default 25 %)"},
    {"llm",       KEY_QUANTITY, SHARE | OVER | FIXED, AT(plan_buffers, llm),       NULL, NULL,
     "on LLM lines (default 40 %)"},
    END};
static const struct schema BUFFERS_SCHEMA = {
    "buffers", "`buffers`", 0, BUFFERS_FIELDS,
     "Room for experimentation and growth, shown on its own."};

#define PRICE(i) offsetof(struct price_entry, part) + (i) * sizeof(struct quantity *)
static const struct field PRICE_FIELDS[] = {
    {"from",        KEY_MONTH,    0, AT(price_entry, from), NULL, NULL,
     "the first month of this price; it replaces the one above"},
    {"in",          KEY_QUANTITY, REQUIRED | MONEY, PRICE(PRICE_IN),          NULL, NULL,
     "input tokens"},
    {"out",         KEY_QUANTITY, REQUIRED | MONEY, PRICE(PRICE_OUT),         NULL, NULL,
     "output tokens"},
    {"cache_read",  KEY_QUANTITY, MONEY, PRICE(PRICE_CACHE_READ),  NULL, NULL,
     "input tokens read from cache"},
    {"cache_write", KEY_QUANTITY, MONEY, PRICE(PRICE_CACHE_WRITE), NULL, NULL,
     "input tokens written to cache"},
    {"batch_in",    KEY_QUANTITY, MONEY, PRICE(PRICE_BATCH_IN),    NULL, NULL,
     "input tokens of batch requests"},
    {"batch_out",   KEY_QUANTITY, MONEY, PRICE(PRICE_BATCH_OUT),   NULL, NULL,
     "output tokens of batch requests"},
    {"source",      KEY_TEXT,     0, AT(price_entry, source), NULL, NULL,
     "where the price comes from"},
    END};
const struct schema PRICE_SCHEMA = {
    "price", "a price", sizeof(struct price_entry), PRICE_FIELDS, "Money per million tokens."};

static const struct field ROLE_FIELDS[] = {
    {"salary", KEY_QUANTITY, REQUIRED | MONEY | PER_YR, AT(role, salary), NULL, NULL, "per year"},
    {"source", KEY_TEXT,     0, AT(role, source), NULL, NULL, "where the figure comes from"},
    END};
static const struct schema ROLE_SCHEMA = {
    "role", "a role", sizeof(struct role), ROLE_FIELDS, "A salary that positions share."};

static const struct field LOADING_FIELDS[] = {
    {"benefits",   KEY_QUANTITY, SHARE | OVER, AT(loading, benefits),   NULL, NULL,
     "payroll tax, health, pension: share of salary"},
    {"equipment",  KEY_QUANTITY, MONEY | ONCE, AT(loading, equipment),  NULL, NULL,
     "once per hire, in the month a person starts"},
    {"recruiting", KEY_QUANTITY, SHARE | OVER, AT(loading, recruiting), NULL, NULL,
     "of first-year salary, once per external hire"},
    {"raise",      KEY_QUANTITY, SHARE | OVER | SIGNED, AT(loading, raise), NULL, NULL,
     "once, in `raise_in`, for people already here"},
    {"raise_in",   KEY_MONTH,    0, AT(loading, raise_in), NULL, NULL,
     "the first month with the raise"},
    END};
static const struct schema LOADING_SCHEMA = {
    "loading", "`loading`", 0, LOADING_FIELDS, "What makes a salary a fully loaded cost."};

static const struct field POSITION_FIELDS[] = {
    {"id",         KEY_ID,       REQUIRED, AT(position, id), NULL, NULL,
     "a seat keeps its id when people change"},
    {"role",       KEY_TEXT,     0, AT(position, role_name), NULL, NULL, "a name under `roles`"},
    {"count",      KEY_QUANTITY, FIXED, AT(position, count), NULL, NULL, "how many (default 1)"},
    {"salary",     KEY_QUANTITY, MONEY | PER_YR, AT(position, salary), NULL, NULL,
     "per year, instead of the role's"},
    {"start",      KEY_MONTH,    0, AT(position, start), NULL, NULL,
     "first month; without it the person is already here"},
    {"end",        KEY_MONTH,    0, AT(position, end), NULL, NULL, "last month"},
    {"works_on",   KEY_WEIGHTS,  0, AT(position, works_on), NULL, NULL,
     "an initiative, or {initiative: weight}"},
    {"internal",   KEY_WORD,     0, AT(position, internal), NULL, YES_WORDS,
     "a move inside the company: no recruiting, no equipment"},
    {"recruiting", KEY_QUANTITY, SHARE | OVER, AT(position, recruiting), NULL, NULL,
     "instead of `loading.recruiting`"},
    {"source",     KEY_TEXT,     0, AT(position, source), NULL, NULL,
     "where the figures come from"},
    END};
static const struct schema POSITION_SCHEMA = {
    "position", "a position", sizeof(struct position), POSITION_FIELDS,
     "One row per position; a start month makes it a hire."};

static const struct field CONTRACTOR_FIELDS[] = {
    {"id",       KEY_ID,       REQUIRED, AT(contractor, id), NULL, NULL,
     "its name in `contractors.ID`"},
    {"day_rate", KEY_QUANTITY, REQUIRED | MONEY | SERIES, AT(contractor, day_rate), NULL, NULL,
     "money per day"},
    {"days",     KEY_QUANTITY, REQUIRED | CURVE | FORMULA | SCHEDULE | PER_MO | PER_YR,
     AT(contractor, days), NULL, NULL,
     "days per month"},
    {"from",     KEY_MONTH,    0, AT(contractor, from), NULL, NULL, "first month"},
    {"to",       KEY_MONTH,    0, AT(contractor, to), NULL, NULL, "last month"},
    {"works_on", KEY_WEIGHTS,  0, AT(contractor, works_on), NULL, NULL,
     "an initiative, or {initiative: weight}"},
    {"source",   KEY_TEXT,     0, AT(contractor, source), NULL, NULL,
     "where the figures come from"},
    END};
static const struct schema CONTRACTOR_SCHEMA = {
    "contractor", "a contractor", sizeof(struct contractor), CONTRACTOR_FIELDS,
     "Days bought for a peak."};

static const struct field UPSKILLING_FIELDS[] = {
    {"id",       KEY_ID,       REQUIRED, AT(upskilling, id), NULL, NULL,
     "its name in `upskilling.ID`"},
    {"people",   KEY_QUANTITY, REQUIRED, AT(upskilling, people), NULL, NULL, "how many take part"},
    {"cost",     KEY_QUANTITY, REQUIRED | MONEY | ONCE, AT(upskilling, cost), NULL, NULL,
     "per person"},
    {"month",    KEY_MONTH,    REQUIRED, AT(upskilling, month), NULL, NULL, "when it falls"},
    {"works_on", KEY_WEIGHTS,  0, AT(upskilling, works_on), NULL, NULL,
     "an initiative, or {initiative: weight}"},
    {"source",   KEY_TEXT,     0, AT(upskilling, source), NULL, NULL,
     "where the figures come from"},
    END};
static const struct schema UPSKILLING_SCHEMA = {
    "upskilling", "an upskilling entry", sizeof(struct upskilling), UPSKILLING_FIELDS,
     "Training people who are here."};

#define LINE_COMMON \
    {"id",       KEY_ID,       REQUIRED, AT(line, id), NULL, NULL, "its name in `initiative.ID`"}, \
    {"category", KEY_WORD,     0, AT(line, category_word), NULL, CATEGORY_WORDS, \
     "instead of the section's own category"}, \
    {"buffer",   KEY_QUANTITY, SHARE | OVER | FIXED, LINE_Q(Q_BUFFER), NULL, NULL, \
     "instead of the plan's buffer for this kind"}, \
    {"growth",   KEY_QUANTITY, SHARE | OVER | SIGNED | PER_MO, LINE_Q(Q_GROWTH), NULL, NULL, \
     "6%/mo: compound growth of the line's volume or cost from its first month"}, \
    {"from",     KEY_MONTH,    0, AT(line, from), NULL, NULL, \
     "first month (default: the initiative's)"}, \
    {"to",       KEY_MONTH,    0, AT(line, to), NULL, NULL, "last month, inclusive"}, \
    {"month",    KEY_MONTH,    0, AT(line, month), NULL, NULL, \
     "where a ` once` amount falls (default: the first month)"}, \
    {"source",   KEY_TEXT,     0, AT(line, source), NULL, NULL, "where the figures come from"}, \
    {"match",    KEY_NODE,     0, AT(line, match), NULL, NULL, "which spend is this line"}
#define LINE_PAYS \
    {"pay",      KEY_WORD,     0, AT(line, pay), NULL, PAY_WORDS, \
     "`upfront`: a yearly amount falls in `renews`"}, \
    {"renews",   KEY_MONTH,    0, AT(line, renews), NULL, NULL, \
     "the month in which a yearly amount is paid"}

static const struct field COMPUTE_FIELDS[] = {
    {"kind",      KEY_WORD,     REQUIRED, AT(line, kind_word), NULL, COMPUTE_WORDS,
     "what the line is"},
    LINE_COMMON, LINE_PAYS,
    {"machine",   KEY_TEXT,     0, AT(line, machine_name), NULL, NULL,
     "a name under `machines` (training, inference)"},
    {"gpu_hours", KEY_QUANTITY, FLOW, LINE_Q(Q_GPU_HOURS), NULL, NULL,
     "machine hours per month (training)"},
    {"gpus",      KEY_QUANTITY, SERIES, LINE_Q(Q_GPUS), NULL, NULL, "machines per run (training)"},
    {"hours",     KEY_QUANTITY, SERIES, LINE_Q(Q_HOURS), NULL, NULL, "hours per run (training)"},
    {"runs",      KEY_QUANTITY, FLOW, LINE_Q(Q_RUNS), NULL, NULL, "runs per month (training)"},
    {"requests",  KEY_QUANTITY, FLOW, LINE_Q(Q_REQUESTS), NULL, NULL,
     "requests per month (inference)"},
    {"per_hour",  KEY_QUANTITY, SERIES | NONZERO, LINE_Q(Q_PER_HOUR), NULL, NULL,
     "requests one machine serves in an hour (inference)"},
    {"at_least",  KEY_QUANTITY, SERIES, LINE_Q(Q_AT_LEAST), NULL, NULL,
     "machines that always run, 730 hours a month (inference)"},
    {"per_1k",    KEY_QUANTITY, MONEY | SERIES, LINE_Q(Q_PER_1K), NULL, NULL,
     "price of 1000 requests, instead of a machine (inference)"},
    {"tb",        KEY_QUANTITY, SERIES | SCHEDULE, LINE_Q(Q_TB), NULL, NULL,
     "terabytes held (storage)"},
    {"price",     KEY_QUANTITY, MONEY | SERIES | PER_MO | PER_YR, LINE_Q(Q_PRICE), NULL, NULL,
     "per terabyte and month (storage)"},
    {"cost",      KEY_QUANTITY, MONEY | FLOW, LINE_Q(Q_COST), NULL, NULL,
     "the amount (network, other)"},
    END};
static const struct schema COMPUTE_SCHEMA = {
    "compute", "a compute line", sizeof(struct line), COMPUTE_FIELDS,
     "Training, inference, storage, network."};

static const struct field LLM_FIELDS[] = {
    LINE_COMMON,
    {"users",        KEY_QUANTITY, REQUIRED | SERIES | SCHEDULE, LINE_Q(Q_USERS), NULL, NULL,
     "users in a month"},
    {"sessions",     KEY_QUANTITY, REQUIRED | SERIES | PER_MO, LINE_Q(Q_SESSIONS), NULL, NULL,
     "sessions per user and month"},
    {"requests",     KEY_QUANTITY, REQUIRED | SERIES, LINE_Q(Q_REQUESTS), NULL, NULL,
     "requests per session"},
    {"in",           KEY_QUANTITY, REQUIRED | SERIES, LINE_Q(Q_IN), NULL, NULL,
     "input tokens per request"},
    {"out",          KEY_QUANTITY, REQUIRED | SERIES, LINE_Q(Q_OUT), NULL, NULL,
     "output tokens per request"},
    {"model",        KEY_TEXT,     0, AT(line, model_name), NULL, NULL,
     "a name under `prices` or in the price book"},
    {"models",       KEY_WEIGHTS,  SHARE, AT(line, models), NULL, NULL,
     "{model: share} instead of `model`; shares total 100 %"},
    {"retries",      KEY_QUANTITY, SHARE | OVER | SERIES, LINE_Q(Q_RETRIES), NULL, NULL,
     "share of requests sent again"},
    {"cached",       KEY_QUANTITY, SHARE | SERIES, LINE_Q(Q_CACHED), NULL, NULL,
     "share of input tokens read from cache"},
    {"cache_writes", KEY_QUANTITY, SHARE | SERIES, LINE_Q(Q_CACHE_WRITES), NULL, NULL,
     "share of input tokens written to cache"},
    {"batch",        KEY_QUANTITY, SHARE | SERIES, LINE_Q(Q_BATCH), NULL, NULL,
     "share of requests at batch prices"},
    END};
static const struct schema LLM_SCHEMA = {
    "llm", "an LLM line", sizeof(struct line), LLM_FIELDS,
     "Tokens: users x sessions x requests x tokens x price."};

static const struct field SAAS_FIELDS[] = {
    LINE_COMMON, LINE_PAYS,
    {"seats", KEY_QUANTITY, SERIES | SCHEDULE, LINE_Q(Q_SEATS), NULL, NULL, "seats in a month"},
    {"price", KEY_QUANTITY, MONEY | SERIES | PER_MO | PER_YR, LINE_Q(Q_PRICE), NULL, NULL,
     "per seat and month, or /yr"},
    {"cost",  KEY_QUANTITY, MONEY | FLOW, LINE_Q(Q_COST), NULL, NULL,
     "the amount, instead of seats x price"},
    END};
static const struct schema SAAS_SCHEMA = {
    "saas", "a SaaS line", sizeof(struct line), SAAS_FIELDS, "Seats or a flat cost."};

static const struct field LABELING_FIELDS[] = {
    LINE_COMMON,
    {"items",  KEY_QUANTITY, REQUIRED | FLOW, LINE_Q(Q_ITEMS), NULL, NULL, "items per month"},
    {"price",  KEY_QUANTITY, REQUIRED | MONEY | SERIES, LINE_Q(Q_PRICE), NULL, NULL, "per item"},
    {"review", KEY_QUANTITY, SHARE | OVER | SERIES, LINE_Q(Q_REVIEW), NULL, NULL,
     "share of items checked again, at the same price"},
    END};
static const struct schema LABELING_SCHEMA = {
    "labeling", "a labeling line", sizeof(struct line), LABELING_FIELDS,
     "Items x price per item."};

static const struct field COST_FIELDS[] = {
    LINE_COMMON, LINE_PAYS,
    {"cost", KEY_QUANTITY, REQUIRED | MONEY | FLOW, LINE_Q(Q_COST), NULL, NULL, "the amount"},
    END};
static const struct schema TOOLS_SCHEMA = {
    "tools", "a tools line", sizeof(struct line), COST_FIELDS,
     "Licenses: tracking, monitoring, data quality."};
static const struct schema DATA_SCHEMA = {
    "data", "a data line", sizeof(struct line), COST_FIELDS, "Data sets and feeds."};

static const struct field BENEFIT_FIELDS[] = {
    {"id",         KEY_ID,       REQUIRED, AT(benefit, id), NULL, NULL,
     "its name in `initiative.ID`"},
    {"kind",       KEY_WORD,     REQUIRED, AT(benefit, kind), NULL, BENEFIT_WORDS,
     "what it is worth: cash and revenue count first"},
    {"unit",       KEY_TEXT,     0, AT(benefit, unit), NULL, NULL, "what one unit is"},
    {"each",       KEY_QUANTITY, REQUIRED | MONEY, AT(benefit, each), NULL, NULL,
     "what one unit is worth"},
    {"monthly",    KEY_QUANTITY, REQUIRED | CURVE | FORMULA | SCHEDULE | PER_MO,
     AT(benefit, monthly), NULL, NULL,
     "units per month"},
    {"from",       KEY_MONTH,    0, AT(benefit, from), NULL, NULL,
     "first month (default: the initiative's)"},
    {"to",         KEY_MONTH,    0, AT(benefit, to), NULL, NULL,
     "last month (default: the horizon)"},
    {"ramp",       KEY_QUANTITY, SPAN | FIXED | NONZERO, AT(benefit, ramp), NULL, NULL,
     "months until the full amount, growing evenly"},
    {"confidence", KEY_QUANTITY, SHARE, AT(benefit, confidence), NULL, NULL,
     "share that is counted (default 100 %)"},
    {"owner",      KEY_TEXT,     0, AT(benefit, owner), NULL, NULL, "who answers for it"},
    {"measure",    KEY_TEXT,     0, AT(benefit, measure), NULL, NULL, "how it is measured"},
    {"source",     KEY_TEXT,     0, AT(benefit, source), NULL, NULL, "where the figures come from"},
    END};
static const struct schema BENEFIT_SCHEMA = {
    "benefit", "a benefit", sizeof(struct benefit), BENEFIT_FIELDS,
     "monthly x each x confidence, ramping up."};

#define OPTION_FIELDS(share_, help_) { \
    {"id",       KEY_ID,       REQUIRED, AT(plan_option, id), NULL, NULL, \
     "its name in `initiative.ID`"}, \
    {"do",       KEY_TEXT,     REQUIRED, AT(plan_option, do_text), NULL, NULL, \
     "`drop`, `delay N months`, `scale LINE [and LINE] to P%`, `hire N ROLE from MONTH`"}, \
    {#share_,    KEY_TEXT,     0, AT(plan_option, share_), NULL, NULL, help_}, \
    {"cost",     KEY_QUANTITY, MONEY | ONCE, AT(plan_option, cost), NULL, NULL, \
     "once, in the plan's first month"}, \
    {"category", KEY_WORD,     0, AT(plan_option, category), NULL, CATEGORY_WORDS, \
     "the category of that cost"}, \
    {"because",  KEY_TEXT, 0, AT(plan_option, because), NULL, NULL, "a reason, for the report"}, \
    END}
static const struct field CUT_FIELDS[] =
    OPTION_FIELDS(loses, "12% of benefits: what it costs in value");
static const struct field ADD_FIELDS[] =
    OPTION_FIELDS(gains, "45% of benefits: what it brings in value");
static const struct schema CUT_SCHEMA = {
    "cut", "a cut", sizeof(struct plan_option), CUT_FIELDS, "What a constrained scenario may do."};
static const struct schema ADD_SCHEMA = {
    "add", "an add", sizeof(struct plan_option), ADD_FIELDS, "What a growth scenario may do."};

static const struct field INITIATIVE_FIELDS[] = {
    {"id",       KEY_ID,    REQUIRED, AT(initiative, id), NULL, NULL,
     "its name; lines are `ID.line`"},
    {"name",     KEY_TEXT,  0, AT(initiative, name), NULL, NULL, "for reports"},
    {"status",   KEY_WORD,  0, AT(initiative, status), NULL, INITIATIVE_WORDS,
     "default committed; a candidate is outside the base plan"},
    {"owner",    KEY_TEXT,  0, AT(initiative, owner), NULL, NULL, "who answers for it"},
    {"needs",    KEY_TEXTS, 0, AT(initiative, needs), NULL, NULL,
     "initiatives without which it cannot run"},
    {"starts",   KEY_MONTH, 0, AT(initiative, starts), NULL, NULL, "first month of all its lines"},
    {"ends",     KEY_MONTH, 0, AT(initiative, ends), NULL, NULL, "last month of all its lines"},
    {"compute",  KEY_LIST,  0, AT(initiative, compute), &COMPUTE_SCHEMA, NULL,
     "training, inference, storage, network"},
    {"llm",      KEY_LIST,  0, AT(initiative, llm), &LLM_SCHEMA, NULL, "models paid by the token"},
    {"saas",     KEY_LIST,  0, AT(initiative, saas), &SAAS_SCHEMA, NULL, "seats"},
    {"labeling", KEY_LIST,  0, AT(initiative, labeling), &LABELING_SCHEMA, NULL, "items"},
    {"tools",    KEY_LIST,  0, AT(initiative, tools), &TOOLS_SCHEMA, NULL, "licenses"},
    {"data",     KEY_LIST,  0, AT(initiative, data), &DATA_SCHEMA, NULL, "data sets and feeds"},
    {"benefits", KEY_LIST,  0, AT(initiative, benefits), &BENEFIT_SCHEMA, NULL, "what comes back"},
    {"cuts",     KEY_LIST,  0, AT(initiative, cuts), &CUT_SCHEMA, NULL, "options that save"},
    {"adds",     KEY_LIST,  0, AT(initiative, adds), &ADD_SCHEMA, NULL, "options that grow"},
    END};
static const struct schema INITIATIVE_SCHEMA = {
    "initiative", "an initiative", sizeof(struct initiative), INITIATIVE_FIELDS,
     "Work with its lines, benefits and options."};

static const struct field REPLACE_FIELDS[] = {
    {"day_rate", KEY_QUANTITY, REQUIRED | MONEY,
     AT(lever, replace.day_rate) - AT(lever, replace), NULL, NULL,
     "money per day"},
    {"days",     KEY_QUANTITY, REQUIRED | CURVE | FORMULA | SCHEDULE | PER_MO,
     AT(lever, replace.days) - AT(lever, replace), NULL, NULL,
     "days per month and head"},
    END};
static const struct schema REPLACE_SCHEMA = {
    "replace", "`replace`", 0, REPLACE_FIELDS, "Contractors in place of a position."};

static const struct field LEVER_FIELDS[] = {
    {"id",       KEY_ID,       REQUIRED, AT(lever, id), NULL, NULL, "its name in `levers.ID`"},
    {"use",      KEY_WORD,     0, AT(lever, use), NULL, YES_WORDS,
     "whether the plan counts on it (default no)"},
    {"applies",  KEY_TEXT,     REQUIRED, AT(lever, applies), NULL, NULL,
     "a line, a kind (`llm`, `compute.training`), a driver (`llm.in`) or a position"},
    {"covers",   KEY_QUANTITY, SHARE, AT(lever, covers), NULL, NULL,
     "share of it that is reached (default 100 %)"},
    {"saves",    KEY_QUANTITY, SHARE, AT(lever, saves), NULL, NULL,
     "share saved of what is covered"},
    {"model",    KEY_TEXT,     0, AT(lever, model_name), NULL, NULL,
     "the covered share is priced on this model"},
    {"skips",    KEY_TEXT,     0, AT(lever, skips), NULL, NULL,
     "the part of a hire that is dropped: `recruiting`"},
    {"replace",  KEY_MAP,      0, AT(lever, replace), &REPLACE_SCHEMA, NULL,
     "contractor days in place of a position and its hire"},
    {"from",     KEY_MONTH,    0, AT(lever, from), NULL, NULL, "first month (default: the plan's)"},
    {"to",       KEY_MONTH,    0, AT(lever, to), NULL, NULL, "last month"},
    {"cost",     KEY_QUANTITY, MONEY | ONCE, AT(lever, cost), NULL, NULL,
     "once, in the lever's month"},
    {"commits",  KEY_TEXT,     0, AT(lever, commits_text), NULL, NULL,
     "an obligation: money or a span"},
    {"evidence", KEY_TEXT,     0, AT(lever, evidence), NULL, NULL, "what the saving rests on"},
    {"owner",    KEY_TEXT,     0, AT(lever, owner), NULL, NULL, "who answers for it"},
    END};
static const struct schema LEVER_SCHEMA = {
    "lever", "a lever", sizeof(struct lever), LEVER_FIELDS,
     "An optimization with an explicit switch."};

static const struct field TOGETHER_FIELDS[] = {
    {"of",      KEY_TEXTS, REQUIRED, AT(together, of), NULL, NULL,
     "paths of values (`llm.in`: of every LLM line)"},
    {"by",      KEY_TEXT,  REQUIRED, AT(together, by_text), NULL, NULL,
     "rank correlation, -1 to 1"},
    {"because", KEY_TEXT,  0, AT(together, because), NULL, NULL, "the common cause"},
    END};
static const struct schema TOGETHER_SCHEMA = {
    "together", "a `together` entry", sizeof(struct together), TOGETHER_FIELDS,
     "What tends to miss in the same direction."};

static const struct field RISK_FIELDS[] = {
    {"id",      KEY_ID,       REQUIRED, AT(risk, id), NULL, NULL, "its name"},
    {"chance",  KEY_QUANTITY, REQUIRED | SHARE | FIXED, AT(risk, chance), NULL, NULL,
     "how likely it is to happen"},
    {"do",      KEY_TEXT,     REQUIRED, AT(risk, do_text), NULL, NULL,
     "`delay hires N months` or `scale PATH to P%`, with a range"},
    {"from",    KEY_MONTH,    0, AT(risk, from), NULL, NULL, "first month (default: the plan's)"},
    {"to",      KEY_MONTH,    0, AT(risk, to), NULL, NULL, "last month"},
    {"owner",   KEY_TEXT,     0, AT(risk, owner), NULL, NULL, "who watches it"},
    {"because", KEY_TEXT,     0, AT(risk, because), NULL, NULL, "the cause"},
    END};
static const struct schema RISK_SCHEMA = {
    "risk", "a risk", sizeof(struct risk), RISK_FIELDS,
     "A yes-or-no event: in the forecast, not in the plan's number."};

static const struct field SCENARIO_FIELDS[] = {
    {"total", KEY_QUANTITY, SHARE | OVER | SIGNED | FIXED | MUST_PERCENT,
     AT(scenario, total), NULL, NULL,
     "target against the base total, such as -20%"},
    {"may",   KEY_TEXTS,    0, AT(scenario, may), NULL, NULL,
     "which options it may choose: cuts, adds, levers"},
    {"never", KEY_TEXTS,    0, AT(scenario, never), NULL, NULL, "options it must not choose"},
    {"take",  KEY_TEXTS,    0, AT(scenario, take), NULL, NULL, "options it must choose"},
    {"hires", KEY_QUANTITY, WHOLE | FIXED, AT(scenario, hires), NULL, NULL,
     "at most so many hires"},
    {"bands", KEY_WORD,     0, AT(scenario, bands), NULL, BANDS_WORDS,
     "whether bands warn (default) or hold"},
    {"goal",  KEY_WORD,     0, AT(scenario, goal), NULL, GOAL_WORDS, "what the choice maximizes"},
    {"set",   KEY_NODE,     0, AT(scenario, set), NULL, NULL,
     "a what-if: {path: value} or {path: x1.4}"},
    END};
static const struct schema SCENARIO_SCHEMA = {
    "scenario", "a scenario", sizeof(struct scenario), SCENARIO_FIELDS,
     "A target to choose for, or a what-if."};

static const struct field STEP_FIELDS[] = {
    {"step",  KEY_TEXT, 0, AT(step, number), NULL, NULL, "number of an annual step"},
    {"every", KEY_TEXT, 0, AT(step, every), NULL, NULL,
     "month, quarter or year: a step that repeats"},
    {"do",    KEY_TEXT, REQUIRED, AT(step, do_text), NULL, NULL, "what is done"},
    {"owner", KEY_TEXT, 0, AT(step, owner), NULL, NULL, "who does it"},
    {"due",   KEY_TEXT, 0, AT(step, due), NULL, NULL, "a day, or `day N` of the period"},
    {"done",  KEY_TEXT, 0, AT(step, done), NULL, NULL, "the day it was done"},
    END};
static const struct schema STEP_SCHEMA = {
    "process", "a process step", sizeof(struct step), STEP_FIELDS,
     "The annual process and its calendar."};

static const struct field ASSUMPTION_FIELDS[] = {
    {"name",   KEY_TEXT, REQUIRED, AT(assumption, name), NULL, NULL, "what is assumed"},
    {"value",  KEY_TEXT, 0, AT(assumption, value), NULL, NULL, "its value, as text"},
    {"source", KEY_TEXT, 0, AT(assumption, source), NULL, NULL, "where it comes from"},
    {"owner",  KEY_TEXT, 0, AT(assumption, owner), NULL, NULL, "who answers for it"},
    {"as_of",  KEY_TEXT, 0, AT(assumption, as_of), NULL, NULL, "the day it was last checked"},
    END};
static const struct schema ASSUMPTION_SCHEMA = {
    "assumption", "an assumption", sizeof(struct assumption), ASSUMPTION_FIELDS,
     "Documentation that the finance pack prints."};

static const struct field PLAN_FIELDS[] = {
    {"plan",        KEY_MAP,   REQUIRED, AT(plan, header), &HEADER_SCHEMA, NULL, "the header"},
    {"bands",       KEY_MAP,   0, AT(plan, bands), &BANDS_SCHEMA, NULL,
     "typical shares of the total"},
    {"reserve",     KEY_MAP,   0, AT(plan, reserve), &RESERVE_SCHEMA, NULL,
     "the innovation reserve"},
    {"buffers",     KEY_MAP,   0, AT(plan, buffers), &BUFFERS_SCHEMA, NULL,
     "default buffers by kind"},
    {"drivers",     KEY_QUANTITIES, SERIES | SIGNED | SOURCED, AT(plan, drivers), NULL, NULL,
     "names that formulas use"},
    {"prices",      KEY_PRICES, 0, AT(plan, prices), &PRICE_SCHEMA, NULL,
     "models, money per million tokens"},
    {"machines",    KEY_QUANTITIES, MONEY | SERIES | SOURCED, AT(plan, machines), NULL, NULL,
     "money per machine-hour"},
    {"roles",       KEY_NAMED, 0, AT(plan, roles), &ROLE_SCHEMA, NULL, "salaries"},
    {"loading",     KEY_MAP,   0, AT(plan, loading), &LOADING_SCHEMA, NULL,
     "what makes a salary fully loaded"},
    {"staff",       KEY_LIST,  0, AT(plan, staff), &POSITION_SCHEMA, NULL, "positions"},
    {"contractors", KEY_LIST,  0, AT(plan, contractors), &CONTRACTOR_SCHEMA, NULL, "days bought"},
    {"upskilling",  KEY_LIST,  0, AT(plan, upskilling), &UPSKILLING_SCHEMA, NULL,
     "training for people who are here"},
    {"initiatives", KEY_LIST,  0, AT(plan, initiatives), &INITIATIVE_SCHEMA, NULL, "the work"},
    {"levers",      KEY_LIST,  0, AT(plan, levers), &LEVER_SCHEMA, NULL, "optimizations"},
    {"together",    KEY_LIST,  0, AT(plan, together), &TOGETHER_SCHEMA, NULL, "correlations"},
    {"risks",       KEY_LIST,  0, AT(plan, risks), &RISK_SCHEMA, NULL, "events"},
    {"scenarios",   KEY_NAMED, 0, AT(plan, scenarios), &SCENARIO_SCHEMA, NULL,
     "targets and what-ifs"},
    {"process",     KEY_LIST,  0, AT(plan, process), &STEP_SCHEMA, NULL, "the annual process"},
    {"assumptions", KEY_LIST,  0, AT(plan, assumptions), &ASSUMPTION_SCHEMA, NULL,
     "documented assumptions"},
    {"include",     KEY_TEXTS, 0, AT(plan, include), NULL, NULL,
     "other files whose keys are added to this one"},
    END};
const struct schema PLAN_SCHEMA = {
    "outlay-plan", "a plan", sizeof(struct plan), PLAN_FIELDS, "An AI budget plan."};
/* clang-format on */

const struct field *schema_field(const struct schema *s, str key)
{
    for (const struct field *f = s->fields; f->key; f++)
        if (str_eq(key, str_of(f->key)))
            return f;
    return NULL;
}

const char **schema_keys(struct arena *a, const struct schema *s, size_t *ret_n)
{
    size_t n = 0;
    while (s->fields[n].key)
        n++;
    const char **keys = arena_new(a, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        keys[i] = s->fields[i].key;
    *ret_n = n;
    return keys;
}
