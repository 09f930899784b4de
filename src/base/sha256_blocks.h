/* sha256_blocks.h - SHA-256's compression of whole blocks by the processor's own instructions. */
#ifndef BASE_SHA256_BLOCKS_H
#define BASE_SHA256_BLOCKS_H

#include "base/base.h"

bool sha256_blocks_usable(void);
/* n blocks of 64 bytes into the eight words of state; only when usable. */
void sha256_blocks(uint32_t state[8], const unsigned char *p, size_t n);

#endif
