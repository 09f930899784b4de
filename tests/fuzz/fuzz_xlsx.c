/* fuzz_xlsx.c - any bytes as a workbook: text comes out, or the error says something. */
#include <sys/mman.h>
#include <unistd.h>

#include "base/xlsx_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64], to[1000];
    struct err e = {0};
    struct xlsx *x;
    int fd = memfd_create("workbook", 0);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (!xlsx_open(path, &x, &e)) {
        BUG_IF(!e.text[0]);
    } else if (x) {
        size_t n, all = 0;
        bool ok;
        do {
            ok = xlsx_read(x, to, sizeof to, &n, &e);
            all += ok ? n : 0;
        } while (ok && n && all < 1u << 24);
        BUG_IF(!ok && !e.text[0]);
        xlsx_close(x);
    }
    close(fd);
    return 0;
}
