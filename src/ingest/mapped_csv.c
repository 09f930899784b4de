/* mapped_csv.c - mapping files: YAML that says which column of a table is what. */
#include "ingest/mapped_csv.h"

#include "base/limits.h"
#include "base/os.h"
#include "base/yaml.h"

enum { RAW_DEBIT, RAW_CREDIT };

/* Fields a column may fill or `set:` may fix; debit and credit only stand under columns. */
static const struct {
    const char *key;
    int field;
} plain_fields[] = {
    {"day", F_DAY},
    {"period", F_PERIOD},
    {"billed", F_BILLED},
    {"effective", F_EFFECTIVE},
    {"list", F_LIST},
    {"quantity", F_QUANTITY},
    {"currency", F_CURRENCY},
    {"tokens_in", F_TOKENS + TOKENS_IN},
    {"tokens_cache_read", F_TOKENS + TOKENS_CACHE_READ},
    {"tokens_cache_write_5m", F_TOKENS + TOKENS_CACHE_WRITE_5M},
    {"tokens_cache_write_1h", F_TOKENS + TOKENS_CACHE_WRITE_1H},
    {"tokens_out", F_TOKENS + TOKENS_OUT},
    {"requests", F_REQUESTS},
    {"batch", F_BATCH},
    {"debit", F_RAW + RAW_DEBIT},
    {"credit", F_RAW + RAW_CREDIT},
};

/* Texts that outlay itself decides. */
static bool is_own_text(enum spend_text t)
{
    return t == SPEND_PRICE_ID || t == SPEND_RULE || t == SPEND_INITIATIVE || t == SPEND_LINE;
}

static bool field_of(str key, int *ret)
{
    for (size_t i = 0; i < ARRAY_LEN(plain_fields); i++)
        if (str_eq(key, str_of(plain_fields[i].key))) {
            *ret = plain_fields[i].field;
            return true;
        }
    enum spend_text t;
    if (!spend_text_parse(key, &t) || is_own_text(t))
        return false;
    *ret = F_TEXT + (int)t;
    return true;
}

static void unknown_field(struct diags *d, const struct yaml_node *key)
{
    const char *keys[ARRAY_LEN(plain_fields) + SPEND_TEXTS];
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(plain_fields); i++)
        keys[n++] = plain_fields[i].key;
    for (int t = 0; t < SPEND_TEXTS; t++)
        if (!is_own_text((enum spend_text)t))
            keys[n++] = spend_text_key((enum spend_text)t);
    const char *likely = str_closest(key->text, keys, n);
    yaml_fault(d, key,
               likely ? str_fmt(d->arena, "Did you mean '%s'?", likely)
                      : S("docs/import.md lists the fields."),
               "there is no field '%.*s'", FMT(key->text));
}

static bool scalar(struct diags *d, const struct yaml_node *n, const char *what)
{
    if (n->kind == YAML_SCALAR && n->text.n)
        return true;
    yaml_fault(d, n, STR_NONE, "%s must be one value", what);
    return false;
}

struct word {
    const char *text;
    int value;
};

/* One of a few words; the fault lists them. */
static int choice(struct diags *d, const struct yaml_node *map, const char *key,
                  const struct word *words, size_t n, int otherwise)
{
    const struct yaml_node *v = yaml_get(map, key);
    if (!v || !scalar(d, v, key))
        return otherwise;
    str list = STR_NONE;
    for (size_t i = 0; i < n; i++) {
        if (str_eq(v->text, str_of(words[i].text)))
            return words[i].value;
        list = str_fmt(d->arena, "%.*s%s%s", FMT(list), i ? ", " : "", words[i].text);
    }
    yaml_fault(d, v, str_fmt(d->arena, "It is one of %.*s.", FMT(list)), "%s '%.*s' is not known",
               key, FMT(v->text));
    return otherwise;
}

