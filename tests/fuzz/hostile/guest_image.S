/* SPDX-License-Identifier: GPL-2.0-or-later */
	.section .rodata
	.globl hostile_begin, hostile_end
hostile_begin:
	.incbin GUEST
hostile_end:
	.section .note.GNU-stack,"",@progbits
