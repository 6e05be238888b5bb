/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bed: see bed.h. */
#include "bed.h"

static struct bed *current; /* x86_unsupported has no other way to it */

void x86_unsupported(struct x86 *x86, const char *what)
{
	(void)x86;
	current->unsupported = what;
}

/* --- memory images --- */

void bed_put(struct bed *bed, laddr_t address, uint32_t value)
{
	memcpy(bed->ram + address, &value, 4);
}

uint32_t bed_word(const struct bed *bed, laddr_t address)
{
	uint32_t value;
	memcpy(&value, bed->ram + address, 4);
	return value;
}

static void put_segment(struct bed *bed, laddr_t at, uint32_t base, uint32_t limit, unsigned access, unsigned flags)
{
	bed_put(bed, at, (limit & 0xffff) | base << 16);
	bed_put(bed, at + 4, (base >> 16 & 0xff) | access << 8 | (limit & 0xf0000) | flags << 20 | (base & 0xff000000));
}

void bed_segment(struct bed *bed, unsigned selector, uint32_t base, uint32_t limit, unsigned access, unsigned flags)
{
	put_segment(bed, BED_GDT + (selector & ~7u), base, limit, access, flags);
}

void bed_local(struct bed *bed, unsigned selector, uint32_t base, uint32_t limit, unsigned access, unsigned flags)
{
	put_segment(bed, BED_LDT + (selector & ~7u), base, limit, access, flags);
}

static void put_gate(struct bed *bed, laddr_t at, unsigned target, uint32_t offset, unsigned access,
                     unsigned parameters)
{
	bed_put(bed, at, (offset & 0xffff) | target << 16);
	bed_put(bed, at + 4, parameters | access << 8 | (offset & 0xffff0000));
}

void bed_gate(struct bed *bed, unsigned selector, unsigned target, uint32_t offset, unsigned access,
              unsigned parameters)
{
	put_gate(bed, BED_GDT + (selector & ~7u), target, offset, access, parameters);
}

void bed_vector(struct bed *bed, unsigned vector, unsigned target, uint32_t offset, unsigned access)
{
	put_gate(bed, BED_IDT + vector * 8, target, offset, access, 0);
}

static void build_tables(struct bed *bed)
{
	bed_segment(bed, CODE0, 0, 0xfffff, IS_CODE, G | B);
	bed_segment(bed, DATA0, 0, 0xfffff, IS_DATA, G | B);
	bed_segment(bed, CODE3, 0, 0xfffff, IS_CODE | ACCESS_DPL(3), G | B);
	bed_segment(bed, DATA3, 0, 0xfffff, IS_DATA | ACCESS_DPL(3), G | B);
	bed_segment(bed, CODE1, 0, 0xfffff, IS_CODE | ACCESS_DPL(1), G | B);
	bed_segment(bed, DATA1, 0, 0xfffff, IS_DATA | ACCESS_DPL(1), G | B);
	bed_segment(bed, CONFORMING, 0, 0xfffff, IS_CONFORMING, G | B);
	bed_segment(bed, TSS, BED_TSS, 0xff, IS_TSS_BUSY, 0);
	bed_segment(bed, TSS_OTHER, BED_TSS2, 0xff, IS_TSS, 0);
	bed_segment(bed, LDT, BED_LDT, 0xff, IS_LDT, 0);
	for (unsigned vector = 0; vector < 256; vector++)
		bed_vector(bed, vector, CODE0, BED_HANDLER + vector * 16, IS_INT | ACCESS_DPL(vector == 0x80 ? 3 : 0));
	bed_put(bed, BED_TSS + TSS_ESP0, BED_STACK0);
	bed_put(bed, BED_TSS + TSS_SS0, DATA0);
	bed_put(bed, BED_TSS + TSS_ESP0 + 8, BED_STACK1);
	bed_put(bed, BED_TSS + TSS_SS0 + 8, DATA1);
	bed_put(bed, BED_TSS + TSS_TRAP, 0x68u << 16);
}

static uint32_t word_at(const struct bed *bed, uint16_t selector, unsigned n)
{
	return bed_word(bed, (selector & 4 ? BED_LDT : BED_GDT) + (selector & ~7u) + 4 * n);
}

static void cache_of(const struct bed *bed, uint16_t selector, struct x86_segment_cache *cache)
{
	uint32_t low = word_at(bed, selector, 0), high = word_at(bed, selector, 1);
	uint32_t limit = (low & 0xffff) | (high & 0xf0000);

	cache->selector = selector;
	cache->usable = true;
	cache->base = low >> 16 | (high & 0xff) << 16 | (high & 0xff000000);
	cache->limit = high & 1u << 23 ? limit << 12 | 0xfff : limit;
	cache->rights = high & 0x00f0ff00;
}

void bed_load(struct bed *bed, unsigned number, uint16_t selector)
{
	cache_of(bed, selector, &bed->x86.cpu.seg[number]);
}

/* --- paging --- */

void bed_paging(struct bed *bed)
{
	bed_put(bed, BED_PAGES, (BED_PAGES + 0x1000) | PAGE_P | PAGE_W | PAGE_U);
	for (uint32_t page = 0; page < BED_RAM / PAGE_SIZE; page++)
		bed_put(bed, BED_PAGES + 0x1000 + 4 * page, page << 12 | PAGE_P | PAGE_W | PAGE_U);
	bed->x86.cpu.cr3 = BED_PAGES;
	bed->x86.cpu.cr0 |= CR0_PG;
}

void bed_page(struct bed *bed, laddr_t address, uint32_t rights)
{
	bed_put(bed, BED_PAGES + 0x1000 + 4 * PAGE_OF(address), (address & ~PAGE_MASK) | rights);
	x86_mmu_flush(&bed->x86);
}

