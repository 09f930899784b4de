/* price_name.c - one name for a model however it is written. */
#include "core/price_name.h"

#include "base/date.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool all_digits(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return s.n > 0;
}

static int number(str s)
{
    int v = 0;
    for (size_t i = 0; i < s.n; i++)
        v = v * 10 + (s.p[i] - '0');
    return v;
}

static bool one_of(str s, const char *const *words)
{
    for (; *words; words++)
        if (str_eq(s, str_of(*words)))
            return true;
    return false;
}

struct alias {
    const char *name, *provider;
};

static const struct alias PROVIDERS[] = {
    {"anthropic", "anthropic"},
    {"claude", "anthropic"},
    {"openai", "openai"},
    {"google", "google"},
    {"gemini", "google"},
    {"vertex", "google"},
    {"vertexai", "google"},
    {"google cloud", "google"},
    {"gcp", "google"},
    {"google ai", "google"},
    {"google-vertex", "google"},
    {"vertex-ai", "google"},
    {"vertex ai", "google"},
    {"google gemini", "google"},
    {"google cloud platform", "google"},
    {"aws", "aws"},
    {"amazon", "aws"},
    {"bedrock", "aws"},
    {"amazon bedrock", "aws"},
    {"amazon web services", "aws"},
    {"aws bedrock", "aws"},
    {"bedrock-converse", "aws"},
    {"amazon-bedrock", "aws"},
    {"aws-bedrock", "aws"},
    {"azure", "azure"},
    {"microsoft", "azure"},
    {"azure openai", "azure"},
    {"azure-openai", "azure"},
    {"microsoft azure", "azure"},
    {"azure-ai", "azure"},
    {"mistral", "mistral"},
    {"mistral ai", "mistral"},
    {"mistralai", "mistral"},
    {"x-ai", "x-ai"},
    {"xai", "x-ai"},
    {"x.ai", "x-ai"},
    {"deepseek", "deepseek"},
    {"cohere", "cohere"},
    {"groq", "groq"},
};

str price_provider(str provider, char room[PRICE_NAME_MAX])
{
    provider = str_trim(provider);
    size_t n = MIN(provider.n, (size_t)PRICE_NAME_MAX);
    for (size_t i = 0; i < n; i++) {
        char c = provider.p[i];
        room[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c == '_' ? '-' : c);
    }
    str low = {room, n};
    for (size_t i = 0; i < ARRAY_LEN(PROVIDERS); i++)
        if (str_eq(low, str_of(PROVIDERS[i].name)))
            return str_of(PROVIDERS[i].provider);
    return low;
}

str price_maker(str key, bool *ret_open)
{
    static const struct {
        const char *start, *maker;
        bool open;
    } makers[] = {
        {"claude-", "anthropic", false},
        {"gpt-oss", "openai", true},
        {"gpt-", "openai", false},
        {"chatgpt-", "openai", false},
        {"o1", "openai", false},
        {"o3", "openai", false},
        {"o4-", "openai", false},
        {"codex-", "openai", false},
        {"ft:", "openai", false},
        {"text-embedding-", "openai", false},
        {"text-davinci-", "openai", false},
        {"computer-use", "openai", false},
        {"dall-e-", "openai", false},
        {"whisper-", "openai", false},
        {"gemini-", "google", false},
        {"gemma-", "google", true},
        {"grok-", "x-ai", false},
        {"mistral-", "mistral", true},
        {"mixtral-", "mistral", true},
        {"codestral", "mistral", true},
        {"ministral-", "mistral", true},
        {"magistral-", "mistral", true},
        {"devstral-", "mistral", true},
        {"pixtral-", "mistral", true},
        {"voxtral-", "mistral", true},
        {"deepseek-", "deepseek", true},
        {"command", "cohere", false},
        {"embed-v4", "cohere", false},
        {"nova-", "aws", false},
        {"titan-", "aws", false},
    };
    *ret_open = false;
    for (size_t i = 0; i < ARRAY_LEN(makers); i++) {
        if (!str_starts(key, str_of(makers[i].start)))
            continue;
        *ret_open = makers[i].open;
        return str_of(makers[i].maker);
    }
    return STR_NONE;
}

