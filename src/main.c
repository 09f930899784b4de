/* main.c - the process: signals, the clock, the registry; the only place that prints errors. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "base/term.h"
#include "cli/command.h"

/* The one mutable global: a signal handler has nothing else to write to. */
static volatile bool interrupted;

/* The first Ctrl-C asks the work to stop, the second one ends the process. */
static void on_interrupt(int signal_number)
{
    (void)signal_number;
    if (interrupted)
        _exit(ERR_INTERRUPTED);
    interrupted = true;
}

static void set_signals(void)
{
    struct sigaction act = {.sa_handler = on_interrupt};
    sigemptyset(&act.sa_mask);
    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    signal(SIGPIPE, SIG_IGN); /* writing to a closed pipe is an error that io.c expects */
}

/* A file opened later must not take the number of a stream that was closed at start. */
static void fill_streams(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", fd ? O_WRONLY : O_RDONLY) < 0)
            _exit(ERR_FAILED);
}

static void print_error(const struct err *e)
{
    struct term_env env = term_env();
    bool color = term_wants_color(isatty(2) == 1, COLOR_AUTO, &env);
    fprintf(stderr, "%s%s\n", color ? "outlay: \x1b[31merror:\x1b[0m " : "outlay: ", e->text);
    if (e->hint[0])
        fprintf(stderr, "%s\n", e->hint);
}

int main(int argc, char **argv)
{
    fill_streams();
    set_signals();
    /* large blocks go back to the system when they are freed, however large earlier ones were */
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    struct err e = {.kind = ERR_NONE};
    struct cli cli = {.commands = commands, .interrupted = &interrupted, .in = 0, .out = 1,
                      .talk = 2, .today = (day)(time(NULL) / 86400)};
    if (!cli_run(&cli, argc, argv, &e)) {
        print_error(&e);
        return e.kind ? (int)e.kind : ERR_FAILED;
    }
    if (close(1) < 0 && errno != EINTR) {
        err_sys(&e, errno, "cannot write the output");
        print_error(&e);
        return ERR_FAILED;
    }
    return 0;
}
