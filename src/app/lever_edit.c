/* lever_edit.c - levers as rows of a plan's file. */
#include "app/lever_edit.h"

static bool put_rows(struct yaml_edits *t, const struct yaml_node *list,
                     const struct lever_text *levers, size_t n, struct err *e)
{
    for (size_t k = 0; k < n; k++) {
        const struct yaml_node *own = NULL;
        for (size_t i = 0; i < list->n; i++) {
            const struct yaml_node *id = yaml_get(list->items[i], "id");
            if (id && str_eq(id->text, levers[k].id))
                own = list->items[i];
        }
        if (!(own ? yaml_edit_row(t, own, levers[k].text, e)
                  : yaml_edit_row_behind(t, list->items[list->n - 1], levers[k].text, e)))
            return false;
    }
    return true;
}

static str new_rows(struct arena *a, const struct lever_text *levers, size_t n, str lead)
{
    str out = lead;
    for (size_t k = 0; k < n; k++)
        out = str_fmt(a, "%.*s\n  - %.*s", FMT(out), FMT(levers[k].text));
    return out;
}

bool lever_edits(struct yaml_edits *t, const struct plan *p, const struct lever_text *levers,
                 size_t n, struct err *e)
{
    size_t have = p->levers.n, from, to;
    const struct yaml_file *f = have ? p->levers.items[have - 1].at->file : p->files[0];
    const struct yaml_node *key = yaml_key(f->root, "levers"), *list = yaml_get(f->root, "levers");
    if (!key) {
        yaml_edit_append(t, f, new_rows(t->a, levers, n, S("levers:")));
        return true;
    }
    if (list->kind == YAML_LIST && list->n)
        return put_rows(t, list, levers, n, e);
    if (list->kind == YAML_LIST) { /* []: it goes, with the blanks in front of it */
        if (!yaml_extent(list, &from, &to, e))
            return false;
        while (from && f->text.p[from - 1] == ' ')
            from--;
        yaml_edit_bytes(t, f, from, to, STR_NONE);
    }
    size_t end = f->line_starts[key->line - 1] + yaml_line(f, key->line).n;
    yaml_edit_bytes(t, f, end, end, new_rows(t->a, levers, n, STR_NONE));
    return true;
}
