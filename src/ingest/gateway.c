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
