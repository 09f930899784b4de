/* rules_builtin.c - the built-in rules: share/ai_services.csv, one rule a line.
 *
 *   id          stable, becomes "builtin:ID"
 *   provider    who must sell or publish it ("AWS" with its other names), or '*'
 *   field       what is looked at, several joined by '|'; the first gives the rule its rank
 *   pattern     rules_pattern.h, several joined by ' | '
 *   where       further conditions "field=pattern", joined by ' ; '; a leading '!' must not hold
 *   category, confidence, note */
#include "ingest/rules_int.h"

#include "base/share.h"

#define BUILTIN "share/ai_services.csv"

enum {
    COL_ID,
    COL_PROVIDER,
    COL_FIELD,
    COL_PATTERN,
    COL_WHERE,
    COL_CATEGORY,
    COL_CONFIDENCE,
    COL_NOTE,
    COLS
};

enum { PARTS_MOST = 32 };

/* Cells of one line, "" inside quotes undone. */
static bool cut_line(struct arena *a, str line, str cells[COLS])
{
    size_t n = 0, i = 0;
    for (;;) {
        if (n == COLS)
            return false;
        char *out = arena_new(a, char, line.n - i + 1);
        size_t len = 0;
        bool quoted = i < line.n && line.p[i] == '"';
        for (i += quoted; i < line.n; i++) {
            if (quoted && line.p[i] == '"') {
                if (i + 1 < line.n && line.p[i + 1] == '"') {
                    i++;
                } else {
                    i++;
                    break;
                }
            } else if (!quoted && line.p[i] == ',') {
                break;
            }
            out[len++] = line.p[i];
        }
        cells[n++] = (str){out, len};
        if (i >= line.n)
            return n == COLS;
        if (line.p[i++] != ',')
            return false;
    }
}

static bool cut_text(str *rest, str sep, str *ret)
{
    if (!rest->p)
        return false;
    size_t at = str_find(*rest, sep, 0);
    *ret = str_trim(str_sub(*rest, 0, MIN(at, rest->n)));
    *rest = at == SIZE_MAX ? STR_NONE : str_sub(*rest, at + sep.n, rest->n);
    return true;
}

static bool parse_patterns(struct arena *a, str text, struct pattern **ret, size_t *ret_n,
                           struct err *e)
{
    struct pattern *patterns = arena_new(a, struct pattern, PARTS_MOST);
    size_t n = 0, at;
    str part;
    const char *why;
    while (cut_text(&text, S(" | "), &part)) {
        if (n == PARTS_MOST)
            return err_set(e, ERR_FAILED, "more than %d patterns", PARTS_MOST);
        if (!pattern_parse(a, part, &patterns[n++], &at, &why))
            return err_set(e, ERR_FAILED, "pattern '%.*s': %s", FMT(part), why);
    }
    *ret = patterns;
    *ret_n = n;
    return true;
}

static bool condition(struct rules_builder *b, str names, str pattern, uint32_t *ret,
                      uint8_t *ret_first, struct err *e)
{
    uint8_t fields[SPEND_TEXTS * 2];
    size_t n = 0;
    str name, rest = names;
    while (cut_text(&rest, S("|"), &name)) {
        uint8_t some[SPEND_TEXTS];
        size_t n_some;
        bool full;
        if (!rules_fields(b, name, some, &n_some, &full) || n + n_some > sizeof fields)
            return err_set(e, ERR_FAILED, "unknown field '%.*s'", FMT(name));
        memcpy(fields + n, some, n_some);
        n += n_some;
    }
    struct pattern *patterns = NULL;
    size_t n_patterns = 0;
    if (!parse_patterns(b->a, pattern, &patterns, &n_patterns, e))
        return false;
    *ret = rules_cond(b, names, fields, n, patterns, n_patterns);
    *ret_first = fields[0];
    return true;
}

static uint32_t seller_cond(struct rules_builder *b, str provider)
{
    static const uint8_t FIELDS_OF[] = {SPEND_PROVIDER, SPEND_PUBLISHER};
    const char *const *alias = rules_provider_alias(provider);
    struct pattern *patterns = arena_new(b->a, struct pattern, 8);
    size_t n = 0, at;
    const char *why;
    if (!alias)
        BUG_IF(!pattern_parse(b->a, provider, &patterns[n++], &at, &why));
    for (; alias && *alias; alias++)
        BUG_IF(!pattern_parse(b->a, str_of(*alias), &patterns[n++], &at, &why));
    return rules_cond(b, S("provider"), FIELDS_OF, 2, patterns, n);
}

