/* test_hash.c - digests are SHA-256, however the bytes come in. */
#include "test.h"

#include "base/hash.h"

static void known_digests(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    char hex[SHA256_HEX];
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        sha256_of(str_of(rows[i].in), hex);
        assert_string_equal(hex, rows[i].out);
    }
}

/* Pieces of every size against single bytes, which never make a whole block at once. */
static void pieces_hash_like_the_whole(void **state)
{
    unsigned char text[1000];
    char hex[SHA256_HEX], expected[SHA256_HEX];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (unsigned char)(i * 7 + i / 13);
    for (size_t piece = 1; piece <= sizeof text; piece++) {
        size_t n = sizeof text - piece % 97;
        struct sha256 h;
        sha256_init(&h);
        for (size_t at = 0; at < n; at += piece)
            sha256_add(&h, (str){(const char *)text + at, MIN(piece, n - at)});
        sha256_end(&h, hex);
        sha256_init(&h);
        for (size_t at = 0; at < n; at++)
            sha256_add(&h, (str){(const char *)text + at, 1});
        sha256_end(&h, expected);
        assert_string_equal(hex, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_digests),
        cmocka_unit_test(pieces_hash_like_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
