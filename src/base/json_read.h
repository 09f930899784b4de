/* json_read.h - JSON documents with numbers as they were written and a place for every value.
 *
 * Numbers keep their text: 0.003835980000000000000000000000 must not pass through a double, which
 * is what JSON libraries do. Strict RFC 8259; duplicate keys are an error; depth and size are
 * limited. Half of a surrogate pair alone (\uD83D, cut text in logs) is read as U+FFFD. */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_LIST, JSON_MAP };

struct json {
    enum json_kind kind;
    bool yes;           /* JSON_BOOL */
    str text;           /* JSON_NUMBER: as written; JSON_STRING: unescaped UTF-8 */
    struct json *items; /* JSON_LIST, JSON_MAP: n values */
    str *keys;          /* JSON_MAP: n keys */
    size_t n;
    uint32_t line, column; /* of the value, from 1; columns count characters */
};

/* One document and nothing behind it but white space. Lives in a; may point into `text`. */
MUST_CHECK bool json_parse(struct arena *a, str text, const struct json **ret, struct err *e);
/* One document at the start of *rest, which is moved behind it (JSON lines, concatenated pages);
 * first_line is the line number of rest's start, for places. *ret is NULL when only white space was
 * left. */
MUST_CHECK bool json_parse_next(struct arena *a, str *rest, uint32_t first_line,
                                const struct json **ret, struct err *e);
/* NULL when map is NULL or no map or has no such key: lookups chain. */
const struct json *json_get(const struct json *map, const char *key);
/* json_path(v, "message.usage.input_tokens") */
const struct json *json_path(const struct json *v, const char *dotted);
bool json_is_null(const struct json *v); /* absent or null */
str json_text(const struct json *v);     /* of a string or number, else empty */
MUST_CHECK bool json_i64(const struct json *v, int64_t *ret); /* integers, also 3.0 */

#endif
