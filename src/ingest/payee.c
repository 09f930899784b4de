/* payee.c - no names of people in the ledger: word by word, what is known stays. */
#include "ingest/payee.h"

#include "base/hash.h"
#include "base/map.h"
#include "base/share.h"
#include "core/party.h"
#include "ingest/gl_rows.h"
#include "ingest/tags.h"

#define HIDDEN "\xe2\x80\xa6" /* an ellipsis */

enum {
    WORD_MOST = 64,    /* bytes; longer ones are not looked up */
    WORDS_MOST = 400,  /* of one text; what follows is left out */
    NAME_WORDS = 4,    /* a company's name in a text */
    RUN_MOST = 3,      /* unknown words in front of "Inc." */
    OPEN_LEAST = 4,    /* letters before the '*' of "~copilot*" */
    MEMO_BYTES = 32 << 20,
    TOKEN_HEX = 10,
};

/* What share/plain_words.txt says of a word, as bits. */
enum { W_PLAIN = 1, W_COMPANY = 2, W_ENDING = 4, W_CARRIER = 8, W_TEAM = 16, W_RULE = 32,
       W_OPEN = 64 /* longer words are meant too */ };

struct payees {
    struct arena *a;
    str key;
    struct map words;     /* lower case; num: bits */
    struct map companies; /* party keys of bills and of names to keep */
    str *patterns;
    size_t n_patterns, cap_patterns;
};

/* ---- what is known ---- */

static bool is_word_byte(str s, size_t i)
{
    unsigned char c = (unsigned char)s.p[i];
    /* dashes and other marks of U+2000..U+207F, and the blank that does not break */
    if (c == 0xe2 && i + 1 < s.n && ((unsigned char)s.p[i + 1] & 0xfe) == 0x80)
        return false;
    if (i && (unsigned char)s.p[i - 1] == 0xe2 && (c & 0xfe) == 0x80)
        return false;
    if (i > 1 && (unsigned char)s.p[i - 2] == 0xe2 && ((unsigned char)s.p[i - 1] & 0xfe) == 0x80)
        return false;
    if ((c == 0xc2 && i + 1 < s.n && (unsigned char)s.p[i + 1] == 0xa0) ||
        (c == 0xa0 && i && (unsigned char)s.p[i - 1] == 0xc2))
        return false;
    return c >= 0x80 || c == '\'' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static str lower(str s, char *room, size_t most)
{
    size_t n = MIN(s.n, most);
    for (size_t i = 0; i < n; i++)
        room[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 32 : s.p[i]);
    return (str){room, n};
}

static void add_word(struct payees *p, str word, int64_t bits)
{
    char room[WORD_MOST];
    if (!word.n || word.n > WORD_MOST)
        return;
    str low = lower(word, room, sizeof room);
    struct map_entry *e = map_get(&p->words, low);
    if (!e)
        e = map_put(&p->words, str_dup(p->a, low), NULL);
    e->num |= bits;
}

static int64_t bits_of(const struct payees *p, str low)
{
    const struct map_entry *e = map_get(&p->words, low);
    return e ? e->num : 0;
}

static void add_file(struct payees *p, str text)
{
    static const struct {
        const char *name;
        int64_t bit;
    } groups[] = {{"plain", W_PLAIN}, {"company", W_COMPANY}, {"ending", W_ENDING},
                  {"carrier", W_CARRIER}, {"team", W_TEAM},
                  {"vendor", W_RULE}};
    str line, word;
    while (str_cut(&text, '\n', &line)) {
        size_t colon = str_find_char(line, ':', 0);
        if (!line.n || line.p[0] == '#')
            continue;
        int64_t bit = 0;
        for (size_t i = 0; i < ARRAY_LEN(groups); i++)
            if (str_eq(str_sub(line, 0, colon), str_of(groups[i].name)))
                bit = groups[i].bit;
        BUG_IF(!bit);
        str rest = str_sub(line, colon + 1, line.n);
        while (str_cut(&rest, ' ', &word))
            add_word(p, word, bit);
    }
}

/* The words of a rule's patterns; what a '*' stands directly behind takes longer words too. */
static void add_pattern(void *ctx, str text)
{
    struct payees *p = ctx;
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        while (at < text.n && is_word_byte(text, at))
            at++;
        bool open = at < text.n && text.p[at] == '*' && at - from >= OPEN_LEAST;
        if (at > from)
            add_word(p, str_sub(text, from, at), W_RULE | (open ? W_OPEN : 0));
        else
            at++;
    }
}

