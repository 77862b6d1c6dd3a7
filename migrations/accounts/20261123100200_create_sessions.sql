-- Sign-ins that have not ended. Times are microseconds since 1970 in UTC.
CREATE TABLE sessions (
    id BINARY(16) NOT NULL,
    user_id BINARY(16) NOT NULL,
    -- SHA-256 of the secret that all refresh tokens of the session have in common: by it one that was used before is
    -- told from one that never was.
    family_sha256 BINARY(32) NOT NULL,
    -- SHA-256 of the secret of the newest refresh token.
    token_sha256 BINARY(32) NOT NULL,
    create_time BIGINT NOT NULL,
    last_use_time BIGINT NOT NULL,
    expire_time BIGINT NOT NULL,
    user_agent VARCHAR(300) NOT NULL,
    -- A network address; may be empty.
    address VARCHAR(45) NOT NULL,
    PRIMARY KEY (id)
);

-- A user's sessions, the newest first.
CREATE INDEX sessions_by_user ON sessions (user_id, create_time, id);
CREATE INDEX sessions_by_expire_time ON sessions (expire_time);
