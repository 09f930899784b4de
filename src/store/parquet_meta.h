/* parquet_meta.h - Parquet's headers and footer, in Thrift's compact protocol. */
#ifndef STORE_PARQUET_META_H
#define STORE_PARQUET_META_H

#include "base/buf.h"
#include "store/parquet_write.h"

enum parquet_encoding { ENCODING_PLAIN = 0, ENCODING_RLE = 3, ENCODING_DELTA = 5,
                        ENCODING_RLE_DICTIONARY = 8 };
enum parquet_codec { CODEC_NONE = 0, CODEC_ZSTD = 6 };

/* One column of one row group, as the footer tells it. */
struct parquet_chunk {
    enum parquet_encoding encoding;
    enum parquet_codec codec;
    uint64_t values; /* rows, NULLs included */
    uint64_t unpacked, packed; /* bytes with page headers */
    int64_t dictionary_at, data_at; /* offsets in the file; dictionary_at -1: none */
    bool has_range; /* dates: lets readers skip the group */
    int32_t least, most;
};

void parquet_put_varint(struct buf *b, uint64_t v);
void parquet_dictionary_header(struct buf *b, size_t unpacked, size_t packed, size_t values);
void parquet_data_header(struct buf *b, size_t unpacked, size_t packed, size_t values,
                         enum parquet_encoding encoding);
/* A row group's entry for the footer's list. */
void parquet_group_entry(struct buf *b, const struct parquet_field *fields,
                         const struct parquet_chunk *chunks, size_t n, uint64_t rows);
/* The footer, its length and the magic. */
void parquet_footer(struct buf *b, const struct parquet_field *fields, size_t n, uint64_t rows,
                    const struct buf *groups, size_t n_groups);

#endif