void payees_know(struct payees *p, str company)
{
    str key = party_key(p->a, company);
    if (key.n && !str_starts(key, S(PAYEE_TOKEN)))
        map_put(&p->companies, key, NULL);
}

void payees_keep(struct payees *p, str pattern)
{
    bool open = str_find_char(pattern, '*', 0) != SIZE_MAX ||
                str_find_char(pattern, '?', 0) != SIZE_MAX;
    p->patterns = arena_grow(p->a, p->patterns, sizeof *p->patterns, &p->cap_patterns,
                             p->n_patterns + 1);
    p->patterns[p->n_patterns++] = str_dup(p->a, pattern);
    if (!open)
        payees_know(p, pattern);
}

struct payees *payees_new(struct arena *a, str key, const struct rules *rules)
{
    struct payees *p = arena_new(a, struct payees, 1);
    size_t n;
    *p = (struct payees){.a = a, .key = key};
    map_init(&p->words, a);
    map_init(&p->companies, a);
    add_file(p, share_file("plain_words.txt"));
    rules_each_pattern(rules, p, add_pattern);
    const str *kept = rules_payees(rules, &n);
    for (size_t i = 0; i < n; i++)
        payees_keep(p, kept[i]);
    return p;
}

static str token_of(struct arena *a, str key, const char *kind, str what)
{
    char hex[SHA256_HEX];
    hmac_of(key, what, hex);
    return str_fmt(a, "%s%.*s", kind, TOKEN_HEX, hex);
}

str payee_token(struct arena *a, str key, str name)
{
    return token_of(a, key, PAYEE_TOKEN, party_key(a, name));
}

/* ---- addresses ---- */

static bool is_local(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
           strchr("._%+-'", c) || (c & 0x80);
}

static bool is_domain(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' || c == '.' ||
           (c & 0x80);
}

static bool is_letter(char c)
{
    return ((c | 32) >= 'a' && (c | 32) <= 'z') || (c & 0x80);
}

/* An e-mail address around the '@' at `at`. */
static bool address_at(str s, size_t at, size_t *ret_from, size_t *ret_to)
{
    size_t from = at, to = at + 1;
    while (from && s.p[from - 1] && is_local(s.p[from - 1]))
        from--;
    while (to < s.n && s.p[to] && is_domain(s.p[to]))
        to++;
    while (to > at + 1 && (s.p[to - 1] == '.' || s.p[to - 1] == '-'))
        to--;
    bool named = false; /* a label behind the first that begins with two letters: "org", not "5" */
    for (size_t i = at + 2; i + 2 < to && !named; i++)
        named = s.p[i] == '.' && is_letter(s.p[i + 1]) && is_letter(s.p[i + 2]);
    if (from == at || !named)
        return false;
    *ret_from = from;
    *ret_to = to;
    return true;
}

static str hide_addresses(struct arena *a, str key, str s)
{
    size_t from, to, done = 0;
    str out = STR_NONE;
    bool any = false;
    for (size_t at = 0; (at = str_find_char(s, '@', at)) != SIZE_MAX; at++) {
        if (!address_at(s, at, &from, &to) || from < done)
            continue;
        char *low = arena_alloc(a, to - from);
        str token = token_of(a, key, PERSON_TOKEN, lower(str_sub(s, from, to), low, to - from));
        out = str_fmt(a, "%.*s%.*s%.*s", FMT(out), FMT(str_sub(s, done, from)), FMT(token));
        done = to;
        any = true;
    }
    return any ? str_fmt(a, "%.*s%.*s", FMT(out), FMT(str_sub(s, done, s.n))) : s;
}

