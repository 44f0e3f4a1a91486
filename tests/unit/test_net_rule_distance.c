/* The probability of a connection falls with distance as the kernel says, in every kind of space. */
#include "network_builder.h"

#include "net/distance_kernel.h"
#include "net/edges/edge.h"
#include "net/edges/edge_list.h"
#include "net/positions.h"
#include "net/prediction.h"

enum { BINS = 24 };

/* Pairs of cells by distance. */
typedef struct {
    double pairs[BINS], expected[BINS], variance[BINS], connected[BINS];
    double width_um;
} histogram;

static histogram count_pairs(const rw_network *network, bool within) {
    const rw_projection_spec *spec = network->projections[0].spec;
    const rw_scenario *scenario = network->scenario;
    double longest = 0.0;
    for (int d = 0; d < scenario->dimensions; d++)
        longest += scenario->size_um[d] * scenario->size_um[d] * (scenario->periodic ? 0.25 : 1.0);
    histogram h = {.width_um = sqrt(longest) / BINS * (1 + 1e-9)};
    for (uint64_t source = 0; source < network->populations[spec->source].count; source++) {
        for (uint64_t target = 0; target < network->populations[spec->target].count; target++) {
            double distance_um = rw_population_distance(network->scenario, &network->populations[spec->source], source,
                                                        &network->populations[spec->target], target);
            int bin = (int)(distance_um / h.width_um);
            assert_in_range(bin, 0, BINS - 1);
            double p = within && source == target ? 0.0 : spec->p * rw_kernel_value(&spec->kernel, distance_um);
            h.pairs[bin]++;
            h.expected[bin] += p;
            h.variance[bin] += p * (1 - p);
        }
    }
    rw_edge *edges = NULL;
    assert_ok(rw_projection_edges(network, &network->projections[0], &edges));
    for (uint64_t k = 0; k < rw_projection_count(&network->partition, &network->projections[0]); k++) {
        double distance_um =
            rw_population_distance(network->scenario, &network->populations[spec->source], edges[k].source,
                                   &network->populations[spec->target], edges[k].target);
        assert_true(k == 0 || edges[k].target != edges[k - 1].target || edges[k].source > edges[k - 1].source);
        assert_true(distance_um <= spec->kernel.cutoff_um);
        h.connected[(int)(distance_um / h.width_um)]++;
    }
    rw_free(edges);
    return h;
}

static void assert_kernel_followed(const network_builder *builder, const char *what) {
    rw_network *network = NULL;
    assert_ok(rw_network_create(&network, &builder->scenario, 3));
    histogram h = count_pairs(network, builder->projections[0].source == builder->projections[0].target);
    double chi_square = 0.0, total = 0.0;
    int degrees = 0;
    for (int bin = 0; bin < BINS; bin++) {
        double deviation = h.connected[bin] - h.expected[bin];
        total += h.expected[bin];
        if (h.variance[bin] < 5.0) {
            assert_true(fabs(deviation) < 15.0);
            continue;
        }
        chi_square += deviation * deviation / h.variance[bin];
        degrees++;
        if (fabs(deviation) > 5.0 * sqrt(h.variance[bin]))
            fail_msg("%s at %.0f um: %.0f connected, expected %.1f", what, (bin + 0.5) * h.width_um, h.connected[bin],
                     h.expected[bin]);
    }
    assert_true(degrees >= 4 && total > 1000);
    assert_true(chi_square < degrees + 5.0 * sqrt(2.0 * degrees));
    double predicted = rw_predicted_synapses(&builder->scenario, &builder->projections[0]);
    assert_close(predicted, total, 0.06, 0);
    rw_network_destroy(&network);
}

static const struct {
    const char *name;
    rw_kernel kernel;
} kernels[] = {
    {"gaussian", {RW_KERNEL_GAUSSIAN, 130.0, INFINITY, 0.0}},
    {"wide gaussian", {RW_KERNEL_GAUSSIAN, 900.0, INFINITY, 0.0}},
    {"cut gaussian", {RW_KERNEL_GAUSSIAN, 130.0, 260.0, 0.0}},
    {"exponential", {RW_KERNEL_EXPONENTIAL, 100.0, INFINITY, 0.0}},
    {"cut exponential", {RW_KERNEL_EXPONENTIAL, 100, 300., 0.0}},
    {"box", {RW_KERNEL_BOX, 250.0, INFINITY, 0.0}},
    {"cut box", {RW_KERNEL_BOX, 250.0, 200.0, 0.0}},
    {"none", {RW_KERNEL_NONE, 0.0, INFINITY, 0.0}},
    {"power", {RW_KERNEL_POWER, 80.0, INFINITY, 3.0}},
    {"cut power", {RW_KERNEL_POWER, 80.0, 400.0, 1.5}},
    {"cut none", {RW_KERNEL_NONE, 0.0, 300.0, 0.0}},
};

static void connections_follow_the_kernel_in_every_space(void **state) {
    (void)state;
    for (int space = 0; space < 4; space++) {
        for (size_t k = 0; k < RW_COUNT(kernels); k++) {
            network_builder builder;
            builder_start(&builder);
            builder_space(&builder, 1000.0, 700.0, space & 1 ? 600.0 : 0.0, space & 2);
            uint32_t a = builder_population(&builder, "lif_psc_exp", 900);
            uint32_t b = k % 2 ? a : builder_population(&builder, NULL, 1100);
            rw_projection_spec *spec = builder_projection(&builder, b, a, RW_CONNECT_DISTANCE);
            spec->p = k == 3 ? 1.0 : 0.6;
            spec->kernel = kernels[k].kernel;
            assert_kernel_followed(&builder, kernels[k].name);
        }
    }
}

