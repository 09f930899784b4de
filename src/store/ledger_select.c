/* ledger_select.c - keys and filters as SQL; every value is bound, every name quoted. */
#include "store/ledger_select.h"

#include "base/os.h"

bool ledger_key_parse(str name, struct ledger_key *ret)
{
    static const struct {
        const char *name;
        enum ledger_key_kind kind;
    } kinds[] = {{"category", KEY_CATEGORY}, {"month", KEY_MONTH},       {"period", KEY_PERIOD},
                 {"day", KEY_DAY},           {"currency", KEY_CURRENCY}, {"import", KEY_IMPORT}};
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (str_eq(name, str_of(kinds[i].name))) {
            *ret = (struct ledger_key){.kind = kinds[i].kind};
            return true;
        }
    }
    enum spend_text text;
    if (spend_text_parse(name, &text)) {
        *ret = (struct ledger_key){.kind = KEY_TEXT, .text = text};
        return true;
    }
    if (!str_starts(name, S("tag:")) || name.n == 4)
        return false;
    *ret = (struct ledger_key){.kind = KEY_TAG, .tag = str_sub(name, 4, name.n)};
    return true;
}

/* ---- which parts have which tag as a column ---- */

/* Reads the parts' column names once after ledger_attach. A tag column of the rows is one of the
 * cube too: both are written together. */
static bool know_schema(struct ledger *l, struct err *e)
{
    if (l->schema_known)
        return true;
    struct sql q;
    sql_init(&q);
    sql_add(&q, "SELECT file_name, name FROM parquet_schema([");
    for (size_t i = 0; i < l->n_parts; i++) {
        sql_add(&q, "%s", i ? ", " : "");
        sql_file(&q, part_path(&q.arena, l->dir, l->parts[i].name, CUBE_ENDING));
    }
    sql_add(&q, "]) WHERE starts_with(name, 'tag:')");
    duckdb_result r;
    bool ok = sql_run(l, &q, &r, e);
    size_t cap = 0, part = 0;
    duckdb_data_chunk chunk;
    while (ok && (chunk = l->db->fetch_chunk(r))) {
        struct result_column files = result_column(l, chunk, 0), names = result_column(l, chunk, 1);
        for (size_t row = 0; row < l->db->data_chunk_get_size(chunk); row++) {
            str file = result_text(&files, row);
            /* the answer is in the order of the list, but nothing promises it */
            for (size_t tries = 0; tries < l->n_parts; tries++, part = (part + 1) % l->n_parts) {
                if (str_ends(file, part_path(&q.arena, STR_NONE, l->parts[part].name, CUBE_ENDING)))
                    break;
            }
            l->part_tags = arena_grow(&l->parts_arena, l->part_tags, sizeof *l->part_tags, &cap,
                                      l->n_part_tags + 1);
            str tag = result_text(&names, row);
            tag = str_dup(&l->parts_arena, str_sub(tag, 4, tag.n));
            l->part_tags[l->n_part_tags++] = (struct part_tag){tag, part};
        }
        l->db->destroy_data_chunk(&chunk);
    }
    if (ok)
        l->db->destroy_result(&r);
    l->schema_known = ok;
    sql_release(&q);
    return ok;
}

static size_t parts_with_tag(const struct ledger *l, str tag)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n_part_tags; i++)
        n += str_eq(l->part_tags[i].tag, tag);
    return n;
}

static bool key_in_cube(struct ledger *l, const struct ledger_key *key)
{
    switch (key->kind) {
    case KEY_DAY:
    case KEY_BATCH:
        return false;
    case KEY_TEXT:
        for (size_t i = 0; i < LEDGER_CUBE_TEXTS; i++)
            if (ledger_cube_texts[i] == key->text)
                return true;
        return false;
    case KEY_TAG:
        return parts_with_tag(l, key->tag) == l->n_parts;
    default:
        return true;
    }
}

bool select_from_cube(struct ledger *l, const struct ledger_query *q, bool *ret, struct err *e)
{
    if (!know_schema(l, e))
        return false;
    bool cube = (q->from == DAY_NONE || day_to_civil(q->from).mday == 1) &&
                (q->to == DAY_NONE || day_to_civil(q->to + 1).mday == 1);
    for (size_t i = 0; cube && i < q->n_keys; i++)
        cube = key_in_cube(l, &q->keys[i]);
    for (size_t i = 0; cube && i < q->n_filters; i++)
        cube = key_in_cube(l, &q->filters[i].key);
    *ret = cube;
    return true;
}

/* ---- keys ---- */

/* A tag of parts that do not keep it as a column is looked up in the row's JSON. */
static void select_tag(struct ledger *l, struct sql *s, str tag)
{
    size_t have = parts_with_tag(l, tag);
    str column = tag_column_name(&s->arena, tag);
    if (have == l->n_parts) {
        sql_identifier(s, column);
        return;
    }
    if (have) {
        sql_add(s, "CASE WHEN file_index IN (");
        for (size_t i = 0, first = 1; i < l->n_part_tags; i++) {
            if (!str_eq(l->part_tags[i].tag, tag))
                continue;
            sql_add(s, "%s%zu", first ? "" : ", ", l->part_tags[i].part);
            first = 0;
        }
        sql_add(s, ") THEN ");
        sql_identifier(s, column);
        sql_add(s, " ELSE ");
    }
    struct buf pointer; /* RFC 6901 */
    buf_init(&pointer, tag.n * 2 + 1);
    buf_addc(&pointer, '/');
    for (size_t i = 0; i < tag.n; i++) {
        if (tag.p[i] == '~' || tag.p[i] == '/')
            buf_add(&pointer, tag.p[i] == '~' ? S("~0") : S("~1"));
        else
            buf_addc(&pointer, tag.p[i]);
    }
    sql_add(s, "json_extract_string(\"tags\", ");
    sql_bind(s, buf_str(&pointer));
    sql_add(s, ")%s", have ? " END" : "");
    buf_release(&pointer);
}

