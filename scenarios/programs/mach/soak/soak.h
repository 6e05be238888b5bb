/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The soak: what its tasks say to each other, and what is in their pages.
 *
 *   main      makes the drivers, manages their memory objects (manager.c), hears in the end what each has found
 *   driver    one for each world: knows what every page of its world's spaces must hold (model.c), and has calls made
 *             at random (driver.c, choices.c, refusals.c; orders.c)
 *   puppet    a task that is one of the spaces: does what its driver says (puppet.c), and forks further puppets
 *
 * A page has two halves.  What one holds is a function of a number, its value: other numbers in other worlds, for other
 * writes; 0: zeros.  A page that is stale, lost, somebody else's or torn is seen at any of its words.
 */
#pragma once
#include "mach/kern_return.h"
#include "mach/memory_object.h"
#include "mach/message.h"

enum {
	RUN = 16,                       /* pages that a call is about, at most */
	PAD = 1500,                     /* words in line of a message between puppets, at most */
	OBJECTS = 3, OBJECT_PAGES = 24, /* of each world, under main's management */
	WORLDS_MAX = 6,
};

/* --- Contents --- */

struct contents {
	natural_t half[2];
};

/* What an object that nobody has written to holds. object: its number among those of all worlds. */
struct contents soak_initial(natural_t object, natural_t page);
void soak_fill(vm_address_t page, const struct contents *contents, natural_t halves /* a bit each */);

/* Memory as it must be: bytes from byte `first` of contents[0] on. Result: it is; else *difference says where not. */
struct difference {
	vm_address_t address;
	natural_t found, expected;
};
bool soak_check(vm_address_t address, vm_size_t bytes, natural_t first, const struct contents *contents,
                struct difference *difference);

/* --- What a driver has a puppet do --- */

enum kind { ALLOCATE, DEALLOCATE, PROTECT, INHERIT, COPY, MAP, WRITE, CHECK, SEND, RECEIVE, FORK, KINDS };

struct command {
	enum kind kind;
	vm_address_t address;
	vm_size_t bytes;
	vm_address_t to;                /* COPY: where to; MAP: the object's offset; RECEIVE: byte of contents[0] */
	natural_t option;               /* PROTECT, INHERIT: which; MAP: copy; WRITE: halves; SEND: deallocate; RECEIVE: keep */
	natural_t pad, pad_value;       /* SEND, RECEIVE: words in line, and what they are */
	struct contents contents[RUN];  /* WRITE, CHECK, RECEIVE */
};

enum { DIFFERENT = 1000 };              /* a result: contents are not as they must be */

struct answer {
	kern_return_t result;
	vm_address_t address;           /* RECEIVE: of what is kept */
	struct difference difference;
};

struct command_message {
	mach_msg_header_t head;
	mach_msg_type_t port_type;
	mach_port_t port;               /* MAP: the object; SEND: where to */
	mach_msg_type_t words_type;
	struct command command;
	natural_t room[2];
};
struct answer_message {
	mach_msg_header_t head;
	mach_msg_type_t words_type;
	struct answer answer;
	natural_t room[2];
};

/* Rights to a new puppet: its ports for commands and data, its task. */
enum { RIGHTS = 3 };
struct offer_message {
	mach_msg_header_t head;
	struct { mach_msg_type_t type; mach_port_t port; } right[RIGHTS];
	natural_t room[2];
};

/* The calls of a command that are about memory alone, on any task. */
kern_return_t soak_obey(mach_port_t task, const struct command *command, mach_port_t port);
/* A puppet's life. The first port that it has inherited (mach_ports_register) is where it offers itself. */
void puppet(void *unused);

/* --- Drivers and main --- */

enum { MESSAGE_BEGIN = 1000, MESSAGE_OBJECTS, MESSAGE_END };

/* What a driver asks main for: its objects, and the privileged host port. */
struct begin_message {
	mach_msg_header_t head;
	struct { mach_msg_type_t type; mach_port_t port; } right[OBJECTS + 1];
	natural_t room[2];
};

struct findings {
	natural_t world, calls, messages, pages;
	natural_t forks, refused;       /* tasks; those for which the kernel had no memory */
	natural_t bad;
	/* bad: which kind of call, in which space, what came of it */
	natural_t kind, space, call;
	struct answer answer;
};
struct end_message {
	mach_msg_header_t head;
	mach_msg_type_t words_type;
	struct findings findings;
	natural_t room[2];
};

struct soak_options {
	natural_t seed, seconds, worlds;
};
extern struct soak_options soak_options;

/* Sends; when the kernel has no memory for that, later: the message is as it can be sent again. */
mach_msg_return_t soak_send(mach_msg_header_t *message, mach_msg_size_t size);
natural_t soak_below(natural_t n);      /* chance; each task has its own */
void soak_seed(natural_t seed);
natural_t soak_seconds(void);           /* the host's time */

/* A driver's life. */
void drive(void *world);

/* Main's objects. */
void manager_start(natural_t worlds);
/* A send right to one. */
mach_port_t manager_object(natural_t object);
/* Its port set: main receives from it; `port` is a port besides the objects'. */
mach_port_t manager_set(mach_port_t port);
/* Answers a message of the kernel to one of the objects. */
void manager_answer(mach_msg_header_t *request);
/* The objects end. Result: whether each page that came back was one that somebody can have written. */
bool manager_end(void);
natural_t manager_pages_returned(void);

#define SOAK_TYPE_WORDS(type_) \
	((mach_msg_type_t){ .msgt_name = MACH_MSG_TYPE_INTEGER_32, .msgt_size = 32, .msgt_inline = 1, \
	                    .msgt_number = sizeof(type_) / sizeof(natural_t) })
#define SOAK_TYPE_RIGHT(name_) \
	((mach_msg_type_t){ .msgt_name = (name_), .msgt_size = 32, .msgt_inline = 1, .msgt_number = 1 })
