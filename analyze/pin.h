/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pin.h - the rules of the domain "pin", and the fix texts they share. */
#ifndef ANALYZE_PIN_H
#define ANALYZE_PIN_H

#include "analyze/placement.h"
#include "analyze/propose.h"

/* Judges; what they judge stands in the catalogue. */
enum verdict pin_judge_pileup(const struct host *h, struct finding *out);
enum verdict pin_judge_smt(const struct host *h, struct finding *out);
enum verdict pin_judge_l3(const struct host *h, struct finding *out);
enum verdict pin_judge_reserve(const struct host *h, struct finding *out);
enum verdict pin_judge_emulator(const struct host *h, struct finding *out);
enum verdict pin_judge_iothread(const struct host *h, struct finding *out);
/* .applies of cpu.host-reserve: a placement, or CPUs known as the guest's, or the reason. */
bool pin_knows_share(const struct host *h, struct finding *out);

/* Rows of evidence that a finding holds at most. */
#define PIN_ITEMS_MAX 16u

/*
 * New pins for the vCPUs: in the set the guest has now or the isolated CPUs when prefers_set and
 * they have room, else anywhere, best on the node of its memory or of the device passed through.
 * As propose_pins().
 */
int pin_propose(const struct host *h, const struct placement *p, bool prefers_set,
		struct proposal **ret_proposal) MUST_CHECK;
/*
 * Where a guest is known and there is room for it without the boot CPU: {G} and {H} of the
 * finding's fixes speak of pins that leave it out; *ret_proposal as above (NULL: not wanted).
 * false: not so.
 */
bool pin_leaves_boot_cpu(const struct host *h, struct finding *out, struct proposal **ret_proposal);
/* Makes that proposal the fix of the finding, or says why there is none (r of propose_pins()). */
void pin_fix(const struct host *h, const struct placement *p, int r, const struct proposal *prop,
	     struct finding *out);
/* The same for some of the vCPUs: nothing is said of QEMU's other threads. */
void pin_fix_part(const struct host *h, const struct placement *p, int r,
		  const struct proposal *prop, struct finding *out);
/*
 * Makes the proposal the fix: commands for now, and what to change in the configuration. is_whole:
 * all vCPUs are in it, so that QEMU's other threads and the I/O threads get the rest of the host.
 */
void pin_write(const struct host *h, const struct placement *p, const struct proposal *prop,
	       bool is_whole, struct finding *out);
/* The same for a guest that is to have fewer vCPUs than it has. */
void pin_write_fewer(const struct host *h, const struct placement *p, const struct proposal *prop,
		     struct finding *out);
/* NUMA nodes of the functions passed through: of displays, else of all. Empty: none is known. */
struct cpus pin_device_nodes(const struct host *h);
/* Says that no vCPU is pinned, so that no CPU is theirs: not applicable. */
enum verdict pin_says_floating(struct finding *out);
/* That, or, when the trace saw threads of this finding hold the vCPUs up, advice to pin both. */
enum verdict pin_judge_floating(const struct host *h, const struct placement *p,
				struct finding *out);
/* The I/O thread of QEMU's monitor: named like an I/O thread, but one of the emulator's. */
bool pin_is_monitor(const struct guest_thread *t);
/* Makes fewer vCPUs the fix, so many that two whole cores stay with the host. */
void pin_fix_fewer(const struct host *h, const struct placement *p, struct finding *out);
/* The guest is managed by libvirt, as far as one can tell: virsh moves its threads. */
bool pin_uses_libvirt(const struct host *h);
/* "vCPU 3", "vCPUs 0,2-5": the numbers of up to 8192 vCPUs as text of the finding. */
const char *pin_vcpus(struct finding *out, const struct cpus *numbers);
/* "CPU 3", "CPUs 0,2-5". */
const char *pin_cpus(struct finding *out, const struct cpus *set);
/* "4.1 s", "412 ms", "0.3 ms". */
const char *pin_time(struct finding *out, uint64_t ns);
/* Value in permille of the whole; the whole is not 0. */
uint64_t pin_permille(uint64_t part_ns, uint64_t whole_ns);

#endif
