/* forecast_cli.h - the book's side of `outlay forecast`. */
#ifndef CLI_FORECAST_CLI_H
#define CLI_FORECAST_CLI_H

#include "cli/variance_cli.h"

MUST_CHECK bool forecast_of_book(struct ctx *c, struct err *e);

#define FORECAST_BOOK_OPTIONS \
    TRACK_OPTIONS, \
    {.name = "no-keep", .kind = OPT_FLAG, \
     .help = "Do not keep it in the book. Default: kept, unless the last one says the same."}

#endif
