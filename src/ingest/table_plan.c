/* table_plan.c - compiles an importer's columns against a file's header. */
#include "ingest/table_int.h"
#include "ingest/tags.h"

static uint32_t find_name(const struct table_plan *p, str name)
{
    for (size_t i = 0; i < p->n_names; i++)
        if (str_eq_nocase(p->names[i], name))
            return (uint32_t)i;
    for (size_t i = 0; p->spec.importer->loose_names && i < p->n_names; i++)
        if (names_alike(p->names[i], name))
            return (uint32_t)i;
    return TABLE_NO_CELL;
}

/* The cell of a header column, asked for once however many fields read it. */
static uint32_t want(struct table_plan *p, uint32_t column)
{
    for (size_t i = 0; i < p->n_columns; i++)
        if (p->columns[i] == column)
            return (uint32_t)i;
    p->columns = arena_grow(p->arena, p->columns, sizeof *p->columns, &p->cap_columns,
                            p->n_columns + 1);
    p->columns[p->n_columns] = column;
    return (uint32_t)p->n_columns++;
}

static void add_step(struct table_plan *p, const struct import_column *c, uint32_t cell)
{
    int f = c->field;
    struct step s = {.flags = (uint8_t)c->flags, .cell = cell};
    if (f == F_DAY)
        s.op = OP_DAY;
    else if (f == F_PERIOD)
        s.op = OP_PERIOD;
    else if (f == F_BILLED || f == F_EFFECTIVE || f == F_LIST)
        s = (struct step){OP_MONEY, s.flags, (uint16_t)f, cell};
    else if (f == F_QUANTITY)
        s.op = OP_QUANTITY;
    else if (f == F_CURRENCY)
        s.op = OP_CURRENCY;
    else if (f >= F_TOKENS && f <= F_REQUESTS)
        s = (struct step){OP_COUNT, s.flags, (uint16_t)(f - F_TOKENS), cell};
    else if (f == F_BATCH)
        s.op = OP_BATCH;
    else if (f == F_TEXT + SPEND_TAGS)
        s.op = OP_TAGS;
    else if (f >= F_TEXT && f < F_RAW)
        s = (struct step){p->field_cell[f] == TABLE_NO_CELL ? OP_TEXT : OP_TEXT_MORE, s.flags,
                          (uint16_t)(f - F_TEXT), cell};
    else
        return; /* raw: read by the hook */
    p->steps = arena_grow(p->arena, p->steps, sizeof *p->steps, &p->cap_steps, p->n_steps + 1);
    p->steps[p->n_steps++] = s;
}

/* A tag that clouds set themselves to who made a resource. */
static bool is_personal_tag(str key)
{
    return str_ends_nocase(key, S("CreatedBy")) || str_ends_nocase(key, S("created_by"));
}

static void add_personal(struct table_plan *p, str name)
{
    p->personal = str_fmt(p->arena, "%.*s%s%.*s", FMT(p->personal), p->personal.n ? ", " : "",
                          FMT(name));
}

static void add_tag(struct table_plan *p, uint32_t column, str key)
{
    key = tag_key(key, str_of(p->spec.importer->tag_prefix));
    if (is_personal_tag(key)) {
        add_personal(p, p->names[column]);
        return;
    }
    for (size_t i = 0; i < p->n_tags; i++)
        if (str_eq(p->tags[i].key, key))
            return;
    if (!key.n || p->n_tags == TAGS_MOST)
        return;
    p->tags = arena_grow(p->arena, p->tags, sizeof *p->tags, &p->cap_tags, p->n_tags + 1);
    p->tags[p->n_tags++] = (struct tag_column){key, want(p, column)};
}

static void add_tags(struct table_plan *p, str pattern)
{
    bool open = str_ends(pattern, S("*"));
    str prefix = open ? str_sub(pattern, 0, pattern.n - 1) : STR_NONE;
    for (size_t i = 0; i < p->n_names; i++) {
        str name = p->names[i];
        if (open ? name.n > prefix.n && str_starts_nocase(name, prefix)
                 : str_eq_nocase(name, pattern))
            add_tag(p, (uint32_t)i, str_sub(name, prefix.n, name.n));
    }
}

static void add_column(struct table_plan *p, const struct import_column *c, str *missing)
{
    const size_t most = ARRAY_LEN(c->names);
    if (c->field == F_TAG) {
        for (size_t i = 0; i < most && c->names[i]; i++)
            add_tags(p, str_of(c->names[i]));
        return;
    }
    uint32_t column = TABLE_NO_CELL;
    for (size_t i = 0; i < most && c->names[i] && column == TABLE_NO_CELL; i++)
        column = find_name(p, str_of(c->names[i]));
    if (column == TABLE_NO_CELL) {
        if (c->flags & COL_REQUIRED)
            *missing = str_fmt(p->arena, "%.*s%s%s", FMT(*missing), missing->n ? ", " : "",
                               c->names[0]);
        return;
    }
    uint32_t cell = want(p, column);
    add_step(p, c, cell);
    if (p->field_cell[c->field] == TABLE_NO_CELL)
        p->field_cell[c->field] = cell;
}

