#include "io/sha256.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>

enum { DIGEST_BYTES = (RW_SHA256_TEXT - 1) / 2 };

static void give_up(rw_sha256 *sum) {
    EVP_MD_CTX_free(sum->context);
    sum->context = NULL;
}

void rw_sha256_start(rw_sha256 *sum) {
    *sum = (rw_sha256){.context = EVP_MD_CTX_new()};
    if (sum->context != NULL && EVP_DigestInit_ex(sum->context, EVP_sha256(), NULL) != 1)
        give_up(sum);
}

void rw_sha256_add(rw_sha256 *sum, const void *bytes, size_t length) {
    sum->length += length;
    if (sum->context != NULL && EVP_DigestUpdate(sum->context, bytes, length) != 1)
        give_up(sum);
}

rw_err rw_sha256_finish(rw_sha256 *sum, char *text) {
    unsigned char digest[DIGEST_BYTES];
    bool summed = sum->context != NULL && EVP_DigestFinal_ex(sum->context, digest, NULL) == 1;
    give_up(sum);
    RW_CHECK(summed, RW_ERR_SYSTEM,
             "no SHA-256: libcrypto has no memory or forbids it; close other programs, or look at "
             "the configuration of OpenSSL");
    for (int i = 0; i < DIGEST_BYTES; i++)
        (void)snprintf(text + 2 * i, 3, "%02x", digest[i]);
    return RW_OK;
}
