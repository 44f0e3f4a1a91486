#include "net/edges/edge_list.h"

#include "net/edges/edge_slabs.h"

rw_err rw_projection_edges(const rw_network *network, const rw_projection *projection, rw_edge **edges) {
    rw_edge_slabs slabs;
    *edges = NULL;
    RW_TRY(rw_edge_slabs_begin(&slabs, network, projection, UINT64_MAX));
    rw_err err = rw_comm_agree(network->partition.comm, rw_edge_slabs_next(&slabs));
    if (err == RW_OK) {
        *edges = slabs.edges;
        slabs.edges = NULL;
    }
    rw_edge_slabs_end(&slabs);
    return err;
}
