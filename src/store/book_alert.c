/* book_alert.c - what was told to which channel. */
#include "store/book_alert.h"

#include "store/book_track_int.h"

static const char *const KINDS[] = {"over", "under", "crossing", "crossed"};

static bool insert(struct book *b, str at, str channel, const struct alert_news *x, struct err *e)
{
    char date[DATE_TEXT];
    struct db_stmt *s = db_prepare(b->db, "INSERT INTO alert (at, channel, kind, path, period,"
                                          " amount, day) VALUES (?, ?, ?, ?, ?, ?, ?)");
    db_text(s, 1, at);
    db_text(s, 2, channel);
    db_text(s, 3, str_of(KINDS[x->kind]));
    db_text(s, 4, x->path);
    db_text(s, 5, x->period);
    track_amount(s, 6, x->amount);
    if (x->day == DAY_NONE)
        db_null(s, 7);
    else
        db_text(s, 7, date_format(x->day, date));
    return db_run(s, e);
}

bool book_add_alerts(struct book *b, str channel, const struct alert_news *items, size_t n,
                     int64_t now, struct err *e)
{
    struct arena a = ARENA_INIT;
    char at[TIME_TEXT];
    str when = moment_text(now, at);
    bool ok = db_begin(b->db, e), began = ok;
    for (size_t i = 0; ok && i < n; i++)
        ok = insert(b, when, channel, &items[i], e);
    ok = ok &&
         journal_append(b->db, now, S("alert"),
                        str_fmt(&a, "%zu told to channel %.*s", n, FMT(str_sub(channel, 0, 12))),
                        e) &&
         db_commit(b->db, e);
    if (!ok && began)
        db_rollback(b->db);
    arena_release(&a);
    return ok;
}

bool book_alerts(struct book *b, str channel, struct arena *a, struct alert_news **ret,
                 size_t *ret_n, struct err *e)
{
    struct alert_news *x;
    struct rows r = rows_of(b, a, "alert", "SELECT kind, path, period, amount, day FROM alert"
                                           " WHERE channel = ? ORDER BY id", sizeof *x, e);
    if (r.s)
        db_text(r.s, 1, channel);
    while ((x = rows_next(&r))) {
        str kind = db_get_text(a, r.s, 0);
        *x = (struct alert_news){.path = db_get_text(a, r.s, 1), .period = db_get_text(a, r.s, 2),
                                 .amount = track_get_amount(a, r.s, 3), .day = DAY_NONE};
        for (size_t i = 0; i < ARRAY_LEN(KINDS); i++)
            if (str_eq(kind, str_of(KINDS[i])))
                x->kind = (enum alert_kind)i;
        if (!db_is_null(r.s, 4))
            BUG_IF(!date_parse(db_get_text(a, r.s, 4), DATE_MDY, &x->day)); /* written above */
    }
    return rows_end(&r, ret, ret_n, e);
}

bool alert_is_news(const struct alert_news *x, const struct alert_news *told, size_t n)
{
    for (size_t i = n; i-- > 0;) {
        if (told[i].kind != x->kind || !str_eq(told[i].path, x->path) ||
            !str_eq(told[i].period, x->period))
            continue;
        return x->day != DAY_NONE ? x->day < told[i].day
                                  : x->amount > told[i].amount + told[i].amount / 4;
    }
    return true;
}
