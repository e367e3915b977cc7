/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/trace/pairs.h"

/* Keys of the index: threads by number, then vCPUs without a thread, then one for all the rest. */
#define VCPU_KEY (UINT64_C(1) << 32)
#define ANY_KEY  UINT64_MAX

void pairs_kvm_release(struct pairs_kvm *k)
{
	trace_index_release(&k->index);
	trace_index_release(&k->row_index);
	trace_names_release(&k->names);
	free(k->keys);
	free(k->rows);
	k->keys = NULL;
	k->rows = NULL;
	k->n_keys = k->n_rows = 0;
}

static int find_key(struct pairs_kvm *k, const struct trace_event *e, struct pairs_key **ret_key)
{
	const bool has_vcpu = e->kvm.vcpu < VCPU_KEY;
	const size_t n = k->index.n;
	uint64_t key = ANY_KEY;
	ssize_t at;
	int r;

	if (e->pid >= 0)
		key = (uint64_t)e->pid;
	else if (has_vcpu)
		key = VCPU_KEY | e->kvm.vcpu;
	at = trace_index_add(&k->index, key);
	if (at < 0)
		return at == -ENOSPC ? -ENOSPC : -ENOMEM;
	r = trace_grow((void **)&k->keys, &k->n_keys, (size_t)at, sizeof(*k->keys));
	if (r < 0)
		return r;
	*ret_key = &k->keys[at];
	if ((size_t)at == n)
		**ret_key = (struct pairs_key){ .pid = e->pid,
						.vcpu = UINT64_MAX,
						.is_vcpu_key = e->pid < 0 && has_vcpu };
	if (has_vcpu)
		(*ret_key)->vcpu = e->kvm.vcpu;
	return 0;
}

static int find_row(struct pairs_kvm *k, size_t key, const char *reason, size_t *ret_row)
{
	const size_t n = k->row_index.n;
	const ssize_t name = trace_names_add(&k->names, text_of(reason ? reason : "?"));
	ssize_t at;
	int r;

	if (name < 0)
		return name == -ENOSPC ? -ENOSPC : -ENOMEM;
	at = trace_index_add(&k->row_index, (uint64_t)key << 32 | (uint64_t)name);
	if (at < 0)
		return at == -ENOSPC ? -ENOSPC : -ENOMEM;
	r = trace_grow((void **)&k->rows, &k->n_rows, (size_t)at, sizeof(*k->rows));
	if (r < 0)
		return r;
	if ((size_t)at == n)
		k->rows[at] = (struct pairs_reason){ .key = key, .name = (size_t)name };
	*ret_row = (size_t)at;
	return 0;
}

/* From o to e; false when there is no such time to tell. */
static bool end(const struct trace_pairs *p, struct pairs_open *o, const struct trace_event *e,
		uint64_t *ret_ns)
{
	const bool is_whole = pairs_is_whole(p, o);
	const bool has_times = o->t_ns != UINT64_MAX && e->t_ns != UINT64_MAX;

	*ret_ns = pairs_until(o, e);
	o->is_open = false;
	return is_whole && has_times;
}

static void end_exit(struct trace_pairs *p, struct pairs_key *key, const struct trace_event *e)
{
	struct pairs_kvm *k = &p->kvm;
	const bool is_first = !k->exit_to_entry.n;
	const bool is_back = e->t_ns < key->exit.t_ns;
	uint64_t ns;

	k->n_cross_cpu += e->cpu >= 0 && key->exit.cpu >= 0 && e->cpu != key->exit.cpu;
	if (!end(p, &key->exit, e, &ns))
		return;
	k->n_clamped += is_back;
	if (is_first || ns > k->exit_to_entry.max_ns) {
		k->longest_row = key->exit_row;
		k->longest_position = key->exit.position;
	}
	pairs_total_add(&k->exit_to_entry, ns);
	pairs_total_add(&k->rows[key->exit_row].exit_to_entry, ns);
}

static int add_entry(struct trace_pairs *p, struct pairs_key *key, const struct trace_event *e)
{
	struct pairs_kvm *k = &p->kvm;
	uint64_t ns;

	k->n_entries++;
	if (key->exit.is_open)
		end_exit(p, key, e);
	else if (key->has_entry)
		k->n_entry_without_exit++;
	else
		k->n_lead_in++;
	if (key->userspace.is_open && end(p, &key->userspace, e, &ns))
		pairs_total_add(&k->userspace, ns);
	key->has_entry = true;
	pairs_begin(p, &key->guest, e);
	return 0;
}

static int add_exit(struct trace_pairs *p, struct pairs_key *key, const struct trace_event *e)
{
	struct pairs_kvm *k = &p->kvm;
	size_t row;
	uint64_t ns;
	int r = find_row(k, (size_t)(key - k->keys), e->kvm.reason_name, &row);

	if (r < 0)
		return r;
	k->n_exits++;
	k->rows[row].n++;
	k->n_needs_resched += e->needs_resched;
	/* Before Linux 5.12 a guest may go on without a kvm_entry. */
	k->n_exit_without_entry += pairs_is_whole(p, &key->exit);
	if (key->guest.is_open && end(p, &key->guest, e, &ns))
		pairs_total_add(&k->guest, ns);
	key->exit_row = row;
	pairs_begin(p, &key->exit, e);
	return 0;
}

int pairs_kvm_add(struct trace_pairs *p, const struct trace_event *e)
{
	struct pairs_key *key;
	int r;

	if (e->kind != TRACE_KVM_ENTRY && e->kind != TRACE_KVM_EXIT &&
	    e->kind != TRACE_KVM_USERSPACE && e->kind != TRACE_KVM_FAULT)
		return 0;
	r = find_key(&p->kvm, e, &key);
	if (r < 0)
		return r;
	if (e->kind == TRACE_KVM_ENTRY)
		return add_entry(p, key, e);
	if (e->kind == TRACE_KVM_EXIT)
		return add_exit(p, key, e);
	if (e->kind == TRACE_KVM_USERSPACE)
		pairs_begin(p, &key->userspace, e);
	return 0;
}

uint64_t pairs_kvm_n_open_exits(const struct trace_pairs *p)
{
	uint64_t n = 0;

	for (size_t i = 0; i < p->kvm.index.n; i++)
		n += pairs_is_whole(p, &p->kvm.keys[i].exit);
	return n;
}
