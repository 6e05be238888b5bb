/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Task switches (I386 chapter 7): jmp and call to a TSS, task gates in GDT and IDT, iret from a nested task; what is
 * saved and loaded, busy bits, NT and the back link; and the checks, before the switch (in the old task) and after it
 * (in the new one).
 */
#include "cpu.h"

SNIPPET_AT(call_task, "lcall *(%esi)\ncall_task_at: movl $0x77, %ebp");
SNIPPET_AT(jump_task, "ljmp *(%esi)\njump_task_at: movl $0x77, %ebp");
SNIPPET(interrupt_task, "int $0x41");
SNIPPET(in_task, "strw %bx\npushfl\npopl %edx\nmovl %cr0, %ecx");
SNIPPET(return_at_once, "iret");
SNIPPET(load_tr, "ltr %ax");
SNIPPET(load_ldtr, "lldt %ax");

enum { CR0_TS = 8 };
static struct { uint32_t offset; uint16_t selector; } pointer;

/* The main task again, whichever is current. */
static void back_to_main(void)
{
	set_descriptor(TSS_MAIN, (uint32_t)&tss_main, sizeof(tss_main) - 1, SYS_TSS | PRESENT, 0);
	__asm__ volatile("ltr %w0\nclts" : : "r"(TSS_MAIN));
	reset_tables();
}

static struct frame task_frame(unsigned ring, const char *code, uint32_t selector)
{
	struct frame frame = in_ring(ring, code);
	pointer.selector = (uint16_t)selector;
	frame.esi = (uint32_t)&pointer;
	return frame;
}

static bool is_busy(uint32_t selector)
{
	return (access_of(selector) & 0x1f) == SYS_TSS_BUSY;
}

static void jump(void)
{
	struct frame frame = task_frame(0, jump_task, TSS_OTHER);
	frame.eax = 0x1a1a;
	frame.edi = 0x2b2b;
	tss_other.eip = (uint32_t)in_task;
	tss_other.eax = 0x3c3c;
	tss_other.edi = 0x4d4d;
	tss_other.eflags = FLAG_ONE | FLAG_CF;
	run(&frame);
	claim_done("jmp to a TSS runs its task");
	claim("its registers are loaded", outcome.eax == 0x3c3c && outcome.edi == 0x4d4d);
	claim_equal("TR is its selector", outcome.ebx & 0xffff, TSS_OTHER);
	claim_equal("its flags are loaded, and NT is not set", outcome.edx & (FLAG_CF | FLAG_NT), FLAG_CF);
	claim_equal("CR0.TS is set", outcome.ecx & CR0_TS, CR0_TS);
	claim("its stack is loaded", outcome.esp == (uint32_t)(stack0 + STACK) && outcome.ss == DATA0);
	claim("the old task's registers are saved", tss_main.eax == 0x1a1a && tss_main.edi == 0x2b2b &&
	      tss_main.esp == frame.esp);
	claim("the old task's eip is after the jmp", tss_main.eip == (uint32_t)jump_task_at);
	claim("the old task's segments are saved", (tss_main.cs & 0xffff) == CODE0 && (tss_main.ds & 0xffff) == DATA0);
	claim("the new task is busy, the old one is not", is_busy(TSS_OTHER) && !is_busy(TSS_MAIN));
	back_to_main();
}

