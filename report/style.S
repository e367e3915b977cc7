/* SPDX-License-Identifier: GPL-2.0-or-later */
/* style.S - the style sheet of the page, as a string inside the program. */
	.section .rodata
	.globl report_style
	.type report_style, %object
report_style:
	.incbin "report/style.css"
	.byte 0
	.size report_style, . - report_style
	.section .note.GNU-stack, "", %progbits
