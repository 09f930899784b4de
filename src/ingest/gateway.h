/* gateway.h - names of providers as gateways and traces write them, as bills write them. */
#ifndef INGEST_GATEWAY_H
#define INGEST_GATEWAY_H

#include "base/str.h"

/* "OpenAI" of "openai" and "OPENAI", "AWS Bedrock" of "aws.bedrock"; what is not known stays. */
str gateway_provider(str name);

#endif
