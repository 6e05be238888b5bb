/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Intel 8254 Programmable Interval Timer (data sheet 231164).
 *
 * Between two looks a counter runs by formula.  Its time is counted in ticks of
 * the 1193182 Hz clock; "a tick later" in the data sheet is one more here.
 *
 *               control word          count written              load (advance)
 *   (any) ----------------> no count --------------> load due ------------------> counting
 *           set_control                set_count         ^                            |
 *                                                        |   count written, or gate   |
 *                                                        '----------------------------'
 *
 * When a written count is loaded (set_count, gate_rises):
 *   modes 0, 4    with the next tick
 *   modes 2, 3    with the next tick if it is the first; else at the end of the period (mode 3: half period);
 *                 when the gate rises, with the next tick
 *   modes 1, 5    with the tick after the gate rose
 *
 * OUT and the count, e ticks after a count N was loaded (out_at, value_at; M = 65536, or 10000 in BCD):
 *   mode 0   N - e mod M          low until e = N
 *   mode 1   N - e mod M          low until e = N
 *   mode 2   N - (e mod N)        low for the tick in which that is 1
 *   mode 3   by twos, from N even (N - 1 odd), each half   high for (N + 1) / 2, low for N / 2
 *   mode 4,5 N - e mod M          low for the tick e = N
 *
 * Invariants
 *   1. after advance(t): load_at > t.
 *   2. !counting: OUT is low in mode 0, high in all others.
 *   3. paused only while the gate is low, or (modes 2, 3) until the load that its rise caused.
 */
#include "sim/board/pit.h"

#include "sim/board/clock.h"

#define TICK_NEVER UINT64_MAX

enum { CONTROL = 3 /* the port */ };
enum { READ_BACK = 3, READ_BACK_NO_COUNT = 0x20, READ_BACK_NO_STATUS = 0x10 };
enum { STATUS_OUT = 0x80, STATUS_NULL = 0x40 };
enum { ACCESS_LATCH = 0, ACCESS_LOW = 1, ACCESS_HIGH = 2, ACCESS_BOTH = 3 };

/* --- the formulas --- */

static bool gate_pauses(const struct pit_counter *c)
{
	return c->mode != 1 && c->mode != 5;
}

static bool periodic(const struct pit_counter *c)
{
	return c->mode == 2 || c->mode == 3;
}

static uint64_t elapsed_at(const struct pit_counter *c, uint64_t tick)
{
	return c->paused ? c->elapsed : tick - c->start;
}

/* Ticks for which mode 3 is high. */
static uint64_t high_half(const struct pit_counter *c)
{
	return (c->count + 1) / 2;
}

static bool out_at(const struct pit_counter *c, uint64_t tick)
{
	uint64_t e = elapsed_at(c, tick);

	if (!c->counting)
		return c->mode != 0;
	switch (c->mode) {
	case 0:
	case 1:
		return e >= c->count;
	case 2:
		return c->paused || e % c->count != c->count - 1;
	case 3:
		return c->paused || e % c->count < high_half(c);
	default:
		return e != c->count;
	}
}

/* Binary to four decimal digits, or as it is. */
static uint16_t as_read(const struct pit_counter *c, uint32_t value)
{
	if (!c->bcd)
		return (uint16_t)value;
	return (uint16_t)(value / 1000 % 10 << 12 | value / 100 % 10 << 8 | value / 10 % 10 << 4 | value % 10);
}

static uint16_t value_at(const struct pit_counter *c, uint64_t tick)
{
	uint64_t e = elapsed_at(c, tick), modulus = c->bcd ? 10000 : 65536;

	if (!c->counting)
		return c->held;
	if (c->mode == 2)
		return as_read(c, (uint32_t)(c->count - e % c->count));
	if (c->mode == 3) {
		uint64_t k = e % c->count, half = high_half(c);

		return as_read(c, (uint32_t)((c->count & ~1u) - 2 * (k < half ? k : k - half)));
	}
	return as_read(c, (uint32_t)((c->count + modulus - e % modulus) % modulus));
}

