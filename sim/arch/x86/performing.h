/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files that perform instructions share among themselves (perform.h is what others see).
 *
 *   perform.c    the table of handlers; operands, advancing and charging
 *   descriptor.c descriptors in memory         stack.c   pushes and pops, inner stacks
 *   segment.c    segment registers             far.c     far jumps, calls, returns, iret
 *   trap.c       interrupts and exceptions     task.c    task switches
 *   system.c     system registers              flags.c   cli, sti, pushf, popf
 *   string.c     movs, stos, lods              io.c      in, out, ins, outs
 *
 * Habits
 *   1. a handler returns false with *fault set before it has changed anything of the cpu; accessed bits apart,
 *      nothing of memory either.  Only a task switch may fault after it was made: then in the new task's context.
 *   2. whoever fails calls one of fault_...() and returns its false.
 *   3. what is checked first is what the manual lists first.
 */
#pragma once
#include <string.h>
#include "sim/arch/x86/descriptor.h"
#include "sim/arch/x86/perform.h"
#include "sim/arch/x86/x86.h"

typedef bool perform_fn(struct x86 *x86, const struct x86_instruction *insn, struct x86_fault *fault);

/* --- faults: each returns false --- */

/* An exception without an error code. */
static inline bool fault_plain(struct x86_fault *fault, int vector)
{
	*fault = (struct x86_fault){ .vector = vector };
	return false;
}

static inline bool fault_error(struct x86_fault *fault, int vector, uint32_t error)
{
	*fault = (struct x86_fault){ .vector = vector, .has_error = true, .error = error };
	return false;
}

static inline bool fault_selector(struct x86_fault *fault, int vector, uint16_t selector, uint32_t ext)
{
	return fault_error(fault, vector, ERROR_SELECTOR(selector, ext));
}

/* --- perform.c: operands, advancing, charging --- */

static inline unsigned modrm_reg(const struct x86_instruction *insn) { return insn->modrm >> 3 & 7; }
static inline unsigned modrm_rm(const struct x86_instruction *insn) { return insn->modrm & 7; }
static inline enum x86_privilege privilege_of(uint32_t cpl) { return cpl == 3 ? AS_USER : AS_SUPERVISOR; }

/* Reads or writes memory of a segment as the running program: #GP or #SS of the segment, page faults. */
bool operand_read(struct x86 *x86, unsigned segment, vaddr_t offset, void *data, unsigned size,
                  struct x86_fault *fault);
bool operand_write(struct x86 *x86, unsigned segment, vaddr_t offset, const void *data, unsigned size,
                   struct x86_fault *fault);
/* The 16 bits of the register or memory operand of the modrm byte. */
bool operand_word_read(struct x86 *x86, const struct x86_instruction *insn, uint16_t *value, struct x86_fault *fault);
/* Stores value to the register operand (operand_size bytes of it) or, always 16 bits, to the memory operand. */
bool operand_word_write(struct x86 *x86, const struct x86_instruction *insn, uint32_t value, struct x86_fault *fault);
/* Sets the low size (2 or 4) bytes of a general register. */
void register_set(struct x86_cpu *cpu, unsigned number, unsigned size, uint32_t value);

/* The offset after the instruction, in its code segment's width. */
static inline uint32_t next_eip(const struct x86_cpu *cpu, const struct x86_instruction *insn)
{
	uint32_t eip = cpu->eip + insn->length;
	return cpu->seg[CS].rights & RIGHTS_BIG ? eip : eip & 0xffff;
}

/* What the prefixes cost; those of lock and of a string's rep are in the instruction's own keys. */
uint32_t prefix_cycles(const struct x86 *x86, const struct x86_instruction *insn);
/* Counts one instruction, charges its prefixes to instruction and its key to the cause. */
void charge_performed(struct x86 *x86, const struct x86_instruction *insn, enum ledger_cause cause, enum x86_cost cost);
/* charge_performed, and eip goes to the next instruction. Returns true. */
bool finish(struct x86 *x86, const struct x86_instruction *insn, enum ledger_cause cause, enum x86_cost cost);
/* #GP(0) unless CPL is 0. */
bool require_ring_0(const struct x86 *x86, struct x86_fault *fault);
/* Appends an event; its pc is the running code segment's base plus eip. */
void perform_event(struct x86 *x86, enum event_kind kind, uint32_t eip, unsigned args, const uint32_t *arg);

/* --- segment.c --- */

/* A segment register's new value, checked. */
struct segment_choice {
	bool null;
	struct x86_found found;
	struct x86_segment_cache cache;
};

/* Whether offset .. offset + size - 1 lies within a segment: expand-up and expand-down. */
bool segment_within(const struct x86_segment_cache *segment, vaddr_t offset, uint32_t size);
/*
 * Checks a selector for DS, ES, FS or GS at a privilege level: null is allowed.  Faults with vector (#GP; #TS in a
 * task switch) or #NP; error code selector | ext.
 */
bool segment_choose_data(struct x86 *x86, uint16_t selector, uint32_t cpl, int vector, uint32_t ext,
                         struct segment_choice *choice, struct x86_fault *fault);
/* The same for SS: never null, RPL and DPL are cpl, writable; #SS if not present. */
bool segment_choose_stack(struct x86 *x86, uint16_t selector, uint32_t cpl, int vector, uint32_t ext,
                          struct segment_choice *choice, struct x86_fault *fault);
/* Marks the chosen descriptor accessed in memory. The last thing that can fault. */
bool segment_mark(struct x86 *x86, struct segment_choice *choice, struct x86_fault *fault);
/* A return to an outer ring takes away the data segments that the ring may not have. */
void segment_drop_inner(struct x86_cpu *cpu);