/* ---- words ---- */

struct word {
    size_t from, to;
    bool keeps, names; /* it stays; it tells that the whole is a company's */
    int64_t bits;
};
struct words {
    str s;
    struct word items[WORDS_MOST];
    size_t n, end; /* what lies behind `end` was not looked at */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Numbers of documents and dates stay; "jane85" does not. */
static bool is_reference(const struct payees *p, str low)
{
    size_t letters = 0;
    while (letters < low.n && !is_digit(low.p[letters]))
        letters++;
    if (letters == low.n)
        return false;
    for (size_t i = letters; i < low.n; i++)
        if (!is_digit(low.p[i]))
            return true;
    return letters < 4 || bits_of(p, str_sub(low, 0, letters)) != 0;
}

static void look_up(const struct payees *p, struct words *w, struct word *x)
{
    char room[WORD_MOST];
    str word = str_sub(w->s, x->from, x->to);
    if (word.n > WORD_MOST)
        return;
    str low = lower(word, room, sizeof room);
    if (low.n > 2 && str_ends(low, S("'s")))
        low.n -= 2;
    x->bits = bits_of(p, low);
    for (size_t n = OPEN_LEAST; !x->bits && n < low.n; n++)
        if (bits_of(p, str_sub(low, 0, n)) & W_OPEN)
            x->bits = W_RULE;
    x->keeps = (x->bits & (W_PLAIN | W_COMPANY | W_RULE | W_CARRIER)) || is_reference(p, low);
    x->names = (x->bits & (W_COMPANY | W_RULE)) && !(x->bits & W_PLAIN);
}

static void cut(const struct payees *p, str s, struct words *w)
{
    w->s = s;
    w->n = 0;
    size_t at = 0;
    while (at < s.n && w->n < WORDS_MOST) {
        size_t from = at;
        while (at < s.n && is_word_byte(s, at))
            at++;
        if (at == from) {
            at++;
            continue;
        }
        w->items[w->n] = (struct word){.from = from, .to = at};
        look_up(p, w, &w->items[w->n++]);
    }
    w->end = at;
}

static str between(const struct words *w, size_t i)
{
    return str_sub(w->s, w->items[i].to, i + 1 < w->n ? w->items[i + 1].from : w->end);
}

static bool only(str s, const char *marks)
{
    for (size_t i = 0; i < s.n; i++)
        if (!s.p[i] || !strchr(marks, s.p[i]))
            return false;
    return true;
}

/* Unknown words directly in front of word i belong to it, also before "AI" in "Acme AI GmbH" and,
 * in names, before any word that is known. */
static void take_before(struct words *w, size_t i, const char *marks, bool name)
{
    for (size_t k = i; k > 0 && i - k < RUN_MOST; k--) {
        struct word *x = &w->items[k - 1];
        if ((x->keeps && !name && !(x->bits & W_ENDING)) || !only(between(w, k - 1), marks))
            return;
        x->keeps = x->names = true;
    }
}

static void find_companies(struct words *w, bool name)
{
    for (size_t i = 0; i < w->n; i++) {
        bool last = name && i + 1 == w->n && i > 0 && w->items[i].bits & W_ENDING;
        if (last)
            w->items[i].keeps = true;
        if (w->items[i].bits & W_COMPANY || last)
            take_before(w, i, " .,&-", name);
    }
}

/* "FIGMA *MONTHLY", "NAME-CHEAP.COM* X", but not "PAYPAL *JANEDOE". */
static void find_merchants(struct words *w)
{
    for (size_t i = 0; i < w->n; i++) {
        str gap = between(w, i);
        struct word *x = &w->items[i];
        if (str_find_char(gap, '*', 0) == SIZE_MAX || x->bits & W_CARRIER)
            continue;
        x->keeps = x->names = true;
    }
}

static bool is_top_level(str s)
{
    static const char *const KNOWN[] = {"com", "net", "org", "io", "ai",  "co",  "dev", "app",
                                        "cloud", "eu", "de", "fr", "uk", "ch", "nl", "se",
                                        "no", "us", "info", "tech", "so", "sh", "gg", "inc",
                                        "xyz", "edu", "gov"};
    for (size_t i = 0; i < ARRAY_LEN(KNOWN); i++)
        if (str_eq_nocase(s, str_of(KNOWN[i])))
            return true;
    return false;
}

static void find_domains(struct words *w)
{
    for (size_t i = 1; i < w->n; i++) {
        struct word *x = &w->items[i];
        if (!str_eq(between(w, i - 1), S(".")) || !is_top_level(str_sub(w->s, x->from, x->to)))
            continue;
        x->keeps = true;
        for (size_t k = i; k > 0 && (str_eq(between(w, k - 1), S(".")) ||
                                     str_eq(between(w, k - 1), S("-"))); k--)
            w->items[k - 1].keeps = w->items[k - 1].names = true;
    }
}

static void find_known(const struct payees *p, struct words *w)
{
    char room[NAME_WORDS * (WORD_MOST + 1)];
    for (size_t i = 0; i < w->n; i++) {
        size_t n = 0;
        for (size_t k = i; k < w->n && k < i + NAME_WORDS; k++) {
            str word = str_sub(w->s, w->items[k].from, w->items[k].to);
            if (word.n > WORD_MOST)
                break;
            n += lower(word, room + n, WORD_MOST).n;
            if (map_get(&p->companies, (str){room, n}))
                for (size_t j = i; j <= k; j++)
                    w->items[j].keeps = w->items[j].names = true;
            room[n++] = ' ';
        }
    }
}

/* "ER-26004": two or three letters tied to a number. */
static void find_references(struct words *w)
{
    for (size_t i = 0; i + 1 < w->n; i++) {
        struct word *x = &w->items[i];
        if (x->to - x->from <= 3 && only(between(w, i), "-/#") && between(w, i).n == 1 &&
            is_digit(w->s.p[w->items[i + 1].from]))
            x->keeps = true;
    }
}

static void forget_addresses(struct words *w)
{
    size_t from, to;
    for (size_t at = 0; (at = str_find_char(w->s, '@', at)) != SIZE_MAX; at++)
        for (size_t i = 0; address_at(w->s, at, &from, &to) && i < w->n; i++)
            if (w->items[i].from < to && w->items[i].to > from)
                w->items[i].keeps = w->items[i].names = false;
}

static void read_words(const struct payees *p, str s, bool name, struct words *w)
{
    cut(p, s, w);
    find_companies(w, name);
    find_merchants(w);
    find_domains(w);
    find_references(w);
    find_known(p, w);
    forget_addresses(w);
}

static bool is_listed(const struct payees *p, str s)
{
    for (size_t i = 0; i < p->n_patterns; i++)
        if (str_glob(p->patterns[i], s))
            return true;
    return false;
}

/* The text with an ellipsis for each run of words that do not stay. */
static str shortened(struct arena *a, const struct words *w)
{
    char *to = arena_alloc(a, w->s.n + 4 * (w->n + 1));
    size_t n = 0, from = 0;
    for (size_t i = 0; i < w->n; i++) {
        const struct word *x = &w->items[i];
        if (x->keeps) {
            memcpy(to + n, w->s.p + from, x->to - from);
            n += x->to - from;
        } else if (!i || w->items[i - 1].keeps) {
            memcpy(to + n, w->s.p + from, x->from - from);
            n += x->from - from;
            memcpy(to + n, HIDDEN, sizeof HIDDEN - 1);
            n += sizeof HIDDEN - 1;
        }
        from = x->to;
    }
    memcpy(to + n, w->s.p + from, w->end - from);
    return (str){to, n + w->end - from};
}

static str text_without_names(struct arena *a, const struct payees *p, struct words *w, str s)
{
    read_words(p, s, false, w);
    bool all = w->end == s.n;
    for (size_t i = 0; i < w->n; i++)
        all = all && w->items[i].keeps;
    return all || is_listed(p, s) ? s : shortened(a, w);
}

static str name_or_token(struct arena *a, const struct payees *p, struct words *w, str s)
{
    bool all, names = false;
    read_words(p, s, true, w);
    all = w->end == s.n;
    for (size_t i = 0; i < w->n; i++) {
        all = all && w->items[i].keeps;
        names = names || w->items[i].names;
    }
    if (all || is_listed(p, s) || str_starts(s, S(PAYEE_TOKEN)))
        return s;
    return names ? shortened(a, w) : payee_token(a, p->key, s);
}

/* ---- tags ---- */

/* The last part of "aws:createdBy" or "app.kubernetes.io/owner", letters alone. */
static str key_letters(str key, char *room, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];
        if (c == ':' || c == '/' || c == '.')
            n = 0;
        else if (((c | 32) >= 'a' && (c | 32) <= 'z') && n < most)
            room[n++] = (char)(c | 32);
    }
    return (str){room, n};
}

