/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Threads.
 */
#pragma once
#include "base/list.h"
#include "kern/clock.h"
#include "kern/sched_prim.h"
#include "machine/pcb.h"
#include "mach/kern_return.h"
#include "mach/message.h"

struct task;
struct ipc_port;
struct ipc_kmsg;
struct ipc_mqueue;
struct ipc_object;

enum { THREAD_NAME_SIZE = 24 };
enum { VM_PRIVILEGE_WIRED = 1 /* thread_wire */, VM_PRIVILEGE_MAP = 2 /* it holds a map's lock */ };

struct thread {
	struct list link;              /* on a run queue, or on a bucket of waiting threads */
	struct list thread_list;       /* of its task */
	struct task *task;
	natural_t number;              /* for probes: from 1, never reused */
	natural_t ref_count;
	char name[THREAD_NAME_SIZE];

	/* scheduling */
	enum { TH_RUN = 1, TH_WAIT = 2, TH_HALTED = 4 } state; /* bits */
	int priority, max_priority;    /* 0 best .. 31 */
	int suspend_count;
	natural_t quantum;             /* ticks left */
	event_t wait_event;
	const char *wait_reason;       /* a literal, for reports of deadlocks: "message", "memory", "page-in", ... */
	bool wait_interruptible;
	enum wait_result wait_result;
	struct timer_elt timer;        /* thread_set_timeout */
	bool depressed;                /* at the worst priority until it runs again (swtch_pri, thread_switch) */
	bool active;                   /* false: it is being terminated */
	bool ast;                      /* something to be done before it sees user mode again: stop, end */
	natural_t user_ticks, system_ticks;    /* of the clock that found it running */

	/* stack and machine state */
	vm_offset_t kernel_stack;      /* 0: none */
	vm_offset_t stack_privilege;   /* wired: a stack that is nobody else's; 0: none */
	continuation_t continuation;   /* while it does not run: where it goes on; NULL: by its saved context */
	struct pcb pcb;

	/* memory */
	natural_t vm_privilege;        /* bits, why it may take the pages of the reserve (GD91 §4); 0: it may not */
	bool kernel_loaded;            /* runs in the kernel, in a task whose map is the kernel's */
	union {                        /* what a continuation needs; one at a time */
		struct {
			struct vm_map *map;
			vm_offset_t va;
			int fault_type;
			bool change_wiring;
			void (*continuation)(kern_return_t);
		} fault;
		natural_t other[10];
	} saved;

	/* IPC (ipc/) */
	struct thread *ith_next, *ith_prev;    /* queue of threads that wait at a port or set */
	mach_msg_return_t ith_state;           /* how it was woken: MACH_RCV_IN_PROGRESS, ... */
	struct ipc_kmsg *ith_kmsg;             /* handed over by a sender */
	struct ipc_kmsg *ith_doomed;           /* messages that this thread is destroying */
	mach_port_seqno_t ith_seqno;
	mach_msg_size_t ith_msize;
	struct {                               /* the receive that goes on after a wait */
		mach_msg_header_t *msg;
		mach_msg_option_t option;
		mach_msg_size_t rcv_size;
		mach_msg_timeout_t timeout;
		mach_port_t notify;
		struct ipc_object *object;
		struct ipc_mqueue *mqueue;
	} ith_receive;
	struct ipc_port *ith_self;             /* the thread port, kernel's; NULL when terminated */
	struct ipc_port *ith_sself;            /* a send right for thread_self */
	struct ipc_port *ith_exception;
	struct ipc_port *ith_rpc_reply;        /* cached, for exceptions */
	mach_port_t server_reply_port;         /* of a server in the kernel, for its calls (pager/env/kernel) */
};

typedef struct thread *thread_t;

/* The running thread. */
extern struct thread *current_thread_;
static inline struct thread *current_thread(void) { return current_thread_; }
static inline struct task *current_task(void) { return current_thread_->task; }

/* The zone of threads. */
void thread_init(void);
/* A suspended thread (suspend count 1) without registers of its own (thread_set_state), and a reference to it for the
 * caller. KERN_RESOURCE_SHORTAGE; KERN_FAILURE: the task is being terminated. */
kern_return_t thread_create(struct task *task, struct thread **thread);
/* The thread ends before it sees user mode again; what it waits for interruptibly is over. KERN_FAILURE: it ends
 * already. KERN_INVALID_ARGUMENT: a thread in the kernel. */
kern_return_t thread_terminate(struct thread *thread);
/* While a thread's count, or its task's, is above 0 it executes nothing in user mode. */
kern_return_t thread_suspend(struct thread *thread);
/* KERN_FAILURE: the count is 0. */
kern_return_t thread_resume(struct thread *thread);
/* Ends a thread's interruptible wait: its call returns interrupted, its fault is taken again. */
kern_return_t thread_abort(struct thread *thread);
/* GD91 §5.1: keeps a stack for good and may always allocate memory; or no more. */
kern_return_t thread_wire(struct thread *thread, bool wired);
/* 0 best .. 31. set_max: it is also the best that the thread may have from now on. KERN_INVALID_ARGUMENT: no such
 * priority; KERN_FAILURE: better than it may have. */
kern_return_t thread_priority(struct thread *thread, int priority, bool set_max);
kern_return_t thread_get_state(struct thread *thread, int flavor, natural_t *state, natural_t *count);
kern_return_t thread_set_state(struct thread *thread, int flavor, const natural_t *state, natural_t count);
kern_return_t thread_info(struct thread *thread, int flavor, natural_t *info, natural_t *count);
void thread_set_name(struct thread *thread, const char *name);
void thread_reference(struct thread *thread);
void thread_deallocate(struct thread *thread);
/* A thread in the kernel, running: begins in `start` with its argument, and ends by thread_terminate_self. Panics
 * without memory: they are made at the boot. */
struct thread *kernel_thread(struct task *task, const char *name, void (*start)(void *argument), void *argument);
/* The boot, on this stack, becomes a thread of the task; privileged. */
void thread_adopt_boot(struct thread *thread, struct task *task, vm_offset_t stack);
_Noreturn void thread_terminate_self(void);
/* To be called on the way to user mode with need_ast set. */
void thread_ast_taken(void);
/* Whether the thread's count or its task's holds it. Its stop by them: begun; ended if nothing holds it. */
bool thread_is_held(const struct thread *thread);
void thread_hold(struct thread *thread);
void thread_release(struct thread *thread);