perform_fn perform_mov_sreg, perform_mov_from_sreg, perform_push_sreg, perform_pop_sreg, perform_load_far_pointer;

/* --- stack.c --- */

/* A stack in use or to be used: nothing of the cpu changes until stack_commit. */
struct x86_stack {
	struct x86_segment_cache ss;
	uint32_t sp;
	enum x86_privilege as;
	uint32_t ext;             /* ERROR_EXT or 0: goes into #SS */
};

struct x86_stack stack_current(const struct x86 *x86, uint32_t ext);
/* The stack that the current TSS names for an inner ring: #TS, #SS. *ss is to be marked and committed. */
bool stack_inner(struct x86 *x86, uint32_t cpl, uint32_t ext, struct x86_stack *stack, struct segment_choice *ss,
                 struct x86_fault *fault);
/* Pushes count values of width (2 or 4) bytes, value[0] first: all are checked before any is written. */
bool stack_push(struct x86 *x86, struct x86_stack *stack, unsigned width, const uint32_t *value, unsigned count,
                struct x86_fault *fault);
/* The two halves of stack_push: the checks, and the writes. */
bool stack_room(struct x86 *x86, const struct x86_stack *stack, unsigned width, unsigned count,
                struct x86_fault *fault);
bool stack_push_checked(struct x86 *x86, struct x86_stack *stack, unsigned width, const uint32_t *value, unsigned count,
                        struct x86_fault *fault);
/* Pops count values of width bytes, value[0] first. */
bool stack_pop(struct x86 *x86, struct x86_stack *stack, unsigned width, uint32_t *value, unsigned count,
               struct x86_fault *fault);
void stack_skip(struct x86_stack *stack, uint32_t bytes);
/* The cpu's stack pointer becomes the stack's; SS is the caller's matter. */
void stack_commit(struct x86 *x86, const struct x86_stack *stack);

/* --- far.c --- */

/* #GP(ext) if eip lies beyond the code segment. */
bool code_contains(const struct x86_segment_cache *cs, uint32_t eip, uint32_t ext, struct x86_fault *fault);
perform_fn perform_jmp_far, perform_call_far, perform_ret_far, perform_iret;

/* --- task.c --- */

enum task_switch_by { TASK_BY_JUMP, TASK_BY_CALL /* and interrupts: nested */, TASK_BY_IRET };

struct task_switch {
	enum task_switch_by by;
	uint16_t selector;        /* of the new task's TSS */
	uint32_t eip;             /* saved in the old task */
	uint32_t eflags;          /* saved in the old task; NT is seen to here */
	uint32_t ext;
};

/*
 * Switches to the task of a TSS.  Checks first: a selector that is local, beyond the GDT or not of a TSS in the right
 * state: #GP (iret: #TS); #NP; #TS if the TSS is too short; page faults of all that is to be read and written.
 * False with *switched false: nothing has happened.  False with *switched true: the switch is made, and the fault is
 * the new task's, at its eip: #TS, #NP, #SS of its segments, #DB of its T bit.  True with *switched false: it is a
 * task that is not modelled (16-bit, virtual-8086), and the run has been told to end.
 * charges task_switch (TASK_SWITCH).  i386 §7.5, table 7-1.
 */
bool task_switch(struct x86 *x86, const struct task_switch *change, bool *switched, struct x86_fault *fault);

/* --- flags.c --- */

/* The flags that a program at privilege cpl may set from a popped image of size bytes; the others stay. */
uint32_t flags_merge(const struct x86 *x86, uint32_t cpl, uint32_t old, uint32_t image, unsigned size, bool iret);
perform_fn perform_cli, perform_sti, perform_pushf, perform_popf;

/* --- system.c --- */
perform_fn perform_lgdt, perform_lidt, perform_sgdt, perform_sidt, perform_lldt, perform_sldt, perform_ltr, perform_str;
perform_fn perform_lmsw, perform_smsw, perform_clts, perform_lar, perform_lsl, perform_verr, perform_verw, perform_arpl;
perform_fn perform_mov_to_cr, perform_mov_from_cr, perform_mov_to_dr, perform_mov_from_dr, perform_invlpg;
perform_fn perform_invd, perform_wbinvd, perform_hlt, perform_cpuid, perform_rdtsc, perform_rdmsr, perform_wrmsr;
perform_fn perform_rsm, perform_esc, perform_wait, perform_undefined;
/* Loads CR3: event, counter, TLBs. Charges nothing. */
void load_page_directory(struct x86 *x86, uint32_t cr3);

/* --- string.c, io.c --- */
perform_fn perform_movs, perform_stos, perform_lods, perform_in, perform_out, perform_ins, perform_outs;

/* A string instruction: what its elements do and cost. */
struct string_kind {
	/* One element at the index registers, which stay as they are; when it can no longer fault it charges cycles. */
	bool (*element)(struct x86 *x86, const struct x86_instruction *insn, uint32_t cycles, struct x86_fault *fault);
	/* Up to most elements at once, each as `element` would do it, and charged; returns how many. NULL: never. */
	uint32_t (*bulk)(struct x86 *x86, const struct x86_instruction *insn, uint32_t most, uint32_t each);
	enum x86_cost single, begin, each;
	bool source, destination; /* which of (E)SI and (E)DI it moves */
};

/* Performs it whole, with rep as long as it may. String instructions count when they complete. */
bool string_perform(struct x86 *x86, const struct x86_instruction *insn, const struct string_kind *kind,
                    struct x86_fault *fault);
/* (E)SI or (E)DI, in the instruction's address size. */
vaddr_t string_offset(const struct x86_cpu *cpu, const struct x86_instruction *insn, enum x86_register number);
