/* json_read.c - a strict JSON reader: recursive by container, limited in depth and values.
 *
 * Values of the open containers lie on one stack; a container that closes moves its own into the
 * arena in one piece, so a list is an array and nothing is linked. Text without escapes is not
 * copied. */
#include "base/json_read.h"
#include "base/limits.h"

#define STACK_START 96 /* values of open containers that need no memory of their own */
#define FEW_KEYS 12    /* up to so many keys are compared with each other, more are hashed */

struct reader {
    struct arena *a;
    const char *at, *end;
    const char *line_start;
    size_t line_extra; /* UTF-8 continuation bytes seen on this line: not characters of their own */
    uint32_t line;
    unsigned depth;
    size_t values;
    struct json *stack;
    str *keys;
    size_t n, cap;
    struct err *e;
};

static uint32_t column_of(const struct reader *r, const char *p)
{
    size_t column = (size_t)(p - r->line_start) - r->line_extra + 1;
    return column > UINT32_MAX ? UINT32_MAX : (uint32_t)column;
}

static bool fail_at(struct reader *r, const char *p, const char *what)
{
    return err_set(r->e, ERR_INVALID, "line %u, column %u: %s", r->line, column_of(r, p), what);
}

/* Says what stands at r->at where something else should. */
static bool fail_found(struct reader *r, const char *expected)
{
    uint32_t column = column_of(r, r->at);
    if (r->at == r->end)
        return err_set(r->e, ERR_INVALID, "line %u, column %u: the text ends where %s should stand",
                       r->line, column, expected) ||
               err_hint(r->e, "The file looks cut off; get it again.");
    unsigned char c = (unsigned char)*r->at;
    if (c >= 0x20 && c < 0x7f)
        return err_set(r->e, ERR_INVALID, "line %u, column %u: '%c' where %s should stand", r->line,
                       column, c, expected);
    return err_set(r->e, ERR_INVALID, "line %u, column %u: byte 0x%02x where %s should stand",
                   r->line, column, c, expected);
}

static void skip_space(struct reader *r)
{
    for (; r->at < r->end; r->at++) {
        char c = *r->at;
        if (c == '\n') {
            r->line++;
            r->line_start = r->at + 1;
            r->line_extra = 0;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            break;
        }
    }
}

/* Bytes of `w` that end a plain run of text: quote, backslash, control, not ASCII. Never misses
 * one. */
static uint64_t odd_bytes(uint64_t w)
{
    const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
    uint64_t quote = w ^ (ones * '"'), slash = w ^ (ones * '\\');
    return ((w - ones * 0x20) | w | (quote - ones) | (slash - ones)) & tops;
}

static const char *plain_end(const char *p, const char *end)
{
    for (; end - p >= 8; p += 8) {
        uint64_t w;
        memcpy(&w, p, 8);
        if (odd_bytes(w))
            break;
    }
    while (p < end && (unsigned char)*p >= 0x20 && (unsigned char)*p < 0x80 && *p != '"' &&
           *p != '\\')
        p++;
    return p;
}

static bool continues(const char *p, const char *end)
{
    return p < end && ((unsigned char)*p & 0xc0) == 0x80;
}

/* Length of the well-formed UTF-8 sequence at p, which is not ASCII; 0 when it is none. */
static size_t utf8_length(const char *p, const char *end)
{
    unsigned c = (unsigned char)p[0];
    size_t n = c >= 0xc2 && c < 0xe0   ? 2
               : c >= 0xe0 && c < 0xf0 ? 3
               : c >= 0xf0 && c < 0xf5 ? 4
                                       : 0;
    for (size_t i = 1; i < n; i++)
        if (!continues(p + i, end))
            return 0;
    if (!n)
        return 0;
    unsigned second = (unsigned char)p[1];
    if ((c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f) ||
        (c == 0xf0 && second < 0x90) || (c == 0xf4 && second > 0x8f))
        return 0;
    return n;
}

static bool hex4(const char *p, const char *end, unsigned *ret)
{
    if (end - p < 4)
        return false;
    unsigned v = 0;
    for (int i = 0; i < 4; i++) {
        unsigned c = (unsigned char)p[i], low = c | 32;
        unsigned digit = c >= '0' && c <= '9'       ? c - '0'
                         : low >= 'a' && low <= 'f' ? low - 'a' + 10
                                                    : 16;
        if (digit > 15)
            return false;
        v = v << 4 | digit;
    }
    *ret = v;
    return true;
}

