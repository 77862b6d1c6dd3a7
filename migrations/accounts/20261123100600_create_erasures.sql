-- Deleted users of whom something is left, perhaps in other services. Times are microseconds since 1970 in UTC.
CREATE TABLE erasures (
    user_id BINARY(16) NOT NULL,
    create_time BIGINT NOT NULL,
    -- How often it was tried.
    attempts BIGINT NOT NULL,
    -- Not before this time: somebody is at it, or it failed and is tried again.
    next_time BIGINT NOT NULL,
    PRIMARY KEY (user_id)
);

CREATE INDEX erasures_by_next_time ON erasures (next_time, user_id);
