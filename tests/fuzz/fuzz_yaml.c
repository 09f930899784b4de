/* fuzz_yaml.c - any bytes as a YAML file: every node and fault lies inside the text. */
#include "base/yaml.h"

#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(const struct yaml_node *n, size_t depth)
{
    BUG_IF(depth > LIMIT_YAML_DEPTH);
    BUG_IF(!n->line || n->line > n->file->n_lines || !n->column || !n->width);
    BUG_IF(!str_is_utf8(n->text));
    for (size_t i = 0; i < n->n; i++) {
        if (n->kind == YAML_MAP) {
            BUG_IF(n->pairs[i].key->kind != YAML_SCALAR);
            check(n->pairs[i].key, depth + 1);
            check(n->pairs[i].value, depth + 1);
        } else {
            check(n->items[i], depth + 1);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = ARENA_INIT;
    struct diags d;
    diags_init(&d, &a);
    const struct yaml_file *f = yaml_parse(&a, S("fuzz.yaml"), (str){(const char *)data, n}, &d);
    BUG_IF(!f && !d.errors);
    if (f)
        check(f->root, 0);
    struct buf out;
    buf_init(&out, 1u << 20);
    diags_sort(&d);
    diags_print(&d, &out, false);
    buf_release(&out);
    arena_release(&a);
    return 0;
}
