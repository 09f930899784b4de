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

/* ---- what it is not ---- */

static const struct {
    const char *magic;
    size_t n;
    const char *what, *remedy;
} foreign[] = {
    {"PK\x03\x04", 4, "a ZIP archive or workbook", "Unpack it, or save the sheet as CSV."},
    {"\xd0\xcf\x11\xe0", 4, "an old Excel workbook", "Save the sheet as CSV."},
    {"%PDF", 4, "a PDF", "Ask the vendor for the data behind the invoice as CSV or JSON."},
    {"SQLite format 3", 15, "an SQLite database", "Export the table as CSV."},
    {"BZh", 3, "bzip2 data", "Unpack it, or pack it with gzip or zstd."},
    {"\xfd" "7zXZ", 5, "xz data", "Unpack it, or pack it with gzip or zstd."},
    {"\xff\xfe", 2, "UTF-16 text", "Save it as UTF-8."},
    {"\xfe\xff", 2, "UTF-16 text", "Save it as UTF-8."},
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

static bool probe_table(struct arena *a, str path, str head, bool whole, struct probe *p,
                        struct err *e)
{
    if (!whole) { /* the last line may be cut off */
        size_t end = head.n;
        while (end > 0 && head.p[end - 1] != '\n')
            end--;
        if (end)
            head = str_sub(head, 0, end);
    }
    struct csv_options o = {0};
    struct csv_file *f;
    if (!csv_open_memory(path, head, &o, &f, e))
        return false;
    size_t n;
    const str *names = csv_names(f, &n);
    str *copy = arena_new(a, str, n);
    for (size_t i = 0; i < n; i++)
        copy[i] = str_dup(a, names[i]);
    p->names = copy;
    p->n_names = n;
    csv_close(f);
    p->shape = SHAPE_TABLE;
    return true;
}

bool probe_memory(struct arena *a, str path, str head, bool whole, struct probe *ret, struct err *e)
{
    struct probe p = {.path = path, .shape = SHAPE_UNKNOWN, .head = head};
    if (!check_readable(path, head, e))
        return false;
    str text = str_trim(without_bom(head));
    if (text.n && (text.p[0] == '{' || text.p[0] == '['))
        probe_json(a, text, whole, &p);
    else if (!probe_table(a, path, head, whole, &p, e))
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
    struct probe p = {.path = path, .shape = SHAPE_PARQUET};
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
        if (!bytes_read_all(a, path, LIMIT_JSON_BYTES, &ret->text, e))
            return false;
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
