/* rules_pattern.h - the pattern language of classification rules.
 *
 *   Amazon Bedrock*   a glob over the whole value: '*' any text, '?' one character
 *   ~PTU              a word search: the text anywhere in the value, not inside a longer word
 *   ~g5.*large        in a word search '*' and '?' stay inside a word, a blank stands for one or
 * more blanks, hyphens or underscores, and an open end ('~copilot*') takes longer words
 *   /^USE1-.*Tokens/  a regular expression found anywhere (only vectorscan can match it)
 *   (empty)           the value is absent
 *
 * All ignore case (globs and words: of A-Z). '\' takes the next character literally. A pattern that
 * is not empty never matches an absent value, so '*' means "has any value". */
#ifndef INGEST_RULES_PATTERN_H
#define INGEST_RULES_PATTERN_H

#include "base/arena.h"
#include "base/str.h"

enum pattern_kind { PATTERN_ABSENT, PATTERN_GLOB, PATTERN_WORD, PATTERN_REGEX };

#define PATTERN_BYTES 1000 /* longest pattern */

struct pattern {
    enum pattern_kind kind;
    str text; /* as written */
    str body; /* PATTERN_REGEX: between the slashes */
    const uint16_t
        *tokens; /* PATTERN_GLOB, PATTERN_WORD: lower-case bytes, or enum pattern_token */
    size_t n;
    str literal; /* longest run of bytes every match contains, lower-case; empty: none */
};

enum pattern_token { TOKEN_ANY = 256 /* '*' */, TOKEN_ONE /* '?' */, TOKEN_GAP /* ' ' in words */ };

/* Lives in a; `text` must live as long. False: *ret_at is the byte that is wrong, *ret_why says
 * how. */
MUST_CHECK bool pattern_parse(struct arena *a, str text, struct pattern *ret, size_t *ret_at,
                              const char **ret_why);
/* Exact, in time proportional to both lengths. Not for PATTERN_REGEX. */
bool pattern_matches(const struct pattern *p, str value);

#endif
