/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of the L4 interface, version 2, as the kernel and user programs share them: thread ids, fpages,
 * message dopes, timeouts.  Bit layouts are given from the least significant bit.
 *
 *   thread id, low word   version_low 10 | lthread 7 | task 11 | version_high 4
 *   thread id, high word  site 17 | chief 11 | nest 4
 *   fpage                 grant 1 | write 1 | size (log2 of bytes) 6 | zero 4 | page 20
 *   I/O fpage             grant 1 | zero 1 | size (log2 of ports) 6 | zero 4 | port 16 | 0xF
 *   message dope          deceited 1 | fpage_received 1 | redirected 1 | inside 1 | error 4 | strings 5 | dwords 19
 *   timeouts              rcv_exp 4 | snd_exp 4 | rcv_pfault 4 | snd_pfault 4 | snd_man 8 | rcv_man 8
 *
 * A receive or send timeout is for ever if its exponent is 0, none at all if the exponent is not 0 and the mantissa is,
 * and 4^(15-exp) * man microseconds otherwise; a page fault timeout is for ever if 0, none at all if 15, and
 * 4^(15-exp) microseconds otherwise.
 */
#pragma once

typedef unsigned char l4_u8;
typedef unsigned short l4_u16;
typedef unsigned int l4_u32;

/* --- Threads --- */
typedef struct {
	l4_u32 low, high;
} l4_threadid_t;

enum {
	L4_TASKS = 2048,
	L4_LTHREADS = 128,       /* of a task */
	L4_VERSIONS = 1 << 14,
	L4_INTERRUPTS = 16,
};

enum {
	L4_KERNEL_TASK = 1,      /* the chief of sigma0 and root; its thread takes the kernel's own messages */
	L4_SIGMA0_TASK = 2,
	L4_ROOT_TASK = 4,
};

#define L4_NIL_ID ((l4_threadid_t){ 0, 0 })
#define L4_INVALID_ID ((l4_threadid_t){ 0xffffffffu, 0xffffffffu })
#define L4_ID_LOW(task_, lthread_, version_) \
	(((l4_u32)(version_) & 0x3ff) | (l4_u32)(lthread_) << 10 | (l4_u32)(task_) << 17 | \
	 (l4_u32)(version_) >> 10 << 28)
#define L4_ID_HIGH(chief_, nest_) ((l4_u32)(chief_) << 17 | (l4_u32)(nest_) << 28)
#define L4_KERNEL_ID ((l4_threadid_t){ L4_ID_LOW(L4_KERNEL_TASK, 0, 1), 0 })
#define L4_SIGMA0_ID ((l4_threadid_t){ L4_ID_LOW(L4_SIGMA0_TASK, 0, 1), L4_ID_HIGH(L4_KERNEL_TASK, 1) })
#define L4_ROOT_ID ((l4_threadid_t){ L4_ID_LOW(L4_ROOT_TASK, 0, 1), L4_ID_HIGH(L4_KERNEL_TASK, 1) })
/* Whom an interrupt's message comes from; receiving from it with a receive timeout of 0 attaches to it. */
#define L4_INTERRUPT_ID(irq_) ((l4_threadid_t){ (l4_u32)(irq_) + 1, 0 })

static inline l4_u32 l4_id_task(l4_threadid_t id) { return id.low >> 17 & 0x7ff; }
static inline l4_u32 l4_id_lthread(l4_threadid_t id) { return id.low >> 10 & 0x7f; }
static inline l4_u32 l4_id_version(l4_threadid_t id) { return (id.low & 0x3ff) | id.low >> 28 << 10; }
static inline l4_u32 l4_id_chief(l4_threadid_t id) { return id.high >> 17 & 0x7ff; }
static inline l4_u32 l4_id_nest(l4_threadid_t id) { return id.high >> 28; }
static inline int l4_id_equal(l4_threadid_t a, l4_threadid_t b) { return a.low == b.low && a.high == b.high; }
static inline int l4_id_is_nil(l4_threadid_t id) { return id.low == 0; }
static inline int l4_id_is_interrupt(l4_threadid_t id) { return id.low - 1 < L4_INTERRUPTS && id.high == 0; }
/* The same task's thread of another number. */
static inline l4_threadid_t l4_id_sibling(l4_threadid_t id, l4_u32 lthread)
{
	return (l4_threadid_t){ (id.low & ~(0x7fu << 10)) | lthread << 10, id.high };
}

/* --- Flexpages --- */
typedef l4_u32 l4_fpage_t;

enum {
	L4_PAGE_SHIFT = 12,
	L4_PAGE_SIZE = 1 << L4_PAGE_SHIFT,
	L4_WHOLE_SPACE = 32,     /* size of the fpage that is everything */
	L4_WHOLE_IO = 16,        /* size of the I/O fpage that is every port */
	L4_FPAGE_GRANT = 1,
	L4_FPAGE_WRITE = 2,
};

#define L4_FPAGE(address_, log2_size_, flags_) \
	(((l4_u32)(address_) & 0xfffff000u) | (l4_u32)(log2_size_) << 2 | (flags_))
