/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page.h - pages of the report, and what each of them has to be. Test sources name
 * tests/lib/page.c, tests/lib/sample.c and tests/lib/sample_trace.c.
 */
#ifndef TESTS_LIB_PAGE_H
#define TESTS_LIB_PAGE_H

#include "analyze/engine.h"
#include "tests/lib/sample.h"

/* Freed by the caller. */
char *page_of(struct host *h, const struct findings *f);
char *page_judged(struct host *h);
char *page_sample(const struct sample *s);
/* Into the folder VFIOBENCH_PAGES, to be looked at. */
void page_keep(const char *page, const char *name);

/* The test fails else. */
void page_has(const char *page, const char *piece);
void page_has_not(const char *page, const char *piece);
size_t page_count(const char *page, const char *piece);
/* Whole, well-formed, below its size; nothing in it runs or is fetched. */
void page_check(const char *page);

#endif
