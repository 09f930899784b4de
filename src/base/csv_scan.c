/* csv_scan.c - the byte-by-byte scanner of delimited text: exact about every quote. */
#include "base/csv_scan.h"

enum state {
    FIELD_START,
    FIELD,       /* unquoted, or behind a closed quote: quotes are ordinary */
    QUOTED,
    QUOTE_SEEN,  /* in a quoted field, behind a quote: closed, unless another quote follows */
};

/* What the byte does; *ret_separator: it ends a field. */
static inline enum state step(enum state state, char c, char delimiter, bool *ret_separator)
{
    *ret_separator = false;
    if (state == QUOTED)
        return c == '"' ? QUOTE_SEEN : QUOTED;
    if (c == delimiter || c == '\n') {
        *ret_separator = true;
        return FIELD_START;
    }
    return c == '"' && state != FIELD ? QUOTED : FIELD;
}

void csv_scan_lenient(const char *p, size_t n, char delimiter, struct csv_masks masks,
                      struct csv_scan *ret)
{
    struct csv_scan s = {0};
    enum state state = FIELD_START;
    uint64_t lines = 0, mask = 0;
    for (size_t i = 0; i < n; i++) {
        char c = p[i];
        bool separator;
        lines += c == '\n';
        s.high |= (unsigned char)c > 0x7f;
        s.nul |= c == 0;
        s.line_in_quotes |= c == '\n' && state == QUOTED;
        state = step(state, c, delimiter, &separator);
        s.separators += separator;
        if (separator && c == '\n') {
            s.end = i + 1;
            s.lines = lines;
            s.line_masks++;
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

size_t csv_first_record(const char *p, size_t n, char delimiter, size_t *ret_fields)
{
    enum state state = FIELD_START;
    size_t fields = 0;
    for (size_t i = 0; i < n; i++) {
        bool separator;
        state = step(state, p[i], delimiter, &separator);
        fields += separator;
        if (separator && p[i] == '\n') {
            *ret_fields = fields;
            return i + 1;
        }
    }
    return 0;
}

size_t csv_flatten(const uint64_t *masks, size_t n, uint32_t *to)
{
    uint32_t *out = to;
    for (size_t i = 0; i < n; i++)
        for (uint64_t m = masks[i]; m; m &= m - 1)
            *out++ = (uint32_t)(i * 64) + (uint32_t)__builtin_ctzll(m);
    return (size_t)(out - to);
}
