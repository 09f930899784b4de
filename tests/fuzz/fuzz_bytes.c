/* fuzz_bytes.c - any bytes as a file: packed or not, it is unpacked, or the error says why not.
 *
 * The file is read whole, in small bites and by its head: all three agree. */
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    BUG_IF(fd < 0);
    for (size_t at = 0; at < size;) {
        ssize_t n = write(fd, data + at, size - at);
        BUG_IF(n <= 0);
        at += (size_t)n;
    }
    struct arena a = ARENA_INIT;
    struct err e = {0};
    str path = str_fmt(&a, "/proc/self/fd/%d", fd), all, head;
    struct bytes *b;
    bool whole = bytes_read_all(&a, path, MOST, &all, &e);
    BUG_IF(!whole && !e.text[0]);
    if (bytes_open(path, &b, &e)) {
        char bite[97];
        size_t n, total = 0;
        bool ok;
        while ((ok = bytes_read(b, bite, sizeof bite, &n, &e)) && n && total <= MOST) {
            BUG_IF(whole && (total + n > all.n || memcmp(all.p + total, bite, n) != 0));
            total += n;
        }
        BUG_IF(whole && (!ok || total != all.n));
        BUG_IF(bytes_progress(b) < 0 || bytes_progress(b) > 1);
        bytes_close(b);
    }
    if (bytes_head(&a, path, 1000, &head, &e) && whole)
        BUG_IF(!str_eq(head, str_sub(all, 0, MIN(all.n, (size_t)1000))));
    close(fd);
    arena_release(&a);
    return 0;
}
