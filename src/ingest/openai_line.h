/* openai_line.h - what a line item of OpenAI's costs says: "gpt-5-nano, input_tokens". */
#ifndef INGEST_OPENAI_LINE_H
#define INGEST_OPENAI_LINE_H

#include "store/spend.h"

/* From meter, unit and quantity of a cost: the model, whether it was a batch, and the tokens in their
 * bucket. A line item that names no model ("web search tool calls") leaves the row as it is. */
void openai_line_item(struct spend_row *r);

#endif
