#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local char message[RW_MESSAGE_SIZE];

rw_err rw_fail(rw_err code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
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
