/* test_classify.c - what the built-in rules say of rows as real bills write them. */
#include "rules_helper.h"

#include "base/map.h"

struct row_case {
    const char *fields, *category, *rule;
};

/* clang-format off */
static const struct row_case ROWS[] = {
    {"provider=GCP|service=Cloud Storage|meter=Output Operations",
     "not_ai", ""},
    {"provider=GCP|service=Compute Engine|description=Network outputs to the internet",
     "not_ai", ""},
    {"provider=GCP|service=Compute Engine|description=Cloud TPU v5e Pod Slice",
     "infra", "builtin:gcp-tpu-item"},
    {"provider=GCP|service=Compute Engine|description=Committed TPU v4 pod",
     "infra", "builtin:gcp-tpu-item"},
    {"provider=Azure|service=Event Hubs|meter=Standard Capture",
     "not_ai", ""},
    {"provider=Azure|service=Azure OpenAI|meter=gpt-4-8K PTU Inp Gl Tokens",
     "vendor", "builtin:azure-openai"},
    {"provider=Azure|service=Cognitive Services|meter=PTU Managed Hourly",
     "vendor", "builtin:azure-ptu"},
    {"provider=Azure|service=Event Hubs|meter=PTU",
     "not_ai", ""},
    {"provider=AIR FRANCE|description=Flight to a customer",
     "not_ai", ""},
    {"provider=Legal AID Society|description=Donation",
     "not_ai", ""},
    {"provider=Mailgun|description=Monthly email plan",
     "not_ai", ""},
    {"provider=Acme|description=Air conditioning maintenance",
     "not_ai", ""},
    {"provider=COHERENT CORP|description=Lasers",
     "not_ai", ""},
    {"description=COHERENT INC OPTICS",
     "not_ai", ""},
    {"description=COHERE INC TORONTO",
     "vendor", "builtin:vendor-cohere"},
    {"provider=Cohere|description=API usage",
     "vendor", "builtin:vendor-cohere"},
    {"provider=AWS|service=AWS Lambda|description=AWS Lambda - Total Requests - US East (Ohio)",
     "not_ai", "builtin:aws-lambda"},
    {"provider=AWS|service_code=AWSLambda|meter=Lambda-GB-Second",
     "not_ai", "builtin:aws-lambda"},
    {"provider=AWS|publisher=Amazon Web Services, Inc.|service=Amazon CloudFront|description=$0.00005001 per Lambda-GB-Second for Lambda-Edge-GB-Second",
     "not_ai", ""},
    {"provider=Lambda Labs|description=On-demand 8x H100",
     "infra", "builtin:vendor-lambda"},
    {"description=LAMBDA LABS SAN JOSE CA",
     "infra", "builtin:vendor-lambda"},
    {"provider=Lambda|description=GPU cloud",
     "infra", "builtin:vendor-lambda-name"},
    {"provider=Acme Catering|description=Lunch with Jasper and the team",
     "not_ai", ""},
    {"description=JASPER AI AUSTIN",
     "vendor", "builtin:vendor-jasper"},
    {"provider=Upwork|description=Writer for the blog",
     "not_ai", ""},
    {"description=WRITER, INC. SAN FRANCISCO",
     "vendor", "builtin:vendor-writer"},
    {"provider=Writer|description=Seats",
     "vendor", "builtin:vendor-writer-name"},
    {"provider=Notion|description=Notion Plus seats",
     "not_ai", ""},
    {"description=NOTION AI ADD-ON",
     "review", "builtin:vendor-notion"},
    {"provider=Airport Authority|description=Runway lights",
     "not_ai", ""},
    {"description=RUNWAYML.COM UNLIMITED",
     "vendor", "builtin:vendor-runway"},
    {"provider=Uber|description=Surge price",
     "not_ai", ""},
    {"description=SURGE AI LABELING",
     "data", "builtin:vendor-surge"},
    {"provider=Acme|description=Modal dialog component",
     "not_ai", ""},
    {"description=MODAL LABS NEW YORK",
     "infra", "builtin:vendor-modal"},
    {"provider=AWS|service=Amazon Neptune|meter=USE1-InstanceUsage:db.r5.large",
     "not_ai", ""},
    {"description=NEPTUNE LABS SUBSCRIPTION",
     "data", "builtin:vendor-neptune"},
    {"provider=MongoDB|description=Cursor timeout support case",
     "not_ai", ""},
    {"description=CURSOR PRO NEW YORK",
     "vendor", "builtin:vendor-cursor"},
    {"provider=Cursor|description=Team plan",
     "vendor", "builtin:vendor-cursor-name"},
    {"description=GITHUB, INC. SAN FRANCISCO",
     "review", "builtin:vendor-github"},
    {"description=GITHUB COPILOT BUSINESS",
     "vendor", "builtin:vendor-github-copilot"},
    {"provider=GitHub|service=Copilot|sku=Copilot Business",
     "vendor", "builtin:vendor-github-copilot"},
    {"provider=GitHub|service=Actions|sku=Compute - UBUNTU",
     "review", "builtin:vendor-github"},
    {"provider=Comet Cleaning|description=Office",
     "not_ai", ""},
    {"description=GALILEO GPS TRACKER",
     "not_ai", ""},
    {"provider=ACMECORP|service=ACMECORP SERVICE|description=Token Purchase For Period 1|unit=Token",
     "not_ai", ""},
    {"provider=ACMECORP|service=ACMECORP SERVICE|description=Token Consumption - Q Widget SKU|unit=Execution",
     "not_ai", ""},
    {"provider=Seagate|description=GPT partition recovery",
     "not_ai", ""},
    {"provider=AWS|publisher=Anthropic|service=Claude 3.5 Sonnet (Amazon Bedrock Edition)|meter=USE1-MP:USE1_InputTokenCount-Units",
     "vendor", "builtin:aws-bedrock-edition"},
    {"provider=AWS|service=Cohere Command R (Amazon Bedrock Edition)",
     "vendor", "builtin:aws-bedrock-edition"},
    {"provider=AWS|meter=USE1-MP:USE1_InputTokenCount_Global-Units",
     "vendor", "builtin:aws-marketplace-tokens-in"},
    {"provider=AWS|meter=USE1-MP:USE1_OutputTokenCount-Units",
     "vendor", "builtin:aws-marketplace-tokens-in"},
    {"provider=AWS|meter=USE1-MP:USE1_input_tokens_standard-Units",
     "vendor", "builtin:aws-marketplace-tokens-in"},
    {"provider=AWS|meter=USW2-MP:USW2_cache_write_tokens_30m_standard-Units",
     "vendor", "builtin:aws-marketplace-tokens-in"},
    {"provider=AWS|meter=USE1-MP:USE1_Reserved_1Month_TPM-Units",
     "vendor", "builtin:aws-marketplace-reserved-tpm"},
    {"provider=AWS|service=Amazon Bedrock|service_code=AmazonBedrock|meter=USE1-NovaPro-input-tokens",
     "vendor", "builtin:aws-bedrock-tokens"},
    {"provider=AWS|service=Amazon Bedrock|meter=USE1-NovaLite-output-tokens-batch",
     "vendor", "builtin:aws-bedrock-tokens"},
    {"provider=AWS|service=Amazon Bedrock|meter=USE1-Titan-ProvisionedThroughput-ModelUnits",
     "vendor", "builtin:aws-bedrock-provisioned"},
    {"provider=AWS|service=Amazon DynamoDB|meter=USE1-ProvisionedThroughput-Read",
     "not_ai", ""},
    {"provider=AWS|service=Amazon Bedrock|meter=USE1-Nova-Customization-Training",
     "infra", "builtin:aws-bedrock-customization"},
    {"provider=AWS|service=Amazon Bedrock|meter=USE1-Guardrail-ContentPolicyUnits",
     "vendor", "builtin:aws-bedrock-guardrail"},
    {"provider=AWS|service_code=AmazonBedrockFoundationModels",
     "vendor", "builtin:aws-bedrock-code"},
    {"provider=AWS|service=Amazon Bedrock AgentCore",
     "vendor", "builtin:aws-bedrock"},
    {"provider=Amazon Web Services, Inc.|service=Amazon Bedrock",
     "vendor", "builtin:aws-bedrock"},
    {"service=Amazon Bedrock",
     "vendor", "builtin:aws-bedrock"},
    {"provider=Mojang|service=Minecraft Bedrock Edition|description=Licence",
     "not_ai", ""},
    {"provider=AWS|publisher=Red Hat Inc.|service=Red Hat OpenShift Service on AWS|description=AWS Marketplace hourly software usage|meter=USE1-MP:m5.2xlarge-Hours",
     "not_ai", ""},
    {"provider=AWS|service=Amazon SageMaker|service_code=AmazonSageMaker|meter=USE1-Train:ml.p3.2xlarge",
     "infra", "builtin:aws-sagemaker-train"},
    {"provider=AWS|service=Amazon SageMaker|service_code=AmazonSageMaker|meter=USE1-Host:ml.g5.xlarge",
     "infra", "builtin:aws-sagemaker-host"},
    {"provider=AWS|service=Amazon SageMaker|service_code=AmazonSageMaker|meter=USE1-Notebk:ml.t3.medium",
     "infra", "builtin:aws-sagemaker-notebook"},
    {"provider=AWS|service=Amazon SageMaker|service_code=AmazonSageMaker|meter=USE1-Processing:ml.m5.xlarge",
     "infra", "builtin:aws-sagemaker-job"},
    {"provider=AWS|service=Amazon SageMaker|service_code=AmazonSageMaker|meter=USE1-GroundTruth-Objects",
     "data", "builtin:aws-sagemaker-groundtruth"},
    {"provider=AWS|service=Amazon SageMaker|service_code=AmazonSageMaker|meter=USE1-FeatureStore:WriteRequestUnits",
     "data", "builtin:aws-sagemaker-featurestore"},
    {"provider=AWS|service=Amazon SageMaker|service_code=AmazonSageMaker|meter=USE1-MLflow:Small",
     "data", "builtin:aws-sagemaker-mlflow"},
    {"provider=AWS|service=Amazon SageMaker|service_code=AmazonSageMaker|meter=USE1-VolumeUsage.gp3",
     "infra", "builtin:aws-sagemaker-code"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:p2.xlarge",
     "infra", "builtin:aws-ec2-p2"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:p3.2xlarge",
     "infra", "builtin:aws-ec2-p3"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:p3dn.24xlarge",
     "infra", "builtin:aws-ec2-p3"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:p4d.24xlarge",
     "infra", "builtin:aws-ec2-p4"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:p4de.24xlarge",
     "infra", "builtin:aws-ec2-p4"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:p5.48xlarge",
     "infra", "builtin:aws-ec2-p5"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:p5en.48xlarge",
     "infra", "builtin:aws-ec2-p5"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:p6-b200.48xlarge",
     "infra", "builtin:aws-ec2-p6"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:p6e-gb200.36xlarge",
     "infra", "builtin:aws-ec2-p6"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:trn1.32xlarge",
     "infra", "builtin:aws-ec2-trainium"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:trn2.48xlarge",
     "infra", "builtin:aws-ec2-trainium"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:inf2.xlarge",
     "infra", "builtin:aws-ec2-inferentia"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:dl1.24xlarge",
     "infra", "builtin:aws-ec2-gaudi"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:dl2q.24xlarge",
     "infra", "builtin:aws-ec2-qualcomm"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:g4dn.xlarge",
     "review", "builtin:aws-ec2-g4dn"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:g4dn.metal",
     "review", "builtin:aws-ec2-g4dn"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:g5.4xlarge",
     "review", "builtin:aws-ec2-g5"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:g5g.xlarge",
     "review", "builtin:aws-ec2-g5g"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:g6.xlarge",
     "review", "builtin:aws-ec2-g6"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:gr6.4xlarge",
     "review", "builtin:aws-ec2-g6"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:g6e.12xlarge",
     "infra", "builtin:aws-ec2-g6e"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:g7.2xlarge",
     "review", "builtin:aws-ec2-g7"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:g7e.2xlarge",
     "infra", "builtin:aws-ec2-g7e"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:g3.4xlarge",
     "review", "builtin:aws-ec2-g3"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:vt1.3xlarge",
     "not_ai", "builtin:aws-ec2-vt1"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:m5.large",
     "not_ai", ""},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:t3.micro",
     "not_ai", ""},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:c5.2xlarge",
     "not_ai", ""},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:r6g.4xlarge",
     "not_ai", ""},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:i3en.xlarge",
     "not_ai", ""},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-BoxUsage:mac1.metal",
     "not_ai", ""},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|description=$1.624 per On Demand Linux g5.4xlarge Instance Hour|resource_type=instance",
     "review", "builtin:aws-ec2-g5"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=EBS:VolumeUsage.gp3|description=$0.08 per GB-month of General Purpose (gp3) provisioned storage",
     "not_ai", ""},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=EUW1-SpotUsage:p5.48xlarge",
     "infra", "builtin:aws-ec2-p5"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|meter=USE1-UnusedBox:p4d.24xlarge",
     "infra", "builtin:aws-ec2-p4"},
    {"provider=AWS|service=Amazon Elastic Compute Cloud|resource_type=p5.48xlarge",
     "infra", "builtin:aws-ec2-p5"},
    {"provider=AWS|sku_details={\"InstanceType\":\"trn1.32xlarge\"}",
     "infra", "builtin:aws-ec2-trainium"},
    {"provider=AWS|sku_details={\"GpuCount\":\"8\",\"InstanceType\":\"x9.large\"}",
     "infra", "builtin:focus-gpu-count"},
    {"provider=AWS|sku_details={\"GpuCount\": 0, \"InstanceType\":\"m5.large\"}",
     "not_ai", ""},
    {"provider=GCP|description=g5.4xlarge",
     "not_ai", ""},
    {"provider=AWS|service=Amazon Q",
     "vendor", "builtin:aws-q"},
    {"provider=AWS|service=Amazon QuickSight",
     "not_ai", ""},
    {"provider=AWS|service=Amazon Quantum Ledger Database",
     "not_ai", ""},
    {"provider=AWS|service=Amazon Lex",
     "vendor", "builtin:aws-lex"},
    {"provider=AWS|service_code=translate",
     "vendor", "builtin:aws-translate-code"},
    {"provider=AWS|service_code=AmazonDevOpsGuru",
     "review", "builtin:aws-devops-guru-code"},
    {"provider=AWS|service=Amazon Simple Storage Service|description=data transfer",
     "not_ai", ""},
    {"provider=AWS|service=Amazon EC2 Container Registry (ECR)",
     "not_ai", ""},
    {"provider=Azure|service=Cognitive Services|meter=gpt-4o-0806-Inp-glbl Tokens",
     "vendor", "builtin:azure-openai-tokens"},
    {"provider=Azure|service=Foundry Models|meter=gpt 4o 1120 cached Inp glbl",
     "vendor", "builtin:azure-openai-tokens"},
    {"provider=Azure|service=Azure OpenAI|meter=gpt 4o 0513 Input global Tokens",
     "vendor", "builtin:azure-openai"},
    {"provider=Azure|service=Cognitive Services|meter=gpt-4-8K-Batch-Outp-glbl Tokens",
     "vendor", "builtin:azure-openai-tokens"},
    {"provider=Azure|service=Cognitive Services|meter=4.1 ft training Dz",
     "infra", "builtin:azure-ft-training"},
    {"provider=Azure|service=Cognitive Services|meter=S1 Speech To Text",
     "vendor", "builtin:azure-cognitive"},
    {"provider=Azure|service=Azure AI Search|meter=Standard S1 Unit",
     "not_ai", "builtin:azure-ai-search"},
    {"provider=Azure|service=Azure Cognitive Search|service_code=Microsoft.Search|resource_type=microsoft.search/searchservices",
     "not_ai", "builtin:azure-ai-search"},
    {"provider=Azure|service=Azure AI Document Intelligence",
     "vendor", "builtin:azure-ai"},
    {"provider=Azure|service=Azure Machine Learning|service_code=Microsoft.MachineLearningServices",
     "infra", "builtin:azure-ml-resource"},
    {"provider=Azure|resource_type=Microsoft.CognitiveServices/accounts",
     "vendor", "builtin:azure-cognitive-resource"},
    {"provider=Azure|service=Virtual Machines|meter=ND96asr A100 v4",
     "infra", "builtin:azure-vm-nd-meter"},
    {"provider=Azure|service=Virtual Machines|meter=NC24ads A100 v4 Spot",
     "infra", "builtin:azure-vm-nc-meter"},
    {"provider=Azure|service=Virtual Machines|meter=NV6s v3",
     "review", "builtin:azure-vm-nv-meter"},
    {"provider=Azure|service=Virtual Machines|meter=D3 v2/DS3 v2",
     "not_ai", ""},
    {"provider=Azure|service=Virtual Machines|sku_details={\"InstanceType\":\"Standard_ND96isr_H100_v5\"}",
     "infra", "builtin:azure-vm-nd"},
    {"provider=Azure|service=Azure Databricks",
     "review", "builtin:azure-databricks"},
    {"provider=Azure|service=Azure Data Factory v2|meter=Cloud Pipeline Activity",
     "not_ai", ""},
    {"provider=Microsoft|service=Microsoft 365 Copilot",
     "vendor", "builtin:microsoft-copilot"},
    {"provider=Microsoft|service=Microsoft 365 E5",
     "not_ai", ""},
    {"provider=Azure|service=Storage|meter=Hot LRS Write Operations",
     "not_ai", ""},
    {"provider=Google Cloud|service=Vertex AI|description=Gemini 3.7 Flash Global Text Input - Predictions",
     "vendor", "builtin:gcp-gemini-tokens"},
    {"provider=Google Cloud|service=Vertex AI|description=Gemini 2.5 Pro Thinking Text Output - Predictions",
     "vendor", "builtin:gcp-gemini-tokens"},
    {"provider=Google Cloud|service=Vertex AI|description=Gemini 2.5 Flash Text Input Caching Storage",
     "vendor", "builtin:gcp-gemini-tokens"},
    {"provider=Google Cloud|service=Gemini API|service_code=AEFD-7695-64FA|description=Generate content input token count gemini 2.5 flash text",
     "vendor", "builtin:gcp-gemini-code"},
    {"provider=Google Cloud|service=Vertex AI|description=Vertex AI: Custom Training on n1-standard-4",
     "infra", "builtin:gcp-vertex-training"},
    {"provider=Google Cloud|service=Vertex AI|description=Claude Sonnet 4.5 Input Tokens",
     "vendor", "builtin:model-tokens-claude"},
    {"provider=Google Cloud|service=Vertex AI",
     "vendor", "builtin:gcp-vertex"},
    {"provider=Google Cloud|service=Compute Engine|description=Nvidia H100 80GB GPU running in Iowa",
     "infra", "builtin:gcp-gpu"},
    {"provider=Google Cloud|service=Compute Engine|description=Nvidia Tesla T4 GPU running in Iowa",
     "infra", "builtin:gcp-gpu-small"},
    {"provider=Google Cloud|service=Compute Engine|description=A2 Instance Ram running in Americas",
     "infra", "builtin:gcp-a2"},
    {"provider=Google Cloud|service=Compute Engine|description=A3 Mega Instance Core running in Iowa",
     "infra", "builtin:gcp-a3"},
    {"provider=Google Cloud|service=Compute Engine|description=G2 Instance Core running in Iowa",
     "review", "builtin:gcp-g2"},
    {"provider=Google Cloud|service=Compute Engine|description=E2 Instance Core running in Iowa",
     "not_ai", ""},
    {"provider=Google Cloud|service=Cloud Document AI API|service_category=Integration",
     "vendor", "builtin:gcp-document-ai"},
    {"provider=Google Cloud|service=Translate",
     "vendor", "builtin:gcp-translate"},
    {"provider=Lionbridge|service=Translate",
     "not_ai", ""},
    {"provider=Google Cloud|service=Training Courses|description=Staff Training",
     "not_ai", ""},
    {"provider=Solora AI|service=Solora Generative AI API|service_category=AI and Machine Learning|service_subcategory=Generative AI|meter=Input Tokens|unit=Tokens|sku_details={\"ModelId\":\"solora-neptune-5.0\",\"TokenDirection\":\"Input\"}",
     "vendor", "builtin:focus-token-direction"},
    {"provider=Acme|unit=1000000 Tokens",
     "vendor", "builtin:token-unit"},
    {"provider=Acme|unit=1000000 Token-Hours",
     "vendor", "builtin:token-hours-unit"},
    {"provider=Acme|service_category=AI and Machine Learning",
     "review", "builtin:focus-ai-category"},
    {"provider=Acme|service_subcategory=AI Platforms",
     "review", "builtin:focus-ai-platforms"},
    {"provider=anthropic|model=claude-sonnet-5",
     "vendor", "builtin:vendor-anthropic"},
    {"provider=OpenAI|description=gpt-5-nano, input_tokens",
     "vendor", "builtin:vendor-openai"},
    {"model=gpt-4o",
     "vendor", "builtin:model-tokens-gpt"},
    {"provider=Internal|model=llama-3",
     "vendor", "builtin:model-other"},
    {"provider=Snowflake|service=AI_SERVICES",
     "vendor", "builtin:snowflake-ai"},
    {"provider=Snowflake|service=WAREHOUSE_METERING",
     "not_ai", ""},
    {"provider=Databricks|service=MODEL_SERVING|unit=DBU|meter=TOKEN",
     "vendor", "builtin:databricks-serving-tokens"},
    {"provider=Databricks|service=MODEL_SERVING|unit=DBU|meter=COMPUTE_TIME",
     "infra", "builtin:databricks-serving"},
    {"provider=Databricks|service=JOBS|unit=DBU",
     "not_ai", ""},
    {"description=OPENAI *CHATGPT SUBSCR",
     "vendor", "builtin:vendor-openai"},
    {"description=Anthropic, PBC",
     "vendor", "builtin:vendor-anthropic"},
    {"description=CLAUDE.AI SUBSCRIPTION",
     "vendor", "builtin:vendor-anthropic"},
    {"description=COREWEAVE INC",
     "infra", "builtin:vendor-coreweave"},
    {"description=RUNPOD.IO",
     "infra", "builtin:vendor-runpod"},
    {"description=WEIGHTS & BIASES",
     "data", "builtin:vendor-wandb"},
    {"description=LANGSMITH",
     "data", "builtin:vendor-langchain"},
    {"description=PINECONE SYSTEMS INC",
     "data", "builtin:vendor-pinecone"},
    {"description=SCALE AI INC",
     "data", "builtin:vendor-scale"},
    {"description=HUGGING FACE PARIS",
     "review", "builtin:vendor-huggingface"},
    {"description=MIDJOURNEY INC",
     "vendor", "builtin:vendor-midjourney"},
    {"description=PERPLEXITY AI",
     "vendor", "builtin:vendor-perplexity"},
    {"description=X.AI LLC",
     "vendor", "builtin:vendor-xai"},
    {"description=Senior Machine Learning Engineer, May",
     "talent", "builtin:job-ml-engineer"},
    {"description=Data Engineer salary",
     "review", "builtin:job-data-engineer"},
    {"tags={\"department\":\"Machine Learning\"}|description=Salary",
     "talent", "builtin:department-machine-learning"},
    {"provider=AWS|service=Amazon Simple Storage Service|tags={\"department\":\"Machine Learning\"}",
     "not_ai", ""},
    {"tags={\"department\":\"Air Freight\"}|description=Salary",
     "not_ai", ""},
    {"description=NeurIPS 2026 registration",
     "reserve", "builtin:memo-conference"},
    {"description=AI hackathon prizes",
     "reserve", "builtin:memo-hackathon"},
    {"description=Training program for managers",
     "review", "builtin:memo-training-program"},
};
/* clang-format on */

