/* yaml.c - the strict subset of YAML over libyaml's events; the one home of yaml.h.
 *
 * Events rather than libyaml's documents: every event carries its anchor, tag and style, which are
 * faults here, and nesting can be refused while it happens (libyaml needs quadratic time for deep
 * flow nesting, but looks at most one kilobyte ahead of the event it hands out). */
#include "base/yaml.h"

#include <stdarg.h>
#include <yaml.h>

#include "base/limits.h"
#include "base/map.h"

struct parse {
    struct arena *a;
    struct diags *d;
    struct yaml_file *f;
    yaml_parser_t parser;
    yaml_event_t event;
    size_t n_nodes;
    size_t flow;  /* [] and {} that are open */
    bool stopped; /* nothing more can be read; the fault is reported */
};

/* --- places --- */

static void index_lines(struct arena *a, struct yaml_file *f)
{
    size_t cap = 0, n = 0;
    uint32_t *starts = arena_grow(a, NULL, sizeof *starts, &cap, 1);
    starts[n++] = 0;
    for (size_t i = 0; i < f->text.n; i++) {
        char c = f->text.p[i];
        if (c == '\r' && i + 1 < f->text.n && f->text.p[i + 1] == '\n')
            continue;
        if (c != '\n' && c != '\r')
            continue;
        starts = arena_grow(a, starts, sizeof *starts, &cap, n + 1);
        starts[n++] = (uint32_t)i + 1;
    }
    f->line_starts = starts;
    f->n_lines = n;
}

