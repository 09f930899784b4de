/* ledger_list.c - builds the lists of rows and of imports. */
#include "report/ledger_list.h"

str row_id_format(struct arena *a, int64_t import, uint32_t file, uint64_t row)
{
    return str_fmt(a, "%lld/%u:%llu", (long long)import, file, (unsigned long long)row);
}

bool row_id_parse(str s, int64_t *ret_import, uint32_t *ret_file, uint64_t *ret_row)
{
    size_t slash = str_find_char(s, '/', 0), colon = str_find_char(s, ':', 0);
    uint64_t import, file, row;
    if (slash == SIZE_MAX || colon == SIZE_MAX || colon < slash ||
        !str_to_u64(str_sub(s, 0, slash), &import) ||
        !str_to_u64(str_sub(s, slash + 1, colon), &file) ||
        !str_to_u64(str_sub(s, colon + 1, s.n), &row) || import > INT64_MAX || file > UINT32_MAX)
        return false;
    *ret_import = (int64_t)import;
    *ret_file = (uint32_t)file;
    *ret_row = row;
    return true;
}

static str file_name(const struct import_info *imports, size_t n, int64_t import, uint32_t file)
{
    for (size_t i = 0; i < n; i++)
        if (imports[i].id == import && file >= 1 && file <= imports[i].n_files)
            return imports[i].files[file - 1].path;
    return STR_NONE;
}

static struct cell text_or_null(str s)
{
    return s.n ? cell_text(s) : cell_null();
}

/* What only programs need, each its own column. */
static const enum spend_text DATA_TEXTS[] = {
    SPEND_PUBLISHER, SPEND_SERVICE_CODE, SPEND_SERVICE_CATEGORY, SPEND_SERVICE_SUBCATEGORY,
    SPEND_SKU, SPEND_METER, SPEND_ACCOUNT, SPEND_SUB_ACCOUNT, SPEND_RESOURCE, SPEND_RESOURCE_TYPE,
    SPEND_REGION, SPEND_UNIT, SPEND_CHARGE_CATEGORY, SPEND_CHARGE_CLASS, SPEND_TAGS, SPEND_TIER,
    SPEND_PRICE_ID, SPEND_INITIATIVE, SPEND_LINE,
};

static const struct doc_column *row_columns(struct arena *a, size_t *ret_n)
{
    static const struct doc_column fixed[] = {
        {"row", "Row", CELL_TEXT, SHOW_ALL, 0, -1},
        {"day", "Day", CELL_DAY, SHOW_ALL, 0, -1},
        {"provider", "Provider", CELL_TEXT, SHOW_ALL, 0, -1},
        {"service", "Service", CELL_TEXT, SHOW_ALL, 0, -1},
        {"description", "Description", CELL_TEXT, SHOW_ALL, 0, -1},
        {"billed", "Billed", CELL_MONEY, SHOW_ALL, 4, -1},
        {"effective", "Effective", CELL_MONEY, SHOW_ALL, 4, -1},
        {"currency", "", CELL_TEXT, SHOW_ALL, 0, -1},
        {"category", "Category", CELL_TEXT, SHOW_ALL, 0, -1},
        {"rule", "Rule", CELL_TEXT, SHOW_ALL, 0, -1},
        {"confidence", "Conf.", CELL_COUNT, SHOW_ALL, 0, -1},
        {"file", "File", CELL_TEXT, SHOW_DATA, 0, -1},
        {"model", "Model", CELL_TEXT, SHOW_DATA, 0, -1},
        {"quantity", "Quantity", CELL_NUMBER, SHOW_DATA, 0, -1},
        {"share", "Share", CELL_SHARE, SHOW_DATA, 1, -1},
        {"requests", "Requests", CELL_COUNT, SHOW_DATA, 0, -1},
    };
    *ret_n = ARRAY_LEN(fixed) + ARRAY_LEN(DATA_TEXTS) + TOKEN_BUCKETS;
    struct doc_column *c = arena_new(a, struct doc_column, *ret_n);
    memcpy(c, fixed, sizeof fixed);
    struct doc_column *at = c + ARRAY_LEN(fixed);
    for (size_t i = 0; i < ARRAY_LEN(DATA_TEXTS); i++)
        *at++ = (struct doc_column){spend_text_key(DATA_TEXTS[i]), "", CELL_TEXT, SHOW_DATA, 0, -1};
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        *at++ = (struct doc_column){
            str_fmt(a, "tokens_%s", token_bucket_key((enum token_bucket)b)).p, "", CELL_COUNT,
            SHOW_DATA, 0, -1};
    return c;
}

static struct cell count_or_null(int64_t v)
{
    return v == TOKENS_NULL ? cell_null() : cell_count(v);
}

