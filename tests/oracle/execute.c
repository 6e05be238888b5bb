/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each instruction does: Kane, appendix A; R4000 manual, appendix A.  What it costs is said where it is done. */
#include "inside.h"

/* --- results of registers --- */

static uint32_t shifted(const struct insn *insn, uint32_t s, uint32_t t)
{
	switch (insn->id) {
	case I_SLL:
		return t << insn->shift;
	case I_SRL:
		return t >> insn->shift;
	case I_SRA:
		return (uint32_t)((int32_t)t >> insn->shift);
	case I_SLLV:
		return t << (s & 31);
	case I_SRLV:
		return t >> (s & 31);
	default:
		return (uint32_t)((int32_t)t >> (s & 31));
	}
}

static uint32_t result(const struct insn *insn, uint32_t s, uint32_t t)
{
	uint32_t imm = insn->immediate, low = imm & 0xffff;

	switch (insn->id) {
	case I_ADD:
	case I_ADDU:
		return s + t;
	case I_SUB:
	case I_SUBU:
		return s - t;
	case I_AND:
		return s & t;
	case I_OR:
		return s | t;
	case I_XOR:
		return s ^ t;
	case I_NOR:
		return ~(s | t);
	case I_SLT:
		return (int32_t)s < (int32_t)t;
	case I_SLTU:
		return s < t;
	case I_ADDI:
	case I_ADDIU:
		return s + imm;
	case I_SLTI:
		return (int32_t)s < (int32_t)imm;
	case I_SLTIU:
		return s < imm;
	case I_ANDI:
		return s & low;
	case I_ORI:
		return s | low;
	case I_XORI:
		return s ^ low;
	case I_LUI:
		return low << 16;
	default:
		return shifted(insn, s, t);
	}
}

static bool overflows(const struct insn *insn, uint32_t s, uint32_t t)
{
	int64_t exact;

	if (insn->id == I_ADD)
		exact = (int64_t)(int32_t)s + (int32_t)t;
	else if (insn->id == I_ADDI)
		exact = (int64_t)(int32_t)s + (int32_t)insn->immediate;
	else if (insn->id == I_SUB)
		exact = (int64_t)(int32_t)s - (int32_t)t;
	else
		return false;
	return exact != (int32_t)exact;
}

static bool traps(const struct insn *insn, uint32_t s, uint32_t t)
{
	switch (insn->id) {
	case I_TGE:
		return (int32_t)s >= (int32_t)t;
	case I_TGEU:
		return s >= t;
	case I_TLT:
		return (int32_t)s < (int32_t)t;
	case I_TLTU:
		return s < t;
	case I_TEQ:
		return s == t;
	case I_TNE:
		return s != t;
	case I_TGEI:
		return (int32_t)s >= (int32_t)insn->immediate;
	case I_TGEIU:
		return s >= insn->immediate;
	case I_TLTI:
		return (int32_t)s < (int32_t)insn->immediate;
	case I_TLTIU:
		return s < insn->immediate;
	case I_TEQI:
		return s == insn->immediate;
	default:
		return s != insn->immediate;
	}
}

/* --- HI and LO --- */

/* By zero the manual leaves both undefined; here as with a divisor of 1, which is what the engine's processor does. */
static void divide(struct oracle *o, enum oracle_id id, uint32_t s, uint32_t t)
{
	if (!t)
		t = 1;
	if (id == I_DIVU) {
		o->lo = s / t;
		o->hi = s % t;
	} else {
		o->lo = (uint32_t)((int64_t)(int32_t)s / (int32_t)t);
		o->hi = (uint32_t)((int64_t)(int32_t)s % (int32_t)t);
	}
}

