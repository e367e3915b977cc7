/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/exits_walk.h"

#include <string.h>

#define LINE           64u
#define LINES_PER_PAGE (EXITS_WALK_PAGE / LINE)

/* Marsaglia's xorshift64; the state is never 0. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Sattolo's shuffle: what it makes of any order is one cycle through all. */
static void shuffle(uint32_t *next, uint32_t n, uint64_t *state)
{
	for (uint32_t i = 0; i < n; i++)
		next[i] = i;
	for (uint32_t i = n - 1; i > 0; i--) {
		const uint32_t j = (uint32_t)(next_random(state) % i), kept = next[i];

		next[i] = next[j];
		next[j] = kept;
	}
}

/* Of the word in that page: the line depends on page and seed only (the finisher of MurmurHash3).
 */
static uint64_t word_at(uint64_t page, uint64_t seed)
{
	uint64_t mixed = page ^ seed;

	mixed ^= mixed >> 33;
	mixed *= UINT64_C(0xff51afd7ed558ccd);
	mixed ^= mixed >> 33;
	return page * EXITS_WALK_PAGE + mixed % LINES_PER_PAGE * LINE;
}

int exits_walk_fill(uint8_t *memory, size_t size, uint64_t guest_at, uint64_t seed,
		    uint64_t *ret_start)
{
	const uint64_t n = size / EXITS_WALK_PAGE;
	auto_free uint32_t *next = NULL;
	uint64_t state = seed | 1;

	if (size % EXITS_WALK_PAGE != 0 || n < 2 || n > UINT32_MAX)
		return -EINVAL;
	next = calloc(n, sizeof(*next));
	if (!next)
		return -ENOMEM;
	shuffle(next, (uint32_t)n, &state);
	for (uint64_t i = 0; i < n; i++) {
		const uint64_t to = guest_at + word_at(next[i], seed);

		memcpy(memory + word_at(i, seed), &to, sizeof(to));
	}
	*ret_start = guest_at + word_at(0, seed);
	return 0;
}
