/* kernels_wide.h - private to kernels_body.h: vectors of the width that is compiled for.
 *
 * What the compiler does not make vectors of by itself. Each operation gives in a lane what it
 * would give alone. +, -, *, &, ^ and | are the compiler's, for all of these types. */
#ifndef ENGINE_KERNELS_WIDE_H
#define ENGINE_KERNELS_WIDE_H

#include <immintrin.h>

#include "engine/kernels.h"

#if defined(__AVX512F__)
#define WIDTH 64
#elif defined(__AVX2__)
#define WIDTH 32
#else
#define WIDTH 16
#endif

#define LANES (WIDTH / 8)
#define DOUBLES (WIDTH / 8)
#define FLOATS (WIDTH / 4)
typedef uint64_t lanes __attribute__((vector_size(WIDTH))); /* the lower halves count */
typedef double doubles __attribute__((vector_size(WIDTH)));
typedef float floats __attribute__((vector_size(WIDTH)));
typedef int32_t words __attribute__((vector_size(WIDTH)));

/* Any address. */
typedef lanes any_lanes __attribute__((aligned(4), may_alias));
typedef doubles any_doubles __attribute__((aligned(8), may_alias));
typedef floats any_floats __attribute__((aligned(4), may_alias));
typedef words any_words __attribute__((aligned(4), may_alias));
#define LOAD(p) (*(const any_lanes *)(const void *)(p))
#define LOAD_DOUBLES(p) (*(const any_doubles *)(const void *)(p))
#define LOAD_FLOATS(p) (*(const any_floats *)(const void *)(p))
#define LOAD_WORDS(p) (*(const any_words *)(const void *)(p))
#define STORE(p, v) ((void)(*(any_lanes *)(void *)(p) = (v)))
#define STORE_DOUBLES(p, v) ((void)(*(any_doubles *)(void *)(p) = (v)))
#define STORE_FLOATS(p, v) ((void)(*(any_floats *)(void *)(p) = (v)))

#define ALL(v) ((lanes){0} + (uint64_t)(v))
#define ALL_WORDS(v) ((words){0} + (int32_t)(v))
#define UPPER(a) ((a) >> 32)
#define OCTAVES_OF_WORDS(a) ((words)((any_unsigned)(a) >> 23))
typedef uint32_t any_unsigned __attribute__((vector_size(WIDTH)));
#define EITHER(which, a, b) ((doubles)(((which) & (lanes)(a)) | (~(which) & (lanes)(b))))
/* 2^k, k in the lowest bits of a number to which 1.5 x 2^52 was added. */
#define POWER_OF_TWO(magic) ((doubles)(((lanes)(magic) << 52) + 0x3ff0000000000000u))

/* MULTIPLY(a, b): the lower halves.
 * PACK(a, b): the lower halves of both; each 128 bits take two of a, then two of b.
 * FLOATS_OF(words), STORE_WIDE(p, floats) as doubles, LEAST(floats, k), CLAMP(doubles, lo, hi).
 * ROOT(doubles).
 * WHICH_BELOW(words, k): a bit for each word that is less, the first the lowest.
 * PICK(table, octaves): of eight numbers, by the lowest three bits of the exponent. */
#if WIDTH == 64
#define MULTIPLY(a, b) ((lanes)_mm512_mul_epu32((__m512i)(a), (__m512i)(b)))
#define PACK(a, b) ((lanes)_mm512_shuffle_ps((__m512)(a), (__m512)(b), 0x88))
#define FLOATS_OF(w) ((floats)_mm512_cvtepi32_ps((__m512i)(w)))
#define ROOT(d) ((doubles)_mm512_sqrt_pd((__m512d)(d)))
#define LEAST(f, k) ((floats)_mm512_min_ps((__m512)(f), _mm512_set1_ps(k)))
#define CLAMP(d, lo, hi)                                                                           \
    ((doubles)_mm512_min_pd(_mm512_set1_pd(hi), _mm512_max_pd(_mm512_set1_pd(lo), (__m512d)(d))))
