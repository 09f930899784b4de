/* alert.c - what an alert says, and sending it. */
#include "app/alert.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/http.h"
#include "base/json_write.h"

enum { TEXT_MOST = 1 << 16, LINES_MOST = 12, TRIES = 4, TIMEOUT_MS = 15000 };

static void add_flag(struct buf *b, const struct tracking *t, const struct track_row *row)
{
    char amount[DEC_GROUPED_TEXT], share[DEC_TEXT], when[MONTH_TEXT];
    const struct variance *v = &row->v;
    (void)t;
    buf_fmt(b, "\n- %.*s, %.*s: %.*s %s budget", FMT(row->path),
            FMT(row->month == MONTH_NONE ? S("year to date") : month_format_name(row->month, when)),
            FMT(dec_format_grouped(v->delta < 0 ? -v->delta : v->delta, 0, amount)),
            v->favorable ? "under" : "over");
    if (!dec_is_null(v->pct))
        buf_fmt(b, " (%.*s %%)",
                FMT(dec_format_fixed((v->pct < 0 ? -v->pct : v->pct) * 100, 1, share)));
    else
        buf_add(b, S(" (no budget)"));
}

/* Flags of lines that nobody explained yet; favorable ones of a month at work may still fill up. */
static size_t add_flags(struct arena *a, struct buf *b, const struct track_book *k, int32_t m,
                        bool ytd)
{
    struct track_row *rows;
    size_t n, count = 0;
    tracking_rows(a, &k->t, TRACK_LINE, m, ytd, &rows, &n);
    for (size_t i = 0; i < n; i++) {
        if (!variance_needs_words(&rows[i].v) || (rows[i].provisional && rows[i].v.favorable))
            continue;
        struct review r = {.last = k->t.first + m};
        struct review_row of = {.level = TRACK_LINE, .path = rows[i].path, .month = rows[i].month,
                                .category = str_of(category_key(rows[i].category))};
        if (book_explanation_of(&r, &of, k->explanations, k->n_explanations))
            continue;
        if (++count <= LINES_MOST)
            add_flag(b, &k->t, &rows[i]);
    }
    return count;
}

static void add_crossing(struct buf *b, const struct forecast_view *f)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    struct civil day_ = day_to_civil(f->crossing);
    buf_fmt(b, "You will cross the budget of %.*s on %d %s %d at this rate.",
            FMT(f->crossing_label), day_.mday, names[day_.month - 1], (int)day_.year);
}

bool alert_text(struct arena *a, const struct track_book *k, const struct forecast_view *f,
                int32_t m, str *ret, struct err *e)
{
    struct buf b, list;
    const struct plan_header *h = &k->t.plan->header;
    (void)e;
    buf_init(&b, TEXT_MOST);
    buf_init(&list, TEXT_MOST);
    size_t n = add_flags(a, &list, k, m, false) + add_flags(a, &list, k, m, true);
    bool crosses = f && f->crossing != DAY_NONE;
    if (n || crosses)
        buf_fmt(&b, "%.*s: ", FMT(h->name.s.n ? h->name.s : S("AI budget")));
    if (crosses)
        add_crossing(&b, f);
    if (n)
        buf_fmt(&b, "%s%zu variance%s without an explanation:%.*s", crosses ? " " : "", n,
                n == 1 ? "" : "s", FMT(buf_str(&list)));
    *ret = str_dup(a, buf_str(&b));
    buf_release(&b);
    buf_release(&list);
    return true;
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

bool alert_send(struct arena *a, str text, const struct alert_request *q, int *ret_tries,
                struct err *e)
{
    str body = body_of(a, text);
    *ret_tries = 0;
    /* the file first: it is there when the network is not */
    return (!q->file.n || append(a, q->file, body, e)) &&
           (!q->url.n || post(a, q, body, ret_tries, e));
}