/* "claude", then family, then version, then the rest, so that both word orders are one:
 * claude-3.5-sonnet, claude-haiku-4-5-20251001. A minor version 0 is dropped. */
static size_t claude_order(char *text, size_t n)
{
    static const char *const families[] = {"opus", "sonnet", "haiku", "fable", "instant", NULL};
    char copy[PRICE_NAME_MAX];
    str part, rest = {copy, n}, family = STR_NONE, version[2] = {STR_NONE, STR_NONE}, tail[24];
    size_t n_tail = 0, n_version = 0;
    memcpy(copy, text, n);
    for (size_t i = 1; i + 1 < n; i++)
        if (copy[i] == '.' && is_digit(copy[i - 1]) && is_digit(copy[i + 1]))
            copy[i] = '-';
    if (!str_cut(&rest, '-', &part) || !str_eq(part, S("claude")))
        return n;
    while (str_cut(&rest, '-', &part)) {
        if (!family.n && one_of(part, families))
            family = part;
        else if (n_version < 2 && !n_tail && part.n <= 2 && all_digits(part))
            version[n_version++] = part;
        else if (n_tail < ARRAY_LEN(tail))
            tail[n_tail++] = part;
        else
            return n;
    }
    if (!family.n || !n_version)
        return n;
    if (n_version == 2 && number(version[1]) == 0)
        n_version = 1;
    size_t at = sizeof "claude" - 1;
    str words[28] = {family, version[0], version[1]};
    size_t k = 1 + n_version;
    for (size_t i = 0; i < n_tail; i++)
        words[k++] = tail[i];
    for (size_t i = 0; i < k; i++) {
        text[at++] = '-';
        memcpy(text + at, words[i].p, words[i].n);
        at += words[i].n;
    }
    return at;
}

/* Takes Bedrock's "us." and "anthropic." off the front and ":0", "-v1:0" off the end. */
static str bedrock_core(str s, struct price_name *ret)
{
    static const char *const regions[] = {"us", "eu", "apac", "ap",     "jp",     "au",       "ca",
                                          "sa", "me", "af",   "us-gov", "global", "regional", NULL};
    static const char *const vendors[] = {
        "anthropic", "amazon", "meta",   "mistral", "cohere",   "openai",  "deepseek",  "qwen",
        "google",    "ai21",   "nvidia", "writer",  "moonshot", "minimax", "stability", NULL};
    size_t dot = str_find_char(s, '.', 0);
    bool found = false;
    if (dot != SIZE_MAX && one_of(str_sub(s, 0, dot), regions)) {
        ret->global = str_eq(str_sub(s, 0, dot), S("global"));
        found = true;
        s = str_sub(s, dot + 1, s.n);
        dot = str_find_char(s, '.', 0);
    }
    if (dot != SIZE_MAX && one_of(str_sub(s, 0, dot), vendors)) {
        found = true;
        s = str_sub(s, dot + 1, s.n);
    }
    if (found)
        ret->host = S("aws");
    size_t end = s.n;
    while (end && is_digit(s.p[end - 1]))
        end--;
    if (end < s.n && end && s.p[end - 1] == ':') {
        found = true;
        s = str_sub(s, 0, end - 1);
        size_t cut = s.n;
        while (cut && is_digit(s.p[cut - 1]))
            cut--;
        size_t digits = s.n - cut;
        if (digits && cut > 1 && s.p[cut - 1] == '-' && digits <= 2)
            s = str_sub(s, 0, cut - 1); /* gpt-oss-120b-1:0 */
        else if (digits && cut > 2 && s.p[cut - 1] == 'v' && s.p[cut - 2] == '-')
            s = str_sub(s, 0, cut - 2);
    } else if (found && end > 2 && end < s.n && s.p[end - 1] == 'v' && s.p[end - 2] == '-' &&
               str_starts(s, S("claude-"))) {
        s = str_sub(s, 0, end - 2); /* claude-opus-4-6-v1 */
    }
    return s;
}

