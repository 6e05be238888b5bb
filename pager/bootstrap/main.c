/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first task's first thread.
 */
#include "pager/bootstrap/bootstrap.h"
#include "bootstrap_server.h"

static struct bootstrap bootstrap;

enum { WORDS_MAX = 32, MESSAGE_BYTES = 128 };
struct message {
	mach_msg_header_t head;
	natural_t body[(MESSAGE_BYTES - sizeof(mach_msg_header_t)) / sizeof(natural_t)];
};

void bootstrap_fail(const char *what, const char *name, const char *why, kern_return_t result)
{
	env_print("bootstrap: %s %s%s%s", name, what, why ? ": " : "", why ? why : "");
	if (result != KERN_SUCCESS)
		env_print(" (%d)", result);
	env_print("\n");
	for (;;)
		host_reboot(bootstrap.host_priv, BOOTSTRAP_FAILED);
}

/* --- Arguments --- */

static mach_port_t port_of(const char *text)
{
	mach_port_t name = 0;
	for (; *text >= '0' && *text <= '9'; text++)
		name = name * 10 + (mach_port_t)(*text - '0');
	return name;
}

/* What follows a key among the arguments; NULL. */
static char *option(int argc, char **argv, const char *key)
{
	const size_t length = strlen(key);
	for (int i = 3; i < argc; i++)
		if (strncmp(argv[i], key, length) == 0)
			return argv[i] + length;
	return NULL;
}

/* Cuts a text at its commas. Result: how many pieces there are. */
static int cut(char *text, char **words)
{
	int count = 0;
	words[count++] = text;
	for (; *text != '\0'; text++) {
		if (*text != ',')
			continue;
		*text = '\0';
		if (count == WORDS_MAX)
			bootstrap_fail("has too many arguments", words[0], NULL, 0);
		words[count++] = text + 1;
	}
	return count;
}

/* --- The bootstrap port --- */

kern_return_t do_bootstrap_ports(mach_port_t port, mach_port_t *priv_host, mach_port_t *priv_device)
{
	(void)port;
	*priv_host = bootstrap.host_priv;
	*priv_device = bootstrap.master_device;
	return KERN_SUCCESS;
}

static void make_port(void)
{
	const mach_port_t self = mach_task_self();
	kern_return_t result = mach_port_allocate(self, MACH_PORT_RIGHT_RECEIVE, &bootstrap.port);
	if (result == KERN_SUCCESS)
		result = mach_port_insert_right(self, bootstrap.port, bootstrap.port, MACH_MSG_TYPE_MAKE_SEND);
	if (result != KERN_SUCCESS)
		bootstrap_fail("cannot be made", "the bootstrap port", NULL, result);
}

/* The end of the first server is the end of the system. */
static void watch_server(void)
{
	mach_port_t previous;
	const kern_return_t result = mach_port_request_notification(
		mach_task_self(), bootstrap.server, MACH_NOTIFY_DEAD_NAME, 0, bootstrap.port, &previous);
	if (result != KERN_SUCCESS)
		bootstrap_fail("cannot be watched", "the first server", NULL, result);
}

static void answer(mach_msg_header_t *request, mach_msg_header_t *reply)
{
	if (request->msgh_id == MACH_NOTIFY_DEAD_NAME) {
		env_print("bootstrap: the first server has ended\n");
		host_reboot(bootstrap.host_priv, BOOTSTRAP_SERVER_ENDED);
	}
	bootstrap_server(request, reply);
	if (((struct mig_reply_error *)reply)->RetCode != KERN_SUCCESS) {
		request->msgh_remote_port = MACH_PORT_NULL;
		mach_msg_destroy(request);
	}
	if (reply->msgh_remote_port != MACH_PORT_NULL &&
	    mach_msg(reply, MACH_SEND_MSG, reply->msgh_size, 0, MACH_PORT_NULL, MACH_MSG_TIMEOUT_NONE,
	             MACH_PORT_NULL) != MACH_MSG_SUCCESS)
		mach_msg_destroy(reply);
}

static _Noreturn void serve(void)
{
	struct message request, reply;
	for (;;)
		if (mach_msg(&request.head, MACH_RCV_MSG, 0, sizeof request, bootstrap.port, MACH_MSG_TIMEOUT_NONE,
		             MACH_PORT_NULL) == MACH_MSG_SUCCESS)
			answer(&request.head, &reply.head);
}

void bootstrap_main(int argc, char **argv)
{
	static char *words[WORDS_MAX]; /* not on a stack of the kernel's size */
	bootstrap.host_priv = port_of(argv[1]);
	bootstrap.master_device = port_of(argv[2]);
	const char *pager = option(argc, argv, "pager=");
	char *server = option(argc, argv, "server=");
	env_begin(bootstrap.host_priv, bootstrap.master_device, pager == NULL || strcmp(pager, "unwired") != 0);
	if (server == NULL)
		bootstrap_fail("is not given", "the first server's name (server=NAME)", NULL, 0);
	make_port();
	bootstrap_open_disk(&bootstrap, "hd0a");
	bootstrap_start_pager(&bootstrap);
	bootstrap_load_server(&bootstrap, cut(server, words), words);
	watch_server();
	env_tell_wired();
	serve();
}
