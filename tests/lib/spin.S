/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spin.S - firmware of a guest whose vCPUs all spin for ever, from the first instant on: 64 KiB at
 * the end of the address space, seen by real mode at f000:0. Needs no disk and no memory.
 */
	.code16
	.globl	_start
_start:
	jmp	_start			/* where the other processors start: vector 0xf0 */

first:
	cli
	/* A flat %fs, kept over the way back to real mode: the local APIC lies high. */
	lgdtl	%cs:gdt_register
	movl	%cr0, %eax
	orb	$1, %al
	movl	%eax, %cr0
	movw	$8, %bx
	movw	%bx, %fs
	andb	$0xfe, %al
	movl	%eax, %cr0
	movl	$0xfee00300, %ebx
	movl	$0x000c4500, %fs:(%ebx)	/* INIT to all others */
	movw	$0x1000, %cx
1:	loop	1b
	movl	$0x000c46f0, %fs:(%ebx)	/* start, at f000:0 */
2:	jmp	2b

	.balign 8
gdt:
	.quad	0
	.quad	0x00cf93000000ffff
gdt_register:
	.word	. - gdt - 1
	.long	0xf0000 + gdt - _start

	.org	0xfff0			/* reset */
	jmp	first
	.org	0x10000
