/* cmd_version.c - outlay version, also outlay --version. */
#include "cli/io.h"

static bool run(struct ctx *c, struct err *e)
{
    return io_out(c, S("outlay " OUTLAY_VERSION "\n"), e);
}

const struct command cmd_version = {
    .name = "version",
    .summary = "Show the version",
    .usage = "",
    .group = "Help",
    .complete_operands = "none",
    .run = run,
};