static bool is_one_of(str s, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(s, str_of(list[i])))
            return true;
    return false;
}

/* Keys whose values are people, and keys whose values are people or teams. */
static int person_key(str key)
{
    static const char *const PEOPLE[] = {
        "createdby",    "creator",    "user",       "username",   "userid",      "useremail",
        "email",        "mail",       "login",      "employee",   "employeeid",  "employeename",
        "emailaddress", "requester",  "requestor",  "launchedby", "requestedby", "principal",
        "assignee",     "author",     "person",     "firstname",  "lastname",    "fullname",
        "engineer",     "manager",    "approver",   "approvedby", "iamuser",     "startedby",
        "modifiedby",   "updatedby",  "enduser",    "customer"};
    static const char *const TEAMS[] = {"owner", "ownedby", "contact", "poc", "maintainer", "lead",
                                        "steward", "custodian", "responsible"};
    char room[WORD_MOST];
    str low = key_letters(key, room, sizeof room);
    if (is_one_of(low, PEOPLE, ARRAY_LEN(PEOPLE)) || str_ends(low, S("owneremail")))
        return 2;
    return is_one_of(low, TEAMS, ARRAY_LEN(TEAMS)) || str_ends(low, S("owner")) ||
           str_ends(low, S("contact"));
}

static bool is_team(const struct payees *p, str value)
{
    char room[WORD_MOST];
    for (size_t at = 0; at < value.n;) {
        size_t from = at;
        while (at < value.n && is_word_byte(value, at))
            at++;
        if (at == from) {
            at++;
            continue;
        }
        str word = str_sub(value, from, at);
        if (word.n <= WORD_MOST &&
            bits_of(p, lower(word, room, sizeof room)) & (W_TEAM | W_RULE))
            return true;
    }
    return false;
}

