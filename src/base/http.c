/* http.c - sending a message to a web address, by libcurl. */
#include "base/http.h"

#include <curl/curl.h>
#include <time.h>

#include "base/buf.h"

static size_t drop(char *p, size_t size, size_t n, void *ctx)
{
    (void)p;
    (void)ctx;
    return size * n;
}

/* "https://hooks.example.com": what may be told to anyone. */
static str host_of(str url)
{
    size_t at = str_find(url, S("://"), 0);
    size_t from = at == SIZE_MAX ? 0 : at + 3;
    size_t end = from;
    for (size_t i = from; i < url.n && url.p[i] != '/' && url.p[i] != '?'; i++) {
        end = i + 1;
        if (url.p[i] == '@')
            from = i + 1;
    }
    return str_sub(url, from, end);
}

static struct curl_slist *headers_of(struct arena *a, const struct http_post *q)
{
    struct curl_slist *list = NULL;
    for (size_t i = 0; i < q->n_headers; i++) {
        struct curl_slist *longer = curl_slist_append(list, str_cstr(a, q->headers[i]));
        if (!longer)
            out_of_memory(q->headers[i].n);
        list = longer;
    }
    return list;
}

static void set_up(CURL *c, struct arena *a, const struct http_post *q, struct curl_slist *headers,
                   char *told)
{
    curl_easy_setopt(c, CURLOPT_URL, str_cstr(a, q->url));
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_POST, 1L);
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, q->body.p);
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body.n);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)q->timeout_ms);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, told);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "outlay/" OUTLAY_VERSION);
}

static void wait_for(int ms)
{
    struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

static bool may_pass(CURLcode code, long status)
{
    return code != CURLE_OK ? code != CURLE_UNSUPPORTED_PROTOCOL && code != CURLE_URL_MALFORMAT
                            : status == 429 || status >= 500;
}

bool http_post(const struct http_post *q, int *ret_tries, struct err *e)
{
    struct arena a = ARENA_INIT;
    char told[CURL_ERROR_SIZE] = "";
    str host = host_of(q->url);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return err_set(e, ERR_FAILED, "the HTTP library cannot start");
    CURL *c = curl_easy_init();
    if (!c)
        out_of_memory(1);
    struct curl_slist *headers = headers_of(&a, q);
    set_up(c, &a, q, headers, told);
    bool ok = false, again = true;
    int tries = 0, wait = q->wait_ms;
    while (!ok && again && tries < MAX(q->tries, 1)) {
        long status = 0;
        if (tries++) {
            wait_for(wait);
            wait *= 2;
        }
        CURLcode code = curl_easy_perform(c);
        curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
        ok = code == CURLE_OK && status >= 200 && status < 300;
        again = may_pass(code, status);
        if (ok)
            *ret_tries = tries;
        else if (code != CURLE_OK)
            err_set(e, ERR_FAILED, "sending to '%.*s' failed after %d tr%s: %s", FMT(host), tries,
                    tries == 1 ? "y" : "ies", told[0] ? told : curl_easy_strerror(code));
        else
            err_set(e, ERR_FAILED, "'%.*s' answered with status %ld after %d tr%s", FMT(host),
                    status, tries, tries == 1 ? "y" : "ies");
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(c);
    arena_release(&a);
    return ok;
}
