/* payee.h - no names of people in the ledger: what of a payment's texts is kept.
 *
 * The payee of a posting, a card or a bank statement may be a person, and nothing in the file says
 * so. So a name is kept when it is known to be a company's (a word of any rule, a provider of a
 * bill in the book, a legal form behind it, a domain, a merchant's "NAME *WHAT", the user's list)
 * or is made of words that name nobody (share/plain_words.txt). Any other name becomes
 * "payee-3f2a91c04b", and any other word of a text an ellipsis. The token is a keyed hash of
 * party_key, so equal payees stay equal, a bill of the same name is still matched with its payment,
 * and nobody without the book can try names.
 *
 * In rows of every kind e-mail addresses become "person-TOKEN", and so do the values of tags that
 * name a person (created_by, user, owner: "jane.doe"). */
#ifndef INGEST_PAYEE_H
#define INGEST_PAYEE_H

#include "base/arena.h"
#include "ingest/classify.h"

#define PAYEE_TOKEN "payee-"
#define PERSON_TOKEN "person-"

struct payees; /* what is known; immutable once rows are read, shared by threads */

/* key: the book's secret. Words of all rules are known, and what rules.yaml lists as `payees:`.
 * Lives in a; key and rules must outlive it. */
struct payees *payees_new(struct arena *a, str key, const struct rules *rules);
/* A name to keep, as the user writes it, with '*' and '?'. */
void payees_keep(struct payees *p, str pattern);
/* The provider of a bill. */
void payees_know(struct payees *p, str company);
/* What stands in place of a name that is not kept. */
str payee_token(struct arena *a, str key, str name);

struct payee_hider; /* one per worker */
struct payee_hider *payee_hider_new(const struct payees *p);
/* Changes the texts of a row; the new ones live as long as the hider. */
void payee_hide(struct payee_hider *h, struct spend_row *row);

struct payee_counts {
    uint64_t names, texts, addresses; /* rows in which one was replaced */
};
const struct payee_counts *payee_hider_counts(const struct payee_hider *h);
void payee_hider_free(struct payee_hider *h); /* NULL is fine */

#endif
