/* test_same_rows.c - a table gives the same rows in every encoding, and as a workbook. */
#include <iconv.h>
#include <xlsxwriter.h>

#include "base/bytes.h"
#include "base/csv.h"
#include "samples.h"

/* The rows of a file as text, with its name left out of them. */
static str rows_of(struct arena *a, str path)
{
    struct err e = {0};
    struct buf text;
    struct import_options o = sample_options();
    buf_init(&text, ROWS_TEXT);
    assert_ok(read_files(a, &path, 1, &o, &text, NULL, NULL, NULL, &e), &e);
    str ret = str_dup(a, buf_str(&text));
    buf_release(&text);
    return ret;
}

/* *ret_fits: the encoding has all characters of the text. */
static str encoded(struct arena *a, str text, const char *encoding, bool *ret_fits)
{
    iconv_t cd = iconv_open(encoding, "UTF-8");
    assert_true(cd != (iconv_t)-1);
    size_t left = text.n, room = text.n * 4 + 8;
    char *out = arena_alloc(a, room), *to = out, *from = (char *)(uintptr_t)text.p;
    *ret_fits = iconv(cd, &from, &left, &to, &room) != (size_t)-1 && left == 0;
    iconv_close(cd);
    return (str){out, (size_t)(to - out)};
}

static void every_encoding_gives_the_same_rows(void **state)
{
    static const struct {
        const char *name, *mark;
    } encodings[] = {
        {"UTF-8", ""},          {"UTF-8", "\xef\xbb\xbf"}, {"UTF-16LE", "\xff\xfe"},
        {"UTF-16BE", "\xfe\xff"}, {"UTF-16LE", ""},        {"UTF-16BE", ""},
        {"WINDOWS-1252", ""},   {"ISO-8859-1", ""},
    };
    size_t read = 0;
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        str path = input_path(&a, &samples[i]), text;
        assert_ok(file_read(&a, path, ROWS_TEXT, &text, &e), &e);
        if (str_starts(text, S("\xef\xbb\xbf")))
            text = str_sub(text, 3, text.n);
        str wanted = rows_of(&a, path);
        for (size_t k = 0; k < ARRAY_LEN(encodings); k++) {
            bool fits;
            str other = encoded(&a, text, encodings[k].name, &fits);
            if (!fits)
                continue;
            str content = str_fmt(&a, "%s", encodings[k].mark);
            struct buf all;
            buf_init(&all, ROWS_TEXT);
            buf_add(&all, content);
            buf_add(&all, other);
            str got = rows_of(&a, temp_file(&a, "encoded", buf_str(&all)));
            buf_release(&all);
            if (!str_eq(got, wanted))
                fail_msg("%s in %s:\n%.*s\nis not\n%.*s", samples[i].folder, encodings[k].name,
                         FMT(got), FMT(wanted));
            read++;
        }
        arena_release(&a);
    }
    assert_true(read > 6 * ARRAY_LEN(samples)); /* hardly a sample has what Latin-1 lacks */
}

