/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A format with fields anywhere, of any size and type, then records of it: whatever they hold,
 * nothing is read beyond them, and all texts end.
 */
#include <assert.h>
#include <event-parse.h>
#include <string.h>

#include "probes/trace/decode_table.h"

enum { TEXT_MAX = 255, FIELD_BYTES = 4, HEAD_BYTES = 4 };

static void add_field(FILE *out, const char *name, const uint8_t *b)
{
	static const char *const types[] = { "int %s",
					     "char %s[16]",
					     "__data_loc char[] %s",
					     "__rel_loc char[] %s",
					     "unsigned long %s",
					     "void * %s",
					     "u8 %s[4]",
					     "s64 %s" };
	const char *type = types[b[3] % ARRAY_SIZE(types)];
	const char *at = strstr(type, "%s");

	fprintf(out, "\tfield:%.*s%s%s;\toffset:%u;\tsize:%u;\tsigned:%u;\n", (int)(at - type),
		type, name, at + 2, b[3] & 0x40 ? b[0] * 300u : b[0] & 63u,
		b[3] & 0x20 ? b[1] : 1u << (b[1] & 3), b[2] & 1);
}

static char *format_of(const struct decode_row *row, const uint8_t *data, size_t size,
		       size_t *ret_used)
{
	static const char *const vectors[] = { "local_timer_entry", "x_exit", "_exit",
					       "vector_a_entry", "nothing" };
	char *text = NULL;
	size_t len, at = HEAD_BYTES;
	FILE *out = open_memstream(&text, &len);

	assert(out);
	fprintf(out, "name: %s\nID: %u\nformat:\n",
		row->event ? row->event : vectors[data[1] % ARRAY_SIZE(vectors)], data[2] & 7u);
	fprintf(out,
		"\tfield:unsigned short common_type;\toffset:%u;\tsize:2;\tsigned:0;\n"
		"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
		"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n",
		data[3] & 1 ? data[3] : 0u);
	for (size_t i = 0; i < DECODE_FIELDS_MAX && row->fields[i].name; i++) {
		if (at + FIELD_BYTES > size)
			break;
		add_field(out, row->fields[i].name, data + at);
		at += FIELD_BYTES;
	}
	fprintf(out, "\nprint fmt: \"%%d\", REC->common_pid\n");
	fclose(out);
	*ret_used = at;
	return text;
}

static void check_text(const char *text)
{
	assert(!text || strlen(text) <= TEXT_MAX);
}

static const char *name_function(void *arg, uint64_t address)
{
	(void)arg;
	return address & 1 ? "function" : NULL;
}

static void check(const struct trace_event *e)
{
	assert(e->kind < TRACE_LOST && e->cpu == 1 && e->t_ns == 5 && e->pid >= -1);
	switch (e->kind) {
	case TRACE_SWITCH:
		check_text(e->comm);
		check_text(e->sched_switch.prev_comm);
		check_text(e->sched_switch.next_comm);
		check_text(e->sched_switch.prev_letters);
		assert(e->sched_switch.prev_state <= TRACE_TASK_DEAD);
		assert(e->sched_switch.prev_pid >= -1 && e->sched_switch.next_pid >= -1);
		break;
	case TRACE_WAKING:
		check_text(e->waking.comm);
		assert(e->waking.target_cpu >= -1 && e->waking.target_cpu < 8192);
		break;
	case TRACE_IRQ_ENTRY:
	case TRACE_VECTOR_ENTRY:
	case TRACE_VECTOR_EXIT:
	case TRACE_SOFTIRQ_ENTRY:
		check_text(e->irq.name);
		break;
	case TRACE_KVM_EXIT:
		check_text(e->kvm.reason_name);
		assert(e->kvm.isa >= 0 && e->kvm.isa <= 2);
		assert(e->kvm.interrupt == UINT64_MAX || e->kvm.interrupt < 256);
		break;
	case TRACE_KVM_USERSPACE:
		check_text(e->kvm.reason_name);
		break;
	default:
		break;
	}
}

/* Each record in memory of its own, so that a look behind it is seen. */
static void decode_all(struct trace_decoder *d, const uint8_t *data, size_t size)
{
	while (size > 1) {
		const size_t n = data[0] < size - 1 ? data[0] : size - 1;
		uint8_t *record = malloc(n ? n : 1);
		struct trace_event e;

		assert(record);
		memcpy(record, data + 1, n);
		if (trace_decode(d, 1, 5, record, n, &e))
			check(&e);
		free(record);
		data += n + 1;
		size -= n + 1;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n_rows, used;
	const struct decode_row *rows = decode_rows(&n_rows);
	struct trace_decoder *d;
	struct tep_handle *tep;
	char *text;

	if (size < HEAD_BYTES)
		return 0;
	rows += data[0] % n_rows;
	tep = tep_alloc();
	assert(tep);
	tep_set_loglevel(TEP_LOG_NONE);
	tep_set_long_size(tep, data[1] & 0x40 ? 4 : 8);
	tep_set_file_bigendian(tep, data[1] & 0x80 ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	tep_set_local_bigendian(tep, TEP_LITTLE_ENDIAN);
	text = format_of(rows, data, size, &used);
	tep_parse_event(tep, text, strlen(text), rows->system);
	free(text);
	assert(trace_decoder_new(tep, &d) == 0);
	trace_decoder_set_functions(d, name_function, NULL);
	decode_all(d, data + used, size - used);
	trace_decoder_free(d);
	tep_free(tep);
	return 0;
}
