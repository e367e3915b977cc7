/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "probes/trace/text_event.h"
#include "probes/trace/text_scan.h"

/* "irq=18 name=goldfish_pipe"; the name is the rest of the line. */
int trace_args_irq_entry(struct text args, struct trace_strings *s, struct trace_event *e)
{
	struct text name = text_make(NULL, 0);

	if (!scan_number(args, "irq=", &e->irq.irq))
		return -EBADMSG;
	if (!scan_behind_first(args, "name=", &name))
		scan_behind_first(args, "handler=", &name);
	e->irq.name = trace_string(s, text_trim(name));
	return 0;
}

/* "irq=18 ret=handled" */
int trace_args_irq_exit(struct text args, struct trace_strings *s, struct trace_event *e)
{
	(void)s;
	e->irq.name = NULL;
	return scan_number(args, "irq=", &e->irq.irq) ? 0 : -EBADMSG;
}

/* "vector=236"; the name is that of the event, and set by the caller. */
int trace_args_vector(struct text args, struct trace_strings *s, struct trace_event *e)
{
	(void)s;
	e->irq.name = NULL;
	return scan_number(args, "vector=", &e->irq.irq) ? 0 : -EBADMSG;
}

/* "vec=6 [action=TASKLET]", "softirq=6 action=TASKLET"; raw output has the number only. */
int trace_args_softirq(struct text args, struct trace_strings *s, struct trace_event *e)
{
	static const char *const names[] = { "HI",       "TIMER",   "NET_TX", "NET_RX",  "BLOCK",
					     "IRQ_POLL", "TASKLET", "SCHED",  "HRTIMER", "RCU" };
	struct text name;

	if (!scan_number(args, "vec=", &e->irq.irq) && !scan_number(args, "softirq=", &e->irq.irq))
		return -EBADMSG;
	if (scan_word(args, "action=", &name))
		e->irq.name = trace_string(s, name);
	else
		e->irq.name = e->irq.irq < ARRAY_SIZE(names) ? names[e->irq.irq] : NULL;
	return 0;
}

/* "perf_event_nmi_handler() delta_ns: 1234 handled: 1" */
int trace_args_nmi(struct text args, struct trace_strings *s, struct trace_event *e)
{
	struct text rest = args, handler, number;

	if (!scan_behind_key(args, "delta_ns:", &number) || !text_next_word(&rest, &handler))
		return -EBADMSG;
	number = text_trim(number);
	if (!scan_take(&number, false, &e->nmi.delta_ns))
		return -EBADMSG;
	if (text_ends(handler, "()"))
		handler.len -= 2;
	e->nmi.handler = trace_string(s, handler);
	return 0;
}

/* A function's name, or its address where nobody resolved it. */
static void set_function(struct text word, struct trace_strings *s, uint64_t *ret_address,
			 const char **ret_name)
{
	struct text rest = word;

	*ret_name = NULL;
	*ret_address = UINT64_MAX;
	if (text_starts(word, "0x") && scan_take(&rest, true, ret_address) && !rest.len)
		return;
	*ret_address = UINT64_MAX;
	*ret_name = trace_string(s, word);
}

/* "work struct 00000000f3bb: function blk_mq_run_work_fn", "work struct 0xf3bb", raw "work=0xf3bb"
 */
int trace_args_work(struct text args, struct trace_strings *s, struct trace_event *e)
{
	struct text word = text_make(NULL, 0);

	if (!scan_hex(args, "work struct ", &e->work.work) &&
	    !scan_hex(args, "work=", &e->work.work))
		return -EBADMSG;
	if (!scan_word(args, "function ", &word))
		scan_word(args, "function=", &word);
	set_function(word, s, &e->work.function, &e->work.function_name);
	return 0;
}

/* "hrtimer=000000005f2 function=tick_sched_timer now=123456789000" */
int trace_args_timer(struct text args, struct trace_strings *s, struct trace_event *e)
{
	struct text word = text_make(NULL, 0);

	if (!scan_hex(args, "hrtimer=", &e->timer.timer))
		return -EBADMSG;
	scan_word(args, "function=", &word);
	set_function(word, s, &e->timer.function, &e->timer.function_name);
	e->timer.now_ns = UINT64_MAX;
	scan_number(args, "now=", &e->timer.now_ns);
	return 0;
}

/* "state=1 cpu_id=3"; (u32)-1 leaves idle */
int trace_args_idle(struct text args, struct trace_strings *s, struct trace_event *e)
{
	(void)s;
	if (!scan_number(args, "state=", &e->idle.state))
		return -EBADMSG;
	if (e->idle.state == UINT32_MAX)
		e->idle.state = UINT64_MAX;
	return 0;
}
