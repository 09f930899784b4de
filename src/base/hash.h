/* hash.h - digests that identify files and content, as lower-case hex. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/err.h"
#include "base/str.h"

#define SHA256_HEX 65 /* with NUL */

struct sha256 {
    _Alignas(16) unsigned char state[256];
};

void sha256_init(struct sha256 *h);
void sha256_add(struct sha256 *h, str s);
void sha256_end(struct sha256 *h, char out[SHA256_HEX]);
void sha256_of(str s, char out[SHA256_HEX]);
MUST_CHECK bool sha256_file(str path, char out[SHA256_HEX], struct err *e);
/* Identifies the bytes of a file of any size at the speed of memory (XXH3, 128 bits, not meant to
 * withstand forgery; see docs/decisions/003.md): "is this the same bill again?" */
#define DIGEST_HEX 33
MUST_CHECK bool digest_file(str path, char out[DIGEST_HEX], struct err *e);
void digest_of(str s, char out[DIGEST_HEX]);
/* HMAC-SHA-256 as hex: proof that whoever knows the key wrote the message. */
void hmac_of(str key, str message, char out[SHA256_HEX]);
void random_bytes(void *p, size_t n); /* unpredictable */

#endif
