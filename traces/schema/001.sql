-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The trace of mukroscope, schema 1.
--
-- One file holds the runs of one command.  All times are cycles of the simulated
-- processor; nothing of the host (time, path, name) is in any table, so that two
-- equal runs give two equal files, byte for byte.
--
-- Invariants
--   1. meta.status is 'incomplete' from the first commit to the last; so is the
--      status of a run that has begun and not ended.
--   2. event.number counts all events of a run from 0, stored or not: the gaps are
--      what the trace level left out.  Events of a run have consecutive ids.
--   3. For a run that has ended, sum(cost.cycles) = run.cycles.
--   4. digest.digest is the chain's value after `events` events of the run.
--   5. Columns are only ever added; a new schema is a new file NNN.sql.

PRAGMA application_id = 1836411762; -- "mukr"
PRAGMA user_version = 1;

CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- What was asked for: a scenario of one or several runs, and its outcome.
CREATE TABLE scenario(
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	title TEXT NOT NULL,
	source TEXT NOT NULL,         -- 'L95 Table 2'
	status TEXT NOT NULL,
	reason TEXT NOT NULL,
	cycles INTEGER NOT NULL,      -- of all its runs
	instructions INTEGER NOT NULL,
	digest TEXT NOT NULL
) STRICT;

CREATE TABLE run(
	id INTEGER PRIMARY KEY,
	scenario TEXT NOT NULL,
	name TEXT NOT NULL,           -- 'main', or the variant
	model TEXT NOT NULL,
	resolved TEXT NOT NULL,       -- the scenario after all overrides, YAML
	status TEXT NOT NULL,         -- 'incomplete', then as the machine ended
	reason TEXT NOT NULL,
	cycles INTEGER,
	instructions INTEGER,
	digest TEXT,
	first_event INTEGER,          -- event.id, NULL where none is stored
	last_event INTEGER
) STRICT;

CREATE TABLE task(run INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL,
	PRIMARY KEY(run, id)) STRICT, WITHOUT ROWID;
CREATE TABLE thread(run INTEGER NOT NULL, id INTEGER NOT NULL, task INTEGER NOT NULL, name TEXT NOT NULL,
	PRIMARY KEY(run, id)) STRICT, WITHOUT ROWID;
-- Functions as cost.function counts them, from 1: 'image:function'.
CREATE TABLE symbol(run INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL,
	PRIMARY KEY(run, id)) STRICT, WITHOUT ROWID;
-- Kinds of events; from 64 on they are the probes of the guest. arguments: names of a0, a1, ... separated by blanks.
CREATE TABLE kind(run INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, arguments TEXT NOT NULL,
	level INTEGER NOT NULL, PRIMARY KEY(run, id)) STRICT, WITHOUT ROWID;

CREATE TABLE event(
	id INTEGER PRIMARY KEY,
	run INTEGER NOT NULL,
	number INTEGER NOT NULL,
	cycle INTEGER NOT NULL,
	instruction INTEGER NOT NULL, -- how many were executed before it
	kind INTEGER NOT NULL,
	task INTEGER NOT NULL,
	thread INTEGER NOT NULL,
	pc INTEGER NOT NULL,          -- linear
	a0 INTEGER, a1 INTEGER, a2 INTEGER, a3 INTEGER, a4 INTEGER, a5 INTEGER
) STRICT;

-- Spans of time between the guest's probes NAME:begin and NAME:end.
CREATE TABLE slice(id INTEGER PRIMARY KEY, run INTEGER NOT NULL, name TEXT NOT NULL, thread INTEGER NOT NULL,
	begin_cycle INTEGER NOT NULL, end_cycle INTEGER NOT NULL) STRICT;

-- What led to what: 'ipc' from a send to the switch to its receiver, 'fault' from a page fault to the return to the
-- instruction that faulted.
CREATE TABLE flow(id INTEGER PRIMARY KEY, run INTEGER NOT NULL, kind TEXT NOT NULL, from_event INTEGER NOT NULL,
	to_event INTEGER NOT NULL) STRICT;

-- The ledger: every cycle of a run, by cause and by who ran. 0: none.
CREATE TABLE cost(run INTEGER NOT NULL, cause TEXT NOT NULL, task INTEGER NOT NULL, thread INTEGER NOT NULL,
	function INTEGER NOT NULL, cycles INTEGER NOT NULL,
	PRIMARY KEY(run, cause, task, thread, function)) STRICT, WITHOUT ROWID;

CREATE TABLE counter(run INTEGER NOT NULL, name TEXT NOT NULL, value INTEGER NOT NULL,
	PRIMARY KEY(run, name)) STRICT, WITHOUT ROWID;

-- A scenario's results; value is NULL where it could not be computed.
CREATE TABLE metric(id INTEGER PRIMARY KEY, scenario TEXT NOT NULL, metric TEXT NOT NULL, name TEXT NOT NULL,
	value REAL, unit TEXT NOT NULL, source TEXT NOT NULL, UNIQUE(scenario, metric)) STRICT;
-- What was expected of them, and what came of it.
CREATE TABLE expectation(id INTEGER PRIMARY KEY, scenario TEXT NOT NULL, metric TEXT NOT NULL,
	paper REAL, paper_low REAL, paper_high REAL, deviation_pct REAL, tolerance_pct REAL,
	verdict TEXT NOT NULL CHECK(verdict IN ('within', 'outside', 'calibrated', 'input', 'info')),
	cause TEXT NOT NULL, UNIQUE(scenario, metric)) STRICT;

CREATE TABLE digest(run INTEGER NOT NULL, events INTEGER NOT NULL, digest TEXT NOT NULL,
	PRIMARY KEY(run, events)) STRICT, WITHOUT ROWID;

-- One view a question.

