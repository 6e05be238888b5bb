/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine: what executes ordinary instructions (Unicorn 2.1.1, virtual-TLB
 * mode).  The only folder that knows Unicorn; nothing of its types is here.
 *
 *   engine.c         open and close, memory, hooks, marks, run and stop: of both architectures
 *   context_x86.c    the processor's registers: found in the engine's context by calibration
 *   context_mips.c   the processor's registers, and leaving a delay slot
 *   selftest_x86.c selftest_mips.c   what the engine must do, tried once a process
 *
 * The engine's x86 has general registers, EIP, arithmetic flags, six segment
 * caches and a privilege level; its MIPS general registers, HI, LO, PC and a
 * mode.  It sees no descriptor, no coprocessor 0, no page table, no interrupt:
 * whoever drives it owns all these.
 *
 *   closed --engine_open--> idle --engine_run--> running --(engine_stop, refused fill, hlt)--> idle
 *
 * Invariants
 *   1. a refused fill stops precisely: EIP is the instruction's, nothing of the access is done.
 *   2. a block hook comes before its block; engine_jump or engine_stop in it runs none of the block.
 *   3. fills are not deterministic in number: nothing may be counted by them.
 *   4. after engine_stop in a block hook the engine's EIP is stale: the hook's address is the place.
 *   5. MIPS: the PC that engine_mips_store gives is right after a refused fill, and that behind a syscall; no other.
 */
#pragma once
#include "mukroscope/error.h"
#include "sim/core/types.h"

struct engine; /* opaque */

/* What a page is filled with. */
struct engine_fill {
	paddr_t frame;      /* physical address of the page */
	bool read, write, fetch;
};

/*
 * What the engine reports.  All addresses of code are linear (CS base + EIP).
 * The block and memory hooks are the hot path and are called by the engine itself: hence their shape.
 */
struct engine_hooks {
	void *ctx;
	/* The engine has no translation of a page for an access. False: refused, the engine stops precisely. */
	bool (*fill)(void *ctx, laddr_t page, enum access access, struct engine_fill *fill);
	/* A block of size bytes is about to run (NULL: not wanted; only the bare engine of bench/ does without). */
	void (*block)(void *unused, uint64_t address, uint32_t size, void *ctx);
	/* int n (EIP after it), or an exception of an instruction (EIP at it). */
	void (*interrupt)(void *ctx, uint32_t vector);
	/* A marked instruction is about to run. */
	void (*mark)(void *unused, uint64_t address, uint32_t size, void *ctx);
	/* An access to data (NULL: not wanted): at a physical address as filled; kind is ENGINE_WRITE or another. */
	void (*memory)(void *unused, int kind, uint64_t address, int size, int64_t value, void *ctx);
	void *block_ctx;
	/* The engine has translated nearly as much as it has room for: it is to be closed soon (see engine.c). May be NULL. */
	void (*full)(void *ctx);
};
enum { ENGINE_WRITE = 17 };

/* A segment as the engine takes it. */
struct engine_segment {
	uint16_t selector;
	uint32_t base, limit, rights; /* rights: the descriptor's second word, 0 for a null segment */
};

/* The engine's processor. */
struct engine_cpu {
	uint32_t reg[8];       /* EAX ECX EDX EBX ESP EBP ESI EDI */
	uint32_t eip, eflags;  /* arithmetic flags, DF, and TF: the rest is not the engine's */
	uint32_t cpl;
	struct engine_segment seg[6]; /* ES CS SS DS FS GS */
};
enum { ENGINE_FLAGS = 0xcd5 | 0x100 /* CF PF AF ZF SF DF OF; TF */ };

/* Why engine_run came back. */
enum engine_stop {
	ENGINE_STOPPED,  /* engine_stop was called */
	ENGINE_REFUSED,  /* a fill was refused */
	ENGINE_INVALID,  /* the engine does not know the instruction at EIP */
};

/*
 * Opens an x86 engine over ram (size a multiple of 4 KiB, page-aligned, at physical 0; it stays the caller's).  Runs
 * the self-test once a process.  MUK_ERR_ENGINE: unfit, with a sentence that names the version; MUK_ERR_NOMEM.
 */
enum muk_err engine_open(struct engine **engine, uint8_t *ram, uint32_t size, const struct engine_hooks *hooks,
                         struct muk_error *error);
/* The same for MIPS, little-endian. */
enum muk_err engine_open_mips(struct engine **engine, uint8_t *ram, uint32_t size, const struct engine_hooks *hooks,
                              struct muk_error *error);
void engine_close(struct engine *engine);