static void hilo(struct oracle *o, const struct insn *insn)
{
	uint32_t s = o->reg[insn->rs], t = o->reg[insn->rt];
	uint64_t product;

	switch (insn->id) {
	case I_MFHI:
		o->reg[insn->rd] = o->hi;
		return;
	case I_MFLO:
		o->reg[insn->rd] = o->lo;
		return;
	case I_MTHI:
		o->hi = s;
		return;
	case I_MTLO:
		o->lo = s;
		return;
	case I_DIV:
	case I_DIVU:
		divide(o, insn->id, s, t);
		return;
	default:
		product = insn->id == I_MULTU ? (uint64_t)s * t : (uint64_t)((int64_t)(int32_t)s * (int32_t)t);
		o->lo = (uint32_t)product;
		o->hi = (uint32_t)(product >> 32);
	}
}

/* --- branches --- */

static bool is_branch(enum oracle_id id)
{
	return id == I_JR || id == I_JALR || (id >= I_BLTZ && id <= I_BGEZL) || (id >= I_BLTZAL && id <= I_BGEZALL) ||
	       (id >= I_J && id <= I_BGTZ) || (id >= I_BEQL && id <= I_BGTZL);
}

static bool taken(enum oracle_id id, uint32_t s, uint32_t t)
{
	switch (id) {
	case I_BEQ:
	case I_BEQL:
		return s == t;
	case I_BNE:
	case I_BNEL:
		return s != t;
	case I_BLEZ:
	case I_BLEZL:
		return (int32_t)s <= 0;
	case I_BGTZ:
	case I_BGTZL:
		return (int32_t)s > 0;
	case I_BLTZ:
	case I_BLTZL:
	case I_BLTZAL:
	case I_BLTZALL:
		return (int32_t)s < 0;
	case I_BGEZ:
	case I_BGEZL:
	case I_BGEZAL:
	case I_BGEZALL:
		return (int32_t)s >= 0;
	default:
		return true; /* jumps */
	}
}

static bool is_likely(enum oracle_id id)
{
	return id == I_BEQL || id == I_BNEL || id == I_BLEZL || id == I_BGTZL || id == I_BLTZL || id == I_BGEZL ||
	       id == I_BLTZALL || id == I_BGEZALL;
}

static uint32_t target(const struct oracle *o, const struct insn *insn, uint32_t s)
{
	if (insn->id == I_JR || insn->id == I_JALR)
		return s;
	if (insn->id == I_J || insn->id == I_JAL)
		return ((o->pc + 4) & 0xf0000000) | (insn->word & 0x3ffffff) << 2;
	return o->pc + 4 + (insn->immediate << 2);
}

/* T1, T4: the branch; and the slot of a likely one that is not taken, which takes its issue and nothing else. */
static void branch(struct oracle *o, const struct insn *insn)
{
	uint32_t s = o->reg[insn->rs], t = o->reg[insn->rt], to = target(o, insn, s);
	bool goes = taken(insn->id, s, t);

	oracle_spend_instruction(o, insn, goes);
	if (oracle_written(insn))
		o->reg[oracle_written(insn)] = o->pc + 8;
	if (is_likely(insn->id) && !goes) {
		oracle_spend(o, ORACLE_INSTRUCTION, o->model.cost.issue);
		o->pc += 8;
		o->block_begins = true;
		return;
	}
	o->in_slot = true;
	o->slot_target = goes ? to : o->pc + 8;
	o->pc += 4;
}

/* --- coprocessor 0 --- */

static bool is_system(const struct insn *insn) { return insn->word >> 26 == 16 || insn->id == I_CACHE; }

static void coprocessor0(struct oracle *o, const struct insn *insn)
{
	switch (insn->id) {
	case I_MFC0:
		o->reg[insn->rt] = oracle_cp0(o, insn->rd);
		break;
	case I_MTC0:
		oracle_cp0_write(o, insn->rd, o->reg[insn->rt]);
		break;
	case I_TLBR:
		oracle_tlb_read(o);
		break;
	case I_TLBWI:
	case I_TLBWR:
		oracle_tlb_write(o, insn->id == I_TLBWR);
		break;
	case I_TLBP:
		oracle_tlb_probe(o);
		break;
	case I_WAIT:
		o->waiting = true;
		break;
	default:
		break; /* cache, rfe, eret: below */
	}
	oracle_spend_instruction(o, insn, false);
}

