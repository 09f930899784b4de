/* arena.c - bump allocation in blocks; one malloc per allocation under AddressSanitizer. */
#include "base/arena.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_EACH_ALONE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_EACH_ALONE 1
#endif
#endif
#ifndef ARENA_EACH_ALONE
#define ARENA_EACH_ALONE 0
#endif

enum { BLOCK_BYTES = 64 << 10, BLOCK_MOST = 4 << 20 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    _Alignas(16) char data[];
};

struct arena_defer {
    struct arena_defer *next;
    void (*fn)(void *);
    void *p;
};

void bug(const char *file, int line, const char *what)
{
    fprintf(stderr, "outlay: internal error at %s:%d: %s\n", file, line, what);
    abort();
}

void out_of_memory(size_t wanted)
{
    fprintf(stderr, "outlay: out of memory (%zu bytes wanted)\n", wanted);
    _Exit(1);
}

static struct arena_block *block_new(size_t size)
{
    struct arena_block *b = calloc(1, sizeof *b + size);
    if (!b)
        out_of_memory(size);
    b->size = size;
    return b;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
    if (bytes > SIZE_MAX / 2)
        out_of_memory(bytes);
    size_t need = (bytes + 15) & ~(size_t)15;
    a->used += need;
    if (ARENA_EACH_ALONE) {
        struct arena_block *b = block_new(bytes);
        b->next = a->blocks;
        a->blocks = b;
        return b->data;
    }
    if ((size_t)(a->end - a->at) < need) {
        size_t grown = MIN(MAX((size_t)BLOCK_BYTES, a->used / 2), (size_t)BLOCK_MOST);
        struct arena_block *b = block_new(MAX(grown, need));
        if (need > (size_t)BLOCK_BYTES / 4 && a->blocks) {
            /* a large block of its own goes behind the current one, which stays in use */
            b->next = a->blocks->next;
            a->blocks->next = b;
            if (b->size == need)
                return b->data;
        } else {
            b->next = a->blocks;
            a->blocks = b;
        }
        a->at = b->data;
        a->end = b->data + b->size;
    }
    void *p = a->at;
    a->at += need;
    return p;
}

void *arena_array(struct arena *a, size_t size, size_t n)
{
    size_t bytes;
    if (__builtin_mul_overflow(size, n, &bytes))
        out_of_memory(SIZE_MAX);
    return arena_alloc(a, bytes);
}

void *arena_grow(struct arena *a, void *old, size_t size, size_t *cap, size_t need)
{
    if (need <= *cap)
        return old;
    size_t grown = MAX(MAX(need, *cap * 2), (size_t)8);
    void *p = arena_array(a, size, grown);
    if (*cap)
        memcpy(p, old, *cap * size);
    *cap = grown;
    return p;
}

void arena_defer(struct arena *a, void (*fn)(void *), void *p)
{
    struct arena_defer *d = arena_alloc(a, sizeof *d);
    *d = (struct arena_defer){a->defers, fn, p};
    a->defers = d;
}

void arena_release(struct arena *a)
{
    if (!a)
        return;
    for (struct arena_defer *d = a->defers; d; d = d->next)
        d->fn(d->p);
    for (struct arena_block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    *a = ARENA_INIT;
}

void arena_reset(struct arena *a)
{
    arena_release(a);
}
