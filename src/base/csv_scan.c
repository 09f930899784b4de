/* csv_scan.c - the byte-by-byte scanner of delimited text: exact about every quote. */
#include "base/csv_scan.h"

enum state {
    FIELD_START,
    FIELD,       /* unquoted, or behind a closed quote: quotes are ordinary */
    QUOTED,
    QUOTE_SEEN,  /* in a quoted field, behind a quote: closed, unless another quote follows */
};

static void end_record(struct csv_scan *s, size_t at)
{
    s->end = at + 1;
    s->line_masks++;
}

void csv_scan_lenient(const char *p, size_t n, char delimiter, struct csv_masks masks,
                      struct csv_scan *ret)
{
    struct csv_scan s = {0};
    enum state state = FIELD_START;
    uint64_t lines = 0, mask = 0;
    for (size_t i = 0; i < n; i++) {
        char c = p[i];
        bool separator = false;
        lines += c == '\n';
        s.high |= (unsigned char)c > 0x7f;
        s.nul |= c == 0;
        if (state == QUOTED) {
            if (c == '"')
                state = QUOTE_SEEN;
            s.line_in_quotes |= c == '\n';
        } else if (c == delimiter || c == '\n') {
            separator = true;
            s.separators++;
            state = FIELD_START;
            if (c == '\n') {
                end_record(&s, i);
                s.lines = lines;
            }
        } else if (c == '"' && state != FIELD) {
            state = QUOTED;
        } else {
            state = FIELD;
        }
        mask |= (uint64_t)separator << (i % 64);
        if (i % 64 == 63 || i + 1 == n) {
            masks.separators[i / 64] = mask;
            mask = 0;
        }
    }
    memset(masks.doubled, 0xff, (n / 4096 + 1) * sizeof *masks.doubled);
    s.inside = state == QUOTED;
    *ret = s;
}

size_t csv_flatten(const uint64_t *masks, size_t n, uint32_t *to)
{
    uint32_t *out = to;
    for (size_t i = 0; i < n; i++)
        for (uint64_t m = masks[i]; m; m &= m - 1)
            *out++ = (uint32_t)(i * 64) + (uint32_t)__builtin_ctzll(m);
    return (size_t)(out - to);
}
