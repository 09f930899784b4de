/* classify.c - applying the rules to rows, remembering what was decided.
 *
 * A row costs a look at each field that rules ask about or the cube keeps, most of which repeat. A
 * text's memo gives the conditions it satisfies (a "set", numbered), and the tuple of those numbers
 * gives the decision:
 *
 *   text -> set        per field; texts of the cube's fields have numbers of their own
 *   tuple -> decision  key: numbers of the cube's texts, sets of the other fields
 *   sets -> decision   behind it, when the tuple is new or its memo is full
 *
 * What the description was met with last is tried first for every other field (a "hint"), which
 * saves hashing most texts: the service, its code, category, unit and so on hang together.
 *
 * Every memo is bounded. A full one of a cube field or of tuples stays as it is: rows it does not
 * know get group 0. That of another field starts afresh, or is given up when texts hardly ever
 * repeat. Without memos the results are the same but for `group`. */
#include "ingest/classify.h"

#include "ingest/rules_decide.h"
#include "ingest/rules_memo.h"
#include "ingest/rules_split.h"

enum {
    CUBE_TEXTS = 1 << 18,  /* texts of one field that the cube keeps */
    OTHER_TEXTS = 1 << 16, /* texts of another field before its memo starts afresh */
    TEXT_BYTES = 48 << 20, /* of one field's memo */
    LONG_TEXT = 4096,      /* longer ones are not remembered */
    SETS = 1 << 16,
    TUPLES = 1 << 18,
    DECISIONS = 1 << 16,
    ALLOCATION_VALUES = 1 << 20,
    KEYS = FIELD_TAGS + 2 + ALLOCATION_TAGS, /* texts and currency, tags, batch */
};

struct field_state {
    uint8_t field;
    bool cube;             /* equal text is part of what a group promises */
    bool off;              /* memo given up */
    bool presence;         /* rules ask only whether there is a value */
    uint32_t asked, known; /* since the memo was last empty */
    struct text_memo memo; /* text -> set */
    uint32_t *buffer;      /* of a scan */
};

struct decision {
    const uint32_t *choices; /* as decider_decide gives them */
    const uint32_t *offsets; /* of each choice's first part among the groups of a tuple */
    uint32_t n, span;        /* groups a tuple needs */
};

/* What the tags of a row say. */
struct tags_state {
    bool used, off;
    uint32_t asked, known, last;
    struct text_memo memo; /* JSON -> set */
    struct tags_entry {
        uint32_t allocation[ALLOCATION_TAGS]; /* numbers in values */
    } * entries;                              /* beside those of memo */
    uint32_t cap_entries;
    struct text_memo values; /* allocation values */
    uint32_t *buffer, *one;  /* of scans: all tags, one tag */
    char *plain;             /* unescaped text */
    size_t cap_plain;
    /* of the current row */
    uint32_t set;
    str allocation[ALLOCATION_TAGS];
    uint32_t keys[ALLOCATION_TAGS];
};

/* What became of a field of the current row. */
struct seen {
    uint32_t entry; /* in the field's memo; MEMO_NONE: not there */
    uint32_t set;   /* MEMO_NONE: not numbered, see lists */
    uint32_t key;   /* MEMO_NONE: this row cannot be remembered */
};

struct classifier {
    const struct rules *r;
    struct arena arena; /* decisions */
    struct matcher_scratch *scratch;
    struct decider decider;
    bool memo;
    struct field_state fields[FIELD_TAGS];
    size_t n_fields; /* the first is the description, if rules ask about it */
    /* of the current row, by field; behind the fields what KEYS counts beside them */
    uint32_t sets_now[FIELD_TAGS + 1], keys_now[KEYS];
    bool all_sets, all_keys; /* none of them is MEMO_NONE */
    uint32_t *hints; /* entry of each field last met with each text of the first field */
    size_t cap_hints;
    uint32_t first_hint, no_hints[FIELD_TAGS];
    struct tags_state tags;
    struct text_memo sets; /* bytes of an id list */
    struct id_list lists[FIELD_TAGS + 1];
    struct tuple_memo by_sets, by_tuple;
    struct decision *decisions;
    size_t n_decisions, cap_decisions;
    uint32_t *bases; /* first group of each tuple */
    size_t cap_bases;
    uint32_t next_group;
};