static void each_row_lands_where_it_must(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct classifier *c = classifier_new(rules_of(&a, ""));
    size_t wrong = 0;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        struct spend_row rows[SPLIT_MOST];
        struct err e;
        size_t n;
        row_of(ROWS[i].fields, &rows[0]);
        assert_ok(classify(c, rows, &n, &e), &e);
        assert_int_equal(n, 1);
        const char *category = category_key(rows[0].category);
        if (strcmp(category, ROWS[i].category) == 0 &&
            str_eq(rows[0].text[SPEND_RULE], str_of(ROWS[i].rule)))
            continue;
        print_message("%s\n  is %s by '%.*s', not %s by '%s'\n", ROWS[i].fields, category,
                      FMT(rows[0].text[SPEND_RULE]), ROWS[i].category, ROWS[i].rule);
        wrong++;
    }
    assert_int_equal(wrong, 0);
    classifier_free(c);
    arena_release(&a);
}

static void rows_sent_to_review_keep_the_rule_and_the_category_they_would_have(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct rules *r = rules_of(&a, "");
    struct classifier *c = classifier_new(r);
    struct spend_row rows[SPLIT_MOST];
    struct err e;
    size_t n, n_rules, found = SIZE_MAX;
    row_of("provider=AWS|meter=BoxUsage:g5.4xlarge", &rows[0]);
    assert_ok(classify(c, rows, &n, &e), &e);
    assert_int_equal(rows[0].category, CATEGORY_REVIEW);
    assert_int_equal(rows[0].confidence, 65);
    const struct rule_info *rules = rules_items(r, &n_rules);
    for (size_t i = 0; i < n_rules; i++)
        if (str_eq(rules[i].id, rows[0].text[SPEND_RULE]))
            found = i;
    assert_true(found < n_rules);
    assert_int_equal(rules[found].category, CATEGORY_INFRA);
    assert_true(rules[found].builtin && rules[found].line > 1 && rules[found].text.n);
    classifier_free(c);
    arena_release(&a);
}

