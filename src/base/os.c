/* os.c - files, folders and the process. */
#include "base/os.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/limits.h"

/* A NUL-terminated path on the stack; paths that do not fit cannot exist. */
struct cpath {
    char s[PATH_MAX];
};

static const char *cpath(str path, struct cpath *to)
{
    size_t n = MIN(path.n, sizeof to->s - 1);
    if (n)
        memcpy(to->s, path.p, n);
    to->s[n] = 0;
    return to->s;
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

bool file_read(struct arena *a, str path, size_t max, str *ret, struct err *e)
{
    struct cpath c;
    CLEANUP(close_fd) int fd = open(cpath(path, &c), O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) < 0)
        return err_sys(e, errno, "cannot read '%.*s'", FMT(path));
    if (S_ISDIR(st.st_mode))
        return err_set(e, ERR_FAILED, "'%.*s' is a folder, not a file", FMT(path));
    size_t cap = (size_t)MAX(st.st_size, (off_t)0) + 4096, n = 0;
    char *p = NULL;
    for (;;) {
        if (cap > max + 4096)
            cap = max + 4096;
        p = realloc(p, cap + 1);
        if (!p)
            out_of_memory(cap);
        ssize_t got = 1;
        while (n < cap && (got = read(fd, p + n, cap - n)) != 0) {
            if (got < 0 && errno != EINTR) {
                free(p);
                return err_sys(e, errno, "cannot read '%.*s'", FMT(path));
            }
            n += got > 0 ? (size_t)got : 0;
        }
        if (n > max) {
            free(p);
            return err_set(e, ERR_INVALID, "'%.*s' is larger than the limit of %zu bytes",
                           FMT(path), max);
        }
        if (got == 0)
            break;
        cap *= 2;
    }
    *ret = str_dup(a, (str){p, n});
    free(p);
    return true;
}

static bool write_all(int fd, str s)
{
    while (s.n) {
        ssize_t n = write(fd, s.p, s.n);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            s = (str){s.p + n, s.n - (size_t)n};
    }
    return true;
}

static str parent_of(str path)
{
    size_t n = path.n;
    while (n && path.p[n - 1] != '/')
        n--;
    return n > 1 ? str_sub(path, 0, n - 1) : n ? S("/") : S(".");
}

static bool write_new(const char *path, str content, int *ret_errno)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        *ret_errno = errno;
        return false;
    }
    bool ok = write_all(fd, content) && fsync(fd) == 0;
    *ret_errno = errno;
    if (close(fd) < 0 && ok) {
        *ret_errno = errno;
        ok = false;
    }
    if (!ok)
        unlink(path);
    return ok;
}

bool file_write_atomic(str path, str content, struct err *e)
{
    struct cpath c, tmp;
    uint64_t tag;
    random_bytes(&tag, sizeof tag);
    cpath(path, &c);
    int n = snprintf(tmp.s, sizeof tmp.s, "%.*s.tmp-%016llx", FMT(path), (unsigned long long)tag);
    int errnum = ENAMETOOLONG;
    if (n < 0 || (size_t)n >= sizeof tmp.s || !write_new(tmp.s, content, &errnum))
        return err_sys(e, errnum, "cannot write '%.*s'", FMT(path));
    struct stat st; /* an existing file keeps its permissions */
    if (stat(c.s, &st) == 0 && chmod(tmp.s, st.st_mode & 07777) < 0)
        errnum = errno;
    if (rename(tmp.s, c.s) < 0) {
        errnum = errno;
        unlink(tmp.s);
        return err_sys(e, errnum, "cannot write '%.*s'", FMT(path));
    }
    return file_sync(parent_of(path), e);
}

bool file_create(str path, str content, struct err *e)
{
    struct cpath c;
    int errnum;
    if (!write_new(cpath(path, &c), content, &errnum))
        return err_sys(e, errnum, "cannot create '%.*s'", FMT(path));
    return file_sync(parent_of(path), e);
}