/* The cells of a table as a sheet; typed: numbers as numbers, days as dates. */
static str workbook_of(struct arena *a, str path, bool typed)
{
    struct err e = {0};
    struct csv_file *f;
    struct csv_worker *w = NULL;
    struct csv_batch b;
    const struct csv_options o = {.ragged = true, .headless = true};
    str text, out = temp_file(a, "book.xlsx", STR_NONE);
    assert_ok(bytes_read_all(a, path, ROWS_TEXT, &text, &e), &e);
    /* titles are narrower than the table: the delimiter of the widest line counts */
    lxw_workbook *book = workbook_new(str_cstr(a, out));
    worksheet_write_string(workbook_add_worksheet(book, "Cover"), 0, 0, "About this report", NULL);
    lxw_worksheet *sheet = workbook_add_worksheet(book, "Data");
    lxw_format *date = workbook_add_format(book);
    format_set_num_format(date, "yyyy-mm-dd");
    struct csv_options wide = o;
    size_t most = 0;
    for (size_t d = 0; d < 4; d++) {
        static const char tries[] = {',', ';', '\t', '|'};
        size_t n = 0;
        for (size_t i = 0; i < text.n; i++)
            n += text.p[i] == tries[d];
        if (n > most)
            wide.delimiter = tries[d];
        most = MAX(most, n);
    }
    str rest = text, line;
    size_t widest = 0;
    while (str_cut(&rest, '\n', &line)) {
        size_t n = 1;
        for (size_t i = 0; i < line.n; i++)
            n += line.p[i] == wide.delimiter;
        widest = MAX(widest, n);
    }
    /* a made-up first line as wide as the table, so that all cells are given */
    struct buf all;
    buf_init(&all, ROWS_TEXT);
    buf_fill(&all, wide.delimiter, widest - 1);
    buf_addc(&all, '\n');
    buf_add(&all, str_starts(text, S("\xef\xbb\xbf")) ? str_sub(text, 3, text.n) : text);
    struct csv_options options = {.ragged = true, .delimiter = wide.delimiter};
    assert_ok(csv_open_memory(S("t"), buf_str(&all), &options, &f, &e), &e);
    uint32_t *columns = arena_new(a, uint32_t, widest);
    for (uint32_t i = 0; i < widest; i++)
        columns[i] = i;
    assert_ok(csv_worker_open(f, columns, widest, &w, &e), &e);
    do {
        assert_ok(csv_worker_next(w, &b, &e), &e);
        for (size_t r = 0; r < b.n; r++)
            for (size_t c = 0; c < widest; c++) {
                str cell = b.cells[r * widest + c];
                lxw_row_t row = (lxw_row_t)b.lines[r] - 2;
                double number;
                day on;
                if (!cell.n)
                    continue;
                bool zeros = cell.n > 1 && cell.p[0] == '0' && cell.p[1] != '.';
                if (typed && cell.n <= 12 && !zeros && str_to_double(cell, &number)) {
                    worksheet_write_number(sheet, row, (lxw_col_t)c, number, NULL);
                } else if (typed && cell.n == 10 && cell.p[4] == '-' &&
                           date_parse(cell, DATE_MDY, &on)) {
                    worksheet_write_number(sheet, row, (lxw_col_t)c, (double)on + 25569, date);
                } else {
                    worksheet_write_string(sheet, row, (lxw_col_t)c, str_cstr(a, cell), NULL);
                }
            }
    } while (b.n);
    csv_worker_close(w);
    csv_close(f);
    buf_release(&all);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
    return out;
}

static void every_table_gives_the_same_rows_as_a_workbook(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        struct arena a = ARENA_INIT;
        str path = input_path(&a, &samples[i]);
        if (samples[i].file || strcmp(samples[i].folder, "ledger_csv") == 0) {
            arena_release(&a);
            continue; /* JSON; and a file without a header, which is no sheet */
        }
        str wanted = rows_of(&a, path);
        for (int typed = 0; typed < 2; typed++) {
            str got = rows_of(&a, workbook_of(&a, path, typed));
            if (!str_eq(got, wanted))
                fail_msg("%s as a workbook (%s):\n%.*s\nis not\n%.*s", samples[i].folder,
                         typed ? "typed" : "text", FMT(got), FMT(wanted));
        }
        arena_release(&a);
    }
}

/* What the import says that the file was read as; empty: nothing. */
static str said_of(struct arena *a, str path)
{
    struct err e = {0};
    struct import_options o = sample_options();
    const str *notes = NULL;
    size_t n = 0;
    assert_ok(read_files(a, &path, 1, &o, NULL, NULL, &notes, &n, &e), &e);
    str start = str_fmt(a, "%.*s: read as ", FMT(path));
    for (size_t i = 0; i < n; i++)
        if (str_starts(notes[i], start))
            return str_sub(notes[i], start.n, notes[i].n);
    return STR_NONE;
}

