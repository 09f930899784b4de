/* openai_item.h - what a line item of an OpenAI bill says about model and tokens. */
#ifndef INGEST_OPENAI_ITEM_H
#define INGEST_OPENAI_ITEM_H

#include "store/spend.h"

/* Reads the meter "gpt-5-nano, input_tokens": sets model and, where the quantity counts tokens,
 * their bucket. Other line items are left alone. Text set here points into the meter. */
void openai_read_item(struct spend_row *r);

#endif
