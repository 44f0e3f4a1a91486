#include "net/prediction.h"

#include <math.h>
#include <unistd.h>

#include "net/distance_kernel.h"

enum { POINTS = 48 }; /* per axis, of the integral over displacements */

/* Distance beyond which a kernel adds nothing to its integral. */
static double reach_um(const rw_kernel *kernel) {
    static const double sigmas[] = {[RW_KERNEL_NONE] = INFINITY,
                                    [RW_KERNEL_GAUSSIAN] = 7.0,
                                    [RW_KERNEL_EXPONENTIAL] = 25.0,
                                    [RW_KERNEL_BOX] = 1.0,
                                    [RW_KERNEL_POWER] = INFINITY};
    double sigma_um = kernel->kind == RW_KERNEL_NONE ? 1.0 : kernel->sigma_um;
    return fmin(sigmas[kernel->kind] * sigma_um, kernel->cutoff_um);
}

/* Mean of a kernel over pairs of cells placed at random: the midpoint rule over the displacements within its reach. */
static double mean_kernel(const rw_scenario *scenario, const rw_kernel *kernel) {
    double width[3] = {0};
    int n[3] = {1, 1, 1};
    for (int d = 0; d < scenario->dimensions; d++) {
        double longest = scenario->size_um[d] * (scenario->periodic ? 0.5 : 1.0);
        n[d] = POINTS;
        width[d] = fmin(longest, reach_um(kernel)) / POINTS;
    }
    double mean = 0.0;
    for (int cell = 0; cell < n[0] * n[1] * n[2]; cell++) {
        const int at[3] = {cell % n[0], cell / n[0] % n[1], cell / n[0] / n[1]};
        double square = 0.0, share = 1.0;
        for (int d = 0; d < scenario->dimensions; d++) {
            double along = (at[d] + 0.5) * width[d], size = scenario->size_um[d];
            square += along * along;
            share *= 2.0 * width[d] / size * (scenario->periodic ? 1.0 : 1.0 - along / size);
        }
        mean += share * rw_kernel_value(kernel, sqrt(square));
    }
    return mean;
}

double rw_predicted_synapses(const rw_scenario *scenario, const rw_projection_spec *spec) {
    double n_sources = (double)scenario->populations[spec->source].count;
    double n_targets = (double)scenario->populations[spec->target].count;
    switch (spec->rule) {
    case RW_CONNECT_NONE:
        return 0.0;
    case RW_CONNECT_ONE_TO_ONE:
        return fmin(n_sources, n_targets);
    case RW_CONNECT_ALL_TO_ALL:
        return n_sources * n_targets;
    case RW_CONNECT_PAIRWISE_BERNOULLI:
        return spec->p * n_sources * n_targets;
    case RW_CONNECT_FIXED_INDEGREE:
        return (double)spec->n * n_targets;
    case RW_CONNECT_FIXED_OUTDEGREE:
        return (double)spec->n * n_sources;
    case RW_CONNECT_FIXED_TOTAL_NUMBER:
        return (double)spec->n;
    case RW_CONNECT_DISTANCE:
        return spec->p * mean_kernel(scenario, &spec->kernel) * n_sources * n_targets;
    case RW_CONNECT_TABLE:
        return (double)spec->table.count;
    }
    return 0.0;
}

/* Bytes per instance of a block: states, and parameters that differ between instances. */
static double instance_bytes(const rw_model *model, const rw_setting *settings, size_t n_settings) {
    double columns = 0.0;
    for (size_t field = 0; field < model->n_fields; field++)
        columns += model->fields[field].role == RW_STATE;
    for (size_t s = 0; s < n_settings; s++)
        columns += settings[s].value.kind != RW_CONSTANT && model->fields[settings[s].field].role == RW_PARAMETER;
    return 8.0 * columns;
}

/* Instances of a receptor on a population: one for each subunit that it has, if they are distinguished. */
static double instances(const rw_population_spec *population, const rw_model_spec *receptor) {
    double n = 0.0;
    for (size_t k = 0; population->has_glun2 && k < RW_GLUN2_COUNT; k++)
        n += population->glun2[k] > 0.0;
    return population->has_glun2 && receptor->model->receptor.glun2 != NULL ? n : 1.0;
}

