/* plan_json.c - prints the expansion of a plan file as JSON: the other side of tests/oracle. */
#include "plan_json.h"

#include "base/os.h"

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct arena a = ARENA_INIT;
        struct diags d;
        struct err e = {0};
        struct buf b;
        const struct expansion *x;
        diags_init(&d, &a);
        buf_init(&b, 256u << 20);
        const struct plan *p = plan_load(&a, str_of(argv[i]), NULL, &d, &e);
        if (p)
            world_check(&a, p, &d);
        diags_print(&d, &b, false);
        fwrite(b.p, 1, b.n, stderr);
        buf_clear(&b);
        if (!p || d.errors || !expand(&a, p, NULL, &x, &e)) {
            fprintf(stderr, "%s\n", e.text);
            return 3;
        }
        expansion_json(&b, x);
        fwrite(b.p, 1, b.n, stdout);
        fputc('\n', stdout);
        buf_release(&b);
        arena_release(&a);
    }
    return 0;
}