/* What a bill says most precisely comes first among equally confident rules. */
static uint8_t rank_of(uint8_t field)
{
    switch (field) {
    case SPEND_METER:
    case SPEND_SKU:
    case SPEND_SKU_DETAILS:
    case SPEND_UNIT:
        return 0;
    case SPEND_RESOURCE_TYPE:
        return 1;
    case SPEND_SERVICE_CODE:
        return 2;
    case SPEND_SERVICE:
        return 3;
    case SPEND_SERVICE_CATEGORY:
    case SPEND_SERVICE_SUBCATEGORY:
        return 5;
    default:
        return 4;
    }
}

static bool where(struct rules_builder *b, str text, uint32_t *all, size_t *n_all, uint32_t *none,
                  size_t *n_none, struct err *e)
{
    str part;
    uint8_t first;
    while (text.n && cut_text(&text, S(" ; "), &part)) {
        bool negated = str_starts(part, S("!"));
        size_t eq = str_find_char(part, '=', 0);
        if (eq == SIZE_MAX || *n_all == PARTS_MOST || *n_none == PARTS_MOST)
            return err_set(e, ERR_FAILED, "condition '%.*s' lacks '='", FMT(part));
        uint32_t *to = negated ? &none[(*n_none)++] : &all[(*n_all)++];
        if (!condition(b, str_sub(part, negated, eq), str_sub(part, eq + 1, part.n), to, &first, e))
            return false;
    }
    return true;
}

static bool add_rule(struct rules_builder *b, const str cells[COLS], uint32_t line, struct err *e)
{
    struct arena *a = b->a;
    uint32_t *all = arena_new(a, uint32_t, PARTS_MOST), *none = arena_new(a, uint32_t, PARTS_MOST);
    struct rule rule = {.all = all, .none = none, .n_all = 1, .seller = COND_NONE, .n_parts = 1};
    uint8_t first;
    int64_t confidence;
    enum category category;
    if (!str_to_i64(cells[COL_CONFIDENCE], &confidence) || confidence < 0 || confidence > 100)
        return err_set(e, ERR_FAILED, "confidence '%.*s'", FMT(cells[COL_CONFIDENCE]));
    if (!category_parse(cells[COL_CATEGORY], &category))
        return err_set(e, ERR_FAILED, "category '%.*s'", FMT(cells[COL_CATEGORY]));
    if (!condition(b, cells[COL_FIELD], cells[COL_PATTERN], &all[0], &first, e) ||
        !where(b, cells[COL_WHERE], all, &rule.n_all, none, &rule.n_none, e))
        return false;
    bool any = str_eq(cells[COL_PROVIDER], S("*"));
    if (!any)
        rule.seller = seller_cond(b, cells[COL_PROVIDER]);
    rule.rank = rank_of(first);
    struct rule_part *part = arena_new(a, struct rule_part, 1);
    *part = (struct rule_part){
        .share_ppm = 1000000,
        .category = confidence < CONFIDENCE_REVIEW ? CATEGORY_REVIEW : category,
    };
    rule.parts = part;
    const str *c = cells;
    struct rule_info info = {
        .id = str_fmt(a, "builtin:%.*s", FMT(c[COL_ID])),
        .builtin = true,
        .text = str_fmt(a, "%.*s%s%.*s %.*s%s%.*s", any ? 0 : (int)c[COL_PROVIDER].n,
                        c[COL_PROVIDER].p, any ? "" : ": ", FMT(c[COL_FIELD]), FMT(c[COL_PATTERN]),
                        c[COL_WHERE].n ? " ; " : "", FMT(c[COL_WHERE])),
        .note = c[COL_NOTE],
        .line = line,
        .category = category,
        .confidence = (uint8_t)confidence,
    };
    rules_add(b, &rule, &info);
    return true;
}

bool rules_add_builtin(struct rules_builder *b, struct err *e)
{
    str rest = share_file("ai_services.csv"), line;
    uint32_t number = 0;
    while (str_cut(&rest, '\n', &line)) {
        str cells[COLS];
        if (++number == 1 || !line.n)
            continue;
        if (!cut_line(b->a, line, cells))
            return err_set(e, ERR_FAILED, BUILTIN ":%u: not %d cells", number, COLS);
        if (!add_rule(b, cells, number, e))
            return err_wrap(e, BUILTIN ":%u", number);
    }
    return true;
}
