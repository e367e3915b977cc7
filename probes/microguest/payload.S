/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * payload.S - all the software of the built-in guest, entered in 64-bit mode with interrupts off.
 *
 * Each vCPU runs it on its own: spin, arm the TSC-deadline timer, halt, be woken, again. GS points
 * at the area of the vCPU (layout.h). Nothing here exits to the host program except a fault.
 * Sources: Intel SDM vol. 3, "Advanced Programmable Interrupt Controller" (x2APIC registers,
 * TSC-deadline mode) and "Interrupt and exception handling".
 */
#include "probes/microguest/layout.h"

#define MSR_APIC_BASE	 0x1b
#define MSR_TSC_DEADLINE 0x6e0
#define MSR_X2APIC_EOI	 0x80b
#define MSR_X2APIC_SVR	 0x80f
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

	.section .rodata
	.balign	16
	.globl	mg_payload, mg_payload_end, mg_on_fault, mg_on_timer, mg_on_spurious

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
