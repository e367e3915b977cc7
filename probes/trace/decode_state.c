/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/decode_state.h"

#include <event-parse.h>
#include <string.h>

#include "probes/trace/text_event.h"

enum { DEPTH_MAX = 64 }; /* of an expression */

static bool is_op(const struct tep_print_arg *a, const char *op)
{
	return a && a->type == TEP_PRINT_OP && a->op.op && strcmp(a->op.op, op) == 0;
}

static bool is_atom(const struct tep_print_arg *a, const char *atom)
{
	return a && a->type == TEP_PRINT_ATOM && a->atom.atom && strcmp(a->atom.atom, atom) == 0;
}

static bool read_number(const char *text, uint64_t *ret_value)
{
	const struct text t = text_of(text);

	return (text_starts(t, "0x") ? text_hex(t, ret_value) : text_u64(t, ret_value)) == 0;
}

static bool apply(const char *op, uint64_t a, uint64_t b, uint64_t *ret_value)
{
	if (strcmp(op, "|") == 0)
		*ret_value = a | b;
	else if (strcmp(op, "&") == 0)
		*ret_value = a & b;
	else if (strcmp(op, "+") == 0)
		*ret_value = a + b;
	else if (strcmp(op, "-") == 0)
		*ret_value = a - b;
	else if (strcmp(op, "<<") == 0 && b < 64)
		*ret_value = a << b;
	else
		return false;
	return true;
}

/* "((0x01 | 0x02 | 0x40) + 1) << 1" */
static bool evaluate(const struct tep_print_arg *a, unsigned depth, uint64_t *ret_value)
{
	uint64_t left, right;

	if (!a || depth > DEPTH_MAX)
		return false;
	if (a->type == TEP_PRINT_ATOM)
		return a->atom.atom && read_number(a->atom.atom, ret_value);
	if (a->type == TEP_PRINT_TYPE)
		return evaluate(a->typecast.item, depth + 1, ret_value);
	return a->type == TEP_PRINT_OP && a->op.op && evaluate(a->op.left, depth + 1, &left) &&
	       evaluate(a->op.right, depth + 1, &right) && apply(a->op.op, left, right, ret_value);
}

static void add_states(const struct tep_print_flag_sym *f, struct decode_states *s)
{
	for (; f && s->n < DECODE_STATES_MAX; f = f->next) {
		uint64_t bit;

		if (!f->value || !f->str || strlen(f->str) != 1 || !read_number(f->value, &bit) ||
		    !bit || (bit & (bit - 1)))
			continue;
		s->v[s->n].bit = bit;
		s->v[s->n].letter[0] = f->str[0];
		s->v[s->n].state = trace_task_state_of(text_of(f->str), false, false);
		s->n++;
	}
}

/* "prev_state & 0x100 ? "+" : """, "__print_flags(prev_state & 0xff, "|", { 1, "S" }, …)" */
static void look_at(const struct tep_print_arg *a, unsigned depth, struct decode_states *s)
{
	if (!a || depth > DEPTH_MAX)
		return;
	if (a->type == TEP_PRINT_FLAGS && !s->n)
		add_states(a->flags.flags, s);
	if (a->type != TEP_PRINT_OP)
		return;
	if (is_op(a, "?") && is_op(a->op.right, ":") && is_atom(a->op.right->op.left, "+")) {
		uint64_t bit;

		if (is_op(a->op.left, "&") && evaluate(a->op.left->op.right, 0, &bit))
			s->preempted = bit;
		return;
	}
	look_at(a->op.left, depth + 1, s);
	look_at(a->op.right, depth + 1, s);
}

void decode_states_read(const struct tep_event *sched_switch, struct decode_states *ret_states)
{
	static const struct decode_states plain = {
		.v = { { 1, "S", TRACE_TASK_SLEEPING }, { 2, "D", TRACE_TASK_BLOCKED } }, .n = 2
	};
	struct decode_states s = { 0 };

	for (const struct tep_print_arg *a = sched_switch ? sched_switch->print_fmt.args : NULL; a;
	     a = a->next)
		look_at(a, 0, &s);
	*ret_states = s.n ? s : plain;
	for (size_t i = ret_states->n; i-- > 0;)
		ret_states->of_bit[__builtin_ctzll(ret_states->v[i].bit)] = (uint8_t)(i + 1);
}

/* "D|K", "S+" */
static void decode_mix(struct decode_states *s, uint64_t value, enum trace_task_state *ret_state,
		       const char **ret_letters)
{
	char *out = s->letters;

	*ret_state = TRACE_TASK_UNKNOWN;
	*ret_letters = NULL;
	for (size_t i = 0; i < s->n; i++) {
		if (!(value & s->v[i].bit))
			continue;
		if (out == s->letters)
			*ret_state = s->v[i].state;
		else
			*out++ = '|';
		*out++ = s->v[i].letter[0];
	}
	if (out == s->letters)
		return;
	if (value & s->preempted)
		*out++ = '+';
	*out = '\0';
	*ret_letters = s->letters;
}

void decode_state(struct decode_states *s, uint64_t value, enum trace_task_state *ret_state,
		  const char **ret_letters)
{
	unsigned known;

	if (!value) {
		*ret_state = TRACE_TASK_RUNNABLE;
		*ret_letters = "R";
	} else if (value == s->preempted) {
		*ret_state = TRACE_TASK_PREEMPTED;
		*ret_letters = "R+";
	} else if (value & (value - 1)) {
		decode_mix(s, value, ret_state, ret_letters);
	} else {
		known = s->of_bit[__builtin_ctzll(value)];
		*ret_state = known ? s->v[known - 1].state : TRACE_TASK_UNKNOWN;
		*ret_letters = known ? s->v[known - 1].letter : NULL;
	}
}
