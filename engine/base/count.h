/* The number of elements of an array. */
#ifndef RW_BASE_COUNT_H
#define RW_BASE_COUNT_H

/* As a size_t; `array` must be an array, not a pointer. */
#define RW_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
