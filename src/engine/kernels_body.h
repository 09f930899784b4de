/* kernels_body.h - the kernels themselves; KERNEL_RUN names the function that is made.
 *
 * Plain loops that the compiler makes vectors of. No fused multiply-add, no reordering of sums: a
 * lane computes what a scalar would, so every width gives the same bytes. */
#include <math.h>

#include "core/mathfn.h"
#include "engine/kernels_wide.h"
#include "engine/normal_table.h"

#define N KERNEL_BLOCK
#define QUARTER (N / 4)
#define KEY0 0x9E3779B9u
#define KEY1 0xBB67AE85u

/* --- 32 random bits for each trial --- */

/* Call i of a block, in the order of 64-bit lanes that PACK puts in order again. */
static lanes calls(uint32_t first)
{
    uint64_t at[LANES];
    for (uint32_t i = 0; i < LANES; i++)
        at[i] = (uint32_t)(first + 4 * (i / 2) + i % 2);
    return LOAD(at);
}

static inline void philox_round(lanes c[4], uint32_t k0, uint32_t k1)
{
    lanes p0 = MULTIPLY(c[0], ALL(0xD2511F53u)), p1 = MULTIPLY(c[2], ALL(0xCD9E8D57u));
    c[0] = UPPER(p1) ^ (c[1] ^ ALL(k0));
    c[2] = UPPER(p0) ^ (c[3] ^ ALL(k1));
    c[1] = p1;
    c[3] = p0;
}

/* Philox4x32-10 (Salmon et al. 2011): call i of a block gives its trials i, i + 128, i + 256 and
 * i + 384. Its calls differ in the first of four numbers alone, so that half of the first two
 * rounds is the same for all. Two groups of lanes at once hide the latency of the products. */
static void philox_block(uint64_t seed, uint64_t block, uint64_t stream, uint32_t set,
                         uint32_t *restrict out)
{
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    uint64_t p1 = (stream & UINT32_MAX) * 0xCD9E8D57u;
    uint64_t p0 = ((uint32_t)(p1 >> 32) ^ set ^ k0) * (uint64_t)0xD2511F53u;
    lanes third = ALL((uint32_t)(stream >> 32) ^ k1), second = ALL((uint32_t)p1 ^ (k0 + KEY0));
    lanes fourth = ALL((uint32_t)(p0 >> 32) ^ (k1 + KEY1)), last = ALL((uint32_t)p0);
    lanes first = calls((uint32_t)(block * QUARTER));
    for (uint32_t i = 0; i < QUARTER; i += 2 * LANES) {
        lanes c[2][4];
        uint32_t key0 = k0 + 2 * KEY0, key1 = k1 + 2 * KEY1;
#pragma GCC unroll 2
        for (uint32_t g = 0; g < 2; g++) {
            lanes at = first + ALL(i + 2 * g), q0 = MULTIPLY(at, ALL(0xD2511F53u));
            lanes q1 = MULTIPLY(UPPER(q0) ^ third, ALL(0xCD9E8D57u));
            c[g][0] = UPPER(q1) ^ second;
            c[g][1] = q1;
            c[g][2] = q0 ^ fourth;
            c[g][3] = last;
        }
#pragma GCC unroll 8
        for (int round = 2; round < 10; round++) {
            philox_round(c[0], key0, key1);
            philox_round(c[1], key0, key1);
            key0 += KEY0;
            key1 += KEY1;
        }
#pragma GCC unroll 4
        for (uint32_t k = 0; k < 4; k++)
            STORE(out + k * QUARTER + i, PACK(c[0][k], c[1][k]));
    }
}

static inline uint32_t reversed(uint32_t x)
{
    x = (x >> 16) | (x << 16);
    x = ((x & 0x00ff00ffu) << 8) | ((x >> 8) & 0x00ff00ffu);
    x = ((x & 0x0f0f0f0fu) << 4) | ((x >> 4) & 0x0f0f0f0fu);
    x = ((x & 0x33333333u) << 2) | ((x >> 2) & 0x33333333u);
    return ((x & 0x55555555u) << 1) | ((x >> 1) & 0x55555555u);
}

/* Sobol points, scrambled as Owen's method by a hash (Laine and Karras, Burley 2020). */
static void sobol_block(const struct draw_source *s, uint64_t block, uint32_t *restrict out)
{
    uint32_t x = 0;
    for (uint32_t bit = 9; bit < SOBOL_BITS; bit++)
        if (block >> (bit - 9) & 1)
            x ^= s->directions[bit];
    out[0] = x;
    for (uint32_t bit = 0; bit < 9; bit++)
        for (uint32_t i = 0; i < 1u << bit; i++)
            out[(1u << bit) + i] = out[i] ^ s->directions[bit];
    for (uint32_t i = 0; i < N; i++) {
        uint32_t v = reversed(out[i]) + s->scramble;
        v ^= v * 0x6c50b47cu;
        v ^= v * 0xb82f1e52u;
        v ^= v * 0xc7afe638u;
        v ^= v * 0x8d22f6e6u;
        out[i] = reversed(v);
    }
}

