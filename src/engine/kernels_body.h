/* kernels_body.h - the kernels themselves; KERNEL_RUN names the function that is made.
 *
 * Plain loops that the compiler makes vectors of. No fused multiply-add, no reordering of sums: a
 * lane computes what a scalar would, so every width gives the same bytes. */
#include <math.h>

#include "core/mathfn.h"
#include "engine/kernels.h"

#define N KERNEL_BLOCK
#define QUARTER (N / 4)

/* --- 32 random bits for each trial --- */

/* Philox4x32-10 (Salmon et al. 2011). Call i of a block gives trials i, i + 128, i + 256, i + 384. */
static void philox_block(uint64_t seed, uint64_t block, uint64_t stream, uint32_t set,
                         uint32_t *restrict out)
{
    const uint32_t first = (uint32_t)(block * QUARTER);
    const uint32_t s0 = (uint32_t)stream, s1 = (uint32_t)(stream >> 32);
    for (uint32_t i = 0; i < QUARTER; i++) {
        uint32_t c0 = first + i, c1 = set, c2 = s0, c3 = s1;
        uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
#pragma GCC unroll 10
        for (int round = 0; round < 10; round++) {
            uint64_t p0 = (uint64_t)c0 * 0xD2511F53u, p1 = (uint64_t)c2 * 0xCD9E8D57u;
            uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0, n2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
            c1 = (uint32_t)p1;
            c3 = (uint32_t)p0;
            c0 = n0;
            c2 = n2;
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }
        out[i] = c0;
        out[i + QUARTER] = c1;
        out[i + 2 * QUARTER] = c2;
        out[i + 3 * QUARTER] = c3;
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

static inline float float_of(uint32_t bits)
{
    union {
        uint32_t u;
        float f;
    } x = {.u = bits};
    return x.f;
}

static inline uint32_t bits_of_float(float v)
{
    union {
        float f;
        uint32_t u;
    } x = {.f = v};
    return x.u;
}

/* -log(y), 0 < y <= 1 (after Cephes, single precision). */
static inline float minus_log(float y)
{
    uint32_t u = bits_of_float(y) + (0x3f800000u - 0x3f3504f3u);
    float e = (float)((int32_t)(u >> 23) - 127);
    float x = float_of((u & 0x007fffffu) + 0x3f3504f3u) - 1, z = x * x;
    float p = 7.0376836292e-2f;
    p = p * x + -1.1514610310e-1f;
    p = p * x + 1.1676998740e-1f;
    p = p * x + -1.2420140846e-1f;
    p = p * x + 1.4249322787e-1f;
    p = p * x + -1.6668057665e-1f;
    p = p * x + 2.0000714765e-1f;
    p = p * x + -2.4999993993e-1f;
    p = p * x + 3.3333331174e-1f;
    p = p * x * z + -2.12194440e-4f * e - 0.5f * z;
    return -(x + p + 0.693359375f * e);
}

/* Normal scores by inversion (Giles 2010, single precision, error below 2e-6): the first bit is the
 * sign, the others the smaller tail, so that chances down to 2^-33 keep their digits. */
static void normal_block(const uint32_t *restrict bits, double *restrict out)
{
    float z[N];
    for (uint32_t i = 0; i < N; i++) {
        float tail = ((float)(int32_t)(bits[i] & 0x7fffffffu) + 0.5f) * 0x1p-32f;
        float x = 1 - 2 * tail, w = minus_log(4 * tail * (1 - tail));
        float c = w - 2.5f, t = sqrtf(w) - 3;
        float p = 2.81022636e-08f;
        p = p * c + 3.43273939e-07f;
        p = p * c + -3.5233877e-06f;
        p = p * c + -4.39150654e-06f;
        p = p * c + 0.00021858087f;
        p = p * c + -0.00125372503f;
        p = p * c + -0.00417768164f;
        p = p * c + 0.246640727f;
        p = p * c + 1.50140941f;
        float q = -0.000200214257f;
        q = q * t + 0.000100950558f;
        q = q * t + 0.00134934322f;
        q = q * t + -0.00367342844f;
        q = q * t + 0.00573950773f;
        q = q * t + -0.0076224613f;
        q = q * t + 0.00943887047f;
        q = q * t + 1.00167406f;
        q = q * t + 2.83297682f;
        float size = (w < 5 ? p : q) * x * 1.41421356f;
        z[i] = float_of(bits_of_float(size) | (~bits[i] & 0x80000000u));
    }
    for (uint32_t i = 0; i < N; i++)
        out[i] = (double)z[i];
}

/* --- functions --- */

/* e^x to about 1e-15: reduced to |r| <= ln2 / 2, Taylor's series, and a power of two by its bits. */
static inline double exp_lane(double x)
{
    double y = x < -708 ? -708 : x > 709 ? 709 : x;
    union {
        double d;
        uint64_t u;
    } magic = {.d = y * 1.44269504088896338700e+00 + 0x1.8p52}, scale;
    double k = magic.d - 0x1.8p52;
    double r = (y - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
    double p = 1.0 / 479001600;
    p = p * r + 1.0 / 39916800;
    p = p * r + 1.0 / 3628800;
    p = p * r + 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = p * r + 1;
    p = p * r + 1;
    scale.u = (magic.u << 52) + 0x3ff0000000000000u;
    double v = p * scale.d;
    v = x < -708 ? 0 : v;
    return x > 709 ? INFINITY : v;
}

static void triangle_block(const double *restrict u, const double k[3], double *restrict out)
{
    double low = k[0], mode = k[1], high = k[2], width = high - low;
    double at = (mode - low) / width, up = width * (mode - low), down = width * (high - mode);
    for (uint32_t i = 0; i < N; i++) {
        double left = low + sqrt(u[i] * up), right = high - sqrt((1 - u[i]) * down);
        out[i] = u[i] < at ? left : right;
    }
}

static void between_block(const double *a, const double *b, double t, double *out)
{
    for (uint32_t i = 0; i < N; i++)
        out[i] = a[i] > 0 && b[i] > 0 ? a[i] * math_pow(b[i] / a[i], t) : a[i] + (b[i] - a[i]) * t;
}

/* --- the steps --- */

#define EACH(EXPRESSION) \
    do { \
        for (uint32_t i = 0; i < N; i++) \
            d[i] = EXPRESSION; \
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
        EACH(exp_lane(a[i]));
    } else if (s->code == STEP_LOG) {
        EACH(math_log(a[i]));
    } else if (s->code == STEP_ROUND) {
        EACH(floor(a[i] + 0.5));
    } else if (s->code == STEP_LOGISTIC) {
        EACH(1 / (1 + exp_lane(-a[i])));
    } else if (s->code == STEP_SLOPES) {
        const double base = s->k[0], below = s->k[1], above = s->k[2];
        EACH(base + a[i] * (a[i] < 0 ? below : above));
    } else {
        triangle_block(a, s->k, d);
    }
}

static void sum(const double *restrict a, double *restrict d)
{
    EACH(d[i] + a[i]);
}

void KERNEL_RUN(const struct kernel_step *steps, size_t n, struct frame *f)
{
    for (const struct kernel_step *s = steps; s < steps + n; s++) {
        double *d = f->registers + (size_t)s->dst * N;
        const double *a = f->registers + (size_t)s->a * N, *b = f->registers + (size_t)s->b * N;
        if (s->code == STEP_SUM)
            sum(a, f->outputs + (size_t)s->dst * N);
        else if (s->code == STEP_SUM_OUTPUT)
            sum(f->outputs + (size_t)s->a * N, f->outputs + (size_t)s->dst * N);
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
