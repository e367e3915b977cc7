/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * schema.h - what a document can say, as tables.
 *
 * Per domain (clock, cpu, irq …) there is one struct of facts and one struct schema with a row per
 * member. Probes fill the struct and encode it; everything else decodes into the same struct. The
 * format page, the JSON Schemas and the round-trip tests are made from the same rows.
 *
 * Every fact begins with 'known'. What is not known is absent from the document; a gap says why.
 */
#ifndef FACTS_SCHEMA_H
#define FACTS_SCHEMA_H

#include "core/arena.h"
#include "core/base.h"
#include "core/cpus.h"
#include "core/doc.h"
#include "core/hist.h"

struct fact_u64 {
	bool known;
	uint64_t v;
};

struct fact_i64 {
	bool known;
	int64_t v;
};

struct fact_bool {
	bool known;
	bool v;
};

struct fact_str {
	bool known;
	const char *v;
};

struct fact_cpus {
	bool known;
	struct cpus v;
};

struct fact_strs {
	bool known;
	size_t n;
	const char **v;
};

struct fact_pair {
	uint64_t key, value;
};

/* Sparse numbers by key, e.g. interrupts by CPU: [[cpu, count], …] with zeros left out. */
struct fact_pairs {
	bool known;
	size_t n;
	struct fact_pair *v;
};

struct fact_hist {
	bool known;
	const struct hist_bins *v;
};

/* n structs of the row's item schema, one after the other. */
struct fact_list {
	bool known;
	size_t n;
	void *v;
};

/* One struct of the row's item schema. */
struct fact_object {
	bool known;
	void *v;
};

enum fact_type {
	FACT_U64,
	FACT_I64,
	FACT_BOOL,
	FACT_STR,
	FACT_CPUS, /* as a list: "1-4,7-10" */
	FACT_STRS,
	FACT_PAIRS,
	FACT_HIST,
	FACT_LIST,   /* struct fact_list of item */
	FACT_OBJECT, /* struct fact_object of item */
	FACT_TYPES   /* how many there are */
};

enum fact_compare {
	FACT_NOT_COMPARED, /* identity, time, counters since boot … */
	FACT_SETTING,      /* "what differs between the two hosts" */
	FACT_LOWER_IS_BETTER,
	FACT_HIGHER_IS_BETTER
};

/*
 * What becomes of a text when a document is made to be shared (report/redact.h). Numbers, flags,
 * CPU sets and histograms name nobody and stay.
 */
enum fact_privacy {
	FACT_WORDS,    /* whatever somebody wrote: only words that are known to name nobody stay */
	FACT_OPEN,     /* versions, models, drivers, PCI addresses, one of a few words: stays */
	FACT_PSEUDONYM /* names somebody or something: always another name */
};

struct schema;

struct fact_field {
	const char *key;
	size_t at, size;
	enum fact_type type;
	enum fact_compare compare;
	const char *unit; /* "" for names, flags and sets */
	const char *about;
	const struct schema *item; /* FACT_LIST and FACT_OBJECT only */
	enum fact_privacy privacy; /* FACT_STR and FACT_STRS only */
	const char *pseudonym;     /* "guest": what replaces a name begins so; NULL: "name" */
};

struct schema {
	const char
		*name; /* "clock": key below "probes", and in the names of gaps: "clock.current" */
	const char *about;
	size_t size; /* of the struct */
	const struct fact_field *fields;
	size_t n_fields;
};

/* First three members of a row: FIELD(struct clock_facts, current). */
#define FIELD(type, member) #member, offsetof(type, member), sizeof(((type *)0)->member)

/* sizeof of the C type behind a fact_type, for the test of the tables. */
size_t fact_type_size(enum fact_type type);
const char *fact_type_name(enum fact_type type);
/* How a text is shared, for people: "words", "open", "pseudonym"; "" of what is no text. */
const char *fact_shared_as(const struct fact_field *f);

/* A new object with the known facts in table order: 0, -ENOMEM, -ERANGE. */
int schema_encode(const struct schema *s, const void *facts, struct doc **ret_doc) MUST_CHECK;
/*
 * Fills *facts (zeroed by the caller) from an object. Unknown keys are accepted, absent ones stay
 * unknown. -EBADMSG: a value of another type, out of range or too large a list; *ret_why (may be
 * NULL) then names it, e.g. "lines[3].irq: expected a number"; it lives in the arena.
 */
int schema_decode(const struct schema *s, const struct doc *d, struct arena *a, void *facts,
		  const char **ret_why) MUST_CHECK;
/*
 * Text of a stranger for people's terminals and pages: a copy without control characters, as
 * doc_put_str() writes it. -ENOENT, -EBADMSG (no text, or longer than any there is), -ENOMEM.
 */
int fact_read_str(const struct doc *d, struct arena *a, const char **ret_s) MUST_CHECK;
/* Calls fn for each known fact of FACT_SETTING kind that differs or is known on one side only. */
typedef int schema_differs_fn(void *arg, const struct fact_field *field, const char *before,
			      const char *after);
int schema_differences(const struct schema *s, const void *before, const void *after,
		       schema_differs_fn *fn, void *arg) MUST_CHECK;
/* A fact as one line of text for people, freed by the caller; NULL: not known, or no memory. */
char *fact_text(const struct fact_field *f, const void *facts);
/*
 * Calls fn for each known fact of FACT_SETTING kind, those of its lists one by one: keys such as
 * "cpu.online", "cpu.freq[0-3].governor" and, of pairs of name and value, "kernel.sysctls[vm.x]".
 * Items are named by what tells them from the others; the same name can come twice. prefix is the
 * part before the first dot. Texts are lent. What fn returns other than 0 ends it: 0, that, or
 * -ENOMEM.
 */
typedef int schema_setting_fn(void *arg, const char *key, const char *value);
int schema_settings(const struct schema *s, const void *facts, const char *prefix,
		    schema_setting_fn *fn, void *arg) MUST_CHECK;

/*
 * Building facts. All copy into the arena; all return 0 or -ENOMEM, and a NULL text leaves the fact
 * unknown.
 */
void fact_set_u64(struct fact_u64 *f, uint64_t v);
void fact_set_i64(struct fact_i64 *f, int64_t v);
void fact_set_bool(struct fact_bool *f, bool v);
void fact_set_cpus(struct fact_cpus *f, const struct cpus *v);
int fact_set_str(struct fact_str *f, struct arena *a, const char *v) MUST_CHECK;
int fact_set_text(struct fact_str *f, struct arena *a, struct text v) MUST_CHECK;
int fact_add_str(struct fact_strs *f, struct arena *a, const char *v) MUST_CHECK;
int fact_add_pair(struct fact_pairs *f, struct arena *a, uint64_t key, uint64_t value) MUST_CHECK;
/* A new zeroed item at the end of a list; NULL: no memory. Pointers to earlier items get stale. */
void *fact_add_item(struct fact_list *f, struct arena *a, size_t item_size);
/* A new zeroed struct, known from now on; NULL: no memory. */
void *fact_set_object(struct fact_object *f, struct arena *a, size_t item_size);
uint64_t fact_pair_value(const struct fact_pairs *f, uint64_t key); /* 0 when it is not there */
bool fact_is(const struct fact_str *f, const char *v);              /* known and equal */
bool fact_is_one_of(const struct fact_str *f, const char *const *names); /* NULL ends them */
bool fact_has_cpus(const struct fact_cpus *f);                           /* known and not empty */

#endif
