/* What program this is and how it was built. */
#ifndef RW_BASE_VERSION_H
#define RW_BASE_VERSION_H

typedef struct {
    const char *version;    /* "0.2.0" */
    const char *revision;   /* of the source, "unknown" outside a checkout */
    const char *build_type; /* "Release", "Debug" */
    const char *compiler;   /* name and version */
    const char *flags;      /* that change code */
} rw_version_info;

/* What this program is; the strings live as long as the program. */
rw_version_info rw_version(void);

#endif
