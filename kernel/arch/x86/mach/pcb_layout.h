/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Offsets in struct pcb and struct trap_frame, for C and assembly (machine_pcb.h checks them). */
#pragma once

#define PCB_ROOM 2                 /* words: 19 of an interrupt at the entry of a call gate, less the 17 of a frame */
#define PCB_USER 8
#define FRAME_DS 0
#define FRAME_ES 4
#define FRAME_EDI 8
#define FRAME_ESI 12
#define FRAME_EBP 16
#define FRAME_EBX 24
#define FRAME_EAX 36
#define FRAME_EIP 48
#define FRAME_CS 52
#define FRAME_EFLAGS 56
#define FRAME_ESP 60

#define SYSCALL_REFUSED 4          /* KERN_INVALID_ARGUMENT: no such call, or no arguments where they should be */

#define EFLAGS_FIXED 2
#define EFLAGS_TF 0x100
#define EFLAGS_IF 0x200
