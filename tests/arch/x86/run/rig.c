/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See rig.h. */
#include "rig.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include "sim/image/image.h"

extern const uint8_t guest_begin[], guest_end[];

enum { GDT = 0x1000, IDT = 0x2000, TSS = 0x3000, KERNEL_STACK = 0x90000, USER_STACK = 0x80000 };

void rig_model(struct model *model)
{
	memset(model, 0, sizeof *model);
	model->family = 4;
	model->hertz = 50000000;
	model->memory = RIG_RAM;
	model->tlb = (struct tlb_geometry){ 32, 4, TLB_PSEUDO_LRU, 0, 1, PAGE_SHIFT };
	model->code_tlb = model->data_tlb = model->tlb;
	model->write_protect = model->invlpg = true;
	for (unsigned n = 0; n < X86_COST_COUNT; n++)
		model->cost[n] = 1 + n * 7 % 11;
}

/* --- the bus --- */

static uint32_t bus_in(void *ctx, uint16_t port, unsigned size)
{
	(void)ctx;
	(void)port;
	return size == 1 ? 0xff : 0xffffffff;
}

/* Port 0x70: the line goes up.  Port 0x20: the end of an interrupt. */
static void bus_out(void *ctx, uint16_t port, unsigned size, uint32_t value)
{
	struct rig *rig = ctx;
	(void)size;
	(void)value;
	if (port == 0x70)
		rig->line = true;
}

static bool bus_pending(void *ctx) { return ((struct rig *)ctx)->line; }

static int bus_acknowledge(void *ctx)
{
	struct rig *rig = ctx;
	rig->line = false;
	rig->ticks++;
	return 0x20;
}

static cycle_t bus_next(void *ctx) { return ((struct rig *)ctx)->ledger.deadline; }

static void bus_events(void *ctx)
{
	struct rig *rig = ctx;
	while (rig->ledger.now >= rig->ledger.deadline) {
		rig->line = true;
		rig->ledger.deadline += rig->period;
	}
}

static int map_probe(void *ctx, paddr_t address)
{
	const struct rig *rig = ctx;
	for (unsigned n = 0; n < rig->probes; n++)
		if (rig->probe_at[n] == address)
			return (int)n;
	return -1;
}

static void map_fire(void *ctx, int probe)
{
	struct rig *rig = ctx;
	if (rig->fires == 64)
		return;
	rig->fired[rig->fires] = probe;
	rig->fired_at[rig->fires++] = rig->ledger.now;
}

/* --- tables --- */

void rig_put(struct rig *rig, paddr_t address, uint32_t word) { memcpy(rig->x86.ram + address, &word, 4); }

uint32_t rig_word(const struct rig *rig, paddr_t address)
{
	uint32_t word;
	memcpy(&word, rig->x86.ram + address, 4);
	return word;
}

static void put_descriptor(struct rig *rig, unsigned n, uint32_t base, uint32_t limit, uint32_t rights)
{
	rig_put(rig, GDT + 8 * n, (limit & 0xffff) | base << 16);
	rig_put(rig, GDT + 8 * n + 4, rights | (limit & 0xf0000) | (base >> 16 & 0xff) | (base & 0xff000000));
}

static void make_tables(struct rig *rig)
{
	put_descriptor(rig, 1, 0, 0xfffff, 0xc09b00);
	put_descriptor(rig, 2, 0, 0xfffff, 0xc09300);
	put_descriptor(rig, 3, 0, 0xfffff, 0xc0fb00);
	put_descriptor(rig, 4, 0, 0xfffff, 0xc0f300);
	put_descriptor(rig, 5, 0, 0xfffff, 0xc0fb00);
	put_descriptor(rig, 6, 0, 0xfffff, 0xc0f300);
	put_descriptor(rig, 7, TSS, 0x67, 0x8b00);
	rig_put(rig, TSS + 4, KERNEL_STACK);
	rig_put(rig, TSS + 8, KERNEL_DATA);
	uint32_t handlers = rig_symbol("handlers");
	for (unsigned n = 0; n < 64; n++) {
		uint32_t at = handlers + 16 * n;
		rig_put(rig, IDT + 8 * n, (at & 0xffff) | KERNEL_CODE << 16);
		rig_put(rig, IDT + 8 * n + 4, (at & 0xffff0000) | 0x8e00 | (n >= 0x30 ? 0x6000 : 0));
	}
	rig_put(rig, RIG_DIRECTORY, RIG_TABLE_LOW | 7);
	rig_put(rig, RIG_DIRECTORY + (RIG_USER >> 22) * 4, RIG_TABLE_USER | 7);
	for (uint32_t n = 0; n < 1024; n++) {
		rig_put(rig, RIG_TABLE_LOW + 4 * n, n << PAGE_SHIFT | 7);
		rig_put(rig, RIG_TABLE_USER + 4 * n, (RIG_USER_FRAMES + (n << PAGE_SHIFT)) | 7);
	}
}

void rig_small(struct rig *rig, uint32_t base, uint32_t limit)
{
	put_descriptor(rig, SMALL_CODE / 8, base, limit >> PAGE_SHIFT, 0xc0fb00);
	put_descriptor(rig, SMALL_DATA / 8, base, limit >> PAGE_SHIFT, 0xc0f300);
	for (unsigned n = 0; n < SEGMENTS; n++) {
		rig->x86.cpu.seg[n].selector = n == CS ? SMALL_CODE : SMALL_DATA;
		rig->x86.cpu.seg[n].base = base;
		rig->x86.cpu.seg[n].limit = limit;
	}
}

