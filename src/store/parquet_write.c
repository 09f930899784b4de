/* parquet_write.c - row groups: dictionaries, packed numbers, pages, and their way into the file.
 */
#include "store/parquet_write.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "store/parquet_meta.h"

#define GROUP_TEXT_BYTES (96u << 20) /* of all dictionaries: a group with more is flushed early */
#define COLUMN_TEXT_BYTES (1u << 30)  /* of one column, whatever the caller puts in at once */
#define BUFFER_MAX ((size_t)1 << 31) /* of an encoded group; far more than it can have */
#define PLAIN_GROUPS 8               /* until a column's dictionary is tried again */
#define SMALL_VALUES 1024            /* distinct numbers that still get a dictionary */

struct parquet_file {
    struct arena arena;
    str path;
    struct parquet_field *fields;
    size_t n_fields;
    int fd;
    pthread_mutex_t lock; /* all below */
    uint64_t at;          /* end of what is written or promised to a group */
    struct buf groups;    /* entries for the footer */
    size_t n_groups;
    uint64_t rows;
};

struct parquet_scratch {
    struct buf out;    /* the encoded group */
    struct buf page;   /* one page before it is packed */
    struct parquet_chunk *chunks;
    uint32_t *numbers; /* of values that are not NULL */
    struct bytes_packer *packer;
};

static void *resize(void *old, size_t n, size_t size)
{
    void *p = realloc(old, n * size);
    if (!p)
        out_of_memory(n * size);
    return p;
}

/* ---- dictionaries ---- */

static inline uint64_t load64(const char *p)
{
    uint64_t v;
    memcpy(&v, p, 8);
    return v;
}

static inline uint64_t fold(uint64_t a, uint64_t b)
{
    u128 p = (u128)a * b;
    return (uint64_t)p ^ (uint64_t)(p >> 64);
}

/* What a slot says of a text. Two words hold all of up to 16 bytes (their halves may overlap), so
 * that short texts compare without a look at the page and without loops whose end is hard to
 * foresee. */
static inline struct parquet_slot text_key(str s)
{
    struct parquet_slot k = {.bytes = (uint32_t)s.n};
    const char *p = s.p;
    size_t n = s.n;
    if (n > 16) {
        k.lo = n;
        for (; n > 16; p += 16, n -= 16)
            k.lo = fold(k.lo ^ load64(p), load64(p + 8) ^ UINT64_C(0xe7037ed1a0b428db));
        k.lo ^= load64(p + n - 16);
        k.hi = load64(p + n - 8);
    } else if (n >= 8) {
        k.lo = load64(p);
        k.hi = load64(p + n - 8);
    } else if (n >= 4) {
        uint32_t lo, hi;
        memcpy(&lo, p, 4);
        memcpy(&hi, p + n - 4, 4);
        k.lo = lo;
        k.hi = hi;
    } else {
        k.lo = (uint64_t)(unsigned char)p[0] << 16 | (uint64_t)(unsigned char)p[n / 2] << 8 |
               (unsigned char)p[n - 1];
    }
    uint64_t h =
        fold(k.lo ^ s.n * UINT64_C(0x9e3779b97f4a7c15), k.hi ^ UINT64_C(0x8ebc6af09c88c6e3));
    k.hash = (uint32_t)(h ^ h >> 32);
    return k;
}

static void grow_slots(struct parquet_dictionary *d)
{
    struct parquet_slot *old = d->slots;
    size_t n = d->n_slots;
    d->n_slots = n ? n * 4 : 64;
    d->slots = resize(NULL, d->n_slots, sizeof *d->slots);
    memset(d->slots, 0, d->n_slots * sizeof *d->slots);
    for (size_t i = 0; i < n; i++) {
        if (!old[i].number)
            continue;
        size_t at = old[i].hash;
        while (d->slots[at & (d->n_slots - 1)].number)
            at++;
        d->slots[at & (d->n_slots - 1)] = old[i];
    }
    free(old);
}

