#include "config/scenario_size.h"

#include <math.h>
#include <stdio.h>

static const double most_neurons = 4294967295.0; /* neurons are numbered in 32 bits */
static const double most_bytes = 0x1p40;

/* Integral of (1 + r / s)^-exponent over two or three dimensions, to the cutoff or the longest side. */
static double power_integral(const rw_scenario *scenario, const rw_kernel *kernel) {
    enum { POINTS = 1000 };
    const double pi = 3.14159265358979323846;
    double reach = 0.0, sum = 0.0;
    for (int k = 0; k < scenario->dimensions; k++)
        reach = fmax(reach, scenario->size_um[k]);
    double width = fmin(reach, kernel->cutoff_um) / POINTS;
    for (int k = 0; k < POINTS; k++) {
        double r = (k + 0.5) * width;
        double shell = scenario->dimensions == 2 ? 2.0 * pi * r : 4.0 * pi * r * r;
        sum += width * shell * pow(1.0 + r / kernel->sigma_um, -kernel->exponent);
    }
    return sum;
}

/* Share of all pairs that a kernel connects, relative to no kernel: its integral over the space. */
static double kernel_share(const rw_scenario *scenario, const rw_kernel *kernel) {
    const double pi = 3.14159265358979323846;
    double s = kernel->sigma_um;
    double volume = 1.0;
    for (int k = 0; k < scenario->dimensions; k++)
        volume *= scenario->size_um[k];
    double integral = volume;
    if (kernel->kind == RW_KERNEL_BOX)
        integral = scenario->dimensions == 2 ? pi * s * s : 4.0 / 3.0 * pi * s * s * s;
    else if (kernel->kind == RW_KERNEL_GAUSSIAN)
        integral = pow(2.0 * pi * s * s, 0.5 * scenario->dimensions);
    else if (kernel->kind == RW_KERNEL_EXPONENTIAL)
        integral = scenario->dimensions == 2 ? 2.0 * pi * s * s : 8.0 * pi * s * s * s;
    else if (kernel->kind == RW_KERNEL_POWER)
        integral = power_integral(scenario, kernel);
    return fmin(1.0, integral / volume);
}

static double expected_synapses(const rw_scenario *scenario, const rw_projection_spec *projection) {
    double n_sources = (double)scenario->populations[projection->source].count;
    double n_targets = (double)scenario->populations[projection->target].count;
    switch (projection->rule) {
    case RW_CONNECT_ONE_TO_ONE:
        return n_targets;
    case RW_CONNECT_ALL_TO_ALL:
        return n_sources * n_targets;
    case RW_CONNECT_PAIRWISE_BERNOULLI:
        return projection->p * n_sources * n_targets;
    case RW_CONNECT_FIXED_INDEGREE:
        return (double)projection->n * n_targets;
    case RW_CONNECT_FIXED_OUTDEGREE:
        return (double)projection->n * n_sources;
    case RW_CONNECT_FIXED_TOTAL_NUMBER:
        return (double)projection->n;
    case RW_CONNECT_DISTANCE:
        return projection->p * kernel_share(scenario, &projection->kernel) * n_sources * n_targets;
    case RW_CONNECT_TABLE:
        return (double)projection->table.count;
    default:
        return 0.0;
    }
}

void rw_check_size(rw_reader *r) {
    const rw_scenario *scenario = r->scenario;
    double neurons = 0.0, bytes = 0.0;
    char path[192];
    for (size_t k = 0; k < scenario->n_populations; k++) {
        const rw_population_spec *population = &scenario->populations[k];
        double numbers = population->model != NULL ? (double)population->model->n_fields : 1.0;
        for (size_t i = 0; i < population->n_receptors; i++)
            numbers += (double)population->receptors[i].model->n_fields;
        neurons += (double)population->count;
        bytes += (double)population->count * numbers * sizeof(double);
        (void)snprintf(path, sizeof path, "populations.%s.count", population->name);
        if (neurons > most_neurons || bytes > most_bytes) {
            rw_diagnostics_add(r->diagnostics, population->mark, path,
                               "makes %.0f neurons in all, about %.0f GB; at most %.0f neurons and %.0f GB", neurons,
                               bytes / 1e9, most_neurons, most_bytes / 1e9);
            return;
        }
    }
    for (size_t k = 0; k < scenario->n_projections; k++) {
        const rw_projection_spec *projection = &scenario->projections[k];
        double synapses = expected_synapses(scenario, projection);
        bytes += synapses * (projection->structural ? 16.0 : projection->lesioned ? 12.0 : 8.0);
        (void)snprintf(path, sizeof path, "projections.%zu", k);
        if (bytes > most_bytes) {
            rw_diagnostics_add(r->diagnostics, projection->mark, path,
                               "makes about %.0f synapses, which brings the network to about %.0f GB; at most %.0f GB",
                               synapses, bytes / 1e9, most_bytes / 1e9);
            return;
        }
    }
}
