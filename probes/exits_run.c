/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/exits_run.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>

#include "probes/exits_mapped.h"
#include "probes/exits_samples.h"
#include "probes/exits_walk.h"
#include "probes/exits_wire.h"
#include "probes/microguest/image.h"
#include "probes/stop.h"

/* A vCPU that comes back so late does not come back. */
#define GRACE_NS (2 * NS_PER_S)
/* What is asked for in one batch of gaps: an end in the middle loses no more than this. */
#define GAP_BATCH_NS (20 * NS_PER_MS)
/* Long enough that reading the counter does not count even where that leaves the guest. */
#define LOOP_STEPS 8192u

struct run {
	const struct timebase *time;
	const struct exits_plan *plan;
	struct exits_result *result;
	struct microguest *guest;
	struct exits_wire wire;
	uint64_t end_ns; /* of measuring */
	pthread_t owner;
	atomic_size_t n_busy; /* vCPUs that measure */
};

static int say_trouble(struct exits_result *result, const char *fmt, ...) FORMAT_PRINTF(2, 3);
static int say_trouble(struct exits_result *result, const char *fmt, ...)
{
	va_list ap;
	int r;

	/* The first one is the cause. */
	if (result->trouble)
		return 0;
	va_start(ap, fmt);
	r = vasprintf(&result->trouble, fmt, ap);
	va_end(ap);
	if (r >= 0)
		return 0;
	result->trouble = NULL;
	return -ENOMEM;
}

static int say_failure(struct exits_result *result, const struct failure *failure)
{
	auto_free char *text = failure_text(failure);

	return text ? say_trouble(result, "%s", text) : -ENOMEM;
}

/* Of the first batch nothing is kept: one turn through all memory, or how long the loop takes. */
static void begin(const struct run *run, struct exits_seat *seat, struct mg_control *control,
		  uint64_t *samples)
{
	const uint64_t khz = run->result->tsc_khz;

	seat->has_begun = true;
	if (run->plan->program != MG_PROGRAM_GAP)
		return;
	seat->threshold_ns = exits_gap_threshold_ns(samples, control->n_samples, khz);
	control->threshold_cycles = exits_cycles(seat->threshold_ns, khz);
}

static bool is_warmed_up(unsigned program)
{
	return program == MG_PROGRAM_GAP || program == MG_PROGRAM_CHASE ||
	       program == MG_PROGRAM_LOOP;
}

static void take_units(const struct run *run, struct exits_seat *seat, uint64_t cycles,
		       uint64_t n_units)
{
	const uint64_t khz = run->result->tsc_khz;
	const uint64_t ps = exits_ns(cycles, khz) * 1000 / n_units;
	const bool is_first = seat->n_units == 0;

	seat->sum_cycles += cycles;
	seat->n_units += n_units;
	if (run->plan->program == MG_PROGRAM_CHASE)
		seat->unit_ps = exits_ns(seat->sum_cycles, khz) * 1000 / seat->n_units;
	else
		seat->unit_ps = is_first ? ps : u64_min(seat->unit_ps, ps);
}

/* What is in the area of samples becomes part of the seat. */
static void take_samples(const struct run *run, struct exits_seat *seat, struct mg_control *control,
			 uint64_t *samples)
{
	const uint64_t khz = run->result->tsc_khz, n = u64_min(control->n_samples, MG_SAMPLES_MAX);
	const bool is_chase = run->plan->program == MG_PROGRAM_CHASE;

	if (!seat->has_begun && is_warmed_up(run->plan->program)) {
		begin(run, seat, control, samples);
	} else if (is_chase || run->plan->program == MG_PROGRAM_LOOP) {
		for (uint64_t i = 0; i < n; i++)
			take_units(run, seat, samples[i],
				   control->steps * (is_chase ? MG_STEP_LOADS : 2));
	} else {
		exits_drain(samples, n, khz, &seat->hist);
		if (run->plan->program == MG_PROGRAM_GAP)
			seat->window_ns += exits_ns(control->end - control->begin, khz);
	}
	control->n_samples = 0;
}