static const uint8_t CUBE_FIELDS[] = {
    SPEND_PROVIDER,        SPEND_PUBLISHER, SPEND_SERVICE,  SPEND_ACCOUNT,
    SPEND_SUB_ACCOUNT,     SPEND_MODEL,     SPEND_TIER,     SPEND_REGION,
    SPEND_CHARGE_CATEGORY, SPEND_METER,     FIELD_CURRENCY,
};

/* ---- life ---- */

static void *grow(void *old, size_t size, size_t *cap, size_t need)
{
    if (need <= *cap)
        return old;
    size_t n = MAX(need, *cap * 2);
    void *p = realloc(old, n * size);
    if (!p)
        out_of_memory(n * size);
    *cap = n;
    return p;
}

static uint32_t *id_buffer(size_t n)
{
    uint32_t *p = calloc(n + 1, sizeof *p);
    if (!p)
        out_of_memory(n * sizeof *p);
    return p;
}

static void init_field(struct classifier *c, size_t f)
{
    bool cube = memchr(CUBE_FIELDS, (int)f, sizeof CUBE_FIELDS) != NULL;
    const struct matcher *m = c->r->matchers[f];
    if (!cube && !m)
        return;
    struct field_state *s = &c->fields[c->n_fields++];
    *s = (struct field_state){
        .field = (uint8_t)f,
        .cube = cube,
        .presence = !cube && matcher_presence(m),
    };
    text_memo_init(&s->memo, cube ? CUBE_TEXTS : OTHER_TEXTS, TEXT_BYTES);
    s->buffer = id_buffer(m ? matcher_most(m) : 0);
}

static void init_fields(struct classifier *c)
{
    init_field(c, SPEND_DESCRIPTION);
    for (size_t f = 0; f < FIELD_TAGS; f++)
        if (f != SPEND_DESCRIPTION)
            init_field(c, f);
    c->first_hint = MEMO_NONE;
    memset(c->no_hints, 0xff, sizeof c->no_hints);
}

static void init_tags(struct classifier *c)
{
    struct tags_state *t = &c->tags;
    size_t all = 0, most = 0;
    for (size_t i = 0; i < c->r->n_tags; i++) {
        const struct matcher *m = c->r->matchers[FIELD_TAGS + i];
        size_t n = m ? matcher_most(m) : 0;
        all += n;
        most = MAX(most, n);
    }
    t->used = c->r->n_tags || c->r->n_allocation;
    t->last = MEMO_NONE;
    text_memo_init(&t->memo, OTHER_TEXTS, TEXT_BYTES);
    text_memo_init(&t->values, ALLOCATION_VALUES, TEXT_BYTES);
    t->buffer = id_buffer(all);
    t->one = id_buffer(most);
}

struct classifier *classifier_new(const struct rules *r)
{
    struct classifier *c = calloc(1, sizeof *c);
    if (!c)
        out_of_memory(sizeof *c);
    c->r = r;
    c->memo = true;
    c->next_group = 1;
    decider_init(&c->decider, r);
    init_fields(c);
    init_tags(c);
    text_memo_init(&c->sets, SETS, TEXT_BYTES);
    tuple_memo_init(&c->by_sets, (uint32_t)c->n_fields + 1, DECISIONS);
    tuple_memo_init(&c->by_tuple, (uint32_t)c->n_fields + 2 + ALLOCATION_TAGS, TUPLES);
    return c;
}

