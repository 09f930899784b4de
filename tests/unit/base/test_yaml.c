/* test_yaml.c - the strict subset of YAML: values with places, and every fault with its own. */
#include "base/yaml.h"

#include "base/limits.h"
#include "test.h"

static void show(const struct yaml_node *n, struct buf *out)
{
    if (n->kind == YAML_SCALAR) {
        buf_fmt(out, n->quoted ? "'%.*s'" : "%.*s", FMT(n->text));
    } else if (n->kind == YAML_LIST) {
        buf_addc(out, '[');
        for (size_t i = 0; i < n->n; i++) {
            buf_add(out, i ? S(", ") : S(""));
            show(n->items[i], out);
        }
        buf_addc(out, ']');
    } else {
        buf_addc(out, '{');
        for (size_t i = 0; i < n->n; i++) {
            buf_add(out, i ? S(", ") : S(""));
            show(n->pairs[i].key, out);
            buf_add(out, S(": "));
            show(n->pairs[i].value, out);
        }
        buf_addc(out, '}');
    }
}

static void the_subset_reads_as_text(void **state)
{
    static const char *const rows[][2] = {
        {"", "{}"},
        {"# only a comment\n", "{}"},
        {"---\na: 1\n", "{a: 1}"},
        {"\xef\xbb\xbf" "a: NO\r\nb: 1e3\r\n", "{a: NO, b: 1e3}"},
        {"a:\nb: ~\n", "{a: , b: ~}"},
        {"a: {x: 1, y: [2, '3']}\n", "{a: {x: 1, y: [2, '3']}}"},
        {"a:\n  - b: 1\n    c: 2\n  - d\n", "{a: [{b: 1, c: 2}, d]}"},
        {"a: x # c\n# d\n", "{a: x}"},
        {"2026-07: 10 (8 to 14)\n", "{2026-07: 10 (8 to 14)}"},
        {"a: \"tab\tinside\"  # \ttab\n", "{a: 'tab\tinside'}"},
        {"a: it's\tx\n", NULL},
        {"a: {do: Review, \xc3\xa9 two,  three, n: 1,000}\n", "{a: {do: Review, \xc3\xa9 two,  three, n: 1,000}}"},
        {"a: {x: 'q', y}\n", "{a: {x: 'q', y: }}"},
        {"a: {x: 1, y: , z: }\n", "{a: {x: 1, y: , z: }}"},
        {"a: x => 'y'\nb: c\n", "{a: x => 'y', b: c}"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct diags d;
        struct buf out;
        buf_init(&out, 4096);
        diags_init(&d, &a);
        const struct yaml_file *f = yaml_parse(&a, S("p"), str_of(rows[i][0]), &d);
        if (rows[i][1]) {
            if (!f || d.n)
                fail_msg("row %zu: %.*s", i, FMT(d.n ? d.items[0].text : S("no file")));
            show(f->root, &out);
            assert_str(buf_str(&out), rows[i][1]);
        } else {
            assert_true(d.errors > 0);
        }
        buf_release(&out);
        arena_release(&a);
    }
}

static void every_fault_has_its_place(void **state)
{
    static const char *const rows[][2] = {
        {"a: &x 1\nb: *x\n<<: {c: 1}\nd: !!int 3\ne: |\n  t\nf: 1\nf: 2\n",
         "1:4+1 an anchor ('&x') is not allowed\n"
         "2:4+2 an alias ('*x') is not allowed\n"
         "3:1+2 a merge key ('<<') is not allowed\n"
         "4:4+1 a tag ('tag:yaml.org,2002:int') is not allowed\n"
         "5:4+1 a text block ('|' or '>') is not allowed\n"
         "8:1+1 duplicate key 'f', first on line 7\n"},
        {"a: 1\n---\nb: 2\n", "2:1+3 a second document is not allowed\n"},
        {"%YAML 1.1\n---\na: 1\n", "1:1+1 a '%' directive is not allowed\n"},
        {"a: 1\n\tb: 2\nc:\t3\n", "2:1+1 a tab is not allowed\n3:3+1 a tab is not allowed\n"},
        {"a:\t1\nb: 1\nb: 2\n", "1:3+1 a tab is not allowed\n3:1+1 duplicate key 'b', first on line 2\n"},
        {"a: \xff\n", "1:4+1 byte 0xff is not valid UTF-8 text\n"},
        {"\xc3\xa9: 1\nb: {\xc3\xa9: *x}\n", "2:8+2 an alias ('*x') is not allowed\n"},
        {"a: x\x01y\n", "1:5+1 a control character is not allowed\n"},
        {"- a\n", "1:1+1 expected 'key: value' lines, found a list\n"},
        {"abc\n", "1:1+3 expected 'key: value' lines, found a single value\n"},
        {"a: [1, 2\n", "1:4+1 the list that opens here is not closed\n"},
        {"a: {x: 1\nb: 2\n", "1:4+1 the map that opens here is not closed\n"},
        {"a: [1, 2}\n", "1:9+1 a ',' or ']' is expected here\n"},
        {"a: [1,\n 2]\n", "1:4+1 a list in [] goes on over several lines\n"},
        {"a: {x: 1,\n y: 2}\n", "1:4+1 a map in {} goes on over several lines\n"},
        {"a: one\n  two\n", "1:4+1 a value goes on over several lines\n"},
        {"a: 'one\n", "1:4+1 the quote that opens here is never closed\n"},
        {"a: 1\nbc\nd: 2\n", "2:1+1 this is not 'key: value'\n"},
        {"a: b: c\n", "1:5+1 a ':' is not expected here\n"},
        {"a:\n  b: 1\n c: 2\n", "3:2+1 a key is expected here\n"},
        {"a: @x\n", "1:4+1 a value cannot start with this character\n"},
        {"a: \"\\q\"\n", "1:5+1 unknown escape sequence in a \"quoted\" value\n"},
        {"? [1]\n: 2\n", "1:3+3 a list is not allowed as a key\n"},
        {": 2\n", "1:1+1 a key is expected here\n"},
        {"'': 2\n", "1:1+2 a key is missing\n"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct diags d;
        struct buf out;
        buf_init(&out, 8192);
        diags_init(&d, &a);
        (void)yaml_parse(&a, S("p"), str_of(rows[i][0]), &d);
        for (size_t k = 0; k < d.n; k++)
            buf_fmt(&out, "%u:%u+%u %.*s\n", d.items[k].at.line, d.items[k].at.column,
                    d.items[k].at.width, FMT(d.items[k].text));
        if (!str_eq(buf_str(&out), str_of(rows[i][1])))
            fail_msg("row %zu gives\n%.*s", i, FMT(buf_str(&out)));
        buf_release(&out);
        arena_release(&a);
    }
}

static void deep_and_large_files_are_refused_quickly(void **state)
{
    struct arena a = ARENA_INIT;
    struct diags d;
    diags_init(&d, &a);
    size_t n = 2u << 20;
    char *deep = arena_alloc(&a, n);
    memset(deep, '[', n);
    assert_null(yaml_parse(&a, S("p"), (str){deep, n}, &d));
    assert_str(d.items[0].text, "nested more than 64 deep");
    char *large = arena_alloc(&a, LIMIT_YAML_BYTES + 1);
    memset(large, '#', LIMIT_YAML_BYTES + 1);
    assert_null(yaml_parse(&a, S("p"), (str){large, LIMIT_YAML_BYTES + 1}, &d));
    arena_release(&a);
}

static void unknown_keys_get_a_suggestion(void **state)
{
    static const char *const known[] = {"months", "starts", NULL};
    struct arena a = ARENA_INIT;
    struct diags d;
    diags_init(&d, &a);
    const struct yaml_file *f = yaml_parse(&a, S("p"), S("month: 3\nstarts: x\nzzz: 1\n"), &d);
    yaml_only(&d, f->root, known);
    assert_int_equal(d.n, 2);
    assert_str(d.items[0].text, "unknown key 'month'");
    assert_str(d.items[0].hint, "Did you mean 'months'?");
    assert_str(d.items[1].hint, "");
    assert_str(d.items[1].at.source_line, "zzz: 1");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_subset_reads_as_text),
        cmocka_unit_test(every_fault_has_its_place),
        cmocka_unit_test(deep_and_large_files_are_refused_quickly),
        cmocka_unit_test(unknown_keys_get_a_suggestion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
