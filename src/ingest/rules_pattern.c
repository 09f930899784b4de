/* rules_pattern.c - parsing patterns, and the exact meaning of globs and word searches. */
#include "ingest/rules_pattern.h"

static unsigned char lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

static bool is_blank(unsigned char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* ---- parsing ---- */

static str longest_literal(struct arena *a, const uint16_t *tokens, size_t n)
{
    size_t best = 0, best_at = 0, run = 0;
    for (size_t i = 0; i < n; i++) {
        run = tokens[i] < 256 ? run + 1 : 0;
        if (run > best) {
            best = run;
            best_at = i + 1 - run;
        }
    }
    char *p = arena_new(a, char, best + 1);
    for (size_t i = 0; i < best; i++)
        p[i] = (char)(unsigned char)tokens[best_at + i];
    return (str){p, best};
}

static bool parse_regex(str text, struct pattern *ret, size_t *ret_at, const char **ret_why)
{
    if (text.n < 2 || text.p[text.n - 1] != '/') {
        *ret_at = text.n - 1;
        *ret_why = "a regular expression must end with '/'";
        return false;
    }
    ret->kind = PATTERN_REGEX;
    ret->body = str_sub(text, 1, text.n - 1);
    if (!ret->body.n) {
        *ret_at = 1;
        *ret_why = "the regular expression is empty";
        return false;
    }
    return true;
}

static uint16_t token_of(struct pattern *p, unsigned char c)
{
    if (c == '*')
        return TOKEN_ANY;
    if (c == '?')
        return TOKEN_ONE;
    if (p->kind == PATTERN_WORD && is_blank(c))
        return TOKEN_GAP;
    return lower(c);
}

bool pattern_parse(struct arena *a, str text, struct pattern *ret, size_t *ret_at,
                   const char **ret_why)
{
    struct pattern p = {.text = text};
    *ret_at = 0;
    if (text.n > PATTERN_BYTES) {
        *ret_why = "the pattern is longer than 1000 bytes";
        return false;
    }
    size_t nul = str_find_char(text, 0, 0);
    if (nul != SIZE_MAX) {
        *ret_at = nul;
        *ret_why = "the pattern holds a NUL character";
        return false;
    }
    if (!text.n) {
        *ret = p;
        return true;
    }
    if (text.p[0] == '/') {
        if (!parse_regex(text, &p, ret_at, ret_why))
            return false;
        *ret = p;
        return true;
    }
    p.kind = text.p[0] == '~' ? PATTERN_WORD : PATTERN_GLOB;
    uint16_t *tokens = arena_new(a, uint16_t, text.n);
    for (size_t i = p.kind == PATTERN_WORD; i < text.n; i++) {
        bool escaped = text.p[i] == '\\';
        if (escaped && i + 1 == text.n) {
            *ret_at = i;
            *ret_why = "'\\' at the end takes nothing literally";
            return false;
        }
        i += escaped;
        unsigned char c = (unsigned char)text.p[i];
        uint16_t token = escaped ? lower(c) : token_of(&p, c);
        if (token >= 256 && token != TOKEN_ONE && p.n && tokens[p.n - 1] == token)
            continue; /* a run of '*' or of blanks is one */
        tokens[p.n++] = token;
    }
    p.tokens = tokens;
    p.literal = longest_literal(a, tokens, p.n);
    if (p.kind == PATTERN_WORD && !p.literal.n) {
        *ret_why = "a word search needs some text behind '~'";
        return false;
    }
    *ret = p;
    return true;
}

/* ---- globs ---- */

static size_t char_bytes(str s, size_t at)
{
    size_t n = 1;
    if ((unsigned char)s.p[at] >= 0xc0)
        while (n < 4 && at + n < s.n && ((unsigned char)s.p[at + n] & 0xc0) == 0x80)
            n++;
    return n;
}

static bool glob_matches(const struct pattern *p, str s)
{
    size_t t = 0, i = 0, star = SIZE_MAX, star_i = 0;
    while (i < s.n) {
        if (t < p->n && p->tokens[t] == TOKEN_ANY) {
            star = t++;
            star_i = i;
        } else if (t < p->n && p->tokens[t] == TOKEN_ONE) {
            i += char_bytes(s, i);
            t++;
        } else if (t < p->n && p->tokens[t] == lower((unsigned char)s.p[i])) {
            i++;
            t++;
        } else if (star != SIZE_MAX) {
            t = star + 1;
            star_i += char_bytes(s, star_i);
            i = star_i;
        } else {
            return false;
        }
    }
    while (t < p->n && p->tokens[t] == TOKEN_ANY)
        t++;
    return t == p->n;
}

/* ---- words ---- */

/* Whether a code point belongs to a word. Beyond ASCII: letters from U+00C0 on, without the blocks
 * of punctuation, symbols and ideographic marks, which is enough to tell words from what surrounds
 * them. */
static bool is_word_point(uint32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c < 0xc0 || c == 0xd7 || c == 0xf7)
        return false;
    return !(c >= 0x2000 && c < 0x2c00) && !(c >= 0x3000 && c < 0x3040) && c != 0xfeff &&
           c != 0xfffd && !(c >= 0xff00 && c < 0xff10);
}

