/* json_write.h - writing JSON: the caller gives order, this gives commas, escapes, indentation. */
#ifndef BASE_JSON_WRITE_H
#define BASE_JSON_WRITE_H

#include "base/buf.h"

struct json_out {
    struct buf *out;
    int depth, indent; /* indent 0: one line */
    bool first, after_key, flat_next;
    uint64_t flat; /* bit per depth: that container stays on one line; at most 62 deep */
};

void json_out_init(struct json_out *j, struct buf *out, int indent);
void json_map_open(struct json_out *j);
void json_map_close(struct json_out *j);
void json_list_open(struct json_out *j);
void json_list_close(struct json_out *j);
void json_flat(struct json_out *j); /* the next container is written on one line */
void json_key(struct json_out *j, const char *key);
void json_key_str(struct json_out *j, str key);
void json_string(struct json_out *j, str s); /* invalid UTF-8 becomes U+FFFD */
void json_raw(struct json_out *j, str s);    /* already JSON: a number */
void json_int(struct json_out *j, int64_t v);
void json_bool(struct json_out *j, bool v);
void json_null(struct json_out *j);

#endif
