/* test_renderers.c - every format against a golden file; escapes; reproducible bytes.
 *
 * BLESS=1 rewrites the golden files; read the diff. */
#include "test.h"

#include <unistd.h>

#include "render/renderer.h"
#include "sample.h"
#include "unzip.h"

static void render_with(const char *format, const struct render_options *o, const struct doc *d,
                        struct buf *out)
{
    struct err e;
    const struct renderer *r = renderer_by_name(str_of(format));
    assert_non_null(r);
    buf_init(out, 64 << 20);
    assert_ok(r->render(d, o, out, &e), &e);
}

static void same_as_golden(const char *name, str got)
{
    struct arena a = ARENA_INIT;
    struct err e;
    str want, path = path_join(&a, str_of(getenv("GOLDEN")), str_of(name));
    if (getenv("BLESS"))
        assert_ok(file_write_atomic(path, got, &e), &e);
    assert_ok(file_read(&a, path, 64 << 20, &want, &e), &e);
    if (!str_eq(got, want)) {
        size_t at = 0;
        while (at < got.n && at < want.n && got.p[at] == want.p[at])
            at++;
        str g = str_sub(got, at, at + 60), w = str_sub(want, at, at + 60);
        fail_msg("%s differs at byte %zu: got '%.*s', golden '%.*s'", name, at, FMT(g), FMT(w));
    }
    arena_release(&a);
}

static void text_formats_match_their_golden_files(void **state)
{
    static const struct {
        const char *format, *golden;
        struct render_options o;
    } rows[] = {
        {"text", "sample.txt", {0}},
        {"text", "sample-80.txt", {.width = 80, .unicode = true}},
        {"text", "sample-color.txt", {.width = 100, .color = true, .unicode = true}},
        {"csv", "sample.csv", {0}},
        {"json", "sample.json", {0}},
        {"md", "sample.md", {0}},
        {"html", "sample.html", {0}},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct buf out;
        render_with(rows[i].format, &rows[i].o, sample_doc(&a), &out);
        same_as_golden(rows[i].golden, buf_str(&out));
        buf_release(&out);
        arena_release(&a);
    }
}

static void the_workbook_matches_part_by_part(void **state)
{
    struct arena a = ARENA_INIT;
    struct buf out, parts;
    render_with("xlsx", &(struct render_options){0}, sample_doc(&a), &out);
    buf_init(&parts, 64 << 20);
    assert_true(unzip_all(buf_str(&out), &parts));
    same_as_golden("sample.xlsx.txt", buf_str(&parts));
    buf_release(&out);
    buf_release(&parts);
    arena_release(&a);
}

static void the_same_doc_gives_the_same_bytes(void **state)
{
    for (size_t i = 0; renderers[i]; i++) {
        struct arena a = ARENA_INIT, b = ARENA_INIT;
        struct buf one, two;
        render_with(renderers[i]->name, &(struct render_options){0}, sample_doc(&a), &one);
        render_with(renderers[i]->name, &(struct render_options){0}, sample_doc(&b), &two);
        assert_true(one.n > 100);
        if (!str_eq(buf_str(&one), buf_str(&two)))
            fail_msg("%s differs between two runs", renderers[i]->name);
        buf_release(&one);
        buf_release(&two);
        arena_release(&a);
        arena_release(&b);
    }
}

static void pages_hold_the_text_and_number_themselves(void **state)
{
    if (system("command -v pdftotext >/dev/null 2>&1") != 0) {
        print_message("skipped: pdftotext is not installed\n");
        skip();
    }
    struct arena a = ARENA_INIT;
    struct err e;
    struct buf out;
    struct doc *d = sample_doc(&a);
    struct doc_table *t = d->parts[0].table;
    for (int i = 0; i < 100; i++)
        doc_row(d, t, ROW_NORMAL, 0)[0] = cell_text(str_fmt(&a, "line %d", i));
    render_with("pdf", &(struct render_options){.letter_paper = true}, d, &out);
    char dir[] = "/tmp/outlay-test-XXXXXX";
    assert_non_null(mkdtemp(dir));
    str pdf = path_join(&a, str_of(dir), S("r.pdf")), txt = path_join(&a, str_of(dir), S("r.txt"));
    assert_ok(file_write_atomic(pdf, buf_str(&out), &e), &e);
    str command = str_fmt(&a, "pdftotext -layout %s %s", pdf.p, txt.p), got;
    assert_int_equal(system(command.p), 0);
    assert_ok(file_read(&a, txt, 1 << 20, &got, &e), &e);
    static const char *const parts[] = {"AI spend inventory <b>&amp;", "1,234,567.89", "(71,000)!",
                                        "line 99", "1/3", "3/3", "Nothing is at risk.",
                                        "alert(1)", "Jul 2026", "Total"};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (str_find(got, str_of(parts[i]), 0) == SIZE_MAX)
            fail_msg("no '%s' on the pages", parts[i]);
    size_t headers = 0;
    for (size_t at = 0; (at = str_find(got, S("Fav/(Unfav)"), at)) != SIZE_MAX; at++)
        headers++;
    assert_int_equal(headers, 3); /* repeated on each page of the table */
    dir_remove_all(str_of(dir));
    buf_release(&out);
    arena_release(&a);
}

