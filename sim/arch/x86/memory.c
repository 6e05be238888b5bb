/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Accesses to memory that the simulator itself makes: for what it performs, and
 * the quiet looks of debuggers and probes.
 *
 * Invariants
 *   1. all of an access is translated before its first byte is written.
 *   2. memory that is not there reads as ones, and ignores writes.
 *   3. the look_ functions change nothing, not even a TLB.
 *   4. an access that is made is charged its wait states, as part of the instruction.
 */
#include <string.h>
#include "sim/arch/x86/mmu.h"
#include "sim/core/error.h"

/* An access in its parts: one page, or two. */
struct part {
	paddr_t address;
	unsigned size;
};

static bool translate_parts(struct x86 *x86, laddr_t address, unsigned size, enum access access,
                            enum x86_privilege as, struct part part[2], struct x86_fault *fault)
{
	unsigned first = PAGE_SIZE - (address & PAGE_MASK);
	struct tlb_entry entry;

	muk_assert(size >= 1 && size <= 16);
	part[1].address = 0;
	part[0].size = size < first ? size : first;
	part[1].size = size - part[0].size;
	if (!x86_translate(x86, address, access, as, &entry, fault))
		return false;
	part[0].address = entry.frame << PAGE_SHIFT | (address & PAGE_MASK);
	if (!part[1].size)
		return true;
	if (!x86_translate(x86, address + first, access, as, &entry, fault))
		return false;
	part[1].address = entry.frame << PAGE_SHIFT;
	return true;
}

enum { BREAK_WRITE = 1, BREAK_ACCESS = 3 };

uint32_t x86_debug_match(const struct x86_cpu *cpu, laddr_t address, unsigned size, bool write)
{
	uint32_t hits = 0;

	for (unsigned n = 0; n < 4; n++) {
		uint32_t enabled = cpu->dr[7] >> (2 * n) & 3, kind = cpu->dr[7] >> (16 + 4 * n) & 3;
		uint32_t length = (cpu->dr[7] >> (18 + 4 * n) & 3) + 1, first = cpu->dr[n] & ~(length - 1);
		bool wanted = kind == BREAK_ACCESS || (kind == BREAK_WRITE && write);
		if (enabled && wanted && first - address + length - 1 < size + length - 1)
			hits |= 1u << n;
	}
	return hits;
}

/* Breakpoints on data: which of DR0..3 this access meets is noted for the run loop. */
static void note_breakpoints(struct x86 *x86, laddr_t address, unsigned size, bool write)
{
	if (x86->cpu.dr[7] & 0xff)
		x86->debug_hits |= x86_debug_match(&x86->cpu, address, size, write);
}

bool x86_read(struct x86 *x86, laddr_t address, void *data, unsigned size, enum x86_privilege as,
              struct x86_fault *fault)
{
	struct part part[2];
	uint8_t *to = data;

	if (!translate_parts(x86, address, size, ACCESS_READ, as, part, fault))
		return false;
	note_breakpoints(x86, address, size, false);
	ledger_execute(x86->ledger, 0, x86_wait_cycles(x86->model, size, false));
	for (unsigned n = 0; n < 2; to += part[n].size, n++) {
		x86_cache_access(x86, part[n].address, part[n].size, ACCESS_READ);
		if ((uint64_t)part[n].address + part[n].size <= x86->ram_size)
			memcpy(to, x86->ram + part[n].address, part[n].size);
		else
			memset(to, 0xff, part[n].size);
	}
	return true;
}

static void write_part(struct x86 *x86, const struct part *part, const uint8_t *from)
{
	x86_cache_access(x86, part->address, part->size, ACCESS_WRITE);
	if ((uint64_t)part->address + part->size > x86->ram_size)
		return;
	memcpy(x86->ram + part->address, from, part->size);
	if (x86->engine.written && part->size)
		x86->engine.written(x86->engine.ctx, part->address, part->size);
}

bool x86_write(struct x86 *x86, laddr_t address, const void *data, unsigned size, enum x86_privilege as,
               struct x86_fault *fault)
{
	struct part part[2];

	if (!translate_parts(x86, address, size, ACCESS_WRITE, as, part, fault))
		return false;
	note_breakpoints(x86, address, size, true);
	ledger_execute(x86->ledger, 0, x86_wait_cycles(x86->model, size, true));
	write_part(x86, &part[0], data);
	write_part(x86, &part[1], (const uint8_t *)data + part[0].size);
	return true;
}

bool x86_probe_write(struct x86 *x86, laddr_t address, unsigned size, enum x86_privilege as, struct x86_fault *fault)
{
	struct part part[2];

	return translate_parts(x86, address, size, ACCESS_WRITE, as, part, fault);
}

/* --- quiet looks --- */

bool x86_look_translate(const struct x86 *x86, laddr_t address, paddr_t *out)
{
	if (!(x86->cpu.cr0 & CR0_PG)) {
		*out = address;
		return true;
	}
	uint32_t pde = mmu_read32(x86, (x86->cpu.cr3 & ~PAGE_MASK) + (address >> 22) * 4);
	if (!(pde & PTE_P))
		return false;
	if (mmu_is_large(x86, pde)) {
		*out = (pde & LARGE_FRAME) | (address & ~LARGE_FRAME);
		return true;
	}
	uint32_t pte = mmu_read32(x86, (pde & ~PAGE_MASK) + (address >> PAGE_SHIFT & 0x3ff) * 4);
	if (!(pte & PTE_P))
		return false;
	*out = (pte & ~PAGE_MASK) | (address & PAGE_MASK);
	return true;
}

unsigned x86_look_read(const struct x86 *x86, laddr_t address, void *data, unsigned size)
{
	uint8_t *to = data;
	paddr_t from;
	unsigned n = 0;

	for (; n < size && x86_look_translate(x86, address + n, &from) && from < x86->ram_size; n++)
		to[n] = x86->ram[from];
	return n;
}
