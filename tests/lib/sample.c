/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/lib/sample.h"

#include <string.h>

#include "tests/lib/host.h"

#define WINDOW_NS (30 * NS_PER_S)

struct maker {
	const struct sample *s;
	struct host *h;
	struct arena *a;
	uint64_t seed;
};

/* Multiplicative congruence of Lehmer: the same numbers everywhere. */
static uint64_t random_below(struct maker *m, uint64_t limit)
{
	m->seed = m->seed * 48271 % 2147483647;
	return m->seed % limit;
}

static void *add(struct maker *m, struct fact_list *list, size_t size)
{
	void *item = fact_add_item(list, m->a, size);

	assert_non_null(item);
	list->known = true;
	return item;
}

static void put(struct maker *m, struct fact_pairs *pairs, uint64_t key, uint64_t value)
{
	pairs->known = true;
	if (value)
		assert_int_equal(fact_add_pair(pairs, m->a, key, value), 0);
}

/* A "#" in the text becomes the number. */
static const char *words(struct maker *m, const char *text, unsigned long n)
{
	const size_t before = strcspn(text, "#");
	const char *after = text[before] ? text + before + 1 : "";
	char *made = text[before] ? arena_printf(m->a, "%.*s%lu%s", (int)before, text, n, after)
				  : arena_strdup(m->a, text);

	assert_non_null(made);
	return made;
}

static unsigned n_cpus(const struct maker *m)
{
	return 2 * m->s->n_cores;
}

static bool is_guest(const struct maker *m, unsigned cpu)
{
	return cpu % m->s->n_cores >= 2;
}

static void make_run(struct maker *m)
{
	struct host *h = m->h;

	set_str(&h->tool.name, "vfiobench");
	set_str(&h->tool.version, "0.1.0");
	fact_set_u64(&h->run.started_unix_ns, UINT64_C(1717250400) * NS_PER_S);
	fact_set_u64(&h->run.duration_ns, 210 * NS_PER_S);
	set_str(&h->run.profile, "standard");
	set_str(&h->run.label, "before");
	set_str(&h->identity.kernel, "6.1.0-21-amd64");
	set_str(&h->identity.os, "Debian GNU/Linux 12");
	set_str(&h->identity.cpu_model, "AMD Ryzen 5 5600X 6-Core Processor");
	fact_set_u64(&h->identity.n_cpus, n_cpus(m));
	fact_set_u64(&h->identity.memory_kib, 32 * MIB);
	fact_set_bool(&h->identity.is_virtual, false);
	set_str(&h->guestref.kind, "qemu");
	fact_set_u64(&h->guestref.pid, 4242);
	set_str(&h->guestref.name, "win10");
	fact_set_u64(&h->guestref.n_vcpus, n_cpus(m) - 4);
	assert_int_equal(
		fact_add_str(&h->run.warnings, m->a, "real-time tasks may use 95 % of a CPU only"),
		0);
	for (size_t i = 0; i < HOST_N_PROBES; i++) {
		h->probes[i].status = "ok";
		h->probes[i].duration_ns = (i + 1) * 7 * NS_PER_MS;
	}
}

static void make_cpus(struct maker *m)
{
	struct cpus all = { 0 }, guest = { 0 };
	struct cpu_facts *cpu = &m->h->cpu;
	struct l3_fact *l3;

	for (unsigned c = 0; c < n_cpus(m); c++) {
		cpus_add(&all, c);
		if (is_guest(m, c))
			cpus_add(&guest, c);
	}
	fact_set_cpus(&cpu->online, &all);
	fact_set_cpus(&cpu->present, &all);
	fact_set_cpus(&m->h->cpus.guest, &guest);
	fact_set_cpus(&m->h->cpus.measured, &guest);
	all = cpus_minus(&all, &guest);
	fact_set_cpus(&m->h->cpus.host, &all);
	set_str(&m->h->cpus.source, "guest");
	set_str(&cpu->vendor, "AuthenticAMD");
	set_str(&cpu->model, m->h->identity.cpu_model.v);
	set_cpus(&cpu->isolated, "2-4");
	set_cpus(&cpu->nohz_full, "");
	for (unsigned c = 0; c < m->s->n_cores; c++) {
		struct core_fact *core = add(m, &cpu->cores, sizeof(*core));

		fact_set_u64(&core->package, c / 32);
		fact_set_u64(&core->l3, c / 8);
		fact_set_u64(&core->node, c / 32);
		core->cpus.known = true;
		cpus_add(&core->cpus.v, c);
		cpus_add(&core->cpus.v, c + m->s->n_cores);
		if (c % 8 == 0) {
			l3 = add(m, &cpu->l3s, sizeof(*l3));
			l3->cpus = cpu->online;
			fact_set_u64(&l3->size_kib, 32 * KIB);
		}
	}
	{
		struct freq_fact *freq = add(m, &cpu->freq, sizeof(*freq));

		freq->cpus = cpu->online;
		set_str(&freq->governor, "schedutil");
	}
}

