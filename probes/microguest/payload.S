/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * payload.S - all the software of the built-in guest, entered in 64-bit mode with interrupts off.
 *
 * Each vCPU runs it on its own, GS points at its area (layout.h). The program it is asked for is
 * either rounds: spin, arm the TSC-deadline timer, halt, be woken, again, of which nothing but a
 * fault exits to the host program; or one that measures in batches.
 *
 * Only instructions are used that KVM's emulator knows, for hosts that emulate the guest: no fence,
 * no RDTSCP. What is measured orders itself against RDTSC (it leaves the guest, or is long).
 *
 * Sources: Intel SDM vol. 3, "Advanced Programmable Interrupt Controller" (x2APIC registers,
 * TSC-deadline mode) and "Interrupt and exception handling".
 */
#include "probes/microguest/layout.h"

#define MSR_APIC_BASE	 0x1b
#define MSR_TSC_DEADLINE 0x6e0
#define MSR_X2APIC_EOI	 0x80b
#define MSR_X2APIC_SVR	 0x80f
#define MSR_X2APIC_ICR	 0x830
#define MSR_X2APIC_TIMER 0x832

#define APIC_BASE_X2APIC    0xc00   /* enabled, in x2APIC mode */
#define APIC_SVR_ENABLE	    0x100
#define APIC_TIMER_DEADLINE 0x40000

/* Vectors at which the processor pushes an error code itself. */
#define HAS_CODE(v) ((v) == 8 || ((v) >= 10 && (v) <= 14) || (v) == 17 || (v) == 21 || \
		     (v) == 29 || (v) == 30)

/* rax = time stamp counter; rdx is lost */
.macro read_tsc
	rdtsc
	shl	$32, %rdx
	or	%rdx, %rax
.endm

/* MSR = rax; rcx, rdx are lost */
.macro write_msr msr
	mov	%rax, %rdx
	shr	$32, %rdx
	mov	$\msr, %ecx
	wrmsr
.endm

/* edi = 0 samples, r9 = end of the batch; rax is its begin, rdx is lost */
.macro begin_batch
	xor	%edi, %edi
	mov	%rdi, %gs:MG_N_SAMPLES
	mov	%gs:MG_WINDOW_CYCLES, %r9
	read_tsc
	mov	%rax, %gs:MG_BEGIN
	add	%rax, %r9
.endm

/* rax is one more sample, r10 what time it is: again at the label, or the batch is over */
.macro take_sample again
	mov	%rax, %gs:MG_AREA_RESULT(, %rdi, 8)
	inc	%rdi
	mov	%rdi, %gs:MG_N_SAMPLES
	cmp	$MG_SAMPLES_MAX, %rdi
	jae	batch_done
	cmp	%r9, %r10
	jb	\again
	jmp	batch_done
.endm

/* The time since r8 is one more sample; rax, rdx, r10 are lost. */
.macro take_time again
	read_tsc
	mov	%rax, %r10
	sub	%r8, %rax
	take_sample \again
.endm

/* MG_VECTOR_STAMP from the timer; rax, rcx, rdx are lost */
.macro stamp_by_timer
	mov	$(APIC_TIMER_DEADLINE | MG_VECTOR_STAMP), %eax
	write_msr MSR_X2APIC_TIMER
	begin_batch
.endm

/* r8 = a deadline that the timer is armed for; rsi = stamps so far; rax, rcx, rdx are lost */
.macro arm_timer
	mov	%gs:MG_N_STAMPS, %rsi
	read_tsc
	add	%gs:MG_INTERVAL_CYCLES, %rax
	mov	%rax, %r8
	write_msr MSR_TSC_DEADLINE
.endm

/* From r8, a deadline, to the stamp, as one more sample; rax, r10 are lost. */
.macro take_lateness again
	mov	%gs:MG_STAMP, %rax
	mov	%rax, %r10
	sub	%r8, %rax
	jae	7f
	xor	%eax, %eax
7:
	take_sample \again
.endm

	.section .rodata
	.balign	16
	.globl	mg_payload, mg_payload_end, mg_on_fault, mg_on_timer, mg_on_spurious
	.globl	mg_on_stamp, mg_on_echo

