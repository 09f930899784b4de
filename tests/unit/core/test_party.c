/* test_party.c - companies are told apart and brought together, however they are written. */
#include "core/party.h"
#include "test.h"

static const struct {
    const char *name, *key;
} names[] = {
    {"Amazon Web Services, Inc.", "aws"},
    {"AWS EMEA SARL", "aws"},
    {"AMAZON WEB SERVICES AWS.AMAZON.CO", "aws"},
    {"OPENAI *CHATGPT SUBSCR", "openai"},
    {"OpenAI, LLC", "openai"},
    {"OpenHouse AI GmbH", "openhouse ai"},
    {"Anthropic, PBC", "anthropic"},
    {"Microsoft Azure", "microsoft"},
    {"MSFT * E0400ABCD", "microsoft"},
    {"GitHub, Inc.", "github"},
    {"Google Cloud EMEA Limited", "google"},
    {"Scale AI, Inc.", "scale ai"},
    {"ACH DEBIT PINECONE SYSTEMS 0421", "pinecone systems"},
    {"Laws & Sons Ltd", "laws sons"},
    {"Société Générale", "société générale"},
    {"Inc.", ""},
    {"", ""},
};

static void names_lead_to_one_key(void **state)
{
    struct arena a = ARENA_INIT;
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        assert_str(party_key(&a, str_of(names[i].name)), names[i].key);
    arena_release(&a);
}

static const struct {
    const char *a, *b;
    bool same;
} pairs[] = {
    {"pinecone", "pinecone systems", true},
    {"scale ai", "scale ai", true},
    {"scale", "scaleway", false},
    {"sca", "sca group", false},
    {"", "", false},
    {"openhouse ai", "openai", false},
};

static void a_name_is_the_beginning_of_another_by_whole_words_only(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
        assert_int_equal(party_same(str_of(pairs[i].a), str_of(pairs[i].b)), pairs[i].same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_lead_to_one_key),
        cmocka_unit_test(a_name_is_the_beginning_of_another_by_whole_words_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
