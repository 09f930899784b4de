/* test_csv.c - delimited text: cells, lines, faults, and the two scanners against each other. */
#include "test.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/csv.h"
#include "base/csv_scan.h"

/* All records as "line:cell|cell;" with every column; an error is appended as "! text". */
static void render(struct csv_file *f, struct buf *out)
{
    size_t n;
    csv_names(f, &n);
    uint32_t columns[64];
    assert_true(n <= ARRAY_LEN(columns));
    for (size_t i = 0; i < n; i++)
        columns[i] = (uint32_t)i;
    struct csv_worker *w;
    struct csv_batch b;
    struct err e = {0};
    assert_ok(csv_worker_open(f, columns, n, &w, &e), &e);
    for (;;) {
        if (!csv_worker_next(w, &b, &e)) {
            buf_fmt(out, "! %s", e.text);
            break;
        }
        if (!b.n)
            break;
        for (size_t r = 0; r < b.n; r++) {
            buf_fmt(out, "%llu:", (unsigned long long)b.lines[r]);
            for (size_t i = 0; i < n; i++)
                buf_fmt(out, "%s%.*s", i ? "|" : "", FMT(b.cells[r * n + i]));
            buf_addc(out, ';');
        }
    }
    csv_worker_close(w);
}

static void read_all(const char *content, size_t n, const struct csv_options *o, struct buf *out)
{
    struct csv_file *f;
    struct err e = {0};
    buf_clear(out);
    if (!csv_open_memory(S("x.csv"), (str){content, n}, o, &f, &e)) {
        buf_fmt(out, "! %s", e.text);
        return;
    }
    render(f, out);
    csv_close(f);
}

struct row {
    const char *in, *out;
};

/* Every block size and both scanners must say the same. */
static void check(const struct row *r, const struct csv_options *base)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    size_t n = strlen(r->in);
    for (size_t block = 0; block <= n + 1; block++) {
        for (int scalar = 0; scalar < 2; scalar++) {
            struct csv_options o = base ? *base : (struct csv_options){0};
            o.block_bytes = block;
            o.force_scalar = scalar;
            read_all(r->in, n, &o, &out);
            str got = buf_str(&out);
            if (!str_eq(got, str_of(r->out)))
                fail_msg("block %zu, scalar %d: '%s' gives '%.*s', not '%s'", block, scalar,
                         r->in, FMT(got), r->out);
        }
    }
    buf_release(&out);
}

