/* place.h - a folder of a test's own, with a book in it where one is wanted; gone when it is over. */
#ifndef TESTS_PLACE_H
#define TESTS_PLACE_H

#include "app/workspace.h"
#include "store/book.h"
#include "test.h"

static const int64_t NOW = 1760000000;

struct place {
    struct arena a; /* gives the workspace's handles back when it is released */
    str dir;
    struct book *b; /* NULL: none is open */
    struct workspace w;
};

static inline struct place *place_new(void)
{
    struct place *p = calloc(1, sizeof *p);
    char dir[] = "/tmp/outlay-test-XXXXXX";
    assert_non_null(p);
    assert_non_null(mkdtemp(dir));
    p->dir = str_dup(&p->a, str_of(dir));
    return p;
}

static inline str path_in(struct place *p, const char *name)
{
    return path_join(&p->a, p->dir, str_of(name));
}

static inline void write_text(struct place *p, const char *name, str text)
{
    struct err e;
    assert_ok(file_write_atomic(path_in(p, name), text, &e), &e);
}

/* Setups for cmocka: *state becomes the place. */
static inline int make_folder(void **state)
{
    *state = place_new();
    return 0;
}

static inline int make_book(void **state)
{
    struct place *p = place_new();
    struct err e;
    assert_ok(book_create(p->dir, NOW, &e), &e);
    assert_ok(book_open(p->dir, BOOK_WRITE, &p->b, &e), &e);
    *state = p;
    return 0;
}

static inline int remove_place(void **state)
{
    struct place *p = *state;
    struct arena kept = ARENA_INIT;
    str dir = str_dup(&kept, p->dir);
    book_close(p->b);
    arena_release(&p->a);
    dir_remove_all(dir);
    arena_release(&kept);
    free(p);
    return 0;
}

#endif
