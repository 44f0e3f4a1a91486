/* Two ways for ranks to write one file of edges: slabs that rank 0 gets from the others and writes in order, as rewire
 * does, and parallel HDF5, where all ranks write their own rows at once. The columns, chunks and filters are those of a
 * snapshot; the edges are ordered by target, each rank has its share. Needs parallel HDF5 (libhdf5-openmpi-dev):
 *
 *     h5pcc.openmpi -O2 -o output bench/scaling/output.c
 *     mpirun -n 2 --bind-to none ./output slabs|parallel compressed|plain 10000000 FILE
 *
 * Prints the time from the first column to the file on the disk, of the slowest rank, and the size of the file. */
#include <fcntl.h>
#include <hdf5.h>
#include <mpi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SLAB = 1 << 18, CHUNK = 16384, FAN_IN = 1000, N_COLUMNS = 5 };

typedef struct {
    uint64_t uid, source, target;
    float weight, delay;
} edge;

static const struct {
    const char *name;
    size_t offset, size;
} columns[N_COLUMNS] = {{"source_node_id", offsetof(edge, source), 8},
                        {"target_node_id", offsetof(edge, target), 8},
                        {"synapse_uid", offsetof(edge, uid), 8},
                        {"syn_weight", offsetof(edge, weight), 4},
                        {"delay", offsetof(edge, delay), 4}};

static int rank, size;

static void must(int holds, const char *what) {
    if (holds)
        return;
    fprintf(stderr, "output: cannot %s\n", what);
    MPI_Abort(MPI_COMM_WORLD, 1);
}

static uint64_t mix(uint64_t x) {
    x = (x ^ x >> 31) * 0x9E3779B97F4A7C15u;
    return (x ^ x >> 29) * 0xBF58476D1CE4E5B9u >> 20;
}

/* Edges [first, first + n): FAN_IN for each target, sources ascending with random gaps, random weights. */
static edge *make_edges(uint64_t first, uint64_t n) {
    edge *edges = malloc((n + 1) * sizeof *edges);
    must(edges != NULL, "allocate the edges");
    for (uint64_t k = 0; k < n; k++) {
        uint64_t row = first + k, target = row / FAN_IN, source = row % FAN_IN * 10 + mix(row) % 10;
        edges[k] = (edge){source << 32 | target, source, target, (float)(mix(~row) % 65521) / 65521, 1.5f};
    }
    return edges;
}

static hid_t column_type(int column) {
    return columns[column].size == 4 ? H5T_NATIVE_FLOAT : H5T_NATIVE_UINT64;
}

static void create_columns(hid_t file, uint64_t total, int compressed, hid_t *datasets) {
    hsize_t rows = total, chunk = CHUNK;
    hid_t space = H5Screate_simple(1, &rows, NULL), layout = H5Pcreate(H5P_DATASET_CREATE);
    must(H5Pset_obj_track_times(layout, 0) >= 0, "leave out the time"); /* equal files are then equal bytes */
    must(!compressed ||
             (H5Pset_chunk(layout, 1, &chunk) >= 0 && H5Pset_shuffle(layout) >= 0 && H5Pset_deflate(layout, 1) >= 0),
         "ask for compression");
    for (int c = 0; c < N_COLUMNS; c++) {
        datasets[c] = H5Dcreate2(file, columns[c].name, column_type(c), space, H5P_DEFAULT, layout, H5P_DEFAULT);
        must(datasets[c] >= 0, "make a dataset");
    }
    H5Pclose(layout);
    H5Sclose(space);
}

/* Writes edges [first, first + n) into every column. */
static void write_edges(const hid_t *datasets, hid_t transfer, uint64_t first, uint64_t n, const edge *edges) {
    char *values = malloc((n + 1) * 8);
    must(values != NULL, "allocate a column");
    for (int c = 0; c < N_COLUMNS; c++) {
        hsize_t start = first, count = n;
        hid_t from = H5Screate_simple(1, &count, NULL), to = H5Dget_space(datasets[c]);
        for (uint64_t k = 0; k < n; k++)
            memcpy(values + k * columns[c].size, (const char *)&edges[k] + columns[c].offset, columns[c].size);
        must(H5Sselect_hyperslab(to, H5S_SELECT_SET, &start, NULL, &count, NULL) >= 0 &&
                 H5Dwrite(datasets[c], column_type(c), from, to, transfer, values) >= 0,
             "write edges");
        H5Sclose(to);
        H5Sclose(from);
    }
    free(values);
}

