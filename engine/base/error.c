#include "base/error.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static _Thread_local char message[RW_MESSAGE_SIZE];

/* Writes characters that nobody sees, such as no-break spaces, as their numbers: a message shows what is in a file. */
static void show_invisible(void) {
    char shown[RW_MESSAGE_SIZE];
    size_t length = strlen(message), used = 0;
    for (size_t k = 0; k < length && used + 1 < sizeof shown;) {
        unsigned code;
        size_t bytes = rw_utf8_invisible(message + k, length - k, &code);
        if (bytes == 0)
            shown[used++] = message[k++];
        else if (used + sizeof "<U+00A0>" <= sizeof shown)
            used += (size_t)snprintf(shown + used, sizeof shown - used, "<U+%04X>", code);
        else
            break;
        k += bytes;
    }
    shown[used] = '\0';
    memcpy(message, shown, used + 1);
}

static bool has_bytes_beyond_ascii(void) {
    const char *at = message;
    while (*at != '\0' && (unsigned char)*at < 0x80u)
        at++;
    return *at != '\0';
}

rw_err rw_fail(rw_err code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (has_bytes_beyond_ascii())
        show_invisible();
    return code;
}

rw_err rw_fail_context(rw_err code, const char *format, ...) {
    char inner[RW_MESSAGE_SIZE];
    memcpy(inner, message, sizeof inner);
    va_list arguments;
    va_start(arguments, format);
    int used = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    int left = RW_MESSAGE_SIZE - used - 3; /* for the old message after ": " */
    if (used >= 0 && left > 0)
        (void)snprintf(message + used, sizeof message - (size_t)used, ": %.*s", left, inner);
    return code;
}

const char *rw_error_message(void) {
    return message;
}

void rw_error_record_keep(rw_error_record *record, rw_err err) {
    if (err == RW_OK || record->err != RW_OK)
        return;
    record->err = err;
    memcpy(record->message, message, sizeof record->message);
}

rw_err rw_error_record_raise(const rw_error_record *record) {
    return record->err == RW_OK ? RW_OK : rw_fail(record->err, "%s", record->message);
}

void rw_assert_failed(const char *file, int line, const char *condition) {
    (void)fprintf(stderr, "rewire: bug at %s:%d: %s does not hold. Please report this with the scenario.\n", file, line,
                  condition);
    abort();
}