static str hide_tag(struct arena *a, const struct payees *p, str key, str value)
{
    int kind = value.n ? person_key(key) : 0;
    if (!kind || str_starts(value, S(PERSON_TOKEN)) || is_listed(p, value) ||
        (kind == 1 && is_team(p, value)))
        return str_find_char(value, '@', 0) == SIZE_MAX ? value : hide_addresses(a, p->key, value);
    char *low = arena_alloc(a, value.n);
    return token_of(a, p->key, PERSON_TOKEN, lower(value, low, value.n));
}

/* ---- rows ---- */

struct kept {
    str text;
    bool changed;
};
struct payee_hider {
    const struct payees *p;
    struct arena a; /* what was made, to the end */
    struct map memo[3]; /* by what was there: names, texts, tags */
    struct words words;
    struct tag_set set;
    struct payee_counts counts;
};
enum memo { MEMO_NAME, MEMO_TEXT, MEMO_TAGS };

struct payee_hider *payee_hider_new(const struct payees *p)
{
    struct payee_hider *h = calloc(1, sizeof *h);
    if (!h)
        out_of_memory(sizeof *h);
    h->p = p;
    for (size_t i = 0; i < ARRAY_LEN(h->memo); i++)
        map_init(&h->memo[i], &h->a);
    return h;
}

