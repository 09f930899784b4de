/* json_write.c - writing JSON: commas, escapes, indentation. */
#include "base/json_write.h"

void json_out_init(struct json_out *j, struct buf *out, int indent)
{
    *j = (struct json_out){.out = out, .indent = indent, .first = true};
}

static bool is_flat(const struct json_out *j)
{
    return j->indent == 0 || (j->flat >> j->depth & 1);
}

static void line_break(struct json_out *j)
{
    buf_addc(j->out, '\n');
    buf_fill(j->out, ' ', (size_t)(j->indent * j->depth));
}

/* What stands in front of a key or of a value that has none. */
static void separate(struct json_out *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (!j->first)
        buf_addc(j->out, ',');
    if (j->depth && !is_flat(j))
        line_break(j);
    else if (!j->first && j->indent)
        buf_addc(j->out, ' ');
    j->first = false;
}

static void open_container(struct json_out *j, char c)
{
    separate(j);
    buf_addc(j->out, c);
    BUG_IF(j->depth >= 62);
    uint64_t inner = (uint64_t)2 << j->depth;
    bool flat = is_flat(j) || j->flat_next;
    j->flat = flat ? j->flat | inner : j->flat & ~inner;
    j->flat_next = false;
    j->depth++;
    j->first = true;
}

static void close_container(struct json_out *j, char c)
{
    BUG_IF(j->depth <= 0 || j->after_key);
    bool flat = is_flat(j);
    j->depth--;
    if (!j->first && !flat)
        line_break(j);
    buf_addc(j->out, c);
    j->first = false;
}

void json_map_open(struct json_out *j)
{
    open_container(j, '{');
}

void json_map_close(struct json_out *j)
{
    close_container(j, '}');
}

void json_list_open(struct json_out *j)
{
    open_container(j, '[');
}

void json_list_close(struct json_out *j)
{
    close_container(j, ']');
}

void json_flat(struct json_out *j)
{
    j->flat_next = true;
}

/* Length of the UTF-8 sequence that starts at p, 0 when it is none. */
static size_t utf8_length(const unsigned char *p, size_t left)
{
    size_t n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3
             : p[0] < 0xf5 ? 4 : 0;
    return n && n <= left && str_is_utf8((str){(const char *)p, n}) ? n : 0;
}

static void add_escaped(struct buf *out, unsigned char c)
{
    static const char short_form[] = "\"\"\\\\\nn\rr\tt\bb\ff";
    for (size_t i = 0; i + 1 < sizeof short_form; i += 2) {
        if ((unsigned char)short_form[i] == c) {
            buf_addc(out, '\\');
            buf_addc(out, short_form[i + 1]);
            return;
        }
    }
    buf_fmt(out, "\\u%04x", c);
}

static void quoted(struct buf *out, str s)
{
    buf_addc(out, '"');
    size_t from = 0;
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i];
        size_t n = utf8_length((const unsigned char *)s.p + i, s.n - i);
        if (n && c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) {
            i += n;
            continue;
        }
        buf_add(out, str_sub(s, from, i));
        if (n)
            add_escaped(out, c);
        else
            buf_add(out, S("\xef\xbf\xbd"));
        i += n ? n : 1;
        from = i;
    }
    buf_add(out, str_sub(s, from, s.n));
    buf_addc(out, '"');
}

void json_key(struct json_out *j, const char *key)
{
    json_key_str(j, str_of(key));
}

void json_key_str(struct json_out *j, str key)
{
    BUG_IF(j->after_key);
    separate(j);
    quoted(j->out, key);
    buf_add(j->out, j->indent ? S(": ") : S(":"));
    j->after_key = true;
}

void json_string(struct json_out *j, str s)
{
    separate(j);
    quoted(j->out, s);
}

void json_raw(struct json_out *j, str s)
{
    separate(j);
    buf_add(j->out, s);
}

void json_int(struct json_out *j, int64_t v)
{
    separate(j);
    buf_fmt(j->out, "%lld", (long long)v);
}

void json_bool(struct json_out *j, bool v)
{
    json_raw(j, v ? S("true") : S("false"));
}

void json_null(struct json_out *j)
{
    json_raw(j, S("null"));
}
