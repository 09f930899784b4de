/* party.c - one name for a company however it is written. */
#include "core/party.h"

/* Sellers with several names: words that stand anywhere in a name. Longer ones first. */
static const struct {
    const char *words, *key;
} KNOWN[] = {
    {"amazon web services", "aws"},
    {"aws", "aws"},
    {"amazon aws", "aws"},
    {"anthropic", "anthropic"},
    {"claude ai", "anthropic"},
    {"openai", "openai"},
    {"chatgpt", "openai"},
    {"github", "github"},
    {"msft", "microsoft"},
    {"azure", "microsoft"},
    {"microsoft", "microsoft"},
    {"google", "google"},
    {"gcp", "google"},
    {"vertex ai", "google"},
    {"anysphere", "anysphere"},
    {"cursor", "anysphere"},
    {"mistral", "mistral"},
    {"oracle", "oracle"},
    {"oci", "oracle"},
    {"databricks", "databricks"},
    {"snowflake", "snowflake"},
    {"deepseek", "deepseek"},
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80);
}

static bool has_digit(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            return true;
    return false;
}

/* Said of many companies, or by the bank. */
static bool is_noise(str word)
{
    static const char *const NOISE[] = {
        "inc",    "llc",    "ltd",         "limited",  "gmbh",   "sas",       "sarl",     "bv",
        "ag",     "corp",   "corporation", "co",       "pbc",    "plc",       "sa",       "oy",
        "ab",     "kg",     "pte",         "the",      "llp",    "lp",        "srl",      "spa",
        "paypal", "stripe", "sq",          "ach",      "debit",  "card",      "purchase", "payment",
        "pos",    "sepa",   "wire",        "transfer", "direct", "recurring", "com",      "www",
    };
    for (size_t i = 0; i < ARRAY_LEN(NOISE); i++)
        if (str_eq(word, str_of(NOISE[i])))
            return true;
    return false;
}

static bool holds_words(str text, str words)
{
    for (size_t at = 0; (at = str_find(text, words, at)) != SIZE_MAX; at++) {
        bool starts = !at || text.p[at - 1] == ' ';
        bool ends = at + words.n == text.n || text.p[at + words.n] == ' ';
        if (starts && ends)
            return true;
    }
    return false;
}

/* "payee-3f2a91c04b" stands for a name that is not kept (ingest/payee.h). */
static bool is_token(str name)
{
    if (!str_starts(name, S("payee-")) || name.n == 6)
        return false;
    for (size_t i = 6; i < name.n; i++)
        if (!(name.p[i] >= '0' && name.p[i] <= '9') && !(name.p[i] >= 'a' && name.p[i] <= 'f'))
            return false;
    return true;
}

str party_key(struct arena *a, str name)
{
    if (is_token(name))
        return str_dup(a, name);
    char *low = arena_new(a, char, name.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++) { /* words apart by one blank */
        char c = name.p[i];
        c = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        if (is_word(c))
            low[n++] = c;
        else if (n && low[n - 1] != ' ' && c != '\'')
            low[n++] = ' ';
    }
    str text = str_trim((str){low, n});
    for (size_t i = 0; i < ARRAY_LEN(KNOWN); i++)
        if (holds_words(text, str_of(KNOWN[i].words)))
            return str_of(KNOWN[i].key);
    char *key = arena_new(a, char, text.n + 1);
    size_t k = 0;
    str rest = text, word;
    while (rest.n && str_cut(&rest, ' ', &word)) {
        if (is_noise(word) || (k && has_digit(word)))
            continue;
        if (k)
            key[k++] = ' ';
        memcpy(key + k, word.p, word.n);
        k += word.n;
    }
    return (str){key, k};
}

bool party_same(str key, str other)
{
    str shorter = key.n <= other.n ? key : other, longer = key.n <= other.n ? other : key;
    if (str_eq(key, other))
        return key.n > 0;
    return shorter.n >= 4 && str_starts(longer, shorter) && longer.p[shorter.n] == ' ';
}
