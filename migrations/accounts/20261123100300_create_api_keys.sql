-- Keys for programs. Times are microseconds since 1970 in UTC.
CREATE TABLE api_keys (
    id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    name VARCHAR(100) NOT NULL,
    -- Names with a space between.
    scopes VARCHAR(255) NOT NULL,
    -- The first characters of the secret, and its SHA-256.
    prefix VARCHAR(16) NOT NULL,
    secret_sha256 BINARY(32) NOT NULL,
    create_time BIGINT NOT NULL,
    -- When it ends, or never.
    expire_time BIGINT,
    -- To the minute; none while nobody used it.
    last_use_time BIGINT,
    -- What the caller named the creation, and the digest of what they asked for.
    idempotency_key VARCHAR(200),
    idempotency_digest BINARY(32),
    PRIMARY KEY (id)
);

CREATE UNIQUE INDEX api_keys_by_secret ON api_keys (secret_sha256);
-- A user's keys, the newest first.
CREATE INDEX api_keys_by_user ON api_keys (user_id, create_time, id);
CREATE UNIQUE INDEX api_keys_by_idempotency_key ON api_keys (user_id, idempotency_key);
