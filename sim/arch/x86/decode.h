/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoding: from bytes to what an instruction is, what memory it touches, and
 * what it costs by itself.  The opcode map is data (opcode.c), written from the
 * manuals' opcode tables; Capstone is the tests' second opinion, not a part.
 *
 * What a family does not define decodes as OP_UNDEFINED for that family.
 */
#pragma once
#include "sim/arch/x86/cpu.h"
#include "sim/model/model.h"

/* Who executes an instruction. X-macro order is free; the text is for listings and tests. */
#define X86_OPERATIONS(X)                                                                                           \
	/* the engine executes it */                                                                                \
	X(ORDINARY) X(JCC) X(LOOP) X(JMP) X(CALL) X(RET) X(DIVIDE) X(BOUND) X(ENTER) X(PUSHA) X(POPA)                \
	X(CMPS) X(SCAS)                                                                                              \
	X(INT3) X(INT) X(INTO)           /* the engine stops after it, and the simulator delivers */                 \
	/* the simulator performs it */                                                                             \
	X(UNDEFINED) X(ESC) X(WAIT)                                                                                  \
	X(MOV_SREG) X(MOV_FROM_SREG) X(PUSH_SREG) X(POP_SREG) X(LOAD_FAR_POINTER /* lds les lfs lgs lss */)           \
	X(CALL_FAR) X(CALL_FAR_M) X(JMP_FAR) X(JMP_FAR_M) X(RET_FAR) X(IRET)                                          \
	X(LGDT) X(LIDT) X(SGDT) X(SIDT) X(LLDT) X(SLDT) X(LTR) X(STR) X(LMSW) X(SMSW) X(CLTS)                          \
	X(LAR) X(LSL) X(VERR) X(VERW) X(ARPL)                                                                          \
	X(MOV_TO_CR) X(MOV_FROM_CR) X(MOV_TO_DR) X(MOV_FROM_DR) X(INVLPG) X(INVD) X(WBINVD)                             \
	X(CLI) X(STI) X(PUSHF) X(POPF) X(HLT) X(IN) X(OUT) X(INS) X(OUTS)                                              \
	X(MOVS) X(STOS) X(LODS)          /* strings that move: whole, with rep */                                    \
	X(CPUID) X(RDTSC) X(RDMSR) X(WRMSR) X(RSM)

enum x86_operation {
#define X(name) OP_##name,
	X86_OPERATIONS(X)
#undef X
	X86_OPERATION_COUNT
};
const char *x86_operation_name(enum x86_operation operation);
/* True for those that the simulator performs, or that need it before they run. */
bool x86_operation_performed(enum x86_operation operation);

/* An OP_UNDEFINED of length X86_TOO_LONG is one of more than 15 bytes: #GP(0) and not #UD. */
enum { X86_MAX_LENGTH = 15, X86_TOO_LONG = 16, NO_REGISTER = 8 };

/* Pentium pairing. */
enum x86_pairing { PAIR_NONE, PAIR_UV, PAIR_U, PAIR_V };

struct x86_instruction {
	uint8_t length;           /* bytes; 0: the bytes given end within the instruction; X86_TOO_LONG: see there */
	uint8_t operation;        /* enum x86_operation */
	uint8_t operand_size;     /* 1, 2 or 4 bytes: of the operation */
	uint8_t address_size;     /* 2 or 4 */
	uint16_t opcode;          /* 0x00..0xff, or 0x0f00 + the second byte */
	uint8_t modrm;            /* if has_modrm */
	bool has_modrm, lock;
	uint8_t rep;              /* 0, 0xf2 or 0xf3 */
	uint8_t prefixes;         /* how many */
	/* memory operand of the modrm byte (or of a moffs, xlat): */
	bool has_memory;
	bool reads, writes;       /* what is done to the memory operand */
	uint8_t memory_size;      /* bytes accessed: 1,2,4,6,8 */
	uint8_t segment;          /* enum x86_segment, override applied; of strings: that of the source, DS or override */
	uint8_t base, index, scale; /* registers or NO_REGISTER; scale 1,2,4,8 */
	int32_t displacement;
	bool has_displacement, has_immediate;
	/* stack: */
	int8_t stack;             /* bytes pushed (> 0) or popped (< 0) by push, pop, call, ret, enter(first push), leave */
	uint32_t immediate;       /* first immediate or branch offset, sign-extended; vectors, ports, counts, ret n: not */
	uint16_t immediate2;      /* selector of a far pointer, second byte of enter */
	/* cost: */
	uint16_t cost;            /* enum x86_cost: its main key */
	uint16_t extra_cost;      /* a second key that is added; X86_COST_COUNT in either for none */
	uint8_t pairing;          /* enum x86_pairing */
	uint8_t writes_registers; /* bit mask of general registers written */
	uint8_t reads_registers;  /* bit mask read, address registers included */
	bool ends_block;          /* control may go elsewhere than to the next instruction */
	bool absent;              /* set by block.c for a probe's no-op: x86_block_cost passes over it */
};

/*
 * Decodes one instruction of at most `available` bytes for a family (3, 4, 5), in a code segment that is `big`
 * (32-bit) or not.  Returns its length, 0 if more bytes are needed.  Too long an instruction, and an undefined
 * one, come back as OP_UNDEFINED.
 */
unsigned x86_decode(const uint8_t *bytes, unsigned available, bool big, uint32_t family, struct x86_instruction *out);

/* An access that an instruction makes, in the order in which it makes them. */
struct x86_access {
	vaddr_t offset;           /* in the segment */
	uint8_t segment;
	uint8_t size;
	bool write;
};
enum { X86_MAX_ACCESSES = 64 }; /* enter n, 31 makes 62 */

/* The effective address of the memory operand (offset in its segment), from registers. */
vaddr_t x86_effective_address(const struct x86_instruction *insn, const struct x86_cpu *cpu);

/*
 * The data accesses that an instruction executed by the engine will make with these registers, one iteration of a
 * string instruction.  Returns how many (at most X86_MAX_ACCESSES).  A read-modify-write is one read and one write.
 */
unsigned x86_accesses(const struct x86_instruction *insn, const struct x86_cpu *cpu,
                      struct x86_access out[static X86_MAX_ACCESSES]);

/* Wait states of an access of size bytes to memory, where no cache is modelled; 0 where one is. */
static inline uint32_t x86_wait_cycles(const struct model *model, unsigned size, bool write)
{
	uint32_t each = model->cost[write ? COST_MEMORY_WRITE_WAIT : COST_MEMORY_READ_WAIT];

	return model->cache_enabled ? 0 : each * ((size + 3) / 4);
}

/* The static cost of a block: sums over its instructions with interlocks (AGI) and pairing. */
struct x86_block_cost {
	uint16_t count;                  /* instructions */
	uint32_t cycles;                 /* all of them, a final conditional branch not taken */
	uint32_t taken;                  /* added if the final branch is taken (no branch prediction), else 0 */
	bool conditional;                /* ends in jcc or loop */
	bool predicted;                  /* ends in a branch that goes through the branch target buffer (branch.h) */
	uint32_t begin;                  /* added once for all iterations of a final rep cmps or rep scas: cycles has one */
};

/*
 * Sums the cost of n instructions of one block.  prefix[i] (if not NULL) receives the cycles of instructions before
 * number i, i in 0..n: what is refunded when a fault stops the block at i is cycles - prefix[i].
 * Instructions that the simulator performs cost nothing here: they are charged when they are performed.
 */
void x86_block_cost(const struct model *model, const struct x86_instruction *insn, unsigned n, uint32_t *prefix,
                    struct x86_block_cost *out);
