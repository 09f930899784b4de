/* schema_json.c - the tables of schema.c as JSON Schema for editors and as Markdown for the docs.
 */
#include "plan/schema.h"

static void quoted(struct buf *b, const char *s)
{
    buf_addc(b, '"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            buf_addc(b, '\\');
        buf_addc(b, *s);
    }
    buf_addc(b, '"');
}

/* Every schema that is reachable, depth first, each once. */
struct walk {
    const struct schema *seen[64];
    size_t n;
};

static void collect(struct walk *w, const struct schema *s)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->seen[i] == s)
            return;
    BUG_IF(w->n == ARRAY_LEN(w->seen));
    w->seen[w->n++] = s;
    for (const struct field *f = s->fields; f->key; f++)
        if (f->sub)
            collect(w, f->sub);
}

static void value_type(struct buf *b, const struct field *f)
{
    static const char scalar[] = "{\"type\": [\"string\", \"number\"]}";
    bool map = f->flags & (CURVE | SCHEDULE | SOURCED);
    switch (f->kind) {
    case KEY_TEXT:
        buf_add(b, S("\"type\": [\"string\", \"number\", \"boolean\"]"));
        return;
    case KEY_ID:
        buf_add(b, S("\"type\": [\"string\", \"number\"], \"pattern\": \"^[A-Za-z0-9_-]+$\""));
        return;
    case KEY_WORD:
        buf_add(b, S("\"enum\": ["));
        for (size_t i = 0; f->words[i]; i++) {
            buf_add(b, i ? S(", ") : S(""));
            quoted(b, f->words[i]);
        }
        if (strcmp(f->words[0], "no") ==
            0) /* editors that read YAML 1.1 see yes and no as booleans */
            buf_add(b, S(", true, false"));
        buf_addc(b, ']');
        return;
    case KEY_MONTH:
        buf_add(b, S("\"type\": \"string\", \"pattern\": \"^[0-9]{4}-[0-9]{1,2}$\""));
        return;
    case KEY_QUANTITY:
        if (map)
            buf_fmt(b, "\"anyOf\": [%s, {\"$ref\": \"#/$defs/months\"}]", scalar);
        else
            buf_add(b, S("\"type\": [\"string\", \"number\"]"));
        return;
    case KEY_TEXTS:
        buf_fmt(b, "\"anyOf\": [%s, {\"type\": \"array\", \"items\": %s}]", scalar, scalar);
        return;
    case KEY_BAND:
        buf_fmt(b, "\"type\": \"array\", \"items\": %s, \"minItems\": 2, \"maxItems\": 2", scalar);
        return;
    case KEY_MAP:
        buf_fmt(b, "\"$ref\": \"#/$defs/%s\"", f->sub->name);
        return;
    case KEY_LIST:
        buf_fmt(b, "\"type\": [\"array\", \"null\"], \"items\": {\"$ref\": \"#/$defs/%s\"}",
                f->sub->name);
        return;
    case KEY_NAMED:
        buf_fmt(b,
                "\"type\": [\"object\", \"null\"], \"additionalProperties\": {\"$ref\": "
                "\"#/$defs/%s\"}",
                f->sub->name);
        return;
    case KEY_QUANTITIES:
        buf_fmt(b,
                "\"type\": [\"object\", \"null\"], \"additionalProperties\": {\"anyOf\": [%s, "
                "{\"$ref\": \"#/$defs/months\"}]}",
                scalar);
        return;
    case KEY_WEIGHTS:
        buf_fmt(
            b,
            "\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"object\", \"additionalProperties\": "
            "%s}]",
            scalar);
        return;
    case KEY_PRICES:
        buf_add(
            b,
            S("\"type\": [\"object\", \"null\"], \"additionalProperties\": {\"anyOf\": [{\"$ref\": "
              "\"#/$defs/price\"}, {\"type\": \"array\", \"items\": {\"$ref\": "
              "\"#/$defs/price\"}}]}"));
        return;
    case KEY_NODE:
        buf_add(b, S("\"type\": \"object\""));
        return;
    }
    UNREACHABLE();
}

