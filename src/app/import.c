/* import.c - files to a committed batch: digest, read, classify, price, write, check, commit. */
#include "app/import.h"

#include "app/allocate.h"
#include "app/private.h"
#include "app/stage.h"
#include "base/hash.h"
#include "base/os.h"
#include "ingest/unit_rate.h"
#include "store/ledger_rewrite.h"

struct job {
    struct workspace *w;
    str waits; /* what could not be shared out yet */
    const struct import_request *q;
    struct arena *a;
    struct names paths;
    struct unit_rate *rates;
    size_t n_rates;
    struct import_file_info *files; /* those to be read */
    size_t n_files;
    uint64_t bytes;
    str tmp;
    struct source *source;
    struct stage *stage;
    struct part_info part;
    struct import_scope *scopes;
    size_t n_scopes;
    struct new_part *parts; /* the new one, then remainders of replaced imports */
    size_t n_parts, cap_parts;
    int64_t *retire;
    size_t n_retire, cap_retire;
    struct import_outcome out;
};

/* ---- which files are new ---- */

static bool add_known(struct job *j, str path, int64_t import)
{
    size_t cap = j->out.n_known;
    j->out.known = arena_grow(j->a, j->out.known, sizeof *j->out.known, &cap, j->out.n_known + 1);
    j->out.known[j->out.n_known++] = (struct known_file){path, import};
    return true;
}

/* Those of this import, then those of the book. */
static bool parse_rates(struct job *j, struct err *e)
{
    size_t n_book, n = j->q->n_rates;
    const struct unit_rate *book = rules_unit_rates(j->w->rules, &n_book);
    j->rates = arena_new(j->a, struct unit_rate, n + n_book);
    for (size_t i = 0; i < n; i++)
        if (!unit_rate_parse(j->a, j->q->rates[i], j->w->settings.currency, &j->rates[i], e))
            return false;
    book = unit_rates_of_book(j->a, book, n_book, j->w->settings.currency);
    for (size_t i = 0; i < n_book; i++)
        j->rates[n + i] = book[i];
    j->n_rates = n + n_book;
    return true;
}

static bool find_new_files(struct job *j, struct err *e)
{
    j->files = arena_new(j->a, struct import_file_info, j->paths.n);
    for (size_t i = 0; i < j->paths.n; i++) {
        str path = j->paths.items[i];
        char digest[DIGEST_HEX];
        uint64_t bytes;
        int64_t known;
        if (!file_size(path, &bytes, e) || !digest_file(path, digest, e) ||
            !book_find_file(j->w->book, str_of(digest), &known, e))
            return false;
        str kept = str_dup(j->a, str_of(digest));
        for (size_t k = 0; k < j->n_files; k++)
            if (str_eq(j->files[k].digest, kept))
                return err_set(e, ERR_INVALID, "'%.*s' and '%.*s' hold the same bytes",
                               FMT(j->files[k].path), FMT(path)),
                       err_hint(e, "Name only one of them; nothing was imported.");
        if (known) {
            add_known(j, path, known);
            continue;
        }
        j->files[j->n_files++] = (struct import_file_info){
            .path = path, .digest = kept, .bytes = bytes};
        j->bytes += bytes;
    }
    return true;
}

/* Until the lock was taken another import may have brought the same files, or changed the parts. */
static bool refuse_just_imported(struct job *j, struct err *e)
{
    for (size_t i = 0; i < j->n_files; i++) {
        int64_t known;
        if (!book_find_file(j->w->book, j->files[i].digest, &known, e))
            return false;
        if (known) {
            err_set(e, ERR_FAILED, "another process has just imported '%.*s' (import %lld)",
                    FMT(j->files[i].path), (long long)known);
            return err_hint(e, "Nothing was imported by this command.");
        }
    }
    return true;
}

/* ---- reading and writing ---- */

