/* ledger_cube.c - cells found by group number or by text, summed exactly. */
#include "store/ledger_cube.h"

static void *resize(void *old, size_t n, size_t size)
{
    void *p = realloc(old, n * size);
    if (!p)
        out_of_memory(n * size);
    return p;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ (h >> 32);
}

static uint64_t key_hash(const struct cube_key *k)
{
    uint64_t words[sizeof *k / 8], h = 0;
    _Static_assert(sizeof *k % 8 == 0, "no padding");
    memcpy(words, k, sizeof *k);
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        h = mix(h, words[i]);
    return h;
}

void cube_init(struct cube *c, size_t limit)
{
    *c = (struct cube){.limit = limit};
    map_init(&c->texts, &c->arena);
}

void cube_release(struct cube *c)
{
    size_t limit = c->limit;
    bool full = c->full;
    free(c->cells);
    free(c->slots);
    free(c->groups);
    arena_release(&c->arena);
    *c = (struct cube){.limit = limit, .full = full};
    map_init(&c->texts, &c->arena);
}

static void give_up(struct cube *c)
{
    c->full = true;
    cube_release(c);
}

str cube_text(const struct cube *c, uint32_t number)
{
    return number ? c->texts.entries[number - 1].key : STR_NONE;
}

static uint32_t text_number(struct cube *c, size_t column, str s)
{
    if (!s.n)
        return 0;
    uint32_t last = c->last[column];
    if (last && str_eq(cube_text(c, last), s))
        return last;
    bool is_new;
    struct map_entry *entry = map_put(&c->texts, s, &is_new);
    if (is_new)
        entry->key = str_dup(&c->arena, s);
    c->last[column] = (uint32_t)(entry - c->texts.entries) + 1;
    return c->last[column];
}

static void grow_slots(struct cube *c)
{
    c->n_slots = c->n_slots ? c->n_slots * 2 : 1024;
    free(c->slots);
    c->slots = resize(NULL, c->n_slots, sizeof *c->slots);
    memset(c->slots, 0, c->n_slots * sizeof *c->slots);
    for (size_t i = 0; i < c->n; i++) {
        uint32_t *slot = &c->slots[key_hash(&c->cells[i].key) & (c->n_slots - 1)];
        c->cells[i].next = *slot;
        *slot = (uint32_t)i + 1;
    }
}

static const struct cube_sums NO_SUMS = {
    .billed = DEC_NULL,
    .effective = DEC_NULL,
    .list = DEC_NULL,
    .tokens = {TOKENS_NULL, TOKENS_NULL, TOKENS_NULL, TOKENS_NULL, TOKENS_NULL},
    .requests = TOKENS_NULL,
};

/* The cell of that key; UINT32_MAX when there is no room for another. */
static uint32_t find_cell(struct cube *c, const struct cube_key *key)
{
    uint64_t hash = key_hash(key);
    if (c->n_slots)
        for (uint32_t i = c->slots[hash & (c->n_slots - 1)]; i; i = c->cells[i - 1].next)
            if (!memcmp(&c->cells[i - 1].key, key, sizeof *key))
                return i - 1;
    if (c->n == c->limit)
        return UINT32_MAX;
    if (c->n == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 256;
        struct cube_cell *cells = aligned_alloc(64, c->cap * sizeof *cells);
        if (!cells)
            out_of_memory(c->cap * sizeof *cells);
        if (c->n)
            memcpy(cells, c->cells, c->n * sizeof *cells);
        free(c->cells);
        c->cells = cells;
    }
    if (c->n >= c->n_slots)
        grow_slots(c);
    uint32_t *slot = &c->slots[hash & (c->n_slots - 1)];
    c->cells[c->n] = (struct cube_cell){.sums = NO_SUMS, .key = *key, .next = *slot};
    *slot = (uint32_t)++c->n;
    return *slot - 1;
}

static struct cube_key key_of(struct cube *c, const struct spend_row *r, month m)
{
    struct cube_key k = {.month = m, .period = r->period, .category = (uint32_t)r->category};
    memcpy(k.currency, r->currency.code, 4);
    for (size_t i = 0; i < LEDGER_CUBE_TEXTS; i++)
        k.texts[i] = text_number(c, i, r->text[ledger_cube_texts[i]]);
    for (size_t i = 0; i < ALLOCATION_TAGS; i++)
        k.texts[LEDGER_CUBE_TEXTS + i] = text_number(c, LEDGER_CUBE_TEXTS + i, r->allocation[i]);
    return k;
}

