/* csv.c - delimited text read by several workers, each taking blocks of whole records.
 *
 * Under the file's lock a worker reads a block into its own buffer, lets a scanner find the
 * delimiters and line ends outside quotes (csv_scan.h), and leaves what follows the last whole
 * record for the next block. So every block starts where a record starts, its line number is known,
 * and the rest of the work (splitting, unquoting, UTF-8) happens outside the lock. */
#include "base/csv.h"

#include <pthread.h>

#include "base/bytes.h"
#include "base/csv_scan.h"
#include "base/limits.h"

#define BLOCK_BYTES (1u << 20)
#define BATCH 256

struct csv_file {
    struct arena arena; /* name, header cells */
    str name;
    str *names;
    size_t n_columns;
    size_t n_needed; /* columns up to the last one with a name: fewer fields are an error */
    bool ragged;
    char delimiter;
    size_t block_bytes;
    csv_scanner *scan;
    csv_flattener *flatten;

    pthread_mutex_t lock; /* all below */
    struct bytes *bytes;  /* NULL: reads from memory */
    str memory;
    size_t memory_at;
    char *carry; /* bytes behind the last whole record */
    size_t carry_n, carry_cap;
    uint64_t line; /* of carry's first byte */
    bool end;
    bool failed;
    struct err fault; /* what the first failing worker said */
};

struct csv_worker {
    struct csv_file *file;
    uint32_t *columns;
    size_t n_columns;
    size_t copies; /* how often at most one column is asked for: bounds the unquoted text */

    char *data; /* the block */
    size_t n, cap;
    struct csv_masks masks;
    size_t masks_cap, doubled_cap;
    struct csv_scan scan;
    uint32_t *seps; /* offsets of the separators of the block's records */
    size_t n_seps, seps_cap;
    bool regular; /* every record has exactly the header's fields */

    size_t at, at_sep; /* next record: its first byte, its first separator */
    uint64_t line;

    char *text; /* unquoted cells of the batch */
    size_t text_n, text_cap;
    str *cells;
    uint64_t lines[BATCH];
    str raw[BATCH];
};

static void *grow(void *old, size_t *cap, size_t need, size_t size)
{
    if (need <= *cap)
        return old;
    size_t n = MAX(need, *cap + *cap / 2);
    void *p = realloc(old, n * size);
    if (!p)
        out_of_memory(n * size);
    *cap = n;
    return p;
}

static bool read_more(struct csv_file *f, char *to, size_t cap, size_t *ret_n, struct err *e)
{
    if (f->bytes)
        return bytes_read(f->bytes, to, cap, ret_n, e);
    size_t n = MIN(cap, f->memory.n - f->memory_at);
    if (n)
        memcpy(to, f->memory.p + f->memory_at, n);
    __atomic_store_n(&f->memory_at, f->memory_at + n, __ATOMIC_RELAXED);
    *ret_n = n;
    return true;
}

static uint64_t count_lines(const char *p, size_t n)
{
    uint64_t lines = 0;
    const char *end = p + n;
    while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
        lines++;
        p++;
    }
    return lines;
}

/* ---- unquoting ---- */

/* cell starts with a quote; `to` has room for cell.n bytes. */
static str unquote(str cell, char **to)
{
    const char *p = cell.p + 1, *end = cell.p + cell.n;
    const char *quote = p < end ? memchr(p, '"', (size_t)(end - p)) : NULL;
    if (!quote)
        return (str){p, (size_t)(end - p)};
    if (quote + 1 == end)
        return (str){p, (size_t)(quote - p)};
    char *out = *to, *from = out;
    while (quote) {
        size_t n = (size_t)(quote - p);
        memcpy(out, p, n);
        out += n;
        p = quote + 1;
        if (p == end || *p != '"')
            break; /* closed: what follows is literal */
        *out++ = *p++;
        quote = p < end ? memchr(p, '"', (size_t)(end - p)) : NULL;
    }
    memcpy(out, p, (size_t)(end - p));
    out += end - p;
    *to = out;
    return (str){from, (size_t)(out - from)};
}

/* ---- faults ---- */

