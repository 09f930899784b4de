/* book_rows.c - reads a query's rows into a list that lives in an arena. */
#include "store/book_rows.h"

struct rows rows_of(struct book *b, struct arena *a, const char *table, const char *sql,
                    size_t size, struct err *e)
{
    struct rows r = {.a = a, .size = size};
    struct db_stmt *s = db_prepare(
        b->db, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?");
    db_text(s, 1, str_of(table));
    bool there = db_step(s);
    r.failed = !db_done(s, e);
    if (there && !r.failed)
        r.s = db_prepare(b->db, sql);
    return r;
}

void rows_key(struct rows *r, int64_t key)
{
    if (r->s)
        db_int(r->s, 1, key);
}

void *rows_next(struct rows *r)
{
    if (!r->s || !db_step(r->s))
        return NULL;
    r->items = arena_grow(r->a, r->items, r->size, &r->cap, r->n + 1);
    return memset((char *)r->items + r->size * r->n++, 0, r->size);
}

bool rows_end(struct rows *r, void *ret, size_t *ret_n, struct err *e)
{
    if (r->failed || (r->s && !db_done(r->s, e)))
        return false;
    memcpy(ret, &r->items, sizeof r->items);
    *ret_n = r->n;
    return true;
}
