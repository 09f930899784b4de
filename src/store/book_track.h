/* book_track.h - what tracking keeps in the book: transfers, commitments, explanations, forecasts,
 * closed quarters.
 *
 * Everything is written once, each with its journal entry in one transaction. A quarter closes
 * only when every flag among its variances has an explanation (owner, cause, text), and every month
 * of a promised benefit its measurement (store/book_value.h): book_close_review computes the flags
 * from the amounts and finds the measurements itself, and triggers of the database refuse a review
 * that lacks one, so that no caller can skip it. Amounts are in the plan's currency. */
#ifndef STORE_BOOK_TRACK_H
#define STORE_BOOK_TRACK_H

#include "base/hash.h"
#include "core/variance.h"
#include "store/book.h"

/* ---- transfers and commitments ---- */

struct transfer {
    int64_t id;
    str at, by, from, to, note;
    month month;
    dec amount;
};
MUST_CHECK bool book_add_transfer(struct book *b, const struct transfer *t, int64_t now,
                                  int64_t *ret_id, struct err *e);
MUST_CHECK bool book_transfers(struct book *b, struct arena *a, struct transfer **ret,
                               size_t *ret_n, struct err *e);

struct commitment { /* signed, not yet billed */
    int64_t id;
    str at, by, path, note;
    month first, last; /* when it will be billed, in equal parts */
    dec amount;
    str ended_at, ended_why, ended_note; /* empty while it stands; why: "billed", "canceled" */
};
MUST_CHECK bool book_add_commitment(struct book *b, const struct commitment *c, int64_t now,
                                    int64_t *ret_id, struct err *e);
MUST_CHECK bool book_end_commitment(struct book *b, int64_t id, bool billed, str note, int64_t now,
                                    struct err *e);
MUST_CHECK bool book_commitments(struct book *b, struct arena *a, struct commitment **ret,
                                 size_t *ret_n, struct err *e);

/* ---- explanations and their actions ---- */

struct explanation {
    int64_t id;
    enum track_level level;
    str at, by, path, owner, cause, text;
    month first, last; /* it speaks of flags of these months, and of the year to date at each */
    /* what is done about it; action_text empty: nothing */
    int64_t action;
    str action_text, due;
    str state; /* "open", "done", "dropped"; empty without an action */
    str ended_at, ended_note;
};
/* e: owner, cause or text is empty, or the last month's quarter is closed. */
MUST_CHECK bool book_add_explanation(struct book *b, const struct explanation *x, int64_t now,
                                     int64_t *ret_id, struct err *e);
MUST_CHECK bool book_explanations(struct book *b, struct arena *a, struct explanation **ret,
                                  size_t *ret_n, struct err *e);
MUST_CHECK bool book_end_action(struct book *b, int64_t action, bool done, str by, str note,
                                int64_t now, struct err *e);

/* ---- forecasts ---- */

struct forecast_row {
    enum track_level level;
    str path;     /* "total", "infra", "support", "support.chat" */
    month month;  /* MONTH_NONE: the whole year */
    dec actual, p10, p50, p90; /* DEC_NULL where there is none */
    str model;
};
struct stored_forecast {
    int64_t id;
    str at, currency, budget, program, sha256;
    month first, last, through; /* through: MONTH_NONE before any actual */
    struct forecast_row *rows;
    size_t n_rows;
};
MUST_CHECK bool book_add_forecast(struct book *b, const struct stored_forecast *f, int64_t now,
                                  int64_t *ret_id, struct err *e);
/* Heads, oldest first; rows are read by book_forecast. */
MUST_CHECK bool book_forecasts(struct book *b, struct arena *a, struct stored_forecast **ret,
                               size_t *ret_n, struct err *e);
MUST_CHECK bool book_forecast(struct book *b, int64_t id, struct arena *a,
                              struct stored_forecast *ret, struct err *e);

/* ---- reviews ---- */

struct review_row {
    enum track_level level;
    str path, category, initiative; /* the last two of lines: what they roll up to */
    month month;                    /* MONTH_NONE: the year to date at the quarter's end */
    dec actual, budget;
};
struct review_benefit { /* a month for which the budget promised a benefit: it is due */
    str path, initiative;
    month month;
    dec projected;       /* over zero */
    int64_t measurement; /* 0: none. Found by closing, whatever a caller says */
};
struct review {
    int64_t id;
    str at, by, label, budget, pack, program, sha256;
    month first, last;
    struct variance_rule rule;
    int64_t forecast;
    struct review_row *rows; /* of lines, initiatives and categories; months and year to date */
    size_t n_rows;
    struct review_benefit *benefits; /* all that are due in the quarter */
    size_t n_benefits;
};
/* A flag (or unbudgeted spend) that nothing explains. */
struct unexplained {
    const struct review_row *row;
    struct variance v;
};
/* The line that is all there is of a category or initiative in its period, so that both have one
 * variance, which is told at the line; NULL: none is, or row is a line. */
const struct review_row *book_review_only_line(const struct review *r,
                                               const struct review_row *row);
/* Which explanation covers each flag is found here: its own (same level and path, over that month,
 * or over the quarter's last month for the year to date), or, for an initiative or category, those
 * of its lines when what they leave is no flag any more. What has one line alone is told as
 * that line. */
MUST_CHECK bool book_review_unexplained(struct book *b, const struct review *r, struct arena *a,
                                        struct unexplained **ret, size_t *ret_n, struct err *e);
/* The explanation of a row itself among all of the book; 0: none. Spend that no line has takes that
 * of its category or initiative, whose name it bears. */
int64_t book_explanation_of(const struct review *r, const struct review_row *row,
                            const struct explanation *all, size_t n);
/* The benefits of *r with what measures them by now; *ret_missing counts paths that lack it in a
 * month. */
MUST_CHECK bool book_review_measured(struct book *b, const struct review *r, struct arena *a,
                                     struct review_benefit **ret, size_t *ret_missing,
                                     struct err *e);
/* Closes the quarter: keeps the pack and its variances under a digest, the forecast as a new
 * version, and closes its months. e names every flag that lacks an explanation
 * and every benefit that lacks its measurement. */
MUST_CHECK bool book_close_review(struct book *b, const struct review *r,
                                  const struct stored_forecast *f, int64_t now, int64_t *ret_id,
                                  struct err *e);
/* Oldest first, without rows. */
MUST_CHECK bool book_reviews(struct book *b, struct arena *a, struct review **ret, size_t *ret_n,
                             struct err *e);
/* One with its rows. */
MUST_CHECK bool book_review(struct book *b, int64_t id, struct arena *a, struct review *ret,
                            struct err *e);
/* Digests of closed reviews and forecasts are those of their content, and stand in the journal. */
MUST_CHECK bool book_verify_track(struct book *b, struct err *e);

#endif