static bool fault_binary(struct csv_file *f, uint64_t line, struct err *e)
{
    err_set(e, ERR_INVALID, "%.*s: line %llu: holds a NUL byte, so it is not text", FMT(f->name),
            (unsigned long long)line);
    return err_hint(e,
                    "Give a CSV file in UTF-8; save UTF-16 text and workbooks as \"CSV UTF-8\".");
}

static bool fault_utf8(struct csv_file *f, const char *p, size_t n, uint64_t line, struct err *e)
{
    const char *end = p + n;
    while (p < end) {
        const char *lf = memchr(p, '\n', (size_t)(end - p));
        const char *stop = lf ? lf : end;
        if (!str_is_utf8((str){p, (size_t)(stop - p)}))
            break;
        p = stop + 1;
        line++;
    }
    err_set(e, ERR_INVALID, "%.*s: line %llu: is not UTF-8 text", FMT(f->name),
            (unsigned long long)line);
    return err_hint(e, "Convert it, for example with: iconv -f WINDOWS-1252 -t UTF-8 FILE");
}

static bool fault_fields(struct csv_file *f, uint64_t line, size_t found, struct err *e)
{
    err_set(e, ERR_INVALID, "%.*s: line %llu: has %zu field%s, but the header has %zu",
            FMT(f->name), (unsigned long long)line, found, found == 1 ? "" : "s", f->n_columns);
    if (found < f->n_columns)
        return err_hint(e, "Is the line cut off, or a line break not in quotes? Export the file "
                           "again or repair that line.");
    return err_hint(e, "Put quotes around fields that hold '%c', or repair that line.",
                    f->delimiter);
}

static bool fault_open_quote(struct csv_file *f, uint64_t line, struct err *e)
{
    err_set(e, ERR_INVALID,
            "%.*s: line %llu: a quoted field is not closed: the file is truncated, or a quote is "
            "missing",
            FMT(f->name), (unsigned long long)line);
    return err_hint(e, "Copy or export the file again, or close the quote in that record.");
}

static bool fault_long(struct csv_file *f, uint64_t line, struct err *e)
{
    err_set(e, ERR_INVALID, "%.*s: line %llu: a record has more than %u MiB", FMT(f->name),
            (unsigned long long)line, LIMIT_LINE_BYTES >> 20);
    return err_hint(e, "Is a quote in that record not closed?");
}

/* Keeps the first fault, so that all workers end with it. */
static bool fail(struct csv_file *f, struct err *e)
{
    pthread_mutex_lock(&f->lock);
    if (f->failed)
        *e = f->fault;
    else
        f->fault = *e;
    f->failed = true;
    pthread_mutex_unlock(&f->lock);
    return false;
}

/* ---- blocks ---- */

static bool scan_block(struct csv_worker *w, struct err *e)
{
    struct csv_file *f = w->file;
    w->masks.separators = grow(w->masks.separators, &w->masks_cap, w->n / 64 + 1, 8);
    w->masks.doubled = grow(w->masks.doubled, &w->doubled_cap, w->n / 4096 + 1, 8);
    f->scan(w->data, w->n, f->delimiter, w->masks, &w->scan);
    if (w->scan.odd)
        csv_scan_lenient(w->data, w->n, f->delimiter, w->masks, &w->scan);
    if (w->scan.nul) {
        const char *nul = memchr(w->data, 0, w->n);
        return fault_binary(f, f->line + count_lines(w->data, (size_t)(nul - w->data)), e);
    }
    if (f->end && w->scan.inside)
        return fault_open_quote(f, f->line + w->scan.lines, e);
    return true;
}

