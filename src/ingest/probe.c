/* probe.c - recognizes shapes of files by content, and hands out documents and their lines. */
#include "ingest/probe.h"

#include "base/buf.h"
#include "base/bytes.h"
#include "base/csv.h"
#include "base/limits.h"

enum { READ_BYTES = 256 << 10 };

const char *file_shape_name(enum file_shape s)
{
    switch (s) {
    case SHAPE_TABLE:
        return "delimited text";
    case SHAPE_PARQUET:
        return "Parquet";
    case SHAPE_JSON:
        return "JSON";
    case SHAPE_JSON_LINES:
        return "JSON lines";
    case SHAPE_UNKNOWN:
        break;
    }
    return "unknown";
}

bool probe_has(const struct probe *p, const char *name)
{
    for (size_t i = 0; i < p->n_names; i++)
        if (str_eq_nocase(p->names[i], str_of(name)))
            return true;
    return false;
}

static bool is_filler(char c)
{
    return c == ' ' || c == '/' || c == '_' || c == '-' || c == '.';
}

static bool alike(str a, str b)
{
    size_t i = 0, k = 0;
    for (;;) {
        while (i < a.n && is_filler(a.p[i]))
            i++;
        while (k < b.n && is_filler(b.p[k]))
            k++;
        if (i == a.n || k == b.n)
            return i == a.n && k == b.n;
        char x = a.p[i++], y = b.p[k++];
        x = x >= 'A' && x <= 'Z' ? (char)(x | 32) : x;
        y = y >= 'A' && y <= 'Z' ? (char)(y | 32) : y;
        if (x != y)
            return false;
    }
}

bool names_alike(str column, str name)
{
    if (alike(column, name))
        return true;
    size_t open = str_find_char(column, '(', 0);
    return open != SIZE_MAX && open > 0 && str_ends(column, S(")")) &&
           alike(str_sub(column, open + 1, column.n - 1), name);
}

bool probe_has_loose(const struct probe *p, const char *name)
{
    for (size_t i = 0; i < p->n_names; i++)
        if (names_alike(p->names[i], str_of(name)))
            return true;
    return false;
}

int probe_count(const struct probe *p, const char *const *names)
{
    int n = 0;
    for (; *names; names++)
        n += probe_has_loose(p, *names);
    return n;
}

/* ---- what it is not ---- */

static const struct {
    const char *magic;
    size_t n;
    const char *what, *remedy;
} foreign[] = {
    {"PK\x03\x04", 4, "a ZIP archive or workbook",
     "Unpack it, or save the sheet anew as .xlsx or CSV."},
    {"\xd0\xcf\x11\xe0", 4, "an old Excel workbook, or one with a password",
     "Save it as .xlsx without a password, or as CSV."},
    {"%PDF", 4, "a PDF", "Ask the vendor for the data behind the invoice as CSV or JSON."},
    {"SQLite format 3", 15, "an SQLite database", "Export the table as CSV."},
    {"BZh", 3, "bzip2 data", "Unpack it, or pack it with gzip or zstd."},
    {"\xfd" "7zXZ", 5, "xz data", "Unpack it, or pack it with gzip or zstd."},
    {"Obj\x01", 4, "an Avro file", "Export the data as CSV or Parquet."},
    {"ORC", 3, "an ORC file", "Export the data as CSV or Parquet."},
    {"ARROW1", 6, "an Arrow file", "Export the data as CSV or Parquet."},
};

static bool check_readable(str path, str head, struct err *e)
{
    if (!str_trim(head).n) {
        err_set(e, ERR_INVALID, "%.*s: is empty", FMT(path));
        return err_hint(e, "An import needs a file with data.");
    }
    for (size_t i = 0; i < ARRAY_LEN(foreign); i++)
        if (str_starts(head, (str){foreign[i].magic, foreign[i].n})) {
            err_set(e, ERR_INVALID, "%.*s: is %s", FMT(path), foreign[i].what);
            return err_hint(e, "%s", foreign[i].remedy);
        }
    if (str_find_char(head, '\0', 0) != SIZE_MAX) {
        err_set(e, ERR_INVALID, "%.*s: is binary", FMT(path));
        return err_hint(e, "Spend is read from CSV, JSON, JSON lines and Parquet, also packed with "
                           "gzip or zstd.");
    }
    return true;
}