/* --- the bus --- */

static uint32_t bus_in(void *ctx, uint16_t port, unsigned size)
{
	struct bed *bed = ctx;

	bed->port = port;
	bed->size = size;
	bed->accesses++;
	return bed->answer;
}

static void bus_out(void *ctx, uint16_t port, unsigned size, uint32_t value)
{
	struct bed *bed = ctx;

	bed->port = port;
	bed->size = size;
	bed->value = value;
	bed->accesses++;
}

/* --- life --- */

static void build_model(struct model *model, uint32_t family)
{
	model->family = family;
	model->hertz = 1000000;
	model->memory = BED_RAM;
	model->tlb = (struct tlb_geometry){ .entries = 32, .ways = 4, .policy = TLB_PSEUDO_LRU, .page_shift = 12 };
	model->write_protect = model->invlpg = family >= 4;
	model->large_pages = family >= 5;
	for (unsigned i = 0; i < X86_COST_COUNT; i++)
		model->cost[i] = 100 + i;
	model->cost[COST_WALK_HIT] = model->cost[COST_WALK_MISS] = model->cost[COST_WALK_AD] = 0;
	model->cost[COST_MEMORY_READ_WAIT] = model->cost[COST_MEMORY_WRITE_WAIT] = 0;
}

static void start(struct bed *bed, unsigned cpl)
{
	static const uint16_t code[] = { CODE0, CODE1, 0, CODE3 }, data[] = { DATA0, DATA1, 0, DATA3 };
	static const uint32_t stack[] = { BED_STACK0, BED_STACK1, 0, BED_STACK3 };
	struct x86_cpu *cpu = &bed->x86.cpu;

	cpu->cpl = cpl;
	cpu->cr0 = CR0_PE;
	cpu->eflags = EFLAGS_ONE;
	cpu->eip = BED_CODE;
	cpu->reg[ESP] = stack[cpl];
	cpu->gdtr = (struct x86_table){ BED_GDT, BED_GDT_LIMIT };
	cpu->idtr = (struct x86_table){ BED_IDT, 0x7ff };
	bed_load(bed, CS, code[cpl]);
	bed_load(bed, SS, data[cpl]);
	bed_load(bed, DS, data[cpl]);
	bed_load(bed, ES, data[cpl]);
	cache_of(bed, TSS, &cpu->tr);
	cache_of(bed, LDT, &cpu->ldtr);
}

struct bed *bed_create(uint32_t family, unsigned cpl)
{
	struct bed *bed = calloc(1, sizeof(*bed));

	current = bed;
	bed->ram = calloc(1, BED_RAM);
	build_model(&bed->model, family);
	ledger_init(&bed->ledger);
	journal_init(&bed->journal, &bed->ledger, (struct journal_sink){ 0 });
	bed->x86.model = &bed->model;
	bed->x86.ledger = &bed->ledger;
	bed->x86.journal = &bed->journal;
	bed->x86.ram = bed->ram;
	bed->x86.ram_size = BED_RAM;
	bed->x86.bus = (struct processor_bus){ .ctx = bed, .in = bus_in, .out = bus_out };
	cr_assert(x86_mmu_init(&bed->x86));
	build_tables(bed);
	start(bed, cpl);
	return bed;
}

void bed_destroy(struct bed *bed)
{
	x86_mmu_free(&bed->x86);
	ledger_free(&bed->ledger);
	free(bed->ram);
	free(bed);
}

void bed_push(struct bed *bed, uint32_t value)
{
	bed->x86.cpu.reg[ESP] -= 4;
	bed_put(bed, bed->x86.cpu.seg[SS].base + bed->x86.cpu.reg[ESP], value);
}

int bed_perform(struct bed *bed, const uint8_t *bytes, unsigned size)
{
	struct x86_instruction insn;
	bool big = bed->x86.cpu.seg[CS].rights & RIGHTS_BIG;

	current = bed;
	cr_assert_eq(x86_decode(bytes, size, big, bed->model.family, &insn), size);
	cr_assert(x86_operation_performed(insn.operation));
	bool fine = x86_perform(&bed->x86, &insn, &bed->fault);
	cr_assert_eq(fine, bed->fault.vector == -1);
	return bed->fault.vector;
}

struct bed_copy *bed_copy(const struct bed *bed)
{
	struct bed_copy *copy = malloc(sizeof(*copy));

	copy->cpu = bed->x86.cpu;
	memcpy(copy->ram, bed->ram, BED_RAM);
	return copy;
}

/* Descriptors' accessed bits, and the A and D bits of page tables: what a fault may leave behind. */
static uint8_t may_change(uint32_t address)
{
	if (address >= BED_GDT && address < BED_IDT && address % 8 == 5)
		return 1;
	if (address >= BED_PAGES && address < BED_PAGES + 0x2000 && address % 4 == 0)
		return PAGE_A | PAGE_D;
	return 0;
}

static bool same_page(const struct bed *bed, const struct bed_copy *copy, uint32_t page)
{
	for (uint32_t address = page; address < page + PAGE_SIZE; address++)
		if ((copy->ram[address] ^ bed->ram[address]) & ~may_change(address))
			return false;
	return true;
}

bool bed_same(const struct bed *bed, const struct bed_copy *copy)
{
	if (memcmp(&copy->cpu, &bed->x86.cpu, sizeof(copy->cpu)) != 0)
		return false;
	for (uint32_t page = 0; page < BED_RAM; page += PAGE_SIZE)
		if (memcmp(copy->ram + page, bed->ram + page, PAGE_SIZE) != 0 && !same_page(bed, copy, page))
			return false;
	return true;
}