static bool read_and_write(struct job *j, struct err *e)
{
    str *paths = arena_new(j->a, str, j->n_files);
    for (size_t i = 0; i < j->n_files; i++)
        paths[i] = j->files[i].path;
    struct import_options *options = arena_new(j->a, struct import_options, 1);
    *options = j->q->options;
    options->currency = j->w->settings.currency;
    options->rates = j->rates;
    options->n_rates = j->n_rates;
    struct payees *payees;
    if (!allocate_shares(j->w, &j->waits, e) ||
        !payees_of_book(j->w, j->q->keep_payees, j->q->n_keep_payees, &payees, e))
        return false;
    const struct stage_needs needs = {.rules = j->w->rules,
                                      .payees = payees,
                                      .prices = j->w->prices,
                                      .options = options,
                                      .paths = paths,
                                      .n_paths = j->n_files};
    j->stage = stage_new(j->a, &needs);
    struct source_options o = {
        .import = options,
        .ledger = j->w->ledger,
        .stage = stage_rows(j->stage),
        .threads = j->w->options.threads > 0 ? j->w->options.threads : os_cpus(),
    };
    if (!source_open(j->a, paths, j->n_files, &o, &j->source, e))
        return false;
    if (j->q->began)
        j->q->began(j->q->progress_ctx, j->bytes, j->n_files);
    return ledger_write(j->w->ledger, source_rows(j->source), j->tmp, S("part"), j->q->progress,
                        j->q->progress_ctx, j->q->interrupted, j->a, &j->part, e) &&
           stage_check(j->stage, e);
}

/* A header alone is what a failed export leaves behind. */
static bool refuse_nothing(const struct job *j, struct err *e)
{
    if (j->part.rows)
        return true;
    if (j->n_files == 1)
        err_set(e, ERR_INVALID, "%.*s: holds no spend, not one row", FMT(j->files[0].path));
    else
        err_set(e, ERR_INVALID, "none of the %zu files holds a row of spend", j->n_files);
    return err_hint(e, "Export it again, or leave it out; nothing was imported.");
}

static bool attach_new_part(struct job *j, struct err *e)
{
    struct part_ref ref = {.name = str_fmt(j->a, "%.*s/part", FMT(path_base(j->tmp)))};
    return ledger_attach(j->w->ledger, &ref, 1, e);
}

static bool collect_scopes(struct job *j, struct err *e)
{
    static const struct ledger_key keys[] = {{.kind = KEY_TEXT, .text = SPEND_PROVIDER},
                                             {.kind = KEY_TEXT, .text = SPEND_ACCOUNT},
                                             {.kind = KEY_PERIOD}};
    struct ledger_query q = {.from = DAY_NONE, .to = DAY_NONE, .keys = keys,
                             .n_keys = ARRAY_LEN(keys)};
    struct ledger_sums sums;
    if (!ledger_sum(j->w->ledger, &q, j->a, &sums, e))
        return false;
    j->scopes = arena_new(j->a, struct import_scope, sums.n);
    j->n_scopes = sums.n;
    for (size_t i = 0; i < sums.n; i++) {
        struct ledger_sum *s = &sums.items[i];
        j->scopes[i] = (struct import_scope){.provider = s->keys[0],
                                             .account = s->keys[1],
                                             .rows = s->rows,
                                             .billed = dec_or_zero(s->billed),
                                             .effective = dec_or_zero(s->effective)};
        BUG_IF(!month_parse(s->keys[2], &j->scopes[i].period));
    }
    return true;
}

static bool collect_sums(struct job *j, struct err *e)
{
    static const struct ledger_key keys[] = {{.kind = KEY_CATEGORY}, {.kind = KEY_CURRENCY}};
    struct ledger_query q = {.from = DAY_NONE, .to = DAY_NONE, .keys = keys,
                             .n_keys = ARRAY_LEN(keys)};
    struct ledger_sums sums;
    if (!ledger_sum(j->w->ledger, &q, j->a, &sums, e))
        return false;
    j->out.sums = arena_new(j->a, struct import_sum, sums.n);
    j->out.n_sums = sums.n;
    dec billed = 0, effective = 0;
    uint64_t rows = 0;
    for (size_t i = 0; i < sums.n; i++) {
        const struct ledger_sum *s = &sums.items[i];
        j->out.sums[i] = (struct import_sum){.currency = s->keys[1],
                                             .rows = s->rows,
                                             .unpriced = s->unpriced,
                                             .billed = s->billed,
                                             .effective = s->effective};
        BUG_IF(!category_parse(s->keys[0], &j->out.sums[i].category));
        billed += dec_or_zero(s->billed);
        effective += dec_or_zero(s->effective);
        rows += s->rows;
    }
    /* the control total: what was counted while writing and what the part holds are the same */
    if (billed != j->part.billed || effective != j->part.effective || rows != j->part.rows)
        return err_set(e, ERR_FAILED, "the written part does not add up to what was read");
    return true;
}

