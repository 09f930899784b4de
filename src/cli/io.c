/* io.c - reports, data and talk. */
#include "cli/io.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/os.h"
#include "cli/args.h"
#include "render/renderer.h"

enum { OUTPUT_MOST = 1 << 30 }; /* bytes of one report */

struct io {
    int out, talk;
    struct term term;      /* behind out */
    bool talk_color;
    bool quiet, page;
    bool gone;             /* the reader of stdout went away */
    str path;              /* -o; empty: stdout */
    const struct renderer *renderer;
    struct progress progress;
};

static bool choose_renderer(struct io *io, const struct args *args, struct err *e)
{
    str name = args_text(args, "format"), ext = path_base(io->path);
    if (name.n) {
        io->renderer = renderer_by_name(name);
        return true; /* the option's choices are the renderers: a unit test compares them */
    }
    io->renderer = io->path.n ? renderer_by_path(io->path) : renderers[0];
    if (io->renderer)
        return true;
    if (str_find_char(ext, '.', 1) == SIZE_MAX) {
        io->renderer = renderers[0];
        return true;
    }
    CLEANUP(buf_release) struct buf all;
    buf_init(&all, 1000);
    renderer_names(&all);
    err_set(e, ERR_USAGE, "no format is known by the ending of '%.*s'", FMT(io->path));
    return err_hint(e, "Give --format, one of: %.*s.", FMT(buf_str(&all)));
}

bool io_open(struct ctx *c, const struct cli *cli, struct err *e)
{
    struct io *io = arena_new(c->arena, struct io, 1);
    bool plain = args_flag(c->args, "plain");
    int color = args_choice(c->args, "color");
    enum color_choice choice = plain ? COLOR_NEVER : color < 0 ? COLOR_AUTO
                                                               : (enum color_choice)color;
    struct term_env env = term_env();
    io->out = cli->out;
    io->talk = cli->talk;
    io->term = term_probe(io->out, choice, &env);
    io->term.unicode = io->term.unicode && !plain;
    io->talk_color = term_probe(io->talk, choice, &env).color;
    io->quiet = args_flag(c->args, "quiet");
    io->page = io->term.tty && !args_flag(c->args, "no-pager");
    io->path = args_text(c->args, "output");
    if (str_eq(io->path, S("-")))
        io->path = STR_NONE;
    progress_init(&io->progress, io->talk, !io->quiet && !plain);
    c->io = io;
    return choose_renderer(io, c->args, e);
}

static bool write_out(struct io *io, int fd, str s, struct err *e)
{
    while (s.n && !io->gone) {
        ssize_t n = write(fd, s.p, s.n);
        if (n > 0)
            s = str_sub(s, (size_t)n, s.n);
        else if (n < 0 && errno == EPIPE)
            io->gone = true;
        else if (n < 0 && errno != EINTR)
            return err_sys(e, errno, "cannot write the output");
    }
    return true;
}

/* A regular file is replaced at once, through a link where it is one; a device or a pipe of that
 * name is written into, never replaced. */
static bool write_file(struct ctx *c, str path, str text, struct err *e)
{
    char *name = str_cstr(c->arena, path);
    struct stat st;
    if (stat(name, &st) < 0 || S_ISREG(st.st_mode))
        return file_write_atomic(file_exists(path) ? path_absolute(c->arena, path) : path, text, e);
    int fd = open(name, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return err_sys(e, errno, "cannot write '%.*s'", FMT(path));
    bool ok = write_out(c->io, fd, text, e);
    close(fd);
    return ok;
}

/* $OUTLAY_PAGER, $PAGER or less, split at blanks: no shell ever sees it. */
static char **pager_words(struct arena *a)
{
    str command = os_env("OUTLAY_PAGER"), word;
    if (!command.n)
        command = os_env("PAGER");
    if (!command.n)
        command = S("less");
    char **words = arena_new(a, char *, command.n + 2);
    size_t n = 0;
    while (str_cut(&command, ' ', &word))
        if (word.n)
            words[n++] = str_cstr(a, word);
    return n && strcmp(words[0], "cat") != 0 ? words : NULL;
}

/* Feeds text to the pager; false when there is none to be had. */
static bool page_out(struct ctx *c, str text, bool *ret_ok, struct err *e)
{
    struct io *io = c->io;
    char **words = pager_words(c->arena);
    int ends[2];
    if (!words || pipe(ends) < 0)
        return false;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[0], 0);
        dup2(io->out, 1);
        close(ends[0]);
        close(ends[1]);
        signal(SIGPIPE, SIG_DFL);
        setenv("LESS", "FRSX", 0);
        setenv("LESSCHARSET", "utf-8", 0);
        execvp(words[0], words);
        _exit(127);
    }
    close(ends[0]);
    if (child < 0) {
        close(ends[1]);
        return false;
    }
    struct sigaction before, ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGINT, &ignore, &before); /* Ctrl-C is the pager's while it runs */
    *ret_ok = write_out(io, ends[1], text, e);
    io->gone = false; /* the pager was left early, nothing else */
    close(ends[1]);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    sigaction(SIGINT, &before, NULL);
    return !(WIFEXITED(status) && WEXITSTATUS(status) == 127);
}

