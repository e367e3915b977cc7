/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exits - what a guest sees from inside, by a guest of our own: gaps in its time, its timer, round
 * trips to the host, interrupts, memory.
 *
 * The vCPUs spin on the measured CPUs, so nothing of it is done while another guest runs.
 */
#include "facts/exits.h"

#include <fcntl.h>
#include <string.h>

#include "probes/exits_emulated.h"
#include "probes/exits_parts.h"
#include "probes/pin.h"
#include "probes/stop.h"

#define DURATION_MIN_NS (10 * NS_PER_MS)
#define DURATION_MAX_NS (24 * 3600 * NS_PER_S)
#define BUDGET_MIN_NS   (2 * NS_PER_MS)
#define LOOP_SHARES     1u
#define STACK_SIZE      (256 * KIB)

/* Timers of a guest that waits are further away than KVM polls for (halt_poll_ns: 200 us). */
#define TIMER_NS (50 * NS_PER_US)
#define HALT_NS  (250 * NS_PER_US)

struct instrument {
	const char *id, *title;
	unsigned program, shares;
	bool is_everywhere; /* one metric for each vCPU, all at once */
	uint64_t interval_ns;
};

/* clang-format off */
static const struct instrument instruments[] = {
	{ "gap", "time that the guest missed while it did nothing but read the clock",
	  MG_PROGRAM_GAP, 6, true, 0 },
	{ "timer", "from the deadline of its timer to the interrupt, vCPU running",
	  MG_PROGRAM_TIMER, 3, true, TIMER_NS },
	{ "hlt-wake", "from the deadline of its timer to the first instruction, vCPU halted",
	  MG_PROGRAM_HLT, 6, true, HALT_NS },
	{ "cpuid", "CPUID: to KVM and back", MG_PROGRAM_CPUID, 1, false, 0 },
	{ "port", "write to a port, which KVM completes (ioeventfd)",
	  MG_PROGRAM_PORT, 1, false, 0 },
	{ "port-user", "write to a port, which a program completes",
	  MG_PROGRAM_PORT_USER, 1, false, 0 },
	{ "mmio", "write to a device's memory, which KVM completes (ioeventfd)",
	  MG_PROGRAM_MMIO, 1, false, 0 },
	{ "mmio-user", "write to a device's memory, which a program completes",
	  MG_PROGRAM_MMIO_USER, 1, false, 0 },
	{ "msr", "read of a register that KVM keeps (IA32_APIC_BASE)",
	  MG_PROGRAM_MSR, 1, false, 0 },
	{ "ipi", "interrupt to another vCPU that runs, and one back",
	  MG_PROGRAM_IPI, 2, false, 0 },
	{ "irqfd", "from a write outside to the interrupt (irqfd), vCPU running",
	  MG_PROGRAM_STAMP, 4, false, 0 },
};
/* clang-format on */

uint64_t exits_budget(struct exits *x, unsigned shares)
{
	const uint64_t now_ns = timebase_now(x->env->time);
	const uint64_t left_ns = x->deadline_ns > now_ns ? x->deadline_ns - now_ns : 0;
	const uint64_t budget_ns = left_ns / x->shares_left * shares;

	x->shares_left -= shares;
	return u64_max(budget_ns, BUDGET_MIN_NS);
}

static int add_metric(struct exits *x, const struct instrument *i, unsigned vcpu,
		      const struct exits_seat *seat)
{
	struct arena *a = x->env->arena;
	struct exits_metric *m;
	int r;

	/* Without a gap, that there was none is known as long as somebody looked. */
	if (seat->hist.n == 0 && seat->window_ns == 0)
		return probe_gap_words(x->env, "metrics", "", "%s: CPU %u: nothing was measured",
				       i->id, seat->cpu);
	m = fact_add_item(&x->facts->metrics, a, sizeof(*m));
	if (!m || (r = fact_set_str(&m->id, a, i->id)) < 0 ||
	    (r = fact_set_str(&m->title, a, i->title)) < 0)
		return -ENOMEM;
	x->n_measured++;
	fact_set_u64(&m->vcpu, vcpu);
	fact_set_u64(&m->cpu, seat->cpu);
	if (i->program == MG_PROGRAM_IPI)
		fact_set_u64(&m->peer_cpu, (uint64_t)cpus_next(&x->cpus, seat->cpu + 1));
	if (i->program == MG_PROGRAM_GAP) {
		fact_set_u64(&m->window_ns, seat->window_ns);
		fact_set_u64(&m->threshold_ns, seat->threshold_ns);
	}
	m->hist.v = hist_to_bins(&seat->hist, a);
	m->hist.known = true;
	return m->hist.v ? 0 : -ENOMEM;
}

