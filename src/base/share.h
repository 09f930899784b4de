/* share.h - the files of share/, embedded in the binary. */
#ifndef BASE_SHARE_H
#define BASE_SHARE_H

#include "base/str.h"

/* Content of share/NAME; a name that is not embedded is a bug. */
str share_file(const char *name);

#endif