static void fill_row(struct arena *a, struct cell *c, const struct ledger_row *l, str file)
{
    const struct spend_row *r = &l->row;
    *c++ = cell_text(row_id_format(a, l->import, r->file, r->row));
    *c++ = cell_day(r->day);
    *c++ = text_or_null(r->text[SPEND_PROVIDER]);
    *c++ = text_or_null(r->text[SPEND_SERVICE]);
    *c++ = text_or_null(r->text[SPEND_DESCRIPTION]);
    *c++ = cell_money(r->billed);
    *c++ = cell_money(r->effective);
    *c++ = cell_text(str_dup(a, currency_str(&r->currency)));
    *c++ = cell_text(str_of(category_key(r->category)));
    *c++ = text_or_null(r->text[SPEND_RULE]);
    *c++ = cell_count(r->confidence);
    *c++ = text_or_null(file);
    *c++ = text_or_null(r->text[SPEND_MODEL]);
    *c++ = cell_number(r->quantity);
    *c++ = cell_share(dec_from_i64(r->share_ppm) / 1000000);
    *c++ = count_or_null(r->requests);
    for (size_t i = 0; i < ARRAY_LEN(DATA_TEXTS); i++)
        *c++ = text_or_null(r->text[DATA_TEXTS[i]]);
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        *c++ = count_or_null(r->tokens[b]);
}

bool report_ledger_list(const struct ledger_list_request *q, struct arena *a, struct doc **ret,
                        struct err *e)
{
    struct ledger_row *rows;
    size_t n, n_imports, n_columns;
    uint64_t all;
    struct import_info *imports;
    if (!ledger_rows(q->ledger, &q->query, q->order, q->limit, a, &rows, &n, &all, e) ||
        !book_imports(q->book, a, &imports, &n_imports, e))
        return false;
    struct doc *d = doc_new(a, "ledger", S("Ledger rows"));
    d->currency = q->currency;
    d->as_of = q->as_of;
    const struct doc_column *columns = row_columns(a, &n_columns);
    struct doc_table *t = doc_table(d, "rows", STR_NONE, columns, n_columns);
    t->empty_text = S("No row matches.");
    for (size_t i = 0; i < n; i++)
        fill_row(a, doc_row(d, t, ROW_NORMAL, 0), &rows[i],
                 file_name(imports, n_imports, rows[i].import, rows[i].row.file));
    doc_figure(d, "rows", S("Rows that match"), 0, cell_count((int64_t)all));
    if (all > n)
        doc_note(d, NOTE_INFO, "The first %s of %s rows; ask for more with --limit.",
                 str_count(a, n).p, str_count(a, all).p);
    *ret = d;
    return true;
}

bool report_imports(struct book *b, currency shown, struct arena *a, struct doc **ret,
                    struct err *e)
{
    static const struct doc_column columns[] = {
        {"import", "Import", CELL_COUNT, SHOW_ALL, 0, -1},
        {"at", "At", CELL_TEXT, SHOW_ALL, 0, -1},
        {"file", "File", CELL_TEXT, SHOW_ALL, 0, -1},
        {"files", "Files", CELL_COUNT, SHOW_ALL, 0, -1},
        {"importer", "Format", CELL_TEXT, SHOW_ALL, 0, -1},
        {"first", "First day", CELL_DAY, SHOW_ALL, 0, -1},
        {"last", "Last day", CELL_DAY, SHOW_ALL, 0, -1},
        {"rows", "Rows", CELL_COUNT, SHOW_ALL, 0, -1},
        {"billed", "Billed", CELL_MONEY, SHOW_ALL, 2, -1},
        {"effective", "Effective", CELL_MONEY, SHOW_ALL, 2, -1},
        {"unpriced", "Unpriced", CELL_COUNT, SHOW_ALL, 0, -1},
        {"replaced_by", "Replaced by", CELL_COUNT, SHOW_ALL, 0, -1},
        {"digest", "Digest", CELL_TEXT, SHOW_DATA, 0, -1},
    };
    struct import_info *items;
    size_t n;
    if (!book_imports(b, a, &items, &n, e))
        return false;
    struct doc *d = doc_new(a, "imports", S("Imports"));
    d->currency = shown;
    struct doc_table *t = doc_table(d, "imports", STR_NONE, columns, ARRAY_LEN(columns));
    t->empty_text = S("Nothing was imported yet.");
    for (size_t i = 0; i < n; i++) {
        const struct import_info *x = &items[i];
        struct cell *c = doc_row(d, t, ROW_NORMAL, 0);
        *c++ = cell_count(x->id);
        *c++ = cell_text(x->at);
        *c++ = x->n_files ? cell_text(x->files[0].path) : cell_null();
        *c++ = cell_count((int64_t)x->n_files);
        *c++ = x->n_files ? cell_text(x->files[0].importer) : cell_null();
        *c++ = cell_day(x->first);
        *c++ = cell_day(x->last);
        *c++ = cell_count((int64_t)x->rows);
        *c++ = cell_money(x->billed);
        *c++ = cell_money(x->effective);
        *c++ = cell_count((int64_t)x->unpriced);
        *c++ = x->replaced_by ? cell_count(x->replaced_by) : cell_null();
        *c++ = cell_text(x->digest);
    }
    doc_note(d, NOTE_INFO, "Amounts are control totals over all currencies of an import.");
    *ret = d;
    return true;
}