static int add_metrics(struct exits *x, const struct instrument *i,
		       const struct exits_result *result)
{
	int r = 0;

	if (result->trouble)
		r = probe_gap_words(x->env, "metrics", "", "%s: %s", i->id, result->trouble);
	if (result->tsc_khz > 0)
		fact_set_u64(&x->facts->tsc_khz, result->tsc_khz);
	for (size_t n = 0; r == 0 && n < result->n_seats; n++) {
		if (!result->trouble || result->seats[n].hist.n > 0 ||
		    result->seats[n].window_ns > 0)
			r = add_metric(x, i, (unsigned)n, &result->seats[n]);
	}
	return r;
}

/* The CPUs it is measured on; none, and *ret_why: it cannot be measured. */
static struct cpus cpus_of(const struct exits *x, const struct instrument *i, const char **ret_why)
{
	struct cpus two = x->first;
	const int first = cpus_next(&x->first, 0);
	const int second = cpus_next(&x->cpus, (unsigned)first + 1);

	if (x->is_asked)
		*ret_why = "ended before";
	else if (i->program == MG_PROGRAM_IPI && second < 0)
		*ret_why = "needs two CPUs";
	else if (i->program == MG_PROGRAM_STAMP && !x->has_other)
		*ret_why = "needs a CPU besides the guest's";
	if (*ret_why)
		return (struct cpus){ 0 };
	if (i->program != MG_PROGRAM_IPI)
		return i->is_everywhere ? x->cpus : x->first;
	cpus_add(&two, (unsigned)second);
	return two;
}

static int measure_one(struct exits *x, const struct instrument *i)
{
	const char *why = NULL;
	const struct exits_plan plan = {
		.program = i->program,
		.cpus = cpus_of(x, i, &why),
		.budget_ns = exits_budget(x, i->shares),
		.interval_ns = i->interval_ns,
	};
	struct exits_result result;
	int r;

	if (why)
		return probe_gap_words(x->env, "metrics", "", "%s: %s", i->id, why);
	r = exits_run(x->env->time, &plan, &result);
	if (r == -EINTR) {
		x->is_asked = true;
		r = 0;
	}
	if (r == 0)
		r = add_metrics(x, i, &result);
	exits_result_release(&result);
	return r;
}

static void *loop_main(void *arg)
{
	uint64_t *ps = arg;

	*ps = exits_loop_ps();
	return NULL;
}

/* The same instructions outside, on the same CPU, and in the guest. */
static int measure_loop(struct exits *x, struct exits_evidence *evidence)
{
	const struct exits_plan plan = { .program = MG_PROGRAM_LOOP,
					 .cpus = x->first,
					 .budget_ns = exits_budget(x, LOOP_SHARES) };
	struct exits_result result;
	uint64_t host_ps = 0;
	pthread_t thread;
	int r;

	r = pin_thread_new((unsigned)cpus_next(&x->first, 0), STACK_SIZE, loop_main, &host_ps,
			   &thread);
	if (r == 0) {
		pthread_join(thread, NULL);
		fact_set_u64(&evidence->host_ps, host_ps);
	}
	r = exits_run(x->env->time, &plan, &result);
	if (r == -EINTR) {
		x->is_asked = true;
		r = 0;
	}
	if (r == 0 && result.trouble)
		r = probe_gap_words(x->env, "is_emulated", "", "%s", result.trouble);
	if (r == 0 && result.n_seats > 0 && result.seats[0].n_units > 0)
		fact_set_u64(&evidence->guest_ps, result.seats[0].unit_ps);
	exits_result_release(&result);
	return r;
}

static int judge_emulation(struct exits *x)
{
	struct exits_evidence evidence = { 0 };
	struct probe_env *env = x->env;
	char **names = NULL;
	struct text cpuinfo;
	size_t n_names = 0;
	int r = probe_read_text(env, &cpuinfo, "is_emulated", "/proc/cpuinfo");

	if (r < 0)
		return r;
	exits_evidence_cpuinfo(&evidence, cpuinfo);
	/* Of a kernel without modules there is no name, and it is only a name. */
	if (sysroot_list(env->root, &names, &n_names, "/sys/module") == 0) {
		r = exits_evidence_modules(&evidence, env->arena, names, n_names);
		names_free(names, n_names);
	}
	if (r == 0)
		r = measure_loop(x, &evidence);
	if (r == 0)
		r = exits_evidence_judge(&evidence, env->arena, &x->facts->is_emulated,
					 &x->facts->why_emulated);
	if (r == 0 && !x->facts->is_emulated.known)
		r = probe_gap_words(env, "is_emulated", "", "the guest's speed is not known");
	return r;
}

