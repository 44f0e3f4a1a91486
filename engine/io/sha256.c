#include "io/sha256.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/remedy.h"

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

rw_err rw_sha256_file(int file, const char *path, char *text, uint64_t *bytes) {
    enum { BUFFER = 1 << 16 };
    unsigned char *buffer = NULL;
    RW_TRY(RW_NEW(buffer, BUFFER, "checksum of a file"));
    rw_sha256 sum;
    rw_sha256_start(&sum);
    ssize_t got;
    while ((got = read(file, buffer, BUFFER)) > 0)
        rw_sha256_add(&sum, buffer, (size_t)got);
    int error = errno;
    rw_free(buffer);
    if (bytes != NULL)
        *bytes = sum.length;
    RW_TRY(rw_sha256_finish(&sum, text));
    RW_CHECK(got == 0, RW_ERR_SYSTEM, "%s: cannot be read: %s; %s", path, strerror(error), rw_reading_remedy(error));
    return RW_OK;
}