/* Fills w->data with whole records, w->scan.end bytes; none at the end. Holds the lock. */
static bool read_block(struct csv_worker *w, struct err *e)
{
    struct csv_file *f = w->file;
    size_t want = f->block_bytes;
    w->data = grow(w->data, &w->cap, f->carry_n + want + 1, 1);
    memcpy(w->data, f->carry, f->carry_n);
    w->n = f->carry_n;
    f->carry_n = 0;
    for (;;) {
        w->data = grow(w->data, &w->cap, w->n + want + 1, 1);
        size_t got = 0;
        if (!f->end && !read_more(f, w->data + w->n, want, &got, e))
            return false;
        w->n += got;
        if (!got && !f->end) {
            f->end = true;
            if (w->n && w->data[w->n - 1] != '\n')
                w->data[w->n++] = '\n';
        }
        if (!w->n) {
            w->scan = (struct csv_scan){0};
            return true;
        }
        if (!scan_block(w, e))
            return false;
        if (w->scan.end || f->end)
            break;
        if (w->n > LIMIT_LINE_BYTES)
            return fault_long(f, f->line, e);
        want = MAX(want, w->n);
    }
    f->carry_n = w->n - w->scan.end;
    f->carry = grow(f->carry, &f->carry_cap, f->carry_n, 1);
    memcpy(f->carry, w->data + w->scan.end, f->carry_n);
    w->n = w->scan.end;
    w->line = f->line;
    f->line += w->scan.lines;
    return true;
}

/* Offsets of separators out of the masks. */
static void flatten(struct csv_worker *w)
{
    size_t words = (w->n + 63) / 64;
    if (w->n % 64)
        w->masks.separators[words - 1] &= (UINT64_C(1) << (w->n % 64)) - 1;
    w->seps = grow(w->seps, &w->seps_cap, w->scan.separators + 64, sizeof *w->seps);
    size_t n = w->n_seps = w->file->flatten(w->masks.separators, words, w->seps);
    size_t columns = w->file->n_columns;
    w->regular = n == w->scan.line_masks * columns;
    for (size_t i = columns - 1; w->regular && i < n; i += columns)
        w->regular = w->data[w->seps[i]] == '\n';
}

/* The next block; w->n = 0 at the end. */
static bool next_block(struct csv_worker *w, struct err *e)
{
    struct csv_file *f = w->file;
    w->n = w->n_seps = w->at = w->at_sep = 0;
    pthread_mutex_lock(&f->lock);
    bool ok = !f->failed;
    if (!ok)
        *e = f->fault;
    else if (!read_block(w, e)) {
        f->failed = true;
        f->fault = *e;
        ok = false;
    }
    pthread_mutex_unlock(&f->lock);
    if (!ok)
        return false;
    if (w->scan.high && !str_is_utf8((str){w->data, w->n})) {
        fault_utf8(f, w->data, w->n, w->line, e);
        return fail(f, e);
    }
    flatten(w);
    w->text = grow(w->text, &w->text_cap, w->n * w->copies + 1, 1);
    return true;
}

/* ---- records ---- */

/* Fields of the record at w->at_sep. */
static size_t count_fields(const struct csv_worker *w)
{
    size_t i = w->at_sep;
    while (w->data[w->seps[i]] != '\n')
        i++;
    return i - w->at_sep + 1;
}

static bool is_blank(const struct csv_worker *w)
{
    size_t n = w->seps[w->at_sep] - w->at;
    return n == 0 || (n == 1 && w->data[w->at] == '\r');
}

static inline bool may_be_doubled(const struct csv_worker *w, size_t from, size_t to)
{
    const uint64_t *d = w->masks.doubled;
    size_t first = from / 64, last = to / 64;
    uint64_t hit = d[first / 64] >> (first % 64) | d[last / 64] >> (last % 64);
    for (size_t i = first + 1; i < last; i++) /* hardly any cell is that long */
        hit |= d[i / 64] >> (i % 64);
    return hit & 1;
}

static bool read_cells(struct csv_worker *w, size_t fields, str *cells, struct err *e)
{
    const uint32_t *seps = w->seps + w->at_sep;
    char *text = w->text + w->text_n;
    for (size_t i = 0; i < w->n_columns; i++) {
        size_t c = w->columns[i];
        if (c >= fields) {
            cells[i] = STR_NONE;
            continue;
        }
        size_t from = c ? seps[c - 1] + 1u : w->at, to = seps[c];
        if (c + 1 == fields && to > from && w->data[to - 1] == '\r')
            to--;
        if (to - from > LIMIT_FIELD_BYTES)
            return err_set(e, ERR_INVALID, "%.*s: line %llu: field %zu has more than %u MiB",
                           FMT(w->file->name), (unsigned long long)w->line, c + 1,
                           LIMIT_FIELD_BYTES >> 20);
        cells[i] = (str){w->data + from, to - from};
        if (to <= from || w->data[from] != '"')
            continue;
        /* nearly all quoted cells just lose their first and last byte */
        if (may_be_doubled(w, from, to))
            cells[i] = unquote(cells[i], &text);
        else
            cells[i] = (str){w->data + from + 1, to - from - 2};
    }
    w->text_n = (size_t)(text - w->text);
    return true;
}