/* Columns that hold people's names and addresses, in all formats; no importer asks for them. */
static const char *const PERSONAL[] = {
    "CredentialDetails", "RequesterDetails", "PrincipalId", "user_email", "user_name", "user",
    "AccountOwnerId", "user_id", "email", "end_user", "AccountOwner",
};

static void note_personal(struct table_plan *p)
{
    for (size_t i = 0; i < ARRAY_LEN(PERSONAL); i++) {
        uint32_t column = find_name(p, str_of(PERSONAL[i]));
        bool read = false;
        for (size_t k = 0; k < p->n_columns; k++)
            read |= p->columns[k] == column;
        if (column != TABLE_NO_CELL && !read)
            add_personal(p, p->names[column]);
    }
}

static bool missing_columns(const struct table_plan *p, str missing, struct err *e)
{
    err_set(e, ERR_INVALID, "%.*s: has no column %.*s, which %s needs", FMT(p->spec.path),
            FMT(missing), p->spec.importer->title);
    const char **names = arena_new(p->arena, const char *, p->n_names);
    for (size_t i = 0; i < p->n_names; i++)
        names[i] = str_cstr(p->arena, p->names[i]);
    str rest = missing, one, near = STR_NONE;
    while (str_cut(&rest, ',', &one)) {
        const char *likely = str_closest(str_trim(one), names, p->n_names);
        if (likely)
            near = str_fmt(p->arena, "%.*s%s'%s'", FMT(near), near.n ? ", " : "", likely);
    }
    if (near.n)
        return err_hint(e, "Did you mean %.*s? A mapping file (--map) can say so.", FMT(near));
    str all = str_join(p->arena, p->names, MIN(p->n_names, (size_t)12), S(", "));
    return err_hint(e, "Its columns are %.*s%s. A mapping file (--map) can say which is which.",
                    FMT(str_sub(all, 0, 600)), p->n_names > 12 ? ", ..." : "");
}

static bool add_filters(struct table_plan *p, struct err *e)
{
    const struct table_spec *s = &p->spec;
    p->filters = arena_new(p->arena, struct filter, s->n_filters);
    for (size_t i = 0; i < s->n_filters; i++) {
        uint32_t column = find_name(p, s->filters[i].column);
        if (column == TABLE_NO_CELL)
            return missing_columns(p, s->filters[i].column, e);
        p->filters[i] =
            (struct filter){want(p, column), s->filters[i].pattern, s->filters[i].unless};
    }
    return true;
}

static void set_blank(struct table_plan *p)
{
    const struct import_options *o = p->spec.options;
    struct spend_row *r = &p->blank;
    if (p->spec.constants)
        *r = *p->spec.constants;
    else
        spend_row_clear(r);
    if (o->provider.n)
        r->text[SPEND_PROVIDER] = o->provider;
    else if (!r->text[SPEND_PROVIDER].n)
        r->text[SPEND_PROVIDER] = str_of(p->spec.importer->provider);
    if (o->model.n)
        r->text[SPEND_MODEL] = o->model;
    if (o->account.n)
        r->text[SPEND_ACCOUNT] = o->account;
    if (p->spec.importer->currency && !r->currency.code[0])
        BUG_IF(!currency_parse(str_of(p->spec.importer->currency), &r->currency));
}

bool table_compile(struct arena *a, const struct table_spec *spec, const str *names, size_t n_names,
                   struct table_plan **ret, struct err *e)
{
    struct table_plan *p = arena_new(a, struct table_plan, 1);
    p->arena = a;
    p->spec = *spec;
    p->names = names;
    p->n_names = n_names;
    for (size_t i = 0; i < ARRAY_LEN(p->field_cell); i++)
        p->field_cell[i] = TABLE_NO_CELL;
    str missing = STR_NONE;
    for (size_t i = 0; i < spec->importer->n_columns; i++)
        add_column(p, &spec->importer->columns[i], &missing);
    if (missing.n)
        return missing_columns(p, missing, e);
    if (!add_filters(p, e))
        return false;
    note_personal(p);
    set_blank(p);
    if (spec->importer->check && !spec->importer->check(p, e))
        return false;
    *ret = p;
    return true;
}

const uint32_t *table_columns(const struct table_plan *p, size_t *ret_n)
{
    *ret_n = p->n_columns;
    return p->columns;
}

bool table_has(const struct table_plan *p, int field)
{
    return p->field_cell[field] != TABLE_NO_CELL;
}

const struct table_spec *table_spec_of(const struct table_plan *p)
{
    return &p->spec;
}

str table_personal(const struct table_plan *p)
{
    return p->personal;
}
