/* matcher.c - patterns compiled into vectorscan databases: literals in one, expressions in another.
 */
#include "ingest/matcher.h"

#include <hs/hs.h>

#include "base/map.h"

#define REGEX_FLAGS (HS_FLAG_CASELESS | HS_FLAG_DOTALL | HS_FLAG_UTF8 | HS_FLAG_SINGLEMATCH)
#define LITERAL_FLAGS (HS_FLAG_CASELESS | HS_FLAG_DOTALL | HS_FLAG_SINGLEMATCH)

struct matcher {
    const struct matcher_item *items; /* globs and words, grouped by literal */
    uint32_t *starts;                 /* literal i is in items starts[i] to starts[i + 1] */
    size_t n_literals;
    const struct matcher_item *always; /* globs and words without a literal */
    size_t n_always;
    const struct matcher_item *regexes;
    size_t n_regexes;
    hs_database_t *literal_db, *regex_db; /* NULL: nothing of that kind */
    size_t most;
};

struct matcher_scratch {
    hs_scratch_t *hs;
    char *clean; /* a value made valid UTF-8 */
    size_t cap;
};

static void free_db(void *db)
{
    hs_free_database(db);
}

/* ---- compiling ---- */

/* "... at index 7." gives 7. */
static size_t index_in_message(const char *message, size_t most)
{
    const char *at = strstr(message, " at index ");
    size_t index = 0;
    for (at = at ? at + 10 : ""; *at >= '0' && *at <= '9' && index <= most; at++)
        index = index * 10 + (size_t)(*at - '0');
    return MIN(index, most);
}

static bool regex_fault(const hs_compile_error_t *error, struct err *e)
{
    char text[256];
    size_t n = 0;
    for (const char *p = error->message; *p && n + 1 < sizeof text; p++, n++)
        text[n] = *p >= 'A' && *p <= 'Z' && n == 0 ? (char)(*p + 32) : *p;
    while (n && (text[n - 1] == '.' || text[n - 1] == ' '))
        n--;
    text[n] = 0;
    if (strstr(text, "matches empty buffer")) {
        err_set(e, ERR_INVALID, "the expression matches the empty text, so it matches everything");
        return err_hint(e, "Write what must be there; '*' alone means any value.");
    }
    return err_set(e, ERR_INVALID, "%s", text);
}

bool matcher_check_regex(str regex, size_t *ret_at, struct err *e)
{
    char text[PATTERN_BYTES + 1];
    *ret_at = 0;
    if (regex.n > PATTERN_BYTES)
        return err_set(e, ERR_INVALID, "the expression is longer than %d bytes", PATTERN_BYTES);
    memcpy(text, regex.p, regex.n);
    text[regex.n] = 0;
    hs_database_t *db = NULL;
    hs_compile_error_t *error = NULL;
    if (hs_compile(text, REGEX_FLAGS, HS_MODE_BLOCK, NULL, &db, &error) == HS_SUCCESS) {
        hs_free_database(db);
        return true;
    }
    *ret_at = index_in_message(error->message, regex.n);
    regex_fault(error, e);
    hs_free_compile_error(error);
    return false;
}

static bool compile(struct arena *a, const char *const *expressions, size_t n, unsigned flag,
                    hs_database_t **ret, struct err *e)
{
    if (!n)
        return true;
    unsigned *flags = arena_new(a, unsigned, n), *ids = arena_new(a, unsigned, n);
    for (size_t i = 0; i < n; i++) {
        flags[i] = flag;
        ids[i] = (unsigned)i;
    }
    hs_compile_error_t *error = NULL;
    if (hs_compile_multi(expressions, flags, ids, (unsigned)n, HS_MODE_BLOCK, NULL, ret, &error) !=
        HS_SUCCESS) {
        err_set(e, ERR_FAILED, "compiling %zu patterns: %s", n, error->message);
        hs_free_compile_error(error);
        return false;
    }
    arena_defer(a, free_db, *ret);
    return true;
}

static const char *literal_expression(struct arena *a, str literal)
{
    static const char HEX[] = "0123456789abcdef";
    char *out = arena_new(a, char, literal.n * 4 + 1), *p = out;
    for (size_t i = 0; i < literal.n; i++) {
        unsigned char c = (unsigned char)literal.p[i];
        *p++ = '\\';
        *p++ = 'x';
        *p++ = HEX[c >> 4];
        *p++ = HEX[c & 15];
    }
    return out;
}

/* Groups the items that have a literal by it, in order of first appearance. */
static bool compile_literals(struct arena *a, struct matcher *m, const struct matcher_item *items,
                             size_t n, struct err *e)
{
    struct map literals;
    map_init(&literals, a);
    uint32_t *of = arena_new(a, uint32_t, n);
    for (size_t i = 0; i < n; i++) {
        bool new;
        struct map_entry *entry = map_put(&literals, items[i].pattern->literal, &new);
        if (new)
            entry->num = (int64_t)literals.n - 1;
        of[i] = (uint32_t)entry->num;
    }
    m->n_literals = literals.n;
    m->starts = arena_new(a, uint32_t, literals.n + 1);
    for (size_t i = 0; i < n; i++)
        m->starts[of[i] + 1]++;
    for (size_t i = 0; i < literals.n; i++)
        m->starts[i + 1] += m->starts[i];
    uint32_t *at = arena_new(a, uint32_t, literals.n + 1);
    memcpy(at, m->starts, (literals.n + 1) * sizeof *at);
    struct matcher_item *grouped = arena_new(a, struct matcher_item, n);
    for (size_t i = 0; i < n; i++)
        grouped[at[of[i]]++] = items[i];
    m->items = grouped;
    const char **expressions = arena_new(a, const char *, literals.n);
    for (size_t i = 0; i < literals.n; i++)
        expressions[i] = literal_expression(a, literals.entries[i].key);
    return compile(a, expressions, literals.n, LITERAL_FLAGS, &m->literal_db, e);
}

