/* SPDX-License-Identifier: GPL-2.0-or-later */
/* formats.h - format files of kernels, as literals of tests, and records to go with them. */
#ifndef TESTS_LIB_FORMATS_H
#define TESTS_LIB_FORMATS_H

#include <event-parse.h>
#include <string.h>

#include "core/base.h"
#include "tests/lib/check.h"

/* A line of a format file; the common fields of any event since 2.6.33. */
#define FORMAT_FIELD(type_and_name, offset, size, is_signed) \
	"\tfield:" type_and_name ";\toffset:" #offset ";\tsize:" #size ";\tsigned:" #is_signed ";\n"
#define COMMON                                                      \
	FORMAT_FIELD("unsigned short common_type", 0, 2, 0)         \
	FORMAT_FIELD("unsigned char common_flags", 2, 1, 0)         \
	FORMAT_FIELD("unsigned char common_preempt_count", 3, 1, 0) \
	FORMAT_FIELD("int common_pid", 4, 4, 1) "\n"
#define FORMAT(name, id, fields)                                                       \
	"name: " name "\nID: " #id "\nformat:\n" COMMON fields "\nprint fmt: \"%d\", " \
	"REC->common_pid\n"

struct format {
	const char *system, *text;
};

static inline struct tep_handle *formats_new(const struct format *v, size_t n)
{
	struct tep_handle *tep = tep_alloc();

	assert_non_null(tep);
	tep_set_local_bigendian(tep, tep_is_bigendian());
	tep_set_file_bigendian(tep, tep_is_bigendian());
	tep_set_long_size(tep, sizeof(long));
	tep_set_loglevel(TEP_LOG_NONE);
	for (size_t i = 0; i < n; i++)
		tep_parse_event(tep, v[i].text, strlen(v[i].text), v[i].system);
	return tep;
}

/* A record: put its fields where the format says, size bytes. */
struct record {
	unsigned char at[256];
	size_t size;
};

static inline void put(struct record *r, size_t offset, uint64_t v, size_t size)
{
	memcpy(r->at + offset, &v, size);
	r->size = r->size > offset + size ? r->size : offset + size;
}

static inline void put_text(struct record *r, size_t offset, const char *text, size_t size)
{
	const size_t n = strlen(text);

	memset(r->at + offset, 0, size);
	memcpy(r->at + offset, text, n < size ? n : size);
	r->size = r->size > offset + size ? r->size : offset + size;
}

static inline struct record record_of(unsigned type, int pid)
{
	struct record r = { .size = 0 };

	memset(r.at, 0x5a, sizeof(r.at));
	put(&r, 0, type, 2);
	put(&r, 2, 0, 1);
	put(&r, 3, 0, 1);
	put(&r, 4, (uint32_t)pid, 4);
	return r;
}

#endif
