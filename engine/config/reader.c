#include "config/reader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rw_report_unknown_key(rw_reader *r, const rw_node *child, const rw_key *keys, size_t n_keys) {
    if (r->diagnostics->count >= RW_DIAGNOSTICS_MAX) {
        rw_node_key_wrong(r->diagnostics, child, "unknown key");
        return;
    }
    rw_suggestion suggestion = {.word = child->key};
    for (size_t k = 0; k < n_keys; k++)
        rw_suggestion_offer(&suggestion, keys[k].name);
    char text[320];
    rw_node_key_wrong(r->diagnostics, child, "unknown key; %s", rw_suggestion_text(&suggestion, text, sizeof text));
}

bool rw_read_is_map(rw_reader *r, const rw_node *node) {
    if (node->kind != RW_NODE_MAP)
        rw_node_wrong(r->diagnostics, node, "must be a map of keys and values, not %s",
                      rw_node_is_null(node) ? "empty" : rw_node_kind_name(node));
    return node->kind == RW_NODE_MAP;
}

bool rw_read_map(rw_reader *r, const rw_node *node, const rw_key *keys, size_t n_keys) {
    if (node == NULL || !rw_read_is_map(r, node))
        return false;
    bool right = true;
    for (const rw_node *child = node->first; child != NULL; child = child->next) {
        size_t k = 0;
        while (k < n_keys && strcmp(keys[k].name, child->key) != 0)
            k++;
        if (k == n_keys)
            rw_report_unknown_key(r, child, keys, n_keys);
        right = right && k < n_keys;
    }
    for (size_t k = 0; k < n_keys; k++) {
        if (keys[k].required && rw_node_get(node, keys[k].name) == NULL) {
            rw_node_key_wrong(r->diagnostics, node, "the key \"%s\" is missing", keys[k].name);
            right = false;
        }
    }
    return right;
}

bool rw_read_list(rw_reader *r, const rw_node *node) {
    if (node == NULL)
        return false;
    if (node->kind != RW_NODE_LIST)
        rw_node_wrong(r->diagnostics, node, "must be a list, not %s",
                      rw_node_is_null(node) ? "empty" : rw_node_kind_name(node));
    return node->kind == RW_NODE_LIST;
}

bool rw_read_text(rw_reader *r, const rw_node *node) {
    if (node == NULL)
        return false;
    if (node->kind != RW_NODE_SCALAR)
        rw_node_wrong(r->diagnostics, node, "must be a single value, not %s", rw_node_kind_name(node));
    else if (rw_node_is_null(node))
        rw_node_key_wrong(r->diagnostics, node, "the value is missing");
    else
        return true;
    return false;
}

const char *rw_print_limit(char text[RW_LIMIT_SIZE], double limit, const char *unit) {
    char number[RW_NUMBER_SIZE];
    bool plain = strcmp(unit, "1") == 0;
    (void)snprintf(text, RW_LIMIT_SIZE, "%s%s%s", rw_number_print(number, limit), plain ? "" : " ", plain ? "" : unit);
    return text;
}

static bool check_range(rw_reader *r, const rw_node *node, rw_quantity quantity, double number) {
    if (number >= quantity.min && number <= quantity.max)
        return true;
    char min[RW_LIMIT_SIZE], max[RW_LIMIT_SIZE];
    bool below = number < quantity.min;
    if (quantity.max >= 1e12) /* in practice no limit */
        rw_node_wrong(r->diagnostics, node, "must be %s %s, not %s", below ? "at least" : "at most",
                      rw_print_limit(min, below ? quantity.min : quantity.max, quantity.unit), node->text);
    else
        rw_node_wrong(r->diagnostics, node, "must lie between %s and %s, not %s",
                      rw_print_limit(min, quantity.min, quantity.unit),
                      rw_print_limit(max, quantity.max, quantity.unit), node->text);
    return false;
}

/* The range of a quantity that is given as a rate. */
static rw_quantity as_rate(rw_quantity quantity) {
    return (rw_quantity){"Hz", rw_number_tidy(quantity.min / quantity.per_hz),
                         rw_number_tidy(quantity.max / quantity.per_hz), 0.0};
}

bool rw_read_number(rw_reader *r, const rw_node *node, rw_quantity quantity, double *number) {
    if (node == NULL)
        return true;
    if (!rw_read_text(r, node))
        return false;
    double read = 0.0;
    char problem[320], ignored[320];
    if (!rw_units_parse(r->units, node->text, quantity.unit, &read, problem, sizeof problem)) {
        if (!(quantity.per_hz > 0.0) || !rw_units_parse(r->units, node->text, "Hz", &read, ignored, sizeof ignored)) {
            rw_node_wrong(r->diagnostics, node, "%s%s", problem,
                          quantity.per_hz > 0.0 ? ", or a rate, for example 5 Hz" : "");
            return false;
        }
        if (!check_range(r, node, as_rate(quantity), read))
            return false;
        read *= quantity.per_hz;
    }
    if (!check_range(r, node, quantity, read))
        return false;
    *number = read;
    return true;
}

