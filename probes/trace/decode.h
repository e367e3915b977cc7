/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * decode.h - binary records of the ring buffer, live or of a trace.dat, become events.
 *
 * Where a field lies in its record is asked once per event of the format files (libtraceevent), as
 * kernels move fields; decoding one record then is a look into a table and some loads. All of a
 * record is a stranger's: sizes and offsets are checked, texts are copied and end.
 *
 * Source: Documentation/trace/events.rst, events/SYSTEM/EVENT/format.
 */
#ifndef PROBES_TRACE_DECODE_H
#define PROBES_TRACE_DECODE_H

#include "probes/trace/event.h"

struct tep_handle;
struct trace_decoder;

/*
 * tep: stays the caller's, outlives the decoder, and knows the formats, the order of bytes and the
 * size of a long of the kernel that wrote the records. 0, -ENOMEM; events that tep does not know,
 * or whose fields are odd, are not among trace_decoder_has().
 */
int trace_decoder_new(struct tep_handle *tep, struct trace_decoder **ret_decoder) MUST_CHECK;
void trace_decoder_free(struct trace_decoder *d); /* NULL is fine */
/* N_TRACE_KINDS flags: these kinds can come. */
const bool *trace_decoder_has(const struct trace_decoder *d);
/*
 * An event that the kernel refuses: its kind, and what is the other end of that, cannot come any
 * more and are not decoded, as a part of them would be taken for all.
 */
void trace_decoder_drop(struct trace_decoder *d, int event_id);
/*
 * Names of kernel functions, of work items, timers and handlers of NMIs. NULL: no name. The
 * returned text lives as long as arg; answers are kept, so that it is not asked for each event.
 */
typedef const char *trace_function_fn(void *arg, uint64_t address);
void trace_decoder_set_functions(struct trace_decoder *d, trace_function_fn *name, void *arg);
/*
 * One record, with its common fields: true with *ret_event, or false: of no kind of ours, or broken
 * (counted). Texts of the event live until the next call. Its thread has no name but in
 * TRACE_SWITCH.
 */
bool trace_decode(struct trace_decoder *d, int cpu, uint64_t t_ns, const void *data, size_t size,
		  struct trace_event *ret_event);
/* Records of our kinds that were too short for their fields, or held a text outside of them. */
uint64_t trace_decoder_n_broken(const struct trace_decoder *d);

#endif
