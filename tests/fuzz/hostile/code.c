/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hostile programs: instructions of all kinds, of which those are many that have
 * more to do with each other than they should: code that writes code, tables
 * edited under their own translations, strings over page ends, frames on the
 * stack that no call has made.
 */
#include <string.h>
#include "sim/arch/x86/decode.h"
#include "tests/fuzz/hostile/world.h"

enum { PAGE = 4096, LONGEST = 600 /* bytes of a chunk */ };

static void byte(struct world *world, uint32_t value)
{
	if (world->at < world->end)
		put_byte(world, world->at, (uint8_t)value);
	world->at++;
}

static void bytes(struct world *world, const char *code, unsigned size)
{
	for (unsigned n = 0; n < size; n++)
		byte(world, (uint8_t)code[n]);
}
#define CODE(world, text) bytes(world, text, sizeof text - 1)

static void word(struct world *world, uint32_t value)
{
	for (unsigned n = 0; n < 4; n++)
		byte(world, value >> 8 * n);
}

static uint32_t some(struct world *world, uint32_t below) { return choose(world->choices, below); }
static int once_in(struct world *world, uint32_t times) { return rarely(world->choices, times); }

/* mov reg, imm32 */
static void load(struct world *world, unsigned reg, uint32_t value)
{
	byte(world, 0xb8 + reg);
	word(world, value);
}

/* push imm32 */
static void push(struct world *world, uint32_t value)
{
	byte(world, 0x68);
	word(world, value);
}

/* opcode, with [disp32] and a number in the modrm's middle */
static void absolute(struct world *world, unsigned opcode, unsigned middle, uint32_t place)
{
	if (opcode > 0xff)
		byte(world, opcode >> 8);
	byte(world, opcode & 0xff);
	byte(world, 0x05 | middle << 3);
	word(world, place);
}

static uint32_t some_chunk(struct world *world) { return world->chunk[some(world, HOSTILE_CHUNKS)]; }

/* --- ordinary --- */

/* An instruction that decodes, whose memory is where registers point or where there is some. */
static void any_instruction(struct world *world)
{
	for (unsigned tries = 0; tries < 8; tries++) {
		struct x86_instruction insn;
		uint8_t code[X86_MAX_LENGTH];
		for (unsigned n = 0; n < sizeof code; n++)
			code[n] = choose_byte(world->choices);
		if (once_in(world, 4))
			code[0] = 0x0f;
		unsigned length = x86_decode(code, sizeof code, true, world->family, &insn);
		bool wild = insn.has_memory && (insn.displacement > 0x2000 || insn.displacement < -0x2000);
		if (!length || insn.operation == OP_UNDEFINED || wild || (insn.ends_block && !once_in(world, 8)))
			continue;
		bytes(world, (const char *)code, length);
		return;
	}
}

static void pointer(struct world *world) { load(world, some(world, 8) == ESP ? ESI : some(world, 8) & 3, world_place(world)); }

static void access(struct world *world)
{
	static const uint16_t opcode[] = { 0x8b, 0x89, 0x88, 0x8a, 0x01, 0x33, 0x87, 0x11, 0x39, 0xff, 0x81, 0xf7, 0xd3,
		                           0x0fb1, 0x0fc1, 0x0fab, 0x0fb3, 0x0fa5, 0x0fb6, 0x0fbf, 0x0faf, 0x8f, 0x0fc7 };
	unsigned which = opcode[some(world, sizeof opcode / sizeof *opcode)];

	if (once_in(world, 8))
		byte(world, "\x26\x2e\x36\x3e\x64\x65\x66\xf0"[some(world, 8)]);
	absolute(world, which, some(world, 8), world_place(world));
	if (which == 0x81)
		word(world, choose_word(world->choices));
}