/* ---- overlaps ---- */

static bool describe_overlap(struct job *j, struct err *e)
{
    const struct overlap *o = &j->out.overlaps[0];
    char period[MONTH_TEXT];
    month_format(o->scope.period, period);
    err_set(e, ERR_INVALID,
            "the book already holds %.*s%s%.*s for %s (import %lld, '%.*s', %llu rows)",
            FMT(o->scope.provider), o->scope.account.n ? ", account " : "", FMT(o->scope.account),
            period, (long long)o->import, FMT(o->file), (unsigned long long)o->scope.rows);
    return err_hint(e,
                    "%s%zu overlap%s in all. Is this another part of the same bill? Say --add. A "
                    "restatement? Say --replace. Nothing was imported.",
                    j->out.n_overlaps > 1 ? "There are " : "There is ", j->out.n_overlaps,
                    j->out.n_overlaps > 1 ? "s" : "");
}

static bool add_part(struct job *j, const struct part_info *info, int64_t import)
{
    j->parts = arena_grow(j->a, j->parts, sizeof *j->parts, &j->cap_parts, j->n_parts + 1);
    j->parts[j->n_parts++] = (struct new_part){*info, import};
    return true;
}

/* The rows of an import that the new one does not restate, as a part of their own. */
static bool keep_remainder(struct job *j, int64_t import, struct err *e)
{
    struct scope_key *without = arena_new(j->a, struct scope_key, j->n_scopes);
    for (size_t i = 0; i < j->n_scopes; i++)
        without[i] = (struct scope_key){j->scopes[i].provider, j->scopes[i].account,
                                        j->scopes[i].period};
    str *names = arena_new(j->a, str, j->w->n_parts);
    size_t n = 0;
    for (size_t i = 0; i < j->w->n_parts; i++)
        if (j->w->parts[i].ref.import == import)
            names[n++] = j->w->parts[i].ref.name;
    struct rewrite_options o = {
        .parts = names, .n_parts = n, .without = without, .n_without = j->n_scopes};
    struct rewrite_source *old;
    if (!rewrite_open(j->w->ledger, &o, &old, e))
        return false;
    struct part_info info;
    str name = str_fmt(j->a, "rest%lld", (long long)import);
    bool ok = ledger_write(j->w->ledger, rewrite_rows(old), j->tmp, name, NULL, NULL,
                           j->q->interrupted, j->a, &info, e);
    rewrite_close(old);
    return ok && (!info.rows || add_part(j, &info, import));
}

static bool replace_overlaps(struct job *j, struct err *e)
{
    for (size_t i = 0; i < j->out.n_overlaps; i++) {
        int64_t import = j->out.overlaps[i].import;
        bool seen = false;
        for (size_t k = 0; k < j->n_retire; k++)
            seen = seen || j->retire[k] == import;
        if (seen)
            continue;
        j->retire = arena_grow(j->a, j->retire, sizeof *j->retire, &j->cap_retire, j->n_retire + 1);
        j->retire[j->n_retire++] = import;
        if (!keep_remainder(j, import, e))
            return false;
    }
    return true;
}

static bool refuse_closed(struct job *j, struct err *e)
{
    month *closed;
    size_t n;
    if (!book_closed_months(j->w->book, j->a, &closed, &n, e))
        return false;
    for (size_t i = 0; i < j->n_scopes; i++)
        for (size_t k = 0; k < n; k++)
            if (j->scopes[i].period == closed[k]) {
                char text[MONTH_TEXT];
                month_format(closed[k], text);
                err_set(e, ERR_INVALID, "%s is closed: its actuals are final", text);
                return err_hint(e, "Reopen it with a reason first; nothing was imported.");
            }
    return true;
}

