/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probes/microguest/microguest.h"

#include <pthread.h>
#include <sched.h>
#include <sys/eventfd.h>

#include "probes/microguest/image.h"

/* "CPU 254/KVM" and to spare: the kernel keeps 15 bytes of a thread's name. */
#define THREAD_NAME_SIZE 16

static uint64_t load(const uint64_t *counter)
{
	return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

int microguest_check(const struct microguest_config *config)
{
	if (cpus_is_empty(&config->cpus))
		return -EINVAL;
	if (!config->hooks && config->spin_ns == 0 && config->halt_ns == 0)
		return -EINVAL;
	if (cpus_count(&config->cpus) > MG_VCPUS_MAX)
		return -E2BIG;
	if (config->spin_ns > MICROGUEST_HALF_MAX_NS || config->halt_ns > MICROGUEST_HALF_MAX_NS)
		return -ERANGE;
	return 0;
}

static int init_vcpus(struct microguest *guest, const struct microguest_config *config,
		      struct failure *out)
{
	int cpu = cpus_next(&config->cpus, 0);

	for (unsigned n = 0; n < guest->n_vcpus; n++) {
		struct microguest_vcpu *vcpu = &guest->vcpus[n];
		uint64_t tsc_khz;
		int r;

		vcpu->guest = guest;
		vcpu->number = n;
		vcpu->cpu = config->is_floating ? -1 : cpu;
		vcpu->control = image_control(guest->vm.memory, n);
		r = vcpu_init(&vcpu->kvm, &guest->vm, n, out);
		if (r < 0)
			return r;
		tsc_khz = vcpu_tsc_khz(&vcpu->kvm);
		vcpu->control->spin_cycles = config->spin_ns * tsc_khz / NS_PER_MS;
		vcpu->control->halt_cycles = config->halt_ns * tsc_khz / NS_PER_MS;
		cpu = cpus_next(&config->cpus, (unsigned)cpu + 1);
	}
	return 0;
}

static int init_guest(struct microguest *guest, const struct microguest_config *config,
		      struct failure *out)
{
	int r;

	r = vm_init(&guest->vm, MICROGUEST_DEVICE, guest->n_vcpus, out);
	if (r < 0)
		return r;
	guest->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (guest->event_fd < 0)
		return failure_call(out, "eventfd", neg_errno());
	return init_vcpus(guest, config, out);
}

int microguest_new(const struct microguest_config *config, struct microguest **ret_guest,
		   struct failure *out)
{
	struct microguest *guest;
	int r = microguest_check(config);

	if (r < 0)
		return failure_call(out, "configuration", r);
	guest = calloc(1, sizeof(*guest));
	if (!guest)
		return failure_call(out, "memory", -ENOMEM);
	guest->vm.kvm_fd = guest->vm.fd = guest->event_fd = -1;
	pthread_mutex_init(&guest->lock, NULL);
	guest->hooks = config->hooks;
	guest->n_vcpus = (unsigned)cpus_count(&config->cpus);
	guest->vcpus = calloc(guest->n_vcpus, sizeof(*guest->vcpus));
	for (unsigned n = 0; guest->vcpus && n < guest->n_vcpus; n++)
		guest->vcpus[n].kvm.fd = -1;
	if (guest->vcpus)
		r = init_guest(guest, config, out);
	else
		r = failure_call(out, "memory", -ENOMEM);
	if (r < 0) {
		microguest_free(guest);
		return r;
	}
	*ret_guest = guest;
	return 0;
}

void microguest_free(struct microguest *guest)
{
	if (!guest)
		return;
	microguest_stop(guest);
	for (unsigned n = 0; guest->vcpus && n < guest->n_vcpus; n++)
		vcpu_release(&guest->vcpus[n].kvm);
	vm_release(&guest->vm);
	if (guest->event_fd >= 0)
		close(guest->event_fd);
	pthread_mutex_destroy(&guest->lock);
	free(guest->vcpus);
	free(guest);
}

/* The payload reports what it cannot handle through a port; its control page has the details. */
static void explain_fault(const struct mg_control *control, struct failure *f)
{
	if (f->kind != FAILURE_EXIT || f->exit_reason != KVM_EXIT_IO || f->detail != MG_PORT_FAULT)
		return;
	f->kind = FAILURE_FAULT;
	f->exit_reason = KVM_EXIT_EXCEPTION;
	f->vector = load(&control->fault_vector);
	f->code = load(&control->fault_code);
	f->rip = load(&control->fault_rip);
}

static void note_failure(struct microguest_vcpu *vcpu, struct failure *f)
{
	struct microguest *guest = vcpu->guest;
	uint64_t one = 1;

	explain_fault(vcpu->control, f);
	f->vcpu = (int)vcpu->number;
	f->cpu = vcpu->cpu;
	pthread_mutex_lock(&guest->lock);
	if (guest->failure.kind == FAILURE_NONE)
		guest->failure = *f;
	pthread_mutex_unlock(&guest->lock);
	/* It can only fail when it is readable already. */
	if (write(guest->event_fd, &one, sizeof(one)) < 0)
		return;
}

/* One that was not a stop, from wherever: left pending, it would end every KVM_RUN at once. */
static void drop_signal(void)
{
	const struct timespec now = { 0 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, MICROGUEST_SIGNAL);
	sigtimedwait(&set, NULL, &now);
}

static bool is_stopping(const struct microguest_vcpu *vcpu)
{
	return __atomic_load_n(&vcpu->guest->is_stopping, __ATOMIC_ACQUIRE);
}

/* Until it is stopped or fails. */
static void run_rounds(struct microguest_vcpu *vcpu, struct failure *out)
{
	while (out->kind == FAILURE_NONE && !is_stopping(vcpu)) {
		if (vcpu_run(&vcpu->kvm, out) == -EINTR)
			drop_signal();
	}
}

/* true: the payload did what brings it here on purpose, and goes on. */
static bool handle_exit(struct microguest_vcpu *vcpu, struct failure *out, bool *ret_is_done)
{
	const struct microguest_hooks *hooks = vcpu->guest->hooks;
	const struct kvm_run *run = vcpu->kvm.run;

	if (run->exit_reason == KVM_EXIT_IO && run->io.port == MG_PORT_USER)
		return true;
	if (run->exit_reason == KVM_EXIT_MMIO && run->mmio.phys_addr == MG_MMIO_USER)
		return true;
	if (run->exit_reason == KVM_EXIT_IO && run->io.port == MG_PORT_BATCH) {
		*ret_is_done = !hooks->batch_done(vcpu, hooks->arg);
		return true;
	}
	vcpu_explain(&vcpu->kvm, out);
	return false;
}

/* As run_rounds(), or until the caller has enough. */
static void run_batches(struct microguest_vcpu *vcpu, struct failure *out)
{
	bool is_done = false;
	int r = 0;

	while (!is_done && out->kind == FAILURE_NONE && !is_stopping(vcpu)) {
		r = vcpu_enter(&vcpu->kvm);
		if (r == -EINTR)
			drop_signal();
		else if (r < 0)
			failure_call(out, "KVM_RUN", r);
		else if (!handle_exit(vcpu, out, &is_done))
			break;
	}
}

static void *run_vcpu(void *arg)
{
	struct microguest_vcpu *vcpu = arg;
	const struct microguest_hooks *hooks = vcpu->guest->hooks;
	struct failure failed = { 0 };
	char name[THREAD_NAME_SIZE];
	int r;

	snprintf(name, sizeof(name), "CPU %u/KVM", vcpu->number);
	pthread_setname_np(pthread_self(), name);
	r = vcpu_allow_signal(&vcpu->kvm, MICROGUEST_SIGNAL);
	if (r < 0)
		failure_call(&failed, "KVM_SET_SIGNAL_MASK", r);
	else if (hooks)
		run_batches(vcpu, &failed);
	else
		run_rounds(vcpu, &failed);
	if (failed.kind != FAILURE_NONE)
		note_failure(vcpu, &failed);
	if (hooks)
		hooks->ended(vcpu, hooks->arg);
	return NULL;
}

/* A thread that is pinned from birth, and blocks all signals. Returns a negative errno. */
static int start_thread(struct microguest_vcpu *vcpu)
{
	struct cpus set = { 0 };
	pthread_attr_t attr;
	sigset_t all, old;
	int r;

	pthread_attr_init(&attr);
	if (vcpu->cpu >= 0) {
		/* A set's words are laid out as the kernel's are. */
		cpus_add(&set, (unsigned)vcpu->cpu);
		pthread_attr_setaffinity_np(&attr, sizeof(set.word), (cpu_set_t *)(void *)set.word);
	}
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	r = pthread_create(&vcpu->thread, &attr, run_vcpu, vcpu);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	vcpu->is_started = r == 0;
	return -r;
}

int microguest_start(struct microguest *guest, struct failure *out)
{
	for (unsigned n = 0; n < guest->n_vcpus; n++) {
		int r = start_thread(&guest->vcpus[n]);

		if (r < 0) {
			microguest_stop(guest);
			failure_call(out, "thread", r);
			out->vcpu = (int)n;
			out->cpu = guest->vcpus[n].cpu;
			return r;
		}
	}
	return 0;
}

void microguest_stop(struct microguest *guest)
{
	/* A signal sent before KVM_RUN stays pending and ends it at once: none is lost. */
	__atomic_store_n(&guest->is_stopping, true, __ATOMIC_RELEASE);
	for (unsigned n = 0; guest->vcpus && n < guest->n_vcpus; n++) {
		if (guest->vcpus[n].is_started)
			pthread_kill(guest->vcpus[n].thread, MICROGUEST_SIGNAL);
	}
	for (unsigned n = 0; guest->vcpus && n < guest->n_vcpus; n++) {
		if (guest->vcpus[n].is_started)
			pthread_join(guest->vcpus[n].thread, NULL);
		guest->vcpus[n].is_started = false;
	}
}

struct microguest_counts microguest_counts(const struct microguest *guest, unsigned vcpu)
{
	const struct mg_control *control = guest->vcpus[vcpu].control;

	return (struct microguest_counts){
		.spins = load(&control->spins),
		.halts = load(&control->halts),
		.ticks = load(&control->ticks),
		.spurious = load(&control->spurious),
	};
}

int microguest_first_idle(const struct microguest *guest)
{
	for (unsigned n = 0; n < guest->n_vcpus; n++) {
		const struct mg_control *control = guest->vcpus[n].control;
		struct microguest_counts counts = microguest_counts(guest, n);

		if ((control->spin_cycles && !counts.spins) ||
		    (control->halt_cycles && !counts.ticks))
			return (int)n;
	}
	return -1;
}

bool microguest_failure(struct microguest *guest, struct failure *ret_failure)
{
	struct failure f;

	pthread_mutex_lock(&guest->lock);
	f = guest->failure;
	pthread_mutex_unlock(&guest->lock);
	if (f.kind == FAILURE_NONE)
		return false;
	*ret_failure = f;
	return true;
}