void classifier_free(struct classifier *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->n_fields; i++) {
        text_memo_release(&c->fields[i].memo);
        free(c->fields[i].buffer);
    }
    text_memo_release(&c->tags.memo);
    text_memo_release(&c->tags.values);
    free(c->tags.entries);
    free(c->tags.buffer);
    free(c->tags.one);
    free(c->tags.plain);
    text_memo_release(&c->sets);
    tuple_memo_release(&c->by_sets);
    tuple_memo_release(&c->by_tuple);
    decider_release(&c->decider);
    matcher_scratch_free(c->scratch);
    arena_release(&c->arena);
    free(c->hints);
    free(c->decisions);
    free(c->bases);
    free(c);
}

void classifier_memo(struct classifier *c, bool on)
{
    c->memo = on;
    c->first_hint = MEMO_NONE;
    memset(c->no_hints, 0xff, sizeof c->no_hints);
}

/* Scratch is made by the first row, where failing can be said. */
static bool prepare(struct classifier *c, struct err *e)
{
    if (c->scratch)
        return true;
    for (size_t f = 0; f < FIELDS; f++)
        if (c->r->matchers[f] && !matcher_scratch_add(&c->scratch, c->r->matchers[f], e))
            return false;
    return true;
}

/* ---- sets ---- */

static struct id_list set_list(const struct classifier *c, uint32_t set)
{
    const struct text_memo_entry *entry = &c->sets.entries[set];
    return (struct id_list){(const uint32_t *)(const void *)entry->p,
                            entry->n / (uint32_t)sizeof(uint32_t)};
}

/* The number of a list of conditions; MEMO_NONE when there is no room for one more. */
static uint32_t set_number(struct classifier *c, const uint32_t *ids, size_t n)
{
    str bytes = {(const char *)(const void *)ids, n * sizeof *ids};
    uint64_t hash = memo_hash(bytes);
    uint32_t set = text_memo_find(&c->sets, bytes, hash);
    return set != MEMO_NONE ? set : text_memo_add(&c->sets, bytes, hash, 0);
}

/* A memo of texts that the cube does not keep is full: start afresh, or give it up when fewer than
 * one in four were known. */
static bool make_room(struct text_memo *memo, uint32_t *asked, uint32_t *known)
{
    bool worth = *known > *asked / 4;
    *asked = *known = 0;
    if (worth)
        text_memo_clear(memo);
    else
        text_memo_release(memo);
    return worth;
}

/* ---- fields ---- */

static bool scan_field(struct classifier *c, struct field_state *s, str text, struct id_list *list,
                       struct seen *ret, struct err *e)
{
    const struct matcher *m = c->r->matchers[s->field];
    size_t n = 0;
    if (m && !matcher_scan(m, c->scratch, text, s->buffer, &n, e))
        return false;
    *list = (struct id_list){s->buffer, (uint32_t)n};
    ret->entry = MEMO_NONE;
    ret->set = c->memo ? set_number(c, s->buffer, n) : MEMO_NONE;
    ret->key = s->cube ? MEMO_NONE : ret->set;
    return true;
}

static void remember_field(struct field_state *s, str text, uint64_t hash, struct seen *ret)
{
    uint32_t i = text_memo_add(&s->memo, text, hash, ret->set);
    if (i == MEMO_NONE && !s->cube) {
        if (make_room(&s->memo, &s->asked, &s->known))
            i = text_memo_add(&s->memo, text, hash, ret->set);
        else
            s->off = true;
    }
    ret->entry = i;
    if (s->cube)
        ret->key = i;
}

static inline struct seen known_field(const struct field_state *s, uint32_t i)
{
    uint32_t set = s->memo.entries[i].value;
    return (struct seen){i, set, s->cube ? i : set};
}

static inline str field_text(const struct field_state *s, const struct spend_row *row)
{
    str text = s->field == FIELD_CURRENCY ? currency_str(&row->currency) : row->text[s->field];
    return s->presence && text.n ? S("*") : text;
}

