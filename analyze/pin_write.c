/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pin_write.c - proposed pins as commands, as edits of the domain XML and as a script. */
#include "analyze/change.h"
#include "analyze/engine.h"
#include "analyze/pin.h"

struct pin_text {
	const struct host *h;
	const struct placement *p;
	const struct proposal *prop;
	struct finding *out;
	bool is_whole;    /* all vCPUs: others of QEMU's threads get the rest */
	const char *rest; /* CPUs for them; NULL: they are left alone */
	FILE *to;
};

/* In one piece: a guest may have a thousand vCPUs. */
static const char *written(struct pin_text *t, void (*write)(const struct pin_text *))
{
	auto_free char *text = NULL;
	size_t size = 0;

	t->to = open_memstream(&text, &size);
	if (t->to)
		write(t);
	if (!t->to || fclose(t->to) == EOF) {
		t->out->is_out_of_memory = true;
		return "";
	}
	return finding_text(t->out, "%s", text);
}

/* Whether threads that may run there would meet vCPUs at their new places. */
static bool has_to_move(const struct pin_text *t, const struct fact_cpus *where)
{
	return !where->known || cpus_is_empty(&where->v) ||
	       cpus_intersects(&where->v, &t->prop->guest);
}

static const struct fact_cpus *iothread_cpus(const struct host *h, uint64_t id)
{
	static const struct fact_cpus nowhere;
	const struct domain_pin *pin = h->domain.iothread_pins.v;

	for (size_t i = 0; i < h->domain.iothread_pins.n; i++) {
		if (pin[i].id.known && pin[i].id.v == id)
			return &pin[i].cpus;
	}
	return &nowhere;
}

static bool iothread_has_to_move(const struct pin_text *t, uint64_t id)
{
	return t->rest && has_to_move(t, iothread_cpus(t->h, id));
}

static uint64_t n_iothreads(const struct pin_text *t)
{
	return t->h->domain.n_iothreads.known ? u64_min(t->h->domain.n_iothreads.v, PIN_ITEMS_MAX)
					      : 0;
}

static bool emulator_has_to_move(const struct pin_text *t)
{
	return t->rest && has_to_move(t, &t->h->domain.emulator_pin);
}

static void write_virsh(const struct pin_text *t)
{
	for (size_t i = 0; i < t->prop->n; i++)
		fprintf(t->to, "%svirsh vcpupin {guest} %llu %u", i ? "\n" : "",
			(unsigned long long)t->p->v[i].vcpu, t->prop->cpu[i]);
	if (emulator_has_to_move(t))
		fprintf(t->to, "\nvirsh emulatorpin {guest} %s", t->rest);
	for (uint64_t id = 1; id <= n_iothreads(t); id++) {
		if (iothread_has_to_move(t, id))
			fprintf(t->to, "\nvirsh iothreadpin {guest} %llu %s",
				(unsigned long long)id, t->rest);
	}
}

static void write_taskset(const struct pin_text *t)
{
	for (size_t i = 0; i < t->prop->n; i++)
		fprintf(t->to, "%ssudo taskset -pc %u %llu", i ? "\n" : "", t->prop->cpu[i],
			(unsigned long long)t->p->v[i].tid);
}

static const char *old_list(const struct pin_text *t, const struct fact_cpus *where)
{
	if (where->known && !cpus_is_empty(&where->v))
		return finding_cpus(t->out, &where->v);
	return t->h->cpu.online.known ? finding_cpus(t->out, &t->h->cpu.online.v) : NULL;
}

/* What write_virsh() did to the others. */
static void write_virsh_undo(const struct pin_text *t)
{
	const char *old = old_list(t, &t->h->domain.emulator_pin);

	if (emulator_has_to_move(t) && old)
		fprintf(t->to, "virsh emulatorpin {guest} %s\n", old);
	for (uint64_t id = 1; id <= n_iothreads(t); id++) {
		old = old_list(t, iothread_cpus(t->h, id));
		if (iothread_has_to_move(t, id) && old)
			fprintf(t->to, "virsh iothreadpin {guest} %llu %s\n",
				(unsigned long long)id, old);
	}
	fputs("put the former <cputune> back (sudo virsh edit {guest})", t->to);
}