static char *put_utf8(char *to, unsigned c)
{
    if (c < 0x80) {
        *to++ = (char)c;
    } else if (c < 0x800) {
        *to++ = (char)(0xc0 | c >> 6);
        *to++ = (char)(0x80 | (c & 63));
    } else if (c < 0x10000) {
        *to++ = (char)(0xe0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 63));
        *to++ = (char)(0x80 | (c & 63));
    } else {
        *to++ = (char)(0xf0 | c >> 18);
        *to++ = (char)(0x80 | (c >> 12 & 63));
        *to++ = (char)(0x80 | (c >> 6 & 63));
        *to++ = (char)(0x80 | (c & 63));
    }
    return to;
}

/* The escape behind a backslash at *p. Half of a surrogate pair alone is U+FFFD: logs cut text
 * there. */
static bool read_escape(struct reader *r, const char **p, char **to)
{
    static const char from[] = "\"\\/bfnrt", is[] = "\"\\/\b\f\n\r\t";
    const char *q = *p + 1;
    const char *hit = q < r->end && *q ? strchr(from, *q) : NULL;
    if (hit) {
        *(*to)++ = is[hit - from];
        *p = q + 1;
        return true;
    }
    unsigned c, low;
    if (q == r->end || *q != 'u' || !hex4(q + 1, r->end, &c))
        return fail_at(r, *p, "a backslash that starts no escape");
    q += 5;
    if (c >= 0xd800 && c < 0xdc00 && r->end - q >= 6 && q[0] == '\\' && q[1] == 'u' &&
        hex4(q + 2, r->end, &low) && low >= 0xdc00 && low < 0xe000) {
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        q += 6;
    } else if (c >= 0xd800 && c < 0xe000) {
        c = 0xfffd;
    }
    *to = put_utf8(*to, c);
    *p = q;
    return true;
}

/* Moves *p to the closing quote. *ret_escapes: there are escapes to resolve. */
static bool scan_string(struct reader *r, const char **p, bool *ret_escapes)
{
    const char *q = *p;
    for (;;) {
        q = plain_end(q, r->end);
        if (q == r->end) {
            r->at = q;
            return fail_found(r, "the closing quote of a text");
        }
        if (*q == '"')
            break;
        if (*q == '\\') {
            *ret_escapes = true;
            q += r->end - q > 1 ? 2 : 1;
            if (((unsigned char)q[-1] & 0x80) != 0)
                return fail_at(r, q - 2, "a backslash that starts no escape");
            continue;
        }
        if ((unsigned char)*q < 0x20)
            return fail_at(r, q,
                           *q == '\n' ? "a line break inside a text"
                                      : "a control character inside a text");
        size_t n = utf8_length(q, r->end);
        if (!n)
            return fail_at(r, q, "bytes that are not UTF-8");
        r->line_extra += n - 1;
        q += n;
    }
    *p = q;
    return true;
}

/* r->at is the opening quote. */
static bool read_string(struct reader *r, str *ret)
{
    const char *from = r->at + 1, *close = from;
    bool escapes = false;
    if (!scan_string(r, &close, &escapes))
        return false;
    r->at = close + 1;
    *ret = (str){from, (size_t)(close - from)};
    if (!escapes)
        return true;
    char *text = arena_alloc(r->a, ret->n + 1), *to = text;
    const char *whole_end = r->end;
    r->end = close; /* an escape must not reach over the closing quote */
    for (const char *p = from; p < close;) {
        if (*p == '\\') {
            if (!read_escape(r, &p, &to))
                return false;
        } else {
            *to++ = *p++;
        }
    }
    r->end = whole_end;
    *ret = (str){text, (size_t)(to - text)};
    return true;
}

static size_t digits(struct reader *r)
{
    const char *from = r->at;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
        r->at++;
    return (size_t)(r->at - from);
}

static bool read_number(struct reader *r, struct json *v)
{
    const char *from = r->at;
    v->kind = JSON_NUMBER;
    r->at += *r->at == '-';
    const char *whole = r->at;
    size_t n = digits(r);
    if (!n)
        return fail_found(r, "a digit");
    if (n > 1 && *whole == '0')
        return fail_at(r, from, "a number with a leading zero");
    if (r->at < r->end && *r->at == '.') {
        r->at++;
        if (!digits(r))
            return fail_found(r, "a digit");
    }
    if (r->at < r->end && (*r->at | 32) == 'e') {
        r->at++;
        r->at += r->at < r->end && (*r->at == '+' || *r->at == '-');
        if (!digits(r))
            return fail_found(r, "a digit");
    }
    v->text = (str){from, (size_t)(r->at - from)};
    return true;
}

