/* progress.c - one line on stderr while something takes long. */
#include "base/progress.h"

#include <time.h>
#include <unistd.h>

#include "base/term.h"

enum { SECOND_NS = 1000000000, WAIT_NS = 500000000, STEP_NS = 100000000 };

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * SECOND_NS + t.tv_nsec;
}

void progress_init(struct progress *p, int fd, bool allowed)
{
    *p = (struct progress){.fd = fd};
    struct term_env env = term_env();
    struct term t = term_probe(fd, COLOR_AUTO, &env);
    p->on = allowed && t.tty && env.term && !str_eq(str_of(env.term), S("dumb"));
    p->width = t.width;
}

void progress_begin(struct progress *p, str label, uint64_t total_bytes)
{
    if (!p->on)
        return;
    progress_clear(p);
    snprintf(p->label, sizeof p->label, "%.*s", FMT(label));
    p->total_bytes = total_bytes;
    p->began_ns = p->last_ns = now_ns();
}

static size_t add_grouped(char *to, size_t room, uint64_t v)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)v);
    size_t at = 0;
    for (int i = 0; i < n && at + 2 < room; i++) {
        if (i && (n - i) % 3 == 0)
            to[at++] = ',';
        to[at++] = digits[i];
    }
    to[at] = 0;
    return at;
}

str progress_line(const struct progress *p, double share, uint64_t rows, int64_t elapsed_ns,
                  char out[160])
{
    enum { ROOM = 160 };
    double seconds = (double)elapsed_ns / SECOND_NS;
    size_t n = (size_t)snprintf(out, ROOM, "%s", p->label);
    if (share >= 0) {
        share = MIN(share, 1.0);
        n += (size_t)snprintf(out + n, ROOM - n, "  %3d %%", (int)(share * 100));
    }
    if (rows) {
        n += (size_t)snprintf(out + n, ROOM - n, "  ");
        n += add_grouped(out + n, ROOM - n, rows);
        n += (size_t)snprintf(out + n, ROOM - n, " rows");
    }
    if (p->total_bytes && share > 0 && seconds > 0)
        n += (size_t)snprintf(out + n, ROOM - n, "  %.0f MB/s",
                              (double)p->total_bytes * share / seconds / 1e6);
    if (share >= 0.01 && share < 1) {
        double left = seconds / share * (1 - share) + 0.5;
        if (left < 360000)
            n += (size_t)snprintf(out + n, ROOM - n, "  %d:%02d left", (int)left / 60,
                                  (int)left % 60);
    }
    return (str){out, n};
}

/* Talk may fail: a full or closed stderr must not stop the work. */
static void say(int fd, str s)
{
    ssize_t written = write(fd, s.p, s.n);
    (void)written;
}

void progress_update(struct progress *p, double share, uint64_t rows)
{
    if (!p->on)
        return;
    int64_t now = now_ns();
    if (now - p->began_ns < WAIT_NS || now - p->last_ns < STEP_NS)
        return;
    p->last_ns = now;
    char text[160], line[192];
    str s = progress_line(p, share, rows, now - p->began_ns, text);
    size_t width = p->width > 1 ? (size_t)p->width - 1 : 1;
    int n = snprintf(line, sizeof line, "\r%.*s\x1b[K", (int)MIN(s.n, width), s.p);
    say(p->fd, (str){line, (size_t)n});
    p->drawn = true;
}

void progress_clear(struct progress *p)
{
    if (p->on && p->drawn)
        say(p->fd, S("\r\x1b[K"));
    p->drawn = false;
}

void progress_end(struct progress *p)
{
    progress_clear(p);
}