/* ---- JSON ---- */

static str without_bom(str s)
{
    return str_starts(s, S("\xef\xbb\xbf")) ? str_sub(s, 3, s.n) : s;
}

struct keys {
    struct arena *a;
    str *items;
    size_t n, cap;
};

/* The dotted keys of a record, outermost first; lists are not entered. */
static void add_keys(struct keys *k, const struct json *v, str prefix, int depth)
{
    for (size_t i = 0; v && v->kind == JSON_MAP && i < v->n && k->n < LIMIT_COLUMNS; i++) {
        str key = prefix.n ? str_fmt(k->a, "%.*s.%.*s", FMT(prefix), FMT(v->keys[i]))
                           : str_dup(k->a, v->keys[i]);
        k->items = arena_grow(k->a, k->items, sizeof *k->items, &k->cap, k->n + 1);
        k->items[k->n++] = key;
        if (v->items[i].kind == JSON_MAP && depth < 3)
            add_keys(k, &v->items[i], key, depth + 1);
    }
}

/* The first record: of a list, of a list under "data", or of one that is cut off. */
static const struct json *first_record(struct arena *a, const struct probe *p, str head)
{
    const struct json *v = p->first;
    struct err ignored;
    if (!v) {
        size_t at = str_find_char(head, '[', 0);
        at = at == SIZE_MAX ? at : str_find_char(head, '{', at);
        str rest = str_sub(head, at, head.n);
        if (at == SIZE_MAX || !json_parse_next(a, &rest, 1, &v, &ignored))
            return NULL;
        return v;
    }
    const struct json *data = json_get(v, "data");
    if (data && data->kind == JSON_LIST)
        v = data;
    return v->kind == JSON_LIST && v->n ? &v->items[0] : v;
}

static void probe_json(struct arena *a, str head, bool whole, struct probe *p)
{
    struct err ignored;
    p->shape = SHAPE_JSON;
    str first_line = str_sub(head, 0, MIN(str_find_char(head, '\n', 0), head.n));
    bool more = str_trim(str_sub(head, first_line.n, head.n)).n > 0;
    str rest = first_line;
    const struct json *first;
    if (head.p[0] == '{' && more && json_parse_next(a, &rest, 1, &first, &ignored) &&
        !str_trim(rest).n) {
        p->shape = SHAPE_JSON_LINES;
        p->first = first;
        return;
    }
    rest = head;
    if (json_parse_next(a, &rest, 1, &first, &ignored) && (whole || str_trim(rest).n))
        p->first = first;
}

/* ---- tables ---- */

static const str *keep_cells(struct arena *a, const str *cells, size_t n)
{
    str *copy = arena_new(a, str, n);
    for (size_t i = 0; i < n; i++)
        copy[i] = str_dup(a, str_trim(cells[i]));
    return copy;
}

/* The record behind the header. */
static void keep_sample(struct probe *p, struct csv_file *f)
{
    struct err ignored;
    struct csv_worker *w = NULL;
    struct csv_batch b = {0};
    uint32_t *all = arena_new(p->arena, uint32_t, p->n_names);
    for (size_t i = 0; i < p->n_names; i++)
        all[i] = (uint32_t)i;
    p->sample = NULL;
    p->n_sample = 0;
    if (csv_worker_open(f, all, p->n_names, &w, &ignored) && csv_worker_next(w, &b, &ignored) &&
        b.n) {
        p->sample = keep_cells(p->arena, b.cells, p->n_names);
        p->n_sample = p->n_names;
    }
    csv_worker_close(w);
}

static bool take_header(struct probe *p, size_t skip_lines, struct err *e)
{
    const struct csv_options o = {
        .skip_lines = skip_lines, .ragged = true, .block_bytes = PROBE_BYTES};
    struct csv_file *f;
    size_t n;
    if (!csv_open_memory(p->path, p->head, &o, &f, e))
        return false;
    const str *names = csv_names(f, &n);
    p->names = keep_cells(p->arena, names, n);
    p->n_names = n;
    p->skip_lines = skip_lines;
    keep_sample(p, f);
    csv_close(f);
    return true;
}

