/* hash.c - SHA-256 and random bytes by libsodium, fast digests by xxHash. */
#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>
#include <xxhash.h>

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

/* Feeds a file to `add` piece by piece. */
static bool read_through(str path, void (*add)(void *ctx, str piece), void *ctx, struct err *e)
{
    struct arena a = ARENA_INIT;
    int fd = open(str_cstr(&a, path), O_RDONLY | O_CLOEXEC);
    arena_release(&a);
    if (fd < 0)
        return err_sys(e, errno, "cannot read '%.*s'", FMT(path));
    static const size_t CHUNK = 1 << 20;
    char *chunk = os_alloc_pages(CHUNK);
    ssize_t n;
    while ((n = read(fd, chunk, CHUNK)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0)
            add(ctx, (str){chunk, (size_t)n});
    int errnum = errno;
    os_free_pages(chunk, CHUNK);
    close(fd);
    return n == 0 || err_sys(e, errnum, "cannot read '%.*s'", FMT(path));
}

static void add_sha256(void *h, str piece)
{
    sha256_add(h, piece);
}

bool sha256_file(str path, char out[SHA256_HEX], struct err *e)
{
    struct sha256 h;
    sha256_init(&h);
    if (!read_through(path, add_sha256, &h, e))
        return false;
    sha256_end(&h, out);
    return true;
}

static void digest_text(XXH128_hash_t h, char out[DIGEST_HEX])
{
    snprintf(out, DIGEST_HEX, "%016llx%016llx", (unsigned long long)h.high64,
             (unsigned long long)h.low64);
}

static void add_xxh3(void *state, str piece)
{
    XXH3_128bits_update(state, piece.p, piece.n);
}

bool digest_file(str path, char out[DIGEST_HEX], struct err *e)
{
    XXH3_state_t *state = XXH3_createState();
    if (!state)
        out_of_memory(sizeof(XXH128_hash_t));
    XXH3_128bits_reset(state);
    bool ok = read_through(path, add_xxh3, state, e);
    if (ok)
        digest_text(XXH3_128bits_digest(state), out);
    XXH3_freeState(state);
    return ok;
}

void digest_of(str s, char out[DIGEST_HEX])
{
    digest_text(XXH3_128bits(s.p, s.n), out);
}

void hmac_of(str key, str message, char out[SHA256_HEX])
{
    crypto_auth_hmacsha256_state state;
    unsigned char digest[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)(key.n ? key.p : ""), key.n);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)(message.n ? message.p : ""),
                                  message.n);
    crypto_auth_hmacsha256_final(&state, digest);
    sodium_bin2hex(out, SHA256_HEX, digest, sizeof digest);
}

void random_bytes(void *p, size_t n)
{
    if (sodium_init() < 0)
        bug(__FILE__, __LINE__, "sodium_init");
    randombytes_buf(p, n);
}