static void read_shape(struct import_map *m, const struct yaml_node *root, struct diags *d)
{
    static const struct word delimiters[] = {
        {",", ','}, {";", ';'}, {"|", '|'}, {"tab", '\t'}};
    static const struct word orders[] = {{"mdy", DATE_MDY}, {"dmy", DATE_DMY}};
    static const struct word money[] = {{"units", 0},  {"dollars", 0}, {"cents", -2},
                                        {"millis", -3}, {"micros", -6}, {"nanos", -9}};
    static const struct word signs[] = {{"as written", 0}, {"reversed", 1}};
    static const struct word inputs[] = {
        {"excludes_cache", INPUT_EXCLUDES_CACHE},
        {"includes_reads", INPUT_INCLUDES_READS},
        {"includes_reads_writes", INPUT_INCLUDES_READS_WRITES},
    };
    static const struct word times[] = {{"dates", 0}, {"seconds", 1}, {"milliseconds", 1000}};
    m->csv.delimiter = (char)choice(d, root, "delimiter", delimiters, ARRAY_LEN(delimiters), 0);
    m->importer.dates = (enum date_order)choice(d, root, "dates", orders, ARRAY_LEN(orders),
                                                DATE_MDY);
    m->importer.money_exponent = choice(d, root, "money", money, ARRAY_LEN(money), 0);
    m->negate = choice(d, root, "sign", signs, ARRAY_LEN(signs), 0) != 0;
    m->importer.tokens = (enum token_convention)choice(d, root, "input_tokens", inputs,
                                                       ARRAY_LEN(inputs), TOKENS_NOT_GIVEN);
    m->ticks_per_second = choice(d, root, "times", times, ARRAY_LEN(times), 0);
    const struct yaml_node *v = yaml_get(root, "skip_lines");
    int64_t lines;
    if (v && scalar(d, v, "skip_lines")) {
        if (str_to_i64(v->text, &lines) && lines >= 0 && lines <= 1000)
            m->csv.skip_lines = (size_t)lines;
        else
            yaml_fault(d, v, STR_NONE, "skip_lines '%.*s' is not a number of lines from 0 to 1000",
                       FMT(v->text));
    }
    v = yaml_get(root, "start");
    if (v && scalar(d, v, "start") && !date_parse(v->text, m->importer.dates, &m->start))
        yaml_fault(d, v, S("Dates look like 2026-07-01."), "start '%.*s' is not a date",
                   FMT(v->text));
}

static void add_column(struct import_map *m, struct import_column *columns, int field,
                       const struct yaml_node *value, struct arena *a, struct diags *d)
{
    struct import_column *c = &columns[m->importer.n_columns];
    c->field = field;
    c->flags = COL_REQUIRED | COL_LOOSE | (field == F_DAY ? COL_UNIX | COL_NOT_EMPTY : 0);
    if (value->kind == YAML_SCALAR && value->text.n) {
        c->names[0] = str_cstr(a, value->text);
    } else if (value->kind == YAML_LIST && value->n && value->n <= ARRAY_LEN(c->names)) {
        for (size_t i = 0; i < value->n; i++)
            if (scalar(d, value->items[i], "a column"))
                c->names[i] = str_cstr(a, value->items[i]->text);
    } else {
        yaml_fault(d, value, STR_NONE, "a field takes one column, or a list of up to %zu names",
                   ARRAY_LEN(c->names));
        return;
    }
    m->importer.n_columns++;
}

static bool has_field(const struct import_column *columns, size_t n, int field)
{
    for (size_t i = 0; i < n; i++)
        if (columns[i].field == field)
            return true;
    return false;
}

static void check_columns(const struct import_map *m, const struct yaml_node *at, struct diags *d)
{
    const struct import_column *c = m->importer.columns;
    size_t n = m->importer.n_columns;
    if (!has_field(c, n, F_DAY) && m->constants.day == DAY_NONE)
        yaml_fault(d, at, S("Name the column of dates: 'day: Date'."), "no column is the day");
    bool money = has_field(c, n, F_BILLED) || has_field(c, n, F_EFFECTIVE);
    bool postings = has_field(c, n, F_RAW + RAW_DEBIT) || has_field(c, n, F_RAW + RAW_CREDIT);
    bool tokens = false;
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        tokens |= has_field(c, n, F_TOKENS + b);
    if (!money && !postings && !tokens)
        yaml_fault(d, at, S("Name a column of money ('billed: Amount') or of tokens."),
                   "no column is money or tokens");
    if (has_field(c, n, F_BILLED) && postings)
        yaml_fault(d, at, S("Debit and credit together make the billed amount."),
                   "billed stands beside debit or credit");
}

