/* What targets get of a total number of synapses has the law that it must have when every set of pairs is equally
 * likely: most in-degrees are drawn independently, the rest of the synapses one by one, and neither must show. */
#include "network_builder.h"

#include "net/edges/edge.h"
#include "net/edges/edge_list.h"

enum { SEEDS = 3000, SOURCES = 40, TARGETS = 3, MOST = 100 };

/* Adds the numbers of synapses onto each target to a tally of how often each number occurs. */
static void tally(const network_builder *builder, double seen[TARGETS][MOST]) {
    rw_network *network = NULL;
    rw_edge *edges = NULL;
    uint64_t in[TARGETS] = {0};
    assert_ok(rw_network_create(&network, &builder->scenario, 1));
    uint64_t count = rw_projection_count(&network->partition, &network->projections[0]);
    assert_int_equal(count, builder->projections[0].n);
    assert_ok(rw_projection_edges(network, &network->projections[0], &edges));
    for (uint64_t k = 0; k < count; k++)
        in[edges[k].target]++;
    for (int t = 0; t < TARGETS; t++)
        seen[t][in[t] < MOST ? in[t] : MOST - 1]++;
    rw_free(edges);
    rw_network_destroy(&network);
}

/* ln of n over k. */
static double log_choose(double n, double k) {
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* Probability of k of n synapses at one target: binomial, or hypergeometric. */
static double law(double n, double k, bool multapses) {
    const double others = SOURCES * (TARGETS - 1.0);
    if (multapses)
        return k <= n ? exp(log_choose(n, k) + k * log(1.0 / TARGETS) + (n - k) * log(1.0 - 1.0 / TARGETS)) : 0.0;
    if (k > SOURCES || n - k > others || k > n)
        return 0.0;
    return exp(log_choose(SOURCES, k) + log_choose(others, n - k) - log_choose(SOURCES * TARGETS, n));
}

/* 5 standard deviations of chi-square are allowed; numbers expected less than five times do not count. */
static void assert_law(const double seen[MOST], double n, bool multapses) {
    double chi_square = 0.0, freedom = -1.0;
    for (int k = 0; k < MOST; k++) {
        double expected = SEEDS * law(n, k, multapses);
        if (expected < 5.0)
            continue;
        chi_square += (seen[k] - expected) * (seen[k] - expected) / expected;
        freedom++;
    }
    if (freedom < 10.0 || fabs(chi_square - freedom) > 5.0 * sqrt(2.0 * freedom))
        fail_msg("n %g, multapses %d: chi-square %.1f for %.0f degrees of freedom", n, multapses, chi_square, freedom);
}

static void assert_shares(uint64_t n, bool multapses) {
    network_builder builder;
    double seen[TARGETS][MOST] = {{0}};
    builder_start(&builder);
    uint32_t source = builder_population(&builder, NULL, SOURCES),
             target = builder_population(&builder, "lif_psc_exp", TARGETS);
    rw_projection_spec *spec = builder_projection(&builder, source, target, RW_CONNECT_FIXED_TOTAL_NUMBER);
    spec->n = n;
    spec->multapses = multapses;
    for (builder.scenario.seed = 0; builder.scenario.seed < SEEDS; builder.scenario.seed++)
        tally(&builder, seen);
    for (int t = 0; t < TARGETS; t++)
        assert_law(seen[t], (double)n, multapses);
}

static void shares_with_multapses_are_binomial(void **state) {
    (void)state;
    assert_shares(60, true);
}

static void shares_without_multapses_are_hypergeometric(void **state) {
    (void)state;
    assert_shares(60, false);
    assert_shares(90, false); /* those that stay apart are dealt */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_with_multapses_are_binomial),
        cmocka_unit_test(shares_without_multapses_are_hypergeometric),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
