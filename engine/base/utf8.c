#include "base/utf8.h"

#include <stdbool.h>

size_t rw_utf8_length(const char *text, size_t left) {
    static const struct {
        unsigned char first_min, first_max, second_min, second_max, length;
    } forms[] = {{0x00, 0x7F, 0x00, 0x00, 1}, {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
                 {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
                 {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
    const unsigned char *at = (const unsigned char *)text;
    for (size_t form = 0; left > 0 && form < sizeof forms / sizeof forms[0]; form++) {
        size_t length = forms[form].length;
        if (at[0] < forms[form].first_min || at[0] > forms[form].first_max)
            continue;
        if (length == 1)
            return 1;
        if (length > left || at[1] < forms[form].second_min || at[1] > forms[form].second_max)
            return 0;
        for (size_t i = 2; i < length; i++)
            if ((at[i] & 0xC0) != 0x80)
                return 0;
        return length;
    }
    return 0;
}

size_t rw_utf8_invisible(const char *text, size_t left, unsigned *code) {
    size_t length = (unsigned char)text[0] < 0x80u ? 0 : rw_utf8_length(text, left);
    if (length != 2 && length != 3)
        return 0;
    *code = (unsigned char)text[0] & (length == 2 ? 0x1Fu : 0x0Fu);
    for (size_t k = 1; k < length; k++)
        *code = *code << 6 | ((unsigned char)text[k] & 0x3Fu);
    bool blank = *code == 0xA0 || (*code >= 0x2000 && *code <= 0x200F) || *code == 0x202F || *code == 0x205F;
    bool mark = *code == 0xAD || (*code >= 0x2028 && *code <= 0x202E) || *code == 0x2060 || *code == 0xFEFF;
    return blank || mark || *code == 0x3000 ? length : 0;
}