/* Appends the text to the page; *k gets its number and place. */
static void add_text(struct parquet_dictionary *d, str s, struct parquet_slot *k)
{
    if (d->n_page + s.n + 4 > d->cap_page) {
        d->cap_page = MAX(d->cap_page * 2, d->n_page + s.n + 4);
        d->page = resize(d->page, d->cap_page, 1);
    }
    k->bytes = (uint32_t)s.n;
    k->at = (uint32_t)d->n_page + 4;
    k->number = (uint32_t)++d->n;
    memcpy(d->page + d->n_page, &k->bytes, 4);
    memcpy(d->page + k->at, s.p, s.n);
    d->n_page += s.n + 4;
}

static inline bool is_text(const struct parquet_dictionary *d, const struct parquet_slot *slot,
                           const struct parquet_slot *k, str s)
{
    return slot->lo == k->lo && slot->hi == k->hi && slot->bytes == k->bytes &&
           (s.n <= 16 || !memcmp(d->page + slot->at, s.p, s.n));
}

uint32_t parquet_text(struct parquet_group *g, size_t column, str s)
{
    if (!s.n)
        return 0;
    struct parquet_dictionary *d = &g->columns[column].texts;
    if (d->n_page + s.n > COLUMN_TEXT_BYTES) {
        g->overflow = true;
        return 0;
    }
    if (d->plain) {
        struct parquet_slot one;
        g->text_bytes += s.n + 4;
        add_text(d, s, &one);
        return one.number;
    }
    struct parquet_slot k = text_key(s);
    if (d->last.number && is_text(d, &d->last, &k, s))
        return d->last.number;
    if (d->n * 2 >= d->n_slots)
        grow_slots(d);
    for (size_t at = k.hash;; at++) {
        struct parquet_slot *slot = &d->slots[at & (d->n_slots - 1)];
        if (!slot->number) {
            g->text_bytes += s.n + 4;
            add_text(d, s, &k);
            *slot = k;
        } else if (!is_text(d, slot, &k, s)) {
            continue;
        }
        d->last = *slot;
        return slot->number;
    }
}

/* ---- encodings ---- */

static unsigned width_of(uint64_t most)
{
    return most ? 64 - (unsigned)__builtin_clzll(most) : 0;
}

/* n values of `width` bits, low bits first, padded to whole groups of 8. */
static void put_packed(struct buf *b, const uint32_t *v, size_t n, unsigned width)
{
    size_t groups = (n + 7) / 8;
    char *to = buf_room(b, groups * width + 8);
    if (!to)
        return; /* the buffer says so */
    uint64_t word = 0;
    unsigned bits = 0;
    char *at = to;
    for (size_t i = 0; i < n; i++) {
        word |= (uint64_t)v[i] << bits;
        bits += width;
        if (bits >= 32) {
            memcpy(at, &word, 4);
            at += 4;
            word >>= 32;
            bits -= 32;
        }
    }
    memset(at, 0, (size_t)(to + groups * width + 8 - at));
    memcpy(at, &word, bits ? 4 : 0);
    b->n += groups * width;
}

/* Parquet's hybrid of runs and packed numbers: one run when all are equal, else all packed. */
static void put_hybrid(struct buf *b, const uint32_t *v, size_t n, unsigned width)
{
    size_t same = 1;
    while (same < n && v[same] == v[0])
        same++;
    if (same >= n) {
        parquet_put_varint(b, n << 1);
        if (n)
            buf_add(b, (str){(const char *)v, (width + 7) / 8});
        return;
    }
    parquet_put_varint(b, (n + 7) / 8 << 1 | 1);
    put_packed(b, v, n, width);
}

/* Which of n rows have a value; `present` says it of row i. Returns how many. */
#define PUT_LEVELS(b, n, present, count) \
    do { \
        uint32_t *levels_ = g->scratch->numbers; \
        for (size_t i = 0; i < (n); i++) \
            levels_[i] = (present); \
        (count) = put_levels((b), levels_, (n)); \
    } while (0)

static size_t put_levels(struct buf *b, const uint32_t *levels, size_t n)
{
    size_t from = b->n, count = 0;
    buf_add(b, S("\0\0\0\0"));
    put_hybrid(b, levels, n, 1);
    if (buf_overflow(b))
        return 0;
    uint32_t size = (uint32_t)(b->n - from - 4);
    memcpy(b->p + from, &size, 4);
    for (size_t i = 0; i < n; i++)
        count += levels[i];
    return count;
}