static void stack(struct world *world)
{
	switch (some(world, 8)) {
	case 0: CODE(world, "\x60\x61"); break;                                     /* pusha, popa */
	case 1: byte(world, 0x50 + some(world, 8)); break;
	case 2: byte(world, 0x58 + some(world, 8)); break;
	case 3: CODE(world, "\xc8\x10\x00"), byte(world, some(world, 6)); break;    /* enter */
	case 4: CODE(world, "\xc9"); break;                                         /* leave */
	case 5: load(world, ESP, world_place(world)); break;
	case 6: absolute(world, 0xff, 6, world_place(world)); break;                /* push m */
	default: absolute(world, 0x8f, 0, world_place(world)); break;               /* pop m */
	}
}

static void flow(struct world *world)
{
	unsigned start;

	switch (some(world, 10)) {
	case 0: case 1: byte(world, 0x70 + some(world, 16)), byte(world, some(world, 12)); break;
	case 2:                                                                          /* a loop of some turns */
		load(world, ECX, some(world, 40));
		start = world->at;
		access(world);
		byte(world, 0xe0 + some(world, 3)), byte(world, start - world->at - 1);
		break;
	case 3: byte(world, 0xe8), word(world, some_chunk(world) - world->at - 4); break; /* call */
	case 4: byte(world, 0xc3); break;
	case 5: push(world, world->at + 6), byte(world, 0xc3); break;                     /* to the next, by ret */
	case 6: CODE(world, "\xe8\0\0\0\0\x58"); break;
	case 7: load(world, EAX, world->at + 7), CODE(world, "\xff\xe0"); break;         /* jmp eax */
	case 8: byte(world, 0xe3), byte(world, some(world, 4)); break;
	default: byte(world, 0xeb), byte(world, some(world, 3)); break;
	}
}

static void strings(struct world *world)
{
	static const uint8_t opcode[] = { 0xa4, 0xa5, 0xa6, 0xa7, 0xaa, 0xab, 0xac, 0xad, 0xae, 0xaf, 0x6c, 0x6e };

	load(world, ESI, world_place(world));
	load(world, EDI, world_place(world));
	load(world, ECX, once_in(world, 40) ? 0x7fffffffu : some(world, 700));
	if (once_in(world, 6))
		byte(world, 0xfd); /* std */
	if (once_in(world, 8))
		byte(world, "\x66\x67\x26\x2e"[some(world, 4)]);
	if (!once_in(world, 6))
		byte(world, 0xf2 + some(world, 2));
	byte(world, opcode[some(world, 12)]);
	if (once_in(world, 2))
		byte(world, 0xfc);
}

/* --- code and tables that are written --- */

static void write_code(struct world *world)
{
	uint32_t place = once_in(world, 3) ? some_chunk(world) + some(world, 64) : world->at + some(world, 40) - 8;

	if (once_in(world, 3))
		place = world_alias(world, place);
	switch (some(world, 4)) {
	case 0: absolute(world, 0x80, 6, place), byte(world, 1 << some(world, 8)); break;   /* xor m8, a bit */
	case 1: absolute(world, 0xc6, 0, place), byte(world, 0x40 + some(world, 64)); break; /* mov m8, inc, push ... */
	case 2: absolute(world, 0xc7, 0, place), word(world, 0x90904140); break;
	default: load(world, EDI, place), byte(world, 0xaa + some(world, 2)); break;        /* stos */
	}
}

/* What a page table's entry becomes. */
static uint32_t some_entry(struct world *world)
{
	uint32_t frame = once_in(world, 12) ? choose_word(world->choices) : HOSTILE_START + some(world, 0x40) * PAGE;

	return (frame & ~0xfffu) | (once_in(world, 3) ? choose_byte(world->choices) : 7);
}

static void edit_table(struct world *world)
{
	uint32_t page = once_in(world, 4) ? 0x400 + some(world, 256) : 0x100 + some(world, 0x40), at = HOSTILE_TABLES + 4 * page;

	if (once_in(world, 24))
		at = HOSTILE_DIRECTORY + 4 * some(world, 3);
	switch (some(world, 3)) {
	case 0: absolute(world, 0xc7, 0, at), word(world, some_entry(world)); break;
	case 1: absolute(world, 0x80, 6, at), byte(world, 1 << some(world, 8)); break;
	default: absolute(world, 0x83, 1, at), byte(world, 7); break;
	}
	if (once_in(world, 2))
		absolute(world, 0x0f01, 7, page * PAGE); /* invlpg */
	else if (once_in(world, 2))
		CODE(world, "\x0f\x20\xd8\x0f\x22\xd8");  /* cr3 */
}