static uint64_t slab_of(uint64_t left) {
    return left < SLAB ? left : SLAB;
}

/* The first edge of a rank. */
static uint64_t share(uint64_t total, int of) {
    return total * (uint64_t)of / (uint64_t)size;
}

/* Rank 0 writes its own slabs, then those of the others as they send them. */
static void write_slabs(const char *path, int compressed, uint64_t total, const edge *edges) {
    hid_t datasets[N_COLUMNS];
    const uint64_t first = share(total, rank), end = share(total, rank + 1);
    for (uint64_t k = first; rank > 0 && k < end; k += SLAB)
        MPI_Send(edges + (k - first), (int)(slab_of(end - k) * sizeof *edges), MPI_BYTE, 0, 0, MPI_COMM_WORLD);
    if (rank > 0)
        return;
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    must(file >= 0, "make the file");
    create_columns(file, total, compressed, datasets);
    edge *slab = malloc(SLAB * sizeof *slab);
    must(slab != NULL, "allocate a slab");
    for (int from = 0; from < size; from++)
        for (uint64_t k = share(total, from); k < share(total, from + 1); k += SLAB) {
            uint64_t n = slab_of(share(total, from + 1) - k);
            if (from > 0)
                MPI_Recv(slab, (int)(n * sizeof *slab), MPI_BYTE, from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
            write_edges(datasets, H5P_DEFAULT, k, n, from > 0 ? slab : edges + k);
        }
    free(slab);
    for (int c = 0; c < N_COLUMNS; c++)
        must(H5Dclose(datasets[c]) >= 0, "close a dataset");
    must(H5Fclose(file) >= 0, "close the file");
}

/* All ranks write what they have, collectively, slab by slab: compressed chunks can only be written so. */
static void write_parallel(const char *path, int compressed, uint64_t total, const edge *edges) {
    hid_t access = H5Pcreate(H5P_FILE_ACCESS), transfer = H5Pcreate(H5P_DATASET_XFER), datasets[N_COLUMNS];
    must(H5Pset_fapl_mpio(access, MPI_COMM_WORLD, MPI_INFO_NULL) >= 0 &&
             H5Pset_dxpl_mpio(transfer, H5FD_MPIO_COLLECTIVE) >= 0,
         "ask for parallel access");
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    must(file >= 0, "make the file");
    create_columns(file, total, compressed, datasets);
    const uint64_t first = share(total, rank), n = share(total, rank + 1) - first;
    for (uint64_t done = 0; done < total / (uint64_t)size + 1; done += SLAB) { /* all ranks equally often */
        uint64_t from = done < n ? done : n;
        write_edges(datasets, transfer, first + from, slab_of(n - from), edges + from);
    }
    for (int c = 0; c < N_COLUMNS; c++)
        must(H5Dclose(datasets[c]) >= 0, "close a dataset");
    must(H5Fclose(file) >= 0, "close the file");
    H5Pclose(transfer);
    H5Pclose(access);
}

int main(int argc, char **argv) {
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    must(argc == 5, "run: output slabs|parallel compressed|plain EDGES FILE");
    int parallel = strcmp(argv[1], "parallel") == 0, compressed = strcmp(argv[2], "compressed") == 0;
    uint64_t total = strtoull(argv[3], NULL, 10);
    edge *edges = make_edges(share(total, rank), share(total, rank + 1) - share(total, rank));
    MPI_Barrier(MPI_COMM_WORLD);
    double began_s = MPI_Wtime();
    if (parallel)
        write_parallel(argv[4], compressed, total, edges);
    else
        write_slabs(argv[4], compressed, total, edges);
    int file = rank == 0 ? open(argv[4], O_RDWR) : -1;
    must(rank > 0 || (file >= 0 && fsync(file) == 0), "bring the file to the disk");
    double mine_s = MPI_Wtime() - began_s, slowest_s = 0;
    MPI_Reduce(&mine_s, &slowest_s, 1, MPI_DOUBLE, MPI_MAX, 0, MPI_COMM_WORLD);
    struct stat info;
    if (rank == 0 && fstat(file, &info) == 0)
        printf("%s %s, %d ranks: %.3f s, %.1f MB\n", argv[1], argv[2], size, slowest_s, 1e-6 * (double)info.st_size);
    free(edges);
    MPI_Finalize();
    return 0;
}