static void call(void)
{
	struct frame frame = task_frame(0, call_task, TSS_OTHER);
	tss_other.eip = (uint32_t)in_task;
	run(&frame);
	claim_done("call of a TSS runs its task");
	claim_equal("NT is set", outcome.edx & FLAG_NT, FLAG_NT);
	claim_equal("the back link is the old task", tss_other.link & 0xffff, TSS_MAIN);
	claim("both tasks are busy", is_busy(TSS_OTHER) && is_busy(TSS_MAIN));
	claim("the old task's eip is after the call", tss_main.eip == (uint32_t)call_task_at);
	back_to_main();

	tss_other.eip = (uint32_t)return_at_once;
	run(&frame);
	claim("iret in a nested task goes on in the old one", outcome.vector == DONE && outcome.ebp == 0x77 &&
	      outcome.esp == frame.esp);
	claim("the nested task is no longer busy, the old one is", !is_busy(TSS_OTHER) && is_busy(TSS_MAIN));
	claim_equal("NT is clear in the nested task's saved flags", tss_other.eflags & FLAG_NT, 0);
	claim_equal("the nested task's eip is after the iret", tss_other.eip, (uint32_t)return_at_once + 1);
	uint16_t tr;
	__asm__ volatile("strw %0" : "=rm"(tr));
	claim_equal("TR is the old task's", tr, TSS_MAIN);
	back_to_main();
}

static void gates(void)
{
	struct frame frame = task_frame(3, call_task, SCRATCH | 3);
	set_gate(SCRATCH, TSS_OTHER, 0, SYS_TASK_GATE | PRESENT | DPL3, 0);
	tss_other.eip = (uint32_t)in_task;
	run(&frame);
	claim("call through a task gate from ring 3", outcome.vector == DONE && outcome.cs == CODE0 &&
	      (outcome.ebx & 0xffff) == TSS_OTHER);
	claim("the ring of the old task is saved with its segments", (tss_main.cs & 0xffff) == CODE3 &&
	      (tss_main.ss & 0xffff) == DATA3);
	back_to_main();
	frame = in_ring(3, interrupt_task);
	set_vector(GATE, TSS_OTHER, 0, SYS_TASK_GATE | PRESENT | DPL3);
	tss_other.eip = (uint32_t)in_task;
	run(&frame);
	claim("int n through a task gate", outcome.vector == DONE && outcome.edx & FLAG_NT &&
	      (tss_other.link & 0xffff) == TSS_MAIN);
	claim_equal("the interrupted task's eip is after the int", tss_main.eip, (uint32_t)interrupt_task + 2);
	claim_equal("an int pushes no error code to the new task", outcome.esp, (uint32_t)(stack0 + STACK));
	back_to_main();
	set_vector(GP, TSS_OTHER, 0, SYS_TASK_GATE | PRESENT);
	set_vector(GATE, CODE0, 0, SYS_INTERRUPT_GATE | PRESENT);
	tss_other.eip = (uint32_t)in_task;
	run(&frame);
	claim("an exception with an error code pushes it to the new task",
	      outcome.vector == DONE && outcome.esp == (uint32_t)(stack0 + STACK - 4) &&
	      *(uint32_t *)outcome.esp == GATE * 8 + 2);
	claim_equal("the task that faulted will go on at the instruction that did", tss_main.eip,
	            (uint32_t)interrupt_task);
	back_to_main();
}

static void refused(const char *text, unsigned ring, uint32_t selector, unsigned vector, uint32_t error)
{
	struct frame frame = task_frame(ring, call_task, selector);
	run(&frame);
	claim_trap(text, vector, error, call_task);
	back_to_main();
}