/* Two pages that stand for memory that is not there: reads give ones, writes go nowhere. Physical addresses. */
enum { ENGINE_VOID_READ = 0xffffe000u, ENGINE_VOID_WRITE = 0xfffff000u };
/* A page of the engine's own code (engine_flush_page, engine_mips_drain), physical and linear: the guest's at that
 * address is not hurt. */
enum { ENGINE_STUB = 0xffffd000u };

/* --- the registers of x86 --- */

/* Gives the engine a whole processor state; in a hook, follow it with engine_jump to leave the running block. */
void engine_load(struct engine *engine, const struct engine_cpu *cpu);
/* Reads registers, eip and eflags (ENGINE_FLAGS of it); in a block or mark hook eip is not meaningful. */
void engine_store(struct engine *engine, struct engine_cpu *cpu);
/* One general register (0..7). */
uint32_t engine_register(struct engine *engine, unsigned number);
/* In a hook: leaves the running block, goes on at eip. */
void engine_jump(struct engine *engine, uint32_t eip);

/* --- the registers of MIPS --- */

struct engine_mips_cpu {
	uint32_t reg[32];
	uint32_t hi, lo, pc;
	bool user;             /* in user mode; else the engine's supervisor mode, in which no use of coprocessor 0 passes */
};

/* What the interrupt hook reports. */
enum engine_mips_exception {
	ENGINE_MIPS_LOAD_ALIGNMENT = 12,  /* and a jump to an address that is no multiple of 4 */
	ENGINE_MIPS_STORE_ALIGNMENT = 13,
	ENGINE_MIPS_SYSCALL = 17, ENGINE_MIPS_BREAK = 18, ENGINE_MIPS_COPROCESSOR = 19, ENGINE_MIPS_RESERVED = 20,
	ENGINE_MIPS_OVERFLOW = 21, ENGINE_MIPS_TRAP = 22
};

/* Gives the engine registers and mode (not the PC: engine_run does).  Not in hooks. */
void engine_mips_load(struct engine *engine, const struct engine_mips_cpu *cpu);
/*
 * Reads registers, hi and lo, and the PC (invariant 5).  In hooks too.  which: the registers that can have changed
 * since engine_mips_load (bit n: register n; bit 0: hi and lo); the others are what was loaded.  A register takes 3
 * to 5 ns.
 */
void engine_mips_store(struct engine *engine, struct engine_mips_cpu *cpu, uint32_t which);
#define ENGINE_MIPS_ALL UINT32_MAX
/*
 * The engine stopped in a delay slot, and would carry out the branch when it runs again: lets it, on a page of its own,
 * without a register changed.  About 50 ns.  Block hooks that come meanwhile are not the guest's: they must ask
 * engine_mips_drains first.  Not in hooks.
 */
void engine_mips_drain(struct engine *engine);
/* In the block hook: true while it drains; the hook is to return. */
bool engine_mips_drains(struct engine *engine, laddr_t address);

/* --- running --- */

/* Runs from eip (MIPS: PC) until something stops it. */
enum engine_stop engine_run(struct engine *engine, uint32_t eip);
/* In a block, mark or interrupt hook: makes engine_run come back. */
void engine_stop(struct engine *engine);

/* Forgets all translations of addresses; allowed in hooks, the fill hook included. About 0.5 us. */
void engine_flush(struct engine *engine);
/*
 * Forgets one page, at the next engine_load: cheaper than engine_flush with all that must be filled again.  At most
 * ENGINE_FLUSHES before an engine_load; false: no room.
 */
enum { ENGINE_FLUSHES = 6 };
bool engine_flush_page(struct engine *engine, laddr_t page);
/* The engine is at it: block and mark hooks that come meanwhile are not the guest's, and are to be ignored. */
bool engine_is_flushing(const struct engine *engine);
/*
 * Forgets the code translated from [frame + first, frame + last] of one physical page: after a write that the engine
 * did not make.  Flushes translations of addresses. About 2 us.  Not in the fill hook.
 */
void engine_forget_code(struct engine *engine, paddr_t frame, uint32_t first, uint32_t last);

/*
 * Marks the instruction at a linear address that is now in a frame, for code there translated from now on; forgets the
 * code that is translated there.  Each mark costs 1 to 2 ns at every marked instruction that runs: keep them few.
 * Not in hooks.  False: the host's memory is exhausted.
 */
bool engine_mark(struct engine *engine, laddr_t address, paddr_t frame);
unsigned engine_marks(const struct engine *engine);
/* Forgets all marks; code that had them must be marked again before it runs. Not in hooks. */
void engine_unmark_all(struct engine *engine);

/* "Unicorn 2.1.1" */
const char *engine_version(void);