static void make_guest(struct maker *m)
{
	static const char *const others[] = { "emulator", "iothread" };
	struct guest_process *g = add(m, &m->h->guest.guests, sizeof(struct guest_process));
	unsigned vcpu = 0;

	fact_set_u64(&g->pid, 4242);
	set_str(&g->name, "win10");
	set_str(&g->kind, "qemu");
	set_str(&g->manager, "libvirt");
	set_str(&g->program, "qemu-system-x86_64");
	for (unsigned c = 0; c < n_cpus(m) + 2; c++) {
		struct guest_thread *t;
		struct activity_thread *a;

		if (c < n_cpus(m) && !is_guest(m, c))
			continue;
		t = add(m, &g->threads, sizeof(*t));
		a = add(m, &m->h->activity.threads, sizeof(*a));
		fact_set_u64(&t->tid, 4242 + g->threads.n);
		a->tid = t->tid;
		set_str(&t->policy, "other");
		t->affinity.known = true;
		if (c < n_cpus(m)) {
			set_str(&t->comm, words(m, "CPU #/KVM", vcpu));
			set_str(&t->role, "vcpu");
			fact_set_u64(&t->vcpu, vcpu++);
			cpus_add(&t->affinity.v, c);
		} else {
			set_str(&t->comm, words(m, "IO thread#", 1));
			set_str(&t->role, others[c - n_cpus(m)]);
			set_cpus(&t->affinity, c == n_cpus(m) ? "0-1" : "0-2");
		}
		fact_set_u64(&a->run_ns, random_below(m, WINDOW_NS));
		fact_set_u64(&a->delay_ns, random_below(m, WINDOW_NS / 100));
		fact_set_u64(&a->n_voluntary, random_below(m, 90000));
		fact_set_u64(&a->n_involuntary, random_below(m, 900));
	}
	{
		struct guest_backing *b = add(m, &g->backing, sizeof(*b));

		fact_set_u64(&b->page_kib, 2048);
		fact_set_u64(&b->size_kib, 16 * MIB);
		fact_set_bool(&b->is_hugetlb, true);
	}
	m->h->running = m->h->guest.guests.v;
}

static void make_irq(struct maker *m, unsigned i)
{
	static const char *const names[] = { "xhci_hcd", "nvme0q#",   "enp5s0-rx-#",  "ahci",
					     "amdgpu",   "vfio-msix", "snd_hda_intel" };
	struct irq_line *line = add(m, &m->h->irq.lines, sizeof(*line));
	struct activity_irq *a = add(m, &m->h->activity.irqs, sizeof(*a));
	const unsigned on = (unsigned)random_below(m, n_cpus(m));

	set_str(&line->label, words(m, "#", 24 + i));
	fact_set_u64(&line->irq, 24 + i);
	set_str(&line->actions, words(m, names[i % ARRAY_SIZE(names)], i));
	set_str(&line->device, words(m, "0000:0#:00.0", i % 10));
	fact_set_bool(&line->is_movable, i % 7 != 1);
	line->effective.known = true;
	cpus_add(&line->effective.v, on);
	a->label = line->label;
	a->irq = line->irq;
	a->actions = line->actions;
	put(m, &a->counts, on, random_below(m, 60000) >> random_below(m, 14));
	put(m, &line->counts, on, 100000 + random_below(m, 600000));
}

