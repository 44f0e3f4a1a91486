#include "study/sweep/plan_recovery.h"

#include <math.h>
#include <string.h>

#include "base/count.h"
#include "base/path.h"

bool rw_threshold_read(const char *text, rw_threshold *threshold) {
    const char *at = text + strspn(text, " ");
    if (*at != '<' && *at != '>')
        return false;
    threshold->greater = *at++ == '>';
    threshold->equal = *at == '=';
    at += threshold->equal;
    at += strspn(at, " ");
    const char *end = rw_number_parse(at, &threshold->value);
    return end != NULL && *(end + strspn(end, " ")) == '\0';
}

bool rw_threshold_meets(const rw_threshold *threshold, double value) {
    return threshold->equal && value == threshold->value ? true
           : threshold->greater                          ? value > threshold->value
                                                         : value < threshold->value;
}

/* The window of that name; false, with a diagnostic, if there is none. */
static bool find_window(rw_reader *r, const rw_node *node, const char *name, const rw_window *windows, size_t n,
                        rw_window *window) {
    for (size_t w = 0; w < n; w++)
        if (strcmp(windows[w].name, name) == 0) {
            *window = windows[w];
            return true;
        }
    rw_node_wrong(r->diagnostics, node, "there is no window \"%.64s\"; %s%.64s", name,
                  n > 0 ? "the first one is " : "name windows first: measure: {windows: {before: [0 s, 10 s]}}",
                  n > 0 ? windows[0].name : "");
    return false;
}

static void read_between(rw_reader *r, const rw_node *node, const rw_window *windows, size_t n,
                         rw_recovery_spec *spec) {
    if (!rw_read_list(r, node))
        return;
    if (node->count != 2 || node->first->kind != RW_NODE_SCALAR || node->last->kind != RW_NODE_SCALAR) {
        rw_node_wrong(r->diagnostics, node,
                      "must be two windows, whose means are 0 and 1, for example [stressed, before]");
        return;
    }
    spec->between_windows = find_window(r, node->first, node->first->text, windows, n, &spec->zero) &&
                            find_window(r, node->last, node->last->text, windows, n, &spec->one);
    if (spec->between_windows && strcmp(spec->zero.name, spec->one.name) == 0)
        rw_node_wrong(r->diagnostics, node, "must be two different windows");
}

/* A predictor is measured while the outcome is still open. */
static void read_predictor(rw_reader *r, const rw_node *node, const rw_window *windows, size_t n,
                           rw_recovery_spec *spec) {
    if (!rw_read_text(r, node))
        return;
    const char *dot = strrchr(node->text, '.');
    spec->predictor = node->text;
    if (dot == NULL || dot == strchr(node->text, '.'))
        rw_node_wrong(r->diagnostics, node,
                      "must be an outcome in a window, MEASURE.OBJECT.WINDOW, for example rate.pyr.dose");
    else if (find_window(r, node, dot + 1, windows, n, &spec->predictor_window) &&
             !(spec->predictor_window.to_ms < spec->until_ms))
        rw_node_wrong(r->diagnostics, node,
                      "its window ends when the watch does, so that it predicts nothing; take an "
                      "earlier window");
}

static rw_err read_series(rw_reader *r, const rw_node *node, rw_recovery_spec *spec) {
    if (!rw_read_text(r, node))
        return RW_OK;
    if (strchr(node->text + (node->text[0] == '/'), '/') == NULL)
        rw_node_wrong(r->diagnostics, node,
                      "must be a dataset of series.h5, for example projections/pyr_to_pyr/synapses; `rewire models "
                      "series` lists them");
    return rw_arena_string(r->arena, &spec->series,
                           rw_path_of("%s%s", node->text[0] == '/' ? "" : "/", node->text).text);
}

rw_err rw_recovery_read(rw_reader *r, const rw_node *node, const rw_window *windows, size_t n_windows,
                        rw_recovery_spec *spec) {
    static const rw_key keys[] = {{"series", true}, {"between", false}, {"reaches", true},   {"from", true},
                                  {"until", false}, {"lasting", false}, {"predictor", false}};
    const rw_quantity time = {"ms", 0.0, 1e15, 0.0};
    *spec = (rw_recovery_spec){.until_ms = INFINITY};
    if (node == NULL || !rw_read_map(r, node, keys, RW_COUNT(keys)))
        return RW_OK;
    const rw_node *reaches = rw_node_get(node, "reaches"), *until = rw_node_get(node, "until");
    RW_TRY(read_series(r, rw_node_get(node, "series"), spec));
    if (rw_read_text(r, reaches) && !rw_threshold_read(reaches->text, &spec->reaches))
        rw_node_wrong(r->diagnostics, reaches, "must be a threshold with <, <=, > or >=, for example '>=0.5'");
    (void)rw_read_number(r, rw_node_get(node, "from"), time, &spec->from_ms);
    (void)rw_read_number(r, rw_node_get(node, "lasting"), time, &spec->lasting_ms);
    if (rw_read_number(r, until, time, &spec->until_ms) && !(spec->until_ms > spec->from_ms + spec->lasting_ms))
        rw_node_wrong(r->diagnostics, until, "must lie after from and lasting");
    read_between(r, rw_node_get(node, "between"), windows, n_windows, spec);
    read_predictor(r, rw_node_get(node, "predictor"), windows, n_windows, spec);
    return RW_OK;
}

rw_err rw_recovery_parse(rw_arena *arena, const char *text, const rw_window *windows, size_t n_windows,
                         rw_recovery_spec *spec) {
    rw_reader r = {.arena = arena};
    const rw_node *root = NULL;
    RW_TRY(RW_ARENA_NEW(arena, r.diagnostics, 1));
    RW_TRY(rw_units_create(&r.units));
    rw_err err = rw_document_parse(&root, arena, r.diagnostics, "--recovery", text, strlen(text));
    if (err == RW_OK && root != NULL)
        err = rw_recovery_read(&r, root, windows, n_windows, spec);
    rw_units_destroy(&r.units);
    return err == RW_OK ? rw_diagnostics_result(r.diagnostics) : err;
}