static void write_undo(const struct pin_text *t)
{
	const bool is_libvirt = pin_uses_libvirt(t->h);

	for (size_t i = 0; i < t->prop->n; i++) {
		const struct vcpu_place *v = &t->p->v[i];
		auto_free char *list = cpus_is_empty(&v->cpus) ? NULL : cpus_list_new(&v->cpus);

		if (!list)
			continue;
		if (ftell(t->to) > 0)
			putc('\n', t->to);
		if (is_libvirt)
			fprintf(t->to, "virsh vcpupin {guest} %llu %s", (unsigned long long)v->vcpu,
				list);
		else
			fprintf(t->to, "sudo taskset -pc %s %llu", list,
				(unsigned long long)v->tid);
	}
	if (!is_libvirt)
		return;
	if (ftell(t->to) > 0)
		putc('\n', t->to);
	write_virsh_undo(t);
}

/* The guest should know which of its vCPUs are threads of one core. */
static bool knows_threads(const struct pin_text *t)
{
	const struct fact_u64 *threads = &t->h->domain.threads;
	const size_t per_core = t->prop->threads;

	return threads->known ? threads->v == per_core : per_core == 1;
}

static void write_topology(const struct pin_text *t)
{
	const size_t per_core = t->prop->threads;

	fprintf(t->to, "\ncpu/topology@sockets=1@dies=1@cores=%zu@threads=%zu",
		t->prop->n / per_core, per_core);
}

static void write_edits(const struct pin_text *t)
{
	for (size_t i = 0; i < t->prop->n; i++)
		fprintf(t->to, "%scputune/vcpupin[vcpu=%llu]@cpuset=%u", i ? "\n" : "",
			(unsigned long long)t->p->v[i].vcpu, t->prop->cpu[i]);
	if (emulator_has_to_move(t))
		fprintf(t->to, "\ncputune/emulatorpin@cpuset=%s", t->rest);
	for (uint64_t id = 1; id <= n_iothreads(t); id++) {
		if (iothread_has_to_move(t, id))
			fprintf(t->to, "\ncputune/iothreadpin[iothread=%llu]@cpuset=%s",
				(unsigned long long)id, t->rest);
	}
	if (t->is_whole && !knows_threads(t))
		write_topology(t);
}

static void write_smp(const struct pin_text *t)
{
	const size_t n = t->prop->n, per_core = t->prop->threads;

	fprintf(t->to, "-smp %zu,sockets=1,cores=%zu,threads=%zu", n, n / per_core, per_core);
}

static void write_script(const struct pin_text *t)
{
	if (t->rest)
		fprintf(t->to, "\nsudo taskset -apc %s $pid", t->rest);
	fputs("\npin() { for t in /proc/$pid/task/*; do [ \"$(cat $t/comm)\" = \"CPU $1/KVM\" ] && "
	      "sudo taskset -pc $2 $(basename $t); done; }",
	      t->to);
	for (size_t i = 0; i < t->prop->n; i++)
		fprintf(t->to, "\npin %llu %u", (unsigned long long)t->p->v[i].vcpu,
			t->prop->cpu[i]);
	if (!t->is_whole || knows_threads(t))
		return;
	fputs("\nand from the next start of the guest on: ", t->to);
	write_smp(t);
}

static void write_proxmox(const struct pin_text *t)
{
	fputs("after each start of the guest, best from a hookscript (qm set {vmid} --hookscript "
	      "…, phase post-start):\npid=$(cat /run/qemu-server/{vmid}.pid)",
	      t->to);
	write_script(t);
}

