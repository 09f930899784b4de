/* plan_origin.h - where a number of a plan comes from: file and line, source note, who owns it. */
#ifndef REPORT_PLAN_ORIGIN_H
#define REPORT_PLAN_ORIGIN_H

#include "base/map.h"
#include "plan/plan.h"

struct origin {
    str path; /* of the line, benefit, lever, position ... that the number belongs to */
    str key;  /* which of its numbers: "in", "salary"; empty: the thing itself is the number */
    str source, owner; /* may be empty */
    month from;        /* of a dated price; else MONTH_NONE */
};

struct origins {
    const struct plan *plan;
    struct arena *arena;
    struct map index; /* path of a thing -> its source and owner */
};

void origins_init(struct origins *o, const struct plan *p, struct arena *a);
/* Of a quantity; false for settings of the plan as a whole (months, bands, buffers). */
bool origin_of(const struct origins *o, const struct quantity *q, struct origin *ret);
/* Of a line, benefit, lever, position, contractor, upskilling: its source and owner. */
struct origin origin_at(const struct origins *o, str path);

/* "plan.yaml:12"; empty without a place. */
str place_text(struct arena *a, const struct yaml_node *n);
/* The value as it is written, on one line: "10 (8 to 14)", "{2026-07: 9k, 2027-06: 30k}". */
str written_text(struct arena *a, const struct yaml_node *n);

#endif
