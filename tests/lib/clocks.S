/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clocks.S - firmware of a guest of q35 that reads the PM timer (port 0x608) and the HPET (memory
 * 0xfed000f0) by turns, as fast as it can, and writes one byte to port 0x402 after 1024 reads of
 * each. Needs no disk and no memory.
 *
 * Sources: Intel ICH9 data sheet, 13.1.13 (PMBASE), 13.1.14 (ACPI_CNTL); IA-PC HPET specification,
 * 2.3.7 (main counter).
 */
	.code16
	.globl	_start
_start:
	cli
	/* A flat %fs, kept over the way back to real mode: the HPET lies high. */
	lgdtl	%cs:gdt_register
	movl	%cr0, %eax
	orb	$1, %al
	movl	%eax, %cr0
	movw	$8, %bx
	movw	%bx, %fs
	andb	$0xfe, %al
	movl	%eax, %cr0

	/* Function 1f.0: the ports of power management are at 0x600, and on. */
	movw	$0xcf8, %dx
	movl	$0x8000f840, %eax
	outl	%eax, %dx
	movw	$0xcfc, %dx
	movl	$0x601, %eax
	outl	%eax, %dx
	movw	$0xcf8, %dx
	movl	$0x8000f844, %eax
	outl	%eax, %dx
	movw	$0xcfc, %dx
	movb	$0x80, %al
	outb	%al, %dx

	movl	$0xfed000f0, %ebx
round:
	movw	$1024, %cx
1:	movw	$0x608, %dx
	inl	%dx, %eax
	movl	%fs:(%ebx), %eax
	loop	1b
	movw	$0x402, %dx
	movb	$'.', %al
	outb	%al, %dx
	jmp	round

	.balign 8
gdt:
	.quad	0
	.quad	0x00cf93000000ffff
gdt_register:
	.word	. - gdt - 1
	.long	0xf0000 + gdt - _start

	.org	0xfff0			/* reset */
	jmp	_start
	.org	0x10000