static void read_columns(struct import_map *m, const struct yaml_node *root, struct arena *a,
                         struct diags *d)
{
    const struct yaml_node *map = yaml_get(root, "columns");
    const struct yaml_node *tags = yaml_get(root, "tags");
    if (!map || map->kind != YAML_MAP || !map->n) {
        yaml_fault(d, map ? map : root, S("It pairs fields with columns: 'day: Date'."),
                   "a mapping needs columns");
        return;
    }
    struct import_column *columns =
        arena_new(a, struct import_column, map->n + (tags ? tags->n : 0));
    m->importer.columns = columns;
    for (size_t i = 0; i < map->n; i++) {
        int field;
        if (field_of(map->pairs[i].key->text, &field))
            add_column(m, columns, field, map->pairs[i].value, a, d);
        else
            unknown_field(d, map->pairs[i].key);
    }
    if (tags && tags->kind != YAML_LIST)
        yaml_fault(d, tags, STR_NONE, "tags is a list of columns: [Team, Project]");
    for (size_t i = 0; tags && tags->kind == YAML_LIST && i < tags->n; i++)
        if (scalar(d, tags->items[i], "a tag")) {
            columns[m->importer.n_columns].field = F_TAG;
            columns[m->importer.n_columns++].names[0] = str_cstr(a, tags->items[i]->text);
        }
}

static void set_constant(struct import_map *m, const struct yaml_pair *p, struct diags *d)
{
    struct spend_row *r = &m->constants;
    int field;
    if (!field_of(p->key->text, &field) || field >= F_RAW) {
        unknown_field(d, p->key);
        return;
    }
    if (!scalar(d, p->value, "a constant"))
        return;
    str v = p->value->text;
    if (field >= F_TEXT)
        r->text[field - F_TEXT] = v;
    else if (field == F_CURRENCY && !currency_parse(v, &r->currency))
        yaml_fault(d, p->value, S("It is a code like USD."), "'%.*s' is not a currency", FMT(v));
    else if (field == F_DAY && !date_parse(v, m->importer.dates, &r->day))
        yaml_fault(d, p->value, S("Dates look like 2026-07-01."), "'%.*s' is not a date", FMT(v));
    else if (field == F_PERIOD && !month_parse(v, &r->period))
        yaml_fault(d, p->value, S("Months look like 2026-07."), "'%.*s' is not a month", FMT(v));
    else if (field == F_REQUESTS && !count_parse(v, &r->requests))
        yaml_fault(d, p->value, STR_NONE, "'%.*s' is not a count", FMT(v));
    else if (field == F_BATCH)
        r->batch = str_eq(v, S("yes")) || str_eq(v, S("true"));
    else if (field != F_CURRENCY && field != F_DAY && field != F_PERIOD && field != F_REQUESTS)
        yaml_fault(d, p->key, S("Amounts and token counts come from columns."),
                   "'%.*s' cannot be the same on every row", FMT(p->key->text));
}

/* skip: [{column: Type, is: "Total*"}, {column: Kind, is_not: Bill}] */
static void read_skip(struct import_map *m, const struct yaml_node *root, struct arena *a,
                      struct diags *d)
{
    static const char *const keys[] = {"column", "is", "is_not", NULL};
    const struct yaml_node *list = yaml_get(root, "skip");
    if (!list)
        return;
    if (list->kind != YAML_LIST) {
        yaml_fault(d, list, S("Each entry looks like '- {column: Type, is: Total}'."),
                   "skip is a list");
        return;
    }
    m->filters = arena_new(a, struct table_filter, list->n);
    for (size_t i = 0; i < list->n; i++) {
        const struct yaml_node *item = list->items[i];
        const struct yaml_node *column = yaml_get(item, "column");
        const struct yaml_node *is = yaml_get(item, "is"), *is_not = yaml_get(item, "is_not");
        const struct yaml_node *pattern = is ? is : is_not;
        if (item->kind != YAML_MAP || !column || !pattern || (is && is_not) ||
            column->kind != YAML_SCALAR || pattern->kind != YAML_SCALAR) {
            yaml_fault(d, item, S("An entry looks like '{column: Type, is: Total}'."),
                       "needs a column and one of is, is_not");
            continue;
        }
        yaml_only(d, item, keys);
        m->filters[m->n_filters++] =
            (struct table_filter){column->text, pattern->text, is_not != NULL};
    }
}