bool matcher_new(struct arena *a, const struct matcher_item *items, size_t n, struct matcher **ret,
                 struct err *e)
{
    if (hs_valid_platform() != HS_SUCCESS)
        return err_set(e, ERR_FAILED, "this processor lacks the instructions vectorscan needs");
    struct matcher *m = arena_new(a, struct matcher, 1);
    struct matcher_item *with = arena_new(a, struct matcher_item, n);
    struct matcher_item *without = arena_new(a, struct matcher_item, n);
    struct matcher_item *regexes = arena_new(a, struct matcher_item, n);
    size_t n_with = 0;
    for (size_t i = 0; i < n; i++) {
        if (items[i].pattern->kind == PATTERN_REGEX)
            regexes[m->n_regexes++] = items[i];
        else if (items[i].pattern->literal.n)
            with[n_with++] = items[i];
        else
            without[m->n_always++] = items[i];
    }
    m->always = without;
    m->regexes = regexes;
    m->most = n;
    const char **expressions = arena_new(a, const char *, m->n_regexes);
    for (size_t i = 0; i < m->n_regexes; i++)
        expressions[i] = str_cstr(a, regexes[i].pattern->body);
    if (!compile_literals(a, m, with, n_with, e) ||
        !compile(a, expressions, m->n_regexes, REGEX_FLAGS, &m->regex_db, e))
        return false;
    *ret = m;
    return true;
}

size_t matcher_most(const struct matcher *m)
{
    return m->most;
}

bool matcher_presence(const struct matcher *m)
{
    for (size_t i = 0; i < m->n_always; i++)
        if (m->always[i].pattern->n > 1 ||
            (m->always[i].pattern->n == 1 && m->always[i].pattern->tokens[0] != TOKEN_ANY))
            return false;
    return !m->n_literals && !m->n_regexes;
}

/* ---- scratch ---- */

bool matcher_scratch_add(struct matcher_scratch **s, const struct matcher *m, struct err *e)
{
    if (!*s && !(*s = calloc(1, sizeof **s)))
        out_of_memory(sizeof **s);
    if ((m->literal_db && hs_alloc_scratch(m->literal_db, &(*s)->hs) != HS_SUCCESS) ||
        (m->regex_db && hs_alloc_scratch(m->regex_db, &(*s)->hs) != HS_SUCCESS))
        return err_set(e, ERR_FAILED, "no scratch memory for matching rules");
    return true;
}

void matcher_scratch_free(struct matcher_scratch *s)
{
    if (!s)
        return;
    hs_free_scratch(s->hs);
    free(s->clean);
    free(s);
}

/* ---- scanning ---- */

struct found {
    const struct matcher *m;
    str value;
    uint32_t *ids;
    size_t n;
};

static int on_literal(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                      void *ctx)
{
    struct found *f = ctx;
    (void)from, (void)to, (void)flags;
    for (uint32_t i = f->m->starts[id]; i < f->m->starts[id + 1]; i++)
        if (pattern_matches(f->m->items[i].pattern, f->value))
            f->ids[f->n++] = f->m->items[i].id;
    return 0;
}

static int on_regex(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
                    void *ctx)
{
    struct found *f = ctx;
    (void)from, (void)to, (void)flags;
    f->ids[f->n++] = f->m->regexes[id].id;
    return 0;
}

/* vectorscan's UTF-8 mode must not see anything else: every byte of what is not UTF-8 that is not
 * ASCII becomes '?'. */
static str as_utf8(struct matcher_scratch *s, str value)
{
    if (str_is_utf8(value))
        return value;
    if (s->cap < value.n) {
        free(s->clean);
        s->cap = value.n;
        if (!(s->clean = malloc(s->cap)))
            out_of_memory(s->cap);
    }
    for (size_t i = 0; i < value.n; i++)
        s->clean[i] = (unsigned char)value.p[i] < 0x80 ? value.p[i] : '?';
    return (str){s->clean, value.n};
}

static int by_id(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static size_t sort_unique(uint32_t *ids, size_t n)
{
    if (n < 2)
        return n;
    qsort(ids, n, sizeof *ids, by_id);
    size_t kept = 1;
    for (size_t i = 1; i < n; i++)
        if (ids[i] != ids[kept - 1])
            ids[kept++] = ids[i];
    return kept;
}

bool matcher_scan(const struct matcher *m, struct matcher_scratch *s, str value, uint32_t *ids,
                  size_t *ret_n, struct err *e)
{
    struct found f = {.m = m, .value = value, .ids = ids};
    if (value.n > UINT32_MAX)
        return err_set(e, ERR_INVALID, "a value of %zu bytes is too long to classify", value.n);
    for (size_t i = 0; i < m->n_always; i++)
        if (pattern_matches(m->always[i].pattern, value))
            ids[f.n++] = m->always[i].id;
    if (value.n && m->literal_db &&
        hs_scan(m->literal_db, value.p, (unsigned)value.n, 0, s->hs, on_literal, &f) != HS_SUCCESS)
        return err_set(e, ERR_FAILED, "matching rules failed");
    if (value.n && m->regex_db) {
        str clean = as_utf8(s, value);
        if (hs_scan(m->regex_db, clean.p, (unsigned)clean.n, 0, s->hs, on_regex, &f) != HS_SUCCESS)
            return err_set(e, ERR_FAILED, "matching rules failed");
    }
    *ret_n = sort_unique(ids, f.n);
    return true;
}