/* ---- cells by group ---- */

static uint64_t group_hash(uint32_t group, month m, month period)
{
    return mix(mix(group, (uint32_t)m), (uint32_t)period);
}

static struct cube_group *group_slot(const struct cube *c, uint32_t group, month m, month period)
{
    for (uint64_t h = group_hash(group, m, period);; h++) {
        struct cube_group *g = &c->groups[h & (c->cap_groups - 1)];
        if (!g->group || (g->group == group && g->month == m && g->period == period))
            return g;
    }
}

static void grow_groups(struct cube *c)
{
    struct cube_group *old = c->groups;
    size_t n = c->cap_groups;
    c->cap_groups = n ? n * 2 : 1024;
    c->groups = resize(NULL, c->cap_groups, sizeof *c->groups);
    memset(c->groups, 0, c->cap_groups * sizeof *c->groups);
    for (size_t i = 0; i < n; i++)
        if (old[i].group)
            *group_slot(c, old[i].group, old[i].month, old[i].period) = old[i];
    free(old);
}

static uint32_t cell_of(struct cube *c, const struct spend_row *r, month m)
{
    if (!r->group) {
        struct cube_key key = key_of(c, r, m);
        return find_cell(c, &key);
    }
    if (c->n_groups * 2 >= c->cap_groups)
        grow_groups(c);
    struct cube_group *g = group_slot(c, r->group, m, r->period);
    if (!g->group) {
        struct cube_key key = key_of(c, r, m);
        uint32_t cell = find_cell(c, &key);
        if (cell == UINT32_MAX)
            return cell;
        *g = (struct cube_group){r->group, m, r->period, cell};
        c->n_groups++;
    }
    return g->cell;
}

/* ---- sums ---- */

static inline dec too_large(void)
{
    return (dec)INT64_C(10000000000000000) * INT64_C(1000000000000) *
           INT64_C(10000000000); /* 10^38 */
}

bool sum_dec(dec *sum, dec v, struct err *e)
{
    if (v == DEC_NULL)
        return true;
    if (*sum == DEC_NULL) {
        *sum = v;
        return true;
    }
    dec total;
    if (__builtin_add_overflow(*sum, v, &total) || total >= too_large() || total <= -too_large())
        return err_set(e, ERR_INVALID,
                       "a sum of amounts needs more than 20 digits before the point");
    *sum = total;
    return true;
}

static bool sum_count(int64_t *sum, int64_t v, struct err *e)
{
    if (v == TOKENS_NULL)
        return true;
    if (*sum == TOKENS_NULL) {
        *sum = v;
        return true;
    }
    if (__builtin_add_overflow(*sum, v, sum))
        return err_set(e, ERR_INVALID, "a sum of counts is over 9 quintillion");
    return true;
}

static bool add_sums(struct cube_sums *to, const struct cube_sums *s, struct err *e)
{
    for (int b = 0; b < TOKEN_BUCKETS; b++)
        if (!sum_count(&to->tokens[b], s->tokens[b], e))
            return false;
    to->rows += s->rows;
    to->unpriced += s->unpriced;
    to->token_rows += s->token_rows;
    return sum_dec(&to->billed, s->billed, e) && sum_dec(&to->effective, s->effective, e) &&
           sum_dec(&to->list, s->list, e) && sum_count(&to->requests, s->requests, e);
}

static bool add_row(struct cube_sums *s, const struct spend_row *row, struct err *e)
{
    bool tokens = false;
    for (int b = 0; b < TOKEN_BUCKETS; b++) {
        if (row->tokens[b] == TOKENS_NULL)
            continue;
        tokens = true;
        if (!sum_count(&s->tokens[b], row->tokens[b], e))
            return false;
    }
    s->rows++;
    s->unpriced += row->billed == DEC_NULL || row->effective == DEC_NULL;
    if (tokens)
        s->token_rows++;
    return sum_dec(&s->billed, row->billed, e) && sum_dec(&s->effective, row->effective, e) &&
           sum_dec(&s->list, row->list, e) &&
           (row->requests == TOKENS_NULL || sum_count(&s->requests, row->requests, e));
}

static void months_of(const struct spend_row *rows, size_t n, month *ret)
{
    day last = DAY_NONE;
    month m = MONTH_NONE;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].day != last) {
            last = rows[i].day;
            m = last == DAY_NONE ? MONTH_NONE : month_of_day(last);
        }
        ret[i] = m;
    }
}

