/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors, gates, selectors and the task state segment: their layout as
 * data, and the functions that fetch and mark them in guest memory.
 *
 * Source: i386 §5.1 (segment descriptors), §7.1 (TSS), §9.5 (gates); the layout is the same on all families here.
 */
#pragma once
#include "sim/arch/x86/cpu.h"

struct x86;

/* The two words of a descriptor, as they stand in memory. */
struct x86_descriptor {
	uint32_t low, high;
};

/* X(field, word, first bit, bits): an accessor descriptor_FIELD() each. */
#define DESCRIPTOR_FIELDS(X)                                                                      \
	X(limit_low, low, 0, 16) X(limit_high, high, 16, 4)                                       \
	X(base_low, low, 16, 16) X(base_middle, high, 0, 8) X(base_high, high, 24, 8)             \
	X(type, high, 8, 4) X(s, high, 12, 1) X(dpl, high, 13, 2) X(present, high, 15, 1)         \
	X(big, high, 22, 1) X(granular, high, 23, 1)                                              \
	/* of gates */                                                                            \
	X(gate_selector, low, 16, 16) X(gate_offset_low, low, 0, 16)                              \
	X(gate_offset_high, high, 16, 16) X(gate_parameters, high, 0, 5)
#define X(field, word, first, bits)                                                               \
	static inline uint32_t descriptor_##field(struct x86_descriptor descriptor)               \
	{                                                                                         \
		return (descriptor.word >> (first)) & ((1u << (bits)) - 1);                       \
	}
DESCRIPTOR_FIELDS(X)
#undef X

/* The part of the second word that a segment register's cache keeps as rights. */
#define RIGHTS_MASK 0x00f0ff00u

/* Types of system descriptors (S = 0). */
enum descriptor_type {
	TYPE_TSS16 = 1, TYPE_LDT = 2, TYPE_TSS16_BUSY = 3, TYPE_CALL16 = 4, TYPE_TASK_GATE = 5, TYPE_INTERRUPT16 = 6,
	TYPE_TRAP16 = 7, TYPE_TSS32 = 9, TYPE_TSS32_BUSY = 11, TYPE_CALL32 = 12, TYPE_INTERRUPT32 = 14, TYPE_TRAP32 = 15
};
enum { TYPE_BUSY = 2 /* the bit that tells TYPE_TSS32_BUSY from TYPE_TSS32 */ };

/* Selectors. */
enum { SELECTOR_RPL = 3, SELECTOR_TI = 4 };
#define SELECTOR_IS_NULL(selector) (((selector) & ~3u & 0xffff) == 0)

/* Error codes that name a selector or a gate. */
enum { ERROR_EXT = 1, ERROR_IDT = 2 };
#define ERROR_SELECTOR(selector, ext) (((selector) & 0xfffcu) | (ext))
#define ERROR_GATE(vector, ext) ((uint32_t)(vector) * 8 + ERROR_IDT + (ext))

/* X(NAME, offset): the 32-bit task state segment. General registers and segments stand in the order of their enums. */
#define TSS_FIELDS(X)                                                                             \
	X(LINK, 0x00) X(ESP0, 0x04) X(SS0, 0x08) X(CR3, 0x1c) X(EIP, 0x20) X(EFLAGS, 0x24)        \
	X(REGISTERS, 0x28) X(SEGMENTS, 0x48) X(LDT, 0x60) X(TRAP, 0x64) X(IOMAP, 0x66)
enum {
#define X(name, offset) TSS_##name = (offset),
	TSS_FIELDS(X)
#undef X
	TSS_STACK_STRIDE = 8,     /* from ESP0, SS0 to ESP1, SS1 */
	TSS_LEAST_LIMIT = 0x67
};

/* A descriptor that was found in the GDT or LDT. */
struct x86_found {
	uint16_t selector;
	laddr_t address;          /* of its first word */
	struct x86_descriptor descriptor;
};

/*
 * Fetches the descriptor of a selector that is not null.  vector(selector | ext) if it lies beyond its table
 * (vector is #GP, or #TS while a task or an inner stack is loaded); page faults of the table.
 * charges: walks and misses of the read.
 */
bool descriptor_find(struct x86 *x86, uint16_t selector, int vector, uint32_t ext, struct x86_found *found,
                     struct x86_fault *fault);
/* Fills the hidden part of a segment register from a descriptor, granularity applied. Charges nothing. */
void descriptor_to_cache(const struct x86_found *found, struct x86_segment_cache *cache);
/* Sets the accessed bit of a code or data descriptor in memory, unless it is set: also in *found. */
bool descriptor_mark_accessed(struct x86 *x86, struct x86_found *found, struct x86_fault *fault);
/* Sets or clears the busy bit of a TSS descriptor in memory. */
bool descriptor_mark_busy(struct x86 *x86, struct x86_found *found, bool busy, struct x86_fault *fault);

static inline bool descriptor_is_code(struct x86_descriptor descriptor)
{
	return (descriptor.high & (RIGHTS_S | RIGHTS_CODE)) == (RIGHTS_S | RIGHTS_CODE);
}

static inline bool descriptor_is_conforming_code(struct x86_descriptor descriptor)
{
	return descriptor_is_code(descriptor) && (descriptor.high & RIGHTS_CONFORMING);
}

static inline bool descriptor_is_writable_data(struct x86_descriptor descriptor)
{
	return (descriptor.high & (RIGHTS_S | RIGHTS_CODE | RIGHTS_WRITABLE)) == (RIGHTS_S | RIGHTS_WRITABLE);
}

/* Data, or code that may be read. */
static inline bool descriptor_is_readable(struct x86_descriptor descriptor)
{
	return (descriptor.high & RIGHTS_S) &&
	       (!(descriptor.high & RIGHTS_CODE) || (descriptor.high & RIGHTS_READABLE));
}

static inline uint32_t descriptor_gate_offset(struct x86_descriptor descriptor)
{
	return descriptor_gate_offset_low(descriptor) | descriptor_gate_offset_high(descriptor) << 16;
}
