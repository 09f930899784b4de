/* otel.h - what spans and metrics of OpenTelemetry's GenAI conventions share. */
#ifndef INGEST_OTEL_H
#define INGEST_OTEL_H

#include "base/json_read.h"
#include "store/spend.h"

/* The value of an attribute: in a list of {key, value: {intValue: ...}}, or in a plain map; NULL
 * when absent. */
const struct json *otel_attribute(const struct json *list, const char *key);
/* Whether gen_ai.operation.name is that of a call of a model; agents and tools repeat what their
 * calls used. Empty counts as one. */
bool otel_is_model_call(const struct json *attributes);
/* Provider, model, service and tier of a row; its text is borrowed. */
void otel_name_row(struct spend_row *row, const struct json *attributes,
                   const struct json *resource);
/* Of a map the value under either spelling of a key. */
const struct json *otel_either(const struct json *map, const char *a, const char *b);

#endif
