/* schema.h - the keys of a plan: one table per map, which reading, JSON Schema and docs all walk.
 */
#ifndef PLAN_SCHEMA_H
#define PLAN_SCHEMA_H

#include "plan/plan.h"

enum field_kind {
    KEY_TEXT,       /* struct p_text */
    KEY_ID,         /* struct p_text: letters, digits, - and _ */
    KEY_WORD,       /* struct p_word: one of `words` */
    KEY_MONTH,      /* struct p_month */
    KEY_QUANTITY,   /* struct quantity * */
    KEY_TEXTS,      /* struct p_texts: a list, or one text */
    KEY_BAND,       /* struct band: [25%, 35%] */
    KEY_MAP,        /* struct of `sub`, in place */
    KEY_LIST,       /* {items, n, at}: a list of maps of `sub` */
    KEY_NAMED,      /* the same, from a map of name: map; sub's struct has `name` behind `at` */
    KEY_QUANTITIES, /* struct named_quantities: a map of name: quantity */
    KEY_WEIGHTS,    /* struct weights: a name, or a map of name: weight */
    KEY_PRICES,     /* plan->prices: a map of model: entry, or list of entries */
    KEY_NODE,       /* const struct yaml_node *: kept as it is, must be a map */
};

enum {
    REQUIRED = 1u << 0,
    /* what a quantity may be written as */
    MONEY = 1u << 1,    /* a currency is allowed */
    SHARE = 1u << 2,    /* a percentage or a fraction, 0 to 100 % unless OVER */
    OVER = 1u << 3,     /* may exceed 100 % */
    SIGNED = 1u << 4,   /* may be negative */
    WHOLE = 1u << 5,    /* an integer */
    NONZERO = 1u << 6,  /* above zero */
    FIXED = 1u << 7,    /* no range */
    CURVE = 1u << 8,    /* {2026-07: 9k, ...} */
    SCHEDULE = 1u << 9, /* {at: {...}} */
    FORMULA = 1u << 10, /* =name * 2 */
    /* which units are allowed */
    PER_MO = 1u << 11,
    PER_YR = 1u << 12,
    ONCE = 1u << 13,
    SPAN = 1u << 14,      /* N months */
    MUST_SPAN = 1u << 15, /* `months` has to be written */
    MUST_PERCENT = 1u << 16,
    SOURCED = 1u << 17, /* may be written {value: ..., source: ...} */
    /* groups */
    SERIES = CURVE | FORMULA,
    FLOW = CURVE | FORMULA | SCHEDULE | PER_MO | PER_YR | ONCE,
};

struct schema;
struct field {
    const char *key;
    enum field_kind kind;
    unsigned flags;
    size_t offset;
    const struct schema *sub;
    const char *const *words;
    const char *help;
};
struct schema {
    const char *name; /* in the JSON Schema's $defs */
    const char *what; /* for messages: "a lever" */
    size_t size;
    const struct field *fields; /* key NULL at the end */
    const char *help;
};

extern const struct schema PLAN_SCHEMA;  /* the whole file */
extern const struct schema PRICE_SCHEMA; /* one entry under prices */

const struct field *schema_field(const struct schema *s, str key);
/* Its keys, NULL-terminated, in a. */
const char **schema_keys(struct arena *a, const struct schema *s, size_t *ret_n);

#endif
