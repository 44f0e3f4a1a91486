/* Every connection rule gives the same network for any team, and the network it says. */
#include "network_builder.h"

static const int teams[] = {1, 2, 3, 7};

/* The edges of projection 0 for a team; frees the network. */
static rw_edge *edges_of(const network_builder *builder, int n_threads, uint64_t *count) {
    rw_network *network = NULL;
    rw_edge *edges = NULL;
    assert_ok(rw_network_create(&network, &builder->scenario, n_threads));
    *count = rw_projection_count(network, &network->projections[0]);
    assert_ok(rw_projection_edges(network, &network->projections[0], &edges));
    rw_network_destroy(&network);
    return edges;
}

static void assert_same_for_teams(const network_builder *builder) {
    uint64_t expected_count;
    rw_edge *expected = edges_of(builder, 1, &expected_count);
    assert_true(expected_count > 0);
    for (size_t t = 1; t < RW_COUNT(teams); t++) {
        uint64_t count;
        rw_edge *edges = edges_of(builder, teams[t], &count);
        assert_int_equal(count, expected_count);
        for (uint64_t k = 0; k < count; k++)
            if (memcmp(&edges[k], &expected[k], sizeof *edges) != 0)
                fail_msg("%d threads: edge %llu differs", teams[t], (unsigned long long)k);
        rw_free(edges);
    }
    rw_free(expected);
}

static const rw_connect_rule drawn_rules[] = {
    RW_CONNECT_ALL_TO_ALL,      RW_CONNECT_PAIRWISE_BERNOULLI, RW_CONNECT_FIXED_INDEGREE,
    RW_CONNECT_FIXED_OUTDEGREE, RW_CONNECT_FIXED_TOTAL_NUMBER, RW_CONNECT_DISTANCE,
};

/* A projection from 200 to 150 cells, or within 150, by `rule`. */
static rw_projection_spec *small_network(network_builder *builder, rw_connect_rule rule, bool within) {
    builder_start(builder);
    builder_space(builder, 1000.0, 700.0, 0.0, true);
    uint32_t target = builder_population(builder, "lif_psc_exp", 150);
    uint32_t source = within ? target : builder_population(builder, NULL, 200);
    rw_projection_spec *spec = builder_projection(builder, source, target, rule);
    spec->p = 0.3;
    spec->n = rule == RW_CONNECT_FIXED_TOTAL_NUMBER ? 3000 : 40;
    spec->kernel.kind = RW_KERNEL_GAUSSIAN;
    spec->kernel.sigma_um = 200.0;
    return spec;
}

static void networks_are_the_same_for_any_team(void **state) {
    (void)state;
    network_builder builder;
    for (size_t rule = 0; rule < RW_COUNT(drawn_rules); rule++) {
        for (int variant = 0; variant < 16; variant++) {
            rw_projection_spec *spec = small_network(&builder, drawn_rules[rule], variant & 1);
            spec->multapses = variant & 2;
            spec->structural = variant & 4;
            if (variant & 8) {
                spec->weight = builder_value(RW_LOGNORMAL, 0.5, 0.3);
                spec->delay_ms = builder_value(RW_UNIFORM, 0.5, 3.0);
            }
            assert_same_for_teams(&builder);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(networks_are_the_same_for_any_team),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
