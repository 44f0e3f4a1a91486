/* Numbers of graph theory on graphs whose numbers are known in closed form. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "close.h"
#include "graph/graph.h"

enum { MOST = 4000 };

typedef struct {
    rw_pair pairs[MOST];
    uint64_t n;
    uint64_t cells[MOST];
} list;

static void add(list *to, uint32_t source, uint32_t target) {
    assert_in_range(to->n, 0, MOST - 1);
    to->pairs[to->n++] = (rw_pair){source, target};
}

static rw_graph *graph_of(const list *from, uint64_t n_cells) {
    rw_graph *graph = NULL;
    assert_int_equal(rw_graph_create(&graph, from->pairs, from->n, n_cells), RW_OK);
    return graph;
}

static rw_graph_sample all(list *from, uint64_t n_cells) {
    for (uint64_t i = 0; i < n_cells; i++)
        from->cells[i] = i;
    return (rw_graph_sample){from->cells, n_cells};
}

/* A ring in which each cell is connected with the `near` next ones: C = 3 (near - 1) / (2 (2 near - 1)). */
static void ring_lattice(list *to, uint32_t n, uint32_t near) {
    *to = (list){0};
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 1; k <= near; k++)
            add(to, i, (i + k) % n);
}

static void a_ring_lattice_has_the_clustering_and_path_length_of_watts_and_strogatz(void **state) {
    static list ring;
    double clustering = 0.0, length = 0.0, joined = 0.0, expected = 0.0;
    (void)state;
    ring_lattice(&ring, 60, 3);
    rw_graph *graph = graph_of(&ring, 60);
    assert_int_equal(rw_graph_clustering(graph, all(&ring, 60), &clustering), RW_OK);
    assert_close(clustering, 3.0 * 2.0 / (2.0 * 5.0), 0.0, 1e-12);
    assert_int_equal(rw_graph_path_length(graph, all(&ring, 60), &length, &joined), RW_OK);
    for (int d = 1; d < 60; d++)
        expected += ceil(fmin(d, 60 - d) / 3.0) / 59.0;
    assert_close(length, expected, 0.0, 1e-12);
    assert_close(joined, 1.0, 0.0, 0.0);
    /* From the first cell alone it is the same: all are alike. */
    assert_int_equal(rw_graph_path_length(graph, (rw_graph_sample){ring.cells, 1}, &length, &joined), RW_OK);
    assert_close(length, expected, 0.0, 1e-12);
    rw_graph_destroy(&graph);
}

static void reciprocity_is_the_share_of_connections_with_a_reverse(void **state) {
    static list some;
    double reciprocity = 0.0;
    (void)state;
    some = (list){0};
    add(&some, 0, 1);
    add(&some, 1, 0);
    add(&some, 1, 2);
    add(&some, 2, 3);
    add(&some, 3, 3); /* of a cell with itself: does not count */
    rw_graph *graph = graph_of(&some, 5);
    assert_int_equal(rw_graph_reciprocity(graph, &reciprocity), RW_OK);
    assert_close(reciprocity, 0.5, 0.0, 1e-12);
    rw_graph_destroy(&graph);
}

/* Cliques of `size` in a ring, each tied to the next by one connection: with m = k (size (size - 1) / 2 + 1)
 * connections and each clique a community, Q = k (size (size - 1) / 2 / m - 1 / k^2). */
static void cliques_in_a_ring_are_communities_of_known_modularity(void **state) {
    static list cliques;
    enum { K = 6, SIZE = 7 };
    double modularity = 0.0, communities = 0.0, m = K * (SIZE * (SIZE - 1) / 2 + 1.0);
    (void)state;
    cliques = (list){0};
    for (uint32_t k = 0; k < K; k++) {
        for (uint32_t a = 0; a < SIZE; a++)
            for (uint32_t b = a + 1; b < SIZE; b++)
                add(&cliques, k * SIZE + (a + b) % 2 * a + (1 - (a + b) % 2) * b,
                    k * SIZE + (a + b) % 2 * b + (1 - (a + b) % 2) * a);
        add(&cliques, k * SIZE, (k + 1) % K * SIZE + 1);
        add(&cliques, k, k); /* of a cell with itself: does not count */
    }
    rw_graph *graph = graph_of(&cliques, K * SIZE);
    assert_int_equal(rw_graph_modularity(graph, 1, &modularity, &communities), RW_OK);
    assert_close(communities, K, 0.0, 0.0);
    assert_close(modularity, K * (SIZE * (SIZE - 1) / 2 / m - 1.0 / (K * K)), 0.0, 1e-12);
    double again = 0.0;
    assert_int_equal(rw_graph_modularity(graph, 1, &again, &communities), RW_OK);
    assert_true(again == modularity);
    rw_graph_destroy(&graph);
}

