/* rules_memo.h - bounded memory of what was seen: texts, and tuples of small numbers.
 *
 * Both number their entries from 0 and refuse new ones when full; nothing moves, so numbers and texts
 * stay valid until the memo is cleared. */
#ifndef INGEST_RULES_MEMO_H
#define INGEST_RULES_MEMO_H

#include "base/arena.h"
#include "base/str.h"

#define MEMO_NONE UINT32_MAX

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
