/* JSON files of a circuit: manifest variables, paths, values. */
#ifndef RW_IO_SONATA_SONATA_IN_CONFIG_H
#define RW_IO_SONATA_SONATA_IN_CONFIG_H

#include "io/sonata/sonata_reader.h"

/* Reads a JSON file into a tree. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_json_read(rw_sonata_reader *reader, rw_sonata_json *json, const char *path);

/* Fails with RW_ERR_INPUT at a place in a JSON file. */
RW_MUST_CHECK rw_err rw_sonata_json_wrong(rw_sonata_reader *reader, const rw_node *node, const char *format, ...)
    RW_PRINTF(3, 4);

/* The member of a map that must be there and of that kind. Errors: RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_sonata_json_need(rw_sonata_reader *reader, const rw_node *map, const char *key,
                                         rw_node_kind kind, const rw_node **member);

/* A path with its manifest variables replaced, relative to the working directory. Errors: RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_sonata_json_path(rw_sonata_reader *reader, const rw_sonata_json *json, const rw_node *node,
                                         const char **path);

/* The path of a parameter file inside a directory of the circuit's components. Errors: RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_sonata_component(rw_sonata_reader *reader, const char *directory_key, const char *file,
                                         const char **path);

/* A finite number. Errors: RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_sonata_json_number(rw_sonata_reader *reader, const rw_node *node, double *value);

/* A whole number from 0 to 2^53. Errors: RW_ERR_INPUT. */
RW_MUST_CHECK rw_err rw_sonata_json_integer(rw_sonata_reader *reader, const rw_node *node, uint64_t *value);

/* Whether a member `enabled` says false. */
bool rw_sonata_json_disabled(const rw_node *map);

/* A finite decimal number that is the whole text. */
bool rw_sonata_number(const char *text, double *value);

/* The directory of a file: "" or a path with its slash at the end. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_sonata_directory(rw_arena *arena, const char *path, const char **directory);

/* Joins and simplifies "directory/" and a path: an absolute path stays as it is. Errors: RW_ERR_SYSTEM (memory). */
RW_MUST_CHECK rw_err rw_sonata_join(rw_arena *arena, const char *directory, const char *path, const char **joined);

#endif
