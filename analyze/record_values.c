/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/record_values.h"

#include <math.h>

#include "analyze/stats_midrank.h"

const struct record_metric *record_metric_of(const struct record_facts *session, const char *id)
{
	const struct record_metric *m = session->metrics.v;

	for (size_t i = 0; i < session->metrics.n; i++) {
		if (fact_is(&m[i].id, id))
			return &m[i];
	}
	return NULL;
}

struct fact_u64 record_mean_permille(const struct record_facts *const *sessions, size_t n,
				     size_t at)
{
	uint64_t sum = 0, n_known = 0;

	for (size_t i = 0; i < n; i++) {
		const struct fact_u64 *share =
			(const struct fact_u64 *)((const char *)sessions[i] + at);

		sum += share->known ? u64_min(share->v, 1000) : 0;
		n_known += share->known;
	}
	if (!n_known)
		return (struct fact_u64){ 0 };
	return (struct fact_u64){ true, (sum + n_known / 2) / n_known };
}

size_t record_n_repetitions(const struct record_facts *session)
{
	const struct record_metric *m = session->metrics.v;
	size_t n = 0;

	for (size_t i = 0; i < session->metrics.n; i++)
		n = m[i].values.n > n ? m[i].values.n : n;
	return n;
}

int record_median(const struct record_metric *m, uint64_t *ret_value)
{
	auto_free double *v = NULL;
	double value;

	if (!m || !m->values.known || !m->values.n)
		return -ENODATA;
	v = calloc(m->values.n, sizeof(*v));
	if (!v)
		return -ENOMEM;
	for (size_t i = 0; i < m->values.n; i++)
		v[i] = (double)m->values.v[i].value;
	value = round(stats_median(v, m->values.n));
	*ret_value = value < 0x1.0p64 ? (uint64_t)value : UINT64_MAX;
	return 0;
}
