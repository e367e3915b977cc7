/* SPDX-License-Identifier: GPL-2.0-or-later */
/* record_parts.h - the pieces record_make() puts together; nothing outside includes this. */
#ifndef ANALYZE_RECORD_PARTS_H
#define ANALYZE_RECORD_PARTS_H

#include "analyze/record.h"

enum {
	RECORD_SETTINGS_MAX = 20000, /* a large server has some 5000 */
	RECORD_VALUE_MAX = 240, /* bytes of a setting; the kernel's command line may be longer */
	RECORD_CULPRITS_MAX = 100
};

/*
 * Settings of a host by key; the second of one name gets "#2" behind it, and so on. What is longer
 * than RECORD_VALUE_MAX ends with its length and a checksum, so that a difference behind the cut is
 * one all the same. 0 or -ENOMEM.
 */
int record_settings(const struct host *h, struct arena *a, struct record_facts *record) MUST_CHECK;
/* Copies into a; what is unknown stays so. 0 or -ENOMEM. */
int record_copy_str(struct fact_str *to, struct arena *a, const struct fact_str *from) MUST_CHECK;
int record_copy_strs(struct fact_strs *to, struct arena *a,
		     const struct fact_strs *from) MUST_CHECK;
/* Texts are lent by the host. */
void record_fingerprint(const struct host *h, struct fingerprint_facts *ret_fingerprint);
/* The CPUs on which something was timed; where nothing was, those that were to be measured. */
void record_measured_cpus(const struct host *h, struct fact_cpus *ret_cpus);
/* 0, -EBADMSG (a histogram is damaged), -ENOMEM. */
int record_curve(const struct host *h, struct arena *a, struct record_facts *record) MUST_CHECK;
/* 0 or -ENOMEM. */
int record_culprits(const struct host *h, struct arena *a, struct record_facts *record) MUST_CHECK;

#endif