/* Text a hostile bill could carry, rendered in a doc whose every text it is. */
static void no_text_escapes_from_html(void **state)
{
    static const char *const hostile[] = {
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='x", "</title>",
        "</style><script>", "<!--", "&lt;b&gt;", "javascript:alert(1)", "]]>", "\xc2\x85<x>",
        ("<\xff" "script>")};
    for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
        struct arena a = ARENA_INIT;
        struct buf out;
        static const struct doc_column one[] = {{"x", "X", CELL_TEXT, SHOW_ALL, 0, -1}};
        str s = str_of(hostile[i]);
        struct doc *d = doc_new(&a, "x", s);
        d->subtitle = s;
        struct doc_table *t = doc_table(d, "t", s, one, 1);
        doc_row(d, t, ROW_NORMAL, 0)[0] = cell_text(s);
        doc_table(d, "u", s, one, 1)->empty_text = s;
        doc_figure(d, "f", s, 0, cell_text(s));
        doc_prose(d, SHOW_ALL, s);
        doc_note(d, NOTE_WARN, "%s", hostile[i]);
        render_with("html", &(struct render_options){0}, d, &out);
        str got = buf_str(&out);
        assert_true(str_find_nocase(got, S("<script"), 0) == SIZE_MAX);
        assert_true(str_find_nocase(got, S("<img"), 0) == SIZE_MAX);
        assert_true(str_find_nocase(got, S("<!--"), 0) == SIZE_MAX);
        assert_true(str_find(got, S("<x>"), 0) == SIZE_MAX);
        /* nothing of ours was closed early: one title, one style, one body */
        static const char *const once[] = {"</title>", "</style>", "</body>", "</html>"};
        for (size_t k = 0; k < ARRAY_LEN(once); k++) {
            size_t at = str_find(got, str_of(once[k]), 0);
            assert_true(at != SIZE_MAX);
            assert_true(str_find(got, str_of(once[k]), at + 1) == SIZE_MAX);
        }
        assert_true(str_is_utf8(got));
        buf_release(&out);
        arena_release(&a);
    }
}

static void formulas_in_text_are_disarmed_in_csv(void **state)
{
    static const struct {
        const char *text, *cell;
    } rows[] = {
        {"=1+1", "'=1+1"},       {"+1", "'+1"},         {"-1", "'-1"},
        {"@x", "'@x"},           {"\tx", "'\tx"},       {"\rx", "\"'\rx\""},
        {"a=1", "a=1"},          {"", ""},              {"a,b", "\"a,b\""},
        {"say \"x\"", "\"say \"\"x\"\"\""}, {"a\nb", "\"a\nb\""}, {" a", "\" a\""},
    };
    static const struct doc_column one[] = {{"x", "X", CELL_TEXT, SHOW_ALL, 0, -1},
                                            {"n", "N", CELL_MONEY, SHOW_ALL, 2, -1}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct buf out;
        struct doc *d = doc_new(&a, "x", S("x"));
        struct cell *c = doc_row(d, doc_table(d, "t", STR_NONE, one, 2), ROW_NORMAL, 0);
        c[0] = cell_text(str_of(rows[i].text));
        c[1] = cell_money(sample_dec("-1.250"));
        render_with("csv", &(struct render_options){0}, d, &out);
        assert_str(buf_str(&out), str_fmt(&a, "x,n\n%s,-1.25\n", rows[i].cell).p);
        buf_release(&out);
        arena_release(&a);
    }
}