/* Zigzag of the first value, then blocks of 128 differences in 4 parts packed to their own width.
 */
static void put_delta(struct buf *b, const int64_t *v, size_t n)
{
    parquet_put_varint(b, 128);
    parquet_put_varint(b, 4);
    parquet_put_varint(b, n);
    parquet_put_varint(b, (uint64_t)v[0] << 1 ^ (uint64_t)(v[0] >> 63));
    for (size_t at = 1; at < n; at += 128) {
        uint64_t deltas[128] = {0};
        size_t count = MIN(n - at, 128u);
        int64_t least = INT64_MAX;
        for (size_t i = 0; i < count; i++) {
            deltas[i] = (uint64_t)v[at + i] - (uint64_t)v[at + i - 1];
            least = MIN(least, (int64_t)deltas[i]);
        }
        parquet_put_varint(b, (uint64_t)least << 1 ^ (uint64_t)(least >> 63));
        for (size_t i = 0; i < count; i++)
            deltas[i] -= (uint64_t)least;
        unsigned widths[4];
        for (size_t part = 0; part < 4; part++) {
            uint64_t all = 0;
            for (size_t i = 0; i < 32; i++)
                all |= deltas[part * 32 + i];
            /* whole bytes: simpler to pack, and still small */
            widths[part] = (width_of(all) + 7) / 8 * 8;
            buf_addc(b, (char)widths[part]);
        }
        for (size_t part = 0; part < 4 && part * 32 < count; part++)
            for (size_t i = 0; i < 32 && widths[part]; i++)
                buf_add(b, (str){(const char *)&deltas[part * 32 + i], widths[part] / 8});
    }
}

/* ---- pages ---- */

/* Appends a page with its header to the group, packed when the chunk's codec says so. */
static void put_page(struct parquet_group *g, struct parquet_chunk *chunk, str content,
                     size_t values, bool dictionary)
{
    struct parquet_scratch *s = g->scratch;
    str packed = content;
    if (chunk->codec == CODEC_ZSTD)
        packed = bytes_pack(s->packer, content);
    size_t from = s->out.n;
    if (dictionary)
        parquet_dictionary_header(&s->out, content.n, packed.n, values);
    else
        parquet_data_header(&s->out, content.n, packed.n, values, chunk->encoding);
    size_t header = s->out.n - from;
    buf_add(&s->out, packed);
    chunk->unpacked += header + content.n;
    chunk->packed += header + packed.n;
    *(dictionary ? &chunk->dictionary_at : &chunk->data_at) = (int64_t)from;
}

/* Numbers into a dictionary of n entries; numbers are made from 0 in place. */
static void put_numbers(struct parquet_group *g, struct parquet_chunk *chunk, uint32_t *numbers,
                        size_t n, size_t entries)
{
    struct buf *page = &g->scratch->page;
    unsigned width = MAX(width_of(entries ? entries - 1 : 0), 1u);
    buf_addc(page, (char)width);
    put_hybrid(page, numbers, n, width);
    put_page(g, chunk, buf_str(page), g->n, false);
}

static void put_text_chunk(struct parquet_group *g, const struct parquet_column *c,
                           struct parquet_chunk *chunk)
{
    struct parquet_scratch *s = g->scratch;
    size_t n = 0;
    buf_clear(&s->page);
    PUT_LEVELS(&s->page, g->n, c->numbers[i] != 0, n);
    if (!c->texts.n) {
        put_page(g, chunk, buf_str(&s->page), g->n, false);
        return;
    }
    /* numbers hardly shrink, texts do */
    if (c->texts.n_page > g->n / 8)
        chunk->codec = CODEC_ZSTD;
    if (c->texts.plain) {
        buf_add(&s->page, (str){c->texts.page, c->texts.n_page});
        put_page(g, chunk, buf_str(&s->page), g->n, false);
        return;
    }
    chunk->encoding = ENCODING_RLE_DICTIONARY;
    put_page(g, chunk, (str){c->texts.page, c->texts.n_page}, c->texts.n, true);
    size_t at = 0;
    for (size_t i = 0; i < g->n; i++) {
        s->numbers[at] = c->numbers[i] - 1;
        at += c->numbers[i] != 0;
    }
    put_numbers(g, chunk, s->numbers, n, c->texts.n);
}

