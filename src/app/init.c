/* init.c - making a book. */
#include "app/init.h"

#include "base/os.h"
#include "base/share.h"
#include "store/book.h"

static const struct {
    const char *name, *shared[2]; /* by enum init_kind */
} FILES[] = {{"plan.yaml", {"book/plan.yaml", "example/plan.yaml"}},
             {"rules.yaml", {"book/rules.yaml", "example/rules.yaml"}}};

static bool refuse_existing(struct arena *a, str dir, struct err *e)
{
    static const char *const names[] = {"plan.yaml", "rules.yaml", "outlay.db", "ledger"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        str path = path_join(a, dir, str_of(names[i]));
        if (file_exists(path) || dir_exists(path)) {
            err_set(e, ERR_FAILED, "'%.*s' already holds '%s'", FMT(dir), names[i]);
            return err_hint(e, "Choose another folder; a book is never overwritten.");
        }
    }
    return true;
}

bool init_book(str dir, enum init_kind kind, int64_t now, struct err *e)
{
    struct arena a = ARENA_INIT;
    bool made = !dir_exists(dir);
    bool ok = dir_make(dir, e) && refuse_existing(&a, dir, e);
    bool began = ok;
    ok = ok && book_create(dir, now, e);
    for (size_t i = 0; ok && i < ARRAY_LEN(FILES); i++)
        ok = file_create(path_join(&a, dir, str_of(FILES[i].name)),
                         share_file(FILES[i].shared[kind]), e);
    if (!ok && began) {
        static const char *const left[] = {"plan.yaml", "rules.yaml", "outlay.db", "outlay.db-wal",
                                           "outlay.db-shm", "ledger"};
        for (size_t i = 0; i < ARRAY_LEN(left); i++)
            dir_remove_all(path_join(&a, dir, str_of(left[i])));
        if (made)
            dir_remove_all(dir);
    }
    arena_release(&a);
    return ok;
}