static void make_irqs(struct maker *m)
{
	static const struct {
		const char *label, *what;
		uint64_t host, guest;
	} letters[] = {
		{ "LOC", "Local timer interrupts", 7500, 7200 },
		{ "RES", "Rescheduling interrupts", 2500, 60 },
		{ "CAL", "Function call interrupts", 400, 190 },
		{ "TLB", "TLB shootdowns", 300, 2 },
		{ "NMI", "Non-maskable interrupts", 4, 4 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(letters); i++) {
		struct activity_irq *a = add(m, &m->h->activity.irqs, sizeof(*a));

		set_str(&a->label, letters[i].label);
		set_str(&a->actions, letters[i].what);
		for (unsigned c = 0; c < n_cpus(m); c++) {
			const uint64_t most = is_guest(m, c) ? letters[i].guest : letters[i].host;

			put(m, &a->counts, c, most / 2 + random_below(m, most));
		}
	}
	for (unsigned i = 0; i < m->s->n_irqs; i++)
		make_irq(m, i);
	{
		struct activity_irq *a = add(m, &m->h->activity.softirqs, sizeof(*a));

		set_str(&a->label, "NET_RX");
		put(m, &a->counts, 1, 12345);
	}
	fact_set_u64(&m->h->activity.window_ns, WINDOW_NS);
	m->h->activity.steal_ns.known = true;
}

static void make_unit(struct maker *m, unsigned rep, unsigned cpu, struct hist *raw,
		      struct hist *corrected)
{
	struct wake_unit *u = add(m, &m->h->wake.units, sizeof(*u));
	const uint64_t base = 2500 + 40 * cpu + 90 * rep;

	hist_init(raw);
	hist_init(corrected);
	for (unsigned i = 0; i < m->s->n_wakeups; i++) {
		uint64_t ns = base + random_below(m, 1200);

		if (random_below(m, 60) == 0)
			ns += 4000 + random_below(m, 12000);
		if (random_below(m, 900) == 0)
			ns += 30000 + random_below(m, 90000) * (cpu == 3 ? 3 : 1);
		if (random_below(m, 20000) == 0)
			ns += 9 * NS_PER_MS;
		hist_add(raw, ns);
		hist_add_corrected(corrected, ns, NS_PER_MS);
	}
	fact_set_u64(&u->rep, rep);
	fact_set_u64(&u->cpu, cpu);
	fact_set_u64(&u->n_expected, m->s->n_wakeups + (cpu == 3));
	fact_set_u64(&u->missed, cpu == 3);
	fact_set_u64(&u->steal_ns, 0);
	fact_set_u64(&u->cpu_time_ns, m->s->n_wakeups * 3500);
	u->hist = (struct fact_hist){ true, hist_to_bins(raw, m->a) };
	u->hist_corrected = (struct fact_hist){ true, hist_to_bins(corrected, m->a) };
	assert_non_null(u->hist.v);
	assert_non_null(u->hist_corrected.v);
}

static void make_wake(struct maker *m)
{
	auto_free struct hist *raw = malloc(sizeof(*raw));
	auto_free struct hist *corrected = malloc(sizeof(*corrected));
	struct tsc_cost *cost = add(m, &m->h->tsc.costs, sizeof(*cost));

	assert_non_null(raw);
	assert_non_null(corrected);
	m->h->wake.units.known = true;
	for (unsigned rep = 0; rep < m->s->n_reps; rep++) {
		for (unsigned c = 0; c < n_cpus(m); c++) {
			if (is_guest(m, c))
				make_unit(m, rep, c, raw, corrected);
		}
	}
	fact_set_u64(&m->h->wake.interval_ns, NS_PER_MS);
	fact_set_u64(&m->h->wake.rep_duration_ns, m->s->n_wakeups * NS_PER_MS);
	fact_set_u64(&m->h->wake.n_reps, m->s->n_reps);
	set_str(&m->h->wake.policy, "fifo");
	fact_set_u64(&m->h->wake.priority, 95);
	fact_set_bool(&m->h->wake.is_memory_locked, true);
	m->h->wake.cpus = m->h->cpus.guest;
	hist_init(raw);
	for (unsigned i = 0; i < 5000; i++)
		hist_add(raw, 18 + random_below(m, 5));
	cost->hist = (struct fact_hist){ true, hist_to_bins(raw, m->a) };
}

static void make_settings(struct maker *m)
{
	static struct host_gap gaps[] = {
		{ "kernel.config", "/boot/config-6.1.0-21-amd64", "Permission denied" },
		{ "kernel.params", "/sys/module/kvm_amd/parameters", "No such file or directory" },
	};
	struct host *h = m->h;
	struct hugepage_pool *pool = add(m, &h->hugepages.pools, sizeof(*pool));

	set_str(&h->kernel.release, "6.1.0-21-amd64");
	set_str(&h->kernel.os_id, "debian");
	set_str(&h->kernel.cmdline,
		"BOOT_IMAGE=/vmlinuz-6.1.0-21-amd64 root=/dev/mapper/vg-root ro amd_iommu=on "
		"iommu=pt isolcpus=2-4 default_hugepagesz=2M hugepages=8192 quiet");
	set_str(&h->clock.arch, "x86_64");
	set_str(&h->clock.current, "hpet");
	assert_int_equal(fact_add_str(&h->clock.available, m->a, "hpet"), 0);
	assert_int_equal(fact_add_str(&h->clock.available, m->a, "acpi_pm"), 0);
	assert_int_equal(fact_add_str(&h->clock.verdicts, m->a,
				      "tsc: Marking TSC unstable due to clocksource watchdog"),
			 0);
	fact_set_bool(&h->clock.is_tsc_unstable, true);
	set_str(&h->hugepages.thp_enabled, "madvise");
	fact_set_u64(&pool->page_kib, 2048);
	fact_set_u64(&pool->n_pages, 8192);
	fact_set_u64(&pool->n_free, 0);
	fact_set_u64(&h->aio.nr, 3072);
	fact_set_u64(&h->aio.max_nr, 65536);
	h->probes[0].status = "partial";
	h->probes[0].gaps = gaps;
	h->probes[0].n_gaps = ARRAY_SIZE(gaps);
}

struct host *sample_host(const struct sample *s)
{
	struct maker m = { .s = s, .h = malloc(sizeof(struct host)), .seed = 20240601 };

	assert_non_null(m.h);
	host_blank(m.h);
	m.a = &m.h->arena;
	make_run(&m);
	make_cpus(&m);
	make_guest(&m);
	make_irqs(&m);
	make_wake(&m);
	make_settings(&m);
	sample_add_trace(m.h, &(struct sample_trace){ n_cpus(&m) - 4, 12, 30 });
	return m.h;
}

static void poison(const struct schema *s, void *facts, const char *text)
{
	for (size_t i = 0; i < s->n_fields; i++) {
		const struct fact_field *field = &s->fields[i];
		char *at = (char *)facts + field->at;

		if (field->type == FACT_STR) {
			*(struct fact_str *)(void *)at = (struct fact_str){ true, text };
		} else if (field->type == FACT_STRS) {
			struct fact_strs *strs = (struct fact_strs *)(void *)at;

			for (size_t k = 0; k < strs->n; k++)
				strs->v[k] = text;
		} else if (field->type == FACT_LIST) {
			struct fact_list *list = (struct fact_list *)(void *)at;

			for (size_t k = 0; k < list->n; k++)
				poison(field->item, (char *)list->v + k * field->item->size, text);
		} else if (field->type == FACT_OBJECT) {
			struct fact_object *object = (struct fact_object *)(void *)at;

			if (object->known)
				poison(field->item, object->v, text);
		}
	}
}

void sample_poison(struct host *h, const char *text)
{
	poison(&tool_schema, &h->tool, text);
	poison(&run_schema, &h->run, text);
	poison(&identity_schema, &h->identity, text);
	poison(&guestref_schema, &h->guestref, text);
	poison(&cpuset_schema, &h->cpus, text);
	poison(&kernel_schema, &h->kernel, text);
	poison(&cpu_schema, &h->cpu, text);
	poison(&clock_schema, &h->clock, text);
	poison(&irq_schema, &h->irq, text);
	poison(&hugepages_schema, &h->hugepages, text);
	poison(&aio_schema, &h->aio, text);
	poison(&guest_schema, &h->guest, text);
	poison(&domain_schema, &h->domain, text);
	poison(&wake_schema, &h->wake, text);
	poison(&tsc_schema, &h->tsc, text);
	poison(&activity_schema, &h->activity, text);
	poison(&wake_bare_schema, &h->wake_bare, text);
	poison(&gap_schema, &h->gap, text);
	poison(&exits_schema, &h->exits, text);
	poison(&trace_schema, &h->trace, text);
	poison(&pci_schema, &h->pci, text);
	poison(&iommu_schema, &h->iommu, text);
	poison(&power_schema, &h->power, text);
	poison(&mm_schema, &h->mm, text);
	poison(&sched_schema, &h->sched, text);
	poison(&net_schema, &h->net, text);
	poison(&log_schema, &h->log, text);
	poison(&setup_schema, &h->setup, text);
	for (size_t i = 0; i < HOST_N_PROBES; i++) {
		struct host_gap *gaps = arena_calloc(&h->arena, 3, sizeof(*gaps));

		assert_non_null(gaps);
		for (size_t k = 0; k < 3; k++)
			gaps[k] = (struct host_gap){ text, text, text };
		h->probes[i].status = i % 2 ? text : "failed";
		h->probes[i].reason = text;
		h->probes[i].gaps = gaps;
		h->probes[i].n_gaps = 3;
	}
	/* What the page asks for by name has to stay that. */
	set_str(&h->guestref.kind, "qemu");
}
