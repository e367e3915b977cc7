/* SPDX-License-Identifier: GPL-2.0-or-later */
/* words.h - numbers and sentences as people read them. */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "core/base.h"

/* "850 ns", "12.3 us", "4.51 ms", "2.00 s" */
void words_of_ns(uint64_t ns, char *buf, size_t size);
/* "512 KiB", "12.0 GiB" */
void words_of_kib(uint64_t kib, char *buf, size_t size);
/* Permille as percent: "3.2 %" */
void words_of_permille(uint64_t permille, char *buf, size_t size);

/* Part of a whole as percent: "2.31 %", "58.2 %", "<0.01 %"; of nothing: "0 %" */
void words_of_share(uint64_t part, uint64_t whole, char *buf, size_t size);
/* Time of day in UTC: "14:00:05.123456" */
void words_of_time(uint64_t unix_ns, char *buf, size_t size);
/* "999999", "1.23M", "45.6G" */
void words_of_count(uint64_t n, char *buf, size_t size);

/*
 * Text broken at blanks to the width, each line with the indent; its own line ends stay. Control
 * bytes of strangers never reach the terminal (text_clean).
 */
void print_wrapped(FILE *out, const char *indent, unsigned width, const char *text);
/* One line, broken in the same way: lead before its first piece, blanks before the others. */
void print_line(FILE *out, const char *lead, unsigned width, const char *text);
/*
 * Lines of a fix: sentences are broken at blanks to the width, commands and what is to be copied
 * never are.
 */
void print_fix(FILE *out, const char *indent, unsigned width, const char *text);
/* A setting that changed: "cpu.idle"; with its values where they are words that have room. */
void print_moved(FILE *out, const char *lead, unsigned width, const char *moved);
/* Text of that length as it is, but for bytes that a terminal would obey. */
void print_clean(FILE *out, const char *text, size_t len);

#endif
