/* probe_write.c - what csv and ledger alone cost, without rules: CSV to a part, then one sum.
 *
 * probe_write FILE DIR [THREADS]
 *
 * A stand-in for the importers: it maps the columns of gen_focus.c, places a row by its service
 * category and numbers groups through a map. The benchmark proper times the whole of outlay. */
#include <inttypes.h>
#include <sys/resource.h>
#include <time.h>

#include "base/csv.h"
#include "base/date.h"
#include "base/map.h"
#include "base/os.h"
#include "store/ledger.h"

static const struct {
    const char *name;
    int text; /* enum spend_text, or -1 and below for the others */
} COLUMNS[] = {
    {"ChargePeriodStart", -1},
    {"BillingPeriodStart", -1},
    {"BilledCost", -1},
    {"EffectiveCost", -1},
    {"ListCost", -1},
    {"ConsumedQuantity", -1},
    {"BillingCurrency", -1},
    {"ProviderName", SPEND_PROVIDER},
    {"PublisherName", SPEND_PUBLISHER},
    {"ServiceName", SPEND_SERVICE},
    {"ServiceCategory", SPEND_SERVICE_CATEGORY},
    {"ServiceSubcategory", SPEND_SERVICE_SUBCATEGORY},
    {"SkuId", SPEND_SKU},
    {"SkuMeter", SPEND_METER},
    {"ChargeDescription", SPEND_DESCRIPTION},
    {"BillingAccountId", SPEND_ACCOUNT},
    {"SubAccountId", SPEND_SUB_ACCOUNT},
    {"ResourceId", SPEND_RESOURCE},
    {"ResourceType", SPEND_RESOURCE_TYPE},
    {"RegionId", SPEND_REGION},
    {"ConsumedUnit", SPEND_UNIT},
    {"ChargeCategory", SPEND_CHARGE_CATEGORY},
    {"ChargeClass", SPEND_CHARGE_CLASS},
    {"CommitmentDiscountId", SPEND_COMMITMENT},
    {"Tags", SPEND_TAGS},
};
enum { N_COLUMNS = ARRAY_LEN(COLUMNS) };

struct input {
    struct csv_file *file;
    uint32_t columns[N_COLUMNS];
};

struct worker {
    struct csv_worker *csv;
    struct csv_batch batch;
    size_t at;
    struct arena arena;
    struct map groups;
    char last_text[32];
    size_t last_n;
    day last_day;
};

static bool open_worker(void *self, void **ret, struct err *e)
{
    struct input *in = self;
    struct worker *w = calloc(1, sizeof *w);
    if (!w)
        out_of_memory(sizeof *w);
    map_init(&w->groups, &w->arena);
    *ret = w;
    return csv_worker_open(in->file, in->columns, N_COLUMNS, &w->csv, e);
}

static void close_worker(void *worker)
{
    struct worker *w = worker;
    csv_worker_close(w->csv);
    arena_release(&w->arena);
    free(w);
}

static uint32_t group_of(struct worker *w, const struct spend_row *r)
{
    static const enum spend_text texts[] = {SPEND_PROVIDER, SPEND_PUBLISHER,   SPEND_SERVICE,
                                            SPEND_ACCOUNT,  SPEND_SUB_ACCOUNT, SPEND_REGION};
    char key[512];
    size_t n = 0;
    for (size_t i = 0; i <= ARRAY_LEN(texts); i++) {
        str s = i < ARRAY_LEN(texts) ? r->text[texts[i]] : r->allocation[0];
        if (n + s.n + 1 > sizeof key)
            return 0;
        if (s.n)
            memcpy(key + n, s.p, s.n);
        n += s.n;
        key[n++] = '\n';
    }
    bool is_new;
    struct map_entry *entry = map_put(&w->groups, (str){key, n}, &is_new);
    if (is_new) {
        entry->key = str_dup(&w->arena, (str){key, n});
        entry->num = (int64_t)w->groups.n;
    }
    return (uint32_t)entry->num;
}