#define WHICH_BELOW(w, k) _mm512_cmplt_epi32_mask((__m512i)(w), _mm512_set1_epi32(k))
typedef __m512i octaves;
#define OCTAVES(w) ((__m512i)OCTAVES_OF_WORDS(w))
#define PICK(table, o)                                                                             \
    ((floats)_mm512_permutexvar_ps(o, _mm512_broadcast_f32x8(_mm256_loadu_ps(table))))
#define STORE_WIDE(p, f)                                                                           \
    do {                                                                                           \
        _mm512_storeu_pd(p, _mm512_cvtps_pd(_mm512_castps512_ps256((__m512)(f))));                 \
        _mm512_storeu_pd((p) + 8, _mm512_cvtps_pd(_mm512_extractf32x8_ps((__m512)(f), 1)));        \
    } while (0)
#elif WIDTH == 32
#define MULTIPLY(a, b) ((lanes)_mm256_mul_epu32((__m256i)(a), (__m256i)(b)))
#define PACK(a, b) ((lanes)_mm256_shuffle_ps((__m256)(a), (__m256)(b), 0x88))
#define FLOATS_OF(w) ((floats)_mm256_cvtepi32_ps((__m256i)(w)))
#define ROOT(d) ((doubles)_mm256_sqrt_pd((__m256d)(d)))
#define LEAST(f, k) ((floats)_mm256_min_ps((__m256)(f), _mm256_set1_ps(k)))
#define CLAMP(d, lo, hi)                                                                           \
    ((doubles)_mm256_min_pd(_mm256_set1_pd(hi), _mm256_max_pd(_mm256_set1_pd(lo), (__m256d)(d))))
#define WHICH_BELOW(w, k)                                                                          \
    ((uint32_t)_mm256_movemask_ps((__m256)_mm256_cmpgt_epi32(_mm256_set1_epi32(k), (__m256i)(w))))
typedef __m256i octaves;
#define OCTAVES(w) ((__m256i)OCTAVES_OF_WORDS(w))
#define PICK(table, o) ((floats)_mm256_permutevar8x32_ps(_mm256_loadu_ps(table), o))
#define STORE_WIDE(p, f)                                                                           \
    do {                                                                                           \
        _mm256_storeu_pd(p, _mm256_cvtps_pd(_mm256_castps256_ps128((__m256)(f))));                 \
        _mm256_storeu_pd((p) + 4, _mm256_cvtps_pd(_mm256_extractf128_ps((__m256)(f), 1)));         \
    } while (0)
#else
#define MULTIPLY(a, b) ((lanes)_mm_mul_epu32((__m128i)(a), (__m128i)(b)))
#define PACK(a, b) ((lanes)_mm_shuffle_ps((__m128)(a), (__m128)(b), 0x88))
#define FLOATS_OF(w) ((floats)_mm_cvtepi32_ps((__m128i)(w)))
#define ROOT(d) ((doubles)_mm_sqrt_pd((__m128d)(d)))
#define LEAST(f, k) ((floats)_mm_min_ps((__m128)(f), _mm_set1_ps(k)))
#define CLAMP(d, lo, hi)                                                                           \
    ((doubles)_mm_min_pd(_mm_set1_pd(hi), _mm_max_pd(_mm_set1_pd(lo), (__m128d)(d))))
#define WHICH_BELOW(w, k)                                                                          \
    ((uint32_t)_mm_movemask_ps((__m128)_mm_cmplt_epi32((__m128i)(w), _mm_set1_epi32(k))))
typedef struct {
    int32_t at[4];
} octaves;
static inline octaves octaves_of(words w)
{
    octaves o;
    words at = OCTAVES_OF_WORDS(w) & 7;
    memcpy(&o, &at, sizeof o);
    return o;
}
static inline floats picked(const float *table, const octaves *o)
{
    return (floats){table[o->at[0]], table[o->at[1]], table[o->at[2]], table[o->at[3]]};
}
#define OCTAVES(w) octaves_of(w)
#define PICK(table, o) picked(table, &(o))
#define STORE_WIDE(p, f)                                                                           \
    do {                                                                                           \
        _mm_storeu_pd(p, _mm_cvtps_pd((__m128)(f)));                                               \
        _mm_storeu_pd((p) + 2, _mm_cvtps_pd(_mm_movehl_ps((__m128)(f), (__m128)(f))));             \
    } while (0)
#endif

#endif