static void bits_block(const struct frame *f, uint32_t input, uint32_t *out)
{
    const struct draw_source *s = &f->sources[input];
    if (s->directions)
        sobol_block(s, f->block, out);
    else
        philox_block(f->seed, f->block, s->stream, s->set, out);
}

/* --- draws --- */

static inline double uniform_of(uint32_t bits) /* (bits + 1/2) / 2^32 */
{
    return ((double)(int32_t)(bits ^ 0x80000000u) + 2147483648.5) * 0x1p-32;
}

/* The size of a normal score whose smaller tail is f / 2^32, by the octave of f. */
static inline floats tail_score(floats f, const float table[NORMAL_DEGREE + 1][8])
{
    words at = (words)f;
    floats s = (floats)((at & ALL_WORDS(0x7fffff)) | ALL_WORDS(0x3f800000)) - 1.5f;
    octaves o = OCTAVES(at);
    floats s2 = s * s, p01 = PICK(table[0], o) + s * PICK(table[1], o);
    floats p23 = PICK(table[2], o) + s * PICK(table[3], o);
    floats p456 = (PICK(table[4], o) + s * PICK(table[5], o)) + s2 * PICK(table[6], o);
    return p01 + s2 * (p23 + s2 * p456);
}

/* Trials first ... first + FLOATS - 1, some of which have tails below 2^-9. */
static void far_scores(const uint32_t *bits, double *out)
{
    float score[FLOATS], tail[FLOATS];
    for (uint32_t i = 0; i < FLOATS; i++)
        tail[i] = (float)(int32_t)(bits[i] & 0x7fffffffu) + 0.5f;
    floats z = tail_score(LOAD_FLOATS(tail), NORMAL_TAIL[1]);
    STORE_FLOATS(score, z);
    for (uint32_t i = 0; i < FLOATS; i++) {
        uint32_t n = bits[i] & 0x7fffffffu;
        if (n >= NORMAL_FAR)
            continue;
        double size =
            n < NORMAL_FARTHEST ? -math_normal_quantile((n + 0.5) * 0x1p-32) : (double)score[i];
        out[i] = bits[i] >> 31 ? size : -size;
    }
}

/* Normal scores by inversion: the first bit is the sign, the others the smaller tail, so that
 * chances down to 2^-33 keep their digits. A polynomial for each octave of the tail, errors below
 * 1e-6; tails below 2^-9, one draw in 256, come after, those below 2^-17 by the quantile itself. */
static void normal_block(const uint32_t *restrict bits, double *restrict out)
{
    uint32_t far[N / FLOATS], any = 0;
    for (uint32_t i = 0; i < N; i += FLOATS) {
        words b = LOAD_WORDS(bits + i), n = b & ALL_WORDS(0x7fffffff);
        far[i / FLOATS] = WHICH_BELOW(n, NORMAL_FAR);
        any |= far[i / FLOATS];
        floats z = tail_score(LEAST(FLOATS_OF(n), 0x1.fffffep30f), NORMAL_TAIL[0]);
        STORE_WIDE(out + i, (floats)((words)z ^ (~b & ALL_WORDS(INT32_MIN))));
    }
    for (uint32_t i = 0; any && i < N; i += FLOATS)
        if (far[i / FLOATS])
            far_scores(bits + i, out + i);
}

/* --- functions --- */

#define BOTH _Pragma("GCC unroll 2") for (int u = 0; u < 2; u++)

/* e^x to about 3e-16: reduced to |r| <= ln2 / 2, a polynomial, and a power of two by its bits;
 * below -709 0, above 709.4 infinity. Two at once: one waits for its products half of the time. */
