/* Settings of the HDF5 library, before its first use. */
#ifndef RW_IO_START_H
#define RW_IO_START_H

/* Keeps HDF5 from closing files once more when the program exits. A file that could not be closed, because the disk was
 * full, stays open inside the library, whose last attempt then crashes. Call first of all; every file is closed by
 * rewire. */
void rw_io_start(void);

#endif