static void certain_connections_are_all_made(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    builder_space(&builder, 1000.0, 700.0, 0.0, true);
    uint32_t a = builder_population(&builder, "lif_psc_exp", 700);
    rw_projection_spec *spec = builder_projection(&builder, a, a, RW_CONNECT_DISTANCE);
    spec->p = 1.0;
    spec->autapses = true;
    spec->kernel = (rw_kernel){RW_KERNEL_BOX, 150.0, INFINITY, 0.0};
    rw_network *network = NULL;
    assert_ok(rw_network_create(&network, &builder.scenario, 2));
    uint64_t near = 0;
    for (uint64_t source = 0; source < 700; source++)
        for (uint64_t target = 0; target < 700; target++)
            near += rw_population_distance(network->scenario, &network->populations[0], source,
                                           &network->populations[0], target) <= 150.0;
    assert_int_equal(rw_projection_count(&network->partition, &network->projections[0]), near);
    rw_network_destroy(&network);
}

static void cells_on_a_grid_have_equal_neighbourhoods(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    builder_space(&builder, 300.0, 200.0, 0.0, true);
    uint32_t a = builder_population(&builder, NULL, 600); /* 30 x 20, 10 um apart */
    builder.populations[a].position = RW_POSITION_GRID;
    rw_network *network = NULL;
    assert_ok(rw_network_create(&network, &builder.scenario, 1));
    assert_close(rw_population_distance(network->scenario, &network->populations[a], 0, &network->populations[a], 1),
                 10.0, 1e-12, 0);
    assert_close(rw_population_distance(network->scenario, &network->populations[a], 0, &network->populations[a], 29),
                 10.0, 1e-12, 0);
    assert_close(rw_population_distance(network->scenario, &network->populations[a], 0, &network->populations[a], 570),
                 10.0, 1e-12, 0);
    for (uint64_t id = 0; id < 600; id++) {
        int near = 0;
        for (uint64_t other = 0; other < 600; other++)
            near += rw_population_distance(network->scenario, &network->populations[a], id, &network->populations[a],
                                           other) < 10.1;
        assert_int_equal(near, 5);
    }
    rw_network_destroy(&network);
}

static void random_places_fill_the_space_evenly(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    builder_space(&builder, 800.0, 400.0, 200.0, false);
    uint32_t a = builder_population(&builder, NULL, 8000);
    rw_network *network = NULL;
    assert_ok(rw_network_create(&network, &builder.scenario, 1));
    double boxes[64] = {0}, chi_square = 0.0;
    double *const *at = network->populations[a].position_um;
    for (uint64_t id = 0; id < 8000; id++)
        boxes[(int)(at[0][id] / 200.0) * 16 + (int)(at[1][id] / 100.0) * 4 + (int)(at[2][id] / 50.0)]++;
    for (int box = 0; box < 64; box++)
        chi_square += (boxes[box] - 125.0) * (boxes[box] - 125.0) / 125.0;
    assert_close(chi_square, 63.0, 0, 5 * sqrt(126.0));
    rw_network_destroy(&network);
}

static void places_from_a_table_are_kept_and_checked(void **state) {
    (void)state;
    network_builder builder;
    builder_start(&builder);
    builder_space(&builder, 100.0, 100.0, 0.0, false);
    uint32_t a = builder_population(&builder, "lif_psc_exp", 3);
    static const double x[] = {0.0, 100.0, 30.0};
    double y[] = {0.0, 100.0, 40.0};
    builder.populations[a].position = RW_POSITION_TABLE;
    builder.populations[a].position_um[0] = x;
    builder.populations[a].position_um[1] = y;
    rw_projection_spec *spec = builder_projection(&builder, a, a, RW_CONNECT_DISTANCE);
    spec->p = 1.0;
    spec->kernel = (rw_kernel){RW_KERNEL_BOX, 50.0, INFINITY, 0.0};
    rw_network *network = NULL;
    assert_ok(rw_network_create(&network, &builder.scenario, 1));
    assert_close(rw_population_distance(network->scenario, &network->populations[a], 0, &network->populations[a], 2),
                 50.0, 1e-15, 0);
    assert_close(rw_population_distance(network->scenario, &network->populations[a], 0, &network->populations[a], 1),
                 sqrt(20000.0), 1e-15, 0);
    assert_int_equal(rw_projection_count(&network->partition, &network->projections[0]), 2);
    rw_network_destroy(&network);
    y[1] = 100.5;
    assert_int_equal(rw_network_create(&network, &builder.scenario, 1), RW_ERR_INPUT);
    assert_non_null(strstr(rw_error_message(), "cell 1 of population 'population A' lies outside"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_follow_the_kernel_in_every_space),
        cmocka_unit_test(certain_connections_are_all_made),
        cmocka_unit_test(cells_on_a_grid_have_equal_neighbourhoods),
        cmocka_unit_test(random_places_fill_the_space_evenly),
        cmocka_unit_test(places_from_a_table_are_kept_and_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
