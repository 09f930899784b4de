/* arena.h - memory by lifetime: allocate freely, release all at once.
 *
 * An arena lives as long as a process, a job or one function. What a function returns "in a" lives
 * until arena_release or arena_reset. Under AddressSanitizer every block is its own malloc. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/base.h"

struct arena_block;
struct arena_defer;

struct arena {
    struct arena_block *blocks;
    struct arena_defer *defers;
    char *at, *end;
    size_t used; /* bytes handed out */
};

#define ARENA_INIT ((struct arena){0})

/* Zeroed memory, aligned for any type. Never NULL: running out of memory ends the process. */
void *arena_alloc(struct arena *a, size_t bytes);
/* An array of n zeroed T. */
#define arena_new(a, T, n) ((T *)arena_array((a), sizeof(T), (n)))
void *arena_array(struct arena *a, size_t size, size_t n);
/* The array `old` of *cap elements grown to hold at least `need`; updates *cap, keeps contents. */
void *arena_grow(struct arena *a, void *old, size_t size, size_t *cap, size_t need);
/* Runs fn(p) when the arena is released or reset, last in first out: for handles, not memory. */
void arena_defer(struct arena *a, void (*fn)(void *), void *p);
void arena_reset(struct arena *a);   /* forgets everything, may keep one block */
void arena_release(struct arena *a); /* NULL and twice are fine */

#endif
