/* UTF-8 text. */
#ifndef RW_BASE_UTF8_H
#define RW_BASE_UTF8_H

#include <stddef.h>

/* Length in bytes of the character at `text`, of which `left` bytes may be read; 0 if it is none: overlong forms,
 * surrogates and numbers beyond U+10FFFF are none. */
size_t rw_utf8_length(const char *text, size_t left);

#endif
