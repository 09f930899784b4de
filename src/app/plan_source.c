/* plan_source.c - where a plan comes from: the working file, a git revision, or a baseline. */
#include "app/plan_source.h"

#include "base/limits.h"
#include "base/os.h"
#include "base/process.h"
#include "store/book_baseline.h"

void workspace_for_plan(struct arena *a, const struct workspace_options *o, struct workspace *ret)
{
    *ret = (struct workspace){
        .arena = a, .options = *o, .settings = {.currency = {"USD"}, .fiscal_start = 1}};
}

bool baseline_number(str what, int64_t *ret)
{
    int64_t n;
    if (!str_starts(what, S("baseline:")) || !str_to_i64(str_sub(what, 9, what.n), &n) || n < 1)
        return false;
    *ret = n;
    return true;
}

/* ---- prices of the book ---- */

struct book_lookup {
    struct workspace *w;
    struct err *failed; /* kind is set when the price book could not be read */
};

/* The price in force on the month's first day, or, of a model that came later, on its last. */
static bool book_price(const void *ctx, struct arena *a, str model, month m, struct plan_price *ret)
{
    const struct book_lookup *k = ctx;
    enum price_match match;
    if (k->failed->kind || !workspace_prices(k->w, k->failed))
        return false;
    struct price_query q = {.model = model, .on = month_first_day(m)};
    const struct price *p = price_find(k->w->prices, &q, &match);
    if (!p) {
        q.on = month_last_day(m);
        p = price_find(k->w->prices, &q, &match);
    }
    if (!p)
        return false;
    *ret = (struct plan_price){
        .part = {[PRICE_IN] = p->in, [PRICE_OUT] = p->out, [PRICE_CACHE_READ] = p->cache_read,
                 [PRICE_CACHE_WRITE] = p->cache_write, [PRICE_BATCH_IN] = p->batch_in,
                 [PRICE_BATCH_OUT] = p->batch_out},
        .currency = p->currency,
        .note = str_fmt(a, "%.*s%s%.*s", FMT(p->id), p->source.n ? ", " : "", FMT(p->source)),
    };
    return true;
}

static struct plan_options book_options(struct workspace *w)
{
    struct book_lookup *k = arena_new(w->arena, struct book_lookup, 1);
    *k = (struct book_lookup){w, arena_new(w->arena, struct err, 1)};
    return (struct plan_options){.price = book_price, .price_ctx = k};
}

struct plan_options plan_prices_of(struct workspace *w)
{
    return book_options(w);
}

/* ---- git ---- */

struct revision {
    const char *dir;  /* of the book */
    const char *name; /* "HEAD~1" */
    bool from_top;    /* paths are relative to the repository's folder, not the book's */
};

static bool git(struct arena *a, const char *const *argv, str *ret_out, int *ret_status,
                struct err *e)
{
    str talk;
    if (process_read(a, argv, LIMIT_YAML_BYTES, ret_out, &talk, ret_status, e))
        return true;
    return err_hint(e, "Plans of other revisions are read with git, which has to be in the PATH.");
}

static bool git_blob(const struct revision *r, struct arena *a, str path, str *ret, bool *ret_there,
                     struct err *e)
{
    str object = str_fmt(a, "%s:%s%.*s", r->name, r->from_top ? "" : "./", FMT(path));
    const char *const argv[] = {"git", "-C", r->dir, "cat-file", "blob", str_cstr(a, object), NULL};
    int status;
    if (!git(a, argv, ret, &status, e))
        return false;
    *ret_there = status == 0;
    return true;
}

static bool git_read(const void *ctx, struct arena *a, str path, str *ret, struct err *e)
{
    const struct revision *r = ctx;
    bool there;
    if (!git_blob(r, a, path, ret, &there, e))
        return false;
    return there || err_set(e, ERR_INVALID, "'%.*s' is not in revision '%s'", FMT(path), r->name);
}

static bool check_revision(struct arena *a, const struct revision *r, struct err *e)
{
    const char *const inside[] = {"git", "-C", r->dir, "rev-parse", "--git-dir", NULL};
    str commit = str_fmt(a, "%s^{tree}", r->name), out;
    const char *const known[] = {"git",        "-C",      r->dir, "rev-parse", "--verify",
                                 "--quiet", "--end-of-options", str_cstr(a, commit), NULL};
    int status;
    if (!git(a, inside, &out, &status, e))
        return false;
    if (status != 0) {
        err_set(e, ERR_FAILED, "'%s' is in no git repository", r->dir);
        return err_hint(e, "REVISION:FILE works where the book is kept in git; a plan file or "
                           "'baseline:N' works anywhere.");
    }
    if (!git(a, known, &out, &status, e))
        return false;
    return status == 0 || err_set(e, ERR_FAILED, "'%s' is no revision of the repository of '%s'",
                                  r->name, r->dir);
}

/* Faults name the file as git has it; people need to see of which revision. */
static void name_revision(struct diags *d, size_t from, const char *revision)
{
    for (size_t i = from; i < d->n; i++)
        d->items[i].at.file = str_fmt(d->arena, "%s:%.*s", revision, FMT(d->items[i].at.file));
}