/* Before the switch: in the old task. */
static void refused_tasks(void)
{
	refused("call of a busy TSS: #GP(selector)", 0, TSS_MAIN, GP, TSS_MAIN);
	set_descriptor(TSS_OTHER, (uint32_t)&tss_other, sizeof(tss_other) - 1, SYS_TSS, 0);
	refused("call of a TSS that is not present: #NP(selector)", 0, TSS_OTHER, NP, TSS_OTHER);
	refused("call of a TSS of DPL 0 in ring 3: #GP(selector)", 3, TSS_OTHER | 3, GP, TSS_OTHER);
	refused("call of a TSS with RPL above its DPL: #GP(selector)", 0, TSS_OTHER | 3, GP, TSS_OTHER);
	set_descriptor(TSS_OTHER, (uint32_t)&tss_other, 102, SYS_TSS | PRESENT, 0);
	refused("call of a TSS of 103 bytes: #TS(selector)", 0, TSS_OTHER, TS, TSS_OTHER);
	set_gate(SCRATCH, TSS_OTHER, 0, SYS_TASK_GATE | PRESENT, 0);
	refused("a task gate of DPL 0 in ring 3: #GP(gate)", 3, SCRATCH | 3, GP, SCRATCH);
	set_gate(SCRATCH, TSS_OTHER, 0, SYS_TASK_GATE | DPL3, 0);
	refused("a task gate that is not present: #NP(gate)", 3, SCRATCH | 3, NP, SCRATCH);
	set_gate(SCRATCH, DATA0, 0, SYS_TASK_GATE | PRESENT | DPL3, 0);
	refused("a task gate to data: #GP(selector)", 3, SCRATCH | 3, GP, DATA0);
	set_gate(SCRATCH, TSS_MAIN, 0, SYS_TASK_GATE | PRESENT | DPL3, 0);
	refused("a task gate to a busy TSS: #GP(selector)", 3, SCRATCH | 3, GP, TSS_MAIN);
}

/*
 * After the switch: the fault is the new task's, before its first instruction.  Since that task may have no stack yet,
 * the fault is taken by another one, as I386 9.8.10 recommends.
 */
static void refused_state(const char *text, void (*spoil)(void), unsigned vector, uint32_t error)
{
	struct frame frame = task_frame(0, call_task, TSS_OTHER);
	tss_other.cs = CODE3;
	tss_other.ss = tss_other.ds = tss_other.es = DATA3;
	tss_other.fs = tss_other.gs = 0;
	tss_other.eip = (uint32_t)in_task;
	spoil();
	task_vector = vector;
	set_vector(vector, TSS_FAULT, 0, SYS_TASK_GATE | PRESENT);
	run(&frame);
	const char *reason = vector == SS ? "QEMU gives #NP" : 0;
	not_in_qemu(reason);
	claim_trap(text, vector, error, 0);
	not_in_qemu(reason ? reason : "QEMU leaves eip at the old task's instruction");
	claim_equal("before the first instruction of the new task", outcome.eip, (uint32_t)in_task);
	not_in_qemu(reason);
	claim("and the task is the new one", is_busy(TSS_OTHER) && (tss_main.cs & 0xffff) == CODE0 &&
	      outcome.cs == CODE3);
	back_to_main();
}

/* A data segment of ring 3 that is not present. */
static uint32_t not_present(void)
{
	set_descriptor(SCRATCH, 0, 0xfffff, DATA_W | DPL3, BIG | GRANULAR);
	return SCRATCH | 3;
}

static void spoil_ldt(void) { tss_other.ldt = DATA0; }
static void spoil_ss(void) { tss_other.ss = not_present(); }
static void spoil_ss_null(void) { tss_other.ss = 0; }
static void spoil_ss_dpl(void) { tss_other.ss = DATA0 | 3; }
static void spoil_ds(void) { tss_other.ds = not_present(); }
static void spoil_ds_dpl(void) { tss_other.ds = DATA0; }
static void spoil_es(void) { tss_other.es = GDT_END; }

static void refused_states(void)
{
	refused_state("LDT of the TSS is none: #TS(selector)", spoil_ldt, TS, DATA0);
	refused_state("SS of the TSS is not present: #SS(selector)", spoil_ss, SS, SCRATCH);
	refused_state("SS of the TSS is null: #TS(0)", spoil_ss_null, TS, 0);
	refused_state("SS of the TSS is of another DPL: #TS(selector)", spoil_ss_dpl, TS, DATA0);
	refused_state("DS of the TSS is not present: #NP(selector)", spoil_ds, NP, SCRATCH);
	refused_state("DS of the TSS is of DPL 0, in ring 3: #TS(selector)", spoil_ds_dpl, TS, DATA0);
	refused_state("ES of the TSS is beyond the GDT: #TS(selector)", spoil_es, TS, GDT_END);
}

