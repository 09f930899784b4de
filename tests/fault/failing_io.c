/* failing_io.c - preloaded into outlay: the Nth call that changes the disk fails, or is the last.
 *
 *   OUTLAY_IO_COUNT=FILE   the number of such calls is written to FILE at exit
 *   OUTLAY_IO_FAIL=N       the Nth one fails with ENOSPC (fsync: EIO) and does nothing
 *   OUTLAY_IO_STICKY=1     ... and so do all after it: the disk stays full
 *   OUTLAY_IO_SHORT=1      ... a failing write first writes half of what it was given
 *   OUTLAY_IO_KILL=N       the process is killed just before the Nth one
 *
 * Counted are write, pwrite, ftruncate, fsync, fdatasync, rename, mkdir and unlink, but not what goes to
 * the standard streams. unlink is never made to fail: nothing can be done about it. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long calls;

static long number_of(const char *name)
{
    const char *text = getenv(name);
    return text ? strtol(text, NULL, 10) : 0;
}

/* Counts a call; true when it has to fail. */
static int fails(int can_fail)
{
    long n = atomic_fetch_add(&calls, 1) + 1, fail = number_of("OUTLAY_IO_FAIL");
    if (n == number_of("OUTLAY_IO_KILL"))
        kill(getpid(), SIGKILL);
    return can_fail && fail && (n == fail || (n > fail && number_of("OUTLAY_IO_STICKY")));
}

__attribute__((destructor)) static void report(void)
{
    const char *path = getenv("OUTLAY_IO_COUNT");
    FILE *f = path ? fopen(path, "w") : NULL;
    if (f) {
        fprintf(f, "%ld\n", atomic_load(&calls));
        fclose(f);
    }
}

static int set_errno(int number)
{
    errno = number;
    return -1;
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *p, size_t n)
{
    REAL(write);
    if (fd > 2 && fails(1)) {
        if (number_of("OUTLAY_IO_SHORT") && n > 1)
            return real(fd, p, n / 2);
        return set_errno(ENOSPC);
    }
    return real(fd, p, n);
}

static ssize_t fail_at(int fd, const void *p, size_t n, off_t at)
{
    static ssize_t (*real)(int, const void *, size_t, off_t);
    if (!real)
        real = (ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite64");
    if (fails(1)) {
        if (number_of("OUTLAY_IO_SHORT") && n > 1 && real(fd, p, n / 2, at) < 0)
            return -1;
        return set_errno(ENOSPC);
    }
    return real(fd, p, n, at);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    return fail_at(fd, p, n, at);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    return fail_at(fd, p, n, at);
}

int ftruncate(int fd, off_t size)
{
    REAL(ftruncate);
    return fails(1) ? set_errno(ENOSPC) : real(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    REAL(ftruncate64);
    return fails(1) ? set_errno(ENOSPC) : real(fd, size);
}

int fsync(int fd)
{
    REAL(fsync);
    return fails(1) ? set_errno(EIO) : real(fd);
}

int fdatasync(int fd)
{
    REAL(fdatasync);
    return fails(1) ? set_errno(EIO) : real(fd);
}

int rename(const char *from, const char *to)
{
    REAL(rename);
    return fails(1) ? set_errno(ENOSPC) : real(from, to);
}

int mkdir(const char *path, mode_t mode)
{
    REAL(mkdir);
    return fails(1) ? set_errno(ENOSPC) : real(path, mode);
}

int unlink(const char *path)
{
    REAL(unlink);
    (void)fails(0);
    return real(path);
}
