/* alert.c - what an alert says, and sending it. */
#include "app/alert.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/http.h"
#include "base/json_write.h"
#include "store/book_alert.h"

enum { TEXT_MOST = 1 << 16, LINES_MOST = 12, TRIES = 4, TIMEOUT_MS = 15000 };

/* ---- what there is to say ---- */

struct item {
    struct alert_news news;
    const struct track_row *row; /* NULL: a crossing */
};
struct items {
    struct item *items;
    size_t n, cap;
};

static void add(struct arena *a, struct items *to, struct alert_news news,
                const struct track_row *row)
{
    to->items = arena_grow(a, to->items, sizeof *to->items, &to->cap, to->n + 1);
    to->items[to->n++] = (struct item){news, row};
}

static str month_text(struct arena *a, month m)
{
    char text[MONTH_TEXT];
    return str_dup(a, month_format(m, text));
}

/* Flags of lines that nobody explained yet; favorable ones of a month at work may still fill up. */
static void add_flags(struct arena *a, const struct track_book *k, int32_t m, bool ytd,
                      struct items *to)
{
    struct track_row *rows;
    size_t n;
    str period = ytd ? str_fmt(a, "ytd %.*s", FMT(month_text(a, k->t.first)))
                     : month_text(a, k->t.first + m);
    tracking_rows(a, &k->t, TRACK_LINE, m, ytd, &rows, &n);
    for (size_t i = 0; i < n; i++) {
        const struct variance *v = &rows[i].v;
        if (!variance_needs_words(v) || (rows[i].provisional && v->favorable))
            continue;
        struct review r = {.last = k->t.first + m};
        struct review_row of = {.level = TRACK_LINE, .path = rows[i].path, .month = rows[i].month,
                                .category = str_of(category_key(rows[i].category))};
        if (book_explanation_of(&r, &of, k->explanations, k->n_explanations))
            continue;
        add(a, to, (struct alert_news){.kind = v->favorable ? ALERT_UNDER : ALERT_OVER,
                                       .path = rows[i].path, .period = period,
                                       .amount = v->delta < 0 ? -v->delta : v->delta,
                                       .day = DAY_NONE}, &rows[i]);
    }
}

static void add_crossing(struct arena *a, const struct forecast_view *f, struct items *to)
{
    if (f->crossing == DAY_NONE)
        return;
    add(a, to, (struct alert_news){.kind = f->crossed ? ALERT_CROSSED : ALERT_CROSSING,
                                   .period = month_text(a, f->crossing_first), .amount = DEC_NULL,
                                   .day = f->crossing}, NULL);
}

/* ---- how it is said ---- */

static void say_flag(struct buf *b, const struct item *x)
{
    char amount[DEC_GROUPED_TEXT], share[DEC_TEXT], when[MONTH_TEXT];
    const struct track_row *row = x->row;
    const struct variance *v = &row->v;
    buf_fmt(b, "\n- %.*s, %.*s: %.*s %s budget", FMT(row->path),
            FMT(row->month == MONTH_NONE ? S("year to date") : month_format_name(row->month, when)),
            FMT(dec_format_grouped(x->news.amount, 0, amount)), v->favorable ? "under" : "over");
    if (!dec_is_null(v->pct))
        buf_fmt(b, " (%.*s %%)",
                FMT(dec_format_fixed((v->pct < 0 ? -v->pct : v->pct) * 100, 1, share)));
    else
        buf_add(b, S(" (no budget)"));
}

static str text_of(struct arena *a, const struct track_book *k, const struct forecast_view *f,
                   day today, const struct items *x)
{
    struct buf b, list;
    const struct plan_header *h = &k->t.plan->header;
    size_t flags = 0;
    buf_init(&b, TEXT_MOST);
    buf_init(&list, TEXT_MOST);
    buf_fmt(&b, "%.*s: ", FMT(h->name.s.n ? h->name.s : S("AI budget")));
    for (size_t i = 0; i < x->n; i++) {
        if (!x->items[i].row)
            buf_fmt(&b, "%.*s ", FMT(forecast_crossing_text(a, f, today)));
        else if (++flags <= LINES_MOST)
            say_flag(&list, &x->items[i]);
    }
    if (flags > LINES_MOST)
        buf_fmt(&list, "\n- and %zu more: 'outlay track --flags' lists them", flags - LINES_MOST);
    if (flags)
        buf_fmt(&b, "%zu variance%s without an explanation:%.*s", flags, flags == 1 ? "" : "s",
                FMT(buf_str(&list)));
    str text = str_dup(a, str_trim(buf_str(&b)));
    buf_release(&b);
    buf_release(&list);
    return text;
}

