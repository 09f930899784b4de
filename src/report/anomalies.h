/* anomalies.h - days whose spend is outside its own pattern. */
#ifndef REPORT_ANOMALIES_H
#define REPORT_ANOMALIES_H

#include "core/category.h"
#include "doc/doc.h"

enum anomaly_kind {
    ANOMALY_SPIKE,
    ANOMALY_SHIFT,  /* many days a little off in one direction */
    ANOMALY_STOPPED /* no spend from this day on, while its provider still bills */
};
struct anomaly_day {
    str path; /* line, else initiative or category */
    enum category category;
    day day;
    dec actual, expected;
    double z; /* NAN: none, it stopped */
    enum anomaly_kind kind;
    bool fixed; /* also more than the fixed share off */
    str rows;   /* the command that lists them */
};
struct anomalies_view {
    const struct anomaly_day *items;
    size_t n;
    size_t series, days;     /* looked at */
    size_t too_short, fixed; /* series without enough days; days beyond the fixed share */
    day from, to;
    currency currency;
    dec floor, over;
    day as_of;
    const char *basis;
};

struct doc *report_anomalies(const struct anomalies_view *v, struct arena *a);

#endif