bool file_copy(str from, str to, struct err *e)
{
    struct cpath a, b;
    CLEANUP(close_fd) int in = open(cpath(from, &a), O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return err_sys(e, errno, "cannot read '%.*s'", FMT(from));
    CLEANUP(close_fd) int out = open(cpath(to, &b), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (out < 0)
        return err_sys(e, errno, "cannot create '%.*s'", FMT(to));
    static const size_t CHUNK = 1 << 20;
    char *chunk = os_alloc_pages(CHUNK);
    ssize_t n;
    bool ok = true;
    while (ok && (n = read(in, chunk, CHUNK)) != 0)
        ok = n > 0 ? write_all(out, (str){chunk, (size_t)n}) : errno == EINTR;
    ok = ok && fsync(out) == 0;
    int errnum = errno;
    os_free_pages(chunk, CHUNK);
    if (!ok) {
        unlink(b.s);
        return err_sys(e, errnum, "cannot copy '%.*s' to '%.*s'", FMT(from), FMT(to));
    }
    return true;
}

bool file_sync(str path, struct err *e)
{
    struct cpath c;
    CLEANUP(close_fd) int fd = open(cpath(path, &c), O_RDONLY | O_CLOEXEC);
    if (fd < 0 || (fsync(fd) < 0 && errno != EINVAL))
        return err_sys(e, errno, "cannot sync '%.*s'", FMT(path));
    return true;
}

bool file_exists(str path)
{
    struct cpath c;
    struct stat st;
    return stat(cpath(path, &c), &st) == 0 && !S_ISDIR(st.st_mode);
}

bool dir_exists(str path)
{
    struct cpath c;
    struct stat st;
    return stat(cpath(path, &c), &st) == 0 && S_ISDIR(st.st_mode);
}

bool file_size(str path, uint64_t *ret, struct err *e)
{
    struct cpath c;
    struct stat st;
    if (stat(cpath(path, &c), &st) < 0)
        return err_sys(e, errno, "cannot read '%.*s'", FMT(path));
    *ret = (uint64_t)MAX(st.st_size, (off_t)0);
    return true;
}

bool dir_make(str path, struct err *e)
{
    struct cpath c;
    if (mkdir(cpath(path, &c), 0777) < 0 && !(errno == EEXIST && dir_exists(path)))
        return err_sys(e, errno, "cannot create folder '%.*s'", FMT(path));
    return true;
}

bool file_rename(str from, str to, struct err *e)
{
    struct cpath a, b;
    if (rename(cpath(from, &a), cpath(to, &b)) < 0)
        return err_sys(e, errno, "cannot rename '%.*s' to '%.*s'", FMT(from), FMT(to));
    return true;
}

bool file_remove(str path)
{
    struct cpath c;
    return unlink(cpath(path, &c)) == 0;
}

void dir_remove_all(str path)
{
    struct arena a = ARENA_INIT;
    struct names names;
    struct err e;
    struct cpath c;
    struct stat st;
    if (lstat(cpath(path, &c), &st) == 0 && S_ISDIR(st.st_mode) &&
        dir_list(&a, path, &names, &e)) {
        for (size_t i = 0; i < names.n; i++)
            dir_remove_all(path_join(&a, path, names.items[i]));
        rmdir(c.s);
    } else {
        unlink(c.s);
    }
    arena_release(&a);
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const str *)a, *(const str *)b);
}

bool dir_list(struct arena *a, str path, struct names *ret, struct err *e)
{
    struct cpath c;
    DIR *d = opendir(cpath(path, &c));
    if (!d)
        return err_sys(e, errno, "cannot read folder '%.*s'", FMT(path));
    struct names names = {0};
    const struct dirent *entry;
    while ((entry = readdir(d))) {
        str name = str_of(entry->d_name);
        if (str_eq(name, S(".")) || str_eq(name, S("..")))
            continue;
        names.items = arena_grow(a, names.items, sizeof(str), &names.cap, names.n + 1);
        names.items[names.n++] = str_dup(a, name);
    }
    closedir(d);
    if (names.n)
        qsort(names.items, names.n, sizeof(str), by_name);
    *ret = names;
    return true;
}

