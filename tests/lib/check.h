/* SPDX-License-Identifier: GPL-2.0-or-later */
/* check.h - cmocka with the headers it needs before it, in the order it needs them. */
#ifndef TESTS_LIB_CHECK_H
#define TESTS_LIB_CHECK_H

/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

/* cmocka 2 has one for each sign, and warns of the one name that older ones know. */
#ifdef assert_uint_in_range
#undef assert_in_range
#define assert_in_range assert_uint_in_range
#endif

/* The address sanitizer keeps what was freed: gcc and clang say differently that it is there. */
#if defined(__SANITIZE_ADDRESS__)
#define FREED_MEMORY_STAYS
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FREED_MEMORY_STAYS
#endif
#endif

#endif
