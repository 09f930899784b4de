/* gateway.h - what gateways and traces say of a call: its provider, and how it ended. */
#ifndef INGEST_GATEWAY_H
#define INGEST_GATEWAY_H

#include "base/str.h"
#include "store/spend.h"

/* "OpenAI" of "openai" and "OPENAI", "AWS Bedrock" of "aws.bedrock"; what is not known stays. */
str gateway_provider(str name);
/* An HTTP status, "success", "failure", "ERROR": a row of calls that were answered or failed. A
 * word or number that says neither leaves the row as it is: not told. */
void gateway_call_end(str status, struct spend_row *r);

#endif