static bool add_path(struct arena *a, str path, bool named, struct names *ret, struct err *e)
{
    if (ret->n >= LIMIT_FILES)
        return err_set(e, ERR_INVALID, "more than %u files", LIMIT_FILES);
    if (!dir_exists(path)) {
        if (!file_exists(path))
            return err_set(e, ERR_FAILED, "no file '%.*s'", FMT(path));
        ret->items = arena_grow(a, ret->items, sizeof(str), &ret->cap, ret->n + 1);
        ret->items[ret->n++] = path;
        return true;
    }
    struct names inside;
    if (!dir_list(a, path, &inside, e))
        return false;
    size_t before = ret->n;
    for (size_t i = 0; i < inside.n; i++)
        if (inside.items[i].p[0] != '.' &&
            !add_path(a, path_join(a, path, inside.items[i]), false, ret, e))
            return false;
    if (named && ret->n == before)
        return err_set(e, ERR_FAILED, "no files in folder '%.*s'", FMT(path));
    return true;
}

bool files_expand(struct arena *a, str pattern, struct names *ret, struct err *e)
{
    if (file_exists(pattern) || dir_exists(pattern))
        return add_path(a, str_dup(a, pattern), true, ret, e);
    glob_t g;
    struct cpath c;
    if (glob(cpath(pattern, &c), 0, NULL, &g) != 0) {
        globfree(&g);
        return err_set(e, ERR_FAILED, "no file '%.*s'", FMT(pattern));
    }
    bool ok = true;
    for (size_t i = 0; ok && i < g.gl_pathc; i++)
        ok = add_path(a, str_dup(a, str_of(g.gl_pathv[i])), true, ret, e);
    globfree(&g);
    return ok;
}

str path_join(struct arena *a, str dir, str name)
{
    if (!dir.n || (name.n && name.p[0] == '/'))
        return str_dup(a, name);
    bool slash = dir.p[dir.n - 1] == '/';
    return str_fmt(a, "%.*s%s%.*s", FMT(dir), slash ? "" : "/", FMT(name));
}

str path_base(str path)
{
    size_t n = path.n;
    while (n && path.p[n - 1] != '/')
        n--;
    return str_sub(path, n, path.n);
}

str path_absolute(struct arena *a, str path)
{
    struct cpath c;
    char real[PATH_MAX];
    if (realpath(cpath(path, &c), real))
        return str_dup(a, str_of(real));
    if (path.n && path.p[0] == '/')
        return str_dup(a, path);
    if (!getcwd(real, sizeof real))
        return str_dup(a, path);
    return path_join(a, str_of(real), path);
}

str os_env(const char *name)
{
    return str_of(getenv(name));
}

str os_exe_dir(struct arena *a)
{
    char real[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", real, sizeof real - 1);
    if (n <= 0)
        return S(".");
    return str_dup(a, parent_of((str){real, (size_t)n}));
}

int os_cpus(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
        return CPU_COUNT(&set);
    return 1;
}

static uint64_t number_in(const char *path)
{
    struct arena a = ARENA_INIT;
    struct err e;
    str text;
    uint64_t v = UINT64_MAX;
    if (!file_read(&a, str_of(path), 4096, &text, &e) || !str_to_u64(str_trim(text), &v))
        v = UINT64_MAX;
    arena_release(&a);
    return v;
}

uint64_t os_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    uint64_t ram = pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : (uint64_t)1 << 30;
    ram = MIN(ram, number_in("/sys/fs/cgroup/memory.max"));
    return MIN(ram, number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
}

int os_pid(void)
{
    return (int)getpid();
}

void *os_alloc_pages(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        out_of_memory(bytes);
    return p;
}

void os_free_pages(void *p, size_t bytes)
{
    if (p)
        munmap(p, bytes);
}
