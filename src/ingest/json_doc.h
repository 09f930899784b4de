/* json_doc.h - what the importers of JSON documents share: pages, values with their place, rows.
 *
 * Text of rows is borrowed from the page until doc_emit copies it into the sink's scratch; nothing
 * else of a document outlives its page. */
#ifndef INGEST_JSON_DOC_H
#define INGEST_JSON_DOC_H

#include "base/buf.h"
#include "ingest/importer.h"
#include "ingest/usage_buckets.h"

struct doc_reader {
    struct document *d;
    const struct row_sink *sink;
    struct err *e;
    struct arena page; /* the current document; gone with the next */
    uint64_t line;     /* of the current document: JSON lines */
    uint64_t records;  /* rows emitted so far */
    uint64_t rounded;  /* amounts with more than 18 decimals */
    str rest;          /* of a JSON file, from next_line on */
    uint32_t next_line;
};

void doc_init(struct doc_reader *r, struct document *d, const struct row_sink *sink, struct err *e);
/* Notes what is to be noted; ok is returned. */
bool doc_end(struct doc_reader *r, bool ok);
/* The next document of the file; *ret NULL at the end. */
MUST_CHECK bool doc_next(struct doc_reader *r, const struct json **ret);
/* Calls fn for every bucket of every page: {"data": [bucket, ...], "has_more": ...}, one page or
 * several in a list or behind each other. Says when pages seem to be missing. */
typedef bool doc_bucket(struct doc_reader *r, const struct json *bucket);
MUST_CHECK bool doc_each_bucket(struct doc_reader *r, doc_bucket *fn);
/* Calls fn for every result of a bucket that starts at day_key: its "results", or "result" as
 * OpenAI first documented it. */
typedef bool doc_result(struct doc_reader *r, const struct json *result, day on);
MUST_CHECK bool doc_each_result(struct doc_reader *r, const struct json *bucket,
                                const char *day_key, doc_result *fn);
/* The read of an importer whose document is pages of buckets. */
MUST_CHECK bool doc_read_buckets(struct document *d, const struct row_sink *sink, doc_bucket *fn,
                                 struct err *e);

/* An error at a value: "FILE:LINE:COLUMN: ..."; false. */
bool doc_fault(struct doc_reader *r, const struct json *at, const char *fmt, ...) PRINTF_LIKE(3, 4);
void reader_note(struct doc_reader *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Values of a map by dotted key; null is absent. */
MUST_CHECK bool doc_money(struct doc_reader *r, const struct json *map, const char *key,
                          int exponent,
                          dec *ret); /* number or text, in 10^exponent; DEC_NULL when absent */
MUST_CHECK bool doc_count(struct doc_reader *r, const struct json *map, const char *key,
                          int64_t *ret); /* TOKENS_NULL when absent */
MUST_CHECK bool doc_day(struct doc_reader *r, const struct json *map, const char *key,
                        day *ret);                     /* Unix seconds or RFC 3339; must be there */
str doc_text(const struct json *map, const char *key); /* empty when absent */
/* {"api_key_id":"..."}, or nothing when absent. */
str doc_key_tag(struct doc_reader *r, const struct json *map);

MUST_CHECK bool doc_emit(struct doc_reader *r, const struct spend_row *row);
/* A row that counts something tokens do not: quantity, unit; cost unknown. Takes day, model and the
 * like from `like`. */
MUST_CHECK bool doc_emit_count(struct doc_reader *r, const struct spend_row *like,
                               const char *meter, const char *unit, int64_t count);
void doc_set_tokens(struct spend_row *row, const struct token_counts *t);

/* Whether the head of a file holds this text; of the bids. */
bool head_has(const struct probe *p, const char *text);

#endif
