/* price_lists.c - a public price list into our own CSV: shapes, units, duplicates, what is left
 * out.
 */
#include "ingest/price_lists_int.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/os.h"
#include "core/price_name.h"

static const struct list_shape *const SHAPES[] = {&list_genai, &list_llm_prices, &list_portkey,
                                                  &list_litellm, &list_models_dev};

/* ---- values ---- */

bool list_fault(struct list_reader *r, const struct json *at, const char *fmt, ...)
{
    char text[600];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return err_set(r->e, ERR_INVALID, "%.*s:%u:%u: %s", FMT(r->name), at ? at->line : 1,
                   at ? at->column : 1, text);
}

bool list_number(struct list_reader *r, const struct json *map, const char *key,
                 int64_t per_million, int64_t divisor, dec *ret)
{
    const struct json *v = json_get(map, key);
    dec d;
    *ret = DEC_NULL;
    if (json_is_null(v))
        return true;
    str text = json_text(v);
    enum dec_parse got = text.n ? dec_parse(str_trim(text), &d) : DEC_BAD;
    if (got != DEC_OK && got != DEC_ROUNDED)
        return list_fault(r, v, "%s '%.*s' is not a price", key, FMT(str_sub(text, 0, 60)));
    if (d < 0)
        return list_fault(r, v, "%s '%.*s' is negative", key, FMT(text));
    /* a price beyond a billion per million tokens is a slip, and would not fit */
    if (d > DEC_ONE * 1000000000 / per_million ||
        !dec_muldiv(d, dec_from_i64(per_million), dec_from_i64(divisor), ret))
        return list_fault(r, v, "%s '%.*s' is no price of a token", key, FMT(text));
    return true;
}

bool list_day(struct list_reader *r, const struct json *map, const char *key, day *ret)
{
    const struct json *v = json_get(map, key);
    *ret = DAY_NONE;
    if (json_is_null(v))
        return true;
    str text = json_text(v);
    if (text.n >= 8 && str_find_char(text, '/', 0) == SIZE_MAX && date_parse(text, DATE_MDY, ret))
        return true;
    return list_fault(r, v, "%s '%.*s' is not a day such as 2026-09-01", key,
                      FMT(str_sub(text, 0, 40)));
}

/* ---- prices ---- */

void list_clear(struct list_price *p)
{
    *p = (struct list_price){.from = DAY_NONE, .to = DAY_NONE};
    for (int i = 0; i < LIST_PARTS; i++)
        p->part[i] = DEC_NULL;
}

bool list_has_token_price(const struct list_price *p)
{
    return !dec_is_null(p->part[LIST_IN]) || !dec_is_null(p->part[LIST_OUT]);
}

/* Lists write 0 where they know of no price, or where a subscription covers the use. */
static bool is_free(const struct list_price *p)
{
    for (int i = 0; i < LIST_PARTS; i++)
        if (!dec_is_null(p->part[i]) && p->part[i] != 0)
            return false;
    return true;
}

/* "vertex_ai-anthropic_models", "text-completion-openai" and the like are parts of one seller. */
static str seller(struct list_reader *r, str provider)
{
    static const struct {
        const char *start, *seller;
    } SELLERS[] = {
        {"vertex_ai", "google"},
        {"google-vertex", "google"},
        {"bedrock", "aws"},
        {"azure", "azure"},
        {"cohere", "cohere"},
        {"text-completion-openai", "openai"},
        {"text-completion-codestral", "mistral"},
        {"xai", "x-ai"},
    };
    char room[PRICE_NAME_MAX];
    for (size_t i = 0; i < ARRAY_LEN(SELLERS); i++)
        if (str_starts_nocase(provider, str_of(SELLERS[i].start)))
            return str_of(SELLERS[i].seller);
    return str_dup(r->a, price_provider(provider, room));
}

/* Where other prices of the model are known, a list of today says nothing about the past. */
static day first_day(const struct list_reader *r, const struct list_price *p)
{
    if (p->from != DAY_NONE || p->to != DAY_NONE)
        return p->from;
    if (r->o->from != DAY_NONE)
        return r->o->from;
    struct price_query q = {p->provider, p->model, DAY_NONE, 0};
    return r->o->known && price_find(r->o->known, &q, NULL) ? r->taken : DAY_NONE;
}

void list_add(struct list_reader *r, struct list_price *p)
{
    struct price_name name;
    price_name_read(p->model, &name);
    if (!list_has_token_price(p) || !name.key.n) {
        r->left[LEFT_NO_TOKEN_PRICE]++;
        return;
    }
    if (is_free(p)) {
        r->left[LEFT_FREE]++;
        return;
    }
    p->provider = p->provider.n ? seller(r, p->provider) : STR_NONE;
    p->from = first_day(r, p);
    str id = str_fmt(r->a, "%.*s\x1f%s%.*s\x1f%d\x1f%lld", FMT(p->provider),
                     name.global ? "global " : "", FMT(name.key), (int)p->from, (long long)p->over);
    bool is_new;
    struct map_entry *entry = map_put(&r->ids, id, &is_new);
    if (!is_new) { /* another spelling of the same model: the first one stands */
        const struct list_price *first = &r->items[entry->num];
        for (int i = 0; i < LIST_PARTS; i++)
            if (first->part[i] != p->part[i]) {
                r->left[LEFT_TWICE]++;
                break;
            }
        return;
    }
    entry->num = (int64_t)r->n;
    r->items = arena_grow(r->a, r->items, sizeof *r->items, &r->cap, r->n + 1);
    r->items[r->n++] = *p;
}