/* Length of s without a snapshot at its end: -20250929, -2024-08-06, -0613, -preview-05-20, -001.
 */
static size_t base_length(str s)
{
    size_t n = s.n;
    if (n > 11 && s.p[n - 11] == '-' && s.p[n - 6] == '-' && s.p[n - 3] == '-') {
        str year = str_sub(s, n - 10, n - 6), mon = str_sub(s, n - 5, n - 3),
            mday = str_sub(s, n - 2, n);
        if (all_digits(year) && all_digits(mon) && all_digits(mday) &&
            civil_is_valid(number(year), number(mon), number(mday)))
            return n - 11;
    }
    if (n > 9 && s.p[n - 9] == '-' && all_digits(str_sub(s, n - 8, n))) {
        int v = number(str_sub(s, n - 8, n));
        if (v / 10000 >= 2000 && v / 10000 < 2100 &&
            civil_is_valid(v / 10000, v / 100 % 100, v % 100))
            return n - 9;
    }
    if (n > 5 && s.p[n - 5] == '-' && all_digits(str_sub(s, n - 4, n))) {
        int v = number(str_sub(s, n - 4, n));
        if (civil_is_valid(2024, v / 100, v % 100))
            return n - 5;
    }
    if (n > 6 && s.p[n - 6] == '-' && s.p[n - 3] == '-' &&
        str_ends(str_sub(s, 0, n - 6), S("-preview"))) {
        str mon = str_sub(s, n - 5, n - 3), mday = str_sub(s, n - 2, n);
        if (all_digits(mon) && all_digits(mday) && civil_is_valid(2024, number(mon), number(mday)))
            return n - 6;
    }
    if (n > 4 && str_eq(str_sub(s, n - 4, n - 1), S("-00")) && s.p[n - 1] >= '1' &&
        s.p[n - 1] <= '9')
        return n - 4;
    return n;
}

void price_name_read(str model, struct price_name *ret)
{
    ret->key = ret->base = ret->host = STR_NONE;
    ret->global = false;
    model = str_trim(model);
    char low[PRICE_NAME_MAX], room[PRICE_NAME_MAX];
    if (!model.n || model.n > PRICE_NAME_MAX)
        return;
    for (size_t i = 0; i < model.n; i++) {
        char c = model.p[i];
        low[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c == ' ' || c == '@' ? '-' : c);
    }
    str s = {low, model.n}, part;
    for (size_t slash; (slash = str_find_char(s, '/', 0)) != SIZE_MAX;
         s = str_sub(s, slash + 1, s.n)) {
        part = price_provider(str_sub(s, 0, slash), room);
        for (size_t i = 0; i < ARRAY_LEN(PROVIDERS); i++)
            if (!ret->host.n && str_eq(part, str_of(PROVIDERS[i].provider)))
                ret->host = str_of(PROVIDERS[i].provider);
    }
    s = bedrock_core(s, ret);
    if (str_ends(s, S("-latest")))
        s = str_sub(s, 0, s.n - 7);
    else if (str_ends(s, S("-default")))
        s = str_sub(s, 0, s.n - 8);
    if (!s.n)
        return;
    size_t n = 0;
    if (str_starts(s, S("gpt-35-"))) { /* Azure's spelling */
        memcpy(ret->text, "gpt-3.5", 7);
        n = 7;
        s = str_sub(s, 6, s.n);
    }
    memcpy(ret->text + n, s.p, s.n);
    n += s.n;
    if (str_starts((str){ret->text, n}, S("claude-")))
        n = claude_order(ret->text, MIN(n, (size_t)PRICE_NAME_MAX));
    ret->key = (str){ret->text, n};
    ret->base = str_sub(ret->key, 0, base_length(ret->key));
}
