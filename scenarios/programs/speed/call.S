/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the gate to speed_kernel and back.  Segments are flat for both rings: none is loaded. */
	.text
	.globl speed_call_entry
	.type speed_call_entry, @function
	.balign 16, 0xcc
speed_call_entry:
	cld
	pushl %ecx
	pushl %edx
	call speed_kernel               /* EAX, EDX, ECX are its arguments, EAX its result */
	popl %edx
	popl %ecx
	.size speed_call_entry, . - speed_call_entry
	.globl speed_call_return
	.type speed_call_return, @function
speed_call_return:
	iret
	.size speed_call_return, . - speed_call_return

/* void speed_end(uint32_t checksum in EAX): the measured time ends at its first instruction. */
	.globl speed_end
	.type speed_end, @function
	.balign 16, 0xcc
speed_end:
	ret
	.size speed_end, . - speed_end

	.section .note.GNU-stack, "", @progbits