static str line_text(const struct yaml_file *f, uint32_t line)
{
    if (!line || line > f->n_lines)
        return STR_NONE;
    size_t to = line < f->n_lines ? f->line_starts[line] : f->text.n;
    str s = str_sub(f->text, f->line_starts[line - 1], to);
    while (s.n && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
        s.n--;
    return s;
}

static struct diag_place place_at(const struct yaml_file *f, size_t line, size_t column,
                                  size_t width)
{
    return (struct diag_place){.file = f->path,
                               .line = (uint32_t)line,
                               .column = (uint32_t)column,
                               .width = (uint32_t)width,
                               .source_line = line_text(f, (uint32_t)line)};
}

struct diag_place yaml_place(const struct yaml_node *n)
{
    return place_at(n->file, n->line, n->column, n->width);
}

static void fault_at(struct parse *p, yaml_mark_t at, size_t width, str hint, const char *text)
{
    diags_add(p->d, DIAG_ERROR, place_at(p->f, at.line + 1, at.column + 1, width), hint, "%s",
              text);
}

static void add_at_node(struct diags *d, enum diag_level level, const struct yaml_node *n, str hint,
                        const char *fmt, va_list ap)
{
    char text[2048];
    vsnprintf(text, sizeof text, fmt, ap);
    diags_add(d, level, yaml_place(n), hint, "%s", text);
}

void yaml_fault(struct diags *d, const struct yaml_node *n, str hint, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add_at_node(d, DIAG_ERROR, n, hint, fmt, ap);
    va_end(ap);
}

void yaml_warn(struct diags *d, const struct yaml_node *n, str hint, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    add_at_node(d, DIAG_WARNING, n, hint, fmt, ap);
    va_end(ap);
}

/* --- what libyaml cannot be asked about: bytes, control characters, tabs --- */

static size_t utf8_length(const char *p, size_t n)
{
    unsigned char c = (unsigned char)p[0];
    size_t k = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
    if (!k || k > n || !str_is_utf8((str){p, k}))
        return 0;
    return k;
}

struct scan {
    size_t line, column; /* of the character in hand, from 1 */
    char quote;          /* ' or " while inside one */
    bool comment, indent;
    size_t depth; /* of [] and {} */
    char before,
        prior; /* the character before; the last one that is no blank, 0 at a line's start */
};

/* Follows quotes and comments closely enough to know whether a tab stands in one. */
static void scan_context(struct scan *s, char c)
{
    bool token = !s->prior || (s->depth && strchr("[{,:", s->prior)) ||
                 (strchr("[{:-?", s->prior) && s->before == ' ');
    if (s->comment) {
        return;
    } else if (s->quote) {
        if (c == s->quote && !(c == '"' && s->before == '\\'))
            s->quote = 0;
    } else if (c == '#' && (!s->before || s->before == ' ' || s->before == '\t')) {
        s->comment = true;
    } else if ((c == '\'' || c == '"') && token) {
        s->quote = c;
    } else if ((c == '[' || c == '{') && (token || s->depth)) {
        s->depth++;
    } else if ((c == ']' || c == '}') && s->depth) {
        s->depth--;
    }
}

static const char *bad_character(const char *p, size_t k)
{
    unsigned char c = (unsigned char)p[0];
    if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
        return "a control character is not allowed";
    if (k == 2 && c == 0xc2 && (unsigned char)p[1] < 0xa0)
        return "a control character is not allowed";
    if (k == 3 && c == 0xe2 && (unsigned char)p[1] == 0x80 && ((unsigned char)p[2] & 0xfe) == 0xa8)
        return "a Unicode line separator is not allowed";
    if (k == 3 && c == 0xef && (unsigned char)p[1] >= 0xbb &&
        (memcmp(p, "\xef\xbb\xbf", 3) == 0 || memcmp(p, "\xef\xbf\xbe", 3) == 0 ||
         memcmp(p, "\xef\xbf\xbf", 3) == 0))
        return "an invisible byte order mark is not allowed here";
    return NULL;
}

static void fault_scan(struct parse *p, const struct scan *s, str hint, const char *text)
{
    diags_add(p->d, DIAG_ERROR, place_at(p->f, s->line, s->column, 1), hint, "%s", text);
}

/* False when libyaml should not see the text: faults are added then. Tabs between values are faults
 * that reading can go on after; tabs that indent are not. */
static bool prescan(struct parse *p)
{
    str t = p->f->text;
    struct scan s = {.line = 1, .column = 1, .indent = true};
    bool good = true;
    for (size_t i = 0, k; i < t.n; i += k) {
        k = utf8_length(t.p + i, t.n - i);
        if (!k) {
            struct diag_place at = place_at(p->f, s.line, s.column, 1);
            at.source_line = STR_NONE;
            diags_add(p->d, DIAG_ERROR, at, S("Save the file as UTF-8."),
                      "byte 0x%02x is not valid UTF-8 text", (unsigned char)t.p[i]);
            return false;
        }
        const char *bad = bad_character(t.p + i, k);
        if (bad) {
            fault_scan(p, &s, S("Remove it."), bad);
            good = false;
        }
        char c = t.p[i];
        if (c == '\n' || c == '\r') {
            if (c == '\r' && i + 1 < t.n && t.p[i + 1] == '\n')
                continue;
            s = (struct scan){.line = s.line + 1,
                              .column = 1,
                              .indent = true,
                              .quote = s.quote,
                              .depth = s.depth};
            continue;
        }
        if (c == '\t' && !s.comment && !s.quote) {
            fault_scan(p, &s, S("Use spaces."), "a tab is not allowed");
            good = good && !s.indent;
        }
        scan_context(&s, c);
        s.before = c;
        if (c != ' ' && c != '\t') {
            s.prior = c;
            s.indent = false;
        }
        s.column++;
    }
    return good;
}

/* --- syntax errors --- */

static void syntax_fault(struct parse *p)
{
    static const struct {
        const char *theirs, *ours, *hint;
        bool at_context; /* the place is where the thing began, not where reading got stuck */
    } rows[] = {
        {"could not find expected ':'", "this is not 'key: value'",
         "Put ': ' behind the key; a list item starts with '- '.", true},
        {"mapping values are not allowed in this context", "a ':' is not expected here",
         "Quote a value that contains ': ', or check the indentation of this line and the one "
         "above.",
         false},
        {"block sequence entries are not allowed in this context", "a '-' is not expected here",
         "Put the list on lines of its own below its key.", false},
        {"mapping keys are not allowed in this context", "a key is not expected here",
         "Check the indentation.", false},
        {"found character that cannot start any token", "a value cannot start with this character",
         "Put the value in quotes.", false},
        {"found unexpected end of stream", "the quote that opens here is never closed",
         "Close it on the same line.", true},
        {"found unexpected document indicator", "the quote that opens here is never closed",
         "Close it on the same line.", true},
        {"found unknown escape character", "unknown escape sequence in a \"quoted\" value",
         "Write \\\\ for a backslash, or use single quotes.", false},
        {"did not find expected hexdecimal number",
         "a hexadecimal number is expected in this escape",
         "Write \\\\ for a backslash, or use single quotes.", false},
        {"found invalid Unicode character escape code", "this escape is not a Unicode character",
         "Write \\\\ for a backslash, or use single quotes.", false},
        {"did not find expected ',' or ']'", "a ',' or ']' is expected here",
         "A list in [] stands on one line and is closed there.", false},
        {"did not find expected ',' or '}'", "a ',' or '}' is expected here",
         "A map in {} stands on one line and is closed there; quote a value that contains ','.",
         false},
        {"did not find expected key", "a key is expected here",
         "Check the indentation: keys of one map start in the same column.", false},
        {"did not find expected '-' indicator", "a '- ' is expected here",
         "Check the indentation: items of one list start in the same column.", false},
        {"did not find expected node content", "a value is expected here",
         "Put a value that starts with this character in quotes.", false},
        {"did not find expected alphabetic or numeric character",
         "a value cannot start with '&' or '*'", "Put the value in quotes.", true},
        {"did not find expected <document start>", "this does not belong to the document above",
         "Check the indentation: keys of one map start in the same column.", false},
    };
    const yaml_parser_t *y = &p->parser;
    const char *problem = y->problem ? y->problem : "cannot be read";
    p->stopped = true;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(problem, rows[i].theirs) == 0) {
            /* of [] and {} that go on: where they open */
            bool open = strstr(rows[i].theirs, "expected ','") &&
                        y->problem_mark.line != y->context_mark.line;
            if (open) {
                fault_at(p, y->context_mark, 1, str_of(rows[i].hint),
                         strchr(rows[i].theirs, ']') ? "the list that opens here is not closed"
                                                     : "the map that opens here is not closed");
                return;
            }
            bool begun = rows[i].at_context && y->context;
            fault_at(p, begun ? y->context_mark : y->problem_mark, 1, str_of(rows[i].hint),
                     rows[i].ours);
            return;
        }
    }
    char text[512];
    snprintf(text, sizeof text, "not valid: %s", problem);
    fault_at(p, y->problem_mark, 1,
             S("Only maps, lists, one-line {} and [] and comments are used here."), text);
}