static void cells_are_read_as_written(void **state)
{
    static const struct row rows[] = {
        {"a,b\n1,2\n3,4\n", "2:1|2;3:3|4;"},
        {"a,b\n1,2", "2:1|2;"},
        {"a,b\r\n1,2\r\n3,4\r\n", "2:1|2;3:3|4;"},
        {"\xef\xbb\xbf" "a,b\n1,2\n", "2:1|2;"},
        {"a,b\n\n1,2\n\r\n\n3,4\n\n", "3:1|2;6:3|4;"},
        {"\n\na,b\n1,2\n", "4:1|2;"},
        {"a,b\n\"1,5\",\"say \"\"hi\"\"\"\n", "2:1,5|say \"hi\";"},
        {"a,b\n\"x\ny\",2\n3,4\n", "2:x\ny|2;4:3|4;"},
        {"a,b\n\"x\r\n\r\ny\",\"2\"\r\n3,\"4\"\r\n", "2:x\r\n\r\ny|2;5:3|4;"},
        {"a,b\n\"\",\"\"\n,\n", "2:|;3:|;"},
        {"a,b\n\"\"\"\",\"\"\"\"\"\"\n", "2:\"|\"\";"},
        {"a;b\n1,5;2\n", "2:1,5|2;"},
        {"a\tb\n1\t\n", "2:1|;"},
        {"a|b|c\n1||3\n", "2:1||3;"},
        {"a,b,\n1,2\n3,4,\n", "2:1|2|;3:3|4|;"},
        {"\"a,1\",b\n1,2\n", "2:1|2;"},
        {"a,b\n1,2\rx\n", "2:1|2\rx;"},
        {"a,b\n\xc3\xa9,\xe2\x82\xac\n", "2:\xc3\xa9|\xe2\x82\xac;"},
        {"a,b\n", ""},
        {"a,b", ""},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        check(&rows[i], NULL);
}

static void quotes_in_odd_places_are_read_leniently(void **state)
{
    static const struct row rows[] = {
        {"a,b\n5\" disk,2\n3,4\n", "2:5\" disk|2;3:3|4;"},
        {"a,b\n5\",6\"\n\"x\",4\n", "2:5\"|6\";3:x|4;"},
        {"a,b\n\"x\"y,2\n", "2:xy|2;"},
        {"a,b\n\"x\"y\"z,2\n", "2:xy\"z|2;"},
        {"a,b\n\"x\" ,\"y\"\n", "2:x |y;"},
        {"a,b\n \"x,2\n", "2: \"x|2;"},
        {"a,b\n\"x\"\r,2\n", "2:x\r|2;"},
        {"a 5\" b,c\n1,2\n", "2:1|2;"},
        {"a\"|||\nx|,\",,,,,,|y|\n", "2:x|,\",,,,,,|y|;"},
        {"a,b\n\"1\",\"2\"\n5\",2\n\"x\ny\",3\n", "2:1|2;3:5\"|2;4:x\ny|3;"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        check(&rows[i], NULL);
}

static void faults_name_file_line_and_remedy(void **state)
{
    static const struct row rows[] = {
        {"", "! x.csv: is empty"},
        {"\n \r\n", "! x.csv: is empty"},
        {"total\n1\n", "! x.csv: line 1: the header 'total' has one column"},
        {"a,b,c\n1,2,3\n1,2\n", "! x.csv: line 3: has 2 fields, but the header has 3"},
        {"a,b\n1,2,3\n", "! x.csv: line 2: has 3 fields, but the header has 2"},
        {"a,b\n1\n", "! x.csv: line 2: has 1 field, but the header has 2"},
        {"a,b\n\"x\n", "! x.csv: line 2: a quoted field is not closed: the file is truncated, or "
                       "a quote is missing"},
        {"a,\"b\n1,2\n", "! x.csv: line 1: a quoted field is not closed: the file is truncated, "
                         "or a quote is missing"},
        {"\xff\xfe" "a", "! x.csv: is UTF-16 text"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        /* a fault ends a file; how many records came before it depends on the block */
        struct buf out;
        buf_init(&out, 1 << 20);
        for (size_t block = 1; block < 40; block++) {
            for (int scalar = 0; scalar < 2; scalar++) {
                read_all(rows[i].in, strlen(rows[i].in),
                         &(struct csv_options){.block_bytes = block, .force_scalar = scalar},
                         &out);
                if (!str_ends(buf_str(&out), str_of(rows[i].out)))
                    fail_msg("'%s' gives '%.*s', not '%s'", rows[i].in, FMT(buf_str(&out)),
                             rows[i].out);
            }
        }
        buf_release(&out);
    }
}

static void binary_and_foreign_text_is_refused_with_its_line(void **state)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    static const char nul[] = "a,b\n1,2\n3,\0\n", latin[] = "a,b\n1,2\n3,caf\xe9\n";
    read_all(nul, sizeof nul - 1, NULL, &out);
    assert_str(buf_str(&out), "! x.csv: line 3: holds a NUL byte, so it is not text");
    read_all(nul, sizeof nul - 1, &(struct csv_options){.block_bytes = 5}, &out);
    assert_true(str_ends(buf_str(&out), S("line 3: holds a NUL byte, so it is not text")));
    read_all(latin, sizeof latin - 1, NULL, &out);
    assert_str(buf_str(&out), "! x.csv: line 3: is not UTF-8 text");
    buf_release(&out);
}

static void title_lines_and_a_given_delimiter_are_respected(void **state)
{
    static const struct row rows[] = {
        {"Report, of, May\n\na;b\n1;2\n", "4:1|2;"},
    };
    check(&rows[0], &(struct csv_options){.skip_lines = 1, .delimiter = ';'});
}

static void columns_come_in_the_order_asked_for_and_may_repeat(void **state)
{
    struct csv_file *f;
    struct csv_worker *w;
    struct csv_batch b;
    struct err e = {0};
    str text = S("a,b,c\n1,\"x\"\"y\",3\r\n4,5,\n");
    assert_ok(csv_open_memory(S("x.csv"), text, NULL, &f, &e), &e);
    size_t n;
    assert_str(csv_names(f, &n)[2], "c");
    assert_int_equal(n, 3);
    assert_int_equal(csv_delimiter(f), ',');
    assert_ok(csv_worker_open(f, (uint32_t[]){2, 1, 1, 1}, 4, &w, &e), &e);
    assert_ok(csv_worker_next(w, &b, &e), &e);
    assert_int_equal(b.n, 2);
    assert_str(b.cells[0], "3");
    assert_str(b.cells[1], "x\"y");
    assert_str(b.cells[3], "x\"y");
    assert_str(b.cells[4], "");
    assert_str(csv_worker_raw(w, 0), "1,\"x\"\"y\",3");
    assert_ok(csv_worker_next(w, &b, &e), &e);
    assert_int_equal(b.n, 0);
    assert_true(csv_progress(f) == 1);
    csv_worker_close(w);
    csv_close(f);
}

static uint64_t next_random(uint64_t *s)
{
    *s += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = (*s ^ (*s >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void scanners_agree_on_random_text(void **state)
{
    if (!csv_scan_avx2_usable()) {
        print_message("skipped: no AVX2 here\n");
        skip();
    }
    static const char *const alphabets[] = {"\",\n", "\",\nab", "\"\"\",\n\r abc", "ab,\n\r\"xyz12345678"};
    char text[300];
    uint64_t a[8], b[8], doubled[2], seed = 1;
    size_t even = 0;
    for (int round = 0; round < 200000; round++) {
        const char *alphabet = alphabets[round % 4];
        size_t k = strlen(alphabet), n = next_random(&seed) % 300;
        for (size_t i = 0; i < n; i++)
            text[i] = alphabet[next_random(&seed) % k];
        struct csv_scan fast, slow;
        csv_scan_avx2(text, n, ',', (struct csv_masks){a, doubled}, &fast);
        csv_scan_lenient(text, n, ',', (struct csv_masks){b, doubled}, &slow);
        if (fast.odd)
            continue;
        even++;
        assert_int_equal(fast.end, slow.end);
        assert_int_equal(fast.lines, slow.lines);
        assert_int_equal(fast.separators, slow.separators);
        assert_int_equal(fast.line_masks, slow.line_masks);
        assert_int_equal(fast.inside, slow.inside);
        assert_int_equal(fast.line_in_quotes, slow.line_in_quotes);
        for (size_t i = 0; i < n / 64 + (n % 64 != 0); i++)
            assert_int_equal(a[i], b[i]);
    }
    assert_true(even > 20000); /* or the comparison says nothing */
}

static void random_well_formed_text_is_never_odd(void **state)
{
    if (!csv_scan_avx2_usable())
        skip();
    uint64_t seed = 7, masks[64], doubled[2];
    for (int round = 0; round < 20000; round++) {
        struct buf out;
        buf_init(&out, 4000);
        for (int fields = 0; fields < 60; fields++) {
            bool quoted = next_random(&seed) % 2;
            if (quoted)
                buf_addc(&out, '"');
            for (uint64_t i = next_random(&seed) % 12; i; i--) {
                if (quoted)
                    buf_add(&out, (str[]){S("\"\""), S(","), S("\n"), S("x"), S("\r\n")}[next_random(&seed) % 5]);
                else
                    buf_addc(&out, "xyz "[next_random(&seed) % 4]);
            }
            if (quoted)
                buf_addc(&out, '"');
            buf_add(&out, (str[]){S(","), S("\n"), S("\r\n")}[next_random(&seed) % 3]);
        }
        struct csv_scan s;
        csv_scan_avx2(out.p, out.n, ',', (struct csv_masks){masks, doubled}, &s);
        assert_false(s.odd);
        assert_int_equal(s.end == out.n, out.p[out.n - 1] == '\n');
        buf_release(&out);
    }
}

static void several_workers_read_every_record_once(void **state)
{
    struct buf text;
    buf_init(&text, 8 << 20);
    buf_add(&text, S("n,t\n"));
    for (int i = 0; i < 20000; i++)
        buf_fmt(&text, "%d,\"a\nb\"\n", i);
    struct csv_file *f;
    struct err e = {0};
    assert_ok(csv_open_memory(S("x.csv"), buf_str(&text),
                              &(struct csv_options){.block_bytes = 1000}, &f, &e), &e);
    struct csv_worker *w[3];
    for (int i = 0; i < 3; i++)
        assert_ok(csv_worker_open(f, (uint32_t[]){0}, 1, &w[i], &e), &e);
    bool *seen = calloc(20000, sizeof *seen);
    size_t total = 0;
    for (bool any = true; any;) {
        any = false;
        for (int i = 0; i < 3; i++) {
            struct csv_batch b;
            assert_ok(csv_worker_next(w[i], &b, &e), &e);
            any |= b.n > 0;
            for (size_t r = 0; r < b.n; r++) {
                int64_t v;
                assert_true(str_to_i64(b.cells[r], &v));
                assert_false(seen[v]);
                seen[v] = true;
                assert_int_equal(b.lines[r], 2 + 2 * v);
                total++;
            }
        }
    }
    assert_int_equal(total, 20000);
    free(seen);
    for (int i = 0; i < 3; i++)
        csv_worker_close(w[i]);
    csv_close(f);
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_read_as_written),
        cmocka_unit_test(quotes_in_odd_places_are_read_leniently),
        cmocka_unit_test(faults_name_file_line_and_remedy),
        cmocka_unit_test(binary_and_foreign_text_is_refused_with_its_line),
        cmocka_unit_test(title_lines_and_a_given_delimiter_are_respected),
        cmocka_unit_test(columns_come_in_the_order_asked_for_and_may_repeat),
        cmocka_unit_test(scanners_agree_on_random_text),
        cmocka_unit_test(random_well_formed_text_is_never_odd),
        cmocka_unit_test(several_workers_read_every_record_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
