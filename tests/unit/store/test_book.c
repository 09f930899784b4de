/* test_book.c - a book keeps what was committed and nothing else. */
#include "store/book.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "unit/place.h"

static void write_part(struct arena *a, str tmp, const char *name, struct part_info *ret)
{
    struct err e;
    str data = str_fmt(a, "%.*s/%s.parquet", FMT(tmp), name);
    str cube = str_fmt(a, "%.*s/%s.cube.parquet", FMT(tmp), name);
    assert_ok(file_create(data, S("rows"), &e), &e);
    assert_ok(file_create(cube, S("cube"), &e), &e);
    *ret = (struct part_info){.name = str_of(name), .rows = 3, .bytes = 8, .billed = DEC_ONE,
                              .effective = DEC_ONE / 2, .first = 20000, .last = 20030};
    sha256_of(S("rows"), ret->sha256);
    sha256_of(S("cube"), ret->cube_sha256);
}

static int64_t import_one(struct arena *a, struct book *b, const char *digest,
                          const struct import_scope *scopes, size_t n_scopes, int64_t retire)
{
    struct err e;
    str tmp;
    int64_t id;
    assert_ok(book_import_begin(b, a, &tmp, &e), &e);
    struct new_part part = {0};
    write_part(a, tmp, "x", &part.info);
    struct import_file_info file = {S("bill.csv"), str_of(digest), S("focus"), 100, 3};
    struct new_import n = {
        .info = {.digest = str_of(digest), .mode = retire ? S("replace") : S("new"), .rows = 3,
                 .records = 3, .billed = DEC_ONE, .effective = DEC_ONE / 2, .first = 20000,
                 .last = 20030, .rules_digest = S("r"), .files = &file, .n_files = 1},
        .scopes = scopes, .n_scopes = n_scopes, .parts = &part, .n_parts = 1,
        .retire_imports = &retire, .n_retire = retire ? 1 : 0};
    assert_ok(book_import_commit(b, &n, NOW, &id, &e), &e);
    return id;
}