static size_t lines_in(str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == '\n';
    return n;
}

static bool to_destination(struct ctx *c, str text, bool page, struct err *e)
{
    struct io *io = c->io;
    progress_clear(&io->progress);
    if (io->path.n)
        return write_file(c, io->path, text, e);
    bool ok;
    if (page && io->page && lines_in(text) >= (size_t)io->term.height &&
        page_out(c, text, &ok, e))
        return ok;
    return write_out(io, io->out, text, e);
}

bool io_report(struct ctx *c, const struct doc *d, struct err *e)
{
    struct io *io = c->io;
    bool terminal = !io->path.n && io->term.tty;
    if (io->renderer->binary && terminal) {
        err_set(e, ERR_USAGE, "%s is not for a terminal", io->renderer->name);
        return err_hint(e, "Name a file: -o report.%s.", io->renderer->extension);
    }
    struct render_options o = {
        .width = terminal ? (size_t)io->term.width : 0,
        .color = !io->path.n && io->term.color,
        .unicode = terminal && io->term.unicode,
        .letter_paper = str_eq(args_text(c->args, "paper"), S("letter")),
    };
    CLEANUP(buf_release) struct buf out;
    buf_init(&out, OUTPUT_MOST);
    if (!io->renderer->render(d, &o, &out, e))
        return err_wrap(e, "writing %s", io->renderer->name);
    if (buf_overflow(&out))
        return err_set(e, ERR_FAILED, "the report is larger than %d bytes", OUTPUT_MOST);
    return to_destination(c, buf_str(&out), !io->renderer->binary, e);
}

bool io_out(struct ctx *c, str text, struct err *e)
{
    return to_destination(c, text, false, e);
}

bool io_page(struct ctx *c, str text, struct err *e)
{
    return to_destination(c, text, true, e);
}

/* One write a line, so that lines of several processes do not mix; a failure changes nothing. */
static void say(struct io *io, const char *label, const char *color, const char *fmt, va_list ap)
{
    CLEANUP(buf_release) struct buf line;
    buf_init(&line, 1 << 16);
    progress_clear(&io->progress);
    if (label)
        buf_fmt(&line, "%s%s%s ", io->talk_color ? color : "", label,
                io->talk_color ? "\x1b[0m" : "");
    buf_vfmt(&line, fmt, ap);
    buf_addc(&line, '\n');
    ssize_t written = write(io->talk, line.p, line.n);
    (void)written;
}

void io_note(struct ctx *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    if (!c->io->quiet)
        say(c->io, NULL, NULL, fmt, ap);
    va_end(ap);
}

void io_warn(struct ctx *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    say(c->io, "warning:", "\x1b[33m", fmt, ap);
    va_end(ap);
}

void io_diags(struct ctx *c, const struct diags *d)
{
    CLEANUP(buf_release) struct buf text;
    buf_init(&text, 16 << 20);
    diags_print(d, &text, c->io->talk_color);
    progress_clear(&c->io->progress);
    ssize_t written = write(c->io->talk, text.p, text.n);
    (void)written;
}

struct progress *io_progress(struct ctx *c)
{
    return &c->io->progress;
}

const struct term *io_term(const struct ctx *c)
{
    return &c->io->term;
}

bool io_interrupted(const struct ctx *c, struct err *e)
{
    if (!c->interrupted || !*c->interrupted)
        return false;
    err_set(e, ERR_INTERRUPTED, "interrupted");
    return true;
}