/* Cells are many and far apart: asks for the memory of rows to come, first the slot, then the cell.
 */
static void fetch_ahead(const struct cube *c, const struct spend_row *rows, const month *months,
                        size_t i, size_t n)
{
    enum { SLOT_AHEAD = 16, CELL_AHEAD = 8 };
    size_t mask = c->cap_groups - 1;
    if (i + SLOT_AHEAD < n) {
        const struct spend_row *r = &rows[i + SLOT_AHEAD];
        __builtin_prefetch(
            &c->groups[group_hash(r->group, months[i + SLOT_AHEAD], r->period) & mask]);
    }
    if (i + CELL_AHEAD < n) {
        const struct spend_row *r = &rows[i + CELL_AHEAD];
        const struct cube_group *g =
            &c->groups[group_hash(r->group, months[i + CELL_AHEAD], r->period) & mask];
        if (g->group)
            __builtin_prefetch(&c->cells[g->cell], 1);
    }
}

bool cube_add(struct cube *c, const struct spend_row *rows, size_t n, struct err *e)
{
    month months[CUBE_BATCH];
    BUG_IF(n > CUBE_BATCH);
    months_of(rows, n, months);
    for (size_t i = 0; i < n && !c->full; i++) {
        if (c->cap_groups)
            fetch_ahead(c, rows, months, i, n);
        uint32_t cell = cell_of(c, &rows[i], months[i]);
        if (cell == UINT32_MAX)
            give_up(c);
        else if (!add_row(&c->cells[cell].sums, &rows[i], e))
            return false;
    }
    return true;
}

bool cube_merge(struct cube *to, const struct cube *from, struct err *e)
{
    if (to->full)
        return true;
    if (from->full) {
        give_up(to);
        return true;
    }
    for (size_t i = 0; i < from->n; i++) {
        struct cube_key key = from->cells[i].key;
        for (size_t t = 0; t < CUBE_TEXTS; t++)
            key.texts[t] = text_number(to, t, cube_text(from, key.texts[t]));
        uint32_t cell = find_cell(to, &key);
        if (cell == UINT32_MAX) {
            give_up(to);
            return true;
        }
        if (!add_sums(&to->cells[cell].sums, &from->cells[i].sums, e))
            return false;
    }
    return true;
}

/* ---- order ---- */

static int compare_u32(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

/* Ranks of texts stand in the keys while cells are sorted: comparing numbers is enough. */
static int compare_cells(const void *pa, const void *pb)
{
    const struct cube_key *a = &((const struct cube_cell *)pa)->key;
    const struct cube_key *b = &((const struct cube_cell *)pb)->key;
    if (a->month != b->month)
        return a->month < b->month ? -1 : 1;
    if (a->period != b->period)
        return a->period < b->period ? -1 : 1;
    int order = memcmp(a->currency, b->currency, 4);
    if (!order)
        order = compare_u32(a->category, b->category);
    for (size_t i = 0; !order && i < CUBE_TEXTS; i++)
        order = compare_u32(a->texts[i], b->texts[i]);
    return order;
}

static int compare_entries(const void *a, const void *b)
{
    return str_cmp(((const struct map_entry *)a)->key, ((const struct map_entry *)b)->key);
}

void cube_sort(struct cube *c)
{
    /* renumber texts by their order; the hash tables are of no more use then */
    size_t n = c->texts.n;
    struct map_entry *sorted = resize(NULL, n + 1, sizeof *sorted);
    uint32_t *rank = resize(NULL, n + 1, sizeof *rank);
    for (size_t i = 0; i < n; i++) {
        sorted[i] = c->texts.entries[i];
        sorted[i].num = (int64_t)i;
    }
    qsort(sorted, n, sizeof *sorted, compare_entries);
    rank[0] = 0;
    for (size_t i = 0; i < n; i++)
        rank[sorted[i].num + 1] = (uint32_t)i + 1;
    for (size_t i = 0; i < c->n; i++)
        for (size_t t = 0; t < CUBE_TEXTS; t++)
            c->cells[i].key.texts[t] = rank[c->cells[i].key.texts[t]];
    if (n)
        memcpy(c->texts.entries, sorted, n * sizeof *sorted);
    free(sorted);
    free(rank);
    free(c->slots);
    free(c->groups);
    c->slots = NULL;
    c->groups = NULL;
    c->n_slots = c->n_groups = c->cap_groups = 0;
    if (c->n)
        qsort(c->cells, c->n, sizeof *c->cells, compare_cells);
}
