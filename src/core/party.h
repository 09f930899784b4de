/* party.h - one name for a company however bills, ledgers and card statements write it.
 *
 * "Amazon Web Services, Inc.", "AWS EMEA SARL" and "AWS EMEA aws.amazon.co" are aws; "OPENAI
 * *CHATGPT SUBSCR" and "OpenAI, LLC" are openai. Legal forms, punctuation, case, numbers and words
 * that banks put in front fall away. */
#ifndef CORE_PARTY_H
#define CORE_PARTY_H

#include "base/arena.h"
#include "base/str.h"

/* Empty when nothing is left. */
str party_key(struct arena *a, str name);
/* Equal, or one is the beginning of the other by whole words ("pinecone", "pinecone systems"). */
bool party_same(str key, str other);

#endif