bool probe_take_header(struct probe *p, size_t skip_lines)
{
    struct err ignored;
    return take_header(p, skip_lines, &ignored);
}

static bool probe_table(struct arena *a, bool whole, struct probe *p, struct err *e)
{
    if (!whole) { /* the last line may be cut off */
        size_t end = p->head.n;
        while (end > 0 && p->head.p[end - 1] != '\n')
            end--;
        if (end)
            p->head = str_sub(p->head, 0, end);
    }
    p->shape = SHAPE_TABLE;
    struct err *fault = arena_new(a, struct err, 1);
    if (take_header(p, 0, fault))
        return true;
    p->fault = fault;
    for (size_t skip = 1; skip <= PROBE_TITLES; skip++)
        if (probe_take_header(p, skip))
            return true; /* the first line may be a title */
    *e = *fault;
    return false;
}

bool probe_memory(struct arena *a, str path, str head, bool whole, struct probe *ret, struct err *e)
{
    struct probe p = {.path = path, .shape = SHAPE_UNKNOWN, .head = head, .arena = a};
    if (!check_readable(path, head, e))
        return false;
    str text = str_trim(without_bom(head));
    struct keys keys = {.a = a};
    if (text.n && (text.p[0] == '{' || text.p[0] == '[')) {
        probe_json(a, text, whole, &p);
        add_keys(&keys, first_record(a, &p, text), STR_NONE, 0);
        p.names = keys.items;
        p.n_names = keys.n;
    } else if (!probe_table(a, whole, &p, e))
        return false;
    *ret = p;
    return true;
}

/* ---- Parquet ---- */

struct header_reader {
    struct arena *a;
    struct probe *p;
    bool seen;
};

/* Keeps the names and stops the reading with an error nobody sees. */
static bool keep_header(void *ctx, const str *names, size_t n, struct err *e)
{
    struct header_reader *h = ctx;
    str *copy = arena_new(h->a, str, n);
    for (size_t i = 0; i < n; i++)
        copy[i] = str_dup(h->a, names[i]);
    h->p->names = copy;
    h->p->n_names = n;
    h->seen = true;
    return err_set(e, ERR_FAILED, "header read");
}

static bool no_record(void *ctx, const str *cells, size_t n, uint64_t row, struct err *e)
{
    return err_set(e, ERR_FAILED, "header read");
}

static bool probe_parquet(struct arena *a, str path, struct ledger *ledger, struct probe *ret,
                          struct err *e)
{
    struct probe p = {.path = path, .shape = SHAPE_PARQUET, .arena = a};
    struct header_reader h = {a, &p, false};
    const struct table_reader r = {&h, keep_header, no_record};
    if (!ledger)
        return err_set(e, ERR_FAILED, "%.*s: Parquet cannot be read here", FMT(path));
    if (!ledger_read_parquet(ledger, path, &r, e) && !h.seen)
        return false;
    *ret = p;
    return true;
}

bool probe_file(struct arena *a, str path, struct ledger *ledger, struct probe *ret, struct err *e)
{
    str head;
    if (!bytes_head(a, path, PROBE_BYTES, &head, e))
        return false;
    if (str_starts(head, S("PAR1")))
        return probe_parquet(a, path, ledger, ret, e);
    return probe_memory(a, path, head, head.n < PROBE_BYTES, ret, e);
}

/* ---- documents ---- */

struct lines {
    struct bytes *bytes; /* NULL: memory */
    struct buf buf;
    size_t at; /* of the next line in buf */
    bool ended;
    uint64_t line;
};

static void lines_release(void *p)
{
    struct lines *l = p;
    bytes_close(l->bytes);
    l->bytes = NULL;
    buf_release(&l->buf);
}