static bool read_word(struct reader *r, struct json *v)
{
    static const struct {
        str word;
        enum json_kind kind;
        bool yes;
    } words[] = {{{"null", 4}, JSON_NULL, false},
                 {{"true", 4}, JSON_BOOL, true},
                 {{"false", 5}, JSON_BOOL, false}};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (!str_starts((str){r->at, (size_t)(r->end - r->at)}, words[i].word))
            continue;
        v->kind = words[i].kind;
        v->yes = words[i].yes;
        r->at += words[i].word.n;
        return true;
    }
    return fail_found(r, "a value");
}

static void push(struct reader *r, str key)
{
    if (r->n == r->cap) {
        size_t old = r->cap, cap = old * 2;
        struct json *stack = arena_new(r->a, struct json, cap);
        str *keys = arena_new(r->a, str, cap);
        memcpy(stack, r->stack, old * sizeof *stack);
        memcpy(keys, r->keys, old * sizeof *keys);
        r->stack = stack;
        r->keys = keys;
        r->cap = cap;
    }
    r->keys[r->n] = key;
    r->n++;
}

/* The second of two equal keys, or SIZE_MAX. */
static size_t twice(struct arena *a, const str *keys, size_t n)
{
    if (n <= FEW_KEYS) {
        for (size_t i = 1; i < n; i++)
            for (size_t k = 0; k < i; k++)
                if (str_eq(keys[i], keys[k]))
                    return i;
        return SIZE_MAX;
    }
    size_t slots = 64;
    while (slots < n * 2)
        slots *= 2;
    uint32_t few[256], *table = few;
    if (slots > ARRAY_LEN(few))
        table = arena_new(a, uint32_t, slots);
    else
        memset(few, 0, sizeof few);
    for (size_t i = 0; i < n; i++) {
        size_t at = str_hash(keys[i]) & (slots - 1);
        for (; table[at]; at = (at + 1) & (slots - 1))
            if (str_eq(keys[table[at] - 1], keys[i]))
                return i;
        table[at] = (uint32_t)(i + 1);
    }
    return SIZE_MAX;
}

/* Moves the values above `base` into the arena as the content of v. */
static bool close_container(struct reader *r, size_t base, struct json *v)
{
    size_t n = r->n - base;
    r->n = base;
    r->depth--;
    r->at++;
    v->n = n;
    if (!n)
        return true;
    if (v->kind == JSON_MAP) {
        size_t again = twice(r->a, r->keys + base, n);
        if (again != SIZE_MAX) {
            const struct json *at = &r->stack[base + again];
            str key = r->keys[base + again];
            return err_set(r->e, ERR_INVALID,
                           "line %u, column %u: the key '%.*s' stands twice in one map", at->line,
                           at->column, FMT(str_sub(key, 0, 80)));
        }
        v->keys = arena_new(r->a, str, n);
        memcpy(v->keys, r->keys + base, n * sizeof *v->keys);
    }
    v->items = arena_new(r->a, struct json, n);
    memcpy(v->items, r->stack + base, n * sizeof *v->items);
    return true;
}

static bool read_value(struct reader *r, struct json *v);

static bool read_container(struct reader *r, struct json *v)
{
    bool map = *r->at == '{';
    char close = map ? '}' : ']';
    size_t base = r->n;
    v->kind = map ? JSON_MAP : JSON_LIST;
    if (++r->depth > LIMIT_JSON_DEPTH)
        return fail_at(r, r->at, "lists and maps are nested too deeply");
    r->at++;
    skip_space(r);
    if (r->at < r->end && *r->at == close)
        return close_container(r, base, v);
    for (;;) {
        str key = STR_NONE;
        if (map) {
            if (r->at == r->end || *r->at != '"')
                return fail_found(r, "a key in quotes");
            if (!read_string(r, &key))
                return false;
            skip_space(r);
            if (r->at == r->end || *r->at != ':')
                return fail_found(r, "':'");
            r->at++;
            skip_space(r);
        }
        push(r, key);
        struct json item;
        size_t slot = r->n - 1;
        if (!read_value(r, &item))
            return false;
        r->stack[slot] = item;
        skip_space(r);
        if (r->at < r->end && *r->at == close)
            return close_container(r, base, v);
        if (r->at == r->end || *r->at != ',')
            return fail_found(r, map ? "',' or '}'" : "',' or ']'");
        r->at++;
        skip_space(r);
    }
}

static bool read_value(struct reader *r, struct json *v)
{
    *v = (struct json){.kind = JSON_NULL, .line = r->line, .column = column_of(r, r->at)};
    if (r->at == r->end)
        return fail_found(r, "a value");
    if (++r->values > LIMIT_JSON_VALUES)
        return fail_at(r, r->at, "more values than one document may have");
    switch (*r->at) {
    case '{':
    case '[':
        return read_container(r, v);
    case '"':
        v->kind = JSON_STRING;
        return read_string(r, &v->text);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return read_number(r, v);
    default:
        return read_word(r, v);
    }
}