/* Rises of OUT in the ticks 1..e after loading: the difference of two such numbers says whether there was one between. */
static uint64_t rises_until(const struct pit_counter *c, uint64_t e)
{
	if (periodic(c))
		return c->count > 1 ? e / c->count : 0;
	return e >= c->count + (uint64_t)(c->mode >= 4);
}

/* The e of the next rise after e; TICK_NEVER if there will be none. */
static uint64_t rise_after(const struct pit_counter *c, uint64_t e)
{
	uint64_t once = c->count + (uint64_t)(c->mode >= 4);

	if (periodic(c))
		return c->count > 1 ? (e / c->count + 1) * c->count : TICK_NEVER;
	return e < once ? once : TICK_NEVER;
}

/* --- loading --- */

/* The first end of a period (mode 3: of a half) after a tick; tells mode 3 whether a low half begins there. */
static uint64_t period_end(const struct pit_counter *c, uint64_t tick, bool *low)
{
	uint64_t k = elapsed_at(c, tick) % c->count, half = high_half(c);

	*low = c->mode == 3 && k < half;
	return tick + (*low ? half : c->count) - k;
}

static void load(struct pit_counter *c)
{
	c->count = c->next;
	c->start = c->load_at;
	if (c->load_low)
		c->start -= high_half(c);
	c->load_at = TICK_NEVER;
	c->load_low = false;
	c->null_count = false;
	c->counting = true;
	c->paused = !c->gate && gate_pauses(c);
	c->elapsed = 0;
}

/* Brings a counter up to a tick: invariant 1. */
static void advance(struct pit_counter *c, uint64_t tick)
{
	if (c->load_at <= tick)
		load(c);
}

/* A complete count is in CR. */
static void set_count(struct pit_counter *c, uint32_t count, uint64_t tick)
{
	bool first = !c->counting;

	c->next = count;
	c->written = c->null_count = true;
	if (c->mode == 1 || c->mode == 5)
		return;
	if (periodic(c) && !first && !c->paused && c->load_at == TICK_NEVER)
		c->load_at = period_end(c, tick, &c->load_low);
	else if (!periodic(c) || first)
		c->load_at = tick + 1;
}

static void set_control(struct pit_counter *c, uint8_t control, uint64_t tick)
{
	uint8_t mode = control >> 1 & 7;
	uint16_t held = value_at(c, tick);

	*c = (struct pit_counter){
		.mode = mode >= 6 ? mode - 4 : mode, .access = control >> 4 & 3, .bcd = control & 1,
		.gate = c->gate, .null_count = true, .held = held, .count = 1, .next = 1, .load_at = TICK_NEVER,
	};
}

static void gate_falls(struct pit_counter *c, uint64_t tick)
{
	if (c->counting && gate_pauses(c) && !c->paused) {
		c->elapsed = elapsed_at(c, tick);
		c->paused = true;
	}
	if (periodic(c) && c->counting)
		c->load_at = TICK_NEVER; /* its period will not end; the rise loads */
}

static void gate_rises(struct pit_counter *c, uint64_t tick)
{
	if (c->mode == 0 || c->mode == 4) {
		if (c->paused)
			c->start = tick - c->elapsed;
		c->paused = false;
	} else if (c->written) {
		c->load_at = tick + 1;
		c->load_low = false;
	}
}

/* --- the processor's side --- */

static uint32_t count_of(const struct pit_counter *c, uint16_t value)
{
	uint32_t count = value;

	if (c->bcd)
		count = (value >> 12) * 1000u + (value >> 8 & 15) * 100u + (value >> 4 & 15) * 10u + (value & 15u);
	return count ? count : c->bcd ? 10000 : 65536;
}

/* In mode 0 writing stops the count and lowers OUT at once. */
static void stop_mode_0(struct pit_counter *c, uint64_t tick)
{
	if (c->mode != 0)
		return;
	c->held = value_at(c, tick);
	c->counting = c->paused = false;
	c->load_at = TICK_NEVER;
}

