/* gateway.c - names of providers as gateways and traces write them. */
#include "ingest/gateway.h"

str gateway_provider(str name)
{
    static const struct {
        const char *written, *name;
    } known[] = {
        {"openai", "OpenAI"},
        {"anthropic", "Anthropic"},
        {"aws.bedrock", "AWS Bedrock"},
        {"bedrock", "AWS Bedrock"},
        {"bedrock_converse", "AWS Bedrock"},
        {"azure", "Azure"},
        {"azure_ai", "Azure"},
        {"azure.ai.openai", "Azure"},
        {"az.ai.openai", "Azure"},
        {"azure.ai.inference", "Azure"},
        {"az.ai.inference", "Azure"},
        {"google", "Google"},
        {"gemini", "Google"},
        {"vertex_ai", "Google"},
        {"vertexai", "Google"},
        {"gcp.vertex_ai", "Google"},
        {"gcp.gemini", "Google"},
        {"gcp.gen_ai", "Google"},
        {"mistral", "Mistral"},
        {"mistral_ai", "Mistral"},
        {"cohere", "Cohere"},
        {"deepseek", "DeepSeek"},
        {"groq", "Groq"},
        {"xai", "xAI"},
        {"x_ai", "xAI"},
        {"perplexity", "Perplexity"},
        {"together_ai", "Together AI"},
        {"fireworks_ai", "Fireworks AI"},
        {"openrouter", "OpenRouter"},
    };
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (str_eq_nocase(name, str_of(known[i].written)))
            return str_of(known[i].name);
    return name;
}

static bool is_one_of(str s, const char *const *words)
{
    for (; *words; words++)
        if (str_eq_nocase(s, str_of(*words)))
            return true;
    return false;
}

void gateway_call_end(str status, struct spend_row *r)
{
    static const char *const answered[] = {"success", "succeeded", "ok", "completed", NULL};
    static const char *const failed[] = {"failure", "failed",  "error",     "timeout",
                                         "timed_out", "cancelled", "canceled", NULL};
    int64_t code;
    bool number = str_to_i64(status, &code) && code >= 100 && code < 600;
    if ((number && code >= 400) || is_one_of(status, failed))
        r->text[SPEND_UNIT] = S(UNIT_FAILED);
    else if ((number && code >= 200 && code < 300) || is_one_of(status, answered))
        r->text[SPEND_UNIT] = S(UNIT_ANSWERED);
    else
        return;
    r->quantity = r->requests == TOKENS_NULL ? DEC_NULL : dec_from_i64(r->requests);
}
