/* otel.c - attributes of OpenTelemetry's GenAI conventions. */
#include "ingest/otel.h"

#include "ingest/gateway.h"

const struct json *otel_attribute(const struct json *list, const char *key)
{
    if (!list || list->kind == JSON_MAP)
        return json_get(list, key);
    for (size_t i = 0; list->kind == JSON_LIST && i < list->n; i++) {
        const struct json *item = &list->items[i], *value = json_get(item, "value");
        if (!str_eq(json_text(json_get(item, "key")), str_of(key)))
            continue;
        return value && value->kind == JSON_MAP && value->n ? &value->items[0] : value;
    }
    return NULL;
}

bool otel_is_model_call(const struct json *attributes)
{
    static const char *const calls[] = {"chat", "text_completion", "completion",
                                        "generate_content", "embeddings"};
    str operation = json_text(otel_attribute(attributes, "gen_ai.operation.name"));
    for (size_t i = 0; i < ARRAY_LEN(calls); i++)
        if (str_eq(operation, str_of(calls[i])))
            return true;
    return !operation.n;
}

/* Of two attributes the first that has text. */
static str first_text(const struct json *attributes, const char *a, const char *b)
{
    str text = json_text(otel_attribute(attributes, a));
    return text.n ? text : json_text(otel_attribute(attributes, b));
}

void otel_name_row(struct spend_row *row, const struct json *attributes,
                   const struct json *resource)
{
    row->text[SPEND_MODEL] =
        first_text(attributes, "gen_ai.response.model", "gen_ai.request.model");
    row->text[SPEND_PROVIDER] =
        gateway_provider(first_text(attributes, "gen_ai.provider.name", "gen_ai.system"));
    row->text[SPEND_SUB_ACCOUNT] = json_text(otel_attribute(resource, "service.name"));
    row->text[SPEND_TIER] = first_text(attributes, "openai.response.service_tier",
                                       "gen_ai.openai.response.service_tier");
}

const struct json *otel_either(const struct json *map, const char *a, const char *b)
{
    const struct json *v = json_get(map, a);
    return v ? v : json_get(map, b);
}
