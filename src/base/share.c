/* share.c - finding an embedded file; share/embed.S holds their bytes. */
#include "base/share.h"

#define SHARED(symbol, name) extern const char share_##symbol[], share_##symbol##_end[];
#include "share_files.h"
#undef SHARED

str share_file(const char *name)
{
#define SHARED(symbol, file) \
    if (strcmp(name, file) == 0) \
        return (str){share_##symbol, (size_t)(share_##symbol##_end - share_##symbol)};
#include "share_files.h"
#undef SHARED
    UNREACHABLE();
}