/* --- the system's --- */

static void control(struct world *world)
{
	static const uint32_t cr0[] = { 0x80000011, 0x80010011, 0x80000019, 0x80000013, 0x11, 0x8000003b, 0x10, 0xe0050033 };

	switch (some(world, 9)) {
	case 0: load(world, EAX, cr0[some(world, 8)]), CODE(world, "\x0f\x22\xc0"); break;
	case 1: load(world, EAX, once_in(world, 3) ? HOSTILE_DIRECTORY_2 : HOSTILE_DIRECTORY), CODE(world, "\x0f\x22\xd8"); break;
	case 2: load(world, EAX, some(world, 256)), CODE(world, "\x0f\x22\xe0"); break;
	case 3: load(world, EAX, world_place(world)), byte(world, 0x0f), byte(world, 0x23), byte(world, 0xc0 + 8 * some(world, 4)); break;
	case 4: load(world, EAX, once_in(world, 4) ? choose_word(world->choices) : some(world, 0x10000) << 16 | some(world, 256)), CODE(world, "\x0f\x23\xf8"); break;
	case 5: byte(world, 0x0f), byte(world, 0x20 + some(world, 2)), byte(world, 0xc0 + some(world, 64)); break;
	case 6: CODE(world, "\x0f\x06"); break;
	case 7: absolute(world, 0x0f01, some(world, 8), world_place(world)); break;
	default: absolute(world, 0x0f01, 2 + some(world, 2), once_in(world, 2) ? WORLD_GDTR : WORLD_IDTR); break;
	}
}

static void segments(struct world *world)
{
	uint16_t selector = world_selector(world);

	switch (some(world, 10)) {
	case 0: case 1: case 2: case 3:
		load(world, EAX, selector), byte(world, 0x8e), byte(world, 0xc0 + 8 * some(world, 6));
		break;
	case 4: load(world, EAX, selector), byte(world, 0x0f), byte(world, 0), byte(world, 0xc0 + 8 * some(world, 6)); break;
	case 5: push(world, selector), byte(world, "\x07\x17\x1f\x0e\x16\x1e"[some(world, 6)]); break;
	case 6: load(world, EAX, selector), byte(world, 0x0f), byte(world, 2 + some(world, 2)), byte(world, 0xc8); break;
	case 7: absolute(world, some(world, 2) ? 0xc4 : 0x0fb4, some(world, 8), world_place(world)); break;
	case 8: load(world, EAX, selector), CODE(world, "\x63\xc8"); break;
	default:                                                          /* a descriptor changes */
		absolute(world, 0xc7, 0, HOSTILE_GDT + 4 + 8 * some(world, 0x28)), word(world, world_rights(world));
		break;
	}
}

static void far(struct world *world)
{
	static const uint16_t code[] = { SELECT_CODE_0, SELECT_CODE_3, SELECT_WINDOW_CODE, SELECT_TSS_OTHER, SELECT_TSS_OTHER + 8 };
	uint16_t selector = once_in(world, 2) ? code[some(world, 5)] : world_selector(world);
	uint32_t target = once_in(world, 3) ? some_chunk(world) : world->at + 7;

	switch (some(world, 8)) {
	case 0: case 1: case 2:
		byte(world, some(world, 2) ? 0xea : 0x9a), word(world, target), byte(world, selector), byte(world, selector >> 8);
		break;
	case 3: absolute(world, 0xff, 3 + 2 * some(world, 2), world_place(world)); break;
	case 4: push(world, selector), push(world, world->at + 6), byte(world, 0xcb); break;
	case 5: CODE(world, "\xcf"); break;
	case 6: CODE(world, "\x9c\x0e"), push(world, world->at + 6), byte(world, 0xcf); break; /* iret to the next */
	default:                                                                                /* iret to anywhere */
		push(world, SELECT_DATA_3), push(world, HOSTILE_STACK_3);
		push(world, once_in(world, 8) ? choose_word(world->choices) : 2 | some(world, 0x10000));
		push(world, selector), push(world, target), byte(world, 0xcf);
		break;
	}
}

