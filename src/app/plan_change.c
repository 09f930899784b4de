/* plan_change.c - a plan with edits, checked and written. */
#include "app/plan_change.h"

#include "base/limits.h"
#include "base/os.h"

struct overlay {
    const struct plan_source *source;
    const struct plan_change *change;
};

static bool read_changed(const void *ctx, struct arena *a, str path, str *ret, struct err *e)
{
    const struct overlay *o = ctx;
    const struct plan_options *options = &o->source->options;
    for (size_t i = 0; i < o->change->n_files; i++) {
        if (!str_eq(o->change->files[i].file->path, path))
            continue;
        *ret = o->change->files[i].text;
        return true;
    }
    return options->read ? options->read(options->read_ctx, a, path, ret, e)
                         : file_read(a, path, LIMIT_YAML_BYTES, ret, e);
}

bool plan_change(const struct plan_source *s, const struct yaml_edits *t, struct diags *faults,
                 struct plan_change *ret, struct err *e)
{
    const struct yaml_file *root = s->plan->files[0];
    struct plan_change x = {.diff = STR_NONE};
    const struct overlay o = {s, &x};
    struct plan_options options = s->options;
    str text = root->text;
    options.read = read_changed;
    options.read_ctx = &o;
    if (!yaml_edits_apply(t, &x.files, &x.n_files, e))
        return false;
    for (size_t i = 0; i < x.n_files; i++)
        if (x.files[i].file == root)
            text = x.files[i].text;
    x.diff = edited_files_diff(t->a, x.files, x.n_files);
    x.plan = plan_parse(t->a, root->path, text, &options, faults);
    if (!x.plan) {
        diags_to_err(faults, e);
        return err_hint(e, "The plan would be at fault, so nothing was written.");
    }
    if (!expand(t->a, x.plan, NULL, &x.figures, e))
        return err_wrap(e, "the changed plan");
    *ret = x;
    return true;
}

/* *ret_mark: the byte order mark that stands in front of what was parsed, if any. */
static bool unchanged(struct arena *a, const struct edited_file *x, str *ret_mark, struct err *e)
{
    str now;
    if (!file_read(a, x->file->path, LIMIT_YAML_BYTES, &now, e))
        return false;
    *ret_mark = str_sub(now, 0, str_starts(now, S("\xef\xbb\xbf")) ? 3 : 0);
    if (str_eq(str_sub(now, ret_mark->n, now.n), x->file->text))
        return true;
    err_set(e, ERR_FAILED, "'%.*s' has changed since it was read, and nothing was written",
            FMT(x->file->path));
    return err_hint(e, "Run the command again.");
}

bool plan_change_write(const struct plan_source *s, const struct plan_change *x, struct err *e)
{
    struct arena scratch = ARENA_INIT;
    bool good = true;
    if (s->kind != SOURCE_FILE) {
        err_set(e, ERR_USAGE, "%.*s cannot be written to", FMT(s->name));
        return err_hint(e, "Name the working plan, a file.");
    }
    str *marks = arena_new(&scratch, str, x->n_files + 1);
    for (size_t i = 0; good && i < x->n_files; i++)
        good = unchanged(&scratch, &x->files[i], &marks[i], e);
    for (size_t i = 0; good && i < x->n_files; i++) {
        const struct edited_file *f = &x->files[i];
        good = file_write_atomic(f->file->path,
                                 str_fmt(&scratch, "%.*s%.*s", FMT(marks[i]), FMT(f->text)), e);
    }
    arena_release(&scratch);
    return good;
}
