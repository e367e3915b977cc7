/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/ab_turns.h"

#include <inttypes.h>
#include <string.h>

#include "analyze/compare.h"
#include "analyze/pairs.h"
#include "cli/ab_measure.h"
#include "cli/progress.h"
#include "cli/session_parts.h"
#include "core/say.h"

static uint64_t turn_ns(const struct ab_wish *w)
{
	return w->settle_ns + w->session.rep_duration_ns + AB_TURN_OVERHEAD_NS;
}

uint64_t ab_duration_ns(const struct ab_wish *w)
{
	return 2 * w->n_pairs * turn_ns(w);
}

static int put(struct ab *ab, bool is_on)
{
	struct session *s = ab->session;
	int r = toggle_put(&ab->toggle, is_on, s->stop_fd);

	if (r != -EINTR)
		return r;
	r = session_note_signal(s, r);
	return r < 0 ? r : -EINTR;
}

static int measure_turn(struct ab *ab, size_t turn)
{
	const bool is_on = pairs_is_on(turn);
	struct record_facts *record = arena_alloc(&ab->arena, sizeof(*record));
	int r = record ? put(ab, is_on) : -ENOMEM;

	if (r == 0)
		r = ab_settle(ab->session, ab->wish->settle_ns);
	if (r == 0)
		r = ab_measure(ab->session, &ab->arena, record);
	if (r == 0)
		*(is_on ? &ab->on[ab->n_pairs] : &ab->off[ab->n_pairs]) = record;
	return r;
}

static int measure_pair(struct ab *ab, size_t pair)
{
	const uint64_t left_ns = 2 * (ab->wish->n_pairs - pair) * turn_ns(ab->wish);
	struct progress progress;
	int r;

	say_note("pair %zu of %" PRIu64 ": %s", pair + 1, ab->wish->n_pairs,
		 pairs_is_on(2 * pair) ? "on, off" : "off, on");
	progress_start(&progress, "measuring", left_ns, ab->wish->is_quiet);
	r = measure_turn(ab, 2 * pair);
	if (r == 0)
		r = measure_turn(ab, 2 * pair + 1);
	progress_stop(&progress);
	ab->n_pairs += r == 0;
	ab->n_left_out += r == -ENODATA;
	return r == -ENODATA ? 0 : r;
}

int ab_run(struct ab *ab)
{
	struct session *s = ab->session;
	int r = session_prepare(s), end, unlocked;

	for (size_t pair = 0; r == 0 && !s->signal && pair < ab->wish->n_pairs; pair++)
		r = measure_pair(ab, pair);
	end = toggle_end(&ab->toggle, ab->wish->is_end_on);
	session_end_microguest(s);
	unlocked = session_unlock(s);
	if (r == -EINTR)
		r = 0;
	if (r == 0)
		r = unlocked;
	return r < 0 ? r : end;
}

enum { LABEL_MAX = 60 };

/* A long command is cut behind a word. In a; NULL: no memory. */
static const char *shorten(const char *command, struct arena *a)
{
	size_t len = strlen(command);

	if (len <= LABEL_MAX)
		return command;
	for (len = LABEL_MAX; len && command[len] != ' '; len--)
		;
	/* One long word: not in the middle of a letter. */
	for (len = len ? len : LABEL_MAX; len && ((unsigned char)command[len] & 0xc0) == 0x80;
	     len--)
		;
	return arena_printf(a, "%.*s …", (int)len, command);
}

static int name_side(struct ab *ab, struct record_facts *r, const char *name, const char *command)
{
	const char *label = command ? shorten(command, &ab->arena) : NULL;
	int error = fact_set_str(&r->name, &ab->arena, name);

	if (command && !label)
		return -ENOMEM;
	return error < 0 ? error : fact_set_str(&r->label, &ab->arena, label);
}

static int add_note(struct ab *ab, struct comparison_facts *c, const char *note)
{
	return note ? fact_add_str(&c->notes, &ab->arena, note) : -ENOMEM;
}

static int note_missing_pairs(struct ab *ab, struct comparison_facts *c)
{
	const size_t n_done = ab->n_pairs + ab->n_left_out;
	const int sig = ab->session->signal;
	int r = 0;

	if (ab->n_left_out)
		r = add_note(ab, c,
			     arena_printf(&ab->arena,
					  "%zu of %zu pairs were left out: a half of "
					  "them could not be measured",
					  ab->n_left_out, n_done));
	if (r == 0 && n_done < ab->wish->n_pairs)
		r = add_note(ab, c,
			     arena_printf(&ab->arena,
					  "partial: %zu of %" PRIu64 " pairs, ended by %s%s",
					  n_done, ab->wish->n_pairs, sig ? "SIG" : "a failure",
					  sig ? sigabbrev_np(sig) : ""));
	return r;
}

/* What to know before trusting it. */
static int add_notes(struct ab *ab, struct comparison_facts *c)
{
	const struct ab_wish *w = ab->wish;
	int r = note_missing_pairs(ab, c);

	if (r == 0 && w->is_null)
		r = add_note(ab, c, "nothing was switched: what is found here is a false alarm");
	if (r == 0 && !w->is_null && !c->differences.n)
		r = add_note(ab, c,
			     "no setting that vfiobench reads differed between on and off: "
			     "did the command do anything?");
	return r;
}

int ab_compare(struct ab *ab, struct comparison_facts *ret_comparison)
{
	const struct ab_wish *w = ab->wish;
	const struct pairs pairs = { ab->off, ab->on, ab->n_pairs };
	/* The comparison keeps texts of them. */
	struct record_facts *off = arena_alloc(&ab->arena, sizeof(*off));
	struct record_facts *on = arena_alloc(&ab->arena, sizeof(*on));
	const struct record_facts *before = off, *after = on;
	const struct compare_wish wish = { .before = { &before, 1 },
					   .after = { &after, 1 },
					   .is_paired = true,
					   .is_one_session = true };
	int r = off && on ? pairs_join(&pairs, &ab->arena, off, on) : -ENOMEM;

	if (r == 0)
		r = name_side(ab, off, "off", w->off);
	if (r == 0)
		r = name_side(ab, on, "on", w->on);
	if (r < 0)
		return r;
	pairs_keep_metrics(off, w->metrics, w->n_metrics);
	pairs_keep_metrics(on, w->metrics, w->n_metrics);
	r = compare_records(&wish, &ab->arena, ret_comparison);
	return r < 0 ? r : add_notes(ab, ret_comparison);
}