/* --- which of these --- */

static bool raise(struct fault *fault, enum code code, unsigned unit)
{
	*fault = (struct fault){ .code = code, .unit = unit };
	return false;
}

/* What an instruction raises whatever else it is; Kane 5: coprocessors first. */
static bool refused(const struct oracle *o, const struct insn *insn, struct fault *fault)
{
	if (is_system(insn) && !oracle_cp0_usable(o))
		return !raise(fault, CPU, 0);
	if (o->in_slot && is_branch(insn->id)) /* what that does, the manual leaves open */
		return !raise(fault, RI, 0);
	switch (insn->id) {
	case I_COPROCESSOR:
		return !raise(fault, CPU, insn->unit);
	case I_RESERVED:
		return !raise(fault, RI, 0);
	case I_SYSCALL:
		return !raise(fault, SYS, 0);
	case I_BREAK:
		return !raise(fault, BP, 0);
	default:
		return false;
	}
}

static void next(struct oracle *o)
{
	o->pc = o->in_slot ? o->slot_target : o->pc + 4;
	o->block_begins |= o->in_slot;
	o->in_slot = false;
}

static bool ordinary(struct oracle *o, const struct insn *insn, struct fault *fault)
{
	uint32_t s = o->reg[insn->rs], t = o->reg[insn->rt];

	if (overflows(insn, s, t))
		return raise(fault, OV, 0);
	if (insn->id >= I_TGE && insn->id <= I_TNE && traps(insn, s, t))
		return raise(fault, TR, 0);
	if (insn->id >= I_TGEI && insn->id <= I_TNEI && traps(insn, s, t))
		return raise(fault, TR, 0);
	oracle_wait_for_operands(o, insn);
	if (oracle_written(insn))
		o->reg[oracle_written(insn)] = result(insn, s, t);
	oracle_spend_instruction(o, insn, false);
	return true;
}

/* What has no successor to be computed: all but branches. */
static bool straight(struct oracle *o, const struct insn *insn, struct fault *fault)
{
	struct place place;

	if (oracle_accesses_memory(insn->id))
		return oracle_access_memory(o, insn, fault);
	if (insn->id >= I_MFHI && insn->id <= I_DIVU) {
		oracle_wait_for_operands(o, insn);
		hilo(o, insn);
		oracle_spend_instruction(o, insn, false);
		return true;
	}
	if (insn->id == I_CACHE && !oracle_translate(o, o->reg[insn->rs] + insn->immediate, 1, LOAD, &place, fault))
		return false;
	if (is_system(insn)) {
		oracle_wait_for_operands(o, insn);
		coprocessor0(o, insn);
		if (insn->id == I_CACHE)
			oracle_cache_operation(o, insn->rt, place.address);
		return true;
	}
	return ordinary(o, insn, fault);
}

bool oracle_execute(struct oracle *o, const struct insn *insn, struct fault *fault)
{
	if (refused(o, insn, fault))
		return false;
	if (is_branch(insn->id)) {
		oracle_wait_for_operands(o, insn);
		branch(o, insn);
		return true;
	}
	if (!straight(o, insn, fault))
		return false;
	next(o);
	if (insn->id == I_RFE || insn->id == I_ERET)
		oracle_return_from_exception(o, insn->id);
	return true;
}

bool oracle_is_performed(struct oracle *o, const struct insn *insn)
{
	switch (insn->id) {
	case I_LL:
	case I_SC:
	case I_SYNC:
	case I_COPROCESSOR:
	case I_RESERVED:
		return true;
	default:
		return is_system(insn) || oracle_leaves_memory(o, insn);
	}
}