bool csv_worker_next(struct csv_worker *w, struct csv_batch *ret, struct err *e)
{
    struct csv_file *f = w->file;
    size_t rows = 0;
    w->text_n = 0;
    while (rows < BATCH) {
        if (w->at_sep == w->n_seps) {
            if (rows)
                break;
            if (!next_block(w, e))
                return false;
            if (!w->n)
                break;
            continue;
        }
        size_t fields = f->n_columns;
        bool blank = false;
        if (!w->regular) {
            fields = count_fields(w);
            blank = fields == 1 && is_blank(w);
            if (!blank && !f->ragged && (fields > f->n_columns || fields < f->n_needed)) {
                fault_fields(f, w->line, fields, e);
                return fail(f, e);
            }
        }
        size_t end = w->seps[w->at_sep + fields - 1];
        if (!blank) {
            w->lines[rows] = w->line;
            w->raw[rows] = (str){w->data + w->at, end - w->at};
            if (!read_cells(w, fields, w->cells + rows * w->n_columns, e))
                return fail(f, e);
            rows++;
        }
        w->line += w->scan.line_in_quotes ? count_lines(w->data + w->at, end + 1 - w->at) : 1;
        w->at = end + 1;
        w->at_sep += fields;
    }
    *ret = (struct csv_batch){.n = rows, .lines = w->lines, .cells = w->cells};
    return true;
}

str csv_worker_raw(const struct csv_worker *w, size_t row)
{
    str s = w->raw[row];
    if (s.n && s.p[s.n - 1] == '\r')
        s.n--;
    return s;
}

bool csv_worker_open(struct csv_file *f, const uint32_t *columns, size_t n_columns,
                     struct csv_worker **ret, struct err *e)
{
    if (n_columns > LIMIT_COLUMNS)
        return err_set(e, ERR_FAILED, "more than %u columns wanted", LIMIT_COLUMNS);
    struct csv_worker *w = calloc(1, sizeof *w);
    if (!w)
        out_of_memory(sizeof *w);
    w->file = f;
    w->n_columns = n_columns;
    w->columns = calloc(n_columns + 1, sizeof *w->columns);
    w->cells = calloc(BATCH * n_columns + 1, sizeof *w->cells);
    uint32_t *times = calloc(f->n_columns, sizeof *times);
    if (!w->columns || !w->cells || !times)
        out_of_memory(BATCH * n_columns * sizeof *w->cells);
    w->copies = 1;
    for (size_t i = 0; i < n_columns; i++) {
        BUG_IF(columns[i] >= f->n_columns);
        w->columns[i] = columns[i];
        w->copies = MAX(w->copies, ++times[columns[i]]);
    }
    free(times);
    *ret = w;
    return true;
}

void csv_worker_close(struct csv_worker *w)
{
    if (!w)
        return;
    free(w->columns);
    free(w->cells);
    free(w->data);
    free(w->masks.separators);
    free(w->masks.doubled);
    free(w->seps);
    free(w->text);
    free(w);
}

/* ---- opening: title lines and the header ---- */

static struct csv_masks alloc_masks(size_t n)
{
    struct csv_masks m = {calloc(n / 64 + 1, 8), calloc(n / 4096 + 1, 8)};
    if (!m.separators || !m.doubled)
        out_of_memory(n / 8);
    return m;
}

static void free_masks(struct csv_masks m)
{
    free(m.separators);
    free(m.doubled);
}

/* The header at the start of s: the delimiter that makes most fields of it, and its end. False when
 * s has too little of it to tell; at the end of the file (`all`) what there is decides. */
