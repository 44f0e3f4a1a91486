#include "base/path.h"

#include <stdarg.h>
#include <stdio.h>

rw_path rw_path_of(const char *format, ...) {
    rw_path path;
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(path.text, sizeof path.text, format, arguments);
    va_end(arguments);
    RW_ASSERT(length >= 0 && (size_t)length < sizeof path.text);
    return path;
}