static inline void exp_of(doubles x[2])
{
    doubles magic[2], r[2], r2[2], r4[2], low[2], p[2];
    BOTH x[u] = CLAMP(x[u], -709, 710);
    BOTH magic[u] = x[u] * 1.44269504088896338700e+00 + 0x1.8p52;
    BOTH r[u] = x[u] - (magic[u] - 0x1.8p52) * 6.93147180369123816490e-01;
    BOTH r[u] = r[u] - (magic[u] - 0x1.8p52) * 1.90821492927058770002e-10;
    BOTH r2[u] = r[u] * r[u];
    BOTH p[u] = 0x1.a01991a02d38fp-16 + r[u] * 0x1.71dde761afc1bp-19;
    BOTH p[u] += (0x1.28b410d73d492p-22 + r[u] * 0x1.af786c30b3c3cp-26) * r2[u];
    BOTH r4[u] = r2[u] * r2[u];
    BOTH low[u] = (0x1.0000000000011p-1 + r[u] * 0x1.5555555555562p-3) * r2[u];
    BOTH p[u] = (0x1.6c16c18800884p-10 + r[u] * 0x1.a01a01b80612dp-13) * r2[u] + p[u] * r4[u];
    BOTH p[u] = (0x1.555555554f0b8p-5 + r[u] * 0x1.111111110db6ap-7) + p[u];
    BOTH p[u] = (1 + r[u]) + (low[u] + p[u] * r4[u]);
    BOTH x[u] = p[u] * POWER_OF_TWO(magic[u]);
}

static void exp_block(const double *restrict a, double *restrict out)
{
    for (uint32_t i = 0; i < N; i += 2 * DOUBLES) {
        doubles x[2] = {LOAD_DOUBLES(a + i), LOAD_DOUBLES(a + i + DOUBLES)};
        exp_of(x);
        STORE_DOUBLES(out + i, x[0]);
        STORE_DOUBLES(out + i + DOUBLES, x[1]);
    }
}

static void logistic_block(const double *restrict a, double *restrict out)
{
    for (uint32_t i = 0; i < N; i += 2 * DOUBLES) {
        doubles x[2] = {-LOAD_DOUBLES(a + i), -LOAD_DOUBLES(a + i + DOUBLES)};
        exp_of(x);
        STORE_DOUBLES(out + i, 1 / (1 + x[0]));
        STORE_DOUBLES(out + i + DOUBLES, 1 / (1 + x[1]));
    }
}

static void triangle_block(const double *restrict u, const double k[3], double *restrict out)
{
    double low = k[0], mode = k[1], high = k[2], width = high - low;
    double at = (mode - low) / width, up = width * (mode - low), down = width * (high - mode);
    for (uint32_t i = 0; i < N; i += DOUBLES) {
        doubles x = LOAD_DOUBLES(u + i);
        lanes left = (lanes)(x < at);
        doubles away = ROOT(EITHER(left, x * up, (1 - x) * down));
        STORE_DOUBLES(out + i, EITHER(left, low + away, high - away));
    }
}

static void between_block(const double *a, const double *b, double t, double *out)
{
    for (uint32_t i = 0; i < N; i++)
        out[i] = a[i] > 0 && b[i] > 0 ? a[i] * math_pow(b[i] / a[i], t) : a[i] + (b[i] - a[i]) * t;
}

/* --- the steps --- */

#define EACH(EXPRESSION)                                                                           \
    do {                                                                                           \
        for (uint32_t i = 0; i < N; i++)                                                           \
            d[i] = EXPRESSION;                                                                     \
    } while (0)

static void draw(const struct kernel_step *s, const struct frame *f, double *restrict d)
{
    uint32_t bits[N];
    bits_block(f, s->input, bits);
    if (s->code == STEP_NORMAL)
        normal_block(bits, d);
    else
        EACH(uniform_of(bits[i]));
}

static void pairs(const struct kernel_step *s, const double *restrict a, const double *restrict b,
                  double *restrict d)
{
    if (s->code == STEP_ADD)
        EACH(a[i] + b[i]);
    else if (s->code == STEP_SUB)
        EACH(a[i] - b[i]);
    else if (s->code == STEP_MUL)
        EACH(a[i] * b[i]);
    else if (s->code == STEP_DIV)
        EACH(a[i] / b[i]);
    else if (s->code == STEP_MAX)
        EACH(a[i] > b[i] ? a[i] : b[i]);
    else if (s->code == STEP_LESS)
        EACH(a[i] < b[i] ? 1.0 : 0.0);
    else
        between_block(a, b, s->k[0], d);
}

static void with_constant(const struct kernel_step *s, const double *restrict a, double *restrict d)
{
    const double k = s->k[0];
    if (s->code == STEP_ADD_C)
        EACH(a[i] + k);
    else if (s->code == STEP_C_SUB)
        EACH(k - a[i]);
    else if (s->code == STEP_MUL_C)
        EACH(a[i] * k);
    else if (s->code == STEP_C_DIV)
        EACH(k / a[i]);
    else if (s->code == STEP_DIV_C)
        EACH(a[i] / k);
    else if (s->code == STEP_MAX_C)
        EACH(a[i] > k ? a[i] : k);
    else if (s->code == STEP_LESS_C)
        EACH(a[i] < k ? 1.0 : 0.0);
    else
        EACH(k < a[i] ? 1.0 : 0.0);
}

