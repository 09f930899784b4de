/* rules_memo.c - open addressing over entries that never move. */
#include "ingest/rules_memo.h"

static void *grown(void *old, size_t bytes)
{
    void *p = realloc(old, bytes);
    if (!p)
        out_of_memory(bytes);
    return p;
}

static uint32_t *new_slots(uint32_t *old, uint32_t n)
{
    free(old);
    uint32_t *slots = calloc(n, sizeof *slots);
    if (!slots)
        out_of_memory(n * sizeof *slots);
    return slots;
}

/* ---- texts ---- */

void text_memo_init(struct text_memo *m, uint32_t most_entries, size_t most_bytes)
{
    *m = (struct text_memo){.most = most_entries, .most_bytes = most_bytes};
}

void text_memo_release(struct text_memo *m)
{
    arena_release(&m->texts);
    free(m->entries);
    free(m->slots);
    *m = (struct text_memo){.most = m->most, .most_bytes = m->most_bytes};
}

void text_memo_clear(struct text_memo *m)
{
    arena_reset(&m->texts);
    m->n = 0;
    m->bytes = 0;
    if (m->n_slots)
        memset(m->slots, 0, m->n_slots * sizeof *m->slots);
}

uint32_t text_memo_find(const struct text_memo *m, str s, uint64_t hash)
{
    if (!m->n)
        return MEMO_NONE;
    for (uint32_t at = (uint32_t)hash & (m->n_slots - 1); m->slots[at];
         at = (at + 1) & (m->n_slots - 1)) {
        const struct text_memo_entry *entry = &m->entries[m->slots[at] - 1];
        if (entry->hash == hash && entry->n == s.n && memo_same(entry->p, s.p, s.n))
            return m->slots[at] - 1;
    }
    return MEMO_NONE;
}

static void text_rehash(struct text_memo *m)
{
    m->n_slots = m->n_slots ? m->n_slots * 2 : 64;
    m->slots = new_slots(m->slots, m->n_slots);
    for (uint32_t i = 0; i < m->n; i++) {
        uint32_t at = (uint32_t)m->entries[i].hash & (m->n_slots - 1);
        while (m->slots[at])
            at = (at + 1) & (m->n_slots - 1);
        m->slots[at] = i + 1;
    }
}

uint32_t text_memo_add(struct text_memo *m, str s, uint64_t hash, uint32_t value)
{
    if (m->n == m->most || s.n > m->most_bytes - m->bytes || s.n > UINT32_MAX)
        return MEMO_NONE;
    if (m->n == m->cap) {
        m->cap = m->cap ? m->cap * 2 : 32;
        m->entries = grown(m->entries, m->cap * sizeof *m->entries);
    }
    if ((m->n + 1) * 2 > m->n_slots)
        text_rehash(m);
    uint32_t at = (uint32_t)hash & (m->n_slots - 1);
    while (m->slots[at])
        at = (at + 1) & (m->n_slots - 1);
    m->slots[at] = m->n + 1;
    m->bytes += s.n;
    m->entries[m->n] = (struct text_memo_entry){
        .hash = hash,
        .p = str_dup(&m->texts, s).p,
        .n = (uint32_t)s.n,
        .value = value,
    };
    return m->n++;
}

/* ---- tuples ---- */

void tuple_memo_init(struct tuple_memo *m, uint32_t width, uint32_t most_entries)
{
    *m = (struct tuple_memo){.width = width, .most = most_entries};
}

void tuple_memo_release(struct tuple_memo *m)
{
    free(m->keys);
    free(m->values);
    free(m->slots);
    *m = (struct tuple_memo){.width = m->width, .most = m->most};
}

static uint64_t tuple_hash(const uint32_t *key, uint32_t width)
{
    uint64_t a = 0x9e3779b97f4a7c15u, b = 0xe7037ed1a0b428dbu, x, y;
    uint32_t i = 0;
    for (; i + 4 <= width; i += 4) { /* two lanes, so that the multiplications overlap */
        memcpy(&x, key + i, 8);
        memcpy(&y, key + i + 2, 8);
        a = memo_mix(a ^ x, 0xa0761d6478bd642fu);
        b = memo_mix(b ^ y, 0x8ebc6af09c88c6e3u);
    }
    for (; i < width; i++)
        a = memo_mix(a ^ key[i], 0xa0761d6478bd642fu);
    return memo_mix(a, b | 1);
}

uint32_t tuple_memo_find(const struct tuple_memo *m, const uint32_t *key, uint64_t *ret_hash)
{
    *ret_hash = tuple_hash(key, m->width);
    if (!m->n)
        return MEMO_NONE;
    for (uint32_t at = (uint32_t)*ret_hash & (m->n_slots - 1); m->slots[at];
         at = (at + 1) & (m->n_slots - 1)) {
        uint32_t i = m->slots[at] - 1;
        if (memo_same((const char *)(m->keys + (size_t)i * m->width), (const char *)key,
                      m->width * sizeof *key))
            return i;
    }
    return MEMO_NONE;
}

static void tuple_rehash(struct tuple_memo *m)
{
    m->n_slots = m->n_slots ? m->n_slots * 2 : 64;
    m->slots = new_slots(m->slots, m->n_slots);
    for (uint32_t i = 0; i < m->n; i++) {
        uint32_t at =
            (uint32_t)tuple_hash(m->keys + (size_t)i * m->width, m->width) & (m->n_slots - 1);
        while (m->slots[at])
            at = (at + 1) & (m->n_slots - 1);
        m->slots[at] = i + 1;
    }
}

uint32_t tuple_memo_add(struct tuple_memo *m, const uint32_t *key, uint64_t hash, uint32_t value)
{
    if (m->n == m->most)
        return MEMO_NONE;
    if (m->n == m->cap) {
        m->cap = m->cap ? m->cap * 2 : 32;
        m->keys = grown(m->keys, (size_t)m->cap * m->width * sizeof *m->keys);
        m->values = grown(m->values, m->cap * sizeof *m->values);
    }
    if ((m->n + 1) * 2 > m->n_slots)
        tuple_rehash(m);
    uint32_t at = (uint32_t)hash & (m->n_slots - 1);
    while (m->slots[at])
        at = (at + 1) & (m->n_slots - 1);
    m->slots[at] = m->n + 1;
    memcpy(m->keys + (size_t)m->n * m->width, key, m->width * sizeof *key);
    m->values[m->n] = value;
    return m->n++;
}
