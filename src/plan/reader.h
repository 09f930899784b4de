/* reader.h - private to plan/: what reading and checking a plan share. */
#ifndef PLAN_READER_H
#define PLAN_READER_H

#include "plan/plan.h"
#include "plan/schema.h"

struct reader {
    struct arena *a;
    struct diags *d;
    const struct plan_options *o;
    struct plan *p;
    struct map failed;            /* paths of quantities whose fault is told already */
    const struct yaml_node **odd; /* maps with an unknown key: what they lack may be that key */
    size_t n_odd, cap_odd;
    struct map initiatives, drivers, models; /* id or name to index */
};

bool has_unknown_key(const struct reader *r, const struct yaml_node *map);

/* read.c: the maps of a file into their structs. */
void read_map(struct reader *r, const struct yaml_node *n, const struct schema *s, str prefix,
              void *out);

/* quantity.c: one value. NULL after a fault. */
struct quantity *read_quantity(struct reader *r, const struct yaml_node *n, unsigned flags,
                               str path);
/* A number inside a text value, at byte `offset` of it; faults point there. */
bool read_number_at(struct reader *r, const struct yaml_node *n, str part, size_t offset,
                    struct number *ret);
struct quantity *quantity_of_number(struct reader *r, const struct yaml_node *n,
                                    const struct number *v, bool share, str path);
struct formula *read_formula(struct reader *r, const struct yaml_node *n);

/* A fault at bytes [at, at + len) of a scalar's text. */
void fault_inside(struct reader *r, const struct yaml_node *n, size_t at, size_t len, str hint,
                  const char *fmt, ...) PRINTF_LIKE(6, 7);
/* Is a suggestion worth its search? Not for faults beyond those that are kept. */
bool may_suggest(const struct reader *r);
/* "Did you mean 'x'?" or empty; in the reader's arena. */
str did_you_mean(struct reader *r, str wrong, const char *const *candidates, size_t n);

/* check*.c: names resolved, spans worked out, rules of the language. In this order. */
void check_header(struct reader *r);
void check_tables(struct reader *r); /* drivers, fx, prices, loading, bands, reserve, buffers */
void check_initiatives(struct reader *r); /* ids, needs, lines, benefits */
void check_people(struct reader *r);
void check_levers(struct reader *r);
void check_options(struct reader *r);    /* cuts and adds, together, risks, scenarios, process */
void check_currencies(struct reader *r); /* when every quantity is known */
void check_advice(struct reader *r);     /* warnings */

/* What both line checks and lever checks need. */
uint32_t find_price(struct reader *r,
                    const struct p_text *model); /* adds one from the price book */
void need_price(struct reader *r, const struct p_text *model, uint32_t price, month first,
                month last);
uint32_t find_initiative(struct reader *r, const struct p_text *name);
void check_weights(struct reader *r, struct weights *w);
bool check_inside_plan(struct reader *r, const struct p_month *m, const char *key);
/* Duplicate ids of a list, told at the later one. */
void check_unique(struct reader *r, struct map *seen, const struct p_text *id, const char *what);
void check_schedule(struct reader *r, const struct quantity *q, month first, month last);
/* The action behind `do:`; NULL path prefix rules apply: options name lines of their initiative. */
void check_option_action(struct reader *r, struct plan_option *o, const struct initiative *in);
void check_risk_action(struct reader *r, struct risk *k);
/* Does a path name a value, line, kind's driver, machine or price? A fault if not. */
bool check_value_path(struct reader *r, const struct yaml_node *n, str path);

#endif
