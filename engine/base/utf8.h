/* UTF-8 text. */
#ifndef RW_BASE_UTF8_H
#define RW_BASE_UTF8_H

#include <stddef.h>

/* Length in bytes of the character at `text`, of which `left` bytes may be read; 0 if it is none: overlong forms,
 * surrogates and numbers beyond U+10FFFF are none. */
size_t rw_utf8_length(const char *text, size_t left);

/* Length in bytes of the character at `text` if readers do not see what it is, else 0: blanks other than U+0020, and
 * marks without width. *code is its number. */
size_t rw_utf8_invisible(const char *text, size_t left, unsigned *code);

#endif
