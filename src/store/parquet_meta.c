/* parquet_meta.c - Parquet's headers and footer, in Thrift's compact protocol.
 *
 * Field numbers and enums are those of parquet.thrift. A field is a byte (step from the last
 * field's number << 4 | type) and its value; numbers are zigzag varints; 0 ends a struct. */
#include "store/parquet_meta.h"

enum thrift { THRIFT_I32 = 5, THRIFT_I64 = 6, THRIFT_BINARY = 8, THRIFT_LIST = 9,
              THRIFT_STRUCT = 12 };
enum physical { PHYSICAL_BOOLEAN, PHYSICAL_INT32, PHYSICAL_INT64, PHYSICAL_BYTE_ARRAY = 6,
                PHYSICAL_FIXED = 7 };

static const struct {
    enum physical physical;
    int converted; /* -1: none */
} TYPES[] = {
    [PARQUET_TEXT] = {PHYSICAL_BYTE_ARRAY, 0}, /* UTF8 */
    [PARQUET_DATE] = {PHYSICAL_INT32, 6},      /* DATE */
    [PARQUET_I64] = {PHYSICAL_INT64, 18},      /* INT_64 */
    [PARQUET_DEC] = {PHYSICAL_FIXED, 5},       /* DECIMAL */
    [PARQUET_U64] = {PHYSICAL_INT64, 14},      /* UINT_64 */
    [PARQUET_U32] = {PHYSICAL_INT32, 13},      /* UINT_32 */
    [PARQUET_U8] = {PHYSICAL_INT32, 11},       /* UINT_8 */
    [PARQUET_BOOL] = {PHYSICAL_BOOLEAN, -1},
};

void parquet_put_varint(struct buf *b, uint64_t v)
{
    while (v >= 0x80) {
        buf_addc(b, (char)(v | 0x80));
        v >>= 7;
    }
    buf_addc(b, (char)v);
}

static void put_number(struct buf *b, int64_t v)
{
    parquet_put_varint(b, (uint64_t)v << 1 ^ (uint64_t)(v >> 63));
}

/* *last is the number of the struct's field before. */
static void field(struct buf *b, int *last, int number, enum thrift type)
{
    buf_addc(b, (char)((number - *last) << 4 | (int)type));
    *last = number;
}

static void field_i32(struct buf *b, int *last, int number, int64_t v)
{
    field(b, last, number, THRIFT_I32);
    put_number(b, v);
}

static void field_i64(struct buf *b, int *last, int number, int64_t v)
{
    field(b, last, number, THRIFT_I64);
    put_number(b, v);
}

static void put_binary(struct buf *b, str s)
{
    parquet_put_varint(b, s.n);
    buf_add(b, s);
}

static void field_binary(struct buf *b, int *last, int number, str s)
{
    field(b, last, number, THRIFT_BINARY);
    put_binary(b, s);
}

static void field_list(struct buf *b, int *last, int number, enum thrift type, size_t n)
{
    field(b, last, number, THRIFT_LIST);
    if (n < 15) {
        buf_addc(b, (char)(n << 4 | (size_t)type));
    } else {
        buf_addc(b, (char)(0xf0 | (int)type));
        parquet_put_varint(b, n);
    }
}

static void end_struct(struct buf *b)
{
    buf_addc(b, 0);
}

void parquet_dictionary_header(struct buf *b, size_t unpacked, size_t packed, size_t values)
{
    int last = 0, inner = 0;
    field_i32(b, &last, 1, 2); /* DICTIONARY_PAGE */
    field_i32(b, &last, 2, (int64_t)unpacked);
    field_i32(b, &last, 3, (int64_t)packed);
    field(b, &last, 7, THRIFT_STRUCT);
    field_i32(b, &inner, 1, (int64_t)values);
    field_i32(b, &inner, 2, ENCODING_PLAIN);
    end_struct(b);
    end_struct(b);
}

