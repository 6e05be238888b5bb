/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Performing: instructions and transfers that the simulator carries out itself
 * on struct x86_cpu, with the checks of the manual in the manual's order.
 *
 * Each function decodes and checks first, without effects, and then performs
 * what cannot fail.  On a fault it returns false with *fault set, the cpu (and
 * memory, but for accessed bits the manual allows) as before: the instruction
 * is restartable.  On success eip is after the instruction, or where it went.
 * All charge: the key of the instruction, and walks and misses of its accesses.
 *
 * What the caller does with a fault: sets CR2 from fault->address if it is #PF, and takes the trap with
 * return_eip = cpu->eip.  Two things may have happened before a fault: elements of a rep string (the registers tell),
 * and a task switch, whose new task has the fault (eip is the new task's).
 */
#pragma once
#include "sim/arch/x86/decode.h"
#include "sim/arch/x86/memory.h"

/*
 * Performs one instruction of those for which x86_operation_performed() holds. cpu->eip is at it.
 * True with eip still at the instruction: a rep string paused between elements (cpu->string_begun; one element at a
 * time under TF) and is to be performed again after events were seen to; or x86_unsupported() has been told.
 * cpu->shadow is set after sti, mov ss, pop ss and cleared by any other; EFLAGS.RF is cleared.
 */
bool x86_perform(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault);

/* What brings a trap about: it decides privilege checks, error codes and EXT. */
enum x86_trap_source { TRAP_SOFTWARE /* int n, int3, into */, TRAP_EXCEPTION, TRAP_EXTERNAL };

/*
 * Takes a trap through the IDT: interrupt, trap or task gate.  return_eip is what is pushed; cpu->eip is at the
 * instruction that is restarted if the delivery itself faults (for int n: at the int).  The caller has set CR2 and DR6
 * for the trap itself.  halted, shadow and a begun string end.  Faults on the way
 * are themselves delivered (double fault, then shutdown: cpu->shutdown is set).  error is pushed if has_error.
 * Emits the event trap.  charges trap_entry (and task_switch).
 */
void x86_trap(struct x86 *x86, int vector, enum x86_trap_source source, uint32_t return_eip, bool has_error,
              uint32_t error);

/* Checks an access against its segment: false and #GP, #SS in *fault if it is beyond the limit or not allowed. */
bool x86_segment_check(const struct x86_cpu *cpu, const struct x86_access *access, struct x86_fault *fault);
/* As a data segment with no limit that could be exceeded and all rights: nothing to check. Code segments never are:
 * they cannot be written. */
bool x86_segment_is_flat(const struct x86_segment_cache *segment);