static void select_import(struct ledger *l, struct sql *s)
{
    sql_add(s, "CAST(CAST([");
    for (size_t i = 0; i < l->n_parts; i++)
        sql_add(s, "%s%lld", i ? "," : "", (long long)l->parts[i].import);
    sql_add(s, "] AS BIGINT[])[CAST(file_index AS BIGINT) + 1] AS VARCHAR)");
}

void select_key(struct ledger *l, struct sql *s, const struct ledger_key *key, bool cube)
{
    sql_add(s, "coalesce(");
    switch (key->kind) {
    case KEY_MONTH:
        sql_add(s, "strftime(\"%s\", '%%Y-%%m')", cube ? "month" : "day");
        break;
    case KEY_PERIOD:
        sql_add(s, "strftime(\"period\", '%%Y-%%m')");
        break;
    case KEY_DAY:
        sql_add(s, "CAST(\"day\" AS VARCHAR)");
        break;
    case KEY_CATEGORY:
        sql_add(s, "\"category\"");
        break;
    case KEY_CURRENCY:
        sql_add(s, "\"currency\"");
        break;
    case KEY_TEXT:
        sql_identifier(s, str_of(spend_text_key(key->text)));
        break;
    case KEY_TAG:
        select_tag(l, s, key->tag);
        break;
    case KEY_IMPORT:
        select_import(l, s);
        break;
    case KEY_BATCH: /* as pricing reads tiers */
        sql_add(s, "CASE WHEN \"batch\" OR lower(\"tier\") = 'batch' OR (lower(\"tier\") = "
                   "'flex' AND lower(\"provider\") = 'openai') THEN 'batch' END");
        break;
    }
    sql_add(s, ", '')");
}

void select_parts(struct ledger *l, struct sql *s, bool cube)
{
    sql_add(s, " FROM read_parquet([");
    for (size_t i = 0; i < l->n_parts; i++) {
        sql_add(s, "%s", i ? ", " : "");
        sql_file(s, part_path(&s->arena, l->dir, l->parts[i].name,
                              cube ? CUBE_ENDING : ROWS_ENDING));
    }
    sql_add(s, "], union_by_name = true)");
}

/* ---- filters ---- */

/* str_glob's pattern as one of LIKE. */
static str like_pattern(struct arena *a, str glob)
{
    char *p = arena_alloc(a, glob.n * 2 + 1);
    size_t n = 0;
    for (size_t i = 0; i < glob.n; i++) {
        char c = glob.p[i];
        if (c == '%' || c == '_' || c == '\\')
            p[n++] = '\\';
        p[n++] = c == '*' ? '%' : c == '?' ? '_' : c;
    }
    return (str){p, n};
}

/* Months compare as days, so that row groups of other months are not read. */
static bool select_month_filter(struct sql *s, const struct ledger_filter *f, bool cube,
                                struct err *e)
{
    month m;
    if (!month_parse(f->value, &m)) {
        err_set(e, ERR_INVALID, "'%.*s' is not a month", FMT(f->value));
        return err_hint(e, "Write it as 2026-07.");
    }
    const char *column = f->key.kind == KEY_PERIOD ? "period" : cube ? "month" : "day";
    char from[DATE_TEXT], to[DATE_TEXT];
    str first = date_format(month_first_day(m), from), last = date_format(month_last_day(m), to);
    sql_add(s, "%s(\"%s\" BETWEEN DATE '%.*s' AND DATE '%.*s')%s",
            f->op == FILTER_NOT ? "coalesce(NOT " : "", column, FMT(first), FMT(last),
            f->op == FILTER_NOT ? ", true)" : "");
    return true;
}

static bool select_filter(struct ledger *l, struct sql *s, const struct ledger_filter *f,
                          bool cube, struct err *e)
{
    bool is_month = f->key.kind == KEY_MONTH || f->key.kind == KEY_PERIOD;
    if (is_month && f->op != FILTER_GLOB && f->value.n)
        return select_month_filter(s, f, cube, e);
    select_key(l, s, &f->key, cube);
    if (f->op == FILTER_GLOB) {
        sql_add(s, " ILIKE ");
        sql_bind(s, like_pattern(&s->arena, f->value));
        sql_add(s, " ESCAPE '\\'");
    } else {
        sql_add(s, f->op == FILTER_NOT ? " <> " : " = ");
        sql_bind(s, f->value);
    }
    return true;
}

bool select_where(struct ledger *l, struct sql *s, const struct ledger_query *q, bool cube,
                  struct err *e)
{
    const char *glue = " WHERE ";
    char text[DATE_TEXT];
    if (q->from != DAY_NONE) {
        sql_add(s, "%s\"%s\" >= DATE '%.*s'", glue, cube ? "month" : "day",
                FMT(date_format(q->from, text)));
        glue = " AND ";
    }
    if (q->to != DAY_NONE) {
        sql_add(s, "%s\"%s\" <= DATE '%.*s'", glue, cube ? "month" : "day",
                FMT(date_format(q->to, text)));
        glue = " AND ";
    }
    for (size_t i = 0; i < q->n_filters; i++) {
        sql_add(s, "%s", glue);
        if (!select_filter(l, s, &q->filters[i], cube, e))
            return false;
        glue = " AND ";
    }
    return true;
}
