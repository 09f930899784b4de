/* duckdb_api.c - finds and loads libduckdb. */
#include "store/duckdb_api.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/arena.h"
#include "base/os.h"

#define LIBRARY "libduckdb.so"

/* Every place to look at, in order; $OUTLAY_DUCKDB excludes the others. */
static size_t places(struct arena *a, str ret[3])
{
    str env = os_env("OUTLAY_DUCKDB");
    if (env.n) {
        ret[0] = env;
        return 1;
    }
    str exe = os_exe_dir(a);
    ret[0] = path_join(a, exe, S(LIBRARY));
    ret[1] = path_join(a, exe, S("../lib/outlay/" LIBRARY));
    ret[2] = path_join(a, S(DUCKDB_BUILD_DIR), S(LIBRARY));
    return 3;
}

static bool load_functions(void *library, str path, struct duckdb_api *ret, struct err *e)
{
    static const char *const names[] = {
#define X(name) "duckdb_" #name,
        DUCKDB_FUNCTIONS(X)
#undef X
    };
    /* POSIX lets a function pointer be read as an object pointer; the table holds nothing else */
    _Static_assert(sizeof(struct duckdb_api) == ARRAY_LEN(names) * sizeof(void *), "one each");
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        void *f = dlsym(library, names[i]);
        if (!f) {
            err_set(e, ERR_FAILED, "'%.*s' has no function %s", FMT(path), names[i]);
            return err_hint(e, "It is another version; install the library that came with outlay.");
        }
        memcpy((char *)ret + i * sizeof f, &f, sizeof f);
    }
    return true;
}

static bool load(struct duckdb_api *ret, struct err *e)
{
    struct arena a = ARENA_INIT;
    str at[3];
    size_t n = places(&a, at), i = 0;
    while (i < n && !file_exists(at[i]))
        i++;
    bool ok = false;
    if (i == n) {
        err_set(e, ERR_FAILED, "the spend ledger needs " LIBRARY ", which is not at '%.*s'%s",
                FMT(at[0]), n > 1 ? " nor where outlay was built" : "");
        err_hint(e, "Put it beside the outlay binary or into ../lib/outlay, or set OUTLAY_DUCKDB "
                    "to its path.");
    } else {
        void *library = dlopen(str_cstr(&a, at[i]), RTLD_NOW | RTLD_LOCAL);
        if (!library)
            err_set(e, ERR_FAILED, "cannot load '%.*s': %s", FMT(at[i]), dlerror());
        else
            ok = load_functions(library, at[i], ret, e);
    }
    arena_release(&a);
    return ok;
}

/* The one library of the process: written once, under the lock, then constant. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct duckdb_api api;
static _Atomic(const struct duckdb_api *) loaded;

bool duckdb_api_load(const struct duckdb_api **ret, struct err *e)
{
    bool ok = true;
    pthread_mutex_lock(&lock);
    if (!atomic_load(&loaded)) {
        ok = load(&api, e);
        if (ok)
            atomic_store(&loaded, &api);
    }
    pthread_mutex_unlock(&lock);
    if (ok)
        *ret = atomic_load(&loaded);
    return ok;
}

const struct duckdb_api *duckdb_api_loaded(void)
{
    return atomic_load_explicit(&loaded, memory_order_acquire);
}