/* The next event in p->event; false when reading has stopped. */
static bool next_event(struct parse *p)
{
    if (p->stopped)
        return false;
    yaml_event_delete(&p->event);
    if (!yaml_parser_parse(&p->parser, &p->event)) {
        BUG_IF(p->parser.error == YAML_MEMORY_ERROR);
        syntax_fault(p);
        return false;
    }
    return true;
}

/* --- nodes --- */

static struct yaml_node *new_node(struct parse *p, enum yaml_kind kind)
{
    struct yaml_node *n = arena_new(p->a, struct yaml_node, 1);
    const yaml_event_t *e = &p->event;
    *n = (struct yaml_node){.kind = kind,
                            .line = (uint32_t)e->start_mark.line + 1,
                            .column = (uint32_t)e->start_mark.column + 1,
                            .width = 1,
                            .file = p->f};
    if (n->line > p->f->n_lines) { /* an absent value at the end of a file without a line end */
        n->line = (uint32_t)p->f->n_lines;
        n->column = 1;
    }
    if (++p->n_nodes > LIMIT_YAML_NODES && !p->stopped) {
        char text[96];
        snprintf(text, sizeof text, "the file has more than %u values", LIMIT_YAML_NODES);
        fault_at(p, e->start_mark, 1, S("Split it with `include:`."), text);
        p->stopped = true;
    }
    return n;
}

static void refuse_marks(struct parse *p, const yaml_char_t *anchor, const yaml_char_t *tag)
{
    char text[256];
    if (anchor) {
        snprintf(text, sizeof text, "an anchor ('&%.100s') is not allowed", (const char *)anchor);
        fault_at(
            p, p->event.start_mark, 1,
            S("Write the value out where it is needed; a value that starts with '&' needs quotes."),
            text);
    }
    if (tag) {
        snprintf(text, sizeof text, "a tag ('%.100s') is not allowed", (const char *)tag);
        fault_at(
            p, p->event.start_mark, 1,
            S("Every value is text whose meaning comes from its key; a value that starts with '!' "
              "needs quotes."),
            text);
    }
}