static void write_counter(struct pit_counter *c, uint8_t value, uint64_t tick)
{
	stop_mode_0(c, tick);
	if (c->access == ACCESS_BOTH && c->write_next == PIT_LOW) {
		c->low = value;
		c->write_next = PIT_HIGH;
		return;
	}
	c->write_next = PIT_LOW;
	if (c->access == ACCESS_BOTH)
		set_count(c, count_of(c, (uint16_t)(value << 8 | c->low)), tick);
	else
		set_count(c, count_of(c, (uint16_t)(c->access == ACCESS_HIGH ? value << 8 : value)), tick);
}

static void latch_count(struct pit_counter *c, uint64_t tick)
{
	if (c->count_latched)
		return;
	c->latch = value_at(c, tick);
	c->count_latched = true;
}

static void latch_status(struct pit_counter *c, uint64_t tick)
{
	if (c->status_latched)
		return;
	c->status = (uint8_t)((out_at(c, tick) ? STATUS_OUT : 0) | (c->null_count ? STATUS_NULL : 0) | c->access << 4 |
	                      c->mode << 1 | c->bcd);
	c->status_latched = true;
}

static uint8_t read_counter(struct pit_counter *c, uint64_t tick)
{
	uint16_t value = c->count_latched ? c->latch : value_at(c, tick);
	enum pit_byte byte = c->access == ACCESS_BOTH ? c->read_next : c->access == ACCESS_HIGH ? PIT_HIGH : PIT_LOW;

	if (c->status_latched) {
		c->status_latched = false;
		return c->status;
	}
	if (c->access == ACCESS_BOTH)
		c->read_next = byte == PIT_LOW ? PIT_HIGH : PIT_LOW;
	if (c->access != ACCESS_BOTH || byte == PIT_HIGH)
		c->count_latched = false;
	return (uint8_t)(byte == PIT_LOW ? value : value >> 8);
}

/* The control port: a control word, a counter latch or a read-back command. */
static void control(struct pit *pit, uint8_t value, uint64_t tick)
{
	unsigned select = value >> 6;

	if (select != READ_BACK) {
		if ((value >> 4 & 3) == ACCESS_LATCH)
			latch_count(&pit->counter[select], tick);
		else
			set_control(&pit->counter[select], value, tick);
		return;
	}
	for (unsigned i = 0; i < PIT_COUNTERS; i++) {
		if (!(value >> (i + 1) & 1))
			continue;
		if (!(value & READ_BACK_NO_COUNT))
			latch_count(&pit->counter[i], tick);
		if (!(value & READ_BACK_NO_STATUS))
			latch_status(&pit->counter[i], tick);
	}
}

/* --- what the board sees --- */

/* True if OUT of a counter that is not reloaded rises in (from, to]. */
static bool rises_within(const struct pit_counter *c, uint64_t from, uint64_t to)
{
	return c->counting && rises_until(c, elapsed_at(c, to)) > rises_until(c, elapsed_at(c, from));
}

/* Brings counter 0 up to a tick, noting its rises: those before a load are by the old count, which does not see the
 * tick of the load itself. */
static void follow(struct pit *pit, uint64_t tick)
{
	struct pit_counter *c = &pit->counter[0];

	if (c->load_at <= tick) {
		uint64_t at = c->load_at;
		bool before = out_at(c, at - 1);

		pit->rose |= rises_within(c, pit->seen, at - 1);
		load(c);
		pit->rose |= !before && out_at(c, at);
		pit->seen = at;
	}
	pit->rose |= rises_within(c, pit->seen, tick);
	pit->seen = tick;
}

/* Brings all counters up to now; returns the tick. */
static uint64_t look(struct pit *pit, cycle_t now)
{
	uint64_t tick = clock_ticks(now, PIT_HERTZ, pit->hertz);

	follow(pit, tick);
	advance(&pit->counter[1], tick);
	advance(&pit->counter[2], tick);
	return tick;
}

void pit_init(struct pit *pit, uint64_t hertz)
{
	*pit = (struct pit){.hertz = hertz};
	for (unsigned i = 0; i < PIT_COUNTERS; i++) {
		pit->counter[i].gate = i != 2;
		set_control(&pit->counter[i], (uint8_t)(ACCESS_BOTH << 4 | 3 << 1), 0);
	}
	set_count(&pit->counter[0], 65536, 0);
	set_control(&pit->counter[1], (uint8_t)(ACCESS_LOW << 4 | 2 << 1), 0);
	set_count(&pit->counter[1], 18, 0);
}