/* Distinct values of an i32 column, numbered; false when there are too many. */
static bool small_dictionary(const int32_t *v, size_t n, bool nulls, uint32_t *numbers,
                             int32_t *values, size_t *ret_n)
{
    uint32_t slots[SMALL_VALUES * 4] = {0};
    size_t distinct = 0, at = 0;
    for (size_t i = 0; i < n; i++) {
        if (nulls && v[i] == DAY_NONE)
            continue;
        if (at && v[i] == values[numbers[at - 1]]) {
            numbers[at] = numbers[at - 1];
            at++;
            continue;
        }
        size_t slot = (uint32_t)v[i] * UINT32_C(0x9e3779b1) >> 20;
        while (slots[slot] && values[slots[slot] - 1] != v[i])
            slot = (slot + 1) % ARRAY_LEN(slots);
        if (!slots[slot]) {
            if (distinct == SMALL_VALUES)
                return false;
            values[distinct++] = v[i];
            slots[slot] = (uint32_t)distinct;
        }
        numbers[at++] = slots[slot] - 1;
    }
    *ret_n = distinct;
    return true;
}

static void put_i32_chunk(struct parquet_group *g, const struct parquet_column *c,
                          struct parquet_chunk *chunk)
{
    struct parquet_scratch *s = g->scratch;
    bool nulls = c->type == PARQUET_DATE;
    int32_t values[SMALL_VALUES];
    size_t n = 0, distinct;
    buf_clear(&s->page);
    PUT_LEVELS(&s->page, g->n, !nulls || c->i32[i] != DAY_NONE, n);
    chunk->least = INT32_MAX;
    chunk->most = INT32_MIN;
    for (size_t i = 0; nulls && i < g->n; i++) {
        if (c->i32[i] == DAY_NONE)
            continue;
        chunk->least = MIN(chunk->least, c->i32[i]);
        chunk->most = MAX(chunk->most, c->i32[i]);
    }
    chunk->has_range = nulls && n;
    if (n && small_dictionary(c->i32, g->n, nulls, s->numbers, values, &distinct)) {
        chunk->encoding = ENCODING_RLE_DICTIONARY;
        put_page(g, chunk, (str){(const char *)values, distinct * sizeof *values}, distinct, true);
        put_numbers(g, chunk, s->numbers, n, distinct);
        return;
    }
    for (size_t i = 0; i < g->n; i++)
        if (!nulls || c->i32[i] != DAY_NONE)
            buf_add(&s->page, (str){(const char *)&c->i32[i], sizeof c->i32[i]});
    chunk->codec = CODEC_ZSTD;
    put_page(g, chunk, buf_str(&s->page), g->n, false);
}

static void put_i64_chunk(struct parquet_group *g, const struct parquet_column *c,
                          struct parquet_chunk *chunk)
{
    struct parquet_scratch *s = g->scratch;
    bool nulls = c->type == PARQUET_I64;
    size_t n = 0;
    buf_clear(&s->page);
    PUT_LEVELS(&s->page, g->n, !nulls || c->i64[i] != INT64_MIN, n);
    if (!nulls && n) {
        chunk->encoding = ENCODING_DELTA;
        put_delta(&s->page, c->i64, g->n);
    } else if (n) {
        chunk->codec = CODEC_ZSTD;
        for (size_t i = 0; i < g->n; i++)
            if (c->i64[i] != INT64_MIN)
                buf_add(&s->page, (str){(const char *)&c->i64[i], sizeof c->i64[i]});
    }
    put_page(g, chunk, buf_str(&s->page), g->n, false);
}