/* ---- our CSV ---- */

static void add_text(struct buf *b, str s)
{
    buf_addc(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '"')
            buf_addc(b, '"');
        buf_addc(b, c >= 0 && c < ' ' ? ' ' : c);
    }
    buf_addc(b, '"');
}

static str to_csv(struct list_reader *r, const char *format)
{
    struct buf b;
    buf_init(&b, LIMIT_SMALL_FILE);
    buf_add(&b,
            S("provider,model,from,to,over_input_tokens,input,output,cache_read,cache_write,"
              "cache_write_1h,batch_input,batch_output,audio_input,image_output,source,note\n"));
    char text[DEC_TEXT], date[DATE_TEXT];
    str taken = date_format(r->taken, date);
    str source = str_fmt(r->a, "%s %.*s %.*s", format, FMT(path_base(r->name)), FMT(taken));
    for (size_t i = 0; i < r->n; i++) {
        const struct list_price *p = &r->items[i];
        char from[DATE_TEXT] = "", to[DATE_TEXT] = "";
        if (p->from != DAY_NONE)
            date_format(p->from, from);
        if (p->to != DAY_NONE)
            date_format(p->to, to);
        add_text(&b, p->provider);
        buf_addc(&b, ',');
        add_text(&b, p->model);
        buf_fmt(&b, ",%s,%s,", from, to);
        if (p->over)
            buf_fmt(&b, "%lld", (long long)p->over);
        for (int k = 0; k < LIST_PARTS; k++) {
            buf_addc(&b, ',');
            if (!dec_is_null(p->part[k]))
                buf_add(&b, dec_format(p->part[k], text));
        }
        buf_addc(&b, ',');
        add_text(&b, source);
        buf_fmt(&b, ",%s\n", p->note ? p->note : "");
    }
    str csv = str_dup(r->a, buf_str(&b));
    buf_release(&b);
    return csv;
}

/* ---- the file ---- */

static void add_notes(struct list_reader *r, struct price_list *list)
{
    static const char *const WHY[LEFT_REASONS] = {
        [LEFT_NO_TOKEN_PRICE] = "have no price per token and were left out",
        [LEFT_FREE] = "stand at 0, which lists also write for unknown, and were left out",
        [LEFT_REGIONAL] = "are of one region or commitment alone and were left out",
        [LEFT_GRADUATED] = "have tiers that reprice only what is above them and were left out",
        [LEFT_HOURS] = "hold for hours of the day alone and were left out",
        [LEFT_TWICE] = "are further spellings of a model at another price; the first one stands",
    };
    str *notes = arena_new(r->a, str, LEFT_REASONS);
    for (int i = 0; i < LEFT_REASONS; i++)
        if (r->left[i])
            notes[list->n_notes++] = str_fmt(r->a, "%s entr%s %s.", str_count(r->a, r->left[i]).p,
                                             r->left[i] == 1 ? "y" : "ies", WHY[i]);
    list->notes = notes;
}

static bool read_document(struct list_reader *r, const struct json *doc, struct price_list *ret)
{
    const struct list_shape *shape = NULL;
    for (size_t i = 0; i < ARRAY_LEN(SHAPES) && !shape; i++)
        if (SHAPES[i]->claims(doc))
            shape = SHAPES[i];
    if (!shape) {
        list_fault(r, doc, "this JSON is no price list that is known");
        return err_hint(r->e, "Known are LiteLLM's map of models, llm-prices, genai-prices, "
                              "models.dev and Portkey's pricing; or write a CSV with the columns "
                              "model, input, output.");
    }
    if (!shape->read(r, doc))
        return false;
    if (!r->n) {
        list_fault(r, doc, "the %s list holds no price per token", shape->format);
        return err_hint(r->e, "Is it the whole file? Prices of 0 count as unknown.");
    }
    struct price_list list = {.format = shape->format, .taken = r->taken, .prices = r->n};
    list.csv = to_csv(r, shape->format);
    add_notes(r, &list);
    *ret = list;
    return true;
}

bool price_list_read(struct arena *a, str name, str text, const struct price_list_options *o,
                     struct price_list *ret, struct err *e)
{
    str head = str_starts(text, S("\xef\xbb\xbf")) ? str_sub(text, 3, text.n) : text;
    str start = str_trim(str_sub(head, 0, 4096));
    if (!start.n || (start.p[0] != '{' && start.p[0] != '[')) {
        *ret = (struct price_list){.format = "csv", .taken = DAY_NONE, .csv = text};
        return true;
    }
    const struct json *doc;
    if (!json_parse(a, head, &doc, e))
        return err_wrap(e, "%.*s", FMT(name));
    struct list_reader r = {.a = a, .name = name, .o = o, .taken = o->taken, .e = e};
    map_init(&r.ids, a);
    return read_document(&r, doc, ret);
}
