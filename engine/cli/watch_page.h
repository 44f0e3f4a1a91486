/* A run in progress as a page that a browser loads again by itself. */
#ifndef RW_CLI_WATCH_PAGE_H
#define RW_CLI_WATCH_PAGE_H

#include "cli/watch_print.h"

/* Writes the page, which asks to be loaded again after every_s while the run goes on. A browser never sees half of it.
 * Errors: RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_watch_page(const rw_watch_view *view, const rw_watch_style *style, double every_s,
                                   const char *path);

#endif