static void put_dec_chunk(struct parquet_group *g, const struct parquet_column *c,
                          struct parquet_chunk *chunk)
{
    struct parquet_scratch *s = g->scratch;
    size_t n = 0;
    buf_clear(&s->page);
    PUT_LEVELS(&s->page, g->n, c->dec[i] != DEC_NULL, n);
    char *to = buf_room(&s->page, n * sizeof(dec));
    if (to && n) {
        for (size_t i = 0; i < g->n; i++) {
            if (c->dec[i] == DEC_NULL)
                continue;
            uint64_t half[2] = {__builtin_bswap64((uint64_t)((u128)c->dec[i] >> 64)),
                                __builtin_bswap64((uint64_t)c->dec[i])};
            memcpy(to, half, sizeof half);
            to += sizeof half;
        }
        s->page.n += n * sizeof(dec);
        chunk->codec = CODEC_ZSTD;
    }
    put_page(g, chunk, buf_str(&s->page), g->n, false);
}

static void put_bool_chunk(struct parquet_group *g, const struct parquet_column *c,
                           struct parquet_chunk *chunk)
{
    struct parquet_scratch *s = g->scratch;
    size_t n = 0;
    buf_clear(&s->page);
    PUT_LEVELS(&s->page, g->n, 1, n);
    for (size_t i = 0; i < g->n; i++)
        s->numbers[i] = c->i32[i] != 0;
    put_packed(&s->page, s->numbers, n, 1);
    put_page(g, chunk, buf_str(&s->page), g->n, false);
}

static void put_chunk(struct parquet_group *g, size_t i)
{
    const struct parquet_column *c = &g->columns[i];
    struct parquet_chunk *chunk = &g->scratch->chunks[i];
    *chunk = (struct parquet_chunk){.values = g->n, .dictionary_at = -1};
    switch (c->type) {
    case PARQUET_TEXT:
        put_text_chunk(g, c, chunk);
        break;
    case PARQUET_DATE:
    case PARQUET_U32:
    case PARQUET_U8:
        put_i32_chunk(g, c, chunk);
        break;
    case PARQUET_I64:
    case PARQUET_U64:
        put_i64_chunk(g, c, chunk);
        break;
    case PARQUET_DEC:
        put_dec_chunk(g, c, chunk);
        break;
    case PARQUET_BOOL:
        put_bool_chunk(g, c, chunk);
        break;
    }
}

/* ---- the file ---- */

