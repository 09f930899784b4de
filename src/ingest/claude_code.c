/* claude_code.c - session logs of Claude Code: a JSON line per event, of which only usage is read.
 *
 * An answer that streams is logged several times under one message id, each time with more output;
 * the most complete counts, once. Later sessions repeat earlier ones, so the sink is asked whether
 * another file had the message. No text, path, user or e-mail is ever taken out of a line. */
#include "base/map.h"
#include "ingest/json_doc.h"

struct message {
    dec cost; /* the log's own; DEC_NULL when it has none */
    struct token_counts tokens;
    str identity, model,
        tier; /* interned in the session; identity is empty when the log gives none */
    int64_t searches;
    uint64_t line;
    day on;
};

struct session {
    struct doc_reader r;
    struct arena kept; /* messages and their text, until the end of the file */
    struct map seen;   /* identity to index */
    struct map names;  /* models and tiers, each once */
    struct message *items;
    size_t n, cap;
    uint64_t not_priced; /* messages with work that tokens do not price */
};

static int bid(const struct probe *p)
{
    if (!head_has(p, "\"usage\"") || !head_has(p, "\"message\""))
        return p->shape == SHAPE_JSON_LINES && head_has(p, "\"sessionId\"") &&
                       head_has(p, "\"parentUuid\"")
                   ? 60
                   : 0;
    if (head_has(p, "\"cache_read_input_tokens\"") ||
        head_has(p, "\"cache_creation_input_tokens\""))
        return head_has(p, "\"sessionId\"") || head_has(p, "\"requestId\"") ? 96 : 70;
    return head_has(p, "\"sessionId\"") && head_has(p, "\"requestId\"") ? 80 : 0;
}

static str intern(struct session *s, str name)
{
    struct map_entry *e = map_get(&s->names, name);
    return e ? e->key : name.n ? map_put(&s->names, str_dup(&s->kept, name), NULL)->key : STR_NONE;
}

static bool read_message(struct session *s, const struct json *line, const struct json *usage,
                         struct message *m)
{
    struct doc_reader *r = &s->r;
    struct usage u;
    if (!doc_day(r, line, "timestamp", &m->on) || !doc_money(r, line, "costUSD", 0, &m->cost))
        return false;
    if (!usage_buckets(USAGE_ANTHROPIC, usage, &u, r->e))
        return err_wrap(r->e, "%.*s", FMT(r->d->path));
    m->tokens = u.tokens;
    m->model = intern(s, json_text(json_path(line, "message.model")));
    str speed = json_text(json_get(usage, "speed"));
    m->tier = intern(s, speed.n && !str_eq(speed, S("standard")) ? speed : u.tier);
    for (size_t i = 0; i < u.n_parts; i++)
        if (str_eq(str_of(u.parts[i].what), S("web searches")))
            m->searches = u.parts[i].count;
    s->not_priced += u.n_parts > 0 && dec_is_null(m->cost);
    return true;
}

/* Whether b says more about the same message than a. */
static bool says_more(const struct message *a, const struct message *b)
{
    if (a->tokens.out != b->tokens.out)
        return b->tokens.out > a->tokens.out;
    return !dec_is_null(b->cost) || dec_is_null(a->cost);
}

static bool missing(struct session *s, const struct json *line, const struct json *usage)
{
    bool no_model = json_is_null(json_path(line, "message.model"));
    doc_fault(&s->r, usage, "usage without 'timestamp'%s: it belongs to no day",
              no_model ? " and 'message.model'" : "");
    return err_hint(s->r.e, "This is not a whole session log. Import the files under "
                            "~/.claude/projects as they are.");
}

static bool read_line(struct session *s, const struct json *line)
{
    const struct json *usage = json_path(line, "message.usage");
    if (!usage || usage->kind != JSON_MAP)
        return true; /* what users write, summaries, tools: no usage */
    if (str_eq(json_text(json_path(line, "message.model")), S("<synthetic>")))
        return true; /* made by the program, never sent */
    if (json_is_null(json_get(line, "timestamp")))
        return missing(s, line, usage);
    struct message m = {.line = s->r.line};
    if (!read_message(s, line, usage, &m))
        return false;
    str id = json_text(json_path(line, "message.id"));
    if (id.n) {
        m.identity = str_fmt(&s->kept, "claude %.*s %.*s", FMT(id),
                             FMT(json_text(json_get(line, "requestId"))));
        bool new;
        struct map_entry *e = map_put(&s->seen, m.identity, &new);
        if (!new) {
            struct message *old = &s->items[e->num];
            if (says_more(old, &m))
                *old = m;
            return true;
        }
        e->num = (int64_t)s->n;
    }
    s->items = arena_grow(&s->kept, s->items, sizeof *s->items, &s->cap, s->n + 1);
    s->items[s->n++] = m;
    return true;
}

static bool emit(struct session *s, const struct message *m)
{
    struct doc_reader *r = &s->r;
    struct spend_row row;
    spend_row_clear(&row);
    row.day = m->on;
    row.billed = row.effective = m->cost;
    if (!currency_parse(S("USD"), &row.currency))
        UNREACHABLE();
    doc_set_tokens(&row, &m->tokens);
    row.requests = 1;
    row.text[SPEND_PROVIDER] = S("Anthropic");
    row.text[SPEND_SERVICE] = S("Claude Code");
    row.text[SPEND_METER] = S("tokens");
    row.text[SPEND_MODEL] = m->model;
    row.text[SPEND_TIER] = m->tier;
    r->line = m->line;
    if (!doc_emit(r, &row))
        return false;
    /* a cost of the log's own covers its searches */
    if (!m->searches || !dec_is_null(m->cost))
        return true;
    row.text[SPEND_TIER] = STR_NONE;
    return doc_emit_count(r, &row, "web searches", "calls", m->searches);
}

static bool emit_all(struct session *s)
{
    struct doc_reader *r = &s->r;
    uint64_t repeated = 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct message *m = &s->items[i];
        if (m->identity.n && r->sink->claim && !r->sink->claim(r->sink->ctx, m->identity))
            repeated++;
        else if (!emit(s, m))
            return false;
    }
    if (repeated)
        reader_note(r,
                 "messages that an earlier file of this import has were not counted again: %llu.",
                 (unsigned long long)repeated);
    if (s->not_priced)
        reader_note(r,
                 "messages with what a price per token does not cover (searches, fast mode, work "
                 "inside a request): %llu.",
                 (unsigned long long)s->not_priced);
    return true;
}

static bool read(struct document *d, const struct row_sink *sink, struct err *e)
{
    struct session s = {.n = 0};
    bool ok = true;
    doc_init(&s.r, d, sink, e);
    map_init(&s.seen, &s.kept);
    map_init(&s.names, &s.kept);
    while (ok) {
        const struct json *line;
        ok = doc_next(&s.r, &line);
        if (!ok || !line)
            break;
        ok = read_line(&s, line);
    }
    ok = doc_end(&s.r, ok && emit_all(&s));
    arena_release(&s.kept);
    return ok;
}

const struct importer importer_claude_code = {
    .name = "claude_code",
    .title = "Claude Code session logs (JSON lines)",
    .summary = "Usage per answer; the log's own cost where it has one, else the price book's. No "
               "text is kept.",
    .provider = "Anthropic",
    .shapes = 1 << SHAPE_JSON_LINES | 1 << SHAPE_JSON,
    .tokens = INPUT_EXCLUDES_CACHE,
    .currency = "USD",
    .bid = bid,
    .read = read,
};
