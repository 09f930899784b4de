/* csv_scan_avx2.c - the bulk scanner of delimited text: 64 bytes at a step. */
#include "base/csv_scan.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,pclmul,popcnt,bmi")))

bool csv_scan_avx2_usable(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("pclmul") &&
           __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi");
}

struct word {
    uint64_t quote, delimiter, line, cr;
};

TARGET static inline uint64_t equal(__m256i lo, __m256i hi, __m256i c)
{
    uint32_t l = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(lo, c));
    uint32_t h = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(hi, c));
    return (uint64_t)h << 32 | l;
}

/* Bit i is the parity of bits 0 to i: set from an opening quote up to before the closing one. */
TARGET static inline uint64_t prefix_xor(uint64_t bits)
{
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits),
                                           _mm_set1_epi8((char)0xff), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

/* What one step hands to the next. */
struct carry {
    uint64_t inside;   /* all ones inside quotes */
    uint64_t edge; /* bit 0: the last byte was a separator, a closing quote, or the block's start */
    uint64_t closed;   /* bit 0: the last byte was a closing quote */
    uint64_t cr;       /* bit 0: the last byte was a CR behind a closing quote */
    uint64_t odd;
    uint64_t doubled; /* of this step: 1 when a quote stands behind a closing one */
    uint64_t line_inside;
    uint64_t lines;
};

TARGET static inline uint64_t step(const struct word *w, struct carry *c, struct csv_scan *s,
                                   size_t base)
{
    uint64_t inside = prefix_xor(w->quote) ^ c->inside;
    c->inside = (uint64_t)((int64_t)inside >> 63);
    uint64_t opening = w->quote & inside, closing = w->quote & ~inside;
    uint64_t line = w->line & ~inside;
    uint64_t separator = (w->delimiter & ~inside) | line;
    /* an opening quote stands behind a separator or, in a doubled one, behind a closing quote */
    uint64_t edge = separator | closing;
    c->odd |= opening & ~(edge << 1 | c->edge);
    c->edge = edge >> 63;
    /* behind a closing quote stands a separator, another quote, or CR LF */
    uint64_t behind = closing << 1 | c->closed;
    c->closed = closing >> 63;
    c->doubled = (behind & opening) != 0;
    uint64_t cr = w->cr & behind;
    c->odd |= behind & ~(separator | opening | cr);
    c->odd |= (cr << 1 | c->cr) & ~line;
    c->cr = cr >> 63;
    c->line_inside |= w->line & inside;
    s->separators += (size_t)__builtin_popcountll(separator);
    if (w->line) {
        if (line) {
            unsigned last = 63u - (unsigned)__builtin_clzll(line);
            s->end = base + last + 1;
            s->lines = c->lines + (uint64_t)__builtin_popcountll(w->line << (63 - last));
            s->line_masks += (uint64_t)__builtin_popcountll(line);
        }
        c->lines += (uint64_t)__builtin_popcountll(w->line);
    }
    return separator;
}

TARGET void csv_scan_avx2(const char *p, size_t n, char delimiter, struct csv_masks masks,
                          struct csv_scan *ret)
{
    struct csv_scan s = {0};
    struct carry c = {.edge = 1};
    const __m256i quote = _mm256_set1_epi8('"'), delim = _mm256_set1_epi8(delimiter);
    const __m256i lf = _mm256_set1_epi8('\n'), cr = _mm256_set1_epi8('\r');
    __m256i any = _mm256_setzero_si256(), least = _mm256_set1_epi8(-1);
    size_t i = 0;
    memset(masks.doubled, 0, (n / 4096 + 1) * sizeof *masks.doubled);
    for (; i + 64 <= n; i += 64) {
        __m256i lo = _mm256_loadu_si256((const __m256i *)(const void *)(p + i));
        __m256i hi = _mm256_loadu_si256((const __m256i *)(const void *)(p + i + 32));
        any = _mm256_or_si256(any, _mm256_or_si256(lo, hi));
        least = _mm256_min_epu8(least, _mm256_min_epu8(lo, hi));
        struct word w = {equal(lo, hi, quote), equal(lo, hi, delim), equal(lo, hi, lf),
                         equal(lo, hi, cr)};
        masks.separators[i / 64] = step(&w, &c, &s, i);
        masks.doubled[i / 4096] |= c.doubled << (i / 64 % 64);
    }
    if (i < n) {
        char tail[64];
        memset(tail, ' ', sizeof tail);
        memcpy(tail, p + i, n - i);
        uint64_t keep = (UINT64_C(1) << (n - i)) - 1;
        __m256i lo = _mm256_loadu_si256((const __m256i *)(const void *)tail);
        __m256i hi = _mm256_loadu_si256((const __m256i *)(const void *)(tail + 32));
        any = _mm256_or_si256(any, _mm256_or_si256(lo, hi));
        least = _mm256_min_epu8(least, _mm256_min_epu8(lo, hi));
        struct word w = {equal(lo, hi, quote) & keep, equal(lo, hi, delim) & keep,
                         equal(lo, hi, lf) & keep, equal(lo, hi, cr) & keep};
        /* what would stand behind the block's end is not odd, only unknown */
        uint64_t odd = c.odd, last = UINT64_C(1) << (n - i);
        c.odd = 0;
        masks.separators[i / 64] = step(&w, &c, &s, i);
        masks.doubled[i / 4096] |= c.doubled << (i / 64 % 64);
        c.odd = odd | (c.odd & (last - 1));
    }
    s.odd = c.odd != 0;
    s.inside = c.inside != 0;
    s.line_in_quotes = c.line_inside != 0;
    s.high = _mm256_movemask_epi8(any) != 0;
    s.nul = _mm256_movemask_epi8(_mm256_cmpeq_epi8(least, _mm256_setzero_si256())) != 0;
    *ret = s;
}

/* Four at a time whether or not there are four: how many a mask has is hard to foresee. */
TARGET size_t csv_flatten_avx2(const uint64_t *masks, size_t n, uint32_t *to)
{
    uint32_t *out = to;
    const uint64_t guard = UINT64_C(1) << 63; /* the count of zeros of 0 is not defined */
    for (size_t i = 0; i < n; i++) {
        uint64_t m = masks[i];
        uint32_t base = (uint32_t)(i * 64), *next = out;
        out += __builtin_popcountll(m);
        while (m) {
            for (int k = 0; k < 4; k++) {
                *next++ = base + (uint32_t)__builtin_ctzll(m | guard);
                m &= m - 1;
            }
        }
    }
    return (size_t)(out - to);
}

#else

size_t csv_flatten_avx2(const uint64_t *masks, size_t n, uint32_t *to)
{
    return csv_flatten(masks, n, to);
}

bool csv_scan_avx2_usable(void)
{
    return false;
}

void csv_scan_avx2(const char *p, size_t n, char delimiter, struct csv_masks masks,
                   struct csv_scan *ret)
{
    csv_scan_lenient(p, n, delimiter, masks, ret);
}

#endif
