/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine's registers, through its saved context.
 *
 * Unicorn's own register writes obey the processor's rules (no way from ring 3
 * to ring 0) and read descriptors, which are not the engine's here.  Its saved
 * context is the processor's state as plain bytes, so it is edited there.  The
 * layout is no promise of Unicorn's: it is calibrated, by markers written
 * through the API that must be found exactly once, at the known distances.
 *
 * Distances from the first register (struct CPUX86State of Unicorn 2.1.1):
 *   0 sixteen registers of 64 bits   128 EIP   136 EFLAGS   176 hflags
 *   184 six segments of 24 bytes: selector, base at 8, limit at 16, flags at 20; ES CS SS DS FS GS
 * and from DR0: 96 old_exception.
 */
#include <string.h>
#include "sim/engine/private.h"

enum { AT_EIP = 128, AT_EFLAGS = 136, AT_HFLAGS = 176, AT_SEGMENTS = 184, SEGMENT_SIZE = 24 };
enum { SEGMENT_BASE = 8, SEGMENT_LIMIT = 16, SEGMENT_FLAGS = 20 };
enum { AT_OLD_EXCEPTION = 96 };

/* Bits of hflags that follow from segments and privilege. */
enum { H_CPL = 3, H_INHIBIT = 1 << 3, H_CS32 = 1 << 4, H_SS32 = 1 << 5, H_ADDSEG = 1 << 6, H_SMAP = 1 << 23 };

enum { RIGHT_BIG = 1 << 22, FLAG_ONE = 1 << 1, FLAG_IF = 1 << 9 };
enum { SEG_ES, SEG_CS, SEG_SS, SEG_DS };

static const int gpr[8] = { UC_X86_REG_EAX, UC_X86_REG_ECX, UC_X86_REG_EDX, UC_X86_REG_EBX,
	                    UC_X86_REG_ESP, UC_X86_REG_EBP, UC_X86_REG_ESI, UC_X86_REG_EDI };

static uint8_t *bytes(struct engine *engine) { return (uint8_t *)engine->context; }

static void put32(struct engine *engine, size_t at, uint32_t value) { memcpy(bytes(engine) + at, &value, 4); }

static void put64(struct engine *engine, size_t at, uint64_t value) { memcpy(bytes(engine) + at, &value, 8); }

static uint32_t get32(struct engine *engine, size_t at)
{
	uint32_t value;
	memcpy(&value, bytes(engine) + at, 4);
	return value;
}

/* Finds 64-bit values that follow one another; the place of the one occurrence, or 0 for none or several. */
static size_t find_once(struct engine *engine, const uint64_t *value, unsigned count)
{
	size_t size = uc_context_size(engine->uc), found = 0;
	for (size_t at = 4; at + 8 * count <= size; at += 4) {
		if (memcmp(bytes(engine) + at, value, 8 * count) != 0)
			continue;
		if (found)
			return 0;
		found = at;
	}
	return found;
}

static void write32(struct engine *engine, int reg, uint32_t value) { uc_reg_write(engine->uc, reg, &value); }

/* Puts markers in registers and finds them; leaves them there. */
static const char *find_layout(struct engine *engine)
{
	uint64_t reg[8], debug[4];
	for (unsigned n = 0; n < 8; n++) {
		reg[n] = 0x5a310000u + n * 0x1111;
		write32(engine, gpr[n], (uint32_t)reg[n]);
	}
	for (unsigned n = 0; n < 4; n++) {
		debug[n] = 0xd0d0f000u + n;
		write32(engine, UC_X86_REG_DR0 + (int)n, (uint32_t)debug[n]);
	}
	uint64_t eip = 0x1a2b3c4d;
	write32(engine, UC_X86_REG_EIP, (uint32_t)eip);
	if (uc_context_save(engine->uc, engine->context) != UC_ERR_OK)
		return "it cannot save a context";
	engine->layout.regs = find_once(engine, reg, 8);
	engine->layout.debug = find_once(engine, debug, 4);
	if (!engine->layout.regs || !engine->layout.debug)
		return "registers are not found once in its context";
	if (find_once(engine, &eip, 1) != engine->layout.regs + AT_EIP)
		return "EIP is not where it is known to be in its context";
	if (engine->layout.debug + AT_OLD_EXCEPTION + 4 > uc_context_size(engine->uc))
		return "its context is too short";
	return NULL;
}

static const char *calibrate(struct engine *engine)
{
	if (uc_context_alloc(engine->uc, &engine->context) != UC_ERR_OK ||
	    uc_context_save(engine->uc, engine->context) != UC_ERR_OK)
		return "it cannot save a context";
	uc_context *start;
	if (uc_context_alloc(engine->uc, &start) != UC_ERR_OK || uc_context_save(engine->uc, start) != UC_ERR_OK)
		return "it cannot save a context";
	const char *failed = find_layout(engine);
	if (!failed) {
		/* Forget the markers: from here on the template is the state at power-on. */
		uc_context_restore(engine->uc, start);
		uc_context_save(engine->uc, engine->context);
		put32(engine, engine->layout.debug + AT_OLD_EXCEPTION, 0xffffffffu);
	}
	uc_context_free(start);
	return failed;
}

int32_t engine_old_exception(struct engine *engine)
{
	uc_context *now;
	int32_t value = 0;
	if (uc_context_alloc(engine->uc, &now) != UC_ERR_OK)
		return 0;
	uc_context_save(engine->uc, now);
	memcpy(&value, (uint8_t *)now + engine->layout.debug + AT_OLD_EXCEPTION, 4);
	uc_context_free(now);
	return value;
}