static void write_plain(const struct pin_text *t)
{
	const struct guest_process *g = t->h->running;

	fputs("after each start of the guest, with its process id (-name NAME,debug-threads=on "
	      "names its threads):\n",
	      t->to);
	if (g && g->pid.known)
		fprintf(t->to, "pid=%llu", (unsigned long long)g->pid.v);
	else
		fputs("pid=PID", t->to);
	write_script(t);
}

/* Whole cores without a vCPU, once the vCPUs are at their new places. */
static const char *rest_of(const struct pin_text *t)
{
	struct placement after = *t->p;
	struct cpus set;

	if (!t->is_whole)
		return NULL;
	after.pinned = t->prop->guest;
	set = placement_housekeeping(t->h, &after);
	return cpus_is_empty(&set) ? NULL : finding_cpus(t->out, &set);
}

static void change_to(struct pin_text *t, enum change what, void (*write)(const struct pin_text *))
{
	finding_change(t->out, what, NULL);
	finding_change(t->out, what, "%s", written(t, write));
}

void pin_write(const struct host *h, const struct placement *p, const struct proposal *prop,
	       bool is_whole, struct finding *out)
{
	struct pin_text t = { .h = h, .p = p, .prop = prop, .out = out, .is_whole = is_whole };
	const bool is_libvirt = pin_uses_libvirt(h);

	t.rest = rest_of(&t);
	finding_fix(out, written(&t, is_libvirt ? write_virsh : write_taskset), "",
		    written(&t, write_undo));
	change_to(&t, CHANGE_XML, write_edits);
	change_to(&t, CHANGE_PROXMOX, write_proxmox);
	change_to(&t, CHANGE_QEMU, write_plain);
}

/* Pins of vCPUs that are no more. */
static void write_removals(const struct pin_text *t)
{
	const struct domain_pin *pin = t->h->domain.vcpu_pins.v;

	for (size_t i = 0; i < t->h->domain.vcpu_pins.n; i++) {
		if (pin[i].id.known && pin[i].id.v >= t->prop->n)
			fprintf(t->to, "\n-cputune/vcpupin[vcpu=%llu]",
				(unsigned long long)pin[i].id.v);
	}
}

static void write_fewer_edits(const struct pin_text *t)
{
	fprintf(t->to, "vcpu:=%zu", t->prop->n);
	if (t->h->domain.n_current_vcpus.known)
		fputs("\n-vcpu@current", t->to);
	write_removals(t);
	for (size_t i = 0; i < t->prop->n; i++)
		fprintf(t->to, "\ncputune/vcpupin[vcpu=%zu]@cpuset=%u", i, t->prop->cpu[i]);
	write_topology(t);
}

static void write_fewer_proxmox(const struct pin_text *t)
{
	fprintf(t->to, "qm set {vmid} --sockets 1 --cores %zu", t->prop->n);
	if (t->prop->threads == 1)
		return;
	fputs("\n/etc/pve/qemu-server/{vmid}.conf, line args: add ", t->to);
	write_smp(t);
}

static void write_fewer_plain(const struct pin_text *t)
{
	write_smp(t);
	fprintf(t->to, "\nand pin its vCPUs to CPUs %s", finding_cpus(t->out, &t->prop->guest));
}

void pin_write_fewer(const struct host *h, const struct placement *p, const struct proposal *prop,
		     struct finding *out)
{
	struct pin_text t = { .h = h, .p = p, .prop = prop, .out = out, .is_whole = true };

	finding_fix(out, "", "", "");
	change_to(&t, CHANGE_PROXMOX, write_fewer_proxmox);
	change_to(&t, CHANGE_QEMU, write_fewer_plain);
	if (h->domain.cells.n) {
		finding_change(out, CHANGE_XML, NULL);
		finding_fix(out, "",
			    finding_text(out,
					 "Give the guest %zu vCPUs or fewer, in <vcpu>, <topology> "
					 "and <numa> alike, and pin them to CPUs %s.",
					 prop->n, finding_cpus(out, &prop->guest)),
			    "");
		return;
	}
	change_to(&t, CHANGE_XML, write_fewer_edits);
}