static void traps(struct world *world)
{
	switch (some(world, 6)) {
	case 0: byte(world, 0xcd), byte(world, 0x30 + some(world, 0x40)); break;
	case 1: byte(world, 0xcd), byte(world, choose_byte(world->choices)); break;
	case 2: byte(world, 0xcc); break;
	case 3: CODE(world, "\xb0\x7f\x04\x01\xce"); break;                       /* into, for once */
	case 4: absolute(world, 0x62, some(world, 8), world_place(world)); break; /* bound */
	default: CODE(world, "\x31\xc9\xf7\xf1"); break;                          /* div by 0 */
	}
}

static void flags(struct world *world)
{
	switch (some(world, 7)) {
	case 0: CODE(world, "\x9c\x81\x0c\x24\0\1\0\0\x9d"); break;     /* TF */
	case 1: CODE(world, "\x9c\x81\x24\x24\xff\xfe\xff\xff\x9d"); break;
	case 2: push(world, choose_word(world->choices) & 0x277fd7), byte(world, 0x9d); break;
	case 3: byte(world, 0xfa + some(world, 4)); break;              /* cli sti cld std */
	case 4: CODE(world, "\xfb\xf4"); break;                         /* sti, hlt */
	case 5: CODE(world, "\xfb\xfa"); break;
	default: byte(world, 0xf4); break;
	}
}

static void ports(struct world *world)
{
	static const uint16_t port[] = { 0x20, 0x21, 0xa0, 0xa1, 0x40, 0x41, 0x42, 0x43, 0x60, 0x61, 0x64, 0x92, 0x3f8, 0x3f9,
		                         0x3fa, 0x3fb, 0x3fc, 0x3fd, 0x3fe, 0x3ff, 0x80, 0xffff };

	load(world, EDX, port[some(world, sizeof port / sizeof *port)]);
	if (once_in(world, 2))
		load(world, EAX, some(world, 256));
	byte(world, 0xec + some(world, 4));
}

static void rest(struct world *world)
{
	static const char *const code[] = { "\x0f\xa2", "\x0f\x31", "\x0f\x32", "\x0f\x30", "\x0f\x08", "\x0f\x09", "\x0f\xaa",
		                            "\x0f\xc8", "\xd9\xee", "\x9b\x90", "\x27\x90", "\xd7\x90", "\x0f\x0b" };
	uint32_t which = some(world, 13);

	bytes(world, code[which], 2);
}

/* --- all of them --- */

static const struct {
	unsigned share; /* of 256 */
	void (*make)(struct world *world);
} kind[] = {
	{ 40, any_instruction }, { 16, pointer }, { 60, access }, { 14, stack }, { 20, flow }, { 16, strings },
	{ 18, write_code }, { 14, edit_table }, { 8, control }, { 14, segments }, { 9, far }, { 7, traps }, { 8, flags },
	{ 8, ports }, { 4, rest },
};

static void some_instruction(struct world *world)
{
	unsigned which = some(world, 256), n = 0;

	for (unsigned share = kind[0].share; which >= share; share += kind[n].share)
		n++;
	kind[n].make(world);
}

static void make_chunk(struct world *world, uint32_t n)
{
	uint32_t most = world->chunk[n] + LONGEST;

	world->at = world->chunk[n];
	world->end = HOSTILE_DATA;
	for (uint32_t count = 2 + some(world, 40); count && world->at < most; count--)
		some_instruction(world);
	if (once_in(world, 3))
		CODE(world, "\xcd\x80");
	else
		byte(world, 0xe9), word(world, world->chunk[(n + 1) % HOSTILE_CHUNKS] - world->at - 4);
}

void code_make(struct world *world)
{
	for (uint32_t n = 0; n < HOSTILE_CHUNKS; n++)
		make_chunk(world, n);
}