static str body_of(struct arena *a, str text)
{
    struct buf b;
    struct json_out j;
    buf_init(&b, 4 * TEXT_MOST);
    json_out_init(&j, &b, 0);
    json_map_open(&j);
    json_key(&j, "text");
    json_string(&j, text);
    json_key(&j, "blocks");
    json_list_open(&j);
    json_map_open(&j);
    json_key(&j, "type");
    json_string(&j, S("section"));
    json_key(&j, "text");
    json_map_open(&j);
    json_key(&j, "type");
    json_string(&j, S("mrkdwn"));
    json_key(&j, "text");
    json_string(&j, str_sub(text, 0, 2900)); /* Slack takes 3000 */
    json_map_close(&j);
    json_map_close(&j);
    json_list_close(&j);
    json_map_close(&j);
    str body = str_dup(a, buf_str(&b));
    buf_release(&b);
    return body;
}

static bool append(struct arena *a, str path, str line, struct err *e)
{
    int fd = open(str_cstr(a, path), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0)
        return err_sys(e, errno, "writing '%.*s'", FMT(path));
    str text = str_fmt(a, "%.*s\n", FMT(str_trim(line)));
    ssize_t n = write(fd, text.p, text.n); /* one call: lines of two processes do not mix */
    int failed = n < 0 ? errno : (size_t)n < text.n ? ENOSPC : 0;
    if (close(fd) < 0 && !failed)
        failed = errno;
    return !failed || err_sys(e, failed, "writing '%.*s'", FMT(path));
}

static bool post(struct arena *a, const struct alert_request *q, str body, int *ret_tries,
                 struct err *e)
{
    char hex[SHA256_HEX];
    str stamp = str_fmt(a, "%lld", (long long)q->now);
    str headers[3] = {S("Content-Type: application/json")};
    struct http_post p = {.url = q->url, .headers = headers, .n_headers = 1, .body = body,
                          .tries = TRIES, .wait_ms = q->wait_ms, .timeout_ms = TIMEOUT_MS};
    if (q->key.n) {
        hmac_of(q->key, str_fmt(a, "%.*s.%.*s", FMT(stamp), FMT(body)), hex);
        headers[p.n_headers++] = str_fmt(a, "X-Outlay-Timestamp: %.*s", FMT(stamp));
        headers[p.n_headers++] = str_fmt(a, "X-Outlay-Signature: v1=%s", hex);
    }
    return http_post(&p, ret_tries, e);
}

/* ---- channels ---- */

struct telling {
    struct workspace *w;
    const struct track_book *k;
    const struct forecast_view *f;
    const struct alert_request *q;
    const struct items *all;
    struct alert_result *ret;
};

static bool deliver(const struct telling *t, bool file, str text, struct err *e)
{
    str body = body_of(t->w->arena, text);
    return file ? append(t->w->arena, t->q->file, body, e)
                : post(t->w->arena, t->q, body, &t->ret->tries, e);
}

/* What one channel does not know yet goes there, and is remembered once it arrived. */
static bool tell(const struct telling *t, bool file, str address, struct err *e)
{
    struct arena *a = t->w->arena;
    struct alert_news *told;
    struct items due = {0};
    size_t n;
    char channel[SHA256_HEX];
    if (!address.n)
        return true;
    sha256_of(str_fmt(a, "%s:%.*s", file ? "file" : "webhook", FMT(address)), channel);
    if (!book_alerts(t->w->book, str_of(channel), a, &told, &n, e))
        return false;
    for (size_t i = 0; i < t->all->n; i++)
        if (t->q->again || alert_is_news(&t->all->items[i].news, told, n))
            add(a, &due, t->all->items[i].news, t->all->items[i].row);
    if (!due.n)
        return true;
    struct alert_news *news = arena_new(a, struct alert_news, due.n);
    for (size_t i = 0; i < due.n; i++)
        news[i] = due.items[i].news;
    if (!deliver(t, file, text_of(a, t->k, t->f, t->q->today, &due), e) ||
        !book_add_alerts(t->w->book, str_of(channel), news, due.n, t->q->now, e))
        return false;
    t->ret->n_sent++;
    return true;
}

bool alert_run(struct workspace *w, const struct track_book *k, const struct forecast_view *f,
               const struct alert_request *q, struct alert_result *ret, struct err *e)
{
    struct items all = {0};
    struct telling t = {w, k, f, q, &all, ret};
    *ret = (struct alert_result){0};
    add_crossing(w->arena, f, &all);
    add_flags(w->arena, k, q->month, false, &all);
    add_flags(w->arena, k, q->month, true, &all);
    ret->n_items = all.n;
    /* the file first: it is there when the network is not */
    return tell(&t, true, q->file, e) && tell(&t, false, q->url, e);
}
