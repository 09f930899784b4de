/* test_yaml_edit.c - byte edits of YAML files and their diff. */
#include "base/yaml_edit.h"

#include "test.h"

static const struct yaml_file *parse(struct arena *a, const char *path, const char *text)
{
    struct diags d;
    diags_init(&d, a);
    const struct yaml_file *f = yaml_parse(a, str_of(path), str_of(text), &d);
    assert_non_null(f);
    return f;
}

static const struct yaml_pair *pair_of(const struct yaml_node *map, const char *key)
{
    for (size_t i = 0; i < map->n; i++)
        if (str_eq(map->pairs[i].key->text, str_of(key)))
            return &map->pairs[i];
    fail_msg("no key %s", key);
    return NULL;
}

/* What one edit makes of a text: value k becomes 9, key n behind k, a row in front of, behind or
 * in place of the first of list l, lines at the end. */
enum edit { VALUE, KEY, BEFORE, BEHIND, ROW, APPEND };

static void an_edit_changes_its_bytes_alone(void **state)
{
    static const struct {
        const char *text;
        enum edit edit;
        const char *wanted; /* NULL: it is refused */
    } rows[] = {
        {"k: 1 # one\n", VALUE, "k: 9 # one\n"},
        {"k: 'a b' # one\n", VALUE, "k: 9 # one\n"},
        {"é: 1\nk: {a: 1, b: '}'} # é\n", VALUE, "é: 1\nk: 9 # é\n"},
        {"k:\n  a: 1\n", VALUE, NULL},
        {"k: 1 # one\nz: 2\n", KEY, "k: 1 # one\nn: 3\nz: 2\n"},
        {"k: 1", KEY, "k: 1\nn: 3"},
        {"k: 1\r\nz: 2\r\n", KEY, "k: 1\r\nn: 3\r\nz: 2\r\n"},
        {"l:\n  - {a: 1}\n  # x\n  - {a: 2}\n", BEFORE,
         "l:\n  - {n: 3}\n  - {a: 1}\n  # x\n  - {a: 2}\n"},
        {"l:\n  - a: 1\n    b:\n      - c\n\n  - {a: 2}\n", BEHIND,
         "l:\n  - a: 1\n    b:\n      - c\n  - {n: 3}\n\n  - {a: 2}\n"},
        {"l:\n  - a: 1\n    b: 2 # two\n  - {a: 2}\n", ROW, "l:\n  - {n: 3}\n  - {a: 2}\n"},
        {"l:\n  - {a: 1}", BEHIND, "l:\n  - {a: 1}\n  - {n: 3}"},
        {"l: [{a: 1}]\n", BEHIND, NULL},
        {"k: 1\n", APPEND, "k: 1\nx: 1\ny: 2\n"},
        {"k: 1", APPEND, "k: 1\nx: 1\ny: 2\n"},
        {"", APPEND, "x: 1\ny: 2\n"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct yaml_edits t = {.a = &a};
        struct edited_file *files;
        size_t n;
        bool good = true;
        const struct yaml_file *f = parse(&a, "f.yaml", rows[i].text);
        const struct yaml_node *list = yaml_get(f->root, "l");
        switch (rows[i].edit) {
        case VALUE:
            good = yaml_edit_value(&t, yaml_get(f->root, "k"), S("9"), &e);
            break;
        case KEY:
            good = yaml_edit_key(&t, f->root, pair_of(f->root, "k"), S("n: 3"), &e);
            break;
        case BEFORE:
            good = yaml_edit_row_before(&t, list->items[0], S("{n: 3}"), &e);
            break;
        case BEHIND:
            good = yaml_edit_row_behind(&t, list->items[0], S("{n: 3}"), &e);
            break;
        case ROW:
            good = yaml_edit_row(&t, list->items[0], S("{n: 3}"), &e);
            break;
        case APPEND:
            yaml_edit_append(&t, f, S("x: 1"));
            yaml_edit_append(&t, f, S("y: 2"));
            break;
        }
        if (!rows[i].wanted) {
            assert_false(good);
            assert_int_equal(e.kind, ERR_INVALID);
            assert_true(strncmp(e.text, "f.yaml:", 7) == 0 && e.hint[0]);
            arena_release(&a);
            continue;
        }
        assert_ok(good, &e);
        assert_ok(yaml_edits_apply(&t, &files, &n, &e), &e);
        assert_int_equal(n, 1);
        if (!str_eq(files[0].text, str_of(rows[i].wanted)))
            fail_msg("row %zu: %.*s", i, FMT(files[0].text));
        arena_release(&a);
    }
}

static void edits_of_several_files_apply_at_once(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct yaml_edits t = {.a = &a};
    struct edited_file *files;
    size_t n;
    const struct yaml_file *f = parse(&a, "f.yaml", "a: 1\nb: 2\n"),
                           *g = parse(&a, "g.yaml", "c: 3\n");
    (void)state;
    assert_ok(yaml_edit_value(&t, yaml_get(f->root, "b"), S("20"), &e), &e);
    assert_ok(yaml_edit_value(&t, yaml_get(g->root, "c"), S("30"), &e), &e);
    assert_ok(yaml_edit_value(&t, yaml_get(f->root, "a"), S("10"), &e), &e);
    assert_ok(yaml_edit_value(&t, yaml_get(f->root, "a"), S("10"), &e), &e); /* said twice */
    assert_false(yaml_edit_value(&t, yaml_get(f->root, "a"), S("11"), &e));
    assert_ok(yaml_edits_apply(&t, &files, &n, &e), &e);
    assert_int_equal(n, 2);
    assert_str(files[0].text, "a: 10\nb: 20\n");
    assert_str(files[1].text, "c: 30\n");
    assert_str(edited_files_diff(&a, files, n), "--- f.yaml\n+++ f.yaml\n@@ -1,2 +1,2 @@\n-a: 1\n"
                                                "-b: 2\n+a: 10\n+b: 20\n"
                                                "--- g.yaml\n+++ g.yaml\n@@ -1,1 +1,1 @@\n-c: 3\n"
                                                "+c: 30\n");
    arena_release(&a);
}

static void edits_of_the_same_bytes_are_refused(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    struct yaml_edits t = {.a = &a};
    struct edited_file *files;
    size_t n;
    const struct yaml_file *f = parse(&a, "f.yaml", "l:\n  - {a: 1}\n");
    (void)state;
    const struct yaml_node *item = yaml_get(f->root, "l")->items[0];
    assert_ok(yaml_edit_value(&t, yaml_get(item, "a"), S("2"), &e), &e);
    assert_ok(yaml_edit_row(&t, item, S("{b: 1}"), &e), &e);
    assert_false(yaml_edits_apply(&t, &files, &n, &e));
    assert_int_equal(e.kind, ERR_INVALID);
    arena_release(&a);
}

/* What does not change makes no file, and a diff says where a file's last line does not end. */
static void a_diff_is_what_patch_takes(void **state)
{
    static const struct {
        const char *text, *value, *wanted;
    } rows[] = {
        {"k: 1\n", "1", ""},
        {"k: 1", "2",
         "--- f\n+++ f\n@@ -1,1 +1,1 @@\n-k: 1\n\\ No newline at end of file\n+k: 2\n"
         "\\ No newline at end of file\n"},
        {"a: 1\nb: 1\nc: 1\nd: 1\nk: 1\ne: 1\nf: 1\ng: 1\nh: 1\n", "2",
         "--- f\n+++ f\n@@ -2,7 +2,7 @@\n b: 1\n c: 1\n d: 1\n-k: 1\n+k: 2\n e: 1\n f: 1\n g: 1\n"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct yaml_edits t = {.a = &a};
        struct edited_file *files;
        size_t n;
        const struct yaml_file *f = parse(&a, "f", rows[i].text);
        assert_ok(yaml_edit_value(&t, yaml_get(f->root, "k"), str_of(rows[i].value), &e), &e);
        assert_ok(yaml_edits_apply(&t, &files, &n, &e), &e);
        assert_int_equal(n, rows[i].wanted[0] != '\0');
        assert_str(edited_files_diff(&a, files, n), rows[i].wanted);
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_edit_changes_its_bytes_alone),
        cmocka_unit_test(edits_of_several_files_apply_at_once),
        cmocka_unit_test(edits_of_the_same_bytes_are_refused),
        cmocka_unit_test(a_diff_is_what_patch_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
