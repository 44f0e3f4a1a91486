#include "graph/groups.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "net/edges/edge.h"
#include "net/selection.h"

static rw_err add_group(rw_division *division, const rw_network *network, size_t index) {
    const rw_group_spec *group = &network->scenario->record.measures.groups[index];
    uint64_t *ids = NULL;
    rw_err err = RW_OK;
    RW_TRY(rw_selection_ids(network->scenario, group->population, &group->cells,
                            rw_substream_of(network->scenario->seed, RW_SUBSTREAM_GROUP_CELLS, (uint32_t)index), &ids));
    for (uint64_t k = 0; k < group->cells.count && err == RW_OK; k++) {
        uint16_t other = division->of[ids[k]];
        if (other != 0)
            err = rw_fail(RW_ERR_INPUT,
                          "record.measures.groups: cell %llu of %s is in %s and in %s; a cell can be in one "
                          "group only: name other targets",
                          (unsigned long long)ids[k], network->populations[group->population].spec->name,
                          division->names[other], group->name);
        division->of[ids[k]] = (uint16_t)division->n;
    }
    rw_free(ids);
    division->sizes[0] -= group->cells.count;
    division->sizes[division->n] = group->cells.count;
    division->names[division->n++] = group->name;
    return err;
}

rw_err rw_division_create(rw_division *division, const rw_network *network, uint32_t population) {
    const rw_measures_spec *spec = &network->scenario->record.measures;
    RW_TRY(RW_NEW(division->names, spec->n_groups + 1, "groups of cells"));
    RW_TRY(RW_NEW(division->sizes, spec->n_groups + 1, "groups of cells"));
    RW_TRY(RW_NEW(division->of, network->populations[population].count, "groups of cells"));
    division->n = 1;
    division->sizes[0] = network->populations[population].count;
    for (size_t k = 0; k < spec->n_groups; k++)
        if (spec->groups[k].population == population)
            RW_TRY(add_group(division, network, k));
    division->names[0] = division->n > 1 ? "rest" : network->populations[population].spec->name;
    return RW_OK;
}

void rw_division_destroy(rw_division *division) {
    rw_free(division->names);
    rw_free(division->sizes);
    rw_free(division->of);
    *division = (rw_division){0};
}

rw_err rw_blocks_create(rw_blocks *blocks, const rw_network *network, const rw_projection *projection) {
    RW_TRY(rw_division_create(&blocks->from, network, projection->source));
    RW_TRY(rw_division_create(&blocks->to, network, projection->target));
    const size_t n = blocks->from.n * blocks->to.n;
    const bool itself = projection->source == projection->target && !projection->spec->autapses;
    RW_TRY(RW_NEW(blocks->pairs, n, "groups of cells"));
    RW_TRY(RW_NEW(blocks->count, n, "groups of cells"));
    RW_TRY(RW_NEW(blocks->weight, n, "groups of cells"));
    for (size_t a = 0; a < blocks->from.n; a++)
        for (size_t b = 0; b < blocks->to.n; b++)
            blocks->pairs[a * blocks->to.n + b] =
                (double)blocks->from.sizes[a] * ((double)blocks->to.sizes[b] - (itself && a == b ? 1.0 : 0.0));
    return RW_OK;
}

void rw_blocks_destroy(rw_blocks *blocks) {
    rw_division_destroy(&blocks->from);
    rw_division_destroy(&blocks->to);
    rw_free(blocks->pairs);
    rw_free(blocks->count);
    rw_free(blocks->weight);
    *blocks = (rw_blocks){0};
}

void rw_blocks_begin(rw_blocks *blocks) {
    const size_t n = blocks->from.n * blocks->to.n;
    memset(blocks->count, 0, n * sizeof *blocks->count);
    memset(blocks->weight, 0, n * sizeof *blocks->weight);
}

void rw_blocks_take(rw_blocks *blocks, const rw_edge *edges, uint64_t n) {
    for (uint64_t i = 0; i < n; i++) {
        size_t block = blocks->from.of[edges[i].source] * blocks->to.n + blocks->to.of[edges[i].target];
        blocks->count[block]++;
        blocks->weight[block] += (double)edges[i].weight;
    }
}

double rw_blocks_cohesion(const rw_blocks *blocks, size_t g, bool by_weight) {
    const size_t n = blocks->to.n;
    double within = 0.0, outside = 0.0, pairs_outside = 0.0;
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            double amount = by_weight ? blocks->weight[a * n + b] : (double)blocks->count[a * n + b];
            if (a == g && b == g)
                within = amount / blocks->pairs[a * n + b];
            else if (a == g || b == g) {
                outside += amount;
                pairs_outside += blocks->pairs[a * n + b];
            }
        }
    return within / (outside / pairs_outside);
}
