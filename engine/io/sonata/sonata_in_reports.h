/* What a configuration wants recorded. */
#ifndef RW_IO_SONATA_SONATA_IN_REPORTS_H
#define RW_IO_SONATA_SONATA_IN_REPORTS_H

#include "io/sonata/sonata_reader.h"

/* Reads what the configuration wants recorded. Errors: RW_ERR_INPUT, RW_ERR_SYSTEM. */
RW_MUST_CHECK rw_err rw_sonata_read_reports(rw_sonata_reader *reader);

#endif