static struct image *guest(void)
{
	static struct image image;
	struct muk_error error = { 0 };
	if (!image.bytes)
		cr_assert_eq(image_read(&image, "guest", guest_begin, (size_t)(guest_end - guest_begin), &error), MUK_OK,
		             "%s", error.text);
	return &image;
}

uint32_t rig_symbol(const char *name)
{
	const struct image_symbol *symbol = image_symbol_named(guest(), name);
	cr_assert(symbol, "no symbol %s", name);
	return symbol->address;
}

static void load(struct rig *rig)
{
	const struct image *image = guest();
	for (unsigned n = 0; n < image->segments; n++)
		memcpy(rig->x86.ram + image->segment[n].paddr, image->segment[n].data, image->segment[n].file_size);
}

void rig_init(struct rig *rig, const struct model *model)
{
	struct muk_error error = { 0 };
	memset(rig, 0, sizeof *rig);
	rig->model = *model;
	cr_assert(ledger_init(&rig->ledger));
	rig->ledger.deadline = CYCLE_NEVER;
	journal_init(&rig->journal, &rig->ledger, (struct journal_sink){ 0 });
	struct x86 *x86 = &rig->x86;
	x86->model = &rig->model;
	x86->ledger = &rig->ledger;
	x86->journal = &rig->journal;
	x86->ram_size = RIG_RAM;
	x86->ram = aligned_alloc(PAGE_SIZE, RIG_RAM);
	cr_assert(x86->ram);
	memset(x86->ram, 0, RIG_RAM);
	x86->bus = (struct processor_bus){ .ctx = rig, .in = bus_in, .out = bus_out, .interrupt_pending = bus_pending,
		.acknowledge = bus_acknowledge, .next_event = bus_next, .run_events = bus_events };
	x86->code_map = (struct processor_code_map){ rig, NULL, NULL, map_probe, map_fire };
	cr_assert(x86_mmu_init(x86));
	x86_reset(x86, 0, 0, 0);
	cr_assert_eq(x86_runner_create(x86, &error), MUK_OK, "%s", error.text);
	load(rig);
	make_tables(rig);
}

void rig_free(struct rig *rig)
{
	x86_runner_destroy(&rig->x86);
	x86_mmu_free(&rig->x86);
	ledger_free(&rig->ledger);
	free(rig->x86.ram);
}

static struct x86_segment_cache segment(uint16_t selector, uint32_t rights)
{
	return (struct x86_segment_cache){ .selector = selector, .usable = true, .limit = 0xffffffff,
	                                   .rights = rights };
}

void rig_begin(struct rig *rig, uint32_t eip, bool user)
{
	struct x86_cpu *cpu = &rig->x86.cpu;
	x86_reset(&rig->x86, eip, 0, 0);
	cpu->gdtr = (struct x86_table){ GDT, 8 * 8 - 1 };
	cpu->idtr = (struct x86_table){ IDT, 64 * 8 - 1 };
	cpu->tr = segment(0x38, 0x8b00);
	cpu->tr.base = TSS;
	cpu->tr.limit = 0x67;
	cpu->cr3 = RIG_DIRECTORY;
	cpu->cr0 |= CR0_PG;
	cpu->reg[ESP] = user ? USER_STACK : KERNEL_STACK;
	cpu->cpl = user ? 3 : 0;
	for (unsigned n = 0; n < SEGMENTS; n++)
		cpu->seg[n] = segment(user ? USER_DATA : KERNEL_DATA, user ? 0xc0f300 : 0xc09300);
	cpu->seg[CS] = segment(user ? USER_CODE : KERNEL_CODE, user ? 0xc0fb00 : 0xc09b00);
	if (user)
		cpu->eflags |= EFLAGS_IF;
	if (rig->period)
		rig->ledger.deadline = rig->ledger.now + rig->period;
	x86_mmu_load_cr3(&rig->x86);
}

enum processor_stop rig_run(struct rig *rig)
{
	const char *what;
	return x86_run(&rig->x86, rig->ledger.now + 100000000, &what);
}

enum processor_stop rig_program(struct rig *rig, const char *name)
{
	rig_begin(rig, rig_symbol(name), false);
	return rig_run(rig);
}

uint32_t rig_log(const struct rig *rig, unsigned n, unsigned word)
{
	return rig_word(rig, RIG_LOG + 4 + 20 * n + 4 * word);
}

unsigned rig_traps(const struct rig *rig) { return rig_word(rig, RIG_LOG); }

static uint64_t mix(uint64_t print, uint64_t value) { return (print ^ value) * 0x100000001b3u; }

uint64_t rig_print(const struct rig *rig)
{
	uint64_t print = 0xcbf29ce484222325u;
	for (uint32_t at = 0; at < RIG_RAM; at += 4)
		print = mix(print, rig_word(rig, at));
	print = mix(mix(print, rig->ledger.now), rig->ledger.instructions);
	for (unsigned n = 0; n < X86_COUNTER_COUNT; n++)
		print = mix(print, rig->x86.count[n]);
	struct digest digest = journal_digest(&rig->journal);
	return mix(mix(print, digest.low), digest.high);
}