static bool map_row(struct worker *w, const str *c, uint64_t line, struct spend_row *r,
                    struct err *e)
{
    spend_row_clear(r);
    day period;
    if (c[0].n != w->last_n || memcmp(c[0].p, w->last_text, c[0].n)) {
        if (!date_parse(c[0], DATE_MDY, &w->last_day) || c[0].n > sizeof w->last_text)
            return err_set(e, ERR_INVALID, "line %" PRIu64 ": not a day", line);
        memcpy(w->last_text, c[0].p, c[0].n);
        w->last_n = c[0].n;
    }
    r->day = w->last_day;
    if (!date_parse(c[1], DATE_MDY, &period))
        return err_set(e, ERR_INVALID, "line %" PRIu64 ": not a period", line);
    r->period = month_of_day(period);
    dec *amounts[] = {&r->billed, &r->effective, &r->list, &r->quantity};
    for (size_t i = 0; i < ARRAY_LEN(amounts); i++)
        if (dec_parse(c[2 + i], amounts[i]) != DEC_OK)
            return err_set(e, ERR_INVALID, "line %" PRIu64 ": not an amount", line);
    memcpy(r->currency.code, c[6].p, MIN(c[6].n, 3u));
    for (size_t i = 7; i < N_COLUMNS; i++)
        r->text[COLUMNS[i].text] = c[i];
    str ai = S("AI and Machine Learning");
    r->category = str_eq(c[10], ai) ? CATEGORY_VENDOR : CATEGORY_NOT_AI;
    r->confidence = 90;
    r->file = 1;
    r->row = line;
    size_t team = str_find(r->text[SPEND_TAGS], S("\"team\": \""), 0);
    if (team != SIZE_MAX) {
        str rest = str_sub(r->text[SPEND_TAGS], team + 9, r->text[SPEND_TAGS].n);
        (void)str_cut(&rest, '"', &r->allocation[0]);
    }
    r->group = group_of(w, r);
    return true;
}

static bool produce(void *worker, struct spend_row *rows, size_t cap, size_t *ret_n, struct err *e)
{
    struct worker *w = worker;
    if (w->at == w->batch.n) {
        if (!csv_worker_next(w->csv, &w->batch, e))
            return false;
        w->at = 0;
    }
    size_t n = MIN(cap, w->batch.n - w->at);
    for (size_t i = 0; i < n; i++, w->at++)
        if (!map_row(w, w->batch.cells + w->at * N_COLUMNS, w->batch.lines[w->at], &rows[i], e))
            return false;
    *ret_n = n;
    return true;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void report(const char *what, double since)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    printf("%-8s wall %6.2f  user %6.2f  sys %6.2f  rss %5ld MB\n", what, now() - since,
           (double)u.ru_utime.tv_sec + (double)u.ru_utime.tv_usec / 1e6,
           (double)u.ru_stime.tv_sec + (double)u.ru_stime.tv_usec / 1e6, u.ru_maxrss / 1024);
}

static bool find_columns(struct input *in)
{
    size_t n;
    const str *names = csv_names(in->file, &n);
    for (size_t c = 0; c < N_COLUMNS; c++) {
        size_t i = 0;
        while (i < n && !str_eq(names[i], str_of(COLUMNS[c].name)))
            i++;
        if (i == n)
            return false;
        in->columns[c] = (uint32_t)i;
    }
    return true;
}

static bool run(const char *path, const char *dir, int threads, struct err *e)
{
    static const char *const tags[] = {"team", NULL};
    struct arena a = ARENA_INIT;
    struct input in;
    struct ledger *l;
    struct part_info info;
    double start = now();
    if (!csv_open(str_of(path), NULL, &in.file, e))
        return false;
    if (!find_columns(&in))
        return err_set(e, ERR_INVALID, "'%s' is not of gen_focus", path);
    if (!dir_make(str_of(dir), e) ||
        !ledger_open(&(struct ledger_options){.dir = str_of(dir), .threads = threads,
                                              .allocation_tags = tags}, &l, e))
        return false;
    struct row_source source = {&in, threads, open_worker, produce, close_worker, NULL};
    if (!ledger_write(l, &source, str_of(dir), S("probe"), NULL, NULL, NULL, &a, &info, e))
        return false;
    report("write", start);
    char billed[DEC_TEXT];
    printf("%" PRIu64 " rows, %" PRIu64 " bytes, billed %.*s\n", info.rows, info.bytes,
           FMT(dec_format(info.billed, billed)));
    struct ledger_key keys[] = {{.kind = KEY_MONTH}, {.kind = KEY_CATEGORY},
                                {.kind = KEY_TAG, .tag = S("team")}};
    struct ledger_query q = {DAY_NONE, DAY_NONE, keys, ARRAY_LEN(keys), NULL, 0};
    struct ledger_sums sums;
    double summing = now();
    if (!ledger_attach(l, &(struct part_ref){S("probe"), 1}, 1, e) ||
        !ledger_sum(l, &q, &a, &sums, e))
        return false;
    report("sum", summing);
    printf("%zu sums, from %s\n", sums.n, sums.from_cube ? "cube" : "rows");
    ledger_close(l);
    csv_close(in.file);
    arena_release(&a);
    return true;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: probe_write FILE DIR [THREADS]\n");
        return 2;
    }
    struct err e = {0};
    if (run(argv[1], argv[2], argc > 3 ? (int)strtol(argv[3], NULL, 10) : os_cpus(), &e))
        return 0;
    fprintf(stderr, "probe_write: %s\n", e.text);
    return 1;
}