static uint32_t point_at(str s, size_t at)
{
    unsigned char c = (unsigned char)s.p[at];
    size_t n = char_bytes(s, at);
    if (n == 1)
        return c < 0x80 ? c : 0xfffd;
    uint32_t point = c & (0x7fu >> n);
    for (size_t i = 1; i < n; i++)
        point = point << 6 | ((unsigned char)s.p[at + i] & 0x3f);
    return point;
}

static bool word_before(str s, size_t at)
{
    if (!at)
        return false;
    size_t from = at - 1;
    while (from > 0 && at - from < 4 && ((unsigned char)s.p[from] & 0xc0) == 0x80)
        from--;
    return is_word_point(point_at(s, from));
}

static bool is_word_token(uint16_t token)
{
    return token < 256 && (token >= 0x80 || is_word_point(token));
}

/* State t is alive when tokens[0..t) have matched what ends here. Stars are passed at once. */
static void enter(const struct pattern *p, unsigned char *alive, size_t t)
{
    alive[t] = 1;
    while (t < p->n && p->tokens[t] == TOKEN_ANY)
        alive[++t] = 1;
}

/* One byte read: every live state moves to what it may become. */
static bool step(const struct pattern *p, const unsigned char *alive, unsigned char *next,
                 unsigned char c)
{
    bool gap = c == ' ' || c == '\t' || c == '-' || c == '_';
    bool follows = (c & 0xc0) == 0x80; /* inside a character: '?' has counted it already */
    bool any = false;
    memset(next, 0, p->n + 1);
    for (size_t t = 0; t <= p->n; t++) {
        if (!alive[t])
            continue;
        any = true;
        uint16_t token = t < p->n ? p->tokens[t] : 0xffff;
        if (token == TOKEN_ANY && !is_blank(c))
            enter(p, next, t);
        else if (token == TOKEN_ONE && !is_blank(c) && !follows)
            enter(p, next, t + 1);
        else if (token == TOKEN_GAP && gap)
            enter(p, next, t + 1);
        else if (token == lower(c))
            enter(p, next, t + 1);
        if (t > 0 &&
            ((p->tokens[t - 1] == TOKEN_GAP && gap) || (p->tokens[t - 1] == TOKEN_ONE && follows)))
            enter(p, next, t); /* the gap or the character goes on */
    }
    return any;
}

/* Where a match may start, at or behind `at`; s.n: nowhere. */
static size_t next_start(const struct pattern *p, str s, size_t at)
{
    uint16_t first = p->tokens[0];
    while (first < 256 && at < s.n && first != lower((unsigned char)s.p[at]))
        at++;
    return at;
}

static bool word_matches(const struct pattern *p, str s)
{
    unsigned char states[2][PATTERN_BYTES + 1];
    bool any = false; /* state is alive */
    bool left = is_word_token(p->tokens[0]), right = is_word_token(p->tokens[p->n - 1]);
    unsigned char *alive = states[0], *next = states[1];
    memset(alive, 0, p->n + 1);
    for (size_t i = 0; i <= s.n; i++) {
        if (!any)
            i = next_start(p, s, i);
        if (alive[p->n] && (!right || i == s.n || !is_word_point(point_at(s, i))))
            return true;
        if (i == s.n)
            return false;
        unsigned char c = (unsigned char)s.p[i];
        if ((c & 0xc0) != 0x80 && (!left || !word_before(s, i)))
            enter(p, alive, 0);
        any = step(p, alive, next, c);
        unsigned char *swap = alive;
        alive = next;
        next = swap;
    }
    return false;
}

bool pattern_matches(const struct pattern *p, str value)
{
    switch (p->kind) {
    case PATTERN_ABSENT:
        return value.n == 0;
    case PATTERN_GLOB:
        return value.n && glob_matches(p, value);
    case PATTERN_WORD:
        return value.n && word_matches(p, value);
    case PATTERN_REGEX:
        break;
    }
    UNREACHABLE();
}
