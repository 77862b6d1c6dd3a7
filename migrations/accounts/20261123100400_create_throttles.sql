-- Attempts to guess. Times are microseconds since 1970 in UTC.
CREATE TABLE throttles (
    -- SHA-256 of what is guarded: an e-mail address, a share link, a network address.
    id BINARY(32) NOT NULL,
    -- How many there were; 0 for an address, which counts by time alone.
    attempts BIGINT NOT NULL,
    -- When the next may be made; of an address, when its budget is whole again.
    next_time BIGINT NOT NULL,
    -- When the row no longer says anything.
    forget_time BIGINT NOT NULL,
    PRIMARY KEY (id)
);

CREATE INDEX throttles_by_forget_time ON throttles (forget_time);
