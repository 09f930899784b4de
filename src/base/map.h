/* map.h - a hash map from text to a pointer or number, in an arena; insertion order is kept.
 *
 * Keys are not copied: they must live as long as the map. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"
#include "base/str.h"

struct map_entry {
    str key;
    uint64_t hash;
    union {
        void *ptr;
        int64_t num;
    };
};

struct map {
    struct arena *arena;
    struct map_entry *entries; /* in order of insertion */
    size_t n, cap;
    uint32_t *slots; /* 1-based index into entries; 0 is free */
    size_t n_slots;  /* a power of two */
};

void map_init(struct map *m, struct arena *a);
struct map_entry *map_get(const struct map *m, str key); /* NULL when absent */
/* The entry of that key, made (value zero) when absent; *ret_new says which. ret_new may be NULL.
 * The pointer is valid until the next map_put. */
struct map_entry *map_put(struct map *m, str key, bool *ret_new);

#endif
