/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "analyze/stats_equivalence.h"

#include <math.h>

int stats_equivalence_sides(struct stats_null *null, const struct stats_arm *before,
			    const struct stats_arm *after, double margin, enum stats_care care,
			    double *ret_p)
{
	double above = 1, below = 1;
	int r = stats_rank_sum(null, before, after, -margin, care, &above);

	if (r == 0)
		r = stats_rank_sum(null, after, before, -margin, care, &below);
	if (r < 0)
		return r;
	*ret_p = fmax(above, below);
	return 0;
}

int stats_equivalence_pairs(const struct stats_arm *differences, double margin, double *ret_p)
{
	double above = 1, below = 1;
	int r = stats_signed_rank(differences, false, -margin, &above);

	if (r == 0)
		r = stats_signed_rank(differences, true, -margin, &below);
	if (r < 0)
		return r;
	*ret_p = fmax(above, below);
	return 0;
}