mg_payload:
	mov	$MSR_APIC_BASE, %ecx
	rdmsr
	or	$APIC_BASE_X2APIC, %eax
	wrmsr
	mov	$MSR_X2APIC_SVR, %ecx
	mov	$(APIC_SVR_ENABLE | MG_VECTOR_SPURIOUS), %eax
	xor	%edx, %edx
	wrmsr
	mov	$MSR_X2APIC_TIMER, %ecx
	mov	$(APIC_TIMER_DEADLINE | MG_VECTOR_TIMER), %eax
	xor	%edx, %edx
	wrmsr
	jmp	start

batch_done:
	out	%al, $MG_PORT_BATCH
start:
	mov	%gs:MG_PROGRAM, %rax
	cmp	$MG_N_PROGRAMS, %rax
	jae	round
	lea	programs(%rip), %rcx
	jmp	*(%rcx, %rax, 8)

	.balign	8
programs:
	.quad	MG_CODE + (round - mg_payload)
	.quad	MG_CODE + (gap - mg_payload)
	.quad	MG_CODE + (timer - mg_payload)
	.quad	MG_CODE + (halted - mg_payload)
	.quad	MG_CODE + (cpu_identity - mg_payload)
	.quad	MG_CODE + (port - mg_payload)
	.quad	MG_CODE + (port_user - mg_payload)
	.quad	MG_CODE + (mmio - mg_payload)
	.quad	MG_CODE + (mmio_user - mg_payload)
	.quad	MG_CODE + (msr - mg_payload)
	.quad	MG_CODE + (ipi - mg_payload)
	.quad	MG_CODE + (listen - mg_payload)
	.quad	MG_CODE + (listen - mg_payload)
	.quad	MG_CODE + (loop_steps - mg_payload)
	.quad	MG_CODE + (chase - mg_payload)
programs_end:
	.if	programs_end - programs != 8 * MG_N_PROGRAMS
	.error	"programs"
	.endif

round:
	mov	%gs:MG_SPIN_CYCLES, %rbx
	test	%rbx, %rbx
	jz	halt
	incq	%gs:MG_SPINS
	read_tsc
	add	%rax, %rbx
/* Without PAUSE: hosts that watch for pauses would take the CPU away from the loop. */
spin:
	read_tsc
	cmp	%rbx, %rax
	jb	spin

halt:
	mov	%gs:MG_HALT_CYCLES, %rbx
	test	%rbx, %rbx
	jz	round
	mov	%gs:MG_TICKS, %rsi
	read_tsc
	add	%rbx, %rax
	mov	%rax, %rdx
	shr	$32, %rdx
	mov	$MSR_TSC_DEADLINE, %ecx
	wrmsr
/* Interrupts open one instruction after STI: the tick cannot slip in between it and HLT. */
wait:
	incq	%gs:MG_HALTS
	sti
	hlt
	cli
	cmp	%gs:MG_TICKS, %rsi
	je	wait
	jmp	round

/* rbx = threshold, r11 = the read of the counter before */
gap:
	mov	%gs:MG_THRESHOLD_CYCLES, %rbx
	begin_batch
	mov	%rax, %r11
gap_loop:
	read_tsc
	mov	%rax, %rcx
	sub	%r11, %rcx
	mov	%rax, %r11
	cmp	%rbx, %rcx
	jae	gap_found
gap_next:
	cmp	%r9, %rax
	jb	gap_loop
	jmp	gap_end
gap_found:
	mov	%rcx, %gs:MG_AREA_RESULT(, %rdi, 8)
	inc	%rdi
	mov	%rdi, %gs:MG_N_SAMPLES
	cmp	$MG_SAMPLES_MAX, %rdi
	jb	gap_next
gap_end:
	mov	%r11, %gs:MG_END
	jmp	batch_done

timer:
	stamp_by_timer
timer_next:
	arm_timer
	sti
timer_wait:
	cmp	%gs:MG_N_STAMPS, %rsi
	je	timer_wait
	cli
	take_lateness timer_next

halted:
	stamp_by_timer
halted_next:
	arm_timer
halted_wait:
	sti
	hlt
	cli
	cmp	%gs:MG_N_STAMPS, %rsi
	je	halted_wait
	take_lateness halted_next

/* RBX and RCX are lost too. */
cpu_identity:
	begin_batch
cpu_identity_next:
	read_tsc
	mov	%rax, %r8
	xor	%eax, %eax
	cpuid
	take_time cpu_identity_next

port:
	begin_batch
port_next:
	read_tsc
	mov	%rax, %r8
	out	%al, $MG_PORT_KERNEL
	take_time port_next

port_user:
	begin_batch
port_user_next:
	read_tsc
	mov	%rax, %r8
	out	%al, $MG_PORT_USER
	take_time port_user_next

