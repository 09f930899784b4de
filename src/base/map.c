/* map.c - open addressing over entries kept in insertion order. */
#include "base/map.h"

void map_init(struct map *m, struct arena *a)
{
    *m = (struct map){.arena = a};
}

static size_t slot_of(const struct map *m, str key, uint64_t hash)
{
    size_t at = hash & (m->n_slots - 1);
    for (; m->slots[at]; at = (at + 1) & (m->n_slots - 1)) {
        const struct map_entry *entry = &m->entries[m->slots[at] - 1];
        if (entry->hash == hash && str_eq(entry->key, key))
            break;
    }
    return at;
}

struct map_entry *map_get(const struct map *m, str key)
{
    if (!m->n)
        return NULL;
    uint32_t i = m->slots[slot_of(m, key, str_hash(key))];
    return i ? &m->entries[i - 1] : NULL;
}

static void rehash(struct map *m)
{
    m->n_slots = m->n_slots ? m->n_slots * 2 : 32;
    m->slots = arena_new(m->arena, uint32_t, m->n_slots);
    for (size_t i = 0; i < m->n; i++)
        m->slots[slot_of(m, m->entries[i].key, m->entries[i].hash)] = (uint32_t)(i + 1);
}

struct map_entry *map_put(struct map *m, str key, bool *ret_new)
{
    if ((m->n + 1) * 2 > m->n_slots)
        rehash(m);
    uint64_t hash = str_hash(key);
    size_t at = slot_of(m, key, hash);
    if (ret_new)
        *ret_new = !m->slots[at];
    if (!m->slots[at]) {
        m->entries = arena_grow(m->arena, m->entries, sizeof *m->entries, &m->cap, m->n + 1);
        m->entries[m->n++] = (struct map_entry){.key = key, .hash = hash};
        m->slots[at] = (uint32_t)m->n;
    }
    return &m->entries[m->slots[at] - 1];
}