uint8_t pit_in(struct pit *pit, uint16_t port, cycle_t now)
{
	uint64_t tick = look(pit, now);
	unsigned select = port & 3;

	return select == CONTROL ? 0xff : read_counter(&pit->counter[select], tick);
}

void pit_out(struct pit *pit, uint16_t port, uint8_t value, cycle_t now)
{
	uint64_t tick = look(pit, now);
	unsigned select = port & 3;

	if (select == CONTROL)
		control(pit, value, tick);
	else
		write_counter(&pit->counter[select], value, tick);
}

void pit_gate(struct pit *pit, bool level, cycle_t now)
{
	uint64_t tick = look(pit, now);
	struct pit_counter *c = &pit->counter[2];

	if (level == c->gate)
		return;
	c->gate = level;
	if (level)
		gate_rises(c, tick);
	else
		gate_falls(c, tick);
}

bool pit_speaker(struct pit *pit, cycle_t now)
{
	uint64_t tick = look(pit, now);

	return out_at(&pit->counter[2], tick);
}

bool pit_refresh(struct pit *pit, cycle_t now)
{
	uint64_t tick = look(pit, now);
	const struct pit_counter *c = &pit->counter[1];

	return c->counting && (elapsed_at(c, tick) / c->count & 1);
}

struct pit_edge pit_edge(struct pit *pit, cycle_t now)
{
	uint64_t tick = look(pit, now);
	struct pit_edge edge = {pit->rose, out_at(&pit->counter[0], tick)};

	pit->rose = false;
	return edge;
}

/* The tick of a counter's next rise after a tick, if it is not reloaded. */
static uint64_t next_rise(const struct pit_counter *c, uint64_t tick)
{
	uint64_t e = elapsed_at(c, tick), rise = rise_after(c, e);

	return c->counting && !c->paused && rise != TICK_NEVER ? tick + (rise - e) : TICK_NEVER;
}

cycle_t pit_next_rise(struct pit *pit, cycle_t now)
{
	uint64_t tick = look(pit, now);
	struct pit_counter c = pit->counter[0]; /* a copy, to look beyond its load */
	uint64_t rise = next_rise(&c, tick);

	if (rise >= c.load_at && c.load_at != TICK_NEVER) {
		uint64_t at = c.load_at;
		bool before = out_at(&c, at - 1);

		load(&c);
		rise = !before && out_at(&c, at) ? at : next_rise(&c, at);
	}
	return rise == TICK_NEVER ? CYCLE_NEVER : clock_cycle(rise, PIT_HERTZ, pit->hertz);
}

/* --- snapshots --- */

static void byte_state(struct stream *stream, enum pit_byte *byte)
{
	uint8_t value = (uint8_t)*byte;

	stream_field(stream, value);
	*byte = value & 1 ? PIT_HIGH : PIT_LOW;
}

static void counter_state(struct stream *stream, struct pit_counter *c)
{
	bool *const flag[] = {&c->bcd, &c->count_latched, &c->status_latched, &c->written, &c->null_count, &c->load_low,
	                      &c->counting, &c->gate, &c->paused};

	for (size_t i = 0; i < sizeof flag / sizeof flag[0]; i++)
		stream_flag(stream, flag[i]);
	byte_state(stream, &c->write_next);
	byte_state(stream, &c->read_next);
	stream_field(stream, c->mode);
	stream_field(stream, c->access);
	stream_field(stream, c->low);
	stream_field(stream, c->latch);
	stream_field(stream, c->status);
	stream_field(stream, c->next);
	stream_field(stream, c->load_at);
	stream_field(stream, c->count);
	stream_field(stream, c->start);
	stream_field(stream, c->elapsed);
	stream_field(stream, c->held);
	if (!c->count || !c->next || c->mode > 5)
		stream->failed = true;
}

void pit_state(struct stream *stream, struct pit *pit)
{
	stream_field(stream, pit->seen);
	stream_flag(stream, &pit->rose);
	for (unsigned i = 0; i < PIT_COUNTERS; i++)
		counter_state(stream, &pit->counter[i]);
}
