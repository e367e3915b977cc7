/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * write_result CORES IRQS REPS STEPS: the made-up host of sample.h as a document: so many cores of
 * two threads, interrupt lines, repetitions, and moments in the series of each vCPU.
 */
#include <stddef.h>
#include <stdlib.h>

#include "tests/lib/check.h"
#include "tests/lib/sample.h"

#define PART(name)                                                 \
	{                                                          \
#name, &name##_schema, offsetof(struct host, name) \
	}

struct part {
	const char *name;
	const struct schema *schema;
	size_t at;
};

static const struct part members[] = {
	PART(tool),
	PART(run),
	{ "host", &identity_schema, offsetof(struct host, identity) },
	{ "guest", &guestref_schema, offsetof(struct host, guestref) },
	{ "cpus", &cpuset_schema, offsetof(struct host, cpus) },
};

static const struct part probes[] = {
	PART(kernel), PART(cpu),    PART(clock), PART(irq),      PART(hugepages), PART(aio),
	PART(guest),  PART(domain), PART(pci),   PART(iommu),    PART(power),     PART(mm),
	PART(sched),  PART(net),    PART(log),   PART(setup),    PART(wake),      PART(tsc),
	PART(gap),    PART(exits),  PART(trace), PART(activity), PART(wake_bare),
};

static void put(struct doc *in, const struct host *h, const struct part *p)
{
	struct doc *facts = NULL;

	assert_int_equal(schema_encode(p->schema, (const char *)h + p->at, &facts), 0);
	assert_int_equal(doc_put(in, p->name, facts), 0);
}

static void put_probe(struct doc *in, const struct host *h, const struct part *p)
{
	struct doc *d = doc_object_new(), *facts = NULL;

	assert_int_equal(doc_put_str(d, "format", "vfiobench-probe"), 0);
	assert_int_equal(doc_put_u64(d, "version", 1), 0);
	assert_int_equal(doc_put_str(d, "probe", p->name), 0);
	assert_int_equal(doc_put_str(d, "status", "ok"), 0);
	assert_int_equal(doc_put_str(d, "reason", ""), 0);
	assert_int_equal(schema_encode(p->schema, (const char *)h + p->at, &facts), 0);
	assert_int_equal(doc_put(d, "data", facts), 0);
	assert_int_equal(doc_put(d, "gaps", doc_array_new()), 0);
	assert_int_equal(doc_put(in, p->name, d), 0);
}

static struct doc *result_of(const struct host *h)
{
	struct doc *d = doc_object_new(), *all = doc_object_new();

	assert_int_equal(doc_put_str(d, "format", "vfiobench-result"), 0);
	assert_int_equal(doc_put_u64(d, "version", 1), 0);
	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		put(d, h, &members[i]);
	for (size_t i = 0; i < ARRAY_SIZE(probes); i++)
		put_probe(all, h, &probes[i]);
	assert_int_equal(doc_put(d, "probes", all), 0);
	return d;
}

static unsigned number(const char *text)
{
	return (unsigned)strtoul(text, NULL, 10);
}

int main(int argc, char **argv)
{
	auto_doc struct doc *d = NULL;
	auto_free char *text = NULL;
	struct host *h;

	if (argc != 5)
		return 2;
	h = sample_host(
		&(struct sample){ number(argv[1]), number(argv[2]), number(argv[3]), 1000 });
	sample_add_trace(h, &(struct sample_trace){ 2 * number(argv[1]) - 4, 24, number(argv[4]) });
	d = result_of(h);
	host_free(h);
	text = doc_print(d, false);
	return !text || fputs(text, stdout) == EOF;
}