static struct yaml_node *read_scalar(struct parse *p)
{
    struct yaml_node *n = new_node(p, YAML_SCALAR);
    const yaml_event_t *e = &p->event;
    yaml_scalar_style_t style = e->data.scalar.style;
    refuse_marks(p, e->data.scalar.anchor, e->data.scalar.tag);
    n->text = str_dup(p->a, (str){(const char *)e->data.scalar.value, e->data.scalar.length});
    n->quoted =
        style == YAML_SINGLE_QUOTED_SCALAR_STYLE || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    size_t wide =
        e->end_mark.line == e->start_mark.line ? e->end_mark.column - e->start_mark.column : 0;
    n->width = (uint32_t)MAX(wide, (size_t)1);
    n->bad = e->data.scalar.anchor || e->data.scalar.tag;
    if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE) {
        fault_at(p, e->start_mark, 1, S("Write the text on one line, in quotes where needed."),
                 "a text block ('|' or '>') is not allowed");
        n->bad = true;
    } else if (e->end_mark.line != e->start_mark.line && p->flow) {
        n->bad = true; /* told where the [] or {} opens */
    } else if (e->end_mark.line != e->start_mark.line) {
        n->bad = true;
        fault_at(
            p, e->start_mark, 1,
            S("Write it on one line; if the next line is a key of its own, check the ':' and the "
              "indentation."),
            "a value goes on over several lines");
    } else if (n->quoted && memchr(n->text.p, '\0', n->text.n)) {
        n->bad = true;
        fault_at(p, e->start_mark, wide, S("Remove the \\0."), "a value holds a NUL character");
    }
    return n;
}

static struct yaml_node *read_node(struct parse *p, size_t depth);

/* The end event of a collection: where [] or {} closes must be the line where it opened. */
static void close_flow(struct parse *p, struct yaml_node *n, bool flow)
{
    p->flow -= flow;
    if (!flow || p->stopped)
        return;
    if (p->event.end_mark.line + 1 == n->line) {
        n->width = (uint32_t)p->event.end_mark.column + 1 - n->column;
        return;
    }
    diags_add(
        p->d, DIAG_ERROR, yaml_place(n),
        n->kind == YAML_MAP ? S("Write 'key: value' on lines of their own instead.")
                            : S("Write the items on lines of their own instead, each with '- '."),
        "%s goes on over several lines", n->kind == YAML_MAP ? "a map in {}" : "a list in []");
}

static struct yaml_node *read_list(struct parse *p, size_t depth)
{
    struct yaml_node *n = new_node(p, YAML_LIST);
    bool flow = p->event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    size_t cap = 0;
    p->flow += flow;
    refuse_marks(p, p->event.data.sequence_start.anchor, p->event.data.sequence_start.tag);
    while (next_event(p) && p->event.type != YAML_SEQUENCE_END_EVENT) {
        struct yaml_node *item = read_node(p, depth + 1);
        if (!item)
            break;
        n->items = arena_grow(p->a, n->items, sizeof *n->items, &cap, n->n + 1);
        n->items[n->n++] = item;
    }
    close_flow(p, n, flow);
    return n;
}

/* False: the pair is left out, with its fault. */
static bool key_is_good(struct parse *p, struct yaml_node *key, struct map *seen)
{
    if (key->kind != YAML_SCALAR) {
        yaml_fault(p->d, key,
                   S("A key is text; put a name that looks like a list or map in quotes."),
                   "a %s is not allowed as a key", key->kind == YAML_MAP ? "map" : "list");
        return false;
    }
    if (key->bad)
        return false;
    if (!key->text.n) {
        yaml_fault(p->d, key, S("Put a name before the ':'."), "a key is missing");
        return false;
    }
    if (!key->quoted && str_eq(key->text, S("<<"))) {
        yaml_fault(p->d, key, S("Write the keys out."), "a merge key ('<<') is not allowed");
        return false;
    }
    bool fresh;
    struct map_entry *e = map_put(seen, key->text, &fresh);
    if (!fresh) {
        const struct yaml_node *first = e->ptr;
        yaml_fault(p->d, key, S("Remove one of them."), "duplicate key '%.*s', first on line %u",
                   FMT(key->text), first->line);
        return false;
    }
    e->ptr = key;
    return true;
}