static uint64_t *samples_of(struct microguest_vcpu *vcpu)
{
	return image_samples(vcpu->guest->vm.memory, vcpu->number);
}

static bool on_batch(struct microguest_vcpu *vcpu, void *arg)
{
	struct run *run = arg;
	struct exits_seat *seat = &run->result->seats[vcpu->number];
	const bool was_first = !seat->has_begun && is_warmed_up(run->plan->program);
	const uint64_t now_ns = timebase_now(run->time);
	uint64_t left_ns;

	take_samples(run, seat, vcpu->control, samples_of(vcpu));
	left_ns = run->end_ns > now_ns ? run->end_ns - now_ns : 0;
	if (run->plan->program == MG_PROGRAM_GAP)
		left_ns = u64_min(left_ns, GAP_BATCH_NS);
	vcpu->control->window_cycles = exits_cycles(left_ns, run->result->tsc_khz);
	return left_ns > 0 || was_first;
}

static void on_end(struct microguest_vcpu *vcpu, void *arg)
{
	struct run *run = arg;
	const pthread_t owner = run->owner;

	if (vcpu->number < run->result->n_seats)
		atomic_fetch_sub(&run->n_busy, 1);
	stop_nudge(owner);
}

/* Until all that measure have ended. 0; -EINTR: asked to end; -ETIMEDOUT: one does not end. */
static int wait_end(struct run *run)
{
	const uint64_t limit_ns = run->end_ns + GRACE_NS;

	while (atomic_load(&run->n_busy) > 0) {
		struct failure failed;

		switch (stop_wait(run->time, limit_ns)) {
		case STOP_ASKED:
			return -EINTR;
		case STOP_TIME:
			return -ETIMEDOUT;
		case STOP_NUDGED:
			if (microguest_failure(run->guest, &failed))
				return 0;
			break;
		}
	}
	return 0;
}

static int prepare_walk(struct run *run, struct mg_control *control, struct failure *out)
{
	const struct exits_backing *b = run->plan->backing;
	const struct vm *vm = &run->guest->vm;
	int r;

	r = exits_walk_fill(b->at, b->used, MG_EXTRA, run->plan->seed, &control->pointer);
	if (r < 0)
		return failure_call(out, "way through memory", r);
	image_map_extra(vm->memory, vm_has_gib_pages(vm));
	/* Once through all of it. */
	control->steps = b->used / EXITS_WALK_PAGE / MG_STEP_LOADS;
	return vm_add_memory(vm, 1, MG_EXTRA, b->at, b->size, out);
}

/* What each vCPU is to do in its first batch. */
static int prepare(struct run *run, struct failure *out)
{
	const struct exits_plan *plan = run->plan;
	const uint64_t khz = run->result->tsc_khz;
	int r = 0;

	for (unsigned n = 0; r == 0 && n < run->guest->n_vcpus; n++) {
		struct mg_control *c = run->guest->vcpus[n].control;

		c->program = n < run->result->n_seats ? plan->program : MG_PROGRAM_ECHO;
		c->interval_cycles = exits_cycles(plan->interval_ns, khz);
		c->steps = LOOP_STEPS;
		c->peer_id = 1 - n;
		c->peer_ready_at = image_area(1) + MG_IS_READY;
		/* GAP without a threshold takes each turn of the loop; CHASE goes round once. */
		c->window_cycles =
			plan->program == MG_PROGRAM_CHASE
				? 0
				: exits_cycles(u64_min(plan->budget_ns, GAP_BATCH_NS), khz);
		if (plan->program == MG_PROGRAM_CHASE)
			r = prepare_walk(run, c, out);
	}
	return r;
}