static bool load_revision(struct workspace *w, str what, size_t colon, struct diags *faults,
                          struct plan_source *s, struct err *e)
{
    struct arena *a = w->arena;
    struct revision *r = arena_new(a, struct revision, 1);
    str dir = w->options.dir.n ? w->options.dir : S("."), path = str_sub(what, colon + 1, what.n);
    str text;
    bool there = false;
    *r = (struct revision){.dir = str_cstr(a, dir), .name = str_cstr(a, str_sub(what, 0, colon))};
    if (!check_revision(a, r, e) || !git_blob(r, a, path, &text, &there, e))
        return false;
    if (!there) {
        r->from_top = true;
        if (!git_blob(r, a, path, &text, &there, e))
            return false;
    }
    if (!there) {
        err_set(e, ERR_FAILED, "'%.*s' is not in revision '%s'", FMT(path), r->name);
        return err_hint(e, "Paths are relative to the book's folder, or to the repository's.");
    }
    s->options.read = git_read;
    s->options.read_ctx = r;
    size_t before = faults->n;
    s->plan = plan_parse(a, path, text, &s->options, faults);
    name_revision(faults, before, r->name);
    return s->plan != NULL;
}

/* ---- baselines ---- */

static bool frozen_read(const void *ctx, struct arena *a, str path, str *ret, struct err *e)
{
    const struct baseline *x = ctx;
    (void)a;
    for (size_t i = 0; i < x->n_files; i++) {
        if (!str_eq(x->files[i].path, path))
            continue;
        *ret = x->files[i].content;
        return true;
    }
    return err_set(e, ERR_FAILED, "'%.*s' is not in baseline %lld", FMT(path), (long long)x->id);
}

static bool load_baseline(struct workspace *w, int64_t id, struct diags *faults,
                          struct plan_source *s, struct err *e)
{
    struct baseline *x = arena_new(w->arena, struct baseline, 1);
    if (!workspace_book(w, e) || !book_baseline(w->book, id, w->arena, x, e) ||
        !book_prices_parse(w->arena, x->prices, &s->options, e))
        return false;
    if (!x->n_files)
        return err_set(e, ERR_FAILED, "baseline %lld holds no plan", (long long)id);
    s->options.read = frozen_read;
    s->options.read_ctx = x;
    s->baseline = id;
    s->name = str_fmt(w->arena, "baseline %lld", (long long)id);
    s->plan = plan_parse(w->arena, x->files[0].path, x->files[0].content, &s->options, faults);
    return s->plan != NULL;
}

/* ---- any of them ---- */

static bool load_file(struct workspace *w, str path, struct diags *faults, struct plan_source *s,
                      struct err *e)
{
    str text;
    if (!file_read(w->arena, path, LIMIT_YAML_BYTES, &text, e))
        return false;
    s->plan = plan_parse(w->arena, path, text, &s->options, faults);
    return s->plan != NULL;
}

/* A file of that name wins over a revision. */
static bool is_revision(str what, size_t *ret_colon)
{
    size_t colon = str_find_char(what, ':', 0);
    if (colon == SIZE_MAX || colon == 0 || colon + 1 == what.n || what.p[0] == '-' ||
        file_exists(what))
        return false;
    *ret_colon = colon;
    return true;
}

static bool load(struct workspace *w, str what, struct diags *faults, struct plan_source *s,
                 struct err *e)
{
    size_t colon;
    if (str_starts(what, S("baseline:"))) {
        int64_t id;
        s->kind = SOURCE_BASELINE;
        if (baseline_number(what, &id))
            return load_baseline(w, id, faults, s, e);
        err_set(e, ERR_USAGE, "'%.*s' names no baseline", FMT(what));
        return err_hint(e, "Write 'baseline:2'; 'outlay baselines' lists them.");
    }
    if (is_revision(what, &colon)) {
        s->kind = SOURCE_REVISION;
        return load_revision(w, what, colon, faults, s, e);
    }
    if (what.n)
        return load_file(w, what, faults, s, e);
    bool here = !w->options.dir.n || str_eq(w->options.dir, S("."));
    str path = here ? S("plan.yaml") : path_join(w->arena, w->options.dir, S("plan.yaml"));
    if (load_file(w, path, faults, s, e))
        return true;
    if (e->kind == ERR_FAILED && !file_exists(path))
        err_hint(
            e, "Create a book with 'outlay init', name it with --book DIR or $OUTLAY_BOOK, or name "
               "a plan file.");
    return false;
}

static void settings_from(struct workspace *w, const struct plan *p)
{
    w->settings = (struct settings){.name = p->header.name.s,
                                    .currency = p->header.currency,
                                    .fiscal_start = (int)(((p->header.first % 12) + 12) % 12) + 1};
}

bool load_plan_source(struct workspace *w, str what, struct diags *faults, struct plan_source *ret,
                      struct err *e)
{
    struct plan_options options = book_options(w);
    const struct book_lookup *lookup = options.price_ctx;
    struct plan_source s = {.name = what.n ? what : S("plan.yaml"), .options = options};
    size_t errors = faults->errors;
    e->kind = ERR_NONE;
    bool ok = load(w, what, faults, &s, e);
    if (lookup->failed->kind) { /* the cause of the faults that follow from it */
        *e = *lookup->failed;
        return err_wrap(e, "reading the price book");
    }
    if (!ok) {
        if (e->kind == ERR_NONE || faults->errors > errors)
            diags_to_err(faults, e);
        return false;
    }
    settings_from(w, s.plan);
    *ret = s;
    return true;
}