/* Of a text that is not what the hint told. */
static bool find_field(struct classifier *c, struct field_state *s, str text, struct id_list *list,
                       struct seen *ret, struct err *e)
{
    if (!c->memo || s->off || text.n > LONG_TEXT)
        return scan_field(c, s, text, list, ret, e);
    uint64_t hash = memo_hash(text);
    uint32_t i = text_memo_find(&s->memo, text, hash);
    s->asked++;
    if (i != MEMO_NONE) {
        s->known++;
        *ret = known_field(s, i);
        return true;
    }
    if (!scan_field(c, s, text, list, ret, e))
        return false;
    if (ret->set != MEMO_NONE)
        remember_field(s, text, hash, ret);
    return true;
}

/* *hint: the entry to try first; becomes the entry found. */
static inline bool read_field(struct classifier *c, size_t f, const struct spend_row *row,
                              uint32_t *hint, struct err *e)
{
    struct field_state *s = &c->fields[f];
    str text = field_text(s, row);
    struct seen seen;
    uint32_t i = *hint;
    if (i < s->memo.n && s->memo.entries[i].n == text.n &&
        memo_same(s->memo.entries[i].p, text.p, text.n)) {
        seen = known_field(s, i);
    } else {
        if (!find_field(c, s, text, &c->lists[f], &seen, e))
            return false;
        *hint = seen.entry;
        c->all_sets &= seen.set != MEMO_NONE;
        c->all_keys &= seen.key != MEMO_NONE;
    }
    c->sets_now[f] = seen.set;
    c->keys_now[f] = seen.key;
    return true;
}

/* The hints that go with an entry of the first field. */
static uint32_t *hints_of(struct classifier *c, uint32_t first)
{
    if (first == MEMO_NONE)
        return c->no_hints;
    size_t had = c->cap_hints, need = ((size_t)first + 1) * c->n_fields;
    c->hints = grow(c->hints, sizeof *c->hints, &c->cap_hints, need);
    if (c->cap_hints > had)
        memset(c->hints + had, 0xff, (c->cap_hints - had) * sizeof *c->hints);
    return c->hints + (size_t)first * c->n_fields;
}

/* ---- tags ---- */

static str plain_text(struct tags_state *t, size_t *used, str raw, bool escaped)
{
    if (!escaped)
        return raw;
    char *to = t->plain + *used;
    size_t n = tags_unescape(raw, to);
    *used += n;
    return (str){to, n};
}

/* An exact name counts before one that differs in case. */
static void take_tag(str wanted, str key, str value, str *found, bool *exact)
{
    if (*exact || !str_eq_nocase(key, wanted))
        return;
    *exact = str_eq(key, wanted);
    if (*exact || !found->n)
        *found = value;
}

/* Values of the tags asked for: rule tags, then allocation tags. */
static void find_tags(struct classifier *c, str json, str *values)
{
    struct tags_state *t = &c->tags;
    bool exact[RULE_TAGS + ALLOCATION_TAGS] = {0};
    size_t used = 0, n_tags = c->r->n_tags;
    if (memchr(json.n ? json.p : "", '\\', json.n))
        t->plain = grow(t->plain, 1, &t->cap_plain, json.n);
    struct tag_pair pair;
    while (tags_next(&json, &pair)) {
        str key = plain_text(t, &used, pair.key, pair.key_escaped);
        str value = plain_text(t, &used, pair.value, pair.value_escaped);
        for (size_t i = 0; i < n_tags; i++)
            take_tag(c->r->tag_names[i], key, value, &values[i], &exact[i]);
        for (size_t i = 0; i < c->r->n_allocation; i++)
            take_tag(str_of(c->r->allocation[i]), key, value, &values[n_tags + i],
                     &exact[n_tags + i]);
    }
}