static void the_import_says_what_is_not_plain(void **state)
{
    /* a table, one that is read in order, a document, lines, records */
    static const char *const folders[] = {"openai_costs_csv", "xero", "openai_legacy_days",
                                          "otel_genai", "langfuse"};
    size_t workbooks = 0;
    for (size_t i = 0; i < ARRAY_LEN(samples); i++)
        for (size_t k = 0; k < ARRAY_LEN(folders); k++) {
            if (strcmp(samples[i].folder, folders[k]) != 0)
                continue;
            struct arena a = ARENA_INIT;
            struct err e = {0};
            bool fits;
            str path = input_path(&a, &samples[i]), text;
            assert_str(said_of(&a, path), "");
            assert_ok(file_read(&a, path, ROWS_TEXT, &text, &e), &e);
            assert_str(said_of(&a, temp_file(&a, "u16", encoded(&a, text, "UTF-16", &fits))),
                       "UTF-16.");
            if (!samples[i].file) {
                assert_str(said_of(&a, workbook_of(&a, path, false)), "sheet 'Data' of 2.");
                workbooks++;
            }
            arena_release(&a);
        }
    assert_int_equal(workbooks, 2);
    /* the first byte that tells may stand anywhere */
    struct arena a = ARENA_INIT;
    str head = S("date,input_tokens,output_tokens,model,project\n");
    str row = S("2026-07-01,1,2,gpt-4o,x\n");
    struct buf all;
    buf_init(&all, ROWS_TEXT);
    buf_add(&all, head);
    for (int i = 0; i < 60000; i++)
        buf_add(&all, row);
    assert_str(said_of(&a, temp_file(&a, "late.csv", buf_str(&all))), "");
    buf_add(&all, S("2026-07-01,1,2,gpt-4o,caf\xe9\n"));
    assert_str(said_of(&a, temp_file(&a, "late.csv", buf_str(&all))), "Windows-1252.");
    buf_release(&all);
    arena_release(&a);
}

static str content_of(struct arena *a, str path)
{
    struct err e = {0};
    str text;
    assert_ok(bytes_read_all(a, path, ROWS_TEXT, &text, &e), &e);
    return text;
}

static void cells_of_a_workbook_become_text(void **state)
{
    struct arena a = ARENA_INIT;
    str out = temp_file(&a, "cells.xlsx", STR_NONE);
    lxw_workbook *book = workbook_new(str_cstr(&a, out));
    lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
    lxw_format *date = workbook_add_format(book), *moment = workbook_add_format(book);
    lxw_format *money = workbook_add_format(book);
    format_set_num_format(date, "[$-409]d\\-mmm\\-yyyy;@");
    format_set_num_format_index(moment, 22);
    format_set_num_format(money, "\"day\"#,##0.00_);[Red](#,##0.00)");
    static const double numbers[] = {0.1 + 0.2, 1250.4, -12.3, 1e21, 0.000005, 99999999999999999.0};
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
        worksheet_write_number(sheet, 0, (lxw_col_t)i, numbers[i], i == 1 ? money : NULL);
    worksheet_write_number(sheet, 2, 0, 46204, date);
    worksheet_write_number(sheet, 2, 1, 46204.75, moment);
    worksheet_write_boolean(sheet, 2, 2, 1, NULL);
    worksheet_write_string(sheet, 2, 3, "a \"b\", c\nd", NULL);
    worksheet_write_formula_num(sheet, 2, 4, "=1+1", NULL, 2);
    worksheet_write_string(sheet, 4, 2, "last", NULL);
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
    assert_str(content_of(&a, out),
               "0.3,1250.4,-12.3,1E+21,5E-06,1E+17\n"
               "\n"
               "2026-07-01,2026-07-01 18:00:00,TRUE,\"a \"\"b\"\", c d\",2,\n"
               "\n"
               ",,last,,,\n");
    arena_release(&a);
}

static void damaged_workbooks_are_refused(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct import_options o = sample_options();
    str path = input_path(&a, &samples[0]), text;
    str book = workbook_of(&a, path, false);
    assert_ok(file_read(&a, book, ROWS_TEXT, &text, &e), &e);
    str cut = temp_file(&a, "cut.xlsx", str_sub(text, 0, text.n / 2));
    assert_error(read_files(&a, &cut, 1, &o, NULL, NULL, NULL, NULL, &e), &e,
                 "cut.xlsx: is a ZIP archive or workbook");
    /* a byte of the packed sheet is wrong */
    size_t refused = 0;
    for (size_t at = 40; at < text.n - 100; at += 211) {
        char *copy = str_cstr(&a, text);
        memcpy(copy, text.p, text.n);
        copy[at] = (char)(copy[at] ^ 0x55);
        str bad = temp_file(&a, "bad.xlsx", (str){copy, text.n});
        struct err why = {0};
        if (!read_files(&a, &bad, 1, &o, NULL, NULL, NULL, NULL, &why)) {
            assert_true(why.text[0] != 0);
            refused++;
        }
    }
    assert_true(refused > 5);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_encoding_gives_the_same_rows),
        cmocka_unit_test(every_table_gives_the_same_rows_as_a_workbook),
        cmocka_unit_test(the_import_says_what_is_not_plain),
        cmocka_unit_test(cells_of_a_workbook_become_text),
        cmocka_unit_test(damaged_workbooks_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, remove_temp_files);
}