static bool settle_overlaps(struct job *j, struct err *e)
{
    if (!refuse_closed(j, e) ||
        !book_overlaps(j->w->book, j->scopes, j->n_scopes, j->a, &j->out.overlaps,
                       &j->out.n_overlaps, e))
        return false;
    if (j->out.n_overlaps && j->q->overlap == OVERLAP_REFUSE)
        return describe_overlap(j, e);
    return j->q->overlap != OVERLAP_REPLACE || replace_overlaps(j, e);
}

/* ---- the batch ---- */

static void describe(struct job *j)
{
    struct import_info *i = &j->out.info;
    struct buf digests;
    char digest[DIGEST_HEX];
    buf_init(&digests, SIZE_MAX);
    j->out.files = source_files(j->source, &j->out.n_files);
    for (size_t k = 0; k < j->n_files; k++) {
        j->files[k].importer = str_of(j->out.files[k].importer->name);
        j->files[k].records = j->out.files[k].counts.records;
        i->records += j->out.files[k].counts.records;
        i->rounded += j->out.files[k].counts.rounded;
        buf_add(&digests, j->files[k].digest);
        buf_addc(&digests, '\n');
    }
    digest_of(buf_str(&digests), digest);
    buf_release(&digests);
    i->digest = str_dup(j->a, str_of(digest));
    i->mode = j->n_retire ? S("replace") : j->out.n_overlaps ? S("add") : S("new");
    i->rules_digest = rules_digest(j->w->rules);
    i->note = j->q->note;
    i->rows = j->part.rows;
    i->unpriced = j->part.unpriced;
    i->billed = j->part.billed;
    i->effective = j->part.effective;
    i->first = j->part.first;
    i->last = j->part.last;
    i->files = j->files;
    i->n_files = j->n_files;
    size_t n_source, n_stage;
    const str *source = source_notes(j->source, j->a, &n_source);
    str *notes = arena_new(j->a, str, n_source + STAGE_NOTES + 1);
    if (n_source)
        memcpy(notes, source, n_source * sizeof *notes);
    stage_notes(j->stage, j->a, notes + n_source, &n_stage);
    j->out.notes = notes;
    j->out.n_notes = n_source + n_stage;
    if (j->waits.n)
        notes[j->out.n_notes++] =
            str_fmt(j->a, "%.*s. Mend it, then run 'outlay rules apply'.", FMT(j->waits));
}

static bool commit(struct job *j, struct err *e)
{
    struct new_import n = {
        .info = j->out.info,
        .scopes = j->scopes,
        .n_scopes = j->n_scopes,
        .parts = j->parts,
        .n_parts = j->n_parts,
        .retire_imports = j->retire,
        .n_retire = j->n_retire,
    };
    return book_import_commit(j->w->book, &n, j->w->options.now, &j->out.import, e);
}

static bool run(struct job *j, struct err *e)
{
    if (!read_and_write(j, e) || !refuse_nothing(j, e) || !attach_new_part(j, e) ||
        !collect_scopes(j, e) || !collect_sums(j, e))
        return false;
    add_part(j, &j->part, 0);
    if (!settle_overlaps(j, e))
        return false;
    describe(j);
    if (j->q->dry_run) {
        book_import_abort(j->w->book);
        return true;
    }
    return commit(j, e);
}

bool import_files(struct workspace *w, const struct import_request *q, struct import_outcome *ret,
                  struct err *e)
{
    struct job j = {.w = w, .q = q, .a = w->arena};
    for (size_t i = 0; i < q->n_paths; i++)
        if (!files_expand(j.a, q->paths[i], &j.paths, e))
            return false;
    if (!parse_rates(&j, e) || !find_new_files(&j, e))
        return false;
    if (!j.n_files) {
        *ret = j.out;
        return true;
    }
    bool ok = book_import_begin(w->book, j.a, &j.tmp, e) && refuse_just_imported(&j, e) &&
              workspace_attach(w, e) && run(&j, e);
    if (!ok)
        book_import_abort(w->book);
    source_close(j.source);
    stage_free(j.stage);
    if (ok && workspace_attach(w, e)) {
        *ret = j.out;
        return true;
    }
    return false;
}