/* A random graph has as many cells and connections, clustering near their density, and no order. */
static void a_random_graph_is_as_dense_as_the_one_it_is_compared_with(void **state) {
    static list ring;
    double clustering = 0.0, length = 0.0, joined = 0.0, again = 0.0;
    (void)state;
    ring_lattice(&ring, 200, 10);
    rw_graph *graph = graph_of(&ring, 200), *random = NULL, *same = NULL;
    assert_int_equal(rw_graph_create_random(&random, graph, 5), RW_OK);
    assert_int_equal(rw_graph_create_random(&same, graph, 5), RW_OK);
    assert_int_equal(rw_graph_clustering(random, all(&ring, 200), &clustering), RW_OK);
    assert_int_equal(rw_graph_clustering(same, all(&ring, 200), &again), RW_OK);
    assert_true(again == clustering);
    assert_close(clustering, 2000.0 / (200.0 * 199.0 / 2.0), 0.0, 0.015); /* 4000 connected triples: some 3 SEM */
    assert_int_equal(rw_graph_path_length(random, all(&ring, 200), &length, &joined), RW_OK);
    assert_in_range((int)(100.0 * length), 180, 230); /* ln 200 / ln 20 = 1.77 at least */
    rw_graph_destroy(&same);
    rw_graph_destroy(&random);
    rw_graph_destroy(&graph);
}

static void cells_that_no_way_joins_are_told(void **state) {
    static list two;
    double clustering = 0.0, length = 0.0, joined = 0.0, modularity = 0.0, communities = 0.0;
    (void)state;
    two = (list){0};
    add(&two, 0, 1);
    add(&two, 2, 3);
    rw_graph *graph = graph_of(&two, 4);
    assert_int_equal(rw_graph_path_length(graph, all(&two, 4), &length, &joined), RW_OK);
    assert_close(length, 1.0, 0.0, 0.0);
    assert_close(joined, 1.0 / 3.0, 0.0, 1e-15);
    assert_int_equal(rw_graph_clustering(graph, all(&two, 4), &clustering), RW_OK);
    assert_close(clustering, 0.0, 0.0, 0.0);
    rw_graph_destroy(&graph);
    two.n = 0; /* and a graph without connections has no such numbers */
    graph = graph_of(&two, 4);
    assert_int_equal(rw_graph_path_length(graph, all(&two, 4), &length, &joined), RW_OK);
    assert_true(isnan(length) && joined == 0.0);
    assert_int_equal(rw_graph_modularity(graph, 1, &modularity, &communities), RW_OK);
    assert_true(isnan(modularity) && isnan(communities));
    assert_int_equal(rw_graph_reciprocity(graph, &clustering), RW_OK);
    assert_true(isnan(clustering));
    rw_graph_destroy(&graph);
}

static void without_igraph_everything_says_so(void **state) {
    rw_graph *graph = NULL;
    (void)state;
    assert_int_equal(rw_graph_create(&graph, NULL, 0, 0), RW_ERR_INPUT);
    assert_null(graph);
    assert_non_null(strstr(rw_error_message(), "without igraph"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ring_lattice_has_the_clustering_and_path_length_of_watts_and_strogatz),
        cmocka_unit_test(reciprocity_is_the_share_of_connections_with_a_reverse),
        cmocka_unit_test(cliques_in_a_ring_are_communities_of_known_modularity),
        cmocka_unit_test(a_random_graph_is_as_dense_as_the_one_it_is_compared_with),
        cmocka_unit_test(cells_that_no_way_joins_are_told),
    };
    const struct CMUnitTest without[] = {cmocka_unit_test(without_igraph_everything_says_so)};
    return rw_graph_library() != NULL ? cmocka_run_group_tests(tests, NULL, NULL)
                                      : cmocka_run_group_tests(without, NULL, NULL);
}