bool document_open(struct arena *a, str path, enum file_shape shape, struct document *ret,
                   struct err *e)
{
    *ret = (struct document){.path = path, .shape = shape};
    if (shape == SHAPE_JSON) {
        char *read_as = arena_alloc(a, BYTES_READ_AS);
        if (!bytes_read_all_as(a, path, LIMIT_JSON_BYTES, &ret->text, read_as, e))
            return false;
        ret->read_as = read_as;
        ret->text = without_bom(ret->text);
        return true;
    }
    struct lines *l = arena_new(a, struct lines, 1);
    if (!bytes_open(path, &l->bytes, e))
        return false;
    buf_init(&l->buf, LIMIT_LINE_BYTES + READ_BYTES);
    ret->lines = l;
    return true;
}

void document_open_memory(struct arena *a, str path, enum file_shape shape, str text,
                          struct document *ret)
{
    *ret = (struct document){.path = path, .shape = shape};
    if (shape == SHAPE_JSON) {
        ret->text = without_bom(text);
        return;
    }
    struct lines *l = arena_new(a, struct lines, 1);
    buf_init(&l->buf, MAX(text.n, 1u));
    buf_add(&l->buf, text);
    l->ended = true;
    ret->lines = l;
}

void document_read_as(const struct document *d, char to[BYTES_READ_AS])
{
    const struct lines *l = d->lines;
    to[0] = 0;
    if (l && l->bytes)
        bytes_read_as(l->bytes, to);
    else if (d->read_as)
        memcpy(to, d->read_as, BYTES_READ_AS);
}

double document_progress(const struct document *d)
{
    const struct lines *l = d->lines;
    return l && l->bytes ? bytes_progress(l->bytes) : 0;
}

void document_close(struct document *d)
{
    if (d->lines)
        lines_release(d->lines);
    d->lines = NULL;
}

/* The next physical line, without its end; *ret_end: there is none. */
static bool next_line(struct document *d, str *ret, bool *ret_end, struct err *e)
{
    struct lines *l = d->lines;
    size_t searched = l->at;
    for (;;) {
        size_t end = str_find_char(buf_str(&l->buf), '\n', searched);
        if (end != SIZE_MAX || (l->ended && l->at < l->buf.n)) {
            end = MIN(end, l->buf.n);
            *ret = str_sub(buf_str(&l->buf), l->at, end);
            l->at = end + 1;
            l->line++;
            *ret_end = false;
            return true;
        }
        if (l->ended) {
            *ret_end = true;
            return true;
        }
        if (l->at > 0) {
            size_t kept = l->buf.n - MIN(l->at, l->buf.n);
            memmove(l->buf.p, l->buf.p + l->buf.n - kept, kept);
            l->buf.n = kept;
            l->at = 0;
        }
        searched = l->buf.n;
        char *room = buf_room(&l->buf, READ_BYTES);
        if (!room) {
            err_set(e, ERR_INVALID, "%.*s:%llu: line is longer than %u bytes", FMT(d->path),
                    (unsigned long long)l->line + 1, LIMIT_LINE_BYTES);
            return false;
        }
        size_t n;
        if (!bytes_read(l->bytes, room, READ_BYTES, &n, e))
            return false;
        l->buf.n += n;
        l->ended = n == 0;
    }
}

bool document_line(struct document *d, struct arena *a, const struct json **ret, uint64_t *ret_line,
                   struct err *e)
{
    struct lines *l = d->lines;
    for (;;) {
        str line;
        bool end;
        if (!next_line(d, &line, &end, e))
            return false;
        if (end) {
            *ret = NULL;
            return true;
        }
        if (l->line == 1)
            line = without_bom(line);
        line = str_dup(a, str_trim(line)); /* values point into it */
        if (!line.n)
            continue;
        str rest = line;
        const struct json *v;
        if (!json_parse_next(a, &rest, (uint32_t)l->line, &v, e))
            return err_wrap(e, "%.*s", FMT(d->path));
        if (str_trim(rest).n)
            return err_set(e, ERR_INVALID, "%.*s:%llu: more than one document on a line",
                           FMT(d->path), (unsigned long long)l->line);
        *ret = v;
        *ret_line = l->line;
        return true;
    }
}
