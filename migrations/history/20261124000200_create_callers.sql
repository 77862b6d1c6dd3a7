-- Whoever records something, and whether their account is gone: then nothing of theirs is recorded any more, though a
-- token outlives its account by minutes. A row each, written before the first prediction and kept for good, so that
-- recording can hold it against an erasure.
CREATE TABLE callers (
    caller BINARY(16) NOT NULL,
    erased BOOLEAN NOT NULL,
    PRIMARY KEY (caller)
);