/* What debit and credit columns mean together: money out less money back. */
static bool row(const struct table_row *t, struct spend_row *r, bool *ret_skip, struct err *e)
{
    dec debit, credit;
    if (!table_has(t->plan, F_RAW + RAW_DEBIT) && !table_has(t->plan, F_RAW + RAW_CREDIT))
        return true;
    if (!table_raw_dec(t, RAW_DEBIT, &debit, e) || !table_raw_dec(t, RAW_CREDIT, &credit, e))
        return false;
    if (dec_is_null(debit) && dec_is_null(credit))
        return true;
    debit = dec_is_null(debit) ? 0 : debit;
    credit = dec_is_null(credit) ? 0 : credit;
    if (!dec_add(debit, -credit, &r->billed))
        return table_error(t, e, "debit and credit are too large");
    if (table_spec_of(t->plan)->negate)
        r->billed = -r->billed;
    return true;
}

static void check_options(const struct import_map *m, const struct yaml_node *root,
                          struct diags *d)
{
    const struct import_column *c = m->importer.columns;
    size_t n = m->importer.n_columns;
    bool cached = has_field(c, n, F_TOKENS + TOKENS_CACHE_READ) ||
                  has_field(c, n, F_TOKENS + TOKENS_CACHE_WRITE_5M) ||
                  has_field(c, n, F_TOKENS + TOKENS_CACHE_WRITE_1H);
    if (cached && has_field(c, n, F_TOKENS + TOKENS_IN) &&
        m->importer.tokens == TOKENS_NOT_GIVEN && !yaml_get(root, "input_tokens"))
        yaml_fault(d, yaml_get(root, "columns"),
                   S("Say 'input_tokens: excludes_cache' or 'includes_reads' or "
                     "'includes_reads_writes'."),
                   "it must be said whether tokens_in contains the cached tokens");
    if (m->ticks_per_second == 0 && m->start != DAY_NONE)
        yaml_fault(d, yaml_get(root, "start"), S("It goes with 'times: seconds' or "
                                                 "'times: milliseconds'."),
                   "start has no meaning beside dates");
}

const struct import_map *import_map_parse(struct arena *a, str path, str text, struct diags *d)
{
    static const char *const keys[] = {"delimiter", "skip_lines", "dates", "times", "start",
                                       "money", "sign", "input_tokens", "columns", "tags",
                                       "set", "skip", NULL};
    struct yaml_file *f = yaml_parse(a, path, text, d);
    if (!f || !f->root || d->errors)
        return NULL;
    const struct yaml_node *root = f->root, *set = yaml_get(root, "set");
    struct import_map *m = arena_new(a, struct import_map, 1);
    m->path = path;
    m->start = DAY_NONE;
    spend_row_clear(&m->constants);
    m->importer = (struct importer){
        .name = "mapped",
        .title = "the mapping file",
        .summary = "Any delimited file, through a mapping file.",
        .shapes = 1 << SHAPE_TABLE | 1 << SHAPE_PARQUET,
        .row = row,
    };
    yaml_only(d, root, keys);
    read_shape(m, root, d);
    read_columns(m, root, a, d);
    if (set && set->kind != YAML_MAP)
        yaml_fault(d, set, S("It pairs fields with values: 'provider: OpenAI'."), "set is a map");
    for (size_t i = 0; set && set->kind == YAML_MAP && i < set->n; i++)
        set_constant(m, &set->pairs[i], d);
    read_skip(m, root, a, d);
    if (!d->errors) {
        check_columns(m, yaml_get(root, "columns"), d);
        check_options(m, root, d);
    }
    return d->errors ? NULL : m;
}

bool import_map_load(struct arena *a, str path, const struct import_map **ret, struct err *e)
{
    str text;
    struct diags d;
    if (!file_read(a, path, LIMIT_YAML_BYTES, &text, e))
        return false;
    diags_init(&d, a);
    const struct import_map *m = import_map_parse(a, path, text, &d);
    if (!m)
        return diags_to_err(&d, e);
    *ret = m;
    return true;
}
