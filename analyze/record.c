/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/record.h"

#include <string.h>

#include "analyze/blame.h"
#include "analyze/measures.h"
#include "analyze/metric.h"
#include "analyze/record_parts.h"

/* Texts of a fingerprint into the arena of the record. */
static int copy_fingerprint(const struct host *h, struct arena *a, struct record_facts *record)
{
	struct fingerprint_facts from, *to = fact_set_object(&record->fingerprint, a, sizeof(*to));
	int r;

	if (!to)
		return -ENOMEM;
	record_fingerprint(h, &from);
	*to = from;
	r = record_copy_str(&to->cpu_model, a, &from.cpu_model);
	if (r == 0)
		r = record_copy_str(&to->arch, a, &from.arch);
	if (r == 0)
		r = record_copy_str(&to->guest_kind, a, &from.guest_kind);
	if (r == 0)
		r = record_copy_str(&to->wake_policy, a, &from.wake_policy);
	return r < 0 ? r : record_copy_str(&to->trace_rung, a, &from.trace_rung);
}

/* What makes the numbers less certain, as shares. */
static void tell_doubts(const struct host *h, struct record_facts *record)
{
	const struct blame_time t = blame_time(h, NULL);
	uint64_t permille;

	if (measure_steal_permille(h, &permille))
		fact_set_u64(&record->steal_permille, u64_min(permille, 1000));
	if (!blame_can_tell(h))
		return;
	/* Of hostile numbers, too: known is not 0 there, and as much as what is not. */
	permille = t.untold_ns / u64_max(t.known_ns / 1000 + t.untold_ns / 1000, 1);
	fact_set_u64(&record->untold_permille, u64_min(permille, 1000));
}

static int copy_run(const struct host *h, struct arena *a, struct record_facts *record)
{
	int r = record_copy_str(&record->label, a, &h->run.label);

	record->started_unix_ns = h->run.started_unix_ns;
	record->duration_ns = h->run.duration_ns;
	record->is_partial = h->run.is_partial;
	record_measured_cpus(h, &record->measured_cpus);
	tell_doubts(h, record);
	if (r == 0)
		r = record_copy_str(&record->profile, a, &h->run.profile);
	if (r == 0)
		r = record_copy_str(&record->tool_version, a, &h->tool.version);
	return r < 0 ? r : record_copy_strs(&record->warnings, a, &h->run.warnings);
}

static int by_id(const void *a, const void *b)
{
	const struct record_finding *x = a, *y = b;

	return strcmp(x->id.v, y->id.v);
}

static int record_findings(const struct findings *f, struct arena *a, struct record_facts *record)
{
	record->findings.known = true;
	for (size_t i = 0; i < f->n; i++) {
		const struct finding *from = &f->v[i];
		struct record_finding *to;
		int r;

		if (from->verdict != VERDICT_PROBLEM && from->verdict != VERDICT_ADVICE &&
		    from->verdict != VERDICT_PASS)
			continue;
		to = fact_add_item(&record->findings, a, sizeof(*to));
		if (!to)
			return -ENOMEM;
		r = fact_set_str(&to->id, a, from->tweak->id);
		if (r == 0)
			r = fact_set_str(&to->verdict, a, verdict_names[from->verdict]);
		if (r == 0 && from->verdict != VERDICT_PASS)
			r = fact_set_str(&to->summary, a, from->summary);
		if (r < 0)
			return r;
	}
	if (record->findings.n)
		qsort(record->findings.v, record->findings.n, sizeof(struct record_finding), by_id);
	return 0;
}

static bool has_value(const struct record_facts *record)
{
	const struct record_metric *m = record->metrics.v;

	for (size_t i = 0; i < record->metrics.n; i++) {
		if (m[i].values.n)
			return true;
	}
	return false;
}

static const char *why_nothing(const struct host *h)
{
	if (h->run.is_audit.known && h->run.is_audit.v)
		return "settings only, nothing was measured: measure with 'vfiobench run'";
	if (blame_is_recording(h))
		return "a recording of somebody's host: it has no repetitions to compare; measure "
		       "with 'vfiobench run'";
	return "nothing in it can be compared: no repetition of a measurement is whole";
}

int record_make(struct host *h, const struct findings *f, struct arena *a,
		struct record_facts *ret_record, const char **ret_why)
{
	struct record_facts record = { 0 };
	int r = copy_run(h, a, &record);

	*ret_why = NULL;
	if (r == 0)
		r = copy_fingerprint(h, a, &record);
	if (r == 0)
		r = metrics_measure(h, a, &record, ret_why);
	if (r == 0)
		r = record_curve(h, a, &record);
	if (r == 0)
		r = record_settings(h, a, &record);
	if (r == 0)
		r = record_findings(f, a, &record);
	if (r == 0)
		r = record_culprits(h, a, &record);
	if (r == 0 && !has_value(&record)) {
		*ret_why = arena_strdup(a, why_nothing(h));
		r = -ENODATA;
	}
	if (r == -ENOMEM)
		*ret_why = "out of memory";
	if (r == 0)
		*ret_record = record;
	return r;
}