const struct payee_counts *payee_hider_counts(const struct payee_hider *h)
{
    return &h->counts;
}

void payee_hider_free(struct payee_hider *h)
{
    if (!h)
        return;
    arena_release(&h->a);
    free(h);
}

static str hide_tags(struct payee_hider *h, str tags)
{
    bool changed = false;
    h->set.n = 0;
    if (!tags_parse(&h->set, tags, STR_NONE, &h->a))
        return tags;
    for (size_t i = 0; i < h->set.n; i++) {
        struct tag *t = &h->set.items[i];
        str value = hide_tag(&h->a, h->p, t->key, t->value);
        if (str_eq(t->key, S("gl_account")) && gl_is_pay(value))
            value = text_without_names(&h->a, h->p, &h->words, value);
        changed |= !str_eq(value, t->value);
        t->value = value;
    }
    str text = tags;
    return changed && tags_write(&h->set, &h->a, &text) ? text : tags;
}

static bool replace(struct payee_hider *h, enum memo kind, str *text)
{
    if (!text->n)
        return false;
    struct map_entry *e = map_get(&h->memo[kind], *text);
    if (e) {
        const struct kept *k = e->ptr;
        if (k->changed)
            *text = k->text;
        return k->changed;
    }
    str now = kind == MEMO_NAME   ? name_or_token(&h->a, h->p, &h->words, *text)
              : kind == MEMO_TEXT ? text_without_names(&h->a, h->p, &h->words, *text)
                                  : hide_tags(h, *text);
    bool changed = !str_eq(now, *text);
    if (h->a.used < MEMO_BYTES) {
        struct kept *k = arena_new(&h->a, struct kept, 1);
        *k = (struct kept){now, changed};
        map_put(&h->memo[kind], str_dup(&h->a, *text), NULL)->ptr = k;
    }
    if (changed)
        *text = now;
    return changed;
}

/* "4711-08" and "DD" are numbers of documents; "Jane Doe July" is none. */
static bool is_number(str s)
{
    bool digit = s.n <= 3;
    for (size_t i = 0; i < s.n; i++) {
        digit |= is_digit(s.p[i]);
        if (s.p[i] == ' ')
            return false;
    }
    return digit;
}

static void hide_payment(struct payee_hider *h, struct spend_row *row)
{
    bool texts = replace(h, MEMO_TEXT, &row->text[SPEND_DESCRIPTION]);
    if (gl_is_pay(row->text[SPEND_SUB_ACCOUNT]))
        texts |= replace(h, MEMO_TEXT, &row->text[SPEND_SUB_ACCOUNT]);
    if (!is_number(row->text[SPEND_SKU]))
        texts |= replace(h, MEMO_TEXT, &row->text[SPEND_SKU]);
    h->counts.names += replace(h, MEMO_NAME, &row->text[SPEND_PROVIDER]);
    h->counts.texts += texts;
}

void payee_hide(struct payee_hider *h, struct spend_row *row)
{
    static const enum spend_text OTHERS[] = {SPEND_DESCRIPTION, SPEND_RESOURCE, SPEND_ACCOUNT,
                                             SPEND_SUB_ACCOUNT, SPEND_PROVIDER, SPEND_SKU};
    str kind = row->text[SPEND_SERVICE_CATEGORY];
    bool hidden = false;
    if (str_eq(kind, S(KIND_LEDGER)) || str_eq(kind, S(KIND_PAYMENT)))
        hide_payment(h, row);
    for (size_t i = 0; i < ARRAY_LEN(OTHERS); i++) {
        str *text = &row->text[OTHERS[i]];
        if (!text->n || !memchr(text->p, '@', text->n))
            continue;
        str now = hide_addresses(&h->a, h->p->key, *text);
        hidden |= !str_eq(now, *text);
        *text = now;
    }
    hidden |= replace(h, MEMO_TAGS, &row->text[SPEND_TAGS]);
    h->counts.addresses += hidden;
}
