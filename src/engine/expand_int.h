/* expand_int.h - private to engine/: parts of the expansion. */
#ifndef ENGINE_EXPAND_INT_H
#define ENGINE_EXPAND_INT_H

#include "engine/expand.h"

money reserve_of(money planned, dec share);

#endif
