/* os.h - files, folders and the process, with errors that name the path. */
#ifndef BASE_OS_H
#define BASE_OS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* The whole file, living in a; more than `max` bytes is an error. Adds a NUL behind the end. */
MUST_CHECK bool file_read(struct arena *a, str path, size_t max, str *ret, struct err *e);
/* Writes beside `path`, fsyncs, renames over it: readers see the old or the new file, never half.
 */
MUST_CHECK bool file_write_atomic(str path, str content, struct err *e);
/* The same, but an existing file is an error that names it. */
MUST_CHECK bool file_create(str path, str content, struct err *e);
/* A copy on disk (synced) of a file of any size; `to` must not exist. */
MUST_CHECK bool file_copy(str from, str to, struct err *e);
MUST_CHECK bool file_sync(str path, struct err *e); /* file or folder */
bool file_exists(str path);
bool dir_exists(str path);
MUST_CHECK bool file_size(str path, uint64_t *ret, struct err *e);
MUST_CHECK bool dir_make(str path, struct err *e); /* one level; existing is fine */
MUST_CHECK bool file_rename(str from, str to, struct err *e);
bool file_remove(str path);      /* false when it was not there */
void dir_remove_all(str path);   /* best effort: used for temporary folders only */

struct names {
    str *items;
    size_t n, cap;
};
/* Files and folders directly in `path`, sorted bytewise, without . and ..; in a. */
MUST_CHECK bool dir_list(struct arena *a, str path, struct names *ret, struct err *e);
/* A file, every regular file under a folder (sorted, hidden ones skipped), or a glob the shell did
 * not expand. Nothing found is an error. */
MUST_CHECK bool files_expand(struct arena *a, str pattern, struct names *ret, struct err *e);

str path_join(struct arena *a, str dir, str name);
str path_base(str path);                        /* after the last '/' */
str path_absolute(struct arena *a, str path);   /* resolved where it exists */
str os_env(const char *name);                   /* empty when unset */
str os_exe_dir(struct arena *a);                /* folder of the running binary */
int os_cpus(void);                              /* usable processors, at least 1 */
uint64_t os_memory(void);                       /* bytes of RAM, cgroup limit respected */
int os_pid(void);
void *os_alloc_pages(size_t bytes);             /* large zeroed block; never NULL */
void os_free_pages(void *p, size_t bytes);

#endif
