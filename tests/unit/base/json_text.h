/* json_text.h - writes a struct json back as text, for tests that read it again. */
#ifndef TESTS_JSON_TEXT_H
#define TESTS_JSON_TEXT_H

#include "base/buf.h"
#include "base/json_read.h"

static inline void json_text_string(struct buf *b, str s)
{
    buf_addc(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\' || c < 0x20)
            buf_fmt(b, "\\u%04x", c);
        else
            buf_addc(b, (char)c);
    }
    buf_addc(b, '"');
}

static inline void json_text_write(struct buf *b, const struct json *v)
{
    switch (v->kind) {
    case JSON_NULL:
        buf_add(b, S("null"));
        break;
    case JSON_BOOL:
        buf_add(b, v->yes ? S("true") : S("false"));
        break;
    case JSON_NUMBER:
        buf_add(b, v->text);
        break;
    case JSON_STRING:
        json_text_string(b, v->text);
        break;
    case JSON_LIST:
    case JSON_MAP:
        buf_addc(b, v->kind == JSON_MAP ? '{' : '[');
        for (size_t i = 0; i < v->n; i++) {
            if (i)
                buf_addc(b, ',');
            if (v->kind == JSON_MAP) {
                json_text_string(b, v->keys[i]);
                buf_addc(b, ':');
            }
            json_text_write(b, &v->items[i]);
        }
        buf_addc(b, v->kind == JSON_MAP ? '}' : ']');
        break;
    }
}

static inline bool json_same(const struct json *a, const struct json *b)
{
    if (a->kind != b->kind || a->n != b->n || a->yes != b->yes || !str_eq(a->text, b->text))
        return false;
    for (size_t i = 0; i < a->n; i++)
        if ((a->kind == JSON_MAP && !str_eq(a->keys[i], b->keys[i])) ||
            !json_same(&a->items[i], &b->items[i]))
            return false;
    return true;
}

#endif
