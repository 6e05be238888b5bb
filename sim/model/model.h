/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A processor model, as read from cpu_models/NAME.yaml: what it is made of and
 * what each thing costs, every constant with its origin and source.
 */
#pragma once
#include "sim/core/types.h"
#include "sim/mmu/cache.h"
#include "sim/mmu/tlb.h"
#include "sim/model/disk.h"

enum x86_cost {
#define X(name, key, what) COST_##name,
#include "sim/model/costs_x86.def"
#undef X
	X86_COST_COUNT
};

enum mips_cost {
#define X(name, key, what) MIPS_COST_##name,
#include "sim/model/costs_mips.def"
#undef X
	MIPS_COST_COUNT
};

/* X(name, "word", constants) */
#define MODEL_ARCHES(X)                                                              \
	X(X86, "x86", X86_COST_COUNT)                                                \
	X(MIPS, "mips", MIPS_COST_COUNT)

enum model_arch {
#define X(name, word, constants) ARCH_##name,
	MODEL_ARCHES(X)
#undef X
	ARCH_COUNT
};
const char *model_arch_word(enum model_arch arch);

enum {
	MODEL_COSTS_MOST = (int)X86_COST_COUNT > (int)MIPS_COST_COUNT ? (int)X86_COST_COUNT : (int)MIPS_COST_COUNT
};

/* The constants of an architecture: how many, and of each "int.inner" and "int n through a gate, to an inner ring". */
unsigned model_costs(enum model_arch arch);
const char *model_cost_key(enum model_arch arch, unsigned cost);
const char *model_cost_what(enum model_arch arch, unsigned cost);

/* How far a constant may be trusted. X(name, "word") */
#define MODEL_CONFIDENCES(X)                                                         \
	X(PAPER, "paper")         /* printed in the paper that is replayed */        \
	X(MANUAL, "manual")       /* read in the manufacturer's manual or a copy */  \
	X(SECONDARY, "secondary") /* read in tables made from manuals */             \
	X(DERIVED, "derived")     /* computed from the above */                      \
	X(MEMORY, "memory")       /* remembered, not verified */

enum model_confidence {
#define X(name, word) CONFIDENCE_##name,
	MODEL_CONFIDENCES(X)
#undef X
	CONFIDENCE_COUNT
};
const char *model_confidence_word(enum model_confidence confidence);

/* Where a value came from. */
struct model_origin {
	char place[96];        /* "i486dx-50.yaml:12", or "--set" : never a host path, only the file's base name */
	char source[64];       /* key in cpu_models/SOURCES.md; for --set "user" */
	enum model_confidence confidence;
};

/* How the engine may cache the model's TLB (design section 3). */
enum engine_mode { ENGINE_AUTO, ENGINE_SET_MRU, ENGINE_SUBSET, ENGINE_EVERY_ACCESS, ENGINE_MODE_COUNT };
const char *engine_mode_name(enum engine_mode mode); /* "auto", "set-mru", "subset", "every-access" */

enum { MODEL_TLBS = 3 };

struct model {
	char name[64], title[128];
	enum model_arch arch;
	uint32_t family;          /* x86: 3, 4, 5 */
	uint32_t generation;      /* MIPS: 2 (R2000), 3 (R3000), 4 (R4000) */
	uint64_t hertz;           /* the processor's clock */
	uint32_t memory;          /* bytes of RAM, a multiple of 4 KiB, 1 MiB .. 1 GiB */
	bool fpu;                 /* always false here: ESC gives #NM */

	/* TLBs.  Unified: only unified is used.  Split: code and data.  large: 4 MB pages' own (entries 0: none, then
	 * 4 MB pages are held in pieces of 4 KB by the others). */
	bool split_tlb;
	struct tlb_geometry tlb, code_tlb, data_tlb, large_tlb;
	/* MIPS: the only one is tlb, whose tag_bits are those of EntryHi's ASID (0, or up to 6; R4000: 8) and whose entries
	 * are, on an R4000, pairs of pages. */
	bool tlb_global;          /* MIPS: the G bit is obeyed */
	uint32_t tlb_wired;       /* R2000, R3000: entries from 0 that tlbwr does not replace (R4000: the register Wired) */
	bool tlb_refill_hardware; /* MIPS, what if: the processor reads the table that Context points to by itself */
	bool tlb_refill_software; /* x86, what if: a miss takes refill.software, cause tlb_refill, in place of the walk's */
	bool large_pages;         /* CR4.PSE */
	bool global_pages;        /* CR4.PGE and the G bit */
	bool write_protect;       /* CR0.WP exists (486 on) */
	bool invlpg;              /* the instruction exists (486 on) */

	/* First-level caches; enabled false: every access hits, at no cost. */
	bool cache_enabled, split_cache;
	struct cache_geometry cache, code_cache, data_cache;
	bool walk_cached;         /* table entries are read through the (data) cache; false: always WALK_HIT */

	bool pairing;             /* Pentium: two simple instructions in one cycle */
	bool branch_prediction;   /* Pentium: a branch target buffer */
	uint32_t btb_entries, btb_ways;

	struct disk_model disk;

	uint32_t cost[MODEL_COSTS_MOST];  /* by enum x86_cost or enum mips_cost */
	struct model_origin cost_origin[MODEL_COSTS_MOST];

	cycle_t deadlock_after;   /* so long may no thread run, while some wait, before that is a deadlock */

	enum engine_mode engine;  /* how to run it; AUTO chooses by policy; never changes a result */
};
