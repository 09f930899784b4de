/* hash.c - SHA-256 and random bytes, by libsodium. */
#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/os.h"
#include "base/sha256_blocks.h"

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(struct sha256), "state fits");

static crypto_hash_sha256_state *state_of(struct sha256 *h)
{
    return (crypto_hash_sha256_state *)(void *)h->state;
}

void sha256_init(struct sha256 *h)
{
    crypto_hash_sha256_init(state_of(h));
}

void sha256_add(struct sha256 *h, str s)
{
    crypto_hash_sha256_state *state = state_of(h);
    if (state->count % 512 == 0 && s.n >= 64 && sha256_blocks_usable()) {
        /* whole blocks straight into the state, the rest by libsodium */
        size_t blocks = s.n / 64;
        sha256_blocks(state->state, (const unsigned char *)s.p, blocks);
        state->count += (uint64_t)blocks * 512;
        s = str_sub(s, blocks * 64, s.n);
    }
    crypto_hash_sha256_update(state, (const unsigned char *)s.p, s.n);
}

void sha256_end(struct sha256 *h, char out[SHA256_HEX])
{
    unsigned char digest[32];
    crypto_hash_sha256_final(state_of(h), digest);
    sodium_bin2hex(out, SHA256_HEX, digest, sizeof digest);
}

void sha256_of(str s, char out[SHA256_HEX])
{
    struct sha256 h;
    sha256_init(&h);
    sha256_add(&h, s);
    sha256_end(&h, out);
}

bool sha256_file(str path, char out[SHA256_HEX], struct err *e)
{
    struct arena a = ARENA_INIT;
    int fd = open(str_cstr(&a, path), O_RDONLY | O_CLOEXEC);
    arena_release(&a);
    if (fd < 0)
        return err_sys(e, errno, "cannot read '%.*s'", FMT(path));
    static const size_t CHUNK = 1 << 20;
    char *chunk = os_alloc_pages(CHUNK);
    struct sha256 h;
    sha256_init(&h);
    ssize_t n;
    while ((n = read(fd, chunk, CHUNK)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0)
            sha256_add(&h, (str){chunk, (size_t)n});
    int errnum = errno;
    os_free_pages(chunk, CHUNK);
    close(fd);
    if (n < 0)
        return err_sys(e, errnum, "cannot read '%.*s'", FMT(path));
    sha256_end(&h, out);
    return true;
}

void random_bytes(void *p, size_t n)
{
    if (sodium_init() < 0)
        bug(__FILE__, __LINE__, "sodium_init");
    randombytes_buf(p, n);
}
