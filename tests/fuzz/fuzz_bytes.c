/* fuzz_bytes.c - packed files, whole, cut or damaged: an error or content, the same in any steps. */
#include <unistd.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/os.h"

#define MOST (1u << 20)

static bool in_steps(str path, size_t step, str all)
{
    struct bytes *b;
    struct err e = {0};
    char piece[4096];
    size_t at = 0, n;
    if (!bytes_open(path, &b, &e))
        return false;
    while (bytes_read(b, piece, step, &n, &e) && n && at + n <= all.n) {
        if (memcmp(piece, all.p + at, n))
            abort();
        at += n;
    }
    bytes_close(b);
    return at == all.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    char name[64];
    snprintf(name, sizeof name, "/dev/shm/fuzz_bytes.%d", os_pid());
    FILE *f = fopen(name, "wb");
    if (!f || fwrite(data + 1, 1, size - 1, f) != size - 1 || fclose(f))
        abort();
    struct arena a = ARENA_INIT;
    struct err e = {0};
    str all;
    if (bytes_read_all(&a, str_of(name), MOST, &all, &e) &&
        !in_steps(str_of(name), 1 + (size_t)data[0] * 16, all))
        abort();
    arena_release(&a);
    unlink(name);
    return 0;
}