static bool write_at(struct parquet_file *f, str s, uint64_t at, struct err *e)
{
    while (s.n) {
        ssize_t n = pwrite(f->fd, s.p, s.n, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_sys(e, errno, "cannot write '%.*s'", FMT(f->path));
        s = str_sub(s, (size_t)n, s.n);
        at += (uint64_t)n;
    }
    return true;
}

static void empty_group(struct parquet_group *g)
{
    for (size_t i = 0; i < g->n_columns; i++) {
        struct parquet_dictionary *d = &g->columns[i].texts;
        if (d->plain)
            d->plain--;
        else if (d->n > g->n / 2)
            d->plain = PLAIN_GROUPS;
        if (d->n_slots)
            memset(d->slots, 0, d->n_slots * sizeof *d->slots);
        d->n = d->n_page = 0;
        d->last.number = 0;
    }
    g->n = g->text_bytes = 0;
}

bool parquet_group_flush(struct parquet_group *g, struct err *e)
{
    struct parquet_file *f = g->file;
    struct parquet_scratch *s = g->scratch;
    if (!g->n)
        return true;
    buf_clear(&s->out);
    for (size_t i = 0; i < g->n_columns; i++)
        put_chunk(g, i);
    if (g->overflow || buf_overflow(&s->out) || buf_overflow(&s->page))
        return err_set(e, ERR_FAILED, "'%.*s': a row group does not fit into memory",
                       FMT(f->path));
    pthread_mutex_lock(&f->lock);
    uint64_t at = f->at;
    f->at += s->out.n;
    for (size_t i = 0; i < g->n_columns; i++) {
        s->chunks[i].data_at += (int64_t)at;
        if (s->chunks[i].dictionary_at >= 0)
            s->chunks[i].dictionary_at += (int64_t)at;
    }
    parquet_group_entry(&f->groups, f->fields, s->chunks, g->n_columns, g->n);
    f->n_groups++;
    f->rows += g->n;
    pthread_mutex_unlock(&f->lock);
    empty_group(g);
    return write_at(f, buf_str(&s->out), at, e);
}

bool parquet_group_full(const struct parquet_group *g)
{
    return g->n == PARQUET_GROUP_ROWS || g->text_bytes > GROUP_TEXT_BYTES;
}

static size_t value_size(enum parquet_type t)
{
    return t == PARQUET_DEC ? sizeof(dec) : t == PARQUET_I64 || t == PARQUET_U64 ? 8 : 4;
}

struct parquet_group *parquet_group_new(struct parquet_file *f)
{
    struct parquet_group *g = resize(NULL, 1, sizeof *g);
    *g = (struct parquet_group){.file = f, .n_columns = f->n_fields};
    g->columns = resize(NULL, f->n_fields, sizeof *g->columns);
    memset(g->columns, 0, f->n_fields * sizeof *g->columns);
    for (size_t i = 0; i < f->n_fields; i++) {
        enum parquet_type t = f->fields[i].type;
        g->columns[i].type = t;
        g->columns[i].values = resize(NULL, PARQUET_GROUP_ROWS, value_size(t));
    }
    struct parquet_scratch *s = g->scratch = resize(NULL, 1, sizeof *s);
    buf_init(&s->out, BUFFER_MAX);
    buf_init(&s->page, BUFFER_MAX);
    s->chunks = resize(NULL, f->n_fields, sizeof *s->chunks);
    s->numbers = resize(NULL, PARQUET_GROUP_ROWS + 1, sizeof *s->numbers);
    s->packer = bytes_packer_new();
    return g;
}

void parquet_group_free(struct parquet_group *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < g->n_columns; i++) {
        free(g->columns[i].values);
        free(g->columns[i].texts.page);
        free(g->columns[i].texts.slots);
    }
    buf_release(&g->scratch->out);
    buf_release(&g->scratch->page);
    free(g->scratch->chunks);
    free(g->scratch->numbers);
    bytes_packer_free(g->scratch->packer);
    free(g->scratch);
    free(g->columns);
    free(g);
}

bool parquet_create(str path, const struct parquet_field *fields, size_t n,
                    struct parquet_file **ret, struct err *e)
{
    struct parquet_file *f = resize(NULL, 1, sizeof *f);
    *f = (struct parquet_file){.n_fields = n};
    f->path = str_dup(&f->arena, path);
    f->fields = arena_new(&f->arena, struct parquet_field, n);
    for (size_t i = 0; i < n; i++)
        f->fields[i] = (struct parquet_field){str_dup(&f->arena, fields[i].name), fields[i].type};
    pthread_mutex_init(&f->lock, NULL);
    buf_init(&f->groups, BUFFER_MAX);
    f->fd = open(str_cstr(&f->arena, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (f->fd < 0) {
        err_sys(e, errno, "cannot create '%.*s'", FMT(path));
        parquet_abandon(f);
        return false;
    }
    if (!write_at(f, S("PAR1"), 0, e)) {
        parquet_abandon(f);
        return false;
    }
    f->at = 4;
    *ret = f;
    return true;
}

bool parquet_finish(struct parquet_file *f, struct err *e)
{
    struct buf footer;
    buf_init(&footer, BUFFER_MAX);
    parquet_footer(&footer, f->fields, f->n_fields, f->rows, &f->groups, f->n_groups);
    bool ok = !buf_overflow(&footer) ||
              err_set(e, ERR_FAILED, "'%.*s' has too many row groups", FMT(f->path));
    ok = ok && write_at(f, buf_str(&footer), f->at, e);
    if (ok && fsync(f->fd))
        ok = err_sys(e, errno, "cannot write '%.*s'", FMT(f->path));
    buf_release(&footer);
    parquet_abandon(f);
    return ok;
}

void parquet_abandon(struct parquet_file *f)
{
    if (!f)
        return;
    if (f->fd >= 0)
        close(f->fd);
    buf_release(&f->groups);
    pthread_mutex_destroy(&f->lock);
    arena_release(&f->arena);
    free(f);
}
