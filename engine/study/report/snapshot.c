#include "study/report/snapshot.h"

rw_err rw_snapshot_edges_read(const rw_structure_page *page, size_t snapshot, const char *projection,
                              rw_snapshot_edges *edges) {
    const char *file = page->result->snapshots[snapshot].file;
    RW_TRY(rw_result_in_numbers(page->result, file, rw_path_of("/edges/%s/source_node_id", projection).text,
                                &edges->source));
    RW_TRY(rw_result_in_numbers(page->result, file, rw_path_of("/edges/%s/target_node_id", projection).text,
                                &edges->target));
    RW_TRY(rw_result_in_numbers(page->result, file, rw_path_of("/edges/%s/0/syn_weight", projection).text,
                                &edges->weight));
    RW_CHECK(edges->source.rows == edges->target.rows, RW_ERR_INPUT, "%s/%s: %s has %zu sources and %zu targets",
             page->result->path, file, projection, edges->source.rows, edges->target.rows);
    return RW_OK;
}

rw_err rw_cell_positions_read(const rw_structure_page *page, uint32_t population, rw_cell_positions *of) {
    static const char *const names[] = {"x", "y", "z"};
    for (int d = 0; d < 3; d++)
        RW_TRY(rw_result_in_numbers(
            page->result, "nodes.h5",
            rw_path_of("/nodes/%s/0/%s", page->scenario->populations[population].name, names[d]).text, &of->axis[d]));
    return RW_OK;
}