/* Digits alone are read exactly; 1e6 is taken too, as far as doubles are exact. */
static bool parse_count(const char *text, uint64_t *count) {
    if (text[0] != '\0' && text[strspn(text, "0123456789")] == '\0' && strlen(text) <= 19) {
        *count = strtoull(text, NULL, 10);
        return true;
    }
    double number = 0.0;
    const char *rest = rw_number_parse(text, &number);
    if (rest == NULL || *rest != '\0' || number < 0.0 || number > 0x1p53 || number != floor(number))
        return false;
    *count = (uint64_t)number;
    return true;
}

bool rw_read_count(rw_reader *r, const rw_node *node, uint64_t min, uint64_t max, uint64_t *count) {
    if (node == NULL)
        return true;
    if (!rw_read_text(r, node))
        return false;
    uint64_t read = 0;
    if (!parse_count(node->text, &read) || read < min || read > max) {
        rw_node_wrong(r->diagnostics, node, "must be a whole number from %llu to %llu, not \"%.60s\"",
                      (unsigned long long)min, (unsigned long long)max, node->text);
        return false;
    }
    *count = read;
    return true;
}

bool rw_read_flag(rw_reader *r, const rw_node *node, bool *flag) {
    static const char *const words[] = {"false", "true"};
    size_t choice = *flag ? 1 : 0;
    bool right = rw_read_choice(r, node, words, 2, &choice);
    *flag = choice == 1;
    return right;
}

bool rw_read_choice(rw_reader *r, const rw_node *node, const char *const *words, size_t n_words, size_t *choice) {
    if (node == NULL)
        return true;
    if (!rw_read_text(r, node))
        return false;
    rw_suggestion suggestion = {.word = node->text};
    for (size_t k = 0; k < n_words; k++) {
        if (strcmp(words[k], node->text) == 0) {
            *choice = k;
            return true;
        }
        rw_suggestion_offer(&suggestion, words[k]);
    }
    char text[320];
    rw_node_wrong(r->diagnostics, node, "\"%.60s\" is none of the choices; %s", node->text,
                  rw_suggestion_text(&suggestion, text, sizeof text));
    return false;
}

bool rw_check_name(rw_reader *r, const rw_node *node, const char *name) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_";
    static const char others[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789-";
    bool right =
        name[0] != '\0' && strchr(letters, name[0]) != NULL && name[strspn(name, others)] == '\0' && strlen(name) <= 64;
    if (!right)
        rw_node_key_wrong(
            r->diagnostics, node,
            "\"%.80s\" cannot be a name: begin with a letter or _, continue with letters, digits, _ and -, at most 64",
            name);
    return right;
}

bool rw_read_name(rw_reader *r, const rw_node *node, const char **name) {
    if (node == NULL)
        return true;
    if (!rw_read_text(r, node) || !rw_check_name(r, node, node->text))
        return false;
    *name = node->text;
    return true;
}

bool rw_read_steps(rw_reader *r, const rw_node *node, uint64_t min_steps, uint64_t *steps) {
    const double longest_steps = 0x1p47; /* steps are counted in 48 bits */
    if (node == NULL)
        return true;
    double step_ms = r->scenario->step_ms, time_ms = 0.0;
    rw_quantity time = {"ms", 0.0, longest_steps * step_ms, 0.0};
    if (!rw_read_number(r, node, time, &time_ms))
        return false;
    if (!r->step_known)
        return true;
    double ratio = time_ms / step_ms;
    double nearest = round(ratio);
    char below[RW_NUMBER_SIZE], above[RW_NUMBER_SIZE], step[RW_NUMBER_SIZE];
    if (fabs(ratio - nearest) > fmin(1e-9 * nearest, 1e-3)) {
        rw_node_wrong(r->diagnostics, node, "%s is not a multiple of the step, %s ms; the nearest are %s ms and %s ms",
                      node->text, rw_number_print(step, step_ms),
                      rw_number_print(below, rw_number_tidy(floor(ratio) * step_ms)),
                      rw_number_print(above, rw_number_tidy(ceil(ratio) * step_ms)));
        return false;
    }
    if (nearest < (double)min_steps) {
        rw_node_wrong(r->diagnostics, node, "must be at least %s ms (steps are %s ms long), not %s",
                      rw_number_print(below, rw_number_tidy((double)min_steps * step_ms)),
                      rw_number_print(step, step_ms), node->text);
        return false;
    }
    *steps = (uint64_t)nearest;
    return true;
}