/* *ret is NULL when nothing but white space is left. *rest is moved behind the value. */
static bool read_document(struct arena *a, str *rest, uint32_t first_line, bool to_end,
                          const struct json **ret, struct err *e)
{
    if (!rest->p) /* pointers into nothing cannot be moved */
        *rest = (str){"", 0};
    struct json stack[STACK_START];
    str keys[STACK_START];
    struct reader r = {
        .a = a,
        .at = rest->p,
        .end = rest->p + rest->n,
        .line_start = rest->p,
        .line = first_line,
        .stack = stack,
        .keys = keys,
        .cap = STACK_START,
        .e = e,
    };
    if (rest->n > LIMIT_JSON_BYTES)
        return err_set(e, ERR_INVALID, "the JSON text has %zu bytes, at most %u are read", rest->n,
                       LIMIT_JSON_BYTES);
    if (first_line == 1 && str_starts(*rest, S("\xef\xbb\xbf"))) {
        r.at += 3;
        r.line_start += 3;
    }
    skip_space(&r);
    if (r.at == r.end && !to_end) {
        *ret = NULL;
        *rest = STR_NONE;
        return true;
    }
    struct json v;
    if (!read_value(&r, &v))
        return false;
    if (to_end) {
        skip_space(&r);
        if (r.at < r.end)
            return fail_found(&r, "the end of the document");
    }
    struct json *kept = arena_new(a, struct json, 1);
    *kept = v;
    *ret = kept;
    *rest = (str){r.at, (size_t)(r.end - r.at)};
    return true;
}

bool json_parse(struct arena *a, str text, const struct json **ret, struct err *e)
{
    return read_document(a, &text, 1, true, ret, e);
}

bool json_parse_next(struct arena *a, str *rest, uint32_t first_line, const struct json **ret,
                     struct err *e)
{
    return read_document(a, rest, first_line, false, ret, e);
}

static const struct json *get(const struct json *map, str key)
{
    if (!map || map->kind != JSON_MAP)
        return NULL;
    for (size_t i = 0; i < map->n; i++)
        if (str_eq(map->keys[i], key))
            return &map->items[i];
    return NULL;
}

const struct json *json_get(const struct json *map, const char *key)
{
    return get(map, str_of(key));
}

const struct json *json_path(const struct json *v, const char *dotted)
{
    str rest = str_of(dotted), part;
    while (v && str_cut(&rest, '.', &part))
        v = get(v, part);
    return v;
}

bool json_is_null(const struct json *v)
{
    return !v || v->kind == JSON_NULL;
}

str json_text(const struct json *v)
{
    return v && (v->kind == JSON_STRING || v->kind == JSON_NUMBER) ? v->text : STR_NONE;
}

/* Digits without point and their power of ten; trailing zeros go into the power. */
bool json_i64(const struct json *v, int64_t *ret)
{
    if (!v || v->kind != JSON_NUMBER)
        return false;
    str s = v->text, exponent = STR_NONE;
    for (size_t i = 0; i < s.n; i++) {
        if ((s.p[i] | 32) == 'e') {
            exponent = str_sub(s, i + 1, s.n);
            s = str_sub(s, 0, i);
        }
    }
    int64_t power = 0;
    if (exponent.n &&
        !str_to_i64(exponent.p[0] == '+' ? str_sub(exponent, 1, exponent.n) : exponent, &power))
        return false;
    bool minus = s.n && s.p[0] == '-', point = false;
    i128 value = 0;
    int64_t places = 0, zeros = 0; /* zeros: held back, they count only if a digit follows */
    for (size_t i = minus; i < s.n; i++) {
        if (s.p[i] == '.') {
            point = true;
            continue;
        }
        places += point;
        if (s.p[i] == '0') {
            zeros += value != 0;
            continue;
        }
        for (; zeros && value <= INT64_MAX; zeros--)
            value *= 10;
        value = value * 10 + (s.p[i] - '0');
        if (value > INT64_MAX)
            return false;
    }
    if (value && (power > 40 || power < -1000000000 || zeros + power - places < 0))
        return false;
    for (int64_t k = value ? zeros + power - places : 0; k > 0 && value <= INT64_MAX; k--)
        value *= 10;
    if (value > INT64_MAX)
        return false;
    *ret = (int64_t)(minus ? -value : value);
    return true;
}