/* Text that lives on: a copy, or (when there is no room) the row's own. */
static bool keep_allocation(struct classifier *c, size_t i, str value, struct err *e)
{
    struct tags_state *t = &c->tags;
    uint64_t hash = memo_hash(value);
    uint32_t at = text_memo_find(&t->values, value, hash);
    if (at == MEMO_NONE)
        at = text_memo_add(&t->values, value, hash, 0);
    t->keys[i] = at;
    if (at != MEMO_NONE) {
        t->allocation[i] = (str){t->values.entries[at].p, t->values.entries[at].n};
        return true;
    }
    t->allocation[i] = value;
    if (!t->cap_plain || value.p < t->plain || value.p >= t->plain + t->cap_plain)
        return true;
    err_set(e, ERR_INVALID, "tag '%s' has more than %d different values", c->r->allocation[i],
            ALLOCATION_VALUES);
    return err_hint(e, "Take it out of allocation_tags in rules.yaml: those are for names of teams "
                       "and the like.");
}

static bool scan_tags(struct classifier *c, str json, struct id_list *list, struct err *e)
{
    struct tags_state *t = &c->tags;
    str values[RULE_TAGS + ALLOCATION_TAGS] = {0};
    find_tags(c, json, values);
    size_t n = 0;
    for (size_t i = 0; i < c->r->n_tags; i++) {
        const struct matcher *m = c->r->matchers[FIELD_TAGS + i];
        size_t some = 0;
        if (m && !matcher_scan(m, c->scratch, values[i], t->one, &some, e))
            return false;
        memcpy(t->buffer + n, t->one, some * sizeof *t->one);
        n += some;
    }
    for (size_t i = 0; i < c->r->n_allocation; i++)
        if (!keep_allocation(c, i, values[c->r->n_tags + i], e))
            return false;
    *list = (struct id_list){t->buffer, (uint32_t)n};
    t->set = c->memo ? set_number(c, t->buffer, n) : MEMO_NONE;
    return true;
}

static void remember_tags(struct tags_state *t, str json, uint64_t hash)
{
    for (size_t i = 0; i < ALLOCATION_TAGS; i++)
        if (t->keys[i] == MEMO_NONE)
            return;
    uint32_t i = text_memo_add(&t->memo, json, hash, t->set);
    if (i == MEMO_NONE) {
        if (make_room(&t->memo, &t->asked, &t->known))
            i = text_memo_add(&t->memo, json, hash, t->set);
        else
            t->off = true;
    }
    t->last = i;
    if (i == MEMO_NONE)
        return;
    size_t cap = t->cap_entries;
    t->entries = grow(t->entries, sizeof *t->entries, &cap, (size_t)i + 1);
    t->cap_entries = (uint32_t)cap;
    memcpy(t->entries[i].allocation, t->keys, sizeof t->keys);
}

static void known_tags(struct classifier *c, uint32_t i)
{
    struct tags_state *t = &c->tags;
    t->last = i;
    t->set = t->memo.entries[i].value;
    memcpy(t->keys, t->entries[i].allocation, sizeof t->keys);
    for (size_t k = 0; k < c->r->n_allocation; k++) {
        const struct text_memo_entry *value = &t->values.entries[t->keys[k]];
        t->allocation[k] = (str){value->p, value->n};
    }
}

static bool read_tags(struct classifier *c, const struct spend_row *row, struct id_list *list,
                      struct err *e)
{
    struct tags_state *t = &c->tags;
    str json = row->text[SPEND_TAGS];
    memset(t->keys, 0, sizeof t->keys);
    if (!t->used) {
        t->set = c->memo ? set_number(c, t->buffer, 0) : MEMO_NONE;
        *list = (struct id_list){0};
        return true;
    }
    if (!c->memo || t->off || json.n > LONG_TEXT)
        return scan_tags(c, json, list, e);
    uint64_t hash = memo_hash(json);
    uint32_t i = t->last;
    if (i == MEMO_NONE || t->memo.entries[i].hash != hash || t->memo.entries[i].n != json.n ||
        !memo_same(t->memo.entries[i].p, json.p, json.n)) {
        i = text_memo_find(&t->memo, json, hash);
        t->asked++;
        t->known += i != MEMO_NONE;
    }
    if (i != MEMO_NONE) {
        known_tags(c, i);
        return true;
    }
    if (!scan_tags(c, json, list, e))
        return false;
    if (t->set != MEMO_NONE)
        remember_tags(t, json, hash);
    return true;
}

