#include "study/report/palette.h"

#include <math.h>

#include "base/count.h"

/* A colour on white and on black. */
typedef struct {
    unsigned light, dark;
} pair;

/* Okabe & Ito's palette without yellow, which vanishes on white; on black each is lighter. */
static const pair colours[RW_PALETTE_COLOURS] = {{0x0072b2, 0x4aa3df}, {0xd55e00, 0xf0843a}, {0x009e73, 0x2fc49a},
                                                 {0xcc79a7, 0xe09cc3}, {0x56b4e9, 0x8fd0f5}, {0xe69f00, 0xf2b63c},
                                                 {0x555555, 0xa8b0b8}};

/* Parts of inferno (Smith & van der Walt) that contrast with white and with black. */
static const pair ordered[RW_ORDERED_COLOURS] = {{0xf98e09, 0x9b2964}, {0xed6925, 0xbc3754}, {0xd44842, 0xd84c3e},
                                                 {0xae305c, 0xed6925}, {0x7f1e6c, 0xf98e09}, {0x560f6d, 0xfbb61a},
                                                 {0x210c4a, 0xf1ef75}};

/* viridis (Smith & van der Walt). */
static const rw_rgb sequential[] = {{68, 1, 84},    {71, 44, 122}, {59, 81, 139},  {44, 113, 142}, {33, 144, 141},
                                    {39, 173, 129}, {92, 200, 99}, {170, 220, 50}, {253, 231, 37}};

/* Blue, white, red. */
static const rw_rgb diverging[] = {{33, 102, 172}, {146, 197, 222}, {247, 247, 247}, {244, 165, 130}, {178, 24, 43}};

int rw_palette_ordered(size_t i, size_t n) {
    return RW_ORDERED + (n > 1 ? (int)((2 * i * (RW_ORDERED_COLOURS - 1) + n - 1) / (2 * (n - 1))) : 0);
}

/* Between the colours of a list, u in 0 .. 1. */
static rw_rgb blend(const rw_rgb *list, size_t n, double u) {
    double at = fmin(fmax(u, 0.0), 1.0) * (double)(n - 1);
    size_t i = at >= (double)(n - 1) ? n - 2 : (size_t)at;
    double w = at - (double)i;
    return (rw_rgb){(unsigned char)(list[i].red + w * (list[i + 1].red - list[i].red)),
                    (unsigned char)(list[i].green + w * (list[i + 1].green - list[i].green)),
                    (unsigned char)(list[i].blue + w * (list[i + 1].blue - list[i].blue))};
}

rw_rgb rw_palette_sequential(double u) {
    return blend(sequential, RW_COUNT(sequential), u);
}

rw_rgb rw_palette_diverging(double u) {
    return blend(diverging, RW_COUNT(diverging), 0.5 + 0.5 * u);
}

static void print_classes(FILE *out, char letter, const pair *list, int n) {
    for (int i = 0; i < n; i++)
        (void)fprintf(out, ".%c%d{stroke:#%06x;fill:#%06x}", letter, i, list[i].light, list[i].light);
}

void rw_palette_print_classes(FILE *out) {
    print_classes(out, 'c', colours, RW_PALETTE_COLOURS);
    print_classes(out, 's', ordered, RW_ORDERED_COLOURS);
}

static void print_variables(FILE *out, int dark) {
    (void)fputs(":root{", out);
    for (int i = 0; i < RW_PALETTE_COLOURS; i++)
        (void)fprintf(out, "--c%d:#%06x;", i, dark ? colours[i].dark : colours[i].light);
    for (int i = 0; i < RW_ORDERED_COLOURS; i++)
        (void)fprintf(out, "--s%d:#%06x;", i, dark ? ordered[i].dark : ordered[i].light);
    (void)fputs("}\n", out);
}

static void print_variable_classes(FILE *out, char letter, int n) {
    for (int i = 0; i < n; i++)
        (void)fprintf(out, "svg .%c%d{stroke:var(--%c%d);fill:var(--%c%d)}", letter, i, letter, i, letter, i);
}

void rw_palette_print_css(FILE *out) {
    print_variables(out, 0);
    (void)fputs("@media(prefers-color-scheme:dark){", out);
    print_variables(out, 1);
    (void)fputs("}\n", out);
    print_variable_classes(out, 'c', RW_PALETTE_COLOURS);
    print_variable_classes(out, 's', RW_ORDERED_COLOURS);
    (void)fputs("\n", out);
}

static void print_stops(rw_json *json, const char *key, const rw_rgb *list, size_t n) {
    rw_json_open_array(json, key);
    for (size_t i = 0; i < n; i++) {
        rw_json_open_array(json, NULL);
        rw_json_integer(json, NULL, list[i].red);
        rw_json_integer(json, NULL, list[i].green);
        rw_json_integer(json, NULL, list[i].blue);
        rw_json_close_array(json);
    }
    rw_json_close_array(json);
}

void rw_palette_print_json(rw_json *json) {
    rw_json_open_object(json, NULL);
    rw_json_integer(json, "colours", RW_PALETTE_COLOURS);
    rw_json_integer(json, "ordered", RW_ORDERED);
    print_stops(json, "sequential", sequential, RW_COUNT(sequential));
    print_stops(json, "diverging", diverging, RW_COUNT(diverging));
    rw_json_close_object(json);
}