static void only_a_sum_that_is_exact_becomes_a_formula(void **state)
{
    static const struct doc_column one[] = {{"x", "X", CELL_TEXT, SHOW_ALL, 0, -1},
                                            {"n", "N", CELL_MONEY, SHOW_ALL, 2, -1}};
    static const struct {
        const char *total, *formula;
    } rows[] = {{"0.3", "<f>SUM(B2:B3)</f>"}, {"0.31", NULL}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct buf out, parts;
        struct doc *d = doc_new(&a, "x", S("x"));
        struct doc_table *t = doc_table(d, "t", STR_NONE, one, 2);
        doc_row(d, t, ROW_NORMAL, 0)[1] = cell_money(sample_dec("0.1"));
        doc_row(d, t, ROW_NORMAL, 0)[1] = cell_money(sample_dec("0.2"));
        doc_row(d, t, ROW_TOTAL, 0)[1] = cell_money(sample_dec(rows[i].total));
        render_with("xlsx", &(struct render_options){0}, d, &out);
        buf_init(&parts, 16 << 20);
        assert_true(unzip_all(buf_str(&out), &parts));
        size_t at = str_find(buf_str(&parts), S("<f>"), 0);
        if (!rows[i].formula)
            assert_true(at == SIZE_MAX);
        else
            assert_true(str_find(buf_str(&parts), str_of(rows[i].formula), 0) == at);
        buf_release(&out);
        buf_release(&parts);
        arena_release(&a);
    }
}

static void a_terminal_is_never_overrun_by_text(void **state)
{
    for (size_t width = 40; width < 200; width += 7) {
        struct arena a = ARENA_INIT;
        struct buf out;
        static const struct doc_column two[] = {{"x", "X", CELL_TEXT, SHOW_ALL, 0, -1},
                                                {"y", "Y", CELL_TEXT, SHOW_ALL, 0, -1},
                                                {"n", "N", CELL_MONEY, SHOW_ALL, 2, -1}};
        struct doc *d = doc_new(&a, "x", S("x"));
        struct cell *c = doc_row(d, doc_table(d, "t", STR_NONE, two, 3), ROW_NORMAL, 0);
        c[0] = cell_text(S("\xe5\xb0\x8f\xe5\xb0\x8f\xe5\xb0\x8f\xe5\xb0\x8f\xe5\xb0\x8f"
                           "\xe5\xb0\x8f\xe5\xb0\x8f\xe5\xb0\x8f\xe5\xb0\x8f"));
        c[1] = cell_text(S("a long text that no terminal of forty columns could hold besides"));
        c[2] = cell_money(sample_dec("-123456.78"));
        doc_note(d, NOTE_WARN, "A note that is as long as notes are when they explain something.");
        render_with("text", &(struct render_options){.width = width, .unicode = true}, d, &out);
        str rest = buf_str(&out), line;
        while (str_cut(&rest, '\n', &line))
            if (str_width(line) > width)
                fail_msg("'%.*s' is wider than %zu", FMT(line), width);
        assert_true(str_find(buf_str(&out), S("(123,456.78)"), 0) != SIZE_MAX);
        buf_release(&out);
        arena_release(&a);
    }
}

static void formats_are_found_by_name_and_ending(void **state)
{
    assert_string_equal(renderer_by_path(S("a/b.XLSX"))->name, "xlsx");
    assert_string_equal(renderer_by_path(S("r.txt"))->name, "text");
    assert_null(renderer_by_path(S(".csv")));
    assert_null(renderer_by_path(S("csv")));
    assert_null(renderer_by_name(S("CSV")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_formats_match_their_golden_files),
        cmocka_unit_test(the_workbook_matches_part_by_part),
        cmocka_unit_test(the_same_doc_gives_the_same_bytes),
        cmocka_unit_test(pages_hold_the_text_and_number_themselves),
        cmocka_unit_test(no_text_escapes_from_html),
        cmocka_unit_test(formulas_in_text_are_disarmed_in_csv),
        cmocka_unit_test(only_a_sum_that_is_exact_becomes_a_formula),
        cmocka_unit_test(a_terminal_is_never_overrun_by_text),
        cmocka_unit_test(formats_are_found_by_name_and_ending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
