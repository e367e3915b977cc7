/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * microguest.h - the built-in guest: vCPU threads that run a tiny payload of ours under KVM.
 *
 * Each vCPU alternates between spinning and halting on its timer, so that its thread (named
 * "CPU n/KVM", as QEMU's are) runs, sleeps and is woken. The payload counts what it does in memory
 * that both sides see: reading its progress makes no exit and takes no lock.
 *
 * A program may run several, one after the other; nothing process-wide is changed: the threads
 * block all signals and are stopped by MICROGUEST_SIGNAL, which only KVM_RUN lets through.
 */
#ifndef PROBES_MICROGUEST_MICROGUEST_H
#define PROBES_MICROGUEST_MICROGUEST_H

#include <pthread.h>
#include <signal.h>

#include "core/base.h"
#include "core/cpus.h"
#include "probes/microguest/failure.h"
#include "probes/microguest/kvm.h"
#include "probes/microguest/layout.h"
#include "probes/microguest/vcpu.h"

#define MICROGUEST_DEVICE "/dev/kvm"
#define MICROGUEST_SIGNAL SIGUSR1

/* Longest half of a round: a healthy vCPU shows progress after at most two of them. */
#define MICROGUEST_HALF_MAX_NS NS_PER_S

struct microguest_vcpu;

/* For guests that run a measuring program (layout.h). Both are called in a vCPU's thread. */
struct microguest_hooks {
	/* A batch is over. true: the vCPU goes on with the next; false: it has ended. */
	bool (*batch_done)(struct microguest_vcpu *vcpu, void *arg);
	/* The vCPU has ended, for whatever reason. */
	void (*ended)(struct microguest_vcpu *vcpu, void *arg);
	void *arg;
};

struct microguest_config {
	struct cpus cpus; /* one vCPU per member: vCPU n on the n-th lowest */
	bool is_floating; /* vCPU threads keep the affinity of the thread that starts them */
	uint64_t spin_ns; /* per round; 0 to MICROGUEST_HALF_MAX_NS, not both 0 */
	uint64_t halt_ns;
	/* NULL: rounds. Else the halves do not matter, and before microguest_start() the caller
	 * writes what is to be done into control of each vCPU. Not copied. */
	const struct microguest_hooks *hooks;
};

struct microguest_vcpu {
	struct microguest *guest;
	unsigned number;
	int cpu; /* -1: floating */
	struct vcpu kvm;
	struct mg_control *control;
	pthread_t thread;
	bool is_started;
};

struct microguest {
	struct vm vm;
	unsigned n_vcpus;
	struct microguest_vcpu *vcpus;
	const struct microguest_hooks *hooks;
	int event_fd;           /* readable (poll) once a vCPU has failed */
	bool is_stopping;       /* atomic */
	pthread_mutex_t lock;   /* of failure */
	struct failure failure; /* the first one of any vCPU thread */
};

struct microguest_counts {
	uint64_t spins, halts, ticks, spurious;
};

/* -EINVAL: no CPU, or both halves 0 without hooks; -E2BIG: over MG_VCPUS_MAX CPUs; -ERANGE: a half
 * too long. */
int microguest_check(const struct microguest_config *config) MUST_CHECK;

/* Makes the machine and its vCPUs, none running. 0, or negative errno and *out filled. */
int microguest_new(const struct microguest_config *config, struct microguest **ret_guest,
		   struct failure *out) MUST_CHECK;
/* Starts the vCPU threads; as microguest_new(). After an error those that run are stopped. */
int microguest_start(struct microguest *guest, struct failure *out) MUST_CHECK;
/* Ends and joins them all; also when none was started. What they counted can still be read. */
void microguest_stop(struct microguest *guest);
/* Stops too; NULL is fine. */
void microguest_free(struct microguest *guest);

struct microguest_counts microguest_counts(const struct microguest *guest, unsigned vcpu);
/* First vCPU that has not yet been through both halves of a round; -1: all have. */
int microguest_first_idle(const struct microguest *guest);
/* Copy of the first failure of a vCPU thread; false: none. */
bool microguest_failure(struct microguest *guest, struct failure *ret_failure);

#endif