static bool find_header_end(str s, char given, bool all, char *ret_delimiter, size_t *ret_end)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    size_t most = 0, end = 0;
    bool open = false; /* a quote that is never closed, if this is the delimiter */
    for (size_t i = 0; i < (given ? 1 : ARRAY_LEN(candidates)); i++) {
        char delimiter = given ? given : candidates[i];
        size_t fields = 0, stop = csv_first_record(s.p, s.n, delimiter, &fields);
        if (!stop && !all)
            return false;
        open |= !stop;
        if (!stop || fields <= most)
            continue;
        most = fields;
        end = stop;
        *ret_delimiter = delimiter;
    }
    *ret_end = end;
    return end && (most > 1 || !open);
}

/* Offset of the header in s: behind the title lines and blank lines; false: not in s yet. */
static bool find_header(str s, size_t skip_lines, size_t *ret)
{
    size_t at = 0;
    for (;;) {
        size_t lf = str_find_char(s, '\n', at);
        if (lf == SIZE_MAX)
            return false;
        bool blank = str_trim(str_sub(s, at, lf)).n == 0;
        if (!skip_lines && !blank) {
            *ret = at;
            return true;
        }
        skip_lines -= skip_lines > 0;
        at = lf + 1;
    }
}

static bool read_header_cells(struct csv_file *f, str header, uint64_t line, struct err *e)
{
    struct csv_masks masks = alloc_masks(header.n);
    struct csv_scan s;
    csv_scan_lenient(header.p, header.n, f->delimiter, masks, &s);
    size_t n = 0;
    for (size_t i = 0; i < header.n / 64 + 1; i++)
        n += (size_t)__builtin_popcountll(masks.separators[i]);
    if (n >= 2 && n <= LIMIT_COLUMNS) {
        f->names = arena_new(&f->arena, str, n);
        size_t from = 0;
        for (size_t i = 0; i < header.n; i++) {
            if (!(masks.separators[i / 64] >> (i % 64) & 1))
                continue;
            str cell = str_trim(str_sub(header, from, i));
            char *room = arena_alloc(&f->arena, cell.n + 1);
            if (cell.n && cell.p[0] == '"')
                cell = unquote(cell, &room);
            f->names[f->n_columns++] = str_dup(&f->arena, str_trim(cell));
            from = i + 1;
        }
    }
    free_masks(masks);
    f->n_needed = f->n_columns;
    while (f->n_needed > 1 && !f->names[f->n_needed - 1].n)
        f->n_needed--;
    if (n > LIMIT_COLUMNS)
        return err_set(e, ERR_INVALID, "%.*s: line %llu: the header has %zu columns, more than %u",
                       FMT(f->name), (unsigned long long)line, n, LIMIT_COLUMNS);
    if (n < 2) {
        str shown = str_sub(str_trim(header), 0, 60);
        err_set(e, ERR_INVALID, "%.*s: line %llu: the header '%.*s' has one column", FMT(f->name),
                (unsigned long long)line, FMT(shown));
        return err_hint(e, "A table has at least two columns, separated by comma, semicolon, tab "
                           "or '|'.");
    }
    return true;
}

/* Content that is certainly no table of UTF-8 text. */
static bool check_head(struct csv_file *f, str head, struct err *e)
{
    if (str_starts(head, S("\xff\xfe")) || str_starts(head, S("\xfe\xff"))) {
        err_set(e, ERR_INVALID, "%.*s: is UTF-16 text", FMT(f->name));
        return err_hint(e, "Convert it, for example with: iconv -f UTF-16 -t UTF-8 FILE");
    }
    const char *nul = head.n ? memchr(head.p, 0, head.n) : NULL;
    if (nul)
        return fault_binary(f, 1 + count_lines(head.p, (size_t)(nul - head.p)), e);
    return true;
}

static bool no_header(struct csv_file *f, struct err *e)
{
    if (f->carry_n && f->carry_n > LIMIT_LINE_BYTES)
        return fault_long(f, 1, e);
    for (size_t i = 0; i < f->carry_n; i++)
        if (!strchr(" \t\r\n", f->carry[i]))
            return err_set(e, ERR_INVALID, "%.*s: holds no header line", FMT(f->name));
    return err_set(e, ERR_INVALID, "%.*s: is empty", FMT(f->name));
}

