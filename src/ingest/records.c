/* records.c - JSON records read as a table. */
#include "ingest/records.h"

#include "base/buf.h"
#include "base/json_write.h"
#include "base/limits.h"
#include "ingest/json_doc.h"
#include "ingest/table_int.h"

const str *records_header(struct arena *a, const struct importer *x, const struct probe *p,
                          size_t *ret_n)
{
    str *names = arena_new(a, str, x->n_columns + p->n_names);
    size_t n = 0;
    for (size_t i = 0; i < x->n_columns; i++)
        if (x->columns[i].field != F_TAG)
            names[n++] = str_of(x->columns[i].names[0]);
    for (size_t i = 0; i < p->n_names; i++)
        names[n++] = p->names[i];
    *ret_n = n;
    return names;
}

/* The names under which a record may have the cell. */
struct cell {
    const char *const *names; /* NULL-terminated, or full */
    const char *alone[2];
};

struct records {
    struct doc_reader r;
    const struct table_plan *plan;
    struct cell *cells;
    str *values;
    size_t n;
    struct buf json;
    record_fn *fn;
    void *ctx;
};

static const char *const *names_of(const struct table_plan *p, str name)
{
    const struct importer *x = p->spec.importer;
    for (size_t i = 0; i < x->n_columns; i++)
        if (x->columns[i].field != F_TAG && str_eq(str_of(x->columns[i].names[0]), name))
            return x->columns[i].names;
    return NULL;
}

static void init(struct records *s, struct arena *a)
{
    const uint32_t *wanted = table_columns(s->plan, &s->n);
    s->cells = arena_new(a, struct cell, s->n);
    s->values = arena_new(a, str, s->n);
    for (size_t i = 0; i < s->n; i++) {
        struct cell *c = &s->cells[i];
        str name = s->plan->names[wanted[i]];
        c->names = names_of(s->plan, name);
        if (!c->names) {
            c->alone[0] = str_cstr(a, name);
            c->names = c->alone;
        }
    }
    buf_init(&s->json, LIMIT_JSON_BYTES);
}

static void write_value(struct json_out *j, const struct json *v)
{
    switch (v->kind) {
    case JSON_NULL:
        json_null(j);
        break;
    case JSON_BOOL:
        json_bool(j, v->yes);
        break;
    case JSON_NUMBER:
        json_raw(j, v->text);
        break;
    case JSON_STRING:
        json_string(j, v->text);
        break;
    case JSON_LIST:
        json_list_open(j);
        for (size_t i = 0; i < v->n; i++)
            write_value(j, &v->items[i]);
        json_list_close(j);
        break;
    case JSON_MAP:
        json_map_open(j);
        for (size_t i = 0; i < v->n; i++) {
            json_key_str(j, v->keys[i]);
            write_value(j, &v->items[i]);
        }
        json_map_close(j);
        break;
    }
}

static str text_of(struct records *s, const struct json *v)
{
    if (v->kind == JSON_BOOL)
        return v->yes ? S("true") : S("false");
    if (v->kind != JSON_LIST && v->kind != JSON_MAP)
        return json_text(v);
    struct json_out j;
    buf_clear(&s->json);
    json_out_init(&j, &s->json, 0);
    write_value(&j, v);
    return str_dup(&s->r.page, buf_str(&s->json));
}

static const struct json *find_value(const struct records *s, const struct json *v,
                                     const char *name)
{
    const struct json *found = json_get(v, name);
    if (!found)
        found = json_path(v, name);
    for (size_t i = 0; !found && s->plan->spec.importer->loose_names && i < v->n; i++)
        if (names_alike(v->keys[i], str_of(name)))
            found = &v->items[i];
    return found;
}

static bool read_record(struct records *s, const struct json *v)
{
    if (v->kind != JSON_MAP)
        return doc_fault(&s->r, v, "a record is no map of keys and values");
    for (size_t i = 0; i < s->n; i++) {
        const char *const *names = s->cells[i].names;
        const struct json *found = NULL;
        size_t most =
            names == s->cells[i].alone ? 1 : ARRAY_LEN(((struct import_column *)0)->names);
        for (size_t k = 0; json_is_null(found) && k < most && names[k]; k++)
            found = find_value(s, v, names[k]);
        s->values[i] = json_is_null(found) ? STR_NONE : text_of(s, found);
    }
    return s->fn(s->ctx, s->values, s->r.d->shape == SHAPE_JSON ? v->line : s->r.line, s->r.e);
}

static bool read_document(struct records *s, const struct json *v, int depth)
{
    const struct json *data = json_get(v, "data");
    if (data && data->kind == JSON_LIST)
        v = data;
    if (v->kind != JSON_LIST || depth > 1)
        return read_record(s, v);
    for (size_t i = 0; i < v->n; i++)
        if (!read_document(s, &v->items[i], depth + 1))
            return false;
    return true;
}

bool records_read(struct document *d, const struct table_plan *plan, record_fn *fn, void *ctx,
                  struct err *e)
{
    struct arena a = ARENA_INIT;
    struct records s = {.plan = plan, .fn = fn, .ctx = ctx};
    const struct row_sink none = {.ctx = NULL};
    bool ok = true;
    doc_init(&s.r, d, &none, e);
    init(&s, &a);
    while (ok) {
        const struct json *v;
        ok = doc_next(&s.r, &v);
        if (!ok || !v)
            break;
        ok = read_document(&s, v, 0);
    }
    ok = doc_end(&s.r, ok);
    buf_release(&s.json);
    arena_release(&a);
    return ok;
}