/* ---- decisions ---- */

/* Reads all that rules look at; c->lists holds the conditions of fields whose set has no number. */
static bool read_row(struct classifier *c, const struct spend_row *row, struct err *e)
{
    c->all_sets = c->all_keys = c->memo;
    if (!read_field(c, 0, row, &c->first_hint, e))
        return false;
    size_t n = c->n_fields;
    uint32_t *hints = hints_of(c, c->first_hint);
    for (size_t i = 1; i < n; i++)
        if (!read_field(c, i, row, &hints[i], e))
            return false;
    struct tags_state *t = &c->tags;
    if (!read_tags(c, row, &c->lists[n], e))
        return false;
    c->sets_now[n] = t->set;
    c->all_sets &= t->set != MEMO_NONE;
    c->all_keys &= t->set != MEMO_NONE;
    for (size_t i = 0; i < ALLOCATION_TAGS; i++) {
        c->keys_now[n++] = t->keys[i];
        c->all_keys &= t->keys[i] != MEMO_NONE;
    }
    c->keys_now[n++] = t->set;
    c->keys_now[n] = row->batch;
    return true;
}

static void hold(struct classifier *c)
{
    for (size_t i = 0; i <= c->n_fields; i++)
        if (c->sets_now[i] != MEMO_NONE)
            c->lists[i] = set_list(c, c->sets_now[i]);
    decider_hold(&c->decider, c->lists, c->n_fields + 1);
}

static size_t parts_of(const struct rules *r, uint32_t rule)
{
    return rule == RULE_NONE ? 1 : r->items[rule].n_parts + r->items[rule].by_month;
}

static uint32_t keep_decision(struct classifier *c, size_t n)
{
    uint32_t *choices = arena_new(&c->arena, uint32_t, n),
             *offsets = arena_new(&c->arena, uint32_t, n);
    uint32_t span = 0;
    for (size_t i = 0; i < n; i++) {
        choices[i] = c->decider.choices[i];
        offsets[i] = span;
        span += (uint32_t)parts_of(c->r, choices[i]);
    }
    c->decisions = grow(c->decisions, sizeof *c->decisions, &c->cap_decisions, c->n_decisions + 1);
    c->decisions[c->n_decisions] = (struct decision){choices, offsets, (uint32_t)n, span};
    return (uint32_t)c->n_decisions++;
}

/* The decision for the sets of the row; MEMO_NONE: it is in c->decider.choices, *ret_n of them. */
static uint32_t decide(struct classifier *c, size_t *ret_n)
{
    uint64_t hash = 0;
    if (c->all_sets) {
        uint32_t known = tuple_memo_find(&c->by_sets, c->sets_now, &hash);
        if (known != MEMO_NONE)
            return c->by_sets.values[known];
    }
    hold(c);
    *ret_n = decider_decide(&c->decider);
    if (!c->all_sets || c->by_sets.n == c->by_sets.most)
        return MEMO_NONE;
    uint32_t decision = keep_decision(c, *ret_n);
    tuple_memo_add(&c->by_sets, c->sets_now, hash, decision);
    return decision;
}

/* The same through the tuple of texts, which also gives the groups: *ret_base 0 for none. */
static uint32_t find_decision(struct classifier *c, size_t *ret_n, uint32_t *ret_base)
{
    uint64_t hash = 0;
    *ret_base = 0;
    if (!c->all_keys)
        return decide(c, ret_n);
    uint32_t tuple = tuple_memo_find(&c->by_tuple, c->keys_now, &hash);
    if (tuple != MEMO_NONE) {
        *ret_base = c->bases[tuple];
        return c->by_tuple.values[tuple];
    }
    uint32_t decision = decide(c, ret_n);
    if (decision == MEMO_NONE || c->next_group > UINT32_MAX - c->decisions[decision].span)
        return decision;
    tuple = tuple_memo_add(&c->by_tuple, c->keys_now, hash, decision);
    if (tuple == MEMO_NONE)
        return decision;
    c->bases = grow(c->bases, sizeof *c->bases, &c->cap_bases, (size_t)tuple + 1);
    *ret_base = c->bases[tuple] = c->next_group;
    c->next_group += c->decisions[decision].span;
    return decision;
}