-- How do the numbers compare with the paper's?
CREATE VIEW v_scorecard AS
	SELECT m.scenario, m.metric, m.name, m.unit, e.paper, m.value AS ours, e.deviation_pct, e.tolerance_pct, e.verdict,
		e.cause, m.source
	FROM metric m JOIN expectation e USING(scenario, metric) ORDER BY m.id;

-- Where did the cycles of a run go?
CREATE VIEW v_ledger AS
	SELECT r.scenario, r.name AS run, c.cause, sum(c.cycles) AS cycles, 100.0 * sum(c.cycles) / r.cycles AS share_pct
	FROM cost c JOIN run r ON r.id = c.run GROUP BY c.run, c.cause ORDER BY c.run, 4 DESC, 3;

-- Which functions took them?
CREATE VIEW v_functions AS
	SELECT r.scenario, r.name AS run, coalesce(s.name, '(no symbol)') AS function, sum(c.cycles) AS cycles,
		100.0 * sum(c.cycles) / r.cycles AS share_pct
	FROM cost c JOIN run r ON r.id = c.run LEFT JOIN symbol s ON s.run = c.run AND s.id = c.function
	GROUP BY c.run, c.function ORDER BY c.run, 4 DESC, 3;

-- Which threads?
CREATE VIEW v_threads AS
	SELECT r.scenario, r.name AS run, c.task, k.name AS task_name, c.thread, t.name AS thread_name,
		sum(c.cycles) AS cycles, 100.0 * sum(c.cycles) / r.cycles AS share_pct
	FROM cost c JOIN run r ON r.id = c.run LEFT JOIN thread t ON t.run = c.run AND t.id = c.thread
		LEFT JOIN task k ON k.run = c.run AND k.id = c.task
	GROUP BY c.run, c.task, c.thread ORDER BY c.run, 7 DESC, 3, 5;

-- Which tasks?
CREATE VIEW v_tasks AS
	SELECT r.scenario, r.name AS run, c.task, k.name AS task_name, sum(c.cycles) AS cycles,
		100.0 * sum(c.cycles) / r.cycles AS share_pct
	FROM cost c JOIN run r ON r.id = c.run LEFT JOIN task k ON k.run = c.run AND k.id = c.task
	GROUP BY c.run, c.task ORDER BY c.run, 5 DESC, 3;

-- What happened, in order?
CREATE VIEW v_events AS
	SELECT e.id, r.scenario, r.name AS run, e.number, e.cycle, e.instruction, k.name AS kind, e.task, e.thread,
		printf('0x%08x', e.pc) AS pc, k.arguments, e.a0, e.a1, e.a2, e.a3, e.a4, e.a5,
		t.name AS thread_name
	FROM event e JOIN run r ON r.id = e.run LEFT JOIN kind k ON k.run = e.run AND k.id = e.kind
		LEFT JOIN thread t ON t.run = e.run AND t.id = e.thread ORDER BY e.id;

-- How often did each kind of thing happen?
CREATE VIEW v_kinds AS
	SELECT r.scenario, r.name AS run, k.name AS kind, count(*) AS events
	FROM event e JOIN run r ON r.id = e.run LEFT JOIN kind k ON k.run = e.run AND k.id = e.kind
	GROUP BY e.run, e.kind ORDER BY e.run, 4 DESC, 3;

-- How long did the spans take that the guest marks?
CREATE VIEW v_spans AS
	SELECT r.scenario, r.name AS run, s.name AS span, count(*) AS times, min(end_cycle - begin_cycle) AS least,
		avg(end_cycle - begin_cycle) AS mean, max(end_cycle - begin_cycle) AS greatest
	FROM slice s JOIN run r ON r.id = s.run GROUP BY s.run, s.name ORDER BY s.run, s.name;

-- Who sent to whom, and how long until the receiver ran?
CREATE VIEW v_ipc AS
	SELECT r.scenario, r.name AS run, a.cycle, a.thread AS sender, b.a1 AS receiver, b.cycle - a.cycle AS cycles,
		t.name AS sender_name, u.name AS receiver_name
	FROM flow f JOIN run r ON r.id = f.run JOIN event a ON a.id = f.from_event JOIN event b ON b.id = f.to_event
		LEFT JOIN thread t ON t.run = f.run AND t.id = a.thread LEFT JOIN thread u ON u.run = f.run AND u.id = b.a1
	WHERE f.kind = 'ipc' ORDER BY f.id;

-- Which pages faulted, and how long until the fault was resolved?
CREATE VIEW v_faults AS
	SELECT r.scenario, r.name AS run, e.cycle, e.task, e.thread, printf('0x%08x', e.a0) AS address, e.a1 AS error,
		printf('0x%08x', e.a2) AS eip, b.cycle - e.cycle AS cycles, t.name AS thread_name
	FROM event e JOIN run r ON r.id = e.run JOIN kind k ON k.run = e.run AND k.id = e.kind AND k.name = 'page_fault'
		AND k.id < 64
	LEFT JOIN flow f ON f.run = e.run AND f.from_event = e.id AND f.kind = 'fault' LEFT JOIN event b ON b.id = f.to_event
	LEFT JOIN thread t ON t.run = e.run AND t.id = e.thread
	ORDER BY e.id;

-- Which pages missed the TLB? (trace level all)
CREATE VIEW v_tlb_misses AS
	SELECT r.scenario, r.name AS run, printf('0x%08x', e.a0 & ~4095) AS page, count(*) AS misses, sum(e.a2) AS cycles
	FROM event e JOIN run r ON r.id = e.run JOIN kind k ON k.run = e.run AND k.id = e.kind AND k.name = 'tlb_miss'
	GROUP BY e.run, e.a0 & ~4095 ORDER BY e.run, 4 DESC, 3;
