#include "base/utf8.h"

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