/* Bytes of its line before a character column (from 1). */
static size_t bytes_before(str line, uint32_t column)
{
    size_t i = 0;
    for (uint32_t c = 1; c < column && i < line.n; c++)
        for (i++; i < line.n && ((unsigned char)line.p[i] & 0xc0) == 0x80;)
            i++;
    return i;
}

/* `{do: Review, explain, owner: x}`: what stands between commas without a ':' is no key but goes on
 * with the text before it, as it was written. So `{cost: 1,000}` is a cost of '1,000', which its
 * reader can refuse in words. */
static bool joins_text_before(struct parse *p, struct yaml_node *map, const struct yaml_node *key,
                              const struct yaml_node *value)
{
    struct yaml_node *last = map->n ? map->pairs[map->n - 1].value : NULL;
    if (!last || last->kind != YAML_SCALAR || last->quoted || last->bad || !last->text.n ||
        last->line != key->line || key->kind != YAML_SCALAR || key->quoted || key->bad ||
        value->kind != YAML_SCALAR || value->quoted || value->bad || value->text.n)
        return false;
    str line = line_text(p->f, key->line);
    size_t from = bytes_before(line, last->column);
    size_t to = bytes_before(line, key->column + key->width), next = to;
    while (next < line.n && line.p[next] == ' ')
        next++;
    if (next >= line.n || (line.p[next] != ',' && line.p[next] != '}'))
        return false;
    last->text = str_dup(p->a, str_sub(line, from, to));
    last->width = key->column + key->width - last->column;
    return true;
}

static struct yaml_node *read_map(struct parse *p, size_t depth)
{
    struct yaml_node *n = new_node(p, YAML_MAP);
    bool flow = p->event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    size_t cap = 0;
    struct map seen;
    map_init(&seen, p->a);
    p->flow += flow;
    refuse_marks(p, p->event.data.mapping_start.anchor, p->event.data.mapping_start.tag);
    while (next_event(p) && p->event.type != YAML_MAPPING_END_EVENT) {
        struct yaml_node *key = read_node(p, depth + 1);
        if (!key || !next_event(p))
            break;
        struct yaml_node *value = read_node(p, depth + 1);
        if (!value)
            break;
        if (!n->n && !flow)
            n->width = key->width;
        if ((flow && joins_text_before(p, n, key, value)) || !key_is_good(p, key, &seen))
            continue;
        n->pairs = arena_grow(p->a, n->pairs, sizeof *n->pairs, &cap, n->n + 1);
        n->pairs[n->n++] = (struct yaml_pair){key, value};
    }
    close_flow(p, n, flow);
    return n;
}

/* The node that starts with the event in hand; NULL when reading has stopped. */
static struct yaml_node *read_node(struct parse *p, size_t depth)
{
    if (p->stopped)
        return NULL;
    if (depth > LIMIT_YAML_DEPTH) {
        char text[96];
        snprintf(text, sizeof text, "nested more than %u deep", LIMIT_YAML_DEPTH);
        fault_at(p, p->event.start_mark, 1, STR_NONE, text);
        p->stopped = true;
        return NULL;
    }
    switch (p->event.type) {
    case YAML_SCALAR_EVENT:
        return read_scalar(p);
    case YAML_SEQUENCE_START_EVENT:
        return read_list(p, depth);
    case YAML_MAPPING_START_EVENT:
        return read_map(p, depth);
    case YAML_ALIAS_EVENT: {
        struct yaml_node *n = new_node(p, YAML_SCALAR);
        char text[256];
        n->bad = true;
        n->width = (uint32_t)(p->event.end_mark.column - p->event.start_mark.column);
        snprintf(text, sizeof text, "an alias ('*%.100s') is not allowed",
                 (const char *)p->event.data.alias.anchor);
        fault_at(p, p->event.start_mark, n->width,
                 S("Write the value out; a value that starts with '*' needs quotes."), text);
        return n;
    }
    default:
        UNREACHABLE();
    }
}

