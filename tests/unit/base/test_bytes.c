/* test_bytes.c - plain, gzip and Zstandard content, whole, in several members, cut off. */
#include "test.h"

#include "base/buf.h"
#include "base/bytes.h"

/* "hello\n" as made by gzip -n and zstd; written out so that the test needs neither tool. */
static const unsigned char GZ[] = {0x1f, 0x8b, 0x08, 0,    0,    0,    0,    0,    0,
                                   0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xe7, 0x02, 0x00,
                                   0x20, 0x30, 0x3a, 0x36, 0x06, 0,    0,    0};
static const unsigned char ZST[] = {0x28, 0xb5, 0x2f, 0xfd, 0x24, 0x06, 0x31, 0x00, 0x00, 0x68,
                                    0x65, 0x6c, 0x6c, 0x6f, 0x0a, 0x53, 0x88, 0xbd, 0x91};

#define PATH "test_bytes.tmp"

struct part {
    const void *p;
    size_t n;
};

static void put(const struct part *parts, size_t n)
{
    struct buf b;
    struct err e;
    buf_init(&b, 1 << 20);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, (str){parts[i].p, parts[i].n});
    assert_ok(file_write_atomic(S(PATH), buf_str(&b), &e), &e);
    buf_release(&b);
}

static void content_is_unpacked_whatever_the_packing(void **state)
{
    static const struct {
        struct part parts[3];
        enum bytes_packing packing;
        const char *out;
    } rows[] = {
        {{{"hello\n", 6}}, BYTES_PLAIN, "hello\n"},
        {{{"", 0}}, BYTES_PLAIN, ""},
        {{{"\x1f", 1}}, BYTES_PLAIN, "\x1f"},
        {{{GZ, sizeof GZ}}, BYTES_GZIP, "hello\n"},
        {{{GZ, sizeof GZ}, {GZ, sizeof GZ}}, BYTES_GZIP, "hello\nhello\n"},
        {{{GZ, sizeof GZ}, {"\0\0\0", 3}}, BYTES_GZIP, "hello\n"},
        {{{ZST, sizeof ZST}}, BYTES_ZSTD, "hello\n"},
        {{{ZST, sizeof ZST}, {ZST, sizeof ZST}}, BYTES_ZSTD, "hello\nhello\n"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct arena a = ARENA_INIT;
        struct err e = {0};
        struct bytes *b;
        str all;
        put(rows[i].parts, 3);
        assert_ok(bytes_read_all(&a, S(PATH), 100, &all, &e), &e);
        assert_str(all, rows[i].out);
        /* one byte at a time gives the same */
        assert_ok(bytes_open(S(PATH), &b, &e), &e);
        assert_int_equal(bytes_packing(b), rows[i].packing);
        char got[64];
        size_t n = 0, one;
        do {
            assert_ok(bytes_read(b, got + n, 1, &one, &e), &e);
            n += one;
        } while (one);
        assert_str(((str){got, n}), rows[i].out);
        bytes_close(b);
        arena_release(&a);
    }
    file_remove(S(PATH));
}

static void every_cut_of_packed_content_is_an_error(void **state)
{
    struct arena a = ARENA_INIT;
    str all;
    for (size_t cut = 2; cut < sizeof GZ; cut++) {
        struct err e = {0};
        put(&(struct part){GZ, cut}, 1);
        assert_error(bytes_read_all(&a, S(PATH), 100, &all, &e), &e, "is truncated");
        put((struct part[]){{GZ, sizeof GZ}, {GZ, cut}}, 2);
        assert_error(bytes_read_all(&a, S(PATH), 100, &all, &e), &e, "is truncated");
    }
    for (size_t cut = 4; cut < sizeof ZST; cut++) {
        struct err e = {0};
        put(&(struct part){ZST, cut}, 1);
        assert_error(bytes_read_all(&a, S(PATH), 100, &all, &e), &e, "is truncated");
    }
    arena_release(&a);
    file_remove(S(PATH));
}

static void damage_is_an_error(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    str all;
    unsigned char bad[sizeof GZ];
    memcpy(bad, GZ, sizeof GZ);
    bad[18] ^= 1; /* checksum */
    put(&(struct part){bad, sizeof bad}, 1);
    assert_error(bytes_read_all(&a, S(PATH), 100, &all, &e), &e, "is damaged");
    put((struct part[]){{GZ, sizeof GZ}, {"junk", 4}}, 2);
    assert_error(bytes_read_all(&a, S(PATH), 100, &all, &e), &e, "behind its end");
    unsigned char badz[sizeof ZST];
    memcpy(badz, ZST, sizeof ZST);
    badz[10] ^= 1;
    put(&(struct part){badz, sizeof badz}, 1);
    assert_error(bytes_read_all(&a, S(PATH), 100, &all, &e), &e, "is damaged");
    arena_release(&a);
    file_remove(S(PATH));
}

static void limits_and_missing_files_are_named(void **state)
{
    struct arena a = ARENA_INIT;
    struct err e = {0};
    str all;
    put(&(struct part){GZ, sizeof GZ}, 1);
    assert_error(bytes_read_all(&a, S(PATH), 5, &all, &e), &e, "holds more than 5 bytes");
    assert_ok(bytes_read_all(&a, S(PATH), 6, &all, &e), &e);
    assert_ok(bytes_head(&a, S(PATH), 3, &all, &e), &e);
    assert_str(all, "hel");
    assert_error(bytes_read_all(&a, S("no.such"), 5, &all, &e), &e, "cannot open 'no.such'");
    assert_error(bytes_read_all(&a, S("."), 5, &all, &e), &e, "is a folder");
    arena_release(&a);
    file_remove(S(PATH));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_is_unpacked_whatever_the_packing),
        cmocka_unit_test(every_cut_of_packed_content_is_an_error),
        cmocka_unit_test(damage_is_an_error),
        cmocka_unit_test(limits_and_missing_files_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