static void map_schema(struct buf *b, const struct schema *s, const char *indent)
{
    bool first = true;
    buf_fmt(b, "%s\"description\": ", indent);
    quoted(b, s->help);
    buf_fmt(b, ",\n%s\"type\": [\"object\"%s],\n%s\"additionalProperties\": false,\n", indent,
            strcmp(s->name, "scenario") == 0 ? ", \"null\"" : "", indent);
    for (const struct field *f = s->fields; f->key; f++) {
        if (!(f->flags & REQUIRED))
            continue;
        if (first)
            buf_fmt(b, "%s\"required\": [", indent);
        else
            buf_add(b, S(", "));
        quoted(b, f->key);
        first = false;
    }
    if (!first)
        buf_add(b, S("],\n"));
    buf_fmt(b, "%s\"properties\": {\n", indent);
    for (const struct field *f = s->fields; f->key; f++) {
        buf_fmt(b, "%s  \"%s\": {\"description\": ", indent, f->key);
        quoted(b, f->help);
        buf_add(b, S(", "));
        value_type(b, f);
        buf_fmt(b, "}%s\n", f[1].key ? "," : "");
    }
    buf_fmt(b, "%s}", indent);
}

void plan_schema_json(struct buf *b)
{
    struct walk w = {.n = 0};
    collect(&w, &PLAN_SCHEMA);
    collect(&w, &PRICE_SCHEMA);
    buf_add(b, S("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
                 "  \"title\": \"outlay plan\",\n"));
    map_schema(b, &PLAN_SCHEMA, "  ");
    buf_add(b,
            S(",\n  \"$defs\": {\n"
              "    \"months\": {\n"
              "      \"description\": \"A curve {2026-07: 9k}, a schedule {at: {2026-09: 40}}, or "
              "{value: ..., source: ...}.\",\n      \"type\": \"object\"\n    }"));
    for (size_t i = 1; i < w.n; i++) {
        buf_fmt(b, ",\n    \"%s\": {\n", w.seen[i]->name);
        map_schema(b, w.seen[i], "      ");
        buf_add(b, S("\n    }"));
    }
    buf_add(b, S("\n  }\n}\n"));
}

/* --- Markdown --- */

static void forms(struct buf *b, const struct field *f)
{
    static const struct {
        unsigned flag;
        const char *word;
    } extra[] = {{CURVE, "curve"}, {SCHEDULE, "schedule"}, {FORMULA, "formula"}};
    static const char *const kinds[] = {[KEY_TEXT] = "text",
                                        [KEY_ID] = "id",
                                        [KEY_WORD] = "word",
                                        [KEY_MONTH] = "month",
                                        [KEY_QUANTITY] = "number",
                                        [KEY_TEXTS] = "list of texts",
                                        [KEY_BAND] = "band",
                                        [KEY_MAP] = "map",
                                        [KEY_LIST] = "list",
                                        [KEY_NAMED] = "map of names",
                                        [KEY_QUANTITIES] = "map of numbers",
                                        [KEY_WEIGHTS] = "name, or map of weights",
                                        [KEY_PRICES] = "map of prices",
                                        [KEY_NODE] = "map"};
    if (f->kind == KEY_WORD) {
        for (size_t i = 0; f->words[i]; i++)
            buf_fmt(b, "%s`%s`", i ? ", " : "", f->words[i]);
        return;
    }
    if (f->kind != KEY_QUANTITY) {
        buf_fmt(b, "%s", kinds[f->kind]);
        return;
    }
    buf_add(b, str_of(f->flags & MONEY   ? "money"
                      : f->flags & SHARE ? "share"
                      : f->flags & SPAN  ? "months"
                                         : "number"));
    if (f->flags & PER_MO)
        buf_add(b, S(" /mo"));
    if (f->flags & PER_YR)
        buf_add(b, S(" /yr"));
    if (f->flags & ONCE)
        buf_add(b, S(" once"));
    if (!(f->flags & FIXED))
        buf_add(b, S(", range"));
    for (size_t i = 0; i < ARRAY_LEN(extra); i++)
        if (f->flags & extra[i].flag)
            buf_fmt(b, ", %s", extra[i].word);
}

void plan_schema_markdown(struct buf *b)
{
    struct walk w = {.n = 0};
    collect(&w, &PLAN_SCHEMA);
    collect(&w, &PRICE_SCHEMA);
    for (size_t i = 0; i < w.n; i++) {
        const struct schema *s = w.seen[i];
        buf_fmt(b, "### %s\n\n%s\n\n| key | holds | meaning |\n|---|---|---|\n", s->name, s->help);
        for (const struct field *f = s->fields; f->key; f++) {
            buf_fmt(b, "| `%s`%s | ", f->key, f->flags & REQUIRED ? " (required)" : "");
            forms(b, f);
            buf_fmt(b, " | %s |\n", f->help);
        }
        buf_addc(b, '\n');
    }
}