static void built_in_ids_are_unique_and_confidences_sensible(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct map ids;
    map_init(&ids, &a);
    size_t n;
    const struct rule_info *rules = rules_items(rules_of(&a, ""), &n);
    assert_true(n > 250);
    for (size_t i = 0; i < n; i++) {
        bool new;
        map_put(&ids, rules[i].id, &new);
        if (!new)
            fail_msg("id '%.*s' stands twice", FMT(rules[i].id));
        assert_true(str_starts(rules[i].id, S("builtin:")));
        assert_true(rules[i].confidence >= 20 && rules[i].confidence < 100);
        assert_true(str_starts(rules[i].note, S("seen: ")) ||
                    str_starts(rules[i].note, S("known: ")));
    }
    arena_release(&a);
}

/* Rows are explained by all rules that match, the deciding one first. */
static void explaining_names_the_deciding_rule_first_and_what_it_saw(void **state)
{
    (void)state;
    struct arena a = ARENA_INIT;
    struct classifier *c = classifier_new(rules_of(&a, ""));
    struct err e;
    struct rule_hit *hits;
    size_t n;
    for (size_t i = 0; i < ARRAY_LEN(ROWS); i++) {
        struct spend_row row;
        row_of(ROWS[i].fields, &row);
        assert_ok(classify_explain(c, &row, &a, &hits, &n, &e), &e);
        assert_int_equal(n > 0, ROWS[i].rule[0] != 0);
        if (n)
            assert_str(hits[0].rule->id, ROWS[i].rule);
        for (size_t k = 0; k < n; k++)
            assert_true(str_find(hits[k].because, S("matches '"), 0) != SIZE_MAX);
    }
    struct spend_row row;
    row_of("provider=AWS|service=Amazon Bedrock|service_code=AmazonBedrock", &row);
    assert_ok(classify_explain(c, &row, &a, &hits, &n, &e), &e);
    assert_int_equal(n, 2);
    assert_str(
        hits[0].because,
        "provider 'AWS' matches 'AWS', service_code 'AmazonBedrock' matches 'AmazonBedrock'");
    assert_str(hits[1].because,
               "provider 'AWS' matches 'AWS', service 'Amazon Bedrock' matches 'Amazon Bedrock*'");
    classifier_free(c);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_lands_where_it_must),
        cmocka_unit_test(rows_sent_to_review_keep_the_rule_and_the_category_they_would_have),
        cmocka_unit_test(built_in_ids_are_unique_and_confidences_sensible),
        cmocka_unit_test(explaining_names_the_deciding_rule_first_and_what_it_saw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
