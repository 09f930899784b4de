/* rules_memo.h - bounded memory of what was seen: texts, and tuples of small numbers.
 *
 * Both number their entries from 0 and refuse new ones when full; nothing moves, so numbers and
 * texts stay valid until the memo is cleared. */
#ifndef INGEST_RULES_MEMO_H
#define INGEST_RULES_MEMO_H

#include "base/arena.h"
#include "base/str.h"

#define MEMO_NONE UINT32_MAX

/* Whether a text equals what a memo holds: inline, because most of a row's time goes here. */
static inline bool memo_same(const char *a, const char *b, size_t n)
{
    uint64_t x, y;
    if (n < 8) {
        uint32_t u[2], v[2];
        if (n < 4) {
            for (size_t i = 0; i < n; i++)
                if (a[i] != b[i])
                    return false;
            return true;
        }
        memcpy(&u[0], a, 4), memcpy(&u[1], a + n - 4, 4);
        memcpy(&v[0], b, 4), memcpy(&v[1], b + n - 4, 4);
        return u[0] == v[0] && u[1] == v[1];
    }
    memcpy(&x, a + n - 8, 8); /* texts of one field differ at the end more often */
    memcpy(&y, b + n - 8, 8);
    if (x != y)
        return false;
    for (; n > 8; a += 8, b += 8, n -= 8) {
        memcpy(&x, a, 8);
        memcpy(&y, b, 8);
        if (x != y)
            return false;
    }
    return true;
}

static inline uint64_t memo_mix(uint64_t a, uint64_t b)
{
    u128 m = (u128)a * b;
    return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* Like str_hash, without a call and without byte-wise tails; not the same values. */
static inline uint64_t memo_hash(str s)
{
    uint64_t h = 0x9e3779b97f4a7c15u ^ s.n, w = 0;
    const char *p = s.p;
    size_t n = s.n;
    if (n >= 8) {
        const char *end = p + n;
        for (; n > 8; p += 8, n -= 8) {
            memcpy(&w, p, 8);
            h = memo_mix(h ^ w, 0xa0761d6478bd642fu);
        }
        memcpy(&w, end - 8, 8);
    } else if (n >= 4) {
        uint32_t u, v;
        memcpy(&u, p, 4), memcpy(&v, p + n - 4, 4);
        w = (uint64_t)u << 32 | v;
    } else {
        for (size_t i = 0; i < n; i++)
            w = w << 8 | (unsigned char)p[i];
    }
    return memo_mix(h ^ w ^ 0xe7037ed1a0b428dbu, 0x8ebc6af09c88c6e3u);
}

struct text_memo_entry {
    uint64_t hash;
    const char *p; /* aligned for any type */
    uint32_t n;
    uint32_t value;
};

struct text_memo {
    struct text_memo_entry *entries;
    uint32_t *slots; /* entry number + 1 */
    uint32_t n, cap, n_slots, most;
    size_t bytes, most_bytes;
    struct arena texts;
};

void text_memo_init(struct text_memo *m, uint32_t most_entries, size_t most_bytes);
void text_memo_release(struct text_memo *m);
void text_memo_clear(struct text_memo *m);
uint32_t text_memo_find(const struct text_memo *m, str s, uint64_t hash); /* MEMO_NONE: not there */
/* s is not there yet and is copied; MEMO_NONE: full. */
uint32_t text_memo_add(struct text_memo *m, str s, uint64_t hash, uint32_t value);

struct tuple_memo {
    uint32_t width; /* numbers of a key */
    uint32_t *keys, *values, *slots;
    uint32_t n, cap, n_slots, most;
};

void tuple_memo_init(struct tuple_memo *m, uint32_t width, uint32_t most_entries);
void tuple_memo_release(struct tuple_memo *m);
/* The entry of key, or MEMO_NONE; *ret_hash is for adding it. */
uint32_t tuple_memo_find(const struct tuple_memo *m, const uint32_t *key, uint64_t *ret_hash);
uint32_t tuple_memo_add(struct tuple_memo *m, const uint32_t *key, uint64_t hash, uint32_t value);

#endif