static int measure_all(struct exits *x)
{
	int r;

	x->shares_left = LOOP_SHARES + exits_memory_shares();
	for (size_t i = 0; i < ARRAY_SIZE(instruments); i++)
		x->shares_left += instruments[i].shares;
	x->deadline_ns = timebase_now(x->env->time) + x->env->rep_duration_ns * x->env->n_reps;
	x->facts->metrics.known = true;
	r = judge_emulation(x);
	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(instruments); i++)
		r = measure_one(x, &instruments[i]);
	if (r == 0)
		r = exits_memory_measure(x);
	if (r == 0 && x->is_asked)
		x->env->reason = "interrupted";
	if (r == 0 && x->n_measured == 0 && !x->is_asked)
		r = probe_fail(x->env, "%s",
			       x->env->gaps ? x->env->gaps->error : "nothing was measured");
	return r;
}

/* Those that are online and in our cpuset; a gap for each other one. */
static int choose_cpus(struct exits *x)
{
	const struct cpus *wanted = &x->env->cpus;
	struct cpus more = { 0 };
	int r = 0;

	for (int c = cpus_next(wanted, 0); r == 0 && c >= 0;
	     c = cpus_next(wanted, (unsigned)c + 1)) {
		if (!pin_may((unsigned)c))
			r = probe_gap_words(x->env, "cpus", "",
					    "CPU %d is offline or outside of our cpuset", c);
		else if (cpus_count(&x->cpus) < MG_VCPUS_MAX)
			cpus_add(&x->cpus, (unsigned)c);
		else
			cpus_add(&more, (unsigned)c);
	}
	if (r == 0 && !cpus_is_empty(&more))
		r = probe_gap_words(x->env, "cpus", "", "%zu CPUs more than %d vCPUs were left out",
				    cpus_count(&more), MG_VCPUS_MAX);
	if (!cpus_is_empty(&x->cpus))
		cpus_add(&x->first, (unsigned)cpus_next(&x->cpus, 0));
	return r;
}

/* The main thread sleeps while the guest measures, but for irqfd: it spins there. */
static int step_aside(struct exits *x, const struct cpus *online)
{
	int r = pin_off(&x->cpus, online);

	if (r == -ENOSPC || r == -EINVAL)
		r = pin_off(&x->first, online);
	x->has_other = r == 0;
	return r < 0 && r != -ENOSPC ? probe_gap(x->env, "metrics", "sched_setaffinity(2)", r) : 0;
}

static int measure_here(struct exits *x)
{
	struct cpus online = { 0 };
	int r = sysroot_read_list(x->env->root, &online, "/sys/devices/system/cpu/online");

	if (r < 0)
		return probe_fail(x->env, "/sys/devices/system/cpu/online: %s", strerror(-r));
	r = choose_cpus(x);
	if (r < 0)
		return r;
	if (cpus_is_empty(&x->cpus))
		return probe_fail(x->env, "none of the CPUs to measure can be used");
	fact_set_cpus(&x->facts->cpus, &x->cpus);
	fact_set_u64(&x->facts->n_vcpus, cpus_count(&x->cpus));
	r = stop_watch();
	if (r == 0)
		r = step_aside(x, &online);
	return r < 0 ? r : measure_all(x);
}

/* true: it can be measured here, and nobody is in the way. */
static bool may_measure(struct probe_env *env, int *ret_r)
{
	auto_fd int fd = -1;

	*ret_r = 0;
	if (env->guest_pid != 0 || !cpus_is_empty(&env->spin_free)) {
		*ret_r = probe_skip(env, "another guest is running: nothing may spin beside it");
		return false;
	}
	if (cpus_is_empty(&env->cpus)) {
		*ret_r = probe_fail(env, "no CPUs to measure: name them with --cpus");
		return false;
	}
	if (env->n_reps < 1 || env->rep_duration_ns < DURATION_MIN_NS ||
	    env->rep_duration_ns > DURATION_MAX_NS / env->n_reps) {
		*ret_r = probe_fail(env,
				    "--rep-duration must be between 10ms and 24h, with all --reps");
		return false;
	}
	fd = open(MICROGUEST_DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		const struct failure failure = {
			.kind = FAILURE_CALL,
			.what = MICROGUEST_DEVICE,
			.error = neg_errno(),
			.vcpu = -1,
			.cpu = -1,
		};
		auto_free char *text = failure_text(&failure);

		*ret_r = text ? probe_skip(env, "%s", text) : -ENOMEM;
		return false;
	}
	return true;
}

static int measure(struct probe_env *env, void *facts)
{
	struct exits x = { .env = env, .facts = facts };
	int r;

	return may_measure(env, &r) ? measure_here(&x) : r;
}

int main(int argc, char **argv)
{
	return probe_main(argc, argv, "exits", measure);
}
