/* rules_split.c - dividing a row by shares so that the parts sum to the whole, and joining them.
 *
 * Each number goes by largest remainder in its smallest unit (10^-18 of money, one token): parts
 * are cut off towards zero, what is left over goes one unit each to the parts that lost most, the
 * first of equals before the later. */
#include "ingest/rules_split.h"

enum { WHOLE_PPM = 1000000 };

static void divide(i128 whole, const uint32_t *ppm, size_t n, i128 *parts)
{
    int64_t lost[SPLIT_MOST];
    bool minus = whole < 0;
    u128 size = minus ? (u128)0 - (u128)whole : (u128)whole, left = size;
    for (size_t i = 0; i < n; i++) {
        /* size * ppm would overflow: divide first, then add what the division dropped */
        u128 low = size % WHOLE_PPM * ppm[i];
        u128 part = size / WHOLE_PPM * ppm[i] + low / WHOLE_PPM;
        lost[i] = (int64_t)(low % WHOLE_PPM);
        left -= part;
        parts[i] = (i128)part;
    }
    for (; left; left--) {
        size_t most = 0;
        for (size_t i = 1; i < n; i++)
            if (lost[i] > lost[most])
                most = i;
        lost[most] = -1;
        parts[most]++;
    }
    for (size_t i = 0; minus && i < n; i++)
        parts[i] = -parts[i];
}

static void split_dec(struct spend_row *rows, size_t n, const uint32_t *ppm, size_t offset)
{
    dec whole, parts[SPLIT_MOST];
    memcpy(&whole, (char *)&rows[0] + offset, sizeof whole);
    if (dec_is_null(whole))
        return;
    divide(whole, ppm, n, parts);
    for (size_t i = 0; i < n; i++)
        memcpy((char *)&rows[i] + offset, &parts[i], sizeof parts[i]);
}

static void split_count(struct spend_row *rows, size_t n, const uint32_t *ppm, size_t offset)
{
    int64_t whole;
    i128 parts[SPLIT_MOST];
    memcpy(&whole, (char *)&rows[0] + offset, sizeof whole);
    if (whole == TOKENS_NULL)
        return;
    divide(whole, ppm, n, parts);
    for (size_t i = 0; i < n; i++) {
        int64_t part = (int64_t)parts[i];
        memcpy((char *)&rows[i] + offset, &part, sizeof part);
    }
}

static const size_t DECS[] = {
    offsetof(struct spend_row, billed), offsetof(struct spend_row, effective),
    offsetof(struct spend_row, list), offsetof(struct spend_row, quantity)};

static size_t count_offset(size_t i)
{
    return i < TOKEN_BUCKETS ? offsetof(struct spend_row, tokens) + i * sizeof(int64_t)
                             : offsetof(struct spend_row, requests);
}

void rows_split(struct spend_row *rows, const uint32_t *ppm, size_t n)
{
    BUG_IF(!n || n > SPLIT_MOST);
    for (size_t i = 1; i < n; i++)
        rows[i] = rows[0];
    for (size_t i = 0; i < ARRAY_LEN(DECS); i++)
        split_dec(rows, n, ppm, DECS[i]);
    for (size_t i = 0; i <= TOKEN_BUCKETS; i++)
        split_count(rows, n, ppm, count_offset(i));
    for (size_t i = 0; i < n; i++)
        rows[i].share_ppm = ppm[i];
}

static bool join_dec(const struct spend_row *rows, size_t n, size_t offset, dec *ret)
{
    dec sum, part;
    memcpy(&sum, (const char *)&rows[0] + offset, sizeof sum);
    for (size_t i = 1; i < n; i++) {
        memcpy(&part, (const char *)&rows[i] + offset, sizeof part);
        if (dec_is_null(part) != dec_is_null(sum))
            return false;
        if (!dec_is_null(sum) && !dec_add(sum, part, &sum))
            return false;
    }
    *ret = sum;
    return true;
}

static bool join_count(const struct spend_row *rows, size_t n, size_t offset, int64_t *ret)
{
    int64_t sum, part;
    memcpy(&sum, (const char *)&rows[0] + offset, sizeof sum);
    for (size_t i = 1; i < n; i++) {
        memcpy(&part, (const char *)&rows[i] + offset, sizeof part);
        if ((part == TOKENS_NULL) != (sum == TOKENS_NULL))
            return false;
        if (sum != TOKENS_NULL && __builtin_add_overflow(sum, part, &sum))
            return false;
    }
    *ret = sum;
    return true;
}

bool rows_join(const struct spend_row *rows, size_t n, struct spend_row *ret, struct err *e)
{
    BUG_IF(!n);
    struct spend_row whole = rows[0];
    uint64_t ppm = 0;
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        ppm += rows[i].share_ppm;
        ok = ok && rows[i].file == rows[0].file && rows[i].row == rows[0].row;
    }
    for (size_t i = 0; ok && i < ARRAY_LEN(DECS); i++) {
        dec sum;
        if ((ok = join_dec(rows, n, DECS[i], &sum)))
            memcpy((char *)&whole + DECS[i], &sum, sizeof sum);
    }
    for (size_t i = 0; ok && i <= TOKEN_BUCKETS; i++) {
        int64_t sum;
        if ((ok = join_count(rows, n, count_offset(i), &sum)))
            memcpy((char *)&whole + count_offset(i), &sum, sizeof sum);
    }
    if (!ok || ppm != WHOLE_PPM)
        return err_set(e, ERR_FAILED, "the %zu parts of file %u row %llu are not one whole row", n,
                       rows[0].file, (unsigned long long)rows[0].row);
    whole.share_ppm = WHOLE_PPM;
    *ret = whole;
    return true;
}