/* The vCPUs do not run any more. */
static int collect(struct run *run, int r_wait)
{
	struct exits_result *result = run->result;
	struct failure failed;
	uint8_t *stats = NULL;
	size_t n_stats;

	/* A batch of gaps that was cut off has no end: how long it looked is not known. */
	for (size_t n = 0; n < result->n_seats && run->plan->program != MG_PROGRAM_GAP; n++) {
		struct microguest_vcpu *vcpu = &run->guest->vcpus[n];

		if (result->seats[n].has_begun || !is_warmed_up(run->plan->program))
			take_samples(run, &result->seats[n], vcpu->control, samples_of(vcpu));
	}
	if (run->plan->program == MG_PROGRAM_CHASE) {
		result->mapped_error = exits_stats_read(run->guest->vm.fd, &stats, &n_stats);
		if (result->mapped_error == 0)
			result->mapped_error =
				exits_mapped_kib(stats, n_stats, run->plan->backing->used / KIB,
						 &result->mapped_kib);
		free(stats);
	}
	if (microguest_failure(run->guest, &failed))
		return say_failure(result, &failed);
	if (r_wait == -ETIMEDOUT)
		return say_trouble(result, "the guest did not come back from it");
	return 0;
}

static int run_guest(struct run *run)
{
	struct failure failed = { 0 };
	int r, r_wait, r_collect;

	run->result->tsc_khz = vcpu_tsc_khz(&run->guest->vcpus[0].kvm);
	r = prepare(run, &failed);
	if (r == 0)
		r = exits_wire_connect(&run->wire, run->guest, run->plan->program, &failed);
	if (r < 0)
		return say_failure(run->result, &failed);
	run->end_ns = timebase_now(run->time) + run->plan->budget_ns;
	atomic_store(&run->n_busy, run->result->n_seats);
	r = microguest_start(run->guest, &failed);
	if (r < 0)
		return say_failure(run->result, &failed);
	if (run->plan->program == MG_PROGRAM_STAMP)
		r_wait = exits_wire_inject(&run->wire, run->guest, run->time, run->end_ns,
					   run->result->tsc_khz, &run->result->seats[0].hist,
					   &run->result->trouble);
	else
		r_wait = wait_end(run);
	microguest_stop(run->guest);
	r_collect = collect(run, r_wait);
	if (r_collect < 0)
		return r_collect;
	return r_wait == -ETIMEDOUT ? 0 : r_wait;
}

static int init_seats(const struct exits_plan *plan, struct exits_result *result)
{
	const size_t n_cpus = cpus_count(&plan->cpus);
	int cpu = cpus_next(&plan->cpus, 0);

	result->n_seats = plan->program == MG_PROGRAM_IPI ? 1 : n_cpus;
	result->seats = calloc(result->n_seats, sizeof(*result->seats));
	if (!result->seats)
		return -ENOMEM;
	for (size_t n = 0; n < result->n_seats; n++) {
		hist_init(&result->seats[n].hist);
		result->seats[n].cpu = (unsigned)cpu;
		cpu = cpus_next(&plan->cpus, (unsigned)cpu + 1);
	}
	return 0;
}

int exits_run(const struct timebase *time, const struct exits_plan *plan,
	      struct exits_result *result)
{
	struct run run = { .time = time, .plan = plan, .result = result, .owner = pthread_self() };
	const struct microguest_hooks hooks = { on_batch, on_end, &run };
	const struct microguest_config config = { .cpus = plan->cpus, .hooks = &hooks };
	struct failure failed = { 0 };
	int r;

	*result = (struct exits_result){ 0 };
	exits_wire_init(&run.wire);
	r = init_seats(plan, result);
	if (r < 0)
		return r;
	r = microguest_new(&config, &run.guest, &failed);
	if (r < 0)
		return say_failure(result, &failed);
	r = run_guest(&run);
	microguest_free(run.guest);
	exits_wire_release(&run.wire);
	return r;
}

void exits_result_release(struct exits_result *result)
{
	free(result->seats);
	free(result->trouble);
	*result = (struct exits_result){ 0 };
}