static void returns(void)
{
	struct frame frame = in_ring(0, return_at_once);
	frame.eflags |= FLAG_NT;
	tss_main.link = TSS_OTHER;
	run(&frame);
	claim_trap("iret with NT to a task that is not busy: #TS(selector)", TS, TSS_OTHER, return_at_once);
	tss_main.link = 4;
	run(&frame);
	claim_trap("iret with NT to a selector of the LDT: #TS(selector)", TS, 4, return_at_once);
	tss_main.link = GDT_END;
	run(&frame);
	claim_trap("iret with NT beyond the GDT: #TS(selector)", TS, GDT_END, return_at_once);
	back_to_main();
}

static void trap_bit(void)
{
	struct frame frame = task_frame(0, jump_task, TSS_OTHER);
	uint32_t dr6;
	tss_other.eip = (uint32_t)in_task;
	tss_other.trap = 1;
	run(&frame);
	not_in_qemu("QEMU has no T bit");
	claim_trap("the T bit of a TSS: #DB before the task's first instruction", DB, 0, in_task);
	__asm__ volatile("movl %%dr6, %0" : "=r"(dr6));
	not_in_qemu("QEMU has no T bit");
	claim_equal("DR6 says BT", dr6 & 0x8000, 0x8000);
	__asm__ volatile("movl %0, %%dr6" : : "r"(0));
	back_to_main();
}

static void load(const char *text, const char *code, uint32_t selector, unsigned vector, uint32_t error)
{
	struct frame frame = in_ring(0, code);
	frame.eax = selector;
	run(&frame);
	if (vector)
		claim_trap(text, vector, error, code);
	else
		claim_done(text);
}

static void task_register(void)
{
	if (!under_qemu) /* there it is taken */
		load("ltr of null: #GP(0)", load_tr, 0, GP, 0);
	load("ltr of data: #GP(selector)", load_tr, DATA0, GP, DATA0);
	load("ltr of a busy TSS: #GP(selector)", load_tr, TSS_MAIN, GP, TSS_MAIN);
	load("ltr of a selector of the LDT: #GP(selector)", load_tr, 4, GP, 4);
	load("ltr beyond the GDT: #GP(selector)", load_tr, GDT_END, GP, GDT_END);
	set_descriptor(TSS_OTHER, (uint32_t)&tss_other, sizeof(tss_other) - 1, SYS_TSS, 0);
	load("ltr of a TSS that is not present: #NP(selector)", load_tr, TSS_OTHER, NP, TSS_OTHER);
	reset_tables();
	load("ltr of an available TSS", load_tr, TSS_OTHER, 0, 0);
	claim("it is busy then", is_busy(TSS_OTHER));
	back_to_main();
	chapter("lldt");
	load("null", load_ldtr, 0, 0, 0);
	load("an LDT", load_ldtr, LDT, 0, 0);
	load("data: #GP(selector)", load_ldtr, DATA0, GP, DATA0);
	load("a TSS: #GP(selector)", load_ldtr, TSS_OTHER, GP, TSS_OTHER);
	load("beyond the GDT: #GP(selector)", load_ldtr, GDT_END, GP, GDT_END);
	load("a selector of the LDT: #GP(selector)", load_ldtr, 4, GP, 4);
	set_descriptor(LDT, (uint32_t)ldt, sizeof(ldt) - 1, SYS_LDT, 0);
	load("an LDT that is not present: #NP(selector)", load_ldtr, LDT, NP, LDT);
	load("null again", load_ldtr, 0, 0, 0);
	reset_tables();
}

void chapter_tasks(void)
{
	chapter("tasks");
	jump();
	call();
	gates();
	refused_tasks();
	refused_states();
	returns();
	trap_bit();
	task_register();
}
