/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cost of hist_add beside an empty loop and two plain ways to keep latencies: a linear histogram of
 * 1 us cells (as cyclictest -h) and an array kept sorted. All take turns in one run, so that a busy
 * machine troubles all of them; the median of the turns is printed. Exit status 1: a target missed.
 */
#include "core/hist.h"

#include <inttypes.h>
#include <string.h>

#include "core/timebase.h"

#define N_VALUES      65536u
#define N_LOOPS       16u
#define N_SORTED      2048u
#define N_ROUNDS      41u
#define N_CELLS       10000u
#define TARGET_PS     5000u
#define TARGET_SIZE   40000u
#define TARGET_PPM    8000u
#define SWEEP_PER_BIT 1024u

struct state {
	uint64_t value[N_VALUES];
	struct hist hist;
	uint64_t cell[N_CELLS], cell_over;
	uint64_t sorted[N_SORTED];
};

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Each loop reads its value from memory and may not be merged with the next or left out. */
#define KEEP(v) __asm__ volatile("" : "+r"(v)::"memory")

static uint64_t run_empty(struct state *s)
{
	for (size_t loop = 0; loop < N_LOOPS; loop++) {
		for (size_t i = 0; i < N_VALUES; i++) {
			uint64_t v = s->value[i];

			KEEP(v);
		}
	}
	return (uint64_t)N_LOOPS * N_VALUES;
}

static uint64_t run_hist(struct state *s)
{
	hist_init(&s->hist);
	for (size_t loop = 0; loop < N_LOOPS; loop++) {
		for (size_t i = 0; i < N_VALUES; i++) {
			uint64_t v = s->value[i];

			KEEP(v);
			hist_add(&s->hist, v);
		}
	}
	return (uint64_t)N_LOOPS * N_VALUES;
}

static uint64_t run_linear(struct state *s)
{
	memset(s->cell, 0, sizeof(s->cell));
	for (size_t loop = 0; loop < N_LOOPS; loop++) {
		for (size_t i = 0; i < N_VALUES; i++) {
			uint64_t v = s->value[i], cell;

			KEEP(v);
			cell = v / NS_PER_US;
			if (cell < N_CELLS)
				s->cell[cell]++;
			else
				s->cell_over++;
		}
	}
	return (uint64_t)N_LOOPS * N_VALUES;
}

static uint64_t run_sorted(struct state *s)
{
	for (size_t n = 0; n < N_SORTED; n++) {
		uint64_t v = s->value[n];
		size_t low = 0, high = n;

		KEEP(v);
		while (low < high) {
			size_t middle = (low + high) / 2;

			if (s->sorted[middle] <= v)
				low = middle + 1;
			else
				high = middle;
		}
		memmove(&s->sorted[low + 1], &s->sorted[low], (n - low) * sizeof(v));
		s->sorted[low] = v;
	}
	return N_SORTED;
}

static int compare_u64(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static const struct peer {
	const char *name;
	uint64_t (*run)(struct state *s);
} peers[] = {
	{ "empty loop", run_empty },
	{ "hist_add", run_hist },
	{ "linear histogram (1 us cells)", run_linear },
	{ "sorted array of 2048", run_sorted },
};

/* Picoseconds per value, the median of all rounds. */
static void measure(struct state *s, uint64_t median_ps[ARRAY_SIZE(peers)])
{
	const struct timebase *t = timebase_monotonic();
	uint64_t ps[ARRAY_SIZE(peers)][N_ROUNDS];

	for (size_t round = 0; round < N_ROUNDS; round++) {
		for (size_t i = 0; i < ARRAY_SIZE(peers); i++) {
			uint64_t start = timebase_now(t);
			uint64_t n = peers[i].run(s);

			ps[i][round] = (timebase_now(t) - start) * 1000 / n;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(peers); i++) {
		qsort(ps[i], N_ROUNDS, sizeof(ps[i][0]), compare_u64);
		median_ps[i] = ps[i][N_ROUNDS / 2];
	}
}

/* Largest distance of a quantile from the one value it stands for, over the whole range. */
static uint64_t worst_error_ppm(struct hist *h)
{
	uint64_t worst = 0;

	for (unsigned bit = 0; bit < HIST_MAX_BITS; bit++) {
		for (uint64_t i = 0; i < SWEEP_PER_BIT; i++) {
			uint64_t v = (1ull << bit) + (((1ull << bit) * i) / SWEEP_PER_BIT);
			uint64_t got, error;

			/* Neighbours keep min and max from giving the value away. */
			hist_init(h);
			hist_add(h, 0);
			hist_add(h, v);
			hist_add(h, 2ull << HIST_MAX_BITS);
			got = hist_quantile_ns(h, 500000);
			error = got > v ? got - v : v - got;
			worst = u64_max(worst, (error * 1000000 + v - 1) / v);
		}
	}
	return worst;
}

static bool verdict(const char *what, uint64_t got, uint64_t limit, const char *unit)
{
	printf("%-32s %8" PRIu64 " %s (target <= %" PRIu64 "): %s\n", what, got, unit, limit,
	       got <= limit ? "met" : "MISSED");
	return got <= limit;
}

int main(void)
{
	auto_free struct state *s = calloc(1, sizeof(*s));
	uint64_t ps[ARRAY_SIZE(peers)], seed = 1, cost_ps;
	bool is_met = true;

	if (!s)
		return 2;
	for (size_t i = 0; i < N_VALUES; i++) {
		/* 1 us to 1 ms, more small than large. */
		s->value[i] = 1000 + (next_random(&seed) % 1000000 >> next_random(&seed) % 10);
	}

	measure(s, ps);
	for (size_t i = 0; i < ARRAY_SIZE(peers); i++)
		printf("%-32s %4" PRIu64 ".%03" PRIu64 " ns per value\n", peers[i].name,
		       ps[i] / 1000, ps[i] % 1000);
	cost_ps = ps[1] > ps[0] ? ps[1] - ps[0] : 0;
	is_met &= verdict("hist_add less the empty loop", cost_ps, TARGET_PS, "ps");
	is_met &= verdict("size of struct hist", sizeof(struct hist), TARGET_SIZE, "bytes");
	is_met &= verdict("largest relative error", worst_error_ppm(&s->hist), TARGET_PPM, "ppm");
	return is_met ? 0 : 1;
}