/* ---- rows ---- */

static void place(const struct rules *r, struct spend_row *row, uint32_t rule, size_t part)
{
    if (rule == RULE_NONE) {
        row->category = CATEGORY_NOT_AI;
        row->confidence = 0;
        row->text[SPEND_RULE] = row->text[SPEND_INITIATIVE] = row->text[SPEND_LINE] = STR_NONE;
        return;
    }
    const struct rule_part *p = &r->items[rule].parts[part];
    row->category = p->category;
    row->confidence = r->infos[rule].confidence;
    row->text[SPEND_RULE] = r->infos[rule].id;
    row->text[SPEND_INITIATIVE] = p->initiative;
    row->text[SPEND_LINE] = p->line;
}

/* The parts of a rule that a row of that day is divided into, and their shares. */
static size_t shares_of(const struct rules *r, uint32_t rule, day on, uint32_t ppm[SPLIT_MOST],
                        size_t which[SPLIT_MOST])
{
    const struct rule *x = rule == RULE_NONE ? NULL : &r->items[rule];
    const struct allocation_month *m = NULL;
    size_t n = 0;
    ppm[0] = 1000000;
    which[0] = 0;
    if (!x || (x->n_parts == 1 && !x->by_month))
        return 1;
    for (size_t i = 0; x->by_month && i < x->n_months && !m; i++)
        if (on != DAY_NONE && x->months[i].month == month_of_day(on))
            m = &x->months[i];
    if (x->by_month && !m) {
        which[0] = x->n_parts; /* review */
        return 1;
    }
    for (size_t i = 0; i < x->n_parts; i++) {
        uint32_t share = m ? m->ppm[i] : x->parts[i].share_ppm;
        if (!share && m)
            continue;
        ppm[n] = share;
        which[n++] = i;
    }
    return n;
}

bool classify(struct classifier *c, struct spend_row rows[SPLIT_MOST], size_t *ret_n, struct err *e)
{
    if (!prepare(c, e) || !read_row(c, &rows[0], e))
        return false;
    size_t n = 0, at = 0;
    uint32_t base, decision = find_decision(c, &n, &base);
    const uint32_t *choices = c->decider.choices;
    if (decision != MEMO_NONE) {
        choices = c->decisions[decision].choices;
        n = c->decisions[decision].n;
    }
    while (at + 1 < n && !rule_ranges_hold(&c->r->items[choices[at]], &rows[0]))
        at++;
    for (size_t i = 0; i < ALLOCATION_TAGS; i++)
        rows[0].allocation[i] = i < c->r->n_allocation ? c->tags.allocation[i] : STR_NONE;
    uint32_t rule = choices[at], ppm[SPLIT_MOST];
    size_t which[SPLIT_MOST], parts = shares_of(c->r, rule, rows[0].day, ppm, which);
    if (parts > 1)
        rows_split(rows, ppm, parts);
    for (size_t i = 0; i < parts; i++) {
        place(c->r, &rows[i], rule, which[i]);
        rows[i].group = base ? base + c->decisions[decision].offsets[at] + (uint32_t)which[i] : 0;
    }
    *ret_n = parts;
    return true;
}

bool classify_hold(struct classifier *c, const struct spend_row *row, const struct decider **ret,
                   struct err *e)
{
    if (!prepare(c, e) || !read_row(c, row, e))
        return false;
    hold(c);
    *ret = &c->decider;
    return true;
}