static struct yaml_node *read_root(struct parse *p)
{
    struct yaml_node *root = read_node(p, 0);
    if (!root || p->stopped)
        return NULL;
    if (root->kind == YAML_SCALAR && !root->bad && !root->quoted && !root->text.n) {
        root->kind = YAML_MAP; /* `---` and nothing else */
        return root;
    }
    if (root->kind != YAML_MAP && !root->bad)
        yaml_fault(p->d, root, STR_NONE, "expected 'key: value' lines, found %s",
                   root->kind == YAML_LIST ? "a list" : "a single value");
    return root->kind == YAML_MAP ? root : NULL;
}

static void read_stream(struct parse *p)
{
    bool seen = false;
    while (next_event(p) && p->event.type != YAML_STREAM_END_EVENT) {
        if (p->event.type != YAML_DOCUMENT_START_EVENT)
            continue;
        if (p->event.data.document_start.version_directive ||
            p->event.data.document_start.tag_directives.start !=
                p->event.data.document_start.tag_directives.end)
            fault_at(p, p->event.start_mark, 1, S("Remove it."), "a '%' directive is not allowed");
        if (seen) {
            fault_at(p, p->event.start_mark, 3, S("Put it into a file of its own."),
                     "a second document is not allowed");
            p->f->root = NULL;
            return;
        }
        seen = true;
        if (next_event(p))
            p->f->root = read_root(p);
    }
    if (!seen && !p->stopped) {
        p->f->root = arena_new(p->a, struct yaml_node, 1);
        *p->f->root =
            (struct yaml_node){.kind = YAML_MAP, .line = 1, .column = 1, .width = 1, .file = p->f};
    }
}

struct yaml_file *yaml_parse(struct arena *a, str path, str text, struct diags *d)
{
    struct yaml_file *f = arena_new(a, struct yaml_file, 1);
    struct parse p = {.a = a, .d = d, .f = f};
    f->path = str_dup(a, path);
    if (text.n > LIMIT_YAML_BYTES) {
        diags_add(d, DIAG_ERROR, (struct diag_place){.file = f->path},
                  S("Split it with `include:`."), "the file has %zu bytes, more than %u", text.n,
                  LIMIT_YAML_BYTES);
        return NULL;
    }
    if (str_starts(text, S("\xef\xbb\xbf")))
        text = str_sub(text, 3, text.n);
    f->text = str_dup(a, text);
    index_lines(a, f);
    if (!prescan(&p))
        return NULL;
    if (!yaml_parser_initialize(&p.parser))
        out_of_memory(sizeof p.parser);
    yaml_parser_set_encoding(&p.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&p.parser, (const unsigned char *)f->text.p, f->text.n);
    read_stream(&p);
    if (p.event.type != YAML_NO_EVENT)
        yaml_event_delete(&p.event);
    yaml_parser_delete(&p.parser);
    return p.stopped || !f->root ? NULL : f;
}

/* --- reading --- */

static const struct yaml_pair *find(const struct yaml_node *map, const char *key)
{
    str k = str_of(key);
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i < map->n; i++)
        if (str_eq(map->pairs[i].key->text, k))
            return &map->pairs[i];
    return NULL;
}

const struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
    const struct yaml_pair *p = find(map, key);
    return p ? p->value : NULL;
}

const struct yaml_node *yaml_key(const struct yaml_node *map, const char *key)
{
    const struct yaml_pair *p = find(map, key);
    return p ? p->key : NULL;
}

void yaml_only(struct diags *d, const struct yaml_node *map, const char *const *known)
{
    size_t n = 0;
    while (known[n])
        n++;
    for (size_t i = 0; map->kind == YAML_MAP && i < map->n; i++) {
        const struct yaml_node *key = map->pairs[i].key;
        bool ok = false;
        for (size_t k = 0; k < n && !ok; k++)
            ok = str_eq(key->text, str_of(known[k]));
        if (ok)
            continue;
        const char *near = str_closest(key->text, known, n);
        char hint[256] = "";
        if (near)
            snprintf(hint, sizeof hint, "Did you mean '%s'?", near);
        yaml_fault(d, key, str_of(hint), "unknown key '%.*s'", FMT(key->text));
    }
}