static bool read_header(struct csv_file *f, const struct csv_options *o, struct err *e)
{
    size_t want = f->block_bytes, from = 0, end = 0, bom = 0;
    char given = o ? o->delimiter : 0;
    for (;;) {
        f->carry = grow(f->carry, &f->carry_cap, f->carry_n + want + 1, 1);
        size_t got;
        if (!read_more(f, f->carry + f->carry_n, want, &got, e))
            return false;
        f->carry_n += got;
        if (!got) {
            f->end = true;
            if (f->carry_n && f->carry[f->carry_n - 1] != '\n')
                f->carry[f->carry_n++] = '\n';
        }
        str head = {f->carry, f->carry_n};
        if (!check_head(f, head, e))
            return false;
        bom = str_starts(head, S("\xef\xbb\xbf")) ? 3 : 0;
        str text = str_sub(head, bom, head.n);
        if (find_header(text, o ? o->skip_lines : 0, &from)) {
            str rest = str_sub(text, from, text.n);
            if (find_header_end(rest, given, f->end, &f->delimiter, &end))
                break;
            if (f->end)
                return fault_open_quote(f, 1 + count_lines(text.p, from), e);
        }
        if (f->end || f->carry_n > LIMIT_LINE_BYTES)
            return no_header(f, e);
        want = MAX(want, f->carry_n);
    }
    from += bom;
    end += from;
    str header = {f->carry + from, end - from};
    uint64_t line = 1 + count_lines(f->carry, from);
    if (!str_is_utf8(header))
        return fault_utf8(f, header.p, header.n, line, e);
    if (!read_header_cells(f, header, line, e))
        return false;
    if (o && o->headless)
        end = from;
    f->line = 1 + count_lines(f->carry, end);
    f->carry_n -= end;
    memmove(f->carry, f->carry + end, f->carry_n);
    return true;
}

static bool open_file(str name, struct bytes *bytes, str memory, const struct csv_options *o,
                      struct csv_file **ret, struct err *e)
{
    struct csv_file *f = calloc(1, sizeof *f);
    if (!f)
        out_of_memory(sizeof *f);
    pthread_mutex_init(&f->lock, NULL);
    f->name = str_dup(&f->arena, name);
    f->bytes = bytes;
    f->memory = memory;
    f->ragged = o && o->ragged;
    f->block_bytes = o && o->block_bytes ? o->block_bytes : BLOCK_BYTES;
    bool fast = csv_scan_avx2_usable() && !(o && o->force_scalar);
    f->scan = fast ? csv_scan_avx2 : csv_scan_lenient;
    f->flatten = fast ? csv_flatten_avx2 : csv_flatten;
    if (!read_header(f, o, e)) {
        csv_close(f);
        return false;
    }
    *ret = f;
    return true;
}

bool csv_open(str path, const struct csv_options *o, struct csv_file **ret, struct err *e)
{
    struct bytes *b;
    return bytes_open(path, &b, e) && open_file(path, b, STR_NONE, o, ret, e);
}

bool csv_open_memory(str name, str content, const struct csv_options *o, struct csv_file **ret,
                     struct err *e)
{
    return open_file(name, NULL, content, o, ret, e);
}

void csv_close(struct csv_file *f)
{
    if (!f)
        return;
    bytes_close(f->bytes);
    free(f->carry);
    pthread_mutex_destroy(&f->lock);
    arena_release(&f->arena);
    free(f);
}

const str *csv_names(const struct csv_file *f, size_t *ret_n)
{
    *ret_n = f->n_columns;
    return f->names;
}

char csv_delimiter(const struct csv_file *f)
{
    return f->delimiter;
}

void csv_read_as(const struct csv_file *f, char to[BYTES_READ_AS])
{
    to[0] = 0;
    if (f->bytes)
        bytes_read_as(f->bytes, to);
}

double csv_progress(const struct csv_file *f)
{
    if (f->bytes)
        return bytes_progress(f->bytes);
    /* read without the lock: a stale value is as good */
    size_t at = __atomic_load_n(&f->memory_at, __ATOMIC_RELAXED);
    return f->memory.n ? (double)at / (double)f->memory.n : 1;
}