void parquet_data_header(struct buf *b, size_t unpacked, size_t packed, size_t values,
                         enum parquet_encoding encoding)
{
    int last = 0, inner = 0;
    field_i32(b, &last, 1, 0); /* DATA_PAGE */
    field_i32(b, &last, 2, (int64_t)unpacked);
    field_i32(b, &last, 3, (int64_t)packed);
    field(b, &last, 5, THRIFT_STRUCT);
    field_i32(b, &inner, 1, (int64_t)values);
    field_i32(b, &inner, 2, encoding);
    field_i32(b, &inner, 3, ENCODING_RLE); /* definition levels */
    field_i32(b, &inner, 4, ENCODING_RLE); /* repetition levels: none */
    end_struct(b);
    end_struct(b);
}

static void put_chunk(struct buf *b, const struct parquet_field *f, const struct parquet_chunk *c)
{
    int last = 0, meta = 0, stats = 0;
    field_i64(b, &last, 2, 0);
    field(b, &last, 3, THRIFT_STRUCT);
    field_i32(b, &meta, 1, TYPES[f->type].physical);
    field_list(b, &meta, 2, THRIFT_I32, 2);
    put_number(b, ENCODING_RLE);
    put_number(b, c->encoding);
    field_list(b, &meta, 3, THRIFT_BINARY, 1);
    put_binary(b, f->name);
    field_i32(b, &meta, 4, c->codec);
    field_i64(b, &meta, 5, (int64_t)c->values);
    field_i64(b, &meta, 6, (int64_t)c->unpacked);
    field_i64(b, &meta, 7, (int64_t)c->packed);
    field_i64(b, &meta, 9, c->data_at);
    if (c->dictionary_at >= 0)
        field_i64(b, &meta, 11, c->dictionary_at);
    if (c->has_range) {
        field(b, &meta, 12, THRIFT_STRUCT);
        field_binary(b, &stats, 5, (str){(const char *)&c->most, sizeof c->most});
        field_binary(b, &stats, 6, (str){(const char *)&c->least, sizeof c->least});
        end_struct(b);
    }
    end_struct(b);
    end_struct(b);
}

void parquet_group_entry(struct buf *b, const struct parquet_field *fields,
                         const struct parquet_chunk *chunks, size_t n, uint64_t rows)
{
    int last = 0;
    int64_t bytes = 0;
    field_list(b, &last, 1, THRIFT_STRUCT, n);
    for (size_t i = 0; i < n; i++) {
        put_chunk(b, &fields[i], &chunks[i]);
        bytes += (int64_t)chunks[i].unpacked;
    }
    field_i64(b, &last, 2, bytes);
    field_i64(b, &last, 3, (int64_t)rows);
    end_struct(b);
}

static void put_schema_element(struct buf *b, const struct parquet_field *f)
{
    int last = 0;
    field_i32(b, &last, 1, TYPES[f->type].physical);
    if (f->type == PARQUET_DEC)
        field_i32(b, &last, 2, sizeof(dec));
    field_i32(b, &last, 3, 1); /* OPTIONAL */
    field_binary(b, &last, 4, f->name);
    if (TYPES[f->type].converted >= 0)
        field_i32(b, &last, 6, TYPES[f->type].converted);
    if (f->type == PARQUET_DEC) {
        field_i32(b, &last, 7, DEC_PLACES);
        field_i32(b, &last, 8, 38);
    }
    end_struct(b);
}

void parquet_footer(struct buf *b, const struct parquet_field *fields, size_t n, uint64_t rows,
                    const struct buf *groups, size_t n_groups)
{
    size_t from = b->n;
    int last = 0, root = 0;
    field_i32(b, &last, 1, 1);
    field_list(b, &last, 2, THRIFT_STRUCT, n + 1);
    field_binary(b, &root, 4, S("spend"));
    field_i32(b, &root, 5, (int64_t)n);
    end_struct(b);
    for (size_t i = 0; i < n; i++)
        put_schema_element(b, &fields[i]);
    field_i64(b, &last, 3, (int64_t)rows);
    field_list(b, &last, 4, THRIFT_STRUCT, n_groups);
    buf_add(b, buf_str(groups));
    field_binary(b, &last, 6, S("outlay " OUTLAY_VERSION));
    end_struct(b);
    uint32_t size = (uint32_t)(b->n - from);
    buf_add(b, (str){(const char *)&size, sizeof size});
    buf_add(b, S("PAR1"));
}