static void what_is_committed_is_there_after_reopening(void **state)
{
    struct place *p = *state;
    struct err e;
    struct book *b;
    assert_ok(book_create(p->dir, NOW, &e), &e);
    assert_ok(book_open(p->dir, BOOK_WRITE, &b, &e), &e);
    struct import_scope scope = {S("AWS"), S("1"), month_of(2026, 7), 3, DEC_ONE, DEC_ONE / 2};
    int64_t id = import_one(&p->a, b, "d1", &scope, 1, 0);
    book_close(b);
    assert_ok(book_open(p->dir, BOOK_READ, &b, &e), &e);
    struct import_info *imports;
    struct book_part *parts;
    size_t n;
    assert_ok(book_imports(b, &p->a, &imports, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_int_equal(imports[0].id, id);
    assert_true(imports[0].billed == DEC_ONE && imports[0].effective == DEC_ONE / 2);
    assert_str(imports[0].files[0].path, "bill.csv");
    assert_ok(book_parts(b, false, &p->a, &parts, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_str(parts[0].ref.name, "p000001");
    int64_t found;
    assert_ok(book_find_file(b, S("d1"), &found, &e), &e);
    assert_int_equal(found, id);
    struct overlap *over;
    assert_ok(book_overlaps(b, &scope, 1, &p->a, &over, &n, &e), &e);
    assert_int_equal(n, 1);
    scope.period++;
    assert_ok(book_overlaps(b, &scope, 1, &p->a, &over, &n, &e), &e);
    assert_int_equal(n, 0);
    assert_ok(book_verify(b, true, &e), &e);
    book_close(b);
}

static void an_aborted_import_leaves_no_trace(void **state)
{
    struct place *p = *state;
    struct err e;
    struct book *b;
    str tmp;
    char before[SHA256_HEX], after[SHA256_HEX];
    assert_ok(book_create(p->dir, NOW, &e), &e);
    str db = path_join(&p->a, p->dir, S("outlay.db"));
    assert_ok(sha256_file(db, before, &e), &e);
    assert_ok(book_open(p->dir, BOOK_WRITE, &b, &e), &e);
    assert_ok(book_import_begin(b, &p->a, &tmp, &e), &e);
    struct part_info info;
    write_part(&p->a, tmp, "x", &info);
    book_import_abort(b);
    assert_false(dir_exists(tmp));
    book_close(b);
    assert_ok(sha256_file(db, after, &e), &e);
    assert_string_equal(before, after);
}

static void files_of_a_killed_import_are_removed_by_the_next(void **state)
{
    struct place *p = *state;
    struct err e;
    struct book *b;
    assert_ok(book_create(p->dir, NOW, &e), &e);
    pid_t child = fork();
    if (child == 0) { /* dies in the middle: parts written, one already moved, nothing committed */
        str tmp;
        struct part_info info;
        struct err ignored;
        if (!book_open(p->dir, BOOK_WRITE, &b, &ignored) ||
            !book_import_begin(b, &p->a, &tmp, &ignored))
            _exit(1);
        write_part(&p->a, tmp, "x", &info);
        str stray = path_join(&p->a, book_ledger_dir(b), S("p000001.parquet"));
        _exit(file_create(stray, S("half"), &ignored) ? 7 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 7);
    assert_ok(book_open(p->dir, BOOK_WRITE, &b, &e), &e);
    struct import_scope scope = {S("AWS"), S("1"), month_of(2026, 7), 3, DEC_ONE, DEC_ONE / 2};
    import_one(&p->a, b, "d1", &scope, 1, 0);
    assert_ok(book_verify(b, true, &e), &e);
    struct names names;
    assert_ok(dir_list(&p->a, book_ledger_dir(b), &names, &e), &e);
    assert_int_equal(names.n, 3); /* .lock and the two files of the part */
    book_close(b);
}

static void two_importers_never_work_at_once(void **state)
{
    struct place *p = *state;
    struct err e;
    struct book *one, *two;
    str tmp;
    assert_ok(book_create(p->dir, NOW, &e), &e);
    assert_ok(book_open(p->dir, BOOK_WRITE, &one, &e), &e);
    assert_ok(book_open(p->dir, BOOK_WRITE, &two, &e), &e);
    assert_ok(book_import_begin(one, &p->a, &tmp, &e), &e);
    assert_error(book_import_begin(two, &p->a, &tmp, &e), &e, "another import");
    book_import_abort(one);
    assert_ok(book_import_begin(two, &p->a, &tmp, &e), &e);
    book_close(two);
    book_close(one);
}

static void a_restatement_replaces_what_it_covers(void **state)
{
    struct place *p = *state;
    struct err e;
    struct book *b;
    assert_ok(book_create(p->dir, NOW, &e), &e);
    assert_ok(book_open(p->dir, BOOK_WRITE, &b, &e), &e);
    struct import_scope scopes[2] = {
        {S("AWS"), S("1"), month_of(2026, 7), 3, DEC_ONE, DEC_ONE / 2},
        {S("AWS"), S("1"), month_of(2026, 8), 3, DEC_ONE, DEC_ONE / 2}};
    int64_t first = import_one(&p->a, b, "d1", scopes, 2, 0);
    int64_t second = import_one(&p->a, b, "d2", scopes, 1, first);
    struct import_info *imports;
    size_t n;
    assert_ok(book_imports(b, &p->a, &imports, &n, &e), &e);
    assert_int_equal(imports[0].replaced_by, 0); /* August of the first still counts */
    int64_t third = import_one(&p->a, b, "d3", scopes + 1, 1, first);
    assert_ok(book_imports(b, &p->a, &imports, &n, &e), &e);
    assert_int_equal(imports[0].replaced_by, third);
    assert_int_equal(imports[1].replaced_by, 0);
    struct book_part *parts;
    assert_ok(book_parts(b, false, &p->a, &parts, &n, &e), &e);
    assert_int_equal(n, 2);
    assert_int_equal(parts[0].ref.import, second);
    assert_ok(book_parts(b, true, &p->a, &parts, &n, &e), &e);
    assert_int_equal(n, 3);
    book_close(b);
}

static void a_changed_part_or_journal_is_found(void **state)
{
    struct place *p = *state;
    struct err e;
    struct book *b;
    assert_ok(book_create(p->dir, NOW, &e), &e);
    assert_ok(book_open(p->dir, BOOK_WRITE, &b, &e), &e);
    struct import_scope scope = {S("AWS"), S("1"), month_of(2026, 7), 3, DEC_ONE, DEC_ONE / 2};
    import_one(&p->a, b, "d1", &scope, 1, 0);
    str part = path_join(&p->a, book_ledger_dir(b), S("p000001.parquet"));
    assert_ok(file_write_atomic(part, S("rowz"), &e), &e);
    assert_ok(book_verify(b, false, &e), &e);
    assert_error(book_verify(b, true, &e), &e, "was changed");
    assert_true(file_remove(part));
    assert_error(book_verify(b, false, &e), &e, "is missing");
    book_close(b);
}

static void lists_of_prices_and_rates_are_kept_once(void **state)
{
    struct place *p = *state;
    struct err e;
    struct book *b;
    bool is_new;
    currency eur, usd;
    assert_true(currency_parse(S("eur"), &eur) && currency_parse(S("USD"), &usd));
    assert_ok(book_create(p->dir, NOW, &e), &e);
    assert_ok(book_open(p->dir, BOOK_WRITE, &b, &e), &e);
    assert_ok(book_add_prices(b, S("own.csv"), S("a"), NOW, &is_new, &e), &e);
    assert_true(is_new);
    assert_ok(book_add_prices(b, S("own.csv"), S("a"), NOW, &is_new, &e), &e);
    assert_false(is_new);
    assert_ok(book_add_rates(b, S("ecb.csv"), eur, S("r"), NOW, &is_new, &e), &e);
    struct stored_list *lists;
    size_t n;
    assert_ok(book_rates(b, &p->a, &lists, &n, &e), &e);
    assert_int_equal(n, 1);
    assert_true(currency_eq(lists[0].base, eur));
    assert_str(lists[0].content, "r");
    assert_ok(book_verify(b, true, &e), &e);
    book_close(b);
}

static void a_folder_that_is_no_book_is_refused(void **state)
{
    struct place *p = *state;
    struct err e;
    struct book *b;
    assert_error(book_open(p->dir, BOOK_READ, &b, &e), &e, "no book in");
    str db = path_join(&p->a, p->dir, S("outlay.db"));
    assert_ok(file_create(db, S("this is not a database, only text of some length ......"), &e), &e);
    assert_false(book_open(p->dir, BOOK_READ, &b, &e));
    assert_error(book_create(p->dir, NOW, &e), &e, "already holds a book");
}

static void a_backup_is_a_whole_book(void **state)
{
    struct place *p = *state;
    struct err e;
    struct book *b, *copy;
    assert_ok(book_create(p->dir, NOW, &e), &e);
    assert_ok(book_open(p->dir, BOOK_WRITE, &b, &e), &e);
    struct import_scope scope = {S("AWS"), S("1"), month_of(2026, 7), 3, DEC_ONE, DEC_ONE / 2};
    import_one(&p->a, b, "d1", &scope, 1, 0);
    str to = str_fmt(&p->a, "%.*s/copy", FMT(p->dir));
    assert_ok(book_backup(b, to, &e), &e);
    assert_error(book_backup(b, to, &e), &e, "already exists");
    book_close(b);
    assert_ok(book_open(to, BOOK_READ, &copy, &e), &e);
    assert_ok(book_verify(copy, true, &e), &e);
    book_close(copy);
}

#define in_place(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_place(what_is_committed_is_there_after_reopening),
        in_place(an_aborted_import_leaves_no_trace),
        in_place(files_of_a_killed_import_are_removed_by_the_next),
        in_place(two_importers_never_work_at_once),
        in_place(a_restatement_replaces_what_it_covers),
        in_place(a_changed_part_or_journal_is_found),
        in_place(lists_of_prices_and_rates_are_kept_once),
        in_place(a_folder_that_is_no_book_is_refused),
        in_place(a_backup_is_a_whole_book),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