/* Bytes of one synapse; `equal`: all weights and delays of the projection are equal. */
static double synapse_bytes(const rw_projection_spec *spec, bool equal) {
    double bytes = 8.0;
    bool walked = false, numbered = spec->structural || spec->lesioned;
    for (size_t k = 0; k < spec->n_plasticity; k++) {
        const rw_model *model = spec->plasticity[k].model;
        walked = walked || model->synapse.site != RW_AT_SOURCE;
        if (model->synapse.site != RW_AT_SYNAPSE)
            continue;
        numbered = numbered || model->synapse.rule.between != NULL;
        bytes += model->synapse.rule.keeps_given_weight ? 4.0 : 0.0;
        for (size_t field = 0; field < model->n_fields; field++)
            bytes += model->fields[field].role == RW_STATE ? 4.0 : 0.0;
    }
    bytes += (numbered ? 4.0 : 0.0) + (spec->dated ? 4.0 : 0.0);
    if (spec->structural) /* a tombstone bit, and two bytes of the reverse adjacency; extents are about a twelfth longer
                             than what is in them */
        return (bytes + 0.125 + 2.0) * 13.0 / 12.0;
    return equal && !walked && !numbered ? 2.0 : bytes;
}

/* Bytes of the columns of all cells, without their positions. */
static double column_bytes(const rw_scenario *scenario) {
    double bytes = 0.0;
    for (size_t p = 0; p < scenario->n_populations; p++) {
        const rw_population_spec *spec = &scenario->populations[p];
        double cell = 0.0;
        if (spec->model != NULL)
            cell += instance_bytes(spec->model, spec->settings, spec->n_settings);
        for (size_t r = 0; r < spec->n_receptors; r++)
            cell +=
                instances(spec, &spec->receptors[r]) *
                instance_bytes(spec->receptors[r].model, spec->receptors[r].settings, spec->receptors[r].n_settings);
        bytes += cell * (double)spec->count;
    }
    return bytes;
}

double rw_predicted_extra_bytes(const rw_scenario *scenario, int n_ranks) {
    return column_bytes(scenario) * (1.0 - 1.0 / n_ranks);
}

double rw_predicted_bytes(const rw_scenario *scenario, int n_ranks, int n_threads) {
    double bytes = column_bytes(scenario) / n_ranks, peak = 0.0; /* while rows are built */
    for (size_t p = 0; p < scenario->n_populations; p++)
        bytes += 8.0 * scenario->dimensions * (double)scenario->populations[p].count;
    for (size_t p = 0; p < scenario->n_projections; p++) {
        const rw_projection_spec *spec = &scenario->projections[p];
        double n_rows = (double)scenario->populations[spec->source].count * n_threads;
        bool equal =
            spec->weight.kind == RW_CONSTANT && spec->delay_ms.kind == RW_CONSTANT && spec->rule != RW_CONNECT_TABLE &&
            scenario->populations[spec->target].count / ((uint64_t)n_threads * (uint64_t)n_ranks) <= UINT16_MAX;
        double synapse = synapse_bytes(spec, equal);
        double row = spec->structural ? 24.0 + 12.0 : 12.0; /* and a spare slot */
        double list = spec->structural ? 24.0 + 2.0 : 0.0;  /* of a target */
        double counting = 0.0;
        double filled = 1.0 - exp(-rw_predicted_synapses(scenario, spec) / fmax(1.0, n_rows * n_ranks));
        if (!spec->structural && !spec->lesioned && spec->n_plasticity == 0 && filled < 0.5) {
            row = 12.0 * filled + 12.0 / 64.0; /* most sources have none, but all were counted */
            counting = 4.0 * (1.0 + filled) + 12.0 / 64.0;
        }
        peak = fmax(peak, bytes + counting * n_rows);
        bytes += synapse * rw_predicted_synapses(scenario, spec) / n_ranks + row * n_rows +
                 list * (double)scenario->populations[spec->target].count / n_ranks;
    }
    return fmax(peak, bytes);
}

rw_err rw_prediction_check(const rw_scenario *scenario, const rw_partition *partition) {
    double needed = rw_predicted_bytes(scenario, rw_comm_size(partition->comm), partition->n_threads);
    if (rw_comm_rank(partition->comm) == 0)
        needed += rw_predicted_extra_bytes(scenario, rw_comm_size(partition->comm));
    double available = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    double synapses = 0.0;
    for (size_t p = 0; p < scenario->n_projections; p++)
        synapses += rw_predicted_synapses(scenario, &scenario->projections[p]);
    RW_CHECK(needed <= available, RW_ERR_INPUT,
             "the network needs about %.3g GB for %.3g synapses and its cells, but this machine has %.3g GB; connect "
             "fewer cells or take a larger machine",
             needed / 1e9, synapses, available / 1e9);
    return RW_OK;
}