mmio:
	mov	$MG_MMIO_KERNEL, %rbx
	begin_batch
mmio_next:
	read_tsc
	mov	%rax, %r8
	mov	%eax, (%rbx)
	take_time mmio_next

mmio_user:
	mov	$MG_MMIO_USER, %rbx
	begin_batch
mmio_user_next:
	read_tsc
	mov	%rax, %r8
	mov	%eax, (%rbx)
	take_time mmio_user_next

msr:
	begin_batch
	mov	$MSR_APIC_BASE, %ecx
msr_next:
	read_tsc
	mov	%rax, %r8
	rdmsr
	take_time msr_next

/* An interrupt to a vCPU whose APIC is still off would be lost. */
ipi:
	mov	%gs:MG_PEER_READY_AT, %rbx
ipi_wait_peer:
	cmpq	$0, (%rbx)
	je	ipi_wait_peer
	begin_batch
ipi_next:
	mov	%gs:MG_N_STAMPS, %rsi
	read_tsc
	mov	%rax, %r8
	mov	%gs:MG_PEER_ID, %rdx
	mov	$MG_VECTOR_ECHO, %eax
	mov	$MSR_X2APIC_ICR, %ecx
	wrmsr
	sti
ipi_wait:
	cmp	%gs:MG_N_STAMPS, %rsi
	je	ipi_wait
	cli
	take_lateness ipi_next

listen:
	movq	$1, %gs:MG_IS_READY
	sti
listen_on:
	jmp	listen_on

loop_steps:
	begin_batch
loop_next:
	mov	%gs:MG_STEPS, %rcx
	read_tsc
	mov	%rax, %r8
loop_step:
	dec	%rcx
	jnz	loop_step
	take_time loop_next

chase:
	mov	%gs:MG_POINTER, %rsi
	begin_batch
chase_next:
	mov	%gs:MG_STEPS, %rcx
	read_tsc
	mov	%rax, %r8
chase_step:
	.rept	MG_STEP_LOADS
	mov	(%rsi), %rsi
	.endr
	dec	%rcx
	jnz	chase_step
	mov	%rsi, %gs:MG_POINTER
	take_time chase_next

/* What waits for it has nothing of value in rax, rcx, rdx: the first instruction reads the counter.
 */
mg_on_stamp:
	read_tsc
	mov	%rax, %gs:MG_STAMP
	xor	%eax, %eax
	write_msr MSR_X2APIC_EOI
	incq	%gs:MG_N_STAMPS
	iretq

/* As above. */
mg_on_echo:
	mov	%gs:MG_PEER_ID, %rdx
	mov	$MG_VECTOR_STAMP, %eax
	mov	$MSR_X2APIC_ICR, %ecx
	wrmsr
	xor	%eax, %eax
	write_msr MSR_X2APIC_EOI
	iretq

mg_on_timer:
	push	%rax
	push	%rcx
	push	%rdx
	incq	%gs:MG_TICKS
	mov	$MSR_X2APIC_EOI, %ecx
	xor	%eax, %eax
	xor	%edx, %edx
	wrmsr
	pop	%rdx
	pop	%rcx
	pop	%rax
	iretq

/* The APIC expects no EOI for it. */
mg_on_spurious:
	incq	%gs:MG_SPURIOUS
	iretq

/* One stub per vector: error code (0 where the processor has none), then the vector (push imm32). */
	.balign	MG_STUB_SIZE
mg_on_fault:
	.set	vector, 0
	.rept	256
	.balign	MG_STUB_SIZE, 0xcc
	.if	!HAS_CODE(vector)
	push	$0
	.endif
	.byte	0x68
	.long	vector
	jmp	fault
	.set	vector, vector + 1
	.endr
	.balign	MG_STUB_SIZE, 0xcc

/* Stack: vector, error code, RIP, … The host never lets the vCPU run again. */
fault:
	pop	%rax
	mov	%rax, %gs:MG_FAULT_VECTOR
	pop	%rax
	mov	%rax, %gs:MG_FAULT_CODE
	mov	(%rsp), %rax
	mov	%rax, %gs:MG_FAULT_RIP
	mov	%cr2, %rax
	mov	%rax, %gs:MG_FAULT_CR2
	out	%al, $MG_PORT_FAULT
dead:
	cli
	hlt
	jmp	dead

mg_payload_end:

	.section .note.GNU-stack, "", @progbits