static void functions(const struct kernel_step *s, const double *restrict a, double *restrict d)
{
    if (s->code == STEP_EXP) {
        exp_block(a, d);
    } else if (s->code == STEP_LOG) {
        EACH(math_log(a[i]));
    } else if (s->code == STEP_ROUND) {
        EACH(floor(a[i] + 0.5));
    } else if (s->code == STEP_LOGISTIC) {
        logistic_block(a, d);
    } else if (s->code == STEP_SLOPES) {
        const double base = s->k[0], below = s->k[1], above = s->k[2];
        EACH(base + a[i] * (a[i] < 0 ? below : above));
    } else {
        triangle_block(a, s->k, d);
    }
}

static void sum(const double *restrict a, double by, double *restrict d)
{
    EACH(d[i] + a[i] * by);
}

static inline void add_to(double *to, doubles v)
{
    STORE_DOUBLES(to, LOAD_DOUBLES(to) + v);
}

/* All outputs in one pass: a month's amount is neither stored nor read again. */
static void series(const struct kernel_step *s, const double *a, const double *b, struct frame *f)
{
    double *to[SERIES_MAX], none[2 * DOUBLES] = {0};
    double *total = s->dst == UINT32_MAX ? none : f->outputs + (size_t)s->dst * KERNEL_ROOM;
    uint32_t each = (uint32_t)s->k[0], step = total == none ? 0 : 1;
    for (uint32_t k = 0; k < s->n_outputs; k++)
        to[k] = f->outputs + (size_t)s->outputs[k] * KERNEL_ROOM;
    for (uint32_t i = 0; i < N; i += 2 * DOUBLES) {
        doubles x = LOAD_DOUBLES(a + i), y = LOAD_DOUBLES(a + i + DOUBLES);
        doubles by_x = LOAD_DOUBLES(b + i), by_y = LOAD_DOUBLES(b + i + DOUBLES);
        double *sums = total + (size_t)i * step;
        doubles sum_x = LOAD_DOUBLES(sums), sum_y = LOAD_DOUBLES(sums + DOUBLES);
        for (uint32_t k = 0; k < s->n_outputs; k += each) {
            for (uint32_t o = k; o < k + each; o++) {
                add_to(to[o] + i, x);
                add_to(to[o] + i + DOUBLES, y);
            }
            sum_x += x;
            sum_y += y;
            x *= by_x;
            y *= by_y;
        }
        STORE_DOUBLES(sums, sum_x);
        STORE_DOUBLES(sums + DOUBLES, sum_y);
    }
}

static void sum_all(const struct kernel_step *s, const double *a, struct frame *f)
{
    double *to[SERIES_MAX];
    for (uint32_t k = 0; k < s->n_outputs; k++)
        to[k] = f->outputs + (size_t)s->outputs[k] * KERNEL_ROOM;
    for (uint32_t i = 0; i < N; i += DOUBLES) {
        doubles v = LOAD_DOUBLES(a + i);
        for (uint32_t k = 0; k < s->n_outputs; k++)
            add_to(to[k] + i, v);
    }
}

static void sums(const struct kernel_step *s, const double *a, const double *b, struct frame *f)
{
    double *d = f->outputs + (size_t)s->dst * KERNEL_ROOM;
    if (s->code == STEP_SUM)
        sum_all(s, a, f);
    else if (s->code == STEP_SERIES)
        series(s, a, b, f);
    else if (s->code == STEP_SUM_TIMES)
        sum(a, s->k[0], d);
    else
        sum(f->outputs + (size_t)s->a * KERNEL_ROOM, 1, d);
}

void KERNEL_RUN(const struct kernel_step *steps, size_t n, struct frame *f)
{
    for (const struct kernel_step *s = steps; s < steps + n; s++) {
        double *d = f->registers + (size_t)s->dst * KERNEL_ROOM;
        const double *a = f->registers + (size_t)s->a * KERNEL_ROOM;
        const double *b = f->registers + (size_t)s->b * KERNEL_ROOM;
        if (s->code >= STEP_SUM && s->code <= STEP_SERIES)
            sums(s, a, b, f);
        else if (s->code == STEP_FIXED)
            memcpy(d, f->fixed[s->input], N * sizeof *d);
        else if (s->code <= STEP_UNIFORM)
            draw(s, f, d);
        else if (s->code <= STEP_LESS || s->code == STEP_BETWEEN)
            pairs(s, a, b, d);
        else if (s->code <= STEP_C_LESS)
            with_constant(s, a, d);
        else
            functions(s, a, d);
    }
}
