/* process.c - running another program and reading what it says. */
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

extern char **environ;

#define TALK_BYTES (64u << 10)

struct pipes {
    int out[2], talk[2]; /* read end, write end; -1: closed */
};

static void close_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void close_pipes(struct pipes *p)
{
    for (int i = 0; i < 2; i++) {
        close_end(&p->out[i]);
        close_end(&p->talk[i]);
    }
}

static bool start(const char *const *argv, struct pipes *p, pid_t *ret, struct err *e)
{
    posix_spawn_file_actions_t acts;
    if (pipe2(p->out, O_CLOEXEC) < 0 || pipe2(p->talk, O_CLOEXEC) < 0)
        return err_sys(e, errno, "cannot start '%s'", argv[0]);
    int failed = posix_spawn_file_actions_init(&acts);
    if (failed)
        return err_sys(e, failed, "cannot start '%s'", argv[0]);
    failed = posix_spawn_file_actions_addopen(&acts, 0, "/dev/null", O_RDONLY, 0);
    failed = failed ? failed : posix_spawn_file_actions_adddup2(&acts, p->out[1], 1);
    failed = failed ? failed : posix_spawn_file_actions_adddup2(&acts, p->talk[1], 2);
    /* posix_spawnp takes char *const[] for history's sake and changes nothing */
    union {
        const char *const *given;
        char *const *taken;
    } args = {.given = argv};
    failed = failed ? failed : posix_spawnp(ret, argv[0], &acts, NULL, args.taken, environ);
    posix_spawn_file_actions_destroy(&acts);
    return !failed || err_sys(e, failed, "cannot start '%s'", argv[0]);
}

/* Reads what is there; closes the end at its end. */
static void drain(int *fd, struct buf *b)
{
    char chunk[16384];
    ssize_t got = read(*fd, chunk, sizeof chunk);
    if (got > 0)
        buf_add(b, (str){chunk, (size_t)got});
    else if (got == 0 || errno != EINTR)
        close_end(fd);
}

/* Beyond the cap the rest is read and dropped, so that the program can end. */
static void read_both(struct pipes *p, struct buf *out, struct buf *talk)
{
    while (p->out[0] >= 0 || p->talk[0] >= 0) {
        struct pollfd fds[] = {{.fd = p->out[0], .events = POLLIN},
                               {.fd = p->talk[0], .events = POLLIN}};
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return;
        if (fds[0].revents)
            drain(&p->out[0], out);
        if (fds[1].revents)
            drain(&p->talk[0], talk);
    }
}

bool process_read(struct arena *a, const char *const *argv, size_t max, str *ret_out, str *ret_talk,
                  int *ret_status, struct err *e)
{
    struct pipes p = {{-1, -1}, {-1, -1}};
    struct buf out, talk;
    pid_t child;
    int status = 0;
    if (!start(argv, &p, &child, e)) {
        close_pipes(&p);
        return false;
    }
    close_end(&p.out[1]);
    close_end(&p.talk[1]);
    buf_init(&out, max);
    buf_init(&talk, TALK_BYTES);
    read_both(&p, &out, &talk);
    close_pipes(&p);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    bool ok = true;
    if (!WIFEXITED(status))
        ok = err_set(e, ERR_FAILED, "'%s' was ended by a signal", argv[0]);
    else if (buf_overflow(&out))
        ok = err_set(e, ERR_FAILED, "'%s' writes more than %zu bytes", argv[0], max);
    if (ok) {
        *ret_out = str_dup(a, buf_str(&out));
        *ret_talk = str_dup(a, buf_str(&talk));
        *ret_status = WEXITSTATUS(status);
    }
    buf_release(&out);
    buf_release(&talk);
    return ok;
}