static void put_segment(struct engine *engine, unsigned n, const struct engine_segment *segment)
{
	size_t at = engine->layout.regs + AT_SEGMENTS + SEGMENT_SIZE * n;
	put32(engine, at, segment->selector);
	put64(engine, at + SEGMENT_BASE, segment->base);
	put32(engine, at + SEGMENT_LIMIT, segment->limit);
	put32(engine, at + SEGMENT_FLAGS, segment->rights);
}

static void put_hflags(struct engine *engine, const struct engine_cpu *cpu, uint32_t more)
{
	size_t at = engine->layout.regs + AT_HFLAGS;
	uint32_t hflags = get32(engine, at) & ~(uint32_t)(H_CPL | H_INHIBIT | H_CS32 | H_SS32 | H_ADDSEG | H_SMAP);
	hflags |= cpu->cpl | more;
	if (cpu->seg[SEG_CS].rights & RIGHT_BIG)
		hflags |= H_CS32;
	if (cpu->seg[SEG_SS].rights & RIGHT_BIG)
		hflags |= H_SS32;
	if (!(hflags & H_CS32) || cpu->seg[SEG_ES].base || cpu->seg[SEG_SS].base || cpu->seg[SEG_DS].base)
		hflags |= H_ADDSEG;
	put32(engine, at, hflags);
}

static void load(struct engine *engine, const struct engine_cpu *cpu, uint32_t hflags)
{
	size_t regs = engine->layout.regs;
	for (unsigned n = 0; n < 8; n++)
		put64(engine, regs + 8 * n, cpu->reg[n]);
	put64(engine, regs + AT_EIP, cpu->eip);
	for (unsigned n = 0; n < 6; n++)
		put_segment(engine, n, &cpu->seg[n]);
	put_hflags(engine, cpu, hflags);
	uc_context_restore(engine->uc, engine->context);
	/* The engine keeps arithmetic flags in a lazy form that only its own write of EFLAGS sets. */
	write32(engine, UC_X86_REG_EFLAGS, (cpu->eflags & ENGINE_FLAGS) | FLAG_ONE | FLAG_IF);
}

/* --- forgetting single pages ---
 *
 * Unicorn offers no call that forgets one page; its processor's invlpg does.  So before the guest goes on the engine
 * executes a stub: six invlpg and an int.  It runs in a mode of its own (supervisor with SMAP), whose translations the
 * engine keeps apart from those of the guest's two modes: its page is in nobody's way.
 *
 *   engine_load, pages to forget --> stub --int, on_interrupt--> load_after_flush --> the guest
 */

enum { STUB_STEP = 3, STUB_END = ENGINE_FLUSHES * STUB_STEP };
/* Which register the n-th invlpg from the end takes. */
static const uint8_t stub_register[ENGINE_FLUSHES] = { 0, 1, 2, 3, 6, 7 };

static void write_stub(uint8_t *page)
{
	for (unsigned n = 0; n < ENGINE_FLUSHES; n++) {
		uint8_t *at = page + STUB_END - STUB_STEP * (n + 1);
		at[0] = 0x0f; /* invlpg [reg] */
		at[1] = 0x01;
		at[2] = (uint8_t)(0x38 | stub_register[n]);
	}
	page[STUB_END] = 0xcd; /* int 0xff */
	page[STUB_END + 1] = 0xff;
}

static void load_stub(struct engine *engine)
{
	const struct engine_segment code = { 8, 0, 0xffffffff, 0xcf9b00 }, data = { 16, 0, 0xffffffff, 0xcf9300 };
	struct engine_cpu cpu = { .eip = ENGINE_STUB + STUB_END - STUB_STEP * engine->flush_count };
	for (unsigned n = 0; n < 6; n++)
		cpu.seg[n] = n == SEG_CS ? code : data;
	for (unsigned n = 0; n < engine->flush_count; n++)
		cpu.reg[stub_register[n]] = engine->flush[n];
	engine->flush_count = 0;
	engine->flushing = true;
	engine->stub_eip = cpu.eip;
	load(engine, &cpu, H_SMAP);
}

void engine_load(struct engine *engine, const struct engine_cpu *cpu)
{
	if (!engine->flush_count) {
		load(engine, cpu, 0);
		return;
	}
	engine->after = *cpu;
	load_stub(engine);
}

static void load_after_flush(struct engine *engine)
{
	engine->flushing = false;
	load(engine, &engine->after, 0);
}

bool engine_flush_page(struct engine *engine, laddr_t page)
{
	if (engine->flush_count == ENGINE_FLUSHES)
		return false;
	engine->flush[engine->flush_count++] = page;
	return true;
}

bool engine_is_flushing(const struct engine *engine) { return engine->flushing; }

void engine_store(struct engine *engine, struct engine_cpu *cpu)
{
	int reg[10];
	void *value[10];
	for (unsigned n = 0; n < 8; n++) {
		reg[n] = gpr[n];
		value[n] = &cpu->reg[n];
	}
	reg[8] = UC_X86_REG_EIP;
	value[8] = &cpu->eip;
	reg[9] = UC_X86_REG_EFLAGS;
	value[9] = &cpu->eflags;
	uc_reg_read_batch(engine->uc, reg, value, 10);
}

uint32_t engine_register(struct engine *engine, unsigned number)
{
	uint32_t value = 0;
	uc_reg_read(engine->uc, gpr[number], &value);
	return value;
}

void engine_jump(struct engine *engine, uint32_t eip)
{
	write32(engine, UC_X86_REG_EIP, engine->flushing ? engine->stub_eip : eip);
}

const struct engine_kind engine_x86 = {
	.arch = UC_ARCH_X86, .mode = UC_MODE_32, .cpu = -1, .prepare = calibrate, .self_test = engine_x86_self_test,
	.write_stub = write_stub, .stub_ended = load_after_flush
};
