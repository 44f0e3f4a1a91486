/* What a user can do about a failure of the system. */
#ifndef RW_BASE_REMEDY_H
#define RW_BASE_REMEDY_H

/* What to do about a file or directory that cannot be opened or read, given the errno. */
const char *rw_reading_remedy(int error);

#endif