#define L4_IO_FPAGE(port_, log2_size_, flags_) \
	(0xf0000000u | (l4_u32)(port_) << 12 | (l4_u32)(log2_size_) << 2 | (flags_))
#define L4_FPAGE_ALL L4_FPAGE(0, L4_WHOLE_SPACE, L4_FPAGE_WRITE)
#define L4_IO_FPAGE_ALL L4_IO_FPAGE(0, L4_WHOLE_IO, 0)

static inline l4_u32 l4_fpage_size(l4_fpage_t fpage) { return fpage >> 2 & 0x3f; }
static inline l4_u32 l4_fpage_address(l4_fpage_t fpage) { return fpage & 0xfffff000u; }
/* No memory fpage that a program owns reaches into the top 256 MiB, so the nibble tells the two kinds apart. */
static inline int l4_fpage_is_io(l4_fpage_t fpage) { return fpage >> 28 == 0xf; }
static inline l4_u32 l4_fpage_port(l4_fpage_t fpage) { return fpage >> 12 & 0xffff; }

/* --- Timeouts --- */
typedef l4_u32 l4_timeout_t;

#define L4_TIMEOUT(snd_man_, snd_exp_, rcv_man_, rcv_exp_, snd_pfault_, rcv_pfault_)                                   \
	((l4_u32)(rcv_exp_) | (l4_u32)(snd_exp_) << 4 | (l4_u32)(rcv_pfault_) << 8 | (l4_u32)(snd_pfault_) << 12 |     \
	 (l4_u32)(snd_man_) << 16 | (l4_u32)(rcv_man_) << 24)
#define L4_NEVER 0u                                                   /* both for ever */
#define L4_SEND_ZERO L4_TIMEOUT(0, 1, 0, 0, 0, 0)                     /* send now or not at all; receive for ever */
#define L4_RECEIVE_ZERO L4_TIMEOUT(0, 0, 0, 1, 0, 0)
#define L4_BOTH_ZERO L4_TIMEOUT(0, 1, 0, 1, 0, 0)
/* man * 256 us: up to 65 ms in steps of a quarter of a millisecond */
#define L4_RECEIVE_QUARTER_MS(n_) L4_TIMEOUT(0, 0, n_, 11, 0, 0)
#define L4_SEND_QUARTER_MS(n_) L4_TIMEOUT(n_, 11, 0, 0, 0, 0)

/* --- Message dopes and error codes --- */
typedef l4_u32 l4_msgdope_t;

enum {
	L4_DOPE_DECEITED = 1,
	L4_DOPE_FPAGE = 2,
	L4_DOPE_REDIRECTED = 4,
	L4_DOPE_INSIDE = 8,       /* of a redirected message: it comes from inside the receiver's clan */
	L4_DOPE_SEND_ERROR = 0x10,
	L4_DOPE_ERROR_MASK = 0xf0,
};
#define L4_DOPE(dwords_, strings_) ((l4_u32)(strings_) << 8 | (l4_u32)(dwords_) << 13)
static inline l4_u32 l4_dope_error(l4_msgdope_t dope) { return dope & L4_DOPE_ERROR_MASK; }
static inline l4_u32 l4_dope_strings(l4_msgdope_t dope) { return dope >> 8 & 0x1f; }
static inline l4_u32 l4_dope_dwords(l4_msgdope_t dope) { return dope >> 13; }

enum {
	L4_ENOT_EXISTENT = 0x10,
	L4_RETIMEOUT = 0x20,
	L4_SETIMEOUT = 0x30,
	L4_RECANCELED = 0x40,
	L4_SECANCELED = 0x50,
	L4_REMAPFAILED = 0x60,
	L4_SEMAPFAILED = 0x70,
	L4_RESNDPFTO = 0x80,      /* a page fault of the sender took longer than the receiver allows: */
	L4_SESNDPFTO = 0x90,      /* seen by the receiver, and by the sender */
	L4_RERCVPFTO = 0xa0,      /* a page fault of the receiver took longer than the sender allows */
	L4_SERCVPFTO = 0xb0,
	L4_REABORTED = 0xc0,
	L4_SEABORTED = 0xd0,
	L4_REMSGCUT = 0xe0,
	L4_SEMSGCUT = 0xf0,
};

/* --- Messages in memory ---
 * At the address that a descriptor names: this header, then dword 0, 1, 2, ... (room for as many as the size dope
 * says), then string descriptors.  Dwords 0 and 1 always travel in registers: their places in memory are neither read
 * nor written.  The size dope says how much room there is; the send dope how much of it is to be sent. */
struct l4_message {
	l4_fpage_t receive_window;
	l4_msgdope_t size;
	l4_msgdope_t send;
	l4_u32 dword[];
};
struct l4_string {
	l4_u32 send_size;         /* bytes; after a receive: how many came */
	l4_u32 send_address;      /* after a receive: where they are */
	l4_u32 receive_size;
	l4_u32 receive_address;
};
enum { L4_STRING_MAX = 4 << 20 }; /* bytes of one string */
